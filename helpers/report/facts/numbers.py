"""Substitutions and an alignment go in; the figures and dates that are not those of the reference come out.

A number written otherwise (2 for two, 18:30 for 6:30 pm) is no finding; a number with another value is one of its own,
and so is a date that lost its meaning (“In Might 2024”). How numbers are read: `text/numerals.py`.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator

import pandas as pd

from helpers.comparison.furniture import LONGEST_FURNITURE, furniture_spans
from helpers.comparison.substitutions import context
from helpers.comparison.table_rows import SubstitutionRow, substitution_rows
from helpers.display.masking import masked_spans
from helpers.report.facts.number_places import Place, all_same, dates_in, dates_moved, moved, only_moved, touched
from helpers.report.facts.number_signs import changed_signs
from helpers.text.dates_hours import DAYS, DOUBTFUL, MONTHS, month_or_day
from helpers.text.number_words import ORDINALS, PARTS
from helpers.text.numerals import Number, numbers, same
from helpers.text.spans import Span, fold, overlaps, quotation_spans
from helpers.text.spelling import same_letters
from helpers.text.units import SPACES, TIMES, units_of

COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "original",
    "value_spun", "value_original", "change", "in_quote", "left", "right",
]  # fmt: skip
CHANGED, DATE, BROKEN, ADDED, REMOVED, WRITTEN = (
    "figure changed", "date changed", "date broken", "figure added", "figure removed", "written otherwise"
)  # fmt: skip
MOVED = "moved"  # to another place in its sentence: no row of any table
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
    return all_same(list(numbers(phrase)), list(numbers(other)))


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
    changed = [row for row in _substituted(articles, substitutions) if row[11] != MOVED]
    changed += _other_signs(articles, alignment, changed)
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

    What `changed_numbers` has as a finding is, what lies within a number that is only written otherwise, and a date or
    figure that went to another place in its sentence: “Oslo on Tuesday” lost no part of a name.
    """
    places: dict[Hashable, list[tuple[Span, bool]]] = {}
    for row in _substituted(articles, substitutions):
        places.setdefault(tuple(row[:2]), []).append(((row[5], row[6]), row[11] in FINDINGS))
    told = [
        any(
            (finding and start < row.reference_end and end > row.reference_start) or (start <= first and last <= end)
            for (start, end), finding in places.get((row.spun_id, row.reference_id), [])
        )
        for row in substitution_rows(substitutions)
        for first, last in [_changed_part(row)]
    ]
    return pd.Series(told, index=substitutions.index, dtype=bool)


def _changed_part(row: SubstitutionRow) -> Span:
    """The place of the reference's words that a substitution changed, without those at its ends that stayed."""
    spun = fold(row.spun).split()
    words = [*re.finditer(r"\S+", row.original)]
    while len(words) > 1 and spun and fold(words[-1][0]) == spun[-1]:
        words, spun = words[:-1], spun[:-1]
    while len(words) > 1 and spun and fold(words[0][0]) == spun[0]:
        words, spun = words[1:], spun[1:]
    return row.reference_start + words[0].start(), row.reference_start + words[-1].end()


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
            if change == MOVED:
                pass
            elif len(group) > 1 and change != BROKEN:
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
        mine = touched(spun_numbers, row.spun_start, row.spun_end)
        theirs = touched(reference_numbers, row.reference_start, row.reference_end)
        if groups and ({*groups[-1][1]} & {*mine} or {*groups[-1][2]} & {*theirs}):
            last = groups[-1]
            groups[-1] = ([*last[0], row], sorted({*last[1], *mine}), sorted({*last[2], *theirs}))
        else:
            groups.append(([row], mine, theirs))
    for group, mine, theirs in groups:
        spun = Place(spun_text, min(r.spun_start for r in group), max(r.spun_end for r in group), mine)
        starts, ends = [row.reference_start for row in group], [row.reference_end for row in group]
        yield group, spun, Place(reference_text, min(starts), max(ends), theirs)


def _change(group: list[SubstitutionRow], spun: Place, original: Place) -> str:
    """What substitutions do to a number or date; empty where they touch none."""
    same_values = all_same(spun.numbers, original.numbers)
    if spun.has_date and original.has_date and same_values:
        return WRITTEN if _differ(spun, original) else ""
    if only_moved(spun, original):
        return MOVED
    if any(map(str.isdigit, spun.words)) and same_letters(spun.words, original.words) and not same_values:  # H₂O
        return WRITTEN
    dates = {_date_change(row, spun, original) for row in group} - {""}
    if BROKEN in dates:
        return BROKEN
    dates = {DATE} if DATE in dates else dates
    if not _is_meant(group, spun, original):
        return next(iter(dates), "") or _other_ordinal(group)
    if DATE in dates:
        return DATE
    if not spun.numbers or not original.numbers:
        return _one_sided(spun, original)
    if same_values:
        return WRITTEN if _differ(spun, original) else ""
    if moved(spun, original, with_noun=True):
        return ""
    return DATE if original.has_date else CHANGED


