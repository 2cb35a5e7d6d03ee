"""Detection: what is told from what, in words, and that odd but honest texts are kept apart from all training."""

import json
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.detection import AMONG_ODD, NEWS, OURS, calibration, kept_back
from benchmarks.dictionaries import FIELD_DIALECTS, LIKE_SPINBOT, field_halves, from_field, from_thesaurus, mixed, named
from benchmarks.honest import bundles, encyclopedia, news, odd
from benchmarks.testsets import references, split
from benchmarks.train_detector import field_phrases, part_of, stretches, train_texts
from helpers.align import fold, sentence_spans
from helpers.detect import spun_passages, spun_score
from helpers.detection.count_fit import FIT_FEATURES, fits, gains, rivals
from helpers.detection.marks import MARKS
from helpers.detection.misfits import POOLED, SUMS, misfits
from helpers.detection.model_fit import MODEL_FEATURES
from helpers.detection.phrase_hits import ASKED_FEATURES, HIT_FEATURES, Phrases, hits, known_phrases, looked_up
from helpers.detection.spun_score import (
    COUNTED,
    FIRST_SLIP,
    MISFIT,
    PASSAGE_WORDS,
    PRIOR,
    Score,
    _passages,
    _verdict,
    judged,
    once,
    signs,
    sums,
)
from helpers.detection.symptoms import KINDS, symptoms
from helpers.detection.weights import weights
from helpers.mapping.field import field_sightings
from helpers.substitutions import read_gold
from helpers.text.annotated import read
from helpers.text.spans import phrase_folds
from helpers.text.word_counts import affinity


def test_the_real_article_is_spun_and_its_reference_is_not(spun_text, reference_text):
    assert spun_score(spun_text).probability > 0.95
    assert spun_score(reference_text).probability < 0.2


def test_the_real_article_is_told_without_any_pair_of_its_own(corpus, spun_text):
    gold = read_gold(corpus / "gold" / "kim-xi.gold.csv")
    own = set(zip(gold["spun"].map(fold), gold["original"].map(fold), strict=True))
    table = pd.read_csv(str(files("helpers.detection").joinpath("spun_phrases.csv")), keep_default_na=False)
    foreign = table[[pair not in own for pair in zip(table["spun"], table["original"], strict=True)]]
    assert len(foreign) < len(table)
    assert judged(spun_text, [Phrases.of(foreign)], asked=True).probability > judged(spun_text, [], asked=True).low


def beginning(text, words=300):
    """The first paragraphs of a text, until there are so many words."""
    lines = text.split("\n")
    counts = np.cumsum([len(line.split()) for line in lines])
    return "\n".join(lines[: np.searchsorted(counts, words) + 1])


def test_test_sources_are_told_apart(corpus, articles):
    """Every third one, by their beginnings, which is harder than by all of their 700 words.

    The real article and its reference are judged as a whole above; `make bench-single` judges all.
    """
    test = split(references(corpus))[1].iloc[::3]
    pages = articles[articles["reference_id"].isin(test.index) & (articles["site"] == "gadgetharbor.example")]
    assert len(pages) == len(test) == 3
    assert pages["text"].map(beginning).map(lambda text: spun_score(text).probability).min() > 0.9
    assert test.map(beginning).map(lambda text: spun_score(text).probability).max() < 0.5


def test_without_any_table_the_language_model_notices_and_the_counts_do_not(spun_text, reference_text):
    spun, honest = (judged(text, [], asked=True) for text in (spun_text, reference_text))
    assert spun.probability > 0.5 > 0.2 > honest.probability
    assert judged(spun_text, [], asked=False).probability < spun.probability
    assert "Celebration: a synonym such as “Party” was expected over 1,000 times as readily" in set(
        spun.evidence["words"]
    )


def test_the_interval_holds_the_probability_and_the_same_text_gets_the_same_answer(spun_text):
    score, again = spun_score(spun_text[:900]), spun_score(spun_text[:900])
    assert 0 <= score.low <= score.probability <= score.high <= 1
    assert score[:3] == again[:3]
    assert score.low < score.high


def test_the_evidence_is_in_words_and_points_into_the_text(spun_text):
    evidence = spun_score(spun_text).evidence
    assert evidence["weight"].is_monotonic_decreasing
    assert set(evidence["kind"]) <= {*KINDS, *MARKS, MISFIT}
    assert not evidence.duplicated(["start", "end", "words"]).any()
    for row in evidence.itertuples():
        assert row.words.startswith(spun_text[row.start : row.end] + ": ")
    assert "Battle: stands for “war” elsewhere" in set(evidence["words"])


def test_a_text_too_short_is_not_judged():
    score = spun_score("Supply hyperlink")
    assert score[:3] == (0.5, 0.0, 1.0)
    assert score.evidence.empty


