"""Precision, recall and F1 of found substitutions, and how well the real article and the made-up sites are read."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.evaluation.scores import count_hits, pooled, scores
from helpers.substitutions import find_substitutions, gold_tables, read_gold, score_substitutions, score_table

COLUMNS = ["spun_start", "spun_end", "original"]
Row = tuple[int, int, str]


def found_table(*rows: Row) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def gold_table(*rows: Row, uncertain: tuple[Row, ...] = ()) -> pd.DataFrame:
    return pd.concat([found_table(*rows).assign(certain=True), found_table(*uncertain).assign(certain=False)])


def by_hand(found: list[Row], gold: list[Row], uncertain: list[Row]) -> tuple[float, float, float]:
    """The rules once more: exact span and folded original count; what touches an uncertain span is left out."""

    def key(row: Row) -> tuple[int, int, str]:
        return row[0], row[1], " ".join(row[2].replace("’", "'").replace("‘", "'").casefold().split())

    touched = {row for row in found for start, end, _ in uncertain if row[0] < end and start < row[1]}
    kept, truth = {key(row) for row in found if row not in touched}, {key(row) for row in gold}
    precision, recall = len(kept & truth) / max(1, len(kept)), len(kept & truth) / max(1, len(truth))
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


MEETING, SUPPORT, PEOPLE = (10, 18, "meeting"), (30, 34, "support"), (50, 55, "People’s")
HAND_MADE = {
    "all found": ([MEETING, SUPPORT], [MEETING, SUPPORT], []),
    "one missed": ([MEETING], [MEETING, SUPPORT], []),
    "one too many": ([MEETING, SUPPORT, PEOPLE], [MEETING, SUPPORT], []),
    "nothing found": ([], [MEETING, SUPPORT], []),
    "nothing right": ([SUPPORT], [MEETING], []),
    "a span one character off": ([(10, 17, "meeting")], [MEETING], []),
    "another original at the right place": ([(10, 18, "gathering")], [MEETING], []),
    "the original in capitals": ([(10, 18, "MEETING")], [MEETING], []),
    "straight quotes": ([(50, 55, "People's")], [PEOPLE], []),
    "a line break in the original": ([(0, 9, "no\n one")], [(0, 9, "no one")], []),
    "the same row twice": ([MEETING, MEETING], [MEETING, SUPPORT], []),
    "an uncertain place left alone": ([MEETING], [MEETING], [SUPPORT]),
    "an uncertain place found": ([MEETING, SUPPORT], [MEETING], [SUPPORT]),
    "an uncertain place read otherwise": ([MEETING, (32, 40, "aid to")], [MEETING], [SUPPORT]),
    "beside an uncertain place": ([MEETING, (34, 40, "aid")], [MEETING], [SUPPORT]),
    "a certain place that touches an uncertain one": ([MEETING], [MEETING, SUPPORT], [(12, 20, "meeting with")]),
}


@pytest.mark.parametrize(("found", "gold", "uncertain"), HAND_MADE.values(), ids=HAND_MADE.keys())
def test_the_scores_agree_with_those_worked_out_by_hand(found, gold, uncertain):
    row = score_substitutions(found_table(*found), gold_table(*gold, uncertain=tuple(uncertain))).iloc[0]
    assert (row["precision"], row["recall"], row["f1"]) == pytest.approx(by_hand(found, gold, uncertain))


SPAN = st.tuples(
    st.integers(0, 8), st.integers(1, 4), st.sampled_from(["war", "War", "no one", "People’s", "people's"])
)
ROWS = st.lists(SPAN.map(lambda row: (row[0], row[0] + row[1], row[2])), max_size=8)


@given(ROWS, ROWS.filter(bool), ROWS)
def test_the_scores_of_any_tables_agree_with_those_worked_out_by_hand(found, gold, uncertain):
    row = score_substitutions(found_table(*found), gold_table(*gold, uncertain=tuple(uncertain[:2]))).iloc[0]
    assert (row["precision"], row["recall"], row["f1"]) == pytest.approx(by_hand(found, gold, uncertain[:2]))


def test_precision_recall_and_f1_of_a_worked_example():
    assert scores(hits=6, found=8, gold=12) == {
        "precision": 0.75,
        "recall": 0.5,
        "f1": pytest.approx(2 * 0.75 * 0.5 / 1.25),
    }


def test_nothing_found_where_nothing_was_changed_is_a_perfect_answer():
    assert scores(hits=0, found=0, gold=0) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_something_found_where_nothing_was_changed_is_wrong():
    score = scores(hits=0, found=3, gold=0)
    assert (score["precision"], score["f1"]) == (0.0, 0.0)


def test_the_counts_behind_the_scores_leave_uncertain_places_out():
    counts = count_hits(found_table(MEETING, SUPPORT, PEOPLE), gold_table(MEETING, uncertain=(SUPPORT,)))
    assert counts == {"hits": 1, "found": 2, "gold": 1}


def test_each_article_is_scored_against_its_own_gold():
    found = found_table(MEETING, SUPPORT, MEETING).assign(spun_id=["a", "a", "b"])
    table = score_substitutions(found, {"a": gold_table(MEETING, SUPPORT), "b": gold_table(SUPPORT)})
    assert table["hits"].to_dict() == {"a": 2, "b": 0}


def test_an_article_in_which_nothing_was_found_has_no_recall():
    found = found_table(MEETING).assign(spun_id="a")
    table = score_substitutions(found, {"a": gold_table(MEETING), "b": gold_table(SUPPORT)})
    assert table.loc["b", ["found", "gold", "recall"]].tolist() == [0, 1, 0.0]


def test_an_article_without_gold_is_not_scored():
    found = found_table(MEETING, SUPPORT).assign(spun_id=["a", "b"])
    assert list(score_substitutions(found, {"a": gold_table(MEETING)}).index) == ["a"]


# Gold on disk


def test_a_gold_table_without_a_column_of_doubt_is_certain_throughout(tmp_path):
    (tmp_path / "a.gold.csv").write_text("spun_start,spun_end,original\n10,18,meeting\n", encoding="utf-8")
    assert read_gold(tmp_path / "a.gold.csv")["certain"].tolist() == [True]


def test_a_gold_phrase_that_looks_like_a_missing_value_is_read_as_written(tmp_path):
    (tmp_path / "a.gold.csv").write_text("spun_start,spun_end,original\n0,4,null\n5,7,3\n", encoding="utf-8")
    assert read_gold(tmp_path / "a.gold.csv")["original"].tolist() == ["null", "3"]


def test_gold_tables_are_found_by_the_article_they_are_for(tmp_path):
    (tmp_path / "gold").mkdir()
    for name in ("b.gold.csv", "a.gold.csv", "a.passages.csv"):
        (tmp_path / "gold" / name).write_text("spun_start,spun_end,original\n10,18,meeting\n", encoding="utf-8")
    assert list(gold_tables(tmp_path)) == ["a", "b"]


def test_every_spun_article_of_the_corpus_has_gold(corpus, articles):
    assert set(gold_tables(corpus)) == set(articles.index[articles["role"] == "spun"])


# Many articles


@pytest.fixture
def per_article() -> pd.DataFrame:
    counts = pd.DataFrame(
        {"hits": [8, 1, 5, 9], "found": [10, 2, 5, 10], "gold": [16, 4, 5, 10]}, index=["a", "b", "c", "d"]
    )
    return counts.assign(precision=0.0, recall=0.0, f1=0.0)


def test_pooled_scores_weigh_articles_by_their_substitutions(per_article):
    row = pooled(per_article)
    assert (row["precision"], row["recall"], row["f1"]) == pytest.approx((23 / 27, 23 / 35, 46 / 62))


def test_the_interval_of_a_pooled_score_holds_it(per_article):
    row = pooled(per_article)
    for name in ("precision", "recall", "f1"):
        assert 0 < row[f"{name}_low"] < row[name] < row[f"{name}_high"] <= 1


def test_articles_that_score_alike_have_an_interval_without_width():
    row = pooled(pd.DataFrame({"hits": [8] * 5, "found": [10] * 5, "gold": [16] * 5}))
    assert (row["f1_low"], row["f1_high"]) == pytest.approx((row["f1"], row["f1"]))


def test_one_article_has_no_interval(per_article):
    row = pooled(per_article.iloc[:1])
    assert row["precision"] == 0.8
    assert pd.isna(row["f1_low"])
    assert pd.isna(row["f1_high"])


def test_the_same_seed_gives_the_same_interval(per_article):
    pd.testing.assert_series_equal(pooled(per_article, seed=3), pooled(per_article, seed=3))


def test_a_score_to_be_read_stands_with_its_interval_and_sample_size(per_article):
    table = score_table(per_article)
    assert table.loc["all", "articles"] == 4
    low, high = pooled(per_article)[["f1_low", "f1_high"]]
    assert table.loc["all", "f1"] == f"0.742 ({low:.3f} to {high:.3f})"


def test_scores_to_be_read_are_given_for_each_site(per_article):
    sites = pd.Series(
        {"a": "one.example", "b": "two.example", "c": "one.example", "d": "one.example", "e": "x.example"}
    )
    assert score_table(per_article, sites)["articles"].to_dict() == {"one.example": 3, "two.example": 1}


def test_a_score_of_one_article_stands_alone(per_article):
    assert score_table(per_article.iloc[:1]).loc["all", "precision"] == "0.800"


# How well Unspun reads


def test_the_real_article_alone_is_read_with_an_f1_of_0_95(corpus, spun_text, reference_text):
    found = find_substitutions(spun_text, reference_text)
    score = score_substitutions(found, read_gold(corpus / "gold" / "kim-xi.gold.csv")).iloc[0]
    assert score["f1"] >= 0.95
    assert score["gold"] == 144


def test_the_real_article_is_read_no_worse_beside_the_others(corpus, spun_text, reference_text, substitutions):
    gold = read_gold(corpus / "gold" / "kim-xi.gold.csv")
    alone = score_substitutions(find_substitutions(spun_text, reference_text), gold).iloc[0]
    beside = score_substitutions(substitutions[substitutions["spun_id"] == "kim-xi"], gold).iloc[0]
    assert beside["f1"] >= alone["f1"]


def test_the_made_up_sites_are_read_with_an_f1_of_0_95(corpus, articles, substitutions):
    per_article = score_substitutions(substitutions, gold_tables(corpus)).drop(index="kim-xi")
    assert len(per_article) >= 48
    assert pooled(per_article)["f1"] >= 0.95
