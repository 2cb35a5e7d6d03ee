"""A corpus goes in; all its comparisons come out, made once: alignment, substitutions, paragraphs.

The alignment is the slow step, and every text helps to read every other. So it is made for the whole corpus at once
and kept, as numbers without any text, in a file that is named after everything it depends on: the texts and the
program. While neither changes it is read instead of made.
"""

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.comparison.alignment.align import align_pairs
from helpers.comparison.paragraphs import paragraphs
from helpers.comparison.substitutions import find_substitutions
from helpers.corpus.articles import load_articles
from helpers.corpus.pairs import pair_texts
from helpers.corpus.terms import OPS
from helpers.files.program import program_digest

OFFSETS = ["spun_start", "spun_end", "reference_start", "reference_end"]


@dataclass(frozen=True)
class Comparison:
    """A corpus and what comparing it gave; tables as in `find_substitutions`, `align_pairs` and `paragraphs`."""

    articles: pd.DataFrame
    pairs: pd.DataFrame
    alignment: pd.DataFrame
    substitutions: pd.DataFrame
    paragraphs: pd.DataFrame


def compare_corpus(
    corpus: str | Path | pd.DataFrame, kept: str | Path | None = None, progress: bool = False
) -> Comparison:
    """Return the comparison of a corpus: its folder, or its articles as `load_articles` gives them.

    With `kept`, a folder, the alignment is read from there or put there.

    Raises what `load_articles` raises. A kept file that is damaged is made
    anew.
    """
    articles = corpus if isinstance(corpus, pd.DataFrame) else load_articles(corpus)
    articles = articles.sort_index()  # the order of the rows of `articles.csv` says nothing
    pairs = pair_texts(articles)
    alignment = _kept_alignment(pairs, Path(kept), progress) if kept else align_pairs(pairs, progress=progress)
    found = find_substitutions(articles, alignment=alignment)
    return Comparison(articles, pairs, alignment, found, paragraphs(pairs, alignment, found))


def _kept_alignment(pairs: pd.DataFrame, folder: Path, progress: bool) -> pd.DataFrame:
    digest = hashlib.sha256(program_digest().encode())
    rows = pairs[["spun_id", "reference_id", "spun_text", "reference_text"]].itertuples(index=False, name=None)
    for row, apart in zip(rows, pairs["simulated"], strict=True):
        digest.update("\0".join([*row, str(apart)]).encode())
    path = folder / f"alignment-{digest.hexdigest()[:32]}.npz"
    alignment = read_alignment(path, pairs) if path.exists() else None
    if alignment is None:
        alignment = align_pairs(pairs, progress=progress)
        folder.mkdir(parents=True, exist_ok=True)
        write_alignment(alignment, path, pairs)
        for old in folder.glob("alignment-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    return alignment


def write_alignment(alignment: pd.DataFrame, path: Path, pairs: pd.DataFrame) -> None:
    """Write an alignment of `pairs` without its texts: numbers and offsets only, so that no address gets out."""
    numbers = {key: number for number, key in enumerate(zip(pairs["spun_id"], pairs["reference_id"], strict=True))}
    keys = zip(alignment["spun_id"], alignment["reference_id"], strict=True)
    draft = path.with_suffix(".draft.npz")
    np.savez_compressed(
        draft,
        pair=np.array([numbers[key] for key in keys], dtype=np.int32),
        op=alignment["op"].map({op: number for number, op in enumerate(OPS)}).to_numpy(np.int8),
        move=alignment["move"].fillna(-1).to_numpy(np.int32),
        confidence=alignment["confidence"].to_numpy(np.float64),
        spun_start=alignment["spun_start"].to_numpy(np.int32),
        spun_end=alignment["spun_end"].to_numpy(np.int32),
        reference_start=alignment["reference_start"].to_numpy(np.int32),
        reference_end=alignment["reference_end"].to_numpy(np.int32),
    )
    draft.replace(path)


def read_alignment(path: Path, pairs: pd.DataFrame) -> pd.DataFrame | None:
    """Return the alignment that `write_alignment` wrote, its texts cut out of those of `pairs`; None if damaged."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            columns = {name: stored[name] for name in ["pair", "op", "move", "confidence", *OFFSETS]}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    texts = {side: pairs[f"{side}_text"].tolist() for side in ("spun", "reference")}
    sides = {
        side: [
            texts[side][pair][start:end]
            for pair, start, end in zip(
                columns["pair"].tolist(),
                columns[f"{side}_start"].tolist(),
                columns[f"{side}_end"].tolist(),
                strict=True,
            )
        ]
        for side in texts
    }
    return pd.DataFrame(
        {
            "spun_id": pairs["spun_id"].to_numpy()[columns["pair"]],
            "reference_id": pairs["reference_id"].to_numpy()[columns["pair"]],
            "op": np.array(OPS, dtype=object)[columns["op"]],
            **{name: columns[name].astype(np.int64) for name in OFFSETS},
            **sides,
            "move": pd.array(columns["move"], dtype="Int64"),
            "confidence": columns["confidence"],
        }
    ).assign(move=lambda table: table["move"].mask(table["move"] < 0))
