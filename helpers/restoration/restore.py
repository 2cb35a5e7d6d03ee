"""A spun text and a mapping table go in; the text with its original words put back comes out, with every change.

Every place has at most one change, the most probable; what is less probable than the threshold stays as it is. The
probabilities are learnt, by `make train` from train sources: where the language model is asked by boosted trees
(`restore_trees.json`), whose terms are named in `choices.py` and `model_gain.py`; else by small logistic regressions
(`restore_model.json`), whose terms are named in `candidates.py`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, cast

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.detection.misfits import times
from helpers.detection.table_hits import from_table
from helpers.detection.weights import log_odds, part, weights
from helpers.mapping.dictionary import Dictionary
from helpers.mapping.table import MappingTable
from helpers.restoration.candidates import from_thesaurus
from helpers.restoration.choices import Place, ranked, where
from helpers.restoration.model_gain import gains, in_the_manner_of
from helpers.restoration.second_look import second_look
from helpers.restoration.trees import log_odds_by_trees, trees
from helpers.text.annotated import Reading, neighbours, read
from helpers.text.model_file import can_be_asked
from helpers.text.names import name_spans
from helpers.text.spans import APOSTROPHES, Span, fold, overlaps, phrase_folds, quotation_spans
from helpers.text.word_counts import affinity

THRESHOLD = 0.5
GAIN_ABOUT = 0.5  # what a nat of the language model's adds to what seems likely by counts; by judgement
WORD_ASKED = ["known", "spoken"]  # what the table says of a word, see `told_of_table`
DECIDED = 1.0  # log odds: a row that a person approved counts for more than one proposed; by judgement, not measured
COLUMNS = [
    *("spun_start", "spun_end", "restored_start", "restored_end", "spun", "original"),
    *("probability", "reason", "in_quote", "in_name"),
]


class CandidateRow(Protocol):
    """A candidate: which tokens it is for, the original, how probable it is, and who proposes it (table, thesaurus)."""

    first: int
    last: int
    original: str
    probability: float
    by: str
    seen: float


@dataclass(frozen=True)
class Restoration:
    """A restored text, the table of changes made, and the table of those that were not sure enough to make.

    `changes`: the offsets `spun_start`, `spun_end` (into the text given) and `restored_start`, `restored_end` (into
    `text`), `spun`, `original`, `probability`, `reason`, `in_quote`, `in_name`. Changes in quotations and names come
    first, since they identify the source. `doubtful` has the same columns, its restored offsets are -1.
    """

    text: str
    changes: pd.DataFrame
    doubtful: pd.DataFrame = field(repr=False)


def restore(
    text: str,
    mapping: MappingTable | pd.DataFrame | Dictionary | None = None,
    threshold: float = THRESHOLD,
    thesaurus: bool = True,
    language_model: bool = True,
) -> Restoration:
    """Put the original words back into a spun text.

    `mapping` is a mapping table, or a table with the columns `spun` and `original` (and `support`, `status` where
    known). Of several originals the context chooses: the neighbouring words, and the words that stand elsewhere in
    the text. Where the table is silent and `thesaurus` is true, a synonym in the same inflection may be put back.
    A language model is asked how readily it would have written each (six to eight seconds an article); without it
    (`language_model=False`, or where it is not installed, with a warning) counts of word pairs decide. Only changes
    with at least the probability `threshold` are made. Raises ValueError for a threshold outside 0 to 1, and for
    a `mapping` without the columns `spun` and `original`.

    >>> table = pd.DataFrame({"spun": ["battle", "fact"], "original": ["war", "truth"], "support": [9, 1]})
    >>> restore("The end of World Battle II.", table, thesaurus=False).text
    'The end of World War II.'
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"the threshold is a probability from 0 to 1, not {threshold}")
    reading = read(text)
    found = _candidates(reading, Dictionary.of(mapping), thesaurus, language_model and can_be_asked())
    rows = _described(reading, _one_a_place(found))
    sure = rows["probability"] >= threshold
    restored, changes = _apply(text, rows[sure])
    first = (changes["in_quote"] | changes["in_name"]).astype(bool)
    changes = pd.concat([changes[first], changes[~first]]).reset_index(drop=True)
    return Restoration(restored, changes, rows[~sure].reset_index(drop=True))


def _candidates(reading: Reading, dictionary: Dictionary, thesaurus: bool, language_model: bool) -> pd.DataFrame:
    """All candidates with `first`, `last`, `original`, `probability` and what a reason is made of."""
    table = from_table(reading, dictionary)
    if language_model and (thesaurus or len(table)):  # where nothing could be put back, it is not asked
        return _asked_candidates(reading, dictionary, table, thesaurus)
    table["probability"] = expit(log_odds(table, part("restore", "table", False)) + _decided(table))
    table["by"] = "table"
    if not thesaurus:
        return table
    words = from_thesaurus(reading, weights("restore")["form"], dictionary, spoken_for(table))
    words["probability"] = expit(log_odds(words, part("restore", "word", False)))
    words["by"] = "thesaurus"
    return pd.concat([table, words], ignore_index=True)


def _asked_candidates(reading: Reading, dictionary: Dictionary, table: pd.DataFrame, thesaurus: bool) -> pd.DataFrame:
    """The same where the language model is asked: rows of the table, and the best choice for each word."""
    places = where(reading)
    chosen = ranked(reading, places)
    table = rows_asked(reading, table, chosen, places)
    table["probability"] = expit(log_odds_by_trees(table, trees("table")) + _decided(table))
    table["by"] = "table"
    if not thesaurus:
        return table
    words = told_of_table(words_asked(reading, chosen, places), dictionary, table)
    words["probability"] = expit(log_odds_by_trees(words, trees("word")))
    words["by"] = "thesaurus"
    return pd.concat([table, words], ignore_index=True)


