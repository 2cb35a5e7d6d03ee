"""A text goes in; numbers come out by which its source can be found among millions: what survives spinning.

Two articles are only looked at side by side where they have such a number (a key) in common. Three sorts:

- two content words in their order, close together in a sentence, of which a spinner has changed neither. Of these one
  in four is kept, by its hash, so that every article keeps the same ones (Broder 1997); where both words are names or
  figures all are, since no dictionary has them;
- a name or figure alone: common ones are of no use and are dropped where articles are brought together;
- many narrow bands of a MinHash signature (Leskovec et al. 2014, chapter 3) over the content words. With the usual
  wide bands two texts that share half their words hardly ever meet; in one of 32 bands of two they nearly always do.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.sources.index import REACH
from helpers.text.spans import Span
from helpers.text.word_counts import PRIME, key_of

KEPT = 4  # one ordered pair in so many is a key
BANDS, WIDTH = 32, 2
ALONE, BAND = np.uint64(0xA10E), np.uint64(0xBA2D)  # set the sorts of keys apart
SHIFT = np.uint64(31)
_HASHES = np.random.default_rng(1).integers(1, 2**63, size=(2, BANDS * WIDTH, 1), dtype=np.uint64)

word_key = lru_cache(maxsize=500_000)(key_of)


class Words(NamedTuple):
    """The content words of a text, and how many each sentence has, if any.

    `keys` (the hash of a word), `fixed` (it is a name or figure) and `figure` go together; `size` is by sentence.
    """

    keys: np.ndarray
    fixed: np.ndarray
    figure: np.ndarray
    size: np.ndarray


def text_words(text: str, sentences: list[list[tuple[str, Span]]]) -> Words:
    """Return the content words of a text, of which `sentences` is what `content_words` gives."""
    found = [sentence for sentence in sentences if sentence]
    return Words(
        np.array([word_key(word) for sentence in found for word, _ in sentence], np.uint64),
        np.array([flag for sentence in found for flag in _fixed(text, sentence)], bool),
        np.array([_has_figure(word) for sentence in found for word, _ in sentence], bool),
        np.array([len(sentence) for sentence in found], np.int32),
    )


def text_keys(text: str, sentences: list[list[tuple[str, Span]]]) -> np.ndarray:
    """Return the keys of a text, each once; `sentences` is what `content_words` gives for it.

    >>> from helpers.sources.index import content_words
    >>> texts = "Kim Yo Jong met 27 envoys in Pyongyang.", "Kim Yo Jong met 27 ambassadors in Pyongyang."
    >>> one, other = (text_keys(text, content_words(text)) for text in texts)
    >>> len(np.intersect1d(one, other)) > 5
    True
    """
    return keys_of(text_words(text, sentences))


def keys_of(text: Words) -> np.ndarray:
    """Return the keys of a text, each once, from its content words."""
    words, fixed = text.keys, text.fixed
    if not len(words):
        return words
    where = np.repeat(np.arange(len(text.size)), text.size)
    found = [_mixed(words[fixed], ALONE), _bands(np.unique(words))]
    for step in range(1, min(REACH, len(words) - 1) + 1):
        pairs = _mixed(words[:-step], words[step:])
        kept = (fixed[:-step] & fixed[step:]) | ((pairs >> np.uint64(40)) % np.uint64(KEPT) == 0)
        found.append(pairs[kept & (where[:-step] == where[step:])])
    return np.unique(np.concatenate(found))


def _has_figure(word: str) -> bool:
    return any(map(str.isdigit, word))


def _fixed(text: str, sentence: list[tuple[str, Span]]) -> list[bool]:
    """Which words of a sentence are figures or, behind its first word, written with a capital."""
    return [_has_figure(word) or (place > 0 and text[span[0]].isupper()) for place, (word, span) in enumerate(sentence)]


def _mixed(one: np.ndarray, other: np.ndarray | np.uint64) -> np.ndarray:
    """The key of a pair, in this order, from those of its members."""
    key = (one ^ (one >> SHIFT)) * PRIME + other
    return (key ^ (key >> SHIFT)) * PRIME


def _bands(words: np.ndarray) -> np.ndarray:
    """One key a band: the least hashes of all words, two by two."""
    factors, shifts = _HASHES
    hashes = words[None, :] * (factors | np.uint64(1)) + shifts
    least = ((hashes ^ (hashes >> SHIFT)) * PRIME).min(axis=1).reshape(BANDS, WIDTH)
    key = BAND + np.arange(BANDS, dtype=np.uint64)
    for column in least.T:
        key = _mixed(key, column)
    return key
