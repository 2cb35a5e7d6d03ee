"""The lost source: several spun versions go in, none of them the original."""

import re
from html import unescape

import html5lib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from benchmarks.lost_sources import CORPUS, in_part, right_words
from benchmarks.testsets import references, split
from helpers.corpus import add_article, load_articles
from helpers.report import build_report
from helpers.report.rendering import source_label
from helpers.sources import reconstruct, reconstruct_all
from helpers.sources.alike_places import together
from helpers.sources.channel import learn
from helpers.sources.originals import SORTS, gathered
from helpers.sources.originals import made as made_of
from helpers.sources.readings_shown import lines_shown
from helpers.sources.reconstruction import Reconstruction
from helpers.sources.tei import SPACE, schema
from helpers.spinner import Spinner

SOURCES = {
    "summit": (
        "Leaders meet in Geneva\n\n"
        "The foreign minister said on Monday that the meeting would help both countries protect their interests. "
        "Officials met behind closed doors for nine hours.\n\n"
        "“We want peace,” Anna Keller told reporters, and she said that the talks were important.\n\n"
        "The next meeting will be held in March, officials said, and it will be a big chance for the army.\n"
    ),
    "flood": (
        "Army helps after flood\n\n"
        "The army said on Friday that soldiers would help people protect their houses in the north of the country. "
        "A big dam near Lenz held, officials said.\n\n"
        "“It is an important chance to show that we help,” Major Tom Reed told reporters at a meeting.\n\n"
        "About 3,400 people met in halls and schools on Sunday, and the minister said that more help would come.\n"
    ),
    "bank": (
        "Bank keeps rates\n\n"
        "The central bank said on Tuesday that a big cut would not help people who want houses. "
        "Governor Ines Oduya met reporters and said that rates were important for the country.\n\n"
        "The next meeting is in June, and officials said that there was a chance of a cut by 0.25 points.\n\n"
        "“We protect the interests of all people,” she told the meeting.\n"
    ),
}
BOOKS = {
    "amber.example": {"said": "mentioned", "help": "assist", "big": "massive", "meeting": "assembly",
                      "army": "military"},
    "birch.example": {"said": "stated", "important": "essential", "protect": "safeguard", "chance": "opportunity",
                      "officials": "officers"},
    "cedar.example": {"met": "gathered", "told": "informed", "help": "aid", "people": "folks", "countries": "nations",
                      "important": "vital"},
}  # fmt: skip


def spinner(site: str, rate: float) -> Spinner:
    table = pd.DataFrame(list(BOOKS[site].items()), columns=["original", "spun"])
    return Spinner(table, rate, len(site))


def pages(rate: float = 0.8, sites=tuple(BOOKS)) -> pd.DataFrame:
    rows = [
        (f"{site} {story}", site, f"{spinner(site, rate).spin(text)[0]}\nShare this article on {site}\n", story)
        for story, text in SOURCES.items()
        for site in sites
    ]
    table = pd.DataFrame(rows, columns=["article_id", "site", "text", "version_group"])
    return table.set_index("article_id")


@pytest.fixture(scope="module")
def made() -> dict[str, Reconstruction]:
    return reconstruct_all(pages(), language_model=False)


def offsets_hold(one: Reconstruction) -> None:
    """Every span gives its words back, from the reconstructed text and from the versions as they were stored."""
    for row in one.words.itertuples():
        assert one.text[row.start : row.end] == row.word
        assert 0 < row.probability < 1
    for row in one.apparatus.to_dict("records"):
        assert one.text[row["start"] : row["end"]] == row["lemma"]
        for name, text in one.sources.items():
            start, end = row[f"{name} start"], row[f"{name} end"]
            assert row[name] == text[start:end] if start >= 0 else pd.isna(row[name])
    for row in one.sentences.itertuples():
        assert one.text[row.start : row.end] == row.sentence
    for row in one.passages.itertuples():
        text, start, end = (
            (one.text, row.start, row.end)
            if row.op == "dropped"
            else (one.sources[row.version], row.own_start, row.own_end)
        )
        assert text[start:end] == row.passage


@pytest.mark.parametrize("story", SOURCES)
def test_three_independent_versions_give_the_source_back(made, story):
    source, text = SOURCES[story].split(), made[story].text.split()
    wrong = [pair for pair in zip(source, text, strict=True) if pair[0] != pair[1]]
    assert len(wrong) <= 1, wrong


