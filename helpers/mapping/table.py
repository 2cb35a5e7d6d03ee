"""Substitutions and a person's decisions go in; the mapping table (spun phrase -> original phrase) comes out.

Four files lie in the mapping folder. `decisions.jsonl` is the log of what a person decided, one line an act, only ever
added to; `proposals.csv` is what the corpus proposes and, where somebody asked for it, `field.csv` what the field's
dictionary does and `deciphered.csv` what was read off a site's own pages: all three can be made anew at any time. The
table is folded from all, so no decision is ever overwritten.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers.comparison.kinds import of_a_dictionary
from helpers.comparison.substitutions import find_substitutions
from helpers.corpus.articles import load_articles
from helpers.display.export import write_table
from helpers.files.atomic import write_file
from helpers.mapping.decision_log import COLUMNS as DECISION_COLUMNS
from helpers.mapping.decision_log import DecisionLog, MappingError
from helpers.mapping.field import as_proposals, field_dictionary, field_sightings
from helpers.mapping.ledger import STATUSES, Decision
from helpers.text.spans import fold

DECISIONS, PROPOSALS, FIELD_PROPOSALS = "decisions.jsonl", "proposals.csv", "field.csv"
DECIPHERED = "deciphered.csv"
PROPOSAL_TYPES = {"spun": str, "original": str, "support": int, "articles": int, "sites": int, "share": float}
PROPOSAL_COLUMNS = list(PROPOSAL_TYPES)
COLUMNS = [*PROPOSAL_COLUMNS, "status", "note"]
FIELD_TYPES = {**PROPOSAL_TYPES, "note": str}
# Who else may propose, and how it is made anew; a pair that stands in several files keeps the counts of the first.
OTHERS = {FIELD_PROPOSALS: "MappingTable.propose_field", DECIPHERED: "MappingTable.propose_deciphered"}


def propose(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return one proposed row for each (spun, original) pair: `support` (times seen), `articles`, `sites`, `share`.

    An article is counted by its site and its id, so that two corpora may use the same ids. `share` is the part of this
    spun phrase's uses that stand for this original: 1.0 where it is the only one.

    >>> seen = pd.DataFrame({"spun": ["help", "help", "aid"], "original": ["support", "aid", "help"],
    ...                      "spun_id": ["a", "b", "b"], "site": ["x", "x", "x"]})
    >>> propose(seen)[["spun", "original", "support", "share"]]
       spun original  support  share
    0   aid     help        1    1.0
    1  help      aid        1    0.5
    2  help  support        1    0.5
    """
    substitutions = of_a_dictionary(substitutions)
    seen = substitutions.assign(
        spun=substitutions["spun"].map(fold),
        original=substitutions["original"].map(fold),
        article=substitutions.groupby(["site", "spun_id"], observed=True, dropna=False).ngroup(),
    )
    rows = seen.groupby(["spun", "original"], as_index=False).agg(
        support=("article", "size"), articles=("article", "nunique"), sites=("site", "nunique")
    )
    rows["share"] = rows["support"] / rows.groupby("spun")["support"].transform("sum")
    return rows.sort_values(["support", "spun", "original"], ascending=[False, True, True]).reset_index(drop=True)


