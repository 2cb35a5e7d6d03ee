"""A text goes in; where its tokens begin and end comes out, with a fingerprint of each: compiled, since all else waits.

One token is, first come first served: an initialism with dots (U.S.), a plain word, a number with its inner marks,
a verb in front of n’t, n’t itself, a clitic (’s), a word (an inner apostrophe stays: O’Brien), or any one other sign.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Int32s, UInt8s, UInt32s, UInt64s, compiled

APOSTROPHES = "'’‘ʼ＇"
LETTER, DIGIT, WORD, SPACE, MARK, APOSTROPHE = 1, 2, 4, 8, 16, 32  # classes of characters, as bits
LETTERS_OF_WORDS = WORD | MARK  # what may stand inside a word
BASIC_PLANE, ALL_CHARACTERS = 0x10000, 0x110000
SEED, PRIME, STIR = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3), np.uint64(0xFF51AFD7ED558CCD)
SHIFT = np.uint64(29)
NO_SPACE, SPACE_BEFORE, LINE_BREAK_BEFORE = 0, 1, 2


class Scan(NamedTuple):
    """The tokens of a text, an entry each: offsets, what white space stands in front, and a fingerprint."""

    starts: Int32s
    ends: Int32s
    gaps: UInt8s
    keys: UInt64s


def code_points(text: str) -> UInt32s:
    """Return the characters of a text as numbers.

    >>> code_points("é1").tolist()
    [233, 49]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def scan(points: UInt32s) -> Scan:
    """Return the tokens of a text, given as code points."""
    beyond = len(points) > 0 and int(points.max()) >= BASIC_PLANE
    return Scan(*_scan(points, _classes(ALL_CHARACTERS if beyond else BASIC_PLANE)))


@lru_cache(maxsize=2)
def _classes(size: int) -> UInt8s:
    """The classes of the first `size` characters, as the regular expressions of Python's `re` see them."""
    signs = "".join(map(chr, range(size)))
    table = np.zeros(size, np.uint8)
    for pattern, bit in ((r"[^\W\d_]+", LETTER), (r"\d+", DIGIT), (r"\w+", WORD), (r"\s+", SPACE)):
        for match in re.finditer(pattern, signs):
            table[match.start() : match.end()] |= bit
    table[0x300:0x370] |= MARK
    for sign in APOSTROPHES:
        table[ord(sign)] |= APOSTROPHE
    return table


@compiled
def _scan(points: UInt32s, classes: UInt8s) -> tuple[Int32s, Int32s, UInt8s, UInt64s]:
    """The tokens of a text, as the columns of `Scan`.

    `points` (characters) is uint32, `classes` (by character) uint8; the columns (tokens) are int32, int32, uint8
    and uint64.
    """
    size = len(points)
    starts, ends = np.empty(size, np.int32), np.empty(size, np.int32)
    gaps = np.empty(size, np.uint8)
    keys = np.empty(size, np.uint64)
    count, at, gap = 0, 0, NO_SPACE
    while at < size:
        if classes[points[at]] & SPACE:
            gap = LINE_BREAK_BEFORE if points[at] == 10 or gap == LINE_BREAK_BEFORE else SPACE_BEFORE
            at += 1
            continue
        end = _token_end(points, classes, at, size)
        starts[count], ends[count], gaps[count] = at, end, gap
        keys[count] = fingerprint(points, at, end)
        count += 1
        at, gap = end, NO_SPACE
    return starts[:count].copy(), ends[:count].copy(), gaps[:count].copy(), keys[:count].copy()


@compiled
def fingerprint(points: UInt32s, start: int, end: int) -> np.uint64:
    """A 64-bit hash of points[start:end] (FNV-1a over characters), never 0.

    The odds that any two of half a million words share one are below one in a hundred million.

    `points` (characters) is uint32, `start` and `end` are integers, and the hash is uint64.
    """
    key = SEED
    for at in range(start, end):
        key = (key ^ np.uint64(points[at])) * PRIME
    return (key ^ (key >> SHIFT)) * STIR | np.uint64(1)


