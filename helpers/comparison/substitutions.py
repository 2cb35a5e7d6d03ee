"""Alignments go in; substitutions come out, one row for each place, and how often each pair was made.

A substitution is minimal: its two sides share no first and no last word. Where one side would be empty (the
spinner put a word in, or left one out) it keeps one unchanged neighbour: “general public” for “public”.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from helpers.comparison.alignment.align import OFFSETS, aligned_rows, text_pairs
from helpers.comparison.alignment.string_columns import picked
from helpers.comparison.alignment.vocabulary import HAS_VARIANTS, IS_FUNCTION, IS_NUMBER, Words, current_vocabulary
from helpers.comparison.confidence import confidences
from helpers.comparison.cuttings import Cuttings, column_of, cut_out
from helpers.comparison.found_places import NEW_LINE, Places, hold, places_of
from helpers.comparison.furniture import furniture_spans
from helpers.comparison.initials import with_initials
from helpers.comparison.kinds import kept_kind, kind_in_name
from helpers.comparison.rewritten import with_clauses, with_orders
from helpers.comparison.runs import Reading, ReadRuns, Runs, kept_of, read_runs, runs_by_pair, runs_of_rows
from helpers.comparison.span_words import Characters, TextWords, characters
from helpers.corpus.pairs import TextPair, declared_pairs
from helpers.corpus.terms import KINDS
from helpers.display.masking import masked_spans
from helpers.text.compiled import Bools, Floats, Int64s, UInt8s, UInt32s, compiled
from helpers.text.names import name_spans
from helpers.text.scan import SPACE
from helpers.text.spans import Span, check_characters, quotation_spans, touch

COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end",
    "spun", "original", "kind", "in_quote", "in_name", "left", "right", "confidence",
]  # fmt: skip

SPELLING, BOILERPLATE, REWRITTEN = map(KINDS.index, "spelling boilerplate rewritten".split())
NUMBER, INFLECTION, FUNCTION, SYNONYM = map(KINDS.index, "number inflection function synonym".split())
ASK = len(KINDS)  # no kind: Python knows
CASE = np.uint32(32)  # the bit in which a letter and its capital differ
BLOCK = 256  # pairs whose substitutions are held one by one before they become a part of the table
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
        pairs, apart = [TextPair("spun", "reference", "", articles, reference_text)], [False]
    else:
        pairs, apart = declared_pairs(articles)
    reading = Reading(current_vocabulary(), {})
    if alignment is None:
        texts, _ = text_pairs((pair[0], pair[1], *pair[3:]) for pair in pairs)
        runs = runs_of_rows(texts, aligned_rows(texts, apart, lexicon, sides=reading.sides))
    else:
        by_pair = runs_by_pair(alignment)
        pairs = [pair for pair in pairs if pair[:2] in by_pair]
        runs = [by_pair[pair[:2]] for pair in pairs]
    return _table(pairs, runs, reading)


def _table(pairs: list[TextPair], runs: list[Runs], reading: Reading) -> pd.DataFrame:
    """The substitutions of all pairs; a block of them at a time, so that little is held twice.

    What was read of a text is given up behind its last pair.
    """
    tables: list[pd.DataFrame] = []
    found: list[Found] = []
    last = {text: number for number, pair in enumerate(pairs) for text in pair[3:]}
    for number, (pair, own) in enumerate(zip(pairs, runs, strict=True)):
        substitutions = pair_substitutions(pair, own, reading)
        for text in pair[3:]:
            if last[text] == number:
                reading.sides.pop(text, None)
        if len(substitutions.offsets):  # columns of nothing have no types, and would take them from the others
            found.append(substitutions)
        if len(found) == BLOCK:
            tables.append(substitutions_table(found))
            found = []
    if found or not tables:
        tables.append(substitutions_table(found))
    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


class Found(NamedTuple):
    """The substitutions of a pair: its ids and site, then the columns of the table, an entry each.

    The offsets are a table of their own (substitutions x 4, as `OFFSETS`), the kinds are numbers of KINDS.
    """

    pair: tuple[str, str, str]
    offsets: Int64s
    spun: Cuttings
    original: Cuttings
    kind: UInt8s
    in_quote: Bools
    in_name: Bools
    left: Cuttings
    right: Cuttings
    confidence: Floats


def pair_substitutions(pair: TextPair, runs: Runs, reading: Reading | None = None) -> Found:
    """Return the substitutions of one pair (a row of `pair_texts`) from its runs; for `reading` see `read_runs`."""
    read = read_runs(runs, pair.spun_text, pair.reference_text, reading)
    places = with_orders(with_initials(places_of(read), read), read)
    places, anew = with_clauses(Places(places.offsets, confidences(places, read)), read)
    shown = _shown(places.offsets, read)
    if not shown.all():
        places, anew = Places(places.offsets[shown], places.sure[shown]), anew[shown]
    spun, reference = pair.spun_text, pair.reference_text
    starts, ends, firsts, lasts = _columns(places.offsets)
    sides = cut_out(read.spun, starts, ends), cut_out(read.reference, firsts, lasts)
    kinds, in_name = _kinds(places.offsets, anew | kept_of(read).paraphrase, read)
    in_quote = touch(quotation_spans(spun), starts, ends) | touch(quotation_spans(reference), firsts, lasts)
    begins, stops = _columns(_contexts(read.spun, starts, ends))
    around = cut_out(read.spun, begins, starts), cut_out(read.spun, ends, stops)
    ids = (pair.spun_id, pair.reference_id, pair.site)
    return Found(ids, places.offsets, *sides, kinds, in_quote, in_name, *around, places.sure)


def substitutions_table(found: list[Found]) -> pd.DataFrame:
    """Return the substitutions of some pairs as a table with `COLUMNS`."""
    sizes = [len(pair.kind) for pair in found]
    if not sum(sizes):
        return pd.DataFrame(columns=COLUMNS).astype({"in_quote": bool, "in_name": bool})
    numbers = np.repeat(np.arange(len(found)), sizes)
    names = zip(*(pair.pair for pair in found), strict=True)
    columns: dict[str, Any] = {name: picked(values, numbers) for name, values in zip(COLUMNS, names, strict=False)}
    columns |= dict(zip(OFFSETS, _columns(np.concatenate([pair.offsets for pair in found])), strict=True))
    for name in Found._fields[2:]:
        parts = [getattr(pair, name) for pair in found]
        columns[name] = column_of(parts) if isinstance(parts[0], Cuttings) else np.concatenate(parts)
    columns["kind"] = picked(KINDS, columns["kind"])
    return pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)


def _columns(offsets: Int64s) -> Int64s:
    return np.ascontiguousarray(offsets.T)


def _shown(offsets: Int64s, read: ReadRuns) -> Bools:
    """Mark the places that are no addresses, or parts of them: those are no words, and nobody's to show."""
    starts, ends, firsts, lasts = _columns(offsets)
    hidden, others = ([span for span, _ in masked_spans(text.text)] for text in (read.spun, read.reference))
    return ~(touch(hidden, starts, ends) | touch(others, firsts, lasts))


