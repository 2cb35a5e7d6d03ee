"""A folder that a site was collected into goes in; what changed with its last round comes out, in two tables.

Edited articles are compared with their own earlier version as a spun text is with its source: word for word, with the
place of every change in both texts.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.comparison.alignment.align import align_pairs
from helpers.comparison.substitutions import find_substitutions
from helpers.corpus.collecting.frontier import GONE, LEFT_OUT
from helpers.corpus.collecting.keeping import Kept, Line
from helpers.corpus.collecting.named import LIST, OTHER
from helpers.corpus.collecting.pages import texts_of
from helpers.corpus.collecting.run import is_unfinished
from helpers.corpus.formats.exchange import ONWARD, FetchingError, onward
from helpers.files.urls import same_page
from helpers.sites.patterns import NOTHING

NEW, FIRST, EDITED, DELETED, MOVED, DROPPED, BACK = (
    *("new", "first seen", "edited", "deleted", "moved", "left out", "back"),
)
CHANGES = (NEW, FIRST, EDITED, DELETED, MOVED, DROPPED, BACK)  # in the order in which they are told
COLUMNS = ["change", "url", "title", "looks", "when", "before", "what"]
EDITS = [
    "url", "before", "when", "change", "kind", "was", "now", "was_start", "was_end", "now_start", "now_end", "in_quote",
    "left", "right",
]  # fmt: skip
AROUND = 60  # characters of the text that are shown beside an edit


def changes(kept: Kept, number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what changed with a round: the pages, and the edits of those whose words are others.

    The first table has a row a page: `change`, `url`, `title`, `looks`, `when` it was seen, `before` (when it was seen
    so last; empty for new ones), `what` (how much was edited, where it moved to). A change is one of new; first seen
    (the round before ended before all was asked for, so that nobody knows whether it is new); edited (its words are
    others); deleted (the site answers 404 or 410); moved (it sends on to another page); left out (the sitemap named it
    before and does not now, and it is still there); back (it was deleted or moved, and is there again). Lists of pages
    are left out of the table: they change with every article. So are pages of which only the frame changed, and none of
    their words.

    The second has a row an edit: `url`, the hours of the two versions (`before`, `when`), `change` (replaced, added,
    dropped), `kind` as `find_substitutions` has it, the words `was` and `now`, their places in the two texts
    (`was_start`, `was_end`, `now_start`, `now_end`), `in_quote`, and the new text to the `left` and `right`.
    """
    if number < 2:
        return pd.DataFrame(columns=COLUMNS), pd.DataFrame(columns=EDITS)
    stored, last = _before(kept, number)
    now = {same_page(line["url"]): line for line in kept.page_lines() if line["round"] == number and _is_answer(line)}
    rows = [row for key, line in now.items() if (row := _change(line, stored.get(key), last.get(key)))]
    table = pd.DataFrame(rows, columns=COLUMNS)
    if is_unfinished(kept.lines, number - 1):
        table["change"] = table["change"].replace(NEW, FIRST)
    table, edits = _with_edits(kept, table, {key: (stored[key], now[key]) for key in stored.keys() & now.keys()})
    told = table["change"].map(CHANGES.index)
    return table.assign(told=told).sort_values("told", kind="stable", ignore_index=True)[COLUMNS], edits


