"""What every version reads in every place goes in; what may have stood there comes out, as the channel wants it.

What may have stood in a place is what any version reads there, what was learnt in other places to have become one of
these readings, and what the thesauri and the language model would think of.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.sources.channel import KEPT, Learnt, Witnesses
from helpers.text.english import is_function_word
from helpers.text.spans import is_word
from helpers.text.thesaurus import alternatives, near_words
from helpers.text.word_counts import affinity, frequency

# How probable it is that a dictionary puts for an original just this word, which Moby's thesaurus has for it (and the
# original for the word) or not, and WordNet (in one synset) or not; about what benchmarks/manner.csv and the pages of
# the field have, counted by the words that are so related to an original.
BY_MOBY_AND_WORDNET = {
    **{(2, 2): 0.05, (2, 1): 0.03, (1, 2): 0.03, (1, 1): 0.01, (2, 0): 0.006, (1, 0): 0.005},
    **{(0, 2): 0.01, (0, 1): 0.003, (0, 0): 1e-4},
}
PHRASE = math.log(0.002)  # the same of a phrase, or for one
FREQUENT = 1.0  # how much the frequency in English counts
SIGN, CLITIC, STRANGE = -3.0, -2.5, -8.0  # log10 of the frequency of a comma, of ’s, of a token that is no word
MOST_TOLD = 0.9  # of the probability that somebody gave a row of a dictionary
SUPPOSED = 0.5  # about the share of originals that are taken to have a favourite; a row that is told has one
LEARNT, MOST_LEARNT = 0.3, 8  # places that a pair was seen in, to be thought of elsewhere; originals thought of so
MOST_INFERRED = 6  # words that no version reads, of a place
SORTS = 4  # of originals: function words, other words, phrases, what has no word in it


Told = Mapping[tuple[int, str, str], float]  # what is known of dictionaries: (dictionary, original, what it puts)


class Readings(NamedTuple):
    """What is read in all places of all stories, as numbers: of phrases (`phrases` has them), of sites.

    Place p has the witnesses first[p]:first[p + 1]; `site` and `phrase` say who reads what there. Witnesses of one
    dictionary stand side by side. `dictionary` has each site’s.
    """

    phrases: list[str]
    numbers: dict[str, int]
    first: np.ndarray
    site: np.ndarray
    phrase: np.ndarray
    dictionary: np.ndarray

    def number(self, phrase: str) -> int:
        """Return the number of a phrase, a new one for one that nobody reads."""
        number = self.numbers.setdefault(phrase, len(self.phrases))
        if number == len(self.phrases):
            self.phrases.append(phrase)
        return number

    def of(self, place: int) -> np.ndarray:
        """Return the phrases that are read in a place, each witness’s."""
        return self.phrase[self.first[place] : self.first[place + 1]]


def gathered(read: list[list[tuple[int, str]]], dictionary: np.ndarray) -> Readings:
    """Return readings from a list for each place of who (a site’s number) reads what (folded)."""
    phrases: list[str] = []
    found = Readings(phrases, {}, np.zeros(0), np.zeros(0), np.zeros(0), dictionary)
    sizes = [len(witnesses) for witnesses in read]
    flat = [
        (site, found.number(phrase))
        for witnesses in read
        for site, phrase in sorted(witnesses, key=lambda one: (dictionary[one[0]], one[0]))
    ]
    table = np.array(flat, dtype=np.int64).reshape(-1, 2)
    return found._replace(
        first=np.append(0, np.cumsum(sizes)).astype(np.int64), site=table[:, 0].astype(np.int32), phrase=table[:, 1]
    )


def own_candidates(readings: Readings) -> list[list[int]]:
    """Return for each place the phrases that some version reads there."""
    return [
        list(dict.fromkeys(readings.phrase[start:end].tolist()))
        for start, end in zip(readings.first[:-1].tolist(), readings.first[1:].tolist(), strict=True)
    ]


def with_learnt(
    readings: Readings, candidates: list[list[int]], known: dict[tuple[int, int], list[int]]
) -> list[list[int]]:
    """Return the candidates with what was learnt to have become their readings: (dictionary, reading) -> originals."""
    found = []
    for place, own in enumerate(candidates):
        more: dict[int, None] = dict.fromkeys(own)
        for at in range(readings.first[place], readings.first[place + 1]):
            key = int(readings.dictionary[readings.site[at]]), int(readings.phrase[at])
            more |= dict.fromkeys(known.get(key, ()))
        found.append(list(more)[: len(own) + MOST_LEARNT])
    return found


def with_inferred(readings: Readings, candidates: list[list[int]]) -> list[list[int]]:
    """Return the candidates with words that no version reads, where no two read the same: those near to all readings.

    What two dictionaries put for a word are synonyms of it, so that the word is among the synonyms of both.
    """
    found = []
    for place, own in enumerate(candidates):
        read = readings.of(place).tolist()
        if len(read) < 2 or len(set(read)) < len(read):
            found.append(own)
            continue
        more = near_all(tuple(sorted(readings.phrases[number] for number in read)))
        found.append(list(dict.fromkeys([*own, *map(readings.number, more)])))
    return found


@lru_cache(maxsize=100_000)
def near_all(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that the thesauri have near to all of some words, the likeliest first.

    >>> "said" in near_all(("mentioned", "stated"))
    True
    """
    if not all(word.isalpha() for word in words):
        return ()
    near = [near_words(word) for word in words]
    moby = [alternatives(word) for word in words]
    shared = set.intersection(*({*one, *other} for one, other in zip(near, moby, strict=True))) - set(words)
    closeness = {
        name: sum(one.get(name, False) + other.get(name, False) for one, other in zip(near, moby, strict=True))
        + math.log10(frequency(name))
        for name in shared
    }
    return tuple(sorted(shared, key=lambda name: (-closeness[name], name))[:MOST_INFERRED])


