"""Two short runs of differing tokens go in; every step by which one turns into the other comes out, with its price.

Between two anchors an aligned pair differs by a handful of words. The lattice holds every step by which both sides
can advance: a phrase for a phrase, a word put in or left out, an equal word. `cheapest_path` finds the way through.

A cell (i, j) of the lattice of n spun and m reference tokens has the number i * (m + 1) + j. A step is a cell where
it starts, one where it ends, a price and, where a phrase stands for a phrase, the pair's key; no key is 0.
"""

from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.edit_costs import (
    APART,
    INCOHERENT_TIE,
    LEAST_COHESIVE,
    LONGEST,
    LONGEST_TOGETHER,
    SHORTEST_PASSAGE,
    VERB_AND_PARTICLE,
    Meetings,
    Phrases,
    Prices,
    block_sum,
    describe_meetings,
    describe_phrases,
    room_for_meetings,
    room_for_phrases,
    shape_prices,
    shared_words,
)
from helpers.comparison.alignment.vocabulary import (
    CAPITAL,
    GLUED,
    HAS_TAIL,
    IS_ARTICLE,
    IS_FUNCTION,
    IS_JOINER,
    IS_NUMBER,
    IS_READ,
    IS_STUMP,
    IS_WORD,
    Words,
)
from helpers.text.compiled import (
    Bools,
    Floats,
    Int32s,
    Int64s,
    UInt8s,
    UInt16s,
    UInt64s,
    compiled,
    compiled_in_place,
    compiled_within,
)
from helpers.text.word_counts import Counts, mixed

STRONG_TIE = 1.2  # cohesion of a set phrase; chance neighbours stay below 1
NO_KEY, NOTHING = np.uint64(0), -1
NEVER = 99  # “line breaks” in front of a token whose neighbour was set apart: nothing crosses that
ZERO, NINE = 48, 57  # code points


class Run(NamedTuple):
    """Tokens of one side of a window: number of the folded word, flags as written, line breaks in front."""

    folds: Int32s
    flags: UInt8s
    breaks: UInt8s


class Steps(NamedTuple):
    """The steps of lattices, one below the other."""

    starts: UInt16s
    ends: UInt16s
    prices: Floats
    keys: UInt64s


def room_for_steps(size: int) -> Steps:
    """Return room for some steps, on large pages: NumPy asks the system for these, which compiled code does not."""
    return Steps(np.empty(size, np.uint16), np.empty(size, np.uint16), np.empty(size), np.empty(size, np.uint64))


def more_room(steps: Steps, used: int) -> Steps:
    """Return the steps with room for twice as many, the `used` ones in place."""
    wider = room_for_steps(2 * len(steps.starts) + 1)
    for name in Steps._fields:
        getattr(wider, name)[:used] = getattr(steps, name)[:used]
    return wider


class Room(NamedTuple):
    """Room for what is worked out about one window: its phrases, line breaks added up, and how its words meet.

    `spun_flags` and `reference_flags` are those of the words by their place in the window; `spun_both` and
    `reference_both` mark the tokens that stand on the other side too, `spun_moved` and `reference_moved` count how many
    content words and how many function words among the first are marked so; `shapes` are the prices of `shape_prices`.
    """

    spun: Phrases
    reference: Phrases
    spun_breaks: Int64s
    reference_breaks: Int64s
    spun_flags: UInt16s
    reference_flags: UInt16s
    spun_both: Bools
    reference_both: Bools
    spun_moved: Int32s
    reference_moved: Int32s
    meetings: Meetings
    shapes: Floats


@compiled
def room_for(longest: int, cells: int, prices: Prices) -> Room:
    """Make room for windows of up to so many tokens a side and so many cells.

    `longest` and `cells` are integers; the dtypes and shapes are those of `Room`.
    """
    return Room(
        room_for_phrases(longest),
        room_for_phrases(longest),
        np.empty(longest + 1, np.int64),
        np.empty(longest + 1, np.int64),
        np.empty(longest, np.uint16),
        np.empty(longest, np.uint16),
        np.empty(longest, np.bool_),
        np.empty(longest, np.bool_),
        np.empty((longest + 1, 2), np.int32),
        np.empty((longest + 1, 2), np.int32),
        room_for_meetings(cells),
        shape_prices(prices),
    )


@compiled
def most_steps(n: int, m: int) -> int:
    """How many steps a window of `n` and `m` tokens has at the most, but for passages; integers."""
    most = 3 * (n + 1) * (m + 1)
    for k in range(min(LONGEST, n)):
        for h in range(min(LONGEST, m, LONGEST_TOGETHER - k - 1)):
            most += (n - k) * (m - h)
    return most


