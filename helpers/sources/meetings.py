"""Articles with their keys go in; the pairs of articles that have keys in common come out, never all with all.

A key that more articles have says less, and one that very many have says nothing. So what is shared weighs by its
rarity, and of the articles that have a common key only a few stand for all, the same ones for everybody: where a story
stands in a thousand places, a few of them are found, and nothing is joined with all of them.
"""

from typing import NamedTuple

import numpy as np

from helpers.text.word_counts import PRIME

MOST, TOO_MANY = 64, 4096  # articles that stand for all that have a key; with more the key is dropped
AT_ONCE = 2_000_000  # rows of a join in memory


class Postings(NamedTuple):
    """Keys in order and, for each, where its articles begin in `articles`, how many they are, and what it weighs."""

    keys: np.ndarray
    starts: np.ndarray
    counts: np.ndarray
    articles: np.ndarray
    rarity: np.ndarray


def postings(
    keys: np.ndarray, articles: np.ndarray, corpus: int, most: int = MOST, too_many: int = TOO_MANY
) -> Postings:
    """Return the articles of each key that is not too common; `corpus` is how many articles there are in all."""
    mixed = articles.astype(np.uint64) * PRIME
    order = np.lexsort([mixed, keys])
    keys, articles = keys[order], articles[order]
    kept, starts, counts = np.unique(keys, return_index=True, return_counts=True)
    rarity = np.log((corpus + 1) / (counts + 0.5)).astype(np.float32)
    common = counts > too_many
    return Postings(kept[~common], starts[~common], np.minimum(counts[~common], most), articles, rarity[~common])


def places_of(found: Postings, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which of some keys anybody has, as marks, and where those stand among the postings."""
    place = np.searchsorted(found.keys, keys)
    hit = place < len(found.keys)
    hit[hit] = found.keys[place[hit]] == keys[hit]
    return hit, place[hit]


def pieces(found: Postings, place: np.ndarray, who: np.ndarray) -> list[tuple[int, int]]:
    """Cut sought keys (`place`, of `who`, in the order of who) into pieces that fit into memory, no article torn."""
    ends = np.cumsum(found.counts[place])
    cuts, done = [], 0
    while done < len(who):
        end = np.searchsorted(ends, (ends[done - 1] if done else 0) + AT_ONCE, side="right")
        end = max(int(np.searchsorted(who, who[min(end, len(who) - 1)])), done + 1) if end < len(who) else len(who)
        end = int(np.searchsorted(who, who[end - 1], side="right"))  # all keys of an article at once
        cuts.append((done, end))
        done = end
    return cuts


def meetings(found: Postings, place: np.ndarray, who: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every pair of articles with a key in common, once: who, whom, and what their keys weigh together."""
    times = found.counts[place]
    offsets = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    whom = found.articles[np.repeat(found.starts[place], times) + offsets]
    who, weight = np.repeat(who, times), np.repeat(found.rarity[place], times)
    order = np.lexsort([whom, who])
    who, whom, weight = who[order], whom[order], weight[order]
    if not len(who):
        return who, whom, weight.astype(np.float32)
    first = np.flatnonzero(np.r_[True, (who[1:] != who[:-1]) | (whom[1:] != whom[:-1])])
    return who[first], whom[first], np.add.reduceat(weight, first).astype(np.float32)
