"""The edits of a pair go in; rows with character offsets come out, every character of both texts in just one.

The rows are in text order, so that the spun sides joined are the spun text and the reference sides the reference
text. A moved passage stands in two halves, one where each text has it; `follow_moves` joins them.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.comparison.alignment.anchors import NOWHERE
from helpers.comparison.alignment.em_reader import Readings
from helpers.comparison.alignment.segments import Pair
from helpers.text.compiled import Floats, Int32s, Int64s, UInt8s, UInt32s, compiled, compiled_in_place, compiled_within
from helpers.text.scan import code_points

OPS = np.array(["equal", "substitute", "insert", "delete", "move"], dtype=object)
EQUAL, SUBSTITUTE, INSERT, DELETE, MOVE = range(5)
KEPT = ("equal", "move")  # operations whose two sides are the same
NO_LINK = 0
SURE = 1.0


class Rows(NamedTuple):
    """Rows of an alignment as columns: number of the operation, offsets, number of the move, confidence.

    The offsets (rows x 4) are spun start and end, reference start and end. Runs that moved have the number of their
    move.
    """

    ops: UInt8s
    offsets: Int32s
    links: Int32s
    confidence: Floats


class Edits(NamedTuple):
    """The edits of a pair as columns: number of the operation, places in the flows, number of the move, confidence.

    The places (edits x 4) are spun start and end, reference start and end; the tokens of an edit stand in a row in
    their text. The edits of flow f begin at `firsts[f]`.
    """

    firsts: Int64s
    ops: UInt8s
    places: Int32s
    links: Int32s
    confidence: Floats


class Text(NamedTuple):
    """One side of a pair: its characters, and where its tokens start and end."""

    points: UInt32s
    starts: Int32s
    ends: Int32s


def rows_of(pair: Pair, spun_text: str, reference_text: str, readings: Readings, first_window: int) -> Rows:
    """Return the alignment rows of a pair, in text order; its windows are read from `first_window` on.

    The characters of a text are read again here: to keep those of all texts would take most of the memory.
    """
    spun = Text(code_points(spun_text), pair.spun.starts, pair.spun.ends)
    reference = Text(code_points(reference_text), pair.reference.starts, pair.reference.ends)
    return Rows(*_rows(spun, reference, *pair[2:-2], readings, first_window))


@compiled
def _rows(
    spun: Text,
    reference: Text,
    moves: Int64s,
    spun_flow: Int32s,
    reference_flow: Int32s,
    segments: Int32s,
    readings: Readings,
    window: int,
) -> tuple[UInt8s, Int32s, Int32s, Floats]:
    """The alignment rows of a pair, in text order; its windows are read from `window` on.

    `moves` (moves x 4) is int64, `spun_flow` and `reference_flow` (tokens of all flows) and `segments` (segments x 6)
    are int32; the results are the columns of `Rows`, with its dtypes and shapes.
    """
    room, flows = len(spun_flow) + len(reference_flow), len(moves) + 1
    edits = Edits(
        np.zeros(flows + 1, np.int64), np.empty(room, np.uint8), np.empty((room, 4), np.int32),
        np.zeros(room, np.int32), np.empty(room),
    )  # fmt: skip
    _fill_edits(edits, spun, reference, spun_flow, reference_flow, segments, flows, readings, window)
    room = 2 * (len(spun.starts) + len(reference.starts)) + 2
    rows = Rows(
        np.empty(room, np.uint8), np.empty((room, 4), np.int32), np.empty(room, np.int32), np.empty(room)
    )  # fmt: skip
    spun_moves, reference_moves = _starts_of(moves, 0, len(spun.starts)), _starts_of(moves, 2, len(reference.starts))
    found = _fill_rows(rows, spun, reference, spun_flow, reference_flow, spun_moves, reference_moves, edits)
    return (
        rows.ops[:found].copy(),
        rows.offsets[:found].copy(),
        rows.links[:found].copy(),
        rows.confidence[:found].copy(),
    )


@compiled_in_place
def _fill_rows(
    rows: Rows,
    spun: Text,
    reference: Text,
    spun_flow: Int32s,
    reference_flow: Int32s,
    spun_moves: Int64s,
    reference_moves: Int64s,
    edits: Edits,
) -> int:
    """Fill in the rows; returns how many there are.

    `spun_flow` and `reference_flow` (tokens of all flows) are int32, `spun_moves` and `reference_moves` (tokens, see
    `_starts_of`) int64.
    """
    found, i, j = 0, 0, 0  # rows; tokens of both sides already given out
    for e in range(edits.firsts[0], edits.firsts[1]):
        places = edits.places[e]
        if places[1] > places[0]:
            if i < spun_flow[places[0]]:
                found = _pass_over(rows, found, 0, i, spun_flow[places[0]], spun, spun_flow, spun_moves, edits)
            i = spun_flow[places[1] - 1] + 1
        if places[3] > places[2]:
            if j < reference_flow[places[2]]:
                found = _pass_over(
                    rows, found, 1, j, reference_flow[places[2]], reference, reference_flow, reference_moves, edits
                )
            j = reference_flow[places[3] - 1] + 1
        if edits.ops[e] == EQUAL:
            a, b = spun_flow[places[0]], reference_flow[places[2]]
            found = _gap(rows, found, spun.points, spun.starts[a], reference.points, reference.starts[b])
            end, reference_end = spun.ends[i - 1], reference.ends[j - 1]
            if _same_text(spun.points, spun.starts[a], end, reference.points, reference.starts[b], reference_end):
                found = _emit(rows, found, EQUAL, end, reference_end, NO_LINK, SURE)
                continue
            for k in range(places[1] - places[0]):
                a, b = spun_flow[places[0] + k], reference_flow[places[2] + k]
                found = _gap(rows, found, spun.points, spun.starts[a], reference.points, reference.starts[b])
                same = _same_text(
                    spun.points, spun.starts[a], spun.ends[a], reference.points, reference.starts[b], reference.ends[b]
                )
                op = EQUAL if same else SUBSTITUTE
                found = _emit(rows, found, op, spun.ends[a], reference.ends[b], NO_LINK, SURE)
        elif edits.ops[e] == SUBSTITUTE:
            a, b = spun_flow[places[0]], reference_flow[places[2]]
            found = _gap(rows, found, spun.points, spun.starts[a], reference.points, reference.starts[b])
            found = _emit(
                rows, found, SUBSTITUTE, spun.ends[i - 1], reference.ends[j - 1], NO_LINK, edits.confidence[e]
            )
        elif edits.ops[e] == INSERT:
            found = _one_sided(rows, found, 0, INSERT, spun.ends[i - 1], NO_LINK, edits.confidence[e])
        else:
            found = _one_sided(rows, found, 1, DELETE, reference.ends[j - 1], NO_LINK, edits.confidence[e])
    found = _pass_over(rows, found, 0, i, len(spun.starts), spun, spun_flow, spun_moves, edits)
    found = _pass_over(rows, found, 1, j, len(reference.starts), reference, reference_flow, reference_moves, edits)
    return _gap(rows, found, spun.points, len(spun.points), reference.points, len(reference.points))


@compiled
def _starts_of(moves: Int64s, column: int, count: int) -> Int64s:
    """For every token of one side the number of the moved passage that begins there; NOWHERE for all others.

    `moves` (moves x 4) is int64, and so is the result (count); `column` and `count` are integers.
    """
    starts = np.full(count, NOWHERE, np.int64)
    for k in range(len(moves)):
        starts[moves[k, column]] = k
    return starts


@compiled_in_place
def _pass_over(
    rows: Rows, found: int, side: int, start: int, until: int, text: Text, flow: Int32s, moves: Int64s, edits: Edits
) -> int:
    """Give out the tokens that the main flow passed over: moved halves, added or dropped units.

    `flow` (tokens of all flows) is int32, `moves` (tokens, see `_starts_of`) int64; the other arguments are integers.
    Returns how many rows are filled then.
    """
    op = DELETE if side else INSERT
    while start < until:
        if moves[start] == NOWHERE:
            found = _one_sided(rows, found, side, op, text.ends[start], NO_LINK, SURE)
            start += 1
            continue
        number = moves[start] + 1
        for e in range(edits.firsts[number], edits.firsts[number + 1]):
            first, end = edits.places[e, 2 * side], edits.places[e, 2 * side + 1]
            if end > first:
                link = edits.links[e]
                found = _one_sided(rows, found, side, op, text.starts[flow[first]], NO_LINK, SURE)
                found = _one_sided(
                    rows, found, side, MOVE if link else op, text.ends[flow[end - 1]], link, edits.confidence[e]
                )
                start = flow[end - 1] + 1
    return found


@compiled_within
def _one_sided(rows: Rows, found: int, side: int, op: int, end: int, link: int, sure: float) -> int:
    """Add a row of which one side (0 the spun one, 1 the reference) goes on to `end` and the other is empty.

    `sure` is float64, the other arguments are integers. Returns how many rows are filled then.
    """
    spun_end = rows.offsets[found - 1, 1] if found else 0
    reference_end = rows.offsets[found - 1, 3] if found else 0
    if side:
        return _emit(rows, found, op, spun_end, end, link, sure)
    return _emit(rows, found, op, end, reference_end, link, sure)


@compiled_within
def _gap(rows: Rows, found: int, spun: UInt32s, spun_end: int, reference: UInt32s, reference_end: int) -> int:
    """Give out the white space in front of a token; where the two texts differ in it, that is a row too.

    `spun` and `reference` (characters) are uint32, the other arguments integers. Returns how many rows are filled
    then.
    """
    spun_start = rows.offsets[found - 1, 1] if found else 0
    reference_start = rows.offsets[found - 1, 3] if found else 0
    if _same_text(spun, spun_start, spun_end, reference, reference_start, reference_end):
        op = EQUAL
    elif reference_end == reference_start:
        op = INSERT
    elif spun_end == spun_start:
        op = DELETE
    else:
        op = SUBSTITUTE
    return _emit(rows, found, op, spun_end, reference_end, NO_LINK, SURE)


@compiled_within
def _emit(rows: Rows, found: int, op: int, spun_end: int, reference_end: int, link: int, sure: float) -> int:
    """Add a row that goes on from the last one; equal, put in and left out ones are joined with one of their like.

    `sure` is float64, the other arguments are integers. Returns how many rows are filled then.
    """
    spun_start = rows.offsets[found - 1, 1] if found else 0
    reference_start = rows.offsets[found - 1, 3] if found else 0
    if spun_end == spun_start and reference_end == reference_start:
        return found
    joins = op in (EQUAL, INSERT, DELETE)
    if found and joins and rows.ops[found - 1] == op and link == NO_LINK and rows.links[found - 1] == NO_LINK:
        found -= 1
        spun_start, reference_start = rows.offsets[found, 0], rows.offsets[found, 2]
        sure = min(sure, rows.confidence[found])
    rows.ops[found], rows.links[found], rows.confidence[found] = op, link, sure
    rows.offsets[found, 0], rows.offsets[found, 1] = spun_start, spun_end
    rows.offsets[found, 2], rows.offsets[found, 3] = reference_start, reference_end
    return found + 1


@compiled_in_place
def _same_text(points: UInt32s, start: int, end: int, other: UInt32s, other_start: int, other_end: int) -> bool:
    """Tell whether points[start:end] and other[other_start:other_end] are the same.

    `points` and `other` (characters) are uint32, the other arguments integers.
    """
    if end - start != other_end - other_start:
        return False
    for k in range(end - start):  # noqa: SIM110 - numba compiles a plain loop best
        if points[start + k] != other[other_start + k]:
            return False
    return True


@compiled_in_place
def _fill_edits(
    edits: Edits,
    spun: Text,
    reference: Text,
    spun_flow: Int32s,
    reference_flow: Int32s,
    segments: Int32s,
    flows: int,
    readings: Readings,
    window: int,
) -> None:
    """Fill in the edits of all flows in order; those of moved passages are numbered where both sides have something.

    `spun_flow` and `reference_flow` (tokens of all flows) and `segments` (segments x 6) are int32; `flows` and
    `window` are integers.
    """
    used, links = 0, 0
    for s in range(len(segments)):
        flow, is_window = segments[s, 0], segments[s, 1]
        i0, i1, j0, j1 = segments[s, 2], segments[s, 3], segments[s, 4], segments[s, 5]
        first = used
        if is_window:
            width = j1 - j0 + 1
            for e in range(readings.firsts[window], readings.firsts[window + 1]):
                start, end = readings.starts[e], readings.ends[e]
                a0, a1, b0, b1 = i0 + start // width, i0 + end // width, j0 + start % width, j0 + end % width
                op = EQUAL if readings.equal[e] else INSERT if b1 == b0 else DELETE if a1 == a0 else SUBSTITUTE
                used = _put(edits, used, op, a0, a1, b0, b1, SURE if op == EQUAL else readings.confidence[e])
            window += 1
        else:
            begin = i0
            for k in range(i0 + 1, i1 + 1):
                h = j0 + k - i0
                goes_on = k < i1 and spun_flow[k] == spun_flow[k - 1] + 1
                goes_on = goes_on and reference_flow[h] == reference_flow[h - 1] + 1
                if goes_on and not (flow and _differ(spun, spun_flow[k], reference, reference_flow[h])):
                    continue
                used = _put(edits, used, EQUAL, begin, k, j0 + begin - i0, j0 + k - i0, SURE)
                begin = k
        for e in range(first, used):
            if flow and (edits.ops[e] == EQUAL or edits.ops[e] == SUBSTITUTE):
                links += 1
                edits.links[e] = links
        edits.firsts[flow + 1] = used
    for flow in range(flows):
        edits.firsts[flow + 1] = max(edits.firsts[flow + 1], edits.firsts[flow])


@compiled_within
def _put(edits: Edits, used: int, op: int, i0: int, i1: int, j0: int, j1: int, sure: float) -> int:
    """Add an edit.

    `sure` is float64, the other arguments are integers. Returns how many edits there are then.
    """
    edits.ops[used], edits.confidence[used] = op, sure
    edits.places[used, 0], edits.places[used, 1], edits.places[used, 2], edits.places[used, 3] = i0, i1, j0, j1
    return used + 1


@compiled_in_place
def _differ(spun: Text, i: int, reference: Text, j: int) -> bool:
    """Tell whether two equal tokens, and the ones before them, differ in case, quotes or white space.

    A moved run is cut there, since it is the same throughout.

    `i` and `j` are integers.
    """
    return not _same_text(
        spun.points, spun.starts[i - 1], spun.ends[i], reference.points, reference.starts[j - 1], reference.ends[j]
    )


def follow_moves(alignment: pd.DataFrame) -> pd.DataFrame:
    """Return the alignment in the spun text's order with the two halves of each moved run joined in one row.

    `op` stays `move` where the moved run is unchanged and becomes `substitute` where it was changed too. What was
    put in or left out stands beside its neighbours, inside a moved passage too. The reference sides no longer join
    to the reference text; sort by `reference_start` for that.
    """
    ids = [key for key in ("spun_id", "reference_id") if key in alignment]
    halves = alignment[alignment["move"].notna()]
    here = halves[halves["spun_end"] > halves["spun_start"]]
    there = halves[halves["spun_end"] == halves["spun_start"]]
    reference_side = ["reference_start", "reference_end", "reference"]
    keys = [*ids, "move"]
    joined = here.drop(columns=reference_side).merge(there[keys + reference_side], on=keys, validate="1:1")
    joined["op"] = joined["op"].where(joined["spun"] == joined["reference"], "substitute")
    runs = pd.concat([alignment[alignment["move"].isna()], joined[alignment.columns]], ignore_index=True)
    if len(joined):
        runs = _place_one_sided(runs, ids, "delete", "reference", "spun")
        runs = _place_one_sided(runs, ids, "insert", "spun", "reference")
    return runs.sort_values([*ids, "spun_start", "spun_end"], kind="stable").reset_index(drop=True)


def _place_one_sided(runs: pd.DataFrame, ids: list[str], op: str, own: str, other: str) -> pd.DataFrame:
    """Put the empty side of inserts (or deletes) behind the run that precedes them on the side they have."""
    runs = runs.sort_values([*ids, f"{own}_start", f"{own}_end"], kind="stable")
    ends = runs[f"{other}_end"].where(~runs["op"].isin(["insert", "delete"]))
    carried = (ends.groupby([runs[key] for key in ids]) if ids else ends).ffill().fillna(0).astype(int)
    place = runs["op"] == op
    return runs.assign(
        **{f"{other}_{edge}": runs[f"{other}_{edge}"].where(~place, carried) for edge in ("start", "end")}
    )
