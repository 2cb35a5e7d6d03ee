"""Two files go in; a page with both texts side by side, a table of substitutions and a summary come out."""

import re
from pathlib import Path

import click

from helpers.command.reading import one_article
from helpers.command.terminal import note, say

NOT_IN_NAMES = re.compile(r"[^\w.-]+")
PATH = click.Path(path_type=Path)


@click.command()
@click.argument("spun", type=PATH)
@click.argument("reference", type=PATH)
@click.option("--out", type=PATH, help="Folder for the page and the table.  [default: compare-SPUN]")
@click.option("--article", default="", metavar="N|ID", help="Which article of SPUN, if the file holds several.")
@click.option("--reference-article", default="", metavar="N|ID", help="Which article of REFERENCE, likewise.")
@click.option("--force", is_flag=True, help="Replace files in that folder even if they are not this comparison's.")
def compare(spun: Path, reference: Path, out: Path | None, article: str, reference_article: str, force: bool) -> None:
    """Compare two texts, word for word.

    SPUN is the text that may have been changed, REFERENCE the one it may come from: text, a saved web page, a table,
    a web archive and more (.txt, .html, .mhtml, .csv, .jsonl, .xlsx, .warc), but no PDF and no .docx. In the folder
    lie afterwards index.html, both texts side by side with every substitution marked, and substitutions.csv, a row
    for each. A summary is printed. E-mail addresses and telephone numbers are masked in all of them.

    \b
    Example:
      unspun compare spun.txt source.html --out kim-and-source
    """
    one = one_article(spun, article, "--article")
    other = one_article(reference, reference_article, "--reference-article")
    from helpers.command.compare_files import may_write, write
    from helpers.command.compare_texts import Source, compare_articles, summary_lines

    folder = out or Path(f"compare-{NOT_IN_NAMES.sub('-', spun.stem).strip('-.') or 'text'}")
    sources = Source.of(spun, one), Source.of(reference, other)
    may_write(folder, sources, force)
    _note_of_compilation()
    compared = compare_articles(one, other, sources)
    page, table = write(compared, folder, force)
    say(*summary_lines(compared), "", f"Page:  {page}", f"Table: {table}")


def _note_of_compilation() -> None:
    from helpers.text.compiled import is_compiled

    if not is_compiled():
        note("Compiling the comparison, once after each installation or update: about half a minute.")
