"""The corpus's own articles go in; a made-up network of six sites comes out, as web archives: who runs which is known.

Two operators have three sites each. What they share is what operators share: accounts, a counter, a wallet, an address,
a dictionary. Besides, there is what misleads: a theme, a container of an advertising network, a public demonstration
account, a delivery network, the name of a writer's account, a link that was copied with an article. Nobody and nothing
in it is real. `python -m helpers.evaluation.network corpus` writes `corpus/network/` anew, byte for byte.
"""

import sys
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pandas as pd

from helpers.corpus.articles import read_table
from helpers.corpus.formats.warc import one_page
from helpers.evaluation.simulate import OWN
from helpers.evaluation.spinner import Spinner
from helpers.files.atomic import write_file

FOLDER = "network"
ARTICLES = 5  # of each site: enough for the test of dictionaries where they are as unlike as these two
STEP = 1  # by how many articles the next site's choice is shifted, so that no two sites have the same
BEGIN = datetime(2025, 9, 1, 6, 0, tzinfo=UTC)
COLLECTED = "2025-11-20T12:00:00Z"
SEED = uuid.UUID("5f0c9d1e-7a42-4c11-9d0e-21c6b1f7a001")  # of the records' names, so that they stay the same


@dataclass(frozen=True)
class MadeUpSite:
    """A site of the network: who runs it, with what dictionary and how often it replaces, what stands in its pages."""

    name: str
    operator: str
    dictionary: str
    rate: float
    head: str = ""
    foot: str = ""
    ads: str = ""
    icon: int = 0
    minutes: int = 0  # after the first site that has the article
    copied: str = ""  # a link that came along with an article


CONTAINER = "GTM-N7WK4Q2"  # of an advertising network, made up; on five of the six sites
NETWORK_ADS = "adflow.example, 4471, DIRECT\nadflow.example, 9904, RESELLER\n"  # the network has everybody put this in


def _gtag(number: str) -> str:
    """Google's tag with its number, as its documentation has one paste it."""
    return (
        f'<script async src="https://www.googletagmanager.com/gtag/js?id={number}"></script><script>window.dataLayer='
        f"window.dataLayer||[];function gtag(){{dataLayer.push(arguments);}}gtag('js', new Date());"
        f"gtag('config', '{number}');</script>"
    )


def _container() -> str:
    return f'<script async src="https://www.googletagmanager.com/gtm.js?id={CONTAINER}"></script>'


def _matomo(site: int) -> str:
    return (
        '<script>var _paq=window._paq=window._paq||[];_paq.push(["trackPageView"]);(function(){'
        'var u="//count.brackwater.example/";_paq.push(["setTrackerUrl", u+"matomo.php"]);'
        f'_paq.push(["setSiteId", "{site}"]);}})();</script>'
    )


def _adsense(number: str) -> str:
    source = f"https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js?client=ca-{number}"
    return f'<script async src="{source}" crossorigin="anonymous"></script>'


def _metrica(number: str) -> str:
    return f'<script>(function(m,e){{}})(window,document);ym({number}, "init", {{clickmap:true}});</script>'


