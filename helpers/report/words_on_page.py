"""What stands on a drawn page goes in, piece by piece, with a place in a stored text; the place on the page comes out.

The stored text is what was read off the page: blanks, line breaks, bullets and marks of quotations may stand otherwise
in it, words do not. So signs are compared without blanks, a line at a time; where a line is not found whole, what
stands around a place must be there letter for letter. What is not found is not marked: no guess is made.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from helpers.display.as_read import NOT_DRAWN
from helpers.display.masking import masked_spans
from helpers.text.spans import Span, line_spans

CONTEXT = (
    40,
    24,
    14,
)  # signs on either side that must be the same where a line is not found whole; fewer may be chance
LONG_LINE = 40  # signs; a shorter line may stand in a menu too, and does not lead on where the next is looked for
WIDEST = 3  # times as long as in the text a passage may be on a page, advertisements between its lines and all
UNDRAWN = re.compile(NOT_DRAWN)


class Run(NamedTuple):
    """A piece of text on a page, as it lies in one node."""

    text: str
    is_new: bool  # a block begins with it
    is_drawn: bool
    is_turned: bool = False  # it is drawn from its end to its beginning


class Piece(NamedTuple):
    """A part of a run: its number, and where in it the part begins and ends, as JavaScript counts (UTF-16)."""

    run: int
    start: int
    end: int


class PageWords:
    """The signs that are drawn on a page, without blanks, each with its place."""

    def __init__(self, runs: Sequence[Run]):
        """Take them in."""
        self.runs = runs
        places = [
            (number, at, sign)
            for number, run in enumerate(runs)
            if run.is_drawn
            for at, whole in enumerate(run.text)
            for sign in _signs(whole)
        ]
        self.signs = "".join(sign for *_, sign in places)
        self._where = [(number, at) for number, at, _ in places]

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Return where the signs from start to end stand, a piece a run."""
        found: list[Piece] = []
        for number, at in self._where[start:end]:
            first, last = _utf16(self.runs[number].text, at), _utf16(self.runs[number].text, at + 1)
            if found and found[-1].run == number:
                found[-1] = found[-1]._replace(end=last)
            else:
                found.append(Piece(number, first, last))
        return found

    def cuts_word(self, start: int, end: int) -> bool:
        """Tell whether a word goes on before or behind these signs, in the same run."""
        return self._goes_on(start - 1, start) or self._goes_on(end - 1, end)

    def _goes_on(self, before: int, behind: int) -> bool:
        if before < 0 or behind >= len(self._where):
            return False
        (run, at), (other, there) = self._where[before], self._where[behind]
        return run == other and there - at == 1 and self.signs[before].isalnum() and self.signs[behind].isalnum()


def _signs(sign: str) -> str:
    """What of a sign is compared: nothing of a blank, of an accented letter its parts."""
    if sign.isspace() or UNDRAWN.match(sign):
        return ""
    return sign if sign.isascii() else unicodedata.normalize("NFD", sign)


def places_on_page(text: str, spans: Sequence[Span], words: PageWords) -> list[Span | None]:
    """Return for each span of a stored text the span of `words.signs` where it stands, None where it is not found.

    >>> page = PageWords([Run("Menu", True, True), Run("World ", True, True), Run("Battle", False, True)])
    >>> places_on_page("World Battle", [(6, 12)], page), page.pieces(9, 15)
    ([(9, 15)], [Piece(run=2, start=0, end=6)])
    """
    counts = [0, *accumulate(len(_signs(sign)) for sign in text)]  # sign of the text -> sign without blanks
    bare = "".join(map(_signs, text))
    lines = [(counts[start], counts[end]) for start, end in line_spans(text)]
    lines = [line for line in lines if line[1] > line[0]]
    found = [*_lines_on_page(bare, lines, words)]
    return [_place(bare, (counts[start], counts[end]), lines, found, words) for start, end in spans]


