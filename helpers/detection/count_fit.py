"""A reading of a text goes in; how well each word fits its place, beside the synonyms that might, comes out.

A spinner puts a synonym where a writer's word stood. The writer's word fitted its neighbours; the synonym fits them
less well than the writer's word would, which is among its own synonyms in turn. So each word is compared with its
synonyms in the same place, by counts of word pairs (`word_counts.py`), and what the numbers FIT_FEATURES say of
it is learnt by `python -m benchmarks.train_detector`. The idea is that of the noisy channel (Shannon 1948; for
restored words Mays, Damerau and Mercer 1991).
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.detection.weights import weights
from helpers.text.annotated import Reading, neighbours
from helpers.text.thesaurus import alternatives, relatedness
from helpers.text.word_counts import frequency, key_of, known, rarest_pair, similarity, table, ties, word_count

FIT_FEATURES = [
    "common",
    "distance",
    "left",
    "right",
    "strange_left",
    "strange_right",
    "known",
    "synonyms",
    "better_left",
    "better_right",
    "better",
    "much_better",
    "rivals",
    "strong_rivals",
    "mutual_rivals",
    "kin",
    "strong_kin",
    "rare_kin",
    "nearest",
    "capital",
    "named_kin",
    "times",
    "kin_stand",
]
SHORTEST = 3  # letters of a word that is looked at
MIDDLE = -4.5  # log10: the frequency of an ordinary content word; what is far from it either way is seldom a synonym
PAIRS, COMMONNESS, SCALE = (
    0.7,
    0.6,
    2.3,
)  # how pairs, frequency and closeness (natural logs) weigh in `kin`; by judgement
LEAST, MOST = -4.0, 5.0  # bounds of the sums over rivals (log10)


class Rivals(NamedTuple):
    """The synonyms of a word, inflected as it is: names, keys and counts, whether mutual, how close (log10)."""

    names: list[str]
    keys: np.ndarray
    counts: np.ndarray
    mutual: np.ndarray
    closeness: np.ndarray
    nearest: float


@lru_cache(maxsize=50_000)
def rivals(word: str) -> Rivals:
    """Return the rivals of a folded word; the words that might have stood where it stands."""
    found = alternatives(word)
    names = sorted(found)
    mutual = np.array([found[name] for name in names], dtype=bool)
    form, alike = weights("restore")["form"], similarity(word, names)
    related = np.array(relatedness(word, names))
    closeness = (form["mutual"] * mutual + form["alike"] * alike + form["related"] * related) / SCALE
    keys = np.array([key_of(name) for name in names], dtype=np.uint64)
    counts = np.array([word_count(name) for name in names], dtype=float)
    return Rivals(names, keys, counts, mutual, closeness, float(alike.max(initial=0.0)))


def gains(word: str, left: str, right: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a word's affinities to its neighbours, and by how much each of its rivals' are higher (rivals x 2, log10).

    >>> own, gained = gains("social", "truth", "media")
    >>> own.shape, gained.shape[1]
    ((2,), 2)
    """
    others = rivals(word)
    keys = np.append(others.keys, known(word)[0])
    counts = np.append(others.counts, known(word)[1])
    found = ties(table("bigrams"), rarest_pair(), *known(left), *known(right), keys, counts)
    return found[-1], found[:-1] - found[-1]


def fits(reading: Reading) -> pd.DataFrame:
    """Return a row for each word of three letters or more: `place` (token), `word`, FIT_FEATURES.

    `common`: its frequency (log10), `distance`: how far from ordinary; `left`, `right`, `strange_…`: affinity to its
    neighbours, and what is below chance of it; `known`, `synonyms`: whether and how many rivals it has (log);
    `better…`: the best rival's gain; `rivals`: the odds of all rivals against it in this place (log10), `mutual_…`:
    of those that the thesaurus links both ways; `kin`: the same with their closeness; `nearest`: the highest
    likeness; `capital`; `times` it stands in the text (log); `kin_stand`: how many rivals stand in the text too (log).
    """
    rows = [
        (place, word, *_features(reading, place, word))
        for place, word in enumerate(reading.words)
        if is_looked_at(word)
    ]
    return pd.DataFrame(rows, columns=["place", "word", *FIT_FEATURES])


def is_looked_at(word: str) -> bool:
    """Tell whether a folded word is one that is compared with synonyms."""
    return len(word) >= SHORTEST and word.isalpha() and word.isascii()


def _features(reading: Reading, place: int, word: str) -> list[float]:
    left, right = neighbours(reading, place, place)
    own, gained = gains(word, left, right)
    others, common = rivals(word), math.log10(frequency(word))
    capital = float(reading.text[reading.tokens[place].start].isupper())
    better = better_left = better_right = odds = mutual = kin = standing = 0.0
    if len(others.names):
        both = gained.sum(axis=1)
        better_left, better_right = gained.max(axis=0)
        better = both.max()
        commoner = np.log10(np.maximum(others.counts, 1.0) / max(known(word)[1], 1.0))
        odds = _log_sum(both + commoner)
        mutual = _log_sum((both + commoner)[others.mutual])
        nearness = PAIRS * both + COMMONNESS * commoner + others.closeness
        kin = max(LEAST, min(3.0, _log_sum(nearness) - 3))
        standing = sum(reading.counts[others.names[at]] > 0 for at in np.argsort(-nearness)[: len(nearness) // 2])
    return [
        *(common, (common - MIDDLE) ** 2, *own, *np.minimum(own, 0.0)),
        *(float(len(others.names) > 0), math.log1p(len(others.names))),
        *(better_left, better_right, better, max(better, 0.0)),
        *(odds, max(odds, 0.0), mutual, kin, max(kin, 0.0), (common - MIDDLE) * kin),
        *(others.nearest, capital, capital * kin, math.log(reading.counts[word]), math.log1p(standing)),
    ]


def _log_sum(values: np.ndarray) -> float:
    """The log10 of a sum of powers of ten, within bounds."""
    return max(LEAST, min(MOST, math.log10(float((10.0**values).sum()) or 10.0**LEAST)))
