"""A spun text and a mapping table go in; what may have stood there before comes out, with what speaks for it.

There are two sources of candidates: the mapping table, whose rows say which original a spun phrase stood for
elsewhere, and, where the table is silent, a thesaurus. What speaks for a candidate are a few numbers (the columns
TABLE_FEATURES and WORD_FEATURES); what each is worth is learnt by `python -m benchmarks.train_restorer`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.mapping import MappingTable, propose
from helpers.text.annotated import Reading, neighbours
from helpers.text.spans import fold, phrase_folds, tokens
from helpers.text.thesaurus import alternatives, relatedness
from helpers.text.word_counts import Phrase, affinity, article_gain, cohesion_of, frequency, log_frequency, similarity

TABLE_FEATURES = [
    "share",
    "support",
    "replaced",
    "mostly",
    "before",
    "behind",
    "inside",
    "commoner",
    "stands",
    "article",
    "rate",
    "figure",
    "phrase",
    "longer",
    "tied_left",
    "tied_right",
    "worse",
]
FORM_FEATURES = ["before", "behind", "elsewhere", "commoner", "mutual", "stands", "article", "alike", "related"]
WORD_FEATURES = ["best", "margin", "known", "spun_left", "spun_right", "rarity", "strain", "capital", "times"]
TELLING = 1.0  # log10: a spun phrase is telling if spun pages have it ten times as often as other English
SPUN_SHARE = 0.2  # about so much of a spun page is replaced; turns counts in the table into frequencies
FEWEST_EXPECTED = 1e-4  # of uses of a phrase; keeps the odds of one that English does not know in bounds
HOSTS = frozenset("it that he she there here what who where how when why let one everything nothing".split())
SHORTEST = 3  # letters of a word that is looked up in the thesaurus


class Row(NamedTuple):
    """A row of the mapping table: an original, how often it was seen, and its share of the spun phrase's uses."""

    text: str
    original: Phrase
    support: int
    share: float
    status: str


class Dictionary:
    """The mapping table, ready to be looked up: spun phrase -> rows; a row that a person rejected is left out."""

    def __init__(self, table: pd.DataFrame):
        """Take a table with the columns `spun` and `original`; `support`, `share` and `status` where it has them."""
        missing = {"spun", "original"} - set(table.columns)
        if missing:
            raise ValueError(f"the mapping lacks the column(s) {', '.join(sorted(missing))}")
        if "status" in table:
            table = table[table["status"] != "rejected"]
        for column in ("spun", "original"):
            for place, phrase in zip(table.index, table[column], strict=True):
                if not isinstance(phrase, str) or not phrase_folds(phrase):
                    raise ValueError(f"the mapping’s row {place} has no phrase in {column}: {phrase!r}. Mend: fill it.")
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
        """Return the dictionary in a mapping table, a table of its rows, or a table of substitutions."""
        if isinstance(mapping, Dictionary):
            return mapping
        if mapping is None:
            return cls(pd.DataFrame(columns=["spun", "original"]))
        table = mapping.table if isinstance(mapping, MappingTable) else mapping
        return cls(propose(table) if "spun_id" in table else table)

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


# From the mapping table


def from_table(reading: Reading, dictionary: Dictionary) -> pd.DataFrame:
    """Return a row for each place and original in the table: `first`, `last` (tokens), `original`, TABLE_FEATURES."""
    rate = _rate(reading, dictionary)
    rows = []
    for first, last, phrase in _places(reading, dictionary):
        left, right = neighbours(reading, first, last)
        replaced = dictionary.replaced(phrase)
        known = replaced, min(replaced, 0.0)
        around = affinity(left, phrase[0]), affinity(phrase[-1], right)
        commonness, cohesion = log_frequency(phrase), cohesion_of(phrase)
        for row in dictionary.rows[phrase]:
            original = row.original
            gain = (
                affinity(left, original[0]) - around[0],
                affinity(original[-1], right) - around[1],
                cohesion_of(original) - cohesion,
            )
            rows.append(
                (
                    *(first, last, row.text, row.status, row.support),
                    math.log10(row.share),
                    math.log10(row.support),
                    *known,
                    *gain,
                    log_frequency(original) - commonness,
                    math.log1p(_count(reading, original)),
                    article_gain(left, phrase[0], original[0]),
                    rate,
                    float(phrase[0][0].isdigit()),
                    float(len(phrase) > 1),
                    float(len(original) > 1),
                    *around,
                    min(sum(gain), 0.0),
                )
            )
    return pd.DataFrame(rows, columns=["first", "last", "original", "status", "seen", *TABLE_FEATURES])


