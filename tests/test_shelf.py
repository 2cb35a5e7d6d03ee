"""Reports are made while anything may happen: a kill, a second run, a full disk, files that somebody else put there."""

import json
import multiprocessing
import os
import re

import pytest

from helpers.corpus import add_article
from helpers.report import build, build_reports, pdf, shelf
from helpers.report.datapackage import read_descriptor, write_descriptor

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def made(tmp_path):
    """A folder of reports with one report in it, as `build` leaves it, without what makes it slow."""
    return report(tmp_path / "out", "first")


def draft(out, words, site="x.example"):
    """A whole draft of a report whose page says these words."""
    folder = out / shelf.NEW / site
    (folder / "data").mkdir(parents=True)
    for name in ("index.html", "report.md", "data/names.csv"):
        (folder / name).write_text(f"{words} {name}", encoding="utf-8")
    files = [{"path": name, **shelf.fingerprint(folder / name)} for name in ("index.html", "report.md")]
    resources = [{"path": "data/names.csv", **shelf.fingerprint(folder / "data" / "names.csv")}]
    write_descriptor(folder, {"resources": resources, "unspun": {"files": files}})
    return folder


def report(out, words):
    with shelf.one_run(out):
        shelf.put_in_place(draft(out, words), out / "x.example")
    return out


def again(out, words="second"):
    """Make the report anew and return what had to be set aside, as paths within it."""
    with shelf.one_run(out) as aside:
        aside = aside + shelf.put_in_place(draft(out, words), out / "x.example")
    assert (out / "x.example" / "index.html").read_text() == f"{words} index.html"
    return [path.relative_to(out / "x.example").as_posix() for path in aside]


# What is not Unspun's


@pytest.mark.parametrize("name", ["notes.txt", "data/my_notes.csv", "figures/mine.png", ".hidden", "deep/er/file"])
def test_a_file_of_ones_own_stays_where_it_is(made, name):
    mine = made / "x.example" / name
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    assert again(made) == []
    assert mine.read_text() == "mine"


def test_a_folder_and_a_link_of_ones_own_stay_where_they_are(made, tmp_path):
    (made / "x.example" / "empty").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (made / "x.example" / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert again(made) == []
    assert (made / "x.example" / "empty").is_dir()
    assert (made / "x.example" / "link").readlink() == tmp_path / "elsewhere"


def test_a_file_of_the_report_that_somebody_changed_is_set_aside_and_none_is_lost_however_often(made):
    page, kept = made / "x.example" / "index.html", made / "x.example" / shelf.SET_ASIDE
    page.write_text("annotated")
    assert again(made) == ["set_aside/index.html"]
    page.write_text("annotated again")
    assert again(made, "third") == ["set_aside/index-2.html"]
    assert [path.read_text() for path in sorted(kept.iterdir())] == ["annotated again", "annotated"]


def test_a_file_of_ones_own_whose_place_a_new_report_needs_is_set_aside(made):
    (made / "x.example" / "figures").write_text("mine")
    folder = draft(made, "second")
    (folder / "figures").mkdir()
    [aside] = shelf.put_in_place(folder, made / "x.example")
    assert aside.read_text() == "mine"


def test_an_old_pdf_never_stands_beside_a_new_page(made):
    (made / "x.example" / "report.pdf").write_text("of an older version, which listed no PDF")
    assert again(made) == ["set_aside/report.pdf"]
    assert not (made / "x.example" / "report.pdf").exists()


def test_what_is_added_to_a_report_is_listed_and_what_stood_there_is_set_aside(made, tmp_path):
    folder, new = made / "x.example", tmp_path / "new.ipynb"
    (folder / "report.ipynb").write_text("annotated")
    new.write_text("as made")
    [aside] = shelf.add_file(folder, "report.ipynb", new)
    assert aside.read_text() == "annotated"
    assert shelf.has_file(folder, "report.ipynb")
    (folder / "report.ipynb").write_text("annotated anew")
    assert not shelf.has_file(folder, "report.ipynb")


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "null", '{"resources": 7}', '{"unspun": {"files": [{}]}}', "[" * 9999]
)
def test_a_damaged_descriptor_costs_no_file(made, content):
    (made / "x.example" / "datapackage.json").write_text(content)
    assert read_descriptor(made / "x.example") == {}
    if "[" not in content[:1] and content not in ("null", '{"resources": 7}'):
        assert "set_aside/index.html" in again(made)