class MappingTable:
    """The mapping table in a folder: proposals of the corpus, and the decisions of people."""

    def __init__(self, folder: Path) -> None:
        """Use `MappingTable.open`."""
        self.folder = folder
        self.log = DecisionLog(folder / DECISIONS)

    @classmethod
    def open(cls, folder: str | Path) -> "MappingTable":
        """Open the mapping table in a folder, which is made if it is not there; mends a torn last line of the log.

        Raises `MappingError` where there can be no such folder, or its log cannot be read.
        """
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            mend = "give the name of a folder in which you may write, and of no file."
            raise MappingError(f"{folder}: cannot be used as a folder ({error.strerror}). Mend: {mend}") from None
        return cls(Path(folder))

    @property
    def decisions(self) -> pd.DataFrame:
        """Every act of a person, in the order of the log: `when` (UTC), `who`, `spun`, `original`, `status`, `note`.

        Three more columns tie lines together: `act` (the lines made at once on many rows share its first word),
        `undoes` (the id of the line that this one takes back), and `id`. Raises `MappingError`, which names each line
        of the log that is no decision.
        """
        rows = [(*line, line.id) for line in self.log.ledger().lines]
        return pd.DataFrame(rows, columns=DECISION_COLUMNS, dtype=str)

    @property
    def table(self) -> pd.DataFrame:
        """The mapping table: a row for each (spun, original) pair that was proposed or decided.

        Columns: `spun`, `original`, `support`, `articles`, `sites`, `share`, `status` (proposed, approved,
        rejected, edited), `note`. The last decision on a pair that was not undone counts. Raises `MappingError` where
        the log or the proposals cannot be read.
        """
        rows = self._read_proposals().merge(self._standing(), on=["spun", "original"], how="outer", validate="1:1")
        rows["note"] = rows["note"].fillna(rows.pop("whence"))
        counts = {"support": 0, "articles": 0, "sites": 0, "share": 0.0}
        rows = rows.fillna({**counts, "status": "proposed", "note": ""})
        rows = rows.astype(PROPOSAL_TYPES)
        order = ["support", "spun", "original"]
        return rows.sort_values(order, ascending=[False, True, True])[COLUMNS].reset_index(drop=True)

    def propose(self, substitutions: pd.DataFrame) -> "MappingTable":
        """Replace the proposals by those of these substitutions; decisions stay as they are."""
        rows = propose(substitutions)[PROPOSAL_COLUMNS]
        path, content = self.folder / PROPOSALS, rows.to_csv(index=False, lineterminator="\n", float_format="%.6g")
        if not path.exists() or path.read_bytes() != content.encode():
            write_file(path, content)
        return self

    def propose_field(
        self, dialects: Iterable[str] | None = None, folder: str | Path | None = None, *, fewest_pages: int = 1
    ) -> "MappingTable":
        """Propose what the field's dictionary holds, beside what the corpus proposes; decisions stay as they are.

        `dialects` names those that are wanted (see `dialect`), `fewest_pages` on how many pages a pair must have been
        seen; each row's note says whence it is. A pair that the corpus proposes too keeps the corpus's counts. With
        `dialects=[]` nothing of the field's is proposed any more. Raises `FieldError` where there is no dictionary,
        and ValueError for a dialect that is not in it.
        """
        rows = field_dictionary(folder, dialects)
        rows = as_proposals(rows[rows["pages"] >= fewest_pages], field_sightings(folder))
        content = rows[list(FIELD_TYPES)].to_csv(index=False, lineterminator="\n", float_format="%.6g")
        write_file(self.folder / FIELD_PROPOSALS, content)
        return self

    def propose_deciphered(self, deciphered: pd.DataFrame) -> "MappingTable":
        """Propose what `decipher` read off a site's own pages, beside the rest; decisions stay as they are.

        `deciphered` is its table (`spun`, `original`, `probability`, `places`, `uses`, `articles`, `evidence`); each
        row's note says how sure it is and what speaks for it. An empty table takes back what was proposed so. Raises
        ValueError for a table without these columns.
        """
        wanted = ["spun", "original", "probability", "places", "uses", "articles", "evidence"]
        if missing := [name for name in wanted if name not in deciphered]:
            raise ValueError(f"the table lacks the column(s) {', '.join(missing)}. Mend: hand in what `decipher` gave.")
        said = zip(deciphered["probability"], deciphered["evidence"], strict=True)
        rows = deciphered.rename(columns={"places": "support"}).assign(
            sites=1,
            share=deciphered["places"] / deciphered["uses"].clip(lower=1),
            note=[f"deciphered, probability {chance:.2f}: {evidence}" for chance, evidence in said],
        )
        content = rows[list(FIELD_TYPES)].to_csv(index=False, lineterminator="\n", float_format="%.6g")
        write_file(self.folder / DECIPHERED, content)
        return self

    def decide(self, spun: str, original: str, status: str, who: str | None = None, note: str = "") -> None:
        """Add a decision on a pair: approved, rejected or edited (an original typed by a person).

        It is on disk when this returns. Raises ValueError for another status, an empty phrase or what is no text, and
        `MappingError`, which names the file and the mend, where it cannot be written.
        """
        self.decide_many([(spun, original, status, note)], who)

    def decide_many(self, rows: Iterable[tuple[str, str, str, str]], who: str | None = None) -> list[Decision]:
        """Add one act on many pairs, each as (spun, original, status, note): all of them are on disk, or none is.

        One `undo` takes all of them back. Returns the lines as they were written. Raises ValueError for a row that is
        no decision, and `MappingError` where they cannot be written (see `decide`).
        """
        rows = list(rows)
        for number, row in enumerate(rows, 1):
            try:
                _check(*row)
            except ValueError as error:
                raise ValueError(f"row {number}: {error}" if len(rows) > 1 else str(error)) from None
        if who is not None:
            _check_text("who", who)
        return self.log.add(rows, who)

    def undo(self, who: str | None = None, *, decision: str | None = None) -> dict | None:
        """Take back an act by adding a line that says so: the newest that stands, or the one with this id.

        The ids stand in `decisions`; a line that took something back can be taken back itself. An act on many rows
        is taken back as a whole. Returns what was undone (the last of its lines), None where there is nothing. Raises
        ValueError for an id that is not there, or was taken back before, and `MappingError` where the log cannot be
        read or written.
        """
        taken = self.log.undo(who, decision)
        return taken[-1]._asdict() if taken else None

    def export(self, path: str | Path) -> Path:
        """Write the table for people, in the form that the file's ending names: .csv, .tsv, .json, .parquet, .xlsx.

        Addresses are masked, and a cell that a spreadsheet would take for a formula is made harmless. Raises
        ValueError for another ending.
        """
        return write_table(self.table, path)

    def as_lexicon(self) -> pd.DataFrame:
        """Return the approved and edited rows as a lexicon for `align`: `spun`, `original`, `count`."""
        rows = self.table[lambda table: table["status"].isin(["approved", "edited"])]
        return rows.assign(count=rows["support"].clip(lower=1))[["spun", "original", "count"]].reset_index(drop=True)

    def _standing(self) -> pd.DataFrame:
        """The decision that counts for each pair: the newest that stands."""
        rows = [(*pair, line.status, line.note) for pair, line in self.log.standing().items()]
        return pd.DataFrame(rows, columns=["spun", "original", "status", "note"], dtype=str)

    def _read_proposals(self) -> pd.DataFrame:
        """What is proposed, with `whence` where the corpus does not; the corpus's rows go first, then the field's."""
        parts = [_read(self.folder / PROPOSALS, PROPOSAL_TYPES, "python -m helpers.mapping CORPUS").assign(whence="")]
        for name, anew in OTHERS.items():
            if (self.folder / name).exists():
                parts.append(_read(self.folder / name, FIELD_TYPES, anew).rename(columns={"note": "whence"}))
        return pd.concat(parts).drop_duplicates(["spun", "original"]).reset_index(drop=True)


