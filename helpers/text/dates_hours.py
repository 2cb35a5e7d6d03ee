"""A text goes in; its dates and hours come out, however they are written: Sept. 5, 5 September, 6:30 pm, 18:30."""

import re
from functools import cache, lru_cache

from helpers.files.dates import MONTHS as WRITTEN
from helpers.text.number_words import ORDINALS, VALUES
from helpers.text.units import SPACES

MONTHS = [month.lower() for month in WRITTEN]
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SHORT = {month[:3]: month for month in MONTHS} | {"sept": "september"}
SHORT_DAYS = {day[:3]: day for day in DAYS} | {
    "tues": "tuesday",
    "wednes": "wednesday",
    "thur": "thursday",
    "thurs": "thursday",
}
# Short forms that are words or names themselves: they are dates only beside a figure, or for a date.
DOUBTFUL = frozenset("may march mar jan dec sun sat wed".split())
_NAMES = sorted({*MONTHS, *SHORT}, key=len, reverse=True)
_MONTH = rf"(?:{'|'.join([*map(str.capitalize, _NAMES), *map(str.upper, _NAMES)])})\b\.?"
_ORDINAL = "(?:(?:twenty|thirty)[- ])?(?:" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"
_DAY = rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w,.:%]?\d)|{_ORDINAL}(?!\w))"
_YEAR = r"(?:[12]\d{3})(?![\d,.]\d|\d)"
_S = f"[{SPACES}]"
_DATE = (
    rf"\b(?P<m1>{_MONTH}){_S}(?:the{_S})?(?P<d1>{_DAY})(?:,?{_S}(?P<y1>{_YEAR}))?"
    rf"|\b(?P<d2>{_DAY})(?:{_S}day)?(?:{_S}of{_S}|{_S}|-)(?P<m2>{_MONTH})(?:,?{_S}(?P<y2>{_YEAR}))?"
    rf"|\b(?P<m3>{_MONTH}),?{_S}(?:of{_S})?(?P<y3>{_YEAR})"
    r"|(?<![\d/.-])(?P<y4>[12]\d{3})[-/.](?P<m4>0?[1-9]|1[0-2])[-/.](?P<d4>0?[1-9]|[12]\d|3[01])(?![\d/-])"
    r"|(?<![\d/.-])(?P<a5>0?[1-9]|[12]\d|3[01])(?P<sep>[/.-])(?P<b5>0?[1-9]|[12]\d|3[01])(?P=sep)(?P<y5>[12]\d{3}|\d\d)(?![\d/-])"
)
_CLOCK = "|".join(sorted((word for word in VALUES if 1 <= VALUES[word] <= 12), key=len, reverse=True))
_HOUR = (
    rf"(?<![\d:.,])(?:(?P<h1>2[0-3]|[01]?\d)(?:[:.h](?P<n1>[0-5]\d)(?::[0-5]\d)?)?|(?P<w1>\b(?:{_CLOCK}))"
    rf"(?:[ -](?P<p1>fifteen|thirty|forty-five))?){_S}?(?:(?P<half>[ap])(?:\.{_S}?m\b\.?|m\b)|(?P<clock>o[’']clock))"
    rf"|(?<![\d:.,])(?P<h2>2[0-3]|[01]?\d):(?P<n2>[0-5]\d)(?!\d|:\d\d:)(?:{_S}?(?:hours|hrs|h)\b)?"
    rf"|(?<![\d:.,])(?P<h3>2[0-3]|[01]\d)(?P<n3>[0-5]\d)(?:{_S}hours|{_S}?hrs|h)\b"
    rf"|\b(?P<past>half|quarter){_S}(?P<to>past|to){_S}(?P<w4>{_CLOCK}|1[0-2]|[1-9])\b(?:{_S}?(?P<half4>[ap])(?:\.m\b\.?|m\b))?"
    r"|\b(?P<word>noon|midday|midnight)\b"
)
_PAST = {"fifteen": 15, "thirty": 30, "forty-five": 45}
_NOON = {"noon": 720, "midday": 720, "midnight": 0}


@cache
def date_pattern() -> re.Pattern:
    """Return what dates look like, compiled when it is first asked for: that takes 50 ms."""
    return re.compile(_DATE)


@cache
def hour_pattern() -> re.Pattern:
    """Return what hours look like, compiled when it is first asked for."""
    return re.compile(_HOUR, re.IGNORECASE)


@lru_cache(maxsize=10_000)
def month_or_day(word: str) -> str:
    """Return the month or weekday that a word is, in full and folded, or is short for; empty where it is none.

    >>> month_or_day("Sept."), month_or_day("Friday"), month_or_day("Might")
    ('september', 'friday', '')
    """
    bare = re.sub(r"[’']s$", "", word.strip("“”‘’\"'()[],;:!?")).strip(".,").casefold()
    if not word.strip("“”‘’\"'()[]")[:1].isupper():
        return ""
    full = SHORT.get(bare) or SHORT_DAYS.get(bare) or bare
    return full if full in MONTHS or full in DAYS else ""


def date_meanings(match: re.Match) -> list[tuple[int, int, int]]:
    """Return what a match of `date_pattern` may mean: year, month, day; 0 for what it does not say."""
    if match["a5"]:
        year = int(match["y5"]) if len(match["y5"]) == 4 else 2000 + int(match["y5"])
        one, other = int(match["a5"]), int(match["b5"])
        return [(year, month, day) for day, month in ((one, other), (other, one)) if month <= 12]
    if match["y4"]:
        return [(int(match["y4"]), int(match["m4"]), int(match["d4"]))]
    said = match["y1"] or match["y2"] or match["y3"] or "0"
    name = (match["m1"] or match["m2"] or match["m3"]).strip(".").casefold()
    return [(int(said), MONTHS.index(SHORT.get(name, name)) + 1, _day(match["d1"] or match["d2"] or "0"))]


def _day(written: str) -> int:
    digits = re.match(r"\d+", written)
    if digits:
        return int(digits[0])
    return int(sum(VALUES.get(word, ORDINALS.get(word, 0.0)) for word in re.split("[- ]", written.casefold())))


def hour_meanings(match: re.Match) -> list[int]:
    """Return the minutes of the day that a match of `hour_pattern` may mean; both where no half of the day is said."""
    if match["word"]:
        return [_NOON[match["word"].casefold()]]
    if match["past"]:
        minutes = 60 * _hour(match["w4"]) + (30 if match["past"].casefold() == "half" else 15) * (
            1 if match["to"].casefold() == "past" else -1
        )
        return _halves(minutes, match["half4"])
    if match["half"] or match["clock"]:
        more = int(match["n1"] or _PAST.get((match["p1"] or "").casefold(), 0))
        return _halves(60 * (int(match["h1"]) if match["h1"] else _hour(match["w1"])) + more, match["half"])
    return _halves(60 * int(match["h2"] or match["h3"]) + int(match["n2"] or match["n3"]), "")


def _hour(written: str) -> int:
    return int(written) if written.isdigit() else int(VALUES[written.casefold()])


def _halves(minutes: int, half: str | None) -> list[int]:
    """A time of 12 hours in the half of the day that is said, or in both."""
    if half:
        return [minutes % 720 + (720 if half.casefold() == "p" else 0)]
    return [minutes, minutes + 720] if minutes < 720 else [minutes, minutes - 720] if minutes < 780 else [minutes]
