"""A target goes in; what atheris found on it comes out: inputs guided by the code that they reach.

`python -m benchmarks.fuzz_guided TARGET SEEDS -runs=… -seed=…` is one run of libFuzzer, which ends at its first crash
(`fuzz` starts it anew behind that). The code of `helpers`, trafilatura, warcio and the standard library's parsers is
watched; what is compiled (lxml, pyarrow, machine code) is not.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.child import ROOT
from benchmarks.fuzz_targets import check, check_align
from helpers.files.limits import MB, MEMORY

SECONDS = 20  # for one input
LONGEST = 4000  # bytes of an input
MOST_RESTARTS = 10
WATCHED = ["helpers", "trafilatura", "warcio", "email", "htmldate", "courlan"]


def run(target: str, count: int, first: int, keep: Path) -> tuple[list, list[str]]:
    """Try so many inputs; return the row of the table and what failed."""
    done, crashes, hangs, longest, memory, said = 0, 0, 0, 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        _write_seeds(target, seeds, first)
        for restart in range(MOST_RESTARTS):
            output = _once(target, seeds, count - done, first + restart, keep)
            done += _number(output, "number_of_executed_units")
            memory = max(memory, _number(output, "peak_rss_mb"))
            longest = max(longest, _number(output, "slowest_unit_time_sec"))
            failure = re.search(r"ERROR: libFuzzer: ([^\n]*)|=== Uncaught Python exception: ===\n([^\n]*)", output)
            if failure is None:
                break
            what = (failure[1] or failure[2]).strip()
            said.append(f"{what} (atheris)")
            hangs += "timeout" in what
            crashes += "timeout" not in what
            if done >= count:
                break
    return [target, "atheris", done, crashes, hangs, longest, memory], said


def _write_seeds(target: str, folder: Path, first: int) -> None:
    """Sound inputs to begin with: a few that hypothesis makes."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from benchmarks.fuzz_inputs import inputs

    made = []

    @seed(first)
    @settings(max_examples=40, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(inputs(target))
    def make(content: bytes) -> None:
        made.append(content[:LONGEST])

    make()
    for number, content in enumerate(made):
        (folder / str(number)).write_bytes(content)


def _once(target: str, seeds: Path, count: int, first: int, keep: Path) -> str:
    keep.mkdir(parents=True, exist_ok=True)
    options = [f"-runs={count}", f"-seed={first}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEMORY // MB}"]
    options += [f"-max_len={LONGEST}", "-print_final_stats=1", f"-artifact_prefix={keep}/{target}-"]
    command = [sys.executable, "-m", "benchmarks.fuzz_guided", target, str(seeds), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    return done.stderr + done.stdout


def _number(output: str, name: str) -> int:
    found = re.findall(rf"stat::{name}:\s*(\d+)", output)
    return int(found[-1]) if found else 0


def main(target: str, options: list[str]) -> None:
    """One run of libFuzzer."""
    import atheris

    with atheris.instrument_imports(include=WATCHED, enable_loader_override=False):
        import helpers.corpus.formats.dispatch
        import helpers.corpus.formats.web_page

        if target == "align":
            import helpers.comparison.alignment.align
            import helpers.comparison.substitutions  # noqa: F401
        else:
            import trafilatura  # noqa: F401
    folder = Path(tempfile.mkdtemp())

    def one(content: bytes) -> None:
        if target == "align":
            texts = atheris.FuzzedDataProvider(content)
            half = len(content) // 2
            spun, reference = texts.ConsumeUnicode(half), texts.ConsumeUnicode(half)
            content = f"{spun.replace(chr(30), '')}\x1e{reference}".encode("utf-8", "surrogatepass")
            return check_align(content)
        return check(target, content, folder)

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
