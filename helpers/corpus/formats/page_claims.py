"""A web page goes in; what it says of itself comes out: title, byline, publication, last change, where it was saved.

The article's own words go before the page's: an article in JSON-LD, then the article's `<meta>` and microdata, then
the `<time>` at its head, then what is said of the page as a whole. Only then is htmldate asked, on a tree without the
places where other dates stand: last changes, footers, long paragraphs.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

from helpers.corpus.formats.bylines import byline_of
from helpers.corpus.formats.json_ld import Nodes, dates_in_broken, node_author, read_json_ld
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

# trafilatura's htmldate, told to take the first publication rather than the last change, and no date in running text.
DATES = {"original_date": True, "extensive_search": False}
PUBLISHED = (
    "article:published_time og:article:published_time article:published datepublished pubdate publishdate publish-date"
    " publish_date publication_date publication-date article.published article_date_original originalpublicationdate"
    " parsely-pub-date sailthru.date cxenseparse:recs:publishtime dc.date.issued dcterms.issued dc.date.created"
    " dcterms.created citation_publication_date citation_date rnews:datepublished bt:pubdate published_at"
).split()
PAGE_DATES = "date dc.date dcterms.date created".split()
CHANGED = (
    "article:modified_time og:article:modified_time og:updated_time datemodified modified_time last-modified"
    " last_modified lastmod revised updated_time dc.date.modified dcterms.modified article:updated"
).split()
AUTHORS = "author article:author parsely-author sailthru.author dc.creator dcterms.creator byl citation_author".split()
IS_CHANGE = re.compile(r"updat|modif|revis(?:ed|ion)|(?<!ex)changed|edited|last[\s_-]?(?:chang|edit)", re.I)
IS_PUBLICATION = re.compile(r"publish|posted|entry-date|dateline|pubdate", re.I)
IS_FURNITURE = re.compile(r"(?:^|[\s_-])(?:footer|copyright|colophon|comments?|related|sidebar|popular|recent)", re.I)
IS_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|by-line|writer)(?:$|[\s_-]|name)", re.I)
COPYRIGHT = re.compile(r"©|\(c\)\s*\d{4}|copyright|all rights reserved", re.I)
LONG = 25  # words; a paragraph so long is running text, and the dates in it are not the publication's
FIRST_DAY = re.compile(r"\b0?1[-/.]0?1\b|\b0?1(?:st)?\s+jan|\bjan\w*\.?\s+0?1\b", re.I)
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
            address = found[1] if found[1].startswith("http") else f"http://{found[1]}"
            return address, as_date(hour[1] or hour[2])[0] if hour else ""
    return "", ""


def page_claims(tree: "HtmlElement", html: str, address: str) -> dict[str, str]:
    """Return `title`, `byline`, `published`, `changed` and `page_url` as a page says them; `tree` stays as it is."""
    tree = deepcopy(tree)
    nodes = read_json_ld(tree)
    nodes.put_first(*_own_names(tree, address))
    metas = _metas(tree)
    meta = _metadata(tree, address)
    said = [*nodes.dates("dateModified"), *dates_in_broken(nodes.broken, "dateModified"), *_named(metas, CHANGED)]
    changed = _moments([*said, *_changes(tree)])
    published = next(iter(_published(tree, nodes, metas, set(changed))), "") or _by_htmldate(tree, html, address)
    return {
        "title": one_line(unescape(unescape(meta.title or ""))),
        "byline": one_line(_byline(tree, nodes, metas) or byline_of(meta.author or "")),
        "published": published,
        "changed": next(iter(changed), ""),
        "page_url": one_line(meta.url),
    }


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


def _metas(tree: "HtmlElement") -> list[tuple[str, str]]:
    """The page's `<meta>` elements: what they are called, and what they say."""
    found = []
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if (content := meta.get("content")) and len(content) <= MOST_FACT:
            found.append((name.strip().lower(), content))
    return found


