"""Drafts of lost texts and what versions read go in; words that no version reads come out, which may have stood there.

What every version replaced stands in none of them. It is a synonym of what they put in, and the language model would
have written it: so it is looked for among the words that the thesauri have for what is read, and those that the model
expects, in all places together where the versions read the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from helpers.restoration.choices import expected_words, first_pieces
from helpers.restoration.site_phrases import linked
from helpers.restoration.site_reading import is_looked_at, is_plain
from helpers.sources.originals import Readings
from helpers.text.english import is_function_word
from helpers.text.model_file import model, pieces
from helpers.text.sentence_states import parts_read, states
from helpers.text.thesaurus import alternatives, near_words
from helpers.text.word_counts import frequency

PROPOSED, EXPECTED = 6, 20  # words that are proposed for a place; of the model’s own words, those that are looked at
SYNONYM = 4.0  # nats that it counts that the thesauri have a word for all that is read (on train sources)
PIECE = 1.5  # nats that a name of several pieces loses: only the first was asked for
PLACES = 24  # places of the same readings that are looked at
COMMONEST = 1e-4  # share of the web’s words: a function word that is commoner, and read by all, is the source’s


class Draft(NamedTuple):
    """A draft of a text, where each of its places stands in it (places x 2), and the number of the first of them."""

    text: str
    spans: np.ndarray
    first: int


class Seen(NamedTuple):
    """A place as the model sees it: its number, the state in front of it, what makes a product with that a log
    probability, whether it begins with a capital, and with a name’s (within a sentence), and the likeliest tokens."""

    place: int
    hidden: np.ndarray
    whole: float
    capital: bool
    name: bool
    top: np.ndarray


def proposed(readings: Readings, drafts: Iterable[Draft]) -> dict[int, list[str]]:
    """Return for the places of some drafts what may have stood there though no version reads it, the likeliest first.

    Nothing is proposed for what is no plain word, and where all versions read one common function word or a name.
    """
    alike: defaultdict[tuple[str, ...], list[Seen]] = defaultdict(list)
    for draft in drafts:
        for seen in _seen(draft):
            read = tuple(sorted({readings.phrases[number] for number in readings.of(seen.place).tolist()}))
            if read and all(map(is_looked_at, read)) and not _is_the_sources(read):
                alike[read].append(seen)
    found: dict[int, list[str]] = {}
    for read, places in alike.items():
        if len(read) > 1 or not all(place.name for place in places):
            found |= dict.fromkeys([place.place for place in places], _likeliest(read, places[:PLACES]))
    return found


def _is_the_sources(read: tuple[str, ...]) -> bool:
    common = all(map(is_function_word, read[0].split(" "))) and frequency(read[0]) > COMMONEST
    return len(read) == 1 and (common or len(read[0]) < 3)


def _seen(draft: Draft) -> Iterator[Seen]:
    """The places of a draft that lie within a sentence."""
    parts = parts_read(draft.text)
    starts = np.array([start for start, _ in parts], dtype=int)
    inside: dict[int, list[int]] = {}
    for place, (start, end) in enumerate(draft.spans.tolist()):
        at = int(np.searchsorted(starts, start, side="right")) - 1
        if at >= 0 and start < end <= parts[at][1]:
            inside.setdefault(at, []).append(place)
    read = states([draft.text[slice(*parts[at])] for at in inside])
    for at, sentence in zip(inside, read, strict=True):
        for place in inside[at] if len(sentence.ids) else ():
            start = int(draft.spans[place, 0])
            front, _ = sentence.of(start - parts[at][0], int(draft.spans[place, 1]) - parts[at][0])
            capital = draft.text[start].isupper()
            facts = capital, capital and start > parts[at][0]
            yield Seen(draft.first + place, sentence.hidden[front].copy(), float(sentence.whole[front]), *facts,
                       sentence.top[front].copy())  # fmt: skip


def _likeliest(read: tuple[str, ...], places: list[Seen]) -> list[str]:
    """The words that fit best in all places where versions read the same."""
    votes = Counter(name for words in read for name in {*alternatives(words), *near_words(words), *linked(words)})
    told = [(one.top, np.exp(model().embedding[one.top] @ one.hidden - one.whole)) for one in places]
    every = {*votes, *expected_words(read[0], told, EXPECTED)} - set(read)
    names = sorted(name for name in every if all(map(is_plain, name.split(" "))))
    if not names:
        return []
    likely = np.zeros((len(places), len(names)))
    for row, one in enumerate(places):
        likely[row] = model().embedding[first_pieces(tuple(names), one.capital)] @ one.hidden - one.whole
    score = likely.mean(axis=0) + SYNONYM * np.array([votes[name] / len(read) for name in names])
    score -= PIECE * np.array([len(pieces(f" {name}")) > 1 for name in names])
    return [names[at] for at in np.argsort(-score, kind="stable")[:PROPOSED].tolist()]
