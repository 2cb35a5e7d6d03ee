"""A number of inputs goes in; how many crashed a reader or the comparison, or hung, and what they cost, comes out.

`make fuzz` runs it: hypothesis makes the inputs, from a fixed seed, and where atheris is installed it then looks for
a quarter as many new ones, guided by the code they reach. Each input is tried in a process with bounds on memory and
time. The exit code is 1 where anything crashed or hung; the inputs are then in `--keep`.
"""

import argparse
import base64
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.child import ROOT
from benchmarks.fuzz_inputs import inputs
from benchmarks.fuzz_targets import READERS, TARGETS
from helpers.files.limits import MB, MEMORY

SECONDS = 20  # for one input, a few kB; then it hangs
MEMORY_OF = {"align": 2 * MEMORY}  # machine code and the counts of English words take address space too
BATCH = 250  # inputs
EASY = list(HealthCheck)  # large and slow inputs are what is wanted here
COLUMNS = ["target", "by", "inputs", "crashes", "hangs", "longest_s", "memory_mb"]


class Child:
    """A process that tries inputs, with a bound on its memory: of one target, or of one after the other."""

    def __init__(self, most: int):
        self.most = most
        self.start()

    def start(self) -> None:
        """Start the process."""
        command = [sys.executable, "-m", "benchmarks.fuzz_targets", str(self.most)]
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=quiet, text=True)
        self.said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._hear, args=(self.process, self.said), daemon=True).start()

    @staticmethod
    def _hear(process: subprocess.Popen, said: queue.Queue) -> None:
        for line in process.stdout:
            said.put(line)
        said.put("")

    def ask(self, target: str, content: bytes, seconds: float) -> str:
        """Try an input; return what is said, nothing where the process ended. Raises queue.Empty where it hangs."""
        try:
            self.process.stdin.write(f"{target} {base64.b64encode(content).decode() or '='}\n")
            self.process.stdin.flush()
        except OSError:
            return ""
        return self.said.get(timeout=seconds)

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()


class Tried:
    """What became of the inputs of one target, and the process that tries them."""

    def __init__(self, target: str, keep: Path | None = None, seconds: float = SECONDS, child: Child | None = None):
        self.target, self.keep, self.seconds = target, keep, seconds
        self.inputs, self.longest, self.memory = 0, 0.0, 0
        self.crashes: list[str] = []
        self.hangs: list[str] = []
        self.child = child or Child(MEMORY_OF.get(target, MEMORY))

    def take(self, content: bytes) -> None:
        """Try one input."""
        first, self.inputs = self.inputs == 0, self.inputs + 1
        try:  # the first waits for what is imported
            line = self.child.ask(self.target, content, self.seconds + 60 * first)
        except queue.Empty:
            return self._failed(self.hangs, f"took more than {self.seconds:g} s", content, again=True)
        if not line:
            ended = f"the process ended with {self.child.process.wait()}"
            return self._failed(self.crashes, ended, content, again=True)
        found = json.loads(line)
        self.longest = max(self.longest, 0 if first else found["seconds"])
        self.memory = max(self.memory, found["memory"])
        return self._failed(self.crashes, found["crash"], content) if found["crash"] else None

    def _failed(self, failures: list[str], said: str, content: bytes, again: bool = False) -> None:
        failures.append(said)
        if self.keep is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{self.target}-{self.inputs}.input").write_bytes(content)
        if again:
            self.child.close()
            self.child.start()

    def row(self, by: str = "hypothesis") -> list:
        """What is printed."""
        failures = len(self.crashes), len(self.hangs)
        return [self.target, by, self.inputs, *failures, round(self.longest, 2), round(self.memory / MB)]


def fuzz(
    target: str, count: int, first: int = 0, keep: Path | None = None, seconds: float = SECONDS,
    child: Child | None = None,
) -> Tried:  # fmt: skip
    """Try so many inputs on one target, made by hypothesis from the seed `first`; in a process of its own, or in one.

    `child`: a process that goes on to be used, by whoever started it.
    """
    tried = Tried(target, keep, seconds, child)
    try:
        for number, done in enumerate(range(0, count, BATCH)):
            _batch(tried, min(BATCH, count - done), first + 1000 * number)
    finally:
        if child is None:
            tried.child.close()
    return tried


def _batch(tried: Tried, count: int, first: int) -> None:
    """Try so many inputs in one run of hypothesis, which remembers every one of them while it lasts."""

    @seed(first)
    @settings(max_examples=count, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=EASY)
    @given(inputs(tried.target))
    def run(content: bytes) -> None:
        tried.take(content)

    run()


def main() -> int:
    """Fuzz all targets; print what came of it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("count", type=int, nargs="?", default=3000, help="inputs a target (3000)")
    arguments.add_argument("seed", type=int, nargs="?", default=7, help="where the inputs begin (7)")
    arguments.add_argument("--targets", nargs="*", default=TARGETS, choices=TARGETS)
    arguments.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="where inputs that fail are kept")
    given = arguments.parse_args()
    rows, said = [], []
    for target in given.targets:
        tried = fuzz(target, given.count, given.seed, given.keep)
        rows.append(tried.row())
        said += [f"{target}: {what}" for what in dict.fromkeys([*tried.crashes, *tried.hangs])]
        print(*rows[-1], flush=True)
    rows += guided(given.targets, given.count // 4, given.seed, given.keep, said)
    table = pd.DataFrame(rows, columns=COLUMNS)
    print(f"\n{table.to_string(index=False)}\n")
    print(*said, sep="\n")
    total = table[["inputs", "crashes", "hangs"]].sum()
    print(f"{total['inputs']:,} inputs, {total['crashes']} crashes, {total['hangs']} hangs; largest memory", end=" ")
    print(f"{table['memory_mb'].max():,} MB, longest {table['longest_s'].max()} s.")
    return int(total["crashes"] + total["hangs"] > 0)


def guided(targets, count: int, first: int, keep: Path, said: list[str]) -> list[list]:
    """Run atheris on the readers and the comparison, where it is installed."""
    try:
        import atheris  # noqa: F401 - to see whether it is there
    except ImportError:
        print("atheris is not installed; `pip install atheris` adds inputs guided by the code they reach.")
        return []
    from benchmarks.fuzz_guided import run

    rows = []
    for target in (one for one in targets if one in (*READERS, "decode", "align")):
        row, failures = run(target, count, first, keep)
        rows.append(row)
        said += [f"{target}: {what}" for what in failures]
        print(*row, flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
