"""A CSV, TSV, JSON Lines, JSON, Parquet or Excel file goes in; its records come out one by one, as items.

Every reader streams, so that a large table needs no more memory than its longest record.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO

from helpers.corpus.formats.archives import members, open_zip
from helpers.corpus.formats.article_record import FACTS, LISTS, NAMES, Item, facts_of, failed, plain_name
from helpers.corpus.formats.encodings import BINARY, codec_of, decode, is_binary, wide, without_strays
from helpers.corpus.formats.json_records import records_in
from helpers.files.limits import MB, MOST_COLUMNS, MOST_LINE, MOST_ROWS, MOST_TABLE, MOST_TEXT, MOST_WHOLE
from helpers.files.problems import RecordError

MOST_ABOVE = 20  # rows in front of a heading that are looked through for it
SAMPLE = 1_000_000  # bytes that decide the encoding of a table
FIRST_LINE = 1 << 16  # bytes that are looked at to see whether a line is an object
BATCH = 8  # rows of a Parquet file that are in memory at once
DELIMITERS = ",;\t|"
LOOKED_AT = 200  # lines behind the heading, which tell how a table is written
ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
SEPARATOR = re.compile(r'"?sep=(.)"?[,;|\t ]*', re.I)  # Excel's hint; saved again it has the marks of other rows
QUOTED = re.compile(r'\s+".*"\s*', re.S)  # marks that part fields, with a tab between them and the delimiter
NEEDED = {name for kind in ("text", "html") for name in NAMES[kind]}
KNOWN = {name for names in NAMES.values() for name in names} | {*FACTS}
NO_ROWS = ("there is no row below the heading.", "save it again, with the articles.")
QUOTES = "close the quotation marks, and double those inside a field."


def csv_items(content: BinaryIO, delimiter: str = "") -> Iterator[Item]:
    """Yield the rows of a CSV or TSV file; without a delimiter the one of , ; tab | that heads the table best.

    Blank lines in front of the heading and Excel's hint `sep=;` are passed over, blanks behind a delimiter are none of
    a field. In a file with tabs quotation marks are taken as they stand where they part no fields.

    Raises `RecordError` where there is no row, or the first one names no column with text.
    """
    encoding = encoding_of(content)
    notes = _notes(encoding)
    rows = _rows_as_decoded(content, delimiter, encoding, NEEDED)
    head = next(rows, None)
    if head is None:
        raise RecordError("the table is empty.", "name the columns in the first row.")
    if isinstance(head[1], RecordError):
        raise head[1]
    names = check_columns(_of_strays(head[1])[0], rows)
    number = 0
    for number, row in rows:
        if isinstance(row, RecordError):
            yield failed(f"row {number}", number, row)
        elif row:
            yield Item(f"row {number}", number, partial(_row_facts, names, row, notes))
    if not number:
        raise RecordError(*NO_ROWS)


def _notes(encoding: str) -> list[str]:
    return [] if encoding.startswith("utf-8") else [f"read as {encoding}"]


def csv_rows(
    content: BinaryIO, delimiter: str = "", encoding: str = "", wanted: Iterable[str] = ()
) -> Iterator[tuple[int, list[str] | RecordError]]:
    """Yield each row with the number of its first line. What breaks the table ends it, with an error in its place.

    `wanted` are the names of columns of which a heading should have one, by default those of articles' texts. Raises
    `RecordError` for what is no text, and for too many rows.
    """
    for number, row in _rows_as_decoded(content, delimiter, encoding, {*wanted} or NEEDED):
        yield number, row if isinstance(row, RecordError) else [without_strays(cell)[0] for cell in row]


def _rows_as_decoded(
    content: BinaryIO, delimiter: str, encoding: str, wanted: set[str]
) -> Iterator[tuple[int, list[str] | RecordError]]:
    """The rows, in whose cells the bytes that are no UTF-8 are still escaped (see `without_strays`)."""
    csv.field_size_limit(MOST_TEXT)
    lines = _lines(content, encoding or encoding_of(content))
    passed, hint, ahead = 0, "", []
    for first in lines:
        if not (hint := _hinted(first)) and first.strip(f"{DELIMITERS} \r\n"):
            ahead = [first, *islice(lines, LOOKED_AT)]
            break
        passed, delimiter = passed + 1, hint or delimiter
    delimiter = delimiter or _delimiter(ahead, wanted)
    reader = _reader(chain(ahead, lines), delimiter, _manner(ahead, delimiter))
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
    """The delimiter of , ; tab | with which the heading names most columns that are known, and most of the rows fit."""
    scores = {}
    for sign in DELIMITERS:
        rows, _ = _parsed(lines, sign, "strict")
        names = {plain_name(name) for name in rows[0]} if rows else set()
        fits = sum(len(row) == len(rows[0]) for row in rows[1:]) if len(names) > 1 else 0
        known = len(names & (wanted | KNOWN))
        scores[sign] = (bool(wanted & names), known, fits, lines[0].count(sign) if lines else 0)
    return max(scores, key=lambda sign: scores[sign])


# How people and programs write quotation marks: as the standard has it; with a backslash before those inside a field,
# as databases do; with blanks between them and the delimiter; never as anything but text.
MANNERS: dict[str, dict[str, Any]] = {
    "strict": {"strict": True},
    "escaped": {"strict": True, "escapechar": "\\"},
    "loose": {"strict": True},
    "bare": {"quoting": csv.QUOTE_NONE},
}


def _manner(lines: list[str], delimiter: str) -> str:
    """The first of the manners in which every row of a sample has as many fields as the heading."""
    manners = [name for name in MANNERS if name != ("loose" if delimiter == "\t" else "bare")]
    for name in manners:
        rows, is_whole = _parsed(lines, delimiter, name)
        quoted = name in ("strict", "escaped") and any(QUOTED.fullmatch(cell) for row in rows[1:] for cell in row)
        if is_whole and not quoted and all(len(row) == len(rows[0]) for row in rows if row):
            return name
    unclosed = delimiter == "\t" and not _parsed(lines, delimiter, "strict")[1]
    return "bare" if unclosed else "strict"


def _parsed(lines: list[str], delimiter: str, manner: str) -> tuple[list[list[str]], bool]:
    """The rows of a sample, and whether they are all that is in it; a field may be cut at the sample's end."""
    rows: list[list[str]] = []
    try:
        rows.extend(_reader(lines, delimiter, manner))
    except csv.Error as error:
        return rows, len(lines) > LOOKED_AT and len(rows) > 1 and "unexpected end" in str(error)
    return rows, True


