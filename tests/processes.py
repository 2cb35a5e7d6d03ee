"""Work that two people do at once, for the tests that nothing of it is lost."""

import multiprocessing
from collections.abc import Callable, Iterable
from pathlib import Path


def at_once(work: Callable, folder: Path, names: Iterable[str]) -> None:
    """Run `work(folder, name, together)` once a name, each in its own process; `together` starts them at once."""
    spawn = multiprocessing.get_context("spawn")
    names = list(names)
    together = spawn.Barrier(len(names))
    processes = [spawn.Process(target=work, args=(str(folder), name, together)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
