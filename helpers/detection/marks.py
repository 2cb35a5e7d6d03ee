"""A text and the phrases that are known go in; the marks that spinning programs leave and writers do not come out.

A spinner's braces left standing ({hardware}), figures of which a part was spelled out (four,560), a month turned into a
verb (Might 5), a contraction of no verb that has one (received't), a name broken by a phrase of the tables (Wall Road),
spun site furniture (Supply Hyperlink), doubled words. How heavy each is was set by judgement, in round numbers, and not
fitted to any page: none but the doubled word stands in an honest text that was looked at, but a text may quote one.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from helpers.mapping.dictionary import Dictionary
from helpers.text.annotated import Reading
from helpers.text.english import is_function_word
from helpers.text.numerals import half_spelled
from helpers.text.spans import fold, is_word
from helpers.text.word_counts import affinity

# What one mark of a kind adds to the log odds; a second adds half as much again, further ones nothing.
MARKS = {"braces": 3.0, "figure": 3.0, "contraction": 3.0, "month": 2.5, "name": 2.0, "spun furniture": 2.0,
         "doubled": 0.5}  # fmt: skip
AGAIN = 0.5
MOST_MARKS = 6.0  # log odds, of all marks together: as much as two disguised words
BRACES = re.compile(r"(?<![${\\\w])\{[A-Za-z][\w’' -]{0,40}(?:\|[^{}\n]{0,60})*\}(?!\})")
# What honest templates and manuals have in braces.
PLACEHOLDER = re.compile(
    r"\{\w*(?:name|date|time|id|url|mail|title|number|text|link|user|path|file|key|value)s?\}", re.I
)
MONTH = re.compile(
    r"(?:\b(?:in|on|of|since|until|till|by|from|and|to|late|early|mid|last)\s|\b\d{1,2}(?:st|nd|rd|th)?\s|[,;(]\s?)"
    r"(?:Might|Could)\b(?=,?\s(?:\d{1,2}(?:st|nd|rd|th)?\b|(?:19|20)\d\d\b))"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s(?:Might|Could)\b(?=[,.;)]|\s(?:19|20)\d\d\b)"
    r"|\b(?:Might|Could)\s(?:\d{1,2}(?:st|nd|rd|th)\b|\d{1,2},\s(?:19|20)\d\d\b|(?:19|20)\d\d\b)"
)
NEGATED = re.compile(r"\b([A-Za-z]+?)n?['’]t\b")
MAY_BE_NEGATED = frozenset(
    "do does did is are was were ca wo sha has have had would should could might must may need ought dare ai be use "
    "can don doesn didn isn aren wasn weren won shan hasn haven hadn wouldn shouldn couldn mightn mustn mayn needn "
    "oughtn daren ain in t it a don’ whad wha twas twere twould".split()
)
SHORTEST = 3  # letters: old prose has “see’t” and “for’t”
DOUBLED = re.compile(
    r"\b([a-z]{2,}) \1\b|\b(?:now (\w+) now|can (\w+) can|will (\w+) will) (?!\w+ (?:now|can|will) )\w+"
)
MAY_BE_DOUBLED = frozenset(
    "had that very so long bye no ha he many really far again much more is her you who there on in hear now too blah "
    "knock never way big old poor dear please yes round over well bang chop tut boo aye".split()
)
FURNITURE = frozenset(
    "source link|related posts|related articles|related stories|image credit|photo credit|leave a comment|share this"
    "|privacy policy|cookie policy|contact us|about us".split("|")
)
LONGEST = 3  # words of a piece of furniture
LONGEST_NAME = 3  # words
SET_NAME, BROKEN = 2.0, 1.5  # log10: so tied is a name that broke, and so much less what stands there


class Mark(NamedTuple):
    """A mark: where it stands, of which of MARKS, and what is said of it."""

    start: int
    end: int
    kind: str
    words: str


def marks(reading: Reading, dictionaries: Sequence[Dictionary]) -> list[Mark]:
    """Return the marks of a text, in reading order.

    >>> from helpers.text.annotated import read
    >>> [mark.words for mark in marks(read("New {hardware} is due on Might 5, we hear. It received’t do."), [])]
    ['{hardware}: a spinner’s braces', 'Might 5: “May” before a day or year', 'received’t: no such contraction']
    """
    text = reading.text
    found = [
        *_braces(text),
        *(Mark(start, end, "figure", f"{text[start:end]}: stands for “{figure}”")
          for start, end, figure in half_spelled(text)),
        *_months(text),
        *_contractions(text),
        *_doubled(text),
        *_names(reading, dictionaries),
        *_furniture(reading, dictionaries),
    ]  # fmt: skip
    return sorted(set(found))


def added(found: Sequence[Mark]) -> float:
    """Return what marks add to the log odds that a text was spun.

    >>> added([Mark(0, 9, "braces", "{a}"), Mark(20, 29, "braces", "{b}"), Mark(40, 49, "doubled", "the the")])
    5.0
    """
    said = {(mark.kind, mark.words) for mark in found}
    counts = [sum(kind == one for kind, _ in said) for one in MARKS]
    each = [
        weight * (1 + AGAIN * (number > 1)) for weight, number in zip(MARKS.values(), counts, strict=True) if number
    ]
    return min(MOST_MARKS, sum(each))


def _braces(text: str) -> Iterator[Mark]:
    for match in BRACES.finditer(text):
        if not PLACEHOLDER.fullmatch(match[0]):
            yield Mark(*match.span(), "braces", f"{match[0]}: a spinner’s braces")


def _months(text: str) -> Iterator[Mark]:
    for match in MONTH.finditer(text):
        start = max(text.rfind("Might", *match.span()), text.rfind("Could", *match.span()))
        behind = re.compile(r"\w+(?:,?\s\d+\w*)?").match(text, start)
        end = behind.end() if behind else match.end()
        yield Mark(start, end, "month", f"{text[start:end]}: “May” before a day or year")


def _contractions(text: str) -> Iterator[Mark]:
    for match in NEGATED.finditer(text):
        if len(match[1]) > SHORTEST and match[1].lower() not in MAY_BE_NEGATED:
            yield Mark(*match.span(), "contraction", f"{match[0]}: no such contraction")


def _doubled(text: str) -> Iterator[Mark]:
    for match in DOUBLED.finditer(text):
        if match[1] not in MAY_BE_DOUBLED:
            yield Mark(*match.span(), "doubled", f"{match[0]}: a word twice")


def _originals(dictionaries: Sequence[Dictionary], word: str) -> list[str]:
    """The single words that a word stands for in any of the tables."""
    rows = [row for dictionary in dictionaries for row in dictionary.rows.get((word,), [])]
    return sorted({row.original[0] for row in rows if len(row.original) == 1 and row.original[0] != word})


def _names(reading: Reading, dictionaries: Sequence[Dictionary]) -> Iterator[Mark]:
    """Words with capitals that were a name before a table's word came between: Wall Road, Prime Pastor."""
    for first in range(len(reading.words) - 1):
        for length in range(LONGEST_NAME, 1, -1):
            last = first + length - 1
            if last >= len(reading.words) or not all(_is_of_name(reading, at) for at in range(first, last + 1)):
                continue
            start, end = reading.span(first, last)
            name = _whole(reading.words[first : last + 1], dictionaries)
            if name and "\n" not in reading.text[start:end] and not _is_heading(reading, first):
                yield Mark(start, end, "name", f"{reading.text[start:end]}: the name is “{name.title()}”")
                break


