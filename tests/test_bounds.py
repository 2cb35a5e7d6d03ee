"""What is small and costs much is bounded: problems are counted, tables and questions are worked on in a process."""

import os

import faults_bounds as faults
import faults_fetch
import pandas as pd
import pytest

from helpers.corpus import import_articles, load_articles, read
from helpers.corpus.formats import read as reading
from helpers.corpus.formats import sandbox
from helpers.corpus.formats.content_coding import unpacked_body
from helpers.corpus.formats.read import free_id
from helpers.files import bounded_call as calls
from helpers.files.bounded_call import CostlyError, bounded_call
from helpers.files.limits import MB, MOST_PROBLEMS
from helpers.files.problems import CorpusError, PassedOver, Problem, Problems
from helpers.mapping import open_shared
from helpers.mapping.importing import ImportingError, read_phrases
from helpers.mapping.sharing import SharingError
from helpers.scale import questions
from helpers.scale.questions import QuestionError, ask

PROBLEM = Problem("a.csv", 1, "no text.", "give one.")


# Problems


def test_of_many_problems_so_many_are_kept_and_the_last_says_how_many_more(tmp_path):
    (tmp_path / "junk.jsonl").write_text("x\n" * (MOST_PROBLEMS + 500))
    problems = read(tmp_path / "junk.jsonl").attrs["problems"]
    assert len(problems) == MOST_PROBLEMS + 2
    assert (problems[-2]["row"], problems[-1]["problem"]) == (MOST_PROBLEMS + 500, "499 more problems are not listed.")


def test_an_import_of_many_bad_rows_raises_an_error_that_can_be_read(tmp_path):
    (tmp_path / "junk.csv").write_text("text,role\n" + "a,b\n" * (MOST_PROBLEMS + 500))
    with pytest.raises(CorpusError, match="499 more problems are not listed") as error:
        import_articles(tmp_path / "junk.csv", tmp_path / "corpus")
    assert len(error.value.problems) == MOST_PROBLEMS + 2
    assert not (tmp_path / "corpus" / "articles.csv").exists()


def test_a_file_of_junk_is_given_up_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "HOPELESS", 50)
    (tmp_path / "junk.jsonl").write_text("x\n" * 2000)
    problems = read(tmp_path / "junk.jsonl").attrs["problems"]
    assert len(problems) == 52
    assert problems[-1]["problem"].startswith("more than 50 of its records cannot be read. Nothing after this")


def test_a_file_in_which_many_articles_are_good_is_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "HOPELESS", 50)
    (tmp_path / "half.jsonl").write_text('x\n{"text": "The harbour was closed."}\n' * 100)
    table = read(tmp_path / "half.jsonl")
    assert (len(table), len(table.attrs["problems"])) == (100, 100)


def test_more_articles_than_there_is_room_for_are_not_read_and_a_problem_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_HELD", 100_000)
    (tmp_path / "texts.jsonl").write_text('{"text": "x"}\n' * 200)
    table = read(tmp_path / "texts.jsonl", role="spun")
    assert len(table) < 25
    assert "Nothing after them was read" in table.attrs["problems"][-1]["problem"]
    with pytest.raises(CorpusError, match="Nothing after them was read"):
        load_articles(tmp_path / "texts.jsonl", role="spun")


def test_what_is_wrong_with_the_whole_file_is_told_however_much_is_wrong_in_it():
    found = Problems(2, 3)
    found.add(*[PROBLEM] * 9, Problem("a.csv", 0, "given up.", "split it."), Problem("b.csv", 3, "empty.", "fill it."))
    said = [one.problem for one in found.listed()]
    assert said == ["no text.", "no text.", "given up.", "no text.", "6 more problems are not listed.", "empty."]
    assert len(found) == 11


def test_problems_of_many_files_are_bounded_together():
    found = Problems(5, 10)
    found.add(*(Problem(f"{number}.csv", 1, "no text.", "give one.") for number in range(1000)))
    assert len(found.listed()) < 40
    assert len(found) == 1000


def test_what_was_passed_over_is_counted_too():
    passed = PassedOver()
    for number in range(3000):
        passed.add(f"{number}.exe: its ending is not known. {'x' * 5000}")
    assert passed.listed()[-1] == "2,000 more were passed over."
    assert sum(map(len, passed.listed())) < 1.1e6


def test_a_name_that_a_hundred_thousand_rows_share_is_counted_on_and_not_anew():
    taken, numbers, row = {"story": ""}, {}, {"file": "a.csv", "place": "row 1", "url": "", "title": "Story"}
    for _ in range(100_000):
        taken[free_id(row, taken, numbers)] = ""
    assert (len(taken), "story-100001" in taken) == (100_001, True)


def test_a_body_of_a_hundred_thousand_empty_parts_is_unpacked_at_once():
    content = faults_fetch.EMPTY * 100_000
    assert unpacked_body(content, ["gzip"]) == (b"", [])


