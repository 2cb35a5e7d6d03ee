"""Two short runs of differing tokens go in; the cheapest way to turn one into the other by phrases comes out.

Between two anchors an aligned pair differs by a handful of words. The lattice holds every step by which both sides
can advance (a phrase for a phrase, a word put in or left out, an equal word) with its price; the cheapest path
through it is found in one pass, and found anew, without pricing again, whenever a corpus has taught more.

A cell (i, j) of the lattice of n spun and m reference tokens has the number i * (m + 1) + j. A step is a cell where
it starts, one where it ends, a price and, where a phrase stands for a phrase, the pair's key; no key is 0.
"""

from math import exp
from typing import NamedTuple

import numpy as np

from helpers.compiled import compiled
from helpers.phrases import (
    LONGEST,
    LONGEST_TOGETHER,
    describe_phrases,
    learnt_price,
    prior_price,
    room_for_phrases,
)
from helpers.vocabulary import CAPITAL, GLUED, IS_FUNCTION, IS_WORD
from helpers.webcounts import mixed, slot_of

STRONG_TIE = 1.2  # cohesion of a set phrase; chance neighbours stay below 1
TEMPERATURE = 0.25  # of confidences: least log loss on the train half of the sources (benchmarks/testsets.py)
TIE = 1e-9  # of two paths that cost the same the one found first stays, so that the result is the same every time
NO_KEY = np.uint64(0)


class Run(NamedTuple):
    """Tokens of one side of a window: number of the folded word, flags as written, line breaks in front."""

    folds: np.ndarray
    flags: np.ndarray
    breaks: np.ndarray


class Steps(NamedTuple):
    """The steps of lattices, one below the other."""

    starts: np.ndarray
    ends: np.ndarray
    prices: np.ndarray
    keys: np.ndarray


@compiled
def room_for_steps(size):
    """Make room for some steps."""
    return Steps(np.empty(size, np.int16), np.empty(size, np.int16), np.empty(size), np.empty(size, np.uint64))


@compiled
def _more_room(steps, used):
    """Steps with room for twice as many, the used ones in place."""
    wider = room_for_steps(2 * len(steps.starts))
    wider.starts[:used] = steps.starts[:used]
    wider.ends[:used] = steps.ends[:used]
    wider.prices[:used] = steps.prices[:used]
    wider.keys[:used] = steps.keys[:used]
    return wider


@compiled
def room_for_a_side(size):
    """Make room for what is worked out about one side of a window of up to `size` tokens."""
    return room_for_phrases(size), np.empty(size), np.empty(size + 1, np.int64)


@compiled
def add_steps(steps, used, spun, reference, words, bigrams, prices, spun_room, reference_room):
    """Price every step of a window and put it behind the `used` ones; returns the steps and how many are used.

    Time and memory grow with the product of the two lengths: hand in some dozen tokens.
    """
    n, m = len(spun.folds), len(reference.folds)
    ones, spun_ties, spun_breaks = spun_room
    others, reference_ties, reference_breaks = reference_room
    describe_phrases(spun.folds, words, bigrams, prices, ones, spun_ties)
    describe_phrases(reference.folds, words, bigrams, prices, others, reference_ties)
    _add_up(spun.breaks, spun_breaks)
    _add_up(reference.breaks, reference_breaks)
    width = m + 1
    for i in range(n + 1):
        for j in range(m + 1):
            if used + 3 + LONGEST * LONGEST > len(steps.starts):
                steps = _more_room(steps, used)
            here = i * width + j
            if i < n:
                price = _stray_price(prices, words, spun.folds, i, spun_ties, spun.folds, reference.folds, i, j, 1, 0)
                used = _put(steps, used, here, here + width, price, NO_KEY)
            if j < m:
                price = _stray_price(
                    prices, words, reference.folds, j, reference_ties, spun.folds, reference.folds, i, j, 0, 1
                )
                used = _put(steps, used, here, here + 1, price, NO_KEY)
            if i == n or j == m:
                continue
            if spun.folds[i] == reference.folds[j]:
                price = _same_price(prices, words.flags[spun.folds[i]])
                used = _put(steps, used, here, here + width + 1, price, NO_KEY)
            for k in range(min(LONGEST, n - i)):
                if not ones.valid[i, k]:
                    continue
                for h in range(min(LONGEST, m - j, LONGEST_TOGETHER - k - 1)):
                    if not others.valid[j, h]:
                        continue
                    price = prior_price(
                        prices, words, ones, i, spun.folds[i : i + k + 1], others, j, reference.folds[j : j + h + 1]
                    )
                    if price == np.inf:
                        continue
                    if (spun.flags[i] ^ reference.flags[j]) & CAPITAL:
                        price += prices.case_changed
                    # Line breaks in front of a token are counted with it: those inside a phrase are what lies between.
                    breaks = spun_breaks[i + k + 1] - spun_breaks[i + 1]
                    breaks += reference_breaks[j + h + 1] - reference_breaks[j + 1]
                    if breaks:
                        glued = (k == 0 and spun.flags[i] & GLUED) or (h == 0 and reference.flags[j] & GLUED)
                        if min(k, h) == 0 and _same_letters(
                            words, spun.folds[i : i + k + 1], reference.folds[j : j + h + 1]
                        ):
                            price += prices.glued
                        elif glued and breaks == 1:
                            price += prices.glued_and_swapped
                        else:
                            price += breaks * prices.across_a_line_break
                    key = mixed(ones.keys[i, k], others.keys[j, h])
                    used = _put(steps, used, here, (i + k + 1) * width + j + h + 1, price, key)
    return steps, used


