"""What tests and notebooks share: nobody’s decisions lie in their way, and none writes to the shipped corpus."""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parent / "corpus"
SHIPPED = pytest.StashKey[dict[str, str]]()
WRITTEN = pytest.StashKey[list[str]]()

# What the user has decided, or will, is nothing to the tests; kernels that run notebooks take this over.
_decisions = tempfile.TemporaryDirectory(prefix="unspun-decisions-")
os.environ["UNSPUN_DECISIONS"] = _decisions.name


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: many tests wait for a browser, a cluster or a child, and a core too."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def _shipped() -> dict[str, str]:
    """The files of the corpus that comes with Unspun, with fingerprints; locks are nothing."""
    files = [path for path in CORPUS.rglob("[!.]*") if path.is_file()]
    return {str(path.relative_to(CORPUS)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def pytest_sessionstart(session):
    """Look at the corpus before any test or notebook runs."""
    session.config.stash[SHIPPED] = _shipped()


def pytest_sessionfinish(session):
    """Fail where it is no longer as it was."""
    changed = dict(_shipped().items() ^ session.config.stash[SHIPPED].items())
    session.config.stash[WRITTEN] = sorted(changed)
    if changed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    """Say which files were written to."""
    if written := config.stash.get(WRITTEN, []):
        terminalreporter.section("the shipped corpus was written to", red=True)
        terminalreporter.write_line(", ".join(written))
