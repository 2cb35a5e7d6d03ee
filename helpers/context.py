"""Words and their neighbours go in; how common they are and how well they stand together comes out.

The counts are those of the web as wordsegment brings them (Norvig 2009): 333,333 words and the 286,358 commonest
pairs. A pair that is not among them was counted less often than the rarest that is, so that of common words the
absence says something and of rare ones nothing.
"""

import math
from functools import lru_cache
from importlib.resources import files

import numpy as np
from scipy import sparse

from helpers.compiled import compiled
from helpers.webcounts import CORPUS_TOKENS, count_of, key_of, mixed, table, word_count

UNKNOWN = 1e-9  # the frequency of a word that is not among the 333,333, whose rarest has 1.2e-8
LOWEST, HIGHEST = -2.0, 4.0  # log10; beyond these, pairs tell no more


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
def affinity_of(pairs, rarest, first, first_count, second, second_count):
    """The affinity of two words, given by their keys and counts."""
    expected = first_count * second_count / CORPUS_TOKENS
    if expected == 0:
        return 0.0
    counted = count_of(pairs, mixed(first, second))
    if counted == 0:
        return max(LOWEST, min(0.0, math.log10(rarest / expected)))
    return max(LOWEST, min(HIGHEST, math.log10(counted / expected)))


@compiled
def ties(pairs, rarest, left, left_count, right, right_count, keys, counts):
    """The affinities of many words to one left and one right neighbour: words x 2."""
    found = np.zeros((len(keys), 2))
    for at in range(len(keys)):
        found[at, 0] = affinity_of(pairs, rarest, left, left_count, keys[at], counts[at])
        found[at, 1] = affinity_of(pairs, rarest, keys[at], counts[at], right, right_count)
    return found


@lru_cache(maxsize=500_000)
def affinity(first: str, second: str) -> float:
    """Return how much more often two folded words stand together than by chance (log10, from -2 to 4).

    Pointwise mutual information (Church and Hanks 1990). Of a pair that was never counted it is known that it is
    rarer than the rarest counted one: 0 where chance would not have brought it there either, and below 0 where
    chance alone would have.

    >>> affinity("general", "public") > 1 > 0 > affinity("which", "public")
    True
    """
    return affinity_of(table("bigrams"), rarest_pair(), *known(first), *known(second))


@lru_cache(maxsize=1)
def _company() -> tuple[dict[str, int], sparse.csr_matrix]:
    """The words that have neighbours, and for each the affinities of those left and right of it, at length 1."""
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


def similarity(word: str, others: list[str]) -> np.ndarray:
    """Return how alike the company is that words keep (0 to 1): the cosine of the affinities of their neighbours.

    Words that are used alike have like neighbours (Harris 1954); a word without counted neighbours is like none.

    >>> bool(similarity("told", ["informed"]) > similarity("told", ["war"]))
    True
    """
    places, company = _company()
    known = [number for number, other in enumerate(others) if other in places]
    found = np.zeros(len(others))
    if word in places and known:
        rows = company[[places[others[number]] for number in known]]
        found[known] = (rows @ company[places[word]].T).toarray().ravel()
    return found
