"""What is wrong with an input goes in; one line that names file, row and mend comes out."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What is wrong with an input: the file, the row in it (0 for the whole), and the mend.

    `place` is for what has no rows: a record of a web archive, a page in a ZIP file.
    """

    file: str
    row: int
    problem: str
    mend: str
    place: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        place = self.place or (f"row {self.row}" if self.row else "")
        return f"{self.file}{', ' if place else ''}{place}: {self.problem} Mend: {self.mend}"


class CorpusError(ValueError):
    """Bad input; `problems` lists what is wrong."""

    def __init__(self, problems: Iterable[Problem]):
        """Put all problems in the message, one a line."""
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class RecordError(Exception):
    """A record that cannot be read: what is wrong and the mend, for whoever knows the file and the place."""

    def __init__(self, problem: str, mend: str):
        """Keep the two sentences."""
        self.problem, self.mend = problem, mend
        super().__init__(f"{problem} Mend: {mend}")


def printable(name: str) -> str:
    """Return the name of a file as it can be shown and stored: of one that is not UTF-8, U+FFFD for its lost bytes.

    >>> printable("caf\\udce9.html")
    'caf�.html'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
