"""Stretches of differing tokens go in; each comes out read as edits, in the light of what all the others teach.

Every window is read first by prior prices alone. What the windows of the whole corpus then show (which phrase
stands for which) is a lexicon, and the tangled ones are read again with it: expectation and maximisation, with
hard counts. Windows with the same tokens are read once, and counted as often as they stand.
"""

from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.cheapest_path import cheapest, confidences, marks_of, price_now
from helpers.comparison.alignment.edit_costs import PRICES, Prices
from helpers.comparison.alignment.lattice import (
    Room,
    Run,
    Steps,
    add_steps,
    more_room,
    most_passages,
    most_steps,
    room_for,
    room_for_steps,
)
from helpers.comparison.alignment.vocabulary import IS_WORD, Vocabulary, Words
from helpers.text.compiled import (
    Bools,
    Floats,
    Int32s,
    Int64s,
    UInt8s,
    UInt16s,
    UInt64s,
    compiled,
    compiled_in_place,
)
from helpers.text.word_counts import Counts, slot_of, table

ROUNDS = 3  # over the phrases: the second learns from the first; after the third nothing changes
MOST_CELLS = 2_500  # of a window: fifty words against fifty that share nothing are a passage rewritten, not spun
CLEAN, TANGLED = 1.0, 0.5  # what a sighting counts: alone between two anchors, or beside another substitution
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)


class Windows(NamedTuple):
    """Windows, one below the other: how many spun and reference tokens each has, and the tokens of all of them.

    A window's reference tokens stand behind its spun ones. A token is the number of its folded word, its flags as
    it is written, and the line breaks in front of it. A `flipped` window is read with its sides exchanged, so that
    of two readings that cost the same it is the same one whichever text is called the spun one. Windows that stand
    `apart` learn from each other and teach each other, and have nothing to do with the rest.
    """

    spun_sizes: Int64s
    reference_sizes: Int64s
    flipped: UInt8s
    apart: UInt8s
    folds: Int32s
    flags: UInt8s
    breaks: UInt8s


class Readings(NamedTuple):
    """How windows are read, an edit each: window w has those from firsts[w] to firsts[w + 1].

    An edit is the cells where it starts and ends (see `lattice`), whether the words there are equal, and how
    sure it is.
    """

    firsts: Int64s
    starts: Int64s
    ends: Int64s
    equal: Bools
    confidence: Floats


class Study(NamedTuple):
    """Windows while they are read: which are of one kind, every step by which a kind can be read, and how it is now.

    Kind u is that of window kinds[u] and stands `times[u]` times; its steps are those from first_step[u] to
    first_step[u + 1]; the first lengths[u] places of `path` from firsts[kinds[u]] on are the steps it is read by.
    """

    firsts: Int64s
    original: Int64s
    kinds: Int64s
    times: Floats
    first_step: Int64s
    steps: Steps
    path: Int32s
    lengths: Int64s


def read_windows(windows: Windows, vocabulary: Vocabulary, known: Counts, prices: Prices = PRICES) -> Readings:
    """Read every window, then again with what all the others taught; last, work out how sure each edit is."""
    study = begin(windows, vocabulary, prices)
    for turn in range(ROUNDS):
        read_once(windows, vocabulary, study, sightings(study, known), turn, prices)
    return finish(windows, study, sightings(study, known), prices)


def begin(windows: Windows, vocabulary: Vocabulary, prices: Prices = PRICES) -> Study:
    """Return windows with all their steps priced, read in no way yet.

    The rounds of `read_windows` can so be gone through by several processes, each with a part of a corpus's windows:
    what each one's `sightings` say is added up, and all read on with the sum.
    """
    firsts, original, kinds, times, (most, longest, cells) = _begin(windows)
    room, steps, first_step = room_for(longest, cells, prices), room_for_steps(most), np.zeros(len(kinds) + 1, np.int64)
    all_of_them = room, windows, firsts, kinds, vocabulary.words, table("bigrams"), prices
    done = _all_steps(steps, first_step, 0, *all_of_them)
    while done < len(kinds):
        steps = more_room(steps, first_step[done])
        done = _all_steps(steps, first_step, done, *all_of_them)
    # Paths have a place for every token of their window; of each kind of window the first one is read.
    path, lengths = np.zeros(firsts[-1], np.int32), np.zeros(len(kinds), np.int64)
    return Study(firsts, original, kinds, times, first_step, steps, path, lengths)


