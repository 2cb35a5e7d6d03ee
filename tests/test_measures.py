"""Measures that cannot be fooled: part of the credit for part of a span, by kind, by links of people, by passage."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from benchmarks.shapes import with_shapes
from helpers.align import align, align_pairs
from helpers.evaluation.passage_scores import judge_passages, passage_tables, score_passages
from helpers.evaluation.scores import OFFSETS, intervals, match, pooled, score_by, score_overlap, with_kinds
from helpers.evaluation.word_alignments import (
    read_word_alignments,
    score_links,
    score_people,
    token_links,
    token_spans,
    word_spans,
)
from helpers.findings import paragraphs
from helpers.substitutions import find_substitutions, gold_tables, score_substitutions

Place = tuple[int, int, int, int]

SPUN = "The trio mentioned the bilateral assembly with the general public after World Conflict II.\n"
REFERENCE = "They discussed the two-way meeting with the public after World War II.\n"
GOLD = [
    ("The trio", "They"),
    ("mentioned", "discussed"),
    ("bilateral assembly", "two-way meeting"),
    ("general public", "public"),
    ("Conflict", "War"),
]
MULTIMWA = Path("/work/shared/dev/multimwa")


def place(spun: str, original: str, of: tuple[str, str] = (SPUN, REFERENCE)) -> Place:
    start, other = of[0].index(spun), of[1].index(original)
    return start, start + len(spun), other, other + len(original)


def table(*places: Place, certain: bool = True, of: str = REFERENCE) -> pd.DataFrame:
    rows = pd.DataFrame(places, columns=OFFSETS).astype(int)
    originals = [of[start:end] for start, end in rows[OFFSETS[2:]].to_numpy()]
    return rows.assign(original=pd.Series(originals, dtype=object), certain=certain)


@pytest.fixture
def gold() -> pd.DataFrame:
    return table(*(place(*pair) for pair in GOLD))


# Part of the credit for part of a span


def test_the_right_answer_has_full_credit(gold):
    assert score_overlap(gold, gold).iloc[0][["hits", "found", "gold", "f1"]].tolist() == [5, 5, 5, 1]


@pytest.mark.parametrize(
    ("found", "true", "credit"),
    [
        (("mentioned", "discussed"), ("mentioned", "discussed"), 1),
        (("public", "public"), ("general public", "public"), 6 / 14),  # 6 of 14 spun characters
        (("general public", "public"), ("public", "public"), 6 / 14),  # too much is as wrong as too little
        (("bilateral", "two-way meeting"), ("bilateral assembly", "two-way meeting"), 9 / 18),
        (("bilateral assembly", "two-way"), ("bilateral assembly", "two-way meeting"), 7 / 15),
        (("bilateral", "meeting"), ("bilateral assembly", "two-way meeting"), 7 / 15),  # the worse of 9/18 and 7/15
        (("mentioned", "discussed"), ("mentioned", "War"), 0),  # the right words and a wrong original
        (("mentioned", "discussed"), ("Conflict", "discussed"), 0),  # the right original in a wrong place
        (("mentioned", "discussed"), ("The trio", "They"), 0),
    ],
)
def test_a_row_has_as_much_credit_as_its_worse_side_shares(found, true, credit):
    score = score_overlap(table(place(*found)), table(place(*true))).iloc[0]
    assert (score["precision"], score["recall"]) == pytest.approx((credit, credit))


def test_two_substitutions_read_as_one_share_one_partner():
    found = table(place("The trio mentioned", "They discussed"))
    score = score_overlap(found, table(place(*GOLD[0]), place(*GOLD[1]))).iloc[0]
    assert score[["precision", "recall"]].tolist() == pytest.approx([9 / 18, 9 / 18 / 2])  # mentioned, discussed


def every_span(places: list[Place]) -> list[Place]:
    """Every span of up to two characters more or less on the spun side."""
    return [(start + i, end + j, *other) for start, end, *other in places for i in range(-2, 3) for j in range(-2, 3)]


HONEST = [place(*pair) for pair in GOLD[:3]] + [place("general", "public")]
TRICKS = {
    "repeat each row, a character moved": HONEST + [(a + 1, b, c, d) for a, b, c, d in HONEST],
    "cut each row in two": [
        half for a, b, c, d in HONEST for half in ((a, (a + b) // 2, c, d), ((a + b) // 2, b, c, d))
    ],
    "widen each row": [(max(0, a - 9), b + 9, max(0, c - 9), d + 9) for a, b, c, d in HONEST],
    "take the whole text as one substitution": [(0, len(SPUN), 0, len(REFERENCE))],
    "add the whole text": [*HONEST, (0, len(SPUN), 0, len(REFERENCE))],
    "try every span": every_span(HONEST),
    "put every original in every place": [(a, b, c, d) for a, b, _, _ in HONEST for _, _, c, d in HONEST],
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS.keys())
def test_nothing_is_gained_by_tricks(trick, gold):
    assert score_overlap(table(*trick), gold)["f1"].iloc[0] < score_overlap(table(*HONEST), gold)["f1"].iloc[0]


def test_nothing_left_of_one_place_is_not_nothing_left_of_another():
    dropped = place("mentioned", "discussed")[:2]
    found, true = table((*dropped, 5, 5)), table((*dropped, 9, 9))
    assert score_overlap(found, true)["hits"].iloc[0] == 0
    assert score_overlap(true, true)["hits"].iloc[0] == 1


def test_a_row_found_twice_counts_once(gold):
    twice = pd.concat([gold, gold])
    assert score_overlap(twice, gold)["found"].iloc[0] == 5


def test_what_touches_an_uncertain_place_is_left_out_on_both_sides():
    sure, unsure = place("mentioned", "discussed"), place("The trio", "They")
    truth = pd.concat([table(sure), table(unsure, certain=False)])
    score = score_overlap(table(sure, (4, 8, 0, 4)), truth).iloc[0]  # “trio” lies in “The trio”
    assert score[["hits", "found", "gold"]].tolist() == [1, 1, 1]


def test_a_sure_place_beside_an_uncertain_one_is_still_expected():
    sure = place("mentioned", "discussed")
    truth = pd.concat([table(sure), table(place("trio mentioned", "They discussed"), certain=False)])
    assert score_overlap(table(sure), truth).iloc[0][["hits", "found", "gold"]].tolist() == [0, 0, 1]


SPAN = st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda span: (span[0], span[0] + span[1]))
PLACES = st.lists(st.tuples(SPAN, SPAN).map(lambda spans: (*spans[0], *spans[1])), max_size=4, unique=True)
LETTERS = "abcdefghijklmnopqrstuvwxyz"  # each stands once, so that equal words are equal places


def shared_by_hand(one: Place, other: Place) -> float:
    sides = [(set(range(*one[k : k + 2])), set(range(*other[k : k + 2]))) for k in (0, 2)]
    return min(len(a & b) / len(a | b) for a, b in sides)


def most_shared(found: list[Place], truth: list[Place]) -> float:
    """The best of all ways to pair the rows of the shorter table with rows of the longer."""
    short, long = sorted([found, truth], key=len)
    return max(sum(map(shared_by_hand, short, chosen)) for chosen in permutations(long, len(short)))


@given(PLACES, PLACES)
def test_partners_share_the_most_that_any_pairing_shares(found, truth):
    assert match(table(*found, of=LETTERS), table(*truth, of=LETTERS))["shared"].sum() == pytest.approx(
        most_shared(found, truth)
    )


@given(PLACES, PLACES)
def test_each_row_has_one_partner_at_the_most(found, truth):
    pairs = match(table(*found, of=LETTERS), table(*truth, of=LETTERS))
    assert pairs["found"].is_unique
    assert pairs["gold"].is_unique


@given(PLACES, PLACES)
def test_found_for_gold_and_gold_for_found_exchanges_precision_and_recall(found, truth):
    one, other = table(*found, of=LETTERS), table(*truth, of=LETTERS)
    assert match(one, other)["shared"].sum() == pytest.approx(match(other, one)["shared"].sum())


@given(PLACES, PLACES.filter(bool))
def test_what_is_right_exactly_is_right_in_part(found, truth):
    found, truth = table(*found, of=LETTERS), table(*truth, of=LETTERS)
    assert score_overlap(found, truth)["hits"].iloc[0] >= score_substitutions(found, truth)["hits"].iloc[0] - 1e-9


def test_partial_credit_of_many_articles_is_pooled_like_exact_credit(gold):
    found = pd.concat([gold.assign(spun_id="a"), gold[:2].assign(spun_id="b")])
    assert pooled(score_overlap(found, {"a": gold, "b": gold}))["recall"] == pytest.approx(7 / 10)


def test_the_real_article_is_nearly_right_where_it_is_not_exactly_right(corpus, substitutions):
    truth = {"kim-xi": gold_tables(corpus)["kim-xi"]}
    exact, partial = (score(substitutions, truth).loc["kim-xi", "f1"] for score in (score_substitutions, score_overlap))
    assert exact < partial < 1


# By kind, by article

KINDS = table(*(place(*pair) for pair in GOLD)).assign(kind=["function", "synonym", "phrase", "phrase", "name"])


def test_recall_is_by_gold_kind_and_precision_by_found_kind():
    found = KINDS.assign(kind=["function", "function", "phrase", "synonym", "name"])[:4]
    score = score_by(found, KINDS, "kind")
    assert score["recall"].to_dict() == {"function": 1, "name": 0, "phrase": 1, "synonym": 1}
    assert score.loc[["function", "phrase"], "found"].tolist() == [2, 1]


def test_a_wrong_row_lowers_the_precision_of_its_kind_only():
    wrong = table(place("bilateral", "two-way")).assign(kind="synonym")
    score = score_by(pd.concat([KINDS, wrong]), KINDS, "kind")
    assert score["precision"].to_dict() == {"function": 1, "name": 1, "phrase": 1, "synonym": 0.5}
    assert score.loc["synonym", "f1"] == pytest.approx(2 / 3)


def test_a_kind_of_which_nothing_was_found_has_no_precision():
    score = score_by(KINDS[:4], KINDS, "kind").loc["name"]
    assert pd.isna(score["precision"])
    assert score[["recall", "f1"]].tolist() == [0, 0]


def test_an_uncertain_place_counts_for_no_kind():
    truth = KINDS.assign(certain=[True, True, True, True, False])
    assert "name" not in score_by(KINDS, truth, "kind").index


def test_articles_are_scored_by_the_label_they_bear():
    found = pd.concat([KINDS.assign(spun_id="a"), KINDS[:1].assign(spun_id="b"), KINDS.assign(spun_id="c")])
    rates = pd.Series({"a": 0.3, "b": 0.7})
    score = score_by(found, dict.fromkeys("abc", KINDS), rates)
    assert score["recall"].to_dict() == {0.3: 1.0, 0.7: 0.2}


def test_pages_of_one_reference_are_resampled_together():
    found = pd.concat([KINDS.assign(spun_id=spun_id) for spun_id in "ab"] + [KINDS[:2].assign(spun_id="c")])
    truth, sites = dict.fromkeys("abcd", KINDS), pd.Series(dict.fromkeys("abcd", "all"))
    references = pd.Series({"a": "one", "b": "one", "c": "other", "d": "other"})
    assert score_by(found, truth, sites)["units"].tolist() == [4]
    together = score_by(found, truth, sites, units=references).iloc[0]
    assert together["units"] == 2
    assert (together["recall_low"], together["recall_high"]) == pytest.approx((0.2, 1.0))


def test_one_article_has_a_score_by_kind_without_an_interval():
    score = score_by(KINDS, KINDS, "kind")
    assert score["recall"].eq(1).all()
    assert score[["precision_low", "recall_high"]].isna().all(axis=None)


def test_without_an_article_there_is_no_score():
    with pytest.raises(ValueError, match="no article"):
        score_by(KINDS.assign(spun_id="a"), {}, "kind")


@pytest.fixture(scope="module")
def gold_with_kinds(corpus, articles) -> dict[str, pd.DataFrame]:
    references = articles["reference_id"].map(articles["text"])
    return {spun_id: with_kinds(table, references[spun_id]) for spun_id, table in gold_tables(corpus).items()}


def test_a_gold_row_is_of_the_kind_of_the_row_found_in_its_place(substitutions, gold_with_kinds):
    truth = pd.concat([table.assign(spun_id=spun_id) for spun_id, table in gold_with_kinds.items()])
    both = substitutions.merge(truth, on=["spun_id", *OFFSETS], suffixes=("", "_gold"))
    assert len(both) > 6000
    assert both["kind"].tolist() == both["kind_gold"].tolist()


def test_the_kinds_together_have_the_rows_of_all(substitutions, gold_with_kinds):
    score, whole = score_by(substitutions, gold_with_kinds, "kind"), score_substitutions(substitutions, gold_with_kinds)
    assert score[["found", "gold"]].sum().tolist() == whole[["found", "gold"]].sum().tolist()


def test_names_and_numbers_of_the_corpus_are_found(substitutions, gold_with_kinds):
    score = score_by(substitutions, gold_with_kinds, "kind")
    assert (score.loc[["name", "number", "synonym"], "recall"] > 0.95).all()


# Links between words


def links(spun: str, reference: str, spans=token_spans) -> set[tuple[str, str]]:
    """The linked words themselves; they stand once in these sentences."""
    return {
        (spun[slice(*spans(spun)[i])], reference[slice(*spans(reference)[j])])
        for i, j in token_links(align(spun, reference), spans)
    }


def test_a_word_swapped_for_a_word_is_linked_with_it():
    assert ("assembly", "meeting") in links("The assembly ended.", "The meeting ended.")
    assert len(links("The assembly ended.", "The meeting ended.")) == 4


def test_a_phrase_swapped_for_a_phrase_links_all_its_words():
    whole = pd.DataFrame(
        [("equal", 0, 4, 0, 4, "They", "They"), ("equal", 4, 5, 4, 5, " ", " "),
         ("substitute", 5, 16, 5, 11, "spoke about", "talked"), ("insert", 16, 22, 11, 11, " again", "")],
        columns=["op", *OFFSETS, "spun", "reference"],
    ).assign(move=pd.array([pd.NA] * 4, dtype="Int64"))  # fmt: skip
    assert token_links(whole) == {(0, 0), (1, 1), (2, 1)}


def test_a_word_put_in_or_left_out_has_no_link():
    assert links("the general public left", "the public left today") == {
        (word, word) for word in ("the", "public", "left")
    }


MOVED = (
    "Xi hailed Pyongyang in September.\n\nKursk was retaken by 14,000 soldiers.\n\nDonald Trump posted on Tuesday.\n"
)
STAYED = "Donald Trump posted on Tuesday.\n\nXi hailed Pyongyang in September.\n\nKursk was retaken by 14,000 troops.\n"


def test_a_moved_sentence_is_linked_with_where_it_came_from():
    assert {("Donald", "Donald"), ("soldiers", "troops"), ("Kursk", "Kursk")} <= links(MOVED, STAYED)


def test_a_word_that_people_keep_whole_is_linked_by_any_part_of_it():
    assert links("a show-style clip", "a show clip", word_spans) == {("a", "a"), ("show-style", "show"), ("clip",) * 2}


def test_a_word_put_in_amid_what_people_keep_whole_has_no_link():
    runs = pd.DataFrame(
        [("equal", 0, 4, 0, 4, "pre-", "pre-"), ("insert", 4, 11, 4, 4, " cold- ", ""),
         ("equal", 11, 14, 4, 7, "war", "war")],
        columns=["op", *OFFSETS, "spun", "reference"],
    ).assign(move=pd.array([pd.NA] * 3, dtype="Int64"))  # fmt: skip
    assert token_links(runs, word_spans) == {(0, 0), (2, 0)}


def test_words_of_one_lemma_inside_a_substitution_are_linked_to_each_other_alone():
    runs = pd.DataFrame(
        [("substitute", 0, 16, 0, 8, "grand passageway", "passages"),
         ("substitute", 16, 25, 8, 14, " two wars", " a war")],
        columns=["op", *OFFSETS, "spun", "reference"],
    ).assign(move=pd.array([pd.NA] * 2, dtype="Int64"))  # fmt: skip
    assert token_links(runs) == {(0, 0), (1, 0), (2, 1), (3, 2)}  # passageway is no form of passage, war is one of wars


def test_links_between_identical_and_differing_words_are_scored_apart():
    alignment = align("Both leaders mentioned the assembly.", "Both leaders discussed the meeting.")
    score = score_links(alignment, [(0, 0), (1, 1), (2, 4), (4, 4), (5, 5)])
    assert score.loc["identical", ["found", "gold"]].tolist() == [4, 3]
    assert score.loc["differing", ["found", "gold", "precision", "recall"]].tolist() == [2, 2, 0.5, 0.5]
    assert score.loc["all", ["found", "gold"]].tolist() == [6, 5]


def test_capitals_and_quotes_do_not_make_words_differ():
    score = score_links(align("“Both”", 'both"'), [(1, 0)])
    assert score.loc["identical", "gold"] == 1
    assert "differing" not in score.index


def test_links_of_which_people_are_unsure_count_neither_for_nor_against():
    alignment = align("They mentioned war.", "They discussed war.")
    sure = {(0, 0), (2, 2), (3, 3)}
    assert score_links(alignment, sure).loc["all", "precision"] == 0.75
    assert score_links(alignment, sure, unsure=[(1, 1)]).loc["all", "precision"] == 1
    assert score_links(alignment, {*sure, (0, 1)}, unsure=[(0, 1)]).loc["all", "recall"] == 1


def test_links_of_one_pair_are_not_scored_against_the_alignment_of_two():
    alignment = align_pairs([("a", "r", "Kim left.", "Kim left."), ("b", "r", "Xi left.", "Xi left.")])
    with pytest.raises(ValueError, match="several"):
        score_links(alignment, [(0, 0)])


@given(st.lists(st.sampled_from("the general public hails war , 's u.s. can't 1,000".split()), min_size=1))
def test_words_of_a_sentence_have_the_offsets_at_which_they_stand_in_it(words):
    sentence = " ".join(words)
    assert [sentence[start:end] for start, end in word_spans(sentence)] == words


# People

DRAWN = [
    ("the trio mentioned the war .", "the trio discussed the war .", "0-0 1-1 2-2 3-3 4-4 5-5", ""),
    ("kim hailed the military parade .", "kim praised the army parade .", "0-0 1-1 2-2 3-3 4-4 5-5", ""),
    ("xi met the general public .", "xi met the public .", "0-0 1-1 2-2 4-3 5-4", "3-3"),
    ("they left on tuesday .", "they departed on tuesday .", "0-0 2-2 3-3 4-4", "1-1"),
    ("the pre-war prices rose .", "the pre-war costs rose .", "0-0 1-1 2-2 3-3 4-4", ""),
]


def write_pairs(path: Path, pairs: list[tuple[str, str, str, str]]) -> Path:
    lines = [
        "\t".join([f"{n}:{n}", one, "N/A", two, "N/A", "1", "1", sure, possible, ""])
        for n, (one, two, sure, possible) in enumerate(pairs)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_what_people_drew_is_read_with_sure_and_possible_links(tmp_path):
    pairs = read_word_alignments(write_pairs(tmp_path / "own.tsv", DRAWN))
    assert pairs["spun_text"].tolist() == [pair[0] for pair in DRAWN]
    assert pairs["reference_text"].tolist() == [pair[1] for pair in DRAWN]
    assert pairs.loc[2, "sure"] == {(0, 0), (1, 1), (2, 2), (4, 3), (5, 4)}
    assert pairs["possible"].tolist() == [set(), set(), {(3, 3)}, {(1, 1)}, set()]


def test_a_file_without_possible_links_is_read_too(tmp_path):
    (tmp_path / "own.tsv").write_text("0:0\tkim left\tN/A\tkim left\tN/A\t1\t1\t0-0 1-1\n", encoding="utf-8")
    row = read_word_alignments(tmp_path / "own.tsv").iloc[0]
    assert (row["sure"], row["possible"]) == ({(0, 0), (1, 1)}, set())


def test_sentences_aligned_as_people_aligned_them_score_full_marks(tmp_path):
    score = score_people(write_pairs(tmp_path / "own.tsv", DRAWN))
    assert score.loc[["identical", "differing"], "gold"].tolist() == [22, 4]
    assert score["f1"].tolist() == [1, 1, 1]


def test_a_link_that_people_drew_elsewhere_is_a_miss_and_an_error(tmp_path):
    other = [(DRAWN[0][0], DRAWN[0][1], "0-0 1-1 2-4 3-3 4-4 5-5", ""), *DRAWN[1:]]
    score = score_people(write_pairs(tmp_path / "own.tsv", other)).loc["differing"]
    assert score[["precision", "recall"]].tolist() == pytest.approx([3 / 4, 3 / 4])
    assert score["units"] == 3  # the other two sentences have no sure link between differing words
    assert score["recall_low"] < score["recall"] < score["recall_high"]


def test_a_link_both_sure_and_possible_is_sure(tmp_path):
    pair = ("they left on tuesday .", "they departed on tuesday .", "0-0 1-1 2-2 3-3 4-4", "1-1")
    assert score_people(write_pairs(tmp_path / "own.tsv", [pair])).loc["differing", "gold"] == 1


@pytest.mark.skipif(not MULTIMWA.is_dir(), reason="the word alignments of MultiMWA are not at hand")
@pytest.mark.parametrize(
    ("name", "sentences", "all_words", "differing"), [("wiki-dev", 533, 0.93, 0.35), ("mtref-dev", 800, 0.63, 0.35)]
)
def test_revisions_and_translations_are_aligned_much_as_people_align_them(name, sentences, all_words, differing):
    score = score_people(MULTIMWA / f"{name}.tsv")
    assert score.loc["all", "units"] == sentences
    assert score.loc["all", "f1_low"] > all_words
    assert score.loc["differing", "f1_low"] > differing


# Shapes


def test_a_substitution_is_counted_by_its_words_by_what_it_touches_and_by_what_it_shares():
    text = "It is 80 years for the reason that finish, and they left."
    starts = [text.index(phrase) for phrase in ("for the reason that", "finish", "left")]
    table = pd.DataFrame(
        {"spun_start": starts, "spun_end": [starts[0] + 19, starts[1] + 6, starts[2] + 4],
         "original": ["since the", "end", "went out"], "right": [True, False, True]}
    )  # fmt: skip
    assert with_shapes(table, text).to_numpy().tolist() == [
        ["longer", True], ["touching another", True], ["sharing a word", True], ["all", True],
        ["1 for 1", False], ["touching another", False], ["all", False],
        ["1 for 2", True], ["all", True],
    ]  # fmt: skip


# Passages

PASSAGES = ["op", *OFFSETS]
LINES = {"A": (0, 40), "B": (42, 142), "C": (144, 264), "D": (266, 306)}  # in the reference
NONE = (-1, -1)


def page(order: str, ops: dict[str, str]) -> pd.DataFrame:
    """Paragraphs as the comparison returns them: lines of the reference in a new order, one row each; x was added."""
    rows, at = [], 0
    for name in order:
        width = 30 if name == "x" else LINES[name][1] - LINES[name][0]
        rows.append((ops.get(name, "kept"), at, at + width, *LINES.get(name, NONE)))
        at += width + 2
    rows += [("dropped", -1, -1, *LINES[name]) for name in LINES if name not in order]
    return pd.DataFrame(rows, columns=PASSAGES)


def truth(order: str, moved: str = "") -> pd.DataFrame:
    """The gold passages of a page: what was moved, and what it added or dropped."""
    table = page(order, dict.fromkeys(moved, "move") | {"x": "insert"})
    return table[table["op"] != "kept"].replace({"op": {"dropped": "delete"}})


def counts(found: pd.DataFrame, gold: pd.DataFrame) -> tuple[int, int, int, int]:
    """How many found passages are right, how many there are, how many gold ones were reached, how many there are."""
    rows, table = judge_passages(found, gold)
    return int(rows["right"].sum()), len(rows), int(table["right"].sum()), len(table)


def test_passages_moved_dropped_and_added_are_scored_by_what_became_of_them():
    score = score_passages(page("BAxC", {"A": "moved", "x": "added"}), truth("BAxC", "A"))
    assert score[["found", "gold"]].to_numpy().tolist() == [[1, 1], [1, 1], [1, 1], [3, 3]]
    assert score["f1"].to_dict() == {"moved": 1, "dropped": 1, "added": 1, "all": 1}


def test_a_passage_found_as_something_else_is_a_miss_and_an_error():
    found = page("BACD", {"A": "added"})
    score = score_passages(found, truth("BACD", "A"))
    assert score.loc["added", "precision"] == 0
    assert score.loc["moved", "recall"] == 0
    assert "dropped" not in score.index


@pytest.mark.parametrize(("wider", "same"), [(0, True), (10, True), (11, False), (-8, True), (-9, False)])
def test_four_fifths_of_the_characters_make_the_same_passage(wider, same):
    gold = pd.DataFrame([("insert", 0, 40, *NONE)], columns=PASSAGES)
    found = pd.DataFrame([("added", 0, 40 + wider, *NONE)], columns=PASSAGES)
    assert counts(found, gold) == (same, 1, same, 1)


def test_a_move_must_be_right_about_both_places():
    found = page("BCAD", {"A": "moved"})
    found.loc[found["op"] == "moved", ["reference_start", "reference_end"]] = LINES["D"]
    assert counts(found, truth("BCAD", "A")) == (0, 1, 0, 1)


def test_a_passage_found_twice_is_once_too_often():
    found = page("BAC", {"A": "moved"})
    assert counts(pd.concat([found, found[found["op"] == "dropped"]]), truth("BAC", "A")) == (2, 3, 2, 2)


def test_that_a_moved_past_b_can_be_said_as_b_moved_past_a():
    assert counts(page("BACD", {"A": "moved"}), truth("BACD", "A")) == (1, 1, 1, 1)
    assert counts(page("BACD", {"B": "moved"}), truth("BACD", "A")) == (1, 1, 1, 1)
    assert counts(page("ABDC", {"C": "moved"}), truth("ABDC", "D")) == (1, 1, 1, 1)


def test_whoever_moved_past_two_is_not_explained_by_one_of_them():
    assert counts(page("BCAD", {"B": "moved"}), truth("BCAD", "A")) == (0, 1, 0, 1)
    assert counts(page("BCAD", {"B": "moved", "C": "moved"}), truth("BCAD", "A")) == (2, 2, 1, 1)


def test_a_line_that_passed_none_did_not_move():
    assert counts(page("BACD", {"B": "moved", "D": "moved"}), truth("BACD", "A")) == (1, 2, 1, 1)
    assert counts(page("BACD", {"C": "moved"}), truth("BACD", "A")) == (0, 1, 0, 1)


def test_of_two_lines_that_passed_each_other_only_one_moved():
    assert counts(page("BACD", {"A": "moved", "B": "moved"}), truth("BACD", "A")) == (1, 2, 1, 1)


def test_a_line_taken_for_new_did_not_stay_while_another_passed_it():
    found = page("BACD", {"B": "moved"})
    found.loc[found["reference_start"] == 0, ["op", "reference_start", "reference_end"]] = ("added", *NONE)
    assert counts(found, truth("BACD", "A"))[2:] == (0, 1)


def test_to_call_everything_moved_is_no_way_to_find_what_moved():
    everything = page("BACD", dict.fromkeys("ABCD", "moved"))
    assert counts(everything, truth("BACD", "A")) == (1, 4, 1, 1)


def test_passages_of_many_articles_have_an_interval_over_articles():
    pages = [page("BACD", {"A": "moved"}), page("ACBD", {}), page("BACD", {"A": "moved"}), page("ABCD", {})]
    found = pd.concat([found.assign(spun_id=name) for name, found in zip("abcd", pages, strict=True)])
    gold = {"a": truth("BACD", "A"), "b": truth("ACBD", "B"), "c": truth("BACD", "A"), "d": truth("ABCD")}
    score = score_passages(found, gold).loc["moved"]
    assert score[["gold", "units", "recall"]].tolist() == pytest.approx([3, 3, 2 / 3])
    assert score["recall_low"] < score["recall"] < score["recall_high"]


@pytest.fixture(scope="module")
def passages_found(pairs, alignment, substitutions) -> pd.DataFrame:
    return paragraphs(pairs, alignment, substitutions)


def test_every_simulated_page_has_gold_passages(corpus, articles):
    assert set(passage_tables(corpus)) == set(articles.index[articles["role"] == "spun"]) - {"kim-xi"}


def test_passages_of_the_made_up_sites_are_found(corpus, passages_found):
    score = score_passages(passages_found, passage_tables(corpus))
    assert score["gold"].to_dict() == {"moved": 44, "dropped": 71, "added": 294, "all": 409}
    assert score.loc["all", "f1"] >= 0.97
    assert (score["f1"] >= 0.93).all()


def test_pages_compared_with_the_wrong_truth_score_badly(corpus, passages_found):
    gold = passage_tables(corpus)
    exchanged = dict(zip(gold, [*list(gold.values())[1:], next(iter(gold.values()))], strict=True))
    assert score_passages(passages_found, exchanged).loc["all", "f1"] < 0.5


# One bootstrap for all

COUNTED = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 9)).map(lambda n: (min(n), n[0], min(n), n[1])), min_size=8, max_size=20
)


@given(COUNTED)
def test_intervals_agree_with_those_of_scipy(rows):
    rows = np.array(rows, dtype=float)
    ours = intervals(rows)
    theirs = bootstrap(
        (rows[:, 0], rows[:, 1]),
        lambda right, found, axis: right.sum(axis=axis) / found.sum(axis=axis),
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=2000,
        rng=1,
    ).confidence_interval
    assert (ours["precision_low"], ours["precision_high"]) == pytest.approx(theirs, abs=0.04)


def test_every_interval_comes_from_one_bootstrap(monkeypatch, tmp_path, gold):
    ends = {
        f"{name}_{end}": value for name in ("precision", "recall", "f1") for end, value in (("low", 2), ("high", 3))
    }
    monkeypatch.setattr("helpers.evaluation.scores.intervals", lambda counts, seed: ends)
    two = pd.concat([KINDS.assign(spun_id="a"), KINDS.assign(spun_id="b")])
    found = pd.concat([page("BACD", {"A": "moved"}).assign(spun_id=spun_id) for spun_id in "ab"])
    scores = [
        pooled(score_overlap(two, {"a": KINDS, "b": KINDS})).to_frame().T,
        score_by(two, {"a": KINDS, "b": KINDS}, "kind"),
        score_passages(found, dict.fromkeys("ab", truth("BACD", "A"))),
        score_people(write_pairs(tmp_path / "own.tsv", DRAWN)),
    ]
    for score in scores:
        assert (score[list(ends)] == pd.Series(ends)).all(axis=None)


def test_a_score_of_what_find_substitutions_returns_needs_no_preparation():
    found = find_substitutions(SPUN, REFERENCE)
    truth = table(*(place(*pair) for pair in GOLD)).assign(spun=[spun for spun, _ in GOLD])
    truth = with_kinds(truth, REFERENCE)
    assert score_overlap(found, truth)["gold"].iloc[0] == 5
    assert score_by(found, truth, "kind")["gold"].sum() == 5