def test_it_is_never_worse_than_the_best_version(made):
    articles = pages()
    for story, one in made.items():
        source = SOURCES[story].split()
        own = articles.loc[articles["version_group"] == story, "text"]
        best = max(sum(a == b for a, b in zip(source, text.split(), strict=False)) for text in own)
        assert sum(a == b for a, b in zip(source, one.text.split(), strict=False)) >= best


def test_every_span_gives_the_words_back(made):
    for one in made.values():
        offsets_hold(one)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(SOURCES)), min_size=1, max_size=2, unique=True),
    st.lists(st.sampled_from(["", "New lineGlued here", "He said “no”.\n", "a.b@site.example\n", "\u200b", "…\n\n"]),
             min_size=3, max_size=3),
    st.permutations(range(4)),
    st.sampled_from([0.4, 0.7, 1.0]),
)  # fmt: skip
def test_spans_hold_whatever_sites_put_around_and_between(stories, extras, order, rate):
    rows = {}
    for story in stories:
        for site, extra in zip(BOOKS, extras, strict=True):
            lines = spinner(site, rate).spin(SOURCES[story])[0].split("\n\n")
            lines = [lines[at] for at in order] if site == "cedar.example" else lines
            rows[f"{site} {story}"] = (site, f"{extra}\n\n".join(lines), story)
    table = pd.DataFrame(rows, index=["site", "text", "version_group"]).T
    for one in reconstruct_all(table, language_model=False).values():
        offsets_hold(one)
        assert schema().validate(etree.fromstring(one.to_tei())), schema().error_log
        html5lib.HTMLParser(strict=True).parse(one.to_html())


def test_what_is_learnt_of_a_site_elsewhere_tells_what_all_versions_replaced():
    """Both dictionaries are known to make “mentioned” of “said”, and all versions have it."""
    table = pd.DataFrame({"spun": "mentioned", "original": "said", "site": ["a", "b"], "probability": 0.9})
    text = "She mentioned that rates were {} to all. He mentioned nothing. They mentioned that it was a chance."
    texts = {"a": text.format("important"), "b": text.format("vital")}
    articles = pd.DataFrame({"text": texts, "site": {"a": "a", "b": "b"}})
    one = reconstruct(articles, dictionaries=table, language_model=False)
    assert one.text == text.format("important").replace("mentioned", "said") + "\n"
    place = one.apparatus.iloc[0]
    assert (place["status"], place["a"], place["b"]) == ("inferred", "mentioned", "mentioned")


def test_two_sites_that_share_a_dictionary_are_no_two_witnesses():
    """Two sharers have “assembly”, one other site has “meeting”: two witnesses each, once one knows who shares."""
    texts = [
        "The assembly in Geneva went well.",
        "The assembly in Geneva went well indeed.",
        "The meeting in Geneva went well.",
    ]
    table = pd.DataFrame({"text": texts, "site": ["a", "b", "c"]}, index=["a", "b", "c"])
    told = {"a": "one", "b": "one", "c": "other"}
    alone, shared = (
        reconstruct(table, shared=shared, language_model=False).words.set_index("word")["probability"]
        for shared in ({"a": "x", "b": "y", "c": "z"}, told)
    )
    assert shared.iloc[1] != alone.iloc[1]


def test_lines_stand_in_the_order_of_most_versions():
    one, *rest = SOURCES["flood"].strip().split("\n\n")
    moved = "\n\n".join([one, rest[2], rest[0], rest[1]])
    plain = spinner("birch.example", 0.9).spin(SOURCES["flood"])[0]
    made = reconstruct([moved, SOURCES["flood"], plain], language_model=False)
    assert made.text == SOURCES["flood"]


def test_a_line_that_only_one_version_kept_is_there_and_told_to_be_dropped_elsewhere(made):
    lines = SOURCES["bank"].strip().split("\n\n")
    shorter = "\n\n".join([*lines[:2], lines[3]])
    one = reconstruct({"whole": SOURCES["bank"], "cut": shorter.replace("said", "stated")}, language_model=False)
    assert one.text.count("0.25 points") == 1
    dropped = one.passages[(one.passages["op"] == "dropped") & (one.passages["version"] == "cut")]
    assert dropped["passage"].tolist() == [lines[2]]


def test_what_a_site_puts_around_its_pages_is_no_part_of_the_source(made):
    for one in made.values():
        assert "Share this" not in one.text
        assert set(one.passages["passage"]) >= {f"Share this article on {site}" for site in BOOKS}


