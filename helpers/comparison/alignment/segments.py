"""A spun text and its reference go in; what is equal, what moved and the windows of differing words come out.

Moved passages, and passages that one text lacks, are set apart first. In what remains the equal tokens are found
with a compiled edit distance; runs of them that weigh enough are anchors, and what lies between two is a window.
"""

from collections.abc import Iterable
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.anchors import NOWHERE, equal_runs, table_width
from helpers.comparison.alignment.edit_costs import APART
from helpers.comparison.alignment.em_reader import Windows
from helpers.comparison.alignment.lattice import NEVER
from helpers.comparison.alignment.moved_passages import Side, moved_passages, set_apart, unit_keys, unit_starts
from helpers.comparison.alignment.vocabulary import IS_FUNCTION, IS_WORD, Vocabulary, Words, is_content
from helpers.text.compiled import (
    Bools,
    Int32s,
    Int64s,
    UInt8s,
    UInt16s,
    UInt64s,
    compiled,
    compiled_in_place,
    compiled_within,
)
from helpers.text.scan import LINE_BREAK_BEFORE, code_points, scan
from helpers.text.word_counts import slot_of

STRONG_RUN = 1.0  # equal tokens of this weight stop a window: one content word, or a few function words
CONTENT_WEIGHT, FUNCTION_WEIGHT, SIGN_WEIGHT = 1.0, 0.3, 0.2
WIDEST_WINDOW = 40  # tokens a side: the phrase programme's time grows with the square
# Spun as hard as three dictionaries can, corpus articles keep 0.37 of their content words or more; two articles that
# have nothing to do with each other share at most 0.05 (an extract of 600 characters) in order.
UNRELATED = 0.15
FEWEST_TO_JUDGE = 30  # content words; in a shorter text, of a long sentence, the share says little
NOT_APART = np.uint64(0)
AT_ONCE = 256  # texts that are read together


class Pair(NamedTuple):
    """A spun text and its reference, cut up.

    `moves` has a row for each moved passage, in token positions (spun i0:i1 is reference j0:j1). A flow is the tokens
    that are compared with each other: the main flow first, then one for each move. `spun_flow` and `reference_flow`
    are the token positions of all flows, one behind the other. `segments` has a row for each equal run and window, in
    places of these: flow, whether it is a window, spun start and end, reference start and end.
    """

    spun: Side
    reference: Side
    moves: Int64s
    spun_flow: Int32s
    reference_flow: Int32s
    segments: Int32s
    flipped: bool
    related: bool


def side(text: str, vocabulary: Vocabulary) -> Side:
    """Return a text as alignment sees it."""
    return _sides([text], vocabulary)[0]


def sides_of(texts: list[str], vocabulary: Vocabulary) -> dict[str, Side]:
    """Return what `side` does by text; of many texts together, the words that are new are soon taken in."""
    found: dict[str, Side] = {}
    for first in range(0, len(texts), AT_ONCE):
        block = texts[first : first + AT_ONCE]
        found.update(zip(block, _sides(block, vocabulary), strict=True))
    return found


def _sides(texts: list[str], vocabulary: Vocabulary) -> list[Side]:
    points = list(map(code_points, texts))
    scans = list(map(scan, points))
    sides = []
    for signs, found, (folds, flags) in zip(points, scans, vocabulary.look_up_all(texts, scans), strict=True):
        units = unit_starts(signs, found.starts, found.gaps, folds, flags, vocabulary.words)
        sides.append(Side(found.starts, found.ends, found.gaps, folds, flags, units))
    return sides


def recurring(sides: list[Side], references: list[int], apart: Iterable[bool] = ()) -> list[Bools]:
    """Mark for each text the units that stand in texts with different references, given as numbers.

    Where a site puts the same line on pages made from different sources, the line is its own. (For the references
    themselves, hand in a number for each.) Texts that stand `apart` (see `Windows`) are looked through by themselves.
    """
    keys = [
        unit_keys(side.folds, side.units) ^ (APART if mark else NOT_APART) for side, mark in zip_longest(sides, apart)
    ]
    sizes = [len(part) for part in keys]
    if not sizes:
        return []
    marks = _stand_twice(np.concatenate(keys), np.repeat(np.array(references, np.int64), sizes))
    return np.split(marks, np.cumsum(sizes)[:-1])


