"""Two phrases go in; what it costs to read one as the replacement of the other comes out.

The prices say what spinners do: swap one word for one, a word for a set phrase, seldom a content word for a
function word, never across punctuation. They are priors; what a corpus teaches comes on top (`learnt_price`), so
that the whole is a phrase-to-phrase alignment in the manner of IBM Model 1 (Brown et al. 1993) with hard counts.
"""

from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.string_similarity import jaro_winkler, letters_of, may_be_as_alike
from helpers.comparison.alignment.vocabulary import IS_CLITIC, IS_FUNCTION, IS_JOINER, IS_NUMBER, IS_WORD, Words
from helpers.text.compiled import Floats, Int32s, Int64s, UInt64s, compiled, compiled_in_place, compiled_within
from helpers.text.word_counts import Counts, key_of, mixed, tie

LONGEST = 5  # words on one side of a substitution; the real article's longest are 4
LONGEST_TOGETHER = 6  # words on both sides: a long phrase stands for a short one, or for a word
SHORTEST_PASSAGE = 3  # words and signs put in or left out together; fewer may belong to a phrase
LOOKS_ALIKE = 0.85  # Jaro-Winkler similarity from which two words look alike
MOST_COHESIVE = 1.5
LEAST_COHESIVE = 0.0  # words that stand together more often than by chance
INCOHERENT_TIE = -1.0  # a pair of words that the web's counts have never seen together
TIE_OF_CLITICS = 1.0  # the web counts hold no clitics
APART = np.uint64(0x5A5A5A5A5A5A5A5A)  # sets the keys of texts that stand apart off from all others; keys stay odd
BEGINS_SO, ENDS_SO, ALL_SO, SEVERAL, SHAPES = 1, 2, 4, 8, 16  # a phrase of function words, or of several; how many
VERB_AND_PARTICLE = 0b101  # a phrase's pattern: a leading 1, then a 1 for every function word, a 0 for any other


class Prices(NamedTuple):
    """What each reading of a place costs, in units of one clean word-for-word substitution.

    They began as guesses made with the real article in view, and were then set on the train half of the project's
    own sources, spun (`python -m benchmarks.tune`).
    """

    word_for_word: float = 1.0
    each_more_word: float = 0.60  # beyond one on each side: two for two costs as much as twice one for one
    each_more_function_word: float = 0.45  # set phrases are full of them: “for the reason that”
    parallel: float = 0.30  # two for two with content facing content: rather twice one for one
    set_phrase: float = -0.20  # but not where the words of either side belong together: “one another” for “each other”
    hyphenated: float = 0.15  # each more word of a compound: “long-term” is one word to a spinner
    inserted_word: float = 1.20  # dearer than a phrase's second word, cheaper than a swap that explains nothing
    inserted_beside_its_partner: float = -0.20  # “general” in front of an unchanged “public”
    stray_punctuation: float = 0.45
    further_word: float = 0.30  # of a passage put in or left out, beyond the words of a phrase: it is one act
    further_sign: float = 0.10
    parted: float = 0.02  # behind a function word: rather “[a plea, printing] a headline” than “a [plea, printing a]”
    same_content_word: float = -1.0
    same_function_word: float = -0.40  # “the” recurs by chance: it must not cut “for the reason that” in two
    same_punctuation: float = -0.30
    function_for_content: float = 0.28
    function_for_function: float = 0.05
    same_lemma: float = -0.45
    look_alike: float = -0.15
    number_for_number: float = -0.35
    number_for_word: float = 0.20
    sign_for_sign: float = -0.50
    sign_for_word: float = 1.50
    cohesive: float = -0.15  # per unit of cohesion of a phrase's weakest pair, up to MOST_COHESIVE
    incoherent: float = 0.50
    particle: float = -0.15  # “based on” for “according to”: a verb and its particle are swapped together
    auxiliary_and_verb: float = 0.40  # “’s going to shield” for “will protect” is two substitutions
    function_first: float = 0.25  # “to proceed” for “continue”: seldom begins with a function word the other lacks
    function_last: float = 0.10  # “reason that” for “end”
    one_sided_content: float = 0.20  # “’m” for “am confident”: content seldom comes from nowhere
    dangling_article: float = 0.30  # “against the” for “towards”: an article belongs to what follows
    shared_inside: float = 0.20  # “for the reason that” and “since the” share a word and are a pair all the same
    stands_in_both: float = 0.50  # “old” for “white” where “white” stands in both: what was moved, not replaced
    function_in_both: float = 0.40  # “and” for “of” where “and” stands in both: rather kept as it is
    kept_rather: float = 1.00  # “he got older and” for “as” where “as” stands in both: rather words put in beside it
    case_changed: float = 0.15
    same_letters: float = -0.80  # “co-operate” for “cooperate”, “objects finish” for “objectsfinish”
    glued_and_swapped: float = -0.60  # “wantA” for “need” and, on the next line, “A”
    across_a_line_break: float = 1.0
    seen_elsewhere: float = 0.25  # what a phrase pair costs at the least, once the lexicon knows it well
    half_known: float = 0.8  # sightings that bring a price half-way to the least


