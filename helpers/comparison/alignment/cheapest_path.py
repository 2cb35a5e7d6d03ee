"""The priced steps of a window go in (see `lattice`); the cheapest way through it, and how sure it is, come out.

The prices are first seen in the light of what a corpus has taught; the way is found in one pass over the steps, and
found anew whenever more was taught.
"""

from math import exp

import numpy as np

from helpers.comparison.alignment.edit_costs import Prices, learnt_price
from helpers.text.compiled import Bools, Floats, Int32s, Int64s, UInt16s, UInt64s, compiled_in_place, compiled_within
from helpers.text.word_counts import SHIFT, Counts, slot_of

TEMPERATURE = 0.25  # of confidences: least log loss on the train half of the sources (benchmarks/testsets.py)
MARKS_A_PAIR = 16  # or up to twice as many, a byte each: few other pairs fall on one, and a cache has room for all
TIE = 1e-9  # of two paths that cost the same the one found first stays, so that the result is the same every time


@compiled_in_place
def price_now(
    step_prices: Floats,
    keys: UInt64s,
    prices: Prices,
    lexicon: Counts,
    marks: Bools,
    own_keys: UInt64s,
    own: int,
    own_count: float,
    prices_now: Floats,
) -> None:
    """Fill in the prices of steps in the light of a lexicon, less what the window itself put into it.

    Its own pairs are the first `own` of `own_keys`; each counts `own_count`. `marks` are those of the lexicon (see
    `marks_of`).

    `step_prices` (steps) is float64, `keys` (steps) uint64, `marks` (a power of two of them) bool, `own_keys` (`own`,
    or longer) uint64, `own_count` float64; `prices_now` (steps, or longer), which is filled in, float64.
    """
    known, counts = lexicon
    for step in range(len(keys)):
        price, key = step_prices[step], keys[step]
        if marks[_mark_of(marks, key)] and key:
            seen = counts[slot_of(known, key)]
            if seen > 0:
                for k in range(own):
                    if own_keys[k] == key:
                        seen -= own_count
                if seen > 0:
                    price = learnt_price(prices, price, seen)
        prices_now[step] = price


def marks_of(lexicon: Counts) -> Bools:
    """Mark the pairs that a lexicon knows: of nearly all others the marks tell, in less room, that it does not."""
    known = lexicon.keys[lexicon.keys != 0]
    marks = np.zeros(max(2, 1 << (MARKS_A_PAIR * len(known)).bit_length()), np.bool_)
    _set_marks(marks, known)
    return marks


@compiled_in_place
def _set_marks(marks: Bools, keys: UInt64s) -> None:
    """Set the marks of some keys: `marks` (a power of two of them) is bool, `keys` (n) uint64."""
    for key in keys:
        marks[_mark_of(marks, key)] = True


@compiled_within
def _mark_of(marks: Bools, key: np.uint64) -> np.uint64:
    """The place of a key's mark: `marks` (a power of two of them) is bool, the key and its place are uint64."""
    return (key ^ (key >> SHIFT)) & np.uint64(len(marks) - 1)


@compiled_in_place
def cheapest(starts: UInt16s, ends: UInt16s, prices: Floats, best: Floats, arrived: Int64s, cells: int) -> None:
    """Fill in what it costs to come to each cell and by which step; the numbers of steps count from 0.

    `starts` and `ends` (steps) are uint16, `prices` (steps, or longer) is float64; `best` and `arrived` (cells, or
    longer), which are filled in, are float64 and int64.
    """
    best[:cells] = np.inf
    best[0] = 0.0
    for step in range(len(starts)):
        cost = best[starts[step]] + prices[step]
        if cost < best[ends[step]] - TIE:
            best[ends[step]] = cost
            arrived[ends[step]] = step


@compiled_in_place
def confidences(
    starts: UInt16s,
    ends: UInt16s,
    prices: Floats,
    best: Floats,
    after: Floats,
    path: Int32s,
    width: int,
    sure: Floats,
    spun_totals: Floats,
    reference_totals: Floats,
) -> None:
    """Fill in for each step of a path how sure it is: 0 to 1, against every other reading of its first token.

    Every path consumes the step's first token by just one step, so the cheapest path through each rival step
    is known from the costs to both ends (`best` and `after`); their Boltzmann weights make a posterior.

    `starts` and `ends` (steps) are uint16, `path` (its steps) is int32; the others are float64: `prices` (steps),
    `best` and `after` (cells), `sure` (steps of the path), `spun_totals` (rows of the lattice) and
    `reference_totals` (`width`), or longer. `after`, `sure` and the totals are filled in.
    """
    cells = ends[-1] + 1
    after[:cells] = np.inf
    after[cells - 1] = 0.0
    for step in range(len(starts) - 1, -1, -1):
        after[starts[step]] = min(after[starts[step]], prices[step] + after[ends[step]])
    spun_totals[: cells // width] = 0.0
    reference_totals[:width] = 0.0
    row = 0
    for step in range(len(starts)):
        weight = _weight(step, starts, ends, prices, best, after, cells)
        if weight > 0:
            while starts[step] - row * width >= width:  # steps stand in the order of their cells: nothing is divided
                row += 1
            i, j = row, starts[step] - row * width
            j1 = ends[step] - row * width
            while j1 >= width:
                spun_totals[i] += weight
                i, j1 = i + 1, j1 - width
            for along in range(j, j1):
                reference_totals[along] += weight
    for k in range(len(path)):
        step = path[k]
        weight = _weight(step, starts, ends, prices, best, after, cells)
        i, i1, j = starts[step] // width, ends[step] // width, starts[step] % width
        sure[k] = weight / (spun_totals[i] if i1 > i else reference_totals[j])


@compiled_in_place
def _weight(
    step: int, starts: UInt16s, ends: UInt16s, prices: Floats, best: Floats, after: Floats, cells: int
) -> float:
    """The Boltzmann weight of the cheapest path through a step.

    `starts` and `ends` (steps) are uint16; `prices` (steps), `best` and `after` (cells), or longer, and the weight
    are float64; `step` and `cells` are integers.
    """
    cost = best[starts[step]] + prices[step] + after[ends[step]] - best[cells - 1]
    return exp(-cost / TEMPERATURE)
