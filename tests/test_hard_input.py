"""Hostile and damaged files go in; a clear error or a good result comes out, in bounded time and memory."""

import gzip
import io
import json
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_reading import SENTENCE, as_mhtml, as_warc, page_of

from helpers.corpus import add_article, import_articles, load_articles, read
from helpers.corpus.articles import CorpusError
from helpers.corpus.formats import sandbox
from helpers.corpus.formats.dispatch import messages
from helpers.corpus.formats.sandbox import bounded_messages
from helpers.files import child_process
from helpers.files.limits import MB, MEMORY, MOST_DEPTH
from helpers.files.problems import Problem


@pytest.fixture(scope="module")
def page(articles) -> str:
    return page_of(articles.loc["kim-xi"])


def problems_of(path: Path) -> list[str]:
    """What `read` says is wrong with a file, each with file, place and mend."""
    table = read(path, role="spun")
    return [str(Problem(**problem)) for problem in table.attrs["problems"]]


def the_problem(path: Path) -> str:
    """The one problem that a file has; nothing is read of it."""
    table = read(path, role="spun")
    assert len(table) == 0
    [problem] = table.attrs["problems"]
    assert problem["file"] == str(path)
    assert problem["mend"]
    return problem["problem"]


def jsonl(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


# Truncated and damaged


@pytest.mark.parametrize("name", ["texts.csv.gz", "texts.jsonl.gz", "crawl.warc.gz"])
def test_what_comes_before_the_end_of_a_truncated_gzip_is_read(tmp_path, page, name):
    rows = [f"Article {number}: " + " ".join(f"word{number * k}" for k in range(200)) for number in range(200)]
    whole = {
        "texts.csv.gz": gzip.compress(("text\n" + "\n".join(rows)).encode()),
        "texts.jsonl.gz": gzip.compress(jsonl(*({"text": row} for row in rows))),
        "crawl.warc.gz": as_warc(*(page.replace("Kim", f"Kim{n}") for n in range(6))),
    }[name]
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])
    table = read(tmp_path / name)
    assert 0 < len(table) < 200
    assert table.attrs["problems"]
    assert all(problem["mend"] for problem in table.attrs["problems"])


DAMAGED = {
    "a gzip file that is none": ("texts.csv.gz", b"\x1f\x8b" + b"nonsense" * 10, "not valid gzip"),
    "an Excel file that is none": ("texts.xlsx", b"title,text\na,b\n", "its name says Excel"),
    "a Parquet file that is none": ("texts.parquet", b"title,text\na,b\n", "its name says Parquet"),
    "a web archive that is none": ("crawl.warc", b"<html>", "its name says WARC"),
    "a cut Parquet file": ("texts.parquet", b"PAR1" + b"\x00" * 100, "not valid Parquet"),
    "a cut ZIP file": ("pages.zip", b"PK\x03\x04" + b"\x00" * 100, "not a valid ZIP file"),
    "an empty file": ("text.txt", b"", "it holds no text"),
    "an empty table": ("texts.csv", b"", "the table is empty"),
    "a table without text": ("texts.csv", b"title,url\na,b\n", "no column holds the articles' text"),
    "a PDF": ("paper.pdf", b"%PDF-1.7", "it is a PDF"),
    "an old Excel file": ("texts.xls", b"\xd0\xcf\x11\xe0" * 10, "it is an old Excel or Word file"),
    "XML that is no feed": ("x.xml", b"<?xml version='1.0'?><note/>", "it is no RSS, Atom or sitemap file"),
    "a feed that is no XML": ("x.rss", b"<rss", "not valid XML"),
    "text that is binary": ("x.txt", bytes(range(256)) * 20 + b"\x00" * 1000, "many NUL bytes"),
    "a page that is binary": ("x.html", b"<html>" + b"\x00\x01\x00\x02\x03" * 1000, "many NUL bytes"),
    "JSON that is none": ("x.json", b'{"text": ', "not valid JSON"),
    "MHTML without a page": ("x.mhtml", b"MIME-Version: 1.0\nContent-Type: image/png\n\nx", "it holds no web page"),
}


