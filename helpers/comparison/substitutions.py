"""Alignments go in; substitutions come out, one row for each place, and how often each pair was made.

A substitution is minimal: its two sides share no first and no last word. Where one side would be empty (the
spinner put a word in, or left one out) it keeps one unchanged neighbour: “general public” for “public”.
"""

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from helpers.comparison.alignment.align import align_pairs, count_kept
from helpers.comparison.alignment.rows import KEPT, follow_moves
from helpers.comparison.confidence import confidences
from helpers.comparison.furniture import furniture_spans
from helpers.comparison.kinds import kind_in_place
from helpers.comparison.places import union
from helpers.comparison.rewritten import with_clauses, with_orders
from helpers.corpus.pairs import TextPair, pair_texts
from helpers.display.masking import masked_spans
from helpers.text.english import is_function_word
from helpers.text.names import name_spans
from helpers.text.spans import (
    Span,
    check_characters,
    fold,
    folded_words,
    is_word,
    overlaps,
    quotation_spans,
    tokens,
)
from helpers.text.word_counts import cohesion

COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end",
    "spun", "original", "kind", "in_quote", "in_name", "left", "right", "confidence",
]  # fmt: skip

RUN = ["op", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference", "confidence"]
LONGEST_STRAY = 3  # words put in or left out that still belong to a phrase; more are an added or dropped passage
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
        alignment = align_pairs(pairs, lexicon)
    by_pair = runs_by_pair(alignment)
    rows = [
        row
        for pair in map(TextPair._make, pairs[list(TextPair._fields)].itertuples(index=False, name=None))
        if (pair.spun_id, pair.reference_id) in by_pair
        for row in pair_substitutions(pair, by_pair[pair.spun_id, pair.reference_id])
    ]
    return substitutions_table(rows)


def runs_by_pair(alignment: pd.DataFrame) -> dict[tuple[str, str], list[tuple]]:
    """Return the runs of an alignment by `spun_id` and `reference_id`, moved ones joined, as tuples of `RUN`."""
    runs = follow_moves(alignment)
    keys = zip(runs["spun_id"].tolist(), runs["reference_id"].tolist(), strict=True)
    by_pair: dict[tuple[str, str], list[tuple]] = {}
    for key, run in zip(keys, zip(*(runs[column].tolist() for column in RUN), strict=True), strict=True):
        by_pair.setdefault(key, []).append(run)
    return by_pair


def pair_substitutions(pair: TextPair, runs: list[tuple]) -> list[tuple]:
    """Return the substitutions of one pair (a row of `pair_texts`) from its runs, as rows of `COLUMNS`."""
    found = _pair_substitutions(runs, pair.spun_text, pair.reference_text)
    return [(pair.spun_id, pair.reference_id, pair.site, *row) for row in found]


def substitutions_table(rows: list[tuple]) -> pd.DataFrame:
    """Return rows of `COLUMNS` as the table of substitutions."""
    return pd.DataFrame(rows, columns=COLUMNS).astype({"in_quote": bool, "in_name": bool})


def _pair_substitutions(runs: list[tuple], spun_text: str, reference_text: str) -> Iterable[tuple]:
    quotes, reference_quotes = quotation_spans(spun_text), quotation_spans(reference_text)
    names, furniture = name_spans(reference_text), furniture_spans(reference_text)
    hidden, reference_hidden = ([span for span, _ in masked_spans(text)] for text in (spun_text, reference_text))
    places = with_orders(places_of(runs, spun_text, reference_text), runs)
    sure_ones = confidences(places, runs, spun_text, reference_text)
    places = [(*place[:4], sure) for place, sure in zip(places, sure_ones, strict=True)]
    told_anew = count_kept((run[0], run[5], run[6], run[7]) for run in runs).paraphrase
    for (spun_start, spun_end, start, end, sure), anew in with_clauses(places, spun_text, reference_text):
        if overlaps(hidden, spun_start, spun_end) or overlaps(reference_hidden, start, end):
            continue  # two addresses, or parts of them: no words, and nobody's to show
        spun, original = spun_text[spun_start:spun_end], reference_text[start:end]
        kind, in_name = kind_in_place(spun, original, (start, end), names, furniture)
        kind = "rewritten" if (anew or told_anew) and kind not in ("boilerplate", "spelling") else kind
        in_quote = overlaps(quotes, spun_start, spun_end) or overlaps(reference_quotes, start, end)
        yield (
            spun_start, spun_end, start, end, spun, original, kind, in_quote, in_name,
            *_context(spun_text, spun_start, spun_end), sure,
        )  # fmt: skip


def _context(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands to the left and right of text[start:end], in whole words: half an address could not be masked."""
    first, last = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    if start > CONTEXT and (cut := re.match(r"\S*", text[first:start])):
        first += cut.end()
    if end + CONTEXT < len(text) and (cut := re.search(r"\S*$", text[end:last])):
        last = end + cut.start()
    for begins, ends in _not_known_by_themselves(text, first, last):
        first = max(first, ends) if ends <= start else first
        last = min(last, begins) if begins >= end else last
    return text[first:start], text[end:last]


def _not_known_by_themselves(text: str, first: int, last: int) -> list[Span]:
    """The addresses in text[first:last] that are cut there, or that only a word outside it tells to be some."""
    hidden = [span for span, _ in masked_spans(text) if span[0] < last and span[1] > first]
    known = [span for span, _ in masked_spans(text[first:last])] if hidden else []
    return [
        (start, end)
        for start, end in hidden
        if start < first or end > last or not any(a <= start - first and end - first <= b for a, b in known)
    ]


def places_of(rows: list[tuple], spun_text: str, reference_text: str) -> list[tuple[int, int, int, int, float]]:
    """Return the four offsets of all substitutions of one pair and how sure they are, in the order of the spun text.

    `rows` are the pair's runs, each a tuple of the columns `RUN`. A word put in beside itself (brand brand new) is a
    word doubled, and no phrase for its neighbour, unless the page has that phrase for it elsewhere too.
    """
    places = _places(rows)
    pairs = Counter((fold(spun_text[a:b]), fold(reference_text[c:d])) for a, b, c, d, _ in places)
    found = [_doubled(place, spun_text, reference_text, pairs) for place in places]
    return found if len({place[:2] for place in found}) == len(found) else places


def _doubled(place: tuple, spun_text: str, reference_text: str, pairs: Counter) -> tuple:
    """The place of a word doubled in one of the texts, where a place is one that was read with the word behind it."""
    *offsets, sure = place
    sides = [(spun_text, *offsets[:2]), (reference_text, *offsets[2:])]
    if sorted(len(folded_words(text[start:end])) for text, start, end in sides) != [1, 2]:
        return place
    words = [tokens(text[start:end]) for text, start, end in sides]
    if sorted(map(len, words)) != [1, 2] or words[0][-1].fold != words[1][-1].fold:
        return place
    longer = int(len(words[1]) == 2)
    befores = [max(0, start - CONTEXT) for _, start, _ in sides]
    ahead = [tokens(text[before:start]) for (text, start, _), before in zip(sides, befores, strict=True)]
    same = all(ahead) and ahead[0][-1].fold == ahead[1][-1].fold == words[longer][0].fold
    if not same or pairs[tuple(fold(text[start:end]) for text, start, end in sides)] > 1:
        return place
    found: list[int] = []
    for side, before in enumerate(befores):
        last = ahead[side][-1]
        end = sides[side][1] + words[side][0].end if side == longer else before + last.end
        found += [before + last.start, end]
    return (*found, sure)


def _places(rows: list[tuple]) -> list[tuple[int, int, int, int, float]]:
    """The places as they are read, a word put in with the neighbour with which it makes a phrase."""
    places: list[tuple] = []
    waiting: tuple | None = None  # a stray whose only neighbour is the substitution that comes next
    for position, (op, spun_start, spun_end, start, end, spun, original, sure) in enumerate(rows):
        before = rows[position - 1] if position else None
        after = rows[position + 1] if position + 1 < len(rows) else None
        place = (spun_start, spun_end, start, end, sure)
        if _is_swap(rows[position]):
            places.append(union(waiting, place) if waiting else place)
            waiting = None
        elif op in ("insert", "delete") and _is_stray(spun or original):
            span = _with_neighbour(rows[position][:7], before, after)
            if span:
                places.append(_joined(places, (*span, sure)))
            elif places and before and _is_swap(before) and places[-1][:2] == before[1:3]:
                places.append(union(places.pop(), _trimmed(place, spun, original)))
            elif after and _is_swap(after):
                waiting = _trimmed(place, spun, original)
    return places


def _is_swap(row: tuple) -> bool:
    """Tell whether a row is a substitution of words for words."""
    return row[0] == "substitute" and _has_word(row[5]) and _has_word(row[6]) and fold(row[5]) != fold(row[6])


def _trimmed(place: tuple, spun: str, original: str) -> tuple:
    """A stray's place (four offsets, and what else comes with them) without the white space around it."""
    side = spun or original
    lead, trail = len(side) - len(side.lstrip()), len(side) - len(side.rstrip())
    if spun:
        return (place[0] + lead, place[1] - trail, *place[2:])
    return (*place[:2], place[2] + lead, place[3] - trail, *place[4:])


def _joined(places: list[tuple], new: tuple) -> tuple:
    """A place, joined with the last one where they overlap: “make use of” for “use” has words on both sides."""
    if not places or not (new[0] < places[-1][1] or new[2] < places[-1][3] <= new[3]):
        return new
    return union(places.pop(), new)


def _has_word(phrase: str) -> bool:
    return any(sign.isalnum() for sign in phrase)


def _is_stray(run: str) -> bool:
    """Tell whether an added or dropped run is a few words inside a line, and no passage of its own."""
    folds = [token.fold for token in tokens(run)]
    return "\n" not in run and bool(folds) and len(folds) <= LONGEST_STRAY and all(is_word(word) for word in folds)


def _with_neighbour(stray: tuple, before: tuple | None, after: tuple | None) -> tuple[int, int, int, int] | None:
    """The span of stray words with one unchanged neighbour: the content word with which they make a phrase."""
    # A row that was moved away can be the next in the table and yet not touch the stray on the reference side.
    left = right = None
    if before and before[0] in KEPT and (stray[5] or before[4] == stray[3]):
        left = _last_word(before[5])
    if after and after[0] in KEPT and (stray[5] or after[3] == stray[4]):
        right = _first_word(after[5])
    words = [token.fold for token in tokens(stray[5] or stray[6])]
    scores = {}
    if left:
        scores["left"] = (not is_function_word(left[0]), cohesion(left[0], words[0]))
    if right:
        scores["right"] = (not is_function_word(right[0]), cohesion(words[-1], right[0]))
    spun = stray[5]
    spun_start, spun_end, start, end = _trimmed(stray[1:5], spun, stray[6])
    # On a tie the word to the right: English modifiers stand in front of what they modify.
    if before and left and max(scores, key=lambda side: (*scores[side], side == "right")) == "left":
        if spun:
            return (before[2] - left[1], spun_end, before[4] - left[1], before[4])
        return (before[2] - left[1], before[2], before[4] - left[1], end)
    if not (after and right):
        return None
    from_word, width = right[1]
    if spun:
        return (spun_start, after[1] + width, after[3] + from_word, after[3] + width)
    return (after[1] + from_word, after[1] + width, start, after[3] + width)


def _is_whole_word(folded: str) -> bool:
    """Tell whether a token can be a neighbour: a word, and no possessive or other ending that leans on one."""
    return is_word(folded) and not folded.startswith("'")


def _last_word(run: str) -> tuple[str, int] | None:
    """The folded word that ends an equal run and its length, if the run ends with a word."""
    found = tokens(run.rsplit("\n", 1)[-1])
    if not found or not _is_whole_word(found[-1].fold) or run[-1:].isspace():
        return None
    return found[-1].fold, found[-1].end - found[-1].start


def _first_word(run: str) -> tuple[str, tuple[int, int]] | None:
    """The folded word that begins an equal run and its offsets in it, if one does on the same line."""
    found = tokens(run[: CONTEXT * 2])
    if not found or not _is_whole_word(found[0].fold) or "\n" in run[: found[0].start]:
        return None
    return found[0].fold, (found[0].start, found[0].end)
