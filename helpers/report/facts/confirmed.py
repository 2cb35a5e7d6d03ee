"""Substitutions and decisions go in; who confirmed or rejected how many of them, when and in which way, comes out."""

from collections.abc import Mapping

import pandas as pd

from helpers.display.masking import mask
from helpers.display.plots import many
from helpers.display.visible import visible
from helpers.files.dates import day_of
from helpers.mapping.ledger import Decision
from helpers.mapping.table_coverage import HOLDS
from helpers.text.spans import fold

COLUMNS = ["who", "decided", "pairs", "places", "first", "last", "seconds"]
FASTEST = 1.0  # seconds a decision; nobody reads two phrases in less
FEWEST = 3  # decisions; of fewer nothing is said about their pace


def confirmations(substitutions: pd.DataFrame, standing: Mapping[tuple[str, str], Decision]) -> pd.DataFrame:
    """Return what each person decided on pairs of phrases that stand among these substitutions, most places first.

    `standing` is the decision that counts for each pair (`MappingTable.log.standing()`).

    Columns: `who`, `decided` (confirmed, rejected), `pairs` (different ones), `places` (substitutions that are such a
    pair), `first` and `last` (UTC), `seconds` (median time from one of these decisions to the next; missing with
    fewer than three). Pairs that hold because their parts do have no line of their own.
    """
    pairs = pd.Series(
        [
            (fold(spun), fold(original))
            for spun, original in zip(substitutions["spun"], substitutions["original"], strict=True)
        ],
        dtype=object,
    )
    counts = pairs.value_counts()
    lines = [
        (line.who, "confirmed" if line.status in HOLDS else "rejected", int(counts[pair]), line.when)
        for pair, line in standing.items()
        if pair in counts.index and line.status in (*HOLDS, "rejected")
    ]
    table = pd.DataFrame(lines, columns=["who", "decided", "places", "when"])
    table["when"] = pd.to_datetime(table["when"], utc=True, errors="coerce", format="ISO8601").dt.tz_localize(None)
    rows = [
        (*key, len(group), int(group["places"].sum()), group["when"].min(), group["when"].max(), _pace(group["when"]))
        for key, group in table.groupby(["who", "decided"], sort=True)
    ]
    return (
        pd.DataFrame(rows, columns=COLUMNS)
        .astype({"first": "datetime64[us]", "last": "datetime64[us]", "seconds": float})
        .sort_values(["decided", "places", "who"], ascending=[True, False, True], ignore_index=True)
    )


def _pace(times: pd.Series) -> float:
    gaps = times.dropna().sort_values().diff().dropna()
    return float(gaps.median() / pd.Timedelta(seconds=1)) if len(gaps) >= FEWEST - 1 else float("nan")


def said_of_deciders(table: pd.DataFrame) -> list[str]:
    """Return a sentence for each person who decided: how many pairs, when, and whether in one run; names masked.

    >>> at = pd.Timestamp("2026-11-25 03:46")
    >>> said_of_deciders(pd.DataFrame([("Jo", "confirmed", 100, 143, at, at, 0.01)], columns=COLUMNS))
    ['Jo confirmed 100 pairs on 25 November 2026, in one run, faster than anybody reads.']
    """
    said = []
    for who, group in table.groupby("who", sort=False):
        rows = group.to_dict("records")
        parts = [f"{row['decided']} {many(row['pairs'], 'pair')}" for row in rows]
        first, last = group["first"].min(), group["last"].max()
        when = "" if pd.isna(last) else f" on {day_of(last)}"
        if when and day_of(first) != day_of(last):
            when = f" from {day_of(first)} to {day_of(last)}"
        run = ", in one run, faster than anybody reads" if _in_one_run(group) else ""
        said.append(f"{visible(mask(str(who))) or 'Somebody without a name'} {' and '.join(parts)}{when}{run}.")
    return said


def _in_one_run(group: pd.DataFrame) -> bool:
    """Tell whether decisions followed each other faster than anybody reads: a program, or one act on many rows."""
    paced = group.dropna(subset=["seconds"])
    return len(paced) > 0 and bool((paced["seconds"] < FASTEST).all())
