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

from helpers.webcounts import CORPUS_TOKENS

UNKNOWN = 1e-9  # the frequency of a word that is not among the 333,333, whose rarest has 1.2e-8
LOWEST, HIGHEST = -2.0, 4.0  # log10; beyond these, pairs tell no more


@lru_cache(maxsize=1)
def _counts() -> tuple[dict[str, float], dict[str, float], float]:
    folder = files("wordsegment")

    def read(name: str) -> dict[str, float]:
        lines = folder.joinpath(name).read_text(encoding="utf-8").splitlines()
        return {key: float(count) for key, _, count in (line.partition("\t") for line in lines)}

    pairs = read("bigrams.txt")
    return read("unigrams.txt"), pairs, min(pairs.values())


@lru_cache(maxsize=200_000)
def frequency(word: str) -> float:
    """Return the share of a folded word among all words on the web.

    >>> frequency("the") > 0.02, frequency("invariably") < 1e-5
    (True, True)
    """
    return _counts()[0].get(word.replace("'", ""), UNKNOWN * CORPUS_TOKENS) / CORPUS_TOKENS


@lru_cache(maxsize=500_000)
def affinity(first: str, second: str) -> float:
    """Return how much more often two folded words stand together than by chance (log10, from -2 to 4).

    Pointwise mutual information (Church and Hanks 1990). Of a pair that was never counted it is known that it is
    rarer than the rarest counted one: 0 where chance would not have brought it there either, and below 0 where
    chance alone would have.

    >>> affinity("general", "public") > 1 > 0 > affinity("which", "public")
    True
    """
    words, pairs, rarest = _counts()
    expected = words.get(first, 0.0) * words.get(second, 0.0) / CORPUS_TOKENS
    if not expected:
        return 0.0
    counted = pairs.get(f"{first} {second}")
    if counted is None:
        return max(LOWEST, min(0.0, math.log10(rarest / expected)))
    return max(LOWEST, min(HIGHEST, math.log10(counted / expected)))


@lru_cache(maxsize=1)
def _company() -> tuple[dict[str, int], sparse.csr_matrix]:
    """The words that have neighbours, and for each the affinities of those left and right of it, at length 1."""
    words, pairs, _ = _counts()
    places: dict[str, int] = {}
    rows, columns, values = [], [], []
    for pair, counted in pairs.items():
        first, _, second = pair.partition(" ")
        if first in words and second in words:
            value = math.log10(counted * CORPUS_TOKENS / (words[first] * words[second]))
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


@lru_cache(maxsize=1)
def _neighbours() -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    behind: dict[str, dict[str, float]] = {}
    before: dict[str, dict[str, float]] = {}
    for pair in _counts()[1]:
        first, _, second = pair.partition(" ")
        value = affinity(first, second)
        if value >= 1:
            behind.setdefault(first, {})[second] = value
            before.setdefault(second, {})[first] = value
    return behind, before


def companions(word: str, behind: bool) -> dict[str, float]:
    """Return the words that stand behind (or before) a word ten times as often as by chance, with their affinity.

    >>> "public" in companions("general", behind=True)
    True
    """
    return _neighbours()[0 if behind else 1].get(word, {})
