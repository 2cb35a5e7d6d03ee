"""A corpus folder, or a file of articles, goes in; one dataframe of articles comes out, or an error with its mend.

A corpus is a folder with an `articles.csv`, one row an article, and the files it names. Texts are read as they
are stored, line breaks included, so that every offset points into the file's own text.
"""

import csv
import hashlib
import json
import re
import warnings
from collections.abc import Iterable
from functools import lru_cache
from io import StringIO
from pathlib import Path

import pandas as pd
from filelock import FileLock

from helpers.corpus.articles_table import articles_table
from helpers.corpus.formats.read import articles_of
from helpers.corpus.formats.sandbox import bounded_messages
from helpers.corpus.terms import DATES, NEEDED, PROVENANCES, RECONSTRUCTED, ROLES, SIMULATED
from helpers.display.visible import OF_WINDOWS
from helpers.files.atomic import write_file
from helpers.files.limits import MB, MOST_PAGE, MOST_TEXT
from helpers.files.problems import CorpusError, Problem, Problems

TABLE = "articles.csv"
LOCK = ".articles.lock"
COLUMNS = NEEDED
SAID_IN_NOTE = {"simulated": SIMULATED, "reconstruct": RECONSTRUCTED}  # how notes begin that say what a column should
HTML_ENDINGS = {".html", ".htm", ".xhtml"}
TEXT_ENDINGS = {".txt", ".md", ""}
NOT_IN_NAMES = re.compile(r"[/\\:*?\"<>|\x00-\x1f\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]|$)")
LONGEST_FIELD = csv.field_size_limit() // 4  # in characters; Python's csv counts bytes, four a character at the most


def load_articles(
    corpus: str | Path = "corpus", errors: str = "raise", *, role: str = "", site: str = ""
) -> pd.DataFrame:
    """Return the articles of a corpus folder, or of one file of articles, one row each, by `article_id`.

    Columns: `role` (spun, reference), `site`, `url`, `title`, `byline`, `published`, `retrieved` (timestamps, UTC),
    `reference_id`, `licence`, `provenance` (published, reconstructed, simulated), `note`, `text`, `links` (a list),
    `file` (below the corpus folder), `sha256` (of the file), `images` (a list), `canonical` (the address that the page
    gives as its own), `raw`, `raw_sha256`, `record` (the file as it came, its hash, the place in it), `repaired` (what
    an import mended). Of an HTML file `text` is the main text, as trafilatura finds it; other files are read as they
    are.

    A file is anything that `helpers.corpus.read` knows: CSV, JSON Lines, Parquet, Excel, WARC and more, or a folder
    of pages and texts. `role` and `site` then fill what it does not say, and `sha256` is that of the text.

    With `errors="raise"` bad input raises `CorpusError`, which names every file, row and mend. With
    `errors="collect"` the good rows are returned, the problems are warned of and stand as a list of
    dictionaries (file, row, problem, mend, place) in the table's `.attrs["problems"]`. A missing or unreadable
    `articles.csv` always raises. Raises ValueError for any other `errors`.
    """
    if errors not in ("raise", "collect"):
        raise ValueError(f'errors is "raise" or "collect", not {errors!r}')
    folder = Path(corpus)
    if (folder.is_file() and folder.name != TABLE) or (role and folder.is_dir() and not (folder / TABLE).exists()):
        table, problems = articles_of(folder, role, site)
    else:
        table, found = _articles_in(folder.parent if folder.name == TABLE else folder)
        problems = found.listed()
    if problems and errors == "raise":
        raise CorpusError(problems)
    from helpers.corpus.schemas import Articles  # half a second to load, which a comparison of two texts is spared

    table = Articles.validate(table)
    if problems:
        warnings.warn(f"{len(problems)} problem(s) in {folder}:\n{CorpusError(problems)}", stacklevel=2)
        table.attrs["problems"] = [vars(problem) for problem in problems]
    return table


def _articles_in(folder: Path) -> tuple[pd.DataFrame, Problems]:
    rows, problems = _read_table(folder)
    articles = []
    for number, row in rows:
        try:
            articles.append({**row, **read_article(folder, number, row)})
        except CorpusError as error:
            problems.add(*error.problems)
    problems.add(*_unmet_references(folder, rows, articles))
    return articles_table(articles), problems


