"""Places of substitutions and the alignment around them go in; how often such places are right comes out.

An alignment says how sure a reading is against every other reading of the same place. Where a clause was written anew
each of its words has a best reading too, and it is wrong. What tells the two apart is how much of the text around the
place was kept. A logistic regression, learnt from train sources with and without clauses written anew
(`python -m benchmarks.train_confidence`, which also shows its calibration), weighs both.
"""

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np

from helpers.comparison.found_places import Places
from helpers.comparison.runs import KEEPS, ReadRuns, Runs
from helpers.comparison.span_words import TextWords
from helpers.text.compiled import Bools, Floats, Int64s, UInt32s, compiled, compiled_within

FEATURES = ["certainty", "words", "kept", "least_kept"]
FILE = files("helpers.comparison").joinpath("confidence.json")
AROUND = 60  # characters on each side of a place
SUREST = 1 - 1e-4  # a certainty is never more than this, and never less than what is left of 1


def confidences(places: Places, read: ReadRuns) -> Floats:
    """Return for each place of a pair the probability (0 to 1) that it is right: both ends, and the original."""
    if not len(places.sure):
        return places.sure
    learnt = _weights()
    odds = features(places, read) @ learnt[:-1] + learnt[-1]
    return 1 / (1 + np.exp(-odds))


def features(places: Places, read: ReadRuns) -> Floats:
    """Return what is seen of places (places x FEATURES): log odds of the certainty, words, and text kept around.

    `words` is the number of words on both sides beyond one each (log2 of one more); `kept` the share of the letters
    within 60 characters that stand in both texts, `least_kept` that on the side (left or right, of either text) where
    it is least.
    """
    found = np.empty((len(places.sure), len(FEATURES)))
    bounded = np.minimum(np.maximum(places.sure, 1 - SUREST), SUREST)
    found[:, 0] = np.log(bounded / (1 - bounded))
    texts = read.spun.points, read.reference.points
    words, are_counted = _add_shares(places.offsets, read.runs, KEEPS, *texts, read.tables.letters, *read.wholes, found)
    if not are_counted:
        starts, ends, firsts, lasts = np.ascontiguousarray(places.offsets.T)
        words = np.add(read.words(starts, ends, 0).counts(), read.words(firsts, lasts, 1).counts())
    found[:, 1] = np.log2(np.maximum(1, words - 1))
    return found


@compiled
def _add_shares(
    offsets: Int64s,
    runs: Runs,
    keeps: Bools,
    points: UInt32s,
    others: UInt32s,
    letters: Bools,
    whole: TextWords,
    other_whole: TextWords,
    found: Floats,
) -> tuple[Int64s, bool]:
    """Fill in the last two columns of the features; returns how many words the places have, and whether it is known.

    `offsets` (places x 4) is int64, `keeps` (operations) bool, `points` and `others` (characters) are uint32, `letters`
    (by character) is bool, `found` (places x FEATURES) float64; the result (places) is int64.
    """
    kept, other_kept = _kept(runs, keeps, points, letters, 0), _kept(runs, keeps, others, letters, 2)
    end, other_end = len(points), len(others)
    words, are_known = np.empty(len(offsets), np.int64), True
    for place in range(len(offsets)):
        a, b, c, d = offsets[place, 0], offsets[place, 1], offsets[place, 2], offsets[place, 3]
        left, right = _share(kept[a] - kept[max(0, a - AROUND)]), _share(kept[min(end, b + AROUND)] - kept[b])
        other_left = _share(other_kept[c] - other_kept[max(0, c - AROUND)])
        other_right = _share(other_kept[min(other_end, d + AROUND)] - other_kept[d])
        found[place, 2] = (left + right + other_left + other_right) / 4
        found[place, 3] = min(left, right, other_left, other_right)
        count = _count(whole.words, whole.opens[a], whole.closes[b])
        other_count = _count(other_whole.words, other_whole.opens[c], other_whole.closes[d])
        words[place] = count + other_count
        are_known &= count >= 0 and other_count >= 0
    return words, are_known


@compiled_within
def _count(words: Bools, first: int, last: int) -> int:
    """How many words the tokens from `first` to `last` are, which are integers; -1 where one of them is not known.

    `words` (tokens) is bool.
    """
    if first < 0 or last < 0:
        return -1
    count = 0
    for token in range(first, last):
        count += words[token]
    return count


@compiled
def _kept(runs: Runs, keeps: Bools, points: UInt32s, letters: Bools, side: int) -> Int64s:
    """How many letters stand before each character of a text, and from bit 32 on how many of them in both texts.

    `keeps` (operations) and `letters` (by character) are bool, `points` (characters) is uint32, the result
    (characters + 1) int64; `side`, where the text's offsets stand, is an integer.
    """
    counts = np.zeros(len(points) + 1, np.int64)
    for run in range(len(runs.ops)):
        letter = 1 | np.int64(keeps[runs.ops[run]]) << 32
        for at in range(runs.offsets[run, side], runs.offsets[run, side + 1]):
            counts[at + 1] = letter * letters[points[at]]
    for at in range(len(points)):
        counts[at + 1] += counts[at]
    return counts


@compiled_within
def _share(counts: int) -> float:
    """The share of some letters that stand in both texts; 1 where there is none. `counts` is as `_kept` counts them."""
    letters = counts & 0xFFFFFFFF
    return (counts >> 32) / letters if letters else 1.0


@lru_cache(maxsize=1)
def _weights() -> Floats:
    """What was learnt of each of FEATURES, and the intercept."""
    learnt = json.loads(FILE.read_text(encoding="utf-8"))
    return np.array([*(learnt[name] for name in FEATURES), learnt["intercept"]])
