"""A table of features goes in; the log odds that boosted trees give each row come out.

The trees (gradient boosting, Friedman 2001) were learnt by `python -m benchmarks.train_asked` and stand in
`restore_trees.json`, a part a task: the names of the features, a base, and for each tree its nodes.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.text.compiled import Floats, Int64s, compiled_in_place

KINDS = (np.int64, np.float64, np.int64, np.int64, np.float64)  # of what a `Tree` holds
AT_A_TIME = 20_000  # rows: a row is a kilobyte, and a large site has half a million
NEAR = 512  # rows that every tree is asked of in turn: they stay near the processor


class Tree(NamedTuple):
    """The nodes of a tree: the feature asked (-1 in a leaf), the threshold, where to go on, and a leaf's value."""

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray


class Trees(NamedTuple):
    """What was learnt for a task: the names of the features, the log odds to begin with, the trees."""

    names: list[str]
    base: float
    trees: list[Tree]


@lru_cache(maxsize=4)
def trees(task: str) -> Trees:
    """Return the trees of a task, “word” or “table”."""
    text = files("helpers.restoration").joinpath("restore_trees.json").read_text(encoding="utf-8")
    return as_trees(json.loads(text)[task])


def as_trees(known: dict) -> Trees:
    """Return trees as they stand in a file of weights, ready to be asked."""
    return Trees(known["names"], known["base"], [Tree(*map(np.array, tree, KINDS)) for tree in known["trees"]])


def log_odds_by_trees(table: pd.DataFrame, learnt: Trees) -> np.ndarray:
    """Return the log odds of each row of a table that has the features."""
    return np.concatenate([_log_odds(values, learnt) for values in features_in_parts(table, learnt.names)])


def features_in_parts(table: pd.DataFrame, names: list[str]) -> Iterator[np.ndarray]:
    """Yield the named features of a table, some rows at a time, at least once."""
    for start in range(0, max(len(table), 1), AT_A_TIME):
        yield table.iloc[start : start + AT_A_TIME][names].to_numpy(dtype=float)


def _log_odds(values: np.ndarray, learnt: Trees) -> np.ndarray:
    """The log odds of rows whose features are in the order of the trees' names."""
    odds, told = np.full(len(values), learnt.base), np.ascontiguousarray(values)
    for start in range(0, len(told), NEAR):
        for tree in learnt.trees:
            _add(odds[start : start + NEAR], told[start : start + NEAR], *tree)
    return odds


@compiled_in_place
def _add(
    odds: Floats, values: Floats, feature: Int64s, threshold: Floats, left: Int64s, right: Int64s, value: Floats
) -> None:
    """Add what a tree says of each row (`values`: rows x features); the other arrays are those of a `Tree`."""
    for row in range(len(values)):
        at = 0
        while feature[at] >= 0:
            at = left[at] if values[row, feature[at]] <= threshold[at] else right[at]
        odds[row] += value[at]
