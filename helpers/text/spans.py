"""A text goes in; spans come out: tokens, sentences, lines and quotations, as offsets into that text.

Nothing here changes a text. Every span is a pair of character offsets, end exclusive, so that
`text[start:end]` always gives back the words as they stand in the stored file.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.text.compiled import Bools, Int64s, compiled
from helpers.text.quotations import Marks, marks_in, quotations_in
from helpers.text.scan import APOSTROPHES, code_points, scan
from helpers.text.seen import references_read, seen
from helpers.text.sentence_splitter import sentences_in

Span = tuple[int, int]

_STRAIGHT = str.maketrans(
    dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys("“”„‟«»″＂❝❞〝〞〟", '"') | dict.fromkeys("‐‑‒–—―−﹣－⁃", "-")
)
LINE = re.compile(r"\S(?:[^\n]*\S)?")  # that holds more than white space
PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")  # words with nothing in them that needs a closer look
EDITED = re.compile(r"\[([^\W\d_])\](?=[^\W\d_A-Z])")  # “[W]e”: an editor made it a capital
ADDRESS = re.compile(r"\S*(?:@|://)\S*")  # a dictionary leaves e-mail and web addresses alone


class Token(NamedTuple):
    """One token: where it stands and its folded form."""

    start: int
    end: int
    fold: str


def fold(phrase: str) -> str:
    """Return a phrase as it is compared: as it is seen, composed (NFC), without case, straight quotes, single spaces.

    >>> fold("The  People’s"), fold("sup\\xadport")
    ("the people's", 'support')
    """
    if "[" in phrase:
        phrase = EDITED.sub(r"\1", phrase)
    phrase = seen(phrase)
    if phrase.isascii():
        return " ".join(phrase.lower().replace("`", "'").split())
    return " ".join(unicodedata.normalize("NFC", phrase).translate(_STRAIGHT).casefold().split())


@lru_cache(maxsize=200_000)
def _fold_token(token: str) -> str:
    return fold(token)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text: words, numbers, clitics and single signs; white space stands between them.

    >>> [text[t.start:t.end] for text in ["It’s Kim’s 1,000th, isn’t it?"] for t in tokens(text)]
    ['It', '’s', 'Kim', '’s', '1,000th', ',', 'is', 'n’t', 'it', '?']
    """
    found = scan(code_points(text))
    return [
        Token(start, end, _fold_token(text[start:end]))
        for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    ]


@lru_cache(maxsize=100_000)
def phrase_folds(phrase: str) -> tuple[str, ...]:
    """Return the folded tokens of a phrase as they are inside a text, where a clitic at its start leans on a word.

    >>> phrase_folds("’s going to"), phrase_folds("it is")
    (("'s", 'going', 'to'), ('it', 'is'))
    """
    if phrase[:1] in APOSTROPHES:
        leaning = tokens("x" + phrase)
        if leaning[0].fold == "x":
            return tuple(token.fold for token in leaning[1:])
    return tuple(token.fold for token in tokens(phrase))


def tokenise(text: str) -> pd.DataFrame:
    """Return the tokens of a text as a table: `start`, `end` (characters), `token`, `fold`, `is_word`."""
    return pd.DataFrame(
        [(t.start, t.end, text[t.start : t.end], t.fold, is_word(t.fold)) for t in tokens(text)],
        columns=["start", "end", "token", "fold", "is_word"],
    )


@lru_cache(maxsize=500_000)
def is_word(folded: str) -> bool:
    """Tell whether a token is made of letters or digits (a clitic is, a comma is not)."""
    return any(sign.isalnum() for sign in folded)


