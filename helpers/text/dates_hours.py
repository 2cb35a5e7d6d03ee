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
    "weds": "wednesday",
    "thur": "thursday",
    "thurs": "thursday",
}
# Short forms that are words or names themselves: they are dates only beside a figure, or for a date.
DOUBTFUL = frozenset("may march mar jan dec sun sat wed weds".split())
_NAMES = sorted({*MONTHS, *SHORT}, key=len, reverse=True)
_MONTH = rf"(?:{'|'.join([*map(str.capitalize, _NAMES), *map(str.upper, _NAMES)])})\b\.?"
_ORDINAL = "(?:(?:twenty|thirty)[- ])?(?:" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"
_DAY = rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w,.:%]?\d)|{_ORDINAL}(?!\w))"
_YEAR = r"(?:[12]\d{3})(?![\d,.]\d|\d)"
_S = f"[{SPACES}]"
_DATE = (
    rf"\b(?P<m1>{_MONTH})(?:{_S}|(?<=\b[A-Z][a-z]{{2}}\.)(?<!May\.)|(?<=\bSept\.))(?:the{_S})?(?P<d1>{_DAY})(?:,?{_S}(?P<y1>{_YEAR}))?"
    rf"|\b(?P<d2>{_DAY})(?:{_S}day)?(?:{_S}of{_S}|{_S}|-)(?P<m2>{_MONTH})(?:,?{_S}(?P<y2>{_YEAR}))?"
    rf"|\b(?P<m3>{_MONTH}),?{_S}(?:of{_S})?(?P<y3>{_YEAR})"
    r"|(?<![\d/.-])(?P<y4>[12]\d{3})[-/.](?P<m4>0?[1-9]|1[0-2])[-/.](?P<d4>0?[1-9]|[12]\d|3[01])(?![\d/-])"
    r"|(?<![\d/.-])(?P<a5>0?[1-9]|[12]\d|3[01])(?P<sep>[/.-])(?P<b5>0?[1-9]|[12]\d|3[01])(?P=sep)(?P<y5>[12]\d{3}|\d\d)(?![\d/-])"
    r"|(?<![\d.,/-])(?P<y6>(?:19|20)\d\d)(?P<m6>0[1-9]|1[0-2])(?P<d6>0[1-9]|[12]\d|3[01])(?![\d.,]\d|[\d/-])"
)
_CLOCK = "|".join(sorted((word for word in VALUES if 1 <= VALUES[word] <= 12), key=len, reverse=True))
_COLON = "[:∶：]"  # the ratio sign and the full-width colon look like one
_HYPHEN = rf"[{SPACES}\u2010\u2011-]"
_MINUTES = "five|ten|fifteen|twenty-five|twenty|thirty-five|thirty|forty-five|forty|fifty-five|fifty"
_M = rf"(?:\.{_S}?m\b\.?|m\b)"  # behind the a of a.m.
_AT = r"(?<=[tyl] )(?:(?<=\bat )|(?<=\bby )|(?<=\btill )|(?<=\buntil ))"  # the first look is cheap
# “At ten to seven”, but not “at ten to twelve sites”.
_NONE_COUNTED = r"(?=[.,;:!?)”’\"]|\s*$|\s(?:on|in|and|as|when|this|that|yesterday|today|tomorrow|[ap]\.?m)\b)"
_RANGE = rf"{_S}?(?:[-–—]|to\b|till\b|until\b){_S}?"


def _in_the(number: int) -> str:
    """What says the half of the day behind an hour; its groups have a number."""
    return rf"(?P<tail{number}>{_S}in{_S}the{_S}(?P<day{number}>morning|afternoon|evening)\b)"


