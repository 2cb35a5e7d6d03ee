"""The field's dictionary goes in, a folder of tables; one table of what spinning programs put for what comes out."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers.corpus.project import project_folder
from helpers.files.urls import host_of
from helpers.mapping.decision_log import MappingError

FOLDER = "corpus/field"
PAIRS, SIGHTINGS, PAGES = "pairs.csv", "sightings.csv", "pages.csv"
KEY = ["spun", "original", "dialect"]
COLUMNS_OF = {
    PAIRS: [*KEY, "judges"],
    SIGHTINGS: [*KEY, "address", "how", "count"],
    PAGES: ["role", "dialect", "address", "original", "gathered"],
}
COLUMNS = [*KEY, "sightings", "pages", "judges", "aligned"]


class FieldError(MappingError):
    """A dictionary of the field that cannot be read or added to; the message names the file and the mend."""


def field_dictionary(folder: str | Path | None = None, dialects: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the field's dictionary: one row for each spun phrase, original and dialect.

    Columns: `spun`, `original`, `dialect`, `sightings` (places), `pages` (on so many), `judges` (one, two), `aligned`
    (whether a page's original was at hand anywhere). Without a folder it is the one that comes with Unspun; `dialects`
    names those that are wanted. Raises `FieldError` for a folder that holds no such dictionary, and ValueError for a
    dialect that is not in it.
    """
    place = field_folder(folder)
    pairs, sightings = read_part(place, PAIRS), read_part(place, SIGHTINGS)
    seen = sightings.assign(aligned=sightings["how"].str.startswith("aligned"))
    counts = seen.groupby(KEY, as_index=False).agg(
        sightings=("count", "sum"), pages=("address", "nunique"), aligned=("aligned", "any")
    )
    table = pairs.merge(counts, on=KEY, how="inner", validate="1:1")[COLUMNS]
    if dialects is not None:
        wanted = list(dialects)
        if unknown := sorted(set(wanted) - set(table["dialect"])):
            known = ", ".join(sorted(set(table["dialect"])))
            raise ValueError(f"no dialect {', '.join(unknown)} in {place}. Mend: name some of {known}.")
        table = table[table["dialect"].isin(wanted)]
    order = ["pages", "sightings", *KEY]
    return table.sort_values(order, ascending=[False, False, True, True, True]).reset_index(drop=True)


def field_sightings(folder: str | Path | None = None) -> pd.DataFrame:
    """Return where each pair was seen: `spun`, `original`, `dialect`, `address`, `how`, `count`, and `site`.

    Raises `FieldError` as `field_dictionary` does.
    """
    rows = read_part(field_folder(folder), SIGHTINGS)
    return rows.assign(site=rows["address"].map(host_of))


def as_proposals(table: pd.DataFrame, sightings: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the dictionary as a mapping table proposes them, with a `note` that says whence they are.

    Columns: `spun`, `original`, `support`, `articles`, `sites`, `share`, `note`. Pairs of several dialects are one row.
    """
    seen = sightings.merge(table[KEY], on=KEY)
    if seen.empty:
        return pd.DataFrame(columns=["spun", "original", "support", "articles", "sites", "share", "note"])
    rows = seen.groupby(["spun", "original"], as_index=False).agg(
        support=("count", "sum"), articles=("address", "nunique"), sites=("site", "nunique"), dialect=("dialect", _said)
    )
    rows["share"] = rows["support"] / rows.groupby("spun")["support"].transform("sum")
    pages = rows["articles"].map(lambda number: f"{number} page{'s'[: number != 1]}")
    rows["note"] = "the field’s dictionary: " + rows["dialect"] + ", " + pages
    return rows.drop(columns="dialect")


def _said(dialects: pd.Series) -> str:
    return ", ".join(sorted(set(dialects)))


def field_folder(folder: str | Path | None) -> Path:
    """Return the folder of the dictionary: the one that is named, or the one that comes with Unspun."""
    return project_folder(FOLDER) if folder is None else Path(folder)


def read_part(folder: Path, name: str) -> pd.DataFrame:
    """Read a table of the dictionary as it is; raises `FieldError` where it is none."""
    path = folder / name
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    except OSError as error:
        mend = "name the folder, or take corpus/field from the repository."
        raise FieldError(f"{path}: cannot be read ({error.strerror}). Mend: {mend}") from None
    except ValueError:
        raise FieldError(f"{path}: is no CSV table in UTF-8. Mend: take it from the repository again.") from None
    if list(rows.columns) != COLUMNS_OF[name]:
        raise FieldError(f"{path}: its columns are not {', '.join(COLUMNS_OF[name])}. Mend: call them so.")
    if "count" in rows:
        counts = pd.to_numeric(rows["count"], errors="coerce")
        if not (counts >= 1).all():
            row = int((~(counts >= 1)).to_numpy().argmax()) + 2
            raise FieldError(f"{path}, row {row}: the count is none. Mend: write how often it stands on the page.")
        rows["count"] = counts.astype(int)
    return rows
