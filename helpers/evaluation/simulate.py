"""Reference articles and made-up sites go in; the pages those sites would publish come out, with the truth about them.

A site does what real ones do: its spinner swaps words, furniture goes above and below (itself spun), paragraphs
are dropped and moved, line breaks between short lines are lost. The same seeds give the same pages, so that
`python -m helpers.evaluation.simulate corpus` writes the simulated part of the corpus anew, byte for byte.
"""

import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.comparison.alignment.anchors import heaviest_chain
from helpers.corpus.articles import read_table, write_table
from helpers.corpus.terms import SIMULATED
from helpers.evaluation.spinner import Piece, Spinner, assemble
from helpers.files.atomic import write_file
from helpers.text.spans import Span, line_spans, tokens

OWN = "CC0-1.0"  # the licence by which the project's own references are known
PASSAGE_COLUMNS = ["op", "spun_start", "spun_end", "reference_start", "reference_end"]
LEAD = 2  # the title and the first paragraph always stay where they are
FEWEST_LINES = 6  # a shorter article is not cut further
LINES_A_MINUTE = 4


@dataclass(frozen=True)
class Site:
    """How a made-up site publishes: its furniture, and the shares of paragraphs it drops, moves and glues."""

    name: str
    dictionary: str = ""
    bylines: tuple[str, ...] = ("Staff",)
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    drop: float = 0.0
    move: float = 0.0
    glue: float = 0.0


class Block(NamedTuple):
    """A line of a page: equal (in its place), move or insert (furniture); the white space in front; its reference."""

    op: str
    joint: str
    pieces: list[Piece]
    line: Span | None


class Page(NamedTuple):
    """A page as published, its gold substitutions, and its passages: op (insert, delete, move), offsets of whole lines.

    An insert has no reference offsets and a delete no spun ones: they are -1.
    """

    text: str
    gold: pd.DataFrame
    passages: pd.DataFrame
    byline: str


