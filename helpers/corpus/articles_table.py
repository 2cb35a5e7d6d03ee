"""The facts of articles go in; the table of articles comes out, with the columns and types that all else counts on."""

import pandas as pd

from helpers.corpus.terms import ARTICLE_COLUMNS, DATES, LISTS, PUBLISHED


def articles_table(articles: list[dict]) -> pd.DataFrame:
    """Return a table of articles, by `article_id`, from their facts; what is not given is empty.

    An article of which nobody says where its text is from counts as published.
    """
    blank = dict.fromkeys(ARTICLE_COLUMNS, "")
    table = pd.DataFrame([{**blank, **article} for article in articles], columns=ARTICLE_COLUMNS)
    for column in LISTS:
        table[column] = pd.Series([found or [] for found in table[column]], dtype=object)
    plain = [column for column in ARTICLE_COLUMNS if column not in (*DATES, *LISTS)]
    table = table.astype(dict.fromkeys(plain, str)).set_index("article_id")
    table["provenance"] = table["provenance"].replace("", PUBLISHED)
    for column in DATES:
        table[column] = pd.to_datetime(table[column], format="ISO8601", utc=True).dt.tz_localize(None)
    return table
