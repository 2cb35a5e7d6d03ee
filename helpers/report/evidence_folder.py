"""A corpus and a site go in; a folder comes out that a lawyer can check without this program.

Each finding has an exhibit, as a picture, a page and text. The folder is read again before it has its name: it is
whole and true, or it is not there.
"""

import json
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.corpus.terms import RECONSTRUCTED, SIMULATED
from helpers.display.exhibits import LEAST_SURE
from helpers.display.export import write_csv
from helpers.display.masking import mask, masked_spans
from helpers.display.visible import printable, slug
from helpers.files.whole_folder import must_be_new, whole_folder
from helpers.report.captures import MOST_PASSAGES as MOST_SHOWN
from helpers.report.captures import Subject, Taken, check_archives, take_captures, wordings_of
from helpers.report.case import PAGES, Case, EvidenceError, as_stored, compared_site, ending_of, today
from helpers.report.evidence_exhibits import Texts, exhibit_of, text_sha256
from helpers.report.facts.confirmations import said_of_confirmations
from helpers.report.facts.findings import CHANGED_PASSAGE, NAMED
from helpers.report.facts.findings import PASSAGE as PASSAGE_OF
from helpers.report.key_figures import DECIDED
from helpers.report.manifest import archive_addresses, write_manifest
from helpers.report.pdf import find_browser, print_pages
from helpers.report.plain_text import WIDTH, render_text
from helpers.report.rendering import render, web_address

README, FINDINGS = "README.txt", "findings.json"
MOST_PASSAGES = 10  # of the most changed passages, where no finding is named; of the other kinds all are there
MOST_NAMED = 8  # findings that an error names
AT_ONCE = 200  # pictures that one browser takes
MOST_CAPTURED = 12  # articles whose pages are drawn, those with the gravest findings first; each takes some seconds
NO_CHROMIUM = (
    "No pictures were made: there is no Chromium on this machine. Mend: install it, or name it in UNSPUN_CHROMIUM, and "
    "make the folder again. Each exhibit is there as a page and as text."
)
OF_ARTICLE = [
    "role", "site", "url", "title", "byline", "published", "retrieved", "reference_id", "licence", "provenance", "note",
]  # fmt: skip


def evidence(
    site: str,
    corpus: str | Path = "corpus",
    into: str | Path = "evidence",
    findings: list[str] | None = None,
    with_pages: bool = False,
    captures: bool = True,
    archives: Sequence[str | Path] = (),
) -> Path:
    """Write the evidence on a site, or on single findings of it, into a new folder and return the folder.

    `findings` are names such as f-7kq2m5xd; where none is given, all altered quotations, changed names, figures, dates
    and disguised words are there, and the ten most changed passages. In the folder: an exhibit of each (PNG, where
    Chromium is on the machine; HTML and text), the texts with all offsets, the articles and their SHA-256, who
    confirmed what, a README for a lawyer, `manifest.json` and `SHA256SUMS`, which `verify` checks; and, unless
    `captures` is False, pictures of the stored pages as `capture` draws them, of the twelve articles with the gravest
    findings (`archives`: web archives with their style sheets and pictures). E-mail addresses and telephone numbers
    are masked; `with_pages` adds the stored files as they lie in the corpus, unmasked.

    Raises `EvidenceError` (a ValueError) for a site without a finding, for a finding that is not there, and for a
    stored file that is not as it was; ValueError where files lie in `into`, of which none is overwritten. Warns where
    no pictures can be made.
    """
    must_be_new(Path(into))
    check_archives(archives)
    case = compared_site(site, corpus)
    case = case.only(_chosen(case, findings))
    with whole_folder(Path(into)) as draft:
        _write(case, draft, with_pages, _subjects(case) if captures else [], archives)
    return Path(into)


def _chosen(case: Case, wanted: list[str] | None) -> pd.DataFrame:
    """The findings that are asked for."""
    table = case.findings
    if not wanted:
        is_passage = table["kind"] == CHANGED_PASSAGE
        return table[~is_passage | (is_passage.cumsum() <= MOST_PASSAGES)]
    unknown = [name for name in wanted if name not in set(table["finding"])]
    if unknown:
        first = ", ".join(table["finding"].head(MOST_NAMED))
        more = f" and {len(table) - MOST_NAMED:,} more" if len(table) > MOST_NAMED else ""
        what = f"{printable(mask(case.site))} has no finding {printable(mask(unknown[0]))!r}"
        raise EvidenceError(f"{what}. Mend: name one of its {first}{more}, or none, to have them all.")
    return table[table["finding"].isin(wanted)]


