"""Two articles go in; everything that a comparison states comes out: counts, substitutions, findings, a summary."""

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.command.terminal import columns, rows_of, shown
from helpers.comparison.alignment.align import UnrelatedWarning, align_pairs, relatedness
from helpers.comparison.frequency import as_written, substitution_frequency
from helpers.comparison.paragraphs import paragraphs
from helpers.comparison.substitutions import find_substitutions
from helpers.corpus.articles_table import articles_table
from helpers.corpus.pairs import pair_texts
from helpers.display.masking import is_masked, mask_part
from helpers.display.visible import printable
from helpers.report.facts.articles import altered_quotations, broken_names, summarise_articles
from helpers.report.facts.numbers import CHANGED, FINDINGS, changed_numbers, counted_by_change
from helpers.report.facts.quotations import assess_quotations

SPUN, REFERENCE = "spun", "reference"  # the ids of the two texts, as in find_substitutions(text, text)
LITTLE = 0.25  # of the spun text's letters stand unchanged in the reference; with less, much of it is chance
MOST_FREQUENT, MOST_LISTED = 10, 5  # lines of the summary
MOST_LETTERS = 60  # of a passage in the summary


@dataclass(frozen=True)
class Source:
    """Where a text came from: the file's name, the article in it, and fingerprints of the file and of the text."""

    file: str
    article: str  # empty where the file is one article
    file_sha256: str  # empty for a folder
    text_sha256: str

    @classmethod
    def of(cls, path: Path, article: pd.Series) -> "Source":
        """Return where an article that was read from a path came from."""
        digest = ""
        if path.is_file():
            with open(path, "rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
        inside = str(article.name) if article["record"] else ""
        return cls(printable(path.resolve().name), inside, digest, article["sha256"])

    @property
    def label(self) -> str:
        """What the text is called on the page and in the summary."""
        return shown(f"{self.file}, {self.article}" if self.article else self.file)


@dataclass(frozen=True)
class Compared:
    """Two texts and what comparing them gave; tables as `helpers.findings` has them."""

    spun: Source
    reference: Source
    articles: pd.DataFrame
    alignment: pd.DataFrame
    substitutions: pd.DataFrame
    masked: pd.DataFrame  # the substitutions again, as they may be shown
    paragraphs: pd.DataFrame
    summary: pd.Series
    frequency: pd.DataFrame
    quotations: pd.DataFrame
    names: pd.DataFrame
    numbers: pd.DataFrame
    shared: float
    related: bool
    paraphrase: bool

    @property
    def spun_text(self) -> str:
        """The spun text as it was read."""
        return str(self.articles.loc[SPUN, "text"])

    @property
    def reference_text(self) -> str:
        """The reference text as it was read."""
        return str(self.articles.loc[REFERENCE, "text"])

    @property
    def caution(self) -> str:
        """A sentence where the two have little in common; else empty."""
        if not self.related:
            return "The two texts have hardly a word in common. They were not compared word for word."
        if self.paraphrase:
            return (
                f"{self.spun.label} looks like a paraphrase or a translation back: few of its words stand in "
                f"{self.reference.label}, in short stretches. What was replaced by what is chance for the most part."
            )
        if self.shared < LITTLE:
            return (
                f"The two texts have little in common: {self.shared:.0%} of the letters of {self.spun.label} stand "
                f"unchanged in {self.reference.label}. Many of the substitutions may be chance."
            )
        return ""


def compare_articles(spun: pd.Series, reference: pd.Series, sources: tuple[Source, Source]) -> Compared:
    """Compare two articles, rows of what `helpers.corpus.read` gives."""
    facts = ["url", "title", "byline", "published", "provenance", "text"]
    articles = articles_table(
        [
            {**spun[facts], "article_id": SPUN, "role": "spun", "reference_id": REFERENCE},
            {**reference[facts], "article_id": REFERENCE, "role": "reference"},
        ]
    )
    pairs = pair_texts(articles)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnrelatedWarning)  # said in the summary and on the page
        alignment = align_pairs(pairs)
    found = find_substitutions(articles, alignment=alignment)
    parts = paragraphs(pairs, alignment, found)
    relation = relatedness(alignment).iloc[0]
    numbers = changed_numbers(articles, alignment, found, parts)
    masked = with_masked_sides(found, articles)
    frequency = substitution_frequency(masked, articles, alignment)
    return Compared(
        *sources,
        articles=articles,
        alignment=alignment,
        substitutions=found,
        paragraphs=parts,
        summary=summarise_articles(articles, parts, found).iloc[0],
        masked=masked,
        frequency=as_written(frequency, masked) if len(found) else frequency,
        quotations=assess_quotations(articles, found, altered_quotations(articles, found)),
        names=broken_names(articles, found),
        numbers=_figures(with_masked_sides(numbers[numbers["change"].isin(FINDINGS)], articles)),
        shared=float(relation["shared"]),
        related=bool(relation["related"]),
        paraphrase=bool(relation["paraphrase"]),
    )


