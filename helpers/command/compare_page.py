"""A comparison goes in; its page comes out as HTML: a summary, the findings, both texts side by side, the dictionary.

Both texts stand there whole, every line of each once. What was replaced is marked in both columns, and so is what has
no counterpart in the other text; the marks do not hang on colour.
"""

import shlex
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import version

import pandas as pd
from markupsafe import Markup

from helpers.command.compare_texts import REFERENCE, SPUN, Compared
from helpers.command.terminal import rows_of
from helpers.comparison.alignment.rows import follow_moves
from helpers.display.exhibits import marked, published_marks, reference_marks, segments
from helpers.display.masking import mask
from helpers.display.visible import visible
from helpers.files.dates import now
from helpers.report.facts.numbers import counted_by_change
from helpers.report.rendering import day, render
from helpers.text.spans import Span, Token, is_word, line_spans, tokens

TEMPLATE = "compare.html"
FATES = {"kept": "", "moved": "stands elsewhere in the reference", "added": "not in the reference"}
ALONE = "left out"  # what is said where a line of the reference has no counterpart
ELSEWHERE = "the line beside which this stands is shown in row {}"
REPLACED, ORIGINAL, ALONE_HERE = "spun", "original", "alone"  # classes of marks
PACKAGES = ["unspun", "pandas", "nltk", "numba", "simplemma", "wordsegment"]

OFFSETS = ["spun_start", "spun_end", "reference_start", "reference_end"]
Mark = tuple[int, int, str, str]  # start, end, what a pointer over it reads, class


@dataclass
class Row:
    """A row of the page: lines of the spun text, lines of the reference that belong to them, and what became of it."""

    op: str
    spun: list[Span] = field(default_factory=list)
    reference: list[Span] = field(default_factory=list)
    partner: Span | None = None  # the reference's line beside which it belongs, also where another row shows it


def compare_page(compared: Compared, fingerprints: dict[str, str]) -> str:
    """Return the page on a comparison; `fingerprints` of page, table and texts stand in its head."""
    summary = compared.summary
    counts = {name: int(summary[name]) for name in ("words", "copied", "changed", "in_quote")}
    sides = {"spun": compared.spun, "reference": compared.reference}
    values = {
        "spun": compared.spun,
        "reference": compared.reference,
        "texts": {"spun": compared.articles.loc[SPUN], "reference": compared.articles.loc[REFERENCE]},
        "n": {**counts, "added": counts["words"] - counts["copied"] - counts["changed"]},
        "caution": compared.caution,
        "related": compared.related,
        "quotations": _quotations(compared),
        "names": compared.names,
        "numbers": compared.numbers,
        "numbers_by_change": counted_by_change(compared.numbers["change"]),
        "frequency": compared.frequency,
        "substitutions": len(compared.substitutions),
        "rows": _shown_rows(compared),
        "made": day(now()),
        "fingerprints": fingerprints,
        "command": " ".join(["unspun compare", *_arguments(compared)]),
        "versions": [(name, version(name)) for name in PACKAGES],
        "files": sides,
    }
    return render(TEMPLATE, values)


def _arguments(compared: Compared) -> list[str]:
    """What to type to make the page again, without the folders in which the files lay."""
    words = [compared.spun.file, compared.reference.file]
    for option, source in (("--article", compared.spun), ("--reference-article", compared.reference)):
        words += [option, source.article] if source.article else []
    return [shlex.quote(word) for word in words]


def _quotations(compared: Compared) -> list[dict[str, object]]:
    """The altered quotations, both sides with their changes marked."""
    found = compared.substitutions
    shown: list[dict[str, object]] = []
    for row in rows_of(compared.quotations):
        changes = found[(found["spun_start"] < row.spun_end) & (found["spun_end"] > row.spun_start)]
        spun, reference = (row.spun_start, row.spun_end), (row.reference_start, row.reference_end)
        shown.append(
            {
                "speaker": row.speaker,
                "changed": row.changed,
                "spun": Markup(marked(compared.spun_text, spun, published_marks(changes))),
                "reference": Markup(marked(compared.reference_text, reference, reference_marks(changes), ORIGINAL)),
            }
        )
    return shown


