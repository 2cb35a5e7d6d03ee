"""The versions of a source go in; one text comes out that has every line any of them has, and each version beside it.

A star alignment: every version is compared with one that is built for the purpose. It begins as the version that the
others agree with most, takes up the lines that it lacks, and puts them in the order that most versions have them in.
All stories are compared at once, since what the pairs of one teach (which phrase stands where another has which) cuts
the tangled places of the next.
"""

import warnings
from collections import defaultdict
from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.comparison.alignment.align import UnrelatedWarning, align_pairs
from helpers.comparison.alignment.rows import follow_moves
from helpers.sources.token_links import NONE, Tokens, links
from helpers.sources.witnesses import Version
from helpers.text.spans import Span, folded_words, line_spans

LEAST_MATCHED = 0.5  # of a line's words stand beside the backbone's, or the line is one that it lacks
FEWEST_IN_COMMON = 0.2  # of a version's words stand in another one, or they have nothing to do with each other
FEWEST_TO_JUDGE = 20  # words; in a shorter text the share says little


class Backbone(NamedTuple):
    """A text with all lines, where each of its lines was taken from (version, characters), and who stands beside it.

    `beside`: for each version the rows of its alignment with the text, in the version's order (see `follow_moves`).
    """

    text: str
    taken: list[tuple[int, Span]]
    beside: list[pd.DataFrame]


def backbones(stories: dict[Hashable, list[Version]]) -> dict[Hashable, Backbone]:
    """Return the backbone of each story. Raises ValueError, naming it, for a version unlike all others of its story."""
    first = {name: _centre(versions) for name, versions in stories.items()}
    taken = {name: _lines(versions, first[name]) for name, versions in stories.items()}
    most = max(map(len, stories.values()))
    for step in range(most):
        asked = {name: step for name, versions in stories.items() if step < len(versions) and step != first[name]}
        if asked:
            texts = {name: _text(stories[name], taken[name]) for name in asked}
            beside = _aligned({name: [stories[name][at]] for name, at in asked.items()}, texts)
            for name, at in asked.items():
                taken[name] = _with_lacking(stories[name], taken[name], texts[name], at, beside[name][0])
    texts = {name: _text(versions, taken[name]) for name, versions in stories.items()}
    beside = _aligned(stories, texts)
    orders = {name: _order(stories[name], texts[name], beside[name]) for name in stories}
    moved = {name for name, order in orders.items() if order != sorted(order)}
    for name in moved:
        taken[name] = [taken[name][at] for at in orders[name]]
        texts[name] = _text(stories[name], taken[name])
    if moved:
        beside |= _aligned({name: stories[name] for name in stories if name in moved}, texts)
    for name, versions in stories.items():
        _check_related(versions, texts[name], beside[name])
    return {name: Backbone(texts[name], taken[name], beside[name]) for name in stories}


def _centre(versions: list[Version]) -> int:
    """The version to begin with: most of its words stand in others too; of equal ones that with the most lines."""
    words = [set(folded_words(version.bare)) for version in versions]
    shared = [
        sum(len(own & other) for at, other in enumerate(words) if at != number) for number, own in enumerate(words)
    ]
    lines = [len(line_spans(version.bare)) for version in versions]
    longest = max(lines)
    return max(range(len(versions)), key=lambda at: (shared[at] * (0.5 + 0.5 * lines[at] / max(longest, 1)), -at))


def _lines(versions: list[Version], number: int) -> list[tuple[int, Span]]:
    return [(number, span) for span in line_spans(versions[number].bare)]


def _text(versions: list[Version], taken: list[tuple[int, Span]]) -> str:
    """The backbone's text: lines that follow each other in their version keep what is between them."""
    parts: list[str] = []
    for at, (number, (start, end)) in enumerate(taken):
        text = versions[number].bare
        if at:
            before, (_, stop) = taken[at - 1]
            between = text[stop:start] if before == number and stop <= start else ""
            parts.append(between if between and not between.strip() and between.count("\n") <= 2 else "\n\n")
        parts.append(text[start:end])
    return "".join(parts)


