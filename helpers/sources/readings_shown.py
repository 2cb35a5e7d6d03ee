"""A reconstruction goes in; what a page or an edition shows of it comes out: lines in pieces, each place with who reads
what there, nothing unseen, addresses masked."""

from collections.abc import Iterator
from typing import NamedTuple

from helpers.display.masking import mask, mask_part, masked_spans
from helpers.display.visible import visible
from helpers.sources.reconstructed import Reconstructed
from helpers.text.spans import Span, covering, line_spans

ABSENT = ""  # in place of a reading: the version lacks the place


class Note(NamedTuple):
    """A place of the apparatus: its number, the lemma, how sure it is, and who reads what (reading -> versions)."""

    number: int
    lemma: str
    probability: float
    status: str
    alternatives: str
    readings: dict[str, list[int]]

    @property
    def with_lemma(self) -> list[int]:
        """Return the versions that read the lemma."""
        return self.readings.get(self.lemma, [])

    @property
    def others(self) -> dict[str, list[int]]:
        """Return the readings that differ, each with its versions; those that lack the place are not among them."""
        return {words: who for words, who in self.readings.items() if words not in (ABSENT, self.lemma)}

    @property
    def absent(self) -> list[int]:
        """Return the versions that lack the place."""
        return self.readings.get(ABSENT, [])


class Piece(NamedTuple):
    """Some words of a line as they are shown, and their note, where versions differ."""

    words: str
    note: Note | None


def shown(text: str) -> str:
    """Return a text as it may be shown: masked, with nothing in it that cannot be seen.

    >>> shown("write to a.b@site.example\\u200b")
    'write to [e-mail address masked]⟨U+200B⟩'
    """
    return visible(mask(text))


def lines_shown(made: Reconstructed) -> list[list[Piece]]:
    """Return the lines of a reconstruction in pieces; lines that one place reaches over are one."""
    hidden = [span for span, _ in masked_spans(made.text)]
    places = [
        (start, end, note)
        for start, end, note in _notes(made)
        if covering(hidden, start, end) == (start, end)  # a note inside an address would show a part of it
    ]
    found = []
    for start, end in _whole_lines(line_spans(made.text), places):
        pieces, at = [], start
        for first, last, note in places:
            if start <= first and last <= end:
                pieces += [Piece(visible(mask_part(made.text, at, first)), None), Piece(note.lemma, note)]
                at = last
        pieces.append(Piece(visible(mask_part(made.text, at, end)), None))
        found.append([piece for piece in pieces if piece.words])
    return found


def _whole_lines(lines: list[Span], places: list[tuple[int, int, Note]]) -> list[Span]:
    joined: list[Span] = []
    for start, end in lines:
        if joined and any(first < joined[-1][1] < last for first, last, _ in places):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _notes(made: Reconstructed) -> Iterator[tuple[int, int, Note]]:
    names = [str(name) for name in made.versions["version"]]
    for number, row in enumerate(made.apparatus.to_dict("records"), 1):
        readings: dict[str, list[int]] = {}
        lemma = visible(mask_part(made.text, row["start"], row["end"]))
        for at, name in enumerate(names):
            start, end = row[f"{name} start"], row[f"{name} end"]
            said = visible(mask_part(made.sources[name], start, end)) if start >= 0 else ABSENT
            same = said.casefold().split() == lemma.casefold().split()
            readings.setdefault(lemma if same else said, []).append(at)
        facts = lemma, float(row["probability"]), str(row["status"]), shown(str(row["alternatives"])), readings
        yield int(row["start"]), int(row["end"]), Note(number, *facts)
