"""A report that was made elsewhere goes in; it stands among the reports in one step, and what is not Unspun's is kept.

One run at a time works below a folder of reports. It makes each report in a folder of its own, `.kept/new`, and only
a whole one takes the place of the last: that is moved to `.kept/old`, the files in it that are not Unspun's are moved
into the new one, and the new one is moved to where the last was. A run that is killed in between leaves enough for
the next to finish that. Which files are Unspun's the report's descriptor says, with their fingerprints: one that
somebody changed is kept too, in `set_aside/`.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.files.atomic import write_file
from helpers.report.datapackage import FILE as DESCRIPTOR
from helpers.report.datapackage import fingerprint, is_as_listed, listed_files, read_descriptor, write_descriptor

WORK = ".kept"
NEW, OLD = f"{WORK}/new", f"{WORK}/old"
SET_ASIDE = "set_aside"
NOTEBOOK, PDF = "report.ipynb", "report.pdf"  # they are added to a report that is in its place
PARTS = ["data", "figures", "index.html", "report.md", DESCRIPTOR]  # what no folder may hold that is no report
PATIENCE = 1800  # seconds that a run waits for another
SILENCE = 60  # of them without a word where nobody looks on, for two notebooks may well ask for the same report


@contextmanager
def one_run(out: Path) -> Iterator[list[Path]]:
    """Work below a folder of reports while no other run does; wait for one that does, with a word.

    Yields the files that had to be set aside when a killed run was put in order. A run may begin another inside
    itself. Raises RuntimeError where the other run does not end, or is the one that started this process.
    """
    work = out / WORK
    work.mkdir(parents=True, exist_ok=True)
    lock, holder = FileLock(work / "lock", is_singleton=True), work / "run"
    if lock.is_locked:  # by this very run
        yield []
        return
    _wait(lock, holder, out)
    try:
        write_file(holder, str(os.getpid()))
        yield recover(out)
    finally:
        shutil.rmtree(out / NEW, ignore_errors=True)
        lock.release()


def _wait(lock: FileLock, holder: Path, out: Path) -> None:
    with suppress(Timeout):
        lock.acquire(timeout=0)
        return
    process = holder.read_text(encoding="utf-8").strip() if holder.exists() else ""
    if process == str(os.getppid()):  # it waits for this process, so this process must not wait for it
        raise RuntimeError(f"{out}: what the reports are made from changed while they were made. Mend: run it again.")
    which = f" (process {process})" if process else ""
    silence = 0 if sys.stderr.isatty() else SILENCE
    try:
        with suppress(Timeout):
            lock.acquire(timeout=silence, poll_interval=0.2)
            return
        print(f"{out}: another run{which} is making reports here; waiting for it.", file=sys.stderr, flush=True)
        lock.acquire(timeout=PATIENCE - silence, poll_interval=0.2)
    except Timeout:
        mend = "end it, or name another folder; then run this again."
        raise RuntimeError(f"{out}: another run{which} has been making reports for too long. Mend: {mend}") from None


def recover(out: Path) -> list[Path]:
    """Finish what a killed run left in the middle, and throw away what it did not finish; return what was set aside."""
    aside = []
    for old in sorted((out / OLD).glob("*")):
        folder, draft = out / old.name, out / NEW / old.name
        if not folder.exists():
            (draft if draft.exists() else old).rename(folder)
        if old.exists():
            aside += _carry(old, folder)
            shutil.rmtree(old)
    shutil.rmtree(out / NEW, ignore_errors=True)
    return aside


def must_be_free(folder: Path) -> None:
    """Raise ValueError where a report cannot have this folder, because something is there that is no report."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ValueError(f"{folder}: a report wants a folder of its own here. Mend: move what is there.")
    if not _is_report(folder) and any(os.path.lexists(folder / name) for name in PARTS):
        raise ValueError(
            f"{folder}: there are files here that are no report of Unspun. Mend: move them, or name another folder."
        )


def _is_report(folder: Path) -> bool:
    """Tell whether a descriptor of Unspun lies here, or one that is damaged: Unspun writes none in halves."""
    path = folder / DESCRIPTOR
    try:
        return "unspun" in json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, TypeError, RecursionError):
        return True
    except OSError:
        return False


