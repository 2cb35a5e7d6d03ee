"""Two short runs of differing tokens go in; the cheapest way to turn one into the other by phrases comes out.

Between two anchors an aligned pair differs by a handful of words. The lattice holds every step by which both sides
can advance (a phrase for a phrase, a word put in or left out, an equal word) with its price; the cheapest path
through it is found in one pass, and found anew, without pricing again, whenever a corpus has taught more.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from math import exp, inf
from typing import NamedTuple

from helpers.language import cohesion, is_function_word
from helpers.phrases import (
    ACROSS_A_LINE_BREAK,
    CASE_CHANGED,
    GLUED,
    GLUED_AND_SWAPPED,
    INSERTED_BESIDE_ITS_PARTNER,
    INSERTED_WORD,
    LONGEST,
    LONGEST_TOGETHER,
    SAME_CONTENT_WORD,
    SAME_FUNCTION_WORD,
    SAME_PUNCTUATION,
    STRAY_PUNCTUATION,
    STRONG_TIE,
    Phrase,
    learnt_price,
    phrase,
    prior_price,
)
from helpers.text import is_word

TEMPERATURE = 0.25  # of confidences: least log loss on the train half of the sources (benchmarks/testsets.py)
TIE = 1e-9  # of two paths that cost the same the one found first stays, so that the result is the same every time


class Word(NamedTuple):
    """What the lattice must know of a token: its folded form, a leading capital, line breaks in front, two in one."""

    fold: str
    capital: bool
    breaks: int
    glued: bool = False


class Edit(NamedTuple):
    """One step of a path, in token positions: spun i0:i1 stands for reference j0:j1."""

    op: str
    i0: int
    i1: int
    j0: int
    j1: int


class Step(NamedTuple):
    """A way to advance from one cell of the lattice to another; `pair` is what a lexicon may know (else None)."""

    start: int
    end: int
    price: float
    pair: tuple[str, str] | None
    edit: Edit


Lexicon = Mapping[tuple[str, str], float]


class Lattice:
    """All ways to turn the spun tokens into the reference tokens. Made by `lattice`, which keeps it for reuse.

    >>> words = lambda text: tuple(Word(word, False, 0) for word in text.split())
    >>> [edit.op for edit in lattice(words("the coronary heart"), words("the heart")).cheapest({})]
    ['equal', 'insert', 'equal']
    """

    def __init__(self, spun: tuple[Word, ...], reference: tuple[Word, ...]):
        """Price every step. Time and memory grow with the product of the two lengths: hand in some dozen tokens."""
        self.spun, self.reference = spun, reference
        # Line breaks in front of a token and all before it: inside i0:i1 lie breaks[i1] - breaks[i0 + 1].
        self.breaks = [[0, *accumulate(word.breaks for word in side)] for side in (spun, reference)]
        self.cells = (len(spun) + 1) * (len(reference) + 1)
        phrases = (
            [list(_phrases(spun, i)) for i in range(len(spun))],
            [list(_phrases(reference, j)) for j in range(len(reference))],
        )
        self.steps = [
            step
            for i in range(len(spun) + 1)
            for j in range(len(reference) + 1)
            for step in self._steps(i, j, *phrases)
        ]

    def _steps(self, i: int, j: int, spun_phrases: list, reference_phrases: list):
        n, m = len(self.spun), len(self.reference)
        width, here = m + 1, i * (m + 1) + j
        if i < n:
            yield Step(here, here + width, self._stray_price(self.spun, i, i, j), None, Edit("insert", i, i + 1, j, j))
        if j < m:
            yield Step(here, here + 1, self._stray_price(self.reference, j, i, j), None, Edit("delete", i, i, j, j + 1))
        if i == n or j == m:
            return
        if self.spun[i].fold == self.reference[j].fold:
            price = _same_price(self.spun[i].fold)
            yield Step(here, here + width + 1, price, None, Edit("equal", i, i + 1, j, j + 1))
        for i1, one in spun_phrases[i]:
            for j1, other in reference_phrases[j]:
                if i1 - i + j1 - j > LONGEST_TOGETHER:
                    break
                price = prior_price(one, other)
                if price < inf:
                    price += self._setting_price(i, i1, j, j1, one, other)
                    end = i1 * width + j1
                    yield Step(here, end, price, (one.text, other.text), Edit("substitute", i, i1, j, j1))

    def _setting_price(self, i0: int, i1: int, j0: int, j1: int, one: Phrase, other: Phrase) -> float:
        """What capitals and line breaks add to the price of a pair of phrases."""
        price = CASE_CHANGED if self.spun[i0].capital != self.reference[j0].capital else 0.0
        spun, reference = self.breaks
        breaks = spun[i1] - spun[i0 + 1] + reference[j1] - reference[j0 + 1]
        if breaks:
            same = min(len(one.words), len(other.words)) == 1 and "".join(one.words) == "".join(other.words)
            glued = (i1 - i0 == 1 and self.spun[i0].glued) or (j1 - j0 == 1 and self.reference[j0].glued)
            price += GLUED if same else GLUED_AND_SWAPPED if glued and breaks == 1 else breaks * ACROSS_A_LINE_BREAK
        return price

    def _stray_price(self, words: tuple[Word, ...], position: int, i: int, j: int) -> float:
        """The price of a word without a counterpart: less beside an unchanged word with which it makes a set phrase."""
        word = words[position].fold
        if not is_word(word):
            return STRAY_PUNCTUATION
        before = self._unchanged(i - 1, j - 1)
        after = self._unchanged(i + (words is self.spun), j + (words is not self.spun))
        partner = (before and cohesion(before, word) > STRONG_TIE) or (after and cohesion(word, after) > STRONG_TIE)
        return INSERTED_WORD + (INSERTED_BESIDE_ITS_PARTNER if partner else 0.0)

    def _unchanged(self, i: int, j: int) -> str | None:
        """The word that stands at both places, if there is one."""
        inside = 0 <= i < len(self.spun) and 0 <= j < len(self.reference)
        return self.spun[i].fold if inside and self.spun[i].fold == self.reference[j].fold else None

    def cheapest(self, lexicon: Lexicon) -> list[Edit]:
        """Return the cheapest edits from one end to the other.

        `lexicon` maps (spun phrase, original phrase) to the number of places where the pair was seen; pairs it
        knows are cheaper.
        """
        return [step.edit for step in self._cheapest_path(self._prices(lexicon))[0]]

    def _prices(self, lexicon: Lexicon) -> list[float]:
        """The price of every step in the light of the lexicon."""
        prices = []
        for _, _, price, pair, _ in self.steps:
            seen = lexicon.get(pair, 0.0) if pair is not None else 0.0
            prices.append(learnt_price(price, seen) if seen > 0 else price)
        return prices

    def _cheapest_path(self, prices: list[float]) -> tuple[list[Step], list[float]]:
        """The steps of the cheapest path, and what it costs to come from the beginning to each cell."""
        best, arrived = [inf] * self.cells, [None] * self.cells
        best[0] = 0.0
        for step, price in zip(self.steps, prices, strict=True):
            cost = best[step.start] + price
            if cost < best[step.end] - TIE:
                best[step.end], arrived[step.end] = cost, step
        path, cell = [], self.cells - 1
        while cell:
            path.append(arrived[cell])
            cell = arrived[cell].start
        return path[::-1], best

    def confidence(self, edits: list[Edit], lexicon: Lexicon) -> list[float]:
        """Return for each edit of a path how sure it is: 0 to 1, against every other reading of its first word.

        Every path consumes the edit's first token by just one step, so the cheapest path through each rival step
        is known from the costs to both ends; their Boltzmann weights at `TEMPERATURE` make a posterior.
        """
        prices = self._prices(lexicon)
        _, before = self._cheapest_path(prices)
        after = [inf] * self.cells
        after[-1] = 0.0
        for step, price in zip(reversed(self.steps), reversed(prices), strict=True):
            after[step.start] = min(after[step.start], price + after[step.end])
        weights: dict[Edit, float] = {}
        totals: dict[tuple[int, int], float] = {}
        for step, price in zip(self.steps, prices, strict=True):
            cost = before[step.start] + price + after[step.end] - before[-1]
            weights[step.edit] = exp(-cost / TEMPERATURE)
            for token in _consumed(step.edit):
                totals[token] = totals.get(token, 0.0) + weights[step.edit]
        return [weights[edit] / totals[_consumed(edit)[0]] for edit in edits]


@lru_cache(maxsize=20_000)
def lattice(spun: tuple[Word, ...], reference: tuple[Word, ...]) -> Lattice:
    """Return the lattice of two runs of tokens; the same runs stand at many places of a corpus."""
    return Lattice(spun, reference)


def _phrases(words: tuple[Word, ...], start: int):
    """The phrases that begin at a token: (end, phrase), shortest first."""
    for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
        found = phrase(tuple(word.fold for word in words[start:end]))
        if found:
            yield end, found


def _consumed(edit: Edit) -> list[tuple[int, int]]:
    """The tokens that an edit consumes: (0, spun token), or (1, reference token) for a delete."""
    if edit.op == "delete":
        return [(1, token) for token in range(edit.j0, edit.j1)]
    return [(0, token) for token in range(edit.i0, edit.i1)] + [(1, token) for token in range(edit.j0, edit.j1)]


def _same_price(word: str) -> float:
    if not is_word(word):
        return SAME_PUNCTUATION
    return SAME_FUNCTION_WORD if is_function_word(word) else SAME_CONTENT_WORD
