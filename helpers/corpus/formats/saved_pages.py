"""A saved page or text goes in, alone, as MHTML or as Safari's web archive; its facts come out.

MHTML is read by the standard library's e-mail parser, Safari's archives by its reader of property lists.
"""

import email
import email.errors
import plistlib
import re
from collections.abc import Callable
from email.message import Message
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin
from xml.parsers.expat import ExpatError

from helpers.corpus.formats.article_record import checked, facts_of, one_line, over
from helpers.corpus.formats.encodings import BINARY, decode, is_binary, mend
from helpers.corpus.formats.left_markup import without_escapes_of_mail
from helpers.corpus.formats.web_page import FrameSource, page_facts
from helpers.files.dates import as_date
from helpers.files.limits import MB, MOST_PAGE
from helpers.files.problems import RecordError

MOST_PARTS = 10_000  # of an MHTML file, or frames of a web archive of Safari
PAGES = ("text/html", "application/xhtml+xml")
LOOKS_LIKE_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,20000}?)\r?\n---[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)?", re.S)


class SavedFile(NamedTuple):
    """A file that was saved with a page, or the page: what it is called by, its type and encoding, its bytes."""

    names: list[str]  # its address, and its name within the file (cid:…)
    kind: str
    charset: str
    content: Callable[[], bytes]  # may raise `RecordError`


def html_file(path: Path, root: Path, as_is: bool = False) -> dict:
    """Return the facts of a saved page; frames may lie beside it, but not outside `root`.

    With `as_is` it is a page of a corpus: UTF-8, and nothing in it is repaired or made absolute. Raises `RecordError`.
    """
    content = read_whole(path, MOST_PAGE)
    if as_is:
        return over({}, page_facts(content, "utf-8", as_is=True))
    return page_over(content, {}, frame=partial(_frame_beside, path, root))


def page_over(content: bytes, known: dict, declared: str = "", frame: FrameSource | None = None) -> dict:
    """Return the facts of a page, those that its container knows first; raises `RecordError`."""
    page = page_facts(content, declared, known.get("url", ""), frame)
    return over(known, page)


def read_whole(path: Path, most: int) -> bytes:
    """Return a file's bytes; raises `RecordError` where they are too many, none, or may not be read."""
    try:
        size = path.stat().st_size
        if size > most:
            raise RecordError(f"it has more than {most // MB} MB.", "store the article alone, as text.")
        content = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise RecordError(f"it cannot be opened ({error.strerror}).", "see that you may read it.") from None
    if content is None:
        raise RecordError("it is no file.", "put a file there.")
    return content


def _frame_beside(path: Path, root: Path, address: str) -> bytes | None:
    """The file behind a frame's address, if it lies where the page lies and not outside the folder."""
    if re.match(r"[a-zA-Z][\w+.-]+:|//", address):
        return None
    try:
        there = (path.parent / unquote(address.split("?")[0].split("#")[0])).resolve()
        if there.is_relative_to(root.resolve()) and there.is_file():
            return read_whole(there, MOST_PAGE)
    except (OSError, ValueError, RuntimeError, RecordError):
        pass
    return None


def text_file(content: bytes) -> dict:
    """Return the facts of a text or Markdown file: its text as it is, and what its front matter says.

    Raises `RecordError` where it is no text, or none is in it.
    """
    if is_binary(content):
        raise RecordError(*BINARY)
    content, undone = without_escapes_of_mail(content)
    text, repaired = decode(content)
    text, mended = mend(text)
    facts: dict = {}
    if found := FRONT_MATTER.match(text):
        known = _front_matter(found[1])
        if known:
            facts, text = facts_of({**known, "text": text[found.end() :]}), text[found.end() :]
    return over(facts, {}) | {"text": checked(text), "repaired": [*undone, *repaired, *mended]}


def _front_matter(written: str) -> dict:
    """What stands at the head of a Markdown file, as YAML; nothing where it is none."""
    import yaml

    try:
        known = yaml.safe_load(written)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError, OverflowError):
        return {}
    if not isinstance(known, dict):
        return {}
    plain = {str(name): cell for name, cell in known.items() if isinstance(cell, str | int | float) or _is_date(cell)}
    lists = {str(n): [x for x in c if isinstance(x, str)] for n, c in known.items() if isinstance(c, list)}
    return {name: cell for name, cell in {**plain, **lists}.items() if name.lower() not in ("text", "html", "content")}


def _is_date(cell: object) -> bool:
    return hasattr(cell, "isoformat")


def mhtml_facts(content: bytes) -> dict:
    """Return the facts of a page saved as MHTML; raises `RecordError`."""
    try:
        message = email.message_from_bytes(content)
        parts = _parts(message)
    except (RecursionError, ValueError, LookupError, email.errors.MessageError) as error:
        raise RecordError(f"not valid MHTML ({type(error).__name__}).", "save the page anew.") from None
    root = _root(message, parts)
    url = _header(message["Snapshot-Content-Location"]) or _header(root["Content-Location"])
    known = {"url": url if re.match("https?:", url) else "", "retrieved": as_date(_header(message["Date"]))[0]}
    frames = partial(_frame_within, parts, url)
    return page_over(_payload(root), known, _charset(root), frames)