def _aligned(stories: dict[Hashable, list[Version]], texts: dict[Hashable, str]) -> dict[Hashable, list[pd.DataFrame]]:
    pairs = [
        (f"{at}", f"{number}", version.bare, texts[name])
        for number, (name, versions) in enumerate(stories.items())
        for at, version in enumerate(versions)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnrelatedWarning)  # told as an error, with the names, at the end
        table = follow_moves(align_pairs(pairs))
    parts = dict(list(table.groupby(["reference_id", "spun_id"], sort=False)))
    empty = table.iloc[:0]
    return {
        name: [parts.get((f"{number}", f"{at}"), empty) for at in range(len(versions))]
        for number, (name, versions) in enumerate(stories.items())
    }


def _lines_beside(version: str, text: str, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For each line of a version the share of its words that stand beside something, and the line they stand in most.

    The line is -1 where none does.
    """
    own, other = Tokens.of(version), Tokens.of(text)
    linked = links(rows, own, other)
    starts, there = (np.array([start for start, _ in line_spans(side)], dtype=int) for side in (version, text))
    line = np.searchsorted(starts, own.starts, side="right") - 1
    beside = linked.first != NONE
    if not len(own.starts):
        return np.zeros(len(starts)), np.full(len(starts), NONE)
    words = np.array([any(map(str.isalnum, version[a:b])) for a, b in zip(own.starts, own.ends, strict=True)])
    counted = np.bincount(line[words], minlength=len(starts))
    shares = np.bincount(line[words & beside], minlength=len(starts)) / np.maximum(counted, 1)
    shares[counted == 0] = 1.0
    votes = np.zeros((len(starts), max(len(there), 1)))
    to = np.searchsorted(there, other.starts[linked.first[beside]], side="right") - 1
    np.add.at(votes, (line[beside], to), 1)
    return shares, np.where(votes.sum(axis=1) > 0, votes.argmax(axis=1), NONE)


def _with_lacking(
    versions: list[Version], taken: list[tuple[int, Span]], text: str, number: int, rows: pd.DataFrame
) -> list[tuple[int, Span]]:
    """The lines of a backbone with those of a version that it lacks, each behind the line that it follows there."""
    version = versions[number].bare
    spans = line_spans(version)
    shares, beside = _lines_beside(version, text, rows)
    behind: defaultdict[int, list[tuple[int, Span]]] = defaultdict(list)
    last = NONE
    for span, share, line in zip(spans, shares, beside.tolist(), strict=True):
        if share < LEAST_MATCHED:
            behind[last].append((number, span))
        elif line != NONE:
            last = line
    found = list(behind[NONE])
    for at, line in enumerate(taken):
        found += [line, *behind[at]]
    return found


def _order(versions: list[Version], text: str, beside: list[pd.DataFrame]) -> list[int]:
    """The numbers of the backbone's lines in the order in which most versions have them; of equal votes as they are."""
    lines = len(line_spans(text))
    before = np.zeros((lines, lines))
    for version, rows in zip(versions, beside, strict=True):
        _, line = _lines_beside(version.bare, text, rows)
        known = list(dict.fromkeys(line[line != NONE].tolist()))
        for at, one in enumerate(known):
            before[one, known[at + 1 :]] += 1
    ahead = before > before.T
    same = ~ahead & ~ahead.T
    rank = [ahead[:, line].sum() + same[:line, line].sum() for line in range(lines)]
    return sorted(range(lines), key=lambda line: (rank[line], line))


def _check_related(versions: list[Version], text: str, beside: list[pd.DataFrame]) -> None:
    """Raise ValueError for a version of whose words hardly any stands beside one of another version."""
    there = Tokens.of(text)
    marks = np.zeros((len(versions), len(there.starts)), dtype=bool)
    for number, (version, rows) in enumerate(zip(versions, beside, strict=True)):
        both = rows[rows["op"].isin(("equal", "move"))]
        for start, end in both[["reference_start", "reference_end"]].to_numpy().tolist():
            marks[number, slice(*there.within(start, end))] = True
        words = len(folded_words(version.bare))
        if not words:
            raise ValueError(f"the version {version.name!r} holds no word but furniture. Mend: leave it out.")
    for number, version in enumerate(versions):
        own, others = marks[number], np.delete(marks, number, axis=0).any(axis=0)
        if own.sum() >= FEWEST_TO_JUDGE and (own & others).sum() < FEWEST_IN_COMMON * own.sum():
            rest = ", ".join(repr(other.name) for other in versions if other is not version)
            raise ValueError(
                f"the version {version.name!r} has hardly a word in common with the others ({rest}): they are not of "
                "one source. Mend: leave it out."
            )
