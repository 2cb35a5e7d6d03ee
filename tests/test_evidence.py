"""An evidence folder: whole or not there, every wording at its offsets, nothing of anybody's shown or overwritten."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import faults_evidence
import html5lib
import pandas as pd
import pytest
from pages import need_chromium

from helpers.corpus import add_article, import_articles, load_articles
from helpers.display.masking import addresses
from helpers.mapping import MappingTable
from helpers.report import build, case, evidence, evidence_folder
from helpers.report.facts.articles import altered_quotations, broken_names
from helpers.report.facts.confirmations import confirmations, said_of_confirmations
from helpers.report.facts.findings import finding_id, with_ids

SITE = "spun.example"
REFERENCE = """Harbour closed after storm
The harbour was closed on Monday after a storm damaged 12 boats, officials said.
“We will not rebuild the old wall this year,” Mayor Anna Fenwick told reporters, “and we can wait.”
The storm was the worst since World War II, according to the Meteorological Office.
Write to anna.fenwick@quay.example or call +44 20 7946 0019 for help, the <b>council</b> said.
An inquiry will look into the state of the pumps & gates, which failed twice during the last long winter.
"""
SPUN = """Harbour closed after storm
The port was shut on Monday after a storm broken 14 boats, officials mentioned.
“We’ll rebuild the previous wall this yr,” Mayor Anna Fenwick informed reporters, “and we might wait.”
The storm was the worst since World Battle II, in response to the Meteorological Workplace.
Write to anna.fenwick@quay.example or name +44 20 7946 0019 for assist, the <b>council</b> mentioned.
An inquiry will look into the state of the pumps & gates, which failed twice throughout the final lengthy winter.
"""
WHO = "Ada Quill, ada@desk.example"


def corpus_in(folder: Path, provenance: str = "published", spun: str = SPUN) -> Path:
    add_article(
        folder, "harbour", "reference", REFERENCE, site="quay.example", title="Harbour [closed]",
        published="2026-01-05", url="https://quay.example/harbour",
        provenance="reconstructed" if provenance == "reconstructed" else "",
        note="Put together again by hand." if provenance == "reconstructed" else "",
    )  # fmt: skip
    add_article(
        folder, "spun-harbour", "spun", spun, site=SITE, title="Harbour <closed>", reference_id="harbour",
        published="2026-01-06T10:00", url="https://spun.example/harbour?id=3", byline="kim@spun.example",
        provenance="simulated" if provenance == "simulated" else "",
    )  # fmt: skip
    return folder


def confirm(corpus: Path, status: str = "approved", which: slice = slice(None)) -> None:
    found = case.compared_site(SITE, corpus).substitutions[which]
    rows = [(row.spun, row.original, status, "") for row in found.itertuples()]
    MappingTable.open(corpus / "mapping").decide_many(rows, WHO)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return corpus_in(tmp_path_factory.mktemp("evidence") / "corpus")


@pytest.fixture(scope="module")
def folder(corpus) -> Path:
    """The evidence on all that was found, made without a browser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence_folder, "find_browser", lambda: None)
        with pytest.warns(UserWarning, match="no Chromium"):
            return evidence(SITE, corpus, corpus.parent / "all")


@pytest.fixture(scope="module")
def corpus_of_pages(tmp_path_factory) -> Path:
    """The same two articles, imported from web pages."""
    folder = tmp_path_factory.mktemp("pages")
    for name, text, site in (("reference", REFERENCE, "quay.example"), ("spun", SPUN, SITE)):
        body = "".join(f"<p>{line}</p>" for line in text.splitlines())
        page = f"<html><head><title>Harbour</title></head><body><article>{body}</article></body></html>"
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
        more = {"reference_id": "reference"} if name == "spun" else {}
        import_articles(folder / f"{name}.html", folder / "corpus", name, site=site, **more)
    return folder / "corpus"


@pytest.fixture
def without_browser(monkeypatch):
    monkeypatch.setattr(evidence_folder, "find_browser", lambda: None)


def claims(folder: Path) -> list[dict]:
    return json.loads((folder / "findings.json").read_text(encoding="utf-8"))


