"""A text and spans of it go in; the words of each span, read by itself, come out as numbers, for compiled code.

A span is read as if nothing stood around it: an ending that leans on a word (’s) is none where the word is cut away.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.moved_passages import Side
from helpers.comparison.alignment.vocabulary import IS_WORD, Forms, Vocabulary, find_forms
from helpers.text.compiled import Bools, Int32s, Int64s, UInt8s, UInt16s, UInt32s, UInt64s, compiled
from helpers.text.scan import APOSTROPHE, Scan, classes_up_to, heads_of_figures, scan, scan_spans, tokens_of_spans
from helpers.text.seen import kept_points, seen_points, table_size


class Characters(NamedTuple):
    """A text's characters as numbers, and tables of what characters are, by their number.

    `letters` marks letters and figures, `capitals` capitals; `classes` are bits (see `classes_of`). `plain` tells
    whether all characters are seen as they stand.
    """

    text: str
    points: UInt32s
    letters: Bools
    capitals: Bools
    classes: UInt8s
    plain: bool


class TextWords(NamedTuple):
    """The tokens of a whole text, as `SpanWords` has them, and for each character and the end two numbers of tokens.

    A span from `start` to `end`, read by itself, has the tokens from opens[start] to closes[end]. One of them is -1
    where it must be read: where a token stands across an end of the span, and where the span begins with an apostrophe,
    which may lean on the word in front.
    """

    starts: Int32s
    ends: Int32s
    folds: Int32s
    words: Bools
    opens: Int32s
    closes: Int32s


class SpanWords(NamedTuple):
    """The tokens of spans, one below the other: those of span s from firsts[s] to firsts[s + 1].

    Of each its offsets in the text, the number of the folded word (see `Vocabulary`) and whether it is a word.
    """

    firsts: Int64s
    starts: Int32s
    ends: Int32s
    folds: Int32s
    words: Bools

    def counts(self) -> Int64s:
        """Return how many words each span has (spans)."""
        before = np.concatenate(([0], np.cumsum(self.words)))
        return before[self.firsts[1:]] - before[self.firsts[:-1]]


def characters(text: str) -> Characters:
    """Return the characters of a text.

    >>> text = characters("é 1")
    >>> text.letters[text.points].tolist()
    [True, False, True]
    """
    points = kept_points(text)
    size = table_size(points)
    return Characters(text, points, *_tables(size), classes_up_to(size), seen_points(points) is None)


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
        return _not_read(text)
    if side is None:
        whole = span_words(text, np.zeros(1, np.int64), np.array([len(text.points)]), vocabulary)
        tokens = whole.starts, whole.ends, whole.folds
    else:
        tokens = side.starts, side.ends, side.folds
    return TextWords(*tokens, *_text_words(text.points, *tokens, text.classes, vocabulary.words.flags))


def _not_read(text: Characters) -> TextWords:
    """No words of a text, so that all its spans must be read."""
    unknown, none = np.full(len(text.points) + 1, -1, np.int32), np.empty(0, np.int32)
    return TextWords(none, none, none, np.empty(0, np.bool_), unknown, unknown)


@compiled
def _text_words(
    points: UInt32s, starts: Int32s, ends: Int32s, folds: Int32s, classes: UInt8s, flags: UInt16s
) -> tuple[Bools, Int32s, Int32s]:
    """The other columns of `TextWords`, from the tokens of a text (`starts`, `ends` and `folds`, int32).

    `points` (characters) is uint32, `classes` (by character) uint8, `flags` (folded words) uint16.
    """
    words = np.empty(len(starts), np.bool_)
    opens, closes = np.full(len(points) + 1, -1, np.int32), np.full(len(points) + 1, -1, np.int32)
    at = 0
    for token in range(len(starts)):
        words[token] = flags[folds[token]] & IS_WORD != 0
        leans = classes[points[starts[token]]] & APOSTROPHE
        for place in range(at, starts[token] + 1):
            opens[place] = -1 if leans else token
            closes[place] = token
        at = ends[token]
    opens[at:] = len(starts)
    closes[at:] = len(starts)
    return words, opens, closes


def span_words(
    text: Characters, starts: Int64s, ends: Int64s, vocabulary: Vocabulary, whole: TextWords | None = None
) -> SpanWords:
    """Return the words of the spans from `starts` to `ends` (characters; both int64).

    `whole` are the words of the text (see `text_words`), where they are known.
    """
    if text.plain:
        words, are_known = _span_words(
            text.points, starts, ends, text.classes, *heads_of_figures(), vocabulary.forms,
            vocabulary.words.flags, whole or _not_read(text),
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
    # The tokens of the whole text that are a span's; those of other spans are read.
    read = np.empty((len(starts), 2), np.int64)
    others, room = 0, 0
    for span in range(len(starts)):
        first, last = whole.opens[starts[span]], whole.closes[ends[span]]
        if first < 0 or last < 0 or starts[span] >= ends[span]:
            first, last = (-1, -1) if starts[span] < ends[span] else (0, 0)
        read[span, 0], read[span, 1] = first, last
        others += first < 0
        room += last - first
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
                token_starts[found], token_ends[found] = own_starts[token], own_ends[token]
                folds[found] = own_folds[token]
                words[found] = flags[own_folds[token]] & IS_WORD != 0
                found += 1
            other += 1
        firsts[span + 1] = found
    return (firsts, token_starts, token_ends, folds, words), True


def _looked_through(points: UInt32s, starts: Int64s, ends: Int64s) -> tuple[Int64s, Scan]:
    """The tokens of spans of a text with characters that are not seen as they stand."""
    parts = [scan(points[:0]), *(scan(points[start:end]) for start, end in zip(starts, ends, strict=True))]
    sizes = np.array([len(part.starts) for part in parts])
    moved = np.repeat(np.concatenate(([0], starts)), sizes).astype(np.int32)
    token_starts, token_ends, gaps, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
    return np.cumsum(sizes), Scan(token_starts + moved, token_ends + moved, gaps, keys)
