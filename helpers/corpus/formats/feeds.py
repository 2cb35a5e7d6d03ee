"""An RSS, Atom or sitemap file goes in; its entries come out: articles as items, addresses of pages as rows.

XML is parsed without entities, DTDs or network, so that neither a bomb nor a file elsewhere is ever opened.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from helpers.corpus.formats.article_record import Item, checked, one_line, over
from helpers.corpus.formats.encodings import is_binary
from helpers.corpus.formats.web_page import fragment_text
from helpers.files.dates import as_date
from helpers.files.problems import RecordError

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ENTRIES = 100_000
TEASER = "the feed gives a summary only"
ANEW = "save it anew, from its source."


def xml_root(content: bytes, wrong: list[tuple[str, str]]) -> "_Element":
    """Return the root of an XML file; what can be had of a damaged one, and a word on that in `wrong`.

    Raises `RecordError` for what is no XML, and for XML with entities of its own.
    """
    from lxml import etree

    if is_binary(content):
        raise RecordError("it holds many NUL bytes and is no XML.", ANEW)
    root = None
    for damaged in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=damaged, remove_pis=True
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            said = str(error)[:200]
        if root is not None:
            break
    if root is None or (damaged and not len(root)):
        raise RecordError(f"not valid XML ({said}).", ANEW)
    if root.getroottree().docinfo.internalDTD is not None and any(root.getroottree().docinfo.internalDTD.entities()):
        raise RecordError("it defines entities of its own, as XML bombs do.", "take out its <!DOCTYPE …>.")
    if damaged:
        wrong.append((f"its XML is damaged ({said}); what could be read of it was.", ANEW))
    return root


def name_of(element: "_Element") -> str:
    """The name of an element without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def feed_items(root: "_Element") -> Iterator[Item]:
    """Yield the entries of a feed: the article where the feed holds it whole, else its summary, with a note.

    Raises `RecordError` where there is none, or too many.
    """
    entries = [element for element in root.iter() if name_of(element) in ("item", "entry")]
    if not entries:
        raise RecordError("the feed has no entries.", "save the feed anew.")
    if len(entries) > MOST_ENTRIES:
        raise RecordError(f"the feed has {len(entries):,} entries.", "split it.")
    for number, entry in enumerate(entries, 1):
        yield Item(f"entry {number}", number, partial(_entry_facts, entry))


def _entry_facts(entry: "_Element") -> dict:
    parts: dict[str, list] = {}
    for part in entry:
        parts.setdefault(_key(part), []).append(part)
    whole = _html(parts, ["encoded", "content"])
    teaser = _html(parts, ["description", "summary"])
    text, links, images = fragment_text(whole or teaser)
    published, _ = as_date(next((_words(parts[name][0]) for name in DATES if name in parts), ""))
    known = {
        "url": _link(parts),
        "title": one_line(_plain(parts, "title")),
        "byline": ", ".join(_people(parts)),
        "published": published,
        "note": "" if whole else TEASER,
        "links": links,
        "images": images,
    }
    return over(known, {}) | {"text": checked(text), "repaired": []}


DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified")


def _key(part: "_Element") -> str:
    """The name of a part; Media RSS, iTunes and the like, which use the same names, are told apart."""
    tag = part.tag if isinstance(part.tag, str) else ""
    foreign = any(sign in tag for sign in ("search.yahoo.com/mrss", "itunes.com", "podcast"))
    return f"foreign:{name_of(part)}" if foreign else name_of(part)


def _words(part: "_Element") -> str:
    return " ".join("".join(part.itertext()).split())


def _html(parts: dict[str, list], names: list[str]) -> str:
    """The first of these parts as HTML: of XHTML the elements, else the text, which is HTML or is escaped."""
    from html import escape

    from lxml import etree

    for part in (part for name in names for part in parts.get(name, [])):
        kind = part.get("type", "html" if name_of(part) in ("encoded", "description") else "text").lower()
        if kind in ("xhtml", "application/xhtml+xml"):
            return "".join(etree.tostring(child, encoding="unicode", method="html") for child in part)
        words = "".join(part.itertext())
        if words.strip():
            return words if kind in ("html", "text/html") else escape(words).replace("\n", "<br>")
    return ""


def _plain(parts: dict[str, list], name: str) -> str:
    if name not in parts:
        return ""
    words = _words(parts[name][0])
    return fragment_text(words)[0].replace("\n", " ") if "<" in words or "&" in words else words


def _link(parts: dict[str, list]) -> str:
    for link in parts.get("link", []):
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return one_line(link.get("href"))
        if not link.get("href") and _words(link):
            return one_line(_words(link))
    guid = _words(parts["guid"][0]) if "guid" in parts else ""
    return one_line(guid) if guid.startswith(("http://", "https://")) else ""


def _people(parts: dict[str, list]) -> list[str]:
    found = []
    for part in (*parts.get("creator", []), *parts.get("author", [])):
        names = [child for child in part if name_of(child) == "name"]
        found.append(one_line(_words(names[0] if names else part)))
    return list(dict.fromkeys(name for name in found if name))


def sitemap_rows(root: "_Element") -> list[dict]:
    """Return the pages that a sitemap names: `url`, `changed`; of an index `sitemap`, the other sitemaps' addresses.

    Raises `RecordError` where it names none.
    """
    kind = "sitemap" if name_of(root) == "sitemapindex" else "url"
    rows = []
    for entry in root:
        if name_of(entry) != kind:
            continue
        parts = {name_of(part): _words(part) for part in entry}
        if parts.get("loc"):
            rows.append({kind: one_line(parts["loc"]), "changed": as_date(parts.get("lastmod", ""))[0]})
    if not rows:
        raise RecordError("the sitemap names no page.", "save it anew.")
    return rows
