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
from helpers.comparison.span_words import TextWords, tokens_in
from helpers.text.compiled import Bools, Floats, Int64s, UInt8s, UInt32s, compiled

FEATURES = ["certainty", "words", "kept", "least_kept"]
FILE = files("helpers.comparison").joinpath("confidence.json")
AROUND = 60  # characters on each side of a place
SUREST = 1 - 1e-4  # a certainty is never more than this, and never less than what is left of 1


def confidences(places: Places, read: ReadRuns) -> Floats:
    """Return for each place of a pair the probability (0 to 1) that it is right: both ends, and the original."""
    if not len(places.sure):
        return places.sure
    learnt = _weights()
    odds = features(places, read) @ np.array([learnt[name] for name in FEATURES]) + learnt["intercept"]
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
    texts, (letters, classes) = (read.spun.points, read.reference.points), (read.tables.letters, read.tables.classes)
    words, are_counted = _add_shares(places.offsets, read.runs, KEEPS, *texts, letters, classes, *read.wholes, found)
    if not are_counted:
        spans = np.ascontiguousarray(places.offsets.T)
        words = sum(read.words(spans[2 * side], spans[2 * side + 1], side).counts() for side in (0, 1))
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
    classes: UInt8s,
    whole: TextWords,
    other_whole: TextWords,
    found: Floats,
) -> tuple[Int64s, bool]:
    """Fill in the last two columns of the features; returns how many words the places have, and whether it is known.

    `offsets` (places x 4) is int64, `keeps` (operations) bool, `points` and `others` (characters) are uint32, `letters`
    (by character) is bool, `classes` (by character) uint8, `found` (places x FEATURES) float64; the result is int64.
    """
    kept, other_kept = _kept(runs, keeps, points, letters, 0), _kept(runs, keeps, others, letters, 2)
    words, are_known = np.empty(len(offsets), np.int64), True
    for place in range(len(offsets)):
        a, b, c, d = offsets[place, 0], offsets[place, 1], offsets[place, 2], offsets[place, 3]
        left, right = _share(kept, a - AROUND, a), _share(kept, b, b + AROUND)
        other_left, other_right = _share(other_kept, c - AROUND, c), _share(other_kept, d, d + AROUND)
        found[place, 2] = (left + right + other_left + other_right) / 4
        found[place, 3] = min(left, right, other_left, other_right)
        count = _count(whole, points, classes, a, b)
        other_count = _count(other_whole, others, classes, c, d)
        words[place] = count + other_count
        are_known &= count >= 0 and other_count >= 0
    return words, are_known


@compiled
def _count(whole: TextWords, points: UInt32s, classes: UInt8s, start: int, end: int) -> int:
    """How many words the span start:end of a text has; -1 where it must be read (see `tokens_in`)."""
    first, last = tokens_in(whole, points, classes, start, end)
    count = -1 if first < 0 else 0
    for token in range(first, last):
        count += whole.words[token]
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


@compiled
def _share(kept: Int64s, start: int, end: int) -> float:
    """The share of the letters in start:end that stand in both texts; 1 where there is none.

    `kept` is what `_kept` gives, `start` and `end` are integers.
    """
    start, end = max(0, start), min(len(kept) - 1, max(end, 0))
    counts = kept[end] - kept[start] if start < end else 0
    letters = counts & 0xFFFFFFFF
    return (counts >> 32) / letters if letters else 1.0


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    return json.loads(FILE.read_text(encoding="utf-8"))
