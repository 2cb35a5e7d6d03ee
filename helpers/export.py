"""A table goes in; a CSV file fit to publish comes out: addresses masked, no cell that a spreadsheet would run."""

from pathlib import Path

import pandas as pd

from helpers.masking import mask

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table for people: e-mail addresses and telephone numbers masked, formulas made harmless.

    A text cell that a spreadsheet would take for a formula (OWASP's list: = + - @ tab, carriage return) gets an
    apostrophe in front. Offsets in the table still point into the stored, unmasked texts.
    """
    path = Path(path)
    texts = table.select_dtypes(include=["object", "string"]).columns
    safe = table.assign(**{column: table[column].map(_safe_cell) for column in texts})
    safe.to_csv(path, index=False, lineterminator="\n", float_format="%.6g")
    return path


def _safe_cell(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    masked = mask(cell)
    return f"'{masked}" if masked.startswith(FORMULA_STARTS) else masked
