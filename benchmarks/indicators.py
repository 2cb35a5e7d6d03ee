# ruff: noqa: E501  # pieces of HTML stand in one line, as they are pasted
"""Made-up pages of seventeen builders and themes go in; how many of the planted indicators are found, and how many falsely.

`python -m benchmarks.indicators` makes 255 pages, plants identifiers after the vendors' documentation
(`indicator_snippets`), some of them wrapped as optimisers and consent banners wrap them, and as many traps: identifiers
in the article's text, in comments, in code that is shown, in data, placeholders, accounts of others. It counts, for all
pages, for each builder, kind, wrapping and trap. Who wrote the patterns wrote the pages as well: the figures say how
well the patterns do on what their writer thought of, not on the web.
"""

import base64
import html
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.indicator_snippets import SNIPPETS, Snippet, bitcoin, email, ethereum, name, of
from helpers.comparison.frequency import wilson_interval
from helpers.sites.known_values import says_nothing
from helpers.sites.page_reading import rows_of
from helpers.sites.patterns import ASSOCIATIVE, CONCLUSIVE, KINDS

RESULTS = Path(__file__).parent / "results" / "indicators.csv"
PAGES = 15  # of each builder
PLANTED, TRAPS = (4, 9), (3, 6)  # how many on a page, drawn evenly
IDENTIFYING = {kind for kind, about in KINDS.items() if about.tier in (CONCLUSIVE, ASSOCIATIVE)}
OTHER = {
    "matomo_server",
    "favicon",
    "favicon_murmur",
    "own_address",
    "css_content",
}  # follow from what is planted, or asked elsewhere

# A builder: what it loads in the head, what wraps the article, the footer’s class.
WORDPRESS = '<link rel="stylesheet" href="/wp-content/themes/{}/style.css"><script src="/wp-includes/js/jquery/jquery.min.js"></script>'
BUILDERS = {
    "WordPress, Twenty Twenty-Four": (WORDPRESS.format("twentytwentyfour"), '<main><div class="entry-content wp-block-post-content">', "wp-block-template-part"),
    "WordPress, Newspaper": (WORDPRESS.format("Newspaper"), '<article class="post"><div class="td-post-content tagdiv-type">', "td-footer-wrapper"),
    "WordPress, Astra": (WORDPRESS.format("astra"), '<article><div class="entry-content clear" itemprop="text">', "site-footer"),
    "WordPress, Elementor": (WORDPRESS.format("hello-elementor"), '<main class="site-main"><div class="page-content entry-content">', "elementor-location-footer"),
    "WordPress, AMP": ('<script async src="https://cdn.ampproject.org/v0.js"></script>' + WORDPRESS.format("newsup"), '<article class="amp-wp-article"><div class="amp-wp-article-content post-content">', "amp-wp-footer"),
    "Joomla, Cassiopeia": ('<link rel="stylesheet" href="/media/templates/site/cassiopeia/css/template.min.css">', '<div class="com-content-article item-page"><div itemprop="articleBody" class="com-content-article__body">', "container-footer"),
    "Drupal, Olivero": ('<link rel="stylesheet" href="/core/themes/olivero/css/base/base.css">', '<article class="node"><div class="text-content field--name-body field">', "site-footer"),
    "Blogger, Contempo": ('<link href="https://www.blogger.com/static/v1/widgets/1-css.css" rel="stylesheet">', '<div class="post hentry"><div class="post-body entry-content">', "widget Attribution"),
    "Ghost, Casper": ('<link rel="stylesheet" href="/assets/built/screen.css"><meta name="generator" content="Ghost 5.82">', '<article class="gh-article"><section class="gh-content gh-canvas">', "site-footer outer"),
    "Wix": ('<script src="https://static.parastorage.com/services/wix-thunderbolt/dist/main.js"></script>', '<article data-hook="post"><div data-hook="post-description" class="post-content__body">', "SITE_FOOTER_WRAPPER"),
    "Squarespace": ('<script src="https://assets.squarespace.com/universal/scripts-compressed/extract.js"></script>', '<article class="entry"><div class="blog-item-content e-content">', "Footer"),
    "Shopify, Dawn": ('<link rel="stylesheet" href="//shop.example/cdn/shop/t/2/assets/base.css">', '<article class="article-template"><div class="article-template__content page-width rte">', "footer color-scheme"),
    "Hugo, PaperMod": ('<meta name="generator" content="Hugo 0.121.1"><link rel="stylesheet" href="/assets/css/stylesheet.css">', '<article class="post-single"><div class="post-content">', "footer"),
    "Next.js": ('<script src="/_next/static/chunks/main.js" defer></script>', '<main><article class="prose"><div class="story-body">', "mt-8"),
    "Webflow": ('<link href="https://assets-global.website-files.com/a/css/site.css" rel="stylesheet">', '<div class="post-wrap"><div class="post-body w-richtext">', "footer-section"),
    "Tilda": ('<link rel="stylesheet" href="https://static.tildacdn.com/css/tilda-grid.css">', '<div class="t-container"><div class="t-text article-text">', "t-footer"),
    "made by hand": ('<link rel="stylesheet" href="/look.css">', '<div class="left"><div class="copy">', "end"),  # nothing says where the article begins
}  # fmt: skip


