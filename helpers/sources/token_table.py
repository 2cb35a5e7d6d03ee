"""Many texts go in; their tokens come out as numbers in one long row, each with its place.

A token is what is written, capitals included, and whether white space stands in front of it: so the words of a template
put behind each other give the text again, white space aside.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.text.compiled import Bools, Int32s, Int64s, UInt32s, UInt64s
from helpers.text.scan import APOSTROPHES, NO_SPACE, PRIME, Scan, code_points, scan
from helpers.text.spans import ADDRESS, fold, is_word

AT_ONCE = 2_000_000  # characters that are read in one go
GLUE = np.uint64(0x9E3779B97F4A7C15)  # tells a token with no space in front from the same with one
ENDS = frozenset(".!?…")


class Vocabulary(NamedTuple):
    """What is known of every token, by its number."""

    written: list[str]
    glued: Bools  # no white space stands in front
    folds: list[str]
    ends: Bools  # it ends a sentence
    words: Bools  # it is made of letters or digits


class TokenTable:
    """The tokens of many texts: number, start and end (characters into their text), and where each text begins."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Read the texts."""
        self.texts = texts
        parts = [_read(chunk) for chunk in _chunks(texts)]
        keys, self.starts, self.ends, self._glued, counts = map(np.concatenate, zip(*parts, strict=True))
        self.bounds: Int64s = np.r_[0, np.cumsum(counts)]
        codes, kinds = pd.factorize(keys)
        self.size = len(kinds)  # so many different tokens
        self.ids: Int32s = codes.astype(np.int32)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    @property
    def lengths(self) -> Int64s:
        """How many tokens each text has."""
        return np.diff(self.bounds)

    @cached_property
    def owners(self) -> Int32s:
        """The number of the text that each token stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What is known of the tokens; as written where each stands first."""
        first = np.zeros(self.size, np.int64)
        first[self.ids[::-1]] = np.arange(len(self.ids))[::-1]
        owners = self.owners[first].tolist()
        places = zip(owners, self.starts[first].tolist(), self.ends[first].tolist(), strict=True)
        written = [self.texts[text][start:end] for text, start, end in places]
        folds = [fold(word) for word in written]
        ends = np.array([word in ENDS for word in folds], bool)
        return Vocabulary(written, self._glued[first], folds, ends, np.array([is_word(word) for word in folds], bool))

    def tokens(self, text: int) -> Int32s:
        """Return the tokens of one text."""
        return self.ids[self.bounds[text] : self.bounds[text + 1]]


def _read(chunk: list[str]) -> tuple[UInt64s, Int32s, Int32s, Bools, Int64s]:
    """The tokens of some texts: key, start, end, whether it follows without white space; and how many each text has."""
    offsets = np.cumsum([0, *(len(text) + 1 for text in chunk)])
    joined = "\n".join(chunk)
    points = code_points(joined)
    found = scan(points)
    owner = np.searchsorted(offsets, found.starts, side="right") - 1
    opens = np.r_[True, owner[1:] != owner[:-1]][: len(owner)]
    glued = (found.gaps == NO_SPACE) & ~opens
    # One token, as an author of templates sees it: it’s, don’t; and an address, so that it is masked as a whole.
    leans = glued & (_is_clitic(points, found) | _in_address(joined, found))
    heads = np.flatnonzero(~leans)
    keys: UInt64s = np.where(leans, found.keys * PRIME, found.keys)
    keys = np.bitwise_xor.reduceat(keys, heads) if len(heads) else keys[:0]
    ends: Int32s = np.maximum.reduceat(found.ends, heads) if len(heads) else found.ends[:0]
    owner, glued = owner[heads], glued[heads]
    shift = offsets[owner].astype(np.int32)
    counts: Int64s = np.bincount(owner, minlength=len(chunk))[: len(chunk)]
    keys = keys ^ np.where(glued, GLUE, np.uint64(0))
    return keys, (found.starts[heads] - shift).astype(np.int32), (ends - shift).astype(np.int32), glued, counts


def _is_clitic(points: UInt32s, found: Scan) -> Bools:
    """Which tokens are ’s, ’m, n’t and the like."""
    last = max(len(points) - 1, 0)
    first, second = points[found.starts], points[np.minimum(found.starts + 1, last)]
    marks = np.array([ord(sign) for sign in APOSTROPHES], np.uint32)
    leaning = np.isin(first, marks) | (np.isin(first, [ord("n"), ord("N")]) & np.isin(second, marks))
    return (found.ends - found.starts > 1) & leaning


def _in_address(joined: str, found: Scan) -> Bools:
    """Which tokens are of an e-mail or web address, and not its first."""
    inside = np.zeros(len(found.starts), bool)
    for match in ADDRESS.finditer(joined) if "@" in joined or "://" in joined else ():
        first, last = np.searchsorted(found.starts, [match.start() + 1, match.end()])
        inside[first:last] = True
    return inside


def _chunks(texts: Sequence[str]) -> list[list[str]]:
    """The texts in runs of not too many characters."""
    found: list[list[str]] = []
    size = AT_ONCE
    for text in texts:
        if size >= AT_ONCE:
            found.append([])
            size = 0
        found[-1].append(text)
        size += len(text) + 1
    return found
