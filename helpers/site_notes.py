"""A corpus folder goes in; what its `site.yml` says about a site comes out, or an error that names entry and mend.

In `site.yml` a researcher notes what no text shows. Every note has its date and its source, and reports print it:

    orbital.example:
      - topic: registrant
        text: Registered through a privacy service since 3 May 2024.
        date: 2025-11-02
        source: WHOIS record, saved as whois-2025-11-02.txt
"""

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import yaml

FILE = "site.yml"
# In the order in which a report prints them. “other” is for everything else.
TOPICS = {
    "advertising": "Advertising networks",
    "registrant": "Registration",
    "traffic": "Traffic",
    "owner": "What the owner answered",
    "publishers": "What the publishers said",
    "other": "Other notes",
}
COLUMNS = ["site", "topic", "text", "date", "source"]


class SiteNotesError(ValueError):
    """What is wrong in `site.yml`, with the entry and how to mend it."""


def read_site_notes(corpus: str | Path) -> pd.DataFrame:
    """Return the notes of `site.yml` in a corpus folder, none where there is no such file.

    Columns: `site`, `topic` (advertising, registrant, traffic, owner, publishers, other), `text`, `date` (when it was
    found out), `source`. Raises `SiteNotesError` where the file is no YAML, or a note lacks one of these.
    """
    path = Path(corpus) / FILE
    if not path.exists():
        return pd.DataFrame(columns=COLUMNS)
    try:
        stored = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise SiteNotesError(f"{path}: no valid YAML ({' '.join(str(error).split())}). Mend: {_EXAMPLE}") from None
    if not isinstance(stored, dict):
        raise SiteNotesError(f"{path}: it must begin with the name of a site. Mend: {_EXAMPLE}")
    rows = [
        _checked(path, str(site), number, note)
        for site, notes in stored.items()
        for number, note in enumerate(_as_list(path, str(site), notes), 1)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["topic"].map({topic: place for place, topic in enumerate(TOPICS)})
    return table.assign(order=order).sort_values(["site", "order", "date"], kind="stable", ignore_index=True)[COLUMNS]


_EXAMPLE = "write “site.example:”, below it “  - topic: …” with text, date and source, as in corpus/README.md."


def _as_list(path: Path, site: str, notes: object) -> list:
    if not isinstance(notes, list):
        raise SiteNotesError(f"{path}, {site}: its notes are no list. Mend: {_EXAMPLE}")
    return notes


def _checked(path: Path, site: str, number: int, note: object) -> tuple:
    where = f"{path}, {site}, note {number}"
    if not isinstance(note, dict):
        raise SiteNotesError(f"{where}: it has no fields. Mend: {_EXAMPLE}")
    unknown = sorted(set(map(str, note)) - set(COLUMNS[1:]))
    if unknown:
        raise SiteNotesError(f"{where}: unknown field {unknown[0]!r}. Mend: the fields are topic, text, date, source.")
    for field in COLUMNS[1:]:
        if note.get(field) is None or not str(note[field]).strip():
            raise SiteNotesError(f"{where}: {field} is missing. Mend: every note needs topic, text, date and source.")
    if note["topic"] not in TOPICS:
        raise SiteNotesError(f"{where}: unknown topic {note['topic']!r}. Mend: use one of {', '.join(TOPICS)}.")
    return site, note["topic"], str(note["text"]).strip(), _as_date(where, note["date"]), str(note["source"]).strip()


def _as_date(where: str, written: object) -> date:
    if isinstance(written, datetime):
        return written.date()
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise SiteNotesError(f"{where}: {written!r} is no date. Mend: write it as 2025-11-02.") from None
