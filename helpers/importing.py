"""A colleague's table or a public list of tortured phrases goes in; what it would change comes out, then the change.

Nothing is written before somebody has seen the preview and asked for it.
"""

import json
from pathlib import Path

import pandas as pd

from helpers.coverage import HOLDS, decided_pairs
from helpers.evidence import PAIR
from helpers.export import FORMULA_STARTS
from helpers.ledger import STATUSES, Decision
from helpers.mapping import MappingTable
from helpers.masking import is_masked
from helpers.text import fold

# What the columns are called in tables that are about: ours, the Problematic Paper Screener's, torturedcheck's.
SPUN_NAMES = ("spun", "tortured", "tortured phrase", "tortured_phrase", "fingerprint", "as published", "spun phrase")
ORIGINAL_NAMES = (
    "original", "expected", "expected phrase", "expected_phrase", "established phrase", "correct phrase",
    "original phrase",
)  # fmt: skip
COLUMNS = [*PAIR, "now", "then", "change", "why"]
ENDINGS = (".csv", ".tsv", ".json", ".parquet", ".xlsx")


class ImportingError(ValueError):
    """A file that is no table of phrases; the message names it and the mend."""


def read_phrases(path: str | Path) -> pd.DataFrame:
    """Return the phrases in a file: `spun`, `original`, `status` (empty where the file has none), `note`, `row`.

    CSV, TSV, JSON (one object a row), Parquet or Excel. `row` is the row in the file, the heading being row 1. The
    apostrophe that an export puts in front of formulas is taken off again. Raises `ImportingError`.
    """
    path = Path(path)
    table = _read(path)
    names = {str(name).strip().lower(): name for name in table.columns}
    found = {
        "spun": next((names[name] for name in SPUN_NAMES if name in names), None),
        "original": next((names[name] for name in ORIGINAL_NAMES if name in names), None),
    }
    for side, name in found.items():
        if name is None:
            known = ", ".join(SPUN_NAMES if side == "spun" else ORIGINAL_NAMES)
            raise ImportingError(f"{path}: no column with the {side} phrases. Mend: call it one of: {known}.")
    cells = {side: table[name].map(_plain) for side, name in found.items()}
    for name in ("status", "note"):
        cells[name] = table[names[name]].map(_plain) if name in names else ""
    return pd.DataFrame(cells, dtype=str).assign(row=range(2, len(table) + 2))


def _read(path: Path) -> pd.DataFrame:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ImportingError(f"{path}: its ending is none of {', '.join(ENDINGS)}. Mend: save it as one of them.")
    try:
        if ending in (".csv", ".tsv"):
            return pd.read_csv(path, sep="\t" if ending == ".tsv" else ",", dtype=str, keep_default_na=False)
        if ending == ".json":
            return pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))
        if ending == ".xlsx":
            return pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
        return pd.read_parquet(path)
    except FileNotFoundError:
        raise ImportingError(f"{path}: there is no such file. Mend: correct its name.") from None
    except Exception as error:  # each reader has errors of its own
        raise ImportingError(
            f"{path}: cannot be read ({str(error).splitlines()[0][:200]}). Mend: save it anew as UTF-8 CSV."
        ) from None


def _plain(cell: object) -> str:
    text = "" if cell is None or (isinstance(cell, float) and pd.isna(cell)) else str(cell)
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def preview(mapping: MappingTable, path: str | Path, status: str = "approved") -> pd.DataFrame:
    """Return what importing a file would change, one row a pair of the file; nothing is written.

    Columns: `spun`, `original`, `now` (its status here; empty where the pair is not here), `then`, `change` (new,
    decides, changes, same, skipped), `why`. Rows with no status of their own get `status`; a colleague's proposals
    stay proposals and are skipped.
    """
    rows = read_phrases(path)
    table = mapping.table
    here = dict(zip(zip(table["spun"], table["original"], strict=True), table["status"], strict=True))
    decided = decided_pairs(mapping)
    holding: dict[str, list[str]] = {}
    for (spun, original), given in decided.items():
        if given in HOLDS:
            holding.setdefault(spun, []).append(original)
    changes, seen = [], set()
    for row in rows.itertuples(index=False):
        pair = (fold(row.spun), fold(row.original))
        now, then = here.get(pair, ""), row.status.strip().lower() or status
        problem = _problem(row, pair, then, seen)
        seen.add(pair)
        rivals = [original for original in holding.get(pair[0], ()) if original != pair[1]]
        why = problem or (f"{pair[0]} stands for {', '.join(rivals)} here" if rivals and then in HOLDS else row.note)
        changes.append((*pair, now, then, "skipped" if problem else _change(now, then), why))
    return pd.DataFrame(changes, columns=COLUMNS)


def _problem(row: tuple, pair: tuple[str, str], then: str, seen: set) -> str:
    if not all(pair):
        return f"row {row.row}: a phrase is empty"
    if pair[0] == pair[1]:
        return f"row {row.row}: both phrases are the same"
    if any(map(is_masked, pair)):
        return f"row {row.row}: an address in it was masked when it was exported"
    if then == "proposed":
        return f"row {row.row}: not decided there either"
    if then not in STATUSES:
        return f"row {row.row}: the status {then!r} is none of {', '.join(STATUSES)}"
    return f"row {row.row}: the pair stands in the file before" if pair in seen else ""


def _change(now: str, then: str) -> str:
    if now == then or {now, then} <= set(HOLDS):
        return "same"
    return {"": "new", "proposed": "decides"}.get(now, "changes")


def apply(
    mapping: MappingTable, changes: pd.DataFrame, who: str | None = None, note: str = "imported"
) -> list[Decision]:
    """Write what a preview shows as one act, which one undo takes back; “same” and “skipped” rows are left out.

    Take rows out of the preview first to leave them as they are here.
    """
    wanted = changes[changes["change"].isin(["new", "decides", "changes"])]
    rows = [(row.spun, row.original, row.then, note) for row in wanted.itertuples(index=False)]
    return mapping.decide_many(rows, who)
