"""The report in a real browser: on a phone, on a desk, on paper, and for people who do not see it."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import open_page

from helpers.report.build import build_index

REAL = "orbitalnewsnetwork.com"
PAGES = [f"{REAL}/index.html", f"{REAL}/articles/kim-xi.html", "worldpulse.example/index.html", "index.html"]


@pytest.fixture(params=PAGES)
def visit(browser, reports, request):
    """A function that opens the page at a width; it returns the page and the requests that were made for it."""
    pages = []

    def open_at(width: int):
        page, asked, said = open_page(browser, reports / request.param, width)
        pages.append(page)
        return page, [*asked, *said]

    yield open_at
    for page in pages:
        page.context.close()


def test_a_page_asks_for_nothing_but_itself(visit):
    page, requests = visit(1000)
    assert [url for url in requests if not url.startswith("data:")] == [page.url]


@pytest.mark.parametrize("width", [320, 390, 1100])
def test_nothing_sticks_out_at_the_side(visit, width):
    page, _ = visit(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1100])
def test_axe_finds_no_accessibility_problem(visit, width):
    page, _ = visit(width)
    found = Axe().run(page).response["violations"]
    assert [(problem["id"], problem["impact"], problem["nodes"][0]["html"][:100]) for problem in found] == []


def test_on_paper_no_table_is_cut_off_at_the_side(visit):
    page, _ = visit(680)  # A4 less its margins, at 96 dots an inch
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_changed_words_are_marked_by_more_than_colour(browser, reports):
    page = browser.new_page()
    page.goto((reports / "orbitalnewsnetwork.com" / "index.html").as_uri())
    style = "mark => [getComputedStyle(mark).fontWeight, getComputedStyle(mark).textDecorationLine]"
    assert page.locator("mark.spun.quoted").first.evaluate(style) == ["700", "underline"]
    page.close()


def test_on_a_desk_every_column_of_the_index_is_in_sight(browser, reports, tmp_path):
    for site in ("orbitalnewsnetwork.com", "worldpulse.example"):
        shutil.copytree(reports / site, tmp_path / site)
    shutil.copytree(tmp_path / "worldpulse.example", tmp_path / "morningledger.example")
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.goto(build_index(tmp_path).as_uri())
    hidden = "boxes => boxes.map(box => box.scrollWidth - box.clientWidth)"
    assert set(page.locator(".scroll").evaluate_all(hidden)) == {0}
    page.close()
