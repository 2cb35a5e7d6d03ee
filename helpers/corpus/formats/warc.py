"""A page and its headers go in; a web archive (WARC) with this one page comes out, as bytes."""

import io

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

UNPACKED = {"content-encoding", "transfer-encoding", "content-length", "connection"}  # untrue of an unpacked page


def one_page(
    url: str,
    body: bytes,
    status: str = "",
    headers: list[tuple[str, str]] | None = None,
    kind: str = "response",
    **about: str,
) -> bytes:
    """Return a gzipped WARC of one page: its content unpacked, its headers as they came but for what is no longer true.

    `status` is the status line ("200 OK"), `about` the WARC headers with _ for - (WARC_Date="2025-09-05T12:00:00Z").
    """
    out = io.BytesIO()
    http = None
    if kind == "response":
        kept = [(_ascii(name), value) for name, value in headers or [] if name.lower() not in UNPACKED]
        lines = [*kept, ("Content-Length", str(len(body)))]
        http = StatusAndHeaders(_ascii(status), [(name, _ascii(value)) for name, value in lines], "HTTP/1.1")
    writer = WARCWriter(out, gzip=True)
    known = {name.replace("_", "-"): _ascii(value) for name, value in about.items() if value}
    record = writer.create_warc_record(
        _ascii(url) or "about:blank", kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=known
    )
    writer.write_record(record)
    return out.getvalue()


def _ascii(words: str) -> str:
    """A header's words in ASCII and on one line, other signs as their escapes: nothing else may stand in a header."""
    return " ".join(words.encode("ascii", "backslashreplace").decode().split())
