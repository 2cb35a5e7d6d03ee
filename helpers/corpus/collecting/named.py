"""The bytes of a sitemap, a feed or a page go in; the addresses that it names come out, and what a page looks like.

They come from anywhere, so they are read by a process of its own with bounds (see `read_bounded`).
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from helpers.corpus.collecting.addresses import is_list
from helpers.files.bounded_call import CostlyError, bounded_call
from helpers.files.limits import MB, MOST_ADDRESSES, MOST_PAGE, MOST_WHOLE
from helpers.files.problems import RecordError
from helpers.files.urls import led_on

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SECONDS, MEMORY, MOST_ANSWER = 60.0, 1_500 * MB, 100 * MB  # for one file; a sitemap names 50,000 pages in 10 MB
MOST_PAGES = 50_000  # of one sitemap, as its protocol has it
MOST_MAPS = 1_000  # of one index of sitemaps
FEWEST_WORDS = 80  # in paragraphs, of a page that does not say that it is an article
MOST_TITLE = 300
# Pages that every site has, and that are no articles however many words they have.
OF_THE_SITE = re.compile(
    r"/(?:about|about-us|contact|contact-us|privacy|privacy-policy|cookies?|cookie-policy|terms|terms-of-(?:use|service)"
    r"|terms-and-conditions|disclaimer|dmca|imprint|impressum|legal|advertise|advertise-with-us|editorial-policy|faq"
    r"|careers|jobs|subscribe|newsletter|sitemap|write-for-us|our-team|team|staff)(?:\.\w{2,5})?/?\Z",
    re.I,
)
OF_LISTS = re.compile(r"(?:^|\s)(?:archive|category|tag|author|search|blog|home|error404)(?:\s|\Z)")  # WordPress's body
SINGLE = re.compile(r"(?:^|\s)(?:single|single-post)(?:\s|\Z)")
LIST_TYPES = {"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage", "Blog"}
ARTICLE, LIST, PAGE, FEED, SITEMAP, OTHER = "article", "list", "page", "feed", "sitemap", "other"
BESIDE = "beside"  # a file that is no page and tells of the site: its icon, its style sheets, its ads.txt
MOST_BESIDE = 12  # such files that one page names


@dataclass(frozen=True)
class Named:
    """What a file names, and what it looks like.

    `looks`: article, list (it names others), page (neither: a contact page), feed, sitemap, other (no page at all).
    `pages` are those that a sitemap or a feed names, each with the day of its last change or nothing; `links` those
    that a page links to; `maps` (each with its day) and `feeds` the sitemaps and feeds that are named, `beside` a
    page's icons and style sheets. `words` is a digest of the words in a page's paragraphs, `wrong` why it was not read.
    """

    looks: str = OTHER
    title: str = ""
    pages: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    maps: list[tuple[str, str]] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    words: str = ""
    wrong: str = ""


def read_bounded(content: bytes, url: str, declared: str = "") -> Named:
    """Return what a file names, read by a process with bounds; whatever is in it, this raises nothing for it."""
    coded = base64.b64encode(content).decode()
    try:
        found = json.loads(
            bounded_call(
                f"{__name__}:read_coded", coded, url, declared, seconds=SECONDS, memory=MEMORY, most=MOST_ANSWER
            )
        )
    except (CostlyError, RuntimeError) as error:
        return Named(wrong=f"it cannot be read ({str(error)[:200]})")
    return Named(**{**found, **{name: list(map(tuple, found[name])) for name in ("pages", "maps")}})


def read_coded(coded: str, url: str, declared: str) -> bytes:
    """Return what `read_named` finds, as JSON, of a content in base64."""
    try:
        found = read_named(base64.b64decode(coded), url, declared)
    except RecordError as error:
        found = Named(wrong=error.problem)
    return json.dumps(vars(found)).encode()


def read_named(content: bytes, url: str, declared: str = "") -> Named:
    """Return what a file names; raises `RecordError` for one that cannot be read.

    `url` is where it was, `declared` its Content-Type.

    >>> read_named(b"<urlset><url><loc>https://a.example/storm</loc></url></urlset>", "https://a.example/s.xml").pages
    [('https://a.example/storm', '')]
    """
    from helpers.corpus.formats.content_coding import unpacked_body

    if content.startswith(b"\x1f\x8b"):
        content, _ = unpacked_body(content, ["gzip"], MOST_WHOLE)
    head = content[:2000].lower()
    if any(sign in head for sign in (b"<urlset", b"<sitemapindex", b":urlset", b":sitemapindex")):
        return _sitemap(content)
    if b"<html" not in head and any(sign in head for sign in (b"<rss", b"<feed", b"<rdf:rdf", b":feed")):
        return _feed(content, url)
    if declared.startswith("text/plain") or urlsplit(url).path.endswith(".txt"):
        return _lines(content)
    if b"<" not in content[:MOST_PAGE]:
        return Named()
    return _page(content, url, declared)


def _sitemap(content: bytes) -> Named:
    from helpers.corpus.formats.feeds import sitemap_rows, xml_root

    wrong: list[tuple[str, str]] = []
    rows = sitemap_rows(xml_root(content, wrong)[0])
    pages = [(row["url"], row["changed"]) for row in rows if "url" in row]
    maps = [(row["sitemap"], row["changed"]) for row in rows if "sitemap" in row]
    if len(pages) > MOST_PAGES or len(maps) > MOST_MAPS:
        what = f"it names more than {MOST_PAGES:,} pages, or {MOST_MAPS:,} sitemaps; those after them were left out."
        wrong.append((what, ""))
    said = wrong[0][0] if wrong else ""
    return Named(SITEMAP, pages=pages[:MOST_PAGES], maps=maps[:MOST_MAPS], wrong=said)


def _lines(content: bytes) -> Named:
    """A sitemap as plain text: an address a line."""
    lines = [line.strip() for line in content[:MOST_PAGE].decode("utf-8", "replace").splitlines()]
    pages = [(line, "") for line in lines if line.startswith(("http://", "https://"))]
    return Named(SITEMAP if pages else OTHER, pages=pages[:MOST_PAGES])


def _feed(content: bytes, url: str) -> Named:
    from helpers.corpus.formats.feeds import feed_links, xml_root

    entries, more = feed_links(xml_root(content, [])[0], url)
    return Named(FEED, pages=entries[:MOST_PAGES], feeds=more)


def _page(content: bytes, url: str, declared: str) -> Named:
    from helpers.corpus.formats.article_record import one_line
    from helpers.corpus.formats.encodings import charset_of
    from helpers.corpus.formats.json_ld import read_json_ld
    from helpers.corpus.formats.web_page import page_text, tree_of

    tree = tree_of(page_text(content, charset_of(declared))[0])
    if tree is None:
        return Named()
    base = led_on(next((one.get("href") or "" for one in tree.iter("base")), ""), url)
    feeds = [led_on(one.get("href"), base) for one in tree.iter("link") if _is_feed(one)]
    beside = [led_on(one.get("href"), base) for one in tree.iter("link") if _is_beside(one)]
    title = next((one_line(one.text_content())[:MOST_TITLE] for one in tree.iter("title")), "")
    words = " ".join(" ".join(part.text_content().split()) for part in tree.iter("p")).encode("utf-8", "replace")
    links = [] if _is_closed(tree) else _links(tree, base)
    nodes = read_json_ld(tree)
    types = {str(kind) for node in nodes.others for kind in _as_list(node.get("@type"))}
    return Named(
        _looks(tree, url, bool(nodes.articles), types),
        title,
        links=links,
        feeds=feeds[:20],
        beside=beside[:MOST_BESIDE],
        words=hashlib.sha256(words).hexdigest() if words.strip() else "",
    )


def _as_list(found: Any) -> list:
    return found if isinstance(found, list) else [found]


def _is_feed(link: "HtmlElement") -> bool:
    kind, rel = (link.get("type") or "").lower(), (link.get("rel") or "").lower().split()
    return bool(link.get("href")) and "alternate" in rel and ("rss" in kind or "atom" in kind or "rdf" in kind)


def _is_beside(link: "HtmlElement") -> bool:
    rel = (link.get("rel") or "").lower().split()
    return bool(link.get("href")) and bool({"icon", "stylesheet", "apple-touch-icon"} & set(rel))


def _is_closed(tree: "HtmlElement") -> bool:
    """Whether a page asks programs not to follow its links."""
    said = (meta.get("content") or "" for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "robots")
    return any("nofollow" in one.lower() or "none" in one.lower().split() for one in said)


def _links(tree: "HtmlElement", base: str) -> list[str]:
    """The pages that a page links to, once each, in order; what is marked as not to be followed is left out."""
    from helpers.corpus.formats.article_record import one_line

    found: dict[str, None] = {}
    for one in tree.iter("a", "area", "link"):
        rel = (one.get("rel") or "").lower().split()
        href = one_line(one.get("href"))
        is_head = one.tag == "link" and not {"next", "prev", "canonical"} & set(rel)
        if not href or href.startswith("#") or "nofollow" in rel or is_head:
            continue
        found[led_on(href, base)] = None
        if len(found) == MOST_ADDRESSES:
            break
    return list(found)


def _looks(tree: "HtmlElement", url: str, in_json_ld: bool, types: set[str]) -> str:
    """What a page looks like, by what it says of itself, then by its address, then by its words."""
    from helpers.corpus.formats.no_article import articles_on

    metas = {meta.get("property") or meta.get("name") or "": meta.get("content") or "" for meta in tree.iter("meta")}
    body = next((one.get("class") or "" for one in tree.iter("body")), "")
    if OF_THE_SITE.search(urlsplit(url).path):
        return PAGE
    if types & LIST_TYPES or (OF_LISTS.search(body) and not SINGLE.search(body)) or urlsplit(url).path in ("", "/"):
        return LIST
    claims = metas.get("og:type", "").lower() == "article" or "article:published_time" in metas or in_json_ld
    if articles_on(tree) > 1 or (is_list(url) and not claims):
        return LIST
    words, linked = _words(tree)
    if claims or SINGLE.search(body) or words >= FEWEST_WORDS:
        return ARTICLE
    return LIST if linked > words else PAGE


def _words(tree: "HtmlElement") -> tuple[int, int]:
    """How many words stand in the paragraphs of a page, links apart, and how many in links anywhere."""
    inside = sum(len(link.text_content().split()) for part in tree.iter("p") for link in part.iter("a"))
    written = sum(len(part.text_content().split()) for part in tree.iter("p"))
    return written - inside, sum(len(link.text_content().split()) for link in tree.iter("a"))
