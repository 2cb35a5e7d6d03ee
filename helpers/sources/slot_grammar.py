"""Texts made from one template go in, as tokens; its slots and their options come out, one inside another.

What all texts have, as often and in the same order, is fixed (the backbone); it cuts the texts into regions, and each
region is read in the same way until nothing is fixed any more. A region without a backbone is one of four things: slots
that stand side by side and vary freely, sentences whose order varies, longer options that have slots of their own, or
plain options. What but few texts have (typing errors, a sender's own words) is no option.

Nothing is compared with everything: a region is the different wordings that stand there, with their numbers.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from helpers.text.compiled import Bools, Floats, Int32s

GAP = -1  # stands for words of a sender's own
SURE = 0.97  # of the texts have what is fixed; the others have a typing error there
DEVIATING, ALIKE = 0.10, 0.008  # so many may begin otherwise than the rest, if no so large part of them in the same way
FLIPS = 0.03  # of two words that stand in either order, each order has more than this share
RARE = 0.05  # an option is used at least so often, measured by the typical option of its slot
FEWEST = 2  # texts that have an option
SHARED, FLAT = 3, 6  # an option has slots of its own where more than FLAT wordings have SHARED tokens in common
COMPACT = 0.7  # slots inside of an option have at most so many options, beside the wordings that they stand for
GROUP = 0.02  # of the texts of a region, at least, have such an option
SAME = 0.9  # tokens that stand in the same texts (Jaccard) are of one option
SURE_OF_SORTS = 0.85  # of the texts of a region have sentences of known sorts alone
COVERED = 0.85  # of a region's texts are made of a left and a right part, where slots stand side by side
NEARLY = 0.985  # of what the best cut covers, another covers that is looked at beside it
HALF = 0.5
CHANCE = 1e-3  # that pairs of options are missing so, where slots are said to depend on each other
LACKING = 0.05  # of the texts have pairs fewer than chance has, where two slots are made one
SHUFFLES, DEVIATIONS, NONE = 20, 5, 2.5
TILTS = np.arange(0.1, 1, 0.1)
STARTS_TRIED = 40
LONGEST_CUT, MOST_CUT = 60, 6_000  # tokens of a wording, wordings: where slots side by side are looked for
MOST_CLASSES = 600  # tokens looked at for which stand in the same texts

Wording: TypeAlias = tuple[int, ...]
Bag: TypeAlias = dict[Wording, int]
Tokens: TypeAlias = list["int | Choice"]


@dataclass(eq=False)
class Choice:
    """A slot: its options, each a sequence of tokens and slots."""

    options: list[Tokens] = field(default_factory=list)
    link: int = 0


class Anchors(NamedTuple):
    """Tokens that nearly all wordings have equally often, a column for each occurrence; -1 where a wording differs."""

    tokens: list[int]
    often: list[int]
    places: Int32s  # a row a wording
    weights: Floats
    flips: Bools  # two of them stand in either order


class Grammar:
    """Reads a template off the texts made from it; `ends` tells which tokens end a sentence."""

    def __init__(self, ends: Bools) -> None:
        """Remember what ends a sentence."""
        self.ends = ends

    def read_texts(self, bag: Bag) -> Tokens:
        """Return what whole texts were made from; a sender's own words count in the region where they stand alone."""
        found = self._by_anchors(bag, _anchors(bag))
        return self.read(bag) if found is None else found

    def read(self, bag: Bag) -> Tokens:
        """Return what the wordings of a region were made from."""
        # Errors stay in: the rarest wordings that several slots make are as rare, and cuts are found by them.
        clean = {words: count for words, count in bag.items() if GAP not in words}
        head, inner, tail = shared_ends(clean)
        if not any(inner):
            return [*head, *tail]
        # A sentence that moves or is left out takes with it what it shares with the others.
        opened = max((at + 1 for at, token in enumerate(head) if self.ends[token]), default=0)
        closed = next((at + 1 for at, token in enumerate(tail) if self.ends[token]), 0)
        before, after = tuple(head[opened:]), tuple(tail[:closed])
        wider = {before + words + after: count for words, count in inner.items()}
        found = self._by_anchors(wider, _anchors(wider))
        if found is None and (halves := cut(inner)) is not None:
            return [*head, *self.read(halves[0]), *self.read(halves[1]), *tail]
        found = found or self._by_order(wider) or self._by_sentences(wider)
        return [*head[:opened], *found, *tail[closed:]] if found else [*head, *self._by_options(inner), *tail]

    def _by_anchors(self, bag: Bag, anchors: Anchors) -> Tokens | None:
        """Fixed tokens with the regions between them."""
        chosen = _uncrossed(list(bag), anchors, _backbone(anchors))
        if not chosen:
            return None
        regions: list[Counter[Wording]] = [Counter() for _ in range(len(chosen) + 1)]
        for words, row, weight in zip(bag, anchors.places[:, chosen].tolist(), bag.values(), strict=True):
            edges = [-1, *row, len(words)]
            for place, (left, right) in enumerate(pairwise(edges)):
                missing = (left < 0 and place > 0) or right < 0
                if not missing and left < right:
                    regions[place][words[left + 1 : right]] += weight
        found = self.read(regions[0])
        for column, region in zip(chosen, regions[1:], strict=True):
            found += [anchors.tokens[column], *self.read(region)]
        return found

    def _by_order(self, bag: Bag) -> Tokens | None:
        """Sentences whose order varies."""
        anchors = _anchors(bag)
        blocks = _blocks(anchors)
        if len(blocks) < 2:
            return None
        before, after = Counter[Wording](), Counter[Wording]()
        inside = [Counter[Wording]() for _ in blocks]
        orders: Counter[Wording] = Counter()
        for words, row, weight in zip(bag, anchors.places, bag.values(), strict=True):
            spans = self._sentences_of(words, [row[block] for block in blocks])
            if spans is None:
                continue
            order = tuple(sorted(range(len(blocks)), key=lambda block: spans[block]))
            edges = [spans[block][0] for block in order] + [spans[order[-1]][1]]
            orders[order] += weight
            before[words[: edges[0]]] += weight
            after[words[edges[-1] :]] += weight
            for at, block in enumerate(order):
                inside[block][words[edges[at] : edges[at + 1]]] += weight
        kept = supported(orders)
        if len(kept) < 2 or orders.total() < HALF * sum(bag.values()):
            return None
        parts = [self.read(content) for content in inside]
        options = [[part for block in order for part in parts[block]] for order in sorted(kept)]
        return [*self.read(before), Choice(options), *self.read(after)]

    def _sentences_of(self, words: Wording, blocks: list[Int32s]) -> list[tuple[int, int]] | None:
        """The whole sentences that hold each block's tokens; None where blocks share one, or one is not there."""
        starts = [0, *(at + 1 for at, token in enumerate(words) if self.ends[token])]
        if starts[-1] != len(words):
            starts.append(len(words))
        found = []
        for places in blocks:
            there = places[places >= 0]
            if not len(there):
                return None
            left = np.searchsorted(starts, there.min(), side="right") - 1
            right = np.searchsorted(starts, there.max(), side="right")
            found.append((starts[left], starts[min(right, len(starts) - 1)]))
        sorted_spans = sorted(found)
        apart = all(one[1] <= other[0] for one, other in pairwise(sorted_spans))
        return found if apart else None

    def _by_sentences(self, bag: Bag) -> Tokens | None:
        """Sentences of several sorts, each known by tokens that stand together: which follow which is read first."""
        wordings = list(bag)
        found = classes(wordings, np.array(list(bag.values()), float))
        found.sort(key=lambda one: -sum(bag[wordings[row]] for row in one[1].tolist()))
        cut_up = {words: self._sentences(words) for words in wordings}
        if len(found) < 2 or max(map(len, cut_up.values())) < 2:
            return None
        orders: Counter[Wording] = Counter()
        inside: dict[int, Counter[Wording]] = defaultdict(Counter)
        for words, sentences in cut_up.items():
            sorts = [_sort_of(sentence, found) for sentence in sentences]
            if -1 in sorts:
                continue
            orders[tuple(sorts)] += bag[words]
            for sort, sentence in zip(sorts, sentences, strict=True):
                inside[sort][sentence] += bag[words]
        if orders.total() < SURE_OF_SORTS * sum(bag.values()) or max(map(len, orders)) < 2:
            return None
        parts = {sort: self.read(content) for sort, content in inside.items()}
        plain = Grammar(np.zeros(len(found), bool)).read(orders)
        return _filled(plain, parts)

    def _sentences(self, words: Wording) -> list[Wording]:
        """The sentences of a wording."""
        edges = [0, *(at + 1 for at, token in enumerate(words) if self.ends[token])]
        edges += [len(words)] if edges[-1] != len(words) else []
        return [words[one:other] for one, other in pairwise(edges)]

    def _by_options(self, bag: Bag) -> Tokens:
        """Options, those with slots of their own first."""
        pool, total = dict(bag), sum(bag.values())
        options: list[Tokens] = []
        while group := _largest_group(pool, total):
            if options and len(_of_these_alone(pool, bag)) >= SHARED:
                return _slot([*options, self.read(pool)])  # what is left is one option, whose parts are no options
            options.append(self.read(group))
            pool = {words: count for words, count in pool.items() if words not in group}
        for group in _by_first(pool):
            inner = self.read(group)
            if _options_in(inner) <= COMPACT * len(group):
                options.append(inner)
                pool = {words: count for words, count in pool.items() if words not in group}
        left, least = sum(pool.values()), RARE * total / (len(options) + 1) / 2 if options else 0
        kept = supported(pool, least)
        if options and left >= GROUP * total and len(pool) > FLAT and len(_common(pool)) >= SHARED:
            return _slot([*options, self.read(pool)])  # what is left is one option with slots of its own too
        options += [list(words) for words in kept]
        return _slot(options)


