"""A folder goes in; who else could have written what lies in it comes out, or a folder that only this user writes to.

What is run or unpickled must be nobody else's work. So a folder for it is looked at before it is used: its owner and
mode, those of what lies in it, and those of every folder and link on the way to it, for whoever may write to one of
them can put another folder in its place. Windows keeps a user's folders from others by itself.
"""

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_cache_path

ROOT = 0
OTHERS, GROUP = stat.S_IWOTH, stat.S_IWGRP
ACL = "system.posix_acl_access"  # where Linux keeps what a folder's mode does not tell of


class FolderError(Exception):
    """A folder that others may write to, or that cannot be used; the message names it and says why."""


def cache_folder() -> Path:
    """Return where this user's programs keep what can be made anew, for Unspun; nothing is made or looked at.

    Raises `FolderError` where the user has no home.
    """
    folder = user_cache_path("unspun", appauthor=False)
    known = [os.environ.get("HOME", os.sep), os.environ.get("XDG_CACHE_HOME", "")]
    if os.name == "posix" and not (folder.is_absolute() and any(map(os.path.isabs, known))):
        raise FolderError(f"{folder}: it is not known where your home folder is (HOME)")
    return folder


def private_folder(folder: Path) -> Path:
    """Make a folder that only this user can read and write, and return it as it is without links.

    Raises `FolderError` where somebody else could have written to it, and where it cannot be written to.
    """
    try:
        folder = _without_links(folder)
        missing = [place for place in [folder, *folder.parents] if not place.exists()]
        for place in reversed(missing):
            place.mkdir(mode=0o700, exist_ok=True)
        reason = others_work(folder, trusted=_trusted())
        if reason:
            raise FolderError(reason)
        if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) != 0o700:
            folder.chmod(0o700)  # nobody could write to it; now nobody else reads it either
        try_to_write(folder)
    except FolderError:
        raise
    except OSError as error:
        raise FolderError(f"{folder}: {error.strerror}") from error
    return folder


def try_to_write(folder: Path) -> None:
    """Write something into a folder and take it away. Raises OSError where that fails, also for a full disk."""
    with tempfile.TemporaryFile(dir=folder) as trial:
        trial.write(bytes(4096))
        trial.flush()
        os.fsync(trial.fileno())


def _without_links(folder: Path) -> Path:
    """The folder itself, where every link on the way to it was set by somebody who is trusted."""
    path = Path(os.path.abspath(folder))
    for place in [path, *path.parents]:
        if place.is_symlink() and (reason := _not_trusted(place, os.lstat(place), _trusted())):
            raise FolderError(reason)
    for place in path.parents:
        if place.exists() and (reason := _way_in(place, _trusted())):
            raise FolderError(reason)
    return path.resolve()


def others_work(folder: Path, trusted: Iterable[int], top: Path | None = None) -> str:
    """Return why somebody else could have written what lies in a folder; nothing where nobody could.

    `trusted` are the users that may have. What lies on the way is looked at up to `top`, or to the root. `folder` must
    be there, and be no link.
    """
    if os.name != "posix":
        return ""
    trusted = set(trusted)
    way = [place for place in folder.parents if top is None or place.is_relative_to(top)]
    reasons = (_way_in(place, trusted) for place in way)
    return next(filter(None, reasons), "") or _in_it(folder, trusted)


def _in_it(place: Path, trusted: set[int]) -> str:
    """Why a file or folder, or what lies in it, can be somebody else's."""
    try:
        status = os.lstat(place)
    except FileNotFoundError:  # another process of ours has just put it in its place
        return ""
    reason = _not_trusted(place, status, trusted)
    if reason or stat.S_ISLNK(status.st_mode):
        return reason or f"{place} is a link, and leads who knows where"
    if others_may_write(place, status):
        return f"{place} can be written to by other users (its mode is {stat.S_IMODE(status.st_mode):04o})"
    if stat.S_ISDIR(status.st_mode):
        return next(filter(None, (_in_it(Path(entry), trusted) for entry in os.scandir(place))), "")
    return ""


def _way_in(place: Path, trusted: set[int]) -> str:
    """Why somebody else can put another folder in the place of one that lies here."""
    status = os.stat(place)
    reason = _not_trusted(place, status, trusted)
    if not reason and others_may_write(place, status) and not status.st_mode & stat.S_ISVTX:
        reason = f"{place} can be written to by other users (its mode is {stat.S_IMODE(status.st_mode):04o})"
    return reason


def _trusted() -> set[int]:
    """This user, and the one who may do everything anyhow."""
    return {ROOT, os.geteuid()} if os.name == "posix" else set()


def _not_trusted(place: Path, status: os.stat_result, trusted: set[int]) -> str:
    if os.name != "posix" or status.st_uid in trusted:
        return ""
    return f"{place} belongs to another user (number {status.st_uid})"


def others_may_write(place: Path, status: os.stat_result) -> bool:
    """Tell whether a file or folder can be written to by anybody but its owner; a group of one counts as its owner."""
    if os.name != "posix":
        return False
    group = bool(status.st_mode & GROUP)
    return bool(status.st_mode & OTHERS) or (group and (_has_acl(place) or not _is_group_of_one(status)))


def _has_acl(place: Path) -> bool:
    """Whether named users or groups may do more than the mode says; it shows them as the group's rights."""
    if not hasattr(os, "getxattr"):
        return False
    try:
        return bool(os.getxattr(place, ACL))
    except OSError:
        return False


def _is_group_of_one(status: os.stat_result) -> bool:
    """Whether a group is its owner's alone, as most systems give each user one of the same name."""
    try:
        import grp
        import pwd
    except ImportError:
        return False
    try:
        user, group = pwd.getpwuid(status.st_uid), grp.getgrgid(status.st_gid)
    except KeyError:
        return False
    return user.pw_name == group.gr_name and user.pw_gid == group.gr_gid and set(group.gr_mem) <= {user.pw_name}
