"""The name of a task goes in; the weights that were learnt for it come out, and what they say of a table of features.

They stand in `restore_model.json` and `detect_model.json`, made by `make train` from the train sources: each part is a
logistic regression, a name -> weight with an intercept.
"""

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd


@lru_cache(maxsize=2)
def weights(task: str) -> dict[str, dict[str, float]]:
    """Return the weights of a task, `restore` or `detect`, by part.

    What asks the language model too has a part of its own, with “asked” in its name.
    """
    return json.loads(files("helpers.detection").joinpath(f"{task}_model.json").read_text(encoding="utf-8"))


def part(task: str, name: str, asked: bool) -> dict[str, float]:
    """Return one part of a task's weights: that which asks the language model too, or that which does not."""
    return weights(task)[f"{name} asked" if asked else name]


def log_odds(table: pd.DataFrame, learnt: dict[str, float]) -> np.ndarray:
    """Return the log odds that a logistic regression gives to each row of a table that has its features."""
    names = [name for name in learnt if name != "intercept"]
    return table[names].to_numpy(dtype=float) @ np.array([learnt[name] for name in names]) + learnt["intercept"]
