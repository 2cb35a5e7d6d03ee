"""Tokens go in; what a language model makes of them comes out, and how probable each is after those in front of it.

The arithmetic of the network (a transformer as in Llama, Touvron et al. 2023) is done here, since the libraries that do
it have to be compiled where they are installed, or are gigabytes.
"""

import math

import numpy as np

from helpers.text.model_file import Model

ROWS = 256  # of the table tokens x vocabulary that are held at a time: 50 MB
QUERIES = 64  # that attend at a time: what they see of a long text stays near the processor
HIDDEN = np.float32(-1e9)  # what a place that must not be seen adds to its weight
KeysValues = list[tuple[np.ndarray, np.ndarray]]  # of each layer: tokens x shared x size


def _normed(values: np.ndarray, weights: np.ndarray, small: float) -> np.ndarray:
    return values / np.sqrt(np.mean(values * values, axis=-1, keepdims=True) + np.float32(small)) * weights


def turned(values: np.ndarray, turns: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Rotary position embedding (Su et al. 2021): pairs of numbers are turned, the further the later their place."""
    cosine, sine = turns
    one, other = values[..., 0::2], values[..., 1::2]
    found = np.empty_like(values)
    found[..., 0::2], found[..., 1::2] = one * cosine - other * sine, one * sine + other * cosine
    return found


def turns_of(model: Model, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cosine and the sine by which the numbers of tokens in these places are turned, in every layer."""
    angles = places[..., None, None] * model.turns
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def hidden_states(
    model: Model, ids: np.ndarray, first: np.ndarray, past: KeysValues, seen: np.ndarray
) -> tuple[np.ndarray, KeysValues]:
    """Send rows of tokens through the network, together.

    `ids`: rows x length; `first`: the place of each row's first token; `past`: keys and values of tokens in front (or
    nothing), of which a row sees those where `seen` (rows x tokens in front) is 0, not HIDDEN. Returns what the
    network makes of each token (rows x length x width), and the keys and values of each layer, with a row first.
    """
    rows, length = ids.shape
    turns = turns_of(model, first[:, None] + np.arange(length))
    states, made = model.embedding[ids.ravel()], []  # flat, so that each product is one of two large matrices
    for number, layer in enumerate(model.layers):
        projected = _normed(states, layer.attention_norm, model.small) @ layer.attention
        queries, keys, values = _parted(model, projected.reshape(rows, length, -1), turns)
        made.append((keys, values))
        attended = _attended(queries, keys, values, past[number] if past else None, seen)
        states = states + attended.reshape(rows * length, -1) @ layer.output
        gate, content = np.split(_normed(states, layer.feed_norm, model.small) @ layer.feed, 2, axis=-1)
        states = states + (gate / (1 + np.exp(-gate)) * content) @ layer.feed_output
    return _normed(states, model.norm, model.small).reshape(rows, length, -1), made


def _parted(
    model: Model, projected: np.ndarray, turns: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The queries, keys and values that stand side by side: rows x length x heads x size, turned to their places."""
    heads, shared, size = model.heads, model.shared, model.size
    queries, keys, values = np.split(projected, [heads * size, (heads + shared) * size], axis=-1)
    queries, keys, values = (part.reshape(*part.shape[:2], -1, size) for part in (queries, keys, values))
    return turned(queries, turns), turned(keys, turns), values


def _attended(
    queries: np.ndarray, keys: np.ndarray, values: np.ndarray, past: tuple[np.ndarray, np.ndarray] | None,
    seen: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The values that each query attends to, of its own row so far and of what is past: rows x length x width."""
    rows, length, shared, size = keys.shape
    group = queries.shape[2] // shared
    # shared x rows x length x group x size
    queries = queries.reshape(rows, length, shared, group, size).transpose(2, 0, 1, 3, 4) / np.float32(math.sqrt(size))
    near = keys.transpose(2, 0, 3, 1), values.transpose(2, 0, 1, 3)
    far = (past[0].transpose(1, 2, 0), past[1].transpose(1, 0, 2)) if past else None
    parts = []
    for start in range(0, length, QUERIES):  # no query sees what is behind it, so that half of the products are none
        end = min(start + QUERIES, length)
        seeing = (near[0][..., :end], near[1][..., :end, :])
        parts.append(_seen_by(queries[:, :, start:end], start, seeing, far, seen))
    attended = np.concatenate(parts, axis=2).transpose(1, 2, 0, 3, 4)
    return attended.reshape(rows, length, -1)


def _seen_by(
    queries: np.ndarray, start: int, near: tuple[np.ndarray, np.ndarray], far: tuple[np.ndarray, np.ndarray] | None,
    seen: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """What some queries in a row attend to, shaped as they are; `start` is the place of the first.

    `near`, `far`: the keys and the values of their own row so far, and of what is past.
    """
    shared, rows, length, group, size = queries.shape
    end = near[0].shape[-1]
    attention = queries.reshape(shared, rows, length * group, size) @ near[0]
    future = np.triu(np.full((length, end), HIDDEN), start + 1)[:, None, :]
    attention = (attention.reshape(shared, rows, length, group, end) + future).reshape(shared, rows, -1, end)
    if far:
        front = queries.reshape(shared, -1, size) @ far[0]
        front = front.reshape(shared, rows, length * group, -1) + seen[:, None, :]
        attention = np.concatenate([front, attention], axis=-1)
    attention -= attention.max(axis=-1, keepdims=True)
    np.exp(attention, out=attention)
    whole = attention.sum(axis=-1, keepdims=True)
    attended = attention[..., attention.shape[-1] - end :] @ near[1]
    if far:
        old = attention[..., : attention.shape[-1] - end].reshape(shared, rows * length * group, -1) @ far[1]
        attended = attended + old.reshape(attended.shape)
    return (attended / whole).reshape(queries.shape)


def log_probabilities(model: Model, hidden: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Return the log probabilities of tokens, each given the hidden state (tokens x width) of the token before it."""
    found = np.zeros(len(ids), dtype=np.float32)
    for start in range(0, len(ids), ROWS):
        rows = slice(start, start + ROWS)
        scores = hidden[rows] @ model.embedding.T
        scores -= scores.max(axis=-1, keepdims=True)
        chosen = scores[np.arange(len(scores)), ids[rows]].copy()
        found[rows] = chosen - np.log(np.exp(scores, out=scores).sum(axis=-1))
    return found
