"""Every number of a report can be traced: each is computed again, here, from the tables beside the page."""

import re

import html5lib
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from helpers.align import fold
from helpers.comparison.kinds import of_a_dictionary

SITES = ["orbitalnewsnetwork.com", "worldpulse.example"]
# Figures in sentences that are part of the method and no result.
OF_THE_METHOD = {"95%", "15", "24", "(2", "two)", "SHA-256", "256"}
NOT_MOVED = "written otherwise"


@pytest.fixture(scope="module", params=SITES)
def report(reports, request):
    """The page as a tree, and its data."""
    folder = reports / request.param
    page = html5lib.parse((folder / "index.html").read_text(encoding="utf-8"), namespaceHTMLElements=False)
    data = {path.stem: pd.read_csv(path, keep_default_na=False, na_values={name: [""] for name in NUMBERS})
            for path in (folder / "data").glob("*.csv")}  # fmt: skip
    return page, data


NUMBERS = ["hours", "shortest_gap_hours", "value", "p", "p_holm", "distance", "agreement", "expected", "value_spun",
           "value_original", "chances", "rate"]  # fmt: skip


def recomputed(data: dict[str, pd.DataFrame]) -> dict[str, float]:
    """The named numbers of a report, from its other tables, by other code than the report's."""
    articles, found, signed = data["articles"], data["substitutions"], data["bylines"]
    words, changed, copied = articles["words"].sum(), articles["changed"].sum(), articles["copied"].sum()
    hours, several = articles["hours"].loc[lambda hours: hours >= 0], data["frequency"].query("chances >= 2")
    moved = data["changed_numbers"]["change"] != NOT_MOVED
    sorts = data["changed_numbers"]["change"].value_counts()
    names, headlines, left, agreement = data["names"], data["headlines"], data["leftovers"], data["agreement"]
    expected = {
        "disguised": len(data["disguises"]), "between_spaces": articles["between_spaces"].sum(),
        "paraphrases": (articles["paraphrase"].astype(str) == "True").sum(),
        "articles": len(articles), "words": words, "changed": changed, "copied": copied,
        "added": words - changed - copied, "share_changed": changed / words, "share_copied": copied / words,
        "share_added": (words - changed - copied) / words, "substitutions": len(found),
        "in_quote": (found["in_quote"].astype(str) == "True").sum(),
        "confirmed": (found["decision"] == "confirmed").sum(), "rejected": (found["decision"] == "rejected").sum(),
        "otherwise": (found["decision"] == "another original confirmed").sum(),
        "undecided": (found["decision"] == "not decided").sum(), "moved": articles["moved"].sum(),
        "dropped": articles["dropped"].sum(), "added_lines": articles["added"].sum(), "timed": len(hours),
        "hours_median": np.median(hours) if len(hours) else np.nan, "hours_least": hours.min(),
        "hours_most": hours.max(), "earlier": (articles["hours"] < 0).sum(),
        "hours_before": -articles["hours"].loc[lambda hours: hours < 0].median(),
        "bylines": (signed["byline"] != "").sum(), "unsigned": signed.loc[signed["byline"] == "", "articles"].sum(),
        "sources": len(data["sources"]), "references": articles["reference_id"].nunique(),
        "quotations": len(data["quotations"]), "with_speaker": (data["quotations"]["speaker"] != "").sum(),
        "names": names["count"].sum(), "different_names": len(names), "names_quoted": names["in_quote"].sum(),
        "names_outside": names["count"].sum() - names["in_quote"].sum(),
        "negations": len(data["quotations"].query("moved == 'negation'").loc[lambda rows: truth(rows["sure"])]),
        "negations_elsewhere": (~truth(data["negations"]["in_quote"])).sum(),
        "pairs_confirmed": data["confirmations"]["status"].isin(["approved", "edited"]).sum(),
        "pairs_rejected": (data["confirmations"]["status"] == "rejected").sum(),
        "numbers_outside": (moved & ~truth(data["changed_numbers"]["in_quote"])).sum(),
        "organisations": names.loc[names["sort"] == "organisation", "count"].sum(),
        "titles": names.loc[names["sort"] == "title", "count"].sum(), "numbers_moved": moved.sum(),
        "figures_changed": sorts.get("figure changed", 0), "dates_changed": sorts.get("date changed", 0),
        "dates_broken": sorts.get("date broken", 0), "figures_added": sorts.get("figure added", 0),
        "figures_removed": sorts.get("figure removed", 0),
        "numbers_quoted": (moved & (data["changed_numbers"]["in_quote"].astype(str) == "True")).sum(),
        "numbers_written": (~moved).sum(), "different_pairs": len(data["frequency"]), "several_chances": len(several),
        "always": (several["count"] == several["chances"]).sum(), "headlines": len(headlines),
        "headlines_same": (headlines["same"].astype(str) == "True").sum(), "headline_words": headlines["words"].sum(),
        "headline_kept": headlines["kept"].sum(), "links": (left["what"] == "link").sum(),
        "linked_articles": left.loc[left["what"] == "link", "spun_id"].nunique(),
        "pictures": (left["what"] == "picture").sum(),
        "pictured_articles": left.loc[left["what"] == "picture", "spun_id"].nunique(),
        "pages": data["files"].query("role == 'spun'")["file"].str.contains(r"\.x?html?$").sum(),
        "furniture": (data["furniture"]["articles"] > 1).sum(), "gold_articles": len(agreement),
        "marked": agreement["marked"].sum(), "gold": agreement["gold"].sum(), "hits": agreement["hits"].sum(),
        "found_there": agreement["found"].sum(), "recall": agreement["hits"].sum() / agreement["gold"].sum(),
        "precision": agreement["hits"].sum() / agreement["found"].sum(),
    }  # fmt: skip
    return {name: float(value) for name, value in expected.items()}


