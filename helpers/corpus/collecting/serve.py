"""A folder of sites goes in, or a dictionary of pages; a server on this computer answers for them, and counts.

For notebooks and tests: a made-up network, or one from web archives, is collected as if it were on the web, and nobody
else is asked for anything. It listens on 127.0.0.1 alone.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from helpers.corpus.formats.warc import UNPACKED
from helpers.files.urls import same_page

HERE = "127.0.0.1"
KINDS = {
    ".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8", ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8", ".gz": "application/gzip", ".css": "text/css", ".js": "text/javascript",
    ".ico": "image/x-icon", ".png": "image/png", ".svg": "image/svg+xml", ".json": "application/json",
}  # fmt: skip
INDEX = ("index.html", "index.xml")
STILL = 60.0  # seconds that a connection may be silent


@dataclass
class Reply:
    """What a server answers: a status, headers, a body. With `drops` the body goes out so slowly, a drop each time."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drops: int = 0
    pause: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it: the host and path, when it began and ended, its headers, how many were open."""

    host: str
    path: str
    begun: float
    ended: float
    headers: Mapping[str, str]
    at_once: int


Page = bytes | str | Reply | Callable[[str, Mapping[str, str]], "Reply | bytes | str"]


class Served:
    """A server at work: `address` is where, `asked` every request that it got.

    `clock` gives the seconds of `asked`; whoever tests without waiting puts one in that knows of waits left out.
    """

    def __init__(self, hosts: Callable[[str, str, Mapping[str, str]], Reply]):
        """Begin to answer."""
        self.asked: list[Asked] = []
        self.clock: Callable[[], float] = time.monotonic
        self._hosts, self._open, self._lock = hosts, 0, threading.Lock()
        self._server = ThreadingHTTPServer((HERE, 0), _handler(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.address = f"{HERE}:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True, args=(0.02,)).start()

    def paths(self, host: str = "") -> list[str]:
        """Return the paths that were asked for, in order; of one host, or of all."""
        return [one.path for one in self.asked if host in ("", one.host)]

    def answer(
        self, host: str, path: str, headers: Mapping[str, str], send: Callable[[Reply, Callable[[], None]], None]
    ) -> None:
        """Answer one request, and count it; it ends before its last bytes go out, since whoever has them may ask on."""
        with self._lock:
            self._open += 1
            at_once, begun = self._open, self.clock()
        ended: list[bool] = []

        def end() -> None:
            with self._lock:
                if not ended:
                    ended.append(True)
                    self._open -= 1
                    self.asked.append(Asked(host, path, begun, self.clock(), headers, at_once))

        try:
            send(self._hosts(host, path, headers), end)
        finally:
            end()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serve(sites: str | Path | Mapping[str, Mapping[str, Page]]) -> Iterator[Served]:
    """Serve sites on this computer while the block runs; `collect(…, through=served.address, private=True)` asks it.

    `sites` is a folder with a folder a host in it (`gazette.example/2025/storm.html` is the page /2025/storm of that
    host, and /2025/storm.html; `index.html` stands for its folder), a folder of web archives (their pages under the
    addresses that they came from), or a dictionary {host: {path: page}}, where a page is its HTML, a `Reply`, or a
    function of the path and the headers that returns one; “*” answers for all other paths, the host “” for all others.
    Pages of folders have an ETag. What is not there is answered with 404.

    Yields the server: `address`, and `asked`, a list of all requests (`host`, `path`, `begun`, `ended`, `at_once`).
    """
    if isinstance(sites, Mapping):
        answers = partial(_of_dictionary, sites)
    else:
        archived = _archived(Path(sites))
        answers = partial(_of_archives, archived) if archived else partial(_of_folder, Path(sites).resolve())
    served = Served(answers)
    try:
        yield served
    finally:
        served.close()


def _of_dictionary(
    sites: Mapping[str, Mapping[str, Page]], host: str, path: str, headers: Mapping[str, str]
) -> Reply:  # fmt: skip
    site = sites.get(host, sites.get("", {}))
    page = site.get(path, site.get("*", Reply(404, b"not here")))
    return _as_reply(page(path, headers) if callable(page) else page, path)


def _as_reply(page: bytes | str | Reply, path: str) -> Reply:
    if isinstance(page, Reply):
        return page
    content = page.encode() if isinstance(page, str) else page
    return Reply(200, content, {"Content-Type": _kind(path, content)})


def _kind(path: str, content: bytes) -> str:
    known = KINDS.get(Path(urlsplit(path).path).suffix.lower(), "")
    return known or ("application/xml" if content.lstrip().startswith(b"<?xml") else KINDS[".html"])


def _of_folder(folder: Path, host: str, path: str, headers: Mapping[str, str]) -> Reply:
    """A file below the folder of a host; nothing that lies elsewhere, whatever the path says."""
    root = folder / host.removeprefix("www.").partition(":")[0]
    plain = unquote(urlsplit(path).path).strip("/")
    places = [root / plain, root / f"{plain}.html", *(root / plain / name for name in INDEX)]
    for place in places:
        with suppress(OSError, ValueError):
            real = place.resolve()
            if root.parent == folder and real.is_relative_to(root) and real.is_file():
                return _unless_known(real.read_bytes(), headers, KINDS.get(real.suffix.lower(), KINDS[".html"]))
    return Reply(404, b"not here")


def _unless_known(
    content: bytes, headers: Mapping[str, str], kind: str, more: Mapping[str, str] | None = None
) -> Reply:  # fmt: skip
    """A page with its tag, or that it did not change."""
    import hashlib

    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    if headers.get("If-None-Match") == tag:
        return Reply(304, b"", {"ETag": tag})
    return Reply(200, content, {**(more or {}), "Content-Type": kind, "ETag": tag})


def _archived(folder: Path) -> dict[str, tuple[bytes, dict[str, str]]]:
    """The pages of the web archives in a folder, with their headers, by address; the last of each."""
    from warcio.archiveiterator import ArchiveIterator

    found: dict[str, tuple[bytes, dict[str, str]]] = {}
    for path in sorted([*folder.rglob("*.warc.gz"), *folder.rglob("*.warc")]):
        with open(path, "rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    known = {name.title(): value for name, value in record.http_headers.headers}
                    kept = {name: value for name, value in known.items() if name.lower() not in {*UNPACKED, "etag"}}
                    found[same_page(url)] = record.content_stream().read(), kept
    return found


def _of_archives(
    pages: Mapping[str, tuple[bytes, dict[str, str]]], host: str, path: str, headers: Mapping[str, str]
) -> Reply:  # fmt: skip
    content, known = pages.get(same_page(f"http://{host}{path}"), (None, {}))
    if content is None:
        return Reply(404, b"not here")
    return _unless_known(content, headers, known.get("Content-Type") or KINDS[".html"], known)


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    """The class that speaks HTTP for a server."""

    class Handler(BaseHTTPRequestHandler):
        timeout = STILL

        def do_GET(self) -> None:
            with suppress(OSError):  # whoever asked has gone
                served.answer(self.headers.get("Host", ""), self.path, dict(self.headers.items()), self._send)

        def _send(self, reply: Reply, end: Callable[[], None]) -> None:
            self.send_response_only(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            if not reply.body or not 200 <= reply.status < 300:  # of other answers nobody need read the body
                end()
            self.end_headers()
            size = max(1, -(-len(reply.body) // max(1, reply.drops)))
            for start in range(0, len(reply.body), size):
                time.sleep(reply.pause)
                if start + size >= len(reply.body):
                    end()
                self.wfile.write(reply.body[start : start + size])
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
