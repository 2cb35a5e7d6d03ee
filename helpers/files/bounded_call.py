"""A function's name and its arguments go in; the bytes it returns come out, or the word that it costs too much.

The function runs in a process of its own with bounds on its memory (Windows and macOS set none: there it watches
itself), its seconds and the size of its answer. When it costs more, or breaks a library, that process ends, and whoever
asked is told. It does not hear Ctrl-C, which is for the process that asked and ends it, and ends with that process.
"""

import atexit
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from typing import Any, BinaryIO

import psutil

from helpers.files.child_process import bound_memory, piped
from helpers.files.limits import STARTING

SMALL = 16_000_000  # bytes; whoever gave a larger answer holds memory, and is not asked again
HEAD = 9  # bytes before an answer: whether it is one, and its length
ANSWER, ERROR = b"A", b"E"


class CostlyError(Exception):
    """A call that was ended: `why` is "slow", "died" or "long"."""

    def __init__(self, why: str, message: str):
        """Keep what is known."""
        super().__init__(message)
        self.why = why


def bounded_call(
    function: str, *arguments: Any, seconds: float, memory: int, most: int, errors: tuple[type[Exception], ...] = ()
) -> bytes:
    """Return the bytes that `module:function` returns for these arguments (what JSON can hold).

    `seconds` bounds the time, `memory` the bytes that it may take besides what its modules take, `most` the bytes of
    the answer. Raises `CostlyError` where it costs more; one of `errors` where the function raised an error of that
    name; RuntimeError for any other.
    """
    worker = _take(function, memory)
    answered = False
    try:
        kind, content = worker.ask(json.dumps([*arguments]).encode(), seconds, most)
        answered = len(content) < SMALL
    finally:
        if answered:
            _idle.setdefault((function, memory), queue.LifoQueue()).put(worker)
        else:
            worker.end()
    if kind == ANSWER:
        return content
    name, message = json.loads(content)
    raise next((kind for kind in errors if kind.__name__ == name), RuntimeError)(message)


class _Worker:
    """A process that runs one function, again and again."""

    def __init__(self, function: str, memory: int):
        self.process, self._to, self._from = piped(
            ["-m", "helpers.files.bounded_call", function, str(memory)], subprocess.DEVNULL
        )
        self._started = threading.Event()

    def ask(self, request: bytes, seconds: float, most: int) -> tuple[bytes, bytes]:
        """What kind of answer it gave, and what it said; raises `CostlyError`."""
        said: queue.Queue[tuple[bytes, bytes] | CostlyError] = queue.Queue()
        threading.Thread(target=self._hear, args=(request, most, said), daemon=True).start()
        self._started.wait(STARTING)  # no call is blamed for a computer that is busy
        try:
            found = said.get(timeout=seconds)
        except queue.Empty:
            raise CostlyError("slow", f"it takes more than {seconds:g} seconds") from None
        if isinstance(found, CostlyError):
            raise found
        return found

    def _hear(self, request: bytes, most: int, said: queue.Queue) -> None:
        try:
            if not self._started.is_set():
                self._from.read(HEAD)
                self._started.set()
            self._to.write(len(request).to_bytes(HEAD, "big") + request)
            self._to.flush()
            head = self._from.read(HEAD)
            size = int.from_bytes(head[1:], "big")
            if len(head) == HEAD and size > most:
                return said.put(CostlyError("long", f"its answer has more than {most // 1_000_000:,} MB"))
            content = self._from.read(size) if len(head) == HEAD else b""
            if len(head) == HEAD and len(content) == size:
                return said.put((head[:1], content))
        except (OSError, ValueError):  # it is gone, or was ended while this waited
            pass
        return said.put(CostlyError("died", f"it ended the process (exit code {self.process.wait()})"))

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


_idle: dict[tuple[str, int], queue.LifoQueue[_Worker]] = {}


def _take(function: str, memory: int) -> _Worker:
    """An idle worker that lives, or a new one."""
    while True:
        try:
            worker = _idle[function, memory].get_nowait()
        except (KeyError, queue.Empty):
            return _Worker(function, memory)
        if worker.process.poll() is None:
            return worker
        worker.end()


def _forget() -> None:
    """Leave the idle workers to the process that started them."""
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


@atexit.register
def _end_all() -> None:
    for workers in _idle.values():
        while not workers.empty():
            workers.get_nowait().end()


def _serve(name: str, memory: int) -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, function = name.partition(":")
    run = getattr(importlib.import_module(module), function)
    taken = psutil.Process().memory_info()
    bound_memory(taken.vms + memory, taken.rss + memory)
    requests: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    out.write(bytes(HEAD))
    out.flush()
    while True:
        kind, content = _answer(run, json.loads(requests.get()))
        out.write(kind + len(content).to_bytes(HEAD - 1, "big"))
        out.write(content)
        out.flush()


def _answer(run: Any, arguments: list) -> tuple[bytes, bytes]:
    try:
        return ANSWER, run(*arguments)
    except MemoryError:
        os._exit(1)  # what is not given back the next one would lack
    except Exception as error:
        return ERROR, json.dumps([type(error).__name__, str(error)[:10_000]]).encode()


def _listen(requests: BinaryIO, heard: queue.Queue) -> None:
    """Hear requests; when nobody is there to make them this process ends, even in the middle of one."""
    while len(head := requests.read(HEAD)) == HEAD:
        heard.put(requests.read(int.from_bytes(head, "big")))
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
