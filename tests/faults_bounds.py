"""What costs far more than it seems to, done to readers and questions: `make faults KINDS=bounds` prints the counts.

Each attack runs in a process of its own, so that the memory it takes can be told, that of the processes it starts
included. It is held when it ends in its time, in its memory, and with a clear error or with what is sound of it.
"""

import gzip
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from attempts import Attempts, patient

ROOT = Path(__file__).parents[1]
SECONDS = 500  # for one attack on a quiet machine; then it hangs
MEMORY = 3_200  # megabytes that an attack may take in any of its processes
MEMORY_OF_READ = 6_000  # `read` may hold articles of 4 GB
RUN = "import sys; from {module} import {name}; {name}(*sys.argv[1:])"


def measured(name: str, *arguments: str, seconds: float = SECONDS) -> tuple[str, str]:
    """Run one of the functions below in a process; return held, wrong or hung, and what it said."""
    code = RUN.format(module="faults_bounds", name=name)
    path = os.pathsep.join([str(Path(__file__).parent), str(ROOT)])
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=patient(seconds),
            env={**os.environ, "PYTHONPATH": path}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "hung", f"{name} {arguments[-1][:60]}: more than {seconds:g} s"
    said = done.stdout.strip().splitlines()[-1:] or [done.stderr.strip()[-300:]]
    return ("held" if done.returncode == 0 else "wrong"), f"{arguments[-1][:60]}: {said[0]}"


