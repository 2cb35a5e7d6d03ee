"""Restoration: what is put back, what is left alone, and that every change is where it says it is."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.restoration import counts, in_table, table_of, without_own
from helpers.align import fold
from helpers.mapping import with_uses
from helpers.mapping.dictionary import Dictionary
from helpers.restoration.restore import COLUMNS
from helpers.restore import restore
from helpers.substitutions import gold_tables
from helpers.text.annotated import read
from helpers.text.word_counts import article_gain

TABLE = pd.DataFrame(
    [
        ("battle", "war", 13),
        ("mentioned", "said", 40),
        ("mentioned", "discussed", 9),
        ("international locations", "countries", 20),
        ("is", "'s", 30),
        ("'s", "is", 30),
        ("cannot", "can't", 9),
    ],
    columns=["spun", "original", "support"],
)


ASKED = pytest.mark.parametrize("asked", [True, False], ids=["language model", "counts"])


def put_back(text: str, table: pd.DataFrame | None = TABLE, asked: bool = True, **options) -> str:
    return restore(text, table, thesaurus=False, language_model=asked, **options).text


@ASKED
def test_a_broken_name_is_mended_with_its_capitals(asked):
    assert put_back("the end of World Battle II.", asked=asked) == "the end of World War II."


@ASKED
def test_a_phrase_becomes_a_word(asked):
    assert put_back("between our two international locations", asked=asked) == "between our two countries"


@ASKED
def test_context_chooses_among_several_originals(asked):
    said = put_back("It was bad, he mentioned on Friday.", threshold=0.3, asked=asked)
    assert said == "It was bad, he said on Friday."
    assert "discussed" in put_back("The plans were widely mentioned.", TABLE.query("original != 'said'"), asked)


def test_the_language_model_tells_a_right_word_from_a_replacement():
    """A battle is lost, a war is declared: the table alone cannot tell which “battle” was put in."""
    table = TABLE.query("spun == 'battle'")
    text = "Britain declared battle on Germany in 1939. Napoleon lost the battle of Waterloo."
    changes = restore(text, table, 0.0, thesaurus=False).changes.sort_values("spun_start")
    declared, lost = changes["probability"]
    assert declared > 0.9 > lost + 0.2


@ASKED
def test_a_rejected_row_is_not_used_and_an_approved_one_counts_for_more(asked):
    def made(table: pd.DataFrame) -> pd.DataFrame:
        return restore("World Battle II", table, 0.0, thesaurus=False, language_model=asked).changes

    assert made(TABLE.assign(status="rejected")).empty
    assert made(TABLE.assign(status="approved"))["probability"].iloc[0] > made(TABLE)["probability"].iloc[0]


@pytest.mark.parametrize(
    ("spun", "restored"), [("It’s good", "It is good"), ("It is good", "It’s good"), ("He cannot", "He can’t")]
)
def test_clitics_come_and_go_with_their_space(spun, restored):
    table = TABLE if spun.startswith("It’s") else TABLE.query('spun != "\'s"')
    assert put_back(spun + " ’", table, threshold=0.0).removesuffix(" ’") == restored


def test_nothing_is_changed_that_is_less_sure_than_the_threshold():
    kept = restore("World Battle II", TABLE, threshold=1.0, thesaurus=False)
    assert kept.text == "World Battle II"
    assert kept.changes.empty
    assert kept.doubtful["original"].tolist() == ["War"]


def test_a_threshold_is_a_probability():
    with pytest.raises(ValueError, match="from 0 to 1, not 2"):
        restore("x", TABLE, threshold=2)


def test_a_mapping_without_its_columns_is_named():
    with pytest.raises(ValueError, match=r"lacks the column\(s\) original"):
        restore("x", pd.DataFrame({"spun": ["x"]}))


def test_the_real_article_is_restored_from_other_articles_alone(corpus, articles, spun_text):
    gold = gold_tables(corpus)
    table = table_of([spun_id for spun_id in gold if spun_id != "kim-xi"], articles, gold)
    restored = restore(spun_text, table)
    found = counts(restored.changes, gold["kim-xi"], [])
    assert found["right"] / found["gold"] > 0.45
    assert found["right"] / found["made"] > 0.8
    assert found["broken"] < 10
    by_counts = counts(restore(spun_text, table, language_model=False).changes, gold["kim-xi"], [])
    assert by_counts["right"] < found["right"]
    assert "end of World War II" in restored.text
    first = restored.changes[["in_quote", "in_name"]].any(axis=1)
    assert first.is_monotonic_decreasing  # quotations and names come first


def test_a_table_without_an_articles_own_pairs_has_none_of_them(corpus, articles):
    gold = gold_tables(corpus)
    table = table_of([spun_id for spun_id in gold if spun_id.startswith("dailybrief")], articles, gold)
    rest = without_own(table, gold["kim-xi"])
    own = set(zip(gold["kim-xi"]["spun"].map(fold), gold["kim-xi"]["original"].map(fold), strict=True))
    assert own & set(zip(table["spun"], table["original"], strict=True))
    assert not own & set(zip(rest["spun"], rest["original"], strict=True))


def test_the_ceiling_counts_certain_substitutions_whose_pair_is_in_the_table():
    gold = pd.DataFrame(
        {
            "spun": ["Battle", "mentioned", "Folks"],
            "original": ["War", "told", "People"],
            "certain": [True, True, False],
        }
    )
    assert in_table(TABLE, gold) == 1


def test_the_thesaurus_keeps_the_inflection():
    changes = restore("They will work collectively, he said.", None, threshold=0.0).changes
    assert dict(zip(changes["spun"], changes["original"], strict=True))["collectively"] == "together"
    assert all(changes["reason"].str.startswith("thesaurus"))


def test_every_change_says_why(spun_text):
    made = restore(spun_text, TABLE, thesaurus=False).changes
    assert made.loc[made["spun"] == "Battle", "reason"].iloc[0].startswith("table: seen 13 times, 100% of the uses")
    assert "“world war” stands together" in made.loc[made["spun"] == "Battle", "reason"].iloc[0]
    assert "expected it over 1,000 times as readily" in made.loc[made["spun"] == "Battle", "reason"].iloc[0]


def test_offsets_point_into_both_texts(spun_text):
    restored = restore(spun_text, TABLE, threshold=0.2, thesaurus=False)
    assert len(restored.changes) > 5
    for row in restored.changes.itertuples():
        assert spun_text[row.spun_start : row.spun_end] == row.spun
        assert restored.text[row.restored_start : row.restored_end] == row.original


def left_as_it_was(words, asked):
    text = " ".join(words)
    restored = restore(text, TABLE, threshold=0.2, thesaurus=False, language_model=asked)
    rest = text
    for row in restored.changes.sort_values("spun_start", ascending=False).itertuples():
        assert text[row.spun_start : row.spun_end] == row.spun
        assert restored.text[row.restored_start : row.restored_end] == row.original
        rest = rest[: row.spun_start] + row.original + rest[row.spun_end :]
    assert rest.replace(" ", "") == restored.text.replace(" ", "")
    assert list(restored.changes.columns) == COLUMNS


SNIPPETS = st.lists(
    st.sampled_from(["battle", "’s", "is", "it", "mentioned", "\n", ".", "“", "cannot", "A"]), max_size=12
)


@given(SNIPPETS)
def test_what_is_not_changed_stays_as_it_was(words):
    left_as_it_was(words, asked=False)


@given(SNIPPETS)
@settings(max_examples=25)  # each asks the language model, which takes a second
def test_what_is_not_changed_stays_as_it_was_with_the_language_model(words):
    left_as_it_was(words, asked=True)


@given(st.text(max_size=200))
def test_any_text_without_a_table_and_thesaurus_stays(text):
    assert restore(text, None, thesaurus=False).text == text


def test_uses_are_counted_where_a_phrase_stood_for_itself():
    table = pd.DataFrame({"spun": ["battle", "battle cry"], "original": ["war", "slogan"], "support": [1, 1]})
    counted = with_uses(table, ["World Battle II was a battle", "a battle cry"])
    assert counted["natural"].tolist() == [2, 0]
    site = pd.concat([counted, pd.DataFrame({"spun": ["mentioned"], "original": ["said"], "support": [10_000]})])
    often, never = (Dictionary(site.assign(natural=n)).replaced(("battle",)) for n in (50, 0))
    assert often < 0 < never


def test_an_article_in_front_is_evidence():
    assert article_gain("a", "extremely", "highly") == 1
    assert article_gain("an", "meeting", "assembly") == 1
    assert article_gain("an", "event", "meeting") == -1
    assert article_gain("the", "extremely", "highly") == 0


def test_a_phrase_is_looked_for_on_one_line():
    assert put_back("our two international\nlocations") == "our two international\nlocations"
    assert read("a\nb").words == ["a", "b"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"spun": ["battle"], "original": [""]}, "row 0 has no phrase in original"),
        ({"spun": ["battle"], "original": [float("nan")]}, "row 0 has no phrase in original"),
        ({"spun": [None], "original": ["war"]}, "row 0 has no phrase in spun"),
        ({"spun": ["battle"], "original": ["war"], "support": ["many"]}, "row 0 has no count in support"),
    ],
)
def test_a_mapping_with_a_gap_is_refused_with_its_row(table, said):
    with pytest.raises(ValueError, match=said):
        restore("The end of World Battle II.", pd.DataFrame(table))


def test_a_table_as_people_write_it_is_read():
    table = pd.DataFrame({"spun": ["battle", "Battle"], "original": ["war", "fight"], "support": ["9", "1"]})
    [reason] = restore("The end of World Battle II.", table, 0, False).changes["reason"]
    assert "90% of the uses" in reason
    assert restore("'s fine", pd.DataFrame({"spun": ["'s", "n't"], "original": ["is", "not"]}), 0, False).text


def test_names_in_the_table_keep_their_capitals():
    table = pd.DataFrame({"spun": ["him", "US"], "original": ["Kim", "America"], "support": [9, 9]})
    assert restore("He met him in the US today.", table, 0, False).text == "He met Kim in the America today."


def test_a_possessive_is_no_verb():
    table = pd.DataFrame({"spun": ["'s"], "original": ["is"], "support": [99]})
    text = "This week’s unprecedented talks: it’s good."
    assert restore(text, table, 0, False).text == "This week’s unprecedented talks: it is good."


@pytest.mark.parametrize("text", ["5 Min Read", "It cost $5 and no more.", "It fell by 5% last year.", "a 5 km run"])
def test_a_figure_with_a_sign_or_a_short_unit_was_no_word(text):
    table = pd.DataFrame({"spun": ["5"], "original": ["five"], "support": [9]})
    assert not len(restore(text, table, 0.0, thesaurus=False).changes)
    (change,) = restore("a 5 minute read", table, 0.0, thesaurus=False).changes["original"]
    assert change == "five"
