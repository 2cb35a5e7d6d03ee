"""What the widget answers: every act is on disk before it is shown, each place in its context, and no address."""

import json
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from helpers.mapping import MappingTable, my_decisions, reviewer
from helpers.mapping.concordance import Concordance
from helpers.mapping.evidence import evidence
from helpers.mapping.review_widget import Review
from helpers.review import review, review_table


@pytest.fixture(scope="module")
def real(substitutions) -> pd.DataFrame:
    return substitutions[substitutions["spun_id"] == "kim-xi"]


class Desk:
    """A review whose answers are kept instead of sent, and the log behind it."""

    def __init__(self, mapping, substitutions, articles, who="Ana"):
        self.widget = review(mapping, substitutions, articles, who=who)
        self.mapping, self.said, self.log_when_said = mapping, [], []
        self.widget.send = self.hear

    def hear(self, message: dict) -> None:
        log = self.mapping.folder / "decisions.jsonl"
        self.log_when_said.append(log.read_text(encoding="utf-8").splitlines() if log.exists() else [])
        self.said.append(message)

    def ask(self, kind: str, **message) -> dict:
        self.widget.answer({"kind": kind, "request": "1", **message})
        return self.said[-1]

    def number(self, spun: str, original: str) -> int:
        columns = self.ask("open")["columns"]
        return list(zip(columns["spun"], columns["original"], strict=True)).index((spun, original))

    def status(self, spun: str, original: str) -> str:
        return self.mapping.table.set_index(["spun", "original"])["status"].get((spun, original), "")


@pytest.fixture
def desk(tmp_path, real, articles) -> Desk:
    return Desk(MappingTable.open(tmp_path / "mapping").propose(real), real, articles)


def test_what_decides_most_text_comes_first(desk):
    words = desk.ask("open")["columns"]["words"]
    assert words == sorted(words, reverse=True)


def test_every_place_of_a_row_stands_with_both_its_lines(desk):
    answer = desk.ask("row", row=desk.number("assembly", "meeting"))
    assert len(answer["lines"]) == 8
    for line in answer["lines"]:
        assert [words.lower() for words, mark in line["spun"] if mark == "here"] == ["assembly"]
        assert [words.lower() for words, mark in line["reference"] if mark == "here"] == ["meeting"]


def test_a_place_in_a_quotation_is_flagged_and_comes_first(desk):
    lines = desk.ask("row", row=desk.number("help", "support"))["lines"]
    flags = ["in a quotation" in line["flags"] for line in lines]
    assert any(flags)
    assert flags == sorted(flags, reverse=True)


def test_the_passage_is_more_of_the_same_text(desk):
    line = desk.ask("row", row=desk.number("assembly", "meeting"))["lines"][0]
    passage = desk.ask("passage", place=line["place"])
    sentence, whole = ("".join(words for words, _ in side["spun"]) for side in (line, passage))
    assert sentence in whole
    assert len(whole) > len(sentence)


def test_a_row_names_the_other_originals_and_the_other_replacements(desk):
    answer = desk.ask("row", row=desk.number("help", "aid"))
    assert answer["originals"] == [desk.number("help", "support")]
    assert desk.ask("row", row=desk.number("battle", "war"))["replacements"] == [desk.number("warfare", "war")]


def test_a_row_says_that_its_phrase_is_decided_for_another_original(desk):
    row = desk.number("help", "aid")
    assert "is decided to stand for" not in str(desk.ask("row", row=row)["against"])
    desk.ask("decide", rows=[desk.number("help", "support")], status="approved")
    assert "“help” is decided to stand for “support”" in desk.ask("row", row=row)["against"]


@pytest.mark.parametrize("status", ["approved", "rejected"])
def test_a_decision_is_on_disk_before_the_page_hears_of_it(desk, status):
    answer = desk.ask("decide", rows=[desk.number("assembly", "meeting")], status=status, note="seen")
    assert answer["kind"] == "done"
    [line] = map(json.loads, desk.log_when_said[-1])
    assert (line["who"], line["spun"], line["status"], line["note"]) == ("Ana", "assembly", status, "seen")


def test_many_rows_are_one_act(desk):
    rows = [desk.number("assembly", "meeting"), desk.number("folks", "people")]
    desk.ask("decide", rows=rows, status="approved")
    desk.ask("undo")
    assert (desk.status("assembly", "meeting"), desk.status("folks", "people")) == ("proposed", "proposed")


