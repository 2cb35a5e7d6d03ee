"""Stories with their places go in; what probably stood in every place comes out, learnt over all stories together."""

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from typing import NamedTuple

import numpy as np

from helpers.sources.alike_places import together
from helpers.sources.channel import Learnt, learn
from helpers.sources.in_context import context_gains
from helpers.sources.originals import (
    SORTS,
    Made,
    Readings,
    Told,
    gathered,
    learnt_pairs,
    log_prior,
    made,
    own_candidates,
    with_inferred,
    with_learnt,
)
from helpers.sources.places import merged, reading_key
from helpers.sources.shared_dictionaries import agreement, joined
from helpers.sources.written import Story, assembled, surface

AFTERWARDS = 4  # rounds once the language model was asked
ASKED_FREQUENT = 0.9  # of the weight of English frequency, where the language model has spoken too
SAID = 1.6  # what the language model says counts so much: the channel is too sure of itself
FARTHEST = -12.0  # nats below the best: beyond, a model that is sure knows no more
SURE = 0.999  # places above it are not asked about, if two versions read what was chosen
CANDIDATES, PLACES = 12, 3  # that are asked about in a place; places of the same candidates, whose mean speaks for all
WHOLE_PHRASE = 1.0  # expected places of a phrase, for its words to be joined where all versions have them


class Decided(NamedTuple):
    """What was made of all places: their readings, the candidates, and what the channel learnt of them."""

    stories: dict[Hashable, Story]
    sites: list[str]
    readings: Readings
    made: Made
    learnt: Learnt

    def candidates(self, place: int) -> list[tuple[str, float]]:
        """Return what may have stood in a place, the most probable first."""
        first = self.made.witnesses.first_candidate
        own = slice(first[place], first[place + 1])
        phrases = [self.readings.phrases[number] for number in self.made.phrase[own].tolist()]
        return sorted(zip(phrases, self.learnt.chance[own].tolist(), strict=True), key=lambda one: (-one[1], one[0]))


def decide(
    stories: dict[Hashable, Story],
    shared: Mapping[str, str] | None,
    told: Mapping[str, Mapping[tuple[str, str], float]],
    language_model: bool,
    wanted: Collection[Hashable] | None = None,
) -> Decided:
    """Return what probably stood in every place of some stories.

    `shared`: the name of each site's dictionary, where that is known; else who shares one is found out. `told`: what is
    known of sites' dictionaries, site -> (original, what it puts) -> probability. `wanted`: the stories that the
    language model is asked about; all, where nothing is said.
    """
    sites = sorted({version.site for story in stories.values() for version in story.versions})
    dictionary = _named(sites, shared)
    made_of = _learnt(stories, sites, dictionary, told)
    if shared is None:
        found = joined(agreement(made_of.readings, made_of.made, made_of.learnt), len(sites))
        if found.max() + 1 < len(sites):
            dictionary = found
            made_of = _learnt(stories, sites, dictionary, told)
    made_of = _with_phrases(made_of, dictionary, told)
    return _asked(made_of, wanted, told) if language_model else made_of


def _named(sites: list[str], shared: Mapping[str, str] | None) -> np.ndarray:
    numbers: dict[str, int] = {}
    names = [f"of {(shared or {}).get(site, site)}" if site in (shared or {}) else f"alone {site}" for site in sites]
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def _by_number(
    told: Mapping[str, Mapping[tuple[str, str], float]], sites: list[str], dictionary: np.ndarray
) -> dict[tuple[int, str, str], float]:
    return {
        (int(dictionary[sites.index(site)]), original, spun): chance
        for site, pairs in told.items()
        if site in sites
        for (original, spun), chance in pairs.items()
    }


def _learnt(
    stories: dict[Hashable, Story],
    sites: list[str],
    dictionary: np.ndarray,
    told: Mapping[str, Mapping[tuple[str, str], float]],
    known: Mapping[tuple[int, str], list[str]] | None = None,
) -> Decided:
    """Learn from what is read; then once more, with what was learnt elsewhere among the candidates."""
    numbers = {site: at for at, site in enumerate(sites)}
    read = [
        [
            (numbers[version.site], reading_key(words))
            for version, words in zip(story.versions, row, strict=True)
            if words
        ]
        for story in stories.values()
        for row in map(story.read, story.places)
    ]
    readings = gathered(read, dictionary)
    own = with_inferred(readings, own_candidates(readings))
    given = _by_number(told, sites, dictionary)
    more: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for d, original, spun in given:
        if spun in readings.numbers:
            more[d, readings.numbers[spun]].append(readings.number(original))
    for (d, spun), names in (known or {}).items():
        if spun in readings.numbers:
            more[d, readings.numbers[spun]] += map(readings.number, names)
    candidates = with_learnt(readings, own, more)
    result = _judged(stories, sites, readings, candidates, given)
    found = learnt_pairs(result.made, result.learnt)
    for key, originals in more.items():
        found[key] = list(dict.fromkeys([*found.get(key, []), *originals]))
    return _judged(stories, sites, readings, with_learnt(readings, own, found), given)


