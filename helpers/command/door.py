"""The words of a command go in; the subcommand that they name does its work, and the program ends with its status.

0: done. 1: something went wrong, or could not be made. 2: the command was not understood. 130: stopped with Ctrl-C.
"""

import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from helpers import __version__
from helpers.command.terminal import FailureError, explained, failure, ready_streams, warnings_as_notes

STOPPED = 130  # as shells count Ctrl-C
# The subcommands in the order of the help: module and name of each. Its modules load no more than click.
SUBCOMMANDS = {
    "compare": "helpers.command.compare:compare",
    "detect": "helpers.command.one_text:detect",
    "restore": "helpers.command.one_text:restore",
    "source": "helpers.command.one_text:source",
    "collect": "helpers.command.whole_site:collect",
    "watch": "helpers.command.whole_site:watch",
    "import": "helpers.command.many_texts:import_",
    "report": "helpers.command.many_texts:report",
    "evidence": "helpers.command.to_hand_on:evidence",
    "capture": "helpers.command.to_hand_on:capture",
    "verify": "helpers.command.to_hand_on:verify",
    "letters": "helpers.command.to_hand_on:letters",
    "scale": "helpers.command.many_texts:scale",
    "links": "helpers.command.links:links",
    "field": "helpers.command.field:field",
    "lab": "helpers.command.many_texts:lab",
}


class Door(click.Group):
    """The command, which knows its subcommands by name, says what went wrong in a line, and ends quietly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subcommands, those first that want the least."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand by its name."""
        if cmd_name not in SUBCOMMANDS:
            return None
        module, _, name = SUBCOMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; where there is none, name the one that was probably meant."""
        word = args[0]
        if word not in SUBCOMMANDS and not word.startswith("-"):
            near = difflib.get_close_matches(word.lower(), SUBCOMMANDS, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(SUBCOMMANDS)}."
            raise click.UsageError(f"No such command {word!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Do the work; whatever goes wrong becomes a line with file and mend."""
        try:
            with warnings_as_notes():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params.get("traceback"):
                raise
            raise FailureError(explained(error)) from error

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *_: Any, **__: Any
    ) -> NoReturn:
        """Understand the words, do the work, end with a status."""
        ready_streams()
        try:
            _check_signs(sys.argv[1:] if args is None else args)
            status = super().main(args, prog_name or "unspun", standalone_mode=False)
            sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            status = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            status = STOPPED
        except BrokenPipeError:  # whoever read the answer has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 1
        sys.exit(status if isinstance(status, int) else 0)


def _check_signs(words: Sequence[str]) -> None:
    """Raise an error for a name that no table could hold: some of its bytes are no signs here."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            mend = "rename it, or choose a terminal with UTF-8: LC_ALL=C.UTF-8 unspun …"
            raise failure(word, "this terminal cannot read some signs of this name.", mend) from None


@click.group(
    cls=Door,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done; 1 something went wrong or could not be made; 2 the command was not understood.",
)
@click.version_option(__version__, prog_name="unspun", message="%(prog)s %(version)s")
@click.option("--traceback", is_flag=True, help="If something fails, show where in the program.")
@click.pass_context
def cli(ctx: click.Context, traceback: bool) -> None:
    """Find what a content spinner changed, word for word.

    \b
    Two texts at hand:    unspun compare spun.txt source.txt
    One text at hand:     unspun detect article.html
    Many, in a corpus:    unspun report CORPUS REPORTS
    A whole site:         unspun collect SITE FOLDER --contact ADDRESS
    All of a subcommand:  unspun compare --help
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """Run the command that was typed."""
    cli.main()
