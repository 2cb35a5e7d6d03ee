"""Parts of a corpus go in; the source of every spun article that names none comes out, without comparing all with all.

The steps, each on one part: `terms` (the keys of every article, and what the scorer must know of it), `weights` (how
rare each term is in the whole corpus), `join` (keys brought together: who has one in common with whom), `choose` (the
references that share most with a spun article), `send_terms` (theirs, to where the spun article is), `score`.

The scorer is that of `helpers.sources`, so that a score says the same, and “none of these” is said at the same
threshold. An article is known by its number (see `shuffle`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from helpers.scale.shuffle import Grouped, bucket_of, column, numbers_of, part_of, read_group
from helpers.scale.tasks import Given
from helpers.sources.index import (
    BUCKETS,
    CANDIDATES,
    LIKELY,
    Query,
    content_words,
    hashed,
    measures,
    probability,
    query_of,
    term_weights,
    terms_of,
)
from helpers.sources.keys import text_keys
from helpers.sources.meetings import Postings, meetings, pieces, places_of, postings

SENT = CANDIDATES + 10  # references whose terms are sent to a spun article; the scorer takes the best of them
HASHED_AT_ONCE = 200  # articles


def terms(given: Given) -> dict:
    """The keys of the articles that seek a source or may be one, and the terms of those that may be one."""
    articles, taken = given.frame("articles", ["article_id", "role", "reference_id", "text"]), _taken(given)
    numbers = numbers_of(given.part, len(articles))
    keys, owners, seekers, references = [], [], [], []
    rows, waiting = [], []
    for number, article_id, role, declared, text in _numbered(numbers, articles):
        seeks = role == "spun"
        if (seeks and declared) or number in taken:
            continue
        found = given.care.attempt(article_id, _keys_and_terms, text, not seeks)
        if found is not None:
            keys.append(found[0])
            owners.append(number)
            seekers.append(seeks)
            if not seeks:
                references.append(number)
                waiting.append(found[1])
        if len(waiting) == HASHED_AT_ONCE:
            rows += _hash_all(waiting)
            waiting = []
    rows += _hash_all(waiting)
    sizes = [len(part) for part in keys]
    every = np.concatenate(keys) if keys else np.empty(0, np.uint64)
    table = pa.table(
        {
            "key": every,
            "number": np.repeat(np.array(owners, np.int64), sizes),
            "seeks": np.repeat(np.array(seekers, bool), sizes),
        }
    )
    seen, times = np.unique(np.concatenate(rows) if rows else np.empty(0, np.int32), return_counts=True)
    lists = pa.array(rows, pa.list_(pa.int32()))
    return {
        "keys": Grouped(table, bucket_of(every, given.settings["buckets"]), given.settings["buckets"]),
        "terms": pa.table({"number": pa.array(references, pa.int64()), "terms": lists}),
        "seen": pa.table({"term": seen.astype(np.int32), "articles": times.astype(np.int64)}),
        "facts": {"references": len(references)},
    }


def _numbered(numbers: np.ndarray, articles: pd.DataFrame) -> Iterator[tuple[int, str, str, str, str]]:
    """The articles of a part, one by one: number, id, role, declared reference, text."""
    cells = (articles[name] for name in ("article_id", "role", "reference_id", "text"))
    yield from zip(numbers.tolist(), *cells, strict=True)


def _taken(given: Given) -> set[int]:
    """The numbers of articles whose id another one has taken."""
    links = given.group("links")
    return set(column(links, "number")[column(links, "reference") < 0].tolist())


def _keys_and_terms(text: str, may_be_source: bool) -> tuple[np.ndarray, list[str]]:
    sentences = content_words(text)
    return text_keys(text, sentences), terms_of(sentences) if may_be_source else []


def _hash_all(documents: list[list[str]]) -> list[np.ndarray]:
    """The hashed terms of each document, in order."""
    if not documents:
        return []
    matrix = hashed(documents)
    matrix.sort_indices()
    return np.split(matrix.indices, matrix.indptr[1:-1])


def weights(given: Given) -> dict:
    """The weight of every term, from all parts' counts."""
    articles = np.zeros(BUCKETS, np.int64)
    for path in given.paths["seen"]:  # one by one: all together they grow with the corpus
        seen = read_group([path])
        articles[column(seen, "term")] += column(seen, "articles")
    return {"weights": pa.table({"weight": term_weights(articles, given.counted)})}


def join(given: Given) -> dict:
    """Which spun article has which references' keys, of one bucket of keys; what is shared weighs by its rarity."""
    rows = given.group("keys")
    keys, numbers, seeks = (column(rows, name) for name in ("key", "number", "seeks"))
    found = postings(keys[~seeks], numbers[~seeks], given.counted)
    asked, spun = keys[seeks], numbers[seeks]
    order = np.argsort(spun, kind="stable")
    asked, spun = asked[order], spun[order]
    hit, place = places_of(found, asked)
    spun = spun[hit]
    votes = [_votes(found, place[:0], spun[:0])]
    for start, end in pieces(found, place, spun):
        votes.append(_votes(found, place[start:end], spun[start:end]))
        given.tell("")
    table = pa.concat_tables(votes).combine_chunks()
    parts = given.settings["parts"]
    return {"votes": Grouped(table, part_of(column(table, "spun")), parts)}


def _votes(found: Postings, place: np.ndarray, spun: np.ndarray) -> pa.Table:
    """Every pair of a spun article and a reference with a key in common, once, and what its keys weigh together."""
    who, whom, weight = meetings(found, place, spun)
    return pa.table({"spun": who, "reference": whom, "weight": weight})


