"""A file or folder of articles goes in; they are in a corpus when it returns: texts, the files as they came, rows.

Everything is written into a folder of its own first and then moved, under the corpus's lock, so that a crash or a full
disk leaves the corpus as it was. The file as it came is kept below `raw/` with its hash, whatever the extraction made
of it.
"""

import base64
import filecmp
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from filelock import FileLock

from helpers.corpus.articles import LOCK, TABLE, read_table, write_table, wrong_id, wrong_with_new
from helpers.corpus.formats.read import GIVE_ROLE, free_id, read_messages
from helpers.corpus.terms import NEEDED, OPTIONAL, ROLES
from helpers.display.export import FORMULA_STARTS
from helpers.display.visible import slug
from helpers.files.atomic import write_file
from helpers.files.problems import CorpusError, PassedOver, Problem, Problems, printable

RAW = "raw"
STAGING = ".import-"
STALE = 86_400  # seconds; an import that left its folder behind so long ago was killed
ADDED, THERE = "added", "already there"
COLUMNS = ["article_id", "status", "role", "site", "title", "characters", "file", "raw", "record", "repaired"]


def import_articles(
    path: str | Path,
    corpus: str | Path,
    role: str = "",
    *,
    site: str = "",
    licence: str = "",
    note: str = "",
    provenance: str = "",
    reference_id: str = "",
    pages: str | Path | None = None,
    errors: str = "raise",
    choose: Callable[[dict], str] | None = None,
) -> pd.DataFrame:
    """Put the articles in a file or folder into a corpus; return one row for each, with what became of it.

    Columns: `article_id`, `status` (added; already there: the same record of the same file was imported before),
    `role`, `site`, `title`, `characters`, `file`, `raw`, `record`, `repaired`. Whatever `helpers.corpus.read` knows
    can be imported. `role`, `site`, `licence`, `note`, `provenance`, `reference_id` fill what the file does not say.

    The text is stored as `spun/ID.txt` or `reference/ID.txt`, and every offset is into that file. What came is kept
    below `raw/`: a page as it was, a record of a web archive as an archive of its own, a table or a feed whole. Links
    and pictures stand beside it (`raw/ID.addresses.json`).

    With `errors="raise"` (the default) `CorpusError` lists everything that is wrong, and nothing is imported. With
    `errors="collect"` what is good is imported and the problems stand in `.attrs["problems"]`. What was passed over
    because it is no article stands in `.attrs["skipped"]`.

    `choose` is asked of each article: it is given its facts (`place`, `url`, `title`, `text`, `sha256`, `note`, …) and
    returns why it is not wanted, or nothing; what it says stands in `.attrs["skipped"]`.
    """
    if errors not in ("raise", "collect"):
        raise ValueError(f'errors is "raise" or "collect", not {errors!r}')
    if not os.path.exists(path):  # Path.exists raises for a path that is too long
        raise CorpusError([Problem(printable(str(path)), 0, "there is no such file.", "correct the path.")])
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    given = {"site": site, "licence": licence, "note": note, "provenance": provenance, "reference_id": reference_id}
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
    try:
        staged = _Staged(Path(path), staging)
        for message in read_messages(path, role, site, pages, raw=True):
            staged.take(message, given, choose)
        with FileLock(folder / LOCK):
            return _join(folder, staged, errors)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what imports left that were killed long ago."""
    for left in folder.glob(f"{STAGING}*"):
        if left.is_dir() and not left.is_symlink() and time.time() - left.stat().st_mtime > STALE:
            shutil.rmtree(left, ignore_errors=True)


class _Staged:
    """What was read, its texts and bytes already on disk in a folder of their own, but not yet in the corpus."""

    def __init__(self, source: Path, folder: Path):
        self.source, self.folder = source, folder
        self.rows: list[dict] = []
        self.problems, self.skipped = Problems(), PassedOver()
        self._whole: dict[Path, str] = {}

    def take(self, message: dict | Problem, given: dict[str, str], choose: Callable[[dict], str] | None = None) -> None:
        if isinstance(message, Problem):
            self.problems.add(message)
        elif message["kind"] == "skipped":
            self.skipped.add(message["what"])
        elif not message["role"]:
            where = message["file"], message["row"]
            self.problems.add(Problem(*where, "its role is not known.", GIVE_ROLE, message["place"]))
        elif choose and (why := choose(message)):
            self.skipped.add(f"{message['place'] or message['file']}: {why}")
        else:
            self._stage(message, given)

    def _stage(self, message: dict, given: dict[str, str]) -> None:
        number = len(self.rows)
        write_file(self.folder / f"{number}.txt", message["text"])
        ending, raw_sha256 = self._stage_raw(message, number)
        if message["links"] or message["images"]:
            kept = {"links": message["links"], "images": message["images"]}
            write_file(self.folder / f"{number}.json", json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        facts = {name: message[name] or given.get(name, "") for name in [*NEEDED, "provenance"] if name != "file"}
        facts, harmless = _harmless(facts)
        repaired = [message["repaired"], *harmless]
        self.rows.append({
            **facts, "canonical": message["canonical"], "record": message["record"], "raw_sha256": raw_sha256,
            "repaired": "; ".join(filter(None, repaired)),
            "_number": number, "_ending": ending, "_sha256": message["sha256"], "_place": message["place"],
            "_addresses": bool(message["links"] or message["images"]), "_length": len(message["text"]),
            "_named": bool(message["article_id"]), "_row": message["row"], "_file": message["file"],
            "_id_from": {name: message.get(name, "") for name in ("file", "place", "url", "title")},
        })  # fmt: skip

    def _stage_raw(self, message: dict, number: int) -> tuple[str, str]:
        """Keep the bytes that came; return an ending and their hash.

        The ending is “=” where they are those of the stored text, and a slash with a number where a larger file was
        kept whole.
        """
        if "raw" in message:
            ending, coded = message["raw"]
            content = base64.b64decode(coded)
            write_file(self.folder / f"{number}.raw", content)
            return ending, hashlib.sha256(content).hexdigest()
        source = self.source if message["file"] == printable(str(self.source)) else Path(message["file"])
        if source.is_dir():
            source = source / message.get("inside", message["place"])
        elif message["place"]:  # a record of a table or a feed: the whole is kept once
            if source not in self._whole:
                self._whole[source] = _copy(source, self.folder / f"whole-{len(self._whole)}")
            return f"/{list(self._whole).index(source)}", self._whole[source]
        found = _copy(source, self.folder / f"{number}.raw")
        if found == message["sha256"]:
            (self.folder / f"{number}.raw").unlink()
            return "=", found
        return "".join(source.suffixes[-2:] if source.suffix == ".gz" else source.suffixes[-1:]).lower(), found

    def whole(self, ending: str) -> tuple[Path, str]:
        """Where a file that was kept whole lies, and what it is called in the corpus."""
        source, found = list(self._whole.items())[int(ending[1:])]
        name = slug(source.name.lower().replace("_", "-"), 60)
        return self.folder / f"whole-{ending[1:]}", f"{RAW}/{found[:12]}-{name}"


def _copy(source: Path, target: Path) -> str:
    """Copy a file; return its hash."""
    found = hashlib.sha256()
    with open(source, "rb") as content, open(target, "wb") as out:
        while chunk := content.read(1 << 20):
            found.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return found.hexdigest()


def _harmless(facts: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Put an apostrophe before what a spreadsheet would run if `articles.csv` were opened in one, and say so."""
    found = [name for name, fact in facts.items() if fact.startswith(FORMULA_STARTS) and name != "article_id"]
    harmless = facts | {name: f"'{facts[name]}" for name in found}
    return harmless, [f"an apostrophe before the formula in {name}" for name in found]


