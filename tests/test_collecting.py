"""A site is collected politely: the server counts what it is asked, and no test waits."""

import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path

import faults_collect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_site import (
    HOST,
    ME,
    ROOT,
    Swift,
    article,
    feed,
    gaps,
    index_of,
    listing,
    most_at_once,
    plain_site,
    robots,
    sitemap,
    stories,
    tagged,
)

from helpers.corpus import collect, collected, load_articles, read, serve
from helpers.corpus.collecting import keeping
from helpers.corpus.collecting.addresses import why_not
from helpers.corpus.collecting.keeping import LOG, CollectingError
from helpers.corpus.collecting.serve import Reply
from helpers.corpus.formats import exchange
from helpers.corpus.formats.exchange import FetchingError

BESIDE = {"/ads.txt", "/app-ads.txt", "/favicon.ico"}


@pytest.fixture
def swift(monkeypatch) -> Swift:
    return Swift(monkeypatch)


@pytest.fixture
def into(tmp_path) -> Path:
    return tmp_path / "gazette"


def taken(site, into, swift, host=HOST, **more):
    """Collect a made-up site; return the table and the server."""
    sites = site if all(isinstance(one, dict) for one in site.values()) else {host: site}
    with serve(sites) as served:
        served.clock = swift.clock
        given = {"contact": ME, "private": True, "through": served.address, "progress": False, **more}
        return collect(host, into, **given), served


def log(into: Path) -> list[dict]:
    return [json.loads(line) for line in (into / LOG).read_text("utf-8").splitlines()]


# What is collected


def test_a_site_is_collected_from_its_sitemaps_its_feed_and_its_links(into, swift):
    table, served = taken(plain_site(), into, swift)
    paths = table["url"].str.removeprefix(ROOT).tolist()
    assert set(paths) == {"/", "/about", "/news/only-in-the-feed-today", *stories(6)}
    assert table.set_index("url")["looks"].value_counts().to_dict() == {"article": 7, "list": 1, "page": 1}
    assert table.attrs["stopped"] == ""
    assert "nothing is left to ask for" in table.attrs["said"]
    assert set(Counter(served.paths()).values()) == {1}


def test_the_archives_are_read_like_all_others_and_hold_no_header_of_the_visitor(into, swift):
    site = plain_site(2)
    site["/about"] = Reply(200, article("About us").encode(), {"Content-Type": "text/html", "Set-Cookie": "id=secret"})
    table, _ = taken(site, into, swift)
    archives = [path for path in into.iterdir() if path.name.endswith(".warc.gz")]
    assert len(archives) == 1
    assert "The harbour was closed" in " ".join(read(archives[0])["text"])
    assert b"secret" not in gzip.decompress(archives[0].read_bytes())
    line = table.iloc[0]
    record = archives[0].read_bytes()[line["at"] : line["at"] + line["length"]]
    assert line["url"].encode() in gzip.decompress(record)


def test_without_sitemaps_and_feeds_the_pages_that_others_link_to_are_collected(into, swift):
    first, second = stories(4)[:2], stories(4)[2:]
    site = {
        "/": listing("Gazette", [*first, "/page/2/"]),
        "/page/2/": listing("Older", [*second, "/page/3/"]),
        "/page/3/": listing("Oldest", ["/"]),
        **{path: article(path) for path in stories(4)},
    }
    table, served = taken(site, into, swift)
    assert set(table["url"].str.removeprefix(ROOT)) == set(site)
    usual = ["/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/feed/", "/rss.xml", "/atom.xml"]
    assert set(usual) <= set(served.paths())


def test_a_sitemap_and_a_feed_where_they_usually_lie_are_found(into, swift):
    site = {
        "/wp-sitemap.xml": sitemap(stories(2)), "/atom.xml": feed("/news/only-in-the-feed"),
        **{path: article(path) for path in [*stories(2), "/news/only-in-the-feed"]},
    }  # fmt: skip
    table, served = taken(site, into, swift)
    assert len(table) == 3
    assert "/feed.xml" not in served.paths()


