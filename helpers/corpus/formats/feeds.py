"""An RSS, Atom or sitemap file goes in; its entries come out: articles as items, addresses of pages as rows.

XML is parsed without entities, DTDs or network, so that neither a bomb nor a file elsewhere is ever opened.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from html.entities import html5
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from helpers.corpus.formats.article_record import Item, checked, one_line, over
from helpers.corpus.formats.encodings import codec_of, decode, is_binary
from helpers.corpus.formats.web_page import fragment_text
from helpers.files.dates import as_date
from helpers.files.problems import RecordError

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*([\"'])([A-Za-z0-9._-]+)\1")
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
AMPERSAND = re.compile(rb"&(?:(#?\w{1,32});)?")
OF_XML = ("amp", "lt", "gt", "quot", "apos")
ESCAPED_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
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
    content, said_of_encoding = _as_utf8(content)
    root = None
    for damaged in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=damaged, remove_pis=True
        )
        try:
            root = etree.fromstring(content if damaged else _with_ampersands(content, parser), parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            said = str(error)[:200]
        if root is not None:
            break
    if root is None or (damaged and not len(root)):
        raise RecordError(f"not valid XML ({said}).", ANEW)
    if root.getroottree().docinfo.internalDTD is not None and any(root.getroottree().docinfo.internalDTD.entities()):
        raise RecordError("it defines entities of its own, as XML bombs do.", "take out its <!DOCTYPE …>.")
    if said_of_encoding:
        wrong.append((f"it is {said_of_encoding}.", "save it as UTF-8."))
    if damaged:
        wrong.append((f"its XML is damaged ({said}); what could be read of it was.", ANEW))
    return root


def _with_ampersands(content: bytes, parser: "XMLParser") -> bytes:
    """An XML file whose bare & and HTML entities are written as XML wants them, where it is no XML as it stands."""
    from lxml import etree

    try:
        etree.fromstring(content, parser)
        return content
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return AMPERSAND.sub(_ampersand, content)


def _ampersand(found: re.Match[bytes]) -> bytes:
    """An & as XML wants it: of an entity that only HTML knows its character, of any other the sign itself."""
    name = found[1].decode() if found[1] else ""
    known = html5.get(f"{name};", "") if name not in OF_XML else ""
    if name in OF_XML or name.startswith("#"):
        return found[0]
    return "".join(f"&#{ord(sign)};" for sign in known).encode() if known else b"&amp;" + found[0][1:]


def _as_utf8(content: bytes) -> tuple[bytes, str]:
    """An XML file as UTF-8, where its bytes are not in the encoding that it declares; and what is said of that."""
    head = DECLARED.match(content.removeprefix(codecs.BOM_UTF8))
    declared = head[2].decode("ascii", "replace") if head else "utf-8"
    try:
        content.decode(codec_of(declared) or "utf-8")
        return content, ""
    except UnicodeDecodeError:
        text, said = decode(content, declared)
    plain = DECLARATION.sub("", text, count=1)
    return plain.encode("utf-8", "replace"), "; ".join(said)


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
    of_feed = _facts_of_feed(root)
    for number, entry in enumerate(entries, 1):
        yield Item(f"entry {number}", number, partial(_entry_facts, entry, of_feed))


def _parts(element: "_Element") -> dict[str, list]:
    parts: dict[str, list] = {}
    for part in element:
        parts.setdefault(_key(part), []).append(part)
    return parts


def _facts_of_feed(root: "_Element") -> tuple[str, list[str]]:
    """The address of a feed's site, from which its links lead on, and who signs entries that nobody signed."""
    channel = next((element for element in root.iter() if name_of(element) == "channel"), root)
    parts = _parts(channel)
    return _link(parts, ""), _people(parts)


def _entry_facts(entry: "_Element", of_feed: tuple[str, list[str]]) -> dict:
    parts = _parts(entry)
    home, signed = of_feed
    whole = _html(parts, ["encoded", "content"])
    teaser = _html(parts, ["description", "summary"])
    text, links, images = fragment_text(whole or teaser)
    published, no_date = as_date(next((_words(parts[name][0]) for name in DATES if name in parts), ""))
    known = {
        "url": _link(parts, home),
        "title": one_line(_plain(parts, "title")),
        "byline": ", ".join(_people(parts) or signed),
        "published": published,
        "note": "; ".join(filter(None, ["" if whole else TEASER, "" if published else _changed(parts)])),
        "links": links,
        "images": images,
    }
    return over(known, {}) | {
        "text": checked(text),
        "repaired": [f"published {no_date!r} is no date and was left out"] if no_date else [],
    }


DATES = ("pubdate", "published", "issued", "date", "created")
CHANGES = ("updated", "modified")  # the last change is not the publication


def _changed(parts: dict[str, list]) -> str:
    changed, _ = as_date(next((_words(parts[name][0]) for name in CHANGES if name in parts), ""))
    return f"last changed {changed}, says the feed" if changed else ""


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
        words = ESCAPED_CDATA.sub(r"\1", "".join(part.itertext()))
        if words.strip():
            return words if kind in ("html", "text/html") else escape(words).replace("\n", "<br>")
    return ""


def _plain(parts: dict[str, list], name: str) -> str:
    if name not in parts:
        return ""
    words = ESCAPED_CDATA.sub(r"\1", _words(parts[name][0]))
    return fragment_text(words)[0].replace("\n", " ") if "<" in words or "&" in words else words


def _link(parts: dict[str, list], home: str) -> str:
    """The address of an entry or a feed, led on from the base that its XML names, or else from the feed's site."""
    for link in parts.get("link", []):
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return _joined(link, home, link.get("href"))
        if not link.get("href") and _words(link):
            return _joined(link, home, _words(link))
    guid = _words(parts["guid"][0]) if "guid" in parts else ""
    return one_line(guid) if guid.startswith(("http://", "https://")) else ""


def _joined(link: "_Element", home: str, address: str) -> str:
    with suppress(ValueError):  # an address that is none
        address = urljoin(link.base or home, address)
    return one_line(address)


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
