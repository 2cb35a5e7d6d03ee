"""A corpus goes in; reports on its sites come out: for each a page, its PDF, Markdown, pictures and data.

`python -m helpers.report corpus reports` makes the reports on all sites and an index of them. The corpus is compared
once; of the reports only those are made anew of which anything changed. Addresses and telephone numbers are masked
everywhere.
"""

import hashlib
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
from helpers.files.dates import day_of, now
from helpers.files.program import program_digest
from helpers.report.article_pages import article_pages
from helpers.report.datapackage import describe, fingerprint, is_whole, read_descriptor, write_descriptor
from helpers.report.facts.site_links import archives_of, corpus_links
from helpers.report.index_page import build_index, must_be_index
from helpers.report.notebook import publish_notebook
from helpers.report.page import site_page, site_pictures
from helpers.report.pdf import find_browser, print_pages
from helpers.report.rendering import render, source_label
from helpers.report.shelf import NEW, PDF, WORK, add_file, has_file, must_be_free, one_run, put_in_place
from helpers.report.shelf import NOTEBOOK as NOTEBOOK_NAME
from helpers.report.tables import LOG, MAPPING, compare_sites, site_tables, with_decisions

__all__ = ["build_index", "build_report", "build_reports", "source_label"]

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "08_site_report.ipynb"


@dataclass(frozen=True)
class Built:
    """What `build_reports` did: the pages of all sites asked for, those made anew, and the digest of the corpus.

    `set_aside` names the files that somebody had changed in a report, where they are kept now.
    """

    pages: dict[str, Path]
    anew: list[str]
    made_from: str
    set_aside: list[Path] = field(default_factory=list)


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
    built = build_reports(corpus, out, [site], progress=False)
    for path in built.set_aside:
        warnings.warn(f"{path}: this was not as Unspun had made it, and is kept here.", stacklevel=2)
    return built.pages[site]


def build_reports(
    corpus: str | Path = "corpus", out: str | Path = "reports", sites: list[str] | None = None, progress: bool = True
) -> Built:
    """Write the reports on the named sites, or on all with a compared article, and return what was done.

    A site whose report cannot be made does not keep the others from theirs; it is named in a `ReportsError` at the
    end. Only one run works below `out` at a time; another waits for it (see `shelf.one_run`). Files that are not
    Unspun's stay where they are; a file of a report that somebody changed is kept in `set_aside/` beside the page.
    Raises ValueError for a site that has no compared article, for a corpus without any, and for a folder in which
    other files would be lost.
    """
    return _build_reports(_planned(Path(corpus), Path(out), sites), progress)


@dataclass(frozen=True)
class Plan:
    """What is to be done: the corpus as it was loaded, the page of each site, and the digest of the corpus."""

    corpus: Path
    out: Path
    articles: pd.DataFrame
    pages: dict[str, Path]
    made_from: str

    def stale(self) -> list[str]:
        """The sites whose report is not there, not whole, or not made from this corpus."""
        return [site for site, page in self.pages.items() if not _is_up_to_date(page.parent, self.made_from)]


def _planned(corpus: Path, out: Path, sites: list[str] | None) -> Plan:
    """Load a corpus and look what is asked for; nothing is written. Raises as `build_reports`."""
    articles = load_articles(corpus)
    known = _sites_of(corpus, articles)
    for site in sites or []:
        if site not in known:
            there = ", ".join(map(printable, known))
            raise ValueError(
                f"{corpus}: no article of {site!r} is paired with a reference. Mend: name one of: {there}."
            )
    pages = {site: out / slug(site) / "index.html" for site in dict.fromkeys(sites or known)}
    return Plan(corpus, out, articles, pages, _digest_of_corpus(corpus, articles))


def _build_reports(plan: Plan, progress: bool) -> Built:
    built = Built(plan.pages, [], plan.made_from)
    if not plan.stale():
        return built
    with one_run(plan.out) as aside:
        built.set_aside.extend(aside)
        stale = plan.stale()  # another run may have made them in the meantime
        if stale:
            comparison = compare_corpus(plan.articles, kept=plan.out / WORK, progress=progress)
            comparison = replace(comparison, substitutions=with_decisions(comparison.substitutions, plan.corpus))
            _build_each(stale, built, plan, comparison, progress)
    return built