def truth(column: pd.Series) -> pd.Series:
    """A column of True and False as it comes out of a CSV."""
    return column.astype(str) == "True"


def test_every_named_number_follows_from_the_tables(report):
    _, data = report
    numbers = data["numbers"].set_index("name")["value"]
    again = recomputed(data)
    assert set(numbers.index) - set(again) == {"share_low", "share_high"}
    for name, value in again.items():
        assert numbers[name] == pytest.approx(value, nan_ok=True), name


def test_the_interval_is_that_of_resampled_articles(report):
    _, data = report
    articles, numbers = data["articles"], data["numbers"].set_index("name")["value"]
    if len(articles) < 5:
        assert numbers[["share_low", "share_high"]].isna().all()
        return
    rng, size = np.random.default_rng(1), len(articles)
    drawn = rng.integers(size, size=(20_000, size))
    shares = articles["changed"].to_numpy()[drawn].sum(axis=1) / articles["words"].to_numpy()[drawn].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    assert numbers["share_low"] == pytest.approx(low, abs=0.004)
    assert numbers["share_high"] == pytest.approx(high, abs=0.004)


def test_every_number_in_a_sentence_is_one_of_them(report):
    page, data = report
    numbers = data["numbers"].set_index("name")["value"]
    shown = [(node.get("data-name"), float(node.get("value")), node.text) for node in page.iter("data")
             if node.get("data-name") in numbers.index and not in_exhibit(page, node)]  # fmt: skip
    assert len(shown) > 20
    for name, value, text in shown:
        assert value == pytest.approx(numbers[name]), name
        assert as_number(text) == pytest.approx(value, abs=tolerance(text)), name


def in_exhibit(page, node) -> bool:
    return any(node in set(figure.iter("data")) for figure in page.iter("figure"))


def as_number(text: str) -> float:
    return float(text.replace(",", "").rstrip("%")) / (100 if text.endswith("%") else 1)


def tolerance(text: str) -> float:
    """Half a unit of the last place that is written."""
    places = len(text.rstrip("%").partition(".")[2])
    return 0.5000001 * 10**-places / (100 if text.endswith("%") else 1)


def test_no_sentence_holds_another_number(report):
    page, _ = report
    looked, outside = 0, {node for part in page.iter() if part.get("data-outside") is not None for node in part.iter()}
    for kind in ("p", "li", "h1", "h2", "h3", "dd", "dt", "figcaption", "caption"):
        for node in set(page.iter(kind)) - outside:
            words = " ".join(prose(node)).split()
            looked += len(words)
            strange = [word for word in words if re.search(r"\d", word) and word.strip(".,:;)") not in OF_THE_METHOD]
            assert strange == [], (kind, " ".join(words))
    assert looked > 500


def prose(node) -> list[str]:
    """The text of an element without its numbers, dates, code and what it says in the words of the corpus."""
    if node.tag in ("data", "time", "code") or node.get("data-outside") is not None:
        return []
    parts = [node.text or ""]
    for child in node:
        parts += [*prose(child), child.tail or ""]
    return parts


