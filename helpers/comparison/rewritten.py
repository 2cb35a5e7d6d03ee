"""The places of substitutions in a pair go in; they come out with those joined that no word-for-word reading explains.

Words that only changed their order are one place (a boat that is red, a red boat), and so is a clause in which so much
was changed that its words answer each other by chance alone.
"""

from typing import NamedTuple

from helpers.comparison.alignment.rows import KEPT
from helpers.comparison.kinds import reordered
from helpers.comparison.places import Place, union
from helpers.text.spans import folded_words, is_word, tokens

MOST_WORDS = 12  # on a side of a place that was put in another order
MOST_BETWEEN = 3  # unchanged words inside it
DOUBTFUL, FEWEST_DOUBTFUL = 0.5, 3  # neighbouring places that are no surer than this, and how many make a clause
FARTHEST = 20  # characters between neighbours


class _Run(NamedTuple):
    """A run of an alignment: four offsets, the words of both sides, whether they are the same, how sure it is."""

    place: tuple[int, int, int, int]
    spun: tuple[str, ...]
    reference: tuple[str, ...]
    same: bool
    breaks: bool
    sure: float


def with_orders(places: list[Place], runs: list[tuple]) -> list[Place]:
    """Return the places in the order of the spun text, those joined that only put words in another order.

    `runs` are the pair's, as `runs_by_pair` gives them.
    """
    stretches = _reordered(runs)
    changes = _changes(runs) if stretches else []
    for found in stretches:
        inside = [place for place in places if _touch(place, found)]
        # A place may reach out to an unchanged neighbour, but to no change of its own.
        if all(_within(change, found) or not _touch(place, change) for place in inside for change in changes):
            places = sorted([*(place for place in places if place not in inside), found])
    return places


def _reordered(runs: list[tuple]) -> list[Place]:
    """The stretches in which the words of both sides are the same and stand in another order."""
    read = [_read(run) for run in runs]
    found: list[Place] = []
    first = 0
    while first < len(read):
        last = None if read[first].same else _end_of_order(read, first)
        if last is not None:
            found.append(_trimmed(runs[first : last + 1]))
        first = first + 1 if last is None else last + 1
    return found


def _read(run: tuple) -> _Run:
    op, spun_start, spun_end, start, end, spun, reference, sure = run
    one, other = folded_words(spun), folded_words(reference)
    breaks = "\n" in spun.strip() + reference.strip()
    place = (spun_start, spun_end, start, end)
    return _Run(place, () if op == "delete" else one, () if op == "insert" else other, op in KEPT, breaks, sure)


def _end_of_order(read: list[_Run], first: int) -> int | None:
    """The last run of the shortest stretch from `first` on that is in another order; None where there is none."""
    one: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    for last in range(first, len(read)):
        run = read[last]
        if last > first and (run.place[0] != read[last - 1].place[1] or run.place[2] != read[last - 1].place[3]):
            return None
        if run.breaks or (run.same and len(run.spun) > MOST_BETWEEN):
            return None
        one, other = one + run.spun, other + run.reference
        if max(len(one), len(other)) > MOST_WORDS:
            return None
        if last > first and not run.same and reordered(one, other):
            return last
    return None


def _trimmed(stretch: list[tuple]) -> Place:
    """The place of a stretch of runs without the white space and signs at its ends, as sure as its least sure run."""
    left = _words_in("".join(run[5] for run in stretch), stretch[0][1], stretch[-1][2])
    right = _words_in("".join(run[6] for run in stretch), stretch[0][3], stretch[-1][4])
    return (*left, *right, min(run[7] for run in stretch))


def _changes(runs: list[tuple]) -> list[Place]:
    """The runs that differ, without white space and signs at their ends; an empty side stands at its place."""
    found = []
    for op, spun_start, spun_end, start, end, spun, reference, sure in runs:
        if op not in KEPT and any(map(str.isalnum, spun + reference)):
            left, right = _words_in(spun, spun_start, spun_end), _words_in(reference, start, end)
            found.append((*left, *right, sure))
    return found


def _words_in(run: str, start: int, end: int) -> tuple[int, int]:
    """Where the words of a run that stands at start:end begin and end; its start where it has none, or is empty."""
    words = [token for token in tokens(run[: end - start]) if is_word(token.fold)]
    return (start + words[0].start, start + words[-1].end) if words else (start, start)


def _touch(one: Place, other: Place) -> bool:
    return (one[0] < other[1] and one[1] > other[0]) or (one[2] < other[3] and one[3] > other[2])


def _within(one: Place, other: Place) -> bool:
    """Tell whether a place lies in another one; a side without words lies anywhere."""
    return all(
        one[side] == one[side + 1] or (other[side] <= one[side] and one[side + 1] <= other[side + 1]) for side in (0, 2)
    )


def with_clauses(places: list[Place], spun_text: str, reference_text: str) -> list[tuple[Place, bool]]:
    """Return the places, neighbours joined that are a clause written anew, and for each whether it is one.

    The places are as sure as `confidences` says. Neighbours have one unchanged word at most between them; in a clause
    three or more of them, and at least half, are rather wrong than right.
    """
    found: list[tuple[Place, bool]] = []
    group: list[Place] = []
    for place in [*places, None]:
        if place and group and _adjoin(group[-1], place, spun_text, reference_text):
            group.append(place)
            continue
        doubtful = sum(member[4] < DOUBTFUL for member in group)
        anew = doubtful >= FEWEST_DOUBTFUL and 2 * doubtful >= len(group)
        found += [(union(*group), True)] if anew else [(member, False) for member in group]
        group = [place] if place else []
    return found


def _adjoin(one: Place, other: Place, spun_text: str, reference_text: str) -> bool:
    gaps = spun_text[one[1] : other[0]], reference_text[one[3] : other[2]]
    near = one[1] <= other[0] and one[3] <= other[2] and all("\n" not in gap and len(gap) < FARTHEST for gap in gaps)
    return near and all(len(folded_words(gap)) <= 1 for gap in gaps)
