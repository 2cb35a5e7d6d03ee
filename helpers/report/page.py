"""A site's tables go in; everything that its page says comes out, ready for the templates."""

import platform
from importlib.metadata import version
from pathlib import Path
from typing import cast

import pandas as pd
from markupsafe import Markup

from helpers.comparison.table_rows import place_rows
from helpers.corpus.schemas import RECONSTRUCTED, SIMULATED
from helpers.corpus.site_notes import TOPICS
from helpers.display.exhibits import marked, published_marks, reference_marks
from helpers.display.masking import mask
from helpers.display.plots import Picture, plot_kinds, plot_paragraphs, plot_rates
from helpers.display.visible import printable
from helpers.report.facts.articles import FEWEST_WORDS, most_changed_paragraphs
from helpers.report.facts.numbers import FINDINGS, said_of
from helpers.report.key_figures import NUMBERS_BY_CHANGE, Figure, write_number
from helpers.report.pictures import plot_composition, plot_timeline
from helpers.report.rendering import source_label
from helpers.sites.dictionary_test import MOST_SITES

# Rows on the page; the data has all.
MOST_ARTICLES, MOST_QUOTATIONS, MOST_NAMES, MOST_PARAGRAPHS, MOST_PAIRS, MOST_FURNITURE = 60, 12, 20, 4, 25, 20
MOST_ROWS = 20  # of every other table
PACKAGES = ["unspun", "pandas", "nltk", "numba", "simplemma", "wordsegment", "scipy", "matplotlib"]
# For each table on the page: column of the data, heading, kind (see `rendering.cell`). The first column heads its row.
TABLES = {
    "sources": [
        ("source", "Source", "text"), ("references", "Its articles", "count"), ("articles", "Used for", "count"),
        ("words", "Words", "count"), ("copied", "{copied}", "count"), ("changed", "{changed}", "count"),
    ],
    "bylines": [
        ("byline", "Signed", "text"), ("articles", "Articles", "count"), ("words", "Words", "count"),
        ("first", "First", "day"), ("last", "Last", "day"), ("most_in_24_hours", "Most in 24 hours", "count"),
        ("shortest_gap_hours", "Shortest gap, hours", "hours"),
    ],
    "names": [
        ("name", "In the {reference}", "text"), ("published_as", "As published", "text"), ("sort", "Sort", "text"),
        ("count", "Times", "count"), ("in_quote", "In quotations", "count"),
    ],
    "changed_numbers": [
        ("original", "In the {reference}", "text"), ("spun", "As published", "text"),
        ("change", "What changed", "text"), ("left", "Before it", "text"), ("right", "After it", "text"),
        ("in_quote", "In a quotation", "mark"),
    ],
    "frequency": [
        ("original", "In the {reference}", "text"), ("spun", "As published", "text"), ("count", "Times", "count"),
        ("chances", "Chances", "count"), ("rate", "Share taken", "percent"), ("rate_low", "95%: from", "percent"),
        ("rate_high", "to", "percent"),
    ],
    "furniture": [
        ("line", "Line as published", "text"), ("original", "In the {reference}", "text"),
        ("articles", "Articles", "count"),
    ],
    "headlines": [
        ("title", "Published", "text"), ("reference_title", "Source", "text"), ("kept", "Words kept", "count"),
        ("words", "of", "count"), ("same", "The same", "mark"),
    ],
    "leftovers": [
        ("what", "What", "text"), ("address", "On the page", "text"), ("source_address", "At the source", "text"),
        ("same", "The very page", "mark"),
    ],
    "comparisons": [
        ("other", "Other site", "text"), ("distance", "Distance", "score"), ("chances", "Shared chances", "count"),
        ("agreement", "Agreement", "percent"),
        ("expected", "Expected", "percent"),
        ("p_holm", "p, corrected", "p"), ("verdict", "Answer", "text"), ("reason", "Why none", "text"),
    ],
    "files": [
        ("file", "File", "text"), ("role", "Role", "text"), ("licence", "Licence", "text"),
        ("sha256", "Fingerprint (SHA-256)", "code"),
    ],
}  # fmt: skip
# How what is the same and what is not is headed: of a reconstruction nobody can say that it was copied.
HEADS = [
    {"copied": "Copied", "changed": "Replaced"}, {"copied": "As in the reconstruction", "changed": "Different"}
]  # fmt: skip
NUMERIC = {"count", "percent", "hours", "score", "p"}


