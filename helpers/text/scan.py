"""A text goes in; where its tokens begin and end comes out, with a fingerprint of each: compiled, since all else waits.

One token is, first come first served: an initialism with dots (U.S.), a plain word, a number with its inner marks
(also one that a spinner half spelled out: four,560), a verb in front of n’t, n’t itself, a clitic (’s), a word (an
inner apostrophe stays: O’Brien; so do an editor’s brackets around its first letter: [W]e), or any one other sign.
Scripts without spaces between words (Chinese, Japanese, Thai,
Lao, Khmer, Burmese) are cut at their characters. Combining marks stay with what they are set on, in every script. What
cannot be seen does not count, and look-alike letters count as those they imitate (see `seen`).
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Int32s, Int64s, UInt8s, UInt32s, UInt64s, compiled, compiled_in_place
from helpers.text.number_words import SMALL, TENS
from helpers.text.seen import code_points, seen_points, table_size

APOSTROPHES = (
    "'’‘‛ʼʻʹ＇`´′" + "\u02bd\u02c8\u02ca\u02cb\u0374\u055a\u05f3\u1fbd\u1fbf\u1fef\u1ffd\u1ffe\u2035\ua78b\ua78c\uff40"
)
OPENING_BRACKET, CLOSING_BRACKET = 0x5B, 0x5D
LETTER, DIGIT, WORD, SPACE, MARK, APOSTROPHE, ALONE = 1, 2, 4, 8, 16, 32, 64  # classes of characters, as bits
MARKS = ("Mn", "Mc", "Me")  # Unicode's categories of what is set on a character
LETTERS_OF_WORDS = WORD | MARK  # what may stand inside a word
# Characters of scripts that put no space between words: Thai and Lao, Burmese, Khmer, kana, Chinese.
SPACELESS = [
    (0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x19E0, 0x1A00), (0x2E80, 0x2FE0), (0x3005, 0x3008),
    (0x3021, 0x302A), (0x3031, 0x3100), (0x31F0, 0x3200), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xA9E0, 0xAA00),
    (0xAA60, 0xAA80), (0xF900, 0xFB00), (0xFF66, 0xFFA0), (0x1B000, 0x1B170), (0x20000, 0x323B0),
]  # fmt: skip
MORE_MARKS = (0x0E33, 0x0EB3, *range(0x1F3FB, 0x1F400))  # vowels set on the letter before; the colours of skin
# The first part of a figure that a spinner writes out in words, its rest in digits behind the comma or point.
HEADS = [*SMALL, *TENS]
HEADS_OF_THOUSANDS = ["of", "couple", "dozen"]  # “a pair of,310”: the word in front of the comma
SEED, PRIME, STIR = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3), np.uint64(0xFF51AFD7ED558CCD)
SHIFT = np.uint64(29)
NO_SPACE, SPACE_BEFORE, LINE_BREAK_BEFORE = 0, 1, 2


class Scan(NamedTuple):
    """The tokens of a text, an entry each: offsets, what white space stands in front, and a fingerprint."""

    starts: Int32s
    ends: Int32s
    gaps: UInt8s
    keys: UInt64s


def scan(points: UInt32s) -> Scan:
    """Return the tokens of a text, given as code points; offsets are into these, whatever cannot be seen included."""
    view = seen_points(points)
    if view is None:
        return _scanned(points)
    found = _scanned(view.points)
    return found._replace(starts=view.starts[found.starts], ends=view.ends[found.ends - 1])


def _scanned(points: UInt32s) -> Scan:
    """The tokens of a text of which every character counts as it stands."""
    return Scan(*_scan(points, classes_of(points), *heads_of_figures()))


def scan_spans(points: UInt32s, starts: Int64s, ends: Int64s) -> tuple[Int64s, Int32s, Int32s, UInt8s, UInt64s]:
    """Return the tokens of spans of a text, each read by itself; every character counts as it stands.

    The first column says where the tokens of each span begin (spans + 1), the others are those of `Scan`, their offsets
    into the whole text.
    """
    return tokens_of_spans(points, starts, ends, classes_of(points), *heads_of_figures())


@compiled
def tokens_of_spans(
    points: UInt32s, starts: Int64s, ends: Int64s, classes: UInt8s, heads: UInt64s, thousands: UInt64s
) -> tuple[Int64s, Int32s, Int32s, UInt8s, UInt64s]:
    """The tokens of the spans from `starts` to `ends` (spans), which are int64; for the others see `_scan`.

    The columns are those of `scan_spans`.
    """
    room = 0
    for span in range(len(starts)):
        room += ends[span] - starts[span]
    firsts = np.zeros(len(starts) + 1, np.int64)
    token_starts, token_ends = np.empty(room, np.int32), np.empty(room, np.int32)
    gaps, keys = np.empty(room, np.uint8), np.empty(room, np.uint64)
    found = 0
    for span in range(len(starts)):
        first = starts[span]
        found = _add_tokens(
            points[first : ends[span]], classes, heads, thousands, first, token_starts, token_ends, gaps, keys, found
        )
        firsts[span + 1] = found
    return firsts, token_starts[:found].copy(), token_ends[:found].copy(), gaps[:found].copy(), keys[:found].copy()


def classes_of(points: UInt32s) -> UInt8s:
    """Return what characters are, as bits (LETTER, SPACE and so on), by their number: up to the highest or more."""
    return classes_up_to(table_size(points))


@lru_cache(maxsize=1)
def heads_of_figures() -> tuple[UInt64s, UInt64s]:
    """The fingerprints of the words that may be the first part of a figure: in front of a point, of a comma."""
    keys = [fingerprint(code_points(word), 0, len(word)) for word in (*HEADS, *HEADS_OF_THOUSANDS)]
    return np.array(keys[: len(HEADS)], np.uint64), np.array(keys, np.uint64)


@lru_cache(maxsize=2)
def classes_up_to(size: int) -> UInt8s:
    """Return the classes of the first `size` characters, as the regular expressions of Python's `re` see them."""
    signs = "".join(map(chr, range(size)))
    table = np.zeros(size, np.uint8)
    for pattern, bit in ((r"[^\W\d_]+", LETTER), (r"\d+", DIGIT), (r"\w+", WORD), (r"\s+", SPACE)):
        for match in re.finditer(pattern, signs):
            table[match.start() : match.end()] |= bit
    for point in range(0x300, min(size, 0x20000)):
        if unicodedata.category(chr(point)) in MARKS:
            table[point] |= MARK
    for point in MORE_MARKS:
        if point < size:
            table[point] = MARK
    for start, end in SPACELESS:
        letters = table[start:end]  # of tables that end before it, nothing
        letters[(letters & LETTER > 0) & (letters & MARK == 0)] = ALONE
    for sign in APOSTROPHES:
        table[ord(sign)] = APOSTROPHE
    return table