@compiled
def most_passages(n: int, m: int) -> int:
    """How many steps of a window of `n` and `m` tokens put passages in or leave them out, at the most; integers."""
    return max(0, n + m - 2 * SHORTEST_PASSAGE + 2) * (n + 1) * (m + 1)


@compiled_within
def add_steps(
    steps: Steps,
    used: int,
    spun: Run,
    reference: Run,
    words: Words,
    bigrams: Counts,
    prices: Prices,
    room: Room,
    flipped: bool,
    apart: bool,
) -> int:
    """Price every step of a window and put it behind the `used` ones; returns how many are used then.

    There must be room for `most_steps` and `most_passages` of it (see `more_room`).

    Time and memory grow with the product of the two lengths: hand in some dozen tokens. `flipped` tells that the sides
    are exchanged; the keys of the pairs are not. `apart` gives the pairs keys of their own (see `Windows`).

    `used` is an integer, `flipped` and `apart` are bool; for the arrays see `Steps`, `Run`, `Words`, `Counts`, `Room`.
    """
    describe_phrases(spun.folds, words, bigrams, prices, room.spun)
    describe_phrases(reference.folds, words, bigrams, prices, room.reference)
    describe_meetings(spun.folds, reference.folds, words, prices, room.meetings)
    _add_up(spun.breaks, room.spun_breaks)
    _add_up(reference.breaks, room.reference_breaks)
    _look_across(spun.folds, reference.folds, words.flags, room.spun_flags, room.spun_both, room.spun_moved)
    _look_across(
        reference.folds, spun.folds, words.flags, room.reference_flags, room.reference_both, room.reference_moved
    )
    return _add_cells(steps, used, spun, reference, words, prices, room, flipped, apart)


