"""Which sites agree on each original goes in; how often they would agree if replacements were dealt out comes out.

Both ways of dealing keep, for each original, which replacements there are and how many sites have each; they only
change which site has which. Arrays are originals x sites x sites (`agree`) and originals x sites (`present`).
"""

import numpy as np

STEPS = 20  # of the walk, for each original; more change no p-value by more than its own noise
CELLS_AT_ONCE = 20_000_000  # bytes of the states of all walks that run side by side


def deal_freely(agree: np.ndarray, present: np.ndarray, times: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each two sites agree (times x pairs) when every site is equally likely to have any replacement.

    The test that this makes is exact if dictionaries are independent and alike (Good 2005, ch. 3).
    """
    sites = agree.shape[1]
    one, other = np.triu_indices(sites, 1)
    dealt = np.zeros((times, len(one)), dtype=np.int32)
    for table, there in zip(agree, present, strict=True):
        places = np.flatnonzero(there)
        order = np.tile(np.arange(sites), (times, 1))
        order[:, places] = places[np.argsort(rng.random((times, len(places))), axis=1)]
        dealt += table[order[:, one], order[:, other]]
    return dealt


def deal_keeping_habits(agree: np.ndarray, present: np.ndarray, times: int, rng: np.random.Generator) -> np.ndarray:
    """Return the same when each site also has the majority's replacement as often, over all originals, as it does.

    The majority's replacement of an original is the one that most sites have. If site i has it with a propensity of
    its own, as in Rasch's model, then what is drawn here is the conditional distribution of which sites have it (Rasch
    1960; both margins fixed: Ponocny 2001). It is drawn by a symmetric random walk that exchanges two sites on two
    originals where what one wins on the first it loses on the second. All walks start where a first walk, from the
    observed state, ended: then observed and drawn states are exchangeable, however short the walks (Besag & Clifford
    1989). An original without a majority (two replacements with two sites each) stays as it is.
    """
    sites = present.shape[1]
    one, other = np.triu_indices(sites, 1)
    degrees = agree.sum(axis=2)
    most = degrees.max(axis=1, initial=0)
    majority = (degrees == most[:, None]) & (most > 0)[:, None]
    clear = majority.sum(axis=1) == most + 1
    kept = agree[~clear].sum(axis=0, dtype=np.int32)[one, other]
    agree, present, majority = agree[clear], present[clear], majority[clear].astype(np.int8)
    if not len(agree):
        return np.tile(kept, (times, 1))
    steps = STEPS * len(agree)
    start = np.tile(np.arange(sites, dtype=np.int8), (1, len(agree), 1))
    start = _walk(start, majority, present, steps, rng)
    at_once = max(1, CELLS_AT_ONCE // (len(agree) * sites))
    dealt = []
    for first in range(0, times, at_once):
        states = np.repeat(start, min(at_once, times - first), axis=0)
        states = _walk(states, majority, present, steps, rng)
        rows = np.arange(len(agree))[None, :]
        counts = [agree[rows, states[:, :, a], states[:, :, b]].sum(axis=1) for a, b in zip(one, other, strict=True)]
        dealt.append(np.stack(counts, axis=1))
    return np.concatenate(dealt) + kept


def _walk(
    states: np.ndarray, majority: np.ndarray, present: np.ndarray, steps: int, rng: np.random.Generator
) -> np.ndarray:
    """Walk: `states[w, o, i]` is the site whose replacement of original o site i holds in walk w."""
    walks, originals, sites = states.shape
    every = np.arange(walks)
    for _ in range(steps):
        first, second = rng.integers(originals, size=(2, walks))
        one = rng.integers(sites, size=walks)
        other = (one + rng.integers(1, sites, size=walks)) % sites
        wins = _gain(states, majority, every, first, one, other)
        loses = _gain(states, majority, every, second, one, other)
        alone = (wins == 0) & present[first, one] & present[first, other]
        both = (wins + loses == 0) & (wins != 0) & (first != second)
        both &= present[first, one] & present[first, other] & present[second, one] & present[second, other]
        for moves, original in ((alone | both, first), (both, second)):
            walk, row, left, right = every[moves], original[moves], one[moves], other[moves]
            states[walk, row, left], states[walk, row, right] = states[walk, row, right], states[walk, row, left]
    return states


def _gain(states, majority, walks, originals, one, other) -> np.ndarray:
    """What the first wins if it gets what the second holds: 1, 0 or -1 places in a majority."""
    held = majority[originals, states[walks, originals, other]]
    return held - majority[originals, states[walks, originals, one]]
