"""Indicators of several sites go in; what each two have in common comes out, and how surprising it is.

What many share links nobody: a value that is known to say nothing, and one that more than half of the sites have, stay
out (`common_indicators` lists them). Everything else that two sites share is a row, with the number of sites that share
it and its surprise in bits (`surprise`). No row says that one person runs both: an account may be an agency's.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from helpers.comparison.compare_corpus import Comparison
from helpers.sites.dictionary_test import MOST_SITES, SHARED, shared_dictionary_test
from helpers.sites.distances import furniture_fingerprint
from helpers.sites.indicators import indicators
from helpers.sites.patterns import ASSOCIATIVE, CIRCUMSTANTIAL, CONCLUSIVE, KINDS, NOTHING, TIERS
from helpers.sites.surprise import is_common, surprise

COLUMNS = ["site", "other", "kind", "value", "tier", "sites", "of", "surprise", "rests_on", "why"]
PAIR_COLUMNS = [
    "site",
    "other",
    "verdict",
    "surprise",
    "signs",
    "conclusive",
    "associative",
    "circumstantial",
    "strongest",
]
# Verdicts, in words that accuse nobody.
ACCOUNT, SEVERAL, LITTLE = "an account in common", "several things in common that few share", "little in common"
LINKS, VERDICTS = (ACCOUNT, SEVERAL), (ACCOUNT, SEVERAL, LITTLE)
NAMED = 3  # rows that a pair’s verdict names
LEAST_SURPRISE = 5.0  # bits of the account; a public value is then had by less than one in thirty such pairs
LEAST_TOGETHER, LEAST_SIGNS = 8.0, 2  # bits and families, where there is no account
MOST_CIRCUMSTANTIAL = 3.0  # bits that circumstances count for together: they never make a link alone
LEAST_SHOWN = 0.5  # bits; less is no row
SET_OF_NAMES = "css_names"
FEWEST_NAMES, LEAST_ALIKE = 20, 0.6  # classes and ids that two sites share and few others have; of the smaller set
WITHIN = 60.0  # minutes between two copies of one source; a person or a program that posts to both needs less
FEWEST_SOURCES = 3  # in common; of fewer nothing is said
MOST_OF_TEST = 10.0  # bits that a test of words counts for, however small its p: it does not know why two agree
LEAST_P = 0.05  # of sources and hours; with a larger p there is no row
COMPARED = "compared articles"
OTHER_FAMILIES = {"dictionary": "dictionary", "furniture": "dictionary", "sources": "sources", "lag": "sources"}
POINTS = "one site’s pages name or load from the other: a move, a copy, or one hand"
WHY = {
    "dictionary": "more alike than independent dictionaries; one list may be sold to many",
    "furniture": "the same words around the articles; themes and spinners bring them",
    "sources": "more sources in common than chance gives; both may follow the same feed",
    "lag": "copies of one source appear within the hour on both; both may follow the same feed",
}


def links_between(
    sites: pd.DataFrame | str | Path | list,
    comparison: Comparison | None = None,
    background: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what each two sites have in common, the most surprising first.

    `sites` are indicators (see `indicators`) or what they are read from. With a `comparison` of their articles
    (`helpers.substitutions.compare_corpus`) dictionaries, furniture, sources and the hours of copies are looked at as
    well. `background` are indicators of sites that surely have nothing to do with these: what they have too is common.

    Columns: `site`, `other`, `kind`, `value`, `tier`; `sites` (how many have the value) `of` how many compared;
    `surprise` in bits (`helpers.sites.surprise` has the model); `rests_on` (on how many pages of each, and the first of
    them), `why`. `.attrs["sites"]` names all sites that were compared.

    Raises what `indicators` raises.
    """
    found = sites if isinstance(sites, pd.DataFrame) and "tier" in sites else indicators(sites)
    names = sorted({*found["site"], *found.attrs.get("pages", {})})
    counted = [found, background] if background is not None else [found]
    rows = [*_shared(found, counted), *_names_alike(found, names), *_pointing(found, names)]
    if comparison is not None:
        rows += [*_by_words(comparison, names), *_by_sources(comparison, names)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table[table["surprise"] >= LEAST_SHOWN].astype({"sites": int, "of": int, "surprise": float})
    table = table.sort_values(["surprise", "site", "other", "kind"], ascending=[False, True, True, True])
    table = table.reset_index(drop=True)
    table.attrs = {"sites": names}
    return table


def _carriers(tables: list[pd.DataFrame]) -> tuple[pd.Series, int]:
    """How many sites have each value of a kind, and how many sites there are."""
    together = pd.concat([table[["site", "kind", "value", "tier"]] for table in tables])
    number = len({*together["site"], *(site for table in tables for site in table.attrs.get("pages", {}))})
    return together.groupby(["kind", "value"])["site"].nunique(), number


def _shared(found: pd.DataFrame, counted: list[pd.DataFrame]) -> Iterator[tuple]:
    carriers, of = _carriers(counted)
    telling = found[(found["tier"] != NOTHING) & (found["kind"] != SET_OF_NAMES)]
    pages = telling.groupby(["kind", "value", "site"])["page"].agg(["first", "nunique"])
    for (kind, value), rows in pages.groupby(level=["kind", "value"], sort=True):
        tier, number = KINDS[kind].tier, int(carriers[kind, value])
        bits = surprise(number, of, tier)
        if len(rows) < 2 or bits < LEAST_SHOWN:
            continue
        at = {site: f"{_pages(count)} of {site} ({first})" for (_, _, site), first, count in rows.itertuples(name=None)}
        for one, other in combinations(sorted(at), 2):
            yield one, other, kind, value, tier, number, of, bits, f"{at[one]}; {at[other]}", KINDS[kind].why


def _pages(number: int) -> str:
    return f"{number:,} page{'s' * (number != 1)}"


def common_indicators(found: pd.DataFrame, background: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what was set aside: values that several of the sites share and that link nobody, the most shared first.

    Columns: `kind`, `value`, `sites` (how many have it), `reason`.
    """
    carriers, of = _carriers([found, background] if background is not None else [found])
    known = found[found["kind"] != SET_OF_NAMES].drop_duplicates(["kind", "value"])
    rows = []
    for kind, value, tier, why in known[["kind", "value", "tier", "why"]].itertuples(index=False, name=None):
        number = int(carriers[kind, value])
        if number > 1 and (tier == NOTHING or is_common(number, of)):
            reason = why if tier == NOTHING else f"on {number} of the {of} sites: common here, or all are of one hand"
            rows.append((kind, value, number, reason))
    table = pd.DataFrame(rows, columns=["kind", "value", "sites", "reason"])
    return table.sort_values(["sites", "kind", "value"], ascending=[False, True, True], ignore_index=True)


def _names_alike(found: pd.DataFrame, sites: list[str]) -> Iterator[tuple]:
    """Sites whose classes and ids are alike beyond what most of the sites have, as one row a pair."""
    rare, of = _rare_names(found, len(sites)), len(sites)
    alike = []
    for one, other in combinations(sorted(rare), 2):
        both, fewer = len(rare[one] & rare[other]), min(len(rare[one]), len(rare[other]))
        if both >= FEWEST_NAMES and both >= LEAST_ALIKE * fewer:
            alike.append((one, other, both, fewer))
    having = Counter(site for one, other, *_ in alike for site in (one, other))
    for one, other, both, fewer in alike:
        number = 1 + max(having[one], having[other])
        value, why = f"{both} of {fewer} names that few have", KINDS[SET_OF_NAMES].why
        bits = surprise(number, of, CIRCUMSTANTIAL)
        yield one, other, SET_OF_NAMES, value, CIRCUMSTANTIAL, number, of, bits, "all pages", why


def _rare_names(found: pd.DataFrame, of: int) -> dict[str, set[str]]:
    """The classes and ids of each site that no more than half of the sites have."""
    rows = found[found["kind"] == SET_OF_NAMES]
    names = {str(site): set(" ".join(part["evidence"]).split()) for site, part in rows.groupby("site")}
    counts = Counter(name for of_site in names.values() for name in of_site)
    return {site: {name for name in of_site if not is_common(counts[name], of)} for site, of_site in names.items()}


def _pointing(found: pd.DataFrame, sites: list[str]) -> Iterator[tuple]:
    """Sites that give another of the sites as their own address, or load pictures or scripts from it."""
    kinds = ["own_address", "image_host", "script_host"]
    rows = found[found["kind"].isin(kinds) & found["value"].isin(sites) & (found["value"] != found["site"])]
    for (one, other, kind), part in rows.groupby(["site", "value", "kind"]):
        bits = surprise(2, len(sites), ASSOCIATIVE)
        place = f"{_pages(part['page'].nunique())} of {one} ({part['page'].iloc[0]})"
        yield *sorted([one, other]), kind, f"{one} → {other}", ASSOCIATIVE, 2, len(sites), bits, place, POINTS


def _by_words(comparison: Comparison, sites: list[str]) -> Iterator[tuple]:
    """Dictionaries that are alike (`shared_dictionary_test`), and lines of furniture that few sites have."""
    substitutions = comparison.substitutions[comparison.substitutions["site"].isin(sites)]
    articles = substitutions.groupby(substitutions["site"].astype(str))["spun_id"].nunique()
    able = articles.sort_values(ascending=False, kind="stable").head(MOST_SITES).index
    test = shared_dictionary_test(substitutions[substitutions["site"].isin(able)])
    for row in test[test["verdict"] == SHARED].itertuples():
        value = f"{row.agreement:.0%} of {row.chances} originals alike, {row.expected:.0%} expected"
        rests = f"{row.articles_a} and {row.articles_b} compared articles"
        pair = sorted([row.site_a, row.site_b])
        yield *pair, "dictionary", value, ASSOCIATIVE, 2, len(able), _bits(row.p_holm), rests, WHY["dictionary"]
    lines = furniture_fingerprint(comparison.articles, comparison.paragraphs, substitutions)
    yield from _furniture(lines[[site for site in lines.columns if site in sites]], len(able))


def _furniture(lines: pd.DataFrame, of: int) -> Iterator[tuple]:
    """Lines around the articles (in rows) that few of the sites (in columns) have."""
    for line, shares in zip(lines.index, lines.to_numpy(), strict=True):
        having = sorted(site for site, share in zip(lines.columns, shares, strict=True) if share > 0)
        bits = surprise(len(having), of, CIRCUMSTANTIAL) if len(having) > 1 else 0.0
        for one, other in combinations(having, 2) if bits else ():
            about = ("furniture", str(line), CIRCUMSTANTIAL, len(having), of, bits)
            yield one, other, *about, COMPARED, WHY["furniture"]


def _bits(p: float) -> float:
    return float(min(MOST_OF_TEST, -np.log2(p)))


def _by_sources(comparison: Comparison, sites: list[str]) -> Iterator[tuple]:
    """Sources that two sites both took, and the hours between the two copies."""
    from scipy.stats import hypergeom  # here, since it takes half a second of all that ask about sites

    pairs = comparison.pairs[comparison.pairs["site"].isin(sites)]
    taken = {str(site): set(part["reference_id"]) for site, part in pairs.groupby(pairs["site"].astype(str))}
    near, number = _near(taken, _hours(comparison, pairs)), pairs["reference_id"].nunique()
    for one, other in near:
        shared, counts = len(taken[one] & taken[other]), (2, len(taken))
        p = float(hypergeom.sf(shared - 1, number, len(taken[one]), len(taken[other])))
        if shared >= FEWEST_SOURCES and p < LEAST_P:
            value = f"{shared} of {len(taken[one])} and {len(taken[other])} sources"
            yield one, other, "sources", value, CIRCUMSTANTIAL, *counts, _bits(p), COMPARED, WHY["sources"]
        within, both = near[one, other]
        p = _chance_near((one, other), near)
        if both >= FEWEST_SOURCES and p < LEAST_P:
            value = f"{within} of {both} copies within {WITHIN:.0f} minutes"
            yield one, other, "lag", value, CIRCUMSTANTIAL, *counts, _bits(p), COMPARED, WHY["lag"]


def _chance_near(pair: tuple[str, str], near: dict[tuple[str, str], tuple[int, int]]) -> float:
    """How probable so many copies within the hour are, at the rate of all other pairs of sites (binomial)."""
    from scipy.stats import binom

    within, both = near[pair]
    others = [counts for other, counts in near.items() if other != pair]
    rate = (1 + sum(w for w, _ in others)) / (2 + sum(m for _, m in others))
    return float(binom.sf(within - 1, both, rate)) if within else 1.0


def _hours(comparison: Comparison, pairs: pd.DataFrame) -> dict[tuple[str, str], pd.Timestamp]:
    """(site, source) -> when the copy was published, where an hour is known: midnight stands for a day alone."""
    times = pd.to_datetime(comparison.articles["published"].reindex(pairs["spun_id"]), errors="coerce", utc=True)
    rows = zip(pairs["site"].astype(str), pairs["reference_id"], times, strict=True)
    return {(site, source): at for site, source, at in rows if not pd.isna(at) and at != at.normalize()}


def _near(taken: dict[str, set], hours: dict[tuple[str, str], pd.Timestamp]) -> dict[tuple[str, str], tuple[int, int]]:
    """For each two sites: how many copies of shared sources lie within the hour, of how many with known hours."""
    found = {}
    for one, other in combinations(sorted(taken), 2):
        both = [source for source in taken[one] & taken[other] if (one, source) in hours and (other, source) in hours]
        gaps = [abs((hours[one, source] - hours[other, source]).total_seconds()) / 60 for source in both]
        found[one, other] = (sum(gap <= WITHIN for gap in gaps), len(both))
    return found


def linked_pairs(links: pd.DataFrame) -> pd.DataFrame:
    """Return a verdict on each two sites that share something, those with most in common first.

    What belongs to one family (an account and the line that names it in ads.txt) counts once, by its most surprising
    row; circumstances count for three bits together at the most. Columns: `site`, `other`; `verdict` (“an account in
    common”, “several things in common that few share”, “little in common”); `surprise` in bits; `signs` (families);
    how many rows of each tier; `strongest` (the rows it rests on, in words).
    """
    of_pair: dict[tuple[str, str], list[tuple]] = {}
    columns = ["site", "other", "tier", "kind", "value", "surprise"]
    for one, other, *row in links[columns].itertuples(index=False, name=None):
        of_pair.setdefault((one, other), []).append(tuple(row))
    rows = [(*pair, *_verdict(of_pair[pair])) for pair in sorted(of_pair)]
    rows.sort(key=lambda row: (VERDICTS.index(row[2]), -row[3]))
    table = pd.DataFrame(rows, columns=PAIR_COLUMNS)
    table.attrs = dict(links.attrs)
    return table


def family_of(kind: str) -> str:
    """Return the family of a kind: what one person sets up in one go counts once."""
    return OTHER_FAMILIES.get(kind) or KINDS[kind].family


def _verdict(rows: list[tuple]) -> tuple:
    """What rows of (tier, kind, value, surprise) come to: verdict, bits, families, rows of each tier, the strongest."""
    best: dict[str, tuple] = {}
    for row in sorted(rows, key=lambda row: -row[3]):
        best.setdefault(family_of(row[1]), row)
    bits = {tier: [row[3] for row in best.values() if row[0] == tier] for tier in TIERS}
    telling = [*bits[CONCLUSIVE], *bits[ASSOCIATIVE]]
    together = sum(telling) + min(MOST_CIRCUMSTANTIAL, sum(bits[CIRCUMSTANTIAL]))
    several = len(telling) >= LEAST_SIGNS and together >= LEAST_TOGETHER and not _only_words(best)
    has_account = max(bits[CONCLUSIVE], default=0.0) >= LEAST_SURPRISE
    verdict = ACCOUNT if has_account else SEVERAL if several else LITTLE
    counts = [sum(row[0] == tier for row in rows) for tier in TIERS]
    named = "; ".join(f"{kind.replace('_', ' ')}: {value}" for _, kind, value, _ in list(best.values())[:NAMED])
    return verdict, float(together), len(best), *counts, named


def _only_words(best: dict[str, tuple]) -> bool:
    """Whether all that is telling are the words and the hours of copies: one list, or one feed, may be sold to many."""
    return all(row[0] == CIRCUMSTANTIAL or family in OTHER_FAMILIES.values() for family, row in best.items())


def site_groups(links: pd.DataFrame) -> list[list[str]]:
    """Return the groups of sites that links join, directly or by way of others; the largest first, loners left out."""
    return groups_of(linked_pairs(links))


def groups_of(pairs: pd.DataFrame) -> list[list[str]]:
    """Return what `site_groups` does, from the table of `linked_pairs`."""
    linked = pairs.loc[pairs["verdict"].isin(LINKS), ["site", "other"]]
    found = nx.connected_components(nx.Graph(linked.itertuples(index=False, name=None)))
    return sorted(map(sorted, found), key=lambda members: (-len(members), members))