def _join(folder: Path, staged: _Staged, errors: str) -> pd.DataFrame:
    """Move what was staged into the corpus, all of it or nothing."""
    old = read_table(folder) if (folder / TABLE).exists() else []
    known = {_origin(row): row for row in old if row.get("raw_sha256")}
    fresh = [row for row in staged.rows if _origin(row) not in known]
    again = [known[_origin(row)] for row in staged.rows if _origin(row) in known]
    new = _named(folder, old, fresh, staged)
    problems = staged.problems.listed()
    if problems and errors == "raise":
        raise CorpusError(problems)
    done: list[Path] = []
    try:
        for target, source in [move for row in new for move in row["_moves"].items()]:
            there = folder / target
            there.parent.mkdir(parents=True, exist_ok=True)
            if not there.exists():
                os.replace(source, there)
                done.append(there)
        if new:
            plain = [{name: row.get(name, "") for name in (*NEEDED, *OPTIONAL)} for row in new]
            write_table(folder, [*old, *plain])
    except BaseException:
        for there in done:
            there.unlink(missing_ok=True)
        raise
    return _report(new, again, problems, staged.skipped.listed())


def _origin(row: dict) -> tuple:
    """What an article is known by when it is imported again."""
    return row.get("raw_sha256"), row.get("record"), row["role"]


