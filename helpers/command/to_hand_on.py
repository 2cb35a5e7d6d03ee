"""A corpus and a site go in; what an editor hands on comes out: evidence for a lawyer, drafts of letters."""

from pathlib import Path

import click

from helpers.command.reading import must_be_corpus
from helpers.command.terminal import say, writing

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("corpus", type=PATH)
@click.argument("site")
@click.argument("into", type=PATH)
@click.option("--finding", "findings", multiple=True, metavar="ID", help="Only this finding; may be said again.")
@click.option("--with-pages", is_flag=True, help="Add the stored files, unmasked: they hold personal data.")
def evidence(corpus: Path, site: str, into: Path, findings: tuple[str, ...], with_pages: bool) -> None:
    """Write a folder of evidence on a site for a lawyer.

    In the new folder INTO lie, of each finding, both passages as a picture, a page and text with their offsets; the
    texts, the SHA-256 of every file, who confirmed what, and a README that says how all of it can be checked. Without
    --finding all altered quotations, names, figures and dates are there. E-mail addresses and telephone numbers are
    masked. Nothing is overwritten: INTO must not be there, or be empty.

    \b
    Example:
      unspun evidence corpus site.example evidence
      unspun evidence corpus site.example one --finding f-7kq2m5xd
    """
    must_be_corpus(corpus)
    from helpers.report.evidence_folder import evidence as make

    with writing(into):
        folder = make(site, corpus, into, list(findings), with_pages)
    count = len([*(folder / "exhibits").glob("*.txt")])
    say(f"{count:,} {'finding' if count == 1 else 'findings'} in {folder}; begin with README.txt.")


@click.command()
@click.argument("corpus", type=PATH)
@click.argument("site")
@click.argument("into", type=PATH)
def letters(corpus: Path, site: str, into: Path) -> None:
    """Write drafts of letters on a site, filled from the tables.

    In the new folder INTO lie a question to the site, a notice to each publisher and, where a person has confirmed
    findings, a correction request to the host: plain text, marked DRAFT, with [brackets] for what only you know. They
    are no legal advice. Nothing is overwritten: INTO must not be there, or be empty.

    \b
    Example:
      unspun letters corpus site.example letters
    """
    must_be_corpus(corpus)
    from helpers.report.letter_drafts import letters as make

    with writing(into):
        folder = make(site, corpus, into)
    say(*(str(path) for path in sorted(folder.iterdir())))
