"""This process goes in; the most memory it has held comes out."""

import resource
import sys
from pathlib import Path


def peak_megabytes() -> float:
    """Return the most memory this process has held so far."""
    # Linux counts a parent's memory into ru_maxrss; its status file does not.
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
