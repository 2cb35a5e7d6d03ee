"""Alignments go in; substitutions come out, one row for each place, and how often each pair was made.

A substitution is minimal: its two sides share no first and no last word. Where one side would be empty (the
spinner put a word in, or left one out) it keeps one unchanged neighbour: “general public” for “public”.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.comparison.alignment.align import aligned_rows, text_pairs
from helpers.comparison.alignment.vocabulary import current_vocabulary
from helpers.comparison.confidence import confidences
from helpers.comparison.found_places import NEW_LINE, Places, places_of
from helpers.comparison.furniture import furniture_spans
from helpers.comparison.kinds import kind_of
from helpers.comparison.rewritten import with_clauses, with_orders
from helpers.comparison.runs import ReadRuns, Runs, kept_of, read_runs, runs_by_pair, runs_of_rows
from helpers.comparison.span_words import Characters, characters
from helpers.corpus.pairs import TextPair, pair_texts
from helpers.display.masking import masked_spans
from helpers.text.compiled import Bools, Int64s, UInt8s, UInt32s, compiled
from helpers.text.names import name_spans
from helpers.text.scan import SPACE, classes_of
from helpers.text.spans import Span, check_characters, quotation_spans, touch

COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end",
    "spun", "original", "kind", "in_quote", "in_name", "left", "right", "confidence",
]  # fmt: skip

CONTEXT = 60  # characters of text kept on each side of a substitution, for concordances


def find_substitutions(
    articles: pd.DataFrame | str,
    reference_text: str | None = None,
    *,
    lexicon: pd.DataFrame | None = None,
    alignment: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return every substitution: over all declared pairs of a table of articles, or between two texts.

    Call it with the table from `load_articles`, or with a spun text and its reference text. Columns: `spun_id`,
    `reference_id`, `site`, four character offsets into the stored texts (`spun_start`, `spun_end`,
    `reference_start`, `reference_end`), `spun`, `original`, `kind` (see `kind_of`), `in_quote`, `in_name`, the spun
    text to the `left` and `right`, and `confidence`: the probability that the place is right, both its ends and its
    original (see `confidences`). `lexicon` is handed on to `align`; an `alignment` already made by `align_pairs` saves
    making it again. Raises TypeError where a spun text comes without
    its reference text, and ValueError for a text with half a character in it (see `check_characters`).

    >>> find_substitutions("He spoke to the general public.", "He spoke to the public.")[["spun", "original"]]
                 spun original
    0  general public   public
    """
    if isinstance(articles, str):
        if reference_text is None:
            raise TypeError("find_substitutions(spun_text, reference_text): the reference text is missing")
        check_characters(articles, reference_text)
        pairs = pd.DataFrame(
            [("spun", "reference", "", articles, reference_text)],
            columns=["spun_id", "reference_id", "site", "spun_text", "reference_text"],
        )
    else:
        pairs = pair_texts(articles)
    if alignment is None:
        texts, apart = text_pairs(pairs)
        runs = runs_of_rows(texts, aligned_rows(texts, apart, lexicon))
    else:
        by_pair = runs_by_pair(alignment)
        known = [key in by_pair for key in zip(pairs["spun_id"], pairs["reference_id"], strict=True)]
        pairs = pairs[np.array(known, np.bool_)]  # an empty list would choose columns
        runs = [by_pair[key] for key in zip(pairs["spun_id"], pairs["reference_id"], strict=True)]
    rows = [row for pair, own in zip(_text_pairs(pairs), runs, strict=True) for row in pair_substitutions(pair, own)]
    return substitutions_table(rows)


def _text_pairs(pairs: pd.DataFrame) -> Iterator[TextPair]:
    return map(TextPair._make, pairs[list(TextPair._fields)].itertuples(index=False, name=None))


def pair_substitutions(pair: TextPair, runs: Runs) -> list[tuple]:
    """Return the substitutions of one pair (a row of `pair_texts`) from its runs, as rows of `COLUMNS`."""
    found = _pair_substitutions(read_runs(runs, pair.spun_text, pair.reference_text, current_vocabulary()))
    return [(pair.spun_id, pair.reference_id, pair.site, *row) for row in found]


def substitutions_table(rows: list[tuple]) -> pd.DataFrame:
    """Return rows of `COLUMNS` as the table of substitutions."""
    if not rows:
        return pd.DataFrame(rows, columns=COLUMNS).astype({"in_quote": bool, "in_name": bool})
    return pd.DataFrame(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)))


