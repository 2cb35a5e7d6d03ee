"""Outlines go in; for two of them comes out whether they tell the same text in other words, sentence beside sentence.

Two versions of one source keep words that no dictionary has, in the order of the source, all the way through both. Two
honest reports of one event share names and figures, in no common order; a follow-up has sentences of the first report
word for word, and tells the rest by itself; pages of one site share their furniture. So

1. sentences that both have word for word are set aside: they say nothing about spinning;
2. of the words that stand once in each text and are left, the longest chain is taken that runs through both in order
   (longest increasing subsequence; the anchors of patience diff, Cohen 2010). A moved passage may break it, at a price
   that no chain of chance meetings can pay;
3. what counts is how dense this chain is, how many of the shared words are in it, and through how much of either text
   it runs.
"""

import numpy as np

from helpers.sources.outlines import Outlines
from helpers.text.compiled import Bools, Int32s, Int64s, UInt64s, compiled

BLOCK, TOUCHED = 20, 3  # content words of a block; the chain runs through one with so many of its words
BREAK = 3  # words of a chain that it costs to go on elsewhere
MEASURES = ("left", "left_share", "copied", "density", "order", "most", "least")


def measures(outlines: Outlines, one: Int64s, other: Int64s) -> np.ndarray:
    """Return the rows of `MEASURES`, a column for each pair of outlines, of which `one` and `other` are the numbers.

    `left` and `left_share`: content words that are not in common sentences, and their share, of the text that has
    fewer; `copied`: the share in sentences that both have to the last figure, of the text that has fewer; `density`:
    the part of the words that stand once which is in the chain, its breaks paid for, of the text that has fewer of
    them; `order`: the part of the shared ones that is in the chain, likewise; `most` and `least`: the part of a text
    through which the chain runs.
    """
    every, ends = outlines.all, (outlines.word_ends, outlines.sentence_ends)
    return _measure_all(every.once, every.place, every.sentence, every.same, every.exact, every.size, *ends, one, other)


@compiled
def _measure_all(
    once: UInt64s, place: Int32s, sentence: Int32s, same: UInt64s, exact: UInt64s, size: Int32s,
    word_ends: Int64s, sentence_ends: Int64s, one: Int64s, other: Int64s,
) -> np.ndarray:  # fmt: skip
    """The measures of all pairs.

    `once`, `same` and `exact` are uint64, `place`, `sentence` and `size` int32, the others int64; the measures
    (7 x pairs) are float64.
    """
    found = np.zeros((7, len(one)), np.float64)
    for pair in range(len(one)):
        a, b = one[pair], other[pair]
        words_a = slice(word_ends[a - 1] if a else 0, word_ends[a])
        words_b = slice(word_ends[b - 1] if b else 0, word_ends[b])
        sent_a = slice(sentence_ends[a - 1] if a else 0, sentence_ends[a])
        sent_b = slice(sentence_ends[b - 1] if b else 0, sentence_ends[b])
        aside_a, aside_b = in_both(same[sent_a], same[sent_b])
        exact_a, exact_b = in_both(exact[sent_a], exact[sent_b])
        left_a, left_b = _words(size[sent_a], ~aside_a), _words(size[sent_b], ~aside_b)
        all_a, all_b = max(size[sent_a].sum(), 1), max(size[sent_b].sum(), 1)
        found[0, pair] = min(left_a, left_b)
        found[1, pair] = min(left_a / all_a, left_b / all_b)
        found[2, pair] = min(_words(size[sent_a], exact_a) / all_a, _words(size[sent_b], exact_b) / all_b)
        if min(left_a, left_b) == 0:
            continue
        free_a, free_b = ~aside_a[sentence[words_a]], ~aside_b[sentence[words_b]]
        least = min(free_a.sum(), free_b.sum())
        at_a, at_b = shared_words(once[words_a], once[words_b], free_a, free_b)
        if not len(at_a):
            continue
        place_a, place_b = place[words_a][at_a].astype(np.int64), place[words_b][at_b].astype(np.int64)
        order = np.argsort(place_a)
        in_chain, length = broken_chain(place_b[order])
        chain = order[in_chain]
        found[3, pair] = length / least
        found[4, pair] = length / len(order)
        runs_a = _runs_through(place_a[chain], sentence[words_a][at_a][chain], aside_a, size[sent_a], left_a)
        runs_b = _runs_through(place_b[chain], sentence[words_b][at_b][chain], aside_b, size[sent_b], left_b)
        found[5, pair], found[6, pair] = max(runs_a, runs_b), min(runs_a, runs_b)
    return found