PRICES = Prices()


def pair_key(spun: tuple[str, ...], original: tuple[str, ...]) -> int:
    """Return the key of a pair of phrases, given as folded words, as the lattice's steps have it."""
    sides = []
    for phrase in (spun, original):
        key = np.uint64(key_of(phrase[0])) if phrase else np.uint64(0)
        for word in phrase[1:]:
            key = np.uint64(mixed(key, np.uint64(key_of(word))))
        sides.append(key)
    return int(mixed(*sides))


class Phrases(NamedTuple):
    """The phrases of a run of words, by the place of their first word and their length less one.

    `patterns` is 0 where the words are no phrase: a phrase is words, with hyphens or apostrophes between them; a lone
    sign is a phrase of punctuation. `shapes` has a bit for each of what a pattern's price depends on (BEGINS_SO and the
    like). `ties` (words) says how well each word coheres with the next one; all else is (words x LONGEST).
    """

    patterns: Int64s
    shapes: Int64s
    prices: Floats
    weakest: Floats
    keys: UInt64s
    ties: Floats


@compiled
def room_for_phrases(size: int) -> Phrases:
    """Make room for the phrases of up to `size` words.

    `size` is an integer; the dtypes and shapes are those of `Phrases`.
    """
    shape = (size, LONGEST)
    return Phrases(
        np.empty(shape, np.int64), np.empty(shape, np.int64),
        np.empty(shape), np.empty(shape), np.empty(shape, np.uint64), np.empty(size),
    )  # fmt: skip


@compiled_within
def describe_phrases(folds: Int32s, words: Words, bigrams: Counts, prices: Prices, found: Phrases) -> None:
    """Fill in the phrases of a run of words.

    `folds` (n) is int32; `found` has room for n words or more and is filled in.
    """
    patterns, shapes, phrase_prices, weakest_ties, keys, ties = found
    word_flags, word_keys, counts = words.flags, words.keys, words.counts
    count = len(folds)
    for i in range(count - 1):
        a, b = folds[i], folds[i + 1]
        ties[i] = tie(bigrams, word_keys[a], counts[a], word_keys[b], counts[b])
    for i in range(count):
        pattern, contents, functions, hyphens, loose = 1, 0, 0, 0, 0
        key, weakest, unbroken = np.uint64(0), np.inf, True
        for more in range(min(LONGEST, count - i)):
            flags = word_flags[folds[i + more]]
            function = 1 if flags & IS_FUNCTION else 0
            pattern = 2 * pattern + function
            if more == 0:
                key = word_keys[folds[i]]
                contents, functions = 1 - function, function
            else:
                key = mixed(key, word_keys[folds[i + more]])
                before = word_flags[folds[i + more - 1]]
                if before & IS_JOINER:
                    hyphens += 1
                elif not flags & IS_JOINER:
                    contents, functions = contents + 1 - function, functions + function
                    held = TIE_OF_CLITICS if (flags | before) & IS_CLITIC else ties[i + more - 1]
                    weakest, loose = min(weakest, held), loose + (held <= INCOHERENT_TIE)
                unbroken = unbroken and before & (IS_WORD if more == 1 else IS_WORD | IS_JOINER) != 0
            is_phrase = more == 0 or (unbroken and flags & IS_WORD != 0)
            patterns[i, more] = pattern if is_phrase else 0
            shapes[i, more] = shape_of(pattern, more + 1)
            keys[i, more], weakest_ties[i, more] = key, weakest
            if contents:
                price = prices.each_more_word * (contents - 1) + prices.each_more_function_word * functions
            else:
                price = prices.each_more_function_word * (functions - 1)
            price += prices.hyphenated * hyphens
            if more and contents + functions > 1:
                price += prices.incoherent * loose if loose else prices.cohesive * min(weakest, MOST_COHESIVE)
            phrase_prices[i, more] = price


class Meetings(NamedTuple):
    """What every spun word of a window and every reference word have to do with each other.

    A grid of (n + 1) x (m + 1) cells in one row. `prices` has the price of word i for word j at (i, j). The counts
    are sums over all cells above and to the left, so that four of them give the count in a block: `equal` the words
    that are the same, `kin` those of one lemma (both content words). `letters` (m, or longer) are those of the
    reference words (see `letters_of`).
    """

    prices: Floats
    equal: Int32s
    kin: Int32s
    letters: UInt64s


@compiled
def room_for_meetings(cells: int) -> Meetings:
    """Make room for the meetings of a window's words.

    `cells` is an integer; the dtypes and shapes are those of `Meetings`.
    """
    return Meetings(
        np.empty(cells), np.empty(cells, np.int32), np.empty(cells, np.int32), np.empty(cells, np.uint64)
    )  # fmt: skip


