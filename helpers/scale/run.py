"""A corpus of any size and a folder go in; all its tables come out in the folder, the same as on one machine.

Load, source finding, alignment, substitutions, frequency and the comparison of sites run on Dask: on the cores of this
machine, or on any Dask cluster that is named by its address. The corpus is cut into parts; a step does one part at a
time, and writes what it made before it is counted as done (`store`). So a run that was cut off goes on where it
stopped, and what a worker that died had in hand is done by another.
"""

import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

import pandas as pd
from dask.config import set as dask_settings
from distributed import Client, Future, LocalCluster, wait
from distributed.comm import CommClosedError
from distributed.scheduler import KilledWorker

from helpers.display.progress import bar
from helpers.files.child_process import FailedError
from helpers.files.program import program_digest
from helpers.scale.stage_load import parts_of
from helpers.scale.store import (
    ORDER,
    File,
    Receipt,
    damage,
    key_of,
    manifest,
    read_receipt,
    read_table,
    receipt_path,
    write_manifest,
    write_part,
)
from helpers.scale.tasks import ERROR_COLUMNS, Task, TaskError, carry_out

__all__ = ["ORDER", "STAGES", "ClusterError", "at_scale", "connect", "manifest", "read_table"]

ARTICLES_A_PART = 2_000
MOST_PARTS = 500  # then parts grow: every part hands rows to every other
LOOK = 5.0  # seconds without a result, until it is looked whether anybody is working
ALONE = 60.0  # seconds without any worker, until the run is given up
RUN_AGAIN = "then run it again, what is done stays"
TIME_LIMIT = 120.0  # seconds for one article, in one step; ordinary ones take milliseconds
MEGABYTES = 4_000  # of a worker's child process
PARTS, BUCKETS, ONE = "parts", "buckets", "one"
OWN, ALL = "own", "all"  # the file of the same part, or those of all parts
TABLES = [
    "articles", "pairs", "alignment", "substitutions", "frequency", "replacements", "distances", "dictionaries",
    "versions", "version_links", "errors",
]  # fmt: skip


class ClusterError(RuntimeError):
    """A run could not be brought to its end; the message says in which step, why, and the mend."""


class Stage(NamedTuple):
    """A step: its function, whether it is done by parts, by buckets or once, and the files it takes.

    `takes` has for each name the step and file it comes from, and whether it is that of the same part or all of them.
    """

    name: str
    function: str
    over: str
    takes: dict[str, tuple[str, str, str]]


