"""A table of places goes in; its rows come out one by one, with the types that their cells have."""

from collections.abc import Iterator
from typing import Protocol, cast

import pandas as pd


class PlaceRow(Protocol):
    """A row that says where something stands: the two articles, and the offsets into their texts."""

    spun_id: str
    reference_id: str
    spun_start: int
    spun_end: int
    reference_start: int
    reference_end: int


class SubstitutionRow(PlaceRow, Protocol):
    """A row of the table from `find_substitutions`; what its columns mean is told there."""

    site: str
    spun: str
    original: str
    kind: str
    in_quote: bool
    in_name: bool
    left: str
    right: str
    confidence: float


class PairRow(Protocol):
    """A row of the table from `pair_texts`: a spun article and its reference, with their texts."""

    spun_id: str
    reference_id: str
    site: str
    spun_text: str
    reference_text: str
    simulated: bool


def pair_rows(pairs: pd.DataFrame) -> Iterator[PairRow]:
    """Return the rows of a table of pairs, in its order."""
    return cast("Iterator[PairRow]", pairs.itertuples())


def place_rows(places: pd.DataFrame) -> Iterator[PlaceRow]:
    """Return the rows of a table of places, such as altered quotations or paragraphs, in its order."""
    return cast("Iterator[PlaceRow]", places.itertuples())


def substitution_rows(substitutions: pd.DataFrame) -> Iterator[SubstitutionRow]:
    """Return the rows of a table of substitutions, in its order.

    >>> table = pd.DataFrame({"spun": ["World Battle II"], "original": ["World War II"]})
    >>> [row.original for row in substitution_rows(table)]
    ['World War II']
    """
    return cast("Iterator[SubstitutionRow]", substitutions.itertuples())
