"""What a site's spinner draws from is told by its words together; a site that tells nothing is taken as usual."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.restoration.decipher import READINGS, learnt
from helpers.restoration.site_evidence import EVIDENCE, Evidence
from helpers.restoration.site_thesauri import KINDS, Weights, adapted, kinds_of, oftener

USUAL = np.full(len(KINDS), 1 / len(KINDS))
EVEN = Weights(np.zeros(len(EVIDENCE)), 0.0, USUAL)


def evidence_of(rows: list[dict[str, float]], places: int = 1) -> Evidence:
    values = np.zeros((len(rows), len(EVIDENCE)), dtype=np.float32)
    for row, told in enumerate(rows):
        for name, value in told.items():
            values[row, EVIDENCE.index(name)] = value
    names = [f"name {number}" for number in range(len(rows))]
    return Evidence("word", np.arange(places), names, values, np.zeros((places, len(rows))), np.zeros((places, 2)))


def made_site(kind: str, words: int, lead: float, seed: int = 0) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Scores and kinds of the names of words, one of which was the original, is of a kind, and has a lead."""
    rng = np.random.default_rng(seed)
    kinds = [np.r_[KINDS.index(kind), rng.integers(len(KINDS), size=29)] for _ in range(words)]
    return [np.r_[rng.normal(lead), rng.normal(size=29)] for _ in range(words)], kinds


def test_a_pair_is_of_the_closest_kind() -> None:
    near, synset, moby, mutual = ({name: 1.0} for name in ("near", "synset", "moby", "mutual"))
    phrase = {"words": 1.0}
    found = evidence_of([{}, near, near | synset, moby, moby | mutual, near | synset | moby | mutual, moby | phrase])
    told = ["neither", "near", "synset", "moby", "mutual", "synset mutual", "phrase"]
    assert [KINDS[kind] for kind in kinds_of(found)] == told
    assert KINDS[kinds_of(evidence_of([{"words_of": 1.0} | moby]))[0]] == "phrase"


def test_the_thesaurus_that_a_site_draws_from_is_found_though_no_word_is_sure() -> None:
    scores, kinds = made_site("synset", words=400, lead=2.0)
    sure = np.array([np.argmax(score) == 0 for score in scores])
    assert sure.mean() < 0.6
    more = oftener(scores, kinds, np.ones(400), EVEN)
    assert np.argmax(more) == KINDS.index("synset")
    assert more.max() > 1.5
    assert np.delete(more, more.argmax()).max() < 0
    sure = np.array([np.argmax(score + more[kind]) == 0 for score, kind in zip(scores, kinds, strict=True)])
    assert sure.mean() > 0.8


def test_what_a_site_of_the_writers_words_says_is_nothing() -> None:
    scores, kinds = made_site("synset", words=400, lead=2.0)
    more = oftener(scores, kinds, np.ones(400), EVEN._replace(kept=30.0))
    assert more == pytest.approx(0, abs=0.01)


def test_few_words_move_little() -> None:
    few, many = (oftener(*made_site("synset", words=words, lead=2.0), np.ones(words), EVEN).max() for words in (5, 400))
    assert few < many / 2


def test_scores_move_by_the_kind_and_names_stay_in_their_order_within_it() -> None:
    found = [evidence_of([{"synset": 1.0, "near": 1.0}, {"moby": 1.0}, {"moby": 1.0}], places) for places in (1, 3, 9)]
    worth = np.zeros(len(EVIDENCE))
    worth[EVIDENCE.index("synset")] = 3.0
    told = adapted(found, Weights(worth, 0.0, USUAL))
    for one in told:
        assert one.scores[0] > 3.0
        assert one.favoured[0] > one.favoured[1] == one.favoured[2]
        assert one.scores[1] == one.scores[2]


@settings(max_examples=50)
@given(st.integers(1, 30), st.floats(-3, 5), st.integers(0, 1000))
def test_shares_add_up_and_no_order_of_words_matters(words: int, lead: float, seed: int) -> None:
    scores, kinds = made_site("moby", words, lead, seed)
    places = np.arange(1, words + 1)
    more = oftener(scores, kinds, places, EVEN)
    assert (np.exp(more) * USUAL).sum() == pytest.approx(1)
    assert oftener(scores[::-1], kinds[::-1], places[::-1], EVEN) == pytest.approx(more, abs=1e-9)


@pytest.mark.parametrize("reading", READINGS)
def test_the_usual_shares_that_were_learnt_are_shares(reading: str) -> None:
    usual = learnt(reading).weights.usual
    assert usual.sum() == pytest.approx(1)
    assert usual.min() > 0
