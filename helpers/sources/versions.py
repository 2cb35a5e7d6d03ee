"""Articles go in; which of them are versions of one source, whether or not anybody has the source, comes out.

Two versions are found by the keys that survive spinning (`keys`), compared sentence beside sentence (`parallels`), and
joined so that two sources never meet in one group (`version_groups`). The steps are those of `scale.stage_versions`,
which does them for corpora that no machine holds.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.sources.index import content_words
from helpers.sources.keys import keys_of, text_words
from helpers.sources.meetings import Postings, meetings, pieces, places_of, postings
from helpers.sources.outlines import (
    NO_WORDS,
    SHORTEST,
    Outline,
    Outlines,
    everybodys,
    outline,
    own_words,
    put_together,
)
from helpers.sources.parallels import measures
from helpers.sources.version_groups import COPY, VERSION, grouped
from helpers.sources.version_scale import LIKELY, are_copies, probability

CANDIDATES = 12  # articles that one is compared with: those with which it shares the rarest keys, and most of them
FEW = 16  # articles that stand for all that have a key: versions share hundreds of keys, a few of them rare
LEAST_KEYS = 3  # what two articles share weighs as much as so many keys that nobody else has
GRAIN = 64  # a key weighs so many parts of one, whole ones, so that sums are the same in any order

TABLE = ["version_group", "versions", "score", "copy_of", "note"]
LINKS = ["article_id", "other_id", "kind", "score", "density", "order", "most", "least"]
TOO_SHORT = f"too short: fewer than {SHORTEST} content words without the sentences that everybody has"


class Compared(NamedTuple):
    """What was found of articles: links, who has too many neighbours, who is a copy of one before, who is too short."""

    links: pd.DataFrame
    full: np.ndarray
    again: np.ndarray
    short: np.ndarray


def group_versions(
    articles: pd.DataFrame | pd.Series | Mapping[str, str], *, links: bool = False
) -> pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame]:
    """Bring together the spun articles that have one unknown source in common; returns a row for each article.

    `articles` is a table of articles (index `article_id`, column `text`; the result of `load_articles` will do), or a
    series of texts by article_id. Rows of the role reference are left out. Columns, by `article_id`:

    - `version_group`: a number that all versions of a source share, from 1 in the order of the table; missing where an
      article stands alone;
    - `versions`: how many different versions the group has (copies count once); 1 where an article stands alone;
    - `score`: how sure it is that the article belongs, 0 to 1: the mean probability that it and another version of the
      group were made of one source; missing where it stands alone;
    - `copy_of`: the first article of which it is a copy, word for word or nearly, else an empty string. Copies alone
      make no group: nothing was spun between them;
    - `note`: why nothing can be said (the text is too short), else an empty string.

    With `links` a second table comes too: a row for each two articles that are versions (`kind` version, `score` the
    probability) or copies of each other (`kind` copy, `score` the share that both have word for word); `density`,
    `order`, `most` and `least` are what the score rests on (see `helpers.sources.parallels.measures`).

    Articles are only compared where they share rare keys, so that time and memory grow with their number. Sentences
    that stand in three different texts or more are a site's furniture, and left out (but not of a text that has hardly
    any others: it is printed everywhere). For corpora that no machine holds
    see `helpers.scale.at_scale`. Raises ValueError for an article_id that comes twice, and a text that is none.

    >>> told = "Ronan Keld of Tarvik {} the old harbour bell on Monday, and {} fishermen {} 27 silver crowns."
    >>> group_versions({"a": told.format("rang", "gave", "his")})["note"].str[:9].tolist()
    ['too short']
    """
    texts = texts_of(articles)
    found = compared(texts)
    groups = grouped(found.links, found.full, found.again)
    copy_of = groups["copy_of"].to_numpy()
    groups["copy_of"] = np.where(copy_of >= 0, texts.index.to_numpy()[copy_of], "")
    table = table_rows(groups, np.arange(len(texts)), texts.index, found.short)
    return (table, named_links(found.links, texts.index)) if links else table


def texts_of(articles: pd.DataFrame | pd.Series | Mapping[str, str]) -> pd.Series:
    """Return the texts that may be versions, by article_id; raises ValueError as `group_versions` says."""
    if isinstance(articles, pd.DataFrame):
        if "text" not in articles:
            raise ValueError("the articles need a column text, and their article_id as index")
        if "role" in articles:
            articles = articles[articles["role"] != "reference"]
        articles = articles["text"]
    texts = pd.Series(articles, dtype=object).rename_axis("article_id")
    for article_id, text in texts.items():
        if not isinstance(article_id, str) or not isinstance(text, str):
            raise ValueError(f"the article {article_id!r}: an article is a text with a name, and both are strings")
    if texts.index.has_duplicates:
        name = texts.index[texts.index.duplicated()][0]
        raise ValueError(f"the article {name!r} comes twice. Mend: give each article an id of its own.")
    return texts


def compared(texts: pd.Series) -> Compared:
    """Return what is found of some texts, numbered in their order."""
    words = [text_words(text, content_words(text)) for text in texts]
    outlines = [outline(found) for found in words]
    whole = np.array([found.text for found in outlines], np.uint64)
    common = common_sentences(outlines, whole)
    first = exact_copies(whole, np.arange(len(whole)))
    short, keys = np.zeros(len(texts), bool), []
    for number, found in enumerate(words):
        own = own_words(found, outlines[number].same, common)
        outlines[number] = outline(own)
        short[number] = outlines[number].words < SHORTEST
        keys.append(NO_WORDS.keys if short[number] or first[number] != number else keys_of(own))
        words[number] = NO_WORDS  # of a hundred thousand articles they take a third of a gigabyte
    one, other, full = neighbours(keys)
    again = np.flatnonzero(first != np.arange(len(texts)))
    links = links_between(put_together(outlines), one, other)
    return Compared(with_copies(links, first[again], again), full, again, short)


def common_sentences(outlines: list[Outline], texts: np.ndarray) -> np.ndarray:
    """Return the sentences that everybody has; `texts` has the number of each outline's text."""
    same = [NO_WORDS.keys, *[found.same for found in outlines]]
    return everybodys(np.concatenate(same), np.repeat(texts, [len(found) for found in same[1:]]))


