"""A corpus and a site go in; drafts of letters come out, filled from the tables: to the site, publishers and the host.

A letter says no more than the tables bear. What a person has rejected is left out; what nobody has confirmed is called
so; a host is asked for nothing on the ground of a reconstruction or of a program's reading; and of a simulation there
is no letter at all.
"""

import warnings
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from helpers.corpus.terms import RECONSTRUCTED, SIMULATED
from helpers.display.exhibits import published_marks, reference_marks
from helpers.display.masking import mask
from helpers.display.visible import printable, slug
from helpers.files.whole_folder import must_be_new, whole_folder
from helpers.report.case import Case, EvidenceError, compared_site, today
from helpers.report.facts.confirmations import said_of_confirmations
from helpers.report.facts.findings import CHANGED_PASSAGE, KINDS, NAMED
from helpers.report.key_figures import DECIDED
from helpers.report.plain_text import marked_text, render_text

WORST = 3  # findings that a letter quotes
MOST_LISTED = 25  # articles that a letter lists
README = "README.txt"
NOTHING, NAMELESS = "(it has nothing there)", "[name of the publisher]"
UNCONFIRMED = (
    "no person has confirmed an altered quotation, name, figure or date, and a host must not be asked for a correction "
    "on a program's reading. Mend: decide on the pairs of phrases in the review (notebook 04), then make the letters "
    "again."
)
REBUILT = (
    "what the site was compared with is a reconstruction, no publisher's page, and bears no request to a host. Mend: "
    "put the published article into the corpus as the reference, then make the letters again."
)


class Letter(NamedTuple):
    """A letter to be written: the name of its file, its template, what it may rest on, and to whom it goes."""

    file: str
    template: str
    case: Case
    to: str


def letters(site: str, corpus: str | Path = "corpus", into: str | Path = "letters") -> Path:
    """Write drafts of letters on a site into a new folder and return the folder.

    A question to the site, a notice to each publisher whose articles were used, a correction request to the site's
    host: plain text, each marked DRAFT at its top and bottom, with [brackets] for what only the sender knows, the
    articles, how many passages were altered, and the three gravest in both wordings. No letter is legal advice.

    Findings that a person has rejected are left out; those that nobody has confirmed are called so. A letter that
    cannot be made is warned of, and named with the reason in `README.txt`. Raises `EvidenceError` (a ValueError) for a
    site without a finding and for a simulated one; ValueError where files lie in `into`, of which none is overwritten.
    """
    must_be_new(Path(into))
    case = compared_site(site, corpus)
    if (case.articles.loc[case.summary["spun_id"], "provenance"] == SIMULATED).any():
        mend = "name a real site; on a made-up one there is nobody to write to."
        raise EvidenceError(
            f"{printable(mask(site))}: its articles are a simulation, and no letter is made. Mend: {mend}"
        )
    kept = _without_rejected(case)
    planned, not_made = _planned(kept)
    with whole_folder(Path(into)) as draft:
        for letter in planned:
            text = render_text(letter.template, _values(letter))
            (draft / letter.file).write_text(text, encoding="utf-8")
        about = {"site": site, "made": today(), "files": [letter.file for letter in planned], "not_made": not_made,
                 "left_out": len(case.findings) - len(kept.findings)}  # fmt: skip
        (draft / README).write_text(render_text("letter_readme.txt", about), encoding="utf-8")
    for name, reason in not_made:
        warnings.warn(f"No {name} was made: {reason}", stacklevel=2)
    return Path(into)


def _without_rejected(case: Case) -> Case:
    """The case as far as nobody has rejected it; raises `EvidenceError` where nothing is left."""
    fit = case.findings["decision"].isin([DECIDED["confirmed"], DECIDED["undecided"]])
    if not fit.any():
        mend = "look at the decisions in the review (notebook 04)."
        raise EvidenceError(f"{printable(mask(case.site))}: a person has rejected every finding. Mend: {mend}")
    return case.only(case.findings[fit], case.summary)


