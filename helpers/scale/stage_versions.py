"""Parts of a corpus go in; the versions of every source that nobody has come out, without comparing all with all.

The steps, each on one part or bucket: `sketch` (the content words of every article that may be a version), `common`
(sentences that everybody has, and copies), `outlines` (articles without these, and their keys), `meet` (who has keys in
common with whom), `pick` (those that an article is compared with), `send_outlines` (to where the other article is),
`compare`, `join` (all links, into groups), `tell` (the table).

Each does what `helpers.sources.versions` does with all articles at once, so that the tables are the same.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.scale.shuffle import Grouped, bucket_of, column, numbers_of, part_of
from helpers.scale.tasks import Given
from helpers.sources.index import content_words
from helpers.sources.keys import Words, keys_of, text_words
from helpers.sources.outlines import NO_WORDS, SHORTEST, Outline, everybodys, outline, own_words, put_together
from helpers.sources.version_groups import grouped
from helpers.sources.versions import (
    LINKS,
    TABLE,
    chosen,
    exact_copies,
    links_between,
    met,
    table_rows,
    with_copies,
)

STRINGS = ["article_id", "other_id", "kind"]


def sketch(given: Given) -> dict:
    """The content words of the articles that may be versions, and all their sentences and texts as numbers."""
    articles = given.frame("articles", ["article_id", "role", "text"])
    links = given.group("links")
    taken = set(column(links, "number")[column(links, "reference") < 0].tolist())
    rows: list[tuple[int, str, Words, Outline]] = []
    cells = zip(numbers_of(given.part, len(articles)).tolist(), *(articles[name] for name in articles), strict=True)
    for number, article_id, role, text in cells:
        if role == "reference" or number in taken:
            continue
        words = given.care.attempt(article_id, _words, text)
        if words is not None:
            rows.append((number, article_id, words, outline(words)))
    numbers = np.array([row[0] for row in rows], np.int64)
    texts = np.array([row[3].text for row in rows], np.uint64)
    ids = pa.array([row[1] for row in rows], pa.string())
    same = _flat([row[3].same for row in rows], np.uint64)
    owners = np.repeat(texts, [len(row[3].same) for row in rows])
    buckets = given.settings["buckets"]
    return {
        "words": pa.table({"number": numbers, "article_id": ids} | _columns([row[2] for row in rows], NO_WORDS)),
        "sentences": Grouped(pa.table({"same": same, "text": owners}), bucket_of(same, buckets), buckets),
        "texts": Grouped(
            pa.table({"text": texts, "number": numbers, "article_id": ids}), bucket_of(texts, buckets), buckets
        ),
        "facts": {"articles": len(rows)},
    }


def _words(text: str) -> Words:
    return text_words(text, content_words(text))


def _flat(arrays: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.empty(0, kind), *arrays])


def _columns(rows: list[Any], like: Any) -> dict[str, pa.Array]:
    """The fields of named tuples of arrays, each as a column of lists; `like` is an empty one."""
    columns = {}
    for at, name in enumerate(like._fields):
        ends = np.cumsum([0, *(len(row[at]) for row in rows)])
        flat = pa.array(_flat([row[at] for row in rows], like[at].dtype))
        columns[name] = pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), flat)
    return columns


def _rows(table: pa.Table, like: Any) -> list[Any]:
    """The named tuples of arrays that `_columns` was given."""
    columns = []
    for name, empty in zip(like._fields, like, strict=True):
        lists = table[name].combine_chunks()
        ends = lists.offsets.to_numpy()
        flat = lists.values.to_numpy(zero_copy_only=False).astype(empty.dtype, copy=False)
        columns.append([flat[a:b] for a, b in pairwise(ends)])
    return [type(like)(*cells) for cells in zip(*columns, strict=True)]


def common(given: Given) -> dict:
    """The sentences of this bucket that everybody has; and who is a copy of whom, word for word."""
    sentences, texts = given.group("sentences"), given.group("texts")
    numbers, parts = column(texts, "number"), given.settings["parts"]
    first = exact_copies(column(texts, "text"), numbers)
    again = np.flatnonzero(first != numbers)
    copies = pa.table(
        {"first": first[again], "number": numbers[again], "article_id": texts["article_id"].take(pa.array(again))}
    )
    return {
        "common": pa.table({"same": everybodys(column(sentences, "same"), column(sentences, "text"))}),
        "copies": Grouped(copies.select(["number"]), part_of(numbers[again]), parts),
        "originals": Grouped(copies, part_of(first[again]), parts),
    }


def outlines(given: Given) -> dict:
    """The outlines of this part's articles without what everybody has, their keys, and who is too short."""
    words = given.whole("words")
    everybody = np.sort(column(given.whole("common"), "same"))
    found, keys, short = [], [], []
    copies = set(column(given.group("copies"), "number").tolist())
    numbers = column(words, "number")
    for number, text in zip(numbers.tolist(), _rows(words, NO_WORDS), strict=True):
        own = own_words(text, outline(text).same, everybody)
        found.append(outline(own))
        short.append(found[-1].words < SHORTEST)
        keys.append(NO_WORDS.keys if short[-1] or number in copies else keys_of(own))
    every = _flat(keys, np.uint64)
    owners = np.repeat(numbers, [len(some) for some in keys])
    buckets = given.settings["buckets"]
    named = {"number": numbers, "article_id": words["article_id"].combine_chunks()}
    return {
        "outlines": pa.table(named | _columns(found, outline(NO_WORDS))),
        "names": pa.table(named | {"short": np.array(short, bool)}),
        "keys": Grouped(pa.table({"key": every, "number": owners}), bucket_of(every, buckets), buckets),
    }


