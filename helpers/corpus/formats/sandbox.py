"""A file from anywhere goes in; its records come out, read by a process that is ended when it costs too much.

The process has a bound on its memory (on Linux the system sets it; elsewhere the process looks ten times a second how
much it holds) and on the seconds for one record. When it is ended, or crashes, the record in hand is said to be
unreadable and a new process goes on behind it. It starts no other program and is ended with this one.
"""

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.files.child_process import bound_memory, piped
from helpers.files.limits import MB, MEMORY, SECONDS, STARTING

MOST_DEATHS = 100  # of one file's records; then it is hopeless
TAKES_LONG = "it takes more than {} seconds to read."
TAKES_MUCH = "reading it ended the reading process (exit code {}): it needs too much memory or breaks a library."
AS_TEXT = "store the article alone, as text."


def bounded_messages(
    path: str | Path, raw: bool = False, as_is: bool = False, seconds: float = SECONDS, memory: int = MEMORY
) -> Iterator[dict]:
    """Yield what `dispatch.messages` yields of a file, and a "problem" where a record costs too much.

    With `raw` an article comes with its own bytes, with `as_is` nothing in a page is repaired. `seconds` bounds each
    record, `memory` (bytes of address space) the process.
    """
    request = {"path": os.path.abspath(path), "raw": raw, "as_is": as_is}  # the process may stand in another folder
    start, deaths = 0, 0
    while True:
        in_hand: dict[str, Any] = {"at": start, "place": "", "row": 0}
        reader, finished = _take(memory), False
        try:
            reader.ask({**request, "start": start})
            for message in reader.answers(seconds):
                if message["kind"] == "end":
                    finished = True
                    break
                in_hand = {**message, "begun": message["kind"] == "begin"}
                if message["kind"] == "begin":
                    continue
                start = message["at"] + 1
                if message["kind"] != "alive":
                    yield message
            if finished:
                return
        finally:
            if finished:
                _idle.put(reader)
            else:
                reader.end()
        deaths += 1
        yield _death(reader, in_hand, seconds)
        if deaths > MOST_DEATHS or not in_hand.get("begun"):
            return
        start = in_hand["at"] + 1


def _death(reader: "_Reader", in_hand: dict, seconds: float) -> dict:
    """What to say of the record at which the reading process was ended."""
    begun = in_hand.get("begun")
    about = {"at": in_hand["at"], "place": in_hand["place"] if begun else "", "row": in_hand["row"] if begun else 0}
    problem = TAKES_LONG.format(f"{seconds:g}") if reader.too_slow else TAKES_MUCH.format(reader.process.returncode)
    if not begun:
        problem += " Nothing after it was read."
    return {
        "kind": "problem",
        **about,
        "problem": problem,
        "mend": AS_TEXT,
        "ended": "slow" if reader.too_slow else "died",
    }


class _Reader:
    """A process that reads, and a thread that hears what it says."""

    def __init__(self, memory: int):
        self.memory, self.too_slow, self.over, self.started = memory, False, False, False
        self.process, self._to, self._from = piped(
            ["-m", "helpers.corpus.formats.sandbox", str(memory)], subprocess.DEVNULL
        )
        self.said: queue.Queue[bytes] = queue.Queue(maxsize=4)
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        for line in self._from:
            self.said.put(line)
        self.said.put(b"")

    def ask(self, request: dict) -> None:
        try:
            self._to.write(json.dumps(request).encode() + b"\n")
            self._to.flush()
        except OSError:
            pass  # it died; the missing answer says so

    def answers(self, seconds: float) -> Iterator[dict]:
        """Yield its messages until it says no more, or nothing for so long (the flag `too_slow`).

        A new process has time to start, so that no record is blamed for a computer that is busy.
        """
        while True:
            try:
                line = self.said.get(timeout=seconds if self.started else max(seconds, STARTING))
            except queue.Empty:
                self.too_slow = True
                return
            if not line:
                self.over = True
                return
            if not self.started:  # it says so first
                self.started = True
                continue
            yield json.loads(line)

    def end(self) -> None:
        """End the process and let its thread go."""
        self.process.kill()
        while not self.over:
            self.over = not self.said.get()
        self.process.wait()
        self._to.close()
        self._from.close()


_idle: queue.LifoQueue[_Reader] = queue.LifoQueue()


def _take(memory: int) -> _Reader:
    """An idle reader that lives and has this bound, or a new one."""
    while True:
        try:
            reader = _idle.get_nowait()
        except queue.Empty:
            return _Reader(memory)
        if reader.memory == memory and reader.process.poll() is None:
            return reader
        reader.end()


def _forget() -> None:
    """Leave the idle readers to the process that started them; two would hear each other’s answers."""
    global _idle
    _idle = queue.LifoQueue()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


@atexit.register
def _end_all() -> None:
    while not _idle.empty():
        _idle.get_nowait().end()


def _serve(memory: int) -> None:
    """Answer requests, one a line, until there are no more."""
    from helpers.corpus.formats.dispatch import messages

    bound_memory(memory, memory)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the messages
    out.write(b'{"kind": "started"}\n')
    out.flush()
    for line in sys.stdin.buffer:
        for message in messages(**json.loads(line)):
            out.write(json.dumps(message).encode() + b"\n")
            out.flush()
        out.write(b'{"kind": "end"}\n')
        out.flush()


if __name__ == "__main__":
    _serve(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000 * MB)
