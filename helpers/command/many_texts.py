"""A corpus goes in, or a file for one; reports, articles, tables at scale or JupyterLab come out: four subcommands."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from helpers.command.reading import must_be_corpus, must_be_there
from helpers.command.terminal import columns, failure, is_watched, note, rows_of, say, shown, writing
from helpers.corpus.project import MY_CORPUS, MY_REPORTS, project_folder

PATH = click.Path(path_type=Path)
SECONDS = 10  # that a scheduler has to answer
PROVENANCES = ["published", "reconstructed", "simulated"]  # helpers.corpus.schemas has them too, and is slow to load
TOUR = Path(__file__).parents[2] / "notebooks" / "00_tour.ipynb"


@click.command()
@click.argument("corpus", type=PATH, required=False)
@click.argument("reports", type=PATH, required=False)
@click.argument("sites", metavar="[SITE]...", nargs=-1)
def report(corpus: Path | None, reports: Path | None, sites: tuple[str, ...]) -> None:
    """Write a report on each site of a corpus.

    CORPUS is a folder with articles.csv in it (docs: corpus/README.md). Where nothing is named, it is my-corpus, which
    the notebooks and unspun import fill, and the reports go into my-reports beside it. Below the folder REPORTS each
    site gets a page, its tables, its pictures, a notebook and, where Chromium is, a PDF; an index names them all.
    Without a SITE there are reports on all sites. Reports in which nothing would change are left as they are. A site on
    which no report can be made keeps no other from its own; it is named at the end, and the exit status is 1.

    \b
    Example:
      unspun report
      unspun report corpus reports site.example
    """
    if corpus is None:
        corpus, reports = project_folder(MY_CORPUS), project_folder(MY_REPORTS)
        note(f"Corpus: {corpus.resolve()}, reports: {reports.resolve()}")
    if reports is None:
        raise click.UsageError("Name the folder for the reports too: unspun report CORPUS REPORTS.")
    must_be_corpus(corpus)
    if reports.exists() and not reports.is_dir():
        raise failure(reports, "this is a file, and reports want a folder.", "name another folder.")
    from helpers.report.build import main

    with writing(reports):
        main(str(corpus), str(reports), *sites, progress=is_watched())


@click.command("import")
@click.argument("file", type=PATH)
@click.argument("corpus", type=PATH, required=False)
@click.option(
    "--role", type=click.Choice(["spun", "reference"]), help="What the articles are, where FILE says nothing."
)
@click.option("--site", default="", metavar="HOST", help="The site they come from, where FILE says nothing.")
@click.option("--reference-id", default="", metavar="ID", help="The article in CORPUS that the spun ones come from.")
@click.option("--licence", default="", help="By what right they are kept.")
@click.option("--provenance", type=click.Choice(PROVENANCES), help="What they are, where FILE says nothing.")
@click.option("--note", "remark", default="", metavar="TEXT", help="A note to be kept with each.")
def import_(
    file: Path,
    corpus: Path | None,
    role: str | None,
    site: str,
    reference_id: str,
    licence: str,
    provenance: str | None,
    remark: str,
) -> None:
    """Put the articles in a file into a corpus.

    FILE is text, a saved web page, a table (CSV, Excel, JSON, Parquet), a feed, a web archive, a folder or a ZIP of
    these. The folder CORPUS is made if it is not there; where none is named, it is my-corpus, which the notebooks and
    unspun report take as well. What can be read is put in, what cannot be is named with its
    mend, and the exit status is then 1. The same file again adds nothing.

    \b
    Example:
      unspun import page.html --role spun --site site.example
      unspun import page.html corpus --role spun --site site.example
    """
    must_be_there(file)
    corpus = project_folder(MY_CORPUS) if corpus is None else corpus
    if corpus.exists() and not corpus.is_dir():
        raise failure(corpus, "a corpus is a folder, and this is a file.", "name another folder.")
    if corpus.is_dir() and not (corpus / "articles.csv").exists() and any(corpus.iterdir()):
        mend = "name a corpus (a folder with articles.csv in it), or a new or empty folder."
        raise failure(corpus, "this folder is no corpus, and there are other files in it.", mend)
    from helpers.corpus.formats.read import GIVE_ROLE
    from helpers.corpus.imports import ADDED, import_articles
    from helpers.files.problems import Problem

    given: dict[str, Any] = {
        "site": site,
        "licence": licence,
        "note": remark,
        "reference_id": reference_id,
        "provenance": provenance or "",
    }
    with writing(corpus):
        table = import_articles(file, corpus, role or "", **given, errors="collect")
    rows = [
        (row.status, row.role, shown(row.article_id), f"{row.characters:,} characters" if row.characters else "")
        for row in rows_of(table)
    ]
    problems = [
        str(Problem(**problem)).replace(GIVE_ROLE, "say --role spun or --role reference.")
        for problem in table.attrs["problems"]
    ]
    say(*columns(rows))
    added = int((table["status"] == ADDED).sum())
    say(
        f"{added:,} added to {corpus}, {len(table) - added:,} were there already, {len(problems):,} could not be added."
    )
    note(*(f"Passed over, no article: {skipped}" for skipped in table.attrs["skipped"]))
    note(*(f"unspun: {problem}" for problem in problems))
    if problems:
        sys.exit(1)
    if table.empty:
        raise failure(file, "there is no article in it.", "name a file with an article's text.")


@click.command()
@click.argument("corpus", type=PATH)
@click.argument("store", type=PATH)
@click.option("--address", metavar="tcp://HOST:PORT", help="A Dask scheduler.  [default: this machine]")
@click.option("--workers", type=click.IntRange(min=1), help="Workers on this machine.  [default: all cores]")
@click.option("--processes", is_flag=True, help="Workers are processes, not threads.")
@click.option("--retry", is_flag=True, help="Try articles again that were set aside.")
def scale(corpus: Path, store: Path, address: str | None, workers: int | None, processes: bool, retry: bool) -> None:
    """Compare a large corpus on many cores or machines.

    CORPUS is a corpus, or a file or folder of articles; in the folder STORE lie afterwards the tables of articles,
    pairs, substitutions and more, as Parquet. A run that was stopped goes on where it was. An article that cannot be
    read is set aside and stands in the table of errors; the exit status is then 1.

    \b
    Example:
      unspun scale corpus store --workers 4
      unspun scale /shared/corpus /shared/store --address tcp://10.0.0.5:8786
    """
    must_be_there(corpus)
    if store.exists() and not store.is_dir():
        raise failure(store, "this is a file, and a folder is wanted.", "name another folder.")
    from helpers.scale.run import at_scale
    from helpers.scale.store import read_table

    if address:
        _must_answer(address)
    with writing(store):
        at_scale(
            corpus, store, address=address, workers=workers, processes=processes, retry=retry, progress=is_watched()
        )
    tables = ["articles", "pairs", "substitutions", "frequency", "distances", "errors"]
    counts = {name: len(read_table(store, name)) for name in tables}
    say(*columns([(name, f"{count:>11,}") for name, count in counts.items()]), f"Tables: {store}")
    if counts["errors"]:
        first = read_table(store, "errors").iloc[0]
        where = ", ".join(shown(value) for value in first.tolist() if str(value).strip())
        raise failure(store, f"{counts['errors']:,} set aside, the first: {where}.", "see the table errors; --retry.")


def _must_answer(address: str) -> None:
    """Raise an error where no Dask scheduler answers at an address."""
    from distributed import Client

    try:
        Client(address, timeout=SECONDS).close()
    except (OSError, ValueError, TypeError) as error:
        mend = "correct the address (tcp://HOST:PORT), or start one there: dask scheduler."
        raise failure(address, "no Dask scheduler answers there.", mend) from error


@click.command()
def lab() -> None:
    """Start JupyterLab on the tour of the notebooks.

    It opens in your browser; Ctrl-C in the terminal ends it.

    \b
    Example:
      unspun lab
    """
    if not TOUR.is_file():
        raise failure(TOUR, "the notebooks are not there.", "run unspun from a copy of the whole project.")
    import importlib.util

    if importlib.util.find_spec("jupyterlab") is None:
        raise failure(sys.executable, "JupyterLab is not installed.", "pip install jupyterlab, or make.")
    status = subprocess.run([sys.executable, "-m", "jupyterlab", str(TOUR)], cwd=TOUR.parent, check=False).returncode
    if status:
        raise failure(TOUR, f"JupyterLab ended with status {status}.", "see what it says above.")
