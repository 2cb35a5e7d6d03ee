"""A site's comparison goes in; all its findings come out in one table, each with a short name that stays the same.

The name (`f-7kq2m5xd`) is made from the two articles, the place in both texts and the words there. So it is the same
in a report, an evidence folder and a letter, on every computer, however many findings come before it; it is another
one where the stored text, or what counts as the place, is another.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers.comparison.table_rows import SubstitutionRow, place_rows, substitution_rows
from helpers.report.facts.articles import altered_quotations, most_changed_paragraphs
from helpers.report.facts.disguises import disguised_words
from helpers.report.facts.numbers import FINDINGS as MOVED
from helpers.report.facts.numbers import changed_numbers, of_numbers, sort_of_name
from helpers.report.facts.quotations import LEVELS, MODALITY, assess_quotations
from helpers.report.key_figures import DECIDED
from helpers.text.names import name_spans
from helpers.text.spans import Span, covering, quotation_spans, sentence_spans

PLACE = ["spun_start", "spun_end", "reference_start", "reference_end"]
PASSAGE = ["passage_start", "passage_end", "source_start", "source_end"]
COLUMNS = [
    "finding", "kind", "what", "level", "speaker", "decision", "spun_id", "reference_id", *PLACE, *PASSAGE,
    "spun", "original",
]  # fmt: skip
QUOTATION, NUMBER, NAME, DISGUISE, CHANGED_PASSAGE = KINDS = ["quotation", "number", "name", "disguise", "passage"]
NAMED = {
    QUOTATION: ("altered quotation", "altered quotations"), NUMBER: ("figure or date", "figures and dates"),
    NAME: ("changed name", "changed names"), DISGUISE: ("disguised word", "disguised words"),
    CHANGED_PASSAGE: ("changed passage", "changed passages"),
}  # fmt: skip
GRAVEST = {
    "form": "forms of words", "function words": "function words", "content words": "content words",
    MODALITY: "words of possibility or duty", "name": "a name", "number": "a number",
    "negation": "a negation put in or left out",
}  # fmt: skip
IN_PART = "rejected in part"
# What is said of a finding by what people decided on it.
SAID = {
    DECIDED["confirmed"]: "each pair of phrases is approved in the mapping table.",
    DECIDED["undecided"]: "found by a program; not all of it is approved in the mapping table.",
    DECIDED["rejected"]: "this reading is rejected in the mapping table; the wordings stand as stored all the same.",
    IN_PART: "the reading of a part is rejected in the mapping table; the wordings stand as stored all the same.",
    DECIDED["otherwise"]: "for one of the phrases another original is approved in the mapping table.",
}
NOWHERE: Span = (-1, -1)


class Finding(NamedTuple):
    """A finding on its way into the table: two places, and the passages around them that are shown."""

    kind: str
    what: str
    level: int  # of `quotations.LEVELS`; -1 for a passage, which is told by its share
    spun_id: str
    reference_id: str
    place: tuple[int, int, int, int]
    passage: tuple[int, int, int, int]
    speaker: str = ""


def finding_id(spun_id: str, reference_id: str, place: Iterable[int], spun: str, original: str) -> str:
    """Return the name of a finding: “f-”, then eight letters and digits, of which none looks like another kind.

    `place` are its four offsets (-1 where a text has nothing), `spun` and `original` the words there.

    >>> finding_id("kim-xi", "kim-xi-reference", (3, 9, 3, 6), "Battle", "War")
    'f-cf46rg4w'
    """
    said = json.dumps([spun_id, reference_id, *map(int, place), spun, original])
    return "f-" + base64.b32encode(hashlib.sha256(said.encode()).digest()[:5]).decode().lower()


def with_ids(table: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return a table of places (`spun_id`, `reference_id`, four offsets) with `finding`, the name of each.

    Altered quotations, changed numbers and paragraphs are such tables; their names are those of `site_findings`.
    """
    texts = articles["text"].to_dict()
    names = [
        finding_id(row.spun_id, row.reference_id, place, _words(texts[row.spun_id], place[:2]),
                   _words(texts.get(row.reference_id, ""), place[2:]))
        for row in place_rows(table)
        for place in [(row.spun_start, row.spun_end, row.reference_start, row.reference_end)]
    ]  # fmt: skip
    return table.assign(finding=names)


