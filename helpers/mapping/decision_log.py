"""An act of a person goes in; when the call returns it is on disk, one more line of a log that is only added to.

The log is a text file of JSON lines, so that git can diff and merge it. Nothing in it is overwritten: undoing is a
line, too. A lock keeps two notebooks apart; what a crash or a full disk left of a line is set aside, not lost and not
in the way.
"""

import codecs
import errno
import getpass
import os
import re
import secrets
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.files.problems import printable
from helpers.mapping.ledger import UNDONE, Decision, Ledger, Pair, UnreadError, is_decision, parse

COLUMNS = ["when", "who", "spun", "original", "status", "note", "act", "undoes", "id"]
PATIENCE = 60  # seconds to wait for another notebook that is writing; a write takes milliseconds
POLL = 0.002  # seconds between two tries to get the lock
TAIL = 4096  # bytes read from the end of the log at first
MOST_NAMED = 10  # lines named in one message, or by warnings
BLOCK = 1 << 20  # bytes of the log compared at once with those that were read
# A file changed within a tick of the system's clock after it was read looks as it did: what was read so soon after its
# last change is compared again. Not so a large log, for that would take longer than a decision may.
TICK, LARGE = 20_000_000, 4_000_000  # nanoseconds, bytes
TRIES = 5  # to add lines to a log that is being replaced by another file
# What a crash leaves of a line: a JSON object without the brace that closes it. Braces inside texts do not count.
TORN = re.compile(rb'\s*\{(?:[^"}]|"(?:[^"\\]|\\.)*+")*+(?:"(?:[^"\\]|\\.)*+\\?)?', re.DOTALL)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b'{\x00"\x00', b'\x00{\x00"')  # how such a log begins
CHANGED = (
    "{path}: it is no longer the file that was read before with lines added to it (git or an editor changed it), and "
    "was read anew: {gone:,} of the {of:,} decisions read before are not in it, {new:,} others are. Mend: where they "
    "are missed, bring the file back as it was (git has it); what is decided now is added to the file as it is."
)

Mark = tuple[int, int, int, int, int]  # what tells one state of a file from another


class MappingError(ValueError):
    """A mapping folder that cannot be read or written; the message names file, line and mend."""


