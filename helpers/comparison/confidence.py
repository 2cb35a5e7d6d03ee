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
from helpers.text.compiled import Bools, Floats, Int64s, UInt32s, compiled

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
    spans = np.ascontiguousarray(places.offsets.T)
    words = sum(read.words(spans[2 * side], spans[2 * side + 1], side).counts() for side in (0, 1))
    found[:, 1] = np.log2(np.maximum(1, words - 1))
    kept, other_kept = (
        _kept(read.runs, KEEPS, text.points, text.letters, 2 * side)
        for side, text in enumerate((read.spun, read.reference))
    )
    _add_shares(places.offsets, kept, other_kept, found)
    return found


@compiled
def _kept(runs: Runs, keeps: Bools, points: UInt32s, letters: Bools, side: int) -> Int64s:
    """How many letters stand before each character of a text, and how many of them in both texts.

    `keeps` (operations) and `letters` (by character) are bool, `points` (characters) is uint32, the result
    (2 x (characters + 1)) int64; `side`, where the text's offsets stand, is an integer.
    """
    counts = np.zeros((2, len(points) + 1), np.int64)
    for run in range(len(runs.ops)):
        for at in range(runs.offsets[run, side], runs.offsets[run, side + 1]):
            counts[0, at + 1] = letters[points[at]]
            counts[1, at + 1] = letters[points[at]] and keeps[runs.ops[run]]
    for at in range(len(points)):
        counts[0, at + 1] += counts[0, at]
        counts[1, at + 1] += counts[1, at]
    return counts


@compiled
def _add_shares(offsets: Int64s, kept: Int64s, other_kept: Int64s, found: Floats) -> None:
    """Fill in the last two columns of the features, from what is kept in either text (see `_kept`).

    `offsets` (places x 4), `kept` and `other_kept` are int64, `found` (places x FEATURES) is float64.
    """
    for place in range(len(offsets)):
        a, b, c, d = offsets[place, 0], offsets[place, 1], offsets[place, 2], offsets[place, 3]
        left, right = _share(kept, a - AROUND, a), _share(kept, b, b + AROUND)
        other_left, other_right = _share(other_kept, c - AROUND, c), _share(other_kept, d, d + AROUND)
        found[place, 2] = (left + right + other_left + other_right) / 4
        found[place, 3] = min(left, right, other_left, other_right)


@compiled
def _share(kept: Int64s, start: int, end: int) -> float:
    """The share of the letters in start:end that stand in both texts; 1 where there is none.

    `kept` is what `_kept` gives, `start` and `end` are integers.
    """
    start, end = max(0, start), min(kept.shape[1] - 1, max(end, 0))
    letters = kept[0, end] - kept[0, start] if start < end else 0
    return (kept[1, end] - kept[1, start]) / letters if letters else 1.0


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    return json.loads(FILE.read_text(encoding="utf-8"))
