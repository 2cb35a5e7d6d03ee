"""The shipped corpus goes in; the reports that the site shows as examples come out, below `docs/_extra/examples/`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "docs" / "_extra" / "examples"
SITES = ("worldpulse.example", "orbitalnewsnetwork.com")  # a made-up site, and the one of the real article


def build() -> None:
    """Make them, as a user would; what has not changed since the last time is left as it is."""
    command = [sys.executable, "-m", "helpers.report", "corpus", PLACE.relative_to(ROOT), *SITES]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    build()
