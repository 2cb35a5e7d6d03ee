"""A report's tables go in; its headline comes out, and the exhibit that stands below it.

The headline says three things at most: how many of the words were replaced, what happened inside quotation marks, and
one figure or name that was changed. Each can be looked up in `data/`.
"""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from helpers.comparison.table_rows import place_rows
from helpers.display.exhibits import LEAST_SURE

SHARES = {
    1 / 2: "One in two", 1 / 3: "One in three", 1 / 4: "One in four", 1 / 5: "One in five", 1 / 6: "One in six",
    1 / 7: "One in seven", 1 / 8: "One in eight", 1 / 9: "One in nine", 1 / 10: "One in ten", 1 / 20: "One in twenty",
    2 / 3: "Two in three", 3 / 4: "Three in four", 2 / 5: "Two in five", 3 / 5: "Three in five",
}  # fmt: skip
NEAR = 0.05  # by how much of itself a share may miss the fraction by which it is called
LONGEST_NAME, LONGEST_EXHIBIT = 40, 420  # characters of what is shown on the first screen


class Part(NamedTuple):
    """A part of a headline: what it says (share, negations, in_quote, figures, name), and words of the corpus in it."""

    says: str
    words: str = ""
    became: str = ""


def headline(value: Callable[[str], float], tables: dict[str, pd.DataFrame]) -> list[Part]:
    """Return the parts of the headline, the words in them as they stand in the corpus, unmasked.

    `value` gives a number of `numbers.csv` by its name.

    >>> numbers = {"share_changed": 0.261, "in_quote": 34.0}
    >>> none = {"names": pd.DataFrame(), "substitutions": pd.DataFrame()}
    >>> parts = headline(lambda name: numbers.get(name, 0.0), none)
    >>> [(part.says, part.words) for part in parts]
    [('share', 'One in four words'), ('in_quote', '')]
    """
    parts = [Part("share", share_in_words(value("share_changed")))]
    if value("negations"):
        parts.append(Part("negations"))
    elif value("in_quote"):
        parts.append(Part("in_quote"))
    name = telling_name(tables["names"], tables["substitutions"])
    if value("figures_changed") or (value("numbers_moved") and not name):
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


def lead_quotation(quotations: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the altered quotation to show first, as a table of one row: the first that can be read at a glance.

    `quotations` come in the order of their gravity. One of which a person rejected a reading inside the quotation is
    not put first, nor a long one, as long as there is another.
    """
    inside = substitutions[substitutions["in_quote"] & (substitutions["decision"] == "rejected")]
    places = [
        bool(((inside["spun_id"] == row.spun_id) & inside["spun_start"].between(row.spun_start, row.spun_end)).any())
        for row in place_rows(quotations)
    ]
    long = quotations["published"].str.len() > LONGEST_EXHIBIT
    order = quotations.assign(rejected=places, long=long).sort_values(["rejected", "long"], kind="stable")
    return quotations.loc[order.index[:1]]