def words_asked(reading: Reading, chosen: pd.DataFrame, places: dict[int, Place]) -> pd.DataFrame:
    """Return the best choices with LOOK_FEATURES."""
    about = chosen["suspicion"] + chosen["log_probable"]
    return chosen.join(second_look(reading, chosen, places, about, chosen["best_gain"]))


def rows_asked(reading: Reading, table: pd.DataFrame, chosen: pd.DataFrame, places: dict[int, Place]) -> pd.DataFrame:
    """Return rows of the mapping table with all that the language model says of them: ASKED_FEATURES, LOOK_FEATURES."""
    table = table.join(gains(reading, table, places, chosen))
    counted = pd.Series(log_odds(table, part("restore", "table", False)), index=table.index)
    about = counted + GAIN_ABOUT * table["pooled_gain"]
    return table.join(second_look(reading, table, places, about, table["gain"]))


def _decided(table: pd.DataFrame) -> pd.Series:
    """What a person's decision adds to a row's log odds."""
    return DECIDED * table["status"].isin(["approved", "edited"])


def told_of_table(chosen: pd.DataFrame, dictionary: Dictionary, table: pd.DataFrame) -> pd.DataFrame:
    """Return the best choices with WORD_ASKED: how much the table knows, and whether it knows this word's place.

    The more the table knows, the more its silence says.
    """
    known = pd.Series(math.log10(1 + dictionary.total), index=chosen.index)
    return chosen.assign(known=known, spoken=chosen["first"].isin(spoken_for(table)).astype(float))


def spoken_for(table: pd.DataFrame) -> frozenset[int]:
    """Return the tokens for which the mapping table has an original."""
    return frozenset(
        place for first, last in zip(table["first"], table["last"], strict=True) for place in range(first, last + 1)
    )


def _one_a_place(found: pd.DataFrame) -> pd.DataFrame:
    """The candidates that stand, the most probable first served; of equal ones the longer phrase."""
    found = found.assign(length=found["last"] - found["first"])
    found = found.sort_values(["probability", "length"], ascending=False, kind="stable")
    taken: set[int] = set()
    kept = []
    for number, (first, last) in enumerate(zip(found["first"], found["last"], strict=True)):
        places = set(range(first, last + 1))
        if not places & taken:
            taken |= places
            kept.append(number)
    return found.iloc[kept].sort_values("first")


def _described(reading: Reading, found: pd.DataFrame) -> pd.DataFrame:
    """The candidates as a table of changes, their restored offsets still open."""
    quotations, names = quotation_spans(reading.text), name_spans(reading.text)
    rows = []
    for row in cast("Iterator[CandidateRow]", found.itertuples()):
        start, end = reading.span(row.first, row.last)
        spun = reading.text[start:end]
        original = in_the_manner_of(spun, row.original, reading.text)
        places = overlaps(quotations, start, end), overlaps(names, start, end)
        if fold(original) != fold(spun):
            rows.append((start, end, -1, -1, spun, original, row.probability, _reason(reading, row), *places))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"in_quote": bool, "in_name": bool, "probability": float})


def _reason(reading: Reading, row: CandidateRow) -> str:
    """Say in words what speaks for a candidate."""
    spun = " ".join(reading.words[row.first : row.last + 1])
    left, right = neighbours(reading, row.first, row.last)
    original = list(phrase_folds(row.original)) or [row.original]
    parts = []
    if row.by == "table":
        share = 10 ** getattr(row, "share", 0.0)
        parts.append(f"table: seen {int(row.seen)} times, {share:.0%} of the uses of “{spun}”")
    else:
        parts.append("thesaurus")
    for one, other, was in (
        (left, original[0], affinity(left, spun.split(" ")[0])),
        (original[-1], right, affinity(spun.split(" ")[-1], right)),
    ):
        if affinity(one, other) - was >= 1:
            parts.append(f"“{one} {other}” stands together {10 ** (affinity(one, other) - was):,.0f} times as readily")
    gained = getattr(row, "best_gain" if row.by == "thesaurus" else "gain", 0.0)
    if gained >= math.log(2):
        parts.append(f"the language model expected it {times(gained / math.log(10))} as readily")
    return "; ".join(parts)


def _apply(text: str, changes: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Make the changes; spaces are set right where a clitic comes or goes (it is -> it’s)."""
    parts: list[str] = []
    places: list[Span] = []
    at = length = 0
    sides = (changes[name] for name in ("spun_start", "spun_end", "spun", "original"))
    for start, end, spun, original in zip(*sides, strict=True):
        gap = text[at:start]
        if _leans(original):
            gap = gap.removesuffix(" ")
        elif _leans(spun) and (gap or "".join(parts[-1:]))[-1:].isalnum():
            gap += " "
        parts += [gap, original]
        places.append((length + len(gap), length + len(gap) + len(original)))
        length += len(gap) + len(original)
        at = end
    parts.append(text[at:])
    made = changes.copy()
    made[["restored_start", "restored_end"]] = np.array(places, dtype=int).reshape(-1, 2)
    return "".join(parts), made


def _leans(phrase: str) -> bool:
    """Tell whether a phrase begins with what is written onto the word in front: ’s, n’t."""
    return phrase[:1] in APOSTROPHES or (phrase[:1] == "n" and phrase[1:2] in APOSTROPHES)
