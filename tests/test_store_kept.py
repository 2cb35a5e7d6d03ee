"""A store gives back what was written or names the file that is not so; a run says what ended it, and can be taken up.

The attacks themselves, with clusters and kills, stand in `faults_scale`.
"""

import json
import os
import warnings
from types import SimpleNamespace

import faults_scale
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from distributed.client import FutureCancelledError

from helpers.files.child_process import FailedError
from helpers.scale import ask, at_scale, connect, read_table, run, stage_load, tasks
from helpers.scale.intact import DamagedError, as_record, read_record
from helpers.scale.run import ClusterError
from helpers.scale.shuffle import Grouped, read_group, write_groups
from helpers.scale.stage_load import SourceError, parts_of
from helpers.scale.store import Receipt, StoreError, manifest, write_manifest


@pytest.fixture(scope="module")
def client():
    with connect(workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def store(tmp_path_factory, client):
    """The small corpus, compared."""
    folder = tmp_path_factory.mktemp("store")
    at_scale(faults_scale.small_corpus(), folder, address=client, part=faults_scale.PART, progress=False)
    return folder


def flips(path):
    """Flip each bit of a file in turn; the file is as it was in the end."""
    whole = path.read_bytes()
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        path.write_bytes(content)
        yield place
    path.write_bytes(whole)


def test_any_flipped_bit_of_rows_that_change_places_is_found(tmp_path):
    path = tmp_path / "rows.arrow"
    write_groups(path, Grouped(pa.table({"spun": ["the Prime Pastor", "goodwill messages"]}), np.array([0, 1]), 2))
    expected = [read_group([path], group).to_pydict() for group in (0, 1, None)]
    found = set()
    for place in flips(path):
        for group, rows in zip((0, 1, None), expected, strict=True):
            try:
                assert read_group([path], group).to_pydict() == rows
            except DamagedError:
                found.add(place)
    assert found == set(range(path.stat().st_size))


def test_any_flipped_bit_of_a_record_is_found(tmp_path):
    path = tmp_path / "record.json"
    path.write_text(as_record({"part": 3, "files": {"pairs": ["pairs/a.parquet", "0f", 7, 12]}, "seconds": 0.25}))
    for _ in flips(path):
        with pytest.raises(DamagedError, match=r"record\.json is damaged .* Mend: "):
            read_record(path)
    assert read_record(path)["part"] == 3


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"7", b"\xff", b"{}", b'{"sha256": 5}'])
def test_what_is_no_record_is_named(tmp_path, content):
    (tmp_path / "record.json").write_bytes(content)
    with pytest.raises(DamagedError, match=r"record\.json is damaged"):
        read_record(tmp_path / "record.json")


def test_a_manifest_of_an_older_version_is_not_called_damaged(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 1, "tables": {}}))
    with pytest.raises(StoreError, match="was made by another version"):
        manifest(tmp_path)
    write_manifest(tmp_path, {"tables": {}})
    assert manifest(tmp_path) == {"format": 2, "tables": {}}


def test_a_flipped_bit_of_a_table_is_named_when_it_is_read_and_made_anew_by_the_next_run(store, client):
    path = sorted((store / "substitutions").glob("*.parquet"))[0]
    expected = read_table(store, "substitutions")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    for read in (lambda: read_table(store, "substitutions"), lambda: ask(store, "FROM Substitutions")):
        with pytest.raises(StoreError, match=rf"{path} is damaged .* Mend: run at_scale again"):
            read()
    assert len(ask(store, "FROM pairs"))  # what a question does not ask for is not looked at
    with pytest.warns(UserWarning, match=rf"{path} is damaged.* made anew"):
        at_scale(faults_scale.small_corpus(), store, address=client, part=faults_scale.PART, progress=False)
    pd.testing.assert_frame_equal(read_table(store, "substitutions"), expected)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        at_scale(faults_scale.small_corpus(), store, address=client, part=faults_scale.PART, progress=False)


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, 100), slice(0, -9), slice(9, None)])
def test_a_question_about_a_file_that_is_no_table_any_more_names_it(store, cut):
    path = sorted((store / "substitutions").glob("*.parquet"))[0]
    content = path.read_bytes()
    path.write_bytes(content[cut])
    try:
        with pytest.raises(StoreError, match=rf"{path} is damaged .* Mend: run at_scale again"):
            ask(store, "SELECT count(*) FROM substitutions")
    finally:
        path.write_bytes(content)


def test_a_few_flipped_bits_anywhere_are_named_or_change_nothing(tmp_path, client):
    outcome = faults_scale.bit_flips(tmp_path, client, 3, seed=7)
    assert (outcome.tried, outcome.held) == (3, 3)


