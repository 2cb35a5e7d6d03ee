"""A folded English word goes in; its lemma comes out, as the package simplemma says.

The package unpacks its dictionary of 180,000 words whenever a process asks for the first lemma, which takes longer than
comparing twenty pages. Here it is unpacked once for all, and words are looked up where they stand; what is made of them
is the package's work.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate, groupby
from typing import TypeVar

import simplemma
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from helpers.text.kept_data import kept_bytes

LANGUAGE = "en"
FORM = 2  # of what is kept: another number, where it is laid out otherwise
PREFIX = 4  # letters by which words are found
Default = TypeVar("Default")


class Kept(Mapping[str, str]):
    """The dictionary: a line of JSON with the prefixes and where the words of each begin, and a line for each word.

    A line is the word, a tab and its lemma; words of one prefix stand together.
    """

    def __init__(self, content: bytearray) -> None:
        """Take what `laid_out` made."""
        index, _, self._lines = bytes(content).partition(b"\n")
        prefixes, self._starts = json.loads(index)
        self._number = {prefix: number for number, prefix in enumerate(prefixes)}

    def get(self, word: str, default: Default | None = None) -> str | Default | None:  # type: ignore[override]
        """Return the lemma of a word, or what is given for one that is not among them."""
        number = self._number.get(word[:PREFIX])
        if number is None:
            return default
        wanted = b"\n%b\t" % word.encode()
        found = self._lines.find(wanted, self._starts[number], self._starts[number + 1])
        if found < 0:
            return default
        begin = found + len(wanted)
        return self._lines[begin : self._lines.index(b"\n", begin)].decode()

    def __getitem__(self, word: str) -> str:
        """Return the lemma of a word; raises KeyError where it is not among them."""
        found = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield every word."""
        return (line.partition(b"\t")[0].decode() for line in self._lines.split(b"\n") if line)

    def __len__(self) -> int:
        """Return how many words there are."""
        return sum(1 for _ in self)


class Factory(DefaultDictionaryFactory):
    """Hands the kept dictionary to simplemma, and of other languages its own."""

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        """Return the dictionary of a language; raises ValueError where simplemma has none."""
        return kept() if lang == LANGUAGE else super().get_dictionary(lang)


@cache
def kept() -> Kept:
    """Return simplemma's English dictionary."""
    name = f"lemmas-{FORM}-{simplemma.__version__}"
    return Kept(kept_bytes(name, lambda: laid_out(DefaultDictionaryFactory().get_dictionary(LANGUAGE))))


def laid_out(lemmas: Mapping[str, str]) -> bytes:
    """Return a dictionary as `Kept` reads it; none of its words holds a tab or a line break."""
    groups = [(prefix, list(some)) for prefix, some in groupby(sorted(lemmas.items()), lambda pair: pair[0][:PREFIX])]
    parts = ["".join(f"\n{word}\t{lemma}" for word, lemma in some).encode() + b"\n" for _, some in groups]
    index = [[prefix for prefix, _ in groups], [0, *accumulate(map(len, parts))]]
    return json.dumps(index, ensure_ascii=False).encode() + b"\n" + b"".join(parts)


@cache
def _lemmatizer() -> Lemmatizer:
    return Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=Factory()))


def lemma_of(word: str) -> str:
    """Return what simplemma gives as the lemma of a word.

    >>> lemma_of("defending"), lemma_of("were")
    ('defend', 'be')
    """
    return _lemmatizer().lemmatize(word, LANGUAGE)
