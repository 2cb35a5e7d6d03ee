"""No address gets out: on a page, in a picture or in a file, whole or in part."""

import csv

import pandas as pd
import pytest

from helpers import plots
from helpers.exhibits import marked
from helpers.export import write_csv
from helpers.masking import mask


def test_an_address_that_the_spinner_changed_is_masked():
    text = "e-mail the workforce at info.group@site.example before Friday."
    at = text.index("group")
    assert "@site.example" not in marked(text, (0, len(text)), [(at, at + 5, "for: team")])


def test_exported_context_of_a_changed_address_is_masked(tmp_path):
    t = pd.DataFrame({"spun": ["group"], "left": ["at info."], "right": ["@site.example before"]})
    assert "site.example" not in write_csv(t, tmp_path / "t.csv").read_text()


@pytest.mark.parametrize(
    "n", ["555-867-5309", "555.867.5309", "1-800-555-0199", "+49 (0)30 123456", "Tel.020 7946 0018"]
)
def test_common_numbers_are_masked(n):
    assert "masked" in mask(f"Call {n}.")


def test_no_digit_of_a_number_stays():
    assert mask("+1 (555) 867-5309") == "[telephone number masked]"


@pytest.mark.parametrize("d", ["05/09/2025", "05.09.2025", "05-09-2025", "04-05 2023-2024"])
def test_day_first_dates_stay(d):
    assert mask(f"On {d} they met.") == f"On {d} they met."


def test_an_address_with_an_apostrophe_is_masked_whole():
    assert mask("o'brien@site.example") == "[e-mail address masked]"


@pytest.mark.parametrize(
    "column", [pd.Categorical(["a.b@site.example"]), [["mailto:a.b@site.example"]]], ids=["categories", "lists"]
)
def test_text_in_other_columns_is_masked(tmp_path, column):
    assert "@site" not in write_csv(pd.DataFrame({"c": column}), tmp_path / "t.csv").read_text()


@pytest.mark.parametrize("cell", ["\r=1+1", "safe\r=1+1"])
def test_a_carriage_return_cannot_start_a_new_row(tmp_path, cell):
    path = write_csv(pd.DataFrame({"a": [cell], "b": [1]}), tmp_path / "t.csv")
    with open(path, newline="") as f:
        assert len(list(csv.reader(f))) == 2


def test_large_numbers_keep_their_digits(tmp_path):
    assert "1234567" in write_csv(pd.DataFrame({"chances": [1234567.0]}), tmp_path / "t.csv").read_text()


def test_alt_text_in_a_page_is_masked():
    t = pd.DataFrame({"title": ["a.b@site.example"], "words": [10], "changed": [1], "share": [0.1]})
    assert "@site.example" not in plots.plot_site_articles(t, "s").html()