def _root(message: Message, parts: list[Message]) -> Message:
    """The part that is the page itself; raises `RecordError` where none is."""
    wanted = _header(message.get_param("start"), 200).strip("<>") if message.is_multipart() else ""
    root = next((part for part in parts if wanted and _header(part["Content-ID"]).strip("<>") == wanted), None)
    root = root or next((part for part in parts if part.get_content_type() in PAGES), None)
    if root is None:
        raise RecordError("it holds no web page.", "save the page anew, whole.")
    return root


def mhtml_files(content: bytes) -> list[SavedFile]:
    """Return the files in an MHTML file, the page first; raises `RecordError` and what the parser raises."""
    message = email.message_from_bytes(content)
    parts = _parts(message)
    root = _root(message, parts)
    found = []
    for part in sorted(parts, key=lambda part: part is not root):
        name, address = _header(part["Content-ID"]).strip("<>"), _header(part["Content-Location"])
        if part is root:
            address = _header(message["Snapshot-Content-Location"]) or address
        names = [address, f"cid:{name}" if name else ""]
        found.append(
            SavedFile([*filter(None, names)], part.get_content_type(), _charset(part), partial(_payload, part))
        )
    return found


def _parts(message: Message) -> list[Message]:
    """The leaves of a message, found without recursion."""
    waiting, leaves, seen = [message], [], 0
    while waiting:
        part, seen = waiting.pop(0), seen + 1
        if seen > MOST_PARTS:
            raise RecordError(f"it has more than {MOST_PARTS:,} parts.", "save the page anew, without its pictures.")
        inner = part.get_payload() if part.is_multipart() else None
        waiting += [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []
        if inner is None:
            leaves.append(part)
    return leaves


def _frame_within(parts: list[Message], url: str, address: str) -> bytes | None:
    """The part that a frame points at: by its Content-ID (cid:…) or by its Content-Location."""
    try:
        target = urljoin(url, address)
    except ValueError:
        return None
    for part in parts:
        name = _header(part["Content-ID"]).strip("<>")
        if (name and address == f"cid:{name}") or _header(part["Content-Location"]) in (address, target):
            return _payload(part) if part.get_content_type() in PAGES else None
    return None


def _payload(part: Message) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, RecursionError, AssertionError) as error:
        raise RecordError(
            f"the page in it cannot be decoded ({type(error).__name__}).", "save the page anew."
        ) from None
    return found if isinstance(found, bytes) else b""


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (ValueError, LookupError, UnicodeError, AttributeError):
        return ""


def _header(value: object, most: int = 2000) -> str:
    if isinstance(value, tuple):
        value = value[-1]
    return one_line("".join(str(value or "").split("\n"))).strip()[:most]


def webarchive_facts(content: bytes) -> dict:
    """Return the facts of a page saved by Safari (`.webarchive`); raises `RecordError`."""
    try:
        archive = plistlib.loads(content)
    except (plistlib.InvalidFileException, ValueError, OverflowError, LookupError, ExpatError, TypeError) as error:
        raise RecordError(
            f"not a valid web archive of Safari ({type(error).__name__}).", "save the page anew."
        ) from None
    main = archive.get("WebMainResource") if isinstance(archive, dict) else None
    page = main.get("WebResourceData") if isinstance(main, dict) else None
    if isinstance(page, str):
        page = page.encode()
    if not isinstance(main, dict) or not isinstance(page, bytes):
        raise RecordError("it holds no web page.", "save the page anew, as a web archive.")
    url = one_line(main.get("WebResourceURL"))
    known = {"url": url if re.match("https?:", url) else ""}
    kind = one_line(main.get("WebResourceMIMEType")).lower()
    if kind.startswith("text/") and kind not in PAGES:
        return over(known, text_file(page))
    return page_over(page, known, one_line(main.get("WebResourceTextEncodingName")), partial(_subframe, archive, url))


def webarchive_files(content: bytes) -> list[SavedFile]:
    """Return the files in a web archive of Safari, the page first, frames' files too; raises what the reader raises."""
    archive = plistlib.loads(content)
    waiting, found, seen = [archive] if isinstance(archive, dict) else [], [], 0
    while waiting and seen < MOST_PARTS:
        inner, seen = waiting.pop(0), seen + 1
        beside = inner.get("WebSubresources")
        for one in [inner.get("WebMainResource"), *(beside if isinstance(beside, list) else [])]:
            data = one.get("WebResourceData") if isinstance(one, dict) else None
            data = data.encode() if isinstance(data, str) else data
            if isinstance(data, bytes):
                said = [
                    one_line(one.get(f"WebResource{name}")).strip() for name in ("URL", "MIMEType", "TextEncodingName")
                ]
                found.append(SavedFile([said[0]], said[1].lower(), said[2], partial(bytes, data)))
        waiting += _archives_in(inner)
    return found


def _subframe(archive: dict, url: str, address: str) -> bytes | None:
    """The page of a frame in Safari's archive; frames within frames lie within their archives."""
    try:
        target = urljoin(url, address)
    except ValueError:
        return None
    waiting, seen = _archives_in(archive), 0
    while waiting and seen < MOST_PARTS:
        inner, seen = waiting.pop(0), seen + 1
        main = inner.get("WebMainResource")
        if isinstance(main, dict) and main.get("WebResourceURL") in (address, target):
            found = main.get("WebResourceData")
            return found if isinstance(found, bytes) else None
        waiting += _archives_in(inner)
    return None


def _archives_in(archive: dict) -> list[dict]:
    inner = archive.get("WebSubframeArchives")
    return [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