@compiled_within
def _add_cells(
    steps: Steps,
    used: int,
    spun: Run,
    reference: Run,
    words: Words,
    prices: Prices,
    room: Room,
    flipped: bool,
    apart: bool,
) -> int:
    """The steps from all cells, in order: a word put in or left out, an equal word, a phrase for a phrase.

    One long loop: the arrays are unpacked once a window, since handing them on costs more than what is worked out. What
    a window has none of (words of both sides, line breaks, words of one lemma) is not asked for at every step.

    `used` is an integer, `flipped` and `apart` are bool; for the arrays see `Steps`, `Run`, `Words` and `Room`. Returns
    how many steps are used then.
    """
    starts, ends, step_prices, keys = steps
    folds, written, _ = spun
    others, other_written, _ = reference
    letters, letter_starts, lengths = words.letters, words.starts, words.lengths
    patterns, shapes, phrase_prices, weakest, phrase_keys, ties = room.spun
    other_patterns, other_shapes, other_prices, other_weakest, other_keys, other_ties = room.reference
    pair_prices, equal, kin, _ = room.meetings
    of_shapes = room.shapes
    breaks, other_breaks = room.spun_breaks, room.reference_breaks
    flags, other_flags = room.spun_flags, room.reference_flags
    both, other_both = room.spun_both, room.reference_both
    moved, other_moved = room.spun_moved, room.reference_moved
    n, m = len(folds), len(others)
    width = m + 1
    some_words_in_both, some_have_tails = moved[n, 0] + moved[n, 1] > 0, False
    for i in range(n):
        some_have_tails = some_have_tails or flags[i] & HAS_TAIL != 0
    for j in range(m):
        some_have_tails = some_have_tails or other_flags[j] & HAS_TAIL != 0
    some_are_kin = kin[n * width + m] > 0
    some_are_broken = breaks[n] + other_breaks[m] > 0
    for i in range(n + 1):
        for j in range(m + 1):
            here = i * width + j
            before = i > 0 and j > 0 and folds[i - 1] == others[j - 1]
            if i < n:
                after = i + 1 < n and j < m and folds[i + 1] == others[j]
                partner = (before and ties[i - 1] > STRONG_TIE) or (after and ties[i] > STRONG_TIE)
                starts[used], ends[used], keys[used] = here, here + width, NO_KEY
                step_prices[used] = _stray_price(prices, flags[i], partner)
                used += 1
            if j < m:
                after = i < n and j + 1 < m and folds[i] == others[j + 1]
                partner = (before and other_ties[j - 1] > STRONG_TIE) or (after and other_ties[j] > STRONG_TIE)
                starts[used], ends[used], keys[used] = here, here + 1, NO_KEY
                step_prices[used] = _stray_price(prices, other_flags[j], partner)
                used += 1
            # A passage begins or ends beside what is equal: where no word follows that this side has, at its end.
            begins = before or here == 0
            start = prices.parted if before and flags[i - 1] & IS_FUNCTION else 0.0
            if n - i >= SHORTEST_PASSAGE and (begins or j == m or other_both[j]):
                follows = others[j] if j < m else NOTHING
                used = _add_passages(steps, used, here, width, begins, start, folds, i, follows, breaks, flags, prices)
            if m - j >= SHORTEST_PASSAGE and (begins or i == n or both[i]):
                follows = folds[i] if i < n else NOTHING
                used = _add_passages(
                    steps, used, here, 1, begins, start, others, j, follows, other_breaks, other_flags, prices
                )
            if i == n or j == m:
                continue
            word, other = folds[i], others[j]
            if word == other:
                starts[used], ends[used], keys[used] = here, here + width + 1, NO_KEY
                step_prices[used] = _same_price(prices, flags[i])
                used += 1
                continue  # a substitution is minimal: no shared first word
            case_price = prices.case_changed if (written[i] ^ other_written[j]) & CAPITAL else 0.0
            either, shared_flags = flags[i] | other_flags[j], flags[i] & other_flags[j]
            same_letter = lengths[word] and lengths[other]
            same_letter = same_letter and letters[letter_starts[word]] == letters[letter_starts[other]]
            may_be_alike = same_letter or either & IS_JOINER != 0
            longest = LONGEST if shared_flags & IS_READ else 1  # a comma or a full stop stands for no words
            for k in range(min(longest, n - i)):
                pattern, i1 = patterns[i, k], i + k + 1
                if not pattern:
                    continue
                last, last_flags = folds[i1 - 1], flags[i1 - 1]
                for h in range(min(longest, m - j, LONGEST_TOGETHER - k - 1)):
                    other_pattern, j1 = other_patterns[j, h], j + h + 1
                    if not other_pattern or last == others[j1 - 1]:
                        continue  # a substitution is minimal: no shared last word
                    # A compound written in another way: co-operate, 10 km, 12 000, a word broken at the end of a line.
                    alike = may_be_alike and _same_letters(words, folds, i, i1, others, j, j1)
                    if some_have_tails and (last_flags | other_flags[j1 - 1]) & HAS_TAIL:
                        alike = alike or _same_tail(words, folds, i, i1, others, j, j1)
                    shared, within = 0, False
                    if k + h and some_words_in_both and block_sum(equal, width, i, j, i1, j1):
                        shared, within = shared_words(folds, i, i1, others, j, j1)
                    if within:
                        continue  # words were put in or left out: not a replacement
                    both_verbs = pattern == VERB_AND_PARTICLE and other_pattern == VERB_AND_PARTICLE
                    both_verbs = both_verbs and min(weakest[i, 1], other_weakest[j, 1]) > INCOHERENT_TIE
                    if alike:
                        price = prices.same_letters
                    elif k + h == 0:
                        price = prices.word_for_word + pair_prices[here]
                    elif shared_flags & IS_NUMBER and _all_numbers(flags, i, i1) and _all_numbers(other_flags, j, j1):
                        price = prices.word_for_word + prices.number_for_number  # 3.5 million, 3,500,000
                    elif pattern == other_pattern and not both_verbs:
                        # Content faces content and function word function word all the way: rather word for word.
                        # Words swapped one by one seldom belong together: two that do, on both sides, are a phrase.
                        # Of clitics that is not known: “’m assured” for “am confident” are two swaps. And where there
                        # is no function word, they are two as well: “often requires” for “usually takes”.
                        belong = pattern != 1 << k + 1
                        for along in range(k):
                            belong = belong and min(ties[i + along], other_ties[j + along]) > LEAST_COHESIVE
                        # Half of a word stands for nothing: “can’t” for “can not”.
                        belong = belong or either & IS_STUMP != 0
                        price = prices.set_phrase if belong else prices.parallel
                        for along in range(k + 1):
                            price += prices.word_for_word + pair_prices[here + along * (width + 1)]
                    else:
                        price = prices.word_for_word + phrase_prices[i, k] + other_prices[j, h]
                        price += of_shapes[shapes[i, k], other_shapes[j, h]]
                        if last_flags & IS_ARTICLE and not _stands_in(last, others, j, j1):
                            price += prices.dangling_article
                        if other_flags[j1 - 1] & IS_ARTICLE and not _stands_in(others[j1 - 1], folds, i, i1):
                            price += prices.dangling_article
                        if both_verbs:
                            price += prices.particle
                        if shared:
                            price += prices.shared_inside * shared
                        elif some_are_kin and block_sum(kin, width, i, j, i1, j1):
                            price += prices.same_lemma
                    if some_words_in_both:
                        contents = moved[i1, 0] - moved[i, 0] + other_moved[j1, 0] - other_moved[j, 0]
                        functions, other_functions = moved[i1, 1] - moved[i, 1], other_moved[j1, 1] - other_moved[j, 1]
                        if shared:  # these did not go elsewhere
                            content, function = _met(folds, flags, i, i1, others, j, j1)
                            other_content, other_function = _met(others, other_flags, j, j1, folds, i, i1)
                            contents -= content + other_content
                            functions, other_functions = functions - function, other_functions - other_function
                        alone = functions + other_functions if k + h == 0 else 0
                        price += prices.stands_in_both * contents + prices.function_in_both * alone
                        if k + h and ((k == 0 and functions) or (h == 0 and other_functions)):
                            price += prices.kept_rather
                    if some_are_broken:
                        # Line breaks in front of a token are counted with it: those inside a phrase lie between.
                        broken = breaks[i1] - breaks[i + 1] + other_breaks[j1] - other_breaks[j + 1]
                        if broken and not alike:
                            glued = (k == 0 and written[i] & GLUED) or (h == 0 and other_written[j] & GLUED)
                            if glued and broken == 1:
                                price += prices.glued_and_swapped
                            else:
                                price += broken * prices.across_a_line_break
                    starts[used], ends[used], step_prices[used] = here, i1 * width + j1, price + case_price
                    one, two = phrase_keys[i, k], other_keys[j, h]
                    key = mixed(two, one) if flipped else mixed(one, two)
                    keys[used] = key ^ APART if apart else key
                    used += 1
    return used


