"""Substitutions, paragraphs and texts go in; what an editor asks for comes out: how much, which quotations and names.

Every row keeps the offsets or ids that lead back to the stored texts. Nothing is masked here; what is shown or
exported goes through `masking` first.
"""

from typing import cast

import pandas as pd

from helpers.comparison.table_rows import place_rows, substitution_rows
from helpers.report.facts.numbers import of_numbers
from helpers.text.names import name_spans
from helpers.text.spans import Span, covering, quotation_spans, sentence_spans

FEWEST_WORDS = 15  # of a paragraph shown as an exhibit; in a short one every share is high by chance
FEWEST_ARTICLES = 5  # for an interval over articles

SPANNING = "datetime64[us]"  # in nanoseconds, 292 years is the longest time between two dates
SUMMARY_COLUMNS = [
    "spun_id", "site", "title", "published", "reference_id", "hours", "words", "changed", "share", "copied",
    "substitutions", "in_quote", "in_name", "moved", "dropped", "added",
]  # fmt: skip
QUOTATION_COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end", "published",
    "original", "changed",
]  # fmt: skip


def summarise_articles(articles: pd.DataFrame, paragraphs: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return one row a compared article, most changed first.

    Columns: `spun_id`, `site`, `title`, `published`, `reference_id`, `hours` (from the reference's publication to
    this one; missing where a date is, or has no time of day), `words` (of the spun article), `changed` (words in a
    substitution), `share` (changed / words), `copied` (words that stand unchanged in the reference),
    `substitutions`, `in_quote` and `in_name` (substitutions there), and the paragraphs `moved`, `dropped`, `added`.
    """
    page = paragraphs[paragraphs["op"] != "dropped"].groupby("spun_id")[["words", "changed", "copied"]].sum()
    fates = paragraphs.groupby(["spun_id", "op"]).size().unstack(fill_value=0)
    found = substitutions.groupby("spun_id").agg(
        substitutions=("spun", "size"), in_quote=("in_quote", "sum"), in_name=("in_name", "sum")
    )
    pairs = paragraphs[["spun_id", "reference_id"]].drop_duplicates().set_index("spun_id")
    summary = (
        pairs.join(articles[["site", "title", "published"]])
        .join([page, found, fates.reindex(columns=["moved", "dropped", "added"], fill_value=0)])
        .fillna({"substitutions": 0, "in_quote": 0, "in_name": 0})
        .astype(dict.fromkeys(["substitutions", "in_quote", "in_name"], int) | {"published": SPANNING})
        .assign(
            share=lambda table: table["changed"] / table["words"].clip(lower=1),
            hours=lambda table: _hours_between(table["reference_id"].map(articles["published"]), table["published"]),
        )
        .reset_index()
    )
    return summary.sort_values(["share", "spun_id"], ascending=[False, True])[SUMMARY_COLUMNS].reset_index(drop=True)


def _hours_between(earlier: pd.Series, later: pd.Series) -> pd.Series:
    """Hours between publications; a date without a time of day (midnight) says nothing in hours."""
    timed = (earlier != earlier.dt.normalize()) & (later != later.dt.normalize())
    return ((later.astype(SPANNING) - earlier.astype(SPANNING)).dt.total_seconds() / 3600).where(timed)


def altered_quotations(articles: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences in which words inside quotation marks were changed, the most changed first.

    Those in which words are only spelled otherwise are left out: nothing else was said.

    Columns: `spun_id`, `reference_id`, `site`, the four offsets of the sentences around the quotation,
    `published` (the spun sentences), `original` (the reference's), `changed` (substitutions inside the quotation).
    """
    quoted = substitutions[substitutions["in_quote"]]
    texts = articles["text"].to_dict()
    rows = []
    for (spun_id, reference_id, site), table in quoted.groupby(["spun_id", "reference_id", "site"], sort=False):
        spun_text, text = texts[spun_id], texts[reference_id]
        spun_side = _passages_around(spun_text, table[["spun_start", "spun_end"]])
        side = _passages_around(text, table[["reference_start", "reference_end"]])
        sentences = pd.DataFrame([*zip(spun_side, side, strict=True)], columns=["spun", "reference"])
        sentences["altered"] = (table["kind"] != "spelling").to_numpy()
        for key, group in sentences.groupby("reference", sort=False):
            if not group["altered"].any():
                continue
            reference = cast("Span", key)
            spun = (min(start for start, _ in group["spun"]), max(end for _, end in group["spun"]))
            passage, original = spun_text[slice(*spun)], text[slice(*reference)]
            rows.append((spun_id, reference_id, site, *spun, *reference, passage, original, len(group)))
    return (
        pd.DataFrame(rows, columns=QUOTATION_COLUMNS)
        .sort_values(["changed", "spun_id", "spun_start"], ascending=[False, True, True])
        .reset_index(drop=True)
    )


def _passages_around(text: str, places: pd.DataFrame) -> list[Span]:
    """For each place, the sentences that hold it and the whole quotation it stands in."""
    quotations, sentences = quotation_spans(text), sentence_spans(text)
    return [covering(sentences, *covering(quotations, start, end)) for start, end in places.to_numpy().tolist()]


def broken_names(articles: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the proper names and titles that were changed, the most frequent first.

    Dates and numbers are none: “In Might 2024” and “World War 2” are rows of `changed_numbers`.

    Columns: `name` (as in the reference), `published_as`, `count`, `articles`, `sites`, `in_quote` (how often the
    name stood in a quotation).
    """
    texts = articles["text"].to_dict()
    rows = []
    named = substitutions[substitutions["in_name"] & ~of_numbers(articles, substitutions)]
    for (spun_id, reference_id), table in named.groupby(["spun_id", "reference_id"]):
        text = texts[reference_id]
        names = name_spans(text)
        spans = [covering(names, *place) for place in table[["reference_start", "reference_end"]].to_numpy().tolist()]
        by_name = table.assign(name=pd.Series(spans, index=table.index, dtype=object)).groupby("name", sort=False)
        for key, parts in by_name:
            start, end = cast("Span", key)
            published = _with_changes(text, start, end, parts, texts[spun_id])
            rows.append(
                (_tidy(text[start:end]), _tidy(published), spun_id, parts["site"].iloc[0], parts["in_quote"].any())
            )
    columns = ["name", "published_as", "spun_id", "site", "in_quote"]
    return (
        pd.DataFrame(rows, columns=columns)
        .groupby(["name", "published_as"], as_index=False)
        .agg(
            count=("spun_id", "size"),
            articles=("spun_id", "nunique"),
            sites=("site", "nunique"),
            in_quote=("in_quote", "sum"),
        )
        .astype({"in_quote": int})
        .sort_values(["count", "name", "published_as"], ascending=[False, True, True])
        .reset_index(drop=True)
    )


def _with_changes(text: str, start: int, end: int, changes: pd.DataFrame, spun_text: str) -> str:
    """The reference's text[start:end] with the substitutions made in it; the dot of a short form goes with it."""
    parts: list[str] = []
    at = start
    for change in substitution_rows(changes.sort_values("reference_start")):
        parts += [text[at : change.reference_start], change.spun]
        at = change.reference_end
        at += text.startswith(".", at) and not spun_text.startswith(".", change.spun_end)
    return "".join([*parts, text[at:end]])


def _tidy(phrase: str) -> str:
    return " ".join(phrase.split())


def most_changed_paragraphs(
    paragraphs: pd.DataFrame, top: int = 5, besides: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the paragraphs taken over from the reference of which the largest share of words was changed.

    Paragraphs that hold a passage of `besides` (`spun_id`, `spun_start`, shown elsewhere) are left out.
    """
    candidates = paragraphs[paragraphs["op"].isin(["kept", "moved"]) & (paragraphs["words"] >= FEWEST_WORDS)]
    for passage in [] if besides is None else place_rows(besides):
        holds = candidates["spun_start"].le(passage.spun_start) & candidates["spun_end"].gt(passage.spun_start)
        candidates = candidates[~(holds & (candidates["spun_id"] == passage.spun_id))]
    return candidates.sort_values(["share", "spun_id", "spun_start"], ascending=[False, True, True]).head(top)


def pooled_share(summary: pd.DataFrame) -> tuple[float, float, float]:
    """Return the share of changed words over all articles, with a 95% bootstrap interval over articles.

    Efron's BCa as SciPy has it. With fewer than five articles there is too little to resample: the ends are NaN.
    """
    counts = (summary["changed"].to_numpy(float), summary["words"].to_numpy(float))
    share = float(counts[0].sum() / max(1.0, counts[1].sum()))
    if len(summary) < FEWEST_ARTICLES:
        return share, float("nan"), float("nan")
    from scipy.stats import bootstrap  # here, since it takes half a second, and few need it

    interval = bootstrap(
        counts, lambda changed, words, axis=-1: changed.sum(axis=axis) / words.sum(axis=axis), paired=True, rng=0
    ).confidence_interval
    return share, float(interval.low), float(interval.high)
