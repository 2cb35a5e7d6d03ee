"""A table goes in; the same table comes out, or an error that says which column and row break its promise.

The column names of Unspun's tables, in one place, as pandera schemas. They are objects and not classes of pandera's: of
a class it would load Dask's tables, and every other kind there is, to see what a column may be.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa

from helpers.corpus.terms import DATES, KINDS, OPS, PROVENANCES, ROLES


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
