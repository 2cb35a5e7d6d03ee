"""An address goes in; the page is kept as a web archive, with its headers and the hour, or a clear error comes out.

This is the one place where Unspun touches the network, and only when it is called. It asks robots.txt first, waits
between two requests to a host, says who is asking, and refuses addresses that lie on this computer or in a private
network, so that a list of addresses from elsewhere cannot make it ask there (server-side request forgery).

A host may send what it likes as slowly as it likes. Each time something is read from it the seconds that are left are
looked at, so that a call ends in its time whatever the host does: names, connections, encryption, robots.txt,
redirects, heads, chunks and trailers all take from the same seconds.
"""

import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from protego import Protego
from urllib3.connection import HTTPConnection, HTTPSConnection

from helpers import __version__
from helpers.corpus.formats.content_coding import CUT, codings_of, unpacked_body
from helpers.corpus.formats.warc import one_page
from helpers.display.visible import slug
from helpers.files.atomic import write_file
from helpers.files.limits import MB, MOST_PAGE
from helpers.files.open_internet import is_public as _is_public
from helpers.files.problems import RecordError

NAME = "Unspun"
WAIT = 5.0  # seconds between two requests to a host, where its robots.txt does not ask for more
LONGEST_WAIT = 120.0  # seconds; a host that asks for more is not asked
MOST_WAITING = 3 * LONGEST_WAIT  # seconds between the requests of one call, redirects and all
TIMEOUT = 30.0  # seconds without anything that leads on: a connection, a whole head, a piece of the page
WHOLE = 120.0  # seconds for the whole exchange of a call, however slowly it drips; our own waits are not counted
MOST_REDIRECTS = 5
MOST_ROBOTS = 500_000  # bytes of robots.txt that are read, as RFC 9309 has it
PIECE = 1 << 14  # bytes that are read at once
CONTACT = re.compile(r"[^\s@<>()\x00-\x1f]+@[^\s@<>()]+\.[^\s@<>()]+\Z|https?://[^\s<>()]+\.[^\s<>()]+\Z")
ENDING = ".warc.gz"
LATER = "try again later."
BROWSER = "open it in a browser, and save it there."
ONWARD = (301, 302, 303, 307, 308)
# Answers with success that hold no page, or not all of it.
NO_PAGE = {204: ", which says that it holds no page", 205: ", which says that it holds no page",
           206: " and sent a part of the page only", 304: ", as if we knew the page already"}  # fmt: skip
# The headers that tell of a page. Others tell of the visitor (cookies, tags, addresses sent back) or of the machines
# in between, and are not kept.
KEPT = {
    "content-type", "content-language", "content-location", "content-disposition", "date",
    "last-modified", "expires", "age", "cache-control", "server", "link", "vary", "x-robots-tag", "memento-datetime",
    "content-encoding", "content-length", "transfer-encoding",
}  # fmt: skip


class FetchingError(Exception):
    """A page that was not fetched; the message names the address and the mend."""


@dataclass(frozen=True)
class Fetched:
    """A page as it came: where it is kept, the address it came from in the end, its status, the hour, its bytes."""

    path: Path
    url: str
    status: int
    retrieved: datetime
    content: bytes


_sleep = time.sleep
_last: dict[str, float] = {}  # host -> when it may be asked again
_robots: dict[str, Protego] = {}
_locks: dict[str, threading.Lock] = {}
_locks_lock = threading.Lock()


def fetch(
    url: str,
    folder: str | Path,
    *,
    contact: str,
    wait: float = WAIT,
    timeout: float = TIMEOUT,
    most: int = MOST_PAGE,
    private: bool = False,
) -> Fetched:
    """Fetch one page and keep it below `folder` as `HOST-PATH-HOUR.warc.gz`; return where, and what came.

    `contact` is your e-mail address or a web page about your research: it is sent with the request, so that the
    site's owner can write to you. `wait` is the seconds between two requests to a host (at least 1), `timeout` those
    until something must come that leads on (a connection, a whole head, a piece of the page), `most` the bytes that a
    page may have. Two minutes (`WHOLE`) are all that a call may take, our own waits not counted. Redirects are followed
    to http and https only, each checked like the first address. Hosts on this computer or in a private network are
    refused unless `private`, however their numbers are written and whatever carries them.

    Of the headers those are kept that tell of the page; none that may tell of you (cookies, numbers sent back).

    Raises `FetchingError` where robots.txt forbids it, the host does not answer in its time, the answer is no page, or
    it is too long. Nothing is kept then. Raises ValueError where `contact` is no such address. The archive is read by
    `helpers.corpus.read`, and `import_articles` puts it in.
    """
    if not CONTACT.match(contact or ""):
        raise ValueError(f"contact {contact!r} is no e-mail address and no web address. Mend: say how to reach you.")
    agent = f"{NAME}/{__version__} (research on copied articles; contact: {contact})"
    asking = _Asking(agent, max(1.0, wait), timeout, private)
    at, answer = asking.follow(url, most, check=asking.check_allowed)
    if answer.status not in (200, 203):
        said = f"the host answered {answer.status}{NO_PAGE.get(answer.status, '')}"
        raise FetchingError(f"{at}: {said}. Mend: {BROWSER}")
    if not answer.body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FetchingError(f"{at}: the host answered {answer.status} and sent nothing. Mend: {BROWSER}")
    now = datetime.now(UTC).replace(microsecond=0)
    return Fetched(_keep(Path(folder), at, answer, now), at, answer.status, now, answer.body)


