"""Sites side by side: how near their dictionaries are, what is typical, who shares one, and when no answer is given."""

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
    _step,
    _walk,
    agreements,
    deal_freely,
    deal_keeping_habits,
    holm,
)
from helpers.sites.distances import cluster_sites

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


@pytest.mark.parametrize("way", [deal_freely, deal_keeping_habits])
def test_dealing_keeps_how_much_there_is_to_agree_on(way):
    agree, present = random_agreements()
    dealt = way(agree, present, 50, np.random.default_rng(0))
    assert dealt.shape == (50, 10)
    assert (dealt.sum(axis=1) == agree.sum() // 2).all()
    assert len(np.unique(dealt, axis=0)) > 40


def test_dealing_with_habits_keeps_how_often_each_site_is_in_the_majority():
    labels = np.array([[0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 1, 1], [0, 0, 1, 2], [1, 2, 0, 0], [0, 1, 0, 2]] * 8)
    agree = labels[:, :, None] == labels[:, None, :]
    agree[:, range(4), range(4)] = False
    majority = np.array(
        [[1, 1, 1, 0], [1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]] * 8, dtype=np.int8
    )
    start = np.tile(np.arange(4, dtype=np.int8), (30, len(labels), 1))
    walked = _walk(start, majority, np.ones(labels.shape, dtype=bool), 400, np.random.default_rng(0))
    held = np.take_along_axis(np.broadcast_to(majority, walked.shape), walked.astype(int), axis=2)
    assert (held.sum(axis=1) == majority.sum(axis=0)).all()
    assert (np.sort(walked, axis=2) == np.arange(4)).all()
    assert len(np.unique(walked.reshape(30, -1), axis=0)) == 30


def test_a_step_is_what_the_rule_says_written_out_for_all_walks_at_once():
    rng = np.random.default_rng(3)
    walks, originals, sites = 200, 6, 5
    states = rng.permuted(np.tile(np.arange(sites, dtype=np.int8), (walks, originals, 1)), axis=2)
    majority, present = (rng.random((originals, sites)) < 0.4).astype(np.int8), rng.random((originals, sites)) < 0.8
    first, second = rng.integers(originals, size=(2, walks))
    one = rng.integers(sites, size=walks)
    other = (one + rng.integers(1, sites, size=walks)) % sites
    every, moved = np.arange(walks), states.copy()
    _step(moved, majority, present, first, second, one, other)

    def won(on):
        return majority[on, states[every, on, other]] - majority[on, states[every, on, one]]

    there, there_too = present[first, one] & present[first, other], present[second, one] & present[second, other]
    both = (won(first) + won(second) == 0) & (won(first) != 0) & (first != second) & there & there_too
    for moves, on in ((both | ((won(first) == 0) & there), first), (both, second)):
        walk, row, left, right = every[moves], on[moves], one[moves], other[moves]
        states[walk, row, left], states[walk, row, right] = states[walk, row, right], states[walk, row, left]
    assert both.any()
    assert (moved == states).all()


def test_a_site_that_lacks_an_original_is_dealt_nothing_of_it():
    agree, present = random_agreements()
    agree[:, 4] = agree[:, :, 4] = False
    present[:, 4] = False
    for way in (deal_freely, deal_keeping_habits):
        dealt = way(agree, present, 20, np.random.default_rng(0))
        assert (dealt[:, [3, 6, 8, 9]] == 0).all()


# Furniture


def test_furniture_of_several_sites_comes_first(articles, substitutions, pairs, alignment):
    from helpers.findings import paragraphs

    lines = furniture_fingerprint(articles, paragraphs(pairs, alignment, substitutions), substitutions)
    assert lines.index[0] == "Supply hyperlink"
    assert lines.iloc[0]["original"] == "Source link"
    assert lines.iloc[0]["sites"] == 2
    assert lines.loc["Supply hyperlink", "dailybrief.example"] == 1.0
    assert lines["sites"].is_monotonic_decreasing
