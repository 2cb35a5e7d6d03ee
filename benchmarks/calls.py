"""Pairs of texts go in; what single calls of `align` or difflib take comes out, of a process that does nothing else.

Whoever makes the pairs loads half of what a first call loads. So they come as a file, and this module imports nothing
of Unspun, and no pandas, before it looks at the clock.

    python -m benchmarks.calls align FILE     a JSON object: seconds for the imports, the first call, later ones
"""

import json
import statistics
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.child import seconds, stay_on_one_core

LIBRARIES = ("pandas", "numba")  # both come with Unspun; a notebook has loaded the first one before
MODULES = {"align": "helpers.align", "difflib": "benchmarks.peers"}


def time_calls(method: str, pairs: list[list[str]]) -> dict:
    """Return processor seconds: `libraries` for importing them, `import` for the method's module after that, `first`
    for its first call, `later` for the median of all others; and how many `calls` there were."""
    libraries = seconds(lambda: [import_module(name) for name in LIBRARIES])
    imported = seconds(lambda: import_module(MODULES[method]))
    module = sys.modules[MODULES[method]]
    compare = module.PEERS[method] if hasattr(module, "PEERS") else getattr(module, method)
    first, *later = [seconds(lambda pair=pair: compare(*pair)) for pair in pairs]
    times = {"libraries": libraries, "import": imported, "first": first, "later": statistics.median(later)}
    return times | {"calls": len(pairs)}


if __name__ == "__main__":
    stay_on_one_core()
    print(json.dumps(time_calls(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))))
