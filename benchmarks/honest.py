"""Honest texts come out: news and articles by other hands that a package brings, and odd texts of our own, by use.

The news are the 300 + 50 stories of the Australian Broadcasting Corporation that Lee, Pincombe and Welsh (2005) used
to measure likeness, as gensim brings them for its tests; the articles are the first of an English Wikipedia dump of
2014 that it brings too (CC BY-SA), for training alone. They are read where gensim is installed (`make` does that) and
nothing of them is copied into this repository: what is learnt from them are weights.
"""

import bz2
import re
from importlib.resources import files
from pathlib import Path

import pandas as pd

CORPUS = Path(__file__).parents[1] / "corpus"
TRAIN = 170  # of the 300 news stories; the rest, and the 50, are for measuring
FEWEST_WORDS = 60
DUMP = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
FEWEST_IN_ARTICLE, MOST_IN_ARTICLE, FEWEST_IN_PARAGRAPH = 300, 900, 40
NOT_PROSE = re.compile(r"(?m)^[=*#:;|!{}].*$")


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


def encyclopedia() -> pd.Series:
    """Return the beginnings of encyclopedia articles, 300 to about 900 words of their longer paragraphs, by title."""
    from gensim.corpora.wikicorpus import extract_pages, filter_wiki

    path = files("gensim").joinpath("test", "test_data", DUMP)
    texts = {}
    with bz2.open(str(path), "rb") as dump:
        for title, source, _ in extract_pages(dump, ("0",)):
            if not source.lower().startswith("#redirect") and not title.startswith("List"):
                texts[f"wiki-{title}"] = _beginning(filter_wiki(NOT_PROSE.sub("", source)))
    found = pd.Series(texts)
    return found[found.str.split().str.len() >= FEWEST_IN_ARTICLE]


def _beginning(article: str) -> str:
    """The first paragraphs of an article that are prose."""
    kept, words = [], 0
    for line in article.split("\n"):
        line = " ".join(line.replace("'''", "").replace("''", "").split())
        prose = line[:1].isupper() and line[-1:] in '.”"' and not re.search(r"[|]|==|http", line)
        if prose and len(line.split()) >= FEWEST_IN_PARAGRAPH and words < MOST_IN_ARTICLE:
            kept.append(line)
            words += len(line.split())
    return "\n\n".join(kept)


def bundles(texts: pd.Series, words: int = 620) -> pd.Series:
    """Return short texts joined until each has so many words, so that there are long ones."""
    joined, bundle, name = {}, [], ""
    for source, text in texts.items():
        name, bundle = name or source, [*bundle, text]
        if sum(len(part.split()) for part in bundle) >= words:
            joined[name], bundle, name = "\n\n".join(bundle), [], ""
    return pd.Series(joined)


def odd(use: str = "test") -> pd.DataFrame:
    """Return the odd texts of one use: train, test, fresh or heldback, which `corpus/README.md` tells apart.

    Index `text_id`; columns `kind`, `use`, `note`, `licence`, `file`, `text`.
    """
    rows = pd.read_csv(CORPUS / "odd.csv", index_col="text_id", keep_default_na=False).query("use == @use")
    return rows.assign(text=[(CORPUS / name).read_text(encoding="utf-8") for name in rows["file"]])
