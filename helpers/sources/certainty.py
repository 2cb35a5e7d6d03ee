"""What was decided in every place goes in; how often such a word is right comes out.

The channel is too sure of itself: its places are not as independent as it takes them to be. What it says is one term of
a logistic regression (Platt 1999), with who reads the word and how many versions have the place at all. The weights
were learnt from train sources, spun with dictionaries that no figure is given for (`benchmarks.train_reconstruction`).
"""

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np
from scipy.special import expit

from helpers.sources.decided import Decided
from helpers.sources.originals import log_prior

FEATURES = [
    *("log_odds", "sure", "support", "opposed", "agreed", "inferred", "alone", "missing", "two", "asked_alike"),
    *("frequent", "length"),
]
MOST = 9.0  # log odds: beyond, the channel knows no more
HIGHEST = 0.999  # nothing is surer


def features(decided: Decided) -> np.ndarray:
    """Return FEATURES of what was chosen in every place (places x features).

    `log_odds` of the choice, and whether it is `sure` (beyond 5); `support` and `opposed`: how many dictionaries read
    it, and something else; `agreed`: nobody reads anything else, `inferred`: nobody reads it; `alone`: one dictionary
    only has the place; `missing`: the share of versions that lack it; `two`: only two dictionaries have it;
    `asked_alike`: a second candidate is near; `frequent` and `length` of the choice.
    """
    readings, first = decided.readings, decided.made.witnesses.first_candidate
    rows = np.zeros((len(readings.first) - 1, len(FEATURES)))
    number = 0
    for story in decided.stories.values():
        versions = len(story.versions)
        for _ in story.places:
            own = slice(first[number], first[number + 1])
            chance = decided.learnt.chance[own]
            if len(chance):
                best = int(chance.argmax())
                chosen = int(decided.made.phrase[own][best])
                read = readings.of(number)
                who = readings.dictionary[readings.site[readings.first[number] : readings.first[number + 1]]]
                odds = _odds(float(chance[best]), float(chance.sum() - chance[best]))
                support, opposed = len(set(who[read == chosen])), len(set(who[read != chosen]))
                rows[number] = (
                    *(odds, odds > 5, np.log1p(support), np.log1p(opposed), opposed == 0, support == 0),
                    *(len(set(who)) == 1, 1 - len(read) / versions, len(set(who)) == 2, odds < 2),
                    *(log_prior(readings.phrases[chosen]), readings.phrases[chosen].count(" ")),
                )
            number += 1
    return rows


def _odds(one: float, other: float) -> float:
    return float(np.clip(np.log(max(one, 1e-12) / max(other, 1e-12)), -MOST, MOST))


@lru_cache(maxsize=1)
def weights() -> dict[str, dict[str, float]]:
    """Return the weights that training left."""
    text = files("helpers.sources").joinpath("reconstruct_model.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, float]] = json.loads(text)
    return found


def probabilities(decided: Decided, language_model: bool) -> np.ndarray:
    """Return how probable it is that what was chosen in each place stood in the source."""
    part = weights()["asked" if language_model else "counted"]
    learnt = np.array([part[name] for name in FEATURES])
    return np.minimum(expit(features(decided) @ learnt + part["constant"]), HIGHEST)
