"""Sites side by side: how near their dictionaries are, what is typical, who shares one, and when no answer is given."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

from helpers.sites import (
    furniture_fingerprint,
    shared_dictionary_test,
    site_distances,
    site_replacements,
    typical_replacements,
)
from helpers.sites.dictionary_test import (
    REFUSED,
    SHARED,
    agreements,
    deal_freely,
    holm,
)
from helpers.sites.distances import cluster_sites
from helpers.sites.habits import _agreeing, _readiness, _ways, chance_of_agreeing, majorities

SITES = ["a.example", "b.example", "c.example", "d.example"]
WORDS = [f"word{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(60)]


def substitutions_of(*rows: tuple) -> pd.DataFrame:
    """Rows of site, spun_id, reference_id, original, spun."""
    return pd.DataFrame(rows, columns=["site", "spun_id", "reference_id", "original", "spun"]).assign(kind="synonym")


def pages(books: dict[str, dict[str, str]], articles: int = 6, share: float = 1.0, seed: int = 0) -> pd.DataFrame:
    """What sites with these dictionaries make of sources of their own, each word once in every article."""
    rng = np.random.default_rng(seed)
    rows = [
        (site, f"{site} {number}", f"source of {site} {number}", original, spun)
        for site, book in books.items()
        for number in range(articles)
        for original, spun in book.items()
        if rng.random() < share
    ]
    return substitutions_of(*rows)


def dictionary(seed: int, synonyms: int = 3) -> dict[str, str]:
    rng = np.random.default_rng(seed)
    return {word: f"{word}{'xyzuvw'[rng.integers(synonyms)]}" for word in WORDS}


def test_furniture_is_no_part_of_a_dictionary():
    rows = substitutions_of(("a", "1", "r", "Source", "Supply"), ("a", "1", "r", "army", "military"))
    rows.loc[0, "kind"] = "boilerplate"
    assert site_replacements(rows)["original"].tolist() == ["army"]


def test_the_distance_is_jensen_and_shannons():
    rows = substitutions_of(
        ("a", "1", "r", "army", "military"), ("a", "1", "r", "army", "military"), ("a", "1", "r", "army", "force"),
        ("b", "2", "r", "army", "military"), ("b", "2", "r", "army", "troops"), ("b", "2", "r", "army", "troops"),
    )  # fmt: skip
    expected = jensenshannon([2 / 3, 1 / 3, 0], [1 / 3, 0, 2 / 3], base=2)
    assert site_distances(rows).loc["a", "b"] == pytest.approx(expected)


def test_rates_and_subjects_do_not_count_in_a_distance():
    often = pages({"a": dictionary(1), "b": dictionary(1)}, share=0.9)
    rare = pages({"c": {word: spun for word, spun in dictionary(1).items() if word < "wordba"}}, articles=1)
    distances = site_distances(pd.concat([often, rare]))
    assert distances.to_numpy() == pytest.approx(np.zeros((3, 3)))


def test_the_distance_of_sites_without_a_common_original_is_not_known():
    rows = substitutions_of(("a", "1", "r", "army", "military"), ("b", "2", "r", "war", "battle"))
    distances = site_distances(rows)
    assert np.isnan(distances.loc["a", "b"])
    assert distances.attrs["shared"] == [[0, 0], [0, 0]]
    assert cluster_sites(distances)[0, 2] == 1.0


def test_there_is_no_distance_where_there_is_no_site():
    assert site_distances(substitutions_of()).empty


def test_a_tree_joins_the_sites_with_one_dictionary_first(substitutions):
    distances = site_distances(substitutions)
    first = cluster_sites(distances)[0]
    assert {distances.index[int(place)] for place in first[:2]} == {"dailybrief.example", "worldpulse.example"}


def test_a_tree_needs_two_sites():
    with pytest.raises(ValueError, match="two sites, not 1"):
        cluster_sites(pd.DataFrame([[0.0]], index=["a"], columns=["a"]))


def test_typical_is_what_the_others_do_not_choose():
    books = {site: {"army": "military", "war": "battle"} for site in SITES} | {"e": {"army": "troops", "war": "battle"}}
    typical = typical_replacements(pages(books))
    assert set(typical["original"]) == {"army"}  # all put battle for war: typical of nobody
    strongest = typical.sort_values("z").iloc[-1]
    assert (strongest["site"], strongest["spun"]) == ("e", "troops")
    assert strongest["z"] > 2


def test_what_nearly_all_put_is_typical_of_none_of_them(substitutions):
    typical = typical_replacements(substitutions).set_index(["site", "original", "spun"])
    assert typical.loc[("dailybrief.example", "in", "within"), "z"] < 2


# The test of a shared dictionary


def test_the_two_simulated_sites_with_one_dictionary_are_found_and_no_other_pair(substitutions):
    test = shared_dictionary_test(substitutions)
    found = test[test["verdict"] == SHARED]
    assert found[["site_a", "site_b"]].to_numpy().tolist() == [["dailybrief.example", "worldpulse.example"]]
    assert found["p_holm"].iloc[0] < 0.01
    assert found["chances"].iloc[0] > 100
    assert (test.loc[test["p_holm"].notna() & (test["verdict"] != SHARED), "p_holm"] > 0.5).all()


def test_a_site_with_one_article_gets_no_answer_and_is_told_why(substitutions):
    test = shared_dictionary_test(substitutions)
    real = test[(test["site_a"] == "orbitalnewsnetwork.com") | (test["site_b"] == "orbitalnewsnetwork.com")]
    assert set(real["verdict"]) == {REFUSED}
    assert real["p"].isna().all()
    assert real["reason"].str.contains("fewer than 3 compared articles: orbitalnewsnetwork.com").all()


def test_three_sites_are_too_few_to_say_how_much_others_agree():
    test = shared_dictionary_test(pages({site: dictionary(number) for number, site in enumerate(SITES[:3])}))
    assert set(test["verdict"]) == {REFUSED}
    assert test["reason"].str.contains("fewer than 4 sites").all()


def test_few_common_originals_are_too_little():
    books = {site: dict(list(dictionary(number).items())[:12]) for number, site in enumerate(SITES)}
    test = shared_dictionary_test(pages(books))
    assert set(test["verdict"]) == {REFUSED}
    assert test["reason"].str.contains("informative originals in common").all()


def test_where_all_agree_nothing_can_be_learnt():
    test = shared_dictionary_test(pages({site: dictionary(1) for site in SITES}))
    assert set(test["verdict"]) == {REFUSED}
    assert (test["agreement"] == 1).all()
    assert (test["informative"] == 0).all()


def test_a_shared_dictionary_is_found_and_independent_ones_are_not():
    books = {site: dictionary(number) for number, site in enumerate(SITES)} | {"twin.example": dictionary(0)}
    test = shared_dictionary_test(pages(books, share=0.6), permutations=1_999)
    assert test.loc[test["verdict"] == SHARED, ["site_a", "site_b"]].to_numpy().tolist() == [
        ["a.example", "twin.example"]
    ]


def test_two_dictionaries_that_keep_to_common_synonyms_do_not_pass_for_one():
    def habit(seed: int, strict: float) -> dict[str, str]:
        rng = np.random.default_rng(seed)
        return {word: f"{word}x" if rng.random() < strict else f"{word}{'yzuvw'[rng.integers(5)]}" for word in WORDS}

    alarms = 0
    for seed in range(12):
        strictness = dict(zip(SITES, [0.75, 0.75, 0.4, 0.4], strict=True))
        books = {site: habit(10 * seed + number, strict) for number, (site, strict) in enumerate(strictness.items())}
        test = shared_dictionary_test(pages(books), permutations=399, seed=seed)
        alarms += bool((test["p_holm"] <= 0.05).any())
    assert alarms <= 2  # freely dealt alone, nearly all twelve would be alarms


def test_replacements_from_the_same_source_are_not_compared():
    rows = [(site, f"{site} 1", "one source", word, f"{word}x") for site in SITES for word in WORDS]
    agree, known = agreements(substitutions_of(*rows), SITES)
    assert not known.any()
    assert len(agree) == 0


def test_inflections_of_a_word_count_once():
    rows = [
        (site, f"{site} {number}", f"{site} {number}", original, spun)
        for site in SITES
        for number in range(3)
        for original, spun in [("said", "stated"), ("says", "states"), ("saying", "stating")]
    ]
    agree, known = agreements(substitutions_of(*rows), SITES)
    assert len(agree) == 1
    assert agree[known].all()


def test_the_order_of_rows_and_sites_changes_nothing():
    found = pages({site: dictionary(number) for number, site in enumerate(SITES)}, share=0.7)
    one = shared_dictionary_test(found, permutations=199)
    other = shared_dictionary_test(found.sample(frac=1, random_state=1), permutations=199)
    pd.testing.assert_frame_equal(one, other)


def test_categories_give_what_texts_give():
    found = pages({site: dictionary(number % 3) for number, site in enumerate(SITES)}, share=0.6)
    one = shared_dictionary_test(found, permutations=99)
    categories = found.astype("category")
    categories["site"] = categories["site"].cat.add_categories(["never.example"])
    pd.testing.assert_frame_equal(one, shared_dictionary_test(categories, permutations=99))
    pd.testing.assert_frame_equal(one, shared_dictionary_test(found.astype(object), permutations=99))


def test_holms_correction_is_never_smaller_than_the_p_value_and_keeps_their_order():
    p = pd.Series(np.random.default_rng(0).random(20))
    corrected = holm(p)
    assert (corrected >= p).all()
    assert corrected[p.argsort()].is_monotonic_increasing


def random_agreements(seed: int = 0, originals: int = 40, sites: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(3, size=(originals, sites))
    agree = labels[:, :, None] == labels[:, None, :]
    agree[:, range(sites), range(sites)] = False
    return agree, np.ones((originals, sites), dtype=bool)


def test_dealing_keeps_how_much_there_is_to_agree_on():
    agree, present = random_agreements()
    dealt = deal_freely(agree, present, 50, np.random.default_rng(0))
    assert dealt.shape == (50, 10)
    assert (dealt.sum(axis=1) == agree.sum() // 2).all()
    assert len(np.unique(dealt, axis=0)) > 40


def test_a_site_that_lacks_an_original_is_dealt_nothing_of_it():
    agree, present = random_agreements()
    agree[:, 4] = agree[:, :, 4] = False
    present[:, 4] = False
    dealt = deal_freely(agree, present, 20, np.random.default_rng(0))
    assert (dealt[:, [3, 6, 8, 9]] == 0).all()


def agreements_of_labels(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What `majorities` takes, from what each site puts for each original; below 0: nothing."""
    agree = (labels[:, :, None] == labels[:, None, :]) & (labels[:, :, None] >= 0)
    agree[:, range(labels.shape[1]), range(labels.shape[1])] = False
    return agree, labels >= 0


