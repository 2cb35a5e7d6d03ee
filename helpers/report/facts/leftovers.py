"""Stored pages go in; what they still hold of their source comes out: links to it, and pictures taken from it.

Only an article that came from a page has links and pictures; of a text the addresses in it count.
"""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd

from helpers.corpus.articles import HTML_ENDINGS
from helpers.corpus.formats.web_page import page_images
from helpers.files.urls import host_of, host_of_site

COLUMNS = ["spun_id", "reference_id", "what", "address", "source_address", "same"]
ADDRESS = re.compile(r"https?://[^\s<>\"“”‘’)\]]+")
SENTENCE_ENDS = ".,;:!?…’'"  # at the end of an address in a text, they belong to the sentence
# What is put behind an address to follow readers; anything else in a query may choose the page (?p=1 in WordPress).
TRACKING = re.compile(r"utm(?:_.*)?|(?:fb|g|d|ms|tw|y)cl(?:id|kid)|gclsrc|igshid|mc_[ce]id|_ga", re.IGNORECASE)
SIZE = re.compile(r"[-_](?:\d{2,4}x\d{2,4}|scaled|\d{3,4}w)(?=\.\w+$)")  # what content systems add to a picture's name
DULL = re.compile(r"^(?:logo|icon|avatar|default|placeholder|image|img|photo|picture|share|\d{1,3})\b", re.IGNORECASE)


def leftovers(articles: pd.DataFrame, summary: pd.DataFrame, corpus: str | Path) -> pd.DataFrame:
    """Return links to the source, and pictures of the source, that stand on the spun pages.

    Columns: ids, `what` (link, picture), `address` (as on the spun page), `source_address` (the source's page or
    picture), `same` (True: the very page, or a picture at the source's own host; False: another page of the source's
    site, or a copy under the same name).
    """
    rows = []
    for spun_id, reference_id in zip(summary["spun_id"], summary["reference_id"], strict=True):
        spun, reference = articles.loc[spun_id], articles.loc[reference_id]
        rows += [(spun_id, reference_id, *link) for link in _links(spun, reference)]
        pictures = [_pictures(article, Path(corpus)) for article in (spun, reference)]
        if all(pictures):
            rows += [(spun_id, reference_id, *kept) for kept in _kept_pictures(*pictures)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"same": bool})


def is_page(file: str) -> bool:
    """Tell whether an article is stored as a web page."""
    return Path(file).suffix.lower() in HTML_ENDINGS


def _links(spun: pd.Series, reference: pd.Series) -> list[tuple]:
    site = host_of_site(reference["site"])
    in_text = [address.rstrip(SENTENCE_ENDS) for address in ADDRESS.findall(spun["text"])]
    addresses = dict.fromkeys([*spun["links"], *in_text])
    found = [address for address in addresses if site and f".{host_of(address)}".endswith(f".{site}")]
    target = _bare(reference["url"])
    return [("link", address, reference["url"], bool(target) and _bare(address) == target) for address in found]


def _bare(address: str) -> str:
    """An address as it is compared: without scheme, “www.”, tracking, fragment and last slash, its query in order."""
    host = host_of(address)
    if not host:
        return ""
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query, True) if not TRACKING.fullmatch(name)]
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(asked))}"


def _pictures(article: pd.Series, corpus: Path) -> list[str]:
    """The pictures of an article: those kept with it, or those in its page."""
    if article.get("images"):
        return article["images"]
    if not is_page(article["file"]):
        return []
    from lxml import html  # only web pages need it

    return page_images(html.fromstring((corpus / article["file"]).read_bytes()))


def _kept_pictures(spun: list[str], reference: list[str]) -> list[tuple]:
    theirs = {_name(address): address for address in reversed(reference) if _name(address)}
    return [
        (
            "picture",
            address,
            theirs[_name(address)],
            bool(host_of(address)) and host_of(address) == host_of(theirs[_name(address)]),
        )
        for address in spun
        if _name(address) in theirs
    ]


def _name(address: str) -> str:
    """A picture's file name without the size; empty for a name that any page could have."""
    try:
        name = SIZE.sub("", urlsplit(address).path.rsplit("/", 1)[-1].lower())
    except ValueError:
        return ""
    return "" if DULL.match(name) or len(name) < 8 else name