@compiled
def broken_chain(targets: Int64s) -> tuple[Bools, int]:
    """Mark the members of the best chain of targets, and say how long it is, `BREAK` taken off for each break.

    Between breaks it never steps back. The running maxima stand in a Fenwick tree, as in `anchors.heaviest_chain`.

    `targets` (n) is int64, the marks (n) bool, the length an integer.
    """
    size = np.max(targets) + 2 if len(targets) else 1
    longest, last = np.zeros(size, np.int64), np.full(size, -1, np.int64)
    before = np.empty(len(targets), np.int64)
    top, end = 0, -1  # of all so far
    for k in range(len(targets)):
        best, follows, slot = max(top - BREAK, 0), end if top > BREAK else -1, targets[k] + 1
        while slot > 0:
            if longest[slot] > best:
                best, follows = longest[slot], last[slot]
            slot &= slot - 1
        before[k] = follows
        slot = targets[k] + 1
        while slot < size:
            if best + 1 > longest[slot]:
                longest[slot], last[slot] = best + 1, k
            slot += slot & -slot
        if best + 1 > top:
            top, end = best + 1, k
    chain = np.zeros(len(targets), np.bool_)
    k = end
    while k >= 0:
        chain[k] = True
        k = before[k]
    return chain, top


@compiled
def in_both(one: UInt64s, other: UInt64s) -> tuple[Bools, Bools]:
    """Which members of two arrays stand in the other one too.

    `one` (n) and `other` (m) are uint64, the marks (n and m) bool.
    """
    mark_one, mark_other = np.zeros(len(one), np.bool_), np.zeros(len(other), np.bool_)
    order_one, order_other = np.argsort(one), np.argsort(other)
    k = m = 0
    while k < len(one) and m < len(other):
        left, right = one[order_one[k]], other[order_other[m]]
        if left < right:
            k += 1
        elif right < left:
            m += 1
        else:
            while k < len(one) and one[order_one[k]] == left:
                mark_one[order_one[k]] = True
                k += 1
            while m < len(other) and other[order_other[m]] == left:
                mark_other[order_other[m]] = True
                m += 1
    return mark_one, mark_other


@compiled
def shared_words(one: UInt64s, other: UInt64s, free_one: Bools, free_other: Bools) -> tuple[Int64s, Int64s]:
    """Where two lists of words, each in order and without a double, have a word in common that is free in both.

    `one` and `other` are uint64, the marks `free_one` and `free_other` bool, the places in either list int64.
    """
    found = np.empty((2, min(len(one), len(other))), np.int64)
    k = m = count = 0
    while k < len(one) and m < len(other):
        if one[k] < other[m]:
            k += 1
        elif other[m] < one[k]:
            m += 1
        else:
            if free_one[k] and free_other[m]:
                found[0, count], found[1, count] = k, m
                count += 1
            k += 1
            m += 1
    return found[0, :count], found[1, :count]


@compiled
def _words(size: Int32s, wanted: Bools) -> int:
    """How many words the wanted sentences have.

    `size` (sentences) is int32, `wanted` (sentences) bool; the number is an integer.
    """
    total = 0
    for k in range(len(size)):
        if wanted[k]:
            total += size[k]
    return total


@compiled
def _runs_through(chain: Int64s, sentence: Int32s, aside: Bools, size: Int32s, left: int) -> float:
    """The part of a text, sentences set aside left out, through which a chain runs: of its blocks of `BLOCK` words.

    `chain` (places of its words) is int64, `sentence` (theirs) int32; of all sentences `aside` is bool and `size`
    int32; `left` is the number of words that are left, and the part a float.
    """
    before, total = np.zeros(len(size), np.int64), 0
    for k in range(len(size)):
        before[k] = total
        if aside[k]:
            total += size[k]
    blocks = max(left // BLOCK, 1)
    times = np.zeros(blocks, np.int64)
    for k in range(len(chain)):
        times[min((chain[k] - before[sentence[k]]) // BLOCK, blocks - 1)] += 1
    return np.sum(times >= TOUCHED) / blocks
