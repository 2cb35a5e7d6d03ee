"""A table goes in; the same table comes out, or an error that says which column and row break its promise.

The column names of Unspun's tables, in one place, as pandera schemas.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

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


class Offsets(pa.DataFrameModel):
    """Character offsets into the two stored texts, end exclusive."""

    spun_start: Series[int] = pa.Field(ge=0)
    spun_end: Series[int] = pa.Field(ge=0)
    reference_start: Series[int] = pa.Field(ge=0)
    reference_end: Series[int] = pa.Field(ge=0)

    @pa.dataframe_check
    @classmethod
    def spans_run_forward(cls, table: pd.DataFrame) -> "pd.Series[bool]":
        """No span ends before it starts."""
        return (table["spun_end"] >= table["spun_start"]) & (table["reference_end"] >= table["reference_start"])


class Articles(pa.DataFrameModel):
    """One row an article, by `article_id`."""

    role: Series[str] = pa.Field(isin=ROLES)
    site: Series[str]
    url: Series[str]
    title: Series[str]
    byline: Series[str]
    published: Series[pa.DateTime] = pa.Field(nullable=True, coerce=True)
    retrieved: Series[pa.DateTime] = pa.Field(nullable=True, coerce=True)
    reference_id: Series[str]
    licence: Series[str]
    provenance: Series[str] = pa.Field(isin=PROVENANCES)
    note: Series[str]
    text: Series[str] = pa.Field(str_length={"min_value": 1})
    links: Series[object]
    file: Series[str]
    sha256: Series[str] = pa.Field(str_length={"min_value": 64, "max_value": 64})
    images: Series[object]
    canonical: Series[str]
    raw: Series[str]
    raw_sha256: Series[str]
    record: Series[str]
    repaired: Series[str]


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


class Alignment(Offsets):
    """One row a run of tokens."""

    op: Series[str] = pa.Field(isin=OPS)
    spun: Series[str]
    reference: Series[str]
    confidence: Series[float] = pa.Field(ge=0, le=1)


class Substitutions(Offsets):
    """One row a substitution where it stands."""

    spun_id: Series[str]
    reference_id: Series[str]
    site: Series[str]
    spun: Series[str] = pa.Field(str_length={"min_value": 1})
    original: Series[str] = pa.Field(str_length={"min_value": 1})
    kind: Series[str] = pa.Field(isin=KINDS)
    in_quote: Series[bool]
    in_name: Series[bool]
    left: Series[str]
    right: Series[str]
    confidence: Series[float] = pa.Field(ge=0, le=1)


class Frequency(pa.DataFrameModel):
    """One row a pair of original and spun phrase over a corpus."""

    original: Series[str]
    spun: Series[str]
    count: Series[int] = pa.Field(ge=1)
    articles: Series[int] = pa.Field(ge=1)
    sites: Series[int] = pa.Field(ge=1)
    chances: Series[float] = pa.Field(nullable=True, coerce=True)
    rate: Series[float] = pa.Field(nullable=True, ge=0, le=1)
    rate_low: Series[float] = pa.Field(nullable=True, ge=0, le=1)
    rate_high: Series[float] = pa.Field(nullable=True, ge=0, le=1)
    g2: Series[float] = pa.Field(nullable=True)