def publish(reference: str, spinner: Spinner, site: Site) -> Page:
    """Return the page that a site makes of a reference text with its spinner."""
    rng = random.Random(f"{spinner.seed}\n{site.name}\n{reference}")
    lines = line_spans(reference)
    order = _new_order(lines, rng, site)
    moved = _moved(order, lines)
    byline = rng.choice(site.bylines)
    facts = {"{byline}": byline, "{minutes}": str(max(2, len(lines) // LINES_A_MINUTE))}
    blocks = [Block("equal", "", _spin_line(spinner, reference, lines[0]), lines[0])]
    blocks += [_furniture(spinner, line, facts) for line in site.top]
    for previous, number in zip([0, *order], order, strict=False):
        joint = reference[lines[number - 1][1] : lines[number][0]] if number == previous + 1 else "\n\n"
        joint = "" if joint == "\n" and rng.random() < site.glue else joint
        op = "move" if number in moved else "equal"
        blocks.append(Block(op, joint, _spin_line(spinner, reference, lines[number]), lines[number]))
    blocks += [_furniture(spinner, line, facts) for line in site.bottom]
    dropped = [lines[number] for number in sorted(set(range(1, len(lines))) - set(order))]
    text, gold = assemble(_join(blocks), reference)
    return Page(text, gold, _passages(blocks, dropped), byline)


def _new_order(lines: list[Span], rng: random.Random, site: Site) -> list[int]:
    """The numbers of the lines that are kept, the title apart, in the order in which the site prints them."""
    order = [number for number in range(1, len(lines)) if number < LEAD or rng.random() >= site.drop]
    for number in [number for number in order if number >= LEAD]:
        if rng.random() < site.move and len(order) >= FEWEST_LINES:
            order.remove(number)
            order.insert(rng.randrange(LEAD - 1, len(order) + 1), number)
    return order


def _moved(order: list[int], lines: list[Span]) -> set[int]:
    """The lines that left the order of the reference: the least text whose removal leaves the rest in order."""
    sizes = [lines[number][1] - lines[number][0] for number in order]
    kept = heaviest_chain(np.array(order, np.int64), np.array(sizes, np.int64))
    return set(np.array(order)[~kept].tolist())


def _spin_line(spinner: Spinner, reference: str, line: Span) -> list[Piece]:
    return [
        Piece(piece.spun, line[0] + piece.start, line[0] + piece.end, piece.changed)
        for piece in spinner.pieces(reference[line[0] : line[1]])
    ]


def _furniture(spinner: Spinner, line: str, facts: dict[str, str]) -> Block:
    """A line of site furniture; the dictionary is applied to it, but not to the names filled in."""
    parts = re.split("(" + "|".join(map(re.escape, facts)) + ")", line)
    text = "".join(facts.get(part) or spinner.spin(part)[0] for part in parts)
    return Block("insert", "\n\n", [Piece(text, -1, -1, False)], None)


def _join(blocks: list[Block]) -> list[Piece]:
    """The pieces of all lines in order; where a line break was lost, two words became one substitution."""
    pieces: list[Piece] = []
    for position, block in enumerate(blocks):
        if position and not block.joint:
            left, right = pieces.pop(), block.pieces[0]
            head, one = _cut(left, last=True)
            other, tail = _cut(right, last=False)
            pieces += [head, Piece(one.spun + other.spun, one.start, other.end, True), tail, *block.pieces[1:]]
        else:
            pieces += [Piece(block.joint, -1, -1, False), *block.pieces]
    return [piece for piece in [*pieces, Piece("\n", -1, -1, False)] if piece.spun]


def _cut(piece: Piece, last: bool) -> tuple[Piece, Piece]:
    """Cut a piece in front of its last word, or behind its first; a changed piece stays whole."""
    found = tokens(piece.spun)
    cut = found[-1].start if last else found[0].end
    if piece.changed:
        cut = 0 if last else len(piece.spun)
    middle = (piece.start if last else piece.end) if piece.changed else piece.start + cut
    return (
        Piece(piece.spun[:cut], piece.start, middle, piece.changed and not last),
        Piece(piece.spun[cut:], middle, piece.end, piece.changed and last),
    )


def _passages(blocks: list[Block], dropped: list[Span]) -> pd.DataFrame:
    rows, at = [], 0
    for block in blocks:
        start = at + len(block.joint)
        at = start + sum(len(piece.spun) for piece in block.pieces)
        if block.op != "equal":
            rows.append((block.op, start, at, *(block.line or (-1, -1))))
    rows += [("delete", -1, -1, *line) for line in dropped]
    return pd.DataFrame(rows, columns=PASSAGE_COLUMNS)


def read_sites(corpus: Path) -> list[tuple[Site, Spinner]]:
    """Read the made-up sites and their spinners from `simulated_sites.csv`; lists in it are separated by “|”."""
    sites = pd.read_csv(corpus / "simulated_sites.csv", keep_default_na=False)
    dictionaries = {
        name: pd.read_csv(corpus / "dictionaries" / f"{name}.csv", keep_default_na=False)
        for name in sites["dictionary"].unique()
    }
    return [
        (
            Site(
                name=row["site"],
                dictionary=row["dictionary"],
                bylines=tuple(row["bylines"].split("|")),
                top=tuple(row["top"].split("|")),
                bottom=tuple(row["bottom"].split("|")),
                drop=row["drop"],
                move=row["move"],
                glue=row["glue"],
            ),
            Spinner(dictionaries[row["dictionary"]], row["rate"], row["seed"]),
        )
        for row in sites.to_dict("records")
    ]


def simulate_corpus(corpus: Path) -> tuple[dict[str, str], list[dict]]:
    """Return the simulated part of a corpus: file name -> content, and the rows of `articles.csv` that name them."""
    references = [row for row in read_table(corpus) if row["role"] == "reference" and row["licence"] == OWN]
    files, rows = {}, []
    for site, spinner in read_sites(corpus):
        for reference in references:
            page = publish((corpus / reference["file"]).read_text(encoding="utf-8"), spinner, site)
            row = _row(site, spinner, reference, page)
            rows.append(row)
            files[row["file"]] = page.text
            files[f"gold/{row['article_id']}.gold.csv"] = page.gold.to_csv(index=False, lineterminator="\n")
            files[f"gold/{row['article_id']}.passages.csv"] = page.passages.to_csv(index=False, lineterminator="\n")
    return files, rows


def _row(site: Site, spinner: Spinner, reference: dict, page: Page) -> dict:
    """The row of `articles.csv` of a simulated page: published some hours after its reference."""
    article_id = f"{site.name.removesuffix('.example')}-{reference['article_id']}"
    title = page.text.split("\n", 1)[0]
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", title.lower())).strip("-")
    rng = random.Random(f"{spinner.seed}\n{article_id}")
    published = pd.Timestamp(reference["published"]) + pd.Timedelta(minutes=rng.randrange(90, 2 * 24 * 60))
    return {
        "article_id": article_id,
        "role": "spun",
        "site": site.name,
        "url": f"https://{site.name}/{slug}/",
        "title": title,
        "byline": page.byline,
        "published": published.isoformat(timespec="minutes"),
        "retrieved": reference["retrieved"],
        "reference_id": reference["article_id"],
        "licence": OWN,
        "provenance": SIMULATED,
        "note": f"Simulated: dictionary {site.dictionary}, rate {spinner.rate:.2f}, seed {spinner.seed}.",
        "file": f"spun/{article_id}.txt",
    }


def main(corpus: Path) -> None:
    """Write the simulated pages, their gold tables and their rows in `articles.csv`."""
    files, rows = simulate_corpus(corpus)
    kept = [row for row in read_table(corpus) if row.get("provenance") != SIMULATED]
    for name, content in files.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(corpus / name, content)
    write_table(corpus, kept + rows)
    print(f"{len(rows)} pages of {len({row['site'] for row in rows})} made-up sites written below {corpus}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "corpus"))
