"""The keys by which a source is found among millions: what spinning leaves of them, and what it may not add."""

import numpy as np
import pytest

from helpers.sources.index import content_words, ordered_pairs
from helpers.sources.keys import BANDS, text_keys

MADE_UP = [f"{first}{second}" for first in "bcdfghklmnprst" for second in ("aunder", "erkle", "oltery", "ustin")]
SOURCE = (
    "President Ronan Keld met 27 envoys in Tarvik on Monday. He said that World War II had taught the people of the "
    "harbour what hunger means. The Prime Minister thanked the fishermen for their help."
)
SPUN = (
    "President Ronan Keld met 27 ambassadors in Tarvik on Monday. He stated that World Battle II had educated the "
    "residents of the harbour what starvation means. The Prime Pastor thanked the anglers for their aid."
)
OTHER = (
    "Rinse the lentils and leave them in cold water overnight. Chop two onions and fry them until they are golden. "
    "Serve the soup with bread."
)


def keys(text: str) -> np.ndarray:
    return text_keys(text, content_words(text))


def bands_alone(words: list[str]) -> list[int]:
    """What the texts with these words have in common, whatever their order: the keys that know no order."""
    return np.intersect1d(keys(f"{' '.join(words)}."), keys(f"{' '.join(reversed(words))}.")).tolist()


def shared(one: str, other: str) -> int:
    return len(np.intersect1d(keys(one), keys(other)))


def test_a_spun_article_keeps_keys_of_its_source():
    assert shared(SPUN, SOURCE) >= 5


def test_an_article_on_something_else_has_no_key_of_it():
    assert shared(OTHER, SOURCE) == 0


def test_each_key_stands_once_and_they_are_in_order():
    found = keys(f"{SOURCE} {SOURCE}")
    assert found.dtype == np.uint64
    assert (found[1:] > found[:-1]).all()


def test_the_same_text_has_the_same_keys_however_its_words_are_spaced_and_quoted():
    assert keys(SOURCE.replace(" ", "  ")).tolist() == keys(SOURCE).tolist()
    assert keys("He didn't see World War II.").tolist() == keys("He didn’t see World War II.").tolist()


@pytest.mark.parametrize("text", ["", " \n ", "…", "It was what they were and he is."])
def test_a_text_without_content_words_has_no_keys(text):
    found = keys(text)
    assert len(found) == 0
    assert found.dtype == np.uint64


def test_a_single_word_has_keys():
    assert len(keys("Tarvik")) == BANDS


def test_a_replaced_word_takes_its_own_pairs_and_no_others():
    """In “World Battle II” the pair of World and II is left; a name alone is a key, however much is replaced around."""
    assert shared("At Tarvik World War II began.", "At Tarvik World Battle II began.") > 0
    assert shared("They sailed to Tarvik.", "People journeyed towards Tarvik.") > 0


def test_the_order_of_words_counts():
    """Backwards the same words share the bands, which know no order, and not one pair."""
    assert len(keys(f"{' '.join(MADE_UP)}.")) > BANDS + 10
    assert len(bands_alone(MADE_UP)) == BANDS


def test_no_pair_reaches_from_one_sentence_into_the_next():
    """A full stop in every gap takes all pairs; the bands are of the whole text and stay."""
    assert keys(f"{'. '.join(map(str.capitalize, MADE_UP))}.").tolist() == bands_alone(MADE_UP)
    assert len(keys(f"{' '.join(MADE_UP)}.")) > BANDS


def test_of_pairs_of_common_words_one_in_four_is_kept():
    """So a corpus of millions stays in bounds, and every article keeps the same ones, by their hash."""
    text = f"{' '.join(MADE_UP)}."
    (words,) = ([word for word, _ in sentence] for sentence in content_words(text))
    every = len(ordered_pairs(words))
    assert every > 100
    assert every / 6 < len(keys(text)) - BANDS < every / 3


def test_pairs_of_names_and_figures_are_all_kept():
    """No dictionary has them: “World War II” may become “World Battle II”, “Ronan Keld” stays."""
    text = "they saw Arkel Brunt Corvin Dastel Elmor 1944 1945 Farrady."
    (words,) = ([word for word, _ in sentence] for sentence in content_words(text))
    names = words[-8:]
    assert names == ["arkel", "brunt", "corvin", "dastel", "elmor", "1944", "1945", "farrady"]
    assert len(keys(text)) >= BANDS + len(names) + len(ordered_pairs(names))


def test_texts_that_share_half_their_words_meet_by_their_bands():
    """No pair of neighbours is the same in both, and none of the words is a name."""
    rng = np.random.default_rng(0)
    other = rng.permutation([*MADE_UP[:40], *(f"{word}ly" for word in MADE_UP[40:])]).tolist()
    assert 0 < shared(f"{' '.join(MADE_UP)}.", f"{' '.join(other)}.") < BANDS
