"""The tokens of two texts go in; the passages that stand elsewhere in the other text come out, and those that it lacks.

A spinner leaves names, numbers and rare words alone. Words and word groups that stand once in each text are
therefore seeds (see `anchors`); a sentence belongs where most of its seeds lead. The heaviest chain of
sentences that keep their order is the main flow, the others were moved.
"""

from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.anchors import NOWHERE, heaviest_chain, meeting_places
from helpers.comparison.alignment.string_similarity import common_subsequence
from helpers.comparison.alignment.vocabulary import (
    CAPITAL,
    CLOSES,
    ENDS_SENTENCE,
    GLUED,
    IS_ABBREVIATION,
    IS_FUNCTION,
    IS_JOINER,
    IS_WORD,
    Words,
    is_content,
)
from helpers.text.compiled import Bools, Int32s, Int64s, UInt8s, UInt16s, UInt32s, UInt64s, compiled, compiled_in_place
from helpers.text.scan import LINE_BREAK_BEFORE, NO_SPACE
from helpers.text.word_counts import mixed

LONGEST_SEED = 3  # words
FEWEST_SEEDS = 2  # one shared rare word can be chance, two in one sentence hardly
SHARE_OF_SEEDS = 0.15  # of a sentence's words must lead to one place
FEWEST_WORDS = 4  # shorter units (headings) are looked for elsewhere only as they stand
BY_CHANCE = 0.15  # of the equals of either of two units are less between the two
LONELY = 0.2  # of a unit's content words have an equal in the other text, at the most
SHORTEST_RIVAL = 0.6  # the shorter of two lonely units against the longer
SHORTEST_HEADING = 0.5  # “Came” against “Got here”
HEADING = 7  # tokens: so short a unit needs no function words in common to be the same one
MOST_PAIRS = 10_000  # of units that are compared with each other; a gap that has more is a passage rewritten
LONGEST_HEADING = 12  # tokens
SAME_BUILD = 0.85  # headings that moved, every word swapped but one or two
SKELETON_OF_HEADING = 0.25
SKELETON = 0.35  # shared function words and signs, as an Indel ratio; unrelated sentences have 0.1 to 0.3
FULL_STOP, ZERO, NINE = 46, 48, 57  # characters, as numbers


class Side(NamedTuple):
    """A text as alignment sees it.

    Of each token the offsets, the white space in front (see `scan`), the number of the folded
    word and the flags as written (see `vocabulary`); of each unit the first token, the number of tokens last.
    """

    starts: Int32s
    ends: Int32s
    gaps: UInt8s
    folds: Int32s
    flags: UInt8s
    units: Int64s


@compiled
def unit_starts(
    points: UInt32s, token_starts: Int32s, gaps: UInt8s, folds: Int32s, written: UInt8s, words: Words
) -> Int64s:
    """The first tokens of a text's units, and the number of tokens at the end.

    A unit is a sentence or a heading: it ends with a line that does not break a word (govern- / ment), or with a full
    stop, question mark or exclamation mark (and the quotation marks behind it) in front of a capital, a figure or a
    sign, unless an abbreviation stands there.

    `points` (characters) is uint32, `token_starts` and `folds` (tokens) are int32, `gaps` and `written` (tokens)
    uint8; the result (units + 1) is int64.
    """
    count = len(folds)
    starts, found = np.empty(count + 1, np.int64), 0
    ended = True
    for k in range(count):
        flags = words.flags[folds[k]]
        figure = ZERO <= points[token_starts[k]] <= NINE
        lower = flags & IS_WORD and not written[k] & CAPITAL and not figure
        broken = lower and k > 1 and words.flags[folds[k - 1]] & IS_JOINER and gaps[k - 1] == NO_SPACE
        if k == 0 or (gaps[k] == LINE_BREAK_BEFORE and not broken) or (ended and gaps[k] != NO_SPACE and not lower):
            starts[found] = k
            found += 1
            ended = False
        if flags & ENDS_SENTENCE:
            abbreviated = points[token_starts[k]] == FULL_STOP and k > 0 and gaps[k] == NO_SPACE
            ended = not (abbreviated and words.flags[folds[k - 1]] & IS_ABBREVIATION)
        elif not flags & CLOSES:
            ended = False
    starts[found] = count
    return starts[: found + 1].copy()