def test_spun_passages_are_paragraphs_that_the_spinner_touched(spun_text, reference_text):
    cut = reference_text.index("KCNA also confirmed")
    text = reference_text[:cut] + spun_text[spun_text.index("High-ranking Chinese language") :]
    passages = spun_passages(text, threshold=0.0)
    before, behind = passages[passages["end"] <= cut], passages[passages["start"] >= cut]
    assert len(before) >= 3 <= len(behind)
    assert before["probability"].max() < 0.8 < behind["probability"].min()
    assert set(spun_passages(text)["start"]) == set(passages.loc[passages["probability"] >= 0.5, "start"])


def test_passages_cover_every_line_once(spun_text):
    passages = _passages(spun_text)
    assert passages == sorted(passages)
    assert all(len(spun_text[start:end].split()) >= PASSAGE_WORDS for start, end in passages)
    assert sum(len(spun_text[start:end].split()) for start, end in passages) == len(spun_text.split())


def test_a_threshold_is_a_probability(spun_text):
    with pytest.raises(ValueError, match="from 0 to 1, not -1"):
        spun_passages(spun_text, threshold=-1)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("It was a extremely good day.", "article", "a extremely: “a” before a vowel"),
        ("the general show", "set phrase", None),
        ("He will despatched it.", "part of speech", "will despatched: “despatched” cannot stand there"),
        ("at the end of World Battle II", "table", "Battle: stands for “war” elsewhere"),
    ],
)
def test_each_kind_of_symptom_is_seen(text, kind, words):
    found = symptoms(text)
    if words:
        assert words in set(found.loc[found["kind"] == kind, "words"])
    else:
        assert kind in KINDS


@pytest.mark.parametrize(
    "text", ["an hour", "a university", "a one-off", "an MP", "a European", "an unprecedented show"]
)
def test_right_articles_are_no_symptom(text):
    assert "article" not in set(symptoms(text)["kind"])


@given(st.text(max_size=200))
def test_any_text_has_symptoms_inside_it(text):
    found = symptoms(text)
    assert (found["start"] < found["end"]).all()
    assert found["end"].le(len(text)).all()
    assert found["weight"].between(0, 1).all()
    assert set(found["kind"]) <= {*KINDS, *MARKS}


def test_the_model_is_small_and_readable():
    learnt = json.loads(files("helpers.detection").joinpath("detect_model.json").read_text(encoding="utf-8"))
    assert learnt == weights("detect")
    for asked, names in (("", FIT_FEATURES), (" asked", [*FIT_FEATURES, *MODEL_FEATURES, *POOLED])):
        assert list(learnt["word" + asked]) == ["intercept", *names, "share"]
        assert list(learnt["hit" + asked]) == ["intercept", *HIT_FEATURES, *(ASKED_FEATURES if asked else [])]
        assert list(learnt["text" + asked]) == ["intercept", "length", *COUNTED]
        assert all(learnt["text" + asked][kind] >= 0 for kind in KINDS)  # no symptom speaks for an honest text


def test_a_replaced_word_looks_like_one_and_the_writers_word_does_not(spun_text, reference_text):
    spun, honest = (misfits(read(text)) for text in (spun_text, reference_text))
    assert spun["light"].sum() > honest["light"].sum()
    chance = {name: table.groupby("word")["chance"].mean() for name, table in (("spun", spun), ("honest", honest))}
    assert chance["spun"]["warfare"] > chance["honest"]["war"]
    assert chance["spun"]["assembly"] > chance["honest"]["meeting"]


def test_signs_add_up_to_the_same_however_the_text_is_cut(spun_text):
    rows = signs(spun_text)
    whole = sums(rows, [0])
    assert whole.shape == (1, len(COUNTED))
    assert sums(rows, [0, 900, 2000]).sum(axis=0) == pytest.approx(whole[0])


@given(st.text(max_size=200))
def test_any_text_has_signs_inside_it(text):
    rows = signs(text)
    assert (rows["start"] < rows["end"]).all()
    assert rows["end"].le(len(text)).all()
    assert not rows[COUNTED].isna().any(axis=None)


def test_a_word_that_stands_often_counts_once_and_a_bit():
    once, often = (misfits(read("economical growth " * times)) for times in (1, 8))
    for name in ("looked at", "kin"):
        assert abs(often[name].sum()) < 3 * abs(once[name].sum())
    assert set(SUMS) <= set(once.columns)


def test_gains_are_differences_of_affinities():
    own, gained = gains("battle", "world", "ii")
    assert own == pytest.approx([affinity("world", "battle"), affinity("battle", "ii")])
    for name, (left, right) in zip(rivals("battle").names, gained, strict=True):
        assert left == pytest.approx(affinity("world", name) - affinity("world", "battle"))
        assert right == pytest.approx(affinity(name, "ii") - affinity("battle", "ii"))


