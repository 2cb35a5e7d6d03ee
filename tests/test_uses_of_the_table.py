"""What the mapping table is for: new articles, two people, other programs; in and out without loss or surprise."""

import json
import os
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

from helpers.display.masking import MASKED_EMAIL
from helpers.mapping import MappingTable, agreement, apply, coverage, join, news, open_shared, share
from helpers.mapping.annotator_agreement import _alphas, _by_nltk, _kappas, disagreements, judgements
from helpers.mapping.importing import ENDINGS, ImportingError, preview, read_phrases
from helpers.mapping.sharing import SharingError, checksum
from helpers.mapping.table_coverage import is_made_of, settle
from helpers.plots import plot_coverage
from helpers.substitutions import find_substitutions

TYPES = "[Content_Types].xml"
CASES = Path(__file__).parent / "cases"


@pytest.fixture
def mapping(tmp_path) -> MappingTable:
    return MappingTable.open(tmp_path / "mapping")


def article(spun: str, reference: str) -> pd.DataFrame:
    return find_substitutions(spun, reference)


# New articles

SPUN = "The assembly was lengthy. He gave help to the military."
REFERENCE = "The meeting was long. He gave support to the army."


def test_what_is_decided_is_not_asked_again(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("military", "army", "rejected", who="Ana")
    verdicts = settle(article(SPUN, REFERENCE), mapping).set_index("spun")["verdict"].to_dict()
    assert verdicts == {"assembly": "explained", "lengthy": "new", "help": "new", "military": "rejected"}


def test_a_new_article_that_contradicts_a_decision_is_warned_of(mapping):
    mapping.decide("help", "aid", "approved", who="Ana")
    first = news(article(SPUN, REFERENCE), mapping).iloc[0]
    assert (first["spun"], first["original"], first["verdict"], first["decided"]) == (
        "help",
        "support",
        "contradicts",
        "aid",
    )


def test_a_phrase_made_of_decided_parts_is_explained(mapping):
    mapping.decide("main", "central", "approved", who="Ana")
    mapping.decide("financial institution", "bank", "edited", who="Ana")
    seen = article("A main financial institution card.", "A central bank card.")
    whole = seen.head(1).assign(spun="main financial institution", original="central bank")
    assert settle(whole, mapping)[["status", "verdict"]].values.tolist() == [["parts", "explained"]]


@pytest.mark.parametrize(
    ("pair", "explained"),
    [
        (("main bank", "central bank"), True),
        (("the main bank", "central bank"), False),
        (("bank main", "central bank"), False),
        (("main main", "central central"), True),
        (("bank", "bank"), False),
    ],
)
def test_parts_explain_a_phrase_word_for_word_and_in_order(pair, explained):
    assert is_made_of(pair, frozenset({("main", "central")})) is explained


def test_coverage_counts_words_of_pairs_that_hold(mapping):
    seen = article(SPUN, REFERENCE)
    assert coverage(seen, mapping)["share"].tolist() == [0]
    for row in seen.itertuples():
        mapping.decide(row.spun, row.original, "approved", who="Ana")
    assert coverage(seen, mapping)["share"].tolist() == [1]
    mapping.undo(who="Ana")
    reach = coverage(seen, mapping)
    assert (reach["explained"].sum(), reach["words"].sum()) == (len(seen) - 1, len(seen))


def test_the_plot_of_coverage_says_what_it_shows(substitutions, mapping):
    for row in mapping.propose(substitutions).table.head(50).itertuples():
        mapping.decide(row.spun, row.original, "approved", who="Ana")
    reach = coverage(substitutions, mapping)
    share = reach["explained"].sum() / reach["words"].sum()
    picture = plot_coverage(reach)
    assert f"explain {share:.0%} of" in picture.figure.get_suptitle()
    assert all(site in picture.alt for site in reach["site"].unique())


# Two people


def decided(folder, who: str, verdicts: dict[str, str]) -> MappingTable:
    mapping = MappingTable.open(folder)
    mapping.decide_many([(spun, "x", status, "") for spun, status in verdicts.items()], who=who)
    return mapping


def test_joining_two_logs_shows_where_people_disagree(tmp_path):
    ana = decided(tmp_path / "ana", "Ana", {"a": "approved", "b": "rejected", "c": "edited"})
    ben = decided(tmp_path / "ben", "Ben", {"a": "rejected", "b": "rejected", "c": "approved", "d": "approved"})
    split = join(ana, ben)
    assert split.values.tolist() == [["a", "x", "approved", "rejected"]]
    assert len(join(ana, ben)) == 1
    assert len(ana.decisions) == 7, "joining twice adds nothing"


def test_what_somebody_else_took_back_is_still_ones_judgement(tmp_path):
    ana = decided(tmp_path, "Ana", {"a": "approved"})
    ana.undo(who="Ben")
    assert judgements(ana.decisions)[["who", "verdict"]].values.tolist() == [["Ana", "right"]]
    ana.undo(who="Ben", decision=ana.decisions["id"].iloc[-1])
    ana.undo(who="Ana")
    assert judgements(ana.decisions).empty


def test_agreement_is_cohens_kappa_and_krippendorffs_alpha_with_an_interval(tmp_path):
    names = [f"w{n}" for n in range(40)]
    both = decided(tmp_path, "Ana", {name: ("approved", "rejected")[n % 2] for n, name in enumerate(names)})
    both.decide_many(
        [(n, "x", ("approved", "rejected")[k % 2 if k % 8 else 1], "") for k, n in enumerate(names)], "Ben"
    )
    table = agreement(both.decisions).set_index("measure")
    kappa = table.loc["Cohen's kappa"]
    assert kappa["pairs"] == 40
    assert kappa["observed"] == 0.875
    assert kappa["value"] == pytest.approx(0.75)  # (0.875 - 0.5) / (1 - 0.5), by hand
    assert kappa["low"] < kappa["value"] < kappa["high"]
    assert table.loc["Krippendorff's alpha", "value"] == pytest.approx(0.75, abs=0.01)
    assert len(disagreements(both.decisions)) == 5


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=30))
def test_the_resampled_measures_are_nltks(verdicts):
    wide = (
        pd.DataFrame(verdicts, columns=["Ana", "Ben"])
        .replace({True: "right", False: "wrong"})
        .rename_axis(index="item")
    )
    wide.columns.name = "who"
    once = np.ones((1, len(wide)))
    right, wrong = ((wide == verdict).sum(axis=1).to_numpy() for verdict in ("right", "wrong"))
    for measure, ours in (("kappa", _kappas(wide, once)), ("alpha", _alphas(right, wrong, once))):
        theirs = _by_nltk(wide, measure)
        if not np.isnan(theirs):
            assert ours[0] == pytest.approx(theirs)


