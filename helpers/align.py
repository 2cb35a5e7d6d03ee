"""A spun text and its reference go in; their alignment comes out, a row for every run of tokens, nothing left out.

Passages that moved or that one text lacks are set apart first, equal tokens are found with a compiled edit
distance, and what lies between them is cut into phrases (`helpers.lattice`). What the phrases of the whole
corpus teach (which phrase stands for which) cuts the tangled places in a second and third round.

The alignment is monotone and lossless: in row order the spun sides joined are the spun text and the reference
sides the reference text. A moved passage therefore stands in two halves, one where each text has it; `move`
numbers the halves that belong together, and `follow_moves` joins them.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from rapidfuzz.distance import Indel
from tqdm import tqdm

from helpers.language import is_function_word, is_known
from helpers.lattice import Edit, Lexicon, Word, lattice
from helpers.passages import Move, foreign_units, moved_passages, units
from helpers.text import Token, is_word, phrase_folds, tokens

COLUMNS = ["op", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference", "move"]

ROUNDS = 3  # over the phrases: the second learns from the first; after the third nothing changes
CLEAN, TANGLED = 1.0, 0.5  # what a sighting counts: alone between two anchors, or beside another substitution
STRONG_RUN = 1.0  # equal tokens of this weight stop a window: one content word, or a few function words
CONTENT_WEIGHT, FUNCTION_WEIGHT, SIGN_WEIGHT = 1.0, 0.3, 0.2
WIDEST_WINDOW = 40  # tokens a side: the phrase programme's time grows with the square
LONGEST_AT_ONCE = 4_000_000  # cells of one edit-distance table; longer stretches are cut at anchors first
INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
NEVER = 99  # “line breaks” in front of a token whose neighbour was set apart: no phrase crosses that


def align(spun: str, reference: str, lexicon: pd.DataFrame | None = None) -> pd.DataFrame:
    """Align one spun text with its reference.

    Returns one row a run of tokens, in text order: `op` (equal, substitute, insert, delete, move), the character
    offsets `spun_start`, `spun_end`, `reference_start`, `reference_end` (end exclusive), the two sides `spun` and
    `reference`, and `move` (the number shared by the two halves of a moved run, else missing). An insert has an
    empty reference side, a delete an empty spun side. White space belongs to the run behind it.

    `lexicon` (columns `spun`, `original`, `count`) holds substitutions known from other texts; what it knows
    is preferred where a place can be read in more than one way.

    >>> align("The coronary heart beats", "The heart beats")[["op", "spun", "reference"]]
           op       spun    reference
    0   equal        The          The
    1  insert   coronary
    2   equal      heart beats  heart beats
    """
    return align_pairs([("", "", spun, reference)], lexicon).drop(columns=["spun_id", "reference_id"])


def align_pairs(
    pairs: pd.DataFrame | Iterable[tuple[str, str, str, str]],
    lexicon: pd.DataFrame | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Align many spun texts with their references, each helping the others.

    `pairs` has the columns `spun_id`, `reference_id`, `spun_text`, `reference_text`. Returns the alignments one
    below the other, with `spun_id` and `reference_id` in front of the columns of `align`. The order of the pairs
    does not matter. `progress` shows a bar.
    """
    if isinstance(pairs, pd.DataFrame):
        pairs = pairs[["spun_id", "reference_id", "spun_text", "reference_text"]].itertuples(index=False, name=None)
    pairs = list(pairs)
    known = {} if lexicon is None else _as_mapping(lexicon)
    prepared = [Pair(spun, reference) for _, _, spun, reference in _bar(pairs, "pairs", progress)]
    _solve(prepared, known, progress)
    rows = [
        (spun_id, reference_id, *row)
        for (spun_id, reference_id, _, _), pair in zip(pairs, prepared, strict=True)
        for row in pair.rows()
    ]
    return pd.DataFrame(rows, columns=["spun_id", "reference_id", *COLUMNS]).astype({"move": "Int64"})


def _bar(items: list, what: str, progress: bool) -> Iterable:
    """A progress bar on standard output: notebooks show standard error in red, as if something had failed."""
    return tqdm(items, what, disable=not progress, file=sys.stdout)


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


def _as_mapping(lexicon: pd.DataFrame) -> dict[tuple[str, str], float]:
    counts = lexicon["count"] if "count" in lexicon else [1.0] * len(lexicon)
    known: dict[tuple[str, str], float] = Counter()
    for spun, original, count in zip(lexicon["spun"], lexicon["original"], counts, strict=True):
        known[_key(spun), _key(original)] += float(count)
    return known


def _key(phrase: str) -> str:
    return " ".join(phrase_folds(phrase))


