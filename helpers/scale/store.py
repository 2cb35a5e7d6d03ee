"""Tables in parts go in; a folder of Parquet files comes out, with receipts for what is done and a manifest of it all.

A store is a folder. Each table is a folder in it, each part of a table a Parquet file; `work` has what the steps hand
on to each other. A file is written under a temporary name and renamed, and only then is its receipt written: what
has a receipt is done. A receipt is named after everything its part depends on: the step, the program, and the
contents of the files that went in. So a run that was cut off, or one with more articles, does only what is new.
Whatever is read is compared with the digest that was recorded when it was written (`intact`).
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.corpus.terms import LISTS
from helpers.files.atomic import write_file
from helpers.scale.intact import DamagedError, StoreError, as_record, is_intact, read_intact, read_record
from helpers.scale.shuffle import Grouped, write_groups

MANIFEST, RECEIPTS, WORK = "manifest.json", "receipts", "work"
FORMAT = 2
DTYPES = b"unspun dtypes"  # of the dataframe, in a file's metadata: Parquet does not tell str from object
# What each table is sorted by when it is read whole: its parts one behind the other, or these columns.
ORDER = {
    "frequency": (["count", "g2", "original", "spun"], [False, False, True, True]),
    "replacements": (["site", "count", "original", "spun"], [True, False, True, True]),
    "errors": (["stage", "article_id"], [True, True]),
}


class File(NamedTuple):
    """A file of a store: its path below it, the SHA-256 of its contents, and how large it is."""

    path: str
    sha256: str
    rows: int
    bytes: int


class Receipt(NamedTuple):
    """What a step made of a part: its files by name, what it counted, and what it took."""

    stage: str
    part: int
    key: str
    files: dict[str, Sequence[Any]]  # the fields of `File`, as JSON keeps them
    facts: dict[str, Any]
    errors: int
    seconds: float
    processor_seconds: float
    megabytes: float
    bounds: Sequence[float] = ()  # the seconds for an article and the megabytes that it was made with

    def file(self, name: str) -> File:
        """Return one of its files."""
        return File(*self.files[name])


def receipt_path(store: str | Path, stage: str, part: int, key: str) -> Path:
    """Return where a receipt is, or would be."""
    return Path(store) / RECEIPTS / stage / f"{part:05d}-{key}.json"


def read_receipt(path: Path) -> Receipt | None:
    """Return a receipt whose files are all there with their sizes; None where it or one of them is missing."""
    try:
        receipt = Receipt(**read_record(path))
        store = path.parents[2]
        whole = all((store / file[0]).stat().st_size == file[3] for file in receipt.files.values())
    except (OSError, StoreError, TypeError):
        return None
    return receipt if whole else None


def damage(path: Path) -> Path | None:
    """Return the first file that is not what a receipt says: the receipt itself, or one of its files; None for none.

    All of them are read for that. A receipt that is not there is no damage.
    """
    if not path.exists():
        return None
    try:
        receipt, store = Receipt(**read_record(path)), path.parents[2]
    except (OSError, StoreError, TypeError):
        return path
    files = [File(*file) for file in receipt.files.values()]
    return next((store / file.path for file in files if not is_intact(store / file.path, file.sha256)), None)


def write_receipt(store: str | Path, receipt: Receipt) -> None:
    """Write a receipt in one step."""
    path = receipt_path(store, receipt.stage, receipt.part, receipt.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, as_record(receipt._asdict()))


def key_of(*parts: Any) -> str:
    """Return a short name for everything that a result depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:20]