@pytest.mark.parametrize(
    "verdicts",
    [[("approved", "approved" if n % 2 else "rejected") for n in range(20)],
     [("approved" if n % 2 else "rejected",) * 2 for n in range(20)]],
    ids=["one never varies", "alike in everything"],
)  # fmt: skip
def test_where_no_resample_differs_the_interval_is_not_known(tmp_path, verdicts):
    mapping = MappingTable.open(tmp_path)
    for place, who in enumerate(("Ana", "Ben")):
        mapping.decide_many([(f"w{n}", "x", pair[place], "") for n, pair in enumerate(verdicts)], who)
    kappa = agreement(mapping.decisions).set_index("measure").loc["Cohen's kappa"]
    assert kappa["value"] == float(verdicts[0] == verdicts[0][:1] * 2 and verdicts[1] == verdicts[1][:1] * 2)
    assert np.isnan(kappa["low"])
    assert np.isnan(kappa["high"])


def test_one_verdict_for_everything_has_no_agreement_beyond_chance(tmp_path):
    both = decided(tmp_path, "Ana", {"a": "approved", "b": "approved"})
    both.decide_many([("a", "x", "approved", ""), ("b", "x", "edited", "")], "Ben")
    assert agreement(both.decisions)["value"].isna().all()


def test_one_person_has_nothing_to_agree_with(tmp_path):
    assert agreement(decided(tmp_path, "Ana", {"a": "approved"}).decisions).empty


