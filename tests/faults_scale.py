"""What can go wrong with a run at scale and its store, made to go wrong: `make faults KINDS=scale` prints the counts.

Each try ends in the tables of an undisturbed run, or in an error that names the file or the mend, and then, after the
same call once more, in the same tables.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from attempts import Attempts, patient
from distributed import Client

import helpers
from helpers.corpus import load_articles
from helpers.scale import ask, at_scale, connect, read_table, run
from helpers.scale.run import ClusterError
from helpers.scale.store import StoreError, manifest

ROOT = Path(__file__).parents[1]
PART = 4  # articles: the small corpus in two parts
TIME = 120  # seconds until a run is said to hang


def small_corpus() -> pd.DataFrame:
    """Four spun articles and their references."""
    articles = load_articles(ROOT / "corpus")
    spun = articles[articles["reference_id"] != ""].drop_duplicates("reference_id").head(4)
    return pd.concat([spun, articles.loc[spun["reference_id"]]])


def tables(store: Path) -> dict[str, pd.DataFrame]:
    """Every table of a store, read in both ways."""
    names = manifest(store)["tables"]
    found = {f"asked {name}": ask(store, f'SELECT * FROM "{name}"') for name in names}
    return found | {name: read_table(store, name) for name in names}


def are_same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> bool:
    """Tell whether two stores have the same tables."""
    return one.keys() == other.keys() and all(table.equals(other[name]) for name, table in one.items())


def again(corpus: pd.DataFrame | Path, store: Path, client: Client) -> dict[str, pd.DataFrame]:
    """The tables after the same call once more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        at_scale(corpus, store, address=client, part=PART, progress=False)
    return tables(store)


# Bit flips


def bit_flips(folder: Path, client: Client, tries: int, seed: int = 1) -> Attempts:
    """Flip a bit anywhere in a store: it is named when it is read, and made anew by the next run."""
    corpus, chance = small_corpus(), random.Random(seed)
    at_scale(corpus, folder, address=client, part=PART, progress=False)
    expected = tables(folder)
    wrong, said, found = 0, "", 0
    for _ in range(tries):
        kind = chance.choice([*expected.keys() & set(manifest(folder)["tables"]), "work", "receipts", "manifest.json"])
        files = [folder / kind] if kind.endswith(".json") else sorted(folder.glob(f"{kind}/**/*.*"))
        path = chance.choice(files)
        flip(path, chance)
        try:
            wrong += not are_same(tables(folder), expected)
        except StoreError as error:
            found, said = found + 1, str(error)
            wrong += str(path) not in said or "Mend: " not in said
        wrong += not are_same(again(corpus, folder, client), expected)
    return Attempts("a bit flipped anywhere in a store", tries, wrong=wrong, said=f"{found} named when read. {said}")


def flip(path: Path, chance: random.Random) -> None:
    """Turn one bit of a file over; its size and time stay."""
    content, was = bytearray(path.read_bytes()), path.stat()
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


# Inputs


def changed_inputs(folder: Path, client: Client) -> Attempts:
    """Change what articles are made of, size and time as they were: the tables are those of the new texts."""
    tried = wrong = 0
    for kind in ("folder", "parquet"):
        corpus = folder / kind
        path = write_corpus(corpus, kind)
        again(corpus, folder / f"{kind}-store", client)
        before = path.stat()
        change_input(corpus, path, kind)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size
        found = again(corpus, folder / f"{kind}-store", client)
        fresh = again(corpus, folder / f"{kind}-fresh", client)
        tried += 1
        wrong += not are_same(found, fresh) or not found["articles"]["text"].str.contains("Zxqv").any()
    return Attempts("an input changed, with the same size and time", tried, wrong=wrong)


def write_corpus(corpus: Path, kind: str) -> Path:
    """Write the small corpus; return the file that has a text in it."""
    corpus.mkdir(parents=True)
    articles = small_corpus()
    if kind == "parquet":
        plain = articles.drop(columns="links").reset_index()
        plain.to_parquet(corpus / "articles.parquet", compression=None, use_dictionary=False)
        return corpus / "articles.parquet"
    rows = pd.read_csv(ROOT / "corpus" / "articles.csv", dtype=str, keep_default_na=False)
    rows = rows[rows["article_id"].isin(articles.index)]
    rows.to_csv(corpus / "articles.csv", index=False)
    for name in rows["file"]:
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "corpus" / name, corpus / name)
    return corpus / rows["file"].iloc[0]


def change_input(corpus: Path, path: Path, kind: str) -> None:
    """Put another word of four letters in the place of one that stands in the first text."""
    text = small_corpus()["text"].iloc[0]
    content = path.read_bytes()
    word = next(word for word in re.findall(r"\b[a-z]{4}\b", text) if content.count(f" {word} ".encode()))
    path.write_bytes(content.replace(f" {word} ".encode(), b" Zxqv "))


# Workers and schedulers


