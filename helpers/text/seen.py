"""A text goes in; what a reader sees of it comes out, with the place of each sign in the stored text.

Characters that cannot be seen (soft hyphens, zero-width and directional marks) are looked through, and letters that
only look like Latin ones are taken for these: a copy hides behind both from whoever compares signs. Which letters look
alike is Unicode's list (Technical Standard 39, as the package confusable_homoglyphs carries it); full-width and
mathematical letters and ligatures are what Unicode says that they stand for (NFKC).
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Int32s, UInt8s, UInt32s, compiled

BASIC_PLANE, ALL_CHARACTERS = 0x10000, 0x110000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
UNSEEN, STAND_IN = 1, 2  # what a character is, as bits
# Characters beyond ASCII of which none is special, first and last, but the soft hyphen among the first: accents, quotes
# and dashes, currencies. The table of all is made where others are met: that takes as long as a hundred comparisons.
SOFT_HYPHEN, PLAIN = 0xAD, ((0x80, 0x24F), (0x2010, 0x2027), (0x202F, 0x205F), (0x20A0, 0x20C0))
# Signs of category Cf that are drawn, since what follows is set into them.
DRAWN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Unseen as well, though of another category: joiners of combining marks, fillers, variation selectors.
UNSEEN_TOO = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, 0xFFA0, *range(0xFE00, 0xFE10),
              *range(0xE0100, 0xE01F0)}  # fmt: skip
STYLES = ("<wide>", "<narrow>", "<font>")  # ways to write a letter, in Unicode's decompositions
STYLED = range(0x80, 0x1FC00)  # where characters with such decompositions stand
LIGATURES = range(0xFB00, 0xFB07)
PHONETIC = 0x250  # from here on Latin letters stand that no language writes among plain ones: ɑ, ɡ, ᴏ
# Alphabets whose letters are set into Latin words; in all others a letter looks like a Latin one by chance.
ALPHABETS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "LATIN")
WORD = re.compile(r"\w(?:\w|[\u0300-\u036f])*")
LOOK_ALIKES, HIDDEN_CHARACTERS = "look-alike letters", "hidden characters"
# Characters of no width that no script needs between two Latin letters.
HIDDEN = re.compile(r"[A-Za-z]+(?:[\u180e\u200b-\u200d\u2060-\u2064\ufeff]+[A-Za-z]+)+")
# A word without a Latin letter is taken for a Latin one in these alphabets only, where it has so many letters at least.
FEWEST_ALONE = {"CYRILLIC": 1, "GREEK": 2}


def code_points(text: str) -> UInt32s:
    """Return the characters of a text as numbers.

    >>> code_points("é1").tolist()
    [233, 49]
    """
    # NumPy's strings are such numbers, and to be written to, as what is made from them: compiled code is made for
    # either kind by itself.
    return np.array([text]).view(np.uint32) if text else np.empty(0, np.uint32)


@lru_cache(maxsize=4)
def kept_points(text: str) -> UInt32s:
    """Return what `code_points` does, for those who only read it: of a text it is asked more than once."""
    return code_points(text)


def table_size(points: UInt32s) -> int:
    """Return how many characters a table must have to be asked for these: those of the basic plane, or all there are.

    >>> table_size(code_points("é")) == BASIC_PLANE, table_size(code_points("😀")) == ALL_CHARACTERS
    (True, True)
    """
    return ALL_CHARACTERS if len(points) and points.max() >= BASIC_PLANE else BASIC_PLANE


class Disguised(NamedTuple):
    """A word that is written to hide: its place in the text, as written, as it is read, and by what it hides."""

    start: int
    end: int
    written: str
    read: str
    kind: str


def seen_points(points: UInt32s) -> tuple[UInt32s, Int32s] | None:
    """Return the characters that are seen and the place of each in the text; None where all are as they stand.

    >>> points, places = seen_points(code_points("so\\xadft"))
    >>> "".join(map(chr, points)), places.tolist()
    ('soft', [0, 1, 3, 4])
    """
    special = _special_in(points)
    if special is None:
        return None
    places = np.flatnonzero(special != UNSEEN).astype(np.int32)
    points = points[places]
    if not (special == STAND_IN).any():
        return points, places
    signs = "".join(map(chr, points.tolist()))
    found, froms, last = [], [], 0
    for start, end, word in latin_words(signs):
        found += [signs[last:start], "".join(word)]
        froms += [*range(last, start), *(start + k for k, letters in enumerate(word) for _ in letters)]
        last = end
    if not last:
        return points, places
    found.append(signs[last:])
    froms += range(last, len(signs))
    return code_points("".join(found)), places[froms]


def _special_in(points: UInt32s) -> UInt8s | None:
    """What each of these characters is, as bits; None where all are as they stand."""
    if _are_plain(points):
        return None
    special = _special(table_size(points))[points]
    return special if special.any() else None


@compiled
def _are_plain(points: UInt32s) -> bool:
    """Tell whether all these characters are known to be none that is special.

    `points` (characters) is uint32.
    """
    for point in points:
        if point >= PLAIN[0][0] or point == SOFT_HYPHEN:
            plain = False
            for first, last in PLAIN:
                plain = plain or (first <= point and point <= last and point != SOFT_HYPHEN)
            if not plain:
                return False
    return True


def as_seen(text: str) -> tuple[str, list[int]] | None:
    """Return a text as a reader sees it and the place of each sign in the text; None where it is as it stands."""
    found = None if text.isascii() else seen_points(code_points(text))
    return None if found is None else ("".join(map(chr, found[0].tolist())), found[1].tolist())


def seen(phrase: str) -> str:
    """Return a phrase as a reader sees it.

    >>> seen("sup\\xadport"), seen("\\u0441aptain"), seen("\\u043d\\u0435\\u0442")
    ('support', 'captain', 'нет')
    """
    found = seen_points(code_points(phrase))
    return phrase if found is None else "".join(map(chr, found[0].tolist()))


def latin_words(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the words with letters that stand in for Latin ones: start, end, and what each of its letters stands for.

    A word is taken for a Latin one where all its letters are Latin or look so: a Russian or Greek word with one letter
    that Latin has not stays as it is.
    """
    found = []
    stand_ins = _stand_ins()
    for match in WORD.finditer(text):
        word = match[0]
        if word.isascii() or not any(sign in stand_ins for sign in word):
            continue
        letters = [stand_ins.get(sign, sign) for sign in word]
        if all(map(_is_latin, "".join(letters))) and (
            any(map(_is_latin, word)) or len(word) >= FEWEST_ALONE.get(_alphabet(word[0]), 1)
        ):
            found.append((*match.span(), letters))
    return found


