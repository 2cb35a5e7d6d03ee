"""The source index: what it finds, what it refuses, that it grows and comes back from disk as it was."""

import contextlib
import json
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from benchmarks.distractors import distractors
from benchmarks.testsets import dictionary, references
from helpers.align import line_spans
from helpers.mapping import MappingTable
from helpers.sources import SourceIndex, describe, search_queries
from helpers.sources.index import BUCKETS, SourceIndexError, _bucket, content_words, hashed
from helpers.spinner import Spinner


@pytest.fixture(scope="module")
def sources(corpus) -> pd.Series:
    return references(corpus)


@pytest.fixture(scope="module")
def near(sources) -> pd.Series:
    return distractors(sources, 280, seed=3)


@pytest.fixture(scope="module")
def index(sources, near) -> SourceIndex:
    return SourceIndex(near).add(sources)


@pytest.fixture(scope="module")
def without(near) -> SourceIndex:
    return SourceIndex(near)


@pytest.fixture(scope="module")
def spun(corpus, sources) -> pd.Series:
    spinner = Spinner(dictionary(corpus, "birch"), 0.5, seed=4)
    return sources.map(lambda text: spinner.spin(text)[0])


def test_every_source_comes_first_and_is_likely_among_articles_near_to_it(index, spun):
    found = spun.map(lambda text: index.find(text, top=1).iloc[0])
    assert [row["article_id"] for row in found] == list(spun.index)
    assert all(row["likely"] for row in found)


def test_where_the_source_is_absent_the_answer_is_none_of_these(near, spun):
    without = SourceIndex(near)
    for text in spun:
        found = without.find(text)
        assert not found["likely"].any()
        assert describe(found).startswith("None of these: the nearest is near-")


def test_the_real_article_is_found_with_its_evidence(articles, near, spun_text):
    found = SourceIndex(near).add(articles[articles.index.str.startswith("kim")]).find(spun_text)
    assert found.loc[0, "article_id"] == "kim-xi-reference"
    assert found.loc[0, "likely"]
    assert not found.loc[1:, "likely"].any()
    assert "outlook" not in found.loc[0, "evidence"]  # no part of an address is shown
    assert "Please give my warmest regards to Vladimir Putin" in found.loc[0, "evidence"]


def test_spun_articles_are_no_references(articles):
    index = SourceIndex(articles)
    assert set(index.article_ids) == set(articles.index[articles["role"] == "reference"])


def test_an_extract_is_found(index, spun):
    text = spun["news-army-flood"]
    lines = [text[start:end] for start, end in line_spans(text)]
    found = index.find("\n".join(lines[3:7]))
    assert found.loc[0, "article_id"] == "news-army-flood"
    assert found.loc[0, "likely"]


