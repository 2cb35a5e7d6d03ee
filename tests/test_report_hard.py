"""Reports on corpora as they are, not as they should be: nothing is lost, and what cannot be made is said."""

import re
import shlex
import subprocess
import sys

import pandas as pd
import pytest

from helpers.corpus import add_article
from helpers.mapping import MappingTable
from helpers.report import build_report, build_reports
from helpers.report.build import build_index

REFERENCE = "The army held a meeting on Monday in the city, officials said.\n" * 3
SPUN = REFERENCE.replace("army", "military")


@pytest.fixture
def corpus(tmp_path):
    """A corpus with a reference, to which spun articles can be added."""
    add_article(tmp_path / "c", "r", "reference", REFERENCE, site="news.example", published="2025-09-05T10:00")
    return tmp_path / "c"


def add(corpus, name, text, **facts):
    add_article(corpus, name, "spun", text, reference_id="r", **facts)


def test_files_of_the_user_below_the_reports_are_never_removed(corpus, tmp_path):
    add(corpus, "s", SPUN, site="x.example")
    mine = tmp_path / "out" / "x.example" / "data" / "mine.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("x")
    with pytest.raises(RuntimeError, match="no report of Unspun"):
        build_reports(corpus, tmp_path / "out", progress=False)
    assert mine.read_text() == "x"
    mine.unlink()
    mine.parent.rmdir()
    beside = mine.parents[1] / "notes.txt"
    beside.write_text("kept")
    build_reports(corpus, tmp_path / "out", progress=False)
    assert beside.read_text() == "kept"


@pytest.mark.parametrize("texts", [{"s": REFERENCE}, {"s": REFERENCE, "t": SPUN}, {"s": "War", "t": ". . !"}])
def test_an_article_copied_word_for_word_and_one_without_words_are_reported_too(corpus, tmp_path, texts):
    for name, text in texts.items():
        add(corpus, name, text, site="x.example")
    assert build_report("x.example", corpus, tmp_path / "out").exists()


def test_a_site_that_fails_does_not_keep_the_others_from_their_reports(corpus, tmp_path):
    for name, site in [("s", "a.example"), ("t", "b.example"), ("u", "c.example")]:
        add(corpus, name, SPUN, site=site)
    (tmp_path / "out" / "b.example").mkdir(parents=True)
    (tmp_path / "out" / "b.example" / "index.html").write_text("by somebody else")
    with pytest.raises(RuntimeError, match=r"1 of 3 sites.*\n.*b\.example"):
        build_reports(corpus, tmp_path / "out", progress=False)
    index = build_index(tmp_path / "out").read_text(encoding="utf-8")
    assert "a.example/index.html" in index
    assert "c.example/index.html" in index
    assert "b.example" not in index
    assert not list((tmp_path / "out").glob(".*.draft"))


def test_an_article_older_than_its_source_is_not_said_to_have_appeared_after_it(corpus, tmp_path):
    add(corpus, "s", SPUN, site="x.example", published="2025-09-05T05:00")
    folder = build_report("x.example", corpus, tmp_path / "out").parent
    for name in ("index.html", "report.md"):
        page = (folder / name).read_text(encoding="utf-8")
        assert not re.search(r"-5(\.0)?(</data>)? hours|hours after its source", page)
        assert "before the text" in page


def test_the_order_of_the_rows_of_a_corpus_changes_nothing(corpus, tmp_path):
    for name in ("b", "a", "c"):
        add(corpus, name, SPUN, site="x.example")
    folder = build_report("x.example", corpus, tmp_path / "one").parent
    table = pd.read_csv(corpus / "articles.csv", keep_default_na=False)
    table.iloc[::-1].to_csv(corpus / "articles.csv", index=False)
    other = build_report("x.example", corpus, tmp_path / "two").parent
    for path in sorted(folder.glob("data/*.csv")):
        assert path.read_bytes() == (other / "data" / path.name).read_bytes(), path.name


def test_a_site_that_left_the_corpus_is_marked_in_the_index(corpus, tmp_path):
    add(corpus, "s", SPUN, site="x.example")
    built = build_report("x.example", corpus, tmp_path / "out")
    assert "as it is now" not in build_index(tmp_path / "out").read_text(encoding="utf-8")
    assert "as it is now" in build_index(tmp_path / "out", current="another").read_text(encoding="utf-8")
    assert built.exists()


def test_decisions_of_people_are_counted_and_a_new_one_makes_the_report_anew(corpus, tmp_path):
    add(corpus, "s", SPUN, site="x.example")
    page = build_report("x.example", corpus, tmp_path / "out")
    assert "Nobody has confirmed or rejected" in page.read_text(encoding="utf-8")
    MappingTable.open(corpus / "mapping").decide("military", "army", "approved", who="A")
    build_report("x.example", corpus, tmp_path / "out")
    numbers = pd.read_csv(page.parent / "data" / "numbers.csv").set_index("name")["value"]
    assert (numbers["confirmed"], numbers["undecided"]) == (3, 0)


def test_the_command_line_says_what_is_wrong_in_one_line_and_the_command_on_the_page_can_be_run(corpus, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "helpers.report", "no-such", str(tmp_path / "o")], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "no-such" in done.stderr
    odd = corpus.rename(tmp_path / "my 'corpus' #1")
    add(odd, "s", SPUN, site="x.example")
    page = build_report("x.example", odd, tmp_path / "my out").with_name("report.md").read_text(encoding="utf-8")
    command = next(line for line in page.splitlines() if "helpers.report" in line).strip()
    assert shlex.split(command)[3:] == [odd.name, "my out", "x.example"]
