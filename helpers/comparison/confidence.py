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

from helpers.comparison.alignment.rows import KEPT
from helpers.comparison.places import Place
from helpers.text.compiled import Floats
from helpers.text.spans import folded_words

FEATURES = ["certainty", "words", "kept", "least_kept"]
FILE = files("helpers.comparison").joinpath("confidence.json")
AROUND = 60  # characters on each side of a place
SUREST = 1 - 1e-4  # a certainty is never more than this, and never less than what is left of 1


def confidences(places: list[Place], runs: list[tuple], spun_text: str, reference_text: str) -> list[float]:
    """Return for each place of a pair the probability (0 to 1) that it is right: both ends, and the original.

    `runs` are the pair's, as `runs_by_pair` gives them.
    """
    if not places:
        return []
    learnt = _weights()
    seen = features(places, runs, spun_text, reference_text)
    odds = seen @ np.array([learnt[name] for name in FEATURES]) + learnt["intercept"]
    return (1 / (1 + np.exp(-odds))).tolist()


def features(places: list[Place], runs: list[tuple], spun_text: str, reference_text: str) -> Floats:
    """Return what is seen of places (places x FEATURES): log odds of the certainty, words, and text kept around.

    `words` is the number of words on both sides beyond one each (log2 of one more); `kept` the share of the letters
    within 60 characters that stand in both texts, `least_kept` that on the side (left or right, of either text) where
    it is least.
    """
    kept = [_kept(runs, side, len(text)) for side, text in enumerate((spun_text, reference_text))]
    rows = []
    for *offsets, sure in places:
        bounded = min(max(sure, 1 - SUREST), SUREST)
        words = len(folded_words(spun_text[slice(*offsets[:2])])) + len(
            folded_words(reference_text[slice(*offsets[2:])])
        )
        sides = [
            _share(kept[side], *span)
            for side, (start, end) in enumerate((offsets[:2], offsets[2:]))
            for span in ((start - AROUND, start), (end, end + AROUND))
        ]
        rows.append((np.log(bounded / (1 - bounded)), np.log2(max(1, words - 1)), sum(sides) / len(sides), min(sides)))
    return np.array(rows, dtype=float).reshape(-1, len(FEATURES))


def _kept(runs: list[tuple], side: int, size: int) -> np.ndarray:
    """How many letters stand before each character of a text, and how many of them in both texts: 2 x (size + 1)."""
    marks = np.zeros((2, size + 1), np.int64)
    for run in runs:
        start, end = run[1 + 2 * side], run[2 + 2 * side]
        letters = np.array([sign.isalnum() for sign in run[5 + side][: end - start]], np.int64)
        marks[0, start + 1 : end + 1] = letters
        if run[0] in KEPT:
            marks[1, start + 1 : end + 1] = letters
    return marks.cumsum(axis=1)


def _share(kept: np.ndarray, start: int, end: int) -> float:
    """The share of the letters in start:end that stand in both texts; 1 where there is none."""
    start, end = max(0, start), min(kept.shape[1] - 1, max(end, 0))
    letters, same = (kept[:, end] - kept[:, start]).tolist() if start < end else (0, 0)
    return same / letters if letters else 1.0


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    return json.loads(FILE.read_text(encoding="utf-8"))
