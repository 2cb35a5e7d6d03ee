"""Honest texts come out: news by other hands that a package brings, and odd texts of our own, split by source.

The news are the 300 + 50 stories of the Australian Broadcasting Corporation that Lee, Pincombe and Welsh (2005) used
to measure likeness, as gensim brings them for its tests. They are read where gensim is installed (`make` does that)
and nothing of them is copied into this repository: what is learnt from them is nine weights.
"""

from importlib.resources import files
from pathlib import Path

import pandas as pd

CORPUS = Path(__file__).parents[1] / "corpus"
TRAIN = 170  # of the 300 news stories; the rest, and the 50, are for measuring
FEWEST_WORDS = 60


def news() -> tuple[pd.Series, pd.Series]:
    """Return the news stories to train on and those to measure on; a story that stands twice is used once."""
    folder = files("gensim").joinpath("test", "test_data")
    background, other = (
        folder.joinpath(name).read_text(encoding="latin-1").splitlines() for name in ("lee_background.cor", "lee.cor")
    )
    stories = pd.Series([*background, *other]).str.strip()
    stories.index = [f"news-{number:03d}" for number in stories.index]
    train = stories.iloc[:TRAIN]
    openings = set(train.str[:60])
    test = stories.iloc[TRAIN:]
    test = test[~test.str[:60].isin(openings)]
    return tuple(part[part.str.split().str.len() >= FEWEST_WORDS].drop_duplicates() for part in (train, test))


def odd(use: str = "test") -> pd.DataFrame:
    """Return the odd texts of one use, test or train (index `text_id`): `kind`, `note`, `licence`, `file`, `text`."""
    rows = pd.read_csv(CORPUS / "odd.csv", index_col="text_id", keep_default_na=False).query("use == @use")
    return rows.assign(text=[(CORPUS / name).read_text(encoding="utf-8") for name in rows["file"]])
