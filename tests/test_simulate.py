"""The made-up sites: the pages they publish, and the truth about them in the corpus."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers.align import line_spans
from helpers.corpus.articles import read_table
from helpers.evaluation.simulate import OWN, Page, Site, publish, read_sites, simulate_corpus
from helpers.spinner import Spinner
from helpers.substitutions import gold_tables
from helpers.text.spans import is_word, tokens

REFERENCE = """Kim hails military support

The bilateral meeting came as Russia hailed the war.

The military parade marked 80 years.

A list of 3 items
End of list

Both leaders praised the deepening partnership.

The trio discussed the war again.

Kim departed on Thursday.
"""
ENTRIES = {"military": "army", "support": "help", "meeting": "assembly", "war": "warfare", "list": "listing",
           "both": "each", "discussed": "mentioned", "source": "supply", "link": "hyperlink"}  # fmt: skip
SITE = Site("made-up.example", bylines=("T. Marrow",))


@pytest.fixture
def spinner() -> Spinner:
    return Spinner(pd.DataFrame(ENTRIES.items(), columns=["original", "spun"]), 1.0, seed=5)


@pytest.fixture
def unruly(spinner) -> list[Page]:
    """Pages of sites that drop, move and glue paragraphs, of fifty names so that each does it in its own way."""
    site = replace(SITE, top=("{byline}",), bottom=("Source link",), drop=0.3, move=0.3, glue=0.8)
    return [publish(REFERENCE, spinner, replace(site, name=f"site{number}.example")) for number in range(50)]


def cut(text: str, table: pd.DataFrame, side: str = "spun") -> list[str]:
    return [text[start:end] for start, end in table[[f"{side}_start", f"{side}_end"]].to_numpy().tolist()]


# The shipped corpus


@pytest.fixture(scope="module")
def simulated(corpus) -> tuple[dict[str, str], list[dict]]:
    return simulate_corpus(corpus)


def test_the_simulated_files_of_the_corpus_are_made_anew_byte_for_byte(corpus, simulated):
    files, _ = simulated
    changed = [name for name, content in files.items() if (corpus / name).read_bytes() != content.encode("utf-8")]
    assert changed == []


def test_every_page_gold_table_and_passage_table_of_the_made_up_sites_is_simulated(corpus, simulated):
    files, _ = simulated
    stored = {str(path.relative_to(corpus)) for folder in ("spun", "gold") for path in (corpus / folder).iterdir()}
    assert stored - set(files) == {"spun/kim-xi.txt", "gold/kim-xi.gold.csv", "gold/kim-xi.marked.txt"}


def test_the_rows_of_the_made_up_sites_in_the_table_of_articles_are_made_anew(corpus, simulated):
    _, rows = simulated
    stored = [row for row in read_table(corpus) if row["provenance"] == "simulated"]
    assert rows == stored


@pytest.fixture(scope="module")
def gold(corpus, articles) -> pd.DataFrame:
    tables = gold_tables(corpus)
    return pd.concat(
        table.assign(spun_text=articles.loc[spun_id, "text"], reference_text=articles.loc[reference_id, "text"])
        for spun_id, table in tables.items()
        for reference_id in [articles.loc[spun_id, "reference_id"]]
    )


def test_the_gold_offsets_point_at_their_words_in_the_spun_texts(gold):
    for row in gold.itertuples():
        assert row.spun_text[row.spun_start : row.spun_end] == row.spun != ""


def test_the_gold_offsets_point_at_their_words_in_the_references(gold):
    for row in gold.itertuples():
        assert row.reference_text[row.reference_start : row.reference_end] == row.original != ""


def test_every_gold_table_holds_substitutions(corpus):
    assert all(len(table) > 0 for table in gold_tables(corpus).values())


def test_twelve_references_or_more_were_given_away_and_are_as_long_as_a_news_article(articles):
    given_away = articles[(articles["role"] == "reference") & (articles["licence"] == "CC0-1.0")]
    words = [sum(is_word(token.fold) for token in tokens(text)) for text in given_away["text"]]
    assert len(words) >= 12
    assert min(words) >= 350
    assert max(words) <= 800


def test_there_are_four_made_up_sites(corpus, articles):
    sites = {site.name for site, _ in read_sites(corpus)}
    assert len(sites) == 4
    assert all(name.endswith(".example") for name in sites)
    assert sites <= set(articles["site"])


def test_two_made_up_sites_share_one_dictionary(corpus):
    uses = pd.Series([site.dictionary for site, _ in read_sites(corpus)]).value_counts()
    assert sorted(uses) == [1, 1, 2]


def test_sites_that_share_a_dictionary_swap_the_same_words(corpus):
    entries: dict[str, list] = {}
    for site, spinner in read_sites(corpus):
        entries.setdefault(site.dictionary, []).append(spinner.entries)
    [(one, other)] = [shared for shared in entries.values() if len(shared) == 2]
    assert one == other
    assert all(shared[0] != one for shared in entries.values() if len(shared) == 1)


def test_every_made_up_site_publishes_every_reference_that_was_given_away(articles):
    references = articles.index[(articles["role"] == "reference") & (articles["licence"] == OWN)]
    pages = articles[articles["provenance"] == "simulated"]
    assert {site: set(table["reference_id"]) for site, table in pages.groupby("site")} == {
        site: set(references) for site in pages["site"].unique()
    }


def test_a_made_up_page_was_published_after_its_reference(articles):
    pages = articles[articles["provenance"] == "simulated"]
    assert (pages["published"] > pages["reference_id"].map(articles["published"])).all()


# What a site does


def test_a_tidy_site_publishes_the_spun_text_as_it_is(spinner):
    assert publish(REFERENCE, spinner, SITE).text == (
        REFERENCE.replace("military", "army").replace("support", "help").replace("meeting", "assembly")
        .replace("war.", "warfare.").replace("war ", "warfare ").replace("list", "listing").replace("Both", "Each")
        .replace("discussed", "mentioned")
    )  # fmt: skip


def test_a_tidy_site_has_no_passages(spinner):
    assert publish(REFERENCE, spinner, SITE).passages.empty


def test_furniture_stands_below_the_title_and_at_the_end(spinner):
    page = publish(REFERENCE, spinner, replace(SITE, top=("{minutes} Min Read",), bottom=("Leave a comment",)))
    lines = cut_lines(page.text)
    assert (lines[1], lines[-1]) == ("2 Min Read", "Leave a comment")


def cut_lines(text: str) -> list[str]:
    return [text[start:end] for start, end in line_spans(text)]


def test_furniture_is_spun_too(spinner):
    page = publish(REFERENCE, spinner, replace(SITE, bottom=("Source link",)))
    assert cut_lines(page.text)[-1] == "Supply hyperlink"


def test_the_author_in_the_furniture_is_not_spun(spinner):
    page = publish(REFERENCE, spinner, replace(SITE, bylines=("War Desk",), top=("By {byline}",)))
    assert cut_lines(page.text)[1] == "By War Desk"
    assert page.byline == "War Desk"


def test_furniture_is_listed_as_an_inserted_passage(spinner):
    page = publish(REFERENCE, spinner, replace(SITE, top=("By {byline}",), bottom=("Source link",)))
    assert list(page.passages["op"]) == ["insert", "insert"]
    assert cut(page.text, page.passages) == ["By T. Marrow", "Supply hyperlink"]


def test_furniture_has_no_gold(spinner):
    bare, furnished = publish(REFERENCE, spinner, SITE), publish(REFERENCE, spinner, replace(SITE, bottom=("Source",)))
    assert list(furnished.gold["original"]) == list(bare.gold["original"])


def test_the_gold_of_every_page_points_at_its_words_in_both_texts(unruly):
    for page in unruly:
        assert cut(page.text, page.gold) == list(page.gold["spun"])
        assert cut(REFERENCE, page.gold, "reference") == list(page.gold["original"])


def test_a_dropped_paragraph_is_listed_and_gone(unruly, spinner):
    dropped = [
        (page, line)
        for page in unruly
        for line in cut(REFERENCE, page.passages[page.passages["op"] == "delete"], "reference")
    ]
    assert len(dropped) > 20
    for page, line in dropped:
        assert line in cut_lines(REFERENCE)
        assert spinner.spin(line)[0] not in page.text


def test_the_title_and_the_first_paragraph_are_never_dropped_or_moved(unruly):
    for page in unruly:
        gone = page.passages[page.passages["op"] != "insert"]
        assert (gone["reference_start"] >= line_spans(REFERENCE)[2][0]).all()


def test_a_moved_paragraph_is_listed_with_its_places_in_both_texts():
    plain = Spinner(pd.DataFrame({"original": [], "spun": []}))
    pages = [publish(REFERENCE, plain, Site(f"site{number}.example", move=0.3)) for number in range(50)]
    moved = [(page.text, page.passages[page.passages["op"] == "move"]) for page in pages]
    assert sum(len(table) for _, table in moved) > 20
    for text, table in moved:
        assert cut(text, table) == cut(REFERENCE, table, "reference")


def test_without_its_moved_paragraphs_a_page_keeps_the_order_of_its_reference():
    plain = Spinner(pd.DataFrame({"original": [], "spun": []}))
    order = cut_lines(REFERENCE)
    for number in range(50):
        page = publish(REFERENCE, plain, Site(f"site{number}.example", move=0.3))
        stayed = [line for line in cut_lines(page.text) if line not in cut(page.text, page.passages)]
        assert stayed == [line for line in order if line in stayed]


def test_a_lost_line_break_glues_two_words_into_one_gold_substitution(spinner):
    page = publish(REFERENCE, spinner, replace(SITE, glue=1.0))
    assert "itemsEnd of listing" in page.text
    assert ("itemsEnd", "items\nEnd") in set(zip(page.gold["spun"], page.gold["original"], strict=True))


def test_a_lost_line_break_beside_a_swapped_word_glues_what_was_published(spinner):
    page = publish("Kim hails support\n\nA way to help the military\nBoth left", spinner, replace(SITE, glue=1.0))
    assert ("armyEach", "military\nBoth") in set(zip(page.gold["spun"], page.gold["original"], strict=True))


def test_paragraphs_that_an_empty_line_parts_are_not_glued(spinner):
    page = publish(REFERENCE, spinner, replace(SITE, glue=1.0))
    assert "80 years.\n\nA listing" in page.text


def test_the_same_site_publishes_the_same_page_again(spinner):
    site = replace(SITE, drop=0.3, move=0.3, glue=0.5)
    assert publish(REFERENCE, spinner, site).text == publish(REFERENCE, spinner, site).text


def test_two_sites_with_one_spinner_publish_different_pages(unruly):
    assert len({page.text for page in unruly}) > 25
