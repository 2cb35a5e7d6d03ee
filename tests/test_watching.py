"""A site that was collected is collected again: what changed since is told, and little is asked for."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from made_up_site import (
    HOST,
    ME,
    ROOT,
    STORY,
    Swift,
    article,
    listing,
    most_at_once,
    plain_site,
    sitemap,
    stories,
    tagged,
)

from helpers.command.door import cli
from helpers.corpus import collect, load_articles, serve
from helpers.corpus.collecting.keeping import LOG, CollectingError, looked_at
from helpers.corpus.collecting.pages import texts_of, versions_table
from helpers.corpus.collecting.serve import Reply
from helpers.sites import new_indicators, watch
from helpers.sites.changes import edits_of


@pytest.fixture
def swift(monkeypatch) -> Swift:
    return Swift(monkeypatch)


@pytest.fixture
def into(tmp_path, swift) -> Path:
    """A folder into which the plain site was collected, a week ago."""
    with serve({HOST: tagged(plain_site())}) as served:
        collect(HOST, tmp_path / "into", contact=ME, private=True, through=served.address, progress=False)
    swift.pass_days(7)
    return tmp_path / "into"


def watched(site, into, swift, **more):
    with serve({HOST: tagged(site)}) as served:
        served.clock = swift.clock
        given = {"contact": ME, "private": True, "through": served.address, "progress": False, **more}
        return watch(into, **given), served


def of(found, change: str) -> list[str]:
    return sorted(found.changes.loc[found.changes["change"] == change, "url"].str.removeprefix(ROOT))


FIRST, SECOND, THIRD = stories(6)[:3]


def test_where_nothing_changed_nothing_is_told_and_nothing_is_sent_again(into, swift):
    found, served = watched(plain_site(), into, swift)
    assert found.changes.empty
    assert found.edits.empty
    assert found.said.startswith("Nothing that was looked at had changed.")
    assert most_at_once(served) == 1
    assert {one.path for one in served.asked if "If-None-Match" not in one.headers} <= {
        "/robots.txt", "/map-2.xml.gz", "/ads.txt", "/app-ads.txt", "/favicon.ico"
    }  # fmt: skip
    assert "Nothing that was looked at had changed." in found.page.read_text("utf-8")


def test_what_is_new_edited_deleted_moved_and_left_out_is_told(into, swift):
    site = plain_site()
    site["/map-1.xml"] = sitemap([SECOND, THIRD, "/news/a-new-one-today"])
    site["/news/a-new-one-today"] = article("A new one")
    site[SECOND] = article("The storm of day 2", boats=12, more="The mayor said that all is well.")
    site[THIRD] = Reply(410)
    site["/about"] = Reply(301, b"", {"Location": "/about-the-gazette"})
    site["/about-the-gazette"] = article("About us")
    site["/"] = listing("Gazette", [SECOND, "/about"])
    found, _ = watched(site, into, swift)
    assert of(found, "new") == ["/about-the-gazette", "/news/a-new-one-today"]
    assert of(found, "edited") == [SECOND]
    assert of(found, "deleted") == [THIRD]
    assert of(found, "moved") == ["/about"]
    assert of(found, "left out") == [FIRST]
    assert len(found.changes) == 6
    again, _ = watched(site, into, swift)
    assert again.changes.empty


def test_an_edit_is_told_word_for_word_with_its_place_in_both_versions(into, swift):
    site = plain_site()
    site[SECOND] = article("The storm of day 2", boats=12, more="Nobody was hurt, and the school was closed on Monday.")
    found, _ = watched(site, into, swift)
    edits = found.edits
    assert ("14", "12") in set(zip(edits["was"], edits["now"], strict=True))
    kept = looked_at(into)
    lines = [line for line in kept.lines if line.get("url") == f"{ROOT}{SECOND}" and "at" in line]
    texts = texts_of(kept, lines)
    was, now = (texts[line["archive"], line["at"]] for line in lines)
    for row in edits.to_dict("records"):
        assert was[row["was_start"] : row["was_end"]] == row["was"]
        assert now[row["now_start"] : row["now_end"]] == row["now"]
    assert versions_table(kept).query("url == @ROOT + @SECOND")["version"].tolist() == [1, 2]


def test_every_version_is_kept_and_goes_into_the_corpus_with_a_note(into, swift, tmp_path):
    for boats in (14, 12, 9):
        site = plain_site()
        site[SECOND] = article("The storm of day 2", boats=boats)
        swift.pass_days(1)
        found, _ = watched(site, into, swift, corpus=tmp_path / "corpus")
    assert found.pages.set_index("url").loc[f"{ROOT}{SECOND}", "versions"] == 3
    rows = load_articles(tmp_path / "corpus").query("url == @ROOT + @SECOND")
    assert all(rows["text"].str.contains(f"moved {boats} boats").any() for boats in (14, 12, 9))
    assert rows["note"].str.contains("another version").tolist() == [False, True, True]


def test_a_page_whose_frame_alone_changed_is_not_told(into, swift):
    site = plain_site()
    site[SECOND] = article("The storm of day 2", links=["/news/the-storm-of-day-5"])
    found, _ = watched(site, into, swift)
    assert of(found, "edited") == []


def test_a_page_that_was_deleted_and_is_there_again_is_told(into, swift):
    watched(plain_site() | {THIRD: Reply(404)}, into, swift)
    swift.pass_days(7)
    site = plain_site()
    site["/map-1.xml"] = sitemap({path: "2025-10-04" for path in (FIRST, SECOND, THIRD)})
    found, _ = watched(site, into, swift)
    assert of(found, "back") == [THIRD]


TORN = b"<?xml version='1.0'?><urlset><url><loc>https://gazette.example/news/the-storm-of-day-1</loc></url><url><lo"


@pytest.mark.parametrize("lost", [Reply(500), Reply(404), Reply(403), TORN, b"<p>no sitemap</p>"])
def test_where_a_sitemap_is_not_to_be_had_no_page_is_said_to_be_left_out(into, swift, lost):
    found, served = watched(plain_site() | {"/map-1.xml": lost}, into, swift)
    assert "/map-1.xml" in served.paths()
    assert found.changes.empty


def test_pages_that_the_last_round_did_not_come_to_are_not_said_to_be_new(tmp_path, swift):
    with serve({HOST: tagged(plain_site())}) as served:
        given = {"contact": ME, "private": True, "through": served.address, "progress": False}
        collect(HOST, tmp_path / "into", pages=3, **given)
        swift.pass_days(2)
        found = watch(tmp_path / "into", **given)
    assert set(found.changes["change"]) == {"first seen"}


def test_a_watch_that_is_stopped_goes_on_within_a_day_and_asks_nothing_twice(into, swift):
    site = plain_site() | {SECOND: article("The storm of day 2", boats=1)}
    first, before = watched(site, into, swift, pages=3)
    assert "the budget of 3 pages is used up" in first.said
    second, after = watched(site, into, swift)
    pages = [path for path in before.paths() + after.paths() if path in stories(6)]
    assert sorted(pages) == sorted(stories(6))
    assert of(second, "edited") == [SECOND]


def test_a_site_that_was_not_wholly_collected_is_watched_and_its_other_pages_come_in(tmp_path, swift):
    with serve({HOST: tagged(plain_site())}) as served:
        given = {"contact": ME, "private": True, "through": served.address, "progress": False}
        collect(HOST, tmp_path / "into", pages=3, **given)
        swift.pass_days(2)
        found = watch(tmp_path / "into", **given)
    assert len(found.pages) == 9


def test_new_signs_of_who_runs_the_site_are_told(into, swift):
    def read(archives):
        mark = "UA-1" if len(archives) == 1 and archives[0].name.startswith(f"{HOST}-20250920") else "UA-2"
        return pd.DataFrame([{"site": HOST, "page": ROOT, "kind": "analytics", "value": mark, "tier": "conclusive"}])

    found, _ = watched(plain_site() | {SECOND: article("x", boats=2)}, into, swift, indicators=read)
    assert found.indicators["value"].tolist() == ["UA-2"]
    assert "1 new sign of who runs the site" in found.said
    assert "UA-2" in found.page.read_text("utf-8")


def test_indicators_that_say_nothing_or_were_known_are_not_new():
    columns = ["site", "kind", "value", "tier"]
    before = pd.DataFrame([(HOST, "tag", "GTM-1", "conclusive")], columns=columns)
    rows = [
        (HOST, "tag", "GTM-1", "conclusive"),
        (HOST, "tag", "GTM-2", "none"),
        ("b.example", "tag", "GTM-1", "conclusive"),
    ]
    after = pd.DataFrame([*rows, rows[-1]], columns=columns)
    assert new_indicators(before, after)["site"].tolist() == ["b.example"]


def test_the_page_shows_no_address_and_runs_nothing(into, swift):
    site = plain_site()
    evil = "Write to jane.doe@site.example or +44 20 7946 0018. &lt;script&gt;alert(1) &lt;img onerror=x&gt;"
    site[SECOND] = article("<i>The</i> storm &lt;svg onload=x&gt; jane.doe@site.example", more=evil)
    found, _ = watched(site, into, swift)
    page = found.page.read_text("utf-8")
    assert "jane.doe" not in page
    assert "7946" not in page
    assert "<script" not in page
    assert "<img" not in page
    assert "<svg" not in page
    assert "[e-mail address masked]" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    tables = "".join(path.read_text("utf-8") for path in into.glob("changes-*.csv"))
    assert "jane.doe" not in tables


def test_an_edit_that_takes_words_away_and_one_that_moves_none_are_told_apart():
    was = STORY.format(boats=14, more="The mayor resigned on Tuesday.")
    now = STORY.format(boats=14, more="")
    pairs = pd.DataFrame([("a", "a", now, was)], columns=["spun_id", "reference_id", "spun_text", "reference_text"])
    edits = edits_of(pairs)
    assert edits["change"].tolist() == ["dropped"]
    assert "The mayor resigned on Tuesday." in edits["was"].iloc[0]


def test_a_folder_into_which_nothing_was_collected_cannot_be_watched(tmp_path):
    with pytest.raises(CollectingError, match=r"nothing was collected into it.*Mend: collect the site into it first"):
        watch(tmp_path, contact=ME)
    assert list(tmp_path.iterdir()) == []


def test_the_log_names_nobody(into):
    assert ME not in (into / LOG).read_text("utf-8")
    assert all(json.loads(line)["when"].endswith("Z") for line in (into / LOG).read_text("utf-8").splitlines())


# In a terminal


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_a_site_is_collected_and_watched_in_a_terminal(tmp_path, swift):
    site, into = plain_site(), tmp_path / "gazette"
    with serve({HOST: site}) as served:
        given = ["--contact", ME, "--private", "--through", served.address]
        done = run("collect", HOST, into, *given, "--pages", 3)
        assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
        assert "the budget of 3 pages is used up" in done.stdout
        done = run("collect", HOST, into, *given, "--corpus", tmp_path / "corpus")
        assert done.exit_code == 0
        assert "7 added to" in done.stdout
        assert "Left alone, 1: robots.txt forbids it (https://gazette.example/private/door)" in done.stderr
        site[SECOND] = article("The storm of day 2", boats=12)
        swift.pass_days(3)
        done = run("watch", into, *given)
    assert done.exit_code == 0
    assert "Pages: 1 edited" in done.stdout
    assert f"edited  {ROOT}{SECOND}  1 replaced" in done.stdout
    assert str(into / "changes-002.html") in done.stdout


def test_what_goes_wrong_in_a_terminal_is_a_line_with_a_mend(tmp_path, swift):
    with serve({HOST: {"/robots.txt": Reply(500)}}) as served:
        given = ["--contact", ME, "--private", "--through", served.address]
        assert run("collect", HOST, tmp_path / "a", "--contact", "me").stderr.count("Mend: say how to reach you") == 1
        done = run("collect", HOST, tmp_path / "b", *given)
        assert (done.exit_code, done.stderr.count("Mend: ")) == (1, 1)
        assert "robots.txt cannot be had" in done.stderr
    assert run("collect", HOST, tmp_path / "c").exit_code == 2
    done = run("watch", tmp_path / "nothing", "--contact", ME)
    assert (done.exit_code, "collect the site into it first" in done.stderr) == (1, True)
    assert (
        run("collect", f"http://{served.address}", tmp_path / "d", "--contact", ME).stderr.count("private network") == 1
    )
