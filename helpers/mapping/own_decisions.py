"""A corpus goes in; the mapping folder in which its user decides comes out: its own, or a copy of the shipped one.

What comes with the program is never written to by whoever tries it: decisions about its corpus go into a folder of
the user's, `my-decisions/` beside it, which begins as a copy.
"""

import os
from pathlib import Path

from helpers.files.atomic import write_file
from helpers.mapping.ledger import Decision, Ledger
from helpers.mapping.table import DECISIONS, PROPOSALS, MappingTable

FOLDER = "my-decisions"
ELSEWHERE = "UNSPUN_DECISIONS"  # names another folder: for tests, and whoever keeps decisions elsewhere


def my_decisions(corpus: str | Path) -> Path:
    """Return the mapping folder in which you decide about a corpus: `mapping/` in it, if the corpus is your own.

    For the corpus that comes with Unspun it is `my-decisions/` beside it, made as a copy with its proposals and
    decisions. What was decided there since (by an update of Unspun) is added each time; your decisions stay. Raises
    `MappingError` where your log cannot be read, or your folder not be written.
    """
    corpus = Path(corpus).expanduser()
    shipped = corpus / "mapping"
    if not comes_with_unspun(corpus):
        return shipped
    mine = Path(os.environ.get(ELSEWHERE) or corpus.parent / FOLDER)
    MappingTable.open(mine).log.take(_decided(shipped / DECISIONS))
    if (shipped / PROPOSALS).exists() and not (mine / PROPOSALS).exists():
        write_file(mine / PROPOSALS, (shipped / PROPOSALS).read_bytes())
    return mine


def _decided(log: Path) -> list[Decision]:
    """The lines of a log, which is only read: to open it would mend its end."""
    ledger = Ledger()
    if log.exists():
        ledger.feed(log.read_bytes().splitlines(), 1)
    return ledger.lines


def comes_with_unspun(corpus: Path) -> bool:
    """Tell whether a corpus is the one that lies beside the notebooks of the program."""
    place = corpus.resolve()
    return place.name == "corpus" and (place.parent / "notebooks").is_dir()