@dataclass
class Window:
    """A stretch of differing tokens between two anchors, in token positions, and how it is read for now."""

    spun: list[int]
    reference: list[int]
    spun_words: tuple[Word, ...]
    reference_words: tuple[Word, ...]
    edits: list[Edit] = field(default_factory=list)

    def solve(self, lexicon: Lexicon) -> None:
        """Read the window anew in the light of the lexicon."""
        one = self.spun_words[0] if len(self.spun_words) == 1 else None
        other = self.reference_words[0] if len(self.reference_words) == 1 else None
        if one and other and is_word(one.fold) and is_word(other.fold):
            self.edits = [Edit("equal" if one.fold == other.fold else "substitute", 0, 1, 0, 1)]
        else:
            self.edits = lattice(self.spun_words, self.reference_words).cheapest(lexicon)

    @cached_property
    def tangled(self) -> bool:
        """Whether there is more than one way to read it."""
        return len(self.spun_words) > 1 or len(self.reference_words) > 1

    def sightings(self) -> dict[tuple[str, str], float]:
        """The phrase pairs that the window shows as it is read now, and what each counts."""
        found = [
            (
                " ".join(word.fold for word in self.spun_words[edit.i0 : edit.i1]),
                " ".join(word.fold for word in self.reference_words[edit.j0 : edit.j1]),
            )
            for edit in self.edits
            if edit.op == "substitute"
        ]
        return Counter(dict.fromkeys(found, CLEAN if len(found) == 1 else TANGLED))

    def placed_edits(self) -> Iterator[tuple[str, list[int], list[int]]]:
        """The edits with token positions of the texts in place of positions in the window."""
        for op, i0, i1, j0, j1 in self.edits:
            yield op, self.spun[i0:i1], self.reference[j0:j1]


class Without(dict):
    """A lexicon less what one window itself put into it, so that no window confirms its own reading."""

    def __init__(self, lexicon: Lexicon, own: Lexicon):
        """Look up in `lexicon`, subtracting `own`."""
        super().__init__()
        self.lexicon, self.own = lexicon, own

    def get(self, key, default=0.0):
        """Return the count of a phrase pair, sightings in the window itself left out."""
        return self.lexicon.get(key, default) - self.own.get(key, 0.0)


def _solve(pairs: list["Pair"], known: Lexicon, progress: bool) -> None:
    """Read every window of every pair, then again with what all the others taught."""
    windows = [window for pair in pairs for window in pair.windows]
    for window in _bar(windows, "differing places", progress):
        window.solve(known)
    tangled = [window for window in windows if window.tangled]
    if not tangled:
        return
    for _ in range(ROUNDS - 1):
        lexicon: Counter = Counter(known)
        shown = [window.sightings() for window in windows]
        for sightings in shown:
            lexicon.update(sightings)
        for window, own in zip(windows, shown, strict=True):
            if window.tangled:
                window.solve(Without(lexicon, own))


