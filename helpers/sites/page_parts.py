"""A page's HTML goes in; what stands in it in use comes out, part by part: code that runs, addresses, words.

An identifier says something only where a browser would use it. So comments are no part of a page here, nor is code that
is shown (`<pre>`, `<code>`), typed (`<textarea>`) or kept for later (`<template>`), nor data (JSON) that may hold the
text of an article. Of the words only those are kept that stand around the articles: in the head, the foot, the sides.
"""

import base64
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SHOWN = frozenset("pre code samp kbd xmp textarea template plaintext".split())  # what is in them does nothing
# What a browser runs, or what optimisers (WP Rocket, LiteSpeed, Rocket Loader) turn into it a moment later.
RUNS = re.compile(
    r"(?:[0-9a-f]{16,40}-)?(?:text|application)/(?:x-)?(?:java|ecma)script\b.*|module|text/partytown|text/rocketscript"
    r"|rocketlazyloadscript|litespeed/javascript|text/psajs|text/x-no-minify|$",
    re.I,
)
WHOLE_SCRIPT = re.compile(
    r"data:(?:text|application)/javascript(?:;charset=[\w-]+)?(?P<coded>;base64)?,(?P<code>.*)\Z", re.S
)
# A consent banner turns scripts into text until somebody agrees; these attributes and classes are theirs.
CONSENT = re.compile(
    r"data-(?:cookie\w*|category|usercentrics|consent\w*|service|cmp-\w+|name)"
    r"|(?:^|\s)(?:cmplz|cky|cli|iub_cs|optanon|_iub)",
    re.I,
)
COMMENT = re.compile(
    r"(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')|/\*.*?(?:\*/|\Z)|(?<![:\\/\"'\w])//[^\n]*|<!--[^\n]*", re.S
)
# The article itself, and what readers wrote below it: the people, links and accounts there need not be the site's.
ARTICLE = re.compile(
    r"(?i)(?:^|[\s_-])(?:entry|post|article|story|single)[-_]?(?:content|body|text)\b"
    r"|(?:^|\s)(?:td-post-content|gh-content|articleBody|field--name-body|blog-item-content|rte|w-richtext|item-page)"
    r"(?:\s|$)"
)
COMMENTS = re.compile(r"(?i)(?:^|\s)(?:comments?|commentlist|comment-list|disqus_thread)(?:\s|$)")
HEADS = ("header", "footer", "nav", "aside", "address")
SOURCES = ("src", "data-src", "data-cfsrc", "data-rocket-src", "data-lazy-src", "data-litespeed-src")
LOADS = {tag: SOURCES for tag in ("script", "img", "iframe", "amp-img")} | {
    "embed": ("src",), "amp-pixel": ("src",), "source": ("src",), "object": ("data",)
}  # fmt: skip
LOADED_LINKS = re.compile(r"(?i)\b(?:stylesheet|preload|modulepreload|prefetch|icon|apple-touch-icon|alternate)\b")
MOST_IN_ADDRESS = 1_000_000  # characters of a script that is written into its address
ICON_WITHIN = "icon within"  # the rel of one whose picture is written into its address
AROUND, OF_ARTICLE, OF_OTHERS = "around the article", "article", "words of others"
LONGEST = 5_000  # characters of an attribute; what is longer is a picture or a program
MOST_NAMES = 1_000  # classes and ids of a page


@dataclass
class Part:
    """The pieces of a page that are searched together, a line each or more, and where each of them stands."""

    pieces: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    size: int = 0

    def add(self, piece: str, place: str) -> None:
        """Put one in."""
        self.pieces.append(piece)
        self.places.append(place)
        self.starts.append(self.size)
        self.size += len(piece) + 1

    @cached_property
    def text(self) -> str:
        """All of them, a line break between two."""
        return "\n".join(self.pieces)

    def without(self, place: str) -> "Part":
        """The same without the pieces of one place."""
        left = Part()
        for piece, where in zip(self.pieces, self.places, strict=True):
            if where != place:
                left.add(piece, where)
        return left

    def place(self, at: int) -> str:
        """Where what stands at this place of the text stands in the page."""
        return self.places[bisect_right(self.starts, at) - 1]