def test_both_sources_of_a_merged_text_come_first_and_share_it(index, spun):
    one, other = spun["news-army-flood"], spun["howto-compost"]
    found = index.find(one[: len(one) // 2] + "\n" + other[len(other) // 2 :])
    assert set(found["article_id"][:2]) == {"news-army-flood", "howto-compost"}
    assert found["share"][:2].between(0.3, 0.7).all()


def test_restoration_raises_what_a_source_explains(corpus, index, spun):
    mapping = MappingTable.open(corpus / "mapping")
    alone = index.find(spun["explainer-salty-sea"], top=1)
    restored = index.find(spun["explainer-salty-sea"], top=1, mapping=mapping)
    assert restored.loc[0, "article_id"] == alone.loc[0, "article_id"] == "explainer-salty-sea"
    assert restored.loc[0, "share"] >= alone.loc[0, "share"]
    assert restored.loc[0, "score"] >= alone.loc[0, "score"]


def test_an_index_that_grew_answers_like_one_made_at_once(sources, near, spun):
    grown = SourceIndex(near.iloc[:100])
    grown.find("something to have it built")
    grown.add(near.iloc[100:]).add(sources)
    at_once = SourceIndex(pd.concat([near, sources]))
    text = spun["news-panama-canal"]
    pd.testing.assert_frame_equal(grown.find(text), at_once.find(text))


def test_a_saved_index_answers_as_before_and_saves_only_what_is_new(tmp_path, sources, near, spun):
    index = SourceIndex(near)
    index.save(tmp_path)
    (first,) = tmp_path.glob("segment-*.npz")
    written = first.stat().st_mtime_ns
    opened = SourceIndex.open(tmp_path).add(sources)
    opened.save(tmp_path)
    assert first.stat().st_mtime_ns == written
    assert len(list(tmp_path.glob("segment-*.npz"))) == 2
    text = spun["news-panama-canal"]
    pd.testing.assert_frame_equal(SourceIndex.open(tmp_path).find(text), opened.find(text))
    assert SourceIndex.open(tmp_path).find(text).loc[0, "article_id"] == "news-panama-canal"


def test_two_indexes_saved_to_one_folder_do_not_mix(tmp_path, sources):
    SourceIndex(sources.iloc[:3]).save(tmp_path)
    other = SourceIndex(sources.iloc[3:5])
    other.save(tmp_path / "elsewhere")
    other.save(tmp_path)
    opened = SourceIndex.open(tmp_path)
    assert opened.article_ids == list(sources.index[3:5])
    assert opened.find(sources.iloc[4]).loc[0, "article_id"] == sources.index[4]


def test_a_damaged_or_missing_index_is_named_with_its_mend(tmp_path, sources):
    with pytest.raises(SourceIndexError, match=r"index\.json is not there\. Mend: save"):
        SourceIndex.open(tmp_path)
    SourceIndex(sources).save(tmp_path)
    (segment,) = tmp_path.glob("segment-*.npz")
    segment.write_bytes(segment.read_bytes()[:500])
    with pytest.raises(SourceIndexError, match=r"segment-\w+\.npz is damaged .* Mend: index"):
        SourceIndex.open(tmp_path)
    (tmp_path / "index.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceIndexError, match=r"index\.json is damaged"):
        SourceIndex.open(tmp_path)


def test_an_article_is_indexed_once(sources):
    index = SourceIndex(sources)
    with pytest.raises(ValueError, match="'news-army-flood' is in the index already"):
        index.add(sources[["news-army-flood"]])
    with pytest.raises(ValueError, match="is in the index already"):
        SourceIndex(pd.concat([sources, sources]))


def test_bad_references_and_a_bad_number_are_named(sources):
    with pytest.raises(ValueError, match="need a column text"):
        SourceIndex(pd.DataFrame({"title": ["x"]}))
    with pytest.raises(ValueError, match="both are strings"):
        SourceIndex({"x": None})
    with pytest.raises(ValueError, match="at least 1, not 0"):
        SourceIndex(sources).find("x", top=0)


@pytest.mark.parametrize("text", ["", " \n", "?!", "of the and", "Wort ohne Gegenstück"])
def test_a_text_that_shares_nothing_has_no_source(index, text):
    assert index.find(text).empty
    assert describe(index.find(text)).startswith("None of these")


def test_an_empty_index_has_nothing():
    assert SourceIndex().find("Kim met Xi.").empty


@given(st.text(min_size=1))
def test_single_terms_arehashed_as_the_vectoriser_does(term):
    assert [_bucket(term)] == hashed([[term]]).indices.tolist()
    assert 0 <= _bucket(term) < BUCKETS


@given(st.text(max_size=300))
def test_any_text_is_answered_with_probabilities(text):
    found = SourceIndex({"sea": "The Dead Sea is salty. Rivers bring salt.", "x": text}).find(text)
    assert found["score"].between(0, 1).all()
    assert found["share"].between(0, 1 + 1e-6).all()
    assert np.all(np.diff(found["score"]) <= 0)


def test_queries_are_quotations_names_and_untouched_stretches(spun_text):
    queries = search_queries(spun_text)
    assert "regards to Vladimir Putin, and Kim Jong Un" in queries[0]
    assert "Xi Jinping" in queries[1]
    assert len(queries) == 6
    for query in queries:
        assert query.startswith('"') == query.endswith('"')


def test_the_first_query_stands_in_the_source_word_for_word(spun_text, reference_text):
    assert search_queries(spun_text)[0].strip('"') in " ".join(reference_text.split())


def test_the_language_model_ends_a_stretch_at_a_word_that_was_put_in(spun_text, reference_text):
    source = " ".join(reference_text.split())
    asked, counted = (
        [query.strip('"') in source for query in search_queries(spun_text, language_model=asked) if query[0] == '"']
        for asked in (True, False)
    )
    assert sum(asked) > sum(counted)


def test_restored_queries_use_the_originals():
    table = pd.DataFrame({"spun": ["assembly"], "original": ["meeting"], "support": [9]})
    text = "The bilateral assembly between Xi and Kim on Thursday was their first in six long years."
    assert any("meeting between Xi and Kim" in query for query in search_queries(text, table))


@pytest.mark.parametrize("text", ["", "Too short."])
def test_a_text_without_anything_to_search_for_has_no_queries(text):
    assert [query for query in search_queries(text) if query.startswith('"')] == []


def test_saving_leaves_files_alone_that_are_not_of_an_index(tmp_path, sources):
    mine = tmp_path / "my-segment-1.npz"
    mine.write_bytes(b"x")
    index = SourceIndex(sources)
    old = index.save(tmp_path) / next(path.name for path in tmp_path.glob("segment-*"))
    SourceIndex({"other": "Quite another article about the harvest in the valleys of the north."}).save(tmp_path)
    assert mine.read_bytes() == b"x"
    assert not old.exists()


def test_any_damage_to_a_segment_is_named(tmp_path, sources):
    """Or it changes nothing of what is found: then it lies where nothing is read."""
    SourceIndex(sources).save(tmp_path)
    segment = next(tmp_path.glob("segment-*"))
    whole, text = bytearray(segment.read_bytes()), sources.iloc[0]
    found, named = SourceIndex.open(tmp_path).find(text), 0
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        segment.write_bytes(bytes([*whole[:place], whole[place] ^ 0x5A, *whole[place + 1 :]]))
        with contextlib.suppress(SourceIndexError):
            pd.testing.assert_frame_equal(SourceIndex.open(tmp_path).find(text), found)
            continue
        with pytest.raises(SourceIndexError, match=str(tmp_path)):
            SourceIndex.open(tmp_path).find(text)
        named += 1
    assert named > 40


def test_a_source_that_is_alone_is_found(articles):
    text, source = articles.loc["kim-xi", "text"], articles.loc["kim-xi-reference", "text"]
    assert SourceIndex({"it": source}).find(text)["likely"].tolist() == [True]
    other = articles.loc["news-panama-canal", "text"]
    assert not SourceIndex({"other": other}).find(text)["likely"].any()


def worn(text: str, share: float, seed: int = 1) -> str:
    """A text with this share of its content words replaced, each word always by the same one that nobody has."""
    rng, put_in = random.Random(seed), {}
    spans = [(word, span) for sentence in content_words(text) for word, span in sentence]
    for word, (start, end) in reversed(spans):
        if rng.random() < share:
            text = text[:start] + put_in.setdefault(word, f"worn{len(put_in)}") + text[end:]
    return text


def test_a_source_is_likely_though_half_of_its_words_were_replaced(index, without, sources):
    for article_id, text in sources.items():
        found = index.find(worn(text, 0.5))
        assert found.loc[found["likely"], "article_id"].tolist() == [article_id]
        assert not without.find(worn(text, 0.5))["likely"].any()


def test_an_extract_of_a_heavily_spun_text_has_its_source(index, without, sources):
    likely = []
    for article_id, text in sources.items():
        lines = [text[start:end] for start, end in line_spans(worn(text, 0.5))]
        extract = "\n".join(lines[len(lines) // 3 : 2 * len(lines) // 3 + 1])
        found = index.find(extract)
        assert found.loc[0, "article_id"] == article_id
        assert not without.find(extract)["likely"].any()
        likely.append(found.loc[0, "likely"])
    assert np.mean(likely) >= 0.8


def test_an_unspun_copy_is_surely_the_source(index, sources):
    for article_id, text in sources.items():
        found = index.find(text, top=1)
        assert found.loc[0, "article_id"] == article_id
        assert found.loc[0, "score"] > 0.95


def test_reprints_of_a_source_do_not_hide_it(near, sources):
    name, text = sources.index[0], sources.iloc[0]
    reprints = pd.Series({f"reprint-{number}": f"Reprint {number}.\n\n{text}" for number in range(5)})
    found = SourceIndex(near).add(reprints).find(worn(text, 0.4), top=5)
    assert found["article_id"].str.startswith("reprint").all(), name
    assert found["likely"].all()


def test_a_report_that_repeats_a_few_sentences_is_no_source_among_articles_on_other_things(sources):
    text, other = sources["news-army-flood"], sources["howto-compost"]
    lines = [text[start:end] for start, end in line_spans(text)]
    rival = other + "\n\n" + lines[-1]
    index = SourceIndex(sources.drop(["news-army-flood", "howto-compost"])).add({"rival": rival})
    assert not index.find(text)["likely"].any()
    assert not index.find(worn(text, 0.4))["likely"].any()


def test_a_name_and_a_place_in_common_make_no_source():
    one = "Ronan Keld of Tarvik prunes roses in the first weeks of spring, with a sharp knife and thick gloves."
    other = "Ronan Keld, the mayor of Tarvik, opened a market in June. Cheese and nets were sold."
    index = SourceIndex({"bell": other})
    assert not index.find(one)["likely"].any()


def test_an_index_on_disk_holds_terms_alone_so_that_a_new_scale_needs_no_new_index(tmp_path, sources):
    SourceIndex(sources.iloc[:2]).save(tmp_path)
    listed = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    assert listed["format"] == 1
    assert set(listed) == {"format", "buckets", "reach", "segments", "article_ids"}
    (segment,) = tmp_path.glob("segment-*.npz")
    assert set(sparse.load_npz(segment).data) == {1.0}
