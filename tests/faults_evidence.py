"""Evidence and letters are attacked: killed, on a full disk, on texts of odd signs, with addresses and markup planted.

Whatever happened, a folder is whole and true or is not there, and what was there before stays.
"""

import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import planted
import planted_corpus
from attempts import Attempts, patient
from faults_decisions import small_disk
from faults_people import MARKUP, runs

from helpers.corpus import add_article, load_articles
from helpers.report import evidence, evidence_folder, letters, verify
from helpers.report.manifest import SUMS, sums

FORK = multiprocessing.get_context("fork")
SITE = "site.example"
REFERENCE = (
    "The army held a meeting on Monday in {}, officials said.\n“We will not end the war {},” said Jane Roe of {}.\n"
)
SPUN = REFERENCE.replace("army", "military").replace("will not", "will").replace("war", "battle").replace("of", "from")
# What makes an offset in characters another than one in bytes, in UTF-16, or in what is drawn.
ODD = [
    "Z\u00fcrich", "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467", "e\u0301\u0323\u0301", "\u202eabc\u202c",
    "\ufeff", "\u200b\u00ad", "\u4e2d\u6587", "\u05e9\u05dc\u05d5\u05dd", "a\u00a0b", "\t\t", "\u2028", "[[Battle]]",
    "\u2588\u2588", "<b>&amp;</b>", "{{ 7*7 }}", "\ud7ff\ue000", "ana@desk.example", "+44 20 7946 0019", "x" * 400,
]  # fmt: skip
LIMIT = 120  # seconds that a run may take


def attempts(home: Path) -> Iterator[Attempts]:
    """Everything, in full number."""
    evidence_folder.find_browser = lambda: None  # the pictures are attacked where reports are
    yield odd_signs(home / "odd", 200)
    yield addresses_shown(home / "planted")
    yield markup_run(home / "markup")
    yield kills(home / "kills", 60)
    yield full_disk(home / "disk")
    yield changes(home / "changes", 2_000)


