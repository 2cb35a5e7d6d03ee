"""What changed on a site goes in; a page that shows it comes out, in which no text from the site can do harm."""

from functools import lru_cache
from typing import Any

import jinja2
import pandas as pd

from helpers import __version__
from helpers.display.masking import mask, masked_spans
from helpers.display.visible import visible

MOST_ROWS, MOST_PAGES, MOST_EDITS = 2_000, 200, 60  # that the page shows; the tables beside it have all
LONGEST = 600  # characters of an edit that are shown
NAMED = ["kind", "value", "tier", "page"]  # columns of indicators


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("helpers.sites", ".")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("changes.html.jinja")


def changes_page(
    site: str, said: tuple[str, str], changes: pd.DataFrame, edits: pd.DataFrame, indicators: pd.DataFrame
) -> str:
    """Return the page on what changed on a site, as HTML.

    `said` are a sentence on the changes and one on the run; the tables are those of `watch`. Addresses are masked, and
    of long tables the first rows are shown, with a line that says how many more there are.
    """
    shown_rows = changes.head(MOST_ROWS)
    more = f"{len(changes) - MOST_ROWS:,} more are in the table." if len(changes) > MOST_ROWS else ""
    return _template().render(
        title=_shown(f"What changed on {site}"),
        said=_shown(said[0]),
        run=_shown(said[1]),
        rows=[_row(row) for row in shown_rows.to_dict("records")],
        more=more,
        edited=_edited(changes, edits),
        indicators=[
            {name: _shown(row.get(name, "")) for name in NAMED} for row in indicators.head(MOST_ROWS).to_dict("records")
        ],
        version=__version__,
    )


def _shown(cell: object) -> str:
    """A text as it may be shown: masked, with nothing in it that cannot be seen."""
    return visible(mask(str(cell)))


def _row(row: dict[str, Any]) -> dict[str, str]:
    return {name: _hour(cell) if name in ("when", "before") else _shown(cell) for name, cell in row.items()}


def _hour(when: str) -> str:
    """An hour of the log as people write it.

    >>> _hour("2025-09-05T14:30:09Z")
    '2025-09-05 14:30'
    """
    return _shown(when).replace("T", " ")[:16]


def _edited(changes: pd.DataFrame, edits: pd.DataFrame) -> list[dict[str, Any]]:
    titles = dict(zip(changes["url"], changes["title"], strict=True))
    pages = []
    for url, group in list(edits.groupby("url", sort=False))[:MOST_PAGES]:
        more = f"{len(group) - MOST_EDITS:,} more edits are in the table." if len(group) > MOST_EDITS else ""
        shown = [_edit(row) for row in group.head(MOST_EDITS).to_dict("records")]
        first = group.iloc[0]
        about = {"url": _shown(url), "title": _shown(titles.get(url, "")), "more": more, "edits": shown}
        pages.append({**about, "before": _hour(first["before"]), "when": _hour(first["when"])})
    return pages


def _edit(row: dict[str, Any]) -> dict[str, Any]:
    """An edit with its surroundings; where a masked address reaches over their border, neither side shows a part."""
    left, now, right = _masked_in_place(row["left"], row["now"], row["right"])
    left, right = left.partition(" ")[2] or left, right.rpartition(" ")[0] or right  # no half words
    gap = "" if row["change"] == "replaced" or left[-1:].isspace() else " "  # a paragraph's end stands before it
    was = _short(_shown(row["was"]))
    return {"left": left + gap, "now": now, "right": right, "was": was, "in_quote": row["in_quote"]}


def _masked_in_place(*parts: str) -> tuple[str, ...]:
    """Parts of one text, each masked as the whole is: an address that lies in two of them is hidden in both."""
    whole, found, start = "".join(parts), [], 0
    for part in parts:
        shown, at, end = [], start, start + len(part)
        for (first, last), stand_in in masked_spans(whole):
            if first < end and last > start:
                shown += [whole[at : max(first, start)], stand_in]
                at = min(last, end)
        found.append(_short(visible("".join([*shown, whole[at:end]]))))
        start = end
    return tuple(found)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"
