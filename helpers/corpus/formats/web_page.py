"""A web page's bytes go in; its main text, title, byline, dates, addresses, links and pictures come out.

Main text is trafilatura's; what it does not give (all links and pictures of the page, the canonical address, what it
says of itself) is read from the tree. Frames are followed where the page itself has hardly any text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from helpers.corpus.formats.encodings import BINARY, codec_of, decode, is_binary, mend
from helpers.corpus.formats.inline_marks import drop_walls, open_layout, speak_marks
from helpers.corpus.formats.json_ld import Nodes, is_not_free, read_json_ld, words_of_body
from helpers.corpus.formats.no_article import ANEW, OF_SCRIPTS, articles_on, entries_on, why_no_article
from helpers.corpus.formats.page_claims import one_line, page_claims, saved_by_browser, unarchived
from helpers.files.limits import MB, MOST_ADDRESSES, MOST_DEPTH, MOST_FRAMES, MOST_PAGE, MOST_TAGS
from helpers.files.problems import RecordError
from helpers.files.urls import led_on

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HARDLY = 200  # characters; a page with less is looked at for frames
META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{1,40})", re.I
)
OPENING = re.compile(r"<[a-zA-Z]")
PICTURES = ("src", "data-src", "data-lazy-src")
IS_ADDRESS = re.compile(r"https?://", re.I)
FEW = 10  # words; of a page with less all that is to be seen is asked what it is
LONG_TEASER = 300  # words; with more, a page that asks for a subscription may have shown the whole article
MOST_VISIBLE = 30_000  # characters
NOT_FREE = (
    "//meta[@itemprop='isAccessibleForFree' and translate(@content, 'FALSE', 'false')='false']"
    " | //meta[@property='article:content_tier' and (@content='locked' or @content='metered')]"
)
NO_TEXT = "put the article's text into it, or leave it out."

FrameSource = Callable[[str], bytes | None]


def page_facts(
    content: bytes, declared: str = "", url: str = "", frame: FrameSource | None = None, as_is: bool = False
) -> dict:
    """Return `text` and the facts of a page.

    Those are `title`, `byline`, `published`, `url`, `canonical`, `links`, `images`, `retrieved`, `repaired`, `note`.
    `declared` is the encoding in the headers, if any; the page's own `<meta>` comes after it. `url` is where the page
    was, to make links absolute. `frame` gives the bytes behind the address in a frame. `note` says what is doubtful
    (a teaser, two articles, only a last change). With `as_is` nothing is repaired, and what somebody put into a corpus
    as an article is taken for one. Raises `RecordError`, also for what is no article.
    """
    if len(content) > MOST_PAGE:
        raise RecordError(f"the page has more than {MOST_PAGE // MB} MB.", "save the article alone, as text.")
    if is_binary(content):
        raise RecordError(*BINARY)
    html, repaired = page_text(content, declared)
    html, mended = (html, []) if as_is else mend(html)
    facts = _facts(html, url, as_is)
    facts["repaired"] = [*repaired, *mended, *facts["repaired"]]
    if frame is not None and len(facts["text"]) < HARDLY:
        facts = _with_frames(html, facts, frame)
    why_not = facts.pop("why_not")
    if why_not and not as_is:
        raise RecordError(f"it is no article but {why_not}.", ANEW)
    if not facts["text"].strip():
        raise RecordError("it holds no text.", NO_TEXT)
    return facts


def page_text(content: bytes, declared: str = "") -> tuple[str, list[str]]:
    """Return the HTML of a page, and in words what was not as declared; its own `<meta>` comes after the headers.

    >>> page_text("<meta charset=cp1252>It’s".encode("cp1252"))[0]
    '<meta charset=cp1252>It’s'
    """
    return decode(content, codec_of(declared) or _meta_charset(content))


def _meta_charset(content: bytes) -> str:
    found = META_CHARSET.search(content[:4096])
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


def _facts(html: str, url: str, as_is: bool = False) -> dict:
    tree = tree_of(html)
    if tree is None:
        return dict.fromkeys(["text", "title", "byline", "published", "canonical", "retrieved", "note"], "") | {
            "url": url, "links": [], "images": [], "repaired": [], "why_not": ""
        }  # fmt: skip
    saved, hour = saved_by_browser(html)
    address = url or saved
    said, base = _first(tree, "//link[contains(@rel, 'canonical')]/@href"), _first(tree, "//base/@href")
    base = "" if as_is else _joined(address or said, base)
    canonical, archived = unarchived(_joined(base or address, _with_scheme(said)))
    claims = page_claims(tree, address)
    links, images = page_links(tree, base), page_images(tree, base)
    text, note, left_out, why_not = _reading(tree, claims)
    return {
        "text": text, "title": claims["title"], "byline": claims["byline"], "published": claims["published"],
        "url": address or (canonical if IS_ADDRESS.match(canonical) else "") or claims["page_url"],
        "canonical": canonical, "retrieved": hour or archived,
        "links": links, "images": images, "note": note, "repaired": left_out, "why_not": why_not,
    }  # fmt: skip


def _reading(tree: "HtmlElement", claims: dict[str, str]) -> tuple[str, str, list[str], str]:
    """The text of a page, what is to be noted of it, what was left out, and why it is no article if it is none."""
    bare = deepcopy(tree)
    nodes, left_out, notes = read_json_ld(bare), speak_marks(bare), []
    open_layout(bare)
    seen = _visible(bare)
    if wall := drop_walls(bare):
        left_out.append(f"the words in which the page asks for a subscription left out ({wall})")
    marked = deepcopy(bare)
    for script in list(bare.iter("script")):
        script.drop_tree()
    text = _main_text(bare)
    if not text and (text := _main_text(marked) if words_of_body(nodes) else ""):
        notes.append("the text is that of the page’s JSON-LD; nothing of it is to be seen")
    titles = [claims["title"], *(" ".join(one.text_content().split()) for one in [*tree.iter("title", "h1")][:3])]
    why_not = why_no_article(titles, text if len(text.split()) >= FEW else seen)
    if not why_not and len(text.split()) < FEW:
        below = text.removeprefix(titles[0]).strip()
        why_not = "a paywall" if wall and len(below.split()) < FEW else OF_SCRIPTS.name if _is_shell(tree, seen) else ""
    notes += _doubts(tree, text, nodes, bool(wall))
    if claims["changed"] and not claims["published"]:
        notes.append(f"changed {claims['changed']}, says the page; when it was published it does not say")
    return text, "; ".join(notes), left_out, why_not


def _doubts(tree: "HtmlElement", text: str, nodes: Nodes, has_wall: bool) -> Iterator[str]:
    """What is doubtful about a page's text: it may be a part of an article, or more than one."""
    is_paid = is_not_free(nodes) or bool(tree.xpath(NOT_FREE))
    if has_wall:
        perhaps = "perhaps " if not is_paid and len(text.split()) > LONG_TEASER else ""
        yield f"{perhaps}a teaser: the page asks for a subscription to read the rest"
    elif is_paid:
        yield "perhaps a teaser: the page says that the article is not free to read"
    if (words := words_of_body(nodes)) > 1.5 * len(text.split()):
        yield f"the page’s JSON-LD holds {words:,} words of the article"
    if (count := max(articles_on(tree), entries_on(tree))) > 1:
        yield f"the page has {count} articles; the text may be of more than one"


