"""Other users of the computer, and computers of other kinds: `make faults KINDS=computer` prints the counts.

Each try is a real one: a process that becomes another user (root must begin it), folders that belong to a third, with
code in them that says when it runs, a home on a disk of 64 kB. `double` stands for the comparison, which takes a minute
to compile.
"""

import multiprocessing
import os
import pickle
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import advisories
import other_systems
from attempts import Attempts
from faults_decisions import small_disk
from numba import njit

from helpers.text import compiled

NOBODY, STRANGER = 65534, 54321  # the user who is attacked, and the one who attacks
FORK = multiprocessing.get_context("fork")
NEEDS_ROOT = "only root can become another user"


def double(number):
    return 2 * number


class Use(NamedTuple):
    """What came of using compiled code: the result, how often it was found and made, the words, the own folder."""

    result: object
    found: int
    made: int
    said: list[str]
    own: Path | None


class Evil:
    """What is unpickled says so in a file."""

    def __init__(self, says: Path) -> None:
        self.says = str(says)

    def __reduce__(self):
        return Path.touch, (Path(self.says),)


def may_become_others() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def installation(home: Path) -> Path:
    """A package with compiled code in it, as far as the cache looks at one, where everybody can read it."""
    home.chmod(0o755)
    package = home / "installation" / "helpers"
    package.mkdir(parents=True)
    (package / "module.py").write_text("# @compiled\n", encoding="utf-8")
    return package


def home_of(user: int, home: Path) -> Path:
    """A home folder of a user's own."""
    folder = home / f"home-{user}"
    folder.mkdir(mode=0o755, exist_ok=True)
    os.chown(folder, user, user)
    return folder


def use(package: Path, environment: dict[str, str]) -> Use:
    """Compile `double`, or take what is kept of it, as this user."""
    for name in ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "HOME"):
        os.environ.pop(name, None)
    os.environ.update(environment)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compiled._said.clear()
        places = compiled.folders(package)
        dispatcher = njit(double)
        dispatcher._cache = compiled._KeptCode(double, places)
        result = dispatcher(21)
    found, made = (sum(counts.values()) for counts in (dispatcher.stats.cache_hits, dispatcher.stats.cache_misses))
    return Use(result, found, made, [str(warning.message) for warning in caught], places.own)


def as_user(user: int, work: Callable, *arguments):
    """What a function returns in a process that belongs to a user."""
    njit(double)(1)  # whatever numba loads late is loaded now: another user may not be able to read it
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_answer, args=(there, user, work, *arguments))
    process.start()
    there.close()
    try:
        answer = here.recv()
    finally:
        process.join(120)
    if isinstance(answer, Exception):
        raise answer
    return answer


def _answer(said, user: int, work: Callable, *arguments) -> None:
    try:
        if user != os.geteuid():
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        said.send(work(*arguments))
    except Exception as error:
        said.send(error)


def in_its_folder(package: Path, parent: Path) -> Path:
    """Where the code of `double` is looked for below a folder."""
    return parent / f"compiled-{compiled._digest(package)}"


def plant(folder: Path, says: Path, owner: int = STRANGER) -> None:
    """Put code into a folder which says so in a file when it runs."""
    says.parent.mkdir(exist_ok=True)
    says.parent.chmod(0o777)
    cache = compiled._cache_in(folder)(double)
    index = Path(cache._cache_file._index_path)
    index.parent.mkdir(parents=True, exist_ok=True)
    index.write_bytes(pickle.dumps(Evil(says)))
    for place in (folder, index.parent, index):
        os.chown(place, owner, owner)


# Where code is planted: each gives the environment of the one who is attacked.


def in_the_shared_temporary_folder(package: Path, home: Path, says: Path) -> dict[str, str]:
    shared = home / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    plant(in_its_folder(package, shared / f"unspun-{NOBODY}"), says)
    return {"HOME": str(home_of(NOBODY, home)), "TMPDIR": str(shared)}


def beside_the_sources(package: Path, home: Path, says: Path) -> dict[str, str]:
    (package / "__pycache__").mkdir()
    (package / "__pycache__").chmod(0o1777)
    plant(in_its_folder(package, package / "__pycache__"), says)
    return {"HOME": str(home_of(NOBODY, home))}


def in_a_folder_beside_the_sources_that_all_may_write(package: Path, home: Path, says: Path) -> dict[str, str]:
    folder = in_its_folder(package, package / "__pycache__")
    plant(folder, says)
    os.chown(folder, 0, 0)
    folder.chmod(0o777)
    return {"HOME": str(home_of(NOBODY, home))}


def in_the_cache_of_the_user(package: Path, home: Path, says: Path) -> dict[str, str]:
    mine = home_of(NOBODY, home)
    plant(in_its_folder(package, mine / ".cache" / "unspun"), says)
    return {"HOME": str(mine)}


