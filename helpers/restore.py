"""The original words put back."""

from helpers.restoration.restore import restore
from helpers.text.thesaurus import alternatives

__all__ = ["alternatives", "restore"]
