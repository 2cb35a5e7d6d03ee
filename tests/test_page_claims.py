"""Pages that mislead go in; who wrote them and when comes out, or nothing, and their words whole."""

from html import escape

import pytest

from helpers.corpus.formats.bylines import byline_of
from helpers.corpus.formats.web_page import page_facts
from helpers.files.problems import RecordError

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


def test_microdata_that_is_not_to_be_seen_is_read_and_a_class_for_scripts_is_no_event():
    hidden = f"<div hidden><meta itemprop='datePublished' content='{DAY}'><b itemprop='author'>Ada Quill</b></div>"
    found = fact(page(before=hidden))
    assert (found["published"], found["byline"]) == (DAY, "Ada Quill")
    assert fact(page(before="<p class='byline event-click'>By Ada Quill</p>"))["byline"] == "Ada Quill"


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


# Their words


WORDS = {
    "10<sup>6</sup> eels": "10⁶ eels",
    "10<sup>−6</sup> eels": "10⁻⁶ eels",
    "5<sup>1</sup>/<sub>2</sub> miles": "5 1/2 miles",
    "the eel<sup>1</sup> swam": "the eel swam",
    "the eel<a href='#fn1'><sup>1,2</sup></a> swam": "the eel swam",
    "the eel<sup>[<a href='/w'>citation needed</a>]</sup> swam": "the eel swam",
    "5 m<sup>3</sup> of water, E=mc<sup>2</sup>": "5 m3 of water, E=mc2",
    "the 21<sup>st</sup> eel": "the 21st eel",
    "on <time datetime='2011-03-01'>1 March</time> it swam": "on 1 March it swam",
    "for <output>5</output> days": "for 5 days",
}


@pytest.mark.parametrize(("html", "words"), WORDS.items(), ids=WORDS.values())
def test_no_word_is_lost_and_no_number_changed_by_an_element(html, words):
    found = fact(page(body=f"{BODY}<p>It was said that {html}, and no more.</p>"))
    assert found["text"].splitlines()[-1] == f"It was said that {words}, and no more."


STUMPS = [
    f"<p>Updated <time datetime='2025-03-06'>6 March</time>, first published <time datetime='{DAY}'>4 March</time></p>",
    f"<div>Published <time datetime='{DAY}'>4 March</time> Updated <time datetime='2025-03-06'>6 March</time></div>",
    "<p>Aktualisiert: <time datetime='2025-03-06'>6.3.2025</time></p>",
]


@pytest.mark.parametrize("html", STUMPS)
def test_a_line_of_dates_leaves_no_stump_in_the_text(html):
    assert fact(page(before=html))["text"] == "\n".join([TITLE, *PARAGRAPHS])


WALLS = {
    "for subscribers": "<div><p>This story is for subscribers only.</p><p>Start your trial. Cancel anytime.</p></div>",
    "for those who pay": "<h2>This post is for paying members</h2><p>Subscribe</p><p>Already a paid member? Log in</p>",
    "in German": "<div><p>Jetzt weiterlesen mit Aal+.</p><p>Sie haben bereits ein Abo? Melden Sie sich an.</p></div>",
    "for Abonnenten": "<p>Dieser Artikel ist exklusiv für Abonnenten.</p><p>Jetzt abonnieren</p>",
    "in French": "<p>La suite est réservée aux abonnés. Il vous reste 80 % de cet article à lire.</p>",
    "with a meter": "<p>You have 2 free articles left this month.</p><p>Get unlimited access for a euro a week.</p>",
    "to unlock": "<p>Already a subscriber? Log in</p><p>Unlock this story. Subscribe for full access to the Eel.</p>",
}


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
def test_a_wall_and_what_stands_beside_it_are_no_part_of_the_text(wall):
    found = fact(page(body=f"<p>{PARAGRAPHS[0]}</p>{wall}"))
    assert "a teaser" in found["note"]
    assert found["text"] == f"{TITLE}\n{PARAGRAPHS[0]}"


def test_short_sentences_beside_a_wall_stay():
    short = ["It cost $5 a month.", "Already a respected member of the board, she stayed.", "Few subscribers came."]
    lines = "".join(f"<p>{words}</p>" for words in short)
    found = fact(page(body=f"{BODY}{lines}<p>Subscribe to continue reading.</p>{lines}"))
    assert found["text"].splitlines()[-6:] == [*short, *short]


def test_an_article_that_is_not_free_by_its_address_is_noted():
    said = '{"@graph":[{"@type":["Article","NewsArticle"],"isAccessibleForFree":"http://schema.org/False"}]}'
    assert "not free" in fact(page(json_ld(said)))["note"]


def test_a_table_that_sets_an_article_beside_a_menu_is_no_table_of_the_text():
    table = f"<table><tr><td><a href='x'>Eels</a></td><td><h1>{TITLE}</h1>{BODY}</td></tr></table>"
    text = fact(f"<html><body>{table}</body></html>")["text"]
    assert "|" not in text
    assert text.splitlines()[-2:] == PARAGRAPHS
    data = "<table><tr><th>Boat</th><th>Seats</th></tr><tr><td>Eel</td><td>80</td></tr></table>"
    assert "| Eel | 80 |" in fact(page(body=BODY + data))["text"]


