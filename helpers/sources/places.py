"""A backbone and its versions go in; the places of the lost text come out, each with what every version reads there.

A place is a stretch of the backbone's tokens that every version has something for: mostly one word, more where a
version exchanged a phrase. What a version lacks or adds within a sentence belongs to the next word (the general public
beside the public), so that no reading is empty; a version that dropped the passage has no reading.
"""

from typing import NamedTuple

import numpy as np

from helpers.sources.backbone import Backbone
from helpers.sources.token_links import NONE, Links, Tokens, links
from helpers.sources.witnesses import Version
from helpers.text.spans import phrase_folds

LONGEST_GAP = 6  # tokens that a version lacks or adds within a sentence; more are a passage dropped or added
LONGEST_PLACE = 14  # tokens of a reading; a longer one is told, and taken for no evidence


class Place(NamedTuple):
    """A place: its tokens in the backbone (first, and the one behind the last), and what each version reads there.

    `readings`: for each version its characters (start, end), or None where it has nothing.
    """

    first: int
    end: int
    readings: list[tuple[int, int] | None]


def places(backbone: Backbone, versions: list[Version]) -> tuple[Tokens, list[Place]]:
    """Return the backbone's tokens and all places, in order; every token is in just one."""
    there = Tokens.of(backbone.text)
    count = len(there.starts)
    if not count:
        return there, []
    owns = [Tokens.of(version.bare) for version in versions]
    linked = [links(rows, own, there) for rows, own in zip(backbone.beside, owns, strict=True)]
    filled = [_filled(one, own, version.bare) for one, own, version in zip(linked, owns, versions, strict=True)]
    glued = np.zeros(count + 1, dtype=bool)  # whether a token belongs with the one in front of it
    for one in filled:
        for first, end in zip(one.first.tolist(), one.end.tolist(), strict=True):
            if first != NONE:
                glued[first + 1 : end] = True
    for one in filled:
        _glue_gaps(one, glued, count, there, backbone.text)
    starts = np.flatnonzero(~glued[:count])
    ends = np.append(starts[1:], count)
    broken = ["\n" in backbone.text[there.starts[a] : there.ends[b - 1]] for a, b in zip(starts, ends, strict=True)]
    readings = [
        _readings(one, own, version, starts, broken) for one, own, version in zip(filled, owns, versions, strict=True)
    ]
    return there, [
        Place(first, end, [reading[at] for reading in readings])
        for at, (first, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True))
    ]


def _filled(linked: Links, own: Tokens, text: str) -> Links:
    """The links with those of words that a version put in: to what the next word, else the last one, stands beside."""
    first, end = linked.first.copy(), linked.end.copy()
    missing = first == NONE
    at = 0
    while at < len(first):
        if not missing[at]:
            at += 1
            continue
        stop = at
        while stop < len(first) and missing[stop]:
            stop += 1
        if stop - at <= LONGEST_GAP:
            front = at - 1 if at and "\n" not in text[own.ends[at - 1] : own.starts[at]] else None
            behind = stop if stop < len(first) and "\n" not in text[own.ends[stop - 1] : own.starts[stop]] else None
            # In the middle of a passage: both neighbours stand beside neighbours.
            if behind is not None and (front is None or 0 <= first[behind] - end[front] <= LONGEST_GAP):
                first[at:stop], end[at:stop] = first[behind], end[behind]
            elif front is not None:
                first[at:stop], end[at:stop] = first[front], end[front]
        at = stop
    return Links(first, end)


