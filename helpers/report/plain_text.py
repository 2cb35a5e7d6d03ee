"""A template's name and its values go in; plain text comes out, for a letter or a README, addresses masked.

Nothing has to be escaped in plain text; but what comes from outside stays in one line, so that it cannot pass for a
line of ours, and shows what cannot be seen.
"""

import re
import textwrap
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from helpers.display.exhibits import Mark, segments
from helpers.display.visible import visible
from helpers.files.dates import day_of
from helpers.report.rendering import day, shown, web_address
from helpers.text.spans import Span

WIDTH = 92  # of a line in a README
MARKS = "[[{}]]"  # around changed words
BULLET = re.compile(r"\s*(?:[-*] |\d+\. )?")


def render_text(template: str, values: dict, width: int = 0) -> str:
    """Return a template of `templates/` filled in, its lines broken at `width` (0: not at all).

    Lines that begin with four spaces are code and stay whole. A name that the template wants and does not get is an
    error.
    """
    text = _environment().get_template(template).render(values)
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    return "\n".join(line for whole in text.split("\n") for line in _broken(whole, width)) if width else text


def _broken(line: str, width: int) -> list[str]:
    if len(line) <= width or line.startswith("    "):
        return [line]
    indent = " " * len(BULLET.match(line)[0])  # type: ignore[index]
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("helpers.report"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if isinstance(value, str) else value,
    )
    environment.filters |= {
        "plain": in_one_line,
        "web": web_address,
        "day": day,
        "count": lambda number: f"{int(number):,}",
        "said_day": day_of,
    }
    return environment


def in_one_line(text: object) -> str:
    """Return a text from outside as plain text shows it: masked, visible, in one line.

    >>> in_one_line("DRAFT\\n write to a.b@site.example")
    'DRAFT write to [e-mail address masked]'
    """
    return " ".join(shown(text).split())


def marked_text(text: str, span: Span, marks: list[Mark]) -> str:
    """Return text[span] in one line with the marked words in double brackets, addresses masked.

    >>> marked_text("a World Battle II tank", (2, 17), [(8, 14, "for: War")])
    'World [[Battle]] II'
    """
    pieces = segments(text, span, marks)
    return " ".join("".join(MARKS.format(words) if tip is not None else words for words, tip, _ in pieces).split())
