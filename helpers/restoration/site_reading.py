"""The articles of a site go in; every place of every word comes out, with what a language model makes of it there.

A spinner has one dictionary for all its pages, so that what it put for a word stands in many of them. The model reads
each sentence by itself (`text/sentence_states.py`); kept is what answers later questions without reading again: its
state in front of each word, from which the probability of any other word in that place follows, two kilobytes a place.
Of large sites not all is read: stretches of a few sentences, which are read together the second time
(`site_mending.py`), are taken until every word was read often enough.
"""

import sys
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from helpers.text.annotated import Reading, neighbours, read
from helpers.text.model_file import model
from helpers.text.sentence_states import TOP, States, parts_read, read_once

SHORTEST, LONGEST = 2, 4  # letters of a word that is looked at; words of a phrase
BEHIND = 2  # tokens behind a word whose surprise is kept
ENOUGH = 24  # places of a word that are read
MOST_READ = 20_000  # words of a site that are read, three times; that takes a core some minutes
AT_ONCE = 2000  # characters of a stretch: a longer one says more, and has more words repeated that the spinner put
AT_A_TIME = 240  # sentences that are read at a time: among many those of like length go together


class Tried(NamedTuple):
    """What became of a sentence with an original in a place instead of the phrase there (nats).

    `own`: how much more readily the original follows what stands in front; `after`: how much more readily what stands
    behind follows; `chance`: what the reading before thought of it.
    """

    own: float
    after: float
    chance: float


class Places(NamedTuple):
    """Places of words, a row each; natural logs.

    `words`: folded; `article`: its number, `number`: the token's in it, `last`: that of the last of a phrase;
    `sentence`: its number; `left`, `right`: the words beside it; `capital`;
    `hidden` (half precision): the model's state in front; `whole`: what makes a product with it a log probability;
    `own`: the log probability of the word, `first`: of its first token, `pieces`: how many it has; `spread`: the
    entropy there; `best`: the log probability of the likeliest token; `behind`: that of the BEHIND tokens that follow,
    `behind_spread`: their entropies; `top`: the likeliest tokens.
    What a second reading adds: `put`, the original put back there, `put_last`, the number of the last token it stands
    for (-1); `tried`: what became of originals there, by their last token and themselves (`Tried`), None where none was
    tried; `…_alone`: what the first reading made of it.
    """

    words: np.ndarray
    article: np.ndarray
    number: np.ndarray
    last: np.ndarray
    sentence: np.ndarray
    left: np.ndarray
    right: np.ndarray
    capital: np.ndarray
    hidden: np.ndarray
    whole: np.ndarray
    own: np.ndarray
    first: np.ndarray
    pieces: np.ndarray
    spread: np.ndarray
    best: np.ndarray
    behind: np.ndarray
    behind_spread: np.ndarray
    top: np.ndarray
    put: np.ndarray
    put_last: np.ndarray
    tried: np.ndarray
    hidden_alone: np.ndarray
    whole_alone: np.ndarray
    own_alone: np.ndarray

    def at(self, rows: np.ndarray) -> "Places":
        """Return some of the places."""
        return Places(*(column[rows] for column in self))


def is_looked_at(phrase: str) -> bool:
    """Tell whether a folded word, or phrase, is one for which an original is looked for."""
    return len(phrase) >= SHORTEST and all(map(is_plain, phrase.split(" ")))


def is_plain(word: str) -> bool:
    """Tell whether a folded token is a word of the plain letters."""
    return word.isascii() and word.isalpha()


