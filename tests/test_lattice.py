"""The cheapest way from a few words to a few others, and how sure it is, on places of real spun pages."""

from itertools import pairwise
from math import exp
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison.alignment.align import NO_COUNTS
from helpers.comparison.alignment.cheapest_path import TEMPERATURE, cheapest, confidences, marks_of, price_now
from helpers.comparison.alignment.edit_costs import LONGEST, LONGEST_TOGETHER, PRICES, pair_key
from helpers.comparison.alignment.em_reader import Windows, begin, read_windows
from helpers.comparison.alignment.lattice import (
    NO_KEY,
    Run,
    Steps,
    add_steps,
    most_passages,
    most_steps,
    room_for,
    room_for_steps,
)
from helpers.comparison.alignment.segments import side
from helpers.comparison.alignment.string_similarity import jaro_winkler, letters_of, may_be_as_alike
from helpers.comparison.alignment.vocabulary import Vocabulary
from helpers.text.scan import LINE_BREAK_BEFORE
from helpers.text.spans import tokens
from helpers.text.word_counts import Counts, slot_of, table

BATTLE, MENTIONED = ("World Battle II", "World War II"), ("mentioned", "said")
HYPERLINK = ("Supply hyperlink", "Source link")
PLACES = [
    BATTLE,
    MENTIONED,
    HYPERLINK,
    ("for the reason", "since the"),
    ("mentioned, on", "said on ,"),
    ("the coronary heart", "the heart"),
]


class Lattice(NamedTuple):
    spun: list[str]
    reference: list[str]
    steps: Steps

    def sides(self, step: int) -> tuple[str, str]:
        """The words that a step takes on either side."""
        width = len(self.reference) + 1
        (i, j), (i1, j1) = (divmod(int(cells[step]), width) for cells in (self.steps.starts, self.steps.ends))
        return " ".join(self.spun[i:i1]), " ".join(self.reference[j:j1])

    def step(self, spun: str, reference: str) -> int:
        """The one step that takes these words."""
        [found] = self.steps_of(spun, reference)
        return found

    def steps_of(self, spun: str, reference: str) -> list[int]:
        """The steps that take these words; a word put in may be so at several places of the other side."""
        return [step for step in range(len(self.steps.keys)) if self.sides(step) == (spun, reference)]


def run_of(text: str, vocabulary: Vocabulary) -> Run:
    found = side(text, vocabulary)
    breaks = (found.gaps == LINE_BREAK_BEFORE).astype(np.uint8)
    breaks[:1] = 0
    return Run(found.folds, found.flags, breaks)


def lattice(spun: str, reference: str, flipped: bool = False) -> Lattice:
    vocabulary = Vocabulary()
    one, other = run_of(spun, vocabulary), run_of(reference, vocabulary)
    sizes = len(one.folds), len(other.folds)
    room, steps = room_for(max(sizes), (sizes[0] + 1) * (sizes[1] + 1), PRICES), room_for_steps(most_of(*sizes))
    used = add_steps(steps, 0, one, other, vocabulary.words, table("bigrams"), PRICES, room, flipped, False)
    words = [[token.fold for token in tokens(text)] for text in (spun, reference)]
    return Lattice(*words, Steps(*(column[:used] for column in steps)))


def most_of(n: int, m: int) -> int:
    return most_steps(n, m) + most_passages(n, m)


def walk(found: Lattice, prices: np.ndarray | None = None) -> tuple[list[int], np.ndarray]:
    """The steps of the cheapest path, and what it costs to come to each cell."""
    starts, ends = found.steps.starts, found.steps.ends
    cells = int(ends[-1]) + 1
    best, arrived = np.empty(cells), np.empty(cells, np.int64)
    cheapest(starts, ends, found.steps.prices if prices is None else prices, best, arrived, cells)
    path, cell = [], cells - 1
    while cell:
        path.append(int(arrived[cell]))
        cell = int(starts[path[-1]])
    return path[::-1], best


def read(spun: str, reference: str) -> list[tuple[str, str]]:
    found = lattice(spun, reference)
    return [found.sides(step) for step in walk(found)[0]]


def sure(found: Lattice) -> list[float]:
    """How sure each step of the cheapest path is."""
    path, best = walk(found)
    rows, width = len(found.spun) + 1, len(found.reference) + 1
    filled = np.empty(len(path))
    confidences(
        found.steps.starts, found.steps.ends, found.steps.prices, best, np.empty(rows * width),
        np.array(path, np.int32), width, filled, np.empty(rows), np.empty(width),
    )  # fmt: skip
    return filled.tolist()


