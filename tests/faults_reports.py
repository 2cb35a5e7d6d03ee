"""`make report` is attacked: killed at random moments, run twice at once, on a full disk, beside files of one's own.

Whatever happened, the next run must end in the same reports as one that nothing disturbed, and in what the user put
there. The reports are those of two made-up sites; each is compared file by file (of notebooks and PDFs, that they are
there and are listed: they hold the moment when they were made).
"""

import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from attempts import Attempts, patient
from faults_decisions import small_disk

from helpers.align import align
from helpers.corpus import add_article
from helpers.report import build, shelf

FORK = multiprocessing.get_context("fork")
REFERENCE = "The army held a meeting on Monday in the city, officials said. “We won the war,” said Jane Roe.\n" * 3
SPUN = REFERENCE.replace("army", "military").replace("war", "battle")
SITES = ("one.example", "two.example")
LATER = ("report.ipynb", "report.pdf")
LIMIT = 300  # seconds that a run may take


def corpus_of(folder: Path, articles: int) -> Path:
    """A corpus of two sites with so many articles each."""
    add_article(folder, "r", "reference", REFERENCE, site="news.example")
    for number in range(articles):
        for site in SITES:
            text = f"{SPUN}It was day {number} of the battle.\n"
            add_article(folder, f"{site[:3]}-{number}", "spun", text, site=site, reference_id="r")
    return folder


def make(corpus: Path, out: Path, whole: bool) -> None:
    """`unspun report CORPUS OUT`, with the notebooks and PDFs or without."""
    os.environ["SOURCE_DATE_EPOCH"] = "1760000000"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    warnings.simplefilter("ignore")
    if not whole:
        build.run_notebooks = lambda *_: None
        build.find_browser = lambda: None
    build.main(str(corpus), str(out), progress=False)


def begun(corpus: Path, out: Path, whole: bool = False) -> multiprocessing.Process:
    """A run in a process of its own."""
    process = FORK.Process(target=make, args=(corpus, out, whole))
    process.start()
    return process


def ended(process: multiprocessing.Process) -> bool:
    """Whether a run ends in its time; one that does not is killed."""
    process.join(patient(LIMIT))
    if process.is_alive():
        process.kill()
        process.join()
        return False
    return True


def files_of(out: Path, whole: bool = False) -> dict[str, str]:
    """What lies below a folder of reports, with fingerprints; the descriptors say when notebooks and PDFs were made."""
    kept = {}
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        name = path.relative_to(out).as_posix()
        if name.startswith(shelf.WORK):
            continue
        changing = path.name in LATER or (whole and path.name == "datapackage.json")
        kept[name] = "there" if changing else hashlib.sha256(path.read_bytes()).hexdigest()
    return kept


class Undisturbed:
    """The reports on two corpora as they are where nothing happens, and a place where things do happen."""

    def __init__(self, home: Path, whole: bool = False):
        """Make the two corpora and their reports; the folders have the same names everywhere, for pages name them."""
        self.whole, self.home = whole, home
        self.corpus, self.out = home / "attacked" / "corpus", home / "attacked" / "reports"
        self.files, self.seconds = [], 0.0
        align("a", "b")  # compiled here, for all the processes that are begun below
        for number in (0, 1):
            corpus, out = corpus_of(home / str(number) / "corpus", number + 1), home / str(number) / "reports"
            started = time.monotonic()
            assert ended(begun(corpus, out, whole))
            self.seconds = max(self.seconds, time.monotonic() - started)
            self.files.append(files_of(out, whole))

    @property
    def notes(self) -> Path:
        """A file of the user's own among those of a report."""
        return self.out / "one.example" / "data" / "my_notes.csv"

    def take(self, which: int) -> None:
        """Let the corpus be the one or the other."""
        shutil.rmtree(self.corpus, ignore_errors=True)
        shutil.copytree(self.home / str(which) / "corpus", self.corpus)

    def begun(self) -> multiprocessing.Process:
        """A run on what is attacked."""
        return begun(self.corpus, self.out, self.whole)

    def are_there(self, which: int) -> bool:
        """Whether the reports are those that nothing disturbed, the user's own files apart."""
        there = files_of(self.out, self.whole)
        there.pop(self.notes.relative_to(self.out).as_posix(), None)
        return {name: digest for name, digest in there.items() if shelf.SET_ASIDE not in name} == self.files[which]