def test_an_edit_rejects_the_row_and_adds_the_new_one(desk):
    answer = desk.ask("edit", row=desk.number("image", "symbol"), original="Emblem ")
    assert (desk.status("image", "symbol"), desk.status("image", "emblem")) == ("rejected", "edited")
    assert answer["go_to"] == desk.number("image", "emblem")


def test_an_edit_that_changes_nothing_approves(desk):
    desk.ask("edit", row=desk.number("image", "symbol"), original="symbol")
    assert desk.status("image", "symbol") == "approved"


def test_a_split_puts_the_parts_in_the_place_of_the_row(desk):
    desk.mapping.decide("main financial institution", "central bank", "edited", who="Ana")
    [whole] = [row[0] for row in desk.ask("refresh")["rows"] if row[1] == "main financial institution"]
    desk.ask("split", row=whole, parts=[["main", "central"], ["financial institution", "bank"]])
    assert desk.status("main financial institution", "central bank") == "rejected"
    assert (desk.status("main", "central"), desk.status("financial institution", "bank")) == ("edited", "edited")


def test_a_split_must_keep_the_words(desk):
    answer = desk.ask("split", row=desk.number("got here", "came"), parts=[["got", "ca"], ["there", "me"]])
    assert (answer["kind"], desk.log_when_said[-1]) == ("failed", [])


def test_a_merge_joins_rows_and_rejects_them_where_asked(desk):
    rows = [desk.number("definite", "distinct"), desk.number("image", "symbol")]
    desk.ask("merge", rows=rows, spun="definite image", original="distinct symbol", reject=True)
    assert desk.status("definite image", "distinct symbol") == "edited"
    assert desk.status("definite", "distinct") == desk.status("image", "symbol") == "rejected"
    desk.ask("undo")
    assert desk.status("definite image", "distinct symbol") == ""
    assert desk.status("image", "symbol") == "proposed"


def test_an_old_decision_is_undone_from_its_history(desk):
    row = desk.number("assembly", "meeting")
    desk.ask("decide", rows=[row], status="approved")
    desk.ask("decide", rows=[desk.number("folks", "people")], status="approved")
    [line] = desk.ask("row", row=row)["history"]
    desk.ask("undo", decision=line["id"])
    assert (desk.status("assembly", "meeting"), desk.status("folks", "people")) == ("proposed", "approved")


def test_what_another_notebook_decided_is_told(desk):
    desk.ask("open")
    MappingTable.open(desk.mapping.folder).decide("folks", "people", "rejected", who="Ben")
    [row] = desk.ask("decide", rows=[desk.number("assembly", "meeting")], status="approved")["rows"][:1]
    told = {row[1]: row[3] for row in desk.said[-1]["rows"]}
    assert told["assembly"] == "approved"
    assert row[1] == "assembly"


def test_a_refresh_tells_what_another_notebook_decided(desk):
    desk.ask("open")
    MappingTable.open(desk.mapping.folder).decide("folks", "people", "rejected", who="Ben")
    assert [row[1:4] for row in desk.ask("refresh")["rows"]] == [["folks", "people", "rejected"]]


def test_a_failure_is_said_in_words_and_nothing_is_shown_as_made(desk):
    (desk.mapping.folder / "decisions.jsonl").write_bytes(b"nonsense\n")
    answer = desk.ask("decide", rows=[0], status="approved")
    assert answer["kind"] == "failed"
    assert "line 1: not a decision. Mend: " in answer["said"]
    assert desk.log_when_said[-1] == ["nonsense"]


