"""The shipped corpus goes in; how long a browser takes to open a very long article, both texts side by side, comes out.

`python -m benchmarks.article_page` joins the simulated articles of a site until the article has 20,000 words, makes
its page, and opens it in Chromium; beside it, the page that Python's own `difflib.HtmlDiff` makes of the same texts.
"""

import difflib
import tempfile
import time
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, sync_playwright

from helpers.corpus import add_article, load_articles
from helpers.report import build_report
from helpers.report.pdf import QUIET, find_browser

RESULTS = Path(__file__).parent / "results" / "article_page.csv"
CORPUS = Path(__file__).parents[1] / "corpus"
SITE, WORDS, TIMES = "dailybrief.example", 20_000, 3


def long_texts() -> tuple[str, str]:
    """The articles of a site in a row, again and again until there are enough words, and their sources."""
    articles = load_articles(CORPUS)
    spun = articles[articles["site"] == SITE]
    parts: list[tuple[str, str]] = []
    while sum(len(text.split()) for text, _ in parts) < WORDS:
        for text, reference in zip(spun["text"], articles.loc[spun["reference_id"], "text"], strict=True):
            parts.append((f"Part {len(parts)}.\n{text}", f"Part {len(parts)}.\n{reference}"))
    return "\n".join(text for text, _ in parts), "\n".join(text for _, text in parts)


def opened(browser: Browser, page: Path) -> tuple[float, int]:
    """The least seconds from asking for a page to having it drawn, and how many marked places it has."""
    seconds = []
    for _ in range(TIMES):
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        start = time.perf_counter()
        tab.goto(page.as_uri())
        tab.screenshot()
        seconds.append(time.perf_counter() - start)
        places = tab.locator("mark.spun, .diff_chg, .diff_add, .diff_sub").count()
        tab.close()
    return min(seconds), places


def main() -> None:
    """Make both pages, open them, print what was measured and write it to `results/`."""
    spun, reference = long_texts()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        here = Path(folder)
        add_article(here / "corpus", "r", "reference", reference, site="source.example")
        facts = {"site": "long.example", "provenance": "simulated", "note": "Simulated: a site's articles in a row"}
        add_article(here / "corpus", "s", "spun", spun, reference_id="r", **facts)
        page = build_report("long.example", here / "corpus", here / "out").parent / "articles" / "s.html"
        plain = here / "difflib.html"
        plain.write_text(difflib.HtmlDiff(wrapcolumn=80).make_file(spun.splitlines(), reference.splitlines()))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        rows = [(name, *opened(browser, path), path.stat().st_size / 1e6)
                for name, path in (("Unspun", page), ("difflib.HtmlDiff", plain))]  # fmt: skip
        browser.close()
    table = pd.DataFrame(rows, columns=["page", "seconds", "places", "megabytes"]).assign(words=len(spun.split()))
    table.round(2).to_csv(RESULTS, index=False)
    print(table.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
