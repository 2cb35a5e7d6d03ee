"""Sentence pairs whose words people linked go in; how well our links agree with theirs comes out, beside difflib's.

`python -m benchmarks.people` prints the table and writes it to benchmarks/results/people.csv, where the public word
alignments lie beside the project (`../shared/dev/multimwa`); they are not part of it, since no licence is stated.
`make bench` puts it onto `docs/benchmarks.md`.
"""

import sys
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from benchmarks.pages import write_results
from helpers.align import align_pairs
from helpers.evaluation.word_alignments import score_people
from helpers.text.spans import Token, tokens

SETS = Path(__file__).parents[2] / "shared" / "dev" / "multimwa"
COLUMNS = ["op", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference", "move"]


def difflib_alignment(pairs: pd.DataFrame) -> pd.DataFrame:
    """Align pairs as difflib does, in the form of `align_pairs`: blocks of equal length are cut into single words."""
    parts = []
    for pair in pairs.itertuples():
        sides = tokens(pair.spun_text), tokens(pair.reference_text)
        matcher = SequenceMatcher(None, *([token.fold for token in side] for side in sides), autojunk=False)
        rows = [
            row for code in matcher.get_opcodes() for row in _rows(pair.spun_text, pair.reference_text, sides, code)
        ]
        parts.append(pd.DataFrame(rows, columns=COLUMNS).assign(spun_id=pair.spun_id, reference_id=pair.reference_id))
    return pd.concat(parts, ignore_index=True).astype({"move": "Int64"})


def _rows(spun: str, reference: str, sides: tuple[list[Token], list[Token]], code: tuple) -> list[tuple]:
    """The rows of one block of difflib's that links words; words of one text alone link nothing."""
    tag, i, to_i, j, to_j = code
    if tag in ("insert", "delete"):
        return []
    alike = to_i - i == to_j - j
    steps = [(i + k, i + k + 1, j + k, j + k + 1) for k in range(to_i - i)] if alike else [(i, to_i, j, to_j)]
    op = "equal" if tag == "equal" else "substitute"
    return [
        (op, *(spans := (sides[0][a].start, sides[0][b - 1].end, sides[1][c].start, sides[1][d - 1].end)),
         spun[spans[0] : spans[1]], reference[spans[2] : spans[3]], None)
        for a, b, c, d in steps
    ]  # fmt: skip


def measure_people() -> pd.DataFrame:
    """Return a row for each set, method and kind of link (identical, differing, all), with intervals over sentences."""
    scores = {
        (path.stem, name): score_people(path, align=align)
        for path in sorted(SETS.glob("*.tsv"))
        for name, align in (("Unspun", align_pairs), ("difflib", difflib_alignment))
    }
    return pd.concat(scores, names=["set", "method", "links"]).reset_index()


if __name__ == "__main__":
    if not SETS.is_dir():
        sys.exit(f"{SETS}: no such folder. Mend: put the word alignments of MultiMWA there.")
    table = measure_people()
    write_results("people", table)
    print(table.round(3).to_string(index=False))