ARTICLES = {"articles": ("load", "articles", OWN)}
LINKS = {"links": ("link", "links", ALL)}
TEXTS = {"texts": ("units", "texts", OWN)}
RECURRING = {"recurring": ("recur", "recurring", ALL)}
FINDING = [
    Stage("terms", "helpers.scale.stage_find_sources:terms", PARTS, ARTICLES | LINKS),
    Stage("weights", "helpers.scale.stage_find_sources:weights", ONE, {"seen": ("terms", "seen", ALL)}),
    Stage("join", "helpers.scale.stage_find_sources:join", BUCKETS, {"keys": ("terms", "keys", ALL)}),
    Stage("choose", "helpers.scale.stage_find_sources:choose", PARTS, {"votes": ("join", "votes", ALL)}),
    Stage("send_terms", "helpers.scale.stage_find_sources:send_terms", PARTS,
          {"chosen": ("choose", "chosen", ALL), "terms": ("terms", "terms", OWN)}),
]  # fmt: skip
FOUND = {
    "chosen": ("choose", "chosen", OWN),
    "sent": ("send_terms", "terms", ALL),
    "weights": ("weights", "weights", ALL),
}
STAGES = [
    Stage("load", "helpers.scale.stage_load:load", PARTS, {}),
    Stage("link", "helpers.scale.stage_load:link", BUCKETS, {"ids": ("load", "ids", ALL)}),
    *FINDING,
    Stage("score", "helpers.scale.stage_find_sources:score", PARTS, ARTICLES | LINKS | FOUND),
    Stage("send_texts", "helpers.scale.stage_align:send_texts", PARTS, ARTICLES | {"wanted": ("score", "wanted", ALL)}),
    Stage("units", "helpers.scale.stage_align:units", PARTS,
          ARTICLES | {"pairs": ("score", "pairs", OWN), "texts": ("send_texts", "texts", ALL)}),
    Stage("recur", "helpers.scale.stage_align:recur", BUCKETS, {"units": ("units", "units", ALL)}),
    Stage("read_1", "helpers.scale.stage_align:read_first", PARTS, TEXTS | RECURRING),
    Stage("learn_1", "helpers.scale.stage_align:learn", BUCKETS, {"seen": ("read_1", "seen", ALL)}),
    *(
        stage
        for turn in (2, 3)
        for stage in (
            Stage(f"read_{turn}", "helpers.scale.stage_align:read_again", PARTS,
                  {"windows": ("read_1", "windows", OWN), "path": (f"read_{turn - 1}", "path", OWN),
                   "lexicon": (f"learn_{turn - 1}", "lexicon", ALL)}),
            Stage(f"learn_{turn}", "helpers.scale.stage_align:learn", BUCKETS, {"seen": (f"read_{turn}", "seen", ALL)}),
        )
    ),
    Stage("align", "helpers.scale.stage_align:align_part", PARTS,
          TEXTS | RECURRING | {"path": ("read_3", "path", OWN), "lexicon": ("learn_3", "lexicon", ALL)}),
    Stage("count", "helpers.scale.stage_count:count", PARTS, {"substitutions": ("align", "substitutions", OWN)}),
    Stage("gather", "helpers.scale.stage_count:gather", BUCKETS,
          {"places": ("count", "places", ALL), "once": ("count", "once", ALL)}),
    Stage("stand", "helpers.scale.stage_count:stand", PARTS,
          TEXTS | {"substitutions": ("align", "substitutions", OWN), "alignment": ("align", "alignment", OWN),
                   "phrases": ("gather", "phrases", ALL)}),
    Stage("total", "helpers.scale.stage_count:total", BUCKETS, {"stood": ("stand", "stood", ALL)}),
    Stage("frequency", "helpers.scale.stage_count:frequency", BUCKETS,
          {"phrases": ("gather", "phrases", OWN), "totals": ("total", "totals", ALL)}),
    Stage("agree", "helpers.scale.stage_count:agree", BUCKETS,
          {"dealt": ("count", "dealt", ALL), "articles": ("count", "articles", ALL)}),
    Stage("sites", "helpers.scale.stage_count:sites", ONE,
          {"agreements": ("agree", "agreements", ALL), "articles": ("count", "articles", ALL),
           "replacements": ("gather", "replacements", ALL)}),
]  # fmt: skip
VERSIONS = [
    Stage("sketch", "helpers.scale.stage_versions:sketch", PARTS, ARTICLES | LINKS),
    Stage("common", "helpers.scale.stage_versions:common", BUCKETS,
          {"sentences": ("sketch", "sentences", ALL), "texts": ("sketch", "texts", ALL)}),
    Stage("outlines", "helpers.scale.stage_versions:outlines", PARTS,
          {"words": ("sketch", "words", OWN), "common": ("common", "common", ALL),
           "copies": ("common", "copies", ALL)}),
    Stage("meet", "helpers.scale.stage_versions:meet", BUCKETS, {"keys": ("outlines", "keys", ALL)}),
    Stage("pick", "helpers.scale.stage_versions:pick", PARTS, {"votes": ("meet", "votes", ALL)}),
    Stage("send_outlines", "helpers.scale.stage_versions:send_outlines", PARTS,
          {"asked": ("pick", "asked", ALL), "outlines": ("outlines", "outlines", OWN)}),
    Stage("compare", "helpers.scale.stage_versions:compare", PARTS,
          {"outlines": ("outlines", "outlines", OWN), "sent": ("send_outlines", "sent", ALL),
           "wanted": ("pick", "wanted", ALL), "originals": ("common", "originals", ALL)}),
    Stage("join_versions", "helpers.scale.stage_versions:join", ONE,
          {"links": ("compare", "links", ALL), "full": ("pick", "full", ALL), "copies": ("common", "copies", ALL)}),
    Stage("tell_versions", "helpers.scale.stage_versions:tell", PARTS,
          {"names": ("outlines", "names", OWN), "groups": ("join_versions", "groups", ALL)}),
]  # fmt: skip
# Which table of the store a step's file is.
TABLE_OF = {
    "articles": "load", "pairs": "units", "alignment": "align", "substitutions": "align", "frequency": "frequency",
    "replacements": "gather", "distances": "sites", "dictionaries": "sites", "versions": "tell_versions",
    "version_links": "compare",
}  # fmt: skip


