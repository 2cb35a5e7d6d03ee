"""Words go in; how often the web has them, alone and side by side, comes out.

The counts are those that the package wordsegment carries: Norvig's extract of the Google Web Trillion Word Corpus.
They stand in hash tables without the words themselves, so that reading them takes little time and memory.
"""

import math
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from helpers.compiled import compiled
from helpers.scan import code_points, fingerprint

# Counts of the words behind the pair counts: the size of the corpus both were drawn from.
CORPUS_TOKENS = 1_024_908_267_229
NEVER_SEEN, CLOSEST = -1.0, 4.0  # bounds of cohesion
PRIME = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(31)
TAB, NEW_LINE, BLANK, ZERO = 9, 10, 32, 48


class Counts(NamedTuple):
    """A hash table: open addressing with linear probing, a power of two wide, key 0 for an empty slot."""

    keys: np.ndarray
    counts: np.ndarray


@compiled
def mixed(one, other):
    """The key of a pair (in this order) from the keys of its members."""
    key = (one ^ (one >> SHIFT)) * PRIME + other
    return (key ^ (key >> SHIFT)) * PRIME | np.uint64(1)


@compiled
def slot_of(keys, key):
    """Where a key stands in a table, or the empty slot where it belongs."""
    mask = np.uint64(len(keys) - 1)
    slot = (key ^ (key >> SHIFT)) & mask
    while keys[slot] != key and keys[slot] != 0:
        slot = (slot + np.uint64(1)) & mask
    return slot


@compiled
def _read(points, keys, counts):
    """Put the lines of a file (a word or two, a tab, a count) into a table."""
    start, at = 0, 0
    while at < len(points):
        first, space = np.uint64(0), -1
        while points[at] != TAB:
            if points[at] == BLANK:
                first, space = fingerprint(points, start, at), at
            at += 1
        last = fingerprint(points, space + 1 if space >= 0 else start, at)
        count = 0.0
        at += 1
        while at < len(points) and points[at] != NEW_LINE:
            count = 10 * count + (points[at] - ZERO)
            at += 1
        key = last if space < 0 else mixed(first, last)
        slot = slot_of(keys, key)
        keys[slot], counts[slot] = key, count
        at += 1
        start = at


@lru_cache(maxsize=2)
def table(name: str) -> Counts:
    """Return the counts of `unigrams` or of `bigrams`."""
    text = files("wordsegment").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    width = 1 << (2 * text.count("\n")).bit_length()
    found = Counts(np.zeros(width, np.uint64), np.zeros(width))
    _read(code_points(text), *found)
    return found


@compiled
def count_of(table, key):
    """The count that stands at a key of a table, 0 where none does."""
    return table.counts[slot_of(table.keys, key)]


def key_of(word: str) -> int:
    """Return the key of a folded word."""
    points = code_points(word)
    return fingerprint(points, 0, len(points))


@lru_cache(maxsize=200_000)
def word_count(word: str) -> float:
    """Return how often the web has a folded word."""
    return float(count_of(table("unigrams"), np.uint64(key_of(word))))


@compiled
def tie(bigrams, first, first_count, second, second_count):
    """The cohesion of two words, given by their keys and counts."""
    if first_count == 0 or second_count == 0:
        return NEVER_SEEN
    together = count_of(bigrams, mixed(first, second))
    if together == 0:
        return NEVER_SEEN
    return max(NEVER_SEEN, min(CLOSEST, math.log10(together * CORPUS_TOKENS / (first_count * second_count))))


@lru_cache(maxsize=200_000)
def cohesion(first: str, second: str) -> float:
    """Return how much more often two words stand together than by chance: log10, from -1 (never seen) up to 4.

    Pointwise mutual information (Church and Hanks 1990) over web counts; it tells a set phrase such as
    “general public” from a chance meeting such as “public show”.
    """
    keys = np.uint64(key_of(first)), np.uint64(key_of(second))
    return tie(table("bigrams"), keys[0], word_count(first), keys[1], word_count(second))
