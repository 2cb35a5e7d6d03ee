"""A notebook that was run on this machine goes in; the same fit to publish comes out: no path of it, no address.

papermill writes the folders it worked in into the notebook, Python writes them into what it says of an error, and the
name of a person's account stands in most of them. A folder of the report is named as seen from the notebook, all
others by a word.
"""

import getpass
import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpers.display.masking import mask
from helpers.files.atomic import write_file

PICTURES = re.compile(r"image/(?!svg)")
ROOT = Path(__file__).parents[2]
# Any other absolute path: two folders or more, where no word and no web address goes on.
OTHER = re.compile(r"(?<![\w:/.<>\"'])(?:[A-Za-z]:)?(?:[/\\]{1,2}[\w.@+ -]*[\w.@+-]){3,}")
PARTED = re.compile(r"[/\\]")
OF_MACHINE = re.compile(r"^(?:[A-Za-z]:)?[/\\]+(?:home|Users|root|tmp|var|usr|opt|private|mnt|work|srv|etc|run)\b")


def publish_notebook(path: Path, corpus: Path, folder: Path | None = None) -> Path:
    """Rewrite a notebook in one step, and return its path.

    `corpus` is the folder that was compared, `folder` that of the report; where nothing is said, the notebook's.
    Raises ValueError where the file is no notebook.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook.get("metadata", {}).pop("papermill", None)
    for cell in notebook.get("cells", []):
        cell.get("metadata", {}).pop("papermill", None)
        cell.get("metadata", {}).pop("execution", None)
    said = _without_paths((folder or path.parent).resolve(), corpus)
    write_file(
        path, json.dumps(_rewritten(notebook, lambda text: mask(said(text))), ensure_ascii=False, indent=1) + "\n"
    )
    return path


def _without_paths(folder: Path, corpus: Path) -> Callable[[str], str]:
    """What puts other words in the place of this machine's folders."""
    names = {
        folder: ".", folder.parent: "..", corpus.resolve(): corpus.resolve().name, ROOT: "unspun",
        Path(sys.prefix): "python", Path(sys.base_prefix): "python", Path(tempfile.gettempdir()): "tmp",
        Path.home(): "~",
    }  # fmt: skip
    written = {
        form: name
        for place, name in names.items()
        if len(place.parts) > 1
        for form in (str(place), place.as_posix(), str(place).replace("\\", "\\\\"))
    }
    longest = sorted(written, key=len, reverse=True)
    known = re.compile("|".join(rf"(?<!\w)(?:file://)?{re.escape(form)}(?![\w-])" for form in longest))
    user = re.compile(rf"(?<![\w.@-]){re.escape(_user())}(?![\w-])") if len(_user()) > 3 else None

    def said(text: str) -> str:
        text = known.sub(lambda match: written[match[0].removeprefix("file://")], text)
        text = OTHER.sub(lambda match: _last(match[0]), text)
        return user.sub("user", text) if user else text

    return said


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody, in some containers
        return ""


def _last(path: str) -> str:
    """A path of the machine, but for its last part; anything else as it is."""
    return f"…/{PARTED.split(path)[-1]}" if OF_MACHINE.match(path) else path


def _rewritten(part: Any, said: Callable[[str], str]) -> Any:
    """Every text in a notebook, rewritten; pictures apart. Lines that were parted are read as one text."""
    if isinstance(part, str):
        return said(part)
    if isinstance(part, list):
        if part and all(isinstance(line, str) for line in part):
            return (
                said("".join(part)).splitlines(keepends=True)
                if any("\n" in line for line in part)
                else [said(line) for line in part]
            )
        return [_rewritten(one, said) for one in part]
    if isinstance(part, dict):
        return {name: one if PICTURES.match(name) and isinstance(one, str) else _rewritten(one, said)
                for name, one in part.items()}  # fmt: skip
    return part
