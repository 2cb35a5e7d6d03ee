"""Two short sequences of numbers go in; how alike they are comes out, compiled, for use inside compiled code.

`rapidfuzz` has the same measures and is what Python code calls; from inside compiled code it can't be reached.
"""

import numpy as np

from helpers.text.compiled import Int32s, Int64s, UInt32s, compiled, compiled_in_place

LONGEST_PREFIX, PREFIX_WEIGHT, PREFIX_COUNTS_FROM = 4, 0.1, 0.7
SLACK = 0.01  # for what is lost in rounding, and more


@compiled_in_place
def jaro_winkler(one: UInt32s, start: int, size: int, other: UInt32s, other_start: int, other_size: int) -> float:
    """The Jaro-Winkler similarity (Winkler 1990) of one[start : start + size] and the like: letters as numbers.

    0 where one is empty. Neither may have more than 64 letters.

    `one` and `other` (letters) are uint32, starts and sizes integers, the similarity float64.
    """
    if size == 0 or other_size == 0:
        return 0.0
    reach = max(0, max(size, other_size) // 2 - 1)
    taken = np.uint64(0)  # bit j: letter j of the other word has met its like
    met = np.uint64(0)
    common = 0
    for i in range(size):
        for j in range(max(0, i - reach), min(other_size, i + reach + 1)):
            bit = np.uint64(1) << np.uint64(j)
            if one[start + i] == other[other_start + j] and not taken & bit:
                taken |= bit
                met |= np.uint64(1) << np.uint64(i)
                common += 1
                break
    if common == 0:
        return 0.0
    crossed, j = 0, 0
    for i in range(size):
        if met & (np.uint64(1) << np.uint64(i)):
            while not taken & (np.uint64(1) << np.uint64(j)):
                j += 1
            crossed += one[start + i] != other[other_start + j]
            j += 1
    jaro = (common / size + common / other_size + (common - crossed // 2) / common) / 3
    if jaro <= PREFIX_COUNTS_FROM:
        return jaro
    prefix = 0
    longest = min(size, other_size, LONGEST_PREFIX)
    while prefix < longest and one[start + prefix] == other[other_start + prefix]:
        prefix += 1
    return jaro + PREFIX_WEIGHT * prefix * (1 - jaro)


@compiled_in_place
def letters_of(word: UInt32s, start: int, size: int) -> np.uint64:
    """Which letters word[start : start + size] has, as bits; two letters may share one.

    `word` (letters) is uint32, `start` and `size` are integers, the bits are uint64.
    """
    bits = np.uint64(0)
    for k in range(start, start + size):
        bits |= np.uint64(1) << np.uint64(word[k] & np.uint32(63))
    return bits


@compiled_in_place
def may_be_as_alike(
    least: float, letters: np.uint64, size: int, other_letters: np.uint64, other_size: int, same_first: bool
) -> bool:
    """Tell whether the Jaro-Winkler similarity of two words can exceed `least`: a bound, cheap to ask for.

    Letters that the other word lacks have no like there. `letters` and `other_letters` (see `letters_of`) are uint64,
    the sizes integers, `same_first` (whether the first letters are the same) is bool, `least` float64.
    """
    most = min(size - _count(letters & ~other_letters), other_size - _count(other_letters & ~letters))
    prefix = PREFIX_WEIGHT * LONGEST_PREFIX if same_first else 0.0
    jaro = (least - prefix) / (1 - prefix)
    # (most / size + most / other_size + 1) / 3 > jaro, with nothing divided
    return bool(most * (size + other_size) > (3 * jaro - 1 - SLACK) * (size * other_size))


@compiled_in_place
def _count(bits: np.uint64) -> np.int64:
    """How many bits of a uint64 are set, an int64."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def common_subsequence(one: Int32s | Int64s, other: Int32s | Int64s) -> int:
    """The length of the longest common subsequence of two short runs of numbers (sentences, not texts).

    `one` (n) and `other` (m) are int32 or int64, the length is an integer.
    """
    row = np.zeros(len(other) + 1, np.int64)
    for i in range(len(one)):
        corner = 0
        for j in range(len(other)):
            above = row[j + 1]
            row[j + 1] = corner + 1 if one[i] == other[j] else max(above, row[j])
            corner = above
    return row[-1]
