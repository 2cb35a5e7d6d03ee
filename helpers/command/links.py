"""Web archives of several sites go in; what links the sites is told, and written for other programs: the subcommand."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers.command.reading import must_be_there
from helpers.command.terminal import columns, note, say, shown, writing
from helpers.files.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

PATH = click.Path(path_type=Path)
MOST_TOLD = 40  # pairs; the table has all
MOST_NOTED = 10  # problems


@click.command()
@click.argument("archives", type=PATH, nargs=-1, required=True)
@click.option("--beside", type=PATH, metavar="ARCHIVES", help="Sites that surely have nothing to do with these.")
@click.option("--out", type=PATH, metavar="FOLDER", help="Write tables, picture, GraphML and GEXF there.")
def links(archives: tuple[Path, ...], beside: Path | None, out: Path | None) -> None:
    """Tell what links the sites whose pages are kept in ARCHIVES.

    ARCHIVES are web archives (.warc, .warc.gz) or folders of them. Nothing is fetched, and nothing in the pages is run.
    An account in common is no proof that one person runs both: it may be an agency's. With --beside, what unrelated
    sites have as well counts as common.

    \b
    Example:
      unspun links archives --out network
    """
    for path in (*archives, *([beside] if beside else [])):
        must_be_there(path)
    from helpers.sites.indicators import indicators
    from helpers.sites.links import LINKS, common_indicators, linked_pairs, links_between

    found = indicators(list(archives))
    background = indicators(beside) if beside else None
    table = links_between(found, background=background)
    pairs = linked_pairs(table)
    note(*(str(Problem(**problem)) for problem in found.attrs["problems"][:MOST_NOTED]))
    said = [(row.verdict, f"{row.surprise:.1f} bits", f"{row.site} – {row.other}", row.strongest)
            for row in pairs.head(MOST_TOLD).itertuples()]  # fmt: skip
    say(*(columns([tuple(map(shown, row)) for row in said]) if said else []))
    count = int(pairs["verdict"].isin(LINKS).sum())
    number = len(table.attrs["sites"])
    say(f"{count:,} {'link' if count == 1 else 'links'} between {number:,} {'site' if number == 1 else 'sites'}.")
    if out:
        _write(
            out, {"indicators": found, "links": table, "pairs": pairs, "common": common_indicators(found, background)}
        )


def _write(out: Path, tables: dict[str, "pd.DataFrame"]) -> None:
    from helpers.display.export import write_csv
    from helpers.sites.network_picture import plot_network, write_network

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        for name, rows in tables.items():
            write_csv(rows, out / f"{name}.csv")
        for ending in (".graphml", ".gexf"):
            write_network(tables["links"], out / f"network{ending}")
        (out / "network.png").write_bytes(plot_network(tables["links"]).png())
    say(f"Tables, picture and network: {out}")
