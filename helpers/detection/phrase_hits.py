"""A reading and the tables that are known go in; where their phrases stand and how surely a spinner put them comes out.

A phrase of a table is ordinary English as often as not: “shall” stands for “will” on spun pages, and in every lease.
So a logistic regression (`detect_model.json`, parts `hit` and `hit asked`) weighs how the original would fit the place,
how often the phrase stood for it, and how common it is in that register of honest English which has it most (the column
`register` of a table). Contractions are no evidence: “don't” for “do not” is a matter of style.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.detection.table_hits import TABLE_FEATURES, from_table
from helpers.detection.weights import log_odds, part
from helpers.mapping.dictionary import SPUN_SHARE, Dictionary
from helpers.text.annotated import Reading
from helpers.text.spans import phrase_folds
from helpers.text.word_counts import Phrase, log_frequency

TABLES = ("spun_phrases.csv", "field_phrases.csv")  # from simulated pages of the train sources; from real pages
# How the text as a whole looks (`rate`) is for the text's own regression to weigh.
HIT_FEATURES = [*(name for name in TABLE_FEATURES if name != "rate"), "telling", "ordinary", "surer"]
ASKED_FEATURES = ["surprisal", "beyond", "next_beyond", "ahead", "best_ahead"]  # of `model_fit`, at the first word
CLITICS = frozenset("'s n't 're 'll 've 'd 'm ca wo sha".split())
ROWS = ["first", "last", "original", *HIT_FEATURES]


class Phrases(NamedTuple):
    """A table ready to be looked up, and how often honest English has its phrases (log10), where that was counted."""

    dictionary: Dictionary
    register: dict[Phrase, float]

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Phrases":
        """Return the phrases of a table; its column `register`, where there is one, holds rates in a million words."""
        dictionary = Dictionary(table)
        if "register" not in table:
            return cls(dictionary, {})
        folded = map(phrase_folds, table["spun"])
        rates = zip(folded, table["register"], strict=True)
        return cls(dictionary, {phrase: math.log10(rate / 1e6) for phrase, rate in rates})

    def telling(self, phrase: Phrase) -> float:
        """How much more often (log10) a spun page has this phrase from the spinner than honest English has it."""
        honest = max(self.register.get(phrase, -math.inf), log_frequency(phrase))
        dictionary = self.dictionary
        return math.log10(SPUN_SHARE * dictionary.support(phrase) / dictionary.total) - honest


@lru_cache(maxsize=1)
def known_phrases() -> tuple[Phrases, ...]:
    """Return the spun phrases that come with Unspun: those of simulated pages, and those of the field's dictionary."""
    folder = files("helpers.detection")
    return tuple(Phrases.of(pd.read_csv(str(folder.joinpath(name)), keep_default_na=False)) for name in TABLES)


def looked_up(reading: Reading, tables: Sequence[Phrases]) -> pd.DataFrame:
    """Return a row for each place and original in the tables: `first`, `last` (tokens), `original`, HIT_FEATURES."""
    parts = [_of_table(reading, phrases) for phrases in tables]
    filled = [rows for rows in parts if len(rows)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=ROWS)


def _of_table(reading: Reading, phrases: Phrases) -> pd.DataFrame:
    found = from_table(reading, phrases.dictionary)
    keys = [tuple(reading.words[first : last + 1]) for first, last in zip(found["first"], found["last"], strict=True)]
    # How a figure is written is a matter of style too: recipes and minutes have them everywhere.
    kept = [
        not (CLITICS & {*key, *phrase_folds(original)}) and not (len(key) == 1 and key[0].isdigit())
        for key, original in zip(keys, found["original"], strict=True)
    ]
    telling = np.array([phrases.telling(key) for key in keys], dtype=float)
    said = {"telling": telling, "ordinary": np.minimum(telling, 0.0), "surer": np.maximum(telling - 1.0, 0.0)}
    return found.assign(**said)[ROWS][np.array(kept, dtype=bool)]


def hits(reading: Reading, tables: Sequence[Phrases], asked: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the places where phrases of the tables stand, no two of which overlap.

    `asked`: what the language model said of the words (`model_fit.expected`). Columns: `first`, `last` (tokens),
    `original`, `weight` (the chance that the phrase was put in its stead).
    """
    found = looked_up(reading, tables)
    if found.empty:
        return pd.DataFrame(columns=["first", "last", "original", "weight"])
    if asked is not None:
        found = with_model(found, asked)
    found["weight"] = expit(log_odds(found, part("detect", "hit", asked is not None)))
    return apart(found)[["first", "last", "original", "weight"]]


def with_model(found: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Add what the language model said of each phrase's first word; nothing where it was not asked."""
    told = asked.rename(columns={"place": "first"})[["first", *ASKED_FEATURES]]
    return found.merge(told, on="first", how="left").fillna(dict.fromkeys(ASKED_FEATURES, 0.0))


def apart(found: pd.DataFrame) -> pd.DataFrame:
    """Return the surest row of each place (by `weight`); where places overlap, the surest, of like ones the longest."""
    length = found["last"] - found["first"]
    ranked = found.assign(length=length).sort_values(["weight", "length"], ascending=False, kind="stable")
    taken: set[int] = set()
    kept = []
    for number, first, last in zip(ranked.index, ranked["first"], ranked["last"], strict=True):
        places = set(range(first, last + 1))
        if not places & taken:
            kept.append(number)
            taken |= places
    return found.loc[sorted(kept)].sort_values("first", kind="stable")