def sightings(study: Study, known: Counts) -> Counts:
    """Return what is known and what the windows show, as they are read now: counts by key of a pair of phrases."""
    return _lexicon(known, *study)


def read_once(
    windows: Windows, vocabulary: Vocabulary, study: Study, lexicon: Counts, turn: int, prices: Prices = PRICES
) -> None:
    """Read the windows in the light of a lexicon; `turn` counts from 0. What is read stands in the study."""
    _read_once(windows, vocabulary.words, study, lexicon, turn, prices, _room_to_read(windows, study, lexicon))


def finish(windows: Windows, study: Study, lexicon: Counts, prices: Prices = PRICES) -> Readings:
    """Return how the windows are read, and how sure each edit is in the light of a lexicon."""
    sure = np.ones(study.firsts[-1])
    _finish(windows, study, lexicon, prices, _room_to_read(windows, study, lexicon), sure)
    return Readings(*_unfold(windows, study, sure))


@compiled
def _begin(windows: Windows) -> tuple[Int64s, Int64s, Int64s, Floats, tuple[int, int, int]]:
    """Tell which windows are the same: the first columns of `Study`, and the room that is needed.

    That is the steps at the most, and of the largest windows the tokens of a side and the cells; integers.
    """
    firsts = _firsts(windows)
    original, kinds = _kinds(windows, firsts)
    times = np.zeros(len(kinds))
    for w in range(len(original)):
        times[original[w]] += 1
    most, passages, longest, cells = 0, 0, 1, 4
    for w in kinds:
        if _is_read(windows, w):
            n, m = windows.spun_sizes[w], windows.reference_sizes[w]
            most, passages = most + most_steps(n, m), max(passages, most_passages(n, m))
            longest, cells = max(longest, n, m), max(cells, (n + 1) * (m + 1))
    # Passages are rare: there is room for those of one window, and more can be made.
    return firsts, original, kinds, times, (most + passages, longest, cells)


@compiled
def _widest(windows: Windows, kinds: Int64s) -> int:
    """The most cells of a window that is read.

    `kinds` (kinds) is int64, the number of cells an integer.
    """
    widest = 4
    for w in kinds:
        widest = max(widest, (windows.spun_sizes[w] + 1) * (windows.reference_sizes[w] + 1))
    return min(widest, 4 * MOST_CELLS)


class RoomToRead(NamedTuple):
    """Room for what is worked out while a window is read: by step its price, and what the window itself has taught;
    by cell the costs of coming there and of going on, and by which step; by row and column the weights of steps. And
    the marks of the lexicon (see `marks_of`).
    """

    prices: Floats
    own: UInt64s
    best: Floats
    after: Floats
    arrived: Int64s
    spun_totals: Floats
    reference_totals: Floats
    marks: Bools


def _room_to_read(windows: Windows, study: Study, lexicon: Counts) -> RoomToRead:
    widest = _widest(windows, study.kinds)
    steps = int(np.diff(study.first_step).max(initial=0))
    floats = [np.empty(widest) for _ in range(4)]
    own, arrived = np.empty(2 * MOST_CELLS, np.uint64), np.empty(widest, np.int64)
    return RoomToRead(np.empty(steps), own, floats[0], floats[1], arrived, floats[2], floats[3], marks_of(lexicon))


@compiled_in_place
def _read_once(
    windows: Windows, words: Words, study: Study, lexicon: Counts, turn: int, prices: Prices, room: RoomToRead
) -> None:
    """Read each kind of window by the cheapest path that the lexicon knows of.

    `turn` is an integer; `path` and `lengths` of the study are filled in; for `room` see `RoomToRead`.
    """
    firsts, _, kinds, _, first_step, steps, path, lengths = study
    for u in range(len(kinds)):
        w = kinds[u]
        n, m = windows.spun_sizes[w], windows.reference_sizes[w]
        if first_step[u] == first_step[u + 1] or (turn and max(n, m) == 1):
            continue
        here = slice(first_step[u], first_step[u + 1])
        starts, ends = steps.starts[here], steps.ends[here]
        if n == 1 and m == 1 and _is_swap(windows, words, firsts[w]):
            lengths[u] = _straight_across(starts, ends, path[firsts[w] :])
            continue
        read = path[firsts[w] : firsts[w] + lengths[u]]
        _price_all(steps, here, prices, lexicon, room.marks, read, room.own, room.prices)
        cells = (n + 1) * (m + 1)
        cheapest(starts, ends, room.prices, room.best, room.arrived, cells)
        lengths[u] = _walk_back(starts, room.arrived, cells - 1, path[firsts[w] :])


