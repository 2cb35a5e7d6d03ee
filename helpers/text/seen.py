"""A text goes in; what a reader sees of it comes out, with the place of each sign in the stored text.

Characters that cannot be seen (soft hyphens, zero-width and directional marks) are looked through, and letters that
only look like Latin ones are taken for these: a copy hides behind both from whoever compares signs. Which letters look
alike is Unicode's list (Technical Standard 39, as the package confusable_homoglyphs carries it) and a few more;
full-width and mathematical letters, ligatures and Roman numerals are what Unicode says that they stand for (NFKC).
HTML’s character references (&#8217;) that no program read are the signs that they stand for: no writer's words.
"""

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from html import unescape
from html.entities import html5
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Int32s, UInt8s, UInt32s, compiled

BASIC_PLANE, ALL_CHARACTERS = 0x10000, 0x110000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
UNSEEN, STAND_IN, HYPHEN = 1, 2, 4  # what a character is, as bits
# A soft hyphen, and the sign that bad conversions put in its place: unseen between two letters, and so is a line break
# behind either.
SOFT_HYPHEN, NOT_SIGN, NEW_LINE = 0xAD, 0xAC, 0x0A
# Characters beyond ASCII of which none is special, first and last: accents, quotes and dashes, currencies. The table of
# all is made where others are met: that takes as long as a hundred comparisons.
PLAIN = ((0x80, 0xAB), (0xAE, 0x24F), (0x2010, 0x2027), (0x202F, 0x205F), (0x20A0, 0x20C0))
# Signs of category Cf that are drawn, since what follows is set into them.
DRAWN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Unseen as well, though of another category: joiners of combining marks, fillers, variation selectors.
UNSEEN_TOO = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, 0xFFA0, *range(0xFE00, 0xFE10),
              *range(0xE0100, 0xE01F0)}  # fmt: skip
STYLES = ("<wide>", "<narrow>", "<font>")  # ways to write a letter, in Unicode's decompositions
STYLED = range(0x80, 0x1FC00)  # where characters with such decompositions stand
LIGATURES = range(0xFB00, 0xFB07)
ROMAN = range(0x2160, 0x2180)  # numerals; small ones that are one letter (ⅽ, ⅾ, ⅿ) hide in words as well
# Letters in circles and squares: no letters for Python. One alone is a sign of its own (ⓘ, Ⓜ, 🅿).
CIRCLED = {start + at: chr(first + at) for start, first in ((0x24B6, 65), (0x24D0, 97), (0x1F130, 65), (0x1F150, 65),
           (0x1F170, 65)) for at in range(26)}  # fmt: skip
# Letters that look like Latin ones where these stand beside them, and that Unicode's list does not have so.
AMONG_LATIN = dict(zip("ετηκυωχιρвкмнт", "etnkuwxipbkmht", strict=True))
PHONETIC = 0x250  # from here on Latin letters stand that no language writes among plain ones: ɑ, ɡ, ᴏ
# Alphabets whose letters are set into Latin words; in all others a letter looks like a Latin one by chance.
ALPHABETS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "LATIN")
WORD = re.compile(r"[\w{0}](?:[\w{0}]|[\u0300-\u036f])*".format("".join(map(chr, CIRCLED))))
CYRILLIC = range(0x400, 0x500)
# What a page is drawn without: character references, some escaped once more, and breaks of lines and words.
REFERENCE = re.compile(
    r"&(?:amp;){0,3}(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|<(w?)br\s?/?>", re.IGNORECASE
)
AMPERSAND, LESS_THAN = ord("&"), ord("<")
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


class Seen(NamedTuple):
    """The characters of a text that are seen, an entry each, and where what is written for each stands in the text."""

    points: UInt32s
    starts: Int32s
    ends: Int32s


def seen_points(points: UInt32s) -> Seen | None:
    """Return the characters that are seen; None where all are as they stand.

    >>> found = seen_points(code_points("so\\xadft&#8217;s"))
    >>> "".join(map(chr, found.points)), found.starts.tolist(), found.ends.tolist()
    ('soft’s', [0, 1, 3, 4, 5, 12], [1, 2, 4, 5, 12, 13])
    """
    read = _references_read(points)
    if read is None:
        return _seen_points(points)
    found = _seen_points(read.points)
    return read if found is None else Seen(found.points, read.starts[found.starts], read.ends[found.ends - 1])


