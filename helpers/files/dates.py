"""A date in one of the forms that files use goes in; it comes out as the corpus writes it, in UTC."""

import os
import re
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from helpers.files.written_dates import MONTHS, as_iso

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:[+-]\d{2}:\d{2})?)?\Z")
SINCE_1970 = re.compile(r"(\d{10})(?:\d{3}|\d{6}|\d{9})?(?:\.\d{1,9})?")  # seconds, or thousandths of one, or finer
JAVASCRIPT = re.compile(r"^(\w{3}) (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4}).*", re.S)
# What a program writes for a moment that it does not know: its zero, or its end.
NO_DAYS = {"1970-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "2038-01-19", "2099-12-31"}
LONGEST = 100  # characters of a date
WIDTH, ZONE = 32, "+00:00"  # of a canonical time, 2026-01-31T14:30:00.000000+00:00


def as_date(cell: object) -> tuple[str, str]:
    """Return a date as the corpus writes it, and what could not be read as one.

    ISO 8601, the forms of e-mails, feeds and JavaScript are read, and what people write if it can mean one day only
    (see `as_iso`). 5/9/2025 is not: it is in May or in September. Nor is one before 1678 or after the next year, or
    what stands for a date that is not known (1970-01-01, the zero of Excel).

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
        written = written if moment is cell else cell.isoformat()
        return ("", cell.isoformat()) if is_placeholder(written) else (written, "")
    words = cell.strip() if isinstance(cell, str) else "" if cell is None or cell != cell else str(cell)
    if not words:
        return "", ""
    try:
        written = _read(JAVASCRIPT.sub(r"\1, \3 \2 \4 \5 \6", words))
    except (ValueError, TypeError, IndexError, OverflowError):
        written = ""
    return ("", words[:60]) if not written or is_placeholder(written) else (written, "")


def _read(words: str) -> str:
    """A date as the corpus writes it; raises for what is none."""
    if len(words) > LONGEST:
        raise ValueError(words)
    words = words if ISO.match(words) else as_iso(words)
    if ISO.match(words):
        return _checked_date(words)
    if found := SINCE_1970.fullmatch(words):
        return _written(datetime.fromtimestamp(int(found[1]), UTC))
    return _written(parsedate_to_datetime(words))


def is_placeholder(written: str) -> bool:
    """Tell whether a date stands for one that is not known, or lies further ahead than anybody publishes."""
    return written[:10] in NO_DAYS or int(written[:4]) > datetime.now(UTC).year + 1


def _checked_date(words: str) -> str:
    moment = datetime.fromisoformat(words.replace(",", "."))
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
