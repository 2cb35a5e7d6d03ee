"""The words that may stand in a word's place, on words that spinners really put in."""

from pathlib import Path

import pytest

from helpers.text.thesaurus import (
    TAGS,
    alternatives,
    inflected,
    is_common,
    near_words,
    readings,
    relatedness,
    synonyms,
)


@pytest.mark.parametrize(
    ("original", "spun"),
    [("war", "battle"), ("said", "mentioned"), ("told", "informed"), ("defending", "protecting"), ("began", "started")],
)
def test_what_a_spinner_writes_is_among_the_alternatives(original, spun):
    assert alternatives(original)[spun]
    assert alternatives(spun)[original]


def test_alternatives_are_inflected_as_the_word_is():
    said, say = alternatives("said"), alternatives("say")
    assert "mentioned" in said
    assert "mention" not in said
    assert "mention" in say
    assert "mentioned" not in say


def test_no_word_stands_in_its_own_place():
    """“Better” is a form of “well” too, a synonym of “good”."""
    for word in ("war", "said", "link", "better"):
        assert word not in alternatives(word)


def test_words_too_rare_or_too_common_are_no_alternatives():
    """A dictionary has “hyperlink” for “link”; the thesaurus has not, and no writer's word is “the”."""
    assert "hyperlink" not in alternatives("link")
    assert alternatives("hyperlink") == {}
    assert alternatives("the") == {}
    assert synonyms("of") == {}


def test_a_link_both_ways_is_told_from_one_in_one_direction():
    assert synonyms("war")["battle"]
    assert synonyms("battle")["war"]
    one_way = [word for word, mutual in synonyms("battle").items() if not mutual]
    assert "warfare" in one_way
    assert not synonyms("warfare")["battle"]


def test_a_link_stands_with_both_its_words_whether_or_not_it_is_mutual():
    for word in ("war", "say", "source", "link"):
        for other, mutual in synonyms(word).items():
            assert synonyms(other)[word] is mutual


def test_synonyms_are_single_words_in_lower_case_in_the_order_of_the_alphabet():
    found = list(synonyms("say"))
    assert len(found) > 20
    assert all(word.isalpha() and word.islower() for word in found)
    assert found == sorted(found)


def test_a_word_nobody_knows_has_no_synonyms_and_no_alternatives():
    assert synonyms("qwxz") == {} == alternatives("qwxz")


def test_a_word_is_read_as_all_that_it_can_be():
    assert readings("said") == (("say", "VERB", "VBD"), ("say", "VERB", "VBN"))
    parts = {(part, tag) for _, part, tag in readings("link")}
    assert {("NOUN", "NN"), ("VERB", "VB")} <= parts
    assert {lemma for lemma, _, _ in readings("sources")} == {"source"}


def test_only_nouns_verbs_adjectives_and_adverbs_are_read():
    """“Was” is an auxiliary as well."""
    assert readings("him") == ()
    assert readings("was") == (("be", "VERB", "VBD"),)
    assert {part for word in ("war", "said", "quick", "soon") for _, part, _ in readings(word)} == {
        *("NOUN", "VERB", "ADJ", "ADV")
    }


@pytest.mark.parametrize(
    ("lemma", "part", "tag", "forms"),
    [
        ("say", "VERB", "VBD", ("said",)),
        ("mention", "VERB", "VBD", ("mentioned",)),
        ("mention", "VERB", "VBG", ("mentioning",)),
        ("hyperlink", "NOUN", "NNS", ("hyperlinks",)),
        ("war", "ADJ", "JJ", ()),  # no adjective
        ("mention", "ADJ", "VBD", ()),
        ("beautiful", "ADJ", "JJR", ()),  # more beautiful: no form of its own
        ("qwxz", "NOUN", "NNS", ()),
    ],
)
def test_a_lemma_is_inflected_only_as_what_it_can_be(lemma, part, tag, forms):
    assert inflected(lemma, part, tag) == forms


def test_words_of_like_meaning_share_synonyms():
    battle, struggle, fruit, same = relatedness("war", ["battle", "struggle", "fruit", "war"])
    assert 1 == same > battle > struggle > fruit == 0


def test_relatedness_sees_through_inflection_and_is_the_same_from_both_sides():
    assert relatedness("said", ["mentioned"]) == relatedness("say", ["mention"]) == relatedness("mentioned", ["said"])
    assert relatedness("said", ["mentioned"])[0] > 0.1


def test_words_without_synonyms_are_related_to_nothing():
    assert relatedness("qwxz", ["qwxz", "war"]) == [0, 0]
    assert relatedness("war", []) == []


def test_wordnet_knows_near_words_that_moby_has_not():
    assert "sent" in near_words("despatched")
    assert "sent" not in alternatives("despatched")
    assert near_words("warfare")["war"]
    assert "despatched" not in near_words("despatched")
    assert near_words("qwxz") == {}


def test_what_was_taken_of_wordnet_is_whole_and_common_and_its_licence_lies_beside_it():
    folder = Path(__file__).parents[1] / "helpers" / "text"
    rows = [line.split(",") for line in (folder / "wordnet.txt").read_text(encoding="utf-8").splitlines()]
    keys = [key for key, _, _ in rows]
    assert len(keys) == len(set(keys)) > 20_000
    for key, same, near in rows:
        lemma, part = key.split(" ")
        assert part in TAGS
        assert lemma not in {*same.split(), *near.split()}
        assert all(map(is_common, {lemma, *same.split(), *near.split()}))
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in (folder / "wordnet.LICENCE").read_text(
        encoding="utf-8"
    )