def test_what_tells_who_runs_the_site_is_kept_beside_the_pages(into, swift):
    icon = Reply(200, b"\x00\x00\x01\x00icon", {"Content-Type": "image/x-icon"})
    head = '<link rel="stylesheet" href="/theme.css">'
    site = {"/": listing("Gazette", [], head), "/ads.txt": "pub.example, 1, DIRECT", "/favicon.ico": icon,
            "/theme.css": "p { color: red }"}  # fmt: skip
    table, _ = taken(site, into, swift)
    assert len(table) == 1
    kept = {line["url"].removeprefix(ROOT) for line in log(into) if line.get("kind") == "beside" and "at" in line}
    assert kept == {"/ads.txt", "/favicon.ico", "/theme.css"}


def test_what_looks_like_an_article_goes_into_a_corpus_each_text_once(into, swift, tmp_path):
    site = plain_site(3)
    site |= {"/": listing("Gazette", ["/print/the-storm-of-day-1"]), "/feed/": Reply(404)}
    site["/print/the-storm-of-day-1"] = site[stories(3)[0]]
    table, _ = taken(site, into, swift, corpus=tmp_path / "corpus")
    articles = load_articles(tmp_path / "corpus")
    assert sorted(articles["url"].str.removeprefix(ROOT)) == sorted(stories(3))
    assert set(articles["site"]) == {HOST}
    assert table.attrs["imported"].startswith("3 added to")
    assert "1 there already or twice" in table.attrs["imported"]
    again, _ = taken(tagged(site), into, swift, corpus=tmp_path / "corpus")
    assert again.attrs["imported"].startswith("0 added to")


# Politeness, counted by the server


def test_never_two_requests_at_once_and_never_faster_than_allowed(into, swift):
    _, served = taken(plain_site(), into, swift, wait=5)
    assert most_at_once(served) == 1
    assert min(gaps(served)) >= 5


@pytest.mark.parametrize("rules", ["Crawl-delay: 33", "Request-rate: 2/66"])
def test_the_pace_that_robots_asks_for_is_kept(into, swift, rules):
    site = plain_site(2) | {"/robots.txt": robots("/sitemaps.xml", rules=rules)}
    _, served = taken(site, into, swift)
    assert len(served.asked) > 8
    assert min(gaps(served)[1:]) >= 33


def test_a_host_that_asks_for_a_pace_that_nobody_can_wait_for_is_left_alone(into, swift):
    site = plain_site(2) | {"/robots.txt": robots(rules="Crawl-delay: 9999")}
    table, served = taken(site, into, swift)
    assert served.paths() == ["/robots.txt"]
    assert "9999 seconds" in table.attrs["stopped"]


def test_what_robots_forbids_is_not_asked_for_and_said(into, swift):
    table, served = taken(plain_site(), into, swift)
    assert not [path for path in served.paths() if path.startswith("/private")]
    assert (f"{ROOT}/private/door", "robots.txt forbids it") in table.attrs["skipped"]


@pytest.mark.parametrize("status", [500, 502])
def test_where_robots_fails_nothing_else_is_asked_for(into, swift, status):
    table, served = taken(plain_site(2) | {"/robots.txt": Reply(status)}, into, swift)
    assert served.paths() == ["/robots.txt"]
    assert "robots.txt cannot be had" in table.attrs["stopped"]


def test_the_agent_says_who_asks(into, swift):
    _, served = taken(plain_site(1), into, swift)
    assert {one.headers["User-Agent"] for one in served.asked} == {exchange.agent_of(ME)}


def test_no_other_host_is_asked_whatever_links_redirects_and_sitemaps_say(into, swift):
    other = "http://elsewhere.example"
    site = plain_site(2)
    site["/"] = listing("Gazette", [f"{other}/a-page-of-others", f"//blog.{HOST}/post", "/away", "mailto:a@b.example"])
    site["/away"] = Reply(302, b"", {"Location": f"{other}/"})
    site["/robots.txt"] = robots("/sitemaps.xml") + f"Sitemap: {other}/sitemap.xml\n"
    site["/map-1.xml"] = sitemap([stories(2)[0]]).replace("</urlset>", f"<url><loc>{other}/x</loc></url></urlset>")
    table, served = taken({HOST: site, "": {"*": article("Elsewhere")}}, into, swift)
    assert {one.host for one in served.asked} == {HOST}
    assert (f"{other}/", f"off the site: {ROOT}/away sends on to it") in table.attrs["skipped"]
    assert (f"{other}/sitemap.xml", "a sitemap on a host that was not named") in table.attrs["skipped"]