def _lines_on_page(bare: str, lines: Iterable[Span], words: PageWords) -> Iterator[int]:
    """Where on the page each line begins, -1 for one that is not there whole; looked for in order first."""
    behind = 0
    for start, end in lines:
        line = bare[start:end]
        at = next((at for at in _found(line, words.signs, behind) if not words.cuts_word(at, at + len(line))), -1)
        if at >= 0 and len(line) >= LONG_LINE:
            behind = at + len(line)
        yield at


def _found(wanted: str, signs: str, behind: int) -> Iterator[int]:
    """The places of some signs, those first that stand behind a place."""
    for begin, end in ((behind, len(signs)), (0, behind + len(wanted) - 1)):
        at = signs.find(wanted, begin, end)
        while at >= 0:
            yield at
            at = signs.find(wanted, at + 1, end)


def _place(bare: str, span: Span, lines: list[Span], found: list[int], words: PageWords) -> Span | None:
    """Where the signs of a span stand: by the lines that they are in, else by what stands around them."""
    start, end = span
    if end <= start:
        return None
    first = max(bisect_right(lines, (start, len(bare) + 1)) - 1, 0)
    inside = [number for number in range(first, len(lines)) if lines[number][0] < end]
    places = [
        (
            found[number] + max(start - lines[number][0], 0),
            found[number] + min(end, lines[number][1]) - lines[number][0],
        )
        for number in inside
        if found[number] >= 0
    ]
    if len(inside) > 1 and places:
        whole = min(place[0] for place in places), max(place[1] for place in places)
        return whole if whole[1] - whole[0] <= WIDEST * (end - start) else places[0]
    return places[0] if places else _by_context(bare, span, lines[first], words)


def _by_context(bare: str, span: Span, line: Span, words: PageWords) -> Span | None:
    """Where a span stands with so many of the signs around it in its line; None where that is nowhere."""
    for reach in CONTEXT:
        begin, end = max(span[0] - reach, line[0]), min(span[1] + reach, line[1])
        if end - begin - (span[1] - span[0]) < reach:
            continue  # at the end of a line so little stands around it that it may be chance
        at = words.signs.find(bare[begin:end])
        if at >= 0:
            start = at + span[0] - begin
            return start, start + span[1] - span[0]
    return None


def hidden_pieces(runs: Sequence[Run]) -> list[Piece]:
    """Return the pieces of a page that hold e-mail addresses and telephone numbers, which no picture may show.

    They are looked for in all that is drawn, in each block of it by itself (a number alone in its line is one that is
    called), and in everything; in text that is drawn from its end also from there.
    """
    drawn = [number for number, run in enumerate(runs) if run.is_drawn]
    found = {*_addresses(runs, drawn), *_addresses(runs, range(len(runs)))}
    for block in _blocks(runs, drawn):
        found.update(_addresses(runs, block))
    for number, run in enumerate(runs):
        if run.is_turned and masked_spans(run.text[::-1]):
            found.add(Piece(number, 0, _utf16(run.text, len(run.text))))
    return sorted(found)


def _blocks(runs: Sequence[Run], numbers: Iterable[int]) -> list[list[int]]:
    """These runs, those of a block together."""
    blocks: list[list[int]] = []
    for number in numbers:
        if runs[number].is_new or not blocks:
            blocks.append([])
        blocks[-1].append(number)
    return blocks


def _addresses(runs: Sequence[Run], chosen: Iterable[int]) -> Iterator[Piece]:
    """The pieces of these runs that hold addresses, read as one text."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for number in chosen:
        text = ("\n" if runs[number].is_new and pieces else "") + runs[number].text
        at += len(text)
        pieces.append(text)
        places.append((at - len(runs[number].text), number))
    for (start, end), _ in masked_spans("".join(pieces)):
        first = max(bisect_right(places, (start, len(runs))) - 1, 0)
        for begin, number in places[first:]:
            if begin >= end:
                break
            text = runs[number].text
            yield Piece(number, _utf16(text, max(start - begin, 0)), _utf16(text, min(end - begin, len(text))))


def _utf16(text: str, at: int) -> int:
    """The place of a sign as JavaScript counts it."""
    return at if text.isascii() else len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