@compiled
def _token_end(points: UInt32s, classes: UInt8s, at: int, size: int) -> int:
    """Where the token that begins at `at` ends.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    kind = classes[points[at]]
    if kind & LETTER:
        end = _initialism_end(points, classes, at, size)
        if end > at:
            return end
        end = at + 1
        while end < size and classes[points[end]] & LETTER:
            end += 1
        if end == size or not classes[points[end]] & (LETTERS_OF_WORDS | APOSTROPHE):
            return end
        negated = _before_not(points, classes, at, end, size)
        if negated > at:
            return negated
        if _is_not(points, classes, at, size):
            return at + 3
    elif kind & DIGIT:
        return _number_end(points, classes, at, size)
    if kind & APOSTROPHE and at > 0 and classes[points[at - 1]] & WORD:
        length = _clitic(points, classes, at + 1, size)
        if length:
            return at + 1 + length
    if kind & LETTERS_OF_WORDS:
        return _word_end(points, classes, at, size)
    return at + 1


@compiled
def _initialism_end(points: UInt32s, classes: UInt8s, at: int, size: int) -> int:
    """Where letters with dots behind each end (U.S.); `at` where there are not two.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    end = at
    while end + 1 < size and classes[points[end]] & LETTER and points[end + 1] == 46:
        end += 2
    return end if end >= at + 4 else at


@compiled
def _number_end(points: UInt32s, classes: UInt8s, at: int, size: int) -> int:
    """Where the number that begins at `at` ends.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    end = at
    while True:
        while end < size and classes[points[end]] & DIGIT:
            end += 1
        inner = end + 1 < size and (points[end] == 44 or points[end] == 46 or points[end] == 58)
        if not (inner and classes[points[end + 1]] & DIGIT):
            break
        end += 1
    while end < size and classes[points[end]] & WORD:
        end += 1
    return end


@compiled
def _before_not(points: UInt32s, classes: UInt8s, at: int, end: int, size: int) -> int:
    """Where a verb ends in front of n’t; `at` where none stands here. `end` is the end of the letters.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    for place in range(at + 1, end + 1):
        if _is_not(points, classes, place, size):
            return place
    return at


@compiled
def _is_not(points: UInt32s, classes: UInt8s, at: int, size: int) -> bool:
    """Tell whether n’t stands here, and no word goes on behind it.

    `points` (size) is uint32, `classes` (by character) uint8; `at` is an integer.
    """
    if at + 2 >= size or not classes[points[at + 1]] & APOSTROPHE:
        return False
    ends = at + 3 == size or not classes[points[at + 3]] & WORD
    return ends and _lower(points[at]) == 110 and _lower(points[at + 2]) == 116


@compiled
def _lower(point: int) -> int:
    """A letter of English in lower case; any other character as it is.

    `point` is uint32, the result an integer.
    """
    if 65 <= point <= 90:
        return point + 32
    return 115 if point == 0x17F else point  # ſ is an s, as `re` has it


@compiled
def _clitic(points: UInt32s, classes: UInt8s, at: int, size: int) -> int:
    """The length of the clitic that begins here (s, m, d, t, re, ll, ve), 0 where none does.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    length = 0
    if at < size:
        first = _lower(points[at])
        if first == 115 or first == 109 or first == 100 or first == 116:
            length = 1
        elif at + 1 < size:
            second = _lower(points[at + 1])
            re_or_ve = second == 101 and (first == 114 or first == 118)
            length = 2 if re_or_ve or (first == 108 and second == 108) else 0
    whole = at + length >= size or not classes[points[at + length]] & WORD
    return length if whole else 0


@compiled
def _word_end(points: UInt32s, classes: UInt8s, at: int, size: int) -> int:
    """Where the word that begins at `at` ends.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    end = at
    while end < size and classes[points[end]] & LETTERS_OF_WORDS:
        end += 1
    while end + 1 < size and classes[points[end]] & APOSTROPHE and classes[points[end + 1]] & LETTER:
        if _clitic(points, classes, end + 1, size):
            break
        end += 2
        while end < size and classes[points[end]] & LETTERS_OF_WORDS:
            end += 1
    return end
