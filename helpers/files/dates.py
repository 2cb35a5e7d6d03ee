"""A date in one of the forms that files use goes in; it comes out as the corpus writes it, in UTC."""

import os
import re
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?\Z")
JAVASCRIPT = re.compile(r"^(\w{3}) (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4}).*", re.S)
HALF_DAY = re.compile(r"\b(1[0-2]|0?[1-9]):([0-5]\d)(:[0-5]\d)?\s*([ap])\.?m\b\.?", re.I)
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WIDTH, ZONE = 32, "+00:00"  # of a canonical time, 2026-01-31T14:30:00.000000+00:00


def as_date(cell: object) -> tuple[str, str]:
    """Return a date as the corpus writes it, and what could not be read as one.

    ISO 8601, the form of e-mails and feeds, and that of JavaScript are read. 5/9/2025 is not: it is in May or in
    September. Nor is one before 1678 or after 2261, which no timestamp can hold.

    >>> as_date("Fri, 05 Sep 2025 14:30:00 +0200"), as_date("5/9/2025"), as_date("20250905")
    (('2025-09-05T12:30', ''), ('', '5/9/2025'), ('2025-09-05', ''))
    >>> as_date("September 5, 2025 2:30 p.m."), as_date("5 Sep 2025 12:05 AM")
    (('2025-09-05T14:30', ''), ('2025-09-05T00:05', ''))
    >>> as_date(datetime(1066, 10, 14, 9)), as_date("1066-10-14")
    (('', '1066-10-14T09:00:00'), ('', '1066-10-14'))
    """
    if isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        try:
            written = _written(moment)
        except (ValueError, OverflowError):
            return "", cell.isoformat()
        return written if moment is cell else cell.isoformat(), ""
    words = cell.strip() if isinstance(cell, str) else "" if cell is None or cell != cell else str(cell)
    if not words:
        return "", ""
    if re.fullmatch(r"(1[89]|20)\d{6}", words):
        words = f"{words[:4]}-{words[4:6]}-{words[6:]}"
    words = HALF_DAY.sub(_of_24_hours, words)
    try:
        if ISO.match(words):
            return _checked_date(words), ""
        if re.fullmatch(r"(?:\d{10}|\d{13})(?:\.\d{1,9})?", words):  # seconds, or thousandths of one, since 1970
            return _written(datetime.fromtimestamp(int(words[:10]), UTC)), ""
        return _written(parsedate_to_datetime(JAVASCRIPT.sub(r"\1, \3 \2 \4 \5 \6", words))), ""
    except (ValueError, TypeError, IndexError, OverflowError):
        return "", words[:60]


def _of_24_hours(half: re.Match) -> str:
    """An hour with a.m. or p.m. behind it, which the readers of dates would pass over in silence."""
    return f"{int(half[1]) % 12 + 12 * (half[4].lower() == 'p'):02}:{half[2]}{half[3] or ''}"


def _checked_date(words: str) -> str:
    moment = datetime.fromisoformat(words.replace(",", ".").replace(" Z", "Z"))
    if not 1677 < moment.year < 2262:
        raise ValueError(words)
    return _written(moment) if moment.tzinfo else words.replace(",", ".")


def _written(moment: datetime) -> str:
    """In UTC, as short as it can be."""
    if moment.tzinfo is not None:
        offset = moment.utcoffset()
        moment = (moment - offset).replace(tzinfo=None) if offset is not None else moment.replace(tzinfo=None)
    if not 1677 < moment.year < 2262:
        raise ValueError(str(moment))
    whole = "minutes" if not moment.second and not moment.microsecond else "auto"
    return moment.isoformat(timespec=whole)


def as_instant(when: str) -> str:
    """Return a time as it stands on a line, in UTC and as this program writes it; empty where it is none.

    >>> as_instant("2025-11-25T11:06:11+02:00"), as_instant("yesterday")
    ('2025-11-25T09:06:11.000000+00:00', '')
    """
    try:
        moment = datetime.fromisoformat(when)
        return canonical(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""


def are_canonical(whens: list[str]) -> bool:
    """Tell whether all these are canonical times, which can be compared as text."""
    if not all(len(when) == WIDTH and when[10] == "T" and when.endswith(ZONE) for when in whens):
        return False
    try:
        return all(map(datetime.fromisoformat, whens))
    except ValueError:
        return False


def canonical(moment: datetime) -> str:
    """Return a UTC time as this program writes it."""
    return moment.isoformat(timespec="microseconds")


def a_day_later(instant: str) -> str:
    """Return a canonical time a day later; the end of time where there is no such day."""
    try:
        return canonical(datetime.fromisoformat(instant) + timedelta(days=1))
    except OverflowError:
        return canonical(datetime.max.replace(tzinfo=UTC))


def now() -> datetime:
    """Now in UTC; SOURCE_DATE_EPOCH (reproducible-builds.org) sets another moment, for pages that must not change."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def day_of(moment: date) -> str:
    """Return a day as reports write it: in English, whatever language the computer speaks, and on every system.

    >>> day_of(date(2025, 9, 5))
    '5 September 2025'
    """
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
