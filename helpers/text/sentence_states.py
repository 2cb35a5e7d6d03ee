"""Sentences go in; what a language model makes of each comes out, read once and kept for whoever asks next.

Detection asks what was expected where a word stands, restoration which other words were, and how the sentence goes on
after them: all of it follows from the same reading, whose states are kept here for the texts looked at last.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from helpers.text.model_file import ModelTokens, model, model_tokens
from helpers.text.spans import sentence_spans
from helpers.text.transformer import HIDDEN, ROWS, KeysValues, hidden_states, log_probabilities

BEGINNING = 0  # the token that stands between two texts
TOGETHER = 512  # tokens of sentences that are read at a time
AT_A_TIME = 64  # looks that are read together
TOP = 40  # of the likeliest tokens in each place that are kept
BLOCK = 64  # neighbours of a vocabulary among which the highest is looked for first
LONGEST = 800  # characters that are read at once
MOST_KEPT = 6_000  # tokens, some 50 kB each

_kept: "OrderedDict[str, States]" = OrderedDict()


class States(NamedTuple):
    """What a language model makes of a sentence, a row a token, as it stands after those in front of it (nats).

    `ids`, `starts`: the tokens and where each begins; `hidden` (tokens x width): the network's state in front of it;
    `whole`: the logarithm of the sum over all tokens, which makes a product with `hidden` a log probability; `own`:
    the log probability of the token; `spread`: the entropy; `best`: the log probability of the likeliest token; `top`
    (tokens x TOP): the likeliest ones; `past`: keys and values of each layer, that of the sentence's beginning first.
    """

    ids: np.ndarray
    starts: np.ndarray
    hidden: np.ndarray
    whole: np.ndarray
    own: np.ndarray
    spread: np.ndarray
    best: np.ndarray
    top: np.ndarray
    past: KeysValues

    def log_probabilities(self, place: int, tokens: np.ndarray) -> np.ndarray:
        """Return the log probabilities of tokens in the place of one."""
        return model().embedding[tokens] @ self.hidden[place] - self.whole[place]

    def of(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token of a stretch of the sentence (characters), and the one behind its last.

        A token begins with the blank in front of a word, if with any.
        """
        first = int(np.searchsorted(self.starts, start, side="right")) - 1
        return first, max(int(np.searchsorted(self.starts, end, side="left")), first + 1)


def parts_read(text: str) -> list[tuple[int, int]]:
    """Return what is read at once of a text (characters): its sentences, very long ones in parts."""
    return [part for start, end in sentence_spans(text) for part in _short(text, start, end)]


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a sentence, each of at most LONGEST characters, cut at blanks where there are any."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut
    if end > start:
        yield start, end


def states(sentences: list[str]) -> list[States]:
    """Return what the model makes of sentences, each read by itself; those read lately are not read again."""
    new = list(dict.fromkeys(sentence for sentence in sentences if sentence not in _kept))
    found = {sentence: _kept[sentence] for sentence in sentences if sentence in _kept}
    found |= _read(new)
    for sentence in dict.fromkeys(sentences):
        _kept[sentence] = found[sentence]
        _kept.move_to_end(sentence)
    total = sum(len(one.ids) for one in _kept.values())
    while total > MOST_KEPT and len(_kept) > 1:
        total -= len(_kept.popitem(last=False)[1].ids)
    return [found[sentence] for sentence in sentences]


def read_once(sentences: list[str], past: bool = False) -> list[States]:
    """Return the same, and keep nothing; without the `past` nobody can read on from them (`looks`)."""
    found = _read(list(dict.fromkeys(sentences)), past)
    return [found[sentence] for sentence in sentences]


def _read(sentences: list[str], past: bool = True) -> dict[str, States]:
    parts = {sentence: model_tokens(sentence) for sentence in sentences}
    found = {sentence: _nothing(part) for sentence, part in parts.items() if not len(part.ids)}
    order = sorted(set(parts) - set(found), key=lambda sentence: (len(parts[sentence].ids), sentence))
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * len(parts[order[end]].ids) <= TOGETHER:
            end += 1
        batch = order[start:end]
        found |= zip(batch, _together([parts[sentence] for sentence in batch], past), strict=True)
        start = end
    return found


def _nothing(part: ModelTokens) -> States:
    """What is made of a sentence without any token."""
    none = np.zeros(0, dtype=np.float32)
    hidden = np.zeros((0, model().embedding.shape[1]), dtype=np.float32)
    return States(part.ids, part.starts, hidden, none, none, none, none, np.zeros((0, TOP), dtype=np.int32), [])


