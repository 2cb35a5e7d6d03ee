"""References and made-up sites go in; the versions of lost sources come out, with what is known of every word.

Each setting is a few sites that publish all references. `REPORTED` are those that figures are given for, `TRAINED` have
other dictionaries and are learnt from; `benchmarks.testsets.split` parts the sources.
"""

import math
from collections.abc import Hashable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.dictionaries import from_field, from_thesaurus, like_spinbot, lot, named
from helpers.align import align_pairs
from helpers.comparison.alignment.rows import follow_moves
from helpers.evaluation.simulate import Page, Site, publish, read_sites
from helpers.sources.reconstruction import Reconstruction
from helpers.sources.witnesses import GROUP
from helpers.spinner import Spinner
from helpers.text.spans import folded_words, is_word, tokens

CORPUS = Path(__file__).parents[1] / "corpus"
HEAVY = "2 heavily spun look-alikes"
LIGHT = "2 lightly spun, different dictionaries"
THREE = "3 independent dictionaries"
FOUR = "the 4 shipped sites"
REPORTED = (HEAVY, LIGHT, THREE, FOUR)
TRAINED = (
    *("train: 2 lightly spun", "train: 3 independent"),
    *("train: 2 heavily spun look-alikes", "train: 4 look-alikes, two share one"),
)
PART = 1 / 3  # of an article; two hundred words, about
ALIKE = 1 / 3  # of what one dictionary puts in is the same in a look-alike


class Versions(NamedTuple):
    """Versions of some sources: articles (`text`, `site`, `version_group`), their pages, the sites' dictionaries."""

    articles: pd.DataFrame
    pages: dict[str, Page]
    dictionaries: dict[str, str]


def publishers(setting: str, references: pd.Series) -> list[tuple[Site, Spinner]]:
    """Return the sites of a setting."""
    words = sorted({token.fold for text in references for token in tokens(text) if token.fold.isalpha()})
    shipped = {site.name.partition(".")[0]: (site, spinner) for site, spinner in read_sites(CORPUS)}
    manner, field = named("manner"), from_field("lost one")
    two, three = (from_thesaurus(words, f"lost {seed}") for seed in "bc")
    of = {
        HEAVY: lambda: [shipped["dailybrief"], shipped["gadgetharbor"]],
        LIGHT: lambda: [shipped["worldpulse"], shipped["morningledger"]],
        FOUR: lambda: list(shipped.values()),
        THREE: lambda: [
            _site("cobalt", named("cobalt"), 0.6, 21),
            _site("thesaurus", from_thesaurus(words, "lost, to measure"), 0.6, 22),
            _site("spinbot", like_spinbot("lost, to measure"), 0.6, 23),
        ],
        TRAINED[0]: lambda: [_site("two", two, 0.6, 3), _site("manner", manner, 0.35, 4)],
        TRAINED[1]: lambda: [
            *(_site("manner", manner, 0.6, 5), _site("three", three, 0.6, 6), _site("field", field, 0.6, 7)),
        ],
        TRAINED[2]: lambda: [_site("manner", manner, 0.95, 12), _site("alike", _alike(manner, "lost d"), 0.9, 13)],
        TRAINED[3]: lambda: [
            *(_site("manner", manner, 0.95, 14), _site("manner", manner, 0.6, 15, "again")),
            *(_site("alike", _alike(manner, "lost e"), 0.85, 16), _site("like", _alike(manner, "lost f"), 0.35, 17)),
        ],
    }  # fmt: skip
    return of[setting]()


def _alike(book: pd.DataFrame, seed: str) -> pd.DataFrame:
    """Return a dictionary for the originals of another, a third of it the same: as like as the shipped ones are."""
    words = [original for original in book["original"] if original.isalpha()]
    other = dict(from_thesaurus(words, seed).itertuples(index=False, name=None))
    spun = [
        spun if lot(seed, "the same", original) < ALIKE or " " in original else other.get(original, "")
        for original, spun in book[["original", "spun"]].itertuples(index=False)
    ]
    return pd.DataFrame({"original": book["original"], "spun": spun})[lambda rows: rows["spun"] != ""]


