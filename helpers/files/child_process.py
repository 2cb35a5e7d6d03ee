"""A function and its task go in; its result comes out, or what stopped it: an error, silence, the end of its process.

Nothing that runs in a thread can be stopped from outside. So the work is done by a child process, which says which
article it has in hand before it begins with it. One that says nothing for too long is killed, and whoever asked
knows which article that was. The child is started once for each thread and used again. They speak through the child's
standard input and output, which every system has.
"""

import contextlib
import importlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, NamedTuple

import psutil

ROOT = str(Path(__file__).resolve().parents[2])  # where this package lies
# Without -P the folder one works in would be searched first for modules, and what others left there would run.
PYTHON = [sys.executable, "-P"]
SERVE = "from helpers.files.child_process import serve; serve()"
BATCH_LIMIT = 900.0  # seconds of silence where no single article is in hand: imports, sums, joins
AT, DONE, FAILED = "at", "done", "failed"
LOOK = 0.1  # seconds between two looks at the memory, where no system bounds it
OVER = 137  # the status of a process that held too much; as shells say it of one that the system ended for that


class StoppedError(Exception):
    """A child process was silent for too long, or ended; `item` is what it had in hand, empty where that is not known.

    `hung` tells the one from the other.
    """

    def __init__(self, item: str, hung: bool, message: str):
        """Keep what is known."""
        super().__init__(message)
        self.item, self.hung = item, hung


class FailedError(Exception):
    """A task raised an error outside any single article; the message has the child's traceback."""


class SetAside(NamedTuple):
    """An article that could not be worked on, and why."""

    article_id: str
    error: str
    message: str


class Care:
    """Goes through articles one by one; what fails is set aside and the others go on."""

    def __init__(self, left_out: Iterable[SetAside] = (), tell: Callable[[str], None] = lambda item: None):
        """Take what is to be left out, and the function that is told what is in hand."""
        self.set_aside = {row.article_id: row for row in left_out}
        self._tell = tell

    def attempt(self, article_id: str, function: Callable, *arguments: Any) -> Any:
        """Return what the function returns for an article, None where it was set aside or is now.

        >>> care = Care()
        >>> care.attempt("a", int, "7"), care.attempt("b", int, "seven"), list(care.set_aside)
        (7, None, ['b'])
        """
        if article_id in self.set_aside:
            return None
        self._tell(article_id)
        try:
            return function(*arguments)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{os.path.basename(last.filename)}, line {last.lineno}"
            message = f"{str(error)[:500]} ({where})"
            self.set_aside[article_id] = SetAside(article_id, type(error).__name__, message)
            return None
        finally:
            self._tell("")


def surroundings(**more: str) -> dict[str, str]:
    """Return the environment of a child process that imports this package, and nothing from the folder one works in.

    An empty entry of PYTHONPATH would mean that folder.
    """
    paths = [ROOT, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **more}


