"""Texts and where they are cut go in; columns of strings come out, put together from bytes instead of one by one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from helpers.text.compiled import Int64s, UInt32s, compiled
from helpers.text.seen import code_points

STRINGS = pd.StringDtype("pyarrow", na_value=np.nan)  # as a table has strings that pandas was given
LONGER = (0x80, 0x800, 0x10000)  # from these characters on UTF-8 takes a byte more


def picked(values: Sequence | NDArray[np.object_], places: NDArray[np.integer]) -> ExtensionArray:
    """Return a column with the values at some places of a sequence, as `pd.Series(values).take(places)` has them.

    Of the strings of a small table, which a comparison of two texts has, it takes a quarter of the time.

    >>> list(picked(["equal", "insert"], np.array([1, 0, 1])))
    ['insert', 'equal', 'insert']
    """
    if not all(isinstance(value, str) for value in values):
        return pd.Series(values).array.take(places)
    return as_column(pa.array(values, pa.large_string()).take(pa.array(places)))


def cut_up(texts: Sequence[str], starts: Sequence[NDArray[np.integer]]) -> ExtensionArray:
    """Return the parts of texts, as a column of strings: of each from one of its `starts` to the next, or to its end.

    The first of the starts (characters) of a text must be 0, and they must ascend; there are none of an empty text.

    >>> list(cut_up(["the café", "is"], [np.array([0, 4, 4]), np.array([0])]))
    ['the ', '', 'café', 'is']
    """
    offsets, parts, size = [], [], 0
    for text, begins in zip(texts, starts, strict=True):
        written = text.encode()
        offsets.append((begins if len(written) == len(text) else _in_bytes(code_points(text), begins)) + np.int64(size))
        parts.append(written)
        size += len(written)
    offsets.append(np.array([size]))
    buffers = pa.py_buffer(np.concatenate(offsets).astype(np.int64)), pa.py_buffer(b"".join(parts))
    return as_column(pa.LargeStringArray.from_buffers(sum(map(len, starts)), *buffers))


@compiled
def _in_bytes(points: UInt32s, places: NDArray[np.integer]) -> Int64s:
    """How many bytes stand in front of some places of a text in UTF-8.

    `points` (characters) is uint32, `places`, which ascend, are integers, and the result (places) is int64.
    """
    found = np.empty(len(places), np.int64)
    at, size = 0, 0
    for k in range(len(places)):
        while at < places[k]:
            size += 1 + (points[at] >= LONGER[0]) + (points[at] >= LONGER[1]) + (points[at] >= LONGER[2])
            at += 1
        found[k] = size
    return found


def as_column(strings: pa.LargeStringArray) -> ExtensionArray:
    """Return strings of Arrow as a column, such as pandas makes of a list of them."""
    return pd.arrays.ArrowStringArray(strings, dtype=STRINGS)