# In and out


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-32", "mac_roman"])
def test_a_list_is_read_in_the_encoding_it_is_in(tmp_path, encoding):
    (tmp_path / "list.csv").write_bytes("spun,original\nla café’s crème,the café’s cream\n".encode(encoding))
    assert read_phrases(tmp_path / "list.csv")["original"].tolist() == ["the café’s cream"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", "spun;original\nhelp, then;support\n"),
        ("list.csv", "sep=;\nspun;original\nhelp, then;support\n"),
        ("list.csv", "\n\nspun\toriginal\nhelp, then\tsupport\n"),
        ("list.csv", 'spun, original\n"help, then", support\n'),
        ("list.tsv", "spun\toriginal\nhelp, then\tsupport\n"),
        ("list.json", '{"version": 1, "phrases": [{"tortured": "help, then", "correct": "support"}]}'),
        ("list.json", '[{"spun": "help, then", "original": "support"}]'),
    ],
)
def test_a_list_is_read_however_its_fields_are_parted(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert read_phrases(tmp_path / name)[["spun", "original"]].values.tolist() == [["help, then", "support"]]


NEAR = "near each other"
PPS = "Fingerprint - Tortured Phrase,Expected Text,Nb\n"


@pytest.mark.parametrize(
    ("row", "pairs"),
    [
        ('"""harbour hurricane"" AND ""port storm""",port storm,41', [("harbour hurricane", "port storm", "")]),
        ('"""vessel vitality""",ship energy (SE),30', [("vessel vitality", "ship energy", "")]),
        ('"""quay a"" OR ""quay b""",dock,3', [("quay a", "dock", ""), ("quay b", "dock", "")]),
        ("plain phrase,dock,3", [("plain phrase", "dock", "")]),
        ("“quay a” AND “dock”,dock (D),3", [("quay a", "dock", "")]),
        ("quay a AND D,dock (D),3", [("quay a", "dock", "")]),
        ('"(""quay a"" OR ""quay b"") AND ""dock""",dock,3', [("quay a", "dock", ""), ("quay b", "dock", "")]),
        ('"""quay query""~5 OR ""quay b""",dock,3', [('"quay query"~5', "dock", NEAR), ("quay b", "dock", "")]),
        ('"""quay query""~5",dock search,12', [('"quay query"~5', "dock search", NEAR)]),
        ('"""quay"" NEAR/3 ""query""",dock search,12', [('"quay" NEAR/3 "query"', "dock search", NEAR)]),
        ("quay ADJ2 query,dock search,12", [("quay ADJ2 query", "dock search", NEAR)]),
        ("quay quer*,dock search,12", [("quay quer*", "dock search", "beginnings of words")]),
        ('"""quay query""",dock search (?),12', [("quay query", "dock search (?)", "guesses")]),
        ("quay query,dock search?,12", [("quay query", "dock search?", "guesses")]),
        ('"""quay query"" NOT ""boat""",dock,12', [('"quay query" NOT "boat"', "dock", "without a phrase")]),
        ('"+""quay query"" -""boat""",dock,12', [('+"quay query" -"boat"', "dock", "without a phrase")]),
        ('"""one thing"" AND ""other thing""",dock,12', [('"one thing" AND "other thing"', "dock", "2 phrases")]),
        ('"""one thing"", ""other thing""",dock,12', [('"one thing", "other thing"', "dock", "2 phrases")]),
        ('"(""one thing"" OR ""other""",dock,12', [('("one thing" OR "other"', "dock", "taken apart")]),
        ('"""quay query""",dock; wharf,12', [("quay query", "dock; wharf", "several originals")]),
        ("quay query,dock/wharf side,12", [("quay query", "dock/wharf side", "several originals")]),
        ("tcp/ip bundle,tcp/ip packet,12", [("tcp/ip bundle", "tcp/ip packet", "")]),
        ("quay or query,dock or search,12", [("quay or query", "dock or search", "")]),
        ("quay query,dock [harbour] search (DS),12", [("quay query", "dock search", "")]),
        ("quay query (ds),dock search (DS),12", [("quay query (ds)", "dock search (DS)", "")]),
        ("quay query (ds),dock search,12", [("quay query (ds)", "dock search (ds)", "")]),
        ("quay query,dock [...] search,12", [("quay query", "dock [...] search", "leaves words out")]),
        ("quay query,dock (web)sites,12", [("quay query", "dock (web)sites", "optional")]),
        (f"{'quay ' * 300},dock,12", [("quay " * 300, "dock", "more than 1,000 characters")]),
        ("quay query,NaN,12", [("quay query", "NaN", "nothing known")]),
        ("quay query,null,12", [("quay query", "null", "")]),
    ],
)
def test_the_screener_s_list_is_read_as_it_is_published_and_what_is_no_pair_is_told(tmp_path, mapping, row, pairs):
    (tmp_path / "list.csv").write_text(PPS + row + "\n")
    rows = read_phrases(tmp_path / "list.csv")
    found = list(rows[["spun", "original", "why"]].itertuples(index=False, name=None))
    assert [pair[:2] for pair in found] == [pair[:2] for pair in pairs]
    assert all(said in why for (*_, said), (*_, why) in zip(pairs, found, strict=True))
    changes = preview(mapping, tmp_path / "list.csv")
    assert changes["change"].tolist() == ["skipped" if why else "new" for _, _, why in pairs]


@pytest.mark.parametrize(
    ("found", "pairs"),
    [
        ({"data": {"phrases": [{"tortured": "a b", "correct": "c"}]}}, [("a b", "c", "new")]),
        ({"phrases": [{"tortured": "a b", "correct": "c"}], "sources": [{"n": 1}]}, [("a b", "c", "new")]),
        ({"phrases": [{"tortured": "a b", "correct": ["c", "d"]}]}, [("a b", "c; d", "skipped")]),
        ({"phrases": [{"tortured": "a b", "correct": ["c"]}]}, [("a b", "c", "new")]),
        ({"phrases": [{"tortured": "a b", "correct": None}, "x"]}, [("a b", "", "skipped"), ("", "", "skipped")]),
        ({"phrases": [{"tortured": {"text": "a"}, "correct": "c"}]}, [('{"text": "a"}', "c", "skipped")]),
        ([{"torturedPhrase": "a b", "correctPhrase": "c"}], [("a b", "c", "new")]),
        ({"a b": "c", "d e": None}, [("a b", "c", "new"), ("d e", "", "skipped")]),
        ({"version": "1", "phrases": {"a b": "c"}}, [("a b", "c", "new")]),
        ([["a b", "c"]], [("a b", "c", "new")]),
        ([["a b", "c"], ["d e", "f"]], [("a b", "c", "new"), ("d e", "f", "new")]),
        ({"phrases": [{"tortured": ["a b", "d e"], "correct": "c"}]}, [("a b", "c", "new"), ("d e", "c", "new")]),
    ],
)
def test_torturedcheck_s_list_is_read_whatever_lies_around_it_and_what_is_no_pair_is_told(
    tmp_path, mapping, found, pairs
):
    (tmp_path / "list.json").write_text(json.dumps(found))
    changes = preview(mapping, tmp_path / "list.json")
    assert list(changes[["spun", "original", "change"]].itertuples(index=False, name=None)) == pairs
    assert changes.loc[changes["change"] == "skipped", "why"].str.match(r"row \d: ").all()


@pytest.mark.parametrize("row", [{"tortured": "a b", "correct": None}, {"tortured": "a b"}])
def test_a_row_of_a_list_without_an_original_is_skipped_since_a_phrase_is_empty(tmp_path, mapping, row):
    (tmp_path / "list.json").write_text(json.dumps({"phrases": [row, {"tortured": "d e", "correct": "f"}]}))
    assert preview(mapping, tmp_path / "list.json")["why"].tolist() == ["row 2: a phrase is empty", ""]


def test_an_object_that_holds_no_phrases_is_no_list(tmp_path):
    (tmp_path / "list.json").write_text('{"title": "A list", "version": "1"}')
    with pytest.raises(ImportingError, match="no column with the spun phrases"):
        read_phrases(tmp_path / "list.json")


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".ndjson"])
def test_a_list_may_be_json_lines(tmp_path, ending):
    (tmp_path / f"list{ending}").write_text('{"tortured": "a b", "correct": "c"}\n{"tortured": "d", "correct": "e"}\n')
    assert read_phrases(tmp_path / f"list{ending}")["spun"].tolist() == ["a b", "d"]