def _named(metas: list[tuple[str, str]], names: list[str]) -> list[str]:
    """What the metas of these names say, in the order of the names."""
    return [said for wanted in names for name, said in metas if name == wanted]


def _moments(said: list[str]) -> list[str]:
    """The dates among what is said, as the corpus writes them."""
    read = (as_date(one.strip())[0].replace(" ", "T") for one in said[:MOST_LOOKED_AT])
    return [moment for moment in read if moment]


def _published(tree: "HtmlElement", nodes: Nodes, metas: list[tuple[str, str]], changed: set[str]) -> list[str]:
    """When the article was published, with the hour where it is stated; nothing where only other dates are."""
    marked, at_head = _times(tree)
    moments = [
        *_moments([*nodes.dates("datePublished", of_article=True), *dates_in_broken(nodes.broken, "datePublished")]),
        *_moments([*_named(metas, PUBLISHED), *marked]),
        *(moment for moment in _moments(at_head) if moment not in changed),
        *_moments([*nodes.dates("datePublished", of_article=False), *_named(metas, PAGE_DATES)]),
    ]
    hours = [moment for moment in moments if "T" in moment and _same_day(moments[0], moment)]
    return [*hours, *moments]


def _same_day(first: str, second: str) -> bool:
    """Whether two moments are of one day, somewhere on Earth; one that has an hour is its own."""
    if not first or "T" in first:
        return first == second
    return abs(date.fromisoformat(first[:10]) - date.fromisoformat(second[:10])) <= timedelta(days=1)


def _times(tree: "HtmlElement") -> tuple[list[str], list[str]]:
    """What the `<time>` elements say that mark the publication, and those at the head of the article."""
    marked: list[str] = []
    at_head: list[str] = []
    reading = False
    for element in _article_root(tree).iter("time", "p", "span", "abbr", "div"):
        if element.tag == "p":
            reading = reading or len((element.text_content()).split()) >= LONG
        said = _stated(element)
        if not said or _is_change(element) or _is_of_another(element) or len(marked) + len(at_head) > MOST_LOOKED_AT:
            continue
        if element.get("pubdate") is not None or _is_publication(element):
            marked.append(said)
        elif element.tag == "time" and not reading:
            at_head.append(said)
    return marked, at_head


def _stated(element: "HtmlElement") -> str:
    """The date that an element states for machines; a `<time>` without one states it in its words."""
    if said := element.get("datetime") or element.get("content"):
        return str(said)
    if element.tag == "time":
        return str(element.text_content()) if len(element) == 0 else ""
    return str(element.get("title") or "")


def _changes(tree: "HtmlElement") -> Iterator[str]:
    """What the `<time>` elements of the article say that mark its last change."""
    for element in _article_root(tree).iter("time"):
        if (said := element.get("datetime")) and _is_change(element) and not _is_of_another(element):
            yield said


def _is_publication(element: "HtmlElement") -> bool:
    """Whether an element, or the words before it, say that its date is that of the publication."""
    names = f"{element.get('itemprop') or ''} {element.get('class') or ''}"
    return bool(
        IS_PUBLICATION.search(names) or re.search(r"(?:publish|post)ed\W*(?:on\W*)?$", _words_before(element), re.I)
    )


def _is_change(element: "HtmlElement") -> bool:
    """Whether an element, or the words before it, say that its date is that of the last change."""
    outer = element.getparent()
    for one in (element, outer) if outer is not None else (element,):
        names = " ".join(filter(None, (one.get("class"), one.get("itemprop"), one.get("id"))))
        if IS_CHANGE.search(names) and not IS_PUBLICATION.search(names):
            return True
    return bool(IS_CHANGE.search(_words_before(element)[-40:]))


def _is_of_another(element: "HtmlElement") -> bool:
    """Whether an element belongs to a comment, a list of other articles or the footer."""
    return any(
        one.tag in ("aside", "nav") or IS_FURNITURE.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in element.iterancestors()
        if one.tag not in ("article", "main", "body", "html")
    )