def disguised(text: str) -> list[Disguised]:
    """Return the words of a text that are written so that a program does not know them, while a reader does.

    Kinds: look-alike letters (of another alphabet, or mathematical ones) and hidden characters (of no width, between
    two letters). Honest typography is left out: soft hyphens, ligatures, full-width letters, marks of direction; and
    words of another alphabet throughout, where the text has that alphabet in earnest.

    >>> [(word.written, word.read, word.kind) for word in disguised("the \\u0441aptain left")]
    [('сaptain', 'captain', 'look-alike letters')]
    """
    found = {match.span(): HIDDEN_CHARACTERS for match in HIDDEN.finditer(text)}
    special = _special_in(code_points(text))
    if special is not None and (special == STAND_IN).any() and _is_mostly_latin(text):
        places = np.flatnonzero(special != UNSEEN).tolist()
        shown = "".join(text[place] for place in places)
        earnest = {
            _alphabet(sign) for sign in shown if sign.isalpha() and not _is_latin(sign) and sign not in _stand_ins()
        }
        for start, end, _ in latin_words(shown):
            foreign = [sign for sign in shown[start:end] if _is_disguise(sign)]
            mixed = any(_is_latin(sign) and sign.isalpha() for sign in shown[start:end])
            if foreign and (mixed or not {_alphabet(sign) for sign in foreign} & earnest):
                found[places[start], places[end - 1] + 1] = LOOK_ALIKES
    return [
        Disguised(start, end, text[start:end], seen(text[start:end]), found[start, end]) for start, end in sorted(found)
    ]


def _is_disguise(sign: str) -> bool:
    """Tell whether a letter is there to look like another one: of another alphabet, or a mathematical one."""
    return sign in _stand_ins() and ord(sign) not in LIGATURES and not 0xFF00 <= ord(sign) < 0xFFF0


def _is_mostly_latin(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return sum(map(_is_latin, letters)) + sum(sign in _stand_ins() for sign in letters) > len(letters) / 2


@lru_cache(maxsize=10_000)
def _alphabet(sign: str) -> str:
    """The first word of a character's name, which is its alphabet's."""
    return unicodedata.name(sign, "").split(" ")[0]


def _is_latin(sign: str) -> bool:
    """Tell whether a character is a Latin letter, or a mark or digit that any word may have."""
    return sign.isascii() or not sign.isalpha() or _alphabet(sign) == "LATIN"


@lru_cache(maxsize=1)
def _stand_ins() -> dict[str, str]:
    """What each character stands for that is no plain Latin letter or digit: one of these, or a few."""
    from confusable_homoglyphs.confusables import confusables_data  # reads a file of its own as it is imported

    found = {}
    for point in STYLED:
        if unicodedata.decomposition(chr(point)).startswith(STYLES) or point in LIGATURES:
            plain = unicodedata.normalize("NFKC", chr(point))
            if plain.isascii() and plain.isalnum():
                found[chr(point)] = plain
    for letter in LETTERS:
        for sign in (other["c"] for other in confusables_data[letter]):
            if len(sign) == 1 and ord(sign) >= PHONETIC and sign.isalpha() and _alphabet(sign) in ALPHABETS:
                found.setdefault(sign, letter)
    # Unicode's list has one form for I, l and 1: capitals are told apart here.
    return {sign: "I" if plain == "l" and sign.isupper() else plain for sign, plain in found.items()}


@lru_cache(maxsize=2)
def _special(size: int) -> UInt8s:
    """What each of the first `size` characters is, as bits."""
    table = np.zeros(size, np.uint8)
    for point in (*range(BASIC_PLANE), *range(0x110BD, 0x110CE), *range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4),
                  *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0200)):  # fmt: skip
        if point < size and (point in UNSEEN_TOO or (unicodedata.category(chr(point)) == "Cf" and point not in DRAWN)):
            table[point] = UNSEEN
    for sign in _stand_ins():
        if ord(sign) < size:
            table[ord(sign)] = STAND_IN
    return table
