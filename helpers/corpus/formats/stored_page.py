"""The stored file of a page goes in; its HTML comes out for who draws it, with the files that were stored with it.

Web archives, MHTML, Safari's archives and HTML are read, by a process with bounds. Nothing is fetched and nothing is
run. The HTML is that of the page, decoded; no word of it is changed.
"""

import json
import mimetypes
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from helpers.corpus.formats.archives import GzipStream, unpacked
from helpers.corpus.formats.encodings import is_binary
from helpers.corpus.formats.saved_pages import (
    LOOKS_LIKE_HTML,
    PAGES,
    SavedFile,
    mhtml_files,
    read_whole,
    webarchive_files,
)
from helpers.corpus.formats.sniff import kind_of, start_of
from helpers.corpus.formats.web_archives import archived_files
from helpers.corpus.formats.web_page import page_text
from helpers.files.bounded_call import CostlyError, bounded_call
from helpers.files.limits import MB, MEMORY, MOST_FILE, MOST_PAGE, MOST_WHOLE, SECONDS
from helpers.files.problems import RecordError
from helpers.files.urls import led_on, same_page

MOST_BESIDE = 64 * MB  # bytes of style sheets, pictures and fonts; a page of a newspaper has some 5 MB of them
MOST_FILES = 2_000  # of them; some dozens are usual
NEEDED_TO_DRAW = re.compile(r"text/css|image/|font/|application/(?:x-)?font|application/vnd\.ms-fontobject")
NOWHERE = "http://page.invalid/"  # where a page was that does not say it; no host can have this name (RFC 2606)
IN_TAGS = re.compile(r"<[a-zA-Z][^>]{0,20000}>")
CID = re.compile(r"cid:([^\s\"'<>()]{1,500})")
SHADOW = re.compile(r"(<template\b[^>]{0,500}?\bshadowrootmode\s*=\s*[\"']?)closed\b", re.I)
UNSAID = ("", "text/plain", "application/octet-stream", "binary/octet-stream")  # what says nothing of a file
FORMS = ("html", "mhtml", "webarchive", "warc")
ANEW = "import the article again, or bring the file back from a copy."


class StoredPage(NamedTuple):
    """A page as a browser is given it: where its HTML lies, where it was, what was stored with it (address → file)."""

    html: Path
    address: str
    files: dict[str, tuple[str, Path]]  # by `key_of` its address: its type, and where it lies
    is_cut: bool  # more was stored with it than is used


def stored_page(path: Path, address: str, archives: Iterable[Path], folder: Path) -> StoredPage | None:
    """Unpack the page in a file into an empty folder and return it; None for a file that holds no page, but text.

    `address` is where the page was, if that is known: it chooses among several pages. `archives` are further web
    archives in which style sheets and pictures are looked for. Raises `RecordError` where a file cannot be read.
    """
    places = [str(archive.absolute()) for archive in archives]
    try:
        found = bounded_call(
            "helpers.corpus.formats.stored_page:unpack", str(path.absolute()), address, places, str(folder.absolute()),
            seconds=SECONDS, memory=MEMORY, most=10 * MB,
        )  # fmt: skip
    except CostlyError as error:
        raise RecordError(f"the page in it cannot be read: {error}.", ANEW) from None
    except RuntimeError as error:  # what the parsers of hostile files raise
        raise RecordError(f"the page in it cannot be read ({str(error)[:200]}).", ANEW) from None
    if not (known := json.loads(found)):
        return None
    if "problem" in known:
        raise RecordError(known["problem"], known["mend"])
    files = {name: (kind, folder / file) for name, (kind, file) in known["files"].items()}
    return StoredPage(folder / known["html"], known["address"], files, known["is_cut"])


def is_web_archive(path: Path) -> bool:
    """Tell whether a file is one in which the files of a page may lie: WARC, ARC, MHTML, or one of Safari's."""
    try:
        return kind_of(path.name, start_of(path), path)[0] in FORMS[1:]
    except (RecordError, OSError):
        return False


def key_of(address: str) -> str:
    """Return what a stored file is found by, however its address is escaped.

    >>> key_of("https://site.example/a%20b.css#top")
    'https://site.example/a b.css'
    """
    return unquote(address.partition("#")[0])


def unpack(path: str, address: str, archives: list[str], folder: str) -> bytes:
    """Write the page and the files with it into a folder; return where, as JSON (null for what is no page).

    Runs in a process of its own, see `stored_page`.
    """
    try:
        taken = _Taken(Path(folder), address)
        taken.take(_files_in(Path(path)), is_own=True)
        for archive in archives:
            taken.take(_files_in(Path(archive)), is_own=False)
        return json.dumps(taken.written()).encode()
    except RecordError as error:
        return json.dumps({"problem": error.problem, "mend": error.mend}).encode()
    except OSError as error:
        return json.dumps({"problem": f"it cannot be read ({error.strerror}).", "mend": ANEW}).encode()


