"""`make bench`: measure Unspun and its peers in one run, and write the tables and the picture of `docs/benchmarks.md`.

Speed is given as a ratio to difflib in the same run on the same machine; absolute times say more about the machine
than about the program. `python -m benchmarks --tables` writes the page's part and the README's sentence anew from the
results of the last run.
"""

import sys
import time

import pandas as pd

from benchmarks.accuracy import ALL, measure_accuracy
from benchmarks.growth import measure_growth
from benchmarks.methods import METHODS, unavailable
from benchmarks.pages import PAGE, README, RESULTS, write_between
from benchmarks.passages import measure_passages
from benchmarks.people import SETS, measure_people
from benchmarks.plots import finding, plot_accuracy_speed, save
from benchmarks.shapes import measure_shapes
from benchmarks.speed import measure_calls, measure_speed
from benchmarks.spinning import measure_spinning
from benchmarks.tables import block, in_short

NAMES = (
    *("accuracy", "unrelated", "shapes", "people", "speed", "calls", "spinning", "passages"),
    *("growth_words", "growth_pairs"),
)


def main() -> None:
    """Measure, write the results, print the tables and put them on their page."""
    missing = unavailable()
    if "--tables" in sys.argv[1:]:
        publish({path.stem: pd.read_csv(path) for path in (RESULTS / f"{name}.csv" for name in NAMES)}, missing)
        return
    methods = [name for name in METHODS if name not in missing]
    results = {}
    results["accuracy"], results["unrelated"] = said("accuracy", measure_accuracy, methods)
    results["shapes"] = said("shapes", measure_shapes)
    if SETS.is_dir():  # they are not part of the project
        results["people"] = said("people's word alignments", measure_people)
    else:
        results["people"] = pd.read_csv(RESULTS / "people.csv")
    results["speed"] = said("speed", measure_speed, methods)
    results["calls"] = said("single calls", measure_calls)
    results["spinning"] = said("dense and light spinning", measure_spinning)
    results["passages"] = said("passages", measure_passages)
    results["growth_words"], results["growth_pairs"] = said("growth", measure_growth, methods)
    RESULTS.mkdir(exist_ok=True)
    for name, table in results.items():
        table.to_csv(RESULTS / f"{name}.csv", index=False, float_format="%.5g", lineterminator="\n")
    publish(results, missing)


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


def said(what: str, measure, *arguments) -> pd.DataFrame | tuple[pd.DataFrame, ...]:
    """Measure, and say how long it took."""
    start = time.perf_counter()
    measured = measure(*arguments)
    print(f"{what}: measured in {time.perf_counter() - start:.0f} s", flush=True)
    return measured


if __name__ == "__main__":
    main()
