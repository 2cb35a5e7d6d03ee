"""What takes long to put together goes in, as a recipe; its bytes come out, made once and kept beside compiled code.

It lies in the folders of `compiled.py`, where nobody could have written it who could not write the sources too, and
which are new whenever compiled code changes. A name says what else the bytes hang on.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

from helpers.files.atomic import write_file
from helpers.text.compiled import FOLDERS

SIGN = 8  # bytes at the end of a file that say how long it is: one that was not written to its end is made anew


def kept_bytes(name: str, make: Callable[[], bytes]) -> bytearray:
    """Return what `make` makes, or what an earlier process kept of it under that name."""
    for folder in FOLDERS.read:
        found = _read(folder / name)
        if found is not None:
            return found
    content = make()
    if FOLDERS.own:
        with contextlib.suppress(OSError):  # a full disk, or no right to write: the next process makes it again
            write_file(FOLDERS.own / name, content + len(content).to_bytes(SIGN, "little"))
    return bytearray(content)


def _read(path: Path) -> bytearray | None:
    """The bytes of a file, without its sign; None where there is none, or not all of it."""
    try:
        content = bytearray(path.stat().st_size)
        with path.open("rb") as file:
            file.readinto(content)
    except OSError:
        return None
    if len(content) < SIGN or int.from_bytes(content[-SIGN:], "little") != len(content) - SIGN:
        return None
    del content[-SIGN:]
    return content