def learnt_pairs(made: "Made", learnt: Learnt, least: float = LEARNT) -> dict[tuple[int, int], list[int]]:
    """Return what dictionaries were learnt to have put for what: (dictionary, reading) -> originals, surest first."""
    found: defaultdict[tuple[int, int], list[tuple[float, int]]] = defaultdict(list)
    weight = learnt.places * learnt.favourite
    for at in np.flatnonzero(weight >= least).tolist():
        d, original, reading = made.pairs[at].tolist()
        found[d, reading].append((-weight[at], original))
    return {key: [original for _, original in sorted(rows)] for key, rows in found.items()}


class Made(NamedTuple):
    """Witnesses for the channel, with what their numbers stand for.

    `place` and `phrase` (candidates); `pairs` (pairs x 3): dictionary, original, what was put for it.
    """

    witnesses: Witnesses
    place: np.ndarray
    phrase: np.ndarray
    pairs: np.ndarray


def made(readings: Readings, candidates: list[list[int]], told: Told | None = None) -> Made:
    """Return the witnesses of all places with their candidates, as the channel wants them.

    `told`: what is known of dictionaries from elsewhere: (dictionary, original, what it puts) -> probability.
    """
    sizes = np.array([len(own) for own in candidates], dtype=np.int64)
    phrase = np.array([number for own in candidates for number in own], dtype=np.int64)
    place = np.repeat(np.arange(len(candidates)), sizes)
    read = np.diff(readings.first)
    entries = read[place]
    first_entry = np.append(0, np.cumsum(entries))[:-1].astype(np.int64)
    candidate = np.repeat(np.arange(len(phrase)), entries)
    within = np.arange(len(candidate)) - first_entry[candidate]
    witness = readings.first[place[candidate]] + within
    width = len(readings.phrases) + 1
    dictionary = readings.dictionary[readings.site[witness]].astype(np.int64)
    keys, original = np.unique(dictionary * width + phrase[candidate], return_inverse=True)
    reading = readings.phrase[witness]
    replaced = reading != phrase[candidate]
    pair_keys, numbers = np.unique(original[replaced] * width + reading[replaced], return_inverse=True)
    pair = np.full(len(candidate), KEPT, dtype=np.int64)
    pair[replaced] = numbers
    owner, put = pair_keys // width, pair_keys % width
    pairs = np.column_stack([keys[owner] // width, keys[owner] % width, put]).astype(np.int64)
    originals = keys % width
    sort = np.array([_sort(readings.phrases[number]) for number in originals.tolist()], dtype=np.int64)
    _, same = np.unique(pairs[:, 1] * width + pairs[:, 2], return_inverse=True)
    likely = np.array([likely_pair(readings.phrases[o], readings.phrases[r]) for _, o, r in pairs.tolist()])
    for at, (d, o, r) in enumerate(pairs.tolist() if told else []):
        known = told.get((d, readings.phrases[o], readings.phrases[r]), 0.0) if told else 0.0
        likely[at] = max(likely[at], math.log(max(min(known, MOST_TOLD) / SUPPOSED, 1e-9)))
    witnesses = Witnesses(
        np.append(0, np.cumsum(sizes)).astype(np.int64),
        readings.first.astype(np.int64),
        readings.site.astype(np.int32),
        readings.dictionary[readings.site].astype(np.int32),
        first_entry,
        original.astype(np.int64),
        pair,
        np.searchsorted(owner, np.arange(len(keys) + 1)).astype(np.int64),
        (SORTS * (keys // width) + sort).astype(np.int32),
        likely.astype(np.float64).reshape(-1),
        same.astype(np.int64),
    )
    return Made(witnesses, place, phrase, pairs)


@lru_cache(maxsize=500_000)
def log_prior(phrase: str) -> float:
    """Return how readily English has a phrase (natural log), whatever the context."""
    words = phrase.split(" ")
    total = sum(_alone(word) for word in words)
    total += sum(affinity(one, other) for one, other in itertools.pairwise(words) if is_word(one + other))
    return FREQUENT * math.log(10) * total


def _alone(word: str) -> float:
    if not is_word(word):
        return SIGN if len(word) == 1 else STRANGE
    if "'" in word:
        return CLITIC
    return math.log10(frequency(word))


@lru_cache(maxsize=500_000)
def _sort(phrase: str) -> int:
    if not any(map(str.isalpha, phrase)):
        return 3
    return 2 if " " in phrase else 0 if is_function_word(phrase) else 1


@lru_cache(maxsize=500_000)
def likely_pair(original: str, reading: str) -> float:
    """Return how probable it is (log) that a dictionary that has an original puts just this reading for it."""
    if " " in original or " " in reading:
        return PHRASE
    moby, near = alternatives(original), near_words(original)
    return math.log(BY_MOBY_AND_WORDNET[_degree(moby, reading), _degree(near, reading)])


def _degree(words: dict[str, bool], word: str) -> int:
    return 1 + words[word] if word in words else 0
