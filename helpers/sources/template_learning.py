"""Texts of one group go in; the template that they were made from comes out, or why they were made from none.

The texts are read twice: the grammar of a sample gives a first template; reading the sample with it tells which
neighbouring slots depend on each other (they are one slot), which distant ones do (they are chosen together), and
which options nobody used. A form letter has no slots that vary freely, and honest texts have nothing in common.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.sources.alike_texts import _pair_codes
from helpers.sources.slot_grammar import GAP, Choice, Grammar, Tokens, belong_together, supported
from helpers.sources.template_reader import Readings, network, read, slips, slots_of
from helpers.sources.token_table import TokenTable
from helpers.text.compiled import Bools, Int32s, Int64s

LEARNT = 4_000  # texts that a template is learnt from
PAIRS = 600  # a pair of neighbours that fewer than one in so many texts have is the sender's own
ISLAND = 3  # so few tokens between a sender's own words are taken for own words too
OWN = 0.5  # a text with more words of its own teaches nothing
JOINED = 2  # fixed tokens between two slots that depend on each other, where they are written as one
TOGETHER = 0.97  # of the texts have the option that goes with the other slot's, where two are chosen together
FEWEST_TEXTS = 20  # that a template is claimed of
FEWEST_SHARED = 8  # tokens of a text that the template has, at least
FEWEST_FIXED = 5  # of these, beyond one for each slot
FREE_SLOTS = 2  # slots that vary freely, at least
WORDINGS = 12  # different texts
# Of the template's path in a text, and of the text, what is from a template has so much; or nearly the whole template,
# and more of the sender's own words around it.
KEPT, COVERED = 0.6, 0.4
WHOLE, AROUND = 0.9, 0.15
ROUNDS = 40  # of joining slots, each of which joins one pair


@dataclass
class Learnt:
    """A template: its tokens and slots, or the reason why there is none."""

    tokens: Tokens
    near: Int32s
    reason: str = ""
    is_letter: bool = False


def is_member(readings: Readings, lengths: Int64s) -> np.ndarray:
    """Tell which texts are from the template that they were read with."""
    path = readings.matched + readings.missing
    kept = readings.matched / np.maximum(path, 1)
    covered = readings.matched / np.maximum(lengths, 1)
    enough = ((kept >= KEPT) & (covered >= COVERED)) | ((kept >= WHOLE) & (covered >= AROUND))
    return readings.reached & enough & (readings.matched >= FEWEST_SHARED)


def learn(table: TokenTable, texts: Int64s, seed: int = 0) -> Learnt:
    """Return the template of these texts, or the reason why there is none."""
    sample = texts
    if len(texts) > LEARNT:
        sample = np.sort(np.random.default_rng(seed).choice(texts, LEARNT, replace=False))
    bag = Counter(own_words_marked(table, sample))
    bag.pop((), None)
    if sum(bag.values()) < FEWEST_TEXTS:
        return Learnt([], np.empty((0, 0), np.int32), "too few texts have enough in common")
    tokens = Grammar(table.vocabulary.ends).read_texts(bag)
    if not tokens:
        return Learnt([], np.empty((0, 0), np.int32), "nothing stands in all of the texts")
    near = slips(table, tokens)
    for _ in range(ROUNDS):
        readings = read(table, sample, network(tokens, table.vocabulary.ends), len(slots_of(tokens)), near)
        refined = _refined(tokens, readings, is_member(readings, table.lengths[sample]))
        if refined is None:
            break
        tokens = refined
    uses = Counter(_uses(tokens))
    tokens = _own_full_stops(tokens, table.vocabulary.ends, uses)
    return _judged(table, sample, tokens, near)


def own_words_marked(table: TokenTable, texts: Int64s) -> list[tuple[int, ...]]:
    """Return the texts as tokens, with GAP for each run of a sender's own words; () where these are most of it.

    A word is a sender's own where neither the pair with the word before nor that with the word behind recurs.
    """
    codes, starts = _pair_codes(table.ids, table.bounds, texts, table.size)
    names, kinds = pd.factorize(codes)
    rows = np.repeat(np.arange(len(texts)), np.diff(starts))
    counts = np.bincount(pd.DataFrame({"name": names, "row": rows}).drop_duplicates()["name"], minlength=len(kinds))
    known = counts[names] >= max(2, len(texts) // PAIRS)
    edges = [Counter(table.ids[table.bounds[texts + side] - side].tolist()) for side in (0, 1)]
    least = max(2, len(texts) // PAIRS)
    found = []
    for row, text in enumerate(texts.tolist()):
        words = table.tokens(text).tolist()
        pairs = known[starts[row] : starts[row + 1]].tolist()
        left = [edges[0][words[0]] >= least, *pairs]
        right = [*pairs, edges[1][words[-1]] >= least]
        fine = [one or other for one, other in zip(left, right, strict=True)]
        found.append(_marked(words, fine))
    return found


def _marked(words: list[int], fine: list[bool]) -> tuple[int, ...]:
    """The words, with GAP for runs that are not fine, and for few fine words between two such runs."""
    bad = [at for at, good in enumerate(fine) if not good]
    for one, other in pairwise(bad):
        if other - one <= ISLAND:
            fine[one:other] = [False] * (other - one)
    if len(words) - sum(fine) > OWN * len(words):
        return ()
    marked: list[int] = []
    for word, good in zip(words, fine, strict=True):
        if good or not marked or marked[-1] != GAP:
            marked.append(word if good else GAP)
    return tuple(marked)


def _refined(tokens: Tokens, readings: Readings, members: np.ndarray) -> Tokens | None:
    """The template with dependent slots joined or linked and without options that nobody uses; None where it is so."""
    slots = slots_of(tokens)
    chosen = readings.chosen[members & readings.exact]
    if len(chosen) < FEWEST_TEXTS:
        return None
    number = {id(slot): at for at, slot in enumerate(slots)}
    changed = _pruned(slots, chosen)
    if changed:
        return _tidied(tokens)
    return _joined(tokens, chosen, number)


def _pruned(slots: list[Choice], chosen: Int32s) -> bool:
    """Take away options that are used too seldom; tell whether there were any."""
    changed = False
    for at, slot in enumerate(slots):
        counts = np.bincount(chosen[:, at][chosen[:, at] >= 0], minlength=len(slot.options))
        kept = supported({(option,): int(count) for option, count in enumerate(counts)})
        if len(kept) < len(slot.options):
            slot.options = [option for place, option in enumerate(slot.options) if (place,) in kept]
            changed = True
    return changed


def _tidied(tokens: Tokens) -> Tokens:
    """Slots of one option are its words."""
    found: Tokens = []
    for part in tokens:
        if not isinstance(part, Choice):
            found.append(part)
        elif len(part.options) == 1:
            found += _tidied(part.options[0])
        elif part.options:
            part.options = [_tidied(option) for option in part.options]
            found.append(part)
    return found


def _joined(tokens: Tokens, chosen: Int32s, number: dict[int, int]) -> Tokens | None:
    """The template with neighbouring dependent slots made one, or distant ones linked; None where there are none."""
    places = [at for at, part in enumerate(tokens) if isinstance(part, Choice)]
    for one, other in pairwise(places):
        left, right = tokens[one], tokens[other]
        if other - one - 1 > JOINED or not isinstance(left, Choice) or not isinstance(right, Choice):
            continue
        if not (_is_plain(left) and _is_plain(right)):
            continue
        pairs = _pairs(chosen, number[id(left)], number[id(right)])
        if belong_together(pairs):
            between = tokens[one + 1 : other]
            kept = supported({pair: count for pair, count in pairs.items()})
            options = [[*left.options[a], *between, *right.options[b]] for a, b in sorted(kept)]
            return [*tokens[:one], Choice(options), *tokens[other + 1 :]]
    changed = _linked(tokens, chosen, number)
    for part in tokens:
        if isinstance(part, Choice):
            for at, option in enumerate(part.options):
                mine = chosen[chosen[:, number[id(part)]] == at]
                inner = _joined(option, mine, number) if len(mine) >= FEWEST_TEXTS else None
                if inner is not None:
                    part.options[at] = inner
                    changed = True
    return tokens if changed else None


def _is_plain(slot: Choice) -> bool:
    """Tell whether a slot has no inner slots and is linked to none."""
    return not slot.link and not any(isinstance(inner, Choice) for option in slot.options for inner in option)


def _uses(tokens: Tokens) -> Iterator[int]:
    """The identity of every slot, as often as it stands somewhere."""
    for part in tokens:
        if isinstance(part, Choice):
            yield id(part)
            for option in part.options:
                yield from _uses(option)


def _own_full_stops(tokens: Tokens, ends: Bools, uses: Counter[int]) -> Tokens:
    """The same texts, with a sentence that may be left out having its own full stop, not that of the one before.

    “It is cold{. It rains|}. We stay.” is “It is cold. {It rains. |}We stay.”
    """
    found: Tokens = []
    for part in reversed(tokens):
        if not isinstance(part, Choice):
            found.append(part)
            continue
        for at, option in enumerate(part.options):
            part.options[at] = _own_full_stops(option, ends, uses)
        stop = found[-1] if found else None
        filled = [option for option in part.options if option]
        turns = isinstance(stop, int) and ends[stop] and all(option[0] == stop for option in filled)
        if turns and filled and len(filled) < len(part.options) and uses[id(part)] == 1:
            part.options = [[*option[1:], stop] if option else [] for option in part.options]  # type: ignore[list-item]
            found[-1] = part
            found.append(stop)  # type: ignore[arg-type]
        else:
            found.append(part)
    return found[::-1]


def _pairs(chosen: Int32s, one: int, other: int) -> dict[tuple[int, int], int]:
    """How often each pair of options of two slots was chosen."""
    both = chosen[(chosen[:, one] >= 0) & (chosen[:, other] >= 0)][:, [one, other]]
    return dict(Counter(map(tuple, both.tolist())))


def _linked(tokens: Tokens, chosen: Int32s, number: dict[int, int]) -> bool:
    """Give slots that are chosen together one link, their options in one order; tell whether there are new ones."""
    slots = [part for part in tokens if isinstance(part, Choice)]
    changed = False
    for at, one in enumerate(slots):
        for other in slots[at + 1 :]:
            if other.link or len(one.options) != len(other.options):
                continue
            table = _pairs(chosen, number[id(one)], number[id(other)])
            match = {a: max(range(len(other.options)), key=lambda b: table.get((a, b), 0))
                     for a in range(len(one.options))}  # fmt: skip
            agree = sum(table.get(pair, 0) for pair in match.items())
            if len(set(match.values())) == len(match) and agree >= TOGETHER * max(1, sum(table.values())):
                one.link = one.link or 1 + max((slot.link for slot in slots), default=0)
                other.link = one.link
                other.options = [other.options[match[a]] for a in range(len(one.options))]
                chosen_other = chosen[:, number[id(other)]]
                back = np.array([*(sorted(match, key=lambda a: match[a])), -1], np.int32)
                chosen[:, number[id(other)]] = back[chosen_other]
                changed = True
    return changed


def free_slots(tokens: Tokens) -> int:
    """Return how many slots vary freely and say one thing in several ways: those chosen together count once.

    What is only there or not is no proof: people who edit a form letter leave sentences out too.
    """
    slots = [slot for slot in slots_of(tokens) if sum(map(bool, slot.options)) > 1]
    return sum(not slot.link for slot in slots) + len({slot.link for slot in slots if slot.link})


def _judged(table: TokenTable, sample: Int64s, tokens: Tokens, near: Int32s) -> Learnt:
    """The template, where it may be called one."""
    readings = read(table, sample, network(tokens, table.vocabulary.ends), len(slots_of(tokens)), near)
    members = is_member(readings, table.lengths[sample])
    chosen, matched = readings.chosen[members], readings.matched[members]
    if members.sum() < FEWEST_TEXTS or (matched - (chosen >= 0).sum(axis=1)).mean() < FEWEST_FIXED:
        return Learnt([], near, "what they have in common is too little")
    wordings = len(np.unique(chosen, axis=0))
    free = free_slots(tokens)
    if free >= FREE_SLOTS and wordings >= WORDINGS:
        return Learnt(tokens, near)
    return Learnt(tokens, near, "one text, copied" if not free else "few versions of one text", is_letter=True)
