"""`python -m benchmarks.train_confidence`: what a confidence is worth, learnt: `confidence.json`.

An alignment says how sure each row is against every other reading of the place. That is not yet how often such rows are
right: a place where a clause was written anew has a best reading too. So the train half of the project's own sources is
spun at several rates, sentences and clauses of some pages are replaced by those of other articles (whatever is found
there is wrong), and a logistic regression learns how often a row with that certainty, that many words and that much
kept text around it is right. The test half and the real article are only looked at: `--show` prints their calibration.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.testsets import references, split, spun_set
from helpers.align import align_pairs
from helpers.comparison.confidence import FEATURES, FILE, confidences, features
from helpers.comparison.found_places import places_of
from helpers.comparison.rewritten import with_orders
from helpers.comparison.runs import read_runs, runs_by_pair
from helpers.evaluation.scores import read_gold
from helpers.text.spans import fold, sentence_spans

CORPUS = Path(__file__).parents[1] / "corpus"
PATH = Path(str(FILE))
PAGE = Path(__file__).parents[1] / "docs" / "findings.md"
MARK = "<!-- written by python -m benchmarks.train_confidence --show -->"
RATES = {0.1: 3000, 0.3: 3100, 0.8: 3200, 1.0: 3300}  # rate: seed
REPLACED = 0.25  # of the sentences of a page, whole or from their middle on
BANDS = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0]


def rewrite(text: str, gold: pd.DataFrame, others: list[str], rng: np.random.Generator) -> tuple[str, pd.DataFrame]:
    """Put words of other articles in the place of some sentences; the gold rows that are left come with it."""
    rows = gold[["spun_start", "spun_end", "original"]].copy()
    for start, end in reversed(sentence_spans(text)):
        if rng.random() >= REPLACED:
            continue
        other = others[rng.integers(len(others))]
        if rng.random() < 0.5:  # its second half alone
            start = text.find(" ", (start + end) // 2, end) + 1 or start
            other = other[other.find(" ", len(other) // 2) + 1 :]
        text = text[:start] + other + text[end:]
        rows = rows[(rows["spun_end"] <= start) | (rows["spun_start"] >= end)]
        later = rows["spun_start"] >= end
        rows.loc[later, ["spun_start", "spun_end"]] += len(other) - (end - start)
    return text, rows


def judged(sources: pd.Series, rewritten: bool, seed: int) -> pd.DataFrame:
    """Return every row found on pages made from some sources, with what is seen of it and whether it is `right`."""
    rng = np.random.default_rng(seed)
    sentences = [text[start:end] for text in sources for start, end in sentence_spans(text)]
    tables = []
    for rate, first in RATES.items():
        pairs, gold = spun_set(CORPUS, sources, rate, seed=first + seed)[:2]
        for spun_id, _, spun, reference in pairs.itertuples(index=False, name=None):
            truth = gold[spun_id]
            if rewritten:
                spun, truth = rewrite(spun, truth, sentences, rng)
            tables.append(compared(spun, reference, truth).assign(page=spun_id))
    return pd.concat(tables, ignore_index=True)


def compared(spun: str, reference: str, gold: pd.DataFrame) -> pd.DataFrame:
    """Return the rows found between two texts: FEATURES, `confidence`, `right` (gold has that place and original)."""
    known = {(row.spun_start, row.spun_end, fold(row.original)) for row in gold.itertuples()}
    alignment = align_pairs([("", "", spun, reference)])
    read = read_runs(runs_by_pair(alignment)["", ""], spun, reference)
    places = with_orders(places_of(read), read)
    table = pd.DataFrame(features(places, read), columns=FEATURES)
    sure = confidences(places, read)
    right = [(start, end, fold(reference[begin:stop])) in known for start, end, begin, stop in places.offsets.tolist()]
    return table.assign(confidence=sure, right=right)


def calibration(rows: pd.DataFrame) -> pd.DataFrame:
    """Return by bands of confidence: how many rows, how sure on average, how many right."""
    bands = pd.cut(rows["confidence"], BANDS, include_lowest=True)
    return rows.groupby(bands, observed=True).agg(
        rows=("right", "size"), confidence=("confidence", "mean"), right=("right", "mean")
    )


def main(show: bool) -> None:
    """Learn and write the weights, or show how the test half and the real article come out."""
    train, test = split(references(CORPUS))
    if not show:
        rows = pd.concat([judged(train, False, 0), judged(train, True, 1)])
        model = LogisticRegression(C=1.0, max_iter=1000).fit(rows[FEATURES].to_numpy(), rows["right"])
        learnt = dict(zip(FEATURES, model.coef_[0].round(4).tolist(), strict=True))
        PATH.write_text(
            json.dumps({"intercept": round(float(model.intercept_[0]), 4), **learnt}, indent=1) + "\n", encoding="utf-8"
        )
        print(PATH.read_text(encoding="utf-8"), f"{len(rows):,} rows, {rows['right'].mean():.1%} right")
        return
    rows = pd.concat([judged(test, False, 50), judged(test, True, 51)])
    gold = read_gold(CORPUS / "gold" / "kim-xi.gold.csv")
    texts = [(CORPUS / folder / name).read_text(encoding="utf-8") for folder, name in
             (("spun", "kim-xi.txt"), ("reference", "kim-xi-reference.txt"))]  # fmt: skip
    written = as_page(calibration(rows), calibration(compared(*texts, gold)), len(test))
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page[: page.index(MARK) + len(MARK)] + written, encoding="utf-8")
    print(written)


def as_page(test: pd.DataFrame, real: pd.DataFrame, sources: int) -> str:
    """Return the calibration as the last lines of `docs/findings.md`."""
    both = test.join(real.add_suffix("_real"), how="outer").fillna({"rows_real": 0})
    lines = [
        f"| {max(band.left, 0):g} to {band.right:g} | {row.rows:,.0f} | {row.right:.0%} | {row.rows_real:,.0f} "
        f"| {'' if pd.isna(row.right_real) else f'{row.right_real:.0%}'} |"
        for band, row in both.iterrows()
    ]
    head = f"\n| confidence | rows on pages from {sources} test articles | right | rows on the real article | right |\n"
    return head + "|---|---|---|---|---|\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main("--show" in sys.argv)