@lru_cache(maxsize=100_000)
def folded_words(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase, folded, without the signs between them.

    >>> folded_words("China’s pursuits, no?")
    ('china', "'s", 'pursuits', 'no')
    """
    if PLAIN.fullmatch(phrase):
        return tuple(phrase.lower().split())
    return tuple(token.fold for token in tokens(phrase) if is_word(token.fold))


def is_plain(word: str) -> bool:
    """Tell whether a word has nothing but plain letters: a to z, in either case.

    >>> is_plain("word"), is_plain("wörd"), is_plain("10km")
    (True, False, False)
    """
    return word.isascii() and word.isalpha()


def line_spans(text: str) -> list[Span]:
    """Return the lines that hold more than white space; a paragraph of a stored article is one line."""
    return [match.span() for match in LINE.finditer(text)]


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences of a text; a line break always ends one (headings, captions and lists have no full stop).

    Kiss and Strunk's Punkt (2006) with a short list of abbreviations, as NLTK has it.

    >>> [(text[a:b]) for text in ["Dr. Fenwick left. She ran.\\nThe end"] for a, b in sentence_spans(text)]
    ['Dr. Fenwick left.', 'She ran.', 'The end']
    """
    return [
        (line_start + start, line_start + end)
        for line_start, line_end in line_spans(text)
        for start, end in sentences_in(text[line_start:line_end])
        if end > start
    ]


def quotation_spans(text: str) -> list[Span]:
    """Return the quotations of a text, their marks included (see `quotations.py`).

    A quotation that is not closed in its paragraph runs to the paragraph's end, as newspapers set a
    quotation of several paragraphs.

    >>> [(text[a:b]) for text in ["He said “no one” and left. “We\\n“go."] for a, b in quotation_spans(text)]
    ['“no one”', '“We', '“go.']
    """
    if (view := references_read(text)) is not None:
        return [view.span(*span) for span in quotation_spans(view.text)]
    places, opens = marks_in(text)
    openings = list(compress(places, opens))
    found: list[Span] = []
    at = 0
    for start, end in line_spans(text) if openings else []:
        if at < len(openings) and openings[at] < end:
            first = bisect_left(places, openings[at])
            inside = slice(first, bisect_left(places, end, first))
            marks = Marks([place - start for place in places[inside]], opens[inside])
            found += [(start + first, start + last) for first, last in quotations_in(text[start:end], marks)]
            at = bisect_left(openings, end, at)
    return found


def overlaps(spans: list[Span], start: int, end: int) -> bool:
    """Tell whether any of the sorted, disjoint spans shares a character with start:end."""
    before = bisect_right(spans, (start, float("inf")))
    return any(a < end and b > start for a, b in spans[max(0, before - 1) : before + 1])


def touch(spans: list[Span], starts: Int64s, ends: Int64s) -> Bools:
    """Mark the spans from `starts` to `ends` of which `overlaps` holds.

    >>> touch([(2, 4), (6, 8)], np.array([0, 3, 5]), np.array([2, 4, 9])).tolist()
    [False, True, True]
    """
    if not spans:
        return np.zeros(len(starts), np.bool_)
    return _touch(np.array(spans, np.int64), starts, ends)


@compiled
def _touch(edges: Int64s, starts: Int64s, ends: Int64s) -> Bools:
    """Mark what `touch` marks; `edges` (spans x 2), `starts` and `ends` are int64."""
    found = np.zeros(len(starts), np.bool_)
    for place in range(len(starts)):
        after = np.searchsorted(edges[:, 0], starts[place], side="right")
        for near in range(max(after - 1, 0), min(after + 1, len(edges))):
            found[place] |= edges[near, 0] < ends[place] and edges[near, 1] > starts[place]
    return found


def covering(spans: list[Span], start: int, end: int) -> Span:
    """Return start:end widened to the ends of the sorted spans that it touches; start:end where it touches none.

    >>> covering([(0, 4), (5, 9), (10, 14)], 7, 12)
    (5, 14)
    """
    touched = [
        span for span in spans[max(0, bisect_right(spans, (start, start)) - 1) :] if span[0] < end and span[1] > start
    ]
    return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else (start, end)


def check_characters(*texts: str) -> None:
    """Raise ValueError for a text with a lone surrogate, half of a character beyond U+FFFF: no file can hold it.

    >>> check_characters("half \\ud83d")
    Traceback (most recent call last):
    ValueError: a text holds half a character (U+D83D) at 5. Mend: helpers.corpus.formats.encodings.mend(text)[0].
    """
    for text in texts:
        if text.isascii():  # which a string knows of itself
            continue
        try:
            text.encode()
        except UnicodeEncodeError as error:
            half = f"half a character (U+{ord(text[error.start]):04X}) at {error.start}"
            mend = "helpers.corpus.formats.encodings.mend(text)[0]."
            raise ValueError(f"a text holds {half}. Mend: {mend}") from None


def check_phrases(table: pd.DataFrame, what: str) -> None:
    """Raise ValueError, with the row and the mend, where `spun` or `original` holds no phrase: an empty cell, say."""
    for column in ("spun", "original"):
        for place, phrase in zip(table.index, table[column], strict=True):
            if not isinstance(phrase, str) or not phrase_folds(phrase):
                raise ValueError(f"{what}’s row {place} has no phrase in {column}: {phrase!r}. Mend: fill it.")