@compiled
def unit_keys(folds: Int32s | UInt64s, units: Int64s) -> UInt64s:
    """A hash of each unit's words.

    `folds` (tokens) is int32, or uint64 where words are known by their keys; `units` (units + 1) is int64, the hashes
    (units) uint64.
    """
    keys = np.empty(len(units) - 1, np.uint64)
    for unit in range(len(keys)):
        key = np.uint64(units[unit + 1] - units[unit])
        for k in range(units[unit], units[unit + 1]):
            key = mixed(key, np.uint64(folds[k]))
        keys[unit] = key | np.uint64(1)  # 0 is an empty place in a table
    return keys


@compiled
def moved_passages(spun: Side, reference: Side, words: Words) -> Int64s:
    """The passages that stand in both texts in another order, a row each: spun i0:i1 is reference j0:j1 (tokens).

    The result (passages x 4) is int64.
    """
    spun_units, reference_units = spun.units, reference.units
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
def _places(
    spun: Side, reference: Side, spun_units: Int64s, reference_units: Int64s, words: Words
) -> tuple[Int64s, Int64s, Int64s]:
    """The spun units that have a place: their numbers, the reference unit that the seeds lead to, the seeds' weight.

    `spun_units` and `reference_units` (units + 1) are int64, and so are the results (units that have a place).
    """
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
                if j != NOWHERE and _tells(spun.folds, i, i + length, words.flags):
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


@compiled_in_place
def _tells(folds: Int32s, start: int, end: int, word_flags: UInt16s) -> bool:
    """Tell whether the group of words folds[start:end] holds a content word.

    `folds` (n) is int32, `word_flags` (words) uint16, places are integers.
    """
    for k in range(start, end):  # noqa: SIM110 - numba compiles a plain loop best
        if is_content(word_flags[folds[k]]):
            return True
    return False


@compiled_in_place
def _same(one: Int32s, other: Int32s) -> bool:
    """Tell whether two runs of words are the same.

    `one` (n) and `other` (m) are int32.
    """
    if len(one) != len(other):
        return False
    for k in range(len(one)):  # noqa: SIM110
        if one[k] != other[k]:
            return False
    return True


@compiled
def _unit_of_token(units: Int64s) -> Int64s:
    """For every token the number of the unit in which it stands.

    `units` (units + 1) is int64, and so is the result (tokens).
    """
    owner = np.empty(units[-1], np.int64)
    for unit in range(len(units) - 1):
        owner[units[unit] : units[unit + 1]] = unit
    return owner


