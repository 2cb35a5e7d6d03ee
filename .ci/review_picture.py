"""Make the pictures of the review in docs/ anew, light and dark, in a real JupyterLab on a copy of the project."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lab import running_lab  # noqa: E402
from pages import CHROMIUM, QUIET  # noqa: E402
from test_review_lab import NOTEBOOK, find, run_all, visit  # noqa: E402

out = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs")
with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
    project = Path(home) / "project"
    for name in ("notebooks", "corpus"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns(".*"))
    with running_lab(project, Path(home) / "lab") as lab:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for theme in ("light", "dark"):
            lab.set_theme(f"JupyterLab {theme.title()}")
            page = visit(browser, lab, NOTEBOOK)
            page.set_viewport_size({"width": 1500, "height": 1200})
            page.keyboard.press("Control+b")  # hides the list of files
            widget = run_all(page)
            find(widget, "help")
            widget.get_by_role("grid").focus()
            page.keyboard.press("Home")
            page.keyboard.press("ArrowDown")
            widget.locator(".line").first.wait_for()
            page.wait_for_timeout(1000)
            widget.screenshot(path=out / f"review-{theme}.png")
            page.context.close()
            lab.kill_kernels()
        browser.close()
