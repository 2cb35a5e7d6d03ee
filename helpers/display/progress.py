"""A list of things to do goes in; the same comes out, with a progress bar that grows as it is worked through."""

import sys
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def bar(items: list[Item], what: str, shown: bool) -> Iterable[Item]:
    """Return the items under a bar on standard output: notebooks show standard error in red, as if something failed."""
    return tqdm(items, what, disable=not shown, file=sys.stdout)
