"""A spun text and a mapping table go in; where its rows may apply comes out, with what speaks for each."""

import math
from collections.abc import Iterator

import pandas as pd

from helpers.mapping.dictionary import Dictionary
from helpers.text.annotated import Reading, neighbours
from helpers.text.units import has_unit_written_short
from helpers.text.word_counts import Phrase, affinity, article_gain, cohesion_of, log_frequency

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
TELLING = 1.0  # log10: a spun phrase is telling if spun pages have it ten times as often as other English
HOSTS = frozenset("it that he she there here what who where how when why let one everything nothing".split())


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
            if phrase[0].isdigit() and has_unit_written_short(text, *reading.span(first, last)):
                continue  # nobody writes “five min”, so nobody spelled it otherwise
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
