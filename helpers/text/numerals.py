"""A text goes in; the numbers in it come out: where each stands, and what it may mean.

Figures, words, figures whose first part was spelled out (“four,560”), hours and dates are read, with their scales and
units, so that two ways to write one number can be told from two numbers.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from helpers.text.dates_hours import date_meanings, date_pattern, hour_meanings, hour_pattern
from helpers.text.number_words import ORDINALS, PARTS, SURE, VALUES, WORDS, Atom, Sum, joined
from helpers.text.seen import as_seen
from helpers.text.units import CURRENCY, PERCENT, SPACES, Unit, unit_at, units_of

FRACTIONS = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅛": 1 / 8}
_TELLING = rf"[{SPACES}]?(?:{PERCENT}|(?:m|b|tr)illion\b|bn\b|m\b)"
_DIGITS = "|".join(
    [
        r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)",  # 3,86,351, as India writes it
        rf"\d{{1,3}}(?P<sep>[,.'’{SPACES}])\d{{3}}(?:(?P=sep)\d{{3}})*(?!\d)(?:[.,·]\d+)?",
        rf"\d+[{SPACES}]?\d/\d(?!\d)",
        r"\d+/\d+(?!\d)",
        rf"\d*[{''.join(FRACTIONS)}]",
        r"\d+(?:[.·]\d+|,\d{1,2}(?![\d,]))?(?!\d)",
        rf"(?<!\w)\.\d+(?={_TELLING})",
    ]
)
ATOM = re.compile(
    rf"(?<![\d.,])(?P<figure>{_DIGITS})(?:(?P<ending>st|nd|rd|th|[’']?s)(?![^\W\d_]))?"
    rf"|(?<![\w’'])(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)
# No writer sets a sign between a number word and figures: “a pair of,310”, “$eight.5”, “three.2%”, “61.eight%”.
_SMALL = "|".join(sorted(VALUES, key=len, reverse=True))
_HEAD = rf"(?:(?:an?\s)?(?:pair|couple)\sof|dos|(?:{_SMALL})(?:-(?:{_SMALL}))?)"
HALF_SPELLED = re.compile(
    rf"(?<![\w-]){_HEAD}(?:,\d\d)*(?:,\d{{3}})+(?:\.\d+)?(?!\d)|(?<![\w-]){_HEAD}\.\d+(?={_TELLING})"
    rf"|(?<=[$€£]){_HEAD}\.\d+|(?<![\w.,])\d+\.(?:{_SMALL})(?![\w-])",
    re.IGNORECASE,
)
# Read as figures, though by themselves they are no sign: “chapter three.2” may be a footnote.
LOOSELY_SPELLED = re.compile(rf"{HALF_SPELLED.pattern}|(?<![\w-]){_HEAD}\.\d{{1,2}}(?!\w)", re.IGNORECASE)
SCALES = {"bn": 1e9, "bln": 1e9, "b": 1e9, "mn": 1e6, "mln": 1e6, "mil": 1e6, "m": 1e6, "tn": 1e12, "trn": 1e12,
          "k": 1e3, "grand": 1e3, "crore": 1e7, "lakh": 1e5, "thousand": 1e3, "million": 1e6, "billion": 1e9,
          "trillion": 1e12}  # fmt: skip
SCALE = re.compile(
    rf"(?:[{SPACES}]?(bn|bln|mn|mln|mil|tn|trn|crore|lakh|thousand|million|billion|trillion)s?"
    rf"|[{SPACES}](b)(?=[{SPACES}](?:pound|dollar|euro))"  # sure to be scales
    rf"|[{SPACES}]?(?P<m>m)|(?P<letter>[kb])|[{SPACES}](?P<grand>grand))(?![\w’'])",  # or metres, or a piano
    re.IGNORECASE,
)
PERCENTS = re.compile(rf"[{SPACES}-]?(?:{PERCENT})", re.IGNORECASE)
AND_A = re.compile(rf"[{SPACES}]and[{SPACES}]an?[{SPACES}]", re.IGNORECASE)  # two hours and a half
ONE_AND_A = re.compile(  # an hour and a half
    rf"\ban?[{SPACES}](minute|hour|day|week|month|year|mile){AND_A.pattern}$", re.IGNORECASE
)
OF_A = re.compile(rf"(?:[{SPACES}-]of)?[{SPACES}-](?:an?|one|1)(?=[{SPACES}-])", re.IGNORECASE)  # half of a percent
FOLD = re.compile(rf"(?<![\w.,])(?P<times>\d+(?:\.\d+)?|{_SMALL}|hundred)[{SPACES}-]?fold(?!\w)", re.IGNORECASE)
DECADE = re.compile(
    r"\b(?P<nineteen>nineteen[ -])?(?P<tens>(?:twen|thir|for|fif|six|seven|eigh|nine)ties)\b", re.IGNORECASE
)
ROMAN = re.compile(
    r"\b(?:[A-Z][\w’']+ (?P<many>II|III|IV|VI{1,3}|IX|XI{1,3}|XIV|XV|XVI)"
    r"|(?:War|Part|Act|Chapter|Phase|Volume|Book) (?P<one>[IVX]))\b"
)
BEGUN = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)[-\u2010-\u2015/]$")  # 2019–20
SINCE = re.compile(r"(?:^|(?<!\w))[’'‘`]$")  # ’24
ROMANS = {"I": 1, "V": 5, "X": 10}
QUARTER = re.compile(r"\bQ([1-4])\b")
# Letters that stand for digits, to hide from whoever compares signs: 5OO, l00. But 5l are litres, and O2 is a gas.
LETTERED = re.compile("(?<=[0-9])[OОΟ]|l[0-9]")
FIGURE_OF_LETTERS = re.compile(r"(?<![\w.,])(?:\d|l(?=\d))(?:\d|[OОΟ]|l(?=[\dOОΟ])|[.,](?=[\dOОΟ]))*(?!\w)")
AS_DIGITS = str.maketrans("OОΟl", "0001")
BASIS_POINT = units_of("basis point")
NEAR, CONVERTED, EXACT = 0.02, 0.03, 1e-9  # a third is 33%; ten kilometres are six miles
ROUNDED = 0.6  # degrees Celsius: 31 of them are 88 of Fahrenheit


class Meaning(NamedTuple):
    """What a number may mean: of what dimension (empty: none is said), how much of it, and the number itself."""

    dimension: str
    amount: float
    number: float
    imperial: bool = False
    date: tuple[int, int, int] = (0, 0, 0)  # year, month, day; 0 for what is not said


class Number(NamedTuple):
    """A number in a text: where it stands, alone and with its unit, and what it may mean, the likeliest first."""

    start: int
    end: int  # behind the scale, in front of percent or a unit
    whole: int  # behind these
    meanings: tuple[Meaning, ...]
    figures: bool  # written with figures, not in words alone
    sure: bool  # a number wherever it stands: “one”, “second” or “half” may be none
    rough: bool  # a half, a third: near enough is the same

    @property
    def value(self) -> float:
        """The number itself, in its likeliest meaning."""
        return self.meanings[0].number

    @property
    def is_date(self) -> bool:
        """Tell whether it is a date."""
        return self.meanings[0].dimension == "date"


@lru_cache(maxsize=256)
def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text, in order.

    >>> [(text[n.start:n.whole], n.value) for text in ["$2bn for a pair of,310 men, 10km off"] for n in numbers(text)]
    [('$2bn', 2000000000.0), ('a pair of,310', 2310.0), ('10km', 10.0)]
    """
    if (view := as_seen(text)) is None:
        return _numbers(text)
    return tuple(
        number._replace(
            start=view.starts[number.start], end=view.ends[number.end - 1], whole=view.ends[number.whole - 1]
        )
        for number in _numbers(view.text)
    )


