"""`make bench`: measure Unspun and its peers on the corpus in one run, and write the table the README shows.

Speed is given as a ratio to difflib cut word for word, in the same run on the same machine; absolute times say
more about the machine than about the program.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.peers import PEERS
from helpers.corpus import load_articles
from helpers.evaluate import gold_tables, score_substitutions, score_table
from helpers.substitutions import find_substitutions, pair_texts

ROOT = Path(__file__).parents[1]
CORPUS, README = ROOT / "corpus", ROOT / "README.md"
REAL = "kim-xi"
BASE = "difflib, word for word"
ROUNDS = 3  # the fastest counts: the others were disturbed


def by_peer(pairs: pd.DataFrame, compare: Callable) -> pd.DataFrame:
    """Run a peer over all pairs; return its substitutions."""
    rows = [(pair.spun_id, *row) for pair in pairs.itertuples() for row in compare(pair.spun_text, pair.reference_text)]
    return pd.DataFrame(rows, columns=["spun_id", "spun_start", "spun_end", "original"])


def one_by_one(articles: pd.DataFrame) -> pd.DataFrame:
    """Run Unspun on each pair alone, so that nothing is learnt from another article."""
    pairs = [[pair.spun_id, pair.reference_id] for pair in pair_texts(articles).itertuples()]
    return pd.concat([find_substitutions(articles.loc[pair]) for pair in pairs], ignore_index=True)


def measure(run: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, float]:
    """Return what a run finds and the seconds of the fastest of some rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - start)
    return found, min(seconds)


def main() -> None:
    """Print the table and put it into the README."""
    articles, gold = load_articles(CORPUS), gold_tables(CORPUS)
    pairs = pair_texts(articles)
    runs = {
        "Unspun, whole corpus": lambda: find_substitutions(articles),
        "Unspun, each pair alone": lambda: one_by_one(articles),
    }
    runs |= {name: lambda compare=compare: by_peer(pairs, compare) for name, compare in PEERS.items()}
    measured = {name: measure(run) for name, run in runs.items()}
    rows = []
    for name, (found, seconds) in measured.items():
        scores = score_substitutions(found, gold)
        # The pages of one reference are no independent witnesses: resample references.
        by_reference = scores.drop(REAL).groupby(articles["reference_id"])[["hits", "found", "gold"]].sum()
        simulated = score_table(by_reference).iloc[0]
        rows.append((name, f"{scores.loc[REAL, 'f1']:.3f}", simulated["f1"], f"{measured[BASE][1] / seconds:.2f}"))
    known = {name: int(table["certain"].sum()) for name, table in gold.items()}
    simulated = pairs[pairs["spun_id"] != REAL]
    table = [
        "| method | F1, real article | F1, simulated pages (95% interval) | speed, difflib = 1 |",
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        f"Real article: {known[REAL]} substitutions marked by hand. Simulated pages: "
        f"{sum(known[spun_id] for spun_id in simulated['spun_id']):,} substitutions in {len(simulated)} pages of "
        f"{simulated['reference_id'].nunique()} references; "
        "the interval is a bootstrap over references. A speed of 0.1 means ten times as long.",
    ]
    print("\n".join(table))
    write_between(README, "bench", "\n".join(table))


def write_between(path: Path, marker: str, content: str) -> None:
    """Replace what stands between `<!-- MARKER -->` and `<!-- /MARKER -->` in a file."""
    before, opening, rest = path.read_text(encoding="utf-8").partition(f"<!-- {marker} -->\n")
    _, closing, after = rest.partition(f"<!-- /{marker} -->\n")
    if not closing:
        raise ValueError(
            f"{path}: the marks <!-- {marker} --> and <!-- /{marker} --> are missing. Mend: put them back."
        )
    path.write_text(before + opening + content + "\n" + closing + after, encoding="utf-8")


if __name__ == "__main__":
    main()
