"""Saved pages and web archives as browsers and crawls leave them go in; what they say of an article comes out."""

import gzip
import plistlib
import zlib
from pathlib import Path

import brotli
import pandas as pd
import pytest
import zstandard

from helpers.corpus import import_articles, load_articles, read
from helpers.corpus.formats.bylines import byline_of

CASES = Path(__file__).parent / "cases"
PARAGRAPHS = [
    "The harbour board met on Tuesday to talk about the ferry timetable, and residents of the island asked for a"
    " later boat in winter.",
    "Nobody from the ferry company came to the meeting, although the board had written to its office in the spring"
    " and again in June.",
    "A decision is expected in March, when the new contract for the route between the island and the mainland will"
    " be put to a vote.",
]
BODY = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
TEASER = f"<p>{PARAGRAPHS[0]}</p>"
TITLE = "Later boat asked for"
URL = "https://n.example/boat"


def page(head="", before="", body=BODY, after="", doctype="<!DOCTYPE html>") -> str:
    """A page with an article; `before` stands between headline and text, `after` behind the article."""
    return (
        f"{doctype}<html lang='en'><head><meta charset='utf-8'><title>{TITLE}</title>{head}</head><body><article>"
        f"<h1>{TITLE}</h1>{before}{body}</article>{after}</body></html>"
    )


def plain(title: str, body: str) -> str:
    """A page without an article's marks."""
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