@compiled_within
def describe_meetings(spun: Int32s, reference: Int32s, words: Words, prices: Prices, found: Meetings) -> None:
    """Fill in the meetings of all words of a window.

    `spun` (n) and `reference` (m) are int32; `found` has room for (n + 1) x (m + 1) cells or more and is filled in.
    """
    pair_prices, equal, kin, other_letters = found
    flags, lemmas, starts, lengths, letters = words.flags, words.lemmas, words.starts, words.lengths, words.letters
    width = len(reference) + 1
    equal[:width] = 0
    kin[:width] = 0
    for j in range(len(reference)):
        other_letters[j] = letters_of(letters, starts[reference[j]], lengths[reference[j]])
    for i in range(len(spun)):
        above, here = i * width, (i + 1) * width
        equal[here], kin[here] = 0, 0
        equals, relatives = 0, 0
        word = spun[i]
        own_letters = letters_of(letters, starts[word], lengths[word])
        for j in range(len(reference)):
            other = reference[j]
            both, either = flags[word] & flags[other], flags[word] | flags[other]
            same_lemma = both & IS_WORD != 0 and lemmas[word] == lemmas[other]
            equals += word == other and both & IS_WORD != 0
            relatives += same_lemma and not either & IS_FUNCTION
            equal[here + j + 1] = equal[above + j + 1] + equals
            kin[here + j + 1] = kin[above + j + 1] + relatives
            price = _class_price(prices, both, either)
            if same_lemma:
                price += prices.same_lemma
            elif both & IS_WORD:
                # Few words look alike: the letters that one has and the other lacks rule nearly all of them out.
                start, size, other_start, other_size = starts[word], lengths[word], starts[other], lengths[other]
                same_first = size > 0 and other_size > 0 and letters[start] == letters[other_start]
                if may_be_as_alike(LOOKS_ALIKE, own_letters, size, other_letters[j], other_size, same_first) and (
                    jaro_winkler(letters, start, size, letters, other_start, other_size) > LOOKS_ALIKE
                ):
                    price += prices.look_alike
            pair_prices[above + j] = price


@compiled_within
def _class_price(prices: Prices, both: int, either: int) -> float:
    """What speaks for or against two words by what kind of word they are: their flags, taken together.

    `both` and `either` are integers, the price is float64.
    """
    if not both & IS_WORD:
        return prices.sign_for_word if either & IS_WORD else prices.sign_for_sign
    price = 0.0
    if both & IS_FUNCTION:
        price += prices.function_for_function
    elif either & IS_FUNCTION:
        price += prices.function_for_content
    if both & IS_NUMBER:
        price += prices.number_for_number
    elif either & IS_NUMBER:
        price += prices.number_for_word
    return price


@compiled_within
def block_sum(sums: Int32s, width: int, i: int, j: int, i1: int, j1: int) -> int:
    """The sum over the cells i:i1, j:j1 of a grid of running sums.

    `sums` (cells) is int32; the other arguments and the sum are integers.
    """
    return sums[i1 * width + j1] - sums[i * width + j1] - sums[i1 * width + j] + sums[i * width + j]


@compiled_in_place
def shared_words(spun: Int32s, i: int, i1: int, reference: Int32s, j: int, j1: int) -> tuple[int, bool]:
    """How many different words of spun[i:i1] stand in reference[j:j1], and whether all words of either do.

    `spun` (n) and `reference` (m) are int32, places in them integers.
    """
    shared, all_spun, all_reference = 0, True, True
    for k in range(i, i1):
        meets = False
        for h in range(j, j1):
            meets = meets or spun[k] == reference[h]
        all_spun = all_spun and meets
        for before in range(i, k):
            meets = meets and spun[before] != spun[k]
        shared += meets
    for h in range(j, j1):
        meets = False
        for k in range(i, i1):
            meets = meets or spun[k] == reference[h]
        all_reference = all_reference and meets
    return shared, all_spun or all_reference


@compiled_in_place
def shape_of(pattern: int, size: int) -> int:
    """What the price of a pattern of so many words depends on, as bits: BEGINS_SO and the like; all are integers."""
    begins_so, ends_so, all_so = pattern >> (size - 1) & 1, pattern & 1, pattern == (2 << size) - 1
    return BEGINS_SO * begins_so | ENDS_SO * ends_so | ALL_SO * all_so | SEVERAL * (size > 1)


@compiled
def shape_prices(prices: Prices) -> Floats:
    """What the order of function and content words says: an auxiliary and its verb are two things, say.

    The result (SHAPES x SHAPES) is float64, by the shapes of both phrases (see `Phrases`).
    """
    table = np.zeros((SHAPES, SHAPES))
    for shape in range(SHAPES):
        for other in range(SHAPES):
            price = 0.0
            if (shape ^ other) & BEGINS_SO:
                price += prices.function_first
            elif shape & BEGINS_SO and not (shape | other) & ENDS_SO and shape & other & SEVERAL:
                price += prices.auxiliary_and_verb
            if (shape ^ other) & ENDS_SO:
                price += prices.function_last
            if (shape ^ other) & ALL_SO:
                price += prices.one_sided_content
            table[shape, other] = price
    return table


@compiled_in_place
def learnt_price(prices: Prices, price: float, seen: float) -> float:
    """A prior price in the light of the times a pair was seen elsewhere (0: as it was).

    `price`, `seen` and the result are float64.
    """
    return prices.seen_elsewhere + (price - prices.seen_elsewhere) * prices.half_known / (prices.half_known + seen)
