"""The cells of one record, whatever they are called there, go in; the facts of one article come out."""

import ast
import json
import math
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from helpers.corpus.formats.bylines import NOTHING
from helpers.corpus.formats.encodings import mend
from helpers.corpus.formats.left_markup import without_markup
from helpers.corpus.formats.web_page import NO_TEXT, page_facts
from helpers.corpus.terms import PROVENANCES
from helpers.files.dates import as_date
from helpers.files.limits import MB, MOST_FACT, MOST_TEXT
from helpers.files.problems import RecordError

FACTS = [
    "article_id", "role", "site", "url", "canonical", "title", "byline", "published", "retrieved", "reference_id",
    "licence", "provenance", "note",
]  # fmt: skip
LISTS = ["links", "images"]
TEASER = "the feed gives a summary only"
# What else people call these columns, in the order in which they are looked for.
NAMES = {
    "article_id": ("article_id", "id"),
    "site": ("site", "domain", "host", "hostname"),
    "url": ("url", "link", "address", "permalink"),
    "title": ("title", "headline"),
    "byline": ("byline", "author", "authors", "creator"),
    "published": ("published", "date", "published_date", "publication_date", "published_at", "pubdate", "date_publish",
                  "date_published", "datepublished", "publishedat"),
    "retrieved": ("retrieved", "retrieved_at", "date_download", "crawled"),
    "licence": ("licence", "license"),
    "text": ("text", "maintext", "content", "body", "article", "article_text", "full_text", "paragraphs", "articlebody",
             "content_text"),
    "html": ("html", "raw_html", "page", "content_html"),
}  # fmt: skip


# What programs write where nothing is known: pandas, R, databases, spreadsheets.
MISSING = frozenset(
    "NA na N/A n/a N/a #N/A #NA <NA> NaN nan NAN -nan -NaN NaT nat None NONE none null NULL Null (null) nil \\N"
    " N.A. undefined #NULL! #VALUE! #REF! #DIV/0! #NAME? #NUM! 1.#QNAN 1.#IND -1.#IND".split()
)
# What else programs and people write in the place of a text, an author or an address that is not there.
UNSAID = frozenset(("deleted", "removed", "object", "untitled", *NOTHING)) | {
    "nan.0", "no author", "no title", "no text", "not available", "about:blank", "content removed",
}  # fmt: skip
NOWHERE = re.compile(r"(?:about|javascript|data|mailto|blob|cid):", re.I)
WHOLE_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S|www\.\S|[\w-]+(?:\.[\w-]+)+/", re.I)
MOST_UNSAID = 40  # characters
# How data write a person's name: whole, or in two parts.
WHOLE_NAMES = ("name", "full_name", "fullname", "display_name", "displayname", "literal", "@value", "title")
GIVEN_NAMES = ("given", "given_name", "givenname", "first_name", "firstname", "forename")
FAMILY_NAMES = ("family", "family_name", "familyname", "last_name", "lastname", "surname")


@dataclass(frozen=True)
class Item:
    """One record of a file, not yet read: what it is called there, its row, and how its facts are got."""

    place: str
    row: int
    make: Callable[[], dict]  # raises RecordError
    raw: Callable[[], tuple[str, bytes]] | None = field(default=None)  # ending and bytes; None: the file itself


def failed(place: str, row: int, error: RecordError) -> Item:
    """Return the item of a record that cannot be read: its facts are the error."""
    return Item(place, row, partial(_raise, error))


def _raise(error: RecordError) -> dict:
    raise error


def facts_of(cells: dict) -> dict:
    """Return the facts of an article from named cells: `FACTS`, `text`, `links`, `images`, `repaired`.

    Where there is a column with HTML and none with text, the page's main text is taken; what other columns say goes
    before what the page says. Raises `RecordError` where there is no text, or too much.

    >>> facts = facts_of({"Headline": "Storm", "content": "The harbour was closed.", "date": "2025-09-05"})
    >>> facts["title"], facts["text"], facts["published"]
    ('Storm', 'The harbour was closed.', '2025-09-05')
    """
    named = {plain_name(str(name)): _given(cell) for name, cell in cells.items()}
    found = {name: _first(named, NAMES.get(name, (name,))) for name in [*FACTS, *LISTS, "text", "html"]}
    facts, notes = _told(found)
    if found["text"] is None and isinstance(found["html"], str | bytes):
        html = found["html"] if isinstance(found["html"], bytes) else found["html"].encode("utf-8", "surrogatepass")
        facts = over(facts, page_facts(html, "utf-8", facts["url"]))
        repaired, text = facts["repaired"], facts["text"]
    else:
        text, unmarked = without_markup(stored_text(found["text"]))
        text, repaired = mend(text)
        repaired = [*unmarked, *repaired]
    return facts | {"text": checked(text), "repaired": [*repaired, *notes]}


def _told(found: dict) -> tuple[dict[str, Any], list[str]]:
    """The facts in cells, and in words what stood there and was left out."""
    facts: dict[str, Any] = {name: one_line(found[name]).strip() for name in FACTS}
    facts["title"] = without_markup(facts["title"])[0]
    facts |= {name: addresses(found[name]) for name in LISTS} | {"byline": one_line(people(found["byline"]))}
    notes: list[str] = []
    if found["byline"] and not facts["byline"] and found["byline"] == found["byline"]:
        notes.append(f"byline {str(found['byline'])[:60]!r} names nobody and was left out")
    for name in ("url", "canonical"):
        facts[name], wrong = _address(facts[name])
        notes += [f"{name} {wrong[:60]!r} is no whole address and was left out"] if wrong else []
    for name in ("published", "retrieved"):
        facts[name], wrong = as_date(found[name])
        notes += [f"{name} {wrong!r} is no date and was left out"] if wrong else []
    if facts["provenance"] not in ("", *PROVENANCES):
        notes.append(f"provenance {facts['provenance'][:40]!r} is none of {', '.join(PROVENANCES)} and was left out")
        facts["provenance"] = ""
    return facts, notes