def put_in_place(draft: Path, folder: Path) -> list[Path]:
    """Let a whole draft take the place of a report; return the files that somebody changed, where they are now kept.

    The draft lies in `.kept/new` beside the folder. Raises what `must_be_free` raises, and OSError where files cannot
    be moved; the last report then stays as it was.
    """
    must_be_free(folder)
    old = folder.parent / OLD / folder.name
    if not folder.exists():
        draft.rename(folder)
        return []
    old.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(old)
    moved: list[tuple[Path, Path]] = []
    try:
        aside = _carry(old, draft, moved)
        draft.rename(folder)
    except BaseException:
        for source, target in reversed(moved):
            source.parent.mkdir(parents=True, exist_ok=True)
            target.rename(source)
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)  # `recover` looks again
    return [folder / path.relative_to(draft) for path in aside]


def add_file(folder: Path, name: str, draft: Path) -> list[Path]:
    """Put a file into a report in one step and list it; return what stood there by somebody else, where it is now."""
    aside = []
    descriptor = read_descriptor(folder)
    if os.path.lexists(folder / name) and not has_file(folder, name):
        aside.append(_free(folder / SET_ASIDE / name))
        aside[0].parent.mkdir(exist_ok=True)
        (folder / name).rename(aside[0])
    entry = {"path": name, **fingerprint(draft)}
    unspun = descriptor.get("unspun", {})
    others = [other for other in unspun.get("files", []) if other["path"] != name]
    # Listed first: a file that is listed and not there is made again, one that is there and not listed is somebody's.
    write_descriptor(folder, {**descriptor, "unspun": {**unspun, "files": [*others, entry]}})
    draft.replace(folder / name)
    return aside


def has_file(folder: Path, name: str) -> bool:
    """Tell whether a report has this file, as it was made."""
    entries = [entry for entry in listed_files(read_descriptor(folder)) if entry["path"] == name]
    return any(is_as_listed(folder, entry) for entry in entries)


def _ours(folder: Path) -> set[str]:
    """The files of a report that are as Unspun made them; those of a report of an older version too."""
    entries = listed_files(read_descriptor(folder))
    return {entry["path"] for entry in entries if is_as_listed(folder, entry)}


def _carry(old: Path, new: Path, moved: list[tuple[Path, Path]] | None = None) -> list[Path]:
    """Move what is not Unspun's from the last report into the new one; return what could not keep its place."""
    ours = _ours(old) | {DESCRIPTOR}
    made_later = {Path(NOTEBOOK), Path(PDF)}  # an old one beside the new page would pass for its own
    staying: list[Path] = []
    going: list[Path] = []
    for parent, folders, files in os.walk(old):
        here = Path(parent).relative_to(old)
        links = [name for name in folders if (old / here / name).is_symlink()]
        theirs = [here / name for name in [*files, *links] if (here / name).as_posix() not in ours]
        for path in theirs:
            (staying if _has_room(new / path, new) and path not in made_later else going).append(path)
        if not files and not folders and _has_room(new / here, new):
            (new / here).mkdir(parents=True)
    places = {path: new / path for path in staying}
    for path in [*staying, *going]:  # first what stays, which may have been set aside before
        target = places.get(path) or _free(new / SET_ASIDE / path)
        target.parent.mkdir(parents=True, exist_ok=True)
        (old / path).rename(target)
        places[path] = target
        if moved is not None:
            moved.append((old / path, target))
    return [places[path] for path in going]


def _has_room(target: Path, new: Path) -> bool:
    """Tell whether a file can have this place: nothing is there, and only folders lead to it."""
    parents = [parent for parent in target.parents if parent.is_relative_to(new) and os.path.lexists(parent)]
    return not os.path.lexists(target) and all(parent.is_dir() for parent in parents)


def _free(path: Path) -> Path:
    """This place, or where something is there already, the next with a number."""
    number, free = 2, path
    while os.path.lexists(free):
        free, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return free