def _visible(tree: "HtmlElement") -> str:
    """The words of a page, its `<noscript>` included, a line a piece of text."""
    body = tree.find("body")
    within = body if body is not None else tree
    pieces = within.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::template)]")
    return "\n".join(filter(None, (" ".join(str(piece).split()) for piece in pieces)))[:MOST_VISIBLE]


def _is_shell(tree: "HtmlElement", seen: str) -> bool:
    """Whether a page has scripts and hardly a word."""
    return not seen and next(tree.iter("script"), None) is not None


def _main_text(tree: "HtmlElement") -> str:
    import trafilatura

    try:
        return trafilatura.extract(deepcopy(tree), include_comments=False, include_tables=True, favor_recall=True) or ""
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # it is made for honest pages, and raises whatever its parts do
        what = f"trafilatura cannot read the page ({type(error).__name__})."
        raise RecordError(what, "save the article alone, as text.") from None


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
    address = one_line(address)
    return led_on(address, url) if url and address else address


def _with_scheme(address: str) -> str:
    """An address that leaves its scheme to the page, as one of its own."""
    return f"https:{address}" if address.startswith("//") else address


def _first(tree: "HtmlElement", xpath: str) -> str:
    found = tree.xpath(xpath)
    return str(found[0]) if found else ""


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
    which = "a frame written into the page" if kind == "srcdoc" else f"the frame {one_line(name)[:200]}"
    merged = {key: fact or within[key] for key, fact in facts.items() if key in within}
    lists = {key: list(dict.fromkeys([*facts[key], *within[key]])) for key in ("links", "images")}
    read = {name: within[name] for name in ("text", "note", "why_not")}
    return facts | merged | lists | read | {"repaired": [*facts["repaired"], f"text from {which}", *within["repaired"]]}


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
    return mend(page_text(content)[0])[0]


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
    speak_marks(tree)
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
