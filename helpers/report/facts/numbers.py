"""Substitutions and an alignment go in; the figures and dates that are not those of the reference come out.

A number written otherwise (2 for two) is no finding; a number with another value is one of its own. Values are read
from figures and from English number words; “thousands” counts as a thousand, since no text says how many it means.
"""

import math
import re
from collections.abc import Hashable

import pandas as pd

from helpers.comparison.furniture import LONGEST_FURNITURE
from helpers.comparison.substitutions import _context
from helpers.comparison.table_rows import SubstitutionRow, substitution_rows
from helpers.text.spans import fold, is_word, overlaps, quotation_spans, tokens

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
UNITS = {word: float(number) for number, word in enumerate(SMALL)}
UNITS |= {word: 10.0 * number for number, word in enumerate(TENS, 2)}
UNITS |= {"twice": 2.0, "double": 2.0, "couple": 2.0, "triple": 3.0}
ORDINALS = {
    word: float(number) for number, word in enumerate("first second third fourth fifth sixth seventh".split(), 1)
}
ORDINALS |= {"eighth": 8.0, "ninth": 9.0, "twelfth": 12.0, "hundredth": 100.0, "thousandth": 1000.0, "millionth": 1e6}
ORDINALS |= {f"{word}th": UNITS[word] for word in SMALL[10:] if word != "twelve"}
ORDINALS |= {f"{word[:-1]}ieth": UNITS[word] for word in TENS}
PARTS = {"half": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4}
GROUPS = {"hundred": 1e2, "hundreds": 1e2, "dozen": 12.0, "dozens": 12.0}  # what they follow they multiply
MAGNITUDES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
MAGNITUDES |= {f"{word}s": value for word, value in MAGNITUDES.items()}
SPANS = {"decade": 10.0, "decades": 10.0, "century": 100.0, "centuries": 100.0}
PERCENT = {"percent", "%"}
MONTHS = "january february march april may june july august september october november december".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
FIGURE = re.compile(r"([$€£]?)(\d+(?:[.,:/–-]\d+)*)('?[a-z%]*)$")
MILLIONS = re.compile(r"\d[\d.,]*m$")
ENDINGS = {"s", "'s", "st", "nd", "rd", "th"}
SCALES = {"bn": 1e9, "k": 1e3}
ENOUGH = {**UNITS, **GROUPS, **MAGNITUDES}  # words that are numbers wherever they stand; “one” and “third” need not be
SAME_SPAN = {"year": "12 months", "week": "7 days", "day": "24 hours", "decade": "10 years", "century": "100 years"}
COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "original",
    "value_spun", "value_original", "change", "in_quote", "left", "right",
]  # fmt: skip
CHANGED, DATE, BROKEN, ADDED, REMOVED, WRITTEN = (
    "figure changed", "date changed", "date broken", "figure added", "figure removed", "written otherwise"
)  # fmt: skip
FINDINGS = [CHANGED, DATE, BROKEN, ADDED, REMOVED]
# “May” and “March” are also other words: beside a figure, or behind one of these, they are months.
BEFORE_MONTH = re.compile(r"(?:\d|\b(?:in|since|until|till|by|during|from|of|last|next|early|late|mid)[ -])\s*$", re.I)
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
    """Return the value of the number in a phrase, None where there is none. Of 1.5m it is 1.5: it may be metres.

    >>> [value_of(phrase) for phrase in ["2", "two and a half", "1,000th", "five hundred thousand", "army"]]
    [2.0, 2.5, 1000.0, 500000.0, None]
    >>> [value_of(phrase) for phrase in ["$5bn", "half a dozen", "50%", "the 20th century", "7pm"]]
    [5000000000.0, 6.0, 0.5, 20.0, 7.0]
    """
    total, group, seen, counts_up, before = 0.0, 0.0, False, False, ""
    words = re.split(r"\s+|(?<=[a-z])-+|-+(?=[a-z])", fold(phrase).replace("per cent", "percent"))
    for word in words:
        figure = FIGURE.match(word.strip("()"))
        multiple = GROUPS.get(word) or (None if counts_up else SPANS.get(word))
        if figure:
            group, counts_up = group + _figure(*figure.groups()), figure[3] in ENDINGS
        elif word in MAGNITUDES:
            total, group = total + (group or 1.0) * MAGNITUDES[word], 0.0
        elif multiple:
            group = (group or 1.0) * multiple
        elif word in PARTS and not (word == "third" and before in TENS):
            group = group * PARTS[word] if group and before not in ("and", "a") else group + PARTS[word]
        elif word in UNITS or word in ORDINALS:
            group, counts_up = group + UNITS.get(word, ORDINALS.get(word, 0.0)), word in ORDINALS
        elif word in PERCENT and seen:
            group /= 100
        else:
            before = word
            continue
        seen, before = True, word
    return total + group if seen else None


