"""Made-up sites for the tests of collecting, what was asked of them, and a clock that does not wait."""

import gzip
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from helpers.corpus.collecting import keeping
from helpers.corpus.collecting.serve import Page, Reply, Served
from helpers.corpus.formats import exchange

ME = "ada@newsroom.example"
HOST = "gazette.example"
ROOT = f"https://{HOST}"
XML = "<?xml version='1.0' encoding='UTF-8'?>"
STORY = (
    "The harbour was closed during the storm, the port authority said, and opened again on Friday morning. "
    "Fishermen had moved {boats} boats inland on Sunday, before the wind rose, and the ferries stayed at the quay. "
    "The council has set aside two million pounds for repairs to the old wall, which broke in three places, and an "
    "inquiry will look into the state of the pumps, which failed twice last winter. People in the lower streets spent "
    "the night in the school. {more}"
)


class Swift:
    """A clock on which waiting takes no time, for one test."""

    def __init__(self, monkeypatch) -> None:
        self.waited, self.waits, self.begun = 0.0, [], time.monotonic()
        for name in ("_last", "_robots", "_locks"):
            monkeypatch.setattr(exchange, name, {})
        monkeypatch.setattr(exchange, "_sleep", self.wait)
        monkeypatch.setattr(exchange, "_clock", self.clock)
        monkeypatch.setattr(keeping, "_now", self.now)

    def wait(self, seconds: float) -> None:
        self.waited += seconds
        self.waits.append(seconds)

    def clock(self) -> float:
        return time.monotonic() + self.waited

    def now(self) -> datetime:
        return datetime(2025, 9, 20, 8, tzinfo=UTC) + timedelta(seconds=self.clock() - self.begun)

    def pass_days(self, days: float) -> None:
        self.waited += days * 86_400


def article(title: str, links: Iterable[str] = (), boats: object = 14, more: str = "") -> str:
    """A page with an article, and links below it."""
    below = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article"></head>'
        f"<body><article><h1>{title}</h1><p>{STORY.format(boats=boats, more=more or title)}</p></article>"
        f"<nav><ul>{below}</ul></nav></body></html>"
    )


def listing(title: str, links: Iterable[str], head: str = "") -> str:
    """A page that names others."""
    below = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><ul>{below}</ul></body></html>"


def sitemap(pages: Mapping[str, str] | Iterable[str], root: str = ROOT) -> str:
    """A sitemap of some paths, with the days of their last change where they are known."""
    days = dict(pages) if isinstance(pages, Mapping) else dict.fromkeys(pages, "")
    rows = (
        f"<url><loc>{root}{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for path, day in days.items()
    )
    return f'{XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'


def index_of(*maps: str, root: str = ROOT) -> str:
    """An index of sitemaps."""
    rows = "".join(f"<sitemap><loc>{root}{path}</loc></sitemap>" for path in maps)
    return f'{XML}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'


def feed(*paths: str, root: str = ROOT) -> str:
    """An RSS feed of some pages."""
    rows = "".join(f"<item><title>x</title><link>{root}{path}</link></item>" for path in paths)
    return f'{XML}<rss version="2.0"><channel><title>Gazette</title><link>{root}/</link>{rows}</channel></rss>'


def robots(*maps: str, rules: str = "", root: str = ROOT) -> str:
    """A robots.txt that names sitemaps and forbids what the rules say."""
    return f"User-agent: *\n{rules}\n" + "".join(f"Sitemap: {root}{path}\n" for path in maps)


def stories(count: int) -> list[str]:
    """The paths of some articles."""
    return [f"/news/the-storm-of-day-{number}" for number in range(1, count + 1)]


def plain_site(count: int = 6) -> dict[str, Page]:
    """A site with an index of two sitemaps, one of them packed, a feed, a first page and articles."""
    paths = stories(count)
    half = count // 2
    return {
        "/robots.txt": robots("/sitemaps.xml", rules="Disallow: /private/"),
        "/sitemaps.xml": index_of("/map-1.xml", "/map-2.xml.gz"),
        "/map-1.xml": sitemap(paths[:half]),
        "/map-2.xml.gz": gzip.compress(sitemap(paths[half:]).encode()),
        "/": listing("Gazette", [*paths[:2], "/about", "/private/door"], FEED_LINK),
        "/feed/": feed(*paths[:1], "/news/only-in-the-feed-today"),
        "/about": article("About us"),
        "/private/door": article("A door"),
        "/news/only-in-the-feed-today": article("Only in the feed"),
        **{path: article(f"The storm of day {number}") for number, path in enumerate(paths, 1)},
    }


FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/feed/">'


def tagged(pages: Mapping[str, Page]) -> dict[str, Page]:
    """The same pages, each with an ETag: who has it already is answered with 304."""
    return {path: _tagged(page) if isinstance(page, (str, bytes)) else page for path, page in pages.items()}


def _tagged(page: str | bytes) -> Callable[[str, Mapping[str, str]], Reply]:
    body = page.encode() if isinstance(page, str) else page
    tag = f'"{hash(body) & 0xFFFFFF:x}"'

    def answer(path: str, headers: Mapping[str, str]) -> Reply:
        if headers.get("If-None-Match") == tag:
            return Reply(304, b"", {"ETag": tag})
        kind = "application/xml" if body.startswith(b"<?xml") else "text/html; charset=utf-8"
        return Reply(200, body, {"Content-Type": kind, "ETag": tag})

    return answer


def gaps(served: Served) -> list[float]:
    """The seconds between a request's end and the beginning of the next."""
    asked = sorted(served.asked, key=lambda one: one.begun)
    return [later.begun - earlier.begun for earlier, later in pairwise(asked)]


def most_at_once(served: Served) -> int:
    """How many requests were open at once, at the most."""
    return max(one.at_once for one in served.asked)