def _read_table(folder: Path) -> tuple[list[tuple[int, dict]], Problems]:
    """The rows of articles.csv that can be read, each with its row number there, and what is wrong with others."""
    path = folder / TABLE
    if not path.is_file():
        raise CorpusError([Problem(str(path), 0, "there is no such file.", "point load_articles at a corpus folder.")])
    reader = csv.DictReader(StringIO(_decode(path, str(path), 0), newline=""), restkey="_more", strict=True)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        lacks = f"the column(s) {', '.join(missing)} are missing."
        raise CorpusError([Problem(str(path), 1, lacks, f"the first row must be {','.join(COLUMNS)}.")])
    rows: list[tuple[int, dict]] = []
    problems = Problems()
    seen: dict[str, int] = {}
    number = reader.line_num + 1
    try:
        for row in reader:
            wrong = list(_wrong_in_row(path, number, row, seen))
            problems.add(*wrong)
            if not wrong:
                seen[row["article_id"]] = number
                rows.append((number, row))
            number = reader.line_num + 1
    except csv.Error as error:
        mend = "close the quotation marks, and double those inside a field."
        if "field larger" in str(error):
            mend = "put the text into a file of its own, and its name into the column file."
        problems.add(Problem(str(path), number, f"not valid CSV ({error}).", mend))
    return rows, problems


def read_table(corpus: str | Path) -> list[dict]:
    """Return the rows of `articles.csv` as they stand, texts unread; raises `CorpusError` where a row is wrong."""
    rows, problems = _read_table(Path(corpus))
    if problems:
        raise CorpusError(problems.listed())
    return [row for _, row in rows]


def _wrong_in_row(path: Path, number: int, row: dict, seen: dict[str, int]) -> Iterable[Problem]:
    def problem(what: str, mend: str) -> Problem:
        return Problem(str(path), number, what, mend)

    if "_more" in row:
        yield problem(
            f"{len(row['_more'])} field(s) too many.", "put fields that hold a comma in double quotation marks."
        )
        return
    if None in row.values():
        yield problem("too few fields.", f"give all {len(COLUMNS)} columns, empty where nothing is known.")
        return
    if not row["article_id"].strip():
        yield problem("the article_id is empty.", "give the article a name of its own.")
    if row["article_id"] in seen:
        first = seen[row["article_id"]]
        yield problem(f"the article_id {row['article_id']!r} is taken by row {first}.", "rename one of the two.")
    if row["role"] not in ROLES:
        yield problem(f"the role {row['role']!r} is unknown.", f"write one of: {', '.join(ROLES)}.")
    provenance = row.get("provenance") or ""
    if provenance and provenance not in PROVENANCES:
        yield problem(f"the provenance {provenance!r} is unknown.", f"write one of: {', '.join(PROVENANCES)}.")
    for word, meant in SAID_IN_NOTE.items():
        if not provenance and row["note"].lower().startswith(word):
            said = f"the note says {row['note'].split()[0]!r}, but nothing stands in the column provenance."
            yield problem(said, f"write {meant} there (add the column if the table lacks it), or reword the note.")
    for column, cell in row.items():
        if CONTROL.search(cell):
            yield problem(f"{column} holds a control character.", "take it out.")
        if len(cell) > LONGEST_FIELD:
            yield problem(f"{column} has {len(cell):,} characters.", "put the text into the article's file.")
    for column in DATES:
        if row[column] and not _is_date(row[column]):
            yield problem(f"{column} {row[column]!r} is no date.", "write it as 2025-09-05 or 2025-09-05T14:30.")


@lru_cache(maxsize=10_000)  # one article added reads the whole table again
def _is_date(written: str) -> bool:
    """Tell whether this is a date that a timestamp can hold (1677 to 2262), with a time and zone or without."""
    moment = pd.to_datetime(written, errors="coerce", format="ISO8601", utc=True) if DATE.match(written) else pd.NaT
    return not pd.isna(moment) and 1677 < moment.year < 2262