# What is no article, in the words of firewalls and in other languages


def plain(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


NO_ARTICLES = {
    "without a word": plain("eel.example", "<p>Please enable JS and disable any ad blocker</p><script>x</script>"),
    "a puzzle": plain("eel.example", "<p>Slide right to secure your access</p><p>We saw unusual behavior from your"
                      " device. Solve the puzzle to go on to eel.example.</p>"),
    "a firewall": plain("Access Denied", "<h1>Access Denied - Sucuri Website Firewall</h1><p>If you own this site, ask"
                        " us to whitelist your IP, with the block details below.</p><p>Your IP: 1.2.3.4</p>"),
    "a plug-in": plain("Eel", "<p>Your access to this site has been limited by the site owner.</p><p>If you think that"
                       " you were blocked in error, write to the owner of this site.</p><p>Generated by Wordfence</p>"),
    "proof of work": plain("Making sure you're not a bot!", "<h1>Making sure you're not a bot!</h1><p>You see this"
                           " because the administrator set up Anubis to protect the website from scraping by AI.</p>"),
    "in German": plain("Nur einen Moment…", "<p>Bestätigen Sie, dass Sie ein Mensch sind. Das kann einige Sekunden"
                       " dauern.</p>"),
    "in French": plain("Un instant…", "<p>Vérifiez que vous êtes humain. eel.example doit vérifier la sécurité de votre"
                       " connexion.</p>"),
    "a network": plain("ERROR", "<h1>403 ERROR</h1><h2>The request could not be satisfied.</h2>Request blocked. We"
                       " can't connect to the server for this website at this time."),
    "a law": plain("Eel", "<h1>451: Unavailable due to legal reasons</h1><p>You are attempting to access this website"
                   " from a country belonging to the European Economic Area, and access cannot be granted.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("html", NO_ARTICLES.values(), ids=NO_ARTICLES)
def test_the_page_of_a_firewall_is_no_article(html):
    with pytest.raises(RecordError, match=r"it is no article but (?:a bot check|an error page)"):
        fact(html)


def test_an_article_about_firewalls_is_one():
    words = (
        "The website of the eel market was down on Monday, because bots had sent it a million requests in an hour."
        " Its administrator has since put up a firewall, Anubis, that makes each browser work for its access, and some"
        " of those who buy there complain that their old devices are too slow for it. The market will look for another"
        " way by June, it said, and asked for patience until then."
    )
    assert fact(plain("Eel market puts up a wall against bots", f"<p>{words}</p>"))["text"].endswith(words)


# Where it was


def test_the_address_of_a_page_is_whole_or_none():
    canonical = '<link rel="canonical" href="boat">'
    based = fact(page(f'<base href="https://eel.example/">{canonical}'))
    assert (based["url"], based["canonical"]) == ("https://eel.example/boat", "https://eel.example/boat")
    assert fact(page(canonical))["url"] == ""
    assert fact(page(canonical), url="https://eel.example/x/y")["canonical"] == "https://eel.example/x/boat"
    assert fact(page('<link rel="canonical" href="//eel.example/boat">'))["url"] == "https://eel.example/boat"
    assert fact(page('<meta property="og:url" content="//eel.example/boat">'))["url"] == "https://eel.example/boat"


def test_a_copy_at_the_internet_archive_is_a_copy_of_the_page_as_it_was():
    copy = "https://web.archive.org/web/20250905101112/https://eel.example/boat"
    found = fact(page(f'<link rel="canonical" href="{copy}">'))
    assert (found["url"], found["retrieved"]) == ("https://eel.example/boat", "2025-09-05T10:11:12")
    saved = fact(f"<!-- saved from url=(0067){copy} -->{page()}")
    assert (saved["url"], saved["retrieved"]) == ("https://eel.example/boat", "2025-09-05T10:11:12")


# More than one


ANOTHER = "".join(f"<p>{words.replace('ferry', 'eel')}</p>" for words in PARAGRAPHS)


def test_sections_of_a_page_without_an_article_and_entries_of_a_live_blog_are_more_than_one():
    sections = f"<section><h2>Ferry</h2>{BODY}</section><section><h2>Eels</h2>{ANOTHER}</section>"
    assert "2 articles" in fact(plain("The Eel", f"<main>{sections}</main>"))["note"]
    entries = (
        f"<div class='live-post'><h3>10:00 Ferry</h3>{BODY}</div><div class='live-post'><h3>9:00 Eels</h3>{ANOTHER}"
    )
    assert "2 articles" in fact(plain("Live", f"<main><h1>Live</h1>{entries}</div></main>"))["note"]


def test_the_sections_of_one_article_are_one():
    sections = f"<section><h2>What happened</h2>{BODY}</section><section><h2>What comes</h2>{ANOTHER}</section>"
    assert fact(plain(TITLE, f"<main><h1>{TITLE}</h1>{sections}</main>"))["note"] == ""
    assert fact(plain(TITLE, f"<article>{sections}</article>"))["note"] == ""