def at_scale(
    corpus: pd.DataFrame | str | Path,
    store: str | Path,
    *,
    address: str | None = None,
    workers: int | None = None,
    processes: bool = False,
    part: int | None = None,
    time_limit: float = TIME_LIMIT,
    megabytes: int = MEGABYTES,
    retry: bool = False,
    versions: bool = False,
    progress: bool = True,
) -> dict:
    """Compare a whole corpus, and put its tables into the folder `store`; returns the store's manifest.

    `corpus` is a table of articles (see `load_articles`), a corpus folder, or a Parquet file of articles or folder of
    such files. A spun article without a `reference_id` is given the likely source among the references, if there is one
    (`pairs`: `how` is found, `score` that of `SourceIndex`). `read_table` reads the tables: articles, alignment,
    substitutions, frequency as `load_articles`, `align_pairs`, `find_substitutions` and `substitution_frequency` give
    them on one machine, replacements and dictionaries as `site_replacements` and `shared_dictionary_test`; `distances`
    is `site_distances`, a row for each two sites. With more than 20 sites to test, dictionaries is empty: choose
    some by their distances, and hand their substitutions to the test. With `versions` the tables versions and
    version_links come too, as `group_versions` gives them. `ask` answers questions about all of them.

    Without an `address` the work is done on this machine, by so many `workers` (all cores, where None is said), threads
    of this process or, with `processes`, processes of their own. `address` is that of a Dask scheduler (such as
    `tcp://10.0.0.5:8786`), or a Dask client that is connected already; its workers must see corpus and store under
    the same paths and have Unspun installed.

    A run that was stopped is taken up by the same call. An article that raises an error, takes longer than `time_limit`
    seconds in one step, or ends its worker's process twice is set aside: it stands in the table `errors`, and the
    others go on. It is tried again where the corpus or Unspun changes, with a greater `time_limit` or more `megabytes`,
    or with `retry`. No worker's process takes more than `megabytes`. `part` is how many articles are done at a time.
    `progress` prints the dashboard's address and shows a bar.

    What an earlier run left is read and compared with its digests; what is damaged is made anew, with a warning that
    names it. What articles are made of is known by its contents, not by its size and time.

    Raises `ClusterError` where a step cannot be done at all, a worker has another version of Unspun, no worker is left
    or the scheduler is gone, and `SourceError` or `CorpusError` where the corpus cannot be read.
    """
    folder = Path(store).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with connect(address, workers, processes, progress) as client:
        return _Run(corpus, folder, client, part, (time_limit, megabytes), retry, versions, progress).all()


