"""Nobody’s address is shown, no honest figure is masked, no markup runs, no path of this machine gets out."""

import getpass
import json
from pathlib import Path

import faults_people as faults
import pandas as pd
import planted
import planted_corpus
import pypdf
import pytest
from pages import CHROMIUM, need_chromium

from helpers.corpus.formats.bylines import byline_of
from helpers.display.export import masked
from helpers.display.masking import addresses, mask
from helpers.display.visible import slug
from helpers.mapping import MappingTable, join, open_shared, share
from helpers.plots import link
from helpers.report import pdf
from helpers.report.notebook import publish_notebook
from helpers.text.numerals import numbers


def test_no_spelling_of_an_address_is_shown():
    outcome = faults.shown_by_mask()
    assert outcome.tried >= 3 * 120
    assert outcome.wrong == 0, outcome.said


def test_no_honest_figure_is_masked():
    outcome = faults.masked_by_mistake()
    assert outcome.tried >= 4 * 60
    assert outcome.wrong == 0, outcome.said


def test_what_is_masked_can_be_listed():
    said = "Ask (@kim_news), jane [at] site.example or 030 / 123 45 67 before 2024-11-05."
    assert addresses(said) == ["jane [at] site.example", "030 / 123 45 67"]
    assert addresses(mask(said)) == []


@pytest.mark.parametrize("part", ["030+1234567", "+44+20+7946+0018", "j%C3%BCrgen%EF%BC%A0site.example", "555-0199"])
def test_an_address_in_a_link_is_read_as_it_is_meant(part):
    assert "masked" in mask(f"https://site.example/a?from={part}")
    assert part not in mask(f"https://site.example/a?from={part}&page=2")


@pytest.mark.parametrize(
    "link", ["?id=0207946001", "?day=2024-11-05", "?v=1.2.3", "/status/1234567890123456789", "?a=1+2"]
)
def test_an_id_in_a_link_stays(link):
    assert mask(f"https://site.example/a{link}") == f"https://site.example/a{link}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Everything that is made of a corpus in which all is planted: addresses first, and markup between them."""
    home = tmp_path_factory.mktemp("people") / faults.TELLING
    forms = [form for form, _ in planted.everything()]
    site = f"{faults.MARKUP[0]}{faults.MARKUP[1]} {forms[3]}"
    more = [part for number, form in enumerate(forms) for part in (form, faults.MARKUP[number % 4])]
    corpus = planted_corpus.make_corpus(home / "corpus", [*forms, *faults.MARKUP], site, more)
    return home, dict(planted_corpus.made_of(corpus, home / "reports", CHROMIUM is not None, whole=False))


def test_no_address_is_shown_anywhere(made):
    _, texts = made
    outcome = faults.shown_anywhere(texts)
    assert outcome.tried > 10_000
    assert outcome.wrong == 0, outcome.said


def test_no_markup_from_a_page_runs_anywhere(made):
    _, texts = made
    outcome = faults.run_as_markup(texts)
    assert outcome.tried > 20
    assert outcome.wrong == 0, outcome.said


def test_markup_that_runs_would_be_found():
    assert faults.runs("<p><img src=x onerror=alert(1)></p>") == ["img", "img onerror"]
    assert faults.runs('<script>alert("zq")</script>') == ["script"]
    assert faults.runs("&lt;script&gt;alert(1)&lt;/script&gt;") == []


def test_no_published_file_holds_a_path_of_this_machine(made):
    home, _ = made
    outcome = faults.paths_shown(home / "reports", home.parent)
    assert outcome.tried > 50
    assert outcome.wrong == 0, outcome.said


def test_a_path_in_a_pdf_would_be_found(tmp_path):
    need_chromium()
    page = tmp_path / "index.html"
    page.write_text('<title>t</title><a href="#a">in</a> <a href="report.md">beside</a>', encoding="utf-8")
    [path] = pdf.print_pages(page)
    assert str(tmp_path).encode() not in faults.contents(path)
    assert pypdf.PdfReader(path).pages[0].extract_text().split()[:2] == ["in", "beside"]
    writer = pypdf.PdfWriter(clone_from=path)
    writer.add_metadata({"/Author": str(tmp_path)})
    writer.compress_identical_objects()
    writer.write(path)
    assert str(tmp_path).encode() in faults.contents(path)


