"""A file or folder goes in; messages come out, one a record: an article, or what is wrong with it.

This runs in a process of its own (see `sandbox`), since the files come from anywhere.
"""

import base64
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from helpers.corpus.formats.archives import GzipStream, member_bytes, members, open_zip, unpacked
from helpers.corpus.formats.article_record import Item, failed
from helpers.corpus.formats.feeds import feed_items, sitemap_rows, xml_root
from helpers.corpus.formats.saved_pages import (
    html_file,
    mhtml_facts,
    page_over,
    read_whole,
    text_file,
    webarchive_facts,
)
from helpers.corpus.formats.sniff import ENDINGS, kind_of, start_of
from helpers.corpus.formats.tables import csv_items, excel_items, json_items, jsonl_items, parquet_items
from helpers.corpus.formats.web_archives import warc_items
from helpers.files.limits import MB, MEMORY, MOST_FILE, MOST_MEMBERS, MOST_PAGE, MOST_TABLE, MOST_TEXT, MOST_WHOLE
from helpers.files.problems import RecordError, printable

ONE_ARTICLE = ("html", "mhtml", "webarchive", "text")
SMALL = {"csv": MOST_TABLE, "tsv": MOST_TABLE, "jsonl": MOST_TABLE, "excel": MOST_TABLE, "json": MOST_WHOLE}
MOST_SITEMAPS = 100
NO_FILE = "it is a pipe or a device, and no file."
NOT_TABLES = "a table within a folder or ZIP is read by itself."


def messages(path: str, start: int = 0, raw: bool = False, as_is: bool = False) -> Iterator[dict]:
    """Yield what there is in a file, in order, as dictionaries that JSON can hold.

    `kind` is "begin" (a record is about to be read), "alive" (one was passed over that is no article), "article" (with
    its facts, `place` and `row`), "problem" (`problem`, `mend`) or "skipped" (`what`: a file that is no article).
    Records before `start` are not read. With `raw` an article out of a larger file comes with its own bytes; with
    `as_is` it is a page of a corpus, in which nothing is repaired. A sitemap gives "address" messages (`url`,
    `changed`) in the place of articles.
    """
    wrong: list[tuple[str, str]] = []
    number = -1
    try:
        for number, item in enumerate(items(Path(path), wrong, as_is)):
            if item is None or number < start:
                yield {"kind": "alive", "at": number}
                continue
            if isinstance(item, str):
                yield {"kind": "skipped", "at": number, "what": item}
                continue
            yield {"kind": "begin", "at": number, "place": item.place, "row": item.row}
            yield _message(item, number, raw)
    except RecordError as error:
        wrong.append((error.problem, error.mend))
    except MemoryError:
        wrong.append((f"it needs more than {MEMORY // MB:,} MB of memory.", "split it."))
    except RecursionError:
        wrong.append(("it lies too deep within itself.", "save it anew, simpler."))
    except OSError as error:  # a disk that fails, a file that goes away
        wrong.append(
            (f"it cannot be read any further ({error.strerror}).", "see that it is there and you may read it.")
        )
    for problem, mend in wrong:
        yield {"kind": "problem", "at": number + 1, "place": "", "row": 0, "problem": problem, "mend": mend}


def _message(item: Item, number: int, raw: bool) -> dict:
    about = {"at": number, "place": item.place, "row": item.row}
    try:
        facts = item.make()
        message = {"kind": "address" if facts.pop("is_address", False) else "article", **about, **facts}
        if raw and item.raw is not None:
            ending, content = item.raw()
            message["raw"] = [ending, base64.b64encode(content).decode()]
        return message
    except RecordError as error:
        return {"kind": "problem", **about, "problem": error.problem, "mend": error.mend}
    except MemoryError:
        what = f"it needs more than {MEMORY // MB:,} MB of memory."
        return {"kind": "problem", **about, "problem": what, "mend": "store the article alone, as text."}
    except RecursionError:
        return {"kind": "problem", **about, "problem": "it lies too deep within itself.", "mend": "save it as text."}
    except Exception as error:  # a fault of ours or of a library; the other records are read all the same
        what = f"it could not be read ({type(error).__name__}: {str(error)[:200]})."
        return {"kind": "problem", **about, "problem": what, "mend": "save it as text.", "unexpected": True}


