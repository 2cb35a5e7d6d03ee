"""Links between articles go in; groups come out: versions of one source, and never two sources in one group.

A link alone joins nothing for good: a text merged from two sources is linked with the versions of both. So groups are
joined in the order of the mean of all links between them (average linkage, Sokal and Michener 1958), and a pair that
was compared without a link, or had no key in common, counts as 0 in this mean. Only where an article has more
neighbours than were compared, a pair without a link is left out of it.
"""

import heapq
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from helpers.sources.version_scale import LIKELY

VERSION, COPY = "version", "copy"  # what a link is
MANY = 6  # links of an article: half of those that it is compared with (`versions.CANDIDATES`)


class Between(NamedTuple):
    """What stands between two groups: the sum of the links, how many, and how many of two whose every link is known."""

    total: float = 0.0
    links: int = 0
    of_known: int = 0

    def plus(self, other: "Between") -> "Between":
        """Return both together."""
        return Between(self.total + other.total, self.links + other.links, self.of_known + other.of_known)


def grouped(links: pd.DataFrame, full: np.ndarray, again: np.ndarray, many: int = MANY) -> pd.DataFrame:
    """Return the articles that belong to a group of versions or of copies, in order, a row for each.

    `links` has the columns `one`, `other` (numbers of articles, each pair once), `kind` (version or copy) and `score`;
    `full` has the numbers of those who have more neighbours than were compared, which counts from so `many` links on,
    and `again` those of copies that were not compared themselves. Columns: `number`; `group`, from 1 in the order of
    the lowest number in each group of versions, 0 where an article is in none; `versions`, how many different texts the
    group has; `score`, the mean of the article's links with the other versions of its group; `copy_of`, the first
    article of which it is a copy, -1 where it is none.
    """
    numbers = np.unique(links[["one", "other"]].to_numpy(np.int64))
    if not len(numbers):
        columns = {"number": np.int64, "group": np.int64, "versions": np.int64, "score": float, "copy_of": np.int64}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    one, other = (np.searchsorted(numbers, links[name].to_numpy(np.int64)) for name in ("one", "other"))
    is_version = (links["kind"] == VERSION).to_numpy()
    copies = _components(one[~is_version], other[~is_version], len(numbers))
    scores = links["score"].to_numpy(float)
    ties = list(zip(one[is_version], other[is_version], scores[is_version], strict=True))
    links_of = np.bincount(np.r_[one, other], minlength=len(numbers))
    unknown = (np.isin(numbers, full) & (links_of >= many)) | np.isin(numbers, again)
    group = _joined(ties, copies, unknown)
    table = pd.DataFrame({"number": numbers, "place": np.arange(len(numbers)), "copies": copies, "group": group})
    table["versions"] = table.groupby("group")["copies"].transform("nunique")
    first = numbers[table.groupby("copies")["place"].transform("min")]
    table["copy_of"] = np.where(first < numbers, first, -1)
    table["score"] = _mean_links(ties, table)
    several = table["versions"] > 1
    table["group"] = pd.factorize(table["group"].where(several))[0] + 1
    return table[["number", "group", "versions", "score", "copy_of"]]


def _components(one: np.ndarray, other: np.ndarray, count: int) -> np.ndarray:
    """The component of each of so many articles, by links."""
    graph = sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def _mean_links(ties: list[tuple[int, int, float]], table: pd.DataFrame) -> np.ndarray:
    """For each article the mean of its links with other versions of its group, missing where there is none."""
    group, copies = table["group"].to_numpy(), table["copies"].to_numpy()
    total, links = np.zeros(len(table)), np.zeros(len(table))
    for one, other, score in ties:
        if group[one] == group[other] and copies[one] != copies[other]:
            for place in (one, other):
                total[place] += score
                links[place] += 1
    # Of copies that were not compared themselves, what was found for the others.
    of_copies = pd.DataFrame({"copies": copies, "total": total, "links": links}).groupby("copies").transform("sum")
    total, links = (np.where(links > 0, own, of_copies[name]) for own, name in ((total, "total"), (links, "links")))
    return np.where(links > 0, total / np.maximum(links, 1), np.nan)


def _joined(ties: list[tuple[int, int, float]], copies: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The group of each article: copies together, and then groups by the mean of the links between them."""
    between: dict[int, dict[int, Between]] = defaultdict(dict)
    for one, other, score in ties:
        here, there = int(copies[one]), int(copies[other])
        if here != there:
            known = not (unknown[one] or unknown[other])
            link = between[here].get(there, Between()).plus(Between(float(score), 1, int(known)))
            between[here][there] = between[there][here] = link
    count = int(copies.max()) + 1
    known_members = np.bincount(copies[~unknown], minlength=count)
    sizes = {number: int(known_members[number]) for number in range(count)}
    parents = {number: number for number in range(count)}

    def mean(here: int, there: int) -> float:
        link = between[here][there]
        absent = sizes[here] * sizes[there] - link.of_known
        return link.total / (link.links + absent)

    waiting = [(-mean(here, there), here, there) for here in sorted(between) for there in between[here] if here < there]
    heapq.heapify(waiting)
    while waiting:
        negative, here, there = heapq.heappop(waiting)
        if -negative < LIKELY:
            break
        if there not in between[here] or -negative != mean(here, there):
            continue  # of groups that have grown since, or are gone
        sizes[here] += sizes.pop(there)
        parents[there] = here
        for next_to, link in between.pop(there).items():
            del between[next_to][there]
            if next_to != here:
                both = between[here].get(next_to, Between()).plus(link)
                between[here][next_to] = between[next_to][here] = both
                pair = min(here, next_to), max(here, next_to)
                heapq.heappush(waiting, (-mean(*pair), *pair))
        for next_to in between[here]:
            pair = min(here, next_to), max(here, next_to)
            heapq.heappush(waiting, (-mean(*pair), *pair))
    for number in range(count):  # a group joins a lower number, whose own parent is known by now
        parents[number] = parents[parents[number]]
    return np.array([parents[number] for number in copies.tolist()])
