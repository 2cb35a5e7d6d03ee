"""A CSV, TSV, JSON Lines, JSON, Parquet or Excel file goes in; its records come out one by one, as items.

Every reader streams, so that a large table needs no more memory than its longest record.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import BinaryIO

from helpers.corpus.formats.archives import members, open_zip
from helpers.corpus.formats.article_record import FACTS, LISTS, NAMES, Item, facts_of
from helpers.corpus.formats.encodings import codec_of, decode, is_binary, wide
from helpers.files.limits import MB, MOST_COLUMNS, MOST_LINE, MOST_ROWS, MOST_TABLE, MOST_TEXT, MOST_WHOLE
from helpers.files.problems import RecordError

SAMPLE = 1_000_000  # bytes that decide the encoding of a table
BATCH = 8  # rows of a Parquet file that are in memory at once
DELIMITERS = ",;\t|"
LOOKED_AT = 200  # lines behind the heading, which tell how a table is written
SEPARATOR = re.compile(r"sep=(.)", re.I)  # Excel's hint
NEEDED = {name for kind in ("text", "html") for name in NAMES[kind]}
KNOWN = {name for names in NAMES.values() for name in names} | {*FACTS}
QUOTES = "close the quotation marks, and double those inside a field."


def csv_items(content: BinaryIO, delimiter: str = "") -> Iterator[Item]:
    """Yield the rows of a CSV or TSV file; without a delimiter the one of , ; tab | that heads the table best.

    Blank lines in front of the heading and Excel's hint `sep=;` are passed over, blanks behind a delimiter are none of
    a field. In a file with tabs quotation marks are taken as they stand where they part no fields.

    Raises `RecordError` where there is no row, or the first one names no column with text.
    """
    encoding = encoding_of(content)
    notes = [] if encoding.startswith("utf-8") else [f"read as {encoding}"]
    rows = csv_rows(content, delimiter, encoding)
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
            yield Item(f"row {number}", number, partial(_row_facts, names, row, notes))


def csv_rows(
    content: BinaryIO, delimiter: str = "", encoding: str = "", wanted: Iterable[str] = ()
) -> Iterator[tuple[int, list[str] | RecordError]]:
    """Yield each row with the number of its first line. What breaks the table ends it, with an error in its place.

    `wanted` are the names of columns of which a heading should have one, by default those of articles' texts. Raises
    `RecordError` for what is no text, and for too many rows.
    """
    csv.field_size_limit(MOST_TEXT)
    lines = _lines(content, encoding or encoding_of(content))
    passed, hint, ahead = 0, "", []
    for first in lines:
        if not (hint := _hinted(first)) and first.strip(f"{DELIMITERS} \r\n"):
            ahead = [first, *islice(lines, LOOKED_AT)]
            break
        passed, delimiter = passed + 1, hint or delimiter
    delimiter = delimiter or _delimiter(ahead, {*wanted} or NEEDED)
    bare = delimiter == "\t" and not _are_quoted(ahead)
    reader = csv.reader(
        chain(ahead, lines),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL,
        strict=True,
        skipinitialspace=delimiter != "\t",
    )
    number = passed + 1
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
        number = passed + reader.line_num + 1
        if number > MOST_ROWS:
            raise RecordError(f"the table has more than {MOST_ROWS:,} rows.", "split it.")


def _hinted(line: str) -> str:
    """The delimiter that a line in front of the table names, as Excel writes it; empty where it is no such line."""
    hint = SEPARATOR.fullmatch(line.strip("\ufeff\r\n"))
    return hint[1] if hint else ""


def _delimiter(lines: list[str], wanted: set[str]) -> str:
    """The delimiter of , ; tab | with which the heading names a column with text, and most of the rows fit it."""
    scores = {}
    for sign in DELIMITERS:
        rows = _parsed(lines, sign)
        names = {plain_name(name) for name in rows[0]} if rows else set()
        fits = sum(len(row) == len(rows[0]) for row in rows[1:]) if len(names) > 1 else 0
        scores[sign] = (bool(wanted & names), bool(names & KNOWN), fits, lines[0].count(sign) if lines else 0)
    return max(scores, key=lambda sign: scores[sign])


def _parsed(lines: list[str], delimiter: str) -> list[list[str]]:
    """The rows that lines make with a delimiter, up to where they make none."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
    return rows


def _are_quoted(lines: list[str]) -> bool:
    """Tell whether quotation marks at the beginning of fields with tabs between them are closed at their ends."""
    cut = len(lines) > LOOKED_AT  # what is looked at may end inside a field
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(lines, delimiter="\t", strict=True))
    except csv.Error as error:
        if not (cut and "unexpected end" in str(error) and len(rows) > 1):
            return False
    return not any(len(row) < len(rows[0]) for row in rows if row)


def _row_facts(names: list[str], row: list[str], notes: list[str]) -> dict:
    if len(row) > len(names):
        what = f"{len(row) - len(names):,} field(s) too many."
        raise RecordError(what, "put fields that hold the delimiter in double quotation marks.")
    if len(row) < len(names):
        raise RecordError("too few fields.", f"give all {len(names)} columns, empty where nothing is known.")
    facts = facts_of({name: cell for name, cell in zip(names, row, strict=True) if cell})
    return facts | {"repaired": [*facts["repaired"], *notes]}


def _fail(error: RecordError) -> dict:
    raise error


def plain_name(name: str) -> str:
    """Return the name of a column as it is looked for."""
    return name.strip("\ufeff \t\r\n").lower().replace(" ", "_")


def check_columns(names: Iterable[object]) -> list[str]:
    """Return the names of a table's columns; raises `RecordError` where there are too many, or none holds text."""
    written = [str(name) if name is not None else "" for name in names]
    if len(written) > MOST_COLUMNS:
        raise RecordError(f"the table has {len(written):,} columns.", "keep those that are about the article.")
    plain = [plain_name(name) for name in written]
    if twice := next((name for name in plain if name and plain.count(name) > 1), ""):
        raise RecordError(f"two columns are called {twice[:60]!r}.", "rename one of them.")
    if not NEEDED & set(plain):
        raise RecordError("no column holds the articles' text.", "call it text, or html where it holds web pages.")
    return written


def encoding_of(content: BinaryIO) -> str:
    """Return the encoding that the bytes of a text file speak for; raises `RecordError` where it is no text."""
    sample = content.read(SAMPLE)
    if is_binary(sample):
        raise RecordError("it holds many NUL bytes and is no text.", "save it as UTF-8 text.")
    content.seek(0)
    return _encoding(sample)


def _lines(content: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines of a text file, line ends kept."""
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
    for number, line in enumerate(_lines(content, encoding_of(content)), 1):
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
    records = records_in(load_json(decode(found)[0]))
    for number, record in enumerate(records, 1):
        yield Item(f"record {number}", number, partial(_object_facts, record))


def records_in(found: object) -> list:
    """Return the records in what a JSON file says: of an object around one list of objects the list."""
    if isinstance(found, dict) and not NEEDED & {plain_name(str(name)) for name in found}:
        lists = [part for part in found.values() if isinstance(part, list) and part and isinstance(part[0], dict)]
        if len(lists) == 1:
            return lists[0]
    return found if isinstance(found, list) else [found]


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
            cells = {name: unescaped(cell) for name, cell in zip(names, row, strict=False) if cell is not None}
            yield Item(f"row {number}", number, partial(facts_of, cells))


def unescaped(cell: object) -> object:
    """Return a cell with the characters that Excel writes by their numbers: _x000D_ is a line's end."""
    from openpyxl.utils.escape import unescape

    return unescape(cell).replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) and "_x" in cell else cell
