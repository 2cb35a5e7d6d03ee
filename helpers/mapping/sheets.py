"""A file of rows goes in; its cells as texts come out, each row by its number in the file.

CSV, TSV, JSON (one object a row), Parquet or Excel (the first sheet), as people and programs write them: blank lines,
other delimiters and encodings, commas left over at the end, cells that are missing. The file comes from somebody else:
whoever reads one does so in a process with bounds on its memory and its time (see `importing`).
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from helpers.corpus.formats.article_record import plain_name
from helpers.corpus.formats.encodings import decode
from helpers.corpus.formats.json_records import records_in
from helpers.corpus.formats.tables import csv_rows, excel_sheets, load_json, without_escapes
from helpers.files.limits import MB, MOST_PHRASES, MOST_WHOLE
from helpers.files.problems import RecordError, printable

ENDINGS = (".csv", ".tsv", ".json", ".parquet", ".xlsx")  # those that are written too
READ_ONLY = (".jsonl", ".ndjson", ".tab", ".pq", ".xlsm")
ROW_COSTS = CELL_COSTS = 60  # bytes of memory besides its characters

Rows = list[tuple[int, list[str]]]  # with their numbers in the file


class SheetError(ValueError):
    """A file that cannot be read as rows; the message names it and the mend."""


def read_sheet(
    path: str | Path,
    is_wanted: Callable[[list[str]], bool] = bool,
    names: Iterable[str] = (),
    paired: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return the cells of a file as texts, empty where there is none, by row (the first of a plain file is row 1).

    The first row that is not blank names the columns. `is_wanted` tells from these names whether a sheet of a
    workbook is what the caller looks for; if only a later sheet is, the error says so. `names` are names of columns by
    which a delimiter is told, and records in JSON from what lies around them. `paired` are the names of the two columns
    of JSON that names none: phrases by phrases, or pairs of them. Raises `SheetError`.
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS + READ_ONLY:
        raise SheetError(f"{path}: its ending is none of {', '.join(ENDINGS)}. Mend: save it as one of them.")
    if not os.path.isfile(path):  # Path.is_file raises for a path that is too long
        raise SheetError(f"{printable(str(path))}: there is no such file. Mend: correct its name.")
    try:
        return _read(path, is_wanted, [plain_name(name) for name in names], paired)
    except SheetError:
        raise
    except RecordError as error:
        raise SheetError(f"{path}: {error.problem.rstrip('.')}. Mend: {error.mend}") from None
    except MemoryError:
        raise
    except Exception as error:  # each reader has errors of its own
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise SheetError(f"{path}: cannot be read ({said}). Mend: save it anew as UTF-8 CSV.") from None


def _read(
    path: Path, is_wanted: Callable[[list[str]], bool], wanted: list[str], paired: tuple[str, str] | None
) -> pd.DataFrame:
    with path.open("rb") as content:
        (name, rows), *others = _sheets(path, content, wanted, paired)
        table = _table(path, _bounded(rows))
        later = [other for other, more in others if is_wanted(_first_filled(more))]
    if later and not is_wanted([*table.columns]):
        raise SheetError(
            f"{path}: only the first sheet, “{name}”, is read, and what is looked for stands on the sheet "
            f"“{later[0]}”. Mend: put that sheet first, or save it as CSV."
        )
    return table


def _sheets(
    path: Path, content: BinaryIO, wanted: list[str], paired: tuple[str, str] | None
) -> list[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """The sheets of a file, each its rows as texts, the heading among them; a plain file has one, without a name."""
    ending, size = path.suffix.lower(), path.stat().st_size
    if ending in (".csv", ".tsv", ".tab"):
        return [("", _csv_rows(path, content, "" if ending == ".csv" else "\t", wanted))]
    if ending in (".xlsx", ".xlsm"):
        try:
            sheets = excel_sheets(content, size)
        except RecordError as error:
            raise SheetError(f"{path}: cannot be read ({error.problem.rstrip('.')}). Mend: {error.mend}") from None
        return [(name, ((at, [*map(as_text, row)]) for at, row in rows)) for name, rows in sheets]
    if ending in (".parquet", ".pq"):  # whole numbers stay whole beside missing ones
        table = pd.read_parquet(path, dtype_backend="numpy_nullable")
        records = table.itertuples(index=False, name=None)
        names = [str(name) for name in table.columns]
    else:
        found = _json_records(content, wanted, paired)
        names = sorted(dict.fromkeys(str(name) for record in found for name in record), key=bool)  # "" first
        records = ([record.get(name) for name in names] for record in found)
    return [("", enumerate([names, *([*map(as_text, record)] for record in records)], 1))]


def _json_records(content: BinaryIO, wanted: list[str], paired: tuple[str, str] | None) -> list[dict]:
    """The records of a JSON or JSON Lines file; what is none is one without a name."""
    text, _ = decode(content.read(MOST_WHOLE + 1))
    if len(text) > MOST_WHOLE:
        raise RecordError(f"it has more than {MOST_WHOLE // MB} MB.", "write it as CSV.")
    lines = [line.strip().removesuffix(",") for line in text.splitlines() if line.strip() not in ("", "[", "]")]
    if len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines):
        found = [record for line in lines for record in records_in(load_json(line), wanted)]
    else:
        whole = load_json(text)
        found = records_in(whole, wanted)
        if paired and not any(isinstance(record, dict) and _names_any(record, wanted) for record in found):
            found = [dict(zip(paired, pair, strict=True)) for pair in _pairs(whole)] or found
    return [record if isinstance(record, dict) else {"": record} for record in found]


def _names_any(record: dict, wanted: list[str]) -> bool:
    return any(plain_name(str(name)) in wanted for name in record)


def _pairs(found: object) -> list[tuple[str, str | None]]:
    """The pairs in what a JSON file says that names no columns: phrases by phrases, a list of pairs, or either in one.

    Of what is by names as well (version, licence) a phrase is told by its words: most have two.
    """
    if isinstance(found, list):
        are_pairs = all(isinstance(pair, list) and len(pair) == 2 and _are_phrases(pair) for pair in found)
        return [(first, second) for first, second in found] if are_pairs else []
    if not isinstance(found, dict):
        return []
    if _are_phrases([*found.values()]) and 2 * sum(" " in name.strip() for name in found) > len(found):
        return list(found.items())
    inner = [*filter(None, map(_pairs, found.values()))]
    return inner[0] if len(inner) == 1 else []


def _are_phrases(cells: list) -> bool:
    return all(cell is None or isinstance(cell, str) for cell in cells)


def _bounded(rows: Iterator[tuple[int, list[str]]]) -> Rows:
    """The rows, up to what a table of phrases may take; raises `RecordError` for more."""
    kept, cost = [], 0
    for number, row in rows:
        cost += ROW_COSTS + sum(len(cell) + CELL_COSTS for cell in row)
        if cost > MOST_PHRASES:
            what = f"more than {MOST_PHRASES // MB:,} MB come out of it, up to row {number:,}."
            raise RecordError(what, "keep the columns with the phrases, or split it.")
        kept.append((number, row))
    return kept


def as_text(cell: object) -> str:
    """Return a cell as text, whatever stands for a missing one; several texts with semicolons between them.

    >>> as_text(2), as_text(None), as_text(pd.NA), as_text(float("nan")), as_text(["one", "two"])
    ('2', '', '', '', 'one; two')
    """
    if isinstance(cell, list | tuple):
        return "; ".join(map(as_text, cell))
    if isinstance(cell, dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    if pd.api.types.is_scalar(cell) and pd.isna(cell):  # type: ignore[call-overload]  # is_scalar says that it may be
        return ""
    return str(cell)


def _csv_rows(path: Path, content: BinaryIO, delimiter: str, wanted: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows, blank ones counted; a field of several lines makes them no more."""
    at = 0
    for number, row in csv_rows(content, delimiter, wanted=wanted):
        at = at + 1 if at else number
        if isinstance(row, RecordError):
            raise SheetError(f"{path}: row {at} is {row.problem.partition(';')[0]}. Mend: {row.mend}")
        yield at, [*map(str, map(without_escapes, row))]


def _first_filled(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The first row that is not blank, without what stands empty at its end."""
    row = next((row for _, row in rows if any(map(str.strip, row))), [])
    return row[: max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)]


def _table(path: Path, rows: Rows) -> pd.DataFrame:
    """Rows under their heading; blank ones are counted and left out."""
    filled = [(number, row) for number, row in rows if any(map(str.strip, row))]
    heading = _first_filled(iter(filled[:1]))
    if not heading:
        raise SheetError(f"{path}: there is nothing in it. Mend: save it again.")
    kept: dict[int, list[str]] = {}
    for number, row in filled[1:]:
        more = [cell for cell in row[len(heading) :] if cell.strip()]
        if more and not path.suffix.lower().startswith(".xls"):
            raise SheetError(
                f"{path}, row {number}: {len(more)} field(s) more than the heading has names. Mend: put fields that "
                "hold a comma in double quotation marks, or name the column."
            )
        kept[number] = [*row[: len(heading)], *[""] * (len(heading) - len(row))]
    names = [name if name not in heading[:at] else f"{name} ({at + 1})" for at, name in enumerate(heading)]
    return pd.DataFrame.from_dict(kept, orient="index", columns=names, dtype=str)
