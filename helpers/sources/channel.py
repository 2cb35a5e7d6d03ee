"""Places, what each version reads there, and what may have stood there go in; how probable each original is comes out.

A noisy channel (Shannon 1948) for each dictionary: an original has one favourite, or none; a site puts the favourite in
its place as often as its rate says. Nobody tells the favourites. They are learnt from all places of all articles
together by expectation maximisation: what probably stood in a place tells what each dictionary puts for it, and that
tells what stood elsewhere. The favourites themselves are summed out, and a place never speaks for itself: its counts
are taken away before it is judged (collapsed variational Bayes of order zero; Asuncion and others 2009). So two sites
that share a dictionary count as what they are: given the favourite each kept the word or did not, and that both put the
same in is no second witness for it.
"""

import math
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Floats, Int32s, Int64s, compiled

ROUNDS = 6
KEPT = -1  # in place of a pair: the version reads the original itself
SLIP = math.log(0.02 * 1e-3)  # a reading that no favourite explains: a slip of the alignment, or another hand
OTHER = math.log(0.3)  # the favourite is a phrase that was not seen in any place
RATE = (2.0, 1.5)  # replaced and kept chances that a site begins with
COVERED = (1.0, 1.0)  # the same for the originals that a dictionary has
LEAST, MOST = 0.02, 0.98  # of a rate or a coverage
ABOUT = 0.35  # of the favourites of two dictionaries for an original are the same
NEVER = -1e30


class Witnesses(NamedTuple):
    """Who reads what where, and what may have stood there, as flat arrays.

    Place p has the candidates first_candidate[p]:first_candidate[p + 1] and the witnesses first_witness[p]:… (those of
    one dictionary side by side), of which `site` says whose each is. Candidate c has one entry a witness of its place,
    from first_entry[c] on: `original` (of a dictionary: a number for each dictionary and original) and `pair` (of a
    dictionary: a number for each original and what was put for it; KEPT where the version reads the original). Pairs of
    original d are first_pair[d]:first_pair[d + 1]; `sort` is the sort of a dictionary’s original whose coverage is
    learnt together, `likely` the log probability that a dictionary with the original has just this for it.
    """

    first_candidate: Int64s
    first_witness: Int64s
    site: Int32s
    dictionary: Int32s
    first_entry: Int64s
    original: Int64s
    pair: Int64s
    first_pair: Int64s
    sort: Int32s
    likely: Floats
    same_pair: Int64s  # a number for each original and what was put for it, whatever the dictionary


class Learnt(NamedTuple):
    """What is left when nothing moves: of each candidate its probability, of each pair its expected places and weight.

    `chance` (candidates), `places` and `favourite` (pairs: how probable it is that this is the dictionary's favourite),
    `rates` (sites), `likelihood` (log, of all readings).
    """

    chance: Floats
    places: Floats
    favourite: Floats
    rates: Floats
    likelihood: float


def learn(
    given: Witnesses, prior: Floats, sites: int, sorts: int, rounds: int = ROUNDS, chance: Floats | None = None
) -> Learnt:
    """Return what the channel makes of witnesses; `prior` has the log probability of each candidate by itself.

    `chance`: where to begin, as an earlier call left it.
    """
    rates = np.full(sites, RATE[0] / sum(RATE))
    covered = np.full(sorts, COVERED[0] / sum(COVERED))
    base = given.likely
    likely = base
    originals, pairs = len(given.first_pair) - 1, len(given.likely)
    if chance is None:  # what each place says by itself, before it is heard what the others say
        chance = np.zeros(len(prior))
        _sweep(*given[:-2], likely, prior, np.log(rates), np.log1p(-rates), np.log(covered), np.log1p(-covered), chance,
               np.zeros((4, max(originals, 1))), np.zeros((2, max(pairs, 1))), np.zeros((2, sites)), False)  # fmt: skip
    told = NEVER
    favourite = np.zeros(pairs)
    places = np.zeros(pairs)
    for _ in range(rounds):
        held = np.zeros((4, max(originals, 1)))
        counts = np.zeros((2, max(pairs, 1)))
        chances = np.zeros((2, sites))
        told = _sweep(*given[:-2], likely, prior, np.log(rates), np.log1p(-rates), np.log(covered), np.log1p(-covered),
                      chance, held, counts, chances, True)  # fmt: skip
        favourite, has = _favourites(given, likely, held, counts, np.log(covered), np.log1p(-covered))
        places = counts[1, :pairs]
        rates = np.clip((chances[0] + RATE[0]) / (chances.sum(axis=0) + sum(RATE)), LEAST, MOST)
        weight = np.minimum(held[3, :originals], 1.0)
        covered = (np.bincount(given.sort, has * weight, sorts) + COVERED[0]) / (
            np.bincount(given.sort, weight, sorts) + sum(COVERED)
        )
        covered = np.clip(covered, LEAST, MOST)
        likely = _as_others_do(given, base, favourite)
    return Learnt(chance, places, favourite, rates, float(told))


def _favourites(
    given: Witnesses, likely: Floats, held: Floats, counts: Floats, yes: Floats, no: Floats
) -> tuple[Floats, Floats]:
    """How probable each pair is as the favourite, and each original of a dictionary as one that has a favourite."""
    owner = np.repeat(np.arange(len(given.first_pair) - 1), np.diff(given.first_pair))
    pairs, originals = len(owner), len(given.first_pair) - 1
    kept, replaced = held[0, :originals], held[1, :originals]
    sort = given.sort
    none = no[sort] + replaced * SLIP
    other = yes[sort] + OTHER + kept + replaced * SLIP
    each = yes[sort[owner]] + likely + counts[0, :pairs] + kept[owner] + (replaced[owner] - counts[1, :pairs]) * SLIP
    highest = np.maximum(none, other)
    np.maximum.at(highest, owner, each)
    whole = np.exp(none - highest) + np.exp(other - highest)
    weight = np.exp(each - highest[owner])
    np.add.at(whole, owner, weight)
    return weight / whole[owner], 1 - np.exp(none - highest) / whole