def meet(given: Given) -> dict:
    """Who has keys of this bucket in common with whom."""
    rows = given.group("keys")
    none = np.empty(0, np.int64)
    found = [(none, none, none.astype(np.float32)), *met(column(rows, "key"), column(rows, "number"), given.counted)]
    who, whom, weight = (np.concatenate(cells) for cells in zip(*found, strict=True))
    table = pa.table({"who": who, "whom": whom, "weight": weight})
    return {"votes": Grouped(table, part_of(who), given.settings["parts"])}


def pick(given: Given) -> dict:
    """Those that each article of this part is compared with: to the part of the first of two, and of the second."""
    votes = given.group("votes")
    who, whom, full = chosen(column(votes, "who"), column(votes, "whom"), column(votes, "weight"), given.counted)
    pairs = pa.table({"one": np.minimum(who, whom), "other": np.maximum(who, whom)})
    parts = given.settings["parts"]
    return {
        "wanted": Grouped(pairs, part_of(column(pairs, "one")), parts),
        "asked": Grouped(pairs, part_of(column(pairs, "other")), parts),
        "full": pa.table({"number": full}),
    }


def send_outlines(given: Given) -> dict:
    """The outlines of this part's articles, once to every other part that compares them."""
    asked = given.group("asked").to_pandas()
    asked = asked.assign(to=part_of(asked["one"].to_numpy(np.int64)))[["to", "other"]].drop_duplicates()
    asked = asked[asked["to"] != given.part]
    own = given.whole("outlines")
    rows = np.searchsorted(column(own, "number"), asked["other"].to_numpy())
    return {"sent": Grouped(own.take(pa.array(rows)), asked["to"].to_numpy(np.int64), given.settings["parts"])}


def compare(given: Given) -> dict:
    """The links of this part's articles with those of higher numbers, and with their copies."""
    own = given.whole("outlines")
    both = pa.concat_tables([own, given.group("sent")])
    both = both.take(pa.array(np.argsort(column(both, "number"), kind="stable")))
    numbers = column(both, "number")
    wanted = given.group("wanted").to_pandas().drop_duplicates().sort_values(["one", "other"])
    places = [np.searchsorted(numbers, wanted[name].to_numpy(np.int64)) for name in ("one", "other")]
    found = links_between(put_together(_rows(both, outline(NO_WORDS))), *places)
    found = found.assign(one=numbers[found["one"]], other=numbers[found["other"]])
    originals = given.group("originals")
    first, copies = column(originals, "first"), column(originals, "number")
    found = with_copies(found, first, copies)
    names = dict(zip(numbers.tolist(), both["article_id"].to_pylist(), strict=True))
    names |= dict(zip(copies.tolist(), originals["article_id"].to_pylist(), strict=True))
    ids = {name: found[at].map(names) for name, at in (("article_id", "one"), ("other_id", "other"))}
    found = found.assign(**ids).astype(dict.fromkeys(STRINGS, str))
    links = pa.Table.from_pandas(found[["one", "other", "kind", "score", "article_id"]], preserve_index=False)
    return {"links": links, "version_links": found[LINKS].reset_index(drop=True)}


def join(given: Given) -> dict:
    """All links, joined into groups; to each part what is said of its articles."""
    links = given.whole("links").to_pandas().sort_values(["one", "other"], ignore_index=True)
    found = grouped(links, column(given.whole("full"), "number"), column(given.whole("copies"), "number"))
    names = links.drop_duplicates("one").set_index("one")["article_id"]
    found = found.assign(copy_of=found["copy_of"].map(names).fillna("").astype(str))
    table = pa.Table.from_pandas(found, preserve_index=False)
    return {"groups": Grouped(table, part_of(column(table, "number")), given.settings["parts"])}


def tell(given: Given) -> dict:
    """The table of versions, for the articles of this part."""
    named = given.whole("names").to_pandas()
    groups = given.group("groups").to_pandas()
    names = pd.Index(named["article_id"].astype(str), name="article_id")
    table = table_rows(groups, named["number"].to_numpy(np.int64), names, named["short"].to_numpy(bool))
    return {"versions": table[TABLE]}
