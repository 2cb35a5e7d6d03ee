"""Decisions of several people go in; where they disagree comes out, and how far they agree beyond chance.

Cohen's kappa (1960) and Krippendorff's alpha (1980) are NLTK's (`nltk.metrics.agreement`); the interval is a bootstrap
over the pairs of phrases that were judged.
"""

from itertools import combinations
from typing import cast

import numpy as np
import pandas as pd

from helpers.mapping.evidence import PAIR
from helpers.mapping.ledger import UNDONE, Decision, Ledger

RESAMPLES = 2000  # of the bootstrap; the interval's ends move by about 0.01 between seeds
SEED = 20250905
ROUNDING = 1e-9  # what differs by less is the same
RIGHT, WRONG = "right", "wrong"
VERDICT = {"approved": RIGHT, "edited": RIGHT, "rejected": WRONG}


def judgements(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return each person's own last word on each pair: `who`, `spun`, `original`, `status`, `verdict` (right, wrong).

    `decisions` as in `MappingTable.decisions`. Whoever typed an original holds that pair to be right; what somebody
    took back is no judgement of theirs, what somebody else took back still is.
    """
    rows = []
    for who, lines in decisions.groupby("who", sort=True):
        own = Ledger()
        own.feed([Decision(*line).line().strip().encode() for line in lines[list(Decision._fields)].to_numpy()])
        for pair in sorted(own.of_pair):
            kept = [line for line in own.standing(pair) if line.status != UNDONE]
            if kept:
                rows.append((who, *pair, kept[-1].status, VERDICT[kept[-1].status]))
    return pd.DataFrame(rows, columns=["who", *PAIR, "status", "verdict"], dtype=str)


def disagreements(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that people judge differently: `spun`, `original`, and a column with each person's status."""
    judged = judgements(decisions)
    split = judged.groupby(PAIR)["verdict"].transform("nunique") > 1
    return (
        judged[split]
        .pivot(index=PAIR, columns="who", values="status")
        .fillna("")
        .rename_axis(columns=None)
        .reset_index()
    )


def agreement(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return how far people agree: a row for Cohen's kappa of each two, and one for Krippendorff's alpha of all.

    Columns: `measure`, `between`, `pairs` (judged by both, or by two at least), `observed` (share judged alike),
    `value`, `low`, `high` (95% bootstrap interval over the pairs). 1 is perfect, 0 what chance gives. Where all give
    every pair the same verdict chance explains everything, and the value is not defined (NaN). An interval is NaN
    (not known) below ten pairs, and where no resample differs: one person gave everything the same verdict, or all
    agree in everything.
    """
    judged = judgements(decisions)
    wide = judged.assign(item=judged["spun"] + "\t" + judged["original"]).pivot(
        index="item", columns="who", values="verdict"
    )
    rows = []
    for one, other in combinations(wide.columns, 2):
        both = wide[[one, other]].dropna()
        if len(both):
            rows.append(("Cohen's kappa", f"{one}, {other}", *_measured(both, "kappa")))
    shared = wide[wide.notna().sum(axis=1) >= 2]
    if len(shared):
        rows.append(("Krippendorff's alpha", ", ".join(wide.columns), *_measured(shared, "alpha")))
    columns = ["measure", "between", "pairs", "observed", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _measured(wide: pd.DataFrame, measure: str) -> tuple[int, float, float, float, float]:
    right, wrong = ((wide == verdict).sum(axis=1).to_numpy() for verdict in (RIGHT, WRONG))
    observed = float(((right == 0) | (wrong == 0)).mean())
    value = _by_nltk(wide, measure)
    low = high = np.nan
    if len(wide) >= 10 and not np.isnan(value):
        weights = np.random.default_rng(SEED).multinomial(len(wide), [1 / len(wide)] * len(wide), size=RESAMPLES)
        values = _kappas(wide, weights) if measure == "kappa" else _alphas(right, wrong, weights)
        if np.nanmax(values) - np.nanmin(values) > ROUNDING:
            low, high = np.nanpercentile(values, [2.5, 97.5])
    return len(wide), observed, value, float(low), float(high)


def _by_nltk(wide: pd.DataFrame, measure: str) -> float:
    """The measure as NLTK computes it; NaN where all verdicts are the same."""
    from nltk.metrics.agreement import AnnotationTask  # here, after helpers.text has loaded NLTK without its parsers

    verdicts = cast("pd.Series", wide.stack())  # the columns have one level
    triples = verdicts.rename("verdict").reset_index()[["who", "item", "verdict"]].dropna()
    if triples["verdict"].nunique() < 2:
        return float("nan")
    task = AnnotationTask(data=list(triples.itertuples(index=False, name=None)))
    return float(getattr(task, measure)())


def _kappas(wide: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """Cohen's kappa in each resample (row of weights): NLTK's would take minutes."""
    first, second = (wide[who].eq(RIGHT).to_numpy() for who in wide.columns)
    size = weights.sum(axis=1)
    alike = weights @ (first == second) / size
    one, other = weights @ first / size, weights @ second / size
    chance = one * other + (1 - one) * (1 - other)
    return np.divide(alike - chance, 1 - chance, out=np.full(len(size), np.nan), where=chance < 1)


def _alphas(right: np.ndarray, wrong: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Krippendorff's alpha for two verdicts in each resample (row of weights)."""
    judged = right + wrong
    seen = 2 * right * wrong / (judged - 1)  # pairs of verdicts on an item that differ, over the verdicts besides one
    total, rights = weights @ judged, weights @ right
    expected = 2 * rights * (total - rights) / (total - 1)
    return np.divide(expected - weights @ seen, expected, out=np.full(len(total), np.nan), where=expected > 0)