def test_www_is_the_same_host_and_another_is_asked_where_it_is_named(into, swift):
    www = {
        "/": listing("Gazette", [*stories(1), f"https://blog.{HOST}/a-post-of-ours"]),
        stories(1)[0]: article("Storm"),
    }
    sites = {HOST: {"/": Reply(301, b"", {"Location": f"https://www.{HOST}/"})}, f"www.{HOST}": www,
             f"blog.{HOST}": {"/": listing("Blog", []), "/a-post-of-ours": article("Post")}}  # fmt: skip
    with serve(sites) as served:
        given = {"contact": ME, "private": True, "through": served.address, "progress": False}
        table = collect([HOST, f"blog.{HOST}"], into, **given)
        assert {one.host for one in served.asked} == set(sites)
    assert {f"https://www.{HOST}/", f"https://blog.{HOST}/a-post-of-ours"} <= set(table["url"])


def test_a_private_host_is_refused_unless_it_was_said(into, swift):
    with serve({"": plain_site(1)}) as served:
        with pytest.raises(FetchingError, match="private network"):
            collect(f"http://{served.address}", into, contact=ME, progress=False)
        assert served.asked == []


@pytest.mark.parametrize(("site", "more", "said"), [
    (HOST, {"contact": "me"}, "say how to reach you"), ("", {}, "no site|no address"), ([], {}, "no site was named"),
    ("ftp://a.example", {}, "no address"), (HOST, {"pages": 0}, "budgets"),
    (HOST, {"role": "spam"}, "role is one of"), (HOST, {"through": "here"}, "a number"),
])  # fmt: skip
def test_what_cannot_be_meant_is_an_error_and_nothing_is_asked(into, site, more, said):
    with pytest.raises(ValueError, match=said):
        collect(site, into, **{"contact": ME, "progress": False, **more})
    assert not into.exists()


# Hosts that are asked too much, and that fail


def busy(times: int, status: int = 429, **headers: str):
    """A page that is there when it was asked for so often."""
    asked = []

    def answer(path, _):
        asked.append(path)
        return Reply(status, b"", headers) if len(asked) <= times else article("Storm")

    return answer


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_is_asked_too_much_is_left_alone_as_long_as_it_says(into, swift, status):
    site = {
        "/": listing("Gazette", ["/news/a-storm-is-here"]),
        "/news/a-storm-is-here": busy(1, status, **{"Retry-After": "77"}),
    }
    table, served = taken(site, into, swift)
    assert served.paths().count("/news/a-storm-is-here") == 2
    assert 77 in swift.waits
    assert f"{ROOT}/news/a-storm-is-here" in set(table["url"])


def test_where_it_says_nothing_each_wait_is_twice_as_long_and_then_the_run_ends(into, swift):
    table, served = taken({"/": busy(99)}, into, swift)
    assert [wait for wait in swift.waits if wait >= 30] == [30, 60, 120, 240]
    assert served.paths().count("/") == 5
    assert "the host answers 429" in table.attrs["stopped"]


def test_a_host_that_asks_for_an_hour_is_not_asked_again_before(into, swift):
    site = {"/": busy(1, 503, **{"Retry-After": "3600"})}
    table, served = taken(site, into, swift)
    assert "not to be asked before 2025-09-20T09:0" in table.attrs["stopped"]
    table, served = taken(site, into, swift)
    assert served.asked == []
    assert "asked not to be asked before" in table.attrs["stopped"]
    swift.pass_days(0.1)
    table, _ = taken(site, into, swift)
    assert len(table) == 1


def test_a_retry_after_that_is_a_date_is_understood(into, swift):
    site = {"/": busy(1, 503, **{"Retry-After": "Sat, 20 Sep 2025 08:10:00 GMT"})}
    taken(site, into, swift)
    assert any(400 < wait < 600 for wait in swift.waits)


