"""A measurement goes in; what it printed comes out: it runs in a process of its own, on one core if not on more.

So nothing that was measured before has warmed a cache, and the process's peak memory is the measurement's.
"""

import gc
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def in_child(module: str, *arguments: str, limit: float | None = None, cores: int = 1) -> dict | None:
    """Run `python -m MODULE ARGUMENTS`; return the JSON that it prints last, or None where it takes too long.

    `cores`: those that linear algebra may use; what else is done takes one. Raises ChildProcessError where the process
    fails, for want of memory for example.
    """
    command = [sys.executable, "-m", module, *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": str(cores)}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        raise ChildProcessError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def stay_on_one_core() -> None:
    """Keep this process, and what it starts, on one core, where the system lets us."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def seconds(run: Callable[[], object]) -> float:
    """Return the processor time that a call takes, in this process and those it starts.

    Other programs on the machine cannot lengthen it, as they do the time on the clock. What was loaded before, the
    libraries of all peers, is set aside from the garbage collector: a look at all of it takes a fifth of a second, and
    falls on whoever runs when one is due.
    """
    gc.collect()
    gc.freeze()
    start = _processor_seconds()
    run()
    took = _processor_seconds() - start
    gc.unfreeze()
    return took


def _processor_seconds() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
