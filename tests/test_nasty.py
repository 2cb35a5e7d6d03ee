"""Text from an article can do no harm: a corpus full of nasty strings gives pages that show them, and nothing else."""

import csv
import json
import re
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from nasty_strings import ALL, CONTROL, IN_TABLES
from pages import open_page

from helpers.corpus import add_article
from helpers.display.visible import slug, visible
from helpers.report import build_reports
from helpers.report.build import build_index, save_picture

SITES = ["<img src=x onerror=hit()>", "../../../etc/<script>hit()</script>", "=1+1 \u202eelpmaxe.live"]
FILLING = "The army said on Friday that the meeting had helped the people of the city to agree."
SPUN = "The military mentioned on Friday that the assembly had aided the folks of the metropolis to agree."


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    """The reports on three sites whose names, titles, bylines, addresses, notes and texts are nasty; and the titles."""
    corpus, out = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("reports")
    titles: dict[str, list[str]] = {site: [] for site in SITES}
    for number, string in enumerate(ALL):
        site, name = SITES[number % len(SITES)], f"n{number:03}"
        title = string if string in IN_TABLES else f"control {number}"
        words = " ".join(string.split()) or "x"
        lines = [title.replace("\n", " "), f"“{FILLING} {words} said the army,” Kim said.", FILLING, f"{words} end."]
        spun = [lines[0], f"“{SPUN} {words} mentioned the military,” Kim said.", SPUN, f"{words} finish.", words, words]
        text, copy = "\n\n".join(lines), "\n\n".join(spun)
        add_article(
            corpus,
            f"{name}-r",
            "reference",
            text,
            site=f"news {title}",
            title=title,
            note=title,
            provenance="reconstructed",
        )
        add_article(
            corpus, f"{name} ;&'é" if number % 7 == 0 else name, "spun", copy, site=site, title=title, byline=title,
            url=f"javascript:hit('{number}')" if number % 2 else title, licence=title[:200], note=title,
            published="2025-09-05T14:30", reference_id=f"{name}-r",
        )  # fmt: skip
        titles[site].append(title)
    note = {"topic": "owner", "text": "<script>hit()</script> \u202e", "date": "2025-01-01", "source": "<b>"}
    (corpus / "site.yml").write_text(json.dumps({SITES[0]: [note]}), encoding="utf-8")
    build_reports(corpus, out, progress=False)
    build_index(out, save=save_picture)
    return out, titles


INVISIBLE = ["\u3164", "\uffa0", "\u115f", "\u1160", "\u2800", "\u034f", "\u17b4", "\ufe00", "\U000e0100", "\U000e01ef",
             "\U0003fffe", "\U000fffff", "\U0001d173", "\u200b", "\ufeff"]  # fmt: skip


@pytest.mark.parametrize("sign", INVISIBLE)
def test_what_cannot_be_seen_is_shown_as_its_code(sign):
    assert visible(f"a{sign}b") == f"a⟨U+{ord(sign):04X}⟩b"


@pytest.mark.parametrize("text", ["❤️", "☎︎", "naïve", "한글", "e\u0301", "漢字"])
def test_what_can_be_seen_stays(text):
    assert visible(text) == text


@given(st.lists(st.text(alphabet="aA1_.-Бé4\u0411 f", max_size=6), min_size=2, max_size=2, unique=True))
def test_two_names_never_have_one_folder(names):
    assert slug(names[0]) != slug(names[1])


def test_names_that_would_meet_in_one_folder_do_not():
    names = [
        "",
        "_",
        "A1",
        "Б",
        "A",
        "A11",
        "con",
        "con_",
        ".",
        "..",
        "a.",
        "a",
        "x" * 81,
        "x" * 82,
        "Ж" * 40,
        "Ж" * 41,
    ]
    assert len({slug(name) for name in names}) == len(names)
    assert all(slug(name) and "/" not in slug(name) and not slug(name).startswith(".") for name in names)


def test_there_are_enough_of_them():
    assert len(set(ALL)) >= 100


def test_no_report_leaves_its_folder(nasty):
    out, _ = nasty
    assert {path.name for path in out.iterdir() if path.is_dir()} - {"figures", ".kept"} == {
        slug(site) for site in SITES
    }
    assert all(path.resolve().is_relative_to(out.resolve()) for path in out.rglob("*"))


