"""The name of a target goes in; a hypothesis strategy comes out that makes inputs for it: sound ones, bent and broken.

A sound input is made first, from nasty parts; then bytes of it are cut out, doubled, overwritten or cut off. What is
compressed is bent before it is packed as well as after, since bending the packed bytes alone only tests the unpacking.
"""

import gzip
import io
import json
import plistlib
import re
import zipfile

import brotli  # type: ignore[import-untyped]
import zstandard
from hypothesis import strategies as st

WORDS = ["army", "World War II", "said", "it’s", "1,250", "café", "naïve", "“", "”", "the", "of", "…", "Kim"]
NASTY = [
    "\x00", "\ud83d", "\u202e", "\u200b", "👩‍👩‍👧", "e\u0301" * 50, "a" * 3000, "\r", "\r\n", "\x0b", "\x85", "\u2028",
    "\ufeff", "\uffff", "=1+1", "<script>", "]]>", "&amp;", "&#0;", "&#xD800;", "â€™", "Ã©", "{{", "--", '"', "'", "\\",
    "ﷺ" * 30, "𝕬", "ß", "İ", "ǆ", "-" * 500, "1" * 400, "٣", "²",
]  # fmt: skip
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TAGS = [
    "p", "div", "table", "td", "iframe", "frameset", "frame src=x", "script", "svg", "article", "h1", "li",
    "a href='/x'", "a href='http://[::1'", "img src=data:x", "base href='//'", "meta charset=utf-16",
    "meta charset=utf-7", "plaintext", "template", "math", "textarea", "title", "link rel=canonical href='http://['",
    "time datetime='9999-99-99' pubdate", "meta property=article:published_time content='0000-00-00T99:99'", "!--",
    "![CDATA[", "?xml version='1.0'", "q", "del", "sup", "a href='#fn1'", "time datetime='2025-09-05 14:30'",
    "base href='/x/'", "meta name=author content='[{'", "script type='application/ld+json'", "p class=byline",
    "!-- saved from url=(1)http://[",
]  # fmt: skip
BYTES = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff" * 8, b"\x80", b"\r\n", b"\n\n",
    b",", b'"', b"<", b">", b"{", b"[" * 3000, b"(", b"0", b"9" * 40, b"-1", b"WARC/1.0\r\n",
    b"Content-Length: 99999999999\r\n", b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n",
    b"\xed\xa0\x80", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
]  # fmt: skip


def of(choices: list) -> st.SearchStrategy:
    """One of these; not `sampled_from`, which writes all of them into every message."""
    return st.integers(0, len(choices) - 1).map(choices.__getitem__)


