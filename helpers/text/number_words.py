"""Figures and number words in a row go in; the numbers that they make together come out.

“thousands” counts as a thousand, since no text says how many it means.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
VALUES = {word: float(number) for number, word in enumerate(SMALL)}
VALUES |= {word: 10.0 * number for number, word in enumerate(TENS, 2)}
MULTIPLES = {"twice": 2.0, "double": 2.0, "couple": 2.0, "pair": 2.0, "triple": 3.0}
ORDINALS = {
    word: float(number) for number, word in enumerate("first second third fourth fifth sixth seventh".split(), 1)
}
ORDINALS |= {"eighth": 8.0, "ninth": 9.0, "twelfth": 12.0, "hundredth": 100.0, "thousandth": 1000.0, "millionth": 1e6}
ORDINALS |= {f"{word}th": VALUES[word] for word in SMALL[10:] if word != "twelve"}
ORDINALS |= {f"{word[:-1]}ieth": VALUES[word] for word in TENS}
PARTS = {"half": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4}
PARTS |= {f"{word}s": 1 / ORDINALS[word] for word in "fifth sixth seventh eighth ninth tenth".split()}
GROUPS = {"hundred": 1e2, "hundreds": 1e2, "dozen": 12.0, "dozens": 12.0}  # what they follow they multiply
MAGNITUDES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
MAGNITUDES |= {f"{word}s": value for word, value in MAGNITUDES.items()}
WEAK = frozenset("one couple pair".split())  # these, ordinals and parts need be no numbers
SURE = {*VALUES, *MULTIPLES, *GROUPS, *MAGNITUDES} - WEAK
WORDS = {*VALUES, *MULTIPLES, *ORDINALS, *PARTS, *GROUPS, *MAGNITUDES}
# What may stand between two parts of one number: “five hundred”, “twenty-six”, “two and a half”, “half a million”.
JOINT = re.compile(r"[\s-](?:(?:and|of)[\s-])?(?:an?[\s-])?", re.IGNORECASE)


class Atom(NamedTuple):
    """A figure, or one number word, folded: where it stands; `value` is that of a figure."""

    start: int
    end: int
    word: str
    value: float | None


class Sum:
    """A number that is being read, atom by atom."""

    def __init__(self) -> None:
        """Begin a number."""
        self.total, self.group, self.scale = 0.0, 0.0, 1.0
        self.atoms: list[Atom] = []
        self.ordinal = False

    @property
    def value(self) -> float:
        """The number that the atoms make."""
        return self.total + self.group

    @property
    def words(self) -> set[str]:
        """The number words in it."""
        return {atom.word for atom in self.atoms}

    def take(self, atom: Atom, joint: str) -> bool:
        """Add an atom where it goes on with the number; else leave it and return False."""
        fits = not self.atoms or (JOINT.fullmatch(joint) is not None and not self.ordinal)
        taken = fits and (self._finishes(atom, joint) or self._add(atom, "and" in joint.lower()))
        if taken:
            self.atoms.append(atom)
            self.ordinal = atom.word in ORDINALS and self.value >= 1
        return taken

    def _finishes(self, atom: Atom, joint: str) -> bool:
        """Add a figure that a spinner made of a word’s second part: “seventy-3”."""
        fits = joint == "-" and self.atoms[-1].word in TENS and atom.value is not None and 0 < atom.value < 10
        self.group += atom.value or 0.0 if fits else 0.0
        return fits

    def _add(self, atom: Atom, behind_and: bool) -> bool:
        word, fresh = atom.word, not self.atoms
        if atom.value is not None or word in MULTIPLES:
            self.group = MULTIPLES.get(word, atom.value or 0.0) if fresh else self.group
            return fresh
        if word in MAGNITUDES:
            return not (behind_and and not self.group) and self._scale(MAGNITUDES[word])
        if word in GROUPS:
            fits = fresh or (not behind_and and 0 < self.group < 100)
            self.group = (self.group or 1.0) * GROUPS[word] if fits else self.group
            return fits
        if word in PARTS and not (word == "third" and self.atoms and self.atoms[-1].word in TENS):
            return self._part(PARTS[word], word.endswith("s"), behind_and)
        if ORDINALS.get(word, 0.0) > 2 and self.value == 1 and not behind_and:  # “one fifth”
            self.group = 1 / ORDINALS[word]
            return True
        return self._unit(VALUES.get(word, ORDINALS.get(word, 0.0)), behind_and)

    def _scale(self, scale: float) -> bool:
        if self.total and not self.group:  # “a thousand million”
            self.total *= scale
        else:
            self.total, self.group = self.total + (self.group or 1.0) * scale, 0.0
        self.scale = scale
        return True

    def _part(self, part: float, plural: bool, behind_and: bool) -> bool:
        if not self.atoms:
            self.group = part
        elif behind_and:
            self.group += part if self.group or not self.total else part * self.scale  # “a million and a half”
        elif self.group and (plural or self.group == 1):
            self.group *= part
        else:
            return False
        return True

    def _unit(self, value: float, behind_and: bool) -> bool:
        group = self.group
        year = 13 <= group <= 20 and value >= 10 and not behind_and  # “nineteen eighty-four”
        fits = (
            not self.atoms
            or (value < 100 and group >= 100 and group % 100 == 0)
            or (value < 10 and group % 100 >= 20 and group % 10 == 0 and not behind_and)
            or (self.total and not group and value < self.scale)
        )
        if fits or year:
            self.group = group * 100 + value if year and not fits else group + value
        return bool(fits or year)


def joined(atoms: Iterable[Atom], text: str) -> Iterator[Sum]:
    """Yield the numbers that the atoms of a text make.

    >>> text = "two and a half million"
    >>> atoms = [Atom(match.start(), match.end(), match[0], None) for match in re.finditer("two|half|million", text)]
    >>> [number.value for number in joined(atoms, text)]
    [2500000.0]
    """
    number = Sum()
    for atom in atoms:
        between = text[number.atoms[-1].end : atom.start] if number.atoms else ""
        if number.take(atom, between):
            continue
        yield number
        number = Sum()
        number.take(atom, "")
    if number.atoms:
        yield number
