"""`make bench`: measure Unspun and its peers in one run, and write the tables and the picture of `docs/benchmarks.md`.

Speed is given as a ratio to difflib in the same run on the same machine; absolute times say more about the machine
than about the program. `python -m benchmarks speed growth` measures these parts alone and leaves the results of the
others as they are; `python -m benchmarks --tables` measures nothing, and writes the page's part and the README's
sentence anew from the results of the last run.
"""

import sys
import time
from collections.abc import Callable

import pandas as pd

from benchmarks.accuracy import ALL, measure_accuracy
from benchmarks.growth import measure_growth
from benchmarks.methods import METHODS, unavailable
from benchmarks.pages import PAGE, README, RESULTS, write_between, write_results
from benchmarks.passages import measure_passages
from benchmarks.people import SETS, measure_people
from benchmarks.plots import finding, plot_accuracy_speed, save
from benchmarks.shapes import measure_shapes
from benchmarks.speed import measure_calls, measure_speed
from benchmarks.spinning import measure_spinning
from benchmarks.tables import block, in_short

TABLES = "--tables"
FILES = {"accuracy": ("accuracy", "unrelated"), "growth": ("growth_words", "growth_pairs")}  # of others: their name


def main(*asked: str) -> None:
    """Measure all, or the named parts alone, write the results, print the tables and put them on their page."""
    missing = unavailable()
    parts = parts_of([name for name in METHODS if name not in missing])
    unknown = set(asked) - {TABLES, *parts}
    if unknown:
        raise SystemExit(f"no part is called {', '.join(sorted(unknown))}. Mend: name some of {', '.join(parts)}.")
    for part in (part for part in asked or parts if part != TABLES):
        for name, table in zip(FILES.get(part, (part,)), said(part, parts[part]), strict=True):
            write_results(name, table)
    names = [name for part in parts for name in FILES.get(part, (part,))]
    publish({name: pd.read_csv(RESULTS / f"{name}.csv") for name in names}, missing)


def parts_of(methods: list[str]) -> dict[str, Callable[[], tuple[pd.DataFrame, ...]]]:
    """Return what is measured, by part: each gives the tables of its FILES."""
    return {
        "accuracy": lambda: measure_accuracy(methods),
        "shapes": lambda: (measure_shapes(),),
        "people": lambda: (measure_people() if SETS.is_dir() else pd.read_csv(RESULTS / "people.csv"),),
        "speed": lambda: (measure_speed(methods),),
        "calls": lambda: (measure_calls(),),
        "spinning": lambda: (measure_spinning(),),
        "passages": lambda: (measure_passages(),),
        "growth": lambda: measure_growth(methods),
    }


def publish(results: dict[str, pd.DataFrame], missing: dict[str, str]) -> None:
    """Draw the picture, put the tables on their page and what they come to into the README."""
    generated = results["accuracy"].loc[lambda table: table["set"] == ALL]
    points = results["speed"].merge(generated, on="method", validate="1:1")
    save(plot_accuracy_speed(points), RESULTS / "accuracy_speed.png")
    alt = finding(points).replace("\n", " ")
    content = block(results, alt, missing)
    print(content)
    write_between(PAGE, "bench", content)
    write_between(README, "accuracy", in_short(results["accuracy"], alt))


def said(part: str, measure: Callable[[], tuple[pd.DataFrame, ...]]) -> tuple[pd.DataFrame, ...]:
    """Measure, and say how long it took."""
    start = time.perf_counter()
    measured = measure()
    print(f"{part}: measured in {time.perf_counter() - start:.0f} s", flush=True)
    return measured


if __name__ == "__main__":
    main(*sys.argv[1:])