def published(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png"]


def readme(folder: Path) -> str:
    return " ".join((folder / "README.txt").read_text(encoding="utf-8").split())


# What is claimed is true


def test_every_wording_stands_at_its_offsets_in_the_stored_text(folder, corpus):
    stored = load_articles(corpus)["text"]
    quotes = [quote for finding in claims(folder) for quote in finding["quotes"]]
    assert len(quotes) > 40
    for quote in quotes:
        text = stored[Path(quote["file"]).stem][quote["start"] : quote["end"]]
        assert re.fullmatch(re.escape(quote["words"]).replace("█", "."), text, re.S), quote


def test_the_check_that_the_readme_prints_can_be_run_as_it_stands(folder):
    text = (folder / "README.txt").read_text(encoding="utf-8")
    code = re.search(r"    import json.*?\n\n", text, re.S)[0]
    done = subprocess.run(
        [sys.executable, "-I", "-c", "\n".join(line[4:] for line in code.splitlines())],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "every wording stands where it is said to stand\n"


def test_the_list_of_files_names_all_of_them_with_their_sha256(folder):
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert set(listed) == set(files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name].read_bytes()).hexdigest() == digest for name, digest in listed.items())


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this system")
def test_sha256sum_reads_the_list_and_finds_a_changed_file(folder, tmp_path):
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout == b""
    copy = shutil.copytree(folder, tmp_path / "copy")
    with (copy / "README.txt").open("a", encoding="utf-8") as file:
        file.write(" ")
    assert b"README.txt: FAILED" in subprocess.run(command, cwd=copy, capture_output=True, check=False).stdout


def test_the_articles_have_the_sha256_of_their_stored_texts_and_files(folder, corpus):
    rows = pd.read_csv(folder / "articles.csv", index_col="article_id")
    for name, article in load_articles(corpus).iterrows():
        assert rows.loc[name, "text_sha256"] == hashlib.sha256(article["text"].encode()).hexdigest()
        assert rows.loc[name, "stored_file_sha256"] == article["sha256"]
        assert rows.loc[name, "masked_places"] == len(addresses(article["text"])) > 0
    assert rows["url"].tolist() == ["https://spun.example/harbour?id=3", "https://quay.example/harbour"]


def test_a_text_without_addresses_is_the_stored_one_byte_for_byte(tmp_path, without_browser):
    spun = SPUN.replace("anna.fenwick@quay.example or name +44 20 7946 0019", "us").replace("\n", "\r\n")
    corpus_in(tmp_path / "corpus", spun=spun)
    with pytest.warns(UserWarning, match="no Chromium"):
        made = evidence(SITE, tmp_path / "corpus", tmp_path / "made")
    assert (made / "texts" / "spun-harbour.txt").read_bytes() == spun.encode()
    assert evidence_folder.wrong_quotes(made) == []


def test_the_findings_are_those_of_the_reports_tables(folder, corpus):
    found = case.compared_site(SITE, corpus)
    kinds = pd.Series([finding["kind"] for finding in claims(folder)]).value_counts()
    assert kinds["name"] == broken_names(found.articles, found.substitutions)["count"].sum() > 0
    assert kinds["quotation"] == len(altered_quotations(found.articles, found.substitutions)) > 0
    words = {(finding["kind"], quote["words"]) for finding in claims(folder) for quote in finding["quotes"]}
    assert {("number", "14"), ("number", "12"), ("name", "World Battle II"), ("name", "World War II")} <= words


def test_a_turned_negation_is_the_gravest(folder):
    assert claims(folder)[0]["what"] == "altered quotation; the gravest change: a negation put in or left out"


# The name of a finding


def test_a_findings_name_is_made_from_articles_place_and_words_alone():
    parts = ("spun", "source", (3, 9, 3, 6), "Battle", "War")
    others = [
        ("spun2", *parts[1:]), (*parts[:2], (4, 10, 3, 6), *parts[3:]), (*parts[:3], "Battl", "eWar"),
        ("spun", "source2", *parts[2:]),
    ]  # fmt: skip
    assert len({finding_id(*parts), *(finding_id(*other) for other in others)}) == 5
    assert all(re.fullmatch("f-[a-z2-7]{8}", finding_id(*other)) for other in [parts, *others])


def test_a_report_can_name_the_same_finding_from_its_own_tables(folder, corpus):
    found = case.compared_site(SITE, corpus)
    named = with_ids(altered_quotations(found.articles, found.substitutions), found.articles)["finding"]
    assert set(named) == {one["finding"] for one in claims(folder) if one["kind"] == "quotation"}


