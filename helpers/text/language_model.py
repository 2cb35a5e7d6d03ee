"""A text goes in; how readily a language model expects its words, or others in their place, comes out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from helpers.text.model_file import ModelTokens, model, model_tokens, plain
from helpers.text.transformer import HIDDEN, ROWS, KeysValues, hidden_states, log_probabilities, turned

BEGINNING = 0  # the token that stands between two texts
BLOCK, CONTEXT = 512, 128  # tokens that are read at a time, and that are kept in view of what stands in front
BATCH = 48  # replacements that are read at a time
LEAST = 1e-7  # of a probability
FOLLOWING = re.compile(r"(?:[^\S\n]*[^\w\s]*[^\S\n]*\w[\w'’-]{0,30}){0,3}")  # words on the same line that are read on


class Block(NamedTuple):
    """A run of tokens that was read: the places of the first and of the one behind the last, and what came of them.

    `hidden` begins with the state of the token in front of the first; `past` has the keys and values of the tokens at
    the places `kept`.
    """

    first: int
    end: int
    hidden: np.ndarray
    kept: np.ndarray
    past: KeysValues


def blocks(ids: np.ndarray) -> Iterator[Block]:
    """Read a text from its beginning, BLOCK tokens at a time, each in view of CONTEXT tokens in front of them.

    Places count from the sign that stands before every text, so that token 0 has place 1. That sign stays in view
    throughout, right in front of what is kept: a model rests there the attention that it needs nowhere else, and reads
    badly without (an attention sink; Xiao et al., ICLR 2024).
    """
    ids = np.concatenate([[BEGINNING], ids])
    past: KeysValues = []
    sink: KeysValues = []
    kept, hidden = np.zeros(0, dtype=int), np.zeros((0, model().embedding.shape[1]), dtype=np.float32)
    for first in range(0, len(ids), BLOCK):
        end = min(first + BLOCK, len(ids))
        seen = np.zeros((1, len(kept)), dtype=np.float32)
        made, fresh = hidden_states(model(), ids[None, first:end], np.array([first]), past, seen)
        fresh = [(keys[0], values[0]) for keys, values in fresh]
        past, kept = _joined(past, fresh), np.concatenate([kept, np.arange(first, end)])
        sink = sink or [(keys[:1], values[:1]) for keys, values in fresh]
        hidden = np.concatenate([hidden[-1:], made[0]])
        yield Block(max(first, 1), end, hidden, kept, past)
        if len(kept) > CONTEXT:
            near = [(keys[-CONTEXT:], values[-CONTEXT:]) for keys, values in past]
            kept = np.concatenate([[0], kept[-CONTEXT:]])
            # At place 0 a key is not turned; turned once, it stands in front of what is kept, however far that is.
            front = np.array([max(kept[1] - 1, 0)])
            past = _joined([(turned(keys, front, model().turns), values) for keys, values in sink], near)


def _joined(front: KeysValues, behind: KeysValues) -> KeysValues:
    """The keys and values of each layer, of tokens in front (if there are any) and of those behind them."""
    if not front:
        return behind
    return [
        (np.concatenate([keys, more]), np.concatenate([values, others]))
        for (keys, values), (more, others) in zip(front, behind, strict=True)
    ]


def _own(block: Block, ids: np.ndarray) -> np.ndarray:
    """The log probabilities of the tokens of a block."""
    return log_probabilities(model(), block.hidden[: block.end - block.first], ids[block.first - 1 : block.end - 1])


class Outlook(NamedTuple):
    """What was expected where each token of a sentence stands (nats), the first seen after nothing.

    `own`: the log probability of the token; `spread`: the entropy, that is the surprise to be expected; `best`: the
    log probability of the likeliest token; `others`: that of any of some other tokens; `likeliest`: the number of the
    likeliest of these, or -1.
    """

    own: np.ndarray
    spread: np.ndarray
    best: np.ndarray
    others: np.ndarray
    likeliest: np.ndarray


def outlooks(found: list[ModelTokens], others: list[list[np.ndarray]]) -> list[Outlook]:
    """Read sentences, each by itself, and return what was expected in them; `others`: a list of tokens a token."""
    results: list[Outlook | None] = [None] * len(found)
    order = sorted(range(len(found)), key=lambda number: len(found[number].ids))
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * len(found[order[end]].ids) <= BLOCK:
            end += 1
        batch = [number for number in order[start:end] if len(found[number].ids)]
        if batch:
            for number, outlook in zip(batch, _looked(found, others, batch), strict=True):
                results[number] = outlook
        start = end
    nothing = np.zeros(0, dtype=np.float32)
    return [result or Outlook(*[nothing] * len(Outlook._fields)) for result in results]


def _looked(found: list[ModelTokens], others: list[list[np.ndarray]], batch: list[int]) -> list[Outlook]:
    """The outlooks of some sentences that are read together, filled up to the same length."""
    lengths = np.array([len(found[number].ids) for number in batch])
    ids = np.full((len(batch), lengths.max() + 1), BEGINNING)
    for row, number in enumerate(batch):
        ids[row, 1 : lengths[row] + 1] = found[number].ids
    nothing = np.zeros((len(batch), 0), dtype=np.float32)
    hidden, _ = hidden_states(model(), ids[:, :-1], np.zeros(len(batch), dtype=int), [], nothing)
    real = np.arange(lengths.max()) < lengths[:, None]
    hidden, own = hidden[real], ids[:, 1:][real]
    asked = [some for number in batch for some in others[number]]
    looked = np.zeros((len(Outlook._fields), len(own)), dtype=np.float32)
    for start in range(0, len(own), ROWS):
        rows = slice(start, start + ROWS)
        scores = hidden[rows] @ model().embedding.T
        scores -= scores.max(axis=-1, keepdims=True)
        chances = np.exp(scores)
        whole = chances.sum(axis=-1)
        log_whole = np.log(whole)
        looked[0, rows] = scores[np.arange(len(scores)), own[rows]] - log_whole
        looked[1, rows] = log_whole - np.einsum("ij,ij->i", chances, scores) / whole
        looked[2, rows] = -log_whole
        summed = np.array([chances[row, some].sum() for row, some in enumerate(asked[rows])])
        looked[3, rows] = np.log(np.maximum(summed / whole, LEAST))
        looked[4, rows] = [
            some[chances[row, some].argmax()] if len(some) else -1 for row, some in enumerate(asked[rows])
        ]
    return [Outlook(*part) for part in np.split(looked, np.cumsum(lengths)[:-1], axis=1)]


class Variant(NamedTuple):
    """Tokens that are read from a place on in a text's stead, and how many of them belong to what was replaced."""

    place: int
    ids: tuple[int, ...]
    own: int


