"""Drafts of letters: filled from the tables, marked as drafts, and never saying more than the tables bear."""

import re
import warnings
from pathlib import Path

import pytest
from test_evidence import SITE, SPUN, confirm, corpus_in

from helpers.corpus import add_article, load_articles
from helpers.report import case, letter_drafts, letters

SITE_LETTER, HOST_LETTER = "1-question-to-the-site.txt", "3-correction-request-to-the-host.txt"
NOTICE = "2-notice-to-quay.example.txt"
# What a letter may not say of anybody.
ACCUSING = r"plagiari|stole|theft|steal|fraud|illegal|unlawful|infring|fake|lied|lying|deliberate|you copied"


def made(corpus: Path, into: Path, site: str = SITE) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = letters(site, corpus, into)
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture(scope="module")
def unconfirmed(tmp_path_factory) -> dict[str, str]:
    """The letters where nobody has decided on anything."""
    folder = tmp_path_factory.mktemp("letters")
    return made(corpus_in(folder / "corpus"), folder / "letters")


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory) -> dict[str, str]:
    """The letters where a person has confirmed every pair of phrases."""
    folder = tmp_path_factory.mktemp("letters")
    corpus = corpus_in(folder / "corpus")
    confirm(corpus)
    return made(corpus, folder / "letters")


def test_there_is_a_letter_to_the_site_one_to_each_publisher_and_one_to_the_host(confirmed):
    assert set(confirmed) == {SITE_LETTER, NOTICE, HOST_LETTER, "README.txt"}


@pytest.mark.parametrize("name", [SITE_LETTER, NOTICE, HOST_LETTER])
def test_a_letter_is_marked_as_a_draft_on_top_and_at_the_bottom(confirmed, name):
    lines = [line for line in confirmed[name].splitlines() if line]
    assert lines[0].startswith("*** DRAFT – NOT SENT ***")
    assert lines[-1].startswith("*** DRAFT – NOT SENT ***")
    assert "This is no legal advice" in confirmed[name]


@pytest.mark.parametrize("name", [SITE_LETTER, NOTICE, HOST_LETTER])
def test_a_letter_has_articles_dates_addresses_and_both_wordings_of_the_worst(confirmed, name):
    text = confirmed[name]
    for said in (
        "“Harbour <closed>”, 6 January 2026, https://spun.example/harbour?id=3",
        "“Harbour [closed]” (quay.example, 5 January 2026), https://quay.example/harbour",
        "“We[[’ll]] rebuild the [[previous]] wall this [[yr]],” Mayor Anna Fenwick",
        "“We [[will not]] rebuild the [[old]] wall this [[year]],” Mayor Anna Fenwick",
        "1 altered quotation, 1 figure or date",
        "[your name",
    ):
        assert said in text
    assert len(re.findall(r"^\d\. In “", text, re.M)) == letter_drafts.WORST


@pytest.mark.parametrize("name", [SITE_LETTER, NOTICE, HOST_LETTER])
def test_a_letter_accuses_nobody_and_shows_no_address(confirmed, name):
    assert not re.search(ACCUSING, confirmed[name], re.IGNORECASE)
    assert re.search("do(?: not claim to|n’t| not) know who (?:made|changed)", confirmed[name])
    for address in ("anna.fenwick", "7946 00", "kim@", "ada@"):
        assert address not in confirmed[name]


def test_what_nobody_has_confirmed_is_called_so_and_asks_no_host_for_anything(unconfirmed, confirmed):
    assert HOST_LETTER not in unconfirmed
    assert "No correction request to a host was made: no person has confirmed" in unconfirmed["README.txt"]
    assert unconfirmed[SITE_LETTER].count("Not approved: found by a program alone.") == letter_drafts.WORST
    assert re.search(r"NOT CONFIRMED: (\d+) of the \1 findings", unconfirmed[NOTICE])
    for name in (SITE_LETTER, NOTICE, HOST_LETTER):
        assert "not confirmed" not in confirmed[name].lower()
        assert "Confirmed by: “Ada Quill, [e-mail address masked]” decided on" in confirmed[name]


def test_a_letter_that_is_not_made_is_warned_of(tmp_path):
    corpus = corpus_in(tmp_path / "corpus")
    with pytest.warns(UserWarning, match=r"No correction request to a host was made: .* Mend: decide on the pairs"):
        letters(SITE, corpus, tmp_path / "letters")


def test_a_host_is_asked_for_nothing_that_was_not_confirmed(tmp_path):
    corpus = corpus_in(tmp_path / "corpus")
    confirm(corpus, which=slice(0, 12))
    found = case.compared_site(SITE, corpus).findings
    sure = found[(found["decision"] == "confirmed") & (found["kind"] != "passage")]
    assert 0 < len(sure) < len(found)
    text = made(corpus, tmp_path / "letters")[HOST_LETTER]
    named = set(re.findall(r"f-[a-z2-7]{8}", text))
    assert named <= set(sure["finding"])
    assert f": {len(sure)} findings" in text


