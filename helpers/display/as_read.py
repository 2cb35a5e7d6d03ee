"""A text goes in; the same as a reader understands it comes out, with the place of every sign in the text as it is.

“&#64;”, “%40” and “＠” are all read as “@”; what fonts do not draw is not read at all; a number with tags or odd
dashes in it is read as a number. Only what looks for addresses reads so: no text is shown or stored like this.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from helpers.display.undrawn import IGNORABLE
from helpers.text.seen import kept_points
from helpers.text.spans import Span

NOT_DRAWN = f"[{IGNORABLE}\ufe0e\ufe0f]"
DROPPED = "\u034f"  # stands for what is read as nothing, until it is taken out
MIDDLE_DOTS = "·•∙⋅‧・ּ●◦"
SIGNS_ON_THEIR_OWN = {"ⓐ": "@", "Ⓐ": "@", "₳": "@", "。": ".", "｡": ".", "−": "-", "⁃": "-", "∕": "/", "⁄": "/"}
# What is written with several signs and read as one, or as none. Tags that break no word are not seen by a reader.
WRITTEN_LONG = re.compile(
    rf"""
      {NOT_DRAWN}+
    | <!--(?:(?!-->).){{0,500}}-->
    | </?(?:a|abbr|b|bdi|bdo|code|em|font|i|mark|s|small|span|strong|sub|sup|tt|u|wbr)(?:\s[^<>]{{0,300}})?/?>
    | (?P<line><br\s?/?>)
    | (?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z]{{2,10}});)
    | %(?P<percent>[2-7][0-9a-fA-F])
    | \\(?:u00|u\{{|x)(?P<escaped>[2-7][0-9a-fA-F])\}}?
    | (?P<plus>(?<=\w)\+(?=[\[({{<]|(?:at|AT|dot|DOT)\+|@\+)|(?<=[\])}}>])\+(?=\w)
        |(?<=\+(?:at|AT))\+|(?<=\+(?:dot|DOT))\+|(?<=@)\+(?=\w)|(?<=\w)\+(?=\.\+)|(?<=\+\.)\+)
    | =(?P<quoted>40|2[EeDd])(?=[a-zA-Z])
    """,
    re.VERBOSE | re.DOTALL,
)
LONG_SIGNS, UNDRAWN = "&%<\\=+", re.compile(NOT_DRAWN)  # what is written with several signs holds one of these
MOST_CHANGED = 20  # signs that are looked for one by one; with more it is quicker to look at every sign
FIRST_BEYOND_ASCII = 128
DEEPEST = 3  # times that something may be written so over again, as in %2540


class _Signs(dict[int, str]):
    """For each sign, one that says the same and that patterns know; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = self[code] = chr(code) if code < 128 else _plain(chr(code))
        return sign


def _plain(sign: str) -> str:
    if sign in SIGNS_ON_THEIR_OWN:
        return SIGNS_ON_THEIR_OWN[sign]
    category = unicodedata.category(sign)
    if sign in MIDDLE_DOTS:
        return "·"
    if category[0] == "M":  # a mark on the letter before it: \w knows none
        return DROPPED
    if (value := unicodedata.decimal(sign, None)) is not None:
        return str(value)
    if (folded := unicodedata.normalize("NFKC", sign)) != sign and len(folded) == 1 and folded.isascii():
        return sign if unicodedata.decomposition(sign).startswith(("<super>", "<sub>")) else folded
    return {"Pd": "-", "Zs": " ", "Zl": "\n", "Zp": "\n", "Ps": "(", "Pe": ")"}.get(category, sign)


SIGNS = _Signs()


@dataclass(frozen=True)
class AsRead:
    """A text as it is read; `starts` and `ends` give the place of each of its signs in the text as it is."""

    text: str
    starts: list[int] | None = None  # None where every sign stands in its own place
    ends: list[int] | None = None

    def span(self, start: int, end: int) -> Span:
        """Return where a part of what is read stands in the text as it is."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def places(self, start: int, end: int) -> tuple[Sequence[int], Sequence[int]]:
        """Return where each sign of a part begins and ends in the text as it is."""
        if self.starts is None or self.ends is None:
            return range(start, end), range(start + 1, end + 1)
        return self.starts[start:end], self.ends[start:end]


def as_read(text: str) -> AsRead:
    """Return a text as a reader understands it.

    >>> as_read("a%40b&#46;c").text, as_read("a%40b").span(1, 2)
    ('a@b.c', (1, 4))
    """
    read = AsRead(text if text.isascii() else _in_plain_signs(text))
    signs = "".join(SIGNS[ord(sign)] for sign in beyond_ascii(text))
    for _ in range(DEEPEST):
        shorter = _shortened(read) if _may_be_long(read.text, signs) else None
        if shorter is None:
            break
        read, signs = shorter, shorter.text
    return read


def _may_be_long(text: str, signs: str) -> bool:
    """Tell whether something may be written with several signs, or with one that is not drawn.

    `signs` hold every sign beyond ASCII that stands in the text.
    """
    return any(sign in text for sign in LONG_SIGNS) or UNDRAWN.search(signs) is not None


@lru_cache(maxsize=4)  # a text is asked for them more than once
def beyond_ascii(text: str) -> frozenset[str]:
    """Return the signs beyond ASCII that stand in a text, each once: most texts have few, however often they stand.

    >>> sorted(beyond_ascii("“é”, “ü”"))
    ['é', 'ü', '“', '”']
    """
    if text.isascii():
        return frozenset()
    points = kept_points(text)
    return frozenset(map(chr, points[points >= FIRST_BEYOND_ASCII].tolist()))


def has_undrawn(text: str) -> bool:
    """Tell whether a text has signs that are not drawn, or that choose between two drawings.

    >>> has_undrawn("so\\xadft"), has_undrawn("“soft”")
    (True, False)
    """
    return UNDRAWN.search("".join(beyond_ascii(text))) is not None


def _in_plain_signs(text: str) -> str:
    """The text with each sign as `SIGNS` has it; most have few that are changed, so each of these is looked for."""
    changed = [sign for sign in beyond_ascii(text) if SIGNS[ord(sign)] != sign]
    if len(changed) > MOST_CHANGED:
        return text.translate(SIGNS)
    for sign in changed:  # what stands for a sign stands for itself, so that the order does not matter
        text = text.replace(sign, SIGNS[ord(sign)])
    return text


def _shortened(read: AsRead) -> AsRead | None:
    """What is written with several signs, read as one; None where nothing is."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in WRITTEN_LONG.finditer(read.text):
        meant = _meant(match)
        if meant is None:
            continue
        first, last = read.span(*match.span())
        signs += [read.text[at : match.start()], meant]
        starts += [*read.places(at, match.start())[0], *([first] if meant else [])]
        ends += [*read.places(at, match.start())[1], *([last] if meant else [])]
        at = match.end()
    if not at:
        return None
    left = read.places(at, len(read.text))
    return AsRead("".join([*signs, read.text[at:]]), [*starts, *left[0]], [*ends, *left[1]])


def _meant(match: re.Match) -> str | None:
    """The one sign that is meant, "" for none; None where what is written is no way of writing a sign."""
    if match["line"] or match["plus"]:
        return "\n" if match["line"] else " "
    if match["entity"]:
        sign = unescape(match["entity"])
        return SIGNS[ord(sign)] if len(sign) == 1 else None
    code = match["percent"] or match["escaped"] or match["quoted"]
    return chr(int(code, 16)) if code else ""
