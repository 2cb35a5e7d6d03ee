"""What became of each paragraph, and what an editor asks for: how much, which quotations, which names."""

import pandas as pd
import pytest

from helpers.align import align_pairs, line_spans
from helpers.corpus import pair_texts
from helpers.findings import altered_quotations, broken_names, paragraphs, site_furniture, summarise_articles
from helpers.report.facts.articles import most_changed_paragraphs, pooled_share
from helpers.substitutions import find_substitutions
from helpers.text.spans import is_word, tokens

MESSAGES = "Goodwill messages continued this week’s unprecedented public {} of diplomatic unity in Beijing."
KREMLIN = "A Kremlin aide dismissed Trump’s remarks, saying {} even had this of their thoughts."
KURSK = "Your {} force liberated the Kursk territories from the invaders at large, Putin’s message went on."
SPUN = [text.format(word) for text, word in [(MESSAGES, "show"), (KREMLIN, "nobody"), (KURSK, "fight")]]
REFERENCE = [text.format(word) for text, word in [(MESSAGES, "display"), (KREMLIN, "no one"), (KURSK, "combat")]]


def table_of(*pages: tuple[str, str, str | None, str], site: str = "one.example") -> pd.DataFrame:
    """A table of articles: id, reference_id (empty for a reference), time of publication, text."""
    table = pd.DataFrame(pages, columns=["article_id", "reference_id", "published", "text"]).set_index("article_id")
    return table.assign(
        role=["spun" if reference else "reference" for reference in table["reference_id"]],
        site=[site if reference else "news.example" for reference in table["reference_id"]],
        title=table["text"].str.split("\n").str[0],
        published=pd.to_datetime(table["published"], format="ISO8601"),
    )


def pair_of(spun: str, reference: str) -> pd.DataFrame:
    return table_of(("a", "r", None, spun), ("r", "", None, reference))