def _sort_of(sentence: Wording, sorts: list[tuple[set[int], Int32s]]) -> int:
    """The number of the first sort of which a sentence has most tokens; -1 where there is none."""
    words = set(sentence)
    return next((at for at, (tokens, _) in enumerate(sorts) if len(tokens & words) > HALF * len(tokens)), -1)


def _filled(plain: Tokens, parts: dict[int, Tokens]) -> Tokens:
    """A sequence of sorts of sentences with each sort's own tokens and slots in its place."""
    found: Tokens = []
    for part in plain:
        if isinstance(part, Choice):
            found += _slot([_filled(option, parts) for option in part.options])
        else:
            found += parts[part]
    return found


def _slot(options: list[Tokens]) -> Tokens:
    """A slot with these options; one that is nothing but a slot hands its options up."""
    flat: list[Tokens] = []
    for option in options:
        flat += option[0].options if len(option) == 1 and isinstance(option[0], Choice) else [option]
    seen: list[Tokens] = []
    for option in flat:
        if option not in seen:
            seen.append(option)
    if len(seen) < 2:
        return seen[0] if seen else []
    return [Choice(seen)]


def supported(bag: Bag, least: float = 0.0) -> Bag:
    """Return the wordings that are used often enough, measured by the typical one (the weighted median).

    >>> supported({(1,): 50, (2,): 40, (3,): 1})
    {(1,): 50, (2,): 40}
    """
    counts = sorted(bag.values(), reverse=True)
    half, typical = sum(counts) / 2, 0
    for count in counts:
        typical, half = count, half - count
        if half <= 0:
            break
    floor = max(FEWEST, RARE * typical, least)
    return {words: count for words, count in bag.items() if count >= floor}


