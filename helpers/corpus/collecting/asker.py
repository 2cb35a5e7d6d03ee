"""An address that is wanted goes in; it is asked for as robots.txt allows, kept, and logged; its line comes out.

One request at a time, each in its turn. A host that says that it is asked too much is left alone for as long as it
asks, or twice as long each time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from protego import Protego

from helpers.corpus.collecting import keeping
from helpers.corpus.collecting.addresses import Scope
from helpers.corpus.collecting.frontier import KEPT, Wanted
from helpers.corpus.collecting.keeping import Kept, Line, digest, hour
from helpers.corpus.collecting.named import BESIDE, PAGE, SITEMAP, Named, read_bounded
from helpers.corpus.formats.exchange import (
    MOST_REDIRECTS,
    MOST_ROBOTS,
    ONWARD,
    Answer,
    Asking,
    FetchingError,
    ForbiddenError,
    SilentError,
    TooLongError,
    onward,
    pause,
    pause_asked,
    robots_text,
    root_of,
)
from helpers.files.limits import MB, MOST_PAGE, MOST_WHOLE

ROBOTS = "robots"
ROBOTS_HOLD = timedelta(hours=24)  # no longer without asking anew, as RFC 9309 has it
MOST_TRIES = 5  # of one address whose host says that it is asked too much
BACK_OFF = 30.0  # seconds after the first such answer, where the host names none; twice as long after each further one
LONGEST_BACK_OFF = 900.0  # seconds; where a host asks for more, the run ends and a later one goes on
LONGEST_SHUT = timedelta(days=7)  # that a host may ask us to stay away
TOO_MUCH = (429, 503)
REFUSED = (401, 403, 407, 451)
LEAST_LEFT = 1 << 16  # bytes; with less left of the budget nothing is asked for
TAGS = {"etag": "ETag", "modified": "Last-Modified"}
LOOKS_LIKE_HTML = re.compile(rb"[\s\xef\xbb\xbf]*<(?:!doctype\s+html|html|head|body|article)\b", re.I)
MOST_BESIDE = 1 * MB  # bytes of an icon or a style sheet that are kept
SENDABLE = re.compile(r"[\x20-\x7e]{1,300}\Z")
TYPES = ("html", "xml", "rss", "atom", "text/plain", "gzip", "octet-stream")
BLANK = b"\x00 \t\r\n\xef\xbb\xbf"


class StopError(Exception):
    """The run ends here; the message says why, `until` when the host may be asked again, if it said so."""

    def __init__(self, why: str, until: datetime | None = None):
        """Keep what is known."""
        super().__init__(why)
        self.until = until


@dataclass
class Budget:
    """How many requests for pages, and how many bytes, are left of what a run may use."""

    pages: int
    size: int
    asked: int = 0


class Asker:
    """Who asks, for one round of one folder. What came last is kept in memory as it was read."""

    def __init__(self, kept: Kept, asking: Asking, scope: Scope, budget: Budget, number: int):
        """Begin; nothing is asked yet."""
        self.kept, self.asking, self.scope, self.budget, self.round = kept, asking, scope, budget, number
        self._rules: dict[str, tuple[Protego, datetime]] = {}
        self._no_rules: dict[str, str] = {}
        self._read: tuple[str, int, Named] = ("", -1, Named())

    # robots.txt

    def rules(self, url: str) -> Protego:
        """Return what robots.txt says of an address's host, asked for once in 24 hours.

        Raises `SilentError` where it cannot be had: then nothing may be asked there.
        """
        root, now = root_of(url), keeping._now()
        if root in self._no_rules:
            raise SilentError(self._no_rules[root])
        if root not in self._rules:
            self._rules[root] = self._known_rules(root)
        rules, hour_of_it = self._rules[root]
        if now - hour_of_it > ROBOTS_HOLD:
            self._pace(rules, url)
            try:
                rules = Protego.parse(self._asked_robots(root))
            except SilentError as error:
                self._no_rules[root] = str(error)
                raise
            self._rules[root] = rules, now
        return rules

    def _pace(self, rules: Protego, url: str) -> None:
        """Keep the pace that is known, while robots.txt is asked for again."""
        try:
            self.asking.pause = max(self.asking.wait, pause_asked(f"{root_of(url)}/robots.txt", rules))
        except FetchingError:
            self.asking.pause = self.asking.wait

    def _known_rules(self, root: str) -> tuple[Protego, datetime]:
        """What the log has of a robots.txt, and when it was asked for; nothing, and long ago, where it has none."""
        lines = [line for line in self.kept.lines if line.get("root") == root and line.get("status", 0) not in ONWARD]
        if not lines or not 200 <= lines[-1].get("status", 0) < 500 or lines[-1]["status"] in TOO_MUCH:
            return Protego.parse(""), datetime.min.replace(tzinfo=UTC)
        content = self.kept.content(lines[-1])[0] if "at" in lines[-1] else b""
        return Protego.parse(content.decode("utf-8", "replace")), datetime.fromisoformat(lines[-1]["when"])

    def _asked_robots(self, root: str) -> str:
        url = f"{root}/robots.txt"
        seen: set[str] = set()
        while url not in seen and len(seen) <= MOST_REDIRECTS:
            seen.add(url)
            line, answer = self._patiently(Wanted(0, 0, 0, url, ROBOTS, ROBOTS), {"root": root})
            if answer is None:
                raise SilentError(f"its robots.txt cannot be had ({line['why']})")
            if answer.status >= 500:
                raise SilentError(f"its robots.txt cannot be had (the host answered {answer.status})")
            if answer.status not in ONWARD:
                return robots_text(answer)
            url = onward(url, answer.headers.get("Location", ""))
            if not self.scope.has(url):
                raise SilentError(f"its robots.txt sends on to {url}, which is not on the site: name that host too")
        raise SilentError(f"its robots.txt sends on in a circle, or more than {MOST_REDIRECTS} times")

    # One address

    def ask(self, wanted: Wanted, stored: Line | None) -> Line:
        """Ask for an address that robots.txt allows; return its line in the log.

        `stored` is the line of the version that is kept, if there is one: then the page is wanted only if it changed.
        Raises `ForbiddenError`, `SilentError` where there is no robots.txt to be had, `StopError` where the run ends.
        """
        rules = self.rules(wanted.url)
        try:
            self.asking.pause = max(self.asking.wait, pause_asked(wanted.url, rules))
        except ForbiddenError:
            raise
        except FetchingError as error:
            raise StopError(plain(error, wanted.url)) from None
        return self._patiently(wanted, {}, stored)[0]

    def _patiently(self, wanted: Wanted, about: Line, stored: Line | None = None) -> tuple[Line, Answer | None]:
        """Ask until there is an answer, waiting longer each time the host says that it is asked too much."""
        for attempt in range(MOST_TRIES):
            self.check_budget(wanted)
            line, answer = self._once(wanted, about, stored)
            if answer is None or answer.status not in TOO_MUCH:
                return line, answer
            seconds = _retry_after(answer)
            seconds = BACK_OFF * 2**attempt if seconds is None else seconds
            if seconds > LONGEST_BACK_OFF or attempt + 1 == MOST_TRIES:
                until = keeping._now() + min(timedelta(seconds=seconds), LONGEST_SHUT)
                raise StopError(f"the host answers {answer.status}: not to be asked before {hour(until)}", until)
            pause(seconds)
        raise AssertionError("the loop returns or raises")

    def check_budget(self, wanted: Wanted) -> None:
        """Raise `StopError` where a budget is used up."""
        if wanted.kind == PAGE and self.budget.asked >= self.budget.pages:
            raise StopError(f"the budget of {self.budget.pages:,} pages is used up")
        if self.budget.size - self.asking.received < LEAST_LEFT:
            raise StopError(f"the budget of {self.budget.size / MB:g} megabytes is used up")

    def _once(self, wanted: Wanted, about: Line, stored: Line | None) -> tuple[Line, Answer | None]:
        """Ask once, keep what is a page, write it into the log."""
        self.budget.asked += wanted.kind == PAGE
        before = self.asking.received
        left = self.budget.size - before
        most = {ROBOTS: MOST_ROBOTS, SITEMAP: MOST_WHOLE}.get(wanted.kind, MOST_PAGE)
        line: Line = {
            "event": "asked", "round": self.round, "url": wanted.url, "kind": wanted.kind, "found": wanted.found,
            "clicks": wanted.clicks, "hops": wanted.hops, **about,
        }  # fmt: skip
        answer: Answer | None = None
        self.asking.anew()
        try:
            answer = self.asking.get(wanted.url, min(most, left), wanted.kind == ROBOTS, _conditions(stored))
            line |= self._kept(wanted, answer, stored)
        except TooLongError as error:
            line |= {"cut": True} if left < most else {"why": plain(error, wanted.url)}
        except SilentError as error:
            line |= {"why": plain(error, wanted.url), "failed": True}
        line |= {"status": answer.status if answer else 0, "bytes": self.asking.received - before}
        self.kept.write(line)
        return line, answer

    def _kept(self, wanted: Wanted, answer: Answer, stored: Line | None) -> Line:
        """Keep what is a page, and return where; or say why it is none."""
        tags = {name: answer.headers.get(header, "")[:300] for name, header in TAGS.items()}
        if answer.status == 304 and stored:
            return _where(stored) | {name: stored.get(name, "") for name in TAGS}
        if answer.status in ONWARD:
            return {"to": answer.headers.get("Location", "")[:2000]}
        if answer.status in TOO_MUCH:
            return {"later": True}
        if answer.status not in KEPT:
            return {"failed": True} if answer.status >= 500 else {"refused": True} if answer.status in REFUSED else {}
        if why := _no_page(wanted.kind, answer):
            return {"why": why}
        found = digest(answer.body)
        if stored and stored.get("sha256") == found:
            return _where(stored) | tags
        return {"sha256": found, **tags, **self._archived(wanted, answer)}

    def _archived(self, wanted: Wanted, answer: Answer) -> Line:
        where = self.kept.keep(wanted.url, answer)
        if wanted.kind in (ROBOTS, BESIDE):
            return where
        read = read_bounded(answer.body, wanted.url, answer.headers.get("Content-Type", ""))
        self._read = (where["archive"], where["at"], read)
        return {**where, "looks": read.looks, "title": read.title, "wrong": read.wrong}

    def read(self, line: Line) -> Named:
        """Return what a page that is kept names."""
        if self._read[:2] != (line["archive"], line["at"]):
            content, declared = self.kept.content(line)
            self._read = (line["archive"], line["at"], read_bounded(content, line["url"], declared))
        return self._read[2]


def plain(error: FetchingError, url: str) -> str:
    """Return what an error says, without the address and the mend, as the log has it.

    >>> plain(SilentError("https://a.example/x: the host is silent. Mend: try later."), "https://a.example/x")
    'the host is silent'
    """
    return str(error).removeprefix(f"{url}: ").partition(" Mend:")[0].rstrip(".")[:300]


def _where(stored: Line) -> Line:
    """Where a page is that did not change, and what it looks like."""
    known = ("archive", "at", "length", "record", "sha256", "looks", "title")
    return {name: stored[name] for name in known if name in stored} | {"same": True}


def _conditions(stored: Line | None) -> dict[str, str]:
    """The headers that ask for a page only if it changed."""
    said = {"If-None-Match": (stored or {}).get("etag", ""), "If-Modified-Since": (stored or {}).get("modified", "")}
    return {name: value for name, value in said.items() if SENDABLE.match(value)}


def _no_page(kind: str, answer: Answer) -> str:
    """Why an answer with success is no page; empty where it is one."""
    if kind == ROBOTS:
        return ""
    if kind == BESIDE and len(answer.body) > MOST_BESIDE:
        return "a file of more than a megabyte"
    if not answer.body.strip(BLANK):
        return "it sent nothing"
    declared = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if (
        kind != BESIDE
        and declared
        and not any(name in declared for name in TYPES)
        and not LOOKS_LIKE_HTML.match(answer.body[:2048])
    ):
        return f"no page ({declared[:60]})"
    return ""


def _retry_after(answer: Answer) -> float | None:
    """How many seconds a host asks us to wait; None where it names none."""
    said = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", said):
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - keeping._now()).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
