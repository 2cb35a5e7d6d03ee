"""Addresses go in as they are found; the one to ask for next comes out, each once a round, the most telling first.

What an earlier round knows decides whether a page is asked for again: one that its sitemap says unchanged is not, one
of which nothing is said is asked whether it changed. A program's endless pages are told by what they bring: after so
many of one shape that held no article and led nowhere new, the others of that shape are left alone.
"""

import heapq
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from helpers.corpus.collecting.addresses import Scope, looks_written, shape, tidy, why_not
from helpers.corpus.collecting.keeping import Line
from helpers.corpus.collecting.named import ARTICLE, BESIDE, FEED, LIST, PAGE, SITEMAP
from helpers.corpus.formats.exchange import ONWARD, FetchingError, onward
from helpers.files.limits import MOST_NAMED
from helpers.files.urls import same_page

# What is asked for first.
MAPS, START, FEEDS, NAMED, MAPS_LATER, WRITTEN, KNOWN_LISTS, OTHERS, CHECKS = range(9)
MOST_BARREN = 25  # pages of one shape in a row; a calendar has as many in two years
MOST_CLICKS = 250  # from where the site begins; archives with so many pages link to their middle and end too
MOST_OF = {SITEMAP: 400, FEED: 30, BESIDE: 30}  # of a site, in one round
LEFT_OUT = "left out"  # how a page was found that a sitemap named before, and does not any more
GONE = (404, 410)
KEPT = (200, 203)


@dataclass(order=True)
class Wanted:
    """An address to ask for: of what kind, where it was found, how many clicks and redirects away."""

    tier: int
    age: int
    number: int
    url: str = field(compare=False)
    kind: str = field(compare=False, default=PAGE)
    found: str = field(compare=False, default="link")
    clicks: int = field(compare=False, default=0)
    hops: int = field(compare=False, default=0)


@dataclass
class Past:
    """What earlier rounds know of an address: where its last answer is, that which was kept, and when it was asked."""

    url: str
    status: int = 0
    checked: str = ""
    stored: Line | None = None


def past_of(lines: list[Line], before: int) -> dict[str, Past]:
    """Return what the rounds before this one know of each page, by the form in which addresses are compared."""
    found: dict[str, Past] = {}
    for line in lines:
        if line["event"] != "asked" or line["round"] >= before or line.get("kind") == "robots":
            continue
        past = found.setdefault(same_page(line["url"]), Past(line["url"]))
        status = line.get("status", 0)
        if status in ONWARD and _is_same(line):  # http that leads to https
            continue
        if 0 < status < 500 and status != 429:
            past.url, past.status, past.checked = line["url"], status, line["when"]
        if "at" in line:
            past.stored = line
    return found


def _is_same(line: Line) -> bool:
    """Whether a redirect leads to the same page, written in another way."""
    try:
        return same_page(onward(line["url"], line.get("to", ""))) == same_page(line["url"])
    except FetchingError:
        return False