def test_a_data_package_of_somebody_else_is_no_report(made):
    (made / "y.example").mkdir()
    theirs = made / "y.example" / "datapackage.json"
    theirs.write_text(json.dumps({"resources": [{"path": "a.csv", "hash": "x"}]}))
    with pytest.raises(ValueError, match=r"y\.example: there are files here that are no report of Unspun\. Mend: "):
        shelf.put_in_place(draft(made, "new", "y.example"), made / "y.example")
    assert theirs.exists()


def test_a_link_where_a_report_should_be_is_not_followed(made, tmp_path):
    (tmp_path / "theirs").mkdir()
    (made / "y.example").symlink_to(tmp_path / "theirs", target_is_directory=True)
    with pytest.raises(ValueError, match="a report wants a folder of its own here"):
        shelf.put_in_place(draft(made, "new", "y.example"), made / "y.example")


def test_an_index_of_somebody_else_is_not_overwritten(tmp_path):
    (tmp_path / "index.html").write_text("my page")
    with pytest.raises(ValueError, match=r"this is no index of Unspun.*Mend"):
        build.build_index(tmp_path)
    assert (tmp_path / "index.html").read_text() == "my page"


# Ended in the middle


class End(BaseException):
    """The end of the process, as far as a test can have it."""


@pytest.mark.parametrize("step", range(5))
def test_ended_at_any_move_the_next_run_ends_as_if_nothing_had_been(made, monkeypatch, step):
    mine = made / "x.example" / "data" / "mine.csv"
    mine.write_text("mine")
    (made / "x.example" / "report.md").write_text("annotated")
    left = step

    def moves_no_more(*_, **__):
        nonlocal left
        left -= 1
        if left < 0:
            os._exit(9)
        return move(*_, **__)

    move = type(mine).rename
    process = FORK.Process(target=_run_until, args=(made, moves_no_more))
    process.start()
    process.join()
    assert process.exitcode == (9 if step < 4 else 0)
    with shelf.one_run(made):
        pass
    assert again(made, "third")[-1:] == ([] if (made / "x.example" / "set_aside").exists() and step > 0 else
                                         ["set_aside/report.md"])  # fmt: skip
    assert mine.read_text() == "mine"
    assert [path.read_text() for path in (made / "x.example" / "set_aside").iterdir()] == ["annotated"]


def _run_until(out, rename):
    type(out).rename = rename
    with shelf.one_run(out):
        shelf.put_in_place(draft(out, "second"), out / "x.example")
    os._exit(0)


def test_where_a_file_cannot_be_moved_the_last_report_stays_as_it_was(made, monkeypatch):
    (made / "x.example" / "mine.csv").write_text("mine")
    whole = draft(made, "second")
    move = type(made).rename

    def refuses(path, target):
        if path.name == whole.name and path == whole:
            raise OSError(28, "No space left on device")
        return move(path, target)

    monkeypatch.setattr(type(made), "rename", refuses)
    with pytest.raises(OSError, match="No space left"):
        shelf.put_in_place(whole, made / "x.example")
    assert (made / "x.example" / "index.html").read_text() == "first index.html"
    assert (made / "x.example" / "mine.csv").read_text() == "mine"


# Two runs


def _hold(out, pipe):
    with shelf.one_run(out):
        pipe.send("held")
        pipe.recv()


def test_a_second_run_waits_for_the_first_and_says_so(made, capfd, monkeypatch):
    monkeypatch.setattr(shelf, "SILENCE", 0.1)
    here, there = FORK.Pipe()
    first = FORK.Process(target=_hold, args=(made, there))
    first.start()
    assert here.recv() == "held"
    second = FORK.Process(target=report, args=(made, "second"))
    second.start()
    second.join(0.5)
    assert second.is_alive()
    here.send("go")
    second.join()
    assert second.exitcode == 0
    said = capfd.readouterr().err
    assert f"another run (process {first.pid}) is making reports here; waiting for it" in said


def test_a_run_that_waits_for_this_process_is_not_waited_for(made):
    with shelf.one_run(made):
        process = FORK.Process(target=_must_not_wait, args=(made,))
        process.start()
        process.join(20)
        assert process.exitcode == 3


def _must_not_wait(out):
    try:
        shelf.FileLock._instances.clear() if hasattr(shelf.FileLock, "_instances") else None
        shelf._wait(shelf.FileLock(out / shelf.WORK / "lock"), out / shelf.WORK / "run", out)
    except RuntimeError as error:
        os._exit(3 if "changed while they were made" in str(error) else 4)


def test_the_lock_of_a_run_that_was_killed_is_free(made):
    here, there = FORK.Pipe()
    first = FORK.Process(target=_hold, args=(made, there))
    first.start()
    assert here.recv() == "held"
    first.kill()
    first.join()
    assert again(made) == []


