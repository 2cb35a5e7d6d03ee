"""What came of an attack goes in, counted; a line of the table that `make faults` prints comes out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Attempts:
    """One kind of attack: how often it was tried, and what came of it.

    `held` ended as it should: the right result, or a clear error and nothing lost. `lost` is what was there and is
    gone, `wrong` a wrong result without a word, `hung` what did not end in its time. `said` is an example of what the
    person is told.
    """

    kind: str
    tried: int
    lost: int = 0
    wrong: int = 0
    hung: int = 0
    said: str = ""

    @property
    def held(self) -> int:
        """What is neither lost nor wrong nor hung."""
        return self.tried - self.lost - self.wrong - self.hung

    def __str__(self) -> str:
        """Say it in a line of the table, and below it what the person was told."""
        line = f"{self.kind:<66}{self.tried:>8,}{self.held:>8,}{self.lost:>6}{self.wrong:>6}{self.hung:>6}"
        return f"{line}\n    {self.said}" if self.said else line


def patient(seconds: float) -> float:
    """Seconds until something is said to hang, where the machine does other work as well: the more, the more of it."""
    return seconds * (1 + os.getloadavg()[0] / (os.cpu_count() or 1))


HEADING = f"{'kind':<66}{'tried':>8}{'held':>8}{'lost':>6}{'wrong':>6}{'hung':>6}"


def together(kinds: Iterable[Attempts]) -> Attempts:
    """Return the sum of all."""
    kinds = list(kinds)
    sums = {name: sum(getattr(kind, name) for kind in kinds) for name in ("tried", "lost", "wrong", "hung")}
    return Attempts("together", **sums)
