"""Two runs of words (as numbers) go in; what is surely the same in both comes out: unique word groups, equal runs.

Words and word groups that stand once in each text are the firmest ground there is (the idea of patience diff).
Between them equal tokens are found as a longest common subsequence.
"""

import numpy as np

from helpers.text.compiled import Bools, Int32s, Int64s, UInt64s, compiled, compiled_in_place
from helpers.text.word_counts import slot_of

LONGEST_AT_ONCE = 4_000_000  # cells of one edit-distance table; longer stretches are cut at anchors first
SHORTEST_STRETCH = 10_000  # cells; cutting finer costs more than it saves
HOPELESS = 25 * LONGEST_AT_ONCE  # a stretch without an anchor that is longer is taken as different throughout
NOWHERE = -1
BITS = 21  # of a word's number in the key of a group of three
SCATTER = np.uint64(0x9E3779B97F4A7C15)  # an odd number: no two keys become one
ALL_ONES, ONE = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(1)


@compiled
def meeting_places(spun: Int32s, reference: Int32s, size: int) -> Int64s:
    """For every place of the spun text the place of the same group of `size` words (up to three) in the reference.

    NOWHERE where the group that begins there does not stand just once in each text.

    `spun` (n) and `reference` (m) are int32, the places (n) int64.
    """
    width = table_width(len(spun) + len(reference))
    keys = np.zeros(width, np.uint64)
    # Places count from 1; 0 is not seen yet, and NOWHERE seen twice.
    here, there = np.zeros(width, np.int32), np.zeros(width, np.int32)
    slots = np.empty(max(0, len(spun) - size + 1), np.int64)
    for i in range(len(slots)):
        key = _group_key(spun, i, size)
        slot = slot_of(keys, key)
        keys[slot], slots[i] = key, slot
        here[slot] = i + 1 if here[slot] == 0 else NOWHERE
    for j in range(len(reference) - size + 1):
        slot = slot_of(keys, _group_key(reference, j, size))
        if keys[slot]:
            there[slot] = j + 1 if there[slot] == 0 else NOWHERE
    places = np.full(len(spun), NOWHERE, np.int64)
    for i in range(len(slots)):
        if here[slots[i]] > 0 and there[slots[i]] > 0:
            places[i] = there[slots[i]] - 1
    return places


@compiled_in_place
def table_width(entries: int) -> int:
    """A power of two that leaves half of a hash table empty.

    `entries` and the width are integers.
    """
    width = 4
    while width < 2 * entries:
        width *= 2
    return width


@compiled_in_place
def _group_key(words: Int32s, place: int, size: int) -> np.uint64:
    """The key of the group of `size` words that begins at `place`; two groups of one size never share it.

    `words` (n) is int32, `place` and `size` are integers, the key is uint64.
    """
    key = np.uint64(0)
    for k in range(size):
        key = key << np.uint64(BITS) | np.uint64(words[place + k] + 1)
    return key * SCATTER


@compiled
def heaviest_chain(targets: Int64s, weights: Int64s) -> Bools:
    """Mark the members of the heaviest subsequence of targets that never steps back.

    A weighted longest increasing subsequence; the running maxima stand in a Fenwick tree, so that a book takes
    n log n steps.

    `targets` and `weights` (n) are int64, the marks (n) bool.
    """
    size = np.max(targets) + 2 if len(targets) else 1
    weight, last = np.zeros(size, np.int64), np.full(size, -1, np.int64)
    before = np.empty(len(targets), np.int64)
    for k in range(len(targets)):
        best, follows, slot = 0, -1, targets[k] + 1
        while slot > 0:
            if weight[slot] > best:
                best, follows = weight[slot], last[slot]
            slot &= slot - 1
        before[k] = follows
        slot = targets[k] + 1
        while slot < size:
            if best + weights[k] > weight[slot]:
                weight[slot], last[slot] = best + weights[k], k
            slot += slot & -slot
    chain = np.zeros(len(targets), np.bool_)
    k = last[np.argmax(weight)]
    while k >= 0:
        chain[k] = True
        k = before[k]
    return chain