class Pair:
    """A spun text and its reference, cut into what is equal, what moved, and windows of differing tokens."""

    def __init__(self, spun: str, reference: str):
        """Find the passages and the windows; nothing is decided inside the windows yet."""
        self.spun, self.reference = spun, reference
        self.spun_tokens, self.reference_tokens = tokens(spun), tokens(reference)
        spun_units, reference_units = units(spun, self.spun_tokens), units(reference, self.reference_tokens)
        self.moves = moved_passages(self.spun_tokens, self.reference_tokens, spun_units, reference_units)
        main = self._main_flow(spun_units, reference_units)
        self.flows = [self._flow(*main)] + [
            self._flow(list(range(move.i0, move.i1)), list(range(move.j0, move.j1))) for move in self.moves
        ]

    @property
    def windows(self) -> list[Window]:
        """The windows of all flows."""
        return [step for flow in self.flows for step in flow if isinstance(step, Window)]

    def _main_flow(self, spun_units: list, reference_units: list) -> tuple[list[int], list[int]]:
        """Token positions of both texts without moved passages and without units that the other text lacks."""
        moved_spun = {i for move in self.moves for i in range(move.i0, move.i1)}
        moved_reference = {j for move in self.moves for j in range(move.j0, move.j1)}
        spun = [i for i in range(len(self.spun_tokens)) if i not in moved_spun]
        reference = [j for j in range(len(self.reference_tokens)) if j not in moved_reference]
        match = {
            spun[i + k]: reference[j + k]
            for i, j, length in equal_runs(self._folds(spun), self._folds(reference, False))
            for k in range(length)
        }
        back = {j: i for i, j in match.items()}
        spun_units = [unit for unit in spun_units if unit.start not in moved_spun]
        reference_units = [unit for unit in reference_units if unit.start not in moved_reference]
        sides = (self.spun_tokens, self.reference_tokens)
        added = foreign_units(spun_units, reference_units, *sides, match)
        dropped = foreign_units(reference_units, spun_units, *sides[::-1], back)
        added_tokens = {i for unit in added for i in range(unit.start, unit.end)}
        dropped_tokens = {j for unit in dropped for j in range(unit.start, unit.end)}
        return [i for i in spun if i not in added_tokens], [j for j in reference if j not in dropped_tokens]

    def _folds(self, positions: list[int], spun: bool = True) -> list[str]:
        side = self.spun_tokens if spun else self.reference_tokens
        return [side[position].fold for position in positions]

    def _flow(self, spun: list[int], reference: list[int]) -> list:
        """Cut two lists of token positions into equal runs (as tuples) and windows, in order."""
        runs = equal_runs(self._folds(spun), self._folds(reference, False))
        anchors = [run for run in runs if self._weight(spun[run[0] : run[0] + run[2]]) >= STRONG_RUN]
        steps: list = []
        i = j = 0
        for a, b, length in [*_bounded(anchors, runs, len(spun), len(reference)), (len(spun), len(reference), 0)]:
            if a > i or b > j:
                steps.append(self._window(spun[i:a], reference[j:b]))
            if length:
                steps.append((spun[a : a + length], reference[b : b + length]))
            i, j = a + length, b + length
        return steps

    def _weight(self, positions: list[int]) -> float:
        weight = 0.0
        for position in positions:
            word = self.spun_tokens[position].fold
            if not is_word(word):
                weight += SIGN_WEIGHT
            else:
                weight += FUNCTION_WEIGHT if is_function_word(word) else CONTENT_WEIGHT
        return weight

    def _window(self, spun: list[int], reference: list[int]) -> Window:
        return Window(
            spun,
            reference,
            _words(self.spun, self.spun_tokens, spun),
            _words(self.reference, self.reference_tokens, reference),
        )

    def rows(self) -> list[tuple]:
        """Return the alignment's rows (without ids), in text order."""
        return Rows(self).build()


def _words(text: str, tokens: list[Token], positions: list[int]) -> tuple[Word, ...]:
    words, previous = [], None
    for position in positions:
        token = tokens[position]
        if previous is None:
            breaks = 0
        elif position != previous + 1:
            breaks = NEVER
        else:
            breaks = int("\n" in text[tokens[previous].end : token.start])
        written = text[token.start : token.end]
        words.append(Word(token.fold, written[0].isupper(), breaks, _looks_glued(written, token.fold)))
        previous = position
    return tuple(words)


def _looks_glued(written: str, folded: str) -> bool:
    """Tell whether a token looks like two words run together: a capital inside it, or a word nobody knows."""
    return len(written) > 3 and (
        INNER_CAPITAL.search(written) is not None or not (is_known(folded) or written[0].isupper())
    )


def equal_runs(spun: list[str], reference: list[str]) -> list[tuple[int, int, int]]:
    """Return the longest common subsequence as runs (spun position, reference position, length).

    Compiled (rapidfuzz, Hyyrö's bit-parallel algorithm). Its time grows with the product of the lengths, so
    long texts are cut first at word triples that stand once in each.
    """
    runs = []
    for i0, i1, j0, j1 in _stretches(spun, reference):
        ids: dict[str, int] = {}
        one = [ids.setdefault(word, len(ids)) for word in spun[i0:i1]]
        two = [ids.setdefault(word, len(ids)) for word in reference[j0:j1]]
        for block in Indel.opcodes(one, two).as_matching_blocks():
            if block.size:
                runs.append((i0 + block.a, j0 + block.b, block.size))
    return runs


def _stretches(spun: list[str], reference: list[str]) -> list[tuple[int, int, int, int]]:
    if len(spun) * len(reference) <= LONGEST_AT_ONCE:
        return [(0, len(spun), 0, len(reference))]
    cuts = _unique_triples(spun, reference)
    stretches, i, j = [], 0, 0
    for a, b in [*cuts, (len(spun), len(reference))]:
        last = (a, b) == (len(spun), len(reference))
        if last or (a - i) * (b - j) > LONGEST_AT_ONCE / 400:
            stretches.append((i, a, j, b))
            i, j = a, b
    # A stretch without an anchor and too long for one table is taken as different throughout.
    return [s for s in stretches if (s[1] - s[0]) * (s[3] - s[2]) <= 25 * LONGEST_AT_ONCE]