class Frontier:
    """What is still to be asked for in a round. `skipped` are addresses that are not, each with the reason."""

    def __init__(self, scope: Scope, today: date, past: dict[str, Past]):
        """Begin with nothing but what is known from before."""
        self.scope, self.today, self.past = scope, today, past
        self.skipped: list[tuple[str, str]] = []
        self.named: set[str] = set()  # by a sitemap of this round
        self.full: set[str] = set()  # kinds of which no more are taken in
        self.unchanged = 0  # pages that are not asked for, since their sitemap says that they did not change
        self.named_waiting = 0  # pages that a sitemap or feed names, and that wait
        self._heap: list[Wanted] = []
        self._seen: set[str] = set()  # in the form in which they are compared
        self._asked: set[str] = set()  # in that in which they are asked for
        self._refused: set[str] = set()
        self._barren: Counter[str] = Counter()
        self._fruitful: set[str] = set()
        self._shapes: set[str] = set()
        self._kinds: Counter[str] = Counter()
        self._words: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many addresses wait."""
        return len(self._heap)

    def add(
        self, url: str, found: str, kind: str = PAGE, changed: str = "", clicks: int = 0, hops: int = 0
    ) -> bool:  # fmt: skip
        """Take an address in if it is to be asked for; tell whether it is new in this round.

        `found` is where: start, sitemap, feed, link, usual (where such a file mostly lies), before (known from earlier
        rounds). `changed` is the hour of its last change, as a sitemap has it; `hops` counts the redirects that led to
        it: then it may differ by its scheme alone from one that was asked for.
        """
        if not self.scope.has(url):
            if kind in (SITEMAP, FEED):
                self._skip(url[:500], f"a {kind} on a host that was not named")
            return False
        url = tidy(url)
        key = same_page(url)
        if kind == PAGE and found == SITEMAP and not hops:
            self.named.add(key)
        if kind == PAGE and found != "start" and (why := self._why_not(url, clicks)):
            self._skip(url, why)
            return False
        if (url in self._asked if hops else key in self._seen) or self._is_full(kind):
            return False
        self._seen.add(key)
        tier = self._tier(url, found, kind, changed, hops)
        if tier is None:
            return False
        if key in self.past and not hops and self.scope.has(self.past[key].url):
            url = self.past[key].url
        self._push(Wanted(tier, -_day(changed), len(self._seen), url, kind, found, clicks, hops))
        return True

    def _push(self, wanted: Wanted) -> None:
        heapq.heappush(self._heap, wanted)
        self.named_waiting += wanted.tier == NAMED

    def _why_not(self, url: str, clicks: int) -> str:
        if clicks > MOST_CLICKS:
            return f"more than {MOST_CLICKS} clicks away, as traps are"
        return why_not(url, self.today)

    def _is_full(self, kind: str) -> bool:
        """Whether no more of a kind are taken in; counts those that are."""
        self._kinds[kind] += 1
        if self._kinds[kind] > MOST_OF.get(kind, MOST_NAMED):
            self.full.add(kind)
        return kind in self.full

    def _tier(self, url: str, found: str, kind: str, changed: str, hops: int) -> int | None:
        """Where an address stands in the order; None for one that is not asked for in this round."""
        if kind != PAGE:
            return MAPS if kind == SITEMAP else FEEDS
        past = self.past.get(same_page(url))
        if found == "start" or hops:
            return START if found == "start" else NAMED
        if past is None or not past.status:
            return NAMED if found in (SITEMAP, FEED) else WRITTEN if looks_written(url) else OTHERS
        if changed and _is_newer(changed, past.checked):
            return NAMED
        if past.status not in KEPT and past.status != 304:
            return CHECKS if found in (SITEMAP, FEED) else None  # it was gone, or led elsewhere
        if changed and found == SITEMAP:
            self.unchanged += 1
            return None
        return KNOWN_LISTS if past.stored and past.stored.get("looks") == LIST else CHECKS

    def check(self, key: str) -> None:
        """Ask whether a page that was known before is still there, though nothing names it any more."""
        if key not in self._seen and key in self.past and self.scope.has(self.past[key].url):
            self._seen.add(key)
            self._push(Wanted(NAMED, 0, len(self._seen), self.past[key].url, PAGE, LEFT_OUT))

    def asked(self, url: str) -> None:
        """Remember that an address was asked for in this round."""
        self._asked.add(url)
        self._seen.add(same_page(url))

    def again(self, wanted: Wanted) -> None:
        """Ask for an address another time: it was cut off, or its host was not to be had."""
        self._asked.discard(wanted.url)
        self._push(wanted)

    def next(self, maps_wait: bool = False) -> Wanted | None:
        """Return the address to ask for, None when nothing is left; sitemaps come last where they can wait."""
        while self._heap:
            if maps_wait and self._heap[0].tier == MAPS:
                heapq.heapreplace(self._heap, replace(self._heap[0], tier=MAPS_LATER))
                continue
            wanted = heapq.heappop(self._heap)
            self.named_waiting -= wanted.tier == NAMED
            if wanted.url in self._asked:
                continue
            if wanted.kind == PAGE and wanted.found == "link" and self._is_shut(wanted.url):
                self._skip(wanted.url, f"{MOST_BARREN} pages like it in a row brought nothing, as in a trap")
                continue
            return wanted
        return None

    def first_tier(self) -> int:
        """Return how telling the next address is (`MAPS`, `START`, …)."""
        return self._heap[0].tier if self._heap else CHECKS

    def _is_shut(self, url: str) -> bool:
        return self._barren[shape(url)] >= MOST_BARREN

    def answered(self, wanted: Wanted, looks: str, words: str, new: list[str]) -> None:
        """Learn from a page that came: what it looks like, the digest of its words, the new addresses it brought."""
        own = shape(wanted.url)
        self._words[words] += 1
        shapes = set(map(shape, new)) - {own}
        brought = bool(shapes - self._shapes or shapes & self._fruitful or any(map(looks_written, new)))
        self._shapes |= {own, *shapes}
        if looks == ARTICLE and self._words[words] == 1:
            self._fruitful.add(own)
            self._barren[own] = 0
        elif brought:
            self._barren[own] = 0
        else:
            self._barren[own] += 1

    def refuse(self, url: str, why: str) -> None:
        """Leave an address alone, and say why."""
        self._asked.add(url)
        self._skip(url, why)

    def _skip(self, url: str, why: str) -> None:
        if url not in self._refused:
            self._refused.add(url)
            self.skipped.append((url, why))


def _is_newer(changed: str, checked: str) -> bool:
    """Whether a change, of which perhaps the day alone is known, may lie behind an answer."""
    exact = 16 if len(changed) >= 16 else 10  # 2025-09-05T14:30
    return changed[:exact] >= checked[:exact]


def _day(changed: str) -> int:
    try:
        return date.fromisoformat(changed[:10]).toordinal()
    except ValueError:
        return 0
