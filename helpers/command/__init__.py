"""Words typed in a terminal go in; what Unspun says to them comes out: the command `unspun` with its subcommands.

Nothing heavy is loaded before a subcommand is at work, so that `unspun --help` answers at once.
"""

from helpers.command.door import main

__all__ = ["main"]