def all_paths(found: Lattice) -> list[list[int]]:
    """Every way through a lattice, by brute force."""
    starts, ends = found.steps.starts.tolist(), found.steps.ends.tolist()
    following: dict[int, list[int]] = {}
    for step, cell in enumerate(starts):
        following.setdefault(cell, []).append(step)
    waiting, done = [[step] for step in following[0]], []
    while waiting:
        path = waiting.pop()
        if ends[path[-1]] == ends[-1]:
            done.append(path)
        waiting += [[*path, step] for step in following.get(ends[path[-1]], [])]
    return done


def now(found: Lattice, lexicon: Counts, own: tuple[int, ...] = (), own_count: float = 1.0) -> np.ndarray:
    prices = np.empty(len(found.steps.keys))
    own_keys = np.array(own, np.uint64)
    marks = marks_of(lexicon)
    price_now(found.steps.prices, found.steps.keys, PRICES, lexicon, marks, own_keys, len(own), own_count, prices)
    return prices


def lexicon_of(key: int, count: float) -> Counts:
    keys, counts = np.zeros(4, np.uint64), np.zeros(4)
    slot = slot_of(keys, np.uint64(key))
    keys[slot], counts[slot] = key, count
    return Counts(keys, counts)


@pytest.mark.parametrize(
    ("spun", "reference", "edits"),
    [
        (*BATTLE, [("world", "world"), ("battle", "war"), ("ii", "ii")]),
        (*MENTIONED, [("mentioned", "said")]),
        (*HYPERLINK, [("supply", "source"), ("hyperlink", "link")]),  # two swaps, no phrase
        ("the coronary heart", "the heart", [("the", "the"), ("coronary", ""), ("heart", "heart")]),
        ("the link", "the old link", [("the", "the"), ("", "old"), ("link", "link")]),
        ("due to the fact that", "because", [("due to the fact that", "because")]),
        ("mentioned, on", "said on", [("mentioned", "said"), (",", ""), ("on", "on")]),
    ],
)
def test_a_place_is_read_as_a_spinner_wrote_it(spun, reference, edits):
    assert read(spun, reference) == edits


@pytest.mark.parametrize(("spun", "reference"), PLACES)
def test_the_cheapest_path_is_the_cheapest_of_all_paths(spun, reference):
    found = lattice(spun, reference)
    path, best = walk(found)
    costs = [sum(found.steps.prices[step] for step in every) for every in all_paths(found)]
    assert len(costs) > 2
    assert best[-1] == pytest.approx(min(costs))
    assert sum(found.steps.prices[step] for step in path) == pytest.approx(min(costs))


@pytest.mark.parametrize(("spun", "reference"), PLACES)
def test_a_path_takes_every_word_of_both_sides_once(spun, reference):
    found = lattice(spun, reference)
    edits = [found.sides(step) for step in walk(found)[0]]
    assert " ".join(one for one, _ in edits if one) == " ".join(found.spun)
    assert " ".join(other for _, other in edits if other) == " ".join(found.reference)


@pytest.mark.parametrize(("spun", "reference"), PLACES)
def test_steps_lead_forward_and_stand_in_the_order_of_their_cells(spun, reference):
    steps = lattice(spun, reference).steps
    assert (steps.ends > steps.starts).all()
    assert all(before <= after for before, after in pairwise(steps.starts.tolist()))


@pytest.mark.parametrize(("spun", "reference"), PLACES)
def test_only_a_replacement_has_a_key_and_it_is_that_of_the_pair(spun, reference):
    found = lattice(spun, reference)
    for step, key in enumerate(found.steps.keys.tolist()):
        one, other = found.sides(step)
        replaces = bool(one and other and one != other)
        assert key == (pair_key(tuple(one.split()), tuple(other.split())) if replaces else NO_KEY)


def test_a_replacement_is_minimal_and_no_longer_than_the_longest():
    found = lattice("for the reason that the battle will proceed", "since the long war is going to continue now")
    both = [found.sides(step) for step in range(len(found.steps.keys)) if found.steps.keys[step]]
    assert len(both) > 20
    for one, other in ([words.split() for words in sides] for sides in both):
        assert one[0] != other[0]
        assert one[-1] != other[-1]
        assert max(len(one), len(other)) <= LONGEST
        assert len(one) + len(other) <= LONGEST_TOGETHER


