"""What may have stood in a word's place: that the choices are wide, pooled, ranked, and believed as was learnt."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.train_asked import BOOSTING, fit_ranking, fit_trees
from helpers.mapping.field import field_dictionary
from helpers.restoration.choices import CHOICE_FEATURES, RANK_FEATURES, choices, ranked, where
from helpers.restoration.model_gain import ASKED_FEATURES, gains
from helpers.restoration.trees import Tree, Trees, log_odds_by_trees, trees
from helpers.restore import restore
from helpers.text.annotated import read

TEXT = (
    "The general despatched three troopers to the border. Two troopers were wounded in the assembly, he mentioned. "
    "The troopers additionally fought in World Battle II."
)


@pytest.fixture(scope="module")
def reading():
    return read(TEXT)


@pytest.fixture(scope="module")
def found(reading):
    return {one.word: one for one in choices(reading, where(reading))}


def test_choices_come_from_moby_from_wordnet_and_from_the_model_itself(found):
    """Moby has meeting for assembly, WordNet sent for despatched; what the model has, neither need have."""
    assert "meeting" in found["assembly"].names
    assert "sent" in found["despatched"].names
    moby, near, own = (found["border"].values[0, :, RANK_FEATURES.index(name)] for name in ("moby", "near", "own"))
    assert moby.any()
    assert near.any()
    assert (own.astype(bool) & ~moby.astype(bool) & ~near.astype(bool)).any()


def test_what_the_model_says_of_a_choice_is_pooled_over_all_places_of_the_word(found, reading):
    one = found["troopers"]
    assert [reading.words[place] for place in one.places] == ["troopers"] * 3
    gain, pooled = (one.values[:, :, RANK_FEATURES.index(name)] for name in ("gain", "pooled_gain"))
    np.testing.assert_allclose(pooled, np.broadcast_to(gain.mean(axis=0), pooled.shape))
    assert len(np.unique(gain[:, one.names.index("soldiers")])) == 3


def test_a_word_is_no_choice_for_itself_and_all_that_is_said_is_finite(found):
    assert all(one.word not in one.names for one in found.values())
    assert all(np.isfinite(one.values).all() for one in found.values())
    assert all(one.values.shape == (len(one.places), len(one.names), len(RANK_FEATURES)) for one in found.values())


def test_the_original_is_ranked_first_where_a_reader_would_rank_it_first(reading):
    best = ranked(reading, where(reading)).set_index("word")["original"]
    assert best["battle"] == "war"
    assert best["mentioned"] == "said"
    assert best["troopers"].mode().tolist() == ["soldiers"]


@given(st.text(max_size=60))
@settings(max_examples=10, deadline=None)  # each asks the model
def test_of_any_text_every_best_choice_has_all_that_is_weighed(text):
    reading = read(text)
    rows = ranked(reading, where(reading))
    assert np.isfinite(rows[CHOICE_FEATURES].to_numpy(dtype=float)).all()
    assert rows["first"].is_unique


def test_rows_of_a_table_are_asked_of_the_model_too(reading):
    found = pd.DataFrame([(17, 17, "said"), (27, 27, "war")], columns=["first", "last", "original"])
    found["first"] = found["last"] = [reading.words.index("mentioned"), reading.words.index("battle")]
    rows = gains(reading, found, where(reading), ranked(reading, where(reading)))
    assert set(rows.columns) == set(ASKED_FEATURES)
    assert (rows["gain"] > 0).all()
    assert (rows["agrees"] == 1).all()


def test_without_rows_nothing_is_asked(reading):
    nothing = pd.DataFrame(columns=["first", "last", "original"])
    assert gains(reading, nothing, where(reading), ranked(reading, where(reading))).empty
    assert choices(read(""), {}) == []
    assert ranked(read(""), {}).empty


def test_trees_as_they_are_kept_say_what_the_library_that_grew_them_says():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(2_000, 3)), columns=["a", "b", "c"])
    table["right"] = table["a"] * table["b"] + rng.normal(size=2_000) > 0.5
    table["kind"] = "amber"
    kept, names = fit_trees(table, ["a", "b", "c"]), ["a", "b", "c"]
    grown = [Tree(*map(np.array, one)) for one in kept["trees"]]
    odds = log_odds_by_trees(table, Trees(kept["names"], kept["base"], grown))
    library = HistGradientBoostingClassifier(**BOOSTING, random_state=0).fit(table[names].to_numpy(), table["right"])
    apart = np.abs(odds - library.decision_function(table[names].to_numpy()))
    assert np.quantile(apart, 0.95) < 0.001  # thresholds have six digits: a value upon one may fall on its other side


def test_a_ranking_learns_what_tells_the_right_one():
    rng = np.random.default_rng(0)
    examples = []
    for _ in range(200):
        one = rng.normal(size=(5, 2))
        one[0, 1] += 2  # the right one stands first, and is higher in the second feature
        examples.append(one)
    worth = fit_ranking(examples, np.ones(200))
    assert worth[1] > 1 > abs(worth[0])


@pytest.mark.parametrize("task", ["word", "table"])
def test_the_trees_that_come_along_ask_only_for_what_is_there(task):
    learnt = trees(task)
    assert learnt.names
    for tree in learnt.trees:
        assert tree.feature.max() < len(learnt.names)
        assert (tree.left[tree.feature >= 0] > 0).all()


def test_the_fields_dictionary_is_a_mapping_as_it_is():
    changes = restore("The president mentioned on Monday that it was over.", field_dictionary(), 0.3).changes
    assert ("mentioned", "said") in set(zip(changes["spun"], changes["original"], strict=True))