def _variant(text: str, found: ModelTokens, start: int, end: int, words: str) -> Variant:
    """The tokens with which a text goes on if its characters start to end are replaced."""
    blank = start - 1 if start and text[start - 1] == " " else start
    at = int(found.starts[np.searchsorted(found.starts, blank, side="right") - 1])  # of the token that begins there
    place = int(np.searchsorted(found.starts, at))
    behind = FOLLOWING.match(text, end)
    encoding, front = model().encoding, plain(text[at:start] + words)
    ids = encoding.encode_ordinary(front + plain(text[end : behind.end() if behind else end]))
    return Variant(place + 1, tuple(ids), len(encoding.encode_ordinary(front)))


def expectations(text: str, changes: list[tuple[int, int, str]]) -> np.ndarray:
    """Return how readily a model would go on with words in place of those that stand in a text.

    `changes`: (start, end, words) each, characters. Returns a row each: the log probability (nats) of the words given
    what stands in front of them, and that of the next few words of the line given both.

    >>> from helpers.text.model_file import is_installed
    >>> war, battle = expectations("World Battle II", [(6, 12, "War"), (6, 12, "Battle")]) if is_installed() else (1, 0)
    >>> bool(np.sum(war) > np.sum(battle))
    True
    """
    if not changes:
        return np.zeros((0, 2))
    found = model_tokens(text)
    variants = [_variant(text, found, *change) for change in changes]
    known: dict[tuple[int, tuple[int, ...]], np.ndarray] = {}
    wanted = sorted({(variant.place, variant.ids) for variant in variants})
    for block in blocks(found.ids):
        here = [(place, ids) for place, ids in wanted if block.first <= place < block.end]
        if not here:
            continue
        own = _own(block, found.ids)
        for place, ids in here:
            at = slice(place - block.first, place - block.first + len(ids))
            if place + len(ids) <= block.end and tuple(found.ids[place - 1 : place - 1 + len(ids)]) == ids:
                known[place, ids] = own[at]  # what stands there anyway
        here = [variant for variant in here if variant not in known]
        # Read together are those of like length, so that little is filled up.
        here.sort(key=lambda variant: (len(variant[1]), variant[0]))
        for start in range(0, len(here), BATCH):
            batch = here[start : start + BATCH]
            known.update(zip(batch, _continued(block, batch), strict=True))
    sums = [(known[place, ids][:own].sum(), known[place, ids][own:].sum()) for place, ids, own in variants]
    return np.array(sums, dtype=float).reshape(-1, 2)


def _continued(block: Block, batch: list[tuple[int, tuple[int, ...]]]) -> list[np.ndarray]:
    """The log probabilities of tokens that are read from a place in a block on."""
    places = np.array([place for place, _ in batch])
    lengths = np.array([len(ids) for _, ids in batch])
    ids = np.full((len(batch), lengths.max()), BEGINNING)
    for row, (_, own) in enumerate(batch):
        ids[row, : len(own)] = own
    # All that is kept in front of a place is seen, as it was when the text itself was read.
    high = np.searchsorted(block.kept, places.max())
    past = [(keys[:high], values[:high]) for keys, values in block.past]
    seen = np.where(block.kept[:high] < places[:, None], np.float32(0), HIDDEN)
    # Nothing is asked of what follows the last token, so it is not read; of single tokens nothing is.
    hidden = block.hidden[places - block.first][:, None]
    if ids.shape[1] > 1:
        hidden = np.concatenate([hidden, hidden_states(model(), ids[:, :-1], places, past, seen)[0]], axis=1)
    real = np.arange(ids.shape[1]) < lengths[:, None]
    return np.split(log_probabilities(model(), hidden[real], ids[real]), np.cumsum(lengths)[:-1])
