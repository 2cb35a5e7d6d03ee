"""Two aligned texts go in; figures that stayed, and whose currency or minus sign is another, come out.

Signs are no words, so no substitution tells of £2bn for $2bn, or of 5 degrees for −5.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator

from helpers.report.facts.number_places import Place
from helpers.text.numerals import PERCENTS, Number, numbers, same
from helpers.text.units import CURRENCY

SIGNS = re.compile(r"[$€£₹¥%−]|(?<=\s)-(?=\d)")
FIGURES = re.compile(r"\d[\d.,]*\w*")
LONGEST_SIGN = 2  # characters: a space and a minus
# A dash in front of a figure may be one between words; behind these it is a minus.
MINUS = re.compile(r"(?<=[^\s\d][ (])−$|\b(?:to|of|at|from|by|was|were|is|are|between|around|about|reached|hit) -$")
SAYS_MINUS = re.compile(r"[-‐-―−]\s?$|\b(?:minus|negative)\s$", re.IGNORECASE)
BELOW = re.compile(r".{0,20}\b(?:below|negative|under|minus)\b", re.IGNORECASE)


def changed_signs(
    spun: str, reference: str, equal: Iterable[tuple[int, int, int, int]]
) -> Iterator[tuple[Place, Place]]:
    """Yield the places of both texts where one figure has two currencies, or a minus sign on one side only.

    `equal` are the runs of words that stayed: start and end in `spun`, start and end in `reference`.

    >>> [(one.words, other.words) for one, other in changed_signs("for £2bn", "for $2bn", [(5, 8, 5, 8)])]
    [('£2bn', '$2bn')]
    """
    if Counter(SIGNS.findall(spun)) == Counter(SIGNS.findall(reference)):
        return
    known = {_first_figure(reference, number): number for number in numbers(reference) if number.figures}
    runs = sorted(equal)
    for number in numbers(spun):
        if not number.figures:
            continue
        other = next(
            (known[place] for place in _counterparts(_first_figure(spun, number), runs) if place in known), None
        )
        if other is None or not _same_figures(spun, number, reference, other):
            continue
        here, there = _signed(spun, number), _signed(reference, other)
        if _other_currency(here, there) or _lost_minus(here, there) or _lost_minus(there, here):
            yield here, there


def _counterparts(place: int, runs: list[tuple[int, int, int, int]]) -> Iterator[int]:
    """Where in the reference the figure may begin that begins here in the spun text: behind a run after a sign."""
    before = bisect_right(runs, (place, math.inf)) - 1
    if before < 0:
        return
    start, end, reference_start, reference_end = runs[before]
    if place < end:
        yield place - start + reference_start
    elif place <= end + LONGEST_SIGN:
        yield from range(reference_end, reference_end + LONGEST_SIGN + 1)


def _same_figures(spun: str, number: Number, reference: str, other: Number) -> bool:
    """Tell whether two numbers are written with the same digits."""
    written = (FIGURES.findall(spun, number.start, number.end), FIGURES.findall(reference, other.start, other.end))
    return written[0] == written[1]


def _first_figure(text: str, number: Number) -> int:
    match = FIGURES.search(text, number.start, number.end)
    return match.start() if match else -1


def _signed(text: str, number: Number) -> Place:
    """The place of a number with its sign, currency or percent."""
    start = number.start - (MINUS.search(text, max(0, number.start - 12), number.start) is not None)
    return Place(text, start, number.whole if _percent(text, number) else number.end, [number])


def _percent(text: str, number: Number) -> bool:
    return PERCENTS.match(text, number.end) is not None


def _other_currency(here: Place, there: Place) -> bool:
    """Tell whether two figures have two currencies, or one has a currency and the other is a percentage."""
    money, percent = [], []
    for place in (here, there):
        number = place.numbers[0]
        money.append(CURRENCY.search(place.text, number.start, _first_figure(place.text, number)) is not None)
        percent.append(_percent(place.text, number))
    two_signs = all(money) or (money[0] and percent[1]) or (money[1] and percent[0])
    return two_signs and not same(here.numbers[0], there.numbers[0])


def _lost_minus(here: Place, there: Place) -> bool:
    """Tell whether a figure has a minus that the other has not, in no other way either: minus 5, 5 below zero."""
    if here.words[0] not in "-−" or there.words[0] in "-−":
        return False
    before = there.text[max(0, there.start - 10) : there.start]
    return SAYS_MINUS.search(before) is None and BELOW.match(there.text, there.end) is None