@compiled
def set_apart(
    spun: Side,
    reference: Side,
    match: Int64s,
    back: Int64s,
    spun_apart: Bools,
    reference_apart: Bools,
    spun_recurs: Bools,
    reference_recurs: Bools,
    words: Words,
) -> Int64s:
    """Find the units that one text lacks: site furniture in the spun text, dropped text in the reference.

    `match` and `back` have for every token of either text the place of its equal in the other. A unit is lonely when
    hardly any of its content words has an equal there. It is not foreign for that: between the same neighbours the
    other text may have its counterpart, with every word swapped (“Beneficial Tales” for “Recommended Stories”), so
    the lonely units of both texts are paired, in order. Those that stay alone are foreign, but for short ones that
    have a counterpart of their own build elsewhere: those moved.

    Marks the tokens set apart (in place) and returns the moves found, a row each, as `moved_passages` does.

    `match` and `back` (tokens) are int64, all other arrays bool: `spun_apart` and `reference_apart` (tokens),
    `spun_recurs` and `reference_recurs` (units). The moves (moves x 4) are int64.
    """
    _drop_strays(spun, reference, match, back)
    spun_lonely = _lonely_units(spun, match, spun_apart, words)
    reference_lonely = _lonely_units(reference, back, reference_apart, words)
    no_moves = np.empty((0, 4), np.int64)
    if not (np.any(spun_lonely) or np.any(reference_lonely)):
        return no_moves
    spun_gaps = _gaps(spun, reference, match, spun_lonely, reference_lonely, spun_apart)
    reference_gaps = _gaps(reference, spun, back, reference_lonely, spun_lonely, reference_apart)
    u, v = 0, 0
    while u < len(spun_gaps) and v < len(reference_gaps):
        if spun_gaps[u] < 0 or spun_gaps[u] < reference_gaps[v]:
            u += 1
        elif reference_gaps[v] < 0 or reference_gaps[v] < spun_gaps[u]:
            v += 1
        else:
            gap, first, other_first = spun_gaps[u], u, v
            while u < len(spun_gaps) and (spun_gaps[u] == gap or spun_gaps[u] < 0):
                u += 1
            while v < len(reference_gaps) and (reference_gaps[v] == gap or reference_gaps[v] < 0):
                v += 1
            _pair_units(
                spun, first, u, spun_gaps, spun_lonely, spun_recurs,
                reference, other_first, v, reference_gaps, reference_lonely, reference_recurs,
            )  # fmt: skip
    moves = _crossings(spun, spun_lonely, spun_recurs, reference, reference_lonely, words)
    _mark(spun, spun_lonely, spun_apart)
    _mark(reference, reference_lonely, reference_apart)
    return moves


@compiled
def _drop_strays(spun: Side, reference: Side, match: Int64s, back: Int64s) -> None:
    """Take away the equals that two units have in common by chance: few of all that either has.

    “Hole” in a heading may have its equal in a sentence that belongs to another one. Not so where words are glued:
    there a line of the other text may be swallowed whole.

    `match` and `back` (tokens of either text), which are changed in place, are int64.
    """
    unit_of, unit_of_other = _unit_of_token(spun.units), _unit_of_token(reference.units)
    met, other_met = np.zeros(len(spun.units), np.int64), np.zeros(len(reference.units), np.int64)
    for i in range(len(match)):
        if match[i] != NOWHERE:
            met[unit_of[i]] += 1
            other_met[unit_of_other[match[i]]] += 1
    i = 0
    while i < len(match):
        if match[i] == NOWHERE:
            i += 1
            continue
        # Equals follow each other in both texts, so those of two units stand in a row.
        unit, other, start, together = unit_of[i], unit_of_other[match[i]], i, 0
        while i < len(match) and (match[i] == NOWHERE or (unit_of[i] == unit and unit_of_other[match[i]] == other)):
            together += match[i] != NOWHERE
            i += 1
        by_chance = together < BY_CHANCE * max(met[unit], other_met[other])
        if by_chance and not (_is_glued(spun, unit) or _is_glued(reference, other)):
            for k in range(start, i):
                if match[k] != NOWHERE:
                    back[match[k]] = NOWHERE
                    match[k] = NOWHERE


@compiled
def _is_glued(side: Side, unit: int) -> bool:
    """Tell whether a unit has a token that looks like two words run together.

    `unit` is an integer.
    """
    for k in range(side.units[unit], side.units[unit + 1]):  # noqa: SIM110 - numba compiles a plain loop best
        if side.flags[k] & GLUED:
            return True
    return False


@compiled
def _mark(side: Side, lonely: Bools, apart: Bools) -> None:
    """Mark the tokens of lonely units as set apart.

    `lonely` (units) and `apart` (tokens), which is filled in, are bool.
    """
    for unit in range(len(lonely)):
        if lonely[unit]:
            apart[side.units[unit] : side.units[unit + 1]] = True


