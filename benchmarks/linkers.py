"""Pairs of articles go in; the substitutions that a word aligner of machine translation links come out.

These tools take pairs of sentences, so each spun sentence is first paired with the one of its reference that it
shares most words with (each once, the best pairing overall). That is more help than the tools bring themselves,
and it lets them follow moved sentences. Two of them learn from all the pairs they are given.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from nltk.translate import AlignedSent, IBMModel1
from nltk.translate.meteor_score import align_words
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment

from benchmarks.peers import Block, as_found, between, word_for_word
from helpers.align import sentence_spans
from helpers.comparison.alignment.anchors import heaviest_chain
from helpers.text.spans import Token, tokens

Link = tuple[int, int]  # spun word, reference word
Words = list[str]
ENOUGH_SHARED = 0.2  # sentences less alike than this are no pair: unrelated ones share their function words
ITERATIONS = 5  # of expectation-maximisation, fast_align's own default


class NoWordNet:
    """Stands in for WordNet, which NLTK would fetch: nothing has a synonym, so exact and stem matches remain."""

    def synsets(self, word: str) -> list:
        """Return nothing."""
        return []


def meteor_blocks(pairs: list[tuple[Words, Words]]) -> Iterator[Iterable[Block]]:
    """NLTK's METEOR aligner (Lavie and Agarwal 2007), exact and stem stages: blocks lie between matched words."""
    for spun, reference in pairs:
        matched, _, _ = align_words(spun, reference, wordnet=NoWordNet())
        places = np.array(matched, np.int64).reshape(-1, 2)
        in_order = places[heaviest_chain(places[:, 1], np.ones(len(places), np.int64))].tolist()
        changed = [(i, i + 1, j, j + 1) for i, j in in_order if spun[i] != reference[j]]
        in_order = [(i, j, 1) for i, j in in_order]
        yield [*word_for_word(between([*in_order, (len(spun), len(reference), 0)])), *changed]


def ibm_blocks(pairs: list[tuple[Words, Words]]) -> Iterator[Iterable[Block]]:
    """NLTK's IBM Model 1 (Brown et al. 1993), trained on these pairs."""
    sentences = [AlignedSent(spun, reference) for spun, reference in pairs]
    IBMModel1(sentences, ITERATIONS)
    for (spun, reference), sentence in zip(pairs, sentences, strict=True):
        links = [(i, j) for i, j in sentence.alignment if j is not None]
        yield linked(links, spun, reference)


def fast_align_blocks(pairs: list[tuple[Words, Words]]) -> Iterator[Iterable[Block]]:
    """fast_align (Dyer et al. 2013) both ways, joined by grow-diag-final-and, trained on these pairs."""
    from systran_align import Aligner, generate_alignment_probabilities

    with tempfile.TemporaryDirectory() as folder:
        training, forward, backward = (str(Path(folder, name)) for name in ("training", "forward", "backward"))
        lines = [f"{' '.join(spun)} ||| {' '.join(reference)}\n" for spun, reference in pairs]
        Path(training).write_text("".join(lines), encoding="utf-8")
        generate_alignment_probabilities(
            training, forward, backward, favor_diagonal=True, optimize_tension=True, variational_bayes=True
        )
        aligned = Aligner(forward, backward).align_batch(*map(list, zip(*pairs, strict=True)))
    for (spun, reference), result in zip(pairs, aligned, strict=True):
        yield linked(result["alignments"], spun, reference)


def linked(links: Iterable[Link], spun: Words, reference: Words) -> Iterator[Block]:
    """Words linked with one another, directly or through others, make one block, from its first to its last word."""
    blocks: list[list[int]] = []
    for i, j in sorted(links):
        touching = [block for block in blocks if block[0] <= i < block[1] or block[2] <= j < block[3]]
        blocks = [block for block in blocks if block not in touching]
        corners = list(zip(*touching, (i, i + 1, j, j + 1), strict=True))
        blocks.append([min(corners[0]), max(corners[1]), min(corners[2]), max(corners[3])])
    for i0, i1, j0, j1 in blocks:
        if spun[i0:i1] != reference[j0:j1]:
            yield i0, i1, j0, j1


def linker(blocks: Callable[[list[tuple[Words, Words]]], Iterable[Iterable[Block]]]) -> Callable:
    """Make a comparison of a table of pairs of articles from a tool that takes pairs of sentences."""

    def compare(pairs: pd.DataFrame) -> pd.DataFrame:
        sentences = [
            (pair.spun_id, pair.reference_text, *both)
            for pair in pairs.itertuples()
            for both in sentence_pairs(pair.spun_text, pair.reference_text)
        ]
        words = [tuple([token.fold for token in side] for side in both) for _, _, *both in sentences]
        rows = [
            (spun_id, *row)
            for (spun_id, text, one, other), found in zip(sentences, blocks(words) if words else [], strict=True)
            for row in as_found(found, one, other, text)
        ]
        return pd.DataFrame(rows, columns=["spun_id", "spun_start", "spun_end", "original"])

    return compare


def sentence_pairs(spun: str, reference: str) -> list[tuple[list[Token], list[Token]]]:
    """Pair the sentences of two texts, each once, so that together they share the most words; in tokens."""
    sides = [_sentences(text) for text in (spun, reference)]
    folds = [[[token.fold for token in sentence] for sentence in side] for side in sides]
    alike = cdist(*folds, scorer=Indel.normalized_similarity)
    chosen = zip(*linear_sum_assignment(alike, maximize=True), strict=True)
    return [(sides[0][a], sides[1][b]) for a, b in chosen if alike[a, b] >= ENOUGH_SHARED]


def _sentences(text: str) -> list[list[Token]]:
    spans = sentence_spans(text)
    found = iter(tokens(text))
    sentences: list[list[Token]] = [[] for _ in spans]
    place = 0
    for token in found:
        while place + 1 < len(spans) and token.start >= spans[place + 1][0]:
            place += 1
        sentences[place].append(token)
    return [sentence for sentence in sentences if sentence]


LINKERS = {
    "METEOR (NLTK)": linker(meteor_blocks),
    "IBM Model 1 (NLTK)": linker(ibm_blocks),
    "fast_align": linker(fast_align_blocks),
}
