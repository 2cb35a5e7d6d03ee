"""A folder of evidence goes in; a list of its files, articles, wordings and tools is in it afterwards, for `verify`.

`manifest.json` says what each file is and with what it was made; `SHA256SUMS` holds the SHA-256 of every file, the
manifest's too, in a form that a computer without Unspun can check.
"""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.files.dates import now
from helpers.report.rendering import shown, web_address

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FORM = "unspun evidence 1"  # another number where a reader of this one would misread it
# What reads, compares and draws; another version of one of them may read another text off a page.
TOOLS = ["lxml", "numba", "numpy", "pandas", "playwright", "scipy", "trafilatura", "warcio"]
OF_ARTICLE = ["article_id", "role", "site", "title", "published", "retrieved", "provenance"]
WAYBACK, ARCHIVE_TODAY = "https://web.archive.org/web/", "https://archive.today/"


def write_manifest(
    folder: Path,
    articles: Iterable[Mapping[str, Any]],
    wordings: list[dict[str, Any]],
    pictures: list[dict[str, Any]],
    chromium: str = "",
) -> None:
    """Write `manifest.json` and `SHA256SUMS` into a folder in which everything else lies.

    `articles` are rows of a corpus with `article_id`, `url`, `text_file`, `text_sha256`; `wordings` name a `file`, a
    `start`, an `end` and the `words` there; `pictures` are those of `take_captures`.
    """
    digests = {name: digest for name, digest in _digests(folder).items() if name != MANIFEST}
    stated = {
        "form": FORM,
        "made": now().replace(microsecond=0).isoformat(),
        "tools": tools(chromium),
        "files": [
            {"file": name, "bytes": (folder / name).stat().st_size, "sha256": digest}
            for name, digest in digests.items()
        ],
        "articles": [_of_article(row) for row in articles],
        "pictures": pictures,
        "wordings": wordings,
    }
    (folder / MANIFEST).write_text(json.dumps(stated, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    listed = sorted({**digests, MANIFEST: sha256_of(folder / MANIFEST)}.items())
    (folder / SUMS).write_text(_as_list(listed), encoding="utf-8")


def sums(folder: Path) -> str:
    """Return the SHA-256 of every file in a folder but the list itself, in the form that `sha256sum -c` reads."""
    return _as_list(_digests(folder).items())


def _digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder but `SHA256SUMS`, by its place, in the same order on every computer."""
    places = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != SUMS}
    return {name: sha256_of(folder / name) for name in sorted(places)}


def _as_list(digests: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in digests)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with open(path, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def tools(chromium: str = "") -> dict[str, Any]:
    """Return with what something was made: Unspun, Python, the system's kind, Chromium (if it was asked), packages."""
    found = {"unspun": version("unspun"), "python": platform.python_version(), "system": platform.system()}
    return found | ({"chromium": chromium} if chromium else {}) | {"packages": _packages()}


def _packages() -> dict[str, str]:
    found = {}
    for name in TOOLS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an installation without it makes the same tables
            continue
    return found


def _of_article(row: Mapping[str, Any]) -> dict[str, Any]:
    """An article as the manifest has it; its text is found in the folder, its page perhaps at web archives."""
    said = {name: _plain(row[name]) for name in OF_ARTICLE}
    said = {name: shown(value) if isinstance(value, str) else value for name, value in said.items()}
    address = web_address(str(row["url"]))
    files = {"text_file": row["text_file"], "text_sha256": row["text_sha256"]}
    return {**said, "address": address, **files, "at_web_archives": archive_addresses(address, row["retrieved"])}


def _plain(value: Any) -> str | None:
    """A value of a table as JSON has it; None for a time that is not known."""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return None if value is None or value is pd.NaT else str(value)


def archive_addresses(address: str, retrieved: pd.Timestamp | None = None) -> dict[str, str]:
    """Return where public web archives would have a page; whether they have it was not asked, nothing is fetched.

    The first is what the Wayback Machine has nearest to the hour at which the page was saved, where that is known.

    >>> archive_addresses("https://site.example/a")["archive.today"]
    'https://archive.today/https://site.example/a'
    """
    if not address:
        return {}
    nearest = {}
    if retrieved is not None and not pd.isna(retrieved):
        nearest = {"Wayback Machine, nearest to when it was saved": f"{WAYBACK}{retrieved:%Y%m%d%H%M%S}/{address}"}
    return {
        **nearest, "Wayback Machine, all": f"{WAYBACK}*/{address}", "archive.today": f"{ARCHIVE_TODAY}{address}"
    }  # fmt: skip