def _named(folder: Path, old: list[dict], fresh: list[dict], staged: _Staged) -> list[dict]:
    """The new rows with an id and their files' places, in the order of the source; what keeps others out is staged."""
    roles = {row["article_id"]: row["role"] for row in old}
    taken = dict.fromkeys([*roles, *(row["article_id"] for row in fresh if row["_named"])])
    taken |= {path.name.split(".")[0]: None for kind in (*ROLES, RAW) for path in (folder / kind).glob("*")}
    new: list[dict] = []
    numbers: dict[str, int] = {}
    for row in sorted(fresh, key=lambda row: row["role"] == "spun"):  # the references come first
        if not row["_named"]:
            row["article_id"] = free_id(row["_id_from"], taken, numbers)
            taken[row["article_id"]] = None
        row["file"] = f"{row['role']}/{row['article_id']}.txt"
        wrong = list(filter(None, [wrong_id(folder, row["article_id"])]))
        if not wrong:
            row["_moves"] = _moves(row, staged)
            plain = {name: row[name] for name in [*NEEDED, "provenance"]}
            wrong = [*wrong_with_new(folder, plain, roles), *_in_the_way(folder, row["_moves"])]
        staged.problems.add(
            *(Problem(row["_file"], row["_row"], one.problem, one.mend, row["_place"]) for one in wrong)
        )
        if not wrong:
            roles[row["article_id"]] = row["role"]
            new.append(row)
    return sorted(new, key=lambda row: row["_number"])


def _in_the_way(folder: Path, moves: dict[str, Path]) -> Iterator[Problem]:
    """Files that no row names and that say something else; the same are there after a crash between two writes."""
    for target, source in moves.items():
        there = folder / target
        if there.exists() and not (there.is_file() and filecmp.cmp(there, source, shallow=False)):
            yield Problem(str(there), 0, f"the file {target} is there already.", "choose another article_id.")


def _moves(row: dict, staged: _Staged) -> dict[str, Path]:
    """Where in the corpus the files of an article belong, and where they lie now; the row is told."""
    number, ending = row["_number"], row["_ending"]
    moves = {row["file"]: staged.folder / f"{number}.txt"}
    if ending == "=":
        row["raw"] = row["file"]
    elif ending.startswith("/"):
        source, row["raw"] = staged.whole(ending)
        moves[row["raw"]] = source
    else:
        row["raw"] = f"{RAW}/{row['article_id']}{ending}"
        moves[row["raw"]] = staged.folder / f"{number}.raw"
    if row["_addresses"]:
        row["addresses"] = f"{RAW}/{row['article_id']}.addresses.json"
        moves[row["addresses"]] = staged.folder / f"{number}.json"
    return moves


def _report(new: list[dict], again: list[dict], problems: list[Problem], skipped: list[str]) -> pd.DataFrame:
    rows = [{**row, "status": ADDED, "characters": row["_length"]} for row in new]
    rows += [{**row, "status": THERE, "characters": 0} for row in again]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"characters": int})
    table.attrs |= {"problems": [vars(problem) for problem in problems], "skipped": skipped}
    return table