def test_fits_are_looked_for_in_words_alone():
    assert fits(read("of 12 a ??? café")).empty
    assert fits(read("")).empty
    assert fits(read("xqzzy"))[FIT_FEATURES].notna().all(axis=None)


def test_train_and_test_news_are_different_stories():
    train, test = news()
    assert len(train) > 100 < len(test)
    assert not set(train.str[:60]) & set(test.str[:60])


def test_odd_texts_are_our_own_and_free(corpus):
    assert len(odd()) >= 25
    texts = pd.concat([odd("test"), odd("train"), odd("fresh"), odd("heldback")])
    assert texts.index.is_unique
    assert set(texts["licence"]) == {"CC0-1.0"}
    assert texts["text"].str.split().str.len().min() >= 75
    assert sorted(texts["file"]) == sorted(str(path.relative_to(corpus)) for path in (corpus / "odd").glob("*.txt"))


def test_phrases_learnt_are_not_those_of_the_dictionary_kept_for_measuring(corpus):
    cobalt = pd.read_csv(corpus / "dictionaries" / "cobalt.csv", keep_default_na=False)
    others = pd.concat([pd.read_csv(corpus / "dictionaries" / f"{name}.csv") for name in ("amber", "birch")])
    alone = set(map(phrase_folds, cobalt["spun"])) - set(map(phrase_folds, others["spun"].astype(str)))
    assert len(alone) > 50
    assert len(alone & set(known_phrases()[0].dictionary.rows)) < 0.1 * len(alone)


def test_stretches_do_not_overlap_and_have_their_length(reference_text):
    words = [len(reference_text[start:end].split()) for start, end in sentence_spans(reference_text)]
    sentences = pd.DataFrame({"page": 0, "sentence": range(len(words)), "source": "a", "rate": 0.0, "dictionary": ""})
    found = pd.DataFrame({"page": 0, "sentence": 6, "kind": ["table", "table", "article"], "weight": 0.5,
                          "key": ["within", "within", "a event"]})  # fmt: skip
    made = stretches(sentences.assign(words=words, **dict.fromkeys(SUMS, 1.0)), found)
    for length, group in made.groupby("length"):
        assert group["words"].min() >= 0.9 * length
        assert group["words"].sum() <= len(reference_text.split())
        assert set(group["table"]) <= {0.0, 0.5}, "a phrase counts once in a stretch"
        assert group["article"].max() == 0.5 * FIRST_SLIP
    assert made["table"].max() == 0.5


def test_a_phrase_of_the_table_counts_once_however_often_it_recurs():
    sentence = "The assembly was held within the town, and the town was glad of it. "
    single, many = (once(signs(text), text) for text in (sentence, sentence * 6))
    assert single["table"].sum() > 0
    assert many["table"].sum() == pytest.approx(single["table"].sum(), rel=0.2)


def test_one_grammar_slip_weighs_nothing_and_two_count_as_one():
    text = "It was a extremely good day. They had a event in town. The weather was fine."
    raw = signs(text)
    assert raw["article"].sum() == 2
    assert once(raw, text)["article"].sum() == 2 - (1 - FIRST_SLIP)
    one = once(raw[raw["start"] < 20], text)
    assert one["article"].sum() == FIRST_SLIP


def test_a_table_of_ones_own_adds_to_what_comes_with_unspun(spun_text):
    own = pd.DataFrame({"spun": ["extraordinary sobriquet"], "original": ["odd nickname"], "support": [3]})
    plain = spun_score(spun_text[:900], language_model=False)
    assert spun_score(spun_text[:900], own, language_model=False).evidence.equals(plain.evidence)
    text = HONEST + "He had an extraordinary sobriquet among the men of the village."
    with_own, without = (spun_score(text, table, language_model=False) for table in (own, None))
    assert with_own.probability > without.probability


def test_contractions_and_figures_are_no_phrases_of_a_table():
    table = Phrases.of(
        pd.DataFrame({"spun": ["n't", "it is", "4", "within"], "original": ["not", "it's", "four", "in"]})
    )
    found = looked_up(read("It isn't 4 and it is within the town."), [table])
    assert found["original"].tolist() == ["in"]


def test_a_phrase_that_a_register_is_full_of_tells_less():
    table = pd.DataFrame({"spun": ["shall", "utilise"], "original": ["will", "use"], "support": [50, 50]})
    plain, aware = Phrases.of(table), Phrases.of(table.assign(register=[5_000.0, 0.001]))
    assert aware.telling(("shall",)) < plain.telling(("shall",))
    assert aware.telling(("utilise",)) == plain.telling(("utilise",))


def test_phrases_that_stand_one_in_the_other_count_as_one():
    table = Phrases.of(pd.DataFrame({"spun": ["brand new", "the brand new"], "original": ["new", "the new"]}))
    assert len(hits(read("It was the brand new house."), [table])) == 1