def _judged(
    stories: dict[Hashable, Story], sites: list[str], readings: Readings, candidates: list[list[int]], told: Told
) -> Decided:
    given = made(readings, candidates, told)
    prior = _alone(readings, given)
    start = together(readings, given, prior, told, len(sites))
    sorts = SORTS * (int(readings.dictionary.max()) + 1)
    return Decided(stories, sites, readings, given, learn(given.witnesses, prior, len(sites), sorts, chance=start))


def _alone(readings: Readings, given: Made) -> np.ndarray:
    """How readily English has each candidate (natural log)."""
    return np.array([log_prior(readings.phrases[number]) for number in given.phrase.tolist()])


def _with_phrases(
    decided: Decided, dictionary: np.ndarray, told: Mapping[str, Mapping[tuple[str, str], float]]
) -> Decided:
    """Join the words of phrases that were learnt to be put in, where all versions have them, and learn anew."""
    readings, given, learnt = decided.readings, decided.made, decided.learnt
    weight = learnt.places * learnt.favourite
    phrases = frozenset(
        readings.phrases[number]
        for number in given.pairs[weight >= WHOLE_PHRASE, 2].tolist()
        if " " in readings.phrases[number]
    )
    stories = {}
    for name, story in decided.stories.items():
        rows = [[words and reading_key(words) for words in story.read(place)] for place in story.places]
        stories[name] = story._replace(places=merged(story.places, rows, phrases))
    known = {
        (d, readings.phrases[spun]): [readings.phrases[number] for number in originals]
        for (d, spun), originals in learnt_pairs(given, learnt).items()
    }
    return _learnt(stories, decided.sites, dictionary, told, known)


def _asked(
    decided: Decided, wanted: Collection[Hashable] | None, told: Mapping[str, Mapping[tuple[str, str], float]]
) -> Decided:
    """Ask the language model about the places in doubt, and learn once more with what it says."""
    given, readings = decided.made, decided.readings
    gains = _gains(decided, wanted)
    base = _alone(readings, given)
    prior = base.copy()
    first = given.witnesses.first_candidate
    for place in np.unique(given.place[~np.isnan(gains)]).tolist():
        own = slice(first[place], first[place + 1])
        here = gains[own]
        said = np.where(np.isnan(here), FARTHEST, np.maximum(here - np.nanmax(here), FARTHEST))
        prior[own] = ASKED_FREQUENT * base[own] + SAID * said
    sites = decided.sites
    start = together(readings, given, prior, _by_number(told, sites, readings.dictionary), len(sites))
    sorts = SORTS * (int(readings.dictionary.max()) + 1)
    return decided._replace(learnt=learn(given.witnesses, prior, len(sites), sorts, AFTERWARDS, start))


def _gains(decided: Decided, wanted: Collection[Hashable] | None) -> np.ndarray:
    """What the language model says of candidates (nats, within their place); NaN where it was not asked."""
    given, readings, chance = decided.made, decided.readings, decided.learnt.chance
    gains = np.full(len(given.phrase), np.nan)
    first = given.witnesses.first_candidate
    alike: defaultdict[tuple[int, ...], list[list[int]]] = defaultdict(list)
    number = 0
    for name, story in decided.stories.items():
        if wanted is not None and name not in wanted:
            number += len(story.places)
            continue
        surfaces, asked, owners = [], {}, {}
        for at, place in enumerate(story.places):
            own = range(first[number + at], first[number + at + 1])
            order = sorted(own, key=lambda one: -chance[one])
            words = [readings.phrases[given.phrase[one]] for one in order]
            surfaces.append(surface(story, place, words[0]) if words else story.words(place))
            doubted = order[:CANDIDATES]
            if len(doubted) > 1 and (chance[order[0]] < SURE or _unsupported(readings, given, number + at, order[0])):
                group = alike[tuple(sorted(given.phrase[doubted].tolist()))]
                group.append(doubted)
                if len(group) <= PLACES:
                    owners[at] = doubted
                    asked[at] = [
                        (surface(story, place, phrase), math.log(chance[one] + 1e-12))
                        for one, phrase in zip(doubted, words, strict=False)
                    ]
        text, spans = assembled(story, surfaces)
        for at, values in context_gains(text, spans, asked).items():
            gains[owners[at]] = values.sum(axis=1)
        number += len(story.places)
    _pool(alike, given, gains)
    return gains


def _unsupported(readings: Readings, given: Made, place: int, candidate: int) -> bool:
    """Tell whether versions differ in a place, and no two of them read what was chosen."""
    read = readings.of(place)
    return len(set(read.tolist())) > 1 and int((read == given.phrase[candidate]).sum()) < 2


def _pool(alike: Mapping[tuple[int, ...], list[list[int]]], given: Made, gains: np.ndarray) -> None:
    """Places that were not asked about, since others with the same candidates were, get their mean."""
    for rows in alike.values():
        told = [dict(zip(given.phrase[row].tolist(), gains[row] - gains[row].max(), strict=True)) for row in rows]
        known = [row for row in told if not np.isnan(list(row.values())).any()]
        for row in rows:
            if known and np.isnan(gains[row]).any():
                gains[row] = [np.mean([one[phrase] for one in known]) for phrase in given.phrase[row].tolist()]
