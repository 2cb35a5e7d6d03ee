"""A log of 100,000 decisions goes in; how long it takes to fold it, to decide once more, and to undo comes out.

    make bench-mapping

writes results/mapping_speed.csv. Seconds are processor seconds, the median of five rounds, each in a process of its
own, with the spread beside it; the log is made up, with a fixed seed: one line in twenty takes another back.
"""

import json
import multiprocessing
import platform
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from helpers.mapping import MappingTable
from helpers.mapping.ledger import Decision

LINES, ROUNDS, SEED = 100_000, 5, 20250905
RESULT = Path(__file__).parent / "results" / "mapping_speed.csv"


def write_log(folder: Path, lines: int = LINES) -> None:
    """Write a log of so many lines on 40,000 spun phrases."""
    chance, standing = random.Random(SEED), []
    with open(folder / "decisions.jsonl", "w", encoding="utf-8") as log:
        for number in range(lines):
            when = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)).isoformat(timespec="microseconds")
            if number % 20 == 19:
                old = standing.pop(chance.randrange(len(standing)))
                line = Decision(when, "Ana", old.spun, old.original, "undone", f"was {old.status}", "", old.id)
            else:
                word = chance.randrange(60_000)
                status = chance.choice(["approved", "approved", "rejected", "edited"])
                line = Decision(when, "Ana", f"spun phrase {word % 40_000}", f"original {word}", status, "")
                standing.append(line)
            log.write(line.line())


def measure(folder: str) -> dict[str, float]:
    """Return the processor seconds of each step, in a process that has the modules but has read nothing."""
    mapping, seconds = MappingTable.open(folder), {}

    def timed(name: str, work) -> None:
        start = time.process_time()
        work()
        seconds[name] = time.process_time() - start

    timed("read and fold the log", mapping.log.standing)
    timed("fold it again", mapping.log.standing)
    timed("the whole table", lambda: mapping.table)
    timed("decide once more", lambda: mapping.decide("assembly", "meeting", "approved", who="Ana"))
    timed("undo it", lambda: mapping.undo(who="Ana"))
    return seconds


def main() -> None:
    """Measure, print and keep the figures."""
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        for number in range(ROUNDS):
            folder = Path(name) / str(number)
            folder.mkdir()
            write_log(folder)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                rounds.append(pool.apply(measure, (str(folder),)))
    table = pd.DataFrame(
        [
            (step, LINES, ROUNDS, statistics.median(took), min(took), max(took))
            for step in rounds[0]
            for took in [[measured[step] for measured in rounds]]
        ],
        columns=["step", "lines", "rounds", "median_seconds", "least", "most"],
    )
    table.to_csv(RESULT, index=False, float_format="%.4f", lineterminator="\n")
    print(table.round(3).to_string(index=False))
    print(json.dumps({"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}))


if __name__ == "__main__":
    main()
