"""A run on a cluster gives the tables of one machine, whoever works and whatever dies on the way."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from distributed import Client, wait

from benchmarks.distractors import distractors
from helpers.corpus import pair_texts
from helpers.corpus.articles import CorpusError
from helpers.scale import QUESTIONS, ask, at_scale, connect
from helpers.scale.questions import QuestionError
from helpers.scale.run import read_table
from helpers.scale.stage_load import SourceError
from helpers.scale.store import StoreError, manifest, read_receipt, write_part
from helpers.sites import site_distances, site_replacements
from helpers.sites.distances import shared_dictionary_test
from helpers.sources import SourceIndex, group_versions
from helpers.substitutions import find_substitutions, substitution_frequency

HERE = Path(__file__).parent
# No text raises, hangs or kills more than another. So in processes that find this on their path three words do.
POISON = """
import os
import signal
import time

import helpers.sources.index

content_words = helpers.sources.index.content_words


def poisoned(text):
    if "RAISE-NOW" in text:
        raise RuntimeError("poisoned")
    if "HANG-NOW" in text:
        time.sleep(3600)
    if "KILL-NOW" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return content_words(text)


helpers.sources.index.content_words = poisoned
"""
PART = 24  # articles: the corpus in three parts, so that each hands rows to the others
SORTED_BY = {
    "pairs": ["spun_id", "reference_id"],
    "alignment": ["spun_id", "spun_start", "spun_end", "reference_start", "reference_end"],
    "substitutions": ["spun_id", "spun_start", "reference_start"],
    "frequency": ["original", "spun"],
    "replacements": ["site", "original", "spun"],
    "dictionaries": ["site_a", "site_b"],
}


@pytest.fixture(scope="module")
def one_machine(articles, alignment, substitutions) -> dict[str, pd.DataFrame]:
    """The tables as the functions for one machine give them."""
    return {
        "articles": articles,
        "pairs": pair_texts(articles)[["spun_id", "reference_id"]],
        "alignment": alignment,
        "substitutions": substitutions,
        "frequency": substitution_frequency(substitutions, articles, alignment),
        "replacements": site_replacements(substitutions),
        "dictionaries": shared_dictionary_test(substitutions),
    }


def in_order(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table.sort_values(SORTED_BY[name], ignore_index=True) if name in SORTED_BY else table


def assert_same(store: Path, expected: dict[str, pd.DataFrame]) -> None:
    """Every table equals that of one machine: rows, values to the last bit, and dtypes."""
    for name, table in expected.items():
        found = read_table(store, name)[list(table.columns)]
        pd.testing.assert_frame_equal(in_order(found, name), in_order(table, name), check_exact=True, obj=name)
    assert read_table(store, "errors").empty


@pytest.fixture(scope="module")
def here():
    """One worker, a thread of this process: what its child process has imported serves the runs of all tests."""
    with connect(workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def store(corpus, tmp_path_factory) -> Path:
    """The corpus, compared on threads of this process."""
    folder = tmp_path_factory.mktemp("store")
    at_scale(corpus, folder, workers=2, part=PART, versions=True, progress=False)
    return folder


def test_on_one_process_the_tables_are_those_of_one_machine(store, one_machine):
    assert_same(store, one_machine)


def test_the_distances_of_the_sites_are_those_of_one_machine(store, substitutions):
    found = read_table(store, "distances").pivot(index="site_a", columns="site_b", values="distance")
    expected = site_distances(substitutions)
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_names=False)


def test_the_versions_are_those_of_one_machine_where_they_are_asked_for(store, articles):
    for name, table in zip(("versions", "version_links"), group_versions(articles, links=True), strict=True):
        pd.testing.assert_frame_equal(read_table(store, name), table, check_exact=True)


def test_in_one_part_they_are_the_same(corpus, tmp_path, one_machine, here):
    at_scale(corpus, tmp_path, address=here, progress=False)
    assert_same(tmp_path, one_machine)


def test_on_two_worker_processes_they_are_the_same_and_one_killed_half_way_changes_nothing(
    corpus, tmp_path, one_machine
):
    with connect(workers=2, processes=True) as client:
        killed = kill_a_worker_at(client, tmp_path / "receipts" / "read_2")
        at_scale(corpus, tmp_path, address=client, part=PART, progress=False)
        killed.join()
        assert killed.pid
    assert_same(tmp_path, one_machine)


def test_what_dask_writes_lies_where_no_other_user_can_write(tmp_path):
    """It unpickles what lies there."""
    with connect(workers=1) as client:
        (folder,) = client.run(lambda dask_worker: dask_worker.local_directory).values()
        (own,) = [place for place in Path(folder).parents if place.name.startswith("unspun-")]
        assert not own.stat().st_mode & 0o077
    assert not own.exists()


def kill_a_worker_at(client: Client, sign: Path) -> threading.Thread:
    """Kill one of the cluster's worker processes as soon as there is something at a path."""
    pids = list(client.run(os.getpid).values())

    class Killing(threading.Thread):
        pid = 0

        def run(self):
            until = time.monotonic() + 120
            while not sign.exists() and time.monotonic() < until:
                time.sleep(0.01)
            if sign.exists():
                os.kill(pids[0], signal.SIGKILL)
                self.pid = pids[0]

    thread = Killing(daemon=True)
    thread.start()
    return thread


