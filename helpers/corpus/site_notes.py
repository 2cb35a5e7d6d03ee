"""A corpus folder goes in; what its `site.yml` says about a site comes out, or an error that names entry and mend.

In `site.yml` a researcher notes what no text shows. Every note has its date and its source, and reports print it, as it
was written (“No” is a word there, no truth value):

    orbital.example:
      - topic: registrant
        text: Registered through a privacy service since 3 May 2024.
        date: 2025-11-02
        source: WHOIS record, saved as whois-2025-11-02.txt
"""

import re
import warnings
from datetime import date
from pathlib import Path

import pandas as pd
import yaml

from helpers.corpus.articles import TABLE as ARTICLES_TABLE
from helpers.corpus.articles import CorpusError, read_table
from helpers.files.urls import host_of_site

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

    Columns: `site` (as in `articles.csv`, however it is written here), `topic` (advertising, registrant, traffic,
    owner, publishers, other), `text`, `date` (when it was found out), `source`. Raises `SiteNotesError` where the file
    is no YAML, a site or a field stands there twice, or a note lacks a field; warns of sites that have no spun article.
    """
    path = Path(corpus) / FILE
    if not path.exists():
        return pd.DataFrame(columns=COLUMNS)
    stored = _load(path)
    if not isinstance(stored, dict) or not all(isinstance(site, str) for site in stored):
        raise SiteNotesError(f"{path}: it must begin with the name of a site. Mend: {_EXAMPLE}")
    sites = _as_in_corpus(path, list(stored))
    rows = [
        (sites[site], *_checked(path, site, number, note))
        for site, notes in stored.items()
        for number, note in enumerate(_as_list(path, site, notes), 1)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["topic"].map({topic: place for place, topic in enumerate(TOPICS)})
    return table.assign(order=order).sort_values(["site", "order", "date"], kind="stable", ignore_index=True)[COLUMNS]


class _TwiceError(ValueError):
    """A key that stands twice in one mapping."""


def _load(path: Path) -> object:
    """What the file holds, {} where it is empty."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader) or {}
    except _TwiceError as error:
        raise SiteNotesError(f"{path}, {error}. Mend: put both under one name, as a list.") from None
    except RecursionError:
        raise SiteNotesError(f"{path}: no valid YAML (its brackets are nested too deep). Mend: {_EXAMPLE}") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        said = " ".join(str(error).split())[:300]
        raise SiteNotesError(f"{path}: no valid YAML ({said}). Mend: {_EXAMPLE}") from None


def _as_in_corpus(path: Path, names: list[str]) -> dict[str, str]:
    """The sites in the notes, each with the name that spun articles on it bear in the corpus; warns where none does."""
    known = _sites_with_spun_articles(path.parent)
    if known is None:
        return {name: name for name in names}
    by_host = {host_of_site(site): site for site in reversed(known)}
    by_host.pop("", None)
    found = {name: name if name in known else by_host.get(host_of_site(name), "") for name in names}
    for name in [name for name in names if not found[name]]:
        warnings.warn(
            f"{path}: no spun article of the corpus is on “{name}”, so no report prints these notes. Mend: write the "
            f"site as in {ARTICLES_TABLE}, or add its articles.",
            stacklevel=3,
        )
    return {name: site or name for name, site in found.items()}


def _sites_with_spun_articles(corpus: Path) -> list[str] | None:
    """The sites of the spun articles of a corpus, None where its table is bad, which loading the corpus says."""
    try:
        return list(dict.fromkeys(row["site"] for row in read_table(corpus) if row["role"] == "spun"))
    except CorpusError:
        return None


class _Loader(yaml.SafeLoader):
    """YAML in which every scalar but null is text, and no key may stand twice in a mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Build a mapping; raises `_TwiceError` for a key that would push out what stands under the same one."""
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                if key.value in seen:
                    raise _TwiceError(f"line {line}: “{key.value}” stands there twice, first on line {seen[key.value]}")
                seen[key.value] = line
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in forms if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for sign, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

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
        written = note.get(field)
        if written is None or (isinstance(written, str) and not written.strip()):
            raise SiteNotesError(f"{where}: {field} is missing. Mend: every note needs topic, text, date and source.")
        if not isinstance(written, str):
            raise SiteNotesError(f"{where}: {field} is no text. Mend: write one there, in quotation marks if need be.")
    if note["topic"] not in TOPICS:
        raise SiteNotesError(f"{where}: unknown topic {note['topic']!r}. Mend: use one of {', '.join(TOPICS)}.")
    return note["topic"], note["text"].strip(), _as_date(where, note["date"]), note["source"].strip()


def _as_date(where: str, written: str) -> date:
    """A date with or without a time behind it, also with months and days of one digit, as YAML has them."""
    day = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+\d{1,2}:\d{2}.*)?", written.strip())
    try:
        if day is None:
            raise ValueError(written)
        return date(*map(int, day.groups()))
    except ValueError:
        raise SiteNotesError(f"{where}: {written!r} is no date. Mend: write it as 2025-11-02.") from None
