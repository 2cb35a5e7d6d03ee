"""A corpus folder goes in; a table of articles comes out, or an error that names file, row and mend."""

import csv
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from processes import at_once

from helpers.corpus import COLUMNS, add_article, load_articles, two_texts
from helpers.corpus.articles import CorpusError
from helpers.corpus.schemas import Articles
from helpers.files.atomic import write_file
from helpers.substitutions import find_substitutions

SPUN = "“Irrespective of how the worldwide scenario adjustments, the sensation of friendship can’t change.”\n"
REFERENCE = "“No matter how the international situation changes, the feeling of friendship cannot change.”\n"


def line(**facts: str) -> str:
    """One row of articles.csv: the facts given, a spun article where nothing is said."""
    row = dict.fromkeys(COLUMNS, "") | {"article_id": "bank", "role": "spun", "file": "spun/bank.txt"} | facts
    out = io.StringIO()
    csv.DictWriter(out, COLUMNS, lineterminator="\n").writerow(row)
    return out.getvalue()


HEADER = ",".join(COLUMNS) + "\n"
GOOD = line(article_id="kim-reference", role="reference", file="reference/kim.txt") + line(
    article_id="kim", reference_id="kim-reference", file="spun/kim.txt"
)
GOOD_IDS = ["kim-reference", "kim"]


def corpus_with(folder: Path, lines: str = "", files: dict[str, bytes] | None = None, header: str = HEADER) -> Path:
    """A corpus of two good articles in rows 2 and 3; `lines` and `files` come on top, from row 4 on."""
    texts = {"spun/kim.txt": SPUN.encode(), "reference/kim.txt": REFERENCE.encode()} | (files or {})
    for name, content in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "articles.csv").write_text(header + GOOD + lines, encoding="utf-8", newline="")
    return folder


def one_article(folder: Path, content: bytes, name: str = "spun/page.txt") -> pd.Series:
    """The article that `load_articles` makes of a file with this content."""
    return load_articles(corpus_with(folder, line(article_id="page", file=name), {name: content})).loc["page"]


@dataclass(frozen=True)
class Bad:
    """A fourth row that cannot be loaded, and what the error says of it."""

    row: str
    problem: str
    mend: str
    files: dict[str, bytes] = field(default_factory=dict)


WRITTEN = {"spun/bank.txt": b"The financial institution acquired its first assembly.\n"}
BAD_ROWS = {
    "a missing file": Bad(
        line(file="spun/lost.txt"), "there is no file 'spun/lost.txt'", "put the file there, or correct the column file"
    ),
    "a folder for a file": Bad(line(file="spun"), "there is no file 'spun'", "correct the column file", WRITTEN),
    "no file named": Bad(line(file=""), "the column file is empty", "name the article's file", WRITTEN),
    "an empty file": Bad(
        line(), "'spun/bank.txt' holds no text", "put the article's text into it", {"spun/bank.txt": b""}
    ),
    "a file of white space": Bad(
        line(), "'spun/bank.txt' holds no text", "take the row out", {"spun/bank.txt": b" \t\r\n\n"}
    ),
    "a page without a text": Bad(
        line(file="spun/bank.html"),
        "'spun/bank.html' holds no text",
        "put the article's text into it",
        {"spun/bank.html": b"<html><body><script>track()</script></body></html>"},
    ),
    "a file in Windows-1252": Bad(
        line(),
        "'bank.txt' is not UTF-8 (byte 10 is 0x92)",
        "save it as UTF-8",
        {"spun/bank.txt": "It is Asia’s bank".encode("cp1252")},
    ),
    "a file in UTF-16": Bad(
        line(),
        "'bank.txt' is not UTF-8 (byte 0 is 0xff)",
        "save it as UTF-8",
        {"spun/bank.txt": "Kim".encode("utf-16")},
    ),
    "a file with NUL bytes": Bad(
        line(), "'bank.txt' holds NUL bytes", "save it as UTF-8 text", {"spun/bank.txt": b"The\x00bank"}
    ),
    "a file of an unknown kind": Bad(
        line(file="spun/bank.pdf"),
        "'spun/bank.pdf' is of an unknown kind",
        "use one of",
        {"spun/bank.pdf": b"%PDF-1.7"},
    ),
    "an unknown role": Bad(line(role="Spun"), "the role 'Spun' is unknown", "write one of: spun, reference", WRITTEN),
    "a duplicate id": Bad(
        line(article_id="kim"), "the article_id 'kim' is taken by row 3", "rename one of the two", WRITTEN
    ),
    "an empty id": Bad(line(article_id=""), "the article_id is empty", "give the article a name of its own", WRITTEN),
    "an id of white space": Bad(line(article_id="  "), "the article_id is empty", "give the article a name", WRITTEN),
    "too many fields": Bad(
        line().rstrip("\n") + ",Beijing,China\n", "2 field(s) too many", "in double quotation marks", WRITTEN
    ),
    "too few fields": Bad("bank,spun,bank.example\n", "too few fields", "give all 12 columns", WRITTEN),
    "a date in words": Bad(
        line(published="5 Sept 2025"), "published '5 Sept 2025' is no date", "write it as 2025-09-05", WRITTEN
    ),
    "a day that does not exist": Bad(
        line(retrieved="2025-02-30"), "retrieved '2025-02-30' is no date", "write it as 2025-09-05", WRITTEN
    ),
}


