"""Which spun articles have one unknown source in common: what is brought together, and above all what is not."""

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.testsets import dictionary, references
from helpers.align import line_spans, sentence_spans
from helpers.comparison.alignment.anchors import heaviest_chain
from helpers.evaluation.simulate import Site, publish
from helpers.sources import group_versions
from helpers.sources.outlines import EVERYBODYS, everybodys
from helpers.sources.parallels import BREAK, broken_chain, in_both, shared_words
from helpers.sources.version_groups import COPY, VERSION, grouped
from helpers.sources.version_scale import LIKELY
from helpers.sources.versions import CANDIDATES
from helpers.spinner import Spinner

FURNISHED = Site(
    "pulse.example",
    bylines=("Pulse Staff",),
    top=("By {byline}", "{minutes} Min Read", "Listen to this article", "Share this story with your friends"),
    bottom=(
        "Source link",
        "The editors of this site collect interesting stories from around the world and present them to a wide "
        "audience. If you want to support our work, tell your friends about the site or write to the editor.",
        "All rights reserved. No part of this page may be copied without the written consent of the publisher.",
        "Sign up to receive the most important stories of the day in your inbox every morning.",
    ),
)
# Two reporters at one fire: the same facts, figures and words of the mayor, told by either in his own way.
FIRE = (
    "A fire destroyed the old market hall of Tarvik on Sunday night. Nobody was hurt, but 27 traders lost their "
    "stalls, and the flames were seen as far away as Osk.\n\n"
    "The alarm was raised at 11.40 pm by a baker on his way to work. Five engines from three towns fought the blaze "
    "until dawn, hampered by a burst main in Fisher Street. By then the roof, built in 1912, had fallen in.\n\n"
    "“We shall build it again, stone by stone,” said the mayor, Ronan Keld, in front of the ruin. He put the damage at "
    "four million crowns. The county has promised to pay for a tent in which the traders can open on Thursday.\n\n"
    "What started the fire is not known. Police inspector Mila Brandt said that an electric fault was likely, since "
    "the wiring in the cheese cellar had been complained about twice this year."
)
SAME_FIRE = (
    "Traders in Tarvik were picking through ash on Monday after the town’s market hall, a landmark since 1912, burned "
    "down overnight. Twenty-seven stalls are gone; there were no injuries.\n\n"
    "Ronan Keld, who has been mayor for six years, stood before what is left of the walls and made a vow: “We shall "
    "build it again, stone by stone.” It will cost about four million crowns, according to his office, and insurance "
    "covers no more than half.\n\n"
    "Investigators suspect the electrics. Inspector Mila Brandt of the county police pointed to the cheese cellar, "
    "where tenants have reported sparks. A final answer may take weeks.\n\n"
    "Firefighters, called shortly before midnight by a baker, found too little water pressure in Fisher Street, where "
    "a pipe had broken. It was light before they could go home. On Thursday a tent will open on the square, paid for "
    "by the county, so that vegetables, fish and cloth can be sold as usual."
)


@pytest.fixture(scope="module")
def sources(corpus) -> pd.Series:
    return references(corpus)


@pytest.fixture(scope="module")
def pages(articles) -> pd.DataFrame:
    """What four made-up sites with three dictionaries made of five sources, and the real article."""
    wanted = articles["reference_id"].isin(
        ["news-army-flood", "news-james-webb", "news-panama-canal", "explainer-salty-sea", "howto-compost"]
    )
    return articles[wanted | (articles.index == "kim-xi")]


@pytest.fixture(scope="module")
def found(pages) -> tuple[pd.DataFrame, pd.DataFrame]:
    return group_versions(pages, links=True)


def spun(text: str, corpus, name: str = "amber", rate: float = 0.6, seed: int = 1, site: Site | None = None) -> str:
    return publish(text, Spinner(dictionary(corpus, name), rate, seed), site or Site("plain.example")).text


def stand_alone(*texts: str) -> bool:
    """Whether no two of some texts were brought together."""
    return group_versions({str(number): text for number, text in enumerate(texts)})["version_group"].isna().all()


