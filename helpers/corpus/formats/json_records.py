"""What a JSON file says goes in; the records in it come out, whatever lies around them.

A list of objects, one object, `{"articles": […]}` and deeper, objects by their ids, an object around each record
(`_source`, `attributes`), and tables written column by column, as pandas does.
"""

from collections.abc import Collection, Iterator
from typing import Any

from helpers.corpus.formats.article_record import TEASER, plain_name
from helpers.corpus.formats.web_page import fragment_text
from helpers.files.urls import led_on

MOST_LEVELS = 6  # of objects around the records
SEVERAL_OF_ONE = {"links", "images", "author", "authors", "tags", "keywords", "paragraphs"}  # lists within one record


def records_in(found: object, wanted: Collection[str]) -> list:
    """Return the records in what a JSON file says: the objects that have one of the `wanted` columns, by plain names.

    Where none has, those that the file lists, or the file itself, so that somebody can be told what is missing there.

    >>> records_in({"total": 1, "hits": [{"_id": 7, "_source": {"text": "Storm."}}]}, {"text"})
    [{'_id': 7, 'text': 'Storm.'}]
    """
    if isinstance(found, dict) and is_json_feed(found):
        return [*_of_json_feed(found)]
    found = _by_rows(found, wanted)
    if isinstance(found, list):
        return [record for part in found for record in (_within(part, wanted) or [part])]
    if records := _within(found, wanted):
        return records
    lists = [part for part in found.values() if isinstance(part, list)] if isinstance(found, dict) else []
    return lists[0] if len(lists) == 1 else [found]


def is_json_feed(found: dict) -> bool:
    """Tell whether an object is a JSON Feed (jsonfeed.org)."""
    return str(found.get("version", "")).startswith("https://jsonfeed.org/") and isinstance(found.get("items"), list)


def _of_json_feed(feed: dict) -> Iterator[object]:
    """The items of a JSON Feed: addresses led on from its site, signed as the feed is, with a summary for a text."""
    home = next((feed[name] for name in ("home_page_url", "feed_url") if isinstance(feed.get(name), str)), "")
    signed = feed.get("authors") or feed.get("author")
    for item in feed["items"]:
        if not isinstance(item, dict):
            yield item
            continue
        url = item.get("url")
        led = {"url": led_on(url, home)} if isinstance(url, str) else {}
        by = {"authors": item.get("authors") or item.get("author") or signed}
        rest = {name: cell for name, cell in item.items() if name not in ("author", "content_html")}
        yield {**rest, **_text_of_item(item, led.get("url", home)), **by, **led}


def _text_of_item(item: dict, base: str) -> dict:
    """The text of an item of a JSON Feed, from its HTML if it has any; else its summary, with a note."""
    if isinstance(html := item.get("content_html"), str) and html.strip():
        text, *others = fragment_text(html)
        links, images = ([led_on(one, base) for one in addresses] for addresses in others)
        return {"content_text": text, "links": links, "images": images}
    return {} if item.get("content_text") else {"content_text": item.get("summary"), "note": TEASER}


def _within(found: object, wanted: Collection[str], level: int = 0) -> list:
    """The records in an object or list; of those around which another object lies, that one's plain cells as well."""
    if isinstance(found, list):
        objects = any(isinstance(part, dict) for part in found)
        parts = [(part, _within(part, wanted, level + 1)) for part in found] if objects and level < MOST_LEVELS else []
        return [record for part, records in parts for record in records or [part]] if any(r for _, r in parts) else []
    if not isinstance(found, dict) or _has(found, wanted):
        return [found] if isinstance(found, dict) else []
    if level >= MOST_LEVELS:
        return []
    inner = {name: _within(part, wanted, level + 1) for name, part in found.items()}
    filled = [name for name, records in inner.items() if records]
    if len(filled) == 1 and isinstance(found[filled[0]], dict) and inner[filled[0]] == [found[filled[0]]]:
        around = {name: cell for name, cell in found.items() if isinstance(cell, str | int | float)}
        return [around | found[filled[0]]]
    return [record for name in filled for record in inner[name]]


def _has(record: dict, wanted: Collection[str]) -> bool:
    """Tell whether an object holds words in one of the wanted columns, and no further objects there."""
    cells = (cell for name, cell in record.items() if plain_name(str(name)) in wanted)
    return any(
        bool(cell) and not (isinstance(cell, list) and any(isinstance(part, dict | list) for part in cell))
        for cell in cells
        if isinstance(cell, str | bytes | list)
    )


def _by_rows(found: Any, wanted: Collection[str]) -> Any:
    """A table that is written column by column, or as rows below a heading, as a list of objects; else what came."""
    if isinstance(found, list) and len(found) > 1 and all(isinstance(row, list) for row in found):
        names, rows = found[0], found[1:]
    elif isinstance(found, dict) and isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):
        names, rows = found["columns"], found["data"]
    elif isinstance(found, dict):
        return [*_transposed(found, wanted)] or found
    else:
        return found
    are_rows = all(isinstance(name, str) for name in names) and any(plain_name(str(name)) in wanted for name in names)
    if not (are_rows and all(isinstance(row, list) and len(row) == len(names) for row in rows)):
        return found
    return [dict(zip(names, row, strict=True)) for row in rows]


def _transposed(found: dict, wanted: Collection[str]) -> Iterator[dict]:
    """The rows of columns that all have the same keys, or are lists of one length; none where it is no such table."""
    columns = list(found.values())
    if len(columns) < 2 or not any(plain_name(str(name)) in wanted for name in found):
        return
    if all(isinstance(column, dict) and column.keys() == columns[0].keys() for column in columns):
        for key in columns[0]:
            yield {name: column[key] for name, column in found.items()}
    elif not SEVERAL_OF_ONE & {plain_name(str(name)) for name in found} and all(
        isinstance(column, list) and len(column) == len(columns[0]) for column in columns
    ):
        for cells in zip(*columns, strict=True):
            yield dict(zip(found, cells, strict=True))
