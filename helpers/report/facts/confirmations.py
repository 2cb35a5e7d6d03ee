"""Substitutions and a corpus go in; who decided what on them, when and how, comes out, from the log of decisions.

A decision is on a pair of phrases, not on a place. And a row of decisions within seconds was made by one keystroke or
by a program: both are said, so that “a person has confirmed” says no more than the log does.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from helpers.comparison.table_rows import substitution_rows
from helpers.display.masking import mask
from helpers.display.plots import many
from helpers.display.visible import visible
from helpers.files.dates import day_of
from helpers.mapping.ledger import Decision
from helpers.mapping.table import DECISIONS as LOG
from helpers.mapping.table import MappingTable
from helpers.mapping.table_coverage import HOLDS, Pair
from helpers.text.spans import fold

MAPPING = "mapping"  # folder of the corpus with what people decided
COLUMNS = ["spun", "original", "status", "who", "when", "note", "at_once", "places"]
READING = 1.0  # seconds; whoever decides on a pair in less has not looked at its places


def confirmations(substitutions: pd.DataFrame, corpus: str | Path) -> pd.DataFrame:
    """Return the decisions that stand on the pairs of phrases in these substitutions, in the order they were made.

    Columns: `spun`, `original`, `status` (approved, rejected, edited), `who`, `when` (UTC), `note`, `at_once` (on how
    many pairs of the log the same act decided) and `places` (of the substitutions). Raises `MappingError` where the
    log of decisions cannot be read.
    """
    log = Path(corpus) / MAPPING / LOG
    if substitutions.empty or not log.exists():
        return pd.DataFrame(columns=COLUMNS)
    lines = _standing(log.parent, log.stat().st_mtime_ns, log.stat().st_size)
    acts = pd.Series([line.act.partition(" ")[0] for line in lines.values() if line.act], dtype=str).value_counts()
    places = pd.Series([(fold(row.spun), fold(row.original)) for row in substitution_rows(substitutions)])
    rows = [
        (line.spun, line.original, line.status, line.who, line.when, line.note,
         int(acts.get(line.act.partition(" ")[0], 1)), int(count))
        for pair, count in places.value_counts(sort=False).items()
        if (line := lines.get(pair)) is not None  # type: ignore[call-overload]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["when", "spun", "original"], ignore_index=True)


@lru_cache(maxsize=1)
def _standing(folder: Path, changed: int, size: int) -> Mapping[Pair, Decision]:
    """The decision that counts for each pair; a log that did not change is read once for all sites."""
    return MappingTable.open(folder).log.standing()


def said_in_short(table: pd.DataFrame) -> list[str]:
    """Return a short sentence a person, names masked: how many pairs of phrases, when, and whether in one run.

    >>> rows = [("battle", "war", "approved", "Ada", f"2026-02-01T09:00:0{n}+00:00", "", 1, 2) for n in range(2)]
    >>> said_in_short(pd.DataFrame(rows, columns=COLUMNS))
    ['Ada confirmed 2 pairs on 1 February 2026.']
    """
    return [_in_short(str(who), rows) for who, rows in table.groupby("who")]


def _in_short(who: str, rows: pd.DataFrame) -> str:
    confirmed = int(rows["status"].isin(HOLDS).sum())
    counts = {"confirmed": confirmed, "rejected": len(rows) - confirmed}
    said = " and ".join(f"{what} {many(count, 'pair')}" for what, count in counts.items() if count)
    moments = _moments(rows)
    days = sorted({day_of(moment): moment for moment in moments}.items(), key=lambda day: day[1])
    when = "" if not days else f" on {days[0][0]}" if len(days) == 1 else f" from {days[0][0]} to {days[-1][0]}"
    run = ", in one run, faster than anybody reads" if _in_one_run(moments) else ""
    return f"{visible(mask(who)) or 'Somebody without a name'} {said}{when}{run}."


def _moments(rows: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(rows["when"], utc=True, format="ISO8601", errors="coerce").dropna()


def _in_one_run(moments: pd.Series) -> bool:
    """Tell whether decisions followed each other faster than anybody reads, on average."""
    return len(moments) > 2 and (moments.max() - moments.min()).total_seconds() / (len(moments) - 1) < READING


def said_of_confirmations(table: pd.DataFrame) -> list[str]:
    """Return a sentence a person: how many pairs they decided on, on which days, and how fast.

    >>> rows = [("battle", "war", "approved", "Ada", f"2026-02-01T09:00:0{n}+00:00", "", 1, 2) for n in range(2)]
    >>> said_of_confirmations(pd.DataFrame(rows, columns=COLUMNS))
    ['“Ada” decided on 2 pairs of phrases (2 approved) on 1 February 2026, between 09:00:00 and 09:00:01 UTC.']
    """
    return [_said(str(who), rows) for who, rows in table.groupby("who", sort=False)]


def _said(who: str, rows: pd.DataFrame) -> str:
    counts = ", ".join(f"{count} {status}" for status, count in rows["status"].value_counts().items())
    pairs = "1 pair" if len(rows) == 1 else f"{len(rows)} pairs"
    moments = _moments(rows)
    if moments.empty:
        return f"“{who}” decided on {pairs} of phrases ({counts}); when is not known."
    first, last = moments.min(), moments.max()
    days = day_of(first) if first.date() == last.date() else f"days from {day_of(first)} to {day_of(last)}"
    hours = f", between {first:%H:%M:%S} and {last:%H:%M:%S} UTC" if first.date() == last.date() else ""
    said = f"“{who}” decided on {pairs} of phrases ({counts}) on {days}{hours}."
    together = rows.loc[rows["at_once"] > 1, "at_once"]
    if len(together):
        said += f" {len(together)} of them were decided by acts on many pairs at once (up to {together.max()})."
    if _in_one_run(moments):
        said += " That is faster than anybody reads: they were entered in one run, not decided while looking at each."
    return said