@compiled_in_place
def _add_passages(
    steps: Steps,
    used: int,
    here: int,
    stride: int,
    begins: bool,
    start: float,
    folds: Int32s,
    i: int,
    follows: int,
    breaks: Int64s,
    flags: UInt16s,
    prices: Prices,
) -> int:
    """Add the steps by which a passage that begins at folds[i] is put in or left out: one act, so further words are
    cheap. What is equal, or the window, ends at one end of it: behind it `follows` on the other side.

    `folds` (n) is int32, `breaks` (n + 1) int64, `flags` (n) uint16, `begins` bool, `start` (what is paid
    before the first word) float64, the other arguments are integers. Returns how many steps are used then.
    """
    starts, ends, step_prices, keys = steps
    price, count = start, len(folds)
    for end in range(i, count):
        if breaks[end + 1] - breaks[i + 1] >= NEVER:
            break  # another passage was set apart inside
        size = end - i + 1
        if flags[end] & IS_WORD:
            price += prices.inserted_word if size < SHORTEST_PASSAGE else prices.further_word
        else:
            price += prices.stray_punctuation if size < SHORTEST_PASSAGE else prices.further_sign
        if size >= SHORTEST_PASSAGE and (begins or (folds[end + 1] if end + 1 < count else NOTHING) == follows):
            starts[used], ends[used], keys[used] = here, here + stride * size, NO_KEY
            step_prices[used] = price
            used += 1
    return used


@compiled_within
def _look_across(folds: Int32s, others: Int32s, flags: UInt16s, found: UInt16s, both: Bools, moved: Int32s) -> None:
    """Fill in the flags of one side's tokens, which of them stand on the other side of the window too, and how many.

    `folds` (n) and `others` (m) are int32, `flags` (words) is uint16; `found` and `both` (n, or longer), which are
    filled in, are uint16 and bool, and so is `moved` (n + 1, or longer, x 2), int32: see `Room`.
    """
    moved[0, 0], moved[0, 1] = 0, 0
    for i in range(len(folds)):
        found[i], both[i] = flags[folds[i]], _stands_in(folds[i], others, 0, len(others))
        is_moved, is_function = both[i] and found[i] & IS_WORD != 0, found[i] & IS_FUNCTION != 0
        moved[i + 1, 0] = moved[i, 0] + (is_moved and not is_function)
        moved[i + 1, 1] = moved[i, 1] + (is_moved and is_function)