def test_the_cases_of_the_public_lists_give_their_pairs(mapping):
    for name in ("pps-list.csv", "torturedcheck-list.json"):
        changes = preview(mapping, CASES / name)
        assert changes.loc[changes["change"] == "new", ["spun", "original"]].values.tolist() == [
            ["harbour hurricane", "port storm"],
            ["vessel vitality", "ship energy"],
        ]


def test_what_programs_write_for_no_status_and_no_note_is_none(tmp_path):
    (tmp_path / "list.csv").write_text("spun,original,status,note\na b,c,NA,NaN\n")
    assert read_phrases(tmp_path / "list.csv")[["status", "note"]].values.tolist() == [["", ""]]


def test_a_workbook_with_a_cell_in_its_farthest_corner_is_read_for_what_it_holds(tmp_path):
    book = Workbook()
    for row in (["spun", "original"], ["a b", "c_x000D_"]):
        book.active.append(row)
    book.active.cell(1_000_000, 16_000).font = Font(bold=True)
    book.save(tmp_path / "list.xlsx")
    assert read_phrases(tmp_path / "list.xlsx")[["spun", "row"]].values.tolist() == [["a b", 2]]


def test_a_small_workbook_of_which_gigabytes_come_is_an_error_with_a_mend(tmp_path):
    book = Workbook()
    book.active.append(["spun", "original"])
    book.save(tmp_path / "plain.xlsx")
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    heading = '<row><c t="inlineStr"><is><t>spun</t></is></c><c t="inlineStr"><is><t>original</t></is></c></row>'
    new = {
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{heading}{row * 80_000}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}><si><t>{'x' * 32_000}</t></si></sst>",  # written once, 5 GB in all
    }
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(tmp_path / "list.xlsx", "w", 8) as archive:
        strings = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        told = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{strings}"/></Types>'
        new[TYPES] = old.read(TYPES).decode().replace("</Types>", told)
        for name in {*old.namelist(), *new}:
            archive.writestr(name, new.get(name) or old.read(name))
    assert (tmp_path / "list.xlsx").stat().st_size < 50_000
    with pytest.raises(ImportingError, match=r"200 MB come out of it, up to row [\d,]+\. Mend: "):
        read_phrases(tmp_path / "list.xlsx")


