"""Make the pictures of the review in docs/ anew, in a real JupyterLab on a copy of the project: still and moving.

`python .ci/review_picture.py [FOLDER]`. The moving one, `review.gif`, shows a person decide: what is pressed on the
keyboard is pressed here.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lab import running_lab  # noqa: E402
from pages import CHROMIUM, QUIET  # noqa: E402
from test_review_lab import NOTEBOOK, find, run_all, visit  # noqa: E402

STEPS = [  # what is pressed, and how long (ms) its picture stands
    ("Home", 1600), ("ArrowDown", 1400), ("a", 1600), ("n", 1200), ("a", 1400), ("n", 1200), ("r", 1600), ("u", 2200),
]  # fmt: skip
COLOURS, GIF_WIDTH = 48, 960


def opened(browser, lab, theme):
    """The review in a theme, searched for “help”, its second row at hand."""
    lab.set_theme(f"JupyterLab {theme.title()}")
    page = visit(browser, lab, NOTEBOOK)
    page.set_viewport_size({"width": 1500, "height": 1200})
    page.keyboard.press("Control+b")  # hides the list of files
    widget = run_all(page)
    find(widget, "help")
    widget.get_by_role("grid").focus()
    return page, widget


def still(page, widget, path):
    """One picture, of the second row."""
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    widget.locator(".line").first.wait_for()
    page.wait_for_timeout(1000)
    widget.screenshot(path=path)


def moving(page, widget, path):
    """A picture after each of STEPS, in one file."""
    frames = []
    for key, _ in STEPS:
        page.keyboard.press(key)
        page.wait_for_timeout(900)
        picture = Image.open(io.BytesIO(widget.screenshot())).convert("RGB")
        height = round(picture.height * GIF_WIDTH / picture.width)
        frames.append(picture.resize((GIF_WIDTH, height), Image.LANCZOS))
    palette = frames[0].quantize(COLOURS)  # one for all, so that nothing flickers
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    durations = [duration for _, duration in STEPS]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True)


out = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs")
with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
    project = Path(home) / "project"
    for name in ("notebooks", "corpus"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns(".*"))
    reviewer = Path(home) / "lab" / "user-config" / "unspun" / "reviewer.txt"  # who was asked for a name before
    reviewer.parent.mkdir(parents=True)
    reviewer.write_text("Ada Quill\n", encoding="utf-8")
    with running_lab(project, Path(home) / "lab") as lab:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for theme, make, name in (
            ("light", still, "review-light.png"),
            ("dark", still, "review-dark.png"),
            ("light", moving, "review.gif"),
        ):
            page, widget = opened(browser, lab, theme)
            make(page, widget, out / name)
            page.context.close()
            lab.kill_kernels()
        browser.close()