@pytest.fixture
def commands(tmp_path):
    """Start a command of Dask's, as a person does on another machine; all are ended with the test."""
    started = []

    def start(*command: str) -> subprocess.Popen:
        log = open(tmp_path / f"{len(started)}.log", "w")  # noqa: SIM115 - the process writes to it
        started.append(subprocess.Popen([sys.executable, "-m", *command], stdout=log, stderr=log, cwd=tmp_path))
        return started[-1]

    yield start
    for process in reversed(started):
        process.terminate()
    for process in started:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # a worker may wait for its scheduler, which has gone before it
            process.kill()
            process.wait()


def test_on_a_scheduler_and_workers_started_as_commands_they_are_the_same(corpus, tmp_path, commands, one_machine):
    told = tmp_path / "scheduler.json"
    where = ("--host", "127.0.0.1", "--scheduler-file", str(told), "--no-dashboard")
    commands("distributed.cli.dask_scheduler", "--port", "0", *where)
    for _ in range(2):
        commands(
            "distributed.cli.dask_worker", *where, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)
        )
    until = time.monotonic() + 60
    while not told.exists() and time.monotonic() < until:
        time.sleep(0.05)
    with Client(scheduler_file=str(told)) as client:
        client.wait_for_workers(2, timeout=60)
        address = client.scheduler.address
        killed = kill_a_worker_at(client, tmp_path / "store" / "receipts" / "units")
    at_scale(corpus, tmp_path / "store", address=address, part=PART, progress=False)
    killed.join()
    assert killed.pid
    assert_same(tmp_path / "store", one_machine)


@pytest.mark.parametrize("how", ["handed in", "by its address"])
def test_a_result_that_is_lost_is_waited_for_again_beside_another_open_client(how, here):
    """Lost as with a worker that ended between a task's end and its result's gathering."""
    with (
        connect(workers=1, processes=True) as other,
        other.as_current(),
        connect(here if how == "handed in" else here.scheduler.address) as client,
    ):
        future = client.submit(os.getpid, pure=False)
        assert wait([future], timeout=30).done
        future._state.reset()
        with pytest.raises(TimeoutError):
            future.result(timeout=0.1)


def receipts(store: Path) -> dict[str, int]:
    """Every receipt of a store and when it was written."""
    return {str(path.relative_to(store)): path.stat().st_mtime_ns for path in store.glob("receipts/*/*.json")}


def test_what_is_done_is_not_done_again_when_the_whole_run_was_killed(corpus, tmp_path, one_machine, here):
    run = "from helpers.scale import at_scale; import sys; at_scale(*sys.argv[1:], part=24, workers=1, progress=False)"
    process = subprocess.Popen([sys.executable, "-c", run, str(corpus), str(tmp_path)])
    until = time.monotonic() + 120
    while not (tmp_path / "receipts" / "read_2").exists() and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.wait()
    before = receipts(tmp_path)
    assert before
    with pytest.raises(StoreError, match="is not there"):
        read_table(tmp_path, "alignment")
    at_scale(corpus, tmp_path, address=here, part=PART, progress=False)
    after = receipts(tmp_path)
    assert before.items() <= after.items()
    assert len(after) > len(before)
    assert_same(tmp_path, one_machine)