def test_habits_are_weighed_over_all_majorities_in_which_the_two_sites_are_not_both():
    has = np.array([[1, 0, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 0]], dtype=float)
    present = np.array([[True] * 5, [True] * 5, [True, False, True, True, True]])
    weights = np.array([0.5, 2.0, 1.5, 0.8, 3.0])
    ways, readiness = _ways(weights, has, present, 0, 1), _readiness(weights, has, present, 0, 1)
    for row, (mine, there) in enumerate(zip(has, present, strict=True)):
        sets = [one for one in combinations(np.flatnonzero(there), int(mine.sum())) if not {0, 1} <= {*one}]
        each = [weights[list(one)].prod() for one in sets]
        assert ways[row] == pytest.approx(sum(each))
        likely = [sum(w for one, w in zip(sets, each, strict=True) if site in one) / sum(each) for site in range(5)]
        assert readiness[row] == pytest.approx(likely)


def test_two_sites_agree_by_habit_as_often_as_when_all_are_dealt_out_by_their_weights():
    labels = np.array([[0, 0, 1, 2, 1], [0, 0, 0, 1, 1], [0, 1, 0, 2, 3], [0, 0, 1, 2, -1]])
    found = majorities(*agreements_of_labels(labels))
    weights = np.array([0.5, 2.0, 1.5, 0.8, 3.0])
    chances = _agreeing(found, weights[None], 0, 1)[0]
    for row, dealt in enumerate(labels[[1, 2, 3]]):  # of the first, two replacements are had by as many
        there = np.flatnonzero(dealt >= 0)
        most = np.bincount(dealt[there]).argmax()
        ways = [dict(zip(there, order, strict=True)) for order in permutations(dealt[there])]
        each = [np.prod([weights[site] for site, label in way.items() if label == most]) for way in ways]
        alike = sum(weight for way, weight in zip(ways, each, strict=True) if way[0] == way[1])
        assert chances[row] == pytest.approx(alike / sum(each))


