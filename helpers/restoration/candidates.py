"""A spun text and a mapping table go in; what may have stood there before comes out, with what speaks for it.

There are two sources of candidates: the mapping table, whose rows say which original a spun phrase stood for
elsewhere, and, where the table is silent, a thesaurus. What speaks for a candidate are a few numbers (the columns
TABLE_FEATURES and WORD_FEATURES); what each is worth is learnt by `python -m benchmarks.train_restorer`.
"""

import math

import numpy as np
import pandas as pd

from helpers.mapping.dictionary import Dictionary
from helpers.text.annotated import Reading, neighbours
from helpers.text.thesaurus import alternatives, relatedness
from helpers.text.word_counts import affinity, article_gain, frequency, similarity

FORM_FEATURES = ["before", "behind", "elsewhere", "commoner", "mutual", "stands", "article", "alike", "related"]
WORD_FEATURES = ["best", "margin", "known", "spun_left", "spun_right", "rarity", "strain", "capital", "times"]
SHORTEST = 3  # letters of a word that is looked up in the thesaurus


# From the mapping table


# From the thesaurus


def from_thesaurus(
    reading: Reading,
    weights: dict[str, float],
    dictionary: Dictionary,
    skip: frozenset[int] = frozenset(),
    most: int = 1,
) -> pd.DataFrame:
    """Return a row for each of the `most` best alternatives of each word that has any, with WORD_FEATURES.

    `weights` says what each of FORM_FEATURES is worth; `skip` names tokens not to look at: the table has spoken. The
    more the table knows (`known`), the more its silence says. Columns: `first`, `last`, `original`, the features, of
    which `best` is how well the alternative fits, and `margin` by how much better than the best of the others.
    """
    rows, known = [], math.log10(1 + dictionary.total)
    for word, places in _words(reading, skip).items():
        forms = form_features(reading, word, places)
        if forms is None:
            continue
        names, values = forms
        scores = values @ np.array([weights[name] for name in FORM_FEATURES])
        for number, place in enumerate(places):
            here = scores[number]
            left, right = neighbours(reading, place, place)
            facts = (
                known,
                affinity(left, word),
                affinity(word, right),
                -math.log10(frequency(word)),
                0.0,
                float(reading.text[reading.tokens[place].start].isupper()),
                math.log(len(places)),
            )
            for at in np.argsort(-here)[:most]:
                margin = here[at] - max(np.delete(here, at), default=0.0)
                rows.append((place, place, names[at], here[at], margin, *facts))
    found = pd.DataFrame(rows, columns=["first", "last", "original", *WORD_FEATURES])
    first = found[~found.duplicated("first")]
    found["strain"] = first["best"].clip(lower=0).mean() if len(first) else 0.0
    return found


def _words(reading: Reading, skip: frozenset[int]) -> dict[str, list[int]]:
    """The words that the thesaurus is asked for, and where they stand."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(reading.words):
        if place not in skip and len(word) >= SHORTEST and word.isalpha() and word.isascii():
            places.setdefault(word, []).append(place)
    return places


def form_features(reading: Reading, word: str, places: list[int]) -> tuple[list[str], np.ndarray] | None:
    """Return the alternatives of a word, and an array of places x alternatives x FORM_FEATURES; None without any."""
    found = alternatives(word)
    if not found:
        return None
    names = sorted(found)
    around = [neighbours(reading, place, place) for place in places]
    values = np.zeros((len(places), len(names), len(FORM_FEATURES)))
    for number, (left, right) in enumerate(around):
        before, behind = affinity(left, word), affinity(word, right)
        values[number, :, 0] = [affinity(left, name) - before for name in names]
        values[number, :, 1] = [affinity(name, right) - behind for name in names]
        if left in ("a", "an"):
            values[number, :, 6] = [article_gain(left, word, name) for name in names]
    values[:, :, 2] = values[:, :, :2].sum(axis=2).mean(axis=0)
    values[:, :, 3] = np.log10([frequency(name) / frequency(word) for name in names])
    values[:, :, 4] = [found[name] for name in names]
    values[:, :, 7] = similarity(word, names)
    values[:, :, 8] = relatedness(word, names)
    values[:, :, 5] = np.log1p([reading.counts[name] for name in names])
    return names, values
