"""A target of the Makefile that installs goes in; it is made, by one make at a time.

Two people, or two terminals, that begin at once would else install into the same folder. `make` itself says whether
there is anything to do: where there is not, nothing is waited for.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import IO

JOBS = re.compile(r" ?-j\d*| ?--jobserver-\S+")  # of the make that asks; what it counts them with is not handed on
LOCK = Path(__file__).parents[1] / ".venv.installing"


def take(lock: IO[bytes], wait: bool) -> bool:
    """Take the lock, which the system frees when this process ends; tell whether it was free, or wait until it is."""
    if os.name == "posix":
        import fcntl

        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
    return True


def main(make: str, target: str) -> int:
    """Make a target where there is something to do, and return make's status."""
    os.environ["MAKEFLAGS"] = JOBS.sub("", os.environ.get("MAKEFLAGS", ""))
    if subprocess.run([make, "-q", target], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return 0
    with LOCK.open("ab") as lock:
        if not take(lock, wait=False):
            print("Another make is installing here; waiting for it.", flush=True)
            take(lock, wait=True)
        return subprocess.run([make, "--no-print-directory", target]).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