@pytest.mark.parametrize("name", ["x" * 5000 + ".csv", "a/" * 3000 + "b.csv", "pipe.csv", "caf\udce9.csv"])
def test_a_path_that_is_no_file_is_an_error_with_a_mend(tmp_path, name):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(ImportingError, match=r"there is no such file\. Mend: ") as error:
        read_phrases(tmp_path / name)
    str(error.value).encode()


def test_a_table_that_costs_too_much_is_an_error_and_not_the_end_of_the_notebook(tmp_path):
    with zipfile.ZipFile(tmp_path / "list.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row>" * 200_000_000)
    with pytest.raises(ImportingError, match=r"list\.xlsx: .* Mend: "):
        read_phrases(tmp_path / "list.xlsx")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_form_of_export_comes_in_again(mapping, tmp_path, ending):
    mapping.decide("isn’t it", "=cmd()", "edited", who="Ana", note='a, "b"\tc')
    back = read_phrases(mapping.export(tmp_path / f"table{ending}"))
    assert back[["spun", "original", "status", "note"]].values.tolist() == [
        ["isn't it", "=cmd()", "edited", 'a, "b"\tc']
    ]
    changes = preview(MappingTable.open(tmp_path / "other"), tmp_path / f"table{ending}")
    assert changes["change"].tolist() == ["new"]


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != ".csv"])
def test_formulas_are_neutralised_in_every_form(mapping, tmp_path, ending):
    mapping.decide("=1+1", "@sum", "approved", who="Ana", note="-2")
    path = mapping.export(tmp_path / f"table{ending}")
    readers = {".tsv": lambda p: pd.read_csv(p, sep="\t"), ".json": pd.read_json, ".parquet": pd.read_parquet,
               ".xlsx": pd.read_excel}  # fmt: skip
    row = readers[ending](path).iloc[0]
    assert (row["spun"], row["original"], row["note"]) == ("'=1+1", "'@sum", "'-2")