def _shown_rows(compared: Compared) -> list[dict[str, object]]:
    """The rows with their lines as HTML."""
    rows = side_by_side_rows(compared)
    spun_marks, reference_marks_ = all_marks(compared)
    first_with = {line: number for number, row in enumerate(rows, 1) for line in row.reference}
    shown: list[dict[str, object]] = []
    for row in rows:
        elsewhere = first_with.get(row.partner) if row.partner and not row.reference else None
        shown.append(
            {
                "fate": FATES.get(row.op, ""),
                "spun": [_line(compared.spun_text, line, spun_marks if row.op != "added" else []) for line in row.spun],
                "spun_note": "" if row.spun else ALONE,
                "reference": [
                    _line(compared.reference_text, line, reference_marks_ if row.op != "dropped" else [])
                    for line in row.reference
                ],
                "reference_note": ELSEWHERE.format(elsewhere) if elsewhere else "",
            }
        )
    return shown


def side_by_side_rows(compared: Compared) -> list[Row]:
    """Return both texts as rows, in the order of the spun text: every line of either text stands in just one row.

    Lines of the spun text that came from one line of the reference share a row, and so do lines of the reference that
    were joined. A line of the reference that the spun text lacks stands behind what precedes it there.
    """
    rows: list[Row] = []
    taken: set[Span] = set()
    for part in rows_of(compared.paragraphs):
        spun = [(part.spun_start, part.spun_end)] if part.spun_start >= 0 else []
        partner = (part.reference_start, part.reference_end) if part.reference_start >= 0 else None
        if rows and spun and partner and rows[-1].partner == partner and rows[-1].spun and rows[-1].op == part.op:
            rows[-1].spun += spun
            continue
        own = [partner] if partner and partner not in taken else []
        taken.update(own)
        rows.append(Row(part.op, spun, own, partner))
    left = [line for line in line_spans(compared.reference_text) if line not in taken]
    _place(left, rows, compared)
    return rows


def _place(left: list[Span], rows: list[Row], compared: Compared) -> None:
    """Put lines of the reference that were joined with others beside the spun line that holds the most of them."""
    runs = follow_moves(compared.alignment)
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


def all_marks(compared: Compared) -> tuple[list[Mark], list[Mark]]:
    """Return the marks of both texts: what was replaced, and what has no counterpart in the other text."""
    found = compared.substitutions
    return (
        _marks_of_side(compared.spun_text, compared.alignment, published_marks(found), "spun", "reference"),
        _marks_of_side(compared.reference_text, compared.alignment, reference_marks(found), "reference", "spun"),
    )


def _marks_of_side(
    text: str, alignment: pd.DataFrame, replaced: list[tuple[int, int, str]], side: str, other: str
) -> list[Mark]:
    css, tip = (REPLACED, FATES["added"]) if side == "spun" else (ORIGINAL, ALONE)
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
    taken = sorted((start, end) for start, end, _ in replaced)
    alone = [piece for span in spans for piece in _words_of(text, _without(span, taken))]
    return sorted([*((*mark, css) for mark in replaced), *((*piece, tip, ALONE_HERE) for piece in alone)])


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


def _line(text: str, line: Span, marks: list[Mark]) -> Markup:
    """A line as HTML; of a mark that goes on over a line break, the part that stands in this line."""
    first = max(0, bisect_left(marks, (line[0],)) - 1)
    last = bisect_left(marks, (line[1],))
    inside = [
        (max(start, line[0]), min(end, line[1]), tip, css)
        for start, end, tip, css in marks[first:last]
        if start < line[1] and end > line[0]
    ]
    css_at = {start: css for start, _, _, css in inside}
    pieces = []
    for words, tip, at in segments(text, line, [mark[:3] for mark in inside]):
        shown = escape(visible(words))
        pieces.append(
            shown if tip is None else f'<mark class="{css_at[at]}" title="{escape(visible(mask(tip)))}">{shown}</mark>'
        )
    return Markup("".join(pieces))
