"""Pages that say misleading things of themselves go in; who wrote them and when comes out, or nothing."""

from html import escape

import pytest

from helpers.corpus.formats.bylines import byline_of
from helpers.corpus.formats.web_page import page_facts

TITLE = "Ferry to sail at night"
PARAGRAPHS = [
    "The ferry between the two islands is to sail at night from the first week of spring on, the company that runs it"
    " said on Monday, after years of letters from those who work late.",
    "It has found two captains who are ready to do so, and a third is still at school; the harbour will get new lamps"
    " along the whole of the northern pier.",
]
BODY = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
DAY = "2025-03-04"


def page(head: str = "", before: str = "", after: str = "", body: str = BODY, lang: str = "en") -> str:
    """A page with an article; `before` stands between headline and text, `after` behind the article."""
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{TITLE}</title>{head}</head><body>"
        f"<article><h1>{TITLE}</h1>{before}{body}</article>{after}</body></html>"
    )


def json_ld(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


def fact(html: str, url: str = "") -> dict:
    return page_facts(html.encode(), url=url)


# Who wrote it: not whoever wrote something else


OTHERS = {
    "an aside": page(after="<aside><h3>Eels</h3><span class='byline'>By Kai Holm</span></aside>"),
    "a list below": page(after="<section><h2>Eels</h2><p class='author'>By Kai Holm</p></section>"),
    "a list within": page(body=f"{BODY}<div class='more-news'><p class='author'>By Kai Holm</p></div>"),
    "recommended": page(before="<ul class='recommended-stories'><li class='author'>Kai Holm</li></ul>"),
    "a biography": page(body=f"{BODY}<div class='bio author'><p>Kai Holm is the editor of the Eel.</p></div>"),
    "a sentence": page(body=f"{BODY}<p class='author'>Kai Holm writes about eels.</p>"),
    "not to be seen": page(before="<p class='byline' hidden>By Kai Holm</p>"),
    "a teaser before it": page().replace(
        "<body>", "<body><article class='card'><h3>Eels</h3><p class='author'>Kai Holm</p></article>"
    ),
    "a picture's": page(json_ld('{"@type":"ImageObject","author":{"@type":"Person","name":"Kai Holm"}}')),
    "somebody the page names": page(json_ld('{"@type":"Person","name":"Kai Holm"}')),
}


@pytest.mark.parametrize("html", OTHERS.values(), ids=OTHERS)
def test_the_byline_of_something_else_is_not_the_article_s(html):
    assert fact(html)["byline"] == ""


@pytest.mark.parametrize("html", [OTHERS["a list below"], OTHERS["a biography"], OTHERS["not to be seen"]])
def test_beside_such_bylines_the_article_s_own_is_found(html):
    own = html.replace("</h1>", "</h1><p class='byline'>By Ada Quill</p>")
    assert fact(own)["byline"] == "Ada Quill"


def test_a_wrapper_around_the_page_is_no_furniture_whatever_it_is_called():
    words = "".join(f"<p>{words}</p>" for words in PARAGRAPHS * 2)
    html = f"<html><body><div class='has-sidebar'><div class='byline'>By Ada Quill</div>{words}</div></body></html>"
    assert fact(html)["byline"] == "Ada Quill"


def test_an_author_whom_json_ld_names_elsewhere_is_found():
    said = '{"@graph":[{"@type":"NewsArticle","author":{"@id":"#a"}},{"@type":"Person","@id":"#b","name":"Kai Holm"},'
    assert fact(page(json_ld(said + '{"@type":"Person","@id":"#a","name":"Ada Quill"}]}')))["byline"] == "Ada Quill"


NOBODY = ["admin", "Administrator", "webmaster", "root", "wpengine", "aquill", "a.quill", "editor2", "Site Admin"]


@pytest.mark.parametrize("said", NOBODY)
def test_names_to_sign_in_with_are_nobody(said):
    assert byline_of(said) == ""
    assert fact(page(f'<meta name="author" content="{said}">'))["byline"] == ""
    named = page(f'<meta name="author" content="{said}">', "<p class='byline'>By Ada Quill</p>")
    assert fact(named)["byline"] == "Ada Quill"


BYLINES = {
    "Von Ada Quill": "Ada Quill",
    "Von Ada Quill und Kai Holm, Bremen": "Ada Quill; Kai Holm",
    "Par Ada Quill et Kai Holm": "Ada Quill; Kai Holm",
    "Von der Heide": "Von der Heide",
    "Von Quill": "Von Quill",
    "Autor: Ada Quill": "Ada Quill",
    "Ada Quill. Translated by Kai Holm": "Ada Quill",
    "By Ada Quill, photographs by Kai Holm": "Ada Quill",
    "By Ada Quill Published 9:12 a.m. ET March 4, 2025 Updated 10:30 a.m. ET March 6, 2025": "Ada Quill",
    "By Ada Quill and Kai Holm, Updated March 6, 2025": "Ada Quill; Kai Holm",
    "Updated by Ada Quill": "Ada Quill",
    "ada quill": "ada quill",
}


@pytest.mark.parametrize(("said", "names"), BYLINES.items(), ids=BYLINES)
def test_a_byline_ends_where_the_names_end(said, names):
    assert byline_of(said) == names


TWO = {
    "links": page(before='<p class="byline">By <a rel="author">Ada Quill</a> and <a rel="author">Kai Holm</a></p>'),
    "a list": page(before='<ul><li><b class="author-name">Ada Quill</b></li></ul>').replace(
        '<ul><li><b class="author-name">Ada Quill</b></li></ul>',
        '<ul><li><span class="author-name">Ada Quill</span><li><span class="author-name">Kai Holm</span></ul>',
    ),
    "microdata": page(
        before='<b itemprop="author"><i itemprop="name">Ada Quill</i></b>'
        '<b itemprop="author"><i itemprop="name">Kai Holm</i></b>'
    ),
    "names within": page(before='<div class="byline"><b class="name">Ada Quill</b> <b class="name">Kai Holm</b></div>'),
    "metas": page('<meta name="author" content="Ada Quill"><meta name="author" content="Kai Holm">'),
    "metas and the site": page(
        '<meta property="og:site_name" content="Eel Gazette"><meta name="author" content="Ada Quill">'
        '<meta name="author" content="Eel Gazette"><meta name="author" content="Kai Holm">'
    ),
}  # fmt: skip


@pytest.mark.parametrize("html", TWO.values(), ids=TWO)
def test_all_who_wrote_an_article_are_named(html):
    assert fact(html)["byline"] == "Ada Quill; Kai Holm"


def test_a_house_in_a_link_beside_the_author_is_no_author():
    html = page(before='<p>By <a rel="author">Ada Quill</a>, <a rel="author">Eel Press</a></p>')
    assert fact(html)["byline"] == "Ada Quill"


# When: not the day of something else


NOT_PUBLISHED = {
    "an event": page(json_ld(f'{{"@type":"Event","datePublished":"{DAY}"}}')),
    "a picture": page(json_ld(f'{{"@graph":[{{"@type":"ImageObject","datePublished":"{DAY}"}}]}}')),
    "another article's": page(
        json_ld(f'[{{"@type":"Article","headline":"{TITLE}"}},{{"@type":"Article","headline":"E","datePublished":"{DAY}"}}]')
    ),
    "an event's in broken JSON-LD": page(json_ld(f'{{"@type":"Event","name":"A "b" c","datePublished":"{DAY}"}}')),
    "a comment's in broken JSON-LD": page(
        json_ld(f'{{"@type":"Article","headline":"A "b" c","comment":[{{"datePublished":"{DAY}"}}]}}')
    ),
    "a list's in broken JSON-LD": page(
        json_ld(f'{{"name":"A "b" c","itemListElement":[{{"@type":"NewsArticle","datePublished":"{DAY}"}}]}}')
    ),
    "a meeting": page(before=f"<p>Meeting: <time datetime='{DAY}T19:00'>4 March</time></p>"),
    "a meeting in words": page(before="<p>Meeting: <time>4 March 2025</time></p>"),
    "another story": page(before=f"<p>See also <a href='x'>Eels back</a> <time datetime='{DAY}'>4 March</time></p>"),
    "a short first sentence": page(before=f"<p>On <time datetime='{DAY}'>4 March</time> the ferry sank.</p>"),
    "an infobox": page(before=f"<div class='infobox'><time datetime='{DAY}'>4 March</time></div>"),
    "a list below": page(after=f"<section><h3>Eels</h3><time datetime='{DAY}'>4 March</time></section>"),
    "a day in two ways": page(before='<div class="date">04/03/2025</div>'),
    "a day in two ways, American": page(before='<div class="date">04/03/2025</div>', lang="en-US"),
    "a day in two ways in a meta": page('<meta name="date" content="04/03/2025">'),
    "a day and hour in two ways": page('<meta property="article:published_time" content="04/03/2025 10:00">'),
    "the first of all seconds": page(json_ld('{"@type":"NewsArticle","datePublished":"1970-01-01T00:00:00Z"}')),
    "a day to come": page(json_ld('{"@type":"NewsArticle","datePublished":"2205-09-05T10:00:00Z"}')),
}  # fmt: skip


@pytest.mark.parametrize("html", NOT_PUBLISHED.values(), ids=NOT_PUBLISHED)
def test_the_day_of_something_else_is_not_the_publication(html):
    assert fact(html)["published"] == ""


CHANGES = [
    "Aktualisiert:",
    "Zuletzt geändert am",
    "Mis à jour le",
    "Corrected",
    "Actualizado:",
    "Bijgewerkt op",
    "Stand:",
]


@pytest.mark.parametrize("word", CHANGES)
def test_a_last_change_is_one_in_other_languages_too(word):
    found = fact(page(before=f"<p>{word} <time datetime='{DAY}T10:00Z'>4.3.2025</time></p>"))
    assert (found["published"], found["note"][:24]) == ("", f"changed {DAY}T10:00")
    assert fact(page(before=f"<p class='date'>{word} 14.03.2025</p>"))["published"] == ""


def test_a_word_behind_a_date_says_what_it_is_the_date_of():
    time = f"<time datetime='{DAY}T10:00Z'>4 March</time>"
    assert fact(page(before=f"<p>{time} (updated)</p>"))["published"] == ""
    both = f"<p>{time} Updated <time datetime='2025-03-06'>6 March</time></p>"
    assert fact(page(before=both))["published"] == f"{DAY}T10:00"


PUBLISHED = {
    "beside names and places": page(before=f"<p>Ada Quill, Port Eel | <time datetime='{DAY}'>4 March</time></p>"),
    "behind a time to read": page(before=f"<p>By Ada Quill · 5 min read · <time datetime='{DAY}'>4</time></p>"),
    "before the author": page(before=f"<p><time datetime='{DAY}'>4 March</time> by Ada Quill of the Eel</p>"),
    "in German": page(before=f"<p>Veröffentlicht am <time datetime='{DAY}'>4.</time>, aktualisiert am 6.</p>"),
    "behind the change": page(
        before=f"<p>Updated <time datetime='2025-03-06'>6</time>, published <time datetime='{DAY}'>4</time></p>"
    ),
    "in words, the hour first": page(before='<p class="date">Published 3:15 PM EDT, Tue March 4, 2025</p>'),
    "a list in JSON-LD": page(json_ld(f'{{"@type":"NewsArticle","datePublished":["{DAY}","2025-03-06"]}}')),
    "a value in JSON-LD": page(json_ld(f'{{"@type":"NewsArticle","datePublished":{{"@value":"{DAY}"}}}}')),
    "a page of its own kind": page(json_ld(f'{{"@type":["WebPage","FAQPage"],"datePublished":"{DAY}"}}')),
    "broken JSON-LD, a comment first": page(
        json_ld(f'{{"name":"A "b" c","comment":[{{"datePublished":"2025-05-05"}}],"datePublished":"{DAY}"}}')
    ),
    "a graph in broken JSON-LD": page(
        json_ld(f'{{"@graph":[{{"@type":"Article","name":"A "b" c","datePublished":"{DAY}"}}]}}')
    ),
    "a day that can be read in one way": page(before='<div class="date">04/03/2025</div>', lang="fr"),
}  # fmt: skip


@pytest.mark.parametrize("html", PUBLISHED.values(), ids=PUBLISHED)
def test_the_article_s_own_day_is_found(html):
    assert fact(html)["published"] == DAY


# JSON-LD that is written a little otherwise


LD = '{"@context":"https://schema.org","@type":"NewsArticle",'
WRITTEN = {
    "a byte order mark": "\ufeff" + LD + '"headline":"Eels\' year","author":"Ada Quill"};',
    "two objects": '{"@type":"Organization"}\n' + LD + '"headline":"Eels\' year","author":"Ada Quill"}',
    "an escaped apostrophe": LD + r'"headline":"Eels\' year","author":"Ada Quill"}',
    "a hexadecimal escape": LD + r'"headline":"Eels\x27 year","author":"Ada Quill"}',
    "entities": escape(LD + '"headline":"Eels\' year","author":"Ada Quill"}'),
    "a line break": LD + '"headline":"Eels\'\nyear","author":"Ada Quill"}',
    "escaped breaks": LD + r'"headline":"Eels\u0027\r\n\tyear","author":"Ada Quill"}',
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_json_ld_that_is_written_a_little_otherwise_is_read(written):
    found = fact(page(json_ld(written)))
    assert (found["title"], found["byline"]) == ("Eels' year", "Ada Quill")
