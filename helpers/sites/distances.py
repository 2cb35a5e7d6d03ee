"""Substitutions of several sites go in; how near their dictionaries are comes out, and which sites share one.

A site's dictionary shows in what it puts for each original. Compared are only the replacements, never how often
a site replaces: two sites may run one dictionary at different rates. Site furniture is left out of the dictionary
and compared by itself.
"""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform
from scipy.special import rel_entr

from helpers.comparison.furniture import site_furniture
from helpers.comparison.kinds import of_a_dictionary
from helpers.sites.dictionary_test import shared_dictionary_test
from helpers.text.spans import fold

__all__ = [
    "cluster_sites",
    "furniture_fingerprint",
    "shared_dictionary_test",
    "site_distances",
    "site_replacements",
    "typical_replacements",
]

PRIOR_WEIGHT = 1.0  # occurrences that the pooled habit of all sites counts for, in each original
LEAST_SHARE = 0.2  # of a site's articles have a line of furniture; a line of two articles in twenty is more likely text
FARTHEST = 1.0  # Jensen-Shannon distance of two distributions with nothing in common; also where nothing is shared


def site_replacements(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return what each site puts for each original, the most frequent first.

    Columns: `site`, `original`, `spun` (folded), `count`, `articles`, `share` (of this site's replacements of this
    original). Site furniture does not count.

    >>> rows = pd.DataFrame({"site": ["a.example"] * 3, "spun_id": ["1", "2", "2"], "kind": "synonym",
    ...                      "original": ["army", "Army", "army"], "spun": ["military", "Military", "force"]})
    >>> site_replacements(rows)[["original", "spun", "count", "share"]].round(2)
      original      spun  count  share
    0     army  military      2   0.67
    1     army     force      1   0.33
    """
    return (
        of_a_dictionary(substitutions[substitutions["kind"] != "boilerplate"])
        .assign(original=lambda table: table["original"].map(fold), spun=lambda table: table["spun"].map(fold))
        .groupby(["site", "original", "spun"], as_index=False)
        .agg(count=("spun_id", "size"), articles=("spun_id", "nunique"))
        .assign(share=lambda table: table["count"] / table.groupby(["site", "original"])["count"].transform("sum"))
        .sort_values(["site", "count", "original", "spun"], ascending=[True, False, True, True])
        .reset_index(drop=True)
    )


def site_distances(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return how far apart the sites' dictionaries are: a square table, 0 (the same) to 1 (nothing in common).

    For each original that both sites replaced, the Jensen-Shannon distance (base 2; Lin 1991) of what they put for
    it; of these the mean, each original weighing as often as the site that has it more rarely replaced it. Where
    two sites share no original the distance is not known (NaN). `.attrs["shared"]` has the numbers of shared
    originals, in the same order.
    """
    return distances_of(site_replacements(substitutions))


def distances_of(replacements: pd.DataFrame) -> pd.DataFrame:
    """Return what `site_distances` does, from a table of `site_replacements`."""
    counts = _by_site(replacements)
    starts = np.flatnonzero(~counts.index.get_level_values("original").duplicated())
    names, table = counts.columns, counts.to_numpy(float)
    totals = np.add.reduceat(table, starts, axis=0) if len(table) else table
    lengths = np.diff([*starts, len(table)])
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = table / np.repeat(totals, lengths, axis=0)
    distances = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(distances, 0.0)
    shared = np.zeros(distances.shape, dtype=int)
    for one, other in combinations(range(len(names)), 2):
        weights = np.minimum(totals[:, one], totals[:, other])
        shared[one, other] = shared[other, one] = int((weights > 0).sum())
        if weights.sum():
            each = _jensen_shannon(shares[:, one], shares[:, other], starts)
            distances[one, other] = distances[other, one] = np.average(each[weights > 0], weights=weights[weights > 0])
    result = pd.DataFrame(distances, index=names, columns=list(names))
    result.attrs["shared"] = shared.tolist()
    return result


def _counts(substitutions: pd.DataFrame) -> pd.DataFrame:
    return _by_site(site_replacements(substitutions))


def _by_site(replacements: pd.DataFrame) -> pd.DataFrame:
    """Replacements in rows (original, spun), sites in columns."""
    return replacements.pivot_table(
        index=["original", "spun"], columns="site", values="count", fill_value=0, aggfunc="sum"
    )


def _jensen_shannon(one: np.ndarray, other: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The distance for each original, of whose replacements the first stands at `starts`."""
    middle = (one + other) / 2
    divergence = np.add.reduceat(rel_entr(one, middle) + rel_entr(other, middle), starts) / 2 / np.log(2)
    return np.sqrt(np.clip(divergence, 0, 1))


def cluster_sites(distances: pd.DataFrame) -> np.ndarray:
    """Return the tree of the sites as SciPy's linkage matrix: average linkage (Sokal & Michener 1958).

    Sites that share no original count as farthest apart. Raises ValueError for fewer than two sites.
    """
    if len(distances) < 2:
        raise ValueError(f"a tree needs two sites, not {len(distances)}")
    return linkage(squareform(distances.fillna(FARTHEST).to_numpy(), checks=False), method="average")


def typical_replacements(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return what is typical of each site against all others: which replacement it prefers where others choose too.

    Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008), within each original, so that a
    site's subjects do not count: the odds of this replacement among the site's replacements of the original,
    against the odds at all other sites, both drawn to the habit of all. Only originals that two sites replaced,
    and not all in the same way. Columns: `site`, `original`, `spun`, `count` (here), `others` (this replacement
    elsewhere), `of` and `others_of` (all replacements of the original, here and elsewhere), `log_odds`, `z`.
    """
    counts = _counts(substitutions)
    here, everywhere = counts.groupby(level="original").transform("sum"), counts.sum(axis=1)
    all_of = everywhere.groupby(level="original").transform("sum")
    chosen = (here > 0).sum(axis=1).ge(2) & (everywhere < all_of)
    prior = PRIOR_WEIGHT * everywhere / all_of
    rows = []
    for site in counts.columns.tolist():
        used = chosen & (here[site] > 0)
        mine, of = counts.loc[used, site], here.loc[used, site]
        rest, rest_of, pull = everywhere[used] - mine, all_of[used] - of, prior[used]
        odds = np.log((mine + pull) / (of + PRIOR_WEIGHT - mine - pull))
        odds -= np.log((rest + pull) / (rest_of + PRIOR_WEIGHT - rest - pull))
        # All four counts, since an original has few replacements; Monroe et al. leave out two, for whole vocabularies.
        spread = 1 / (mine + pull) + 1 / (of + PRIOR_WEIGHT - mine - pull)
        spread += 1 / (rest + pull) + 1 / (rest_of + PRIOR_WEIGHT - rest - pull)
        z = odds / np.sqrt(spread)
        rows.append(
            pd.DataFrame(
                {"count": mine, "others": rest, "of": of, "others_of": rest_of, "log_odds": odds, "z": z}
            ).assign(site=site)
        )
    columns = ["site", "original", "spun", "count", "others", "of", "others_of", "log_odds", "z"]
    if not rows:
        return pd.DataFrame(columns=columns)
    table = pd.concat(rows).reset_index()[columns]
    return table.sort_values(["site", "z", "original", "spun"], ascending=[True, False, True, True], ignore_index=True)


def furniture_fingerprint(
    articles: pd.DataFrame, paragraphs: pd.DataFrame, substitutions: pd.DataFrame
) -> pd.DataFrame:
    """Return the lines of site furniture by site, those of several sites first.

    Index: `line` (addresses masked, figures as #). Columns: `original` (what it was spun from, where a reference has
    it), `sites` (how many), and one column a site with the share of its compared articles that have the line. Only
    lines that stand on two pages or more, and on a fifth of the pages of some site, are listed.
    """
    of_site = paragraphs["spun_id"].map(articles["site"])
    parts = []
    for site, table in paragraphs.groupby(of_site):
        lines = site_furniture(articles, table, substitutions[substitutions["site"] == site])
        parts.append(lines.assign(site=site, share=lines["articles"] / table["spun_id"].nunique()))
    columns = ["line", "original", "site", "share", "articles"]
    lines = pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)
    known = lines[lines["original"] != ""].groupby("line")["original"].first()
    again = lines.groupby("line")["articles"].transform("sum") >= 2
    table = lines[again].pivot_table(index="line", columns="site", values="share", aggfunc="sum", fill_value=0.0)
    sites = (table > 0).sum(axis=1)
    table.insert(0, "original", table.index.map(known).fillna("") if len(table) else "")  # type: ignore[arg-type]  # takes a Series too
    table.insert(1, "sites", sites)
    table = table[table.iloc[:, 2:].max(axis=1) >= LEAST_SHARE]
    order = table.assign(all=table.iloc[:, 2:].sum(axis=1)).sort_values(
        ["sites", "all"], ascending=False, kind="stable"
    )
    return table.loc[order.index]