@compiled
def _lonely_units(side: Side, match: Int64s, apart: Bools, words: Words) -> Bools:
    """Mark the units of which hardly any content word has an equal in the other text.

    `match` (tokens) is int64, `apart` (tokens) bool, the marks (units) are bool.
    """
    lonely = np.zeros(len(side.units) - 1, np.bool_)
    for unit in range(len(lonely)):
        start, end = side.units[unit], side.units[unit + 1]
        contents, met, all_words, all_met = 0, 0, 0, 0
        for i in range(start, end):
            flags = words.flags[side.folds[i]]
            if flags & IS_WORD:
                equal = match[i] != NOWHERE
                all_words, all_met = all_words + 1, all_met + equal
                if not flags & IS_FUNCTION:
                    contents, met = contents + 1, met + equal
        if contents == 0:
            contents, met = all_words, all_met
        lonely[unit] = contents > 0 and met <= LONELY * contents and not apart[start]
    return lonely


@compiled
def _gaps(side: Side, other: Side, match: Int64s, lonely: Bools, other_lonely: Bools, apart: Bools) -> Int64s:
    """For every unit without a firm equal the number of firm equals in front of it; -1 for all other units.

    Two equal tokens are firm where neither stands in a lonely unit, so a gap has the same number in both texts.

    `match` (tokens) is int64; `lonely` (units), `other_lonely` (units of the other text) and `apart` (tokens) are
    bool; the result (units) is int64.
    """
    unit_of_other = _unit_of_token(other.units)
    gaps, firm = np.empty(len(side.units) - 1, np.int64), 0
    for unit in range(len(gaps)):
        gaps[unit] = firm
        if apart[side.units[unit]]:
            gaps[unit] = -1
        elif not lonely[unit]:
            for i in range(side.units[unit], side.units[unit + 1]):
                if match[i] != NOWHERE and not other_lonely[unit_of_other[match[i]]]:
                    firm += 1
                    gaps[unit] = -1
    return gaps


@compiled
def _pair_units(
    spun: Side,
    u0: int,
    u1: int,
    gaps: Int64s,
    lonely: Bools,
    recurs: Bools,
    reference: Side,
    v0: int,
    v1: int,
    other_gaps: Int64s,
    other_lonely: Bools,
    other_recurs: Bools,
) -> None:
    """Pair the units of a gap in order, so that they are as alike as can be; those that find one are not lonely.

    Of either text the gaps (units) are int64, lonely and recurring units (units) bool; the units of the gap, u0:u1
    and v0:v1, are integers. `lonely` and `other_lonely` are changed in place.
    """
    if (u1 - u0) * (v1 - v0) > MOST_PAIRS:
        return  # a passage rewritten throughout
    width = v1 - v0 + 1
    best = np.zeros((u1 - u0 + 1, width))
    alike = np.zeros((u1 - u0, width))
    one_each = np.sum(gaps[u0:u1] >= 0) == 1 and np.sum(other_gaps[v0:v1] >= 0) == 1
    for u in range(u1 - u0 - 1, -1, -1):
        for v in range(v1 - v0 - 1, -1, -1):
            best[u, v] = max(best[u + 1, v], best[u, v + 1])
            if gaps[u0 + u] < 0 or other_gaps[v0 + v] < 0:
                continue
            one, other = _unit(spun, u0 + u), _unit(reference, v0 + v)
            # What stands on pages with different sources, and in one source only, is the site's, unless the two are
            # built alike (“Supply hyperlink” for “Source link”).
            if not recurs[u0 + u] or other_recurs[v0 + v] or len(one) == len(other):
                inside = one_each and _in_a_paragraph(spun, u0 + u) and _in_a_paragraph(reference, v0 + v)
                alike[u, v] = _likeness(one, other, inside)
                if alike[u, v] > 0:
                    best[u, v] = max(best[u, v], best[u + 1, v + 1] + alike[u, v])
    u, v = 0, 0
    while u < u1 - u0 and v < v1 - v0:
        if alike[u, v] > 0 and best[u, v] == best[u + 1, v + 1] + alike[u, v]:
            lonely[u0 + u], other_lonely[v0 + v] = False, False
            u, v = u + 1, v + 1
        elif best[u, v] == best[u + 1, v]:
            u += 1
        else:
            v += 1