def _words_before(element: "HtmlElement") -> str:
    """The words beside an element, right before it."""
    before, outer = element.getprevious(), element.getparent()
    if before is not None:
        tail = (before.tail or "").strip()
        return str(tail or ("" if before.tag == "time" else before.text_content()))
    return str(outer.text or "") if outer is not None else ""


def _article_root(tree: "HtmlElement") -> "HtmlElement":
    """The element of the article, where the page marks one; else the page."""
    found = tree.xpath("(//article | //*[contains(@itemtype, 'Article')] | //main)[1]")
    return found[0] if found else tree


def _by_htmldate(tree: "HtmlElement", html: str, address: str) -> str:
    """The day that htmldate finds on a page without its last changes, footers and running text."""
    found = _metadata(_only_heads(tree), address).date or ""
    # The first of January is what a year alone becomes.
    return "" if found.endswith("-01-01") and not FIRST_DAY.search(f"{html} {address}") else found


def _only_heads(tree: "HtmlElement") -> "HtmlElement":
    """A copy of the tree without the places where dates stand that are not the publication's."""
    tree = deepcopy(tree)
    reading = False
    for paragraph in list(tree.iter("p")):  # the first long paragraph ends the head; what follows is running text
        reading = reading or len(paragraph.text_content().split()) >= LONG
        if reading and not paragraph.get("class") and not paragraph.get("id") and paragraph.getparent() is not None:
            paragraph.drop_tree()
    gone = [
        element
        for element in tree.iter(
            "meta", "time", "footer", "div", "p", "span", "section", "aside", "small", "script", "li"
        )
        if _is_elsewhere(element)
    ]
    for element in gone:
        if element.getparent() is not None:
            element.drop_tree()
    return tree


def _is_elsewhere(element: "HtmlElement") -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    if element.tag == "meta":
        name = f"{element.get('property') or ''} {element.get('name') or ''} {element.get('http-equiv') or ''} {names}"
        return bool(IS_CHANGE.search(name))
    if element.tag in ("script", "aside"):
        return True
    if element.tag == "footer":
        return not any(True for _ in element.iterancestors("article"))
    if IS_FURNITURE.search(names) or (IS_CHANGE.search(names) and "publish" not in names.lower()):
        return element.find(".//article") is None and element.find(".//h1") is None
    if element.tag == "p" and len(element.text_content().split()) >= LONG:
        return True
    if element.tag == "time":  # those with a date were looked at, and left out for a reason
        return bool(element.get("datetime")) or _is_change(element)
    words = element.text or ""
    return len(words) < 200 and bool(
        COPYRIGHT.search(words) or re.match(r"\s*(?:last\s+)?(?:updat|modif|revis)ed", words, re.I)
    )


def _byline(tree: "HtmlElement", nodes: Nodes, metas: list[tuple[str, str]]) -> str:
    """Who wrote the article; a house's name only where no person's is given."""
    people, houses = node_author(nodes)
    if people:
        return byline_of(people)
    written = _named(metas, AUTHORS)
    if len(written) > 1 and written == _named(metas, ["citation_author"]):
        return "; ".join(filter(None, map(byline_of, written)))
    found = next(filter(None, map(byline_of, written)), "")
    return found or next(filter(None, map(byline_of, _bylines(tree))), "") or byline_of(houses)


def _bylines(tree: "HtmlElement") -> Iterator[str]:
    """What stands in the elements that name the author, those marked as such first."""
    root = _article_root(tree)
    marked = root.xpath(".//*[@rel='author' or contains(@itemprop, 'author')]")[:MOST_LOOKED_AT]
    called = (one for one in root.iter("p", "div", "span", "a", "address") if IS_BYLINE.search(one.get("class") or ""))
    for element in [*marked, *(one for one, _ in zip(called, range(MOST_LOOKED_AT), strict=False))]:
        names = element.xpath(".//*[contains(@itemprop, 'name') or contains(@class, 'name')]")
        words = " ".join(" ".join((names[0] if names else element).itertext()).split())
        if 2 < len(words) <= 200 and not _is_of_another(element):
            yield words