@compiled
def equal_runs(spun: Int32s, reference: Int32s) -> Int64s:
    """The longest common subsequence as runs: a row each of spun place, reference place, length.

    Its time grows with the product of the lengths, so long texts are cut first at word triples that stand once
    in each.

    `spun` (n) and `reference` (m) are int32, the runs (runs x 3) int64.
    """
    runs, found = np.empty((min(len(spun), len(reference)), 3), np.int64), 0
    if len(spun) * len(reference) <= LONGEST_AT_ONCE:
        found = _add_runs(spun, reference, 0, 0, runs, found)
        return runs[:found]
    places = meeting_places(spun, reference, 3)
    starts = np.flatnonzero(places != NOWHERE)
    kept = starts[heaviest_chain(places[starts], np.ones(len(starts), np.int64))]
    i, j = 0, 0
    for k in range(len(kept) + 1):
        last = k == len(kept)
        a, b = (len(spun), len(reference)) if last else (kept[k], places[kept[k]])
        if last or (a - i) * (b - j) > SHORTEST_STRETCH:
            if (a - i) * (b - j) <= HOPELESS:
                found = _add_runs(spun[i:a], reference[j:b], i, j, runs, found)
            i, j = a, b
    return runs[:found]


@compiled
def _add_runs(spun: Int32s, reference: Int32s, i_offset: int, j_offset: int, runs: Int64s, found: int) -> int:
    """Put the runs of a stretch behind those already found.

    Hyyrö's bit-parallel algorithm (2004), as rapidfuzz has it, which compiled code cannot call: bit i of row j is 0
    where spun word i ends a longer subsequence. All rows are kept, to walk back through them.

    `spun` (n) and `reference` (m) are int32; `runs` (room x 3), filled in from row `found` on, is int64. Returns
    how many rows are filled then.
    """
    n, m, same = len(spun), len(reference), 0
    while same < min(n, m) and spun[same] == reference[same]:
        same += 1
    while n > same and m > same and spun[n - 1] == reference[m - 1]:
        n, m = n - 1, m - 1
    found = _add_run(runs, found, i_offset, j_offset, same)
    size, blocks = n - same, (n - same + 63) // 64
    rows = _rows(spun[same:n], reference[same:m], blocks)
    i, j, matches, count = size, m - same, np.empty((min(size, m - same), 2), np.int64), 0
    while i and j:
        bit = ONE << np.uint64((i - 1) & 63)
        if rows[j - 1, (i - 1) >> 6] & bit:
            i -= 1
        else:
            j -= 1
            if not (j and not rows[j - 1, (i - 1) >> 6] & bit):
                i -= 1
                matches[count, 0], matches[count, 1] = i + same, j + same
                count += 1
    for k in range(count - 1, -1, -1):
        found = _add_run(runs, found, i_offset + matches[k, 0], j_offset + matches[k, 1], 1)
    return _add_run(runs, found, i_offset + n, j_offset + m, len(spun) - n)


@compiled
def _rows(spun: Int32s, reference: Int32s, blocks: int) -> UInt64s:
    """The rows of the table, a bit for every spun word.

    `spun` (n) and `reference` (m) are int32, the rows (m x blocks) uint64.
    """
    width = table_width(len(spun))
    keys, numbers = np.zeros(width, np.uint64), np.empty(width, np.int64)
    masks, distinct = np.zeros((len(spun), blocks), np.uint64), 0
    for i in range(len(spun)):
        key = _group_key(spun, i, 1)
        slot = slot_of(keys, key)
        if not keys[slot]:
            keys[slot], numbers[slot] = key, distinct
            distinct += 1
        masks[numbers[slot], i >> 6] |= ONE << np.uint64(i & 63)
    rows = np.empty((len(reference), blocks), np.uint64)
    state = np.full(blocks, ALL_ONES, np.uint64)
    for j in range(len(reference)):
        slot = slot_of(keys, _group_key(reference, j, 1))
        if keys[slot]:
            number, carry = numbers[slot], np.uint64(0)
            for block in range(blocks):
                was = state[block]
                met = was & masks[number, block]
                partial = was + carry
                total = partial + met
                carry = np.uint64(partial < carry) | np.uint64(total < met)
                state[block] = total | (was - met)
        rows[j] = state
    return rows


@compiled_in_place
def _add_run(runs: Int64s, found: int, i: int, j: int, length: int) -> int:
    """Add a run, or make the last one longer where it goes on from there.

    `runs` (room x 3) is int64, of which `found` rows are filled; the other arguments are integers. Returns how many
    are filled then.
    """
    if (
        length
        and found
        and runs[found - 1, 0] + runs[found - 1, 2] == i
        and runs[found - 1, 1] + runs[found - 1, 2] == j
    ):
        runs[found - 1, 2] += length
    elif length:
        runs[found, 0], runs[found, 1], runs[found, 2] = i, j, length
        found += 1
    return found
