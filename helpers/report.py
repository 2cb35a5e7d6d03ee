"""A site and a corpus go in; a self-contained HTML page on what the site changed comes out, its data beside it.

`python -m helpers.report corpus reports` runs notebook 08 once a site (papermill), so that each page has the
notebook that made it beside it. Addresses and telephone numbers are masked on the page and in the data.
"""

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from helpers import findings, plots
from helpers.align import align_pairs
from helpers.corpus import load_articles
from helpers.evaluate import gold_tables, score_substitutions, scores
from helpers.exhibits import marked, published_marks, reference_marks
from helpers.export import write_csv
from helpers.masking import mask
from helpers.paragraphs import paragraphs
from helpers.substitutions import as_written, find_substitutions, pair_texts, substitution_frequency

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "08_site_report.ipynb"
# Rows on the page; the data has all.
MOST_QUOTATIONS, MOST_NAMES, MOST_PARAGRAPHS, MOST_PAIRS, MOST_FURNITURE = 8, 20, 4, 25, 20
PACKAGES = ["unspun", "pandas", "nltk", "rapidfuzz", "simplemma", "wordsegment", "scipy", "matplotlib"]


def build_report(site: str, corpus: str | Path = "corpus", out: str | Path = "reports") -> Path:
    """Write the report on a site below `out` and return its page, `out/SITE/index.html`; its data lies in `data/`.

    The whole corpus is compared, since what other articles teach helps to read this site's; the page counts this
    site's articles only. Raises ValueError, with the sites there are, for a site without a compared article.
    """
    articles = load_articles(corpus)
    pairs = pair_texts(articles)
    if site not in set(pairs["site"]):
        known = ", ".join(sorted(set(pairs["site"]))) or "none"
        raise ValueError(f"{corpus}: no article of {site!r} is paired with a reference. Mend: name one of: {known}.")
    alignment = align_pairs(pairs)
    substitutions = find_substitutions(articles, alignment=alignment)
    tables = site_tables(site, articles, alignment, substitutions)
    folder = Path(out) / site
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_csv(table, folder / "data" / f"{name}.csv")
    page = folder / "index.html"
    page.write_text(_render("site.html", _site_page(site, Path(corpus), articles, tables)), encoding="utf-8")
    return page


