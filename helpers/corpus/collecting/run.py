"""An opened folder and what may be asked go in; a site is asked, one page after the other, until it or a budget ends.

Each answer is kept and logged before the next is asked for. So a run that was killed goes on where it was: what the log
has is learnt from again, in its order, and whatever was not asked for yet is what is left. A round is over when nothing
is left; the next one asks for what may have changed since.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from helpers.corpus.collecting import keeping
from helpers.corpus.collecting.addresses import Scope
from helpers.corpus.collecting.asker import Asker, Budget, StopError, plain
from helpers.corpus.collecting.frontier import NAMED, START, Frontier, Wanted, past_of
from helpers.corpus.collecting.keeping import CollectingError, Kept, Line, hour
from helpers.corpus.collecting.named import BESIDE, FEED, PAGE, SITEMAP, Named
from helpers.corpus.formats.exchange import (
    MOST_REDIRECTS,
    ONWARD,
    Asking,
    FetchingError,
    ForbiddenError,
    SilentError,
    asked_before,
    onward,
    pace_name,
    parts_of,
    root_of,
)
from helpers.display.visible import slug
from helpers.files.urls import same_page

USUAL_MAPS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml.gz")
USUAL_FEEDS = ("/feed/", "/rss.xml", "/atom.xml", "/feed.xml")
BESIDE_PAGES = ("/ads.txt", "/app-ads.txt", "/favicon.ico")  # what else tells who runs a site
USUAL = {SITEMAP: USUAL_MAPS, FEED: USUAL_FEEDS}
MOST_FAILED = 5  # requests in a row without an answer, or with a fault of the host; then it is left alone
MOST_REFUSED = 10  # in a row, with 401 or 403: the host does not want to be asked
MOST_TRIED = 3  # times that a page is asked for whose host fails, over all runs of a round
MOST_SKIPPED = 5_000  # addresses that are logged as skipped in one round; the others are counted
HOLDS = timedelta(hours=24)  # a round of `watch` that was stopped longer ago is not gone on with
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Plan:
    """What a run may do: where it begins, which hosts it may ask, its budget.

    `guessed`: nobody named a scheme; where https does not answer, http is tried. `told` is called after each answer.
    """

    site: str
    starts: list[str]
    scope: Scope
    budget: Budget
    why: str = "collect"
    guessed: bool = False
    told: Callable[[int, int], None] = field(default=lambda asked, waiting: None)


class Run:
    """One run over a site. `go` asks until nothing is left (`finished`) or something ends it, which `stopped` says."""

    def __init__(self, kept: Kept, asking: Asking, plan: Plan):
        """Go on in the round that was not finished, or begin another."""
        self.kept, self.plan = kept, plan
        self.round, self.goes_on = _round_of(kept.lines, plan.why)
        self.asker = Asker(kept, asking, plan.scope, plan.budget, self.round)
        self.past = past_of(kept.lines, self.round)
        self.frontier = Frontier(plan.scope, keeping._now().date(), self.past)
        self.stopped, self.finished = "", False
        self._bad = {"failed": 0, "refused": 0}
        self._tried: dict[str, int] = {}
        self._maps_whole, self._has_swept, self._has_feeds = True, False, False
        self._logged = {line["url"] for line in self._of_round("skipped")}

    def _of_round(self, event: str, number: int = 0) -> list[Line]:
        return [line for line in self.kept.lines if (line["event"], line["round"]) == (event, number or self.round)]

    def go(self) -> None:
        """Ask, keep and log, until nothing is left, a budget is used up or the host asks for it."""
        until = _shut_until(self.kept.lines)
        _keep_the_pace(self.kept.lines, self.plan)
        name = f"{slug(self.plan.site.replace(':', '-'))}-{keeping._now():%Y%m%dT%H%M%SZ}"
        about = {"why": self.plan.why, "site": self.plan.site, "pages": self.plan.budget.pages, "archive": name}
        about |= {"starts": self.plan.starts, "guessed": self.plan.guessed}
        self.kept.write({"event": "begin", "round": self.round, **about})
        self.kept.begin_archive(name)
        try:
            if until > keeping._now():
                raise StopError(f"the host asked not to be asked before {hour(until)}", until)
            until = NEVER
            self._begin()
            self._ask_all()
            self.finished = True
        except StopError as stop:
            self.stopped, until = str(stop), stop.until or NEVER
        self._log_skipped()
        end = {"event": "end", "round": self.round, "finished": self.finished, "stopped": self.stopped}
        self.kept.write({**end, "waiting": len(self.frontier), "until": "" if until == NEVER else hour(until)})

    # Where it begins

    def _begin(self) -> None:
        """Add what a site is asked for first, and all that this round knows already."""
        for start in self.plan.starts:
            begun = self._start(start)
            named = [self.frontier.add(one, "robots", SITEMAP) for one in self.asker.rules(begun).sitemaps]
            if not any(named):
                self.frontier.add(urljoin(begun, USUAL_MAPS[0]), "usual", SITEMAP)
            for one in dict.fromkeys((begun, urljoin(begun, "/"))):
                self.frontier.add(one, "start")
            for name in BESIDE_PAGES:
                self.frontier.add(urljoin(begun, name), "usual", BESIDE)
        if is_unfinished(self.kept.lines, self.round - 1):
            self._relink()
        if self.goes_on:
            self._replay()

    def _start(self, start: str) -> str:
        """The start, once its robots.txt is known; with http where https was only guessed and does not answer."""
        guessed = [f"http:{start.removeprefix('https:')}"] if self.plan.guessed and start.startswith("https:") else []
        said = ""
        for one in [start, *guessed]:
            try:
                self.asker.rules(one)
                return one
            except SilentError as error:
                said = said or f"{root_of(one)}: {plain(error, one)}"
                if any(line.get("root") == root_of(one) and line["status"] for line in self._of_round("asked")):
                    break  # it does answer
        raise StopError(said)

    def _replay(self) -> None:
        """Learn from what this round has asked for already, as when it came."""
        for line in self._of_round("asked"):
            if "root" in line:
                continue
            kind, found = line.get("kind", PAGE), line.get("found", "link")
            wanted = Wanted(NAMED, 0, 0, line["url"], kind, found, line.get("clicks", 0), line.get("hops", 0))
            self.frontier.asked(wanted.url)
            if any(line.get(name) for name in ("cut", "later", "failed")):
                self._tried[wanted.url] = self._tried.get(wanted.url, 0) + (not line.get("later"))
                if self._tried[wanted.url] < MOST_TRIED:
                    self.frontier.again(wanted)
                else:
                    self._lack(wanted)
                continue
            self._learn(wanted, line)

    def _relink(self) -> None:
        """Find again what the pages of the rounds before link to: the last one ended before all of it was asked for."""
        for past in list(self.past.values()):
            if past.stored and past.stored.get("kind", PAGE) == PAGE:
                for link in self._read(past.stored).links:
                    self.frontier.add(link, "link", clicks=past.stored.get("clicks", 0) + 1)

    # What is asked

    def _ask_all(self) -> None:
        while True:
            if self.frontier.first_tier() >= START and not self._has_swept:
                self._sweep()
            if self.frontier.first_tier() > START and not self._has_feeds:
                self._look_for_feeds()
            wanted = self.frontier.next(self._wants_no_more_maps())
            self._log_skipped()
            if wanted is None:
                return
            try:
                self._one(wanted)
            except StopError:
                self.frontier.again(wanted)
                raise

    def _wants_no_more_maps(self) -> bool:
        """Whether sitemaps can wait: in the first round, where more pages are named than this run may ask for.

        Later rounds read all of them, since they tell what changed, and what is named no more.
        """
        budget = self.plan.budget
        return self.round == 1 and self.frontier.named_waiting >= budget.pages - budget.asked

    def _sweep(self) -> None:
        """Once all sitemaps are read: ask for pages that they name no more, and whether the others changed."""
        self._has_swept = True
        if self._maps_whole and self.frontier.named and SITEMAP not in self.frontier.full:
            for key in sorted(self._named_before() - self.frontier.named):
                self.frontier.check(key)
        for past in sorted(self.past.values(), key=lambda past: past.checked):  # the longest unseen first
            if past.stored and past.stored.get("kind", PAGE) == PAGE:
                self.frontier.add(past.url, "before")

    def _named_before(self) -> set[str]:
        """The pages that the sitemaps of the round before named."""
        maps = [
            line for line in self._of_round("asked", self.round - 1) if line.get("kind") == SITEMAP and "at" in line
        ]
        return {same_page(url) for line in maps for url, _ in self._read(line).pages}

    def _look_for_feeds(self) -> None:
        """Add the first place where feeds usually are: the site's first page named none."""
        self._has_feeds = True
        for start in self.plan.starts:
            self.frontier.add(urljoin(start, USUAL_FEEDS[0]), "usual", FEED)

    def _one(self, wanted: Wanted) -> None:
        """Ask for one address and learn from what comes; what robots.txt forbids is said and left alone."""
        past = self.past.get(same_page(wanted.url))
        stored = past.stored if past and past.stored and past.stored["url"] == wanted.url else None
        try:
            line = self.asker.ask(wanted, stored)
        except (ForbiddenError, SilentError) as error:
            self._lack(wanted)
            why = "robots.txt forbids it" if isinstance(error, ForbiddenError) else plain(error, wanted.url)
            return self.frontier.refuse(wanted.url, why)
        if line.get("cut"):
            raise StopError("the budget of megabytes was used up in the middle of a page, which is asked for again")
        self.frontier.asked(wanted.url)
        self._count_bad(line)
        if line.get("failed"):
            self._lack(wanted)
        else:
            self._learn(wanted, line)
        return self.plan.told(self.plan.budget.asked, len(self.frontier))

    def _count_bad(self, line: Line) -> None:
        """Raise `StopError` where the host fails, or refuses, too often in a row: whoever does is not asked on."""
        last = line.get("why") or f"it answered {line['status']}"
        for name, most in (("failed", MOST_FAILED), ("refused", MOST_REFUSED)):
            self._bad[name] = self._bad[name] + 1 if line.get(name) else 0
            if self._bad[name] >= most:
                raise StopError(f"the host {name} {most} times in a row (the last time: {last})")

    # What is learnt from an answer

    def _read(self, line: Line) -> Named:
        """What a page that was kept names."""
        try:
            return self.asker.read(line)
        except CollectingError as error:
            return Named(wrong=str(error))

    def _learn(self, wanted: Wanted, line: Line) -> None:
        """Add what an answer leads to."""
        if line.get("status", 0) in ONWARD:
            self._learn_redirect(wanted, line.get("to", ""))
        elif "at" not in line:
            self._lack(wanted)
            self._look_elsewhere(wanted)
        elif wanted.kind == PAGE:
            self._learn_page(wanted, line)
        elif wanted.kind != BESIDE:
            self._learn_names(wanted, self._read(line))

    def _learn_redirect(self, wanted: Wanted, to: str) -> None:
        """Take in where an address leads to, if that is on the site; a redirect off the site is not followed."""
        try:
            there = onward(wanted.url, to)
        except FetchingError as error:
            self._lack(wanted)
            return self.frontier.refuse(to[:500], plain(error, wanted.url))
        hops, why = wanted.hops + 1, ""
        if not self.plan.scope.has(there):
            why = f"off the site: {wanted.url} sends on to it"
        elif hops > MOST_REDIRECTS:
            why = f"it lies behind more than {MOST_REDIRECTS} redirects"
        if why:
            self._lack(wanted)
            return self.frontier.refuse(there, why)
        self.frontier.add(there, wanted.found, wanted.kind, clicks=wanted.clicks, hops=hops)
        return None

    def _lack(self, wanted: Wanted) -> None:
        """Remember that a sitemap was not to be had: then nobody knows which pages are named no more.

        A place where none ever was is none that is lacking.
        """
        known = self.past.get(same_page(wanted.url))
        was_there = known is not None and (known.stored or {}).get("looks") == SITEMAP
        if wanted.kind == SITEMAP and (wanted.found != "usual" or was_there):
            self._maps_whole = False

    def _look_elsewhere(self, wanted: Wanted) -> None:
        """Where no sitemap and no feed is, look in the next of the usual places."""
        root = root_of(wanted.url)
        usual, path = USUAL.get(wanted.kind, ()), wanted.url.removeprefix(root)
        if path in usual and (rest := usual[usual.index(path) + 1 :]):
            self.frontier.add(root + rest[0], "usual", wanted.kind)

    def _learn_page(self, wanted: Wanted, line: Line) -> None:
        is_start = wanted.found == "start"
        if line.get("same") and not is_start:
            return  # what it links to is known
        read = self._read(line)
        if is_start:
            feeds = [one for one in read.feeds if "comment" not in one.lower()]
            added = [self.frontier.add(one, "start", FEED) for one in feeds]
            self._has_feeds = self._has_feeds or any(added)
            for one in read.beside:
                self.frontier.add(one, "start", BESIDE)
        new = [one for one in read.links if self.frontier.add(one, "link", clicks=wanted.clicks + 1)]
        self.frontier.answered(wanted, read.looks, read.words or line.get("sha256", ""), new)

    def _learn_names(self, wanted: Wanted, read: Named) -> None:
        """Add what a sitemap or a feed names."""
        if read.looks != wanted.kind or read.wrong:
            self._lack(wanted)
        if read.looks != wanted.kind:
            self._look_elsewhere(wanted)
            return
        for one, changed in [*read.maps, *((feed, "") for feed in read.feeds)]:
            self.frontier.add(one, wanted.kind, wanted.kind, changed)
        for url, changed in read.pages:
            self.frontier.add(url, wanted.kind, changed=changed)

    def _log_skipped(self) -> None:
        """Write into the log what is not asked for, and why, once a round and address."""
        new = [(url, why) for url, why in self.frontier.skipped if url not in self._logged]
        self.frontier.skipped.clear()
        room = max(0, MOST_SKIPPED - len(self._logged))
        self._logged |= {url for url, _ in new}
        about = {"event": "skipped", "round": self.round}
        self.kept.write(*({**about, "url": url[:2000], "why": why} for url, why in new[:room]))


