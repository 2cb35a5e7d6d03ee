"""What can go wrong with the log of decisions, made to go wrong: `make faults KINDS=decisions` prints the counts.

Each fault is a real one: the processes are killed by the system, the disk is full (a file system of 64 kB where the
machine lets us mount one, else a limit on the file's size), the folder may not be written by the user who tries.
A decision counts as shown when `decide` has returned; the writer says so through a pipe.
"""

import json
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from attempts import Attempts
from processes import at_once

from helpers.mapping import MappingTable
from helpers.mapping.decision_log import MappingError

LOG = "decisions.jsonl"
NOBODY = 65534
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Outcome:
    """What came of a fault, counted."""

    fault: str
    tried: int
    shown: int  # decisions that were shown as made
    lost: int  # of them, not on disk afterwards
    corrupted: int  # tables that could not be read or do not fold to what was decided
    message: str = ""

    def attempts(self) -> Attempts:
        """Say it as every attack does: of what was tried, what was lost and what is wrong."""
        said = f"{self.shown:,} decisions shown. {self.message}".rstrip()
        return Attempts(self.fault, max(self.tried, self.shown), self.lost, self.corrupted, said=said)


def on_disk(folder: Path) -> list[dict]:
    """The whole lines of the log, read without the code that wrote them; raises where one is no JSON."""
    path = folder / LOG
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def lost_and_corrupted(folder: Path, shown: list[str]) -> tuple[int, int]:
    """How many shown decisions are not on disk, and whether the table is corrupted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            table = MappingTable.open(folder).table
            there = {line["spun"] for line in on_disk(folder)}
        except ValueError:
            return len(shown), 1
    folds = dict(zip(table["spun"], table["status"], strict=True))
    return len(set(shown) - there), int(any(folds.get(spun.lower()) != "approved" for spun in there))


# Kills


def decide_for_ever(folder: str, said: int, first: int) -> None:
    """Decide, now one row and now many, and say each time that it is shown, until killed."""
    mapping = MappingTable.open(folder)
    number = first
    while True:
        many = 1 if number % 3 else 40
        rows = [(f"phrase {number + k}", f"original {number + k}", "approved", "x" * 60) for k in range(many)]
        mapping.decide_many(rows, who="Ana")
        os.write(said, "".join(f"phrase {number + k}\n" for k in range(many)).encode())
        number += many


def kills(folder: Path, times: int, seed: int = 1) -> Outcome:
    """Kill a writing process at random moments; every 50th time the table must fold, and what was shown be there."""
    chance = random.Random(seed)
    shown: list[str] = []
    corrupted = torn = 0
    for number in range(times):
        reading, writing = os.pipe()
        writer = FORK.Process(target=_quietly, args=(decide_for_ever, str(folder), writing, number * 1_000_000))
        writer.start()
        os.close(writing)
        heard = os.read(reading, 65536) if number % 4 else b""  # three times of four in the middle of its work
        time.sleep(chance.random() * 0.02)
        os.kill(writer.pid, signal.SIGKILL)
        while more := os.read(reading, 65536):
            heard += more
        os.close(reading)
        writer.join()
        shown += heard.decode().splitlines()
        path = folder / LOG
        torn += path.exists() and not path.read_bytes().endswith(b"\n")
        if number % 50 == 49 or number == times - 1:
            lost, broken = lost_and_corrupted(folder, shown)
            corrupted += broken
    lost, _ = lost_and_corrupted(folder, shown)
    return Outcome(f"{times:,} kills of a writing process", times, len(shown), lost, corrupted,
                   f"{torn} left a torn line, which was set aside")  # fmt: skip


def _quietly(work, *arguments) -> None:
    warnings.simplefilter("ignore")
    work(*arguments)


# Two at once


def decide_many_times(folder: str, who: str, together, times: int = 10_000) -> None:
    """Decide so many times, beginning at the same moment as the other process."""
    mapping = MappingTable.open(folder)
    together.wait(60)
    for number in range(times):
        mapping.decide(f"{who} {number}", f"original {number}", "approved", who=who)


def two_at_once(folder: Path, times: int) -> Outcome:
    """Two processes decide at once, each so many times."""
    at_once(decide_many_times, folder, ("Ana", "Ben"), times)
    shown = [f"{who} {number}" for who in ("Ana", "Ben") for number in range(times)]
    lost, corrupted = lost_and_corrupted(folder, shown)
    in_order = all(
        [line["spun"] for line in on_disk(folder) if line["who"] == who] == [f"{who} {n}" for n in range(times)]
        for who in ("Ana", "Ben")
    )
    return Outcome(f"two processes at once, {times:,} decisions each", 2 * times, len(shown), lost,
                   max(corrupted, int(not in_order)))  # fmt: skip


# A full disk


@contextmanager
def small_disk(folder: Path, kilobytes: int = 64):
    """A file system of so many kB at the folder; yields whether the machine let us mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_the_disk(folder: str, said, limit: bool) -> None:
    """Decide until it fails; then try twice more. Says what was shown and how it failed."""
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))
    mapping, shown, message = MappingTable.open(folder), [], ""
    for number in range(3000):
        rows = [(f"phrase {number}.{k}", "original", "approved", "x" * (number % 97)) for k in range(1 + number % 5)]
        try:
            mapping.decide_many(rows, who="Ana")
            shown += [spun for spun, *_ in rows]
        except MappingError as error:
            if message and number % 5 == 4:
                break
            message = str(error)
    said.send((shown, message, len(mapping.table)))


