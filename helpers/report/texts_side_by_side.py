"""Two compared texts go in; the rows of a page come out on which both stand whole, side by side, every change marked.

Every line of either text stands in just one row. What was replaced is marked in both columns, and so is what has no
counterpart in the other text; the marks do not hang on colour. Each mark and each row has a name that links lead to.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from markupsafe import Markup

from helpers.comparison.alignment.rows import follow_moves
from helpers.comparison.table_rows import place_rows
from helpers.display.exhibits import StyledMark, marked_as, published_marks, reference_marks
from helpers.text.spans import Span, Token, is_word, line_spans, tokens

FATES = {"kept": "", "moved": "stands elsewhere in the reference", "added": "not in the reference"}
ALONE = "left out"  # what is said where a line of the reference has no counterpart
ALONE_HERE = "alone"  # the class of words that have no counterpart
Marks = tuple[list[StyledMark], list[StyledMark]]  # of the spun text, of the reference
OFFSETS = ["spun_start", "spun_end", "reference_start", "reference_end"]
# What is said of each kind of substitution beside its switch; the order is that of the page.
KINDS = {
    "name": "names and titles", "number": "numbers", "synonym": "words", "phrase": "phrases",
    "function": "function words", "order": "word order", "rewritten": "told anew", "inflection": "inflections",
    "spelling": "spelling", "contraction": "contractions", "boilerplate": "site furniture",
    ALONE_HERE: "without counterpart",
}  # fmt: skip


@dataclass(frozen=True)
class Texts:
    """Two texts and what comparing them gave; the tables are rows of this pair alone."""

    spun: str
    reference: str
    alignment: pd.DataFrame
    paragraphs: pd.DataFrame
    substitutions: pd.DataFrame


@dataclass
class Row:
    """A row of the page: lines of the spun text, lines of the reference that belong to them, and what became of it."""

    op: str
    spun: list[Span] = field(default_factory=list)
    reference: list[Span] = field(default_factory=list)
    partner: Span | None = None  # the reference's line beside which it belongs, also where another row shows it


def shown_rows(texts: Texts, both: Marks | None = None) -> list[dict[str, object]]:
    """Return the rows as the template wants them: lines as HTML, notes, and the rows that a note leads to.

    `both` are the marks of `all_marks`, where they are known.
    """
    rows = side_by_side_rows(texts)
    spun_marks, marks = both or all_marks(texts)
    row_of = {line: number for number, row in enumerate(rows, 1) for line in row.reference}
    lines = sorted(row_of)
    before = {line: row_of[lines[place - 1]] if place else 0 for place, line in enumerate(lines)}
    follows = {before[line]: row_of[line] for line in lines if rows[row_of[line] - 1].op == "moved"}
    shown: list[dict[str, object]] = []
    for number, row in enumerate(rows, 1):
        shown.append(
            {
                "op": row.op,
                "fate": FATES.get(row.op, ""),
                "spun": [_line(texts.spun, line, spun_marks if row.op != "added" else []) for line in row.spun],
                "spun_note": "" if row.spun else ALONE,
                "reference": [
                    _line(texts.reference, line, marks if row.op != "dropped" else []) for line in row.reference
                ],
                # The rows (numbers, 0 for none) that notes lead to.
                "shown_in": row_of.get(row.partner, 0) if row.partner and not row.reference else 0,
                "follows": before.get(row.reference[0], 0) if row.op == "moved" and row.reference else 0,
                "here": follows.get(number, 0) if follows.get(number) != number + 1 else 0,
            }
        )
    return shown


def kinds_of(texts: Texts, both: Marks | None = None) -> list[tuple[str, str, int]]:
    """Return the kinds of marks on the page, each with what is said of it and how many places there are."""
    counts = texts.substitutions["kind"].value_counts().to_dict()
    spun_marks, marks = both or all_marks(texts)
    alone = sum(css == ALONE_HERE for _, _, _, css, _ in [*spun_marks, *marks])
    return [(kind, said, int(n)) for kind, said in KINDS.items() if (n := {**counts, ALONE_HERE: alone}.get(kind, 0))]


def side_by_side_rows(texts: Texts) -> list[Row]:
    """Return both texts as rows, in the order of the spun text: every line of either text stands in just one row.

    Lines of the spun text that came from one line of the reference share a row, and so do lines of the reference that
    were joined. A line of the reference that the spun text lacks stands behind what precedes it there.
    """
    rows: list[Row] = []
    taken: set[Span] = set()
    parts = texts.paragraphs.assign(op=texts.paragraphs["op"].astype(str))
    for part, op in zip(place_rows(parts), parts["op"], strict=True):
        spun = [(part.spun_start, part.spun_end)] if part.spun_start >= 0 else []
        partner = (part.reference_start, part.reference_end) if part.reference_start >= 0 else None
        if rows and spun and partner and rows[-1].partner == partner and rows[-1].spun and rows[-1].op == op:
            rows[-1].spun += spun
            continue
        own = [partner] if partner and partner not in taken else []
        taken.update(own)
        rows.append(Row(op, spun, own, partner))
    left = [line for line in line_spans(texts.reference) if line not in taken]
    _place(left, rows, texts)
    return rows


def _place(left: list[Span], rows: list[Row], texts: Texts) -> None:
    """Put lines of the reference that were joined with others beside the spun line that holds the most of them."""
    if not left:
        return
    runs = follow_moves(texts.alignment)
    runs = runs[runs["op"].isin(["equal", "substitute", "move"])]
    places = list(zip(*(runs[name].tolist() for name in OFFSETS), strict=True))
    starts = sorted(((line[0], number) for number, row in enumerate(rows) for line in row.spun))
    for line in left:
        shares = [min(end, line[1]) - max(start, line[0]) for _, _, start, end in places]
        if not shares or max(shares) <= 0 or not starts:
            rows.append(Row("dropped", [], [line], line))
            continue
        spun_start, spun_end, start, _ = places[shares.index(max(shares))]
        at = min(spun_start + max(0, line[0] - start), max(spun_start, spun_end - 1))
        row = rows[starts[max(0, bisect_right(starts, (at, len(rows))) - 1)][1]]
        row.reference = sorted([*row.reference, line])


def all_marks(texts: Texts) -> Marks:
    """Return the marks of both texts: what was replaced, and what has no counterpart in the other text."""
    found = texts.substitutions
    return (
        _marks_of_side(texts.spun, texts.alignment, styled(published_marks(found), found, "spun"), "reference"),
        _marks_of_side(texts.reference, texts.alignment, styled(reference_marks(found), found, "reference"), "spun"),
    )


def styled(marks: Iterable[tuple[int, int, str]], found: pd.DataFrame, side: str) -> list[StyledMark]:
    """Return marks with their classes (side, kind, whether inside a quotation) and names: c12 begins at offset 12."""
    words = {
        start: f"{'spun' if side == 'spun' else 'original'} k-{kind}{' quoted' if quoted else ''}"
        for start, kind, quoted in zip(found[f"{side}_start"], found["kind"], found["in_quote"], strict=True)
    }
    letter = "c" if side == "spun" else "o"
    return [(start, end, tip, words[start], f"{letter}{start}") for start, end, tip in marks]


def passage(text: str, span: Span, found: pd.DataFrame, side: str) -> Markup:
    """Return a passage as HTML, the substitutions in it marked; beside altered quotations the others more faintly."""
    marks = styled(published_marks(found) if side == "spun" else reference_marks(found), found, side)
    faintly = bool(found["in_quote"].any())
    shown = [
        (start, end, tip, f"{css} around" if faintly and "quoted" not in css else css, "")
        for start, end, tip, css, _ in marks
    ]
    return Markup(marked_as(text, span, shown))


def _marks_of_side(text: str, alignment: pd.DataFrame, replaced: list[StyledMark], other: str) -> list[StyledMark]:
    side, tip = ("spun", FATES["added"]) if other == "reference" else ("reference", ALONE)
    runs = alignment[~alignment["op"].isin(["equal", "move"])]
    names = [f"{side}_start", f"{side}_end", other]
    spans: list[Span] = []
    for start, end, facing in zip(*(runs[name].tolist() for name in names), strict=True):
        if start == end or _words(facing):
            continue
        joined = spans and spans[-1][1] == start
        if joined:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    taken = sorted((start, end) for start, end, *_ in replaced)
    alone = [piece for span in spans for piece in _words_of(text, _without(span, taken))]
    return sorted([*replaced, *((*piece, tip, ALONE_HERE, "") for piece in alone)])


def _without(span: Span, taken: list[Span]) -> Iterable[Span]:
    """What is left of a span without others, which are sorted."""
    at = span[0]
    for start, end in taken[max(0, bisect_right(taken, span) - 1) :]:
        if start >= span[1]:
            break
        if end > at:
            if start > at:
                yield at, start
            at = max(at, end)
    if at < span[1]:
        yield at, span[1]


def _words(text: str) -> list[Token]:
    return [token for token in tokens(text) if is_word(token.fold)]


def _words_of(text: str, spans: Iterable[Span]) -> Iterable[Span]:
    """The spans narrowed to their words, those without any left out."""
    for start, end in spans:
        words = _words(text[start:end])
        if words:
            yield start + words[0].start, start + words[-1].end


def _line(text: str, line: Span, marks: list[StyledMark]) -> Markup:
    """A line as HTML; of a mark that goes on over a line break, each line has its part, the first one the name."""
    first = max(0, bisect_left(marks, (line[0],)) - 1)
    last = bisect_left(marks, (line[1],))
    inside = [
        (start, end, tip, css, name if start >= line[0] else "") for start, end, tip, css, name in marks[first:last]
    ]
    return Markup(marked_as(text, line, inside))