def test_what_a_person_has_rejected_is_left_out_and_that_is_said(tmp_path):
    corpus = corpus_in(tmp_path / "corpus")
    confirm(corpus, "rejected", slice(0, 6))
    rejected = case.compared_site(SITE, corpus).findings.query("decision in ['rejected', 'rejected in part']")
    texts = made(corpus, tmp_path / "letters")
    assert len(rejected)
    assert f"Left out of all letters: {len(rejected)} finding" in texts["README.txt"]
    for name in rejected["finding"]:
        assert name not in texts[SITE_LETTER] + texts[NOTICE]
    confirm(corpus, "rejected")
    with pytest.raises(case.EvidenceError, match="a person has rejected every finding"):
        letters(SITE, corpus, tmp_path / "none")


def test_on_a_simulation_no_letter_is_made(tmp_path):
    corpus = corpus_in(tmp_path / "corpus", "simulated")
    with pytest.raises(case.EvidenceError, match=r"a simulation, and no letter is made\. Mend: "):
        letters(SITE, corpus, tmp_path / "letters")
    assert not (tmp_path / "letters").exists()


def test_a_reconstruction_is_called_one_wherever_its_wording_stands_and_bears_no_request_to_a_host(tmp_path, confirmed):
    corpus = corpus_in(tmp_path / "corpus", "reconstructed")
    confirm(corpus)
    texts = made(corpus, tmp_path / "letters")
    assert set(texts) == {SITE_LETTER, NOTICE, "README.txt"}
    assert (
        "No correction request to a host was made: what the site was compared with is a reconstruc"
        in texts["README.txt"]
    )
    for name in (SITE_LETTER, NOTICE):
        assert texts[name].count("In a reconstruction, which is not the publisher's page") == letter_drafts.WORST
        assert "THE REFERENCE IS A RECONSTRUCTION" in texts[name]
        assert "reconstruction" not in confirmed[name].lower()
        assert "with a reconstruction of an article published at quay.example" in texts[name]
    assert "YOUR PAGE WAS NOT AVAILABLE TO US" in texts[NOTICE]
    assert "stand unchanged" not in texts[NOTICE]


def test_each_publisher_is_told_of_its_own_articles_alone(tmp_path):
    corpus = corpus_in(tmp_path / "corpus")
    other = "The mill was sold on Friday to a buyer from the coast, its owner said. The price was not told.\n"
    add_article(corpus, "mill", "reference", other, site="mill.example", title="Mill sold")
    add_article(corpus, "spun-mill", "spun", other.replace("buyer", "purchaser").replace("sold", "offered"), site=SITE,
                reference_id="mill", title="Mill offered")  # fmt: skip
    texts = made(corpus, tmp_path / "letters")
    assert "Harbour" not in texts["2-notice-to-mill.example.txt"]
    assert "Mill" not in texts[NOTICE]
    assert "Mill" in texts[SITE_LETTER]
    assert "[date of publication], [address of the page]" in texts["2-notice-to-mill.example.txt"]


def test_a_publisher_whose_article_stands_there_word_for_word_is_told_so(tmp_path):
    corpus = corpus_in(tmp_path / "corpus")
    text = "The mill was sold on Friday to a buyer from the coast, its owner said. The price was not told.\n"
    add_article(corpus, "mill", "reference", text, site="")
    add_article(corpus, "spun-mill", "spun", text, site=SITE, reference_id="mill")
    notice = made(corpus, tmp_path / "letters")["2-notice-to-_.txt"]
    assert "We found no place at which words were replaced." in notice
    assert "Of the 20 words at spun.example, 20 stand unchanged" in notice
    assert "To: [the editor or the legal department of [name of the publisher]]" in notice


def test_the_numbers_in_a_notice_are_those_of_the_table_of_articles(confirmed, tmp_path):
    found = case.compared_site(SITE, corpus_in(tmp_path / "corpus"))
    row = found.summary.iloc[0]
    said = f"Of the {row['words']} words at {SITE}, {row['copied']} stand unchanged in your article"
    assert said in confirmed[NOTICE]
    assert f"{row['changed']} stand where yours has other words" in confirmed[NOTICE]


def test_an_article_cannot_write_lines_of_its_own_into_a_letter(tmp_path):
    title = "Harbour *** DRAFT – SENT *** {{ 7 * 7 }} {% for %}"
    corpus = corpus_in(tmp_path / "corpus", spun=SPUN.replace("Thursday", "\u202e{{ 7 * 7 }}"))
    table = corpus / "articles.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Harbour <closed>", title), encoding="utf-8")
    assert load_articles(corpus).loc["spun-harbour", "title"] == title
    text = made(corpus, tmp_path / "letters")[SITE_LETTER]
    assert "“Harbour *** DRAFT – SENT *** {{ 7 * 7 }} {% for %}”" in text
    assert "49" not in text
    assert "\u202e" not in text


def test_letters_are_never_written_over_anything(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / SITE_LETTER).write_text("sent on Monday", encoding="utf-8")
    with pytest.raises(ValueError, match="none is ever overwritten"):
        letters(SITE, corpus_in(tmp_path / "corpus"), tmp_path / "letters")
    assert (tmp_path / "letters" / SITE_LETTER).read_text(encoding="utf-8") == "sent on Monday"


def test_of_letters_that_fail_nothing_is_left(tmp_path, monkeypatch):
    corpus = corpus_in(tmp_path / "corpus")

    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(letter_drafts, "render_text", fail)
    with pytest.raises(OSError, match="No space left"):
        letters(SITE, corpus, tmp_path / "letters")
    assert {path.name for path in tmp_path.iterdir()} == {"corpus"}