def site_tables(
    site: str, articles: pd.DataFrame, alignment: pd.DataFrame, substitutions: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the tables behind one site's report.

    `articles` (see `summarise_articles`), `quotations`, `names`, `furniture`, `frequency`, `substitutions`,
    `paragraphs` and `files` (`article_id`, `role`, `file`, `sha256`, `licence`, `note`).
    """
    pairs = pair_texts(articles)[lambda table: table["site"] == site]
    of_site = alignment[alignment["spun_id"].isin(pairs["spun_id"])]
    found = substitutions[substitutions["site"] == site].reset_index(drop=True)
    parts = paragraphs(pairs, of_site, found)
    wanted = [*pairs["spun_id"], *pairs["reference_id"].drop_duplicates()]
    return {
        "articles": findings.summarise_articles(articles, parts, found),
        "quotations": findings.altered_quotations(articles, found),
        "names": findings.broken_names(articles, found),
        "furniture": findings.site_furniture(articles, parts, found),
        "frequency": as_written(substitution_frequency(found, articles, of_site), found),
        "substitutions": found,
        "paragraphs": parts,
        "files": articles.loc[wanted, ["role", "file", "sha256", "licence", "note"]].reset_index(),
    }


def _site_page(site: str, corpus: Path, articles: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> dict:
    """Everything the template needs."""
    summary, found = tables["articles"], tables["substitutions"]
    share, low, high = findings.pooled_share(summary)
    quotations = tables["quotations"].head(MOST_QUOTATIONS)
    passages = findings.most_changed_paragraphs(tables["paragraphs"], MOST_PARAGRAPHS, besides=quotations)
    return {
        "site": site,
        "made": _now(),
        "fewest_words": findings.FEWEST_WORDS,
        "summary": summary,
        "simulated": bool(articles.loc[summary["spun_id"], "note"].map(is_simulated).all()),
        "reconstructed": bool(articles.loc[summary["reference_id"], "note"].map(is_reconstruction).all()),
        "shown": summary.join(articles[["url", "byline"]], on="spun_id"),
        "references": articles.loc[summary["reference_id"].drop_duplicates(), ["site", "title", "published", "note"]],
        "share": share,
        "share_low": low,
        "share_high": high,
        "found": found,
        "quotations": tables["quotations"],
        "quotation_exhibits": _exhibits(quotations, articles, found),
        "names": tables["names"],
        "shown_names": tables["names"].head(MOST_NAMES),
        "passage_exhibits": _exhibits(passages, articles, found),
        "frequency": tables["frequency"],
        "shown_frequency": tables["frequency"].head(MOST_PAIRS),
        "furniture": tables["furniture"][lambda lines: lines["articles"] >= min(2, len(summary))].head(MOST_FURNITURE),
        "pictures": _pictures(site, tables),
        "measured": _measured(corpus, found, summary),
        "files": tables["files"],
        "versions": _versions(),
        "corpus": corpus.name,
    }


def _pictures(site: str, tables: dict[str, pd.DataFrame]) -> dict[str, plots.Picture]:
    summary = tables["articles"]
    amount = plots.plot_site_articles(summary, site)
    if len(summary) == 1:
        amount = plots.plot_paragraphs(tables["paragraphs"], f"the article at {site}")
    return {
        "amount": amount,
        "kinds": plots.plot_kinds(tables["substitutions"]),
        "rates": plots.plot_rates(tables["frequency"]),
    }


def _exhibits(passages: pd.DataFrame, articles: pd.DataFrame, substitutions: pd.DataFrame) -> list[dict]:
    """Passages as HTML, both sides with the changed words marked; adds the title and the number of changes."""
    exhibits = []
    for row in passages.itertuples():
        changes = substitutions[
            (substitutions["spun_id"] == row.spun_id)
            & (substitutions["spun_start"] < row.spun_end)
            & (substitutions["spun_end"] > row.spun_start)
        ]
        spun_span, span = (row.spun_start, row.spun_end), (row.reference_start, row.reference_end)
        spun_text, text = articles.loc[row.spun_id, "text"], articles.loc[row.reference_id, "text"]
        exhibits.append(
            {
                "title": articles.loc[row.spun_id, "title"],
                "source": source_label(articles.loc[row.reference_id]),
                "changes": len(changes),
                "in_quote": int(changes["in_quote"].sum()),
                "share": getattr(row, "share", None),
                "words": getattr(row, "words", None),
                "published": Markup(marked(spun_text, spun_span, published_marks(changes))),
                "reference": Markup(marked(text, span, reference_marks(changes), "original")),
            }
        )
    return exhibits


def source_label(reference: pd.Series) -> str:
    """Return how a reference is named above its text; a reconstruction never passes for the publisher's page."""
    if is_reconstruction(reference["note"]):
        return f"Reconstruction (the page at {reference['site']} was not available)"
    return f"Reference: {reference['site']}"


def is_reconstruction(note: str) -> bool:
    """Tell whether the note of a reference says that it is a reconstruction."""
    return "reconstruct" in note.lower()


def is_simulated(note: str) -> bool:
    """Tell whether the note of a spun article says that the project's own spinner made it."""
    return note.lower().startswith("simulated")


def _measured(corpus: Path, found: pd.DataFrame, summary: pd.DataFrame) -> dict | None:
    """How well the substitutions agree with the gold tables of this site's articles, where the corpus has any."""
    gold = {spun_id: table for spun_id, table in gold_tables(corpus).items() if spun_id in set(summary["spun_id"])}
    if not gold:
        return None
    counts = score_substitutions(found, gold)[["hits", "found", "gold"]].sum()
    marked = sum(map(len, gold.values()))
    return {**counts, **scores(**counts), "articles": len(gold), "marked": marked}


def _versions() -> list[tuple[str, str]]:
    return [("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES)]


def _now() -> str:
    """Today in UTC; SOURCE_DATE_EPOCH (reproducible-builds.org) sets another day, for pages that must not change."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return f"{moment:%-d %B %Y}"


def _render(template: str, page: dict) -> str:
    environment = Environment(
        loader=PackageLoader("helpers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "mask": lambda text: mask(str(text)),
        "percent": lambda share, digits=0: f"{share:.{digits}%}",
        "count": lambda number: f"{int(number):,}",
        "day": lambda moment: "not known" if pd.isna(moment) else f"{moment:%-d %B %Y}",
        "rows": lambda table: table.itertuples(),
    }
    environment.tests["is_reconstruction"] = is_reconstruction
    return environment.get_template(template).render(page)


def build_index(out: str | Path) -> Path:
    """Write `out/index.html`, which lists the reports that lie below `out`, and return it."""
    tables = {path.parents[1].name: pd.read_csv(path) for path in sorted(Path(out).glob("*/data/articles.csv"))}
    rows = [
        {
            "site": site,
            "articles": len(summary),
            "words": int(summary["words"].sum()),
            "share": findings.pooled_share(summary),
            "substitutions": int(summary["substitutions"].sum()),
            "in_quote": int(summary["in_quote"].sum()),
            "notes": _read_notes(Path(out) / site),
        }
        for site, summary in tables.items()
    ]
    page = Path(out) / "index.html"
    made_up = [any(map(is_simulated, row["notes"])) for row in rows]
    parts = {
        "real": [row for row, simulated in zip(rows, made_up, strict=True) if not simulated],
        "simulated": [row for row, simulated in zip(rows, made_up, strict=True) if simulated],
    }
    page.write_text(_render("index.html", {"parts": parts, "made": _now()}), encoding="utf-8")
    return page


def _read_notes(folder: Path) -> list[str]:
    files = pd.read_csv(folder / "data" / "files.csv", keep_default_na=False)
    return files["note"].tolist()


def main(corpus: str = "corpus", out: str = "reports", *sites: str) -> None:
    """Make the reports on the named sites, or on all sites with a compared article, and name the pages."""
    import papermill
    from tqdm import tqdm

    folder = Path(out).resolve()
    wanted = sites or sorted(set(pair_texts(load_articles(corpus))["site"]))
    pages = []
    for site in tqdm(wanted, desc="reports", unit="site"):
        (folder / site).mkdir(parents=True, exist_ok=True)
        papermill.execute_notebook(
            NOTEBOOK,
            folder / site / "report.ipynb",
            parameters={"site": site, "corpus": str(Path(corpus).resolve()), "out": str(folder)},
            cwd=NOTEBOOK.parent,
            progress_bar=False,
        )
        pages.append(folder / site / "index.html")
    print("\n".join(map(str, [build_index(folder), *pages])))


if __name__ == "__main__":
    main(*sys.argv[1:])
