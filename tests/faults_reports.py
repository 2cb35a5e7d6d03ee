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
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from attempts import Attempts
from faults_decisions import small_disk

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
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")
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
    process.join(LIMIT)
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
        if name.startswith((shelf.WORK, build.KEPT)):
            continue
        changing = path.name in LATER or (whole and path.name == "datapackage.json")
        kept[name] = "there" if changing else hashlib.sha256(path.read_bytes()).hexdigest()
    return kept


class Undisturbed:
    """The reports as they are where nothing happens, and the user's own file among them."""

    def __init__(self, home: Path, whole: bool = False):
        """Make two corpora that differ, and their reports."""
        self.whole, self.notes = whole, "one.example/data/my_notes.csv"
        self.corpora = [corpus_of(home / f"corpus{number}", number) for number in (1, 2)]
        self.files, self.seconds = [], 0.0
        for number, corpus in enumerate(self.corpora):
            started = time.monotonic()
            assert ended(begun(corpus, home / f"undisturbed{number}", whole))
            self.seconds = max(self.seconds, time.monotonic() - started)
            self.files.append(files_of(home / f"undisturbed{number}", whole))
        # The name of the folder stands on each page, in the command that makes it.
        self.names = [home / f"undisturbed{number}" for number in (0, 1)]

    def again(self, which: int, out: Path) -> bool:
        """Whether a run to its end gives the reports that it should, and the user's file is there."""
        if not ended(begun(self.corpora[which], out, self.whole)):
            return False
        there = files_of(out, self.whole)
        mine = there.pop(self.notes, None)
        there = {name: digest for name, digest in there.items() if "/set_aside/" not in f"/{name}"}
        return there == self.files[which] and (mine is not None or not (out / "mine").exists())


def kills(home: Path, times: int, whole: bool = False, seed: int = 1) -> Attempts:
    """Kill a run at random moments, now a first one and now one over older reports; every fifth time look."""
    chance, state = random.Random(seed), Undisturbed(home, whole)
    wrong = lost = hung = 0
    out = home / "undisturbed0"  # each page names its folder
    aside = home / "kept"
    shutil.move(out, aside)
    for number in range(times):
        which = number % 2
        out = state.names[which]
        if number % 10 < 2:
            shutil.rmtree(out, ignore_errors=True)
        run = begun(state.corpora[which], out, whole)
        time.sleep(chance.random() * state.seconds)
        os.kill(run.pid, signal.SIGKILL)
        run.join()
        notes = out / state.notes
        if notes.parent.is_dir() and not notes.exists():
            notes.write_text("mine", encoding="utf-8")
        there = notes.exists()
        if number % 5 == 4 or number == times - 1:
            good = state.again(which, out)
            wrong += not good
            lost += there and not notes.exists()
        else:  # the next run over it is made from the other corpus: then everything is to be made anew
            state.corpora.reverse(), state.files.reverse()
    kind = "with notebooks and PDFs" if whole else "pages and data"
    return Attempts(f"{times:,} kills of make report at random moments, {kind}", times, lost, wrong, hung)


def two_at_once(home: Path, times: int) -> Attempts:
    """Two runs at once, begun at the same moment or a little apart."""
    chance, state = random.Random(2), Undisturbed(home)
    wrong = hung = 0
    for number in range(times):
        out = state.names[number % 2]
        shutil.rmtree(out)
        runs = [begun(state.corpora[number % 2], out)]
        time.sleep(chance.random() * state.seconds / 2)
        runs.append(begun(state.corpora[number % 2], out))
        over = [ended(run) for run in runs]
        hung += not all(over)
        wrong += all(over) and (any(run.exitcode for run in runs) or files_of(out) != state.files[number % 2])
    return Attempts("two make report at once", times, 0, wrong, hung)


def own_files(home: Path) -> Attempts:
    """A user's own files, an annotated page and notebook, and a new corpus."""
    state, lost, tried = Undisturbed(home), 0, 0
    out = state.names[0]
    for name in ("data/my_notes.csv", "index.html", "data/names.csv", "report.ipynb", "figures/mine.png", "a/b/c.txt"):
        path = out / "one.example" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"mine: {name}", encoding="utf-8")
        state.again(0, out)
        tried += 1
        lost += not any(path.is_file() and path.read_bytes() == f"mine: {name}".encode() for path in out.rglob("*"))
    return Attempts("files of one's own in a report's folder", tried, lost)


def full_disk(home: Path, sizes: tuple[int, ...] = (64, 200, 400, 700)) -> Attempts:
    """Make reports where the disk runs full: what was there stays, and with room all is made."""
    state, wrong, lost, tried = Undisturbed(home), 0, 0, 0
    for number, kilobytes in enumerate(sizes):
        place = home / f"disk{number}"
        with small_disk(place, kilobytes) as mounted:
            if not mounted:
                continue
            out, tried = place / "undisturbed0", tried + 1
            (out / "one.example").mkdir(parents=True)
            (out / "one.example" / "notes.txt").write_text("mine", encoding="utf-8")
            run = begun(state.corpora[0], out)
            wrong += not ended(run) or run.exitcode == 0
            lost += (out / "one.example" / "notes.txt").read_text(encoding="utf-8") != "mine"
    return Attempts("make report on a full disk", tried, lost, wrong)


def attempts(home: Path) -> Iterator[Attempts]:
    """Try all in full number, and yield what came of it."""
    tries: tuple[tuple[Callable[..., Attempts], tuple], ...] = (
        (kills, (180,)), (kills, (20, True)), (two_at_once, (20,)), (own_files, ()), (full_disk, ()),
    )  # fmt: skip
    for number, (attack, arguments) in enumerate(tries):
        folder = home / str(number)
        folder.mkdir()
        yield attack(folder, *arguments)
