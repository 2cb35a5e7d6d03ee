"""The page of a made-up site, every number and exhibit counted by hand; and what a reader sees first."""

import html5lib
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import open_page

from helpers.corpus import add_article
from helpers.report import build_report, show_report
from helpers.report.facts.confirmations import COLUMNS, said_in_short
from helpers.report.facts.headline import lead_quotation, share_in_words, telling_name
from helpers.report.facts.quotations import LEVELS, level_of, turned_negations
from helpers.substitutions import find_substitutions

# Ours. As the comparison counts (’re is a word), the reference has 59 words, the spun text 57; 12 of these are others.
REFERENCE = """Harbour to stay closed
The harbour of Eastmouth was closed on Monday after the storm.
“We are not going to let them,” Mayor Ada Lind told the council.
About 300 people met at Truth Square in the evening.
“The army will support the city,” General Otto Brand said.
The fishermen waited for help. The council did not answer them."""
SPUN = """Harbour to remain closed
The harbour of Eastmouth was shut on Monday following the storm.
“We’re going to let them,” Mayor Ada Lind informed the council.
About 500 people met at Fact Square in the evening.
“The military will help the city,” General Otto Brand mentioned.
The fishermen waited for aid. The council did answer them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The report on the made-up site, with a second article that was copied word for word."""
    corpus = tmp_path_factory.mktemp("hand") / "corpus"
    add_article(corpus, "r", "reference", REFERENCE, site="news.example", title="Harbour to stay closed")
    titles = {"title": "Harbour to remain closed", "url": "https://invented.example/harbour"}
    add_article(corpus, "s", "spun", SPUN, site="invented.example", reference_id="r", **titles)
    add_article(corpus, "t", "spun", REFERENCE, site="invented.example", reference_id="r", title="The same again")
    return build_report("invented.example", corpus, corpus.parent / "out").parent


@pytest.fixture(scope="module")
def tree(folder):
    return html5lib.parse((folder / "index.html").read_text(encoding="utf-8"), namespaceHTMLElements=False)


def words_of(node) -> str:
    return " ".join("".join(node.itertext()).split())


def test_the_numbers_are_those_counted_by_hand(folder, tree):
    counted = {
        "articles": 2, "words": 57 + 59, "changed": 12, "copied": 57 - 12 + 59, "share_changed": 12 / 116,
        "substitutions": 12, "in_quote": 3, "quotations": 2, "with_speaker": 2, "negations": 1,
        "negations_elsewhere": 1, "names": 1, "names_outside": 1, "numbers_moved": 1, "figures_changed": 1,
        "numbers_outside": 1, "undecided": 12, "headlines": 2, "headlines_same": 0, "headline_words": 8,
    }  # fmt: skip
    numbers = pd.read_csv(folder / "data" / "numbers.csv").set_index("name")["value"]
    assert numbers[list(counted)].to_dict() == pytest.approx(counted)
    exhibits = {node for figure in tree.iter("figure") for node in figure.iter("data")}
    said = [node for node in tree.iter("data") if node.get("data-name") and node not in exhibits]
    shown = {node.get("data-name"): float(node.get("value")) for node in said}
    assert {name: shown[name] for name in counted if name in shown} == pytest.approx(
        {name: value for name, value in counted.items() if name in shown}
    )


def test_the_exhibits_are_those_found_by_hand(tree):
    exhibits = [figure for figure in tree.iter("figure") if "exhibit" in figure.get("class")]
    marks = [[words_of(mark) for mark in figure.iter("mark") if "spun" in mark.get("class")] for figure in exhibits]
    assert marks[:3] == [["’re", "informed"], ["military", "help", "mentioned"], ["answer"]]
    captions = [words_of(figure.find("figcaption")) for figure in exhibits]
    assert "Mayor Ada Lind. 2 changes, 1 inside quotation marks; gravest: negation." in captions[0]
    assert "General Otto Brand. 3 changes, 2 inside quotation marks; gravest: content words." in captions[1]
    rows = {table.get("data-table"): table for table in tree.iter("table")}
    cells = {name: [words_of(cell) for cell in rows[name].find("tbody")[0]] for name in ("names", "changed_numbers")}
    assert cells["names"] == ["Truth Square", "Fact Square", "name", "1", "0"]
    assert cells["changed_numbers"][:3] == ["300", "500", "figure changed"]


def test_a_turned_negation_stands_in_the_headline_and_is_the_first_exhibit(tree):
    heading = words_of(next(tree.iter("h1")))
    assert heading == ("One in ten words replaced; 1 quotation with a negation put in or left out; 1 figure changed")
    first = next(figure for figure in tree.iter("figure") if "first" in figure.get("class", ""))
    assert "“We’re going to let them,” Mayor Ada Lind informed the council." in words_of(first)
    assert "“We are not going to let them,” Mayor Ada Lind told the council." in words_of(first)