@compiled
def _scan(
    points: UInt32s, classes: UInt8s, heads: UInt64s, thousands: UInt64s
) -> tuple[Int32s, Int32s, UInt8s, UInt64s]:
    """The tokens of a text, as the columns of `Scan`.

    `points` (characters) is uint32, `classes` (by character) uint8, `heads` and `thousands` (words) are uint64; the
    columns (tokens) are int32, int32, uint8 and uint64.
    """
    size = len(points)
    starts, ends = np.empty(size, np.int32), np.empty(size, np.int32)
    gaps = np.empty(size, np.uint8)
    keys = np.empty(size, np.uint64)
    count = _add_tokens(points, classes, heads, thousands, 0, starts, ends, gaps, keys, 0)
    return starts[:count].copy(), ends[:count].copy(), gaps[:count].copy(), keys[:count].copy()


@compiled_in_place
def _add_tokens(
    points: UInt32s,
    classes: UInt8s,
    heads: UInt64s,
    thousands: UInt64s,
    first: int,
    starts: Int32s,
    ends: Int32s,
    gaps: UInt8s,
    keys: UInt64s,
    count: int,
) -> int:
    """Put the tokens of a text behind the `count` that stand in the columns; returns how many there are then.

    The columns, which are filled in, have room for as many tokens as there are characters. `first`, an integer, is
    where the text begins in that to which the offsets belong; for the others see `_scan`.
    """
    size, at, gap = len(points), 0, NO_SPACE
    while at < size:
        if classes[points[at]] & SPACE:
            gap = LINE_BREAK_BEFORE if points[at] == 10 or gap == LINE_BREAK_BEFORE else SPACE_BEFORE
            at += 1
            continue
        # Most tokens are letters with nothing behind them that could belong to a word: these are read in one go.
        end, key = at, SEED
        while end < size and classes[points[end]] & LETTER:
            key = (key ^ np.uint64(points[end])) * PRIME
            end += 1
        if end == at or not _ends_plainly(points, classes, end, size):
            end = _token_end(points, classes, heads, thousands, at, size)
            keys[count] = fingerprint(points, at, end)
        else:
            keys[count] = _stirred(key)
        starts[count], ends[count], gaps[count] = first + at, first + end, gap
        count += 1
        at, gap = end, NO_SPACE
    return count