def kills(state: Undisturbed, times: int, seed: int = 1) -> Attempts:
    """Kill a run at random moments, now a first one and now one over older reports; every other time look."""
    chance = random.Random(seed)
    wrong = lost = hung = 0
    for number in range(times):
        which = number // 2 % 2
        if number % 20 == 0:
            shutil.rmtree(state.out, ignore_errors=True)
        state.take(which)
        run = state.begun()
        time.sleep(chance.random() * state.seconds)
        os.kill(run.pid, signal.SIGKILL)
        run.join()
        if state.notes.parent.is_dir():
            state.notes.write_text("mine", encoding="utf-8")
        if number % 2:
            there, again = state.notes.exists(), state.begun()
            in_time = ended(again)
            hung += not in_time
            wrong += in_time and (again.exitcode != 0 or not state.are_there(which))
            lost += there and not state.notes.exists()
    kind = "with notebooks and PDFs" if state.whole else "pages and data"
    return Attempts(f"kills of make report at random moments, {kind}", times, lost, wrong, hung)


def two_at_once(state: Undisturbed, times: int) -> Attempts:
    """Two runs at once, begun at the same moment or a little apart."""
    chance = random.Random(2)
    wrong = hung = 0
    shutil.rmtree(state.out, ignore_errors=True)
    for number in range(times):
        state.take(number % 2)
        runs = [state.begun()]
        time.sleep(chance.random() * state.seconds / 2)
        runs.append(state.begun())
        in_time = all([ended(run) for run in runs])
        hung += not in_time
        wrong += in_time and (any(run.exitcode for run in runs) or not state.are_there(number % 2))
    return Attempts("two make report at once", times, 0, wrong, hung)


OWN = (
    "data/my_notes.csv",
    "index.html",
    "data/names.csv",
    "report.ipynb",
    "report.pdf",
    "figures/mine.png",
    "a/b/c.txt",
)


def own_files(home: Path) -> Attempts:
    """A user's own files, an annotated page and notebook; then the corpus changes."""
    state, lost = Undisturbed(home), 0
    state.take(0)
    assert ended(state.begun())
    for number, name in enumerate(OWN, 1):
        path, mine = state.out / "one.example" / name, f"mine: {name}".encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mine)
        state.take(number % 2)
        assert ended(state.begun())
        lost += mine not in [path.read_bytes() for path in state.out.rglob("*") if path.is_file()]
    return Attempts("files of one's own in a report's folder", len(OWN), lost)


def full_disk(home: Path, sizes: tuple[int, ...] = (64, 200, 400, 700)) -> Attempts:
    """Make reports anew where the disk runs full: what was there stays; with room all is made."""
    state, wrong, lost, tried = Undisturbed(home), 0, 0, 0
    there = (home / "0" / "reports").rglob("*")
    used = sum(4 * (path.stat().st_size // 4096 + 1) for path in there)  # kB, in blocks of four
    for number, room in enumerate(sizes):
        state.out = home / f"disk{number}" / "reports"
        with small_disk(state.out.parent, used + room) as mounted:
            if not mounted:
                continue
            tried += 1
            shutil.copytree(home / "0" / "reports", state.out)
            state.take(1)
            run = state.begun()
            in_time = ended(run)
            whole = {name: digest for name, digest in files_of(state.out).items() if name.startswith("one.example")}
            before, after = (
                {name: digest for name, digest in files.items() if name.startswith("one.example")}
                for files in state.files
            )
            lost += whole not in (before, after)
            wrong += not in_time or (run.exitcode == 0) != state.are_there(1)
    return Attempts("make report on a disk that runs full", tried, lost, wrong)


def attempts(home: Path) -> Iterator[Attempts]:
    """Try all in full number, and yield what came of it."""
    pages = Undisturbed(home / "pages")
    yield kills(pages, 180)
    yield kills(Undisturbed(home / "whole", whole=True), 20)
    yield two_at_once(pages, 20)
    yield own_files(home / "own")
    yield full_disk(home / "disk")
