"""An alignment goes in; the runs of each pair come out as arrays, moved ones joined, with the words of both sides.

A run is a row of the alignment in the order of the spun text (see `follow_moves`).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.comparison.alignment.align import DOUBTFUL, OFFSETS, Kept, alignment_table
from helpers.comparison.alignment.moved_passages import Side
from helpers.comparison.alignment.rows import OPS, SUBSTITUTE, Rows, follow_moves
from helpers.comparison.alignment.vocabulary import Vocabulary, current_vocabulary
from helpers.comparison.span_words import Characters, SpanWords, TextWords, characters, span_words, text_words
from helpers.text.compiled import Bools, Floats, Int64s, UInt8s, compiled

KEEPS = np.isin(OPS, ["equal", "move"])  # by the number of an operation


class Runs(NamedTuple):
    """The runs of a pair: the number of the operation (see `OPS`), offsets (runs x 4, as `OFFSETS`), how sure."""

    ops: UInt8s
    offsets: Int64s
    sure: Floats


class ReadRuns(NamedTuple):
    """A pair's runs, the texts on both sides, and the words of each run on either side and of the whole texts."""

    runs: Runs
    spun: Characters
    reference: Characters
    spun_words: SpanWords
    reference_words: SpanWords
    wholes: tuple[TextWords, TextWords]
    vocabulary: Vocabulary

    @property
    def tables(self) -> Characters:
        """The text that has the larger tables of characters: these know the characters of both."""
        return max(self.spun, self.reference, key=lambda text: len(text.classes))

    def words(self, starts: Int64s, ends: Int64s, side: int) -> SpanWords:
        """Return the words of spans of one text (0 the spun one, 1 the reference), each read by itself."""
        return span_words((self.spun, self.reference)[side], starts, ends, self.vocabulary, self.wholes[side])

    def rows(self, first: int, last: int) -> list[tuple]:
        """Return the runs first to last as tuples: operation, offsets, both sides, how sure."""
        part = slice(first, last + 1)
        return [
            (OPS[op], *place, self.spun.text[place[0] : place[1]], self.reference.text[place[2] : place[3]], sure)
            for op, place, sure in zip(
                self.runs.ops[part].tolist(),
                self.runs.offsets[part].tolist(),
                self.runs.sure[part].tolist(),
                strict=True,
            )
        ]


class Reading(NamedTuple):
    """What alignment has read of texts, each a `Side`, and with which vocabulary."""

    vocabulary: Vocabulary
    sides: dict[str, Side]


def read_runs(runs: Runs, spun: str, reference: str, reading: Reading | None = None) -> ReadRuns:
    """Return the runs of a pair with the words of both their sides; `reading` saves reading the texts again."""
    vocabulary, sides = reading or (current_vocabulary(), {})
    one, other = sides.get(spun), sides.get(reference)
    texts = characters(spun), characters(reference)
    starts, ends, firsts, lasts = np.ascontiguousarray(runs.offsets.T)
    wholes = text_words(texts[0], vocabulary, one), text_words(texts[1], vocabulary, other)
    words = (
        span_words(texts[0], starts, ends, vocabulary, wholes[0]),
        span_words(texts[1], firsts, lasts, vocabulary, wholes[1]),
    )
    return ReadRuns(runs, *texts, *words, wholes, vocabulary)


def runs_by_pair(alignment: pd.DataFrame) -> dict[tuple[str, str], Runs]:
    """Return the runs of an alignment by `spun_id` and `reference_id`."""
    if alignment.empty:
        return {}
    spun, spun_ids = pd.factorize(alignment["spun_id"])
    reference, reference_ids = pd.factorize(alignment["reference_id"])
    pair, keys = pd.factorize(spun.astype(np.int64) * len(reference_ids) + reference)
    moved = np.unique(pair[alignment["move"].notna().to_numpy()])
    stays = ~np.isin(pair, moved)
    found = _cut(alignment[stays], pair[stays])
    if not stays.all():
        rest = follow_moves(alignment[~stays].assign(spun_id=pair[~stays]).drop(columns="reference_id"))
        found |= _cut(rest, rest["spun_id"].to_numpy(np.int64))
    ids = zip(spun_ids[keys // len(reference_ids)], reference_ids[keys % len(reference_ids)], strict=True)
    return {key: found[number] for number, key in enumerate(ids)}


def _cut(alignment: pd.DataFrame, pair: Int64s) -> dict[int, Runs]:
    """The runs by the number of their pair, in the order of the spun text."""
    if alignment.empty:
        return {}
    offsets = alignment[OFFSETS].to_numpy(np.int64)
    order = np.lexsort((offsets[:, 1], offsets[:, 0], pair))
    codes, names = pd.factorize(alignment["op"])
    numbers = np.array([OPS.tolist().index(name) for name in names], np.uint8)
    columns = numbers[codes][order], offsets[order], alignment["confidence"].to_numpy(np.float64)[order]
    numbers_of_pairs, firsts = np.unique(pair[order], return_index=True)
    parts = zip(*(np.split(column, firsts[1:]) for column in columns), strict=True)
    return dict(zip(numbers_of_pairs.tolist(), map(Runs._make, parts), strict=True))


def runs_of_rows(pairs: list[tuple[str, str, str, str]], rows: list[Rows]) -> list[Runs]:
    """Return the runs of pairs (ids and texts, as `align_pairs` takes them) from the rows of each."""
    moved = [number for number, part in enumerate(rows) if part.links.any()]
    joined = _joined(pairs, rows, moved) if moved else {}
    return [
        joined[number] if number in joined else Runs(part.ops, part.offsets.astype(np.int64), part.confidence)
        for number, part in enumerate(rows)
    ]


def _joined(pairs: list[tuple[str, str, str, str]], rows: list[Rows], moved: list[int]) -> dict[int, Runs]:
    """The runs of the pairs with moved passages, by their number."""
    numbered = [("", "", *pairs[number][2:]) for number in moved]
    followed = follow_moves(_numbered(alignment_table(numbered, [rows[number] for number in moved]), rows, moved))
    return _cut(followed, followed["spun_id"].to_numpy(np.int64))


def _numbered(table: pd.DataFrame, rows: list[Rows], moved: list[int]) -> pd.DataFrame:
    """An alignment of some pairs with their numbers instead of their names."""
    sizes = [len(rows[number].ops) for number in moved]
    return table.assign(spun_id=np.repeat(np.array(moved, np.int64), sizes)).drop(columns="reference_id")


def kept_of(read: ReadRuns) -> Kept:
    """Return what was kept of a spun text, as `count_kept` counts it."""
    return Kept(*_count_kept(read.runs, KEEPS, read.spun_words, read.reference_words))


@compiled
def _count_kept(runs: Runs, keeps: Bools, words: SpanWords, others: SpanWords) -> tuple[int, int, int, int, int]:
    """The columns of `Kept`; `keeps` (operations) is bool."""
    total, kept, stretches, replaced, unsure = 0, 0, 0, 0, 0
    for run in range(len(runs.ops)):
        count, other_count = 0, 0
        for token in range(words.firsts[run], words.firsts[run + 1]):
            count += words.words[token]
        total += count
        if keeps[runs.ops[run]]:
            kept += count
            stretches += count > 0
        elif runs.ops[run] == SUBSTITUTE and count:
            for token in range(others.firsts[run], others.firsts[run + 1]):
                other_count += others.words[token]
            replaced += other_count > 0
            unsure += other_count > 0 and runs.sure[run] < DOUBTFUL
    return total, kept, stretches, replaced, unsure