def _whole(words: list[str], dictionaries: Sequence[Dictionary]) -> str:
    """The name that stood there: a row of the tables that keeps one of its words, or one that counts of pairs know."""
    rows = [row.original for dictionary in dictionaries for row in dictionary.rows.get(tuple(words), [])]
    if kept := sorted(original for original in rows if len(original) > 1 and set(original) & set(words)):
        return " ".join(kept[0])
    if len(words) > 2:
        return ""
    one, other = words
    stood = [(affinity(original, other), f"{original} {other}") for original in _originals(dictionaries, one)]
    stood += [(affinity(one, original), f"{one} {original}") for original in _originals(dictionaries, other)]
    tied, name = max(stood, default=(0.0, ""))
    return name if tied >= SET_NAME and tied - affinity(one, other) >= BROKEN else ""


def _is_of_name(reading: Reading, place: int) -> bool:
    token = reading.tokens[place]
    word = reading.text[token.start : token.end]
    if is_function_word(reading.words[place]):
        return False
    return word[:1].isupper() and (word[1:].islower() or len(word) == 1 or reading.words[place].isdigit())


def _is_heading(reading: Reading, place: int) -> bool:
    """Tell whether capitals say nothing, since most words around have one."""
    around = [at for at in range(max(0, place - 6), min(len(reading.words), place + 8)) if is_word(reading.words[at])]
    capitals = sum(reading.text[reading.tokens[at].start].isupper() for at in around)
    return capitals > 0.6 * len(around)


def _furniture(reading: Reading, dictionaries: Sequence[Dictionary]) -> Iterator[Mark]:
    """A piece of site furniture that a table's words stand in: Supply Hyperlink."""
    for first in range(len(reading.words)):
        for length in range(2, LONGEST + 1):
            words = reading.words[first : first + length]
            if (
                len(words) < length
                or not _stands_out(reading, first, first + length - 1)
                or " ".join(words) in FURNITURE
            ):
                continue
            choices = [[word, *_originals(dictionaries, word)][:8] for word in words]
            piece = next((piece for piece in map(" ".join, product(*choices)) if piece in FURNITURE), None)
            if piece:
                start, end = reading.span(first, first + length - 1)
                yield Mark(start, end, "spun furniture", f"{reading.text[start:end]}: stands for “{piece}”")


def _stands_out(reading: Reading, first: int, last: int) -> bool:
    """Tell whether words fill a line, or have a capital each."""
    start, end = reading.span(first, last)
    if not fold(reading.text[start:end]).replace(" ", "").isalpha() or "\n" in reading.text[start:end]:
        return False
    line = reading.text[reading.text.rfind("\n", 0, start) + 1 : start], reading.text[end:].split("\n", 1)[0]
    alone = not "".join(line).strip()
    return alone or all(reading.text[reading.tokens[at].start].isupper() for at in range(first, last + 1))