def _reader(lines: Iterable[str], delimiter: str, manner: str) -> Any:
    """A reader of CSV that knows the number of the line that it is at."""
    given = _without_blanks(lines, delimiter) if manner == "loose" else lines
    return csv.reader(given, delimiter=delimiter, skipinitialspace=delimiter != "\t", **MANNERS[manner])


def _without_blanks(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """The lines without the blanks between a delimiter and the quotation marks of a field."""
    sign = re.escape(delimiter)
    opening = re.compile(r'[^\S\r\n]*"')
    closing = re.compile(rf'((?:[^"]|"")*+")[^\S\r\n]*({sign}|(?=[\r\n]|\Z))?')
    inside = False
    for line in lines:
        kept, at = "", 0
        while at < len(line):
            if not inside and (mark := opening.match(line, at)):
                kept, at, inside = kept + '"', mark.end(), True
            found = closing.match(line, at) if inside else None
            if found:
                kept, at, inside = kept + found[1] + (found[2] or ""), found.end(), False
            else:  # a field without marks, or one that goes on in the next line
                end = len(line) if inside else line.find(delimiter, at) + 1 or len(line)
                kept, at = kept + line[at:end], end
        yield kept


def _row_facts(names: list[str], row: list[str], notes: list[str]) -> dict:
    if len(row) > len(names):
        what = f"{len(row) - len(names):,} field(s) too many."
        raise RecordError(what, "put fields that hold the delimiter in double quotation marks.")
    if len(row) < len(names):
        raise RecordError("too few fields.", f"give all {len(names)} columns, empty where nothing is known.")
    cells, mended = _of_strays(row)
    facts = facts_of({name: without_escapes(cell) for name, cell in zip(names, cells, strict=True) if cell})
    return facts | {"repaired": [*facts["repaired"], *notes, *mended]}


def _of_strays(cells: list[str]) -> tuple[list[str], list[str]]:
    """Cells without the escapes of bytes that were no UTF-8, and in words how many of those had a meaning."""
    found = [without_strays(cell) for cell in cells]
    told = sum(strays for _, strays in found)
    lost = sum(new.count("\ufffd") - old.count("\ufffd") for (new, _), old in zip(found, cells, strict=True))
    said = [(told, "read as cp1252"), (lost, "could not be read")]
    return [new for new, _ in found], [f"{count:,} byte{'s' * (count != 1)} {what}" for count, what in said if count]


def check_columns(names: Iterable[object], below: Iterable[tuple[int, Any]] = ()) -> list[str]:
    """Return the names of a table's columns; raises `RecordError` where there are too many, or none holds text.

    `below` are the next rows with their numbers: where one of them is the heading, the error says so.
    """
    written = [str(name) if name is not None else "" for name in names]
    if len(written) > MOST_COLUMNS:
        raise RecordError(f"the table has {len(written):,} columns.", "keep those that are about the article.")
    plain = [plain_name(name) for name in written]
    if twice := next((name for name in plain if name and plain.count(name) > 1), ""):
        raise RecordError(f"two columns are called {twice[:60]!r}.", "rename one of them.")
    if not NEEDED & set(plain):
        for number, row in islice(below, MOST_ABOVE):
            cells = {plain_name(str(cell)) for cell in row} if isinstance(row, list) else set()
            if NEEDED & cells and len(cells & KNOWN) > 1:
                what = f"its heading stands in row {number}, below other lines."
                raise RecordError(what, "take out the lines above the heading.")
        raise RecordError("no column holds the articles' text.", "call it text, or html where it holds web pages.")
    return written


def encoding_of(content: BinaryIO) -> str:
    """Return the encoding that the bytes of a text file speak for; raises `RecordError` where it is no text."""
    sample = content.read(SAMPLE)
    if is_binary(sample):
        raise RecordError(*BINARY)
    content.seek(0)
    return _encoding(sample)


def _lines(content: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines of a text file, line ends kept."""
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    stream = io.TextIOWrapper(content, encoding=encoding, errors=errors, newline="")
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
        if b"\x1b$" not in sample:  # else perhaps ISO 2022, all of ASCII
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
    encoding = encoding_of(content)
    if records := _not_by_lines(content):
        for number, record in enumerate(records, 1):
            yield Item(f"record {number}", number, partial(_object_facts, record, _notes(encoding)))
        return
    for number, line in enumerate(_lines(content, encoding), 1):
        bare = line.strip("\ufeff \t\r\n")
        if bare not in ("", "[", "]"):
            yield Item(f"row {number}", number, partial(_json_facts, bare, _notes(encoding)))


def _not_by_lines(content: BinaryIO) -> list:
    """The records of a file that is no JSON Lines but a list, or objects over several lines each; none of any other."""
    first, whole, _ = decode(content.read(FIRST_LINE))[0].strip("\ufeff \t\r\n").partition("\n")
    content.seek(0)
    if first.startswith("{") and (first.rstrip(", \t\r").endswith("}") or not whole):
        return []
    found = content.read(MOST_WHOLE + 1)
    content.seek(0)
    text = decode(found)[0].strip("\ufeff \t\r\n") if len(found) <= MOST_WHOLE else ""
    records, at = [], 0
    try:
        while at < len(text):
            one, at = json.JSONDecoder().raw_decode(text, at)
            records += records_in(one, NEEDED)
            at = next((place for place in range(at, len(text)) if text[place] not in ", \t\r\n"), len(text))
    except (ValueError, RecursionError):
        return []
    return records


def _json_facts(line: str, notes: list[str]) -> dict:
    [line], mended = _of_strays([line])
    line = line.removesuffix(",")  # of a list, an object a line
    if line.startswith("[") != line.endswith("]"):
        line = line.removeprefix("[").removesuffix("]")
    records = records_in(load_json(line), NEEDED)
    if len(records) > 1:
        raise RecordError(f"it holds {len(records):,} articles.", "write each on a line of its own.")
    return _object_facts(records[0], [*notes, *mended])


def _object_facts(record: object, notes: list[str]) -> dict:
    if not isinstance(record, dict):
        raise RecordError("it is no JSON object.", "write each article as {…} with its fields.")
    facts = facts_of({name: without_escapes(cell) for name, cell in record.items()})
    return facts | {"repaired": [*facts["repaired"], *notes]}


def load_json(text: str) -> object:
    """Return what a JSON text says; raises `RecordError` where it is none or lies too deep within itself."""
    try:
        return json.loads(text)
    except RecursionError:
        raise RecordError("its JSON lies too deep within itself.", "take out what is not about the article.") from None
    except ValueError as error:
        raise RecordError(f"not valid JSON ({str(error)[:200]}).", "write one {…} a line.") from None


def json_items(content: BinaryIO) -> Iterator[Item]:
    """Yield the records of a JSON file: a list of objects, or one, or what lies around them (see `records_in`).

    Raises `RecordError` where it is too long or no JSON.
    """
    found = content.read(MOST_WHOLE + 1)
    if len(found) > MOST_WHOLE:
        raise RecordError(f"it has more than {MOST_WHOLE // MB} MB.", "write it as JSON Lines, one object a line.")
    text, notes = decode(found)
    records = records_in(load_json(text), NEEDED)
    if not records:
        raise RecordError("it holds no article.", "write a list of articles, each as {…} with its fields.")
    for number, record in enumerate(records, 1):
        yield Item(f"record {number}", number, partial(_object_facts, record, notes))


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
        wanted = KNOWN | {*LISTS}
        known = [name for name in names if plain_name(name) in wanted]
        number = 0
        for batch in table.iter_batches(batch_size=BATCH, columns=known):
            for row in batch.to_pylist():
                number += 1
                yield Item(f"row {number}", number, partial(facts_of, row))
        if not number:
            raise RecordError(*NO_ROWS)
    except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, TypeError, UnicodeError) as error:
        raise RecordError(f"not valid Parquet ({str(error)[:200]}).", "write it anew.") from None


def excel_items(content: BinaryIO, size: int) -> Iterator[Item | str]:
    """Yield the rows of the first sheet of an .xlsx file, and a word on the other sheets that hold something.

    Raises `RecordError` where it is too long, damaged, or has no column with text.
    """
    (_, rows), *others = excel_sheets(content, size)
    _, head = next(rows, (0, []))
    names = check_columns(head, rows)
    number = 0
    for number, row in rows:
        yield Item(f"row {number}", number, partial(_sheet_facts, names, row))
    if not number:
        raise RecordError(*NO_ROWS)
    for name, more in others:
        if next(more, None):
            yield f"sheet {name[:60]!r}: only the first sheet of a workbook is read."


def _sheet_facts(names: list[str], row: list[object]) -> dict:
    if more := [cell for cell in row[len(names) :] if cell is not None]:
        raise RecordError(f"{len(more):,} cell(s) to the right of the named columns.", "name their columns.")
    return facts_of({name: cell for name, cell in zip(names, row, strict=False) if cell is not None})


def excel_sheets(content: BinaryIO, size: int) -> list[tuple[str, Iterator[tuple[int, list]]]]:
    """Return the sheets of an .xlsx file, of each its name and the rows that hold something, with their numbers.

    A cell is what Excel shows of it: of a formula the value that was last computed, of an escape like _x000D_ the
    sign. Raises `RecordError`, as the rows do, where it is too long or damaged.
    """
    from openpyxl import load_workbook

    with open_zip(content) as archive:
        members(archive, size)
    content.seek(0)
    try:
        book = load_workbook(content, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the XML inside leads it to
        raise RecordError(f"not a valid Excel file ({str(error)[:200]}).", "save it as .xlsx anew.") from None
    if not book.worksheets:
        raise RecordError("the workbook has no sheet with cells.", "save it as .xlsx anew.")
    return [(sheet.title, _sheet_rows(sheet)) for sheet in book.worksheets]


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list]]:
    """The rows of a sheet that hold something, without the empty cells at their ends."""
    try:
        sheet.reset_dimensions()  # what the file says of its size need not be so
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
            if number > MOST_ROWS:
                raise RecordError(f"the table has more than {MOST_ROWS:,} rows.", "split it.")
            if row.count(None) < len(row):  # of a million rows between two cells each is looked at so
                last = max(place for place, cell in enumerate(row, 1) if cell is not None)
                yield number, [unescaped(cell) for cell in row[:last]]
    except RecordError:
        raise
    except Exception as error:
        raise RecordError(f"not a valid Excel file ({str(error)[:200]}).", "save it as .xlsx anew.") from None


def unescaped(cell: object) -> object:
    """Return a cell of a workbook with the characters that Excel writes by their numbers: _x000D_ is a line's end."""
    from openpyxl.utils.escape import unescape

    if not isinstance(cell, str) or not ESCAPE.search(cell):
        return cell
    found = unescape(without_escapes(cell)) if "_x005F_" not in cell else unescape(cell).replace("\r\n", "\n")
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # 😀 is written in two halves


def without_escapes(cell: object) -> object:
    """Return a cell with the ends of lines that a workbook left as _x000D_ in what was made of it.

    >>> without_escapes("One_x000D_\\nTwo_x000d_Three")
    'One\\nTwo\\nThree'
    """
    return re.sub(r"_x000D_(?:\n|_x000A_)?", "\n", cell, flags=re.I) if isinstance(cell, str) else cell