def choose(given: Given) -> dict:
    """The references that share most with each spun article of this part."""
    votes = given.group("votes").to_pandas()
    summed = votes.groupby(["spun", "reference"], as_index=False)["weight"].sum()
    best = summed.sort_values(["spun", "weight", "reference"], ascending=[True, False, True]).groupby("spun").head(SENT)
    table = pa.table({"spun": best["spun"].to_numpy(np.int64), "reference": best["reference"].to_numpy(np.int64)})
    return {"chosen": Grouped(table, part_of(column(table, "reference")), given.settings["parts"])}


def send_terms(given: Given) -> dict:
    """The terms of the chosen references of this part, once to every part that asked for them."""
    chosen = given.group("chosen")
    asked = pd.DataFrame({"to": part_of(column(chosen, "spun")), "reference": column(chosen, "reference")})
    asked = asked.drop_duplicates()
    own = given.whole("terms")
    rows = np.searchsorted(column(own, "number"), asked["reference"].to_numpy())
    return {"terms": Grouped(own.take(pa.array(rows)), asked["to"].to_numpy(), given.settings["parts"])}


def score(given: Given) -> dict:
    """The pairs of this part: those that were declared, and for the others the best reference where one is likely.

    `wanted` has the numbers of the references, for the part that has their texts.
    """
    articles = given.frame("articles", ["article_id", "role", "reference_id", "text"])
    links = given.group("links")
    linked = dict(zip(column(links, "number").tolist(), column(links, "reference").tolist(), strict=True))
    numbered = _numbered(numbers_of(given.part, len(articles)), articles)
    spun = [row for row in numbered if row[2] == "spun" and linked.get(row[0], 0) >= 0]
    finder = _Finder(given) if "sent" in given.paths else None
    pairs = []
    for number, article_id, _, declared, text in spun:
        if number in linked:
            pairs.append((article_id, linked[number], "declared", np.nan))
        elif declared:
            given.care.attempt(article_id, _no_such_reference, declared)
        elif finder:
            found = given.care.attempt(article_id, finder.find, number, text)
            if found:
                pairs.append((article_id, *found))
    wanted = np.array([pair[1] for pair in pairs], np.int64)
    table = pa.table(
        {
            "spun_id": pa.array([pair[0] for pair in pairs], pa.string()),
            "reference": wanted,
            "how": pa.array([pair[2] for pair in pairs], pa.string()),
            "score": pa.array([pair[3] for pair in pairs], pa.float64()),
        }
    )
    asked = np.unique(wanted)
    grouped = Grouped(
        pa.table({"to": np.full(len(asked), given.part), "reference": asked}), part_of(asked), given.settings["parts"]
    )
    return {"pairs": table, "wanted": grouped, "facts": {"pairs": len(pairs)}}


def _no_such_reference(reference_id: str) -> None:
    raise LookupError(f"the reference_id {reference_id!r} is not there")


class _Finder:
    """Finds the best of the references that were chosen for a spun article, with the scorer of `helpers.sources`."""

    def __init__(self, given: Given) -> None:
        sent = given.whole("chosen").to_pandas()
        self.chosen = {spun: np.sort(rows.to_numpy()) for spun, rows in sent.groupby("spun")["reference"]}
        rows = given.group("sent")
        order = np.argsort(column(rows, "number"))
        rows = rows.take(pa.array(order))
        self.numbers = column(rows, "number")
        lists = rows["terms"].combine_chunks()
        self.ends, self.terms = lists.offsets.to_numpy(), lists.values.to_numpy()
        self.weights = column(given.whole("weights"), "weight")
        self.asked = np.zeros(BUCKETS, np.float32)
        self.least = min(CANDIDATES, given.counted)

    def find(self, number: int, text: str) -> tuple[int, str, float] | None:
        """The number of the likely source of a text, how it was come by, and its score."""
        chosen = self.chosen.get(number)
        if chosen is None:
            return None
        query = query_of(text, self.weights)
        places = np.searchsorted(self.numbers, chosen)
        rows = [self.terms[self.ends[place] : self.ends[place + 1]] for place in places.tolist()]
        best = self._candidates(query, rows)
        measured = self._measures(query, [rows[place] for place in best])
        scores, pairs = probability(measured), measured[1]
        first = np.lexsort([-pairs, -scores])[0]
        if pairs[first] <= 0 or scores[first] < LIKELY:
            return None
        return int(chosen[best[first]]), "found", float(scores[first])

    def _candidates(self, query: Query, rows: list[np.ndarray]) -> list[int]:
        """The rows that share the most weight with the text, as `SourceIndex` takes them."""
        asked = np.unique(np.concatenate([query.words.indices, query.pairs.indices]))
        self.asked[asked] = self.weights[asked]
        shared = [self.asked[row].sum() for row in rows]
        self.asked[asked] = 0
        return np.sort(np.argsort(-np.array(shared), kind="stable")[:CANDIDATES]).tolist()

    def _measures(self, query: Query, rows: list[np.ndarray]) -> np.ndarray:
        """The measures of some articles; empty ones stand in for those that share nothing."""
        rows = rows + [np.empty(0, np.int32)] * (self.least - len(rows))
        ends = np.cumsum([0, *map(len, rows)])
        has = np.concatenate(rows)
        matrix = sparse.csr_matrix((np.ones(len(has), np.float32), has, ends), shape=(len(rows), BUCKETS))
        return measures(query, matrix, np.sqrt([(self.weights[row].astype(np.float64) ** 2).sum() for row in rows]))
