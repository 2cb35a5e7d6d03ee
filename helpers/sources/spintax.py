"""Spintax goes in; the texts that can be made of it come out, and how many: the language that templates are written in.

`{a|b}` is a slot with the options a and b; an option may be empty (`{very |}`) and may hold slots of its own. Braces,
bars and backslashes of the text itself have a backslash in front. Slots that are chosen together carry one number,
`{#1:he|she} walks {#1:his|her} dog`: the first option of the one goes with the first of the other, and so on. That is
our own addition; where no slot depends on another, what is written here is what any spinning program reads.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from random import Random
from typing import TypeAlias

LINK = re.compile(r"#(\d+):")
SPECIAL = re.compile(r"([\\{}|])")
DEEPEST = 100  # slots inside slots: what is deeper was not written by anybody


@dataclass(eq=False)
class Slot:
    """A place where one of several options stands; slots of one sequence with one link (not 0) are chosen together."""

    options: list["Parts"] = field(default_factory=list)
    link: int = 0


Parts: TypeAlias = list["str | Slot"]


class SpintaxError(ValueError):
    """What was given is no spintax: where, and the mend."""


def parse(spintax: str) -> Parts:
    """Return spintax as a sequence of strings and slots. Raises SpintaxError that names the place.

    >>> parts = parse("I {strongly |}object.")
    >>> parts[0], parts[1].options, parts[2]
    ('I ', [['strongly '], []], 'object.')
    """
    parts, at = _sequence(spintax, 0, 0)
    if at < len(spintax):
        raise SpintaxError(f"the sign {spintax[at]!r} at {at} stands outside braces. Mend: put a backslash in front.")
    _check(parts)
    return parts


def _sequence(spintax: str, at: int, depth: int) -> tuple[Parts, int]:
    """The sequence that begins here, and where it ends: at a bar, a closing brace or the end of all."""
    if depth > DEEPEST:
        raise SpintaxError(f"slots lie more than {DEEPEST} deep in each other at {at}. Mend: write them flatter.")
    parts: Parts = []
    letters: list[str] = []
    while at < len(spintax) and spintax[at] not in "|}":
        sign = spintax[at]
        if sign == "{":
            if letters:
                parts.append("".join(letters))
                letters = []
            slot, at = _slot(spintax, at, depth)
            parts.append(slot)
            continue
        if sign == "\\" and at + 1 < len(spintax):
            at += 1
        letters.append(spintax[at])
        at += 1
    return ([*parts, "".join(letters)] if letters else parts), at


def _slot(spintax: str, start: int, depth: int) -> tuple[Slot, int]:
    """The slot whose brace opens at `start`, and where what follows it begins."""
    link = LINK.match(spintax, start + 1)
    slot = Slot(link=int(link[1]) if link else 0)
    at = link.end() if link else start + 1
    while True:
        option, at = _sequence(spintax, at, depth + 1)
        slot.options.append(option)
        if at == len(spintax):
            raise SpintaxError(f"the brace at {start} is not closed. Mend: close it, or put a backslash in front.")
        at += 1
        if spintax[at - 1] == "}":
            return slot, at


def _check(parts: Parts) -> None:
    """Raise SpintaxError where slots that are chosen together have not the same number of options."""
    for slots in linked(parts).values():
        numbers = sorted({len(slot.options) for slot in slots})
        if len(numbers) > 1:
            few, many = numbers[0], numbers[-1]
            link = slots[0].link
            raise SpintaxError(f"slots #{link} are chosen together, but have {few} and {many} options. Mend: as many.")
    for part in parts:
        for option in part.options if isinstance(part, Slot) else []:
            _check(option)


def linked(parts: Parts) -> dict[int, list[Slot]]:
    """Return the slots of one sequence by what is chosen together: a slot without a link is alone, by its place."""
    groups: dict[int, list[Slot]] = {}
    for place, part in enumerate(parts):
        if isinstance(part, Slot):
            groups.setdefault(part.link or -1 - place, []).append(part)
    return groups


def write(parts: Parts) -> str:
    """Return a sequence as spintax; `parse` gives it back.

    >>> write([Slot([["a|b"], []]), " c"])
    '{a\\\\|b|} c'
    """
    return "".join(_escaped(part) if isinstance(part, str) else _written(part) for part in parts)


def _written(slot: Slot) -> str:
    options = [write(option) for option in slot.options]
    if not slot.link and LINK.match(options[0]):
        options[0] = "\\" + options[0]
    return f"{{{f'#{slot.link}:' if slot.link else ''}{'|'.join(options)}}}"


def _escaped(words: str) -> str:
    return SPECIAL.sub(r"\\\1", words)


def spaced(parts: Parts) -> Parts:
    """Return a sequence with the spaces that its slots' options begin with outside of them; the slots are changed.

    >>> write(spaced([Slot([[" I"], [" We"]]), Slot([[" do"], []]), " ask", Slot([["."], ["!"]])]))
    ' {I|We} {do |}ask{.|!}'
    """
    uses = Counter(_all_slots(parts))
    bare: set[int] = set()

    def moved(sequence: Parts) -> Parts:
        found: Parts = []
        for part in sequence:
            if isinstance(part, Slot):
                if id(part) not in seen:
                    seen.add(id(part))
                    part.options = [moved(option) for option in part.options]
                    if all(map(_leads, part.options)):
                        part.options = [_stripped(option) for option in part.options]
                        bare.add(id(part))
                if id(part) in bare:
                    _put(found, " ")
                found.append(part)
            else:
                _put(found, part)
        return _optional_first(_optional_first(found, uses), uses)  # twice, for two that stand side by side

    seen: set[int] = set()
    return moved(parts)


def _optional_first(parts: Parts, uses: Counter[int]) -> Parts:
    """A sequence in which what may be left out has its space behind it: “I {do |}ask”, not “I{ do|} ask”."""
    found: Parts = []
    for at, part in enumerate(parts):
        behind = parts[at + 1] if at + 1 < len(parts) else ""
        if isinstance(part, Slot) and uses[id(part)] == 1 and isinstance(behind, str) and behind.startswith(" "):
            filled = [option for option in part.options if option]
            if filled and len(filled) < len(part.options) and all(map(_leads, filled)):
                part.options = [[*_stripped(option), " "] if option else [] for option in part.options]
                parts[at + 1] = behind[1:]
                _put(found, " ")
        if isinstance(part, Slot):
            found.append(part)
        else:
            _put(found, str(parts[at]))
    return found


def _all_slots(parts: Parts) -> Iterator[int]:
    """The identity of every slot, as often as it stands somewhere."""
    for part in parts:
        if isinstance(part, Slot):
            yield id(part)
            for option in part.options:
                yield from _all_slots(option)


def _leads(parts: Parts) -> bool:
    """Tell whether a sequence begins with a space."""
    return bool(parts) and isinstance(parts[0], str) and parts[0].startswith(" ")


def _stripped(parts: Parts) -> Parts:
    """A sequence that begins with a space, without it."""
    first = str(parts[0])[1:]
    return [first, *parts[1:]] if first else parts[1:]


def _put(parts: Parts, words: str) -> None:
    """Put words behind a sequence."""
    last = parts[-1] if parts else None
    if isinstance(last, str):
        parts[-1] = last + words
    elif words:
        parts.append(words)


def possible(spintax: str | Parts) -> int:
    """Return in how many ways a text can be made: every way to choose, with what is chosen together counted once.

    >>> possible("{a|b} {c|d|e {f|g}}"), possible("{#1:he|she} and {#1:his|her} {cat|dog}")
    (8, 4)
    """
    parts = parse(spintax) if isinstance(spintax, str) else spintax
    return prod(
        sum(prod(possible(slot.options[at]) for slot in slots) for at in range(len(slots[0].options)))
        for slots in linked(parts).values()
    )


def expand(spintax: str | Parts, seed: int | Random = 0) -> str:
    """Return one of the texts that spintax makes, with single spaces; the same seed gives the same text.

    >>> expand("{Please|Kindly} {keep|save} it.", seed=1)
    'Please keep it.'
    """
    chance = seed if isinstance(seed, Random) else Random(seed)
    return " ".join("".join(_chosen(parse(spintax) if isinstance(spintax, str) else spintax, chance)).split())


def _chosen(parts: Parts, chance: Random) -> Iterator[str]:
    choices = {
        id(slot): at
        for slots in linked(parts).values()
        for at in [chance.randrange(len(slots[0].options))]
        for slot in slots
    }
    for part in parts:
        if isinstance(part, str):
            yield part
        else:
            yield from _chosen(part.options[choices[id(part)]], chance)


def everything(spintax: str | Parts) -> Iterator[str]:
    """Go through the texts that spintax makes, with single spaces: for what makes few.

    >>> list(everything("{a|b} {c|d}"))
    ['a c', 'a d', 'b c', 'b d']
    """
    for words in _each(parse(spintax) if isinstance(spintax, str) else spintax):
        yield " ".join(words.split())


def _each(parts: Parts, chosen: dict[int, int] | None = None) -> Iterator[str]:
    """Every text of a sequence; `chosen` holds what was chosen for a link further in front."""
    if not parts:
        yield ""
        return
    chosen, first = chosen or {}, parts[0]
    if isinstance(first, str):
        for rest in _each(parts[1:], chosen):
            yield first + rest
        return
    for at, option in enumerate(first.options):
        if first.link and chosen.get(first.link, at) != at:
            continue
        for words in _each(option):
            for rest in _each(parts[1:], chosen | ({first.link: at} if first.link else {})):
                yield words + rest
