"""A plain function goes in; the same function as machine code comes out, kept on disk until any of our sources changes.

Numba's own cache looks at the file a function stands in and not at the files of the functions that it calls. After
an update it would go on with old prices. So the folder of the cache is named after the sources of all modules.
"""

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from numba import config, njit

PACKAGE = Path(__file__).parents[1]


def compiled(function: Callable) -> Callable:
    """Compile a function at its first call, or take what an earlier process compiled from the same sources."""
    settings: Any = config  # numba makes its settings when it is imported
    was, settings.CACHE_DIR = settings.CACHE_DIR, str(CACHE)
    try:
        return njit(function, cache=True, nogil=True, error_model="numpy")
    finally:
        settings.CACHE_DIR = was


def _cache_folder() -> Path:
    """The folder for these sources: beside them, or among temporary files where the package can't be written to."""
    sources = [path.read_bytes() for path in sorted(PACKAGE.rglob("*.py"))]
    digest = sha256(b"\0".join([source for source in sources if b"@compiled" in source])).hexdigest()
    for parent in (
        PACKAGE / "__pycache__",
        Path(gettempdir()) / f"unspun-{os.getuid() if hasattr(os, 'getuid') else ''}",
    ):
        folder = parent / f"compiled-{digest[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        for old in parent.glob("compiled-*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
        return folder
    raise OSError(f"No folder to keep compiled code in. Mend: make {PACKAGE / '__pycache__'} writable.")


CACHE = _cache_folder()
