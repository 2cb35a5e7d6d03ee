"""References and made-up sites go in; the versions of lost sources come out, with what is known of every word.

Each setting is a few sites that publish all references. `REPORTED` are those that figures are given for, `TRAINED` have
other dictionaries and are learnt from; `benchmarks.testsets.split` parts the sources.
"""

from collections.abc import Hashable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.dictionaries import from_thesaurus, large, like_spinbot, lot, named
from benchmarks.honest import bundles, news
from helpers.align import align_pairs
from helpers.comparison.alignment.rows import follow_moves
from helpers.evaluation.simulate import Page, Site, publish, read_sites
from helpers.sources.places import reading_key
from helpers.sources.token_links import Tokens
from helpers.sources.witnesses import GROUP
from helpers.sources.written import Story
from helpers.spinner import Spinner
from helpers.text.spans import folded_words, is_word, line_spans, tokens

CORPUS = Path(__file__).parents[1] / "corpus"
HEAVY = "2 heavily spun look-alikes"
LIGHT = "2 lightly spun, different dictionaries"
THREE = "3 independent dictionaries"
FOUR = "the 4 shipped sites"
REPORTED = (HEAVY, LIGHT, THREE, FOUR)
TRAINED = (
    *("train: 2 heavily spun look-alikes", "train: 2 large, heavily spun", "train: 2 large, lightly spun"),
    *("train: 3 large, independent", "train: 4 large, two share one"),
)
TEACHING = 7  # texts of the news that are published with the train sources: they only teach the dictionaries
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
    manner = named("manner")
    one, other, third = (large(words, "lost", f"lost {seed}") for seed in "ghi")
    apart, away = (large(words, f"lost {seed}", f"lost {seed}") for seed in "jk")
    of = {
        HEAVY: lambda: [shipped["dailybrief"], shipped["gadgetharbor"]],
        LIGHT: lambda: [shipped["worldpulse"], shipped["morningledger"]],
        FOUR: lambda: list(shipped.values()),
        THREE: lambda: [
            _site("cobalt", named("cobalt"), 0.6, 21),
            _site("thesaurus", from_thesaurus(words, "lost, to measure"), 0.6, 22),
            _site("spinbot", like_spinbot("lost, to measure"), 0.6, 23),
        ],
        TRAINED[0]: lambda: [_site("manner", manner, 0.95, 12), _site("alike", _alike(manner, "lost d"), 0.9, 13)],
        TRAINED[1]: lambda: [_site("one", one, 0.95, 18), _site("other", other, 0.85, 19)],
        TRAINED[2]: lambda: [_site("one", one, 0.6, 20), _site("third", third, 0.35, 24)],
        TRAINED[3]: lambda: [
            *(_site("one", one, 0.6, 25), _site("apart", apart, 0.6, 26), _site("away", away, 0.6, 27)),
        ],
        TRAINED[4]: lambda: [
            *(_site("one", one, 0.95, 28), _site("one", one, 0.6, 29, "again")),
            *(_site("other", other, 0.85, 30), _site("third", third, 0.35, 31)),
        ],
    }  # fmt: skip
    return of[setting]()


def with_teaching(train: pd.Series) -> pd.Series:
    """Return train sources, and texts of the news that teach the dictionaries beside them."""
    return pd.concat([train, bundles(news()[0].sort_index()).iloc[:TEACHING]])


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


def taken_from(page: Page, source: str) -> tuple[Tokens, np.ndarray]:
    """Return a page's tokens and which tokens of the source each stands for (first, and the one behind the last).

    Those of the site itself stand for none (-1). What was replaced together stands for the same.
    """
    own, there = Tokens.of(page.text), Tokens.of(source)
    written, meant = (
        [text[a:b] for a, b in zip(side.starts, side.ends, strict=True)]
        for text, side in ((page.text, own), (source, there))
    )
    found = np.full((len(own.starts), 2), -1)
    for a, b, c, d in page.gold[["spun_start", "spun_end", "reference_start", "reference_end"]].to_numpy().tolist():
        found[slice(*own.within(a, b))] = there.within(c, d)
    for start, end in line_spans(page.text):
        first, last = own.within(start, end)
        at = source.find(page.text[start:end])
        if at >= 0 and (found[first:last] < 0).all():
            found[first:last, 0] = np.arange(last - first) + there.within(at, at)[0]
            found[first:last, 1] = found[first:last, 0] + 1
        _fill(found, written, meant, first, last)
    return own, found


def _fill(found: np.ndarray, written: list[str], meant: list[str], first: int, last: int) -> None:
    """Fill in what stands unchanged in a line, from what is known on, onward and back."""
    for at in range(first + 1, last):
        follows = found[at - 1, 1]
        if found[at, 0] < 0 <= follows < len(meant) and meant[follows] == written[at]:
            found[at] = follows, follows + 1
    for at in range(last - 2, first - 1, -1):
        precedes = found[at + 1, 0] - 1
        if found[at, 0] < 0 <= precedes and meant[precedes] == written[at]:
            found[at] = precedes, precedes + 1


class Meant(NamedTuple):
    """What a place stands for in the source: its tokens (first, and the one behind the last; -1 where it is not known).

    `cut`: that is so for all versions alike, and no other place stands for any of it; `key`: what stood there, folded.
    """

    first: int
    end: int
    cut: bool
    key: str


def meant_by(story: Story, pages: dict[str, Page], source: str) -> list[Meant]:
    """Return what each place of a story stands for."""
    told = {version.name: taken_from(pages[version.name], source) for version in story.versions}
    there = Tokens.of(source)
    spans = []
    for place in story.places:
        found = set()
        for version, span in zip(story.versions, place.readings, strict=True):
            if span is not None:
                own, stands_for = told[version.name]
                part = stands_for[slice(*own.within(*span))]
                part = part[part[:, 0] >= 0]
                found |= {(int(part[:, 0].min()), int(part[:, 1].max()))} if len(part) else set()
        ends = (min(a for a, _ in found), max(b for _, b in found)) if found else (-1, -1)
        spans.append((*ends, len(found) == 1))
    claimed = np.zeros(len(there.starts), dtype=int)
    for first, end, _ in spans:
        claimed[max(first, 0) : max(end, 0)] += 1
    return [
        Meant(first, end, alike and bool((claimed[first:end] == 1).all()),
              reading_key(source[there.starts[first] : there.ends[end - 1]]) if first >= 0 else "")
        for first, end, alike in spans
    ]  # fmt: skip


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
