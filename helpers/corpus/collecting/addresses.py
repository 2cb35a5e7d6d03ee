"""An address on a site goes in; how it is asked for comes out, or why it is not: elsewhere, no page, perhaps a trap.

A page that a program makes for every day of every year, or one level deeper with every click, has no end. What betrays
it is looked at in the address alone, before anything is asked for; what an address does not betray is counted by
`frontier`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from helpers.corpus.formats.exchange import FetchingError, parts_of
from helpers.files.urls import host_of_site

PORTS = {"http": 80, "https": 443}
# Parts of a query that tell where a reader came from, or who it is, and nothing of the page.
TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|ref_src|share|replytocom|phpsessid|jsessionid"
    r"|sessionid|session_id",
    re.I,
)
SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)
# Endings of what is no page.
NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|js|mjs|json|map|pdf|docx?|xlsx?|pptx?|odt|zip|gz|tar|rar|7z"
    r"|mp[34]|m4[av]|ogg|og[av]|wav|webm|avi|mov|woff2?|ttf|eot|exe|dmg|apk|txt|csv|ics|vcf|swf)\Z",
    re.I,
)
# Places that hold no articles: what a program answers to programs, who signs in, what is searched for, carts, comments.
NO_PLACE = re.compile(
    r"/(?:wp-json|wp-admin|wp-login\.php|wp-content|wp-includes|xmlrpc\.php|admin|login|signin|sign-in|signup|register"
    r"|logout|cart|basket|checkout|my-account|search|cgi-bin|cdn-cgi|trackback|embed|comments)(?:/|\Z)",
    re.I,
)
SEARCHED = {"s", "q", "query", "search", "keyword"}
LISTS = re.compile(  # pages that name others
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|sections?|archives?|page|pages|blog|news|latest|index\.\w{2,5})/?\Z"
    r"|/(?:tags?|categor(?:y|ies)|authors?|page)/",
    re.I,
)
SLUG = re.compile(r"[^/]*[a-z]{2,}[^/]*(?:[-_][^/]*[a-z0-9]{2,}[^/]*){2,}\Z", re.I)  # a-title-in-words
DATED = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/(?:\d\d?/)?[^/]+")  # /2025/09/05/storm
YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20|21)\d\d)[-/_](0?[1-9]|1[0-2])(?!\d)(?:[-/_](0?[1-9]|[12]\d|3[01])(?!\d))?")
FIRST_YEAR = 1990  # the web is not older
SOON = timedelta(days=60)  # an event may be announced so far ahead; a page for a later month is a calendar's
LONGEST = 1_000  # characters of an address; what is longer grows with every click
DEEPEST = 12  # parts of a path
SAME_PART = 2  # times that one part may stand in a path: /a/b/a/b/a/b has no end
MOST_VALUES = 6  # parts of a query; a list that can be narrowed in many ways has millions of pages


@dataclass(frozen=True)
class Scope:
    """The hosts that a person named, with their ports; nothing else is ever asked."""

    hosts: frozenset[tuple[str, int | None]]

    def has(self, url: str) -> bool:
        """Tell whether an address lies on one of the hosts: with “www.” or without, http or https.

        >>> scope = scope_of(["site.example"])
        >>> scope.has("https://www.site.example/a"), scope.has("https://blog.site.example/a")
        (True, False)
        """
        try:
            parts = parts_of(url)
        except FetchingError:
            return False
        return _place(parts) in self.hosts


def _place(parts: SplitResult) -> tuple[str, int | None]:
    """A host without “www.”, and its port where that is not the usual one."""
    port = None if parts.port in (None, PORTS[parts.scheme]) else parts.port
    return (parts.hostname or "").removeprefix("www.").rstrip("."), port


def scope_of(sites: Iterable[str]) -> Scope:
    """Return the hosts that these sites or addresses name.

    Raises ValueError, with a mend, for what is no site.
    """
    return Scope(frozenset(_place(parts_of(start)) for start in map(start_of, sites)))


def start_of(site: str) -> str:
    """Return the address at which a site begins, however it was named; https where nothing is said.

    Raises ValueError, with a mend, for what is no site.

    >>> start_of("Gazette.example"), start_of("http://gazette.example/news")
    ('https://gazette.example/', 'http://gazette.example/news')
    """
    named = site.strip()
    whole = named if "://" in named else f"https://{named}"
    try:
        parts = parts_of(whole)
    except FetchingError as error:
        raise ValueError(str(error)) from None
    if not host_of_site(whole):
        raise ValueError(f"{site!r}: no site. Mend: name its host, such as gazette.example.")
    return tidy(urlunsplit(parts))


def tidy(url: str) -> str:
    """Return an address as it is asked for: no fragment, no session, nothing that tells where a reader came from.

    >>> tidy("HTTP://Site.example:80/a?utm_source=x&p=1#top"), tidy("https://site.example")
    ('http://site.example/a?p=1', 'https://site.example/')
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port and parts.port != PORTS.get(parts.scheme) else ""
    return urlunsplit((parts.scheme, f"{host}{port}", SESSION.sub("", parts.path) or "/", _query(parts.query), ""))