def _references_read(points: UInt32s) -> Seen | None:
    """The characters of a text with each reference as what it stands for; None where there is none."""
    if not ((points == AMPERSAND) | (points == LESS_THAN)).any():
        return None
    text = points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for match in REFERENCE.finditer(text):
        if (meant := _meant(match)) is not None:
            signs += [text[last : match.start()], meant]
            starts += [*range(last, match.start()), *([match.start()] * len(meant))]
            ends += [*range(last + 1, match.start() + 1), *([match.end()] * len(meant))]
            last = match.end()
    if not last:
        return None
    signs.append(text[last:])
    starts += range(last, len(text))
    ends += range(last + 1, len(text) + 1)
    return Seen(code_points("".join(signs)), np.array(starts, np.int32), np.array(ends, np.int32))


def _meant(match: re.Match) -> str | None:
    """What a match of REFERENCE stands for; None where HTML knows no such reference."""
    if match[1] is None:
        return "" if match[2] else " "
    if match[1][0] != "#" and f"{match[1]};" not in html5:
        return None
    sign = unescape(f"&{match[1]};")
    return " " if sign < " " else sign  # no line of the text ends there


def _seen_points(points: UInt32s) -> Seen | None:
    """What `seen_points` returns for a text without references."""
    special = special_in(points)
    if special is None:
        return None
    places = np.flatnonzero(special != UNSEEN).astype(np.int32)
    points = points[places]
    if not (special == STAND_IN).any():
        return Seen(points, places, places + np.int32(1))
    signs = "".join(map(chr, points.tolist()))
    found, froms, last = [], [], 0
    for start, end, word in latin_words(signs):
        found += [signs[last:start], "".join(word)]
        froms += [*range(last, start), *(start + k for k, letters in enumerate(word) for _ in letters)]
        last = end
    if not last:
        return Seen(points, places, places + np.int32(1))
    found.append(signs[last:])
    froms += range(last, len(signs))
    return Seen(code_points("".join(found)), places[froms], places[froms] + np.int32(1))


def special_in(points: UInt32s) -> UInt8s | None:
    """Return what each of these characters is, as bits; None where all are as they stand."""
    if _are_plain(points):
        return None
    special = _special(table_size(points))[points]
    if (special & HYPHEN).any():
        _settle_hyphens(points, special)
    return special if special.any() else None


def _settle_hyphens(points: UInt32s, special: UInt8s) -> None:
    """Say of each soft hyphen, and of what stands for one, whether it is unseen; of a line break behind it as well.

    `special` (characters), which is filled in, is uint8.
    """
    soft = points == SOFT_HYPHEN
    special[soft] = UNSEEN
    breaks = np.append(points[1:] == NEW_LINE, False)
    for place in np.flatnonzero((special & HYPHEN > 0) | (soft & breaks)).tolist():
        behind = place + 1 + int(breaks[place])
        before = [_case(point) for point in points[max(place - 2, 0) : place].tolist()]
        after = [_case(point) for point in points[behind : behind + 1].tolist()]
        letters = len(before) - before.count("") if before[-1:] == ["lower"] else 0
        # p¬q says something: one letter is no part of a word.
        if after == ["lower"] and letters >= (1 if soft[place] else 2):
            special[place:behind] = UNSEEN
        elif not soft[place]:
            special[place] = 0


def _case(point: int) -> str:
    """The case of a letter; empty for what has none."""
    sign = chr(point)
    return ("lower" if sign.islower() else "upper" * sign.isupper()) if sign.isalpha() else ""


@compiled
def _are_plain(points: UInt32s) -> bool:
    """Tell whether all these characters are known to be none that is special.

    `points` (characters) is uint32.
    """
    for point in points:
        if point >= PLAIN[0][0]:
            plain = False
            for first, last in PLAIN:
                plain = plain or (first <= point and point <= last)
            if not plain:
                return False
    return True


class Shown(NamedTuple):
    """A text as a reader sees it, and where what is written for each sign begins and ends in the stored text."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where some of what is seen stands in the stored text."""
        return self.starts[start], self.ends[end - 1]


def as_seen(text: str) -> Shown | None:
    """Return a text as a reader sees it; None where it is as it stands."""
    return None if _is_plain(text) else _shown(seen_points(code_points(text)))


def references_read(text: str) -> Shown | None:
    """Return what `as_seen` does, with nothing but HTML's references read."""
    return _shown(_references_read(code_points(text))) if _may_have_references(text) else None


def _shown(found: Seen | None) -> Shown | None:
    return None if found is None else Shown(signs_of(found), found.starts.tolist(), found.ends.tolist())


def _is_plain(text: str) -> bool:
    """Tell whether every sign of a text certainly stands for itself."""
    return text.isascii() and not _may_have_references(text)


def _may_have_references(text: str) -> bool:
    return "&" in text or "<" in text


def signs_of(seen: Seen) -> str:
    """Return the characters that are seen as a string."""
    return "".join(map(chr, seen.points.tolist()))


