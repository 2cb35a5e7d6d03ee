"""What was decided in every place goes in; how often such a word is right comes out.

The channel is too sure of itself: its places are not as independent as it takes them to be, and of a single story, or
of a part of one, it has few to learn from. What it says is one term of a logistic regression (Platt 1999), with who
reads the word, how many versions have the place at all and from how many places was learnt. The weights were learnt
from train sources, many together, one by one and in part, spun with dictionaries that no figure is given for
(`benchmarks.train_reconstruction`).
"""

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np
from scipy.special import expit

from helpers.sources.decided import Decided
from helpers.sources.originals import log_prior

OF_PLACE = [
    *("log_odds", "sure", "support", "opposed", "agreed", "inferred", "alone", "missing", "two", "asked_alike"),
    *("frequent", "length", "recurs"),
]
LESS_OF_FEW = ["log_odds", "support", "opposed", "agreed", "inferred", "recurs"]  # what little text makes less sure
FEATURES = [*OF_PLACE, "few", *(f"{name}_few" for name in LESS_OF_FEW)]
MANY = 4.0  # log10 of the places from which on more teach nothing new, about
MOST = 9.0  # log odds: beyond, the channel knows no more
HIGHEST = 0.999  # nothing is surer
OF_TWO = 0.98  # what two dictionaries, or one, vouch for: where both put the same, nothing shows it


def features(decided: Decided) -> np.ndarray:
    """Return FEATURES of what was chosen in every place (places x features).

    `log_odds` of the choice, and whether it is `sure` (beyond 5); `support` and `opposed`: how many dictionaries read
    it, and something else; `agreed`: nobody reads anything else, `inferred`: nobody reads it; `alone`: one dictionary
    only has the place; `missing`: the share of versions that lack it; `two`: only two dictionaries have it;
    `asked_alike`: a second candidate is near; `frequent` and `length` of the choice; `recurs`: in how many places
    the same was chosen; `few`: how few places there were to learn from, in all stories, and its products with others.
    """
    readings, first = decided.readings, decided.made.witnesses.first_candidate
    places = len(readings.first) - 1
    chosen = np.full(places, -1)
    for number in range(places):
        own = slice(first[number], first[number + 1])
        if own.stop > own.start:
            chosen[number] = decided.made.phrase[own][decided.learnt.chance[own].argmax()]
    often = np.bincount(chosen[chosen >= 0], minlength=len(readings.phrases))
    rows = np.zeros((places, len(OF_PLACE)))
    number = 0
    for story in decided.stories.values():
        versions = len(story.versions)
        for _ in story.places:
            chance = decided.learnt.chance[first[number] : first[number + 1]]
            if len(chance):
                phrase, read = readings.phrases[chosen[number]], readings.of(number)
                who = readings.dictionary[readings.site[readings.first[number] : readings.first[number + 1]]]
                odds = _odds(float(chance.max()), float(chance.sum() - chance.max()))
                support, opposed = (len(set(who[same])) for same in (read == chosen[number], read != chosen[number]))
                rows[number] = (
                    *(odds, odds > 5, np.log1p(support), np.log1p(opposed), opposed == 0, support == 0),
                    *(len(set(who)) == 1, 1 - len(read) / versions, len(set(who)) == 2, odds < 2),
                    *(log_prior(phrase), phrase.count(" "), np.log(often[chosen[number]])),
                )
            number += 1
    few = np.where(chosen >= 0, max(0.0, MANY - float(np.log10(max(places, 1)))), 0.0)[:, None]
    return np.column_stack([rows, few, few * rows[:, [OF_PLACE.index(name) for name in LESS_OF_FEW]]])


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
    rows = features(decided)
    of_two = rows[:, [FEATURES.index("alone"), FEATURES.index("two")]].any(axis=1)
    return np.minimum(expit(rows @ learnt + part["constant"]), np.where(of_two, OF_TWO, HIGHEST))