def write_part(store: str | Path, name: str, part: int, key: str, table: pd.DataFrame | pa.Table | Grouped) -> File:
    """Write a part of a table: a dataframe as Parquet, an Arrow table or grouped rows below `work`."""
    folder = Path(store) / (name if isinstance(table, pd.DataFrame) else f"{WORK}/{name}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"part-{part:05d}-{key}.{'parquet' if isinstance(table, pd.DataFrame) else 'arrow'}"
    draft = folder / f".draft-{uuid4().hex}"
    try:
        if isinstance(table, pd.DataFrame):
            rows = len(table)
            pq.write_table(as_arrow(table), draft, compression="zstd")
        else:
            grouped = table if isinstance(table, Grouped) else _one_group(table)
            rows = grouped.table.num_rows
            write_groups(draft, grouped)
        digest = hashlib.sha256(draft.read_bytes()).hexdigest()
        size = draft.stat().st_size
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return File(str(path.relative_to(store)), digest, rows, size)


def _one_group(table: pa.Table) -> Grouped:
    return Grouped(table, pd.Series(0, index=range(table.num_rows), dtype="int64").to_numpy(), 1)


def as_arrow(table: pd.DataFrame) -> pa.Table:
    """Return a dataframe as Arrow has it; what its columns were goes along. Raises where a text cannot be encoded."""
    flat = table.reset_index() if table.index.name else table
    dtypes = {name: str(kind) for name, kind in flat.dtypes.items()}
    columns = [_as_column(flat[name]) for name in flat]
    found = pa.Table.from_arrays(columns, names=list(flat.columns))
    kept = {"index": table.index.name, "dtypes": dtypes}
    return found.replace_schema_metadata({DTYPES: json.dumps(kept).encode()})


def _as_column(values: pd.Series) -> pa.Array:
    """A column with the type it has in every part, rows or none."""
    if values.name in LISTS:
        return pa.array(values.tolist(), pa.list_(pa.string()))
    if values.dtype == object or isinstance(values.dtype, pd.StringDtype):
        return pa.array(values.where(values.notna(), None).tolist(), pa.string())
    return pa.array(values, from_pandas=True)


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Return the dataframe that `as_arrow` was given: columns, dtypes and index."""
    kept = json.loads(table.schema.metadata[DTYPES])
    columns = {}
    for name, kind in kept["dtypes"].items():
        values = table[name]
        if kind == "object":
            columns[name] = pd.Series(values.to_pylist(), dtype=object)
        else:
            columns[name] = pd.Series(values.to_pandas(), copy=False).astype(kind)
    frame = pd.DataFrame(columns)
    return frame.set_index(kept["index"]) if kept["index"] else frame


def read_parts(store: str | Path, files: list[File]) -> pd.DataFrame:
    """Return parts of a table, one below the other; raises `DamagedError` that names a part that is damaged."""
    return as_frame(pa.concat_tables([read_parquet(Path(store) / file.path, file.sha256) for file in files]))


def read_parquet(path: Path, sha256: str = "", **how: Any) -> pa.Table:
    """Return a Parquet file as `pyarrow.parquet.read_table` does; raises `DamagedError` where its digest is another."""
    return pq.read_table(pa.BufferReader(read_intact(path, sha256)) if sha256 else path, **how)


def read_table(store: str | Path, name: str) -> pd.DataFrame:
    """Return a whole table of a store, as the same functions give it on one machine: rows, order and dtypes.

    `name` is one of those that `manifest(store)["tables"]` lists. Raises `StoreError` where there is no such table, or
    a file of it is damaged.
    """
    table = read_parts(store, files_of(store, name))
    if name in ORDER:
        columns, ascending = ORDER[name]
        table = table.sort_values(columns, ascending=ascending, kind="stable")
    return table if table.index.name else table.reset_index(drop=True)


def files_of(store: str | Path, name: str) -> list[File]:
    """Return the files of a table, in the order of its parts.

    Raises `StoreError` where the folder is no whole store, or has no such table.
    """
    tables = manifest(store)["tables"]
    if name not in tables:
        raise StoreError(f"{store} has no table {name!r}. Mend: name one of {', '.join(tables)}.")
    return [File(*file) for file in tables[name]]


def manifest(store: str | Path) -> dict:
    """Return what a store holds: `format`, `program` and `versions`, `settings`, `source`, `tables`, `stages`.

    Raises `StoreError` where the folder is no store, or its run is not complete.
    """
    path = Path(store) / MANIFEST
    try:
        found = read_record(path)
    except FileNotFoundError:
        raise StoreError(f"{path} is not there. Mend: run at_scale with this store to its end first.") from None
    except DamagedError:
        if _is_of_another_version(path):
            raise StoreError(f"{path} was made by another version. Mend: run at_scale again.") from None
        raise
    return found


def _is_of_another_version(path: Path) -> bool:
    """Tell whether a manifest is of a version that wrote no digest into it."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and isinstance(found.get("format"), int) and found["format"] < FORMAT


def write_manifest(store: str | Path, content: dict) -> None:
    """Write the manifest, in one step."""
    write_file(Path(store) / MANIFEST, as_record({"format": FORMAT, **content}, indent=1))
