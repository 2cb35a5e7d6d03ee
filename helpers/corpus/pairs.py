"""A table of articles goes in; its pairs come out, each spun article beside its reference."""

from typing import Any, NamedTuple

import pandas as pd

from helpers.corpus.terms import SIMULATED


class TextPair(NamedTuple):
    """A row of `pair_texts`."""

    spun_id: str
    reference_id: str
    site: str
    spun_text: str
    reference_text: str


def pair_texts(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the declared pairs: `spun_id`, `reference_id`, `site`, `spun_text`, `reference_text`, `simulated`.

    `simulated` tells pages of this project's own spinner (`provenance`), which are compared apart from all others.
    """
    return pd.DataFrame(_columns(articles))


def declared_pairs(articles: pd.DataFrame) -> tuple[list[TextPair], list[bool]]:
    """Return what `pair_texts` does as tuples, and for each whether it is simulated: no text is written to a table."""
    *columns, simulated = (column.tolist() for column in _columns(articles).values())
    return list(map(TextPair._make, zip(*columns, strict=True))), simulated


def _columns(articles: pd.DataFrame) -> dict[str, Any]:
    """The columns of `pair_texts`."""
    # A list of the names is looked through in a tenth of the time that the index takes.
    spun = articles[(articles["role"] == "spun") & articles["reference_id"].isin(articles.index.tolist())]
    provenance = spun["provenance"] if "provenance" in spun else pd.Series("", index=spun.index)
    return {
        "spun_id": spun.index,
        "reference_id": spun["reference_id"].to_numpy(),
        "site": spun["site"].to_numpy(),
        "spun_text": spun["text"].to_numpy(),
        "reference_text": articles.loc[spun["reference_id"], "text"].to_numpy(),
        "simulated": (provenance == SIMULATED).to_numpy(bool),
    }