class DecisionLog:
    """The decisions in one file."""

    changes: list[str]  # what was told of the file's having changed otherwise than by lines added to it
    _content: bytearray  # what was read of it, in whole lines
    _lines: int  # how many these are
    _mark: Mark | None  # the file when it was read
    _read_at: int  # when that was, in nanoseconds
    _ledger: Ledger
    _wrong: list[tuple[int, str]]  # the lines that are no decisions, by number, with the mend
    _wrong_end: list[tuple[int, str]]  # the same of what stands behind the last line break
    _unread_end: list[tuple[int, str]]  # the same, where the others can be read without it

    def __init__(self, path: Path) -> None:
        """Open the log, which need not be there yet; mends a torn last line."""
        self.path = path
        self.lock = FileLock(path.with_name(f".{path.stem}.lock"), timeout=PATIENCE)
        self.changes = []
        self._forget()
        self._mend_on_opening()

    # Reading

    def ledger(self) -> Ledger:
        """Return every decision on disk now; raises `MappingError` that names each line that is no decision."""
        self.refresh()
        if self._wrong or self._wrong_end:
            raise MappingError(self._complaint())
        return self._ledger

    def standing(self) -> dict[Pair, Decision]:
        """Return the decision that counts for each pair of phrases on which one stands.

        Raises `MappingError` where a line of the log is no decision.
        """
        return self.ledger().last()

    def refresh(self) -> None:
        """Read what was added to the log since it was last read.

        Where the file is not the one read before with lines added to it (git merged another person's lines or checked
        out an older file, an editor changed one), all of it is read again, into a new ledger, and a warning says so.
        """
        told, end = len(self.changes), self._unread_end
        since = self._take_in()
        if since and not self._wrong and self._ledger.oddities(since):
            with suppress(OSError, Timeout), self.lock:  # perhaps only because another notebook is still writing
                self._take_in()
        odd = self._ledger.oddities(since) if since and not self._wrong else []
        odd += self._unread_end if self._unread_end != end else []
        said = [*self.changes[told:], *(f"{self.path}, line {number}: {what}" for number, what in odd[:MOST_NAMED])]
        if len(odd) > MOST_NAMED:
            said.append(f"{self.path}: … and {len(odd) - MOST_NAMED:,} more such lines.")
        for what in said:
            warnings.warn(what, stacklevel=4)

    def _take_in(self) -> int:
        """Read what is new; return the number of its first line, 0 where nothing is."""
        before = self._ledger
        with self._reading(), self._opened() as log:
            mark = _mark_of(log)
            if self._is_as_read(mark):
                return 0
            self._read_at = time.time_ns()
            if not self._begins_as_read(log):
                self._forget()
            log.seek(len(self._content))
            new = log.read()
        self._refuse_utf_16(new)
        first = self._lines + 1
        whole = new[: new.rfind(b"\n") + 1]
        self._look_at_end(new[len(whole) :], first + whole.count(b"\n"))
        self._take_lines(whole)
        self._mark = mark
        if self._ledger is not before:
            self._note_change(before)
            return 1
        return first if whole else 0

    def _take_lines(self, whole: bytes) -> None:
        """Take in whole lines that stand behind those read before."""
        lines = (whole if self._lines else whole.removeprefix(codecs.BOM_UTF8)).split(b"\n")
        self._wrong = self._wrong + self._ledger.feed(lines, self._lines + 1)
        self._content += whole
        self._lines += whole.count(b"\n")

    def _look_at_end(self, end: bytes, number: int) -> None:
        """Say what is wrong behind the last line break, unless it can be a line being written, or a torn one."""
        self._wrong_end, self._unread_end = [], []
        if _may_be_ours(end):
            return
        try:
            parse(end)
        except UnreadError as error:
            self._unread_end = [(number, str(error))]
        except ValueError as error:
            self._wrong_end = [(number, str(error))]

    def _note_change(self, before: Ledger) -> None:
        old, now = set(before.lines), set(self._ledger.lines)
        self.changes.append(CHANGED.format(path=self.path, gone=len(old - now), of=len(old), new=len(now - old)))

    def _is_as_read(self, mark: Mark | None) -> bool:
        """Tell whether the file is the one that was read, by what the system says of it."""
        if mark is None or mark != self._mark:
            return mark == self._mark and not self._content
        return len(self._content) > LARGE or self._read_at - max(mark[3:]) > TICK

    def _begins_as_read(self, log: FileIO) -> bool:
        """Tell whether the file begins with what was read of it before, byte for byte."""
        block = bytearray(BLOCK)
        for start in range(0, len(self._content), BLOCK):
            length = log.readinto(memoryview(block)[: len(self._content) - start])
            if not length or not self._content.startswith(bytes(block[:length]), start):
                return False
            if length < min(BLOCK, len(self._content) - start):
                return False
        return True

    def _forget(self) -> None:
        self._content, self._lines, self._mark, self._read_at = bytearray(), 0, None, 0
        self._ledger, self._wrong, self._wrong_end, self._unread_end = Ledger(), [], [], []

    @contextmanager
    def _opened(self) -> Iterator[FileIO]:
        """Open the log for reading; one that is not there is an empty one."""
        try:
            log = FileIO(self.path)
        except FileNotFoundError:
            log = FileIO(os.devnull)
        with log:
            yield log

    def _refuse_utf_16(self, new: bytes) -> None:
        if not self._content and new.startswith(UTF_16):
            raise MappingError(
                f"{self.path}: it is no longer UTF-8 text but UTF-16. Mend: open it in an editor, save it as UTF-8."
            )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn what the system refuses into an error that names the file and the mend."""
        try:
            yield
        except OSError as error:
            raise MappingError(
                f"{self.path}: cannot be read ({error.strerror}). Mend: see that it is a file and that you may read it."
            ) from error

    def _complaint(self) -> str:
        wrong = self._wrong + self._wrong_end
        named = [f"{self.path}, line {number}: {what}" for number, what in wrong[:MOST_NAMED]]
        more = len(wrong) - len(named)
        return "\n".join([*named, f"… and {more:,} more lines."] if more else named)

    # Writing

    def add(self, rows: Iterable[tuple[str, str, str, str]], who: str | None) -> list[Decision]:
        """Add one act: a line for each (spun, original, status, note); they are on disk when this returns.

        All lines or none: raises `MappingError`, and leaves the log as it was, where the disk is full or the folder
        may not be written.
        """
        with self._writing():
            return self._write([(*row, "") for row in rows], who)

    def undo(self, who: str | None, identity: str | None = None) -> list[Decision]:
        """Take back an act, the newest that stands or the one with this line in it, by adding a line for each of its.

        Returns what was taken back, an empty list where nothing stands. A line that took something back can be
        taken back itself. Raises ValueError for an id that is not in the log, or was taken back before, and
        `MappingError`, as `add` does.
        """
        with self._writing():
            taken = self._to_undo(self.ledger(), identity)
            self._write([(line.spun, line.original, UNDONE, f"was {line.status}", line.id) for line in taken], who)
            return taken

    @staticmethod
    def _to_undo(ledger: Ledger, identity: str | None) -> list[Decision]:
        if identity is None:
            newest = ledger.newest()
            return ledger.act_of(newest) if newest else []
        line = ledger.find(identity)
        if line is None:
            raise ValueError(f"no decision has the id {identity!r}. Mend: take one from the column id of .decisions")
        if line.status == UNDONE:
            return [line]
        if line not in ledger.standing(line.pair):
            raise ValueError(f"the decision {identity!r} was taken back before")
        return ledger.act_of(line)

    def take(self, lines: Iterable[Decision]) -> list[Decision]:
        """Add the lines of another log that are not in this one, as they are; return them.

        What has the id of a line here, and takes back the same, is here already, though its note was masked. Raises
        `MappingError`, and leaves the log as it was, where it cannot be read or written.
        """
        with self._writing():
            known = {(line.id, line.undoes) for line in self.ledger().lines}
            new = [line for line in dict.fromkeys(lines) if (line.id, line.undoes) not in known]
            if new:
                self._begin_a_line()
                self._append("".join(line.line() for line in new).encode())
            return new

    def _write(self, rows: list[tuple[str, str, str, str, str]], who: str | None) -> list[Decision]:
        if not rows:
            return []
        moment, who = self._now(len(rows)), who or _who_is_here()
        self._begin_a_line()
        token = secrets.token_hex(4) if len(rows) > 1 else ""
        lines = [
            Decision(
                (moment + timedelta(microseconds=number)).isoformat(timespec="microseconds"),
                who, spun, original, status, note or "",
                f"{token} {number + 1}/{len(rows)}" if token else "",
                undoes,
            )
            for number, (spun, original, status, note, undoes) in enumerate(rows)
        ]  # fmt: skip
        self._append("".join(line.line() for line in lines).encode())
        return lines

    def _now(self, lines: int) -> datetime:
        """The time, and always later than every line: a clock set back must not make a new decision an older one.

        Raises `MappingError` where no later time for so many lines is left.
        """
        self.refresh()
        latest = self._ledger.latest
        try:
            moment = datetime.now(UTC)
            if latest:
                moment = max(moment, datetime.fromisoformat(latest) + timedelta(microseconds=1))
            return moment + timedelta(microseconds=lines) - timedelta(microseconds=lines)  # raises at the end of time
        except OverflowError:
            raise MappingError(
                f"{self.path}: a line bears the time {latest}, so that nothing decided now could count; "
                "this was not recorded. Mend: correct the time on that line, then decide again."
            ) from None

    def _append(self, lines: bytes) -> None:
        """Write the lines to the end of the file and wait for the disk; on any failure the file is as it was.

        A file that another one replaced meanwhile (git checks out) is nobody's log any more: they are written again.
        """
        is_new = not self.path.exists()
        for _ in range(TRIES):
            log = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
            try:
                before = os.fstat(log)
                self._write_all(log, lines, before.st_size)
                after = os.fstat(log)
                if self.path.exists() and os.path.samestat(after, os.stat(self.path)):
                    break
            finally:
                os.close(log)
        else:
            raise OSError(errno.ESTALE, "the file is replaced again and again")
        if is_new:
            _sync_folder(self.path.parent)
        self._know(lines, before, after)

    @staticmethod
    def _write_all(log: int, lines: bytes, size: int) -> None:
        try:
            while lines:
                lines = lines[os.write(log, lines) :]
            os.fsync(log)
        except BaseException:
            os.ftruncate(log, size)
            os.fsync(log)
            raise

    def _know(self, lines: bytes, before: os.stat_result, after: os.stat_result) -> None:
        """Take in the lines that were just added, so that they need not be read; unless the file was another already.

        That would be seen at the next reading, which compares it.
        """
        as_read = _state(before) == self._mark or not before.st_size
        whole = before.st_size == len(self._content) and after.st_size == before.st_size + len(lines)
        if as_read and whole and lines.endswith(b"\n"):
            self._read_at = time.time_ns()
            self._take_lines(lines)
            self._mark = _state(after)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock; what the system refuses becomes an error that names the file and the mend."""
        try:
            with self.lock.acquire(poll_interval=POLL):
                yield
        except Timeout:
            raise MappingError(
                f"{self.lock.lock_file}: another notebook has held the lock for {PATIENCE} seconds; nothing was "
                "recorded. Mend: close the notebook that hangs, then decide again."
            ) from None
        except OSError as error:
            raise MappingError(
                f"{self.path}: cannot be written ({error.strerror}); this was not recorded, and every decision before "
                "it is kept. Mend: make room on the disk or let yourself write to the folder, then decide again."
            ) from error

    # Mending

    def _mend_on_opening(self) -> None:
        """Mend under the lock where there is something to mend; a folder that may not be written can still be read."""
        end = self._end()
        if not (TORN.fullmatch(end) or is_decision(end)):
            return
        try:
            with self._writing():
                self._mend_torn_line()
        except MappingError as error:
            warnings.warn(f"The last line was not written to its end and is left aside. {error}", stacklevel=4)

    def _begin_a_line(self) -> None:
        """See that what is added next stands on a line of its own, also behind one that an editor left bad."""
        self._mend_torn_line()
        if self._end().removeprefix(codecs.BOM_UTF8):
            self._append(b"\n")

    def _end(self) -> bytes:
        """What stands behind the last line break: a line that a crash or a full disk cut off, or an editor's."""
        return self._tail().rpartition(b"\n")[2]

    def _tail(self) -> bytes:
        """The end of the file: its last line and what may stand behind it."""
        length = TAIL
        with self._reading(), suppress(FileNotFoundError), open(self.path, "rb") as log:
            size = log.seek(0, os.SEEK_END)
            while True:
                log.seek(max(0, size - length))
                tail = log.read()
                if length >= size or tail.count(b"\n") > 1:
                    return tail
                length *= 16
        return b""

    def _mend_torn_line(self) -> None:
        """Set aside a last line that was not written to its end, and say so.

        A whole decision that only lacks its line break (an editor took it) gets it back. What no crash leaves behind
        is somebody's work and stays where it is; reading the log names it.
        """
        torn = self._end()
        if is_decision(torn):
            self._append(b"\n")
        if not TORN.fullmatch(torn):
            return
        with open(self.path.with_name(f"{self.path.name}.torn"), "ab") as aside:
            aside.write(torn + b"\n")
            aside.flush()
            os.fsync(aside.fileno())
        with open(self.path, "r+b") as log:
            log.truncate(log.seek(0, os.SEEK_END) - len(torn))
            os.fsync(log.fileno())
        warnings.warn(
            f"{self.path}: the last line was not written to its end and was never shown as made. It lies in "
            f"{self.path.name}.torn now; every decision before it is kept.",
            stacklevel=4,
        )


def _may_be_ours(end: bytes) -> bool:
    """Tell whether what stands behind the last line break can be a line that is being written, or was torn."""
    end = end.removeprefix(codecs.BOM_UTF8)
    return not end.strip() or bool(TORN.fullmatch(end)) or is_decision(end)


def _state(stat: os.stat_result) -> Mark:
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _mark_of(log: FileIO) -> Mark | None:
    """What tells this state of a file from another; None for one that is not there."""
    return None if log.name == os.devnull else _state(os.fstat(log.fileno()))


def _sync_folder(folder: Path) -> None:
    """Wait until the disk knows of a new file in a folder; systems that cannot (Windows) do it by themselves."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _who_is_here() -> str:
    try:
        return printable(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return "unknown"