def _glue_gaps(linked: Links, glued: np.ndarray, count: int, there: Tokens, text: str) -> None:
    """Glue short runs of the backbone's tokens that a version lacks to the next token it has, else to the last."""
    has = np.zeros(count, dtype=bool)
    token = np.full(count, NONE)
    known = np.flatnonzero(linked.first != NONE)
    for at in known.tolist():
        has[linked.first[at] : linked.end[at]] = True
        token[linked.first[at] : linked.end[at]] = at
    at = 0
    while at < count:
        if has[at]:
            at += 1
            continue
        stop = at
        while stop < count and not has[stop]:
            stop += 1
        front, behind = at - 1, stop
        inside = at > 0 and stop < count and 0 < token[behind] - token[front] <= LONGEST_GAP
        if stop - at <= LONGEST_GAP and inside and not _is_line(text, there, at, stop):
            if "\n" not in text[there.ends[stop - 1] : there.starts[stop]]:
                glued[at + 1 : stop + 1] = True
            else:
                glued[at:stop] = True
        at = stop


def _is_line(text: str, there: Tokens, first: int, end: int) -> bool:
    """Tell whether some tokens are a line, or several: a version that lacks them dropped it."""
    front, behind = text[there.ends[first - 1] : there.starts[first]], text[there.ends[end - 1] : there.starts[end]]
    return "\n" in front and "\n" in behind


def _readings(
    linked: Links, own: Tokens, version: Version, starts: np.ndarray, broken: list[bool]
) -> list[tuple[int, int] | None]:
    """What a version reads in each place (characters).

    Nothing where its words there do not stand side by side, are too many, or go on in another line.
    """
    found: list[tuple[int, int] | None] = [None] * len(starts)
    tokens = np.flatnonzero(linked.first != NONE)
    if not len(tokens):
        return found
    place = np.searchsorted(starts, linked.first[tokens], side="right") - 1
    order = np.argsort(place, kind="stable")
    tokens, place = tokens[order], place[order]
    cuts = np.flatnonzero(np.diff(place)) + 1
    for group, at in zip(np.split(tokens, cuts), place[np.append(0, cuts)].tolist(), strict=True):
        first, last = int(group[0]), int(group[-1])
        start, end = int(own.starts[first]), int(own.ends[last])
        if last - first + 1 == len(group) <= LONGEST_PLACE and (broken[at] or "\n" not in version.bare[start:end]):
            found[at] = version.stored(start, end)
    return found


def merged(found: list[Place], readings: list[list[str | None]], phrases: frozenset[str]) -> list[Place]:
    """Return the places with those joined that together read a phrase in every version that has them.

    `readings`: for each place what each version reads, folded. What two dictionaries, or one alone, put for a word may
    have several words (a couple of), and where all versions have them nothing else tells that they belong together.
    """
    starts = {phrase.split(" ")[0] for phrase in phrases}
    longest = max((phrase.count(" ") + 1 for phrase in phrases), default=0)
    joined: list[Place] = []
    at = 0
    while at < len(found):
        step = _joins(readings, at, min(longest, len(found) - at), phrases) if _alone(readings[at]) in starts else 1
        first, last = found[at], found[at + step - 1]
        spans = [
            (one[0], other[1]) if one is not None and other is not None else None
            for one, other in zip(first.readings, last.readings, strict=True)
        ]
        joined.append(Place(first.first, last.end, spans) if step > 1 else first)
        at += step
    return joined


def _alone(row: list[str | None]) -> str:
    """What all versions that read anything read; empty where they differ."""
    read = {words for words in row if words is not None}
    return read.pop() if len(read) == 1 else ""


def _joins(readings: list[list[str | None]], at: int, most: int, phrases: frozenset[str]) -> int:
    """How many places from one on read one of the phrases, the same versions all the way; 1 where they do not."""
    who = [words is None for words in readings[at]]
    words, best = "", 1
    for step in range(most):
        row = readings[at + step]
        said = _alone(row)
        if not said or [part is None for part in row] != who:
            break
        words = f"{words} {said}" if words else said
        if words in phrases:
            best = step + 1
    return best


def reading_key(words: str) -> str:
    """Return a reading as readings are compared: its folded tokens.

    >>> reading_key("The  Prime\\nMinister’s")
    "the prime minister 's"
    """
    return " ".join(phrase_folds(words))
