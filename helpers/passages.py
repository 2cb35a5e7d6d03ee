"""The tokens of two texts go in; the passages that stand elsewhere in the other text come out, and those that it lacks.

A spinner leaves names, numbers and rare words alone. Words and word pairs that stand once in each text are
therefore seeds (the idea of patience diff); a sentence belongs where most of its seeds lead. The heaviest
chain of sentences that keep their order is the main flow, the others were moved.
"""

from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Indel

from helpers.language import is_content_word
from helpers.text import Token, is_word, sentence_spans

FEWEST_SEEDS = 2  # one shared rare word can be chance, two in one sentence hardly
SHARE_OF_SEEDS = 0.15  # of a sentence's words must lead to one place
FEWEST_WORDS = 4  # shorter units (headings) are looked for elsewhere only as they stand
LONELY = 0.2  # of a unit's content words have an equal in the other text, at the most
SHORTEST_RIVAL = 0.6  # the shorter of two lonely units against the longer
SHORTEST_HEADING = 0.5  # “Came” against “Got here”
HEADING = 7  # tokens: so short a unit needs no function words in common to be the same one
SKELETON = 0.35  # shared function words and signs, as an Indel ratio; unrelated sentences have 0.1 to 0.3


class Move(NamedTuple):
    """A moved passage, in token positions: spun i0:i1 is reference j0:j1."""

    i0: int
    i1: int
    j0: int
    j1: int


class Unit(NamedTuple):
    """A sentence or heading, in token positions."""

    start: int
    end: int


def units(text: str, tokens: list[Token]) -> list[Unit]:
    """Return the sentences of a text as ranges of token positions; every token is in just one."""
    found, position = [], 0
    for _, end in sentence_spans(text):
        start = position
        while position < len(tokens) and tokens[position].start < end:
            position += 1
        if position > start:
            found.append(Unit(start, position))
    return found


def moved_passages(
    spun: list[Token], reference: list[Token], spun_units: list[Unit], reference_units: list[Unit]
) -> list[Move]:
    """Return the passages that stand in both texts in another order, as ranges of token positions."""
    places = _places(spun, reference, spun_units, reference_units)
    chain = heaviest_chain(places)
    taken = {target for _, target, _ in chain}
    moves: list[list[int]] = []
    for unit, target, _ in (place for place in places if place not in chain):
        follows = bool(moves) and unit == moves[-1][1] + 1 and target in (moves[-1][3], moves[-1][3] + 1)
        if follows and (target == moves[-1][3] or target not in taken):
            moves[-1][1], moves[-1][3] = unit, target
        elif target not in taken:
            moves.append([unit, unit, target, target])
        taken.add(target)  # no sentence is moved to two places; what else leads there stays where it is
    return [
        Move(spun_units[a].start, spun_units[b].end, reference_units[c].start, reference_units[d].end)
        for a, b, c, d in moves
    ]


def _seeds(spun: list[Token], reference: list[Token]) -> np.ndarray:
    """Words, pairs and triples that stand just once in each text: rows of spun position, reference position, weight."""
    ids: dict[str, int] = {}
    sides = [
        np.array([ids.setdefault(token.fold, len(ids)) for token in side], dtype=np.int64) for side in (spun, reference)
    ]
    tells = np.fromiter(map(is_content_word, ids), bool, len(ids))
    found = []
    for size in (1, 2, 3):
        (once, i), (other_once, j) = (_unique_grams(side, size, tells) for side in sides)
        _, here, there = np.intersect1d(once, other_once, assume_unique=True, return_indices=True)
        found.append(np.column_stack([i[here], j[there], np.full(len(here), size)]))
    return np.concatenate(found)