def _kinds(offsets: Int64s, anew: Bools, read: ReadRuns) -> tuple[UInt8s, Bools]:
    """The kind of each place, as a number, and whether it stands in a name (see `kind_in_place`), or `rewritten`."""
    spun, reference, (_, _, firsts, lasts) = read.spun.text, read.reference.text, _columns(offsets)
    furniture = touch(furniture_spans(reference), firsts, lasts)
    named = _holding_capitals(read.reference, firsts, lasts) & ~furniture
    names: list[Span] = []
    if named.any():  # names are looked for where one is asked for: reading sentences takes longer than all else here
        names = name_spans(reference)
        named &= touch(names, firsts, lasts)
    kinds = _kinds_of_phrases(offsets, named, furniture, read)
    for place in np.flatnonzero(named):
        a, b, c, d = offsets[place].tolist()
        kind, named[place] = kind_in_name(spun[a:b], reference[c:d], (c, d), reference, names, spun, (a, b))
        kinds[place] = KINDS.index(kind)
    kinds[anew & (kinds != BOILERPLATE) & (kinds != SPELLING)] = REWRITTEN
    return kinds, named


def _kinds_of_phrases(offsets: Int64s, named: Bools, furniture: Bools, read: ReadRuns) -> UInt8s:
    """What `kept_kind` says of each place, as a number; ASK of those that are `named`."""
    points, words = (read.spun.points, read.reference.points), read.vocabulary.words
    kinds = _kinds_of_words(offsets, named | furniture, *points, *read.wholes, words)
    asked = np.flatnonzero((kinds == ASK) & ~named)
    spun, reference = read.spun.text, read.reference.text
    kinds[asked] = [
        KINDS.index(kept_kind(spun[a:b], reference[c:d], False, line))
        for (a, b, c, d), line in zip(offsets[asked].tolist(), furniture[asked].tolist(), strict=True)
    ]
    return kinds