@contextmanager
def cluster(folder: Path, workers: int, package: Path | None = None) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler and workers as a person starts them; gives its address, and the processes, the scheduler first."""
    told = folder / "scheduler.json"
    where = ["--host", "127.0.0.1", "--scheduler-file", str(told), "--no-dashboard"]
    commands = [["distributed.cli.dask_scheduler", "--port", "0", *where]]
    worker = ["distributed.cli.dask_worker", *where, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    commands += [worker] * workers
    env = os.environ | {"PYTHONPATH": str(package or ROOT)}
    started = []
    try:
        for number, command in enumerate(commands):
            with open(folder / f"{number}.log", "w") as log:
                started.append(
                    subprocess.Popen([sys.executable, "-m", *command], stdout=log, stderr=log, cwd=folder, env=env)
                )
        wait_until(lambda: told.exists())
        with Client(scheduler_file=str(told)) as client:
            client.wait_for_workers(workers, timeout=patient(TIME))
            address = client.scheduler.address
        yield address, started
    finally:
        for process in reversed(started):
            process.kill()
            process.wait(30)
        told.unlink(missing_ok=True)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, but not for ever."""
    until = time.monotonic() + patient(TIME)
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)


def ended_in_the_middle(folder: Path, address: str, end: Callable[[], None], at: str) -> tuple[str, bool]:
    """Begin a run, end something as soon as a step begins to be done; what the error said, and whether it hung."""
    said: list[str] = []

    def begin() -> None:
        try:
            at_scale(small_corpus(), folder / "store", address=address, part=PART, progress=False)
            said.append("")
        except ClusterError as error:
            said.append(str(error))

    thread = threading.Thread(target=begin, daemon=True)
    thread.start()
    wait_until(lambda: (folder / "store" / "receipts" / at).exists() or not thread.is_alive())
    end()
    thread.join(patient(TIME))
    return said[0] if said else "", not said


def killed(folder: Path, client: Client, which: str) -> Attempts:
    """Kill the scheduler, or all workers, in the middle of a run: a clear error, and then the same tables."""
    folder.mkdir(parents=True)
    with cluster(folder, 1) as (address, processes):
        process = processes[0 if which == "the scheduler" else 1]
        said, hung = ended_in_the_middle(folder, address, lambda: os.kill(process.pid, signal.SIGKILL), "units")
    fresh = again(small_corpus(), folder / "fresh", client)
    same = are_same(again(small_corpus(), folder / "store", client), fresh)
    wrong = int(not same or "Mend: " not in said) * (not hung)
    return Attempts(f"{which} killed in the middle of a run", 1, wrong=wrong, hung=int(hung), said=said)


def executors_killed(folder: Path, client: Client, tries: int, seed: int = 1) -> Attempts:
    """Kill the child that does a worker's work at random steps: the tables are the same."""
    expected = again(small_corpus(), folder / "fresh", client)
    steps = [stage.name for stage in run.STAGES if stage not in run.FINDING]
    wrong = hung = 0
    for number in range(tries):
        store, step = folder / str(number), random.Random(seed + number).choice(steps)
        (store / "receipts").mkdir(parents=True)
        pids = []

        def kill(store: Path = store, step: str = step, pids: list = pids) -> None:
            wait_until(lambda: (store / "receipts" / step).exists())
            for pid in children():
                pids.append(pid)
                os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        wrong += not are_same(again(small_corpus(), store, client), expected)
        killer.join(patient(TIME))
    return Attempts("the child that does a worker’s work killed", tries, wrong=wrong, hung=hung)


def children() -> list[int]:
    """The children of this process that work for a run."""
    found = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "pid=,args="], capture_output=True, text=True)
    lines = [line.split(None, 1) for line in found.stdout.splitlines() if "child_process import serve" in line]
    return [int(pid) for pid, _ in lines]


def out_of_memory(folder: Path, client: Client) -> Attempts:
    """Give a worker too little memory: a clear error, or articles set aside; with more, the same tables."""
    tried = wrong = 0
    said = ""
    fresh = again(small_corpus(), folder / "fresh", client)
    for megabytes in (150, 250, 350, 450):
        store = folder / str(megabytes)
        try:
            at_scale(small_corpus(), store, address=client, part=PART, megabytes=megabytes, progress=False)
            first = tables(store)
            wrong += first["errors"].empty and not are_same(first, fresh)
        except ClusterError as error:
            said = str(error)
            wrong += "Mend: " not in said or "memory" not in said
        wrong += not are_same(again(small_corpus(), store, client), fresh)
        tried += 1
    return Attempts("a worker out of memory", tried, wrong=wrong, said=said)


def another_version(folder: Path, client: Client) -> Attempts:
    """Let a worker have another version of Unspun: it refuses, and the right workers then make the right tables."""
    folder.mkdir(parents=True)
    other = folder / "other"
    shutil.copytree(Path(helpers.__file__).parent, other / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    with open(other / "helpers" / "comparison" / "kinds.py", "a") as module:
        module.write("\n# another version\n")
    said = ""
    with cluster(folder, 1, other) as (address, _):
        try:
            at_scale(small_corpus(), folder / "store", address=address, part=PART, progress=False)
        except ClusterError as error:
            said = str(error)
    fresh = again(small_corpus(), folder / "fresh", client)
    same = are_same(again(small_corpus(), folder / "store", client), fresh)
    wrong = int(not same or "another version of Unspun" not in said or "Mend: " not in said)
    return Attempts("a worker with another version of Unspun", 1, wrong=wrong, said=said)


def attempts(home: Path) -> Iterator[Attempts]:
    """Make everything go wrong in full number, and yield what came of it."""
    run.ALONE = 5.0
    with connect(workers=2) as client:
        yield bit_flips(home / "flips", client, 200)
        yield changed_inputs(home / "inputs", client)
        yield another_version(home / "version", client)
        yield killed(home / "scheduler", client, "the scheduler")
        yield killed(home / "workers", client, "all workers")
        yield executors_killed(home / "executors", client, 10)
        yield out_of_memory(home / "memory", client)
