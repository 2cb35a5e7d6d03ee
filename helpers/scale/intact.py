"""What a store holds goes in; it comes out as it was written, or an error names the file that is not so, and the mend.

Every file of a store is known by the SHA-256 of its contents, the store's own records by one that stands in them.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

MEND = "Mend: run at_scale again with the same corpus and store; what is damaged is made anew, what is whole stays."
OWN = "sha256"  # of a record, in the record


class StoreError(ValueError):
    """A store cannot be read or written; the message names the folder or file and the mend."""


class DamagedError(StoreError):
    """A file of a store is not what was written."""

    def __init__(self, path: str | Path, why: str = "its contents are not those that were written") -> None:
        """Name the file, and what is wrong with it."""
        super().__init__(f"{path} is damaged ({why}). {MEND}")


def read_intact(path: Path, sha256: str) -> bytes:
    """Return the contents of a file; raises `DamagedError` where they have another digest, or it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(path, error.strerror or str(error)) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedError(path)
    return content


def is_intact(path: Path, sha256: str) -> bool:
    """Tell whether a file has the contents with this digest; it is read block by block."""
    return digest_of_file(path) == sha256


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's contents; empty for one that cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def as_record(content: dict[str, Any], **how: Any) -> str:
    """Return a record as JSON that has its own digest in it."""
    return json.dumps({**content, OWN: _digest(content)}, ensure_ascii=False, **how)


def read_record(path: Path) -> dict[str, Any]:
    """Return a record that `as_record` wrote; raises `DamagedError`, and FileNotFoundError where it is not there."""
    try:
        content = json.loads(path.read_bytes())
        if content.pop(OWN, "") != _digest(content):
            raise DamagedError(path)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise error if isinstance(error, DamagedError) else DamagedError(path, str(error)[:200]) from None
    return content


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
