"""The first bytes and the name of a file go in; what kind of file it is comes out.

Content goes before the name: a file called `articles.csv` that is a ZIP is read as what it is. Only among plain texts
(CSV, TSV, text, Markdown, HTML) does the ending decide.
"""

import re
import zlib
from pathlib import Path

from helpers.corpus.formats.archives import GZIP, ZIP, is_excel, member_bytes, open_zip
from helpers.corpus.formats.encodings import wide
from helpers.corpus.formats.saved_pages import LOOKS_LIKE_HTML
from helpers.files.problems import RecordError

ENDINGS = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".mhtml": "mhtml", ".mht": "mhtml", ".webarchive": "webarchive",
    ".warc": "warc", ".arc": "warc", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".json": "json", ".parquet": "parquet", ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel",
    ".txt": "text", ".md": "text", ".markdown": "text", ".text": "text", ".xml": "xml", ".rss": "xml", ".atom": "xml",
    ".rdf": "xml", ".zip": "zip",
}  # fmt: skip
BINARY = {
    "parquet": "Parquet",
    "excel": "Excel (.xlsx)",
    "zip": "ZIP",
    "warc": "WARC",
    "webarchive": "a web archive of Safari",
}
START = 4096  # bytes that are looked at
OLE = b"\xd0\xcf\x11\xe0"
LOCKED = ("an Excel file that is locked with a password.", "open it, take the password off and save it anew.")
NOT_READ = {
    b"%PDF": ("a PDF.", "copy its text into a .txt file, or save the page as HTML."),
    OLE: ("an old Excel or Word file.", "save it as .xlsx, .csv or .txt."),
    b"\x89PNG": ("a picture.", "type or paste its text."),
    b"\xff\xd8\xff": ("a picture.", "type or paste its text."),
    b"7z\xbc\xaf": ("a 7-Zip file.", "unpack it and point at the folder."),
    b"Rar!": ("a RAR file.", "unpack it and point at the folder."),
    b"{\\rtf": ("an RTF file.", "open it and save it as text (UTF-8), or copy its text into a .txt file."),
    b"BZh": ("compressed with bzip2.", "unpack it, or compress it with gzip."),
    b"\xfd7zXZ": ("compressed with xz.", "unpack it, or compress it with gzip."),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd.", "unpack it, or compress it with gzip."),
}
MAIL = re.compile(rb"\A(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){0,20}?MIME-Version:", re.I)
BINARY_PLIST = b"bplist0"
XML_PLIST = re.compile(rb"[\s\xef\xbb\xbf]*(?:<\?xml[^>]{0,200}>\s*)?(?:<!DOCTYPE plist[^>]{0,300}>\s*)?<plist\b", re.I)
HAR = re.compile(rb"\{\s*\"log\"\s*:\s*\{")
TEXTS = ("text", "csv", "tsv", "json", "jsonl", "")
# What tells that a ZIP is a document of another kind: one of these names, or the beginning of the file `mimetype`.
ZIPPED = {
    "word/document.xml": ("a Word file.", "save it as text (.txt, UTF-8)."),
    "ppt/presentation.xml": ("a PowerPoint file.", "copy its text into a .txt file."),
    "Index/Document.iwa": ("a file of Numbers, Pages or Keynote.", "export it as .xlsx, .csv or .txt."),
    "datapackage.json": ("a WACZ file.", "unpack it as a ZIP and read the .warc.gz files in its folder archive."),
}
OPEN_DOCUMENT = ("an OpenDocument file.", "save it as .xlsx, .csv or .txt (UTF-8).")
XML_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex|html)\b", re.I)


def kind_of(name: str, start: bytes, source: Path | None = None) -> tuple[str, bool]:
    """Return the kind (a value of `ENDINGS`, `feed` or `sitemap` for XML) and whether it is gzipped.

    Raises `RecordError`, with a mend, for a kind that is not read.

    >>> kind_of("page.html", b"<html>"), kind_of("feed.xml", b'<?xml version="1.0"?><rss>')
    (('html', False), ('feed', False))
    """
    if start.startswith(GZIP):
        inner = _first_bytes(start)
        plain = name[:-3] if name.lower().endswith(".gz") else name
        return kind_of(plain, inner, None)[0] if inner else ENDINGS.get(Path(plain).suffix.lower(), "text"), True
    of_excel = name.lower().endswith((".xlsx", ".xlsm"))
    for signature, (what, mend) in NOT_READ.items():
        if start.startswith(signature):
            what, mend = LOCKED if of_excel and signature == OLE else (what, mend)
            raise RecordError(f"it is {what}", mend)
    said = ENDINGS.get(Path(name).suffix.lower(), "")
    if start.startswith(b"PAR1"):
        return "parquet", False
    if start.startswith((b"WARC/", b"filedesc:")):
        return "warc", False
    if start.startswith(BINARY_PLIST) or XML_PLIST.match(start):
        return "webarchive", False
    if start.startswith(ZIP):
        return _kind_of_zip(source) if source else (said if said == "excel" else "zip"), False
    if said in BINARY:
        raise RecordError(f"its name says {BINARY[said]}, its content does not.", "get the file anew, or rename it.")
    if name.lower().endswith(".xls"):  # many programs write a web page or a list, and call it so
        raise RecordError("its name says Excel, its content does not.", "open it and save it as .xlsx or .csv.")
    if encoding := wide(start):
        start = start.decode(encoding, "ignore").encode("utf-8", "ignore")
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if said in ("html", "mhtml", "") and MAIL.match(bare):
        return "mhtml", False
    if said in ("xml", "") and (root := XML_ROOT.search(bare)) and (said or bare.startswith(b"<")):
        return {b"urlset": "sitemap", b"sitemapindex": "sitemap", b"html": "html"}.get(root[1].lower(), "feed"), False
    if said == "xml":
        raise RecordError("it is no RSS, Atom or sitemap file.", "save the feed anew.")
    if said == "mhtml":
        return "html" if LOOKS_LIKE_HTML.match(bare) else "mhtml", False
    if HAR.match(bare):
        raise RecordError("it is a HAR file, a browser's log.", "save the page itself, as HTML or MHTML.")
    return "html" if said in TEXTS and LOOKS_LIKE_HTML.match(bare) else said or "text", False


def _kind_of_zip(source: Path) -> str:
    with open_zip(source) as archive:
        if is_excel(archive):
            return "excel"
        names = archive.namelist()
        known = next((ZIPPED[name] for name in ZIPPED if name in names), None)
        if known == ZIPPED["datapackage.json"] and not any(".warc" in name for name in names):
            known = None
        if "mimetype" in names[:1] and b"opendocument" in member_bytes(archive, archive.infolist()[0], START):
            known = OPEN_DOCUMENT
        if known:
            raise RecordError(f"it is {known[0]}", known[1])
        return "zip"


def _first_bytes(start: bytes) -> bytes:
    """The first bytes that come out of the beginning of a gzip file."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(start, START)
    except zlib.error:
        return b""


def start_of(path: Path) -> bytes:
    """Return a file's first bytes; raises `RecordError`."""
    try:
        with open(path, "rb") as content:
            return content.read(START)
    except OSError as error:
        raise RecordError(
            f"it cannot be opened ({error.strerror}).", "see that it is there and you may read it."
        ) from None
