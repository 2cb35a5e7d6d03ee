"""The tokens of two texts go in; the passages that stand elsewhere in the other text come out, and those that it lacks.

A spinner leaves names, numbers and rare words alone. Words and word groups that stand once in each text are
therefore seeds (see `helpers.anchors`); a sentence belongs where most of its seeds lead. The heaviest chain of
sentences that keep their order is the main flow, the others were moved.
"""

from typing import NamedTuple

import numpy as np

from helpers.anchors import NOWHERE, heaviest_chain, meeting_places
from helpers.compiled import compiled
from helpers.scan import LINE_BREAK_BEFORE, NO_SPACE
from helpers.similarity import common_subsequence
from helpers.vocabulary import CAPITAL, CLOSES, ENDS_SENTENCE, IS_ABBREVIATION, IS_FUNCTION, IS_WORD

LONGEST_SEED = 3  # words
FEWEST_SEEDS = 2  # one shared rare word can be chance, two in one sentence hardly
SHARE_OF_SEEDS = 0.15  # of a sentence's words must lead to one place
FEWEST_WORDS = 4  # shorter units (headings) are looked for elsewhere only as they stand
LONELY = 0.2  # of a unit's content words have an equal in the other text, at the most
SHORTEST_RIVAL = 0.6  # the shorter of two lonely units against the longer
SHORTEST_HEADING = 0.5  # “Came” against “Got here”
HEADING = 7  # tokens: so short a unit needs no function words in common to be the same one
SKELETON = 0.35  # shared function words and signs, as an Indel ratio; unrelated sentences have 0.1 to 0.3
FULL_STOP = 46


class Side(NamedTuple):
    """A text as alignment sees it: its characters, and of each token the offsets, the white space in front
    (see `helpers.scan`), the number of the folded word and the flags as written (see `helpers.vocabulary`)."""  # fmt: skip

    points: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    gaps: np.ndarray
    folds: np.ndarray
    flags: np.ndarray


@compiled
def unit_starts(side, words):
    """The first tokens of a text's units, and the number of tokens at the end.

    A unit is a sentence or a heading: it ends with a line, or with a full stop, question mark or exclamation mark
    (and the quotation marks behind it) in front of a capital, a figure or a sign, unless an abbreviation stands there.
    """
    count = len(side.folds)
    starts, found = np.empty(count + 1, np.int64), 0
    ended = True
    for k in range(count):
        flags = words.flags[side.folds[k]]
        lower = flags & IS_WORD and not side.flags[k] & CAPITAL
        if k == 0 or side.gaps[k] == LINE_BREAK_BEFORE or (ended and side.gaps[k] != NO_SPACE and not lower):
            starts[found] = k
            found += 1
            ended = False
        if flags & ENDS_SENTENCE:
            abbreviated = side.points[side.starts[k]] == FULL_STOP and k > 0 and side.gaps[k] == NO_SPACE
            ended = not (abbreviated and words.flags[side.folds[k - 1]] & IS_ABBREVIATION)
        elif not flags & CLOSES:
            ended = False
    starts[found] = count
    return starts[: found + 1].copy()


@compiled
def moved_passages(spun, reference, spun_units, reference_units, words):
    """The passages that stand in both texts in another order, a row each, in token positions: spun i0:i1 is
    reference j0:j1."""  # fmt: skip
    units, targets, seeds = _places(spun, reference, spun_units, reference_units, words)
    chain = heaviest_chain(targets, seeds)
    taken = np.zeros(len(reference_units), np.bool_)
    for k in range(len(units)):
        if chain[k]:
            taken[targets[k]] = True
    moves, found = np.empty((len(units), 4), np.int64), 0
    for k in range(len(units)):
        if chain[k]:
            continue
        unit, target = units[k], targets[k]
        last = moves[found - 1]
        follows = found > 0 and unit == last[1] + 1 and (target == last[3] or target == last[3] + 1)
        if follows and (target == last[3] or not taken[target]):
            last[1], last[3] = unit, target
        elif not taken[target]:
            moves[found, 0], moves[found, 1], moves[found, 2], moves[found, 3] = unit, unit, target, target
            found += 1
        taken[target] = True  # no sentence is moved to two places; what else leads there stays where it is
    for k in range(found):
        moves[k, 0], moves[k, 1] = spun_units[moves[k, 0]], spun_units[moves[k, 1] + 1]
        moves[k, 2], moves[k, 3] = reference_units[moves[k, 2]], reference_units[moves[k, 3] + 1]
    return moves[:found].copy()


