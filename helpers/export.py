"""A table goes in; a CSV file fit to publish comes out: addresses masked, no cell that a spreadsheet would run."""

import re
from pathlib import Path

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from helpers.masking import mask, mask_part

FORMULA_STARTS = ("=", "+", "-", "@", "\t")
CONTEXT = ("left", "spun", "right")  # columns that are one text, cut in three


def write_csv(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table for people: e-mail addresses and telephone numbers masked, formulas made harmless.

    A text cell that a spreadsheet would take for a formula (OWASP's list: = + - @ tab, carriage return) gets an
    apostrophe in front; a lone carriage return becomes a line break. Lists are joined with “; ”. Offsets in the table
    still point into the stored, unmasked texts.
    """
    path = Path(path)
    cells = table.apply(_joined_context, axis="columns") if set(CONTEXT) <= set(table) and len(table) else table
    safe = cells.assign(**{name: cells[name].map(_safe_cell) for name in cells if _holds_text(cells[name])})
    safe.to_csv(path, index=False, lineterminator="\n", float_format="%.10g")
    return path


def _holds_text(column: pd.Series) -> bool:
    return not any(is_kind(column) for is_kind in (is_bool_dtype, is_numeric_dtype, is_datetime64_any_dtype))


def _joined_context(row: pd.Series) -> pd.Series:
    """Mask a substitution together with what stands around it, so that an address cut by it is masked too."""
    text, at = "".join(row[name] for name in CONTEXT), 0
    masked = row.copy()
    for name in CONTEXT:
        masked[name] = mask_part(text, at, at + len(row[name]))
        at += len(row[name])
    return masked


def _safe_cell(cell: object) -> object:
    if isinstance(cell, list):
        cell = "; ".join(map(str, cell))
    if not isinstance(cell, str):
        return cell
    masked = re.sub(r"\r(?!\n)", "\n", mask(cell))  # csv leaves a lone one unquoted, and a reader starts a new row
    return f"'{masked}" if masked.startswith(FORMULA_STARTS) else masked