def full_disk(folder: Path) -> Outcome:
    """Decide on a disk that runs full: what was shown is there, the rest is refused with a reason, nothing is torn."""
    with small_disk(folder) as mounted:
        shown, message, rows = _ask(fill_the_disk, folder, not mounted)
        lost, corrupted = lost_and_corrupted(folder, shown)
        kind = "a full disk of 64 kB" if mounted else "a full disk (64 kB a file, by RLIMIT_FSIZE)"
        whole = (folder / LOG).read_bytes().endswith(b"\n") and len(on_disk(folder)) == len(shown) == rows
        return Outcome(kind, 1, len(shown), lost, max(corrupted, int(not whole)), message)


def _ask(work, folder: Path, *arguments):
    """What a function says in a process of its own."""
    here, there = FORK.Pipe()
    process = FORK.Process(target=work, args=(str(folder), there, *arguments))
    process.start()
    there.close()
    answer = here.recv()
    process.join()
    return answer


# A folder that may not be written


def decide_where_one_may_not(folder: str, said) -> None:
    """Become nobody, for root may write everywhere; read, then try to decide."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    mapping = MappingTable.open(folder)
    table = mapping.table
    try:
        mapping.decide("new", "phrase", "approved", who="Ana")
        said.send((len(table), ""))
    except MappingError as error:
        said.send((len(table), str(error)))


def read_only_folder(folder: Path) -> Outcome:
    """Decide in a folder that may be read but not written."""
    mapping = MappingTable.open(folder)
    shown = [f"phrase {number}" for number in range(20)]
    mapping.decide_many([(spun, "original", "approved", "") for spun in shown], who="Ana")
    before = (folder / LOG).read_bytes()
    for parent in [folder, *folder.parents]:  # nobody must be able to get there
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o055)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    try:
        rows, message = _ask(decide_where_one_may_not, folder)
    finally:
        folder.chmod(0o755)
    lost, corrupted = lost_and_corrupted(folder, shown)
    unchanged = (folder / LOG).read_bytes() == before
    wrong = int(not (unchanged and rows == len(shown) and message))
    return Outcome("a read-only folder", 1, len(shown), lost, max(corrupted, wrong), message)


# Damaged logs


def truncated(folder: Path, step: int = 1) -> Outcome:
    """Cut the log at each of its bytes (or every few); each line before the cut must count, the rest be set aside."""
    MappingTable.open(folder).decide_many([(f"phrase {n}", "isn’t", "approved", "") for n in range(6)], who="Ana")
    whole = (folder / LOG).read_bytes()
    shown = lost = corrupted = 0
    said = ""
    for cut in range(0, len(whole), step):
        for path in folder.iterdir():
            path.unlink()
        (folder / LOG).write_bytes(whole[:cut])
        kept = [json.loads(line)["spun"] for line in whole[:cut].split(b"\n")[:-1]]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            missing, broken = lost_and_corrupted_loud(folder, kept)
        shown, lost, corrupted = shown + len(kept), lost + missing, corrupted + broken
        aside = folder / f"{LOG}.torn"
        rest = whole[:cut].rpartition(b"\n")[2]
        if rest and not (aside.exists() and aside.read_bytes() == rest + b"\n") and rest + b"\n" not in whole:
            corrupted += 1
        said = next((str(warning.message) for warning in caught if "written to its end" in str(warning.message)), said)
    cuts = len(range(0, len(whole), step))
    return Outcome(f"a log cut off at {cuts:,} of its {len(whole):,} bytes", cuts, shown, lost, corrupted, said)


def lost_and_corrupted_loud(folder: Path, shown: list[str]) -> tuple[int, int]:
    """As `lost_and_corrupted`, with the warnings let through."""
    try:
        table = MappingTable.open(folder).table
    except ValueError:
        return len(shown), 1
    return len(set(shown) - set(table["spun"])), 0


def edited_by_hand(folder: Path) -> Outcome:
    """Put a bad line into the log: it must be named, nothing touched, and all be there when it is mended."""
    shown = [f"phrase {number}" for number in range(20)]
    mapping = MappingTable.open(folder)
    mapping.decide_many([(spun, "original", "approved", "") for spun in shown], who="Ana")
    lines = (folder / LOG).read_bytes().splitlines(keepends=True)
    message, corrupted = "", 0
    for bad in (b"<<<<<<< HEAD\n", b'{"spun": "half a li\n', b"\xff\xfe\n", lines[7].replace(b"approved", b"Yes")):
        damaged = b"".join([*lines[:7], bad, *lines[8:]])
        (folder / LOG).write_bytes(damaged)
        try:
            MappingTable.open(folder).table  # noqa: B018 - reading is what must fail
            corrupted += 1
        except MappingError as error:
            message = str(error)
            corrupted += f"{folder / LOG}, line 8: " not in message or "Mend: " not in message
        corrupted += (folder / LOG).read_bytes() != damaged
    (folder / LOG).write_bytes(b"".join(lines))
    lost, broken = lost_and_corrupted(folder, shown)
    return Outcome("a log with a bad line, edited by hand", 4, len(shown), lost, corrupted + broken, message)


# Lines that nobody's editing explains


def odd_lines(line: bytes) -> Iterator[bytes]:
    """What a power cut, a later version or another program leaves in the place of a line."""
    yield from (b"\0", b"\0" * 4096, line[:40] + b"\0" * 40 + line[80:], b"\0" * 512 + line[60:])
    yield b"[" * 100_000
    yield line[:-1] + b', "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield from (line.replace(b"approved", status) for status in (b"deferred", b"approved by two", b"merged-2", b"held"))
    for field in ("when", "who", "spun", "original", "status", "note"):
        for value in (b"9" * 5000, b"1e999", b"-0", b'"\\ud800"', b'"a\\udfff"', b"null", b"true", b"[]", b'{"a": 1}'):
            was = json.dumps(json.loads(line)[field], ensure_ascii=False).encode()
            key = f'"{field}": '.encode()
            yield line.replace(key + was, key + value)
    for field in (b"act", b"undoes"):
        yield line[:-1] + b', "' + field + b'": 7}'


def unread_lines(folder: Path, every: int = 1) -> Outcome:
    """Put each odd line at each place of the log: it is named, the others count, nothing goes, deciding goes on."""
    MappingTable.open(folder).decide_many([(f"phrase {n}", "isn’t", "approved", "") for n in range(6)], who="Ana")
    lines = (folder / LOG).read_bytes().splitlines()
    tried = shown = lost = corrupted = 0
    message = ""
    for odd in list(odd_lines(lines[0]))[::every]:
        for place in (0, 3, 6, None):  # the last: without a line break behind it
            at = 6 if place is None else place
            content = b"\n".join([*lines[:at], odd, *lines[at:]]) + (b"" if place is None else b"\n")
            for path in folder.iterdir():
                path.unlink()
            (folder / LOG).write_bytes(content)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                gone, wrong = _read_and_decide(folder, content)
            named = [str(warning.message) for warning in caught if f"{LOG}, line {at + 1}: " in str(warning.message)]
            tried, shown, lost = tried + 1, shown + 7, lost + gone
            corrupted += wrong or not named or "Mend: " not in named[0]
            message = named[0] if named else message
    return Outcome("a log with a line that nobody’s editing explains", tried, shown, lost, corrupted, message)


def _read_and_decide(folder: Path, content: bytes) -> tuple[int, int]:
    """How many of the seven decisions are not in the table, and whether anything of the log is gone or misread."""
    try:
        mapping = MappingTable.open(folder)
        before = set(mapping.table["spun"])
        mapping.decide("one more", "phrase", "approved", who="Ben")
        table = set(MappingTable.open(folder).table["spun"])
    except Exception:
        return 7, 1
    expected = {f"phrase {number}" for number in range(6)}
    whole = (folder / LOG).read_bytes().startswith(content)
    return len((expected | {"one more"}) - table), int(not whole or table != before | {"one more"})


def changes_of(whole: bytes) -> list[bytes]:
    """What git and editors make of a log: shorter, as long, in another order, longer, without a line, empty."""
    lines = whole.splitlines(keepends=True)
    other = whole.replace(b"approved", b"rejected")  # of the same length
    return [b"".join(lines[:3]), other, b"".join([lines[5], *lines[:5]]), other + lines[0], b"".join(lines[1:]), b""]


def change(path: Path, content: bytes, how: str) -> None:
    """Put another content in the place of a file, with the time of the old one; `how` tells whether it stays one."""
    was = path.stat()
    if how != "in place":
        path.unlink()
    if how != "taken away":
        path.write_bytes(content)
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def changed_under_an_open_table(folder: Path) -> Outcome:
    """Change the log under an open table: the person is told, the table is that of the file, deciding goes on."""
    MappingTable.open(folder).decide_many([(f"phrase {n}", "isn’t", "approved", "") for n in range(6)], who="Ana")
    path = folder / LOG
    whole, message = path.read_bytes(), ""
    tries = [(how, content) for how in ("in place", "anew") for content in changes_of(whole)] + [("taken away", b"")]
    lost = corrupted = 0
    for how, content in tries:
        path.write_bytes(whole)
        mapping = MappingTable.open(folder)
        mapping.table  # noqa: B018 - the table is open now
        change(path, content, how)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            mapping.decide("one more", "phrase", "approved", who="Ben")
        said = [str(warning.message) for warning in caught if "was read anew" in str(warning.message)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fresh = MappingTable.open(folder).table
            corrupted += not said or not fresh.equals(mapping.table) or not path.read_bytes().startswith(content)
        lost += "one more" not in set(fresh["spun"])
        message = said[0] if said else message
    return Outcome("a log changed under an open table", len(tries), len(tries), lost, corrupted, message)


def attempts(home: Path) -> Iterator[Attempts]:
    """Make everything go wrong in full number, and yield what came of it."""
    for fault, *numbers in (
        (kills, 1000), (two_at_once, 10_000), (full_disk,), (read_only_folder,), (truncated,), (edited_by_hand,),
        (unread_lines,), (changed_under_an_open_table,),
    ):  # fmt: skip
        folder = home / fault.__name__
        folder.mkdir()
        yield fault(folder, *numbers).attempts()
