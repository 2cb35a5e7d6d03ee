"""A readable table holds every word of its rows, texts to the left and numbers to the right, and does nothing."""

import re
from html import unescape

import pandas as pd
import pytest

from helpers.display.tables import MOST_ROWS
from helpers.plots import readable

LONG = "Kim was quoted as saying, “Irrespective of how the worldwide scenario modifications”. " * 4
TABLE = pd.DataFrame({"published": [LONG, "short"], "times": [12000, 3], "share": [0.5, 0.25], "quoted": [True, False]})


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.S)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]


def test_no_text_is_cut_and_no_row_is_numbered():
    shown = readable(TABLE)
    assert cells(shown.html) == [
        ["published", "times", "share", "quoted"],
        [LONG, "12,000", "0.50", "yes"],
        ["short", "3", "0.25", "no"],
    ]
    said = " ".join(line[: shown.text.index("  times")] for line in shown.text.split("\n")[2:])
    assert "".join(LONG.split()) in "".join(said.split())


def test_numbers_stand_to_the_right_and_texts_to_the_left():
    html = readable(TABLE).html
    assert '<td class="number">12,000</td>' in html
    assert '<th scope="col" class="number">times</th>' in html
    assert "<td>short</td>" in html
    assert re.search(r"table\.unspun-table td {[^}]*text-align: left !important", html)


def test_the_plain_table_fits_into_a_terminal():
    assert max(map(len, readable(TABLE).text.split("\n"))) <= 110


def test_an_index_stands_in_front_where_it_says_something():
    by_site = TABLE.set_axis(pd.Index(["a.example", "b.example"], name="site"))
    assert cells(readable(by_site[["times"]]).html) == [["site", "times"], ["a.example", "12,000"], ["b.example", "3"]]
    assert '<th scope="row">a.example</th>' in readable(by_site).html
    counts = pd.Series(["a", "a", "b"], name="site").value_counts()
    assert cells(readable(counts).html) == [["site", "count"], ["a", "2"], ["b", "1"]]


def test_several_levels_of_rows_and_columns_are_words_too():
    wide = pd.DataFrame({("whole", 0.3): [1.0], ("merged", 0.5): [0.9]}, index=["Unspun"])
    assert cells(readable(wide).html) == [["", "whole 0.3", "merged 0.5"], ["Unspun", "1", "0.9"]]
    deep = TABLE.set_index(["quoted", "times"])["share"].to_frame()
    assert cells(readable(deep).html)[1] == ["yes", "12,000", "0.50"]


MISSING = [None, float("nan"), pd.NaT, pd.NA]


@pytest.mark.parametrize("value", MISSING, ids=str)
def test_what_is_missing_is_a_dash(value):
    assert cells(readable(pd.DataFrame({"a": ["x", value]})).html)[2] == ["–"]


def test_dates_are_written_without_hours_that_nobody_gave():
    shown = readable(pd.DataFrame({"published": pd.to_datetime(["2025-09-05T00:00", "2025-09-06T14:30"])}))
    assert cells(shown.html)[1:] == [["2025-09-05"], ["2025-09-06 14:30"]]


def test_numbers_have_as_many_places_as_one_of_them_needs_and_no_more_than_asked_for():
    table = pd.DataFrame({"one": [1.0, 2.0], "two": [0.5, 0.125], "gap": [None, 1.5], "near": [0.9996, 0.0001]})
    assert cells(readable(table).html)[2] == ["2", "0.12", "1.5", "0.00"]
    assert cells(readable(table, digits=3).html)[2] == ["2", "0.125", "1.5", "0.000"]


def test_nothing_in_a_table_is_markup_hidden_or_an_address():
    nasty = pd.DataFrame({"<script>": ['<img src="x">', "a.b@site.example", "safe\u202efdp.exe", "two\nlines"]})
    shown = readable(nasty, "<i>by</i> a.b@site.example")
    assert cells(shown.html) == [
        ["<script>"], ['<img src="x">'], ["[e-mail address masked]"], ["safe⟨U+202E⟩fdp.exe"], ["two\nlines"],
    ]  # fmt: skip
    for unwanted in ("<script>", "<img", "<i>", "site.example", "\u202e"):
        assert unwanted not in shown.html
    assert "site.example" not in repr(shown)


def test_of_a_long_table_it_is_said_how_many_rows_are_left_out():
    shown = readable(pd.DataFrame({"a": range(MOST_ROWS + 7)}))
    assert len(cells(shown.html)) == MOST_ROWS + 1
    assert "… and 7 more rows" in shown.html
    assert shown.text.endswith("… and 7 more rows")


def test_an_empty_table_shows_its_headings():
    assert cells(readable(pd.DataFrame(columns=["spun", "original"])).html) == [["spun", "original"]]
