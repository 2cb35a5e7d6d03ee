"""A method's name goes in; how many pairs of articles of about 650 words it compares in a second comes out.

Every method runs in a process of its own, beside difflib. Each round has pages and sources that the process has not
seen, because Unspun remembers words and phrases. The fastest round counts: the others were disturbed.

    python -m benchmarks.speed METHOD     a JSON object: seconds a pair
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.accuracy import CORPUS
from benchmarks.child import in_child, seconds, stay_on_one_core
from benchmarks.methods import ALIGNMENT, BASE, METHODS, SLOW, alignment_alone
from benchmarks.testsets import references, spun_set

CALLED = {"Unspun's align": "align", BASE: BASE}
ROUNDS = 3
RATE = 0.5
SEED, BASE_SEED = 5000, 6000  # difflib gets other pages of the same sources, so as to warm no cache for Unspun


def fresh_pairs(number: int, seed: int) -> pd.DataFrame:
    """Return the pages of a round; no two rounds share a source."""
    pairs, _, _ = spun_set(CORPUS, references(CORPUS).iloc[number::ROUNDS], RATE, seed=seed + 10 * number)
    return pairs


def time_method(name: str) -> dict:
    """Return a method's seconds a pair, in the first and in the fastest round, and difflib's in the fastest."""
    own, base = [], []
    method = alignment_alone if name == ALIGNMENT else METHODS[name]
    for number in range(ROUNDS):
        pairs = fresh_pairs(number, SEED).head(1 if name in SLOW else None)
        own.append(seconds(lambda pairs=pairs: method(pairs)) / len(pairs))
        pairs = fresh_pairs(number, BASE_SEED)
        base.append(seconds(lambda pairs=pairs: METHODS[BASE](pairs)) / len(pairs))
    return {"first": own[0], "best": min(own), "base": min(base)}


def measure_speed(methods: list[str]) -> pd.DataFrame:
    """Return one row a method: `to_difflib` (a ratio), `first_round` (the same, with cold caches), `pairs_a_second`.

    Pairs a second are the ratio times what difflib did in the median of all processes, so that the two agree.
    """
    measured = {name: in_child("benchmarks.speed", name) for name in [ALIGNMENT, *methods]}
    measured[BASE]["base"] = measured[BASE]["best"]  # it is the measure itself
    pace = statistics.median(1 / times["base"] for times in measured.values())
    return pd.DataFrame(
        {
            "method": name,
            "pairs_a_second": pace * times["base"] / times["best"],
            "first_round": times["base"] / times["first"],
            "to_difflib": times["base"] / times["best"],
        }
        for name, times in measured.items()
    )


def measure_calls() -> pd.DataFrame:
    """Return one row for `align` and one for difflib: processor seconds for the imports and for single calls.

    `libraries`, `import`, `first`, `later` and `calls` as `benchmarks.calls` has them; both get the same pairs.
    """
    pairs = pd.concat([fresh_pairs(number, SEED).drop_duplicates("reference_id") for number in range(ROUNDS)])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "pairs.json")
        file.write_text(json.dumps(pairs[["spun_text", "reference_text"]].to_numpy().tolist()), encoding="utf-8")
        calls = {name: in_child("benchmarks.calls", method, str(file)) for name, method in CALLED.items()}
    return pd.DataFrame.from_dict(calls, orient="index").rename_axis("method").reset_index()


if __name__ == "__main__":
    stay_on_one_core()
    print(json.dumps(time_method(sys.argv[1])))
