"""A comparison and a site go in; the tables behind the site's report come out, addresses still in them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.comparison.alignment.align import relatedness
from helpers.comparison.compare_corpus import Comparison
from helpers.comparison.frequency import as_written, substitution_frequency
from helpers.comparison.furniture import site_furniture
from helpers.corpus.site_notes import read_site_notes
from helpers.corpus.terms import SIMULATED
from helpers.evaluation.scores import read_gold, score_substitutions
from helpers.mapping.table import DECISIONS as LOG
from helpers.mapping.table import MappingTable
from helpers.mapping.table_coverage import settle
from helpers.report.facts import timeline
from helpers.report.facts.articles import altered_quotations, broken_names, summarise_articles
from helpers.report.facts.confirmations import MAPPING, confirmations
from helpers.report.facts.disguises import disguised_words
from helpers.report.facts.leftovers import is_page, leftovers
from helpers.report.facts.numbers import changed_numbers, sort_of_name
from helpers.report.facts.quotations import assess_quotations, turned_negations
from helpers.report.facts.site_links import links_of_site
from helpers.report.key_figures import DECIDED, key_figures
from helpers.sites.dictionary_test import FEWEST_ARTICLES, MOST_SITES
from helpers.sites.distances import shared_dictionary_test, site_distances

VERDICTS = {"explained": "confirmed", "rejected": "rejected", "contradicts": "otherwise", "new": "undecided"}
AGREEMENT_COLUMNS = ["spun_id", "marked", "gold", "found", "hits"]


def simulated_sites(articles: pd.DataFrame) -> frozenset[str]:
    """Return the sites all of whose articles are simulated."""
    spun = articles[articles["role"] == "spun"]
    made_up = (spun["provenance"] == SIMULATED).groupby(spun["site"]).all()
    return frozenset(made_up.index[made_up.astype(bool)])


def compare_sites(comparison: Comparison, sites: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the tests of all pairs of sites (see `shared_dictionary_test`) with `distance` (see `site_distances`).

    Real sites are compared with real ones and simulated ones with simulated ones: the dictionaries of this project's
    simulations were written after real articles, so that they resemble real ones for no reason in the world. With
    `sites` only the kinds of these are tested. Of a site with fewer than 3 compared articles no distance is told: the
    few words that one article shares with another site are no dictionary.
    """
    made_up = simulated_sites(comparison.articles)
    of_made_up = comparison.substitutions["site"].isin(made_up)
    wanted = {site in made_up for site in (comparison.substitutions["site"].unique() if sites is None else sites)}
    tests = []
    for simulated in sorted(wanted):
        found = _no_more_than_can_be_compared(comparison.substitutions[of_made_up == simulated])
        test, distances = shared_dictionary_test(found), site_distances(found)
        place = {site: number for number, site in enumerate(distances.index)}
        at = [(place[one], place[other]) for one, other in zip(test["site_a"], test["site_b"], strict=True)]
        few = test[["articles_a", "articles_b"]].min(axis=1) < FEWEST_ARTICLES
        distance = pd.Series([distances.to_numpy()[spot] for spot in at], index=test.index, dtype=float)
        tests.append(test.assign(distance=distance.mask(few)))
    filled = [test for test in tests if len(test)] or tests[:1]
    return pd.concat(filled, ignore_index=True)


def _no_more_than_can_be_compared(substitutions: pd.DataFrame) -> pd.DataFrame:
    """The substitutions of the sites with the most compared articles, where there are more sites than can be tested."""
    articles = substitutions.groupby(substitutions["site"].astype(str))["spun_id"].nunique()
    most = articles.sort_values(ascending=False, kind="stable").head(MOST_SITES).index
    return substitutions if len(articles) <= MOST_SITES else substitutions[substitutions["site"].isin(most)]