def swapped(code: str) -> str:
    """Quotes of the other sort, in code alone."""
    return re.sub(
        r"(<script[^>]*>)(.*?)(</script>)", lambda m: m[1] + m[2].translate(str.maketrans("'\"", "\"'")) + m[3], code,
        flags=re.S,
    )  # fmt: skip


def in_one_line(code: str) -> str:
    return re.sub(r"\s*\n\s*", "", code)


def typed(form: str, more: str = "") -> Callable[[str], str]:
    """Scripts that get their type back from somebody."""
    return lambda code: code.replace("<script", f'<script type="{form}"{more}')


def in_address(code: str) -> str:
    """Code written into the address of its script."""
    return re.sub(
        r"<script>(.*?)</script>",
        lambda m: f'<script src="data:text/javascript;base64,{base64.b64encode(m[1].encode()).decode()}"></script>', code,
        flags=re.S,
    )  # fmt: skip


def put_together(code: str) -> str:
    """Identifiers that code puts together from parts: nothing that does not run it can know them."""
    return re.sub(r"(<script>.*?)(\w{3})(\w{3,}['\"][^'\"]*</script>)", r"\1\2' + '\3", code, flags=re.S)


WRAPPINGS: dict[str, tuple[int, Callable[[str], str]]] = {
    "as documented": (12, str),
    "other quotes": (2, swapped),
    "on one line": (2, in_one_line),
    "consent banner": (2, typed("text/plain", ' data-cookieconsent="marketing"')),
    "WP Rocket": (1, typed("rocketlazyloadscript")),
    "Rocket Loader": (1, typed("0a1b2c3d4e5f60718293a4b5-text/javascript")),
    "in its address": (1, in_address),
    "put together by code": (1, put_together),
}


def trap_ids(rng: random.Random) -> list[str]:
    return [
        f"UA-{of('123456789', 8)(rng)}-1", f"G-{of('ABCDEFGHJK23456789', 10)(rng)}", f"GTM-{of('ABCDEFGHJK23456789', 7)(rng)}",
        f"ca-pub-{of('123456789', 16)(rng)}", f"AW-{of('123456789', 10)(rng)}",
    ]  # fmt: skip


def calls(rng: random.Random) -> str:
    one = trap_ids(rng)
    return f"ga('create', '{one[0]}', 'auto'); gtag('config', '{one[1]}'); fbq('init', '{of('123456789', 15)(rng)}');"


