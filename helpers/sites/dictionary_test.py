"""Substitutions of several sites go in; how likely each two agree so much by chance comes out.

Any two spinners agree on many replacements, because a word has few synonyms. So the question is not whether two
sites agree but whether they agree more than sites with dictionaries of their own do on the very same originals.
The other sites say how much that is (`dictionary_test`). Three things must not pass for a shared dictionary:

- the same source: two pages on one article hold an original in the same sense. Only replacements from different
  sources are compared;
- inflections: who says “stated” for “said” says “states” for “says”. An original counts once, as its lemmas;
- what any spinner would pick: replacements are dealt out within one original, so that how common they are stays; and
  it is asked how often two sites would agree by their habits, since a dictionary that keeps to the most common
  synonyms agrees with everybody. Habits are learnt where the two are not both in the majority (`habits`).

What cannot be taken out: a test does not know why two dictionaries agree. One that was copied, bought, or written
once for two customers shows as one dictionary.
"""

from functools import lru_cache
from itertools import combinations
from typing import cast

import numpy as np
import pandas as pd

from helpers.comparison.kinds import of_a_dictionary
from helpers.sites.habits import chance_of_agreeing, majorities
from helpers.text.english import lemma
from helpers.text.spans import fold

FEWEST_ARTICLES = 3  # of a site; with one or two the power is next to nothing (benchmarks/results/sites_power.csv)
FEWEST_SITES = 4  # with three, how often each is in the majority settles how often each two agree
FEWEST_IN_ORIGINAL = 3  # sites that replaced an original: two alone agree or not, whoever they are
FEWEST_CHANCES = 20  # informative originals of two sites; with fewer a few misread places could decide
AGREES = 0.5  # of the pairs of replacements, and two sites agree on an original
PERMUTATIONS, PER_PAIR = 4_999, 400  # at least; with many sites as many more as Holm's correction needs
LEVEL = 0.01
SHARED, NOT_SHOWN, REFUSED = "more alike than independent dictionaries", "not shown", "too little evidence"
COLUMNS = [
    "site_a", "site_b", "articles_a", "articles_b", "chances", "informative", "agreement", "expected", "p", "p_holm",
    "verdict", "reason",
]  # fmt: skip
MOST_SITES = 30  # whose dictionaries are tested together


def shared_dictionary_test(substitutions: pd.DataFrame, permutations: int | None = None, seed: int = 0) -> pd.DataFrame:
    """Return for each two sites how likely their agreement is if every site has a dictionary of its own.

    Columns: `site_a`, `site_b`, `articles_a`, `articles_b`; `chances` (originals, as lemmas, that both replaced in
    pages on different sources: the shared chances to agree); `informative` (those on which not all sites are alike;
    where they are nothing can be learnt); `agreement` (share of the chances on which the two agree) and `expected`
    (the same when the replacements are dealt out among the sites); `p` (share of the dealings with as much agreement
    or more; Phipson & Smyth 2010 count the observed one among them; or, where that is larger, how likely so much
    agreement is by the two sites' habits); `p_holm` (corrected for all pairs tested; Holm 1979); `verdict` and, where
    there is none, its `reason`.

    The verdict is “more alike than independent dictionaries” where `p_holm` is below 0.01, else “not shown”, which
    does not say that the dictionaries differ. It is “too little evidence”, without p, where a site has fewer than 3
    compared articles, there are fewer than 4 such sites, or two sites share fewer than 20 informative originals.

    Raises ValueError for more than 30 sites with 3 compared articles: what must be dealt out grows with the square of
    the pairs, and with 120 sites would take 76 GB.
    """
    articles = substitutions.groupby(substitutions["site"].astype(str))["spun_id"].nunique()
    able = able_sites(articles)
    if len(able) > MOST_SITES:
        raise ValueError(
            f"{len(able):,} sites have {FEWEST_ARTICLES} compared articles or more; at most {MOST_SITES} can be tested "
            'against each other. Mend: keep those in question: substitutions[substitutions["site"].isin([...])].'
        )
    agree, known = agreements(substitutions, able)
    return dictionary_test(articles, agree, known, permutations, seed)


def able_sites(articles: pd.Series) -> list[str]:
    """Return the sites with enough compared articles to be tested; `articles` has their numbers by site."""
    return list(articles.index[articles >= FEWEST_ARTICLES])


