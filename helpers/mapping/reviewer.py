"""A name goes in, once; the name of who decides comes out, remembered from one session to the next.

It is kept in the user's own configuration folder, as one line of text. The log of decisions keeps the name that each
line was written with, whatever is remembered later.
"""

import unicodedata
from pathlib import Path

from platformdirs import user_config_path

from helpers.display.masking import is_masked, mask
from helpers.display.visible import visible
from helpers.files.atomic import write_file

FILE = "reviewer.txt"
MOST = 80  # signs of a name; it stands on every line of the log, and beside the bar of what is done
NOBODY = {"you", "me", "i", "myself"}  # say nothing to whoever reads the log later


def reviewer_name(typed: str) -> str:
    """Return a name as it goes into the log: composed (NFC), single spaces, nothing unseen.

    Raises ValueError, with the mend in words, for what names nobody, is shown to nobody (an address), or is no name.

    >>> reviewer_name("  Ana  Núñez ")
    'Ana Núñez'
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not any(sign.isalnum() for sign in name):
        raise ValueError("This is no name. Mend: type the name that shall stand in the log with each decision.")
    if name.casefold() in NOBODY:
        raise ValueError(f"“{name}” names nobody to those who read the log later. Mend: type your name.")
    if visible(name) != name:
        raise ValueError(f"There are signs in it that nobody sees: {visible(name)}. Mend: type the name anew.")
    if is_masked(mask(name)):
        raise ValueError("An address is masked wherever it would be shown. Mend: type a name.")
    if len(name) > MOST:
        raise ValueError(f"It has {len(name):,} signs. Mend: type a name of at most {MOST}.")
    return name


def remembered() -> str:
    """Return the name that was remembered last; nothing where none was, or the file holds none."""
    try:
        return reviewer_name(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""


def remember(name: str) -> str:
    """Keep a name for the sessions to come; return what hindered it, in words, and nothing where nothing did."""
    try:
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(file, f"{name}\n")
    except OSError as error:
        mend = "let yourself write there, or give review(…, who=…)."
        return f"{error.filename or FILE}: the name counts here, but could not be kept ({error.strerror}). Mend: {mend}"
    return ""


def _file() -> Path:
    """Where the name is kept. Raises OSError where it is not known what folder is the user's own."""
    folder = user_config_path("unspun", appauthor=False)
    if not folder.is_absolute():
        raise OSError(None, "it is not known where your home folder is", str(folder))
    return folder / FILE