def shared_ends(bag: Bag) -> tuple[list[int], Bag, list[int]]:
    """Return the tokens that all wordings begin with, what differs, and those that all end with.

    >>> shared_ends({(1, 2, 9): 30, (1, 3, 9): 30})
    ([1], {(2,): 30, (3,): 30}, [9])
    """
    head: list[int] = []
    tail: list[int] = []
    for side, found in ((0, head), (-1, tail)):
        while (token := _shared(bag, side)) is not None:
            found.append(token)
            shorter: Counter[Wording] = Counter()
            for words, count in bag.items():
                if words and words[side] == token:
                    shorter[words[1:] if side == 0 else words[:-1]] += count
            bag = dict(shorter)
    return head, bag, tail[::-1]


def _shared(bag: Bag, side: int) -> int | None:
    """The token that all wordings have at this end, but for errors, which are all different."""
    firsts: Counter[int | None] = Counter()
    for words, count in bag.items():
        firsts[words[side] if words else None] += count
    total = sum(firsts.values())
    ranked = firsts.most_common(2)
    if not ranked or ranked[0][0] is None:
        return None
    others = total - ranked[0][1]
    largest = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if others <= DEVIATING * total and largest < max(FEWEST, ALIKE * total) else None


def _anchors(bag: Bag) -> Anchors:
    """The tokens that nearly all wordings have equally often."""
    weights = np.array(list(bag.values()), float)
    total = weights.sum()
    often: dict[int, Counter[int]] = defaultdict(Counter)
    for words, weight in bag.items():
        for token, count in Counter(words).items():
            often[token][count] += weight
    sure = {}
    for token, counts in often.items():
        count, weight = counts.most_common(1)[0]
        if weight >= SURE * total:
            sure[token] = count
    columns = [(token, number) for token, count in sorted(sure.items()) for number in range(count)]
    first = {token: at for at, (token, number) in enumerate(columns) if number == 0}
    places = np.full((len(bag), len(columns)), -1, np.int32)
    for row, words in enumerate(bag):
        found: dict[int, list[int]] = {}
        for at, token in enumerate(words):
            if token in sure:
                found.setdefault(token, []).append(at)
        for token, there in found.items():
            if len(there) == sure[token]:
                places[row, first[token] : first[token] + len(there)] = there
    return Anchors([token for token, _ in columns], [sure[token] for token, _ in columns], places, weights,
                   _flips(places, weights))  # fmt: skip


