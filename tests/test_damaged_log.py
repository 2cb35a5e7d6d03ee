"""What a power cut, a later version or git does to the log of decisions: it is told, the rest is read, nothing goes."""

import json
import os
import warnings
from pathlib import Path

import pytest
from faults_decisions import odd_lines

from helpers.mapping import MappingTable, open_shared
from helpers.mapping.decision_log import BLOCK, DecisionLog
from helpers.mapping.ledger import Ledger
from helpers.mapping.sharing import SharingError
from helpers.mapping.table import MappingError


@pytest.fixture
def mapping(tmp_path) -> MappingTable:
    """A table with three decisions."""
    mapping = MappingTable.open(tmp_path / "mapping")
    for spun in ("assembly", "folks", "help"):
        mapping.decide(spun, "x", "approved", who="Ana")
    return mapping


def path(mapping: MappingTable) -> Path:
    return mapping.folder / "decisions.jsonl"


def statuses(mapping: MappingTable) -> dict[str, str]:
    return mapping.table.set_index("spun")["status"].to_dict()


def lines(mapping: MappingTable) -> list[bytes]:
    return path(mapping).read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("left", [b"\0" * 700, b"\0" * 700 + b"\n"], ids=["behind the last line", "and a line break"])
def test_nuls_of_a_power_cut_are_named_and_stay_where_they_are(mapping, left):
    with open(path(mapping), "ab") as log:
        log.write(left)
    with pytest.warns(UserWarning, match=r"decisions\.jsonl, line 4: not read.* it holds NULs.* Mend: "):
        assert len(statuses(MappingTable.open(mapping.folder))) == 3
    before = path(mapping).read_bytes()
    with pytest.warns(UserWarning, match="line 4"):
        mapping.decide("kin", "x", "rejected", who="Ana")
    assert path(mapping).read_bytes().startswith(before)
    assert statuses(mapping)["kin"] == "rejected"


def test_a_decision_before_or_behind_nuls_on_its_line_counts(mapping):
    first, second, third = lines(mapping)
    path(mapping).write_bytes(first.strip() + b"\0\0\0" + second + b"\0\0" + third.strip() + b"\0\0\0\0")
    with pytest.warns(UserWarning, match="line 1: not read"):
        assert statuses(MappingTable.open(mapping.folder)).keys() == {"assembly", "folks", "help"}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("note", "[" * 100_000 + "]" * 100_000, "it is nested too deep"),
        ("note", "9" * 5000, "it has a number of too many digits"),
        ("note", "1e999", r"its note is no text \(float\)"),
        ("spun", "7", r"its spun is no text \(int\)"),
        ("original", "null", r"its original is no text \(NoneType\)"),
        ("who", '["Ana"]', r"its who is no text \(list\)"),
        ("when", "{}", r"its when is no text \(dict\)"),
        ("status", "true", r"its status is no text \(bool\)"),
        ("spun", r'"a \ud800"', "it holds half a character"),
        ("note", r'"\udfff"', "it holds half a character"),
        ("status", '"deferred"', "its status 'deferred' is none that this version of Unspun knows"),
    ],
)
def test_a_line_that_cannot_be_a_decision_is_named_with_its_mend_and_the_others_count(mapping, field, value, says):
    first, second, third = lines(mapping)
    was = json.dumps(json.loads(second)[field])
    damaged = second.decode().replace(f'"{field}": {was}', f'"{field}": {value}').encode()
    path(mapping).write_bytes(first + damaged + third)
    with pytest.warns(UserWarning, match=rf"decisions\.jsonl, line 2: not read.*{says}.* Mend: "):
        assert statuses(MappingTable.open(mapping.folder)) == {"assembly": "approved", "help": "approved"}
    assert path(mapping).read_bytes() == first + damaged + third


@pytest.mark.parametrize("status", ["Approved", "rejected ", "yes", "", "UNDONE"])
def test_a_status_that_somebody_mistyped_must_be_mended_first(mapping, status):
    path(mapping).write_bytes(path(mapping).read_bytes().replace(b"approved", status.encode()))
    with pytest.raises(MappingError, match=r"line 1: not a decision: its status .* Mend: "):
        statuses(mapping)


def test_what_is_decided_now_is_later_than_a_decision_of_a_later_version(mapping):
    first, *rest = lines(mapping)
    entry = json.loads(first) | {"status": "deferred", "when": "2026-11-28T23:59:59.000000+00:00"}
    path(mapping).write_bytes(json.dumps(entry).encode() + b"\n" + b"".join(rest))
    ledger = Ledger()
    ledger.feed(path(mapping).read_bytes().splitlines())
    assert [number for number, _ in ledger.unread] == [1]
    assert ledger.latest >= min(entry["when"], json.loads(rest[-1])["when"])


def test_many_odd_lines_are_named_by_few_warnings(mapping):
    with open(path(mapping), "ab") as log:
        log.write(b"\0\n" * 500)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        statuses(MappingTable.open(mapping.folder))
    assert len(caught) == 11
    assert "and 490 more" in str(caught[-1].message)


