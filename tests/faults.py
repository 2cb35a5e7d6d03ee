"""Unspun is attacked, for real and in full number; `make faults` prints what was tried, held, lost, wrong and hung.

`make faults KINDS="decisions reports"` tries these only. The exit status is 1 where anything was lost, silently wrong
or hung.
"""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

from attempts import HEADING, together

# Each is a module faults_NAME.py with `attempts(home)`, which yields what came of each kind.
KINDS = (
    *("decisions", "scale", "reports", "computer", "people", "fetch", "collect", "bounds", "review", "evidence"),
    "field",
)


def main(*kinds: str) -> None:
    """Try these kinds, or all, and print the table."""
    print(HEADING, flush=True)
    done = []
    for kind in kinds or KINDS:
        with tempfile.TemporaryDirectory() as name:
            for outcome in import_module(f"faults_{kind}").attempts(Path(name)):
                done.append(outcome)
                print(str(outcome).replace(name, "…"), flush=True)
    print(together(done))
    sys.exit(any(outcome.held < outcome.tried for outcome in done))


if __name__ == "__main__":
    main(*sys.argv[1:])
