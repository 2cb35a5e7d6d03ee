"""The test sets go in; how exactly each method finds the substitutions comes out, with intervals over the sources.

The sources are the held-out articles, which nobody looked at while a price or a rule was set. Beside them stands the
real article, and pairs of unrelated articles, in which every substitution found is a false one. `make bench` measures
all methods; `python -m benchmarks.accuracy` only Unspun's, and leaves the rows of the others as they are.
"""

import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from benchmarks.methods import ALONE, METHODS, SLOW, UNSPUN
from benchmarks.pages import RESULTS, write_results
from benchmarks.testsets import SHUFFLED, held_out, references, spun_set, twice_spun
from helpers.corpus import load_articles, pair_texts
from helpers.evaluation.scores import pooled
from helpers.substitutions import read_gold, score_substitutions

CORPUS = Path(__file__).parents[1] / "corpus"
REAL, ALL, UNRELATED = "real article", "all generated", "unrelated"
REAL_ID = "kim-xi"
RATES = (0.1, 0.3, 0.5, 0.7)
ROUGH_RATE = 0.5  # at which the shuffled and the twice-spun set are spun
FEW = 3  # pairs of unrelated articles for a slow method
COUNTS = ["hits", "found", "gold"]


@cache
def test_sets() -> dict[str, tuple[pd.DataFrame, dict[str, pd.DataFrame]]]:
    """Return every set by name: its pairs and their gold tables."""
    texts = held_out()
    pairs = pair_texts(load_articles(CORPUS))
    sets = {REAL: (pairs[pairs["spun_id"] == REAL_ID], {REAL_ID: read_gold(CORPUS / f"gold/{REAL_ID}.gold.csv")})}
    sets |= {f"rate {rate}": spun_set(CORPUS, texts, rate)[:2] for rate in RATES}
    sets["shuffled"] = spun_set(CORPUS, texts, ROUGH_RATE, SHUFFLED)[:2]
    sets["twice spun"] = twice_spun(CORPUS, texts, ROUGH_RATE)[:2]
    return sets


@cache
def unrelated_pairs() -> pd.DataFrame:
    """Pair each of the project's references with the next one, which is about something else."""
    texts = references(CORPUS)
    others = [*texts.index[1:], texts.index[0]]
    return pd.DataFrame(
        {
            "spun_id": "page of " + texts.index,
            "reference_id": others,
            "spun_text": texts.to_numpy(),
            "reference_text": texts[others].to_numpy(),
        }
    )


def count_found(task: tuple[str, str]) -> pd.DataFrame:
    """Run a method over a set; return its counts, one row a source: `hits`, `found`, `gold`, `pairs`."""
    method, name = task
    pairs, gold = (unrelated_pairs(), {}) if name == UNRELATED else test_sets()[name]
    if method in SLOW:
        pairs = pairs.head(FEW if name == UNRELATED else pairs["reference_id"].nunique())  # each source once
    with warnings.catch_warnings(action="ignore"):  # Unspun warns of unrelated texts
        found = METHODS[method](pairs)
    nothing = no_gold()
    scores = score_substitutions(found, {spun_id: gold.get(spun_id, nothing) for spun_id in pairs["spun_id"]})
    by_source = scores[COUNTS].assign(pairs=1).groupby(pairs.set_index("spun_id")["reference_id"]).sum()
    return by_source.rename_axis("source").reset_index().assign(set=name, method=method)


def no_gold() -> pd.DataFrame:
    """Return the gold table of a pair in which nothing was substituted."""
    columns = ["spun_start", "spun_end", "original", "certain"]
    return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})


def measure_accuracy(methods: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the accuracy of the methods on every set, and what they find in unrelated pairs.

    Accuracy has one row a method and set (and `all generated`, which pools all but the real article): `pairs`,
    `sources`, `gold`, and `precision`, `recall`, `f1` with their 95% bootstrap intervals over sources.
    """
    tasks = sorted(product(methods, [*test_sets(), UNRELATED]), key=lambda task: task[0] not in SLOW)
    # Spawned, not forked: fast_align's threads do not survive a fork.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        counts = pd.concat(pool.map(count_found, tasks), ignore_index=True)
    unrelated = counts[counts["set"] == UNRELATED].groupby("method")["found"].agg(["mean", "min", "max", "size"])
    known = counts[counts["set"] != UNRELATED]
    generated = known[known["set"] != REAL].groupby(["method", "source"], as_index=False)[[*COUNTS, "pairs"]].sum()
    both = pd.concat([known, generated.assign(set=ALL)])
    rows = [
        {"method": method, "set": name, "pairs": rows["pairs"].sum(), "sources": len(rows), "gold": rows["gold"].sum()}
        | pooled(rows).drop("articles").to_dict()
        for (method, name), rows in both.groupby(["method", "set"])
    ]
    return pd.DataFrame(rows), unrelated.loc[methods].reset_index()


def renewed(name: str, own: pd.DataFrame) -> pd.DataFrame:
    """Return a table of results with the rows of some methods as they are measured now."""
    before = pd.read_csv(RESULTS / f"{name}.csv")
    return pd.concat([own, before[~before["method"].isin(own["method"])]], ignore_index=True)


if __name__ == "__main__":
    accuracy, unrelated = measure_accuracy([UNSPUN, ALONE])
    print(accuracy.round(4).to_string(index=False), unrelated.to_string(index=False), sep="\n\n")
    tables = {"accuracy": renewed("accuracy", accuracy).sort_values(["method", "set"])}
    for name, table in (tables | {"unrelated": renewed("unrelated", unrelated)}).items():
        write_results(name, table)
