"""What it costs to read one phrase as the replacement of the other, on words that spun pages really swap."""

import numpy as np
import pytest

from helpers.comparison.alignment.edit_costs import (
    INCOHERENT_TIE,
    LONGEST,
    PRICES,
    VERB_AND_PARTICLE,
    Meetings,
    Phrases,
    block_sum,
    describe_meetings,
    describe_phrases,
    learnt_price,
    pair_key,
    room_for_meetings,
    room_for_phrases,
    shape_of,
    shape_prices,
    shared_words,
)
from helpers.comparison.alignment.segments import side
from helpers.comparison.alignment.vocabulary import Vocabulary
from helpers.text.word_counts import mixed, table


def folds_of(text: str, vocabulary: Vocabulary) -> np.ndarray:
    return side(text, vocabulary).folds


def phrases_of(text: str) -> Phrases:
    vocabulary = Vocabulary()
    folds = folds_of(text, vocabulary)
    found = room_for_phrases(len(folds))
    describe_phrases(folds, vocabulary.words, table("bigrams"), PRICES, found)
    return found


def meetings_of(spun: str, reference: str) -> Meetings:
    vocabulary = Vocabulary()
    one, other = folds_of(spun, vocabulary), folds_of(reference, vocabulary)
    found = room_for_meetings((len(one) + 1) * (len(other) + 1))
    describe_meetings(one, other, vocabulary.words, PRICES, found)
    return found


def price_of(spun: str, reference: str) -> float:
    """What two words say for or against being a pair, beyond the price of any swap."""
    return float(meetings_of(spun, reference).prices[0])


def shared(spun: str, reference: str) -> tuple[int, bool]:
    vocabulary = Vocabulary()
    one, other = folds_of(spun, vocabulary), folds_of(reference, vocabulary)
    return shared_words(one, 0, len(one), other, 0, len(other))


def test_a_content_word_for_a_content_word_is_the_clean_swap():
    assert price_of("mentioned", "said") == price_of("Battle", "War") == price_of("hyperlink", "link") == 0


@pytest.mark.parametrize(
    ("spun", "reference", "price"),
    [
        ("since", "for", PRICES.function_for_function),
        ("the", "war", PRICES.function_for_content),
        ("two", "three", PRICES.number_for_number),
        ("battle", "1945", PRICES.number_for_word),
        ("links", "link", PRICES.same_lemma),
        ("labour", "labor", PRICES.look_alike),
        (",", ";", PRICES.sign_for_sign),
        (",", "said", PRICES.sign_for_word),
    ],
)
def test_what_kind_of_word_each_is_has_its_price(spun, reference, price):
    assert price_of(spun, reference) == pytest.approx(price)
    assert price_of(reference, spun) == pytest.approx(price)


def test_case_does_not_matter_to_what_words_mean_to_each_other():
    assert price_of("BATTLE", "war") == price_of("battle", "War")


def test_equal_words_are_counted_in_any_block():
    """World Battle II against World War II: two words are equal, none of them in the block of Battle and War."""
    found = meetings_of("World Battle II", "World War II")
    assert block_sum(found.equal, 4, 0, 0, 3, 3) == 2
    assert block_sum(found.equal, 4, 1, 1, 2, 2) == 0
    assert block_sum(found.equal, 4, 1, 1, 3, 3) == 1
    assert block_sum(found.equal, 4, 0, 1, 3, 3) == 1


def test_words_of_one_lemma_are_kin_unless_they_are_function_words_or_signs():
    found = meetings_of("wars , the", "war , the")
    assert block_sum(found.kin, 4, 0, 0, 3, 3) == 1
    assert block_sum(found.kin, 4, 0, 0, 1, 1) == 1
    assert block_sum(found.equal, 4, 0, 0, 3, 3) == 1  # a sign is no word


def test_a_phrase_is_known_by_its_function_words():
    """A leading 1, then a 1 for every function word, a 0 for any other."""
    patterns = phrases_of("based on the war").patterns
    assert patterns[0].tolist()[:4] == [0b10, VERB_AND_PARTICLE, 0b1011, 0b10110]
    assert patterns[2].tolist()[:2] == [0b11, 0b110]


def test_no_phrase_reaches_across_punctuation():
    patterns = phrases_of("war , said").patterns
    assert (patterns[:, 0] > 0).all()  # a lone sign is a phrase of punctuation
    assert patterns[0, 1] == patterns[0, 2] == patterns[1, 1] == 0


def test_a_hyphen_stands_inside_a_phrase_but_ends_none():
    patterns = phrases_of("well-known link").patterns
    assert patterns[0, 1] == 0
    assert patterns[0, 2] > 0
    assert patterns[0, 3] > 0


