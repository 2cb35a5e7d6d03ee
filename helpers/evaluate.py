"""Found and gold substitutions go in; precision, recall and F1 come out, with intervals.

A found row counts when its spun span and its original phrase equal a gold row's (case, white space and quote
style folded). Rows that touch a gold row marked uncertain are left out on both sides.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.text import fold

RESAMPLES = 2000  # of the bootstrap; the interval's ends move by less than 0.002 between seeds


def read_gold(path: str | Path) -> pd.DataFrame:
    """Return a gold table: four offsets, `spun`, `original`, `certain` (True where the file has no such column)."""
    gold = pd.read_csv(path, keep_default_na=False, dtype={"spun": str, "original": str})
    if "certain" not in gold:
        gold["certain"] = True
    return gold


def gold_tables(corpus: str | Path) -> dict[str, pd.DataFrame]:
    """Return the gold tables of a corpus: spun_id -> table, from its files `gold/SPUN_ID.gold.csv`."""
    paths = sorted(Path(corpus).glob("gold/*.gold.csv"))
    return {path.name.removesuffix(".gold.csv"): read_gold(path) for path in paths}


def count_hits(found: pd.DataFrame, gold: pd.DataFrame) -> dict[str, int]:
    """Return the counts behind the scores of one article: `hits`, `found`, `gold`."""
    unsure = gold.loc[~gold["certain"].astype(bool), ["spun_start", "spun_end"]].to_numpy()
    truth = _keys(gold[gold["certain"].astype(bool)])
    kept = {key for key in _keys(found) if not any(key[0] < end and key[1] > start for start, end in unsure)}
    return {"hits": len(truth & kept), "found": len(kept), "gold": len(truth)}


def _keys(table: pd.DataFrame) -> set[tuple[int, int, str]]:
    return {
        (int(start), int(end), fold(original))
        for start, end, original in table[["spun_start", "spun_end", "original"]].itertuples(index=False, name=None)
    }


def scores(hits: float, found: float, gold: float) -> dict[str, float]:
    """Return precision, recall and F1 from counts; nothing found in a text without gold is a perfect answer.

    >>> scores(hits=8, found=10, gold=16)
    {'precision': 0.8, 'recall': 0.5, 'f1': 0.6153846153846154}
    """
    precision = hits / found if found else float(not gold)
    recall = hits / gold if gold else 1.0
    return {"precision": precision, "recall": recall, "f1": 2 * hits / (found + gold) if found + gold else 1.0}


def score_substitutions(found: pd.DataFrame, gold: pd.DataFrame | Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Score the substitutions of one article, or of many against a mapping spun_id -> gold table.

    Returns one row an article (index `spun_id`): `hits`, `found`, `gold`, `precision`, `recall`, `f1`.
    """
    if isinstance(gold, pd.DataFrame):
        if "spun_id" in found and found["spun_id"].nunique() > 1:
            raise ValueError("one gold table, but substitutions of several articles: give a gold table for each")
        gold = {found["spun_id"].iloc[0] if len(found) and "spun_id" in found else "": gold}
        groups = {next(iter(gold)): found}
    else:
        groups = dict(tuple(found.groupby("spun_id")))
    rows = {}
    for spun_id, table in gold.items():
        counts = count_hits(groups.get(spun_id, found.iloc[:0]), table)
        rows[spun_id] = {**counts, **scores(**counts)}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("spun_id")


def score_table(per_article: pd.DataFrame, groups: pd.Series | None = None) -> pd.DataFrame:
    """Return scores to be read, one row a group of articles: `articles`, and “0.96 (0.95 to 0.97)” for each score.

    `groups` maps spun_id to its group, a site for example; without it all articles are one group. The interval is
    that of `pooled`; where there is none, the score stands alone.
    """
    labels = pd.Series("all", index=per_article.index) if groups is None else groups.reindex(per_article.index)
    rows = {}
    for label, articles in per_article.groupby(labels):
        score = pooled(articles)
        rows[label] = {"articles": int(score["articles"])} | {
            name: f"{score[name]:.3f}"
            + (f" ({score[f'{name}_low']:.3f} to {score[f'{name}_high']:.3f})" if len(articles) > 1 else "")
            for name in ("precision", "recall", "f1")
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def pooled(per_article: pd.DataFrame, seed: int = 0) -> pd.Series:
    """Pool the counts of articles and give each score a 95% bootstrap interval over articles (Efron 1979).

    Returns `precision`, `recall`, `f1`, each also with `_low` and `_high`, and `articles`, the sample size. With
    one article there is nothing to resample and the interval's ends are missing.
    """
    if per_article.empty:
        raise ValueError("there is no article to pool")
    counts = per_article[["hits", "found", "gold"]].to_numpy(dtype=float)
    result: dict[str, float] = {**scores(*counts.sum(axis=0)), "articles": len(counts)}
    draws = np.random.default_rng(seed).integers(0, len(counts), size=(RESAMPLES, len(counts)))
    sums = counts[draws].sum(axis=1)
    resampled = {
        "precision": sums[:, 0] / np.maximum(sums[:, 1], 1),
        "recall": sums[:, 0] / np.maximum(sums[:, 2], 1),
        "f1": 2 * sums[:, 0] / np.maximum(sums[:, 1] + sums[:, 2], 1),
    }
    for name, values in resampled.items():
        low, high = np.quantile(values, [0.025, 0.975]) if len(counts) > 1 else (np.nan, np.nan)
        result |= {f"{name}_low": low, f"{name}_high": high}
    return pd.Series(result)