def piped(
    arguments: list[str], stderr: int | None = None, **more: str
) -> tuple[subprocess.Popen, IO[bytes], IO[bytes]]:
    """Start Python on these arguments; return the process, what it hears, and what it says.

    `stderr` is as for Popen, `more` for its environment.
    """
    process = subprocess.Popen(
        [*PYTHON, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, env=surroundings(**more)
    )
    assert process.stdin  # both are pipes
    assert process.stdout
    return process, process.stdin, process.stdout


class _Answers:
    """What a process says, heard by a thread, so that one can wait for it with a bound."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._heard = stream, queue.SimpleQueue[Any]()
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        try:
            while True:
                self._heard.put(pickle.load(self._stream))
        except Exception:  # it ended, perhaps in the middle of a word; whatever the reason, no more will come
            self._heard.put(None)

    def next(self, wait: float) -> tuple[str, Any]:
        """Return its next message. Raises TimeoutError where none comes in time, EOFError where it has ended."""
        try:
            message = self._heard.get(timeout=wait)
        except queue.Empty:
            raise TimeoutError from None
        if message is None:
            raise EOFError
        kind, value = message
        return kind, value


class Child:
    """A process that works for this one, a task at a time."""

    def __init__(self) -> None:
        """Start the process."""
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
        self.process, self.orders, said = piped(["-c", SERVE], None, **one_thread)
        self.answers = _Answers(said)

    def run(self, function: str, *arguments: Any, limit: float) -> Any:
        """Return what `module:function` returns; `limit` is the longest silence, in seconds.

        Raises `StoppedError` where the process was silent for longer or ended, `FailedError` where the function raised.
        """
        item, wait = "", max(limit, BATCH_LIMIT)
        try:
            _send(self.orders, (function, arguments))
            while True:
                kind, value = self.answers.next(wait)
                if kind == DONE:
                    return value
                if kind == FAILED:
                    raise FailedError(value)
                item, wait = value, limit if value else max(limit, BATCH_LIMIT)
        except KeyboardInterrupt:  # the child does not hear it; what it has in hand is nobody's answer now
            self.end()
            raise
        except TimeoutError:
            self.end()
            raise StoppedError(item, True, f"no sign of life for {wait:g} seconds") from None
        except (EOFError, OSError):
            self.end()
            how = f"the process ended (exit code {self.process.returncode})"
            raise StoppedError(item, False, how) from None

    def end(self) -> None:
        """Kill the process and close what leads to it."""
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.orders.close()

    def __del__(self) -> None:
        """Let the process end when the thread that it works for has ended: it is told by its closed input."""
        if "orders" in vars(self):
            with contextlib.suppress(OSError):
                self.orders.close()


def _send(stream: IO[bytes], message: Any) -> None:
    pickle.dump(message, stream, protocol=pickle.HIGHEST_PROTOCOL)
    stream.flush()


_of_this_thread = threading.local()


def in_child(function: str, *arguments: Any, limit: float) -> Any:
    """Run `module:function` in this thread's child process (see `Child.run`); a new one is started where it is gone."""
    child = getattr(_of_this_thread, "child", None)
    if child is None or child.process.poll() is not None or child.orders.closed:
        child = _of_this_thread.child = Child()
    return child.run(function, *arguments, limit=limit)


def serve() -> None:
    """Be the child: take orders until nobody is there to give them. Ctrl-C is for the parent, who ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a task reads nothing
    os.dup2(2, 1)  # and what a library prints must not come between the messages
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()

    def tell(item: str) -> None:
        _send(answers, (AT, item))

    while True:
        try:
            function, arguments = pickle.load(orders)
        except (EOFError, OSError):
            return
        try:
            module, name = function.split(":")
            result = (DONE, getattr(importlib.import_module(module), name)(*arguments, tell=tell))
        except Exception:
            result = (FAILED, traceback.format_exc())
        try:
            _send(answers, result)
        except OSError:
            return


def _leave_with(parent: int) -> None:
    """End this process when its parent has ended, even in the middle of a task."""
    pause = threading.Event()
    while os.getppid() == parent and (os.name == "posix" or psutil.pid_exists(parent)):
        pause.wait(1.0)
    os._exit(1)


def bound_memory(space: int, held: int) -> None:
    """Let this process take so many bytes of address space, and not fall deep into itself.

    Where the system sets no such bound (Windows), or does not keep it (macOS), it looks that it holds no more than
    `held` bytes.
    """
    sys.setrecursionlimit(1000)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (space, space))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass
    if sys.platform != "linux":
        watch_memory(held)


def watch_memory(most: int) -> None:
    """End this process soon after it holds more than so many bytes, where the system sets no bound (Windows, macOS)."""

    def look() -> None:
        this, pause = psutil.Process(), threading.Event()
        while this.memory_info().rss <= most:
            pause.wait(LOOK)
        os._exit(OVER)

    threading.Thread(target=look, daemon=True).start()


def peak_megabytes() -> float:
    """Return the most memory this process has held so far."""
    if sys.platform == "linux":  # it counts a parent's memory into ru_maxrss, but not into this file
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        lines = dict(line.split(":", 1) for line in status.splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return float(psutil.Process().memory_info().peak_wset) / 1024**2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