@compiled
def _stand_twice(keys: UInt64s, owners: Int64s) -> Bools:
    """Mark the keys that stand with more than one owner.

    `keys` (n) is uint64, `owners` (n) int64, the marks (n) are bool.
    """
    width = table_width(len(keys))
    table, first, twice = np.zeros(width, np.uint64), np.empty(width, np.int64), np.zeros(width, np.bool_)
    for k in range(len(keys)):
        slot = slot_of(table, keys[k])
        if table[slot]:
            twice[slot] |= first[slot] != owners[k]
        else:
            table[slot], first[slot] = keys[k], owners[k]
    marks = np.empty(len(keys), np.bool_)
    for k in range(len(keys)):
        marks[k] = twice[slot_of(table, keys[k])]
    return marks


def cut(
    spun: Side, reference: Side, flipped: bool, vocabulary: Vocabulary, spun_recurs: Bools, reference_recurs: Bools
) -> Pair:
    """Find the passages and the windows of a pair; nothing is decided inside the windows yet.

    `flipped` tells whether the spun text comes after the reference (see `comes_after`); `spun_recurs` and
    `reference_recurs` mark the units that recur (see `recurring`).
    """
    return Pair(spun, reference, *_cut(spun, reference, flipped, vocabulary.words, spun_recurs, reference_recurs))


def comes_after(text: str, other: str) -> bool:
    """Tell whether a text comes after another, by length and then by its characters.

    >>> comes_after("the", "is"), comes_after("is", "it")
    (True, False)
    """
    return (len(text), text) > (len(other), other)


@compiled
def _cut(
    spun: Side, reference: Side, flipped: bool, words: Words, spun_recurs: Bools, reference_recurs: Bools
) -> tuple[Int64s, Int32s, Int32s, Int32s, bool, bool]:
    """The passages and windows of a pair, as the columns of `Pair` from `moves` on.

    `flipped` is bool, `spun_recurs` and `reference_recurs` (units) are bool; the results have the dtypes and shapes of
    `Pair`.
    """
    moves = moved_passages(spun, reference, words)
    spun_apart, reference_apart = _moved(moves, len(spun.folds), 0), _moved(moves, len(reference.folds), 2)
    spun_main, reference_main = np.flatnonzero(~spun_apart), np.flatnonzero(~reference_apart)
    runs = _equal_runs(spun.folds[spun_main], reference.folds[reference_main], words, flipped)
    match, back = _matches(runs, spun_main, reference_main, len(spun.folds), len(reference.folds))
    headings = moves[:0].copy()
    if min(len(spun.units), len(reference.units)) > 2:  # of a lone sentence nothing is foreign
        headings = set_apart(
            spun, reference, match, back, spun_apart, reference_apart, spun_recurs, reference_recurs, words
        )
    if len(headings):
        moves = np.concatenate((moves, headings))
        spun_apart |= _moved(headings, len(spun.folds), 0)
        reference_apart |= _moved(headings, len(reference.folds), 2)
    if np.sum(~spun_apart) < len(spun_main) or np.sum(~reference_apart) < len(reference_main):
        spun_main, reference_main = np.flatnonzero(~spun_apart), np.flatnonzero(~reference_apart)
        runs = _equal_runs(spun.folds[spun_main], reference.folds[reference_main], words, flipped)
    # The main flow first, then one for each move.
    i, j = len(spun_main), len(reference_main)
    room = np.sum(moves[:, 1] - moves[:, 0]), np.sum(moves[:, 3] - moves[:, 2])
    spun_flow, reference_flow = np.empty(i + room[0], np.int32), np.empty(j + room[1], np.int32)
    spun_flow[:i], reference_flow[:j] = spun_main, reference_main
    segments = np.empty((2 * (min(len(spun_flow), len(reference_flow)) + len(moves)) + 1, 6), np.int32)
    found = _add_segments(segments, 0, spun.folds[spun_main], j, runs, words, 0, 0, 0)
    for k in range(len(moves)):
        i0, i1, j0, j1 = moves[k, 0], moves[k, 1], moves[k, 2], moves[k, 3]
        runs = _equal_runs(spun.folds[i0:i1], reference.folds[j0:j1], words, flipped)
        found = _add_segments(segments, found, spun.folds[i0:i1], j1 - j0, runs, words, k + 1, i, j)
        spun_flow[i : i + i1 - i0], reference_flow[j : j + j1 - j0] = np.arange(i0, i1), np.arange(j0, j1)
        i, j = i + i1 - i0, j + j1 - j0
    segments = segments[:found].copy()
    if _related(spun.folds, reference.folds, spun_flow, segments, words.flags):
        return moves, spun_flow, reference_flow, segments, flipped, True
    return moves[:0].copy(), spun_flow[:0].copy(), reference_flow[:0].copy(), segments[:0].copy(), flipped, False


