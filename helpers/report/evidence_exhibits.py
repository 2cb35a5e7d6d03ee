"""A finding goes in; what its exhibit shows comes out, and every wording that it claims, with file and offsets.

Offsets lead into copies of the stored texts in which every sign of an e-mail address or telephone number is a █, so
that each other sign stands where it stood.
"""

import hashlib
from importlib.metadata import version
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from helpers.comparison.table_rows import substitution_rows
from helpers.corpus.terms import RECONSTRUCTED, SIMULATED
from helpers.display.exhibits import LEAST_SURE, Mark, marked, published_marks, reference_marks
from helpers.display.masking import blackened, mask
from helpers.display.visible import slug
from helpers.report.case import Case, EvidenceError, today
from helpers.report.facts.findings import DISGUISE, NAME, NUMBER, PASSAGE, PLACE, SAID
from helpers.report.key_figures import DECIDED
from helpers.report.plain_text import in_one_line, marked_text
from helpers.report.rendering import source_label

MOST_SHOWN = 4_000  # characters of a passage in an exhibit; a picture has an end


class Texts(NamedTuple):
    """The articles of a case, by id: their text as stored, the same with addresses black, and its place in the folder.

    The place is that of the black one.
    """

    stored: dict[str, str]
    black: dict[str, str]
    file: dict[str, str]

    @classmethod
    def of(cls, articles: pd.DataFrame) -> "Texts":
        """The texts of these articles."""
        stored = {str(name): str(text) for name, text in articles["text"].items()}
        black = {name: blackened(text) for name, text in stored.items()}
        return cls(stored, black, {name: f"texts/{slug(name)}.txt" for name in stored})


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def exhibit_of(case: Case, texts: Texts, finding: dict[str, Any]) -> dict[str, Any]:
    """Return the values that `evidence.html` and `evidence_exhibit.txt` want, and `claims` for a program.

    `finding` is a row of `site_findings`. Raises `EvidenceError` where offsets do not give the words found back.
    """
    spun, reference = case.articles.loc[finding["spun_id"]], case.articles.loc[finding["reference_id"]]
    found = case.changes(finding)
    changes = _changes(found)
    quotes = _quotes(finding, found, texts)
    return {
        **finding, "site": case.site, "title": _title(finding),
        "said": SAID[finding["decision"]], "made": today(), "version": version("unspun"),
        "sides": _sides(finding, found, (spun, reference), texts), "changes": changes,
        "simulated": spun["provenance"] == SIMULATED, "reconstructed": reference["provenance"] == RECONSTRUCTED,
        "claims": _claims(finding, changes, quotes, spun, reference),
    }  # fmt: skip


def _title(finding: dict[str, Any]) -> str:
    """What an exhibit is about; of several in one passage each has its own words.

    >>> _title({"kind": "number", "what": "figure changed", "spun": "14", "original": "12"})
    'Figure changed: “14” for “12”'
    """
    said = finding["what"][0].upper() + finding["what"][1:]
    if finding["kind"] not in (NUMBER, NAME):
        return said
    return f"{said}: “{finding['spun']}”" + (f" for “{finding['original']}”" if finding["original"] else "")


def _changes(found: pd.DataFrame) -> list[dict[str, Any]]:
    """The replacements in a passage, one by one."""
    return [
        {"number": number, "spun": row.spun, "original": row.original, "kind": row.kind, "in_quote": bool(row.in_quote),
         "confidence": round(float(row.confidence), 4), "unsure": row.confidence < LEAST_SURE,
         "decision": getattr(row, "decision", DECIDED["undecided"]), "at": row.spun_start, "at_end": row.spun_end,
         "there": row.reference_start, "there_end": row.reference_end}
        for number, row in enumerate(substitution_rows(found), 1)
    ]  # fmt: skip


def _sides(
    finding: dict[str, Any], found: pd.DataFrame, articles: tuple[pd.Series, pd.Series], texts: Texts
) -> list[dict[str, Any]]:
    """The passage as published, and that of the reference where it has one."""
    (start, end, source_start, source_end), (spun, reference) = (finding[name] for name in PASSAGE), articles
    marks = published_marks(found)
    if finding["kind"] == DISGUISE:
        marks = [(finding["spun_start"], finding["spun_end"], "")]
    sides = [_side(spun, (start, end), marks, "spun", texts)]
    if source_start >= 0:
        sides.append(_side(reference, (source_start, source_end), reference_marks(found), "original", texts))
    return sides


def _side(article: pd.Series, span: tuple[int, int], marks: list[Mark], css: str, texts: Texts) -> dict[str, Any]:
    """One side of an exhibit."""
    name, (start, end) = str(article.name), span
    text, last = texts.stored[name], min(end, start + MOST_SHOWN)
    simulated = " (simulation)" if article["provenance"] == SIMULATED else ""
    label = f"As published at {in_one_line(article['site'])}{simulated}" if css == "spun" else source_label(article)
    return {
        "label": label, "title": article["title"], "address": article["url"], "published": article["published"],
        "retrieved": article["retrieved"], "start": start, "end": end, "file": texts.file[name],
        "line": text.count("\n", 0, start) + 1, "sha256": text_sha256(text), "all": end - start, "cut": end - last,
        "masked": text[start:end] != texts.black[name][start:end],
        "html": Markup(marked(text, (start, last), marks, css)), "text": marked_text(text, (start, last), marks),
    }  # fmt: skip


def _quotes(finding: dict[str, Any], found: pd.DataFrame, texts: Texts) -> list[dict[str, Any]]:
    """Every wording that is claimed, with the file and the offsets where it stands."""
    ids = finding["spun_id"], finding["reference_id"]
    places = [("passage", *(finding[name] for name in PASSAGE)), ("finding", *(finding[name] for name in PLACE))]
    claimed = [("finding", finding["spun"], finding["original"])]
    for number, row in enumerate(substitution_rows(found), 1):
        places.append((f"change {number}", row.spun_start, row.spun_end, row.reference_start, row.reference_end))
        claimed.append((f"change {number}", row.spun, row.original))
    spans = {
        (what, side): (int(start), int(end))
        for what, *four in places
        for side, (start, end) in enumerate((four[:2], four[2:]))
        if start >= 0
    }
    for what, *words in claimed:
        for side, said in enumerate(words):
            if (what, side) in spans and texts.stored[ids[side]][slice(*spans[what, side])] != said:
                mend = "this is a fault of Unspun; send the two texts, if you may, to its issues."
                raise EvidenceError(f"{finding['finding']}, {what}: its offsets do not give its words. Mend: {mend}")
    return [
        {"what": f"{what}, {('as published', 'reference')[side]}", "file": texts.file[ids[side]],
         "start": start, "end": end, "words": texts.black[ids[side]][start:end]}
        for (what, side), (start, end) in spans.items()
    ]  # fmt: skip


def _claims(
    finding: dict[str, Any],
    changes: list[dict[str, Any]],
    quotes: list[dict[str, Any]],
    spun: pd.Series,
    ref: pd.Series,
) -> dict[str, Any]:
    """A finding for a program; its wordings are those of the texts in the folder."""
    kept = ("number", "kind", "in_quote", "confidence", "decision")
    return {
        "finding": finding["finding"], "kind": finding["kind"], "what": mask(finding["what"]),
        "speaker": mask(finding["speaker"]), "decision": finding["decision"], "provenance": spun["provenance"],
        "reference_provenance": ref["provenance"],
        "changes": [{name: change[name] for name in kept} for change in changes], "quotes": quotes,
    }  # fmt: skip
