"""Words and phrases go in; what is known of each wherever it stands comes out: a row each, as arrays.

A word of a site has a hundred names that may be its original, and each name is thought of for a dozen words. What does
not hang on the word that it may stand for is told once.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.restoration.choices import ends_so, tags_of
from helpers.restoration.site_phrases import phrase_frequency
from helpers.text.english import is_function_word
from helpers.text.model_file import model, pieces
from helpers.text.thesaurus import TAGS
from helpers.text.word_counts import known, log_frequency

BITS = {tag: 1 << at for at, tag in enumerate(tag for part in TAGS.values() for tag in part)}
AT_A_TIME = 2_000  # names of which the pieces' directions are held
LN10 = np.log(10)


class Names(NamedTuple):
    """What is known of some folded words and phrases, a row each.

    `number`: the row of each; `frequency`: in English; `function`: whether it is a function word; `tags`: the Penn tags
    that it can have (BITS); `direction` (names x width): the mean direction of its pieces in the model's embedding;
    `several`: whether it has several pieces; `blanks`: how many blanks; `vowel`: whether it begins with one; `begins`:
    the same number for those of the same first four letters, -1 for shorter ones; `behind_first`: the log probability
    of what follows its first piece; `first` (2 x names): that piece, small and with a capital; `keys`, `counts`
    (2 x names): of its first word and of its last, as `ties` wants them.
    """

    number: dict[str, int]
    frequency: np.ndarray
    function: np.ndarray
    tags: np.ndarray
    direction: np.ndarray
    several: np.ndarray
    blanks: np.ndarray
    vowel: np.ndarray
    begins: np.ndarray
    behind_first: np.ndarray
    first: np.ndarray
    keys: np.ndarray
    counts: np.ndarray

    def of(self, names: Iterable[str]) -> np.ndarray:
        """Return the rows of some names."""
        return np.array([self.number[name] for name in names], dtype=np.int64)


def names_of(wanted: Iterable[str]) -> Names:
    """Return what is known of words and phrases; copies count once."""
    names = list(dict.fromkeys(wanted))
    parts = [pieces(" " + name) for name in names]
    begins: dict[str, int] = {}
    ends = [[known(word) for word in side] for side in _ends(names)]
    return Names(
        number={name: at for at, name in enumerate(names)},
        frequency=np.array([phrase_frequency(name) for name in names], dtype=float),
        function=np.array([is_function_word(name) for name in names], dtype=bool),
        tags=np.array([sum(BITS[tag] for tag in tags_of(name)) for name in names], dtype=np.int64),
        direction=_directions(parts),
        several=np.array([len(part) > 1 for part in parts], dtype=bool),
        blanks=np.array([name.count(" ") for name in names], dtype=float),
        vowel=np.array([name[:1] in "aeiou" for name in names], dtype=float),
        begins=np.array([begins.setdefault(name[:4], len(begins)) if len(name) > 3 else -1 for name in names]),
        behind_first=np.array([behind_first(name) for name in names], dtype=np.float32),
        first=np.array([[part[0] for part in parts], [pieces(" " + name.capitalize())[0] for name in names]]),
        keys=np.array([[key for key, _ in side] for side in ends], dtype=np.uint64),
        counts=np.array([[count for _, count in side] for side in ends], dtype=float),
    )


def _ends(names: list[str]) -> tuple[list[str], list[str]]:
    """The first word of each name, and its last."""
    return [name.split(" ")[0] for name in names], [name.split(" ")[-1] for name in names]


def _directions(parts: list[tuple[int, ...]]) -> np.ndarray:
    """The mean direction of pieces in the model's embedding, in which words of like use lie close."""
    found = np.zeros((len(parts), model().embedding.shape[1]), dtype=np.float32)
    for start in range(0, len(parts), AT_A_TIME):
        some = parts[start : start + AT_A_TIME]
        sizes = np.array(list(map(len, some)))
        rows = model().embedding[np.concatenate(some)]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        sums = np.add.reduceat(rows, np.cumsum(sizes) - sizes, axis=0)
        found[start : start + AT_A_TIME] = sums / sizes[:, None].astype(np.float32)
    return found


@lru_cache(maxsize=50_000)
def behind_first(name: str) -> float:
    """Return the log probability of what follows a name's first token: the rest of its word, the words of a phrase.

    By the counts of words and pairs: the language model is asked for the first token alone.

    >>> behind_first("because"), behind_first("due to") > behind_first("due pianos")
    (0.0, True)
    """
    words = name.split(" ")
    others = min(0.0, LN10 * (log_frequency(tuple(words)) - log_frequency((words[0],)))) if len(words) > 1 else 0.0
    return float(ends_so(words[0]) + others)