def _build_each(sites: list[str], built: Built, plan: Plan, comparison: Comparison, progress: bool) -> None:
    """Write these reports and note in `built` what was done; raise `ReportsError` at the end for those that failed."""
    tests, links = compare_sites(comparison, sites), corpus_links(plan.corpus)
    failed: dict[str, Exception] = {}
    for site in _bar(sites, progress):
        try:
            if _build(site, built, plan, comparison, tests, links):
                built.anew.append(site)
        except Exception as error:  # whatever it is, it is said below, with the site
            failed[site] = error
    if failed:
        said = "\n".join(f"{printable(site)}: {type(error).__name__}: {error}" for site, error in failed.items())
        message = f"No report could be made on {len(failed)} of {len(sites)} sites; the others were made.\n{said}"
        made = {site: page for site, page in built.pages.items() if site not in failed}
        raise ReportsError(message, replace(built, pages=made)) from next(iter(failed.values()))


def _sites_of(corpus: Path, articles: pd.DataFrame) -> list[str]:
    """The sites with a compared article; raises ValueError where there is none, or one without a name."""
    pairs = pair_texts(articles)
    if pairs.empty:
        mend = "give a spun article the article_id of its reference, in the column reference_id of articles.csv"
        without = "without a reference, notebook 05 finds what looks spun, and notebook 06 where it may come from"
        raise ValueError(f"{corpus}: no spun article is paired with a reference. Mend: {mend}; {without}.")
    nameless = pairs.loc[pairs["site"].str.strip() == "", "spun_id"]
    if len(nameless):
        which = ", ".join(map(printable, nameless.head(5))) + (" and more" if len(nameless) > 5 else "")
        mend = "write the host name of its site (news.example) into the column site of articles.csv."
        raise ValueError(f"{corpus / TABLE}: {len(nameless)} spun article(s) are of no site: {which}. Mend: {mend}")
    return sorted(set(pairs["site"]))


def _bar(sites: list[str], shown: bool) -> Iterable[str]:
    from helpers.display.progress import bar

    return bar(sites, "reports", shown)


def _digest_of_corpus(corpus: Path, articles: pd.DataFrame) -> str:
    """What reports are made from: the program, the table, the texts, notes, decisions, gold tables, archives."""
    digest = hashlib.sha256(program_digest().encode())
    for path in [corpus / TABLE, corpus / NOTES, corpus / MAPPING / LOG, *sorted(corpus.glob("gold/*.gold.csv"))]:
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    for path in archives_of(corpus):  # large ones are not read for this: whoever changes one changes its size or hour
        about = path.stat()
        digest.update(
            f"{path.relative_to(corpus)} {about.st_size} {about.st_mtime_ns}".encode("utf-8", "surrogateescape")
        )
    digest.update("\n".join(articles["sha256"]).encode())
    return digest.hexdigest()


def _is_up_to_date(folder: Path, made_from: str) -> bool:
    descriptor = read_descriptor(folder)
    return descriptor.get("unspun", {}).get("made_from") == made_from and is_whole(folder, descriptor)


def _build(
    site: str, built: Built, plan: Plan, comparison: Comparison, tests: pd.DataFrame, links: pd.DataFrame | None
) -> bool:
    """Write one report and return True; where its content did not change only note what it was made from."""
    folder, corpus = plan.pages[site].parent, plan.corpus
    tables = site_tables(site, comparison, corpus, tests, links)
    content = _digest_of_content(site, comparison.articles, tables)
    before = read_descriptor(folder)
    unspun = before.get("unspun", {})
    if unspun.get("content") == content and is_whole(folder, before):
        write_descriptor(folder, {**before, "unspun": {**unspun, "made_from": built.made_from}})
        return False
    must_be_free(folder)
    draft = folder.parent / NEW / folder.name
    _write(site, draft, corpus, comparison, tables, {"made_from": built.made_from, "content": content}, folder.parent)
    built.set_aside.extend(put_in_place(draft, folder))
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
    for name, content in article_pages(site, comparison, tables):
        files.append(folder / name)
        files[-1].parent.mkdir(exist_ok=True)
        files[-1].write_text(content, encoding="utf-8")
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
    return day_of(now())


