"""A corpus goes in; what the stored pages of its sites have in common comes out, where it keeps any.

The web archives of a corpus lie below `archives/` (collected sites) and `raw/` (pages as they were imported). Without
pages of two sites there is nothing to say, and the report is as it was.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.sites.indicators import indicators
from helpers.sites.links import linked_pairs, links_between
from helpers.sites.stored_pages import archives_below

FOLDERS = ("archives", "raw")
PAIRS = ["other", "verdict", "surprise", "signs", "strongest"]
SHARED = ["other", "kind", "value", "tier", "sites", "of", "surprise", "rests_on", "why"]


def archives_of(corpus: str | Path) -> list[Path]:
    """Return the web archives that a corpus keeps, in order."""
    return [path for folder in FOLDERS for path in archives_below(Path(corpus) / folder)]


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
    mine = links[(links["site"] == site) | (links["other"] == site)]
    return {
        "linked_sites": _from_its_side(linked_pairs(mine), site)[PAIRS],
        "shared_indicators": _from_its_side(mine, site)[SHARED],
    }


def _from_its_side(mine: pd.DataFrame, site: str) -> pd.DataFrame:
    return mine.assign(other=np.where(mine["site"] == site, mine["other"], mine["site"])).reset_index(drop=True)
