"""A text and spans of it go in; the words of each span, read by itself, come out as numbers, for compiled code.

A span is read as if nothing stood around it: an ending that leans on a word (’s) is none where the word is cut away.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.vocabulary import IS_WORD, Forms, Vocabulary, find_forms
from helpers.text.compiled import Bools, Int32s, Int64s, UInt8s, UInt16s, UInt32s, UInt64s, compiled
from helpers.text.scan import Scan, classes_of, heads_of_figures, scan, scan_spans, tokens_of_spans
from helpers.text.seen import code_points, seen_points, table_size


class Characters(NamedTuple):
    """A text's characters as numbers, which of them are letters or figures, and which are capitals.

    `classes` are what characters are (see `classes_of`); `plain` tells whether all are seen as they stand.
    """

    text: str
    points: UInt32s
    letters: Bools
    capitals: Bools
    classes: UInt8s
    plain: bool


class SpanWords(NamedTuple):
    """The tokens of spans, one below the other: those of span s from firsts[s] to firsts[s + 1].

    Of each its offsets in the text, the number of the folded word (see `Vocabulary`) and whether it is a word.
    """

    firsts: Int64s
    starts: Int32s
    ends: Int32s
    folds: Int32s
    words: Bools

    def sizes(self) -> Int64s:
        """Return how many tokens each span has (spans)."""
        return np.diff(self.firsts)

    def counts(self) -> Int64s:
        """Return how many words each span has (spans)."""
        before = np.concatenate(([0], np.cumsum(self.words)))
        return before[self.firsts[1:]] - before[self.firsts[:-1]]


def characters(text: str) -> Characters:
    """Return the characters of a text.

    >>> characters("é 1").letters.tolist()
    [True, False, True]
    """
    points = code_points(text)
    letters, capitals = (table[points] for table in _tables(table_size(points)))
    return Characters(text, points, letters, capitals, classes_of(points), seen_points(points) is None)


@lru_cache(maxsize=2)
def _tables(size: int) -> tuple[Bools, Bools]:
    """Mark the letters and figures among the first `size` characters, and the capitals."""
    signs = list(map(chr, range(size)))
    return (
        np.fromiter(map(str.isalnum, signs), np.bool_, size),
        np.fromiter(map(str.isupper, signs), np.bool_, size),
    )  # fmt: skip


def span_words(text: Characters, starts: Int64s, ends: Int64s, vocabulary: Vocabulary) -> SpanWords:
    """Return the words of the spans from `starts` to `ends` (characters; both int64)."""
    if text.plain:
        words, are_known = _span_words(
            text.points, starts, ends, text.classes, *heads_of_figures(), vocabulary.forms,
            vocabulary.words.flags,
        )  # fmt: skip
        if are_known:
            return SpanWords(*words)
        firsts, *_ = columns = scan_spans(text.points, starts, ends)
        found = Scan(*columns[1:])
    else:
        firsts, found = _looked_through(text.points, starts, ends)
    folds, _ = vocabulary.look_up(text.text, found)
    return SpanWords(firsts, found.starts, found.ends, folds, vocabulary.words.flags[folds] & IS_WORD != 0)


@compiled
def _span_words(
    points: UInt32s,
    starts: Int64s,
    ends: Int64s,
    classes: UInt8s,
    heads: UInt64s,
    thousands: UInt64s,
    forms: Forms,
    flags: UInt16s,
) -> tuple[tuple[Int64s, Int32s, Int32s, Int32s, Bools], bool]:
    """The words of spans, as the columns of `SpanWords`, and whether the vocabulary has all of them.

    `flags` (folded words) is uint16; for the other arguments see `scan_spans`.
    """
    firsts, token_starts, token_ends, _, keys = tokens_of_spans(points, starts, ends, classes, heads, thousands)
    folds, _, unknown = find_forms(keys, forms)
    words = np.zeros(len(keys), np.bool_)
    if not len(unknown):
        for token in range(len(keys)):
            words[token] = flags[folds[token]] & IS_WORD != 0
    return (firsts, token_starts, token_ends, folds, words), len(unknown) == 0


def _looked_through(points: UInt32s, starts: Int64s, ends: Int64s) -> tuple[Int64s, Scan]:
    """The tokens of spans of a text with characters that are not seen as they stand."""
    parts = [scan(points[:0]), *(scan(points[start:end]) for start, end in zip(starts, ends, strict=True))]
    sizes = np.array([len(part.starts) for part in parts])
    moved = np.repeat(np.concatenate(([0], starts)), sizes).astype(np.int32)
    token_starts, token_ends, gaps, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
    return np.cumsum(sizes), Scan(token_starts + moved, token_ends + moved, gaps, keys)
