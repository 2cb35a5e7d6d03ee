"""Lines for a person go in; they come out in the terminal, whatever signs it knows, and errors say file and mend."""

import codecs
import errno
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from helpers.display.visible import printable, visible

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 20  # of an error; with more nobody reads the first
# What stands for a sign in a terminal that does not know it; for all others a question mark.
PLAIN = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "…": "...",
    "→": "->", "·": "-", "•": "-", "×": "x", "\u00a0": " ", "⟨": "<", "⟩": ">",
}  # fmt: skip
HANDLER = "unspun"
MENDS = {
    errno.ENOSPC: "free some space there, or name a folder on another disk.",
    errno.EDQUOT: "free some space there, or name a folder on another disk.",
    errno.EACCES: "name a place that you may read or write, or change its permissions.",
    errno.EPERM: "name a place that you may read or write, or change its permissions.",
    errno.EROFS: "name a folder in which you may write.",
    errno.ENOENT: "correct the path.",
    errno.ENOTDIR: "name a folder; a part of this path is a file.",
    errno.EISDIR: "name a file; this is a folder.",
    errno.EEXIST: "name another place; something is there already.",
    errno.ENAMETOOLONG: "choose a shorter name.",
}
OURS = (
    "Mend: run it again as `unspun --traceback …` and send what it says, with the file if you may, to Unspun's issues."
)


class FailureError(click.ClickException):
    """What went wrong, in lines that name file and mend; the exit status is 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it on standard error."""
        lines = self.message.splitlines() or ["something went wrong."]
        more = [f"and {len(lines) - MOST_LINES} lines more."] if len(lines) > MOST_LINES else []
        for line in [*lines[:MOST_LINES], *more]:
            print(f"unspun: {visible(line)}", file=file or sys.stderr)


def failure(file: str | Path, what: str, mend: str) -> FailureError:
    """Return an error of one line: the file, what is wrong with it, the mend."""
    return FailureError(f"{file}: {what} Mend: {mend}")


def say(*lines: str) -> None:
    """Print lines on standard output."""
    for line in lines:
        print(_masked(line))


def note(*lines: str) -> None:
    """Print lines on standard error: what is beside the answer, so that the answer can be piped on."""
    for line in lines:
        print(visible(_masked(line)), file=sys.stderr)


def _masked(line: str) -> str:
    from helpers.display.masking import mask

    return mask(line)


def is_watched() -> bool:
    """Tell whether a person sees standard output: only then are there progress bars."""
    return sys.stdout.isatty()


def ready_streams() -> None:
    """See to it that no sign ends the program in a terminal that does not know it."""
    codecs.register_error(HANDLER, _in_plain_signs)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=HANDLER)


def _in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


def can_show(text: str) -> bool:
    """Tell whether standard output can take every sign of a text."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Print what Unspun warns of as a note, and nothing of what its packages warn each other of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", UserWarning)
        warnings.showwarning = _noted
        yield


def _noted(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    if category.__module__.startswith("helpers.") or category is UserWarning:
        note(f"Note: {message}")


def explained(error: Exception, where: str | Path = "") -> str:
    """Return what a person needs to know of an error: file, what is wrong, mend; or that the fault is Unspun's.

    >>> explained(FileNotFoundError(2, "No such file or directory", "kim.txt"))
    'kim.txt: no such file or directory. Mend: correct the path.'
    """
    said = str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory for this. Mend: give less at a time, or use a larger machine."
    if isinstance(error, OSError) and "Mend:" not in said:
        file = error.filename or where or "a file"
        what = error.strerror or said
        mend = MENDS.get(error.errno or 0, "look at that place, and name another.")
        return f"{file}: {what[:1].lower()}{what[1:]}. Mend: {mend}"
    if "Mend:" in said or type(error).__module__.startswith("helpers."):
        return said
    return f"{type(error).__name__}: {said or 'no more is known'}. This is a fault of Unspun. {OURS}"


@contextmanager
def writing(place: str | Path) -> Iterator[None]:
    """Name the place in what is said of a full disk or a folder that must not be written to."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FailureError(explained(error, place)) from error


def rows_of(table: "pd.DataFrame") -> list[Any]:
    """Return the rows of a table, whose cells are attributes of them."""
    return list(table.itertuples(index=False, name="Row"))


def columns(rows: Iterable[tuple[str, ...]], gap: str = "  ") -> list[str]:
    """Return rows as lines with their cells below each other, the last one as long as it is.

    >>> columns([("3", "army", "military"), ("12", "help", "aid")])
    ['3   army  military', '12  help  aid']
    """
    rows = list(rows)
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return [gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def shown(text: object) -> str:
    """Return a text from outside as a terminal may show it: masked, in one line, no sign that moves the cursor."""
    return printable(_masked(str(text)))
