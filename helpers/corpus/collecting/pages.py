"""A folder that a site was collected into goes in; a table of its pages comes out, and of all their versions."""

import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd

from helpers.corpus.collecting.frontier import GONE
from helpers.corpus.collecting.keeping import Kept, Line, looked_at
from helpers.corpus.collecting.named import OTHER, PAGE
from helpers.corpus.formats.read import read
from helpers.files.urls import same_page

COLUMNS = [
    "url", "title", "looks", "status", "retrieved", "checked", "versions", "bytes", "sha256", "found", "archive",
    "record", "at", "length",
]  # fmt: skip
VERSION_COLUMNS = [
    "url",
    "version",
    "round",
    "retrieved",
    "title",
    "looks",
    "sha256",
    "archive",
    "record",
    "at",
    "length",
]
HOURS = ["retrieved", "checked"]


def collected(folder: str | Path) -> pd.DataFrame:
    """Return the pages that were collected into a folder, one row each, in the order in which they came.

    Columns: `url`, `title`, `looks` (article; list: it names others; page: neither), `status` of the last answer (0 if
    none came), `retrieved` (when the version that is kept came) and `checked` (when it was asked for last), both in
    UTC; `versions` that are kept, `bytes` received for the last one, its `sha256`, `found` (start, sitemap, feed, link,
    before), and where its record is: `archive` (a WARC file in the folder), `record` (which one in it), `at` and
    `length` (its bytes there, which are a gzip file of their own). Pages that never were kept, since the site has them
    no more, are not in it: `log.jsonl` has every request. Nothing is asked for, and nothing is changed.

    `.attrs["said"]` is a sentence on the last run, `.attrs["stopped"]` what ended it (empty: nothing was left to ask
    for), `.attrs["skipped"]` a list of (address, why) of what was left alone. Raises `CollectingError` where nothing
    was collected into the folder.
    """
    return pages_table(looked_at(folder))


def pages_table(kept: Kept) -> pd.DataFrame:
    """Return the pages of an opened folder; see `collected`."""
    rows: dict[str, dict] = {}
    seen: dict[str, set[str]] = {}
    for line in _page_lines(kept):
        key = same_page(line["url"])
        row = rows.get(key)
        if "at" in line:
            seen.setdefault(key, set()).add(line["sha256"])
            fresh = {name: line.get(name, "") for name in COLUMNS}
            if row and line.get("same"):
                fresh |= {name: row[name] for name in ("retrieved", "bytes")}
            else:
                fresh["retrieved"] = line["when"]
            rows[key] = row = {**fresh, "found": row["found"] if row else line.get("found", "")}
            row["status"] = 200 if line["status"] == 304 else line["status"]
        elif row:
            row["status"] = line.get("status", 0)
        if row:
            row |= {"checked": line["when"], "versions": len(seen[key])}
    table = pd.DataFrame(list(rows.values()), columns=COLUMNS)
    for name in HOURS:
        table[name] = pd.to_datetime(table[name], format="%Y-%m-%dT%H:%M:%SZ")
    ends = [line for line in kept.lines if line["event"] == "end"]
    skipped = {line["url"]: line["why"] for line in kept.lines if line["event"] == "skipped"}
    table.attrs |= {
        "said": said(kept), "stopped": ends[-1].get("stopped", "") if ends else "it was interrupted",
        "skipped": list(skipped.items()),
    }  # fmt: skip
    return table


def versions_table(kept: Kept) -> pd.DataFrame:
    """Return every version of every page that is kept, one row each; columns as in `collected`, and `version`, `round`.

    A version is what came with other bytes than the one before; the words of the two may be the same.
    """
    counts: Counter[str] = Counter()
    rows = []
    for line in _page_lines(kept):
        if "at" in line and not line.get("same"):
            key = same_page(line["url"])
            counts[key] += 1
            known = {name: line.get(name, "") for name in VERSION_COLUMNS}
            rows.append({**known, "retrieved": line["when"], "version": counts[key]})
    return pd.DataFrame(rows, columns=VERSION_COLUMNS)


def _page_lines(kept: Kept) -> list[Line]:
    """The lines of requests for pages, without sitemaps, feeds, robots.txt, redirects and what did not answer."""
    asked = kept.page_lines()
    return [line for line in asked if ("at" in line and line.get("looks") != OTHER) or line.get("status", 0) in GONE]


def said(kept: Kept) -> str:
    """Return a sentence on the last run: what was asked for and kept, and what ended it."""
    begins = [at for at, line in enumerate(kept.lines) if line["event"] == "begin"]
    if not begins:
        return "Nothing was asked for yet."
    run = kept.lines[begins[-1] :]
    asked = [line for line in run if line["event"] == "asked"]
    pages = [line for line in asked if line.get("kind", PAGE) == PAGE]
    new = [line for line in pages if "at" in line and not line.get("same")]
    articles = sum(line.get("looks") == "article" for line in new)
    size = sum(line.get("bytes", 0) for line in asked) / 1_000_000
    end: Line = next((line for line in run if line["event"] == "end"), {"stopped": "it was interrupted"})
    ended = "nothing is left to ask for" if end.get("finished") else f"stopped: {end.get('stopped')}"
    waits = counted(end.get("waiting", 0), "address waits", "addresses wait")
    waiting = f"; {waits} for another run" if end.get("waiting") else ""
    skipped = sum(line["event"] == "skipped" for line in run)
    left = f", {counted(skipped, 'address', 'addresses')} left alone" if skipped else ""
    requests = f"{counted(len(asked), 'request', 'requests')} ({size:.1f} MB), {len(pages):,} of them for pages"
    looks = f"{counted(len(new), 'page', 'pages')} kept, of which {articles:,} look like articles"
    return f"{run[0]['site']}: {requests}; {looks}{left}; {ended}{waiting}."


def counted(number: int, one: str, more: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "page", "pages"), counted(2000, "page", "pages")
    ('1 page', '2,000 pages')
    """
    return f"{number:,} {one if number == 1 else more}"


def texts_of(kept: Kept, lines: list[Line]) -> dict[tuple[str, int], str]:
    """Return the articles' texts of some versions, by archive and place there, as `read` finds them.

    One of which no article can be read is left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "versions.warc.gz"
        path.write_bytes(b"".join(map(kept.record, lines)))
        table = read(path) if lines else pd.DataFrame(columns=["record", "text"])
    numbers = table["record"].str.removeprefix("record ").astype(int) - 1
    places = [(lines[number]["archive"], lines[number]["at"]) for number in numbers]
    return dict(zip(places, table["text"], strict=True))