@pytest.mark.parametrize("bad", BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_a_bad_row_raises_an_error_that_names_file_row_and_mend(tmp_path, bad):
    corpus = corpus_with(tmp_path, bad.row, bad.files)
    with pytest.raises(CorpusError) as error:
        load_articles(corpus)
    assert str(error.value).startswith(f"{corpus / 'articles.csv'}, row 4: {bad.problem}")
    assert bad.mend in str(error.value).partition(" Mend: ")[2]


@pytest.mark.parametrize("bad", BAD_ROWS.values(), ids=BAD_ROWS.keys())
@pytest.mark.filterwarnings("ignore:1 problem")
def test_collecting_reports_a_bad_row_and_loads_the_rest(tmp_path, bad):
    corpus = corpus_with(tmp_path, bad.row, bad.files)
    articles = load_articles(corpus, errors="collect")
    assert list(articles.index) == GOOD_IDS
    [problem] = articles.attrs["problems"]
    assert (problem["file"], problem["row"]) == (str(corpus / "articles.csv"), 4)
    assert problem["problem"].startswith(bad.problem)
    assert bad.mend in problem["mend"]


def test_collecting_warns_of_what_it_left_out(tmp_path):
    corpus = corpus_with(tmp_path, line(file="spun/lost.txt"))
    with pytest.warns(UserWarning, match=r"row 4: there is no file 'spun/lost\.txt'"):
        load_articles(corpus, errors="collect")


@pytest.mark.filterwarnings("ignore:1 problem")
def test_the_row_of_a_bad_article_is_counted_in_lines_where_a_title_has_several(tmp_path):
    rows = line(article_id="fine", title="Kim, Xi\nhail bond") + line(role="copy")
    corpus = corpus_with(tmp_path, rows, WRITTEN)
    [problem] = load_articles(corpus, errors="collect").attrs["problems"]
    assert problem["row"] == 6


OUTSIDE = {
    "by going up": "../diary.txt",
    "by going down and up": "spun/../../diary.txt",
    "by an absolute path": "{outside}/diary.txt",
    "by a symlink to a file": "spun/link.txt",
    "by a symlink to a folder": "linked/diary.txt",
}


@pytest.fixture(params=OUTSIDE.values(), ids=OUTSIDE.keys())
def corpus_that_points_outside(request, tmp_path) -> Path:
    """A corpus whose fourth row names a readable text file outside the corpus folder."""
    (tmp_path / "diary.txt").write_text("A private text.\n")
    name = request.param.format(outside=tmp_path)
    corpus = corpus_with(tmp_path / "corpus", line(file=name))
    (corpus / "spun" / "link.txt").symlink_to(tmp_path / "diary.txt")
    (corpus / "linked").symlink_to(tmp_path, target_is_directory=True)
    return corpus


def test_a_file_outside_the_corpus_is_an_error_that_names_row_and_mend(corpus_that_points_outside):
    with pytest.raises(CorpusError, match=r"articles\.csv, row 4: .*lies outside the corpus folder\. Mend: copy"):
        load_articles(corpus_that_points_outside)


@pytest.mark.filterwarnings("ignore:1 problem")
def test_a_file_outside_the_corpus_is_not_read(corpus_that_points_outside):
    articles = load_articles(corpus_that_points_outside, errors="collect")
    assert list(articles.index) == GOOD_IDS


UNMET = {
    "that is not there": ("kim-original", "the reference_id 'kim-original' is not there"),
    "that names a spun article": ("kim", "the reference_id 'kim' is not a reference"),
    "that names the article itself": ("bank", "the reference_id 'bank' is not a reference"),
}


@pytest.mark.parametrize(("reference_id", "problem"), UNMET.values(), ids=UNMET.keys())
def test_a_reference_id_is_an_error(tmp_path, reference_id, problem):
    corpus = corpus_with(tmp_path, line(reference_id=reference_id), WRITTEN)
    with pytest.raises(CorpusError) as error:
        load_articles(corpus)
    assert str(error.value).startswith(f"{corpus / 'articles.csv'}, row 4: {problem}. Mend: give the article_id of")


@pytest.mark.parametrize(("reference_id", "problem"), UNMET.values(), ids=UNMET.keys())
@pytest.mark.filterwarnings("ignore:1 problem")
def test_an_article_is_loaded_with_a_problem_where_its_reference_id(tmp_path, reference_id, problem):
    corpus = corpus_with(tmp_path, line(reference_id=reference_id), WRITTEN)
    articles = load_articles(corpus, errors="collect")
    assert list(articles.index) == [*GOOD_IDS, "bank"]
    assert [(entry["row"], entry["problem"]) for entry in articles.attrs["problems"]] == [(4, f"{problem}.")]


@pytest.mark.parametrize("errors", ["raise", "collect"])
def test_a_missing_table_always_raises(tmp_path, errors):
    with pytest.raises(CorpusError, match=r"articles\.csv: there is no such file\. Mend: point load_articles at"):
        load_articles(tmp_path, errors=errors)


@pytest.mark.parametrize("errors", ["raise", "collect"])
def test_a_missing_column_always_raises(tmp_path, errors):
    corpus = corpus_with(tmp_path, header=HEADER.replace("licence,", ""))
    with pytest.raises(CorpusError, match=r"row 1: the column\(s\) licence are missing\. Mend: the first row must be"):
        load_articles(corpus, errors=errors)


@pytest.mark.parametrize("errors", ["raise", "collect"])
def test_an_empty_table_always_raises(tmp_path, errors):
    (tmp_path / "articles.csv").write_bytes(b"")
    with pytest.raises(CorpusError, match=r"row 1: the column\(s\) article_id, .*, file are missing\. Mend: "):
        load_articles(tmp_path, errors=errors)


@pytest.mark.parametrize("errors", ["raise", "collect"])
def test_a_table_that_is_not_utf8_always_raises(tmp_path, errors):
    corpus = corpus_with(tmp_path)
    table = corpus / "articles.csv"
    table.write_bytes(table.read_bytes() + line(title="Café").encode("latin-1"))
    with pytest.raises(CorpusError, match=r"'articles\.csv' is not UTF-8 \(byte \d+ is 0xe9\)\. Mend: save it"):
        load_articles(corpus, errors=errors)


@pytest.mark.parametrize("errors", ["raise", "collect"])
def test_a_table_with_nul_bytes_always_raises(tmp_path, errors):
    corpus = corpus_with(tmp_path, line(title="Kim\x00Xi"), WRITTEN)
    with pytest.raises(CorpusError, match=r"'articles\.csv' holds NUL bytes .*Mend: save it as UTF-8 text"):
        load_articles(corpus, errors=errors)


UNCLOSED = 'bank,spun,,,"Kim, Xi hail bond,,,,,,,spun/bank.txt\n'


def test_an_unclosed_quote_is_an_error_that_names_file_and_mend(tmp_path):
    corpus = corpus_with(tmp_path, UNCLOSED, WRITTEN)
    with pytest.raises(CorpusError, match=r"articles\.csv, row \d: not valid CSV .*Mend: close the quotation marks"):
        load_articles(corpus)


@pytest.mark.filterwarnings("ignore:1 problem")
def test_rows_before_an_unclosed_quote_are_loaded(tmp_path):
    articles = load_articles(corpus_with(tmp_path, UNCLOSED, WRITTEN), errors="collect")
    assert list(articles.index) == GOOD_IDS
    assert len(articles.attrs["problems"]) == 1


def test_all_problems_of_a_corpus_are_listed_at_once(tmp_path):
    rows = (
        line(article_id="a", role="copy")
        + line(article_id="b", file="spun/lost.txt")
        + line(article_id="c", published="yesterday evening")
        + line(article_id="d", reference_id="nowhere")
        + line(article_id="kim")
    )
    with pytest.raises(CorpusError) as error:
        load_articles(corpus_with(tmp_path, rows, WRITTEN))
    assert sorted(problem.row for problem in error.value.problems) == [4, 5, 6, 7, 8]
    assert len(str(error.value).splitlines()) == 5


def test_all_problems_of_one_row_are_listed_at_once(tmp_path):
    row = line(article_id="", role="copy", published="yesterday evening")
    with pytest.raises(CorpusError) as error:
        load_articles(corpus_with(tmp_path, row, WRITTEN))
    said = str(error.value)
    assert "article_id is empty" in said
    assert "role 'copy' is unknown" in said
    assert "'yesterday evening' is no date" in said


def test_a_good_corpus_has_no_problems(tmp_path):
    assert "problems" not in load_articles(corpus_with(tmp_path), errors="collect").attrs


def test_errors_must_be_raise_or_collect(tmp_path):
    with pytest.raises(ValueError, match="not 'ignore'"):
        load_articles(corpus_with(tmp_path), errors="ignore")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_line_breaks_are_kept(tmp_path, line_break):
    stored = line_break.join(["Kim, Xi hail bond", "", "The two leaders met.", ""])
    assert one_article(tmp_path, stored.encode())["text"] == stored


def test_offsets_count_characters_of_the_stored_file(tmp_path):
    stored = "Headline\r\n\r\nIt’s China’s assembly.\r\n"
    article = one_article(tmp_path, stored.encode())
    start = stored.index("assembly")
    assert article["text"][start : start + 8] == "assembly"


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path):
    assert one_article(tmp_path, b"\xef\xbb\xbfKim mentioned.\n")["text"] == "Kim mentioned.\n"


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path):
    corpus = corpus_with(tmp_path)
    table = corpus / "articles.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes())
    assert list(load_articles(corpus).index) == GOOD_IDS


