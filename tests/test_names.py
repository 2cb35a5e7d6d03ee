"""What looks like a proper name or title in a text."""

from importlib.resources import files

import pytest

from helpers.text.names import _adverbs, name_spans
from helpers.text.thesaurus import readings


def names(text: str) -> list[str]:
    return [text[start:end] for start, end in name_spans(text)]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("It was 80 years since the end of World War II.", "World War II"),
        ("He wrote a post on his Truth Social platform.", "Truth Social"),
        ("They attended with Foreign Minister Wang Yi on the day.", "Foreign Minister Wang Yi"),
        ("It was the outlet of the Korean Central News Agency on the day.", "Korean Central News Agency"),
    ],
)
def test_capitalised_words_in_a_row_are_one_name(sentence, name):
    assert names(sentence) == [name]


def test_of_stands_inside_a_name():
    assert names("He hailed the efforts of the Communist Party of China to defend it.") == ["Communist Party of China"]


def test_of_and_the_stay_outside_the_ends_of_a_name():
    assert names("They praised the army of the Kremlin of late.") == ["Kremlin"]


def test_and_parts_two_names():
    assert names("The meeting between Xi and Kim went on.") == ["Xi", "Kim"]


def test_a_comma_parts_two_names():
    assert names("Relations between Pyongyang, Beijing went on.") == ["Pyongyang", "Beijing"]


def test_a_possessive_ending_stays_outside_a_name():
    assert names("The parade in China’s capital went on.") == ["China"]


def test_a_possessive_ending_inside_a_name_belongs_to_it():
    assert names("Then the People’s Liberation Army paraded.") == ["People’s Liberation Army"]


@pytest.mark.parametrize("opening", ["Goodwill", "Seemingly", "During", "Following", "Meetings"])
def test_the_capital_that_opens_a_sentence_makes_no_name(opening):
    assert names(f"{opening} messages continued this week.") == []


def test_a_capital_behind_an_opening_quotation_mark_makes_no_name():
    assert names("He wrote: “Please give my regards to them.”") == []


def test_two_capitals_at_the_start_of_a_sentence_are_a_name():
    assert names("North Korea has sent soldiers.") == ["North Korea"]


def test_a_function_word_that_opens_a_sentence_is_no_part_of_the_name_behind_it():
    assert names("During Wednesday the parade went on.") == ["Wednesday"]


def test_a_hyphenated_word_that_opens_a_sentence_is_no_part_of_the_name_behind_it():
    assert names("Top-ranking Chinese Communist Party officials attended it.") == ["Chinese Communist Party"]


def test_a_name_that_opens_a_sentence_is_known_from_another_sentence():
    assert names("Putin added nothing. Then he told Putin so.") == ["Putin", "Putin"]


def test_a_word_that_also_stands_without_a_capital_is_no_name_at_the_start_of_a_sentence():
    text = "Military aid was sent. He joined the Military then. The military left."
    assert name_spans(text) == [(text.index("the Military") + 4, text.index(" then"))]


def test_a_headline_in_title_case_holds_no_names():
    assert names("European Cities Turn To Trees As Summers Grow Hotter") == []


def test_a_title_with_a_full_stop_belongs_to_the_name():
    assert names("The speaker was Dr. Miriam Ostrander of old.") == ["Dr. Miriam Ostrander"]


def test_a_full_stop_behind_anything_but_a_title_parts_two_names():
    assert names("He is in Beijing. Xi Jinping waits.") == ["Beijing", "Xi Jinping"]


def test_a_bracket_parts_two_names():
    text = "It was the Korean Central News Agency (KCNA) that wrote. They asked KCNA again."
    assert names(text) == ["Korean Central News Agency", "KCNA", "KCNA"]


def test_letters_beyond_english_can_open_a_name():
    assert names("They met at the École de Paris again.") == ["École de Paris"]


@pytest.mark.parametrize("text", ["", " \n", "🎉", "…", "no capital anywhere."])
def test_a_text_without_capitals_holds_no_names(text):
    assert names(text) == []