@compiled_in_place
def _finish(windows: Windows, study: Study, lexicon: Counts, prices: Prices, room: RoomToRead, sure: Floats) -> None:
    """Work out how sure each edit is of each kind of window as it is read.

    `sure` (tokens of all windows) is float64; it is filled in where the path of each kind stands.
    """
    firsts, _, kinds, _, first_step, steps, path, lengths = study
    for u in range(len(kinds)):
        w = kinds[u]
        if first_step[u] == first_step[u + 1]:
            continue
        n, m = windows.spun_sizes[w], windows.reference_sizes[w]
        here = slice(first_step[u], first_step[u + 1])
        starts, ends = steps.starts[here], steps.ends[here]
        read = path[firsts[w] : firsts[w] + lengths[u]]
        _price_all(steps, here, prices, lexicon, room.marks, read, room.own, room.prices)
        cheapest(starts, ends, room.prices, room.best, room.arrived, (n + 1) * (m + 1))
        width = (n if windows.flipped[w] else m) + 1
        confidences(
            starts, ends, room.prices, room.best, room.after, read, width,
            sure[firsts[w] :], room.spun_totals, room.reference_totals,
        )  # fmt: skip


@compiled
def _firsts(windows: Windows) -> Int64s:
    """Where the tokens of each window stand.

    The result (windows + 1) is int64.
    """
    firsts = np.zeros(len(windows.spun_sizes) + 1, np.int64)
    for w in range(len(windows.spun_sizes)):
        firsts[w + 1] = firsts[w] + windows.spun_sizes[w] + windows.reference_sizes[w]
    return firsts


@compiled
def _kinds(windows: Windows, firsts: Int64s) -> tuple[Int64s, Int64s]:
    """Which windows are the same: for each its kind, and for each kind the first window of it.

    `firsts` (windows + 1) is int64, and so are the results (windows) and (kinds).
    """
    count = len(windows.spun_sizes)
    width = 4
    while width < 2 * count:
        width *= 2
    mask = np.uint64(width - 1)
    slots = np.full(width, -1, np.int64)
    original, kinds, found = np.empty(count, np.int64), np.empty(count, np.int64), 0
    for w in range(count):
        key = np.uint64(4 * windows.spun_sizes[w] + 2 * windows.apart[w] + windows.flipped[w])
        for at in range(firsts[w], firsts[w + 1]):
            token = np.uint64(windows.folds[at]) << np.uint64(16)
            token |= np.uint64(windows.flags[at]) << np.uint64(8) | np.uint64(windows.breaks[at])
            key = (key ^ token) * MULTIPLIER
            key ^= key >> np.uint64(29)
        slot = key & mask
        while slots[slot] >= 0 and not _same(windows, firsts, kinds[slots[slot]], w):
            slot = (slot + ONE) & mask
        if slots[slot] < 0:
            slots[slot], kinds[found] = found, w
            found += 1
        original[w] = slots[slot]
    return original, kinds[:found].copy()


@compiled_in_place
def _same(windows: Windows, firsts: Int64s, one: int, other: int) -> bool:
    """Tell whether two windows have the same tokens.

    `firsts` (windows + 1) is int64; `one` and `other` are integers.
    """
    alike = windows.spun_sizes[one] == windows.spun_sizes[other] and windows.flipped[one] == windows.flipped[other]
    alike = alike and windows.apart[one] == windows.apart[other]
    if not alike or windows.reference_sizes[one] != windows.reference_sizes[other]:
        return False
    a, b = firsts[one], firsts[other]
    for k in range(firsts[one + 1] - a):
        if windows.folds[a + k] != windows.folds[b + k] or windows.flags[a + k] != windows.flags[b + k]:
            return False
        if windows.breaks[a + k] != windows.breaks[b + k]:
            return False
    return True


