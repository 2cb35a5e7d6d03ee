"""A paragraph goes in; its quotations come out, whatever marks it sets, the wrong ones as well.

Which mark opens and which one closes is told by what stands beside it, since writers and content systems take one for
the other: “…“, ”…”, '…', ’…’. An apostrophe is the same sign as a closing single mark; which it is, is told by what
stands around it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Bools, Int64s, UInt8s, UInt32s, compiled
from helpers.text.scan import ALONE, APOSTROPHE, WORD, classes_of
from helpers.text.seen import kept_points

Span = tuple[int, int]
# Opening marks, and what closes them: certainly, and where it stands like a closing mark. Two commas are
# one mark, and so are two apostrophes.
CLOSING = {"“": ("”", '“"〞″„'), "”": ("", '”"“'), "„": ("“”", '"„″'), "‟": ("”", '"'), "«": ("»", ""), "»": ("«", ""),
           '"': ('"', "”“"), "＂": ("＂", '"'), "‹": ("›", ""), "「": ("」", ""), "『": ("』", ""), "《": ("》", ""),
           "〈": ("〉", ""), "〝": ("〞〟", '"”'), "❝": ("❞", '"”'), "″": ("", '″"”'), ",": ("", '“”"')}  # fmt: skip
SINGLE = {"‘": "’'‘", "'": "'’", "‚": "‘’", "`": "'’`", "´": "´'’", "’": "’"}
COMMA = ","
CLOSED_BY_TWO = "“„,"  # marks that two apostrophes close as well
TO_THE_END = '“"'  # unclosed these run to the paragraph's end; nobody sets the others so
ANYWHERE, BRACKETS = "«»", "「『《〈"  # marks that stand as they like; others open nothing behind a letter or figure
APOSTROPHES = "'’"  # marks as well, but inside a word
LAST_SIGN = 0xFFFF  # no mark is this or beyond
# What a mark is, as bits: an apostrophe as well; one that may open a quotation, where no word is in front or anywhere.
MARK, IS_APOSTROPHE, OPENS, OPENS_ANYWHERE, IS_COMMA = 1, 2, 4, 8, 16
# Letters that `classes_of` takes for apostrophes, and for marks.
MODIFIERS, SALTILLOS, KERAIA, VOWELS = (0x2B0, 0x2FF), (0xA78B, 0xA78C), 0x374, (0x0E33, 0x0EB3)
MOST_MARKS = 60  # within a quotation; with more no writer would know where it ends, and reading takes its time
# Words that begin with an apostrophe.
CLIPPED = re.compile(r"['‘’](?:n['’]|(?:\d\ds?|tis|twas|em|til|till|cause|bout|round|cos)\b(?!['’]\s))", re.IGNORECASE)
ENDS = re.compile(r"[\w.,!?;:…%)\]—–-]")  # what may stand in front of a closing mark
# Behind a plural possessive its thing follows: “the leaders’ plan”, “the boys’ own”.
POSSESSIVE = re.compile(r"(?<=s)['’] (?=[a-z0-9])")


def mark_places(text: str) -> list[int]:
    """Return where marks stand of which a quotation may have one; apostrophes inside a word are none.

    >>> mark_places("It’s “no”, «no»"), mark_places("boys' boat")
    ([5, 8, 11, 14], [4])
    """
    return marks_in(text).places


class Marks(NamedTuple):
    """Marks: where each stands, and whether it may open a quotation, as far as its sign and what is in front tell."""

    places: list[int]
    opens: list[bool]


def marks_in(text: str) -> Marks:
    """Return the marks of a text of which a quotation may have one (see `mark_places`)."""
    points = kept_points(text)
    places, opens = _marks(points, _signs_of_marks(), classes_of(points))
    return Marks(places.tolist(), opens.tolist())


@lru_cache(maxsize=1)
def _signs_of_marks() -> UInt8s:
    """For each character below LAST_SIGN what it is as a mark, as bits."""
    table = np.zeros(LAST_SIGN, np.uint8)
    opening = (*CLOSING, *SINGLE)
    table[[ord(sign) for sign in (*opening, *"".join(map("".join, CLOSING.values())))]] = MARK
    for signs, bit in ((APOSTROPHES, MARK | IS_APOSTROPHE), (opening, OPENS), (ANYWHERE + BRACKETS, OPENS_ANYWHERE),
                       (COMMA, IS_COMMA)):  # fmt: skip
        table[[ord(sign) for sign in signs]] |= bit
    return table


@compiled
def _marks(points: UInt32s, marks: UInt8s, classes: UInt8s) -> tuple[Int64s, Bools]:
    """Where marks stand, but for apostrophes inside a word, and whether each may open a quotation.

    `points` (characters) is uint32, `marks` and `classes` (by character) are uint8; the results (marks) are int64 and
    bool.
    """
    size = len(points)
    found, opens, count = np.empty(size, np.int64), np.empty(size, np.bool_), 0
    for at in range(size):
        kind = marks[points[at]] if points[at] < LAST_SIGN else np.uint8(0)
        if kind & IS_COMMA and not (at + 1 < size and points[at + 1] == points[at]):
            continue
        if kind:
            behind_word = at > 0 and is_of_a_word(points[at - 1], classes)
            if kind & IS_APOSTROPHE and behind_word and at + 1 < size and is_of_a_word(points[at + 1], classes):
                continue
            found[count] = at
            opens[count] = kind & OPENS_ANYWHERE != 0 or (kind & OPENS != 0 and not behind_word)
            count += 1
    return found[:count].copy(), opens[:count].copy()


@compiled
def is_of_a_word(point: int, classes: UInt8s) -> bool:
    """Tell whether a character is what `re` takes for one of a word.

    `point` is uint32, `classes` (by character) uint8.
    """
    kind = classes[point]
    if kind & (WORD | ALONE):
        return True
    if kind & APOSTROPHE:
        return MODIFIERS[0] <= point <= MODIFIERS[1] or SALTILLOS[0] <= point <= SALTILLOS[1] or point == KERAIA
    return point == VOWELS[0] or point == VOWELS[1]


def quotations_in(paragraph: str, marks: Marks | None = None) -> list[Span]:
    """Return the quotations of a paragraph, their marks included; one that is not closed runs to its end.

    `marks` is what `marks_in` says of it, where that is known.

    >>> text = "He said “no one“ and 'the boys' boat' and left. “We go."
    >>> [text[start:end] for start, end in quotations_in(text)]
    ['“no one“', "'the boys' boat'", '“We go.']
    """
    places, may_open = marks or marks_in(paragraph)
    found: list[Span] = []
    free = 0
    for number, start in enumerate(places):
        if may_open[number] and start >= free and _opens(paragraph, start):
            end = _end_of(paragraph, start, places[number + 1 : number + 1 + MOST_MARKS])
            if end:
                found.append((start, end))
                free = end
    return found


def _end_of(paragraph: str, start: int, marks: list[int]) -> int | None:
    """Where the quotation ends that begins with the mark at `start`; None where it is no quotation.

    `marks` is where the marks behind it stand.
    """
    mark = paragraph[start]
    if mark in SINGLE:
        return _single_end(paragraph, start, marks)
    sure, likely = CLOSING[mark]
    depth, restart = 1, False
    for place in marks:
        sign = paragraph[place]
        if sign in sure or (sign in likely and _closes(paragraph, place)):
            depth -= 1
            if not depth:
                return place + 1
        elif sign in APOSTROPHES and mark in CLOSED_BY_TWO and _closes_by_two(paragraph, place):
            return place + 2
        elif sign == mark == "“" and _opens(paragraph, place):
            depth, restart = depth + 1, True
    # A mark that opens twice and closes once: the first of them is a slip.
    return len(paragraph) if mark in TO_THE_END and not restart else None


def _opens(text: str, place: int) -> bool:
    """Tell whether a mark stands as one that opens: nothing in front of it that it could close, no space behind."""
    behind = place + (2 if text[place] == COMMA else 1)
    before, after = text[place - 1 : place], text[behind : behind + 1]
    if text[place] in BRACKETS:
        return True
    if text[place] in "«»":
        return text[place] == "«" or (not before.isalnum() and bool(after.strip()))
    free = not (before.isalnum() or before == "_")
    if text[place] in "”'´`’″,&":  # these close more often than they open
        return (
            free
            and (not before.strip() or before in '([{—–-:“"')
            and bool(after.strip())
            and not CLIPPED.match(text, place)
        )
    return free and not (text[place] in SINGLE and (not after.strip() or CLIPPED.match(text, place)))


def _closes(text: str, place: int) -> bool:
    """Tell whether a mark stands as one that closes: behind a word or sign, and in front of none."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if text[place] == "″" and before.isdigit():  # inches
        return False
    return bool(before.strip()) and ENDS.match(before) is not None and not after.isalnum()


