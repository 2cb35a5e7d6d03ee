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
from typing import TypeVar, cast

import numba
import numpy as np
from numba import njit
from numpy.typing import NDArray

PACKAGE = Path(__file__).parents[1]

# Arrays by what they hold, for annotations: numba takes no notice of these, readers and type checkers do.
Bools = NDArray[np.bool_]
UInt8s = NDArray[np.uint8]
UInt16s = NDArray[np.uint16]
UInt32s = NDArray[np.uint32]
UInt64s = NDArray[np.uint64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]

Function = TypeVar("Function", bound=Callable)


def compiled(function: Function) -> Function:
    """Compile a function at its first call, or take what an earlier process compiled from the same sources."""
    settings = vars(numba.config)  # numba makes them as it is loaded, so that no type checker knows of them
    was = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = str(CACHE)
    try:
        # What comes out is called as the function is.
        return cast(Function, njit(function, cache=True, nogil=True, error_model="numpy"))
    finally:
        settings["CACHE_DIR"] = was


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
