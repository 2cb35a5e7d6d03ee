"""Both sides of a change go in; whether its numbers and dates only went to another place in their sentence comes out.

“In 2024, the board met 500 men” for “The board met 500 men in 2024”: as often in both sentences, and what is counted
is the same.
"""

import math
import re
from collections import Counter
from typing import NamedTuple

from helpers.text.dates_hours import month_or_day
from helpers.text.english import is_function_word
from helpers.text.numerals import Number, numbers, same
from helpers.text.spans import Span, covering, fold, sentence_spans

WORD_BEHIND = re.compile(r"[\s-]{0,2}([^\W\d_]+)")


class Place(NamedTuple):
    """One side of a change: its text, where the change stands in it, and the numbers there."""

    text: str
    start: int
    end: int
    numbers: list[Number]

    @property
    def words(self) -> str:
        """The words of the change."""
        return self.text[self.start : self.end]

    @property
    def has_date(self) -> bool:
        """Tell whether one of the numbers is a date."""
        return any(number.is_date for number in self.numbers)

    @property
    def measured(self) -> bool:
        """Tell whether the last of the numbers has a unit, a currency or percent."""
        last = self.numbers[-1] if self.numbers else None
        return last is not None and (last.whole > last.end or last.meanings[0].dimension != "")

    def around_numbers(self, units: bool = True) -> "Place":
        """The same place, drawn around its numbers, with the unit of the last one if wanted."""
        if not self.numbers:
            return self
        last = self.numbers[-1]
        return self._replace(start=self.numbers[0].start, end=last.whole if units else last.end)

    def with_whole_numbers(self, units: bool) -> "Place":
        """The same place where it holds its numbers; else it is drawn around them."""
        ends = [n.whole if self.text[n.end : n.whole] == "%" else n.end for n in self.numbers]
        held = all(self.start <= n.start and end <= self.end for n, end in zip(self.numbers, ends, strict=True))
        return self if held else self.around_numbers(units)


def touched(found: tuple[Number, ...], start: int, end: int) -> list[Number]:
    """Return the numbers that a place touches, with their units."""
    return [number for number in found if number.start < end and number.whole > start]


def all_same(mine: list[Number], theirs: list[Number]) -> bool:
    """Tell whether two lists of numbers may be the same."""
    if len(mine) == len(theirs):
        return all(map(same, mine, theirs))
    if _last_as_long(mine, theirs):
        return True
    pairs = [(mine, theirs), (theirs, mine)]
    return all(any(same(number, other) for other in others) for side, others in pairs for number in side)


def _last_as_long(mine: list[Number], theirs: list[Number]) -> bool:
    """Tell whether both lists are of times alone, and as long: 90 minutes, 1 hr 30 mins."""
    times = [
        [next((said.amount for said in number.meanings if said.dimension == "time"), math.nan) for number in side]
        for side in (mine, theirs)
    ]
    return all(times) and math.isclose(sum(times[0]), sum(times[1]))


def moved(spun: Place, original: Place, with_noun: bool) -> bool:
    """Tell whether the numbers of two places stand in both sentences as often, in front of the same nouns if wanted.

    “In 2024, the board met 500 men” for “The board met 500 men in 2024”: a number changed its place, and no value.
    """
    counted = [(n, _noun(place.text, n)) for place in (spun, original) for n in place.numbers]
    found = [[(n, _noun(place.text, n)) for n in _sentence(place)] for place in (spun, original)]
    if with_noun and any(_other_number(number, noun, counted) for number, noun in counted):
        return False
    return all(
        len({sum(same(number, n) and (not with_noun or noun == word) for n, word in side) for side in found}) == 1
        for number, noun in counted
    )


def _other_number(number: Number, noun: str, counted: list[tuple[Number, str]]) -> bool:
    """Tell whether another number stands in front of the same noun: 5 percent here and 6 percent there."""
    return any(noun == word and not same(number, other) for other, word in counted)


def _sentence(place: Place) -> list[Number]:
    """The numbers of the sentences in which a place stands."""
    start, end = _sentences_at(place)
    return touched(numbers(place.text), start, end)


def _sentences_at(place: Place) -> Span:
    return covering(sentence_spans(place.text), place.start, place.end)


def _noun(text: str, number: Number) -> str:
    """The word behind a number, or its unit; empty where a sign or a function word comes first: in 2024 the board."""
    match = WORD_BEHIND.match(text, number.end)
    noun = fold(match[1]) if match else ""
    return "" if is_function_word(noun) else noun


def dates_in(words: str) -> list[str]:
    """The months and weekdays among words, as they are written."""
    return [word for word in re.split(r"[\s-]+", words) if month_or_day(word)]


def dates_moved(dates: list[str], spun: Place, original: Place) -> bool:
    """Tell whether months and weekdays stand in both sentences as often: they only went to another place there."""
    here, there = (
        Counter(map(month_or_day, dates_in(place.text[slice(*_sentences_at(place))]))) for place in (spun, original)
    )
    return all(here[month_or_day(word)] == there[month_or_day(word)] for word in dates)


def only_moved(spun: Place, original: Place) -> bool:
    """Tell whether one side has only a date or figures more, which stand elsewhere in the other sentence."""
    dates = [dates_in(place.words) for place in (spun, original)]
    numbers_moved = [*spun.numbers, *original.numbers]
    one_sided = not (dates[0] and dates[1]) and not (spun.numbers and original.numbers)
    return (
        one_sided
        and any((*dates, numbers_moved))
        and _besides(spun.words) == _besides(original.words)
        and dates_moved([*dates[0], *dates[1]], spun, original)
        and moved(spun, original, with_noun=False)
    )


def _besides(words: str) -> list[str]:
    """The words of a place besides dates, figures and function words, folded."""
    found = (
        word for word in re.findall(r"[^\W_][\w’'-]*", words) if not month_or_day(word) and not re.search(r"\d", word)
    )
    return [word for word in map(fold, found) if not is_function_word(word)]
