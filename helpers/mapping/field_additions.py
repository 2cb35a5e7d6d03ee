"""A page's pairs that a person confirmed go in; they stand in the field's dictionary, all of them or none.

The table has the columns spun, original, dialect, address, how, count and confirmed. Only rows with a name under
`confirmed` enter, and only if the rules of entry let them; what is not confirmed is shown and left.
"""

import os
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from helpers.display.masking import mask
from helpers.files.atomic import write_file
from helpers.files.urls import host_of
from helpers.mapping.field import KEY, PAGES, PAIRS, SIGHTINGS, FieldError, field_folder, read_part
from helpers.mapping.field_entry import why_not
from helpers.mapping.reviewer import NOBODY
from helpers.mapping.sheets import SheetError, read_sheet
from helpers.text.spans import fold

ADDED_COLUMNS = [*KEY, "address", "how", "count", "confirmed"]
WAYS = ("evident", "aligned with the original", "aligned with a rebuilt original", "aligned with a template")
MOST_NAME, MOST_COUNT, MOST_ADDRESS = 80, 10_000, 500
MOST_BYTES = 5_000_000  # of a table: a page brings some hundred pairs
WAIT = 10.0  # seconds for somebody else who is adding


def field_preview(pairs: str | Path | pd.DataFrame, folder: str | Path | None = None) -> pd.DataFrame:
    """Return what adding a table of pairs would change, one row a row of it; nothing is written.

    Columns: those of the table, `enters` (new pair, new sighting, known, skipped) and `why` a row is skipped. Raises
    `FieldError` for a file that is no table of pairs, and where the dictionary cannot be read.
    """
    table, place = _read(pairs), field_folder(folder)
    known = set(read_part(place, PAIRS)[KEY].itertuples(index=False, name=None))
    seen = set(read_part(place, SIGHTINGS)[[*KEY, "address"]].itertuples(index=False, name=None))
    rows, before = [], set()
    for row in table.to_dict("records"):
        key = tuple(fold(row[name]) for name in KEY)
        sighting = (*key, row["address"].strip())
        why = _problem(key, row) or ("the same row stands here before" if sighting in before else "")
        before.add(sighting)
        enters = "known" if sighting in seen else "new sighting" if key in known else "new pair"
        rows.append((sighting, row["how"], row["count"], row["confirmed"].strip(), "skipped" if why else enters, why))
    shown = [(*sighting, *rest) for sighting, *rest in rows]
    return pd.DataFrame(shown, columns=[*ADDED_COLUMNS, "enters", "why"])


def add_to_field(pairs: str | Path | pd.DataFrame, folder: str | Path | None = None) -> pd.DataFrame:
    """Write what `field_preview` says is new, and return the preview; nothing else of the dictionary changes.

    A new pair has one judge, and its page keeps the name of who confirmed it. Raises `FieldError` where it cannot be
    read or written; then nothing was.
    """
    place = field_folder(folder)
    try:
        with FileLock(place / ".field.lock", timeout=WAIT):
            preview = field_preview(pairs, place)
            new = preview[preview["enters"].isin(["new pair", "new sighting"])]
            if len(new):
                _write(place, new)
    except Timeout:
        raise FieldError(f"{place}: somebody else is adding to it. Mend: try again when they are done.") from None
    except OSError as error:
        raise FieldError(f"{place}: cannot be written ({error.strerror}). Mend: choose a folder of your own.") from None
    return preview


def _write(place: Path, new: pd.DataFrame) -> None:
    """Write the three tables, sightings last: a pair without a sighting is not in the dictionary yet."""
    fresh = new[new["enters"] == "new pair"].drop_duplicates(KEY)
    pairs = pd.concat([read_part(place, PAIRS), fresh[KEY].assign(judges="one")])
    pages = read_part(place, PAGES)
    facts = (
        new[["dialect", "address", "confirmed"]].drop_duplicates("address").rename(columns={"confirmed": "gathered"})
    )
    facts = facts[~facts["address"].isin(pages["address"])]
    pages = pd.concat([pages, facts.assign(role="spun", original="")])
    sightings = pd.concat([read_part(place, SIGHTINGS), new[[*KEY, "address", "how", "count"]]])
    order = ["dialect", "spun", "original"]
    for name, table in (
        (PAGES, pages.sort_values(["role", "dialect", "address"])),
        (PAIRS, pairs.drop_duplicates(KEY).sort_values(order)),
        (SIGHTINGS, sightings.sort_values([*order, "address"])),
    ):
        write_file(place / name, table.to_csv(index=False, lineterminator="\n"))


def _read(pairs: str | Path | pd.DataFrame) -> pd.DataFrame:
    """The table with all of its columns as text."""
    if isinstance(pairs, pd.DataFrame):
        table, named = pairs, "the table"
    else:
        named = str(pairs)
        if not os.path.isfile(pairs):
            raise FieldError(f"{named}: there is no such file. Mend: correct its name.")
        if os.path.getsize(pairs) > MOST_BYTES:
            raise FieldError(f"{named}: it has more than {MOST_BYTES // 1_000_000} MB. Mend: split it.")
        try:
            table = read_sheet(Path(pairs), lambda names: set(ADDED_COLUMNS) <= set(names), ADDED_COLUMNS)
        except SheetError as error:
            raise FieldError(str(error)) from None
    if missing := [name for name in ADDED_COLUMNS if name not in table]:
        raise FieldError(f"{named}: it lacks {', '.join(missing)}. Mend: add the column(s).")
    try:
        return table[ADDED_COLUMNS].fillna("").astype(str).reset_index(drop=True)
    except UnicodeEncodeError:
        raise FieldError(f"{named}: it holds half a character. Mend: type that cell anew.") from None


def _problem(key: tuple[str, ...], row: dict) -> str:
    """Why a row does not enter; empty where it does."""
    name, address, count = row["confirmed"].strip(), row["address"].strip(), row["count"].strip()
    if not name:
        return "nobody confirmed it"
    if name.casefold() in NOBODY or len(name) > MOST_NAME or not any(map(str.isalpha, name)) or mask(name) != name:
        return "confirmed by no name of a person"
    if not host_of(address) or len(address) > MOST_ADDRESS or len(address.split()) > 1 or mask(address) != address:
        return "the address is none of a page, or holds somebody’s"
    if row["how"] not in WAYS:
        return f"how is none of: {', '.join(WAYS)}"
    if not count.isdecimal() or not 1 <= int(count[:6]) <= MOST_COUNT:
        return "the count is none"
    if not key[2].replace("-", "").isalnum():
        return "the dialect is named with letters, digits and hyphens"
    return why_not(*key)
