"""A mapping table goes in; one file comes out that says what it is and proves that it arrived whole, and back again.

The file is JSON: `format`, `version`, `made`, `unspun`, `sha256`, `left_out` (decisions), and under `content` the
proposals and the lines of the log. The checksum is taken over the content as canonical JSON (sorted keys, no spaces,
UTF-8).
"""

import hashlib
import json
import os
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from helpers import __version__
from helpers.display.masking import is_masked, mask
from helpers.files.atomic import write_file
from helpers.files.bounded_call import CostlyError, bounded_call
from helpers.files.limits import MB, MEMORY, MOST_SHARED
from helpers.mapping.annotator_agreement import disagreements
from helpers.mapping.decision_log import COLUMNS as DECISION_COLUMNS
from helpers.mapping.ledger import Decision, parse
from helpers.mapping.table import PROPOSAL_COLUMNS, MappingTable

FORMAT, VERSION = "unspun mapping table", 1
SECONDS_OF_SHARED = 300.0  # to read one; a million decisions take some twenty


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
    left_out: int = 0  # decisions on phrases with an address, which a masked file does not hold

    @property
    def decisions(self) -> pd.DataFrame:
        """The decisions, as `MappingTable.decisions` gives them."""
        return pd.DataFrame([(*line, line.id) for line in self.lines], columns=DECISION_COLUMNS, dtype=str)


def share(mapping: MappingTable, path: str | Path, *, masked: bool = True) -> Path:
    """Write the whole table, its log included, as one file; no e-mail address and no telephone number stands in it.

    Addresses in notes and in `who` are masked, and people whose names are addresses are numbered (joined with the log
    that they came from, their decisions count as another person’s). A pair whose phrases hold an address is left out
    with all its decisions, and a warning says how many: under a mask two pairs would look like one, and what was taken
    back would stand again. With `masked=False` everything is written as it is. Raises `MappingError` where the table
    cannot be read.
    """
    lines, proposals = mapping.log.ledger().lines, mapping.table[PROPOSAL_COLUMNS]
    left_out = 0
    if masked:
        kept, safe = _without_addresses(lines), ~_has_address(proposals)
        left_out = len(lines) - len(kept)
        _say_left_out(path, left_out, int((~safe & (proposals["support"] > 0)).sum()))
        lines, proposals = kept, proposals[safe]
    content = {
        "proposals": proposals.to_dict("records"),
        "decisions": [line.entry() for line in lines],
    }
    head = {"format": FORMAT, "version": VERSION, "made": datetime.now(UTC).isoformat(timespec="seconds")}
    facts = {"unspun": __version__, "sha256": checksum(content), "left_out": left_out}
    write_file(Path(path), json.dumps({**head, **facts, "content": content}, ensure_ascii=False, indent=1) + "\n")
    return Path(path)


def _without_addresses(lines: list[Decision]) -> list[Decision]:
    """The lines on pairs without an address, notes and names masked; acts that lose lines are counted anew."""
    unfit = {line.pair for line in lines if mask(line.spun) != line.spun or mask(line.original) != line.original}
    lost: dict[str, set[int]] = {}
    for line in lines:
        if line.act and line.pair in unfit:
            token, place, _ = _act(line)
            lost.setdefault(token, set()).add(place)
    named = _under_fit_names(lines)
    return [
        line._replace(note=mask(line.note), act=_counted_anew(line, lost)) for line in named if line.pair not in unfit
    ]


def _under_fit_names(lines: list[Decision]) -> list[Decision]:
    """The lines, `who` masked. A line's id is made from its name too, so what takes lines back follows them."""
    names = _names(lines)
    named = [line._replace(who=names[line.who]) for line in lines]
    ids = {line.id: new.id for line, new in zip(lines, named, strict=True)}
    return [line._replace(undoes=ids.get(line.undoes, line.undoes)) for line in named]


def _names(lines: list[Decision]) -> dict[str, str]:
    """For each person the name that may be passed on; addresses are numbered, so that two people stay two."""
    names: dict[str, str] = {}
    for who in dict.fromkeys(line.who for line in lines):
        taken = sum(is_masked(name) for name in names.values())
        names[who] = who if mask(who) == who else f"{mask(who)} {taken + 1}"
    return names


def _act(line: Decision) -> tuple[str, int, int]:
    """The token of a line's act, its place in it, and how many lines the act has; “1f3a9c2e 2/3” is ours."""
    token, _, place = line.act.partition(" ")
    number, _, of = place.partition("/")
    return token, int(number) if number.isdigit() else 0, int(of) if of.isdigit() else 0