def test_a_table_with_windows_line_breaks_is_read(tmp_path):
    corpus = corpus_with(tmp_path)
    table = corpus / "articles.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    assert list(load_articles(corpus)["file"]) == ["reference/kim.txt", "spun/kim.txt"]


def test_the_hash_is_that_of_the_file_as_it_lies_on_disk(tmp_path):
    content = b"\xef\xbb\xbfKim mentioned.\r\n"
    assert one_article(tmp_path, content)["sha256"] == hashlib.sha256(content).hexdigest()


def test_dates_become_timestamps_and_unknown_ones_are_missing(tmp_path):
    rows = line(article_id="dated", published="2025-09-05", retrieved="2025-09-06T14:30") + line()
    articles = load_articles(corpus_with(tmp_path, rows, WRITTEN))
    assert articles.loc["dated", "published"] == pd.Timestamp(2025, 9, 5)
    assert articles.loc["dated", "retrieved"] == pd.Timestamp(2025, 9, 6, 14, 30)
    assert pd.isna(articles.loc["bank", "published"])


PAGE = """<!doctype html>
<html><head><title>Orbital News</title><script>track("visit")</script></head><body>
<nav><a href="/world">World</a></nav>
<article><h1>Kim, Xi hail bond</h1>
<p>North Korea’s chief Kim Jong Un has pledged to guard China’s sovereignty, territorial integrity and development
pursuits, according to <a href="https://kcna.example/statement">state media</a> &amp; others.</p>
<p>Kim made the remarks throughout a assembly with Chinese language President Xi Jinping in Beijing on Thursday, the
Korean Central Information Company mentioned. <a href="#top">Back to prime</a></p>
<p>The two leaders agreed to strengthen <a href="https://kcna.example/statement">high-level visits</a> and strategic
communication between the two nations, the company added on Friday morning.</p></article>
<footer>All rights reserved</footer></body></html>
"""


