"""A web archive (WARC, ARC) goes in; the pages in it come out, as items, and what was passed over is counted and said.

The records are read by warcio, their bodies unpacked by `content_coding`. Pages that were answered with success are
articles, and so are the texts that a crawl made of pages (WET, records of the type "conversion"). Answers without
success, revisits of unchanged pages and what is no page are no articles.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from helpers.corpus.formats.archives import GzipStream
from helpers.corpus.formats.article_record import Item, failed, one_line, over
from helpers.corpus.formats.content_coding import codings_of, unpacked_body
from helpers.corpus.formats.encodings import charset_of
from helpers.corpus.formats.no_article import why_no_article
from helpers.corpus.formats.saved_pages import LOOKS_LIKE_HTML, PAGES, SavedFile, page_over, text_file
from helpers.corpus.formats.warc import one_page
from helpers.files.dates import as_date
from helpers.files.limits import MB, MOST_PAGE
from helpers.files.problems import RecordError

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

ANEW = "get the file anew."
ALONE = "save the article alone, as text."
LEAVE = "leave it out."
ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
HEAD = 2048  # bytes of a body that are looked at for a page
FURNITURE = "the text as the crawl took it off the page, menus and all"
LINE_ENDS = 4  # bytes: of a record that lacks no more, only the ends of lines were written otherwise
PARTIAL = "the host sent a part of the page only (206)"
OF_THE_ARCHIVE = ("warcinfo", "request", "metadata")  # what tells of the others
PASSED = {
    "revisit": "a page unchanged since an earlier visit (revisit): its text is in the record of that visit",
    "continuation": "a part of a record in another archive (continuation): join the archives to read it",
}


def warc_items(
    content: BinaryIO | GzipStream, size: int | None, wrong: list[tuple[str, str]]
) -> Iterator[Item | str | None]:
    """Yield the web pages of a WARC or ARC file, None for other records, then how many of those there were, as text.

    Says in `wrong` where it breaks off. `size` is that of the file, None where it is not known.
    """
    from warcio.archiveiterator import ArchiveIterator

    archive, number, record = ArchiveIterator(content, verify_http=False), 0, None
    passed: Counter[str] = Counter()
    pages = 0
    while True:
        try:
            last, record = record, next(archive)
        except StopIteration:
            break
        except Exception as error:  # warcio raises its own errors and those of zlib and of whatever it parses
            wrong.append((f"nothing after record {number} can be read ({_in_words(error)}).", ANEW))
            yield from _counted(passed)
            return
        wrong += _cut(last, number)
        number += 1
        item = _warc_item(record, number)
        if isinstance(item, str):
            passed[item] += 1
        pages += isinstance(item, Item)
        yield item if isinstance(item, Item) else None
    yield from _counted(passed)
    if damage := getattr(content, "damage", ""):
        wrong.append((f"nothing after record {number} can be read ({damage}).", ANEW))
    elif number and not pages and not passed.total() - passed[""]:
        what = f"none of its {number:,} records holds a page."
        wrong.append((what, "get the web archive with the pages: a WAT holds only what is said of them."))
    elif not number:
        wrong.append(("it holds no record.", ANEW))
    elif cut := _cut(record, number):
        wrong += cut
    elif size is not None and archive.offset < size:
        wrong.append((f"it ends in the middle, after record {number}.", ANEW))


def _in_words(error: Exception) -> str:
    """What warcio stumbled over, in its own words if they are meant for people."""
    of_python = isinstance(error, AttributeError | TypeError | LookupError | UnicodeError)
    return "what follows is no record, or breaks off" if of_python else str(error)[:200]


def _counted(passed: Counter) -> list[str]:
    """What was passed over, a line a kind, the most frequent first."""
    return [f"{count:,} record{'s' * (count != 1)}: {what}." for what, count in passed.most_common() if what]


def _cut(record: "ArcWarcRecord | None", number: int) -> list[tuple[str, str]]:
    """What is wrong with a record that was read to its end: it was shorter than it says."""
    missing = getattr(record.raw_stream, "limit", 0) if record is not None else 0
    return (
        [(f"record {number} ends {missing:,} byte{'s' * (missing != 1)} too soon; what there is was read.", ANEW)]
        if missing > 0
        else []
    )


def _warc_item(record: "ArcWarcRecord", number: int) -> Item | str:
    """A record as an item, its page read; what it is instead, where it is no page (empty: it is of the archive)."""
    place = f"record {number}"
    if why := _why_passed(record):
        return why if why not in OF_THE_ARCHIVE else ""
    try:
        body, notes = _body(record)
    except RecordError as error:
        return failed(place, number, error)
    except Exception as error:  # warcio lets pass what the chunks of a page raise
        return failed(place, number, RecordError(f"damaged ({str(error)[:200]}).", ANEW))
    if getattr(record.raw_stream, "limit", 0) > LINE_ENDS:
        notes.append("the record ends too soon; what there is was read")
    if body is None:
        return f"no page ({one_line(_declared(record).split(';')[0])[:60].strip().lower() or 'of no stated type'})"
    return Item(place, number, partial(_facts, record, body, notes), partial(_raw_record, record, body))


def _why_passed(record: "ArcWarcRecord") -> str:
    """Why a record holds no article, by its headers; empty where it may hold one."""
    if record.rec_type in OF_THE_ARCHIVE:
        return str(record.rec_type)
    if record.rec_type not in ("response", "resource", "conversion"):
        return PASSED.get(record.rec_type, f"of the type {one_line(record.rec_type)[:40]!r}")
    status = one_line(record.http_headers.get_statuscode())[:20] if record.http_headers else "200"
    if re.match("2", status):
        return ""
    kind = "sent on to another address" if re.match("30[12378]", status) else "not answered with the page"
    return f"{kind} (status {status or 'unknown'})"


def _declared(record: "ArcWarcRecord") -> str:
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    return (headers.get_header("Content-Type") or "") if headers else ""


def archived_files(content: BinaryIO | GzipStream) -> Iterator[SavedFile]:
    """Yield every file in a WARC or ARC file that was answered with success, pages, style sheets and pictures alike.

    Each is to be read before the next is asked for. An archive that breaks off ends there.
    """
    from warcio.archiveiterator import ArchiveIterator

    archive = ArchiveIterator(content, verify_http=False)
    while True:
        try:
            record = next(archive)
        except Exception:  # its end, or whatever warcio, zlib and their parts raise of a damaged one
            return
        if record.rec_type == "conversion" or _why_passed(record):
            continue
        declared = _declared(record)
        address = one_line(record.rec_headers.get_header("WARC-Target-URI")).strip("<> ")
        kind = declared.split(";")[0].strip().lower()
        yield SavedFile([address], kind, charset_of(declared), partial(whole_body, record))


def whole_body(record: "ArcWarcRecord", mend: str = ALONE) -> bytes:
    """Return the body of a record, unpacked; raises `RecordError`, with this mend, for one that is too long."""
    stream, codings = _stream(record)
    return unpacked_body(_rest(stream, b"", mend), codings)[0]


def _stream(record: "ArcWarcRecord") -> tuple[BinaryIO, list[str]]:
    """The body of a record, its chunks joined, and how it is packed."""
    from warcio.bufferedreaders import ChunkedDataReader

    http, stream = record.http_headers, record.raw_stream
    said = ", ".join(value for name, value in http.headers if name.lower() == "content-encoding") if http else ""
    if http and "chunked" in (http.get_header("Transfer-Encoding") or "").lower():
        stream = ChunkedDataReader(stream)
    return stream, codings_of(said)


def _body(record: "ArcWarcRecord") -> tuple[bytes | None, list[str]]:
    """The content of a record, unpacked, and what was wrong with it; None where it is no page by header or content."""
    stream, codings = _stream(record)
    head, declared = stream.read(HEAD), _declared(record).split(";")[0].strip().lower()
    wanted = (*PAGES, "text/plain") if record.rec_type == "conversion" else PAGES
    if declared not in wanted and not LOOKS_LIKE_HTML.match(_peeked(head, codings)):
        return None, []
    return unpacked_body(_rest(stream, head, ALONE), codings)


def _peeked(head: bytes, codings: list[str]) -> bytes:
    try:
        return unpacked_body(head, codings)[0]
    except RecordError:
        return head


def _rest(stream: BinaryIO, head: bytes, mend: str) -> bytes:
    pieces, size = [head], len(head)
    while piece := stream.read(1 << 16):
        size += len(piece)
        if size > MOST_PAGE:
            raise RecordError(f"the page has more than {MOST_PAGE // MB} MB.", mend)
        pieces.append(piece)
    return b"".join(pieces)


def _facts(record: "ArcWarcRecord", body: bytes, notes: list[str]) -> dict:
    about, declared = record.rec_headers.get_header, _declared(record)
    known = {"url": one_line(about("WARC-Target-URI")).strip("<> "), "retrieved": as_date(about("WARC-Date"))[0]}
    if record.rec_type == "conversion" and not LOOKS_LIKE_HTML.match(body[:HEAD]):
        facts = over({**known, "note": FURNITURE}, text_file(body))
        if why_not := why_no_article(facts["text"].strip().splitlines()[:1], facts["text"]):
            raise RecordError(f"it is no article but {why_not}.", LEAVE)
    else:
        is_part = record.http_headers and record.http_headers.get_statuscode() == "206"
        facts = page_over(body, known | ({"note": PARTIAL} if is_part else {}), charset_of(declared))
    return facts | {"repaired": [*notes, *facts["repaired"]]}


def _raw_record(record: "ArcWarcRecord", body: bytes) -> tuple[str, bytes]:
    """One record as a web archive of its own."""
    http, about = record.http_headers, record.rec_headers.get_header
    url = about("WARC-Target-URI") or ""
    name, hour = about("WARC-Record-ID") or "", about("WARC-Date") or ""
    if http is None:
        form = about("Content-Type") or ""
        page = one_page(url, body, kind=record.rec_type, WARC_Record_ID=name, WARC_Date=hour, Content_Type=form)
    else:
        page = one_page(url, body, http.statusline, http.headers, WARC_Record_ID=name, WARC_Date=hour)
    return ".warc.gz", page