def test_the_pages_of_each_source_are_a_group_and_of_two_sources_never(pages, found):
    groups, _ = found
    by_source = groups.groupby(pages["reference_id"])["version_group"]
    assert (by_source.nunique().drop("kim-xi-reference") == 1).all()
    assert groups["version_group"].nunique() == 5
    assert groups.loc[groups["version_group"].notna(), "versions"].eq(4).all()


def test_an_article_without_another_version_stands_alone(found):
    row = found[0].loc["kim-xi"]
    assert pd.isna(row["version_group"])
    assert (row["versions"], row["copy_of"], row["note"]) == (1, "", "")
    assert np.isnan(row["score"])


def test_there_is_a_row_for_each_article_in_their_order(pages, found):
    groups, _ = found
    assert groups.index.tolist() == pages.index.tolist()
    assert groups["version_group"].dropna().drop_duplicates().tolist() == [1, 2, 3, 4, 5]
    assert groups["score"].dropna().between(LIKELY, 1).all()


def test_links_join_articles_of_one_group_and_say_what_they_rest_on(found):
    groups, links = found
    assert links["kind"].eq(VERSION).all()
    assert links["score"].between(LIKELY, 1).all()
    ends = [groups["version_group"].loc[links[name]].to_numpy() for name in ("article_id", "other_id")]
    assert (ends[0] == ends[1]).all()
    assert links[["density", "order", "most", "least"]].stack().between(0, 1).all()


def test_the_groups_are_the_same_whatever_the_order(pages, found):
    again = group_versions(pages.sample(frac=1, random_state=3)).loc[pages.index]
    assert (again["version_group"].isna() == found[0]["version_group"].isna()).all()
    both = pd.DataFrame({"one": found[0]["version_group"], "other": again["version_group"]}).dropna()
    assert len(both.drop_duplicates()) == 5
    # Where a chain is best broken depends on which text it is read along.
    pd.testing.assert_series_equal(again["score"], found[0]["score"], rtol=0.01)


def test_a_page_that_came_twice_is_one_version_and_belongs_all_the_same(pages, found):
    name = "worldpulse-news-james-webb"
    copied = pd.concat([pages["text"], pd.Series({"again": pages.loc[name, "text"]})])
    groups = group_versions(copied)
    assert groups.loc["again", "copy_of"] == name
    assert groups.loc["again", "version_group"] == groups.loc[name, "version_group"]
    assert groups.loc["again", "score"] == groups.loc[name, "score"]
    pd.testing.assert_frame_equal(groups.drop("again"), found[0], check_names=False)


def test_copies_of_an_honest_article_are_no_versions(sources):
    """Word for word, or shortened and touched by an editor: nothing was spun between them."""
    text = sources["news-panama-canal"]
    lines = [text[start:end] for start, end in line_spans(text)]
    edited = "\n\n".join([*lines[:4], *lines[5:]]).replace("said", "stated", 1)
    texts = pd.Series({"wire": text, "exact": text, "edited": edited})
    groups = group_versions(texts)
    assert groups["version_group"].isna().all()
    assert groups["copy_of"].tolist() == ["", "wire", "wire"]


def test_a_story_that_is_printed_everywhere_is_no_furniture(corpus, sources):
    """Four papers have it, each with a sentence of its own; two sites have it spun."""
    text = sources["news-panama-canal"]
    papers = {f"paper-{n}": f"{text}\nThe author has written for paper {'abcd'[n]} since spring.\n" for n in range(4)}
    groups = group_versions(papers | {name: spun(text, corpus, name) for name in ("amber", "birch")})
    assert groups["version_group"].tolist() == [1] * 6
    assert groups["versions"].tolist() == [3] * 6
    assert groups["copy_of"].tolist() == ["", *["paper-0"] * 3, "", ""]


def test_two_versions_on_one_site_are_found_as_well(corpus, sources):
    text = sources["news-army-flood"]
    groups = group_versions({str(seed): spun(text, corpus, "birch", 0.5, seed, FURNISHED) for seed in (1, 2)})
    assert groups["version_group"].tolist() == [1, 1]


