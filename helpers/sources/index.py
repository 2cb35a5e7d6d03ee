"""Reference articles and a spun text go in; the articles it was taken from come out, best first, with the evidence.

A spinner leaves names, numbers, rare words and the order of what it leaves alone. So an article is indexed by its
content words and by the ordered pairs of content words that stand close together in a sentence; a pair of rare
words in the same order hardly ever happens twice. Both are hashed (Weinberger et al. 2009) and weighted by how few
articles have them (inverse document frequency, Spärck Jones 1972). A text may be an extract, or merged from several
articles: therefore every sentence is asked for, and an article's share is the part of the text that it explains.

Whether an article is a source at all is read off three things: how much of the text's pairs it has throughout (a
rival report has a few sentences whole), how much of its words the nearest article has (an article on the same subject
has words, and few of their pairs), and how far its cosine with the text (of weighted terms, Salton and Buckley 1988) is
ahead of what the other articles have.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import expit

from helpers.display.masking import mask_part, masked_spans
from helpers.files.atomic import write_file
from helpers.mapping.table import MappingTable
from helpers.restoration.restore import restore
from helpers.sources.queries import search_queries
from helpers.text.english import is_content_word
from helpers.text.spans import ADDRESS, Span, covering, overlaps, sentence_spans, tokens

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import HashingVectorizer

__all__ = ["SourceIndex", "describe", "search_queries"]

REACH = 3  # a content word is paired with so many that follow it in its sentence: one between them may be spun
BUCKETS = 2**22  # of the hash; 10,000 articles fill about a quarter, and a wrong meeting costs one pair of hundreds
CANDIDATES = 30  # articles looked at sentence by sentence
EXPLAINED = 0.15  # an article explains a sentence if it has this part of the weight of the sentence's pairs
# From what is found to a probability: fitted by `python -m benchmarks.sources --fit` on spun texts of the train
# sources and on real near texts, whole, cut and merged, with and without their source in the index.
SCALE = {"intercept": -7.45, "pairs": 4.89, "log_throughout": 1.89, "log_nearest": -6.15, "ahead": 3.76}
LIKELY = 0.5  # where no article reaches it, the answer is "none of these"
MEASURES = ("share", "pairs", "throughout", "nearest", "ahead")
# Where a logarithm begins: below it a measure is a handful of chance meetings; and the most that being ahead says.
LEAST_PAIRS, LEAST_NEAREST, LEAST_COSINE, MOST_AHEAD = 0.01, 0.2, 0.02, 2.0
LEAST_BEHIND = 0.05  # a cosine: to be ahead of articles on other things, or of none, says little
REPEATED = 4  # one sentence in so many may stand in an article that is no source: what every report repeats
COPIES = 4  # an article is ahead of the best but a quarter of the candidates: copies of a source do not hide it
SHARED_WORDS, RUN_WORDS = 6, 14  # shown as evidence, at most

COLUMNS = ["article_id", "score", "share", "likely", "evidence"]
LIST, FORMAT = "index.json", 1
OF_AN_INDEX = re.compile(r"(?:draft-)?segment-[0-9a-f]{16}\.npz")


class SourceIndexError(ValueError):
    """A saved index cannot be read."""


class Query(NamedTuple):
    """A text as it is looked for: its content words sentence by sentence, and their hashed words and pairs."""

    text: str
    sentences: list[list[tuple[str, Span]]]
    words: sparse.csr_matrix  # a row a sentence, as `pairs`; the weights of the terms as values
    pairs: sparse.csr_matrix


def content_words(text: str) -> list[list[tuple[str, Span]]]:
    """Return the content words of each sentence, folded, with their places; e-mail and web addresses are left out.

    >>> [[word for word, _ in sentence] for sentence in content_words("Kim met Xi in Beijing. They spoke.")]
    [['kim', 'met', 'xi', 'beijing'], ['spoke']]
    """
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    found = tokens(text)
    if addresses:
        found = [token for token in found if not overlaps(addresses, token.start, token.end)]
    sentences, position = [], 0
    for _, end in sentence_spans(text):
        words = []
        while position < len(found) and found[position].start < end:
            token = found[position]
            if is_content_word(token.fold):
                words.append((token.fold, (token.start, token.end)))
            position += 1
        sentences.append(words)
    return sentences


def ordered_pairs(words: list[str]) -> list[str]:
    """Return the pairs of words that stand close together, in their order.

    >>> ordered_pairs(["kim", "met", "xi"])
    ['kim met', 'kim xi', 'met xi']
    """
    return [f"{word} {other}" for place, word in enumerate(words) for other in words[place + 1 : place + 1 + REACH]]


@cache
def _hasher() -> "HashingVectorizer":
    # Here, since it takes a second, and a worker at scale that has no source to find need not wait for it.
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer=lambda found: found, n_features=BUCKETS, alternate_sign=False, norm=None, binary=True, dtype=np.float32
    )


def hashed(documents: Iterable[list[str]]) -> sparse.csr_matrix:
    """Return terms as the index knows them: a row a document, a column for each hash."""
    return _hasher().transform(documents)


def _article_terms(text: str) -> list[str]:
    return terms_of(content_words(text))


def terms_of(sentences: list[list[tuple[str, Span]]]) -> list[str]:
    """Return the words and ordered pairs of a text's `content_words`, as often as they stand."""
    words_of = [[word for word, _ in sentence] for sentence in sentences]
    return [term for words in words_of for term in words + ordered_pairs(words)]


