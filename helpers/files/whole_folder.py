"""The name of a folder goes in; a draft to write into comes out, which is that folder once it is whole, or is gone."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside this one; when the block ends it takes this one's name in one step.

    Where the block fails nothing is left. Raises ValueError where something is there already: nothing of anybody's is
    overwritten, only an empty folder is taken. What a killed run left is cleared away by the next.
    """
    folder = Path(os.path.abspath(folder))
    must_be_new(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_dead_drafts(folder)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.draft")
    draft.mkdir()
    try:
        yield draft
        _to_disk(draft)
        must_be_new(folder)  # somebody may have put files there in the meantime
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def must_be_new(folder: Path) -> None:
    """Raise ValueError where a new folder cannot have this name, because there are files, or something else, there."""
    if not os.path.lexists(folder):
        return
    mend = "name a folder that is not there yet, or move what is there."
    if folder.is_symlink() or not folder.is_dir():
        raise ValueError(f"{folder}: a folder of its own is wanted here, and this is a file or a link. Mend: {mend}")
    if folder.resolve() == Path.cwd():
        raise ValueError(f"{folder}: this is the folder that you are in. Mend: name a new folder in it.")
    if any(folder.iterdir()):
        raise ValueError(f"{folder}: there are files in this folder, and none is ever overwritten. Mend: {mend}")


def _clear_dead_drafts(folder: Path) -> None:
    """Remove the drafts of this folder whose process has ended."""
    named = re.compile(rf"\.{re.escape(folder.name)}\.(\d+)\.draft")
    for path in folder.parent.iterdir():
        match = named.fullmatch(path.name)
        if match and path.is_dir() and _is_gone(int(match[1])):
            shutil.rmtree(path, ignore_errors=True)


def _is_gone(process: int) -> bool:
    """Tell whether a process has ended; one of this process's own number was another, as in a container each time."""
    return process == os.getpid() or not psutil.pid_exists(process)


def _to_disk(draft: Path) -> None:
    """See to it that the files are on disk before their folder has its name."""
    for path in draft.rglob("*"):
        if path.is_file():
            with suppress(PermissionError), open(path, "rb+") as file:
                os.fsync(file.fileno())