def with_masked_sides(table: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return places in the two texts with `spun`, `original`, `left`, `right` masked in the light of the whole texts.

    A part of an address is masked as well, which by itself looks like any other word or number.
    """
    spun_text, text = str(articles.loc[SPUN, "text"]), str(articles.loc[REFERENCE, "text"])
    rows = [
        (
            mask_part(spun_text, row.spun_start, row.spun_end) if row.spun else "",
            mask_part(text, row.reference_start, row.reference_end) if row.original else "",
            mask_part(spun_text, max(0, row.spun_start - len(row.left)), max(0, row.spun_start)),
            mask_part(spun_text, max(0, row.spun_end), max(0, row.spun_end) + len(row.right)),
        )
        for row in rows_of(table)
    ]
    masked = table.copy()
    masked[["spun", "original", "left", "right"]] = pd.DataFrame(rows, columns=range(4), index=table.index, dtype=str)
    return masked


def _figures(numbers: pd.DataFrame) -> pd.DataFrame:
    """Changed figures without those that are a part of an address or a telephone number."""
    part = (numbers["spun"] + numbers["original"]).map(is_masked).astype(bool)
    return numbers[~part].reset_index(drop=True)


def summary_lines(compared: Compared) -> list[str]:
    """Return what a comparison found, in lines for a terminal."""
    words, copied, changed = (int(compared.summary[name]) for name in ("words", "copied", "changed"))
    added = words - copied - changed
    lines = [f"{compared.spun.label} compared with {compared.reference.label}", ""]
    if compared.caution:
        lines += [f"Caution: {compared.caution}", ""]
    if not compared.related:
        return lines[:-1]
    if copied == words and compared.substitutions.empty:
        return [*lines, f"No word differs: all {words:,} stand in {compared.reference.label}."]
    counts = [("words in it", words), ("unchanged", copied), ("replaced", changed), ("no counterpart", added)]
    lines += columns([(name, f"{count:>7,}", f"{count / max(1, words):>4.0%}") for name, count in counts])
    lines += ["", f"{_count(len(compared.substitutions), 'substitution')}, {len(compared.frequency):,} different."]
    frequent = compared.frequency.head(MOST_FREQUENT)
    if len(frequent):
        rows = [(f"{row.count:>5,} x", f"{_short(row.original)} → {_short(row.spun)}") for row in rows_of(frequent)]
        lines += ["The most frequent (reference → spun text):", *columns(rows)]
    lines += _listed("Altered quotations", _quotation_lines(compared), "quotations")
    lines += _listed(
        "Changed names",
        [f"{_short(row.name)} → {_short(row.published_as)}" for row in rows_of(compared.names)],
        "names",
    )
    lines += _listed(
        "Changed figures and dates",
        [f"{_short(row.original) or '(none)'} → {_short(row.spun) or '(none)'}" for row in rows_of(compared.numbers)],
        "figures",
        _by_change(compared.numbers),
    )
    return lines


def _by_change(numbers: pd.DataFrame) -> str:
    """How many figures changed and how many dates broke, where it is not figures alone."""
    counts = counted_by_change(numbers["change"])
    only_figures = all(change == CHANGED for change in numbers["change"])
    return "" if only_figures else f" ({', '.join(f'{count:,} {said}' for said, count in counts)})"


def _quotation_lines(compared: Compared) -> list[str]:
    """For each altered quotation who speaks, where that is known, and which words were put in place of which."""
    found = compared.masked[compared.masked["in_quote"]]
    lines = []
    for row in rows_of(compared.quotations):
        inside = found[(found["spun_start"] >= row.spun_start) & (found["spun_end"] <= row.spun_end)]
        changes = "; ".join(f"{one.original} → {one.spun}" for one in rows_of(inside))
        if row.moved == "negation" and row.sure:
            changes = f"negation put in or left out: {changes}"
        lines.append(_short(f"{row.speaker}: {changes}" if row.speaker else changes, 100))
    return lines


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _listed(heading: str, found: list[str], what: str, of_which: str = "") -> list[str]:
    """A heading with a count, and the first of what was found."""
    more = [f"  and {len(found) - MOST_LISTED} more {what} on the page"] if len(found) > MOST_LISTED else []
    return ["", f"{heading}: {len(found):,}{of_which}", *(f"  {line}" for line in found[:MOST_LISTED]), *more]


def _short(text: object, most: int = MOST_LETTERS) -> str:
    """A passage as it fits on a line."""
    words = shown(text)
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