@pytest.mark.parametrize("act", ["x 1/²", "x 1/" + "9" * 5000, " ", "x", " 1/2"])
def test_an_act_that_counts_no_lines_is_an_act_all_the_same(mapping, act):
    first, *rest = lines(mapping)
    path(mapping).write_bytes(json.dumps(json.loads(first) | {"act": act}).encode() + b"\n" + b"".join(rest))
    reopened = MappingTable.open(mapping.folder)
    identity = reopened.decisions["id"][0]
    assert reopened.undo(who="Ana", decision=identity)["spun"] == "assembly"


def test_a_shared_file_that_is_nested_too_deep_is_refused_with_its_mend(tmp_path):
    (tmp_path / "shared.json").write_text("[" * 100_000)
    with pytest.raises(SharingError, match=r"shared\.json: .* Mend: "):
        open_shared(tmp_path / "shared.json")


def test_every_odd_line_leaves_the_quick_way_of_reading_and_changes_nothing_for_the_others(mapping):
    whole = path(mapping).read_bytes().splitlines()
    for odd in odd_lines(whole[0]):
        ledger = Ledger()
        assert ledger.feed([*whole, odd, *whole]) == []
        assert [decision.spun for decision in ledger.lines if decision.who == "Ana"][-3:] == [
            "assembly",
            "folks",
            "help",
        ]
        assert [number for number, _ in ledger.unread] == [4]


# The log is another file than before


def test_a_log_that_git_made_shorter_is_told_and_read_anew(mapping):
    statuses(mapping)
    path(mapping).write_bytes(lines(mapping)[0])
    with pytest.warns(UserWarning, match=r"decisions\.jsonl: .*read anew: 2 of the 3 decisions .* Mend: "):
        assert statuses(mapping) == {"assembly": "approved"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it is told once
        statuses(mapping)


@pytest.mark.parametrize("another_file", [True, False])
def test_another_content_of_the_same_length_and_time_is_seen(mapping, another_file):
    was = path(mapping).stat()
    content = path(mapping).read_bytes().replace(b"approved", b"rejected")
    if another_file:
        path(mapping).unlink()
    path(mapping).write_bytes(content)
    os.utime(path(mapping), ns=(was.st_atime_ns, was.st_mtime_ns))
    with pytest.warns(UserWarning, match="was read anew"):
        assert set(statuses(mapping).values()) == {"rejected"}


def test_lines_that_another_notebook_added_are_no_change(mapping):
    MappingTable.open(mapping.folder).decide("kin", "x", "approved", who="Ben")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(statuses(mapping)) == 4
    assert mapping.log.changes == []


def test_a_decision_made_while_git_puts_another_log_in_its_place_is_in_that_log(mapping, monkeypatch):
    fsync, content = os.fsync, lines(mapping)[0]

    def replaced_meanwhile(handle: int) -> None:
        fsync(handle)
        monkeypatch.setattr(os, "fsync", fsync)
        path(mapping).unlink()
        path(mapping).write_bytes(content)

    monkeypatch.setattr(os, "fsync", replaced_meanwhile)
    mapping.decide("kin", "x", "approved", who="Ana")
    assert statuses(MappingTable.open(mapping.folder)) == {"assembly": "approved", "kin": "approved"}


# What a decision costs


@pytest.fixture
def long(tmp_path) -> MappingTable:
    """A table whose log is some blocks long, read."""
    mapping = MappingTable.open(tmp_path / "long")
    mapping.decide_many([(f"phrase {n}", "x" * 2_000, "approved", "") for n in range(3 * BLOCK // 2_000)], who="Ana")
    mapping.log.ledger()
    return mapping


def test_a_decision_on_a_long_log_reads_and_folds_its_own_line_alone(long, monkeypatch):
    monkeypatch.setattr("helpers.mapping.decision_log.LARGE", BLOCK)
    fed, compared = [], []
    feed, begins = Ledger.feed, DecisionLog._begins_as_read
    monkeypatch.setattr(
        Ledger, "feed", lambda self, new, first: fed.extend(filter(None, new)) or feed(self, new, first)
    )
    monkeypatch.setattr(DecisionLog, "_begins_as_read", lambda self, log: compared.append(1) or begins(self, log))
    monkeypatch.setattr("helpers.mapping.ledger._by_time", lambda *_: pytest.fail("the whole log is put in order"))
    long.decide("kin", "x", "approved", who="Ana")
    long.decide("kith", "x", "rejected", who="Ana")
    assert long.undo(who="Ana")["spun"] == "kith"
    assert long.log.ledger().standing(("kin", "x"))[-1].status == "approved"
    assert [json.loads(line)["spun"] for line in fed] == ["kin", "kith", "kith"]
    assert compared == []


def test_what_a_log_knows_of_its_own_lines_is_what_it_reads(long):
    long.decide("kin", "x", "approved", who="Ana")
    long.undo(who="Ana")
    long.decide_many([("a", "x", "approved", ""), ("b", "x", "edited", "")], who="Ana")
    fresh = MappingTable.open(long.folder)
    assert long.log.ledger().lines == fresh.log.ledger().lines
    assert long.log.ledger().newest() == fresh.log.ledger().newest()