def _flips(places: Int32s, weights: Floats) -> Bools:
    """Which columns stand in either order."""
    size = places.shape[1]
    flips = np.zeros((size, size), bool)
    there = places >= 0
    for column in range(size):
        both = there[:, [column]] & there
        before = weights @ (both & (places[:, [column]] < places))
        share = before / np.maximum(weights @ both, 1e-9)
        flips[column] = (share > FLIPS) & (share < 1 - FLIPS)
    np.fill_diagonal(flips, False)
    return flips | flips.T


def _parts(linked: Bools) -> list[list[int]]:
    """The connected parts of a graph."""
    count, labels = connected_components(sparse.csr_matrix(linked), directed=False)
    return [np.flatnonzero(labels == label).tolist() for label in range(count)]


def _zones(anchors: Anchors) -> list[list[list[int]]]:
    """Columns of tokens that stand once, in blocks that change places with each other: a list of blocks for each zone.

    The blocks of a zone are the parts within which nothing flips; a single token that moves about is no block.
    """
    once = [at for at, often in enumerate(anchors.often) if often == 1]
    flips = anchors.flips[np.ix_(once, once)]
    zones = []
    for zone in _parts(flips):
        if len(zone) > 1:
            blocks = _parts(~flips[np.ix_(zone, zone)])
            zones.append([[once[zone[at]] for at in block] for block in blocks])
    return zones


def _blocks(anchors: Anchors) -> list[list[int]]:
    """The blocks of the largest zone that has at least two of them with two tokens."""
    found = [[block for block in zone if len(block) > 1] for zone in _zones(anchors)]
    return max(found, key=lambda zone: (len(zone) > 1, sum(map(len, zone))), default=[])


def _backbone(anchors: Anchors) -> list[int]:
    """Columns whose order is the same everywhere, in this order."""
    left_out: set[int] = set()
    for zone in _zones(anchors):
        real = [block for block in zone if len(block) > 1]
        stays = max(zone, key=len) if len(real) < 2 else []
        left_out |= {at for block in zone for at in block} - set(stays)
        if not stays:
            left_out |= _inside(anchors, [at for block in real for at in block])
    kept: list[int] = []
    for at in sorted(range(len(anchors.tokens)), key=lambda at: (anchors.often[at], at)):
        if at not in left_out and not anchors.flips[at, kept].any():
            kept.append(at)
    # A token that stands several times is anchored with all of its places or not at all.
    whole = Counter(anchors.tokens[at] for at in kept)
    kept = [at for at in kept if whole[anchors.tokens[at]] == anchors.often[at]]
    # Of two columns whose order was not seen to flip, the one that stands in front of more others is first.
    there = np.where(anchors.places >= 0, anchors.places, np.nan)[:, kept]
    with np.errstate(invalid="ignore"):
        before = [np.nansum(there[:, [at]] < there, axis=0) > np.nansum(there[:, [at]] > there, axis=0)
                  for at in range(len(kept))]  # fmt: skip
    return [kept[at] for at in sorted(range(len(kept)), key=lambda at: -int(before[at].sum()))]