def test_no_substitution_is_counted_under_two_headings(folder, tree):
    parts = [part for part in tree.iter("li") if part.get("class", "").startswith("part ")]
    counts = {part.get("class").split()[1]: int(part.find("b").text) for part in parts}
    assert counts == {"quotations": 3, "names": 1, "numbers": 1, "text": 7}
    exhibits = [figure for figure in tree.iter("figure") if "exhibit" in figure.get("class")]
    places = [(figure.get("data-article"), figure.get("data-start")) for figure in exhibits]
    assert len(set(places)) == len(places)


# Negations: whatever denies nothing, or denies in other words, accuses nobody of having turned what was said


def negations(spun: str, original: str) -> int:
    frame = "The mayor said that they {} answer the question of the council in the morning."
    return len(turned_negations(find_substitutions(frame.format(spun), frame.format(original))))


@pytest.mark.parametrize(
    ("spun", "original"),
    [("will", "will not"), ("never", "always"), ("are likely to", "are unlikely to"),
     ("’re going to", "are not going to")],
)  # fmt: skip
def test_a_negation_that_was_turned_is_found(spun, original):
    assert negations(spun, original) == negations(original, spun) == 1


@pytest.mark.parametrize(
    ("spun", "original"),
    [
        ("with out pause", "without pause"), ("no less than once", "at least once"), ("can not", "cannot"),
        ("didn’t", "did not"), ("failed to", "did not"), ("were unable to", "could not"),
        ("nobody could", "no one could"),
        ("nonetheless", "none the less"), ("irrespective of it", "no matter what"), ("not only", "also"),
        ("whether or not", "whether"), ("had yet to", "did not"), ("may", "can"), ("inform", "form"),
    ],
)  # fmt: skip
def test_what_denies_nothing_or_in_other_words_is_no_turned_negation(spun, original):
    assert negations(spun, original) == negations(original, spun) == 0


def test_may_for_can_is_the_least_of_changes():
    found = find_substitutions(
        "“They may wait for the morning,” she said.", "“They can wait for the morning,” she said."
    )
    assert [LEVELS[level_of(row)] for row in found.itertuples()] == ["form"]


# The headline


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.25, "One in four words"), (0.2614, "One in four words"), (0.28, ""), (0.66, "Two in three words"),
     (0.0099, "Fewer than one word in a hundred"), (0.0, "No word"), (float("nan"), "No word"), (1.0, "")],
)  # fmt: skip
def test_a_share_is_said_as_a_fraction_only_where_it_is_near_one(share, said):
    assert share_in_words(share) == said


def test_a_doubtful_or_rejected_name_is_not_put_into_a_headline():
    names = pd.DataFrame({"name": ["Truth Social"], "published_as": ["Fact Social"], "count": [1]})
    found = pd.DataFrame({"original": ["Truth"], "in_name": [True], "decision": ["not decided"], "confidence": [0.99]})
    assert telling_name(names, found) == ("Truth Social", "Fact Social")
    assert telling_name(names, found.assign(decision="rejected")) is None
    assert telling_name(names, found.assign(confidence=0.4)) is None


def test_the_first_exhibit_is_the_gravest_that_is_short_enough_and_was_not_rejected():
    table = pd.DataFrame(
        {
            "published": ["a" * 900, "b" * 200, "c" * 200],
            "spun_id": "s",
            "spun_start": [0, 1000, 2000],
            "spun_end": [900, 1200, 2200],
        }
    )
    found = pd.DataFrame({"spun_id": ["s"], "spun_start": [1010], "in_quote": [True], "decision": ["rejected"]})
    assert lead_quotation(table, found.assign(decision="confirmed"))["published"].iloc[0] == "b" * 200
    assert lead_quotation(table, found)["published"].iloc[0] == "c" * 200
    assert lead_quotation(table.head(1), found)["published"].iloc[0] == "a" * 900
    assert lead_quotation(table.head(0), found).empty


def test_who_decided_is_told_apart_and_one_run_is_called_so():
    lines = [
        ("a", "b", "approved", "Jo", "2026-01-01T10:00:00+00:00"),
        ("c", "d", "approved", "Jo", "2026-01-01T10:00:20+00:00"),
        ("e", "f", "rejected", "Jo", "2026-01-02T10:00:50+00:00"),
        *(("g", n, "approved", "jane@site.example", f"2026-01-03T10:00:00.{n}+00:00") for n in "123"),
    ]
    table = pd.DataFrame([(*line, "", 1, 1) for line in lines], columns=COLUMNS)
    assert said_in_short(table) == [
        "Jo confirmed 2 pairs and rejected 1 pair from 1 January 2026 to 2 January 2026.",
        "[e-mail address masked] confirmed 3 pairs on 3 January 2026, in one run, faster than anybody reads.",
    ]


