"""A person reviews the mapping table in a real JupyterLab, with keyboard and mouse, and finds every decision again."""

import csv
import json
import re
import shutil
import time
from pathlib import Path
from statistics import median

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import Lab, running_lab
from playwright.sync_api import Locator, Page, expect

from helpers.corpus import load_articles
from helpers.mapping import MappingTable

ROOT = Path(__file__).parents[1]
NOTEBOOK = "notebooks/04_build_the_mapping_table.ipynb"
KEPT = {"kim-xi", "kim-xi-reference", "dailybrief-news-army-flood", "news-army-flood"}  # of the corpus, to be quick
SCROLL = """(step) => {
  const all = document.querySelector(".jp-WindowedPanel-outer")
  all.scrollTop = (step * 300) % Math.max(1, all.scrollHeight)
}"""
SLOW = 90_000  # milliseconds: a machine that does much else


@pytest.fixture(scope="module")
def project(tmp_path_factory, corpus) -> Path:
    """A copy of notebook 04 and of a part of the corpus, with nothing decided yet."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns("0[!4]*", ".*"))
    shutil.copytree(corpus, folder / "corpus", ignore=shutil.ignore_patterns("decisions.jsonl", ".*"))
    table = folder / "corpus" / "articles.csv"
    with open(table, encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    with open(table, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(row for row in rows if row[0] in KEPT)])
    return folder


@pytest.fixture(scope="module")
def lab(project, tmp_path_factory):
    with running_lab(project, tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def window(browser):
    """A window of the browser's, which keeps what it has loaded of JupyterLab for its next tab."""
    context = browser.new_context(viewport={"width": 1500, "height": 1100}, reduced_motion="reduce")
    context.set_default_timeout(SLOW)
    yield context
    context.close()


def visit(window, lab: Lab, notebook: str = NOTEBOOK) -> Page:
    """Open a notebook in a new tab; nothing is run."""
    page = window.new_page()
    page.goto(lab.page(notebook))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    return page


def menu(page: Page, *names: str) -> None:
    """Choose from the menus, one after the other."""
    for name in names:
        page.get_by_role("menuitem", name=re.compile(f"^{re.escape(name)}")).first.click()


def run_all(page: Page) -> Locator:
    """Run the notebook; return the widget when its table is there."""
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    menu(page, "Run", "Run All Cells")
    return look_for(page, ".unspun-live")


def look_for(page: Page, what: str) -> Locator:
    """Scroll through the notebook until something is in sight: JupyterLab draws only what is."""
    until, step = time.monotonic() + SLOW / 1000, 0
    while not page.locator(what).first.is_visible():
        assert time.monotonic() < until, f"{what} never came: {page.locator('.jp-RenderedText').all_inner_texts()}"
        page.evaluate(SCROLL, step)
        page.wait_for_timeout(150)
        step += 1
    page.locator(what).first.scroll_into_view_if_needed()
    return page.locator(what).first


def lines(project: Path) -> list[dict]:
    """The log as it lies on disk, read without the code that wrote it."""
    return lines_of(project / "my-decisions" / "decisions.jsonl")