def _unique_triples(spun: list[str], reference: list[str]) -> list[tuple[int, int]]:
    """Positions of word triples that stand once in each text, in the longest order common to both."""
    places = []
    for side in (spun, reference):
        triples = list(zip(side, side[1:], side[2:], strict=False))
        counts = Counter(triples)
        places.append({triple: i for i, triple in enumerate(triples) if counts[triple] == 1})
    common = [(i, places[1][triple]) for triple, i in places[0].items() if triple in places[1]]
    return _longest_increasing(common)


def _longest_increasing(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    from bisect import bisect_left

    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for k, (_, j) in enumerate(points):
        slot = bisect_left(tails, j)
        before.append(tail_at[slot - 1] if slot else -1)
        tails[slot : slot + 1] = [j]
        tail_at[slot : slot + 1] = [k]
    chain, k = [], tail_at[-1] if tail_at else -1
    while k >= 0:
        chain.append(points[k])
        k = before[k]
    return chain[::-1]


def _bounded(anchors: list, runs: list, n: int, m: int) -> list:
    """The anchors, and in windows that would be too wide for the phrase programme the weak runs too."""
    kept, i, j = [], 0, 0
    for a, b, length in [*anchors, (n, m, 0)]:
        if max(a - i, b - j) > WIDEST_WINDOW:
            kept += [run for run in runs if i <= run[0] < a and j <= run[1] < b]
        if length:
            kept.append((a, b, length))
        i, j = a + length, b + length
    return kept


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
        for op, i, j in self._same_text(_edits(flow)):
            link = None
            if i and j and op in ("equal", "substitute"):
                self.links += 1
                link = self.links
            spun += [(i, link)] if i else []
            reference += [(j, link)] if j else []
        self.halves[0][move.i0] = spun
        self.halves[1][move.j0] = reference

    def _same_text(self, edits: Iterable) -> Iterator[tuple[str, list[int], list[int]]]:
        """The edits, equal runs cut where case, quotes or white space differ: a moved run is the same throughout."""
        spun, reference = self.pair.spun, self.pair.reference
        for op, i, j in edits:
            start = 0
            if op == "equal":
                for k in range(1, len(i)):
                    one = spun[self.pair.spun_tokens[i[k - 1]].start : self.pair.spun_tokens[i[k]].end]
                    other = reference[self.pair.reference_tokens[j[k - 1]].start : self.pair.reference_tokens[j[k]].end]
                    if one != other:
                        yield op, i[start:k], j[start:k]
                        start = k
            yield op, i[start:], j[start:]

    def build(self) -> list[tuple]:
        """Return all rows."""
        pair = self.pair
        for op, i, j in _edits(pair.flows[0]):
            if i:
                self._flush(0, i[0])
            if j:
                self._flush(1, j[0])
            if op == "equal":
                self._equal(i, j)
            elif op == "substitute":
                self._gap(i[0], j[0])
                self._emit("substitute", pair.spun_tokens[i[-1]].end, pair.reference_tokens[j[-1]].end)
            elif op == "insert":
                self._emit("insert", pair.spun_tokens[i[-1]].end, self.at[1])
            else:
                self._emit("delete", self.at[0], pair.reference_tokens[j[-1]].end)
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
            for positions, link in halves:
                self._one_sided(side, op, tokens[positions[0]].start, None)
                self._one_sided(side, "move" if link else op, tokens[positions[-1]].end, link)
            self.next[side] = halves[-1][0][-1] + 1

    def _one_sided(self, side: int, op: str, end: int, link: int | None) -> None:
        ends = [self.at[0], self.at[1]]
        ends[side] = end
        self._emit(op, *ends, link)

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

    def _emit(self, op: str, spun_end: int, reference_end: int, link: int | None = None) -> None:
        spun_start, reference_start = self.at
        if spun_end == spun_start and reference_end == reference_start:
            return
        last = self.found[-1] if self.found else None
        if last and last[0] == op and op in ("equal", "insert", "delete") and link is None and last[7] is None:
            self.found.pop()
            spun_start, reference_start = last[1], last[3]
        spun, reference = self.pair.spun[spun_start:spun_end], self.pair.reference[reference_start:reference_end]
        self.found.append((op, spun_start, spun_end, reference_start, reference_end, spun, reference, link))
        self.at = [spun_end, reference_end]


def _edits(flow: list) -> Iterator[tuple[str, list[int], list[int]]]:
    """The edits of a flow in order, in token positions, equal runs cut where a text's positions are not in a row."""
    for step in flow:
        for op, i, j in step.placed_edits() if isinstance(step, Window) else [("equal", *step)]:
            if op != "equal":
                yield op, i, j
                continue
            start = 0
            for k in range(1, len(i) + 1):
                if k == len(i) or i[k] != i[k - 1] + 1 or j[k] != j[k - 1] + 1:
                    yield op, i[start:k], j[start:k]
                    start = k