def test_no_phrase_reaches_beyond_the_text_or_is_longer_than_the_longest():
    found = phrases_of("he said that the war will never really end")
    assert found.patterns.shape == (9, LONGEST)
    assert (found.patterns[4] > 0).all()
    assert np.isinf(found.weakest[:, 0]).all()  # one word has no pair


def test_each_more_word_of_a_phrase_costs_and_a_function_word_less():
    one, two, three = phrases_of("war hyperlink supply").prices[0, :3]
    assert one == 0
    assert two == pytest.approx(PRICES.each_more_word + PRICES.incoherent)
    assert three == pytest.approx(2 * (PRICES.each_more_word + PRICES.incoherent))  # each pair that never met
    assert phrases_of("of that").prices[0, 0] == 0
    assert PRICES.each_more_function_word < PRICES.each_more_word


def test_a_set_phrase_is_cheaper_than_words_that_never_stood_together():
    set_phrase, chance = phrases_of("general public"), phrases_of("hyperlink battle")
    assert set_phrase.weakest[0, 1] > 1 > INCOHERENT_TIE == chance.weakest[0, 1]
    assert set_phrase.prices[0, 1] < PRICES.each_more_word < chance.prices[0, 1]


def test_a_phrase_coheres_no_better_than_its_weakest_pair():
    last, first = phrases_of("general public hyperlink"), phrases_of("hyperlink general public")
    assert last.weakest[0, 2] == last.ties[1] < last.ties[0] == last.weakest[0, 1]
    assert first.weakest[0, 2] == first.ties[0] < first.ties[1] == first.weakest[1, 1]


def test_the_key_of_a_pair_is_that_of_its_phrases_in_this_order():
    known = pair_key(("supply", "hyperlink"), ("source", "link"))
    assert known == pair_key(("supply", "hyperlink"), ("source", "link"))
    others = [
        pair_key(("source", "link"), ("supply", "hyperlink")),
        pair_key(("hyperlink", "supply"), ("source", "link")),
        pair_key(("supply",), ("hyperlink", "source", "link")),
        pair_key(("supply", "hyperlink"), ("source",)),
    ]
    assert len({known, *others}) == 5
    assert 0 not in {known, *others}


def test_the_keys_of_phrases_are_those_that_python_works_out():
    spun, original = phrases_of("Supply hyperlink").keys, phrases_of("Source link").keys
    for words in (1, 2):
        pair = pair_key(("supply", "hyperlink")[:words], ("source", "link")[:words])
        assert int(mixed(spun[0, words - 1], original[0, words - 1])) == pair


@pytest.mark.parametrize(
    ("spun", "reference", "found"),
    [
        ("Supply hyperlink", "Source link", (0, False)),
        ("for the reason that", "since the", (1, False)),
        ("the general public", "the public", (2, True)),  # a word was put in
        ("public", "the general public", (1, True)),  # and here words were left out
        ("the war the battle", "the peace", (1, False)),  # a word that stands twice counts once
    ],
)
def test_shared_words_tell_words_put_in_from_a_replacement(spun, reference, found):
    assert shared(spun, reference) == found


def shape(pattern: int, size: int, original: int, original_size: int) -> float:
    return shape_prices(PRICES)[shape_of(pattern, size), shape_of(original, original_size)]


def test_phrases_of_the_same_build_cost_nothing_for_it():
    assert shape(0b10, 1, 0b10, 1) == shape(0b101, 2, 0b101, 2) == 0  # based on, relying on


def test_an_auxiliary_and_its_verb_are_two_substitutions():
    assert shape(0b110, 2, 0b110, 2) == pytest.approx(PRICES.auxiliary_and_verb)  # is shielding, will protect
    assert shape(0b110, 2, 0b10, 1) == pytest.approx(PRICES.function_first)  # to proceed, continue


def test_content_that_comes_from_nowhere_is_dear():
    said = shape(0b11, 1, 0b10, 1)  # of, war
    assert said == pytest.approx(PRICES.function_first + PRICES.function_last + PRICES.one_sided_content)
    assert shape(0b10, 1, 0b11, 1) == said


def test_a_function_word_at_the_end_of_one_side_costs_a_little():
    assert shape(0b101, 2, 0b10, 1) == pytest.approx(PRICES.function_last)  # reason that, end


def test_what_was_never_seen_keeps_its_price_and_what_was_seen_often_comes_down_to_the_least():
    assert learnt_price(PRICES, 1.7, 0.0) == pytest.approx(1.7)
    half = learnt_price(PRICES, 1.7, PRICES.half_known)
    assert half == pytest.approx((1.7 + PRICES.seen_elsewhere) / 2)
    assert PRICES.seen_elsewhere < learnt_price(PRICES, 1.7, 1000.0) < half < 1.7