def findings_of(articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The paragraphs and the substitutions of some articles."""
    pairs = pair_texts(articles)
    alignment = align_pairs(pairs)
    found = find_substitutions(articles, alignment=alignment)
    return paragraphs(pairs, alignment, found), found


def fates(spun: list[str], reference: list[str]) -> list[tuple[str, str]]:
    """What became of each paragraph, and the paragraph."""
    articles = pair_of("\n\n".join(spun), "\n\n".join(reference))
    return [
        (row.op, articles.loc["r", "text"][row.reference_start : row.reference_end])
        if row.op == "dropped"
        else (row.op, articles.loc["a", "text"][row.spun_start : row.spun_end])
        for row in findings_of(articles)[0].itertuples()
    ]


# Paragraphs


def test_a_paragraph_in_its_place_is_kept_though_words_were_swapped():
    assert fates(SPUN, REFERENCE) == [("kept", line) for line in SPUN]


def test_a_paragraph_that_stands_elsewhere_was_moved():
    assert fates([SPUN[2], SPUN[0], SPUN[1]], REFERENCE) == [("moved", SPUN[2]), ("kept", SPUN[0]), ("kept", SPUN[1])]


def test_furniture_was_added():
    furniture = "Join our newsletter for every tale"
    assert fates([SPUN[0], furniture, SPUN[1]], REFERENCE[:2])[1] == ("added", furniture)


def test_a_dropped_paragraph_stands_behind_the_one_it_followed():
    assert fates([SPUN[0], SPUN[2]], REFERENCE) == [("kept", SPUN[0]), ("dropped", REFERENCE[1]), ("kept", SPUN[2])]


def test_a_dropped_first_paragraph_stands_first():
    assert fates(SPUN[1:], REFERENCE) == [("dropped", REFERENCE[0]), ("kept", SPUN[1]), ("kept", SPUN[2])]


def test_two_paragraphs_glued_together_drop_none():
    assert [op for op, _ in fates([SPUN[0], f"{SPUN[1]} {SPUN[2]}"], REFERENCE)] == ["kept", "kept"]


def test_a_kept_paragraph_leads_to_its_reference():
    articles = pair_of("\n\n".join(SPUN), "\n\n".join(REFERENCE))
    rows = findings_of(articles)[0]
    text = articles.loc["r", "text"]
    assert [text[start:end] for start, end in zip(rows["reference_start"], rows["reference_end"], strict=True)] == (
        REFERENCE
    )


def test_the_missing_side_of_a_paragraph_has_no_offsets():
    rows = findings_of(pair_of(f"{SPUN[0]}\n\nJoin our newsletter for every tale", "\n\n".join(REFERENCE[:2])))[0]
    sides = rows.set_index("op")
    assert sides.loc["added", ["reference_start", "reference_end"]].tolist() == [-1, -1]
    assert sides.loc["dropped", ["spun_start", "spun_end"]].tolist() == [-1, -1]


def test_the_words_of_a_paragraph_are_counted_without_signs():
    row = findings_of(pair_of("“Kim’s army,” he mentioned.", "“Kim’s army,” he said."))[0].iloc[0]
    assert row["words"] == 5


def test_the_words_in_a_substitution_are_the_changed_ones():
    row = findings_of(pair_of("Chinese language President Xi mentioned it.", "Chinese President Xi said it."))[0].iloc[
        0
    ]
    assert (row["changed"], row["words"], row["share"]) == (3, 6, pytest.approx(3 / 6))


def test_words_that_stand_unchanged_in_the_reference_are_copied():
    row = findings_of(pair_of("President Xi mentioned it.", "President Xi said it."))[0].iloc[0]
    assert (row["copied"], row["changed"]) == (3, 1)


def test_words_that_were_added_are_neither_changed_nor_copied():
    row = findings_of(pair_of("President Xi said it. Read the entire tale here.", "President Xi said it."))[0].iloc[0]
    assert (row["words"], row["changed"], row["copied"]) == (9, 0, 4)


def test_words_that_moved_are_copied():
    rows = findings_of(pair_of("\n".join([SPUN[2], *SPUN[:2]]), "\n".join([*SPUN[:2], SPUN[2]])))[0]
    assert rows.loc[0, "op"] == "moved"
    assert (rows["copied"] == rows["words"]).all()


@pytest.fixture(scope="module")
def corpus_paragraphs(pairs, alignment, substitutions) -> pd.DataFrame:
    return paragraphs(pairs, alignment, substitutions)


def test_every_line_of_every_spun_article_is_one_paragraph_in_its_order(pairs, corpus_paragraphs):
    published = corpus_paragraphs[corpus_paragraphs["op"] != "dropped"]
    lines = dict(tuple(published.groupby("spun_id")))
    for pair in pairs.itertuples():
        rows = lines[pair.spun_id]
        assert list(zip(rows["spun_start"], rows["spun_end"], strict=True)) == line_spans(pair.spun_text)


def test_no_line_of_a_reference_is_dropped_twice_or_kept_as_well(corpus_paragraphs):
    dropped = corpus_paragraphs[corpus_paragraphs["op"] == "dropped"]
    assert not dropped.duplicated(["spun_id", "reference_start"]).any()
    used = corpus_paragraphs[corpus_paragraphs["op"].isin(["kept", "moved"])]
    assert dropped.merge(used, on=["spun_id", "reference_start"]).empty


def test_no_word_of_the_corpus_is_both_changed_and_copied(corpus_paragraphs):
    assert (corpus_paragraphs["changed"] + corpus_paragraphs["copied"] <= corpus_paragraphs["words"]).all()
    assert (corpus_paragraphs["changed"] > 0).any()
    assert (corpus_paragraphs["copied"] > 0).any()


@pytest.mark.parametrize(
    ("op", "fate", "side", "least"),
    [("insert", "added", "spun", 0.95), ("delete", "dropped", "reference", 0.9), ("move", "moved", "spun", 0.8)],
)
def test_the_passages_of_the_made_up_sites_are_found(corpus, corpus_paragraphs, op, fate, side, least):
    gold = pd.concat(
        pd.read_csv(path).assign(spun_id=path.name.removesuffix(".passages.csv"))
        for path in sorted(corpus.glob("gold/*.passages.csv"))
    )
    ends = ["spun_id", f"{side}_start", f"{side}_end"]
    true = set(gold.loc[gold["op"] == op, ends].itertuples(index=False, name=None))
    rows = corpus_paragraphs[(corpus_paragraphs["op"] == fate) & corpus_paragraphs["spun_id"].isin(gold["spun_id"])]
    found = set(rows[ends].itertuples(index=False, name=None))
    assert len(true & found) >= least * len(true) > 0
    assert len(true & found) >= 0.85 * len(found)


# Articles


@pytest.fixture
def two_pages() -> pd.DataFrame:
    return table_of(
        ("little", "r", "2025-09-05T12:30", "\n".join([*REFERENCE[:2], SPUN[2]])),
        ("much", "r", "2025-09-06", "\n".join([SPUN[1], SPUN[0], "Join our newsletter for every tale"])),
        ("r", "", "2025-09-05T10:00", "\n".join(REFERENCE)),
    )


@pytest.fixture
def summary(two_pages) -> pd.DataFrame:
    return summarise_articles(two_pages, *findings_of(two_pages)).set_index("spun_id")


def test_the_most_changed_article_comes_first(summary):
    assert list(summary.index) == ["much", "little"]
    assert summary["share"].is_monotonic_decreasing


def test_the_words_of_an_article_are_those_of_its_paragraphs_dropped_ones_apart(two_pages, summary):
    for spun_id in ("little", "much"):
        text = two_pages.loc[spun_id, "text"]
        assert summary.loc[spun_id, "words"] == sum(is_word(token.fold) for token in tokens(text))


def test_the_substitutions_of_an_article_are_counted(summary):
    assert summary["substitutions"].to_dict() == {"little": 1, "much": 2}


def test_the_fates_of_the_paragraphs_of_an_article_are_counted(summary):
    assert summary.loc["much", ["moved", "dropped", "added"]].tolist() == [1, 1, 1]
    assert summary.loc["little", ["moved", "dropped", "added"]].tolist() == [0, 0, 0]


def test_hours_run_from_the_publication_of_the_reference_to_that_of_the_spun_article(summary):
    assert summary.loc["little", "hours"] == 2.5


def test_a_date_without_a_time_of_day_says_nothing_in_hours(summary):
    assert pd.isna(summary.loc["much", "hours"])


def test_an_article_without_substitutions_has_a_share_of_nought():
    articles = pair_of(REFERENCE[0], REFERENCE[0])
    row = summarise_articles(articles, *findings_of(articles)).iloc[0]
    assert row[["share", "changed", "substitutions", "in_quote", "in_name"]].tolist() == [0, 0, 0, 0, 0]


def test_changes_in_quotations_and_names_of_an_article_are_counted():
    articles = pair_of(
        "Then Kim hailed World Battle II and “good mates”, he mentioned.",
        "Then Kim hailed World War II and “good friends”, he said.",
    )
    row = summarise_articles(articles, *findings_of(articles)).iloc[0]
    assert row[["substitutions", "in_quote", "in_name"]].tolist() == [3, 1, 1]


def test_a_fifth_of_the_words_of_the_real_article_was_changed(articles, corpus_paragraphs, substitutions):
    row = summarise_articles(articles, corpus_paragraphs, substitutions).set_index("spun_id").loc["kim-xi"]
    assert 0.2 < row["share"] < 0.3
    assert row["changed"] + row["copied"] == row["words"]


# Quotations


def test_an_altered_quotation_is_given_with_the_sentence_around_it():
    spun = "Xi left. He informed Kim that they are “good mates” that share one future. They met."
    reference = "Xi left. He told Kim that they are “good friends” that share one destiny. They met."
    articles = pair_of(spun, reference)
    row = altered_quotations(articles, findings_of(articles)[1]).iloc[0]
    assert row["published"] == "He informed Kim that they are “good mates” that share one future."
    assert row["original"] == "He told Kim that they are “good friends” that share one destiny."
    assert row["changed"] == 1


def test_the_offsets_of_an_altered_quotation_give_it_back_from_both_texts(articles, substitutions):
    for row in altered_quotations(articles, substitutions).itertuples():
        assert articles.loc[row.spun_id, "text"][row.spun_start : row.spun_end] == row.published
        assert articles.loc[row.reference_id, "text"][row.reference_start : row.reference_end] == row.original


def test_a_quotation_of_two_sentences_is_given_whole():
    spun = "He added: “The trio met. They hailed the army.” They left."
    articles = pair_of(spun, "He added: “The trio met. They hailed the military.” They left.")
    row = altered_quotations(articles, findings_of(articles)[1]).iloc[0]
    assert row["published"] == "He added: “The trio met. They hailed the army.”"


def test_two_changes_in_one_quotation_are_one_row():
    articles = pair_of("He would “totally help” them.", "He would “fully support” them.")
    quotations = altered_quotations(articles, findings_of(articles)[1])
    assert list(quotations["changed"]) == [2]


def test_the_most_altered_quotation_comes_first():
    articles = pair_of(
        "“They are mates.” Then he left.\n“It would totally help them.” Then he left.",
        "“They are friends.” Then he left.\n“It would fully support them.” Then he left.",
    )
    assert list(altered_quotations(articles, findings_of(articles)[1])["changed"]) == [2, 1]


def test_a_change_outside_quotation_marks_alters_no_quotation():
    articles = pair_of("“Good friends,” he mentioned.", "“Good friends,” he said.")
    assert altered_quotations(articles, findings_of(articles)[1]).empty


def test_the_quotation_about_friendship_in_the_real_article_was_altered(articles, substitutions):
    real = substitutions[substitutions["spun_id"] == "kim-xi"]
    quotations = altered_quotations(articles, real)
    altered = quotations[quotations["published"].str.contains("sensation of friendship")]
    assert len(altered) == 1
    assert "the feeling of friendship cannot change" in altered["original"].iloc[0]
    assert altered["changed"].iloc[0] == 6


# Names


def names_of(articles: pd.DataFrame) -> list[tuple]:
    columns = ["name", "published_as", "count", "articles", "sites", "in_quote"]
    return list(broken_names(articles, findings_of(articles)[1])[columns].itertuples(index=False, name=None))


def test_a_broken_name_is_given_whole_as_it_was_and_as_it_was_published():
    articles = pair_of("It was the Korean Central Information Company.", "It was the Korean Central News Agency.")
    assert names_of(articles) == [
        ("Korean Central News Agency", "Korean Central Information Company", 1, 1, 1, 0),
    ]


def test_a_name_broken_in_two_articles_of_two_sites_is_one_row():
    pages = [("a", "r", None, "The end of World Battle II came."), ("r", "", None, "The end of World War II came.")]
    other = table_of(("b", "r", None, "The end of World Battle II came."), site="two.example")
    assert names_of(pd.concat([table_of(*pages), other])) == [("World War II", "World Battle II", 2, 2, 2, 0)]


def test_a_name_broken_in_two_ways_is_two_rows():
    articles = table_of(
        ("a", "r", None, "The end of World Battle II came."),
        ("b", "r", None, "The end of World Conflict II came."),
        ("r", "", None, "The end of World War II came."),
    )
    assert [row[1] for row in names_of(articles)] == ["World Battle II", "World Conflict II"]


def test_a_name_broken_in_a_quotation_is_counted_as_such():
    articles = pair_of("He hailed “the end of World Battle II” then.", "He hailed “the end of World War II” then.")
    assert names_of(articles) == [("World War II", "World Battle II", 1, 1, 1, 1)]


def test_a_name_that_was_left_alone_is_not_listed():
    articles = pair_of("Kim Jong Un mentioned it in North Korea.", "Kim Jong Un said it in North Korea.")
    assert names_of(articles) == []


@pytest.mark.parametrize(
    ("name", "published_as"),
    [
        ("World War II", "World Battle II"),
        ("Korean Central News Agency", "Korean Central Information Company"),
        ("Communist Party of China", "Communist Celebration of China"),
        ("People’s Republic of China", "Folks’s Republic of China"),
        ("Chinese Communist Party", "Chinese language Communist Celebration"),
        ("Foreign Minister Wang Yi", "International Minister Wang Yi"),
        ("People’s Liberation Army", "Folks’s Liberation Military"),
        ("Truth Social", "Fact Social"),
    ],
)
def test_the_real_article_broke_the_name(articles, substitutions, name, published_as):
    real = broken_names(articles, substitutions[substitutions["spun_id"] == "kim-xi"])
    assert (name, published_as) in set(zip(real["name"], real["published_as"], strict=True))


# Furniture


def furniture_of(articles: pd.DataFrame) -> list[tuple[str, str, int]]:
    found = site_furniture(articles, *findings_of(articles))
    return list(found[["line", "original", "count"]].itertuples(index=False, name=None))


def test_a_short_line_that_the_reference_lacks_is_furniture():
    articles = pair_of(f"{SPUN[0]}\n\nJoin our newsletter", REFERENCE[0])
    assert furniture_of(articles) == [("Join our newsletter", "", 1)]


def test_a_long_line_that_the_reference_lacks_is_no_furniture():
    assert furniture_of(pair_of(f"{SPUN[0]}\n\n{KURSK}", REFERENCE[0])) == []


def test_spun_furniture_is_given_with_the_line_it_was_spun_from():
    articles = pair_of(f"{SPUN[0]}\n\nSupply hyperlink", f"{REFERENCE[0]}\n\nSource link")
    assert furniture_of(articles) == [("Supply hyperlink", "Source link", 1)]


def test_furniture_of_two_pages_that_differs_only_in_figures_is_one_row():
    articles = table_of(
        ("a", "r", None, f"{SPUN[0]}\n\n5 Min Read"),
        ("b", "r", None, f"{SPUN[0]}\n\n12 Min Read"),
        ("r", "", None, REFERENCE[0]),
    )
    assert furniture_of(articles) == [("# Min Read", "", 2)]


def test_an_address_in_furniture_is_masked():
    articles = pair_of(f"{SPUN[0]}\n\nWrite to t.marrow@dailybrief.example", REFERENCE[0])
    [(line, _, _)] = furniture_of(articles)
    assert line.startswith("Write to ")
    assert "marrow" not in line


# Exhibits


def paragraph_table(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Paragraphs of one article: op, words, share; each of 100 characters."""
    return pd.DataFrame(
        [("a", op, 100 * number, 100 * number + 90, words, share) for number, (op, words, share) in enumerate(rows)],
        columns=["spun_id", "op", "spun_start", "spun_end", "words", "share"],
    )


def test_the_paragraph_with_the_largest_share_of_changed_words_is_shown_first():
    table = paragraph_table(("kept", 40, 0.1), ("moved", 40, 0.4), ("kept", 40, 0.2))
    assert list(most_changed_paragraphs(table, top=2)["share"]) == [0.4, 0.2]


def test_a_short_paragraph_is_not_shown():
    assert list(most_changed_paragraphs(paragraph_table(("kept", 14, 1.0), ("kept", 15, 0.2)))["share"]) == [0.2]


@pytest.mark.parametrize("fate", ["added", "dropped"])
def test_a_paragraph_with_one_side_only_is_not_shown(fate):
    assert most_changed_paragraphs(paragraph_table((fate, 40, 0.9))).empty


def test_a_paragraph_with_a_passage_shown_elsewhere_is_not_shown_again():
    table = paragraph_table(("kept", 40, 0.4), ("kept", 40, 0.2))
    shown = pd.DataFrame({"spun_id": ["a", "b"], "spun_start": [20, 120]})
    assert list(most_changed_paragraphs(table, besides=shown)["share"]) == [0.2]


def test_the_pooled_share_weighs_articles_by_their_words():
    share, _, _ = pooled_share(pd.DataFrame({"changed": [10, 0], "words": [20, 80]}))
    assert share == pytest.approx(0.1)


def test_four_articles_are_too_few_for_an_interval():
    _, low, high = pooled_share(pd.DataFrame({"changed": [1, 2, 3, 4], "words": [10] * 4}))
    assert pd.isna(low)
    assert pd.isna(high)


def test_the_interval_of_the_pooled_share_holds_it():
    share, low, high = pooled_share(pd.DataFrame({"changed": [10, 20, 15, 30, 12, 9], "words": [100] * 6}))
    assert 0.09 <= low < share < high <= 0.30


def test_the_interval_of_the_pooled_share_narrows_with_more_articles():
    few = pd.DataFrame({"changed": [10, 20, 15, 30, 12, 9], "words": [100] * 6})
    _, low, high = pooled_share(few)
    _, lower, higher = pooled_share(pd.concat([few] * 9))
    assert higher - lower < (high - low) / 2