def test_a_majority_that_two_sites_make_themselves_is_not_their_habit():
    """As in the shipped corpus: two sites agree nearly always, and so there is no majority without them."""
    labels = np.array([[0, 0, 1, 2]] * 90 + [[0, 0, 0, 1], [0, 0, 1, 0]] * 8 + [[0, 1, 2, 2], [0, 1, 1, 2]] * 3)
    found = majorities(*agreements_of_labels(labels))
    assert chance_of_agreeing(found, 0, 1, np.random.default_rng(0)) < 0.002
    assert chance_of_agreeing(found, 0, 2, np.random.default_rng(0)) > 0.5


def test_two_sites_that_have_what_most_have_agree_by_habit():
    rng = np.random.default_rng(1)
    common = rng.random((150, 4)) < np.array([0.75, 0.75, 0.4, 0.4])
    labels = np.where(common, 0, rng.integers(1, 40, size=(150, 4)))
    agree, present = agreements_of_labels(labels)
    observed = agree[:, 0, 1].sum()
    assert (deal_freely(agree, present, 199, rng)[:, 0] < observed).all()
    assert chance_of_agreeing(majorities(agree, present), 0, 1, rng) > 0.05


def test_sites_that_meet_on_no_original_agree_by_any_chance():
    found = majorities(*agreements_of_labels(np.array([[0, -1, 0, 1], [-1, 0, 0, 1]])))
    assert chance_of_agreeing(found, 0, 1, np.random.default_rng(0)) == 1.0


# Furniture


def test_furniture_of_several_sites_comes_first(articles, substitutions, pairs, alignment):
    from helpers.findings import paragraphs

    lines = furniture_fingerprint(articles, paragraphs(pairs, alignment, substitutions), substitutions)
    assert lines.index[0] == "Supply hyperlink"
    assert lines.iloc[0]["original"] == "Source link"
    assert lines.iloc[0]["sites"] == 2
    assert lines.loc["Supply hyperlink", "dailybrief.example"] == 1.0
    assert lines["sites"].is_monotonic_decreasing