@pytest.mark.parametrize(("name", "content", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_cannot_be_read_is_a_clear_error(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    assert said in the_problem(tmp_path / name)


def test_a_missing_file_is_a_clear_error(tmp_path):
    assert the_problem(tmp_path / "nowhere.csv") == "there is no such file."
    with pytest.raises(CorpusError, match="there is no such file"):
        import_articles(tmp_path / "nowhere.csv", tmp_path / "corpus", role="spun")


def test_a_bad_line_of_json_lines_does_not_harm_the_others(tmp_path):
    lines = (
        jsonl({"text": "One."})
        + b'{"text": \n'
        + b"[" * 100_000
        + b"\n"
        + b"7\n"
        + jsonl({"text": 5}, {"text": "Two."})
    )
    (tmp_path / "texts.jsonl").write_bytes(lines)
    table = read(tmp_path / "texts.jsonl")
    assert table["text"].tolist() == ["One.", "Two."]
    assert [problem["row"] for problem in table.attrs["problems"]] == [2, 3, 4, 5]


def test_rows_before_a_quote_that_never_closes_are_read(tmp_path):
    (tmp_path / "texts.csv").write_text('title,text\na,One.\nb,"Two.\n' + "c,Three.\n" * 5, encoding="utf-8")
    table = read(tmp_path / "texts.csv")
    assert table["text"].tolist() == ["One."]
    assert "row 3: not valid CSV" in problems_of(tmp_path / "texts.csv")[0]


# Lies


def test_content_goes_before_the_name(tmp_path, page):
    table = pd.DataFrame({"text": [SENTENCE]})
    table.to_excel(tmp_path / "x.xlsx")
    table.to_parquet(tmp_path / "x.parquet")
    for name, content in {
        "excel.csv": (tmp_path / "x.xlsx").read_bytes(), "parquet.txt": (tmp_path / "x.parquet").read_bytes(),
        "gzip.csv": gzip.compress(f'text\n"{SENTENCE}"\n'.encode()),
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
        assert read(tmp_path / name)["text"].tolist() == [SENTENCE]
    for name, content in {
        "mhtml.html": as_mhtml(page),
        "html.mhtml": page.encode(),
        "warc.html": as_warc(page),
    }.items():
        (tmp_path / name).write_bytes(content)
        assert read(tmp_path / name)["text"].iloc[0].startswith("Kim, Xi hail bond")


@pytest.mark.parametrize("content_type", ["image/png", "text/html; charset=koi8-r", "text/plain", "", "nonsense/\x01"])
def test_a_record_whose_headers_lie_about_the_page_is_read(tmp_path, page, content_type):
    (tmp_path / "lie.warc.gz").write_bytes(as_warc(page, content_type=content_type))
    assert "it’s going to shield" in read(tmp_path / "lie.warc.gz")["text"].iloc[0]


def test_a_picture_that_says_it_is_a_page_is_a_problem_and_the_next_page_is_read(tmp_path, page):
    (tmp_path / "lie.warc.gz").write_bytes(as_warc(b"\x89PNG\r\n" + b"\x00" * 5000, page))
    table = read(tmp_path / "lie.warc.gz")
    assert len(table) == 1
    assert [problem["place"] for problem in table.attrs["problems"]] == ["record 2"]


# Frames


def frames(folder: Path, page: str) -> Path:
    (folder / "page_files").mkdir()
    (folder / "page_files" / "inner.html").write_text('<frameset><frame src="story.html"></frameset>', encoding="utf-8")
    (folder / "page_files" / "story.html").write_text(page, encoding="utf-8")
    (folder / "page.html").write_text('<frameset><frame src="page_files/inner.html"></frameset>', encoding="utf-8")
    return folder / "page.html"


def test_frames_within_frames_are_followed(tmp_path, page):
    article = read(frames(tmp_path, page)).iloc[0]
    assert article["text"].startswith("Kim, Xi hail bond")
    assert article["repaired"] == "text from the frame page_files/story.html"
    assert len(read(tmp_path)) == 1


def test_a_frame_that_shows_itself_comes_to_an_end(tmp_path):
    (tmp_path / "page.html").write_text(
        '<frameset><frame src="page.html"><frame src="b.html"></frameset>', encoding="utf-8"
    )
    (tmp_path / "b.html").write_text('<frameset><frame src="page.html"></frameset>', encoding="utf-8")
    assert the_problem(tmp_path / "page.html") == "it holds no text."


@pytest.mark.parametrize(
    "source", ["../secret.html", "/etc/passwd", "file:///etc/passwd", "link.html", "%2e%2e/secret.html"]
)
def test_a_frame_does_not_reach_outside_the_folder(tmp_path, page, source):
    inside = tmp_path / "pages"
    inside.mkdir()
    (tmp_path / "secret.html").write_text(page, encoding="utf-8")
    (inside / "link.html").symlink_to(tmp_path / "secret.html")
    (inside / "page.html").write_text(f'<iframe src="{source}"></iframe>', encoding="utf-8")
    assert the_problem(inside / "page.html") == "it holds no text."


# Too large, too deep


def test_a_page_of_50_mb_is_a_clear_error(tmp_path):
    (tmp_path / "page.html").write_bytes(b"<html><body>" + b"<p>The same again and again.</p>" * (50 * MB // 32))
    assert the_problem(tmp_path / "page.html") == "it has more than 20 MB."


def test_a_page_with_endless_tags_is_a_clear_error(tmp_path):
    (tmp_path / "tags.html").write_text("<p>word" * 200_000, encoding="utf-8")
    assert the_problem(tmp_path / "tags.html") == "the page has 200,000 tags."


@pytest.mark.parametrize("depth", [100, 1500, 50_000])
def test_a_page_deep_within_elements_is_read_whole_or_is_a_clear_error(tmp_path, page, depth):
    opened, closed = "<div>" * depth, "</div>" * depth
    deep = page.replace("<article>", f"<article>{opened}").replace("</article>", f"{closed}</article>")
    (tmp_path / "deep.html").write_text(deep, encoding="utf-8")
    if depth == 100:
        assert read(tmp_path / "deep.html")["text"].iloc[0].startswith("Kim, Xi hail bond")
    else:
        assert the_problem(tmp_path / "deep.html") == f"elements lie more than {MOST_DEPTH} deep within each other."


def test_a_table_with_a_million_columns_is_a_clear_error(tmp_path):
    wide = ",".join(f"c{number}" for number in range(1_000_000))
    (tmp_path / "wide.csv").write_text(f"text,{wide}\n" + "x," * 1_000_000 + "x\n", encoding="utf-8")
    assert the_problem(tmp_path / "wide.csv") == "the table has 1,000,001 columns."


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(b"\x00" * MB) for _ in range(size // MB)), packer.flush()])


def test_a_gzip_bomb_is_a_clear_error(tmp_path):
    (tmp_path / "texts.csv.gz").write_bytes(bomb(300 * MB))
    assert "-fold when it is unpacked" in the_problem(tmp_path / "texts.csv.gz")


def test_a_bomb_in_a_web_archive_is_an_error_and_the_next_page_is_read(tmp_path, page):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], "HTTP/1.1")
    record = writer.create_warc_record(
        "https://a.example/", "response", io.BytesIO(bomb(300 * MB)), http_headers=headers
    )
    writer.write_record(record)
    (tmp_path / "crawl.warc.gz").write_bytes(out.getvalue() + as_warc(page))
    table = read(tmp_path / "crawl.warc.gz")
    assert len(table) == 1
    assert "the page has more than 20 MB" in table.attrs["problems"][0]["problem"]


def test_an_excel_bomb_is_a_clear_error(tmp_path):
    pd.DataFrame({"text": ["One."]}).to_excel(tmp_path / "good.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as good,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for member in good.infolist():
            bad.writestr(member.filename, good.read(member))
        bad.writestr("xl/media/bomb.bin", b"\x00" * (300 * MB))
    assert "-fold when it is unpacked" in the_problem(tmp_path / "bomb.xlsx")


def test_a_zip_bomb_is_a_clear_error(tmp_path):
    with zipfile.ZipFile(tmp_path / "pages.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * (300 * MB))
    assert "-fold when it is unpacked" in the_problem(tmp_path / "pages.zip")


def test_a_zip_member_that_lies_about_its_size_is_an_error_and_the_others_are_read(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * 1_000_000)
        archive.writestr("b.txt", b"A good text.")
    lying = out.getvalue().replace(struct.pack("<I", 1_000_000), struct.pack("<I", 10))
    (tmp_path / "pages.zip").write_bytes(lying)
    table = read(tmp_path / "pages.zip")
    assert table["text"].tolist() == ["A good text."]
    assert "it is damaged" in table.attrs["problems"][0]["problem"]


def test_a_parquet_bomb_is_a_clear_error(tmp_path):
    one = pa.array(["a" * (60 * MB)])
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 80, pa.int32()), one)
    pq.write_table(pa.table({"text": rows}), tmp_path / "bomb.parquet")
    assert (tmp_path / "bomb.parquet").stat().st_size < 5 * MB
    found = read(tmp_path / "bomb.parquet")
    assert len(found) == 0
    assert {problem["problem"] for problem in found.attrs["problems"]} <= {
        "the text has more than 50 MB.", f"it needs more than {MEMORY // MB:,} MB of memory.",
    }  # fmt: skip


LAUGHS = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]><rss><channel><item><title>x</title><description>&j;</description></item></channel></rss>"  # fmt: skip
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><description>&a;</description></item></channel></rss>'


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE], ids=["a billion laughs", "an entity that is a file"])
def test_xml_that_defines_entities_is_a_clear_error(tmp_path, xml):
    (tmp_path / "feed.rss").write_text(xml, encoding="utf-8")
    assert the_problem(tmp_path / "feed.rss").startswith(("it defines entities of its own", "not valid XML"))


# Names and links


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:\\evil.txt", "..\\evil.txt", "con.txt"]
)
def test_a_member_of_an_archive_lands_inside_the_corpus_whatever_its_name(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr(name, "A text.")
    import_articles(tmp_path / "pages.zip", tmp_path / "corpus", role="spun")
    [article] = load_articles(tmp_path / "corpus").itertuples()
    assert article.text == "A text."
    assert (tmp_path / "corpus" / article.file).resolve().is_relative_to((tmp_path / "corpus" / "spun").resolve())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "pages.zip"]
    assert not Path("/etc/evil.txt").exists()


def test_a_link_to_outside_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("A private text.", encoding="utf-8")
    inside = tmp_path / "pages"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "folder").symlink_to(tmp_path, target_is_directory=True)
    (inside / "loop").symlink_to(inside, target_is_directory=True)
    (inside / "good.txt").write_text("A good text.", encoding="utf-8")
    table = read(inside, role="spun")
    assert table["text"].tolist() == ["A good text."]
    assert [problem["problem"] for problem in table.attrs["problems"]] == ["it is a link to outside the folder."]


