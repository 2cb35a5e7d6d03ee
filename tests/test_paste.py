"""What the form for pasting answers: an article is on disk before it is said, and what is wrong is said in words."""

from pathlib import Path

import pytest

from helpers.corpus import load_articles, paste
from helpers.corpus.paste_form import FIELDS, STATIC
from helpers.corpus.project import MY_CORPUS, project_folder

TEXT = "“It’s Asia’s bank”, Kim said.\n\nThe two leaders met in Beijing on Thursday and spoke for an hour.\n"


class Desk:
    """A form whose answers are kept instead of sent, with what was on disk when each was given."""

    def __init__(self, corpus: Path):
        self.form, self.said, self.there = paste(corpus), [], []
        self.form.send = self.hear
        self.corpus = corpus

    def hear(self, message: dict) -> None:
        self.there.append((self.corpus / "articles.csv").read_text("utf-8") if self.corpus.exists() else "")
        self.said.append(message)

    def ask(self, kind: str, **message) -> dict:
        self.form.answer({"kind": kind, "request": "1", "site": "news.example", "title": "Talks", **message})
        return self.said[-1]


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path / "corpus")


def test_a_pasted_article_is_on_disk_before_it_is_said_and_is_loaded_as_it_was_pasted(desk):
    facts = {"role": "reference", "title": "Kim & Xi", "url": "https://www.news.example/kim", "published": "2025-09-05"}
    facts["site"] = ""  # taken from the address
    answer = desk.ask("save", text=TEXT, **facts)
    assert (answer["kind"], answer["said"]) == ("saved", f"On disk: reference/kim.txt, {len(TEXT)} characters.")
    assert "kim,reference,news.example" in desk.there[-1]
    article = load_articles(desk.corpus).loc["kim"]
    assert (article["text"], article["title"], article["site"]) == (TEXT, "Kim & Xi", "news.example")
    assert answer["references"] == [["kim", "Kim & Xi"]]


def test_a_spun_article_names_its_reference(desk):
    desk.ask("save", text=TEXT, role="reference", article_id="r")
    desk.ask("save", text=TEXT.replace("met", "assembled"), role="spun", title="Copy", reference_id="r")
    assert load_articles(desk.corpus).loc["copy", "reference_id"] == "r"


WRONG = {
    "no title": ({"text": TEXT, "title": " "}, "The title is missing. Give the article's headline."),
    "no site": ({"text": TEXT, "site": ""}, "The site is missing. Give the host name, as copycat.com, or the address"),
    "no text": ({"text": " \n"}, "The text is empty. Paste the article's text."),
    "no date": ({"text": TEXT, "published": "5 Sept"}, "Published '5 Sept' is no date. Write it as 2025-09-05"),
    "a name that goes up": ({"text": TEXT, "article_id": "../a"}, "'../a' cannot be a file name. Use letters"),
    "a name that is taken": ({"text": TEXT, "article_id": "r"}, "The article_id 'r' is taken by row 2. Rename one"),
    "half a character": ({"text": "a\ud83d"}, "The text holds NUL or half a character. Paste it anew"),
}


@pytest.mark.parametrize(("facts", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_words_and_nothing_is_changed(desk, facts, said):
    desk.ask("save", text=TEXT, role="reference", article_id="r")
    before = desk.there[-1]
    answer = desk.ask("save", role="reference", **facts)
    assert answer["kind"] == "failed"
    assert answer["said"].startswith(said)
    assert desk.there[-1] == before


def test_a_text_that_is_there_already_is_kept_and_shown(desk):
    desk.ask("save", text=TEXT, role="reference", article_id="r")
    answer = desk.ask("save", text=TEXT, role="reference", title="Again")
    assert answer["notices"] == ["The text is the same as that of r. Both are kept."]
    assert len(load_articles(desk.corpus)) == 2


def test_the_form_names_the_folder_that_it_writes_into(desk):
    assert desk.ask("open")["progress"] == f"0 articles in corpus: {desk.corpus.resolve()}"


def test_a_form_for_no_named_corpus_writes_where_import_and_report_look(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.corpus.project.PACKAGE", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert paste().corpus.resolve() == project_folder(MY_CORPUS).resolve() == tmp_path / "my-corpus"


def test_a_message_of_another_kind_is_passed_over(desk):
    desk.form.answer({"kind": "evil"})
    desk.form.answer({})
    assert desk.said == []


def test_the_plain_table_shows_the_corpus_masked_and_needs_no_kernel(desk):
    assert "0 articles in corpus" in desk.form._repr_html_()
    desk.ask("save", text=TEXT, role="reference", title="<b>Write to a.b@site.example</b>", article_id="r")
    page = desk.form._repr_html_()
    assert "1 article in corpus" in page
    assert "&lt;b&gt;" in page
    assert "a.b@site.example" not in page
    assert "a.b@site.example" not in str(desk.said[-1]["references"])


def test_the_page_asks_for_every_field():
    page = (STATIC / "paste.js").read_text(encoding="utf-8")
    assert all(f'"{name}"' in page or f"{name}:" in page for name in FIELDS)
    assert "innerHTML" not in page