def test_an_unknown_ending_is_refused_with_the_mend(mapping, tmp_path):
    with pytest.raises(ValueError, match=r"\.doc.* Mend: "):
        mapping.export(tmp_path / "table.doc")
    assert not list(tmp_path.glob("*.doc"))


def test_a_preview_says_what_would_change_and_writes_nothing(mapping, tmp_path):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("folks", "people", "rejected", who="Ana")
    before = len(mapping.decisions)
    rows = [
        "tortured,expected",
        "assembly,meeting",
        "folks,people",
        "flow,stream",
        ",x",
        "flow,stream",
        "assembly,session",
    ]
    (tmp_path / "list.csv").write_text("\n".join(rows))
    changes = preview(mapping, tmp_path / "list.csv")
    assert changes["change"].tolist() == ["same", "changes", "new", "skipped", "skipped", "new"]
    assert changes["why"].tolist()[3:] == [
        "row 5: a phrase is empty",
        "row 6: the pair stands in the file before",
        "assembly stands for meeting here",
    ]
    assert len(mapping.decisions) == before
    apply(mapping, changes, who="Ben")
    table = mapping.table.set_index(["spun", "original"])["status"]
    assert (table["folks", "people"], table["flow", "stream"]) == ("approved", "approved")
    mapping.undo(who="Ben")
    assert mapping.table.set_index(["spun", "original"])["status"]["folks", "people"] == "rejected"


def test_a_row_with_more_fields_than_the_heading_is_refused_with_its_number_and_not_shifted(tmp_path):
    (tmp_path / "list.csv").write_text("spun,original\n\nhelp,support,seen on X\n")
    with pytest.raises(ImportingError, match=r"list\.csv, row 3: .*1 field.* Mend: "):
        read_phrases(tmp_path / "list.csv")


def test_commas_that_a_spreadsheet_leaves_at_the_end_are_no_fields(tmp_path):
    (tmp_path / "list.csv").write_text("spun,original,,\nhelp,support,,\naid,help,,,,\nfolks,people\n")
    rows = read_phrases(tmp_path / "list.csv")
    assert rows[["spun", "original"]].values.tolist() == [["help", "support"], ["aid", "help"], ["folks", "people"]]


