"""A web page goes in; what it says of itself comes out: title, byline, publication, last change, where it was saved.

Who wrote it is said by its JSON-LD, its `<meta>`, the elements that name the author, in this order, people before
houses; only then trafilatura is asked, on a tree without the bylines of others. `page_dates` tells the dates.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING

from helpers.corpus.formats.bylines import byline_of, is_house, people_in
from helpers.corpus.formats.json_ld import Nodes, node_author, read_json_ld
from helpers.corpus.formats.own_parts import article_root, drop_around, drop_others, metas_of, named
from helpers.corpus.formats.page_dates import dates_of
from helpers.files.dates import as_date
from helpers.files.limits import MOST_FACT
from helpers.files.urls import same_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

SAVED_WITHIN = 100_000  # characters at the head of a page, among which a browser's comment is looked for
COMMENT = re.compile(r"<!--(.{0,5000}?)-->", re.S)
MOST_COMMENTS = 20
# Chrome and Internet Explorer; SingleFile; HTTrack. What follows the address in each is the hour, where there is one.
SAVED_FROM = (
    re.compile(r"^\s*saved from url=\(\d{1,6}\)\s*(https?://\S{1,2000})", re.I),
    re.compile(r"saved with SingleFile.{0,2000}?^\s*url:\s*(https?://\S{1,2000})", re.I | re.S | re.M),
    re.compile(r"^\s*Mirrored from (\S{1,2000}) by HTTrack", re.I),
)
SAVED_DATE = re.compile(
    r"saved date:\s*(.{10,60})|HTTrack [^,]{1,200},\s*(?:[^,]{1,60}\],\s*)?(\w{3}, [^>]{10,40}?)\s*$"
)

ARCHIVED = re.compile(r"https?://web\.archive\.org/web/(\d{4,14})(?:[a-z]{2}_)?/(https?://\S+)", re.I)
# trafilatura asks htmldate too; what it says of dates is not used.
DATES = {"original_date": True, "extensive_search": False}
AUTHORS = (
    "author article:author og:article:author parsely-author sailthru.author dc.creator dc:creator dcterms.creator byl"
    " citation_author authors creator rbauthors dcsext.author"
).split()
# "Bo Ek is the editor of the News": a sentence about somebody, at the foot of what another wrote.
ABOUT_SOMEBODY = re.compile(
    r"^(?!\W*(?:by|von|par|por|written)\b)(?:\S+\s+){1,5}(?:is|was|are|has|have|writes|covers|works|joined|lives|teaches"
    r"|studied|reports on|ist|war|schreibt|est|écrit)\s",
    re.I,
)
HEAD = 40  # words beside a byline that are still the head of an article
IS_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|by-line|writer)(?:$|[\s_-]|name)", re.I)
MOST_LOOKED_AT = 50  # elements that may state a date or an author


def one_line(fact: object) -> str:
    """Return a fact fit for one cell of a table: no control characters, not too long."""
    words = " ".join(re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", str(fact or "")).split())
    return words if len(words) <= MOST_FACT else ""


def saved_by_browser(html: str) -> tuple[str, str]:
    """Return where and when a browser says that it saved this page; empty where it does not.

    >>> saved_by_browser("<!DOCTYPE html>\\n<!-- saved from url=(0022)https://n.example/boat -->")
    ('https://n.example/boat', '')
    """
    for number, comment in enumerate(COMMENT.finditer(html[:SAVED_WITHIN])):
        if number > MOST_COMMENTS:
            break
        said = comment[1]
        found = next(filter(None, (form.search(said) for form in SAVED_FROM)), None)
        if found:
            hour = SAVED_DATE.search(said.strip())
            address, archived = unarchived(found[1] if found[1].startswith("http") else f"http://{found[1]}")
            return address, archived or (as_date(hour[1] or hour[2])[0] if hour else "")
    return "", ""


def unarchived(address: str) -> tuple[str, str]:
    """Return the address of a page whose address is that of its copy at the Internet Archive, and when that was made.

    >>> unarchived("https://web.archive.org/web/20250905101112/https://n.example/boat")
    ('https://n.example/boat', '2025-09-05T10:11:12')
    """
    found = ARCHIVED.match(address)
    if found is None:
        return address, ""
    when = found[1] if len(found[1]) == 14 else ""
    written = f"{when[:4]}-{when[4:6]}-{when[6:8]}T{when[8:10]}:{when[10:12]}:{when[12:]}Z"
    return found[2], as_date(written)[0] if when else ""


def page_claims(tree: "HtmlElement", address: str) -> dict[str, str]:
    """Return `title`, `byline`, `published`, `changed` and `page_url` as a page says them; `tree` stays as it is."""
    tree = deepcopy(tree)
    nodes = read_json_ld(tree)
    nodes.put_first(*_own_names(tree, address))
    root = article_root(tree)
    drop_others(tree, root)
    metas = metas_of(tree)
    drop_around(root)
    meta = _metadata(tree, address)
    published, changed = dates_of(tree, root, nodes, metas, address)
    return {
        "title": one_line(unescape(unescape(meta.title or ""))),
        "byline": one_line(_byline(tree, root, nodes, metas)),
        "published": published,
        "changed": changed,
        "page_url": one_line(meta.url or _of_open_graph(metas)),
    }


def _of_open_graph(metas: list[tuple[str, str]]) -> str:
    """The address in `og:url` where it leaves out the scheme; what trafilatura knows as one goes first."""
    said = next((one.strip() for one in named(metas, ["og:url"])), "")
    return f"https:{said}" if re.match(r"//[\w.-]+\.\w+(?:/|$)", said) else ""


def _own_names(tree: "HtmlElement", address: str) -> tuple[set[str], set[str]]:
    """What a page calls itself: its headlines in lower case, and its addresses."""
    heads = [*tree.xpath("//h1")[:3], *tree.xpath("//head/title")[:1]]
    said = [*(one.text_content() for one in heads), *tree.xpath("//meta[@property='og:title']/@content")[:1]]
    at = [address, *tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")[:2]]
    return {" ".join(str(one).lower().split()) for one in said}, {same_page(str(one)) for one in at if one}


def _metadata(tree: "HtmlElement", address: str) -> "Document":
    """What trafilatura finds out about a page; nothing where it stumbles, since the text is what matters."""
    import trafilatura
    from trafilatura.settings import Document

    try:
        return trafilatura.extract_metadata(tree, default_url=address or None, date_config=DATES)
    except (MemoryError, RecursionError):
        raise
    except Exception:
        return Document()


def _byline(tree: "HtmlElement", root: "HtmlElement", nodes: Nodes, metas: list[tuple[str, str]]) -> str:
    """Who wrote the article; a house's name only where no person's is given."""
    people, houses = node_author(nodes)
    sites = {one.strip().lower() for one in named(metas, ["og:site_name", "application-name"])}
    said = [people, *(named(metas, [name]) for name in AUTHORS), *_bylines(root)]
    for words in said:
        found = [one for part in words for one in people_in(part) if not is_house(one) and one.lower() not in sites]
        if found:
            return "; ".join(dict.fromkeys(found))
    first = (byline_of(part) for words in [*said, houses] for part in words)
    return next(filter(None, first), "") or byline_of(_guessed(tree))


def _guessed(tree: "HtmlElement") -> str:
    """Whom trafilatura takes for the author, by what elements are called; nothing where it stumbles."""
    from trafilatura.metadata import extract_author

    try:
        found = extract_author(tree) or ""
    except (MemoryError, RecursionError):
        raise
    except Exception:
        return ""
    return "" if ABOUT_SOMEBODY.match(found) else found


def _bylines(root: "HtmlElement") -> Iterator[list[str]]:
    """What stands in the elements that name the author and in those beside them, those marked as such first."""
    marked = root.xpath(".//*[@rel='author' or contains(@itemprop, 'author')]")[:MOST_LOOKED_AT]
    called = (one for one in root.iter("p", "div", "span", "a", "address") if IS_BYLINE.search(one.get("class") or ""))
    for elements in (marked, list(islice(called, MOST_LOOKED_AT))):
        for element in elements:
            if words := _words_of_byline(element):
                yield [*words, *_further(element, elements)]


def _words_of_byline(element: "HtmlElement") -> list[str]:
    """What a byline's element says, by its names where it marks them."""
    names = element.xpath(".//*[contains(@itemprop, 'name') or contains(@class, 'name')]")[:MOST_LOOKED_AT]
    names = [one for one in names if not (one.getparent().get("itemprop") or "").startswith(("affil", "works", "publ"))]
    found = (" ".join(" ".join(one.itertext()).split()) for one in names or [element])
    return [words for words in found if 2 < len(words) <= 200 and not ABOUT_SOMEBODY.match(words)]


def _further(first: "HtmlElement", elements: list["HtmlElement"]) -> Iterator[str]:
    """What the bylines beside the first one say, as far as all of them stand in one short place."""
    outer = first.getparent()
    above = outer.getparent() if outer is not None else None
    if above is not None and above.tag not in ("article", "main", "body") and len(above.text_content().split()) <= HEAD:
        outer = above
    for element in elements:
        around = set(element.iterancestors())
        if element is not first and outer in around and first not in around and element not in first.iterancestors():
            yield from _words_of_byline(element)