HONEST = (
    "The council met on Monday to talk about the new bridge over the river. Most people in the town want it to be "
    "built, but some say that it costs too much. The mayor said that the money had been found last year. "
)


def test_the_verdict_is_in_words(spun_text):
    assert spun_score(spun_text).verdict == "spun by word-swapping"
    assert spun_score(HONEST).verdict == "no sign"
    assert spun_score("Too short to tell.").verdict == spun_score(GERMAN).verdict == "cannot tell"
    assert _verdict(0.95, 0.3) == _verdict(0.6, 0.55) == "signs of it: look closer"
    assert Score._fields[:4] == ("probability", "low", "high", "evidence"), "those before keep their places"


def test_the_fields_phrases_are_those_of_the_fields_dictionary(corpus):
    shipped = pd.read_csv(str(files("helpers.detection").joinpath("field_phrases.csv")), keep_default_na=False)
    pd.testing.assert_frame_equal(
        shipped[["spun", "original", "support"]], field_phrases(field_sightings(corpus / "field"))
    )
    assert shipped["register"].gt(0).all()


def test_half_of_the_fields_pages_are_known_where_texts_are_spun_with_the_other_half(corpus):
    spinning, known = field_halves("a")
    assert not set(spinning["address"]) & set(known["address"])
    assert set(spinning["address"]) | set(known["address"]) == set(field_sightings(corpus / "field")["address"])
    assert set(from_field("a")["spun"]) <= set(spinning["spun"])
    assert not set(FIELD_DIALECTS) & set(LIKE_SPINBOT)


def test_drawn_dictionaries_have_no_pair_of_the_one_kept_for_measuring():
    apart = set(named("cobalt")[["original", "spun"]].itertuples(index=False, name=None))
    words = named("cobalt")["original"].tolist()
    for book in (named("manner"), from_thesaurus(words, "a"), from_thesaurus(words, "b")):
        assert len(book) > 50
        assert not apart & set(book[["original", "spun"]].itertuples(index=False, name=None))


def test_a_drawn_dictionary_is_the_same_every_time_and_treats_inflections_alike():
    words = ["meeting", "protect", "protects", "protected", "protecting"]
    book = from_thesaurus(words, "1").set_index("original")["spun"]
    again = from_thesaurus(words, "1").set_index("original")["spun"]
    assert book.equals(again)
    assert "protected" in book
    assert {spun.removesuffix("s") for spun in (book["protect"], book["protects"])} == {book["protect"]}
    assert len(mixed(("amber", "birch"), "1")) > 300


def test_train_texts_are_not_test_texts(corpus):
    train = train_texts()
    _, test_news = news()
    _, test_own = split(references(corpus))
    for text in (*test_news, *test_own):
        assert not train.str.contains(text[:60], regex=False).any()
    assert {part_of(source) for source in train.index} == {0, 1}
    assert encyclopedia().str.split().str.len().min() >= 300


def test_bundles_keep_every_word_but_the_last_rest():
    texts = pd.Series({str(number): "word " * 200 for number in range(9)})
    joined = bundles(texts, words=600)
    assert joined.str.split().str.len().tolist() == [600, 600, 600]


GERMAN = "Der Sprecher sagte am Montag, dass die Gespräche nützlich gewesen seien und dass man sich wieder treffe. " * 4


@pytest.mark.parametrize("text", ["Hello.", "", ". . ! ? " * 40, GERMAN, "Президент сказал, что всё хорошо. " * 12])
def test_what_cannot_be_judged_is_not_judged(text):
    score = spun_score(text)
    assert (score.probability, score.low, score.high, score.verdict) == (0.5, 0.0, 1.0, "cannot tell")
    assert spun_passages(text, threshold=0).empty


def test_calibration_is_told_with_odd_texts_among_the_honest_ones_and_without():
    names = kept_back().index[:3]
    rows = pd.DataFrame(
        [(name, 0.0, "", 0.15) for name in names]
        + [(f"news-{number}", 0.0, "", 0.15) for number in range(6)]
        + [(f"news-{number}", 0.5, "amber", 0.95) for number in range(6)],
        columns=["source", "rate", "dictionary", OURS],
    ).assign(length=100)
    bands = calibration(rows).set_index(["among", "band"])
    assert bands.loc[AMONG_ODD, "stretches"].to_list() == [9, 6]
    assert bands.loc[NEWS, "stretches"].to_list() == [6, 6]
    assert bands.loc[AMONG_ODD, "spun"].to_list() == bands.loc[NEWS, "spun"].to_list() == [0.0, 1.0]
    assert np.allclose(bands.groupby("among")["weight"].sum(), 1)
    assert np.allclose(bands["weight"].xs(9, level="band"), PRIOR)