def _inside(anchors: Anchors, zone: list[int]) -> set[int]:
    """Columns that lie between tokens that change places."""
    places = np.where(anchors.places >= 0, anchors.places, np.nan)
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(places[:, zone], axis=1), np.fmax.reduce(places[:, zone], axis=1)
        inside = (places > low[:, None]) & (places < high[:, None])
    return set(np.flatnonzero(anchors.weights @ inside > HALF * anchors.weights.sum()).tolist())


def _uncrossed(wordings: list[Wording], anchors: Anchors, chosen: list[int]) -> list[int]:
    """Leave out tokens that all options of a slot happen to have: they lie inside what is there or not as a whole."""
    if not chosen or len(wordings) < FLAT:
        return chosen
    crossed: set[int] = set()
    for tokens, rows in classes(wordings, anchors.weights):
        places = anchors.places[rows][:, chosen]
        spans = []
        for row in rows.tolist():
            there = [at for at, token in enumerate(wordings[row]) if token in tokens]
            spans.append((there[0], there[-1]))
        inside = (places > np.array(spans)[:, [0]]) & (places < np.array(spans)[:, [1]])
        across = [chosen[at] for at in np.flatnonzero(inside.mean(axis=0) > HALF)]
        if len(across) < len(tokens):
            crossed |= set(across)
    return [at for at in chosen if at not in crossed]


def classes(wordings: list[Wording], weights: Floats) -> list[tuple[set[int], Int32s]]:
    """Return tokens that stand in the same wordings, at least SHARED together, with the numbers of these wordings."""
    columns: dict[int, list[int]] = defaultdict(list)
    for row, words in enumerate(wordings):
        for token in set(words):
            columns[token].append(row)
    total = weights.sum()
    mass = {token: float(weights[rows].sum()) for token, rows in columns.items()}
    some = [token for token, weight in mass.items() if (1 - SURE) * total / 2 <= weight <= SURE * total]
    some = sorted(some, key=lambda token: (-mass[token], token))[:MOST_CLASSES]
    if len(some) < SHARED:
        return []
    has = np.zeros((len(wordings), len(some)), np.float32)
    for at, token in enumerate(some):
        has[columns[token], at] = 1
    both = (has * weights[:, None].astype(np.float32)).T @ has
    alone = np.diag(both)
    alike = both >= SAME * (alone[:, None] + alone[None, :] - both)
    found = []
    for part in _parts(alike):
        if len(part) >= SHARED:
            rows = np.flatnonzero(has[:, part].mean(axis=1) > HALF).astype(np.int32)
            if len(rows):
                found.append(({some[at] for at in part}, rows))
    return found


def _largest_group(bag: Bag, total: int) -> Bag | None:
    """The wordings of the option with slots of its own that most texts have, if there is any."""
    if len(bag) <= FLAT:
        return None
    wordings = list(bag)
    best: Bag | None = None
    for _, rows in classes(wordings, np.array(list(bag.values()), float)):
        group = {wordings[row]: bag[wordings[row]] for row in rows.tolist()}
        weight = sum(group.values())
        if len(group) <= FLAT or len(group) == len(bag) or weight < max(FEWEST + 3, GROUP * total):
            continue
        if best is None or weight > sum(best.values()):
            best = group
    return best


def _by_first(bag: Bag) -> list[Bag]:
    """The wordings that begin with the same token, where there are many; all of the wordings together are no group."""
    groups: dict[int, Bag] = defaultdict(dict)
    for words, count in supported(bag).items():
        if words:
            groups[words[0]][words] = count
    return [group for group in groups.values() if FLAT < len(group) < len(bag)]


