"""What must hold for any pair of texts: nothing lost, nothing made up, no input that takes for ever."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.align import align, fold
from helpers.comparison.alignment.align import UnrelatedWarning
from helpers.comparison.alignment.em_reader import MOST_CELLS
from helpers.spinner import Spinner
from helpers.substitutions import find_substitutions

WORDS = "war party news people army meeting leader support close public military government said told after".split()
SENTENCE = st.lists(st.sampled_from([*WORDS, "the", "of", "in", "Kim", "Beijing", "Putin"]), min_size=3, max_size=14)
TEXT = st.lists(SENTENCE.map(lambda words: " ".join(words).capitalize() + "."), min_size=1, max_size=6).map(" ".join)
REPLACEMENT = st.sampled_from(
    ["battle", "celebration", "information", "folks", "general public", "based on", "made use", "chief", "help"]
)
DICTIONARY = st.dictionaries(st.sampled_from(WORDS), REPLACEMENT, min_size=1).map(
    lambda entries: pd.DataFrame(entries.items(), columns=["original", "spun"])
)


def spin(text: str, dictionary: pd.DataFrame) -> str:
    return Spinner(dictionary, rate=0.7, seed=1).spin(text)[0]


def places(found: pd.DataFrame, mirrored: bool = False) -> set[tuple[int, ...]]:
    columns = ["spun_start", "spun_end", "reference_start", "reference_end"]
    columns = columns[2:] + columns[:2] if mirrored else columns
    return set(found[columns].itertuples(index=False, name=None))


@settings(max_examples=200)
@given(TEXT, DICTIONARY)
def test_swapping_the_sides_mirrors_the_substitutions(text, dictionary):
    spun = spin(text, dictionary)
    assert places(find_substitutions(spun, text)) == places(find_substitutions(text, spun), mirrored=True)


def test_swapping_the_sides_of_the_real_article_mirrors_its_substitutions(spun_text, reference_text):
    there, back = find_substitutions(spun_text, reference_text), find_substitutions(reference_text, spun_text)
    assert places(there) == places(back, mirrored=True)


def put_back(spun: str, found: pd.DataFrame) -> str:
    for row in found.sort_values("spun_start", ascending=False).itertuples():
        spun = spun[: row.spun_start] + row.original + spun[row.spun_end :]
    return spun


def test_putting_the_originals_back_gives_the_reference_of_the_real_article(spun_text, reference_text):
    restored = put_back(spun_text, find_substitutions(spun_text, reference_text))
    # Where a clitic stood for a word, the space in front of it lies outside the substitution.
    assert fold(restored).replace(" ", "") == fold(reference_text).replace(" ", "")


@settings(max_examples=200)
@given(TEXT, DICTIONARY)
def test_putting_the_originals_back_gives_the_reference_where_nothing_moved(text, dictionary):
    spun = spin(text, dictionary)
    alignment = align(spun, text)
    one_sided = alignment[alignment["op"].isin(["insert", "delete", "move"])]
    if one_sided.empty:
        assert fold(put_back(spun, find_substitutions(spun, text))) == fold(text)
    assert alignment["reference"].str.cat() == text


HARD = {
    "one word a thousand times": ("the " * 3000, "the " * 2500),
    "two words in turn": ("war and " * 2000, "battle and " * 2000),
    "emoji": ("😀 " * 5000, "😀 " * 4990),
    "right to left": ("شلوم עולם " * 500, "مرحبا עולם " * 500),
    "nothing in common": (" ".join(f"a{i}" for i in range(3000)), " ".join(f"b{i}" for i in range(3000))),
    "function words only": ("of in to " * 3000, "by at on " * 3000),
    "a word of a million letters": ("x" * 1_000_000, "y" * 1_000_000),
    "a million spaces": (" " * 1_000_000 + "a", " " * 999_000 + "a"),
    "a hundred thousand signs": ("!?" * 50_000, "?!" * 50_000),
    "composed and decomposed letters": ("café " * 500, "cafe\u0301 " * 500),
}


@pytest.mark.filterwarnings(f"ignore::{UnrelatedWarning.__module__}.UnrelatedWarning")
@pytest.mark.parametrize("name", HARD)
def test_a_hard_input_is_aligned_without_loss(name):
    spun, reference = HARD[name]
    alignment = align(spun, reference)
    assert alignment["spun"].str.cat() == spun
    assert alignment["reference"].str.cat() == reference


def test_composed_and_decomposed_letters_are_the_same_word():
    assert find_substitutions("The café in Beijing was shut.", "The cafe\u0301 in Beijing was closed.")[
        "spun"
    ].tolist() == ["shut"]


def test_a_passage_rewritten_throughout_is_no_heap_of_substitutions(reference_text):
    mine, theirs = (" ".join(f"{letter}{number}" for number in range(60)) for letter in "xy")
    assert MOST_CELLS < 60 * 60
    found = find_substitutions(f"{reference_text}\n{mine}", f"{reference_text}\n{theirs}")
    assert len(found) == 0
