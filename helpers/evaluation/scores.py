"""Found and gold substitutions go in; precision, recall and F1 come out, with intervals.

A found row counts when its spun span and its original phrase equal a gold row's (case, white space and quote
style folded). Rows that touch a gold row marked uncertain are left out on both sides. `score_overlap` gives
part of the credit for part of a span. Passages are scored in `passage_scores`, links between words in
`word_alignments`; every interval comes from `intervals`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pandas as pd

from helpers.comparison.furniture import furniture_spans
from helpers.comparison.kinds import kind_in_place
from helpers.text.names import name_spans
from helpers.text.spans import fold

RESAMPLES = 2000  # of the bootstrap; the interval's ends move by less than 0.002 between seeds
MEASURES = ["precision", "recall", "f1"]
COUNTS = ["right", "found", "reached", "gold"]  # right of those found, reached of those in gold
SUMMARY = ["found", "gold", "units", *(f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high"))]
OFFSETS = ["spun_start", "spun_end", "reference_start", "reference_end"]

Gold: TypeAlias = pd.DataFrame | Mapping[str, pd.DataFrame]


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


def with_kinds(gold: pd.DataFrame, reference_text: str) -> pd.DataFrame:
    """Return the gold table with the column `kind`, as `find_substitutions` would call each row (see `kind_of`)."""
    names, furniture = name_spans(reference_text), furniture_spans(reference_text)
    places = gold[["spun", "original", "reference_start", "reference_end"]].itertuples(index=False, name=None)
    return gold.assign(
        kind=[
            kind_in_place(spun, original, (start, end), reference_text, names, furniture)[0]
            for spun, original, start, end in places
        ]
    )


# Exact


def judge(found: pd.DataFrame, gold: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of one article that count, found and gold, each with `right`: the other table has it too.

    Left out are uncertain gold rows, found rows that touch one, and repetitions of a row.
    """
    certain = gold["certain"].astype(bool)
    unsure = gold.loc[~certain, ["spun_start", "spun_end"]].to_numpy().reshape(-1, 2)
    found = found.loc[~_touches(found, unsure)]
    found, gold = (_once(table) for table in (found, gold.loc[certain]))
    return (
        found.assign(right=found["key"].isin(set(gold["key"]))),
        gold.assign(right=gold["key"].isin(set(found["key"]))),
    )


def _touches(table: pd.DataFrame, spans: np.ndarray) -> np.ndarray:
    """Which rows share a character of the spun text with a span, or hold an empty one."""
    start, end = (table[name].to_numpy()[:, None] for name in ("spun_start", "spun_end"))
    return cast("np.ndarray", ((start < spans[:, 1]) & (end > spans[:, 0])).any(axis=1))


def _once(table: pd.DataFrame) -> pd.DataFrame:
    """Give each row the `key` by which it is compared, and drop rows whose key came before."""
    rows = table[["spun_start", "spun_end", "original"]].itertuples(index=False, name=None)
    keys = [(int(start), int(end), fold(original)) for start, end, original in rows]
    return table.assign(key=pd.Series(keys, index=table.index, dtype=object)).drop_duplicates("key")


def count_hits(found: pd.DataFrame, gold: pd.DataFrame) -> dict[str, int]:
    """Return the counts behind the scores of one article: `hits`, `found`, `gold`."""
    kept, truth = judge(found, gold)
    return {"hits": int(truth["right"].sum()), "found": len(kept), "gold": len(truth)}


def scores(hits: float, found: float, gold: float) -> dict[str, float]:
    """Return precision, recall and F1 from counts; nothing found in a text without gold is a perfect answer.

    >>> scores(hits=8, found=10, gold=16)
    {'precision': 0.8, 'recall': 0.5, 'f1': 0.6153846153846154}
    """
    precision = hits / found if found else float(not gold)
    recall = hits / gold if gold else 1.0
    return {"precision": precision, "recall": recall, "f1": 2 * hits / (found + gold) if found + gold else 1.0}


def score_substitutions(found: pd.DataFrame, gold: Gold) -> pd.DataFrame:
    """Score the substitutions of one article, or of many against a mapping spun_id -> gold table.

    Returns one row an article (index `spun_id`): `hits`, `found`, `gold`, `precision`, `recall`, `f1`.
    Raises ValueError where one gold table is given for several articles.
    """
    return _per_article({spun_id: count_hits(*tables) for spun_id, *tables in by_article(found, gold)})