def dictionary_test(
    articles: pd.Series, agree: np.ndarray, known: np.ndarray, permutations: int | None = None, seed: int = 0
) -> pd.DataFrame:
    """Return what `shared_dictionary_test` does, from the numbers of articles by site and from `agreements`."""
    able = able_sites(articles)
    expected = _expected(agree, known)
    informative = known & (_differs(agree, known))[:, None, None]
    number = permutations or max(PERMUTATIONS, PER_PAIR * len(able) * (len(able) - 1) // 2)
    p = _p_values(agree, known, number, seed) if len(able) >= FEWEST_SITES else np.full((len(able),) * 2, np.nan)
    rows = []
    for one, other in combinations(articles.index, 2):
        row, reason = (one, other, articles[one], articles[other]), _refusal(one, other, able)
        measures = (0, 0, np.nan, np.nan, np.nan)
        if one in able and other in able:
            at = (slice(None), able.index(one), able.index(other))
            shared, telling = known[at], int(informative[at].sum())
            reason = reason or _too_few(telling)
            likely = np.nan if reason else p[at[1:]]
            agreement, chance = _mean(agree[at][shared]), _mean(expected[shared])
            measures = (int(shared.sum()), telling, agreement, chance, likely)
        rows.append((*row, *measures, REFUSED if reason else NOT_SHOWN, reason))
    table = pd.DataFrame(rows, columns=[column for column in COLUMNS if column != "p_holm"])
    table.insert(COLUMNS.index("p_holm"), "p_holm", holm(table["p"].astype(float)))
    table.loc[table["p_holm"] < LEVEL, "verdict"] = SHARED
    return table.sort_values(["p_holm", "agreement"], ascending=[True, False], ignore_index=True)


def _plain(substitutions: pd.DataFrame) -> pd.DataFrame:
    """The columns used here as texts: categories, of which a part may not occur, would come back in every grouping."""
    columns = ["site", "spun_id", "reference_id", "original", "spun", "kind"]
    return substitutions[[name for name in columns if name in substitutions]].astype(str)


def _refusal(one: str, other: str, able: list[str]) -> str:
    """Why two sites are given no answer, as far as the numbers of articles and sites go; empty where they are."""
    few = [site for site in (one, other) if site not in able]
    if few:
        return f"fewer than {FEWEST_ARTICLES} compared articles: {', '.join(few)}"
    if len(able) < FEWEST_SITES:
        return f"fewer than {FEWEST_SITES} sites with {FEWEST_ARTICLES} compared articles: no others to compare with"
    return ""


def _too_few(informative: int) -> str:
    if informative >= FEWEST_CHANCES:
        return ""
    return f"fewer than {FEWEST_CHANCES} informative originals in common: {informative}"


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan


def holm(p: pd.Series) -> pd.Series:
    """Return p-values corrected for their number by Holm's step-down method; missing ones stay out of the count.

    >>> holm(pd.Series([0.01, 0.04, float("nan"), 0.03])).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    ordered = p.dropna().sort_values(kind="stable")
    factors = np.arange(len(ordered), 0, -1)
    return (ordered * factors).cummax().clip(upper=1.0).reindex(p.index)


def agreements(substitutions: pd.DataFrame, sites: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return on which originals each two sites agree, and on which that is known: two arrays originals x sites x sites.

    Two sites agree on an original where more than half of their pairs of replacements, from different sources, are
    the same. A site that cannot be compared with another on an original is left out of it, so that within an
    original every two of its sites are compared; originals with fewer than three sites are left out.
    """
    _, agree, known = agreements_of(dealt_replacements(substitutions), sites)
    return agree, known


def dealt_replacements(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return how often each site put what for an original, source by source: the counts behind `agreements`.

    Columns: `site`, `source` (the reference_id), `original`, `spun` (both as lemmas), `count`; furniture is left out.
    """
    substitutions = _plain(substitutions)
    used = of_a_dictionary(substitutions[substitutions["kind"] != "boilerplate"])
    keyed = pd.DataFrame(
        {
            "site": used["site"],
            "source": used["reference_id"],
            "original": used["original"].map(_lemmas),
            "spun": used["spun"].map(_lemmas),
        }
    )
    return keyed.value_counts().rename("count").reset_index()


def agreements_of(dealt: pd.DataFrame, sites: list[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the originals that `agreements` tells of, in order, and its two arrays, from `dealt_replacements`."""
    counts = dealt[dealt["site"].isin(sites)]
    enough = counts.groupby("original")["site"].transform("nunique") >= FEWEST_IN_ORIGINAL
    counts = counts[enough].assign(
        site=lambda rows: rows["site"].map({site: place for place, site in enumerate(sites)})
    )
    counts = counts.sort_values(["original", "spun", "site", "source"])
    groups = list(counts.groupby("original", sort=False))
    found = [_agreement(rows, len(sites)) for _, rows in groups]
    shares = np.array(found).reshape((len(found), len(sites), len(sites)))
    known = ~np.isnan(shares)
    some = known.any(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        return (
            [str(original) for (original, _), kept in zip(groups, some, strict=True) if kept],
            (shares > AGREES)[some],
            known[some],
        )


@lru_cache(maxsize=100_000)
def _lemmas(phrase: str) -> str:
    return " ".join(lemma(word) for word in fold(phrase).split())


def _agreement(rows: pd.DataFrame, sites: int) -> np.ndarray:
    """For one original the share of equal pairs of replacements of each two sites, from different sources; or NaN."""
    site, spun, source = rows["site"].to_numpy(), *(pd.factorize(rows[side])[0] for side in ("spun", "source"))
    counts = np.zeros((sites, spun.max() + 1, source.max() + 1))
    counts[site, spun, source] = rows["count"]
    by_spun, by_source, flat = counts.sum(axis=2), counts.sum(axis=1), counts.reshape(sites, -1)
    totals = by_spun.sum(axis=1)
    same = by_spun @ by_spun.T - flat @ flat.T
    pairs = np.outer(totals, totals) - by_source @ by_source.T
    share = np.full((sites, sites), np.nan)
    present = _mutually_comparable(pairs > 0, totals > 0)
    if len(present) >= FEWEST_IN_ORIGINAL:
        block = np.ix_(present, present)
        share[block] = same[block] / np.maximum(pairs[block], 1)
    np.fill_diagonal(share, np.nan)
    return share


def _mutually_comparable(comparable: np.ndarray, present: np.ndarray) -> list[int]:
    """The sites left when the one with the fewest partners goes, until every two can be compared."""
    left: list[int] = np.flatnonzero(present).tolist()
    while left:
        partners = [sum(comparable[site, other] for other in left if other != site) for site in left]
        if min(partners) == len(left) - 1:
            return left
        left.pop(int(np.argmin(partners)))
    return left


def _expected(agree: np.ndarray, known: np.ndarray) -> np.ndarray:
    """For each original the share of pairs of sites that agree: what dealing out gives on average."""
    return (agree & known).sum(axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)), 1)


def _differs(agree: np.ndarray, known: np.ndarray) -> np.ndarray:
    """On which originals some sites agree and some do not."""
    expected = _expected(agree, known)
    return (expected > 0) & (expected < 1)


def _p_values(agree: np.ndarray, known: np.ndarray, permutations: int, seed: int) -> np.ndarray:
    """For each two sites how likely they are to agree as often as they do, or more: dealt out, or by their habits."""
    telling = _differs(agree, known)
    agree, known = (agree & known)[telling], known[telling]
    sites = agree.shape[1]
    one, other = np.triu_indices(sites, 1)
    observed = agree.sum(axis=0)[one, other]
    present = cast("np.ndarray", known.any(axis=2))
    rng = np.random.default_rng(seed)
    dealt = deal_freely(agree, present, permutations, rng)
    p = (1 + (dealt >= observed).sum(axis=0)) / (1 + permutations)
    found = majorities(agree, present)
    p = np.maximum(p, [chance_of_agreeing(found, a, b, rng) for a, b in zip(one.tolist(), other.tolist(), strict=True)])
    square = np.full((sites, sites), np.nan)
    square[one, other] = square[other, one] = p
    return square


def deal_freely(agree: np.ndarray, present: np.ndarray, times: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each two sites agree (times x pairs) when every site is equally likely to have any replacement.

    The test that this makes is exact if dictionaries are independent and alike (Good 2005, ch. 3).
    """
    sites = agree.shape[1]
    one, other = np.triu_indices(sites, 1)
    dealt = np.zeros((times, len(one)), dtype=np.int32)
    for table, there in zip(agree, present, strict=True):
        places = np.flatnonzero(there)
        order = np.tile(np.arange(sites), (times, 1))
        order[:, places] = places[np.argsort(rng.random((times, len(places))), axis=1)]
        dealt += table[order[:, one], order[:, other]]
    return dealt
