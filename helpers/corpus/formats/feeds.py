"""An RSS, Atom or sitemap file goes in; its entries come out: articles as items, addresses of pages as rows.

XML is parsed without entities, DTDs or network, so that neither a bomb nor a file elsewhere is ever opened.
"""

import codecs
import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING

from helpers.corpus.formats.article_record import TEASER, Item, checked, one_line, over, says_nothing
from helpers.corpus.formats.encodings import decode, is_binary
from helpers.corpus.formats.web_page import fragment_text
from helpers.files.dates import as_date
from helpers.files.problems import RecordError
from helpers.files.urls import led_on

if TYPE_CHECKING:
    from lxml.etree import _Element

DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*([\"'])([A-Za-z0-9._-]+)\1")
# What a program said before it wrote the feed: <b>Notice</b>: Undefined index in …
IN_FRONT = re.compile(rb"(.{1,4000}?)<\?xml\s", re.S)
OPENED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF|urlset|sitemapindex)\b|<!--", re.I)
DECLARATION = re.compile(r"\A(?:[\s\ufeff]|<!--.*?-->)*(?:<\?xml\s[^>]*\?>)?\s*", re.S)
# What is no XML as it stands: an & or < that means itself, outside of what is not to be read as XML.
BARE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:(#?\w{1,32});)?|<(?=[\s\d=<&])", re.S)
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:\d|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[\da-f]));", re.I
)
OF_XML = ("amp", "lt", "gt", "quot", "apos")
ESCAPED_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.S)
ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|br|a|span|h[1-6]|ul|ol|li|em|strong|b|i|blockquote|img|figure)\b", re.I)
TWICE = re.compile(r"&amp;lt;/?[a-z]", re.I)
ADDRESSED = re.compile(r"\S+@\S+\s*\(([^()]+)\)|([^<>]*\w)\s*<\S+@\S+>")  # of RSS: ada@n.example (Ada Ek)
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
MOST_ENTRIES = 100_000
ANEW = "save it anew, from its source."


def xml_root(content: bytes, wrong: list[tuple[str, str]]) -> tuple["_Element", list[str]]:
    """Return the root of an XML file and what had to be repaired: an encoding other than declared, control characters.

    Of a damaged one what can be had is returned, and a word on that is added to `wrong`. Raises `RecordError` for what
    is no XML, and for XML with entities of its own.
    """
    if is_binary(content):
        raise RecordError("it holds many NUL bytes or other control characters and is no XML.", ANEW)
    text, notes = _decoded(content)
    root, said = _parsed(text)
    if root is None:
        text, mended = _mended(text)
        notes += mended
        root, _ = _parsed(text)
    if root is None:
        root, _ = _parsed(text, damaged=True)
        if root is None or not len(root):
            raise RecordError(f"not valid XML ({said}).", ANEW)
        wrong.append((f"its XML is damaged ({said}); what could be read of it was.", ANEW))
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(declared.entities()):
        raise RecordError("it defines entities of its own, as XML bombs do.", "take out its <!DOCTYPE …>.")
    return root, notes


def _parsed(text: str, damaged: bool = False) -> "tuple[_Element | None, str]":
    """The root of an XML text, or why it is none."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=damaged, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser), ""
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        return None, str(error)[:200]


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """An XML file as text, without the declaration; its encoding is found as that of a page, whatever it declares."""
    bare, notes = content.removeprefix(codecs.BOM_UTF8), []
    before = IN_FRONT.match(bare)
    if before and before[1].strip() and not OPENED.search(before[1]):
        content = bare = bare[before.end(1) :]
        notes.append(f"{before.end(1):,} bytes before the XML left out")
    head = DECLARED.match(bare)
    text, said = decode(content, head[2].decode("ascii") if head else "utf-8")
    return DECLARATION.sub("", text), [*said, *notes]


def _mended(text: str) -> tuple[str, list[str]]:
    """A text as XML wants it: no control characters, and every & and < that means itself escaped."""
    text, controls = CONTROL.subn("", text)
    text = BARE.sub(_escaped, text)
    return text, [f"{controls:,} control character{'s' * (controls != 1)} left out"] if controls else []


def _escaped(found: re.Match[str]) -> str:
    """A sign as XML wants it: of an entity that only HTML knows its character, of any other the sign itself."""
    if found[0].startswith("<"):
        return "&lt;" if found[0] == "<" else found[0]
    name = found[1] or ""
    if name in OF_XML or re.fullmatch(r"#\d+|#[xX][0-9A-Fa-f]+", name):
        return found[0]
    known = html5.get(f"{name};", "")
    return "".join(f"&#{ord(sign)};" for sign in known) or "&amp;" + found[0][1:]


def name_of(element: "_Element") -> str:
    """The name of an element without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def feed_items(content: bytes, wrong: list[tuple[str, str]]) -> Iterator[Item]:
    """Yield the entries of a feed: the article where the feed holds it whole, else its summary, with a note.

    Raises `RecordError` where there is none, or too many; what is damaged is added to `wrong`.
    """
    root, notes = xml_root(content, wrong)
    entries = [element for element in root.iter() if name_of(element) in ("item", "entry")]
    if not entries:
        raise RecordError("the feed has no entries.", "save the feed anew.")
    if len(entries) > MOST_ENTRIES:
        raise RecordError(f"the feed has {len(entries):,} entries.", "split it.")
    of_feed = _facts_of_feed(root)
    for number, entry in enumerate(entries, 1):
        yield Item(f"entry {number}", number, partial(_entry_facts, entry, of_feed, notes))


