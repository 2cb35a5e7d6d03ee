"""What it costs to compare the files of a store with their digests; writes results/intact.csv.

    python -m benchmarks.intact [ARTICLES]

A generated corpus (`benchmarks.stories`) goes through `at_scale`, then once more: the second call finds all done, and
reads and compares every file of the store. Then its tables are read with their digests and without. Seconds of the
clock; those of reading are the median of five.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from benchmarks.stories import write_corpus
from helpers.scale import at_scale, connect
from helpers.scale.store import files_of, manifest, read_parts

RESULT = Path(__file__).parent / "results" / "intact.csv"
ROUNDS = 5


def seconds(work: Callable[[], object], rounds: int = 1) -> float:
    """Return how long something takes: the median of so many rounds."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def read_all(store: Path, compared: bool) -> None:
    """Read every table of a store, its files compared with their digests or not."""
    for name in manifest(store)["tables"]:
        files = files_of(store, name)
        read_parts(store, files if compared else [file._replace(sha256="") for file in files])


def main(articles: int = 2_000) -> None:
    """Measure, print and keep the figures."""
    with TemporaryDirectory() as name, connect(workers=2) as client:
        corpus, store = write_corpus(Path(name) / "corpus", articles), Path(name) / "store"

        def compare() -> None:
            at_scale(corpus, store, address=client, part=500, progress=False)

        row = {
            "articles": articles,
            "run": seconds(compare),
            "run_again": seconds(compare),
            "read": seconds(lambda: read_all(store, True), ROUNDS),
            "read_without": seconds(lambda: read_all(store, False), ROUNDS),
            "bytes": sum(path.stat().st_size for path in store.rglob("*") if path.is_file()),
        }
    pd.DataFrame([row]).to_csv(RESULT, index=False, float_format="%.3f", lineterminator="\n")
    print(row)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
