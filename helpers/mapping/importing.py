"""A colleague's table or a public list of tortured phrases goes in; what it would change comes out, then the change.

The file is read by a process of its own with bounds on its memory and its time, since it comes from somebody else.
Nothing is written before somebody has seen the preview and asked for it.
"""

import json
import os
import re
from pathlib import Path

import pandas as pd

from helpers.corpus.formats.article_record import MISSING
from helpers.display.export import FORMULA_STARTS
from helpers.display.masking import is_masked
from helpers.files.bounded_call import CostlyError, bounded_call
from helpers.files.limits import MB, MEMORY, MOST_PHRASES, SECONDS
from helpers.files.problems import printable
from helpers.mapping.evidence import PAIR
from helpers.mapping.ledger import STATUSES, Decision
from helpers.mapping.phrase_lists import pairs_of
from helpers.mapping.sheets import ENDINGS as ENDINGS  # the forms that can be imported
from helpers.mapping.sheets import ROW_COSTS, SheetError, read_sheet
from helpers.mapping.table import MappingTable
from helpers.mapping.table_coverage import HOLDS, decided_pairs
from helpers.text.spans import fold

# What the columns are called in tables that are about: ours, the Problematic Paper Screener's, torturedcheck's.
SPUN_NAMES = (
    "spun", "tortured", "tortured phrase", "tortured phrases", "fingerprint tortured phrase", "fingerprint",
    "as published", "spun phrase", "spun phrases",
)  # fmt: skip
OUR_ORIGINALS = ("original", "original phrase", "original phrases")
ORIGINAL_NAMES = (
    *OUR_ORIGINALS, "expected", "expected text", "correct", "expected phrase", "expected phrases",
    "established phrase", "correct phrase", "correct phrases",
)  # fmt: skip
NAMES = {"spun": SPUN_NAMES, "original": ORIGINAL_NAMES, "status": ("status",), "note": ("note",)}
PAIRED = ("tortured", "correct")  # what the columns of a list without names are: of pairs, or phrases by phrases
COLUMNS = [*PAIR, "now", "then", "change", "why", "note"]


class ImportingError(SheetError):
    """A file that is no table of phrases; the message names it and the mend."""


def read_phrases(path: str | Path) -> pd.DataFrame:
    """Return the phrases in a file: `spun`, `original`, `status` (empty where the file has none), `note`, `row`, `why`.

    A cell may hold a query of the Problematic Paper Screener: phrases in quotation marks with OR between them are each
    one, one with AND beside the expected text is one. What says nothing of a phrase (several words near each other, an
    original that is only guessed at) stands there as it is written, and `why` says what it is.

    CSV, TSV, JSON (also phrases by spun phrases, or pairs of them), JSON Lines, Parquet or Excel (its first sheet).
    `row` is the row in the file, the heading being row 1. The apostrophe that an export puts in front of formulas is
    taken off again. Raises `ImportingError`.
    """
    if not os.path.isfile(path):  # Path.is_file raises for a path that is too long
        raise ImportingError(f"{printable(str(path))}: there is no such file. Mend: correct its name.")
    place = os.path.abspath(path)
    try:
        found = bounded_call(
            "helpers.mapping.importing:phrases_in", place, str(path), seconds=SECONDS, memory=MEMORY,
            most=MOST_PHRASES, errors=(ImportingError,),
        )  # fmt: skip
    except CostlyError as error:
        what, anew = f"reading it needs more than {MEMORY // MB:,} MB, or breaks a library", ""
        if error.why != "died":
            what, anew = str(error), " and split"
        raise ImportingError(f"{path}: {what}. Mend: save what is needed of it{anew} as UTF-8 CSV.") from None
    return pd.DataFrame(json.loads(found), columns=[*PAIR, "status", "note", "row", "why"])


def phrases_in(place: str, shown: str) -> bytes:
    """Read a file in this process and return the rows of `read_phrases` as JSON; `shown` is what errors call it."""
    try:
        rows = _phrases_in(Path(place), shown)
    except SheetError as error:
        raise ImportingError(str(error).replace(place, shown)) from None
    return json.dumps(rows).encode()