def test_pages_of_one_site_are_not_joined_by_their_furniture(corpus, sources):
    short = [" ".join(text[a:b] for a, b in sentence_spans(text)[:7]) for text in sources.iloc[:6]]
    assert stand_alone(*[spun(text, corpus, site=FURNISHED) for text in short])
    assert stand_alone(*[spun(text, corpus, site=FURNISHED) for text in short[:2]])  # nor where there are two


def test_two_honest_reports_of_one_event_are_not_joined():
    assert stand_alone(FIRE, SAME_FIRE)


def test_a_spun_page_and_a_spun_rival_report_are_not_joined(corpus):
    pages = [spun(text, corpus, rate=0.9) for text in (FIRE, SAME_FIRE)]
    assert stand_alone(*pages)
    groups = group_versions(dict(zip("abc", [*pages, spun(FIRE, corpus, "birch")], strict=True)))
    assert groups["version_group"].fillna(0).tolist() == [1, 0, 1]


def test_a_follow_up_that_repeats_the_first_report_word_for_word_is_not_joined(sources):
    """It repeats a third of the other, at its end, as background."""
    first, later = sources["news-army-flood"], sources["news-tree-planting"]
    sentences = [first[start:end] for start, end in sentence_spans(first)]
    assert stand_alone(first, f"{later}\n{' '.join(sentences[: len(sentences) // 3])}\n")


def test_a_page_merged_from_two_sources_does_not_bring_these_together(corpus, sources):
    one, other = sources["news-army-flood"], sources["news-james-webb"]
    texts = {f"one-{name}": spun(one, corpus, name) for name in ("amber", "birch", "cobalt")}
    texts |= {f"other-{name}": spun(other, corpus, name) for name in ("amber", "birch", "cobalt")}
    half, rest = spun(one, corpus, "birch", 0.4, 2), spun(other, corpus, "birch", 0.4, 2)
    texts["merged"] = half[: len(half) // 2] + "\n\n" + rest[len(rest) // 2 :]
    groups = group_versions(texts)["version_group"]
    assert groups[:3].nunique() == groups[3:6].nunique() == 1
    assert groups["one-amber"] != groups["other-amber"]


def test_a_text_that_is_too_short_is_refused_and_says_so():
    groups = group_versions({"a": "Kim met Xi in Beijing.", "b": "Kim met Xi in Beijing today.", "empty": ""})
    assert groups["version_group"].isna().all()
    assert groups["note"].str.startswith("too short").all()


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (pd.DataFrame({"title": ["a"]}), "column text"),
        ({"a": 3}, "'a'"),
        (pd.Series(["x", "y"], ["a", "a"]), "'a' comes twice"),
        (pd.Series(["x"]), "strings"),
    ],
)
def test_what_are_no_articles_is_said(articles, said):
    with pytest.raises(ValueError, match=said):
        group_versions(articles)


def test_no_articles_make_no_groups():
    groups, links = group_versions({}, links=True)
    assert groups.empty
    assert links.empty
    assert groups.columns.tolist() == ["version_group", "versions", "score", "copy_of", "note"]


# Links into groups


def links_of(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["one", "other", "kind", "score"])


def groups_of(links: pd.DataFrame, full: tuple[int, ...] = ()) -> list[set[int]]:
    found = grouped(links, np.array(full, np.int64), np.empty(0, np.int64), many=1)
    return [set(rows["number"]) for group, rows in found.groupby("group") if group]


def test_a_chain_of_links_is_split():
    """0~1 and 2~3 are sure, 1~2 is likely, and nothing joins the others."""
    links = links_of((0, 1, VERSION, 0.99), (1, 2, VERSION, 0.7), (2, 3, VERSION, 0.99))
    assert groups_of(links) == [{0, 1}, {2, 3}]


def test_of_articles_with_more_neighbours_than_were_compared_a_missing_link_says_nothing():
    links = links_of((0, 1, VERSION, 0.99), (1, 2, VERSION, 0.9))
    assert groups_of(links) == [{0, 1}]
    assert groups_of(links, full=(0, 2)) == [{0, 1, 2}]