@compiled_in_place
def fingerprint(points: UInt32s, start: int, end: int) -> np.uint64:
    """A 64-bit hash of points[start:end] (FNV-1a over characters), never 0.

    The odds that any two of half a million words share one are below one in a hundred million.

    `points` (characters) is uint32, `start` and `end` are integers, and the hash is uint64.
    """
    key = SEED
    for at in range(start, end):
        key = (key ^ np.uint64(points[at])) * PRIME
    return _stirred(key)


@compiled_in_place
def _stirred(key: np.uint64) -> np.uint64:
    """A hash whose last characters tell in all its bits, never 0; both are uint64."""
    return (key ^ (key >> SHIFT)) * STIR | np.uint64(1)


@compiled_in_place
def _ends_plainly(points: UInt32s, classes: UInt8s, end: int, size: int) -> bool:
    """Tell whether letters that end here are a token, whatever follows: no dot, comma or mark goes on with a word.

    `points` (size) is uint32, `classes` (by character) uint8; `end` and `size` are integers.
    """
    if end == size:
        return True
    if points[end] == 46 or points[end] == 44:
        return end + 1 == size or not classes[points[end + 1]] & (LETTER | DIGIT)
    return not classes[points[end]] & (LETTERS_OF_WORDS | APOSTROPHE)


@compiled_in_place
def _token_end(points: UInt32s, classes: UInt8s, heads: UInt64s, thousands: UInt64s, at: int, size: int) -> int:
    """Where the token that begins at `at` ends.

    `points` (size) is uint32, `classes` (by character) uint8, `heads` and `thousands` (words) are uint64; places in
    the text are integers, and so is the result.
    """
    kind = classes[points[at]]
    if kind & LETTER:
        end = _initialism_end(points, classes, at, size)
        if end > at:
            return end
        end = at + 1
        while end < size and classes[points[end]] & LETTER:
            end += 1
        if _goes_on_in_digits(points, classes, heads, thousands, at, end, size):
            return _number_end(points, classes, heads, end + 1, size)
        if end == size or not classes[points[end]] & (LETTERS_OF_WORDS | APOSTROPHE):
            return end
        negated = _before_not(points, classes, at, end, size)
        if negated > at:
            return negated
        if _is_not(points, classes, at, size):
            return at + 3
    elif kind & DIGIT:
        return _number_end(points, classes, heads, at, size)
    if (
        kind & APOSTROPHE
        and at > 0
        and (classes[points[at - 1]] & (WORD | ALONE) or _is_initialism(points, classes, at))
    ):
        length = _clitic(points, classes, at + 1, size)
        if length:
            return at + 1 + length
    if kind & LETTERS_OF_WORDS:
        return _word_end(points, classes, at, size)
    if points[at] == OPENING_BRACKET and _has_its_first_letter_changed(points, classes, at, size):
        return _edited_word_end(points, classes, at, size)
    at += 1
    while at < size and classes[points[at]] & MARK:
        at += 1
    return at


@compiled_in_place
def _has_its_first_letter_changed(points: UInt32s, classes: UInt8s, at: int, size: int) -> bool:
    """Tell whether the bracket here is an editor’s, who made a letter a capital or took it from one: [W]e, [t]he.

    `points` (size) is uint32, `classes` (by character) uint8; `at` and `size` are integers.
    """
    if at + 3 >= size or points[at + 2] != CLOSING_BRACKET or not classes[points[at + 1]] & LETTER:
        return False
    after = points[at + 3]
    return classes[after] & LETTER != 0 and _lower(after) == after


@compiled_in_place
def _edited_word_end(points: UInt32s, classes: UInt8s, at: int, size: int) -> int:
    """Where the word ends whose first letter stands in the brackets that begin here.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the result.
    """
    end = at + 4
    while end < size and classes[points[end]] & LETTER:
        end += 1
    negated = _before_not(points, classes, at + 2, end, size)
    return negated if negated > at + 2 else _word_end(points, classes, at + 3, size)


