"""A report's page goes in; the same comes out as a notebook shows it, in a frame of its own."""

import re
from html import escape
from pathlib import Path

from helpers.display.masking import mask
from helpers.display.shown import Shown
from helpers.display.visible import visible
from helpers.report.rendering import without_neighbours

SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
NARROW = re.compile(r"<source [^>]*>")  # a frame in a notebook is wide enough for the others
HEIGHT = 900  # pixels


def show_report(page: str | Path, height: int = HEIGHT) -> Shown:
    """Return a report as a notebook shows it: the page itself, in a frame that can be scrolled.

    The frame is sealed: nothing in it runs or asks for anything, and links to the files beside the page are left out.
    Raises OSError where there is no such page.
    """
    page = Path(page)
    content = NARROW.sub("", SCRIPT.sub("", without_neighbours(page.read_text(encoding="utf-8"))))
    title = f"The report on {visible(mask(page.parent.name))}"
    frame = (
        f'<iframe sandbox="" title="{escape(title)}" srcdoc="{escape(content)}" '
        f'style="width: 100%; height: {height}px; border: 1px solid #767676"></iframe>'
    )
    return Shown(frame, f"{title}: {page.name}")
