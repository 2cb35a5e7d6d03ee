"""A folder of evidence goes in, from whoever; a table comes out of what in it is as it was stated, and what is not.

Every file is compared with its SHA-256 in both lists, and every wording with the text at its offsets. Nothing outside
of the folder is read, whatever its lists name.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.display.visible import printable
from helpers.report.case import EvidenceError
from helpers.report.manifest import FORM, MANIFEST, SUMS, sha256_of

FINDINGS = "findings.json"
COLUMNS = ["kind", "name", "status", "said"]
GOOD = "as stated"
BAD = CHANGED, MISSING, EXTRA, MALFORMED, ELSEWHERE = "changed", "missing", "not listed", "malformed", "not there"
LINE = re.compile(r"([0-9a-f]{64})  (\S(?:.*\S)?)")
MOST_LIST = 200_000_000  # bytes of a list; one of a site with a thousand findings has some megabytes
Row = tuple[str, str, str, str]


def verify(folder: str | Path) -> pd.DataFrame:
    """Return whether everything in a folder of evidence, or of captures, is as it was when it was made.

    A row for each file, for each list and for each wording: `kind` (file, list, wording), `name`, `status` (as stated;
    changed, missing, not listed, malformed, or for a wording “not there”) and `said`, what is wrong in words. All is
    well where every status is “as stated”; `.attrs["seal"]` is the SHA-256 of `SHA256SUMS`, which stands for the
    whole folder: whoever changes files and all lists alike changes that. Raises `EvidenceError` (a ValueError) where
    there is no such folder, or no `SHA256SUMS` in it.
    """
    place = Path(folder)
    if not place.is_dir():
        raise EvidenceError(f"{place}: there is no such folder. Mend: correct the path.")
    if not (place / SUMS).is_file() or (place / SUMS).is_symlink():
        mend = f"name a folder that unspun evidence or unspun capture made, with its {SUMS}."
        raise EvidenceError(f"{place}: there is no {SUMS} in it, so nothing can be compared. Mend: {mend}")
    return _Check(place).table()


class _Check:
    """A folder as it is looked through."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.rows: list[Row] = []
        self.there = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
        self.digests = {name: sha256_of(path) for name, path in self.there.items() if _is_plain(path)}

    def table(self) -> pd.DataFrame:
        listed = self._listed()
        self._files(listed)
        self._manifest(MANIFEST in listed)
        self._wordings(FINDINGS, FINDINGS in listed)
        table = pd.DataFrame(self.rows, columns=COLUMNS)
        table.attrs["seal"] = self.digests[SUMS]
        return table

    def _add(self, kind: str, name: str, status: str, said: str = "") -> None:
        self.rows.append((kind, printable(name), status, said))

    def _listed(self) -> dict[str, str]:
        """What `SHA256SUMS` says, each file once; its lines are exactly as they were written."""
        wrong = len(self.rows)
        listed: dict[str, str] = {}
        text = _text(self.folder / SUMS)
        if text is None or (text and not text.endswith("\n")):
            self._add("list", SUMS, MALFORMED, "it is no list of SHA-256 in UTF-8, a line a file")
        for number, line in enumerate((text or "").split("\n")[:-1], 1):
            found = LINE.fullmatch(line)
            if found is None or found[2] in listed:
                what = "this file is listed twice" if found else "this is no SHA-256, two blanks, and a file"
                self._add("list", f"{SUMS}, line {number}", MALFORMED, what)
            else:
                listed[found[2]] = found[1]
        if len(self.rows) == wrong:
            self._add("list", SUMS, GOOD)
        return listed

    def _files(self, listed: dict[str, str]) -> None:
        """Each file that is listed or there."""
        for name in sorted({*listed, *self.there} - {SUMS}):
            path = self.there.get(name)
            if path is not None and path.is_dir() and not path.is_symlink() and name not in listed:
                continue
            if name not in listed:
                self._add("file", name, EXTRA, f"it is there, and not in {SUMS}")
            elif path is None:
                self._add("file", name, MISSING, f"it is in {SUMS}, and not there")
            elif name not in self.digests:
                self._add("file", name, CHANGED, "in its place is a link, a folder or another thing that is no file")
            else:
                same = self.digests[name] == listed[name]
                self._add(
                    "file", name, GOOD if same else CHANGED, "" if same else f"its SHA-256 is another than in {SUMS}"
                )

    def _manifest(self, is_listed: bool) -> None:
        """What the manifest says of files and wordings; a folder of an older Unspun has none."""
        if not is_listed and MANIFEST not in self.there:
            return
        stated = self._json(MANIFEST)
        if stated is None:
            return
        if not isinstance(stated, dict) or stated.get("form") != FORM or not isinstance(stated.get("files"), list):
            self._add("list", MANIFEST, MALFORMED, f"it is no manifest of the form “{FORM}”")
            return
        wrong = [*self._wrong_files(stated["files"])]
        for name, status, said in wrong:
            self._add("list", f"{MANIFEST}: {name}", status, said)
        if not wrong:
            self._add("list", MANIFEST, GOOD)
        self._stand(MANIFEST, stated.get("wordings"))

    def _wrong_files(self, files: list[Any]) -> Iterator[tuple[str, str, str]]:
        """What the manifest says of files and is not so; it lists all but itself and `SHA256SUMS`."""
        names = set()
        for one in files:
            if not (isinstance(one, dict) and isinstance(one.get("file"), str)):
                yield "files", MALFORMED, "an entry names no file"
                continue
            name = one["file"]
            names.add(name)
            if name not in self.digests:
                yield name, MISSING, "the manifest names it, and it is not there"
            elif self.digests[name] != one.get("sha256") or self.there[name].stat().st_size != one.get("bytes"):
                yield name, CHANGED, "the manifest has another SHA-256 or size"
        for name in sorted(set(self.digests) - names - {MANIFEST, SUMS}):
            yield name, EXTRA, "the manifest does not name it"

    def _wordings(self, name: str, is_listed: bool) -> None:
        """The wordings that the findings claim."""
        if not is_listed and name not in self.there:
            return
        findings = self._json(name)
        if findings is not None:
            quotes = [one.get("quotes") if isinstance(one, dict) else None for one in _list(findings)]
            self._stand(name, None if None in quotes else [quote for some in quotes for quote in _list(some)])

    def _stand(self, source: str, wordings: Any) -> None:
        """Whether each wording stands at its offsets."""
        if not isinstance(wordings, list):
            self._add("list", source, MALFORMED, "it has no list of wordings")
            return
        claimed: dict[str, list[tuple[int, int, str]]] = {}
        for one in wordings:
            if (claim := _claim(one)) is None:
                self._add("list", source, MALFORMED, "a wording lacks its file, offsets or words")
            else:
                claimed.setdefault(claim[0], []).append(claim[1:])
        for file, claims in claimed.items():
            text = _text(self.there[file]) if file in self.digests else None
            if text is None:
                said = f"{source} claims {len(claims):,} wordings in it, and there is no text that can be read"
                self._add("wording", file, ELSEWHERE, said)
                continue
            for start, end, words in claims:
                stands = text[start:end] == words
                said = "" if stands else f"{source} claims other words than stand there"
                self._add("wording", f"{file}[{start}:{end}]", GOOD if stands else ELSEWHERE, said)

    def _json(self, name: str) -> Any:
        """What a list says; None, and a row, where it cannot be read."""
        text = _text(self.there[name]) if name in self.digests else None
        try:
            said = None if text is None else json.loads(text)
            if said is None:
                raise ValueError
            return said
        except (ValueError, RecursionError):
            self._add("list", name, MALFORMED, "it is no JSON that can be read")
            return None


def _claim(one: Any) -> tuple[str, int, int, str] | None:
    """A wording as a list states it: file, start, end, words; None where something of it is missing or odd."""
    try:
        file, start, end, words = (one[name] for name in ("file", "start", "end", "words"))
    except (TypeError, KeyError):
        return None
    is_one = (*map(type, (file, start, end, words)),) == (str, int, int, str) and 0 <= start <= end
    return (file, start, end, words) if is_one else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _text(path: Path) -> str | None:
    """The text of a file, its line breaks as they are; None for what is none, or far too long."""
    try:
        return path.read_bytes().decode() if path.stat().st_size <= MOST_LIST else None
    except (OSError, UnicodeDecodeError):
        return None