def test_a_notebook_that_failed_is_published_without_paths_and_addresses(tmp_path):
    folder, corpus = tmp_path / "reports" / "site.example", tmp_path / "corpus"
    folder.mkdir(parents=True)
    path = folder / "report.ipynb"
    program = Path(planted_corpus.ROOT) / "helpers" / "report" / "build.py"
    trace = [
        f"File {program}:12, in f\n",
        f"FileNotFoundError: '{corpus}/a.txt' of {Path.home()}/x, /opt/lib/py/z.py\n",
    ]
    cell = {
        "cell_type": "code", "id": "a", "execution_count": 1, "metadata": {"papermill": {"x": str(folder)}},
        "source": [f'out = "{folder.parent}"\n', f'corpus = "{corpus}"\n', 'site = "a@site.example"'],
        "outputs": [
            {"output_type": "error", "ename": "E", "evalue": str(corpus), "traceback": trace},
            {"output_type": "display_data", "metadata": {}, "data": {
                "text/html": [f'<a href="{folder}/index.html">Open</a>'], "image/png": "iVBORw0KGgo="}},
        ],
    }  # fmt: skip
    metadata = {"papermill": {"output_path": str(path)}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path.write_text(json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))
    publish_notebook(path, corpus)
    said = path.read_text(encoding="utf-8")
    for word in (str(tmp_path), str(planted_corpus.ROOT), f"{Path.home()}/", "/opt/lib", "a@site.example", "papermill"):
        assert word not in said, word
    assert 'href=\\"./index.html\\"' in said
    assert 'corpus = \\"corpus\\"' in said
    assert "helpers/report/build.py:12" in said
    assert '"iVBORw0KGgo="' in said


def test_a_link_shows_words_from_anywhere_as_words():
    assert link("index.html", "<b>a@site.example") == ('<a href="index.html">&lt;b&gt;[e-mail address masked]</a>')


def test_a_folder_is_not_named_for_an_address():
    names = [slug(name) for name in ("jane@site.example", "june@site.example", "site.example")]
    assert names[2] == "site.example"
    assert len(set(names)) == 3
    assert not any("site" in name for name in names[:2])


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("jane.doe@site.example", ""),
        ("Jane Doe, jane.doe [at] site [dot] example", "Jane Doe"),
        ("By Jane Doe, tel. 020 7946 0018", "Jane Doe"),
    ],
)
def test_an_address_becomes_no_name(byline, names):
    assert byline_of(byline) == names


def test_whoever_decided_under_an_address_is_passed_on_under_a_number(tmp_path):
    mapping = MappingTable.open(tmp_path / "ours")
    mapping.decide("military", "army", "approved", who="a@site.example")
    mapping.decide("folks", "people", "approved", who="b@site.example")
    mapping.decide("port", "harbour", "approved", who="Ana")
    mapping.undo(who="b@site.example")
    shared = share(mapping, tmp_path / "shared.json")
    assert "site.example" not in shared.read_text(encoding="utf-8")
    theirs = MappingTable.open(tmp_path / "theirs")
    join(theirs, open_shared(shared))
    assert set(theirs.decisions["who"]) == {"[e-mail address masked] 1", "[e-mail address masked] 2", "Ana"}
    status = lambda table: table.table.set_index("spun")["status"].to_dict()  # noqa: E731
    assert status(theirs) == status(mapping)
    join(theirs, open_shared(share(mapping, tmp_path / "again.json")))
    assert len(theirs.decisions) == len(mapping.decisions)


def test_a_table_that_answers_a_question_is_masked_lists_and_headings_included():
    table = pd.DataFrame({"a@site.example": [["call 020 7946 0018", 1]], "n": [1], "spun": ["b@site.example"]})
    said = masked(table)
    assert "site.example" not in said.to_csv()
    assert "0018" not in said.to_csv()
    assert said["n"].dtype == table["n"].dtype
    assert table.columns[0] == "a@site.example"


def test_the_address_of_a_machine_is_no_number():
    assert [number.start for number in numbers("at [192.168.1.1] and 12 boats")] != []


def test_the_name_of_this_account_is_looked_for():
    assert getpass.getuser()
