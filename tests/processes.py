"""Work that two people do at once, for the tests that nothing of it is lost."""

import multiprocessing
from collections.abc import Callable, Iterable
from pathlib import Path


def at_once(work: Callable, folder: Path, names: Iterable[str], *more) -> None:
    """Run `work(folder, name, together, *more)` once a name, each in a process of its own, all begun at once.

    `together` is the barrier at which they wait for each other.
    """
    spawn = multiprocessing.get_context("spawn")
    names = list(names)
    together = spawn.Barrier(len(names))
    processes = [spawn.Process(target=work, args=(str(folder), name, together, *more)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join(600)
