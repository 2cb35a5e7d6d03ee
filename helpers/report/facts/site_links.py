"""A corpus goes in; what the stored pages of its sites have in common comes out, where it keeps any.

The web archives of a corpus lie below `archives/` (collected sites) and `raw/` (pages as they were imported). Without
pages of two sites there is nothing to say, and the report is as it was.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.sites.indicators import indicators
from helpers.sites.links import linked_pairs, links_between
from helpers.sites.stored_pages import ARCHIVES

FOLDERS = ("archives", "raw")
PAIRS = ["other", "verdict", "surprise", "signs", "strongest"]
SHARED = ["other", "kind", "value", "tier", "sites", "of", "surprise", "rests_on", "why"]


def archives_of(corpus: str | Path) -> list[Path]:
    """Return the web archives that a corpus keeps, in order."""
    found = (path for folder in FOLDERS for path in (Path(corpus) / folder).rglob("*"))
    return sorted(path for path in found if path.name.lower().endswith(ARCHIVES) and path.is_file())


def corpus_links(corpus: str | Path) -> pd.DataFrame | None:
    """Return what the sites of a corpus have in common (`links_between`); None where it keeps pages of none or one."""
    archives = archives_of(corpus)
    if not archives:
        return None
    found = indicators(archives)
    return links_between(found) if len(found.attrs["pages"]) > 1 else None


def links_of_site(links: pd.DataFrame | None, site: str) -> dict[str, pd.DataFrame]:
    """Return the tables of a site's report, told from its side; none where no page of it is kept.

    `linked_sites` has a row a site that something is shared with, `shared_indicators` one for each thing shared.
    """
    if links is None or site not in links.attrs["sites"]:
        return {}
    return {
        "linked_sites": _from_its_side(linked_pairs(links), site)[PAIRS],
        "shared_indicators": _from_its_side(links, site)[SHARED],
    }


def _from_its_side(table: pd.DataFrame, site: str) -> pd.DataFrame:
    mine = table[(table["site"] == site) | (table["other"] == site)]
    return mine.assign(other=np.where(mine["site"] == site, mine["other"], mine["site"])).reset_index(drop=True)
