"""How sure may a reconstruction be? Weights for `helpers/sources/certainty.py`, from train sources.

`python -m benchmarks.train_reconstruction` reconstructs the train sources from versions that other dictionaries made
than those of `benchmarks.reconstruct`, all together, one by one and in part, looks which of the words stand in the
source, and writes `helpers/sources/reconstruct_model.json`: a logistic regression with the language model and one
without.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.cores import on_every_core
from benchmarks.lost_sources import CORPUS, TRAINED, in_part, published, right_words
from benchmarks.testsets import references, split
from helpers.files.atomic import write_file
from helpers.sources.certainty import FEATURES, features
from helpers.sources.decided import decide
from helpers.sources.lost_source import beside, reconstructions
from helpers.sources.witnesses import GROUP

MODEL = Path(__file__).parents[1] / "helpers" / "sources" / "reconstruct_model.json"
SURE = (0.9, 0.95, 0.985)  # that are looked at
STRENGTH = 1.0  # of scikit-learn's regularisation, on features of like size


def rows_of(articles: pd.DataFrame, language_model: bool, sources: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the features of the place of every word that is reconstructed, and whether it stands in the source."""
    decided = decide(beside(articles, GROUP), None, {}, language_model)
    given, at, rows, truth = features(decided), 0, [], []
    made = reconstructions(decided, np.zeros(len(given)))  # how probable words are is to be learnt
    right = right_words(made, sources)
    for name, one in made.items():
        if name in right:
            rows.append(given[at + one.words["place"].to_numpy()])
            truth.append(right[name])
        at += len(decided.stories[name].places)
    return np.concatenate(rows), np.concatenate(truth)


def ways_of(articles: pd.DataFrame) -> Iterator[tuple[str, list[pd.DataFrame]]]:
    """Yield the ways in which versions come: those of all sources together, of one at a time, parts of these."""
    alone = [some for _, some in articles.groupby(GROUP)]
    yield "together", [articles]
    yield "alone", alone
    yield "in part", [in_part(some) for some in alone]


def found_in(setting: str, language_model: bool) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return the rows and the truth of a setting, by the way in which its versions come."""
    train, _ = split(references(CORPUS))
    found = []
    for way, every in ways_of(published(setting, train).articles):
        parts = zip(*(rows_of(some, language_model, train) for some in every), strict=True)
        found.append((way, *(np.concatenate(part) for part in parts)))
    return found


def main() -> None:
    """Learn both sets of weights, and write them; each way counts as much as the others."""
    weights = {}
    for name, language_model in (("counted", False), ("asked", True)):
        settings = on_every_core(found_in, TRAINED, [language_model] * len(TRAINED))
        found = [one for some in settings for one in some]
        rows, truth = (np.concatenate([one[at] for one in found]) for at in (1, 2))
        heavy = np.concatenate([np.full(len(right), 1 / len(right)) for _, _, right in found])
        model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(rows, truth, heavy * len(truth) / heavy.sum())
        weights[name] = dict(zip(FEATURES, model.coef_[0].round(4).tolist(), strict=True))
        weights[name]["constant"] = round(float(model.intercept_[0]), 4)
        for (way, given, right), setting in zip(found, np.repeat(TRAINED, len(found) // len(TRAINED)), strict=True):
            chance = model.predict_proba(given)[:, 1]
            told = (f"{right[chance >= least].mean():.3f} of {(chance >= least).sum()}" for least in (0.9, 0.95, 0.985))
            print(
                name, setting, way, f"{right.mean():.3f} right, mean {chance.mean():.3f}:", *told, sep=", ", flush=True
            )
    write_file(MODEL, json.dumps(weights, indent=1) + "\n")


if __name__ == "__main__":
    main()