def by_article(found: pd.DataFrame, gold: Gold) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Yield `spun_id`, found rows and gold rows of each article that has gold.

    Raises ValueError where one gold table is given for several articles.
    """
    if isinstance(gold, pd.DataFrame):
        if "spun_id" in found and found["spun_id"].nunique() > 1:
            raise ValueError("one gold table, but substitutions of several articles: give a gold table for each")
        yield found["spun_id"].iloc[0] if len(found) and "spun_id" in found else "", found, gold
        return
    groups = dict(tuple(found.groupby("spun_id")))
    for spun_id, table in gold.items():
        yield spun_id, groups.get(spun_id, found.iloc[:0]), table


def _per_article(counts: dict[str, dict]) -> pd.DataFrame:
    rows = {spun_id: {**count, **scores(**count)} for spun_id, count in counts.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("spun_id")


# Partial credit


def score_overlap(found: pd.DataFrame, gold: Gold) -> pd.DataFrame:
    """Score substitutions with part of the credit for part of a span, of one article or of many.

    A found row and a gold row share as much as their worse side does: the smaller of the Jaccard indices
    (characters in common / characters in either) of the spun spans and of the reference spans. Each row has at
    most one partner; partners are chosen so that they share the most in all (the assignment problem, Kuhn 1955,
    solved as in Crouse 2016). So nothing is gained by cutting a row in pieces, by widening it or by repeating
    it. That both sides must be met follows Potthast et al., “An Evaluation Framework for Plagiarism Detection”
    (COLING 2010). What is uncertain or stands twice is left out as in the exact score.

    Both tables need all four offsets. Returns the columns of `score_substitutions`, for `pooled` and `score_table`;
    `hits` is the sum of what the partners share, so precision is soft, `hits` / `found`. Raises ValueError where one
    gold table is given for several articles.

    >>> gold = pd.DataFrame([(0, 14, 0, 6, "public", True)], columns=[*OFFSETS, "original", "certain"])
    >>> score_overlap(gold.assign(spun_start=8), gold)["f1"].round(2).tolist()  # “public” in “general public”
    [0.43]
    """
    counts = {}
    for spun_id, rows, table in by_article(found, gold):
        kept, truth = (side.drop_duplicates(OFFSETS) for side in _certain(rows, table))
        counts[spun_id] = {"hits": match(kept, truth)["shared"].sum(), "found": len(kept), "gold": len(truth)}
    return _per_article(counts)


def _certain(found: pd.DataFrame, gold: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    certain = gold["certain"].astype(bool)
    return found[~_touches(found, gold.loc[~certain, ["spun_start", "spun_end"]].to_numpy())], gold[certain]


def match(found: pd.DataFrame, gold: pd.DataFrame, least: float = 0.0) -> pd.DataFrame:
    """Pair found rows with gold rows, one to one, so that what they share is the most in all.

    Returns `found` and `gold` (positions of rows) and `shared` (above 0, and at least `least`), a row a pair.
    """
    from scipy.optimize import (
        linear_sum_assignment,
    )  # here, since it loads as much as a comparison does, which needs it not

    spans, others = (table[OFFSETS].to_numpy(dtype=int) for table in (found, gold))
    pairs: list[tuple[int, int, float]] = []
    for rows, columns in _clusters(spans, others):
        shared = np.minimum(
            _jaccard(spans[rows, :2], others[columns, :2]), _jaccard(spans[rows, 2:], others[columns, 2:])
        )
        shared[shared < least] = 0.0
        one, other = linear_sum_assignment(shared, maximize=True)
        pairs += zip(rows[one], columns[other], shared[one, other], strict=True)
    pairs = [pair for pair in pairs if pair[2] > 0]
    return pd.DataFrame(pairs, columns=["found", "gold", "shared"]).astype({"found": int, "gold": int, "shared": float})


def _clusters(spans: np.ndarray, others: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Row positions on both sides that touch on the spun side, directly or through others; no pair spans two."""
    both = np.concatenate([spans, others])
    order = np.argsort(both[:, 0], kind="stable")
    reach = np.maximum.accumulate(both[order, 1])
    opens = np.flatnonzero(both[order[1:], 0] > reach[:-1]) + 1
    for cluster in np.split(order, opens):
        rows, columns = cluster[cluster < len(spans)], cluster[cluster >= len(spans)] - len(spans)
        if len(rows) and len(columns):
            yield rows, columns


