"""A dictionary and a text go in; a spun text comes out, with the truth about every substitution in it.

The spinner does what the real ones do: it walks through the text, takes the longest entry that fits, swaps it
blindly (names, quotations and set phrases included) and keeps the capitals. The same seed and text always give
the same spun text.
"""

import random
from typing import NamedTuple

import pandas as pd

from helpers.text.spans import (
    ADDRESS,
    APOSTROPHES,
    Span,
    Token,
    check_phrases,
    fold,
    is_word,
    overlaps,
    phrase_folds,
    tokens,
)

GOLD_COLUMNS = ["spun_start", "spun_end", "reference_start", "reference_end", "spun", "original", "certain"]


class Piece(NamedTuple):
    """A piece of spun text and the reference[start:end] it comes from; a changed piece is a gold substitution.

    Furniture comes from nowhere: its `start` and `end` are -1.
    """

    spun: str
    start: int
    end: int
    changed: bool


class Spinner:
    """Spins texts with a dictionary.

    `mapping` has the columns `original` and `spun`. Further columns are ignored but `support`: of several rows
    for one original, the one with the most support (else the first) is the favourite, and only that is used.
    `rate` is the share of chances taken, from 0 to 1; a chance is a place where an entry fits.

    >>> entries = pd.DataFrame({"original": ["war", "prime minister"], "spun": ["battle", "premier"]})
    >>> text, gold = Spinner(entries, rate=1.0, seed=1).spin("World War II. The Prime Minister spoke.")
    >>> text
    'World Battle II. The Premier spoke.'
    >>> gold[["spun_start", "spun_end", "spun", "original"]]
       spun_start  spun_end     spun        original
    0           6        12   Battle             War
    1          21        28  Premier  Prime Minister
    """

    def __init__(self, mapping: pd.DataFrame, rate: float = 0.9, seed: int = 0):
        """Take the dictionary.

        Raises ValueError for a rate outside 0 to 1, a mapping without the two columns, and a row without a phrase.
        """
        if not 0 <= rate <= 1:
            raise ValueError(f"rate is a share from 0 to 1, not {rate}")
        missing = {"original", "spun"} - set(mapping.columns)
        if missing:
            raise ValueError(f"the spinner's mapping lacks the column(s) {', '.join(sorted(missing))}")
        check_phrases(mapping, "the spinner’s mapping")
        if "support" in mapping:
            mapping = mapping.sort_values("support", ascending=False, kind="stable")
        self.rate, self.seed = rate, seed
        self.entries: dict[tuple[str, ...], str] = {}
        for original, spun in zip(mapping["original"], mapping["spun"], strict=True):
            key = phrase_folds(original)
            if key and fold(original) != fold(spun):
                self.entries.setdefault(key, spun)
        self.longest = max(map(len, self.entries), default=0)

    def spin(self, text: str) -> tuple[str, pd.DataFrame]:
        """Return the spun text and its gold table: four offsets, `spun`, `original`, `certain` (always true)."""
        return assemble(self.pieces(text), text)

    def pieces(self, text: str) -> list[Piece]:
        """Return the text cut into unchanged and changed pieces, each substitution in its minimal form."""
        rng = random.Random(f"{self.seed}\n{text}")
        found, addresses = tokens(text), [match.span() for match in ADDRESS.finditer(text)]
        pieces, position, at = [], 0, 0
        while position < len(found):
            length = self._entry_length(text, found, position, addresses)
            if length and rng.random() < self.rate:
                run = found[position : position + length]
                spun = self._replacement(text, run)
                spun_from, spun_to, start, end = minimal(spun, text, run[0].start, run[-1].end)
                if end > start:
                    pieces.append(_before(text, at, start, spun[spun_from]))
                    pieces.append(Piece(spun[spun_from:spun_to], start, end, True))
                    at = end
            position += length or 1
        pieces.append(Piece(text[at:], at, len(text), False))
        return [piece for piece in pieces if piece.spun or piece.changed]

    def _entry_length(self, text: str, found: list[Token], position: int, addresses: list[Span]) -> int:
        """Tokens of the longest entry that fits here, on one line; acronyms (US, WHO) are not looked up."""
        if overlaps(addresses, found[position].start, found[position].end):
            return 0
        for length in range(min(self.longest, len(found) - position), 0, -1):
            run = found[position : position + length]
            original = text[run[0].start : run[-1].end]
            acronym = len(original) > 1 and original.isupper()
            following = found[position + length : position + length + 1]
            if "\n" in original or acronym or (following and following[0].fold == "n't"):
                continue
            if tuple(token.fold for token in run) in self.entries:
                return length
        return 0

    def _replacement(self, text: str, run: list[Token]) -> str:
        spun = self.entries[tuple(token.fold for token in run)]
        words = [text[token.start : token.end] for token in run if is_word(token.fold)]
        if len(words) > 1 and all(word[0].isupper() for word in words):
            return " ".join(word[:1].upper() + word[1:] for word in spun.split(" "))
        return spun[:1].upper() + spun[1:] if words and words[0][0].isupper() else spun


def _before(text: str, at: int, start: int, sign: str) -> Piece:
    """The unchanged text in front of a replacement, its last space set right: “it’s” for “it is”, and back."""
    gap = text[at:start]
    if sign in APOSTROPHES:
        gap = gap.removesuffix(" ")
    elif text[start - 1 : start].isalnum():
        gap += " "
    return Piece(gap, at, start, False)


def minimal(spun: str, text: str, start: int, end: int) -> tuple[int, int, int, int]:
    """Strip shared first and last words off a substitution; where one side would be empty one neighbour stays.

    Returns offsets into `spun` and into `text`; all shared words off an unchanged phrase leave an empty span.

    >>> spun, text = "the general public", "for the public"
    >>> a, b, c, d = minimal(spun, text, 4, 14)
    >>> spun[a:b], text[c:d]
    ('general public', 'public')
    """
    words, originals = tokens(spun), tokens(text[start:end])
    shorter = min(len(words), len(originals))
    first = 0
    while first < shorter and words[first].fold == originals[first].fold:
        first += 1
    last = 0
    while last < shorter - first and words[-1 - last].fold == originals[-1 - last].fold:
        last += 1
    if first == len(words) == len(originals):
        return 0, 0, start, start
    if first + last == shorter:  # one side is empty: give it a neighbour back, the one to the right where there is one
        first, last = (first, last - 1) if last else (first - 1, last)
    words, originals = words[first : len(words) - last], originals[first : len(originals) - last]
    return words[0].start, words[-1].end, start + originals[0].start, start + originals[-1].end


def assemble(pieces: list[Piece], reference: str) -> tuple[str, pd.DataFrame]:
    """Join pieces to the spun text; return it with its gold table."""
    spun, rows, at = [], [], 0
    for piece in pieces:
        if piece.changed:
            original = reference[piece.start : piece.end]
            rows.append((at, at + len(piece.spun), piece.start, piece.end, piece.spun, original, True))
        spun.append(piece.spun)
        at += len(piece.spun)
    return "".join(spun), pd.DataFrame(rows, columns=GOLD_COLUMNS)
