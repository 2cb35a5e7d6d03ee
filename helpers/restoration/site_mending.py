"""The places of a site and what is claimed of them go in; the same places come out, read again in the mended text.

The language model reads left to right, and on a spun site a fifth of what it has read is wrong words. So what is
claimed at first is put back, and the sentences are read once more, several at a time: each place is asked again behind
better words and more of them, and beside better neighbours. What follows is asked as well: in every place that may have
been replaced, the likeliest originals are tried, and whether the sentence goes on more readily after them than after
the word that stands there tells what the words in front cannot. A word which a spinner put looks likelier the more
often it was read before; the more of them are mended, the less that hides them, and what the first reading made of each
sentence by itself is kept beside it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.restoration.model_gain import in_the_manner_of
from helpers.restoration.site_evidence import Evidence
from helpers.restoration.site_reading import BEHIND, Places, Tried, stretches
from helpers.text.annotated import Reading, read
from helpers.text.model_file import model, pieces
from helpers.text.sentence_states import Look, States, looks, parts_read, read_once

LEAST = 0.45  # the probability of what is put back: a wrong original is no worse than a wrong word
THINKABLE, NEAR = -3.0, -2.0  # log odds of a pair that is tried, and those beside the best of its word
MOST_TRIED = 12  # places of a pair
GOES_ON = 4  # tokens behind a place that are asked how readily they follow
AT_A_TIME = 4  # stretches that are read at a time, each of some 20 MB
ASKED = ("whole", "own", "first", "spread", "best", "behind", "behind_spread")


class Claim(NamedTuple):
    """What is put back, or tried: up to which token, the original, how likely it is."""

    last: int
    original: str
    chance: float


Claims = dict[tuple[int, int], Claim]  # by article and first token
Thought = dict[tuple[int, int], list[Claim]]


def to_put_back(places: Places, best: pd.DataFrame, claims: pd.DataFrame) -> Claims:
    """Return which claims (`row` in `places`, `pair` in `best`, `probability`) are put back."""
    some = claims[claims["probability"] >= LEAST]
    rows, names = some["row"].to_numpy(), best["original"].to_numpy()[some["pair"]]
    spans = (column[rows].tolist() for column in (places.article, places.number, places.last))
    each = zip(*spans, names, some["probability"].tolist(), strict=True)
    return {(article, first): Claim(last, name, chance) for article, first, last, name, chance in each}


def to_try(
    found: list[Evidence],
    places: Places,
    best: pd.DataFrame,
    claims: pd.DataFrame,
    thinkable: pd.DataFrame | None = None,
) -> Thought:
    """Return which pairs are tried in which places, with the probability that is claimed there, or 0.

    Those of the best that are not far from the best of their word, or what is `thinkable` (`word`, `original`).
    """
    near = (best["pair_odds"] > THINKABLE) & ((best["pair_rank"] == 0) | (best["pair_margin"] > NEAR))
    pairs = best[near] if thinkable is None else thinkable
    originals = best["original"].to_numpy()[claims["pair"]]
    chances = dict(zip(zip(claims["row"], originals, strict=True), claims["probability"], strict=True))
    thought: Thought = {}
    for word, original in zip(pairs["word"], pairs["original"], strict=True):
        rows = found[word].rows
        for row in rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_TRIED)).astype(int)]:
            claim = Claim(int(places.last[row]), original, chances.get((row, original), 0.0))
            thought.setdefault((int(places.article[row]), int(places.number[row])), []).append(claim)
    return thought


def read_mended(texts: Sequence[str], places: Places, claims: Claims, thought: Thought) -> Places:
    """Return the places of single words, read again with the claims put back, and what is thought of tried.

    A row stays where it is and keeps its word; inside a phrase that something was put for, all rows but the first keep
    what the first reading made of them.
    """
    told = {name: getattr(places, name).copy() for name in ASKED}
    hidden, top = places.hidden.copy(), places.top.copy()
    tried = np.full(len(places.words), None)
    wanted = [one for article in np.unique(places.article) for one in _of_article(texts, int(article), places, claims)]
    for at in range(0, len(wanted), AT_A_TIME):
        some = wanted[at : at + AT_A_TIME]
        for one, made in zip(some, read_once([stretch.text for stretch in some], past=True), strict=True):
            if len(made.ids) and len(one.rows):
                first = _ask(one, made, places, told)
                hidden[one.rows], top[one.rows] = made.hidden[first], made.top[first]
                _try(one, made, claims, thought, tried)
    keys = list(zip(places.article.tolist(), places.number.tolist(), strict=True))
    left, right = _neighbours(places, claims, keys)
    put = [claims.get(key, Claim(-1, "", 0.0)) for key in keys]
    return places._replace(
        **told, hidden=hidden, top=top, left=left, right=right, tried=tried,
        hidden_alone=places.hidden, whole_alone=places.whole, own_alone=places.own,
        put=np.array([claim.original for claim in put], dtype=object),
        put_last=np.array([claim.last for claim in put], dtype=np.int32),
    )  # fmt: skip


class _Mended(NamedTuple):
    """Some sentences of an article with originals put back: the text, and the rows that are asked.

    `numbers`: their tokens in the `reading`; `start`, `end`: where each, or what was put for it, stands in the text.
    """

    text: str
    article: int
    reading: Reading
    rows: np.ndarray
    numbers: list[int]
    start: np.ndarray
    end: np.ndarray


def _of_article(texts: Sequence[str], article: int, places: Places, claims: Claims) -> Iterator[_Mended]:
    """The stretches of an article that are read."""
    rows, reading = np.flatnonzero(places.article == article), read(texts[article])
    taken = set(places.sentence[rows].tolist())
    for some in stretches(reading.text, (part for part in parts_read(reading.text) if part[0] in taken)):
        begin, end = some[0][0], some[-1][1]
        inside = rows[(places.sentence[rows] >= begin) & (places.sentence[rows] < end)]
        yield _mended(reading, (begin, end), article, inside, places.number[inside].tolist(), claims)


def _mended(
    reading: Reading, span: tuple[int, int], article: int, rows: np.ndarray, numbers: list[int], claims: Claims
) -> _Mended:
    """A stretch with its originals; `rows` are its places, `numbers` their tokens."""
    parts, asked = [], []
    at, length, until = span[0], 0, -1
    for row, number in zip(rows, numbers, strict=True):
        if number <= until:  # inside a phrase that something was put for
            continue
        last, original, _ = claims.get((article, number), Claim(number, "", 0.0))
        start, end = reading.span(number, last)
        stands = reading.text[start:end]
        written = in_the_manner_of(stands, original, reading.text) if original else stands
        parts += [reading.text[at:start], written]
        length += start - at
        asked.append((row, number, length, length + len(written)))
        length += len(written)
        at, until = end, last
    text = "".join([*parts, reading.text[at : span[1]]])
    columns = np.array(asked, dtype=int).reshape(-1, 4).T
    return _Mended(text, article, reading, columns[0], columns[1].tolist(), columns[2], columns[3])


def _ask(one: _Mended, made: States, places: Places, told: dict[str, np.ndarray]) -> np.ndarray:
    """Fill in what the model makes of the rows of a stretch; return the token that each stands at.

    Of a word that something was put for, the first token is asked, and the others are as likely as they were.
    """
    rows = one.rows
    first = np.maximum(np.searchsorted(made.starts, one.start, side="right") - 1, 0)
    end = np.maximum(np.searchsorted(made.starts, one.end, side="left"), first + 1)
    own, spread = (np.concatenate([[0.0], np.cumsum(values)]) for values in (made.own, made.spread))
    after = np.minimum(end + BEHIND, len(made.ids))
    for name in ("whole", "spread", "best"):
        told[name][rows] = getattr(made, name)[first]
    told["behind"][rows], told["behind_spread"][rows] = own[after] - own[end], spread[after] - spread[end]
    words = [
        str(word).capitalize() if capital else word
        for word, capital in zip(places.words[rows], places.capital[rows], strict=True)
    ]
    ids = np.array([pieces(f" {word}")[0] for word in words])
    asked = np.einsum("ij,ij->i", model().embedding[ids], made.hidden[first]) - made.whole[first]
    spans = zip(one.start, one.end, words, strict=True)
    stays = np.array([one.text[start:stop].lower() == word.lower() for start, stop, word in spans])
    told["first"][rows] = np.where(stays, made.own[first], asked)
    told["own"][rows] = np.where(stays, own[end] - own[first], asked + places.own[rows] - places.first[rows])
    return first


def _try(one: _Mended, made: States, claims: Claims, thought: Thought, tried: np.ndarray) -> None:
    """Fill in, by row, what becomes of a stretch with each original that is thought of, by its last token and itself.

    It is compared with the phrase that the site has, whatever stands in the mended text. A phrase of which only a part
    was put back, or more, is left out.
    """
    at = {number: place for place, number in enumerate(one.numbers)}
    asked: list[Look] = []
    compared = []
    for place, number in enumerate(one.numbers):
        put = claims.get((one.article, number))
        for last, original, chance in thought.get((one.article, number), ()):
            inside = range(number + 1, last + 1)
            if last != put.last if put else not (at.keys() >= set(inside) and not claims.keys() & _keys(one, inside)):
                continue
            stop = one.end[place] if put else one.end[at[last]]
            start, end = one.reading.span(number, last)
            spun = one.reading.text[start:end]
            written = in_the_manner_of(spun, original, one.reading.text)
            both = [_goes_on(one, made, (one.start[place], stop), words, asked) for words in (written, spun)]
            compared.append((one.rows[place], (last, original), both, chance))
    told = looks(asked)
    for row, key, both, chance in compared:
        its, spuns = (told[known] if isinstance(known, int) else known for known in both)
        own, after = np.subtract(its, spuns).tolist()
        tried[row] = (tried[row] or {}) | {key: Tried(own, after, chance)}


def _keys(one: _Mended, numbers: range) -> set[tuple[int, int]]:
    return {(one.article, number) for number in numbers}


def _goes_on(
    one: _Mended, made: States, span: tuple[int, int], words: str, asked: list[Look]
) -> tuple[float, float] | int:
    """How likely words are in a span of a stretch, and what follows after them (nats); or the number of the look."""
    start, end = map(int, span)
    first, stop = made.of(start, end)
    if one.text[start:end] == words:
        return float(made.own[first:stop].sum()), float(made.own[stop : stop + GOES_ON].sum())
    blank = " " if one.text[start - 1 : start] == " " else ""
    asked.append(Look(made, first, pieces(blank + words), tuple(made.ids[stop : stop + GOES_ON].tolist())))
    return len(asked) - 1


def _neighbours(places: Places, claims: Claims, keys: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """The words left and right of each place, those put back among them."""
    begins = {(article, first): original.split(" ")[0] for (article, first), (_, original, _) in claims.items()}
    ends = {(article, last): original.split(" ")[-1] for (article, _), (last, original, _) in claims.items()}
    left = [ends.get((key[0], key[1] - 1), word) if word else word for key, word in zip(keys, places.left, strict=True)]
    right = [
        begins.get((key[0], key[1] + 1), word) if word else word for key, word in zip(keys, places.right, strict=True)
    ]
    return np.array(left, dtype=object), np.array(right, dtype=object)