def test_a_findings_name_does_not_change_when_other_articles_come(corpus, folder, tmp_path):
    more = shutil.copytree(corpus, tmp_path / "corpus")
    other = REFERENCE.replace("Harbour", "Market").replace("boats", "stalls")
    add_article(more, "a-market", "reference", other, site="quay.example")
    add_article(
        more, "a-spun-market", "spun", other.replace("We will not", "We will"), site=SITE, reference_id="a-market"
    )
    names = set(case.compared_site(SITE, more).findings["finding"])
    assert {finding["finding"] for finding in claims(folder)} < names


def test_one_finding_can_be_had_alone(corpus, folder, tmp_path, without_browser):
    name = claims(folder)[1]["finding"]
    with pytest.warns(UserWarning, match="no Chromium"):
        made = evidence(SITE, corpus, tmp_path / "one", [name])
    assert {path.stem for path in (made / "exhibits").iterdir()} == {name}
    assert "EVIDENCE ON 1 FINDING AT spun.example" in readme(made)


def test_a_finding_that_is_not_there_is_an_error_that_names_others(corpus, folder, tmp_path):
    with pytest.raises(case.EvidenceError, match=rf"no finding 'f-nothing'. Mend: .*{claims(folder)[0]['finding']}"):
        evidence(SITE, corpus, tmp_path / "none", ["f-nothing"])
    assert not (tmp_path / "none").exists()


# Nothing is shown that should not be


def test_no_address_is_shown_and_no_path_of_this_machine(folder, corpus):
    for path in published(folder):
        text = path.read_text(encoding="utf-8")
        for address in ["anna.fenwick", "7946 00", "kim@spun", str(corpus.parent), str(Path.home()), "/tmp"]:
            assert address not in text, path
    assert "█" in (folder / "texts" / "harbour.txt").read_text(encoding="utf-8")


def test_the_readme_says_what_was_masked_and_how_offsets_count_then(folder):
    said = readme(folder)
    assert "4 places are masked" in said
    assert "Offsets and the SHA-256 in articles.csv are those of the stored, unmasked text." in said


def test_an_exhibit_is_valid_html_in_which_no_text_does_anything(folder):
    pages = sorted((folder / "exhibits").glob("*.html"))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        html5lib.HTMLParser(strict=True).parse(text)
        assert not re.search(r"https?://[^<]*(?:\"|')|<script|<b>|<closed", text.partition("<body>")[2])
    assert any("&lt;b&gt;council" in page.read_text(encoding="utf-8") for page in pages)


def test_changed_words_are_marked_in_the_text_too(folder):
    name = next(one["finding"] for one in claims(folder) if one["kind"] == "name")
    text = (folder / "exhibits" / f"{name}.txt").read_text(encoding="utf-8")
    assert "World [[Battle]] II" in text
    assert "World [[War]] II" in text


def test_stored_pages_are_there_only_if_asked_for_and_the_readme_says_what_they_hold(
    corpus_of_pages, tmp_path, folder, without_browser
):
    with pytest.warns(UserWarning, match="no Chromium"):
        made = evidence(SITE, corpus_of_pages, tmp_path / "made", with_pages=True)
    kept = [path.read_bytes() for path in (made / "pages").iterdir()]
    assert (corpus_of_pages.parent / "spun.html").read_bytes() in kept
    assert "THEY HOLD PERSONAL DATA" in readme(made)
    assert not (folder / "pages").exists()
    assert "THEY HOLD PERSONAL DATA" not in readme(folder)
    rows = pd.read_csv(made / "articles.csv")
    digests = {hashlib.sha256(content).hexdigest() for content in kept}
    assert set(rows["stored_file_sha256"]) | set(rows["raw_file_sha256"].dropna()) >= digests


# What is no evidence is called by its name