@compiled_in_place
def _run(windows: Windows, start: int, end: int) -> Run:
    """The tokens of one side of a window.

    `start` and `end` are integers; the dtypes and shapes are those of `Run`.
    """
    return Run(windows.folds[start:end], windows.flags[start:end], windows.breaks[start:end])


@compiled_in_place
def _all_steps(
    steps: Steps,
    first_step: Int64s,
    start: int,
    room: Room,
    windows: Windows,
    firsts: Int64s,
    kinds: Int64s,
    words: Words,
    bigrams: Counts,
    prices: Prices,
) -> int:
    """The steps of every kind of window from number `start` on, put into `steps`, till there is no room for one more.

    There are none for one that is too wide to be substitutions. `firsts` (windows + 1) and `kinds` (kinds) are int64,
    and so is `first_step` (kinds + 1), where the steps of each kind begin, which is filled in; `start` is an integer,
    and so is what is returned: the number of the first kind that was left over.
    """
    used = first_step[start]
    for u in range(start, len(kinds)):
        w = kinds[u]
        if _is_read(windows, w):
            n, m = windows.spun_sizes[w], windows.reference_sizes[w]
            if used + most_steps(n, m) + most_passages(n, m) > len(steps.starts):
                return u
            middle = firsts[w] + n
            spun, reference = _run(windows, firsts[w], middle), _run(windows, middle, firsts[w + 1])
            if windows.flipped[w]:
                spun, reference = reference, spun
            flipped, apart = windows.flipped[w] != 0, windows.apart[w] != 0
            used = add_steps(steps, used, spun, reference, words, bigrams, prices, room, flipped, apart)
        first_step[u + 1] = used
    return len(kinds)


@compiled_in_place
def _is_read(windows: Windows, w: int) -> bool:
    """Tell whether a window is narrow enough to be read.

    `w` is an integer.
    """
    n, m = windows.spun_sizes[w], windows.reference_sizes[w]
    return n * m <= MOST_CELLS and n + m <= MOST_CELLS


@compiled_in_place
def _is_swap(windows: Windows, words: Words, first: int) -> bool:
    """Tell whether a window of two tokens has a word on each side.

    `first`, the place of its first token, is an integer.
    """
    return words.flags[windows.folds[first]] & words.flags[windows.folds[first + 1]] & IS_WORD != 0


@compiled_in_place
def _straight_across(starts: UInt16s, ends: UInt16s, path: Int32s) -> int:
    """Take the step that leads from one end to the other at once; returns the length of that path, 1.

    `starts` and `ends` (steps) are uint16; `path` (1, or longer), which is filled in, is int32.
    """
    for step in range(len(starts)):
        if starts[step] == 0 and ends[step] == ends[-1]:
            path[0] = step
    return 1


@compiled_in_place
def _walk_back(starts: UInt16s, arrived: Int64s, cell: int, path: Int32s) -> int:
    """Fill in the cheapest path, first step first; returns its length.

    `starts` (steps) is uint16, `arrived` (cells, or longer) int64, `cell` an integer; `path` (long enough), which
    is filled in, is int32.
    """
    last, length = cell, 0
    while cell:
        cell = starts[arrived[cell]]
        length += 1
    cell = last
    for k in range(length - 1, -1, -1):
        path[k] = arrived[cell]
        cell = starts[arrived[cell]]
    return length


@compiled_in_place
def _sightings(steps: Steps, first: int, read: Int32s, own: UInt64s) -> tuple[int, float]:
    """The phrase pairs that a window shows as it is read, each once; returns how many, and what each counts.

    `first` is an integer, `read` (steps of the path) int32; `own` (long enough), which is filled in, is uint64.
    """
    found, swaps = 0, 0
    for step in read:
        key = steps.keys[first + step]
        if key:
            swaps += 1
            fresh = True
            for k in range(found):
                fresh = fresh and own[k] != key
            if fresh:
                own[found] = key
                found += 1
    return found, CLEAN if swaps == 1 else TANGLED