def tell(said: str, clear: bool, most: int = MEMORY) -> None:
    """Say what came and how much memory it took; end with a status that counts."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    megabytes = max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
    print(f"{megabytes:,.0f} MB. {said}")
    sys.exit(not (clear and megabytes < most))


def end_helpers() -> None:
    """End the processes that wait for more, so that their memory is counted."""
    from helpers.corpus.formats import sandbox
    from helpers.files import bounded_call

    sandbox._end_all()
    bounded_call._end_all()


# Files that are small and give much


def _zip_of_texts(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"{number}.{'txt' if number % 2 else 'bin'}", b"")
    return out.getvalue()


def _warc(count: int) -> bytes:
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 19\r\n\r\n"
    record += b"HTTP/1.1 200 OK\r\n\r\n\r\n\r\n"
    return record * count


def _sitemap(count: int) -> bytes:
    urls = b"".join(b"<url><loc>http://a.example/%d</loc></url>" % number for number in range(count))
    return b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>%s</urlset>" % urls


FILES: dict[str, Callable[[int], bytes]] = {
    "junk.jsonl.gz": lambda count: gzip.compress(b"x\n" * count),
    "junk-indented.jsonl": lambda count: b"[\n" + b" ,{\n" * count,
    "empty.jsonl.gz": lambda count: gzip.compress(b"{}\n" * count),
    "texts.jsonl.gz": lambda count: gzip.compress(b'{"text":"x"}\n' * (count // 4)),
    "half.jsonl.gz": lambda count: gzip.compress(b'{"text":"x"}\nx\n' * (count // 8)),
    "unknown-role.csv.gz": lambda count: gzip.compress(b"text,role\n" + b"a,b\n" * count),
    "few-fields.csv.gz": lambda count: gzip.compress(b"text,role\n" + b"a\n" * count),
    "many-fields.csv.gz": lambda count: gzip.compress(b"text,role\n" + b"a,b,c\n" * count),
    "no-text.tsv.gz": lambda count: gzip.compress(b"text\trole\n" + b"\tspun\n" * count),
    "same-id.csv.gz": lambda count: gzip.compress(b"text,article_id\n" + b"a,b\n" * count),
    "junk.json": lambda count: b"[" + b"1," * min(count, 4_000_000) + b"1]",
    "texts.zip": lambda count: _zip_of_texts(min(count, 60_000)),
    "empty.warc.gz": lambda count: gzip.compress(_warc(min(count, 400_000))),
    "sitemap.xml.gz": lambda count: gzip.compress(_sitemap(min(count, 1_200_000))),
    "feed.xml": lambda count: b"<rss><channel>" + b"<item/>" * min(count, 100_000) + b"</channel></rss>",
}


def read_one(name: str) -> None:
    """Read a file, and see that what is kept of its problems has a bound and says how many more there are."""
    from helpers.corpus import read

    table = read(name)
    problems, skipped = table.attrs["problems"], table.attrs["skipped"]
    end_helpers()
    bounded = len(problems) <= 1_100 and len(skipped) <= 1_001
    says = len(problems) < 1_000 or "more problem" in problems[-1]["problem"]
    tell(
        f"{len(table):,} articles; {problems[-1]['problem'] if problems else 'no problem'}",
        bounded and says,
        MEMORY_OF_READ,
    )


def import_one(name: str) -> None:
    """Import a file; the corpus is as it was, and the error is no longer than somebody can read."""
    from helpers.corpus import import_articles
    from helpers.files.problems import CorpusError

    corpus = Path(name).parent / "corpus"
    try:
        import_articles(name, corpus, role="")
        said, clear = "it was imported", False
    except CorpusError as error:
        said, clear = str(error.problems[-1]), len(error.problems) <= 1_100 and not (corpus / "articles.csv").exists()
    end_helpers()
    tell(said, clear)


def piles(home: Path, count: int = 45_000_000) -> Attempts:
    """Each small file that gives millions of problems or articles, read, and some imported."""
    results = []
    for name, content in FILES.items():
        path = home / name
        path.write_bytes(content(count))
        results.append(measured("read_one", str(path)))
        if name in ("junk.jsonl.gz", "few-fields.csv.gz", "unknown-role.csv.gz"):
            results.append(measured("import_one", str(path)))
        path.unlink()
    return counted("a small file that gives millions of problems or articles", results)


def counted(kind: str, results: list[tuple[str, str]]) -> Attempts:
    """Count what came of attacks of one kind."""
    said = next((what for how, what in results if how != "held"), results[0][1])
    sums = {name: sum(how == name for how, _ in results) for name in ("wrong", "hung")}
    return Attempts(kind, len(results), **sums, said=said[:300])


# A colleague's table

QUERY = " OR ".join(f'"{number}"' for number in range(140))
PAIRS = '("a" OR "b" OR "c" OR "d" OR "e") AND ("f" OR "g" OR "h" OR "i" OR "j") AND ("k" OR "l" OR "m" OR "n" OR "o")'
SHEETS: dict[str, Callable[[], bytes]] = {
    "queries.csv": lambda: b"tortured,expected\n" + f'"{QUERY.replace(chr(34), chr(34) * 2)}",x\n'.encode() * 100_000,
    "products.csv": lambda: b"tortured,expected\n" + f'"{PAIRS.replace(chr(34), chr(34) * 2)}",x\n'.encode() * 300_000,
    "brackets.csv": lambda: b"tortured,expected\n" + b"(" * 990 + b'"a",' + b"(" * 990 + b"x\n",
    "marks.csv": lambda: b"tortured,expected\n" + (b"'" * 990 + b"," + b"(? " * 330 + b"\n") * 20_000,
    "words.csv": lambda: b"tortured,expected\n" + (b"a" * 990 + b"," + b"a " * 490 + b"\n") * 50_000,
    "long.csv": lambda: b"spun,original\n" + b"a" * 60_000_000 + b",b\n",
    "rows.csv": lambda: b"spun,original\n" + b"a,b\n" * 20_000_000,
    "columns.csv": lambda: b"spun,original" + b",a" * 5_000_000 + b"\n" + b"a,b\n",
    "blank.csv": lambda: b"spun,original\n" + b"\n" * 100_000_000,
    "deep.json": lambda: b"[" * 50_000_000,
    "objects.json": lambda: b"[" + b"{}," * 30_000_000 + b"{}]",
    "lines.jsonl": lambda: b'{"spun":1,"original":2}\n' * 4_000_000,
    "bomb.xlsx": lambda: _workbook(b"<row>" * 80_000_000),
    "zeros.parquet": lambda: b"PAR1" + b"\x00" * 10_000_000 + b"PAR1",
}  # fmt: skip
SHARED: dict[str, Callable[[], bytes]] = {
    "deep-shared.json": lambda: b"[" * 50_000_000,
    "objects-shared.json": lambda: b"[" + b"{}," * 60_000_000 + b"{}]",
    "deep-object-shared.json": lambda: b'{"a":' * 20_000_000,
    "no-rows-shared.json": lambda: _shared({"proposals": [{}] * 5_000_000, "decisions": []}),
    "no-lines-shared.json": lambda: _shared({"proposals": [], "decisions": [{}] * 5_000_000}),
    "numbers-shared.json": lambda: _shared({"proposals": 7, "decisions": {"a": 1}}),
    "large-shared.json": lambda: b" " * 510_000_000,
}


def _workbook(rows: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", rows)
    return out.getvalue()


def _shared(content: dict) -> bytes:
    from helpers.mapping.sharing import FORMAT, VERSION, checksum

    head = {"format": FORMAT, "version": VERSION, "made": "", "unspun": "", "sha256": checksum(content)}
    return json.dumps(head | {"content": content}).encode()


def take_table(name: str) -> None:
    """Read a colleague's table in any of its forms; its rows come, or a clear error."""
    from helpers.mapping import open_shared
    from helpers.mapping.importing import ImportingError, read_phrases
    from helpers.mapping.sharing import SharingError

    try:
        found = open_shared(name).proposals if "shared" in name else read_phrases(name)
        said, clear = f"{len(found):,} rows", len(found) < 5_000_001
    except (ImportingError, SharingError) as error:
        said, clear = str(error), Path(name).name in str(error) and "Mend: " in str(error)
    end_helpers()
    tell(said, clear)


