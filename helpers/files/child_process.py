"""A function and its task go in; its result comes out, or what stopped it: an error, silence, the end of its process.

Nothing that runs in a thread can be stopped from outside. So the work is done by a child process, which says which
article it has in hand before it begins with it. One that says nothing for too long is killed, and whoever asked
knows which article that was. The child is started once for each thread and used again.
"""

import contextlib
import importlib
import os
import resource
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

SERVE = "from helpers.files.child_process import serve; serve()"
BATCH_LIMIT = 900.0  # seconds of silence where no single article is in hand: imports, sums, joins
AT, DONE, FAILED = "at", "done", "failed"


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


class Child:
    """A process that works for this one, a task at a time."""

    def __init__(self) -> None:
        """Start the process."""
        here, there = os.pipe(), os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(here[0]), str(there[1])],
            pass_fds=(here[0], there[1]),
            stdin=subprocess.DEVNULL,
            env=os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"), "1"),
        )
        os.close(here[0])
        os.close(there[1])
        self.orders, self.answers = Connection(here[1], readable=False), Connection(there[0], writable=False)

    def run(self, function: str, *arguments: Any, limit: float) -> Any:
        """Return what `module:function` returns; `limit` is the longest silence, in seconds.

        Raises `StoppedError` where the process was silent for longer or ended, `FailedError` where the function raised.
        """
        item, wait = "", max(limit, BATCH_LIMIT)
        try:
            self.orders.send((function, arguments))
            while True:
                if not self.answers.poll(wait):
                    self.end()
                    raise StoppedError(item, True, f"no sign of life for {wait:g} seconds")
                kind, value = self.answers.recv()
                if kind == DONE:
                    return value
                if kind == FAILED:
                    raise FailedError(value)
                item, wait = value, limit if value else max(limit, BATCH_LIMIT)
        except KeyboardInterrupt:  # the child does not hear it; what it has in hand is nobody's answer now
            self.end()
            raise
        except (EOFError, OSError):
            self.end()
            how = f"the process ended (exit code {self.process.returncode})"
            raise StoppedError(item, False, how) from None

    def end(self) -> None:
        """Kill the process and close what leads to it."""
        self.process.kill()
        self.process.wait()
        for connection in (self.orders, self.answers):
            with contextlib.suppress(OSError):
                connection.close()


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
    orders, answers = Connection(int(sys.argv[1]), writable=False), Connection(int(sys.argv[2]), readable=False)
    parent = os.getppid()
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()

    def tell(item: str) -> None:
        answers.send((AT, item))

    while True:
        try:
            function, arguments = orders.recv()
        except (EOFError, OSError):
            return
        try:
            module, name = function.split(":")
            result = (DONE, getattr(importlib.import_module(module), name)(*arguments, tell=tell))
        except Exception:
            result = (FAILED, traceback.format_exc())
        try:
            answers.send(result)
        except OSError:
            return


def _leave_with(parent: int) -> None:
    """End this process when its parent has ended, even in the middle of a task."""
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(1.0)
    os._exit(1)


def peak_megabytes() -> float:
    """Return the most memory this process has held so far."""
    # Linux counts a parent's memory into ru_maxrss; its status file does not.
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