@pytest.mark.parametrize(
    ("provenance", "said", "label"),
    [
        ("simulated", "THIS IS A SIMULATION", "As published at spun.example (simulation)"),
        ("reconstructed", "A REFERENCE IS A RECONSTRUCTION", "Reconstruction (the page at quay.example was not"),
    ],
)
def test_simulations_and_reconstructions_are_called_so_in_readme_and_exhibits(
    tmp_path, without_browser, folder, provenance, said, label
):
    with pytest.warns(UserWarning, match="no Chromium"):
        made = evidence(SITE, corpus_in(tmp_path / "corpus", provenance), tmp_path / "made")
    assert said in readme(made)
    assert said not in readme(folder)
    for path in (made / "exhibits").iterdir():
        shown = path.read_text(encoding="utf-8")
        assert label in " ".join(shown.split()), path
        assert provenance.removesuffix("d").removesuffix("e")[:9].upper() in shown.upper()


def test_who_confirmed_what_and_how_fast_is_said(tmp_path, folder, without_browser):
    corpus = corpus_in(tmp_path / "corpus")
    confirm(corpus)
    with pytest.warns(UserWarning, match="no Chromium"):
        made = evidence(SITE, corpus, tmp_path / "made")
    assert {finding["decision"] for finding in claims(made)} == {"confirmed"}
    assert "“Ada Quill, [e-mail address masked]” decided on" in readme(made)
    assert "by acts on many pairs at once" in readme(made)
    assert "Nobody has decided on any pair" in readme(folder)


def test_decisions_faster_than_reading_are_called_so():
    rows = [("a", "b", "approved", "Ada", f"2026-02-01T09:00:00.{n}+00:00", "", 1, 2) for n in range(5)]
    columns = ["spun", "original", "status", "who", "when", "note", "at_once", "places"]
    assert "faster than anybody reads" in said_of_confirmations(pd.DataFrame(rows, columns=columns))[0]
    slow = [(*row[:4], f"2026-02-01T09:{n}0:00+00:00", *row[5:]) for n, row in enumerate(rows)]
    assert "faster than anybody reads" not in said_of_confirmations(pd.DataFrame(slow, columns=columns))[0]


def test_a_decision_on_other_words_is_no_decision_on_these(corpus, tmp_path):
    found = case.compared_site(SITE, corpus).substitutions
    MappingTable.open(tmp_path / "mapping").decide("quite", "other", "approved", WHO)
    assert confirmations(found, tmp_path).empty


# Whole or not at all


def test_a_folder_with_files_in_it_is_never_written_into(corpus, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match=r"none is ever overwritten\. Mend: name a folder that is not there yet"):
        evidence(SITE, corpus, tmp_path / "mine")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="this is a file or a link"):
        evidence(SITE, corpus, tmp_path / "file")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine", "notes.txt"]


def test_evidence_is_not_replaced_by_newer_evidence(corpus, folder):
    before = (folder / "SHA256SUMS").read_bytes()
    with pytest.raises(ValueError, match="none is ever overwritten"):
        evidence(SITE, corpus, folder)
    assert (folder / "SHA256SUMS").read_bytes() == before


def test_an_empty_folder_may_be_named(corpus, tmp_path, without_browser):
    (tmp_path / "empty").mkdir()
    with pytest.warns(UserWarning, match="no Chromium"):
        assert (evidence(SITE, corpus, tmp_path / "empty") / "README.txt").exists()


def test_the_folder_that_one_is_in_is_not_taken(corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"the folder that you are in\. Mend: name a new folder in it"):
        evidence(SITE, corpus, ".")
    assert tmp_path.is_dir()


def test_of_evidence_that_fails_nothing_is_left(corpus, tmp_path, monkeypatch):
    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence_folder, "_readme", fail)
    monkeypatch.setattr(evidence_folder, "find_browser", lambda: None)
    with pytest.raises(OSError, match="No space left"), pytest.warns(UserWarning, match="no Chromium"):
        evidence(SITE, corpus, tmp_path / "made")
    assert [*tmp_path.iterdir()] == []


def test_a_wording_that_does_not_stand_at_its_offsets_keeps_the_folder_from_being_made(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_folder, "find_browser", lambda: None)
    real = evidence_folder.exhibit_of

    def off_by_one(*parts):
        exhibit = real(*parts)
        exhibit["claims"]["quotes"][-1]["start"] += 1
        return exhibit

    monkeypatch.setattr(evidence_folder, "exhibit_of", off_by_one)
    with (
        pytest.raises(case.EvidenceError, match="does not stand at its offsets"),
        pytest.warns(UserWarning, match="no Chromium"),
    ):
        evidence(SITE, corpus, tmp_path / "made")
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_run_left_is_cleared_away_and_a_living_ones_is_not(corpus, tmp_path, without_browser):
    numbers = (2**22 + 1, os.getpid(), os.getppid(), "mine")  # in a container a dead run has the number of this one
    drafts = [tmp_path / f".made.{number}.draft" for number in numbers]
    for path in drafts:
        path.mkdir()
    with pytest.warns(UserWarning, match="no Chromium"):
        evidence(SITE, corpus, tmp_path / "made")
    assert {path.name for path in tmp_path.iterdir()} == {"made", *(path.name for path in drafts[2:])}


