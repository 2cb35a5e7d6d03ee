"""Small numbers of what `make faults` does in full: nothing shown as made is lost, no table is corrupted."""

import faults_decisions as faults
import faults_reports
import pytest
from attempts import Attempts, together


@pytest.mark.parametrize(
    ("fault", "numbers"),
    [
        (faults.kills, (12,)),
        (faults.two_at_once, (60,)),
        (faults.full_disk, ()),
        (faults.read_only_folder, ()),
        (faults.truncated, (41,)),
        (faults.edited_by_hand, ()),
        (faults.unread_lines, (9,)),
        (faults.changed_under_an_open_table, ()),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_fault_loses_no_decision_and_corrupts_no_table(tmp_path, fault, numbers):
    outcome = fault(tmp_path / "mapping", *numbers)
    assert outcome.shown > 0, "nothing was tried"
    assert (outcome.lost, outcome.corrupted) == (0, 0)


@pytest.mark.parametrize(
    "fault", [faults.full_disk, faults.read_only_folder, faults.edited_by_hand, faults.changed_under_an_open_table]
)
def test_a_fault_is_named_with_its_file_and_its_mend(tmp_path, fault):
    message = fault(tmp_path / "mapping").message
    assert str(tmp_path / "mapping" / "decisions.jsonl") in message
    assert "Mend: " in message


def test_a_lost_decision_would_be_counted(tmp_path):
    outcome = faults.lost_and_corrupted(tmp_path, ["never written"])
    assert outcome == (1, 0)


def test_a_corrupted_table_would_be_counted(tmp_path):
    (tmp_path / faults.LOG).write_bytes(b"nonsense\n")
    assert faults.lost_and_corrupted(tmp_path, ["phrase"]) == (1, 1)


def test_what_did_not_hold_is_not_counted_as_held():
    sums = together([Attempts("kills", 10, lost=1), Attempts("a full disk", 5, wrong=1, hung=1)])
    assert (sums.tried, sums.held, sums.lost, sums.wrong, sums.hung) == (15, 12, 1, 1, 1)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return faults_reports.Undisturbed(tmp_path_factory.mktemp("reports"))


@pytest.mark.parametrize(("attack", "times"), [(faults_reports.kills, (2,)), (faults_reports.two_at_once, (1,))])
def test_reports_end_as_if_nothing_had_happened(undisturbed, attack, times):
    outcome = attack(undisturbed, *times)
    assert (outcome.tried, outcome.held) == (*times, *times)
