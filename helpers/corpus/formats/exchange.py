"""An address goes in; the answer of its host comes out, asked for politely, safely and in bounded time.

This is the one place where Unspun asks the network for anything, for `fetch` and `collect`, and only when they are
called. robots.txt is asked first, two requests to a host have a wait between them, each says who is asking, and
addresses that lie on this computer or in a private network are refused, so that a list of addresses from elsewhere
cannot make it ask there (server-side request forgery).

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
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from protego import Protego
from urllib3.connection import HTTPConnection, HTTPSConnection

from helpers import __version__
from helpers.corpus.formats.content_coding import CUT, codings_of, unpacked_body
from helpers.files.limits import MB
from helpers.files.open_internet import is_public as _is_public
from helpers.files.problems import RecordError

NAME = "Unspun"
NOTHING_ALLOWED = "User-agent: *\nDisallow: /"
SHORTEST_WAIT = 1.0  # seconds between two requests to a host, whoever asks for less
WAIT = 5.0  # seconds between two requests to a host, where its robots.txt does not ask for more
LONGEST_WAIT = 120.0  # seconds; a host that asks for more is not asked
MOST_WAITING = 3 * LONGEST_WAIT  # seconds between the requests of one call, redirects and all
TIMEOUT = 30.0  # seconds without anything that leads on: a connection, a whole head, a piece of the page
WHOLE = 120.0  # seconds for the whole exchange of a call, however slowly it drips; our own waits are not counted
MOST_REDIRECTS = 5
MOST_ROBOTS = 500_000  # bytes of robots.txt that are read, as RFC 9309 has it
PIECE = 1 << 14  # bytes that are read at once
CONTACT = re.compile(r"[^\s@<>()\x00-\x1f]+@[^\s@<>()]+\.[^\s@<>()]+\Z|https?://[^\s<>()]+\.[^\s<>()]+\Z")
LATER = "try again later."
BROWSER = "open it in a browser, and save it there."
ONWARD = (301, 302, 303, 307, 308)
# The headers that tell of a page. Others tell of the visitor (cookies, tags, addresses sent back) or of the machines
# in between, and are not kept.
KEPT = {
    "content-type", "content-language", "content-location", "content-disposition", "date",
    "last-modified", "expires", "age", "cache-control", "server", "link", "vary", "x-robots-tag", "memento-datetime",
    "content-encoding", "content-length", "transfer-encoding",
}  # fmt: skip


class FetchingError(Exception):
    """A page that was not fetched; the message names the address and the mend."""


class ForbiddenError(FetchingError):
    """What robots.txt does not allow."""


class SilentError(FetchingError):
    """A host that cannot be found, or did not answer as it should."""


class TooLongError(FetchingError):
    """An answer with more bytes than may be read."""


# Tests put others in their place, so that no test waits.
_sleep, _clock = time.sleep, time.monotonic
_last: dict[str, float] = {}  # host -> when it may be asked again
_robots: dict[str, Protego] = {}
_locks: dict[str, threading.Lock] = {}
_locks_lock = threading.Lock()


@dataclass(frozen=True)
class Answer:
    """What a host answered: its body unpacked, empty where the status is not one of success."""

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


def robots_text(answer: Answer) -> str:
    """Return what robots.txt says; where it cannot be had all is forbidden, where there is none nothing (RFC 9309)."""
    if 400 <= answer.status < 500:
        return ""
    if not 200 <= answer.status < 300:
        return NOTHING_ALLOWED
    return answer.body.decode("utf-8", "replace")


def pause_asked(url: str, rules: Protego) -> float:
    """Return the seconds between two requests that robots.txt asks for, 0 where it asks for none.

    Raises `ForbiddenError` where it does not allow this address, `FetchingError` for a pace that nobody can wait for.
    """
    if not rules.can_fetch(url, NAME):
        raise ForbiddenError(f"{url}: the site's robots.txt forbids it. Mend: ask the site, or save it by hand.")
    rate = rules.request_rate(NAME)
    asked = max(rules.crawl_delay(NAME) or 0, rate.seconds / rate.requests if rate and rate.requests else 0)
    if asked > LONGEST_WAIT:
        raise FetchingError(f"{url}: robots.txt asks for {asked:g} seconds between pages. Mend: save it by hand.")
    return float(asked)


def agent_of(contact: str) -> str:
    """Return how requests name who is asking; raises ValueError where `contact` is no e-mail or web address."""
    if not CONTACT.match(contact or ""):
        raise ValueError(f"contact {contact!r} is no e-mail address and no web address. Mend: say how to reach you.")
    return f"{NAME}/{__version__} (research on copied articles; contact: {contact})"


class Asking:
    """How hosts are asked: the agent, the pace, the time, and what is refused.

    `through` is a server of one's own, a number and a port, that is asked in the place of every host, without
    encryption: for a copy of a site on this computer. `received` counts the bytes of all bodies that came, of those too
    that were given up.
    """

    def __init__(self, agent: str, wait: float, timeout: float, private: bool, through: tuple[str, int] | None = None):
        """Begin; `timeout` is the seconds until something must come that leads on."""
        self.agent, self.wait, self.private, self.through = agent, max(SHORTEST_WAIT, wait), private, through
        self.quiet, self.received, self.pause = timeout, 0, self.wait
        self.anew()

    def anew(self) -> None:
        """Begin another call, which has its time for itself."""
        self.time = _Time(self.quiet)

    def check_allowed(self, url: str) -> None:
        """Raise where robots.txt does not allow this address, or asks for a pace that nobody can wait for."""
        root = root_of(url)
        if root not in _robots:
            self.pause = self.wait
            _, answer = self.follow(f"{root}/robots.txt", MOST_ROBOTS, cut=True)
            _robots[root] = Protego.parse(robots_text(answer))
        self.pause = max(self.wait, pause_asked(url, _robots[root]))

    def follow(
        self, url: str, most: int, cut: bool = False, check: Callable[[str], None] = lambda url: None
    ) -> tuple[str, Answer]:
        """Ask for an address, and for those that it sends us on to; return the last and its answer.

        `check` looks at each before it is asked for, and raises for one that must not be.
        """
        at = url
        for _ in range(MOST_REDIRECTS + 1):
            check(at)
            answer = self.get(at, most, cut)
            if answer.status not in ONWARD:
                return at, answer
            at = onward(at, answer.headers.get("Location", ""))
        raise FetchingError(f"{url}: it sends us on more than {MOST_REDIRECTS} times. Mend: open it in a browser.")

    def get(self, url: str, most: int, cut: bool = False, conditions: dict[str, str] | None = None) -> Answer:
        """Ask for one address, in its turn; raises for what is refused, does not answer in its time or is too long.

        `conditions` are headers such as If-None-Match: the page is wanted only if it changed.
        """
        parts = parts_of(url)
        with _turn(pace_name(parts), self.pause) as turn:
            self.time.waited += turn.waited
            if self.time.waited > MOST_WAITING:
                what = f"the waits between its requests come to more than {MOST_WAITING:g} seconds"
                raise FetchingError(f"{url}: {what}. Mend: {BROWSER}")
            with self.time.running():
                try:
                    return self._get(url, parts, self._places(url, parts), (most, cut, conditions or {}))
                except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                    raise self.failed(url, error) from None

    def _places(self, url: str, parts: SplitResult) -> list[tuple]:
        """Where the host is, checked. The connection goes there: a second look-up might give another number."""
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            found = _looked_up(*(self.through or (parts.hostname or "", port)), self.time.left())
        except TimeoutError:
            raise
        except (OSError, UnicodeError, ValueError) as error:
            raise SilentError(f"{url}: the host cannot be found ({error}). Mend: check the address.") from None
        self.check_open(url, [str(entry[4][0]) for entry in found])
        self.time.led_on()
        return found

    def failed(self, url: str, error: Exception) -> FetchingError:
        """What to raise for an exchange that ended with this error: it took too long, or went wrong."""
        said = self.time.over() or f"the host did not answer as it should ({str(error)[:300]}). Mend: {LATER}"
        return SilentError(f"{url}: {said}")

    def check_open(self, url: str, numbers: list[str]) -> None:
        """Raise where one of these numbers is not of the open Internet."""
        if not self.private and not (numbers and all(map(_is_public, numbers))):
            what = "the host lies on this computer or in a private network"
            raise FetchingError(f"{url}: {what}. Mend: pass private=True if that is what you want.")

    def _get(self, url: str, parts: SplitResult, found: list[tuple], how: tuple[int, bool, dict[str, str]]) -> Answer:
        most, cut, conditions = how
        host = parts.hostname or ""  # it has one, see `_parts`
        host = host if host.isascii() else host.encode("idna").decode()
        shown = f"[{host}]" if ":" in host else host
        headers = {"Host": f"{shown}:{parts.port}" if parts.port else shown, "User-Agent": self.agent,
                   "Accept": "text/html,application/xhtml+xml,*/*;q=0.5", "Accept-Encoding": "gzip",
                   **conditions}  # fmt: skip
        path = urllib3.util.parse_url(url).request_uri
        with _pool(self, url, parts, found, host) as pool:
            answer = pool.request("GET", path, headers=headers, redirect=False, preload_content=False)
            try:
                self.time.led_on()
                is_page = 200 <= answer.status < 300
                body = self._body(url, answer, most, cut) if is_page else b""
            finally:
                answer.close()
        return Answer(answer.status, answer.reason or "", answer.headers, body)

    def _body(self, url: str, answer: urllib3.BaseHTTPResponse, most: int, cut: bool) -> bytes:
        """What an answer holds, unpacked; of more than `most` bytes the beginning if it may be cut, else an error."""
        pieces, size = [], 0
        while size <= most and (piece := answer.read1(PIECE, decode_content=False)):  # waits for no more than is there
            size += len(piece)
            self.received += len(piece)
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
            raise SilentError(f"{url}: the page is {error.problem.rstrip('.')}. Mend: {LATER}") from None
        if CUT in notes and not cut:
            raise SilentError(f"{url}: the page is packed, and breaks off in the middle. Mend: {LATER}")
        return body[:most] if cut else body


def _too_long(url: str, most: int) -> TooLongError:
    return TooLongError(f"{url}: the page has more than {most / MB:g} MB. Mend: raise `most`.")


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


def _connecting(kind: Any, asking: Asking, url: str, found: list[tuple]) -> Any:
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


def _pool(asking: Asking, url: str, parts: SplitResult, found: list[tuple], host: str) -> urllib3.HTTPConnectionPool:
    """The way to one host, by the numbers that were found for it."""
    number, timeout = str(found[0][4][0]), urllib3.Timeout(asking.time.left())
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "http" or asking.through:
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


def parts_of(url: str) -> SplitResult:
    """Return the parts of an address; raises `FetchingError` for what is no address of a web page."""
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


def root_of(url: str) -> str:
    """Return where the robots.txt of an address lies, without its name; raises `FetchingError`."""
    parts = parts_of(url)
    return f"{parts.scheme}://{parts.netloc}"


def pace_name(parts: SplitResult) -> str:
    """Return the name under which a host has its pace: one machine answers with “www.” and without."""
    return parts.netloc.removeprefix("www.")


def asked_before(host: str, seconds: float) -> None:
    """Remember that a host was asked so many seconds ago, by another process, so that its pace is kept."""
    _last[host] = max(_last.get(host, -float("inf")), _clock() - seconds)


def pause(seconds: float) -> None:
    """Wait, as a host asked for."""
    _sleep(seconds)


def onward(at: str, location: str) -> str:
    """Return the address that a redirect names; raises `FetchingError` where it names none that can be asked for."""
    said = location.strip()
    if not said:
        raise FetchingError(f"{at}: it sends us elsewhere and does not say where. Mend: open it in a browser.")
    try:
        # Bytes beyond ASCII come in any encoding: whoever guesses asks for another page.
        if not said.isascii() or re.search(r"[\x00-\x20\x7f]", said):
            raise ValueError
        whole = f"{urlsplit(at).scheme}:{said}" if said.startswith("//") else said
        parts_of(whole if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", whole) else urljoin(at, said))
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
        self.waited = max(0.0, min(LONGEST_WAIT, _last.get(self.host, -float("inf")) + self.pause - _clock()))
        try:
            _sleep(self.waited)
        except BaseException:  # Ctrl-C; whoever is next must not wait for ever
            self.lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        _last[self.host] = _clock()
        self.lock.release()


def page_headers(answer: Answer) -> list[tuple[str, str]]:
    """Return the headers that tell of a page, none that may tell of who asked for it."""
    return [(name, value) for name, value in answer.headers.iteritems() if _tells_of_the_page(name, value)]


def _tells_of_the_page(name: str, value: str) -> bool:
    """Tell whether a header may be kept: one that tells of the page, and holds no number of a computer."""
    return name.lower() in KEPT and not any(map(_is_number, re.split(r"[\s,;=\"'<>()\[\]/]+", value)))


def _is_number(word: str) -> bool:
    try:
        return bool(ip_address(word))
    except ValueError:
        return False