def new_indicators(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `after` whose site had no indicator of that kind and value in `before`, each once a site.

    Both have the columns `site`, `kind`, `value` (see `helpers.sites.indicators`); all columns of `after` are kept.
    What is known to say nothing (`tier` none) is left out.

    >>> before = pd.DataFrame({"site": ["a.example"], "kind": ["analytics"], "value": ["G-1"]})
    >>> after = pd.DataFrame({"site": ["a.example"] * 2, "kind": ["analytics"] * 2, "value": ["G-1", "G-2"]})
    >>> new_indicators(before, after)["value"].tolist()
    ['G-2']
    """
    key = ["site", "kind", "value"]
    known = set(before[key].itertuples(index=False, name=None))
    fresh = after[[row not in known for row in after[key].itertuples(index=False, name=None)]]
    if "tier" in fresh:
        fresh = fresh[fresh["tier"] != NOTHING]
    return fresh.drop_duplicates(key).reset_index(drop=True)


def _is_answer(line: Line) -> bool:
    return "at" in line or line.get("status", 0) in (*GONE, *ONWARD)


def _before(kept: Kept, number: int) -> tuple[dict[str, Line], dict[str, Line]]:
    """Of each page the version that was kept last before a round, and the last answer."""
    earlier = [line for line in kept.page_lines() if line["round"] < number and _is_answer(line)]
    stored = {same_page(line["url"]): line for line in earlier if "at" in line}
    return stored, {same_page(line["url"]): line for line in earlier}


def _change(line: Line, stored: Line | None, last: Line | None) -> dict | None:
    """What became of a page; None where nothing did, or it is a list of others. An edit is only suspected here."""
    facts = line if "at" in line else {**(stored or {}), **line}
    if facts.get("looks") in (LIST, OTHER):
        return None
    change, what = _became(line, stored, last is not None and last.get("status", 0) in (*GONE, *ONWARD))
    row = {"change": change, "url": line["url"], "title": facts.get("title", ""), "looks": facts.get("looks", "")}
    return {**row, "when": line["when"], "before": (last or {}).get("when", ""), "what": what} if change else None


def _became(line: Line, stored: Line | None, was_gone: bool) -> tuple[str, str]:
    """What a page became, and a word on it; nothing where it is as it was."""
    status = line.get("status", 0)
    if stored is None:
        return NEW if "at" in line else "", ""
    if status in GONE:
        return "" if was_gone else DELETED, f"the site answers {status}"
    if status in ONWARD:
        to = _target(line)
        is_other = not was_gone and same_page(to) != same_page(line["url"])
        return MOVED if is_other else "", f"it sends on to {to}"
    if was_gone:
        return BACK, ""
    if not line.get("same"):
        return EDITED, ""
    is_left_out = line.get("found") == LEFT_OUT
    return DROPPED if is_left_out else "", "the sitemap does not name it any more; it is still there"


def _target(line: Line) -> str:
    try:
        return onward(line["url"], line.get("to", ""))
    except FetchingError:
        return line.get("to", "")


def _with_edits(
    kept: Kept, table: pd.DataFrame, versions: dict[str, tuple[Line, Line]]
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """The pages with how much of each was edited, those left out whose words are the same; and the edits."""
    suspected = [key for key in map(same_page, table.loc[table["change"] == EDITED, "url"]) if key in versions]
    texts = texts_of(kept, [line for key in suspected for line in versions[key]])
    pairs = []
    for key in suspected:
        was, now = (texts.get((line["archive"], line["at"])) for line in versions[key])
        if was is not None and now is not None and was != now:
            pairs.append((key, key, now, was))
    edits = edits_of(pd.DataFrame(pairs, columns=["spun_id", "reference_id", "spun_text", "reference_text"]))
    hours = {key: (was["when"], now["when"], now["url"]) for key, (was, now) in versions.items()}
    for place, name in enumerate(("before", "when")):
        edits[name] = [hours[key][place] for key in edits["url"]]
    counts = edits.groupby(["url", "change"]).size() if len(edits) else {}
    said = {key: _said(counts, key) for key, *_ in pairs}
    keys = table["url"].map(same_page)
    table = table.assign(what=np.where(table["change"] == EDITED, keys.map(said), table["what"]))
    edits["url"] = [hours[key][2] for key in edits["url"]]
    return table[(table["change"] != EDITED) | keys.isin(said)], edits[EDITS]


def _said(counts: "pd.Series | dict", key: str) -> str:
    parts = [f"{counts[key, kind]:,} {kind}" for kind in ("replaced", "added", "dropped") if (key, kind) in counts]
    return ", ".join(parts) or "only spaces or marks"


def edits_of(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return every edit between two versions of texts, those of one text in the order of the new one.

    `pairs` has the columns `spun_id` (what the rows are called by), `reference_id`, `spun_text` (the new version) and
    `reference_text` (the old one). Columns: those of the edits of `changes`, without hours.
    """
    if pairs.empty:
        return pd.DataFrame(columns=EDITS)
    alignment = align_pairs(pairs)
    runs = dict(list(alignment.groupby("spun_id", sort=False)))
    none = alignment.head(0)
    rows = [row for pair in pairs.itertuples(index=False) for row in _edits(pair, runs.get(pair[0], none))]
    return pd.DataFrame(rows, columns=EDITS)


def _edits(pair: tuple, runs: pd.DataFrame) -> list[dict]:
    key, _, now, was = pair
    found = find_substitutions(now, was, alignment=runs.assign(spun_id="spun", reference_id="reference"))
    rows = [
        {
            "change": "replaced", "kind": one["kind"], "was": one["original"], "now": one["spun"],
            "was_start": one["reference_start"], "was_end": one["reference_end"], "now_start": one["spun_start"],
            "now_end": one["spun_end"], "in_quote": one["in_quote"],
        }
        for one in found.to_dict("records")
    ]  # fmt: skip
    rows += _one_sided(runs, rows)
    for row in rows:
        row |= {"url": key, "left": now[max(0, row["now_start"] - AROUND) : row["now_start"]]}
        row["right"] = now[row["now_end"] : row["now_end"] + AROUND]
    return sorted(rows, key=lambda row: (row["now_start"], row["was_start"]))


def _one_sided(runs: pd.DataFrame, replaced: list[dict]) -> Iterator[dict]:
    """What only one version has, but for what is a part of a replacement."""
    for run in runs[runs["op"].isin(["insert", "delete"])].to_dict("records"):
        was, now = (run["reference_start"], run["reference_end"]), (run["spun_start"], run["spun_end"])
        covered = any(
            _overlap((row["now_start"], row["now_end"]), now) or _overlap((row["was_start"], row["was_end"]), was)
            for row in replaced
        )
        if covered or not (run["spun"] + run["reference"]).strip():
            continue
        row = {"change": "added" if run["op"] == "insert" else "dropped", "kind": "", "in_quote": False}
        yield row | _side("was", run["reference"], was[0]) | _side("now", run["spun"], now[0])


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _side(name: str, words: str, start: int) -> dict:
    """The words of one side, without the spaces around them, and where they stand."""
    start += len(words) - len(words.lstrip())
    words = words.strip()
    return {name: words, f"{name}_start": start, f"{name}_end": start + len(words)}
