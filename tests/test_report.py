"""The report on a site: what stands on its page and in its data."""

from xml.etree import ElementTree

import html5lib
import pandas as pd
import pytest

from helpers.report import build_report
from helpers.report.build import build_index

REAL, MADE_UP = "orbitalnewsnetwork.com", "worldpulse.example"
ADDRESS = "thesakshamsharm.ceo@outlook.com"  # it stands in the stored text and nowhere else


@pytest.fixture(scope="module")
def page(reports):
    return (reports / REAL / "index.html").read_text(encoding="utf-8")


def made_up(reports) -> str:
    return (reports / MADE_UP / "index.html").read_text(encoding="utf-8")


def rows_of(page: str, table: str) -> list[list[str]]:
    """The cells of one table of a page."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    wanted = next(found for found in tree.iter("table") if found.get("data-table") == table)
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in wanted.find("tbody")]


def text_of(page: str) -> str:
    return " ".join("".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split())


@pytest.mark.parametrize("site", [REAL, MADE_UP])
def test_the_page_is_well_formed_html(reports, site):
    html5lib.HTMLParser(strict=True).parse((reports / site / "index.html").read_text(encoding="utf-8"))


def test_the_page_says_that_the_reference_is_a_reconstruction(page):
    assert "The reference is a reconstruction." in text_of(page)
    assert "Reconstruction (the page at aljazeera.com was not available)" in text_of(page)
    assert "Reference: aljazeera.com" not in text_of(page)


def test_the_report_begins_with_the_finding_and_ends_with_the_method(page):
    sections = ["quotations", "names", "articles", "amount", "substitutions", "tables", "method"]
    places = [page.index(f'<h2 id="{section}"') for section in sections]
    assert places == sorted(places)
    heading = text_of(page[page.index("<h1>") : page.index("</h1>")])
    assert heading == "One in four words replaced; 34 changes inside quotation marks; Truth Social became Fact Social"
    assert "Communist Celebration of China" in text_of(page[: page.index('<dl class="key"')])


def test_who_confirmed_what_when_and_how_is_said_on_the_first_screen(page):
    first = text_of(page[: page.index('<nav aria-label="Contents"')])
    assert "Unspun project confirmed 100 pairs and rejected 3 pairs on 25 November 2026, in one run" in first


def test_what_is_a_reconstruction_or_a_simulation_is_in_sight_all_the_time(reports, page):
    assert "Reference: a reconstruction, not the publisher’s text." in text_of(page[: page.index("<header>")])
    simulated = made_up(reports)
    assert "Simulation: a made-up site" in text_of(simulated[: simulated.index("<header>")])
    assert "position: sticky" in page[page.index(".standing {") :].partition("}")[0]
    for site in (REAL, MADE_UP):
        for whole in (reports / site / "articles").glob("*.html"):
            assert '<aside class="standing"' in whole.read_text(encoding="utf-8")


def test_changes_inside_a_quotation_are_marked_otherwise_than_those_around_it(page):
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    first = next(figure for figure in tree.iter("figure") if "first" in figure.get("class", ""))
    marks = {"".join(mark.itertext()): mark.get("class").split() for mark in first.iter("mark")}
    assert "quoted" in marks["Celebration"]
    assert "around" in marks["mentioned"]


def test_every_article_has_a_page_with_both_texts_whole_and_a_link_to_each_change(reports):
    for site in (REAL, MADE_UP):
        folder, data = reports / site, reports / site / "data"
        found, summary = pd.read_csv(data / "substitutions.csv"), pd.read_csv(data / "articles.csv")
        report = (folder / "index.html").read_text(encoding="utf-8")
        for spun_id in summary["spun_id"]:
            assert f'href="articles/{spun_id}.html' in report
            whole = (folder / "articles" / f"{spun_id}.html").read_text(encoding="utf-8")
            named = {node.get("id") for node in html5lib.parse(whole, namespaceHTMLElements=False).iter("mark")}
            assert {f"c{start}" for start in found.loc[found["spun_id"] == spun_id, "spun_start"]} <= named


def test_markdown_says_every_number_that_the_page_says(reports):
    for site in (REAL, MADE_UP):
        tree = html5lib.parse((reports / site / "index.html").read_text(encoding="utf-8"), namespaceHTMLElements=False)
        inside = {node for part in tree.iter("figure") for node in part.iter("data")}
        said = {node.get("data-name"): node.text for node in set(tree.iter("data")) - inside if node.get("data-name")}
        markdown = (reports / site / "report.md").read_text(encoding="utf-8")
        assert len(said) > 15
        assert {name: text for name, text in said.items() if text not in markdown} == {}


def test_a_quotation_stands_beside_what_was_said(page):
    assert "“totally help” Russia’s military as a “fraternal obligation”" in text_of(page)
    assert "“fully support” Russia’s army as a “fraternal duty”" in text_of(page)


def test_broken_names_are_listed_with_what_they_became(page):
    assert ["World War II", "World Battle II", "event", "1", "0"] in rows_of(page, "names")


def test_spun_furniture_is_listed(page):
    assert ["Supply hyperlink", "Source link", "1"] in rows_of(page, "furniture")


def test_the_page_names_files_hashes_and_versions(page, articles):
    assert articles.loc["kim-xi", "sha256"] in page
    assert "numba" in text_of(page)


def test_a_share_over_several_articles_has_an_interval_and_a_share_of_one_has_none(reports, page):
    assert "95% interval, resampling the articles" in text_of(made_up(reports))
    assert "resampling the articles" not in text_of(page)


def test_a_simulated_site_is_called_one_and_a_real_one_is_not(reports, page):
    assert "This is a simulation." in text_of(made_up(reports))
    assert "simulation" not in text_of(page)


def test_addresses_that_cannot_exist_are_no_links(reports):
    assert 'href="https://worldpulse.example' not in made_up(reports)


def test_against_a_reconstruction_nothing_is_said_about_moved_or_missing_paragraphs(page):
    assert "cannot show whether paragraphs were moved, left out or added" in text_of(page)


def test_words_replaced_unchanged_and_added_make_up_the_whole(reports):
    for site in (REAL, MADE_UP):
        rows = pd.read_csv(reports / site / "data" / "articles.csv")
        assert ((rows["changed"] + rows["copied"]) <= rows["words"]).all()


def test_no_address_is_on_a_page_or_in_its_data(reports):
    for path in reports.rglob("*"):
        if path.is_file():
            assert ADDRESS.encode() not in path.read_bytes(), path
    assert "[e-mail address masked]" in (reports / REAL / "index.html").read_text(encoding="utf-8")


def test_every_data_file_that_the_page_names_is_there(reports, page):
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    named = {link.get("href") for link in tree.iter("a") if link.get("href", "").startswith("data/")}
    assert named == {f"data/{path.name}" for path in (reports / REAL / "data").glob("*.csv")} - {"data/site_notes.csv"}


def test_every_figure_lies_beside_the_page_with_its_alt_text(reports, page):
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    shown = {picture.get("alt") for picture in tree.iter("img")}
    folder = reports / REAL / "figures"
    assert {path.read_text(encoding="utf-8").strip() for path in folder.glob("*.txt")} == shown
    for path in folder.glob("*.txt"):
        assert path.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
        drawing = ElementTree.fromstring(path.with_suffix(".svg").read_bytes())
        assert drawing.get("aria-label") == path.read_text(encoding="utf-8").strip()


def test_offsets_in_the_data_lead_back_to_the_stored_text(reports, articles):
    rows = pd.read_csv(reports / REAL / "data" / "substitutions.csv", keep_default_na=False)
    assert len(rows) > 100
    for row in rows.itertuples():
        assert articles.loc[row.spun_id, "text"][row.spun_start : row.spun_end] == row.spun.removeprefix("'")


def test_every_picture_has_alt_text(page):
    pictures = list(html5lib.parse(page, namespaceHTMLElements=False).iter("img"))
    assert len(pictures) == 3
    assert all(len(picture.get("alt", "")) > 40 for picture in pictures)


def test_every_table_has_a_caption_and_header_cells(page):
    for table in html5lib.parse(page, namespaceHTMLElements=False).iter("table"):
        assert table.find("caption") is not None
        assert all(row.find("th") is not None for row in table.iter("tr"))


def test_a_site_that_is_not_there_is_refused_and_the_others_named(tmp_path, corpus):
    with pytest.raises(ValueError, match=r"no article of 'nowhere.example'.*orbitalnewsnetwork.com"):
        build_report("nowhere.example", corpus=corpus, out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_index_lists_every_report(reports):
    index = build_index(reports).read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(index)
    assert all(f'href="{site}/index.html"' in index for site in (REAL, MADE_UP))