# Calls in a process


@pytest.mark.parametrize(
    ("function", "arguments", "why"),
    [("stalls", (), "slow"), ("takes", (200 * MB,), "died"), ("takes", (2 * MB,), "long"), ("ends", (), "died")],
)
def test_a_call_that_costs_too_much_is_ended_and_says_why(function, arguments, why, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))
    monkeypatch.setattr(calls, "_idle", {})
    seconds = 0.2 if why == "slow" else 60
    with pytest.raises(CostlyError) as error:
        bounded_call(f"bounded_calls:{function}", *arguments, seconds=seconds, memory=100 * MB, most=MB)
    assert error.value.why == why


def test_what_lies_in_the_folder_somebody_works_in_is_not_run(tmp_path, monkeypatch):
    for name in ("json", "queue", "pandas"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(calls, "_idle", {})
    monkeypatch.setattr(sandbox, "_idle", sandbox.queue.LifoQueue())
    (tmp_path / "a.csv").write_text("text\nThe harbour was closed.\n")
    assert len(read("a.csv")) == 1
    with pytest.raises(RuntimeError, match="no such file"):
        bounded_call("helpers.mapping.sheets:read_sheet", "none.csv", seconds=60, memory=1000 * MB, most=MB)
    assert not (tmp_path / "run").exists()


# A colleague's table


@pytest.mark.parametrize("name", ["products.csv"])
def test_a_table_of_queries_is_taken_apart_in_a_process_with_bounds(tmp_path, name, monkeypatch):
    import helpers.mapping.importing as importing

    monkeypatch.setattr(importing, "pairs_of", None)  # it is not called here
    (tmp_path / name).write_bytes(faults.SHEETS[name]()[:2_000].rpartition(b"\n")[0] + b"\n")
    assert {"spun", "original", "why"} <= {*read_phrases(tmp_path / name)}


def test_a_table_that_takes_too_long_is_a_clear_error(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.mapping.importing.SECONDS", 0.001)
    # So long that it is not read already when this process has its turn again: an answer that is there is taken.
    (tmp_path / "list.csv").write_text("spun,original\n" + "a,b\n" * 50_000)
    with pytest.raises(ImportingError, match=r"list\.csv: it takes more than 0\.001 seconds\. Mend: "):
        read_phrases(tmp_path / "list.csv")


@pytest.mark.parametrize(
    "content",
    [b"[" * 200_000, b'{"a":' * 100_000, b"[{},{}]", faults._shared({"proposals": [7], "decisions": []}),
     faults._shared({"proposals": 7, "decisions": {"a": 1}}), faults._shared({"proposals": [], "decisions": [{}]})],
)  # fmt: skip
def test_a_shared_table_that_is_none_is_a_clear_error(tmp_path, content):
    (tmp_path / "shared.json").write_bytes(content)
    with pytest.raises(SharingError, match=r"shared\.json: .* Mend: "):
        open_shared(tmp_path / "shared.json")


# Questions


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return faults.a_store(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(
    "question",
    ["SELECT repeat('x', 3000000000)", "SELECT len(range(2000000000))"],
)
def test_one_expression_takes_no_more_memory_than_a_question_may(store, question):
    with pytest.raises(QuestionError, match=r"not answered: it needs more than 2,000 MB of memory\. Mend: "):
        ask(store, question)


def test_a_question_that_never_ends_and_an_answer_that_is_too_long_are_refused(store, monkeypatch):
    monkeypatch.setattr(questions, "SECONDS", 0.3)
    with pytest.raises(QuestionError, match=r"it takes more than 0\.3 seconds\. Mend: "):
        ask(store, "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*) FROM t")
    monkeypatch.setattr(questions, "SECONDS", 60)
    monkeypatch.setattr(questions, "MOST_ANSWER", MB)
    with pytest.raises(QuestionError, match=r"its answer has more than 1 MB\. Mend: "):
        ask(store, "SELECT * FROM range(999999)")


def test_a_question_after_one_that_was_ended_is_answered(store):
    found = ask(store, "SELECT site, count(*) AS n FROM substitutions GROUP BY ALL")
    pd.testing.assert_frame_equal(found, pd.DataFrame({"site": ["x"], "n": [5]}), check_dtype=False)


def test_a_question_reads_and_writes_nothing_but_the_store(tmp_path):
    outcome = faults.openings(tmp_path)
    assert (outcome.wrong, outcome.tried > 80) == (0, True), outcome.said


def test_the_attacks_themselves_count_what_does_not_hold():
    outcome = faults.counted("an attack", [("held", "a"), ("wrong", "b"), ("hung", "c")])
    assert (outcome.held, outcome.wrong, outcome.hung, outcome.said) == (1, 1, 1, "b")
