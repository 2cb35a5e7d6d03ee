"""Many texts go in; groups come out that share so many pairs of neighbouring words as only one origin explains.

A sample is compared with itself; who has many alike is in the core of a group (DBSCAN, Ester and others 1996; Chinese
Whispers, Biemann 2006), and the pairs that recur in a group say of every other text whether it belongs there. So the
work grows with the number of texts. What is found is taken away and the rest sampled again, since a small group is seen
only where the large ones are gone; half of a sample are texts whose longer runs recur, so that honest texts do not
crowd a small group out.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from helpers.sources.token_table import TokenTable
from helpers.text.compiled import Bools, Floats, Int32s, Int64s, UInt64s, compiled

SAMPLE = 3_000
ALIKE = 0.2  # of the pairs of two texts (cosine) are the same; honest ones on one subject share up to a tenth
NEIGHBOURS = 6  # so many alike has a text in the core of a group
RELATED = 0.15  # mean cosine of the texts of two groups that are one
RECURS = 3  # texts of a group that have a pair, so that it is the group's
SHARE = 0.45  # of a text's pairs are the group's, where it belongs there
RUN, RECURRING = 4, 3  # tokens of a run; how often it stands where it recurs
FEWEST_PAIRS = 8
WHISPERS = 30  # rounds in which labels are passed on, at most
STIR = np.uint64(0x9E3779B97F4A7C15)


@compiled
def _pair_codes(ids: Int32s, bounds: Int64s, chosen: Int64s, size: int) -> tuple[Int64s, Int64s]:
    """The neighbouring pairs of the chosen texts, as numbers, and where those of each text begin.

    `ids` (tokens) is int32, `bounds` (texts and one more) and `chosen` (texts) are int64, `size` is an integer; what
    comes out is int64.
    """
    starts = np.zeros(len(chosen) + 1, np.int64)
    for row in range(len(chosen)):
        length = bounds[chosen[row] + 1] - bounds[chosen[row]]
        starts[row + 1] = starts[row] + max(length - 1, 0)
    codes = np.empty(starts[-1], np.int64)
    for row in range(len(chosen)):
        first = bounds[chosen[row]]
        for at in range(starts[row + 1] - starts[row]):
            codes[starts[row] + at] = np.int64(ids[first + at]) * size + ids[first + at + 1]
    return codes, starts


@compiled
def _runs(ids: Int32s, bounds: Int64s, chosen: Int64s, length: int, kept: int) -> tuple[UInt64s, Int32s]:
    """One in `kept` runs of `length` tokens, by their hash, with the row of the text that each stands in.

    `ids` (tokens) is int32, `bounds` and `chosen` (texts) are int64; hashes come out as uint64, rows as int32.
    """
    total = 0
    for text in chosen:
        total += bounds[text + 1] - bounds[text]
    hashes, rows = np.empty(total, np.uint64), np.empty(total, np.int32)
    count = 0
    for row in range(len(chosen)):
        for at in range(bounds[chosen[row]], bounds[chosen[row] + 1] - length + 1):
            key = np.uint64(0)
            for step in range(length):
                key = (key ^ (key >> np.uint64(29))) * STIR + np.uint64(ids[at + step] + 1)
            key ^= key >> np.uint64(31)
            if key % np.uint64(kept) == 0:
                hashes[count], rows[count] = key, row
                count += 1
    return hashes[:count].copy(), rows[:count].copy()


def groups(table: TokenTable, texts: Int64s, seed: int = 0) -> Iterator[Int64s]:
    """Go through the groups among these texts, the largest first, each with all its texts (numbers, sorted)."""
    sample = _sample(table, texts, np.random.default_rng(seed))
    cores = _cores(table, sample)
    own = [_own_pairs(table, core) for core in cores]
    if not own:
        return
    shares = np.stack([shares_of(table, texts, pairs) for pairs in own])
    best = shares.argmax(axis=0)
    for group in range(len(own)):
        members = texts[(best == group) & (shares[group] >= SHARE)]
        if len(members):
            yield members


def _sample(table: TokenTable, texts: Int64s, chance: np.random.Generator) -> Int64s:
    """At most SAMPLE texts, half of them from those whose runs recur most."""
    texts = texts[table.lengths[texts] > FEWEST_PAIRS]
    if len(texts) <= SAMPLE:
        return texts
    hashes, rows = _runs(table.ids, table.bounds, texts, RUN, 4)
    codes, _ = pd.factorize(hashes)
    recurs = np.bincount(codes)[codes] >= RECURRING
    share = np.bincount(rows, recurs, len(texts)) / np.maximum(np.bincount(rows, minlength=len(texts)), 3)
    order = np.argsort(-(share + 1e-3 * chance.random(len(texts))))
    upper = order[: max(SAMPLE, len(texts) // 10)]
    first = chance.choice(upper, SAMPLE // 2, replace=False)
    others = np.setdiff1d(np.arange(len(texts)), first)
    return texts[np.sort(np.r_[first, chance.choice(others, SAMPLE - len(first), replace=False)])]


def _cores(table: TokenTable, sample: Int64s) -> list[Int64s]:
    """The groups within a sample, the largest first."""
    if not len(sample):
        return []
    codes, starts = _pair_codes(table.ids, table.bounds, sample, table.size)
    names, _ = pd.factorize(codes)
    rows = np.repeat(np.arange(len(sample)), np.diff(starts))
    pairs = sparse.csr_matrix((np.ones(len(names), np.float32), (rows, names)))
    pairs.data[:] = 1
    lengths = np.sqrt(np.maximum(np.asarray(pairs.sum(axis=1)).ravel(), 1))
    pairs = sparse.diags(1 / lengths).astype(np.float32) @ pairs
    alike = (pairs @ pairs.T).tocsr()
    alike.setdiag(0)
    close = alike.copy()
    close.data[close.data < ALIKE] = 0
    close.eliminate_zeros()
    core = np.flatnonzero(np.diff(close.indptr) >= NEIGHBOURS)
    if not len(core):
        return []
    labels = _merged(alike[core][:, core], _whispered(close[core][:, core].tocsr()))
    found = [sample[core[labels == label]] for label in np.unique(labels)]
    return sorted((part for part in found if len(part) > NEIGHBOURS), key=len, reverse=True)


def _whispered(alike: sparse.csr_matrix) -> Int64s:
    """A label for each text: that which most of those like it have, until nothing changes (Biemann 2006).

    Two templates that share a sentence are joined by some threads, and the texts of one by many.
    """
    labels = np.arange(alike.shape[0])
    for turn in range(WHISPERS):
        changed = 0
        for text in np.random.default_rng(turn).permutation(len(labels)).tolist():
            first, last = alike.indptr[text], alike.indptr[text + 1]
            votes = np.bincount(labels[alike.indices[first:last]], alike.data[first:last])
            best = int(votes.argmax()) if len(votes) else labels[text]
            changed += best != labels[text]
            labels[text] = best
        if not changed:
            break
    return labels


def _merged(alike: sparse.csr_matrix, labels: Int64s) -> Int64s:
    """Labels with those made one whose texts are on average alike: one template whose long options part its texts."""
    labels = np.unique(labels, return_inverse=True)[1]
    member = sparse.csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))))
    sizes = np.asarray(member.sum(axis=1)).ravel()
    mean = (member @ alike @ member.T).toarray() / np.outer(sizes, sizes)
    large = sizes > NEIGHBOURS
    joined = (mean >= RELATED) & large[:, None] & large
    return connected_components(sparse.csr_matrix(joined), directed=False)[1][labels]


def _own_pairs(table: TokenTable, core: Int64s) -> Int64s:
    """The pairs that recur in a group."""
    codes, starts = _pair_codes(table.ids, table.bounds, core, table.size)
    rows = np.repeat(np.arange(len(core), dtype=np.int64), np.diff(starts))
    once = pd.DataFrame({"code": codes, "row": rows}).drop_duplicates()["code"]
    counts = once.value_counts()
    return np.sort(counts.index[counts >= min(RECURS, len(core))].to_numpy())


def shares_of(table: TokenTable, texts: Int64s, pairs: Int64s) -> Floats:
    """Return which share of each text's pairs is among these (sorted)."""
    codes, starts = _pair_codes(table.ids, table.bounds, texts, table.size)
    has = np.r_[0, np.cumsum(_among(codes, pairs))]
    return (has[starts[1:]] - has[starts[:-1]]) / np.maximum(np.diff(starts), 1)


@compiled
def _among(codes: Int64s, known: Int64s) -> Bools:
    """Which codes are among the known, which are sorted.

    `codes` and `known` are int64, the result bool.
    """
    found = np.zeros(len(codes), np.bool_)
    for at in range(len(codes)):
        left, right = 0, len(known)
        while left < right:
            middle = (left + right) // 2
            if known[middle] < codes[at]:
                left = middle + 1
            else:
                right = middle
        found[at] = left < len(known) and known[left] == codes[at]
    return found
