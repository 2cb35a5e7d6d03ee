"""What is wrong with an input goes in; one line that names file, row and mend comes out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from helpers.files.limits import MOST_PROBLEMS, MOST_PROBLEMS_TOGETHER, MOST_SKIPPED

LONGEST_LINE = 1_000  # characters of a line on what was passed over
OTHERS = "other files"


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


class Problems:
    """Problems as they come, of which so many a file, and so many together, are kept and the others counted.

    What is wrong with a file as a whole is kept besides, and so is the last of each file: that reading was given up is
    said there.

    >>> found = Problems(1, 2)
    >>> found.add(*(Problem(name, row, "no text.", "give one.") for name in "ab" for row in (1, 2, 3, 4)))
    >>> len(found), [str(problem) for problem in found.listed()][-1]
    (8, 'b: 2 more problems are not listed. Mend: mend those above first, and try again.')
    """

    def __init__(self, most: int = MOST_PROBLEMS, most_together: int = MOST_PROBLEMS_TOGETHER):
        """Begin without any."""
        self.most, self.most_together = most, most_together
        self._kept: list[Problem] = []
        self._of: Counter[tuple[str, bool]] = Counter()
        self._more: Counter[str] = Counter()
        self._last: dict[str, Problem] = {}

    def add(self, *problems: Problem) -> None:
        """Keep some, or count them."""
        for problem in problems:
            kind = (problem.file, not problem.row and not problem.place)
            if self._of[kind] < self.most and len(self._kept) < self.most_together * (1 + kind[1]):
                self._kept.append(problem)
                self._of[kind] += 1
            else:
                name = problem.file if problem.file in self._last or len(self._last) < self.most_together else OTHERS
                self._more[name] += 1
                self._last[name] = problem

    def listed(self) -> list[Problem]:
        """Return those that are kept, and behind them for each file that has more its last, and how many between."""
        listed = [*self._kept]
        for file, count in self._more.items():
            listed.append(self._last[file])
            if count > 1:
                what = f"{count - 1:,} more problem{'s are' if count > 2 else ' is'} not listed."
                listed.append(Problem(file, 0, what, "mend those above first, and try again."))
        return listed

    def __len__(self) -> int:
        """How many there are, those included that are only counted."""
        return len(self._kept) + self._more.total()


class PassedOver:
    """Lines on what was passed over, of which so many are kept and the others counted."""

    def __init__(self) -> None:
        """Begin without any."""
        self._kept: list[str] = []
        self._more = 0

    def add(self, line: str) -> None:
        """Keep a line, or count it."""
        if len(self._kept) < MOST_SKIPPED:
            self._kept.append(line[:LONGEST_LINE])
        else:
            self._more += 1

    def listed(self) -> list[str]:
        """Return those that are kept, and behind them how many more there were."""
        return [*self._kept, *([f"{self._more:,} more were passed over."] if self._more else [])]


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