@pytest.fixture
def page(tmp_path) -> pd.Series:
    """A saved web page as it is loaded."""
    return one_article(tmp_path, PAGE.encode(), "spun/page.html")


def test_the_text_of_a_web_page_is_its_main_text_a_line_a_paragraph(page):
    heading, first, second, third = page["text"].splitlines()
    assert heading == "Kim, Xi hail bond"
    assert first.startswith("North Korea’s chief Kim Jong Un")
    assert first.endswith("according to state media & others.")
    assert "throughout a assembly with" in second
    assert third.endswith("on Friday morning.")


@pytest.mark.parametrize("outside", ["World", "All rights reserved", "track", "Orbital News", "<p>"])
def test_what_stands_around_the_main_text_is_left_out(page, outside):
    assert outside not in page["text"]


def test_the_links_of_a_web_page_are_kept_once_each_without_those_into_the_page_itself(page):
    assert page["links"] == ["/world", "https://kcna.example/statement"]


def test_a_text_file_has_no_links(tmp_path):
    assert one_article(tmp_path, b"See https://kcna.example/statement <a href='/world'>World</a>\n")["links"] == []


def test_every_row_of_the_shipped_corpus_is_loaded(corpus, articles):
    with open(corpus / "articles.csv", encoding="utf-8", newline="") as table:
        assert list(articles.index) == [row["article_id"] for row in csv.DictReader(table)]


