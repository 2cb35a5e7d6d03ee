"""What an editor asks for: how much was copied, which quotations, names and figures are not those of the source."""

from helpers.comparison.furniture import site_furniture
from helpers.comparison.paragraphs import paragraphs
from helpers.report.facts.articles import altered_quotations, broken_names, summarise_articles
from helpers.report.facts.disguises import disguised_words
from helpers.report.facts.numbers import changed_numbers

__all__ = [
    "altered_quotations",
    "broken_names",
    "changed_numbers",
    "disguised_words",
    "paragraphs",
    "site_furniture",
    "summarise_articles",
]