def _pair_substitutions(read: ReadRuns) -> Iterator[tuple]:
    places = with_orders(places_of(read), read)
    places, anew = with_clauses(Places(places.offsets, confidences(places, read)), read)
    shown = _shown(places.offsets, read)
    places, anew = Places(places.offsets[shown], places.sure[shown]), anew[shown]
    spun, reference = read.spun.text, read.reference.text
    kinds = _kinds(places.offsets, anew | kept_of(read).paraphrase, read)
    starts, ends, firsts, lasts = _columns(places.offsets)
    in_quote = touch(quotation_spans(spun), starts, ends) | touch(quotation_spans(reference), firsts, lasts)
    contexts = _contexts(read.spun, starts, ends)
    rows = zip(places.offsets.tolist(), kinds, in_quote.tolist(), contexts, places.sure.tolist(), strict=True)
    for (a, b, c, d), (kind, in_name), quoted, (left, right), sure in rows:
        yield a, b, c, d, spun[a:b], reference[c:d], kind, quoted, in_name, spun[left:a], spun[b:right], sure


def _columns(offsets: Int64s) -> Int64s:
    return np.ascontiguousarray(offsets.T)


def _shown(offsets: Int64s, read: ReadRuns) -> Bools:
    """Mark the places that are no addresses, or parts of them: those are no words, and nobody's to show."""
    starts, ends, firsts, lasts = _columns(offsets)
    hidden, others = ([span for span, _ in masked_spans(text.text)] for text in (read.spun, read.reference))
    return ~(touch(hidden, starts, ends) | touch(others, firsts, lasts))


def _kinds(offsets: Int64s, anew: Bools, read: ReadRuns) -> list[tuple[str, bool]]:
    """The kind of each place and whether it stands in a name, as `kind_in_place` has it, or `rewritten`."""
    spun, reference = read.spun.text, read.reference.text
    *_, firsts, lasts = _columns(offsets)
    furniture = touch(furniture_spans(reference), firsts, lasts)
    named = _holding_capitals(read.reference, firsts, lasts) & ~furniture
    if named.any():  # names are looked for where one is asked for: reading sentences takes longer than all else here
        named &= touch(name_spans(reference), firsts, lasts)
    found = []
    rows = zip(offsets.tolist(), furniture.tolist(), named.tolist(), anew.tolist(), strict=True)
    for (a, b, c, d), in_furniture, in_name, told_anew in rows:
        kind = kind_of(spun[a:b], reference[c:d], in_name=in_name, in_furniture=in_furniture)
        in_name = in_name and kind not in ("spelling", "order")
        found.append(("rewritten" if told_anew and kind not in ("boilerplate", "spelling") else kind, in_name))
    return found


def _holding_capitals(text: Characters, starts: Int64s, ends: Int64s) -> Bools:
    """Mark the spans of a text that hold a capital."""
    before = np.concatenate(([0], np.cumsum(text.capitals)))
    return before[ends] > before[starts]


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands to the left and right of text[start:end], in whole words: half an address could not be masked.

    >>> context("He spoke to the general public.", 16, 23)
    ('He spoke to the ', ' public.')
    """
    ((left, right),) = _contexts(characters(text), np.array([start]), np.array([end]))
    return text[left:start], text[end:right]


def _contexts(text: Characters, starts: Int64s, ends: Int64s) -> list[list[int]]:
    """Where the context of each place begins and ends: in whole words, since half an address could not be masked."""
    found = _whole_words(text.points, starts, ends, classes_of(text.points))
    for (first, last), _ in masked_spans(text.text):
        for place in np.flatnonzero((first < found[:, 1]) & (last > found[:, 0])).tolist():
            found[place] = _without_addresses(text.text, int(starts[place]), int(ends[place]), *found[place].tolist())
    return found.tolist()


@compiled
def _whole_words(points: UInt32s, starts: Int64s, ends: Int64s, classes: UInt8s) -> Int64s:
    """Where the whole words that stand within CONTEXT of each place begin and end (places x 2, int64).

    `points` (characters) is uint32, `starts` and `ends` (places) are int64, `classes` (by character) is uint8.
    """
    found = np.empty((len(starts), 2), np.int64)
    for place in range(len(starts)):
        first, last = max(0, starts[place] - CONTEXT), min(len(points), ends[place] + CONTEXT)
        while 0 < first < starts[place] and not classes[points[first]] & SPACE:
            first += 1
        if ends[place] + CONTEXT < len(points):
            last -= points[last - 1] == NEW_LINE
            while last > ends[place] and not classes[points[last - 1]] & SPACE:
                last -= 1
        found[place, 0], found[place, 1] = first, last
    return found


def _without_addresses(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The context first:last of text[start:end] without addresses that it cuts."""
    for begins, ends in _not_known_by_themselves(text, first, last):
        first = max(first, ends) if ends <= start else first
        last = min(last, begins) if begins >= end else last
    return first, last


def _not_known_by_themselves(text: str, first: int, last: int) -> list[Span]:
    """The addresses in text[first:last] that are cut there, or that only a word outside it tells to be some."""
    hidden = [span for span, _ in masked_spans(text) if span[0] < last and span[1] > first]
    known = [span for span, _ in masked_spans(text[first:last])] if hidden else []
    return [
        (start, end)
        for start, end in hidden
        if start < first or end > last or not any(a <= start - first and end - first <= b for a, b in known)
    ]
