"""Train texts go in; `helpers/spun_phrases.csv` and `helpers/detect_model.json`, the detector, come out.

`python -m benchmarks.train_detector`. The spun phrases are those that the train sources' simulated pages show with two
of the three dictionaries; the third (cobalt), the test sources, the odd texts and the real article have no part in
it. The weights are learnt from news by other hands, honest and spun, and from eight odd texts kept for training
(`honest.py`).
"""

import json
import random
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.honest import news, odd
from benchmarks.testsets import dictionary, references, split
from benchmarks.train_restorer import spun_texts, table_without
from helpers.corpus import write_file
from helpers.detect import features
from helpers.spinner import Spinner
from helpers.symptoms import KINDS, by_sentence, known_phrases, symptoms

CORPUS = Path(__file__).parents[1] / "corpus"
HELPERS = Path(__file__).parents[1] / "helpers"
SEEN = ("amber", "birch")  # dictionaries that the detector has seen; the third is for measuring
RATES = (0.1, 0.3, 0.5, 0.7, 0.95)
LENGTHS = (50, 100, 300, 600)
SEED = 5
ODD_LENGTHS = (25, 50, 100)
SUPPORT = 2  # a phrase seen once may be a slip


def phrases() -> pd.DataFrame:
    """Return the spun phrases of the train sources, of the dictionaries SEEN."""
    train, _ = split(references(CORPUS))
    table = table_without(spun_texts(train), "", SEEN)
    return table.loc[table["support"] >= SUPPORT, ["spun", "original", "support", "natural"]]


def windows(text: str, lengths: tuple[int, ...] = LENGTHS) -> pd.DataFrame:
    """Return the stretches of whole sentences that a text falls into, for each length: `length`, `words`, KINDS.

    A stretch has about `length` words, at least nine tenths of it; no two of the same length overlap.
    """
    sentences = by_sentence(text, symptoms(text))
    cumulated = sentences["words"].cumsum()
    parts = []
    for length in lengths:
        stretch = ((cumulated - sentences["words"] / 2) // length).astype(int)
        sums = sentences.groupby(stretch)[["words", *KINDS]].sum()
        parts.append(sums[sums["words"] >= 0.9 * length].assign(length=length))
    return pd.concat(parts, ignore_index=True)


def bundles(texts: pd.Series, words: int = 620) -> pd.Series:
    """Return short texts joined until each has so many words, so that there are long ones."""
    joined, bundle, name = {}, [], ""
    for source, text in texts.items():
        name, bundle = name or source, [*bundle, text]
        if sum(len(part.split()) for part in bundle) >= words:
            joined[name], bundle, name = "\n\n".join(bundle), [], ""
    return pd.Series(joined)


def labelled(texts: pd.Series, rates: tuple[float, ...] = RATES, names: tuple[str, ...] = SEEN) -> pd.DataFrame:
    """Return the stretches of texts, honest and spun once at each rate, with any of the dictionaries.

    Columns: `source`, `rate` (0 for honest), `dictionary`, `length`, `words` and KINDS.
    """
    parts = []
    for source, text in texts.items():
        rng = random.Random(source)
        parts.append(windows(text).assign(source=source, rate=0.0, dictionary=""))
        for rate in rates:
            name = rng.choice(names)
            spun = Spinner(dictionary(CORPUS, name), rate, SEED).spin(text)[0]
            parts.append(windows(spun).assign(source=source, rate=rate, dictionary=name))
    return pd.concat(parts, ignore_index=True)


def fit(table: pd.DataFrame) -> dict[str, float]:
    """Return the weights of a logistic regression of “spun” on the features, both classes alike heavy."""
    seen = features(table[KINDS].to_numpy(dtype=float), table["words"].to_numpy(dtype=float))
    scale = np.maximum(seen.std(axis=0), 1e-9)
    model = LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced").fit(seen / scale, table["rate"] > 0)
    weights = dict(zip(["length", *KINDS], model.coef_[0] / scale, strict=True))
    return {name: round(float(value), 3) for name, value in {"intercept": model.intercept_[0], **weights}.items()}


def main() -> None:
    """Train and write."""
    rows = phrases()
    write_file(HELPERS / "spun_phrases.csv", rows.to_csv(index=False, lineterminator="\n"))
    known_phrases.cache_clear()
    train, _ = news()
    strange = pd.concat([windows(text, ODD_LENGTHS) for text in odd("train")["text"]])
    table = pd.concat([labelled(bundles(train)), strange.assign(rate=0.0)], ignore_index=True)
    weights = fit(table)
    write_file(HELPERS / "detect_model.json", json.dumps(weights, indent=1) + "\n")
    print(f"{len(rows):,} phrases; {len(table):,} stretches of {len(train)} stories: {weights}")


if __name__ == "__main__":
    main()
