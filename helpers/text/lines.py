"""Texts go in; their lines come out as they are compared, or the texts with some lines blanked.

A line that does not count is blanked, not cut out: every place found later is one of the stored text.
"""

import re
from collections.abc import Iterable

from helpers.text.spans import Span, fold, line_spans

FIGURES = re.compile(r"\d+")


def line_key(line: str) -> str:
    """Return a line as it is compared with others: folded, any figures alike.

    >>> line_key("5 Min Read"), line_key("12 min read")
    ('# min read', '# min read')
    """
    return FIGURES.sub("#", fold(line))


def blanked(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length with some spans turned into blanks.

    >>> blanked("one two three", [(4, 7)])
    'one     three'
    """
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def once(texts: Iterable[str]) -> list[str]:
    """Return texts without the lines that stood in one before: what a site puts below every page it says once.

    >>> once(["One.\\nLeave a comment", "Two.\\nLeave a comment"])
    ['One.\\nLeave a comment', 'Two.\\n               ']
    """
    known: set[str] = set()
    kept = []
    for text in texts:
        keys = {(start, end): line_key(text[start:end]) for start, end in line_spans(text)}
        kept.append(blanked(text, (span for span, key in keys.items() if key in known)))
        known.update(keys.values())
    return kept
