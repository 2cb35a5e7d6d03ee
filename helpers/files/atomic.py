"""A path and its content go in; the file is there when the call returns, whole or not at all."""

import os
from pathlib import Path


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file in one step: whole or not at all, line breaks as they are."""
    content = content.encode() if isinstance(content, str) else content
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with open(draft, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