@dataclass
class PageParts:
    """A page in parts. `around` are the words around the article, `names` its classes and ids."""

    script: Part = field(default_factory=Part)
    loaded: Part = field(default_factory=Part)
    link: Part = field(default_factory=Part)
    attribute: Part = field(default_factory=Part)
    meta: Part = field(default_factory=Part)
    around: Part = field(default_factory=Part)
    own_links: list[tuple[str, str, str]] = field(default_factory=list)  # around the article: rel, address and place
    heads: list[tuple[str, str]] = field(default_factory=list)  # rel and address of each <link>
    images: list[str] = field(default_factory=list)
    own_images: list[str] = field(default_factory=list)  # those around the article
    sheets: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    language: str = ""
    has_article: bool = False


def page_parts(tree: "HtmlElement") -> PageParts:
    """Return the parts of a page, from its tree; nothing is run and nothing is loaded."""
    parts = PageParts()
    parts.language = (tree.get("lang") or tree.get("xml:lang") or "").strip()
    for element, inside in _in_use(tree):
        _take_attributes(parts, element)
        _take_names(parts, element)
        taken = _TAKERS.get(element.tag)
        if taken:
            taken(parts, element, inside)
        _take_words(parts, element, inside)
        parts.has_article = parts.has_article or inside == OF_ARTICLE
    if not parts.has_article:  # nothing says where an article ends: only what surely stands around it counts
        parts.around = parts.around.without(AROUND)
        parts.own_links = [link for link in parts.own_links if link[2] != AROUND or "me" in link[0].split()]
    return parts


def _in_use(tree: "HtmlElement") -> Iterator[tuple["HtmlElement", str]]:
    """The elements that a browser uses, in order, and in what each stands: an article, words of others, or neither."""
    waiting = [(tree, "")]
    while waiting:
        element, inside = waiting.pop()
        if isinstance(element.tag, str) and element.tag not in SHOWN:
            inside = inside or _begins(element)
            yield element, inside
            waiting += [(child, inside) for child in reversed(element)]


def _begins(element: "HtmlElement") -> str:
    """What begins with an element: an article, a quotation or what readers wrote; empty where it is none of them."""
    if element.tag in ("body", "html", "head"):
        return ""
    known = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    if element.tag == "article" or ARTICLE.search(known):
        return OF_ARTICLE
    return OF_OTHERS if element.tag == "blockquote" or COMMENTS.search(known) else ""


def _take_attributes(parts: PageParts, element: "HtmlElement") -> None:
    """Each attribute as a line “element name=value”; what names a vendor stands in brackets behind the element."""
    tag = element.tag
    mark = element.get("type") if tag == "amp-embed" else element.get("data-type") or element.get("name")
    if tag == "script" and "plausible" in (element.get("src") or ""):
        mark = "plausible"
    for name, value in element.items():
        if len(value) > LONGEST or not (name[:5] == "data-" or name in ("value", "config")):
            continue
        flat = " ".join(value.split())
        parts.attribute.add(f"{tag} {name}={flat}", f"{tag} {name}")
        if mark:
            parts.attribute.add(f"{tag}[{mark}] {name}={flat}", f"{tag} {name}")


def _take_names(parts: PageParts, element: "HtmlElement") -> None:
    if len(parts.names) < MOST_NAMES:
        parts.names.update(f".{name}" for name in (element.get("class") or "").split()[:50])
        if (name := (element.get("id") or "").strip()) and " " not in name:
            parts.names.add(f"#{name}")


def _take_script(parts: PageParts, element: "HtmlElement", inside: str) -> None:
    _take_loaded(parts, element, inside)
    form = (element.get("type") or "").strip()
    content = element.text or _written_in_address(element.get("src") or "")
    if form.lower() == "application/ld+json":
        parts.json_ld.append(content)
    elif RUNS.match(form) or (form.lower() == "text/plain" and CONSENT.search(_written(element))):
        parts.script.add(without_comments(content), "script in the page")
    elif element.getparent() is not None and str(element.getparent().tag).startswith("amp-"):
        parts.script.add(content, f"settings of {element.getparent().tag}")