def lines_of(path: Path) -> list[dict]:
    """The lines of a log."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def lying_in(folder: Path) -> dict[Path, bytes]:
    """What lies below a folder; locks are nothing."""
    return {path: path.read_bytes() for path in folder.rglob("[!.]*") if path.is_file()}


def row_of(widget: Locator, spun: str, original: str) -> Locator:
    """The row of a pair, if it is in sight."""
    cells = widget.page.get_by_role("gridcell", name=spun, exact=True)
    return (
        widget.get_by_role("row")
        .filter(has=cells)
        .filter(has=widget.page.get_by_role("gridcell", name=original, exact=True))
    )


def find(widget: Locator, text: str) -> None:
    """Filter the rows by a text."""
    widget.get_by_label("Find").fill(text)


def said(widget: Locator, words: str) -> None:
    """Wait until the widget says that something is on disk; by then it must be."""
    expect(widget.get_by_role("status")).to_contain_text(words, timeout=30_000)


def save(page: Page) -> None:
    menu(page, "File", "Save Notebook")
    page.wait_for_function("!document.querySelector('.jp-Document .jp-mod-dirty, .lm-TabBar-tab.jp-mod-dirty')")


def test_a_person_decides_in_jupyterlab_and_finds_every_decision_again(window, lab, project):
    page = visit(window, lab)
    look_for(page, ".unspun-static")  # in a notebook that nobody has trusted yet the plain table is there to read
    widget = run_all(page)
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    grid = widget.get_by_role("grid")
    expect(widget).to_contain_text("0 of ")
    shipped = lying_in(project / "corpus")

    # Who decides is asked for once.
    widget.get_by_label("Your name").fill("Ana")
    page.keyboard.press("Enter")
    expect(widget).to_contain_text("deciding: Ana")
    expect(grid).to_be_focused()

    # With the keyboard: filter, approve, go on, reject.
    find(widget, "assembly")
    page.keyboard.press("Enter")
    expect(grid).to_be_focused()
    page.keyboard.press("a")
    said(widget, "On disk: “assembly” for “meeting” approved")
    assert [(line["spun"], line["status"], line["who"]) for line in lines(project)] == [("assembly", "approved", "Ana")]
    expect(row_of(widget, "assembly", "meeting")).to_contain_text("approved")

    find(widget, "1000's")
    page.keyboard.press("Enter")
    page.keyboard.press("w")
    page.keyboard.type("only to try it")
    page.keyboard.press("Enter")
    page.keyboard.press("r")
    said(widget, "“1000's” for “thousands” rejected")
    assert lines(project)[-1]["note"] == "only to try it"

    # With the keyboard: type another original, split a phrase.
    find(widget, "image")
    page.keyboard.press("Enter")
    page.keyboard.press("e")
    page.keyboard.type("emblem")
    page.keyboard.press("Enter")
    said(widget, "edited")
    assert [(line["original"], line["status"]) for line in lines(project)[-2:]] == [
        ("symbol", "rejected"),
        ("emblem", "edited"),
    ]
    expect(row_of(widget, "image", "emblem")).to_contain_text("edited")
    expect(grid).to_be_focused()  # and so it stays when the plain table is brought up to date
    page.keyboard.press("u")
    said(widget, "2 rows undone")
    page.keyboard.press("Home")
    page.keyboard.press("e")
    page.keyboard.type("emblem")
    page.keyboard.press("Enter")
    said(widget, "edited")
    expect(row_of(widget, "image", "emblem")).to_contain_text("edited")

    # With the mouse: another row, the buttons; undo.
    find(widget, "folks")
    row_of(widget, "folks", "people").click()
    widget.get_by_role("button", name="Reject").click()
    said(widget, "“folks” for “people” rejected")
    widget.get_by_role("button", name="Undo").click()
    said(widget, "“folks” for “people” undone")
    expect(row_of(widget, "folks", "people")).to_contain_text("proposed")
    widget.get_by_role("button", name="Approve").click()
    said(widget, "“folks” for “people” approved")

    # Many at once, with both, and undone as one.
    find(widget, "help")
    grid.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("a")
    said(widget, "rows approved")
    before = len(lines(project))
    page.keyboard.press("u")
    said(widget, "rows undone")
    assert all(line["status"] == "undone" for line in lines(project)[before:])
    assert len(lines(project)) > before + 1

    # Undo of anything: the first decision of all, from its history.
    find(widget, "1000's")
    row_of(widget, "1000's", "thousands").click()
    widget.get_by_role("button", name="take back: rejected by Ana").click()
    said(widget, "“1000's” for “thousands” undone")

    # The status filter; the whole passage behind a place.
    find(widget, "")
    widget.get_by_label("Status").select_option("approved")
    expect(widget.get_by_role("row")).to_have_count(3)  # the heading and two
    widget.get_by_label("Status").select_option("")
    find(widget, "assembly")
    row_of(widget, "assembly", "meeting").click()
    place = widget.locator(".line").first
    expect(place.locator(".published mark.here")).to_have_text("assembly")
    expect(place.locator(".reference mark.here")).to_have_text("meeting")
    sentence = place.locator(".published").inner_text()
    place.get_by_role("button", name="whole passage").click()
    expect(place.get_by_role("button", name="whole passage")).to_have_attribute("aria-expanded", "true")
    assert len(place.locator(".published").inner_text()) > len(sentence)

    assert page.locator(".jp-Notebook .jp-Cell").count() == cells, "a key of the widget changed the notebook"
    made = lines(project)
    time.sleep(3.5)  # the plain table is brought up to date when nothing was decided for 2.5 seconds
    save(page)
    page.close()
    assert lab.kill_kernels() == 1

    # Without a kernel the same table is there to read, with what was decided.
    page = visit(window, lab)
    plain = look_for(page, ".unspun-static")
    expect(plain.get_by_role("row", name="image emblem")).to_contain_text("edited")
    expect(plain.get_by_role("row", name="folks people")).to_contain_text("approved")

    # Run again, every decision is there.
    widget = run_all(page)
    expect(plain).to_be_hidden()
    expect(widget).to_contain_text("deciding: Ana")
    assert lying_in(project / "corpus") == shipped, "the corpus that comes with Unspun was written to"
    assert lines(project) == made
    for spun, original, status in [
        ("assembly", "meeting", "approved"),
        ("folks", "people", "approved"),
        ("image", "emblem", "edited"),
        ("image", "symbol", "rejected"),
        ("1000's", "thousands", "proposed"),
        ("help", "support", "proposed"),
    ]:
        find(widget, spun)
        expect(row_of(widget, spun, original)).to_contain_text(status)
    find(widget, "")
    assert problems(page) == []
    table = MappingTable.open(project / "my-decisions").table.set_index(["spun", "original"])["status"]
    assert (table["assembly", "meeting"], table["image", "emblem"], table["1000's", "thousands"]) == (
        "approved",
        "edited",
        "proposed",
    )

    # Loaded again in the dark theme while the kernel lives, the widget is there with its decisions.
    save(page)
    lab.set_theme("JupyterLab Dark")
    page.reload()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    widget = look_for(page, ".unspun-live")
    expect(widget).to_contain_text("4 of ")
    assert page.evaluate("document.body.dataset.jpThemeLight") == "false"
    assert problems(page) == []
    page.close()
    lab.set_theme("JupyterLab Light")
    lab.kill_kernels()


def problems(page: Page) -> list[tuple]:
    """What axe finds in the widget: what keeps people out who do not see well, or see otherwise."""
    found = Axe().run(page, context=".unspun-review").response["violations"]
    return [(bad["id"], bad["nodes"][0]["html"][:150], bad["nodes"][0]["any"][:1]) for bad in found]


MANY = """
import pandas as pd

