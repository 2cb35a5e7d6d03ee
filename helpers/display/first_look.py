"""A text as it is read goes in; where addresses may stand in it comes out, so that patterns search nowhere else.

One compiled look at the characters takes a tenth of what the searches of the patterns take. It may tell of too much,
which the patterns then reject, and never of too little.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Int64s, UInt8s, UInt32s, UInt64s, compiled, compiled_in_place, compiled_within
from helpers.text.scan import DIGIT, LETTER, SPACE, classes_of, fingerprint, is_one_of
from helpers.text.seen import code_points, kept_points

FEWEST_CLOSE, FARTHEST_DIGIT = 5, 12  # digits that stand close together, and how far the next one is at most
FARTHEST_CAPITAL = 4  # behind a digit
FEWEST_SPOKEN, LONGEST_SPOKEN = 5, 6  # names of digits in a row; letters of the longest
SPOKEN_WORDS = (
    "Zero zero Oh oh One one Two two Three three Four four Five five Six six Seven seven Eight eight Nine nine plus"
    " Double double Triple triple".split()
)
# How the words that stand for an “@” begin, where they begin with plain letters.
HEADS_OF_AT = "ett arr aro chi kla ape sna kuk zav mal".split()
AT_HEADS = np.array([int.from_bytes(head.encode()) for head in HEADS_OF_AT], np.uint32)
SIGNS = np.array(list(map(ord, "[({<_*|~/\\\"'“”‘’-")), np.uint32)  # what stands around a word in place of an “@”
DOT_SIGNS = np.array(list(map(ord, "[({<.·_*|~-")), np.uint32)  # what stands behind a word in place of a dot
AT = ord("a") << 8 | ord("t")
FIRST_BEYOND_ASCII, COMMA, HYPHEN, FULL_STOP, AT_SIGN = 128, 44, 45, 46, 64
LETTER_A, LETTER_D, LETTER_S, CASE = 97, 100, 115, 32
EIGHT, BLANK = 56, 32


def _second_letters(words: Iterable[str]) -> Int64s:
    """For each first letter the second letters of words, as bits: of most words no more is asked than these two."""
    found = np.zeros(26, np.int64)
    for word in words:
        first, second = (ord(letter) - LETTER_A for letter in word[:2].lower())
        found[first] |= 1 << second
    return found


def _bits(signs: Iterable[int], first: int) -> int:
    """The signs among the 63 from `first` on, as bits."""
    return sum(1 << (sign - first) for sign in signs if first <= sign < first + 63)


BEGIN_AT, BEGIN_SPOKEN = _second_letters(HEADS_OF_AT), _second_letters(SPOKEN_WORDS)
BEGIN_DOT = _second_letters("punkt ponto prick kropka tecka nokta".split())  # and “dot”, “d0t”
FIRST_SIGNS, SECOND_SIGNS = 33, 96  # no other sign stands in front of `at` in ASCII; beyond stand quotation marks
SIGNS_AS_BITS = (_bits(SIGNS.tolist(), FIRST_SIGNS), _bits(SIGNS.tolist(), SECOND_SIGNS))


class FirstLook(NamedTuple):
    """Where addresses may stand: white space in front of what may stand for an “@” before a site, stretches of digits.

    `signed` is where a sign (a bracket, say) stands in front of such a word, or of a lone letter. `digits`
    (stretches x 2) are where five digits or more stand close together, first and end. `spoken` tells whether five names
    of digits stand in a row, `lettered` whether letters stand close behind a digit as in 1-800-FLOWERS.
    """

    before_words: list[int]
    signed: list[int]
    digits: list[list[int]]
    spoken: bool
    lettered: bool


@lru_cache(maxsize=4)  # e-mail addresses are looked for, and then telephone numbers
def first_look(text: str) -> FirstLook:
    """Return where addresses may stand in a text.

    >>> first_look("call 555 01 23, or mail jane at site dot example")
    FirstLook(before_words=[28], signed=[], digits=[[5, 14]], spoken=False, lettered=False)
    """
    points = kept_points(text)
    places, signed, digits, spoken, lettered = _look(points, classes_of(points), _spoken_keys())
    return FirstLook(places.tolist(), signed.tolist(), digits.tolist(), spoken, lettered)


@lru_cache(maxsize=1)
def _spoken_keys() -> UInt64s:
    return np.array([fingerprint(code_points(word), 0, len(word)) for word in SPOKEN_WORDS], np.uint64)


@compiled
def _look(points: UInt32s, classes: UInt8s, spoken_keys: UInt64s) -> tuple[Int64s, Int64s, Int64s, bool, bool]:
    """The columns of `FirstLook`.

    `points` (characters) is uint32, `classes` (by character) uint8, `spoken_keys` (words) uint64; the results are int64
    (places), int64 (signs), int64 (stretches x 2), and bool.
    """
    size = len(points)
    places, found, signs = np.empty(size + 1, np.int64), 0, size + 1  # the signs from the end on
    stretches, stretch = np.empty((size // FEWEST_CLOSE + 1, 2), np.int64), 0
    spoken, lettered = False, False
    digits, first, last = 0, 0, -FARTHEST_DIGIT - 1
    words, start = 0, 0
    for at in range(size + 1):
        kind = classes[points[at]] if at < size else SPACE
        if kind & LETTER:
            if at - last <= FARTHEST_CAPITAL:
                lettered = lettered or _goes_on_in_letters(points, at, at - last)
            digits = 0
            continue
        if kind & DIGIT:
            if not digits or at - last > FARTHEST_DIGIT:
                digits, first = 0, at
            digits, last = digits + 1, at
            if digits >= FEWEST_CLOSE:
                stretch += digits == FEWEST_CLOSE
                stretches[stretch - 1, 0], stretches[stretch - 1, 1] = first, at + 1
        elif not kind & SPACE:
            if _is_sign(points[at]) and _stands_behind(points, classes, at + 1):
                signs -= 1
                places[signs] = at
        elif at + 3 >= size or _may_begin(points[at + 1], points[at + 2], points[at + 3]):
            places[found] = at
            found += _may_be_at(points, classes, at + 1) and _may_lead_on(points, classes, at + 1)
        if kind & SPACE or points[at] == COMMA or points[at] == HYPHEN:
            if at > start:
                asked = 1 < at - start <= LONGEST_SPOKEN and _begins_so(points[start], points[start + 1], BEGIN_SPOKEN)
                words = words + 1 if asked and is_one_of(fingerprint(points, start, at), spoken_keys) else 0
                spoken = spoken or words == FEWEST_SPOKEN
            start = at + 1
    return places[:found].copy(), places[signs:][::-1].copy(), stretches[:stretch].copy(), spoken, lettered


@compiled_in_place
def _goes_on_in_letters(points: UInt32s, at: int, far: int) -> bool:
    """Tell whether the letter here, so far behind a digit, may be the first of a word that stands for digits.

    `points` (characters) is uint32, `at` and `far` are integers.
    """
    if far == 2 and at > 3 and points[at - 4] == EIGHT and (points[at - 1] == HYPHEN or points[at - 1] == FULL_STOP):
        return True
    return 65 <= points[at] <= 90 and at + 1 < len(points) and 65 <= points[at + 1] <= 90


@compiled_in_place
def _stands_behind(points: UInt32s, classes: UInt8s, at: int) -> bool:
    """Tell whether an “@”, what may stand for it, or an “a” by itself stands here, two blanks in front at most.

    `points` (characters) is uint32, `classes` (by character) uint8, `at` an integer.
    """
    end = min(at + 2, len(points))
    while at < end and classes[points[at]] & SPACE:
        at += 1
    if at + 1 >= len(points):
        return False
    if points[at] == AT_SIGN or _may_be_at(points, classes, at):
        return True
    return points[at] | CASE == LETTER_A and not classes[points[at + 1]] & LETTER


@compiled_in_place
def _may_be_at(points: UInt32s, classes: UInt8s, at: int) -> bool:
    """Tell whether a word that stands for an “@” may begin here; of letters beyond ASCII, Python knows.

    `points` (characters) is uint32, `classes` (by character) uint8, `at` an integer.
    """
    if at + 2 >= len(points):
        return at + 1 < len(points)
    for k in range(at, at + 3):
        if points[k] >= FIRST_BEYOND_ASCII and classes[points[k]] & LETTER:
            return True
    pair = (points[at] | CASE) << 8 | points[at + 1] | CASE
    if pair == AT:
        return True
    return is_one_of(pair << 8 | points[at + 2] | CASE, AT_HEADS)


@compiled_within
def _may_begin(one: int, two: int, three: int) -> bool:
    """Tell whether `_may_be_at` must be asked of a word that begins with these: it takes long to call, and few do.

    An “at” by itself has a blank behind it, or is “at-sign”, “at sign” or “atsign”; “ate” is none. The arguments are
    uint32.
    """
    if (one | two | three) >= FIRST_BEYOND_ASCII:
        return True
    if (one | CASE) << 8 | two | CASE == AT:
        return three <= BLANK or three == HYPHEN or three | CASE == LETTER_S
    return _begins_so(one, two, BEGIN_AT)


@compiled_in_place
def _may_lead_on(points: UInt32s, classes: UInt8s, at: int) -> bool:
    """Tell whether a site may stand behind the “at” that begins here; of what is no “at” by itself, nothing is told.

    Behind the word that follows, a dot or what may stand for one is in sight. `points` (characters) is uint32,
    `classes` (by character) uint8, `at` an integer.
    """
    size = len(points)
    if at + 2 >= size or (points[at] | CASE) << 8 | points[at + 1] | CASE != AT or not classes[points[at + 2]] & SPACE:
        return True
    at = _behind_space(points, classes, at + 2)
    if at < size and (points[at] | CASE == LETTER_S or points[at] >= FIRST_BEYOND_ASCII):  # “at sign”
        return True
    while at < size and not classes[points[at]] & SPACE:
        if is_one_of(points[at], DOT_SIGNS):
            return True
        at += 1
    at = _behind_space(points, classes, at)
    if at + 1 >= size:
        return False
    if points[at] >= FIRST_BEYOND_ASCII or points[at] | CASE == LETTER_D or is_one_of(points[at], DOT_SIGNS):
        return True
    return _begins_so(points[at], points[at + 1], BEGIN_DOT)


@compiled_in_place
def _behind_space(points: UInt32s, classes: UInt8s, at: int) -> int:
    """Where white space that begins here ends.

    `points` (characters) is uint32, `classes` (by character) uint8, `at` and the result are integers.
    """
    while at < len(points) and classes[points[at]] & SPACE:
        at += 1
    return at


@compiled_within
def _begins_so(one: int, two: int, seconds: Int64s) -> bool:
    """Tell whether these are the first two letters of one of some words, in either case.

    `one` and `two` are uint32; `seconds` (26) is int64, see `_second_letters`.
    """
    first, second = np.int64(one | CASE) - LETTER_A, np.int64(two | CASE) - LETTER_A
    if 0 <= first < 26 and 0 <= second < 26:
        return bool((seconds[first] >> second) & 1)
    return False


@compiled_within
def _is_sign(point: int) -> bool:
    """Tell whether a character, which is uint32, is one of SIGNS."""
    sign = np.int64(point)
    if sign < FIRST_SIGNS:
        return False
    if sign < SECOND_SIGNS:
        return (SIGNS_AS_BITS[0] >> (sign - FIRST_SIGNS)) & 1 == 1
    if sign < FIRST_BEYOND_ASCII:
        return (SIGNS_AS_BITS[1] >> (sign - SECOND_SIGNS)) & 1 == 1
    return is_one_of(point, SIGNS)
