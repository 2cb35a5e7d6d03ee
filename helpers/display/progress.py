"""A list of things to do goes in; the same comes out, with a progress bar that grows as it is worked through.

Or a bar alone, for work whose steps nobody knows beforehand.
"""

import sys
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def bar(items: list[Item], what: str, shown: bool) -> Iterable[Item]:
    """Return the items under a bar on standard output: notebooks show standard error in red, as if something failed."""
    return tqdm(items, what, disable=not shown, file=sys.stdout)


def counter(total: int, what: str, shown: bool) -> tqdm:
    """Return a bar on standard output that is moved by hand, for work whose steps are found on the way."""
    return tqdm(total=total, desc=what, disable=not shown, file=sys.stdout)
