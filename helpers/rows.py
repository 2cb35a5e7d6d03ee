"""The edits of a pair go in; rows with character offsets come out, every character of both texts in just one.

The rows are in text order, so that the spun sides joined are the spun text and the reference sides the reference
text. A moved passage stands in two halves, one where each text has it; `follow_moves` joins them.
"""

from collections.abc import Iterator

import pandas as pd

from helpers.pairs import Pair
from helpers.passages import Move
from helpers.windows import Window

COLUMNS = [
    "op", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference", "move", "confidence",
]  # fmt: skip

Edits = Iterator[tuple[str, list[int], list[int], float]]  # op, spun tokens, reference tokens, confidence


def rows_of(pair: Pair) -> list[tuple]:
    """Return the alignment rows of a pair, in text order: tuples of `COLUMNS`."""
    return Rows(pair).build()


class Rows:
    """Turns the edits of a pair into rows with character offsets, every character of both texts in just one."""

    def __init__(self, pair: Pair):
        """Start at the beginning of both texts."""
        self.pair = pair
        self.found: list[tuple] = []
        self.at = [0, 0]  # characters of spun and reference already given out
        self.next = [0, 0]  # tokens of spun and reference already given out
        self.links = 0
        self.halves: tuple[dict[int, list], dict[int, list]] = ({}, {})
        for move, flow in zip(pair.moves, pair.flows[1:], strict=True):
            self._link(move, flow)

    def _link(self, move: Move, flow: list) -> None:
        """Number the runs inside a moved passage; the halves are given out where each text has them."""
        spun, reference = [], []
        for op, i, j, sure in self._same_text(_edits(flow)):
            link = None
            if i and j and op in ("equal", "substitute"):
                self.links += 1
                link = self.links
            spun += [(i, link, sure)] if i else []
            reference += [(j, link, sure)] if j else []
        self.halves[0][move.i0] = spun
        self.halves[1][move.j0] = reference

    def _same_text(self, edits: Edits) -> Edits:
        """The edits, equal runs cut where case, quotes or white space differ: a moved run is the same throughout."""
        spun, reference = self.pair.spun, self.pair.reference
        for op, i, j, sure in edits:
            start = 0
            if op == "equal":
                for k in range(1, len(i)):
                    one = spun[self.pair.spun_tokens[i[k - 1]].start : self.pair.spun_tokens[i[k]].end]
                    other = reference[self.pair.reference_tokens[j[k - 1]].start : self.pair.reference_tokens[j[k]].end]
                    if one != other:
                        yield op, i[start:k], j[start:k], sure
                        start = k
            yield op, i[start:], j[start:], sure

    def build(self) -> list[tuple]:
        """Return all rows."""
        pair = self.pair
        for op, i, j, sure in _edits(pair.flows[0]):
            if i:
                self._flush(0, i[0])
            if j:
                self._flush(1, j[0])
            if op == "equal":
                self._equal(i, j)
            elif op == "substitute":
                self._gap(i[0], j[0])
                self._emit("substitute", pair.spun_tokens[i[-1]].end, pair.reference_tokens[j[-1]].end, sure=sure)
            elif op == "insert":
                self._emit("insert", pair.spun_tokens[i[-1]].end, self.at[1], sure=sure)
            else:
                self._emit("delete", self.at[0], pair.reference_tokens[j[-1]].end, sure=sure)
            self.next = [i[-1] + 1 if i else self.next[0], j[-1] + 1 if j else self.next[1]]
        self._flush(0, len(pair.spun_tokens))
        self._flush(1, len(pair.reference_tokens))
        self._gap_to(len(pair.spun), len(pair.reference))
        return self.found

    def _flush(self, side: int, until: int) -> None:
        """Give out the tokens before `until` that the main flow passed over: moved halves, added or dropped units."""
        tokens = (self.pair.spun_tokens, self.pair.reference_tokens)[side]
        op = ("insert", "delete")[side]
        while self.next[side] < until:
            position = self.next[side]
            halves = self.halves[side].get(position)
            if halves is None:
                self._one_sided(side, op, tokens[position].end, None)
                self.next[side] = position + 1
                continue
            for positions, link, sure in halves:
                self._one_sided(side, op, tokens[positions[0]].start, None)
                self._one_sided(side, "move" if link else op, tokens[positions[-1]].end, link, sure)
            self.next[side] = halves[-1][0][-1] + 1

    def _one_sided(self, side: int, op: str, end: int, link: int | None, sure: float = 1.0) -> None:
        ends = [self.at[0], self.at[1]]
        ends[side] = end
        self._emit(op, *ends, link, sure)

    def _equal(self, i: list[int], j: list[int]) -> None:
        pair = self.pair
        for a, b in zip(i, j, strict=True):
            one, other = pair.spun_tokens[a], pair.reference_tokens[b]
            self._gap(a, b)
            same = pair.spun[one.start : one.end] == pair.reference[other.start : other.end]
            self._emit("equal" if same else "substitute", one.end, other.end)

    def _gap(self, i: int, j: int) -> None:
        self._gap_to(self.pair.spun_tokens[i].start, self.pair.reference_tokens[j].start)

    def _gap_to(self, spun_end: int, reference_end: int) -> None:
        """Give out the white space in front of a token; where the two texts differ in it, that is a row too."""
        gap = self.pair.spun[self.at[0] : spun_end]
        other = self.pair.reference[self.at[1] : reference_end]
        op = "equal" if gap == other else "insert" if not other else "delete" if not gap else "substitute"
        self._emit(op, spun_end, reference_end)

    def _emit(self, op: str, spun_end: int, reference_end: int, link: int | None = None, sure: float = 1.0) -> None:
        spun_start, reference_start = self.at
        if spun_end == spun_start and reference_end == reference_start:
            return
        last = self.found[-1] if self.found else None
        if last and last[0] == op and op in ("equal", "insert", "delete") and link is None and last[7] is None:
            self.found.pop()
            spun_start, reference_start, sure = last[1], last[3], min(last[8], sure)
        spun, reference = self.pair.spun[spun_start:spun_end], self.pair.reference[reference_start:reference_end]
        self.found.append((op, spun_start, spun_end, reference_start, reference_end, spun, reference, link, sure))
        self.at = [spun_end, reference_end]


def _edits(flow: list) -> Edits:
    """The edits of a flow in order, in token positions, equal runs cut where a text's positions are not in a row."""
    for step in flow:
        for op, i, j, sure in step.placed_edits() if isinstance(step, Window) else [("equal", *step, 1.0)]:
            if op != "equal":
                yield op, i, j, sure
                continue
            start = 0
            for k in range(1, len(i) + 1):
                if k == len(i) or i[k] != i[k - 1] + 1 or j[k] != j[k - 1] + 1:
                    yield op, i[start:k], j[start:k], 1.0
                    start = k


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