def _site(name: str, book: pd.DataFrame, rate: float, seed: int, suffix: str = "") -> tuple[Site, Spinner]:
    site = Site(
        f"{name}{suffix}.example",
        dictionary=name,
        bylines=("Staff Desk", "A. Writer", "Night Team"),
        top=("{byline}", "{minutes} Min Read"),
        bottom=("Source link", "Share this article"),
        drop=0.08,
        move=0.06,
        glue=0.3,
    )
    return site, Spinner(book, rate, seed)


def published(setting: str, references: pd.Series) -> Versions:
    """Return the versions of all references in a setting; the group of a version is its reference."""
    sites = publishers(setting, references)
    rows, pages = [], {}
    for source, text in references.items():
        for site, spinner in sites:
            name = f"{site.name} {source}"
            pages[name] = publish(text, spinner, site)
            rows.append((name, site.name, pages[name].text, source))
    table = pd.DataFrame(rows, columns=["article_id", "site", "text", GROUP]).set_index("article_id")
    return Versions(table, pages, {site.name: site.dictionary for site, _ in sites})


def in_part(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the articles with their first paragraphs alone, about a PART of all."""
    parts = [text.split("\n\n") for text in articles["text"]]
    return articles.assign(text=["\n\n".join(part[: math.ceil(PART * len(part))]) for part in parts])


def words_of(text: str) -> np.ndarray:
    """Tell of each token of a text whether it is a word."""
    return np.array([is_word(token.fold) for token in tokens(text)], dtype=bool)


def kept_by(page: Page, source: str) -> tuple[np.ndarray, np.ndarray]:
    """Tell of each token of a source whether a page has it unchanged, and whether it has the passage at all."""
    starts = np.array([token.start for token in tokens(source)])
    same, there = np.ones(len(starts), dtype=bool), np.ones(len(starts), dtype=bool)
    for start, end in page.gold[["reference_start", "reference_end"]].itertuples(index=False):
        same[slice(*np.searchsorted(starts, [start, end]))] = False
    dropped = page.passages[page.passages["op"] == "delete"]
    for start, end in dropped[["reference_start", "reference_end"]].itertuples(index=False):
        there[slice(*np.searchsorted(starts, [start, end]))] = False
    return same & there, there


class Truth(NamedTuple):
    """Of each token of a source: is it a word, did a version change it, does any version have it unchanged?"""

    words: np.ndarray
    changed: np.ndarray
    held: np.ndarray
    kept: dict[str, np.ndarray]


def truth_of(source: str, pages: dict[str, Page]) -> Truth:
    """Return what is known of a source's tokens."""
    words = words_of(source)
    told = {name: kept_by(page, source) for name, page in pages.items()}
    changed = np.any([there & ~same for same, there in told.values()], axis=0) & words
    held = np.any([same for same, _ in told.values()], axis=0)
    return Truth(words, changed, held, {name: same for name, (same, _) in told.items()})


def stands(texts: dict[Hashable, str], sources: pd.Series) -> dict[Hashable, tuple[np.ndarray, np.ndarray]]:
    """Tell for each text which tokens of its source stand in it, and which of its own tokens are the source's."""
    found = follow_moves(align_pairs([(str(name), str(name), texts[name], sources[name]) for name in texts]))
    parts = dict(list(found.groupby("spun_id")))
    result = {}
    for name, text in texts.items():
        sides = [np.array([token.start for token in tokens(side)], dtype=int) for side in (text, sources[name])]
        own, other = (np.zeros(len(starts), dtype=bool) for starts in sides)
        columns = ["op", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference"]
        for op, *offsets, spun, reference in parts[str(name)][columns].itertuples(index=False):
            if op in ("equal", "move") or (op == "substitute" and folded_words(spun) == folded_words(reference)):
                own[slice(*np.searchsorted(sides[0], offsets[:2]))] = True
                other[slice(*np.searchsorted(sides[1], offsets[2:]))] = True
        result[name] = other, own
    return result


def right_words(made: dict[Hashable, Reconstruction], sources: pd.Series) -> dict[Hashable, np.ndarray]:
    """Tell of each word of the reconstructions of some sources (`words`) whether it is the source's."""
    found = stands({name: made[name].text for name in sources.index if name in made}, sources)
    right = {}
    for name, (_, own) in found.items():
        starts = np.array([token.start for token in tokens(made[name].text)])
        right[name] = own[np.searchsorted(starts, made[name].words["start"])]
    return right
