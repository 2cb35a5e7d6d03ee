"""An article of a corpus goes in; pictures come out of its page as stored, altered passages marked, its source beside.

Chromium draws the page with the network shut (see `shut_browser`). Where no page is stored the text is drawn, and the
picture says so.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from helpers.comparison.compare_corpus import compare_corpus
from helpers.corpus.articles import load_articles
from helpers.corpus.formats.stored_page import StoredPage, is_web_archive, stored_page
from helpers.corpus.terms import RECONSTRUCTED, SIMULATED
from helpers.display.exhibits import LEAST_SURE, Mark, marked, marked_as, published_marks, reference_marks
from helpers.display.masking import masked_spans
from helpers.display.visible import printable, slug
from helpers.files.dates import now
from helpers.files.problems import RecordError
from helpers.files.whole_folder import must_be_new, whole_folder
from helpers.report.case import PAGES, EvidenceError, as_stored, ending_of, today
from helpers.report.evidence_exhibits import Texts, text_sha256
from helpers.report.key_figures import DECIDED
from helpers.report.manifest import archive_addresses, write_manifest
from helpers.report.pdf import find_browser, in_browser
from helpers.report.plain_text import WIDTH, marked_text, render_text
from helpers.report.rendering import day, render, shown, source_label, web_address
from helpers.report.shut_browser import LAUNCHING
from helpers.report.tables import with_decisions
from helpers.text.spans import Span, covering, line_spans

FOLDER, README = "captures", "README.txt"
MOST_PASSAGES = 15  # of an article in pictures side by side: those with altered quotations, then those changed most
MOST_IN_ALT = 240  # characters of a passage in what is read out of a picture
PLAIN_TEXT = "no page of it is stored"
NO_CHROMIUM = "there is no Chromium on this machine. Mend: install it, or name it in UNSPUN_CHROMIUM."
PASSAGE = ["spun_start", "spun_end", "reference_start", "reference_end"]


class Subject(NamedTuple):
    """What is captured: an article, its reference, what was replaced, and the passages to be shown side by side.

    A passage is its name (which may be empty), its span, and that in the reference or None.
    """

    article: pd.Series
    reference: pd.Series | None
    found: pd.DataFrame
    passages: list[tuple[str, Span, Span | None]]
    left_out: int = 0  # changed passages that are not among them


def capture(
    article: str, corpus: str | Path = "corpus", into: str | Path = "capture", archives: Sequence[str | Path] = ()
) -> Path:
    """Draw the stored page of an article, its altered passages marked, and return a new folder with the pictures.

    In `captures/` lie PNGs: passages of the page and of its reference side by side, and both pages. They are drawn by
    Chromium offline and without scripts from the stored file (a web archive, MHTML, a saved page); what was stored
    with it (style sheets, pictures) is used, as are `archives`, further web archives of the same crawl. Where no page
    is stored the text is drawn, and the picture says so. E-mail addresses and telephone numbers are black. Beside them
    the texts, a README with what is to be seen, `manifest.json` and `SHA256SUMS`, which `verify` checks.

    Raises `EvidenceError` (a ValueError) for an article that is not there, for a stored file that is not as it was and
    where Chromium is not there or fails; ValueError where files lie in `into`, of which none is overwritten.
    """
    must_be_new(Path(into))
    check_archives(archives)
    if find_browser() is None:
        raise EvidenceError(f"No picture can be taken: {NO_CHROMIUM}")
    subject = _subject(article, Path(corpus))
    with whole_folder(Path(into)) as draft:
        taken = take_captures([subject], Path(corpus), draft, archives)
        if taken.failed:
            raise EvidenceError(f"{printable(article)}: {taken.failed}")
        _write_texts(subject, taken, draft)
    return Path(into)


def check_archives(archives: Iterable[str | Path]) -> None:
    """Raise `EvidenceError` for the first of these that is no web archive."""
    for archive in archives:
        if not is_web_archive(Path(archive)):
            mend = "name a WARC file that was made with the page, or leave it out."
            raise EvidenceError(f"{archive}: no web archive is there. Mend: {mend}")


def _subject(article: str, corpus: Path) -> Subject:
    """An article with its reference, as the corpus is compared for reports."""
    articles = load_articles(corpus)
    if article not in articles.index:
        some = ", ".join(map(printable, articles.index[:8]))
        mend = f"name one of {len(articles):,}, such as {some}." if len(articles) else "put articles in."
        raise EvidenceError(f"{corpus}: there is no article {printable(article)!r}. Mend: {mend}")
    comparison = compare_corpus(articles)
    pairs = comparison.pairs[comparison.pairs["spun_id"] == article]
    found = comparison.substitutions[comparison.substitutions["spun_id"] == article].reset_index(drop=True)
    if pairs.empty:
        return Subject(articles.loc[article], None, found.head(0), [])
    found = with_decisions(found, corpus)
    found = found[found["decision"] != DECIDED["rejected"]]  # what a person took back is not marked
    parts = comparison.paragraphs[comparison.paragraphs["spun_id"] == article]
    passages, left_out = _changed_most(parts, found)
    return Subject(articles.loc[article], articles.loc[pairs["reference_id"].iloc[0]], found, passages, left_out)


def _changed_most(parts: pd.DataFrame, found: pd.DataFrame) -> tuple[list[tuple[str, Span, Span | None]], int]:
    """The paragraphs to be shown, in reading order, and how many others are changed."""
    ranked = []
    for row in parts[parts["spun_start"] >= 0][PASSAGE].itertuples(index=False):
        start, end, there, there_end = map(int, row)
        inside = found[(found["spun_start"] >= start) & (found["spun_end"] <= end)]
        if len(inside):
            source = (there, there_end) if there >= 0 else None
            ranked.append((-int(inside["in_quote"].sum()), -len(inside), ("", (start, end), source)))
    ranked.sort(key=lambda one: one[:2])
    chosen = [passage for *_, passage in ranked[:MOST_PASSAGES]]
    return sorted(chosen, key=lambda passage: passage[1]), max(0, len(ranked) - MOST_PASSAGES)


class Taken(NamedTuple):
    """The pictures that were taken, what they show, with what; what is to be said where they could not be."""

    pictures: list[dict[str, Any]]
    chromium: str
    failed: str = ""


def take_captures(
    subjects: Sequence[Subject], corpus: Path, folder: Path, archives: Iterable[str | Path] = ()
) -> Taken:
    """Take the pictures of some articles into `captures/` below a folder; return one row a picture.

    Each has `file`, `article_id`, `kind` (beside, page, source), `captured` (a time, UTC), `drawn_from` (page or text,
    of one or both), `marked` and `not_found` (places that differ), `asked_for` and `stored_with_it` (style sheets,
    pictures and the like), `alt` (what is to be seen, in words). Raises `EvidenceError` where a stored file is not as
    it was.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        todo: dict[Path, Path] = {}
        for number, subject in enumerate(subjects):
            job = Path(work) / f"{number}.json"
            job.write_text(
                json.dumps(_job(subject, corpus, folder, Path(work) / str(number), archives)), encoding="utf-8"
            )
            todo[job] = job.with_suffix(".done")
        failed = in_browser("helpers.report.capture_job", todo, LAUNCHING)
        rows: list[dict[str, Any]] = []
        chromium = ""
        for subject, answer in zip(subjects, todo.values(), strict=True):
            if answer.exists():
                done = json.loads(answer.read_text(encoding="utf-8"))
                chromium = done["chromium"]
                rows += _rows(subject, done)
    return Taken(rows, chromium, _why_failed(len(failed), len(subjects), [*failed.values()]))


