"""Texts as numbers and spans of them go in; a column of their phrases comes out, as Arrow keeps it.

No phrase becomes one of Python's strings on the way: a table of a thousand pages has half a million of them, and making
each took as long as finding it.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

from helpers.comparison.alignment.string_columns import as_column
from helpers.comparison.span_words import Characters
from helpers.text.compiled import Int64s, UInt8s, UInt32s, compiled
from helpers.text.spans import check_characters

HALVES = (0xD800, 0xDFFF)  # of characters, first and last: no file can hold one


class Cuttings(NamedTuple):
    """Phrases one behind the other in UTF-8, and how many bytes each has."""

    content: UInt8s
    sizes: Int64s


def cut_out(text: Characters, starts: Int64s, ends: Int64s) -> Cuttings:
    """Return the phrases of a text from `starts` to `ends`.

    Raises ValueError where one of them has half a character (see `check_characters`).
    """
    content, sizes, has_halves = _cut_out(text.points, starts, ends)
    if has_halves:
        check_characters(text.text)
    return Cuttings(content, sizes)


def column_of(parts: list[Cuttings]) -> ExtensionArray:
    """Return phrases, those of all parts one below the other, as a column of strings.

    >>> from helpers.comparison.span_words import characters
    >>> list(column_of([cut_out(characters("aé😀 b"), np.array([0, 1]), np.array([2, 5]))]))
    ['aé', 'é😀 b']
    """
    content = np.concatenate([part.content for part in parts])
    offsets = np.concatenate([np.zeros(1, np.int64), *(part.sizes for part in parts)]).cumsum()
    buffers = map(pa.py_buffer, (offsets, content))
    return as_column(pa.LargeStringArray.from_buffers(len(offsets) - 1, *buffers))


@compiled
def _cut_out(points: UInt32s, starts: Int64s, ends: Int64s) -> tuple[UInt8s, Int64s, bool]:
    """The columns of `Cuttings`, and whether some half of a character stands there.

    `points` (characters) is uint32, `starts` and `ends` (phrases) are int64; the results are uint8 (bytes) and int64
    (phrases).
    """
    room = 0
    for phrase in range(len(starts)):
        room += ends[phrase] - starts[phrase]
    content, sizes = np.empty(4 * room, np.uint8), np.empty(len(starts), np.int64)
    has_halves, end = False, 0
    for phrase in range(len(starts)):
        first = end
        for at in range(starts[phrase], ends[phrase]):
            point = points[at]
            if point < 0x80:
                content[end] = point
                end += 1
                continue
            more = 1 if point < 0x800 else 2 if point < 0x10000 else 3
            has_halves |= HALVES[0] <= point <= HALVES[1]
            content[end] = (0xFF00 >> more + 1 & 0xFF) | point >> 6 * more  # as many ones in front as there are bytes
            for k in range(1, more + 1):
                content[end + k] = 0x80 | (point >> 6 * (more - k) & 0x3F)
            end += more + 1
        sizes[phrase] = end - first
    return content[:end].copy(), sizes, has_halves
