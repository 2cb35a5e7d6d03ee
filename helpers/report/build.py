"""A corpus goes in; reports on its sites come out: for each a page, its PDF, Markdown, pictures and data.

`python -m helpers.report corpus reports` makes the reports on all sites and an index of them. The corpus is compared
once; of the reports only those are made anew of which anything changed. Addresses and telephone numbers are masked
everywhere.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from helpers.comparison.compare_corpus import Comparison, compare_corpus
from helpers.corpus.articles import TABLE, load_articles
from helpers.corpus.pairs import pair_texts
from helpers.corpus.site_notes import FILE as NOTES
from helpers.display.export import write_csv
from helpers.display.plots import Picture
from helpers.display.visible import printable, slug
from helpers.files.dates import now
from helpers.files.program import program_digest
from helpers.report.datapackage import FILE as DESCRIPTOR
from helpers.report.datapackage import describe, fingerprint, is_whole, read_descriptor, write_descriptor
from helpers.report.index_page import build_index
from helpers.report.notebook import publish_notebook
from helpers.report.page import site_page, site_pictures
from helpers.report.pdf import find_browser, print_pages
from helpers.report.rendering import render, source_label
from helpers.report.tables import LOG, MAPPING, compare_sites, site_tables, with_decisions

__all__ = ["build_index", "build_report", "build_reports", "source_label"]

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "08_site_report.ipynb"
PARTS = ["data", "figures", "index.html", "report.md", DESCRIPTOR]
KEPT = ".kept"  # folder below the reports with the alignment: offsets only, no text


@dataclass(frozen=True)
class Built:
    """What `build_reports` did: the pages of all sites asked for, those made anew, and the digest of the corpus."""

    pages: dict[str, Path]
    anew: list[str]
    made_from: str


class ReportsError(RuntimeError):
    """Some reports could not be made; `built` says what was done for the others."""

    def __init__(self, message: str, built: Built) -> None:
        """Keep what was done."""
        super().__init__(message)
        self.built = built


def build_report(site: str, corpus: str | Path = "corpus", out: str | Path = "reports") -> Path:
    """Write the report on a site below `out` and return its page, `out/SITE/index.html`.

    Beside it lie `report.md`, `figures/` (SVG and PNG), `data/` (CSV) and `datapackage.json`; `print_pages` makes the
    PDF. The whole corpus is compared, since what other articles teach helps to read this site's; the page counts
    this site's articles only. Where nothing changed since the page was made, it is left as it is. Raises ValueError,
    with the sites there are, for a site without a compared article.
    """
    return build_reports(corpus, out, [site], progress=False).pages[site]


def build_reports(
    corpus: str | Path = "corpus", out: str | Path = "reports", sites: list[str] | None = None, progress: bool = True
) -> Built:
    """Write the reports on the named sites, or on all with a compared article, and return what was done.

    A site whose report cannot be made does not keep the others from theirs; it is named in a `ReportsError` at the
    end.
    Raises ValueError for a site that has no compared article, and for a folder in which other files would be lost.
    """
    corpus, out = Path(corpus), Path(out)
    articles = load_articles(corpus)
    known = sorted(set(pair_texts(articles)["site"]))
    for site in sites or []:
        if site not in known:
            there = ", ".join(map(printable, known)) or "none"
            raise ValueError(
                f"{corpus}: no article of {site!r} is paired with a reference. Mend: name one of: {there}."
            )
    wanted = list(dict.fromkeys(sites or known))
    pages = {site: out / slug(site) / "index.html" for site in wanted}
    made_from = _digest_of_corpus(corpus, articles)
    stale = [site for site in wanted if not _is_up_to_date(pages[site].parent, made_from)]
    if not stale:
        return Built(pages, [], made_from)
    out.mkdir(parents=True, exist_ok=True)
    comparison = compare_corpus(articles, kept=out / KEPT, progress=progress)
    comparison = replace(comparison, substitutions=with_decisions(comparison.substitutions, corpus))
    tests = compare_sites(comparison, stale)
    anew, failed = [], {}
    for site in _bar(stale, progress):
        try:
            if _build(site, pages[site].parent, corpus, comparison, tests, made_from):
                anew.append(site)
        except Exception as error:  # whatever it is, it is said below, with the site
            failed[site] = error
    if failed:
        said = "\n".join(f"{printable(site)}: {type(error).__name__}: {error}" for site, error in failed.items())
        message = f"No report could be made on {len(failed)} of {len(stale)} sites; the others were made.\n{said}"
        made = {site: page for site, page in pages.items() if site not in failed}
        raise ReportsError(message, Built(made, anew, made_from)) from next(iter(failed.values()))
    return Built(pages, anew, made_from)


def _bar(sites: list[str], shown: bool) -> Iterable[str]:
    from helpers.display.progress import bar

    return bar(sites, "reports", shown)


def _digest_of_corpus(corpus: Path, articles: pd.DataFrame) -> str:
    """What reports are made from: the program, the table, the texts, notes, decisions and gold tables."""
    digest = hashlib.sha256(program_digest().encode())
    for path in [corpus / TABLE, corpus / NOTES, corpus / MAPPING / LOG, *sorted(corpus.glob("gold/*.gold.csv"))]:
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    digest.update("\n".join(articles["sha256"]).encode())
    return digest.hexdigest()


def _is_up_to_date(folder: Path, made_from: str) -> bool:
    descriptor = read_descriptor(folder)
    return descriptor.get("unspun", {}).get("made_from") == made_from and is_whole(folder, descriptor)


def _build(site: str, folder: Path, corpus: Path, comparison: Comparison, tests: pd.DataFrame, made_from: str) -> bool:
    """Write one report and return True; where its content did not change only note what it was made from."""
    tables = site_tables(site, comparison, corpus, tests)
    content = _digest_of_content(site, comparison.articles, tables)
    before = read_descriptor(folder)
    unspun = before.get("unspun", {})
    if unspun.get("content") == content and is_whole(folder, before):
        write_descriptor(folder, {**before, "unspun": {**unspun, "made_from": made_from}})
        return False
    if not unspun and any((folder / name).exists() for name in PARTS):
        raise ValueError(
            f"{folder}: there are files here that are no report of Unspun. Mend: move them, or name another folder."
        )
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _write(site, draft, corpus, comparison, tables, {"made_from": made_from, "content": content}, folder.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    folder.mkdir(exist_ok=True)
    (folder / "report.pdf").unlink(missing_ok=True)
    for name in PARTS:  # the descriptor last: it says that the report is whole
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        os.replace(draft / name, folder / name)
    draft.rmdir()
    return True


def _write(
    site: str,
    folder: Path,
    corpus: Path,
    comparison: Comparison,
    tables: dict[str, pd.DataFrame],
    unspun: dict,
    out: Path,
) -> None:
    """Write one report, its tables and pictures into an empty folder."""
    for name in ("data", "figures"):
        (folder / name).mkdir(parents=True)
    for name, table in tables.items():
        write_csv(table, folder / "data" / f"{name}.csv")
    pictures = site_pictures(site, tables)
    files = [folder / "index.html", folder / "report.md"]
    for name, picture in pictures.items():
        files += save_picture(picture, folder / "figures" / name)
    page = site_page(site, corpus, out, comparison.articles, tables, pictures, made=today())
    files[0].write_text(render("site.html", page), encoding="utf-8")
    files[1].write_text(render("site.md", page), encoding="utf-8")
    which = "An article" if page["one"] else "Articles"
    facts = {
        "name": f"unspun-{slug(site).replace('_', '-')}",
        "title": f"{which} at {page['site']}, compared with {page['compared_with']}",
        "created": f"{now():%Y-%m-%dT%H:%M:%SZ}",
        "version": version("unspun"),
    }
    listed = [{"path": str(path.relative_to(folder).as_posix()), **fingerprint(path)} for path in files]
    write_descriptor(folder, describe(folder, tables, facts, {**unspun, "files": listed}))


def _digest_of_content(site: str, articles: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> str:
    digest = hashlib.sha256(f"{program_digest()}\n{site}".encode())
    rows = articles.loc[tables["files"]["article_id"]].drop(columns="text")
    for name, table in {**tables, "rows": rows}.items():
        digest.update(f"\n{name}\n{table.to_csv()}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def save_picture(picture: Picture, path: Path) -> list[Path]:
    """Write a picture as SVG, as PNG, and its alt text as TXT; return the three files."""
    written = {".svg": picture.svg().encode(), ".png": picture.png(), ".txt": f"{picture.alt}\n".encode()}
    for ending, content in written.items():
        path.with_suffix(ending).write_bytes(content)
    return [path.with_suffix(ending) for ending in written]


def today() -> str:
    """Return the day as reports write it."""
    return f"{now():%-d %B %Y}"


def main(corpus: str = "corpus", out: str = "reports", *sites: str, progress: bool = True) -> None:
    """Make the reports and their index, and say what was made, what was left as it was, and what could not be made.

    Raises `ReportsError` at the end where a report could not be made: the others have all that belongs to them.
    """
    folder, failed = Path(out).resolve(), None
    try:
        built = build_reports(corpus, folder, list(sites) or None, progress)
    except ReportsError as error:
        built, failed = error.built, error
    if not built.pages:
        mend = "give a spun article the article_id of its reference, in the column reference_id of articles.csv."
        raise failed or ValueError(f"{corpus}: no spun article is paired with a reference. Mend: {mend}")
    lacking = [site for site in built.pages if _lacks_notebook(site, folder, built)]
    run_notebooks(lacking, Path(corpus), folder, progress)
    index = build_index(folder, made=today(), save=save_picture, current=built.made_from)
    unprinted = [page for page in built.pages.values() if not page.with_name("report.pdf").exists()]
    print(f"{len(built.anew)} reports made, {len(built.pages) - len(built.anew)} left: nothing in them changed")
    if unprinted and find_browser():
        print(f"{len(print_pages(unprinted))} printed as PDF")
        build_index(folder, made=today(), save=save_picture, current=built.made_from)
    elif unprinted:
        print("No PDF was made: there is no Chromium on this machine. Mend: install it, or name it in UNSPUN_CHROMIUM.")
    print("\n".join(map(str, [index, *built.pages.values()])))
    if failed:
        raise failed


def _lacks_notebook(site: str, folder: Path, built: Built) -> bool:
    return site in built.anew or not (folder / slug(site) / "report.ipynb").exists()


def run_notebooks(sites: list[str], corpus: Path, out: Path, progress: bool = True) -> None:
    """Run notebook 08 for each site and keep it beside the page, as `report.ipynb`."""
    if not sites:
        return
    import papermill

    for site in _bar(sites, progress):
        papermill.execute_notebook(
            NOTEBOOK,
            out / slug(site) / "report.ipynb",
            parameters={"site": site, "corpus": str(corpus.resolve()), "out": str(out)},
            cwd=NOTEBOOK.parent,
            progress_bar=False,
            extra_arguments=["--log-level=ERROR"],  # a kernel warns of each TCP port it opens on this machine
        )
        publish_notebook(out / slug(site) / "report.ipynb", corpus)