def items(path: Path, wrong: list[tuple[str, str]], as_is: bool = False) -> Iterator[Item | str | None]:
    """Yield the records of a file or folder; what is wrong with the whole is added to `wrong`.

    Raises `RecordError` where there is no such file, or nothing in it can be read.
    """
    if os.path.isdir(path):  # Path.is_dir raises for a path that is too long
        yield from _folder_items(path)
        return
    size = _size(path)
    if as_is:
        yield Item("", 0, partial(_one_article, "html", path, path.parent, as_is))
        return
    kind, gzipped = kind_of(path.name, start_of(path), path)
    if size > SMALL.get(kind, MOST_FILE):
        raise RecordError(f"it has more than {SMALL.get(kind, MOST_FILE) // MB:,} MB.", "split it.")
    if kind == "sitemap":
        for number, row in enumerate(addresses(path, wrong), 1):
            yield Item(f"address {number}", number, partial(dict, row, is_address=True))
    elif kind == "zip":
        yield from _zip_items(path, size)
    elif gzipped and kind == "warc":  # not unpacked to disk: crawls are large
        with open(path, "rb") as packed:
            yield from warc_items(GzipStream(packed), None, wrong)
    elif gzipped:
        with unpacked(path) as (content, damage):
            wrong += damage
            yield from _stream_items(kind, content, path, wrong, unpacked_size(content))
    elif kind in ONE_ARTICLE:
        yield Item("", 0, partial(_one_article, kind, path, path.parent))
    else:
        with open(path, "rb") as content:
            yield from _stream_items(kind, content, path, wrong, size)


def unpacked_size(content: BinaryIO) -> int:
    """The size of a file that can be sought; it is left at its beginning."""
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    return size


def _size(path: Path) -> int:
    try:
        if not path.is_file():
            what = NO_FILE if path.exists() else "there is no such file."
            raise RecordError(what, "correct the path.")
        return path.stat().st_size
    except (OSError, ValueError) as error:
        raise RecordError(f"it cannot be opened ({error}).", "correct the path.") from None


def _stream_items(kind: str, content: BinaryIO, path: Path, wrong: list, size: int) -> Iterator[Item | str | None]:
    if size > SMALL.get(kind, MOST_FILE):
        raise RecordError(f"{SMALL.get(kind, MOST_FILE) // MB:,} MB and more come out of it.", "split it.")
    if kind == "csv":
        yield from csv_items(content)
    elif kind == "tsv":
        yield from csv_items(content, "\t")
    elif kind == "jsonl":
        yield from jsonl_items(content)
    elif kind == "json":
        yield from _json_or_lines(content)
    elif kind == "parquet":
        yield from parquet_items(content)
    elif kind == "excel":
        yield from excel_items(content, size)
    elif kind == "warc":
        yield from warc_items(content, size, wrong)
    elif kind == "feed":
        yield from feed_items(_whole(content, MOST_WHOLE), wrong)
    elif kind in ONE_ARTICLE:
        yield Item("", 0, partial(_article_of, kind, content.read(LARGEST[kind] + 1)))
    else:
        raise RecordError(f"a {kind} file within a gzip file is not read.", "unpack it.")


LARGEST = {"html": MOST_PAGE, "mhtml": MOST_WHOLE, "webarchive": MOST_WHOLE, "text": MOST_TEXT}


def _json_or_lines(content: BinaryIO) -> Iterator[Item]:
    """A .json file is one object or list; many people's are JSON Lines."""
    start = content.read(1 << 16).lstrip(b"\xef\xbb\xbf \t\r\n")
    content.seek(0)
    first, _, rest = start.partition(b"\n")
    lines = first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
    yield from (jsonl_items if lines else json_items)(content)


def _whole(content: BinaryIO, most: int) -> bytes:
    found = content.read(most + 1)
    if len(found) > most:
        raise RecordError(f"it has more than {most // MB} MB.", "split it.")
    return found


def _article_of(kind: str, content: bytes) -> dict:
    if len(content) > LARGEST[kind]:
        raise RecordError(f"it has more than {LARGEST[kind] // MB} MB.", "store the article alone, as text.")
    if kind == "html":
        return page_over(content, {})
    return {"mhtml": mhtml_facts, "webarchive": webarchive_facts}.get(kind, text_file)(content)


def _one_article(kind: str, path: Path, root: Path, as_is: bool = False) -> dict:
    return html_file(path, root, as_is) if kind == "html" else _article_of(kind, read_whole(path, LARGEST[kind]))


def _folder_items(root: Path) -> Iterator[Item | str]:
    """Every page and text below a folder, by name; tables and archives in it are said to be passed over.

    So are folders that cannot be read.
    """
    whole, seen = root.resolve(), 0
    shut: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=shut.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _belongs(name, files, folders))
        for name in sorted(files):
            seen += 1
            if seen > MOST_MEMBERS:
                raise RecordError(f"it holds more than {MOST_MEMBERS:,} files.", "split it.")
            if not name.startswith((".", "~$")):
                path = Path(folder, name)
                yield _named(_folder_item(path, printable(path.relative_to(root).as_posix()), whole), path, root)
        for name in [name for name in folders if os.path.islink(os.path.join(folder, name))]:
            link = printable(Path(folder, name).relative_to(root).as_posix())
            yield f"{link}: it is a link to a folder, and is not followed."
    for error in shut:
        name = printable(os.path.relpath(error.filename, root))
        what = f"this folder cannot be opened ({error.strerror}); nothing in it was read."
        yield failed(name, 0, RecordError(what, "see that you may read it, or move it up."))


