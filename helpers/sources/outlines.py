"""The words of texts go in; outlines come out: which words stand where, and which sentences are word for word the same.

An outline holds no words, only their hashes, so that those of many thousands of articles fit into memory and are
quickly sent to another machine.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from helpers.sources.keys import Words
from helpers.text.compiled import Int32s, Int64s, UInt64s, compiled
from helpers.text.word_counts import mixed

SHORTEST = 50  # content words, about a hundred words of text: of less it cannot be said
EVERYBODYS = 3  # different texts that have a sentence: it is furniture, or what everybody quotes
NO_WORDS = Words(np.empty(0, np.uint64), np.empty(0, bool), np.empty(0, bool), np.empty(0, np.int32))
FIGURE = np.uint64(0xF16)  # stands for any figure, so that “3 Min Read” is “5 Min Read”


class Outline(NamedTuple):
    """A text: the words that stand once in it, in the order of their hashes, and its sentences by what they say.

    `once` has the hashes, `place` where each stands among the text's content words, `sentence` in which sentence. For
    every sentence `same` is a number that two sentences share if they differ in nothing but figures, `exact` one that
    they share if they do not differ in these either, and `size` how many content words it has.
    """

    once: UInt64s
    place: Int32s
    sentence: Int32s
    same: UInt64s
    exact: UInt64s
    size: Int32s

    @property
    def words(self) -> int:
        """The number of content words."""
        return int(self.size.sum())

    @property
    def text(self) -> int:
        """A number that two texts share whose sentences are the same in the same order."""
        return int(_digests(self.exact, np.array([len(self.exact)]))[0]) if len(self.exact) else 0


def outline(text: Words) -> Outline:
    """Return the outline of a text.

    >>> from helpers.sources.index import content_words
    >>> from helpers.sources.keys import text_words
    >>> texts = "The bell rang 3 times. Kim left.", "The bell rang 5 times. Kim stayed."
    >>> one, other = (outline(text_words(text, content_words(text))) for text in texts)
    >>> (one.same == other.same).tolist(), (one.exact == other.exact).tolist()
    ([True, False], [False, False])
    """
    ends = np.cumsum(text.size, dtype=np.int64)
    once, place, times = np.unique(text.keys, return_index=True, return_counts=True)
    once, place = once[times == 1], place[times == 1]
    sentence = np.searchsorted(ends, place, side="right")
    same = _digests(np.where(text.figure, FIGURE, text.keys), ends)
    return Outline(once, place.astype(np.int32), sentence.astype(np.int32), same, _digests(text.keys, ends), text.size)


def own_words(text: Words, same: UInt64s, everybodys: UInt64s) -> Words:
    """Return a text without the sentences that everybody has; `same` is that of its outline.

    Where they are more than half of the text it stays whole: it is a story that is printed everywhere.
    """
    if not len(everybodys) or not len(same):
        return text
    near = np.minimum(np.searchsorted(everybodys, same), len(everybodys) - 1)
    own = everybodys[near] != same
    kept = np.repeat(own, text.size)
    if 2 * kept.sum() < len(kept):
        return text
    return Words(text.keys[kept], text.fixed[kept], text.figure[kept], text.size[own])


def everybodys(same: UInt64s, texts: UInt64s) -> UInt64s:
    """Return, in order, the sentences that stand in `EVERYBODYS` different texts or more.

    `same` has sentences, `texts` beside each the number of its text (copies of a text share one).
    """
    order = np.lexsort([texts, same])
    same, texts = same[order], texts[order]
    new = np.r_[True, (same[1:] != same[:-1]) | (texts[1:] != texts[:-1])] if len(same) else np.zeros(0, bool)
    found, times = np.unique(same[new], return_counts=True)
    return found[times >= EVERYBODYS]


class Outlines(NamedTuple):
    """Many outlines one behind the other, and where the words and the sentences of each end."""

    all: Outline
    word_ends: Int64s
    sentence_ends: Int64s


def put_together(outlines: Iterable[Outline]) -> Outlines:
    """Return outlines one behind the other."""
    listed = [*outlines]
    if not listed:
        listed = [outline(NO_WORDS)]
        return Outlines(listed[0], np.zeros(0, np.int64), np.zeros(0, np.int64))
    columns = [np.concatenate(column) for column in zip(*listed, strict=True)]
    words, sentences = (np.cumsum([len(found[at]) for found in listed], dtype=np.int64) for at in (0, 3))
    return Outlines(Outline(*columns), words, sentences)


@compiled
def _digests(keys: UInt64s, ends: Int64s) -> UInt64s:
    """A number for each run of keys, in their order; `ends` are where the runs end.

    `keys` (n) is uint64, `ends` (runs) int64, the digests (runs) uint64.
    """
    found = np.empty(len(ends), np.uint64)
    start = 0
    for run in range(len(ends)):
        digest = np.uint64(1)
        for at in range(start, ends[run]):
            digest = mixed(digest, keys[at])
        found[run] = digest
        start = ends[run]
    return found