def test_blank_lines_are_counted_but_are_no_rows(tmp_path):
    (tmp_path / "list.csv").write_text('\ufeffspun,original,note\n\nhelp,support,"two\nlines"\n,,\naid,help,x\n')
    assert read_phrases(tmp_path / "list.csv")[["spun", "row"]].values.tolist() == [["help", 3], ["aid", 5]]


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_a_missing_cell_is_no_phrase(mapping, tmp_path, kind):
    table = pd.DataFrame({"spun": ["help", "aid"], "original": ["support", None], "note": [None, "x"]}).astype(kind)
    table.to_parquet(tmp_path / "list.parquet")
    changes = preview(mapping, tmp_path / "list.parquet")
    assert changes[["change", "why"]].values.tolist() == [["new", ""], ["skipped", "row 3: a phrase is empty"]]


def test_numbers_stay_as_they_are_written_beside_missing_ones(tmp_path):
    (tmp_path / "list.json").write_text('[{"spun": 2, "original": "two"}, {"spun": null, "original": "x"}]')
    assert read_phrases(tmp_path / "list.json")["spun"].tolist() == ["2", ""]
    pd.DataFrame({"spun": pd.array([2, None], dtype="Int64"), "original": "x"}).to_parquet(tmp_path / "list.parquet")
    assert read_phrases(tmp_path / "list.parquet")["spun"].tolist() == ["2", ""]


def test_phrases_on_another_sheet_are_named_with_their_sheet(tmp_path):
    with pd.ExcelWriter(tmp_path / "list.xlsx") as book:
        pd.DataFrame({"about": ["x"]}).to_excel(book, sheet_name="About", index=False)
        pd.DataFrame({"spun": ["a"], "original": ["b"]}).to_excel(book, sheet_name="Phrases", index=False)
    with pytest.raises(ImportingError, match=r"list\.xlsx: .*sheet “Phrases”.* Mend: "):
        read_phrases(tmp_path / "list.xlsx")


def test_an_imported_row_keeps_its_note_and_where_it_has_none_says_that_it_was_imported(mapping, tmp_path):
    mapping.decide("aid", "assist", "approved", who="Ana")
    (tmp_path / "list.csv").write_text(
        "spun,original,note\nhelp,support,seen on X\nfolks,people,\naid,help,as Ben says\n"
    )
    changes = preview(mapping, tmp_path / "list.csv")
    assert changes["note"].tolist() == ["seen on X", "", "as Ben says"]
    apply(mapping, changes, who="Ana")
    assert mapping.table.set_index(["spun", "original"])["note"].to_dict() == {
        ("help", "support"): "seen on X",
        ("folks", "people"): "imported",
        ("aid", "help"): "as Ben says",
        ("aid", "assist"): "",
    }


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", 'spun,original\n"a,b\n', "row 2 is not valid CSV"),
        ("list.csv", "", "there is nothing in it"),
        ("list.csv", "one,two\na,b\n", "no column with the spun phrases"),
        ("list.json", "{", "not valid JSON"),
        ("list.xlsx", "no workbook", "cannot be read"),
        ("list.doc", "", "its ending is none of"),
    ],
)
def test_a_file_that_cannot_come_in_is_named_with_its_mend(mapping, tmp_path, name, content, says):
    (tmp_path / name).write_text(content)
    with pytest.raises(ImportingError, match=rf"{name}: {says}.* Mend: "):
        preview(mapping, tmp_path / name)


def test_a_shared_file_brings_the_whole_table(mapping, tmp_path, substitutions):
    mapping.propose(substitutions).decide("assembly", "meeting", "approved", who="Ana")
    shared = open_shared(share(mapping, tmp_path / "table.json"))
    assert len(shared.proposals) == len(mapping.table)
    other = MappingTable.open(tmp_path / "other")
    join(other, shared)
    pd.testing.assert_frame_equal(other.decisions, mapping.decisions)


def test_a_shared_file_masks_addresses(mapping, tmp_path):
    mapping.decide("write to a.b@site.example", "x", "approved", who="Ana", note="or a.b@site.example")
    mapping.decide("help", "aid", "approved", who="Ana", note="ask a.b@site.example")
    with pytest.warns(UserWarning, match="1 decision .* left out"):
        assert "site.example" not in share(mapping, tmp_path / "table.json").read_text()


