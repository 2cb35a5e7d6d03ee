"""A mapping table goes in; the same comes out ready to be looked up: which originals a spun phrase stood for."""

import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.mapping.table import MappingTable, propose
from helpers.text.spans import check_phrases, fold, phrase_folds, tokens
from helpers.text.word_counts import Phrase, log_frequency

SPUN_SHARE = 0.2  # about so much of a spun page is replaced; turns counts in the table into frequencies
FEWEST_EXPECTED = 1e-4  # of uses of a phrase; keeps the odds of one that English does not know in bounds


class Row(NamedTuple):
    """A row of the mapping table: an original, how often it was seen, and its share of the spun phrase's uses."""

    text: str
    original: Phrase
    support: int
    share: float
    status: str


class Dictionary:
    """The mapping table, ready to be looked up: spun phrase -> rows; a row that a person rejected is left out."""

    def __init__(self, table: pd.DataFrame) -> None:
        """Take a table with the columns `spun` and `original`; `support`, `share` and `status` where it has them.

        Raises ValueError, with the row, where a column is missing, or a phrase or a count in it.
        """
        missing = {"spun", "original"} - set(table.columns)
        if missing:
            raise ValueError(f"the mapping lacks the column(s) {', '.join(sorted(missing))}")
        if "status" in table:
            table = table[table["status"] != "rejected"]
        check_phrases(table, "the mapping")
        support = table["support"] if "support" in table else pd.Series(1, index=table.index)
        counted = pd.to_numeric(support, errors="coerce")
        if counted.isna().any():
            place = counted.index[counted.isna()][0]
            raise ValueError(f"the mapping’s row {place} has no count in support: {support[place]!r}. Mend: fill it.")
        support = counted.clip(lower=1)
        folded = pd.Series(list(map(phrase_folds, table["spun"])), index=table.index, dtype=object)
        share = support / support.groupby(folded).transform("sum")
        status = table["status"] if "status" in table else pd.Series("proposed", index=table.index)
        self.rows: dict[Phrase, list[Row]] = {}
        self.total = int(support.sum())
        natural = table["natural"] if "natural" in table else pd.Series(np.nan, index=table.index)
        self.natural = dict(zip(map(phrase_folds, table["spun"]), natural, strict=True))
        self.originals: Counter = Counter()
        for spun, original, *facts in zip(table["spun"], table["original"], support, share, status, strict=True):
            row = Row(_written(original), phrase_folds(original), *facts)
            self.rows.setdefault(phrase_folds(spun), []).append(row)
            self.originals[row.original] += row.support
        self.longest = max(map(len, self.rows), default=0)

    @classmethod
    def of(cls, mapping: "MappingTable | pd.DataFrame | Dictionary | None") -> "Dictionary":
        """Return the dictionary in a mapping table, a table of its rows, of substitutions, or the field’s dictionary.

        Raises ValueError for a table that is none of these (see `Dictionary`).
        """
        if isinstance(mapping, Dictionary):
            return mapping
        if mapping is None:
            return cls(pd.DataFrame(columns=["spun", "original"]))
        table = mapping.table if isinstance(mapping, MappingTable) else mapping
        if "spun_id" in table:
            return cls(propose(table))
        if {"spun", "original", "dialect", "sightings"} <= set(table.columns):  # a row for each dialect
            seen = table.groupby(["spun", "original"], as_index=False, sort=False)["sightings"].sum()
            return cls(seen.rename(columns={"sightings": "support"}))
        return cls(table)

    def surprise(self, phrase: Phrase) -> float:
        """How much more often (log10) a spun page has this phrase from the spinner than English has it anyway."""
        return math.log10(SPUN_SHARE * self.support(phrase) / self.total) - log_frequency(phrase)

    def support(self, phrase: Phrase) -> int:
        """How often the phrase was seen in place of an original."""
        return sum(row.support for row in self.rows[phrase])

    def replaced(self, phrase: Phrase) -> float:
        """The log odds that the phrase stands for an original where it stands, as `with_uses` counted it.

        Few uses say little: the count is drawn towards what English in general has in so many words (the mean of the
        gamma-Poisson model, Good 1953, with the weight of one use). Where nobody counted, English alone speaks.
        """
        expected = max(10 ** log_frequency(phrase) * self.total / SPUN_SHARE, FEWEST_EXPECTED)
        counted = self.natural[phrase]
        natural = expected if math.isnan(counted) else expected * (counted + 1) / (expected + 1)
        return math.log(self.support(phrase) / natural)


def _written(original: str) -> str:
    """An original as it is put back: folded, but for capitals that are its own (Kim, KCNA)."""
    return fold(original) if original == original.lower() else original.replace("’", "'")


def with_uses(table: pd.DataFrame, texts: Iterable[str]) -> pd.DataFrame:
    """Add to a mapping table how often each spun phrase stood in spun texts without standing for an original.

    `texts` are the spun texts that the table was made from. Column added: `natural`. It tells a phrase that only the
    spinner writes (goodwill messages) from one that everybody writes (because).

    >>> table = pd.DataFrame({"spun": ["battle"], "original": ["war"], "support": [1]})
    >>> with_uses(table, ["World Battle II", "the Battle of Kursk"])["natural"].tolist()
    [1]
    """
    phrases = set(map(phrase_folds, table["spun"]))
    longest = max(map(len, phrases), default=0)
    uses: Counter = Counter()
    for text in texts:
        words = [token.fold for token in tokens(text)]
        for length in range(1, longest + 1):
            runs = Counter(zip(*(words[at:] for at in range(length)), strict=False))
            uses.update({run: count for run, count in runs.items() if run in phrases})
    seen = table.groupby("spun")["support"].transform("sum")
    natural = table["spun"].map(lambda spun: uses[phrase_folds(spun)]) - seen
    return table.assign(natural=natural.clip(lower=0))
