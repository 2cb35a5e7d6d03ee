"""A web page's bytes go in; its main text, title, byline, dates, addresses, links and pictures come out.

Main text and metadata are trafilatura's; what it does not give (all links and pictures of the page, the canonical
address, the address and hour at which a browser saved it) is read from the tree. Frames are followed where the page
itself has hardly any text.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from helpers.corpus.formats.encodings import codec_of, decode, is_binary, mend
from helpers.files.dates import as_date
from helpers.files.limits import MB, MOST_ADDRESSES, MOST_DEPTH, MOST_FACT, MOST_FRAMES, MOST_PAGE, MOST_TAGS
from helpers.files.problems import RecordError

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

HARDLY = 200  # characters; a page with less is looked at for frames
META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{1,40})", re.I
)
SAVED_FROM = re.compile(r"saved from url=\(\d{1,6}\)\s*(\S{1,2000})|^\s*url:\s*(\S{1,2000})", re.M)
SAVED_DATE = re.compile(r"saved date:\s*(.{10,60})")
OPENING = re.compile(r"<[a-zA-Z]")
PICTURES = ("src", "data-src", "data-lazy-src")
# trafilatura, told to take only dates that the page itself states, the first publication rather than the last change.
DATES = {"original_date": True, "extensive_search": False}
HOURS = (
    "//meta[@property='article:published_time' or @itemprop='datePublished']/@content"
    " | //time[@pubdate or @itemprop='datePublished']/@datetime"
)
NO_TEXT = "put the article's text into it, or leave it out."

FrameSource = Callable[[str], bytes | None]


def page_facts(
    content: bytes, declared: str = "", url: str = "", frame: FrameSource | None = None, as_is: bool = False
) -> dict:
    """Return `text`, `title`, `byline`, `published`, `url`, `canonical`, `links`, `images`, `retrieved`, `repaired`.

    `declared` is the encoding in the headers, if any; the page's own `<meta>` comes after it. `url` is where the page
    was, to make links absolute. `frame` gives the bytes behind the address in a frame. With `as_is`
    nothing is repaired. Raises `RecordError`.
    """
    if len(content) > MOST_PAGE:
        raise RecordError(f"the page has more than {MOST_PAGE // MB} MB.", "save the article alone, as text.")
    if is_binary(content):
        raise RecordError("the page is no text (it holds many NUL bytes).", "save it as HTML anew.")
    html, repaired = decode(content, codec_of(declared) or _meta_charset(content))
    html, mended = (html, []) if as_is else mend(html)
    facts = _facts(html, url, as_is)
    facts["repaired"] = repaired + mended
    if frame is not None and len(facts["text"]) < HARDLY:
        facts = _with_frames(html, facts, frame)
    if not facts["text"].strip():
        raise RecordError("it holds no text.", NO_TEXT)
    return facts


def _meta_charset(content: bytes) -> str:
    found = META_CHARSET.search(content[:4096])
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


def _facts(html: str, url: str, as_is: bool = False) -> dict:
    tree = tree_of(html)
    if tree is None:
        return dict.fromkeys(["text", "title", "byline", "published", "canonical", "retrieved"], "") | {
            "url": url, "links": [], "images": []
        }  # fmt: skip
    saved, hour = _saved(tree)
    address = url or saved
    canonical = _joined(address, _first(tree, "//link[contains(@rel, 'canonical')]/@href"))
    base = "" if as_is else address or canonical
    links, images = page_links(tree, base), page_images(tree, base)
    text, meta = _main_text(html), _metadata(tree, address)
    found = {"title": meta.title, "byline": meta.author, "published": meta.date}
    facts = {name: _one_line(fact) for name, fact in found.items()}
    facts["published"] = _with_hour(tree, facts["published"])
    facts["url"] = address or canonical or _joined("", _one_line(meta.url))
    return facts | {"text": text, "canonical": canonical, "retrieved": hour, "links": links, "images": images}


def _main_text(html: str) -> str:
    import trafilatura

    try:
        return trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True) or ""
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # it is made for honest pages, and raises whatever its parts do
        what = f"trafilatura cannot read the page ({type(error).__name__})."
        raise RecordError(what, "save the article alone, as text.") from None


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


def tree_of(html: str) -> "HtmlElement | None":
    """Return the tree of a page, or None where there is none; raises `RecordError` for one that is too much."""
    import trafilatura  # a second to import, and only web pages need it
    from lxml.html import HtmlElement

    tags = sum(1 for _ in OPENING.finditer(html))
    if tags > MOST_TAGS:
        raise RecordError(f"the page has {tags:,} tags.", "save the article alone, as text.")
    tree = trafilatura.load_html(html)
    if not isinstance(tree, HtmlElement):
        return None
    if _depth(tree) > MOST_DEPTH:
        raise RecordError(f"elements lie more than {MOST_DEPTH:,} deep within each other.", "save the article as text.")
    return tree


def _depth(tree: "HtmlElement") -> int:
    """How deep elements lie within each other, found without recursion."""
    deepest = depth = 0
    from lxml.etree import iterwalk

    for event, _ in iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def page_links(tree: "HtmlElement", url: str = "") -> list[str]:
    """Return the addresses that a page links to, once each, without those into the page itself.

    They stand as written where the page's own address is not known.
    """
    found = (anchor.get("href") for anchor in tree.iter("a"))
    return _addresses(url, (link for link in found if link and not link.startswith("#")))


def page_images(tree: "HtmlElement", url: str = "") -> list[str]:
    """Return the addresses of a page's pictures, once each, without those whose bytes stand in the page."""
    found = [image.get(kind) for image in tree.iter("img") for kind in PICTURES if image.get(kind)]
    found += [meta.get("content") for meta in tree.iter("meta") if meta.get("property") == "og:image"]
    return _addresses(url, (address for address in found if address and not address.startswith("data:")))


