"""A seed goes in; a made-up spinner's dictionary comes out: one replacement for each of many originals.

There are three kinds. `mixed` takes its rows from dictionaries that are there, each original's from one of them by lot.
`from_thesaurus` takes for each word a synonym of the Moby Thesaurus, the closer and commoner the likelier; how many
words it covers and how careless it is with synonyms is drawn too. Inflections of a word are treated alike. `from_field`
takes what real pages of the field's dictionary have, half of them by lot, so that the other half can be what is known.
`manner.csv` is a dictionary written for training, in the manner of spinning software, without any pair of the
dictionary cobalt, which is kept to measure with; drawn dictionaries have no pair of it either.
"""

import math
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.testsets import dictionary
from helpers.detection.weights import weights
from helpers.mapping.field import field_sightings
from helpers.restore import alternatives
from helpers.text.thesaurus import readings, relatedness
from helpers.text.word_counts import frequency, similarity

CORPUS = Path(__file__).parents[1] / "corpus"
MANNER = Path(__file__).parent / "manner.csv"
KEPT_APART = "cobalt"
# Dialects of the field that texts are spun with; SpinBot and its like are kept to measure with.
FIELD_DIALECTS = ("news-a", "news-b", "engage-in", "very-last", "correct-as", "web-host", "increasingly")
LIKE_SPINBOT = ("spinbot", "wordai", "article-rewriter", "as-well-as", "some-more", "arriving", "and-you-can")
COVERAGE, TEMPERATURE = (0.25, 0.85), (0.7, 2.0)  # drawn evenly for each dictionary of the thesaurus
COMMONER = 0.8  # how much more readily a word of the thesaurus is taken that is ten times as frequent (log weight)
MIXED_COVERAGE = (0.5, 0.95)
SHORTEST = 4


def lot(*seed: object) -> float:
    """Return a number from 0 to 1 that depends on the seed alone."""
    return (zlib.crc32("\n".join(map(str, seed)).encode()) + 0.5) / 2**32


def between(ends: tuple[float, float], *seed: object) -> float:
    """Return a number between two ends that depends on the seed alone."""
    return ends[0] + (ends[1] - ends[0]) * lot(*seed)


def named(name: str) -> pd.DataFrame:
    """Return a written dictionary: one of the corpus, or `manner`."""
    return pd.read_csv(MANNER, keep_default_na=False) if name == "manner" else dictionary(CORPUS, name)


def mixed(names: tuple[str, ...], seed: str) -> pd.DataFrame:
    """Return a dictionary whose rows are those of some written dictionaries, by lot."""
    coverage = between(MIXED_COVERAGE, seed, "coverage")
    rows = [
        (original, spun[int(lot(seed, "pick", _lemma(original)) * len(spun))])
        for original, spun in _books(names).items()
        if lot(seed, "covers", _lemma(original)) < coverage
    ]
    return pd.DataFrame(rows, columns=["original", "spun"])


@lru_cache(maxsize=8)
def _books(names: tuple[str, ...]) -> dict[str, list[str]]:
    return pd.concat([named(name) for name in names]).groupby("original")["spun"].agg(list).to_dict()


@lru_cache(maxsize=100_000)
def _lemma(word: str) -> str:
    known = readings(word)
    return known[0][0] if known else word


def from_thesaurus(
    words: Iterable[str],
    seed: str,
    coverage: float | None = None,
    temperature: float | None = None,
    commoner: float = COMMONER,
) -> pd.DataFrame:
    """Return a dictionary of thesaurus synonyms for those of some words that it covers.

    How many it covers and how careless it is with them (`temperature`) is drawn, or given. The more it likes common
    words (`commoner`), the more originals have the same one.
    """
    temperature = between(TEMPERATURE, seed, "temperature") if temperature is None else temperature
    coverage = between(COVERAGE, seed, "coverage") if coverage is None else coverage
    apart = set(named(KEPT_APART)[["original", "spun"]].itertuples(index=False, name=None))
    rows = []
    for word in sorted(words):
        if len(word) < SHORTEST or lot(seed, "covers", _lemma(word)) >= coverage:
            continue
        names, closeness, common = _synonyms(word)
        if names:
            draws = np.array([lot(seed, _lemma(word), _lemma(name)) for name in names])
            wanted = (closeness + commoner * common) / temperature
            pick = names[int(np.argmax(wanted - np.log(-np.log(draws))))]  # Gumbel: draws by weight
            if (word, pick) not in apart:
                rows.append((word, pick))
    return pd.DataFrame(rows, columns=["original", "spun"])


@lru_cache(maxsize=1)
def _sightings() -> pd.DataFrame:
    return field_sightings(CORPUS / "field")


def field_halves(seed: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sightings of the field's pages in two halves, by lot: those to spin with, those that are known."""
    rows = _sightings()
    first = rows["address"].map(lambda address: lot(seed, address) < 0.5)
    return rows[first], rows[~first]


def from_field(seed: str) -> pd.DataFrame:
    """Return a dictionary of what one half of the field's pages have, of FIELD_DIALECTS or of their largest alone."""
    rows, _ = field_halves(seed)
    wanted = FIELD_DIALECTS[:1] if lot(seed, "largest") < 0.5 else FIELD_DIALECTS
    return _drawn(rows[rows["dialect"].isin(wanted)], seed)


def like_spinbot(seed: str) -> pd.DataFrame:
    """Return a dictionary of what the field's pages have in the dialects LIKE_SPINBOT."""
    rows = _sightings()
    return _drawn(rows[rows["dialect"].isin(LIKE_SPINBOT)], seed)


def _drawn(sightings: pd.DataFrame, seed: str) -> pd.DataFrame:
    """One replacement for each original of some sightings, drawn by how often it was seen."""
    pairs = sightings.groupby(["original", "spun"])["count"].sum().reset_index()
    apart = set(named(KEPT_APART)[["original", "spun"]].itertuples(index=False, name=None))
    pairs = pairs[[pair not in apart for pair in zip(pairs["original"], pairs["spun"], strict=True)]]
    draws = [-math.log(lot(seed, *pair)) for pair in zip(pairs["original"], pairs["spun"], strict=True)]
    order = pairs.assign(draw=np.array(draws) / pairs["count"]).sort_values(["draw", "original", "spun"])
    return order.drop_duplicates("original")[["original", "spun"]].sort_values("original", ignore_index=True)


@lru_cache(maxsize=50_000)
def _synonyms(word: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The words that may stand for a word, how close they are (log weights), and how common (powers of ten)."""
    found = alternatives(word) if word.isalpha() and readings(word) else {}
    if not found:
        return [], np.zeros(0), np.zeros(0)
    names, form = sorted(found), weights("restore")["form"]
    closeness = form["mutual"] * np.array([found[name] for name in names])
    closeness = closeness + form["alike"] * similarity(word, names)
    closeness = closeness + form["related"] * np.array(relatedness(word, names))
    return names, closeness, np.array([math.log10(frequency(name)) for name in names])
