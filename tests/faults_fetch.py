"""What a host can do to `fetch`, done: `make faults KINDS=fetch` prints the counts.

Every server is a socket on this computer that says what no honest one says. A fetch is held when it ends in its time
with a clear error, or with the page where the page is sound.
"""

import gzip
import os
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from unittest.mock import patch

from attempts import Attempts

from helpers.corpus import read
from helpers.corpus.formats import exchange as fetching
from helpers.corpus.formats.fetch import Fetched, FetchingError, fetch

ME = "ada@newsroom.example"
WHOLE, QUIET = 1.0, 0.4  # seconds that a call, and a host that brings nothing on, may take in these attacks
GRACE = 4.0  # seconds on top; then a call hangs
PAGE = b"<html><head><title>Storm</title></head><body><p>The harbour was closed during the storm.</p></body></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
FOUND = OK + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(PAGE) + PAGE
NONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
Says = Callable[[socket.socket, str], None]  # a server: the connection and the path that is asked for


@contextmanager
def server(says: Says, robots: bytes | None = NONE) -> Iterator[str]:
    """Serve on this computer; robots.txt is answered with `robots`, by `says` too where that is None."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)

    def serve(connection: socket.socket) -> None:
        with closing(connection):
            try:
                asked = connection.recv(65536).decode("latin-1")
                path = asked.split(" ")[1] if asked[:4] == "GET " else ""
                if robots is not None and path == "/robots.txt":
                    connection.sendall(robots)
                else:
                    says(connection, path)
            except OSError:
                pass  # it went away

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def sends(content: bytes) -> Says:
    """Send this, and no more."""
    return lambda connection, path: connection.sendall(content)


def drips(before: bytes, drop: bytes, pause: float = 0.02) -> Says:
    """Send something, then a drop for ever."""

    def says(connection: socket.socket, path: str) -> None:
        connection.sendall(before)
        until = time.monotonic() + 4 * (WHOLE + GRACE)
        while time.monotonic() < until:
            connection.sendall(drop)
            time.sleep(pause)

    return says


def silent(connection: socket.socket, path: str) -> None:
    """Say nothing, and hold the line."""
    time.sleep(4 * (WHOLE + GRACE))


def bytewise(content: bytes) -> Says:
    """Send this a byte at a time, each soon enough that no single wait is long."""

    def says(connection: socket.socket, path: str) -> None:
        for byte in content:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    return says


EMPTY = gzip.compress(b"", mtime=0)
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
PACKED = OK + b"Content-Encoding: gzip\r\n"
LONG = 100_000
# Each holds a call for ever if nothing but the single wait is bounded.
HANGS: dict[str, tuple[Says, bytes | None]] = {
    "nothing at all": (silent, NONE),
    "a status line, dripped": (drips(b"HTTP/1.1 200 ", b"O"), NONE),
    "a status line, byte by byte": (bytewise(b"HTTP/1.1 200 OK" + b"!" * LONG), NONE),
    "an endless head, dripped": (drips(OK, b"X"), NONE),
    "headers without end, dripped": (drips(OK, b"X-A: b\r\n", 0.05), NONE),
    "headers without end, at once": (drips(OK, b"X-A: b\r\n" * 50, 0.3), NONE),
    "a folded header without end": (drips(OK + b"X-A: b\r\n", b" c\r\n", 0.05), NONE),
    "robots.txt that says nothing": (silent, None),
    "the status line of robots.txt, dripped": (drips(b"HTTP/1.1 200 ", b"O"), None),
    "the headers of robots.txt, dripped": (drips(OK, b"X"), None),
    "robots.txt, dripped": (drips(OK + b"\r\n", b"# \n"), None),
    "robots.txt in chunks, sizes dripped": (drips(CHUNKED + b"\r\n", b"0"), None),
    "robots.txt of empty gzip blocks": (drips(PACKED + b"\r\n", EMPTY), None),
    "chunk sizes, dripped": (drips(CHUNKED + b"\r\n", b"0"), NONE),
    "chunk extensions, dripped": (drips(CHUNKED + b"\r\n5;", b"x"), NONE),
    "chunks of one byte": (drips(CHUNKED + b"\r\n", b"1\r\nx\r\n"), NONE),
    "trailers, dripped": (drips(CHUNKED + b"\r\n5\r\nstorm\r\n0\r\n", b"X"), NONE),
    "trailers without end": (drips(CHUNKED + b"\r\n5\r\nstorm\r\n0\r\n", b"X-A: b\r\n"), NONE),
    "100 Continue without end": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), NONE),
    "100 Continue without end, at full speed": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, 0), NONE),
    "100 Continue with headers without end": (drips(b"HTTP/1.1 100 Continue\r\n", b"X-A: b\r\n"), NONE),
    "empty gzip blocks": (drips(PACKED + b"\r\n", EMPTY), NONE),
    "empty gzip blocks, at full speed": (drips(PACKED + b"\r\n", EMPTY * 50, 0), NONE),
    "empty gzip blocks in chunks": (drips(CHUNKED + PACKED[len(OK) :] + b"\r\n", b"14\r\n" + EMPTY + b"\r\n"), NONE),
    "a gzip header without end": (drips(PACKED + b"\r\n\x1f\x8b\x08\x08\0\0\0\0\0\xff", b"n"), NONE),
    "empty blocks of deflate": (drips(OK + b"Content-Encoding: deflate\r\n\r\n", b"\x00\x00\x00\xff\xff"), NONE),
    "a page, byte by byte": (drips(OK + b"\r\n", b"x"), NONE),
    "a page that stands still": (drips(OK + b"\r\n<p>The harbour", b"", 9), NONE),
    "a page whose length never comes": (drips(OK + b"Content-Length: 99999\r\n\r\n", b"x", 0.05), NONE),
    "blank lines before the status line": (drips(b"", b"\r\n"), NONE),
    "blanks before the status line": (drips(b"", b" "), NONE),
    "an answer of an older kind (HTTP/0.9), dripped": (drips(b"", b"<p>"), NONE),
}  # fmt: skip


def to_itself(connection: socket.socket, path: str) -> None:
    """Send on to a new address of its own, for ever, slowly."""
    time.sleep(0.1)
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /%dx\r\nConnection: close\r\n\r\n" % (len(path)))


def with_body(connection: socket.socket, path: str) -> None:
    """Send on, with a body that never ends."""
    drips(b"HTTP/1.1 302 Found\r\nLocation: /next%s\r\n\r\n" % path.encode()[1:], b"x")(connection, path)


REDIRECTS: dict[str, tuple[Says, bytes | None]] = {
    "redirects without end": (to_itself, NONE),
    "redirects of robots.txt without end": (to_itself, None),
    "redirects whose bodies never end": (with_body, NONE),
    "redirects of robots.txt whose bodies never end": (with_body, None),
}


@contextmanager
def hurried(whole: float = WHOLE) -> Iterator[None]:
    """Let a call take a second or so, without the waits that politeness asks for; hosts asked before are forgotten."""
    fresh: dict[str, dict] = {name: {} for name in ("_last", "_robots", "_locks")}
    with patch.multiple(fetching, WHOLE=whole, _sleep=lambda seconds: None, **fresh):
        yield


def tried(url: str, private: bool = True, most: int = 1_000_000) -> tuple[str, object, float]:
    """Fetch; return held (a clear error), got (a page), wrong (another exception) or hung; what came; the seconds."""
    outcome: list[tuple[str, object]] = []

    def go(folder: str) -> None:
        try:
            outcome.append(("got", fetch(url, folder, contact=ME, private=private, timeout=QUIET, most=most)))
        except FetchingError as error:
            outcome.append(("held" if "Mend: " in str(error) else "wrong", str(error)))
        except BaseException as error:
            outcome.append(("wrong", f"{type(error).__name__}: {error}"))

    begun = time.monotonic()
    folder = tempfile.mkdtemp()
    thread = threading.Thread(target=go, args=(folder,), daemon=True)
    thread.start()
    thread.join(WHOLE + GRACE)
    seconds = time.monotonic() - begun
    return (*outcome[0], seconds) if outcome else ("hung", "it did not end", seconds)


def counted(kind: str, results: list[tuple[str, object, float]], good: str = "held") -> Attempts:
    """Count what came of attacks of one kind."""
    said = next((str(what) for how, what, _ in results if how not in (good, "hung")), "")
    said = said or next((str(what) for how, what, _ in results if how == good), "")
    hung = sum(how == "hung" for how, _, _ in results)
    wrong = sum(how not in (good, "hung") for how, _, _ in results)
    longest = max(seconds for *_, seconds in results)
    return Attempts(kind, len(results), wrong=wrong, hung=hung, said=f"longest {longest:.1f} s. {said[:220]}")


def hangs(ways: dict[str, tuple[Says, bytes | None]] | None = None) -> Attempts:
    """Each way to hold a call for ever."""
    results = []
    for says, robots in ({**HANGS, **REDIRECTS} if ways is None else ways).values():
        with server(says, robots) as site, hurried():
            results.append(tried(f"{site}/story.html"))
    return counted("a host that holds a call for ever", results)


# Encryption


def handshakes() -> Attempts:
    """A host of https that says nothing, drips, or says something else, while the connection is made safe."""
    hello = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03"  # of a server's greeting of 16 kB, which never comes whole
    ways = [
        silent,
        drips(b"", b"\x16", 0.1),
        drips(hello, b"\x00", 0.05),
        sends(b""),
        sends(FOUND),
        drips(b"", b"\r\n"),
    ]
    results = []
    for says in ways:
        with server(says, None) as site, hurried():
            results.append(tried(f"{site.replace('http:', 'https:')}/story.html"))
    return counted("a host of https that holds the handshake", results)


def resolvers() -> Attempts:
    """A resolver that hangs, for the first address and for that of a redirect."""
    real = socket.getaddrinfo

    def hanging(host, *given, **more):
        if host == "127.0.0.1":
            return real(host, *given, **more)
        time.sleep(WHOLE + GRACE + 2)
        raise socket.gaierror("nobody knows")

    results = []
    with patch.object(socket, "getaddrinfo", hanging), hurried():
        results.append(tried("http://hanging.example/story.html"))
        onward = b"HTTP/1.1 302 Found\r\nLocation: http://hanging.example/x\r\nConnection: close\r\n\r\n"
        for robots in (NONE, None):
            with server(sends(onward), robots) as site:
                results.append(tried(f"{site}/story.html"))
    return counted("a resolver that hangs", results)


# The own network in disguise

PRIVATE = ("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0")
CLOSED4 = (
    *PRIVATE, "0.1.2.3", "127.255.255.254", "172.31.255.255", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
)  # fmt: skip
CLOSED6 = (
    "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "feff::1", "fc00::1", "fdff::1", "ff02::1", "ff0e::1",
    "100::1", "2001:db8::1", "3fff::1", "5f00::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "4000::1",
    "64:ff9b:1::5db8:d822", "64:ff9b:1:ffff::1",
)  # fmt: skip


def carriers(number: str) -> Iterator[str]:
    """Every IPv6 number that carries this IPv4 number."""
    four = int(IPv4Address(number))
    for prefix in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::", "64:ff9b:1:fffe::", "2001::"):
        yield str(IPv6Address(int(IPv6Address(prefix)) | four))
    yield str(IPv6Address(0x2002 << 112 | four << 80 | 1))
    yield str(IPv6Address(0x2001 << 112 | four << 64))  # Teredo's server
    yield str(IPv6Address(0x2001 << 112 | (0x5DB8D822 << 64) | (four ^ 0xFFFFFFFF)))  # Teredo's client
    for mark in (0x5EFE, 0x02005EFE):
        yield str(IPv6Address(0x2600_1234 << 96 | mark << 32 | four))  # ISATAP


def disguised() -> list[str]:
    """Every number of the own network, plain and carried by others."""
    return [*CLOSED4, *CLOSED6, *(six for four in PRIVATE for six in carriers(four))]


SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "0X7F.0.0.1", "0x7f.0x0.0x0.0x1", "2130706433",
    "0177.0.0.1", "017700000001", "0177.1", "00000177.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.",
    "0", "0.0.0.0", "0x0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::127.0.0.1]",
    "[fec0::1]",
    "[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]", "[::1%lo]", "[2002:7f00:1::]", "１２７.０.０.１", "127。0。0。1",
    "①②⑦.0.0.1", "127.0.0.1%25lo", "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "ⓛocalhost", "0xa.1", "3232235777",
    "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "[0:0:0:0:0:ffff:a9fe:a9fe]",
)  # fmt: skip


def numbers() -> Attempts:
    """Names that lead to each number of the own network; none is ever asked."""
    results, asked = [], []
    with hurried(), patch.object(socket.socket, "connect", lambda self, to: asked.append(to)):
        for number in disguised():
            entry = [(socket.AF_INET6 if ":" in number else socket.AF_INET, 1, 6, "", (number, 80))]
            with patch.object(socket, "getaddrinfo", lambda *_, entry=entry, **__: entry):
                results.append(tried("http://disguised.example/story.html", private=False))
    outcome = counted("a number of the own network, in any disguise", results)
    return Attempts(
        outcome.kind, outcome.tried, wrong=max(outcome.wrong, len(asked)), hung=outcome.hung, said=outcome.said
    )


def spellings() -> Attempts:
    """Each spelling of a number of the own network, in an address and in a redirect."""
    results = []
    with hurried():
        for host in SPELLINGS:
            results.append(tried(f"http://{host}:9/story.html", private=False))
    return counted("a number of the own network, in any spelling", results)


def rebinding(times: int = 50) -> Attempts:
    """A name that leads to the open Internet when it is checked, and to this computer when it is connected to."""
    results, got = [], []

    def reached(connection: socket.socket, path: str) -> None:
        got.append(path)
        connection.sendall(FOUND)

    with server(reached, None) as site, hurried():
        port = int(site.rpartition(":")[2])
        for number in range(times):
            answers = iter([[(2, 1, 6, "", ("93.184.216.34", port))]])
            here = [(2, 1, 6, "", ("127.0.0.1", port))]
            with patch.object(socket, "getaddrinfo", lambda *_, answers=answers, here=here, **__: next(answers, here)):
                results.append(tried(f"http://rebound{number}.example:{port}/story.html", private=False))
    outcome = counted("a name that leads elsewhere between check and connection", results)
    return Attempts(
        outcome.kind, outcome.tried, wrong=max(outcome.wrong, len(got)), hung=outcome.hung, said=outcome.said
    )


# Redirects

LOCATIONS = (
    b"", b" ", b"http://", b"http:///x", b"https://", b"https:", b"//", b"///x", b"http://[", b"http://[::1", b"http://]",
    b"http://[x]/", b"//[", b"http://a.example:99999/", b"http://a.example:abc/", b"http://a.example:-1/",
    b"http://a.example:0/", b"//a.example:99999/", b"http://:80/", b"http://?x", b"http://#x", b"ftp://a.example/",
    b"file:///etc/passwd", b"javascript:alert(1)", b"data:text/html,x", b"gopher://a.example/", b"about:blank",
    b"mailto:ada@a.example", b"h\xc3\xa9llo", b"http://\xc3\xa9.example/", b"/caf\xe9", b"/\xff\xfe", b"\xe2\x80\xae/x",
    b"/a b", b"/a\tb", b"/a\x00b", b"/a\x7fb", b"http://a b/", b"http://me:secret@a.example/", b"http://me@a.example/",
    b"http://a.example@127.0.0.1:1/", b"http://" + b"a" * 300 + b".example/", b"http://a..example/", b"http://.example/",
    b"http://-/", b"http://%00/", b"http://%zz/", b"http://a.example%/", b"http://xn--/", b"http://xn--a-\xff/",
    b"/a\r\n b", b"/a, /b", b"http:x:y", b"::", b":80", b"//:80", b"?\xff", b"http://[v1.x]/", b"http://[::1]x/",
    b"http://[fe80::1%25]/", b"http://\\a.example/", b"\\\\a.example\\x", b"http://a.example\\@127.0.0.1/",
)  # fmt: skip


def locations() -> Attempts:
    """Each broken `Location`, for the page and for robots.txt."""
    results = []
    for location in LOCATIONS:
        onward = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        for robots in (NONE, onward):
            with server(sends(onward), robots) as site, hurried():
                results.append(tried(f"{site}/story.html"))
    return counted("a broken Location", results)


# What is no page, and what is kept of one

UNFIT = (201, 202, 204, 205, 206, 207, 226, 300, 304, 305, 306, 400, 404, 410, 429, 451, 500, 503, 599, 999)
SENT_ON = (300, 301, 302, 303, 307, 308)
NO_PAGE = {
    **{f"{status}": b"HTTP/1.1 %d X\r\nConnection: close\r\n\r\n" % status for status in (204, 205, 304)},
    **{f"{status} with a body": FOUND.replace(b"200", b"%d" % status) for status in UNFIT},
    **{f"{status} without Location": b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status for status in SENT_ON},
    "an empty 200": OK + b"Content-Length: 0\r\n\r\n",
    "an empty 200 that ends": OK + b"Connection: close\r\n\r\n",
    "a 200 of blanks": OK + b"Content-Length: 4\r\n\r\n \r\n\t",
    "an empty 200, packed": PACKED + b"Content-Length: %d\r\n\r\n" % len(EMPTY) + EMPTY,
    "an empty 200 in chunks": CHUNKED + b"\r\n0\r\n\r\n",
    "half a page, packed": PACKED + b"Connection: close\r\n\r\n" + gzip.compress(os.urandom(3000))[:1000],
    "half a page": OK + b"Content-Length: 99999\r\n\r\n" + PAGE,
    "half a page in chunks": CHUNKED + b"\r\nffff\r\n" + PAGE,
    "103 Early Hints and nothing else": b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "101": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
}  # fmt: skip


def no_pages() -> Attempts:
    """Each answer that is no page: an error, and nothing is kept."""
    results = []
    for content in NO_PAGE.values():
        with server(sends(content)) as site, hurried():
            results.append(tried(f"{site}/story.html"))
    return counted("an answer that is no page", results)


VISITOR = (
    "Set-Cookie: id=secret-7f3a; Path=/", "set-cookie: id=secret-7f3a", "Set-Cookie2: id=secret-7f3a; Version=1",
    "SET-COOKIE: a=1\r\nSet-Cookie: b=secret-7f3a", "X-Client-IP: secret-7f3a", "X-Forwarded-For: secret-7f3a",
    "X-Real-IP: secret-7f3a", "CF-Connecting-IP: secret-7f3a", "True-Client-IP: secret-7f3a", "X-Visitor: secret-7f3a",
    "X-Session-Id: secret-7f3a", "X-Request-Id: secret-7f3a", "CF-RAY: secret-7f3a", "ETag: \"secret-7f3a\"",
    "Report-To: {\"url\": \"https://r.example/?id=secret-7f3a\"}", "NEL: secret-7f3a", "X-Amz-Cf-Id: secret-7f3a",
    "Authorization: secret-7f3a", "WWW-Authenticate: Basic realm=secret-7f3a", "P3P: secret-7f3a",
    "Alt-Svc: h3=\"secret-7f3a\"", "Server-Timing: geo;desc=secret-7f3a", "X-Geo-City: secret-7f3a",
    "Via: 1.1 198.51.100.77 (proxy)", "Server: x (for 198.51.100.77)", "Link: <https://n.example/?ip=198.51.100.77>",
    "Vary: 198.51.100.77", "Cache-Control: private, x=198.51.100.77", "Content-Location: /story?from=2001:db8::77",
    "X-Your-Address: 198.51.100.77", "Forwarded: for=198.51.100.77", "Accept-CH: secret-7f3a", "X-UA: secret-7f3a",
)  # fmt: skip
SECRETS = (b"secret-7f3a", b"198.51.100.77", b"2001:db8::77", b"cookie")


def visitors() -> Attempts:
    """Each header that tells of the visitor: the page is kept, the header is not."""
    results = []
    for header in VISITOR:
        content = FOUND.replace(OK, OK + header.encode() + b"\r\n")
        with server(sends(content)) as site, hurried():
            how, found, seconds = tried(f"{site}/story.html")
        if isinstance(found, Fetched):
            kept = gzip.decompress(found.path.read_bytes()).lower()
            clean = not any(secret in kept for secret in SECRETS) and b"content-type: text/html" in kept
            how = "got" if clean and len(read(found.path)) == 1 else "wrong"
        results.append((how, header, seconds))
    return counted("a header that tells of the visitor", results, good="got")


def bombs() -> Attempts:
    """Pages that grow when they are unpacked, in layers too, or cost much for nothing."""
    zeros = gzip.compress(b"\x00" * 40_000_000)
    twice = gzip.compress(zeros)
    bodies = [
        ("gzip", zeros), ("gzip, gzip", twice), ("gzip, gzip, gzip", gzip.compress(twice)), ("", zeros),
        ("gzip", EMPTY * 45_000), ("gzip, gzip", gzip.compress(EMPTY * 45_000)),
        ("deflate", b"\x00\x00\x00\xff\xff" * 190_000),
        ("gzip", struct.pack("<H", 0x8B1F) * 400_000), ("br", b"\x00" * 900_000),
        ("zstd", b"\x28\xb5\x2f\xfd" * 200_000),
    ]  # fmt: skip
    results = []
    for coding, body in bodies:
        head = OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(body))
        with server(sends(head + body)) as site, hurried():
            results.append(tried(f"{site}/story.html"))
    return counted("a page that grows or costs when it is unpacked", results)


def attempts(home: Path) -> Iterator[Attempts]:
    """Attack in full number, and yield what came of it."""
    for attack in (hangs, handshakes, resolvers, numbers, spellings, rebinding, locations, no_pages, visitors, bombs):
        with patch.object(tempfile, "tempdir", str(home)):
            yield attack()
