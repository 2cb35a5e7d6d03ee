"""What was decided in a story goes in; the reconstructed text, its words, its apparatus and its sentences come out."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.corpus.articles import add_article
from helpers.corpus.terms import RECONSTRUCTED
from helpers.display.export import write_csv
from helpers.files.atomic import write_file
from helpers.sources.apparatus_page import apparatus_page
from helpers.sources.places import Place, reading_key
from helpers.sources.reconstructed import AGREED, CHOSEN, INFERRED, Reconstructed
from helpers.sources.tei import tei
from helpers.sources.witnesses import Version
from helpers.sources.written import Story, assembled, surface
from helpers.text.spans import Span, is_word, line_spans, sentence_spans, tokens

DROPPED, ADDED = "dropped", "added"
ALTERNATIVES = 3  # that are told of a place
LEAST_TOLD = 0.01  # probability of an alternative


@dataclass(frozen=True)
class Reconstruction(Reconstructed):
    """A lost source as its versions and their dictionaries tell it; somebody's reading, and not the source itself.

    `text`: the reconstructed text. Offsets are characters, end exclusive, into it, or into a version's stored text.

    `words`: a row a word: `start`, `end`, `word`, `probability` (that it stood in the source), `status` (agreed: every
    version that has the place reads so; chosen: some do; inferred: none does), `versions` (a list: those that do),
    `place` (a number; words that were exchanged together have one).

    `apparatus`: a row a place where versions differ, or were all replaced: `place`, `start`, `end`, `lemma` (what was
    chosen), `probability`, `status`, `alternatives` (what else was thought of, with the weight it had in the choice:
    not calibrated, and adding up to nothing with `probability`), and for each version three columns: what it reads
    (named like it; missing where it lacks the place), where: `… start` and `… end` (-1 where it lacks it).

    `sentences`: a row a sentence: `start`, `end`, `sentence`, `probability` (that every word is right), `left_alone` (a
    list: the versions that read it word for word so). Those are what to search for; none is sure to be the source's.

    `passages`: what versions lack and what they have more: `version`, `op` (dropped, added), `start`, `end` (of what
    was dropped; else -1), `own_start`, `own_end` (of what was added, in the version; else -1), `passage`.

    `versions`: a row a version: `version`, `site`, `copies` (those that say exactly the same), `kept` (the share of the
    reconstructed words that it has), `same_dictionary` (the first site that is taken to use the same: versions are
    weighed so, and nothing was tested; `helpers.sites.shared_dictionary_test` does that).

    `sources` has the versions' texts, by name.
    """

    def add_to(self, corpus: str | Path, article_id: str, **facts: Any) -> Path:
        """Put the text into a corpus as a reference that says what it is, and return its file.

        `facts` are those of `helpers.corpus.add_article` (title, published, licence, …); the provenance is
        “reconstructed”, and the note says from which versions. The versions themselves are not changed.
        As the reference of another article (its `reference_id`) it tells where that one differs. Do not report on a
        version by a reconstruction that was made from it: what the reconstruction has wrong counts as the site's
        replacement. Raises CorpusError, and changes nothing, where the row would not load.
        """
        told = {"licence": "a reconstruction of another’s text; kept for research and quotation", "note": self.note}
        title = self.text.split("\n", 1)[0] if self.text else ""
        return add_article(
            corpus, article_id, "reference", self.text, **({"title": title} | told | facts), provenance=RECONSTRUCTED
        )

    def to_html(self, path: str | Path | None = None) -> str:
        """Return a page to read, which needs nothing but itself, and write it where a path is given.

        Every place where versions differ is underlined and numbered: a pointer over it, and the note that it leads to,
        say what each version reads. E-mail addresses and telephone numbers are masked.
        """
        return _written(apparatus_page(self), path)

    def to_tei(self, path: str | Path | None = None) -> str:
        """Return the text with its apparatus as TEI (`app`, `lem`, `rdg`, `listWit`); write it where a path is given.

        What is written is a part of TEI P5; `apparatus.rng` beside this module is its schema (RELAX NG). E-mail
        addresses and telephone numbers are masked.
        """
        return _written(tei(self), path)

    def to_csv(self, folder: str | Path) -> list[Path]:
        """Write the tables into a folder (made if it is not there), addresses masked, and return their files.

        words.csv, apparatus.csv, sentences.csv, passages.csv, versions.csv, as `helpers.display.export.write_csv`
        writes them.
        """
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        return [
            write_csv(getattr(self, name), place / f"{name}.csv")
            for name in ("words", "apparatus", "sentences", "passages", "versions")
        ]

    def _repr_html_(self) -> str:
        return apparatus_page(self, whole=False)


def _written(document: str, path: str | Path | None) -> str:
    if path is not None:
        write_file(Path(path), document)
    return document


def reconstruction(
    story: Story, candidates: list[list[tuple[str, float]]], chances: np.ndarray, dictionaries: list[str]
) -> Reconstruction:
    """Return the reconstruction of a story.

    `candidates`: for each place what may have stood there, the most probable first; `chances`: how probable the first
    is; `dictionaries`: for each version the site that its dictionary is named after.
    """
    chosen = [names[0][0] if names else "" for names in candidates]
    surfaces = [
        surface(story, place, phrase) if phrase else story.words(place)
        for place, phrase in zip(story.places, chosen, strict=True)
    ]
    text, spans = assembled(story, surfaces)
    keys = [[words and reading_key(words) for words in story.read(place)] for place in story.places]
    chosen = [phrase or reading_key(words) for phrase, words in zip(chosen, surfaces, strict=True)]
    names = [version.name for version in story.versions]
    status = [_status(phrase, row) for phrase, row in zip(chosen, keys, strict=True)]
    readers = [
        [name for name, words in zip(names, row, strict=True) if words == phrase]
        for phrase, row in zip(chosen, keys, strict=True)
    ]
    words = _words(text, spans, chances, status, readers)
    return Reconstruction(
        text,
        words,
        _apparatus(story, candidates, chances, status, keys, text, spans),
        _sentences(text, words, spans, story, keys, chosen),
        _passages(story, text, spans),
        _versions(story.versions, words, dictionaries),
        {version.name: version.text for version in story.versions},
    )


def _status(phrase: str, row: list[str | None]) -> str:
    read = {words for words in row if words}
    return AGREED if read == {phrase} else CHOSEN if phrase in read else INFERRED


def _words(
    text: str, spans: np.ndarray, chances: np.ndarray, status: list[str], readers: list[list[str]]
) -> pd.DataFrame:
    rows = []
    columns = enumerate(zip(spans.tolist(), chances, status, readers, strict=True))
    for place, ((start, end), chance, how, who) in columns:
        for token in tokens(text[start:end]):
            if is_word(token.fold):
                word = text[start + token.start : start + token.end]
                rows.append((start + token.start, start + token.end, word, float(chance), how, list(who), place))
    return pd.DataFrame(rows, columns=["start", "end", "word", "probability", "status", "versions", "place"])


def _apparatus(
    story: Story,
    candidates: list[list[tuple[str, float]]],
    chances: np.ndarray,
    status: list[str],
    keys: list[list[str | None]],
    text: str,
    spans: np.ndarray,
) -> pd.DataFrame:
    names = [version.name for version in story.versions]
    columns = ["place", "start", "end", "lemma", "probability", "status", "alternatives"]
    rows = []
    for at, place in enumerate(story.places):
        if len({words for words in keys[at] if words}) < 2 and status[at] == AGREED:
            continue
        start, end = spans[at].tolist()
        others = [
            f"{phrase} ({chance:.0%})"
            for phrase, chance in candidates[at][1 : 1 + ALTERNATIVES]
            if chance >= LEAST_TOLD
        ]
        row: list[Any] = [at, start, end, text[start:end], float(chances[at]), status[at], "; ".join(others)]
        for words, span in zip(story.read(place), place.readings, strict=True):
            row += [words, *(span or (-1, -1))]
        rows.append(row)
    own = [column for name in names for column in (name, f"{name} start", f"{name} end")]
    return pd.DataFrame(rows, columns=[*columns, *own])


def _sentences(
    text: str,
    words: pd.DataFrame,
    spans: np.ndarray,
    story: Story,
    keys: list[list[str | None]],
    chosen: list[str],
) -> pd.DataFrame:
    starts = spans[:, 0]
    logs = np.append(0.0, np.cumsum(np.log(words["probability"].to_numpy(dtype=float).clip(1e-9))))
    word_starts = words["start"].to_numpy(dtype=int)
    same = np.array(
        [[read == phrase for read in row] for row, phrase in zip(keys, chosen, strict=True)], dtype=bool
    ).reshape(len(chosen), len(story.versions))
    rows = []
    for start, end in sentence_spans(text):
        places = slice(*np.searchsorted(starts, [start, end]))
        first, last = np.searchsorted(word_starts, [start, end])
        alone = [
            version.name
            for number, version in enumerate(story.versions)
            if same[places, number].all() and _side_by_side(story.places[places], number, version)
        ]
        rows.append((start, end, text[start:end], float(np.exp(logs[last] - logs[first])), alone))
    return pd.DataFrame(rows, columns=["start", "end", "sentence", "probability", "left_alone"])


def _side_by_side(places: list[Place], number: int, version: Version) -> bool:
    """Tell whether a version has some places one behind the other, with nothing between them but white space."""
    read = [place.readings[number] for place in places]
    known = [span for span in read if span is not None]
    return all(
        one[1] <= other[0] and not version.text[one[1] : other[0]].strip() for one, other in itertools.pairwise(known)
    )


def _passages(story: Story, text: str, spans: np.ndarray) -> pd.DataFrame:
    """What versions lack of the reconstruction, line by line, and what they have more."""
    rows = []
    lines = line_spans(text)
    starts = spans[:, 0] if len(spans) else np.zeros(0, dtype=int)
    for number, version in enumerate(story.versions):
        for start, end in lines:
            here = story.places[slice(*np.searchsorted(starts, [start, end]))]
            if here and all(place.readings[number] is None for place in here):
                rows.append((version.name, DROPPED, start, end, -1, -1, text[start:end]))
        read = sorted(span for span in (place.readings[number] for place in story.places) if span is not None)
        for start, end in _unread(version.text, read):
            rows.append((version.name, ADDED, -1, -1, start, end, version.text[start:end]))
    return pd.DataFrame(rows, columns=["version", "op", "start", "end", "own_start", "own_end", "passage"])


def _unread(text: str, read: list[Span]) -> list[Span]:
    """The stretches of a version with a word in them that stand beside nothing, line by line."""
    found, at = [], 0
    for start, end in [*read, (len(text), len(text))]:
        if start > at:
            for first, last in line_spans(text[at:start]):
                if any(sign.isalnum() for sign in text[at + first : at + last]):
                    found.append((at + first, at + last))
        at = max(at, end)
    return found


def _versions(versions: list[Version], words: pd.DataFrame, dictionaries: list[str]) -> pd.DataFrame:
    rows = [
        (
            *(version.name, version.site, version.copies),
            float(words["versions"].map(lambda who, name=version.name: name in who).mean()) if len(words) else 0.0,
            dictionary,
        )
        for version, dictionary in zip(versions, dictionaries, strict=True)
    ]
    return pd.DataFrame(rows, columns=["version", "site", "copies", "kept", "same_dictionary"])
