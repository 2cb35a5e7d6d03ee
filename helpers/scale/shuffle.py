"""Rows with the number of a group go in; a file comes out from which each group can be read without the others.

This is how rows change places between the parts of a corpus: every part writes one file with a batch for each part it
has something for, and every part reads its own batch of all files. The files are Arrow's, mapped into memory.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from helpers.text.word_counts import PRIME


class Grouped(NamedTuple):
    """Rows, the group of each, and how many groups there are."""

    table: pa.Table
    groups: np.ndarray
    how_many: int


def write_groups(path: Path, grouped: Grouped) -> None:
    """Write rows to a file, a batch a group; inside a group they keep their order."""
    order = np.argsort(grouped.groups, kind="stable")
    rows = grouped.table.take(pa.array(order)).combine_chunks()
    ends = np.cumsum(np.bincount(grouped.groups, minlength=grouped.how_many))
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, rows.schema, options=options) as writer:
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            batches = rows.slice(start, end - start).to_batches()
            empty = pa.RecordBatch.from_arrays([pa.array([], kind) for kind in rows.schema.types], schema=rows.schema)
            writer.write_batch(batches[0] if batches else empty)


def read_group(paths: Iterable[str | Path], group: int | None = None) -> pa.Table:
    """Return the rows of one group (of all, where none is named) from some files, in the order of the files."""
    batches, schema = [], None
    for path in paths:
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
            schema = reader.schema
            numbers = range(reader.num_record_batches) if group is None else [group]
            batches += [reader.get_batch(number) for number in numbers]
    return pa.Table.from_batches([batch for batch in batches if batch.num_rows], schema).combine_chunks()


def bucket_of(keys: np.ndarray, count: int) -> np.ndarray:
    """Return the bucket of each key, from 0 to `count` less one; keys are mixed first, so that none is favoured.

    >>> np.bincount(bucket_of(np.arange(1000, dtype=np.uint64), 4)).min() > 200
    np.True_
    """
    mixed = np.asarray(keys, np.uint64) * PRIME
    return ((mixed ^ (mixed >> np.uint64(32))) % np.uint64(count)).astype(np.int64)


def column(table: pa.Table, name: str) -> np.ndarray:
    """Return a column of numbers as an array."""
    return table[name].to_numpy(zero_copy_only=False)
