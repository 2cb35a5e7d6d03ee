"""Web archives or a table of pages go in; the answers of hosts that may hold indicators come out, one by one.

Those are web pages, `ads.txt`, `app-ads.txt` and `sellers.json`, icons and style sheets. Everything else in an archive
is passed over. Nothing is fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd

from helpers.corpus.formats.archives import GZIP, GzipStream
from helpers.corpus.formats.saved_pages import LOOKS_LIKE_HTML, PAGES
from helpers.corpus.formats.web_archives import ANEW, ENDINGS, whole_body
from helpers.files.limits import MB, MOST_FILE, MOST_MEMBERS, MOST_PAGE
from helpers.files.problems import Problem, RecordError
from helpers.sites.page_reading import ICON, LINES, PAGE, SELLERS, SHEET

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

BY_PATH = {"/ads.txt": LINES, "/app-ads.txt": LINES, "/sellers.json": SELLERS}
ICONS = re.compile(r"(?i)favicon|apple-touch-icon|/icon[\w-]*\.(?:ico|png|svg)\Z|\.ico\Z")
MOST_FILED = {ICON: 1 * MB, SHEET: 5 * MB, LINES: 5 * MB, SELLERS: 20 * MB}  # bytes; honest ones have a tenth
# A page as the Wayback Machine hands it out: the address behind its own is that of the page.
HANDED_OUT = re.compile(r"https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?://)")
HEAD = 2048  # bytes of a body that are looked at for a page
TOO_LONG = "leave it out: pages that people read have less."
COLUMNS = ("url", "html")


@dataclass(frozen=True)
class Stored:
    """An answer as it was kept: its address, its headers, what it is and its bytes, unpacked."""

    url: str
    headers: list[tuple[str, str]]
    what: str
    body: bytes
    file: str
    place: str


def stored_answers(pages: str | Path | list | pd.DataFrame) -> Iterator[Stored | Problem]:
    """Yield the answers in web archives (a file, a folder with all below it, a list of these) or in a table.

    A table has the columns `url`, `html` (text or bytes) and, if it likes, `headers` (a dictionary or pairs). What
    cannot be read is a `Problem`. Raises FileNotFoundError where there is no such file, ValueError for a table that
    lacks a column.
    """
    if isinstance(pages, pd.DataFrame):
        yield from _of_table(pages)
        return
    for path in _files(pages):
        try:
            yield from _of_archive(path)
        except (RecordError, OSError) as error:
            problem, mend = (error.problem, error.mend) if isinstance(error, RecordError) else (str(error), ANEW)
            yield Problem(str(path), 0, problem, mend)


def _files(pages: str | Path | list) -> list[Path]:
    if isinstance(pages, list | tuple):
        return [path for one in pages for path in _files(one)]
    path = Path(pages)
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"{path}: there is no such file or folder. Mend: correct the path.")
    found = archives_below(path)
    if len(found) > MOST_MEMBERS:
        raise ValueError(f"{path}: more than {MOST_MEMBERS:,} web archives. Mend: name a folder further down.")
    return found


def archives_below(folder: Path) -> list[Path]:
    """Return the web archives in a folder and in all below it, in order."""
    return sorted(path for path in folder.rglob("*") if path.name.lower().endswith(ENDINGS) and path.is_file())


def _of_table(pages: pd.DataFrame) -> Iterator[Stored]:
    missing = [name for name in COLUMNS if name not in pages]
    if missing:
        raise ValueError(
            f"the table of pages lacks {' and '.join(missing)}. Mend: give it the columns url, html and headers."
        )
    headers = pages["headers"] if "headers" in pages else [None] * len(pages)
    for number, (url, html, said) in enumerate(zip(pages["url"], pages["html"], headers, strict=True), 1):
        pairs = list(said.items()) if isinstance(said, dict) else list(said) if isinstance(said, list | tuple) else []
        url = HANDED_OUT.sub("", str(url))
        known = [(str(name).lower(), str(value)) for name, value in pairs]
        if isinstance(html, str):  # it is decoded already, whatever the headers say
            html = html.encode("utf-8", "replace")
            known = [(name, value) for name, value in known if name != "content-type"]
            known.append(("content-type", "text/html; charset=utf-8"))
        what = BY_PATH.get(_path(url), PAGE)
        if isinstance(html, bytes):
            yield Stored(url, known, what, html, "the table", f"row {number}")


def _of_archive(path: Path) -> Iterator[Stored | Problem]:
    from warcio.archiveiterator import ArchiveIterator

    if path.stat().st_size > MOST_FILE:
        raise RecordError(f"it has more than {MOST_FILE // MB:,} MB.", "split it.")
    with open(path, "rb") as packed:
        gzipped = packed.read(2) == GZIP
        packed.seek(0)
        content = GzipStream(packed) if gzipped else packed
        archive, number, damage = ArchiveIterator(content, verify_http=False), 0, ""
        while True:
            try:
                record = next(archive)
            except StopIteration:
                break
            except Exception as error:  # warcio raises its own errors and those of zlib and of whatever it parses
                damage = str(error)[:200]
                break
            number += 1
            yield from _of_record(record, str(path), f"record {number}")
        if damage := damage or getattr(content, "damage", ""):
            yield Problem(str(path), 0, f"nothing after record {number} can be read ({damage}).", ANEW)
        elif not number:
            yield Problem(str(path), 0, "it holds no record.", ANEW)


def _of_record(record: "ArcWarcRecord", file: str, place: str) -> Iterator[Stored | Problem]:
    if record.rec_type not in ("response", "resource"):
        return
    try:
        url = HANDED_OUT.sub("", (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> "))
        headers = [
            (name.lower(), value) for name, value in (record.http_headers.headers if record.http_headers else [])
        ]
        status = record.http_headers.get_statuscode() if record.http_headers else "200"
        declared = dict(headers).get("content-type") or record.rec_headers.get_header("Content-Type") or ""
        if not re.match("2", status or ""):
            return
        body = whole_body(record, TOO_LONG)
        what = _what(url, declared.split(";")[0].strip().lower(), body)
        if what and len(body) <= MOST_FILED.get(what, MOST_PAGE):
            yield Stored(url, headers, what, body, file, place)
    except RecordError as error:
        yield Problem(file, 0, error.problem, error.mend, place)
    except Exception as error:  # warcio lets pass what the chunks of a page raise
        yield Problem(file, 0, f"damaged ({str(error)[:200]}).", ANEW, place)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


def _what(url: str, declared: str, body: bytes) -> str:
    """What an answer is; empty where it can hold no indicator that is looked for."""
    path = _path(url)
    if path in BY_PATH:
        return "" if LOOKS_LIKE_HTML.match(body[:HEAD]) else BY_PATH[path]
    if declared.startswith("image/"):
        return ICON if ICONS.search(path) or declared in ("image/x-icon", "image/vnd.microsoft.icon") else ""
    if declared == "text/css":
        return SHEET
    return PAGE if declared in PAGES or LOOKS_LIKE_HTML.match(body[:HEAD]) else ""