@compiled
def _lexicon(
    known: Counts,
    firsts: Int64s,
    original: Int64s,
    kinds: Int64s,
    times: Floats,
    first_step: Int64s,
    steps: Steps,
    path: Int32s,
    lengths: Int64s,
) -> Counts:
    """What is known, and what all windows show as they are read now.

    The arguments but the first are the columns of `Study`, with its dtypes and shapes.
    """
    own = np.empty(2 * MOST_CELLS, np.uint64)
    # The table is as wide as its pairs need and no wider: every step of every window looks into it.
    lexicon, used = Counts(np.zeros(4, np.uint64), np.zeros(4)), 0
    for k in range(len(known.keys)):
        used += _count(lexicon, known.keys[k], known.counts[k])
        if 4 * used > len(lexicon.keys):
            lexicon = _wider(lexicon)
    for u in range(len(kinds)):
        at = firsts[kinds[u]]
        found, worth = _sightings(steps, first_step[u], path[at : at + lengths[u]], own)
        for k in range(found):
            used += _count(lexicon, own[k], worth * times[u])
            if 4 * used > len(lexicon.keys):
                lexicon = _wider(lexicon)
    return lexicon


@compiled
def _wider(lexicon: Counts) -> Counts:
    """The same counts in a table twice as wide."""
    width = 2 * len(lexicon.keys)
    wider = Counts(np.zeros(width, np.uint64), np.zeros(width))
    for k in range(len(lexicon.keys)):
        if lexicon.keys[k]:
            _count(wider, lexicon.keys[k], lexicon.counts[k])
    return wider


@compiled_in_place
def _count(lexicon: Counts, key: np.uint64, more: float) -> bool:
    """Count a pair of phrases once `more`, or by however much it counts; tells whether it was not there yet.

    `key` is uint64, `more` float64.
    """
    slot = slot_of(lexicon.keys, key)
    is_new = lexicon.keys[slot] == 0
    lexicon.keys[slot] = key
    lexicon.counts[slot] += more
    return is_new


@compiled_in_place
def _price_all(
    steps: Steps,
    here: slice,
    prices: Prices,
    lexicon: Counts,
    marks: Bools,
    read: Int32s,
    own: UInt64s,
    prices_now: Floats,
) -> None:
    """Fill in the price of every step of a window, less what the window itself put into the lexicon.

    `here` is the slice of its steps, `marks` (of the lexicon) are bool, `read` (steps of the path) int32, `own` (long
    enough), which is filled in, uint64, and `prices_now` (steps, or longer), which is filled in, float64.
    """
    found, worth = _sightings(steps, here.start, read, own)
    price_now(steps.prices[here], steps.keys[here], prices, lexicon, marks, own, found, worth, prices_now)


@compiled
def _unfold(windows: Windows, study: Study, sure: Floats) -> tuple[Int64s, Int64s, Int64s, Bools, Floats]:
    """The readings of all windows, from those of their kinds; one that was not read is put in and left out whole.

    `sure` (tokens of all windows) is float64; the results are the columns of `Readings`, with its dtypes and shapes.
    """
    firsts, original, kinds, _, first_step, steps, path, lengths = study
    count = len(original)
    # A cell of a window that is too wide to be read may have any number.
    starts, ends = np.empty(firsts[-1], np.int64), np.empty(firsts[-1], np.int64)
    equal, confidence = np.empty(firsts[-1], np.bool_), np.empty(firsts[-1])
    first_edit, used = np.zeros(count + 1, np.int64), 0
    for w in range(count):
        u = original[w]
        n, m = windows.spun_sizes[w], windows.reference_sizes[w]
        width = (n if windows.flipped[w] else m) + 1
        if _is_read(windows, w):
            at = firsts[kinds[u]]
            for k in range(lengths[u]):
                step = first_step[u] + path[at + k]
                i, i1 = steps.starts[step] // width, steps.ends[step] // width
                j, j1 = steps.starts[step] % width, steps.ends[step] % width
                equal[used] = i1 > i and j1 > j and steps.keys[step] == 0
                if windows.flipped[w]:
                    i, i1, j, j1 = j, j1, i, i1
                starts[used], ends[used], confidence[used] = i * (m + 1) + j, i1 * (m + 1) + j1, sure[at + k]
                used += 1
        else:
            corner = n * (m + 1)
            if n:
                starts[used], ends[used], equal[used], confidence[used] = 0, corner, False, 1.0
                used += 1
            if m:
                starts[used], ends[used], equal[used], confidence[used] = corner, corner + m, False, 1.0
                used += 1
        first_edit[w + 1] = used
    return first_edit, starts[:used], ends[:used], equal[:used], confidence[:used]