def test_a_damaged_file_is_made_again_and_nothing_else(store, here):
    part = sorted((store / "frequency").glob("*.parquet"))[0]
    before, whole = receipts(store), part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2])
    settings = manifest(store)
    at_scale(HERE.parent / "corpus", store, address=here, part=PART, versions=True, progress=False)
    after = receipts(store)
    assert part.read_bytes() == whole
    assert [name for name in after if after[name] != before.get(name)] == [
        name for name in after if name.startswith("receipts/frequency/") and after[name] != before.get(name)
    ]
    assert manifest(store)["tables"] == settings["tables"]


@pytest.fixture(scope="module")
def near(articles) -> pd.DataFrame:
    """The corpus, of which half of the spun articles do not name their reference, among articles near to those."""
    references = articles[articles["role"] == "reference"]
    more = distractors(references["text"], 60, seed=5)
    template = references.iloc[[0] * len(more)].assign(text=more.to_numpy(), site="near.example")
    table = pd.concat([articles, template.set_axis(more.index)]).sample(frac=1, random_state=1)
    unnamed = (table["role"] == "spun") & (np.arange(len(table)) % 2 == 0)
    lost = table.index == "kim-xi-reference"  # one source is not there: the answer is none of these
    named = table.assign(
        reference_id=table["reference_id"].mask(unnamed | (table["reference_id"] == "kim-xi-reference"), "")
    )
    return named[~lost]


def test_sources_are_found_as_the_source_index_finds_them(near, tmp_path, here):
    at_scale(near, tmp_path, address=here, part=50, progress=False)
    pairs = read_table(tmp_path, "pairs").set_index("spun_id")
    index = SourceIndex(near)
    seekers = near[(near["role"] == "spun") & (near["reference_id"] == "")]
    assert len(seekers) > 20
    for spun_id, text in seekers["text"].items():
        best = index.find(text, top=1).iloc[0]
        assert best["likely"] == (spun_id in pairs.index)
        if best["likely"]:
            assert pairs.loc[spun_id, "reference_id"] == best["article_id"]
            assert pairs.loc[spun_id, "score"] == pytest.approx(best["score"], abs=1e-9)
    assert "kim-xi" not in pairs.index
    # What was found is compared as if it had been declared.
    declared = near.assign(reference_id=pairs["reference_id"].reindex(near.index).fillna(""))
    pd.testing.assert_frame_equal(read_table(tmp_path, "substitutions"), find_substitutions(declared), check_exact=True)


def test_poisoned_articles_are_set_aside_with_their_errors_and_the_others_go_on(near, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(POISON)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    table = near.astype({"text": object})  # pandas' own strings could not hold half a character
    victims = table.index[(table["role"] == "spun") & (table["reference_id"] == "")][:3]
    for article_id, word in zip(victims, ("RAISE-NOW", "HANG-NOW", "KILL-NOW"), strict=True):
        table.loc[article_id, "text"] += word
    broken = table.index[table["site"] == "near.example"][0]
    table.loc[broken, "text"] = "half a character: \ud800"
    at_scale(table, tmp_path / "store", workers=1, part=50, time_limit=5, progress=False)
    errors = read_table(tmp_path / "store", "errors").set_index("article_id")
    assert errors["error"].to_dict() == {
        victims[0]: "RuntimeError",
        victims[1]: "TimeoutError",
        victims[2]: "ProcessEnded",
        broken: "UnicodeEncodeError",
    }
    assert "poisoned (sitecustomize.py, line" in errors.loc[victims[0], "message"]
    rest = near.drop(index=[*victims, broken])
    found = read_table(tmp_path / "store", "pairs")
    assert not found["spun_id"].isin(victims).any()
    declared = rest.assign(reference_id=found.set_index("spun_id")["reference_id"].reindex(rest.index).fillna(""))
    pd.testing.assert_frame_equal(
        read_table(tmp_path / "store", "substitutions"), find_substitutions(declared), check_exact=True
    )


def test_an_id_that_is_taken_and_a_reference_that_is_not_there_are_told_of(articles, tmp_path, here):
    few = articles.loc[["kim-xi", "kim-xi-reference"]]
    twice = few.iloc[[1]].assign(text="Another text with the same name.")
    lost = few.iloc[[0]].assign(reference_id="nowhere").set_axis(["lost"])
    at_scale(pd.concat([few, twice, lost]), tmp_path, address=here, progress=False)
    errors = read_table(tmp_path, "errors").set_index("article_id")["message"]
    assert "is taken by an earlier article" in errors["kim-xi-reference"]
    assert "'nowhere' is not there" in errors["lost"]
    assert read_table(tmp_path, "pairs")["spun_id"].tolist() == ["kim-xi"]


def test_a_corpus_that_cannot_be_read_is_named_with_the_mend(tmp_path):
    with pytest.raises(SourceError, match="is no corpus"):
        at_scale(tmp_path / "nothing", tmp_path / "store", workers=1, progress=False)
    (tmp_path / "articles.csv").write_text("a,b\n")
    with pytest.raises(CorpusError, match="the first row must be"):
        at_scale(tmp_path, tmp_path / "store", workers=1, progress=False)
    with pytest.raises(SourceError, match=r"lacks the column\(s\) role, site, reference_id"):
        at_scale(pd.DataFrame({"text": ["a"]}), tmp_path / "store", workers=1, progress=False)


def test_questions_are_answered_and_nothing_else_is_done(store, substitutions, tmp_path):
    assert ask(store, "SELECT count(*) AS n FROM substitutions").loc[0, "n"] == len(substitutions)
    for question in QUESTIONS:
        assert isinstance(ask(store, question), pd.DataFrame)
    sites = ask(store, "sites").set_index("site")
    assert sites["substitutions"].to_dict() == substitutions["site"].value_counts().to_dict()
    target = tmp_path / "out.csv"
    for refused in [
        f"COPY articles TO '{target}'",
        "INSERT INTO errors VALUES ('a', 'b', 'c', 'd')",
        "SELECT 1; SELECT 2",
        f"SELECT * FROM read_csv('{HERE.parent / 'corpus' / 'articles.csv'}')",
        f"ATTACH '{target}'",
        "SET enable_external_access = true",
        "SELECT * FROM nothing",
        "",
    ]:
        with pytest.raises(QuestionError, match="not answered"):
            ask(store, refused)
    assert not target.exists()


def test_a_folder_that_is_no_store_is_named(tmp_path):
    with pytest.raises(StoreError, match=r"manifest\.json is not there"):
        ask(tmp_path, "sites")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="is damaged"):
        read_table(tmp_path, "pairs")