@compiled
def _put(steps, used, start, end, price, key):
    steps.starts[used], steps.ends[used], steps.prices[used], steps.keys[used] = start, end, price, key
    return used + 1


@compiled
def _add_up(breaks, sums):
    sums[0] = 0
    for i in range(len(breaks)):
        sums[i + 1] = sums[i] + breaks[i]


@compiled
def _stray_price(prices, words, side, place, ties, spun, reference, i, j, spun_step, reference_step):
    """The price of a word without a counterpart: less beside an unchanged word with which it makes a set phrase."""
    if not words.flags[side[place]] & IS_WORD:
        return prices.stray_punctuation
    before = i > 0 and j > 0 and spun[i - 1] == reference[j - 1] and ties[place - 1] > STRONG_TIE
    a, b = i + spun_step, j + reference_step
    after = a < len(spun) and b < len(reference) and spun[a] == reference[b] and ties[place] > STRONG_TIE
    return prices.inserted_word + (prices.inserted_beside_its_partner if before or after else 0.0)


@compiled
def _same_price(prices, flags):
    if not flags & IS_WORD:
        return prices.same_punctuation
    return prices.same_function_word if flags & IS_FUNCTION else prices.same_content_word


@compiled
def _same_letters(words, phrase, other):
    """Tell whether two phrases are the same but for where their words end."""
    k, at, h, other_at = 0, 0, 0, 0
    while k < len(phrase) and h < len(other):
        start, other_start = words.starts[phrase[k]], words.starts[other[h]]
        length, other_length = words.lengths[phrase[k]], words.lengths[other[h]]
        if length == 0 or other_length == 0 or words.letters[start + at] != words.letters[other_start + other_at]:
            return False
        at, other_at = at + 1, other_at + 1
        if at == length:
            k, at = k + 1, 0
        if other_at == other_length:
            h, other_at = h + 1, 0
    return k == len(phrase) and h == len(other)


@compiled
def price_now(steps, step, prices, lexicon, own_keys, own_counts):
    """The price of a step in the light of a lexicon, less what the window itself put into it."""
    key = steps.keys[step]
    if key == 0 or len(lexicon.keys) == 1:
        return steps.prices[step]
    seen = lexicon.counts[slot_of(lexicon.keys, key)]
    if seen > 0:
        for k in range(len(own_keys)):
            if own_keys[k] == key:
                seen -= own_counts
                break
    return learnt_price(prices, steps.prices[step], seen) if seen > 0 else steps.prices[step]


@compiled
def cheapest(starts, ends, prices, best, arrived, cells):
    """Fill in what it costs to come to each cell and by which step; the numbers of steps count from 0."""
    best[:cells] = np.inf
    best[0] = 0.0
    for step in range(len(starts)):
        cost = best[starts[step]] + prices[step]
        if cost < best[ends[step]] - TIE:
            best[ends[step]] = cost
            arrived[ends[step]] = step


@compiled
def confidences(starts, ends, prices, best, after, path, width, sure, spun_totals, reference_totals):
    """Fill in for each step of a path how sure it is: 0 to 1, against every other reading of its first token.

    Every path consumes the step's first token by just one step, so the cheapest path through each rival step
    is known from the costs to both ends (`best` and `after`); their Boltzmann weights at `TEMPERATURE` make a posterior.
    """
    cells = ends[-1] + 1
    after[:cells] = np.inf
    after[cells - 1] = 0.0
    for step in range(len(starts) - 1, -1, -1):
        after[starts[step]] = min(after[starts[step]], prices[step] + after[ends[step]])
    spun_totals[: cells // width] = 0.0
    reference_totals[:width] = 0.0
    for step in range(len(starts)):
        weight = _weight(step, starts, ends, prices, best, after, cells)
        if weight > 0:
            for i in range(starts[step] // width, ends[step] // width):
                spun_totals[i] += weight
            for j in range(starts[step] % width, ends[step] % width):
                reference_totals[j] += weight
    for k in range(len(path)):
        step = path[k]
        weight = _weight(step, starts, ends, prices, best, after, cells)
        i, i1, j = starts[step] // width, ends[step] // width, starts[step] % width
        sure[k] = weight / (spun_totals[i] if i1 > i else reference_totals[j])


@compiled
def _weight(step, starts, ends, prices, best, after, cells):
    cost = best[starts[step]] + prices[step] + after[ends[step]] - best[cells - 1]
    return exp(-cost / TEMPERATURE)
