"""A template's name and its values go in; HTML or Markdown comes out, in which no text from an article can do harm.

Everything that comes from outside is masked, made visible and escaped here, whatever the template says.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from helpers.corpus.terms import RECONSTRUCTED
from helpers.display.masking import mask
from helpers.display.visible import visible
from helpers.files.dates import day_of
from helpers.report.key_figures import write_number

Cell = str | float | datetime | None  # what stands in a table; the kind of its column says which

BESIDE = re.compile(r'(<a(?: class="[^"]*")?) href="(?!#|https?:|data:)[^"]*"')
LONG_WORD = re.compile(r"[^\s<>&;-]{30,}")
PIECE = 20  # signs of a long word that stay together on one line
MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:@=^])")


def render(template: str, values: dict) -> str:
    """Return a template of `templates/` filled in; a name that it wants and does not get is an error."""
    return _environment(template.endswith(".md")).get_template(template).render(values)


@lru_cache
def _environment(markdown: bool) -> Environment:
    """Where templates are compiled, once."""
    environment = Environment(
        loader=PackageLoader("helpers.report"),
        autoescape=not markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=None if markdown else _shown,
    )
    environment.filters |= {
        "mask": shown_in_markdown if markdown else shown_in_html,
        "said": shown_in_markdown if markdown else _said,
        "attribute": shown,
        "percent": lambda share, digits=0: f"{share:.{digits}%}",
        "count": lambda number: f"{int(number):,}",
        "day": day,
        "rows": lambda table: table.reset_index(drop=True).to_dict("records"),
        "web": web_address,
        "cell": cell_in_markdown if markdown else cell,
        "link": link_target,
    }
    return environment


def _said(text: object) -> Markup:
    """A text from outside within a sentence: its figures are none of the report."""
    return Markup("<span data-outside>{}</span>").format(shown_in_html(text))


def _shown(value: object) -> object:
    """What a template prints: visible, unless it is HTML already."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def shown(text: object) -> str:
    """Return a text from outside as it may be shown: masked and visible; the template escapes it."""
    return visible(mask(str(text)))


def shown_in_html(text: object) -> Markup:
    """Return the same as HTML, with places to break in words that no column could hold.

    >>> shown_in_html("<b> " + 31 * "a")
    Markup('&lt;b&gt; aaaaaaaaaaaaaaaaaaaa<wbr>aaaaaaaaaaa')
    """
    return Markup(LONG_WORD.sub(lambda word: _broken(word[0]), str(escape(shown(text)))))


def _broken(word: str) -> str:
    return "<wbr>".join(word[at : at + PIECE] for at in range(0, len(word), PIECE))


def shown_in_markdown(text: object) -> str:
    """Return a text from outside as Markdown that shows just this text, in one line.

    >>> shown_in_markdown("<b>*World*</b> | 1. War")
    '&lt;b&gt;\\\\*World\\\\*&lt;/b&gt; \\\\| 1\\\\. War'
    """
    line = " ".join(shown(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKDOWN_SIGNS.sub(r"\\\1", line)


def day(moment: datetime | None) -> str:
    """Return a date as reports write it."""
    return "not known" if moment is None or pd.isna(moment) else day_of(moment)


def web_address(address: str) -> str:
    """Return an address that a link may lead to: http or https with a host; an empty string for all others.

    >>> web_address("https://site.example/a"), web_address("javascript:alert(1)"), web_address("https:///a")
    ('https://site.example/a', '', '')
    """
    try:
        parts = urlsplit(address.strip())
        fits = parts.scheme in ("http", "https") and re.fullmatch(r"[\w.-]+(?::\d+)?", parts.netloc, re.ASCII)
    except ValueError:
        return ""
    good = (
        fits
        and not re.search(r"[\s<>\"'\\{}|^`\x00-\x20\x7f-\U0010ffff]", address.strip())
        and mask(address) == address
    )
    return address.strip() if good else ""


def link_target(name: str) -> str:
    """Return a folder name as a link; slugs need no more than that."""
    return f"{name}/index.html"


def cell(value: Cell, kind: str) -> Markup:
    """Return a value as the content of a table cell; a number keeps its exact value in a `data` element."""
    if kind == "text":
        return shown_in_html(value) if str(value).strip() else Markup("–")
    if kind == "code":
        return Markup("<code>{}</code>").format(shown(value))
    if kind == "mark":
        return Markup("yes" if value else "no")
    if kind == "day":
        return (
            Markup("not known")
            if pd.isna(value)
            else Markup('<time datetime="{:%Y-%m-%d}">{}</time>').format(value, day(cast("datetime", value)))
        )
    if pd.isna(value):
        return Markup("–")
    return Markup('<data value="{}">{}</data>').format(f"{value:.10g}", written(cast("float", value), kind))


def cell_in_markdown(value: Cell, kind: str) -> str:
    """Return a value as the content of a cell of a Markdown table."""
    if kind in ("text", "code"):
        return shown_in_markdown(value) or "–"
    if kind == "mark":
        return "yes" if value else "no"
    if kind == "day":
        return day(cast("datetime | None", value))
    return "–" if pd.isna(value) else written(cast("float", value), kind)


def written(value: float, kind: str) -> str:
    """Return a number as tables write it: count, percent (whole), hours, score or p."""
    if kind == "percent":
        return f"{value:.0%}"
    if kind == "p":
        return "below 0.001" if value < 0.001 else "above 0.99" if value > 0.99 else f"{value:.3f}"
    return write_number(value, kind)


def source_label(reference: pd.Series) -> str:
    """Return how a reference is named above its text; a reconstruction never passes for the publisher's page."""
    if reference["provenance"] == RECONSTRUCTED and not reference["site"]:
        return "Reconstruction (the source itself was not at hand)"
    if reference["provenance"] == RECONSTRUCTED:
        return f"Reconstruction (the page at {reference['site']} was not available)"
    return f"Reference: {reference['site']}"


def without_neighbours(page: str) -> str:
    """Return a page without links to the files beside it, for where there are none.

    >>> without_neighbours('<a href="report.md">Markdown</a> <a href="#names">Names</a>')
    '<a>Markdown</a> <a href="#names">Names</a>'
    """
    return BESIDE.sub(r"\1", page)