def test_no_replacement_reaches_across_a_comma():
    found = lattice("mentioned , sadly", "said , alas")
    taken = [words for step in np.flatnonzero(found.steps.keys) for words in found.sides(step)]
    assert "mentioned" in taken
    assert not any("," in words and len(words) > 1 for words in taken)


def test_a_passage_put_in_costs_less_than_its_words_one_by_one_and_more_than_a_shorter_one():
    found = lattice("and highly dependent , as ever , on", "")
    alone = [float(found.steps.prices[found.step(word, "")]) for word in ("and", "highly", "dependent")]
    passages = [found.step(" ".join(found.spun[:end]), "") for end in range(3, len(found.spun) + 1)]
    costs = [float(found.steps.prices[step]) for step in passages]
    assert sum(alone[:2]) < costs[0] < sum(alone)
    assert all(one < other for one, other in pairwise(costs))
    assert not found.steps_of("and highly", "")  # two words may belong to a phrase


def test_half_of_a_contraction_stands_for_nothing():
    assert read("can't", "can not") == [("ca n't", "can not")]


def test_words_put_in_are_no_replacement():
    """“The general public” for “the public” holds all its words: “general” was put in."""
    found = lattice("the general public", "the public")
    sides = [found.sides(step) for step in range(len(found.steps.keys))]
    assert ("general", "") in sides
    assert ("general public", "public") not in sides
    assert ("the general", "the") not in sides


def test_a_word_put_in_beside_its_partner_costs_less():
    partner, stranger = lattice("general public", "public"), lattice("hyperlink public", "public")
    cheaper = min(partner.steps.prices[partner.steps_of("general", "")])
    dearer = min(stranger.steps.prices[stranger.steps_of("hyperlink", "")])
    assert dearer == pytest.approx(PRICES.inserted_word)
    assert cheaper == pytest.approx(PRICES.inserted_word + PRICES.inserted_beside_its_partner)


def test_equal_words_are_kept_the_more_the_more_they_say():
    found = lattice("the war ,", "the war ,")
    prices = [found.steps.prices[found.step(word, word)] for word in ("the", "war", ",")]
    assert prices == [PRICES.same_function_word, PRICES.same_content_word, PRICES.same_punctuation]


def test_a_change_of_case_costs_a_little():
    same, changed = lattice("Battle", "War"), lattice("battle", "War")
    assert changed.steps.prices[changed.step("battle", "war")] == pytest.approx(
        same.steps.prices[same.step("battle", "war")] + PRICES.case_changed
    )


def test_words_run_together_across_a_lost_line_break_are_one_step():
    assert ("objectsfinish", "objects finish") in read("see objectsfinish", "see objects\nfinish")
    for reference in ("objects\nfinish", "objects finish", "objects-finish"):
        found = lattice("objectsfinish", reference)
        words = reference.replace("\n", " ").replace("-", " - ")
        assert found.steps.prices[found.step("objectsfinish", words)] == PRICES.same_letters


def test_a_word_that_stands_in_both_is_not_given_to_another():
    found = read("tall , old , white house", "tall , white , lonely house")
    assert not {("old", "white"), ("white", "lonely")} & set(found)


def test_a_line_break_inside_a_phrase_costs():
    broken, whole = lattice("supply\nhyperlink", "war"), lattice("supply hyperlink", "war")
    more = broken.steps.prices[broken.step("supply hyperlink", "war")] - PRICES.across_a_line_break
    assert more == pytest.approx(whole.steps.prices[whole.step("supply hyperlink", "war")])


def test_a_lexicon_makes_the_pair_cheaper_that_it_knows_and_no_other():
    found = lattice(*HYPERLINK)
    before, after = found.steps.prices, now(found, lexicon_of(pair_key(("supply",), ("source",)), 5.0))
    known = found.step("supply", "source")
    assert after[known] < before[known]
    assert np.delete(after, known).tolist() == np.delete(before, known).tolist()


def test_a_window_does_not_learn_from_itself():
    found = lattice(*MENTIONED)
    key = pair_key(("mentioned",), ("said",))
    lexicon = lexicon_of(key, 3.0)
    assert now(found, lexicon, (key,), 3.0).tolist() == found.steps.prices.tolist()
    assert now(found, lexicon, (key,), 1.0).tolist() == now(found, lexicon_of(key, 2.0)).tolist()


def test_without_a_lexicon_prices_are_as_they_were():
    found = lattice(*BATTLE)
    assert now(found, NO_COUNTS).tolist() == found.steps.prices.tolist()