DEMO = "<script>ga('create', 'UA-54516992-1', 'auto');ga('send', 'pageview');</script>"
MAIL = '<a href="mailto:desk@brackwater.example">Contact</a>'
WALLET = "<p>Support us in Bitcoin: 1JDXjSYtZndq7vXFmQDjoUmLwpacDbGea6</p>"
SITES = [
    MadeUpSite(
        "harbornotes.example", "A", "amber", 0.9, _container() + _adsense("pub-7716402938815524") + _matomo(3), MAIL,
        "google.com, pub-7716402938815524, DIRECT, f08c47fec0942fa0\n", icon=1,
    ),
    MadeUpSite(
        "tidalpost.example", "A", "amber", 0.75,
        _container() + _adsense("pub-7716402938815524") + _matomo(5) + DEMO, "",
        "google.com, pub-7716402938815524, DIRECT, f08c47fec0942fa0\n", icon=1, minutes=17,
    ),
    MadeUpSite(
        "quayreview.example", "A", "amber", 0.85, _gtag("G-Q4K8ZT1M6P") + _matomo(6), MAIL, icon=2, minutes=31,
        copied="https://www.amazon.com/dp/B0MADEUP01?tag=oldmillguide-20",
    ),
    MadeUpSite(
        "summitdaily.example", "B", "birch", 0.9, _container() + _metrica("91740268"), WALLET, icon=3, minutes=700,
    ),
    MadeUpSite(
        "ridgeledger.example", "B", "birch", 0.8,
        _container() + _metrica("91740268") + DEMO
        + '<meta name="google-site-verification" content="k3Vw9ZbQm7TfXy2LrHc5NdJ8sPgA4eUo6iRv1BtKqWE">',
        icon=4, minutes=742, copied="https://www.amazon.com/dp/B0MADEUP01?tag=oldmillguide-20",
    ),
    MadeUpSite(
        "peakbulletin.example", "B", "birch", 0.7,
        _container() + '<meta name="google-site-verification" content="k3Vw9ZbQm7TfXy2LrHc5NdJ8sPgA4eUo6iRv1BtKqWE">',
        WALLET, icon=5, minutes=769,
    ),
]  # fmt: skip

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - {name}</title>
<meta name="generator" content="WordPress 6.6.2"><link rel="canonical" href="{url}">{when}
<link rel="alternate" type="application/rss+xml" href="https://{site}/feed/">
<link rel="stylesheet" href="https://{site}/wp-content/themes/newspaper/style.css?ver=12.6">
<script src="https://cdn.jsdelivr.net/npm/lite-vimeo@1/lite.js"></script>
<script src="https://{site}/wp-content/plugins/contact-form-7/includes/js/index.js"></script>
{head}</head>
<body class="single-post td-standard-pack"><header class="td-header-wrap"><nav id="menu"><a href="/">Home</a>
<a href="/search">Search</a><a href="https://www.facebook.com/sharer/sharer.php?u=x">Share this</a></nav></header>
<main><article class="post type-post"><h1 class="entry-title">{title}</h1>
<p class="byline">By <a href="https://{site}/author/admin/">{name} Desk</a></p>
<img src="https://cdn.jsdelivr.net/gh/made-up/pictures@1/{slug}.jpg" alt="">
<div class="td-post-content">
{body}
{copied}</div></article></main>
<aside><h4>{more}</h4></aside>
<footer class="td-footer-wrap"><p>© 2025 {name}. All rights reserved.</p>{foot}</footer></body></html>
"""


def network_files(corpus: str | Path) -> dict[str, bytes]:
    """Return the archives of the network, name -> content, made from the articles of a corpus that are CC0."""
    corpus = Path(corpus)
    rows = [row for row in read_table(corpus) if row["role"] == "reference" and row["licence"] == OWN]
    references = {
        row["article_id"]: (corpus / row["file"]).read_text(encoding="utf-8")
        for row in sorted(rows, key=lambda row: str(row["article_id"]))
    }
    return {f"{site.name}.warc.gz": _archive(site, number, corpus, references) for number, site in enumerate(SITES)}


def _archive(site: MadeUpSite, number: int, corpus: Path, references: dict[str, str]) -> bytes:
    dictionary = pd.read_csv(corpus / "dictionaries" / f"{site.dictionary}.csv", keep_default_na=False)
    spinner = Spinner(dictionary, site.rate, seed=number)
    names = list(references)
    chosen = [names[(STEP * number + step) % len(names)] for step in range(ARTICLES)]
    records = [_record(f"https://{site.name}/", "text/html; charset=utf-8", _home(site, spinner, chosen))]
    for place, name in enumerate(chosen):
        page = _article(site, spinner, name, references[name], place == 0)
        records.append(_record(f"https://{site.name}/2025/09/{name}/", "text/html; charset=utf-8", page))
    records.append(_record(f"https://{site.name}/ads.txt", "text/plain", (site.ads + NETWORK_ADS).encode()))
    records.append(_record(f"https://{site.name}/favicon.ico", "image/x-icon", _icon(site.icon)))
    return b"".join(records)


def _record(url: str, form: str, body: bytes) -> bytes:
    headers = [("Content-Type", form), ("Server", "nginx")]
    return one_page(
        url, body, "200 OK", headers, WARC_Date=COLLECTED, WARC_Record_ID=f"<urn:uuid:{uuid.uuid5(SEED, url)}>"
    )


def _home(site: MadeUpSite, spinner: Spinner, chosen: list[str]) -> bytes:
    links = "\n".join(f'<p><a href="/2025/09/{name}/">{name.replace("-", " ").title()}</a></p>' for name in chosen)
    return _page(site, spinner, f"https://{site.name}/", "Latest stories", links, "")


def _article(site: MadeUpSite, spinner: Spinner, name: str, reference: str, is_first: bool) -> bytes:
    text = spinner.spin(reference)[0]
    title, *lines = [line for line in text.split("\n") if line.strip()]
    body = "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)
    hour = BEGIN + timedelta(days=int.from_bytes(name.encode()[-3:], "big") % 28, minutes=site.minutes)
    when = f'<meta property="article:published_time" content="{hour:%Y-%m-%dT%H:%M:%SZ}">'
    copied = f'<p>See <a href="{escape(site.copied)}">this book</a>.</p>\n' if site.copied and is_first else ""
    return _page(site, spinner, f"https://{site.name}/2025/09/{name}/", title, body, when, copied)


def _page(site: MadeUpSite, spinner: Spinner, url: str, title: str, body: str, when: str, copied: str = "") -> bytes:
    name = site.name.partition(".")[0].title()
    more = spinner.spin("Read the full story. Share this article. Source link.")[0]
    return PAGE.format(
        title=escape(title), name=name, url=url, site=site.name, head=site.head, foot=site.foot, body=body, when=when,
        copied=copied, more=escape(more), slug=url.rstrip("/").rpartition("/")[2],
    ).encode()  # fmt: skip


def _icon(number: int) -> bytes:
    """An icon of one pixel in a colour of its own (the form: one picture of 32 bits in an ICO file)."""
    colour = bytes([40 * number % 256, 90 * number % 256, 170, 255])
    header = (40).to_bytes(4, "little") + (1).to_bytes(4, "little") + (2).to_bytes(4, "little")
    picture = header + bytes([1, 0, 32, 0]) + bytes(24) + colour + bytes(4)
    entry = bytes([1, 1, 0, 0, 1, 0, 32, 0]) + len(picture).to_bytes(4, "little") + (22).to_bytes(4, "little")
    return bytes([0, 0, 1, 0, 1, 0]) + entry + picture


def main(corpus: Path) -> None:
    """Write the network into `corpus/network/`."""
    for name, content in network_files(corpus).items():
        write_file(corpus / FOLDER / name, content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
