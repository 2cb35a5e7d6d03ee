"""Jobs go in as files (two pages, what is marked on them, what is to be said); pictures come out, and what they show.

It runs in a process of its own, as printing does (see `pdf`): a browser that hangs is ended from outside.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.report.drawn_page import DrawnPage, WordsError
from helpers.report.rendering import render
from helpers.report.shut_browser import shut_browser, shut_context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

WIDTH = 1000  # CSS pixels of the window in which a page is drawn: a small desktop
BESIDE_WIDTH, PAGE_WIDTH = 1480, WIDTH + 52  # CSS pixels of the pictures: the page, its frame, their margins
COLUMN = 700  # CSS pixels that a passage has in a picture of two
ROWS = 5  # passages in one picture
NAMES = ("page", "source")  # of the pictures of one page


def main(places: list[str]) -> None:
    """Do the jobs in some files (the first half), write what came of each into others; say how each went."""
    from playwright.sync_api import Error, sync_playwright

    half = len(places) // 2
    with sync_playwright() as playwright:
        browser = shut_browser(playwright)
        for job, answer in zip(places[:half], places[half:], strict=True):
            alive = partial(print, json.dumps([job, None]), flush=True)
            alive()
            try:
                done = _do(browser, json.loads(Path(job).read_text(encoding="utf-8")), alive)
                Path(answer).write_text(json.dumps(done), encoding="utf-8")
                reason = ""
            except (Error, OSError, WordsError) as error:
                reason = str(error).splitlines()[0][:300]
            print(json.dumps([job, reason]), flush=True)
        browser.close()


def _do(browser: "Browser", job: dict[str, Any], alive: Callable[[], None]) -> dict[str, Any]:
    """Draw the pages of a job and take its pictures; what they show, and what is to be said of each page.

    `alive` is called whenever a picture was taken.
    """
    context = shut_context(browser, WIDTH)
    try:
        pages = [DrawnPage(context, side) for side in job["sides"]]
        said = [{**side["about"], **page.said} for side, page in zip(job["sides"], pages, strict=True)]
        facts = {**job["facts"], "chromium": browser.version}
        pictures = []
        for picture in _beside(context, job, pages, said, facts):
            alive()
            pictures.append(picture)
        for name, page, about in zip(NAMES, pages, said, strict=False):
            for tile in page.tiles():
                shown = {**facts, "tile": tile, "side": about}
                file = f"{job['name']}-{name}-{tile['number']}.png"
                _take(context, Path(job["folder"]) / file, PAGE_WIDTH, "capture_page.html", shown)
                alive()
                about_tile = {"number": tile["number"], "count": tile["count"]}
                pictures.append({"picture": file, "kind": name, "rows": [], **about_tile})
        return {"chromium": browser.version, "sides": [page.said for page in pages], "pictures": pictures}
    finally:
        context.close()


def _beside(
    context: "BrowserContext", job: dict[str, Any], pages: list[DrawnPage], said: list[dict], facts: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Take the pictures of the passages, page and source side by side."""
    count = -(-len(job["rows"]) // ROWS)
    for number, first in enumerate(range(0, len(job["rows"]), ROWS), 1):
        shown = [*enumerate(job["rows"])][first : first + ROWS]
        rows = [
            {**row, "number": at + 1, "sides": [
                {**page.passage(at), "words": words, "scale": min(1, COLUMN / max(1, page.widest()))}
                for page, words in zip(pages, row["words"], strict=True)
            ]}
            for at, row in shown
        ]  # fmt: skip
        file = f"{job['name']}-beside-{number}.png"
        values = {**facts, "rows": rows, "sides": said, "number": number, "count": count, "all": len(job["rows"])}
        _take(context, Path(job["folder"]) / file, BESIDE_WIDTH, "capture_beside.html", values)
        about = {"number": number, "count": count}
        yield {"picture": file, "kind": "beside", "rows": [at for at, _ in shown], **about}


def _take(context: "BrowserContext", target: Path, width: int, template: str, values: dict[str, Any]) -> None:
    """Take the picture of a page of ours around what was cut out."""
    tab = context.new_page()
    try:
        tab.set_viewport_size({"width": width, "height": 100})
        tab.set_content(render(template, values))
        tab.screenshot(path=target, full_page=True, type="png", animations="disabled")
    finally:
        tab.close()


if __name__ == "__main__":
    main(sys.argv[1:])