# The whole of it

REFERENCE = "The army held a meeting on Monday in the city, officials said.\n" * 3


@pytest.fixture
def corpus(tmp_path):
    add_article(tmp_path / "c", "r", "reference", REFERENCE, site="news.example")
    spun = REFERENCE.replace("army", "military")
    for name, site in (("s", "a.example"), ("t", "b.example")):
        add_article(tmp_path / "c", name, "spun", spun, site=site, reference_id="r")
    return tmp_path / "c"


def test_what_failed_is_named_and_made_at_the_next_run_and_the_rest_is_made(corpus, tmp_path, monkeypatch, capsys):
    out, run, printed = tmp_path / "out", [], []

    def notebooks(sites, _corpus, folder, _progress):
        run.append(sites)
        for site in sites[1 if len(run) == 1 else 0 :]:
            (folder / shelf.NEW).mkdir(exist_ok=True)
            (folder / shelf.NEW / f"{site}.ipynb").write_text("{}")
        if len(run) == 1:
            raise RuntimeError("1 of 2 notebooks could not be run")

    def prints(pages, pdfs):
        printed.append([page.parent.name for page in pages])
        for place in pdfs[: -1 if len(printed) == 1 else None]:
            place.write_bytes(b"%PDF")  # the folder is there
        if len(printed) == 1:
            raise RuntimeError("Chromium could not print 1")

    monkeypatch.setattr(build, "run_notebooks", notebooks)
    monkeypatch.setattr(build, "print_pages", prints)
    monkeypatch.setattr(build, "find_browser", lambda: "chromium")
    with pytest.raises(RuntimeError, match="notebooks could not be run\nChromium could not print"):
        build.main(str(corpus), str(out), progress=False)
    assert (out / "index.html").exists()
    assert [(out / site / "report.ipynb").exists() for site in ("a.example", "b.example")] == [False, True]
    assert [(out / site / "report.pdf").exists() for site in ("a.example", "b.example")] == [True, False]
    build.main(str(corpus), str(out), progress=False)
    assert (run[1], printed[1]) == (["a.example"], ["b.example"])
    build.main(str(corpus), str(out), progress=False)
    assert (run[2:], len(printed)) == ([[]], 2)
    assert "0 reports made, 2 left: nothing in them changed" in capsys.readouterr().out


def test_a_corpus_without_a_pair_is_told_what_else_can_be_done(tmp_path):
    add_article(tmp_path / "c", "s", "spun", "The military met.", site="a.example")
    for make in (lambda: build_reports(tmp_path / "c", tmp_path / "out"), lambda: build.main(tmp_path / "c", "out")):
        with pytest.raises(ValueError, match=r"no spun article is paired.*Mend: .*notebook 05.*notebook 06"):
            make()
    assert not (tmp_path / "out").exists()


def test_an_article_of_no_site_is_named(corpus, tmp_path):
    add_article(corpus, "u", "spun", "The military met.", reference_id="r")
    with pytest.raises(ValueError, match=r"articles\.csv: 1 spun article\(s\) are of no site: u\. Mend: "):
        build_reports(corpus, tmp_path / "out", progress=False)


def test_dates_as_far_apart_as_they_can_be_are_no_trouble(corpus, tmp_path):
    for name, when in (("u", "1678-01-02T10:00"), ("v", "2261-12-02T10:00")):
        add_article(corpus, name, "spun", REFERENCE, site="d.example", byline="A", reference_id="r", published=when)
    built = build_reports(corpus, tmp_path / "out", ["d.example"], progress=False)
    assert "1678" in built.pages["d.example"].read_text(encoding="utf-8")


# A browser that hangs


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """A browser that is a script, and little patience with it."""

    def put(script):
        path = tmp_path / "browser"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("UNSPUN_CHROMIUM", str(path))
        return tmp_path / "index.html"

    return put


@pytest.mark.parametrize(
    ("script", "said"), [("exec sleep 300", "Chromium hung and was ended"), ("exit 3", "index.html")]
)
def test_a_browser_that_does_not_start_is_ended_with_all_that_it_started(browser, monkeypatch, script, said):
    page = browser(script)
    page.write_text("<title>t</title>words")
    monkeypatch.setattr(pdf, "STARTING", 4)
    with pytest.raises(RuntimeError, match=rf"could not print .*{re.escape(said)}"):
        pdf.print_pages([page, page.with_name("other.html")])
    assert not list(page.parent.glob("*.pdf*"))
