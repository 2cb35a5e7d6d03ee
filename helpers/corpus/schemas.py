"""A table goes in; the same table comes out, or an error that says which column and row break its promise.

The column names of Unspun's tables, in one place, as pandera schemas. They are objects and not classes of pandera's: of
a class it would load Dask's tables, and every other kind there is, to see what a column may be.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa

ROLES = ["spun", "reference"]
# Where a text is from: as it was published; put together again from what was made of it; made by our own spinner.
PUBLISHED, RECONSTRUCTED, SIMULATED = PROVENANCES = ["published", "reconstructed", "simulated"]
DATES = ["published", "retrieved"]
# The columns of `articles.csv`: those that it must have, and those that it may have.
NEEDED = [
    "article_id", "role", "site", "url", "title", "byline", "published", "retrieved", "reference_id", "licence",
    "note", "file",
]  # fmt: skip
OPTIONAL = ["provenance", "canonical", "raw", "raw_sha256", "record", "repaired", "addresses"]
# The columns of the table of articles, in this order.
ARTICLE_COLUMNS = [
    "article_id", "role", "site", "url", "title", "byline", "published", "retrieved", "reference_id", "licence",
    "provenance", "note", "text", "links", "file", "sha256", "images", "canonical", "raw", "raw_sha256", "record",
    "repaired",
]  # fmt: skip
LISTS = ["links", "images"]  # their cells are lists of addresses
OPS = ["equal", "substitute", "insert", "delete", "move"]
KINDS = [
    "name", "number", "phrase", "synonym", "function", "inflection", "contraction", "spelling", "order", "rewritten",
    "boilerplate",
]  # fmt: skip


def _column(kind: Any = str, *checks: pa.Check, nullable: bool = False, coerce: bool = False) -> pa.Column:
    return pa.Column(kind, [*checks], nullable=nullable, coerce=coerce)


def _spans_run_forward(table: pd.DataFrame) -> "pd.Series[bool]":
    """No span ends before it starts."""
    return (table["spun_end"] >= table["spun_start"]) & (table["reference_end"] >= table["reference_start"])


FILLED = pa.Check.str_length(min_value=1)
DIGEST = pa.Check.str_length(min_value=64, max_value=64)
SHARE = (pa.Check.ge(0), pa.Check.le(1))
COUNT = pa.Check.ge(1)
# Character offsets into the two stored texts, end exclusive.
OFFSETS = {
    name: _column(int, pa.Check.ge(0)) for name in ["spun_start", "spun_end", "reference_start", "reference_end"]
}
FORWARD = pa.Check(_spans_run_forward, name="spans_run_forward")

# One row an article, by `article_id`.
Articles = pa.DataFrameSchema(
    {
        "role": _column(str, pa.Check.isin(ROLES)),
        **{name: _column() for name in ["site", "url", "title", "byline"]},
        **{name: _column(pa.DateTime, nullable=True, coerce=True) for name in DATES},
        "reference_id": _column(),
        "licence": _column(),
        "provenance": _column(str, pa.Check.isin(PROVENANCES)),
        "note": _column(),
        "text": _column(str, FILLED),
        "links": _column(object),
        "file": _column(),
        "sha256": _column(str, DIGEST),
        "images": _column(object),
        **{name: _column() for name in ["canonical", "raw", "raw_sha256", "record", "repaired"]},
    },
    name="Articles",
)

# One row a run of tokens.
Alignment = pa.DataFrameSchema(
    {
        **OFFSETS,
        "op": _column(str, pa.Check.isin(OPS)),
        "spun": _column(),
        "reference": _column(),
        "confidence": _column(float, *SHARE),
    },
    checks=FORWARD,
    name="Alignment",
)

# One row a substitution where it stands.
Substitutions = pa.DataFrameSchema(
    {
        **OFFSETS,
        **{name: _column() for name in ["spun_id", "reference_id", "site"]},
        "spun": _column(str, FILLED),
        "original": _column(str, FILLED),
        "kind": _column(str, pa.Check.isin(KINDS)),
        "in_quote": _column(bool),
        "in_name": _column(bool),
        "left": _column(),
        "right": _column(),
        "confidence": _column(float, *SHARE),
    },
    checks=FORWARD,
    name="Substitutions",
)

# One row a pair of original and spun phrase over a corpus.
Frequency = pa.DataFrameSchema(
    {
        "original": _column(),
        "spun": _column(),
        **{name: _column(int, COUNT) for name in ["count", "articles", "sites"]},
        "chances": _column(float, nullable=True, coerce=True),
        **{name: _column(float, *SHARE, nullable=True) for name in ["rate", "rate_low", "rate_high"]},
        "g2": _column(float, nullable=True),
    },
    name="Frequency",
)


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