def feed_links(root: "_Element", url: str = "") -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pages that a feed's entries lead to, each with its day or nothing, and the feed's own next pages.

    `url` is where the feed was; its links lead on from there where it names no base.
    """
    channel = next((element for element in root.iter() if name_of(element) == "channel"), root)
    of_channel = _parts(channel)
    home = _link(of_channel, url) or url
    entries = [_parts(element) for element in root.iter() if name_of(element) in ("item", "entry")][:MOST_ENTRIES]
    found = [(_link(parts, home), _date(parts, (*CHANGES, *DATES))[0]) for parts in entries]
    more = [_joined(one, home, one.get("href")) for one in of_channel.get("link", []) if one.get("rel") == "next"]
    return [(address, day) for address, day in found if address], [address for address in more if address]


def _parts(element: "_Element") -> dict[str, list]:
    parts: dict[str, list] = {}
    for part in element:
        parts.setdefault(_key(part), []).append(part)
    return parts


def _facts_of_feed(root: "_Element") -> tuple[str, list[str]]:
    """The address of a feed's site, from which its links lead on, and who signs entries that nobody signed."""
    channel = next((element for element in root.iter() if name_of(element) == "channel"), root)
    parts = _parts(channel)
    own = next((link.get("href", "") for link in parts.get("link", []) if link.get("rel") == "self"), "")
    return _link(parts, "") or own, _people(parts)


def _entry_facts(entry: "_Element", of_feed: tuple[str, list[str]], notes: list[str]) -> dict:
    parts = _parts(entry)
    home, signed = of_feed
    whole, base = _html(parts, ["encoded", "content"])
    teaser, _ = ("", "") if whole else _html(parts, ["description", "summary"])
    text, links, images = fragment_text(whole or teaser)
    url, no_url = _absolute(_link(parts, home) or one_line(entry.get(ABOUT)))
    published, no_date = _date(parts, DATES)
    known = {
        "url": url,
        "title": "" if says_nothing(title := one_line(_plain(parts, "title"))) else title,
        "byline": ", ".join(_people(parts) or _people_of_source(parts) or signed),
        "published": published,
        "note": "; ".join(filter(None, ["" if whole else TEASER, "" if published else _changed(parts)])),
        "links": [led_on(link, base or url or home) for link in links],
        "images": [led_on(image, base or url or home) for image in images],
    }
    said = [f"published {no_date!r} is no date and was left out"] if no_date else []
    if no_url:
        said.append(f"the address {no_url[:60]!r} is only a part of one and was left out")
    return over(known, {}) | {"text": checked(text), "repaired": [*notes, *said]}


ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
DATES = ("pubdate", "published", "issued", "date", "created")
CHANGES = ("updated", "modified")  # the last change is not the publication


def _date(parts: dict[str, list], names: tuple[str, ...]) -> tuple[str, str]:
    """The first of these parts that is a date, or else the first that is none; 2 hours ago is none."""
    found = [as_date(_words(parts[name][0])) for name in names if name in parts]
    return next((one for one in found if one[0]), next((one for one in found if one[1]), ("", "")))


def _changed(parts: dict[str, list]) -> str:
    changed, _ = _date(parts, CHANGES)
    return f"last changed {changed}, says the feed" if changed else ""


def _key(part: "_Element") -> str:
    """The name of a part; Media RSS, iTunes and the like, which use the same names, are told apart."""
    tag = part.tag if isinstance(part.tag, str) else ""
    foreign = any(sign in tag for sign in ("search.yahoo.com/mrss", "itunes.com", "podcast"))
    return f"foreign:{name_of(part)}" if foreign else name_of(part)


def _words(part: "_Element") -> str:
    return " ".join(ESCAPED_CDATA.sub(r"\1", "".join(part.itertext())).split())


def _html(parts: dict[str, list], names: list[str]) -> tuple[str, str]:
    """The first of these parts as HTML, and its base: of XHTML the elements, else the text, HTML or escaped HTML."""
    from html import escape

    from lxml import etree

    for part in (part for name in names for part in parts.get(name, [])):
        kind = part.get("type", "html" if name_of(part) in ("encoded", "description") else "text").lower()
        if kind in ("xhtml", "application/xhtml+xml"):
            return "".join(etree.tostring(child, encoding="unicode", method="html") for child in part), part.base or ""
        words = ESCAPED_CDATA.sub(r"\1", "".join(part.itertext()))
        if words.strip() and kind in ("html", "text/html"):
            words = unescape(words) if "<" not in words and TWICE.search(words) else words
            return unescape(words) if "<" not in words and ESCAPED_TAG.search(words) else words, part.base or ""
        if words.strip():
            return escape(words).replace("\n", "<br>"), part.base or ""
    return "", ""


def _plain(parts: dict[str, list], name: str) -> str:
    if name not in parts:
        return ""
    words = _words(parts[name][0])
    if "<" not in words and "&" not in words:
        return words
    return unescape(unescape(fragment_text(words)[0])).replace("\n", " ")  # many programs escape a title twice


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
    return one_line(led_on(address, led_on(link.base or "", home) or home))


def _absolute(address: str) -> tuple[str, str]:
    """An address that is whole, or else what there is of one."""
    return (address, "") if ABSOLUTE.match(address) else ("", address)


def _people(parts: dict[str, list]) -> list[str]:
    found = []
    for part in (*parts.get("creator", []), *parts.get("author", [])):
        names = [child for child in part if name_of(child) == "name"]
        words = _words(names[0]) if names else "" if len(part) else _words(part)
        with_address = ADDRESSED.fullmatch(words)
        found.append(one_line((with_address[1] or with_address[2]).strip() if with_address else words))
    return list(dict.fromkeys(name for name in found if name and not says_nothing(name)))


def _people_of_source(parts: dict[str, list]) -> list[str]:
    """Who signs the feed that an entry was taken over from."""
    return _people(_parts(parts["source"][0])) if "source" in parts else []


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