def read_article(folder: Path, number: int, row: dict) -> dict:
    """Return the text, links and hash of the file of one article, by its `row` of `articles.csv` and its number.

    Raises `CorpusError` where the file is not there, cannot be read, is too long, holds no text or lies elsewhere.
    """
    name, table = row["file"], str(folder / TABLE)
    path = folder / name
    if not name.strip():
        raise CorpusError([Problem(table, number, "the column file is empty.", "name the article's file.")])
    try:
        inside, there = path.resolve().is_relative_to(folder.resolve()), path.is_file()
    except (OSError, RuntimeError, ValueError) as error:
        mend = "give the file a shorter name, or put it there as a file and no link."
        raise CorpusError([Problem(table, number, f"{name[:80]!r} cannot be opened ({error}).", mend)]) from None
    if not inside:
        outside = f"{name!r} lies outside the corpus folder."
        raise CorpusError([Problem(table, number, outside, f"copy the file below {folder} and name it there.")])
    if not there:
        mend = "put the file there, or correct the column file."
        raise CorpusError([Problem(table, number, f"there is no file {name!r}.", mend)])
    if path.suffix.lower() not in HTML_ENDINGS | TEXT_ENDINGS:
        known = ", ".join(sorted(ending for ending in HTML_ENDINGS | TEXT_ENDINGS if ending))
        raise CorpusError([Problem(table, number, f"{name!r} is of an unknown kind.", f"use one of {known}.")])
    most = MOST_PAGE if path.suffix.lower() in HTML_ENDINGS else MOST_TEXT
    if path.stat().st_size > most:
        big = f"{name!r} has more than {most // MB} MB."
        raise CorpusError([Problem(table, number, big, "store the article alone.")])
    stored = _decode(path, table, number)
    is_page = path.suffix.lower() in HTML_ENDINGS
    facts = _page(path, table, number) if is_page else {"text": stored, **_addresses(folder, number, row)}
    if not facts["text"].strip():
        mend = "put the article's text into it, or take the row out."
        raise CorpusError([Problem(table, number, f"{name!r} holds no text.", mend)])
    return {**facts, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _decode(path: Path, table: str, number: int) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"{path.name!r} is not UTF-8 (byte {error.start} is 0x{content[error.start]:02x})."
        raise CorpusError([Problem(table, number, what, "save it as UTF-8 in an editor.")]) from None
    if "\x00" in text:
        what = f"{path.name!r} holds NUL bytes and is no text."
        raise CorpusError([Problem(table, number, what, "save it as UTF-8 text.")])
    return text


def _page(path: Path, table: str, number: int) -> dict:
    """The main text, links and pictures of a stored web page, as trafilatura finds them."""
    [found] = bounded_messages(path, as_is=True)
    if found["kind"] == "problem":
        mend = "put the article's text into it, or take the row out."
        what = f"{path.parent.name}/{path.name}"
        raise CorpusError([Problem(table, number, f"{what!r} {found['problem'].removeprefix('it ')}", mend)])
    return {name: found[name] for name in ("text", "links", "images")}


def _addresses(folder: Path, number: int, row: dict) -> dict:
    """The links and pictures that an import kept with an article."""
    name = row.get("addresses") or ""
    if not name:
        return {}
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or path.stat().st_size > MOST_PAGE:
            raise ValueError("not below the corpus folder, or too large")
        found = json.loads(path.read_text(encoding="utf-8"))
        return {kind: [link for link in found[kind] if isinstance(link, str)] for kind in ("links", "images")}
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, RecursionError) as error:
        mend = "import the article again, or empty the column addresses."
        what = f"{name[:80]!r} cannot be read ({type(error).__name__})."
        raise CorpusError([Problem(str(folder / TABLE), number, what, mend)]) from None


def _unmet_references(folder: Path, rows: list[tuple[int, dict]], articles: list[dict]) -> Iterable[Problem]:
    roles = {article["article_id"]: article["role"] for article in articles}
    for number, row in rows:
        wanted = row["reference_id"]
        if row["role"] == "spun" and wanted and roles.get(wanted) != "reference":
            what = f"the reference_id {wanted!r} is " + ("not a reference." if wanted in roles else "not there.")
            mend = "give the article_id of a row whose role is reference, or leave it empty."
            yield Problem(str(folder / TABLE), number, what, mend)


