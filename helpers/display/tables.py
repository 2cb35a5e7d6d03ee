"""A table goes in; the same comes out to be read: prose whole and left-aligned, numbers right-aligned, masked."""

import textwrap
from html import escape
from itertools import zip_longest

import pandas as pd

from helpers.display.masking import mask
from helpers.display.shown import Shown
from helpers.display.visible import visible

MOST_ROWS = 500  # that are shown: more is read by a program, not by eye
WIDE, NARROWEST = 110, 8  # characters of a plain table and of its narrowest wrapped column
MISSING = "–"

# The colours are those of the page around it, light or dark. A notebook's own style aligns every cell to the right.
STYLE = """
table.unspun-table { border-collapse: collapse; table-layout: auto !important; margin: 0 !important;
  font-size: .95em; border: 0 }
table.unspun-table caption { text-align: left; font-weight: 600; padding: .3em .6em; caption-side: top }
table.unspun-table th, table.unspun-table td { text-align: left !important; vertical-align: top !important;
  white-space: pre-wrap; overflow-wrap: break-word; max-width: 36em; padding: .35em .6em; line-height: 1.45;
  border: 0; border-bottom: 1px solid rgba(128, 128, 128, .45) }
table.unspun-table thead th { border-bottom-width: 2px; vertical-align: bottom !important }
table.unspun-table tbody th { font-weight: 600 }
table.unspun-table .number { text-align: right !important; white-space: nowrap; font-variant-numeric: tabular-nums }
"""


def readable(table: pd.DataFrame | pd.Series, caption: str = "", digits: int = 2) -> Shown:
    """Return a table as one reads it: no text is cut, no row is numbered, addresses are masked.

    An index stands in front where it has a name, or is not merely numbers. `digits` are the decimal places of numbers
    that have any. Of a long table the first 500 rows are shown, and how many more there are.

    >>> readable(pd.DataFrame({"spun": ["mentioned", "help"], "times": [1200, 3]}))
    spun       times
    ---------  -----
    mentioned  1,200
    help           3
    """
    shown = table.to_frame() if isinstance(table, pd.Series) else table
    lead = 0 if _merely_counts(shown.index) else shown.index.nlevels
    cut = shown.head(MOST_ROWS)
    cut = cut.reset_index(names=[name or "" for name in shown.index.names]) if lead else cut
    heads = [_words(" ".join(map(str, name)) if isinstance(name, tuple) else name).strip() for name in cut.columns]
    columns = [_cells(cut.iloc[:, place], digits) for place in range(len(heads))]
    right = [_is_number(cut.iloc[:, place]) for place in range(len(heads))]
    more = f"and {len(shown) - MOST_ROWS:,} more rows" if len(shown) > MOST_ROWS else ""
    caption = _words(caption)
    return Shown(_html(heads, columns, right, lead, caption, more), _plain(heads, columns, right, caption, more))


def _merely_counts(index: pd.Index) -> bool:
    return index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index)


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _cells(column: pd.Series, digits: int) -> list[str]:
    """The cells of a column in words; all its numbers with as many decimal places as one of them needs."""
    if not _is_number(column):
        return [_words(value) for value in column]
    there = column.dropna()
    places = next((few for few in range(digits) if (there == there.round(few)).all()), digits)
    return [MISSING if pd.isna(value) else f"{value:,.{places}f}" for value in column]


def _words(value: object) -> str:
    """What stands in a cell, masked and with nothing unseen in it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set):
        return ", ".join(map(_words, value))
    if pd.isna(value):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M}"
    return visible(mask(str(value)))


def _html(heads: list[str], columns: list[list[str]], right: list[bool], lead: int, caption: str, more: str) -> str:
    css = [' class="number"' if number else "" for number in right]
    head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(heads, css, strict=True))
    tags = ['th scope="row"' if place < lead else "td" for place in range(len(heads))]
    rows = [
        "".join(f"<{tag}{kind}>{escape(cell)}</{tag[:2]}>" for tag, kind, cell in zip(tags, css, cells, strict=True))
        for cells in zip(*columns, strict=True)
    ]
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<style>{STYLE}</style><div style="overflow-x: auto" tabindex="0"><table class="unspun-table">{said}'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
        f"{f'<p>… {more}</p>' if more else ''}</div>"
    )


def _plain(heads: list[str], columns: list[list[str]], right: list[bool], caption: str, more: str) -> str:
    widths = _widths([[head, *cells] for head, cells in zip(heads, columns, strict=True)])
    rows = [heads, ["-" * width for width in widths], *zip(*columns, strict=True)]
    lines = [line for row in rows for line in _wrapped(list(row), widths, right)]
    return "\n".join([*([caption, ""] if caption else []), *lines, *([f"… {more}"] if more else [])])


def _widths(columns: list[list[str]]) -> list[int]:
    """How wide each column is; where they do not fit side by side the widest give way."""
    room = WIDE - 2 * (len(columns) - 1)
    widths = [min(room, max(len(line) for cell in cells for line in [*cell.split("\n"), ""])) for cells in columns]
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _wrapped(cells: list[str], widths: list[int], right: list[bool]) -> list[str]:
    """The lines of one row."""
    stacks = [
        [part for line in cell.split("\n") for part in textwrap.wrap(line, max(width, 1)) or [""]]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return [
        "  ".join(
            part.rjust(width) if number else part.ljust(width)
            for part, width, number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in zip_longest(*stacks, fillvalue="")
    ]