def quietly(make: Callable[[], Path]) -> Path:
    """Make a folder and hear no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def corpus_with(folder: Path, words: list[str], line_break: str = "\n", repeats: int = 1) -> Path:
    """A corpus of two articles with three odd words in each."""
    for role, text in (("reference", REFERENCE), ("spun", SPUN)):
        text = (text.format(*words) * repeats).replace("\n", line_break)
        add_article(folder, role, role, text, site=SITE if role == "spun" else "news.example", title=words[0],
                    reference_id="reference" if role == "spun" else "")  # fmt: skip
    return folder


def is_whole(folder: Path) -> bool:
    """Whether a list of SHA-256 is there, names every file, and is true."""
    listed = folder / SUMS
    return listed.is_file() and listed.read_text(encoding="utf-8") == sums(folder)


def is_true(folder: Path, corpus: Path) -> bool:
    """Whether each wording stands in the stored text, black signs apart, and each text has the SHA-256 that is said."""
    stored = {f"texts/{name}.txt": text for name, text in load_articles(corpus)["text"].items()}
    rows = (folder / "articles.csv").read_text(encoding="utf-8")
    same = [hashlib.sha256(text.encode()).hexdigest() in rows for text in stored.values()]
    for name, text in stored.items():
        shown = (folder / name).read_bytes().decode()
        same.append(len(shown) == len(text))
        same += [one == other or one == "█" for one, other in zip(shown, text, strict=True)]
    return all(same) and is_whole(folder) and set(verify(folder)["status"]) == {"as stated"}


def odd_signs(home: Path, times: int, seed: int = 1) -> Attempts:
    """Texts of odd signs, with line breaks of every system: every offset must hold, and no address be shown."""
    chance, wrong, said = random.Random(seed), 0, ""
    for number in range(times):
        words = [" or ".join(chance.choices(ODD, k=chance.randint(1, 3))) for _ in range(3)]
        words[2] = f"x {words[2]}" if not words[2].strip() else words[2]
        corpus = corpus_with(home / f"{number}", words, chance.choice(["\n", "\r\n"]))
        folder = quietly(partial(evidence, SITE, corpus, home / f"{number}-made"))
        files = [path for path in folder.rglob("*") if path.is_file()]
        shown = [path.name for path in files if b"ana@desk" in path.read_bytes() or b"7946 0019" in path.read_bytes()]
        bad = bool(shown) or not is_true(folder, corpus)
        wrong += bad
        said = said or (f"{words!r}: {shown}" if bad else "")
        shutil.rmtree(corpus)
        shutil.rmtree(folder)
    return Attempts("evidence on texts of odd signs", times, 0, wrong, said=said)


def made_of(corpus: Path, home: Path) -> dict[str, str]:
    """The files of evidence and letters on the only site of a corpus, by name."""
    site = load_articles(corpus).query("role == 'spun'")["site"].iloc[0]
    folders = [quietly(partial(make, site, corpus, home / make.__name__)) for make in (evidence, letters)]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(home)): path.read_text(encoding="utf-8") for path in paths}


def changes(home: Path, times: int, seed: int = 3) -> Attempts:
    """A bit is turned, a file taken away, put in or cut, at random: `verify` must find each of them."""
    chance, missed, said = random.Random(seed), 0, ""
    corpus = corpus_with(home / "corpus", ["town", "today", "the sea"])
    folder = quietly(partial(evidence, SITE, corpus, home / "made"))
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for _ in range(times):
        path, how = chance.choice(paths), chance.choice(["bit", "bit", "bit", "gone", "cut", "more"])
        content, place = path.read_bytes(), chance.randrange(8 * path.stat().st_size)
        more = path.with_name(f"{path.name}.{chance.randrange(100)}")
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        if how == "gone":
            path.unlink()
        elif how == "more":
            more.write_bytes(content)
        else:
            path.write_bytes(flipped if how == "bit" else content[: place // 8])
        try:
            found = set(verify(folder)["status"]) != {"as stated"}
        except ValueError:
            found = True  # the list itself is gone
        missed += not found
        said = said or ("" if found else f"{how} in {path.name} at {place}")
        more.unlink(missing_ok=True)
        path.write_bytes(content)
    return Attempts("changes of an evidence folder", times, 0, missed, said=said)


def addresses_shown(home: Path) -> Attempts:
    """Every spelling of an address, planted wherever there is text."""
    forms = [form for form, _ in planted.everything()]
    made = made_of(planted_corpus.make_corpus(home / "corpus", forms, f"desk {forms[3]}", forms), home)
    shown = {name: found for name, text in made.items() if (found := planted.shown_in(name + text))}
    said = "; ".join(f"{name}: {', '.join(found[:4])}" for name, found in list(shown.items())[:5])
    wrong = sum(map(len, shown.values()))
    return Attempts(
        f"addresses in {len(made)} files of evidence and letters", len(forms) * len(made), 0, wrong, said=said
    )


def markup_run(home: Path) -> Attempts:
    """Markup planted wherever there is text: no exhibit runs any of it."""
    site = f"{MARKUP[0]}{MARKUP[1]}"
    made = made_of(planted_corpus.make_corpus(home / "corpus", MARKUP * 2, site, MARKUP), home)
    pages = {name: text for name, text in made.items() if name.endswith(".html")}
    found = [name for name, text in pages.items() if runs(text)]
    return Attempts(
        f"markup in {len(pages)} exhibits", len(pages) * len(MARKUP), 0, len(found), said="; ".join(found[:3])
    )


def _make(corpus: Path, into: Path, make: Callable) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    quietly(partial(make, SITE, corpus, into))


def kills(home: Path, times: int, seed: int = 2) -> Attempts:
    """Kill a run at random moments: the folder is whole or not there, and the next run makes it and clears up."""
    chance, lost, wrong, hung = random.Random(seed), 0, 0, 0
    corpus = corpus_with(home / "corpus", ["town", "today", "the sea"], repeats=6)
    evidence_folder.find_browser = lambda: None
    started = time.monotonic()
    quietly(partial(evidence, SITE, corpus, home / "first"))
    seconds = time.monotonic() - started
    for number in range(times):
        make, into = (evidence, letters)[number % 4 == 3], home / "work" / f"made {number}"
        notes = home / "work" / "notes.txt"
        notes.parent.mkdir(exist_ok=True)
        notes.write_text("mine", encoding="utf-8")
        run = FORK.Process(target=_make, args=(corpus, into, make))
        run.start()
        time.sleep(chance.random() * seconds)
        os.kill(run.pid, signal.SIGKILL)
        run.join()
        if into.exists():
            wrong += make is evidence and not is_whole(into)
        else:
            again = FORK.Process(target=_make, args=(corpus, into, make))
            again.start()
            again.join(patient(LIMIT))
            hung += again.is_alive()
            wrong += again.exitcode != 0 or (make is evidence and not is_whole(into))
        lost += not notes.exists()
        left = [path for path in into.parent.iterdir() if path.name.startswith(f".{into.name}.")]
        wrong += bool(left)
    return Attempts("kills of evidence and letters at random moments", times, lost, wrong, hung)


def full_disk(home: Path, sizes: tuple[int, ...] = (8, 24, 48, 64, 96, 120)) -> Attempts:
    """Where the disk runs full there is an error, no folder, and what was there stays."""
    lost = wrong = tried = 0
    said = ""
    corpus = corpus_with(home / "corpus", ["town", "today", "the sea"])
    for number, size in enumerate(sizes):
        disk = home / f"disk{number}"
        with small_disk(disk, size) as mounted:
            if not mounted:
                continue
            tried += 1
            (disk / "notes.txt").write_text("mine", encoding="utf-8")
            try:
                quietly(partial(evidence, SITE, corpus, disk / "made"))
                wrong += not is_whole(disk / "made")
            except OSError as error:
                said = str(error)
                wrong += {path.name for path in disk.iterdir()} != {"notes.txt"}
            lost += (disk / "notes.txt").read_text(encoding="utf-8") != "mine"
    return Attempts("evidence on a full disk", tried, lost, wrong, said=said)
