"""A time as it stands on a line goes in; the same in UTC comes out, written so that times can be compared as text."""

from datetime import UTC, datetime, timedelta

WIDTH, ZONE = 32, "+00:00"  # of a canonical time, 2026-01-31T14:30:00.000000+00:00


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