def _figure(currency: str, figure: str, ending: str) -> float:
    """A figure as a number: with the scale that its ending says; a unit (7pm, 10km) says none."""
    value = _as_float(figure)
    if ending == "m" and currency:
        return value * 1e6
    return value / 100 if ending == "%" else value * SCALES.get(ending, 1.0)


def _as_float(figure: str) -> float:
    """A figure as a number: commas between thousands, a full stop, or the colon of a time, before the rest."""
    above, _, below = figure.partition("/")
    if below.isdigit() and int(below):
        return _as_float(above) / int(below)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", figure):  # 1.000.000, as other languages write it
        return float(figure.replace(".", ""))
    whole, _, rest = re.sub("[:/–-]", ".", figure.replace(",", "")).partition(".")
    return float(f"{whole}.{rest.replace('.', '')}")


def changed_numbers(
    articles: pd.DataFrame, alignment: pd.DataFrame, substitutions: pd.DataFrame, paragraphs: pd.DataFrame
) -> pd.DataFrame:
    """Return every number or date of a spun text that is not written as in its reference, findings first.

    Columns: ids, `site`, four offsets (-1 where the reference has nothing), `spun`, `original`, `value_spun`,
    `value_original`, `change` (figure changed, date changed, date broken (“In Might 2024”), figure added, figure
    removed, written otherwise), `in_quote`, `left`, `right` (the spun text around). Furniture is left
    out: reading times are no news.
    """
    rows = [*_substituted(articles, substitutions), *_added(articles, alignment, substitutions, paragraphs)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["change"].map({change: place for place, change in enumerate([*FINDINGS, WRITTEN])})
    return (
        table.assign(order=order)
        .sort_values(["order", "spun_id", "spun_start"], ignore_index=True)
        .drop(columns="order")
    )


def _substituted(articles: pd.DataFrame, substitutions: pd.DataFrame) -> list[tuple]:
    texts = articles["text"].to_dict()
    rows = []
    for row in substitution_rows(substitutions[substitutions["kind"] != "boilerplate"]):
        spun = _with_signs(texts[row.spun_id], row.spun_start, row.spun_end)
        original = _with_signs(texts[row.reference_id], row.reference_start, row.reference_end)
        change, values = _change(spun, original)
        if not change and _breaks_a_date(row):
            change = BROKEN
        if change:
            rows.append(
                (
                    row.spun_id, row.reference_id, row.site, row.spun_start, row.spun_end, row.reference_start,
                    row.reference_end, row.spun, row.original, *values, change, row.in_quote, row.left, row.right,
                )
            )  # fmt: skip
    return rows


def _with_signs(text: str, start: int, end: int) -> str:
    """A phrase with the sign of percent or of a currency that belongs to its figure."""
    if text[start:end][-1:].isdigit() and text.startswith("%", end):
        end += 1
    if text[start:end][:1].isdigit() and start and text[start - 1] in "$€£":
        start -= 1
    return text[start:end]


def _change(spun: str, original: str) -> tuple[str, tuple[float | None, float | None]]:
    """What a substitution does to a number or date; empty where it touches none."""
    sides = [fold(spun).split(), fold(original).split()]
    dates = [{word.strip(",.") for word in side} & {*MONTHS, *DAYS} for side in sides]
    capital = [any(word[:1].isupper() for word in side.split()) for side in (spun, original)]
    if all(capital) and dates[0] and dates[1] and dates[0] != dates[1]:
        return DATE, (None, None)
    if not any(map(_is_surely_number, sides)):
        return "", (None, None)
    value, source_value = values = value_of(spun), value_of(original)
    if any(SAME_SPAN.get(one) == two for one, two in (_bare(sides), _bare(sides[::-1]))):
        return WRITTEN, values
    if value is None or source_value is None:
        return (REMOVED if value is None else ADDED) if _has_figure(sides) else "", values
    return (WRITTEN if _is_same((value, source_value), sides) else CHANGED), values


def _is_same(values: tuple[float, float], sides: list[list[str]]) -> bool:
    """Tell whether two numbers may be one: a third is 33%, or the 3rd of several; 5m are five million, or metres."""
    near = 0.02 if any(word in PARTS for side in sides for word in side) else 1e-9
    options = [
        {value, *(3.0 for word in side if word == "third"), *(1e6 * value for word in side if MILLIONS.match(word))}
        for value, side in zip(values, sides, strict=True)
    ]
    return any(math.isclose(one, other, rel_tol=near) for one in options[0] for other in options[1])


def _breaks_a_date(row: SubstitutionRow) -> bool:
    """Tell whether a month or a weekday was replaced by what is none."""
    gone = [word for word in row.original.split() if word[:1].isupper() and fold(word) in {*MONTHS, *DAYS}]
    if not gone:
        return False
    beside = BEFORE_MONTH.search(row.left) or row.right.lstrip()[:1].isdigit()
    return all(fold(word) not in ("may", "march") for word in gone) or bool(beside)


def _bare(sides: list[list[str]]) -> tuple[str, str]:
    """Both sides without an article in front, the second one’s plural and the first one’s aside."""
    first, second = (" ".join(side[1:] if side[:1] in (["a"], ["an"], ["the"], ["one"]) else side) for side in sides)
    return first.removesuffix("s"), second


def _is_surely_number(words: list[str]) -> bool:
    return any(word[:1].isdigit() or (word in ENOUGH and word != "one") for word in words)


def _has_figure(sides: list[list[str]]) -> bool:
    """Tell whether either side has figures: “plenty” for “dozens” is no figure removed."""
    return any(word[:1].isdigit() for side in sides for word in side)


def _added(
    articles: pd.DataFrame, alignment: pd.DataFrame, substitutions: pd.DataFrame, paragraphs: pd.DataFrame
) -> list[tuple]:
    """Figures that were put in where the reference has nothing, and that it has nowhere."""
    inserts = alignment[(alignment["op"] == "insert") & alignment["spun"].str.contains(r"\d")]
    if inserts.empty:
        return []
    taken: dict[Hashable, list[tuple[int, int]]] = {
        key: list(zip(rows["spun_start"], rows["spun_end"], strict=True))
        for key, rows in substitutions.groupby("spun_id")
    }
    short = paragraphs[(paragraphs["op"] == "added") & (paragraphs["words"] <= LONGEST_FURNITURE)]
    furniture: dict[Hashable, list[tuple[int, int]]] = {
        key: list(zip(rows["spun_start"], rows["spun_end"], strict=True)) for key, rows in short.groupby("spun_id")
    }
    texts, sites = articles["text"].to_dict(), articles["site"].to_dict()
    rows = []
    for (spun_id, reference_id), runs in inserts.groupby(["spun_id", "reference_id"], sort=False):
        text, known = texts[spun_id], _figures(texts[reference_id])
        quotes = quotation_spans(text)
        hidden = sorted([*taken.get(spun_id, []), *furniture.get(spun_id, [])])
        for start, run in zip(runs["spun_start"], runs["spun"], strict=True):
            for token in tokens(run):
                place = start + token.start, start + token.end
                value = value_of(token.fold)
                if (
                    not token.fold[:1].isdigit()
                    or value in known
                    or any(a < place[1] and b > place[0] for a, b in hidden)
                ):
                    continue
                rows.append(
                    (
                        spun_id, reference_id, sites[spun_id], *place, -1, -1, text[slice(*place)], "",
                        value, None, ADDED, overlaps(quotes, *place), *_context(text, *place),
                    )
                )  # fmt: skip
    return rows


def _figures(text: str) -> set[float | None]:
    return {value_of(token.fold) for token in tokens(text) if is_word(token.fold) and token.fold[:1].isdigit()}


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
