"""What takes long to make goes in; it comes out again from a file when it was made before."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from helpers.files.atomic import write_file

T = TypeVar("T")


def kept(path: Path | None, make: Callable[[], T]) -> T:
    """Return what is kept in a file of one's own, or make it and keep it there; without a file it is made."""
    if path is not None and path.exists():
        return pickle.loads(path.read_bytes())
    made = make()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
    return made
