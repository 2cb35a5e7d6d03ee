"""A backbone, its places and what is chosen for each go in; the text they make comes out, and where each stands."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from helpers.restoration.model_gain import in_the_manner_of
from helpers.sources.backbone import Backbone
from helpers.sources.places import Place, reading_key
from helpers.sources.token_links import Tokens
from helpers.sources.witnesses import Version
from helpers.text.spans import APOSTROPHES

CLOSING = frozenset(".,;:!?)]%")  # signs that are written onto the word in front


class Story(NamedTuple):
    """The versions of a source, beside each other: the backbone, its tokens, and the places."""

    versions: list[Version]
    backbone: Backbone
    tokens: Tokens
    places: list[Place]

    def words(self, place: Place) -> str:
        """Return what the backbone has in a place."""
        return self.backbone.text[self.tokens.starts[place.first] : self.tokens.ends[place.end - 1]]

    def read(self, place: Place) -> list[str | None]:
        """Return what each version has in a place, as it stands there."""
        return [
            None if span is None else version.text[slice(*span)]
            for version, span in zip(self.versions, place.readings, strict=True)
        ]

    def gap(self, place: Place) -> str:
        """Return the white space in front of a place."""
        start = self.tokens.ends[place.first - 1] if place.first else 0
        return self.backbone.text[start : self.tokens.starts[place.first]]


def surface(story: Story, place: Place, phrase: str) -> str:
    """Return a phrase (folded) as it would be written in a place: as a version has it there, else in their manner."""
    read = [words for words in story.read(place) if words is not None and reading_key(words) == phrase]
    if read:
        own = story.words(place)
        counts = Counter(read)
        return max(counts, key=lambda words: ("\n" in words, counts[words], words == own, words))
    there = [words for words in story.read(place) if words is not None] or [story.words(place)]
    return in_the_manner_of(" ".join(there[0].split()), _joined(phrase), story.backbone.text)


def _joined(phrase: str) -> str:
    """A folded phrase as it is written: clitics lean on the word in front."""
    words = phrase.split(" ")
    return words[0] + "".join(word if _leans(word) or word in CLOSING else f" {word}" for word in words[1:])


def _leans(words: str) -> bool:
    return words[:1] in APOSTROPHES or (words[:1] == "n" and words[1:2] in APOSTROPHES)


def assembled(story: Story, surfaces: list[str]) -> tuple[str, np.ndarray]:
    """Return the text that the surfaces of all places make, and where each stands in it (places x 2, characters)."""
    parts: list[str] = []
    spans = np.zeros((len(surfaces), 2), dtype=np.int64)
    at = 0
    for number, (place, words) in enumerate(zip(story.places, surfaces, strict=True)):
        gap = story.gap(place)
        if _leans(words):
            gap = gap.removesuffix(" ")
        elif not gap and _leans(story.words(place)) and parts and parts[-1][-1:].isalnum() and words[:1].isalnum():
            gap = " "
        parts += [gap, words]
        spans[number] = at + len(gap), at + len(gap) + len(words)
        at = int(spans[number, 1])
    text = "".join(parts).rstrip()
    return (text + "\n" if text else ""), spans
