"""A text goes in; the same comes out read for judging: its tokens, their folds, and what stands beside each."""

from collections import Counter
from typing import NamedTuple

from helpers.text.spans import Token, is_word, tokens


class Reading(NamedTuple):
    """A text as candidates are looked for in it: its tokens, folded words, and how often each stands there."""

    text: str
    tokens: list[Token]
    words: list[str]
    counts: Counter

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the tokens first to last begin and end (characters)."""
        return self.tokens[first].start, self.tokens[last].end


def read(text: str) -> Reading:
    """Return the reading of a text."""
    found = tokens(text)
    words = [token.fold for token in found]
    return Reading(text, found, words, Counter(words))


def neighbours(reading: Reading, first: int, last: int) -> tuple[str, str]:
    """Return the words left and right of the tokens first to last; empty where a sign or nothing stands there."""
    left = reading.words[first - 1] if first else ""
    right = reading.words[last + 1] if last + 1 < len(reading.words) else ""
    return (left if is_word(left) else ""), (right if is_word(right) else "")
