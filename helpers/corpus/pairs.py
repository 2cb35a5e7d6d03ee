"""A table of articles goes in; its pairs come out, each spun article beside its reference."""

from typing import NamedTuple

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
    spun = articles[(articles["role"] == "spun") & articles["reference_id"].isin(articles.index)]
    return pd.DataFrame(
        {
            "spun_id": spun.index,
            "reference_id": spun["reference_id"].to_numpy(),
            "site": spun["site"].to_numpy(),
            "spun_text": spun["text"].to_numpy(),
            "reference_text": articles.loc[spun["reference_id"], "text"].to_numpy(),
            "simulated": (spun["provenance"] == SIMULATED).to_numpy(bool) if "provenance" in spun else False,
        }
    )
