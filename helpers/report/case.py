"""A corpus and a site go in; what is found at the site comes out, and who confirmed what of it: all that goes out."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from helpers.comparison.compare_corpus import compare_corpus
from helpers.corpus.articles import load_articles
from helpers.display.visible import printable
from helpers.files.dates import day_of, now
from helpers.report.facts.articles import summarise_articles
from helpers.report.facts.confirmations import confirmations
from helpers.report.facts.findings import PASSAGE, changes_in, site_findings
from helpers.report.tables import with_decisions

# Files that hold a page; what else is stored is a text, a table or a feed.
PAGES = (".html", ".htm", ".xhtml", ".mhtml", ".mht", ".webarchive", ".warc", ".arc", ".warc.gz", ".arc.gz")


class EvidenceError(ValueError):
    """No evidence or letter can be made; the message names the finding or file, and the mend."""


@dataclass(frozen=True)
class Case:
    """What a site's comparison gave: its articles, summary, findings, substitutions, and the decisions on them."""

    site: str
    corpus: Path
    articles: pd.DataFrame
    summary: pd.DataFrame
    findings: pd.DataFrame
    substitutions: pd.DataFrame
    confirmations: pd.DataFrame

    def compared(self) -> pd.DataFrame:
        """The compared articles, the references behind the articles of the site."""
        return self.articles.loc[[*self.summary["spun_id"], *self.summary["reference_id"].drop_duplicates()]]

    def changes(self, finding: dict) -> pd.DataFrame:
        """The substitutions in the passage that shows a finding (a row of `findings`)."""
        mine = self.substitutions[self.substitutions["spun_id"] == finding["spun_id"]]
        return changes_in(mine, [finding[name] for name in PASSAGE])

    def only(self, findings: pd.DataFrame, summary: pd.DataFrame | None = None) -> "Case":
        """The same with some of the findings, the decisions on them, and these articles, or those that they are in."""
        wanted = self.summary[self.summary["spun_id"].isin(findings["spun_id"])] if summary is None else summary
        touched = [self.changes(finding) for finding in findings.to_dict("records")]
        places = pd.concat([self.substitutions.head(0), *touched])
        said = confirmations(places[~places.index.duplicated()], self.corpus)
        return replace(self, summary=wanted, findings=findings, confirmations=said)


def compared_site(site: str, corpus: str | Path) -> Case:
    """Compare a corpus and return what is found at a site.

    Raises `EvidenceError` for a site without a compared article or without a finding, and what `load_articles` raises.
    """
    folder = Path(corpus)
    comparison = compare_corpus(load_articles(folder))
    pairs = comparison.pairs[comparison.pairs["site"] == site]
    if pairs.empty:
        there = ", ".join(map(printable, sorted(set(comparison.pairs["site"])))) or "there is none yet"
        mend = f"name a site with an article that is paired with its reference ({there})."
        raise EvidenceError(f"{folder}: no article of {printable(site)!r} is paired with a reference. Mend: {mend}")
    alignment, parts = (
        table[table["spun_id"].isin(pairs["spun_id"])] for table in (comparison.alignment, comparison.paragraphs)
    )
    found = comparison.substitutions[comparison.substitutions["site"] == site].reset_index(drop=True)
    found = with_decisions(found, folder)
    findings = site_findings(comparison.articles, alignment, found, parts)
    if findings.empty:
        mend = "there is nothing to show; pair its articles with other references, or name another site."
        raise EvidenceError(f"{folder}: no finding at {printable(site)!r}: nothing differs. Mend: {mend}")
    summary = summarise_articles(comparison.articles, parts, found)
    return Case(site, folder, comparison.articles, summary, findings, found, confirmations(found, folder))


def today() -> str:
    """Return the day as evidence and letters write it."""
    return day_of(now())


def as_stored(corpus: Path, name: str, sha256: str) -> bytes:
    """Return the content of a stored file; raises `EvidenceError` where it is not there, or not what it was."""
    path = corpus / name
    if not path.resolve().is_relative_to(corpus.resolve()):
        raise EvidenceError(f"{name}: this file lies outside the corpus. Mend: import the article again.")
    try:
        content = path.read_bytes()
    except OSError as error:
        mend = "bring it back from a copy, or import the article again."
        raise EvidenceError(f"{path}: cannot be read ({error.strerror}). Mend: {mend}") from error
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        mend = "bring the file back as it was, or import the article again; evidence wants what was stored."
        raise EvidenceError(f"{path}: its SHA-256 is not the one that was noted ({sha256[:12]}…). Mend: {mend}")
    return content


def ending_of(name: str) -> str:
    """Return the ending of a file's name, .warc.gz whole."""
    known = sorted(PAGES, key=len, reverse=True)
    return next((end for end in known if name.lower().endswith(end)), Path(name).suffix.lower())