def _why_failed(failed: int, of: int, reasons: list[str]) -> str:
    if not failed:
        return ""
    reason = reasons[0].splitlines()[-1].strip().rstrip(".")
    mend = "" if "Mend:" in reason else " Mend: try again, or name another browser in UNSPUN_CHROMIUM."
    return f"Chromium could not draw {failed:,} of {of:,} {'page' if of == 1 else 'pages'} ({reason}).{mend}"


def _job(subject: Subject, corpus: Path, folder: Path, work: Path, archives: Iterable[str | Path]) -> dict[str, Any]:
    """What `capture_job` is told: the pages, the marks and passages on each, and what is to be said."""
    sides = [_side(subject, number, corpus, work / str(number), [*map(Path, archives)]) for number in _both(subject)]
    rows = []
    if subject.reference is not None:
        for name, *spans in subject.passages:
            words = [
                marked(side["text"], span, marks, side["css"]) if span else ""
                for side, span, marks in zip(sides, spans, _marks(subject), strict=True)
            ]
            rows.append({"name": name, "words": words})
    facts = {"version": version("unspun"), "made": today(), "left_out": subject.left_out,
             "is_unsure": any(doubt for side in sides for *_, doubt in side["marks"])}  # fmt: skip
    name = slug(str(subject.article.name))
    return {"name": name, "folder": str((folder / FOLDER).absolute()), "sides": sides, "rows": rows, "facts": facts}