def _read(path: Path, types: dict, anew: str) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(columns=list(types)).astype(types)
    try:
        rows = pd.read_csv(path, dtype={"spun": str, "original": str, "note": str}, keep_default_na=False)
        if list(rows.columns) != list(types):
            raise _bad_proposals(path, f"its columns are not {', '.join(types)}", anew)
        rows = rows.astype(types)
    except MappingError:
        raise
    except ValueError:
        raise _bad_proposals(path, "not a table of proposals", anew) from None
    if rows.duplicated(["spun", "original"]).any():
        raise _bad_proposals(path, "a pair stands there twice", anew)
    return rows


def _check(spun: str, original: str, status: str, note: str | None) -> None:
    """Raise ValueError, with the mend, where this is no decision."""
    for name, text in (("the spun phrase", spun), ("the original phrase", original), ("the status", status)):
        _check_text(name, text)
    if note is not None:
        _check_text("the note", note)
    if status not in STATUSES:
        raise ValueError(f"a decision is one of {', '.join(STATUSES)}, not {status!r}")
    if not fold(spun) or not fold(original):
        raise ValueError("a decision needs a spun phrase and an original phrase")


def _check_text(name: str, text: str) -> None:
    if not isinstance(text, str):
        raise ValueError(
            f"{name} is {text!r} ({type(text).__name__}). Mend: give a text; an empty cell of a table is none."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} holds half a character ({text!r}). Mend: type it anew.") from None


def _bad_proposals(path: Path, what: str, anew: str) -> MappingError:
    return MappingError(f"{path}: {what}. Mend: propose again ({anew}).")


def main(corpus: str = "corpus") -> None:
    """Write the proposals of a corpus anew; decisions stay as they are.

    Raises `CorpusError` where the corpus, and `MappingError` where its mapping folder cannot be read or written.
    """
    mapping = MappingTable.open(Path(corpus) / "mapping").propose(find_substitutions(load_articles(corpus)))
    print(f"{len(mapping.table):,} rows in {mapping.folder}")