def test_copies_count_as_one_version_and_alone_as_none():
    links = links_of((0, 1, COPY, 1.0), (2, 5, COPY, 0.9), (2, 7, VERSION, 0.8), (5, 7, VERSION, 0.6))
    table = grouped(links, np.empty(0, np.int64), np.empty(0, np.int64)).set_index("number")
    assert table["group"].to_dict() == {0: 0, 1: 0, 2: 1, 5: 1, 7: 1}
    assert table["versions"].loc[[2, 5, 7]].tolist() == [2, 2, 2]
    assert table["copy_of"].to_dict() == {0: -1, 1: 0, 2: -1, 5: 2, 7: -1}
    assert table["score"].loc[[2, 5, 7]].round(3).tolist() == [0.8, 0.6, 0.7]


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0.5, 1),
    max_size=20,
)


@given(PAIRS)
@settings(max_examples=40)
def test_within_a_group_the_links_of_all_pairs_are_likely_on_average(pairs):
    """However links lie; and each article is in one group at most."""
    links = links_of(*[(*pair, VERSION, score) for pair, score in pairs.items()])
    groups = groups_of(links)
    assert sum(map(len, groups)) == len(set().union(*groups))
    for group in groups:
        every = [pairs.get((one, other), 0.0) for one in group for other in group if one < other]
        assert np.mean(every) >= LIKELY - 1e-9
        assert all(any(one in pair and set(pair) <= group for pair in pairs) for one in group)


# What is counted

HASHES = st.lists(st.integers(0, 30), max_size=25).map(lambda found: np.array(found, np.uint64))


def test_a_chain_goes_on_behind_a_moved_passage_and_pays_for_it():
    """0 to 15, but 4 to 9 have moved to the end."""
    chain, length = broken_chain(np.array([*range(4), *range(10, 16), *range(4, 10)]))
    assert chain.all()
    assert length == 16 - BREAK


@given(st.permutations(range(12)))
def test_a_chain_is_at_least_as_long_as_without_a_break_and_no_longer_than_it_can_be(order):
    targets = np.array(order, np.int64)
    chain, length = broken_chain(targets)
    unbroken = heaviest_chain(targets, np.ones(len(targets), np.int64)).sum()
    assert unbroken <= length <= chain.sum() <= len(order)
    breaks = (np.diff(targets[chain]) < 0).sum()
    assert length == chain.sum() - BREAK * breaks


@given(HASHES, HASHES)
def test_what_is_in_both_is_marked_in_either(one, other):
    marks = in_both(one, other)
    assert marks[0].tolist() == np.isin(one, other).tolist()
    assert marks[1].tolist() == np.isin(other, one).tolist()


@given(HASHES.map(np.unique), HASHES.map(np.unique), st.randoms(use_true_random=False))
def test_shared_words_are_those_that_are_free_in_both(one, other, rng: random.Random):
    free = [np.array([rng.random() < 0.8 for _ in words], bool) for words in (one, other)]
    at_one, at_other = shared_words(one, other, *free)
    assert one[at_one].tolist() == other[at_other].tolist()
    assert set(one[at_one].tolist()) == set(one[free[0]].tolist()) & set(other[free[1]].tolist())


def test_a_sentence_is_everybodys_where_three_different_texts_have_it():
    same, texts = np.array([7, 7, 7, 8, 8, 8, 9], np.uint64), np.array([1, 2, 3, 1, 1, 2, 3], np.uint64)
    assert EVERYBODYS == 3
    assert everybodys(same, texts).tolist() == [7]


def test_a_story_that_many_sites_have_is_one_group(corpus, sources):
    """More versions than an article is compared with."""
    text = sources["explainer-salty-sea"]
    texts = {
        f"{name}-{seed}": spun(text, corpus, name, 0.3 + 0.05 * seed, seed)
        for name in ("amber", "birch", "cobalt")
        for seed in range(CANDIDATES // 2)
    }
    groups = group_versions(texts)
    assert groups["version_group"].tolist() == [1] * len(texts)
    assert groups["versions"].gt(CANDIDATES).all()