@compiled
def _places(spun, reference, spun_units, reference_units, words):
    """The spun units that have a place: their numbers, the reference unit that the seeds lead to, the seeds' weight."""
    seeds = np.empty((LONGEST_SEED, len(spun.folds)), np.int64)
    for size in range(1, LONGEST_SEED + 1):
        seeds[size - 1] = meeting_places(spun.folds, reference.folds, size)
    unit_of = _unit_of_token(reference_units)
    count = len(spun_units) - 1
    units, targets, weights = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    found = 0
    votes = np.zeros(len(reference_units), np.int64)
    for unit in range(count):
        start, end = spun_units[unit], spun_units[unit + 1]
        best, size = NOWHERE, 0
        for i in range(start, end):
            size += words.flags[spun.folds[i]] & IS_WORD != 0
            for length in range(1, LONGEST_SEED + 1):
                j = seeds[length - 1, i]
                if j != NOWHERE and _tells(spun.folds[i : i + length], words):
                    votes[unit_of[j]] += length
        for i in range(start, end):
            for length in range(LONGEST_SEED):
                j = seeds[length, i]
                if j == NOWHERE or votes[unit_of[j]] == 0:
                    continue
                target = unit_of[j]
                if best == NOWHERE or votes[target] > votes[best] or (votes[target] == votes[best] and target < best):
                    best = target
        if best != NOWHERE:
            whole = size >= FEWEST_WORDS or _same(
                spun.folds[start:end], reference.folds[reference_units[best] : reference_units[best + 1]]
            )
            if whole and votes[best] >= max(FEWEST_SEEDS, SHARE_OF_SEEDS * size):
                units[found], targets[found], weights[found] = unit, best, votes[best]
                found += 1
        for i in range(start, end):
            for length in range(LONGEST_SEED):
                if seeds[length, i] != NOWHERE:
                    votes[unit_of[seeds[length, i]]] = 0
    return units[:found], targets[:found], weights[:found]


@compiled
def _tells(group, words):
    """Tell whether a group of words holds a content word."""
    for word in group:  # noqa: SIM110 - numba compiles a plain loop best
        if words.flags[word] & IS_WORD and not words.flags[word] & IS_FUNCTION:
            return True
    return False


@compiled
def _same(one, other):
    if len(one) != len(other):
        return False
    for k in range(len(one)):  # noqa: SIM110
        if one[k] != other[k]:
            return False
    return True


@compiled
def _unit_of_token(units):
    owner = np.empty(units[-1], np.int64)
    for unit in range(len(units) - 1):
        owner[units[unit] : units[unit + 1]] = unit
    return owner


@compiled
def foreign_tokens(folds, units, other_folds, other_units, match, moved, other_moved, words):
    """Mark the tokens of units that the other text lacks: site furniture on this side, dropped text on that.

    `match` has for every token the place of its equal in the other text. A unit is foreign when hardly any of its
    content words has an equal there, unless the other text has, at the same place, a unit as long that nothing
    else leads to: a heading of which every word was swapped (“Beneficial Tales” for “Recommended Stories”).
    """
    count = len(folds)
    foreign = np.zeros(count, np.bool_)
    lonely, any_lonely = np.zeros(len(units), np.bool_), False
    for unit in range(len(units) - 1):
        if not moved[units[unit]]:
            lonely[unit] = _is_lonely(folds, units[unit], units[unit + 1], match, words)
            any_lonely = any_lonely or lonely[unit]
    if not any_lonely:
        return foreign
    # The reference places of the nearest equal words in company, before and behind each unit.
    low, before = NOWHERE, np.empty(len(units), np.int64)
    for unit in range(len(units) - 1):
        before[unit] = low
        if not lonely[unit]:
            for i in range(units[unit], units[unit + 1]):
                low = match[i] if match[i] != NOWHERE else low
    high = len(other_folds)
    for unit in range(len(units) - 2, -1, -1):
        if not lonely[unit]:
            for i in range(units[unit + 1] - 1, units[unit] - 1, -1):
                high = match[i] if match[i] != NOWHERE else high
            continue
        here = folds[units[unit] : units[unit + 1]]
        rival = np.searchsorted(other_units, before[unit] + 1)
        found = False
        while not found and rival < len(other_units) - 1 and other_units[rival + 1] <= high + 1:
            start, end = other_units[rival], other_units[rival + 1]
            found = not other_moved[start] and _same_skeleton(here, other_folds[start:end])
            rival += 1
        if not found:
            foreign[units[unit] : units[unit + 1]] = True
    return foreign


@compiled
def _is_lonely(folds, start, end, match, words):
    contents, met, all_words, all_met = 0, 0, 0, 0
    for i in range(start, end):
        flags = words.flags[folds[i]]
        if flags & IS_WORD:
            equal = match[i] != NOWHERE
            all_words, all_met = all_words + 1, all_met + equal
            if not flags & IS_FUNCTION:
                contents, met = contents + 1, met + equal
    if contents == 0:
        contents, met = all_words, all_met
    return contents > 0 and met <= LONELY * contents


@compiled
def _same_skeleton(one, other):
    """Tell whether two units without a shared content word are still the same sentence, every word swapped."""
    shorter, longer = min(len(one), len(other)), max(len(one), len(other))
    if shorter < (SHORTEST_HEADING if longer <= HEADING else SHORTEST_RIVAL) * longer:
        return False
    return longer <= HEADING or 2 * common_subsequence(one, other) >= SKELETON * (len(one) + len(other))
