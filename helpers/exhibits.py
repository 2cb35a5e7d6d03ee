"""Texts and their substitutions go in; marked-up HTML comes out, spun text and reference side by side.

The marks do not depend on colour: changed words are bold and underlined in the spun text, dotted in the
reference, so that they survive a black-and-white printer; screen readers get `mark` elements.
"""

from html import escape

import pandas as pd

from helpers.masking import mask
from helpers.text import Span

STYLE = """
.exhibit{border-collapse:collapse;width:100%;table-layout:fixed}
.exhibit caption{text-align:left;font-weight:600;padding:.3em 0}
.exhibit th,.exhibit td{border:1px solid #767676;padding:.5em .7em;vertical-align:top;text-align:left;line-height:1.5;overflow-wrap:anywhere}
.exhibit mark{color:inherit;background:#fde3c8;font-weight:700;text-decoration:underline;text-underline-offset:.15em}
.exhibit mark.original{background:#dcebf7;font-weight:400;text-decoration:underline dotted}
.exhibit .fate{font-style:italic;color:#555}
"""


def marked(text: str, span: Span, changes: list[tuple[int, int, str]], css: str) -> str:
    """Return text[span] as HTML with the changed stretches (start, end, tooltip) in `mark` elements."""
    parts, at = [], span[0]
    for start, end, tip in changes:
        if start < at or end > span[1]:
            continue
        parts.append(escape(mask(text[at:start])))
        parts.append(f'<mark class="{css}" title="{escape(tip, quote=True)}">{escape(mask(text[start:end]))}</mark>')
        at = end
    parts.append(escape(mask(text[at : span[1]])))
    return "".join(parts)


def side_by_side(
    spun_text: str,
    reference_text: str,
    paragraphs: pd.DataFrame,
    substitutions: pd.DataFrame,
    caption: str,
    style: bool = True,
) -> str:
    """Return an HTML table: a row a paragraph, spun text left, reference right, changed words marked.

    `paragraphs` and `substitutions` are rows of one pair. E-mail addresses and telephone numbers are masked.
    """
    changes = list(
        substitutions[["spun_start", "spun_end", "reference_start", "reference_end", "spun", "original"]].itertuples(
            index=False, name=None
        )
    )
    spun_marks = sorted((a, b, f"for: {original}") for a, b, _, _, _, original in changes)
    reference_marks = sorted((c, d, f"became: {spun}") for _, _, c, d, spun, _ in changes)
    rows = []
    for row in paragraphs.itertuples():
        fate = {"moved": "moved here from elsewhere", "added": "not in the reference", "dropped": "left out"}.get(
            row.op
        )
        note = f'<span class="fate">[{fate}] </span>' if fate else ""
        left = right = note
        if row.spun_start >= 0:
            span = (row.spun_start, row.spun_end)
            left = (note if row.op != "dropped" else "") + marked(spun_text, span, spun_marks, "spun")
        if row.reference_start >= 0:
            span = (row.reference_start, row.reference_end)
            right = ("" if row.op != "dropped" else "") + marked(reference_text, span, reference_marks, "original")
        elif row.op == "added":
            right = ""
        rows.append(f"<tr><td>{left}</td><td>{right}</td></tr>")
    return (
        (f"<style>{STYLE}</style>" if style else "")
        + f'<table class="exhibit"><caption>{escape(caption)}</caption><thead><tr>'
        + '<th scope="col">As published (spun)</th><th scope="col">Reference</th></tr></thead>'
        + f"<tbody>{''.join(rows)}</tbody></table>"
    )
