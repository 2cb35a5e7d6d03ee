"""A small corpus full of addresses and of markup that would run; whatever Unspun makes of it, as texts by name."""

import ast
import contextlib
import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import pypdf
from click.testing import CliRunner

from helpers.command.door import cli
from helpers.corpus import add_article, load_articles
from helpers.mapping import MappingTable, share
from helpers.report import build_reports
from helpers.report.build import build_index, save_picture
from helpers.report.pdf import print_pages
from helpers.review import review
from helpers.scale import ask, at_scale
from helpers.substitutions import find_substitutions

ROOT = Path(__file__).parents[1]
SENTENCE = "The {army} of city {n} said on Friday that the {people} may write to {form} before the {begin} of the week."
QUOTED = "“{People} {need} {form} now, and the {army} knows it”, said Ada Quill of town {n} on Monday."
ORIGINAL = {"army": "army", "people": "people", "begin": "start", "People": "People", "need": "want"}
SPUN = {"army": "military", "people": "folks", "begin": "begin", "People": "Folks", "need": "require"}
MARKUP = '<img src=x onerror=alert(1)><script>alert("{where}")</script>'
NOTES = """{site}:
  - {{topic: owner, text: {text}, date: 2025-01-01, source: {source}}}
"""


def text_of(words: dict[str, str], forms: list[str]) -> str:
    """An article in which every form stands, half of them in quotations."""
    return "\n".join(
        (QUOTED if number % 2 else SENTENCE).format(**words, n=number, form=form) for number, form in enumerate(forms)
    )


def make_corpus(folder: Path, forms: list[str], site: str, more: list[str]) -> Path:
    """Write the corpus: the forms in the texts, `more` in titles, authors, notes and links, one after the other."""
    take = iter(more * 20)
    for number in range(2):
        for role, words in (("reference", ORIGINAL), ("spun", SPUN)):
            add_article(
                folder,
                f"{role}-{number}",
                role,
                text_of(words, forms[number::2] if role == "spun" else [*forms[number + 2 :: 2], forms[number]]),
                site=site if role == "spun" else f"news.example {next(take)}",
                url="https://site.example/storm?from=" + next(take).replace(" ", "+"),
                title=f"Storm shuts harbour {number}: {next(take)} or {next(take)}",
                byline=f"Ada Quill {next(take)}; {next(take)}",
                published=f"2025-09-0{5 + number}T1{number}:30" + ("" if role == "reference" else ":30"),
                note=f"Found by {next(take)}",
                licence=f"Ask {next(take)}",
                reference_id="" if role == "reference" else f"reference-{number}",
            )
    quoted = json.dumps
    notes = NOTES.format(site=quoted(site), text=quoted(f"Owned by {next(take)}"), source=quoted(next(take)))
    (folder / "site.yml").write_text(notes, encoding="utf-8")
    mapping = MappingTable.open(folder / "mapping")
    mapping.decide("military", "army", "approved", who=f"Ana {next(take)}", note=f"says {next(take)}")
    mapping.decide("folks", "people", "rejected", who=next(take), note=next(take))
    return folder


def made_of(corpus: Path, out: Path, pdf: bool, whole: bool = True) -> Iterator[tuple[str, str]]:
    """Everything that Unspun makes of a corpus, each with its name: texts of files, of widgets, of what is printed.

    Without `whole` no store is made at scale, and not every line of the widget is asked for.
    """
    pages = build_reports(corpus, out, progress=False).pages
    build_index(out, save=save_picture)
    if pdf:
        for path in print_pages(pages.values()):
            yield str(path.relative_to(out)), pdf_text(path)
    for path in sorted(out.rglob("*")):
        yield f"the name of {path.name}", str(path.relative_to(out))
        if path.is_file() and path.suffix not in (".npz", ".pdf"):
            yield str(path.relative_to(out)), path.read_bytes().decode("utf-8", "replace")
    for site in pages:
        yield from outputs_of_notebook_08(site, corpus, out)
    yield from widget(corpus, 5 if whole else 40)
    yield from passed_on(corpus, out.parent)
    if whole:
        yield from answers(corpus, out.parent)
    yield from printed(corpus, out.parent)