def _both(subject: Subject) -> range:
    return range(1 if subject.reference is None else 2)


def _marks(subject: Subject) -> tuple[list[Mark], list[Mark]]:
    return published_marks(subject.found), reference_marks(subject.found)


def _side(subject: Subject, number: int, corpus: Path, work: Path, archives: list[Path]) -> dict[str, Any]:
    """One of the pages: the article, or its reference."""
    article = subject.article if number == 0 else subject.reference
    assert article is not None
    css, text = ("spun", "original")[number], str(article["text"])
    work.mkdir(parents=True)
    hidden = [span for span, _ in masked_spans(text)]
    spans = subject.found[[*PASSAGE[2 * number : 2 * number + 2]]].itertuples(index=False, name=None)
    doubts = (subject.found["confidence"] < LEAST_SURE).tolist() if len(subject.found) else []
    marks = sorted(
        {(int(start), int(end), bool(doubt)) for (start, end), doubt in zip(spans, doubts, strict=True)
         if start >= 0 and covering(hidden, start, end) == (start, end)}
    )  # fmt: skip
    page, why = _page_of(article, corpus, work, archives)
    (work / "text.html").write_text(_text_page(article, _marks(subject)[number], css), encoding="utf-8")
    return {
        "text": text, "css": css, "marks": marks, "passages": [passage[1 + number] for passage in subject.passages],
        "page": page, "why": why, "text_page": str(work / "text.html"),
        "about": {"css": css, **_about(article, number)},
    }  # fmt: skip


def _text_page(article: pd.Series, marks: list[Mark], css: str) -> str:
    """The text of an article as a page, a line a paragraph."""
    text = str(article["text"])
    styled = [(*mark, css, "") for mark in marks]
    lines = [Markup(marked_as(text, line, styled)) for line in line_spans(text)]
    return render("capture_text.html", {"title": article["title"], "lines": lines})


def _about(article: pd.Series, number: int) -> dict[str, Any]:
    """What is said above a page."""
    simulated = article["provenance"] == SIMULATED
    label = f"As published at {article['site']}{' (simulation)' if simulated else ''}"
    return {
        "label": label if number == 0 and article["role"] == "spun" else source_label(article),
        "title": article["title"], "address": article["url"], "published": day(article["published"]),
        "retrieved": day(article["retrieved"]), "file": article["raw"] or article["file"],
        "sha256": article["raw_sha256"] or article["sha256"], "text_sha256": text_sha256(str(article["text"])),
        "simulated": simulated, "reconstructed": article["provenance"] == RECONSTRUCTED,
    }  # fmt: skip


def _page_of(article: pd.Series, corpus: Path, work: Path, archives: list[Path]) -> tuple[dict[str, Any] | None, str]:
    """The stored page of an article as a job wants it, or why there is none."""
    name, sha256 = (article["raw"], article["raw_sha256"]) if article["raw"] else (article["file"], article["sha256"])
    if ending_of(name) not in PAGES:
        return None, PLAIN_TEXT
    as_stored(corpus, name, sha256)
    (work / "files").mkdir()
    try:
        page = stored_page(corpus / name, str(article["url"]), archives, work / "files")
    except RecordError as error:
        return None, f"the stored page cannot be read: {error.problem.rstrip('.')}"
    return (None, PLAIN_TEXT) if page is None else (_as_json(page), "")


def _as_json(page: StoredPage) -> dict[str, Any]:
    files = {name: (kind, str(file)) for name, (kind, file) in page.files.items()}
    return {"html": str(page.html), "address": page.address, "files": files, "is_cut": page.is_cut}


