"""The original words put back, beside the text as it was published; a site's dictionary, read off its own pages."""

from helpers.display.shading import beside
from helpers.restoration.decipher import TooFewArticlesError, decipher, decipher_places
from helpers.restoration.restore import restore
from helpers.text.thesaurus import alternatives

__all__ = ["TooFewArticlesError", "alternatives", "beside", "decipher", "decipher_places", "restore"]
