"""An alignment goes in; one row a paragraph comes out: what became of it and how much of it was changed.

A paragraph is a line of the stored text, as in the corpus. It is *kept*, *moved* (it stands elsewhere in the
reference), *added* (the reference lacks it) or *dropped* (the spun text lacks it).
"""

from bisect import bisect_right
from collections import Counter

import pandas as pd

from helpers.comparison.alignment.rows import follow_moves
from helpers.text.spans import Span, fold, is_word, line_spans, overlaps, tokens

COLUMNS = [
    "spun_id", "reference_id", "op", "spun_start", "spun_end", "reference_start", "reference_end", "words", "changed",
    "copied", "share",
]  # fmt: skip
LEAST_SHARED = 0.25  # of a line's characters have a counterpart; with less it was added (or dropped)


def paragraphs(pairs: pd.DataFrame, alignment: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the paragraphs of each pair, in the order of the spun text, dropped ones behind what precedes them.

    Columns: `spun_id`, `reference_id`, `op` (kept, moved, added, dropped), four offsets (-1 where there is no
    such side), `words` (of the spun paragraph, or of the reference paragraph where it was dropped), `changed`
    (spun words that stand in a substitution), `copied` (spun words that stand unchanged in the reference; the rest
    was added), `share` (changed / words).
    """
    runs = dict(tuple(follow_moves(alignment).groupby(["spun_id", "reference_id"], sort=False)))
    changed = dict(tuple(substitutions.groupby(["spun_id", "reference_id"], sort=False)))
    rows = []
    columns = ["spun_id", "reference_id", "spun_text", "reference_text"]
    for *ids, spun_text, reference_text in pairs[columns].itertuples(index=False, name=None):
        key = tuple(ids)
        if key not in runs:
            continue
        spans = _spun_spans(changed[key]) if key in changed else []
        equal = _spun_spans(runs[key].loc[_is_unchanged])
        for op, spun, reference in _paragraphs_of_pair(runs[key], spun_text, reference_text):
            words = _words(spun_text, spun) if spun else _words(reference_text, reference) if reference else []
            touched = [overlaps(spans, *word) for word in words] if spun else []
            copied = sum(overlaps(equal, *word) for word, hit in zip(words, touched, strict=False) if not hit)
            sides = [*(spun or (-1, -1)), *(reference or (-1, -1))]
            rows.append((*key, op, *sides, len(words), sum(touched), copied, sum(touched) / max(1, len(words))))
    return pd.DataFrame(rows, columns=COLUMNS)


def _is_unchanged(runs: pd.DataFrame) -> pd.Series:
    """Which runs stand unchanged in the reference, case and quotes apart."""
    same = runs["spun"].map(fold) == runs["reference"].map(fold)
    return runs["op"].isin(["equal", "move"]) | ((runs["op"] == "substitute") & same)


def _spun_spans(table: pd.DataFrame) -> list[Span]:
    return list(table[["spun_start", "spun_end"]].itertuples(index=False, name=None))


def _words(text: str, span: Span) -> list[Span]:
    start = span[0]
    return [
        (start + token.start, start + token.end) for token in tokens(text[span[0] : span[1]]) if is_word(token.fold)
    ]


def _paragraphs_of_pair(
    runs: pd.DataFrame, spun_text: str, reference_text: str
) -> list[tuple[str, Span | None, Span | None]]:
    both = runs[runs["op"].isin(["equal", "substitute", "move"])]
    shared = both[["spun_start", "spun_end", "reference_start", "reference_end", "move"]].itertuples(
        index=False, name=None
    )
    spun_lines, reference_lines = line_spans(spun_text), line_spans(reference_text)
    weights = _overlaps(list(shared), spun_lines, reference_lines) if spun_lines and reference_lines else {}
    there = _covered(both, reference_lines)
    # A word that a line has in common with what stands in its place now does not keep it.
    kept = {
        number for number, (start, end) in enumerate(reference_lines) if there[number] >= LEAST_SHARED * (end - start)
    }
    found: list[tuple[str, Span | None, Span | None]] = []
    used: set[int] = set()
    for number, line in enumerate(spun_lines):
        partners = {partner: shared for partner, shared in weights.get(number, {}).items() if partner in kept}
        covered = sum(characters for characters, _ in partners.values())
        if covered < LEAST_SHARED * (line[1] - line[0]):
            found.append(("added", line, None))
            continue
        used.update(partners)
        best = max(partners, key=lambda partner: partners[partner][0])
        characters, moved = partners[best]
        found.append(("moved" if moved > characters / 2 else "kept", line, reference_lines[best]))
    return _with_dropped(found, [line for number, line in enumerate(reference_lines) if number not in used])


def _covered(shared: pd.DataFrame, reference_lines: list[Span]) -> Counter:
    """For each line of the reference the characters that have a counterpart in the spun text."""
    covered: Counter = Counter()
    starts = [start for start, _ in reference_lines]
    for start, end in shared[["reference_start", "reference_end"]].itertuples(index=False, name=None):
        if reference_lines and end > start:
            for number in range(_line_at(starts, start), _line_at(starts, end - 1) + 1):
                line = reference_lines[number]
                covered[number] += max(0, min(end, line[1]) - max(start, line[0]))
    return covered


def _overlaps(shared: list, spun_lines: list[Span], reference_lines: list[Span]) -> dict[int, dict[int, list]]:
    """For each spun line: reference line -> [characters in common, how many of them were moved]."""
    weights: dict[int, dict[int, list]] = {}
    starts = [start for start, _ in spun_lines]
    others = [start for start, _ in reference_lines]
    for spun_start, spun_end, start, end, move in shared:
        for number in range(_line_at(starts, spun_start), _line_at(starts, max(spun_start, spun_end - 1)) + 1):
            low = max(spun_start, spun_lines[number][0])
            high = min(spun_end, spun_lines[number][1])
            if high <= low:
                continue
            # Inside one run both sides advance together, so the same distance leads to the reference line.
            middle = min(end - 1, start + (low + high) // 2 - spun_start)
            entry = weights.setdefault(number, {}).setdefault(_line_at(others, max(start, middle)), [0, 0])
            entry[0] += high - low
            entry[1] += 0 if pd.isna(move) else high - low
    return weights


def _line_at(starts: list[int], offset: int) -> int:
    return max(0, bisect_right(starts, offset) - 1)


def _with_dropped(found: list, dropped: list[Span]) -> list:
    """Put dropped paragraphs behind the kept paragraph that they follow in the reference."""
    result = list(found)
    for line in dropped:
        place = 0
        for position, (op, _, reference) in enumerate(result):
            if op in ("kept", "dropped") and reference and reference[0] < line[0]:
                place = position + 1
        result.insert(place, ("dropped", None, line))
    return result
