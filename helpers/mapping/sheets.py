"""A file of rows goes in; its cells as texts come out, each row by its number in the file.

CSV, TSV, JSON (one object a row), Parquet or Excel (the first sheet), as people and programs write them: blank lines,
commas left over at the end, cells that are missing.
"""

import csv
import json
from collections.abc import Callable
from io import StringIO
from itertools import count
from pathlib import Path

import pandas as pd

ENDINGS = (".csv", ".tsv", ".json", ".parquet", ".xlsx")
PARTED = {";": "semicolons", "\t": "tabs", "|": "bars"}  # what some spreadsheets write for commas


class SheetError(ValueError):
    """A file that cannot be read as rows; the message names it and the mend."""


def read_sheet(path: str | Path, is_wanted: Callable[[list[str]], bool] = bool) -> pd.DataFrame:
    """Return the cells of a file as texts, empty where there is none, by row (the first of a plain file is row 1).

    The first row that is not blank names the columns. `is_wanted` tells from these names whether a sheet of a
    workbook is what the caller looks for; if only a later sheet is, the error says so. Raises `SheetError`.
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise SheetError(f"{path}: its ending is none of {', '.join(ENDINGS)}. Mend: save it as one of them.")
    try:
        if path.suffix.lower() in (".csv", ".tsv"):
            return _table(path, _csv_rows(path))
        if path.suffix.lower() == ".xlsx":
            return _first_sheet(path, is_wanted)
        if path.suffix.lower() == ".json":
            table = pd.DataFrame(json.loads(path.read_text(encoding="utf-8-sig")), dtype=object)
        else:
            table = pd.read_parquet(
                path, dtype_backend="numpy_nullable"
            )  # whole numbers stay whole beside missing ones
    except SheetError:
        raise
    except FileNotFoundError:
        raise SheetError(f"{path}: there is no such file. Mend: correct its name.") from None
    except UnicodeDecodeError as error:
        what = f"it is not UTF-8 (byte {error.start})"
        raise SheetError(f"{path}: cannot be read: {what}. Mend: save it anew as “CSV UTF-8”.") from None
    except Exception as error:  # each reader has errors of its own
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise SheetError(f"{path}: cannot be read ({said}). Mend: save it anew as UTF-8 CSV.") from None
    cells = {str(name): [as_text(cell) for cell in table[name]] for name in table.columns}
    return pd.DataFrame(cells, index=range(2, len(table) + 2), dtype=str)


def as_text(cell: object) -> str:
    """Return a cell as text, whatever stands for a missing one.

    >>> as_text(2), as_text(None), as_text(pd.NA), as_text(float("nan"))
    ('2', '', '', '')
    """
    if pd.api.types.is_scalar(cell) and pd.isna(cell):  # type: ignore[call-overload]  # is_scalar says that it may be
        return ""
    return str(cell)


def _csv_rows(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    rows = csv.reader(StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",", strict=True)
    read: list[list[str]] = []
    try:
        read.extend(rows)
    except csv.Error as error:
        mend = "close the quotation marks, and double those inside a field."
        raise SheetError(f"{path}: row {len(read) + 1} is no valid CSV ({error}). Mend: {mend}") from None
    return read


def _first_sheet(path: Path, is_wanted: Callable[[list[str]], bool]) -> pd.DataFrame:
    book = pd.read_excel(path, sheet_name=None, header=None, dtype=str, keep_default_na=False, engine="openpyxl")
    rows = {name: [[as_text(cell) for cell in row] for row in sheet.to_numpy()] for name, sheet in book.items()}
    first, *others = rows
    later = [name for name in others if is_wanted(_heading(rows[name])[1])]
    if later and not is_wanted(_heading(rows[first])[1]):
        raise SheetError(
            f"{path}: only the first sheet, “{first}”, is read, and what is looked for stands on the sheet "
            f"“{later[0]}”. Mend: put that sheet first, or save it as CSV."
        )
    return _table(path, rows[first])


def _heading(rows: list[list[str]]) -> tuple[int, list[str]]:
    """The number of the first row that is not blank, and its names; what stands empty at its end is none."""
    for number, row in enumerate(rows, 1):
        if any(map(str.strip, row)):
            return number, row[: max(place for place, cell in enumerate(row, 1) if cell.strip())]
    return 0, []


def _table(path: Path, rows: list[list[str]]) -> pd.DataFrame:
    """Rows under their heading; blank ones are counted and left out."""
    place, heading = _heading(rows)
    if not heading:
        raise SheetError(f"{path}: there is nothing in it. Mend: save it again.")
    parted = next((sign for sign in PARTED if len(heading) == 1 and sign in heading[0]), None)
    if parted:
        raise SheetError(f"{path}: its fields are parted by {PARTED[parted]}. Mend: save it with commas, as UTF-8 CSV.")
    kept: dict[int, list[str]] = {}
    for number, row in zip(count(place + 1), rows[place:], strict=False):
        more = [cell for cell in row[len(heading) :] if cell.strip()]
        if more and path.suffix.lower() != ".xlsx":
            raise SheetError(
                f"{path}, row {number}: {len(more)} field(s) more than the heading has names. Mend: put fields that "
                "hold a comma in double quotation marks, or name the column."
            )
        if any(map(str.strip, row)):
            kept[number] = [*row[: len(heading)], *[""] * (len(heading) - len(row))]
    names = [name if name not in heading[:at] else f"{name} ({at + 1})" for at, name in enumerate(heading)]
    return pd.DataFrame.from_dict(kept, orient="index", columns=names, dtype=str)
