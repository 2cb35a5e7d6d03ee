"""A step of a run at scale and the files it needs go in; its own files come out, with a receipt, on any machine.

`carry_out` is what a worker of the cluster does: it lets a child process do the step (see `child_process`). An
article during which the child was silent for too long is set aside at once; one during which the child ended only
when that happens twice, since a child may also end because somebody killed it.
"""

import importlib
import platform
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import pandas as pd
import pyarrow as pa

from helpers.files.child_process import Care, SetAside, StoppedError, in_child, peak_megabytes, watch_memory
from helpers.files.program import PACKAGE, program_digest
from helpers.scale.shuffle import read_group
from helpers.scale.store import Receipt, as_frame, read_parquet, read_receipt, receipt_path, write_part, write_receipt

LOADED = program_digest()  # of the program as this process loaded it; the files may be newer by now
STRIKES = 2  # ends of the child on one article before it is set aside
MOST_ENDS = 6  # ends of the child outside any article before the step is given up
WORK, VERSION = "helpers.scale.tasks:work", "helpers.scale.tasks:loaded_program"
ERROR_COLUMNS = ["article_id", "stage", "error", "message"]


Extra = dict[str, Any] | int | None  # beside its files a step must know: what to load, or a count


class TaskError(RuntimeError):
    """A step cannot be done; the message says which, why, and the mend."""


class Task(NamedTuple):
    """A step of a run for one part: the function to call, its files by name, and what it must know.

    `program` is the digest of the program that the run was begun with, `digests` those of the Parquet files, `bounds`
    the seconds for an article and the megabytes.
    """

    stage: str
    function: str
    part: int
    key: str
    store: str
    program: str
    files: dict[str, list[str]]
    digests: dict[str, str]
    settings: dict
    bounds: tuple[float, int]
    extra: Extra = None


class Given(NamedTuple):
    """What a step's function is given."""

    part: int
    settings: dict
    paths: dict[str, list[Path]]
    extra: Extra
    care: Care
    tell: Callable[[str], None]
    digests: dict[Path, str] = {}  # noqa: RUF012 - nobody changes it

    @property
    def counted(self) -> int:
        """The count that the step must know."""
        return cast("int", self.extra)

    @property
    def to_load(self) -> dict[str, Any]:
        """The part of a corpus that the step loads (see `parts_of`)."""
        return cast("dict[str, Any]", self.extra)

    def group(self, name: str) -> pa.Table:
        """The rows for this part, from the files of all parts."""
        return read_group(self.paths[name], self.part)

    def whole(self, name: str) -> pa.Table:
        """All rows of the files that were named."""
        return read_group(self.paths[name])

    def frame(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A dataframe, from one Parquet file or several; raises `DamagedError` where one is damaged."""
        tables = [
            read_parquet(path, self.digests.get(path, ""), columns=columns, use_threads=False)
            for path in self.paths[name]
        ]
        if columns is None:
            return as_frame(pa.concat_tables(tables))
        return pa.concat_tables([table.replace_schema_metadata() for table in tables]).to_pandas()


def carry_out(task: Task, limit: float, megabytes: int) -> Receipt:
    """Do a step and return its receipt; what is done already is not done again.

    `limit` is the longest silence about one article in seconds, `megabytes` the most memory of the child. Raises
    `TaskError` where the step ends the child again and again outside any article, or this is another program than the
    run was begun with, and what the step's function raises.
    """
    _refuse_another_program(task, LOADED)
    there = read_receipt(receipt_path(task.store, task.stage, task.part, task.key))
    if there:
        return there
    left_out: list[SetAside] = []
    ends: Counter = Counter()
    while True:
        try:
            _refuse_another_program(task, in_child(VERSION, limit=limit))
            return Receipt(*in_child(WORK, task, left_out, megabytes, limit=limit))
        except StoppedError as stopped:
            ends[stopped.item] += 1
            if not stopped.item:
                if stopped.hung or ends[""] > MOST_ENDS:
                    message = f"{task.stage}, part {task.part}: {stopped}. Mend: give smaller parts, or more memory."
                    raise TaskError(message) from stopped
            elif stopped.hung:
                left_out.append(SetAside(stopped.item, "TimeoutError", f"no end after {limit:g} seconds"))
            elif ends[stopped.item] >= STRIKES:
                left_out.append(SetAside(stopped.item, "ProcessEnded", f"{stopped}, {STRIKES} times"))


def loaded_program(tell: Callable[[str], None]) -> str:
    """Return the digest of the program that this process has loaded."""
    return LOADED


def _refuse_another_program(task: Task, loaded: str) -> None:
    """Raise `TaskError` where a worker, or the child that does its work, would make other tables than the others."""
    if loaded != task.program:
        raise TaskError(
            f"the worker on {platform.node()} ({PACKAGE}) runs another version of Unspun ({loaded[:12]}) than the one "
            f"that this run was begun with ({task.program[:12]}). Mend: install the same version everywhere, start the "
            "workers (and this notebook) anew, then run it again; what is done stays."
        )


def work(task: Task, left_out: list[SetAside], megabytes: int, tell: Callable[[str], None]) -> tuple:
    """Do a step in this process and write its files, its errors, and last its receipt."""
    _bound_memory(megabytes)
    _warm_up()
    start, used = time.perf_counter(), time.process_time()
    care = Care(left_out, tell)
    paths = {name: [Path(task.store) / path for path in files] for name, files in task.files.items()}
    module, name = task.function.split(":")
    digests = {Path(task.store) / path: sha256 for path, sha256 in task.digests.items()}
    given = Given(task.part, task.settings, paths, task.extra, care, tell, digests)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a worker's warnings reach nobody; what matters stands in the errors table
        made = getattr(importlib.import_module(module), name)(given)
    facts = made.pop("facts", {})
    if care.set_aside:
        rows = [(row.article_id, task.stage, row.error, row.message) for row in care.set_aside.values()]
        made["errors"] = pd.DataFrame(rows, columns=ERROR_COLUMNS, dtype=str)
    files: dict[str, Sequence[Any]] = {
        name: write_part(task.store, name if isinstance(table, pd.DataFrame) else f"{task.stage}-{name}",
                         task.part, task.key, table)
        for name, table in made.items()
    }  # fmt: skip
    receipt = Receipt(
        task.stage,
        task.part,
        task.key,
        files,
        facts,
        len(care.set_aside),
        time.perf_counter() - start,
        time.process_time() - used,
        peak_megabytes(),
        task.bounds,
    )
    write_receipt(task.store, receipt)
    return tuple(receipt)


@cache
def _warm_up() -> None:
    """Load the compiled comparison, so that the first article does not seem to take long."""
    from helpers.comparison.alignment.align import align

    align("one word", "another word")


def _bound_memory(megabytes: int) -> None:
    """Let an allocation that goes too far fail in this process, before the machine runs out of memory."""
    if megabytes and sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000, hard))
    elif megabytes:
        _watch_memory(megabytes)


@cache
def _watch_memory(megabytes: int) -> None:
    watch_memory(megabytes * 1_000_000)