from helpers.mapping import MappingTable
from helpers.mapping.review_widget import review

rows = [(f"spun {n % 4000} phrase", f"original {n}", f"article {n % 50}", f"site {n % 9}") for n in range(10_000)]
seen = pd.DataFrame(rows, columns=["spun", "original", "spun_id", "site"]).assign(
    reference_id="r", kind="phrase", in_quote=False, in_name=False, confidence=0.9, left="It is ", right=" again."
)
mapping = MappingTable.open("many").propose(seen)
"""


def test_ten_thousand_rows_are_there_and_answer_at_once(window, lab, project, measured):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [nbformat.v4.new_code_cell(MANY), nbformat.v4.new_code_cell("review(mapping, seen, who='Ana')")]
    nbformat.write(notebook, project / "many.ipynb")
    page = visit(window, lab, "many.ipynb")
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    page.locator(".jp-Cell").first.click()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt").first).to_have_text("[1]:", timeout=30_000)

    page.evaluate(WATCH_FOR_THE_WIDGET)
    page.keyboard.press("Shift+Enter")
    widget = look_for(page, ".unspun-live")
    there = page.evaluate("window.there - window.started")
    expect(widget).to_contain_text("10,000 of 10,000 rows shown")
    assert widget.get_by_role("row").count() < 60, "rows out of sight are drawn"

    page.evaluate(WATCH_KEYS)
    widget.get_by_role("grid").focus()
    for key in ["ArrowDown", "PageDown", "End", "Home"] * 5:
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    moves = page.evaluate("window.moves")
    for number in range(1, 11):
        page.keyboard.press("a")
        expect(widget).to_contain_text(f"{number} of 10,000 rows decided")
    decisions = page.evaluate("window.decisions")
    page.close()
    lab.kill_kernels()
    assert len(lines_of(project / "many" / "decisions.jsonl")) == 10
    measured(f"10,000 rows in JupyterLab: there {there:,.0f} ms after the cell was run;")
    measured(f"  a key moves to another row in {median(moves):.0f} ms (at most {max(moves):.0f}, n = {len(moves)}),")
    measured(f"  a decision is on disk and shown in {median(decisions):.0f} ms (at most {max(decisions):.0f}, n = 10)")


PASTED = "Kim, Xi hail bond\n\n“It’s Asia’s bank”, Kim said on Thursday, after the two leaders had met.\n"


def test_a_person_pastes_an_article_into_a_corpus(window, lab, project):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [nbformat.v4.new_code_cell("from helpers.corpus.paste_form import paste\n\npaste('pasted')")]
    nbformat.write(notebook, project / "paste.ipynb")
    page = visit(window, lab, "paste.ipynb")
    form = run_all(page)
    expect(form).to_contain_text("0 articles in pasted")
    cells = page.locator(".jp-Notebook .jp-Cell").count()

    # With the keyboard alone; a key that JupyterLab knows (a, b, d d) is text here.
    form.get_by_label("Text").focus()
    page.keyboard.insert_text(PASTED)
    page.keyboard.press("Tab")
    for label, words in [
        ("Title", "abdd Kim & Xi"),
        ("Site", "news.example"),
        ("Address of the page", "https://news.example/kim"),
    ]:
        form.get_by_label(label).focus()
        page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    said(form, f"On disk: reference/kim.txt, {len(PASTED)} characters.")
    assert (project / "pasted/reference/kim.txt").read_text(encoding="utf-8") == PASTED
    expect(form.get_by_label("Text")).to_be_focused()
    expect(form.get_by_label("Text")).to_have_value("")

    # With the mouse: a spun one, first with a mistake, which is said and loses nothing.
    form.get_by_label("Role").select_option("spun")
    form.get_by_label("Its reference").select_option("kim")
    form.get_by_label("Text").fill(PASTED.replace("met", "assembled"))
    expect(form.get_by_label("Site", exact=True)).to_have_value("")  # that of the reference is not that of its copy
    form.get_by_label("Site", exact=True).fill("copy.example")
    form.get_by_label("Title").fill("Kim & Xi again")
    form.get_by_label("Published").fill("last Friday")
    form.get_by_label("Name of the article").fill("copy")
    form.get_by_role("button", name="Put it into the corpus").click()
    expect(form.get_by_role("alert")).to_contain_text("'last Friday' is no date. Write it as 2025-09-05")
    expect(form.get_by_label("Text")).to_have_value(PASTED.replace("met", "assembled"))
    form.get_by_label("Published").fill("2025-09-05")
    form.get_by_role("button", name="Put it into the corpus").click()
    said(form, "On disk: spun/copy.txt")
    expect(form.get_by_role("alert")).to_be_hidden()
    expect(form).to_contain_text("2 articles in pasted")
    assert load_articles(project / "pasted")["reference_id"].to_dict() == {"kim": "", "copy": "kim"}
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells, "a key of the form changed the notebook"
    assert problems(page) == []

    # Saved and opened again without a kernel, the plain table says what is in the corpus.
    save(page)
    page.close()
    lab.kill_kernels()
    page = visit(window, lab, "paste.ipynb")
    plain = look_for(page, ".unspun-static")
    expect(plain.get_by_role("row", name="copy spun")).to_contain_text("2025-09-05")
    page.close()


# From the key until the page has been drawn anew: the next frame, and the task behind it.
WATCH_KEYS = """() => {
  window.moves = []; window.decisions = []
  const root = document.querySelector(".unspun-live")
  root.addEventListener("keydown", (event) => {
    const pressed = performance.now()
    if (event.key === "a") {
      const watcher = new MutationObserver(() => {
        watcher.disconnect()
        window.decisions.push(performance.now() - pressed)
      })
      watcher.observe(root.querySelector("[role=status]"), { childList: true, characterData: true, subtree: true })
    } else requestAnimationFrame(() => setTimeout(() => window.moves.push(performance.now() - pressed)))
  }, { capture: true })
}"""
WATCH_FOR_THE_WIDGET = """() => {
  window.addEventListener("keydown", () => { window.started ??= performance.now() }, { capture: true })
  new MutationObserver(() => {
    if (!window.there && document.querySelector(".unspun-live tbody tr[id]")) window.there = performance.now()
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] })
}"""