def term_weights(articles: np.ndarray, count: int) -> np.ndarray:
    """Return what a term weighs that so many of `count` articles have: the log of the inverse share, at least 0."""
    return np.maximum(np.log((count + 1) / (articles + 0.5)).astype(np.float32), 0)


def query_of(text: str, weights: np.ndarray) -> Query:
    """Return a text as it is looked for, its terms weighted."""
    sentences = content_words(text)
    words = [[word for word, _ in sentence] for sentence in sentences]
    found = [hashed(words), hashed(map(ordered_pairs, words))]
    for matrix in found:
        # In double precision: sums of single ones differ with their order, which is another one at scale.
        matrix.data = weights[matrix.indices].astype(np.float64)
    return Query(text, sentences, *found)


def measures(query: Query, rows: sparse.csr_matrix, lengths: np.ndarray) -> np.ndarray:
    """Return the rows of `MEASURES`, a column for each article in `rows`, whose vectors have these `lengths`.

    `share`: the part of the text in sentences that the article explains; `pairs`: the part of the text's pairs that
    the article has, by their squared weights; `throughout`: the same without the quarter of the sentences that
    share most; `nearest`: the part of the text's words that the article with most of them has (one figure for all, so
    that more is never worse); `ahead`: how far (log) the article's cosine with the text is above
    what most other articles have.
    """
    query, rows = _narrowed(query, rows)
    shared = (query.pairs @ rows.T).toarray()
    total = np.asarray(query.pairs.sum(axis=1)).reshape(-1, 1)
    explained = shared >= EXPLAINED * np.maximum(total, 1e-9)
    share = (total * explained).sum(axis=0) / max(total.sum(), 1e-9)
    throughout = _throughout(query.pairs.power(2), rows)
    (words, all_words), (pairs, all_pairs) = _shared(query.words, rows), _shared(query.pairs, rows)
    cosine = (words + pairs) / np.maximum(np.sqrt(all_words + all_pairs) * lengths, 1e-9)
    nearest = np.full(len(lengths), words.max() / max(all_words, 1e-9))
    return np.stack([share, pairs / max(all_pairs, 1e-9), throughout, nearest, _ahead(cosine)])