def _words(text: str, span: Iterable[int]) -> str:
    start, end = span
    return text[start:end] if start >= 0 else ""


def site_findings(
    articles: pd.DataFrame, alignment: pd.DataFrame, substitutions: pd.DataFrame, paragraphs: pd.DataFrame
) -> pd.DataFrame:
    """Return the findings of a site; the tables are those of its compared articles.

    First the altered quotations, the gravest in front, then figures and dates, names, quotations of which the mere form
    was altered, disguised words, and changed passages.

    Columns: `finding` (see `finding_id`), `kind` (quotation, number, name, disguise, passage), `what` in words,
    `level` (how grave, as in `LEVELS`; -1 for a passage), `speaker`, `decision` (what people decided on the
    substitutions in it: confirmed, rejected, rejected in part, another original confirmed, not decided), ids, the
    four offsets of the place, those of the passages that show it (`passage_start`…`source_end`; -1 where the
    reference has nothing), `spun` and `original` (the words at the place).
    """
    numbers = changed_numbers(articles, alignment, substitutions, paragraphs)
    quotations = assess_quotations(articles, substitutions, altered_quotations(articles, substitutions))
    references = dict(zip(paragraphs["spun_id"], paragraphs["reference_id"], strict=True))
    found = [
        *_quotations(quotations),
        *_numbers(numbers[numbers["change"].isin(MOVED)], articles),
        *_names(substitutions, articles),
        *_disguises(disguised_words(articles.loc[list(references)]), references),
        *_passages(paragraphs, quotations),
    ]
    table = _table(found, articles, substitutions)
    order = table["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    slight = (table["kind"] == QUOTATION) & (table["level"] < LEVELS.index("content words"))
    # The sort is stable: passages stand in the order of their shares already, quotations in that of their own table.
    return (
        table.assign(order=order.mask(slight, KINDS.index(DISGUISE) - 0.5))
        .sort_values(["order", "level"], ascending=[True, False], kind="stable", ignore_index=True)
        .drop(columns="order")
        .drop_duplicates("finding", ignore_index=True)
    )


def _table(found: list[Finding], articles: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    rows = [
        ("", one.kind, one.what, one.level, one.speaker, "", one.spun_id, one.reference_id, *one.place, *one.passage)
        for one in found
    ]
    table = pd.DataFrame(rows, columns=COLUMNS[:-2])
    texts = articles["text"].to_dict()
    by_article = dict(tuple(substitutions.groupby("spun_id")))
    nothing = substitutions.head(0)
    return with_ids(table, articles).assign(
        spun=[_words(texts[one.spun_id], one.place[:2]) for one in found],
        original=[_words(texts.get(one.reference_id, ""), one.place[2:]) for one in found],
        decision=[_decision(changes_in(by_article.get(one.spun_id, nothing), one.place)) for one in found],
    )[COLUMNS]


def changes_in(substitutions: pd.DataFrame, place: Iterable[int]) -> pd.DataFrame:
    """Return the substitutions of one article that touch a place, in reading order; the offsets are four."""
    start, end, source_start, source_end = place
    here = (substitutions["spun_start"] < end) & (substitutions["spun_end"] > start)
    if source_start >= 0:  # a passage may have been moved: the same words elsewhere are another place
        here &= (substitutions["reference_start"] < source_end) & (substitutions["reference_end"] > source_start)
    return substitutions[here].sort_values("spun_start", kind="stable")


def _decision(changes: pd.DataFrame) -> str:
    """What people decided on a finding, as far as on everything in it."""
    said = set(changes["decision"]) if "decision" in changes else set()
    if len(said) == 1:
        return str(said.pop())
    for grave, name in ((DECIDED["rejected"], IN_PART), (DECIDED["otherwise"], DECIDED["otherwise"])):
        if grave in said:
            return name
    return DECIDED["undecided"]


def _quotations(quotations: pd.DataFrame) -> Iterator[Finding]:
    for row in place_rows(quotations):
        place = (row.spun_start, row.spun_end, row.reference_start, row.reference_end)
        level = int(row.level)  # type: ignore[attr-defined]
        what = f"altered quotation; the gravest change: {GRAVEST[LEVELS[level]]}"
        yield Finding(QUOTATION, what, level, row.spun_id, row.reference_id, place, place, row.speaker)  # type: ignore[attr-defined]


def _numbers(numbers: pd.DataFrame, articles: pd.DataFrame) -> Iterator[Finding]:
    texts = articles["text"].to_dict()
    for row in place_rows(numbers):
        place = (row.spun_start, row.spun_end, row.reference_start, row.reference_end)
        what = f"{row.change}{', inside quotation marks' if row.in_quote else ''}"  # type: ignore[attr-defined]
        around = passages_around(texts[row.spun_id], texts[row.reference_id], place)
        yield Finding(NUMBER, what, LEVELS.index("number"), row.spun_id, row.reference_id, place, around)


def _names(substitutions: pd.DataFrame, articles: pd.DataFrame) -> Iterator[Finding]:
    """Each place of the names that `broken_names` counts."""
    texts = articles["text"].to_dict()
    named = substitutions[substitutions["in_name"] & ~of_numbers(articles, substitutions)]
    for (spun_id, reference_id), table in named.groupby(["spun_id", "reference_id"]):
        spun_text, text = texts[spun_id], texts[reference_id]
        names = name_spans(text)
        by_name: dict[Span, list[SubstitutionRow]] = {}
        for row in substitution_rows(table.sort_values("reference_start")):
            by_name.setdefault(covering(names, row.reference_start, row.reference_end), []).append(row)
        for name, changes in by_name.items():
            place = (*_as_published(spun_text, text, name, changes), *name)
            what = f"{sort_of_name(text[slice(*name)])} changed"
            quoted = ", inside quotation marks" if any(change.in_quote for change in changes) else ""
            around = passages_around(spun_text, text, place)
            yield Finding(NAME, what + quoted, LEVELS.index("name"), str(spun_id), str(reference_id), place, around)


def _as_published(spun_text: str, text: str, name: Span, changes: list[SubstitutionRow]) -> Span:
    """Where a name stands as published: around its changes as much as is the same on both sides."""
    start, end = min(row.spun_start for row in changes), max(row.spun_end for row in changes)
    before = text[name[0] : min(row.reference_start for row in changes)]
    behind = text[max(row.reference_end for row in changes) : name[1]]
    if before and spun_text[:start].endswith(before):
        start -= len(before)
    if behind and spun_text.startswith(behind, end):
        end += len(behind)
    return start, end


def _disguises(words: pd.DataFrame, references: dict[str, str]) -> Iterator[Finding]:
    for row in words.itertuples():
        place = (int(row.spun_start), int(row.spun_end), *NOWHERE)  # type: ignore[arg-type]
        what = f"word that hides from programs: {row.kind}, read as “{row.read}”"
        spun_id = str(row.spun_id)
        yield Finding(DISGUISE, what, 0, spun_id, references[spun_id], place, place)


def _passages(paragraphs: pd.DataFrame, quotations: pd.DataFrame) -> Iterator[Finding]:
    changed = paragraphs[paragraphs["changed"] > 0]
    for row in place_rows(most_changed_paragraphs(changed, len(changed), besides=quotations)):
        place = (row.spun_start, row.spun_end, row.reference_start, row.reference_end)
        what = f"{row.changed} of {row.words} words replaced"  # type: ignore[attr-defined]
        yield Finding(CHANGED_PASSAGE, what, -1, row.spun_id, row.reference_id, place, place)


def passages_around(spun_text: str, text: str, place: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return the passages around a place in both texts: whole sentences, and the quotation that it stands in."""
    here = _sentences_around(spun_text, place[:2])
    return (*here, *(_sentences_around(text, place[2:]) if place[2] >= 0 else NOWHERE))


def _sentences_around(text: str, span: tuple[int, int]) -> Span:
    quotations, sentences = _parts(text)
    return covering(sentences, *covering(quotations, *span))


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[list[Span], list[Span]]:
    """The quotations and the sentences of a text; kept for its next finding."""
    return quotation_spans(text), sentence_spans(text)
