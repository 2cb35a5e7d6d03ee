"""Logs of 100,000 and 1,000,000 decisions go in; how long it takes to fold, decide once more and undo comes out.

    make bench-mapping

writes results/mapping_speed.csv. Seconds are processor seconds, the median of some rounds, each in a process of its
own, with the spread beside it; the log is made up, with a fixed seed: one line in twenty takes another back. Deciding
and undoing read and fold their own line alone, so that they take no longer in the longer log (`times`).
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

ROUNDS = {100_000: 5, 1_000_000: 3}  # by the lines of the log
SEED = 20250905
RESULT = Path(__file__).parent / "results" / "mapping_speed.csv"


def write_log(folder: Path, lines: int) -> None:
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


def rounds_of(lines: int) -> pd.DataFrame:
    """Return a row for each step on a log of so many lines: the median of the rounds, the least and the most."""
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        write_log(Path(name), lines)
        log = (Path(name) / "decisions.jsonl").read_bytes()
        for _ in range(ROUNDS[lines]):
            (Path(name) / "decisions.jsonl").write_bytes(log)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                rounds.append(pool.apply(measure, (name,)))
    return pd.DataFrame(
        [
            (step, lines, len(rounds), statistics.median(took), min(took), max(took))
            for step in rounds[0]
            for took in [[measured[step] for measured in rounds]]
        ],
        columns=["step", "lines", "rounds", "median_seconds", "least", "most"],
    )


def main() -> None:
    """Measure, print and keep the figures; `times` is how many times as long a step takes as in the shortest log."""
    tables = [rounds_of(lines) for lines in ROUNDS]
    table = pd.concat([found.assign(times=found["median_seconds"] / tables[0]["median_seconds"]) for found in tables])
    table.to_csv(RESULT, index=False, float_format="%.4f", lineterminator="\n")
    print(table.round(3).to_string(index=False))
    print(json.dumps({"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}))


if __name__ == "__main__":
    main()
