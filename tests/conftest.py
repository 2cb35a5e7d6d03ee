"""What the tests share: the shipped corpus, loaded and aligned once."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from hypothesis import settings
from pages import QUIET, need_chromium

from helpers.align import align_pairs
from helpers.corpus import load_articles, pair_texts
from helpers.report import build_reports
from helpers.report.build import build_index
from helpers.substitutions import find_substitutions

settings.register_profile("unspun", deadline=None, derandomize=True)
settings.load_profile("unspun")

MEASURED = pytest.StashKey[list[str]]()


@pytest.fixture
def measured(request):
    """A function that takes a line about what was measured; they are printed at the end, and nothing hangs on them."""
    return request.config.stash.setdefault(MEASURED, []).append


def pytest_configure(config):
    """Give each of several processes one thread: as many are running as there are cores, and more would wait spinning.

    Here and not in the processes themselves: numpy counts its threads when it is first imported, which pytest’s plugins
    do there before any conftest is read. What is set here, they and all that they start inherit.
    """
    if config.getoption("numprocesses", None):
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, "1")


# What takes longest begins first, so that no process is left alone with it at the end.
LONGEST = [
    "test_cluster.py",
    "test_detect.py",
    "test_review_lab.py",
    "09_at_scale.ipynb",
    "test_publishing.py",
    "10_the_lost_source.ipynb",
    "test_people.py",
    "test_faults.py",
    "test_align.py",
    "06_find_the_source.ipynb",
    "test_nasty.py",
    "11_who_runs_this_site.ipynb",
    "test_report_hard.py",
    "test_restore.py",
    "test_command.py",
    "test_reconstruct.py",
    "test_review_page.py",
    "test_hard_input.py",
    "05_restore_and_detect.ipynb",
    "test_collecting.py",
    "test_properties.py",
    "test_sources.py",
    "test_decipher.py",
    "test_template.py",
    "test_language_model.py",
    "test_fuzz.py",
    "test_store_kept.py",
    "test_computer.py",
    "test_captures.py",
    "test_shelf.py",
    "test_pages.py",
    "00_tour.ipynb",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the longest modules first; the others stay in the order they were found in."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_sessionfinish(session):
    """Hand what was measured to the process that prints, where tests run in several."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["measured"] = session.config.stash.get(MEASURED, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take over what a process measured that has ended."""
    lines = getattr(node, "workeroutput", {}).get("measured", [])
    node.config.stash.setdefault(MEASURED, []).extend(lines)


def pytest_terminal_summary(terminalreporter, config):
    """Print what was measured."""
    if config.stash.get(MEASURED, []):
        terminalreporter.section("measured (reported, not asserted)")
        for line in config.stash[MEASURED]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def corpus() -> Path:
    return Path(__file__).resolve().parent.parent / "corpus"


@pytest.fixture(scope="session")
def articles(corpus) -> pd.DataFrame:
    return load_articles(corpus)


@pytest.fixture(scope="session")
def pairs(articles) -> pd.DataFrame:
    return pair_texts(articles)


@pytest.fixture(scope="session")
def alignment(pairs) -> pd.DataFrame:
    return align_pairs(pairs)


@pytest.fixture(scope="session")
def substitutions(articles, alignment) -> pd.DataFrame:
    return find_substitutions(articles, alignment=alignment)


@pytest.fixture(scope="session")
def spun_text(articles) -> str:
    return articles.loc["kim-xi", "text"]


@pytest.fixture(scope="session")
def reference_text(articles) -> str:
    return articles.loc["kim-xi-reference", "text"]


@pytest.fixture(scope="session")
def reports(corpus, tmp_path_factory) -> Path:
    """The reports on the real site and on a made-up one, and their index; each process has a copy of its own."""
    folder = tmp_path_factory.mktemp("reports")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        make_reports(corpus, folder)
        return folder
    made = tmp_path_factory.getbasetemp().parent / "reports"  # of all processes of this run; the first makes them
    with FileLock(f"{made}.lock"):
        if not (made / "index.html").exists():
            make_reports(corpus, made)
    return Path(shutil.copytree(made, folder, dirs_exist_ok=True))


def make_reports(corpus: Path, folder: Path) -> None:
    build_reports(corpus, folder, ["orbitalnewsnetwork.com", "worldpulse.example"], progress=False)
    build_index(folder)


@pytest.fixture(scope="module")
def browser():
    """Chromium; tests that want it are left out where there is none, and fail there on CI."""
    path = need_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()