def _given(cell: object) -> object:
    """A cell, None where it says that nothing is known; what a database wraps a date in is gone."""
    if isinstance(cell, str) and says_nothing(cell):
        return None
    while isinstance(cell, dict) and len(cell) == 1 and (wrapped := {"$date", "$numberLong"} & set(cell)):
        cell = cell[wrapped.pop()]
    return cell


def says_nothing(words: str) -> bool:
    """Tell whether words stand where nothing is known: a usual word for that, alone or in brackets, or marks only.

    >>> says_nothing("[object Object]"), says_nothing("—"), says_nothing("n/a"), says_nothing("Na Li")
    (True, True, True, False)
    """
    if len(words) > MOST_UNSAID:
        return False
    bare = words.strip().strip("[](){}<>\"'.")
    if words.strip() in MISSING or bare in MISSING or bare.lower() in UNSAID:
        return True
    return all((sign.isascii() and not sign.isalnum()) or sign in "–—…‐\xa0" for sign in words)


def plain_name(name: str) -> str:
    """Return the name of a column as it is looked for.

    >>> plain_name(" Full Text ")
    'full_text'
    """
    return name.strip("\ufeff\xa0 \t\r\n").lower().replace(" ", "_")


def _address(words: str) -> tuple[str, str]:
    """An address that leads somewhere by itself, or else what stands in its place."""
    words = words.strip()
    return (words, "") if WHOLE_ADDRESS.match(words) and not NOWHERE.match(words) else ("", words)


def people(cell: object) -> object:
    """Return the names in a cell with authors, each once: objects, lists, or either as Python and JSON write them.

    >>> people([{"name": "Ada Ek"}, {"first_name": "Bo", "last_name": "Ek"}]), people("['Ada Ek', 'Bo Ek']")
    (['Ada Ek', 'Bo Ek'], ['Ada Ek', 'Bo Ek'])
    """
    if isinstance(cell, str) and re.match(r"\s*[\[{]", cell):
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
                return people(read(cell))
    if isinstance(cell, tuple | list):
        names = [
            name
            for part in cell
            for found in [people(part)]
            for name in (found if isinstance(found, list) else [found])
        ]
        return list(dict.fromkeys(name for name in names if one_line(name)))
    return _person(cell) if isinstance(cell, dict) else _given(cell)


def _person(found: dict) -> object:
    """The name of a person or an organisation, as JSON-LD and databases write them."""
    parts = {plain_name(str(name)): part for name, part in found.items()}
    if name := _first(parts, (*WHOLE_NAMES, "author", "person")):
        return people(name)
    return " ".join(filter(None, (one_line(_first(parts, names)) for names in (GIVEN_NAMES, FAMILY_NAMES))))


def over(known: dict, page: dict) -> dict:
    """Return what a page says of itself, and over it whatever its container says; the notes of both."""
    blank = {**dict.fromkeys(FACTS, ""), **{name: [] for name in LISTS}}
    notes = "; ".join(filter(None, (known.get("note", ""), page.get("note", ""))))
    return {**blank, **page, **{name: fact for name, fact in known.items() if fact}, "note": notes}


def stored_text(cell: object) -> str:
    """Return the text in a cell; raises `RecordError` for what is no text, or too much of it."""
    if isinstance(cell, dict) and len(cell) == 1 and isinstance(held := next(iter(cell.values())), str):
        cell = held  # {"html": …}, {"rendered": …}
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, list) and all(isinstance(part, str) for part in cell):  # paragraph by paragraph
        cell = "\n".join(cell)
    if not isinstance(cell, str):
        raise RecordError(f"the text is {type(cell).__name__} and no text.", "put the article's text there, as text.")
    if len(cell) > MOST_TEXT:
        raise RecordError(f"the text has more than {MOST_TEXT // MB} MB.", "store the article alone.")
    return cell


def checked(text: str) -> str:
    """Return the text if it can be an article's; raises `RecordError`."""
    if not any(map(str.isalnum, text)):
        raise RecordError("it holds no text.", NO_TEXT)
    if len(text) > MOST_TEXT:
        raise RecordError(f"the text has more than {MOST_TEXT // MB} MB.", "store the article alone.")
    return text


def one_line(cell: object) -> str:
    """Return a fact fit for one cell of a table: a list joined, no control characters; empty if it is far too long."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, list | tuple):
        cell = ", ".join(filter(None, (one_line(part) for part in cell[:50])))
    if isinstance(cell, dict):  # something that has a name
        cell = next((cell[name] for name in WHOLE_NAMES if isinstance(cell.get(name), str)), "")
    if isinstance(cell, bytes):
        return ""
    words, _ = mend(re.sub("[\x00-\x08\x0b-\x1f]", "", str(cell))) if isinstance(cell, str) else (str(cell), [])
    return words if len(words) <= MOST_FACT else ""


def addresses(cell: object) -> list[str]:
    """Return a list of addresses from a list, or from text with white space between them."""
    if isinstance(cell, str):
        cell = cell.split()
    return [one_line(part) for part in cell if isinstance(part, str) and part] if isinstance(cell, list) else []


def _first(named: dict, names: tuple[str, ...]) -> object:
    return next((named[name] for name in names if named.get(name) is not None and named[name] == named[name]), None)
