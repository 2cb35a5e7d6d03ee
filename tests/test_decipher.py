"""A site's dictionary is read off its own pages: what is kept of a reading, what speaks for a pair, what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp

from benchmarks.train_decipher import fit_places
from helpers.mapping import MappingTable
from helpers.restoration import site_choices, trees
from helpers.restoration.choices import direction, tags_of
from helpers.restoration.decipher import (
    LIKELIER,
    RIGHT,
    TooFewArticlesError,
    believed,
    count,
    decipher,
    decipher_places,
    learnt,
    spans_of,
)
from helpers.restoration.judges import FARTHEST, as_judges, log_odds_by_judges
from helpers.restoration.site_choices import (
    NO_RIVAL,
    PLACE_FEATURES,
    _log_sum,
    _shares,
    best_of,
    chosen,
    one_a_place,
    rivals_claims,
    worth_trying,
)
from helpers.restoration.site_evidence import EVIDENCE, _fitted, _quantiles, evidence
from helpers.restoration.site_mending import GOES_ON, Claim, read_mended, to_put_back, to_try
from helpers.restoration.site_names import BITS, behind_first, names_of
from helpers.restoration.site_phrases import linked, parts_of, phrase_frequency, phrases_of
from helpers.restoration.site_reading import Places, read_places, stretches, with_phrases
from helpers.text import lines
from helpers.text.annotated import read
from helpers.text.english import is_function_word
from helpers.text.model_file import model, pieces
from helpers.text.sentence_states import parts_read, read_once, states

ARTICLES = (
    "The minister said that the battle in the east had lasted for two years. World Battle II began in 1939. "
    "Soldiers who had fought in the Civil Battle came home.",
    "Prisoners of battle were sent home after the peace treaty was signed. The country declared battle in April.",
    "The Cold Battle ended when the wall fell. She wrote a book about the Vietnam Battle and its veterans.",
)
KNOWN = pd.DataFrame({"spun": ["battle"], "original": ["war"], "support": [12]})


@pytest.fixture(scope="module")
def places() -> Places:
    return read_places(ARTICLES)


@pytest.fixture(scope="module")
def of_battle(places: Places):
    return next(one for one in evidence(places, count(ARTICLES), {}) if one.word == "battle")


def test_every_place_gives_its_word_back(places: Places) -> None:
    readings = [read(text) for text in ARTICLES]
    for word, article, number in zip(places.words, places.article, places.number, strict=True):
        assert readings[article].words[number] == word


def test_the_state_that_is_kept_answers_as_the_model_does(places: Places) -> None:
    sentence = "World Battle II began in 1939."
    [made] = states([sentence])
    first, end = made.of(6, 12)
    war = pieces(" War")[0]
    [row] = np.flatnonzero((places.words == "battle") & (places.left == "world"))
    kept = model().embedding[war] @ places.hidden[row].astype(np.float32) - places.whole[row]
    assert kept == pytest.approx(made.log_probabilities(first, np.array([war]))[0], abs=0.1)
    assert places.own[row] == pytest.approx(made.own[first:end].sum(), abs=1e-3)


def test_a_phrase_stands_where_its_words_stand(places: Places) -> None:
    [row] = np.flatnonzero(with_phrases(places, {"peace treaty"}).words == "peace treaty")
    both = with_phrases(places, {"peace treaty"})
    [peace] = np.flatnonzero(places.words == "peace")
    assert both.number[row] == places.number[peace]
    assert both.last[row] == places.number[peace] + 1
    assert both.own[row] == pytest.approx(places.own[peace] + places.own[peace + 1])
    assert both.right[row] == "was"


def test_no_phrase_reaches_over_a_sentence(places: Places) -> None:
    assert "years world" not in with_phrases(places, {"years world"}).words


def test_of_a_large_site_as_much_is_read_as_was_asked_for() -> None:
    sentences = [f"The {word} was seen near the river." for word in ("heron", "otter", "beaver", "kingfisher")]
    texts = [" ".join(sentences)] * 10
    some = read_places(texts, enough=2, most=100)
    assert 0 < len(some.words) < len(read_places(texts).words)
    assert {"heron", "otter", "beaver", "kingfisher"} <= set(some.words)


def test_what_is_read_once_is_what_is_read_and_kept() -> None:
    sentences = ["World Battle II began in 1939.", "The Cold Battle ended when the wall fell."]
    for once, kept in zip(read_once(sentences), states(sentences), strict=True):
        assert np.allclose(once.own, kept.own, atol=1e-4)
        assert kept.past
        assert not once.past


def test_every_place_of_a_phrase_is_a_span_of_its_text(places: Places) -> None:
    every = with_phrases(places, {"peace treaty", "civil battle"})
    for word, article, start, end in zip(every.words, every.article, *spans_of(every, list(ARTICLES)), strict=True):
        assert ARTICLES[article][start:end].lower() == word


def test_a_broken_set_phrase_and_the_language_model_speak_for_the_original(of_battle) -> None:
    war = of_battle.values[of_battle.names.index("war")]
    column = dict(zip(EVIDENCE, war, strict=True))
    assert column["around_high"] > 2
    assert column["gain"] > 1
    assert column["gain_share"] > 0.5


@pytest.fixture(scope="module")
def number(places: Places) -> dict[tuple[str, str], int]:
    """The tokens of words, by the word on their left."""
    each = zip(places.left, places.words, places.number, strict=True)
    return {(str(left), str(word)): int(at) for left, word, at in each}


@pytest.fixture(scope="module")
def mended(places: Places, number: dict[tuple[str, str], int]) -> Places:
    """The places read again: “war” is put back in the name of one, “peace deal” for the phrase beside another.

    Tried are “war” there and once more, and for “treaty”, of which more was put back.
    """
    world, civil, treaty = number["world", "battle"], number["civil", "battle"], number["the", "peace"]
    return read_mended(
        ARTICLES,
        places,
        {(0, world): Claim(world, "war", 0.9), (1, treaty): Claim(treaty + 1, "peace deal", 0.5)},
        {
            (0, world): [Claim(world, "war", 0.9)],
            (0, civil): [Claim(civil, "war", 0.3), Claim(civil, "fight", 0.1)],
            (1, treaty): [Claim(treaty, "armistice", 0.1), Claim(treaty + 1, "peace deal", 0.5)],
            (1, treaty + 1): [Claim(treaty + 1, "deal", 0.1)],
        },
    )


def test_a_place_that_is_read_again_keeps_its_word_and_has_a_mended_neighbour(places: Places, mended: Places) -> None:
    for name in ("words", "article", "number", "last", "sentence", "capital", "pieces"):
        assert np.array_equal(getattr(mended, name), getattr(places, name))
    [ii] = np.flatnonzero(places.words == "ii")
    assert (places.left[ii], mended.left[ii]) == ("battle", "war")
    assert mended.own[ii] > places.own[ii] + 1  # “War II” is likelier than “Battle II”
    assert np.array_equal(mended.hidden_alone, places.hidden)
    assert np.isfinite(mended.own).all()


def test_what_was_put_back_speaks_for_its_name_alone(places: Places, mended: Places) -> None:
    [row] = np.flatnonzero((places.words == "battle") & (places.left == "world"))
    assert mended.put[row] == "war"
    war, none = (evidence(with_phrases(some, set()), count(ARTICLES), {}) for some in (mended, places))
    [one], [other] = ([one for one in found if one.word == "battle"] for found in (war, none))
    column, at = EVIDENCE.index("put"), one.names.index("war")
    assert one.values[at, column] > 0
    assert np.count_nonzero(one.values[:, column]) == 1
    assert not other.values[:, column].any()


def test_an_original_is_tried_as_if_the_text_were_read_with_it(
    mended: Places, number: dict[tuple[str, str], int]
) -> None:
    """The oracle reads the whole text twice, with the one and with the other."""
    civil = number["civil", "battle"]
    [row] = np.flatnonzero((mended.article == 0) & (mended.number == civil))
    text = ARTICLES[0].replace("World Battle", "World War")
    start = text.index("Civil Battle") + len("Civil ")
    behind = text[start + len("Battle") :]

    def sums(word: str) -> tuple[float, float]:
        [made] = states([text[:start] + word + behind])
        first, stop = made.of(start, start + len(word))
        return made.own[first:stop].sum(), made.own[stop : stop + GOES_ON].sum()

    for name in ("war", "fight"):
        found = mended.tried[row][civil, name]
        assert found.own == pytest.approx(sums(name.capitalize())[0] - sums("Battle")[0], abs=1e-2)
        assert found.after == pytest.approx(sums(name.capitalize())[1] - sums("Battle")[1], abs=1e-2)
    assert mended.tried[row][civil, "war"].chance == 0.3


def test_what_was_put_back_is_compared_with_what_the_site_has(mended: Places) -> None:
    [row] = np.flatnonzero(mended.put == "war")
    [(_, told)] = mended.tried[row].items()
    assert told.own > 1
    assert told.after > 1  # “War II” goes on more readily than “Battle II”


def test_a_part_of_a_phrase_that_was_put_back_is_not_tried(mended: Places, number: dict[tuple[str, str], int]) -> None:
    treaty = number["the", "peace"]
    [row] = np.flatnonzero((mended.article == 1) & (mended.number == treaty))
    assert list(mended.tried[row]) == [(treaty + 1, "peace deal")]
    assert mended.tried[row + 1] is None


def test_what_was_tried_speaks_for_its_name_alone(mended: Places) -> None:
    found = evidence(with_phrases(mended, {"peace treaty"}), count(ARTICLES), {})
    [one] = [one for one in found if one.word == "battle"]
    told = {name: dict(zip(EVIDENCE, row, strict=True)) for name, row in zip(one.names, one.values, strict=True)}
    assert told["war"]["tried_times"] == pytest.approx(np.log(3))
    assert told["war"]["tried"] > told["fight"]["tried"]
    assert {name for name, row in told.items() if row["tried_times"]} == {"war", "fight"} & set(one.names)
    [treaty] = [one for one in found if one.word == "peace"]
    assert not treaty.values[:, EVIDENCE.index("tried_times")].any()


def test_what_is_tried_of_a_pair_is_spread_over_its_places(places: Places) -> None:
    found = [one for one in evidence(places, count(ARTICLES), {}) if len(one.rows) > 1]
    [number] = [number for number, one in enumerate(found) if one.word == "battle"]
    best = pd.DataFrame(
        {"word": number, "original": ["war", "fight", "struggle"], "pair_odds": [1.0, 0.5, -3.0]}
    ).assign(pair_rank=[0.0, 1.0, 2.0], pair_margin=[0.5, -0.5, -4.0])
    rows = found[number].rows
    claims = pd.DataFrame({"row": rows[:1], "pair": 0, "probability": 0.7})
    thought = to_try(found, places, best, claims)
    assert len(thought) == len(rows)
    assert {tuple(claim.original for claim in some) for some in thought.values()} == {("war", "fight")}
    first = int(places.article[rows[0]]), int(places.number[rows[0]])
    assert [claim.chance for claim in thought[first]] == [0.7, 0.0]
    assert not to_try(found, places, best.assign(pair_odds=-9.0), claims)
    wide = to_try(found, places, best, claims, best[["word", "original"]])
    assert {tuple(claim.original for claim in some) for some in wide.values()} == {("war", "fight", "struggle")}
    assert [claim.chance for claim in wide[first]] == [0.7, 0.0, 0.0]


def test_what_is_put_for_a_phrase_is_not_put_for_its_first_word(mended: Places) -> None:
    both = with_phrases(mended, {"peace treaty"})
    assert both.put[both.words == "peace treaty"].tolist() == ["peace deal"]
    assert both.put[both.words == "peace"].tolist() == [""]


def test_what_is_claimed_with_little_doubt_is_put_back(places: Places) -> None:
    best = pd.DataFrame({"original": ["war", "said"]})
    claims = pd.DataFrame({"row": [3, 4], "pair": [0, 1], "probability": [0.9, 0.2]})
    assert to_put_back(places, best, claims) == {(0, int(places.number[3])): (int(places.number[3]), "war", 0.9)}


@given(st.text(alphabet="ab .\n", max_size=200))
def test_stretches_hold_every_part_once_and_in_order(text: str) -> None:
    parts = parts_read(text)
    assert [part for some in stretches(text, parts) for part in some] == parts


def test_an_original_is_asked_for_beyond_its_first_token() -> None:
    assert behind_first("because") == 0
    assert behind_first("inasmuch as") < -5  # it begins with “in”, which is likely everywhere
    assert behind_first("prime minister") > behind_first("prime harbour")


def test_a_large_table_is_judged_as_its_parts_are(monkeypatch) -> None:
    told = learnt("second").pair
    names = told.trees.names
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(7, len(names))), columns=names)
    whole = log_odds_by_judges(table, told)
    monkeypatch.setattr(trees, "AT_A_TIME", 3)
    assert np.allclose(log_odds_by_judges(table, told), whole, rtol=0, atol=1e-12)
    assert len(log_odds_by_judges(table.iloc[:0], told)) == 0


def test_what_training_learnt_is_what_the_file_says() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.normal(size=(3_000, len(PLACE_FEATURES))), columns=PLACE_FEATURES)
    table["put_here"] = 0.0  # what never varies is worth nothing, and divides nothing
    table["times"] = np.abs(table["times"])
    judge = fit_places(table.assign(right=table["here"] + table["pair_odds"] + rng.normal(size=len(table)) > 0))
    asked = as_judges(json.loads(json.dumps(judge.numbers())))
    differ = np.abs(log_odds_by_judges(table, asked) - judge.odds(table))
    assert np.quantile(differ, 0.9) < 0.001  # the others lie on a threshold, of which six digits are kept
    far = table.assign(here=1e9)  # no feature decides alone, however far it is from what was learnt of
    assert (np.abs(asked.line.odds(far)) < np.abs(asked.line.worth).sum() * FARTHEST + abs(asked.line.base)).all()


def test_what_is_known_of_a_name_is_what_is_said_of_it_alone() -> None:
    words = ["mentioned", "said", "urban areas", "cities", "a", "remarkable", "remark", "mentioned"]
    names = names_of(words)
    assert list(names.number) == list(dict.fromkeys(words))
    for name, row in names.number.items():
        assert names.frequency[row] == phrase_frequency(name)
        assert names.function[row] == is_function_word(name)
        assert {tag for tag, bit in BITS.items() if names.tags[row] & bit} == tags_of(name)
        assert names.direction[row] == pytest.approx(direction(name), abs=1e-6)
        assert names.first[:, row].tolist() == [pieces(f" {form}")[0] for form in (name, name.capitalize())]
        assert names.behind_first[row] == pytest.approx(behind_first(name))
    alike = names.begins[names.of(["remarkable", "remark"])]
    assert alike[0] == alike[1] != names.begins[names.number["mentioned"]]
    assert names.begins[names.number["a"]] == -1


@given(st.lists(st.lists(st.floats(-50, 50), min_size=3, max_size=3), min_size=1, max_size=6))
def test_quantiles_and_sums_are_those_of_the_libraries(rows: list[list[float]]) -> None:
    values = np.array(rows)
    assert np.array_equal(_quantiles(values, 0.25, 0.5, 1.0), np.quantile(values, [0.25, 0.5, 1.0], axis=0))
    assert _log_sum(values) == pytest.approx(logsumexp(values, axis=1))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([-2.0, 0.0, 0.5, 3.0])), min_size=1, max_size=8))
def test_a_pair_knows_the_best_other_pair_of_its_original(rows: list[tuple[str, float]]) -> None:
    names, odds = map(list, zip(*rows, strict=True))
    best = pd.DataFrame({"pair_odds": odds, "pair_rank": 0.0, "times": 0.0})
    told = rivals_claims(best, names)["pair_claimed"].tolist()
    for at, name in enumerate(names):
        others = [odds[other] for other in range(len(names)) if names[other] == name and other != at]
        assert told[at] == max(others, default=NO_RIVAL)


def test_what_is_too_frequent_points_at_what_is_missing() -> None:
    texts = ["The officials mentioned it. The mayor mentioned it. Nobody else mentioned it, they mentioned."] * 1
    found = evidence(read_places(texts), count(texts), {})
    mentioned = next(one for one in found if one.word == "mentioned")
    moved = dict(zip(mentioned.names, mentioned.values[:, EVIDENCE.index("moved")], strict=True))
    assert moved["said"] > moved.get("reported", 0)
    assert moved["said"] > 0


def test_a_word_beside_a_word_may_have_been_added() -> None:
    assert parts_of("general public") == ["general", "public"]
    assert parts_of("the public") == ["public"]


def test_the_thesaurus_links_words_and_phrases_both_ways() -> None:
    assert "prime minister" in linked("premier")
    assert "premier" in linked("prime minister")


def test_a_phrase_is_linked_in_the_inflection_of_what_stands_there() -> None:
    assert "carried out" in linked("executed")
    assert "executed" in linked("carried out")
    assert "carry out" not in linked("executed")


def test_of_several_originals_of_a_word_the_place_may_choose() -> None:
    listed = pd.DataFrame({"word": [0, 0, 0, 1], "name": [4, 2, 7, 0]})
    best = best_of(listed, np.array([1.0, 2.0, -5.0, -6.0]))
    assert best[["word", "name"]].to_numpy().tolist() == [[0, 2], [0, 4], [1, 0]]
    assert best["pair_rank"].tolist() == [0, 1, 0]
    assert best["pair_margin"].tolist()[:2] == [1.0, -1.0]


def test_a_word_that_stands_for_another_in_some_places_says_in_how_many() -> None:
    fit, share = _fitted(np.array([[9.0], [9.0], [-9.0], [-9.0]]))
    assert share[0] == pytest.approx(0.5, abs=0.05)
    assert fit[0] > _fitted(np.array([[9.0], [-9.0], [-9.0], [-9.0]]))[0][0]


def test_originals_of_a_word_share_its_places() -> None:
    fits = np.array([[8.0, -8.0], [8.0, -8.0], [-8.0, 8.0], [-8.0, -8.0]])
    itself, first, second = np.exp(_shares(fits, np.zeros(3)))
    assert itself + first + second == pytest.approx(1)
    assert first > 0.4 > second > 0.2
    assert itself > 0.2
    as_good = np.exp(_shares(fits[:, [0, 0]], np.array([0.0, 3.0, 0.0])))
    assert as_good[1] > 5 * as_good[2]  # who explains the same places no better has what is known before against it


def test_a_site_is_judged_in_parts_as_it_is_at_once(places: Places, monkeypatch) -> None:
    found = evidence(places, count(ARTICLES), {})
    best, claims, thinkable = chosen(found, places, len(ARTICLES), learnt("first"))
    monkeypatch.setattr(site_choices, "AT_A_TIME", 2)
    again = chosen(found, places, len(ARTICLES), learnt("first"))
    pd.testing.assert_frame_equal(best, again[0])
    pd.testing.assert_frame_equal(claims, again[1])
    pd.testing.assert_frame_equal(thinkable, again[2])


def test_more_than_the_best_are_tried_in_the_end_but_none_of_a_word_that_seems_honest(places: Places) -> None:
    found = evidence(places, count(ARTICLES), {})
    [battle, years] = [next(at for at, one in enumerate(found) if one.word == word) for word in ("battle", "years")]
    listed = pd.DataFrame({"word": np.repeat(sorted([battle, years]), 7), "name": np.tile(np.arange(7), 2)})
    odds = np.where(listed["word"] == battle, 2.0, -3.5) - 1.2 * listed["name"]
    tried = worth_trying(listed, odds.to_numpy(), found)
    assert set(tried["word"]) == {battle}
    assert tried["original"].tolist() == found[battle].names[:4]  # what is 4.5 behind the best is not


def test_a_phrase_is_looked_at_where_it_is_known_or_far_too_frequent() -> None:
    runs = [["the", "silken", "harbour", "lay", "still"]] * 4
    found = phrases_of(runs, 20, {"lay still"})
    assert found["silken harbour"] == 4
    assert found["lay still"] == 4


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 2), st.floats(0, 1, width=32)), max_size=30)
)
def test_no_two_claims_overlap_and_the_likeliest_stands(spans: list[tuple[int, int, int, float]]) -> None:
    class Spans:
        article = np.array([article for article, *_ in spans], dtype=int)
        number = np.array([first for _, first, *_ in spans], dtype=int)
        last = np.array([first + more for _, first, more, _ in spans], dtype=int)

    claims = pd.DataFrame({"row": range(len(spans)), "probability": [chance for *_, chance in spans]})
    kept = one_a_place(claims, Spans)
    taken = [(spans[row][0], at) for row in kept["row"] for at in range(spans[row][1], sum(spans[row][1:3]) + 1)]
    assert len(taken) == len(set(taken))
    if spans:
        assert kept["probability"].max() == claims["probability"].max()


def test_a_known_pair_is_put_forward_and_can_be_proposed(tmp_path) -> None:
    found = decipher(ARTICLES, known=KNOWN)
    [row] = found[found["spun"] == "battle"].to_dict("records")
    assert row["original"] == "war"
    assert row["uses"] == 7
    assert row["articles"] == 3
    assert "seen on other pages" in row["evidence"]
    assert "“war”" in row["evidence"]
    table = MappingTable.open(tmp_path).propose_deciphered(found)
    [proposed] = table.table[table.table["spun"] == "battle"].to_dict("records")
    assert proposed["status"] == "proposed"
    assert proposed["note"].startswith("deciphered, probability 0.")
    table.propose_deciphered(found.iloc[:0])
    assert table.table.empty
    places = decipher_places(ARTICLES, known=KNOWN).query("claimed")
    assert found["places"].sum() == len(places)
    assert (places["probability"] >= LIKELIER).all()


def test_a_line_that_several_articles_have_counts_once() -> None:
    below = "Leave a battle below"
    places = decipher_places([f"{text}\n{below}" for text in ARTICLES], known=KNOWN)
    last = places[places["spun"].str.lower() == "battle"].groupby("article")["spun_start"].max()
    assert last[0] > len(ARTICLES[0])
    assert (last[1:] < [len(text) for text in ARTICLES[1:]]).all()
    copies = [ARTICLES[0], ARTICLES[0].replace("1939", "1940"), ARTICLES[0].replace("1939", "1941")]
    with pytest.raises(TooFewArticlesError, match="here is 1"):
        decipher(copies)


def test_references_and_copies_are_left_out() -> None:
    articles = pd.DataFrame({"text": [*ARTICLES, ARTICLES[0]], "role": ["spun", "spun", "reference", "spun"]})
    with pytest.raises(TooFewArticlesError, match="here are 2"):
        decipher(articles)


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (ARTICLES[:2], "at least 3 articles of a site, and here are 2"),
        (ARTICLES[0], "one text was given"),
        (pd.DataFrame({"body": ARTICLES}), "no column `text`"),
        ([], "here are none"),
    ],
)
def test_what_cannot_be_deciphered_is_refused_with_the_mend(articles, said: str) -> None:
    with pytest.raises(ValueError, match=said) as told:
        decipher(articles)
    assert "Mend: " in str(told.value)


@pytest.mark.parametrize("texts", [["1 2 3", "5 6 7.", "8, 9"], ["a", "I", "b"], ["\u65e5\u672c", "😀", "..."]])
def test_a_site_without_words_has_no_dictionary(texts: list[str]) -> None:
    assert decipher(texts).empty
    assert decipher_places(texts).empty


@given(st.lists(st.text(alphabet="ab1 \n.", max_size=30), max_size=5))
def test_lines_are_blanked_where_they_stand_and_the_first_stays(texts: list[str]) -> None:
    kept = lines.once(texts)
    assert [len(text) for text in kept] == [len(text) for text in texts]
    assert all(
        new in (old, " ") for text, bare in zip(texts, kept, strict=True) for old, new in zip(text, bare, strict=True)
    )
    assert kept[:1] == texts[:1]
    assert lines.once(kept) == kept


def test_a_threshold_is_a_probability() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        decipher(ARTICLES, threshold=2)


@given(st.lists(st.integers(0, 20).map(lambda chance: chance / 20), max_size=40))
def test_as_many_of_the_likeliest_claims_are_put_forward_as_are_right_together(chances: list[float]) -> None:
    put = believed(pd.DataFrame({"probability": chances}))["probability"]
    assert put.empty or (put.mean() >= RIGHT - 1e-9 and put.min() >= LIKELIER)
    rest = set(chances) - set(put)
    assert put.empty or all(chance < put.min() for chance in rest)
    for least in filter(lambda chance: chance >= LIKELIER, rest):
        assert np.mean([chance for chance in chances if chance >= least]) < RIGHT + 1e-9


def test_what_is_less_sure_is_claimed_beside_what_is_sure_and_never_alone() -> None:
    claims = pd.DataFrame({"probability": [0.97] * 6 + [0.6, 0.45] + [0.1] * 90})
    assert list(believed(claims)["probability"]) == [0.97] * 6 + [0.6]
    assert believed(claims.iloc[6:]).empty
    assert list(believed(claims, threshold=0.4)["probability"]) == [0.97] * 6 + [0.6, 0.45]
    assert believed(claims, threshold=0.98).empty
    assert believed(claims.iloc[:0]).empty
