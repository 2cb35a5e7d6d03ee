"""A table of features goes in; the log odds that several judges give each row on average come out.

Boosted trees that ask everything know best what they have met, and a line through a few features knows best what
nobody has: of dictionaries out of a thesaurus, left out of learning, trees alone put the original first less often than
the evidence does by itself, of two other kinds oftener (`python -m benchmarks.train_decipher`, “original first”). So
both are asked, and their log odds are averaged.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.restoration.trees import Trees, as_trees, features_in_parts, log_odds_by_trees

FARTHEST = 5.0  # standard deviations from the mean: what is beyond counts as this


class Line(NamedTuple):
    """A logistic regression: the names of the features, their means and standard deviations, what a step is worth."""

    names: list[str]
    mean: np.ndarray
    scale: np.ndarray
    worth: np.ndarray
    base: float

    def steps(self, values: np.ndarray) -> np.ndarray:
        """Return how many standard deviations the features of each row (rows x features) are from the mean."""
        return ((values - self.mean) / self.scale).clip(-FARTHEST, FARTHEST)

    def odds(self, table: pd.DataFrame) -> np.ndarray:
        """Return the log odds of each row of a table that has the features."""
        return np.concatenate(
            [self.steps(some) @ self.worth + self.base for some in features_in_parts(table, self.names)]
        )


class Judges(NamedTuple):
    """What was learnt of a question: trees and a line, each counting for its part."""

    trees: Trees
    line: Line


def as_judges(known: dict) -> Judges:
    """Return judges as they stand in a file of weights, ready to be asked."""
    line = known["line"]
    mean, scale, worth = (np.array(line[name], dtype=float) for name in ("mean", "scale", "worth"))
    return Judges(as_trees(known), Line(line["names"], mean, scale, worth, line["base"]))


def log_odds_by_judges(table: pd.DataFrame, judges: Judges) -> np.ndarray:
    """Return the log odds of each row of a table that has the features."""
    return log_odds_by_trees(table, judges.trees) + judges.line.odds(table)
