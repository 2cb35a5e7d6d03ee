"""A report's page goes in; the same as PDF or as a picture comes out, made by a real browser.

Chromium must be on the machine; it is never fetched. Printing happens in a process of its own, since the browser's
driver cannot run inside a notebook's event loop, and since a browser that hangs must be ended from outside.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import IO, TYPE_CHECKING

import psutil

from helpers.report.rendering import without_neighbours

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

# First the one that has no window to draw: it makes the same pages in half the time.
BROWSERS = [
    "chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable", "chrome", "microsoft-edge",
]  # fmt: skip
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
PICTURE, PICTURE_WIDTH = ".png", 1000  # pixels, each drawn as two
FAILED, HUNG = "Chromium could not print ", "Chromium hung"
STARTING, WAIT = 35, 60  # seconds that the browser has to start, and for each page; a thousand articles take a few


def find_browser() -> str | None:
    """Return the path of Chromium or a browser built on it, None where there is none; UNSPUN_CHROMIUM names another."""
    return next(filter(None, map(shutil.which, filter(None, [os.environ.get("UNSPUN_CHROMIUM"), *BROWSERS]))), None)


def print_pages(pages: str | Path | Iterable[str | Path], pdfs: Iterable[str | Path] | None = None) -> list[Path]:
    """Print a page or several and return the PDFs, `report.pdf` beside each; an empty list where there is no browser.

    `pdfs` names other places, one for each page; one that ends in .png becomes a picture of the page. Raises
    RuntimeError, with the pages that could not be printed and what the browser said; the others are printed. A browser
    that hangs is ended, with all that it started.
    """
    places = [Path(page).resolve() for page in ([pages] if isinstance(pages, str | Path) else pages)]
    targets = (
        [page.with_name("report.pdf") for page in places] if pdfs is None else [Path(pdf).resolve() for pdf in pdfs]
    )
    if not places or find_browser() is None:
        return []
    if failed := in_browser("helpers.report.pdf", dict(zip(places, targets, strict=True))):
        raise RuntimeError(FAILED + "\n".join(f"{page}: {reason}" for page, reason in failed.items()))
    return targets


def in_browser(module: str, todo: dict[Path, Path], starting: float = 0) -> dict[Path, str]:
    """Have a module make of each file another, in a process that drives the browser; return what failed, and why.

    The module's `main` gets the files, then the others, and prints of each what `main` here does, the first line of a
    file again whenever it got on with it. A browser that hangs is ended, with all that it started, and begun anew for
    what is left. `starting` is the seconds that it has to start, if those are not `STARTING`.
    """
    failed: dict[Path, str] = {}
    hung = 0
    while todo:  # again for what is left, where the browser hung or ended at a page
        done, why = _make_some(module, todo, starting or STARTING)
        failed |= {page: reason for page, reason in done.items() if reason}
        todo = {page: target for page, target in todo.items() if page not in done}
        hung += why.startswith(HUNG)
        if not done or hung == 2:  # it does not start, or hangs at each page
            return failed | dict.fromkeys(todo, why)
    return failed


def _make_some(module: str, todo: dict[Path, Path], starting: float) -> tuple[dict[Path, str], str]:
    """Make files until the browser hangs or ends: of each that was tried, why it failed; and why it ended."""
    command = [sys.executable, "-m", module, *map(str, todo), *map(str, todo.values())]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8",
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        lines: Queue[str] = Queue()
        threading.Thread(target=_hand_on, args=(process.stdout, lines), daemon=True).start()
        done: dict[Path, str] = {}
        at, why, wait = None, "", starting
        try:
            while line := lines.get(timeout=wait):
                page, reason = json.loads(line)
                at, wait = (Path(page), WAIT) if reason is None else (None, WAIT)
                if reason is not None:
                    done[Path(page)] = reason
        except Empty:
            why = f"{HUNG} and was ended after {wait:g} seconds. Mend: try again, or name another in UNSPUN_CHROMIUM."
        finally:
            _end(process)
        said.seek(0)
        why = why or said.read().strip()[-600:] or f"it ended with status {process.returncode}"
    if at is not None:
        done[at] = why
    return done, why


def _hand_on(lines: IO[str] | None, queue: "Queue[str]") -> None:
    for line in lines or ():
        queue.put(line)
    queue.put("")


def _end(process: subprocess.Popen) -> None:
    """End a process and all that it started."""
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait()


def main(places: list[str]) -> None:
    """Print pages (the first half) to PDFs or pictures (the second), without network and scripts; say how each went."""
    from playwright.sync_api import Error, sync_playwright

    half = len(places) // 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET, timeout=1000 * (STARTING - 5))
        context = browser.new_context(
            java_script_enabled=False, offline=True, viewport={"width": PICTURE_WIDTH, "height": 100},
            device_scale_factor=2,
        )  # fmt: skip
        for page, target in zip(places[:half], places[half:], strict=True):
            print(json.dumps([page, None]), flush=True)
            try:
                _print(context, Path(page), Path(target))
                reason = ""
            except (Error, OSError) as error:
                reason = str(error).splitlines()[0][:300]
            print(json.dumps([page, reason]), flush=True)
        browser.close()


def _print(context: "BrowserContext", page: Path, target: Path) -> None:
    tab = context.new_page()
    try:
        tab.set_default_timeout(1000 * WAIT)
        tab.set_content(without_neighbours(page.read_text(encoding="utf-8")))
        draft = target.with_name(f"{target.name}.draft")
        if target.suffix == PICTURE:
            tab.screenshot(path=draft, full_page=True, type="png", animations="disabled")
        else:
            tab.pdf(
                path=draft, format="A4", print_background=False, outline=True, tagged=True, display_header_footer=True,
                header_template="<span></span>", footer_template=NUMBERS, prefer_css_page_size=False,
                margin={"top": "18mm", "bottom": "20mm", "left": "16mm", "right": "16mm"},
            )  # fmt: skip
        draft.replace(target)
    finally:
        tab.close()


if __name__ == "__main__":
    main(sys.argv[1:])
