"""Words go in; how often the web has them, alone and side by side, and how well they stand together comes out.

The counts are those that the package wordsegment carries: Norvig's extract (2009) of the Google Web Trillion Word
Corpus, 333,333 words and the 286,358 commonest pairs. They stand in hash tables without the words themselves, so that
reading them takes little time and memory. A pair that is not among them was counted less often than the rarest that is,
so that of common words the absence says something and of rare ones nothing.
"""

import math
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

from helpers.text.compiled import Float32s, Floats, Int32s, Int64s, UInt32s, UInt64s, compiled, compiled_in_place
from helpers.text.kept_data import kept_bytes
from helpers.text.scan import code_points, fingerprint

if TYPE_CHECKING:
    from scipy import sparse

# Counts of the words behind the pair counts: the size of the corpus both were drawn from.
CORPUS_TOKENS = 1_024_908_267_229
PRIME = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(31)
TAB, NEW_LINE, BLANK, ZERO = 9, 10, 32, 48
Phrase = tuple[str, ...]
UNKNOWN = 1e-9  # the frequency of a word that is not among the 333,333, whose rarest has 1.2e-8
LOWEST, HIGHEST = -2.0, 4.0  # log10; beyond these, pairs tell no more
LOOSE = -1.0  # log10: whether a phrase holds together is not asked below it; so do words that were never seen together


class Counts(NamedTuple):
    """A hash table: open addressing with linear probing, a power of two wide, key 0 for an empty slot."""

    keys: UInt64s
    counts: Floats


@compiled_in_place
def mixed(one: np.uint64, other: np.uint64) -> np.uint64:
    """The key of a pair (in this order) from the keys of its members.

    All three keys are uint64.
    """
    key = (one ^ (one >> SHIFT)) * PRIME + other
    return (key ^ (key >> SHIFT)) * PRIME | np.uint64(1)


@compiled_in_place
def slot_of(keys: UInt64s, key: np.uint64) -> np.uint64:
    """Where a key stands in a table, or the empty slot where it belongs.

    `keys` (width) and `key` are uint64, and so is the slot.
    """
    mask = np.uint64(len(keys) - 1)
    slot = (key ^ (key >> SHIFT)) & mask
    while keys[slot] != key and keys[slot] != 0:
        slot = (slot + np.uint64(1)) & mask
    return slot


@compiled
def _read(points: UInt32s, keys: UInt64s, counts: Floats) -> None:
    """Put the lines of a file (a word or two, a tab, a count) into a table.

    `points` (characters) is uint32, `keys` (width) uint64, `counts` (width) float64; the last two are filled in.
    """
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
    text = files("wordsegment").joinpath(f"{name}.txt").read_bytes()
    kept = kept_bytes(f"{name}-{crc32(text):08x}", lambda: _laid_out(text.decode()))
    width = len(kept) // 16
    return Counts(np.frombuffer(kept, np.uint64, width), np.frombuffer(kept, float, width, 8 * width))


def _laid_out(text: str) -> bytes:
    """The hash table of a file, its keys in front of its counts."""
    width = 1 << (2 * text.count("\n")).bit_length()
    found = Counts(np.zeros(width, np.uint64), np.zeros(width))
    _read(code_points(text), *found)
    return found.keys.tobytes() + found.counts.tobytes()


@compiled_in_place
def count_of(table: Counts, key: np.uint64) -> float:
    """The count that stands at a key of a table, 0 where none does.

    `key` is uint64, the count float64.
    """
    return table.counts[slot_of(table.keys, key)]


def key_of(word: str) -> int:
    """Return the key of a folded word."""
    points = code_points(word)
    return int(fingerprint(points, 0, len(points)))


@lru_cache(maxsize=200_000)
def word_count(word: str) -> float:
    """Return how often the web has a folded word."""
    return float(count_of(table("unigrams"), np.uint64(key_of(word))))


@compiled
def pointwise(together: float, first_count: float, second_count: float, lowest: float) -> float:
    """How much more often than by chance two words stand together, from their counts: log10, within bounds.

    Pointwise mutual information (Church and Hanks 1990). All arguments are float64 scalars, the counts above 0.
    """
    return max(lowest, min(HIGHEST, math.log10(together * CORPUS_TOKENS / (first_count * second_count))))


@compiled
def tie(bigrams: Counts, first: np.uint64, first_count: float, second: np.uint64, second_count: float) -> float:
    """The cohesion of two words (log10, from -1 to 4), given by their keys (uint64) and counts (float64)."""
    if first_count == 0 or second_count == 0:
        return LOOSE
    together = count_of(bigrams, mixed(first, second))
    return pointwise(together, first_count, second_count, LOOSE) if together else LOOSE


@lru_cache(maxsize=200_000)
def cohesion(first: str, second: str) -> float:
    """Return how firmly two words hold together: log10, from -1 (loose, or never seen) up to 4.

    It tells a set phrase such as “general public” from a chance meeting such as “public show”. What `affinity` says
    of words that keep apart is not asked here.
    """
    keys = np.uint64(key_of(first)), np.uint64(key_of(second))
    return tie(table("bigrams"), keys[0], word_count(first), keys[1], word_count(second))


def log_frequency(phrase: Phrase) -> float:
    """Return the frequency of a phrase in English (log10), from its words and the affinity of neighbours."""
    return sum(math.log10(frequency(word)) for word in phrase) + cohesion_of(phrase)


def cohesion_of(phrase: Phrase) -> float:
    """Return the affinity of a phrase's neighbouring words, summed."""
    return sum(affinity(one, other) for one, other in pairwise(phrase))