def _options_in(tokens: Tokens) -> int:
    """How many options there are in a sequence."""
    return sum(len(part.options) + sum(map(_options_in, part.options)) for part in tokens if isinstance(part, Choice))


def _common(bag: Bag) -> set[int]:
    """The tokens that nearly all wordings have."""
    counts: Counter[int] = Counter()
    for words, count in bag.items():
        counts.update(dict.fromkeys(words, count))
    return {token for token, count in counts.items() if count >= SAME * sum(bag.values())}


def _of_these_alone(some: Bag, bag: Bag) -> set[int]:
    """The tokens that nearly all of some wordings have, and hardly any of the others of a bag."""
    often: Counter[int] = Counter()
    for words, count in bag.items():
        often.update(dict.fromkeys(words, count))
    return {token for token in _common(some) if often[token] * SAME <= sum(some.values())}


def cut(bag: Bag) -> tuple[Bag, Bag] | None:
    """Return the left and the right parts of wordings where two slots stand side by side, None where none do.

    >>> left, right = cut({(1, 3): 9, (1, 4): 8, (2, 3): 9, (2, 4): 9})
    >>> sorted(left), sorted(right)
    ([(1,), (2,)], [(3,), (4,)])
    """
    if not 4 <= len(bag) <= MOST_CUT or max(map(len, bag)) > LONGEST_CUT:
        return None
    follow: dict[Wording, dict[Wording, int]] = defaultdict(dict)
    precede: dict[Wording, dict[Wording, int]] = defaultdict(dict)
    for words, count in bag.items():
        for at in range(len(words) + 1):
            follow[words[:at]][words[at:]] = count
            precede[words[at:]][words[:at]] = count
    starts = [start for start in follow if start and len(follow[start]) > 1]
    starts = sorted(starts, key=lambda start: (-sum(follow[start].values()), len(start), start))[:STARTS_TRIED]
    found: dict[tuple[Wording, ...], dict[tuple[Wording, Wording], int]] = {}
    for start in starts:
        table = _product(bag, follow, precede, start)
        if table is not None:
            found.setdefault(tuple(sorted({left for left, _ in table})), table)
    free = [(table, dependence(table)) for table in found.values() if vary_freely(table)]
    if not free:
        return None
    most = max(sum(table.values()) for table, _ in free)
    free = [(table, depend) for table, depend in free if sum(table.values()) >= NEARLY * most]
    table, _ = min(free, key=lambda one: (one[1] // NONE, _size(_halves(one[0]))))
    return _halves(table)


def _halves(table: dict[tuple[Wording, Wording], int]) -> tuple[Bag, Bag]:
    """The left and the right parts with their numbers."""
    lefts, rights = Counter[Wording](), Counter[Wording]()
    for (left, right), count in table.items():
        lefts[left] += count
        rights[right] += count
    return lefts, rights


def _size(halves: tuple[Bag, Bag]) -> int:
    """How many options two parts have together that several texts have."""
    return sum(count >= FEWEST for half in halves for count in half.values())


def _product(
    bag: Bag, follow: dict[Wording, dict[Wording, int]], precede: dict[Wording, dict[Wording, int]], start: Wording
) -> dict[tuple[Wording, Wording], int] | None:
    """The pairs of left and right parts, where what follows `start` is right; None where it is not."""
    rights = set(follow[start])
    lefts = _most_of(rights, precede, sum(follow[start].values()), follow[start])
    if len(lefts) < 2:
        return None
    rights = {right for left in lefts if left for right in follow[left]}
    if len(rights) < 2:
        return None
    table = _split(bag, lefts, rights, follow)
    # Where texts are few, some left parts were seen with few of the right ones.
    parted = {left + right for left, right in table}
    rest = [words for words in bag if words not in parted]
    more: Counter[Wording] = Counter(
        words[:at] for words in rest for at in range(1, len(words)) if words[at:] in rights
    )
    lefts |= {left for left, times in more.items() if times > 1}
    table = _split(bag, lefts, rights, follow)
    if sum(table.values()) < COVERED * sum(bag.values()):
        return None
    return table


def _split(
    bag: Bag, lefts: set[Wording], rights: set[Wording], follow: dict[Wording, dict[Wording, int]]
) -> dict[tuple[Wording, Wording], int]:
    """The wordings that have a left and a right part, each once: of several left parts the one that most follow."""
    table = {}
    for words, count in bag.items():
        ways = [words[:at] for at in range(len(words) + 1) if words[:at] in lefts and words[at:] in rights]
        if ways:
            left = max(ways, key=lambda way: (len(rights & follow[way].keys()), -len(way)))
            table[left, words[len(left) :]] = count
    return table


def _most_of(
    some: set[Wording], neighbours: dict[Wording, dict[Wording, int]], total: float, weights: dict[Wording, int]
) -> set[Wording]:
    """What stands beside most of these, by weight, and beside more than one."""
    beside: Counter[Wording] = Counter()
    times: Counter[Wording] = Counter()
    for one in some:
        for other in neighbours[one]:
            beside[other] += weights[one]
            times[other] += 1
    return {other for other, weight in beside.items() if weight >= HALF * total and times[other] > 1}


def vary_freely(table: dict[tuple, int]) -> bool:
    """Tell whether two slots vary freely: of the pairs of their options none is missing but by chance.

    Under independence a pair expected E times is missing with the probability exp(-E). How probable it is that pairs
    of so many expected texts are missing is bounded as Chernoff (1952) does; below CHANCE the slots depend on each
    other. Where nothing is missing they vary freely, though some pairs may be dearer to the program than others.

    >>> vary_freely({("a", "c"): 9, ("a", "d"): 9, ("b", "c"): 9, ("b", "d"): 9}), vary_freely({(1, 1): 9, (2, 2): 9})
    (True, False)
    """
    expected, seen = _expected(table)
    if seen.size == 0:
        return False
    missing = expected[seen == 0].sum()
    moments = [np.log1p(np.exp((tilt - 1) * expected) - np.exp(-expected)).sum() for tilt in TILTS]
    bounds = [moment - tilt * missing for moment, tilt in zip(moments, TILTS, strict=True)]
    return bool(missing == 0) or (bool(min(bounds) > np.log(CHANCE)) and dependence(table) <= DEVIATIONS)


def _expected(table: dict[tuple, int]) -> tuple[Floats, Floats]:
    """How often each pair of options would be expected, and how often it was seen; rare options are left out."""
    lefts, rights = Counter[object](), Counter[object]()
    for (left, right), count in table.items():
        lefts[left] += count
        rights[right] += count
    kept = [supported(side) for side in (lefts, rights)]  # type: ignore[arg-type]  # any names will do
    expected = np.outer(list(kept[0].values()), list(kept[1].values())) / sum(table.values())
    return expected, np.array([[table.get((left, right), 0) for right in kept[1]] for left in kept[0]], float)


def belong_together(table: dict[tuple, int]) -> bool:
    """Tell whether two slots surely depend on each other: pairs are missing that one in twenty texts ought to have.

    >>> belong_together({(1, 1): 30, (2, 2): 30}), belong_together({(1, 1): 9, (1, 2): 9, (2, 1): 9, (2, 2): 1})
    (True, False)
    """
    expected, seen = _expected(table)
    if seen.size == 0 or vary_freely(table):
        return False
    lacking = expected[seen == 0].sum() - (expected * np.exp(-expected)).sum()
    return bool(lacking > LACKING * seen.sum())


def dependence(table: dict[tuple, int]) -> float:
    """Return how much the options of two slots tell of each other, in standard deviations of what chance makes of it.

    That is their mutual information beside that of options dealt out anew (a permutation test): in a table with many
    options and few texts nothing simpler can be trusted.
    """
    counts = np.fromiter(table.values(), int, len(table))
    sides = [pd.factorize(pd.Series([pair[side] for pair in table], dtype=object))[0] for side in (0, 1)]
    left, right = (np.repeat(side, counts) for side in sides)
    size, chance = right.max() + 1, np.random.default_rng(len(left))
    shuffled = []
    for _ in range(SHUFFLES):
        times = np.unique(left * size + chance.permutation(right), return_counts=True)[1]
        shuffled.append((times * np.log(times)).sum())
    return float(abs((counts * np.log(counts)).sum() - np.mean(shuffled)) / max(np.std(shuffled), 1.0))
