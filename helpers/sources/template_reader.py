"""A template and texts go in; out come the options that each text has of it, where they stand, and what is not from it.

The template is a network of tokens without a circle; a text is read as the path through it that costs least, with
typing errors, words left out and words put in (edit distance to a regular language; Wagner and Seiferas 1978). Most
texts have none of these, and are read in one pass; only the others are read with all that may be wrong.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from helpers.sources.slot_grammar import Choice, Tokens
from helpers.sources.token_table import TokenTable
from helpers.text.compiled import Bools, Int8s, Int32s, Int64s, compiled

# What it costs that a word is mistyped, another, one more, or missing; that a whole sentence is left out.
MISTYPED, ANOTHER, MORE, MISSING, SENTENCE = 2, 3, 2, 2, 6
BEAM = 16  # what costs so much more than the best so far is given up
EMPTY, SKIP = -1, -2  # edges without a token
NEVER = 1 << 28
NEAR = 6  # tokens of a template that a written one may be a slip of
LONGEST = 4_000  # tokens of a text that is read
SHORTEST_SLIP = 3  # letters of a word in which a slip is looked for
WHOLE = 2  # a text was read as it stands, and not with what may be wrong (1), or not at all (0)
EXACT, SLIP = 1, 2  # how a token of a text stands for one of the template


class Network(NamedTuple):
    """States in an order in which every edge runs onward, with the edges that lead to each."""

    first: Int32s  # where a state's incoming edges begin, and one more
    source: Int32s
    token: Int32s  # or EMPTY, SKIP
    opens: Int32s  # the slot whose option begins with this edge, or -1
    option: Int32s
    closes: Int32s  # the slot that ends with this edge, or -1
    reach: Int32s  # the furthest state that an edge leads to from each
    skipped: Int32s  # how many tokens an edge skips, at most


@dataclass
class Readings:
    """What was read of each text, a row a text."""

    exact: Bools  # every token stands as the template has it
    matched: Int32s  # tokens of the text that stand for one of the template
    wrong: Int32s  # of these, typing errors
    added: Int32s  # tokens that the template has not
    missing: Int32s  # tokens of the template's path that the text has not
    chosen: Int32s  # a column a slot: the number of the option, -1 where it is not there
    starts: Int32s  # first token of each slot, counted within the text
    ends: Int32s  # behind the last
    reached: Bools  # it could be read at all
    fits: Int8s  # for every token of these texts: 0, EXACT or SLIP


def slots_of(tokens: Tokens) -> list[Choice]:
    """Return the slots of a template, each once, those further in front first, an outer one in front of its inner."""
    found: dict[int, Choice] = {}

    def walk(parts: Tokens) -> None:
        for part in parts:
            if isinstance(part, Choice):
                found.setdefault(id(part), part)
                for option in part.options:
                    walk(option)

    walk(tokens)
    return list(found.values())


def network(tokens: Tokens, ends: Bools) -> Network:
    """Return a template as a network; `ends` tells which tokens end a sentence."""
    edges: list[tuple[int, int, int, int, int, int, int]] = []  # to, from, token, opens, option, closes, skipped
    number = {id(slot): at for at, slot in enumerate(slots_of(tokens))}

    def lay(parts: Tokens, at: int, free: int) -> tuple[int, int]:
        """Lay the parts behind state `at`, with `free` as the next unused state; the last state, the next unused."""
        for part in parts:
            if not isinstance(part, Choice):
                edges.append((free, at, part, -1, -1, -1, 0))
                at, free = free, free + 1
                continue
            slot, lasts = number[id(part)], []
            for option, inner in enumerate(part.options):
                edges.append((free, at, EMPTY, slot, option, -1, 0))
                last, free = lay(inner, free, free + 1)
                lasts.append(last)
            edges.extend((free, last, EMPTY, -1, -1, slot, 0) for last in lasts)
            at, free = free, free + 1
        return at, free

    at, free, start, length = 0, 1, 0, 0
    for place, part in enumerate(tokens):
        at, free = lay([part], at, free)
        length += max(map(len, part.options)) if isinstance(part, Choice) else 1
        if (not isinstance(part, Choice) and ends[part]) or place == len(tokens) - 1:
            edges.append((at, start, SKIP, -1, -1, -1, length))
            start, length = at, 0
    edges.sort(key=lambda edge: edge[0])
    columns = [np.array(column, np.int32) for column in zip(*edges, strict=True)]
    first = np.searchsorted(columns[0], np.arange(free + 1)).astype(np.int32)
    reach = np.arange(free, dtype=np.int32)
    np.maximum.at(reach, columns[1], columns[0])
    _, source, token, opens, option, closes, skipped = columns
    return Network(first, source, token, opens, option, closes, reach, skipped)


def read(table: TokenTable, texts: Int64s, net: Network, slots: int, near: Int32s) -> Readings:
    """Return what was read of these texts with a template of so many slots; `near` is made by `slips`."""
    longest = int(min(table.lengths[texts].max(initial=1), LONGEST))
    counts = np.zeros((len(texts), 6), np.int32)
    places = np.full((3, len(texts), max(slots, 1)), -1, np.int32)
    offsets = np.r_[0, np.cumsum(table.lengths[texts])]
    fits = np.zeros(offsets[-1], np.int8)
    room = np.empty((longest + 1, len(net.reach)), np.int32)
    back = np.empty_like(room)
    _read_all(table.ids, table.bounds, texts, offsets, net, near, longest, room, back, counts, places, fits)
    matched, wrong, added, missing = counts.T[:4]
    chosen, starts, ends = places
    state = counts[:, 5]
    return Readings(state == WHOLE, matched, wrong, added, missing, chosen, starts, ends, state > 0, fits)


@compiled
def _read_all(
    ids: Int32s,
    bounds: Int64s,
    texts: Int64s,
    offsets: Int64s,
    net: Network,
    near: Int32s,
    longest: int,
    room: Int32s,
    back: Int32s,
    counts: Int32s,
    places: Int32s,
    fits: Int8s,
) -> None:
    """Read every text: first as it stands, and where that fails with what may be wrong.

    `ids` (tokens), `near` (kinds of tokens by NEAR), `room` and `back` (tokens by states), `counts` (texts by 6) and
    `places` (3 by texts by slots) are int32; `bounds`, `texts` and `offsets` int64; `fits` (tokens) is int8.
    """
    for row in range(len(texts)):
        words = ids[bounds[texts[row]] : bounds[texts[row] + 1]]
        if len(words) == 0 or len(words) > longest:
            continue
        done = _fill(words, net, near, room, back, True)
        counts[row, 5] = WHOLE if done else 0
        if not done and _fill(words, net, near, room, back, False):
            counts[row, 5] = 1
        if counts[row, 5]:
            _trace(words, net, near, back, counts[row], places[:, row], fits[offsets[row] : offsets[row + 1]])


@compiled
def _fill(words: Int32s, net: Network, near: Int32s, room: Int32s, back: Int32s, exact: bool) -> bool:
    """Fill the table of costs (`room`) and of the best ways (`back`); tell whether the end was reached.

    A way is 3 times the edge's number, plus 0 where it stands for a word, 1 where it does not, or -1 for a word more.
    `words` (tokens) is int32, and so are `near`, `room` and `back`.
    """
    states = len(net.reach)
    low, high, limit = 0, 0, 0 if exact else BEAM
    for column in range(len(words) + 1):
        best, furthest, start, final, next_low = NEVER, low, low, low, -1
        for state in range(low, states):
            if state > furthest and (column == 0 or state > high):
                break
            cost, way = NEVER, -2
            if column == 0 and state == 0:
                cost = 0
            if column > 0 and state <= high:
                before = room[column - 1, state]
                if before < NEVER:
                    furthest = max(furthest, net.reach[state])
                    if not exact and before + MORE < cost:
                        cost, way = before + MORE, -1
            for edge in range(net.first[state], net.first[state + 1]):
                source, token = net.source[edge], net.token[edge]
                if source < start:
                    continue
                if token < 0:
                    more = 0 if token == EMPTY else SENTENCE
                    if not (exact and token == SKIP) and room[column, source] + more < cost:
                        cost, way = room[column, source] + more, 3 * edge + 1
                    continue
                if column > 0 and source <= high and room[column - 1, source] < NEVER:
                    more = _price(words[column - 1], token, near, exact)
                    if room[column - 1, source] + more < cost:
                        cost, way = room[column - 1, source] + more, 3 * edge
                if not exact and room[column, source] + MISSING < cost:
                    cost, way = room[column, source] + MISSING, 3 * edge + 1
            if cost > limit:
                cost = NEVER
            room[column, state], back[column, state] = cost, way
            if cost < NEVER:
                best = min(best, cost)
                furthest = max(furthest, net.reach[state])
                if next_low < 0:
                    next_low = state
                final = state
        if best == NEVER:
            return False
        low, high = next_low, final
        if not exact:
            limit = best + MORE + BEAM
    return high == states - 1 and room[len(words), states - 1] < NEVER


@compiled
def _price(word: int, token: int, near: Int32s, exact: bool) -> int:
    """What it costs that a word stands where the template has a token.

    `near` is int32, the rest are integers and a bool.
    """
    if word == token:
        return 0
    if exact:
        return NEVER
    for other in near[word]:
        if other == token:
            return MISTYPED
    return ANOTHER


@compiled
def _trace(
    words: Int32s, net: Network, near: Int32s, back: Int32s, counts: Int32s, places: Int32s, fits: Int8s
) -> None:
    """Follow the best way back; write down what was counted, and where each slot's option stands.

    `words` (tokens), `near` (kinds of tokens by NEAR), `back` (tokens by states), `counts` (6) and `places` (3 by
    slots) are int32, `fits` (tokens) is int8.
    """
    column, state = len(words), len(net.reach) - 1
    while column > 0 or state > 0:
        way = back[column, state]
        if way == -1:
            column -= 1
            counts[2] += 1
            continue
        edge = way // 3
        token = net.token[edge]
        if way % 3 == 0:
            column -= 1
            price = _price(words[column], token, near, False)
            if price == ANOTHER:  # one word more, and one less
                counts[2] += 1
                counts[3] += 1
            else:
                counts[0] += 1
                counts[1] += price == MISTYPED
                fits[column] = SLIP if price == MISTYPED else EXACT
        elif token >= 0:
            counts[3] += 1
        elif token == SKIP:
            counts[3] += net.skipped[edge]
        if net.closes[edge] >= 0:
            places[2, net.closes[edge]] = column
        if net.opens[edge] >= 0:
            places[0, net.opens[edge]] = net.option[edge]
            places[1, net.opens[edge]] = column
        state = net.source[edge]


def slips(table: TokenTable, tokens: Tokens) -> Int32s:
    """Return for every kind of token those of the template that it may be a slip of, at most NEAR; -1 fills up.

    A slip is another case, a space more or less, or one letter left out, put in, changed, or two that changed places.
    """
    known = table.vocabulary
    near = np.full((table.size, NEAR), -1, np.int32)
    by_letters: dict[str, list[int]] = defaultdict(list)
    for token in sorted(all_tokens(tokens)):
        for letters in _shorter(known.folds[token]):
            by_letters[letters].append(token)
    for kind, folded in enumerate(known.folds):
        found = {
            token
            for letters in _shorter(folded)
            for token in by_letters.get(letters, ())
            if token != kind and is_slip(folded, known.folds[token])
        }
        for at, token in enumerate(sorted(found, key=lambda token: (known.folds[token] != folded, token))[:NEAR]):
            near[kind, at] = token
    return near


def all_tokens(tokens: Tokens) -> set[int]:
    """Return the tokens of a template."""
    found: set[int] = set()
    for part in tokens:
        if isinstance(part, Choice):
            found |= set().union(*map(all_tokens, part.options))
        else:
            found.add(part)
    return found


def shortest(tokens: Tokens) -> int:
    """Return how many tokens the shortest text of a template has."""
    return sum(min(map(shortest, part.options)) if isinstance(part, Choice) else 1 for part in tokens)


def _shorter(word: str) -> list[str]:
    """A word, and the same with each of its letters left out."""
    if len(word) < SHORTEST_SLIP or len(word) > 40:
        return [word]
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def is_slip(one: str, other: str) -> bool:
    """Tell whether two words are the same but for one letter left out, put in or changed, or two that changed places.

    >>> is_slip("teh", "the"), is_slip("freedm", "freedom"), is_slip("keep", "save")
    (True, True, False)
    """
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or len(other) < SHORTEST_SLIP:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped
