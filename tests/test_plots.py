"""A picture states its numbers in the title, says in words what it shows, and is the same for the same data."""

import re
from collections.abc import Callable
from html import unescape
from xml.etree import ElementTree

import pandas as pd
import pytest

from helpers.display import plots
from helpers.display.plots import Picture

PARAGRAPHS = pd.DataFrame(
    [("kept", 40, 10, 0.25), ("moved", 20, 5, 0.25), ("added", 20, 0, 0.0), ("dropped", 30, 0, 0.0)],
    columns=["op", "words", "changed", "share"],
)
FREQUENCY = pd.DataFrame(
    [
        ("meeting", "assembly", 9, 9.0, 1.0, 0.70, 1.0),
        ("said", "mentioned", 5, 20.0, 0.25, 0.11, 0.47),
        ("discussed", "mentioned", 2, 2.0, 1.0, 0.34, 1.0),
    ],
    columns=["original", "spun", "count", "chances", "rate", "rate_low", "rate_high"],
)
CROSSINGS = pd.DataFrame(
    [
        ("said", "mentioned", 5),
        ("discussed", "mentioned", 2),
        ("assist", "help", 4),
        ("assist", "support", 1),
        ("support", "help", 3),
        ("army", "military", 2),
        ("army", "navy", 1),
        ("meeting", "assembly", 9),
    ],
    columns=["original", "spun", "count"],
)
SUBSTITUTIONS = pd.DataFrame(
    [("synonym", True), ("synonym", False), ("name", False), ("phrase", False)], columns=["kind", "in_quote"]
)
SHARES = pd.DataFrame(
    [("orbital.example", 0.2), ("orbital.example", 0.3), ("ledger.example", 0.1)], columns=["site", "share"]
)
REACH = pd.DataFrame(
    [("orbital.example", 100, 20), ("orbital.example", 300, 60), ("ledger.example", 600, 420)],
    columns=["site", "words", "explained"],
).assign(share=lambda rows: rows["explained"] / rows["words"])

BANDS = pd.DataFrame({"said": [0.1, 0.9], "spun": [0.2, 0.9], "weight": [0.5, 0.5], "stretches": [30, 40]})
MAPPING = pd.DataFrame({"support": [1, 1, 2, 50]})


EVERY_PLOT = {
    "paragraphs": (plots.plot_paragraphs, PARAGRAPHS),
    "rates": (plots.plot_rates, FREQUENCY),
    "crossings": (plots.plot_crossings, CROSSINGS),
    "kinds": (plots.plot_kinds, SUBSTITUTIONS),
    "articles": (plots.plot_articles, SHARES),
    "support": (plots.plot_support, MAPPING),
    "coverage": (plots.plot_coverage, REACH),
    "calibration": (plots.plot_calibration, BANDS),
}
TITLES = {
    "paragraphs": {"19%", "2", "3"},
    "rates": {"3", "2"},
    "crossings": {"2"},
    "kinds": {"1", "4", "25%"},
    "articles": {"10%", "30%"},
    "support": {"2", "4"},
    "coverage": {"50%", "1,000", "3", "20%", "70%"},
    "calibration": {"5%", "10%", "70"},
}
ALTS = {
    "paragraphs": ["Bar chart", "3 paragraphs of the article", "18.8% of 80 words", "in one paragraph is 25%"],
    "rates": ["Dot plot", "95% intervals", "meeting to assembly 9 of 9", "said to mentioned 5 of 20"],
    "crossings": ["graph", "said became mentioned 5 times", "support became help 3 times"],
    "kinds": ["Bar chart", "synonym 2", "phrase 1", "name 1", "1 of 4 stand in quotations"],
    "articles": ["Dot plot", "orbital.example median 25%", "ledger.example median 10%"],
    "coverage": ["Bar chart", "orbital.example 20% of 400 words", "ledger.example 70% of 600 words"],
    "calibration": ["Dot plot", "0.10 was 0.20", "0.90 was 0.90"],
    "support": ["Bar chart", "of 4 proposed pairs 2 were seen once", "2 twice or more often"],
}

every_plot = pytest.mark.parametrize(("plot", "table"), EVERY_PLOT.values(), ids=EVERY_PLOT.keys())


def words_in(picture: Picture) -> str:
    """All the words of a picture, as its SVG has them, one space between them."""
    drawing = ElementTree.fromstring(picture.svg())
    texts = [text.text or "" for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    return " ".join(" ".join(texts).split())


def title(picture: Picture) -> str:
    """The title of a picture on one line."""
    return " ".join(picture.figure.get_suptitle().split())


def numbers(words: str) -> list[str]:
    """The numbers in a sentence, per cent signs included."""
    return re.findall(r"\d[\d,.]*%?", words)


def test_every_plot_of_the_module_is_tested_here():
    functions = {name.removeprefix("plot_") for name in vars(plots) if name.startswith("plot_")}
    assert functions == set(EVERY_PLOT) == set(TITLES) == set(ALTS)


@pytest.mark.parametrize("name", EVERY_PLOT)
def test_the_title_states_the_numbers(name):
    plot, table = EVERY_PLOT[name]
    assert set(numbers(title(plot(table)))) == TITLES[name]


@every_plot
def test_the_title_is_drawn(plot: Callable, table):
    picture = plot(table)
    assert title(picture) in words_in(picture)


@pytest.mark.parametrize("name", EVERY_PLOT)
def test_the_alt_text_says_what_the_picture_shows(name):
    plot, table = EVERY_PLOT[name]
    said = plot(table).alt
    assert [number for number in ALTS[name] if number not in said] == []


@every_plot
def test_the_same_data_gives_the_same_svg(plot: Callable, table):
    assert plot(table).svg() == plot(table.copy()).svg()


@every_plot
def test_other_data_gives_another_svg(plot: Callable, table):
    assert plot(table).svg() != plot(table.head(1)).svg()


@every_plot
@pytest.mark.filterwarnings("error")
def test_one_row_of_data_is_enough_for_a_picture(plot: Callable, table):
    picture = plot(table.head(1))
    assert picture.png().startswith(b"\x89PNG")
    assert numbers(title(picture))
    assert picture.alt


@every_plot
def test_a_plot_does_not_change_its_data(plot: Callable, table):
    before = table.copy()
    plot(table).svg()
    pd.testing.assert_frame_equal(table, before)


@every_plot
def test_a_picture_is_a_png_too(plot: Callable, table):
    assert plot(table).png().startswith(b"\x89PNG\r\n\x1a\n")


def test_an_svg_holds_its_words_as_text_for_readers_and_search():
    assert "meeting → assembly" in words_in(plots.plot_rates(FREQUENCY))


def test_an_svg_holds_no_date():
    assert "<dc:date>" not in plots.plot_kinds(SUBSTITUTIONS).svg()


def test_a_picture_shows_itself_in_a_notebook_with_its_alt_text():
    picture = plots.plot_kinds(SUBSTITUTIONS)
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == metadata["image/png"]["alt"] == picture.alt


def test_a_picture_prints_as_its_alt_text():
    picture = plots.plot_support(MAPPING)
    assert repr(picture) == picture.alt


def test_a_title_with_quotes_cannot_break_out_of_the_alt_attribute():
    picture = plots.plot_articles(SHARES.assign(site=['He said "no" & left', "b.example", "c.example"]))
    [alt] = re.findall(r' alt="([^"]*)">$', picture.html())
    assert unescape(alt) == picture.alt


def test_an_image_for_a_page_needs_no_other_file():
    assert re.match(r'<img src="data:image/png;base64,[\w+/=]+" alt=', plots.plot_support(MAPPING).html())


def test_dropped_paragraphs_are_not_drawn():
    everything_dropped = PARAGRAPHS.assign(op="dropped")
    both = pd.concat([PARAGRAPHS, everything_dropped], ignore_index=True)
    assert plots.plot_paragraphs(both).svg() == plots.plot_paragraphs(PARAGRAPHS).svg()


def test_when_every_paragraph_was_changed_the_title_says_all():
    assert "all 2" in title(plots.plot_paragraphs(PARAGRAPHS.head(2)))


def test_the_title_of_the_paragraphs_names_the_article():
    assert "the real article" in title(plots.plot_paragraphs(PARAGRAPHS, "the real article"))


def test_rates_leave_out_pairs_with_too_few_chances():
    picture = plots.plot_rates(FREQUENCY, fewest_chances=3)
    assert "discussed" not in words_in(picture)
    assert numbers(title(picture)) == ["2", "1"]


def test_the_title_of_rates_states_their_range_where_few_were_made_at_every_chance():
    rates = FREQUENCY.assign(count=[6, 5, 1], rate=[0.67, 0.25, 0.5], rate_low=0.1, rate_high=0.9)
    assert numbers(title(plots.plot_rates(rates))) == ["3", "25%", "67%"]


def test_rates_show_the_most_frequent_pairs_only():
    shown = words_in(plots.plot_rates(FREQUENCY, top=1))
    assert "assembly" in shown
    assert "mentioned" not in shown


def test_rates_stand_with_their_sample_sizes():
    shown = words_in(plots.plot_rates(FREQUENCY))
    assert all(size in shown for size in ("9 of 9", "5 of 20", "2 of 2"))


def test_crossings_leave_out_words_with_one_partner():
    shown = words_in(plots.plot_crossings(CROSSINGS))
    assert "mentioned" in shown
    assert "assembly" not in shown


def test_sites_stand_with_the_number_of_their_articles():
    shown = words_in(plots.plot_articles(SHARES))
    assert "n = 2" in shown
    assert "n = 1" in shown


def test_pairs_seen_very_often_are_counted_together():
    assert "12+" in words_in(plots.plot_support(MAPPING))
    assert numbers(title(plots.plot_support(pd.DataFrame({"support": [1, 500, 12]})))) == ["2", "3", "1"]


def test_pairs_that_a_person_added_unseen_are_not_counted():
    assert plots.plot_support(pd.DataFrame({"support": [0, 1, 2]})).alt.startswith("Bar chart: of 2 proposed pairs 1")


def test_ambiguous_words_come_with_their_partners_the_most_used_first():
    rows = plots.ambiguous(FREQUENCY, by="spun")
    assert rows[["spun", "original", "partners"]].values.tolist() == [
        ["mentioned", "said", 2],
        ["mentioned", "discussed", 2],
    ]


def test_a_word_with_one_partner_is_not_ambiguous():
    assert plots.ambiguous(FREQUENCY, by="original").empty


FREQ = pd.DataFrame(
    [("$5 million", "$5m", 9, 9.0, 1.0, 0.7, 1.0)],
    columns="original spun count chances rate rate_low rate_high".split(),
)


def test_dollar_signs_are_drawn():
    assert "$5 million → $5m</text>" in plots.plot_rates(FREQ).svg()


def test_dollars_and_per_cent_can_be_drawn():
    plots.plot_rates(FREQ.assign(original="$5 or 10%", spun="$5 or 10 per cent")).svg()


@pytest.mark.parametrize("first", ["svg", "png"])
def test_one_picture_gives_the_same_svg_again(first):
    picture, other = plots.plot_rates(FREQ), plots.plot_rates(FREQ)
    getattr(picture, first)()
    assert picture.svg() == other.svg()


def test_no_rows_give_a_picture():
    none = pd.DataFrame({"site": [], "title": [], "words": [], "changed": [], "share": []}).astype({"share": float})
    plots.plot_articles(none).svg()