def _as_others_do(given: Witnesses, base: Floats, favourite: Floats) -> Floats:
    """How probable pairs are for a dictionary when one looks at the others: in part they have the same favourites."""
    total = np.bincount(given.same_pair, favourite)[given.same_pair] - favourite
    return np.log((1 - ABOUT) * np.exp(base) + ABOUT * np.minimum(total, 1.0))


@compiled
def _sweep(
    first_candidate: Int64s,
    first_witness: Int64s,
    site: Int32s,
    dictionary: Int32s,
    first_entry: Int64s,
    original: Int64s,
    pair: Int64s,
    first_pair: Int64s,
    sort: Int32s,
    likely: Floats,
    prior: Floats,
    log_rate: Floats,
    log_stay: Floats,
    log_covered: Floats,
    log_bare: Floats,
    chance: Floats,
    held: Floats,
    counts: Floats,
    chances: Floats,
    heard: bool,
) -> float:
    """Judge every place once, and return the log likelihood; `chance`, `held`, `counts` and `chances` are filled in.

    `held` (4 x originals of dictionaries): log chance of what was kept, places replaced, places kept, all places.
    `counts` (2 x pairs): log chance and number of places. `chances` (2 x sites): replaced, kept though it could be.
    Where places are not `heard`, they are judged by themselves: nothing is counted.
    """
    places = len(first_candidate) - 1
    for p in range(places):
        witnesses = first_witness[p + 1] - first_witness[p]
        for c in range(first_candidate[p], first_candidate[p + 1]):
            if not heard:
                break
            _count(p, c, chance[c], witnesses, first_witness, site, first_entry, original, pair, log_rate, log_stay,
                   held, counts)  # fmt: skip
    told = 0.0
    score = np.empty(4096)
    has = np.empty((4096, 64))
    for p in range(places):
        start, end = first_candidate[p], first_candidate[p + 1]
        witnesses = first_witness[p + 1] - first_witness[p]
        if witnesses == 0 or end == start:
            continue
        for c in range(start, end):
            if not heard:
                break
            _count(p, c, -chance[c], witnesses, first_witness, site, first_entry, original, pair, log_rate, log_stay,
                   held, counts)  # fmt: skip
        highest = NEVER
        for c in range(start, end):
            total = prior[c]
            w = 0
            while w < witnesses:
                until = w + 1
                own = dictionary[first_witness[p] + w]
                while until < witnesses and dictionary[first_witness[p] + until] == own:
                    until += 1
                entry = first_entry[c]
                d = original[entry + w]
                kept, replaced = held[0, d], held[1, d]
                none = log_bare[sort[d]] + replaced * SLIP
                other = log_covered[sort[d]] + OTHER + kept + replaced * SLIP
                whole_none, whole_other = none, other
                for v in range(w, until):
                    if pair[entry + v] == KEPT:
                        whole_other += log_stay[site[first_witness[p] + v]]
                    else:
                        whole_none += SLIP
                        whole_other += SLIP
                before = _added(none, other)
                after = whole_other
                for j in range(first_pair[d], first_pair[d + 1]):
                    weight = log_covered[sort[d]] + likely[j] + counts[0, j] + kept + (replaced - counts[1, j]) * SLIP
                    before = _added(before, weight)
                    for v in range(w, until):
                        s = site[first_witness[p] + v]
                        if pair[entry + v] == KEPT:
                            weight += log_stay[s]
                        elif pair[entry + v] == j:
                            weight += log_rate[s]
                        else:
                            weight += SLIP
                    after = _added(after, weight)
                with_favourite = after
                after = _added(after, whole_none)
                for v in range(w, until):
                    has[c - start, v] = math.exp(with_favourite - after)
                total += after - before
                w = until
            score[c - start] = total
            highest = max(highest, total)
        whole = 0.0
        for c in range(start, end):
            whole += math.exp(score[c - start] - highest)
        told += highest + math.log(whole)
        for c in range(start, end):
            chance[c] = math.exp(score[c - start] - highest) / whole
            if not heard:
                continue
            _count(p, c, chance[c], witnesses, first_witness, site, first_entry, original, pair, log_rate, log_stay,
                   held, counts)  # fmt: skip
            for v in range(witnesses):
                s = site[first_witness[p] + v]
                if pair[first_entry[c] + v] == KEPT:
                    chances[1, s] += chance[c] * has[c - start, v]
                else:
                    chances[0, s] += chance[c] * has[c - start, v]
    return told


@compiled
def _count(
    p: int,
    c: int,
    weight: float,
    witnesses: int,
    first_witness: Int64s,
    site: Int32s,
    first_entry: Int64s,
    original: Int64s,
    pair: Int64s,
    log_rate: Floats,
    log_stay: Floats,
    held: Floats,
    counts: Floats,
) -> None:
    """Add a candidate's places to what is known, or take them away (a negative weight)."""
    for v in range(witnesses):
        d, j = original[first_entry[c] + v], pair[first_entry[c] + v]
        s = site[first_witness[p] + v]
        held[3, d] += weight
        if j == KEPT:
            held[0, d] += weight * log_stay[s]
            held[2, d] += weight
        else:
            held[1, d] += weight
            counts[0, j] += weight * log_rate[s]
            counts[1, j] += weight


@compiled
def _added(one: float, other: float) -> float:
    """The logarithm of the sum of two numbers given by their logarithms."""
    if one < other:
        one, other = other, one
    return one + math.log1p(math.exp(other - one)) if other > NEVER else one
