"""A report's page goes in; the same as PDF comes out, printed by a real browser, with bookmarks and page numbers.

`python -m helpers.report.pdf PAGE…` prints pages. Chromium must be on the machine; it is never fetched. Printing
happens in a process of its own, since the browser's driver cannot run inside a notebook's event loop.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
NUMBERS = (
    '<div style="width:100%;margin:0 16mm;font:8px sans-serif;color:#444;display:flex;justify-content:space-between">'
    '<span class="title"></span><span>page <span class="pageNumber"></span> of '
    '<span class="totalPages"></span></span></div>'
)
BESIDE = re.compile(r'<a href="(?!#|https?:|data:)[^"]*"')
FAILED = "Chromium could not print "
MILLISECONDS = 180_000  # for one page; a thousand articles take a few seconds


def find_browser() -> str | None:
    """Return the path of Chromium or a browser built on it, None where there is none; UNSPUN_CHROMIUM names another."""
    return next(filter(None, map(shutil.which, filter(None, [os.environ.get("UNSPUN_CHROMIUM"), *BROWSERS]))), None)


def print_pages(pages: str | Path | Iterable[str | Path]) -> list[Path]:
    """Print a page or several and return the PDFs, `report.pdf` beside each; an empty list where there is no browser.

    Raises RuntimeError, with the pages that could not be printed and what the browser said; the others are printed.
    """
    pages = [pages] if isinstance(pages, str | Path) else pages
    pages = [str(Path(page).resolve()) for page in pages]
    if not pages or find_browser() is None:
        return []
    command = [sys.executable, "-m", "helpers.report.pdf", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    if done.returncode:
        _, failed, which = done.stderr.rpartition(FAILED)
        raise RuntimeError(f"{FAILED}{which.strip() if failed else f'{pages[0]}: {which.strip()[-600:]}'}")
    return [Path(page).with_name("report.pdf") for page in pages]


def main(pages: list[str]) -> None:
    """Print each page beside itself, without network and without scripts; say at the end which could not be printed."""
    from playwright.sync_api import Error, sync_playwright

    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        context = browser.new_context(java_script_enabled=False, offline=True)
        for page in map(Path, pages):
            try:
                _print(context, page)
            except (Error, OSError) as error:
                failed.append(f"{page}: {str(error).splitlines()[0][:300]}")
        browser.close()
    if failed:
        sys.exit(FAILED + "\n".join(failed))


def _to_print(page: str) -> str:
    """The page without links to the files beside it: a PDF holds no link that leads nowhere but on this machine.

    >>> _to_print('<a href="report.md">Markdown</a> <a href="#names">Names</a>')
    '<a>Markdown</a> <a href="#names">Names</a>'
    """
    return BESIDE.sub("<a", page)


def _print(context: "BrowserContext", page: Path) -> None:
    tab = context.new_page()
    try:
        tab.set_default_timeout(MILLISECONDS)
        tab.set_content(_to_print(page.read_text(encoding="utf-8")))
        draft = page.with_name("report.pdf.draft")
        tab.pdf(
            path=draft, format="A4", print_background=False, outline=True, tagged=True, display_header_footer=True,
            header_template="<span></span>", footer_template=NUMBERS, prefer_css_page_size=False,
            margin={"top": "18mm", "bottom": "20mm", "left": "16mm", "right": "16mm"},
        )  # fmt: skip
        draft.replace(page.with_name("report.pdf"))
    finally:
        tab.close()


if __name__ == "__main__":
    main(sys.argv[1:])