def _numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text of which every sign is seen."""
    if LETTERED.search(text):
        text = FIGURE_OF_LETTERS.sub(lambda match: match[0].translate(AS_DIGITS), text)
    found: list[Number] = []
    taken = bytearray(len(text))
    for read in (_dates, _hours, _half_spelled, _quarters, _folds, _decades, _sums, _romans):
        for number in read(text):
            if not any(taken[number.start : number.whole]):
                found.append(number)
                taken[number.start : number.whole] = b"\1" * (number.whole - number.start)
    return tuple(sorted(found))


def half_spelled(text: str) -> list[tuple[int, int, str]]:
    """Return the figures of a text whose first or last part a spinner spelled out: start, end, and the whole figure.

    >>> half_spelled("They counted four,560 of them, three.2% more, $eight,200.")
    [(13, 21, '4,560'), (31, 38, '3.2'), (47, 56, '8,200')]
    """
    return _spelled(HALF_SPELLED, text)


def _spelled(pattern: re.Pattern, text: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), _in_figures(match[0])) for match in pattern.finditer(text)]


def _in_figures(written: str) -> str:
    """A half-spelled figure in figures."""
    parts = re.split(r"([,.])", written)
    return "".join(part if part[:1].isdigit() or part in ",." else f"{_small(part):.0f}" for part in parts)


def _small(words: str) -> float:
    """The value of the words at the head of a half-spelled figure."""
    known = {**VALUES, "pair": 2.0, "couple": 2.0, "dos": 2.0}
    return sum(known.get(word, 0.0) for word in re.split(r"[\s-]", words.casefold()))


def same(one: Number, other: Number) -> bool:
    """Tell whether two numbers may be one: 18:30 and 6:30 pm, a third and 33%, 5m and five million, or metres."""
    near = NEAR if one.rough or other.rough else EXACT
    return any(_agree(mine, theirs, near) for mine in one.meanings for theirs in other.meanings)


def _agree(one: Meaning, other: Meaning, near: float) -> bool:
    if one.dimension == other.dimension == "date":
        return all(mine == theirs or not (mine and theirs) for mine, theirs in zip(one.date, other.date, strict=True))
    if one.dimension == other.dimension == "heat":
        return abs(one.amount - other.amount) < (ROUNDED if one.imperial != other.imperial else EXACT)
    if one.dimension and one.dimension == other.dimension:
        near = max(near, CONVERTED if one.imperial != other.imperial else 0.0)
        return math.isclose(one.amount, other.amount, rel_tol=near)
    return not (one.dimension and other.dimension) and math.isclose(one.number, other.number, rel_tol=near)


def _dates(text: str) -> Iterator[Number]:
    for match in date_pattern().finditer(text):
        meanings = tuple(
            Meaning("date", 0.0, float(day or year), date=(year, month, day))
            for year, month, day in date_meanings(match)
        )
        meanings += _plain([float(match[0])]) if match["y6"] else ()  # 20240905 may be a number
        end = match.end() - (match[0].endswith(".") and text[match.end() : match.end() + 2].strip() == "")
        yield Number(match.start(), end, end, meanings, any(map(str.isdigit, match[0])), True, False)


def _hours(text: str) -> Iterator[Number]:
    for match in hour_pattern().finditer(text):
        minutes = hour_meanings(match)
        said = _said(match[0])
        meanings = tuple(Meaning("hour", minute, minute // 60 + minute % 60 / 100 if said is None else said)
                         for minute in minutes)  # fmt: skip
        figures = any(map(str.isdigit, match[0]))
        tail = match["tail1"] or match["tail2"] or match["tail8"] or ""  # “in the morning” is the unit of an hour
        yield Number(
            match.start(), match.end() - len(tail), match.end(), meanings, figures, not match["word"], rough=False
        )


def _said(hour: str) -> float | None:
    """An hour as the number that is written: 6.30 of 6:30 pm."""
    match = re.match(r"(\d+)(?:[:.h∶：](\d\d))?", hour)
    return float(f"{match[1]}.{match[2] or 0}") if match and len(match[1]) < 3 else None


def _half_spelled(text: str) -> Iterator[Number]:
    for start, end, figure in _spelled(LOOSELY_SPELLED, text):
        yield _measured(text, start, end, tuple(figure_values(figure)), figures=True, sure=True)


def _quarters(text: str) -> Iterator[Number]:
    for match in QUARTER.finditer(text):
        yield Number(*match.span(), match.end(), (Meaning("", float(match[1]), float(match[1])),), True, True, False)


def _folds(text: str) -> Iterator[Number]:
    for match in FOLD.finditer(text) if "fold" in text else ():
        times = match["times"].casefold()
        value = float(times) if times[0].isdigit() else VALUES.get(times, 100.0)
        yield Number(*match.span(), match.end(), _plain([value]), times[0].isdigit(), True, rough=False)


def _decades(text: str) -> Iterator[Number]:
    for match in DECADE.finditer(text):
        tens = VALUES[match["tens"].casefold().replace("ties", "ty")]
        values = [1900 + tens] if match["nineteen"] else [tens, *_decade(tens)]
        yield Number(*match.span(), match.end(), _plain(values), False, True, rough=False)


def _romans(text: str) -> Iterator[Number]:
    for match in ROMAN.finditer(text):
        group = "many" if match["many"] else "one"
        digits = [ROMANS[sign] for sign in match[group]]
        value = float(sum(-one if one < two else one for one, two in zip(digits, [*digits[1:], 0], strict=True)))
        yield Number(*match.span(group), match.end(group), (Meaning("", value, value),), False, False, False)


def _sums(text: str) -> Iterator[Number]:
    atoms = (
        Atom(match.start(), match.end(), match[0].casefold(), next(figure_values(match["figure"]), 0.0))
        if match["figure"]
        else Atom(match.start(), match.end(), match[0].casefold(), None)
        for match in ATOM.finditer(text)
    )
    found: list[Number] = []
    for number in joined(atoms, text):
        if found and (both := _with_part(text, found[-1], number)):
            found[-1] = both
        else:
            found.append(_of_sum(text, number))
    yield from found


def _part(number: Sum) -> float:
    """What a half or a quarter by itself adds to what stands in front of it; 0 for every other number."""
    word = number.atoms[0].word
    return PARTS[word] if len(number.atoms) == 1 and word in ("half", "quarter") else 0.0


def _with_part(text: str, number: Number, more: Sum) -> Number | None:
    """A measure and the part of its unit that stands behind it, as one number: “two hours and a half”."""
    part, end = _part(more), more.atoms[-1].end
    if not part or not AND_A.fullmatch(text, number.whole, more.atoms[0].start):
        return None
    unit = unit_at(text, number.end)
    if not unit or number.whole != unit.end() or unit_at(text, end):
        return None
    values = tuple(dict.fromkeys(meaning.number + part for meaning in number.meanings))
    return number._replace(end=end, whole=end, meanings=_meanings(values, units_of(unit[1])))


def _of_sum(text: str, number: Sum) -> Number:
    """A sum of atoms as a number, with what else it may mean: “third” is 3 or 1/3, the 90s are 1990s."""
    first, values = number.atoms[0], [number.value]
    if (part := _part(number)) and (unit := ONE_AND_A.search(text, max(0, first.start - 30), first.start)):
        meanings = _meanings((1 + part,), units_of(unit[1]))
        return Number(unit.start(), first.end, first.end, meanings, figures=False, sure=True, rough=False)
    start, end, counts_up = first.start, number.atoms[-1].end, number.ordinal
    if first.value is not None:
        ending = re.search(r"(st|nd|rd|th)$|([’']?s)$", first.word)
        counts_up = counts_up or bool(ending and ending[1])
        if len(number.atoms) == 1:
            values += figure_values(re.sub(r"(?:st|nd|rd|th|[’']?s)$", "", first.word))
            values += _years(text, first, bool(ending and ending[2]))
    if len(number.atoms) == 1 and ORDINALS.get(first.word, 0.0) > 2:  # “a fifth”
        values, counts_up = [ORDINALS[first.word], 1 / ORDINALS[first.word]], True
    figures = first.value is not None
    sure = figures or bool(number.words & SURE)
    rough = bool(number.words & PARTS.keys())
    if counts_up:
        return Number(start, end, end, _plain(values), figures, sure, rough)
    return _measured(text, start, end, tuple(dict.fromkeys(values)), figures, sure, rough)


def _years(text: str, atom: Atom, decade: bool) -> list[float]:
    """The years that two figures may stand for: the 90s, ’24, 2019-20."""
    if not re.match(r"\d\d(?!\d)", atom.word):
        return []
    year = float(atom.word[:2])
    if decade:
        return _decade(year) if 10 <= year < 100 else []
    if (begun := BEGUN.search(text, max(0, atom.start - 6), atom.start)) is not None:
        first = int(begun[1])
        return [first - first % 100 + year + (100 if year <= first % 100 else 0)]
    if SINCE.search(text, max(0, atom.start - 2), atom.start):
        return [2000 + year, 1900 + year]
    return []


def _decade(tens: float) -> list[float]:
    """The years of the 20s, or the 90s: nobody speaks yet of the 2090s."""
    return [1900 + tens, *([2000 + tens] if tens <= 30 else [])]


def _plain(values: tuple[float, ...] | list[float]) -> tuple[Meaning, ...]:
    return tuple(Meaning("", value, value) for value in dict.fromkeys(values))


def _measured(
    text: str, start: int, end: int, values: tuple[float, ...], figures: bool, sure: bool, rough: bool = False
) -> Number:
    """A number with the currency in front of it and the scale, percent or unit behind it."""
    currency = CURRENCY.search(text, max(0, start - 5), start)
    units = units_of(currency[0]) if currency else ()
    start = currency.start() if currency else start
    scale = SCALE.match(text, end)
    place = end
    if scale:
        scaled = tuple(value * SCALES[scale[scale.lastindex or 0].casefold()] for value in values)
        place = end = scale.end()
        if scale["m"] and not currency:
            return Number(start, end, end, _short_m(values, scaled), figures, sure, rough)
        doubtful = not currency and (scale["letter"] or scale["grand"])
        if doubtful:
            return Number(start, end, end, _plain((*values, *scaled)), figures, sure, rough)
        values = scaled
    elif rough and (gap := OF_A.match(text, end)):
        place = gap.end()
    percent = None if scale else PERCENTS.match(text, place)
    unit = percent or unit_at(text, place)
    if percent:
        values = tuple(value / 100 for value in values)
    elif unit and not currency:
        units = units_of(unit[1])
    return Number(start, end, unit.end() if unit else end, _meanings(values, units), figures, sure, rough)


def _short_m(values: tuple[float, ...], scaled: tuple[float, ...]) -> tuple[Meaning, ...]:
    """What 10m may mean: metres, minutes, miles (all of them ten of something), or ten millions of anything."""
    lengths = [unit for name in ("metre", "minute", "mile") for unit in units_of(name)]
    return (*_meanings(values, tuple(lengths)), *_plain(scaled))


def _meanings(values: tuple[float, ...], units: tuple[Unit, ...]) -> tuple[Meaning, ...]:
    if not units:
        return _plain(values)
    found = [
        Meaning(unit.dimension, value * unit.factor + unit.offset, value, unit.imperial)
        for value in values
        for unit in units
    ]
    # 25 basis points are also called 0.25 percent; a percentage point is no percent.
    shares = [value / 1e4 for value in values if units == BASIS_POINT]
    return (*found, *_plain(shares))


def figure_values(figure: str) -> Iterator[float]:
    """Yield what figures may mean, the likeliest first: 1.500 is one and a half in English, and 1,500 elsewhere."""
    if figure[-1:] in FRACTIONS:
        yield float(figure[:-1] or 0) + FRACTIONS[figure[-1]]
        return
    parts = re.fullmatch(rf"(?:(\d+)[{SPACES}])?(\d+)/(\d+)", figure)
    if parts:
        yield float(parts[1] or 0) + int(parts[2]) / (int(parts[3]) or 1)
        return
    bare = re.sub(rf"['’{SPACES}]", "", figure).replace("·", ".")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+", bare):  # 1.000.000,5
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d{1,2}", bare):  # 3,5
        bare = bare.replace(",", ".")
    if bare.count(".") > 1:  # 192.168.1.1, a version: no sum
        return
    yield float(bare.replace(",", ""))
    if re.fullmatch(r"\d{1,3}\.\d{3}", bare):
        yield float(bare.replace(".", ""))
