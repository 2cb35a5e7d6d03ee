"""The command `unspun`: its help is light, its errors name file and mend, and nothing of anybody's is overwritten."""

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from pages import open_page

from helpers import __version__
from helpers.command import compare_files, compare_texts, many_texts
from helpers.command.compare_page import whole_texts
from helpers.command.door import SUBCOMMANDS, cli
from helpers.command.reading import one_article
from helpers.display.masking import MASKED_EMAIL, MASKED_TELEPHONE, mask
from helpers.report import captures, evidence_folder
from helpers.report.texts_side_by_side import all_marks, side_by_side_rows
from helpers.substitutions import find_substitutions

ROOT = Path(__file__).parents[1]
HEAVY = {"pandas", "numpy", "numba", "scipy", "sklearn", "matplotlib", "lxml", "pyarrow", "dask", "nltk", "jinja2"}
SPUN = """Harbour closed after storm
The port was shut on Monday after a storm broke 14 boats, officials mentioned.
“We will not rebuild the old wall this year,” Mayor Anna Fenwick informed reporters.
The storm was the worst since 1953, based on the Meteorological Workplace.
Write to anna.fenwick@site.example or call +44 20 7946 0018 for assist.
Ferries will begin again on Thursday, when the wind drops. Fishermen had moved their boats inland on Sunday.
Folks in the lower streets spent the night in the school.
Subscribe to our newsletter and by no means miss a story again!
The council has set aside two million kilos for repairs, and in the view of those who live there that is too little.
"""
REFERENCE = """Harbour closed after storm
The harbour was closed on Monday after a storm damaged 12 boats, officials said.
“We will rebuild the old wall this year,” Mayor Anna Fenwick told reporters.
People in the lower streets spent the night in the school.
The storm was the worst since 1953, according to the Meteorological Office.
Write to anna.fenwick@site.example or call +44 20 7946 0019 for help.
Ferries will start again on Thursday, when the wind drops.
Fishermen had moved their boats inland on Sunday.
An inquiry will look into the state of the pumps, which failed twice last winter.
The council has set aside two million pounds for repairs.
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def run_really(*words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "helpers.command", *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", errors="replace", cwd=ROOT, env=os.environ | settings,
    )  # fmt: skip


@pytest.fixture
def texts(tmp_path, monkeypatch) -> Path:
    """A folder with two texts of our own, in which the command is at work."""
    (tmp_path / "a spun text.txt").write_text(SPUN, encoding="utf-8")
    (tmp_path / "source.txt").write_text(REFERENCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def two_articles(texts) -> Path:
    """A file with two articles in it."""
    records = [{"article_id": "one", "text": SPUN}, {"article_id": "two", "text": REFERENCE}]
    file = texts / "two.jsonl"
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return file


@pytest.fixture
def small_corpus(texts) -> Path:
    """A corpus of the two texts, made with the command itself."""
    assert run("import", "source.txt", "corpus", "--role", "reference", "--site", "quay.example").exit_code == 0
    spun = ["--role", "spun", "--site", "spun.example", "--reference-id", "source"]
    assert run("import", "a spun text.txt", "corpus", *spun).exit_code == 0
    return texts / "corpus"


def compared(texts: Path) -> compare_texts.Compared:
    paths = texts / "a spun text.txt", texts / "source.txt"
    articles = [one_article(path, "", "--article") for path in paths]
    sources = tuple(compare_texts.Source.of(path, article) for path, article in zip(paths, articles, strict=True))
    return compare_texts.compare_articles(*articles, sources)


# The door


def test_without_words_it_says_what_it_can_do():
    done = run()
    assert done.exit_code == 0
    assert all(f"\n  {name} " in done.output for name in SUBCOMMANDS)


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_the_help_of_each_subcommand_has_an_example(name):
    done = run(name, "--help")
    assert done.exit_code == 0
    assert re.search(rf"Example:\n +unspun {name}\b", done.output)


def test_help_loads_nothing_heavy():
    """One process asks for the help of all, one after the other: what is loaded stays, so who loads it is named."""
    code = f"""