def main(corpus: str = "corpus", out: str = "reports", *sites: str, progress: bool = True) -> None:
    """Make the reports and their index, and say what was made, what was left as it was, and what could not be made.

    Raises `ReportsError` at the end where anything could not be made: the rest has all that belongs to it.
    """
    plan = _planned(Path(corpus), Path(out).resolve(), list(sites) or None)
    must_be_index(plan.out)
    with one_run(plan.out) as aside:
        failed: list[RuntimeError] = []
        try:
            built = _build_reports(plan, progress)
        except ReportsError as error:
            built = error.built
            failed.append(error)
        built.set_aside.extend(aside)
        for add in (_add_notebooks, _add_pdfs):
            try:
                add(plan, built, progress)
            except RuntimeError as error:
                failed.append(error)
        index = build_index(plan.out, made=today(), save=save_picture, current=plan.made_from)
    print("\n".join(map(str, [index, *built.pages.values()])))
    for path in built.set_aside:
        print(f"{path}: this was not as Unspun had made it, and is kept here.")
    if failed:
        raise ReportsError("\n".join(map(str, failed)), built) from failed[0]


def _add_notebooks(plan: Plan, built: Built, progress: bool) -> None:
    """Put the notebook beside each page that lacks it. Raises RuntimeError for those that could not be run."""
    print(f"{len(built.anew)} reports made, {len(built.pages) - len(built.anew)} left: nothing in them changed")
    lacking = [site for site, page in built.pages.items() if not has_file(page.parent, NOTEBOOK_NAME)]
    try:
        run_notebooks(lacking, plan.corpus, plan.out, progress)
    finally:
        for site in lacking:
            draft = plan.out / NEW / f"{slug(site)}.ipynb"
            if draft.exists():
                built.set_aside.extend(add_file(plan.pages[site].parent, NOTEBOOK_NAME, draft))


def _add_pdfs(plan: Plan, built: Built, progress: bool) -> None:
    """Put the PDF beside each page that lacks it, and say where none can be made. Raises as `print_pages`."""
    unprinted = [page for page in built.pages.values() if not has_file(page.parent, PDF)]
    if not unprinted:
        return
    if find_browser() is None:
        print("No PDF was made: there is no Chromium on this machine. Mend: install it, or name it in UNSPUN_CHROMIUM.")
        return
    drafts = {page: plan.out / NEW / f"{page.parent.name}.pdf" for page in unprinted}
    (plan.out / NEW).mkdir(parents=True, exist_ok=True)
    try:
        print_pages(unprinted, list(drafts.values()))
    finally:
        done = {page: draft for page, draft in drafts.items() if draft.exists()}
        for page, draft in done.items():
            built.set_aside.extend(add_file(page.parent, PDF, draft))
        print(f"{len(done)} printed as PDF")


def run_notebooks(sites: list[str], corpus: Path, out: Path, progress: bool = True) -> None:
    """Run notebook 08 for each site, into `.kept/new/SITE.ipynb`; one that was run to its end is there afterwards.

    Raises RuntimeError with the sites whose notebook failed, and why; the others are run.
    """
    if not sites:
        return
    import papermill

    (out / NEW).mkdir(parents=True, exist_ok=True)
    failed = {}
    for site in _bar(sites, progress):
        draft = out / NEW / f"{slug(site)}.half.ipynb"
        try:
            papermill.execute_notebook(
                NOTEBOOK,
                draft,
                parameters={"site": site, "corpus": str(corpus.resolve()), "out": str(out)},
                cwd=NOTEBOOK.parent,
                progress_bar=False,
                extra_arguments=["--log-level=ERROR"],  # a kernel warns of each TCP port it opens on this machine
            )
            publish_notebook(draft, corpus, out / slug(site))
            draft.replace(draft.with_name(f"{slug(site)}.ipynb"))
        except Exception as error:  # whatever it is, it is said below, with the site
            failed[site] = (str(error).strip().splitlines() or [type(error).__name__])[-1]
    if failed:
        said = "\n".join(f"{printable(site)}: {printable(last)}" for site, last in failed.items())
        raise RuntimeError(f"{len(failed)} of {len(sites)} notebooks could not be run; run it again.\n{said}")
