"""A colleague's table or a public list of tortured phrases goes in; what it would change comes out, then the change.

Nothing is written before somebody has seen the preview and asked for it.
"""

from pathlib import Path

import pandas as pd

from helpers.display.export import FORMULA_STARTS
from helpers.display.masking import is_masked
from helpers.mapping.evidence import PAIR
from helpers.mapping.ledger import STATUSES, Decision
from helpers.mapping.sheets import ENDINGS as ENDINGS  # the forms that can be imported
from helpers.mapping.sheets import SheetError, read_sheet
from helpers.mapping.table import MappingTable
from helpers.mapping.table_coverage import HOLDS, decided_pairs
from helpers.text.spans import fold

# What the columns are called in tables that are about: ours, the Problematic Paper Screener's, torturedcheck's.
SPUN_NAMES = ("spun", "tortured", "tortured phrase", "tortured_phrase", "fingerprint", "as published", "spun phrase")
ORIGINAL_NAMES = (
    "original", "expected", "expected phrase", "expected_phrase", "established phrase", "correct phrase",
    "original phrase",
)  # fmt: skip
NAMES = {"spun": SPUN_NAMES, "original": ORIGINAL_NAMES, "status": ("status",), "note": ("note",)}
COLUMNS = [*PAIR, "now", "then", "change", "why", "note"]


class ImportingError(SheetError):
    """A file that is no table of phrases; the message names it and the mend."""


def read_phrases(path: str | Path) -> pd.DataFrame:
    """Return the phrases in a file: `spun`, `original`, `status` (empty where the file has none), `note`, `row`.

    CSV, TSV, JSON (one object a row), Parquet or Excel (its first sheet). `row` is the row in the file, the heading
    being row 1. The apostrophe that an export puts in front of formulas is taken off again. Raises `ImportingError`.
    """
    try:
        table = read_sheet(path, lambda names: all(_found(names, side) is not None for side in PAIR))
    except SheetError as error:
        raise ImportingError(str(error)) from None
    names = list(table.columns)
    for side in PAIR:
        if _found(names, side) is None:
            known = ", ".join(NAMES[side])
            raise ImportingError(f"{path}: no column with the {side} phrases. Mend: call it one of: {known}.")
    found = {side: _found(names, side) for side in NAMES}
    cells = {side: "" if name is None else table[name].map(_plain) for side, name in found.items()}
    return pd.DataFrame(cells, index=table.index, dtype=str).assign(row=table.index).reset_index(drop=True)


def _found(names: list[str], side: str) -> str | None:
    """Which of the names is that of a column with this in it."""
    written = {name.strip().lower(): name for name in reversed(names)}
    return next((written[name] for name in NAMES[side] if name in written), None)


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
    read = rows[["row", *PAIR, "status", "note"]].itertuples(index=False, name=None)
    for number, spun, original, given, note in read:
        pair = (fold(spun), fold(original))
        now, then = here.get(pair, ""), given.strip().lower() or status
        problem = _problem(number, pair, then, seen)
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