@dataclass(frozen=True)
class _Answer:
    status: int
    reason: str
    headers: urllib3.HTTPHeaderDict
    body: bytes


class _Time:
    """The seconds that a call still has: for the whole, and until something must come that leads on."""

    def __init__(self, quiet: float):
        self.whole, self.quiet = WHOLE, quiet
        self.spent = self.waited = 0.0
        self.begun = self.heard = time.monotonic()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time inside."""
        self.begun = self.heard = time.monotonic()
        try:
            yield
        finally:
            self.spent += time.monotonic() - self.begun

    def led_on(self) -> None:
        """Remember that something came."""
        self.heard = time.monotonic()

    def left(self) -> float:
        """How long may be waited for the next bytes; raises TimeoutError where no time is left."""
        if said := self.over():
            raise TimeoutError(said)
        return min(self._whole_left(), self._quiet_left())

    def over(self) -> str:
        """What to say when no time is left; empty while there is some."""
        if self._whole_left() <= 0:
            return f"the answer took more than {self.whole:g} seconds, with all that led to it. Mend: {LATER}"
        if self._quiet_left() <= 0:
            what = f"nothing that leads on came within {self.quiet:g} seconds"
            return f"the host did not answer as it should ({what}). Mend: {LATER[:-1]}, or raise `timeout`."
        return ""

    def _whole_left(self) -> float:
        return self.whole - self.spent - (time.monotonic() - self.begun)

    def _quiet_left(self) -> float:
        return self.quiet - (time.monotonic() - self.heard)


class _Asking:
    """How hosts are asked: the agent, the pace, the time, and what is refused."""

    def __init__(self, agent: str, wait: float, timeout: float, private: bool):
        self.agent, self.wait, self.private = agent, wait, private
        self.time = _Time(timeout)

    def check_allowed(self, url: str) -> None:
        """Raise where robots.txt does not allow this address, or asks for a pace that nobody can wait for."""
        parts = _parts(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in _robots:
            _robots[root] = Protego.parse(self._robots_of(root))
        rules = _robots[root]
        if not rules.can_fetch(url, NAME):
            raise FetchingError(f"{url}: the site's robots.txt forbids it. Mend: ask the site, or save it by hand.")
        asked = rules.crawl_delay(NAME) or 0
        if asked > LONGEST_WAIT:
            raise FetchingError(f"{url}: robots.txt asks for {asked:g} seconds between pages. Mend: save it by hand.")
        self.pause = max(self.wait, asked)

    def _robots_of(self, root: str) -> str:
        """The text of robots.txt; where it cannot be had all is forbidden, where there is none nothing (RFC 9309)."""
        self.pause = self.wait
        _, answer = self.follow(f"{root}/robots.txt", MOST_ROBOTS, cut=True)
        if 400 <= answer.status < 500:
            return ""
        if not 200 <= answer.status < 300:
            return "User-agent: *\nDisallow: /"
        return answer.body.decode("utf-8", "replace")

    def follow(
        self, url: str, most: int, cut: bool = False, check: Callable[[str], None] = lambda url: None
    ) -> tuple[str, _Answer]:
        """Ask for an address, and for those that it sends us on to; return the last and its answer.

        `check` looks at each before it is asked for, and raises for one that must not be.
        """
        at = url
        for _ in range(MOST_REDIRECTS + 1):
            check(at)
            answer = self.get(at, most, cut)
            if answer.status not in ONWARD:
                return at, answer
            at = _onward(at, answer.headers.get("Location", ""))
        raise FetchingError(f"{url}: it sends us on more than {MOST_REDIRECTS} times. Mend: open it in a browser.")

    def get(self, url: str, most: int, cut: bool = False) -> _Answer:
        """Ask for one address, in its turn; raises for what is refused, does not answer in its time or is too long."""
        parts = _parts(url)
        with _turn(parts.netloc, self.pause) as turn:
            self.time.waited += turn.waited
            if self.time.waited > MOST_WAITING:
                what = f"the waits between its requests come to more than {MOST_WAITING:g} seconds"
                raise FetchingError(f"{url}: {what}. Mend: {BROWSER}")
            with self.time.running():
                try:
                    return self._get(url, parts, self._places(url, parts), most, cut)
                except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                    raise self.failed(url, error) from None

    def _places(self, url: str, parts: SplitResult) -> list[tuple]:
        """Where the host is, checked. The connection goes there: a second look-up might give another number."""
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            found = _looked_up(parts.hostname or "", port, self.time.left())
        except TimeoutError:
            raise
        except (OSError, UnicodeError, ValueError) as error:
            raise FetchingError(f"{url}: the host cannot be found ({error}). Mend: check the address.") from None
        self.check_open(url, [str(entry[4][0]) for entry in found])
        self.time.led_on()
        return found

    def failed(self, url: str, error: Exception) -> FetchingError:
        """What to raise for an exchange that ended with this error: it took too long, or went wrong."""
        said = self.time.over() or f"the host did not answer as it should ({str(error)[:300]}). Mend: {LATER}"
        return FetchingError(f"{url}: {said}")

    def check_open(self, url: str, numbers: list[str]) -> None:
        """Raise where one of these numbers is not of the open Internet."""
        if not self.private and not (numbers and all(map(_is_public, numbers))):
            what = "the host lies on this computer or in a private network"
            raise FetchingError(f"{url}: {what}. Mend: pass private=True if that is what you want.")

    def _get(self, url: str, parts: SplitResult, found: list[tuple], most: int, cut: bool) -> _Answer:
        host = parts.hostname or ""  # it has one, see `_parts`
        host = host if host.isascii() else host.encode("idna").decode()
        shown = f"[{host}]" if ":" in host else host
        headers = {"Host": f"{shown}:{parts.port}" if parts.port else shown, "User-Agent": self.agent,
                   "Accept": "text/html,application/xhtml+xml,*/*;q=0.5", "Accept-Encoding": "gzip"}  # fmt: skip
        path = urllib3.util.parse_url(url).request_uri
        with _pool(self, url, parts, found, host) as pool:
            answer = pool.request("GET", path, headers=headers, redirect=False, preload_content=False)
            try:
                self.time.led_on()
                is_page = 200 <= answer.status < 300
                body = self._body(url, answer, most, cut) if is_page else b""
            finally:
                answer.close()
        return _Answer(answer.status, answer.reason or "", answer.headers, body)

    def _body(self, url: str, answer: urllib3.BaseHTTPResponse, most: int, cut: bool) -> bytes:
        """What an answer holds, unpacked; of more than `most` bytes the beginning if it may be cut, else an error."""
        pieces, size = [], 0
        while size <= most and (piece := answer.read1(PIECE, decode_content=False)):  # waits for no more than is there
            size += len(piece)
            pieces.append(piece)
            self.time.led_on()
            self.time.left()
        content = b"".join(pieces)
        if size > most and not cut:
            raise _too_long(url, most)
        codings = codings_of(answer.headers.get("Content-Encoding", ""))
        try:
            body, notes = unpacked_body(content, codings, most * (10 if cut else 1))  # cut when it is unpacked
        except RecordError as error:
            if "has more than" in error.problem:
                raise _too_long(url, most) from None
            raise FetchingError(f"{url}: the page is {error.problem.rstrip('.')}. Mend: {LATER}") from None
        if CUT in notes and not cut:
            raise FetchingError(f"{url}: the page is packed, and breaks off in the middle. Mend: {LATER}")
        return body[:most] if cut else body


def _too_long(url: str, most: int) -> FetchingError:
    return FetchingError(f"{url}: the page has more than {most / MB:g} MB. Mend: raise `most`.")


def _looked_up(host: str, port: int, seconds: float) -> list[tuple]:
    """What the resolver says of a host; raises TimeoutError where it says nothing for so long.

    Nobody can stop a resolver that hangs: it is asked in a thread, which is left behind with it.
    """
    answers: queue.SimpleQueue[list[tuple] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # it is raised where somebody waits for it
            answers.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the resolver does not answer") from None
    if isinstance(found, Exception):
        raise found
    return found


def _bounded(kind: Any, clock: _Time) -> Any:
    """A class of sockets that wait for no bytes longer than the call has time."""

    class Bounded(kind):
        def recv_into(self, *given: Any, **more: Any) -> int:
            self.settimeout(clock.left())
            return int(super().recv_into(*given, **more))

    return Bounded


def _connecting(kind: Any, asking: _Asking, url: str, found: list[tuple]) -> Any:
    """A class of connections that go to what was found and checked, the first that answers, and are bounded in time."""

    class Connecting(kind):
        def _new_conn(self) -> socket.socket:
            error: OSError = OSError("it has no number")
            for more, (family, _, protocol, _, place) in reversed([*enumerate(reversed(found), 1)]):
                sock: socket.socket = _bounded(socket.socket, asking.time)(family, socket.SOCK_STREAM, protocol)
                try:
                    sock.settimeout(asking.time.left() / more)
                    sock.connect(place)
                    asking.check_open(url, [str(sock.getpeername()[0])])
                    asking.time.led_on()
                    sock.settimeout(asking.time.left())  # for all of a handshake, and for what is sent
                    return sock
                except OSError as refused:
                    sock.close()
                    error = refused
                except BaseException:
                    sock.close()
                    raise
            raise asking.failed(url, error)

    return Connecting


def _pool(asking: _Asking, url: str, parts: SplitResult, found: list[tuple], host: str) -> urllib3.HTTPConnectionPool:
    """The way to one host, by the numbers that were found for it."""
    number, timeout = str(found[0][4][0]), urllib3.Timeout(asking.time.left())
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "http":
        pool = urllib3.HTTPConnectionPool(number, parts.port or 80, timeout, retries=False)
        pool.ConnectionCls = _connecting(HTTPConnection, asking, url, found)
        return pool
    context = ssl.create_default_context()
    context.sslsocket_class = _bounded(ssl.SSLSocket, asking.time)
    pool = urllib3.HTTPSConnectionPool(
        number, parts.port or 443, timeout, retries=False, ssl_context=context, server_hostname=host,
        assert_hostname=host,
    )  # fmt: skip
    pool.ConnectionCls = _connecting(HTTPSConnection, asking, url, found)
    return pool


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or re.search(r"[\x00-\x20\x7f\ud800-\udfff]", url):
        raise FetchingError(f"{url[:200]!r}: no address of a web page. Mend: begin it with https:// and its host.")
    if parts.username is not None:
        raise FetchingError(f"{url[:200]!r}: it holds a name or password. Mend: take out what stands before the @.")
    return parts


def _onward(at: str, location: str) -> str:
    """The address that a redirect names; raises `FetchingError` where it names none that can be asked for."""
    said = location.strip()
    if not said:
        raise FetchingError(f"{at}: it sends us elsewhere and does not say where. Mend: open it in a browser.")
    try:
        # Bytes beyond ASCII come in any encoding: whoever guesses asks for another page.
        if not said.isascii() or re.search(r"[\x00-\x20\x7f]", said):
            raise ValueError
        whole = f"{urlsplit(at).scheme}:{said}" if said.startswith("//") else said
        _parts(whole if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", whole) else urljoin(at, said))
        return urljoin(at, said)
    except (ValueError, FetchingError) as error:
        why = "an address with a name or password" if "password" in str(error) else "no address of a web page"
        raise FetchingError(f"{at}: it sends us on to {said[:200]!r}, {why}. Mend: {BROWSER}") from None


class _turn:  # noqa: N801 - read as a statement: with _turn(host, seconds)
    """Wait until a host may be asked again, and hold it while it is; hosts do not wait for each other."""

    def __init__(self, host: str, pause: float):
        self.host, self.pause = host, pause
        with _locks_lock:
            self.lock = _locks.setdefault(host, threading.Lock())

    def __enter__(self) -> "_turn":
        self.lock.acquire()
        self.waited = max(0.0, min(LONGEST_WAIT, _last.get(self.host, 0.0) + self.pause - time.monotonic()))
        try:
            _sleep(self.waited)
        except BaseException:  # Ctrl-C; whoever is next must not wait for ever
            self.lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        _last[self.host] = time.monotonic()
        self.lock.release()


def _keep(folder: Path, url: str, answer: _Answer, now: datetime) -> Path:
    """Write the page as a web archive, in one step."""
    status, hour = f"{answer.status} {answer.reason}", now.strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = [(name, value) for name, value in answer.headers.iteritems() if _tells_of_the_page(name, value)]
    content = one_page(url, answer.body, status, headers, WARC_Date=hour)
    parts = urlsplit(url)
    name = slug(f"{parts.hostname}{parts.path.rstrip('/')}".lower().replace("/", "-").replace("_", "-"), 100)
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"{name}-{now:%Y%m%dT%H%M%SZ}")
    write_file(path, content)
    return path


def _tells_of_the_page(name: str, value: str) -> bool:
    """Tell whether a header may be kept: one that tells of the page, and holds no number of a computer."""
    return name.lower() in KEPT and not any(map(_is_number, re.split(r"[\s,;=\"'<>()\[\]/]+", value)))


def _is_number(word: str) -> bool:
    try:
        return bool(ip_address(word))
    except ValueError:
        return False


def _free(folder: Path, name: str) -> Path:
    number, path = 1, folder / f"{name}{ENDING}"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{ENDING}"
    return path
