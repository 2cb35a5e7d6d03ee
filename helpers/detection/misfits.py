"""A reading of a text goes in; how much each of its words looks like a replacement comes out.

The numbers of `count_fit.py`, and what a language model expected (`model_fit.py`), are weighed by a logistic
regression (`detect_model.json`, parts `word` and `word asked`), learnt on texts whose replaced words are known. Each
word's odds then say how much likelier the text is to be spun than not, if a spinner replaces a certain share of the
words (SHARES): log(1 - share + share * odds).
"""

import math
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.detection.count_fit import fits, gains, rivals
from helpers.detection.model_fit import MODEL_FEATURES, expected
from helpers.detection.weights import log_odds, part
from helpers.text.annotated import Reading, neighbours
from helpers.text.model_file import token_text
from helpers.text.word_counts import known

SHARES = {"light": 0.05, "heavy": 0.3}  # of the words, replaced by a spinner at work here and there, or everywhere
POOLED = ["mean_ahead", "mean_best_ahead", "mean_beyond", "named_ahead", "named_best_ahead"]
SUMS = [*SHARES, "chance", "kin", "looked at"]
REPEATED = 0.7  # a word that stands n times counts n ** (1 - 0.7) times: its uses are one choice of the writer's
MOST_TOLD = 1_000  # times as readily; what the counts say beyond is more than they know
LEAST_CHANCE = 1e-4
SUSPECT = 0.1  # the chance from which on a word is taken for a replacement
SET_PHRASE = 2.0  # log10: two words that stand together a hundred times as often as by chance are a set phrase
BROKEN = 1.0  # log10: by so much the set phrase must beat what stands there


class MisfitRow(Protocol):
    """A row of the table from `misfits`; `rival` and `ahead` are there where the language model was asked."""

    place: int
    word: str
    light: float
    rival: int
    ahead: float


def chances(table: pd.DataFrame, learnt: dict[str, float]) -> np.ndarray:
    """Return the probability that each word of a table of fits was put there by a spinner."""
    odds = {name: value for name, value in learnt.items() if name != "share"}
    return np.clip(expit(log_odds(table, odds)), LEAST_CHANCE, 1 - LEAST_CHANCE)


def weighed(table: pd.DataFrame, chance: np.ndarray, share: float) -> pd.DataFrame:
    """Return what each word adds to a text's SUMS, given its chance; `share` of the words were replaced in training."""
    odds = chance / (1 - chance) / (share / (1 - share))
    added = {name: np.log(1 - rate + rate * odds) for name, rate in SHARES.items()}
    added |= {"chance": chance, "kin": table["kin"].to_numpy(), "looked at": np.ones(len(table))}
    alone = np.exp(-REPEATED * table["times"].to_numpy())
    return pd.DataFrame({name: values * alone for name, values in added.items()}, index=table.index)


def seen(reading: Reading, asked: bool) -> pd.DataFrame:
    """Return the fits of a reading's words, with what the language model expected in their place if it is asked."""
    table = fits(reading)
    if not asked:
        return table
    table = table.merge(expected(reading), on="place", how="left")
    return pooled(table.fillna(dict.fromkeys(MODEL_FEATURES, 0.0) | {"rival": -1}))


def pooled(table: pd.DataFrame) -> pd.DataFrame:
    """Add POOLED: what the language model says of a word on average over its places, and of words with a capital.

    A common word in a wrong sense (executed for implemented) is rare by no count, and one place of it may be chance;
    where it is in the wrong place everywhere a synonym was expected everywhere.
    """
    means = table.groupby("word")[["ahead", "best_ahead", "beyond"]].transform("mean")
    capital = table["capital"]
    columns = [*(means[name] for name in means), table["ahead"] * capital, table["best_ahead"] * capital]
    return table.assign(**dict(zip(POOLED, columns, strict=True)))


def misfits(reading: Reading, asked: bool = False) -> pd.DataFrame:
    """Return a row for each word of three letters or more: `place`, `word`, SUMS.

    `asked`: the language model is asked too; then the columns of `expected` are there as well.

    >>> from helpers.text.annotated import read
    >>> found = misfits(read("the general public")).set_index("word")
    >>> bool(found.loc["public", "chance"] < 0.5)
    True
    """
    table, learnt = seen(reading, asked), part("detect", "word", asked)
    kept = table[["place", "word", *([*MODEL_FEATURES, "rival"] if asked else [])]]
    return kept.join(weighed(table, chances(table, learnt), learnt["share"]))


def expected_instead(reading: Reading, row: MisfitRow) -> tuple[int, int, str]:
    """Return what the language model says of a word (a row of `misfits`): `start`, `end`, a sentence."""
    start, end = reading.span(row.place, row.place)
    rival = token_text(int(row.rival)).strip()
    said = f"a synonym such as “{rival}” was expected {times(row.ahead / math.log(10))} as readily"
    return start, end, f"{reading.text[start:end]}: {said}"


def told(reading: Reading, place: int) -> tuple[int, int, str] | None:
    """Return what would stand at a place more readily than what does: `start`, `end`, a sentence; or None.

    >>> from helpers.text.annotated import read
    >>> told(read("strong economical growth"), 1)
    (7, 24, 'economical growth: the set phrase is “economic growth”')
    """
    word, around = reading.words[place], neighbours(reading, place, place)
    others, (own, gained) = rivals(word), gains(word, *around)
    if not others.names:
        return None
    commoner = np.log10(np.maximum(others.counts, 1.0) / max(known(word)[1], 1.0))
    readily = gained.sum(axis=1) + commoner
    phrases = (own + gained >= SET_PHRASE) & (gained >= BROKEN) & (readily > 0)[:, None]
    best = int(np.where(phrases.any(axis=1), readily, -np.inf).argmax()) if phrases.any() else int(readily.argmax())
    side = int(gained[best, 1] > gained[best, 0])
    if readily[best] <= 0 or gained[best, side] <= 0:
        return None
    rival = others.names[best]
    phrase = f"{rival} {around[1]}" if side else f"{around[0]} {rival}"
    first, last = (place, place + 1) if side else (place - 1, place)
    start, end = reading.span(first, last)
    said = (
        f"the set phrase is “{phrase}”"
        if phrases[best, side]
        else f"“{phrase}” stands {times(readily[best])} as readily"
    )
    return start, end, f"{reading.text[start:end]}: {said}"


def times(log_ratio: float) -> str:
    """Return a ratio, given by its log10, in words.

    >>> times(1.0), times(9.0)
    ('10 times', 'over 1,000 times')
    """
    ratio = 10**log_ratio
    if ratio >= MOST_TOLD:
        return f"over {MOST_TOLD:,} times"
    return f"{ratio:.1f} times" if ratio < 10 else f"{float(f'{ratio:.2g}'):.0f} times"