def test_every_number_in_a_table_stands_in_the_data(report):
    page, data = report
    compared = 0
    for table in page.iter("table"):
        name = table.get("data-table")
        rows = data[name]
        if name == "changed_numbers":
            rows = rows[rows["change"] != NOT_MOVED]
        if name == "furniture" and len(data["articles"]) > 1:
            rows = rows[rows["articles"] > 1]
        for row, (_, expected) in zip(table.find("tbody"), rows.iterrows(), strict=False):
            for cell in row.iter():
                number = cell.find("data") if cell.get("data-column") else None
                if number is not None:
                    assert float(number.get("value")) == pytest.approx(float(expected[cell.get("data-column")])), name
                    if number.text[0].isdigit():
                        shown = as_number(number.text)
                        assert shown == pytest.approx(float(number.get("value")), abs=tolerance(number.text)), name
                    compared += 1
        for number in table.iter("data"):
            if number.get("data-total"):
                assert int(number.get("value")) == len(data[number.get("data-total")])
            if number.get("data-rows"):
                assert int(number.get("value")) == len(table.find("tbody"))
    assert compared > 100


def test_the_numbers_above_an_exhibit_are_those_of_its_passage(report):
    page, data = report
    found, parts = data["substitutions"], data["paragraphs"]
    exhibits = [figure for figure in page.iter("figure") if "exhibit" in figure.get("class")]
    assert len(exhibits) > 5
    for figure in exhibits:
        article, start, end = figure.get("data-article"), int(figure.get("data-start")), int(figure.get("data-end"))
        inside = found[(found["spun_id"] == article) & (found["spun_start"] < end) & (found["spun_end"] > start)]
        part = parts[(parts["spun_id"] == article) & (parts["spun_start"] == start)]
        expected = {
            "changes": len(inside), "in_quote": (inside["in_quote"].astype(str) == "True").sum(),
            "share": part["share"].sum(), "words": part["words"].sum(),
        }  # fmt: skip
        for number in figure.iter("data"):
            assert float(number.get("value")) == pytest.approx(float(expected[number.get("data-name")]))
        assert len([mark for mark in figure.iter("mark") if "spun" in mark.get("class").split()]) == len(inside)


def test_the_tables_follow_from_each_other(report, articles):
    _, data = report
    parts = data["paragraphs"][data["paragraphs"]["op"] != "dropped"]
    summary = data["articles"].set_index("spun_id")
    for column in ("words", "changed", "copied"):
        assert parts.groupby("spun_id")[column].sum().to_dict() == summary[column].to_dict()
    assert data["substitutions"].groupby("spun_id").size().to_dict() == summary["substitutions"].to_dict()
    found = of_a_dictionary(data["substitutions"]).assign(original=lambda rows: rows["original"].map(unguarded),
                                         spun=lambda rows: rows["spun"].map(unguarded))  # fmt: skip
    counts = found.groupby(["original", "spun"]).size()
    frequency = data["frequency"].assign(original=lambda rows: rows["original"].map(unguarded),
                                         spun=lambda rows: rows["spun"].map(unguarded))  # fmt: skip
    assert frequency.set_index(["original", "spun"])["count"].to_dict() == counts.to_dict()
    for row in data["frequency"].itertuples():
        interval = binomtest(int(row.count), int(row.chances)).proportion_ci(method="wilson")
        assert (row.rate_low, row.rate_high) == pytest.approx((interval.low, interval.high))
        assert row.rate == pytest.approx(row.count / row.chances)
    for row in data["articles"].itertuples():
        published = articles.loc[row.spun_id, "published"] - articles.loc[row.reference_id, "published"]
        assert np.isnan(row.hours) or row.hours == pytest.approx(published.total_seconds() / 3600)


def unguarded(phrase: str) -> str:
    """A phrase as it is compared, without the apostrophe that keeps a spreadsheet from running it."""
    return fold(phrase.removeprefix("'") if phrase[1:2] in "=+-@" else phrase)


def test_the_pictures_say_the_numbers_of_the_tables(report):
    page, data = report
    numbers = data["numbers"].set_index("name")["value"]
    alts = [picture.get("alt") for picture in page.iter("img")]
    if len(data["articles"]) > 1:
        composition = next(alt for alt in alts if alt.startswith("Stacked bars"))
        for name in ("share_copied", "share_changed", *(["share_added"] if numbers["share_added"] else [])):
            assert f"{numbers[name]:.1%}" in composition
        assert f"{numbers['words']:,.0f} words" in composition
    kinds = next(alt for alt in alts if alt.startswith("Bar chart of substitutions by kind"))
    for kind, count in data["substitutions"]["kind"].value_counts().items():
        assert f"{kind} {count}" in kinds
    for alt in alts:
        if alt.startswith("Dot plot of 14"):
            assert f"median {numbers['hours_median']:,.1f}" in alt