def test_the_shipped_corpus_satisfies_the_schema(articles):
    pd.testing.assert_frame_equal(Articles.validate(articles, lazy=True), articles)


def test_every_spun_article_of_the_shipped_corpus_has_its_reference(articles):
    spun = articles[articles["role"] == "spun"]
    assert set(articles.loc[spun["reference_id"], "role"]) == {"reference"}


def test_every_file_of_the_shipped_corpus_is_named_once(corpus, articles):
    files = [*(corpus / "spun").iterdir(), *(corpus / "reference").iterdir()]
    assert sorted(articles["file"]) == sorted(path.relative_to(corpus).as_posix() for path in files)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, the lock apart."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".articles.lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_an_added_article_is_loaded_as_it_was_given(tmp_path):
    facts = {
        "site": "orbital.example",
        "url": "https://orbital.example/kim-xi",
        "title": 'Kim, Xi hail "bond"\nas North Korea grows',
        "byline": "José Ó’Brien",
        "licence": "CC0-1.0",
        "note": "made up",
        "reference_id": "original",
    }
    add_article(tmp_path, "original", "reference", REFERENCE)
    add_article(tmp_path, "added", "spun", SPUN, published="2025-09-05", retrieved="2025-09-06T14:30", **facts)
    article = load_articles(tmp_path).loc["added"]
    assert dict(article[list(facts)]) == facts
    assert (article["role"], article["text"], article["file"]) == ("spun", SPUN, "spun/added.txt")
    assert (article["published"], article["retrieved"]) == (pd.Timestamp(2025, 9, 5), pd.Timestamp(2025, 9, 6, 14, 30))


