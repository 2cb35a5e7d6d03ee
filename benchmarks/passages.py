"""The held-out articles go in, their lines moved, dropped, added and glued; how well that is found comes out.

`python -m benchmarks.passages` prints the table and writes it to benchmarks/results/passages.csv; `make bench` puts it
onto `docs/benchmarks.md`.
"""

from pathlib import Path

import pandas as pd

from benchmarks.accuracy import CORPUS
from benchmarks.testsets import SHUFFLED, held_out, spun_set
from helpers.align import align_pairs
from helpers.corpus import load_articles, pair_texts
from helpers.evaluation.passage_scores import passage_tables, score_passages
from helpers.findings import paragraphs
from helpers.substitutions import find_substitutions

RESULTS = Path(__file__).parent / "results" / "passages.csv"
RATES = (0.3, 0.7)


def measure_passages() -> pd.DataFrame:
    """Return the scores of passages: one row a set and kind, intervals over source articles."""
    articles = load_articles(CORPUS)
    pairs = pair_texts(articles)
    alignment = align_pairs(pairs)
    found = paragraphs(pairs, alignment, find_substitutions(articles, alignment=alignment))
    sources = pairs.set_index("spun_id")["reference_id"]
    tables = {"shipped corpus": score_passages(found, passage_tables(CORPUS), sources)}
    for rate in RATES:
        pairs, _, gold = spun_set(CORPUS, held_out(), rate, SHUFFLED)
        nothing = pd.DataFrame(columns=["spun_id", "reference_id", "spun_start", "spun_end"])
        found = paragraphs(pairs, align_pairs(pairs), nothing)  # the counts of changed words are not looked at
        sources = pairs.set_index("spun_id")["reference_id"]
        tables[f"held-out articles, rate {rate}"] = score_passages(found, gold, sources)
    return pd.concat(tables, names=["set", "passages"]).reset_index()


if __name__ == "__main__":
    table = measure_passages()
    table.to_csv(RESULTS, index=False, float_format="%.5g", lineterminator="\n")
    print(table.round(3).to_string(index=False))
