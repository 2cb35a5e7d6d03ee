"""A text without its source goes in; whether it was spun, its original words or its source come out: subcommands."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers.command.reading import articles_in, may_ask_model, must_be_corpus, one_article, open_mapping
from helpers.command.terminal import FailureError, can_show, columns, failure, note, rows_of, say, shown, writing

if TYPE_CHECKING:
    import pandas as pd

    from helpers.detection.spun_score import Score
    from helpers.mapping.table import MappingTable

PATH = click.Path(path_type=Path)
MOST_LETTERS = 110  # of a line of evidence
NOT_JUDGED = "not judged: fewer than 30 words, or not English"

with_mapping = click.option(
    "--mapping",
    type=PATH,
    metavar="FOLDER",
    help="A mapping table of your own, such as corpus/mapping, or corpus/field.",
)
without_model = click.option(
    "--no-language-model",
    "without_model",
    is_flag=True,
    help="Do not ask the language model: faster, and less sure.",
)


@click.command()
@click.argument("files", type=PATH, nargs=-1, required=True)
@with_mapping
@without_model
@click.option("--passages", is_flag=True, help="Say which passages were probably spun.")
@click.option("--top", default=5, show_default=True, type=click.IntRange(min=0), help="Lines of evidence an article.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all of the evidence.")
def detect(
    files: tuple[Path, ...], mapping: Path | None, without_model: bool, passages: bool, top: int, as_json: bool
) -> None:
    """Say how probably each text in FILES was spun.

    Spun phrases are known from the lists that come with Unspun, and from the mapping table. For each article: a verdict
    (spun by word-swapping; signs of it: look closer; no sign; cannot tell), the probability, its 95% interval, and the
    signs that weigh most. A probability is a reason to look closer and no proof. Back-translation, paraphrase by a
    neural network and translation are not seen. With the language model it takes some seconds an article.

    \b
    Example:
      unspun detect article.html --passages
    """
    table = open_mapping(mapping)
    asked = may_ask_model(not without_model)
    from helpers.detection.spun_score import UNSEEN, spun_passages, spun_score

    failed, found = False, []
    for file in files:
        try:
            articles = articles_in(file)
        except FailureError as error:  # the other files are read all the same
            error.show()
            failed = True
            continue
        for article_id, text in articles["text"].items():
            score = spun_score(text, table, asked)
            rows = spun_passages(text, table, language_model=asked) if passages else None
            if as_json:
                found.append(_as_record(file, str(article_id), score, rows, asked))
            else:
                name = f"{file}, {shown(article_id)}" if len(articles) > 1 else str(file)
                say(*_as_block(name, text, score, rows, top), "")
                sys.stdout.flush()
    if as_json:
        say(json.dumps(found, indent=1))
    else:
        say(UNSEEN)
    if failed:
        sys.exit(1)


def _is_judged(score: "Score") -> bool:
    from helpers.detection.spun_score import CANNOT_TELL

    return score.verdict != CANNOT_TELL


def _as_block(name: str, text: str, score: "Score", rows: "pd.DataFrame | None", top: int) -> list[str]:
    """What is said of an article in a terminal."""
    if not _is_judged(score):
        return [name, f"  {score.verdict}; {NOT_JUDGED}"]
    interval = f"95% interval {score.low:.2f} to {score.high:.2f}"
    sure = f"  {score.verdict}; probability of being spun {score.probability:.2f}, {interval}"
    evidence = [(f"  {row.weight:+6.2f}", _short(row.words)) for row in rows_of(score.evidence.head(top))]
    more = f" (the first {top} of {len(score.evidence):,} signs)" if len(score.evidence) > top else ""
    lines = [name, sure, *([f"  what speaks for it, and how much{more}:"] if evidence else []), *columns(evidence)]
    if rows is not None:
        lines += [f"  passages: {len(rows)}" if len(rows) else "  passages: none looks spun by itself"]
        for row in rows_of(rows):
            lines += [
                f"  {row.probability:.2f}  {_short(text[row.start : row.end])}",
                f"        {_short(row.evidence)}",
            ]
    return lines


def _short(text: object) -> str:
    words = shown(text)
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1].rstrip()}…"


def _as_record(
    file: Path, article_id: str, score: "Score", rows: "pd.DataFrame | None", asked: bool
) -> dict[str, object]:
    """What is said of an article in JSON; the words of the evidence are masked."""
    from helpers.detection.spun_score import NOT_SEEN

    record = {
        "file": str(file),
        "article_id": article_id,
        "judged": _is_judged(score),
        "verdict": score.verdict,
        "not_seen": list(NOT_SEEN),
        "probability": round(score.probability, 4),
        "low": round(score.low, 4),
        "high": round(score.high, 4),
        "language_model": asked,
        "evidence": _records(score.evidence),
    }
    return record if rows is None else {**record, "passages": _records(rows)}


def _records(table: "pd.DataFrame") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(table.to_json(orient="records", double_precision=4))
    return [{name: shown(cell) if isinstance(cell, str) else cell for name, cell in row.items()} for row in rows]


@click.command()
@click.argument("file", type=PATH)
@with_mapping
@without_model
@click.option("--threshold", default=0.5, show_default=True, type=click.FloatRange(0, 1), help="Least probability.")
@click.option("--no-thesaurus", is_flag=True, help="Change only what the mapping table knows.")
@click.option("--article", default="", metavar="N|ID", help="Which article, if the file holds several.")
@click.option("--out", type=PATH, metavar="FILE", help="Write the text there.  [default: standard output]")
@click.option("--changes", type=PATH, metavar="FILE", help="Write the changes there (.csv, .xlsx, .json).")
@click.option("--force", is_flag=True, help="Replace these files if they are there.")
def restore(
    file: Path,
    mapping: Path | None,
    without_model: bool,
    threshold: float,
    no_thesaurus: bool,
    article: str,
    out: Path | None,
    changes: Path | None,
    force: bool,
) -> None:
    """Put the original words back into a spun text.

    The text goes to standard output, the changes with their probabilities to standard error. In both e-mail addresses
    and telephone numbers are masked; the file that --out names holds the text with all that was in it. Most words come
    back with a mapping table of the site’s own; with the field’s dictionary (--mapping corpus/field) more than with
    none. With the language model it takes some ten seconds.

    \b
    Example:
      unspun restore article.txt --mapping corpus/mapping --out restored.txt
      unspun restore article.txt --mapping corpus/field
    """
    for place in filter(None, (out, changes)):
        if place.exists() and not force:
            raise failure(place, "this file is there already.", "name another, or replace it with --force.")
    if out and changes and out.resolve() == changes.resolve():
        raise failure(out, "the text and its changes cannot be one file.", "name two.")
    one = one_article(file, article, "--article")
    table = open_mapping(mapping)
    asked = may_ask_model(not without_model)
    from helpers.display.export import write_table
    from helpers.files.atomic import write_file
    from helpers.restoration.restore import restore as put_back

    text = str(one["text"])
    restored = put_back(text, table, threshold, not no_thesaurus, asked)
    if changes:
        with writing(changes):
            write_table(restored.changes, changes)
    else:
        note(*_changes(restored.changes))
    if out:
        with writing(out):
            write_file(out, restored.text)
        return
    _print_text(restored.text, text)


def _print_text(text: str, before: str) -> None:
    """A text as it may be shown, and harmless to a terminal; `before` still has the words that tell a number by."""
    from helpers.display.masking import mask, masked_spans
    from helpers.display.visible import visible

    if found := {said[slice(*span)]: stand_in for said in (before, text) for span, stand_in in masked_spans(said)}:
        note(f"Note: {len(found):,} e-mail addresses or telephone numbers are masked. Mend: --out FILE keeps the text.")
        for address in sorted(found, key=len, reverse=True):
            text = text.replace(address, found[address])
        text = mask(text)

    if not can_show(text):
        note(f"Note: this terminal ({sys.stdout.encoding}) lacks some signs of the text. Mend: --out FILE keeps them.")
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)
    if not text.endswith("\n"):
        sys.stdout.write("\n")


def _changes(table: "pd.DataFrame") -> list[str]:
    count = f"{len(table):,} {'change' if len(table) == 1 else 'changes'}"
    rows = [
        (f"  {row.probability:.2f}", f"{_short(row.spun)} → {_short(row.original)}", _short(row.reason))
        for row in rows_of(table)
    ]
    return [f"{count}, those in quotations and names first:" if rows else f"{count}.", *columns(rows)]


@click.command()
@click.argument("file", type=PATH)
@click.argument("corpus", type=PATH)
@with_mapping
@click.option("--top", default=5, show_default=True, type=click.IntRange(min=1), help="Candidates at most.")
@click.option("--queries", is_flag=True, help="If none of these is it, print queries for a search engine.")
@without_model
def source(file: Path, corpus: Path, mapping: Path | None, top: int, queries: bool, without_model: bool) -> None:
    """Find the article in a corpus that a text was taken from.

    FILE is compared with all reference articles in the folder CORPUS. Where none is likely, that is the answer.

    \b
    Example:
      unspun source article.html corpus --queries
    """
    must_be_corpus(corpus)
    texts = articles_in(file)
    table = open_mapping(mapping)
    from helpers.corpus.articles import load_articles
    from helpers.sources.index import SourceIndex, describe

    references = load_articles(corpus)
    index = SourceIndex(references[references["role"] == "reference"])
    if not len(index):
        raise failure(corpus, "there is no reference in it.", f"unspun import FILE {corpus} --role reference")
    for article_id, text in texts["text"].items():
        found = index.find(text, top, table)
        say(f"{file}, {shown(article_id)}" if len(texts) > 1 else str(file), f"  {describe(found)}")
        for row in rows_of(found):
            title = shown(references.loc[row.article_id, "title"])
            say(f"  {row.score:.2f}  {row.article_id}{f' ({title})' if title else ''}, {row.share:.0%} of the text")
            say(f"        {_short(row.evidence)}" if row.evidence else "        no shared words to show")
        if queries and not found["likely"].any():
            _print_queries(text, table, without_model)
        say("")


def _print_queries(text: str, table: "MappingTable | None", without_model: bool) -> None:
    from helpers.display.masking import is_masked
    from helpers.sources.queries import search_queries

    made = map(shown, search_queries(text, table, language_model=may_ask_model(not without_model)))
    found = [query for query in made if not is_masked(query)]
    say("  Queries for a search engine:" if found else "  No query could be made: the text has nothing telling in it.")
    say(*(f"    {query}" for query in found))