def test_where_https_does_not_answer_http_is_tried(into, swift, monkeypatch):
    from helpers.corpus.collecting import asker

    real = exchange.Asking.get

    def no_https(self, url, *given, **more):
        if url.startswith("https:"):
            raise exchange.SilentError(f"{url}: the host did not answer as it should. Mend: try again later.")
        return real(self, url, *given, **more)

    monkeypatch.setattr(asker.Asking, "get", no_https)
    site = {"/": listing("Gazette", ["/news/a-storm-is-here"]), "/news/a-storm-is-here": article("Storm")}
    table, _ = taken(site, into, swift)
    assert table["url"].tolist() == [f"http://{HOST}/", f"http://{HOST}/news/a-storm-is-here"]


def test_a_host_that_refuses_again_and_again_is_left_alone(into, swift):
    site = plain_site(20) | {path: Reply(403) for path in stories(20)}
    table, served = taken(site, into, swift)
    assert sum(path in stories(20) for path in served.paths()) == 10
    assert "refused 10 times in a row" in table.attrs["stopped"]


def test_a_host_that_fails_again_and_again_is_left_alone(into, swift):
    site = plain_site(12) | {path: Reply(500, b"broken") for path in stories(12)}
    table, served = taken(site, into, swift)
    assert sum(path in stories(12) for path in served.paths()) == 5
    assert "failed 5 times in a row" in table.attrs["stopped"]


def test_pages_that_are_gone_or_hold_nothing_are_logged_and_the_rest_is_collected(into, swift):
    bad = {"/news/one-is-gone-now": Reply(404), "/news/one-was-taken-away": Reply(410), "/news/one-is-quite-empty": b"",
           "/news/one-is-a-picture": Reply(200, b"\x89PNG", {"Content-Type": "image/png"}),
           "/news/one-is-broken-today": Reply(500)}  # fmt: skip
    site = plain_site(2) | bad
    site["/map-1.xml"] = sitemap([*bad, stories(2)[0]])
    table, _ = taken(site, into, swift)
    lines = {line["url"].removeprefix(ROOT): line for line in log(into) if line["event"] == "asked"}
    assert [lines[path]["status"] for path in bad] == [404, 410, 200, 200, 500]
    assert lines["/news/one-is-a-picture"]["why"] == "no page (image/png)"
    assert not {f"{ROOT}{path}" for path in bad} & set(table["url"])
    assert {f"{ROOT}{path}" for path in stories(2)} <= set(table["url"])


def test_a_page_that_drips_is_given_up_and_the_next_is_asked_for(into, swift, monkeypatch):
    monkeypatch.setattr(exchange, "WHOLE", 1.5)
    slow = Reply(200, article("Slow").encode(), {"Content-Type": "text/html"}, drops=60, pause=0.05)
    site = plain_site(2) | {"/news/a-slow-one-it-is": slow}
    site["/map-1.xml"] = sitemap(["/news/a-slow-one-it-is", stories(2)[0]])
    table, _ = taken(site, into, swift)
    line = next(line for line in log(into) if line.get("url") == f"{ROOT}/news/a-slow-one-it-is")
    assert (line["status"], line["failed"]) == (0, True)
    assert f"{ROOT}{stories(2)[0]}" in set(table["url"])


def test_a_huge_page_is_not_read_to_its_end(into, swift, monkeypatch):
    from helpers.corpus.collecting import asker

    monkeypatch.setattr(asker, "MOST_PAGE", 300_000)
    site = plain_site(2) | {"/about": article("About", more="wind and rain " * 200_000)}
    table, _ = taken(site, into, swift)
    line = next(line for line in log(into) if line.get("url") == f"{ROOT}/about")
    assert "more than 0.3 MB" in line["why"]
    assert line["bytes"] < 400_000
    assert f"{ROOT}/about" not in set(table["url"])


@pytest.mark.parametrize("content", [
    b"\xff\xfe\x00\xd8", "café, naïve".encode("latin-1"), b"<?xml version='1.0' encoding='klingon'?><urlset><url>",
    b"\x1f\x8b\x08broken", b"<urlset>" + b"<url>" * 2_000, b"<p>" * 3_000, b"<a href='http://[::1'>x</a>" * 50,
    b"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset><url><loc>&a;</loc></url></urlset>",
])  # fmt: skip
def test_what_cannot_be_read_ends_nothing(into, swift, content):
    page = Reply(200, content, {"Content-Type": "text/html; charset=klingon"})
    site = plain_site(2) | {"/map-1.xml": page, "/about": page, "/feed/": page}
    table, _ = taken(site, into, swift)
    assert table.attrs["stopped"] == ""
    assert f"{ROOT}{stories(2)[1]}" in set(table["url"])