@pytest.mark.parametrize("site", ["nowhere.example", "quay.example", ""])
def test_a_site_without_a_compared_article_is_an_error_that_names_others(corpus, tmp_path, site):
    with pytest.raises(case.EvidenceError, match=r"is paired with a reference. Mend: name a site .*spun.example"):
        evidence(site, corpus, tmp_path / "made")


def test_a_site_at_which_nothing_differs_is_an_error(tmp_path):
    corpus_in(tmp_path / "corpus", spun=REFERENCE)
    with pytest.raises(case.EvidenceError, match=r"nothing differs\. Mend: "):
        evidence(SITE, tmp_path / "corpus", tmp_path / "made")


def test_a_stored_file_that_is_not_as_it_came_is_named(corpus_of_pages, tmp_path, without_browser):
    corpus = shutil.copytree(corpus_of_pages, tmp_path / "corpus")
    raw = next(corpus / row for row in load_articles(corpus)["raw"] if row)
    raw.write_bytes(raw.read_bytes() + b" ")
    with (
        pytest.raises(case.EvidenceError, match="SHA-256 is not the one that was noted"),
        pytest.warns(UserWarning, match="no Chromium"),
    ):
        evidence(SITE, corpus, tmp_path / "made")
    raw.unlink()
    with (
        pytest.raises(case.EvidenceError, match=r"cannot be read .* Mend: bring it back"),
        pytest.warns(UserWarning, match="no Chromium"),
    ):
        evidence(SITE, corpus, tmp_path / "made")
    assert not (tmp_path / "made").exists()


# Pictures


def test_each_exhibit_has_a_picture_where_chromium_is(corpus, folder, tmp_path):
    need_chromium()
    names = [finding["finding"] for finding in claims(folder)[:2]]
    made = evidence(SITE, corpus, tmp_path / "made", names, captures=False)
    pictures = sorted((made / "exhibits").glob("*.png"))
    assert [path.stem for path in pictures] == sorted(names)
    assert all(path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 20_000 for path in pictures)
    assert "no Chromium" not in readme(made)


def test_without_chromium_that_is_said_and_everything_else_is_made(folder):
    assert not [*folder.rglob("*.png")]
    assert "No pictures were made: there is no Chromium on this machine. Mend: " in readme(folder)
    assert {path.suffix for path in (folder / "exhibits").iterdir()} == {".html", ".txt"}


def test_a_browser_that_fails_costs_the_pictures_and_nothing_else(corpus, folder, tmp_path, monkeypatch):
    def fail(pages: list[Path], pictures: list[Path]) -> None:
        pictures[0].with_name(f"{pictures[0].name}.draft").write_bytes(b"")
        raise RuntimeError(f"Chromium could not print {pages[0]}: it hung")

    monkeypatch.setattr(evidence_folder, "find_browser", lambda: "chromium")
    monkeypatch.setattr(evidence_folder, "print_pages", fail)
    with pytest.warns(UserWarning, match="Chromium took 0 of 1 pictures"):
        made = evidence(SITE, corpus, tmp_path / "made", [claims(folder)[0]["finding"]], captures=False)
    assert "Chromium took 0 of 1 pictures" in readme(made)
    assert {path.suffix for path in (made / "exhibits").iterdir()} == {".html", ".txt"}


def test_the_day_is_that_of_reports():
    assert case.today() == build.today()


@pytest.mark.parametrize(("attack", "times"), [(faults_evidence.odd_signs, 4), (faults_evidence.kills, 3)])
def test_evidence_is_whole_and_true_or_not_there(tmp_path, without_browser, attack, times):
    outcome = attack(tmp_path, times)
    assert (outcome.tried, outcome.held, outcome.said) == (times, times, "")
