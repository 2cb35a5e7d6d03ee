"""A text goes in; the same text comes out with e-mail addresses and telephone numbers masked.

Spun pages carry addresses of people who may have nothing to do with the spinning. The corpus keeps the text as
it was; whatever is shown or exported goes through here first.
"""

import re
from functools import lru_cache
from urllib.parse import unquote, unquote_plus

from helpers.display.as_read import as_read, has_undrawn
from helpers.display.emails import emails
from helpers.display.telephones import telephones
from helpers.text.spans import Span

PART_OF_LINK = re.compile(r"(?<=[?&=/#])[^\s?&=/#<>\"]{5,500}")

MASKED_EMAIL, MASKED_TELEPHONE = "[e-mail address masked]", "[telephone number masked]"
BLACK = "█"


def mask(text: str) -> str:
    """Return the text with e-mail addresses and telephone numbers masked.

    >>> mask("Write to a.b@site.example or +44 20 7946 0018 in 2025.")
    'Write to [e-mail address masked] or [telephone number masked] in 2025.'
    """
    return mask_part(text, 0, len(text))


def is_masked(text: str) -> bool:
    """Tell whether something was masked in a text, which may have been made lower-case since.

    >>> is_masked("write to [e-mail address masked]"), is_masked("write to us")
    (True, False)
    """
    return any(mark in text.casefold() for mark in (MASKED_EMAIL, MASKED_TELEPHONE))


@lru_cache(maxsize=256)
def masked_spans(text: str) -> tuple[tuple[Span, str], ...]:
    """Return the spans that must not be shown, in order, with what stands in their place.

    Unseen characters inside an address do not keep it from being found. Kept for reuse: an exhibit asks for the same
    article once for every mark.
    """
    read = as_read(text)
    found = [(read.span(*span), stand_in) for span, stand_in in _found(read.text)]
    if "=" in text or "%" in text:
        found += _in_links(text)
    if has_undrawn(text):
        found += _found(text)
    kept: list[tuple[Span, str]] = []
    for (start, end), stand_in in sorted(found, key=lambda entry: (entry[0][0], -entry[0][1])):
        if kept and start < kept[-1][0][1]:
            (first, last), before = kept.pop()
            kept.append(((first, max(last, end)), before))
        else:
            kept.append(((start, end), stand_in))
    return tuple(kept)


def _found(read: str) -> list[tuple[Span, str]]:
    """The e-mail addresses and the telephone numbers of a text as it is read."""
    found = [(span, MASKED_EMAIL) for span in emails(read)]
    return found + [(span, MASKED_TELEPHONE) for span in telephones(read)]


def _in_links(text: str) -> list[tuple[Span, str]]:
    """What stands in a part of a link, once it is decoded: ?from=030+1234567; an id that is bare digits is none."""
    found: list[tuple[Span, str]] = []
    for match in PART_OF_LINK.finditer(text):
        part = match[0]
        if not part.isdigit() and (text[match.start() - 1] == "=" or "%" in part or "+" in part):
            forms = (unquote_plus(part), unquote(part), part[:1] + unquote_plus(part[1:]))  # +44+20… keeps its sign
            said = [as_read(form).text for form in forms]
            found += [(match.span(), stand_in) for form in said for _, stand_in in _found(form)[:1]][:1]
    return found


def addresses(text: str) -> list[str]:
    """Return the e-mail addresses and telephone numbers that `mask` would mask, as they stand in the text.

    >>> addresses("Ask (@kim_news), jane [at] site.example or 030 / 123 45 67 before 2024-11-05.")
    ['jane [at] site.example', '030 / 123 45 67']
    """
    return [text[slice(*span)] for span, _ in masked_spans(text)]


def mask_part(text: str, start: int, end: int) -> str:
    """Return text[start:end] masked in the light of the whole text: no part of an address is shown either.

    >>> mask_part("a.b@site.example", 4, 16)
    '[e-mail address masked]'
    """
    parts, at = [], start
    for (first, last), stand_in in masked_spans(text):
        if first < end and last > at:
            parts += [text[at:first], stand_in]
            at = last
    return "".join([*parts, text[at:end]])


def blackened(text: str) -> str:
    """Return a text with each sign of an address or telephone number as █; every other sign stands where it stood.

    >>> blackened("Ask a.b@site.example now")
    'Ask ████████████████ now'
    """
    parts, at = [], 0
    for (start, end), _ in masked_spans(text):
        parts += [text[at:start], "".join(sign if sign in "\r\n" else BLACK for sign in text[start:end])]
        at = end
    return "".join([*parts, text[at:]])
