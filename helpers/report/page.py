"""A site's tables go in; everything that its page says comes out, ready for the templates."""

import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
from markupsafe import Markup

from helpers.comparison.table_rows import place_rows
from helpers.corpus.site_notes import TOPICS
from helpers.corpus.terms import RECONSTRUCTED, SIMULATED
from helpers.display.masking import mask
from helpers.display.plots import Picture, plot_kinds, plot_paragraphs, plot_rates, with_narrow
from helpers.display.visible import printable
from helpers.report.article_pages import article_page_name
from helpers.report.datapackage import TABLES as DESCRIBED
from helpers.report.facts.articles import most_changed_paragraphs
from helpers.report.facts.confirmations import said_in_short
from helpers.report.facts.findings import PLACE, passages_around, with_ids
from helpers.report.facts.headline import headline, lead_quotation
from helpers.report.facts.numbers import FINDINGS, said_of
from helpers.report.key_figures import NUMBERS_BY_CHANGE, Figure, write_number
from helpers.report.pictures import plot_composition, plot_timeline
from helpers.report.rendering import source_label
from helpers.report.texts_side_by_side import passage
from helpers.sites.dictionary_test import MOST_SITES

# Rows on the page; the data has all.
MOST_ARTICLES, MOST_QUOTATIONS, MOST_NAMES, MOST_PARAGRAPHS, MOST_PAIRS, MOST_FURNITURE = 60, 12, 20, 3, 15, 12
MOST_ROWS = 20  # of every other table
MOST_NEGATIONS = 6
FEWEST_IN_PARAGRAPH = 5  # words; of a shorter line every share is high by chance
# Where a substitution stands; each counts in the first that fits.
PLACES = {
    "quotations": "inside quotation marks", "names": "in names elsewhere", "numbers": "in numbers elsewhere",
    "furniture": "in site furniture", "text": "other words",
}  # fmt: skip
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
    "linked_sites": [
        ("other", "Other site", "text"), ("verdict", "In common", "text"), ("surprise", "Surprise, bits", "score"),
        ("strongest", "What it rests on", "text"),
    ],
    "shared_indicators": [
        ("other", "Other site", "text"), ("kind", "What", "text"), ("value", "Value", "text"),
        ("tier", "Tier", "text"), ("sites", "Sites that have it", "count"), ("of", "of", "count"),
        ("surprise", "Surprise, bits", "score"), ("rests_on", "Stands on", "text"),
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
LINKS = ("linked_sites", "shared_indicators")  # tables that are there only where pages of several sites are kept
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
    shown_numbers = _Numbers(numbers, markup=True), _Numbers(numbers, markup=False)
    first = lead_quotation(tables["quotations"], found)
    quotations = tables["quotations"].drop(index=first.index).head(MOST_QUOTATIONS)
    shown_quotations = pd.concat([first, quotations])
    passages = most_changed_paragraphs(tables["paragraphs"], MOST_PARAGRAPHS, besides=shown_quotations)
    first, quotations, passages = (with_ids(places, articles) for places in (first, quotations, passages))
    lead = [*_exhibits(first, articles, found), *([] if len(first) else _exhibits(passages.head(1), articles, found))]
    references = summary["reference_id"].drop_duplicates()
    notes = articles.loc[references, ["site", "title", "published", "provenance", "note"]]
    rebuilt = notes[notes["provenance"] == RECONSTRUCTED]
    reconstructed = bool(summary["reference_id"].isin(rebuilt.index).all())
    moved = tables["changed_numbers"][lambda rows: rows["change"].isin(FINDINGS)]
    furniture = tables["furniture"][lambda lines: lines["articles"] >= min(2, len(summary))]
    one = len(summary) == 1
    source = "a reconstruction of its source" if reconstructed else "its source"
    compared = articles.loc[articles["role"] == "spun", "site"].nunique()
    known = {
        "one": one,
        "simulated": bool((articles.loc[summary["spun_id"], "provenance"] == SIMULATED).all()),
        "reconstructed": reconstructed,
        "most_compared": MOST_SITES if compared > MOST_SITES else 0,
        "furniture_lines": len(furniture),
        "totals": {name: len(table) for name, table in tables.items()},
    }
    return {
        **known,
        "absent": [Markup(line) for line in _absent(shown_numbers[0], known)],
        "plain_absent": _absent(shown_numbers[1], known),
        "some_rebuilt": len(rebuilt) > 0,
        "site": printable(mask(site)),
        "compared_with": source if one else "their sources",
        "command": " ".join(
            ["python -m helpers.report", *map(_quoted, (corpus.resolve().name, out.resolve().name, site))]
        ),
        "made": made,
        "n": shown_numbers[0],
        "plain": shown_numbers[1],
        "numbers_by_change": NUMBERS_BY_CHANGE,
        "said_of": said_of,
        "rebuilt": rebuilt,
        "reference": "reconstruction" if reconstructed else "reference",
        "shown": summary.join(articles[["url", "byline"]], on="spun_id").head(MOST_ARTICLES),
        "references": notes,
        "headline": headline(shown_numbers[1].value, tables),
        "lead": lead[0] if lead else None,
        "negation_exhibits": _exhibits(_unquoted_negations(tables, articles), articles, found),
        "quotation_exhibits": _exhibits(quotations, articles, found),
        "passage_exhibits": _exhibits(passages if len(first) else passages.iloc[1:], articles, found),
        "places": places_of(found),
        "deciders": said_in_short(tables["confirmations"]),
        "article_page": article_page_name,
        "described": DESCRIBED,
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
            **{name: tables[name].head(MOST_ROWS) for name in LINKS if name in tables},
            "files": tables["files"].head(2 * MOST_ARTICLES),
        },
        "columns": _columns("reconstruction" if reconstructed else "reference"),
        "heads": HEADS[reconstructed],
        "numeric": NUMERIC,
        "site_notes": [
            (TOPICS[str(topic)], group) for topic, group in tables["site_notes"].groupby("topic", sort=False)
        ],
        "file_notes": _file_notes(
            tables["files"], told=[*rebuilt["note"], _spun_note(articles.loc[summary["spun_id"]])]
        ),
        "spun_note": _spun_note(articles.loc[summary["spun_id"]]),
        "pictures": pictures,
        "measured": len(tables["agreement"]) > 0,
        "versions": [("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES)],
    }


def _absent(n: "_Numbers", known: dict) -> list[str]:
    """What was looked for and not found, and what these texts cannot show, each in a few words."""
    totals, one = known["totals"], known["one"]
    written = f" ({n('numbers_written')} only written otherwise)" if n.value("numbers_written") else ""
    nobody = "another simulated site" if known["simulated"] else "another real site"
    lines = {
        "a changed word inside quotation marks": not totals["quotations"],
        "a changed name or title": not totals["names"],
        f"a figure or date with another value{written}": not n.value("numbers_moved"),
        "any replacement": not totals["frequency"],
        "words in look-alike letters or with hidden characters": not totals["disguises"],
        "links to the source or its pictures": not totals["leftovers"] and n.value("pages") > 0,
        "links and pictures (the articles are stored as text)": not totals["leftovers"] and not n.value("pages"),
        "furniture" + ("" if one else " on two pages or more"): not known["furniture_lines"],
        "hours after the source (no time of day for both sides)": not n.value("timed") and not n.value("earlier"),
        "moved, left out or added paragraphs": not known["reconstructed"]
        and not (n.value("moved") or n.value("dropped") or n.value("added_lines")),
        "moved, left out or added paragraphs (the reference was rebuilt from the text)": known["reconstructed"],
        "anything that the stored pages of few sites share": totals.get("linked_sites") == 0,
        f"{nobody} in this corpus to compare with": not totals["comparisons"] and not known["most_compared"],
        "a shared list of words (of so many sites those with the most articles are compared, not this one)":
        not totals["comparisons"] and known["most_compared"] > 0,
    }  # fmt: skip
    return [line for line, is_so in lines.items() if is_so]


def _columns(reference: str) -> dict[str, list[tuple[str, str, str]]]:
    """The columns of the page's tables, the reference called what it is."""
    heads = HEADS[reference == "reconstruction"]
    return {
        name: [(field, heading.format(reference=reference, **heads), kind) for field, heading, kind in columns]
        for name, columns in TABLES.items()
    }


def _file_notes(files: pd.DataFrame, told: list[str]) -> list[tuple[str, str]]:
    """The notes on the compared texts, each once, with the articles that it is about; not what is told already."""
    noted = (
        files[(files["note"].str.strip() != "") & ~files["note"].isin(told)]
        .groupby("note", sort=False)["article_id"]
        .agg(list)
    )
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

    def __call__(self, name: str, digits: int = 1) -> str:
        number = self.known[name]
        text = f"{number.value:.0%}" if digits == 0 else write_number(number.value, number.unit)
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
    draw: dict[str, Callable[[], Picture]] = {
        "rates": lambda: plot_rates(tables["frequency"], top=15),
        "kinds": lambda: plot_kinds(tables["substitutions"]),
    }
    if len(summary) == 1:
        parts = _article_text(tables["paragraphs"], tables["substitutions"])
        draw["paragraphs"] = lambda: plot_paragraphs(parts, f"the article at {site}")
    else:
        draw["composition"] = lambda: plot_composition(summary, site, reconstructed)
    if len(summary) > 1 and summary["hours"].notna().any():
        draw["timeline"] = lambda: plot_timeline(summary, site)
    return {name: with_narrow(picture) for name, picture in draw.items()}


def _article_text(parts: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The paragraphs of one article without lines of site furniture, in which two words of two say nothing."""
    starts = found.loc[found["kind"] == "boilerplate", "spun_start"].to_numpy()
    furniture = [
        bool(((starts >= start) & (starts < end)).any())
        for start, end in zip(parts["spun_start"], parts["spun_end"], strict=True)
    ]
    numbered = parts.assign(row=np.arange(1, len(parts) + 1))
    text = numbered[~np.array(furniture, dtype=bool) & (numbered["words"] >= FEWEST_IN_PARAGRAPH)]
    return text if len(text) else parts


def places_of(found: pd.DataFrame) -> list[tuple[str, str, int, float]]:
    """Return where the substitutions stand, each counted once: name, what is said, how many, share of all.

    What stands inside quotation marks counts there, whatever else it is; then names, numbers, furniture, the rest.
    """
    where = np.select(
        [found["in_quote"], found["in_name"], found["kind"] == "number", found["kind"] == "boilerplate"],
        ["quotations", "names", "numbers", "furniture"],
        default="text",
    )
    counts = pd.Series(where).value_counts()
    rows = [(name, said, int(counts.get(name, 0))) for name, said in PLACES.items()]
    return [(name, said, count, count / max(1, len(found))) for name, said, count in rows]


def _unquoted_negations(tables: dict[str, pd.DataFrame], articles: pd.DataFrame) -> pd.DataFrame:
    """The sentences outside quotations in which a negation was put in or left out, as places for exhibits."""
    rows = tables["negations"]
    rows = rows[~rows["in_quote"]].head(MOST_NEGATIONS)
    texts = articles["text"]
    places = [
        passages_around(
            texts[row.spun_id],
            texts[row.reference_id],
            (row.spun_start, row.spun_end, row.reference_start, row.reference_end),
        )
        for row in place_rows(rows)
    ]
    rows = rows.assign(**pd.DataFrame(places, columns=PLACE, index=rows.index, dtype=int))
    return rows.drop_duplicates(["spun_id", "spun_start"])


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
        reference = cast("pd.Series", articles.loc[row.reference_id])
        rebuilt = reference["provenance"] == RECONSTRUCTED
        exhibits.append(
            {
                "title": titles[row.spun_id],
                "source": source_label(reference),
                "short_source": "Reconstruction" if rebuilt else source_label(reference),
                "spun_id": row.spun_id,
                "start": row.spun_start,
                "end": row.spun_end,
                "first_change": int(changes["spun_start"].min()) if len(changes) else None,
                "changes": len(changes),
                "in_quote": int(changes["in_quote"].sum()),
                "finding": getattr(row, "finding", ""),
                "speaker": getattr(row, "speaker", ""),
                "moved": getattr(row, "moved", ""),
                "share": getattr(row, "share", None),
                "words": getattr(row, "words", None),
                "published": passage(spun_text, spun_span, changes, "spun"),
                "reference": passage(text, span, changes, "reference"),
                "published_text": spun_text[slice(*spun_span)],
                "reference_text": text[slice(*span)],
            }
        )
    return exhibits
