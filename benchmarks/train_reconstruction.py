"""How sure may a reconstruction be? Weights for `helpers/sources/certainty.py`, from train sources.

`python -m benchmarks.train_reconstruction` reconstructs the train sources from versions that other dictionaries made
than those of `benchmarks.reconstruct`, looks which of the words stand in the source, and writes
`helpers/sources/reconstruct_model.json`: a logistic regression with the language model and one without.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.lost_sources import CORPUS, TRAINED, published, stands
from benchmarks.testsets import references, split
from helpers.files.atomic import write_file
from helpers.sources.certainty import FEATURES, features
from helpers.sources.decided import Decided, decide
from helpers.sources.lost_source import beside, reconstructions
from helpers.sources.witnesses import GROUP
from helpers.text.spans import tokens

MODEL = Path(__file__).parents[1] / "helpers" / "sources" / "reconstruct_model.json"
STRENGTH = 1.0  # of scikit-learn's regularisation, on features of like size


def rows_of(decided: Decided, language_model: bool, sources: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the features of the place of every reconstructed word, and whether the word stands in the source."""
    made = reconstructions(decided, language_model)
    right = stands({name: one.text for name, one in made.items() if name in sources.index}, sources)
    given, at, rows, truth = features(decided), 0, [], []
    for name, one in made.items():
        if name in right:
            starts = np.array([token.start for token in tokens(one.text)])
            rows.append(given[at + one.words["place"].to_numpy()])
            truth.append(right[name][1][np.searchsorted(starts, one.words["start"])])
        at += len(decided.stories[name].places)
    return np.concatenate(rows), np.concatenate(truth)


def main() -> None:
    """Learn both sets of weights, and write them."""
    train, _ = split(references(CORPUS))
    weights = {}
    for name, language_model in (("counted", False), ("asked", True)):
        found = []
        for setting in TRAINED:
            versions = published(setting, train)
            shared = {site: book for site, book in versions.dictionaries.items()}
            decided = decide(beside(versions.articles, GROUP), shared, {}, language_model)
            found.append(rows_of(decided, language_model, train))
            print(name, setting, f"{found[-1][1].mean():.4f} of {len(found[-1][1])} words right", flush=True)
        rows, truth = (np.concatenate(part) for part in zip(*found, strict=True))
        model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(rows, truth)
        weights[name] = dict(zip(FEATURES, model.coef_[0].round(4).tolist(), strict=True))
        weights[name]["constant"] = round(float(model.intercept_[0]), 4)
        chance = model.predict_proba(rows)[:, 1]
        for least in (0.9, 0.95, 0.99):
            sure = chance >= least
            print(f"  at {least}: {truth[sure].mean():.4f} right of {sure.sum()}")
    write_file(MODEL, json.dumps(weights, indent=1) + "\n")


if __name__ == "__main__":
    main()