@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("number", range(len(SITES) + 1))
def test_a_page_shows_every_string_and_runs_none(browser, nasty, number, width):
    out, titles = nasty
    path = out / slug(SITES[number]) / "index.html" if number < len(SITES) else out / "index.html"
    page, asked, said = open_page(browser, path, width)
    shown = page.evaluate("document.documentElement.textContent")
    wanted = titles[SITES[number]] if number < len(SITES) else SITES
    squeezed = "".join(shown.split())
    for title in wanted:
        assert "".join(visible(title).split()) in squeezed, ascii(title)
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert said == []
    assert page.evaluate("typeof window.hit") == "undefined"
    counts = page.evaluate(
        """() => [document.scripts.length,
                  document.querySelectorAll("iframe, object, embed, form, base, video, svg, math").length,
                  [...document.querySelectorAll("*")]
                    .filter(node => node.getAttributeNames().some(name => name.startsWith("on"))).length,
                  [...document.images].filter(image => !image.src.startsWith("data:image/png")).length,
                  [...document.links].filter(link => !/^(https?|file):/.test(link.href)).length]"""
    )
    assert counts == [1 if number == len(SITES) else 0, 0, 0, 0, 0]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_the_page_of_an_article_runs_nothing_but_its_own_script(browser, nasty):
    out, titles = nasty
    pages = sorted(out.glob("*/articles/*.html"))
    assert len(pages) == sum(map(len, titles.values()))
    page, asked, said = open_page(browser, pages[0], 390)
    for path in pages:  # one after the other in one window: a new one for each would cost more than all else here
        asked.clear()
        page.goto(path.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert said == []
        assert page.evaluate("typeof window.hit") == "undefined"
        counts = page.evaluate(
            """() => [document.scripts.length, document.querySelectorAll("form").length,
                      document.querySelectorAll("iframe, object, embed, base, video, svg, math, img").length,
                      [...document.querySelectorAll("*")]
                        .filter(node => node.getAttributeNames().some(name => name.startsWith("on"))).length,
                      [...document.links].filter(link => !/^(https?|file):/.test(link.href)).length]"""
        )
        assert counts == [1, 1, 0, 0, 0]
    page.context.close()


def test_unseen_characters_are_shown_as_their_codes(browser, nasty):
    out, _ = nasty
    texts = [
        (out / slug(site) / name).read_text(encoding="utf-8") for site in SITES for name in ("index.html", "report.md")
    ]
    for text in texts:
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]", text
        )
    assert any("⟨U+202E⟩" in text for text in texts)
    assert len(CONTROL) == sum(visible(string) != string for string in CONTROL)


def test_no_accessibility_problem_comes_in_with_them(browser, nasty):
    out, _ = nasty
    page, _, _ = open_page(browser, out / slug(SITES[0]) / "index.html", 1100)
    found = Axe().run(page).response["violations"]
    assert [(problem["id"], problem["nodes"][0]["html"][:100]) for problem in found] == []
    page.context.close()


def test_no_cell_of_the_data_is_a_formula(nasty):
    out, _ = nasty
    for path in out.glob("*/data/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or is_number(cell), (
                        path.name,
                        cell[:60],
                    )


def is_number(cell: str) -> bool:
    try:
        return bool(float(cell)) or True
    except ValueError:
        return False


def test_figures_are_drawings_and_nothing_else(nasty):
    out, _ = nasty
    for path in out.rglob("*.svg"):
        tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(path.read_bytes()).iter()}
        assert not tags & {"script", "foreignObject", "image", "a"}
        assert b"javascript:" not in path.read_bytes().replace(b"[x](javascript:hit())", b"")


def test_markdown_holds_no_markup_from_outside(nasty):
    out, _ = nasty
    for site in SITES:
        text = (out / slug(site) / "report.md").read_text(encoding="utf-8")
        body = text.partition("Made with:")[0]
        assert "<" not in body
        assert not re.search(r"(?<!\\)\]\((?!figures/)", body)
        assert re.findall(r"^#+ .*", body, re.MULTILINE)[1:] == re.findall(r"^## [A-Z][A-Za-z, ]*$", body, re.MULTILINE)
