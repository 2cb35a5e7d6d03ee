"""Made-up near duplicates go in; how many of them `near_duplicates` finds comes out, beside a search over all pairs.

`python -m benchmarks.duplicates` writes `results/duplicates.csv` and prints it. The texts are the fifteen references of
the corpus, each with words replaced, dropped and doubled, lines dropped and site furniture added.
"""

import random
from itertools import combinations

import numpy as np
import pandas as pd

from benchmarks.child import ROOT, seconds
from helpers.comparison.frequency import wilson_interval
from helpers.corpus import load_articles, near_duplicates
from helpers.corpus.duplicates import LEAST, _shingles

RATES = [0.0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1]  # of the words
COPIES = 12  # of each text at each rate
FURNITURE = ["Share this story", "Read more", "Subscribe to our newsletter", "All rights reserved", "Advertisement"]
RESULTS = ROOT / "benchmarks" / "results" / "duplicates.csv"


def copy_of(text: str, rate: float, chance: random.Random, words: list[str]) -> str:
    """A near duplicate of a text."""
    lines = [line for line in text.splitlines() if line.strip() and chance.random() > rate]
    copied = []
    for line in lines:
        parts = line.split()
        for at in range(len(parts)):
            if chance.random() < rate:
                parts[at] = chance.choice([chance.choice(words), "", f"{parts[at]} {parts[at]}"])
        copied.append(" ".join(part for part in parts if part))
    return "\n".join([*chance.sample(FURNITURE, 2), *copied] if rate else lines)


def made_up(seed: int = 5) -> pd.DataFrame:
    """The references and their near duplicates, as articles."""
    articles = load_articles(ROOT / "corpus")
    texts = articles.loc[articles["role"] == "reference", "text"]
    words = sorted({word for text in texts for word in text.split()})
    chance, rows = random.Random(seed), []
    for rate in RATES:
        for name, text in texts.items():
            rows += [(f"{name}-{rate}-{n}", copy_of(text, rate, chance, words)) for n in range(COPIES)]
    return pd.DataFrame(rows, columns=["article_id", "text"]).set_index("article_id")


def all_pairs(articles: pd.DataFrame) -> pd.DataFrame:
    """Every pair at or above the least similarity, each compared."""
    shingles = dict(zip(articles.index, map(_shingles, articles["text"]), strict=True))
    rows = []
    for one, other in combinations(articles.index, 2):
        both = np.intersect1d(shingles[one], shingles[other], assume_unique=True).size
        similarity = both / (shingles[one].size + shingles[other].size - both)
        if similarity >= LEAST:
            rows.append((one, other, similarity))
    return pd.DataFrame(rows, columns=["article_id", "other_id", "similarity"])


def main() -> None:
    """Measure, print, write."""
    articles = made_up()
    true = all_pairs(articles)
    found = near_duplicates(articles)
    pairs = set(zip(found["article_id"], found["other_id"], strict=True))
    true["found"] = [pair in pairs for pair in zip(true["article_id"], true["other_id"], strict=True)]
    true["between"] = pd.cut(true["similarity"], [0.5, 0.6, 0.7, 0.8, 0.9, 1.0], include_lowest=True).astype(str)
    table = true.groupby("between")["found"].agg(pairs="size", found="sum").reset_index()
    table.loc[len(table)] = ["all", table["pairs"].sum(), table["found"].sum()]
    table["recall"] = (table["found"] / table["pairs"]).round(5)
    bounds = [wilson_interval(*counts) for counts in zip(table["found"], table["pairs"], strict=True)]
    table["recall_low"], table["recall_high"] = (np.round(side, 5) for side in zip(*bounds, strict=True))
    table.to_csv(RESULTS, index=False)
    wrong = len(pairs - set(zip(true["article_id"], true["other_id"], strict=True)))
    print(table.to_string(index=False))
    taken = seconds(lambda: near_duplicates(articles))
    print(f"{wrong} pairs found that are none; {len(articles):,} articles in {taken:.1f} s")


if __name__ == "__main__":
    main()