def add_article(
    corpus: str | Path,
    article_id: str,
    role: str,
    text: str,
    *,
    site: str = "",
    url: str = "",
    title: str = "",
    byline: str = "",
    published: str = "",
    retrieved: str = "",
    reference_id: str = "",
    licence: str = "",
    note: str = "",
    provenance: str = "",
) -> Path:
    """Put an article into a corpus folder (made if it is not there) and return its new file.

    `provenance` is published (where nothing is said), reconstructed or simulated. The text goes into `spun/` or
    `reference/`, the facts into a new row of `articles.csv`, which is replaced in
    one step, so that a crash leaves the old table, and under a lock, so that two notebooks do not lose each other's
    rows. Raises `CorpusError`, and changes nothing, where the row would not load.
    """
    folder = Path(corpus)
    row = dict.fromkeys(COLUMNS, "") | {
        "article_id": article_id, "role": role, "site": site, "url": url, "title": title, "byline": byline,
        "published": published, "retrieved": retrieved, "reference_id": reference_id, "licence": licence,
        "note": note, "file": f"{role}/{article_id}.txt",
    }  # fmt: skip
    if provenance:
        row["provenance"] = provenance
    if problem := wrong_id(folder, article_id):
        raise CorpusError([problem])
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / LOCK):
        rows = read_table(folder) if (folder / TABLE).exists() else []
        problems = [*wrong_with_new(folder, row, {old["article_id"]: old["role"] for old in rows})]
        problems += _wrong_text(folder / row["file"], text)
        if problems:
            raise CorpusError(problems)
        path = folder / row["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, text)
        try:
            write_table(folder, [*rows, row])
        except BaseException:
            path.unlink()
            raise
    return path


def wrong_id(folder: Path, article_id: str) -> Problem | None:
    """Return what is wrong with an article_id that is to be the name of a file."""
    of_windows = article_id.partition(".")[0].strip().lower() in OF_WINDOWS  # a corpus goes from computer to computer
    is_name = article_id and not article_id.startswith(".") and not NOT_IN_NAMES.search(article_id)
    if is_name and len(article_id) < 200 and not of_windows:
        return None
    what = f"{article_id[:80]!r} cannot be a file name."
    return Problem(str(folder / TABLE), 0, what, "use letters, digits, - and _.")


def wrong_with_new(folder: Path, row: dict, roles: dict[str, str]) -> Iterable[Problem]:
    """Yield what keeps a new row from joining a table that has these articles (article_id -> role), in their order."""
    number, table = len(roles) + 2, folder / TABLE
    taken = {row["article_id"]: list(roles).index(row["article_id"]) + 2} if row["article_id"] in roles else {}
    yield from _wrong_in_row(table, number, row, taken)
    if row["role"] == "spun" and row["reference_id"] and roles.get(row["reference_id"]) != "reference":
        what = f"the reference_id {row['reference_id']!r} is not that of a reference."
        yield Problem(str(table), number, what, "add the reference first.")


def _wrong_text(path: Path, text: str) -> Iterable[Problem]:
    if not text.strip():
        yield Problem(str(path), 0, "the text is empty.", "paste the article's text.")
    if "\x00" in text or not _is_encodable(text):
        yield Problem(str(path), 0, "the text holds NUL or half a character.", "paste it anew, as text.")
    elif path.exists() and path.read_bytes() != text.encode():  # the same is there after a crash between two writes
        yield Problem(str(path), 0, "the file is there already.", "choose another article_id.")


def _is_encodable(text: str) -> bool:
    try:
        return bool(text.encode() or True)
    except UnicodeEncodeError:
        return False


def write_table(corpus: str | Path, rows: list[dict]) -> None:
    """Write `articles.csv` anew from its rows, in one step; columns of the user's own stay."""
    out = StringIO()
    columns = list(dict.fromkeys([*(rows[0] if rows else []), *COLUMNS, *(name for row in rows for name in row)]))
    table = csv.DictWriter(out, fieldnames=columns, lineterminator="\n", restval="")
    table.writeheader()
    table.writerows(rows)
    write_file(Path(corpus) / TABLE, out.getvalue())
