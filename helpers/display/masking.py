"""A text goes in; the same text comes out with e-mail addresses and telephone numbers masked.

Spun pages carry addresses of people who may have nothing to do with the spinning. The corpus keeps the text as
it was; whatever is shown or exported goes through here first.
"""

import re
from functools import lru_cache

from helpers.display.visible import IGNORABLE
from helpers.text.spans import Span

# The two sides of an address, looked for from its “@” outwards: a pattern for the whole would be tried from every
# letter of every word.
LOCAL_PART, DOMAIN = re.compile(r"[\w.+%'’-]*"), re.compile(r"@[\w-]+(?:\.[\w-]+)+\b")
WORD_SIGN = re.compile(r"\w")
# Forms in use in Europe and North America, seven digits or more; no dates, years, sums of money or statistics.
TELEPHONE = re.compile(
    r"""
    (?<![\w+/-]) (?<!\d[.,\s])
    (?! \d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b )                         # a date
    (?:
        (?:\+|00|(?<!:)00[\s.-]|(?P<bracket>\()(?:\+|00))(?=[1-9])\d{1,3}(?(bracket)\))
        [\s.-]?(?:\(\d+\)[\s.-]?)?(?:\d[\s./-]?){5,12}\d            # +49 (0)30 123456, (+49) 30 …, 00 49 30 …
      | (?:1[\s.-])?(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[\s.-]\d{4}        # (555) 867-5309, 1-800-555-0199
      | \(0[1-9]\d{0,3}\)[\s/-]?(?:\d[\s/-]?){4,9}\d                       # (020) 7946 0018
      | 0[1-9]\d{0,3}[\s/-](?=(?:\D?\d){6})\d{3,}(?:[\s/-]\d{2,})*         # 020 7946 0018
      | 0[1-9](?:[\s.]\d{2}){4}                                       # 01 23 45 67 89
      | 0[1-9]\d{8,10}                                                # 02079460018
    )
    (?![\w%])
    """,
    re.VERBOSE,
)
NOT_DRAWN = re.compile(f"[{IGNORABLE}\ufe0e\ufe0f]")
DIGIT = re.compile(r"\d")
MASKED_EMAIL, MASKED_TELEPHONE = "[e-mail address masked]", "[telephone number masked]"


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
    found = _addresses(text)
    if not text.isascii() and NOT_DRAWN.search(text):
        drawn = [place for place, sign in enumerate(text) if not NOT_DRAWN.match(sign)]
        bare = _addresses("".join(text[place] for place in drawn))
        found += [((drawn[start], drawn[end - 1] + 1), stand_in) for (start, end), stand_in in bare]
    kept: list[tuple[Span, str]] = []
    for (start, end), stand_in in sorted(found, key=lambda entry: (entry[0][0], -entry[0][1])):
        if kept and start < kept[-1][0][1]:
            (first, last), before = kept.pop()
            kept.append(((first, max(last, end)), before))
        else:
            kept.append(((start, end), stand_in))
    return tuple(kept)


def _addresses(text: str) -> list[tuple[Span, str]]:
    """The e-mail addresses and the telephone numbers; most phrases have neither an “@” nor a digit."""
    found = [(span, MASKED_EMAIL) for span in _emails(text)]
    if DIGIT.search(text):
        found += [(match.span(), MASKED_TELEPHONE) for match in TELEPHONE.finditer(text)]
    return found


def _emails(text: str) -> list[Span]:
    """The spans of the e-mail addresses: a domain behind an “@”, and what can be a local part before it."""
    spans: list[Span] = []
    free, at = 0, text.find("@")  # before `free`, the text is searched or belongs to an address
    while at >= 0:
        if domain := DOMAIN.match(text, at):
            local = LOCAL_PART.match(text[free:at][::-1])
            start = at - (local.end() if local else 0)
            if WORD_SIGN.search(text, start, at):
                spans.append((start, domain.end()))
            elif spans and start == spans[-1][1]:  # a@b.example@c.example
                spans[-1] = (spans[-1][0], domain.end())
        free = max(at + 1, spans[-1][1] if spans else 0)
        at = text.find("@", at + 1)
    return spans


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