# Traps


def test_an_endless_calendar_is_left_after_some_months(into, swift):
    def month(path, _):
        number = int(path.rpartition("/")[2])
        return listing(f"Month {number}", [f"/agenda/{number - 1}", f"/agenda/{number + 1}"])

    site = plain_site(4)
    site["/"] = listing("Gazette", ["/agenda/500"])
    table, served = taken(
        {HOST: site | {"*": lambda path, _: month(path, _) if "/agenda/" in path else Reply(404)}}, into, swift
    )
    assert 20 <= sum("/agenda/" in path for path in served.paths()) <= 30
    assert any("as in a trap" in why for _, why in table.attrs["skipped"])
    assert {f"{ROOT}{path}" for path in stories(4)} <= set(table["url"])


def test_archive_pages_that_go_on_bringing_articles_are_no_trap(into, swift):
    def page(path, _):
        number = int(path.rpartition("/")[2])
        if path.startswith("/page/"):
            return listing(f"Page {number}", [f"/{900 + number}", f"/page/{number + 1}" if number < 40 else "/"])
        return article(f"Story {number}")

    site = {"/robots.txt": "", "/": listing("Gazette", ["/page/1"]),
            "*": lambda path, _: page(path, _) if path.rpartition("/")[2].isdigit() else Reply(404)}  # fmt: skip
    table, _ = taken(site, into, swift)
    assert (table["looks"] == "article").sum() == 40


@pytest.mark.parametrize("path", [
    "/events/2093/07", "/events?month=2031-01", "/calendar/1973/02/", "/a/b/a/b/a/b", "/x/" * 13, "/p?" + "a=1&" * 9,
    "/picture.jpg", "/wp-json/posts", "/?s=storm", "/search/storm", "/a/" + "long" * 300, "/wp-login.php",
])  # fmt: skip
def test_what_betrays_itself_by_its_address_is_not_asked_for(path, swift):
    assert why_not(f"{ROOT}{path}", swift.now().date())


@pytest.mark.parametrize("path", ["/2025/09/05/storm", "/events/2025/10", "/news/12345", "/?p=77", "/a/b/c/storm.html"])
def test_what_is_a_page_like_others_may_be_asked_for(path, swift):
    assert why_not(f"{ROOT}{path}", swift.now().date()) == ""


def test_redirects_in_a_circle_and_without_end_are_left(into, swift):
    def onward(path, _):
        return Reply(302, b"", {"Location": f"/on/{int(path.rpartition('/')[2]) + 1}"})

    site = plain_site(2) | {"/round": Reply(301, b"", {"Location": "/about-us"}),
                            "/about-us": Reply(301, b"", {"Location": "/round"}),
                            "*": lambda path, _: onward(path, _) if "/on/" in path else Reply(404)}  # fmt: skip
    site["/"] = listing("Gazette", ["/round", "/on/1", "/nowhere"])
    site["/nowhere"] = Reply(302, b"", {"Location": "ftp://x.example/"})
    table, served = taken(site, into, swift)
    assert served.paths().count("/round") == served.paths().count("/about-us") == 1
    assert sum(path.startswith("/on/") for path in served.paths()) == 6
    assert table.attrs["stopped"] == ""


def test_links_that_the_site_marks_as_not_to_be_followed_are_not(into, swift):
    page = '<html><body><a rel="nofollow" href="/honey-pot-of-theirs">x</a></body></html>'
    closed = '<html><head><meta name="robots" content="noindex, nofollow"></head><body><a href="/b">x</a></body></html>'
    site = plain_site(1) | {"/": page, "/about": closed}
    _, served = taken(site, into, swift)
    assert not {"/honey-pot-of-theirs", "/b"} & set(served.paths())


# Budgets, and going on


