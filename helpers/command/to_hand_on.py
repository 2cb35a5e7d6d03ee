"""A corpus and a site go in; what an editor hands on comes out: evidence for a lawyer, pictures, drafts of letters.

And a folder of evidence goes in; whether everything in it is as it was made comes out.
"""

from pathlib import Path

import click

from helpers.command.reading import must_be_corpus, must_be_there
from helpers.command.terminal import FailureError, rows_of, say, writing

PATH = click.Path(path_type=Path)
ARCHIVES = click.option(
    "--archive", "archives", multiple=True, type=PATH, metavar="FILE",
    help="A web archive with the pages' style sheets and pictures; may be said again.",
)  # fmt: skip


@click.command()
@click.argument("corpus", type=PATH)
@click.argument("site")
@click.argument("into", type=PATH)
@click.option("--finding", "findings", multiple=True, metavar="ID", help="Only this finding; may be said again.")
@click.option("--with-pages", is_flag=True, help="Add the stored files, unmasked: they hold personal data.")
@click.option("--captures/--no-captures", default=True, help="Draw the stored pages too (the default), or do not.")
@ARCHIVES
def evidence(
    corpus: Path, site: str, into: Path, findings: tuple[str, ...], with_pages: bool, captures: bool,
    archives: tuple[Path, ...],
) -> None:  # fmt: skip
    """Write a folder of evidence on a site for a lawyer.

    In the new folder INTO lie, of each finding, both passages as a picture, a page and text with their offsets; the
    texts, the stored pages drawn with the changes marked, the SHA-256 of every file, who confirmed what, and a README
    that says how all of it can be checked. Without --finding all altered quotations, names, figures and dates are
    there. E-mail addresses and telephone numbers are masked. Nothing is overwritten: INTO must not be there, or be
    empty.

    \b
    Example:
      unspun evidence corpus site.example evidence
      unspun evidence corpus site.example one --finding f-7kq2m5xd
    """
    must_be_corpus(corpus)
    for archive in archives:
        must_be_there(archive)
    from helpers.report.evidence_folder import evidence as make

    with writing(into):
        folder = make(site, corpus, into, list(findings), with_pages, captures, archives)
    count = len([*(folder / "exhibits").glob("*.txt")])
    say(f"{count:,} {'finding' if count == 1 else 'findings'} in {folder}; begin with README.txt.")


@click.command()
@click.argument("corpus", type=PATH)
@click.argument("article")
@click.argument("folder", type=PATH)
@ARCHIVES
def capture(corpus: Path, article: str, folder: Path, archives: tuple[Path, ...]) -> None:
    """Draw the stored page of an article, its altered passages marked, and its source beside it.

    In the new FOLDER lie pictures (PNG), the texts, a README and a list of everything with its SHA-256, which `unspun
    verify` checks. Chromium draws the page from the stored file (a web archive, a saved page) without network and
    without scripts; where no page is stored the text is drawn, and the picture says so. E-mail addresses and telephone
    numbers are black. Nothing is overwritten: FOLDER must not be there, or be empty.

    \b
    Example:
      unspun capture corpus kim-xi pictures
    """
    must_be_corpus(corpus)
    for archive in archives:
        must_be_there(archive)
    from helpers.report.captures import capture as make

    with writing(folder):
        made = make(article, corpus, folder, archives)
    count = len([*(made / "captures").glob("*.png")])
    say(f"{count:,} {'picture' if count == 1 else 'pictures'} in {made}; begin with README.txt.")


@click.command()
@click.argument("folder", type=PATH)
def verify(folder: Path) -> None:
    """Check that nothing in a folder of evidence or captures was changed since it was made.

    Every file is compared with its SHA-256, every wording with the text at its offsets. What is changed, missing, or
    there without being listed is named. Nothing outside of FOLDER is read. Exit status: 0 if everything is as stated,
    1 if anything is not, or cannot be checked.

    \b
    Example:
      unspun verify evidence
    """
    must_be_there(folder)
    from helpers.report.verification import GOOD
    from helpers.report.verification import verify as check

    table = check(folder)
    wrong = table[table["status"] != GOOD]
    files, wordings = ((table["kind"] == kind).sum() for kind in ("file", "wording"))
    if len(wrong):
        lines = [f"{folder}: {row.name}: {row.status}: {row.said}." for row in rows_of(wrong)]
        what = f"{len(wrong):,} of {len(table):,} checks failed."
        raise FailureError("\n".join([f"{folder}: {what} Mend: ask whoever gave you the folder for it anew.", *lines]))
    say(f"{folder}: {files:,} files and {wordings:,} wordings are as stated.")
    say(f"SHA-256 of SHA256SUMS, which stands for all of them: {table.attrs['seal']}")


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
