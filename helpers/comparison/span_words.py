"""A text and spans of it go in; the words of each span, read by itself, come out as numbers, for compiled code.

A span is read as if nothing stood around it: an ending that leans on a word (’s) is none where the word is cut away.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.moved_passages import Side
from helpers.comparison.alignment.vocabulary import IS_WORD, Forms, Vocabulary, find_forms
from helpers.text.compiled import Bools, Int32s, Int64s, UInt8s, UInt16s, UInt32s, UInt64s, compiled
from helpers.text.scan import APOSTROPHE, Scan, classes_of, heads_of_figures, scan, scan_spans, tokens_of_spans
from helpers.text.seen import code_points, seen_points, table_size


class Characters(NamedTuple):
    """A text's characters as numbers, and tables of what characters are, by their number.

    `letters` marks letters and figures, `capitals` capitals; `classes` are bits (see `classes_of`). `plain` tells whether
    all characters are seen as they stand.
    """

    text: str
    points: UInt32s
    letters: Bools
    capitals: Bools
    classes: UInt8s
    plain: bool


class TextWords(NamedTuple):
    """The tokens of a whole text, as `SpanWords` has them, and for each character and the end how many begin before."""

    starts: Int32s
    ends: Int32s
    folds: Int32s
    words: Bools
    before: Int32s


NOT_READ = TextWords(*(np.zeros(0, kind) for kind in (np.int32, np.int32, np.int32, np.bool_, np.int32)))


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


def characters(text: str, side: Side | None = None) -> Characters:
    """Return the characters of a text; `side` is what alignment has read of it, where it has.

    >>> text = characters("é 1")
    >>> text.letters[text.points].tolist()
    [True, False, True]
    """
    points = side.points if side else code_points(text)
    return Characters(text, points, *_tables(table_size(points)), classes_of(points), seen_points(points) is None)


@lru_cache(maxsize=2)
def _tables(size: int) -> tuple[Bools, Bools]:
    """Mark the letters and figures among the first `size` characters, and the capitals."""
    signs = list(map(chr, range(size)))
    return (
        np.fromiter(map(str.isalnum, signs), np.bool_, size),
        np.fromiter(map(str.isupper, signs), np.bool_, size),
    )  # fmt: skip


def text_words(text: Characters, vocabulary: Vocabulary, side: Side | None = None) -> TextWords:
    """Return the words of a whole text; of one whose characters are not all seen as they stand, none.

    `side` is what alignment has read of it with this vocabulary, where it has.
    """
    if not text.plain:
        return NOT_READ
    if side:
        words = vocabulary.words.flags[side.folds] & IS_WORD != 0
        return TextWords(side.starts, side.ends, side.folds, words, _before(side.starts, len(text.points)))
    _, *columns = span_words(text, np.zeros(1, np.int64), np.array([len(text.points)]), vocabulary)
    return TextWords(*columns, _before(columns[0], len(text.points)))


@compiled
def _before(starts: Int32s, size: int) -> Int32s:
    """How many tokens begin before each of `size` characters and before the end (size + 1, int32).

    `starts` (tokens) is int32, `size` an integer.
    """
    found = np.empty(size + 1, np.int32)
    token = 0
    for at in range(size + 1):
        while token < len(starts) and starts[token] < at:
            token += 1
        found[at] = token
    return found


def span_words(
    text: Characters, starts: Int64s, ends: Int64s, vocabulary: Vocabulary, whole: TextWords = NOT_READ
) -> SpanWords:
    """Return the words of the spans from `starts` to `ends` (characters; both int64).

    `whole` are the words of the text (see `text_words`), where they are known.
    """
    if text.plain:
        words, are_known = _span_words(
            text.points, starts, ends, text.classes, *heads_of_figures(), vocabulary.forms,
            vocabulary.words.flags, whole,
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
    whole: TextWords,
) -> tuple[tuple[Int64s, Int32s, Int32s, Int32s, Bools], bool]:
    """The words of spans, as the columns of `SpanWords`, and whether the vocabulary has all of them.

    `flags` (folded words) is uint16; for the other arguments see `scan_spans` and `span_words`.
    """
    read = np.empty((len(starts), 2), np.int64)  # the tokens of the whole text that are a span's; of others they are read
    others, room = 0, 0
    for span in range(len(starts)):
        read[span] = tokens_in(whole, points, classes, starts[span], ends[span])
        others += read[span, 0] < 0
        room += read[span, 1] - read[span, 0]
    places = np.empty(others, np.int64)
    for span in range(len(starts)):
        if read[span, 0] < 0:
            places[len(places) - others] = span
            others -= 1
    own_firsts, own_starts, own_ends, _, keys = tokens_of_spans(
        points, starts[places], ends[places], classes, heads, thousands
    )
    own_folds, _, unknown = find_forms(keys, forms)
    room += len(keys)
    firsts, words = np.zeros(len(starts) + 1, np.int64), np.zeros(room, np.bool_)
    token_starts, token_ends, folds = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    if len(unknown):
        return (firsts, token_starts, token_ends, folds, words), False
    found, other = 0, 0
    for span in range(len(starts)):
        for token in range(read[span, 0], read[span, 1]):
            token_starts[found], token_ends[found] = whole.starts[token], whole.ends[token]
            folds[found], words[found] = whole.folds[token], whole.words[token]
            found += 1
        if read[span, 0] < 0:
            for token in range(own_firsts[other], own_firsts[other + 1]):
                token_starts[found], token_ends[found], folds[found] = own_starts[token], own_ends[token], own_folds[token]
                words[found] = flags[own_folds[token]] & IS_WORD != 0
                found += 1
            other += 1
        firsts[span + 1] = found
    return (firsts, token_starts, token_ends, folds, words), True


@compiled
def tokens_in(whole: TextWords, points: UInt32s, classes: UInt8s, start: int, end: int) -> tuple[int, int]:
    """The tokens of a text, first and end, that are those of a span read by itself; -1 twice where it must be read.

    It must where a token stands across an end of the span, and where it begins with an apostrophe, which may lean on
    the word in front. `points` (characters) is uint32, `classes` (by character) uint8; the others are integers.
    """
    if start >= end:
        return 0, 0
    if end >= len(whole.before):
        return -1, -1
    first, last = whole.before[start], whole.before[end]
    if first > 0 and whole.ends[first - 1] > start:
        return -1, -1
    if last > first and (whole.ends[last - 1] > end or classes[points[whole.starts[first]]] & APOSTROPHE):
        return -1, -1
    return first, last


def _looked_through(points: UInt32s, starts: Int64s, ends: Int64s) -> tuple[Int64s, Scan]:
    """The tokens of spans of a text with characters that are not seen as they stand."""
    parts = [scan(points[:0]), *(scan(points[start:end]) for start, end in zip(starts, ends, strict=True))]
    sizes = np.array([len(part.starts) for part in parts])
    moved = np.repeat(np.concatenate(([0], starts)), sizes).astype(np.int32)
    token_starts, token_ends, gaps, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
    return np.cumsum(sizes), Scan(token_starts + moved, token_ends + moved, gaps, keys)
