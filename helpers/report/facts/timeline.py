"""Summaries of articles go in; when they appeared, who signs them and whom they were taken from come out."""

import pandas as pd

from helpers.corpus.terms import RECONSTRUCTED
from helpers.text.spans import is_word, tokens

DAY = pd.Timedelta(hours=24)
BYLINE_COLUMNS = ["byline", "articles", "words", "first", "last", "most_in_24_hours", "shortest_gap_hours"]
SOURCE_COLUMNS = ["source", "references", "articles", "words", "copied", "changed", "reconstructed"]
HEADLINE_COLUMNS = ["spun_id", "reference_id", "title", "reference_title", "words", "kept", "share", "same"]


def bylines(articles: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return who signs how many articles in how short a time, the most prolific first.

    Columns: `byline` (as published; empty: not signed), `articles`, `words`, `first` and `last` (publication),
    `most_in_24_hours` (articles in any 24 hours; missing where no date has a time of day), `shortest_gap_hours`
    (between two articles; missing with fewer than two).
    """
    table = summary.assign(byline=summary["spun_id"].map(articles["byline"]))
    rows = []
    for byline, group in table.groupby("byline"):
        times = group["published"].dropna().sort_values().reset_index(drop=True)
        timed = times[times != times.dt.normalize()].reset_index(drop=True)
        most = max(((timed >= start) & (timed < start + DAY)).sum() for start in timed) if len(timed) else float("nan")
        gap = timed.diff().min() / pd.Timedelta(hours=1) if len(timed) > 1 else float("nan")
        rows.append((byline, len(group), int(group["words"].sum()), times.min(), times.max(), most, gap))
    return (
        pd.DataFrame(rows, columns=BYLINE_COLUMNS)
        .astype({"first": "datetime64[us]", "last": "datetime64[us]", "most_in_24_hours": float})
        .sort_values(["articles", "byline"], ascending=[False, True], ignore_index=True)
    )


def robbed_sources(articles: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the sites whose articles were used, those with the most words first.

    Columns: `source` (a host name), `references` (different articles of it), `articles` (spun ones), `words` (of the
    spun articles), `copied` and `changed` (of these), `reconstructed` (references that are reconstructions).
    """
    provenance = summary["reference_id"].map(articles["provenance"])
    return (
        summary.assign(source=summary["reference_id"].map(articles["site"]), rebuilt=provenance == RECONSTRUCTED)
        .groupby("source", as_index=False)
        .agg(
            references=("reference_id", "nunique"),
            articles=("spun_id", "size"),
            words=("words", "sum"),
            copied=("copied", "sum"),
            changed=("changed", "sum"),
            reconstructed=("rebuilt", "sum"),
        )
        .assign(taken=lambda table: table["copied"] + table["changed"])
        .sort_values(["taken", "source"], ascending=[False, True], ignore_index=True)[SOURCE_COLUMNS]
    )


def kept_headlines(articles: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return how much of the source's headline each article keeps, the most faithful first.

    Columns: ids, `title`, `reference_title`, `words` (of the source's headline), `kept` (of these, also in the
    published one, counted once each), `share`, `same` (all words the same, in the same order).
    """
    titles = articles["title"].to_dict()
    rows = []
    for spun_id, reference_id, title in zip(summary["spun_id"], summary["reference_id"], summary["title"], strict=True):
        other = titles[reference_id]
        if title.strip() and other.strip():
            mine, theirs = (_words(text) for text in (title, other))
            kept = sum(min(mine.count(word), theirs.count(word)) for word in set(theirs))
            rows.append(
                (
                    spun_id,
                    reference_id,
                    title,
                    other,
                    len(theirs),
                    kept,
                    kept / max(1, len(theirs)),
                    mine == theirs,
                )
            )
    table = pd.DataFrame(rows, columns=HEADLINE_COLUMNS).astype({"same": bool})
    return table.sort_values(["share", "spun_id"], ascending=[False, True], ignore_index=True)


def _words(title: str) -> list[str]:
    return [token.fold for token in tokens(title) if is_word(token.fold)]
