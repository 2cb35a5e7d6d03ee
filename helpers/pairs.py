"""A spun text and its reference go in; what is equal, what moved and the windows of differing words come out.

Moved passages, and passages that one text lacks, are set apart first. In what remains the equal tokens are found
with a compiled edit distance; runs of them that weigh enough are anchors, and what lies between two is a window.
"""

import re
from bisect import bisect_left
from collections import Counter

from rapidfuzz.distance import Indel

from helpers.language import is_content_word, is_function_word, is_known
from helpers.lattice import Word
from helpers.passages import foreign_units, moved_passages, units
from helpers.text import Token, is_word, tokens
from helpers.windows import Window

STRONG_RUN = 1.0  # equal tokens of this weight stop a window: one content word, or a few function words
CONTENT_WEIGHT, FUNCTION_WEIGHT, SIGN_WEIGHT = 1.0, 0.3, 0.2
WIDEST_WINDOW = 40  # tokens a side: the phrase programme's time grows with the square
LONGEST_AT_ONCE = 4_000_000  # cells of one edit-distance table; longer stretches are cut at anchors first
# Spun as hard as three dictionaries can, corpus articles keep 0.37 of their content words or more; two articles that
# have nothing to do with each other share at most 0.05 (an extract of 600 characters) in order.
UNRELATED = 0.15
FEWEST_TO_JUDGE = 20  # content words; in a shorter text the share says little
INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
NEVER = 99  # “line breaks” in front of a token whose neighbour was set apart: no phrase crosses that


class Pair:
    """A spun text and its reference, cut into what is equal, what moved, and windows of differing tokens."""

    def __init__(self, spun: str, reference: str):
        """Find the passages and the windows; nothing is decided inside the windows yet."""
        self.spun, self.reference = spun, reference
        self.spun_tokens, self.reference_tokens = tokens(spun), tokens(reference)
        spun_units, reference_units = units(spun, self.spun_tokens), units(reference, self.reference_tokens)
        self.moves = moved_passages(self.spun_tokens, self.reference_tokens, spun_units, reference_units)
        self.flows = [self._flow(*self._main_flow(spun_units, reference_units))] + [
            self._flow(list(range(move.i0, move.i1)), list(range(move.j0, move.j1))) for move in self.moves
        ]
        self.related = self._is_related()
        if not self.related:
            self.moves, self.flows = [], [[]]

    @property
    def windows(self) -> list[Window]:
        """The windows of all flows."""
        return [step for flow in self.flows for step in flow if isinstance(step, Window)]

    def _main_flow(self, spun_units: list, reference_units: list) -> tuple[list[int], list[int], list | None]:
        """Token positions of both texts without moved passages and without units that the other text lacks.

        The equal runs come third where they were found on the way: nothing was left out since.
        """
        moved_spun = {i for move in self.moves for i in range(move.i0, move.i1)}
        moved_reference = {j for move in self.moves for j in range(move.j0, move.j1)}
        spun = [i for i in range(len(self.spun_tokens)) if i not in moved_spun]
        reference = [j for j in range(len(self.reference_tokens)) if j not in moved_reference]
        runs = equal_runs(self._folds(spun), self._folds(reference, False))
        match = {spun[i + k]: reference[j + k] for i, j, length in runs for k in range(length)}
        back = {j: i for i, j in match.items()}
        spun_units = [unit for unit in spun_units if unit.start not in moved_spun]
        reference_units = [unit for unit in reference_units if unit.start not in moved_reference]
        sides = (self.spun_tokens, self.reference_tokens)
        added = foreign_units(spun_units, reference_units, *sides, match)
        dropped = foreign_units(reference_units, spun_units, *sides[::-1], back)
        if not added and not dropped:
            return spun, reference, runs
        added_tokens = {i for unit in added for i in range(unit.start, unit.end)}
        dropped_tokens = {j for unit in dropped for j in range(unit.start, unit.end)}
        return [i for i in spun if i not in added_tokens], [j for j in reference if j not in dropped_tokens], None

    def _folds(self, positions: list[int], spun: bool = True) -> list[str]:
        side = self.spun_tokens if spun else self.reference_tokens
        return [side[position].fold for position in positions]

    def _flow(self, spun: list[int], reference: list[int], runs: list | None = None) -> list:
        """Cut two lists of token positions into equal runs (as tuples) and windows, in order."""
        if runs is None:
            runs = equal_runs(self._folds(spun), self._folds(reference, False))
        anchors = [run for run in runs if self._weight(spun[run[0] : run[0] + run[2]]) >= STRONG_RUN]
        steps: list = []
        i = j = 0
        for a, b, length in [*_bounded(anchors, runs, len(spun), len(reference)), (len(spun), len(reference), 0)]:
            if a > i or b > j:
                steps.append(self._window(spun[i:a], reference[j:b]))
            if length:
                steps.append((spun[a : a + length], reference[b : b + length]))
            i, j = a + length, b + length
        return steps

    def _weight(self, positions: list[int]) -> float:
        weight = 0.0
        for position in positions:
            word = self.spun_tokens[position].fold
            if not is_word(word):
                weight += SIGN_WEIGHT
            else:
                weight += FUNCTION_WEIGHT if is_function_word(word) else CONTENT_WEIGHT
        return weight

    def _window(self, spun: list[int], reference: list[int]) -> Window:
        return Window(
            spun,
            reference,
            _words(self.spun, self.spun_tokens, spun),
            _words(self.reference, self.reference_tokens, reference),
        )

    def _is_related(self) -> bool:
        """Tell whether enough content words of the shorter text stand in the other, in order; short texts always do."""
        equal = [i for flow in self.flows for step in flow if not isinstance(step, Window) for i in step[0]]
        sides = (self.spun_tokens, self.reference_tokens)
        shorter = min(sum(is_content_word(token.fold) for token in side) for side in sides)
        found = sum(is_content_word(self.spun_tokens[i].fold) for i in equal)
        return shorter < FEWEST_TO_JUDGE or found >= UNRELATED * shorter


