"""What a person decides is on disk at once, is never erased, and folds with the proposals to one table."""

import codecs
import json
import multiprocessing
import os
import signal
import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import at_once

from helpers.align import align, fold
from helpers.mapping import MappingTable, propose
from helpers.mapping.table import DECISION_COLUMNS, STATUSES, MappingError


@pytest.fixture
def seen() -> pd.DataFrame:
    """Substitutions of two articles on two sites: one phrase with a single original, one with two."""
    return pd.DataFrame(
        [
            ("assembly", "meeting", "kim-xi", "orbital.example"),
            ("Assembly", "Meeting", "kim-xi", "orbital.example"),
            ("assembly", "meeting", "army-flood", "ledger.example"),
            ("mentioned", "said", "kim-xi", "orbital.example"),
            ("mentioned", "said", "kim-xi", "orbital.example"),
            ("mentioned", "said", "kim-xi", "orbital.example"),
            ("mentioned", "discussed", "army-flood", "ledger.example"),
        ],
        columns=["spun", "original", "spun_id", "site"],
    )


@pytest.fixture
def mapping(tmp_path, seen) -> MappingTable:
    """A mapping table with proposals and no decision."""
    return MappingTable.open(tmp_path / "mapping").propose(seen)


def log(mapping: MappingTable) -> bytes:
    """The log of decisions as it lies on disk."""
    return (mapping.folder / "decisions.jsonl").read_bytes()


def entries(mapping: MappingTable) -> list[dict]:
    """The lines of the log, read without the code that wrote them."""
    return [json.loads(line) for line in log(mapping).decode("utf-8").splitlines()]


def status(mapping: MappingTable, spun: str, original: str) -> str | None:
    """What the table says of a pair, None where it has no such row."""
    rows = mapping.table.set_index(["spun", "original"])["status"]
    return rows.get((spun, original))


def proposed(seen: pd.DataFrame, spun: str, original: str) -> pd.Series:
    """The proposed row of a pair."""
    return propose(seen).set_index(["spun", "original"]).loc[(spun, original)]


def test_support_counts_every_sighting_whatever_its_case(seen):
    assert proposed(seen, "assembly", "meeting")["support"] == 3


def test_articles_and_sites_are_counted_once_each(seen):
    row = proposed(seen, "assembly", "meeting")
    assert (row["articles"], row["sites"]) == (2, 2)
    row = proposed(seen, "mentioned", "said")
    assert (row["articles"], row["sites"]) == (1, 1)


def test_share_is_the_part_of_a_spun_phrases_uses_that_stand_for_this_original(seen):
    assert proposed(seen, "mentioned", "said")["share"] == 0.75
    assert proposed(seen, "mentioned", "discussed")["share"] == 0.25


def test_the_only_original_of_a_spun_phrase_has_the_whole_share(seen):
    assert proposed(seen, "assembly", "meeting")["share"] == 1


def test_proposals_stand_with_the_most_seen_first(seen):
    assert list(propose(seen)["support"]) == [3, 3, 1]


def test_what_the_corpus_proposes_is_not_decided(mapping):
    assert set(mapping.table["status"]) == {"proposed"}


@pytest.mark.parametrize("phrase", ["null", "NA", "nan", "None", "true", "007"])
def test_a_phrase_that_looks_like_no_value_stays_a_phrase(tmp_path, phrase):
    seen = pd.DataFrame([(phrase, "zero", "kim-xi", "")], columns=["spun", "original", "spun_id", "site"])
    assert list(MappingTable.open(tmp_path).propose(seen).table["spun"]) == [fold(phrase)]


def test_a_new_folder_has_an_empty_table_and_no_decision(tmp_path):
    mapping = MappingTable.open(tmp_path / "new" / "mapping")
    assert len(mapping.table) == len(mapping.decisions) == 0