# A trap: where it stands, and how it is made. Nothing in it is an indicator of the page.
TRAP_KINDS: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "in the article’s text": ("body", lambda rng: f"<p>The site used {', '.join(trap_ids(rng))}, say the researchers.</p>"),
    "in an HTML comment": ("head", lambda rng: f"<!-- <script>{calls(rng)}</script> <meta name='google-site-verification' content='{of('abcdefghABCDEFGH123', 43)(rng)}'> -->"),
    "in a comment of code": ("head", lambda rng: f"<script>\n// {calls(rng)}\n/* {calls(rng)} */\nvar a = 1;</script>"),
    "in code that never runs": ("head", lambda rng: f"<script>if (false) {{ ga('create', 'UA-{of('123456789', 8)(rng)}-1', 'auto'); }}</script>"),
    "in code that is shown": ("body", lambda rng: f"<pre><code>{html.escape(f'<script>{calls(rng)}</script>')}</code></pre><p><code>{trap_ids(rng)[2]}</code></p>"),
    "in a field to type in": ("body", lambda rng: f"<textarea><script>{calls(rng)}</script></textarea>"),
    "in a template": ("body", lambda rng: f"<template><script>{calls(rng)}</script></template>"),
    "in JSON-LD": ("head", lambda rng: f'<script type="application/ld+json">{json.dumps({"articleBody": f"They put {calls(rng)} in."})}</script>'),
    "in the data of a page": ("body", lambda rng: f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"text": calls(rng), "id": trap_ids(rng)[2]})}</script>'),
    "placeholders": ("head", lambda rng: "<script>ga('create', 'UA-XXXXXXXX-1', 'auto'); gtag('config', 'G-XXXXXXXXXX'); fbq('init', '000000000000000'); gtag('config', 'UA-00000000-1'); hjid:1234567</script><meta name='google-site-verification' content='YOUR_VERIFICATION_CODE_GOES_HERE_PLEASE'>"),
    "wallet with a wrong checksum": ("foot", lambda rng: f"<p>Donate: {bitcoin(rng)[:-2]}zz</p>"),
    "wallet in the article": ("body", lambda rng: f"<p>The gang asked for payment to {bitcoin(rng)} or {ethereum(rng)}.</p>"),
    "address of somebody quoted": ("body", lambda rng: f"<p>Write to {email(rng)}, or <a href='mailto:{email(rng)}'>here</a>, said the ministry.</p>"),
    "account of somebody else": ("body", lambda rng: f"<blockquote><a href='https://twitter.com/{name(rng)}'>@x</a></blockquote><p><a href='https://t.me/{name(rng)}'>channel</a></p>"),
    "buttons to share": ("foot", lambda rng: "<a href='https://www.facebook.com/sharer/sharer.php?u=x'>f</a><a href='https://twitter.com/intent/tweet?text=x'>t</a><a href='https://t.me/share/url?url=x'>g</a><a href='https://www.linkedin.com/shareArticle?url=x'>l</a><a href='https://vk.com/share.php?url=x'>v</a>"),
    "a builder’s account": ("foot", lambda rng: "<a href='https://www.facebook.com/wordpress'>WordPress</a> <a href='https://twitter.com/shopify'>Shopify</a>"),
    "words that look like it": ("head", lambda rng: "<script>document.querySelector('.g-recaptcha'); var m='G-SHOCK2024'; var p='pub-crawl'; var u='UA-only';</script>"),
    "verification in the body": ("body", lambda rng: f"<p>&lt;meta name='google-site-verification' content='{of('abcdefghABCDEFGH123', 43)(rng)}'&gt;</p>"),
    "comment of a reader": ("body", lambda rng: f"<ol class='commentlist'><li class='comment'><img src='https://secure.gravatar.com/avatar/{of('0123456789abcdef', 32)(rng)}'><p>Mail me: {email(rng)}</p><a href='https://www.instagram.com/{name(rng)}/'>me</a></li></ol>"),
}  # fmt: skip


def page(builder: str, planted: list[tuple[Snippet, str, str]], traps: list[tuple[str, str]]) -> str:
    """A page of a builder with what is planted in it, each in its place."""
    head, article, footer = BUILDERS[builder]
    parts = {"head": [head], "body": [], "foot": []}
    for snippet, piece, _ in planted:
        parts[snippet.where].append(piece)
    for where, piece in traps:
        parts[where].append(piece)
    text = "<p>" + "</p><p>".join(["The canal runs on fresh water."] * 3) + "</p>"
    closing = "".join(f"</{tag}>" for tag in reversed(re.findall(r"<(\w+)", article)))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>{"".join(parts["head"])}</head><body>'
        f'<header><nav><a href="/">Home</a></nav></header>{article}{text}{"".join(parts["body"])}{text}{closing}'
        f'<footer class="{footer}">{"".join(parts["foot"])}</footer></body></html>'
    )