def test_parts_without_pairs_and_a_corpus_without_articles_are_no_trouble(articles, tmp_path, here):
    few = articles.loc[["kim-xi-reference", "kim-xi"]]
    at_scale(few, tmp_path / "few", address=here, part=1, progress=False)
    pd.testing.assert_frame_equal(
        read_table(tmp_path / "few", "substitutions"), find_substitutions(few), check_exact=True
    )
    at_scale(articles.head(0), tmp_path / "none", address=here, progress=False)
    assert ask(tmp_path / "none", "SELECT count(*) AS n FROM substitutions").loc[0, "n"] == 0


def test_parquet_files_give_the_same_tables_as_the_folder_they_were_made_of(articles, store, tmp_path, here):
    table = articles.drop(columns="links").reset_index()
    for number, start in enumerate(range(0, len(table), 30)):
        table.iloc[start : start + 30].to_parquet(tmp_path / f"articles-{number}.parquet", row_group_size=7)
    at_scale(tmp_path, tmp_path / "store", address=here, part=20, progress=False)
    for name in ("alignment", "substitutions", "frequency", "dictionaries"):
        pd.testing.assert_frame_equal(read_table(tmp_path / "store", name), read_table(store, name), check_exact=True)


def test_with_too_many_sites_for_a_test_of_each_two_the_rest_is_there(store, monkeypatch):
    from helpers.files.child_process import Care
    from helpers.scale import stage_count
    from helpers.scale.tasks import Given

    monkeypatch.setattr(stage_count, "MOST_TESTED", 2)
    files = sorted((store / "receipts").glob("count/*.json"))
    paths = {
        "articles": [store / read_receipt(file).file("articles").path for file in files],
        "dealt": [store / read_receipt(file).file("dealt").path for file in files],
        "replacements": sorted((store / "replacements").glob("*.parquet")),
    }
    given = Given(0, {"parts": len(files), "buckets": len(files)}, paths, None, Care(), lambda item: None)
    agreements = stage_count.agree(given)["agreements"]
    assert agreements.num_rows == 0
    path = write_part(store, "test", 0, "none", agreements)
    made = stage_count.sites(given._replace(paths={**paths, "agreements": [store / path.path]}))
    assert made["dictionaries"].empty
    assert made["distances"]["distance"].notna().any()
