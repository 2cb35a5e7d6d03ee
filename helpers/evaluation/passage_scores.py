"""Paragraphs and gold passages go in; how many of those moved, dropped and added were found comes out.

Gold passages are whole lines that a site moved, deleted or inserted, as `simulate` writes them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from helpers.evaluation.scores import OFFSETS, by_article, match, summary

OPS = {"move": "moved", "delete": "dropped", "insert": "added"}
SAME_SPAN = 0.8  # of the characters in either span are in both; two lines run together are another passage

Passages: TypeAlias = pd.DataFrame | Mapping[str, pd.DataFrame]


def passage_tables(corpus: str | Path) -> dict[str, pd.DataFrame]:
    """Return the gold passages of a corpus: spun_id -> table, from its files `gold/SPUN_ID.passages.csv`.

    Columns: `op` (move, delete, insert) and four offsets, -1 on the side that a passage does not have.
    """
    paths = sorted(Path(corpus).glob("gold/*.passages.csv"))
    return {path.name.removesuffix(".passages.csv"): pd.read_csv(path) for path in paths}


def score_passages(
    paragraphs: pd.DataFrame, gold_passages: Passages, units: pd.Series | None = None, seed: int = 0
) -> pd.DataFrame:
    """Score the paragraphs found moved, dropped or added, of one article or of many.

    `paragraphs` is the table of `paragraphs`; `gold_passages` one gold table or a mapping spun_id -> table.
    A found row is right when a gold row of the same kind has the same span on every side that it has (see
    `judge_passages`). Returns a row a kind (moved, dropped, added, all) with the columns of
    `summary`; the interval is over articles, or over what `units` maps spun_id to. Raises ValueError where there is no
    article to score, or one gold table for several.
    """
    judged: tuple[list[pd.DataFrame], list[pd.DataFrame]] = ([], [])
    for spun_id, rows, table in by_article(paragraphs, gold_passages):
        for tables, side in zip(judged, judge_passages(rows, table), strict=True):
            tables += [side.assign(spun_id=spun_id, label=label) for label in (side["op"], "all")]
    table = summary(*judged, units, seed)
    return table.reindex([label for label in [*OPS.values(), "all"] if label in table.index])


def judge_passages(paragraphs: pd.DataFrame, gold: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return found and gold passages of one article, both with `op` moved, dropped or added and with `right`.

    A found passage and a gold one are the same when the characters that both spans have are at least SAME_SPAN
    of those that either has, on each side. Spans of one table do not overlap and the share is over a half, so
    each has at most one partner, and `match` sees to it where they do overlap.

    That A moved past B can as well be said as B moved past A. Gold has the one with less text; a found move is
    right too when it does what the gold move does (see `_exchanged`).
    """
    gold = gold.assign(op=gold["op"].map(OPS), right=False).reset_index(drop=True)
    lines = paragraphs.assign(right=False).reset_index(drop=True)
    for op in OPS.values():
        _mark_same(lines, lines.index[lines["op"] == op], gold, gold.index[gold["op"] == op])
    for missed in gold.index[(gold["op"] == "moved") & ~gold["right"]]:
        instead = _exchanged(lines, gold.loc[[missed]])
        lines.loc[instead, "right"] = True
        gold.loc[missed, "right"] = len(instead) > 0
    return lines[lines["op"] != "kept"], gold


def _mark_same(lines: pd.DataFrame, found: pd.Index, gold: pd.DataFrame, truth: pd.Index) -> None:
    pairs = match(lines.loc[found], gold.loc[truth], SAME_SPAN)
    lines.loc[found[pairs["found"]], "right"] = True
    gold.loc[truth[pairs["gold"]], "right"] = True


def _exchanged(lines: pd.DataFrame, move: pd.DataFrame) -> pd.Index:
    """The found moves that together do what a gold move does: all that it moved past moved past it, and it stayed."""
    kept = lines[lines["op"] == "kept"]
    if match(kept, move, SAME_SPAN).empty:
        return lines.index[:0]
    both = lines[lines["op"].isin(["kept", "moved"])]
    spun_start, spun_end, start, end = move[OFFSETS].iloc[0]
    before = (both["spun_end"] <= spun_start) & (both["reference_start"] >= end)
    behind = (both["spun_start"] >= spun_end) & (both["reference_end"] <= start)
    passed = both[before | behind]
    return passed.index if (passed["op"] == "moved").all() else lines.index[:0]