@compiled_in_place
def _met(folds: Int32s, flags: UInt16s, i: int, i1: int, others: Int32s, j: int, j1: int) -> tuple[int, int]:
    """How many of the content and of the function words folds[i:i1] stand in others[j:j1].

    `folds` (n) and `others` (m) are int32, `flags` (n) is uint16, places in them and the results are integers.
    """
    contents, functions = 0, 0
    for k in range(i, i1):
        if flags[k] & IS_WORD and _stands_in(folds[k], others, j, j1):
            is_function = flags[k] & IS_FUNCTION != 0
            contents, functions = contents + (not is_function), functions + is_function
    return contents, functions


@compiled_within
def _add_up(breaks: UInt8s, sums: Int64s) -> None:
    """Fill in how many line breaks stand in front of each token and all before it.

    `breaks` (n) is uint8; `sums` (n + 1, or longer), which is filled in, int64.
    """
    sums[0] = 0
    for i in range(len(breaks)):
        sums[i + 1] = sums[i] + breaks[i]


@compiled_within
def _stray_price(prices: Prices, flags: int, has_partner: bool) -> float:
    """The price of a word without a counterpart: less beside an unchanged word with which it makes a set phrase.

    `flags` is an integer, `has_partner` bool, the price float64.
    """
    if not flags & IS_WORD:
        return prices.stray_punctuation
    return prices.inserted_word + (prices.inserted_beside_its_partner if has_partner else 0.0)


@compiled_within
def _same_price(prices: Prices, flags: int) -> float:
    """The price of a word that stands in both texts: below 0, since it is what a reading should keep.

    `flags` is an integer, the price float64.
    """
    if not flags & IS_WORD:
        return prices.same_punctuation
    return prices.same_function_word if flags & IS_FUNCTION else prices.same_content_word


@compiled_in_place
def _all_numbers(flags: UInt16s, start: int, end: int) -> bool:
    """Tell whether the words with flags[start:end] are numbers, in figures or written out.

    `flags` (n) is uint16, places in them are integers.
    """
    for k in range(start, end):  # noqa: SIM110 - numba compiles a plain loop best
        if not flags[k] & IS_NUMBER:
            return False
    return True


@compiled_in_place
def _stands_in(word: int, folds: Int32s, start: int, end: int) -> bool:
    """Tell whether a word is among folds[start:end].

    `folds` (n) is int32; `word`, `start` and `end` are integers.
    """
    for k in range(start, end):  # noqa: SIM110 - numba compiles a plain loop best
        if folds[k] == word:
            return True
    return False


@compiled_in_place
def _same_letters(words: Words, phrase: Int32s, k: int, end: int, other: Int32s, h: int, other_end: int) -> bool:
    """Tell whether phrase[k:end] and other[h:other_end] are the same but for joiners and where their words end.

    `phrase` (n) and `other` (m) are int32, places in them integers.
    """
    at, other_at = 0, 0
    while k < end and h < other_end:
        if words.flags[phrase[k]] & IS_JOINER:
            k += 1
            continue
        if words.flags[other[h]] & IS_JOINER:
            h += 1
            continue
        start, other_start = words.starts[phrase[k]], words.starts[other[h]]
        length, other_length = words.lengths[phrase[k]], words.lengths[other[h]]
        if length == 0 or other_length == 0 or words.letters[start + at] != words.letters[other_start + other_at]:
            return False
        at, other_at = at + 1, other_at + 1
        if at == length:
            k, at = k + 1, 0
        if other_at == other_length:
            h, other_at = h + 1, 0
    return k == end and h == other_end


@compiled_in_place
def _same_tail(words: Words, phrase: Int32s, k: int, end: int, other: Int32s, h: int, other_end: int) -> bool:
    """Tell whether one of phrase[k:end] and other[h:other_end] is a figure, and the other that with its head spelled
    out: “a pair of,310” for “2,310”.

    `phrase` (n) and `other` (m) are int32, places in them integers.
    """
    tailed, figure = phrase[end - 1], other[other_end - 1]
    if not words.flags[tailed] & HAS_TAIL:
        tailed, figure = figure, tailed
        alone = end - k == 1
    else:
        alone = other_end - h == 1
    if not alone or not words.flags[figure] & IS_NUMBER or words.flags[figure] & HAS_TAIL:
        return False
    last, other_last = words.starts[tailed] + words.lengths[tailed], words.starts[figure] + words.lengths[figure]
    for at in range(1, words.lengths[tailed] + 1):
        letter = words.letters[last - at]
        if letter < ZERO or letter > NINE:
            return True
        if at >= words.lengths[figure] or letter != words.letters[other_last - at]:
            return False
    return False