def test_sentences_that_a_version_left_alone_are_named(made):
    one = made["flood"].sentences.set_index("sentence")
    told = one.loc["A big dam near Lenz held, officials said.", "left_alone"]
    assert "cedar.example flood" in told
    for story, own in made.items():
        for row in own.sentences.itertuples():
            for name in row.left_alone:
                assert " ".join(row.sentence.split()) in " ".join(own.sources[name].split()), story


def test_what_is_not_wanted_teaches_and_is_not_made(made):
    one = reconstruct_all(pages(), language_model=False, wanted=["bank"])
    assert {name: own.text for name, own in one.items()} == {"bank": made["bank"].text}
    with pytest.raises(ValueError, match="wanted version_group 'none'"):
        reconstruct_all(pages(), language_model=False, wanted=["none"])


@pytest.mark.parametrize("part", [False, True])
def test_what_is_given_as_sure_is_right_of_a_single_story_and_of_a_third_of_one(part):
    # Of many stories at once such words were right 98 times in 100, of a third of one 92: little was learnt from it.
    articles, (_, sources) = load_articles(CORPUS), split(references(CORPUS))
    right = []
    for name, source in sources.items():
        versions = articles.query("role == 'spun' and reference_id == @name")[["site", "text"]]
        one = reconstruct(in_part(versions) if part else versions, language_model=False)
        stood = right_words({name: one}, pd.Series({name: source}))[name]
        right += stood[one.words["probability"] >= 0.985].tolist()
    assert len(right) > 100
    assert np.mean(right) >= 0.98


def test_two_dictionaries_vouch_for_nothing_wholly():
    made = reconstruct(pages(sites=tuple(BOOKS)[:2]).query("version_group == 'flood'"), language_model=False)
    assert made.words["probability"].max() <= 0.98


def test_words_say_who_reads_them(made):
    for one in made.values():
        names = set(one.versions["version"])
        assert set(one.words["status"]) <= {"agreed", "chosen", "inferred"}
        for row in one.words.itertuples():
            assert set(row.versions) <= names
            assert (row.versions == []) == (row.status == "inferred")