def seen(phrase: str) -> str:
    """Return a phrase as a reader sees it.

    >>> seen("sup\\xadport"), seen("\\u0441aptain"), seen("\\u043d\\u0435\\u0442")
    ('support', 'captain', 'нет')
    """
    found = None if _is_plain(phrase) else seen_points(code_points(phrase))
    return phrase if found is None else signs_of(found)


def latin_words(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the words with letters that stand in for Latin ones: start, end, and what each of its letters stands for.

    A word is taken for a Latin one where all its letters are Latin or look so: a Russian or Greek word with one letter
    that Latin has not stays as it is.
    """
    found = []
    plain, in_mixed = stand_ins(), stand_ins_in_mixed()
    for match in WORD.finditer(text):
        word = match[0]
        if (
            word.isascii()
            or not any(sign in in_mixed for sign in word)
            or sum(ord(sign) in CIRCLED for sign in word) == 1
        ):
            continue
        # NFκB, FcεRI: capitals within a word are no mark of one that hides.
        is_mixed = any(sign.isascii() and sign.isalpha() for sign in word) and not any(map(str.isupper, word[1:]))
        letters = [(in_mixed if is_mixed else plain).get(sign, sign) for sign in word]
        if all(map(is_latin, "".join(letters))) and (
            any(map(is_latin, word)) or len(word) >= FEWEST_ALONE.get(alphabet(word[0]), 1)
        ):
            found.append((*match.span(), letters))
    return found


@lru_cache(maxsize=10_000)
def alphabet(sign: str) -> str:
    """Return the first word of a character's name, which is its alphabet's."""
    return unicodedata.name(sign, "").split(" ")[0]


def is_latin(sign: str) -> bool:
    """Tell whether a character is a Latin letter, or a mark or digit that any word may have."""
    return sign.isascii() or not sign.isalpha() or alphabet(sign) == "LATIN"


@lru_cache(maxsize=1)
def stand_ins() -> dict[str, str]:
    """Return what each character stands for that is no plain Latin letter or digit: one of these, or a few."""
    from confusable_homoglyphs.confusables import confusables_data  # reads a file of its own as it is imported

    found = {}
    for point in STYLED:
        if unicodedata.decomposition(chr(point)).startswith(STYLES) or point in LIGATURES or point in ROMAN:
            plain = unicodedata.normalize("NFKC", chr(point))
            if plain.isascii() and plain.isalnum():
                found[chr(point)] = plain
    found |= {chr(point): letter for point, letter in CIRCLED.items()}
    for letter in LETTERS[:26]:
        with suppress(KeyError):  # X has none
            found[unicodedata.lookup(f"LATIN LETTER SMALL CAPITAL {letter}")] = letter.lower()
    for letter in LETTERS:
        for sign in (other["c"] for other in confusables_data[letter]):
            if len(sign) == 1 and ord(sign) >= PHONETIC and sign.isalpha() and alphabet(sign) in ALPHABETS:
                found.setdefault(sign, letter)
    # Unicode's list has one form for I, l and 1: capitals are told apart here.
    found = {sign: "I" if plain == "l" and sign.isupper() else plain for sign, plain in found.items()}
    return found | _accented(found)


@lru_cache(maxsize=1)
def stand_ins_in_mixed() -> dict[str, str]:
    """Return what each character stands for in a word that has Latin letters as well."""
    return stand_ins() | AMONG_LATIN


def _accented(found: dict[str, str]) -> dict[str, str]:
    """What Cyrillic letters with an accent stand for, by what they do without: else “все” were Latin and “всё” not."""
    parted = ((chr(point), unicodedata.normalize("NFD", chr(point))) for point in CYRILLIC)
    plain = {sign: found[parts[0]] + parts[1:] for sign, parts in parted if len(parts) > 1 and parts[0] in found}
    return {sign: unicodedata.normalize("NFC", parts) for sign, parts in plain.items()}


@lru_cache(maxsize=2)
def _special(size: int) -> UInt8s:
    """What each of the first `size` characters is, as bits."""
    table = np.zeros(size, np.uint8)
    for point in (*range(BASIC_PLANE), *range(0x110BD, 0x110CE), *range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4),
                  *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0200)):  # fmt: skip
        if point < size and (point in UNSEEN_TOO or (unicodedata.category(chr(point)) == "Cf" and point not in DRAWN)):
            table[point] = UNSEEN
    for sign in stand_ins_in_mixed():
        if ord(sign) < size:
            table[ord(sign)] = STAND_IN
    table[[SOFT_HYPHEN, NOT_SIGN]] = HYPHEN
    return table