def _places(reading: Reading, dictionary: Dictionary) -> Iterator[tuple[int, int, Phrase]]:
    """Every run of tokens that is a spun phrase of the table, on one line."""
    words, text = reading.words, reading.text
    for first in range(len(words)):
        for length in range(1, min(dictionary.longest, len(words) - first) + 1):
            phrase = tuple(words[first : first + length])
            last = first + length - 1
            if phrase not in dictionary.rows or "\n" in text[slice(*reading.span(first, last))]:
                continue
            if phrase[0] == "'s" and (not first or words[first - 1] not in HOSTS):
                continue  # a possessive, which stands for no “is”
            yield first, last, phrase


def _count(reading: Reading, phrase: Phrase) -> int:
    """How often a phrase stands in the text."""
    if len(phrase) == 1:
        return reading.counts[phrase[0]]
    if not all(reading.counts[word] for word in phrase):
        return 0
    length = len(phrase)
    return sum(tuple(reading.words[at : at + length]) == phrase for at in range(len(reading.words) - length + 1))


def _rate(reading: Reading, dictionary: Dictionary) -> float:
    """The spinner's rate as the text shows it (log odds): telling spun phrases against originals left standing."""
    spun = sum(dictionary.surprise(phrase) >= TELLING for _, _, phrase in _places(reading, dictionary))
    left = sum(reading.counts[original[0]] for original in dictionary.originals if len(original) == 1)
    return math.log((spun + 1) / (left + 1))


# From the thesaurus


def from_thesaurus(
    reading: Reading,
    weights: dict[str, float],
    dictionary: Dictionary,
    skip: frozenset[int] = frozenset(),
    most: int = 1,
) -> pd.DataFrame:
    """Return a row for each of the `most` best alternatives of each word that has any, with WORD_FEATURES.

    `weights` says what each of FORM_FEATURES is worth; `skip` names tokens not to look at: the table has spoken. The
    more the table knows (`known`), the more its silence says. Columns: `first`, `last`, `original`, the features, of
    which `best` is how well the alternative fits, and `margin` by how much better than the best of the others.
    """
    rows, known = [], math.log10(1 + dictionary.total)
    for word, places in _words(reading, skip).items():
        forms = form_features(reading, word, places)
        if forms is None:
            continue
        names, values = forms
        scores = values @ np.array([weights[name] for name in FORM_FEATURES])
        for number, place in enumerate(places):
            here = scores[number]
            left, right = neighbours(reading, place, place)
            facts = (
                known,
                affinity(left, word),
                affinity(word, right),
                -math.log10(frequency(word)),
                0.0,
                float(reading.text[reading.tokens[place].start].isupper()),
                math.log(len(places)),
            )
            for at in np.argsort(-here)[:most]:
                margin = here[at] - max(np.delete(here, at), default=0.0)
                rows.append((place, place, names[at], here[at], margin, *facts))
    found = pd.DataFrame(rows, columns=["first", "last", "original", *WORD_FEATURES])
    first = found[~found.duplicated("first")]
    found["strain"] = first["best"].clip(lower=0).mean() if len(first) else 0.0
    return found


def _words(reading: Reading, skip: frozenset[int]) -> dict[str, list[int]]:
    """The words that the thesaurus is asked for, and where they stand."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(reading.words):
        if place not in skip and len(word) >= SHORTEST and word.isalpha() and word.isascii():
            places.setdefault(word, []).append(place)
    return places


def form_features(reading: Reading, word: str, places: list[int]) -> tuple[list[str], np.ndarray] | None:
    """Return the alternatives of a word, and an array of places x alternatives x FORM_FEATURES; None without any."""
    found = alternatives(word)
    if not found:
        return None
    names = sorted(found)
    around = [neighbours(reading, place, place) for place in places]
    values = np.zeros((len(places), len(names), len(FORM_FEATURES)))
    for number, (left, right) in enumerate(around):
        before, behind = affinity(left, word), affinity(word, right)
        values[number, :, 0] = [affinity(left, name) - before for name in names]
        values[number, :, 1] = [affinity(name, right) - behind for name in names]
        if left in ("a", "an"):
            values[number, :, 6] = [article_gain(left, word, name) for name in names]
    values[:, :, 2] = values[:, :, :2].sum(axis=2).mean(axis=0)
    values[:, :, 3] = np.log10([frequency(name) / frequency(word) for name in names])
    values[:, :, 4] = [found[name] for name in names]
    values[:, :, 7] = similarity(word, names)
    values[:, :, 8] = relatedness(word, names)
    values[:, :, 5] = np.log1p([reading.counts[name] for name in names])
    return names, values
