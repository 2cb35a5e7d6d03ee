"""The places of substitutions in a pair go in; they come out with those joined that no word-for-word reading explains.

Words that only changed their order are one place (a boat that is red, a red boat), and so is a clause in which so much
was changed that its words answer each other by chance alone.
"""

import numpy as np

from helpers.comparison.alignment.rows import KEPT
from helpers.comparison.alignment.vocabulary import IS_FUNCTION, Words
from helpers.comparison.found_places import NEW_LINE, Places, breaks_inside, places_from
from helpers.comparison.places import Place, union
from helpers.comparison.runs import KEEPS, ReadRuns
from helpers.comparison.span_words import Characters, SpanWords
from helpers.text.compiled import Bools, Int32s, Int64s, UInt8s, UInt32s, compiled, compiled_within
from helpers.text.scan import APOSTROPHE
from helpers.text.spans import is_word, tokens

MOST_WORDS = 12  # on a side of a place that was put in another order
MOST_BETWEEN = 6  # unchanged words inside it
DOUBTFUL, FEWEST_DOUBTFUL = 0.5, 3  # neighbouring places that are no surer than this, and how many make a clause
FARTHEST = 20  # characters between neighbours


def with_orders(places: Places, read: ReadRuns) -> Places:
    """Return the places in the order of the spun text, those joined that only put words in another order."""
    stretches = [_trimmed(read.rows(first, last)) for first, last in _reordered(read)]
    if not stretches:
        return places
    found, changes = places.as_list(), _changes(read.rows(0, len(read.runs.ops) - 1))
    for stretch in stretches:
        inside = [place for place in found if _touch(place, stretch)]
        # A place may reach out to an unchanged neighbour, but to no change of its own.
        if all(_within(change, stretch) or not _touch(place, change) for place in inside for change in changes):
            found = sorted([*(place for place in found if place not in inside), stretch])
    return places_from(found)


def _reordered(read: ReadRuns) -> list[list[int]]:
    """The stretches (first and last run) in which the words of both sides are the same and stand in another order."""
    ends = _stretches(
        KEEPS[read.runs.ops], read.runs.offsets, read.spun.points, read.reference.points, read.spun_words,
        read.reference_words, read.vocabulary.words, read.tables.classes,
    )  # fmt: skip
    firsts = np.flatnonzero(ends >= 0)
    if not len(firsts):
        return []
    return np.stack((firsts, ends[firsts]), axis=1).tolist()


@compiled
def _stretches(
    kept: Bools,
    offsets: Int64s,
    points: UInt32s,
    others: UInt32s,
    words: SpanWords,
    other_words: SpanWords,
    known: Words,
    classes: UInt8s,
) -> Int64s:
    """For every run the last one of the shortest stretch from it on that is in another order, -1 where there is none.

    Stretches do not overlap. `kept` (runs) is bool, `offsets` (runs x 4) and the result (runs) are int64, `points` and
    `others` (characters) uint32, `classes` (by character) is uint8.
    """
    found = np.full(len(kept), -1, np.int64)
    one, other = np.empty(MOST_WORDS, np.int32), np.empty(MOST_WORDS, np.int32)
    broken = np.empty(len(kept), np.bool_)  # a line ends a stretch, on either side
    for run in range(len(kept)):
        broken[run] = breaks_inside(points, offsets[run, 0], offsets[run, 1], classes) or breaks_inside(
            others, offsets[run, 2], offsets[run, 3], classes
        )
    first = 0
    while first < len(kept):
        last, n, m = -1, 0, 0
        more, more_contents = 0, 0  # the numbers of the words on one side, less those on the other
        for run in range(first, len(kept)):
            if broken[run] or (kept[run] and run == first) or (run > first and _apart(offsets, run)):
                break
            before, other_before = n, m
            for token in range(words.firsts[run], words.firsts[run + 1]):
                leans = _leans(points, offsets[run, 0], words.starts[token], words.ends[token], classes)
                if words.words[token] and not leans and n >= 0:
                    n = _add_word(words.folds[token], one, n)
            for token in range(other_words.firsts[run], other_words.firsts[run + 1]):
                leans = _leans(others, offsets[run, 2], other_words.starts[token], other_words.ends[token], classes)
                if other_words.words[token] and not leans and m >= 0:
                    m = _add_word(other_words.folds[token], other, m)
            if n < 0 or m < 0 or (kept[run] and n - before > MOST_BETWEEN):
                break
            for k in range(before, n):
                more += one[k]
                more_contents += 0 if known.flags[one[k]] & IS_FUNCTION else one[k]
            for k in range(other_before, m):
                more -= other[k]
                more_contents -= 0 if known.flags[other[k]] & IS_FUNCTION else other[k]
            may_be = run > first and not kept[run] and (not more or not more_contents)
            if may_be and is_reordered(one[:n], other[:m], known):
                last = run
                break
        found[first] = last
        first = first + 1 if last < 0 else last + 1
    return found


@compiled_within
def _leans(points: UInt32s, first: int, start: int, end: int, classes: UInt8s) -> bool:
    """Tell whether a token of a run that begins at `first` is the letter of an ending: ’s.

    `points` (characters) is uint32, `classes` (by character) uint8; the others are integers.
    """
    return start == first + 1 and end == start + 1 and classes[points[first]] & APOSTROPHE != 0


