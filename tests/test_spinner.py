"""The simulated spinner: what it swaps, what it leaves alone, and the truth it tells about both."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.align import fold
from helpers.evaluation.spinner import GOLD_COLUMNS, Piece, assemble, minimal
from helpers.spinner import Spinner
from helpers.text.spans import is_word, tokens


def dictionary(**entries: str) -> pd.DataFrame:
    """A dictionary; “_” in an original stands for a space."""
    return pd.DataFrame([(key.replace("_", " "), spun) for key, spun in entries.items()], columns=["original", "spun"])


def spin(text: str, rate: float = 1.0, seed: int = 0, **entries: str) -> str:
    return Spinner(dictionary(**entries), rate, seed).spin(text)[0]


def gold(text: str, **entries: str) -> list[tuple[str, str]]:
    table = Spinner(dictionary(**entries), 1.0).spin(text)[1]
    return list(zip(table["spun"], table["original"], strict=True))


# What is swapped


def test_every_place_where_an_entry_fits_is_swapped_at_full_rate():
    assert spin("The military met. The military left.", military="army") == "The army met. The army left."


def test_nothing_is_swapped_at_a_rate_of_nought():
    text = "The military met. The military left."
    assert Spinner(dictionary(military="army"), 0).spin(text)[0] == text


def test_half_the_places_are_swapped_at_half_the_rate():
    spun = spin("The military met. " * 400, rate=0.5, military="army")
    assert 150 < spun.count("army") < 250


def test_the_longest_entry_that_fits_is_taken():
    spun = spin("according to KCNA", according="agreeing", according_to="based on", to="towards")
    assert spun == "based on KCNA"


def test_a_replacement_is_not_spun_again():
    assert spin("the army and the military", army="military", military="army") == "the military and the army"


def test_a_word_inside_another_word_is_left_alone():
    assert spin("a warning of war", war="warfare") == "a warning of warfare"


def test_an_entry_that_is_broken_by_a_comma_does_not_fit():
    assert spin("according, to KCNA", according_to="based on") == "according, to KCNA"


def test_an_entry_that_is_broken_by_a_line_break_does_not_fit():
    assert spin("said\nso", said_so="mentioned it") == "said\nso"


def test_names_and_quotations_are_swapped_too():
    spun = spin("“We fully support it,” said the People’s Army.", fully="totally", people="folks")
    assert spun == "“We totally support it,” said the Folks’s Army."


def test_a_possessive_ending_stays():
    assert spin("on the event’s sidelines", event="occasion") == "on the occasion’s sidelines"


@pytest.mark.parametrize("acronym", ["US", "WHO", "IT"])
def test_an_acronym_is_not_looked_up(acronym):
    text = f"the {acronym} said"
    assert spin(text, us="ourselves", who="whoever", it="this") == text


@pytest.mark.parametrize("address", ["war@news.example", "https://news.example/war", "www://war"])
def test_an_address_is_left_alone(address):
    text = f"write to {address} on"
    assert spin(text, war="battle", news="information", example="instance") == text


def test_a_verb_in_front_of_a_contracted_not_is_left_alone():
    assert spin("they do so but don’t say", do="perform") == "they perform so but don’t say"


def test_an_entry_that_changes_nothing_is_no_entry():
    assert gold("the army and Army", army="Army") == []


# How it is written


def test_the_first_capital_is_kept():
    assert spin("During the parade, during it", during="throughout") == "Throughout the parade, throughout it"


def test_every_capital_of_a_name_of_several_words_is_kept():
    assert spin("the Prime Minister", prime_minister="head of government") == "the Head Of Government"


def test_the_capital_of_an_entry_is_kept():
    assert spin("the chinese visit", chinese="Chinese language") == "the Chinese language visit"


def test_a_contraction_joins_the_word_in_front_of_it():
    assert spin("it will help", will="’s going to") == "it’s going to help"


def test_a_contraction_that_is_written_out_gets_its_space():
    spun, table = Spinner(pd.DataFrame({"original": ["I’m"], "spun": ["I am"]}), 1.0).spin("I’m sure")
    assert spun == "I am sure"
    assert table[["spun_start", "spun_end", "reference_start", "reference_end"]].to_numpy().tolist() == [[2, 4, 1, 3]]


# Which dictionary


def test_of_several_replacements_the_first_is_the_favourite():
    entries = pd.DataFrame({"original": ["war", "war"], "spun": ["battle", "conflict"]})
    assert Spinner(entries, 1.0).spin("a war")[0] == "a battle"


def test_of_several_replacements_the_one_with_most_support_is_the_favourite():
    entries = pd.DataFrame({"original": ["war", "war"], "spun": ["battle", "conflict"], "support": [2, 9]})
    assert Spinner(entries, 1.0).spin("a war")[0] == "a conflict"


def test_an_empty_dictionary_changes_nothing():
    text = "Kim left."
    assert Spinner(dictionary()).spin(text)[0] == text


@pytest.mark.parametrize("rate", [-0.1, 1.1, 90])
def test_a_rate_that_is_no_share_is_an_error(rate):
    with pytest.raises(ValueError, match="rate is a share from 0 to 1"):
        Spinner(dictionary(war="battle"), rate)


def test_a_dictionary_without_originals_is_an_error_that_names_the_column():
    with pytest.raises(ValueError, match=r"lacks the column\(s\) original$"):
        Spinner(pd.DataFrame({"spun": ["battle"]}))


def test_the_same_seed_gives_the_same_text():
    text = "The military met. " * 40
    assert spin(text, rate=0.5, seed=3, military="army") == spin(text, rate=0.5, seed=3, military="army")


def test_another_seed_takes_other_chances():
    text = "The military met. " * 40
    assert spin(text, rate=0.5, seed=3, military="army") != spin(text, rate=0.5, seed=4, military="army")


# The truth


def test_the_gold_table_names_each_substitution():
    assert gold("Kim said the war is over.", said="mentioned", war="warfare") == [
        ("mentioned", "said"),
        ("warfare", "war"),
    ]


def test_a_word_that_entry_and_replacement_share_stays_outside_the_gold():
    assert gold("It is a good friend.", a_good_friend="a fine friend") == [("fine", "good")]


def test_a_word_put_in_keeps_its_neighbour_in_the_gold():
    assert gold("for the public there", the_public="the general public") == [("general public", "public")]


def test_an_unchanged_text_has_a_gold_table_without_rows_but_with_all_columns():
    table = Spinner(dictionary(war="battle")).spin("Kim left.")[1]
    assert table.empty
    assert list(table.columns) == GOLD_COLUMNS


@pytest.mark.parametrize(
    ("spun", "original", "shown"),
    [
        ("army", "military", ("army", "military")),
        ("the general public", "the public", ("general public", "public")),
        ("public show", "public", ("public show", "public")),
        ("government", "federal government", ("government", "federal government")),
        ("for the reason that", "since the", ("for the reason that", "since the")),
        ("a fine friend", "a good friend", ("fine", "good")),
    ],
)
def test_a_gold_substitution_is_minimal(spun, original, shown):
    text = f"in {original} then"
    a, b, c, d = minimal(spun, text, 3, 3 + len(original))
    assert (spun[a:b], text[c:d]) == shown


def test_an_unchanged_phrase_leaves_an_empty_span():
    a, b, c, d = minimal("the army", "see The Army now", 4, 12)
    assert (a, c) == (b, d)


def test_pieces_are_joined_to_a_text_with_its_gold():
    pieces = [Piece("Xi ", 0, 3, False), Piece("mentioned", 3, 7, True), Piece(" so", 7, 10, False)]
    text, table = assemble(pieces, "Xi said so")
    assert text == "Xi mentioned so"
    assert table.to_numpy().tolist() == [[3, 12, 3, 7, "mentioned", "said", True]]


TEXTS = [
    "Xi also reportedly told Kim that China and North Korea are “good neighbours, good friends and good comrades” that "
    "share one destiny, and he was willing to “defend, consolidate and develop” the countries’ relations, KCNA said.",
    "Recommended Stories\n\nlist of 3 items\nend of list\n\nKim didn’t meet Putin. It’s what the U.S. (and he) said.",
]


@st.composite
def spinners(draw) -> tuple[Spinner, str]:
    text = draw(st.sampled_from(TEXTS))
    words = [token.fold for token in tokens(text) if is_word(token.fold) and "'" not in token.fold]
    phrase = st.lists(st.sampled_from(words), min_size=1, max_size=3).map(" ".join)
    entries = draw(st.lists(st.tuples(phrase, phrase), max_size=15))
    places = draw(st.lists(st.integers(0, len(words) - 3), max_size=10))
    entries += [(" ".join(words[place : place + 2]), draw(phrase)) for place in places]
    table = pd.DataFrame(entries, columns=["original", "spun"])
    return Spinner(table, draw(st.sampled_from([0.4, 1.0])), draw(st.integers(0, 5))), text


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(spinners())
def test_the_gold_offsets_give_the_words_back_from_both_texts(case):
    spinner, text = case
    spun, table = spinner.spin(text)
    for row in table.itertuples():
        assert spun[row.spun_start : row.spun_end] == row.spun != ""
        assert text[row.reference_start : row.reference_end] == row.original != ""
        assert fold(row.spun) != fold(row.original)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(spinners())
def test_the_gold_originals_put_back_give_the_text(case):
    spinner, text = case
    spun, table = spinner.spin(text)
    restored, at = [], 0
    for row in table.itertuples():
        restored += [spun[at : row.spun_start], row.original]
        at = row.spun_end
    assert "".join([*restored, spun[at:]]) == text


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(spinners())
def test_no_gold_substitution_but_an_added_or_dropped_word_shares_its_first_or_last_word(case):
    spinner, text = case
    for spun, original in spinner.spin(text)[1][["spun", "original"]].itertuples(index=False, name=None):
        words, originals = ([token.fold for token in tokens(side)] for side in (spun, original))
        if min(len(words), len(originals)) > 1 or len(words) == len(originals):
            assert words[0] != originals[0]
            assert words[-1] != originals[-1]


@pytest.mark.parametrize("column", ["original", "spun"])
@pytest.mark.parametrize("empty", [None, float("nan"), "", " ", 7])
def test_a_row_of_the_dictionary_without_a_phrase_is_named(column, empty):
    row = {"original": "army", "spun": "military"} | {column: empty}
    entries = pd.DataFrame([{"original": "war", "spun": "battle"}, row])
    with pytest.raises(ValueError, match=rf"the spinner’s mapping’s row 1 has no phrase in {column}: .*Mend: fill it"):
        Spinner(entries)
