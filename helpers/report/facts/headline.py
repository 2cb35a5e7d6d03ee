"""A report's tables go in; its headline comes out, and the exhibit that stands below it.

The headline says three things at most: how many of the words were replaced, what happened inside quotation marks, and
one figure or name that was changed. Each can be looked up in `data/`.
"""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from helpers.display.exhibits import LEAST_SURE
from helpers.report.facts.quotations import LEVELS

SHARES = {
    1 / 2: "One in two", 1 / 3: "One in three", 1 / 4: "One in four", 1 / 5: "One in five", 1 / 6: "One in six",
    1 / 7: "One in seven", 1 / 8: "One in eight", 1 / 9: "One in nine", 1 / 10: "One in ten", 1 / 20: "One in twenty",
    2 / 3: "Two in three", 3 / 4: "Three in four", 2 / 5: "Two in five", 3 / 5: "Three in five",
}  # fmt: skip
NEAR = 0.05  # by how much of itself a share may miss the fraction by which it is called
LONGEST_NAME, LONGEST_EXHIBIT = 40, 330  # characters of what is shown on the first screen


class Part(NamedTuple):
    """A part of a headline: what it says (share, negations, in_quote, figures, name), and words of the corpus in it."""

    says: str
    words: str = ""
    became: str = ""


def headline(value: Callable[[str], float], tables: dict[str, pd.DataFrame]) -> list[Part]:
    """Return the parts of the headline, the words in them as they stand in the corpus, unmasked.

    `value` gives a number of `numbers.csv` by its name.

    >>> numbers = {"share_changed": 0.261, "in_quote": 34.0, "negations": 0.0, "numbers_moved": 0.0}
    >>> parts = headline(numbers.__getitem__, {"names": pd.DataFrame(), "substitutions": pd.DataFrame()})
    >>> [(part.says, part.words) for part in parts]
    [('share', 'One in four words'), ('in_quote', '')]
    """
    parts = [Part("share", share_in_words(value("share_changed")))]
    if value("negations"):
        parts.append(Part("negations"))
    elif value("in_quote"):
        parts.append(Part("in_quote"))
    name = telling_name(tables["names"], tables["substitutions"])
    if value("numbers_moved"):
        parts.append(Part("figures"))
    elif name:
        parts.append(Part("name", *name))
    return parts


def share_in_words(share: float) -> str:
    """Return a share of words as a headline says it: a fraction that is near enough; empty where none is.

    >>> [share_in_words(share) for share in (0.261, 0.31, 0.004, 0.0, 0.98)]
    ['One in four words', '', 'Fewer than one word in a hundred', 'No word', '']
    """
    if not share > 0:
        return "No word"
    if share < 0.01:
        return "Fewer than one word in a hundred"
    nearest = min(SHARES, key=lambda fraction: abs(fraction - share))
    return f"{SHARES[nearest]} words" if abs(nearest - share) <= NEAR * share else ""


def telling_name(names: pd.DataFrame, substitutions: pd.DataFrame) -> tuple[str, str] | None:
    """Return a changed name and what it became: the most frequent, among equals the shortest; none that is doubtful.

    Doubtful is a name in whose place a substitution was read without certainty, or a pair that a person rejected.
    """
    if names.empty:
        return None
    rows = names[names["name"].str.len().le(LONGEST_NAME) & names["published_as"].str.len().le(LONGEST_NAME)]
    rows = rows.assign(words=rows["name"].str.split().str.len(), length=rows["name"].str.len())
    rows = rows[rows["words"] > 1].sort_values(
        ["count", "words", "length", "name"], ascending=[False, True, True, True]
    )
    doubtful = substitutions[
        substitutions["in_name"]
        & ((substitutions["decision"] == "rejected") | (substitutions["confidence"] < LEAST_SURE))
    ]
    unsure = {" ".join(phrase.split()) for phrase in doubtful["original"]}
    for name, published in zip(rows["name"], rows["published_as"], strict=True):
        if not any(phrase in name for phrase in unsure):
            return name, published
    return None


def lead_quotation(quotations: pd.DataFrame) -> pd.DataFrame:
    """Return the altered quotation to show first, as a table of one row: the gravest that is short enough to be read.

    Graver goes before shorter; among those of one gravity that fit, the one of which the largest share was replaced.
    """
    size = quotations["published"].str.len()
    grave = quotations["level"].where(quotations["level"] > LEVELS.index("possibility or duty"), 0)
    order = quotations.assign(grave=grave, long=size > LONGEST_EXHIBIT, empty=quotations["share"] == 0)
    order = order.sort_values(
        ["grave", "long", "empty", "level", "share"], ascending=[False, True, True, False, False], kind="stable"
    )
    return quotations.loc[order.index[:1]]