def test_the_budget_of_pages_is_kept_and_the_next_run_goes_on(into, swift):
    site = plain_site(10)
    asked = Counter()
    for _ in range(20):
        table, served = taken(site, into, swift, pages=4)
        pages = [
            path for path in served.paths() if path in site and not path.endswith((".xml", ".gz", ".txt", "feed/"))
        ]
        assert len(pages) <= 4
        asked.update(served.paths())
        if not table.attrs["stopped"]:
            break
        assert "the budget of 4 pages is used up" in table.attrs["stopped"]
    assert set(asked.values()) == {1}
    assert len(table) == 13


def test_of_many_sitemaps_no_more_are_asked_for_than_the_budget_of_pages_wants(into, swift):
    maps = [f"/map-{number}.xml" for number in range(40)]
    paths = {one: [f"/news/of-map-{at}-number-{number}" for number in range(5)] for at, one in enumerate(maps)}
    site = {"/robots.txt": robots("/index.xml"), "/index.xml": index_of(*maps), "/": listing("Gazette", [])}
    site |= {one: sitemap(named) for one, named in paths.items()}
    site |= {path: article(path) for named in paths.values() for path in named}
    _, served = taken(site, into, swift, pages=12)
    assert sum(path in maps for path in served.paths()) == 3
    table, after = taken(site, into, swift, pages=1_000)
    assert len(table) == 201
    assert set(Counter(served.paths() + after.paths()).values()) == {1}


def test_the_budget_of_bytes_is_kept(into, swift):
    site = plain_site(10) | {path: article(path, more="wind and rain " * 4_000) for path in stories(10)}
    table, _ = taken(site, into, swift, megabytes=0.2)
    assert sum(line.get("bytes", 0) for line in log(into)) <= 200_000 + exchange.PIECE
    assert "megabytes" in table.attrs["stopped"]
    table, _ = taken(site, into, swift)
    assert table.attrs["stopped"] == ""
    assert len(table) == 13


def test_a_later_run_asks_only_whether_something_changed(into, swift):
    site = tagged(plain_site())
    taken(site, into, swift)
    swift.pass_days(3)
    table, served = taken(site, into, swift)
    asked_anew = {one.path for one in served.asked if "If-None-Match" not in one.headers}
    assert asked_anew <= {"/robots.txt", "/map-2.xml.gz"} | BESIDE
    assert (table["versions"] == 1).all()
    assert (table["checked"] > table["retrieved"]).all()


def test_a_page_that_its_sitemap_says_unchanged_is_not_asked_for_again(into, swift):
    site = plain_site(0) | {"/map-1.xml": sitemap(dict.fromkeys(stories(3), "2025-09-01")),
                            **{path: article(path) for path in stories(3)}}  # fmt: skip
    taken(site, into, swift)
    swift.pass_days(3)
    site["/map-1.xml"] = sitemap({path: "2025-09-22" if path == stories(3)[1] else "2025-09-01" for path in stories(3)})
    _, served = taken(site, into, swift)
    assert [path for path in served.paths() if path in stories(3)] == [stories(3)[1]]


def test_two_runs_at_once_into_one_folder_are_refused(into, swift):
    with keeping.opened(into), pytest.raises(CollectingError, match="another program collects into it"):
        taken(plain_site(1), into, swift)


