"""Alignments and word links drawn by people go in; how far the two agree comes out.

A link says that a word of one text stands for a word of the other. Identical words are easy and most of a text,
so they are scored apart from differing ones.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import pandas as pd

from helpers.comparison.alignment.align import align_pairs
from helpers.comparison.alignment.rows import follow_moves
from helpers.evaluation.scores import OFFSETS, summary
from helpers.text.english import lemma
from helpers.text.spans import Span, fold, tokens

Link = tuple[int, int]  # number of a spun token, number of a reference token, from 0
Spans = Callable[[str], list[Span]]
LABELS = ["identical", "differing", "all"]


def token_spans(text: str) -> list[Span]:
    """Return the spans of the house's tokens (`tokens`)."""
    return [(token.start, token.end) for token in tokens(text)]


def word_spans(text: str) -> list[Span]:
    """Return the spans of what white space separates: the tokens that people were shown.

    >>> word_spans("the u.s. can't .")
    [(0, 3), (4, 8), (9, 14), (15, 16)]
    """
    return [match.span() for match in re.finditer(r"\S+", text)]


def token_links(alignment: pd.DataFrame, spans: Spans = token_spans) -> set[Link]:
    """Return the links that the alignment of one pair implies; `spans` cuts a text into tokens.

    Unchanged text links each token with the one it is, wherever it moved to; a substitution of k words by m links
    all k with all m, but words of one lemma with each other alone; what was put in or left out has no link.

    >>> from helpers.comparison.alignment.align import align
    >>> sorted(token_links(align("the general public left", "the public left")))
    [(0, 0), (2, 1), (3, 2)]
    """
    spun, reference = ("".join(alignment[side]) for side in ("spun", "reference"))
    return _links(follow_moves(alignment), spun, reference, spans)


def _links(runs: pd.DataFrame, spun_text: str, reference_text: str, spans: Spans) -> set[Link]:
    """The links of one pair, from its runs with moves followed; `spans` cuts a text into tokens."""
    spun, reference = spans(spun_text), spans(reference_text)
    links: set[Link] = set()
    both = runs.loc[~runs["op"].isin(["insert", "delete"]), [*OFFSETS, "spun", "reference"]]
    for start, end, other_start, other_end, one, other in both.itertuples(index=False, name=None):
        ours = _inside(spun, start, end)
        if one != other:
            theirs = _inside(reference, other_start, other_end)
            lemmas = {i: lemma(fold(spun_text[slice(*spun[i])])) for i in ours}
            links |= _told_apart(lemmas, {j: lemma(fold(reference_text[slice(*reference[j])])) for j in theirs})
            continue
        shift = other_start - start
        for i in ours:
            piece = max(spun[i][0], start) + shift, min(spun[i][1], end) + shift
            links |= {(i, j) for j in _inside(reference, *piece)}
    return links


def _told_apart(words: dict[int, str], others: dict[int, str]) -> set[Link]:
    """The links of two phrases, given as lemmas by number: each with each, words of one lemma with each other alone.

    >>> sorted(_told_apart({0: "grand", 1: "passage"}, {5: "passage"}))
    [(1, 5)]
    """
    kin = {(i, j) for i, j in product(words, others) if words[i] == others[j]}
    known, other_known = {i for i, _ in kin}, {j for _, j in kin}
    return kin | set(product(words.keys() - known, others.keys() - other_known))