def _planned(case: Case) -> tuple[list[Letter], list[tuple[str, str]]]:
    """The letters that can be made, and the names of the others, each with the reason."""
    planned = [Letter("1-question-to-the-site.txt", "letter_site.txt", case, case.site)]
    sources = case.articles.loc[case.summary["reference_id"].drop_duplicates(), "site"]
    for publisher in sorted(set(sources)):
        of_publisher = sources.index[sources == publisher]
        findings, summary = (table[table["reference_id"].isin(of_publisher)] for table in (case.findings, case.summary))
        mine = case.only(findings, summary)
        planned.append(
            Letter(f"2-notice-to-{slug(publisher)}.txt", "letter_publisher.txt", mine, publisher or NAMELESS)
        )
    rebuilt = case.articles.loc[case.findings["reference_id"], "provenance"].to_numpy() == RECONSTRUCTED
    published = case.findings[~rebuilt]
    firm = published[(published["decision"] == DECIDED["confirmed"]) & (published["kind"] != CHANGED_PASSAGE)]
    if firm.empty:
        return planned, [("correction request to a host", REBUILT if published.empty else UNCONFIRMED)]
    return [*planned, Letter("3-correction-request-to-the-host.txt", "letter_host.txt", case.only(firm), "")], []


def _values(letter: Letter) -> dict[str, Any]:
    """What the templates want."""
    case, summary = letter.case, letter.case.summary
    rows = [_article(case, row) for row in summary.to_dict("records")]
    kinds = case.findings["kind"].value_counts()
    unconfirmed = int((case.findings["decision"] == DECIDED["undecided"]).sum())
    sources = case.articles.loc[summary["reference_id"].drop_duplicates()]
    return {
        "site": case.site, "to": letter.to, "made": today(), "articles": rows[:MOST_LISTED], "total": len(rows),
        "counts": [(NAMED[kind][int(kinds[kind] != 1)], int(kinds[kind])) for kind in KINDS if kind in kinds],
        "findings": len(case.findings), "unconfirmed": unconfirmed, "worst": _worst(case),
        "words": int(summary["words"].sum()), "copied": int(summary["copied"].sum()),
        "changed": int(summary["changed"].sum()), "confirmed": said_of_confirmations(case.confirmations),
        "publishers": [name or NAMELESS for name in sorted(set(sources["site"]))],
        "compared_with": _compared_with(sources["provenance"] == RECONSTRUCTED),
        "reconstructed": sources[sources["provenance"] == RECONSTRUCTED].to_dict("records"),
    }  # fmt: skip


def _compared_with(rebuilt: pd.Series) -> str:
    """What the references are, said so that a reconstruction never passes for the publisher's page.

    >>> [_compared_with(pd.Series(rebuilt)) for rebuilt in ([False], [True], [True, True], [True, False])]
    ['an article', 'a reconstruction of an article', 'reconstructions of articles', 'articles, some of them rebuilt,']
    """
    if rebuilt.all():
        return "a reconstruction of an article" if len(rebuilt) == 1 else "reconstructions of articles"
    if rebuilt.any():
        return "articles, some of them rebuilt,"
    return "an article" if len(rebuilt) == 1 else "articles"


def _article(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    """An article as a letter lists it, with the one that it was compared with."""
    spun, reference = case.articles.loc[row["spun_id"]], case.articles.loc[row["reference_id"]]
    sides = {
        side: {name: article[name] for name in ("site", "title", "url", "published", "retrieved")}
        for side, article in (("spun", spun), ("source", reference))
    }
    count = int((case.findings["spun_id"] == row["spun_id"]).sum())
    return {**sides, "findings": count, "reconstructed": reference["provenance"] == RECONSTRUCTED}


def _worst(case: Case) -> list[dict[str, Any]]:
    """The gravest findings, each passage once; what the reference has nothing for only where there is nothing else."""
    found = case.findings.to_dict("records")
    chosen: list[dict[str, Any]] = []
    for finding in [one for one in found if one["source_start"] >= 0] or found:
        again = any(
            finding["spun_id"] == other["spun_id"]
            and finding["passage_start"] < other["passage_end"]
            and finding["passage_end"] > other["passage_start"]
            for other in chosen
        )
        if not again and len(chosen) < WORST:
            chosen.append(finding)
    return [_both_wordings(case, finding) for finding in chosen]


def _both_wordings(case: Case, finding: dict[str, Any]) -> dict[str, Any]:
    changes = case.changes(finding)
    spun, reference = case.articles.loc[finding["spun_id"]], case.articles.loc[finding["reference_id"]]
    here, there = (finding["passage_start"], finding["passage_end"]), (finding["source_start"], finding["source_end"])
    return {
        **finding, "title": spun["title"], "source": reference["site"],
        "published": marked_text(spun["text"], here, published_marks(changes)),
        "reference": marked_text(reference["text"], there, reference_marks(changes)) if there[0] >= 0 else NOTHING,
        "reconstructed": reference["provenance"] == RECONSTRUCTED,
    }  # fmt: skip
