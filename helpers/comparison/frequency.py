"""Substitutions and articles go in; how often each pair was made comes out, with chances, rates and their intervals."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from statistics import NormalDist

import pandas as pd

from helpers.comparison.kinds import of_a_dictionary
from helpers.corpus.pairs import pair_texts
from helpers.text.spans import fold, phrase_folds, tokens

MEASURES = ["chances", "rate", "rate_low", "rate_high", "g2"]  # of a pair of phrases, in the table of frequencies
Z = NormalDist().inv_cdf(0.975)  # of a 95 % interval


def substitution_frequency(
    substitutions: pd.DataFrame, articles: pd.DataFrame | None = None, alignment: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how often each original was replaced by each spun phrase, most frequent first.

    Columns: `original`, `spun` (both folded), `count`, `articles` (spun ones), `sites`, `chances` (times the
    original stood in the references of the compared pairs), `rate` (count / chances), `rate_low` and `rate_high`
    (Wilson's 95% interval), `g2` (Dunning's log-likelihood ratio, as NLTK computes it: how far the pair exceeds
    what chance would pair up). Without `articles` the texts are not known and the last five are missing. With
    the `alignment`, passages that the spun text dropped do not count as chances. What was only put in another order,
    or written anew, is not counted (see `of_a_dictionary`).
    """
    substitutions = of_a_dictionary(substitutions)
    counted = (
        substitutions.assign(original=substitutions["original"].map(fold), spun=substitutions["spun"].map(fold))
        .groupby(["original", "spun"], as_index=False)
        .agg(count=("spun_id", "size"), articles=("spun_id", "nunique"), sites=("site", "nunique"))
    )
    if articles is None:
        counted[MEASURES] = float("nan")
    else:
        counted[MEASURES] = _measures(counted, substitutions, articles, alignment)
    return counted.sort_values(["count", "g2", "original", "spun"], ascending=[False, False, True, True]).reset_index(
        drop=True
    )


def as_written(frequency: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the frequencies with each folded phrase as it was mostly written (“Chinese language”), to be read."""
    sides = {
        side: substitutions.groupby(substitutions[side].map(fold))[side].agg(lambda written: written.mode().iloc[-1])
        for side in ("original", "spun")
    }
    return frequency.assign(**{side: frequency[side].map(written).astype(str) for side, written in sides.items()})


def _measures(
    counted: pd.DataFrame, substitutions: pd.DataFrame, articles: pd.DataFrame, alignment: pd.DataFrame | None
) -> pd.DataFrame:
    pairs = pair_texts(articles)
    pairs = pairs[pairs["spun_id"].isin(substitutions["spun_id"])]
    references = pairs["reference_text"] if alignment is None else kept_reference_texts(alignment, pairs)
    longest = longest_phrase([*counted["original"], *counted["spun"]])
    stood = phrase_counts(references, set(counted["original"]), longest)
    written = phrase_counts(pairs["spun_text"], set(counted["spun"]), longest)
    return measures_of(counted, stood, written, sum(len(tokens(text)) for text in references))


def longest_phrase(phrases: Iterable[str]) -> int:
    """Return how many tokens a phrase may have to be counted, where these are the phrases looked for."""
    return max((len(phrase.split()) for phrase in phrases), default=1) + 2


def measures_of(counted: pd.DataFrame, stood: Mapping, written: Mapping, size: int) -> pd.DataFrame:
    """Return `chances`, `rate`, `rate_low`, `rate_high`, `g2` for the rows of a table of counts.

    `counted` has the columns `original`, `spun`, `count`; `stood` says how often each original stood in the references,
    `written` how often each spun phrase stands in the spun texts, and `size` how many tokens the references have.
    """
    rows = []
    for original, spun, count in counted[["original", "spun", "count"]].itertuples(index=False, name=None):
        chances = max(stood[original], count)
        low, high = wilson_interval(count, chances)
        g2 = _g2(count, chances, max(written[spun], count), max(size, chances + written[spun] + count))
        rows.append((chances, count / chances, low, high, g2))
    return pd.DataFrame(rows, columns=MEASURES, index=counted.index)


def kept_reference_texts(alignment: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Return the reference texts with the passages left out that the spun text dropped (moved ones stand in place)."""
    kept = alignment[(alignment["op"] != "delete") & alignment["spun_id"].isin(pairs["spun_id"])]
    return kept.groupby(["spun_id", "reference_id"], sort=False)["reference"].agg("".join)


def phrase_counts(texts: Iterable[str], phrases: set[str], longest: int) -> Counter:
    """Return how often each folded phrase of up to `longest` tokens stands in the texts."""
    return folded_counts(texts, {phrase_folds(phrase): phrase for phrase in phrases}, longest)


def folded_counts(texts: Iterable[str], wanted: Mapping[tuple[str, ...], str], longest: int) -> Counter:
    """Return what `phrase_counts` does, from phrases that are known by their folded tokens."""
    lengths = sorted({len(key) for key in wanted if len(key) <= longest + 3})
    counts: Counter = Counter()
    for text in texts:
        folds = [token.fold for token in tokens(text)]
        for length in lengths:
            for key in zip(*(folds[start:] for start in range(length)), strict=False):
                if key in wanted:
                    counts[wanted[key]] += 1
    return counts


def wilson_interval(count: int, chances: int) -> tuple[float, float]:
    """Return Wilson's 95% interval for a share (Wilson 1927).

    A few lines of arithmetic, since SciPy's statistics, which have it too, take half a second of every process that
    counts; a test holds them together.

    >>> [round(bound, 2) for bound in wilson_interval(9, 9)]
    [0.7, 1.0]
    """
    share, spread = count / chances, Z * Z / chances
    half = Z * math.sqrt((share * (1 - share) + spread / 4) / chances)
    low, high = (share + spread / 2 - half) / (1 + spread), (share + spread / 2 + half) / (1 + spread)
    return (low if count else 0.0), (high if count < chances else 1.0)


def _g2(count: int, chances: int, written: int, size: int) -> float:
    from nltk.metrics.association import BigramAssocMeasures

    return float(BigramAssocMeasures.likelihood_ratio(count, (chances, written), size))