@pytest.mark.parametrize("kind", ["refresh", "idle", "decide"])
def test_a_log_that_git_changed_under_the_review_is_told_and_the_table_shown_anew(desk, kind):
    desk.ask("decide", rows=[desk.number("assembly", "meeting")], status="approved")
    desk.ask("decide", rows=[1 - min(1, desk.number("assembly", "meeting"))], status="rejected")
    log = desk.mapping.folder / "decisions.jsonl"
    log.write_text("".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8")
    more = {"rows": [2], "status": "approved"} if kind == "decide" else {}
    answer = desk.ask(kind, **more)
    assert "was read anew: 1 of the 2 decisions read before are not in it" in answer["notices"][0]
    answer = answer if kind != "idle" else desk.ask("refresh")
    assert ["assembly", "meeting", "proposed"] in [row[1:4] for row in answer["rows"]]
    assert desk.ask("refresh")["notices"] == []


def test_a_change_of_the_log_that_another_cell_noticed_is_told_in_the_widget_too(desk):
    desk.ask("decide", rows=[0], status="approved")
    (desk.mapping.folder / "decisions.jsonl").write_bytes(b"")
    with pytest.warns(UserWarning, match="was read anew"):
        desk.mapping.table  # noqa: B018 - a cell that reads the table
    assert "was read anew" in desk.ask("refresh")["notices"][0]


def test_an_unknown_message_is_not_answered(desk):
    desk.widget.answer({"kind": "nonsense"})
    assert desk.said == []


def test_the_plain_table_has_every_row_and_what_was_decided(desk):
    desk.ask("decide", rows=[desk.number("assembly", "meeting")], status="approved")
    plain = pd.read_html(StringIO(desk.widget._repr_html_()))[0].set_index(["as published", "original"])
    assert len(plain) == len(desk.mapping.table)
    assert plain.loc[("assembly", "meeting"), "status"] == "approved"
    assert "<script" not in desk.widget._repr_html_()


def test_the_plain_table_goes_with_the_widget_where_mime_types_are_chosen(desk):
    bundle = desk.widget._repr_mimebundle_()
    assert {"text/html", "text/plain", "application/vnd.jupyter.widget-view+json"} <= set(bundle)


def test_no_address_is_shown(tmp_path):
    place = {"spun": "call a.b@site.example", "original": "<b>write</b>", "left": "to ", "right": " c.d@site.example"}
    seen = pd.DataFrame(
        [{"spun_id": "s", "reference_id": "r", "site": "x", "kind": "name", "confidence": 0.9, **place}]
    )
    seen = seen.assign(in_quote=False, in_name=False)
    desk = Desk(MappingTable.open(tmp_path).propose(seen), seen, None)
    desk.ask("open")
    desk.ask("row", row=0)
    assert "site.example" not in json.dumps(desk.said)
    assert "site.example" not in desk.widget._repr_html_()
    assert "<b>" not in desk.widget._repr_html_()


def test_without_articles_the_words_around_a_place_are_shown(real):
    [line, *_] = Concordance(real).lines("assembly", "meeting")
    assert [words.lower() for words, mark in line["spun"] if mark] == ["assembly"]
    assert line["reference"] == [("meeting", "here")]


def test_articles_are_read_from_the_corpus_around_the_mapping_folder(tmp_path, corpus, real, monkeypatch):
    asked = []
    monkeypatch.setattr("helpers.mapping.review_widget.load_articles", lambda folder, errors: asked.append(folder))
    (tmp_path / "articles.csv").touch()
    assert isinstance(review(MappingTable.open(tmp_path / "mapping"), real), Review)
    assert asked == [tmp_path]


def test_evidence_counts_sources_rivals_and_the_references_that_have_the_phrase(substitutions, articles):
    references = articles.loc[articles["role"] == "reference", "text"]
    rows = evidence(substitutions, references).set_index(["spun", "original"])
    meeting = rows.loc[("assembly", "meeting")]
    assert (
        meeting["seen"]
        == (
            (substitutions["spun"].str.lower() == "assembly") & (substitutions["original"].str.lower() == "meeting")
        ).sum()
    )
    assert rows.loc[("help", "aid"), "rivals"] == rows.xs("help", level="spun").shape[0] - 1
    assert rows["sources"].max() <= len(references)


def test_every_row_of_the_mapping_table_is_reviewed(tmp_path, real, articles):
    mapping = MappingTable.open(tmp_path).propose(real)
    mapping.decide("never seen", "anywhere", "edited", who="Ana")
    rows = review_table(mapping, real, articles)
    assert len(rows) == len(mapping.table)
    assert rows.set_index("spun").loc["never seen", "seen"] == 0


def test_rows_merged_into_one_of_themselves_leave_that_one_standing(desk):
    rows = [desk.number("assembly", "meeting"), desk.number("folks", "people")]
    answer = desk.ask("merge", rows=rows, spun="Assembly", original="meeting ")
    assert (desk.status("assembly", "meeting"), desk.status("folks", "people")) == ("approved", "rejected")
    assert answer["go_to"] == rows[0]
    [line, _] = map(json.loads, desk.log_when_said[-1])
    assert line["note"] == "merged: “folks” for “people”"


def test_a_new_folder_without_substitutions_can_be_reviewed(tmp_path, real):
    mapping = MappingTable.open(tmp_path)
    assert mapping.table["share"].dtype.kind == "f"
    desk = Desk(mapping, real.head(0), None)
    assert desk.ask("open")["columns"]["spun"] == []
    mapping.decide("help", "aid", "approved", who="Ana")
    assert review_table(mapping, real.head(0))[["spun", "seen", "status"]].values.tolist() == [["help", 0, "approved"]]
    assert review_table(mapping, real.head(0).astype(object))["seen"].tolist() == [0]


def test_the_name_is_looked_for_where_it_was_remembered_and_lies_in_one_line(tmp_path, real, monkeypatch):
    monkeypatch.setattr(reviewer, "user_config_path", lambda *_, **__: tmp_path / "config" / "unspun")
    desk = Desk(MappingTable.open(tmp_path / "mapping").propose(real), real, None, who=None)
    assert desk.ask("open")["who"] == ""
    assert (
        "It is not known who decides. Mend: type your name first."
        in desk.ask("decide", rows=[0], status="approved")["said"]
    )
    assert desk.ask("name", name=" Ana ") | {"notices": []} == {
        "kind": "name",
        "who": "Ana",
        "request": "1",
        "notices": [],
    }
    assert (tmp_path / "config" / "unspun" / "reviewer.txt").read_text(encoding="utf-8") == "Ana\n"
    assert Desk(desk.mapping, real, None, who=None).ask("open")["who"] == "Ana"


def test_a_name_that_cannot_be_kept_counts_and_that_is_said(tmp_path, real, monkeypatch):
    (tmp_path / "config").write_text("no folder")
    monkeypatch.setattr(reviewer, "user_config_path", lambda *_, **__: tmp_path / "config" / "unspun")
    desk = Desk(MappingTable.open(tmp_path / "mapping").propose(real), real, None, who=None)
    answer = desk.ask("name", name="Ana")
    assert answer["who"] == "Ana"
    assert "could not be kept" in answer["notices"][0]
    assert desk.ask("decide", rows=[0], status="approved")["kind"] == "done"


@pytest.mark.parametrize("content", [b"", b"you\n", b"\xff\xfe", b"Ana\x00\n", b"x" * 5000])
def test_a_file_that_holds_no_name_is_none(tmp_path, monkeypatch, content):
    monkeypatch.setattr(reviewer, "user_config_path", lambda *_, **__: tmp_path)
    (tmp_path / "reviewer.txt").write_bytes(content)
    assert reviewer.remembered() == ""


@pytest.mark.parametrize("name", ["Ana Núñez", "李小龍", "O’Hara-Smith, Jr.", "<b>Ana</b>", "عمر", "R2"])
def test_names_of_all_scripts_are_names(name):
    assert reviewer.reviewer_name(f" {name}  ") == name


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A folder with a corpus beside notebooks, as Unspun comes."""
    monkeypatch.delenv("UNSPUN_DECISIONS", raising=False)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "04_build.ipynb").touch()
    MappingTable.open(tmp_path / "corpus" / "mapping").decide("help", "aid", "approved", who="maintainer")
    return tmp_path


def lying_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_decisions_about_the_shipped_corpus_go_into_a_folder_of_the_users(project, real):
    before = lying_in(project / "corpus")
    mine = my_decisions(project / "corpus")
    assert mine == project / "my-decisions"
    mapping = MappingTable.open(mine).propose(real)
    mapping.decide("folks", "people", "approved", who="Ana")
    assert lying_in(project / "corpus") == before
    assert MappingTable.open(my_decisions(project / "corpus")).decisions["who"].tolist() == ["maintainer", "Ana"]


def test_what_is_decided_upstream_comes_into_the_users_folder_and_their_undoing_stays(project):
    mine = MappingTable.open(my_decisions(project / "corpus"))
    mine.undo(who="Ana")
    MappingTable.open(project / "corpus" / "mapping").decide("flow", "stream", "approved", who="maintainer")
    table = MappingTable.open(my_decisions(project / "corpus")).table
    assert table[["spun", "original", "status"]].values.tolist() == [["flow", "stream", "approved"]]


def test_a_torn_log_of_the_shipped_corpus_is_read_and_not_mended(project):
    log = project / "corpus" / "mapping" / "decisions.jsonl"
    log.write_bytes(log.read_bytes() + b'{"when": "2026')
    before = lying_in(project / "corpus")
    assert len(MappingTable.open(my_decisions(project / "corpus")).decisions) == 1
    assert lying_in(project / "corpus") == before


def test_decisions_about_a_corpus_of_ones_own_go_into_it(project):
    assert my_decisions(project / "my-corpus") == project / "my-corpus" / "mapping"
    assert my_decisions(str(project / "elsewhere" / "corpus")) == project / "elsewhere" / "corpus" / "mapping"
