"""Detection: what is told from what, in words, and that odd but honest texts are kept apart from all training."""

import json
from importlib.resources import files

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.honest import news, odd
from benchmarks.testsets import references, split
from benchmarks.train_detector import bundles, windows
from helpers.detect import PASSAGE_WORDS, _passages, model, spun_passages, spun_score
from helpers.evaluate import read_gold
from helpers.symptoms import KINDS, by_sentence, known_phrases, symptoms
from helpers.text import fold, phrase_folds


def test_the_real_article_is_spun_and_its_reference_is_not(spun_text, reference_text):
    assert spun_score(spun_text).probability > 0.95
    assert spun_score(reference_text).probability < 0.2


def test_the_real_article_is_told_without_any_pair_of_its_own(corpus, spun_text):
    gold = read_gold(corpus / "gold" / "kim-xi.gold.csv")
    own = set(zip(gold["spun"].map(fold), gold["original"].map(fold), strict=True))
    table = pd.read_csv(str(files("helpers").joinpath("spun_phrases.csv")), keep_default_na=False)
    foreign = table[[pair not in own for pair in zip(table["spun"], table["original"], strict=True)]]
    assert len(foreign) < len(table)
    assert spun_score(spun_text, foreign).probability > spun_score(spun_text, table.iloc[:0]).low


def test_test_sources_are_told_apart(corpus, articles):
    _, test = split(references(corpus))
    pages = articles[articles["reference_id"].isin(test.index) & (articles["site"] == "gadgetharbor.example")]
    assert pages["text"].map(lambda text: spun_score(text).probability).min() > 0.9
    assert test.map(lambda text: spun_score(text).probability).max() < 0.5


def test_the_interval_holds_the_probability_and_the_same_text_gets_the_same_answer(spun_text):
    score, again = spun_score(spun_text[:900]), spun_score(spun_text[:900])
    assert 0 <= score.low <= score.probability <= score.high <= 1
    assert score[:3] == again[:3]
    assert score.low < score.high


def test_the_evidence_is_in_words_and_points_into_the_text(spun_text):
    evidence = spun_score(spun_text).evidence
    assert evidence["weight"].is_monotonic_decreasing
    assert set(evidence["kind"]) <= set(KINDS)
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
    assert by_sentence(text, found)[KINDS].to_numpy().sum() <= found["weight"].sum() + 1e-9


def test_the_model_is_small_and_readable():
    weights = json.loads(files("helpers").joinpath("detect_model.json").read_text(encoding="utf-8"))
    assert set(weights) == {"intercept", "length", *KINDS} == set(model())
    assert all(weights[kind] >= 0 for kind in KINDS)  # no symptom speaks for an honest text


def test_train_and_test_news_are_different_stories():
    train, test = news()
    assert len(train) > 100 < len(test)
    assert not set(train.str[:60]) & set(test.str[:60])


def test_odd_texts_are_our_own_and_free(corpus):
    assert len(odd()) >= 25
    texts = pd.concat([odd("test"), odd("train")])
    assert not set(odd("test").index) & set(odd("train").index)
    assert set(texts["licence"]) == {"CC0-1.0"}
    assert texts["text"].str.split().str.len().min() >= 90
    assert sorted(texts["file"]) == sorted(str(path.relative_to(corpus)) for path in (corpus / "odd").glob("*.txt"))


def test_phrases_learnt_are_not_those_of_the_dictionary_kept_for_measuring(corpus):
    cobalt = pd.read_csv(corpus / "dictionaries" / "cobalt.csv", keep_default_na=False)
    others = pd.concat([pd.read_csv(corpus / "dictionaries" / f"{name}.csv") for name in ("amber", "birch")])
    alone = set(map(phrase_folds, cobalt["spun"])) - set(map(phrase_folds, others["spun"].astype(str)))
    assert len(alone) > 50
    assert len(alone & set(known_phrases().rows)) < 0.1 * len(alone)


def test_stretches_do_not_overlap_and_have_their_length(reference_text):
    found = windows(reference_text)
    for length, group in found.groupby("length"):
        assert group["words"].min() >= 0.9 * length
        assert group["words"].sum() <= len(reference_text.split())


def test_bundles_keep_every_word_but_the_last_rest():
    texts = pd.Series({str(number): "word " * 200 for number in range(9)})
    joined = bundles(texts, words=600)
    assert joined.str.split().str.len().tolist() == [600, 600, 600]