def _jaccard(spans: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The Jaccard index of each span with each other one; two empty spans at one place are the same."""
    (start, end), (other_start, other_end) = spans.T[:, :, None], others.T[:, None, :]
    common = np.maximum(np.minimum(end, other_end) - np.maximum(start, other_start), 0)
    either = (end - start) + (other_end - other_start) - common
    return np.where(either > 0, common / np.maximum(either, 1), start == other_start)


# By label


def score_by(
    found: pd.DataFrame, gold: Gold, by: str | pd.Series, units: pd.Series | None = None, seed: int = 0
) -> pd.DataFrame:
    """Score exactly, apart for each label: by kind, by spin rate, by length.

    `by` names a column of both tables (for `kind`, see `with_kinds`), or is a series that maps spun_id to a label.
    With a column, recall is over the gold rows of a label and precision over the found rows of that label. Rows
    without a label are left out. Returns what `summary` returns, a row a label. Raises ValueError where there is no
    article to score, or one gold table for several.
    """
    judged: tuple[list[pd.DataFrame], list[pd.DataFrame]] = ([], [])
    for spun_id, rows, table in by_article(found, gold):
        for tables, side in zip(judged, judge(rows, table), strict=True):
            label = by.get(spun_id) if isinstance(by, pd.Series) else side[by]
            tables.append(side.assign(spun_id=spun_id, label=label))
    return summary(*judged, units, seed)


def summary(
    found: list[pd.DataFrame], gold: list[pd.DataFrame], units: pd.Series | None = None, seed: int = 0
) -> pd.DataFrame:
    """Pool judged rows by label: what of those found is right, what of those in gold was reached.

    `found` and `gold` are tables with `spun_id`, `label` and `right`. `units` maps spun_id to what is resampled for
    the interval, its reference for example (pages of one reference are no independent witnesses); without it,
    articles are. Returns a row a label with the columns SUMMARY: `found` and `gold` (rows), `units` (in which the
    label occurs; only these are resampled), `precision`, `recall` and `f1`, each with `_low` and `_high`. A
    precision of nothing found is missing, and so is a recall of no gold and an interval of one unit. Raises ValueError
    where there is no article to score.
    """
    if not gold:
        raise ValueError("there is no article to score")
    counts = pd.concat([_count(found, units), _count(gold, units)], axis=1).fillna(0).set_axis(COUNTS, axis=1)
    groups = dict(tuple(counts.groupby("label", observed=True)))
    rows = [_summary_row(rows.to_numpy(dtype=float), seed) for rows in groups.values()]
    return pd.DataFrame(rows, columns=SUMMARY, index=pd.Index(groups, name="label"))


def _count(judged: list[pd.DataFrame], units: pd.Series | None) -> pd.DataFrame:
    """For each label and unit: how many rows are right, and how many there are."""
    table = pd.concat(judged)
    unit = table["spun_id"] if units is None else units[table["spun_id"]].to_numpy()
    return table.groupby(["label", unit], observed=True)["right"].agg(["sum", "size"])


def _summary_row(counts: np.ndarray, seed: int) -> dict[str, float]:
    right, found, reached, gold = counts.sum(axis=0)
    precision = right / found if found else np.nan
    recall = reached / gold if gold else np.nan
    f1 = 2 * precision * recall / (precision + recall) if right and reached else 0.0
    known = {"precision": found > 0, "recall": gold > 0, "f1": True}
    ends = {end: value if known[end.rsplit("_", 1)[0]] else np.nan for end, value in intervals(counts, seed).items()}
    sizes = {"found": int(found), "gold": int(gold), "units": len(counts)}
    return {**sizes, "precision": precision, "recall": recall, "f1": f1, **ends}


# Many articles


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
            for name in MEASURES
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def pooled(per_article: pd.DataFrame, seed: int = 0) -> pd.Series:
    """Pool the counts of articles and give each score a 95% bootstrap interval over articles (Efron 1979).

    Returns `precision`, `recall`, `f1`, each also with `_low` and `_high`, and `articles`, the sample size. With
    one article there is nothing to resample and the interval's ends are missing. Raises ValueError for none at all.
    """
    if per_article.empty:
        raise ValueError("there is no article to pool")
    hits, found, gold = per_article[["hits", "found", "gold"]].to_numpy(dtype=float).T
    pool = scores(hits.sum(), found.sum(), gold.sum())
    ends = intervals(np.column_stack([hits, found, hits, gold]), seed)
    return pd.Series({**pool, "articles": len(per_article), **ends})


def intervals(counts: np.ndarray, seed: int = 0) -> dict[str, float]:
    """Return the ends of the 95% bootstrap percentile intervals of precision, recall and F1 (Efron 1979).

    `counts` has a row a unit of resampling and the columns COUNTS. The ends are missing when there is one unit.

    >>> round(intervals(np.array([[8, 10, 8, 16]] * 5))["f1_low"], 3)
    0.615
    """
    draws = np.random.default_rng(seed).integers(0, len(counts), size=(RESAMPLES, len(counts)))
    right, found, reached, gold = (column[draws].sum(axis=1) for column in counts.T)
    precision, recall = right / np.maximum(found, 1), reached / np.maximum(gold, 1)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros_like(both), where=both > 0)
    ends: dict[str, float] = {}
    for name, values in zip(MEASURES, (precision, recall, f1), strict=True):
        low, high = np.quantile(values, [0.025, 0.975]).tolist() if len(counts) > 1 else (np.nan, np.nan)
        ends |= {f"{name}_low": low, f"{name}_high": high}
    return ends