def _narrowed(query: Query, rows: sparse.csr_matrix) -> tuple[Query, sparse.csr_matrix]:
    """The same with a column for each of the text's own terms only: nothing is then as wide as the hash."""
    own = np.unique(np.concatenate([query.words.indices, query.pairs.indices]))

    def narrow(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        columns = np.searchsorted(own, matrix.indices)
        known = columns < len(own)
        known[known] = own[columns[known]] == matrix.indices[known]
        ends = np.concatenate([[0], np.cumsum(known)])[matrix.indptr]
        return sparse.csr_matrix((matrix.data[known], columns[known], ends), shape=(matrix.shape[0], len(own)))

    return query._replace(words=narrow(query.words), pairs=narrow(query.pairs)), narrow(rows)


def _shared(terms: sparse.csr_matrix, rows: sparse.csr_matrix) -> tuple[np.ndarray, float]:
    """Of a text's terms, each once: the squared weights of those that each article has, and of all."""
    squares = np.zeros(terms.shape[1])
    squares[terms.indices] = terms.data.astype(np.float64) ** 2
    return rows @ squares, float(squares.sum())


def _throughout(pairs: sparse.csr_matrix, rows: sparse.csr_matrix) -> np.ndarray:
    """The part of a text's pairs that each article has in the sentences that are left without those that share most."""
    found, total = (pairs @ rows.T).toarray(), np.asarray(pairs.sum(axis=1)).ravel()
    left = np.argsort(-found, axis=0, kind="stable")[len(total) // REPEATED :]
    return np.take_along_axis(found, left, axis=0).sum(axis=0) / np.maximum(total[left].sum(axis=0), 1e-9)


def _ahead(cosine: np.ndarray) -> np.ndarray:
    """How far cosines are above the best of those that are left without the best quarter, at least two (log).

    Two, for a text may be merged from two articles.
    """
    skipped = max(2, len(cosine) // COPIES)
    behind = np.sort(cosine)[::-1][skipped] if len(cosine) > skipped else 0.0
    return np.log((cosine + LEAST_COSINE) / (max(behind, LEAST_BEHIND) + LEAST_COSINE))


def probability(measured: np.ndarray) -> np.ndarray:
    """Return the probability that articles with these `measures` are sources."""
    return expit(SCALE["intercept"] + sum(SCALE[name] * values for name, values in scaled(measured).items()))


def scaled(measured: np.ndarray) -> dict[str, np.ndarray]:
    """Return what the scale weighs, by name, from the rows of `measures`."""
    _, pairs, throughout, nearest, ahead = measured
    return {
        "pairs": pairs,
        "log_throughout": np.log(throughout + LEAST_PAIRS),
        "log_nearest": np.log(np.maximum(nearest, LEAST_NEAREST)),
        "ahead": np.minimum(ahead, MOST_AHEAD),
    }


class SourceIndex:
    """Finds the articles that a text was taken from, among those it was given.

    `references` is a table of articles (index `article_id`, column `text`; the result of `load_articles` will do),
    or a series of texts by article_id. Rows of the role spun are left out. Articles can be added later without
    making the index anew; `save` writes only what is new.

    >>> texts = pd.Series({"sea": "The Dead Sea is salty. Rivers bring salt.", "bike": "Mend the puncture with glue."})
    >>> SourceIndex(texts).find("The Dead Sea is briny. Rivers convey salt.")["article_id"].tolist()
    ['sea']
    """

    def __init__(self, references: pd.DataFrame | pd.Series | Mapping[str, str] | None = None) -> None:
        """Index the references; raises ValueError for an article_id that is there twice or a text that is none."""
        self.article_ids: list[str] = []
        self._segments: list[sparse.csr_matrix] = []
        self._known: set[str] = set()
        self._built: tuple | None = None
        if references is not None:
            self.add(references)

    def __len__(self) -> int:
        """The number of articles in the index."""
        return len(self.article_ids)

    def add(self, references: pd.DataFrame | pd.Series | Mapping[str, str]) -> "SourceIndex":
        """Add articles; nothing that is there already is read again. Returns the index itself.

        Raises ValueError for an article_id that is there already or comes twice, and for a text that is none.
        """
        texts = _texts(references)
        twice = [article_id for article_id in texts.index if article_id in self._known]
        if twice or texts.index.has_duplicates:
            name = twice[0] if twice else texts.index[texts.index.duplicated()][0]
            raise ValueError(f"the article {name!r} is in the index already. Mend: give each article an id of its own.")
        if len(texts):
            self._segments.append(hashed(map(_article_terms, texts)))
            self.article_ids += texts.index.tolist()
            self._known |= set(texts.index)
            self._built = None
        return self

    def find(self, text: str, top: int = 10, mapping: MappingTable | pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the articles that a text was probably taken from, best first, at most `top`.

        Columns: `article_id`; `score`, the probability that the text, or a good part of it, was taken from this
        article; `share`, the part of the text (by the weight of its terms) in sentences that it explains; `likely`
        (score at least 0.5): where no row is likely the answer is “none of these”, and `describe` says so;
        `evidence`, the rarest shared words and the longest run of them in unchanged order.

        With a mapping table the text is looked for as it stands and as `restore` puts it back, by counts alone, which
        take some hundredths of a second; an article counts by the better of the two. Raises ValueError where `top` is
        below 1, and for a `mapping` without the columns `spun` and `original`.
        """
        if top < 1:
            raise ValueError(f"top is the number of articles wanted, at least 1, not {top}")
        readings = (
            [text] if mapping is None else [text, restore(text, mapping, thesaurus=False, language_model=False).text]
        )
        if not len(self) or not any(map(content_words, readings)):
            return pd.DataFrame(columns=COLUMNS)
        queries = [query_of(reading, self._matrices()[2]) for reading in readings]
        chosen = self._candidates(queries)
        measured = np.stack([self._measures(query, chosen) for query in queries])
        share, pairs, *_ = measured.max(axis=0)
        score = np.max([probability(reading) for reading in measured], axis=0)
        ranked = np.lexsort([-pairs, -score])[:top]
        ranked = ranked[pairs[ranked] > 0]
        return pd.DataFrame(
            {
                "article_id": pd.Series([self.article_ids[number] for number in chosen[ranked]], dtype=str),
                "score": score[ranked],
                "share": share[ranked],
                "likely": score[ranked] >= LIKELY,
                "evidence": pd.Series([self._evidence(queries[-1], number) for number in chosen[ranked]], dtype=str),
            }
        )

    def save(self, folder: str | Path) -> Path:
        """Write the index to a folder; segments that are there already are not written again.

        Every file is complete or not there: the list of segments is replaced last, and only then are segments that
        it no longer names removed. So a crash or a full disk leaves what was saved before.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        names = [_segment_name(segment) for segment in self._segments]
        for name, segment in zip(names, self._segments, strict=True):
            if not (folder / name).exists():
                draft = folder / f"draft-{name}"
                sparse.save_npz(draft, segment)
                os.replace(draft, folder / name)
        listed = {
            **{"format": FORMAT, "buckets": BUCKETS, "reach": REACH, "segments": names},
            "article_ids": self.article_ids,
        }
        write_file(folder / LIST, json.dumps(listed, ensure_ascii=False))
        for path in folder.iterdir():
            if OF_AN_INDEX.fullmatch(path.name) and path.name not in names:
                path.unlink()
        return folder

    @classmethod
    def open(cls, folder: str | Path) -> "SourceIndex":
        """Open a saved index, to search it or add to it. Raises SourceIndexError that names the file and the mend."""
        path = Path(folder) / LIST
        try:
            listed = json.loads(path.read_text(encoding="utf-8"))
            if (listed["format"], listed["buckets"], listed["reach"]) != (FORMAT, BUCKETS, REACH):
                raise SourceIndexError(f"{path}: made by another version. Mend: index the articles again and save.")
            index = cls()
            index.article_ids = [str(name) for name in listed["article_ids"]]
            for name in listed["segments"]:
                path = Path(folder) / name
                index._segments.append(sparse.load_npz(path).tocsr())
        except SourceIndexError:
            raise
        except FileNotFoundError:
            raise SourceIndexError(f"{path} is not there. Mend: save the index to this folder first.") from None
        except Exception as error:  # a damaged file makes its reader raise almost anything
            raise SourceIndexError(f"{path} is damaged ({error}). Mend: index the articles again and save.") from error
        index._known = set(index.article_ids)
        if sum(segment.shape[0] for segment in index._segments) != len(index):
            raise SourceIndexError(f"{folder}: its list and its segments disagree. Mend: index the articles again.")
        return index

    def _matrices(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix, np.ndarray, np.ndarray]:
        """All articles' terms by article, by term, the weight of each term, and the length of each article's vector.

        They are made when first asked for, and from the terms alone: an index on disk holds nothing else.
        """
        if self._built is None:
            rows = sparse.vstack(self._segments, format="csr")
            postings = rows.T.tocsr()
            articles = np.diff(postings.indptr)
            weights = term_weights(articles, len(self))
            self._built = rows, postings, weights, np.sqrt(rows @ weights.astype(np.float64) ** 2)
        return self._built

    def _measures(self, query: Query, chosen: np.ndarray) -> np.ndarray:
        """The `measures` of some articles, by their numbers."""
        rows, _, _, lengths = self._matrices()
        return measures(query, rows[chosen], lengths[chosen])

    def _candidates(self, queries: list[Query]) -> np.ndarray:
        """The numbers of the articles that share the most weight with any reading of the text."""
        _, postings, weights, _ = self._matrices()
        best = np.zeros(len(self), dtype=np.float32)
        for query in queries:
            asked = np.unique(np.concatenate([query.words.indices, query.pairs.indices]))
            row = sparse.csr_matrix((weights[asked], asked, [0, len(asked)]), shape=(1, BUCKETS))
            best = np.maximum(best, (row @ postings).toarray()[0])
        count = min(CANDIDATES, len(self))
        return np.argpartition(-best, count - 1)[:count]

    def _evidence(self, query: Query, number: int) -> str:
        """The rarest words that the article shares with the text, and their longest run in unchanged order."""
        has = set(self._matrices()[0][[number]].indices.tolist())
        shared: dict[str, tuple[float, str]] = {}
        longest: list[Span] = []
        hidden = [span for span, _ in masked_spans(query.text)]
        for sentence in query.sentences:
            for word, (start, end) in sentence:
                if covering(hidden, start, end) != (start, end):
                    continue  # a part of an address
                bucket = _bucket(word)
                if bucket in has and word not in shared:
                    shared[word] = (-self._matrices()[2][bucket], query.text[start:end])
            longest = max(longest, _longest_run(sentence, has), key=len)
        rarest = [shown for _, shown in sorted(shared.values(), key=lambda pair: pair[0])[:SHARED_WORDS]]
        parts = [f"shared words: {', '.join(rarest)}"] if rarest else []
        if len(longest) > 1:
            run = " ".join(mask_part(query.text, longest[0][0], longest[-1][1]).split())
            parts.append(f"in unchanged order: “{' '.join(run.split(' ')[:RUN_WORDS])}”")
        return "; ".join(parts)


@lru_cache(maxsize=500_000)
def _bucket(term: str) -> int:
    """The column of one term: what the vectoriser does, without its ceremony."""
    from sklearn.utils import murmurhash3_32

    return abs(murmurhash3_32(term, seed=0)) % BUCKETS


def _longest_run(sentence: list[tuple[str, Span]], has: set[int]) -> list[Span]:
    """The longest run of a sentence's content words in which each two neighbours are neighbours in the article too."""
    longest: list[Span] = []
    run = [sentence[0][1]] if sentence else []
    for (one, _), (other, place) in pairwise(sentence):
        run = [*run, place] if _bucket(f"{one} {other}") in has else [place]
        longest = max(longest, run, key=len)
    return longest


def describe(found: pd.DataFrame) -> str:
    """Return in a sentence what `SourceIndex.find` found: the source, several sources, or none of these.

    >>> describe(pd.DataFrame({"article_id": ["sea"], "score": [0.2], "share": [0.1], "likely": [False]}))
    'None of these: the nearest is sea, with a probability of 0.20.'
    """
    if found.empty:
        return "None of these: no article shares anything with the text."
    likely, best = found[found["likely"]], found.iloc[0]
    if likely.empty:
        return f"None of these: the nearest is {best['article_id']}, with a probability of {best['score']:.2f}."
    named = [f"{row.article_id} ({row.score:.2f}, {row.share:.0%} of the text)" for row in likely.itertuples()]
    return f"Probably taken from {' and '.join(named)}."


def _segment_name(segment: sparse.csr_matrix) -> str:
    """A file name by content, so that two indexes in one folder never take each other's segments for theirs."""
    digest = hashlib.sha256(segment.indptr.tobytes() + segment.indices.tobytes()).hexdigest()
    return f"segment-{digest[:16]}.npz"


def _texts(references: pd.DataFrame | pd.Series | Mapping[str, str]) -> pd.Series:
    if isinstance(references, pd.DataFrame):
        if "text" not in references:
            raise ValueError("the references need a column text, and their article_id as index")
        if "role" in references:
            references = references[references["role"] != "spun"]
        references = references["text"]
    texts = pd.Series(references, dtype=object)
    for article_id, text in texts.items():
        if not isinstance(article_id, str) or not isinstance(text, str):
            raise ValueError(f"the article {article_id!r}: an article is a text with a name, and both are strings")
    return texts
