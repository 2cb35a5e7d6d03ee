"""A CSV, TSV, JSON Lines, JSON, Parquet or Excel file goes in; its records come out one by one, as items.

Every reader streams, so that a large table needs no more memory than its longest record.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from helpers.corpus.formats.archives import members, open_zip
from helpers.corpus.formats.article_record import FACTS, LISTS, NAMES, Item, facts_of
from helpers.corpus.formats.encodings import codec_of, decode, is_binary, wide
from helpers.files.limits import MB, MOST_COLUMNS, MOST_LINE, MOST_ROWS, MOST_TABLE, MOST_TEXT, MOST_WHOLE
from helpers.files.problems import RecordError

SAMPLE = 1_000_000  # bytes that decide the encoding of a table
BATCH = 8  # rows of a Parquet file that are in memory at once
DELIMITERS = ",;\t|"
NEEDED = {name for kind in ("text", "html") for name in NAMES[kind]}
QUOTES = "close the quotation marks, and double those inside a field."


def csv_items(content: BinaryIO, delimiter: str = "") -> Iterator[Item]:
    """Yield the rows of a CSV or TSV file; without a delimiter the one of , ; tab | that heads the table best.

    Raises `RecordError` where there is no row, or the first one names no column with text.
    """
    rows = _csv_rows(content, delimiter)
    head = next(rows, None)
    if head is None:
        raise RecordError("the table is empty.", "name the columns in the first row.")
    if isinstance(head[1], RecordError):
        raise head[1]
    names = check_columns(head[1])
    for number, row in rows:
        if isinstance(row, RecordError):
            yield Item(f"row {number}", number, partial(_fail, row))
        elif row:
            yield Item(f"row {number}", number, partial(_row_facts, names, row))


def _csv_rows(content: BinaryIO, delimiter: str) -> Iterator[tuple[int, list[str] | RecordError]]:
    """Each row with the number of its first line. What breaks the table ends it, with an error in its place."""
    csv.field_size_limit(MOST_TEXT)
    lines = _lines(content)
    first = next(lines, "")
    if not delimiter:
        delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            mend = QUOTES if "field larger" not in str(error) else "put the text into a file of its own."
            yield number, RecordError(f"not valid CSV ({error}); nothing after this row was read.", mend)
            return
        yield number, row
        number = reader.line_num + 1
        if number > MOST_ROWS:
            raise RecordError(f"the table has more than {MOST_ROWS:,} rows.", "split it.")


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _row_facts(names: list[str], row: list[str]) -> dict:
    if len(row) > len(names):
        what = f"{len(row) - len(names):,} field(s) too many."
        raise RecordError(what, "put fields that hold the delimiter in double quotation marks.")
    if len(row) < len(names):
        raise RecordError("too few fields.", f"give all {len(names)} columns, empty where nothing is known.")
    return facts_of({name: cell for name, cell in zip(names, row, strict=True) if cell})


def _fail(error: RecordError) -> dict:
    raise error


def check_columns(names: Iterable[object]) -> list[str]:
    """Return the names of a table's columns; raises `RecordError` where there are too many, or none holds text."""
    written = [str(name) if name is not None else "" for name in names]
    if len(written) > MOST_COLUMNS:
        raise RecordError(f"the table has {len(written):,} columns.", "keep those that are about the article.")
    plain = [name.strip().lower().replace(" ", "_") for name in written]
    if twice := next((name for name in plain if name and plain.count(name) > 1), ""):
        raise RecordError(f"two columns are called {twice[:60]!r}.", "rename one of them.")
    if not NEEDED & set(plain):
        raise RecordError("no column holds the articles' text.", "call it text, or html where it holds web pages.")
    return written


def _lines(content: BinaryIO) -> Iterator[str]:
    """The lines of a text file, line ends kept, in the encoding that its bytes speak for."""
    sample = content.read(SAMPLE)
    if is_binary(sample):
        raise RecordError("it holds many NUL bytes and is no text.", "save it as UTF-8 text.")
    content.seek(0)
    encoding = _encoding(sample)
    stream = io.TextIOWrapper(content, encoding=encoding, errors="replace", newline="")
    while True:
        try:
            line = stream.readline(MOST_LINE + 1)
        except UnicodeError as error:  # UTF-16 that breaks off
            raise RecordError(f"not valid {encoding} ({error}).", "save it as UTF-8 text.") from None
        if not line:
            return
        if len(line) > MOST_LINE:
            raise RecordError(
                f"a line has more than {MOST_LINE // MB} million characters.", "store articles one by one."
            )
        yield line


