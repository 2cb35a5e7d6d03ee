"""A site's tables go in; every number in the running text of its report comes out, with how it was computed.

Sentences name their numbers (“words”), and only this module computes them. So each can be looked up in
`data/numbers.csv` and computed again from the other tables.
"""

from typing import NamedTuple

import pandas as pd

from helpers.mapping.table_coverage import HOLDS
from helpers.report.facts.articles import pooled_share
from helpers.report.facts.numbers import ADDED, BROKEN, CHANGED, DATE, FINDINGS, REMOVED

NUMBERS_BY_CHANGE = {
    "figures_changed": CHANGED, "dates_changed": DATE, "dates_broken": BROKEN, "figures_added": ADDED,
    "figures_removed": REMOVED,
}  # fmt: skip
DECIDED = {
    "confirmed": "confirmed", "rejected": "rejected", "otherwise": "another original confirmed",
    "undecided": "not decided",
}  # fmt: skip


class Figure(NamedTuple):
    """A number: its name, value, how it is written (count, percent, hours, score), and from which table it comes."""

    name: str
    value: float
    unit: str
    how: str


def key_figures(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the numbers of a report: `name`, `value`, `unit`, `how`. Values that are not known are missing."""
    parts = [
        *_amounts(tables["articles"], tables["substitutions"]),
        *_times(tables["articles"], tables["bylines"], tables["sources"]),
        *_findings(tables),
        *_kept(tables),
        *_agreement(tables["agreement"]),
        *_decisions(tables["confirmations"]),
    ]
    return pd.DataFrame(parts, columns=list(Figure._fields)).astype({"value": float})


def write_number(value: float, unit: str) -> str:
    """Return a number as the report writes it.

    >>> write_number(7421, "count"), write_number(0.2614, "percent"), write_number(13.2, "hours")
    ('7,421', '26.1%', '13')
    """
    if pd.isna(value):
        return "not known"
    if unit == "percent":
        return f"{value:.1%}"
    if unit == "score":
        return f"{value:.2f}"
    return f"{value:,.1f}" if unit == "hours" and value < 10 else f"{value:,.0f}"


def _amounts(summary: pd.DataFrame, found: pd.DataFrame) -> list[Figure]:
    words, changed, copied = (int(summary[name].sum()) for name in ("words", "changed", "copied"))
    share, low, high = pooled_share(summary)
    rest = words - changed - copied
    return [
        Figure("articles", len(summary), "count", "rows of articles.csv"),
        Figure("words", words, "count", "sum of words in articles.csv"),
        Figure("paraphrases", summary["paraphrase"].sum(), "count", "rows of articles.csv with paraphrase"),
        Figure("between_spaces", summary["between_spaces"].sum(), "count", "sum of between_spaces in articles.csv"),
        Figure("changed", changed, "count", "sum of changed in articles.csv"),
        Figure("copied", copied, "count", "sum of copied in articles.csv"),
        Figure("added", rest, "count", "words less changed less copied"),
        Figure("share_changed", share, "percent", "changed / words"),
        Figure("share_low", low, "percent", "lower end of the 95% bootstrap interval (BCa) over articles.csv"),
        Figure("share_high", high, "percent", "upper end of the 95% bootstrap interval (BCa) over articles.csv"),
        Figure("share_copied", copied / max(1, words), "percent", "copied / words"),
        Figure("share_added", rest / max(1, words), "percent", "added / words"),
        Figure("substitutions", len(found), "count", "rows of substitutions.csv"),
        Figure("in_quote", found["in_quote"].sum(), "count", "rows of substitutions.csv with in_quote"),
        *(
            Figure(name, (found["decision"] == decision).sum(), "count", f"rows of substitutions.csv, {decision}")
            for name, decision in DECIDED.items()
        ),
        Figure("moved", summary["moved"].sum(), "count", "sum of moved in articles.csv"),
        Figure("dropped", summary["dropped"].sum(), "count", "sum of dropped in articles.csv"),
        Figure("added_lines", summary["added"].sum(), "count", "sum of added in articles.csv"),
    ]


def _times(summary: pd.DataFrame, signed: pd.DataFrame, sources: pd.DataFrame) -> list[Figure]:
    hours, names = summary["hours"].dropna(), signed[signed["byline"].str.strip() != ""]
    after, before = hours[hours >= 0], hours[hours < 0]
    return [
        Figure("timed", len(after), "count", "rows of articles.csv with hours of 0 or more"),
        Figure("hours_median", after.median(), "hours", "median of these hours in articles.csv"),
        Figure("hours_least", after.min(), "hours", "least of these hours"),
        Figure("hours_most", after.max(), "hours", "greatest of these hours"),
        Figure("earlier", len(before), "count", "rows of articles.csv with hours below 0"),
        Figure("hours_before", -before.median(), "hours", "median of these hours, without the sign"),
        Figure("bylines", len(names), "count", "rows of bylines.csv with a byline"),
        Figure("unsigned", signed["articles"].sum() - names["articles"].sum(), "count", "in bylines.csv, without one"),
        Figure("sources", len(sources), "count", "rows of sources.csv"),
        Figure("references", sources["references"].sum(), "count", "sum of references in sources.csv"),
    ]  # fmt: skip


def _findings(tables: dict[str, pd.DataFrame]) -> list[Figure]:
    quotations, names, numbers = tables["quotations"], tables["names"], tables["changed_numbers"]
    frequency = tables["frequency"]
    several = frequency[frequency["chances"] >= 2]
    moved = numbers["change"].isin(FINDINGS)
    sorts = names.groupby("sort")["count"].sum()
    return [
        Figure("quotations", len(quotations), "count", "rows of quotations.csv"),
        Figure("negations", ((quotations["moved"] == "negation") & quotations["sure"]).sum(), "count",
               "rows of quotations.csv whose gravest change is a negation, and sure"),
        Figure("negations_elsewhere", (~tables["negations"]["in_quote"]).sum(), "count",
               "rows of negations.csv without in_quote"),
        Figure("with_speaker", (quotations["speaker"] != "").sum(), "count", "rows of quotations.csv with a speaker"),
        Figure("names", names["count"].sum(), "count", "sum of count in names.csv"),
        Figure("names_quoted", names["in_quote"].sum(), "count", "sum of in_quote in names.csv"),
        Figure("names_outside", names["count"].sum() - names["in_quote"].sum(), "count", "names less names_quoted"),
        Figure("different_names", len(names), "count", "rows of names.csv"),
        Figure("organisations", sorts.get("organisation", 0), "count", "sum of count in names.csv, organisations"),
        Figure("titles", sorts.get("title", 0), "count", "sum of count in names.csv, titles"),
        Figure("numbers_moved", moved.sum(), "count", "rows of changed_numbers.csv that are not “written otherwise”"),
        *(
            Figure(name, (numbers["change"] == change).sum(), "count", f"rows of changed_numbers.csv with “{change}”")
            for name, change in NUMBERS_BY_CHANGE.items()
        ),
        Figure("numbers_quoted", (moved & numbers["in_quote"]).sum(), "count", "numbers_moved, rows with in_quote"),
        Figure("numbers_outside", (moved & ~numbers["in_quote"]).sum(), "count", "numbers_moved, without in_quote"),
        Figure("numbers_written", (~moved).sum(), "count", "rows of changed_numbers.csv that are “written otherwise”"),
        Figure("disguised", len(tables["disguises"]), "count", "rows of disguises.csv"),
        Figure("different_pairs", len(frequency), "count", "rows of frequency.csv"),
        Figure("several_chances", len(several), "count", "rows of frequency.csv with two chances or more"),
        Figure("always", (several["count"] == several["chances"]).sum(), "count", "of these, made at every chance"),
    ]  # fmt: skip


def _kept(tables: dict[str, pd.DataFrame]) -> list[Figure]:
    headlines, left = tables["headlines"], tables["leftovers"]
    links, pictures = left[left["what"] == "link"], left[left["what"] == "picture"]
    return [
        Figure("headlines", len(headlines), "count", "rows of headlines.csv"),
        Figure("headlines_same", headlines["same"].sum(), "count", "rows of headlines.csv with same"),
        Figure("headline_words", headlines["words"].sum(), "count", "sum of words in headlines.csv"),
        Figure("headline_kept", headlines["kept"].sum(), "count", "sum of kept in headlines.csv"),
        Figure("pages", tables["files"].query("role == 'spun'")["page"].sum(), "count", "spun rows in files.csv, page"),
        Figure("links", len(links), "count", "links in leftovers.csv"),
        Figure("linked_articles", links["spun_id"].nunique(), "count", "articles with a link in leftovers.csv"),
        Figure("pictures", len(pictures), "count", "pictures in leftovers.csv"),
        Figure("pictured_articles", pictures["spun_id"].nunique(), "count", "articles with a picture in leftovers.csv"),
        Figure("furniture", (tables["furniture"]["articles"] >= 2).sum(), "count", "lines on two pages"),
    ]  # fmt: skip


def _decisions(table: pd.DataFrame) -> list[Figure]:
    holds = table["status"].isin(HOLDS)
    return [
        Figure("pairs_confirmed", holds.sum(), "count", "rows of confirmations.csv, approved or edited"),
        Figure("pairs_rejected", (~holds).sum(), "count", "rows of confirmations.csv, rejected"),
    ]


def _agreement(agreement: pd.DataFrame) -> list[Figure]:
    if agreement.empty:
        return []
    gold, hits, found = (int(agreement[name].sum()) for name in ("gold", "hits", "found"))
    return [
        Figure("gold_articles", len(agreement), "count", "rows of agreement.csv"),
        Figure("marked", agreement["marked"].sum(), "count", "sum of marked in agreement.csv"),
        Figure("gold", gold, "count", "sum of gold in agreement.csv"),
        Figure("hits", hits, "count", "sum of hits in agreement.csv"),
        Figure("found_there", found, "count", "sum of found in agreement.csv"),
        Figure("recall", hits / max(1, gold), "score", "hits / gold"),
        Figure("precision", hits / max(1, found), "score", "hits / found_there"),
    ]
