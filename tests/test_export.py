"""What leaves the house has its addresses masked, runs nothing in a spreadsheet, and is otherwise as it was."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from helpers.display.export import write_csv, write_table
from helpers.display.masking import MASKED_EMAIL, MASKED_TELEPHONE
from helpers.plots import mask

EMAILS = {
    "plain": "thesakshamsharm.ceo@site.example",
    "with a tag": "desk+tips@site.example",
    "at a subdomain": "news_desk@mail.co-op.site.example",
    "in capitals": "EDITOR@SITE.EXAMPLE",
    "in another alphabet": "müller@bücher.example",
}
TELEPHONES = {
    "international": "+44 20 7946 0018",
    "international without spaces": "+442079460018",
    "international with dashes": "+1-555-867-5309",
    "international with dots": "+49.30.12345678",
    "international in pairs": "+33 1 23 45 67 89",
    "with the prefix 00": "0049 30 123456",
    "national": "020 7946 0018",
    "national with a slash": "030/1234567",
    "mobile": "07700 900123",
    "free": "0800 123 4567",
    "area in brackets": "(020) 7946 0018",
    "American": "(555) 867-5309",
    "American with a dot": "(555) 867.5309",
}
NOT_TELEPHONES = {
    "an ISO date": "2025-09-05",
    "an ISO time": "2025-09-05T14:30:00",
    "a written date": "5 September 2025",
    "a span of years": "1939-1945",
    "a span of years with a dash": "1939–1945",
    "a list of years": "1997, 2008 and 2020",
    "dollars": "$1,200,000",
    "euros": "€ 1 200 000",
    "pounds": "£12.50",
    "an ISBN-13": "978-3-16-148410-0",
    "an ISBN-13 with spaces": "ISBN 978 0 306 40615 7",
    "an ISBN-10": "0-306-40615-2",
    "a DOI": "10.1000/0123456",
    "a p-value": "p = 0.000123456789",
    "an interval": "0.12345678 to 0.23456789",
    "growth": "+3.25% to +4.50%",
    "a large number": "1,000,000,000 people",
    "a large number with spaces": "1 000 000 000 people",
    "a score": "21-18, 19-21, 22-20",
    "clock times": "09:30 to 10:45",
    "an agent": "007",
    "an address in a network": "192.168.0.1",
}


@pytest.mark.parametrize("address", EMAILS.values(), ids=EMAILS.keys())
def test_an_email_address_is_masked_and_the_words_around_it_stay(address):
    assert mask(f"Write to {address}, she mentioned.") == f"Write to {MASKED_EMAIL}, she mentioned."


@pytest.mark.parametrize("before", ["<", "(", "mailto:", "“", "\n"])
def test_an_email_address_is_masked_behind(before):
    assert mask(f"{before}a.b@site.example") == before + MASKED_EMAIL


@pytest.mark.parametrize("text", ["meet @ noon", "@nytimes wrote", "a@b", "5 @ $2.50"])
def test_an_at_sign_alone_is_no_address(text):
    assert mask(text) == text


@pytest.mark.parametrize("number", TELEPHONES.values(), ids=TELEPHONES.keys())
def test_a_telephone_number_is_masked_and_the_words_around_it_stay(number):
    assert mask(f"Call {number}, he mentioned.") == f"Call {MASKED_TELEPHONE}, he mentioned."


@pytest.mark.parametrize("number", TELEPHONES.values(), ids=TELEPHONES.keys())
def test_a_telephone_number_that_is_all_there_is_is_masked(number):
    assert mask(number) == MASKED_TELEPHONE


@pytest.mark.parametrize("text", NOT_TELEPHONES.values(), ids=NOT_TELEPHONES.keys())
def test_what_is_no_telephone_number_stays(text):
    assert mask(f"It stood at {text} by then.") == f"It stood at {text} by then."


def test_every_address_of_a_text_is_masked():
    text = "a@site.example, b@site.example; +44 20 7946 0018 or 020 7946 0019"
    assert mask(text) == f"{MASKED_EMAIL}, {MASKED_EMAIL}; {MASKED_TELEPHONE} or {MASKED_TELEPHONE}"


def test_masking_twice_is_masking_once():
    once = mask("Write to a.b@site.example or call +44 20 7946 0018.")
    assert mask(once) == once


def test_masking_leaves_a_text_without_addresses_as_it_is():
    text = "“Irrespective of how the worldwide scenario adjustments,” Kim mentioned in 2025.\r\n\tIt’s 4 each cent."
    assert mask(text) == text


def written(folder: Path, **columns: list) -> list[dict[str, str]]:
    """The rows of a table after `write_csv`, every cell as the text in the file."""
    path = write_csv(pd.DataFrame(columns), folder / "table.csv")
    with open(path, encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_addresses_are_masked_in_every_text_column(tmp_path):
    [row] = written(tmp_path, spun=["write to a.b@site.example"], count=[1], note=["call +44 20 7946 0018"])
    assert row == {"spun": f"write to {MASKED_EMAIL}", "count": "1", "note": f"call {MASKED_TELEPHONE}"}


@pytest.mark.parametrize("kind", ["object", "string", "str"])
def test_addresses_are_masked_whatever_pandas_calls_a_text(tmp_path, kind):
    [row] = written(tmp_path, byline=pd.Series(["a.b@site.example"], dtype=kind))
    assert row["byline"] == MASKED_EMAIL


FORMULAS = [
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "=HYPERLINK(1)",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "-",
    "--",
    "=a.b@site.example",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path, formula):
    [row] = written(tmp_path, spun=[formula])
    assert row["spun"] == "'" + mask(formula).replace("\r", "\n")


@pytest.mark.parametrize("text", ["a = b", "e-mail", "’tis", "5 + 5", "", "[e-mail address masked]"])
def test_a_cell_that_is_no_formula_stays_as_it_is(tmp_path, text):
    assert written(tmp_path, spun=[text], count=[1])[0]["spun"] == text


@pytest.mark.parametrize("text", ["two\nlines", "two\r\nlines", 'a "quoted" word', "a, b", "it’s “so”"])
def test_a_text_comes_back_as_it_went_in(tmp_path, text):
    assert written(tmp_path, spun=[text], count=[1]) == [{"spun": text, "count": "1"}]


def test_numbers_stay_numbers_also_below_nought(tmp_path):
    columns = {"count": [121, -3], "share": [0.25, -1.5], "chances": [9.0, float("nan")]}
    write_csv(pd.DataFrame(columns), tmp_path / "table.csv")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "table.csv"), pd.DataFrame(columns))


def test_numbers_among_texts_stay_numbers(tmp_path):
    rows = written(tmp_path, value=pd.Series(["=1", -5, True], dtype=object))
    assert [row["value"] for row in rows] == ["'=1", "-5", "True"]


def test_dates_and_truth_stay(tmp_path):
    [row] = written(tmp_path, published=[pd.Timestamp(2025, 9, 5)], in_quote=[True])
    assert row == {"published": "2025-09-05", "in_quote": "True"}


def test_an_unknown_text_is_an_empty_cell(tmp_path):
    rows = written(tmp_path, byline=["Ana", None], count=[1, 2])
    assert [row["byline"] for row in rows] == ["Ana", ""]


def test_the_table_itself_is_not_changed(tmp_path):
    table = pd.DataFrame({"byline": ["a.b@site.example", "=1"]})
    before = table.copy()
    write_csv(table, tmp_path / "table.csv")
    pd.testing.assert_frame_equal(table, before)


def test_a_table_without_rows_is_its_header(tmp_path):
    path = write_csv(pd.DataFrame(columns=["spun", "original"]), tmp_path / "table.csv")
    assert path.read_bytes() == b"spun,original\n"


def test_context_that_is_missing_stays_missing(tmp_path):
    rows = written(
        tmp_path, left=[None, "at info."], spun=["group", "group"], right=[float("nan"), "@site.example before"]
    )
    assert [row["left"] for row in rows] == ["", f"at {MASKED_EMAIL}"]
    assert rows[0] == {"left": "", "spun": "group", "right": ""}
    assert "site.example" not in (tmp_path / "table.csv").read_text()


ILLEGAL = {"a non-character": "a\uffffb", "another": "a\ufffeb", "half a character": "a\ud800b", "a control": "a\x0bb"}


@pytest.mark.parametrize("text", ILLEGAL.values(), ids=ILLEGAL.keys())
@pytest.mark.parametrize("ending", [".csv", ".tsv", ".json", ".parquet", ".xlsx"])
def test_what_a_file_cannot_hold_is_replaced_visibly(tmp_path, ending, text):
    table = pd.DataFrame({"spun": pd.Series([text], dtype=object), "name" if "\ud800" in text else text: ["x"]})
    path = write_table(table, tmp_path / f"table{ending}")
    readers = {".csv": pd.read_csv, ".tsv": lambda p: pd.read_csv(p, sep="\t"), ".json": pd.read_json,
               ".parquet": pd.read_parquet, ".xlsx": pd.read_excel}  # fmt: skip
    table = readers[ending](path)
    for shown in (table.loc[0, "spun"], table.columns[1]):
        assert shown in ("a\ufffdb", text, "name")
        assert shown.encode()


@pytest.mark.parametrize("text", ["x" * 32_768, "💥" * 16_384])
def test_a_text_that_excel_would_cut_is_refused_with_its_place_and_mend(tmp_path, text):
    table = pd.DataFrame({"id": [1, 2], "note": ["short", text]})
    with pytest.raises(ValueError, match=r"table\.xlsx: row 3, column note: .*32,76[78].* Mend: "):
        write_table(table, tmp_path / "table.xlsx")
    assert list(tmp_path.iterdir()) == []
    assert len(pd.read_csv(write_table(table, tmp_path / "table.csv")).loc[1, "note"]) == len(text)


def test_the_longest_text_that_excel_takes_is_kept_whole(tmp_path):
    path = write_table(pd.DataFrame({"note": ["x" * 32_767]}), tmp_path / "table.xlsx")
    assert len(pd.read_excel(path).loc[0, "note"]) == 32_767


def test_times_with_a_zone_keep_it_in_excel(tmp_path):
    moment = pd.Timestamp("2025-09-05T14:30", tz="Asia/Seoul")
    table = pd.DataFrame({"column": [moment, pd.NaT], "cell": pd.Series([moment.to_pydatetime(), "x"], dtype=object),
                          "plain": pd.Timestamp("2025-09-05")})  # fmt: skip
    back = pd.read_excel(write_table(table, tmp_path / "table.xlsx"))
    assert back.loc[0, "column"] == back.loc[0, "cell"] == "2025-09-05T14:30:00+09:00"
    assert pd.isna(back.loc[1, "column"])
    assert back.loc[0, "plain"] == pd.Timestamp("2025-09-05")