def _encoding(sample: bytes) -> str:
    """The encoding of a table; UTF-8 if only the last character of the sample is cut."""
    if encoding := wide(sample):
        return encoding
    try:
        if sample.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(sample) - 4 and len(sample) == SAMPLE:
            return "utf-8"
    _, said = decode(sample)
    found = said[0].partition("read as ")[2].partition(",")[0] if said else "utf-8"
    return codec_of(found) or "utf-8"


def jsonl_items(content: BinaryIO) -> Iterator[Item]:
    """Yield the records of a JSON Lines file, one object a line; a bad line does not harm the others.

    Raises `RecordError` where the file is no text, or a line is far too long.
    """
    for number, line in enumerate(_lines(content), 1):
        if line.strip():
            yield Item(f"row {number}", number, partial(_json_facts, line))


def _json_facts(line: str) -> dict:
    return _object_facts(load_json(line))


def _object_facts(record: object) -> dict:
    if not isinstance(record, dict):
        raise RecordError("it is no JSON object.", "write each article as {…} with its fields.")
    return facts_of(record)


def load_json(text: str) -> object:
    """Return what a JSON text says; raises `RecordError` where it is none or lies too deep within itself."""
    try:
        return json.loads(text)
    except RecursionError:
        raise RecordError("its JSON lies too deep within itself.", "take out what is not about the article.") from None
    except ValueError as error:
        raise RecordError(f"not valid JSON ({str(error)[:200]}).", "write one {…} a line.") from None


def json_items(content: BinaryIO) -> Iterator[Item]:
    """Yield the records of a JSON file: a list of objects, or one.

    Raises `RecordError` where it is too long or no JSON.
    """
    found = content.read(MOST_WHOLE + 1)
    if len(found) > MOST_WHOLE:
        raise RecordError(f"it has more than {MOST_WHOLE // MB} MB.", "write it as JSON Lines, one object a line.")
    records = load_json(decode(found)[0])
    records = records if isinstance(records, list) else [records]
    for number, record in enumerate(records, 1):
        yield Item(f"record {number}", number, partial(_object_facts, record))


def parquet_items(content: BinaryIO) -> Iterator[Item]:
    """Yield the rows of a Parquet file, of which only the columns that are known are read.

    Raises `RecordError` where it is too long, damaged, or has no column with text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(content, thrift_string_size_limit=MOST_WHOLE, thrift_container_size_limit=MOST_ROWS)
        about = table.metadata
        if about.num_rows > MOST_ROWS:
            raise RecordError(f"the table has {about.num_rows:,} rows.", "split it.")
        names = check_columns(table.schema_arrow.names)
        size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
        if size > MOST_TABLE:
            raise RecordError(f"{size // MB:,} MB come out of it.", "split it.")
        wanted = {*(name for many in NAMES.values() for name in many), *FACTS}
        wanted |= set(LISTS)
        known = [name for name in names if name.strip().lower().replace(" ", "_") in wanted]
        number = 0
        for batch in table.iter_batches(batch_size=BATCH, columns=known):
            for row in batch.to_pylist():
                number += 1
                yield Item(f"row {number}", number, partial(facts_of, row))
    except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, TypeError, UnicodeError) as error:
        raise RecordError(f"not valid Parquet ({str(error)[:200]}).", "write it anew.") from None


def excel_items(content: BinaryIO, size: int) -> Iterator[Item]:
    """Yield the rows of the first sheet of an .xlsx file; of a formula the value that Excel last computed.

    Raises `RecordError` where it is too long, damaged, or has no column with text.
    """
    from openpyxl import load_workbook

    with open_zip(content) as archive:
        members(archive, size)
    content.seek(0)
    try:
        book = load_workbook(content, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be so
        rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1, max_row=MOST_ROWS)
        head = list(next(rows, ()))
        while head and head[-1] is None:
            head.pop()
        names = check_columns(head)
    except RecordError:
        raise
    except Exception as error:  # openpyxl raises whatever the XML inside leads it to
        raise RecordError(f"not a valid Excel file ({str(error)[:200]}).", "save it as .xlsx anew.") from None
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise RecordError(f"not a valid Excel file ({str(error)[:200]}).", "save it as .xlsx anew.") from None
        if any(cell is not None for cell in row):
            cells = {name: cell for name, cell in zip(names, row, strict=False) if cell is not None}
            yield Item(f"row {number}", number, partial(facts_of, cells))
