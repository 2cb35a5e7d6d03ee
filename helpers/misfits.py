"""A reading of a text goes in; how much each of its words looks like a replacement comes out.

The numbers of `helpers/fits.py` are weighed by a logistic regression (`detect_model.json`, part `word`), learnt on
texts whose replaced words are known. Each word's odds then say how much likelier the text is to be spun than not, if
a spinner replaces a certain share of the words (SHARES): log(1 - share + share * odds).
"""

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.candidates import Reading, neighbours
from helpers.context import known
from helpers.fits import FIT_FEATURES, fits, gains, rivals
from helpers.restore import log_odds

SHARES = {"light": 0.05, "heavy": 0.3}  # of the words, replaced by a spinner at work here and there, or everywhere
SUMS = [*SHARES, "chance", "kin", "looked at"]
REPEATED = 0.7  # a word that stands n times counts n ** (1 - 0.7) times: its uses are one choice of the writer's
MOST_TOLD = 1_000  # times as readily; what the counts say beyond is more than they know
LEAST_CHANCE = 1e-4
SET_PHRASE = 2.0  # log10: two words that stand together a hundred times as often as by chance are a set phrase
BROKEN = 1.0  # log10: by so much the set phrase must beat what stands there


@lru_cache(maxsize=1)
def model() -> dict[str, dict[str, float]]:
    """Return the weights: `word` (with `share`, the share of replaced words it was learnt on) and `text`."""
    return json.loads(files("helpers").joinpath("detect_model.json").read_text(encoding="utf-8"))


def chances(table: pd.DataFrame, weights: dict[str, float]) -> np.ndarray:
    """Return the probability that each word of a table of fits was put there by a spinner."""
    names = {name: weights[name] for name in ["intercept", *FIT_FEATURES]}
    return np.clip(expit(log_odds(table, names)), LEAST_CHANCE, 1 - LEAST_CHANCE)


def weighed(table: pd.DataFrame, chance: np.ndarray, share: float) -> pd.DataFrame:
    """Return what each word adds to a text's SUMS, given its chance; `share` of the words were replaced in training."""
    odds = chance / (1 - chance) / (share / (1 - share))
    added = {name: np.log(1 - rate + rate * odds) for name, rate in SHARES.items()}
    added |= {"chance": chance, "kin": table["kin"].to_numpy(), "looked at": np.ones(len(table))}
    alone = np.exp(-REPEATED * table["times"].to_numpy())
    return pd.DataFrame({name: values * alone for name, values in added.items()}, index=table.index)


def misfits(reading: Reading) -> pd.DataFrame:
    """Return a row for each word of three letters or more: `place`, `word`, SUMS.

    >>> from helpers.candidates import read
    >>> found = misfits(read("the general public")).set_index("word")
    >>> bool(found.loc["public", "chance"] < 0.5)
    True
    """
    table, weights = fits(reading), model()["word"]
    return table[["place", "word"]].join(weighed(table, chances(table, weights), weights["share"]))


def told(reading: Reading, place: int) -> tuple[int, int, str] | None:
    """Return what would stand at a place more readily than what does: `start`, `end`, a sentence; or None.

    >>> from helpers.candidates import read
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
    start, end = reading.tokens[first].start, reading.tokens[last].end
    said = (
        f"the set phrase is “{phrase}”"
        if phrases[best, side]
        else f"“{phrase}” stands {_times(readily[best])} as readily"
    )
    return start, end, f"{reading.text[start:end]}: {said}"


def _times(log_ratio: float) -> str:
    ratio = 10**log_ratio
    if ratio >= MOST_TOLD:
        return f"over {MOST_TOLD:,} times"
    return f"{ratio:.1f} times" if ratio < 10 else f"{float(f'{ratio:.2g}'):.0f} times"