def test_the_names_of_the_real_reference_that_the_spinner_broke_are_found(reference_text):
    broken = {
        "World War II", "Korean Central News Agency", "Communist Party of China", "People’s Republic of China",
        "Chinese Communist Party", "Foreign Minister Wang Yi", "People’s Liberation Army", "Truth Social",
    }  # fmt: skip
    assert broken <= set(names(reference_text))


@pytest.mark.parametrize(
    "opening",
    [
        "Later",
        "Afterwards",
        "Yesterday",
        "Reportedly",
        "Meanwhile",
        "Sunday",
        "Said",
        "It’s",
        "Don’t",
        "- Later",
        "Outgoing",
        "Unlike",
        "Following",
        "Visiting",
    ],
)
def test_an_adverb_or_weekday_that_opens_a_sentence_is_no_part_of_the_name_behind_it(opening):
    assert names(f"{opening} Ada Lindqvist spoke to the crew.") == ["Ada Lindqvist"]


@pytest.mark.parametrize(
    "name",
    [
        "Sally Ride",
        "Italy Today",
        "Emily Lind",
        "North Korea",
        "Sunday Times",
        "Good Friday",
        "People’s Party",
        "Little Rock",
        "Young Turks",
    ],
)
def test_a_first_name_that_only_looks_like_an_adverb_or_day_stays(name):
    assert names(f"{name} was there.") == [name]


def test_a_pronoun_is_no_name_whatever_its_capital():
    assert names("He said then I saw Ada Lind and I’m Lind and World War I ended.") == [
        "Ada Lind",
        "Lind",
        "World War I",
    ]
    assert names("He said that I. M. Lind saw it.") == ["I. M. Lind"]
    assert names("He met Ada Lind, Will Berg and others.") == ["Ada Lind", "Will Berg"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("On Sunday Zurich voted.", ["Sunday", "Zurich"]),
        ("He told Ada Lind Thursday that it was so.", ["Ada Lind", "Thursday"]),
        ("In May Britain voted.", ["May", "Britain"]),
        ("He met April Jones on Black Friday there.", ["April Jones", "Black Friday"]),
    ],
)
def test_a_day_beside_a_name_is_one_of_its_own(sentence, found):
    assert names(sentence) == found


@pytest.mark.parametrize(
    "name",
    ["J.K. Lind", "J. K. Lind", "A. B. Lind", "George W. Lind", "Ada van der Berg", "Ursula von der Leyen", "de Gaulle",
     "Bashar al-Assad", "Ada d’Angelo", "Vincent van Gogh"],
)  # fmt: skip
def test_initials_and_particles_belong_to_a_name(name):
    assert names(f"It was {name} of old.") == [name]
    if name[0].isupper():
        assert names(f"{name} was there.") == [name]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was Plan B. Xi Jinping waits.", ["Plan B", "Xi Jinping"]),
        ("It was after World War I. The Netherlands waited.", ["World War I", "Netherlands"]),
        ("He came in a van Monday.", ["Monday"]),
    ],
)
def test_a_letter_that_numbers_and_a_van_are_no_parts_of_a_name(text, found):
    assert names(text) == found


def test_a_name_behind_a_closing_mark_does_not_open_a_sentence():
    assert names("“We go,“ Putin said. 'We go,' Xi said. He said: 'We go.'") == ["Putin", "Xi"]


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060"])
def test_a_name_is_one_whatever_cannot_be_seen_in_it(sign):
    text = "Later Ada Lindqvist met the board of the World Bank in Zurich."
    hidden = text.replace("Lindqvist", sign.join("Lindqvist")).replace("World", sign.join("World"))
    names = [hidden[start:end].replace(sign, "") for start, end in name_spans(hidden)]
    assert names == [text[start:end] for start, end in name_spans(text)]


def test_the_adverbs_are_the_words_that_the_dictionary_knows_as_nothing_else():
    """Of the words that English uses. Mend: python docs/scripts/adverbs.py."""
    counted = files("wordsegment").joinpath("unigrams.txt").read_text(encoding="utf-8").split()[::2]
    words = [word for word in counted if word.endswith("ly")]
    known = {word for word in words if (tags := {tag for _, _, tag in readings(word)}) and tags <= {"RB", "RBR", "RBS"}}
    assert len(known) > 1_000
    assert _adverbs() & {*words} == known