def _written_in_address(address: str) -> str:
    """The code of a script whose address holds it, as optimisers write it; empty where the address is one."""
    match = WHOLE_SCRIPT.match(address[:MOST_IN_ADDRESS])
    if not match:
        return ""
    try:
        return base64.b64decode(match["code"]).decode("utf-8", "replace") if match["coded"] else unquote(match["code"])
    except ValueError:
        return ""


def _written(element: "HtmlElement") -> str:
    return " ".join(f"{name} {value[:200]}" for name, value in element.items())


def without_comments(code: str) -> str:
    """Return JavaScript without its comments, texts in it left alone.

    >>> without_comments("var a = 'http://x'; // ga('create', 'UA-1-1')")
    "var a = 'http://x'; "
    """
    return COMMENT.sub(lambda match: match["text"] or "", code)


def _take_loaded(parts: PageParts, element: "HtmlElement", inside: str) -> None:
    for name in LOADS.get(element.tag, ()):
        address = (element.get(name) or "").strip()
        if address and len(address) <= LONGEST and not address.startswith("data:"):
            parts.loaded.add(address, f"address of {element.tag}")
            if element.tag in ("img", "amp-img"):
                parts.images.append(address)
                parts.own_images += [] if inside else [address]
            elif element.tag == "script":
                parts.scripts.append(address)


def _take_link_element(parts: PageParts, element: "HtmlElement", inside: str) -> None:
    rel, address = (element.get("rel") or "").lower(), (element.get("href") or "").strip()
    if address.startswith("data:"):
        parts.heads += [(ICON_WITHIN, address)] if "icon" in rel.split() else []
    elif address and len(address) <= LONGEST:
        parts.heads.append((rel, address))
        if LOADED_LINKS.search(rel):
            parts.loaded.add(address, f"link rel={rel}")
        if "stylesheet" in rel:
            parts.sheets.append(address)


def _take_anchor(parts: PageParts, element: "HtmlElement", inside: str) -> None:
    address = (element.get("href") or element.get("action") or "").strip()
    if address and len(address) <= LONGEST and not address.lower().startswith("javascript:"):
        parts.link.add(address, "link in an article" if inside else "link")
        if not inside:
            parts.own_links.append(((element.get("rel") or "").lower(), address, _head_of(element.getparent())))


def _take_meta(parts: PageParts, element: "HtmlElement", inside: str) -> None:
    name = (element.get("name") or element.get("property") or element.get("http-equiv") or "").strip().lower()
    content = " ".join((element.get("content") or "").split())
    in_head = any(above.tag == "head" for above in element.iterancestors())
    if name and content and len(content) <= LONGEST and in_head:
        parts.meta.add(f"{name}={content}", f"meta {name}")


def _take_words(parts: PageParts, element: "HtmlElement", inside: str) -> None:
    """The words that stand directly in an element, where it is around the article."""
    if element.tag in ("script", "style", "noscript", "title", "head", "meta", "link", "option"):
        return
    if not inside and element.text and element.text.strip():
        parts.around.add(" ".join(element.text.split()), _head_of(element))
    for child in element:
        if not inside and child.tail and child.tail.strip():
            parts.around.add(" ".join(child.tail.split()), _head_of(element))


def _head_of(element: "HtmlElement | None") -> str:
    """Where words or a link stand: foot, head or side of the page, or only around the article."""
    for above in (element, *element.iterancestors()) if element is not None else ():
        known = f"{above.get('class') or ''} {above.get('id') or ''}".lower()
        if above.tag in HEADS or re.search(r"\b(?:footer|copyright|colophon|site-info|contact)", known):
            return "foot of the page" if above.tag == "footer" or "foot" in known or "copy" in known else "head or side"
    return AROUND


_TAKERS = {
    "script": _take_script, "link": _take_link_element, "a": _take_anchor, "area": _take_anchor, "form": _take_anchor,
    "meta": _take_meta, **{tag: _take_loaded for tag in LOADS if tag != "script"},
}  # fmt: skip
