"""Pages in a real browser: what a test needs to open one and to hear what it asks for and says."""

import os
from pathlib import Path

import pytest

from helpers.report.pdf import QUIET, find_browser

__all__ = ["CHROMIUM", "QUIET", "need_chromium", "open_page"]

CHROMIUM = find_browser()


def need_chromium() -> str:
    """Return the browser's path; without one the tests that look at pages are skipped, but not in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium; .ci/run installs it")
        pytest.skip("there is no Chromium on this machine; .ci/run installs it")
    return CHROMIUM


def open_page(browser, path: Path, width: int):
    """Open a page; returns it, the addresses it asks for and what it says (errors, dialogs), both still filling."""
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page, asked, said
