"""A text goes in; the same text comes out with e-mail addresses and telephone numbers masked.

Spun pages carry addresses of people who may have nothing to do with the spinning. The corpus keeps the text as
it was; whatever is shown or exported goes through here first.
"""

import re
from functools import lru_cache

from helpers.text import Span

EMAIL = re.compile(r"[\w.+%'’-]*\w@[\w-]+(?:\.[\w-]+)+\b")
# Forms in use in Europe and North America, seven digits or more; no dates, years, sums of money or statistics.
TELEPHONE = re.compile(
    r"""
    (?<![\w+/-]) (?<!\d[.,\s])
    (?! \d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b )                         # a date
    (?:
        (?:\+|00)(?=[1-9])\d{1,3}[\s.-]?(?:\(\d+\)[\s.-]?)?(?:\d[\s./-]?){5,12}\d   # +49 (0)30 123456
      | (?:1[\s.-])?(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[\s.-]\d{4}        # (555) 867-5309, 1-800-555-0199
      | \(0[1-9]\d{0,3}\)[\s/-]?(?:\d[\s/-]?){4,9}\d                       # (020) 7946 0018
      | 0[1-9]\d{0,3}[\s/-](?=(?:\D?\d){6})\d{3,}(?:[\s/-]\d{2,})*         # 020 7946 0018
      | 0\d(?:[\s.]\d{2}){4}                                          # 01 23 45 67 89
      | 0[1-9]\d{8,10}                                                # 02079460018
    )
    (?![\w%])
    """,
    re.VERBOSE,
)
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

    Kept for reuse: an exhibit asks for the same article once for every mark.
    """
    found: list[tuple[Span, str]] = []
    if "@" in text:  # most phrases have neither this sign nor a digit, and need not be searched
        found += [(match.span(), MASKED_EMAIL) for match in EMAIL.finditer(text)]
    if DIGIT.search(text):
        found += [(match.span(), MASKED_TELEPHONE) for match in TELEPHONE.finditer(text)]
    kept: list[tuple[Span, str]] = []
    for span, stand_in in sorted(found):
        if not kept or span[0] >= kept[-1][0][1]:
            kept.append((span, stand_in))
    return tuple(kept)


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