def json_ld(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


@pytest.fixture
def fact(tmp_path):
    """Read one page; returns its article."""

    def of(html: str) -> pd.Series:
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        table = read(tmp_path / "page.html", role="spun")
        assert table.attrs["problems"] == []
        return table.iloc[0]

    return of


@pytest.fixture
def problem(tmp_path):
    """Read one page that is no article; returns what is said of it."""

    def of(html: str) -> str:
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        table = read(tmp_path / "page.html", role="spun")
        assert len(table) == 0
        [found] = table.attrs["problems"]
        assert found["mend"]
        return found["problem"]

    return of


# The cases: each is what its line says


def the_case(name: str) -> pd.Series:
    [article] = [row for _, row in read(CASES / name).iterrows()]
    return article


def test_the_case_of_chrome_s_comment():
    assert the_case("saved-from-chrome.html")["url"] == URL


def test_the_case_of_an_hour_in_json_ld():
    assert the_case("jsonld-hour.html")["published"] == pd.Timestamp(2025, 9, 6, 4, 30)


def test_the_case_of_a_last_change_alone():
    article = the_case("modified-only.html")
    assert pd.isna(article["published"])
    assert "changed 2025-09-09T10:00" in article["note"]


def test_the_case_of_an_address_in_the_byline():
    assert the_case("byline-email.html")["byline"] == "Ada Lindqvist"


def test_the_case_of_broken_json_ld():
    assert the_case("jsonld-broken-title.html")["title"] == TITLE


def test_the_case_of_a_footnote():
    text = the_case("footnote.html")["text"]
    assert "timetable," in text
    assert "timetable1" not in text


def test_the_case_of_a_quotation_element():
    line = "The chair said: “We cannot wait another winter for this boat”, and left the room"
    assert line in the_case("q-element.html")["text"]


def test_the_case_of_a_paywall():
    article = the_case("paywall.html")
    assert "teaser" in article["note"]
    assert "Subscribe now" not in article["text"]


def test_the_case_of_two_articles():
    assert "2 articles" in the_case("two-articles.html")["note"]


def test_the_case_of_a_bot_check():
    table = read(CASES / "bot-check.html")
    assert len(table) == 0
    assert "no article but a bot check" in table.attrs["problems"][0]["problem"]


def test_the_case_of_brotli():
    assert the_case("brotli.warc")["text"].startswith("Boat\nThe harbour board met on Tuesday")


def test_the_case_of_texts_that_a_crawl_made():
    article = the_case("wet.warc")
    assert article["text"].startswith("The harbour board met on Tuesday")
    assert article["url"] == "https://n.example/wet"
    assert "menus and all" in article["note"]


def test_the_case_of_an_archive_packed_whole(tmp_path):
    packed = CASES / "gzipped-whole.warc.gz"
    (tmp_path / "crawl.warc").write_bytes(gzip.decompress(packed.read_bytes()))
    whole, bare = read(packed), read(tmp_path / "crawl.warc")
    assert len(whole) == 16
    pd.testing.assert_series_equal(whole["text"], bare["text"])
    said = [{**one, "file": ""} for one in whole.attrs["problems"]]
    assert said == [{**one, "file": ""} for one in bare.attrs["problems"]]
    assert [one["place"] for one in said] == ["record 8", "record 9"]  # damaged: neither Zstandard nor a page
    assert whole.attrs["skipped"] == [
        "1 record: a page unchanged since an earlier visit (revisit): its text is in the record of that visit.",
        "1 record: not answered with the page (status 304).",
        "1 record: no page (text/plain).",
    ]


# Where and when a page was saved


SINGLE_FILE = f"""<!--
 Page saved with SingleFile
 url: {URL}
 saved date: Sat Sep 06 2025 10:30:00 GMT+0200 (Central European Summer Time)
-->"""
HTTRACK = (
    "<!-- Mirrored from n.example/boat by HTTrack Website Copier/3.x [XR&CO'2014], Sat, 06 Sep 2025 08:30:00 GMT -->"
)


@pytest.mark.parametrize("comment", [SINGLE_FILE, HTTRACK], ids=["SingleFile", "HTTrack"])
def test_a_comment_says_where_and_when_a_page_was_saved(fact, comment):
    article = fact(page().replace("<head>", f"{comment}<head>"))
    assert article["url"].endswith("//n.example/boat")
    assert article["retrieved"] == pd.Timestamp(2025, 9, 6, 8, 30)


def test_a_comment_before_the_doctype_counts_and_one_without_an_address_does_not(fact):
    assert fact(f"\ufeff<!-- saved from url=(0022){URL} -->\r\n" + page())["url"] == URL
    assert fact(page(doctype="<!DOCTYPE html>\n<!-- saved from url=(0014)about:internet -->"))["url"] == ""


# When it was published


HOURS = {
    "JSON-LD with an offset without a colon": page(
        json_ld('{"@type":"NewsArticle","datePublished":"2025-09-05T09:30:00.000-0500"}')
    ),
    "JSON-LD in words": page(json_ld('{"@type":"NewsArticle","datePublished":"September 5, 2025 2:30 PM"}')),
    "broken JSON-LD": page(json_ld('{"headline":"A "q" b","datePublished":"2025-09-05T14:30:00Z"}')),
    "JSON-LD of the page too": page(
        json_ld(
            '{"@graph":[{"@type":"WebPage","datePublished":"2020-01-05T10:00:00Z"},'
            '{"@type":["NewsArticle"],"datePublished":"2025-09-05T14:30:00Z"}]}'
        )
    ),
    "JSON-LD of other articles too": page(
        json_ld(
            '[{"@type":"NewsArticle","headline":"Mussels back","datePublished":"2024-01-01T10:00Z"},'
            f'{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"2025-09-05T14:30Z"}}]'
        )
    ),
    "<time> at the head": page(before='<p>By Ada Quill <time datetime="2025-09-05T16:30:00+02:00">5 Sept</time></p>'),
    "<time> in words": page(before="<time>September 5, 2025 2:30 p.m.</time>"),
    "<time> without a zone": page(before='<time datetime="2025-09-05 14:30">5 September</time>'),
    "<time> of the change before it": page(
        before='<span>Updated: <time datetime="2025-09-09T10:00Z">9</time></span>'
        '<span>Posted: <time datetime="2025-09-05T14:30Z">5</time></span>'
    ),
    "<time> below the article": page(
        body=f'{BODY}<footer>Posted on <time datetime="2025-09-05T14:30Z">5</time></footer>'
    ),
    "<time> in a list of others before it": page(after="").replace(
        "<body><article>",
        '<body><aside><time datetime="2024-01-01T10:00Z">x</time></aside><article>'
        '<time datetime="2025-09-05T14:30Z">x</time>',
    ),
    "the page's own day before it": page(
        '<meta name="date" content="2020-01-01">',
        '<time itemprop="datePublished" datetime="2025-09-05T14:30Z">x</time>',
    ),
    "a day in a meta, the hour in <time>": page(
        '<meta name="pubdate" content="2025-09-05">', '<time datetime="2025-09-05T14:30">x</time>'
    ),
}


@pytest.mark.parametrize("html", HOURS.values(), ids=HOURS)
def test_the_article_s_own_hour_is_found(fact, html):
    assert fact(html)["published"] == pd.Timestamp(2025, 9, 5, 14, 30)


DAYS = {
    "in words": page(before='<p class="date">September 5, 2025</p>'),
    "in the address": page('<link rel="canonical" href="https://n.example/2025/09/05/boat">'),
    "in <time> in words": page(before="<time>September 5, 2025</time>"),
}


@pytest.mark.parametrize("html", DAYS.values(), ids=DAYS)
def test_a_day_without_an_hour_is_a_day(fact, html):
    assert fact(html)["published"] == pd.Timestamp(2025, 9, 5)


NOT_PUBLISHED = {
    "og:updated_time": page('<meta property="og:updated_time" content="2025-09-09T10:00:00Z">'),
    "dateModified": page(json_ld('{"@type":"NewsArticle","dateModified":"2025-09-09T10:00:00Z"}')),
    "an updated <time>": page(before='<time class="updated" datetime="2025-09-09T10:00Z">9 Sept</time>'),
    "<time> at the hour of the change": page(
        json_ld('{"@type":"NewsArticle","dateModified":"2025-09-09T10:00:00Z"}'),
        '<time datetime="2025-09-09T12:00:00+02:00">9 Sept</time>',
    ),
    "updated in words": page(before='<p class="date">Last updated: September 9, 2025</p>'),
    "a footer's year": page(after="<footer>© 2019 N. Example</footer>"),
    "a year below": page(after="<div class='foot'><p>Copyright 2019 N. Example. All rights reserved.</p></div>"),
    "a footer's day": page(after="<footer>Last updated 2019-04-03</footer>"),
    "a day in the text": page(body=f"{BODY}<p>The contract was signed on 2011-03-01.</p>"),
    "<time> in the text": page(body=f'{BODY}<p>On <time datetime="2011-03-01T10:00">1 March</time> it was so.</p>'),
    "a related article's": page(
        after='<div class="related"><article><h3>Else</h3><time datetime="2024-01-01T10:00Z">x</time></article></div>'
    ),
}


@pytest.mark.parametrize("html", NOT_PUBLISHED.values(), ids=NOT_PUBLISHED)
def test_no_other_date_is_taken_for_the_publication(fact, html):
    assert pd.isna(fact(html)["published"])


# Who wrote it, and what it is called


BYLINES = {
    "ada@n.example (Ada Lindqvist)": "Ada Lindqvist",
    "Ada Lindqvist <ada@n.example>": "Ada Lindqvist",
    "By Ada Lindqvist, Chief Political Correspondent": "Ada Lindqvist",
    "Ada Lindqvist Transport Editor": "Ada Lindqvist",
    "Political editor Ada Lindqvist": "Ada Lindqvist",
    "Ada Lindqvist\nSenior Reporter": "Ada Lindqvist",
    "Ada Lindqvist (Harbour Desk)": "Ada Lindqvist",
    "Ada Lindqvist | N. Example News": "Ada Lindqvist",
    "Ada Lindqvist in Zurich": "Ada Lindqvist",
    "Updated by Ada Lindqvist 3 hours ago": "Ada Lindqvist",
    "Ada Lindqvist @adal": "Ada Lindqvist",
    "Ada O&#8217;Neill &amp;amp; Kai Holm": "Ada O’Neill; Kai Holm",
    "Ada van der Berg, Kai Holm, and J.K. Lind": "Ada van der Berg; Kai Holm; J.K. Lind",
    '{"@type": "Person", "name": "Ada Lindqvist"}': "Ada Lindqvist",
    "['Ada Lindqvist', 'Kai Holm']": "Ada Lindqvist; Kai Holm",
    '["Ada Lindqvist", "Kai Holm"]': "Ada Lindqvist; Kai Holm",
    "By <a href='x'>Ada Lindqvist</a>": "Ada Lindqvist",
    "https://social.example/ada": "",
    "[object Object]": "",
    "null": "",
    "Harbour Newsroom": "Harbour Newsroom",
    "Madonna": "Madonna",
    "李明": "李明",
}


@pytest.mark.parametrize(("said", "names"), BYLINES.items(), ids=map(repr, BYLINES))
def test_a_byline_is_names(said, names):
    assert byline_of(said) == names


AUTHORS = {
    "objects": page(json_ld('{"@type":"NewsArticle","author":["Ada Lindqvist",{"name":"Kai Holm"}]}')),
    "JSON in JSON": page(json_ld(r'{"@type":"NewsArticle","author":"[\"Ada Lindqvist\", \"Kai Holm\"]"}')),
    "a house beside people": page(
        json_ld('{"@type":"NewsArticle","author":{"@type":"Organization","name":"N. Example"}}'),
        '<p class="byline">By Ada Lindqvist and Kai Holm</p>',
    ),
    "jobs": page(json_ld('{"@type":"NewsArticle","author":[{"name":"Ada Lindqvist, Reporter"},{"name":"Kai Holm"}]}')),
}


@pytest.mark.parametrize("html", AUTHORS.values(), ids=AUTHORS)
def test_people_go_before_houses_whatever_form_they_have(fact, html):
    assert fact(html)["byline"] == "Ada Lindqvist; Kai Holm"


@pytest.mark.parametrize("broken", ['{"headline":"Boat wan', "{'headline':'Wrong'}", '{"headline":"A "q"","name":"Z"}'])
def test_broken_json_ld_gives_no_title(fact, broken):
    assert fact(page(json_ld(broken)))["title"] == TITLE
    titled = page(json_ld(broken) + '<meta property="og:title" content="Boats &amp;amp; more">')
    assert fact(titled)["title"] == "Boats & more"


def test_json_ld_with_a_comma_too_many_or_in_a_wrapping_is_not_broken(fact):
    said = '{"@context":"https://schema.org","@type":"NewsArticle","headline":"The headline in JSON-LD",}'
    assert fact(page(json_ld(said)))["title"] == "The headline in JSON-LD"
    assert fact(page(json_ld(f"//<![CDATA[\n{said}\n//]]>")))["title"] == "The headline in JSON-LD"


# What its elements mean in the text


def test_links_are_joined_to_the_page_s_base(fact):
    with_base = page('<base href="https://n.example/x/">', body=f'{BODY}<a href="y">y</a><img src="z.jpg">')
    assert fact(with_base)["links"] == ["https://n.example/x/y"]
    assert fact(with_base)["images"] == ["https://n.example/x/z.jpg"]
    saved = page('<base href="/x/">', body=f'{BODY}<a href="y">y</a>').replace("<head>", f"{SINGLE_FILE}<head>")
    assert fact(saved)["links"] == ["https://n.example/x/y"]


@pytest.mark.parametrize("tag", ["del", "s", "strike"])
def test_struck_out_words_are_no_part_of_the_text_and_that_is_said(fact, tag):
    article = fact(
        page(body=f"{BODY}<p>The chair said <{tag}>never</{tag}> <ins>yes</ins> to the plan of the board.</p>")
    )
    assert article["text"].endswith("The chair said yes to the plan of the board.")
    assert article["repaired"] == "struck-out words left out (1)"


def test_a_page_struck_out_as_a_whole_is_read(fact):
    assert fact(page(body=f"<del>{BODY}"))["text"].endswith(PARAGRAPHS[2])


MARKS = {
    'met<a class="footnote-ref" href="#fn1"><sup>1</sup></a> here': "met here",
    'met<sup class="reference"><a href="#cite_note-1">[1]</a></sup> here': "met here",
    'met<a href="#_ftn1">[12]</a> here': "met here",
    "met,<sup>2</sup> here": "met, here",
    "met<sup>*</sup> here": "met here",
    'met<sup id="fnref:3"><a href="#fn:3" role="doc-noteref">3</a></sup> here': "met here",
    "on 5 km<sup>2</sup> here": "on 5 km2 here",
    "the 10<sup>th</sup> here": "the 10th here",
    'see <a href="#two">chapter 2</a> here': "see chapter 2 here",
}


@pytest.mark.parametrize(("html", "words"), MARKS.items(), ids=MARKS.values())
def test_marks_of_footnotes_are_left_out_powers_and_ordinals_stay(fact, html, words):
    assert fact(page(body=f"{BODY}<p>The board of the island {html} in the harbour.</p>"))["text"].endswith(
        f"The board of the island {words} in the harbour."
    )


QUOTATIONS = {
    "He said <q>We <b>cannot</b> wait</q>.": "He said “We cannot wait”.",
    "She said <q>He said <q>no</q> to me</q> then.": "She said “He said ‘no’ to me” then.",
    "They say <q>“go”</q> and “<q>stay</q>”.": "They say “go” and “stay”.",
}


@pytest.mark.parametrize(("html", "words"), QUOTATIONS.items(), ids=QUOTATIONS.values())
def test_a_quotation_element_has_its_marks_in_one_line(fact, html, words):
    assert fact(page(body=f"{BODY}<p>{html}</p>"))["text"].endswith(f"\n{words}")


# What is no article


NO_ARTICLES = {
    "a bot check": [
        plain("Attention Required!", "<h1>Sorry, you have been blocked</h1><p>It is a security service.</p>"),
        plain("n.example", "<p>Press &amp; Hold to confirm you are a human (and not a bot).</p><p>Reference 1234</p>"),
        plain("N. Example - Are you a robot?", "<p>We have seen unusual activity from your network. Click here.</p>"),
    ],
    "a cookie wall": [
        plain("N. Example", "<h1>We value your privacy</h1><p>We and our partners store data on your device, such as"
              " cookies, for personalised ads. You may consent or change your preferences.</p><b>Accept all</b>"),
        plain("Before you continue", "<p>We use cookies and data to deliver our services. Accept all, or reject.</p>"),
    ],
    "a page that scripts would make": [
        plain("N. Example", '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>'),
        plain("N. Example", '<div id="root">Loading...</div><script src="/a.js"></script>'),
        plain("N. Example", '<div id="root"></div><script>window.x = 1</script>'),
    ],
    "an error page": [
        plain("Page not found - N. Example", "<h1>Oops! That page can’t be found.</h1><p>Maybe try a search?</p>"),
        plain("N. Example", "<h1>404</h1><p>The page you requested could not be found. It may have been moved.</p>"),
        plain("Page not found | N.", "<h1>Page not found</h1><p>Sorry, the page does not exist.</p><h2>Most read</h2>"
              + "".join(f"<p>The {one} board met on Monday to talk</p>" for one in ("harbour", "town", "ferry"))),
        plain("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>a server</center>"),
    ],
    "a paywall": [
        plain("Later boat", "<h1>Later boat</h1><p>This is for subscribers only.</p><p>Already a subscriber?</p>"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "html"), [(kind, html) for kind, pages in NO_ARTICLES.items() for html in pages], ids=lambda one: one[:70]
)
def test_what_is_no_article_is_said_and_not_stored(problem, kind, html):
    assert problem(html) == f"it is no article but {kind}."


ARTICLES = {
    "on cookies": plain("Council fined over cookies", "<article><h1>Council fined over cookies</h1><p>The council"
        " was fined on Tuesday because its website set cookies before anyone could accept them.</p><p>The regulator"
        " said that the banner, which read “We use cookies to improve your visit”, came too late, and a fine of"
        " 4,000 euros was in order.</p><p>The clerk, Ada Quill, said that all would be mended in May.</p></article>"),
    "on a number": plain("404: the story of a number", "<article><h1>404: the story of a number</h1><p>Everybody knows"
        f" the page that says “404 not found”, and hardly anybody knows where it comes from.</p>{BODY}</article>"),
    "with a banner": page(after="<div>We use cookies. Accept all</div><noscript>Please enable JavaScript.</noscript>"),
    "short": plain("Ferry late", "<p>The ferry was late.</p>"),
    "on subscriptions": page(body=f"{BODY}<p>Readers must subscribe to read the full text of the ruling, he said.</p>"),
    "with a shop": page(after="<header><p>Already a subscriber? Log in</p></header><p>Sign up for our newsletter</p>"),
}  # fmt: skip


@pytest.mark.parametrize("html", ARTICLES.values(), ids=ARTICLES)
def test_an_article_about_such_pages_is_an_article_without_a_note(fact, html):
    assert fact(html)["note"] == ""


def test_a_page_that_a_person_put_into_a_corpus_is_read_as_it_is(tmp_path):
    import_articles(CASES / "footnote.html", tmp_path / "corpus", role="reference")
    table = (tmp_path / "corpus" / "articles.csv").read_text(encoding="utf-8")
    (tmp_path / "corpus" / "reference" / "footnote.html").write_bytes((CASES / "bot-check.html").read_bytes())
    (tmp_path / "corpus" / "articles.csv").write_text(table.replace("footnote.txt", "footnote.html"), encoding="utf-8")
    assert load_articles(tmp_path / "corpus")["text"].iloc[0].startswith("Verifying you are human")


# What is a part of an article, or more than one


TEASERS = {
    "for subscribers": page(body=f"{TEASER}<p>This article is available to subscribers only.</p>"),
    "sign in": page(
        body=TEASER, after="<div><h3>Continue reading with a subscription</h3><p>Sign in to read on</p></div>"
    ),
    "a limit": page(body=f"{TEASER}<p>You have reached your limit of free articles.</p>"),
    "to go on": page(body=f"{TEASER}<p>To continue reading this article, please register or log in.</p>"),
    "a meta": page('<meta property="article:content_tier" content="locked">', body=TEASER),
    "JSON-LD": page(json_ld('{"@type":"NewsArticle","isAccessibleForFree":"False"}'), body=TEASER),
    "microdata": page('<meta itemprop="isAccessibleForFree" content="False">', body=TEASER),
}


@pytest.mark.parametrize("html", TEASERS.values(), ids=TEASERS)
def test_a_teaser_is_noted_and_the_paywall_is_no_part_of_its_text(fact, html):
    article = fact(html)
    assert "a teaser" in article["note"]
    assert article["text"] == f"{TITLE}\n{PARAGRAPHS[0]}"


def test_a_note_of_the_table_stands_beside_that_of_the_page(tmp_path):
    pd.DataFrame({"html": [TEASERS["JSON-LD"]], "note": ["from a friend"]}).to_json(
        tmp_path / "pages.jsonl", orient="records", lines=True
    )
    assert read(tmp_path / "pages.jsonl")["note"].iloc[0].startswith("from a friend; perhaps a teaser")


OTHER = "<h2>Mussels back</h2>" + "".join(f"<p>{words.replace('boat', 'mussel')}</p>" for words in PARAGRAPHS)
TWO = {
    "one below the other": page(after=f"<article>{OTHER}</article>"),
    "in divisions": plain("N.", f"<div class='hentry'><h2>Boat</h2>{BODY}</div><div class='hentry'>{OTHER}</div>"),
    "under headlines": plain("N.", f"<h1>N.</h1><h1>Boat</h1>{BODY}{OTHER.replace('h2', 'h1')}"),
    "by microdata": page(after=f"<div itemscope itemtype='https://schema.org/NewsArticle'>{OTHER}</div>"),
}


@pytest.mark.parametrize("html", TWO.values(), ids=TWO)
def test_two_articles_on_one_page_are_noted(fact, html):
    assert "the page has 2 articles" in fact(html)["note"]


def test_teasers_of_other_pages_and_boxes_within_an_article_are_not_noted(fact):
    others = "".join(f"<article><h3><a href='x'>Story {n}</a></h3><p>A word on it.</p></article>" for n in range(4))
    assert fact(page(after=f"<section>{others}</section>"))["note"] == ""
    assert fact(page().replace("<article>", "<div class='post'><article>") + "</div>")["note"] == ""
    assert fact(page(body=f"{BODY}<h1>What it means</h1>{BODY}"))["note"] == ""
    assert fact(plain("N.", f"<h1>N. Example</h1><h1>Boat</h1>{BODY}<h2>What it means</h2>{BODY}"))["note"] == ""


# Web archives


def record(kind: str, body: bytes, *headers: str, url: str = URL, about: str = "") -> bytes:
    """A record of a web archive; `headers` are those of the answer, its status line first."""
    http = "".join(f"{line}\r\n" for line in headers).encode() + (b"\r\n" if headers else b"")
    content = http + body
    lines = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2025-09-05T12:00:00Z\r\n"
    lines += f"WARC-Target-URI: {url}\r\n{about}Content-Length: {len(content)}\r\n\r\n"
    return lines.encode() + content + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return record(
        "response", body, status, "Content-Type: text/html", *headers, about="Content-Type: application/http\r\n"
    )


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


PLAIN_PAGE = page().encode()
PACKED = {
    "gzip": (gzip.compress(PLAIN_PAGE), "gzip"),
    "x-gzip": (gzip.compress(PLAIN_PAGE), "x-gzip"),
    "GZIP": (gzip.compress(PLAIN_PAGE), "GZIP"),
    "deflate": (zlib.compress(PLAIN_PAGE), "deflate"),
    "deflate without a frame": (raw_deflate(PLAIN_PAGE), "deflate"),
    "Brotli": (brotli.compress(PLAIN_PAGE), "br"),
    "Zstandard": (zstandard.compress(PLAIN_PAGE), "zstd"),
    "gzip twice, said": (gzip.compress(gzip.compress(PLAIN_PAGE)), "gzip, gzip"),
    "gzip twice, said once": (gzip.compress(gzip.compress(PLAIN_PAGE)), "gzip"),
    "gzip in Brotli": (brotli.compress(gzip.compress(PLAIN_PAGE)), "gzip, br"),
    "gzip in two members": (gzip.compress(PLAIN_PAGE[:500]) + gzip.compress(PLAIN_PAGE[500:]), "gzip"),
    "gzip, not said": (gzip.compress(PLAIN_PAGE), ""),
    "said gzip, is not": (PLAIN_PAGE, "gzip"),
    "said br, is not": (PLAIN_PAGE, "br"),
    "said zstd, is not": (PLAIN_PAGE, "zstd"),
    "nonsense": (PLAIN_PAGE, "UTF-8"),
}


@pytest.mark.parametrize(("body", "coding"), PACKED.values(), ids=PACKED)
@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "in chunks"])
def test_a_page_in_a_web_archive_is_read_in_whatever_packing(tmp_path, body, coding, chunked):
    headers = [f"Content-Encoding: {coding}"] if coding else []
    if chunked:
        headers.append("Transfer-Encoding: chunked")
        pieces = [body[at : at + 300] for at in range(0, len(body), 300)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    (tmp_path / "crawl.warc").write_bytes(answer(body, *headers))
    table = read(tmp_path / "crawl.warc")
    assert table.attrs["problems"] == []
    assert table["text"].tolist() == ["\n".join([TITLE, *PARAGRAPHS])]
    assert table["repaired"].tolist() == [""]


@pytest.mark.parametrize("pack", [brotli.compress, gzip.compress, zstandard.compress], ids=["br", "gzip", "zstd"])
def test_a_bomb_in_a_record_is_an_error_and_the_next_page_is_read(tmp_path, pack):
    coding = {brotli.compress: "br", gzip.compress: "gzip", zstandard.compress: "zstd"}[pack]
    bomb = pack(b"<html>" + b"\x20" * 200_000_000)
    (tmp_path / "crawl.warc").write_bytes(answer(bomb, f"Content-Encoding: {coding}") + answer(PLAIN_PAGE))
    table = read(tmp_path / "crawl.warc")
    assert len(table) == 1
    assert [one["problem"] for one in table.attrs["problems"]] == ["the page has more than 20 MB."]


def test_a_page_cut_off_in_its_packing_is_read_as_far_as_it_goes_and_that_is_said(tmp_path):
    packed = gzip.compress(PLAIN_PAGE, mtime=0)
    (tmp_path / "crawl.warc").write_bytes(answer(packed[: len(packed) - 60], "Content-Encoding: gzip"))
    [article] = read(tmp_path / "crawl.warc").to_dict("records")
    assert PARAGRAPHS[0] in article["text"]
    assert article["repaired"] == "the page ends in the middle; what there is was read"


RECORDS = answer(PLAIN_PAGE) + answer(PLAIN_PAGE.replace(b"ferry", b"train"))
WHOLES = {
    "a record a member": gzip.compress(RECORDS[:600]) + gzip.compress(RECORDS[600:]),
    "whole": gzip.compress(RECORDS),
    "twice": gzip.compress(gzip.compress(RECORDS)),
    "three times": gzip.compress(gzip.compress(gzip.compress(RECORDS))),
    "zeros behind it": gzip.compress(RECORDS) + b"\x00" * 100,
}


@pytest.mark.parametrize("content", WHOLES.values(), ids=WHOLES)
def test_a_web_archive_is_read_however_it_is_gzipped(tmp_path, content):
    (tmp_path / "crawl.warc.gz").write_bytes(content)
    table = read(tmp_path / "crawl.warc.gz")
    assert len(table) == 2
    assert table.attrs["problems"] == []


def test_a_table_that_is_gzipped_twice_is_read(tmp_path):
    (tmp_path / "texts.csv.gz").write_bytes(gzip.compress(gzip.compress(b"text\nThe ferry was late.\n")))
    assert read(tmp_path / "texts.csv.gz")["text"].tolist() == ["The ferry was late."]


@pytest.mark.parametrize("cut", [100, 30])
def test_an_archive_packed_whole_and_cut_off_is_read_as_far_as_it_goes_and_that_is_said(tmp_path, cut):
    (tmp_path / "crawl.warc.gz").write_bytes(gzip.compress(RECORDS)[:-cut])
    table = read(tmp_path / "crawl.warc.gz")
    assert len(table) >= 1
    assert table.attrs["problems"]


def test_what_a_web_archive_holds_besides_articles_is_counted_and_said(tmp_path):
    image = record("response", b"\x89PNG\r\n", "HTTP/1.1 200 OK", "Content-Type: image/png")
    records = [
        record("warcinfo", b"software: a test\r\n"),
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        answer(b"<p>No</p>", status="HTTP/1.1 403 Forbidden"),
        answer(b"<p>No</p>", status="HTTP/1.1 403 Forbidden"),
        answer(b"", "Location: /x", status="HTTP/1.1 301 Moved Permanently"),
        record("revisit", b"", "HTTP/1.1 200 OK", "Content-Type: text/html"),
        image * 3,
        answer(PLAIN_PAGE, status="HTTP/2 200"),
        answer(PLAIN_PAGE.replace(b"ferry", b"train"), status="HTTP/1.1 206 Partial Content"),
    ]
    (tmp_path / "crawl.warc").write_bytes(b"".join(records))
    table = read(tmp_path / "crawl.warc")
    assert table["note"].tolist() == ["", "the host sent a part of the page only (206)"]
    assert table.attrs["problems"] == []
    assert table.attrs["skipped"] == [
        "3 records: no page (image/png).",
        "2 records: not answered with the page (status 403).",
        "1 record: sent on to another address (status 301).",
        "1 record: a page unchanged since an earlier visit (revisit): its text is in the record of that visit.",
    ]


def test_what_an_archive_beside_a_sitemap_holds_besides_is_said_too(tmp_path):
    (tmp_path / "crawl.warc").write_bytes(answer(b"<p>No</p>", status="HTTP/1.1 410 Gone") + answer(PLAIN_PAGE))
    urls = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{URL}</loc></url></urlset>"
    (tmp_path / "sitemap.xml").write_text(urls, encoding="utf-8")
    table = read(tmp_path / "sitemap.xml")
    assert len(table) == 1
    assert table.attrs["skipped"] == ["crawl.warc, 1 record: not answered with the page (status 410)."]


def test_texts_that_a_crawl_made_are_kept_as_records_that_read_the_same(tmp_path):
    import_articles(CASES / "wet.warc", tmp_path / "corpus", role="spun")
    article = load_articles(tmp_path / "corpus").iloc[0]
    again = read(tmp_path / "corpus" / article["raw"]).iloc[0]
    assert (again["text"], again["url"], again["note"]) == (article["text"], article["url"], article["note"])


def test_a_bot_check_that_a_crawl_took_for_a_text_is_no_article(tmp_path):
    words = b"Just a moment...\nVerifying you are human. This may take a few seconds."
    (tmp_path / "crawl.wet.warc").write_bytes(record("conversion", words, about="Content-Type: text/plain\r\n"))
    table = read(tmp_path / "crawl.wet.warc")
    assert len(table) == 0
    assert "no article but a bot check" in table.attrs["problems"][0]["problem"]


# Safari


def safari(content: bytes = PLAIN_PAGE, fmt=plistlib.FMT_BINARY, frames: list | None = None, **about) -> bytes:
    main = {
        "WebResourceData": content,
        "WebResourceURL": URL,
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8",
        "WebResourceFrameName": "",
    }
    archive = {"WebMainResource": main | about, "WebSubresources": []}
    return plistlib.dumps(archive | ({"WebSubframeArchives": frames} if frames else {}), fmt=fmt)


@pytest.mark.parametrize("fmt", [plistlib.FMT_BINARY, plistlib.FMT_XML], ids=["binary", "XML"])
@pytest.mark.parametrize("name", ["boat.webarchive", "boat.html", "boat"])
def test_a_page_saved_by_safari_is_read(tmp_path, fmt, name):
    (tmp_path / name).write_bytes(safari(fmt=fmt))
    article = read(tmp_path / name).iloc[0]
    assert (article["url"], article["title"], article["site"]) == (URL, TITLE, "n.example")
    assert article["text"] == "\n".join([TITLE, *PARAGRAPHS])


def test_safari_s_encoding_and_frames_are_followed(tmp_path):
    latin = page(body=BODY.replace("winter", "Málaga")).replace("<meta charset='utf-8'>", "").encode("latin-1")
    (tmp_path / "latin.webarchive").write_bytes(safari(latin, WebResourceTextEncodingName="iso-8859-1"))
    assert "Málaga" in read(tmp_path / "latin.webarchive")["text"].iloc[0]
    inner = plistlib.loads(safari(WebResourceURL="https://n.example/inner"))
    (tmp_path / "frames.webarchive").write_bytes(
        safari(b"<html><body><iframe src='/inner'></iframe></body></html>", frames=[inner])
    )
    assert PARAGRAPHS[0] in read(tmp_path / "frames.webarchive")["text"].iloc[0]


def test_a_page_saved_by_safari_is_found_in_a_folder_and_kept_as_it_came(tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "boat.webarchive").write_bytes(safari())
    import_articles(folder, tmp_path / "corpus", role="spun")
    article = load_articles(tmp_path / "corpus").iloc[0]
    assert article["raw"] == "raw/boat.webarchive"
    assert (tmp_path / "corpus" / article["raw"]).read_bytes() == safari()


BAD_SAFARI = {
    "cut": safari()[:-40],
    "another list": plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY),
    "no data": plistlib.dumps({"WebMainResource": {"WebResourceURL": URL}}),
    "entities": b'<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>',
    "no list": b"<html></html>",
}


@pytest.mark.parametrize("content", BAD_SAFARI.values(), ids=BAD_SAFARI)
def test_an_archive_of_safari_that_cannot_be_read_is_a_clear_error(tmp_path, content):
    (tmp_path / "bad.webarchive").write_bytes(content)
    table = read(tmp_path / "bad.webarchive")
    assert len(table) == 0
    [problem] = table.attrs["problems"]
    assert problem["mend"]
    assert not problem["problem"].startswith("it could not be read")