def _named(item: Item | str, path: Path, root: Path) -> Item | str:
    """A file's item, whose facts say what it is called where that cannot be shown, so that it is found again."""
    inside = os.fspath(path.relative_to(root))
    if isinstance(item, str) or printable(inside) == inside:
        return item
    make = item.make
    return Item(item.place, item.row, lambda: make() | {"inside": inside}, item.raw)


def _belongs(name: str, files: list[str], folders: list[str]) -> bool:
    """Tell whether a folder holds the pictures and frames that a browser saved with a page."""
    return name.endswith("_files") and any(f"{name.removesuffix('_files')}{end}" in files for end in (".html", ".htm"))


def _folder_item(path: Path, name: str, root: Path) -> Item | str:
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            return failed(name, 0, RecordError("it is a link to outside the folder.", "copy the file there."))
        if path.exists() and not path.is_file():
            return failed(name, 0, RecordError(NO_FILE, "copy what is in it into a file."))
        kind, gzipped = kind_of(path.name, start_of(path), path)
    except RecordError as error:
        if path.suffix.lower() not in ENDINGS:
            return f"{name}: {error.problem}"
        return failed(name, 0, error)
    except (OSError, RuntimeError) as error:
        return failed(name, 0, RecordError(f"it cannot be opened ({error}).", "put a file there."))
    known = path.name.lower().removesuffix(".gz") if gzipped else path.name.lower()
    if kind not in ONE_ARTICLE or (Path(known).suffix not in ENDINGS and kind == "text"):
        return f"{name}: {NOT_TABLES}" if kind not in ONE_ARTICLE else f"{name}: its ending is not known."
    if gzipped:
        return Item(name, 0, partial(_gzipped_article, kind, path))
    return Item(name, 0, partial(_one_article, kind, path, root))


def _gzipped_article(kind: str, path: Path) -> dict:
    with unpacked(path) as (content, damage):
        facts = _article_of(kind, content.read(LARGEST[kind] + 1))
    return facts | {"repaired": [*facts["repaired"], *(problem for problem, _ in damage)]}


def _zip_items(path: Path, size: int) -> Iterator[Item | str]:
    """Every page and text in a ZIP; nothing is unpacked to disk."""
    with open_zip(path) as archive:
        for member in members(archive, size):
            name = member.filename.replace("\\", "/")
            kind = ENDINGS.get(Path(name).suffix.lower())
            if kind in ONE_ARTICLE and not Path(name).name.startswith((".", "~$")) and "__MACOSX" not in name:
                content = partial(member_bytes, archive, member, LARGEST[kind])
                make = partial(_member_article, name, content)
                yield Item(name, 0, make, partial(_member_raw, name, content))
            else:
                yield f"{name}: {NOT_TABLES}" if kind else f"{name}: its ending is not known."


def _member_article(name: str, content: Callable[[], bytes]) -> dict:
    found = content()
    kind, gzipped = kind_of(Path(name).name, found[:4096])
    if gzipped or kind not in ONE_ARTICLE:
        raise RecordError(f"its name says {Path(name).suffix}, its content does not.", "unpack it and look at it.")
    return _article_of(kind, found)


def _member_raw(name: str, content: Callable[[], bytes]) -> tuple[str, bytes]:
    return Path(name).suffix.lower(), content()


def addresses(path: Path, wrong: list[tuple[str, str]]) -> Iterator[dict]:
    """Yield the pages that a sitemap names, and those of the sitemaps that it names and that lie beside it.

    Each has `url` and `changed` (a date, or empty). Raises `RecordError` where one of them is no XML or names nothing.
    """
    waiting = [path]
    seen: set[str] = set()
    while waiting and len(seen) < MOST_SITEMAPS:
        here = waiting.pop(0)
        seen.add(here.name)
        for row in sitemap_rows(xml_root(_xml_bytes(here), wrong)[0]):
            if "url" in row:
                yield row
            elif (there := path.parent / Path(row["sitemap"].split("?")[0]).name).name in seen:
                continue
            elif there.is_file() and not there.is_symlink():
                waiting.append(there)
            else:
                wrong.append((f"the sitemap {row['sitemap'][:300]} is not there.", f"save it below {path.parent}."))


def _xml_bytes(path: Path) -> bytes:
    if not start_of(path).startswith(b"\x1f\x8b"):
        return read_whole(path, MOST_WHOLE)
    with unpacked(path) as (content, _):
        return _whole(content, MOST_WHOLE)
