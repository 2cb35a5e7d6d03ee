"""A spun text goes in; the queries that a person should paste into a search engine to find its source come out.

What identifies a source is what was said in quotation marks and who said it. So the queries are the longest stretches
of quotations and sentences that show no symptom of spinning, in quotation marks, and the rarest names and numbers
together, which no spinner changes.
"""

import math
from collections import Counter
from itertools import pairwise

import pandas as pd

from helpers.comparison.furniture import furniture_spans
from helpers.detection.misfits import SUSPECT, misfits
from helpers.detection.phrase_hits import Phrases, known_phrases
from helpers.detection.symptoms import symptoms
from helpers.display.masking import is_masked, mask
from helpers.mapping.dictionary import Dictionary
from helpers.mapping.table import MappingTable
from helpers.restoration.restore import restore
from helpers.text.annotated import read
from helpers.text.english import is_content_word
from helpers.text.model_file import can_be_asked
from helpers.text.names import name_spans
from helpers.text.spans import (
    ADDRESS,
    APOSTROPHES,
    Span,
    fold,
    is_word,
    overlaps,
    quotation_spans,
    sentence_spans,
    tokens,
)
from helpers.text.word_counts import frequency

QUERIES = 6
PHRASE_WORDS = (5, 12)  # of a query in quotation marks: fewer are found anywhere, more are easily spun somewhere
NAMES, NUMBERS = 4, 2  # in a query without quotation marks
SIGN = 0.3  # a symptom of this weight, or more, ends a stretch


def search_queries(
    text: str,
    mapping: MappingTable | pd.DataFrame | None = None,
    count: int = QUERIES,
    language_model: bool = True,
) -> list[str]:
    """Return the queries, at most `count`, the most telling first.

    The text is first restored with `mapping`, where there is one. Then come: an untouched stretch of a quotation, the
    rarest names with a number, and further stretches, from quotations before the rest. A stretch ends where a symptom
    of spinning is, and where the language model would rather have had a synonym (some seconds an article; without it,
    `language_model=False`, more stretches are taken for untouched that are not). Raises ValueError for a `mapping`
    without the columns `spun` and `original`.

    >>> said = "Kim told Xi in Beijing: “You will help us defend the outer harbour for ever.”"
    >>> search_queries(said, language_model=False)[0]
    '"You will help us defend the outer harbour for ever"'
    """
    asked, text = language_model and can_be_asked(), mask(text)  # nobody’s address is for a search engine
    restored, sure, dictionary = text, [], None
    if mapping is not None:
        dictionary = Dictionary.of(mapping)
        restoration = restore(text, dictionary, thesaurus=False, language_model=asked)
        restored, made = restoration.text, restoration.changes
        sure = sorted(zip(made["restored_start"], made["restored_end"], strict=True))
    phrases = _phrases(restored, dictionary, asked, sure)
    named = _named(restored)
    queries = phrases[:1] + ([named] if named else []) + phrases[1:]
    return [query for query in dict.fromkeys(queries) if not is_masked(query)][:count]


def _phrases(text: str, dictionary: Dictionary | None, asked: bool, sure: list[Span]) -> list[str]:
    """Stretches untouched or restored (`sure`), in quotation marks; of quotations first, then those with rare words."""
    own = [] if dictionary is None else [Phrases(dictionary, {})]
    found = symptoms(text, [*known_phrases(), *own])
    shown = found[(found["weight"] >= SIGN) & (found["kind"] != "strangers")]
    suspect: list[Span] = list(zip(shown["start"], shown["end"], strict=True))
    if asked:
        reading = read(text)
        misfit = misfits(reading, asked=True)
        places = misfit.loc[misfit["chance"] >= SUSPECT, "place"]
        words = [reading.span(place, place) for place in places]
        suspect += [word for word in words if not overlaps(sure, *word)]
    suspect.sort()
    quotations, furniture = quotation_spans(text), furniture_spans(text)
    stretches = [
        (overlaps(quotations, *stretch), _rarity(text, stretch), f'"{" ".join(text[slice(*stretch)].split())}"')
        for region in _regions(text, quotations)
        for stretch in _untouched(text, region, suspect)
        if not overlaps(furniture, *stretch)
    ]
    return [phrase for _, _, phrase in sorted(stretches, key=lambda row: row[:2], reverse=True)]


def _regions(text: str, quotations: list[Span]) -> list[Span]:
    """The sentences, cut where a quotation begins or ends."""
    cuts = sorted({cut for span in quotations for cut in span})
    regions: list[Span] = []
    for start, end in sentence_spans(text):
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        regions += pairwise(edges)
    return regions


def _untouched(text: str, region: Span, suspect: list[Span]) -> list[Span]:
    """The longest stretch of words in a region without symptoms; none where it has too few words."""
    start, end = region
    runs: list[list[Span]] = [[]]
    for token in tokens(text[start:end]):
        place = (start + token.start, start + token.end)
        if overlaps(suspect, *place) or token.fold in '"[]()':
            runs.append([])
        elif runs[-1] or (is_word(token.fold) and token.fold[0] not in APOSTROPHES):
            runs[-1].append(place)
    runs = [[place for place in run if is_word(fold(text[slice(*place)]))][: PHRASE_WORDS[1]] for run in runs]
    best = max(runs, key=len)
    return [(best[0][0], best[-1][1])] if len(best) >= PHRASE_WORDS[0] else []


def _rarity(text: str, stretch: Span) -> float:
    """How telling a stretch is: the summed rarity of its content words (log10)."""
    words = [token.fold for token in tokens(text[slice(*stretch)]) if is_content_word(token.fold)]
    return -sum(math.log10(frequency(word)) for word in words)


def _named(text: str) -> str:
    """The rarest names, and numbers that stand beside them."""
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    names = Counter(
        " ".join(text[start:end].split())
        for start, end in name_spans(text)
        if not overlaps(addresses, start, end) and text[start:end].replace("’", "").replace(" ", "").isalnum()
    )
    rarest = sorted(names, key=lambda name: (min(frequency(word) for word in fold(name).split()), -names[name], name))
    kept: list[str] = []
    for name in rarest:
        if not set(name.split()) & set(" ".join(kept).split()) and len(kept) < NAMES:
            kept.append(name)
    numbers = [token.fold for token in tokens(text) if token.fold[:1].isdigit() and len(token.fold) > 1]
    return " ".join(kept + list(dict.fromkeys(numbers))[:NUMBERS]) if kept else ""
