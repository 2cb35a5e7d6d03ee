"""Texts and their substitutions go in; marked-up HTML comes out, spun text and reference side by side.

The marks do not depend on colour: changed words are bold and underlined as published, underlined with dots in
the reference, so that they survive a black-and-white printer; `mark` elements say the same to screen readers.
"""

from collections.abc import Iterable
from html import escape

import pandas as pd

from helpers.masking import mask, mask_part, masked_spans
from helpers.text import Span, covering
from helpers.visible import visible

# For notebooks, whose pages know nothing of the report's stylesheet; the colours hold on light and dark themes.
STYLE = """
.exhibit { border-collapse: collapse; width: 100%; table-layout: fixed }
.exhibit caption { text-align: left; font-weight: 600; padding: .3em 0 }
.exhibit th, .exhibit td { border: 1px solid #767676; padding: .5em .7em; vertical-align: top;
  text-align: left !important; line-height: 1.5; overflow-wrap: anywhere; white-space: normal }
.exhibit mark { color: #111; background: #fde3c8; font-weight: 700; text-decoration: underline }
.exhibit mark.original { background: #dcebf7; font-weight: 400; text-decoration: underline dotted }
.exhibit .fate { font-style: italic }
"""
FATES = {"kept": "", "moved": "moved here from elsewhere", "added": "not in the reference", "dropped": "left out"}

Mark = tuple[int, int, str]  # start, end, what a pointer over it reads


def published_marks(substitutions: pd.DataFrame) -> list[Mark]:
    """Return the marks of one pair's substitutions in the spun text."""
    rows = substitutions[["spun_start", "spun_end", "original"]].itertuples(index=False, name=None)
    return sorted((start, end, f"for: {original}") for start, end, original in rows)


def reference_marks(substitutions: pd.DataFrame) -> list[Mark]:
    """Return the marks of one pair's substitutions in the reference."""
    rows = substitutions[["reference_start", "reference_end", "spun"]].itertuples(index=False, name=None)
    return sorted((start, end, f"became: {spun}") for start, end, spun in rows)


def marked(text: str, span: Span, marks: Iterable[Mark], css: str = "spun") -> str:
    """Return text[span] as HTML with the marks in `mark` elements; addresses and telephone numbers are masked.

    >>> marked("a World Battle II tank", (2, 17), [(8, 14, "for: War")])
    'World <mark class="spun" title="for: War">Battle</mark> II'
    """
    hidden = [masked for masked, _ in masked_spans(text)]
    parts, at = [], span[0]
    for start, end, tip in marks:
        if start < at or end > span[1] or covering(hidden, start, end) != (start, end):
            continue  # a mark that cuts an address would show a part of it
        parts.append(_shown(mask_part(text, at, start)))
        parts.append(f'<mark class="{css}" title="{_shown(mask(tip))}">{_shown(mask_part(text, start, end))}</mark>')
        at = end
    parts.append(_shown(mask_part(text, at, span[1])))
    return "".join(parts)


def _shown(text: str) -> str:
    """Text as HTML that shows everything and does nothing."""
    return escape(visible(text))


def side_by_side(
    spun_text: str, reference_text: str, paragraphs: pd.DataFrame, substitutions: pd.DataFrame, caption: str
) -> str:
    """Return an HTML table: a row a paragraph, spun text left, reference right, changed words marked.

    `paragraphs` and `substitutions` are rows of one pair.
    """
    spun, original = published_marks(substitutions), reference_marks(substitutions)
    rows = []
    for row in paragraphs.itertuples():
        left = right = ""
        if row.spun_start >= 0:
            left = marked(spun_text, (row.spun_start, row.spun_end), spun)
        if row.reference_start >= 0:
            right = marked(reference_text, (row.reference_start, row.reference_end), original, "original")
        if FATES[row.op]:
            left = f'<span class="fate">[{FATES[row.op]}]</span> {left}'
        rows.append(f"<tr><td>{left}</td><td>{right}</td></tr>")
    return (
        f'<style>{STYLE}</style><table class="exhibit"><caption>{escape(caption)}</caption>'
        '<thead><tr><th scope="col">As published (spun)</th><th scope="col">Reference</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
