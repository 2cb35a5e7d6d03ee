"""Substitutions and an alignment go in; the figures and dates that are not those of the reference come out.

A number written otherwise (2 for two, 18:30 for 6:30 pm) is no finding; a number with another value is one of its own,
and so is a date that lost its meaning (“In Might 2024”). How numbers are read: `text/numerals.py`.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from helpers.comparison.furniture import LONGEST_FURNITURE
from helpers.comparison.substitutions import context
from helpers.comparison.table_rows import SubstitutionRow, substitution_rows
from helpers.display.masking import masked_spans
from helpers.text.dates_hours import DAYS, DOUBTFUL, MONTHS, month_or_day
from helpers.text.number_words import ORDINALS
from helpers.text.numerals import Number, numbers, same
from helpers.text.spans import Span, fold, overlaps, quotation_spans
from helpers.text.units import SPACES, TIMES, units_of

COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "original",
    "value_spun", "value_original", "change", "in_quote", "left", "right",
]  # fmt: skip
CHANGED, DATE, BROKEN, ADDED, REMOVED, WRITTEN = (
    "figure changed", "date changed", "date broken", "figure added", "figure removed", "written otherwise"
)  # fmt: skip
FINDINGS = [CHANGED, DATE, BROKEN, ADDED, REMOVED]
# “May” and “March” are also other words: beside a figure, or behind one of these, they are months.
BEFORE_MONTH = re.compile(
    r"(?:\d|\b(?:in|since|until|till|by|during|from|of|last|next|this|early|late|mid|the)[ -])\s*$", re.IGNORECASE
)
QUARTER = re.compile(r"\bQ[1-4]\b")
PERIOD = re.compile(rf"\b(?:(?:an?|one|each|every|per)[{SPACES}])?(half)?[{SPACES}-]?(?:an?[{SPACES}])?([a-z]+)\b")
ORGANISATION = frozenset(
    """
    agency academy army association authority bank board bureau college commission committee company congress
    corporation council court department federation force forces foundation fund government group institute
    laboratory league liberation ministry museum navy network observatory office organisation organization parliament
    party police press senate service society station trust union university
    """.split()
)
TITLE = frozenset(
    """
    admiral ambassador captain chairman chancellor chief colonel commissioner count dean director doctor dr duke emperor
    general governor judge king leader lord major marshal mayor minister mr mrs ms officer premier president prime
    prince princess prof professor queen secretary senator speaker
    """.split()
)
EVENT = frozenset("war battle conference congress cup day festival games olympics revolution summit week".split())


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


def value_of(phrase: str) -> float | None:
    """Return the value of the first number in a phrase, None where there is none. Of 1.5m it is 1.5: it may be metres.

    >>> [value_of(phrase) for phrase in ["2", "two and a half", "1,000th", "five hundred thousand", "army"]]
    [2.0, 2.5, 1000.0, 500000.0, None]
    >>> [value_of(phrase) for phrase in ["$5bn", "half a dozen", "50%", "the 20th century", "7pm", "four,560"]]
    [5000000000.0, 6.0, 0.5, 20.0, 7.0, 4560.0]
    """
    found = numbers(phrase)
    return found[0].value if found else None


def same_numbers(phrase: str, other: str) -> bool:
    """Tell whether two phrases have the same numbers, however they are written.

    >>> same_numbers("3.5 million", "3,500,000"), same_numbers("a pair of,310", "2,310"), same_numbers("2", "three")
    (True, True, False)
    """
    return _all_same(list(numbers(phrase)), list(numbers(other)))


def changed_numbers(
    articles: pd.DataFrame, alignment: pd.DataFrame, substitutions: pd.DataFrame, paragraphs: pd.DataFrame
) -> pd.DataFrame:
    """Return every number or date of a spun text that is not written as in its reference, findings first.

    Columns: ids, `site`, four offsets (-1 where the reference has nothing), `spun`, `original` (the whole numbers:
    “6:30 pm” for “18:30”), `value_spun`, `value_original`, `change` (figure changed, date changed, date broken: a
    month or weekday became another word, “In Might 2024”; figure added, figure removed, written otherwise),
    `in_quote`, `left`, `right` (the spun text around). Furniture is left out: reading times are no news; so are
    telephone numbers and what stands in an address.
    """
    changed = [*_substituted(articles, substitutions)]
    rows = [*changed, *_added(articles, alignment, substitutions, paragraphs, changed)]
    texts = articles["text"].to_dict()
    rows = [row for row in rows if not _in_address(texts[row[0]], row[3], row[4])]
    rows = [row for row in rows if row[5] < 0 or not _in_address(texts[row[1]], row[5], row[6])]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["change"].map({change: place for place, change in enumerate([*FINDINGS, WRITTEN])})
    return (
        table.assign(order=order)
        .sort_values(["order", "spun_id", "spun_start"], ignore_index=True)
        .drop(columns="order")
    )


def _in_address(text: str, start: int, end: int) -> bool:
    return start >= 0 and overlaps([span for span, _ in masked_spans(text)], start, end)


def counted_by_change(changes: Iterable[str]) -> list[tuple[str, int]]:
    """Return how many changes there are of each sort of finding, as they are said: each change under one heading.

    >>> counted_by_change(["date broken", "figure changed", "date broken", "written otherwise"])
    [('figure changed', 1), ('dates broken', 2)]
    """
    counts = Counter(changes)
    return [(said_of(change, counts[change]), counts[change]) for change in FINDINGS if counts[change]]


def said_of(change: str, count: int) -> str:
    """Return the name of a sort of change for so many.

    >>> said_of("figure changed", 2), said_of("date broken", 1)
    ('figures changed', 'date broken')
    """
    return change if count == 1 else change.replace(" ", "s ", 1)


def of_numbers(articles: pd.DataFrame, substitutions: pd.DataFrame) -> pd.Series:
    """Tell of each substitution whether it is a change of a number or date and nothing else.

    What `changed_numbers` has as a finding is, and what lies within a number that is only written otherwise.
    """
    places: dict[Hashable, list[tuple[Span, bool]]] = {}
    for row in _substituted(articles, substitutions):
        places.setdefault(tuple(row[:2]), []).append(((row[5], row[6]), row[11] in FINDINGS))
    told = [
        any(
            (finding and start < row.reference_end and end > row.reference_start)
            or (start <= row.reference_start and row.reference_end <= end)
            for (start, end), finding in places.get((row.spun_id, row.reference_id), [])
        )
        for row in substitution_rows(substitutions)
    ]
    return pd.Series(told, index=substitutions.index, dtype=bool)


def _substituted(articles: pd.DataFrame, substitutions: pd.DataFrame) -> Iterator[tuple]:
    """The changes that substitutions make to numbers and dates, as rows of `COLUMNS`."""
    texts = articles["text"].to_dict()
    news = substitutions[substitutions["kind"] != "boilerplate"]
    for (spun_id, reference_id), table in news.groupby(["spun_id", "reference_id"], sort=False):
        rows = [*substitution_rows(table.sort_values("spun_start"))]
        for group, spun, original in _groups(rows, str(texts[spun_id]), str(texts[reference_id])):
            change = _change(group, spun, original)
            if not change:
                continue
            units = not (spun.numbers and original.numbers) or (spun.measured and original.measured)
            if len(group) > 1 and change != BROKEN:
                spun, original = spun.around_numbers(units), original.around_numbers(units)
            elif change not in (BROKEN, DATE) or (spun.has_date and original.has_date):
                spun, original = spun.with_whole_numbers(units), original.with_whole_numbers(units)
            values = (None, None) if change in (BROKEN, DATE) else (_value(spun), _value(original))
            yield (
                spun_id, reference_id, group[0].site, spun.start, spun.end, original.start, original.end,
                spun.words, original.words, *values, change, any(row.in_quote for row in group),
                *context(spun.text, spun.start, spun.end),
            )  # fmt: skip


def _value(place: Place) -> float | None:
    return place.numbers[0].value if place.numbers else None


def _groups(
    rows: list[SubstitutionRow], spun_text: str, reference_text: str
) -> Iterator[tuple[list[SubstitutionRow], Place, Place]]:
    """Substitutions that touch the same number together, the others alone, each with its two sides."""
    spun_numbers, reference_numbers = numbers(spun_text), numbers(reference_text)
    groups: list[tuple[list[SubstitutionRow], list[Number], list[Number]]] = []
    for row in rows:
        mine = _touched(spun_numbers, row.spun_start, row.spun_end)
        theirs = _touched(reference_numbers, row.reference_start, row.reference_end)
        if groups and ({*groups[-1][1]} & {*mine} or {*groups[-1][2]} & {*theirs}):
            last = groups[-1]
            groups[-1] = ([*last[0], row], sorted({*last[1], *mine}), sorted({*last[2], *theirs}))
        else:
            groups.append(([row], mine, theirs))
    for group, mine, theirs in groups:
        spun = Place(spun_text, min(r.spun_start for r in group), max(r.spun_end for r in group), mine)
        starts, ends = [row.reference_start for row in group], [row.reference_end for row in group]
        yield group, spun, Place(reference_text, min(starts), max(ends), theirs)


def _touched(found: tuple[Number, ...], start: int, end: int) -> list[Number]:
    return [number for number in found if number.start < end and number.whole > start]


def _change(group: list[SubstitutionRow], spun: Place, original: Place) -> str:
    """What substitutions do to a number or date; empty where they touch none."""
    if spun.has_date and original.has_date and _all_same(spun.numbers, original.numbers):
        return WRITTEN if _differ(spun, original) else ""
    dates = {_date_change(row, original.text) for row in group} - {""}
    if BROKEN in dates:
        return BROKEN
    dates = {DATE} if DATE in dates else dates
    if not _is_meant(group, spun, original):
        return next(iter(dates), "") or _other_ordinal(group)
    if DATE in dates:
        return DATE
    if not spun.numbers or not original.numbers:
        return _one_sided(spun, original)
    if _all_same(spun.numbers, original.numbers):
        return WRITTEN if _differ(spun, original) else ""
    return DATE if original.has_date else CHANGED


def _differ(spun: Place, original: Place) -> bool:
    """Tell whether the numbers of two places are written in two ways."""
    return fold(spun.around_numbers().words) != fold(original.around_numbers().words)


def _is_meant(group: list[SubstitutionRow], spun: Place, original: Place) -> bool:
    """Tell whether a number itself was touched, or its unit exchanged for another one (miles for km)."""
    touched = [
        number
        for row in group
        for number in (
            *(n for n in spun.numbers if n.start < row.spun_end and n.end > row.spun_start),
            *(n for n in original.numbers if n.start < row.reference_end and n.end > row.reference_start),
        )
    ]
    if any(number.sure for number in touched):
        return True
    mine, theirs = ({meaning.dimension for n in place.numbers for meaning in n.meanings} for place in (spun, original))
    one_measure = mine == theirs and len(mine) == 1 and "" not in mine  # “pounds” are of two: money or weight
    return not touched and one_measure and not _all_same(spun.numbers, original.numbers)


def _all_same(mine: list[Number], theirs: list[Number]) -> bool:
    """Tell whether two lists of numbers may be the same."""
    if len(mine) == len(theirs):
        return all(map(same, mine, theirs))
    pairs = [(mine, theirs), (theirs, mine)]
    return all(any(same(number, other) for other in others) for side, others in pairs for number in side)


def _other_ordinal(group: list[SubstitutionRow]) -> str:
    """“the second dose” for “the first dose”: by themselves both words may be none of numbers."""
    values = [[ORDINALS.get(fold(side)) for side in (row.spun, row.original)] for row in group]
    return CHANGED if any(one and other and one != other for one, other in values) else ""


def _one_sided(spun: Place, original: Place) -> str:
    """What became of a number that has no counterpart: “12 months” are a year; “plenty” for “dozens” is no figure."""
    here, there = (spun, original) if spun.numbers else (original, spun)
    if any(same(number, other) for number in here.numbers for other in _neighbours(there)):
        return ""
    if len(here.numbers) == 1 and any(_is_period(here.numbers[0], there.words)):
        return WRITTEN
    if not any(number.figures for number in here.numbers):
        return ""
    if QUARTER.search(original.words):
        return BROKEN
    return ADDED if spun.numbers else REMOVED


def _neighbours(place: Place) -> list[Number]:
    """The numbers that touch a place, with hardly more than a space between."""
    return [n for n in numbers(place.text) if n.start <= place.end + 2 and n.whole >= place.start - 2]


def _is_period(number: Number, words: str) -> Iterator[bool]:
    """Tell for each unit of time in words without a number whether it is as long as a number of other units."""
    for match in PERIOD.finditer(fold(words)):
        for unit in units_of(match[2]):
            amount = unit.factor / 2 if match[1] else unit.factor
            yield unit.dimension in TIMES and any(
                meaning.dimension == unit.dimension and abs(meaning.amount - amount) < 1e-9 * amount
                for meaning in number.meanings
            )


def _date_change(row: SubstitutionRow, reference: str) -> str:
    """Whether a month or a weekday was replaced, by another one or by what is none; empty where none was."""
    came, gone = (
        [word for word in re.split(r"[\s-]+", side) if month_or_day(word)] for side in (row.spun, row.original)
    )
    if not gone:
        return ""
    if came:
        same_dates = {*map(month_or_day, came)} == {*map(month_or_day, gone)}
        return DATE if not same_dates else WRITTEN if {*map(fold, came)} != {*map(fold, gone)} else ""
    left, right = reference[: row.reference_start][-20:], reference[row.reference_end :][:6]
    beside = BEFORE_MONTH.search(left) or re.match(r"\.?,?\s\d", right) or re.search(r"\d", row.original)
    doubtful = all(fold(word).strip(".,") in DOUBTFUL for word in gone)
    if not doubtful or beside:
        return "" if _says_date(row) else BROKEN
    return ""


def _says_date(row: SubstitutionRow) -> bool:
    """Tell whether a month was replaced by its number: 5/9/2024 for September 5, 2024."""
    mine, theirs = numbers(row.spun), numbers(row.original)
    return bool(mine and theirs) and mine[0].is_date and theirs[0].is_date


def _added(
    articles: pd.DataFrame,
    alignment: pd.DataFrame,
    substitutions: pd.DataFrame,
    paragraphs: pd.DataFrame,
    changed: list[tuple],
) -> Iterator[tuple]:
    """Figures that were put in where the reference has nothing, and that it has nowhere."""
    inserts = alignment[(alignment["op"] == "insert") & alignment["spun"].str.contains(r"\d")]
    short = paragraphs[(paragraphs["op"] == "added") & (paragraphs["words"] <= LONGEST_FURNITURE)]
    told = pd.DataFrame([row[:5] for row in changed], columns=COLUMNS[:5])
    hidden: dict[Hashable, list[Span]] = {}
    for table in (substitutions, short, told):
        for spun_id, start, end in zip(table["spun_id"], table["spun_start"], table["spun_end"], strict=True):
            hidden.setdefault(spun_id, []).append((start, end))
    texts, sites = articles["text"].to_dict(), articles["site"].to_dict()
    for (spun_id, reference_id), runs in inserts.groupby(["spun_id", "reference_id"], sort=False):
        text, known = texts[spun_id], numbers(texts[reference_id])
        quotes = quotation_spans(text)
        seen: set[Number] = set()
        for start, end in zip(runs["spun_start"], runs["spun_end"], strict=True):
            for number in _touched(numbers(text), start, end):
                place = number.start, number.end
                is_known = any(same(number, other) for other in known)
                taken = any(a < place[1] and b > place[0] for a, b in hidden.get(spun_id, []))
                if number in seen or not number.figures or is_known or taken:
                    continue
                seen.add(number)
                yield (
                    spun_id, reference_id, sites[spun_id], *place, -1, -1, text[slice(*place)], "",
                    number.value, None, ADDED, overlaps(quotes, *place), *context(text, *place),
                )  # fmt: skip


def sort_of_name(name: str) -> str:
    """Return the sort of a name, by its words: a title comes first, for “Foreign Minister Wang Yi” is a person.

    >>> [sort_of_name(name) for name in ["Central News Agency", "World War II", "May", "Truth Social"]]
    ['organisation', 'event', 'date', 'name']
    """
    words = set(fold(name).replace(".", "").split())
    for sort, known in (("title", TITLE), ("organisation", ORGANISATION), ("event", EVENT)):
        if words & known:
            return sort
    return "date" if words and words <= {*MONTHS, *DAYS} else "name"