@compiled_within
def _apart(offsets: Int64s, run: int) -> bool:
    """Tell whether a run does not stand behind the one before on both sides.

    `offsets` (runs x 4) is int64, `run` an integer.
    """
    return offsets[run, 0] != offsets[run - 1, 1] or offsets[run, 2] != offsets[run - 1, 3]


@compiled_within
def _add_word(word: int, room: Int32s, used: int) -> int:
    """Put a word behind those that stand in `room`; returns how many there are then, -1 if too many.

    `room` (MOST_WORDS) is int32, the other arguments are integers.
    """
    if used == len(room):
        return -1
    room[used] = word
    return used + 1


@compiled
def is_reordered(one: Int32s, other: Int32s, known: Words) -> bool:
    """Tell what `kinds.reordered` tells, of words as numbers.

    `one` (n) and `other` (m) are int32.
    """
    return _in_another_order(one, other) or _in_another_order(_contents(one, known), _contents(other, known))


@compiled
def _contents(words: Int32s, known: Words) -> Int32s:
    """The content words; `words` (n) is int32."""
    found, count = np.empty_like(words), 0
    for word in words:
        if not known.flags[word] & IS_FUNCTION:
            found[count] = word
            count += 1
    return found[:count]


@compiled
def _in_another_order(one: Int32s, other: Int32s) -> bool:
    """Tell whether two runs of words differ, and only in their order.

    `one` (n) and `other` (m) are int32.
    """
    if len(one) != len(other):
        return False
    same = True
    for k in range(len(one)):
        same = same and one[k] == other[k]
        surplus = 0
        for h in range(len(one)):
            surplus += (one[h] == one[k]) - (other[h] == one[k])
        if surplus:
            return False
    return not same


def _trimmed(stretch: list[tuple]) -> Place:
    """The place of a stretch of runs without the white space and signs at its ends, as sure as its least sure run."""
    left = _words_in("".join(run[5] for run in stretch), stretch[0][1], stretch[-1][2])
    right = _words_in("".join(run[6] for run in stretch), stretch[0][3], stretch[-1][4])
    return (*left, *right, min(run[7] for run in stretch))


def _changes(runs: list[tuple]) -> list[Place]:
    """The runs that differ, without white space and signs at their ends; an empty side stands at its place."""
    found = []
    for op, spun_start, spun_end, start, end, spun, reference, sure in runs:
        if op not in KEPT and any(map(str.isalnum, spun + reference)):
            left, right = _words_in(spun, spun_start, spun_end), _words_in(reference, start, end)
            found.append((*left, *right, sure))
    return found


def _words_in(run: str, start: int, end: int) -> tuple[int, int]:
    """Where the words of a run that stands at start:end begin and end; its start where it has none, or is empty."""
    words = [token for token in tokens(run[: end - start]) if is_word(token.fold)]
    return (start + words[0].start, start + words[-1].end) if words else (start, start)


def _touch(one: Place, other: Place) -> bool:
    return (one[0] < other[1] and one[1] > other[0]) or (one[2] < other[3] and one[3] > other[2])


def _within(one: Place, other: Place) -> bool:
    """Tell whether a place lies in another one; a side without words lies anywhere."""
    return all(
        one[side] == one[side + 1] or (other[side] <= one[side] and one[side + 1] <= other[side + 1]) for side in (0, 2)
    )


def with_clauses(places: Places, read: ReadRuns) -> tuple[Places, Bools]:
    """Return the places, neighbours joined that are a clause written anew, and for each whether it is one.

    The places are as sure as `confidences` says. Neighbours have one unchanged word at most between them; in a clause
    three or more of them, and at least half, are rather wrong than right.
    """
    doubtful = places.sure < DOUBTFUL
    if doubtful.sum() < FEWEST_DOUBTFUL:
        return places, np.zeros(len(doubtful), np.bool_)
    firsts = np.flatnonzero(np.concatenate(([True], ~_adjoin(places.offsets, read))))
    sizes = np.diff(firsts, append=len(doubtful))
    unsure = np.add.reduceat(doubtful, firsts, dtype=np.int64)
    anew = (unsure >= FEWEST_DOUBTFUL) & (2 * unsure >= sizes)
    members = places.as_list()
    found: list[Place] = []
    for first, size, joins in zip(firsts.tolist(), sizes.tolist(), anew.tolist(), strict=True):
        group = members[first : first + size]
        found += [union(*group)] if joins else group
    return places_from(found), np.repeat(anew, np.where(anew, 1, sizes))


def _adjoin(offsets: Int64s, read: ReadRuns) -> Bools:
    """Mark the places behind which one stands with one unchanged word or none between the two (places - 1)."""
    near = np.ones(len(offsets) - 1, np.bool_)
    gaps = [(text, offsets[:-1, k + 1], offsets[1:, k]) for text, k in ((read.spun, 0), (read.reference, 2))]
    for _, starts, ends in gaps:
        near &= (starts <= ends) & (ends - starts < FARTHEST)
    for side, (text, starts, ends) in enumerate(gaps):
        asked = np.flatnonzero(near)
        words = read.words(starts[asked], ends[asked], side).counts()
        near[asked] = (words <= 1) & ~_hold_a_line_break(text, starts[asked], ends[asked])
    return near


def _hold_a_line_break(text: Characters, starts: Int64s, ends: Int64s) -> Bools:
    """Mark the spans that hold a line break."""
    lines = np.flatnonzero(text.points == NEW_LINE)
    return np.searchsorted(lines, starts) < np.searchsorted(lines, ends)