def in_a_cache_that_all_may_write(package: Path, home: Path, says: Path) -> dict[str, str]:
    mine = home_of(NOBODY, home)
    folder = in_its_folder(package, mine / ".cache" / "unspun")
    plant(folder, says)
    for place in (folder, folder.parent, folder.parent.parent):
        os.chown(place, NOBODY, NOBODY)
    folder.chmod(0o777)
    return {"HOME": str(mine)}


def in_own_cache(package: Path, home: Path, says: Path) -> tuple[Path, Path]:
    """Plant code in a cache that is the user's own; return the home and the folder of the code."""
    mine = home_of(NOBODY, home)
    folder = in_its_folder(package, mine / ".cache" / "unspun")
    plant(folder, says, owner=NOBODY)
    for place in (folder.parent, folder.parent.parent):
        os.chown(place, NOBODY, NOBODY)
    return mine, folder


def below_a_folder_that_all_may_write(package: Path, home: Path, says: Path) -> dict[str, str]:
    """Whoever may write to ~/.cache can put another `unspun` there, also between a look and the reading."""
    mine, folder = in_own_cache(package, home, says)
    folder.parents[1].chmod(0o777)
    return {"HOME": str(mine)}


def in_a_file_that_all_may_write(package: Path, home: Path, says: Path) -> dict[str, str]:
    mine, folder = in_own_cache(package, home, says)
    next(folder.rglob("*.nbi")).chmod(0o666)
    return {"HOME": str(mine)}


def behind_a_link(package: Path, home: Path, says: Path) -> dict[str, str]:
    mine, theirs = home_of(NOBODY, home), home_of(STRANGER, home)
    plant(in_its_folder(package, theirs / "unspun"), says)
    (mine / ".cache").mkdir()
    (mine / ".cache" / "unspun").symlink_to(theirs / "unspun")
    for place in (mine / ".cache", mine / ".cache" / "unspun"):
        os.chown(place, NOBODY, NOBODY, follow_symlinks=False)
    return {"HOME": str(mine)}


def behind_a_link_of_a_stranger(package: Path, home: Path, says: Path) -> dict[str, str]:
    """The link leads to a folder of the user's own, today."""
    shared, mine = home / "shared", home_of(NOBODY, home)
    shared.mkdir()
    shared.chmod(0o1777)
    plant(in_its_folder(package, mine / "work" / "unspun"), says, owner=NOBODY)
    for place in (mine / "work", mine / "work" / "unspun"):
        os.chown(place, NOBODY, NOBODY)
    (shared / "cache").symlink_to(mine / "work")
    os.chown(shared / "cache", STRANGER, STRANGER, follow_symlinks=False)
    return {"HOME": str(home / "none"), "XDG_CACHE_HOME": str(shared / "cache")}


def where_the_user_said(package: Path, home: Path, says: Path) -> dict[str, str]:
    shared = home / "shared"
    shared.mkdir()
    plant(in_its_folder(package, shared), says)
    shared.chmod(0o777)
    return {"HOME": str(home_of(NOBODY, home)), "NUMBA_CACHE_DIR": str(shared)}


PLANTS = [
    in_the_shared_temporary_folder, beside_the_sources, in_a_folder_beside_the_sources_that_all_may_write,
    in_the_cache_of_the_user, in_a_cache_that_all_may_write, below_a_folder_that_all_may_write,
    in_a_file_that_all_may_write, behind_a_link, behind_a_link_of_a_stranger, where_the_user_said,
]  # fmt: skip


def planted(home: Path, where: Callable) -> tuple[Use, bool]:
    """What comes of a plant: how the code was used, and whether what was planted ran."""
    package, says = installation(home), home / "said" / "it-ran"
    used = as_user(NOBODY, use, package, where(package, home, says))
    return used, says.exists()


def planted_everywhere(home: Path) -> Attempts:
    """Plant code in all places; none of it may run, and the result must be right."""
    wrong, said = 0, ""
    for number, where in enumerate(PLANTS):
        folder = home / str(number)
        folder.mkdir(mode=0o755)
        used, ran = planted(folder, where)
        wrong += ran or used.result != 42
        said = said or "".join(used.said[:1])
    return Attempts("code of another user, planted", len(PLANTS), wrong=wrong, said=said)


# Two users of one installation


def compiled_by_its_owner(home: Path) -> tuple[Path, Use]:
    """An installation that was compiled by the one who made it."""
    package = installation(home)
    return package, as_user(os.geteuid(), use, package, {"HOME": str(home)})


def two_users(home: Path) -> list[Use]:
    """What one user compiled serves the next; what is missing that one keeps for itself, twice asked."""
    package, first = compiled_by_its_owner(home)
    mine = {"HOME": str(home_of(NOBODY, home))}
    second = as_user(NOBODY, use, package, mine)
    for code in package.rglob("*.nb?"):
        code.unlink()
    return [first, second, as_user(NOBODY, use, package, mine), as_user(NOBODY, use, package, mine)]


