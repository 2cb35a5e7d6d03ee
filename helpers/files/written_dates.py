"""A date in one of the forms that people and programs write goes in; ISO 8601, or what e-mail writes, comes out.

What may be read in two ways stays as it is, so that nobody reads it: 5/9/2025 is in May or in September. Of an hour in
a zone whose name several parts of the world use, the day alone is left.
"""

import re
from collections.abc import Sequence

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
NUMBERS = {written.lower(): at for at, name in enumerate(MONTHS, 1) for written in (name, name[:3])} | {"sept": 9}
# Minutes from UTC, of the names that mean one zone wherever they are written (and those that RFC 822 laid down).
ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
    "MSK": 180, "SAST": 120, "PKT": 300, "HKT": 480, "SGT": 480, "AWST": 480, "JST": 540, "KST": 540, "ACST": 570,
    "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
HALF_DAY = re.compile(r"\b(1[0-2]|0?[1-9])[:.]([0-5]\d)(:[0-5]\d)?\s*([ap])\.?m\b\.?", re.I)
DOT_NET = re.compile(r"\\?/Date\((\d{12,13})(?:[+-]\d{4})?\)\\?/")
IN_BRACKETS = re.compile(r"\s*\[[\w/+-]{1,50}\]$")  # of Java: …+02:00[Europe/Oslo]
ASIDE = re.compile(r"(?<=[+-]\d{4})\s*\([^()]{1,40}\)$|(?<=[+-]\d\d:\d\d)\s*\([^()]{1,40}\)$")  # of e-mails
HOUR = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
UNIX = re.compile(
    rf"^[A-Z][a-z]{{2}} ([A-Z][a-z]{{2}}) (\d{{1,2}}) ({HOUR})(?: ([A-Z]{{1,5}}))? (\d{{4}})$"
)  # and Java
NAMED_ZONE = re.compile(rf"({HOUR}) ?\(?([A-Za-z]{{1,5}})\)?$")
FROM_GREENWICH = re.compile(rf"({HOUR}) ?(?:GMT|UTC) ?([+-])(\d{{1,2}})(?::?(\d{{2}}))?$", re.I)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(?:[.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})?)?$", re.I)
OFFSET = r"[Zz]|[+-]\d{2}(?::?\d{2})?"
REST = rf"(?:(?:,? at|,| -| –)? ({HOUR}) ?({OFFSET})?|[Tt]({HOUR}) ?({OFFSET})?)?$"
YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){REST}")
YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){REST}")
WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,? )?"
DAY_FIRST = re.compile(rf"{WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[ -]([a-z]{{3,9}})\.?,?[ -](\d{{4}}|\d{{2}}){REST}", re.I)
MONTH_FIRST = re.compile(rf"{WEEKDAY}([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){REST}", re.I)


def as_iso(words: str) -> str:
    """Return a date as ISO 8601, as far as it is written so that it can mean one moment or day only; else as it is.

    >>> as_iso("5 Sept 2025 at 2.30pm CEST"), as_iso("September 5, 2025 14:30 BST"), as_iso("13/09/2025")
    ('2025-09-05T14:30+02:00', '2025-09-05', '2025-09-13')
    >>> as_iso("5/9/2025"), as_iso("5.5.2025"), as_iso("20250905T143000Z"), as_iso("5-Sep-25")
    ('5/9/2025', '2025-05-05', '2025-09-05T14:30:00+00:00', '2025-09-05')
    """
    words = HALF_DAY.sub(_of_24_hours, " ".join(words.split()))
    if found := DOT_NET.fullmatch(words):
        return found[1]
    words, is_local = UNIX.sub(r"\2 \1 \5 \3 \4", ASIDE.sub("", words)).rstrip(), False
    if IN_BRACKETS.search(words):
        words = IN_BRACKETS.sub("", words)
        is_local = not re.search(r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)$", words)
    words = FROM_GREENWICH.sub(lambda zone: f"{zone[1]}{zone[2]}{zone[3]:0>2}:{zone[4] or '00'}", words)
    if found := NAMED_ZONE.search(words):
        offset = ZONES.get(found[2].upper())
        is_local = offset is None
        words = words[: found.end(1)] + ("" if offset is None else _offset(offset))
    iso = _put_together(words)
    return iso[:10] if is_local and re.match(r"\d{4}-\d\d-\d\d", iso) else iso


def _put_together(words: str) -> str:
    """A date and hour whose parts are told apart, as ISO 8601; else as it is."""
    if found := COMPACT.match(words):
        year, month, day, hour, minute, second, zone = found.groups()
        return _iso(year, month, day, [hour and f"{hour}:{minute}:{second or '00'}", zone])
    if found := YEAR_FIRST.match(words):
        return _iso(found[1], found[3], found[4], found.groups()[4:])
    if found := YEAR_LAST.match(words):
        first, second = int(found[1]), int(found[3])
        if (first > 12) != (second > 12) or first == second < 13:
            day, month = (first, second) if first > 12 else (second, first)
            return _iso(found[4], month, day, found.groups()[4:])
        return words
    if found := DAY_FIRST.match(words):
        day, month, year = found.groups()[:3]
    elif found := MONTH_FIRST.match(words):
        month, day, year = found.groups()[:3]
    if not found or not (number := _number(month)):
        return words
    year = year if len(year) == 4 else f"{'19' if year > '68' else '20'}{year}"  # as e-mail has it
    return _iso(year, number, day, found.groups()[3:])


def _iso(year: str, month: str | int, day: str | int, rest: Sequence[str | None]) -> str:
    """A day with the hour and the zone that `rest` may hold."""
    hour, zone, *_ = [*filter(None, rest), "", ""]
    date = f"{year}-{int(month):02}-{int(day):02}"
    if not hour:
        return date
    if zone and ":" not in zone:
        zone = "+00:00" if zone in "Zz" else f"{zone[:3]}:{zone[3:] or '00'}"
    return f"{date}T{hour.rjust(len(hour) + (hour[1] == ':'), '0')}{zone}"


def _number(month: str) -> int:
    """The number of a month by its English name, whole or short; 0 where it is none."""
    return NUMBERS.get(month.lower(), 0)


def _offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _of_24_hours(half: re.Match[str]) -> str:
    """An hour with a.m. or p.m. behind it, which the readers of dates would pass over in silence."""
    return f"{int(half[1]) % 12 + 12 * (half[4].lower() == 'p'):02}:{half[2]}{half[3] or ''}"
