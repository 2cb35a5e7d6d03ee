"""The built site goes in; links that lead nowhere, and what would be fetched from elsewhere, come out.

`python docs/scripts/links.py docs/_build/html` prints them; the exit code is 1 where there are any.
"""

import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

FETCHED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}
NOT_FETCHED = {"canonical", "next", "prev", "search", "author", "license"}  # links that only say something


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the names that can be linked to on a page."""
    return frozenset(html.parse(page).xpath("//@id | //a/@name"))


def wrong(page: Path):
    """Yield what is wrong with the links of a page."""
    for element, attribute, address, _ in html.parse(page).getroot().iterlinks():
        kind, parts = (element.tag, attribute), urlsplit(address)
        if parts.scheme or parts.netloc:
            if kind in FETCHED and parts.scheme != "data" and element.get("rel") not in NOT_FETCHED:
                yield f"fetched from elsewhere: {address[:100]}"
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if target.is_dir():
            target /= "index.html"
        if not target.exists():
            yield f"no such file: {address[:100]}"
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in anchors(target):
            yield f"no such place: {address[:100]}"


def main(site: str) -> int:
    """Print what is wrong on any page; return 1 where anything is."""
    pages = [page for page in sorted(Path(site).rglob("*.html")) if "_static" not in page.parts]
    found = [f"{page}: {what}" for page in pages for what in dict.fromkeys(wrong(page.resolve()))]
    print(*found, f"{len(pages)} pages, {len(found)} broken links", sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