@compiled
def _equal_runs(spun: Int32s, reference: Int32s, words: Words, flipped: bool) -> Int64s:
    """The equal runs; of several that are as long the same ones whichever text is called the spun one.

    `spun` (n) and `reference` (m) are int32, `flipped` is bool, the runs (runs x 3) are int64.
    """
    runs = equal_runs(reference, spun) if flipped else equal_runs(spun, reference)
    if flipped:
        for k in range(len(runs)):
            runs[k, 0], runs[k, 1] = runs[k, 1], runs[k, 0]
    return _leading_on(runs, spun, reference, words)


@compiled
def _leading_on(runs: Int64s, spun: Int32s, reference: Int32s, words: Words) -> Int64s:
    """The runs, but words put in or left out part no function word from what it leads to, where that can be read.

    In “published [a plea, printing] a headline” the “a” of the headline is the one that stayed. `spun` (n) and
    `reference` (m) are int32; `runs` (runs x 3), which are changed, and the result are int64.
    """
    for r in range(len(runs) - 1):
        while runs[r, 2]:
            i, j, i1, j1 = runs[r, 0] + runs[r, 2], runs[r, 1] + runs[r, 2], runs[r + 1, 0], runs[r + 1, 1]
            last = spun[i1 - 1] if i1 > i else reference[j1 - 1]
            if (i1 > i) == (j1 > j) or last != spun[i - 1] or not words.flags[last] & IS_FUNCTION:
                break
            runs[r, 2] -= 1
            runs[r + 1, 0] -= 1
            runs[r + 1, 1] -= 1
            runs[r + 1, 2] += 1
    return runs[runs[:, 2] > 0]


@compiled
def _moved(moves: Int64s, count: int, column: int) -> Bools:
    """Mark the tokens of one side that stand in moved passages.

    `moves` (moves x 4) is int64, `count` and `column` are integers, the marks (count) bool.
    """
    moved = np.zeros(count, np.bool_)
    for k in range(len(moves)):
        moved[moves[k, column] : moves[k, column + 1]] = True
    return moved


@compiled
def _matches(
    runs: Int64s, spun_main: Int64s, reference_main: Int64s, spun_count: int, reference_count: int
) -> tuple[Int64s, Int64s]:
    """For every token of both sides the place of its equal on the other.

    `runs` (runs x 3), `spun_main` and `reference_main` (tokens of the main flow) are int64, and so are the results
    (spun_count) and (reference_count).
    """
    match, back = np.full(spun_count, NOWHERE, np.int64), np.full(reference_count, NOWHERE, np.int64)
    for r in range(len(runs)):
        for k in range(runs[r, 2]):
            i, j = spun_main[runs[r, 0] + k], reference_main[runs[r, 1] + k]
            match[i], back[j] = j, i
    return match, back


@compiled_in_place
def _add_segments(
    segments: Int32s,
    found: int,
    folds: Int32s,
    reference_count: int,
    runs: Int64s,
    words: Words,
    flow: int,
    i_offset: int,
    j_offset: int,
) -> int:
    """Cut a flow into equal runs and windows and put them behind the others; `folds` are its spun words.

    `segments` (room x 6), filled in from row `found` on, and `folds` (n) are int32, `runs` (runs x 3) is int64, the
    other arguments are integers. Returns how many rows are filled then.
    """
    i, j, weak = 0, 0, 0
    for r in range(len(runs) + 1):
        if r == len(runs):
            a, b, length = len(folds), reference_count, 0
        else:
            a, b, length = runs[r, 0], runs[r, 1], runs[r, 2]
            if _weight(folds, a, a + length, words.flags) < STRONG_RUN:
                continue
        # In a window that would be too wide for the phrase programme the weak runs stop it too.
        first = weak if max(a - i, b - j) > WIDEST_WINDOW else r
        for w in range(first, r + 1):
            if w < r:
                a0, b0, size = runs[w, 0], runs[w, 1], runs[w, 2]
            else:
                a0, b0, size = a, b, length
            if a0 > i or b0 > j:
                found = _put(segments, found, flow, 1, i_offset + i, i_offset + a0, j_offset + j, j_offset + b0)
            if size:
                i1, j1 = i_offset + a0, j_offset + b0
                found = _put(segments, found, flow, 0, i1, i1 + size, j1, j1 + size)
            i, j = a0 + size, b0 + size
        weak = r + 1
    return found


@compiled_within
def _put(segments: Int32s, found: int, flow: int, window: int, i0: int, i1: int, j0: int, j1: int) -> int:
    """Add a segment.

    `segments` (room x 6) is int32, the other arguments are integers. Returns how many rows are filled then.
    """
    segments[found, 0], segments[found, 1] = flow, window
    segments[found, 2], segments[found, 3], segments[found, 4], segments[found, 5] = i0, i1, j0, j1
    return found + 1