def _unique_grams(ids: np.ndarray, size: int, tells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The runs of `size` words that stand once and hold a content word, as one number each, and their places."""
    count = max(0, len(ids) - size + 1)
    grams, telling = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool)
    for shift in range(size):
        part = ids[shift : shift + count]
        grams = grams * (len(tells) + 1) + part
        telling |= tells[part]
    values, places, counts = np.unique(grams, return_index=True, return_counts=True)
    kept = (counts == 1) & telling[places]
    return values[kept], places[kept]


def _places(
    spun: list[Token], reference: list[Token], spun_units: list[Unit], reference_units: list[Unit]
) -> list[tuple[int, int, int]]:
    """For each spun unit that has one: the reference unit its seeds lead to and the number of seeds."""
    unit_of_spun = _unit_of_token(spun_units, len(spun))
    unit_of_reference = _unit_of_token(reference_units, len(reference))
    seeds_found = _seeds(spun, reference)
    pairs = np.column_stack([unit_of_spun[seeds_found[:, 0]], unit_of_reference[seeds_found[:, 1]]])
    voted, which = np.unique(pairs, axis=0, return_inverse=True)
    votes = np.bincount(which.ravel(), weights=seeds_found[:, 2], minlength=len(voted)).astype(int)
    # For each unit the target with the most votes, the first of those that have as many.
    order = np.lexsort((voted[:, 1], -votes, voted[:, 0]))
    _, first = np.unique(voted[order, 0], return_index=True)
    places = []
    for unit, target, seeds in np.column_stack([voted, votes])[order[first]].tolist():
        size = sum(is_word(token.fold) for token in spun[spun_units[unit].start : spun_units[unit].end])
        whole = _folds(spun, spun_units[unit]) == _folds(reference, reference_units[target])
        if (whole or size >= FEWEST_WORDS) and seeds >= max(FEWEST_SEEDS, SHARE_OF_SEEDS * size):
            places.append((unit, target, seeds))
    return places


def _folds(tokens: list[Token], unit: Unit) -> list[str]:
    return [token.fold for token in tokens[unit.start : unit.end]]


def _unit_of_token(units: list[Unit], count: int) -> np.ndarray:
    owner = np.zeros(count, dtype=np.int64)
    for number, unit in enumerate(units):
        owner[unit.start : unit.end] = number
    return owner


def heaviest_chain(places: list[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
    """The heaviest subsequence whose reference units never step back.

    A weighted longest increasing subsequence; the running maxima over reference units stand in a Fenwick
    tree, so that a book takes n log n steps.
    """
    size = max((target for _, target, _ in places), default=-1) + 2
    tree: list[tuple[int, int]] = [(0, -1)] * size
    before = []
    for k, (_, target, seeds) in enumerate(places):
        best, slot = (0, -1), target + 1
        while slot > 0:
            best, slot = max(best, tree[slot], key=lambda entry: entry[0]), slot & (slot - 1)
        before.append(best[1])
        slot = target + 1
        while slot < size:
            tree[slot] = max(tree[slot], (best[0] + seeds, k), key=lambda entry: entry[0])
            slot += slot & -slot
    chain, k = set(), max(tree, key=lambda entry: entry[0], default=(0, -1))[1]
    while k >= 0:
        chain.add(places[k])
        k = before[k]
    return chain


def foreign_units(
    units: list[Unit], others: list[Unit], tokens: list[Token], other_tokens: list[Token], match: dict[int, int]
) -> list[Unit]:
    """Return the units of one text that the other text lacks: site furniture on this side, dropped text on that.

    `match` maps token positions to their equals in the other text. A unit is foreign when hardly any of its
    content words has an equal there, unless the other text has, at the same place, a unit as long that nothing
    else leads to: a heading of which every word was swapped (“Beneficial Tales” for “Recommended Stories”).
    """
    lonely = [unit for unit in units if _is_lonely(unit, tokens, match)]
    if not lonely:
        return []
    in_company = set(range(len(tokens))) - {i for unit in lonely for i in range(unit.start, unit.end)}
    anchors = sorted((i, j) for i, j in match.items() if i in in_company)
    starts = [i for i, _ in anchors]
    foreign = []
    for unit in lonely:
        place = bisect_left(starts, unit.start)
        low = anchors[place - 1][1] if place else -1
        high = anchors[place][1] if place < len(anchors) else len(other_tokens)
        rivals = [other for other in others if low < other.start and other.end <= high + 1]
        if not any(_same_skeleton(unit, rival, tokens, other_tokens) for rival in rivals):
            foreign.append(unit)
    return foreign


def _is_lonely(unit: Unit, tokens: list[Token], match: dict[int, int]) -> bool:
    words = [i for i in range(unit.start, unit.end) if is_word(tokens[i].fold)]
    content = [i for i in words if is_content_word(tokens[i].fold)] or words
    return bool(content) and sum(i in match for i in content) <= LONELY * len(content)


def _same_skeleton(unit: Unit, rival: Unit, tokens: list[Token], other_tokens: list[Token]) -> bool:
    """Tell whether two units without a shared content word are still the same sentence, every word swapped."""
    one = [token.fold for token in tokens[unit.start : unit.end]]
    two = [token.fold for token in other_tokens[rival.start : rival.end]]
    shorter, longer = sorted((len(one), len(two)))
    if shorter < (SHORTEST_HEADING if longer <= HEADING else SHORTEST_RIVAL) * longer:
        return False
    return longer <= HEADING or Indel.normalized_similarity(one, two) >= SKELETON
