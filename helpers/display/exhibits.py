"""Texts and their substitutions go in; marked-up HTML comes out, spun text and reference side by side.

The marks do not depend on colour: changed words are bold and underlined as published, underlined with dots in
the reference, so that they survive a black-and-white printer; `mark` elements say the same to screen readers.
"""

from collections.abc import Iterable
from html import escape
from pathlib import Path

import pandas as pd

from helpers.display.masking import mask, mask_part, masked_spans
from helpers.display.visible import visible
from helpers.text.spans import Span, covering

# For notebooks, whose pages know nothing of the report's stylesheet; the colours hold on light and dark themes.
STYLE = """
.exhibit { border-collapse: collapse; width: 100%; table-layout: fixed }
.exhibit caption { text-align: left; font-weight: 600; padding: .3em 0 }
.exhibit th, .exhibit td { border: 1px solid #767676; padding: .5em .7em; vertical-align: top;
  text-align: left !important; line-height: 1.5; overflow-wrap: anywhere; white-space: normal }
.exhibit mark { color: #111; background: #fde3c8; font-weight: 700; text-decoration: underline }
.exhibit mark.original { background: #dcebf7; font-weight: 400; text-decoration: underline dotted }
.exhibit mark.unsure::after { content: "[?]"; font-weight: 400; font-size: .7em; vertical-align: super }
.exhibit .fate { font-style: italic }
"""
FATES = {"kept": "", "moved": "moved here from elsewhere", "added": "not in the reference", "dropped": "left out"}

MOST_ROWS = 2000  # of a table that is stored in a notebook

LEAST_SURE = 0.7  # confidence: of the places below it a third or more is wrong
UNSURE = " (a doubtful reading)"  # ends what a pointer over such a place reads; [?] stands behind it
Mark = tuple[int, int, str]  # start, end, what a pointer over it reads
StyledMark = tuple[int, int, str, str, str]  # the same, with its class, and the name by which a link finds it


def published_marks(substitutions: pd.DataFrame) -> list[Mark]:
    """Return the marks of one pair's substitutions in the spun text; doubtful ones say so (see `LEAST_SURE`)."""
    rows = substitutions[["spun_start", "spun_end", "original"]].itertuples(index=False, name=None)
    doubts = _doubts(substitutions)
    return sorted(
        (start, end, f"for: {original}{doubt}") for (start, end, original), doubt in zip(rows, doubts, strict=True)
    )


def reference_marks(substitutions: pd.DataFrame) -> list[Mark]:
    """Return the marks of one pair's substitutions in the reference; doubtful ones say so (see `LEAST_SURE`)."""
    rows = substitutions[["reference_start", "reference_end", "spun"]].itertuples(index=False, name=None)
    doubts = _doubts(substitutions)
    return sorted(
        (start, end, f"became: {spun}{doubt}") for (start, end, spun), doubt in zip(rows, doubts, strict=True)
    )


def _doubts(substitutions: pd.DataFrame) -> list[str]:
    """What is said of each place beside the words: of a doubtful one that it is."""
    if "confidence" not in substitutions:
        return [""] * len(substitutions)
    return [UNSURE if sure < LEAST_SURE else "" for sure in substitutions["confidence"]]


def marked(text: str, span: Span, marks: Iterable[Mark], css: str = "spun") -> str:
    """Return text[span] as HTML with the marks in `mark` elements; addresses and telephone numbers are masked.

    >>> marked("a World Battle II tank", (2, 17), [(8, 14, "for: War")])
    'World <mark class="spun" title="for: War">Battle</mark> II'
    """
    whole = [mark for mark in marks if span[0] <= mark[0] and mark[1] <= span[1]]
    return marked_as(text, span, [(*mark, css, "") for mark in whole])


def marked_as(text: str, span: Span, marks: Iterable[StyledMark]) -> str:
    """Return text[span] as HTML; each mark has a class, and an `id` by which a link finds it (empty: none).

    Of a mark that goes on beyond the span, the part inside is marked.

    >>> marked_as("a World Battle II tank", (2, 12), [(8, 14, "for: War", "spun name", "c8")])
    'World <mark class="spun name" id="c8" title="for: War">Batt</mark>'
    """
    inside = [
        (max(start, span[0]), min(end, span[1]), tip, css, name)
        for start, end, tip, css, name in marks
        if start < span[1] and end > span[0]
    ]
    styles = {start: (css, name) for start, _, _, css, name in inside}
    return "".join(
        _mark(words, tip, *styles[at]) if tip is not None else _shown(words)
        for words, tip, at in segments(text, span, [mark[:3] for mark in inside])
    )