def _differ(spun: Place, original: Place) -> bool:
    """Tell whether the numbers of two places are written in two ways."""
    return fold(spun.around_numbers().words) != fold(original.around_numbers().words)


def _is_meant(group: list[SubstitutionRow], spun: Place, original: Place) -> bool:
    """Tell whether a number itself was touched, or its unit exchanged for another one (miles for km, kg for km)."""
    here = [n for row in group for n in spun.numbers if n.start < row.spun_end and n.end > row.spun_start]
    there = [
        n for row in group for n in original.numbers if n.start < row.reference_end and n.end > row.reference_start
    ]
    if any(number.sure for number in (*here, *there)):
        return True
    # “Noon” may be no number, unless both sides are hours.
    both = [*spun.numbers, *original.numbers]
    measured = spun.numbers and original.numbers and all(n.whole > n.end or n.meanings[0].dimension for n in both)
    return bool(measured and bool(here) == bool(there)) and not all_same(spun.numbers, original.numbers)


def _other_ordinal(group: list[SubstitutionRow]) -> str:
    """“the second dose” for “the first dose”, “a third” for “half”: by themselves both words may be none of numbers."""
    return CHANGED if any(_is_other_ordinal(fold(row.spun), fold(row.original)) for row in group) else ""


def _is_other_ordinal(one: str, other: str) -> bool:
    """Tell whether two words are ordinals or parts with two values: a third is no half, but a fourth is a quarter."""
    one, other = (re.sub(r"^an? ", "", word) for word in (one, other))
    orders = [ORDINALS.get(word) for word in (one, other)]
    parts = [PARTS.get(word) or (1 / order if order and order > 2 else None)
             for word, order in zip((one, other), orders, strict=True)]  # fmt: skip
    both = [values for values in (orders, parts) if all(values)]
    return bool(both) and all(values[0] != values[1] for values in both)


def _one_sided(spun: Place, original: Place) -> str:
    """What became of a number that has no counterpart: “12 months” are a year; “plenty” for “dozens” is no figure."""
    here, there = (spun, original) if spun.numbers else (original, spun)
    if any(same(number, other) for number in here.numbers for other in _neighbours(there)):
        return ""
    if len(here.numbers) == 1 and any(_is_period(here.numbers[0], there.words)):
        return WRITTEN
    if not any(number.figures for number in here.numbers) or moved(spun, original, with_noun=False):
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


def _date_change(row: SubstitutionRow, spun: Place, original: Place) -> str:
    """Whether a month or a weekday was replaced, by another one or by what is none; empty where none was."""
    came, gone = (dates_in(side) for side in (row.spun, row.original))
    if not gone:
        return ""
    if came:
        same_dates = {*map(month_or_day, came)} == {*map(month_or_day, gone)}
        return DATE if not same_dates else WRITTEN if {*map(fold, came)} != {*map(fold, gone)} else ""
    left, right = original.text[: row.reference_start][-20:], original.text[row.reference_end :][:6]
    beside = BEFORE_MONTH.search(left) or re.match(r"\.?,?\s\d", right) or re.search(r"\d", row.original)
    doubtful = all(fold(word).strip(".,") in DOUBTFUL for word in gone)
    if (doubtful and not beside) or _says_date(row) or dates_moved(gone, spun, original):
        return ""
    return BROKEN


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
            for number in touched(numbers(text), start, end):
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


def _other_signs(articles: pd.DataFrame, alignment: pd.DataFrame, changed: list[tuple]) -> Iterator[tuple]:
    """Figures that stayed with another currency or without their minus, outside site furniture: £2bn for $2bn."""
    texts, sites = articles["text"].to_dict(), articles["site"].to_dict()
    told: dict[Hashable, list[Span]] = {}
    for row in changed:
        told.setdefault(row[0], []).append((row[3], row[4]))
    runs = alignment[alignment["op"] == "equal"]
    for (spun_id, reference_id), table in runs.groupby(["spun_id", "reference_id"], sort=False):
        text, reference = texts[spun_id], texts[reference_id]
        offsets = table[["spun_start", "spun_end", "reference_start", "reference_end"]].itertuples(
            index=False, name=None
        )
        for spun, original in changed_signs(text, reference, offsets):
            in_furniture = overlaps(furniture_spans(reference), original.start, original.end)
            if in_furniture or overlaps(told.get(spun_id, []), spun.start, spun.end):
                continue
            values = [place.numbers[0].value * (-1 if place.words[0] in "-−" else 1) for place in (spun, original)]
            yield (
                spun_id, reference_id, sites[spun_id], spun.start, spun.end, original.start, original.end,
                spun.words, original.words, *values, CHANGED,
                overlaps(quotation_spans(text), spun.start, spun.end), *context(text, spun.start, spun.end),
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
