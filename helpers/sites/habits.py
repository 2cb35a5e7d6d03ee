"""Which sites have the majority's replacement goes in; how likely two agree as often by habit alone comes out.

A dictionary of common synonyms agrees with everybody, so a site's habit is how readily it has what most have (as in
Rasch's model: Rasch 1960). Two sites that share a dictionary make many a majority themselves; if that passed for their
habit, no agreement of theirs could be told from it. So the habits of two sites, and of all others beside them, are
learnt from the originals where the two are not both in the majority. There a habit shows, a shared dictionary does not.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr

SPREAD = 2.0  # of habits, as log odds, before anything is seen: one site may be many times as ready as another
CHANCE = 0.3  # of majorities are made by no habit: two that never keep to common synonyms agree now and then
DRAWS = 4_000  # of habits as they may be in the light of what was seen; a small p rests on few of them
SMALLEST = 1e-9  # spread, where nothing is left to chance
STEP = 1e-4  # of a habit, by which the slope's slope is taken


class Majorities(NamedTuple):
    """Which sites have the majority's replacement of each original (originals x sites), and how the others agree.

    The majority's replacement is the one that most sites have; an original on which two are had by as many is left
    out. `across` and `below` are the shares of pairs that agree all the same, of one in the majority and one outside
    it, and of two outside it.
    """

    has: np.ndarray
    present: np.ndarray
    across: np.ndarray
    below: np.ndarray
    agree: np.ndarray


def majorities(agree: np.ndarray, present: np.ndarray) -> Majorities:
    """Return the majorities behind `agree` (originals x sites x sites) and `present` (originals x sites), both bool."""
    degrees = agree.sum(axis=2)
    most = degrees.max(axis=1, initial=0)
    has = (degrees == most[:, None]) & (most > 0)[:, None]
    clear = has.sum(axis=1) == most + 1
    agree, present, has = agree[clear], present[clear], has[clear]
    outside = present & ~has
    across, below = (
        np.einsum("os,ost,ot->o", one.astype(float), agree.astype(float), outside.astype(float))
        for one in (has, outside)
    )
    few, many = outside.sum(axis=1), has.sum(axis=1)
    return Majorities(has, present, across / np.maximum(few * many, 1), below / np.maximum(few * (few - 1), 1), agree)


def chance_of_agreeing(found: Majorities, one: int, other: int, rng: np.random.Generator) -> float:
    """Return how likely two sites agree on as many originals as they do, or on more, by their habits alone."""
    both = found.present[:, one] & found.present[:, other]
    if not both.any():
        return 1.0
    weights = np.exp(_habits(found, one, other, rng))
    chances = _agreeing(Majorities(*(column[both] for column in found)), weights, one, other)
    return _at_least(chances, int(found.agree[:, one, other].sum()))


def _habits(found: Majorities, one: int, other: int, rng: np.random.Generator) -> np.ndarray:
    """Habits as they may be (draws x sites): the normal approximation of what is known of them."""
    used, sites = ~(found.has[:, one] & found.has[:, other]), found.has.shape[1]
    sorts, times = np.unique(np.hstack([found.has, found.present])[used], axis=0, return_counts=True)
    has, present = sorts[:, :sites].astype(float), sorts[:, sites:]

    by_chance = CHANCE / _ways(np.ones(sites), has, present, one, other)

    def by_habit(habits: np.ndarray) -> np.ndarray:
        return (1 - CHANCE) * np.exp(has @ habits) / _ways(np.exp(habits), has, present, one, other)

    def slope(habits: np.ndarray) -> np.ndarray:
        likely = by_habit(habits)
        pull = (times * likely / (likely + by_chance)) @ (has - _readiness(np.exp(habits), has, present, one, other))
        return habits / SPREAD**2 - pull

    def cost(habits: np.ndarray) -> float:
        return float((habits**2).sum() / (2 * SPREAD**2) - times @ np.log(by_habit(habits) + by_chance))

    best = minimize(cost, np.zeros(sites), jac=slope, method="BFGS").x
    bends = np.array([slope(best + STEP * unit) - slope(best - STEP * unit) for unit in np.eye(sites)]) / (2 * STEP)
    known, axes = np.linalg.eigh((bends + bends.T) / 2)
    # Nothing that was seen makes a habit less certain than it was before.
    scaled = axes / np.sqrt(np.maximum(known, SPREAD**-2))
    return best + rng.standard_normal((DRAWS, sites)) @ scaled.T


def _symmetric(weights: np.ndarray, taken: np.ndarray, size: int) -> np.ndarray:
    """The elementary symmetric polynomials of the weights (… x sites) of the sites that are taken (originals x sites).

    Their degrees, from 0 to `size`, are the last axis of the result (… x originals x degrees).
    """
    sums = np.zeros((*weights.shape[:-1], len(taken), size + 1))
    sums[..., 0] = 1
    for site in range(taken.shape[1]):
        sums[..., 1:] = sums[..., 1:] + (weights[..., site, None] * taken[:, site])[..., None] * sums[..., :-1]
    return sums


def _of_degree(sums: np.ndarray, degree: np.ndarray) -> np.ndarray:
    """Of the sums of each original the one of its degree; 0 for a degree below 0."""
    return np.where(degree >= 0, sums[..., np.arange(len(degree)), np.maximum(degree, 0)], 0.0)


def _without(present: np.ndarray, *sites: int) -> np.ndarray:
    rest = present.copy()
    rest[..., list(sites)] = False
    return rest


def _ways(weights: np.ndarray, has: np.ndarray, present: np.ndarray, one: int, other: int) -> np.ndarray:
    """For each original the weight of all majorities of its size in which the two sites are not both."""
    size = has.sum(axis=1).astype(int)
    largest = int(size.max(initial=0))
    every = _of_degree(_symmetric(weights, present, largest), size)
    pair = present[:, one] & present[:, other]
    rest = _of_degree(_symmetric(weights, _without(present, one, other), largest), size - 2)
    return every - np.where(pair, weights[one] * weights[other] * rest, 0.0)


def _readiness(weights: np.ndarray, has: np.ndarray, present: np.ndarray, one: int, other: int) -> np.ndarray:
    """How likely each site is in each majority (originals x sites), where the two are not both."""
    size = has.sum(axis=1).astype(int)
    largest = int(size.max(initial=0))
    pair = present[:, one] & present[:, other]
    found = np.zeros(has.shape)
    for site, weight in enumerate(weights):
        rest = _of_degree(_symmetric(weights, _without(present, site), largest), size - 1)
        if site in (one, other):
            fewer = _of_degree(_symmetric(weights, _without(present, one, other), largest), size - 2)
            partner = weights[other if site == one else one]
        else:
            fewer = _of_degree(_symmetric(weights, _without(present, one, other, site), largest), size - 3)
            partner = weights[one] * weights[other]
        found[:, site] = np.where(present[:, site], weight * (rest - np.where(pair, partner * fewer, 0.0)), 0.0)
    return found / _ways(weights, has, present, one, other)[:, None]


def _agreeing(found: Majorities, weights: np.ndarray, one: int, other: int) -> np.ndarray:
    """How likely the two sites agree on each original (draws x originals), whoever is in its majority.

    `weights` is draws x sites.
    """
    sizes = found.has.sum(axis=1)[:, None]
    sorts, sort = np.unique(np.hstack([found.present, sizes]), axis=0, return_inverse=True)
    present, size = sorts[:, :-1].astype(bool), sorts[:, -1]
    largest = int(size.max(initial=0))
    every = _of_degree(_symmetric(weights, present, largest), size)
    rest = _symmetric(weights, _without(present, one, other), largest)
    inside = weights[:, one, None] * weights[:, other, None] * _of_degree(rest, size - 2) / every
    outside = _of_degree(rest, size) / every
    inside, outside = inside[:, sort.ravel()], outside[:, sort.ravel()]
    return np.clip(inside + outside * found.below + (1 - inside - outside) * found.across, 0.0, 1.0)


def _at_least(chances: np.ndarray, count: int) -> float:
    """How likely so many of some events or more happen, on average over the draws (draws x events) of their chances.

    Of each draw by the normal approximation, with half an event of continuity.

    >>> round(_at_least(np.full((1, 100), 0.5), 60), 3)
    0.029
    """
    mean, spread = chances.sum(axis=1), np.sqrt((chances * (1 - chances)).sum(axis=1))
    return float(ndtr((mean - count + 0.5) / np.maximum(spread, SMALLEST)).mean())