def _unsure(tip: str) -> str:
    return " unsure" if tip.endswith(UNSURE) else ""


def _mark(words: str, tip: str, css: str, name: str) -> str:
    named = f' id="{escape(name)}"' if name else ""
    told = f' title="{_shown(mask(tip))}"' if tip else ""
    return f'<mark class="{css}{_unsure(tip)}"{named}{told}>{_shown(words)}</mark>'


def segments(text: str, span: Span, marks: Iterable[Mark]) -> list[tuple[str, str | None, int]]:
    """Return text[span] in pieces: the words (masked), what a pointer over a mark reads (None: no mark), its offset.

    >>> segments("a World Battle II tank", (2, 17), [(8, 14, "for: War")])
    [('World ', None, 2), ('Battle', 'for: War', 8), (' II', None, 14)]
    """
    hidden = [masked for masked, _ in masked_spans(text)]
    pieces, at = [], span[0]
    for start, end, tip in marks:
        if start < at or end > span[1] or covering(hidden, start, end) != (start, end):
            continue  # a mark that cuts an address would show a part of it
        pieces += [(mask_part(text, at, start), None, at), (mask_part(text, start, end), tip, start)]
        at = end
    return [piece for piece in [*pieces, (mask_part(text, at, span[1]), None, at)] if piece[0]]


def _shown(text: str) -> str:
    """Text as HTML that shows everything and does nothing."""
    return escape(visible(text))


def link(page: str | Path, words: str) -> str:
    """Return HTML that leads to a page; the words may come from anywhere.

    >>> link("index.html", "Open <b>")
    '<a href="index.html">Open &lt;b&gt;</a>'
    """
    return f'<a href="{escape(str(page))}">{_shown(mask(words))}</a>'


def side_by_side(
    spun_text: str, reference_text: str, paragraphs: pd.DataFrame, substitutions: pd.DataFrame, caption: str
) -> str:
    """Return an HTML table: a row a paragraph, spun text left, reference right, changed words marked.

    `paragraphs` and `substitutions` are rows of one pair.
    """
    spun, original = published_marks(substitutions), reference_marks(substitutions)
    rows = []
    columns = ["op", "spun_start", "spun_end", "reference_start", "reference_end"]
    for op, spun_start, spun_end, start, end in paragraphs[columns].itertuples(index=False, name=None):
        left = right = ""
        if spun_start >= 0:
            left = marked(spun_text, (spun_start, spun_end), spun)
        if start >= 0:
            right = marked(reference_text, (start, end), original, "original")
        if FATES[op]:
            left = f'<span class="fate">[{FATES[op]}]</span> {left}'
        rows.append(f"<tr><td>{left}</td><td>{right}</td></tr>")
    return (
        f'<style>{STYLE}</style><table class="exhibit"><caption>{_shown(mask(caption))}</caption>'
        '<thead><tr><th scope="col">As published (spun)</th><th scope="col">Reference</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def static_table(table: pd.DataFrame, columns: dict[str, str], caption: str, most: int = MOST_ROWS) -> str:
    """Return a table as HTML that needs no style, no script and no kernel to be read: column -> heading, first rows.

    Texts are masked; numbers between 0 and 1 are written as percentages.
    """
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in columns.values())
    shown = [_written(table[name].head(most)) for name in columns]
    body = ["<tr><td>" + "<td>".join(cells) for cells in zip(*shown, strict=True)]  # HTML needs no closing tags here
    more = f" The first {most:,} are listed." if len(table) > most else ""
    text = [place for place, name in enumerate(columns, 1) if not pd.api.types.is_numeric_dtype(table[name])]
    left = ", ".join(f".unspun-static {cell}:nth-child({place})" for place in text for cell in ("td", "th"))
    return (
        f"<style>{left} {{ text-align: left !important }}</style>"
        f'<div class="unspun-static" style="max-height: 32em; overflow: auto" tabindex="0">'
        f"<p>{_shown(mask(caption))}.{more}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _written(column: pd.Series) -> list[str]:
    """The cells of a column as HTML."""
    if pd.api.types.is_float_dtype(column):
        return [f"{share:.0%}" for share in column]
    if pd.api.types.is_integer_dtype(column):
        return [f"{number:,}" for number in column]
    return [_shown(mask(words)) for words in column.astype(str)]
