"""What two sites have in common counts by how few have it: common things link nobody, and the words accuse nobody."""

import random
import re
from xml.etree import ElementTree

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison.compare_corpus import Comparison
from helpers.evaluation.network import SITES
from helpers.plots import plot_network
from helpers.sites import (
    common_indicators,
    indicators,
    linked_pairs,
    links_between,
    network,
    site_groups,
    write_network,
)
from helpers.sites.links import ACCOUNT, LINKS, LITTLE, SEVERAL, family_of
from helpers.sites.patterns import ASSOCIATIVE, CIRCUMSTANTIAL, CONCLUSIVE, KINDS, NOTHING, TIERS
from helpers.sites.surprise import chance_public, is_common, surprise

OPERATORS = {site.name: site.operator for site in SITES}


def table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Indicators: site, kind, value; each on one page."""
    return pd.DataFrame(
        [
            (site, f"https://{site}/", kind, value, KINDS[kind].tier, KINDS[kind].why, "script", value)
            for site, kind, value in rows
        ],
        columns=["site", "page", "kind", "value", "tier", "why", "place", "evidence"],
    )


def alone(number: int) -> list[tuple[str, str, str]]:
    """Sites that have an account of their own each, and nothing else."""
    return [(f"s{n}.example", "adsense", f"pub-{n}") for n in range(number)]


@pytest.fixture(scope="module")
def stored(corpus):
    return indicators(corpus / "network")


@pytest.fixture(scope="module")
def links(stored):
    return links_between(stored)


def test_the_two_operators_of_the_made_up_network_are_told_apart_from_the_stored_archives_alone(links):
    assert [{OPERATORS[site] for site in group} for group in site_groups(links)] == [{"A"}, {"B"}]
    assert sorted(map(len, site_groups(links))) == [3, 3]


def test_no_decoy_of_the_network_links_two_sites(links):
    pairs = linked_pairs(links)
    across = pairs[
        [OPERATORS[one] != OPERATORS[other] for one, other in zip(pairs["site"], pairs["other"], strict=True)]
    ]
    assert set(across["verdict"]) == {LITTLE}
    assert not set(links["value"]) & {"GTM-N7WK4Q2", "UA-54516992", "newspaper", "cdn.jsdelivr.net", "admin"}


def test_what_was_set_aside_is_named_with_its_reason(stored):
    common = common_indicators(stored).set_index("value")
    assert {"GTM-N7WK4Q2", "UA-54516992", "newspaper", "cdn.jsdelivr.net", "admin", "adflow.example|4471"} <= set(
        common.index
    )
    assert common.loc["GTM-N7WK4Q2", "sites"] == 5
    assert "common here, or all are of one hand" in common.loc["GTM-N7WK4Q2", "reason"]


def test_a_link_says_on_how_many_pages_it_rests_and_names_one(links):
    row = links[links["kind"] == "adsense"].iloc[0]
    assert re.fullmatch(
        r"\d+ pages of harbornotes\.example \(https://.*\); \d+ pages of tidalpost\.example \(.*\)", row["rests_on"]
    )
    assert (row["sites"], row["of"], row["tier"]) == (2, 6, CONCLUSIVE)


@given(st.integers(2, 300), st.sampled_from(TIERS), st.data())
def test_the_more_sites_share_a_value_the_less_it_surprises(sites, tier, data):
    carriers = data.draw(st.integers(1, sites - 1))
    assert 0 < chance_public(carriers, sites, tier) < 1
    assert surprise(carriers, sites, tier) >= surprise(carriers + 1, sites, tier) - 1e-9 or carriers < 2


@given(st.integers(2, 150), st.integers(5, 300))
def test_the_better_the_tier_the_more_it_surprises(carriers, sites):
    bits = [surprise(min(carriers, sites), sites, tier) for tier in (CONCLUSIVE, ASSOCIATIVE, CIRCUMSTANTIAL)]
    assert bits == sorted(bits, reverse=True)
    assert (bits == [0, 0, 0]) == is_common(min(carriers, sites), sites)


def test_a_value_that_more_than_half_of_the_sites_have_links_none_of_them():
    rows = alone(6) + [(f"s{n}.example", "google_tag_manager", "GTM-N7WK4Q2") for n in range(4)]
    assert links_between(table(*rows)).empty
    assert not links_between(table(*rows[:-1])).empty


def test_sites_that_surely_have_nothing_to_do_with_them_show_what_is_common():
    rows = [(f"s{n}.example", "google_tag_manager", "GTM-N7WK4Q2") for n in range(2)]
    others = table(*((f"o{n}.example", "google_tag_manager", "GTM-N7WK4Q2") for n in range(20)))
    assert linked_pairs(links_between(table(*rows)))["verdict"].tolist() == [ACCOUNT]
    assert links_between(table(*rows), background=others).empty


def test_what_is_known_to_say_nothing_links_nobody():
    rows = table(*alone(6), ("s0.example", "theme", "astra"), ("s1.example", "theme", "astra"))
    assert links_between(rows.assign(tier=[NOTHING if kind == "theme" else CONCLUSIVE for kind in rows["kind"]])).empty


def test_circumstances_alone_make_no_link_however_many():
    kinds = [kind for kind, about in KINDS.items() if about.tier == CIRCUMSTANTIAL and kind != "css_names"]
    rows = alone(200) + [(site, kind, "x") for kind in kinds for site in ("s0.example", "s1.example")]
    [pair] = linked_pairs(links_between(table(*rows))).to_dict("records")
    assert pair["verdict"] == LITTLE
    assert pair["surprise"] <= 3


def test_one_family_counts_once():
    rows = alone(10) + [(f"s{n}.example", "ads_txt", f"x.example|{m}") for n in range(2) for m in range(9)]
    [pair] = linked_pairs(links_between(table(*rows))).to_dict("records")
    assert (pair["signs"], pair["associative"], pair["verdict"]) == (1, 9, LITTLE)
    assert family_of("ads_txt") == family_of("adsense")


def test_two_families_that_few_share_are_several_things_in_common():
    rows = alone(10) + [(f"s{n}.example", kind, "x") for n in range(2) for kind in ("email", "favicon")]
    [pair] = linked_pairs(links_between(table(*rows))).to_dict("records")
    assert pair["verdict"] == SEVERAL


def test_a_site_that_names_another_of_the_sites_as_itself_is_linked_to_it_in_one_row():
    rows = table(*alone(6), ("s0.example", "own_address", "s3.example"))
    [row] = links_between(rows).to_dict("records")
    assert (row["site"], row["other"], row["value"]) == ("s0.example", "s3.example", "s0.example → s3.example")


def test_names_of_classes_that_few_sites_have_are_one_row_a_pair():
    names = " ".join(f".tw-{word}" for word in "abcdefghijklmnopqrstuvwxyz")
    rows = table(*alone(8), *((f"s{n}.example", "css_names", str(n)) for n in range(8)))
    same = rows["value"].isin(["0", "1"])
    rows["evidence"] = [names if alike else f".own-{n}" for n, alike in enumerate(same)]
    [row] = links_between(rows).to_dict("records")
    assert row["value"] == "26 of 26 names that few have"
    assert row["tier"] == CIRCUMSTANTIAL


def test_one_site_or_none_gives_an_empty_table():
    for rows in (table(), table(*alone(1))):
        links = links_between(rows)
        assert links.empty
        assert linked_pairs(links).empty
        assert site_groups(links) == []


def test_no_verdict_accuses_anybody():
    for words in (*LINKS, LITTLE, *(about.why for about in KINDS.values())):
        assert not re.search(r"(?i)\b(?:owner is|run by|operated by|fraud|belongs to|guilty|criminal|culprit)\b", words)


def made_up_comparison() -> Comparison:
    """Five sites with six copies each of six sources; the first two have one dictionary and publish within the hour."""
    rows, articles, pairs = [], {}, []
    for place, site in enumerate("abcde"):
        book = 0 if site in "ab" else place
        for source in range(6):
            name = f"{site}-{source}"
            hour = pd.Timestamp("2025-09-01T06:00") + pd.Timedelta(
                days=source, minutes=(20, 40, 700, 1000, 1300)[place]
            )
            articles[name] = {"site": f"{site}.example", "published": hour, "text": "x"}
            pairs.append((name, f"r{source}", f"{site}.example"))
            for word in range(60):
                option = random.Random(f"{word} {book}").randrange(3)  # a word has few synonyms
                rows.append((name, f"r{source}", f"{site}.example", f"o{word}", f"s{word}x{option}", "synonym"))
    substitutions = pd.DataFrame(rows, columns=["spun_id", "reference_id", "site", "original", "spun", "kind"])
    substitutions = substitutions.assign(spun_start=0, spun_end=1, reference_start=0, reference_end=1)
    parts = pd.DataFrame(columns=["spun_id", "reference_id", "op", "spun_start", "spun_end", "words"])
    table = pd.DataFrame(pairs, columns=["spun_id", "reference_id", "site"])
    return Comparison(pd.DataFrame.from_dict(articles, orient="index"), table, pd.DataFrame(), substitutions, parts)


def test_dictionaries_and_hours_are_rows_of_the_same_table():
    rows = table(*((f"{site}.example", "adsense", f"pub-{site}") for site in "abcde"))
    links = links_between(rows, made_up_comparison())
    assert {"dictionary", "lag"} == set(links["kind"])
    assert {tuple(pair) for pair in links[["site", "other"]].to_numpy()} == {("a.example", "b.example")}
    dictionary, lag = (links[links["kind"] == kind].iloc[0] for kind in ("dictionary", "lag"))
    assert dictionary["tier"] == ASSOCIATIVE
    assert lag["value"] == "6 of 6 copies within 60 minutes"
    [pair] = linked_pairs(links).to_dict("records")
    assert (pair["verdict"], pair["signs"]) == (LITTLE, 2)  # one list may be sold to many: words alone are no link


def test_the_title_of_the_picture_states_the_finding_and_the_alt_text_names_the_groups(links):
    picture = plot_network(links)
    assert picture.figure.get_suptitle() == "Of 6 sites, 6 are linked,\nin 2 groups"
    for words in (
        "5 links",
        "4 of them an account in common",
        "harbornotes.example, quayreview.example, tidalpost.example",
    ):
        assert words in picture.alt
    assert plot_network(links).svg() == picture.svg()


def test_without_a_link_the_picture_says_so():
    picture = plot_network(links_between(table(*alone(3))))
    assert "none is linked" in picture.alt


@pytest.mark.parametrize("size", [5, 200])
def test_the_picture_can_be_read_at_five_and_at_two_hundred_sites(size):
    rows = alone(size) + [(f"s{n}.example", "yandex_metrica", f"9{n // 4}7402") for n in range(size * 3 // 4)]
    links = links_between(table(*rows))
    picture = plot_network(links)
    drawn = [text for text in ElementTree.fromstring(picture.svg()).iter("{http://www.w3.org/2000/svg}text")]
    shown = {text.text for text in drawn}
    assert {site for group in site_groups(links) for site in group} <= shown
    assert not overlapping(picture), "two sites stand on one place"


def overlapping(picture) -> bool:
    points = [tuple(place.round(3)) for part in picture.figure.axes[0].collections for place in part.get_offsets()]
    return len(points) != len(set(points))


@pytest.mark.parametrize(("ending", "reader"), [(".graphml", nx.read_graphml), (".gexf", nx.read_gexf)])
def test_the_network_is_written_for_other_programs_and_comes_back(links, tmp_path, ending, reader):
    path = write_network(links, tmp_path / f"network{ending}")
    back, graph = reader(path), network(links)
    assert set(back.nodes) == set(graph.nodes)
    assert {frozenset(edge) for edge in back.edges} == {frozenset(edge) for edge in graph.edges}
    assert {about["verdict"] for _, _, about in back.edges(data=True)} <= set(LINKS)
    assert back.nodes["harbornotes.example"]["group"] == graph.nodes["harbornotes.example"]["group"]


def test_the_table_runs_nothing_in_a_spreadsheet_and_another_ending_is_refused(tmp_path):
    rows = alone(6) + [(site, "adsense", "=1+1") for site in ("s0.example", "=cmd.example")]
    path = write_network(links_between(table(*rows)), tmp_path / "network.csv")
    cells = pd.read_csv(path)
    assert not any(str(cell).startswith("=") for cell in cells.to_numpy().ravel())
    with pytest.raises(ValueError, match="Mend: choose one of them"):
        write_network(links_between(table(*rows)), tmp_path / "network.png")