def test_the_file_of_an_added_article_holds_its_text_with_its_line_breaks(tmp_path):
    path = add_article(tmp_path, "added", "spun", "Kim mentioned.\r\n\nXi agreed.")
    assert path == tmp_path / "spun" / "added.txt"
    assert path.read_bytes() == b"Kim mentioned.\r\n\nXi agreed."


def test_adding_an_article_keeps_the_rows_that_were_there(tmp_path):
    before = load_articles(corpus_with(tmp_path))
    add_article(tmp_path, "added", "spun", SPUN)
    pd.testing.assert_frame_equal(load_articles(tmp_path).drop(index="added"), before)


REFUSED = {
    "a duplicate id": ({"article_id": "kim"}, "'kim' is taken by row 3. Mend: rename"),
    "an id that goes up": ({"article_id": "../escape"}, "'../escape' cannot be a file name. Mend: use letters"),
    "an id with a slash": ({"article_id": "a/b"}, "'a/b' cannot be a file name. Mend: use letters"),
    "an id with a backslash": ({"article_id": "a\\b"}, "cannot be a file name. Mend: use letters"),
    "an id with a NUL": ({"article_id": "a\x00b"}, "cannot be a file name. Mend: use letters"),
    "a hidden id": ({"article_id": ".added"}, "'.added' cannot be a file name. Mend: use letters"),
    "an empty id": ({"article_id": ""}, "'' cannot be a file name. Mend: use letters"),
    "an empty text": ({"text": ""}, "the text is empty. Mend: paste the article's text"),
    "a text of white space": ({"text": " \n\t"}, "the text is empty. Mend: paste the article's text"),
    "a missing reference": ({"reference_id": "nowhere"}, "'nowhere' is not that of a reference. Mend: add the"),
    "a spun article as reference": ({"reference_id": "kim"}, "'kim' is not that of a reference. Mend: add the"),
    "an unknown role": ({"role": "../outside"}, "the role '../outside' is unknown. Mend: write one of"),
    "a date in words": ({"published": "5 Sept 2025"}, "'5 Sept 2025' is no date. Mend: write it as"),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_adding_refuses(tmp_path, facts, said):
    corpus = corpus_with(tmp_path / "corpus")
    with pytest.raises(CorpusError) as error:
        add_article(corpus, **({"article_id": "added", "role": "spun", "text": SPUN} | facts))
    assert said in str(error.value)


@pytest.mark.parametrize(("facts", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_nothing_is_changed_by_refusing(tmp_path, facts, said):
    corpus = corpus_with(tmp_path / "corpus")
    before = contents(tmp_path)
    with pytest.raises(CorpusError):
        add_article(corpus, **({"article_id": "added", "role": "spun", "text": SPUN} | facts))
    assert contents(tmp_path) == before


def test_adding_does_not_overwrite_a_file_that_no_row_names(tmp_path):
    corpus = corpus_with(tmp_path, files={"spun/stray.txt": b"A text that someone put there.\n"})
    before = contents(corpus)
    with pytest.raises(CorpusError, match=r"stray\.txt: the file is there already\. Mend: choose another article_id"):
        add_article(corpus, "stray", "spun", SPUN)
    assert contents(corpus) == before


def test_a_failed_write_of_the_table_leaves_the_old_table_and_no_stray_file(tmp_path, monkeypatch):
    corpus = corpus_with(tmp_path)
    before = contents(corpus)

    def disk_full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("helpers.corpus.articles.write_table", disk_full)
    with pytest.raises(OSError, match="No space left"):
        add_article(corpus, "added", "spun", SPUN)
    assert contents(corpus) == before


def test_a_write_that_fails_half_way_leaves_the_old_file_and_no_draft(tmp_path):
    table = tmp_path / "articles.csv"
    table.write_bytes(b"the old table")
    with pytest.raises(UnicodeEncodeError):
        write_file(table, "half of the new table" * 10_000 + "\ud800")
    assert contents(tmp_path) == {"articles.csv": b"the old table"}


def add_ten(corpus: str, who: str, together) -> None:
    """Add ten articles, beginning at the same moment as the other process."""
    together.wait(60)
    for number in range(10):
        add_article(corpus, f"{who}-{number}", "spun", f"Article {number} by {who}.\n")


def test_two_processes_that_add_at_once_lose_no_row(tmp_path):
    at_once(add_ten, tmp_path, ("one", "two"))
    articles = load_articles(tmp_path)
    assert set(articles.index) == {f"{who}-{number}" for who in ("one", "two") for number in range(10)}
    assert articles.loc["two-7", "text"] == "Article 7 by two.\n"


def two_articles(tmp_path, **facts):
    add_article(tmp_path, "r", "reference", "Good.\n")
    add_article(tmp_path, "s", "spun", facts.pop("text", "Spun.\n"), **facts)
    return load_articles(tmp_path)


@pytest.mark.parametrize(
    "facts",
    [{"title": "a\x00b"}, {"text": "a\x00b"}, {"title": "a\rb"}, {"published": "9999-01-01"}, {"title": "x" * 140_000}],
    ids=["NUL title", "NUL text", "CR title", "year 9999", "long title"],
)
def test_add_article_refuses_what_would_not_load(tmp_path, facts):
    with pytest.raises(CorpusError):
        two_articles(tmp_path, **facts)
    assert list(load_articles(tmp_path).index) == ["r"]


def test_add_article_keeps_columns_it_does_not_know(tmp_path):
    add_article(tmp_path, "r", "reference", "Good.\n")
    t = tmp_path / "articles.csv"
    head, row = t.read_text().splitlines()
    t.write_text(f"{head},topic\n{row},politics\n")
    load_articles(tmp_path)
    add_article(tmp_path, "s", "spun", "Spun.\n")
    assert "politics" in t.read_text()


def test_collecting_returns_an_empty_table_when_every_row_is_bad(tmp_path):
    add_article(tmp_path, "r", "reference", "Good.\n")
    (tmp_path / "reference" / "r.txt").unlink()
    assert len(load_articles(tmp_path, errors="collect")) == 0


def test_a_table_with_a_header_only_loads(tmp_path):
    (tmp_path / "articles.csv").write_text(",".join(COLUMNS) + "\n")
    assert len(load_articles(tmp_path)) == 0


def test_dates_with_and_without_time_zone_load_together(tmp_path):
    add_article(tmp_path, "r", "reference", "Good.\n", published="2025-09-05")
    add_article(tmp_path, "s", "spun", "Spun.\n", published="2025-09-05T14:30+02:00")
    load_articles(tmp_path)


@pytest.mark.parametrize("d", ["9999-01-01", "0001-01-01"])
def test_a_date_out_of_range_names_its_row(tmp_path, d):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "articles.csv").write_text(",".join(COLUMNS) + f"\na,spun,,,,,{d},,,,,a.txt\n")
    with pytest.raises(CorpusError, match="row 2"):
        load_articles(tmp_path)


def test_now_is_no_date(tmp_path):
    with pytest.raises(CorpusError):
        two_articles(tmp_path, published="now")


def test_an_unclosed_quote_is_reported_in_its_own_row(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "articles.csv").write_text(",".join(COLUMNS) + '\na,spun,,,,,,,,,,a.txt\nb,spun,,,"T,,,,,,,a.txt\n')
    with pytest.raises(CorpusError, match="row 3: not valid CSV"):
        load_articles(tmp_path)


@pytest.mark.parametrize("name", ["a" * 300 + ".txt", "loop.txt"])
def test_a_file_name_the_system_refuses_is_a_corpus_error(tmp_path, name):
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "articles.csv").write_text(",".join(COLUMNS) + f"\na,spun,,,,,,,,,,{name}\n")
    with pytest.raises(CorpusError):
        load_articles(tmp_path)


def with_provenance(tmp_path, note, provenance=None):
    """Load a corpus of one article whose row has this note, and this provenance if there is such a column."""
    row = dict.fromkeys(COLUMNS, "") | {"article_id": "a", "role": "reference", "note": note, "file": "a.txt"}
    row |= {} if provenance is None else {"provenance": provenance}
    out = io.StringIO()
    table = csv.DictWriter(out, list(row), lineterminator="\n")
    table.writeheader()
    table.writerow(row)
    (tmp_path / "articles.csv").write_text(out.getvalue(), encoding="utf-8")
    (tmp_path / "a.txt").write_text("Kim and Xi met.", encoding="utf-8")
    return load_articles(tmp_path).loc["a", "provenance"]


@pytest.mark.parametrize(
    ("provenance", "meant"),
    [(None, "published"), ("", "published"), ("simulated", "simulated"), ("reconstructed", "reconstructed")],
)
def test_where_a_text_is_from_stands_in_a_column_of_its_own(tmp_path, provenance, meant):
    assert with_provenance(tmp_path, "On the reconstruction of the bridge, no simulation.", provenance) == meant


@pytest.mark.parametrize(
    ("note", "word"), [("Simulated: dictionary a", "simulated"), ("Reconstruction.", "reconstructed")]
)
def test_a_note_that_alone_says_where_a_text_is_from_is_not_passed_over(tmp_path, note, word):
    with pytest.raises(CorpusError, match=rf"row 2: the note says .* Mend: write {word} there"):
        with_provenance(tmp_path, note)


def test_a_provenance_that_is_none_is_named(tmp_path):
    with pytest.raises(
        CorpusError, match=r"row 2: the provenance 'invented' is unknown\. Mend: write one of: published"
    ):
        with_provenance(tmp_path, "", "invented")


def test_in_a_strangers_file_provenance_may_mean_something_else(tmp_path):
    (tmp_path / "theirs.csv").write_text("text,provenance\nKim and Xi met in Beijing.,Reuters\n", encoding="utf-8")
    [article] = load_articles(tmp_path / "theirs.csv", role="reference").itertuples()
    assert article.provenance == "published"
    assert "provenance 'Reuters' is none of published, reconstructed, simulated" in article.repaired


def test_two_files_or_two_texts_are_two_articles_of_one_pair(tmp_path):
    (tmp_path / "spun.txt").write_text("The military met on Monday.", encoding="utf-8")
    page = "<title>Army meets</title><body><article><p>The army met on Monday.</p></article></body>"
    (tmp_path / "source.html").write_text(page, encoding="utf-8")
    for pair in (
        (tmp_path / "spun.txt", str(tmp_path / "source.html")),
        ("The military met on Monday.", "The army met on Monday."),
    ):
        articles = two_texts(*pair)
        assert articles.loc["spun", "reference_id"] == "reference"
        assert [*find_substitutions(articles)[["spun", "original"]].itertuples(index=False, name=None)] == [
            ("military", "army")
        ]


@pytest.mark.parametrize("name", ["none.txt", "empty.txt", "two.csv"])
def test_a_file_without_one_article_is_named_with_the_mend(tmp_path, name):
    (tmp_path / "empty.txt").write_text(" ", encoding="utf-8")
    (tmp_path / "two.csv").write_text("title,text\na,One text.\nb,Another text.\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"{name}.*Mend: "):
        two_texts(tmp_path / name, "The army met.")
