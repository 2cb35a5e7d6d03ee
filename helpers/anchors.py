"""Two runs of words (as numbers) go in; what is surely the same in both comes out: unique word groups, equal runs.

Words and word groups that stand once in each text are the firmest ground there is (the idea of patience diff).
Between them equal tokens are found with a compiled edit distance.
"""

import numpy as np
from rapidfuzz.distance import Indel

from helpers.compiled import compiled
from helpers.webcounts import mixed, slot_of

LONGEST_AT_ONCE = 4_000_000  # cells of one edit-distance table; longer stretches are cut at anchors first
SHORTEST_STRETCH = 10_000  # cells; cutting finer costs more than it saves
FIRST_SIGN, MOST_SIGNS = 0x10000, 0x100000  # words become characters of their own; below lie the surrogates
NOWHERE = -1


@compiled
def meeting_places(spun, reference, size):
    """For every place of the spun text where a group of `size` words begins that stands once in each text: where it
    stands in the reference; NOWHERE for all other places."""  # fmt: skip
    width = 4
    while width < 2 * (len(spun) + len(reference)):
        width *= 2
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


@compiled
def _group_key(words, place, size):
    key = mixed(np.uint64(size), np.uint64(words[place]))
    for k in range(1, size):
        key = mixed(key, np.uint64(words[place + k]))
    return key


@compiled
def heaviest_chain(targets, weights):
    """Mark the members of the heaviest subsequence of targets that never steps back.

    A weighted longest increasing subsequence; the running maxima stand in a Fenwick tree, so that a book takes
    n log n steps.
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


def equal_runs(spun: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the longest common subsequence as runs: an array of rows spun place, reference place, length.

    Compiled (rapidfuzz, Hyyrö's bit-parallel algorithm). Its time grows with the product of the lengths, so
    long texts are cut first at word triples that stand once in each.
    """
    if len(spun) * len(reference) <= LONGEST_AT_ONCE:
        runs = _runs(spun, reference)
    else:
        runs = [
            (i0 + i, j0 + j, length)
            for i0, i1, j0, j1 in _stretches(spun, reference)
            for i, j, length in _runs(spun[i0:i1], reference[j0:j1])
        ]
    return np.array(runs, np.int64).reshape(-1, 3)


def _runs(spun: np.ndarray, reference: np.ndarray) -> list[tuple[int, int, int]]:
    if max(spun.max(initial=0), reference.max(initial=0)) >= MOST_SIGNS:
        _, numbers = np.unique(np.concatenate([spun, reference]), return_inverse=True)
        spun, reference = numbers[: len(spun)], numbers[len(spun) :]
    blocks = Indel.opcodes(_as_signs(spun), _as_signs(reference)).as_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]


def _as_signs(words: np.ndarray) -> str:
    """Words as a text with a character for each: the form that rapidfuzz compares fastest."""
    return (words.astype(np.uint32) + FIRST_SIGN).tobytes().decode("utf-32-le")


def _stretches(spun: np.ndarray, reference: np.ndarray) -> list[tuple[int, int, int, int]]:
    places = meeting_places(spun, reference, 3)
    starts = np.flatnonzero(places != NOWHERE)
    kept = starts[heaviest_chain(places[starts], np.ones(len(starts), np.int64))]
    stretches, i, j = [], 0, 0
    for a, b in zip([*kept.tolist(), len(spun)], [*places[kept].tolist(), len(reference)], strict=True):
        if a == len(spun) or (a - i) * (b - j) > SHORTEST_STRETCH:
            stretches.append((i, a, j, b))
            i, j = a, b
    # A stretch without an anchor and too long for one table is taken as different throughout.
    return [s for s in stretches if (s[1] - s[0]) * (s[3] - s[2]) <= 25 * LONGEST_AT_ONCE]