def pdf_text(path: Path) -> str:
    """What can be read in a PDF: its text, its links, what it says of itself."""
    reader = pypdf.PdfReader(path)
    links = [str(note.get_object()) for page in reader.pages for note in page.get("/Annots") or []]
    return "\n".join([*(page.extract_text() for page in reader.pages), *links, str(reader.metadata)])


def outputs_of_notebook_08(site: str, corpus: Path, out: Path) -> Iterator[tuple[str, str]]:
    """What each cell of the report's notebook shows, run here and now."""
    cells = json.loads((ROOT / "notebooks" / "08_site_report.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict = {}
    for number, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        parts = ast.parse("".join(cell["source"]))
        last = parts.body.pop() if isinstance(parts.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(compile(parts, f"cell {number}", "exec"), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= {"site": site, "corpus": str(corpus), "out": str(out)}
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names) if last else None
        yield f"notebook 08, cell {number}", said.getvalue()
        if hasattr(value, "_repr_html_"):
            yield f"notebook 08, HTML of cell {number}", value._repr_html_()


def widget(corpus: Path, step: int) -> Iterator[tuple[str, str]]:
    """What the review shows, as a table and in every answer."""
    articles = load_articles(corpus)
    substitutions = find_substitutions(articles)
    mapping = MappingTable.open(corpus / "mapping").propose(substitutions)
    made = review(mapping, substitutions, articles, who="Ana ana@desk.example")
    yield "HTML of the review", made._repr_html_()
    answers: list = []
    made.send = answers.append
    made.answer({"kind": "open"})
    for row in range(len(made.rows)):
        made.answer({"kind": "row", "row": row})
    for place in range(0, len(substitutions), step):
        made.answer({"kind": "passage", "place": place})
    yield "answers of the review", json.dumps(answers, ensure_ascii=False, default=str)


def passed_on(corpus: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Tables for other people."""
    mapping = MappingTable.open(corpus / "mapping").propose(find_substitutions(load_articles(corpus)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield "share", share(mapping, folder / "table.json").read_text(encoding="utf-8")
        yield "export", mapping.export(folder / "table.csv").read_text(encoding="utf-8")


def answers(corpus: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Answers to questions about a store."""
    at_scale(corpus, folder / "store", progress=False)
    for table in ("articles", "pairs", "substitutions", "frequency", "errors"):
        yield f"ask: {table}", ask(folder / "store", f"SELECT * FROM {table}").to_csv()
    yield "ask: lists", str(ask(folder / "store", "SELECT list(title), [text] FROM articles GROUP BY text").to_dict())


def printed(corpus: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """What the command prints, and what `unspun compare` writes."""
    spun, reference = (next(corpus.glob(f"**/{role}-0.txt")) for role in ("spun", "reference"))
    odd = folder / "qzbbb@site.example.txt"
    odd.write_bytes(spun.read_bytes())
    plain = ["--no-language-model"]
    asked = [
        ["compare", odd, reference, "--out", folder / "compared"],
        ["detect", odd, *plain], ["detect", odd, "--passages", *plain],
        ["restore", odd, "--mapping", corpus, "--no-thesaurus", *plain],
        ["source", odd, corpus, "--queries", *plain],
    ]  # fmt: skip
    for words in asked:
        done = CliRunner().invoke(cli, list(map(str, words)))
        if done.exit_code:
            raise AssertionError(f"{words}: {done.output}")
        yield f"unspun {words[0]}", done.stdout + done.stderr
    for path in sorted((folder / "compared").rglob("*.*")):
        yield f"compare: {path.suffix}", path.read_text(encoding="utf-8")
