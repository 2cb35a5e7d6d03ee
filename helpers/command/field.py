"""A page's confirmed pairs go in; the field's dictionary has them, after they were shown: the subcommand."""

from pathlib import Path

import click

from helpers.command.terminal import say, shown

PATH = click.Path(path_type=Path)


@click.group()
def field() -> None:
    """Add to the field's dictionary: what spinning programs put for what.

    \b
    Example:
      unspun field add pairs.csv --yes
    """


@field.command()
@click.argument("pairs", type=PATH)
@click.option("--folder", type=PATH, metavar="FOLDER", help="A dictionary of your own; else corpus/field.")
@click.option("--yes", is_flag=True, help="Write what is confirmed; without it, it is only shown.")
def add(pairs: Path, folder: Path | None, yes: bool) -> None:
    """Show what of PAIRS would enter, and write it with --yes.

    PAIRS is a table (CSV, Excel, …) with the columns spun, original, dialect, address, how, count, confirmed. A row
    enters if somebody's name stands under confirmed, and it keeps the rules of entry.

    \b
    Example:
      unspun field add pairs.csv --yes
    """
    from helpers.mapping.field_additions import add_to_field, field_preview

    rows = (add_to_field if yes else field_preview)(pairs, folder)
    for row in rows.itertuples():
        say(
            f"{row.enters}: {shown(str(row.spun))} -> {shown(str(row.original))}" + (f" ({row.why})" if row.why else "")
        )
    new = int(rows["enters"].isin(["new pair", "new sighting"]).sum())
    say(f"{new:,} of {len(rows):,} rows {'entered' if yes else 'would enter'}.")
    if new and not yes:
        say("Add --yes to write them.")
