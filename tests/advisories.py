"""A source of advisories on this machine, which answers as OSV does, or in every way that it should not."""

import json
import runpy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

AUDIT = runpy.run_path(str(Path(__file__).parents[1] / ".ci" / "audit.py"))
Package = AUDIT["Package"]
ASKED = [Package("aiohttp", "1.0"), Package("numpy", "2.0"), Package("pandas", "3.0")]
KNOWN, NOTHING_KNOWN, NOT_CHECKED = AUDIT["KNOWN"], AUDIT["NOTHING_KNOWN"], AUDIT["NOT_CHECKED"]
SECONDS = 0.4  # that a source has in the tests


def answer(queries: list[dict], known: dict[str, list[str]]) -> dict:
    """What OSV says of these queries."""
    names = [query["package"]["name"] for query in queries]
    return {"results": [{"vulns": [{"id": one} for one in known[name]]} if name in known else {} for name in names]}


def in_pages(queries: list[dict]) -> dict:
    """One advisory of the second package a page, in two pages."""
    if len(queries) == 1:
        return {"results": [{"vulns": [{"id": "PYSEC-2"}]}]} if queries[0].get("page_token") == "2" else {}
    return {"results": [{}, {"vulns": [{"id": "PYSEC-1"}], "next_page_token": "2"}, {}]}


# How a source answers: status and JSON, or bytes.
ANSWERS: dict[str, Callable[[list[dict]], tuple[int, dict | bytes]]] = {
    "nothing known": lambda queries: (200, answer(queries, {})),
    "one known": lambda queries: (200, answer(queries, {"numpy": ["PYSEC-1", "GHSA-2"]})),
    "in pages": lambda queries: (200, in_pages(queries)),
    "pages without end": lambda queries: (200, {"results": [{"next_page_token": "again"}] * len(queries)}),
    "an error of its own": lambda queries: (500, {"message": "later"}),
    "too many questions": lambda queries: (429, {}),
    "not there": lambda queries: (404, b"<html>no</html>"),
    "a page of another": lambda queries: (200, b"<html>Log in to the network</html>"),
    "nothing": lambda queries: (200, b""),
    "half an answer": lambda queries: (200, json.dumps(answer(queries, {})).encode()[:-9]),
    "fewer answers": lambda queries: (200, answer(queries[1:], {})),
    "more answers": lambda queries: (200, answer([*queries, *queries], {})),
    "no list": lambda queries: (200, {"results": None}),
    "a list": lambda queries: (200, b"[]"),
    "another form": lambda queries: (200, {"results": [{"vulnerabilities": []}] * len(queries)}),
    "no names": lambda queries: (200, {"results": [{"vulns": [{}]}] * len(queries)}),
    "texts": lambda queries: (200, {"results": ["", "", ""]}),
    "too much": lambda queries: (200, b" " * (AUDIT["MOST"] + 1)),
}
SHOULD = {"nothing known": NOTHING_KNOWN, "one known": KNOWN, "in pages": KNOWN}  # all others: not checked


class _Source(BaseHTTPRequestHandler):
    how: str

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        if self.how in ("silent", "dripping"):
            self._drip(forever=self.how == "dripping")
            return
        status, content = ANSWERS[self.how](queries)
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):  # whoever asked has heard enough
            self.wfile.write(content)

    def _drip(self, forever: bool) -> None:
        """Say nothing, or a byte of the first line now and then, until the test is over."""
        with suppress(OSError):
            while not self.server.over.wait(0.05):  # type: ignore[attr-defined]
                if forever:
                    self.wfile.write(b"H")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def source(how: str) -> Iterator[str]:
    """The address of a source that answers so."""
    if how == "unreachable":
        yield "http://127.0.0.1:9"
        return
    handler = type("Source", (_Source,), {"how": how})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads, server.over = True, threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.over.set()
            server.shutdown()


WAYS = [*ANSWERS, "silent", "dripping", "unreachable"]


def asked(how: str) -> tuple[int, list[str]]:
    """The status, and what is printed, where a source answers so."""
    with source(how) as address:
        seconds = SECONDS if how in ("silent", "dripping") else 30.0
        return AUDIT["audit"](ASKED, address, seconds)