def _inside(spans: list[Span], start: int, end: int) -> range:
    """The numbers of the spans that share a character with start:end."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    return range(first, max(first, bisect_left(spans, end, key=lambda span: span[0])))


def score_links(
    alignment: pd.DataFrame, gold_links: Iterable[Link], unsure: Iterable[Link] = (), spans: Spans = token_spans
) -> pd.DataFrame:
    """Score the links that the alignment of one pair implies against gold links (numbers of tokens, from 0).

    Links in `unsure` count neither for nor against, as uncertain gold rows do not. Returns a row for links between
    identical words (case and quotes folded), between differing ones, and all: `found`, `gold`, `precision`,
    `recall`, `f1`. F1 over links is to be preferred to the alignment error rate (Fraser and Marcu, “Measuring
    Word Alignment Quality for Statistical Machine Translation”, Computational Linguistics 33, 2007). Raises ValueError
    for an alignment of several pairs.

    >>> from helpers.comparison.alignment.align import align
    >>> score_links(align("they hail support", "they hail help"), [(0, 0), (1, 1), (2, 2)])["gold"].to_dict()
    {'identical': 2, 'differing': 1, 'all': 3}
    """
    if "spun_id" in alignment and len(alignment[["spun_id", "reference_id"]].drop_duplicates()) > 1:
        raise ValueError("the gold links of one pair, but the alignment of several: give one pair's rows")
    spun, reference = ("".join(alignment[side]) for side in ("spun", "reference"))
    judged = judge_links(token_links(alignment, spans), set(gold_links), set(unsure), spun, reference, spans)
    return _summary([table.assign(spun_id="") for table in judged])[["found", "gold", "precision", "recall", "f1"]]


def judge_links(
    found: set[Link], gold: set[Link], unsure: set[Link], spun: str, reference: str, spans: Spans
) -> list[pd.DataFrame]:
    """Return found and gold links that count, each table with `label` (identical, differing) and `right`."""
    words, others = ([fold(text[start:end]) for start, end in spans(text)] for text in (spun, reference))
    return [
        pd.DataFrame(
            [("identical" if words[i] == others[j] else "differing", (i, j) in other) for i, j in links - unsure],
            columns=["label", "right"],
        )
        for links, other in ((found, gold), (gold, found))
    ]


def _summary(judged: Iterable[pd.DataFrame], seed: int = 0) -> pd.DataFrame:
    """Pool judged links, found and gold, by label and in all."""
    found, gold = ([links, links.assign(label="all")] for links in judged)
    table = summary(found, gold, seed=seed)
    return table.reindex([label for label in LABELS if label in table.index])


def read_word_alignments(path: str | Path) -> pd.DataFrame:
    """Return sentence pairs with the links that people drew, from a table in the format of MultiMWA.

    Lan, Jiang and Xu, “Neural semi-Markov CRF for Monolingual Word Alignment” (ACL 2021). The file has no header;
    its columns, separated by tabs: a number, sentence one, N/A, sentence two, N/A, 1, 1, sure links “i-j”, possible
    links. Returns `spun_id`, `reference_id`, `spun_text`, `reference_text` (sentence one is taken as spun), so
    that `align_pairs` takes it, and `sure` and `possible` (sets of pairs of token numbers, see `word_spans`).
    """
    rows = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        number, one, _, two, _, _, _, sure, possible, *_ = [*line.split("\t"), ""]
        rows.append((number, number, one, two, _read_links(sure), _read_links(possible)))
    columns = ["spun_id", "reference_id", "spun_text", "reference_text", "sure", "possible"]
    return pd.DataFrame(rows, columns=columns)


def _read_links(written: str) -> set[Link]:
    return {(int(i), int(j)) for i, j in (link.split("-") for link in written.split())}


def score_people(
    path: str | Path, seed: int = 0, align: Callable[[pd.DataFrame], pd.DataFrame] = align_pairs
) -> pd.DataFrame:
    """Align the sentence pairs of a file and score the links against those that people were sure of.

    The pairs are aligned in one call of `align`, so that each helps the others. Links that people called possible count
    neither for nor against (in the spirit of Och and Ney, “A Systematic Comparison of Various Statistical
    Alignment Models”, Computational Linguistics 29, 2003). Returns a row for identical words, differing words and
    all, with the columns of `summary`; the interval is over sentence pairs.
    """
    pairs = read_word_alignments(path)
    runs = dict(tuple(follow_moves(align(pairs)).groupby("spun_id")))
    judged = []
    columns = ["spun_id", "spun_text", "reference_text", "sure", "possible"]
    for spun_id, spun, reference, sure, possible in pairs[columns].itertuples(index=False, name=None):
        found = _links(runs[spun_id], spun, reference, word_spans)
        tables = judge_links(found, sure, possible - sure, spun, reference, word_spans)
        judged.append([table.assign(spun_id=spun_id) for table in tables])
    return _summary([pd.concat(tables) for tables in zip(*judged, strict=True)], seed)
