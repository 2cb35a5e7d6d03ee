"""A report tells what links a site to others only where the corpus keeps pages of several, and accuses nobody."""

import json
import re
import shutil

import pytest
from click.testing import CliRunner

from helpers.command.door import cli
from helpers.corpus import add_article
from helpers.report import build_report
from helpers.report.facts.site_links import archives_of, corpus_links, links_of_site
from helpers.sites import indicators, links_between

SOURCE = "Rain filled the old canal.\n\nThe mayor said that the army would support the public on Friday, and help it."
COPY = (
    "Rain filled the old canal.\n\nThe mayor mentioned that the military would help the public on Friday, and aid it."
)


@pytest.fixture
def kept(tmp_path):
    """A corpus with one article of a site, and no pages."""
    add_article(tmp_path / "corpus", "canal", "reference", SOURCE, site="gazette.example")
    add_article(tmp_path / "corpus", "copy", "spun", COPY, site="harbornotes.example", reference_id="canal")
    return tmp_path / "corpus"


def put_pages(corpus, kept, *names: str) -> None:
    (kept / "archives").mkdir(exist_ok=True)
    for name in names:
        shutil.copy(corpus / "network" / f"{name}.example.warc.gz", kept / "archives")


def test_the_shipped_corpus_keeps_no_pages_of_its_sites_and_its_reports_are_as_they_were(corpus):
    assert archives_of(corpus) == []
    assert corpus_links(corpus) is None
    assert links_of_site(None, "dailybrief.example") == {}


def test_pages_of_one_site_link_it_to_nobody(corpus, kept):
    put_pages(corpus, kept, "harbornotes")
    assert corpus_links(kept) is None


def test_a_site_without_kept_pages_has_no_tables(corpus):
    links = links_between(
        indicators([corpus / "network" / f"{name}.example.warc.gz" for name in ("harbornotes", "tidalpost")])
    )
    assert links_of_site(links, "elsewhere.example") == {}
    tables = links_of_site(links, "tidalpost.example")
    assert set(tables["linked_sites"]["other"]) == {"harbornotes.example"}


def test_the_report_names_what_is_shared_and_says_what_that_does_not_show(corpus, kept, tmp_path):
    put_pages(corpus, kept, *(path.name.partition(".")[0] for path in (corpus / "network").glob("*.gz")))
    page = build_report("harbornotes.example", kept, tmp_path / "out")
    told, data = page.read_text(encoding="utf-8"), page.parent / "data"
    section = re.sub(r"<[^>]+>", "", told.partition('<h3 id="links">')[2].partition("<h3")[0])
    for words in ("tidalpost.example", "an account in common", "does not say who runs them", "no probability"):
        assert words in section
    assert "GTM-N7WK4Q2" not in told
    assert "desk@" not in told
    assert not re.search(r"(?i)\b(?:fraud|network of fakes|operator is|is run by|belongs to)\b", section)
    assert {"linked_sites.csv", "shared_indicators.csv"} <= {path.name for path in data.iterdir()}
    described = json.loads((page.parent / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert {"linked_sites", "shared_indicators"} <= {resource["name"] for resource in described}
    assert "What links this site to others" in (page.parent / "report.md").read_text(encoding="utf-8")


def test_without_pages_the_report_says_nothing_of_links(reports):
    page = reports / "worldpulse.example" / "index.html"
    assert "What links this site" not in page.read_text(encoding="utf-8")
    assert not (page.parent / "data" / "linked_sites.csv").exists()


def test_the_command_tells_the_links_and_writes_them_for_other_programs(corpus, tmp_path):
    done = CliRunner().invoke(cli, ["links", str(corpus / "network"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "5 links between 6 sites." in done.output
    assert "harbornotes.example" in done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("indicators.csv", "links.csv", "pairs.csv", "common.csv"),
        *("network.graphml", "network.gexf", "network.png"),
    }


def test_the_command_names_what_is_not_there(tmp_path):
    done = CliRunner().invoke(cli, ["links", str(tmp_path / "none")])
    assert done.exit_code == 1
    assert "Mend:" in done.output