def _files_in(path: Path) -> Iterator[SavedFile]:
    """The files in a stored file, the page among them; none where it is text or a table."""
    kind, gzipped = kind_of(path.name, start_of(path), path)
    if kind not in FORMS:
        return
    if kind == "warc":
        if path.stat().st_size > MOST_FILE:
            raise RecordError(f"it has more than {MOST_FILE // MB:,} MB.", "split it.")
        with open(path, "rb") as content:
            yield from archived_files(GzipStream(content) if gzipped else content)
        return
    if gzipped:
        with unpacked(path) as (content, _):
            whole = content.read(MOST_WHOLE)
    else:
        whole = read_whole(path, MOST_PAGE if kind == "html" else MOST_WHOLE)
    if kind == "html":
        yield SavedFile([], PAGES[0], "", partial(bytes, whole))
    else:
        yield from mhtml_files(whole) if kind == "mhtml" else webarchive_files(whole)


class _Taken:
    """The page, and the files that were stored with it, as they are met."""

    def __init__(self, folder: Path, address: str):
        self.folder, self.wanted = folder, address
        self.page: tuple[str, str, bytes] | None = None  # where it was, its encoding, its bytes
        self.is_sure = self.is_cut = False
        self.files: list[tuple[list[str], str, str]] = []
        self.room = MOST_BESIDE

    def take(self, found: Iterator[SavedFile], is_own: bool) -> None:
        """Keep of these what is the page (`is_own`: it may be among them) or is needed to draw it."""
        for one in found:
            kind = _kind(one)
            if NEEDED_TO_DRAW.match(kind):
                self._take_file(one, kind)
            elif is_own and not self.is_sure and kind in (*PAGES, *UNSAID):
                content = one.content()
                if kind in PAGES or LOOKS_LIKE_HTML.match(content):
                    self._take_page(one, content)

    def _take_page(self, one: SavedFile, content: bytes) -> None:
        address = one.names[0] if one.names else ""
        is_it = bool(self.wanted and address) and same_page(self.wanted) == same_page(address)
        if self.page is None or is_it:
            self.page, self.is_sure = (address, one.charset, content), is_it

    def _take_file(self, one: SavedFile, kind: str) -> None:
        try:
            content = one.content()
        except Exception:  # whatever it is damaged by: it is missing in the picture of the page, and counted so
            return
        if len(content) > self.room or len(self.files) == MOST_FILES:
            self.is_cut = True
            return
        self.room -= len(content)
        name = f"{len(self.files)}.part"
        (self.folder / name).write_bytes(content)
        self.files.append((one.names, kind, name))

    def written(self) -> dict | None:
        """Write the page; return what `StoredPage` wants."""
        if self.page is None:
            return None
        stored_at, charset, content = self.page
        if len(content) > MOST_PAGE or is_binary(content):
            raise RecordError("the page in it is too long, or no text.", ANEW)
        html = as_drawn(page_text(content, charset)[0].replace("\x00", "\ufffd"))
        address = next((one for one in (self.wanted, stored_at) if is_web(one)), NOWHERE)
        base = stored_at or address
        files: dict[str, tuple[str, str]] = {}
        for names, kind, file in self.files:
            for name in names:
                files.setdefault(key_of(at_cid(name) if name.startswith("cid:") else led_on(name, base)), (kind, file))
        for _, kind, file in self.files:
            if kind == "text/css":
                self._rewrite(file)
        (self.folder / "page.html").write_text(html, encoding="utf-8")
        return {"html": "page.html", "address": address, "files": files, "is_cut": self.is_cut}

    def _rewrite(self, file: str) -> None:
        """Lead what a style sheet asks of the same MHTML file to where it is found."""
        content = (self.folder / file).read_bytes()
        if b"cid:" in content:
            text = CID.sub(lambda found: at_cid(found[0]), content.decode("utf-8", "replace"))
            (self.folder / file).write_bytes(text.encode())


def as_drawn(html: str) -> str:
    """Return a page's HTML with what no browser would find or we could not see into led elsewhere; no word changes.

    >>> as_drawn('<img src="cid:a@b">'), as_drawn('<template shadowrootmode="closed">')
    ('<img src="https://cid.invalid/a%40b">', '<template shadowrootmode="open">')
    """
    html = IN_TAGS.sub(lambda tag: CID.sub(lambda found: at_cid(found[0]), tag[0]), html) if "cid:" in html else html
    return SHADOW.sub(r"\1open", html)


def at_cid(name: str) -> str:
    """Return the address at which a browser asks for a part of an MHTML file.

    >>> at_cid("cid:a@b")
    'https://cid.invalid/a%40b'
    """
    return f"https://cid.invalid/{quote(name.removeprefix('cid:'), safe='')}"


def is_web(address: str) -> bool:
    """Tell whether this is an address of a web page, with a host."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\x00-\x20\x7f]", address)
    except ValueError:
        return False


def _kind(one: SavedFile) -> str:
    """What a file is: what its archive says, else what its name says."""
    if one.kind not in UNSAID:
        return one.kind
    name = one.names[0] if one.names else ""
    return mimetypes.guess_type(name.split("?")[0])[0] or one.kind
