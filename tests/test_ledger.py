"""However git puts two logs together, they fold to one table; anything can be undone at any time, and undone again."""

import json
import random
import re
import shutil
import subprocess
import warnings
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.mapping import MappingTable
from helpers.mapping.ledger import Decision, Ledger
from helpers.mapping.table import MappingError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def mapping(tmp_path) -> MappingTable:
    return MappingTable.open(tmp_path / "mapping")


def statuses(mapping: MappingTable) -> dict:
    return mapping.table.set_index(["spun", "original"])["status"].to_dict()


def ids(mapping: MappingTable) -> list[str]:
    return mapping.decisions["id"].tolist()


def test_an_old_decision_is_undone_and_the_newer_ones_stay(mapping):
    for spun in ("assembly", "folks", "help"):
        mapping.decide(spun, "x", "approved", who="Ana")
    mapping.undo(who="Ana", decision=ids(mapping)[0])
    assert statuses(mapping) == {("folks", "x"): "approved", ("help", "x"): "approved"}


def test_an_undoing_is_undone(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.undo(who="Ana")
    assert statuses(mapping) == {}
    mapping.undo(who="Ana", decision=ids(mapping)[-1])
    assert statuses(mapping) == {("assembly", "meeting"): "approved"}


def test_what_is_undone_already_is_not_undone_again(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.undo(who="Ana")
    with pytest.raises(ValueError, match="was taken back before"):
        mapping.undo(who="Ana", decision=ids(mapping)[0])


def test_an_unknown_id_is_refused_with_the_mend(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    with pytest.raises(ValueError, match=r"no decision has the id .* Mend: "):
        mapping.undo(decision="0123")


def test_many_rows_at_once_are_one_act_and_are_undone_as_one(mapping):
    mapping.decide("help", "aid", "approved", who="Ana")
    mapping.decide_many([("a", "x", "approved", ""), ("b", "x", "rejected", ""), ("c", "x", "edited", "")], who="Ana")
    assert len(statuses(mapping)) == 4
    mapping.undo(who="Ana")
    assert statuses(mapping) == {("help", "aid"): "approved"}


def test_many_rows_with_one_bad_one_are_refused_as_a_whole(mapping):
    with pytest.raises(ValueError, match="a decision is one of"):
        mapping.decide_many([("a", "x", "approved", ""), ("b", "x", "perhaps", "")], who="Ana")
    assert len(mapping.decisions) == 0


def test_the_acts_of_two_people_fold_to_the_same_table_in_any_order_of_lines(tmp_path):
    mapping = MappingTable.open(tmp_path)
    for number in range(12):
        mapping.decide(f"w{number % 4}", "x", ("approved", "rejected")[number % 2], who=("Ana", "Ben")[number % 3 == 0])
        if number % 5 == 4:
            mapping.undo(who="Ana")
    expected, log = statuses(mapping), tmp_path / "decisions.jsonl"
    lines = log.read_text().splitlines(keepends=True)
    for seed in range(20):
        random.Random(seed).shuffle(lines)
        log.write_text("".join(lines))
        assert statuses(MappingTable.open(tmp_path)) == expected


def test_a_line_that_git_doubled_counts_once(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    log = mapping.folder / "decisions.jsonl"
    log.write_bytes(log.read_bytes() * 2)
    mapping.undo(who="Ana")
    assert statuses(mapping) == {}


def test_a_clock_set_back_does_not_make_a_new_decision_an_older_one(mapping):
    mapping.decide("a", "x", "rejected", who="Ben")
    log = mapping.folder / "decisions.jsonl"
    log.write_text(re.sub('"when": "....', '"when": "2999', log.read_text()))
    mapping.decide("a", "x", "approved", who="Ana")
    assert statuses(mapping) == {("a", "x"): "approved"}


def write(mapping: MappingTable, *lines: tuple[str, str, str]) -> None:
    """Put lines into the log as they are: when, who, status; all on one pair."""
    entries = [
        {"when": when, "who": who, "spun": "a", "original": "x", "status": status, "note": ""}
        for when, who, status in lines
    ]
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    (mapping.folder / "decisions.jsonl").write_text(text)


def test_times_are_compared_as_instants_whatever_their_offset(mapping):
    write(mapping, ("2025-11-25T11:06:11+02:00", "Ana", "approved"), ("2025-11-25T09:30:00Z", "Ben", "rejected"))
    assert statuses(mapping) == {("a", "x"): "rejected"}
    assert mapping.undo(who="Ben")["who"] == "Ben"
    assert statuses(mapping) == {("a", "x"): "approved"}


def test_a_decision_counts_though_a_line_bears_a_local_time(mapping):
    local = datetime.now(UTC).astimezone(timezone(timedelta(hours=9))).isoformat()
    write(mapping, (local, "Ana", "approved"))
    mapping.decide("a", "x", "rejected", who="Ben")
    assert statuses(mapping) == {("a", "x"): "rejected"}
    assert mapping.undo(who="Ben")["who"] == "Ben"


@pytest.mark.parametrize("other", ["2026-01-01T00:00:00+00:00", "2026-01-01T02:00:00.000000+02:00"])
def test_of_two_lines_of_one_moment_the_same_counts_in_any_order(mapping, other):
    lines = [("2026-01-01T00:00:00+00:00", "Ana", "approved"), (other, "Ben", "rejected")]
    write(mapping, *lines)
    one, last = statuses(mapping), mapping.undo(who="Ana")["who"]
    write(mapping, *reversed(lines))
    assert (statuses(mapping), mapping.undo(who="Ana")["who"]) == (one, last)


@given(st.data())
def test_lines_of_few_moments_fold_to_the_same_in_any_order(data):
    moments = ["2026-01-01T00:00:00+00:00", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:01Z"]
    lines: list[Decision] = []
    for _ in range(data.draw(st.integers(2, 7))):
        undoes = data.draw(st.sampled_from(["", *[line.id for line in lines]]))
        status = "undone" if undoes else data.draw(st.sampled_from(["approved", "rejected"]))
        when, note = data.draw(st.sampled_from(moments)), data.draw(st.sampled_from("ab"))
        lines.append(Decision(when, data.draw(st.sampled_from("AB")), "a", "x", status, note, "", undoes))
    folded = []
    for order in (lines, data.draw(st.permutations(lines))):
        ledger = Ledger()
        assert ledger.feed([line.line().strip().encode() for line in order]) == []
        folded.append((ledger.standing(("a", "x")), ledger.newest()))
    assert folded[0] == folded[1]


@pytest.mark.parametrize("when", ["", "yesterday", "2026-13-01T00:00:00+00:00", "20"])
def test_a_time_that_is_none_is_named_and_the_line_counts_behind_the_one_before_it(mapping, when):
    write(mapping, ("2026-01-01T00:00:00.000000+00:00", "Ana", "approved"), (when, "Ben", "rejected"))
    with pytest.warns(UserWarning, match=r"line 2: its time .* is none.* Mend: "):
        assert statuses(MappingTable.open(mapping.folder)) == {("a", "x"): "rejected"}
    mapping.decide("a", "x", "edited", who="Ana")
    assert statuses(mapping) == {("a", "x"): "edited"}


def test_a_line_from_the_future_is_named_once_and_decisions_still_count(mapping):
    write(mapping, ("2026-01-01T00:00:00+00:00", "Ana", "approved"), ("2999-01-01T00:00:00+09:00", "Ben", "rejected"))
    with pytest.warns(UserWarning, match=r"line 2: its time .* lies in the future.* Mend: "):
        statuses(mapping)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mapping.decide("a", "x", "edited", who="Ana")
        assert statuses(mapping) == {("a", "x"): "edited"}


def test_a_decision_that_could_not_be_the_latest_is_refused_with_the_mend(mapping):
    write(mapping, ("9999-12-31T23:59:59.999999+00:00", "Ana", "approved"))
    before = (mapping.folder / "decisions.jsonl").read_bytes()
    with (
        pytest.warns(UserWarning, match="line 1"),
        pytest.raises(MappingError, match=r"decisions\.jsonl: .*9999.* Mend: "),
    ):
        mapping.decide("a", "x", "rejected", who="Ben")
    assert (mapping.folder / "decisions.jsonl").read_bytes() == before


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_feeding_lines_in_parts_is_feeding_them_at_once(order, cuts):
    lines = [
        f'{{"when": "2026-01-01T00:00:0{n}", "who": "A", "spun": "w{n % 2}", "original": "x", "status": "approved", '
        f'"note": "{n}"}}'.encode()
        for n in order
    ]
    at_once, in_parts, start = Ledger(), Ledger(), 0
    at_once.feed(lines)
    for cut in [*sorted(cuts), len(lines)]:
        in_parts.feed(lines[start:cut], start + 1)
        start = cut
    for pair in at_once.of_pair:
        assert at_once.standing(pair) == in_parts.standing(pair)


def test_marks_of_a_git_merge_are_named_with_how_to_mend_them(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    log = mapping.folder / "decisions.jsonl"
    log.write_bytes(b"<<<<<<< HEAD\n" + log.read_bytes() + b"=======\n>>>>>>> theirs\n")
    with pytest.raises(MappingError) as error:
        mapping.table  # noqa: B018 - reading is what fails
    assert [line.split(": ")[0].rpartition(" ")[2] for line in str(error.value).splitlines()] == ["1", "3", "4"]
    assert "take out the marks of the git merge" in str(error.value)


def test_an_undoing_whose_decision_is_gone_is_named_and_takes_nothing_back(mapping):
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    mapping.decide("folks", "people", "approved", who="Ana")
    mapping.undo(who="Ana", decision=ids(mapping)[0])
    log = mapping.folder / "decisions.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[1:]))
    with pytest.warns(UserWarning, match="line 2: takes back a decision that is not in the log"):
        assert statuses(MappingTable.open(mapping.folder)) == {("folks", "people"): "approved"}


def test_an_act_that_lost_a_line_is_named_and_the_rest_counts(mapping):
    mapping.decide_many([(f"w{n}", "x", "approved", "") for n in range(3)], who="Ana")
    log = mapping.folder / "decisions.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))
    with pytest.warns(UserWarning, match="line 2: 2 of the 3 lines of one act are here"):
        assert len(statuses(MappingTable.open(mapping.folder))) == 2


def test_an_open_table_sees_what_another_notebook_decides_and_what_git_merges(mapping):
    other = MappingTable.open(mapping.folder)
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    assert statuses(other) == statuses(mapping)
    log = mapping.folder / "decisions.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"note": ""', b'"note": "by hand"'))
    assert other.table["note"].tolist() == ["by hand"]


def test_reading_in_one_go_and_line_by_line_give_the_same(mapping):
    mapping.decide_many([(f"w{n}", "isn’t", "approved", 'a "note"') for n in range(5)], who="Ana")
    lines = (mapping.folder / "decisions.jsonl").read_bytes().split(b"\n")
    quick, slow = Ledger(), Ledger()
    assert quick.feed(lines) == []
    assert [number for number, _ in slow.feed([*lines[:5], b"bad"])] == [6]
    assert quick.lines == slow.lines


def test_no_warning_where_nothing_is_odd(mapping):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mapping.decide_many([("a", "x", "approved", ""), ("b", "x", "approved", "")], who="Ana")
        mapping.undo(who="Ana")
        assert len(MappingTable.open(mapping.folder).decisions) == 4


@pytest.mark.skipif(shutil.which("git") is None, reason="left out: there is no git on this machine")
def test_git_merges_what_two_people_decided_apart(tmp_path):
    def git(*command: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@site.example", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *who, *command], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    mapping = MappingTable.open(tmp_path / "mapping")
    mapping.decide("assembly", "meeting", "approved", who="Ana")
    git("add", "-A")
    git("commit", "-m", "both have it")
    git("checkout", "-b", "ben")
    MappingTable.open(tmp_path / "mapping").decide("folks", "people", "rejected", who="Ben")
    git("commit", "-am", "by Ben")
    git("checkout", "main")
    mapping.decide("help", "support", "approved", who="Ana")
    mapping.undo(who="Ana", decision=ids(mapping)[0])
    git("commit", "-am", "by Ana")
    git("merge", "ben", "-m", "together")
    assert statuses(mapping) == {("folks", "people"): "rejected", ("help", "support"): "approved"}
