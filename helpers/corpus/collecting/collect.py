"""A site and a folder go in; its pages are in the folder, asked for politely, and a table of them comes out."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers.corpus.collecting.addresses import Scope, scope_of, start_of
from helpers.corpus.collecting.asker import Budget
from helpers.corpus.collecting.into_corpus import check_role, import_collected
from helpers.corpus.collecting.keeping import CollectingError, Kept, opened
from helpers.corpus.collecting.pages import pages_table
from helpers.corpus.collecting.run import Plan, Run
from helpers.corpus.formats.exchange import TIMEOUT, WAIT, Asking, agent_of
from helpers.display.progress import counter
from helpers.files.limits import MB
from helpers.files.open_internet import is_public
from helpers.files.urls import host_of_site

PAGES, MEGABYTES = 1_000, 500.0  # of one run; at five seconds a page it takes an hour and a half


def collect(
    site: str | Iterable[str],
    into: str | Path,
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
) -> pd.DataFrame:
    """Collect a site's pages into the folder `into`, politely; return a table of all that are there (see `collected`).

    `site` is a host (“gazette.example”), an address at which to begin, or several of them. With and without “www.” is
    one host; no other is ever asked, also where a page or a redirect leads there: name it too if you want it. What is
    asked for: robots.txt, the sitemaps that it names or that lie where they usually do, the first page, its feeds, the
    pages that these name, then what pages link to. Pages go into web archives (WARC), each request into `log.jsonl`;
    `import_articles` and `read` take the archives.

    One request at a time, `wait` seconds apart (at least 1; more where robots.txt asks for it). `contact`, your e-mail
    address or a page on your research, is sent with each. `pages` and `megabytes` bound what this call asks for:
    requests for pages, whatever came, and bytes received. Where the host answers that it is asked too much (429, 503)
    it is left alone for as long as it says. A call that ended, or was killed, goes on with the next: nothing that came
    is asked for twice. When nothing is left, the next call asks for what is new or changed.

    With `corpus` what looks like an article is imported there with this `role`; `.attrs["imported"]` says what came
    of it. `private` allows hosts on this computer and in its network, `through` ("127.0.0.1:8000") names a server
    of yours that answers for the site, as `serve` is one. `progress` shows a bar.

    `.attrs["said"]` tells in a sentence what was done and what ended it, `.attrs["stopped"]` what ended it alone,
    `.attrs["skipped"]` what was left alone and why. Raises ValueError for a `site`, `contact` or `role` that is none,
    `CollectingError` where another program collects into the folder or other files are in it, `FetchingError` where
    the host lies in a private network and `private` was not said.
    """
    check_role(role)
    sites = [site] if isinstance(site, str) else list(site)
    agent, plan = agent_of(contact), plan_of(sites, pages, megabytes)
    asking = Asking(agent, wait, timeout, private, through_server(through))
    with opened(into) as kept:
        _must_be_of(kept, plan.site)
        run_shown(kept, asking, plan, progress)
        table = pages_table(kept)
        if corpus is not None:
            table.attrs["imported"] = import_collected(kept, corpus, role, plan.site)
    return table


def run_shown(kept: Kept, asking: Asking, plan: Plan, progress: bool) -> Run:
    """Ask a site under a bar; return the run when it has ended."""
    run = Run(kept, asking, plan)
    with counter(plan.budget.pages, plan.site, progress) as bar:

        def told(asked: int, waiting: int) -> None:
            bar.set_postfix_str(f"{waiting:,} wait", refresh=False)
            bar.update(asked - bar.n)

        plan.told = told
        run.go()
    return run


def plan_of(sites: list[str], pages: int, megabytes: float) -> Plan:
    """What may be asked; raises ValueError for what is no site and for budgets of nothing."""
    if not sites:
        raise ValueError("no site was named. Mend: name its host, such as gazette.example.")
    if pages < 1 or megabytes <= 0:
        raise ValueError("pages and megabytes are budgets, and nothing can be asked for with none. Mend: raise them.")
    guessed = not any("://" in one for one in sites)
    starts = list(map(start_of, sites))
    budget = Budget(pages, int(megabytes * MB))
    return Plan(_name_of(starts[0], scope_of(starts)), starts, scope_of(starts), budget, guessed=guessed)


def _name_of(start: str, scope: Scope) -> str:
    """What a site is called in the log, and in the names of its archives: its host, with its port where it has one."""
    host = host_of_site(start)
    port = next((port for name, port in scope.hosts if name == host and port), None)
    return f"{host}:{port}" if port else host


def through_server(named: str) -> tuple[str, int] | None:
    """The number and port of a server of one's own."""
    if not named:
        return None
    host, _, port = named.rpartition(":")
    try:
        is_own = port.isdigit() and not is_public(host)
    except ValueError:
        is_own = False
    if not is_own:
        what = f"through={named!r} is no server on this computer or in its network"
        raise ValueError(f"{what}. Mend: name a number and a port, such as 127.0.0.1:8000.")
    return host, int(port)


def _must_be_of(kept: Kept, site: str) -> None:
    """Raise where another site was collected into the folder: each has one of its own."""
    known = next((line["site"] for line in kept.lines if line["event"] == "begin"), site)
    if known != site:
        mend = "name another folder: each site has one of its own."
        raise CollectingError(f"{kept.folder}: {known} was collected into it, not {site}. Mend: {mend}")
