"""Rows of the mapping table and where they may apply go in; what a language model says of each comes out.

What stands in front of a place says how readily a phrase follows: the ratio of an original's probability to that of
the spun phrase is what a noisy channel weighs (Shannon 1948; Mays, Damerau and Mercer 1991). It is known from one
reading of the text (`text/sentence_states.py`), for the first piece of the original, and pooled over all places where
the spun phrase stands, since a spinner has one original for it.
"""

import numpy as np
import pandas as pd

from helpers.restoration.choices import MOST, Place
from helpers.text.annotated import Reading
from helpers.text.model_file import pieces

GAINS = ["gain", "pooled_gain", "first_gain", "pooled_first_gain", "likely", "lead", "pieces", "spun_pieces"]
SUSPICIONS = ["suspicion", "pooled_suspicion", "suspect_beyond", "suspect_next", "agrees", "best_probable"]
COUNTS = ["places", "originals"]
ASKED_FEATURES = [*GAINS, *SUSPICIONS, *COUNTS]


def gains(reading: Reading, found: pd.DataFrame, places: dict[int, Place], chosen: pd.DataFrame) -> pd.DataFrame:
    """Return ASKED_FEATURES for rows of the mapping table (`first`, `last`, `original`), natural logs.

    `gain`: how much more readily the first piece of the original follows what is in front than the spun phrase does,
    `first_gain`: than its first piece; `pooled_…`: the mean over all places of the phrase; `likely`: the original's
    log probability, `lead`: beside the likeliest of all; `pieces` of both, as the model has them; `suspicion`: how
    much the phrase's words look like replacements, and what was expected there; `agrees`: whether the best choice
    without a table is this original, `best_probable`: how probable that is; `places` of the phrase, and its
    `originals` in the table (logs).
    """
    looked = chosen.set_index("first")
    rows = []
    for first, last, original in zip(found["first"], found["last"], found["original"], strict=True):
        start, end = reading.span(first, last)
        written = pieces(" " + in_the_manner_of(reading.text[start:end], original, reading.text))
        rows.append((*_asked(places, first, last, written), *_looked(looked, first, last, original)))
    names = [name for name in [*GAINS, *SUSPICIONS] if not name.startswith("pooled")]
    table = pd.DataFrame(rows, columns=names, index=found.index)
    spans = zip(found["first"], found["last"], strict=True)
    phrase = pd.Series([" ".join(reading.words[one : other + 1]) for one, other in spans], found.index, dtype=object)
    for name in ("gain", "first_gain"):
        table[f"pooled_{name}"] = table[name].groupby([phrase, found["original"]]).transform("mean")
    table["pooled_suspicion"] = table["suspicion"].groupby(phrase).transform("mean")
    table["places"] = np.log(found["first"].groupby(phrase).transform("nunique").astype(float))
    table["originals"] = np.log(found["first"].groupby(phrase).transform("size").astype(float)) - table["places"]
    return table


def _asked(places: dict[int, Place], first: int, last: int, written: tuple[int, ...]) -> tuple[float, ...]:
    """What the model says of an original's first piece in a place."""
    if first not in places or not written:
        return (0.0,) * 6
    sentence, front, end = places[first]
    if last in places and places[last].sentence is sentence:
        end = places[last].end
    likely = float(sentence.log_probabilities(front, np.array(written[:1]))[0])
    own = float(sentence.own[front:end].sum())
    return (
        *(float(np.clip(likely - own, -MOST, MOST)), float(np.clip(likely - sentence.own[front], -MOST, MOST))),
        *(likely, likely - float(sentence.best[front]), float(len(written)), float(end - front)),
    )


def _looked(chosen: pd.DataFrame, first: int, last: int, original: str) -> tuple[float, ...]:
    """How much the words of a phrase look like replacements."""
    inside = [place for place in range(first, last + 1) if place in chosen.index]
    if not inside:
        return (0.0,) * 5
    rows = chosen.loc[inside]
    agrees = first == last and rows["original"].iloc[0] == original
    facts = rows[["suspicion", "beyond", "next_beyond"]].mean()
    return *map(float, facts), float(agrees), float(rows["log_probable"].iloc[0])


def in_the_manner_of(spun: str, original: str, text: str) -> str:
    """Return an original phrase with the capitals of the spun one, and the apostrophes of the text.

    >>> [in_the_manner_of(*words, "it’s") for words in [("Fact", "truth"), ("can not", "can't"), ("US", "America")]]
    ['Truth', 'can’t', 'America']
    """
    if "’" in text:
        original = original.replace("'", "’")
    words = [word for word in spun.split(" ") if word[:1].isalpha()]
    if original != original.lower():  # a name, written as the table has it
        return original
    if len(spun) > 1 and spun.isupper() and spun.isalpha():
        return original.upper()
    if len(words) > 1 and all(word[0].isupper() for word in words):
        return " ".join(word[:1].upper() + word[1:] for word in original.split(" "))
    return original[:1].upper() + original[1:] if words and words[0][0].isupper() else original