def _phrases_in(path: Path, shown: str) -> list[tuple]:
    known = [*SPUN_NAMES, *ORIGINAL_NAMES]
    known += [_letters(name) for name in known]  # torturedPhrase
    table = read_sheet(path, lambda names: all(_found(names, side) is not None for side in PAIR), known, PAIRED)
    names = list(table.columns)
    for side in PAIR:
        if _found(names, side) is None:
            named = ", ".join(NAMES[side])
            raise ImportingError(f"{path}: no column with the {side} phrases. Mend: call it one of: {named}.")
    found = {side: _found(names, side) for side in NAMES}
    cells = {side: "" if name is None else table[name].map(_plain) for side, name in found.items()}
    written = pd.DataFrame(cells, index=table.index, dtype=str)
    is_list = _letters(found["original"] or "") not in map(_letters, OUR_ORIGINALS)
    rows: list[tuple] = []
    cost = 0
    for number, spun, original, *rest in written[[*PAIR, "status", "note"]].itertuples(name=None):
        said = ["" if cell.strip() in MISSING else cell for cell in rest]
        for pair in dict.fromkeys(pairs_of(spun, original, is_list)):
            rows.append((*pair[:2], *said, number, pair[2]))
            cost += ROW_COSTS + sum(map(len, (*pair, *said)))
        if cost > MOST_PHRASES // 2:  # a query of a thousand characters can ask for two hundred phrases
            what = f"more than {MOST_PHRASES // 2 // MB:,} MB of phrases come out of it, up to row {number:,}"
            raise ImportingError(f"{path}: {what}. Mend: split it.")
    return rows


def _found(names: list[str], side: str) -> str | None:
    """Which of the names is that of a column with this in it."""
    written = {_letters(name): name for name in reversed(names)}
    return next((written[_letters(name)] for name in NAMES[side] if _letters(name) in written), None)


def _letters(name: str) -> str:
    """The letters and figures of a column's name: “Tortured phrase”, “tortured_phrase”, “torturedPhrase” are one."""
    return "".join(re.findall(r"[^\W_]+", name.lower()))


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def preview(mapping: MappingTable, path: str | Path, status: str = "approved") -> pd.DataFrame:
    """Return what importing a file would change, one row a pair of the file; nothing is written.

    Columns: `spun`, `original`, `now` (its status here; empty where the pair is not here), `then`, `change` (new,
    decides, changes, same, skipped), `why`, `note` (the file's). Rows with no status of their own get `status`; a
    colleague's proposals stay proposals and are skipped. Raises `ImportingError` for a file that is no table of
    phrases.
    """
    rows = read_phrases(path)
    table = mapping.table
    here = dict(zip(zip(table["spun"], table["original"], strict=True), table["status"], strict=True))
    decided = decided_pairs(mapping)
    holding: dict[str, list[str]] = {}
    for (spun, original), given in decided.items():
        if given in HOLDS:
            holding.setdefault(spun, []).append(original)
    changes = []
    seen: set[tuple[str, str]] = set()
    read = rows[["row", *PAIR, "status", "note", "why"]].itertuples(index=False, name=None)
    for number, spun, original, given, note, unfit in read:
        pair = (spun, original) if unfit else (fold(spun), fold(original))
        now, then = here.get(pair, ""), given.strip().lower() or status
        problem = f"row {number}: {unfit}" if unfit else _problem(number, pair, then, seen)
        if not unfit:
            seen.add(pair)
        rivals = [other for other in holding.get(pair[0], ()) if other != pair[1]]
        why = problem or (f"{pair[0]} stands for {', '.join(rivals)} here" if rivals and then in HOLDS else note)
        changes.append((*pair, now, then, "skipped" if problem else _change(now, then), why, note))
    return pd.DataFrame(changes, columns=COLUMNS)


def _problem(row: int, pair: tuple[str, str], then: str, seen: set[tuple[str, str]]) -> str:
    """Why a row of the file is skipped; empty where it is not."""
    if not all(pair):
        return f"row {row}: a phrase is empty"
    if pair[0] == pair[1]:
        return f"row {row}: both phrases are the same"
    if any(map(is_masked, pair)):
        return f"row {row}: an address in it was masked when it was exported"
    if then == "proposed":
        return f"row {row}: not decided there either"
    if then not in STATUSES:
        return f"row {row}: the status {then!r} is none of {', '.join(STATUSES)}"
    return f"row {row}: the pair stands in the file before" if pair in seen else ""


def _change(now: str, then: str) -> str:
    if now == then or {now, then} <= set(HOLDS):
        return "same"
    return {"": "new", "proposed": "decides"}.get(now, "changes")


def apply(
    mapping: MappingTable, changes: pd.DataFrame, who: str | None = None, note: str = "imported"
) -> list[Decision]:
    """Write what a preview shows as one act, which one undo takes back; “same” and “skipped” rows are left out.

    A row keeps the note that it has in the file; without one it gets `note`. Take rows out of the preview first to
    leave them as they are here. Raises ValueError for a row that is no decision, and `MappingError` where the log
    cannot be written; then nothing was.
    """
    wanted = changes[changes["change"].isin(["new", "decides", "changes"])]
    rows = wanted[[*PAIR, "then", "note"]].itertuples(index=False, name=None)
    return mapping.decide_many([(spun, original, then, own or note) for spun, original, then, own in rows], who)
