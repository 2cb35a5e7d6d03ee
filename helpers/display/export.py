"""A table goes in; a file fit to publish comes out: addresses masked, no cell that a spreadsheet would run."""

import os
import re
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from helpers.display.masking import mask, mask_part, masked_spans

# What a spreadsheet takes for the beginning of a formula, also in full width, and what it skips before one.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
CONTEXT = ("left", "spun", "right")  # columns that are one text, cut in three


def write_csv(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table for people: e-mail addresses and telephone numbers masked, formulas made harmless.

    A text cell that a spreadsheet would take for a formula (OWASP's list: = + - @, also in full width, tab, carriage
    return, line feed) gets an apostrophe in front; a lone carriage return becomes a line break, half a character
    U+FFFD. Lists are joined with “; ”. Offsets in the table still point into the stored, unmasked texts.
    """
    _fit_for_people(table).to_csv(path, index=False, lineterminator="\n", float_format="%.10g")
    return Path(path)


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table for people in the form that the file's ending names: .csv, .tsv, .json, .parquet or .xlsx.

    The same cells as `write_csv` in every form, so that a table made from JSON or Parquet is as harmless. JSON has
    one object a row. Excel has no times with a zone, so they become texts there, and no cell of more than 32,767
    characters. The file is replaced in one step. Raises ValueError for another ending, or a text too long for Excel.
    """
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise ValueError(f"{path}: its ending is none of {', '.join(WRITERS)}. Mend: choose one of them.")
    cells = _fit_for_people(table)
    if path.suffix.lower() == ".xlsx":
        _check_lengths(cells, path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft{path.suffix}")
    try:
        WRITERS[path.suffix.lower()](cells, draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _write_excel(table: pd.DataFrame, path: Path) -> None:
    """One sheet with a frozen, filterable heading; text stays text, also where it begins with a sign."""
    table = table.map(_for_excel).rename(columns=_for_excel)
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        table.to_excel(book, sheet_name="table", index=False, freeze_panes=(1, 0))
        sheet = book.sheets["table"]
        sheet.auto_filter.ref = sheet.dimensions
        for number, name in enumerate(table, 1):
            longest = max([len(str(name)), *table[name].astype(str).str.len().head(1000)])
            sheet.column_dimensions[sheet.cell(1, number).column_letter].width = min(60, longest + 3)


def _for_excel(cell: object) -> object:
    if isinstance(cell, str):
        return NOT_IN_XML.sub("\ufffd", cell)
    return cell.isoformat() if isinstance(cell, datetime) and cell.tzinfo else cell


def _check_lengths(table: pd.DataFrame, path: Path) -> None:
    """Raise ValueError for a text that Excel would cut; it counts in units of UTF-16."""
    for name in table:
        for row, cell in enumerate(table[name], 2):
            length = (
                len(cell.encode("utf-16-le")) // 2 if isinstance(cell, str) and len(cell) > MOST_IN_CELL // 2 else 0
            )
            if length > MOST_IN_CELL:
                raise ValueError(
                    f"{path}: row {row}, column {name}: {length:,} characters, and a cell of Excel takes "
                    f"{MOST_IN_CELL:,}. Mend: write .csv, .tsv, .json or .parquet, or shorten that text."
                )


MOST_IN_CELL = 32_767
HALF = re.compile("[\ud800-\udfff]")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WRITERS = {
    ".csv": lambda table, path: table.to_csv(path, index=False, lineterminator="\n", float_format="%.10g"),
    ".tsv": lambda table, path: table.to_csv(path, index=False, lineterminator="\n", float_format="%.10g", sep="\t"),
    ".json": lambda table, path: table.to_json(
        path, orient="records", indent=1, force_ascii=False, double_precision=10
    ),
    ".parquet": lambda table, path: table.to_parquet(path, index=False),
    ".xlsx": _write_excel,
}


def _fit_for_people(table: pd.DataFrame) -> pd.DataFrame:
    """The table with addresses masked and formulas made harmless."""
    cells = _with_joined_context(table) if set(CONTEXT) <= set(table) and len(table) else table
    return cells.assign(**{name: _safe_column(cells[name]) for name in cells.columns if _holds_text(cells[name])})


def _holds_text(column: pd.Series) -> bool:
    return not any(is_kind(column) for is_kind in (is_bool_dtype, is_numeric_dtype, is_datetime64_any_dtype))


def _with_joined_context(table: pd.DataFrame) -> pd.DataFrame:
    """Mask each substitution together with what stands around it, so that an address cut by it is masked too."""
    rows = [_masked_parts(parts) for parts in zip(*(table[name].tolist() for name in CONTEXT), strict=True)]
    return table.assign(**{name: list(cells) for name, cells in zip(CONTEXT, zip(*rows, strict=True), strict=True)})


def masked(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the addresses in its texts masked, its column names and lists of texts included."""
    cells = _with_joined_context(table) if set(CONTEXT) <= set(table) and len(table) else table
    columns = {place: _masked_column(cells.iloc[:, place]) for place in range(cells.shape[1])}
    changed = [place for place, column in columns.items() if column is not None]
    if changed:
        cells = cells.copy()
    for place in changed:
        cells.isetitem(place, columns[place])
    return cells.rename(columns=lambda name: mask(name) if isinstance(name, str) else name)


def _masked_column(column: pd.Series) -> pd.Series | None:
    """A column masked; None where nothing in it is."""
    if not _holds_text(column):
        return None
    known: dict[str, str] = {}
    cells = [_masked_cell(cell, known) for cell in column.tolist()]
    if all(new is old for new, old in zip(cells, column.tolist(), strict=True)):
        return None
    return pd.Series(cells, index=column.index, dtype=column.dtype if column.dtype != "category" else object)


def _masked_cell(cell: object, known: dict[str, str]) -> object:
    if isinstance(cell, str):
        said = known[cell] if cell in known else known.setdefault(cell, mask(cell))
        return cell if said == cell else said
    if isinstance(cell, dict):
        return {_masked_cell(name, known): _masked_cell(part, known) for name, part in cell.items()}
    if isinstance(cell, list | tuple | np.ndarray):
        return [_masked_cell(part, known) for part in cell]
    return cell


def _masked_parts(parts: tuple[object, ...]) -> tuple[object, ...]:
    """The parts of one text, masked; a missing one is no text and stays as it is."""
    texts = [part if isinstance(part, str) else "" for part in parts]
    text = "".join(texts)
    if not masked_spans(text):
        return parts
    starts = [sum(map(len, texts[:number])) for number in range(len(texts))]
    return tuple(
        mask_part(text, start, start + len(part)) if isinstance(part, str) else part
        for start, part in zip(starts, parts, strict=True)
    )


def _safe_column(column: pd.Series) -> list:
    """The cells made safe; what stands in a column again and again is looked at once."""
    known: dict[str, object] = {}
    return [
        (known[cell] if cell in known else known.setdefault(cell, _safe_cell(cell)))
        if isinstance(cell, str)
        else _safe_cell(cell)
        for cell in column.tolist()
    ]


def _safe_cell(cell: object) -> object:
    if isinstance(cell, list):
        cell = "; ".join(map(str, cell))
    if not isinstance(cell, str):
        return cell
    masked = re.sub(
        r"\r(?!\n)", "\n", mask(HALF.sub("\ufffd", cell))
    )  # csv leaves a lone one unquoted, and a reader starts a new row
    return f"'{masked}" if masked.startswith(FORMULA_STARTS) else masked
