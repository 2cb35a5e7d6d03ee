"""The shipped corpus goes in; the pictures of its report in docs/ come out, with what they were made from noted inside.

`python docs/scripts/pictures.py`. `tests/test_docs.py` says when a picture shows a page that is no longer so.
"""

import hashlib
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

ROOT = Path(__file__).resolve().parents[2]
SITE = "orbitalnewsnetwork.com"
NOTED = "made from"  # the field of the PNG
# Name of a picture, the page, its width and height, the colours of the reader's setting.
PICTURES = {
    "report.png": ("index.html", 1180, 790, "light"),
    "report-dark.png": ("index.html", 1180, 790, "dark"),
    "report-side-by-side.png": ("articles/kim-xi.html", 1180, 900, "light"),
}


def made_from(folder: Path, name: str) -> str:
    """Return the fingerprint of what a picture shows: the upper part of the page, its style included."""
    page = (folder / PICTURES[name][0]).read_text(encoding="utf-8")
    upper, found, _ = page.partition('<nav aria-label="Contents"')
    upper = upper if found else page[: page.index('<tr id="r12"')]
    return hashlib.sha256(upper.encode()).hexdigest()


def main() -> None:
    """Make the report, and all pictures of it."""
    from playwright.sync_api import sync_playwright

    from helpers.report import build_report
    from helpers.report.pdf import QUIET, find_browser

    with tempfile.TemporaryDirectory() as out, sync_playwright() as playwright:
        folder = build_report(SITE, ROOT / "corpus", out).parent
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        for name, (page, width, height, colours) in PICTURES.items():
            tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
            tab.goto((folder / page).as_uri())
            noted = PngInfo()
            noted.add_text(NOTED, made_from(folder, name))
            picture = Image.open(io.BytesIO(tab.screenshot())).convert("P", palette=Image.Palette.ADAPTIVE, colors=64)
            picture.save(ROOT / "docs" / name, optimize=True, pnginfo=noted)
            print(ROOT / "docs" / name)
        browser.close()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