@pytest.fixture
def with_addresses(mapping) -> MappingTable:
    """Three pairs, two of which differ in an address only; the first was decided and taken back."""
    mapping.decide("mail a.b@site.example", "write c@d.example", "approved", who="Ana")
    mapping.undo(who="Ana")
    mapping.decide_many(
        [("mail e@site.example", "x", "rejected", ""), ("help", "aid", "approved", "ask e@d.example"),
         ("mail f@site.example", "x", "approved", "")], "Ana"
    )  # fmt: skip
    return mapping


def test_a_masked_file_leaves_out_what_would_be_undone_or_mixed_up_and_says_how_much(with_addresses, tmp_path):
    with pytest.warns(UserWarning, match="4 decisions .* left out"):
        shared = open_shared(share(with_addresses, tmp_path / "table.json"))
    assert shared.left_out == 4
    other = MappingTable.open(tmp_path / "other")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # not “2 of the 3 lines of one act are here” either
        join(other, shared)
        assert other.table[["spun", "original", "status"]].values.tolist() == [["help", "aid", "approved"]]
    whole = open_shared(share(with_addresses, tmp_path / "whole.json", masked=False))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        join(other, whole)
    assert (whole.left_out, len(other.table)) == (0, 3)


@pytest.mark.filterwarnings("ignore:.*its time")
def test_a_line_without_time_and_name_is_shared_as_it_is(mapping, tmp_path):
    line = '{"when": "", "who": "", "spun": "a", "original": "b", "status": "approved", "note": ""}\n'
    (mapping.folder / "decisions.jsonl").write_text(line)
    assert [line.pair for line in open_shared(share(mapping, tmp_path / "table.json")).lines] == [("a", "b")]


def test_proposals_with_an_address_are_left_out_of_a_masked_file(mapping, tmp_path):
    seen = pd.DataFrame({"spun": ["at a@x.example", "help"], "original": "y", "spun_id": "s", "site": "z"})
    with pytest.warns(UserWarning, match="1 proposal .* left out"):
        shared = open_shared(share(mapping.propose(seen), tmp_path / "table.json"))
    assert shared.proposals["spun"].tolist() == ["help"]


def test_a_decision_that_comes_back_with_its_note_masked_is_not_added_again(with_addresses, tmp_path):
    before = len(with_addresses.decisions)
    with pytest.warns(UserWarning, match="left out"):
        join(with_addresses, open_shared(share(with_addresses, tmp_path / "table.json")))
    assert len(with_addresses.decisions) == before
    notes = with_addresses.table.set_index("spun")["note"]
    assert notes["help"] == "ask e@d.example"


def test_masked_phrases_in_a_file_of_an_older_unspun_do_not_join(with_addresses, tmp_path):
    path = share(with_addresses, tmp_path / "table.json", masked=False)
    whole = json.loads(path.read_text().replace("a.b@site.example", MASKED_EMAIL))
    del whole["left_out"]
    path.write_text(json.dumps({**whole, "sha256": checksum(whole["content"])}))
    assert open_shared(path).left_out == 2


def test_a_shared_file_that_was_changed_or_cut_is_refused(mapping, tmp_path):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    path = share(mapping, tmp_path / "table.json")
    whole = path.read_text()
    for wrong, says in [
        (whole.replace("meeting", "session"), "its checksum does not fit"),
        (whole[: len(whole) // 2], "only a part of one"),
        (whole.replace('"version": 1', '"version": 2'), "made by a newer Unspun"),
        (json.dumps({"format": "other", "version": 1}), "is no mapping table"),
    ]:
        path.write_text(wrong)
        with pytest.raises(SharingError, match=rf"table\.json: .*{says}.* Mend: "):
            open_shared(path)


def test_the_checksum_does_not_depend_on_spaces_or_order():
    assert checksum({"a": 1, "b": "é"}) == checksum(json.loads('{ "b" : "\\u00e9", "a":1 }'))