@contextmanager
def connect(
    address: str | Client | None = None, workers: int | None = None, processes: bool = False, progress: bool = False
) -> Iterator[Client]:
    """Give a Dask client: of the cluster at an address, or of one on this machine that ends with the block.

    Within the block it is Dask's current client, whichever others are open in this process: `distributed.wait` waits on
    the event loop of that one, and what was waited for on another's loop can't be waited for again.
    """
    if isinstance(address, Client):
        with address.as_current():
            yield address
        return
    with TemporaryDirectory(prefix="unspun-", ignore_cleanup_errors=True) as own:
        # Dask unpickles what lies there, and would else share a folder with a known name with all users.
        quiet = {
            "distributed.logging.distributed": "error",
            "distributed.worker.daemon": False,
            "temporary-directory": own,
        }
        with dask_settings(quiet), _connected(address, workers, processes, progress) as client, client.as_current():
            yield client


@contextmanager
def _connected(address: str | None, workers: int | None, processes: bool, progress: bool) -> Iterator[Client]:
    """The client of `connect`, with Dask's settings in force."""
    if address:
        with _client_of(address) as client:
            yield _shown(client, progress)
        return
    where = (
        {"n_workers": workers, "threads_per_worker": 1}
        if processes
        else {"n_workers": 1, "threads_per_worker": workers}
    )
    with (
        LocalCluster(
            processes=processes, dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0", host="127.0.0.1" if processes else None,
            silence_logs=50, memory_limit=0, **where,
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        yield _shown(client, progress)


@contextmanager
def _client_of(address: str) -> Iterator[Client]:
    """Give a client of a cluster; raises `ClusterError` where nobody answers at its address."""
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        mend = f"Mend: start the scheduler there, or correct the address; {RUN_AGAIN}."
        raise ClusterError(f"{address}: no Dask scheduler answers ({error}). {mend}") from error
    try:
        yield client
    finally:
        with suppress(OSError, TimeoutError):  # of a scheduler that is gone
            client.close(timeout=LOOK)


def _shown(client: Client, progress: bool) -> Client:
    if progress:
        print(f"Dashboard: {client.dashboard_link}")
    return client


class _LostError(Exception):
    """A result went with the worker that had it; the task will be done again."""


def _result(future: Future) -> Receipt:
    """What a task that has ended gave; raises what it raised, and `_LostError` where it is to be done again."""
    try:
        receipt: Receipt = future.result(timeout=LOOK)
    except TimeoutError:
        if future.status == "error":
            raise
        raise _LostError from None
    return receipt


@contextmanager
def _in_words(where: str) -> Iterator[None]:
    """Turn what ends a step into a `ClusterError` that says where, why, and the mend."""
    try:
        yield
    except KilledWorker as error:
        mend = f"Mend: look for what ends the workers (their memory?); {RUN_AGAIN}."
        raise ClusterError(f"{where}: its worker ended again and again. {mend}") from error
    except (FailedError, TaskError) as error:
        raise ClusterError(f"{where}: {_said(str(error))}") from error
    except (CancelledError, CommClosedError, TimeoutError) as error:
        mend = f"Mend: start the scheduler and its workers again, {RUN_AGAIN}."
        raise ClusterError(f"{where}: the scheduler is gone ({_first_line(error)}). {mend}") from error
    except OSError as error:
        mend = f"Mend: see that scheduler and workers run, and may write to the store; {RUN_AGAIN}."
        raise ClusterError(f"{where}: it could not be done ({_first_line(error)}). {mend}") from error
    except (ImportError, AttributeError, TypeError) as error:  # of a worker that cannot even read its task
        mend = f"Mend: install the same version of Unspun everywhere, start the workers anew, {RUN_AGAIN}."
        raise ClusterError(f"{where}: a worker cannot take a task ({_first_line(error)}). {mend}") from error


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


def _said(traceback: str) -> str:
    """What a task says of its end: our own errors in a line, with a mend where memory was short; others whole."""
    last = traceback.strip().rpartition("\n")[2]
    if "MemoryError" in last:
        return f"not enough memory ({last}). Mend: give more megabytes, or smaller parts; {RUN_AGAIN}."
    return last if "Mend: " in last else traceback


class _Run:
    """One run: the steps in their order, and the receipts they gave so far."""

    def __init__(
        self,
        corpus: pd.DataFrame | str | Path,
        store: Path,
        client: Client,
        part: int | None,
        bounds: tuple[float, int],
        retry: bool,
        versions: bool,
        progress: bool,
    ) -> None:
        self.store, self.client, self.bounds, self.retry, self.progress = store, client, bounds, retry, progress
        self.stages = STAGES + VERSIONS * versions
        self.parts = list(parts_of(corpus, part or ARTICLES_A_PART))
        if part is None and len(self.parts) > MOST_PARTS:
            part = -(-len(self.parts) * ARTICLES_A_PART // MOST_PARTS)
            self.parts = list(parts_of(corpus, part))
        self.program = program_digest()
        self.settings = {"parts": len(self.parts), "buckets": len(self.parts)}
        self.receipts: dict[str, list[Receipt]] = {}

    def all(self) -> dict:
        """Go through all steps and write the manifest."""
        for stage in self._stages():
            self.receipts[stage.name] = self._do(stage)
        return self._finish()

    def _stages(self) -> Iterator[Stage]:
        """The steps; those that find sources are left out where every spun article names its own."""
        for stage in self.stages:
            seekers = self.facts("load", "seekers") if "load" in self.receipts else 1
            if stage in FINDING and not seekers:
                continue
            if stage.name == "score" and not seekers:
                stage = stage._replace(takes=ARTICLES | LINKS)
            yield stage

    def facts(self, stage: str, name: str) -> int:
        """A count that every part of a step gave, summed."""
        return sum(receipt.facts[name] for receipt in self.receipts[stage])

    def _do(self, stage: Stage) -> list[Receipt]:
        """Do a step for all its parts, those that are done already left out."""
        count = 1 if stage.over == ONE else self.settings[stage.over]
        shared = self._shared(stage)
        tasks = [self._task(stage, number, shared) for number in range(count)]
        with ThreadPoolExecutor() as pool:  # files are read and their digests taken
            done = dict(zip(range(count), pool.map(self._done, tasks), strict=True))
        found = {number: receipt for number, receipt in done.items() if receipt}
        left = [task for task in tasks if task.part not in found]
        for receipt in self._carried_out(left, stage.name, count):
            found[receipt.part] = receipt
        return [found[number] for number in range(count)]

    def _done(self, task: Task) -> Receipt | None:
        """The receipt of what is done already, and whole; what is damaged is named, and counts as not done."""
        path = receipt_path(self.store, task.stage, task.part, task.key)
        damaged, receipt = damage(path), read_receipt(path)
        if damaged:
            warnings.warn(f"{damaged} is damaged: it is not what was written. It is made anew.", stacklevel=2)
        if damaged or (receipt and receipt.errors and (self.retry or self._has_wider_bounds(receipt))):
            path.unlink()
            return None
        return receipt

    def _has_wider_bounds(self, receipt: Receipt) -> bool:
        """Tell whether an article that was set aside has more time or memory now."""
        return any(now > then for now, then in zip(self.bounds, receipt.bounds, strict=False))

    def _carried_out(self, tasks: list[Task], name: str, count: int) -> Iterator[Receipt]:
        limit, megabytes = self.bounds
        futures = {
            self.client.submit(
                carry_out, task, limit, megabytes, key=f"{task.stage}-{task.part}-{uuid4().hex}", pure=False
            ): task
            for task in tasks
        }
        for _ in bar(list(range(len(tasks))), name, self.progress):
            yield self._next(futures, name, count)

    def _next(self, futures: dict[Future, Task], name: str, count: int) -> Receipt:
        """The receipt of a task that has ended, which is taken out of them.

        Raises `ClusterError` where one cannot be done, or nobody is left who could.
        """
        alone_since = 0.0
        while True:
            with _in_words(name):
                done = self._ended(futures)
                if not done:
                    alone_since = 0.0 if self.client.nthreads() else alone_since or time.monotonic()
            if alone_since and time.monotonic() - alone_since > ALONE:
                raise ClusterError(f"{name}: no worker is left. Mend: start the workers again, {RUN_AGAIN}.")
            for future in done:
                where = f"{name}, part {futures[future].part} of {count}"
                with _in_words(where), suppress(_LostError):
                    receipt = _result(future)
                    del futures[future]
                    return receipt

    @staticmethod
    def _ended(futures: Iterable[Future]) -> set[Future]:
        try:
            return set(wait(list(futures), timeout=LOOK, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            return set()

    def _shared(self, stage: Stage) -> dict[str, list[File]]:
        return {
            name: [receipt.file(file) for receipt in self.receipts[made_by]]
            for name, (made_by, file, whose) in stage.takes.items()
            if whose == ALL
        }

    def _task(self, stage: Stage, part: int, shared: dict[str, list[File]]) -> Task:
        own = {
            name: [self.receipts[made_by][part].file(file)]
            for name, (made_by, file, whose) in stage.takes.items()
            if whose == OWN
        }
        files = {**shared, **own}
        extra = self._extra(stage.name, part)
        depends = self.parts[part][1] if stage.name == "load" else extra
        contents = {name: [file.sha256 for file in listed] for name, listed in files.items()}
        key = key_of(stage.name, part, self.program, self.settings, contents, depends)
        paths = {name: [file.path for file in listed] for name, listed in files.items()}
        digests = {
            file.path: file.sha256 for listed in files.values() for file in listed if file.path.endswith(".parquet")
        }
        return Task(
            stage.name, stage.function, part, key, str(self.store), self.program, paths, digests, self.settings,
            self.bounds, extra,
        )  # fmt: skip

    def _extra(self, stage: str, part: int) -> Any:
        """What a step must know beside its files."""
        if stage == "load":
            return self.parts[part][0]
        if stage in ("weights", "join") or (stage == "score" and "terms" in self.receipts):
            return self.facts("terms", "references")
        if stage in ("meet", "pick"):
            return self.facts("sketch", "articles")
        if stage == "frequency":
            return self.facts("stand", "tokens")
        return {"read_2": 1, "read_3": 2}.get(stage)

    def _finish(self) -> dict:
        """Write the manifest, and take away the parts of tables that it no longer names."""
        tables = {
            name: [receipt.files[name] for receipt in self.receipts[made_by]]
            for name, made_by in TABLE_OF.items()
            if made_by in self.receipts
        }
        errors: list[Sequence[Any]] = [
            receipt.files["errors"] for found in self.receipts.values() for receipt in found if receipt.errors
        ]
        tables["errors"] = errors or [self._no_errors()]
        stages = {
            name: {
                "parts": len(found),
                "seconds": round(sum(receipt.seconds for receipt in found), 3),
                "processor_seconds": round(sum(receipt.processor_seconds for receipt in found), 3),
                "megabytes": max(receipt.megabytes for receipt in found),
                "handed_on": sum(
                    size for receipt in found for path, _, _, size in receipt.files.values() if path.startswith("work/")
                ),
                "errors": sum(receipt.errors for receipt in found),
            }
            for name, found in self.receipts.items()
        }
        write_manifest(
            self.store,
            {
                "program": self.program,
                "source": key_of([digest for _, digest in self.parts]),
                "settings": self.settings,
                "tables": {name: tables[name] for name in TABLES if name in tables},
                "stages": stages,
            },
        )
        named = {file[0] for files in tables.values() for file in files}
        for name in TABLES:
            for path in (self.store / name).glob("part-*.parquet"):
                if str(path.relative_to(self.store)) not in named:
                    path.unlink()
        return manifest(self.store)

    def _no_errors(self) -> File:
        return write_part(self.store, "errors", 0, "none", pd.DataFrame(columns=ERROR_COLUMNS, dtype=str))
