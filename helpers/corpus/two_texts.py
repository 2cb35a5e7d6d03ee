"""Two texts, or two files, go in; a table of two articles comes out, the spun one with its reference."""

from pathlib import Path
from typing import cast

import pandas as pd

from helpers.corpus.articles_table import articles_table
from helpers.corpus.formats.read import read
from helpers.files.problems import CorpusError, Problem

SPUN, REFERENCE = "spun", "reference"


def two_texts(spun: str | Path, reference: str | Path) -> pd.DataFrame:
    """Return the two as a table of articles, with the ids `spun` and `reference`; nothing is stored.

    A path is a file of any form that `read` knows, with one article in it. A `str` with a line break or a space in it,
    of which there is no such file, is the text itself. Raises `CorpusError`, which names the file and the mend.

    >>> two_texts("The military met.", "The army met.")["text"].tolist()
    ['The military met.', 'The army met.']
    """
    rows = [_row(source, role) for source, role in ((spun, SPUN), (reference, REFERENCE))]
    return articles_table([{**rows[0], "reference_id": REFERENCE}, rows[1]])


def _row(source: str | Path, role: str) -> dict[str, object]:
    fixed = {"article_id": role, "role": role}
    if _is_text(source):
        return {**fixed, "text": str(source)}
    path = Path(source)
    table = read(path, role=role)
    if len(table) != 1:
        told = [Problem(**problem) for problem in table.attrs["problems"]]
        found = f"it holds {len(table):,} articles, and one is wanted." if len(table) else "there is no article in it."
        raise CorpusError(told or [Problem(str(path), 0, found, "name a file with one article’s text.")])
    return {**cast("dict[str, object]", table.iloc[0].to_dict()), **fixed}


def _is_text(source: str | Path) -> bool:
    words = isinstance(source, str) and any(sign.isspace() for sign in source)
    try:
        return words and not Path(source).exists()
    except (OSError, ValueError):  # longer than a name can be
        return True
