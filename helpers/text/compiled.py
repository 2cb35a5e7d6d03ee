"""A plain function goes in; the same function as machine code comes out, kept on disk until any of our sources changes.

Numba's own cache looks at the file a function stands in and not at the files of the functions that it calls. After
an update it would go on with old prices. So the folder of the cache is named after the sources of all modules. It
lies beside them, where whoever installs Unspun compiles it once for all; what another user's machine still lacks is
kept in a folder of that user's own. Machine code is run only where nobody could have written it who could not write
the sources too: numba unpickles what it finds.
"""

import contextlib
import os
import shutil
import time
import warnings
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numba import njit, types
from numba.core import caching
from numba.core.runtime import rtsys
from numpy.typing import NDArray

from helpers.files.private_folder import ROOT, FolderError, cache_folder, others_work, private_folder, try_to_write

PACKAGE = Path(__file__).parents[1]
BESIDE = PACKAGE / "__pycache__"
DAYS = 60  # what was compiled from other sources is kept so long in a user's own folder, where several copies share it
MEND = (
    "Mend: give yourself room and the right to write there (chmod 700 for a folder of yours), or name a folder of your "
    "own in NUMBA_CACHE_DIR."
)

# Arrays by what they hold, for annotations: numba takes no notice of these, readers and type checkers do.
Bools = NDArray[np.bool_]
Int8s = NDArray[np.int8]
UInt8s = NDArray[np.uint8]
UInt16s = NDArray[np.uint16]
UInt32s = NDArray[np.uint32]
UInt64s = NDArray[np.uint64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Float32s = NDArray[np.float32]
Floats = NDArray[np.float64]

Function = TypeVar("Function", bound=Callable)


class Folders(NamedTuple):
    """Where compiled code is kept: the folder to write to, if there is one, those to read, and why others are not."""

    own: Path | None
    read: list[Path]
    refused: list[str]


def compiled(function: Function) -> Function:
    """Compile a function at its first call, or take what an earlier process compiled from the same sources."""
    return _compiled(function)


def compiled_in_place(function: Function) -> Function:
    """Compile a function that makes no arrays and returns none: it fills in what it is handed.

    Numba counts who holds an array, at every view of one; here nobody does. A loop that hands views on to others spends
    a fifth of its time on that.
    """
    return _compiled(function, _nrt=False)


def compiled_within(function: Function) -> Function:
    """Compile a function as `compiled_in_place` does, into those that call it.

    What is handed on to a function goes there number by number, an array as seven of them and the prices as forty: for
    a small function in a long loop, or one of many arguments, that takes longer than its work.
    """
    return _compiled(function, _nrt=False, forceinline=True)


def _compiled(function: Function, **options: Any) -> Function:
    dispatcher = njit(nogil=True, error_model="numpy", **options)(function)
    dispatcher._cache = _KeptCode(function, FOLDERS)  # type: ignore[attr-defined]  # as `cache=True` does, elsewhere
    _take_plain_types(dispatcher)
    return cast(Function, dispatcher)  # what comes out is called as the function is


def _take_plain_types(dispatcher: Any) -> None:
    """Compile a function once for all numbers that stand in calls (0, 1): numba would do so anew for each of them."""
    template = dispatcher.get_call_template

    def plain(arguments: tuple, keywords: dict) -> tuple:
        named = {name: types.unliteral(kind) for name, kind in keywords.items()}
        return template(tuple(map(types.unliteral, arguments)), named)

    dispatcher.get_call_template = plain


def is_compiled() -> bool:
    """Tell whether anything was compiled from these sources before, so that the first use will not take a minute."""
    return any(any(folder.rglob("*.nbi")) for folder in FOLDERS.read)


def folders(package: Path = PACKAGE) -> Folders:
    """Return the folders for these sources, made where they can be."""
    name = f"compiled-{_digest(package)}"
    beside = _beside_the_sources(package, name)
    named = os.environ.get("NUMBA_CACHE_DIR")  # not numba's setting, which a file in any folder one works in can change
    refused: list[str] = []
    own = _own(lambda: Path(named) / name, refused) if named else beside if beside and _can_write(beside) else None
    if named and own is None:
        warnings.warn(f"NUMBA_CACHE_DIR: {refused[0]}; it is not used. {MEND}", stacklevel=2)
    own = own or _own(lambda: cache_folder() / name, refused)
    if own:
        _tidy(own, shared=own != beside)
    return Folders(own, list(dict.fromkeys(filter(None, [own, beside]))), refused)


def _digest(package: Path) -> str:
    sources = [path.read_bytes() for path in sorted(package.rglob("*.py"))]
    return sha256(b"\0".join([source for source in sources if b"@compiled" in source])).hexdigest()[:16]


def _beside_the_sources(package: Path, name: str) -> Path | None:
    """The folder beside the sources, where only those can have written to it who could write to the sources."""
    folder = package / "__pycache__" / name
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        trusted = {ROOT, os.geteuid(), package.stat().st_uid} if os.name == "posix" else set()
        is_safe = folder.is_dir() and not others_work(folder, trusted, top=package / "__pycache__")
        return folder if is_safe else None
    except OSError:  # there is none, or it may not be looked into
        return None


def _can_write(folder: Path) -> bool:
    try:
        try_to_write(folder)
    except OSError:
        return False
    return True


def _own(place: Callable[[], Path], refused: list[str]) -> Path | None:
    """A folder that only this user can write to, None where there can be none; the reason goes to `refused`."""
    try:
        return private_folder(place())
    except FolderError as error:
        refused.append(str(error))
        return None


def _tidy(own: Path, shared: bool) -> None:
    """Take away what was compiled from older sources; in a folder that copies of Unspun share, after some time."""
    with contextlib.suppress(OSError):
        os.utime(own)
        for old in own.parent.glob("compiled-*"):
            if old != own and not (shared and time.time() - old.stat().st_mtime < DAYS * 86_400):
                shutil.rmtree(old, ignore_errors=True)


class _Place(caching._SourceFileBackedLocatorMixin, caching._CacheLocator):
    """Where numba keeps what it compiles of a function: below `folder`, which was looked at before."""

    folder: Path

    def __init__(self, function: Callable, file: str) -> None:
        self._py_file, self._lineno = file, function.__code__.co_firstlineno

    @classmethod
    def from_function(cls, function: Callable, file: str) -> "_Place":
        return cls(function, file)

    def get_cache_path(self) -> str:
        return os.path.join(self.folder, self.get_suitable_cache_subpath(self._py_file))

    def ensure_cache_path(self) -> None:
        os.makedirs(self.get_cache_path(), exist_ok=True)


@cache
def _cache_in(folder: Path) -> type[caching.FunctionCache]:
    """Numba's cache of functions, in a folder."""
    place = type("Place", (_Place,), {"folder": folder})
    files = type("Files", (caching.CompileResultCacheImpl,), {"_locator_classes": [place]})
    return type("Cache", (caching.FunctionCache,), {"_impl_class": files})


class _KeptCode(caching.NullCache):
    """What is kept of a function: read from each folder in turn, written to this user's."""

    def __init__(self, function: Callable, places: Folders) -> None:
        self._places = places
        settings = vars(numba.config)
        chosen = settings.get("CACHE_LOCATOR_CLASSES")
        settings["CACHE_LOCATOR_CLASSES"] = (
            ""  # else numba would keep it where a setting says, and not look who can write
        )
        try:
            self._caches = {folder: _cache_in(folder)(function) for folder in places.read}
        finally:
            settings["CACHE_LOCATOR_CLASSES"] = chosen

    @property
    def cache_path(self) -> str | None:
        return str(self._places.own) if self._places.own else None

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return what was compiled for these types, None where nothing was, or where it cannot be read."""
        rtsys.initialize(target)  # the memory of arrays: all that code needs which is not to be compiled any more
        for folder, code in self._caches.items():
            try:
                # Its public name first imports everything that one may compile with: half of a first call's time.
                found = code._load_overload(signature, target)
            except Exception:  # a file that was not written to its end: it is compiled anew, in its place
                found = None
                if folder == self._places.own:
                    with contextlib.suppress(OSError):
                        code.flush()
            if found is not None:
                return found
        return None

    def save_overload(self, signature: Any, data: Any) -> None:
        """Keep what was compiled; where that cannot be, say so once and go on."""
        if self._places.own is None:
            return _say_that_nothing_is_kept("; ".join(self._places.refused))
        try:
            self._caches[self._places.own].save_overload(signature, data)
        except OSError as error:
            _say_that_nothing_is_kept(f"{self._places.own}: {error.strerror}")

    def flush(self) -> None:
        """Forget what was kept."""
        if self._places.own:
            self._caches[self._places.own].flush()


_said: list[str] = []


def _say_that_nothing_is_kept(why: str) -> None:
    if not _said:
        _said.append(why)
        warnings.warn(
            f"Compiled code cannot be kept ({why}). The comparison works all the same; every process compiles it "
            f"anew, which takes about a minute. {MEND}",
            stacklevel=2,
        )


FOLDERS = folders()