def _write(case: Case, folder: Path, with_pages: bool, subjects: list[Subject], archives: Sequence[str | Path]) -> None:
    """Write everything into an empty folder, then look whether it is true."""
    for name in ("texts", "exhibits"):
        (folder / name).mkdir()
    texts = Texts.of(case.compared())
    for name, place in texts.file.items():
        (folder / place).write_bytes(texts.black[name].encode())
    exhibits = [exhibit_of(case, texts, finding) for finding in case.findings.to_dict("records")]
    for exhibit in exhibits:
        path = folder / "exhibits" / exhibit["finding"]
        path.with_suffix(".html").write_text(render("evidence.html", exhibit), encoding="utf-8")
        path.with_suffix(".txt").write_text(render_text("evidence_exhibit.txt", exhibit, WIDTH), encoding="utf-8")
    pictures, taken = _take_pictures(folder / "exhibits"), _capture(subjects, case, folder, archives)
    claims = [exhibit["claims"] for exhibit in exhibits]
    (folder / FINDINGS).write_text(json.dumps(claims, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_csv(_for_people(exhibits), folder / "findings.csv")
    write_csv(case.confirmations, folder / "confirmations.csv")
    files = _files(case, texts, folder, with_pages)
    write_csv(files, folder / "articles.csv")
    readme = _readme(case, files, exhibits, " ".join(filter(None, [pictures, taken.failed])), with_pages, taken)
    (folder / README).write_text(readme, encoding="utf-8")
    if wrong := wrong_quotes(folder):
        mend = "make the folder again; where that does not help, send this line to Unspun's issues."
        raise EvidenceError(f"{wrong[0]} does not stand at its offsets in the file just written. Mend: {mend}")
    wordings = [wording for subject in subjects for wording in wordings_of(subject, texts)]
    write_manifest(folder, files.to_dict("records"), wordings, taken.pictures, taken.chromium)


def _for_people(exhibits: list[dict[str, Any]]) -> pd.DataFrame:
    """The findings as a table for a spreadsheet."""
    rows = []
    for exhibit in exhibits:
        row = {name: exhibit[name] for name in ("finding", "kind", "what", "speaker", "decision")}
        for side, part in zip(("published", "reference"), exhibit["sides"], strict=False):
            row[side] = part["text"]
            row |= {f"{side}_{name}": part[name] for name in ("file", "start", "end")}
        rows.append(row)
    return pd.DataFrame(rows).astype(
        {name: "Int64" for name in ("reference_start", "reference_end") if name in rows[0]}
    )


def _take_pictures(folder: Path) -> str:
    """Take the picture of each exhibit's page; return what is to be said where that cannot be done."""
    if find_browser() is None:
        warnings.warn(NO_CHROMIUM, stacklevel=4)
        return NO_CHROMIUM
    pages = sorted(folder.glob("*.html"))
    try:
        for first in range(0, len(pages), AT_ONCE):
            some = pages[first : first + AT_ONCE]
            print_pages(some, [page.with_suffix(".png") for page in some])
    except RuntimeError as error:
        for draft in folder.glob("*.draft"):
            draft.unlink()
        taken = len([*folder.glob("*.png")])
        said = f"Chromium took {taken:,} of {len(pages):,} pictures, and no more. Mend: make the folder again."
        warnings.warn(f"{said} It said: {str(error).splitlines()[-1].rpartition(': ')[2]}", stacklevel=4)
        return said
    return ""


def _subjects(case: Case) -> list[Subject]:
    """What is captured of each article: the passages of its findings, the gravest first, each once."""
    subjects = []
    for name in case.findings["spun_id"].drop_duplicates().head(MOST_CAPTURED):
        mine = case.findings[case.findings["spun_id"] == name]
        found = case.substitutions[case.substitutions["spun_id"] == name]
        passages: dict[tuple, list[str]] = {}
        for finding in mine.to_dict("records"):
            passages.setdefault(tuple(int(finding[end]) for end in PASSAGE_OF), []).append(finding["finding"])
        rows = [
            (", ".join(names), (start, end), (there, there_end) if there >= 0 else None)
            for (start, end, there, there_end), names in passages.items()
        ]
        article, reference = (case.articles.loc[mine[side].iloc[0]] for side in ("spun_id", "reference_id"))
        kept = found[found["decision"] != DECIDED["rejected"]]
        subjects.append(Subject(article, reference, kept, rows[:MOST_SHOWN], len(rows[MOST_SHOWN:])))
    return subjects


def _capture(subjects: list[Subject], case: Case, folder: Path, archives: Sequence[str | Path]) -> Taken:
    """Draw the stored pages; where that cannot be, the pictures that there are, and what is to be said."""
    if not subjects or find_browser() is None:
        return Taken([], "")
    taken = take_captures(subjects, case.corpus, folder, archives)
    if taken.failed:
        warnings.warn(taken.failed, stacklevel=4)
    return taken


def _files(case: Case, texts: Texts, folder: Path, with_pages: bool) -> pd.DataFrame:
    """The articles with the SHA-256 of their text and files; copies the files where that is asked for."""
    rows = []
    for name, article in case.compared().iterrows():
        content = as_stored(case.corpus, article["file"], article["sha256"])
        raw = as_stored(case.corpus, article["raw"], article["raw_sha256"]) if article["raw"] else b""
        pages = _copied(folder, str(name), article, content, raw) if with_pages else []
        text = texts.stored[str(name)]
        rows.append(
            {
                "article_id": name, **{field: article[field] for field in OF_ARTICLE},
                "text_file": texts.file[str(name)], "text_characters": len(text), "text_sha256": text_sha256(text),
                "masked_places": len(masked_spans(text)), "stored_file": article["file"],
                "stored_file_sha256": article["sha256"], "raw_file": article["raw"],
                "raw_file_sha256": article["raw_sha256"], "record": article["record"], "pages": "; ".join(pages),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _copied(folder: Path, name: str, article: pd.Series, content: bytes, raw: bytes) -> list[str]:
    """Copy an article's stored file, and the page as it came; return their places in the folder."""
    (folder / "pages").mkdir(exist_ok=True)
    places = {f"pages/{slug(name)}{ending_of(article['file'])}": content}
    if raw and article["raw"] != article["file"] and ending_of(article["raw"]) in PAGES:
        places[f"pages/{slug(name)}.as-it-came{ending_of(article['raw'])}"] = raw
    for place, what in places.items():
        (folder / place).write_bytes(what)
    return list(places)


def _readme(
    case: Case, files: pd.DataFrame, exhibits: list[dict], pictures: str, with_pages: bool, taken: Taken
) -> str:
    spun, sources = (files[files["role"] == role] for role in ("spun", "reference"))
    kinds = case.findings["kind"].value_counts().items()
    values = {
        "site": case.site, "made": today(), "version": version("unspun"), "pictures": pictures,
        "findings": len(case.findings), "first": case.findings["finding"].iloc[0],
        "kinds": [(NAMED[str(kind)][number > 1], number) for kind, number in kinds],
        "decisions": [*case.findings["decision"].value_counts().items()],
        "confirmed": said_of_confirmations(case.confirmations), "least_sure": LEAST_SURE,
        "spun": spun.to_dict("records"), "sources": sources.to_dict("records"),
        "masked": int(files["masked_places"].sum()),
        "masked_passages": sum(side["masked"] for exhibit in exhibits for side in exhibit["sides"]),
        "quotes": sum(len(exhibit["claims"]["quotes"]) for exhibit in exhibits),
        "simulated": bool((spun["provenance"] == SIMULATED).any()),
        "reconstructed": sources[sources["provenance"] == RECONSTRUCTED].to_dict("records"),
        "captures": taken.pictures, "most_captured": MOST_CAPTURED,
        "archives": {
            row["article_id"]: archive_addresses(web_address(str(row["url"])), row["retrieved"])
            for row in files.to_dict("records")
        },
        "with_pages": with_pages, "undated": bool(files["retrieved"].isna().any()),
        "from_pages": bool(files["stored_file"].map(ending_of).isin(PAGES).any()),
    }  # fmt: skip
    return render_text("evidence_readme.txt", values, WIDTH)


def wrong_quotes(folder: Path) -> list[str]:
    """Return the wordings of an evidence folder that do not stand at their offsets; none where all is as stated."""
    wrong = []
    for finding in json.loads((folder / FINDINGS).read_text(encoding="utf-8")):
        for quote in finding["quotes"]:
            text = (folder / quote["file"]).read_bytes().decode()
            if text[quote["start"] : quote["end"]] != quote["words"]:
                wrong.append(f"{finding['finding']}: {quote['what']}")
    return wrong