def _addresses(url: str, found: Iterable[str]) -> list[str]:
    joined = (_joined(url, address) for address in found)
    return list(dict.fromkeys(address for address in joined if address))[:MOST_ADDRESSES]


def _joined(url: str, address: str) -> str:
    """An address made absolute where that can be; as it is where it cannot."""
    address = _one_line(address)
    try:
        return urljoin(url, address) if url and address else address
    except ValueError:
        return address


def _one_line(fact: object) -> str:
    """A fact fit for one cell of a table: no control characters, not too long."""
    words = " ".join(re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", str(fact or "")).split())
    return words if len(words) <= MOST_FACT else ""


def _first(tree: "HtmlElement", xpath: str) -> str:
    found = tree.xpath(xpath)
    return str(found[0]) if found else ""


def _with_hour(tree: "HtmlElement", day: str) -> str:
    """The day on which a page was published, with the hour where the page states it in the same breath."""
    for written in tree.xpath(HOURS)[:10]:
        moment, _ = as_date(str(written))
        if day and moment and abs(date.fromisoformat(moment[:10]) - date.fromisoformat(day)) <= timedelta(days=1):
            return moment
    return day


def _saved(tree: "HtmlElement") -> tuple[str, str]:
    """Where and when a browser says that it saved this page; empty where it does not."""
    from lxml.etree import Comment

    for number, comment in enumerate(tree.getroottree().iter(Comment)):
        said = comment.text or ""
        if number > 20:
            break
        if found := SAVED_FROM.search(said):
            hour = SAVED_DATE.search(said)
            return (found[1] or found[2]), as_date(hour[1])[0] if hour else ""
    return "", ""


def _with_frames(html: str, facts: dict, frame: FrameSource) -> dict:
    """The facts with the text of the page's frames, frames within frames too, those with hardly any text left out."""
    waiting, texts = _frames(html), []
    seen: set[tuple[str, str]] = set()
    while waiting and len(seen) < MOST_FRAMES:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        inner = address[1] if address[0] == "srcdoc" else _frame_page(frame(address[1]))
        if inner:
            within = _facts(inner, facts["url"])
            texts.append((address, within))
            waiting += [(kind, _frame_address(address, name, kind)) for kind, name in _frames(inner)]
    texts = [(address, within) for address, within in texts if len(within["text"]) > len(facts["text"])]
    if not texts:
        return facts
    (kind, name), within = max(texts, key=lambda one: len(one[1]["text"]))
    which = "a frame written into the page" if kind == "srcdoc" else f"the frame {_one_line(name)[:200]}"
    merged = {key: fact or within[key] for key, fact in facts.items() if key in within}
    lists = {key: list(dict.fromkeys([*facts[key], *within[key]])) for key in ("links", "images")}
    return facts | merged | lists | {"text": within["text"], "repaired": [*facts["repaired"], f"text from {which}"]}


def _frames(html: str) -> list[tuple[str, str]]:
    tree = tree_of(html)
    if tree is None:
        return []
    found = [("srcdoc", one.get("srcdoc")) for one in tree.iter("iframe") if one.get("srcdoc")]
    return found + [("src", one.get("src")) for one in tree.iter("frame", "iframe") if one.get("src")]


def _frame_address(outer: tuple[str, str], name: str, kind: str) -> str:
    """The address of a frame within a frame, as seen from the page."""
    return _joined(outer[1], name) if outer[0] == kind == "src" else name


def _frame_page(content: bytes | None) -> str:
    if not content or len(content) > MOST_PAGE or is_binary(content):
        return ""
    return mend(decode(content, _meta_charset(content))[0])[0]


def fragment_text(html: str) -> tuple[str, list[str], list[str]]:
    """Return the text of a piece of HTML (a feed's entry), a line a block, with its links and pictures.

    The whole piece is the article, so nothing is left out as furniture. Raises `RecordError` for one that is too much.

    >>> fragment_text("<p>The <b>bank</b> said:</p><ul><li>no</li></ul>")[0]
    'The bank said:\\nno'
    """
    tree = tree_of(f"<html><body><div>{html}</div></body></html>")
    if tree is None:
        return "", [], []
    for gone in list(tree.iter("script", "style", "noscript", "template")):
        gone.drop_tree()
    pieces: list[str] = []
    from lxml.etree import iterwalk

    for event, element in iterwalk(tree, events=("start", "end")):
        if not isinstance(element.tag, str):
            if event == "end":
                pieces.append(element.tail or "")
            continue
        if element.tag in BLOCKS:
            pieces.append("\n")
        if event == "start":
            pieces.append(re.sub(r"\s+", " ", element.text or ""))
        else:
            pieces.append(re.sub(r"\s+", " ", element.tail or ""))
    lines = (re.sub(" +", " ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line), page_links(tree), page_images(tree)


BLOCKS = set(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav"
    " ol p pre section table td th tr ul".split()
)