# What a reader sees


@pytest.mark.parametrize(("width", "height", "screens"), [(1280, 900, 1.5), (390, 844, 3)])
def test_the_story_is_on_the_first_screen_and_the_quotations_follow_soon(browser, reports, width, height, screens):
    page, _, _ = open_page(browser, reports / "orbitalnewsnetwork.com" / "index.html", width)
    page.set_viewport_size({"width": width, "height": height})
    ends = "names => names.map(name => document.querySelector(name).getBoundingClientRect().bottom)"
    if width > 1000:
        assert max(page.evaluate(ends, ["h1", "figure.exhibit.first", "dl.key"])) <= height
    top = page.evaluate("document.querySelector('#quotations').getBoundingClientRect().top")
    assert top <= screens * height
    page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["index.html", "articles/s.html"])
def test_axe_finds_nothing_in_the_dark(browser, folder, name, width):
    page, _, said = open_page(browser, folder / name, width)
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page).response["violations"]
    assert [(problem["id"], problem["nodes"][0]["html"][:100]) for problem in found] == []
    assert said == []
    page.context.close()


def test_on_the_page_of_an_article_kinds_are_switched_off_words_found_and_changes_stepped_through(browser, folder):
    page, _, said = open_page(browser, folder / "articles" / "s.html", 1280)
    ground = "mark => getComputedStyle(mark).textDecorationLine"
    name = page.locator("mark.spun.k-name")
    assert name.evaluate(ground) == "underline"
    page.get_by_label("names and titles (1)").uncheck()
    assert name.evaluate(ground) == "none"
    page.get_by_label("only lines with changes").check()
    assert page.locator("tbody tr:visible").count() == 6
    page.get_by_label("Find", exact=True).fill("going to let")
    assert page.locator("output").inner_text() == "line 1 of 1"
    assert page.locator("tr.hit").count() == 1
    page.get_by_role("button", name="Next change").click()
    assert page.locator("mark.at").inner_text() == "remain"
    page.locator("mark.at").click()
    assert page.url.endswith(f"#c{SPUN.index('remain')}")
    assert said == []
    page.context.close()


@pytest.mark.parametrize("way", ["box", "link", "paper"])
def test_what_is_folded_is_opened_by_its_box_by_a_link_and_on_paper(browser, folder, way):
    page, _, _ = open_page(browser, folder / "index.html", 1280)
    method = page.locator("#how pre")
    assert not method.is_visible()
    if way == "box":
        page.get_by_label("Show all of it here").check()
    elif way == "link":
        page.get_by_role("link", name="What this cannot say").click()
    else:
        page.emulate_media(media="print")
    method.wait_for(state="visible")
    page.context.close()


def test_in_a_notebook_the_report_stands_in_a_sealed_frame_without_links_to_files(folder):
    shown = show_report(folder / "index.html")
    frame = next(html5lib.parse(shown._repr_html_(), namespaceHTMLElements=False).iter("iframe"))
    assert frame.get("sandbox") == ""
    inside = html5lib.parse(frame.get("srcdoc"), namespaceHTMLElements=False)
    assert "One in ten words replaced" in words_of(inside)
    assert [node for node in inside.iter("script")] == []
    links = {link.get("href") for link in inside.iter("a") if link.get("href")}
    assert all(link.startswith(("#", "https://")) for link in links)
    assert repr(shown) == "The report on invented.example: index.html"


def test_passages_that_moved_lead_to_each_other(tmp_path):
    first, second, third = (
        f"The {word} of the town waited a whole day for the ships of the company to come home."
        for word in ("baker", "butcher", "teacher")
    )
    opening = "All of this was told to the newspaper by people who had seen it with their own eyes on Monday."
    closing = "Nobody could say in the evening how long it would take until the harbour was free again at last."
    corpus = tmp_path / "c"
    reference = [opening, first, second, third, closing]
    spun = [opening, second.replace("waited", "stayed"), third, closing, first]
    add_article(corpus, "r", "reference", "\n".join(reference), site="news.example")
    add_article(corpus, "s", "spun", "\n".join(spun), site="invented.example", reference_id="r")
    page = build_report("invented.example", corpus, tmp_path / "out").parent / "articles" / "s.html"
    tree = html5lib.parse(page.read_text(encoding="utf-8"), namespaceHTMLElements=False)
    notes = {words_of(note): [link.get("href") for link in note.iter("a")] for note in tree.iter("p")
             if note.get("class") == "fate"}  # fmt: skip
    moved = next(note for note in notes if "stands elsewhere in the reference" in note)
    back = next(note for note in notes if "here follows, in the reference" in note)
    rows = {row.get("id"): words_of(row) for row in tree.iter("tr") if row.get("id")}
    assert first in rows[notes[back][0].lstrip("#")]
    assert opening in rows[notes[moved][0].lstrip("#")]
