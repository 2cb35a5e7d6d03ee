"""Rows with the number of a group go in; a file comes out from which each group can be read without the others.

This is how rows change places between the parts of a corpus: every part writes one file with a batch for each part it
has something for, and every part reads its own batch of all files. The files are Arrow's, mapped into memory. Behind
what Arrow reads stands the digest of each batch, so that a batch is known to be what was written without the others.
An article is known by its number: its part, and its row in it.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from helpers.scale.intact import DamagedError
from helpers.text.word_counts import PRIME

DIGEST = hashlib.sha256().digest_size
TAIL = DIGEST + 8  # bytes at the end: the digest of the list of digests, and how many there are
ROW_BITS = 32  # of an article's number, which is its part and its row in it


class Grouped(NamedTuple):
    """Rows, the group of each, and how many groups there are."""

    table: pa.Table
    groups: np.ndarray
    how_many: int


def numbers_of(part: int, count: int) -> np.ndarray:
    """Return the numbers of the articles of a part."""
    return (np.int64(part) << ROW_BITS) + np.arange(count, dtype=np.int64)


def part_of(numbers: np.ndarray) -> np.ndarray:
    """Return the parts that articles with these numbers are in."""
    return numbers >> ROW_BITS


def row_of(numbers: np.ndarray) -> np.ndarray:
    """Return the rows of articles in their parts."""
    return numbers & ((1 << ROW_BITS) - 1)


def write_groups(path: Path, grouped: Grouped) -> None:
    """Write rows to a file, a batch a group; inside a group they keep their order."""
    order = np.argsort(grouped.groups, kind="stable")
    rows = grouped.table.take(pa.array(order)).combine_chunks()
    ends = np.cumsum(np.bincount(grouped.groups, minlength=grouped.how_many))
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    places = []
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, rows.schema, options=options) as writer:
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            batches = rows.slice(start, end - start).to_batches()
            empty = pa.RecordBatch.from_arrays([pa.array([], kind) for kind in rows.schema.types], schema=rows.schema)
            writer.write_batch(batches[0] if batches else empty)
            places.append(out.tell())
    _add_digests(path, places)


def _add_digests(path: Path, places: list[int]) -> None:
    """Put the digests behind a file: of each batch, which ends at its place, and of what stands behind the last."""
    content = memoryview(path.read_bytes())
    ends = [*places, len(content)]
    digests = [hashlib.sha256(content[start:end]).digest() for start, end in zip([0, *places], ends, strict=True)]
    listed = np.array(ends, "<u8").tobytes() + b"".join(digests)
    with open(path, "ab") as out:
        out.write(listed + hashlib.sha256(listed).digest() + len(ends).to_bytes(8, "little"))


def read_group(paths: Iterable[str | Path], group: int | None = None) -> pa.Table:
    """Return the rows of one group (of all, where none is named) from some files, in the order of the files.

    Raises `DamagedError` where what is read is not what was written, IndexError where there is no such group.
    """
    batches, schema = [], None
    for path in paths:
        with pa.memory_map(str(path)) as source:
            content = source.read_buffer()
            ends, digests = _digests_of(path, content)
            numbers = range(len(ends) - 1) if group is None else [group]
            for number in [*numbers, len(ends) - 1]:
                start = ends[number - 1] if number else 0
                if hashlib.sha256(memoryview(content)[start : ends[number]]).digest() != digests[number]:
                    raise DamagedError(path)
            with pa.ipc.open_file(pa.BufferReader(content.slice(0, ends[-1]))) as reader:
                schema = reader.schema
                batches += [reader.get_batch(number) for number in numbers]
    return pa.Table.from_batches([batch for batch in batches if batch.num_rows], schema).combine_chunks()


def _digests_of(path: str | Path, content: pa.Buffer) -> tuple[list[int], list[bytes]]:
    """Where the batches of a file end and what stands behind them, and the digest of each."""
    tail = bytes(memoryview(content)[-TAIL:])
    count = int.from_bytes(tail[DIGEST:], "little")
    start = content.size - TAIL - count * (8 + DIGEST)
    if len(tail) < TAIL or not count or start < 0:
        raise DamagedError(path)
    listed = bytes(memoryview(content)[start:-TAIL])
    if hashlib.sha256(listed).digest() != tail[:DIGEST]:
        raise DamagedError(path)
    ends, digests = np.frombuffer(listed[: 8 * count], "<u8").tolist(), listed[8 * count :]
    if ends[-1] != start:
        raise DamagedError(path)
    return ends, [digests[place : place + DIGEST] for place in range(0, len(digests), DIGEST)]


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
