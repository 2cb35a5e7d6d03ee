"""A text goes in; the words in it come out that are written to hide: a reader sees no difference, a program does.

Letters of other alphabets hide, and characters of no width between two letters (see `seen`). What is honest looks
like it at times, and is no finding: formulas, how a word is pronounced, words of another language, spaces of no width.
"""

import re
from typing import NamedTuple

import numpy as np

from helpers.text.seen import (
    ALPHABETS,
    LIGATURES,
    ROMAN,
    STAND_IN,
    UNSEEN,
    alphabet,
    code_points,
    is_latin,
    latin_words,
    seen,
    special_in,
    stand_ins,
    stand_ins_in_mixed,
)  # fmt: skip
from helpers.text.word_counts import word_count

LOOK_ALIKES, HIDDEN_CHARACTERS = "look-alike letters", "hidden characters"
# Characters of no width that no script needs between two Latin letters.
HIDDEN = re.compile(r"[A-Za-z]+(?:[\u180e\u200b-\u200d\u2060-\u2064\ufeff]+[A-Za-z]+)+")
ZERO_WIDTH_SPACE = "\u200b"
SYMBOLS = frozenset("αβγδεζηθικλμνξπρςστυφχψω")  # what sciences call things by: TNFα, cos α, τmax


class Disguised(NamedTuple):
    """A word that is written to hide: its place in the text, as written, as it is read, and by what it hides."""

    start: int
    end: int
    written: str
    read: str
    kind: str


def disguised(text: str) -> list[Disguised]:
    """Return the words of a text that are written so that a program does not know them, while a reader does.

    Kinds: look-alike letters (of another alphabet, or mathematical ones) and hidden characters (of no width, between
    two letters). Honest typography is left out: soft hyphens, ligatures, full-width letters, Roman numerals, marks of
    direction; how a word is pronounced; the Greek letters of the sciences (TNFα); and words of another alphabet
    throughout, unless Latin words of the text are mixed with it and it is not there in earnest as well.

    >>> [(word.written, word.read, word.kind) for word in disguised("the \\u0441aptain left")]
    [('сaptain', 'captain', 'look-alike letters')]
    """
    hidden = HIDDEN.finditer(text)
    found = {match.span(): HIDDEN_CHARACTERS for match in hidden if not _stands_for_a_space(match[0])}
    special = special_in(code_points(text))
    if special is not None and (special == STAND_IN).any() and _is_mostly_latin(text):
        places = np.flatnonzero(special != UNSEEN).tolist()
        shown = "".join(text[place] for place in places)
        found |= {(places[start], places[end - 1] + 1): LOOK_ALIKES for start, end in _look_alikes(shown)}
    return [
        Disguised(start, end, text[start:end], seen(text[start:end]), found[start, end]) for start, end in sorted(found)
    ]


def _stands_for_a_space(written: str) -> bool:
    """Tell whether a space of no width is all that stands between words, as pages lose other spaces."""
    parts = written.split(ZERO_WIDTH_SPACE)
    return len(parts) > 1 and all(map(word_count, map(str.lower, parts))) and not word_count("".join(parts).lower())


def _look_alikes(text: str) -> list[tuple[int, int]]:
    """Where words in look-alike letters stand in a text without unseen characters."""
    signs = [sign for sign in text if sign.isalpha() and not is_latin(sign)]
    earnest = {alphabet(sign) for sign in signs if sign not in stand_ins_in_mixed()}
    mixed: list[tuple[int, int, set[str]]] = []
    whole: list[tuple[int, int, set[str]]] = []
    surely: set[str] = set()
    for start, end, _ in latin_words(text):
        word = text[start:end]
        foreign = {alphabet(sign) for sign in word if _is_disguise(sign)}
        if not foreign or (text[start - 1 : start] in ("/", "[") and text[end : end + 1] in ("/", "]")):
            continue  # /bɪt/
        is_mixed = any(is_latin(sign) and sign.isalpha() for sign in word)
        (mixed if is_mixed else whole).append((start, end, foreign))
        if is_mixed and not _may_be_a_symbol(word):
            surely |= foreign
    styles = {name for *_, foreign in whole for name in foreign if name not in ALPHABETS}
    found = [(start, end) for start, end, foreign in mixed if foreign <= surely]
    return found + [(start, end) for start, end, foreign in whole if foreign <= (surely | styles) - earnest]


def _may_be_a_symbol(word: str) -> bool:
    """Tell whether a word with Latin letters may be what a science calls something, or a numbered part: TNFα, ⅱa.

    Between two Latin letters no Greek one stands there, but among capitals (FcεRI).
    """
    foreign = [at for at, sign in enumerate(word) if _is_disguise(sign)]
    latin = [at for at, sign in enumerate(word) if sign.isascii() and sign.isalpha()]
    if all(ord(word[at]) in ROMAN for at in foreign):
        return len(word) < 3
    if any(word[at] not in SYMBOLS for at in foreign):
        return False
    inside = latin and any(latin[0] < at < latin[-1] for at in foreign)
    around = latin and any(foreign[0] < at < foreign[-1] for at in latin)
    return any(map(str.isupper, word[1:])) or not (inside or around)


def _is_disguise(sign: str) -> bool:
    """Tell whether a letter is there to look like another one: of another alphabet, or a mathematical one."""
    point = ord(sign)
    if point in ROMAN:
        return stand_ins()[sign] in "cdilmvx"
    return sign in stand_ins_in_mixed() and point not in LIGATURES and not 0xFF00 <= point < 0xFFF0


def _is_mostly_latin(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return sum(map(is_latin, letters)) + sum(sign in stand_ins() for sign in letters) > len(letters) / 2
