"""The places of a site and what is claimed of them go in; the same places come out, read again in the mended text.

The language model reads left to right, and on a spun site a fifth of what it has read is wrong words. So what is
claimed at first is put back, and the sentences are read once more, several at a time: each place is asked again behind
better words and more of them, and beside better neighbours, and what follows a word that was put back tells whether it
belongs there. A word which a spinner put looks likelier the more often it was read before; the more of them are mended,
the less that hides them, and what the first reading made of each sentence by itself is kept beside it.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.restoration.model_gain import in_the_manner_of
from helpers.restoration.site_reading import AT_A_TIME, BEHIND, Places, stretches
from helpers.text.annotated import Reading, read
from helpers.text.model_file import model, pieces
from helpers.text.sentence_states import States, parts_read, read_once

LEAST = 0.45  # the probability of what is put back: a wrong original is no worse than a wrong word
AFTER, MOST = 4, 4.0  # words behind a place whose gain is kept, and the most that one of them gains (nats)
ASKED = ("whole", "own", "first", "spread", "best", "behind", "behind_spread")


class Claim(NamedTuple):
    """What is put back: up to which token, the original, how likely it is."""

    last: int
    original: str
    chance: float


Claims = dict[tuple[int, int], Claim]  # by article and first token


def to_put_back(places: Places, best: pd.DataFrame, claims: pd.DataFrame) -> Claims:
    """Return which claims (`row` in `places`, `pair` in `best`, `probability`) are put back."""
    some = claims[claims["probability"] >= LEAST]
    rows, names = some["row"].to_numpy(), best["original"].to_numpy()[some["pair"]]
    spans = (column[rows].tolist() for column in (places.article, places.number, places.last))
    each = zip(*spans, names, some["probability"].tolist(), strict=True)
    return {(article, first): Claim(last, name, chance) for article, first, last, name, chance in each}


def read_mended(texts: Sequence[str], places: Places, claims: Claims) -> Places:
    """Return the places of single words, read again with the claims put back.

    A row stays where it is and keeps its word; inside a phrase that something was put for, all rows but the first keep
    what the first reading made of them.
    """
    told = {name: getattr(places, name).copy() for name in ASKED}
    hidden, top = places.hidden.copy(), places.top.copy()
    wanted = [one for article in np.unique(places.article) for one in _of_article(texts, int(article), places, claims)]
    for at in range(0, len(wanted), AT_A_TIME):
        some = wanted[at : at + AT_A_TIME]
        for one, made in zip(some, read_once([stretch.text for stretch in some]), strict=True):
            if len(made.ids) and len(one.rows):
                first = _ask(one, made, places, told)
                hidden[one.rows], top[one.rows] = made.hidden[first], made.top[first]
    keys = list(zip(places.article.tolist(), places.number.tolist(), strict=True))
    left, right = _neighbours(places, claims, keys)
    put = [claims.get(key, Claim(-1, "", 0.0)) for key in keys]
    return places._replace(
        **told, hidden=hidden, top=top, left=left, right=right,
        hidden_alone=places.hidden, whole_alone=places.whole, own_alone=places.own,
        put=np.array([claim.original for claim in put], dtype=object),
        put_last=np.array([claim.last for claim in put], dtype=np.int32),
        put_chance=np.array([claim.chance for claim in put], dtype=np.float32),
        after=_after(places, told["own"], claims, keys),
    )  # fmt: skip


class _Mended(NamedTuple):
    """Some sentences with originals put back: the text, the rows that are asked, where each begins and ends in it."""

    text: str
    rows: np.ndarray
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
        asked.append((row, length, length + len(written)))
        length += len(written)
        at, until = end, last
    text = "".join([*parts, reading.text[at : span[1]]])
    return _Mended(text, *np.array(asked, dtype=int).reshape(-1, 3).T)


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


def _after(places: Places, own: np.ndarray, claims: Claims, keys: list[tuple[int, int]]) -> np.ndarray:
    """How much more readily the next words that nothing was put for follow each place than before.

    More than on average: the longer reading makes all words likelier. Every word of a phrase has the same.
    """
    gain = (own - places.own).clip(-MOST, MOST)
    first_of = {
        (article, at): (article, first)
        for (article, first), (last, *_) in claims.items()
        for at in range(first, last + 1)
    }
    stays = np.array([key not in first_of for key in keys], dtype=bool)
    gain -= gain[stays].mean() if stays.any() else 0.0
    sentences = places.sentence.tolist()
    known = {key: (sentences[row], gain[row]) for row, key in enumerate(keys)}

    def behind(key: tuple[int, int], sentence: int) -> float:
        """What the words gain behind one, or behind the phrase that it is in, up to the next that was put back."""
        article, last = key[0], claims[first_of[key]].last if key in first_of else key[1]
        following = ((article, at) for at in range(last + 1, last + 1 + AFTER))
        free = takewhile(lambda other: other not in first_of, following)
        return float(sum(known[other][1] for other in free if other in known and known[other][0] == sentence))

    return np.array([behind(*one) for one in zip(keys, sentences, strict=True)], dtype=np.float32)


def _neighbours(places: Places, claims: Claims, keys: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """The words left and right of each place, those put back among them."""
    begins = {(article, first): original.split(" ")[0] for (article, first), (_, original, _) in claims.items()}
    ends = {(article, last): original.split(" ")[-1] for (article, _), (last, original, _) in claims.items()}
    left = [ends.get((key[0], key[1] - 1), word) if word else word for key, word in zip(keys, places.left, strict=True)]
    right = [
        begins.get((key[0], key[1] + 1), word) if word else word for key, word in zip(keys, places.right, strict=True)
    ]
    return np.array(left, dtype=object), np.array(right, dtype=object)
