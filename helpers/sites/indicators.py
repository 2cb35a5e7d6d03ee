"""Stored pages go in; what each tells of who runs it comes out: a row an indicator, with how telling it is and why.

Read are the stored bytes and headers alone; nothing is run and nothing is fetched. Each page is read in a process of
its own, which is ended when it costs too much.
"""

import base64
import json
from pathlib import Path

import pandas as pd

from helpers.files.bounded_call import CostlyError, bounded_call
from helpers.files.limits import MB, MEMORY, SECONDS
from helpers.files.problems import Problem, Problems
from helpers.files.urls import host_of
from helpers.sites.known_values import says_nothing
from helpers.sites.patterns import KINDS, NOTHING, TIERS
from helpers.sites.stored_pages import Stored, stored_answers

COLUMNS = ["site", "page", "kind", "value", "tier", "why", "place", "evidence"]
READER = "helpers.sites.page_reading:rows_of"
MOST_ANSWER = 20 * MB  # bytes of rows of one page; honest ones have some thousand
LEAVE_OUT = "leave the page out, or look at it by hand."
ORDER = {tier: place for place, tier in enumerate((*TIERS, NOTHING))}


def indicators(pages: str | Path | list | pd.DataFrame) -> pd.DataFrame:
    """Return what stored pages tell of who runs their sites, a row an indicator of a page.

    `pages` are web archives (a file, a folder, a list of them) or a table with the columns `url`, `html` and perhaps
    `headers`; `ads.txt`, icons and style sheets in an archive are read as well. Columns: `site` (the host), `page` (its
    address), `kind` (see `helpers.sites.patterns.KINDS`), `value`, `tier` (conclusive, associative, circumstantial as
    the field calls them; “none” for what is known to say nothing), `why` (why it is so telling, or why it says
    nothing), `place` (where in the page), `evidence` (what stands there). E-mail addresses and telephone numbers are
    digests (the first 16 digits of SHA-256), so that they can be compared and not read; whoever knows an address can
    still tell that it is this one.

    A page that cannot be read stands in `.attrs["problems"]` (file, place, problem, mend), and the sites of which a
    page was read in `.attrs["pages"]`, with their number. Raises FileNotFoundError where there is no such file,
    ValueError for a table that lacks a column.

    >>> page = "<script>gtag('config', 'G-K7Q2MW4XPA')</script><p>Ours is G-AAAA1111BB.</p>"
    >>> indicators(pd.DataFrame({"url": ["https://site.example/"], "html": [page]}))[["site", "kind", "value", "tier"]]
               site                kind         value        tier
    0  site.example  google_analytics_4  G-K7Q2MW4XPA  conclusive
    """
    rows: list[tuple] = []
    problems, counts = Problems(), dict[str, int]()
    for answer in stored_answers(pages):
        if isinstance(answer, Problem):
            problems.add(answer)
            continue
        site = host_of(answer.url)
        try:
            rows += [(site, answer.url, *row) for row in _read(answer)]
            counts[site] = counts.get(site, 0) + 1
        except (CostlyError, RuntimeError) as error:
            what = f"it could not be read ({str(error).partition(' Mend:')[0].rstrip('.')})."
            problems.add(Problem(answer.file, 0, what, LEAVE_OUT, answer.place))
    table = _with_tiers(pd.DataFrame(rows, columns=["site", "page", "kind", "value", "place", "evidence"], dtype=str))
    table.attrs |= {"pages": counts, "problems": [vars(problem) for problem in problems.listed()]}
    return table


def _read(answer: Stored) -> list[list[str]]:
    body = base64.b64encode(answer.body).decode()
    found = bounded_call(
        READER, answer.url, answer.headers, answer.what, body, seconds=SECONDS, memory=MEMORY, most=MOST_ANSWER
    )
    rows: list[list[str]] = json.loads(found)
    return rows


def _with_tiers(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each row how telling it is and why; the same value of a page stands once."""
    rows = rows.drop_duplicates(["page", "kind", "value"])
    pairs = list(zip(rows["kind"], rows["value"], strict=True))
    known = {pair: says_nothing(*pair) for pair in set(pairs)}
    tiers = [NOTHING if known[pair] else KINDS[pair[0]].tier for pair in pairs]
    table = rows.assign(tier=tiers, why=[known[pair] or KINDS[pair[0]].why for pair in pairs])
    table = table.assign(order=table["tier"].map(ORDER)).sort_values(["site", "page", "order"], kind="stable")
    return table[COLUMNS].reset_index(drop=True)
