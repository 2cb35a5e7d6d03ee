"""Articles go in; the same text and nearly the same text are found and shown, and nothing is dropped."""

import random

import pandas as pd
import pytest

from benchmarks.duplicates import all_pairs, copy_of
from helpers.corpus import near_duplicates
from helpers.corpus.duplicates import COLUMNS


@pytest.fixture(scope="module")
def references(articles) -> pd.Series:
    return articles.loc[articles["role"] == "reference", "text"]


def table_of(**texts: str) -> pd.DataFrame:
    return pd.DataFrame({"text": texts}).rename_axis("article_id")


def test_the_same_text_twice_is_exact(references):
    text = references.iloc[0]
    [pair] = near_duplicates(table_of(a=text, b=references.iloc[1], c=text)).itertuples()
    assert (pair.article_id, pair.other_id, pair.similarity, pair.exact, pair.declared) == ("a", "c", 1.0, True, False)


def test_a_text_that_differs_in_quotes_and_case_only_is_alike_but_not_exact(references):
    text = references.iloc[0]
    [pair] = near_duplicates(table_of(a=text, b=text.replace("’", "'").upper())).itertuples()
    assert (pair.similarity, pair.exact) == (1.0, False)


def test_a_text_within_a_longer_one_is_shared_whole(references):
    [pair] = near_duplicates(
        table_of(a=references.iloc[0], b=f"{references.iloc[0]}\n{references.iloc[1][:3000]}")
    ).itertuples()
    assert pair.shared == pytest.approx(1, abs=0.01)
    assert pair.similarity < 0.95


def test_all_near_duplicates_among_made_up_ones_are_found(references):
    chance, words = random.Random(3), "army said meeting house river".split()
    made = {
        f"{name}-{rate}": copy_of(text, rate, chance, words)
        for name, text in references.items() for rate in (0.0, 0.02, 0.05, 0.08)
    }  # fmt: skip
    table = table_of(**made)
    found, true = near_duplicates(table), all_pairs(table)
    assert len(true) > 60
    assert set(zip(found["article_id"], found["other_id"], strict=True)) == set(
        zip(true["article_id"], true["other_id"], strict=True)
    )
    assert found["similarity"].is_monotonic_decreasing


def test_a_declared_pair_is_marked(articles):
    found = near_duplicates(articles, least=0.4)
    assert found["declared"].any()
    for row in found[found["declared"]].itertuples():
        named = articles.loc[[row.article_id, row.other_id], "reference_id"].tolist()
        assert row.article_id in named or row.other_id in named


@pytest.mark.parametrize("texts", [{}, {"a": "Alone."}, {"a": "One", "b": "Two"}])
def test_where_nothing_is_alike_the_table_is_empty(texts):
    found = near_duplicates(table_of(**texts)) if texts else near_duplicates(pd.DataFrame({"text": []}, dtype=str))
    assert list(found.columns) == COLUMNS
    assert len(found) == 0
