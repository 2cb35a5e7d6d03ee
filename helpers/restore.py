"""The original words put back, beside the text as it was published."""

from helpers.display.shading import beside
from helpers.restoration.restore import restore
from helpers.text.thesaurus import alternatives

__all__ = ["alternatives", "beside", "restore"]