def article_gain(left: str, spun: str, original: str) -> float:
    """Return 1 where an “a” or “an” in front suits the original but not the spun word, -1 the other way round.

    >>> article_gain("a", "extremely", "highly"), article_gain("an", "event", "occasion"), article_gain("a", "b", "c")
    (1.0, 0.0, 0.0)
    """
    if left not in ("a", "an"):
        return 0.0
    wants = left == "an"
    return float((original[:1] in "aeiou") == wants) - float((spun[:1] in "aeiou") == wants)


@lru_cache(maxsize=200_000)
def frequency(word: str) -> float:
    """Return the share of a folded word among all words on the web.

    >>> frequency("the") > 0.02, frequency("invariably") < 1e-5
    (True, True)
    """
    return (word_count(word.replace("'", "")) or UNKNOWN * CORPUS_TOKENS) / CORPUS_TOKENS


@lru_cache(maxsize=1)
def rarest_pair() -> float:
    """Return the count of the rarest pair that was counted."""
    counts = table("bigrams").counts
    return float(counts[counts > 0].min())


@lru_cache(maxsize=200_000)
def known(word: str) -> tuple[np.uint64, float]:
    """Return the key and the count of a folded word, as `ties` wants them; of no word the count is 0."""
    return np.uint64(key_of(word)), word_count(word) if word else 0.0


@compiled
def affinity_of(
    pairs: Counts, rarest: float, first: np.uint64, first_count: float, second: np.uint64, second_count: float
) -> float:
    """The affinity of two words (log10, from -2 to 4), given by their keys (uint64) and counts (float64)."""
    if first_count == 0 or second_count == 0:
        return 0.0
    counted = count_of(pairs, mixed(first, second))
    if counted == 0:
        return min(0.0, pointwise(rarest, first_count, second_count, LOWEST))
    return pointwise(counted, first_count, second_count, LOWEST)


@compiled
def ties(
    pairs: Counts,
    rarest: float,
    left: np.uint64,
    left_count: float,
    right: np.uint64,
    right_count: float,
    keys: UInt64s,
    counts: Floats,
) -> Floats:
    """The affinities of many words to one left and one right neighbour.

    `keys` (words) is uint64, `counts` (words) float64; `left` and `right` are keys, uint64, and the other numbers
    float64. The result (words x 2) is float64.
    """
    found = np.zeros((len(keys), 2))
    for at in range(len(keys)):
        found[at, 0] = affinity_of(pairs, rarest, left, left_count, keys[at], counts[at])
        found[at, 1] = affinity_of(pairs, rarest, keys[at], counts[at], right, right_count)
    return found


@lru_cache(maxsize=500_000)
def affinity(first: str, second: str) -> float:
    """Return how much more often two folded words stand together than by chance (log10, from -2 to 4).

    Of a pair that was never counted it is known that it is rarer than the rarest counted one: 0 where chance would not
    have brought it there either, and below 0 where chance alone would have.

    >>> affinity("general", "public") > 1 > 0 > affinity("which", "public")
    True
    """
    return affinity_of(table("bigrams"), rarest_pair(), *known(first), *known(second))


@lru_cache(maxsize=1)
def _company() -> tuple[dict[str, int], "sparse.csr_matrix"]:
    """The words that have neighbours, and for each the affinities of those left and right of it, at length 1."""
    from scipy import sparse  # here, since it takes a tenth of what a comparison loads, which asks nothing of it

    places: dict[str, int] = {}
    rows, columns, values = [], [], []
    for line in files("wordsegment").joinpath("bigrams.txt").read_text(encoding="utf-8").splitlines():
        pair, _, counted = line.partition("\t")
        first, _, second = pair.partition(" ")
        expected = word_count(first) * word_count(second) / CORPUS_TOKENS
        if expected:
            value = math.log10(float(counted) / expected)
            if value > 0:
                rows.append(places.setdefault(first, len(places)))
                columns.append(places.setdefault(second, len(places)))
                values.append(value)
    behind = sparse.csr_matrix((values, (rows, columns)), shape=(len(places), len(places)), dtype=np.float32)
    both = sparse.hstack([behind, behind.T], format="csr")
    lengths = np.sqrt(np.asarray(both.multiply(both).sum(axis=1)).ravel())
    return places, sparse.diags(1 / np.maximum(lengths, 1e-9)).astype(np.float32).dot(both).tocsr()


def similarity(word: str, others: list[str]) -> Floats:
    """Return how alike the company is that words keep (0 to 1): the cosine of the affinities of their neighbours.

    Words that are used alike have like neighbours (Harris 1954); a word without counted neighbours is like none.

    >>> bool(similarity("told", ["informed"]) > similarity("told", ["war"]))
    True
    """
    places, company = _company()
    known = np.array([places.get(other, -1) for other in others], dtype=np.int64)
    if word not in places:
        return np.zeros(len(others))
    return _cosines(company.indptr, company.indices, company.data, places[word], known)


@compiled
def _cosines(starts: Int32s, columns: Int32s, values: Float32s, own: int, others: Int64s) -> Floats:
    """The products of one row of a sparse matrix (compressed rows, float32) with others; 0 where the other is -1."""
    found, row = np.zeros(len(others)), np.zeros(2 * len(starts), dtype=np.float32)
    for at in range(starts[own], starts[own + 1]):
        row[columns[at]] = values[at]
    for number in range(len(others)):
        if others[number] >= 0:
            whole = np.float32(0)
            for at in range(starts[others[number]], starts[others[number] + 1]):
                whole += values[at] * row[columns[at]]
            found[number] = whole
    return found
