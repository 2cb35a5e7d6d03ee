"""Detection measured on pages that a user gathered himself: what is read, what is left out, what is counted."""

import pandas as pd
import pytest

from benchmarks.real_pages import (
    HONEST,
    NoPagesError,
    calibration,
    had,
    pages_of,
    score,
    share,
    table_of,
    tables_without,
    verdicts,
)
from helpers.detection.spun_score import PRIOR
from helpers.mapping.field import field_sightings

INDEX = """address,role,dialect,file
https://one.example/a,spun,news-a,one.txt
https://two.example/b,clean,legal,two.txt
https://one.example/a,spun,news-a,one.txt
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "index-a.csv").write_text(INDEX, encoding="utf-8")
    (tmp_path / "one.txt").write_text("The assembly was held within the town.\n" * 8, encoding="utf-8")
    (tmp_path / "two.txt").write_text("The meeting was held in the town.\n" * 8, encoding="utf-8")
    return tmp_path


def test_pages_are_read_from_a_folder_of_ones_own_each_address_once(folder):
    pages = pages_of(folder)
    assert pages["site"].tolist() == ["one.example", "two.example"]
    assert pages["text"].str.contains("town").all()
    assert set(pages["half"]) <= {"even half", "odd half"}


def test_a_folder_without_pages_says_what_to_do(tmp_path):
    with pytest.raises(NoPagesError, match=r"no index.*Mend: "):
        pages_of(tmp_path)
    (tmp_path / "index.csv").write_text(INDEX, encoding="utf-8")
    with pytest.raises(NoPagesError, match=r"one.txt: not there.*Mend: "):
        pages_of(tmp_path)


def test_a_page_is_judged_without_what_was_seen_on_its_own_site_only(corpus):
    rows = field_sightings(corpus / "field")
    sites = rows.groupby("spun")["site"].nunique()
    site = rows["site"].value_counts().index[0]
    alone = set(rows.loc[rows["site"] == site, "spun"]) & set(sites[sites == 1].index)
    _, field = tables_without(site)
    assert alone
    assert not {tuple(phrase.split(" ")) for phrase in alone} & set(field.dictionary.rows)


def test_a_page_gets_a_probability_and_a_verdict(folder):
    text = pages_of(folder)["text"].iloc[0]
    probability, low, high, verdict, _ = score(text, "one.example", frozenset(["one.example"]), asked=False)
    assert 0 <= low <= probability <= high <= 1
    assert verdict


ROWS = pd.DataFrame(
    [
        *((f"s{at}", "spun", "news-a", "word-swapped", 0.9, "spun by word-swapping") for at in range(8)),
        *((f"t{at}", "spun", "spinbot", "word-swapped", 0.3, "no sign") for at in range(2)),
        *((f"b{at}", "spun", "back-translation", "back-translation", 0.1, "no sign") for at in range(3)),
        *((f"h{at}", "clean", "legal", "honest", 0.2, "no sign") for at in range(9)),
        ("h9", "clean", "legal", "honest", 0.6, "signs of it: look closer"),
    ],
    columns=["site", "role", "dialect", "family", "probability", "verdict"],
).assign(half="even half", surprise=4.0)  # fmt: skip


def test_the_table_says_what_is_found_above_every_honest_page():
    table = table_of(ROWS).query("pages == 'all'").set_index("kind")
    assert table.loc["word-swapped", "above every honest"].startswith("8/10 = 0.80 (")
    assert table.loc["word-swapped", "area"].startswith("0.980 (")
    assert table.loc["of these like SpinBot", "above 0.5"].startswith("0/2")
    assert table.loc["back-translation", "above every honest"].startswith("0/3")
    assert table.loc["honest: all", "above 0.5"].startswith("1/10 = 0.10 (")


def test_calibration_weighs_spun_pages_as_training_did():
    bands = calibration(ROWS).set_index("band")
    assert bands["pages"].sum() == 20
    assert bands.loc["0.8 to 1.0", "was"] == 1
    assert bands.loc["0.2 to 0.4", "was"] == pytest.approx(PRIOR * 0.2 / (PRIOR * 0.2 + (1 - PRIOR) * 0.9))


def test_verdicts_are_counted_and_shares_have_intervals():
    counted = verdicts(ROWS).set_index("family")
    assert counted.loc["word-swapped", "spun by word-swapping"] == 8
    assert share(8, 10) == "8/10 = 0.80 (0.49–0.94)"
    assert share(0, 0) == ""


def test_it_says_how_many_addresses_could_be_had(folder):
    counts = had(pages_of(folder)).set_index(["role", "dialect"])
    assert counts.loc[("spun", "all"), "had"] == 0
    assert counts.loc[("spun", "all"), "wanted"] > 100
    assert set(HONEST) == {"clean", "clean-new"}
