"""Stretches of differing tokens go in; each comes out read as edits, in the light of what all the others teach.

Every window is read first by prior prices alone. What the windows of the whole corpus then show (which phrase
stands for which) is a lexicon, and the tangled ones are read again with it: expectation and maximisation, with
hard counts.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from helpers.lattice import Edit, Lexicon, Word, lattice
from helpers.progress import bar
from helpers.text import is_word

ROUNDS = 3  # over the phrases: the second learns from the first; after the third nothing changes
MOST_CELLS = 2_500  # of a window: fifty words against fifty that share nothing are a passage rewritten, not spun
CLEAN, TANGLED = 1.0, 0.5  # what a sighting counts: alone between two anchors, or beside another substitution


@dataclass
class Window:
    """A stretch of differing tokens between two anchors, in token positions, and how it is read for now."""

    spun: list[int]
    reference: list[int]
    spun_words: tuple[Word, ...]
    reference_words: tuple[Word, ...]
    edits: list[Edit] = field(default_factory=list)
    confidence: list[float] = field(default_factory=list)

    def solve(self, lexicon: Lexicon) -> None:
        """Read the window anew in the light of the lexicon."""
        one = self.spun_words[0] if len(self.spun_words) == 1 else None
        other = self.reference_words[0] if len(self.reference_words) == 1 else None
        if one and other and is_word(one.fold) and is_word(other.fold):
            self.edits = [Edit("equal" if one.fold == other.fold else "substitute", 0, 1, 0, 1)]
        elif self.rewritten:
            whole = [
                Edit("insert", 0, len(self.spun), 0, 0),
                Edit("delete", len(self.spun), len(self.spun), 0, len(self.reference)),
            ]
            self.edits = [edit for edit in whole if edit.i1 > edit.i0 or edit.j1 > edit.j0]
        else:
            self.edits = lattice(self.spun_words, self.reference_words).cheapest(lexicon)

    @cached_property
    def rewritten(self) -> bool:
        """Whether it is too wide, without any anchor, to be a run of substitutions."""
        return len(self.spun) * len(self.reference) > MOST_CELLS

    @cached_property
    def tangled(self) -> bool:
        """Whether there is more than one way to read it."""
        return not self.rewritten and max(len(self.spun_words), len(self.reference_words)) > 1

    def sightings(self) -> dict[tuple[str, str], float]:
        """The phrase pairs that the window shows as it is read now, and what each counts."""
        found = [
            (
                " ".join(word.fold for word in self.spun_words[edit.i0 : edit.i1]),
                " ".join(word.fold for word in self.reference_words[edit.j0 : edit.j1]),
            )
            for edit in self.edits
            if edit.op == "substitute"
        ]
        return Counter(dict.fromkeys(found, CLEAN if len(found) == 1 else TANGLED))

    def weigh(self, lexicon: Lexicon) -> None:
        """Work out how sure each edit is."""
        if self.rewritten:
            self.confidence = [1.0] * len(self.edits)
            return
        self.confidence = lattice(self.spun_words, self.reference_words).confidence(self.edits, lexicon)

    def placed_edits(self) -> Iterator[tuple[str, list[int], list[int], float]]:
        """The edits with token positions of the texts in place of positions in the window, and how sure they are."""
        for (op, i0, i1, j0, j1), confidence in zip(self.edits, self.confidence, strict=True):
            yield op, self.spun[i0:i1], self.reference[j0:j1], confidence


class Without(dict):
    """A lexicon less what one window itself put into it, so that no window confirms its own reading."""

    def __init__(self, lexicon: Lexicon, own: Lexicon):
        """Look up in `lexicon`, subtracting `own`."""
        super().__init__()
        self.lexicon, self.own = lexicon, own

    def get(self, key, default=0.0):
        """Return the count of a phrase pair, sightings in the window itself left out."""
        return self.lexicon.get(key, default) - self.own.get(key, 0.0)


def read_windows(windows: list[Window], known: Lexicon, progress: bool = False) -> None:
    """Read every window, then again with what all the others taught; last, weigh how sure each edit is."""
    for window in bar(windows, "differing places", progress):
        window.solve(known)
    for _ in range(ROUNDS - 1):
        for window, lexicon in _lessons(windows, known):
            if window.tangled:
                window.solve(lexicon)
    for window, lexicon in _lessons(windows, known):
        window.weigh(lexicon)


def _lessons(windows: list[Window], known: Lexicon) -> list[tuple[Window, Lexicon]]:
    """For each window what is known and what the others show, as they are read now."""
    lexicon: Counter = Counter(known)
    shown = [window.sightings() for window in windows]
    for sightings in shown:
        lexicon.update(sightings)
    return [(window, Without(lexicon, own)) for window, own in zip(windows, shown, strict=True)]