@compiled_in_place
def _goes_on_in_digits(
    points: UInt32s, classes: UInt8s, heads: UInt64s, thousands: UInt64s, at: int, end: int, size: int
) -> bool:
    """Tell whether the word points[at:end] is the first part of a figure that goes on in digits: four,560.

    Behind a comma three digits follow, or two with another comma behind them, as Indian figures have them.

    `points` (size) is uint32, `classes` (by character) uint8, `heads` and `thousands` (words) are uint64; places in
    the text are integers.
    """
    if end + 1 >= size or not classes[points[end + 1]] & DIGIT:
        return False
    if points[end] == 46:
        return _is_word_of(points, at, end, heads)
    if points[end] != 44 or not _is_word_of(points, at, end, thousands):
        return False
    stop = end + 1
    while stop < size and classes[points[stop]] & DIGIT:
        stop += 1
    return stop - end == 4 or (stop - end == 3 and stop + 1 < size and points[stop] == 44)


@compiled_in_place
def _is_word_of(points: UInt32s, start: int, end: int, keys: UInt64s) -> bool:
    """Tell whether points[start:end], in lower case, is one of the words with these fingerprints.

    `points` (size) is uint32, `keys` (words) uint64; `start` and `end` are integers.
    """
    if end - start > 9:
        return False
    key = SEED
    for at in range(start, end):
        key = (key ^ np.uint64(_lower(points[at]))) * PRIME
    return is_one_of(_stirred(key), keys)


@compiled_in_place
def is_one_of(number: int | np.uint64, known: UInt32s | UInt64s) -> bool:
    """Tell whether a number is among the known ones, which are uint32 or uint64."""
    for other in known:  # noqa: SIM110 - numba compiles a plain loop best
        if other == number:
            return True
    return False


@compiled_in_place
def _initialism_end(points: UInt32s, classes: UInt8s, at: int, size: int) -> int:
    """Where letters with dots behind each end (U.S.); `at` where there are not two.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    end = at
    while end + 1 < size and classes[points[end]] & LETTER and points[end + 1] == 46:
        end += 2
    return end if end >= at + 4 else at


@compiled_in_place
def _is_initialism(points: UInt32s, classes: UInt8s, end: int) -> bool:
    """Tell whether letters with dots behind each end here (U.S.).

    `points` (size) is uint32, `classes` (by character) uint8; `end` is an integer.
    """
    dots = end >= 4 and points[end - 1] == 46 and points[end - 3] == 46
    return dots and classes[points[end - 2]] & LETTER != 0 and classes[points[end - 4]] & LETTER != 0


@compiled_in_place
def _number_end(points: UInt32s, classes: UInt8s, heads: UInt64s, at: int, size: int) -> int:
    """Where the number that begins at `at` ends.

    `points` (size) is uint32, `classes` (by character) uint8, `heads` (words) uint64; places in the text are integers,
    and so is the result.
    """
    end = at
    while True:
        while end < size and classes[points[end]] & DIGIT:
            end += 1
        inner = end + 1 < size and (points[end] == 44 or points[end] == 46 or points[end] == 58)
        if not (inner and classes[points[end + 1]] & DIGIT):
            break
        end += 1
    if end + 1 < size and points[end] == 46:  # 61.eight
        stop = end + 1
        while stop < size and classes[points[stop]] & LETTERS_OF_WORDS:
            stop += 1
        if _is_word_of(points, end + 1, stop, heads):
            return stop
    while end < size and classes[points[end]] & LETTERS_OF_WORDS:
        end += 1
    return end


@compiled_in_place
def _before_not(points: UInt32s, classes: UInt8s, at: int, end: int, size: int) -> int:
    """Where a verb ends in front of n’t; `at` where none stands here. `end` is the end of the letters.

    `points` (size) is uint32, `classes` (by character) uint8; places in the text are integers, and so is the
    result.
    """
    for place in range(at + 1, end + 1):
        if _is_not(points, classes, place, size):
            return place
    return at


@compiled_in_place
def _is_not(points: UInt32s, classes: UInt8s, at: int, size: int) -> bool:
    """Tell whether n’t stands here, and no word goes on behind it.

    `points` (size) is uint32, `classes` (by character) uint8; `at` is an integer.
    """
    if at + 2 >= size or not classes[points[at + 1]] & APOSTROPHE:
        return False
    ends = at + 3 == size or not classes[points[at + 3]] & WORD
    return ends and _lower(points[at]) == 110 and _lower(points[at + 2]) == 116


@compiled_in_place
def _lower(point: int) -> int:
    """A letter of English in lower case; any other character as it is.

    `point` is uint32, the result an integer.
    """
    if 65 <= point <= 90:
        return point + 32
    return 115 if point == 0x17F else point  # ſ is an s, as `re` has it


@compiled_in_place
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


@compiled_in_place
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
