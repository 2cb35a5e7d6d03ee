"""A site's comparison goes in; a page for each of its articles comes out, on which both texts stand whole."""

from collections.abc import Iterator
from typing import cast

import pandas as pd

from helpers.comparison.compare_corpus import Comparison
from helpers.corpus.terms import RECONSTRUCTED, SIMULATED
from helpers.display.visible import slug
from helpers.report.rendering import render, source_label
from helpers.report.texts_side_by_side import Texts, all_marks, kinds_of, shown_rows


def article_page_name(spun_id: str) -> str:
    """Return where the page of an article lies, seen from the report.

    >>> article_page_name("kim-xi")
    'articles/kim-xi.html'
    """
    return f"articles/{slug(spun_id)}.html"


def article_pages(site: str, comparison: Comparison, tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    """Return the name and the content of each page: a summary of the article, and both texts side by side."""
    articles = comparison.articles
    runs, parts, found = (
        dict(tuple(table.groupby("spun_id", sort=False)))
        for table in (
            comparison.alignment[comparison.alignment["spun_id"].isin(tables["articles"]["spun_id"])],
            tables["paragraphs"],
            tables["substitutions"],
        )
    )
    for counts in tables["articles"].to_dict("records"):
        spun, reference = (cast("pd.Series", articles.loc[counts[name]]) for name in ("spun_id", "reference_id"))
        key = counts["spun_id"]
        texts = Texts(
            spun["text"], reference["text"], runs[key], parts[key], found.get(key, tables["substitutions"].head(0))
        )
        both = all_marks(texts)
        values = {
            **counts,
            "site": site,
            "title": spun["title"] or key,
            "byline": spun["byline"],
            "url": spun["url"],
            "simulated": spun["provenance"] == SIMULATED,
            "reconstructed": reference["provenance"] == RECONSTRUCTED,
            "source": source_label(reference),
            "reference_title": reference["title"],
            "reference_url": reference["url"],
            "kinds": kinds_of(texts, both),
            "rows": shown_rows(texts, both),
        }
        yield article_page_name(key), render("article.html", values)
