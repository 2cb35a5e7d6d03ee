"""Is the source of a spun text called likely among texts that are really near to it, and refused where it is absent?

`python -m benchmarks.near_sources` asks with real texts (`near_texts.py`): chapters of a book, manual pages, news. The
index holds the other texts of the same family, or a few of them, once with the source and once without. A rate is here
the share of a text's content words that were changed, with synonyms of the whole thesaurus: heavier spins than those
of the corpus's dictionaries. What the families for training show sets the scale (`python -m benchmarks.sources --fit`).
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from scipy.stats import binomtest

from benchmarks.dictionaries import from_thesaurus
from benchmarks.near_texts import counts, families
from helpers.align import line_spans, sentence_spans
from helpers.files.atomic import write_file
from helpers.sources import SourceIndex
from helpers.sources.index import content_words
from helpers.spinner import Spinner
from helpers.text.spans import tokens

RESULTS = Path(__file__).parent / "results"
RATES = (0.3, 0.5, 0.7)
LEARNT_RATES = (0.0, 0.15, 0.4, 0.55, 0.7)  # what the scale is fitted on
ASKED = 12  # texts of a family
FEW = (1, 8)  # other texts in a small index
REPEATED = (0.05, 0.25)  # of a text's sentences in its rival
PASSAGE = 40  # words of a passage, at least
DICTIONARIES = 3  # of each family, drawn from the thesaurus


class Asked(NamedTuple):
    """A spun text, an index, and whether the index has its source."""

    family: str
    source: str
    form: str  # whole; extract: the middle third of the paragraphs; passage: one paragraph, or a few short ones
    rate: float
    text: str
    index: SourceIndex
    holds: str  # what the index holds: the family, a few of it, a few of all families, or these and a rival
    there: bool


def asked(half: str, found: dict[str, pd.Series], count: int = ASKED, rates=RATES) -> Iterator[Asked]:
    """Yield the questions of one half, `train` or `test`, about so many texts of each of its families."""
    everywhere = [SourceIndex(texts.iloc[[number]]) for texts in found.values() for number in range(0, len(texts), 5)]
    for family, texts in found.items():
        words = {token.fold for text in texts for token in tokens(text)}
        books = [from_thesaurus(words, f"{half}{family}{number}", coverage=1.0) for number in range(DICTIONARIES)]
        one_by_one = {source: SourceIndex(texts[[source]]) for source in texts.index}
        rng = random.Random(f"{half}{family}")
        for source in rng.sample(list(texts.index), min(count, len(texts))):
            others = [name for name in texts.index if name != source]
            few = rng.sample(others, min(rng.randint(*FEW), len(others)))
            spun = list(_spun(texts[source], books, rng, rates))
            held = {"family": [one_by_one[name] for name in others], "few": [one_by_one[name] for name in few]}
            strange = [other for other in rng.sample(everywhere, FEW[1]) if other.article_ids != [source]]
            held["few of all"] = strange
            held["a rival"] = [*strange, SourceIndex({"rival": rival(texts[source], texts[rng.choice(others)], rng)})]
            for holds, indexes in held.items():
                for there in (True, False):
                    index = joined([*indexes, *[one_by_one[source]] * there])
                    for form, rate, text in spun:
                        yield Asked(family, source, form, rate, text, index, holds, there)


def rival(text: str, other: str, rng: random.Random) -> str:
    """Return a text that repeats some sentences of the first word for word, as a rival report does, among another's."""
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    own = [other[start:end] for start, end in line_spans(other)]
    for sentence in rng.sample(sentences, max(1, round(len(sentences) * rng.uniform(*REPEATED)))):
        own.insert(rng.randrange(len(own) + 1), sentence)
    return "\n\n".join(own)


def joined(indexes: list[SourceIndex]) -> SourceIndex:
    """Return the index of all articles of some indexes, without reading their texts again."""
    index = SourceIndex()
    for other in indexes:
        index.article_ids += other.article_ids
        index._segments += other._segments
    return index


def _spun(
    text: str, books: list[pd.DataFrame], rng: random.Random, rates: tuple[float, ...]
) -> Iterator[tuple[str, float, str]]:
    for rate in rates:
        spun = heavily(text, rng.choice(books), rate, rng.randrange(10**6))
        lines = [spun[start:end] for start, end in line_spans(spun)]
        third = len(lines) // 3
        yield "whole", rate, spun
        yield "extract", rate, "\n\n".join(lines[third : 2 * third + 1])
        start = rng.randrange(len(lines))
        end = start + 1
        while end < len(lines) and " ".join(lines[start:end]).count(" ") < PASSAGE:
            end += 1
        yield "passage", rate, "\n\n".join(lines[start:end])


def heavily(text: str, book: pd.DataFrame, rate: float, seed: int) -> str:
    """Return a text with this share of its content words changed, or as many as the dictionary knows."""
    words = max(sum(map(len, content_words(text))), 1)
    known = len(Spinner(book, 1.0, seed).spin(text)[1]) / words
    return Spinner(book, min(rate / max(known, 1e-9), 1.0), seed).spin(text)[0]


def answers(questions: Iterator[Asked]) -> pd.DataFrame:
    """Return for each question whether the source came `first`, and is called `likely`, and another article is."""
    rows = []
    for question in questions:
        found = question.index.find(question.text)
        right = found["article_id"] == question.source
        first = len(found) > 0 and bool(right.iloc[0])
        likely, wrong = bool((found["likely"] & right).any()), bool((found["likely"] & ~right).any())
        rows.append((*question[:4], question.holds, question.there, first, likely, wrong))
    return pd.DataFrame(
        rows, columns=["family", "source", "form", "rate", "index", "there", "first", "likely", "wrong"]
    )


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return shares with Wilson's 95 % interval, over sources: a row for each index, family, form and rate, and all.

    `named` and `likely` where the source is there, `refused` where it is absent, `another` where another article is
    called likely beside the source or in its place.
    """
    made = []
    every = pd.concat([rows.assign(family="all"), rows])
    for label, group in every.groupby(["index", "family", "form", "rate"], sort=False):
        there, absent = group[group["there"]], group[~group["there"]]
        shares = [*_share(there["first"]), *_share(there["likely"]), *_share(~absent["wrong"]), *_share(there["wrong"])]
        made.append((*label, *shares, len(there)))
    ends = [f"{name}{end}" for name in ("named", "likely", "refused", "another") for end in ("", "_low", "_high")]
    return pd.DataFrame(made, columns=["index", "family", "form", "rate", *ends, "texts"])


def _share(held: pd.Series) -> tuple[float, float, float]:
    ends = binomtest(int(held.sum()), len(held)).proportion_ci(method="wilson")
    return held.mean(), ends.low, ends.high


def main() -> None:
    """Measure, and write the results."""
    found = families("test")
    if not found:
        print("none of the families of near texts is installed here: nothing is measured")
        return
    texts, told = counts(found), summary(answers(asked("test", found)))
    for name, table in {"sources_near": told, "sources_near_texts": texts}.items():
        write_file(RESULTS / f"{name}.csv", table.to_csv(index=False, lineterminator="\n", float_format="%.4g"))
        print(table.to_string())


if __name__ == "__main__":
    main()