def test_copies_count_once():
    texts = {"one": SOURCES["bank"], "other": SOURCES["bank"].replace("said", "stated"), "copy": SOURCES["bank"] + "\n"}
    one = reconstruct(texts, language_model=False)
    assert one.versions["version"].tolist() == ["one", "other"]
    assert one.versions["copies"].tolist() == [["copy"], []]


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        (["one version alone"], "1 version"),
        ([SOURCES["bank"], SOURCES["bank"]], "all the same"),
        ({"bank": SOURCES["bank"] * 2, "flood": SOURCES["flood"] * 2}, "'bank' has hardly a word in common"),
        ({"a": "a text", "b": None}, "'b' has no text"),
        (pd.DataFrame({"words": ["a", "b"]}), "lack the column text"),
        (pd.DataFrame({"text": ["a b", "a c"], "version_group": [1, 2]}), "reconstruct_all"),
        (["half \ud83d a character", "half a character"], "half a character"),
    ],
)
def test_what_cannot_be_reconstructed_is_refused_with_a_reason(versions, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        reconstruct(versions, language_model=False)


def test_one_text_is_no_list_of_texts():
    with pytest.raises(TypeError, match="not str"):
        reconstruct("a text", language_model=False)


def test_the_page_holds_no_markup_of_the_versions_and_masks_addresses():
    text = SOURCES["bank"] + "\nWrite to a.b@site.example <script>alert(1)</script> & more.\n"
    versions = {
        "<i>one</i>": text,
        "other": text.replace("said", "stated <b>").replace("more", "extra a.b@site.example"),
    }
    one = reconstruct(versions, language_model=False)
    page = one.to_html()
    html5lib.HTMLParser(strict=True).parse(page)
    for document in (page, one.to_tei()):
        assert "a.b@site.example" not in unescape(document)
        assert not {"<script", "<b>", "<i>"} & set(re.findall(r"<\w+>?", document))
    assert "E-mail addresses and telephone numbers are masked" in page


def test_a_question_mark_stands_where_the_share_that_is_shown_is_below_ninety(made):
    shown = [
        (unsure, int(share))
        for one in made.values()
        for unsure, share in re.findall(r'class="place [a-z]+( unsure)?"[^>]*title="(\d+)%', one.to_html())
    ]
    assert shown
    assert all(bool(unsure) == (share < 90) for unsure, share in shown)


def test_every_note_of_the_page_is_led_to_and_leads_back(made):
    page = made["summit"].to_html()
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    names = {element.get("id") for element in tree.iter() if element.get("id")}
    links = {element.get("href")[1:] for element in tree.iter("a")}
    assert links == names
    assert len(names) == 2 * len(made["summit"].apparatus)


def test_the_edition_is_valid_and_each_version_can_be_read_off_it(made):
    for one in made.values():
        root = etree.fromstring(one.to_tei())
        assert schema().validate(root), schema().error_log
        for number, (name, text) in enumerate(one.sources.items(), 1):
            said = " ".join(_read_off(root, f"#v{number}").split())
            stored = " ".join(text.split())
            assert said in stored or stored.startswith(said), name


def _read_off(root, witness: str) -> str:
    """The text of a version, as an edition in parallel segmentation has it."""
    parts = []
    for paragraph in root.iter(f"{{{SPACE}}}p"):
        if paragraph.getparent().tag == f"{{{SPACE}}}div":
            parts.append(paragraph.text or "")
            for app in paragraph:
                for reading in app:
                    if witness in (reading.get("wit") or "").split():
                        parts.append("".join(reading.itertext()))
                parts.append(app.tail or "")
            parts.append("\n\n")
    return "".join(parts)


def test_lines_are_shown_whole(made):
    for one in made.values():
        shown = ["".join(piece.words for piece in line) for line in lines_shown(one)]
        assert "".join("".join(shown).split()) == "".join(one.text.split())


def test_a_reconstruction_goes_into_a_corpus_as_what_it_is(made, tmp_path):
    made["flood"].add_to(tmp_path, "flood-lost", published="2026-01-02")
    row = load_articles(tmp_path).loc["flood-lost"]
    assert (row["role"], row["provenance"], row["text"]) == ("reference", "reconstructed", made["flood"].text)
    assert row["note"].startswith(
        "Reconstruction by Unspun from 3 texts taken for versions of a lost source: amber.example flood"
    )
    assert source_label(row) == "Reconstruction (the source itself was not at hand)"


def test_a_report_that_rests_on_it_says_so_in_sight_and_names_the_versions(made, tmp_path):
    made["flood"].add_to(tmp_path / "corpus", "flood-lost")
    text = pages().loc["amber.example flood", "text"]
    add_article(tmp_path / "corpus", "flood", "spun", text, site="amber.example", reference_id="flood-lost")
    page = " ".join(build_report("amber.example", tmp_path / "corpus", tmp_path / "out").read_text("utf-8").split())
    assert "<strong>Reference:</strong> a reconstruction, not the publisher’s text." in page
    assert "<strong>The reference is a reconstruction.</strong>" in page
    assert (
        "Reconstruction by Unspun from 3 texts taken for versions of a lost source: amber.example flood, birch" in page
    )


def test_the_tables_are_written_for_people(made, tmp_path):
    files = made["bank"].to_csv(tmp_path / "tables")
    words = pd.read_csv(files[0])
    assert words["word"].tolist() == made["bank"].words["word"].tolist()
    assert [file.name for file in files] == [
        "words.csv",
        "apparatus.csv",
        "sentences.csv",
        "passages.csv",
        "versions.csv",
    ]


def test_the_language_model_is_heard():
    """Of two words as good by counts it takes the one that fits the sentence."""
    one = reconstruct(
        ["The prime minister said that the war was over.", "The prime pastor said that the war was over."]
    )
    assert "prime minister" in one.text


def test_places_that_read_the_same_move_together():
    """A dictionary’s favourite is one for all places; each place alone clings to what it reads."""
    read = gathered([[(0, "additionally"), (1, "additionally")]] * 20, np.array([0, 1]))
    given = made_of(read, [[read.number("additionally"), read.number("also")]] * 20)
    prior = np.tile([0.0, 1.5], 20)
    alone = learn(given.witnesses, prior, 2, 2 * SORTS).chance.reshape(20, 2)
    joint = together(read, given, prior, {}, 2).reshape(20, 2)
    assert alone[:, 1].max() < 0.5 < joint[:, 1].min()
    assert np.allclose(joint.sum(axis=1), 1)


def test_a_single_place_keeps_what_it_reads():
    read = gathered([[(0, "additionally"), (1, "additionally")]], np.array([0, 1]))
    given = made_of(read, [[read.number("additionally"), read.number("also")]])
    assert together(read, given, np.array([0.0, 1.5]), {}, 2)[0] > 0.5