@compiled
def _unit(side: Side, unit: int) -> Int32s:
    """The folded words of a unit.

    `unit` is an integer, the result (tokens of the unit) int32.
    """
    return side.folds[side.units[unit] : side.units[unit + 1]]


@compiled
def _in_a_paragraph(side: Side, unit: int) -> bool:
    """Tell whether a unit has other text on its line: headings and furniture have none.

    `unit` is an integer.
    """
    start, end = side.units[unit], side.units[unit + 1]
    if start and side.gaps[start] != LINE_BREAK_BEFORE:
        return True
    return end < len(side.folds) and side.gaps[end] != LINE_BREAK_BEFORE


@compiled
def _likeness(one: Int32s, other: Int32s, inside: bool) -> float:
    """How likely two units without a shared content word are the same sentence, every word swapped; 0: they are not.

    `inside` (bool) tells that both stand inside a paragraph, each alone between the same neighbours: then their place
    says enough. `one` (n) and `other` (m) are int32, the likeness is float64.
    """
    shorter, longer = min(len(one), len(other)), max(len(one), len(other))
    if shorter < (SHORTEST_HEADING if longer <= LONGEST_HEADING else SHORTEST_RIVAL) * longer:
        return 0.0
    shared = 2 * common_subsequence(one, other) / (len(one) + len(other))
    if longer > HEADING and not inside and shared < (SKELETON_OF_HEADING if longer <= LONGEST_HEADING else SKELETON):
        return 0.0
    return shared + shorter / longer


@compiled
def _crossings(spun: Side, lonely: Bools, recurs: Bools, reference: Side, other_lonely: Bools, words: Words) -> Int64s:
    """The moves of lonely headings: each has the other for the one most of its build. They are not lonely any more.

    `lonely`, `recurs` and `other_lonely` (units of either text) are bool, the moves (moves x 4) int64. `lonely` and
    `other_lonely` are changed in place.
    """
    here, there = np.flatnonzero(lonely), np.flatnonzero(other_lonely)
    moves, found = np.empty((min(len(here), len(there)), 4), np.int64), 0
    if len(here) * len(there) > MOST_PAIRS:
        return moves[:0]
    build = np.zeros((len(here), len(there)))
    for u in range(len(here)):
        for v in range(len(there)):
            if not recurs[here[u]]:
                build[u, v] = _same_build(_unit(spun, here[u]), _unit(reference, there[v]), words)
    for u in range(len(here)):
        best = np.argmax(build[u]) if len(there) else 0
        if len(there) and build[u, best] >= SAME_BUILD and np.argmax(build[:, best]) == u:
            moves[found, 0], moves[found, 1] = spun.units[here[u]], spun.units[here[u] + 1]
            moves[found, 2], moves[found, 3] = reference.units[there[best]], reference.units[there[best] + 1]
            lonely[here[u]], other_lonely[there[best]] = False, False
            found += 1
    return moves[:found].copy()


@compiled
def _same_build(one: Int32s, other: Int32s, words: Words) -> float:
    """How alike two headings are when any word that they do not share is like any other: an Indel ratio.

    0 where they share no word.

    `one` (n) and `other` (m) are int32, the ratio is float64.
    """
    if max(len(one), len(other)) > LONGEST_HEADING:
        return 0.0
    build, other_build = np.full(len(one), NOWHERE), np.full(len(other), NOWHERE)
    shared = False
    for k in range(len(one)):
        for h in range(len(other)):
            if one[k] == other[h]:
                build[k], other_build[h] = one[k], one[k]
                shared = shared or words.flags[one[k]] & IS_WORD != 0
    return 2 * common_subsequence(build, other_build) / (len(one) + len(other)) if shared else 0.0
