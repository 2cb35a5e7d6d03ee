"""An address goes in; the page is kept as a web archive, with its headers and the hour, or a clear error comes out.

This is the one place where Unspun touches the network, and only when it is called. It asks robots.txt first, waits
between two requests to a host, says who is asking, and refuses addresses that lie on this computer or in a private
network, so that a list of addresses from elsewhere cannot make it ask there (server-side request forgery).
"""

import ipaddress
import re
import socket
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from protego import Protego

from helpers import __version__
from helpers.corpus.formats.warc import one_page
from helpers.display.visible import slug
from helpers.files.atomic import write_file
from helpers.files.limits import MB, MOST_PAGE

NAME = "Unspun"
WAIT = 5.0  # seconds between two requests to a host, where its robots.txt does not ask for more
LONGEST_WAIT = 120.0  # seconds; a host that asks for more is not asked
TIMEOUT = 30.0  # seconds to connect, and for each part of the answer
WHOLE = 120.0  # seconds for the whole answer, however slowly it drips
MOST_REDIRECTS = 5
MOST_ROBOTS = 500_000  # bytes of robots.txt that are read, as RFC 9309 has it
CONTACT = re.compile(r"[^\s@<>()\x00-\x1f]+@[^\s@<>()]+\.[^\s@<>()]+\Z|https?://[^\s<>()]+\.[^\s<>()]+\Z")
ENDING = ".warc.gz"
LATER = "try again later."


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
    until the host must answer, `most` the bytes that a page may have. Redirects are followed to http and https only,
    each checked like the first address. Hosts on this computer or in a private network are refused unless `private`.

    Raises `FetchingError` where robots.txt forbids it, the host does not answer, the answer is no success, or it is
    too long. Nothing is kept then. Raises ValueError where `contact` is no such address. The archive is read by
    `helpers.corpus.read`, and `import_articles` puts it in.
    """
    if not CONTACT.match(contact or ""):
        raise ValueError(f"contact {contact!r} is no e-mail address and no web address. Mend: say how to reach you.")
    agent = f"{NAME}/{__version__} (research on copied articles; contact: {contact})"
    asking = _Asking(agent, max(1.0, wait), timeout, private)
    at, wanted = url, url
    for _ in range(MOST_REDIRECTS + 1):
        asking.check_allowed(at)
        answer = asking.get(at, most)
        if answer.status not in (301, 302, 303, 307, 308):
            break
        target = answer.headers.get("Location", "")
        if not target:
            raise FetchingError(f"{at}: it sends us elsewhere and does not say where. Mend: open it in a browser.")
        at = urljoin(at, target)
    else:
        raise FetchingError(f"{wanted}: it sends us on more than {MOST_REDIRECTS} times. Mend: open it in a browser.")
    if not 200 <= answer.status < 300:
        raise FetchingError(f"{at}: the host answered {answer.status}. Mend: open it in a browser, and save it there.")
    now = datetime.now(UTC).replace(microsecond=0)
    return Fetched(_keep(Path(folder), at, answer, now), at, answer.status, now, answer.body)


@dataclass(frozen=True)
class _Answer:
    status: int
    reason: str
    headers: urllib3.HTTPHeaderDict
    body: bytes


class _Asking:
    """How hosts are asked: the agent, the pace, and what is refused."""

    def __init__(self, agent: str, wait: float, timeout: float, private: bool):
        self.agent, self.wait, self.timeout, self.private = agent, wait, timeout, private

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
        at = f"{root}/robots.txt"
        self.pause = self.wait
        for _ in range(MOST_REDIRECTS + 1):
            answer = self.get(at, MOST_ROBOTS, cut=True)
            if answer.status not in (301, 302, 303, 307, 308) or not answer.headers.get("Location"):
                break
            at = urljoin(at, answer.headers["Location"])
        if 400 <= answer.status < 500:
            return ""
        if not 200 <= answer.status < 300:
            return "User-agent: *\nDisallow: /"
        return answer.body.decode("utf-8", "replace")

    def get(self, url: str, most: int, cut: bool = False) -> _Answer:
        """Ask for one address, in its turn; raises for what is refused, does not answer or is too long."""
        parts = _parts(url)
        with _turn(parts.netloc, self.pause):
            return self._get(url, parts, self._address(url, parts), most, cut)

    def _address(self, url: str, parts: SplitResult) -> str:
        """The number of the host, checked. The connection goes to this number: a second look-up might give another."""
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, ValueError) as error:
            raise FetchingError(f"{url}: the host cannot be found ({error}). Mend: check the address.") from None
        numbers = [str(entry[4][0]) for entry in found]
        if not self.private and any(not _is_public(number) for number in numbers):
            what = "the host lies on this computer or in a private network"
            raise FetchingError(f"{url}: {what}. Mend: pass private=True if that is what you want.")
        return numbers[0]

    def _get(self, url: str, parts: SplitResult, number: str, most: int, cut: bool) -> _Answer:
        begun = time.monotonic()
        timeout = urllib3.Timeout(self.timeout)
        host = parts.hostname or ""  # it has one, see `_parts`
        host = host if host.isascii() else host.encode("idna").decode()
        pool: urllib3.HTTPConnectionPool
        if parts.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                number, parts.port or 443, timeout, retries=False, server_hostname=host, assert_hostname=host
            )
        else:
            pool = urllib3.HTTPConnectionPool(number, parts.port or 80, timeout, retries=False)
        shown = f"[{host}]" if ":" in host else host
        headers = {"Host": f"{shown}:{parts.port}" if parts.port else shown, "User-Agent": self.agent,
                   "Accept": "text/html,application/xhtml+xml,*/*;q=0.5", "Accept-Encoding": "gzip"}  # fmt: skip
        path = urllib3.util.parse_url(url).request_uri
        try:
            with pool:
                answer = pool.request("GET", path, headers=headers, redirect=False, preload_content=False)
                pieces, size = [], 0
                while piece := answer.read1(1 << 14, decode_content=True):  # waits for no more than what is there
                    size += len(piece)
                    if time.monotonic() - begun > WHOLE:
                        raise FetchingError(f"{url}: the answer took more than {WHOLE:g} seconds. Mend: {LATER}")
                    if size > most:
                        if cut:
                            break
                        raise FetchingError(f"{url}: the page has more than {most / MB:g} MB. Mend: raise `most`.")
                    pieces.append(piece)
                answer.close()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise FetchingError(f"{url}: the host did not answer as it should ({error}). Mend: {LATER}") from None
        return _Answer(answer.status, answer.reason or "", answer.headers, b"".join(pieces))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or re.search(r"[\x00-\x20\x7f]", url):
        raise FetchingError(f"{url[:200]!r}: no address of a web page. Mend: begin it with https:// and its host.")
    if parts.username is not None:
        raise FetchingError(f"{url[:200]!r}: it holds a name or password. Mend: take out what stands before the @.")
    return parts


def _is_public(number: str) -> bool:
    """Tell whether an IP address is one of the open Internet; one within another (::ffff:10.0.0.1) counts as it is."""
    address = ipaddress.ip_address(number.split("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


class _turn:  # noqa: N801 - read as a statement: with _turn(host, seconds)
    """Wait until a host may be asked again, and hold it while it is; hosts do not wait for each other."""

    def __init__(self, host: str, pause: float):
        self.host, self.pause = host, pause
        with _locks_lock:
            self.lock = _locks.setdefault(host, threading.Lock())

    def __enter__(self) -> None:
        self.lock.acquire()
        _sleep(max(0.0, min(LONGEST_WAIT, _last.get(self.host, 0.0) + self.pause - time.monotonic())))

    def __exit__(self, *_: object) -> None:
        _last[self.host] = time.monotonic()
        self.lock.release()


def _keep(folder: Path, url: str, answer: _Answer, now: datetime) -> Path:
    """Write the page as a web archive, in one step."""
    status, hour = f"{answer.status} {answer.reason}", now.strftime("%Y-%m-%dT%H:%M:%SZ")
    content = one_page(url, answer.body, status, list(answer.headers.iteritems()), WARC_Date=hour)
    parts = urlsplit(url)
    name = slug(f"{parts.hostname}{parts.path.rstrip('/')}".lower().replace("/", "-").replace("_", "-"), 100)
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"{name}-{now:%Y%m%dT%H%M%SZ}")
    write_file(path, content)
    return path


def _free(folder: Path, name: str) -> Path:
    number, path = 1, folder / f"{name}{ENDING}"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{ENDING}"
    return path