# Signs that no file can hold


def test_nul_bytes_and_half_characters_are_replaced_one_for_one_and_recorded(tmp_path):
    (tmp_path / "texts.jsonl").write_bytes(b'{"text": "a\\u0000b\\ud83d", "title": "t\\ud83d\\u0001"}\n')
    article = read(tmp_path / "texts.jsonl").iloc[0]
    assert (article["text"], article["title"]) == ("a\ufffdb\ufffd", "t\ufffd")
    assert article["repaired"] == "2 NUL or half characters replaced by U+FFFD"
    import_articles(tmp_path / "texts.jsonl", tmp_path / "corpus", role="spun")
    assert load_articles(tmp_path / "corpus")["text"].tolist() == [article["text"]]


def test_a_nul_in_a_table_of_text_is_replaced_too(tmp_path):
    (tmp_path / "texts.csv").write_bytes(b"title,text\na,On" + b"\x00" + b"e." + b" More words to come." * 20 + b"\n")
    table = read(tmp_path / "texts.csv")
    assert table["text"].iloc[0].startswith("On\ufffde.")


def test_a_formula_in_excel_is_its_value_and_one_that_was_never_computed_is_an_error(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (["title", "text"], ["a", '=WEBSERVICE("http://evil.example")'], ["b", "A text."], [5, "More."]):
        book.active.append(row)
    book.save(tmp_path / "texts.xlsx")
    table = read(tmp_path / "texts.xlsx")
    assert table["text"].tolist() == ["A text.", "More."]
    assert table["title"].tolist() == ["b", "5"]
    assert [(problem["row"], problem["problem"]) for problem in table.attrs["problems"]] == [(2, "it holds no text.")]


# The bounds themselves


def test_records_that_are_no_pages_do_not_count_as_silence(tmp_path, page):
    (tmp_path / "crawl.warc.gz").write_bytes(as_warc(*[b"\x89PNG"] * 50, page, content_type="image/png"))
    kinds = [message["kind"] for message in messages(str(tmp_path / "crawl.warc.gz"))]
    # The first is the archive’s own description; the last says how many were passed over.
    assert kinds == ["alive"] * 51 + ["begin", "article", "skipped"]
    assert len(read(tmp_path / "crawl.warc.gz")) == 1


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """A reading process in which a text with a certain word hangs, crashes or eats memory."""
    faults = """
import ctypes, time
import helpers.corpus.formats.article_record, helpers.corpus.formats.tables
sound = helpers.corpus.formats.article_record.facts_of
def faulty(cells):
    if "HANG" in str(cells): time.sleep(600)
    if "CRASH" in str(cells): ctypes.string_at(0)
    if "EAT" in str(cells): bytearray(1 << 40)
    return sound(cells)
helpers.corpus.formats.tables.facts_of = faulty
"""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nif 'helpers.corpus.formats.sandbox' in sys.orig_argv:\n"
        f"    sys.path.insert(0, {child_process.ROOT!r})\n    exec({faults!r})\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(sandbox, "_idle", sandbox.queue.LifoQueue())

    def run(word: str, **limits) -> list[dict]:
        (tmp_path / "texts.jsonl").write_bytes(jsonl({"text": "One."}, {"text": word}, {"text": "Two."}))
        try:
            return list(bounded_messages(tmp_path / "texts.jsonl", **limits))
        finally:
            sandbox._end_all()

    return run


def test_a_record_that_hangs_is_an_error_and_the_next_is_read(planted):
    found = planted("HANG", seconds=5)
    assert [message["kind"] for message in found] == ["article", "problem", "article"]
    assert found[1]["problem"] == "it takes more than 5 seconds to read."


def test_a_record_that_crashes_the_reader_is_an_error_and_the_next_is_read(planted):
    found = planted("CRASH")
    assert [message["kind"] for message in found] == ["article", "problem", "article"]
    assert "ended the reading process" in found[1]["problem"]


def test_a_record_that_needs_too_much_memory_is_an_error_and_the_next_is_read(planted):
    found = planted("EAT")
    assert [message["kind"] for message in found] == ["article", "problem", "article"]
    assert f"it needs more than {MEMORY // MB:,} MB of memory" in found[1]["problem"]


def test_a_forked_process_does_not_speak_to_the_reader_of_its_parent(tmp_path):
    (tmp_path / "text.txt").write_text(SENTENCE, encoding="utf-8")
    assert len(read(tmp_path / "text.txt")) == 1
    idle = sandbox._idle.qsize()
    if (child := os.fork()) == 0:
        os._exit(sandbox._idle.qsize())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sandbox._idle.qsize() == idle > 0


def test_the_corpus_is_unharmed_by_a_bad_import(tmp_path, articles):
    add_article(tmp_path / "corpus", "a", "reference", SENTENCE)
    before = {path: path.read_bytes() for path in (tmp_path / "corpus").rglob("*") if path.is_file()}
    for name, content, _ in DAMAGED.values():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CorpusError):
            import_articles(tmp_path / name, tmp_path / "corpus", role="spun")
    assert {path: path.read_bytes() for path in (tmp_path / "corpus").rglob("*") if path.is_file()} == before
    assert load_articles(tmp_path / "corpus")["text"].tolist() == [SENTENCE]
