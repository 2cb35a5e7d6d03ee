"""Candidates for places of a reading go in; how a text would go on with those in doubt comes out.

What stands in front of a place says how readily a word follows, for its first piece alone, and nothing of what is
behind. So the language model reads on after those candidates that are in doubt: the whole of the original, and the
word behind it. That is dear (a piece costs as much as a word of the text), so that no more are looked at than LOOKS, of
a phrase and an original two places, whose mean speaks for all of them.
"""

import numpy as np
import pandas as pd

from helpers.restoration.choices import MOST, Place
from helpers.restoration.model_gain import in_the_manner_of
from helpers.text.annotated import Reading
from helpers.text.model_file import pieces
from helpers.text.sentence_states import Look, looks

LOOK_FEATURES = ["looked", "look_own", "look_behind", "look_both"]
LOOKS, PLACES = 64, 2  # rows that are looked at, and of those of a phrase and an original
LEAST = -3.0  # log odds, about: below, a candidate is out of the question


def second_look(
    reading: Reading, found: pd.DataFrame, places: dict[int, Place], about: pd.Series, gain: pd.Series
) -> pd.DataFrame:
    """Return LOOK_FEATURES for candidates (`first`, `last`, `original`), a row each, natural logs.

    `about`: the log odds of each as they seem before, of which those nearest to 0 are looked at; `gain`: what is known
    without looking. `looked`: whether it was looked at; `look_own`: how much more readily the whole original follows
    than the spun phrase; `look_behind`: how much more readily the next word follows it; `look_both`: the sum.
    """
    about, gain = about.astype(float), gain.astype(float)
    phrase = pd.Series(
        [" ".join(reading.words[first : last + 1]) for first, last in zip(found["first"], found["last"], strict=True)],
        index=found.index,
        dtype=object,
    )
    whole = phrase + "→" + found["original"].astype(str)
    doubt = about[(about > LEAST) & found["first"].isin(places)].abs().sort_values(kind="stable").index
    doubt = doubt[whole[doubt].groupby(whole[doubt]).cumcount() < PLACES][:LOOKS]
    told = pd.DataFrame(_told(reading, found.loc[doubt], places), columns=["own", "behind"], index=doubt, dtype=float)
    mean = told.groupby(whole[doubt]).mean()
    own, behind = whole.map(mean["own"]), whole.map(mean["behind"])
    table = pd.DataFrame({"looked": own.notna().astype(float), "look_own": own.fillna(gain)})
    table["look_behind"] = behind.fillna(0.0)
    table["look_both"] = table["look_own"] + table["look_behind"]
    return table.astype(float)


def _told(reading: Reading, found: pd.DataFrame, places: dict[int, Place]) -> np.ndarray:
    """What the model gains by each original, and what is behind it gains, against what stands there."""
    wanted, stands = [], []
    for first, last, original in zip(found["first"], found["last"], found["original"], strict=True):
        start, end = reading.span(first, last)
        sentence, front, stop = places[first]
        if last in places and places[last].sentence is sentence:
            stop = places[last].end
        written = in_the_manner_of(reading.text[start:end], original, reading.text)
        after = places.get(last + 1)
        beyond = after.end if after is not None and after.sentence is sentence else stop
        wanted.append(Look(sentence, front, pieces(" " + written), tuple(map(int, sentence.ids[stop:beyond]))))
        stands.append((sentence.own[front:stop].sum(), sentence.own[stop:beyond].sum()))
    return (looks(wanted) - np.array(stands, dtype=float).reshape(-1, 2)).clip(-MOST, MOST)