def test_what_a_corpus_taught_changes_how_a_place_is_read():
    """Two words for two are two swaps, unless the pair of phrases is known well."""
    found = lattice(*HYPERLINK)
    known = lexicon_of(pair_key(("supply", "hyperlink"), ("source", "link")), 50.0)
    assert len(walk(found)[0]) == 2
    [taught] = walk(found, now(found, known))[0]
    assert found.sides(taught) == ("supply hyperlink", "source link")


def test_sides_exchanged_have_the_same_pairs_at_the_same_prices():
    """Whichever text is called the spun one."""
    for spun, reference in PLACES:
        one, other = lattice(spun, reference), lattice(reference, spun, flipped=True)
        known = {key: price for key, price in zip(one.steps.keys, one.steps.prices, strict=True) if key}
        flipped = {key: price for key, price in zip(other.steps.keys, other.steps.prices, strict=True) if key}
        assert flipped == pytest.approx(known)


def test_more_room_is_made_and_what_was_there_stays(monkeypatch):
    vocabulary = Vocabulary()
    pairs = [MENTIONED, HYPERLINK, ("for the reason", "since the"), BATTLE]
    runs = [run_of(text, vocabulary) for pair in pairs for text in pair]
    sizes = np.array([len(run.folds) for run in runs])
    none = np.zeros(len(pairs), np.uint8)
    windows = Windows(sizes[::2], sizes[1::2], none, none, *map(np.concatenate, zip(*runs, strict=True)))
    monkeypatch.setattr("helpers.comparison.alignment.em_reader.room_for_steps", lambda size: room_for_steps(1))
    found = begin(windows, vocabulary)
    assert found.first_step[-1] > 1
    for number, pair in enumerate(pairs):
        here = slice(found.first_step[number], found.first_step[number + 1])
        assert [column[here].tolist() for column in found.steps] == [column.tolist() for column in lattice(*pair).steps]


def test_a_window_too_wide_to_be_read_is_put_in_and_left_out_whole_however_wide():
    wide = 50_000  # tokens a side: the numbers of its cells pass those of 32 bits
    size, none, nothing = np.array([wide]), np.zeros(1, np.uint8), np.zeros(2 * wide, np.uint8)
    windows = Windows(size, size, none, none, np.zeros(2 * wide, np.int32), nothing, nothing)
    found, corner = read_windows(windows, Vocabulary(), NO_COUNTS), wide * (wide + 1)
    assert found.starts.tolist() == [0, corner]
    assert found.ends.tolist() == [corner, corner + wide]


@given(st.text("abcdeé", max_size=9), st.text("abcdeé", max_size=9), st.sampled_from([0.6, 0.75, 0.85, 0.95]))
def test_words_that_look_alike_are_never_ruled_out_by_their_letters(one, other, least):
    sides = [(np.array([*map(ord, word)], np.uint32), 0, len(word)) for word in (one, other)]
    told = [told for side in sides for told in (letters_of(*side), side[2])]
    same_first = one != "" and one[:1] == other[:1]
    assert jaro_winkler(*sides[0], *sides[1]) <= least or may_be_as_alike(least, *told, same_first)


def test_a_clean_swap_is_surer_than_one_of_several_readings():
    [clean] = sure(lattice(*MENTIONED))
    tangled = sure(lattice("rapidly soared", "grew"))
    assert 0 < min(tangled) < clean <= 1
    assert clean > 0.95


@pytest.mark.parametrize(("spun", "reference"), PLACES)
def test_how_sure_a_step_is_are_its_odds_against_all_other_readings_of_its_first_word(spun, reference):
    found = lattice(spun, reference)
    width = len(found.reference) + 1
    through = np.full(len(found.steps.keys), np.inf)  # the cheapest path through each step, by brute force
    for every in all_paths(found):
        cost = sum(found.steps.prices[step] for step in every)
        through[every] = np.minimum(through[every], cost)
    weights = [exp(-(cost - through.min()) / TEMPERATURE) for cost in through]
    ends = list(zip(found.steps.starts.tolist(), found.steps.ends.tolist(), strict=True))
    expected = []
    for step in walk(found)[0]:
        (i, j), (i1, _) = divmod(ends[step][0], width), divmod(ends[step][1], width)
        rivals = [
            rival
            for rival, (start, end) in enumerate(ends)
            if (start // width <= i < end // width if i1 > i else start % width <= j < end % width)
        ]
        expected.append(weights[step] / sum(weights[rival] for rival in rivals))
    assert sure(found) == pytest.approx(expected)