def _words(text: str, tokens: list[Token], positions: list[int]) -> tuple[Word, ...]:
    words, previous = [], None
    for position in positions:
        token = tokens[position]
        if previous is None:
            breaks = 0
        elif position != previous + 1:
            breaks = NEVER
        else:
            breaks = int("\n" in text[tokens[previous].end : token.start])
        written = text[token.start : token.end]
        words.append(Word(token.fold, written[0].isupper(), breaks, _looks_glued(written, token.fold)))
        previous = position
    return tuple(words)


def _looks_glued(written: str, folded: str) -> bool:
    """Tell whether a token looks like two words run together: a capital inside it, or a word nobody knows."""
    return len(written) > 3 and (
        INNER_CAPITAL.search(written) is not None or not (is_known(folded) or written[0].isupper())
    )


def equal_runs(spun: list[str], reference: list[str]) -> list[tuple[int, int, int]]:
    """Return the longest common subsequence as runs (spun position, reference position, length).

    Compiled (rapidfuzz, Hyyrö's bit-parallel algorithm). Its time grows with the product of the lengths, so
    long texts are cut first at word triples that stand once in each.
    """
    runs = []
    for i0, i1, j0, j1 in _stretches(spun, reference):
        ids: dict[str, int] = {}
        one = [ids.setdefault(word, len(ids)) for word in spun[i0:i1]]
        two = [ids.setdefault(word, len(ids)) for word in reference[j0:j1]]
        for block in Indel.opcodes(one, two).as_matching_blocks():
            if block.size:
                runs.append((i0 + block.a, j0 + block.b, block.size))
    return runs


def _stretches(spun: list[str], reference: list[str]) -> list[tuple[int, int, int, int]]:
    if len(spun) * len(reference) <= LONGEST_AT_ONCE:
        return [(0, len(spun), 0, len(reference))]
    cuts = _unique_triples(spun, reference)
    stretches, i, j = [], 0, 0
    for a, b in [*cuts, (len(spun), len(reference))]:
        last = (a, b) == (len(spun), len(reference))
        if last or (a - i) * (b - j) > LONGEST_AT_ONCE / 400:
            stretches.append((i, a, j, b))
            i, j = a, b
    # A stretch without an anchor and too long for one table is taken as different throughout.
    return [s for s in stretches if (s[1] - s[0]) * (s[3] - s[2]) <= 25 * LONGEST_AT_ONCE]


def _unique_triples(spun: list[str], reference: list[str]) -> list[tuple[int, int]]:
    """Positions of word triples that stand once in each text, in the longest order common to both."""
    places = []
    for side in (spun, reference):
        triples = list(zip(side, side[1:], side[2:], strict=False))
        counts = Counter(triples)
        places.append({triple: i for i, triple in enumerate(triples) if counts[triple] == 1})
    common = [(i, places[1][triple]) for triple, i in places[0].items() if triple in places[1]]
    return _longest_increasing(common)


def _longest_increasing(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for k, (_, j) in enumerate(points):
        slot = bisect_left(tails, j)
        before.append(tail_at[slot - 1] if slot else -1)
        tails[slot : slot + 1] = [j]
        tail_at[slot : slot + 1] = [k]
    chain, k = [], tail_at[-1] if tail_at else -1
    while k >= 0:
        chain.append(points[k])
        k = before[k]
    return chain[::-1]


def _bounded(anchors: list, runs: list, n: int, m: int) -> list:
    """The anchors, and in windows that would be too wide for the phrase programme the weak runs too."""
    kept, i, j = [], 0, 0
    for a, b, length in [*anchors, (n, m, 0)]:
        if max(a - i, b - j) > WIDEST_WINDOW:
            kept += [run for run in runs if i <= run[0] < a and j <= run[1] < b]
        if length:
            kept.append((a, b, length))
        i, j = a + length, b + length
    return kept