_HOUR = (
    r"(?:(?=\d)|(?<!\w)(?=[a-z]))(?:"  # at most signs nothing more is looked at
    rf"(?<![\d:.,])(?:(?P<h1>2[0-3]|[01]?\d)(?:(?:{_COLON}|[.h])(?P<n1>[0-5]\d)(?:{_COLON}(?P<s1>[0-5]\d))?)?"
    rf"|(?P<w1>\b(?:{_CLOCK}))(?:{_HYPHEN}(?P<p1>{_MINUTES}))?)"
    rf"{_S}?(?:(?P<half>[ap]){_M}|(?P<clock>o[’']clock){_in_the(1)}?)"
    rf"|{_AT}(?:(?P<h2>1[0-2]|[1-9])(?:[:.](?P<n2>[0-5]\d))?|(?P<w2>{_CLOCK})(?:{_HYPHEN}(?P<p2>{_MINUTES}))?){_in_the(2)}"
    rf"|{_AT}(?P<w3>{_CLOCK}){_HYPHEN}(?P<p3>{_MINUTES})(?![\w-])"
    rf"|(?<![\d:.,])(?P<h4>1[0-2]|[1-9])(?:[:.](?P<n4>[0-5]\d))?(?={_RANGE}(?P<last>1[0-2]|[1-9])(?:[:.][0-5]\d)?{_S}?(?P<half5>[ap]){_M})"
    rf"|(?<![\d:.,])(?P<h6>2[0-3]|[01]?\d|24(?=:00))(?:{_COLON}|h)(?P<n6>[0-5]\d)(?:{_COLON}(?P<s6>[0-5]\d))?(?!\d|{_COLON}\d)"
    rf"(?:{_S}?(?:hours|hrs|h)\b)?"
    rf"|(?<![\d:.,])(?P<h7>2[0-3]|[01]\d)(?P<n7>[0-5]\d)(?:{_S}hours|{_S}?hrs|h)\b"
    rf"|\b(?P<p8>half|quarter|(?:twenty-five|twenty|ten|five)(?:{_S}minutes)?(?={_HYPHEN}past|(?<=s){_HYPHEN}to)"
    rf"|{_AT}(?:twenty-five|twenty|ten|five)(?={_S}to{_S}(?:{_CLOCK})\b{_NONE_COUNTED}))"
    rf"{_HYPHEN}(?P<to>past|to){_HYPHEN}(?P<w8>(?:{_CLOCK})\b|(?:1[0-2]|[1-9])(?!\d))(?:{_S}?(?P<half8>[ap]){_M}|{_in_the(8)})?"
    r"|\b(?P<word>noon|midday|midnight)\b)"
)
_NOON = {"noon": 720.0, "midday": 720.0, "midnight": 0.0}
_PAST = {"half": 30, "quarter": 15}
_PM = frozenset("p afternoon evening".split())


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
    if match["y6"]:
        return [(int(match["y6"]), int(match["m6"]), int(match["d6"]))]
    said = match["y1"] or match["y2"] or match["y3"] or "0"
    name = (match["m1"] or match["m2"] or match["m3"]).strip(".").casefold()
    return [(int(said), MONTHS.index(SHORT.get(name, name)) + 1, _day(match["d1"] or match["d2"] or "0"))]


def _day(written: str) -> int:
    digits = re.match(r"\d+", written)
    if digits:
        return int(digits[0])
    return int(sum(VALUES.get(word, ORDINALS.get(word, 0.0)) for word in re.split("[- ]", written.casefold())))


def hour_meanings(match: re.Match) -> list[float]:
    """Return the minutes of the day that a match of `hour_pattern` may mean; both where no half of the day is said."""
    said = {name.rstrip("12345678"): written.casefold() for name, written in match.groupdict().items() if written}
    if "word" in said:
        return [_NOON[said["word"]]]
    part = said.get("half") or said.get("day", "")
    hour = _value(said.get("h") or said["w"])
    more = _value(said.get("n") or said.get("p") or "0") + int(said.get("s", 0)) / 60
    if hour == 24:
        return [0.0]
    minutes = 60 * hour + (-more if said.get("to") == "to" else more)
    if "last" in said:  # “from 6 to 8 pm”: in the evening, or else in the morning
        return sorted(_halves(minutes % 720, ""), reverse=part in _PM)
    return _halves(minutes, part)


def _value(written: str) -> int:
    """A number of hours or minutes, in figures or words."""
    if written.isdigit():
        return int(written)
    return int(sum(_PAST.get(word) or VALUES.get(word, 0.0) for word in re.split(r"[^a-z]", written)))


def _halves(minutes: float, part: str) -> list[float]:
    """A time of 12 hours in the half of the day that is said (p for pm), or in both."""
    if part:
        return [minutes % 720 + (720 if part in _PM else 0)]
    return [minutes, minutes + 720] if minutes < 720 else [minutes, minutes - 720] if minutes < 780 else [minutes]
