"""What is measured stands on a page for readers: where the pages are, and how a part of one is written anew."""

import os
from pathlib import Path

import pandas as pd

from helpers.files.atomic import write_file

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"  # one sentence and one picture
PAGE = ROOT / "docs" / "benchmarks.md"  # all tables
RESULTS = ROOT / "benchmarks" / "results"


def shown_from(page: Path, picture: str, alt: str) -> str:
    """Return the Markdown that shows a picture of the results on a page, wherever the page is."""
    way = Path(os.path.relpath(RESULTS / picture, page.parent)).as_posix()
    return f"![{alt}]({way})"


def write_results(name: str, table: pd.DataFrame) -> None:
    """Write a table of results, five digits a number."""
    write_file(RESULTS / f"{name}.csv", table.to_csv(index=False, float_format="%.5g", lineterminator="\n"))


def write_between(path: Path, marker: str, content: str) -> None:
    """Replace what stands between `<!-- MARKER -->` and `<!-- /MARKER -->` in a file."""
    before, opening, rest = path.read_text(encoding="utf-8").partition(f"<!-- {marker} -->\n")
    _, closing, after = rest.partition(f"<!-- /{marker} -->\n")
    if not closing:
        raise ValueError(
            f"{path}: the marks <!-- {marker} --> and <!-- /{marker} --> are missing. Mend: put them back."
        )
    path.write_text(before + opening + content + "\n" + closing + after, encoding="utf-8", newline="\n")
