"""Stories with their places go in; what probably stood in every place comes out, learnt over all stories together."""

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from helpers.sources.channel import Learnt, learn
from helpers.sources.choice import Opinion, as_prior, choice_features, choice_weights, shares
from helpers.sources.in_context import context_gains
from helpers.sources.originals import (
    SORTS,
    Made,
    Readings,
    gathered,
    learnt_pairs,
    log_prior,
    made,
    own_candidates,
    with_inferred,
    with_learnt,
)
from helpers.sources.places import merged, reading_key
from helpers.sources.proposed import Draft, proposed
from helpers.sources.shared_dictionaries import agreement, joined
from helpers.sources.written import Story, assembled, surface

SURE = 0.999  # places above it are not asked about, if versions do not differ there
LEAST_LIKELY = -6.0  # log of what the channel says: it is too sure of itself, and below the model is asked nevertheless
CANDIDATES, PLACES = 12, 3  # that are asked about in a place; places of the same candidates, whose mean speaks for all
WHOLE_PHRASE = 1.0  # expected places of a phrase, for its words to be joined where all versions have them
Told = Mapping[tuple[int, str, str], float]


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
    before = learnt_of(stories, shared, told)
    if not language_model:
        return chosen(before, np.full((len(before.made.phrase), 2), np.nan), False)
    more = with_proposed(before, wanted, told)
    return chosen(more, context_of(more, wanted), True)


def learnt_of(
    stories: dict[Hashable, Story],
    shared: Mapping[str, str] | None,
    told: Mapping[str, Mapping[tuple[str, str], float]],
) -> Decided:
    """Return what the channel learns of some stories by itself; what is said of sharers and dictionaries, as above."""
    sites = sorted({version.site for story in stories.values() for version in story.versions})
    dictionary = _named(sites, shared)
    made_of = _learnt(stories, sites, dictionary, told)
    if shared is None:
        found = joined(agreement(made_of.readings, made_of.made, made_of.learnt), len(sites))
        if found.max() + 1 < len(sites):
            dictionary = found
            made_of = _learnt(stories, sites, dictionary, told)
    return _with_phrases(made_of, dictionary, told)


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
    sorts = SORTS * (int(readings.dictionary.max()) + 1)
    return Decided(stories, sites, readings, given, learn(given.witnesses, prior, len(sites), sorts))


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


def with_proposed(
    decided: Decided, wanted: Collection[Hashable] | None, told: Mapping[str, Mapping[tuple[str, str], float]]
) -> Decided:
    """Learn anew with what thesauri and the language model propose among the candidates of the wanted stories."""
    readings, given = decided.readings, decided.made
    found = proposed(readings, (draft for _, draft in _drafts(decided, wanted)))
    first = given.witnesses.first_candidate
    candidates = []
    for place in range(len(first) - 1):
        own = given.phrase[first[place] : first[place + 1]].tolist()
        candidates.append(list(dict.fromkeys([*own, *map(readings.number, found.get(place, ()))])))
    given_rows = _by_number(told, decided.sites, readings.dictionary)
    return _judged(decided.stories, decided.sites, readings, candidates, given_rows)


def chosen(decided: Decided, told: np.ndarray, language_model: bool) -> Decided:
    """Return what all that is known makes of the candidates; `told` is what the language model says (see `Opinion`).

    The channel learns once more from what speaks for each, and is then one voice among others.
    """
    readings, given, learnt = decided.readings, decided.made, decided.learnt
    some = ~np.isnan(told).all(axis=1) if language_model else np.ones(len(told), dtype=bool)
    base, weights = _alone(readings, given), choice_weights(language_model)
    values = choice_features(readings, given, Opinion(learnt, base, told))
    prior = np.where(some, as_prior(values, weights), base)
    sorts = SORTS * (int(readings.dictionary.max()) + 1)
    learnt = learn(given.witnesses, prior, len(decided.sites), sorts)
    values = choice_features(readings, given, Opinion(learnt, prior, told))
    places = np.zeros(len(readings.first) - 1, dtype=bool)
    places[given.place[some]] = True
    return decided._replace(learnt=learnt._replace(chance=shares(given, values @ weights, places, learnt.chance)))


def _drafts(decided: Decided, wanted: Collection[Hashable] | None) -> Iterator[tuple[Story, Draft]]:
    """The wanted stories, each as the likeliest candidates make it."""
    number = 0
    for name, story in decided.stories.items():
        if wanted is None or name in wanted:
            best = [decided.candidates(number + at)[:1] for at in range(len(story.places))]
            surfaces = [
                surface(story, place, names[0][0]) if names else story.words(place)
                for place, names in zip(story.places, best, strict=True)
            ]
            yield story, Draft(*assembled(story, surfaces), number)
        number += len(story.places)


def context_of(decided: Decided, wanted: Collection[Hashable] | None) -> np.ndarray:
    """Return what the language model says of candidates (candidates x 2, nats); NaN where it was not asked."""
    given, readings, chance = decided.made, decided.readings, decided.learnt.chance
    told = np.full((len(given.phrase), 2), np.nan)
    first = given.witnesses.first_candidate
    alike: defaultdict[tuple[int, ...], list[list[int]]] = defaultdict(list)
    for story, draft in _drafts(decided, wanted):
        asked, owners = {}, {}
        for at, place in enumerate(story.places):
            own = range(first[draft.first + at], first[draft.first + at + 1])
            doubted = sorted(own, key=lambda one: -chance[one])[:CANDIDATES]
            differ = len(set(readings.of(draft.first + at).tolist())) > 1
            if len(doubted) > 1 and (chance[doubted[0]] < SURE or differ):
                group = alike[tuple(sorted(given.phrase[doubted].tolist()))]
                group.append(doubted)
                if len(group) <= PLACES:
                    owners[at] = doubted
                    asked[at] = [
                        (surface(story, place, readings.phrases[given.phrase[one]]), _log(chance[one]))
                        for one in doubted
                    ]
        for at, values in context_gains(draft.text, draft.spans, asked).items():
            told[owners[at]] = values
    _pool(alike, given, told)
    return told


def _log(chance: float) -> float:
    return max(math.log(chance + 1e-12), LEAST_LIKELY)


def _pool(alike: Mapping[tuple[int, ...], list[list[int]]], given: Made, told: np.ndarray) -> None:
    """Places that were not asked about, since others with the same candidates were, get their mean."""
    for rows in alike.values():
        best = {id(row): told[row].sum(axis=1).max() / 2 for row in rows}
        each = [dict(zip(given.phrase[row].tolist(), told[row] - best[id(row)], strict=True)) for row in rows]
        known = [one for row, one in zip(rows, each, strict=True) if not np.isnan(told[row]).any()]
        for row in rows:
            if known and np.isnan(told[row]).any():
                told[row] = [np.mean([one[phrase] for one in known], axis=0) for phrase in given.phrase[row].tolist()]
