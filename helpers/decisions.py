"""An act of a person goes in; when the call returns it is on disk, one more line of a log that is only added to.

The log is a text file of JSON lines, so that git can diff and merge it. Nothing in it is overwritten: undoing is a
line, too. A lock keeps two notebooks apart, and a line torn by a crash is set aside, not lost and not in the way.
"""

import json
import os
import warnings
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from helpers.text import fold

COLUMNS = ["when", "who", "spun", "original", "status", "note"]
STATUSES = ("approved", "rejected", "edited")
UNDONE = "undone"
NOT_A_DECISION = (ValueError, KeyError, TypeError, AttributeError)  # what reading a line that is none can raise


class MappingError(ValueError):
    """A mapping folder that cannot be read or written; the message names file, line and mend."""


class DecisionLog:
    """The decisions in one file."""

    def __init__(self, path: Path):
        """Open the log, which need not be there yet; mends a torn last line."""
        self.path = path
        self.lock = FileLock(path.with_name(f".{path.stem}.lock"))
        with self.lock:
            self._mend_torn_line()

    def entries(self) -> list[dict]:
        """Return every line, oldest first; raises `MappingError` for a line that is no decision."""
        if not self.path.exists():
            return []
        *lines, _ = self.path.read_bytes().split(b"\n")  # behind the last line break: being written, or torn
        return [self._read_line(number, line) for number, line in enumerate(lines, 1) if line.strip()]

    def standing(self) -> list[dict]:
        """Return the decisions that no later line took back, oldest first."""
        return standing(self.entries())

    def add(self, spun: str, original: str, status: str, who: str | None, note: str) -> None:
        """Add a line; it is on disk when this returns."""
        with self.lock:
            self._write(spun, original, status, who, note)

    def undo(self, who: str | None) -> dict | None:
        """Take back the newest standing decision by adding a line; return it, or None where there is none."""
        with self.lock:
            decisions = self.standing()
            if not decisions:
                return None
            last = decisions[-1]
            self._write(last["spun"], last["original"], UNDONE, who, f"was {last['status']}")
            return last

    def _write(self, spun: str, original: str, status: str, who: str | None, note: str) -> None:
        entry = {
            "when": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": who or os.environ.get("USER", "") or "unknown",
            "spun": spun,
            "original": original,
            "status": status,
            "note": note or "",
        }
        line = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
        self._mend_torn_line()
        with open(self.path, "ab") as log:
            log.write(line)
            log.flush()
            os.fsync(log.fileno())

    def _read_line(self, number: int, line: bytes) -> dict:
        try:
            return _as_decision(line)
        except NOT_A_DECISION:
            raise MappingError(
                f"{self.path}, line {number}: not a decision. Mend: correct the line (its git history has the old "
                "one), or take it out; the other lines are not touched."
            ) from None

    def _mend_torn_line(self) -> None:
        """Set aside a last line that was not written to its end (a crash, a full disk), and say so.

        A whole decision that only lacks its line break (an editor took it) gets it back.
        """
        if not self.path.exists() or self.path.stat().st_size == 0:
            return
        with open(self.path, "r+b") as log:
            content = log.read()
            torn = content.rpartition(b"\n")[2]
            if not torn:
                return
            if _is_decision(torn):
                log.write(b"\n")
                return
            with open(self.path.with_name(f"{self.path.name}.torn"), "ab") as aside:
                aside.write(torn + b"\n")
            log.truncate(len(content) - len(torn))
        warnings.warn(
            f"{self.path}: the last line was not written to its end and was never shown as made. It lies in "
            f"{self.path.name}.torn now; every decision before it is kept.",
            stacklevel=4,
        )


def standing(entries: list[dict]) -> list[dict]:
    """Return the decisions among log entries that no later one took back; each undoing takes the newest of its pair."""
    kept: list[dict | None] = []
    places: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        open_places = places.setdefault((fold(entry["spun"]), fold(entry["original"])), [])
        if entry["status"] != UNDONE:
            open_places.append(len(kept))
            kept.append(entry)
        elif open_places:
            kept[open_places.pop()] = None
    return [entry for entry in kept if entry is not None]


def _as_decision(line: bytes) -> dict:
    entry = json.loads(line.decode("utf-8"))
    decision = {column: str(entry[column]) for column in COLUMNS}
    if decision["status"] not in (*STATUSES, UNDONE) or not fold(decision["spun"]) or not fold(decision["original"]):
        raise ValueError
    return decision


def _is_decision(line: bytes) -> bool:
    try:
        return bool(_as_decision(line))
    except NOT_A_DECISION:
        return False
