"""Substitutions and an alignment go in; the figures and dates that are not those of the reference come out.

A number written otherwise (2 for two) is no finding; a number with another value is one of its own. Values are read
from figures and from English number words; “thousands” counts as a thousand, since no text says how many it means.
"""

import re

import pandas as pd

from helpers.findings import LONGEST_FURNITURE
from helpers.substitutions import _context
from helpers.text import fold, is_word, overlaps, quotation_spans, tokens

UNITS = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {
    word: 10.0 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
UNITS |= {"twice": 2.0, "double": 2.0, "couple": 2.0, "triple": 3.0, "dozen": 12.0, "dozens": 12.0}
PARTS = {"half": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4}
MAGNITUDES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
MAGNITUDES |= {f"{word}s": value for word, value in MAGNITUDES.items()}
SPANS = {"decade": 10.0, "decades": 10.0, "century": 100.0, "centuries": 100.0}
MONTHS = "january february march april may june july august september october november december".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
FIGURE = re.compile(r"(\d+(?:[.,:]\d+)*)(?:'?s|st|nd|rd|th|bn|m|k)?$")
ENOUGH = {**UNITS, **MAGNITUDES}  # words that are numbers wherever they stand; “one” and “third” need not be
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


def value_of(phrase: str) -> float | None:
    """Return the value of the number in a phrase, None where there is none.

    >>> value_of("2"), value_of("two and a half"), value_of("1,000th"), value_of("three million"), value_of("army")
    (2.0, 2.5, 1000.0, 3000000.0, None)
    """
    total, current, seen, before = 0.0, 0.0, False, ""
    for word in re.split(r"[\s-]+", fold(phrase)):
        figure = FIGURE.match(word.strip("$€£%()"))
        value = _as_float(figure[1]) if figure else UNITS.get(word, SPANS.get(word))
        if word in MAGNITUDES:
            total, current, seen = total + (current or 1.0) * MAGNITUDES[word], 0.0, True
        elif word in PARTS:
            current = current * PARTS[word] if current and before not in ("and", "a") else current + PARTS[word]
            seen = True
        elif value is not None:
            current, seen = current + value, True
        before = word
    return total + current if seen else None


def _as_float(figure: str) -> float:
    """A figure as a number: commas between thousands, a full stop or a colon (of a time) before the rest."""
    whole, _, rest = figure.replace(",", "").replace(":", ".").partition(".")
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
    rows = [*_substituted(substitutions), *_added(articles, alignment, substitutions, paragraphs)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["change"].map({change: place for place, change in enumerate([*FINDINGS, WRITTEN])})
    return (
        table.assign(order=order)
        .sort_values(["order", "spun_id", "spun_start"], ignore_index=True)
        .drop(columns="order")
    )


def _substituted(substitutions: pd.DataFrame) -> list[tuple]:
    rows = []
    for row in substitutions[substitutions["kind"] != "boilerplate"].itertuples():
        change, values = _change(row.spun, row.original)
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


def _change(spun: str, original: str) -> tuple[str, tuple[float | None, float | None]]:
    """What a substitution does to a number or date; empty where it touches none."""
    sides = [fold(spun).split(), fold(original).split()]
    dates = [{word.strip(",.") for word in side} & {*MONTHS, *DAYS} for side in sides]
    capital = [any(word[:1].isupper() for word in side.split()) for side in (spun, original)]
    if all(capital) and dates[0] and dates[1] and dates[0] != dates[1]:
        return DATE, (None, None)
    if not any(map(_is_surely_number, sides)):
        return "", (None, None)
    values = value_of(spun), value_of(original)
    if any(SAME_SPAN.get(one) == two for one, two in (_bare(sides), _bare(sides[::-1]))):
        return WRITTEN, values
    if values[0] is None or values[1] is None:
        return (REMOVED if values[0] is None else ADDED) if _has_figure(sides) else "", values
    return (WRITTEN if abs(values[0] - values[1]) < 1e-9 else CHANGED), values


def _breaks_a_date(row: tuple) -> bool:
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
    taken = {
        key: list(zip(rows["spun_start"], rows["spun_end"], strict=True))
        for key, rows in substitutions.groupby("spun_id")
    }
    short = paragraphs[(paragraphs["op"] == "added") & (paragraphs["words"] <= LONGEST_FURNITURE)]
    furniture = {
        key: list(zip(rows["spun_start"], rows["spun_end"], strict=True)) for key, rows in short.groupby("spun_id")
    }
    rows = []
    for (spun_id, reference_id), runs in inserts.groupby(["spun_id", "reference_id"], sort=False):
        text, known = articles.loc[spun_id, "text"], _figures(articles.loc[reference_id, "text"])
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
                        spun_id, reference_id, articles.loc[spun_id, "site"], *place, -1, -1, text[slice(*place)], "",
                        value, None, ADDED, overlaps(quotes, *place), *_context(text, *place),
                    )
                )  # fmt: skip
    return rows


def _figures(text: str) -> set[float | None]:
    return {value_of(token.fold) for token in tokens(text) if is_word(token.fold) and token.fold[:1].isdigit()}