def _rows(subject: Subject, done: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each picture of an article, for the manifest."""
    for picture in done["pictures"]:
        sides = {"beside": done["sides"], "page": done["sides"][:1], "source": done["sides"][1:]}[picture["kind"]]
        yield {
            "file": f"{FOLDER}/{picture['picture']}", "article_id": shown(str(subject.article.name)),
            "kind": picture["kind"], "captured": now().replace(microsecond=0).isoformat(),
            "drawn_from": [side["of"] for side in sides],
            "marked": sum(side["found"] for side in sides),
            "not_found": sum(side["marks"] - side["found"] for side in sides),
            "asked_for": sum(side.get("asked", 0) for side in sides),
            "stored_with_it": sum(side.get("there", 0) for side in sides),
            "alt": _alt(subject, picture, sides),
        }  # fmt: skip


def _alt(subject: Subject, picture: dict[str, Any], sides: list[dict[str, Any]]) -> str:
    """What is to be seen in a picture, in words; changed words in double brackets."""
    part = f" (part {picture['number']} of {picture['count']})" if picture["count"] > 1 else ""
    of = [
        {"page": "the page as stored", "text": "the text, no page being stored or drawn"}[side["of"]] for side in sides
    ]
    if picture["kind"] != "beside":
        article = subject.article if picture["kind"] == "page" else subject.reference
        assert article is not None
        many = sides[0]["found"]
        marks = f"{many:,} {'place' if many == 1 else 'places'} on it that differ marked by Unspun"
        said = f"“{article['title']}” at {article['site']}{part}: {of[0]}, drawn offline"
        return shown(f"{said}; {marks if sides[0]['marks'] else 'nothing on it is marked'}.")
    passages = []
    for number in picture["rows"]:
        _, *spans = subject.passages[number]
        words = [
            marked_text(str(article["text"]), span, marks)[:MOST_IN_ALT] if span and article is not None else "nothing"
            for article, span, marks in zip((subject.article, subject.reference), spans, _marks(subject), strict=True)
        ]
        passages.append(f"{number + 1}. As published: “{words[0]}”. In the reference: “{words[1]}”.")
    head = f"Side by side{part}: left {subject.article['site']} ({of[0]}), right its reference ({of[1]})."
    return shown(" ".join([head, "Marked by Unspun: words that differ.", *passages]))


def wordings_of(subject: Subject, texts: Texts) -> list[dict[str, Any]]:
    """Return what is marked in an article and its reference, with file and offsets, as the manifest has it."""
    found = []
    sides = [(subject.article, "as published"), (subject.reference, "reference")]
    for number, (article, side) in enumerate(sides):
        if article is None:
            continue
        name = str(article.name)
        spans = subject.found[[*PASSAGE[2 * number : 2 * number + 2]]].itertuples(index=False, name=None)
        named = [(f"marked, {side}", start, end) for start, end in spans if start >= 0]
        for count, (_, *both) in enumerate(subject.passages, 1):
            if (span := both[number]) is not None:
                named.append((f"passage {count}, {side}", *span))
        found += [
            {"what": what, "file": texts.file[name], "start": int(start), "end": int(end),
             "words": texts.black[name][int(start) : int(end)]}
            for what, start, end in named
        ]  # fmt: skip
    return found


def _write_texts(subject: Subject, taken: Taken, folder: Path) -> None:
    """Write the texts, the README and the manifest beside the pictures."""
    both = [one for one in (subject.article, subject.reference) if one is not None]
    table = pd.DataFrame(both)
    texts = Texts.of(table)
    (folder / "texts").mkdir()
    for name, place in texts.file.items():
        (folder / place).write_bytes(texts.black[name].encode())
    rows = [
        {**row, "article_id": name, "text_file": texts.file[name], "text_sha256": text_sha256(texts.stored[name]),
         "masked_places": len(masked_spans(texts.stored[name]))}
        for name, row in zip(texts.file, table.to_dict("records"), strict=True)
    ]  # fmt: skip
    wordings = wordings_of(subject, texts)
    values = {
        "article": str(subject.article.name), "made": today(), "version": version("unspun"),
        "chromium": taken.chromium, "pictures": taken.pictures, "articles": rows,
        "archives": [archive_addresses(web_address(str(row["url"])), row["retrieved"]) for row in rows],
        "wordings": len(wordings),
        "simulated": subject.article["provenance"] == SIMULATED,
        "reconstructed": any(row["provenance"] == RECONSTRUCTED for row in rows),
    }  # fmt: skip
    (folder / README).write_text(render_text("capture_readme.txt", values, WIDTH), encoding="utf-8")
    write_manifest(folder, rows, wordings, taken.pictures, taken.chromium)
