"""A mapping table goes in; one file comes out that says what it is and proves that it arrived whole, and back again.

The file is JSON: `format`, `version`, `made`, `unspun`, `sha256`, and under `content` the proposals and the lines of
the log. The checksum is taken over the content as canonical JSON (sorted keys, no spaces, UTF-8).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from helpers import __version__
from helpers.annotators import disagreements
from helpers.corpus import write_file
from helpers.decisions import COLUMNS as DECISION_COLUMNS
from helpers.ledger import Decision, parse
from helpers.mapping import PROPOSAL_COLUMNS, MappingTable
from helpers.masking import mask

FORMAT, VERSION = "unspun mapping table", 1
MASKED = ("spun", "original", "note")  # `who` stays: it is the name under which somebody chose to decide


class SharingError(ValueError):
    """A shared file that cannot be used; the message names it and the mend."""


@dataclass(frozen=True)
class Shared:
    """A shared table, checked: its proposals, its decisions, and when and by which version it was made."""

    proposals: pd.DataFrame
    lines: list[Decision]
    made: str
    unspun: str
    sha256: str

    @property
    def decisions(self) -> pd.DataFrame:
        """The decisions, as `MappingTable.decisions` gives them."""
        return pd.DataFrame([(*line, line.id) for line in self.lines], columns=DECISION_COLUMNS, dtype=str)


def share(mapping: MappingTable, path: str | Path, *, masked: bool = True) -> Path:
    """Write the whole table, its log included, as one file; e-mail addresses and telephone numbers are masked."""
    lines = [_masked(line._asdict()) if masked else line._asdict() for line in mapping.log.ledger().lines]
    proposals = mapping.table[PROPOSAL_COLUMNS].astype({"share": float}).to_dict("records")
    content = {
        "proposals": [_masked(row) if masked else row for row in proposals],
        "decisions": [{name: value for name, value in line.items() if value or name == "note"} for line in lines],
    }
    head = {"format": FORMAT, "version": VERSION, "made": datetime.now(UTC).isoformat(timespec="seconds")}
    whole = {**head, "unspun": __version__, "sha256": checksum(content), "content": content}
    write_file(Path(path), json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    return Path(path)


def _masked(row: dict) -> dict:
    return {name: mask(value) if name in MASKED else value for name, value in row.items()}


def checksum(content: dict) -> str:
    """Return the SHA-256 of a content as canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def open_shared(path: str | Path) -> Shared:
    """Read a shared file and check it; raises `SharingError` that names the file and the mend."""
    path = Path(path)
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        is_ours, version = whole["format"] == FORMAT, whole["version"]
    except OSError as error:
        raise SharingError(f"{path}: cannot be read ({error.strerror}). Mend: correct its name.") from None
    except (ValueError, KeyError, TypeError):
        raise SharingError(f"{path}: no shared mapping table, or only a part of one. Mend: ask for it again.") from None
    if not is_ours:
        raise SharingError(f"{path}: {whole['format']!r} is no mapping table. Mend: ask for one made by share().")
    if not isinstance(version, int) or version > VERSION:
        raise SharingError(f"{path}: made by a newer Unspun (version {version}). Mend: update, or ask for {VERSION}.")
    try:
        content = whole["content"]
        if checksum(content) != whole["sha256"]:
            raise SharingError(f"{path}: its checksum does not fit: it was changed on its way. Mend: ask for it again.")
        lines = [parse(json.dumps(line).encode()) for line in content["decisions"]]
        proposals = pd.DataFrame(content["proposals"], columns=PROPOSAL_COLUMNS)
        return Shared(proposals, lines, str(whole["made"]), str(whole["unspun"]), whole["sha256"])
    except SharingError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise SharingError(f"{path}: a part of it is missing ({error}). Mend: ask for it again.") from None


def join(mapping: MappingTable, other: Shared | MappingTable) -> pd.DataFrame:
    """Add the decisions of a shared table, or of a colleague's folder, and return where people disagree.

    Their lines join ours as they are, with their time and name; what is here already is not added twice, so it can be
    done again and again. Of two decisions on a pair the later one counts, until somebody decides anew; the pairs that
    people judge differently are returned (see `disagreements`).
    """
    mapping.log.take(other.lines if isinstance(other, Shared) else other.log.ledger().lines)
    return disagreements(mapping.decisions)