def _together(parts: list[ModelTokens], keep_past: bool) -> list[States]:
    """Read sentences of like length at once, filled up to the same."""
    lengths = np.array([len(part.ids) for part in parts])
    longest = int(lengths.max())
    ids = np.full((len(parts), longest + 1), BEGINNING)
    for row, part in enumerate(parts):
        ids[row, 1 : lengths[row] + 1] = part.ids
    nothing = np.zeros((len(parts), 0), dtype=np.float32)
    hidden, past = hidden_states(model(), ids[:, :-1], np.zeros(len(parts), dtype=int), [], nothing)
    real = np.arange(longest) < lengths[:, None]
    flat, own = hidden[real], ids[:, 1:][real]
    told = np.zeros((4, len(own)), dtype=np.float32)
    top = np.zeros((len(own), TOP), dtype=np.int32)
    for start in range(0, len(own), ROWS):
        rows = slice(start, start + ROWS)
        scores = flat[rows] @ model().embedding.T
        top[rows] = highest_of(scores, TOP)
        highest = scores.max(axis=-1, keepdims=True)
        scores -= highest
        own_scores = scores[np.arange(len(scores)), own[rows]]
        chances = np.exp(scores)
        whole = chances.sum(axis=-1)
        log_whole = np.log(whole)
        told[0, rows] = log_whole + highest[:, 0]
        told[1, rows] = own_scores - log_whole
        told[2, rows] = log_whole - np.einsum("ij,ij->i", chances, scores) / whole
        told[3, rows] = -log_whole
    cuts = np.cumsum(lengths)[:-1]
    each = zip(
        parts, np.split(flat, cuts), np.split(told, cuts, axis=1), np.split(top, cuts), range(len(parts)), strict=True
    )
    return [
        States(
            part.ids, part.starts, states, values[0], values[1], values[2], values[3], likeliest,
            [(keys[row, : len(part.ids)].copy(), content[row, : len(part.ids)].copy()) for keys, content in past]
            if keep_past
            else [],
        )
        for part, states, values, likeliest, row in each
    ]  # fmt: skip


def highest_of(scores: np.ndarray, most: int) -> np.ndarray:
    """Return in which columns the highest scores of each row stand, `most` of them, in no order.

    Looked through are as many blocks of columns as have the highest maxima: what is higher than one of these stands in
    one of them, and most of a vocabulary need not be put in order.
    """
    rows, columns = scores.shape
    if columns % BLOCK or columns < BLOCK * most:
        return np.argpartition(scores, -most, axis=1)[:, -most:]
    blocks = np.argpartition(scores.reshape(rows, -1, BLOCK).max(axis=2), -most, axis=1)[:, -most:]
    among = (blocks[:, :, None] * BLOCK + np.arange(BLOCK)).reshape(rows, -1)
    highest = np.argpartition(np.take_along_axis(scores, among, axis=1), -most, axis=1)[:, -most:]
    return np.take_along_axis(among, highest, axis=1)


class Look(NamedTuple):
    """What is read from a place of a sentence on: tokens in the stead of some, and those behind that are asked too."""

    sentence: States
    place: int
    own: tuple[int, ...]
    behind: tuple[int, ...]


def looks(wanted: list[Look]) -> np.ndarray:
    """Return how readily sentences would go on otherwise: a row each, of the own tokens and of those behind (nats).

    Sentences are read on together, each seeing only what stands in front of its place.
    """
    found = np.zeros((len(wanted), 2))
    # Those of like length together, and of a sentence together, so that little is filled up and little is held.
    order = sorted(
        range(len(wanted)), key=lambda at: (len(wanted[at].own) + len(wanted[at].behind), id(wanted[at].sentence))
    )
    for start in range(0, len(order), AT_A_TIME):
        batch = order[start : start + AT_A_TIME]
        for at, told in zip(batch, _looked([wanted[at] for at in batch]), strict=True):
            own = len(wanted[at].own)
            found[at] = told[:own].sum(), told[own:].sum()
    return found


def _looked(batch: list[Look]) -> list[np.ndarray]:
    """The log probabilities of the tokens of each look."""
    sentences = {id(look.sentence): look.sentence for look in batch}
    offsets, total = {}, 0
    for key, sentence in sentences.items():
        offsets[key] = total
        total += len(sentence.ids)
    layers = len(next(iter(sentences.values())).past)
    keys, values = (
        [np.concatenate([one.past[layer][side] for one in sentences.values()]) for layer in range(layers)]
        for side in (0, 1)
    )
    past = list(zip(keys, values, strict=True))
    lengths = np.array([len(look.own) + len(look.behind) for look in batch])
    ids = np.full((len(batch), lengths.max()), BEGINNING)
    seen = np.full((len(batch), total), HIDDEN, dtype=np.float32)
    for row, look in enumerate(batch):
        ids[row, : lengths[row]] = [*look.own, *look.behind]
        front = offsets[id(look.sentence)]
        seen[row, front : front + look.place + 1] = 0
    hidden = np.stack([look.sentence.hidden[look.place] for look in batch])[:, None]
    if ids.shape[1] > 1:
        places = np.array([look.place + 1 for look in batch])
        hidden = np.concatenate([hidden, hidden_states(model(), ids[:, :-1], places, past, seen)[0]], axis=1)
    real = np.arange(ids.shape[1]) < lengths[:, None]
    return np.split(log_probabilities(model(), hidden[real], ids[real]), np.cumsum(lengths)[:-1])