def tables(home: Path) -> Attempts:
    """Each table of a colleague that costs far more than it seems to."""
    results = []
    for name, content in {**SHEETS, **SHARED}.items():
        path = home / name
        path.write_bytes(content())
        results.append(measured("take_table", str(path)))
        path.unlink()
    return counted("a colleague's table that costs much", results)


# Questions

COSTLY = (
    "SELECT repeat('x', 3000000000)", "SELECT length(repeat('x', 3000000000))", "SELECT lpad('x', 2000000000, 'y')",
    "SELECT rpad('x', 2000000000, 'y')", "SELECT printf('%2000000000d', 1)", "SELECT format('{:2000000000d}', 1)",
    "SELECT repeat(repeat('x', 60000), 60000)", "SELECT bitstring('1', 2000000000)",
    "SELECT repeat('x', 1000000) FROM range(9999)",
    "SELECT list_resize([1], 2000000000)", "SELECT range(2000000000)", "SELECT len(range(2000000000))",
    "SELECT generate_series(1, 2000000000)", "SELECT * FROM range(2000000000)", "SELECT unnest(range(900000000))",
    "SELECT string_agg(repeat('x', 1000000)) FROM range(9999)", "SELECT list(i) FROM range(2000000000) t(i)",
    "SELECT array_agg(repeat('x', 1000)) FROM range(9999999)", "SELECT i::VARCHAR FROM range(500000000) t(i)",
    "SELECT count(DISTINCT a.range * b.range) FROM range(99999) a, range(99999) b", "SELECT 'x' FROM range(200000000)",
    "WITH RECURSIVE t(i, s) AS (SELECT 1, 'x' UNION ALL SELECT i + 1, s || s FROM t) SELECT max(i) FROM t",
    "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*) FROM t",
    "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i FROM t, range(2)) SELECT i FROM t",
    "SELECT a.* FROM range(999999) a, range(999999) b", "SELECT count(*) FROM range(99999999) a, range(99999999) b",
    "SELECT list_transform(range(300000000), x -> x || 'long')",
    "SELECT replace(repeat('x', 40000), 'x', repeat('y', 90000))",
    "SELECT regexp_replace(repeat('x', 40000), 'x', repeat('y', 90000), 'g')",
    "SELECT string_split(repeat('x,', 900000000), ',')",
    "SELECT to_json(range(900000000))", "SELECT hex(repeat('x', 1500000000))",
    "SELECT map(range(400000000), range(400000000))",
    "SELECT histogram(i) FROM range(900000000) t(i)", "SELECT i FROM range(900000000) t(i) ORDER BY hash(i)",
    "SELECT repeat('x', 900000000) FROM substitutions", "SELECT [repeat('x', 90000000) FOR x IN range(99)]",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000, "SELECT " + "1+" * 40_000 + "1", "SELECT '" + "x" * 200_000 + "'",
    "SELECT " + "[" * 3000 + "1" + "]" * 3000, "SELECT range(3000000000000)",
    "SELECT 2**99999, repeat('ab', 4000000000)",
)  # fmt: skip