@compiled_within
def _weight(folds: Int32s, start: int, end: int, word_flags: UInt16s) -> float:
    """What the equal tokens folds[start:end] weigh together.

    `folds` (n) is int32, `word_flags` (words) uint16, places are integers, the weight is float64.
    """
    weight = 0.0
    for k in range(start, end):
        flags = word_flags[folds[k]]
        if flags & IS_WORD:
            weight += FUNCTION_WEIGHT if flags & IS_FUNCTION else CONTENT_WEIGHT
        else:
            weight += SIGN_WEIGHT
    return weight


@compiled_in_place
def _related(spun: Int32s, reference: Int32s, spun_flow: Int32s, segments: Int32s, word_flags: UInt16s) -> bool:
    """Tell whether enough content words of the shorter text stand in the other, in order; short texts always do.

    `spun` (n), `reference` (m), `spun_flow` (tokens of all flows) and `segments` (segments x 6) are int32, `word_flags`
    (words) is uint16.
    """
    shorter = min(_contents(spun, word_flags), _contents(reference, word_flags))
    found = 0
    for s in range(len(segments)):
        if not segments[s, 1]:
            for k in range(segments[s, 2], segments[s, 3]):
                found += is_content(word_flags[spun[spun_flow[k]]])
    return shorter < FEWEST_TO_JUDGE or found >= UNRELATED * shorter


@compiled_in_place
def _contents(folds: Int32s, word_flags: UInt16s) -> int:
    """The number of content words.

    `folds` (n) is int32, `word_flags` (words) uint16.
    """
    found = 0
    for word in folds:
        found += is_content(word_flags[word])
    return found


def windows_of(pairs: list[Pair], apart: Iterable[bool] = ()) -> Windows:
    """Return the windows of some pairs, one below the other; `apart` marks pairs (see `Windows`)."""
    parts = [
        _windows(
            pair.spun, pair.reference, pair.spun_flow, pair.reference_flow, pair.segments, pair.flipped, bool(mark)
        )
        for pair, mark in zip_longest(pairs, apart)
    ]
    if not parts:
        return Windows._make(np.empty(0, kind) for kind in "qqBBiBB")
    return Windows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


@compiled
def _windows(
    spun: Side,
    reference: Side,
    spun_flow: Int32s,
    reference_flow: Int32s,
    segments: Int32s,
    flipped: bool,
    apart: bool,
) -> tuple[Int64s, Int64s, UInt8s, UInt8s, Int32s, UInt8s, UInt8s]:
    """The windows of a pair, as the columns of `Windows`.

    `spun_flow` and `reference_flow` (tokens of all flows) and `segments` (segments x 6) are int32; the results have
    the dtypes and shapes of `Windows`.
    """
    count, tokens = 0, 0
    for s in range(len(segments)):
        if segments[s, 1]:
            count += 1
            tokens += segments[s, 3] - segments[s, 2] + segments[s, 5] - segments[s, 4]
    spun_sizes, reference_sizes = np.empty(count, np.int64), np.empty(count, np.int64)
    folds, flags, breaks = np.empty(tokens, np.int32), np.empty(tokens, np.uint8), np.empty(tokens, np.uint8)
    window, at = 0, 0
    for s in range(len(segments)):
        if segments[s, 1]:
            at = _put_tokens(spun, spun_flow, segments[s, 2], segments[s, 3], folds, flags, breaks, at)
            at = _put_tokens(reference, reference_flow, segments[s, 4], segments[s, 5], folds, flags, breaks, at)
            spun_sizes[window] = segments[s, 3] - segments[s, 2]
            reference_sizes[window] = segments[s, 5] - segments[s, 4]
            window += 1
    return (
        spun_sizes,
        reference_sizes,
        np.full(count, flipped, np.uint8),
        np.full(count, apart, np.uint8),
        folds,
        flags,
        breaks,
    )


@compiled_in_place
def _put_tokens(
    side: Side, flow: Int32s, start: int, end: int, folds: Int32s, flags: UInt8s, breaks: UInt8s, at: int
) -> int:
    """Put the tokens flow[start:end] behind those that stand there already; returns how many there are then.

    `flow` (tokens of all flows) is int32; `folds` (int32), `flags` and `breaks` (uint8) have room for all tokens and
    are filled in from `at` on. Places are integers.
    """
    for k in range(start, end):
        position = flow[k]
        folds[at], flags[at] = side.folds[position], side.flags[position]
        if k == start:
            breaks[at] = 0
        elif position != flow[k - 1] + 1:
            breaks[at] = NEVER
        else:
            breaks[at] = side.gaps[position] == LINE_BREAK_BEFORE
        at += 1
    return at
