"""A comparison and a folder go in; its page and its table lie there, and nothing of anybody else's is lost.

The page holds fingerprints of itself, of the table and of the texts. So a later run knows its own files, also a page
that somebody wrote a note into, or a table with a column added.
"""

import hashlib
import os
import re
from pathlib import Path

from helpers.command.compare_page import compare_page
from helpers.command.compare_texts import Compared, Source
from helpers.command.terminal import failure, writing
from helpers.display.export import write_csv
from helpers.files.atomic import write_file

PAGE, TABLE = "index.html", "substitutions.csv"
BLANK = "0" * 64  # stands for the page's own fingerprint while it is computed
FINGERPRINT = re.compile(r'<meta name="unspun-(page|table|texts)" content="([0-9a-f+]+)">')


def may_write(folder: Path, sources: tuple[Source, Source], force: bool = False) -> None:
    """Raise an error where a file would be lost that is not this comparison's, or where there can be no such folder."""
    if folder.exists() and not folder.is_dir():
        raise failure(folder, "this is a file, and a folder is wanted.", "name another folder with --out.")
    there = [name for name in (PAGE, TABLE) if (folder / name).exists()]
    if force or not there:
        return
    mend = "name another folder with --out, or replace what is there with --force."
    known = _fingerprints(folder / PAGE)
    for name in there:
        if not known or not _is_whole(folder, name, known):
            raise failure(folder / name, "this file is there already, and it is not as unspun compare wrote it.", mend)
    if known["texts"] != _texts(sources):
        raise failure(folder, "it holds a comparison of other texts.", mend)


def write(compared: Compared, folder: Path, force: bool = False) -> tuple[Path, Path]:
    """Write the page and the table, both or none; return their paths."""
    may_write(folder, (compared.spun, compared.reference), force)
    drafts = {name: folder / f".{name}.{os.getpid()}.draft" for name in (TABLE, PAGE)}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            write_csv(compared.masked, drafts[TABLE])
            known = {"table": _digest(drafts[TABLE].read_bytes()), "texts": _texts((compared.spun, compared.reference))}
            page = compare_page(compared, {**known, "page": BLANK})
            write_file(drafts[PAGE], page.replace(BLANK, _digest(page.encode()), 1))
            for name, draft in drafts.items():
                os.replace(draft, folder / name)
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)
    return folder / PAGE, folder / TABLE


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _texts(sources: tuple[Source, Source]) -> str:
    return "+".join(source.text_sha256 for source in sources)


def _fingerprints(page: Path) -> dict[str, str]:
    """What a page says of itself; nothing where it is none of ours."""
    if not page.is_file():
        return {}
    found = dict(FINGERPRINT.findall(page.read_text(encoding="utf-8", errors="replace")))
    return found if len(found) == 3 else {}


def _is_whole(folder: Path, name: str, known: dict[str, str]) -> bool:
    """Tell whether a file is as it was written."""
    content = (folder / name).read_bytes()
    if name == TABLE:
        return _digest(content) == known["table"]
    return _digest(content.replace(known["page"].encode(), BLANK.encode(), 1)) == known["page"]