import sys
from helpers.command import main
for words in ["--help"], *([name, "--help"] for name in {SUBCOMMANDS}):
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as end:
        assert not end.code, words
    print("LOADED", *words, *sorted(set(sys.modules) & {HEAVY}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    told = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert told == [["--help"], *([name, "--help"] for name in SUBCOMMANDS)]


def test_it_says_its_version():
    assert run("--version").output == f"unspun {__version__}\n"


def test_of_an_unknown_word_it_asks_whether_a_known_one_was_meant():
    done = run("detekt", "a.txt")
    assert done.exit_code == 2
    assert "Did you mean 'detect'?" in done.stderr


def test_a_fault_of_the_program_is_a_line_and_with_traceback_more(texts, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(compare_texts, "find_substitutions", fail)
    done = run("compare", "a spun text.txt", "source.txt")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "a fault of Unspun. Mend:" in done.stderr
    assert isinstance(run("--traceback", "compare", "a spun text.txt", "source.txt").exception, ZeroDivisionError)


def test_ctrl_c_ends_quietly(texts, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compare_texts, "find_substitutions", stop)
    done = run("compare", "a spun text.txt", "source.txt")
    assert (done.exit_code, done.output.strip()) == (130, "")


def test_a_broken_pipe_ends_quietly():
    command = f"{sys.executable} -m helpers.command --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    assert done.returncode in (0, 1)


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("settings", [ASCII, {"PYTHONIOENCODING": "latin-1"}])
def test_a_terminal_that_knows_few_signs_is_no_reason_to_crash(texts, settings):
    done = run_really("compare", texts / "a spun text.txt", texts / "source.txt", "--out", texts / "out", **settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search("said (→|->) mentioned", done.stdout)


def test_a_name_that_the_terminal_cannot_read_is_a_line(texts):
    done = run_really("compare", texts / "ü.txt", texts / "source.txt", **ASCII)
    assert done.returncode == 1
    assert "Mend: rename it" in done.stderr
    assert "Traceback" not in done.stderr


# What goes wrong names the file and the mend


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "nowhere.txt", "source.txt"],
        ["compare", "a spun text.txt", "nowhere.txt"],
        ["detect", "nowhere.txt"],
        ["restore", "nowhere.txt"],
        ["source", "source.txt", "nowhere.txt"],
        ["import", "nowhere.txt", "corpus", "--role", "spun"],
        ["report", "nowhere.txt", "reports"],
        ["evidence", "nowhere.txt", "site.example", "evidence"],
        ["letters", "nowhere.txt", "site.example", "letters"],
        ["capture", "nowhere.txt", "kim-xi", "pictures"],
        ["verify", "nowhere.txt"],
        ["scale", "nowhere.txt", "store"],
    ],
)
def test_a_file_that_is_not_there_is_named_with_the_mend(texts, words):
    done = run(*words)
    assert done.exit_code == 1
    assert done.stderr == "unspun: nowhere.txt: there is no such file or folder. Mend: correct the path.\n"
    assert {path.name for path in texts.iterdir()} == {"a spun text.txt", "source.txt"}


@pytest.mark.parametrize("words", [["source", "source.txt"], ["report"]])
def test_a_folder_that_is_no_corpus_is_named_with_the_mend(texts, words):
    (texts / "folder").mkdir()
    done = run(*words, "folder", *(["reports"] if words == ["report"] else []))
    assert done.exit_code == 1
    assert re.fullmatch("unspun: folder: this folder is no corpus: .* Mend: .*\n", done.stderr)


def test_what_word_processors_write_is_refused_with_the_mend(texts):
    (texts / "letter.docx").write_bytes(b"PK\x03\x04")
    done = run("compare", "letter.docx", "source.txt")
    assert done.exit_code == 1
    assert "letter.docx: Word files (.docx) are not read. Mend: save it as plain text" in done.stderr


def test_a_folder_without_a_mapping_table_is_named(texts):
    (texts / "folder").mkdir()
    done = run("restore", "source.txt", "--mapping", "folder", "--no-language-model")
    assert done.exit_code == 1
    assert "folder: there is no mapping table here. Mend:" in done.stderr
    assert list((texts / "folder").iterdir()) == []


# compare


def test_compare_writes_a_page_and_the_rows_of_find_substitutions(texts):
    done = run("compare", "a spun text.txt", "source.txt")
    assert done.exit_code == 0, done.output
    assert {path.name for path in (texts / "compare-a-spun-text").iterdir()} == {"index.html", "substitutions.csv"}
    table = pd.read_csv(texts / "compare-a-spun-text" / "substitutions.csv", keep_default_na=False)
    expected = find_substitutions(SPUN, REFERENCE)
    assert table.columns.tolist() == expected.columns.tolist()
    offsets = ["spun_start", "spun_end", "reference_start", "reference_end"]
    assert table[offsets].to_numpy().tolist() == expected[offsets].to_numpy().tolist()
    shown = expected["spun"] != "0018"
    assert table[shown]["spun"].tolist() == expected[shown]["spun"].tolist()
    assert table[shown]["original"].tolist() == expected[shown]["original"].tolist()
    assert "said → mentioned" in done.stdout
    assert "rebuild → not rebuild" in done.stdout
    assert "Meteorological Office → Meteorological Workplace" in done.stdout
    assert "Changed figures and dates: 2\n  12 → 14\n" in done.stdout
    assert "two million pounds → two million kilos" in done.stdout


def test_no_address_and_no_part_of_one_is_shown(texts):
    done = run("compare", "a spun text.txt", "source.txt", "--out", "out")
    page, table = ((texts / "out" / name).read_text(encoding="utf-8") for name in ("index.html", "substitutions.csv"))
    for text in (done.stdout, page, table):
        assert not any(part in text for part in ("fenwick@", "7946", "0018", "0019"))
    assert MASKED_EMAIL in page
    assert MASKED_TELEPHONE in page
    assert "telephone numbers are masked" in page


def test_a_turned_negation_is_told_in_the_terminal_and_on_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reference = "The mayor said on Monday: “We are not going to let them,” and went home to the harbour."
    Path("source.txt").write_text(reference, encoding="utf-8")
    Path("copy.txt").write_text(reference.replace("We are not", "We’re").replace("went", "walked"), encoding="utf-8")
    done = run("compare", "copy.txt", "source.txt", "--out", "out")
    assert "negation put in or left out: are not → ’re" in done.stdout
    page = Path("out/index.html").read_text(encoding="utf-8")
    assert "in 1 of them a negation was put in or left out" in page
    assert "gravest: negation" in page


def test_every_line_of_both_texts_stands_on_the_page_once(texts):
    rows = side_by_side_rows(whole_texts(compared(texts)))
    for side, text in (("spun", SPUN), ("reference", REFERENCE)):
        lines = [text[slice(*line)] for row in rows for line in getattr(row, side)]
        assert sorted(lines) == sorted(text.splitlines())
    joined = next(row for row in rows if len(row.reference) == 2)
    assert [REFERENCE[slice(*line)].split()[0] for line in joined.reference] == ["Ferries", "Fishermen"]
    assert [row.op for row in rows].count("moved") == 1


def test_every_substitution_is_marked_in_both_columns(texts):
    both = compared(texts)
    found = both.substitutions
    spun, reference = all_marks(whole_texts(both))
    assert {mark[:2] for mark in spun if "spun" in mark[3].split()} == set(
        zip(found["spun_start"], found["spun_end"], strict=True)
    )
    assert {mark[:2] for mark in reference if "original" in mark[3].split()} == set(
        zip(found["reference_start"], found["reference_end"], strict=True)
    )
    alone = {SPUN[start:end] for start, end, _, css, _ in spun if css == "alone"}
    assert "and in the view of those who live there that is too little" in alone


def test_the_page_names_files_fingerprints_and_what_it_does_not_know(texts):
    run("compare", "a spun text.txt", "source.txt", "--out", "out")
    page = (texts / "out" / "index.html").read_text(encoding="utf-8")
    assert all(compare_files._digest(text.encode()) in page for text in (SPUN, REFERENCE))
    assert compare_files._digest((texts / "out" / "substitutions.csv").read_bytes()) in page
    assert "does not know who changed what" in page
    assert f"unspun {__version__}" in page


def test_what_is_made_again_replaces_itself_and_nothing_else(texts):
    words = ["compare", "a spun text.txt", "source.txt", "--out", "out"]
    assert run(*words).exit_code == 0
    assert run(*words).exit_code == 0
    for name in ("index.html", "substitutions.csv"):
        file = texts / "out" / name
        before = file.read_bytes()
        file.write_bytes(before + b"a note of mine\n")
        done = run(*words)
        assert done.exit_code == 1
        assert f"out/{name}: this file is there already" in done.stderr
        assert file.read_bytes() == before + b"a note of mine\n"
        assert run(*words, "--force").exit_code == 0
    done = run("compare", "source.txt", "a spun text.txt", "--out", "out")
    assert done.exit_code == 1
    assert "out: it holds a comparison of other texts. Mend:" in done.stderr


def test_a_full_disk_is_a_line_and_leaves_what_was_there(texts, monkeypatch):
    words = ["compare", "a spun text.txt", "source.txt", "--out", "out"]
    run(*words)
    before = {path.name: path.read_bytes() for path in (texts / "out").iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(compare_files, "write_file", full)
    done = run(*words)
    assert done.exit_code == 1
    assert done.stderr == "unspun: out: no space left on device. Mend: free some space there, or name a folder on "\
        "another disk.\n"  # fmt: skip
    assert {path.name: path.read_bytes() for path in (texts / "out").iterdir()} == before


def test_a_folder_that_cannot_be_is_a_line(texts):
    done = run("compare", "a spun text.txt", "source.txt", "--out", "source.txt")
    assert "source.txt: this is a file, and a folder is wanted. Mend:" in done.stderr
    done = run("compare", "a spun text.txt", "source.txt", "--out", "source.txt/below")
    assert done.exit_code == 1
    assert re.fullmatch(r"unspun: source\.txt/below: not a directory\. Mend: .*\n", done.stderr)


def test_of_several_articles_one_is_asked_for(texts, two_articles):
    done = run("compare", two_articles, "source.txt", "--out", "out")
    assert done.exit_code == 1
    assert "it holds 2 articles, and one is wanted. Mend: choose one with --article" in done.stderr
    assert "1 one, 2 two" in done.stderr
    assert run("compare", two_articles, "source.txt", "--article", "1", "--out", "out").exit_code == 0
    assert run("compare", two_articles, "source.txt", "--article", "one", "--out", "out").exit_code == 0
    done = run("compare", "source.txt", two_articles, "--reference-article", "three", "--out", "out2")
    assert "it has no article 'three'" in done.stderr


def test_texts_with_nothing_in_common_and_texts_with_no_difference_are_called_that(texts):
    (texts / "other.txt").write_text("Beat eggs, flour, milk together; bake until golden brown. " * 9, encoding="utf-8")
    done = run("compare", "other.txt", "source.txt")
    assert done.exit_code == 0
    assert "Caution: The two texts have hardly a word in common." in done.stdout
    assert "hardly a word in common" in (texts / "compare-other" / "index.html").read_text(encoding="utf-8")
    done = run("compare", "source.txt", "source.txt")
    assert "No word differs" in done.stdout
    assert "No word differs" in (texts / "compare-source" / "index.html").read_text(encoding="utf-8")


def test_what_stands_in_a_text_does_nothing_on_the_page(texts):
    (texts / "bad.txt").write_text(f"<script>alert(1)</script> {SPUN}\x1b[31m", encoding="utf-8")
    done = run("compare", "bad.txt", "source.txt")
    assert done.exit_code == 0
    page = (texts / "compare-bad" / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "\x1b" not in page + done.output


@pytest.mark.parametrize("width", [390, 1100])
def test_the_page_is_whole_in_a_browser_and_fetches_nothing(texts, browser, width):
    run("compare", "a spun text.txt", "source.txt", "--out", "out")
    page, asked, said = open_page(browser, texts / "out" / "index.html", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    lines = "[...document.querySelectorAll('mark')].map(mark => getComputedStyle(mark).textDecorationLine)"
    assert set(page.evaluate(lines)) == {"underline"}
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert said == []


# import, report, scale, lab


def test_import_says_what_came_in_and_what_is_wrong(small_corpus, two_articles):
    done = run("import", "source.txt", small_corpus, "--role", "reference")
    assert done.exit_code == 0
    assert "already there" in done.stdout
    done = run("import", two_articles, small_corpus)
    assert done.exit_code == 1
    assert "two.jsonl, row 1: its role is not known. Mend: say --role spun or --role reference." in done.stderr


def test_import_makes_no_corpus_among_other_files(texts):
    done = run("import", "source.txt", texts, "--role", "spun")
    assert done.exit_code == 1
    assert "this folder is no corpus, and there are other files in it. Mend:" in done.stderr
    assert not (texts / "articles.csv").exists()


def test_report_names_the_sites_where_one_is_unknown(small_corpus):
    done = run("report", small_corpus, "reports", "nowhere.example")
    assert done.exit_code == 1
    assert "no article of 'nowhere.example' is paired with a reference. Mend: name one of: spun.example." in done.stderr


def test_report_says_that_nothing_is_paired(texts):
    run("import", "source.txt", "lone", "--role", "reference")
    done = run("report", "lone", "reports")
    assert done.exit_code == 1
    assert "lone: no spun article is paired with a reference. Mend:" in done.stderr


def test_without_names_import_fills_and_report_reads_the_folder_of_the_notebooks(texts, monkeypatch):
    from helpers.corpus import project
    from helpers.report import build

    made = []
    monkeypatch.setattr(project, "PACKAGE", texts)
    monkeypatch.setattr(build, "main", lambda *words, **_: made.append([Path(word).resolve() for word in words]))
    assert run("import", "source.txt", "--role", "reference").exit_code == 0
    assert (texts / "my-corpus" / "articles.csv").is_file()
    done = run("report")
    assert done.exit_code == 0, done.output
    assert made == [[texts / "my-corpus", texts / "my-reports"]]
    assert str(texts / "my-corpus") in done.stderr


def test_a_corpus_without_a_folder_for_its_reports_is_not_understood(small_corpus):
    assert run("report", small_corpus).exit_code == 2


def test_one_sites_failure_keeps_no_other_back(small_corpus, monkeypatch):
    from helpers.report import build

    spun = ["--role", "spun", "--site", "other.example", "--reference-id", "source"]
    (small_corpus.parent / "other.txt").write_text(SPUN.replace("Folks", "People"), encoding="utf-8")
    run("import", "other.txt", small_corpus, *spun)
    monkeypatch.setattr(build, "run_notebooks", lambda *_, **__: None)
    monkeypatch.setattr(build, "find_browser", lambda: None)
    as_it_was = build.site_tables

    def tables(site: str, *rest: object) -> object:
        if site == "other.example":
            raise ValueError("a table is torn")
        return as_it_was(site, *rest)

    monkeypatch.setattr(build, "site_tables", tables)
    done = run("report", small_corpus, "reports")
    assert done.exit_code == 1
    assert "unspun: other.example: ValueError: a table is torn" in done.stderr
    assert (small_corpus.parent / "reports" / "spun.example" / "index.html").exists()
    assert "spun.example" in (small_corpus.parent / "reports" / "index.html").read_text(encoding="utf-8")


def test_scale_writes_its_tables(small_corpus):
    done = run("scale", small_corpus, "store", "--workers", "1")
    assert done.exit_code == 0, done.output
    assert re.search(r"articles +2\n", done.stdout)
    assert (small_corpus.parent / "store" / "substitutions").is_dir()


def test_scale_says_that_no_scheduler_answers(small_corpus, monkeypatch):
    monkeypatch.setattr(many_texts, "SECONDS", 1)
    done = run("scale", small_corpus, "store", "--address", "tcp://127.0.0.1:1")
    assert done.exit_code == 1
    assert "tcp://127.0.0.1:1: no Dask scheduler answers there. Mend:" in done.stderr


def test_lab_starts_the_tour(monkeypatch):
    started = []
    monkeypatch.setattr(
        many_texts.subprocess, "run", lambda words, **_: started.append(words) or subprocess.CompletedProcess(words, 0)
    )
    assert run("lab").exit_code == 0
    assert started == [[sys.executable, "-m", "jupyterlab", str(ROOT / "notebooks" / "00_tour.ipynb")]]


def test_lab_says_that_the_notebooks_are_not_there(monkeypatch, tmp_path):
    monkeypatch.setattr(many_texts, "TOUR", tmp_path / "00_tour.ipynb")
    done = run("lab")
    assert done.exit_code == 1
    assert "the notebooks are not there. Mend:" in done.stderr


# detect, restore, source


def test_detect_says_how_probably_each_article_was_spun(texts, two_articles):
    done = run("detect", two_articles, "nowhere.txt", "--no-language-model", "--passages")
    assert done.exit_code == 1, "one file was not there"
    assert "nowhere.txt: there is no such file" in done.stderr
    assert len(re.findall(r"probability of being spun \d\.\d\d, 95% interval", done.stdout)) == 2
    assert "stands for “said” elsewhere" in done.stdout
    assert "What is not seen: back-translation" in done.stdout


def test_detect_gives_json(texts, two_articles):
    (texts / "short.txt").write_text("Too short to tell.", encoding="utf-8")
    done = run("detect", two_articles, "short.txt", "--no-language-model", "--json")
    assert done.exit_code == 0
    records = json.loads(done.stdout)
    assert [record["article_id"] for record in records] == ["one", "two", "short"]
    assert records[0]["probability"] > records[1]["probability"]
    assert [record["judged"] for record in records] == [True, True, False]
    assert records[2]["verdict"] == "cannot tell"
    assert {"back-translation", "translation"} < set(records[0]["not_seen"])


def test_without_the_language_model_there_is_a_note_with_the_mend(texts, monkeypatch):
    from helpers.text import model_file

    monkeypatch.setattr(model_file, "is_installed", lambda: False)
    done = run("detect", "source.txt")
    assert done.exit_code == 0
    assert done.stderr.count("the language model is not installed") == 1
    assert "Mend: pip install" in done.stderr


def test_restore_prints_the_text_and_the_changes_apart(texts, corpus):
    words = ["restore", "a spun text.txt", "--mapping", corpus, "--no-language-model", "--no-thesaurus"]
    done = run(*words)
    assert done.exit_code == 0
    assert "officials said." in done.stdout
    assert "mentioned → said" in done.stderr
    assert "mentioned → said" not in done.stdout
    assert run(*words, "--out", "restored.txt", "--changes", "changes.csv").stdout == ""
    restored = (texts / "restored.txt").read_text(encoding="utf-8")
    assert "anna.fenwick@site.example" in restored  # the file holds the text with all that was in it
    assert mask(restored) == done.stdout
    changes = pd.read_csv(texts / "changes.csv")
    assert ("mentioned", "said") in set(zip(changes["spun"], changes["original"], strict=True))


def test_restore_overwrites_nothing(texts, corpus):
    done = run("restore", "a spun text.txt", "--no-language-model", "--out", "source.txt")
    assert done.exit_code == 1
    assert "source.txt: this file is there already. Mend:" in done.stderr
    assert (texts / "source.txt").read_text(encoding="utf-8") == REFERENCE


def test_source_names_the_article_or_none(small_corpus, corpus):
    done = run("source", "a spun text.txt", small_corpus)
    assert done.exit_code == 0
    assert "Probably taken from source" in done.stdout
    done = run("source", "a spun text.txt", corpus, "--queries", "--no-language-model")
    assert done.exit_code == 0
    assert "None of these" in done.stdout
    assert '"We will not rebuild the old wall this year"' in done.stdout
    assert "masked" not in done.stdout


# evidence and letters


def test_evidence_is_made_of_a_corpus_and_its_readme_named(small_corpus, texts, monkeypatch):
    monkeypatch.setattr(evidence_folder, "find_browser", lambda: None)
    done = run("evidence", "corpus", "spun.example", "made")
    assert done.exit_code == 0
    assert re.fullmatch(r"\d+ findings in made; begin with README\.txt\.\n", done.stdout)
    assert "Note: No pictures were made: there is no Chromium on this machine. Mend: " in done.stderr
    name = next((texts / "made" / "exhibits").glob("*.html")).stem
    done = run("evidence", "corpus", "spun.example", "one", "--finding", name, "--with-pages")
    assert done.stdout == "1 finding in one; begin with README.txt.\n"
    assert (texts / "one" / "pages" / "source.txt").read_text(encoding="utf-8") == REFERENCE


def test_a_folder_is_verified_and_what_is_not_as_it_was_is_named_with_status_1(small_corpus, texts, monkeypatch):
    monkeypatch.setattr(evidence_folder, "find_browser", lambda: None)
    run("evidence", "corpus", "spun.example", "made")
    done = run("verify", "made")
    assert done.exit_code == 0
    seal = hashlib.sha256((texts / "made" / "SHA256SUMS").read_bytes()).hexdigest()
    assert re.fullmatch(
        rf"made: \d+ files and \d+ wordings are as stated\.\nSHA-256 of SHA256SUMS, .*: {seal}\n", done.stdout
    )
    (texts / "made" / "more.txt").write_text("more")
    done = run("verify", "made")
    assert done.exit_code == 1
    assert not done.stdout
    assert "made: 2 of " in done.stderr
    assert "made: more.txt: not listed: it is there, and not in SHA256SUMS." in done.stderr


def test_a_capture_without_a_browser_is_a_line_with_the_mend(small_corpus, texts, monkeypatch):
    monkeypatch.setattr(captures, "find_browser", lambda: None)
    done = run("capture", "corpus", "source", "made")
    assert done.exit_code == 1
    assert "no Chromium on this machine. Mend: install it" in done.stderr
    done = run("capture", "corpus", "source", "made", "--archive", "nowhere.warc.gz")
    assert "nowhere.warc.gz: there is no such file or folder. Mend: " in done.stderr
    assert not (texts / "made").exists()


def test_letters_are_made_of_a_corpus_and_those_that_are_not_are_said(small_corpus, texts):
    done = run("letters", "corpus", "spun.example", "made")
    assert done.exit_code == 0
    names = ["1-question-to-the-site.txt", "2-notice-to-quay.example.txt", "README.txt"]
    assert done.stdout.splitlines() == [str(Path("made") / name) for name in names]
    assert "Note: No correction request to a host was made: no person has confirmed" in done.stderr


@pytest.mark.parametrize("command", ["evidence", "letters"])
@pytest.mark.parametrize(
    ("site", "into", "said"),
    [
        ("nowhere.example", "made", "no article of 'nowhere.example' is paired with a reference. Mend: name a site"),
        ("spun.example", "corpus", "there are files in this folder, and none is ever overwritten. Mend: name"),
        ("spun.example", "source.txt", "this is a file or a link. Mend: name"),
    ],
)
def test_what_cannot_be_handed_on_is_a_line_with_the_mend(small_corpus, texts, command, site, into, said):
    before = sorted(texts.rglob("*"))
    done = run(command, "corpus", site, into)
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(texts.rglob("*")) == before