def test_a_decision_is_on_disk_when_decide_returns(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana", note="nine times of nine")
    [entry] = entries(mapping)
    assert entry.pop("when").endswith("+00:00")
    assert entry == {
        "who": "Ana",
        "spun": "assembly",
        "original": "meeting",
        "status": "approved",
        "note": "nine times of nine",
    }


def decide_and_be_killed(folder: str) -> None:
    """Decide, and be killed before anything else can be written."""
    MappingTable.open(folder).decide("assembly", "meeting", "approved", who="Ana")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_decision_outlives_the_process_that_made_it(mapping):
    process = multiprocessing.get_context("spawn").Process(target=decide_and_be_killed, args=(str(mapping.folder),))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert status(mapping, "assembly", "meeting") == "approved"


def test_a_decision_is_handed_to_the_disk_and_not_only_to_the_system(mapping, monkeypatch):
    synced, fsync = [], os.fsync

    def fsync_and_look(file: int) -> None:
        fsync(file)
        synced.append(log(mapping))

    monkeypatch.setattr(os, "fsync", fsync_and_look)
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    assert synced == [log(mapping)] * 2  # the file, then the folder that it is new in


@pytest.mark.parametrize("note", ["two\nlines", "it’s “quoted”", 'a "straight" quote', "a\u2028separator", "a\rreturn"])
def test_a_note_comes_back_as_it_was_written_on_one_line(mapping, note):
    mapping.decide("assembly", "meeting", "approved", who="Ana", note=note)
    assert list(MappingTable.open(mapping.folder).decisions["note"]) == [note]
    assert log(mapping).count(b"\n") == 1


def test_the_decisions_are_listed_oldest_first(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("mentioned", "said", "rejected", who="Ben", note="context must choose")
    assert list(mapping.decisions.columns) == DECISION_COLUMNS
    assert mapping.decisions["who"].tolist() == ["Ana", "Ben"]
    assert mapping.decisions["when"].is_monotonic_increasing


def test_a_decision_changes_its_own_row_only(mapping):
    mapping.decide("mentioned", "said", "approved", who="Ana")
    assert status(mapping, "mentioned", "said") == "approved"
    assert status(mapping, "mentioned", "discussed") == "proposed"
    assert status(mapping, "assembly", "meeting") == "proposed"


def test_a_decision_keeps_the_counts_of_its_row(mapping):
    before = mapping.table[["spun", "original", "support", "articles", "sites", "share"]]
    mapping.decide("mentioned", "said", "approved", who="Ana")
    pd.testing.assert_frame_equal(mapping.table[before.columns], before)


def test_the_last_decision_on_a_pair_counts(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("assembly", "meeting", "rejected", who="Ben", note="an assembly was meant")
    row = mapping.table.set_index("spun").loc["assembly"]
    assert (row["status"], row["note"]) == ("rejected", "an assembly was meant")


def test_a_decision_holds_for_a_phrase_whatever_its_case_and_quotes(mapping):
    mapping.decide("ASSEMBLY", "Meeting", "approved", who="Ana")
    mapping.decide("The  People’s", "the country's", "approved", who="Ana")
    assert status(mapping, "assembly", "meeting") == "approved"
    assert status(mapping, "the people's", "the country's") == "approved"


def test_an_edited_original_adds_a_row_that_was_not_proposed(mapping):
    mapping.decide("mentioned", "stated", "edited", who="Ana")
    row = mapping.table.set_index(["spun", "original"]).loc[("mentioned", "stated")]
    assert (row["status"], row["support"], row["articles"], row["sites"], row["share"]) == ("edited", 0, 0, 0, 0.0)
    assert len(mapping.table) == 4


@pytest.mark.parametrize("wrong", ["proposed", "undone", "Approved", ""])
def test_another_status_is_refused_and_not_logged(mapping, wrong):
    with pytest.raises(ValueError, match="a decision is one of approved, rejected, edited"):
        mapping.decide("assembly", "meeting", wrong, who="Ana")
    assert len(mapping.decisions) == 0


@pytest.mark.parametrize(
    ("spun", "original"), [("", "meeting"), ("assembly", ""), (" \n", "meeting"), ("assembly", "\t")]
)
def test_an_empty_phrase_is_refused_and_not_logged(mapping, spun, original):
    with pytest.raises(ValueError, match="needs a spun phrase and an original phrase"):
        mapping.decide(spun, original, "approved", who="Ana")
    assert len(mapping.decisions) == 0


def test_undo_takes_back_the_newest_decision(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("mentioned", "said", "approved", who="Ana")
    assert mapping.undo(who="Ana")["spun"] == "mentioned"
    assert status(mapping, "mentioned", "said") == "proposed"
    assert status(mapping, "assembly", "meeting") == "approved"


def test_undo_is_itself_a_line_in_the_log(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.undo(who="Ben")
    undone = entries(mapping)[-1]
    assert undone.pop("undoes") == mapping.decisions["id"].iloc[0]
    assert undone.pop("when").endswith("+00:00")
    assert undone == {
        "who": "Ben",
        "spun": "assembly",
        "original": "meeting",
        "status": "undone",
        "note": "was approved",
    }


def test_undo_twice_takes_back_two_decisions(mapping):
    for spun, original in [("assembly", "meeting"), ("mentioned", "said"), ("mentioned", "discussed")]:
        mapping.decide(spun, original, "approved", who="Ana")
    mapping.undo(who="Ana")
    mapping.undo(who="Ana")
    assert mapping.table.set_index(["spun", "original"])["status"].to_dict() == {
        ("assembly", "meeting"): "approved",
        ("mentioned", "said"): "proposed",
        ("mentioned", "discussed"): "proposed",
    }


def test_undo_brings_back_the_decision_before_it_on_the_same_pair(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("assembly", "meeting", "rejected", who="Ana")
    mapping.undo(who="Ana")
    assert status(mapping, "assembly", "meeting") == "approved"


def test_undoing_an_edited_row_that_was_not_proposed_takes_it_out_of_the_table(mapping):
    mapping.decide("mentioned", "stated", "edited", who="Ana")
    mapping.undo(who="Ana")
    assert status(mapping, "mentioned", "stated") is None


def test_undo_with_nothing_to_undo_adds_no_line(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.undo(who="Ana")
    before = log(mapping)
    assert mapping.undo(who="Ana") is None
    assert log(mapping) == before


def test_a_decision_can_be_made_again_after_its_undoing(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.undo(who="Ana")
    mapping.decide("assembly", "meeting", "rejected", who="Ana")
    assert status(mapping, "assembly", "meeting") == "rejected"


def test_the_log_only_grows(mapping, seen):
    before = b""
    for act in (
        lambda: mapping.decide("assembly", "meeting", "approved", who="Ana"),
        lambda: mapping.decide("assembly", "meeting", "rejected", who="Ana"),
        lambda: mapping.undo(who="Ana"),
        lambda: MappingTable.open(mapping.folder).decide("mentioned", "said", "approved", who="Ben"),
        lambda: mapping.undo(who="Ana"),
    ):
        act()
        after = log(mapping)
        assert after.startswith(before)
        assert after.count(b"\n") == before.count(b"\n") + 1
        before = after


PHRASES = st.sampled_from(["assembly", "Assembly", "meeting", "mentioned", "isn’t"]) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8
).filter(fold)
DECIDE = st.tuples(PHRASES, PHRASES, st.sampled_from(STATUSES), st.text(st.characters(exclude_categories=["Cs"])))
ACTS = st.lists(st.just("undo") | DECIDE, max_size=10)


def perform(folder: Path, acts: list) -> MappingTable:
    """Decide and undo, in this order."""
    mapping = MappingTable.open(folder)
    for act in acts:
        if act == "undo":
            mapping.undo(who="Ana")
        else:
            spun, original, decision, note = act
            mapping.decide(spun, original, decision, who="Ana", note=note)
    return mapping


@settings(max_examples=60)
@given(acts=ACTS)
def test_any_sequence_of_acts_folds_to_the_same_table_after_reopening(tmp_path_factory, acts):
    mapping = perform(tmp_path_factory.mktemp("mapping"), acts)
    pd.testing.assert_frame_equal(MappingTable.open(mapping.folder).table, mapping.table)


@settings(max_examples=60)
@given(acts=ACTS)
def test_any_sequence_of_acts_leaves_the_last_decision_on_each_pair_that_was_not_undone(tmp_path_factory, acts):
    standing = []
    for act in acts:
        standing = standing[:-1] if act == "undo" else [*standing, act]
    expected = {(fold(spun), fold(original)): (decision, note) for spun, original, decision, note in standing}
    table = perform(tmp_path_factory.mktemp("mapping"), acts).table.set_index(["spun", "original"])
    assert dict(zip(table.index, zip(table["status"], table["note"], strict=True), strict=True)) == expected


TORN = b'{"when": "2026-02-10T09:00:00.000+00:00", "who": "Ana", "spun": "main financ'


def tear(mapping: MappingTable) -> bytes:
    """Leave a line in the log that was not written to its end; returns the log before it."""
    before = log(mapping)
    with open(mapping.folder / "decisions.jsonl", "ab") as decisions:
        decisions.write(TORN)
    return before


@pytest.fixture
def decided(mapping) -> MappingTable:
    """A mapping table with two decisions."""
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("mentioned", "said", "rejected", who="Ana", note="it isn’t so")
    return mapping


def test_a_torn_last_line_is_warned_of(decided):
    tear(decided)
    with pytest.warns(UserWarning, match=r"decisions\.jsonl: the last line was not written to its end"):
        MappingTable.open(decided.folder)


@pytest.mark.filterwarnings("ignore:.*not written to its end")
def test_a_torn_last_line_is_set_aside(decided):
    tear(decided)
    MappingTable.open(decided.folder)
    assert (decided.folder / "decisions.jsonl.torn").read_bytes() == TORN + b"\n"


@pytest.mark.filterwarnings("ignore:.*not written to its end")
def test_nothing_before_a_torn_line_is_lost(decided):
    table, before = decided.table, tear(decided)
    reopened = MappingTable.open(decided.folder)
    assert log(reopened) == before
    pd.testing.assert_frame_equal(reopened.table, table)


@pytest.mark.filterwarnings("ignore:.*not written to its end")
def test_a_line_torn_inside_a_letter_is_set_aside(decided):
    before = log(decided)
    (decided.folder / "decisions.jsonl").write_bytes(before + '{"spun": "isn’'.encode()[:-1])
    assert log(MappingTable.open(decided.folder)) == before


def test_a_table_opened_before_the_tear_reads_what_was_written_to_its_end(decided):
    table = decided.table
    tear(decided)
    pd.testing.assert_frame_equal(decided.table, table)


def test_a_table_opened_before_the_tear_decides_on_a_line_of_its_own(decided):
    before = tear(decided)
    with pytest.warns(UserWarning, match="not written to its end"):
        decided.decide("mentioned", "discussed", "approved", who="Ben")
    assert log(decided).startswith(before)
    assert [entry["who"] for entry in entries(decided)] == ["Ana", "Ana", "Ben"]
    assert (decided.folder / "decisions.jsonl.torn").read_bytes() == TORN + b"\n"


@pytest.mark.filterwarnings("ignore:.*not written to its end")
def test_what_was_torn_before_is_kept_when_another_line_tears(decided):
    tear(decided)
    MappingTable.open(decided.folder)
    tear(decided)
    MappingTable.open(decided.folder)
    assert (decided.folder / "decisions.jsonl.torn").read_bytes() == (TORN + b"\n") * 2


BAD_LINES = {
    "no JSON": b"<<<<<<< HEAD",
    "half a line": TORN,
    "a list": b'["assembly", "meeting", "approved"]',
    "a line without a status": b'{"when": "", "who": "", "spun": "a", "original": "b", "note": ""}',
    "null": b"null",
}


@pytest.fixture(params=BAD_LINES.values(), ids=BAD_LINES.keys())
def broken(request, decided) -> MappingTable:
    """A mapping table whose log has a bad second line."""
    first, second = log(decided).splitlines(keepends=True)
    (decided.folder / "decisions.jsonl").write_bytes(first + request.param + b"\n" + second)
    return MappingTable.open(decided.folder)


def test_a_bad_line_in_the_middle_is_an_error_that_names_file_line_and_mend(broken):
    with pytest.raises(MappingError) as error:
        broken.table  # noqa: B018 - reading is what fails
    assert str(error.value).startswith(f"{broken.folder / 'decisions.jsonl'}, line 2: not a decision. Mend: ")


def test_a_bad_line_in_the_middle_is_not_touched(broken):
    before = log(broken)
    with pytest.raises(MappingError):
        broken.undo(who="Ana")
    assert log(broken) == before


def test_proposals_with_other_columns_are_an_error_that_names_file_and_mend(mapping):
    (mapping.folder / "proposals.csv").write_text("spun,original\nassembly,meeting\n")
    with pytest.raises(MappingError, match=r"proposals\.csv: its columns are not spun, .*Mend: propose again"):
        mapping.table  # noqa: B018 - reading is what fails


def decide_fifty(folder: str, who: str, together) -> None:
    """Decide fifty times, beginning at the same moment as the other process."""
    mapping = MappingTable.open(folder)
    together.wait(60)
    for number in range(50):
        mapping.decide(f"phrase {number}", f"original {number}", "approved", who=who)


def test_two_processes_that_decide_at_once_lose_nothing(tmp_path):
    at_once(decide_fifty, tmp_path, ("Ana", "Ben"))
    logged = entries(MappingTable.open(tmp_path))
    assert len(logged) == 100
    for who in ("Ana", "Ben"):
        assert [entry["spun"] for entry in logged if entry["who"] == who] == [f"phrase {k}" for k in range(50)]


def test_proposing_anew_does_not_touch_the_decisions(decided, seen):
    before = log(decided)
    decided.propose(seen.tail(1))
    assert log(decided) == before
    assert len(decided.decisions) == 2


def test_a_decision_stands_when_its_pair_is_proposed_no_longer(decided, seen):
    decided.propose(seen[seen["spun"] == "mentioned"])
    assert status(decided, "assembly", "meeting") == "approved"
    assert status(decided, "mentioned", "said") == "rejected"


def test_proposing_anew_replaces_the_undecided_rows(mapping, seen):
    mapping.propose(seen[seen["original"] == "said"])
    assert mapping.table[["spun", "original", "support"]].values.tolist() == [["mentioned", "said", 3]]


def test_proposing_leaves_no_draft_behind(mapping):
    assert {path.name for path in mapping.folder.iterdir()} <= {"proposals.csv", ".decisions.lock"}


def test_the_committed_proposals_are_what_the_shipped_corpus_proposes(tmp_path, corpus, substitutions):
    MappingTable.open(tmp_path).propose(substitutions)
    made_anew = pd.read_csv(tmp_path / "proposals.csv", keep_default_na=False)
    committed = pd.read_csv(corpus / "mapping" / "proposals.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(committed, made_anew)


def exported(mapping: MappingTable) -> pd.DataFrame:
    """The exported table as a spreadsheet reads it."""
    return pd.read_csv(mapping.export(mapping.folder / "mapping.csv"), keep_default_na=False)


def test_the_export_holds_every_row_of_the_table(decided):
    pd.testing.assert_frame_equal(exported(decided), decided.table, check_dtype=False)


@pytest.mark.parametrize("formula", ["=hyperlink(1)", "+1", "-1", "@sum(a1)"])
def test_the_export_neutralises_formulas(mapping, formula):
    mapping.decide(formula, formula, "edited", who="Ana", note=formula)
    row = exported(mapping).set_index("status").loc["edited"]
    assert [row["spun"], row["original"], row["note"]] == [f"'{formula}"] * 3


def test_the_export_masks_addresses(mapping):
    mapping.decide("call +44 20 7946 0018", "write to a.b@site.example", "edited", who="Ana", note="a.b@site.example")
    row = exported(mapping).set_index("status").loc["edited"]
    assert row["spun"] == "call [telephone number masked]"
    assert row["original"] == "write to [e-mail address masked]"
    assert row["note"] == "[e-mail address masked]"


def test_the_lexicon_holds_approved_and_edited_rows_only(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("mentioned", "said", "rejected", who="Ana")
    mapping.decide("main financial institution", "central bank", "edited", who="Ana")
    assert mapping.as_lexicon().values.tolist() == [
        ["assembly", "meeting", 3],
        ["main financial institution", "central bank", 1],
    ]


SPUN, REFERENCE = "She has a main financial institution card.", "She has a central bank card."


def changed(spun: str, reference: str, lexicon: pd.DataFrame) -> list[tuple[str, str]]:
    """What an alignment says was put for what."""
    rows = align(spun, reference, lexicon).loc[lambda table: table["op"] == "substitute"]
    return list(zip(rows["spun"].str.strip(), rows["reference"].str.strip(), strict=True))


def test_approved_rows_tell_align_where_to_cut(mapping):
    mapping.decide("main financial", "central", "approved", who="Ana")
    mapping.decide("institution", "bank", "edited", who="Ana")
    cut = changed(SPUN, REFERENCE, mapping.as_lexicon())
    assert cut == [("main financial", "central"), ("institution", "bank")]


def test_rejected_rows_do_not_tell_align_where_to_cut(mapping):
    mapping.decide("main financial", "central", "rejected", who="Ana")
    mapping.decide("institution", "bank", "rejected", who="Ana")
    cut = changed(SPUN, REFERENCE, mapping.as_lexicon())
    assert cut == [("main", "central"), ("financial institution", "bank")]


def undo_twenty(folder: str, who: str, together) -> None:
    """Undo twenty times, beginning at the same moment as the other process."""
    mapping = MappingTable.open(folder)
    together.wait(60)
    for _ in range(20):
        mapping.undo(who=who)


def test_two_processes_that_undo_at_once_each_undo_another_decision(tmp_path):
    m = MappingTable.open(tmp_path)
    for k in range(40):
        m.decide(f"w{k}", "o", "approved", who="a")
    at_once(undo_twenty, tmp_path, ("b", "c"))
    assert len(m.table) == 0


OK = b'{"when":"","who":"","spun":"a","original":"b","status":"approved","note":""}\n'


@pytest.mark.parametrize(
    "bad",
    [b'{"when":"\xff"}\n', OK.replace(b"approved", b"Approved"), OK.replace(b'"a"', b'""')],
    ids=["not UTF-8", "unknown status", "empty phrase"],
)
def test_a_bad_line_is_a_mapping_error(tmp_path, bad):
    (tmp_path / "decisions.jsonl").write_bytes(OK + bad + OK)
    with pytest.raises(MappingError, match="line 2"):
        MappingTable.open(tmp_path).table  # noqa: B018 - reading is what fails


def test_an_open_table_reads_past_a_line_torn_inside_a_letter(tmp_path):
    m = MappingTable.open(tmp_path)
    (tmp_path / "decisions.jsonl").write_bytes(OK + '{"spun": "isn’'.encode()[:-1])
    assert len(m.table) == 1


def test_a_whole_last_line_without_line_break_counts(tmp_path):
    (tmp_path / "decisions.jsonl").write_bytes(OK + OK.replace(b'"a"', b'"c"').rstrip(b"\n"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert len(MappingTable.open(tmp_path).table) == 2


WHOLE = OK.rstrip(b"\n")
EDITED_ENDS = {
    "a comma behind it": WHOLE.replace(b'"a"', b'"c"') + b",",
    "a mark of git": b">>>>>>> theirs",
    "a list": b"[1, 2]",
    "a word": b"oops",
    "two on a line": WHOLE + WHOLE,
    "half a character": b"\xff",
}


@pytest.mark.filterwarnings("ignore:.*its time")
@pytest.mark.parametrize("end", EDITED_ENDS.values(), ids=EDITED_ENDS.keys())
def test_a_bad_last_line_without_line_break_is_named_and_not_taken_out(tmp_path, end):
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(OK + end)
    mapping = MappingTable.open(tmp_path)
    with pytest.raises(MappingError, match=r"decisions\.jsonl, line 2: not a decision. Mend: "):
        mapping.table  # noqa: B018 - reading is what fails
    assert path.read_bytes() == OK + end
    mapping.decide("help", "aid", "approved", who="Ana")
    assert path.read_bytes().startswith(OK + end + b"\n")
    path.write_bytes(path.read_bytes().replace(end + b"\n", b""))
    assert sorted(mapping.table["spun"]) == ["a", "help"]
    assert not (tmp_path / "decisions.jsonl.torn").exists()


@pytest.mark.parametrize("torn", [b"{", b'{"note": "}', b'{"note": "a \\"}\\', b' {"when": "2026", "note'])
@pytest.mark.filterwarnings("ignore:.*its time")
def test_a_line_torn_anywhere_is_set_aside(tmp_path, torn):
    (tmp_path / "decisions.jsonl").write_bytes(OK + torn)
    with pytest.warns(UserWarning, match="not written to its end"):
        mapping = MappingTable.open(tmp_path)
    assert (len(mapping.table), log(mapping)) == (1, OK)


@pytest.mark.filterwarnings("ignore:.*its time")
@pytest.mark.parametrize("content", [OK, OK + WHOLE.replace(b'"a"', b'"c"'), WHOLE, b""])
def test_a_log_saved_with_a_byte_order_mark_is_read_and_written_on(tmp_path, content):
    (tmp_path / "decisions.jsonl").write_bytes(codecs.BOM_UTF8 + content)
    mapping = MappingTable.open(tmp_path)
    assert len(mapping.table) == content.count(b"status")
    mapping.decide("help", "aid", "approved", who="Ana")
    assert len(MappingTable.open(tmp_path).table) == content.count(b"status") + 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_log_saved_as_utf_16_is_named_with_its_mend_and_not_touched(tmp_path, encoding):
    stored = (OK + OK).decode().encode(encoding)
    (tmp_path / "decisions.jsonl").write_bytes(stored)
    mapping = MappingTable.open(tmp_path)
    with pytest.raises(MappingError, match=r"decisions\.jsonl: .*UTF-16.* Mend: "):
        mapping.table  # noqa: B018 - reading is what fails
    with pytest.raises(MappingError, match="UTF-16"):
        mapping.decide("help", "aid", "approved", who="Ana")
    assert log(mapping) == stored


def test_a_log_that_is_a_folder_and_a_folder_that_is_a_file_are_named_with_their_mend(tmp_path):
    (tmp_path / "decisions.jsonl").mkdir()
    with pytest.raises(MappingError, match=r"decisions\.jsonl: cannot be read .* Mend: "):
        MappingTable.open(tmp_path)
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "mapping"):
        with pytest.raises(MappingError, match=r"file.*: cannot be used as a folder .* Mend: "):
            MappingTable.open(folder)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ((None, "x", "approved", ""), "the spun phrase is None"),
        (("a", float("nan"), "approved", ""), "the original phrase is nan"),
        ((5, "x", "approved", ""), "the spun phrase is 5"),
        (("a", "x", "approved", float("nan")), "the note is nan"),
        (("a", "x", pd.NA, ""), "the status is <NA>"),
        (("a", "\ud800", "approved", ""), "the original phrase holds half a character"),
        (("a", "x", "approved", "\udfff"), "the note holds half a character"),
    ],
)
def test_what_is_no_text_is_refused_with_its_name_and_mend(mapping, row, says):
    with pytest.raises(ValueError, match=rf"row 2: {says}.* Mend: "):
        mapping.decide_many([("a", "b", "approved", ""), row], who="Ana")
    spun, original, status, note = row
    with pytest.raises(ValueError, match=rf"^{says}.* Mend: "):
        mapping.decide(spun, original, status, note=note)
    with pytest.raises(ValueError, match="who is 7"):
        mapping.decide("a", "b", "approved", who=7)
    assert len(mapping.decisions) == 0


def test_no_note_is_an_empty_one(mapping):
    mapping.decide("a", "b", "approved", note=None)
    assert mapping.decisions["note"].tolist() == [""]


def test_articles_of_two_corpora_with_equal_ids_are_counted_apart(seen):
    row = proposed(seen.assign(spun_id="one"), "assembly", "meeting")
    assert (row["articles"], row["sites"]) == (2, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"spun,original,support,articles,sites,share\na,b,1",
        b"spun,original,support,articles,sites,share\na,b,1,1,1,1\na,b,1,1,1,1\n",
        b"\xff\xfe",
    ],
    ids=["empty", "torn", "twice", "UTF-16"],
)
def test_bad_proposals_are_a_mapping_error(tmp_path, content):
    (tmp_path / "proposals.csv").write_bytes(content)
    with pytest.raises(MappingError):
        MappingTable.open(tmp_path).table  # noqa: B018 - reading is what fails