# Another program


@pytest.mark.parametrize("which", ["worker", "child"])
def test_a_worker_with_another_version_refuses_and_names_the_mend(tmp_path, client, monkeypatch, which):
    if which == "worker":
        monkeypatch.setattr(tasks, "LOADED", "0123456789abcdef")
    else:
        monkeypatch.setattr(tasks, "in_child", lambda *_, limit: "0123456789abcdef")
    with pytest.raises(ClusterError, match=r"another version of Unspun \(0123456789ab\).* Mend: install the same"):
        at_scale(faults_scale.small_corpus(), tmp_path, address=client, progress=False)
    assert not list(tmp_path.glob("receipts/*/*"))


# Another input


@pytest.mark.parametrize("kind", ["folder", "parquet"])
def test_an_input_changed_with_the_same_size_and_time_has_another_digest(tmp_path, kind):
    path = faults_scale.write_corpus(tmp_path / "corpus", kind)
    before, was = [digest for _, digest in parts_of(tmp_path / "corpus", 100)], path.stat()
    faults_scale.change_input(tmp_path / "corpus", path, kind)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert path.stat().st_size == was.st_size
    assert [digest for _, digest in parts_of(tmp_path / "corpus", 100)] != before


def test_an_input_that_was_only_touched_is_the_same(tmp_path):
    path = faults_scale.write_corpus(tmp_path / "corpus", "parquet")
    before = list(parts_of(tmp_path / "corpus", 100))
    os.utime(path, ns=(0, 0))
    assert list(parts_of(tmp_path / "corpus", 100)) == before


def test_an_input_that_changes_while_it_is_read_is_refused(tmp_path):
    path = faults_scale.write_corpus(tmp_path / "corpus", "parquet")
    [(spec, _)] = parts_of(tmp_path / "corpus", 100)
    faults_scale.change_input(tmp_path / "corpus", path, "parquet")
    with pytest.raises(SourceError, match=rf"{path} was changed while the run read it. Mend: "):
        stage_load._from_parquet(spec)


# What ends a run


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (FutureCancelledError("units-0", "scheduler-connection-lost"), "the scheduler is gone"),
        (TimeoutError("30 s"), "the scheduler is gone"),
        (PermissionError(13, "may not"), "it could not be done"),
        (ModuleNotFoundError("No module named 'helpers'"), "a worker cannot take a task"),
        (FailedError("Traceback …\n  line 3\nMemoryError: 7 GB"), r"not enough memory \(MemoryError: 7 GB\)"),
        (FailedError("Traceback …\nx.SourceError: a.txt was changed. Mend: let it be."), "x.SourceError: a.txt was"),
    ],
)
def test_what_ends_a_step_is_said_with_the_step_and_the_mend(error, says):
    with (
        pytest.raises(ClusterError, match=rf"^units, part 1 of 2: {says}.* Mend: "),
        run._in_words("units, part 1 of 2"),
    ):
        raise error


def test_an_address_where_nobody_answers_is_named(monkeypatch, tmp_path):
    class NoAnswer:
        def __init__(self, address: str) -> None:
            raise OSError("Timed out")

    monkeypatch.setattr(run, "Client", NoAnswer)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers \(Timed out\). Mend: "):
        at_scale(faults_scale.small_corpus(), tmp_path, address="tcp://127.0.0.1:1", progress=False)


class Nobody(run._Run):
    """A run whose workers are all gone."""

    def __init__(self) -> None:
        self.client = SimpleNamespace(nthreads=dict)

    @staticmethod
    def _ended(futures) -> set:
        return set()


def test_a_run_without_any_worker_left_ends(monkeypatch):
    monkeypatch.setattr(run, "ALONE", 0.0)
    with pytest.raises(ClusterError, match=r"units: no worker is left. Mend: start the workers again"):
        Nobody()._next({}, "units", 2)


def test_a_result_that_went_with_its_worker_is_waited_for_again():
    def gone(timeout: float) -> Receipt:
        raise TimeoutError

    with pytest.raises(run._LostError):
        run._result(SimpleNamespace(result=gone, status="lost"))
    with pytest.raises(TimeoutError):
        run._result(SimpleNamespace(result=gone, status="error"))


def test_what_was_set_aside_for_want_of_memory_is_tried_again_with_more():
    receipt = Receipt("units", 0, "key", {}, {}, 1, 0.0, 0.0, 0.0, [120.0, 500])
    again = Nobody()
    for bounds, tried in (((120.0, 500), False), ((120.0, 400), False), ((120.0, 4_000), True), ((240.0, 500), True)):
        again.bounds = bounds
        assert again._has_wider_bounds(receipt) == tried