def _query(query: str) -> str:
    """A query without what tells of the reader; as it was written where nothing is taken away."""
    if not query:
        return ""
    kept = [part for part in query.split("&") if part and not TRACKING.fullmatch(part.partition("=")[0])]
    return "&".join(kept)


def why_not(url: str, today: date) -> str:
    """Return why an address is not asked for, empty where it may be.

    >>> why_not("https://site.example/events/2093/07", date(2025, 9, 5))
    'a day that has not come (2093-07), as endless calendars have'
    >>> why_not("https://site.example/storm-closes-harbour", date(2025, 9, 5))
    ''
    """
    parts = urlsplit(url)
    path, values = parts.path, parse_qsl(parts.query, keep_blank_values=True)
    if len(url) > LONGEST:
        return f"longer than {LONGEST:,} characters"
    if NO_PAGE.search(path):
        return "no page, by its ending"
    if NO_PLACE.search(path) or any(name.lower() in SEARCHED for name, _ in values):
        return "a place without articles (a search, a cart, a door)"
    return _is_trap(path, values) or _is_calendar(f"{path}?{urlencode(values)}", today)


def _is_trap(path: str, values: list[tuple[str, str]]) -> str:
    steps = [step.lower() for step in path.split("/") if step]
    if len(steps) > DEEPEST:
        return f"deeper than {DEEPEST} folders, as traps are"
    if any(steps.count(step) > SAME_PART for step in steps):
        return "a path that repeats itself, as traps do"
    if len(values) > MOST_VALUES:
        return f"a query of more than {MOST_VALUES} parts, as lists have that can be narrowed endlessly"
    return ""


def _is_calendar(where: str, today: date) -> str:
    for year, month, _ in YEAR_MONTH.findall(where):
        first = date(int(year), int(month), 1)
        if first > today + SOON:
            return f"a day that has not come ({year}-{int(month):02}), as endless calendars have"
        if first.year < FIRST_YEAR:
            return f"a day before the web ({year}-{int(month):02}), as endless calendars have"
    return ""


def shape(url: str) -> str:
    """Return what an address has in common with others that the same program makes: no numbers, no words at its end.

    >>> shape("https://site.example/calendar?month=2025-09&view=day"), shape("https://site.example/news/a-storm-is-here")
    ('site.example/calendar?month&view', 'site.example/news/*')
    """
    parts = urlsplit(url)
    steps = [re.sub(r"\d+", "#", step) for step in parts.path.strip("/").split("/")]
    if len(steps) > 1 or looks_written(url):
        steps[-1] = steps[-1] if steps[-1] and not re.sub(r"[#._-]+", "", steps[-1]) else "*"
    names = "&".join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    return f"{parts.netloc.removeprefix('www.')}/{'/'.join(steps)}{f'?{names}' if names else ''}"


def looks_written(url: str) -> bool:
    """Tell whether an address looks like that of an article: a title in words at its end, or a day before it.

    >>> looks_written("https://site.example/2025/09/storm"), looks_written("https://site.example/tag/a-long-storm")
    (True, False)
    """
    path = urlsplit(url).path.rstrip("/")
    return not is_list(url) and bool(SLUG.search(path.rpartition("/")[2]) or DATED.search(path))


def is_list(url: str) -> bool:
    """Tell whether an address is that of a page which names others: a beginning, a tag, an archive.

    >>> is_list("https://site.example/"), is_list("https://site.example/tag/storm/"), is_list("https://site.example/storm")
    (True, True, False)
    """
    path = urlsplit(url).path
    return path in ("", "/") or bool(LISTS.search(path))
