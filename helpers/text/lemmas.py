"""A folded English word goes in; its lemma comes out, as the package simplemma says.

The package unpacks its dictionary of 180,000 words whenever a process asks for the first lemma, which takes longer than
comparing twenty pages. Here it is unpacked once for all, and words are looked up where they stand; what is made of them
is the package's work.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby

import simplemma
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, DictionaryFactory
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from helpers.text.kept_data import kept_bytes

LANGUAGE = "en"
FORM = 1  # of what is kept: another number, where it is laid out otherwise
PREFIX = 3  # letters by which words are found


class Kept(Mapping[str, str]):
    """The dictionary: a line of JSON that says where the words of each prefix begin and end, and a line for each word.

    A line is the word, a tab and its lemma; words of one prefix stand together.
    """

    def __init__(self, content: bytearray) -> None:
        """Take what `laid_out` made."""
        index, _, self._lines = bytes(content).partition(b"\n")
        self._places: dict[str, tuple[int, int]] = json.loads(index)

    def __getitem__(self, word: str) -> str:
        """Return the lemma of a word; raises KeyError where it is not among them."""
        start, end = self._places[word[:PREFIX]]
        wanted = f"\n{word}\t".encode()
        found = self._lines.find(wanted, start, end)
        if found < 0:
            raise KeyError(word)
        begin = found + len(wanted)
        return self._lines[begin : self._lines.index(b"\n", begin)].decode()

    def __iter__(self) -> Iterator[str]:
        """Yield every word."""
        return (line.partition(b"\t")[0].decode() for line in self._lines.split(b"\n") if line)

    def __len__(self) -> int:
        """Return how many words there are."""
        return sum(1 for _ in self)


class Factory(DictionaryFactory):
    """Hands the kept dictionary to simplemma, and of other languages its own."""

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        """Return the dictionary of a language; raises ValueError where simplemma has none."""
        return kept() if lang == LANGUAGE else DefaultDictionaryFactory().get_dictionary(lang)


@cache
def kept() -> Kept:
    """Return simplemma's English dictionary."""
    name = f"lemmas-{FORM}-{simplemma.__version__}"
    return Kept(kept_bytes(name, lambda: laid_out(DefaultDictionaryFactory().get_dictionary(LANGUAGE))))


def laid_out(lemmas: Mapping[str, str]) -> bytes:
    """Return a dictionary as `Kept` reads it; none of its words holds a tab or a line break."""
    parts, places, at = [], {}, 0
    for prefix, group in groupby(sorted(lemmas.items()), lambda pair: pair[0][:PREFIX]):
        part = "".join(f"\n{word}\t{lemma}" for word, lemma in group).encode() + b"\n"
        places[prefix] = at, at + len(part)
        at += len(part)
        parts.append(part)
    return json.dumps(places, ensure_ascii=False).encode() + b"\n" + b"".join(parts)


@cache
def _lemmatizer() -> Lemmatizer:
    return Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=Factory()))


def lemma_of(word: str) -> str:
    """Return what simplemma gives as the lemma of a word.

    >>> lemma_of("defending"), lemma_of("were")
    ('defend', 'be')
    """
    return _lemmatizer().lemmatize(word, LANGUAGE)