def read_places(texts: Sequence[str], enough: int = ENOUGH, most: int = MOST_READ) -> Places:
    """Return the places of the words of some texts; of a word that stands often at least `enough`, if there are.

    No more than about `most` words are read.
    """
    taken = _taken(texts, enough, most)
    wanted = [(article, start, end) for article, spans in taken.items() for start, end in spans]
    parts: list[Places] = []
    for at in range(0, len(wanted), AT_A_TIME):
        some = wanted[at : at + AT_A_TIME]
        made = zip(some, read_once([texts[article][start:end] for article, start, end in some]), strict=True)
        for article, sentences in groupby(made, lambda pair: pair[0][0]):
            its = [(start, end, sentence) for (_, start, end), sentence in sentences]
            parts += _of_article(texts[article], article, its)
    if not parts:
        return _none()
    return Places(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _of_article(text: str, article: int, sentences: list[tuple[int, int, States]]) -> list[Places]:
    """The places of some sentences of an article (where each begins and ends, what the model makes of it)."""
    reading = read(text)
    begin = np.array([token.start for token in reading.tokens])
    found = (
        _places(reading, article, start, made, range(*np.searchsorted(begin, [start, end])))
        for start, end, made in sentences
    )
    return [places for places in found if places is not None]


class _Outline(NamedTuple):
    """Where the words of a text begin, and what they are: of a large site no more is kept of what is not read."""

    starts: np.ndarray
    words: list[str]

    @classmethod
    def of(cls, text: str) -> "_Outline":
        reading = read(text)
        starts = np.array([token.start for token in reading.tokens], dtype=np.int32)
        return cls(starts, list(map(sys.intern, reading.words)))


def stretches(text: str, parts: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield parts of a text (characters, in order) that stand in a row, together, of AT_ONCE characters at the most."""
    some: list[tuple[int, int]] = []
    for start, end in parts:
        if some and (end - some[0][0] > AT_ONCE or text[some[-1][1] : start].strip()):
            yield some
            some = []
        some.append((start, end))
    if some:
        yield some


def _taken(texts: Sequence[str], enough: int, most: int) -> dict[int, list[tuple[int, int]]]:
    """The sentences that are read, by article: all, or of a large site stretches with words not read often enough."""
    every = [(article, some) for article, text in enumerate(texts) for some in stretches(text, parts_read(text))]
    outlines = list(map(_Outline.of, texts))
    if sum(len(outline.words) for outline in outlines) > most:
        every.sort(key=lambda one: zlib.crc32(f"{one}".encode()))  # by lot, the same at every run
        every = _until_enough(outlines, every, enough, most)
    taken: dict[int, list[tuple[int, int]]] = {}
    for article, some in sorted(every):
        taken.setdefault(article, []).extend(some)
    return taken


def _until_enough(
    outlines: list[_Outline], every: list[tuple[int, list[tuple[int, int]]]], enough: int, most: int
) -> list[tuple[int, list[tuple[int, int]]]]:
    """Those stretches, in the order given, that have a word which was not read often enough."""
    seen: Counter = Counter()
    kept, length = [], 0
    for article, some in every:
        outline = outlines[article]
        first, last = np.searchsorted(outline.starts, [some[0][0], some[-1][1]])
        words = [word for word in outline.words[first:last] if is_plain(word)]
        if length + len(words) <= most and any(seen[word] < enough for word in words):
            kept.append((article, some))
            seen.update(words)
            length += len(words)
    return kept


def _places(reading: Reading, article: int, start: int, sentence: States, inside: range) -> Places | None:
    """The places of a sentence that begins at `start`; `inside` are its tokens' numbers in the reading."""
    numbers = [number for number in inside if is_plain(reading.words[number])]
    if not numbers or not len(sentence.ids):
        return None
    spans = [sentence.of(*(at - start for at in reading.span(number, number))) for number in numbers]
    first, end = np.array(spans).T
    sums = {name: np.concatenate([[0.0], np.cumsum(getattr(sentence, name))]) for name in ("own", "spread")}
    after = np.minimum(end + BEHIND, len(sentence.ids))
    around = [neighbours(reading, number, number) for number in numbers]
    return Places(
        words=np.array([reading.words[number] for number in numbers], dtype=object),
        article=np.full(len(numbers), article, dtype=np.int32),
        number=np.array(numbers, dtype=np.int32),
        last=np.array(numbers, dtype=np.int32),
        sentence=np.full(len(numbers), start, dtype=np.int32),
        left=np.array([left for left, _ in around], dtype=object),
        right=np.array([right for _, right in around], dtype=object),
        capital=np.array([reading.text[reading.tokens[number].start].isupper() for number in numbers]),
        hidden=sentence.hidden[first].astype(np.float16),
        whole=sentence.whole[first],
        own=(sums["own"][end] - sums["own"][first]).astype(np.float32),
        first=sentence.own[first],
        pieces=(end - first).astype(np.int8),
        spread=sentence.spread[first],
        best=sentence.best[first],
        behind=(sums["own"][after] - sums["own"][end]).astype(np.float32),
        behind_spread=(sums["spread"][after] - sums["spread"][end]).astype(np.float32),
        top=sentence.top[first],
        put=np.full(len(numbers), "", dtype=object),
        put_last=np.full(len(numbers), -1, dtype=np.int32),
        tried=np.full(len(numbers), None),
        hidden_alone=np.zeros((len(numbers), 0), dtype=np.float16),
        whole_alone=np.zeros(len(numbers), dtype=np.float32),
        own_alone=np.zeros(len(numbers), dtype=np.float32),
    )


def with_phrases(places: Places, phrases: Collection[str]) -> Places:
    """Add the places of some phrases of LONGEST words at most, from those of their words."""
    whole = places.put_last == places.last
    parts = [places._replace(put=np.where(whole, places.put, ""))]
    for length in range(2, LONGEST + 1):
        firsts = np.arange(max(0, len(places.words) - length + 1))
        lasts = firsts + length - 1
        whole = (
            (places.article[firsts] == places.article[lasts])
            & (places.sentence[firsts] == places.sentence[lasts])
            & (places.number[lasts] - places.number[firsts] == length - 1)
        )
        firsts, lasts = firsts[whole], lasts[whole]
        joined = places.words[firsts]
        for step in range(1, length):
            joined = joined + " " + places.words[firsts + step]
        some = np.array([phrase in phrases for phrase in joined], dtype=bool)
        firsts, lasts, joined = firsts[some], lasts[some], joined[some]
        runs = firsts[:, None] + np.arange(length)
        parts.append(
            places.at(firsts)._replace(
                words=joined, last=places.last[lasts], right=places.right[lasts],
                own=places.own[runs].sum(axis=1), pieces=places.pieces[runs].sum(axis=1, dtype=np.int8),
                behind=places.behind[lasts], behind_spread=places.behind_spread[lasts],
                own_alone=places.own_alone[runs].sum(axis=1),
                put=np.where(places.put_last[firsts] == places.last[lasts], places.put[firsts], ""),
            )
        )  # fmt: skip
    return Places(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _none() -> Places:
    """No places at all."""
    width = model().embedding.shape[1]
    words, whole, flags = np.zeros(0, dtype=object), np.zeros(0, dtype=np.float32), np.zeros(0, dtype=bool)
    numbers, small = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int8)
    hidden, top = np.zeros((0, width), dtype=np.float16), np.zeros((0, TOP), dtype=np.int32)
    return Places(
        words,
        numbers,
        numbers,
        numbers,
        numbers,
        words,
        words,
        flags,
        hidden,
        whole,
        whole,
        whole,
        small,
        whole,
        whole,
        whole,
        whole,
        top,
        words,
        numbers,
        words,
        hidden[:, :0],
        whole,
        whole,
    )