def site_page(
    site: str,
    corpus: Path,
    out: Path,
    articles: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    pictures: dict,
    made: str,
) -> dict:
    """Return the values that `site.html` and `site.md` want."""
    summary, found, numbers = tables["articles"], tables["substitutions"], tables["numbers"]
    quotations = tables["quotations"].head(MOST_QUOTATIONS)
    passages = most_changed_paragraphs(tables["paragraphs"], MOST_PARAGRAPHS, besides=quotations)
    references = summary["reference_id"].drop_duplicates()
    notes = articles.loc[references, ["site", "title", "published", "provenance", "note"]]
    rebuilt = notes[notes["provenance"] == RECONSTRUCTED]
    reconstructed = bool(summary["reference_id"].isin(rebuilt.index).all())
    moved = tables["changed_numbers"][lambda rows: rows["change"].isin(FINDINGS)]
    furniture = tables["furniture"][lambda lines: lines["articles"] >= min(2, len(summary))]
    one = len(summary) == 1
    source = "a reconstruction of its source" if reconstructed else "its source"
    return {
        "site": printable(mask(site)),
        "compared_with": source if one else "their sources",
        "command": " ".join(
            ["python -m helpers.report", *map(_quoted, (corpus.resolve().name, out.resolve().name, site))]
        ),
        "made": made,
        "n": _Numbers(numbers, markup=True),
        "plain": _Numbers(numbers, markup=False),
        "numbers_by_change": NUMBERS_BY_CHANGE,
        "said_of": said_of,
        "fewest_words": FEWEST_WORDS,
        "one": one,
        "simulated": bool((articles.loc[summary["spun_id"], "provenance"] == SIMULATED).all()),
        "most_compared": MOST_SITES if articles.loc[articles["role"] == "spun", "site"].nunique() > MOST_SITES else 0,
        "reconstructed": reconstructed,
        "rebuilt": rebuilt,
        "reference": "reconstruction" if reconstructed else "reference",
        "shown": summary.join(articles[["url", "byline"]], on="spun_id").head(MOST_ARTICLES),
        "references": notes,
        "totals": {name: len(table) for name, table in tables.items()},
        "quotation_exhibits": _exhibits(quotations, articles, found),
        "passage_exhibits": _exhibits(passages, articles, found),
        "tables": {
            "sources": tables["sources"].head(MOST_ROWS),
            "bylines": tables["bylines"].head(MOST_ROWS),
            "names": tables["names"].head(MOST_NAMES),
            "changed_numbers": moved.head(MOST_ROWS),
            "frequency": tables["frequency"].head(MOST_PAIRS),
            "furniture": furniture.head(MOST_FURNITURE),
            "headlines": tables["headlines"].head(MOST_ROWS),
            "leftovers": tables["leftovers"].head(MOST_ROWS),
            "comparisons": tables["comparisons"].head(MOST_ROWS),
            "files": tables["files"].head(2 * MOST_ARTICLES),
        },
        "columns": _columns("reconstruction" if reconstructed else "reference"),
        "heads": HEADS[reconstructed],
        "numeric": NUMERIC,
        "furniture_lines": len(furniture),
        "site_notes": [
            (TOPICS[str(topic)], group) for topic, group in tables["site_notes"].groupby("topic", sort=False)
        ],
        "file_notes": _file_notes(tables["files"]),
        "spun_note": _spun_note(articles.loc[summary["spun_id"]]),
        "pictures": pictures,
        "measured": len(tables["agreement"]) > 0,
        "versions": [("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES)],
    }


def _columns(reference: str) -> dict[str, list[tuple[str, str, str]]]:
    """The columns of the page's tables, the reference called what it is."""
    heads = HEADS[reference == "reconstruction"]
    return {
        name: [(field, heading.format(reference=reference, **heads), kind) for field, heading, kind in columns]
        for name, columns in TABLES.items()
    }


def _file_notes(files: pd.DataFrame) -> list[tuple[str, str]]:
    """The notes on the compared texts, each once, with the articles that it is about."""
    noted = files[files["note"].str.strip() != ""].groupby("note", sort=False)["article_id"].agg(list)
    return [
        (", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else ""), str(note))
        for note, ids in noted.head(MOST_ROWS).items()
    ]


def _spun_note(spun: pd.DataFrame) -> str:
    """The note on the only article of a site, if it is not that it was simulated."""
    return spun["note"].iloc[0] if len(spun) == 1 and spun["provenance"].iloc[0] != SIMULATED else ""


class _Numbers:
    """Call it with the name of a number of `numbers.csv` and get it as the report writes it."""

    def __init__(self, numbers: pd.DataFrame, markup: bool) -> None:
        rows = map(Figure._make, numbers[[*Figure._fields]].itertuples(index=False, name=None))
        self.known = {figure.name: figure for figure in rows}
        self.markup = markup

    def __call__(self, name: str) -> str:
        number = self.known[name]
        text = write_number(number.value, number.unit)
        if not self.markup or pd.isna(number.value):
            return text
        return Markup('<data value="{}" data-name="{}">{}</data>').format(f"{number.value:.10g}", name, text)

    def value(self, name: str) -> float:
        """The bare value, for the template to decide by."""
        return self.known[name].value if name in self.known else float("nan")


def _quoted(site: str) -> str:
    import shlex

    return shlex.quote(printable(mask(site)))


def site_pictures(site: str, tables: dict[str, pd.DataFrame]) -> dict[str, Picture]:
    """Return the pictures of a report by name; each is saved under it."""
    summary, sources = tables["articles"], tables["sources"]
    reconstructed = bool((sources["reconstructed"] == sources["articles"]).all())
    pictures = {
        "composition": plot_composition(summary, site, reconstructed),
        "timeline": plot_timeline(summary, site),
        "kinds": plot_kinds(tables["substitutions"]),
        "rates": plot_rates(tables["frequency"]),
    }
    if len(summary) == 1:
        parts = _furniture_marked(tables["paragraphs"], tables["substitutions"])
        pictures["paragraphs"] = plot_paragraphs(parts, f"the article at {site}")
    if not summary["hours"].notna().any():
        del pictures["timeline"]
    return pictures


def _furniture_marked(parts: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Paragraphs of one article with `furniture`: whether words of site furniture were replaced there."""
    starts = found.loc[found["kind"] == "boilerplate", "spun_start"].to_numpy()
    hit = [
        bool(((starts >= start) & (starts < end)).any())
        for start, end in zip(parts["spun_start"], parts["spun_end"], strict=True)
    ]
    return parts.assign(furniture=hit)


def _exhibits(passages: pd.DataFrame, articles: pd.DataFrame, substitutions: pd.DataFrame) -> list[dict]:
    """Passages as HTML, both sides with the changed words marked; adds what the caption says."""
    by_article = dict(tuple(substitutions.groupby("spun_id")))
    texts, titles = articles["text"].to_dict(), articles["title"].to_dict()
    exhibits = []
    for row in place_rows(passages):
        changes = by_article.get(row.spun_id, substitutions.head(0))
        changes = changes[(changes["spun_start"] < row.spun_end) & (changes["spun_end"] > row.spun_start)]
        spun_span, span = (row.spun_start, row.spun_end), (row.reference_start, row.reference_end)
        spun_text, text = texts[row.spun_id], texts[row.reference_id]
        exhibits.append(
            {
                "title": titles[row.spun_id],
                "source": source_label(cast("pd.Series", articles.loc[row.reference_id])),
                "spun_id": row.spun_id,
                "start": row.spun_start,
                "end": row.spun_end,
                "changes": len(changes),
                "in_quote": int(changes["in_quote"].sum()),
                "speaker": getattr(row, "speaker", ""),
                "moved": getattr(row, "moved", ""),
                "share": getattr(row, "share", None),
                "words": getattr(row, "words", None),
                "published": Markup(marked(spun_text, spun_span, published_marks(changes))),
                "reference": Markup(marked(text, span, reference_marks(changes), "original")),
                "published_text": spun_text[slice(*spun_span)],
                "reference_text": text[slice(*span)],
            }
        )
    return exhibits