def nowhere_to_write(home: Path) -> list[Use]:
    """A read-only installation, compiled and not, for users without a home, or with one that is not theirs."""
    package, _ = compiled_by_its_owner(home)
    (home / "not-mine").mkdir(mode=0o755)
    homes = [{}, {"HOME": ""}, {"HOME": "."}, {"HOME": str(home / "none")}, {"HOME": str(home / "not-mine")}]
    found = [as_user(NOBODY, use, package, mine) for mine in homes]
    for code in package.rglob("*.nb?"):
        code.unlink()
    return found + [as_user(NOBODY, use, package, mine) for mine in homes]


def on_a_full_disk(home: Path) -> list[Use]:
    """A home on a disk that is full, or soon is; none where no disk can be mounted."""
    package, found = installation(home), []
    for pages in (16, 14):  # of 4 kB, of the disk's 16
        mine = home / f"disk-{pages}"
        with small_disk(mine) as mounted:
            if mounted:
                os.chown(mine, NOBODY, NOBODY)
                (mine / "full").write_bytes(bytes(pages * 4096))
                found.append(as_user(NOBODY, use, package, {"HOME": str(mine)}))
    return found


def cut_off(home: Path, step: int = 1) -> list[Use]:
    """Cut what is kept at every few bytes, as a power cut does: it is compiled anew, and the next finds it whole."""
    package, _ = compiled_by_its_owner(home)
    found = []
    for path in sorted(package.rglob("*.nb?")):
        whole = path.read_bytes()
        for cut in range(0, len(whole), max(1, len(whole) // step)):
            path.write_bytes(whole[:cut])
            found.append(as_user(os.geteuid(), use, package, {"HOME": str(home)}))
            found.append(as_user(os.geteuid(), use, package, {"HOME": str(home)}))
    return found


# Other systems, and a source of advisories


def on_another_system() -> Attempts:
    """Import each module where what Windows lacks is gone, one after the other."""
    names = other_systems.modules()
    code = (
        f"import traceback\nfor name in {names!r}:\n    try:\n        importlib.import_module(name)\n"
        "    except BaseException:\n        print(name, traceback.format_exc().splitlines()[-1])\n"
    )
    failed = other_systems.without_linux(code).splitlines()
    return Attempts(
        "modules imported without what only Linux has", len(names), wrong=len(failed), said="".join(failed[:1])
    )


def only_linux_in_sources() -> Attempts:
    """Look in each source for what only Linux has and is not asked for first."""
    found = [
        line
        for path in other_systems.sources()
        for line in other_systems.only_on_linux(path.read_text(encoding="utf-8"))
    ]
    return Attempts("sources that take for granted what only Linux has", len(other_systems.sources()), wrong=len(found))


def answers_of_a_source() -> Attempts:
    """Ask a source of advisories that answers in every way."""
    wrong, hung, said = 0, 0, ""
    for how in advisories.WAYS:
        begun = time.monotonic()
        status, lines = advisories.asked(how)
        hung += time.monotonic() - begun > 20
        wrong += status != advisories.SHOULD.get(how, advisories.NOT_CHECKED)
        said = lines[0]
    return Attempts("answers of a source of advisories", len(advisories.WAYS), wrong=wrong, hung=hung, said=said)


def attempts(home: Path) -> Iterator[Attempts]:
    """Try all of it in full number, and yield what came of it."""
    if may_become_others():
        yield from _with_others(home)
    else:
        yield Attempts("other users of the computer", 0, said=f"not tried: {NEEDS_ROOT}")
    yield on_another_system()
    yield only_linux_in_sources()
    yield answers_of_a_source()


def _with_others(home: Path) -> Iterator[Attempts]:
    home.chmod(0o755)
    places = iter(home / name for name in ("planted", "two", "nowhere", "full", "cut"))

    def place() -> Path:
        folder = next(places)
        folder.mkdir(mode=0o755)
        return folder

    yield planted_everywhere(place())
    uses = two_users(place())
    wrong = sum(used.result != 42 for used in uses) + [used.found for used in uses].count(0) - 2
    yield Attempts("two users of one installation", len(uses), wrong=abs(wrong), said=str([u.found for u in uses]))
    uses = nowhere_to_write(place())
    wrong = sum(used.result != 42 or (used.made and not used.said) for used in uses)
    yield Attempts("a read-only installation, and nowhere to write", len(uses), wrong=wrong, said=uses[-1].said[-1])
    uses = on_a_full_disk(place())
    wrong = sum(used.result != 42 or not used.said for used in uses)
    said = uses[-1].said[-1] if uses else "not tried: no disk could be mounted"
    yield Attempts("a home on a full disk", len(uses), wrong=wrong, said=said)
    uses = cut_off(place(), 40)
    wrong = sum(used.result != 42 for used in uses) + sum(not used.found for used in uses[1::2])
    yield Attempts("compiled code that was cut off", len(uses), wrong=wrong)