def refused(home: Path) -> list[str]:
    """Questions that would read or write something else than the store."""
    (home / "secret.csv").write_text("a,b\nsecret-7f3a,2\n")
    secret, target = home / "secret.csv", home / "out"
    tables = ["read_csv", "read_csv_auto", "read_text", "read_blob", "read_json", "read_json_auto", "read_parquet",
              "sniff_csv", "glob", "parquet_metadata", "parquet_schema", "read_ndjson", "read_xlsx", "sqlite_scan",
              "read_duckdb", "iceberg_scan", "delta_scan", "st_read", "postgres_scan", "read_json_objects"]  # fmt: skip
    return [
        *(f"SELECT * FROM {name}('{secret}')" for name in tables),
        f"FROM '{secret}'", f"SELECT * FROM '{secret}'", f"SELECT * FROM '{home}/*'", "SELECT * FROM glob('/etc/*')",
        f"COPY articles TO '{target}'", f"COPY (SELECT 1) TO '{target}' (FORMAT parquet)",
        f"COPY articles FROM '{secret}'",
        f"EXPORT DATABASE '{target}'", f"IMPORT DATABASE '{home}'", f"ATTACH '{target}'",
        f"ATTACH '{target}' AS x; SELECT 1",
        "DETACH memory", "INSTALL httpfs", "LOAD httpfs", "FORCE INSTALL httpfs", "LOAD '/tmp/x.duckdb_extension'",
        "SET enable_external_access = true", "RESET enable_external_access", "SET GLOBAL threads = 99",
        "PRAGMA version",
        "SET memory_limit = '99GB'", "SET lock_configuration = false", "PRAGMA enable_profiling",
        "PRAGMA database_list",
        f"PRAGMA profiling_output = '{target}'", "CALL pragma_version()", "CREATE TABLE x AS SELECT 1", "CHECKPOINT",
        "CREATE VIEW x AS SELECT 1", "CREATE MACRO f(a) AS a", "CREATE SECRET s (TYPE s3)", "DROP TABLE articles",
        "INSERT INTO errors SELECT 'a', 'b', 'c', 'd'", "DELETE FROM articles", "UPDATE articles SET site = 'x'",
        "TRUNCATE articles", "ALTER TABLE articles ADD COLUMN x INT", "BEGIN", "VACUUM", "ANALYZE",
        "SELECT 1; SELECT 2",
        "PREPARE p AS SELECT 1", "EXECUTE p", f"SELECT 1; COPY articles TO '{target}'", "USE memory",
        "EXPLAIN SELECT 1",
        f"SELECT * FROM query('FROM read_text(''{secret}'')')", f"SELECT * FROM query_table('{secret}')",
        f"SELECT * FROM query('COPY articles TO ''{target}''')", "FROM 'https://n.example/x.csv'",
        "FROM 's3://n/x.parquet'",
        "SELECT getenv('HOME')", "SELECT * FROM arrow_scan(1, 2, 3)", "SELECT * FROM pandas_scan(1)",
        "SELECT * FROM store",
        "SELECT * FROM python_scan_all_frames", "SELECT * FROM duckdb", "SELECT nothing", "", ";", "--", "\x00",
        "SELECT \ud800",
    ]  # fmt: skip


def question_of(store: str, seconds: str, question: str) -> None:
    """Ask a question; it is answered within its bounds, or refused with a clear error."""
    from helpers.scale import questions

    questions.SECONDS = float(seconds)
    try:
        found = questions.ask(store, COSTLY[int(question)])
        said, clear = f"{len(found):,} rows", True
    except questions.QuestionError as error:
        said, clear = str(error).splitlines()[0][:150], "not answered: " in str(error)
    end_helpers()
    tell(said, clear)


def a_store(home: Path) -> Path:
    """A store with one table of each kind, as `at_scale` leaves it, made by hand."""
    import pandas as pd

    from helpers.scale.store import write_manifest, write_part

    store = home / "store"
    made = {
        "articles": pd.DataFrame({"article_id": ["a", "b"], "site": ["x", "y"]}),
        "substitutions": pd.DataFrame({"site": ["x"] * 5, "spun": list("abcde"), "original": list("fghij")}),
        "errors": pd.DataFrame({name: ["a"] for name in ("stage", "article_id", "error", "message")}),
    }
    files = {name: [write_part(store, name, 0, "k", table)] for name, table in made.items()}
    write_manifest(store, {"tables": files})
    return store


def questions(home: Path, seconds: float = 10) -> Attempts:
    """Each question that costs much; the memory that it takes is that of a process."""
    store = a_store(home)
    results = [measured("question_of", str(store), str(seconds), str(number)) for number in range(len(COSTLY))]
    return counted("a question that costs much", results)


def openings(home: Path) -> Attempts:
    """Each question that would read or write something else; files are as they were."""
    from helpers.scale.questions import QuestionError, ask

    store = a_store(home)
    asked = refused(home)
    before = sorted(str(path) for path in home.rglob("*"))
    wrong, said = 0, ""
    for question in asked:
        try:
            ask(store, question)
            wrong, said = wrong + 1, f"answered: {question}"
        except QuestionError as error:
            wrong += "not answered: " not in str(error)
        except Exception as error:
            wrong, said = wrong + 1, f"{question!r}: {type(error).__name__}: {error}"
    wrong += sorted(str(path) for path in home.rglob("*")) != before
    return Attempts("a question that would read or write something else", len(asked), wrong=wrong, said=said[:300])


def attempts(home: Path) -> Iterator[Attempts]:
    """Attack in full number, and yield what came of it."""
    for attack in (piles, tables, questions, openings):
        folder = home / attack.__name__
        folder.mkdir()
        yield attack(folder)