def measured() -> pd.DataFrame:
    """Return the planted indicators and the false ones, a row each: builder, kind, wrapping or trap, outcome."""
    rows = []
    for builder in BUILDERS:
        for number in range(PAGES):
            rows += _of_page(builder, random.Random(f"{builder} {number}"), number)
    return pd.DataFrame(rows, columns=["builder", "page", "kind", "how", "outcome"])


def _of_page(builder: str, rng: random.Random, number: int) -> list[tuple]:
    names, weights = list(WRAPPINGS), [weight for weight, _ in WRAPPINGS.values()]
    planted, truth = [], {}
    for snippet in rng.sample(SNIPPETS, rng.randint(*PLANTED)):
        wrapping = rng.choices(names, weights)[0] if "<script>" in snippet.html else "as documented"
        x = snippet.make(rng)
        planted.append((snippet, WRAPPINGS[wrapping][1](snippet.html.format(x=x)), wrapping))
        truth[snippet.kind, snippet.value(x)] = wrapping
    chosen = rng.sample(list(TRAP_KINDS), rng.randint(*TRAPS))
    made = {trap: (TRAP_KINDS[trap][0], TRAP_KINDS[trap][1](rng)) for trap in chosen}
    content = page(builder, planted, list(made.values()))
    found = json.loads(rows_of("https://site.example/a/", [], "page", base64.b64encode(content.encode()).decode()))
    said = {
        (kind, value) for kind, value, _, _ in found if kind in IDENTIFYING - OTHER and not says_nothing(kind, value)
    }
    rows = [
        (builder, number, kind, how, "found" if (kind, value) in said else "missed")
        for (kind, value), how in truth.items()
    ]
    rows += [(builder, number, kind, _trap_of(value, made), "false") for kind, value in sorted(said - set(truth))]
    return rows + [(builder, number, "", trap, "trap") for trap in chosen]


def _trap_of(value: str, made: dict[str, tuple[str, str]]) -> str:
    bare = value.rpartition("|")[2].rpartition("/")[2]
    of_people = [trap for trap in ("address of somebody quoted", "comment of a reader") if trap in made]
    return next(
        (trap for trap, (_, piece) in made.items() if bare in piece), of_people[0] if of_people else "elsewhere"
    )


def table_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return precision and recall for all, each builder, kind, wrapping and trap, with Wilson's intervals."""
    parts = [("all", "all", rows)]
    for group in ("builder", "kind"):
        parts += [(group, name, part) for name, part in rows[rows["kind"] != ""].groupby(group)]
    parts += [("wrapping", name, rows[(rows["how"] == name)]) for name in WRAPPINGS]
    parts += [("trap", name, rows[(rows["how"] == name)]) for name in TRAP_KINDS]
    return pd.DataFrame([_row(*part) for part in parts])


def _row(group: str, name: str, rows: pd.DataFrame) -> dict:
    counts = Counter(rows["outcome"])
    planted, said = counts["found"] + counts["missed"], counts["found"] + counts["false"]
    row = {"group": group, "name": name, "pages": len(rows[["builder", "page"]].drop_duplicates()), "planted": planted}
    row |= {"found": counts["found"], "false": counts["false"], "traps": counts["trap"]}
    said = said if group in ("all", "builder", "kind") else 0  # what is falsely found has no wrapping
    for what, of_what, whole in (("recall", counts["found"], planted), ("precision", counts["found"], said)):
        low, high = wilson_interval(of_what, whole) if whole else (float("nan"), float("nan"))
        row |= {what: of_what / whole if whole else None, f"{what}_low": low, f"{what}_high": high}
    return row


def main() -> None:
    rows = measured()
    table = table_of(rows)
    table.to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")
    print(table[table["group"] != "kind"].to_string())
    print(rows[rows["outcome"].isin(["missed", "false"])].to_string())


if __name__ == "__main__":
    main()
