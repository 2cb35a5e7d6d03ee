"""Substitutions and reference texts go in; what speaks for and against each row of the mapping table comes out."""

from collections.abc import Iterable

import pandas as pd

from helpers.comparison.frequency import phrase_counts
from helpers.comparison.kinds import of_a_dictionary
from helpers.text.spans import fold

PAIR = ["spun", "original"]
COLUMNS = [
    *PAIR, "seen", "words", "sources", "confidence", "kind", "in_quote", "in_name", "on", "clean", "rivals",
    "replacements",
]  # fmt: skip
UNSURE = 0.5  # below it an alignment had a second reading that was nearly as good


def folded(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the substitutions with `spun` and `original` as they are compared."""
    forms = {phrase: fold(phrase) for side in PAIR for phrase in substitutions[side].unique()}
    return substitutions.assign(**{side: substitutions[side].map(forms) for side in PAIR})


def words_in(phrase: str) -> int:
    """Return how many words a phrase has, as white space parts them.

    >>> words_in("for the reason that"), words_in("don’t")
    (4, 1)
    """
    return len(phrase.split())


def evidence(substitutions: pd.DataFrame, references: Iterable[str] = ()) -> pd.DataFrame:
    """Return what is known of each (spun, original) pair, one row each, most words first.

    What was only put in another order, or written anew, is no pair (see `of_a_dictionary`).

    `seen` (places), `words` (of the spun texts that a decision on the pair decides), `sources` (different references:
    sightings in copies of one article are no independent ones), `confidence` (mean of the alignments'), `kind` (the
    most frequent), `in_quote` and `in_name` (places), `on` (the sites, a tuple), `clean` (times the spun phrase
    stands in the references: where it does, finding it proves nothing), `rivals` (other originals of the same spun
    phrase), `replacements` (other spun phrases of the same original).

    >>> seen = pd.DataFrame({"spun": ["help", "help", "aid"], "original": ["support", "aid", "help"],
    ...     "spun_id": ["a", "b", "b"], "reference_id": ["r", "r", "r"], "site": ["x", "x", "y"], "kind": "synonym",
    ...     "in_quote": False, "in_name": False, "confidence": 1.0})
    >>> evidence(seen, ["We help. They help, too."])[["spun", "original", "seen", "clean", "rivals"]]
       spun original  seen  clean  rivals
    0   aid     help     1      0       0
    1  help      aid     1      2       1
    2  help  support     1      2       1
    """
    places = folded(of_a_dictionary(substitutions))
    by_pair = places.groupby(PAIR, sort=True)
    rows = by_pair.agg(
        seen=("spun_id", "size"),
        sources=("reference_id", "nunique"),
        confidence=("confidence", "mean"),
        in_quote=("in_quote", "sum"),
        in_name=("in_name", "sum"),
    )
    kinds = places.groupby([*PAIR, "kind"]).size().reset_index(name="times").sort_values(["times", "kind"])
    sites = places[[*PAIR, "site"]].drop_duplicates().sort_values("site")
    rows["kind"] = kinds.drop_duplicates(PAIR, keep="last").set_index(PAIR)["kind"]
    rows["on"] = pd.Series(_gathered(sites), dtype=object)
    rows = rows.reset_index()
    lengths = rows["spun"].map(words_in).astype(int)
    references = list(references)
    stood = phrase_counts(references, set(rows["spun"]), int(lengths.max()) + 2) if references and len(rows) else {}
    return (
        rows.assign(
            words=rows["seen"] * lengths,
            clean=[stood.get(phrase, 0) for phrase in rows["spun"]],
            rivals=rows.groupby("spun")["original"].transform("nunique") - 1,
            replacements=rows.groupby("original")["spun"].transform("nunique") - 1,
        )
        .sort_values(["words", *PAIR], ascending=[False, True, True])[COLUMNS]
        .reset_index(drop=True)
    )


def _gathered(sites: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    """The sites of each pair."""
    gathered: dict[tuple[str, str], tuple[str, ...]] = {}
    for spun, original, site in sites.itertuples(index=False, name=None):
        gathered[spun, original] = (*gathered.get((spun, original), ()), site)
    return gathered


def reasons(row: pd.Series) -> tuple[list[str], list[str]]:
    """Return what speaks for and what speaks against a row of `evidence`, in words.

    >>> reasons(pd.Series({"seen": 9, "sources": 1, "on": ("x",), "confidence": 0.9, "clean": 2, "rivals": 0,
    ...     "in_name": 0, "in_quote": 0}))[1]
    ['all from 1 source article', 'stands 2 times in the references too: finding it proves nothing by itself']
    """
    speaks_for: list[str] = []
    against: list[str] = []
    places = f"seen {_times(row['seen'])} on {_many(len(row['on']), 'site')}"
    (speaks_for if row["seen"] > 1 else against).append(places)
    sources = _many(row["sources"], "source article")
    if row["sources"] > 1:
        speaks_for.append(f"from {sources}")
    else:
        against.append(f"all from {sources}")
    sure = f"alignments sure to {row['confidence']:.0%} on average"
    (speaks_for if row["confidence"] >= UNSURE else against).append(sure)
    if row["clean"]:
        against.append(f"stands {_times(row['clean'])} in the references too: finding it proves nothing by itself")
    if row["rivals"]:
        against.append(f"competes with {_many(row['rivals'], 'other original')}")
    else:
        speaks_for.append("the only original of this phrase")
    return speaks_for, against


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"
