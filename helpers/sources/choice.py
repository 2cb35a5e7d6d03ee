"""What the channel and a language model say of candidates goes in; how probable each is, all considered, comes out.

The channel is too sure of itself, and it does not know which words are synonyms. So what it says is one term of a
conditional logit (McFadden 1974) beside what the language model says, how common a word is, who reads it, and how the
thesauri relate it to what the versions read. What each is worth was learnt from train sources, which were spun with
dictionaries that no figure is given for (`benchmarks.train_reconstruction`).
"""

import json
import math
from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from helpers.restoration.choices import tags_of
from helpers.restoration.site_phrases import linked
from helpers.sources.channel import Learnt
from helpers.sources.originals import FREQUENT, Made, Readings, log_prior
from helpers.text.english import is_function_word
from helpers.text.thesaurus import alternatives, near_words

RELATIONS = ["moby", "synset", "near", "linked", "tags", "stem", "function", "words"]
TOLD = ["own", "behind", "own_pooled", "behind_pooled"]
CHOICE_FEATURES = [
    *("channel", "frequent", *TOLD, "readers", "unread", "agreed", "support", "phrase", "learnt"),
    *RELATIONS,
]
LEAST_CHANNEL = -60.0  # log odds: beyond, the channel knows no more
FARTHEST, UNKNOWN = 12.0, -6.0  # nats from the best of a place; what a candidate gets that was not asked about


class Opinion(NamedTuple):
    """What is known of all candidates: the channel’s answer, the prior that it was given, and what the model told.

    `told` (candidates x 2): log probability of a candidate where it stands, and of what follows; NaN where the language
    model was not asked.
    """

    learnt: Learnt
    prior: np.ndarray
    told: np.ndarray


def choice_features(readings: Readings, given: Made, opinion: Opinion) -> np.ndarray:
    """Return CHOICE_FEATURES of every candidate of a place that has several (candidates x features), natural logs.

    `channel`: what the channel adds to the prior; `frequent`: in English; TOLD: what the model says of the candidate
    and of what is behind it, there and on average over the places where the same is read; `readers`: the share of
    dictionaries that read it, `unread`: none, `agreed`: all, `support`: their number; `phrase`: of several words;
    `learnt`: in how many places the readings were learnt to stand for it. RELATIONS are means over the readings that
    differ: Moby has the pair, WordNet as one synset or as near, the phrases of Moby link them, a part of speech is
    common, the beginning is; only one is a function word; how many words more one has.
    """
    values = np.zeros((len(given.phrase), len(CHOICE_FEATURES)))
    column = {name: values[:, at] for at, name in enumerate(CHOICE_FEATURES)}
    column["channel"][:] = np.maximum(np.log(np.maximum(opinion.learnt.chance, 1e-300)) - opinion.prior, LEAST_CHANNEL)
    column["frequent"][:] = [log_prior(readings.phrases[number]) / FREQUENT for number in given.phrase.tolist()]
    _tell(column, readings, given, opinion.told)
    weight = opinion.learnt.places * opinion.learnt.favourite
    places: defaultdict[tuple[int, ...], float] = defaultdict(float)
    for pair, expected in zip(given.pairs.tolist(), weight.tolist(), strict=True):
        places[tuple(pair)] += expected
    first = given.witnesses.first_candidate
    for place in np.flatnonzero(np.diff(first) > 1).tolist():
        _relate(values, column, readings, given, place, places)
    return values


def _relate(
    values: np.ndarray,
    column: dict[str, np.ndarray],
    readings: Readings,
    given: Made,
    place: int,
    places: dict[tuple[int, ...], float],
) -> None:
    """Fill in, for the candidates of a place, who reads them and how they are related to what is read."""
    read = readings.of(place)
    who = readings.dictionary[readings.site[readings.first[place] : readings.first[place + 1]]]
    dictionaries = len(set(who.tolist()))
    first = given.witnesses.first_candidate
    for at in range(first[place], first[place + 1]):
        own = int(given.phrase[at])
        name, readers = readings.phrases[own], len(set(who[read == own].tolist()))
        column["readers"][at], column["unread"][at] = readers / max(dictionaries, 1), readers == 0
        column["agreed"][at], column["support"][at] = readers == dictionaries, math.log1p(readers)
        column["phrase"][at] = " " in name
        others = [(other, d) for other, d in zip(read.tolist(), who.tolist(), strict=True) if other != own]
        if others:
            related = [relation(name, readings.phrases[other]) for other, _ in others]
            values[at, -len(RELATIONS) :] = np.mean(related, axis=0)
            column["learnt"][at] = np.mean([math.log1p(places[d, own, other]) for other, d in others])
        else:
            column["tags"][at] = 1.0


@lru_cache(maxsize=200_000)
def relation(name: str, reading: str) -> tuple[float, ...]:
    """Return RELATIONS of a candidate to a reading.

    >>> dict(zip(RELATIONS, relation("said", "mentioned"), strict=True))["moby"]
    1.0
    """
    near, tags, others = near_words(reading), tags_of(name), tags_of(reading)
    return (
        float(name in alternatives(reading)),
        float(near.get(name, False)),
        float(name in near),
        float(name in linked(reading)),
        float(bool(tags & others)) if tags and others else 0.5,
        float(name[:4] == reading[:4] and len(name) > 3),
        float(is_function_word(name) != is_function_word(reading)),
        float(abs(name.count(" ") - reading.count(" "))),
    )


def _tell(column: dict[str, np.ndarray], readings: Readings, given: Made, told: np.ndarray) -> None:
    """Fill in what the model told, within each place, and on average over the places where the same is read."""
    first = given.witnesses.first_candidate
    groups: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for place in np.unique(given.place[~np.isnan(told).all(axis=1)]).tolist():
        own = slice(first[place], first[place + 1])
        best = np.nanmax(told[own].sum(axis=1)) / 2
        here = np.where(np.isnan(told[own]), UNKNOWN, np.clip(told[own] - best, -FARTHEST, FARTHEST))
        column["own"][own], column["behind"][own] = here.T
        groups[tuple(sorted(set(readings.of(place).tolist())))].append(place)
    for places in groups.values():
        every = np.concatenate([np.arange(first[place], first[place + 1]) for place in places])
        _, number = np.unique(given.phrase[every], return_inverse=True)
        times = np.bincount(number)
        for name in ("own", "behind"):
            column[f"{name}_pooled"][every] = (np.bincount(number, column[name][every]) / times)[number]


@lru_cache(maxsize=2)
def choice_weights(language_model: bool) -> np.ndarray:
    """Return what each of CHOICE_FEATURES is worth, with a language model and without."""
    text = files("helpers.sources").joinpath("reconstruct_model.json").read_text(encoding="utf-8")
    part = json.loads(text)["choice_asked" if language_model else "choice_counted"]
    return np.array([part[name] for name in CHOICE_FEATURES])


def as_prior(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return what speaks for each candidate, the channel apart (log)."""
    channel = CHOICE_FEATURES.index("channel")
    prior: np.ndarray = values @ weights - values[:, channel] * weights[channel]
    return prior


def shares(given: Made, scores: np.ndarray, some: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return the probability of each candidate by its score, within those places that are `some`; else as it was."""
    found = chance.copy()
    first = given.witnesses.first_candidate
    for place in np.flatnonzero(some & (np.diff(first) > 1)).tolist():
        own = slice(first[place], first[place + 1])
        weight = np.exp(scores[own] - scores[own].max())
        found[own] = weight / weight.sum()
    return found