words = st.lists(st.one_of(of(WORDS), of(WORDS), of(NASTY), st.text(max_size=8)), max_size=40)
phrases = words.map(" ".join)
encodable = phrases.map(lambda text: text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
facts = st.fixed_dictionaries(
    {"text": encodable},
    optional={
        name: st.one_of(encodable, st.sampled_from(["", "2025-09-05", "0001-01-01", "5/9/2025", "http://[", "x" * 999]))
        for name in ("article_id", "role", "title", "url", "published", "retrieved", "html", "reference_id")
    },
)
tables = st.lists(facts, min_size=1, max_size=5)


def inputs(target: str) -> st.SearchStrategy[bytes]:
    """Return the strategy for a target."""
    if target == "align":
        return st.tuples(phrases, st.one_of(phrases, st.none()), st.integers(0, 2**32)).map(_pair)
    if target in ("decode", "text", "any"):
        return st.one_of(st.binary(max_size=2000), bent(phrases.map(_encode)), bent(any_file))
    return bent(MAKERS[target])


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _pair(drawn: tuple[str, str | None, int]) -> bytes:
    """Two texts: unrelated ones, or one and the same with words replaced, dropped, doubled, glued or moved."""
    spun, reference, seed = drawn
    if reference is None:
        parts = spun.split(" ")
        for number in range(seed % 7):
            place = (seed >> (number * 4)) % max(1, len(parts))
            edit = [["other"], [], parts[place : place + 1] * 2, ["\n"], ["".join(parts[place : place + 2])]]
            parts[place : place + 1] = edit[(seed >> number) % len(edit)]
        if seed % 5 == 0:
            parts = parts[len(parts) // 2 :] + parts[: len(parts) // 2]
        reference = " ".join(parts)
    return _encode(f"{spun.replace(chr(30), '')}\x1e{reference}")


@st.composite
def bent(draw, sound: st.SearchStrategy[bytes]) -> bytes:
    """A sound input, left as it is or bent at a few places."""
    content = draw(sound)
    for _ in range(draw(st.integers(0, 4))):
        place, length = draw(st.integers(0, len(content))), draw(st.sampled_from([0, 1, 1, 4, 64]))
        new = draw(st.one_of(of(BYTES), st.binary(max_size=6), st.just(content[place : place + length] * 3)))
        content = content[:place] + new + content[place + length :]
    return content[: draw(st.integers(0, len(content)))] if draw(st.integers(0, 5)) == 0 else content


@st.composite
def pages(draw) -> bytes:
    """HTML out of nasty tags, some closed, some not."""
    parts = []
    for _ in range(draw(st.integers(0, 25))):
        tag, text = draw(of(TAGS)), draw(encodable)
        close = draw(st.sampled_from(["", f"</{tag.split()[0]}>", "</p>", "-->"]))
        parts.append(f"<{tag}>{text}{close}" * draw(st.sampled_from([1, 1, 1, 40])))
    body = "".join(parts)
    whole = f"<html><head><title>T</title></head><body><article><p>{draw(encodable)}</p>{body}</article></body></html>"
    return draw(st.sampled_from([body, whole])).encode(draw(st.sampled_from(["utf-8", "utf-16"])), "replace")


def _csv(rows: list[dict], delimiter: str = ",") -> bytes:
    import csv

    out = io.StringIO()
    table = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), delimiter=delimiter)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def _parquet(rows: list[dict]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def _excel(rows: list[dict]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    names = list(dict.fromkeys(name for row in rows for name in row))
    book.active.append(names)
    for row in rows:
        book.active.append([NOT_IN_XML.sub("", row.get(name, ""))[:30000] for name in names])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        hour = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
        return _zip([(name, hour.sub(b"2025-01-01T00:00:00Z", archive.read(name))) for name in archive.namelist()])


@st.composite
def bent_zip(draw, sound: st.SearchStrategy[bytes]) -> bytes:
    """A ZIP in which one member is bent before it is packed."""
    with zipfile.ZipFile(io.BytesIO(draw(sound))) as old:
        names = old.namelist()
        which = draw(of(names))
        return _zip(
            [(name, draw(bent(st.just(old.read(name)))) if name == which else old.read(name)) for name in names]
        )


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    """A ZIP without the hour, so that the same is made from the same seed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in dict(files).items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _mhtml(page: bytes) -> bytes:
    head = b"MIME-Version: 1.0\nSnapshot-Content-Location: https://a.example/x\nContent-Type: multipart/related;\n"
    head += b'\tboundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n'
    tail = (
        b"\n--b\nContent-Type: text/html\nContent-ID: <f@x>\nContent-Transfer-Encoding: base64\n\nPGI+eDwvYj4=\n--b--\n"
    )
    return head + b"Content-Location: https://a.example/x\n\n" + page + tail


def _warc(page: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2025-09-06T08:30:00Z\r\n"
    head += b"WARC-Target-URI: https://a.example/x\r\nContent-Type: application/http; msgtype=response\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"


def _packed_warc(page: bytes, coding: str) -> bytes:
    """A record with a page in Brotli or Zstandard, or in neither, whatever it says."""
    body = {"br": brotli.compress, "zstd": zstandard.compress}.get(coding, bytes)(page)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: " + coding.encode() + b"\r\n\r\n" + body
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2025-09-06T08:30:00Z\r\n"
    head += b"WARC-Target-URI: https://a.example/x\r\nContent-Type: application/http; msgtype=response\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"


def _webarchive(page: bytes) -> bytes:
    main = {"WebResourceData": page, "WebResourceURL": "https://a.example/x", "WebResourceMIMEType": "text/html"}
    return plistlib.dumps({"WebMainResource": main, "WebSubframeArchives": [{}]}, fmt=plistlib.FMT_BINARY)


def _feed(rows: list[dict]) -> bytes:
    from html import escape

    def tell(row: dict) -> str:
        words = escape(NOT_IN_XML.sub("", row["text"]))
        known = f"<link>{escape(row.get('url', ''))}</link><pubDate>{row.get('published', '')}</pubDate>"
        return f"<item><title>{words}</title>{known}<description>{words}</description></item>"

    return f"<?xml version='1.0'?><rss version='2.0'><channel>{''.join(map(tell, rows))}</channel></rss>".encode()


def _sitemap(rows: list[dict]) -> bytes:
    urls = "".join(
        f"<url><loc>https://a.example/{number}</loc><lastmod>2025</lastmod></url>" for number in range(len(rows))
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


files = st.tuples(
    st.sampled_from(
        ["a.txt", "b/c.html", "../d.txt", "/e.md", "f.mhtml", "g.csv", "..\\h.txt", "a\x00.txt", "i", "ü" * 90]
    ),
    st.one_of(pages(), encodable.map(str.encode)),
)
front = facts.map(lambda row: f"---\n{json.dumps(row)}\n---\n{row['text']}".encode())
MAKERS = {
    "html": pages(),
    "mhtml": pages().map(_mhtml),
    "webarchive": bent(pages().map(_webarchive)),
    "warc": st.one_of(
        st.lists(pages().map(_warc), max_size=4).map(b"".join),
        bent(st.builds(_packed_warc, pages(), st.sampled_from(["br", "zstd", "gzip, br", "x-gzip"]))),
    ),
    "warc.gz": st.lists(bent(pages().map(_warc)).map(_gzip), max_size=4).map(b"".join),
    "csv": tables.map(_csv),
    "tsv": tables.map(lambda rows: _csv(rows, "\t")),
    "csv.gz": bent(tables.map(_csv)).map(_gzip),
    "jsonl": tables.map(lambda rows: b"\n".join(json.dumps(row).encode() for row in rows)),
    "json": tables.map(lambda rows: json.dumps(rows).encode()),
    "parquet": tables.map(_parquet),
    "excel": bent_zip(tables.map(_excel)),
    "rss": tables.map(_feed),
    "sitemap": tables.map(_sitemap),
    "markdown": front,
    "zip": st.one_of(
        st.lists(files, max_size=5).map(_zip), bent_zip(st.lists(files, min_size=1, max_size=5).map(_zip))
    ),
}
any_file = st.one_of(*MAKERS.values())

decision = st.fixed_dictionaries(
    {
        "when": st.sampled_from(["2026-01-05T10:00:00+00:00", "2026-01-05", "", "yesterday", "9999-12-31T23:59:59Z"]),
        "who": of(WORDS),
        "spun": encodable,
        "original": encodable,
        "status": of(["approved", "rejected", "edited", "undone", "later"]),
        "note": encodable,
    },
    optional={"act": of(["1f3a9c2e 1/2", "1f3a9c2e 2/2", "x", "a b/c"]), "undoes": of(["", "0", "1f3a9c2e"])},
)
phrase = st.one_of(
    encodable,
    of(['"a b" AND "c d"', '("a" OR "b") AND NOT "c"', '"a b"~5', "(" * 60, '"a" OR ' * 90, "see https://a", "a (b)"]),
)
pairs = st.lists(st.fixed_dictionaries({"tortured": phrase, "expected": phrase}), min_size=1, max_size=5)
HEADERS = [
    b"Content-Type: text/html", b"Content-Encoding: gzip", b"Content-Encoding: gzip, br, zstd", b"Content-Length: 40",
    b"Transfer-Encoding: chunked", b"Location: /next", b"Location: http://[", b"Location: //", b"Set-Cookie: a=b",
    b"Content-Length: -1", b"Connection: keep-alive", b": x", b"X" * 70_000, b" folded", b"Location: \xff",
]  # fmt: skip
STATUS = [
    b"200 OK",
    b"200",
    b"204 X",
    b"206 Part",
    b"302 Found",
    b"304 X",
    b"100 Continue",
    b"999 X",
    b"-1 X",
    b"0x1 X",
]


@st.composite
def answers(draw) -> bytes:
    """What a host answers: a head that is mostly sound, and a page, packed or in chunks or neither."""
    status = draw(of([STATUS[0], STATUS[0], *STATUS]))
    lines = draw(st.lists(of(HEADERS), max_size=5))
    page = draw(st.one_of(pages(), pages().map(_gzip), st.just(b"")))
    body = draw(st.sampled_from([page, b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page), page[:40]]))
    return b"\r\n".join([b"HTTP/1.1 " + status, *lines, b"", body])


MAKERS |= {
    "decisions": st.lists(decision, max_size=6).map(
        lambda rows: b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    ),
    "sheet": st.one_of(pairs.map(_csv), pairs.map(lambda rows: json.dumps(rows).encode())),
    "http": answers(),
}