def _round_of(lines: list[Line], why: str) -> tuple[int, bool]:
    """The number of the round that a run is of, and whether it goes on in one that was begun.

    `collect` goes on in any that was not finished; `watch` in one of its own that was begun not long ago.
    """
    last = max((line["round"] for line in lines), default=0)
    if not last or not is_unfinished(lines, last):
        return last + 1, False
    begun = next(line for line in lines if line["event"] == "begin" and line["round"] == last)
    is_fresh = keeping._now() - datetime.fromisoformat(begun["when"]) < HOLDS
    goes_on = why == "collect" or (begun.get("why") == why and is_fresh)
    return (last, True) if goes_on else (last + 1, False)


def is_unfinished(lines: list[Line], number: int) -> bool:
    """Tell whether a round was begun and never came to its end."""
    of_it = [line for line in lines if line["round"] == number]
    return bool(of_it) and not any(line["event"] == "end" and line.get("finished") for line in of_it)


def _shut_until(lines: list[Line]) -> datetime:
    """When a host may be asked again that asked, in the last run, to be left alone."""
    ends = [line for line in lines if line["event"] == "end"]
    said = ends[-1].get("until") if ends else ""
    return datetime.fromisoformat(said) if said else NEVER


def _keep_the_pace(lines: list[Line], plan: Plan) -> None:
    """Remember when the site was asked last, by whichever process; after a kill nobody knows, and it counts as now."""
    if not lines:
        return
    seconds = 0.0
    last = next(line for line in reversed(lines) if line["event"] in ("begin", "asked", "end"))
    if last["event"] == "end":
        seconds = max(0.0, (keeping._now() - datetime.fromisoformat(last["when"])).total_seconds() - 1)
    for start in plan.starts:
        asked_before(pace_name(parts_of(start)), seconds)