def _closes_by_two(text: str, place: int) -> bool:
    """Tell whether two apostrophes stand here as one mark that closes."""
    before, after = text[place - 1 : place], text[place + 2 : place + 3]
    is_doubled = text[place + 1 : place + 2] == text[place] and after not in ("”", '"')  # these would close it
    return is_doubled and bool(before.strip()) and ENDS.match(before) is not None and not after.isalnum()


def _single_end(paragraph: str, start: int, marks: list[int]) -> int | None:
    """Where a quotation in single marks ends: at the first mark that closes and is no possessive, or else at the last.

    None where nothing closes it: then the mark was an apostrophe.
    """
    if paragraph[start] == "’":
        return _end_behind_a_stop(paragraph, marks)
    likely = None
    for place in marks:
        sign = paragraph[place]
        if likely and sign in SINGLE and _opens(paragraph, place):
            break  # another quotation begins, so that the mark before has closed this one
        if sign not in SINGLE[paragraph[start]] or not _closes(paragraph, place):
            continue
        if not POSSESSIVE.match(paragraph, place):
            return place + 1
        likely = likely or place + 1
    return likely


def _end_behind_a_stop(paragraph: str, marks: list[int]) -> int | None:
    """Where a quotation ends that begins with a closing mark: ’We go,’ she said.

    Only a mark behind a comma or full stop ends it: all others may be apostrophes, as the first may be (’Ndrangheta).
    """
    for place in marks:
        if paragraph[place] in CLOSING or paragraph[place] == "‘":
            return None
        if paragraph[place] == "’" and paragraph[place - 1] in ",.!?…" and _closes(paragraph, place):
            return place + 1
    return None