@compiled
def _kinds_of_words(
    offsets: Int64s,
    special: Bools,
    points: UInt32s,
    others: UInt32s,
    whole: TextWords,
    other_whole: TextWords,
    known: Words,
) -> UInt8s:
    """The kind of each place that is one word on each side, of plain letters, and not `special`; ASK for all others.

    `offsets` (places x 4) is int64, `special` (places) bool, the result (places) uint8; `points` and `others`
    (characters) are uint32.
    """
    found = np.full(len(offsets), ASK, np.uint8)
    for place in range(len(offsets)):
        a, b, c, d = offsets[place, 0], offsets[place, 1], offsets[place, 2], offsets[place, 3]
        first, other = whole.opens[a], other_whole.opens[c]
        if special[place] or first < 0 or other < 0:
            continue
        if whole.closes[b] != first + 1 or other_whole.closes[d] != other + 1:
            continue
        if _are_letters(points, a, b) and _are_letters(others, c, d):
            found[place] = _kind_of_words(whole.folds[first], other_whole.folds[other], known)
    return found


@compiled
def _are_letters(points: UInt32s, start: int, end: int) -> bool:
    """Tell whether points[start:end] are plain letters; `points` (characters) is uint32, the others are integers."""
    for at in range(start, end):  # noqa: SIM110 - numba compiles a plain loop best
        if not 97 <= points[at] | CASE <= 122:
            return False
    return True


@compiled
def _kind_of_words(one: int, other: int, known: Words) -> int:
    """What `kept_kind` says of a word of plain letters for another, given as numbers; ASK where spelling may tell."""
    flags, both = known.flags[one] | known.flags[other], known.flags[one] & known.flags[other]
    if one == other or flags & HAS_VARIANTS:
        return ASK
    if both & IS_NUMBER:
        return NUMBER
    if known.lemmas[one] == known.lemmas[other]:
        return INFLECTION
    return FUNCTION if both & IS_FUNCTION else SYNONYM


def _holding_capitals(text: Characters, starts: Int64s, ends: Int64s) -> Bools:
    """Mark the spans of a text that hold a capital."""
    return hold(text.capitals, text.points, starts, ends)


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands to the left and right of text[start:end], in whole words: half an address could not be masked.

    >>> context("He spoke to the general public.", 16, 23)
    ('He spoke to the ', ' public.')
    """
    ((left, right),) = _contexts(characters(text), np.array([start]), np.array([end])).tolist()
    return text[left:start], text[end:right]


def _contexts(text: Characters, starts: Int64s, ends: Int64s) -> Int64s:
    """Where the context of each place begins and ends: in whole words, since half an address could not be masked.

    The result (places x 2) is int64.
    """
    found = _whole_words(text.points, starts, ends, text.classes)
    for (first, last), _ in masked_spans(text.text):
        for place in np.flatnonzero((first < found[:, 1]) & (last > found[:, 0])).tolist():
            found[place] = _without_addresses(text.text, int(starts[place]), int(ends[place]), *found[place].tolist())
    return found


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