def site_tables(
    site: str, comparison: Comparison, corpus: str | Path, tests: pd.DataFrame, links: pd.DataFrame | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables behind one site's report, by name; `datapackage.TABLES` says what each is.

    The comparison's substitutions have their `decision` (see `with_decisions`). `links` are what the sites of the
    corpus have in common (`site_links.corpus_links`); where no pages are kept there are none, and no table of them.
    """
    articles = comparison.articles
    pairs = comparison.pairs[comparison.pairs["site"] == site]
    of_site = comparison.alignment[comparison.alignment["spun_id"].isin(pairs["spun_id"])]
    found = comparison.substitutions[comparison.substitutions["site"] == site].reset_index(drop=True)
    parts = comparison.paragraphs[comparison.paragraphs["spun_id"].isin(pairs["spun_id"])].reset_index(drop=True)
    summary = summarise_articles(articles, parts, found)
    texts = articles.loc[summary["spun_id"], "text"]
    told_anew = relatedness(of_site).set_index("spun_id")["paraphrase"]
    summary = summary.assign(paraphrase=summary["spun_id"].map(told_anew).astype(bool))
    summary = summary.assign(between_spaces=[len(text.split()) for text in texts])
    notes = read_site_notes(corpus)
    tables = {
        "articles": summary,
        "quotations": assess_quotations(articles, found, altered_quotations(articles, found)),
        "negations": turned_negations(found),
        "names": broken_names(articles, found).assign(sort=lambda table: table["name"].map(sort_of_name)),
        "changed_numbers": changed_numbers(articles, of_site, found, parts),
        "furniture": site_furniture(articles, parts, found),
        "frequency": as_written(substitution_frequency(found, articles, of_site), found),
        "substitutions": found,
        "paragraphs": parts,
        "bylines": timeline.bylines(articles, summary),
        "sources": timeline.robbed_sources(articles, summary),
        "disguises": disguised_words(articles.loc[summary["spun_id"]]),
        "headlines": timeline.kept_headlines(articles, summary),
        "leftovers": leftovers(articles, summary, corpus),
        "site_notes": notes[notes["site"] == site].drop(columns="site").reset_index(drop=True),
        "comparisons": _of_site(tests, site),
        **links_of_site(links, site),
        "confirmations": confirmations(found, corpus),
        "agreement": _agreement(corpus, found, pairs["spun_id"]),
        "files": _files(articles, [*pairs["spun_id"], *pairs["reference_id"].drop_duplicates()]),
    }
    return {**tables, "numbers": key_figures(tables)}


def with_decisions(substitutions: pd.DataFrame, corpus: str | Path) -> pd.DataFrame:
    """Add `decision`: what people decided on each substitution in the mapping table of the corpus (see `DECIDED`).

    Raises `MappingError` where the log of decisions cannot be read.
    """
    folder = Path(corpus) / MAPPING
    if substitutions.empty or not (folder / LOG).exists():
        return substitutions.assign(decision=DECIDED["undecided"])
    verdicts = settle(substitutions, MappingTable.open(folder))["verdict"]
    return substitutions.assign(decision=[DECIDED[VERDICTS[verdict]] for verdict in verdicts])


def _files(articles: pd.DataFrame, wanted: Iterable[str]) -> pd.DataFrame:
    table = articles.loc[list(wanted), ["role", "file", "sha256", "licence", "provenance", "note"]].reset_index()
    return table.assign(page=table["file"].map(is_page).astype(bool))


def _of_site(tests: pd.DataFrame, site: str) -> pd.DataFrame:
    """The tests in which a site takes part, told from its side."""
    mine = tests[(tests["site_a"] == site) | (tests["site_b"] == site)]
    other = np.where(mine["site_a"] == site, mine["site_b"], mine["site_a"])
    columns = ["chances", "informative", "agreement", "expected", "distance", "p", "p_holm", "verdict", "reason"]
    return (
        mine[columns]
        .assign(other=other)[["other", *columns]]
        .sort_values(["distance", "other"], ignore_index=True, na_position="last")
    )


def _agreement(corpus: str | Path, found: pd.DataFrame, spun_ids: pd.Series) -> pd.DataFrame:
    """How far the substitutions agree with the gold tables of these articles, where the corpus has any."""
    paths = {spun_id: Path(corpus) / "gold" / f"{spun_id}.gold.csv" for spun_id in spun_ids}
    gold = {spun_id: read_gold(path) for spun_id, path in paths.items() if path.is_file()}
    if not gold:
        return pd.DataFrame(columns=AGREEMENT_COLUMNS)
    counts = score_substitutions(found, gold).reset_index()
    return counts.assign(marked=counts["spun_id"].map({spun_id: len(table) for spun_id, table in gold.items()}))[
        AGREEMENT_COLUMNS
    ]