def _counted_anew(line: Decision, lost: dict[str, set[int]]) -> str:
    """The act of a line without the lost ones, so that whoever gets the rest does not look for them."""
    token, place, of = _act(line)
    gone = lost.get(token, set())
    if not line.act or not gone or not of:
        return line.act
    return f"{token} {place - sum(other < place for other in gone)}/{of - len(gone)}"


def _has_address(table: pd.DataFrame) -> pd.Series:
    return table["spun"].map(lambda text: mask(text) != text) | table["original"].map(lambda text: mask(text) != text)


def _say_left_out(path: str | Path, decisions: int, proposals: int) -> None:
    counts = Counter(decision=decisions, proposal=proposals)
    named = " and ".join(f"{number:,} {what}{'s'[: number != 1]}" for what, number in counts.items() if number)
    if named:
        warnings.warn(
            f"{path}: {named} on phrases with an e-mail address or telephone number left out. Mend: where the "
            "addresses may be passed on, share(…, masked=False) writes all.",
            stacklevel=3,
        )


def checksum(content: dict) -> str:
    """Return the SHA-256 of a content as canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def open_shared(path: str | Path) -> Shared:
    """Read a shared file and check it; raises `SharingError` that names the file and the mend.

    It comes from somebody else, and is read by a process with bounds on its memory and its time.
    """
    try:
        found = bounded_call(
            "helpers.mapping.sharing:checked", os.path.abspath(path), str(path), seconds=SECONDS_OF_SHARED,
            memory=MEMORY, most=MOST_SHARED, errors=(SharingError,),
        )  # fmt: skip
    except CostlyError as error:
        what = f"reading it needs more than {MEMORY // MB:,} MB" if error.why == "died" else str(error)
        raise SharingError(f"{path}: {what}. Mend: ask for a smaller one.") from None
    content = json.loads(found)
    lines = [Decision(**line) for line in content.pop("decisions")]  # they were parsed there
    return Shared(pd.DataFrame(content.pop("proposals"), columns=PROPOSAL_COLUMNS), lines, **content)


def checked(place: str, path: str) -> bytes:
    """Read a shared file in this process and return what `Shared` holds, as JSON; `path` is what errors call it."""
    try:
        if os.path.getsize(place) > MOST_SHARED:
            raise SharingError(f"{path}: it has more than {MOST_SHARED // MB:,} MB. Mend: ask for a smaller one.")
        whole = json.loads(Path(place).read_text(encoding="utf-8"))
        is_ours, version = whole["format"] == FORMAT, whole["version"]
    except OSError as error:
        raise SharingError(f"{path}: cannot be read ({error.strerror}). Mend: correct its name.") from None
    except RecursionError:
        raise SharingError(f"{path}: it lies too deep within itself. Mend: ask for one made by share().") from None
    except SharingError:
        raise
    except (ValueError, KeyError, TypeError):
        raise SharingError(f"{path}: no shared mapping table, or only a part of one. Mend: ask for it again.") from None
    if not is_ours:
        said = str(whole["format"])[:100]
        raise SharingError(f"{path}: {said!r} is no mapping table. Mend: ask for one made by share().")
    if not isinstance(version, int) or version > VERSION:
        said = str(version)[:20]
        raise SharingError(f"{path}: made by a newer Unspun (version {said}). Mend: update, or ask for {VERSION}.")
    try:
        content = whole["content"]
        if checksum(content) != whole["sha256"]:
            raise SharingError(f"{path}: its checksum does not fit: it was changed on its way. Mend: ask for it again.")
        lines = [parse(json.dumps(line).encode()) for line in content["decisions"]]
        usable = [line.entry() for line in lines if not any(map(is_masked, line.pair))]  # of files of older versions
        facts = {
            "proposals": [[row.get(name) for name in PROPOSAL_COLUMNS] for row in content["proposals"]],
            "decisions": usable,
            "made": str(whole["made"]),
            "unspun": str(whole["unspun"]),
            "sha256": whole["sha256"],
            "left_out": int(whole.get("left_out", 0)) + len(lines) - len(usable),
        }
        return json.dumps(facts).encode()
    except SharingError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = str(error)[:200]
        raise SharingError(f"{path}: a part of it is missing ({said}). Mend: ask for it again.") from None


def join(mapping: MappingTable, other: Shared | MappingTable) -> pd.DataFrame:
    """Add the decisions of a shared table, or of a colleague's folder, and return where people disagree.

    Their lines join ours as they are, with their time and name; what is here already is not added twice, not with a
    masked note either, so it can be done again and again. Of two decisions on a pair the later one counts, until
    somebody decides anew; the pairs that people judge differently are returned (see `disagreements`). Raises
    `MappingError` where a log cannot be read, or ours cannot be written.
    """
    mapping.log.take(other.lines if isinstance(other, Shared) else other.log.ledger().lines)
    return disagreements(mapping.decisions)
