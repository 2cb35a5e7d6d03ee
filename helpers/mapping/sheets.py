"""A file of rows goes in; its cells as texts come out, each row by its number in the file.

CSV, TSV, JSON (one object a row), Parquet or Excel (the first sheet), as people and programs write them: blank lines,
other delimiters and encodings, commas left over at the end, cells that are missing. It is read by a process of its own
with bounds on its memory and its time, since the file comes from somebody else.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from helpers.corpus.formats.encodings import decode
from helpers.corpus.formats.json_records import records_in
from helpers.corpus.formats.sandbox import ROOT, bound
from helpers.corpus.formats.tables import csv_rows, load_json, unescaped
from helpers.files.limits import MEMORY, SECONDS
from helpers.files.problems import RecordError

# What columns with phrases are called, for the choice of a delimiter.
COLUMNS = ("spun", "original", "tortured", "tortured_phrase", "expected", "expected_text", "correct", "fingerprint")
ENDINGS = (".csv", ".tsv", ".json", ".parquet", ".xlsx")


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
    if not path.exists():
        raise SheetError(f"{path}: there is no such file. Mend: correct its name.")
    command = [sys.executable, "-m", "helpers.mapping.sheets", str(path.absolute())]
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SheetError(f"{path}: it takes more than {SECONDS:g} seconds to read. Mend: save it as CSV.") from None
    if said.returncode:
        what = (
            f"reading it needs more than {MEMORY // 1_000_000:,} MB, or breaks a library (exit code {said.returncode})"
        )
        raise SheetError(f"{path}: {what}. Mend: save what is needed of it as UTF-8 CSV.")
    found = json.loads(said.stdout)
    if "error" in found:
        raise SheetError(f"{path}{found['error']}")
    first, *others = found["headings"]
    later = [name for name, heading in others if is_wanted(heading)]
    if later and not is_wanted(first[1]):
        raise SheetError(
            f"{path}: only the first sheet, “{first[0]}”, is read, and what is looked for stands on the sheet "
            f"“{later[0]}”. Mend: put that sheet first, or save it as CSV."
        )
    return pd.DataFrame(found["rows"], index=found["numbers"], columns=found["names"], dtype=str)


def _answer(path: Path) -> dict:
    """What is in a file: the heading of each sheet, the rows of the first and their numbers; or an `error`."""
    try:
        sheets = _sheets(path)
        table = _table(path, next(iter(sheets.values())))
    except SheetError as error:
        return {"error": str(error)}
    except RecordError as error:
        return {"error": f": {error.problem.rstrip('.')}. Mend: {error.mend}"}
    except MemoryError:
        return {"error": f": reading it needs more than {MEMORY // 1_000_000:,} MB. Mend: save it as UTF-8 CSV."}
    except Exception as error:  # each reader has errors of its own
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        return {"error": f": cannot be read ({said}). Mend: save it anew as UTF-8 CSV."}
    headings = [(name, _heading(rows)[1]) for name, rows in sheets.items()]
    return {
        "headings": headings,
        "names": [*table.columns],
        "numbers": table.index.tolist(),
        "rows": table.to_numpy().tolist(),
    }


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    """The sheets of a file as rows of texts, the heading among them; a plain file has one, without a name."""
    ending = path.suffix.lower()
    if ending in (".csv", ".tsv"):
        with path.open("rb") as content:
            return {"": _csv_rows(content, "\t" if ending == ".tsv" else "")}
    if ending == ".xlsx":
        book = pd.read_excel(path, sheet_name=None, header=None, dtype=str, keep_default_na=False, engine="openpyxl")
        return {
            name: [[as_text(unescaped(cell)) for cell in row] for row in sheet.to_numpy()]
            for name, sheet in book.items()
        }
    if ending == ".json":
        table = pd.DataFrame(records_in(load_json(decode(path.read_bytes())[0]), COLUMNS), dtype=object)
    else:  # whole numbers stay whole beside missing ones
        table = pd.read_parquet(path, dtype_backend="numpy_nullable")
    rows = table.itertuples(index=False, name=None)
    return {"": [[str(name) for name in table.columns], *([as_text(cell) for cell in row] for row in rows)]}


def as_text(cell: object) -> str:
    """Return a cell as text, whatever stands for a missing one.

    >>> as_text(2), as_text(None), as_text(pd.NA), as_text(float("nan"))
    ('2', '', '', '')
    """
    if pd.api.types.is_scalar(cell) and pd.isna(cell):  # type: ignore[call-overload]  # is_scalar says that it may be
        return ""
    return str(cell)


def _csv_rows(content: BinaryIO, delimiter: str) -> list[list[str]]:
    """The rows, blank ones too; a field of several lines makes them no more."""
    read: list[list[str]] = []
    for number, row in csv_rows(content, delimiter, wanted=COLUMNS):
        if isinstance(row, RecordError):
            raise SheetError(f": row {len(read) + 1} is {row.problem.partition(';')[0]}. Mend: {row.mend}")
        read += [[]] * (0 if read else number - 1)
        read.append(row)
    return read


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
        raise SheetError(": there is nothing in it. Mend: save it again.")
    kept: dict[int, list[str]] = {}
    for number, row in zip(count(place + 1), rows[place:], strict=False):
        more = [cell for cell in row[len(heading) :] if cell.strip()]
        if more and path.suffix.lower() != ".xlsx":
            raise SheetError(
                f", row {number}: {len(more)} field(s) more than the heading has names. Mend: put fields that "
                "hold a comma in double quotation marks, or name the column."
            )
        if any(map(str.strip, row)):
            kept[number] = [*row[: len(heading)], *[""] * (len(heading) - len(row))]
    names = [name if name not in heading[:at] else f"{name} ({at + 1})" for at, name in enumerate(heading)]
    return pd.DataFrame.from_dict(kept, orient="index", columns=names, dtype=str)


if __name__ == "__main__":
    bound(MEMORY)
    sys.stdout.buffer.write(json.dumps(_answer(Path(sys.argv[1]))).encode())
