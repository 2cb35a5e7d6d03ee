"""A site goes in; its pages are in a folder, or what changed on it since is told: two subcommands."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from helpers.command.terminal import columns, failure, is_watched, note, rows_of, say, shown, writing

PATH = click.Path(path_type=Path)
PAGES, MEGABYTES, WAIT = 1_000, 500.0, 5.0  # those of helpers.corpus.collecting.collect, which is slow to load
MOST_SAID = 20  # pages that changed, and reasons why addresses were left alone; the page and the log have all
BY_ITSELF = "budget"  # a word of what is said where the run ended as the person had it
LATER = "see log.jsonl there, and run it again later: it goes on where it was."
CONTACT = "Your e-mail address, or a page about your research: it is sent with each request."
BOUNDS = [
    click.option("--contact", required=True, metavar="ADDRESS", help=CONTACT),
    click.option("--pages", default=PAGES, show_default=True, type=click.IntRange(1), metavar="N",
                 help="Requests for pages, at the most."),
    click.option("--megabytes", default=MEGABYTES, show_default=True, type=click.FloatRange(0, min_open=True),
                 metavar="N", help="Megabytes received, at the most."),
    click.option("--wait", default=WAIT, show_default=True, type=click.FloatRange(1), metavar="SECONDS",
                 help="Between two requests; more where robots.txt asks for more."),
    click.option("--corpus", type=PATH, metavar="CORPUS", help="Put what looks like an article into this corpus."),
    click.option("--role", type=click.Choice(["spun", "reference"]), default="spun", show_default=True,
                 help="What the articles are there."),
    click.option("--private", is_flag=True, help="Allow hosts on this computer and in its network."),
    click.option("--through", default="", metavar="NUMBER:PORT", help="A server of yours that answers for the site."),
]  # fmt: skip


def _bounded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a subcommand the options that say who asks, and bound what is asked for."""
    for option in reversed(BOUNDS):
        command = option(command)
    return command


@click.command()
@click.argument("site")
@click.argument("folder", type=PATH)
@click.option("--also", multiple=True, metavar="HOST", help="Another host of the site; may be said again.")
@_bounded
def collect(site: str, folder: Path, also: tuple[str, ...], **given: Any) -> None:
    """Collect a site's pages into a folder, politely.

    SITE is a host, or an address at which to begin; no other host is asked. What its sitemaps and feeds name and its
    pages link to goes into web archives in the folder FOLDER, each request into log.jsonl there; what robots.txt
    forbids is left alone. A run that was stopped, by a budget, by the host or by you, goes on when it is started again.
    When nothing is left, the next run asks for what is new or changed. The exit status is 1 where the host ended the
    run, or nothing was kept.

    \b
    Example:
      unspun collect gazette.example gazette --contact you@newsroom.example
      unspun collect gazette.example gazette --contact you@newsroom.example --pages 200 --corpus corpus
    """
    from helpers.corpus.collecting.collect import collect as run

    with writing(folder):
        table = run([site, *also], folder, progress=is_watched(), **given)
    say(shown(table.attrs["said"]))
    if "imported" in table.attrs:
        say(shown(table.attrs["imported"]))
    _note_skipped(table.attrs["skipped"])
    _end(folder, table.attrs["stopped"], table.empty)


@click.command()
@click.argument("folder", type=PATH)
@_bounded
def watch(folder: Path, **given: Any) -> None:
    """Collect a site again, and tell what changed since.

    FOLDER is one that unspun collect has written. Only what may be new or changed is asked for. New articles, edits
    word for word, deletions and new signs of who runs the site stand in a page and in tables in FOLDER; all versions
    are kept. The exit status is 1 where the host ended the run.

    \b
    Example:
      unspun watch gazette --contact you@newsroom.example
    """
    from helpers.sites.watching import watch as run

    with writing(folder):
        found = run(folder, progress=is_watched(), **given)
    say(shown(found.said))
    shown_rows = [(row.change, shown(row.url), shown(row.what)) for row in rows_of(found.changes.head(MOST_SAID))]
    say(*columns(shown_rows))
    if len(found.changes) > MOST_SAID:
        say(f"and {len(found.changes) - MOST_SAID:,} more.")
    say(f"Page: {found.page}")
    _end(folder, found.pages.attrs["stopped"])


def _note_skipped(skipped: list[tuple[str, str]]) -> None:
    """Say what was left alone, the reasons that are most frequent first, each with an address."""
    reasons = Counter(why for _, why in skipped)
    first = {why: url for url, why in reversed(skipped)}
    note(*(f"Left alone, {count:,}: {why} ({shown(first[why])})" for why, count in reasons.most_common(MOST_SAID)))


def _end(folder: Path, stopped: str, is_empty: bool = False) -> None:
    """Raise an error where the host ended a run, or nothing came of it; a budget that is used up is none."""
    if stopped and BY_ITSELF not in stopped:
        raise failure(folder, f"{stopped}.", LATER)
    if is_empty:
        raise failure(
            folder, "no page was kept.", "see log.jsonl there, and name the site's host as a browser shows it."
        )