def test_a_folder_with_other_files_or_of_another_site_is_refused(into, swift, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-a-friend.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(CollectingError, match="other files"):
        taken(plain_site(1), tmp_path / "letters", swift)
    taken(plain_site(1), into, swift)
    with pytest.raises(CollectingError, match="each site has one of its own"):
        taken(plain_site(1), into, swift, host="other.example")


@pytest.mark.parametrize("line", [b"{}\n", b"no json\n", b'{"event": "asked", "round": 1, "archive": "../../x"}\n'])
def test_a_log_that_is_none_is_an_error_that_names_the_line(into, swift, line):
    into.mkdir()
    (into / LOG).write_bytes(line)
    with pytest.raises(CollectingError, match=r"log\.jsonl, line 1: .*Mend: "):
        collected(into)


# A kill at any moment


KILLED = """
import sys
from helpers.corpus.formats import exchange
exchange._sleep = lambda seconds: None
from helpers.corpus import collect
more = {"private": True, "through": sys.argv[2], "progress": False}
collect("gazette.example", sys.argv[1], contact="ada@newsroom.example", **more)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_a_run_that_is_killed_goes_on_without_asking_for_anything_twice(into, swift):
    site = plain_site(90)
    with serve({HOST: site}) as served:
        command = [sys.executable, "-c", textwrap.dedent(KILLED), str(into), served.address]
        process = subprocess.Popen(command)
        until = time.monotonic() + 120
        while len(served.asked) < 15 and time.monotonic() < until:
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        first = served.paths()
        table = collect(HOST, into, contact=ME, private=True, through=served.address, progress=False)
        twice = [path for path, count in Counter(served.paths()).items() if count > 1]
    assert 15 <= len(first) < 90
    assert len(twice) <= 1
    assert set(twice) <= set(first[-1:]), "only what was under way when it was killed"
    assert len(table) == 93


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """A finished folder: its log, its archive, and where each line's record ends."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("whole") / "gazette"
        taken(plain_site(8), folder, Swift(patch))
    archive = next(path for path in folder.iterdir() if path.name.endswith(".warc.gz"))
    return (folder / LOG).read_bytes(), archive.name, archive.read_bytes()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_wherever_a_kill_cuts_log_and_archive_nothing_that_came_is_asked_for_again(whole_run, tmp_path_factory, data):
    log_bytes, name, archive = whole_run
    lines = log_bytes.splitlines(keepends=True)[:-1]
    whole = data.draw(st.integers(1, len(lines) - 1), label="lines of the log that are whole")
    ends = [one["at"] + one["length"] for one in map(json.loads, lines) if "at" in one]
    had = [one["at"] + one["length"] for one in map(json.loads, lines[:whole]) if "at" in one]
    end = max(had, default=0)
    more = next((one for one in ends if one > end), end) if "at" in json.loads(lines[whole]) else end
    size = data.draw(st.integers(end, more), label="bytes of the archive")
    torn = data.draw(st.integers(0, len(lines[whole]) - 1), label="bytes of a torn line") if size == more else 0
    folder = tmp_path_factory.mktemp("cut")
    (folder / LOG).write_bytes(b"".join(lines[:whole]) + lines[whole][:torn])
    (folder / name).write_bytes(archive[:size])
    came = {json.loads(line)["url"] for line in lines[: whole + (size == more and more > end)] if b'"asked"' in line}
    with pytest.MonkeyPatch.context() as patch:
        table, served = taken(plain_site(8), folder, Swift(patch))
    assert not {f"{ROOT}{path}" for path in served.paths()} & came
    assert set(Counter(served.paths()).values()) == {1}
    assert len(table) == 11
    assert len(read(next(folder.glob("*.warc.gz")))) > 0 or whole < 8


def test_after_a_kill_the_host_is_first_left_in_peace(into, swift):
    taken(plain_site(4), into, swift, pages=2)
    text = (into / LOG).read_bytes()
    (into / LOG).write_bytes(text[: text.rstrip().rfind(b"\n") + 1])  # without the line that says it ended
    exchange._last.clear()
    swift.waits.clear()
    taken(plain_site(4), into, swift, pages=2)
    assert swift.waits[0] >= 4.5


def test_an_archive_that_grew_large_is_followed_by_another_and_a_kill_harms_neither(into, swift, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_ARCHIVE", 1_500)
    site = plain_site(6)
    first, _ = taken(site, into, swift, pages=4)
    assert len(list(into.glob("*.warc.gz"))) > 1
    with open(into / first["archive"].iloc[-1], "ab") as last:
        last.write(b"\x1f\x8btorn")
    table, _ = taken(site, into, swift)
    assert len(table) == 9
    kept = keeping.looked_at(into)
    for line in [line for line in kept.lines if "at" in line]:
        assert keeping.digest(kept.content(line)[0]) == line["sha256"]


def test_a_full_disk_leaves_the_folder_as_it_was(into, swift, monkeypatch):
    real = os.fsync
    calls = []

    def full(number):
        calls.append(number)
        if len(calls) == 12:
            raise OSError(28, "No space left on device")
        real(number)

    monkeypatch.setattr(keeping.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        taken(plain_site(4), into, swift)
    monkeypatch.setattr(keeping.os, "fsync", real)
    table, _ = taken(plain_site(4), into, swift)
    assert len(table) == 7


# The server


def test_a_folder_of_hosts_is_served_and_nothing_that_lies_elsewhere(tmp_path, swift):
    (tmp_path / "sites" / HOST / "news").mkdir(parents=True)
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (tmp_path / "sites" / HOST / "index.html").write_text(listing("G", ["/news/a-storm-came"]), encoding="utf-8")
    (tmp_path / "sites" / HOST / "news" / "a-storm-came.html").write_text(article("Storm"), encoding="utf-8")
    with serve(tmp_path / "sites") as served:
        given = {"contact": ME, "private": True, "through": served.address, "progress": False}
        table = collect(HOST, tmp_path / "into", **given)
        asking = exchange.Asking(exchange.agent_of(ME), 1, 5, True, ("127.0.0.1", served.port))
        for path in ("/../../secret.html", "/%2e%2e/%2e%2e/secret.html", "/..%2f..%2fsecret.html"):
            assert asking.get(f"{ROOT}{path}", 1_000).status == 404
        assert asking.get("http://../secret.html", 1_000).status == 404
    assert len(table) == 2


def test_what_was_collected_can_be_served_and_collected_again(into, swift, tmp_path):
    first, _ = taken(plain_site(3), into, swift)
    with serve(into) as served:
        second = collect(HOST, tmp_path / "again", contact=ME, private=True, through=served.address, progress=False)
    assert set(first["url"]) == set(second["url"])
    assert set(first["sha256"]) == set(second["sha256"])


def test_an_index_within_an_index_and_a_list_of_addresses_are_sitemaps_too(into, swift):
    lines = Reply(200, "".join(f"{ROOT}{path}\n" for path in stories(2)).encode(), {"Content-Type": "text/plain"})
    site = {"/robots.txt": robots("/i.xml"), "/i.xml": index_of("/j.xml"), "/j.xml": index_of("/list.txt", "/i.xml"),
            "/list.txt": lines, **{path: article(path) for path in stories(2)}, "/": listing("G", [])}  # fmt: skip
    table, served = taken(site, into, swift)
    assert len(table) == 3
    assert served.paths().count("/i.xml") == 1


# Small numbers of what `make faults KINDS=collect` does in full


def test_random_sites_are_collected_without_breaking_a_rule(tmp_path):
    outcome = faults_collect.sites(tmp_path, 6)
    assert (outcome.held, outcome.tried) == (6, 6), outcome.said


def test_a_broken_rule_would_be_counted(into, swift):
    site = plain_site(2)
    with serve({HOST: site}) as served:
        served.clock = swift.clock
        given = {"contact": ME, "private": True, "through": served.address, "progress": False}
        collect(HOST, into, **given)
        assert faults_collect.broken_rules(served, 1, into, 100) == ""
        assert faults_collect.broken_rules(served, 9, into, 3) == "too fast, over budget"
        asking = exchange.Asking(exchange.agent_of(ME), 1, 5, True, ("127.0.0.1", served.port))
        asking.get(f"http://elsewhere.example{stories(2)[0]}", 10_000)
        assert "off the site, twice, not in the log" in faults_collect.broken_rules(served, 1, into, 100)


def test_a_host_that_holds_a_request_ends_the_run_and_is_named(tmp_path, monkeypatch):
    few = ["the headers of robots.txt, dripped", "chunk sizes, dripped"]
    monkeypatch.setattr(
        faults_collect.faults_fetch, "HANGS", {name: faults_collect.faults_fetch.HANGS[name] for name in few}
    )
    outcome = faults_collect.hosts(tmp_path)
    assert outcome.held == outcome.tried == 6, outcome.said


def test_the_command_says_the_bounds_that_collect_has():
    """The command does not import them, so that its help is light."""
    from helpers.command import whole_site
    from helpers.corpus.collecting.collect import MEGABYTES, PAGES
    from helpers.corpus.formats.exchange import WAIT

    assert (whole_site.PAGES, whole_site.MEGABYTES, whole_site.WAIT) == (PAGES, MEGABYTES, WAIT)
