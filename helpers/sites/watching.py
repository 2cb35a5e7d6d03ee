"""A site that was collected before goes in; it is collected again, and what changed since comes out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from helpers.corpus.collecting.collect import (
    MEGABYTES,
    PAGES,
    plan_of,
    run_shown,
    through_server,
)
from helpers.corpus.collecting.into_corpus import check_role, import_collected
from helpers.corpus.collecting.keeping import CollectingError, Kept, must_be_collected, opened
from helpers.corpus.collecting.pages import counted, pages_table, said
from helpers.corpus.formats.exchange import TIMEOUT, WAIT, Asking, agent_of
from helpers.display.export import write_csv
from helpers.files.atomic import write_file
from helpers.sites.changes import CHANGES, changes, new_indicators
from helpers.sites.changes_page import changes_page
from helpers.sites.indicators import indicators as indicators_of

Indicators = Callable[[list[Path]], pd.DataFrame]


@dataclass(frozen=True)
class Watched:
    """What a second look at a site found.

    `changes` has a row a page that changed and `edits` one a change of words (columns: see `helpers.sites.changes`),
    `indicators` the signs of who runs the site that are new, `pages` all pages that are there (see `collected`). `said`
    tells all of it in a sentence; `page` is an HTML file in the folder that shows it, beside it lie the two tables.
    """

    said: str
    changes: pd.DataFrame
    edits: pd.DataFrame
    indicators: pd.DataFrame
    pages: pd.DataFrame
    page: Path


def watch(
    folder: str | Path,
    *,
    contact: str,
    pages: int = PAGES,
    megabytes: float = MEGABYTES,
    wait: float = WAIT,
    timeout: float = TIMEOUT,
    corpus: str | Path | None = None,
    role: str = "spun",
    private: bool = False,
    through: str = "",
    progress: bool = True,
    indicators: Indicators = indicators_of,
) -> Watched:
    """Collect a site again that `collect` put into `folder`, and return what changed since.

    Only what may be new or other is asked for: sitemaps and feeds, pages that their sitemap says changed, pages of
    which it says nothing (with the tags that they had, so that an unchanged one is not sent again), and pages that it
    names no more. All versions of a page are kept; edited articles are compared with their version before, word for
    word. A run that was stopped goes on within a day; after that the next one begins anew. The hosts that were named to
    `collect` are those that are asked; the other parameters are as there. With `corpus` new articles and new versions
    are imported.

    `indicators` is a function from a list of web archives to a table with the columns `site`, `kind`, `value`; its
    rows are compared with those of the archives before.

    Raises `CollectingError` where nothing was collected into the folder, else what `collect` raises.
    """
    check_role(role)
    agent, folder = agent_of(contact), Path(folder)
    must_be_collected(folder, "collect the site into it first.")
    with opened(folder) as kept:
        plan = plan_of(_starts(kept), pages, megabytes)
        plan.why, plan.guessed = "watch", kept.lines[0].get("guessed", False)
        asking = Asking(agent, wait, timeout, private, through_server(through))
        run = run_shown(kept, asking, plan, progress)
        found = _watched(kept, run.round, indicators)
        if corpus is None:
            return found
        return replace(found, said=f"{found.said} {import_collected(kept, corpus, role, plan.site)}")


def _starts(kept: Kept) -> list[str]:
    """The addresses at which the folder's site was begun."""
    begun = next((line for line in kept.lines if line["event"] == "begin"), None)
    if begun is None or not isinstance(begun.get("starts"), list):
        raise CollectingError(f"{kept.path}: it does not say which site it is of. Mend: collect into a new folder.")
    return [str(start) for start in begun["starts"]]


def _watched(kept: Kept, number: int, indicators: Indicators) -> Watched:
    table, edits = changes(kept, number)
    fresh = _fresh(kept, number, indicators)
    site = next(line["site"] for line in kept.lines if line["event"] == "begin")
    sentence = _said(table, edits, fresh)
    stem = f"changes-{number:03}"
    page = kept.folder / f"{stem}.html"
    write_csv(table, kept.folder / f"{stem}.csv")
    write_csv(edits, kept.folder / f"{stem}-edits.csv")
    write_file(page, changes_page(site, (sentence, said(kept)), table, edits, fresh))
    return Watched(f"{sentence} {said(kept)}", table, edits, fresh, pages_table(kept), page)


def _fresh(kept: Kept, number: int, indicators: Indicators) -> pd.DataFrame:
    """The indicators that the archives of a round have and those before do not."""
    of_round: dict[bool, dict[Path, None]] = {True: {}, False: {}}
    for line in kept.lines:
        if line["event"] == "asked" and "at" in line and not line.get("same"):
            of_round[line["round"] >= number][kept.folder / line["archive"]] = None
    return new_indicators(*(indicators(list(of_round[late])) for late in (False, True)))


def _said(table: pd.DataFrame, edits: pd.DataFrame, fresh: pd.DataFrame) -> str:
    """A sentence on what changed."""
    counts = table["change"].value_counts()
    parts = [f"{counts[kind]:,} {kind}" for kind in CHANGES if kind in counts]
    if not parts and fresh.empty:
        return "Nothing that was looked at had changed."
    words = f" ({counted(len(edits), 'change', 'changes')} of words)" if len(edits) else ""
    signs = f"; {counted(len(fresh), 'new sign', 'new signs')} of who runs the site" if len(fresh) else ""
    return f"Pages: {', '.join(parts) or 'none changed'}{words}{signs}."