def exact_copies(texts: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return for each article the first with the same text; `texts` has the numbers of their texts (0: no words)."""
    firsts = pd.Series(numbers).groupby(texts).transform("min").to_numpy()
    return np.where(texts == 0, numbers, firsts)


def sharers(keys: np.ndarray, articles: np.ndarray, corpus: int) -> Postings:
    """Return the postings of keys that more than one article has, their weights in whole parts of `GRAIN`."""
    found = postings(keys, articles, corpus, FEW)
    found = found._replace(rarity=np.round(found.rarity * GRAIN) / np.float32(GRAIN))
    several = found.counts > 1
    return found._replace(**{name: getattr(found, name)[several] for name in ("keys", "starts", "counts", "rarity")})


Met = tuple[np.ndarray, np.ndarray, np.ndarray]


def met(keys: np.ndarray, articles: np.ndarray, corpus: int) -> Iterator[Met]:
    """Yield who has keys in common with whom, and what they weigh: all of an article's meetings at once."""
    order = np.argsort(articles, kind="stable")
    keys, articles = keys[order], articles[order]
    found = sharers(keys, articles, corpus)
    hit, place = places_of(found, keys)
    articles = articles[hit]
    for start, end in pieces(found, place, articles):
        who, whom, weight = meetings(found, place[start:end], articles[start:end])
        apart = who != whom
        yield who[apart], whom[apart], weight[apart]


def chosen(who: np.ndarray, whom: np.ndarray, weight: np.ndarray, corpus: int) -> Met:
    """Return the neighbours that each article is compared with: who, whom, and who has more than these.

    `who`, `whom` and `weight` are what `met` gives, where keys lie in several buckets that of all of them together.
    """
    rows = pd.DataFrame({"who": who, "whom": whom, "weight": weight.astype(np.float64)})
    rows = rows.groupby(["who", "whom"], as_index=False)["weight"].sum()
    rarest = max(np.log((corpus + 1) / 2.5), 0.1)
    rows = rows[rows["weight"] >= LEAST_KEYS * rarest]
    rows = rows.sort_values(["who", "weight", "whom"], ascending=[True, False, True])
    rank = rows.groupby("who").cumcount().to_numpy()
    full = rows["who"].to_numpy(np.int64)[rank == CANDIDATES]
    rows = rows[rank < CANDIDATES]
    return rows["who"].to_numpy(np.int64), rows["whom"].to_numpy(np.int64), full


def neighbours(keys: list[np.ndarray]) -> Met:
    """Return the pairs of articles to compare, each once (the lower number, the higher), and who has more of them."""
    numbers = np.repeat(np.arange(len(keys)), [len(found) for found in keys])
    every = np.concatenate([NO_WORDS.keys, *keys])
    none = np.empty(0, np.int64)
    found = [(none, none, none), *(chosen(*some, len(keys)) for some in met(every, numbers, len(keys)))]
    who, whom, full = (np.concatenate(column) for column in zip(*found, strict=True))
    pairs = np.unique(np.stack([np.minimum(who, whom), np.maximum(who, whom)], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1], full


def links_between(outlines: Outlines, one: np.ndarray, other: np.ndarray) -> pd.DataFrame:
    """Return the links of some pairs of outlines, by their numbers: one, other, kind, score and what it rests on."""
    measured = measures(outlines, one, other)
    told, copies = probability(measured), are_copies(measured)
    _, _, copied, density, order, most, least = measured
    table = pd.DataFrame({"one": one, "other": other, "kind": np.where(copies, COPY, VERSION)})
    table["score"] = np.where(copies, copied, told)
    table = table.assign(density=density, order=order, most=most, least=least)
    return table[copies | (told >= LIKELY)].reset_index(drop=True)


def with_copies(links: pd.DataFrame, firsts: np.ndarray, copies: np.ndarray) -> pd.DataFrame:
    """Return links together with those of articles that are word for word the same as a first one."""
    exact = pd.DataFrame({"one": firsts, "other": copies, "kind": COPY, "score": 1.0})
    if not len(exact):
        return links
    return pd.concat([links, exact]).sort_values(["one", "other"], ignore_index=True)


def table_rows(groups: pd.DataFrame, numbers: np.ndarray, names: pd.Index, short: np.ndarray) -> pd.DataFrame:
    """Return the table of `group_versions` for articles with these numbers and names.

    `groups` is what `grouped` gives, with names in the column `copy_of`; `short` says whose texts are too short.
    """
    found = groups.set_index("number").reindex(numbers)
    in_group = (found["group"].fillna(0) > 0).to_numpy()
    table = pd.DataFrame(
        {
            "version_group": found["group"].where(in_group).astype("Int64"),
            "versions": found["versions"].where(in_group, 1).astype("int64"),
            "score": found["score"].where(in_group).astype(float),
            "copy_of": found["copy_of"].fillna("").astype(str),
            "note": pd.Series(np.where(short, TOO_SHORT, ""), found.index, dtype=str),
        }
    )
    return table.set_axis(names)[TABLE]


def named_links(links: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """Return links with the names of the articles in place of their numbers."""
    one, other = (names.to_numpy()[links[name].to_numpy(np.int64)] for name in ("one", "other"))
    return links.assign(article_id=one, other_id=other).astype({"article_id": str, "other_id": str})[LINKS]
