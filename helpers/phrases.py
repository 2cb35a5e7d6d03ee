"""Two phrases go in; what it costs to read one as the replacement of the other comes out.

The prices say what spinners do: swap one word for one, a word for a set phrase, seldom a content word for a
function word, never across punctuation. They are priors; what a corpus teaches comes on top (`learnt_price`), so
that the whole is a phrase-to-phrase alignment in the manner of IBM Model 1 (Brown et al. 1993) with hard counts.
"""

from typing import NamedTuple

import numpy as np

from helpers.compiled import compiled
from helpers.similarity import jaro_winkler
from helpers.vocabulary import IS_ARTICLE, IS_CLITIC, IS_FUNCTION, IS_JOINER, IS_NUMBER, IS_WORD
from helpers.webcounts import key_of, mixed, tie

LONGEST = 5  # words on one side of a substitution; the real article's longest are 4
LONGEST_TOGETHER = 6  # words on both sides: a long phrase stands for a short one, or for a word
LOOKS_ALIKE = 0.85  # Jaro-Winkler similarity from which two words look alike
MOST_COHESIVE = 1.5
INCOHERENT_TIE = -1.0  # a pair of words that the web's counts have never seen together
TIE_OF_CLITICS = 1.0  # the web counts hold no clitics
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
    inserted_word: float = 1.30  # dearer than a phrase's second word, cheaper than a swap that explains nothing
    inserted_beside_its_partner: float = -0.35  # “general” in front of an unchanged “public”
    stray_punctuation: float = 0.45
    same_content_word: float = -1.0
    same_function_word: float = -0.10  # “the” recurs by chance: it must not cut “for the reason that” in two
    same_punctuation: float = -0.30
    function_for_content: float = 0.28
    function_for_function: float = 0.05
    same_lemma: float = -0.45
    look_alike: float = -0.25
    number_for_number: float = -0.35
    number_for_word: float = 0.40
    sign_for_sign: float = -0.50
    sign_for_word: float = 1.50
    cohesive: float = -0.10  # per unit of cohesion of a phrase's weakest pair, up to MOST_COHESIVE
    incoherent: float = 0.50
    particle: float = -0.15  # “based on” for “according to”: a verb and its particle are swapped together
    auxiliary_and_verb: float = 0.40  # “’s going to shield” for “will protect” is two substitutions
    function_first: float = 0.35  # “to proceed” for “continue”: seldom begins with a function word the other lacks
    function_last: float = 0.10  # “reason that” for “end”
    one_sided_content: float = 0.30  # “’m” for “am confident”: content seldom comes from nowhere
    dangling_article: float = 0.30  # “against the” for “towards”: an article belongs to what follows
    shared_inside: float = 0.20  # “for the reason that” and “since the” share a word and are a pair all the same
    case_changed: float = 0.15
    glued: float = -0.90  # “objectsfinish”: one token made of two across a lost line break
    glued_and_swapped: float = -0.60  # “wantA” for “need” and, on the next line, “A”
    across_a_line_break: float = 1.0
    seen_elsewhere: float = 0.45  # what a phrase pair costs at the least, once the lexicon knows it well
    half_known: float = 0.8  # sightings that bring a price half-way to the least


PRICES = Prices()


class Phrases(NamedTuple):
    """The phrases of a run of words, by the place of their first word and their length less one."""

    valid: np.ndarray
    prices: np.ndarray
    ties: np.ndarray
    patterns: np.ndarray
    keys: np.ndarray


def pair_key(spun: tuple[str, ...], original: tuple[str, ...]) -> int:
    """Return the key of a pair of phrases, given as folded words, as the lattice's steps have it."""
    sides = []
    for phrase in (spun, original):
        key = np.uint64(key_of(phrase[0])) if phrase else np.uint64(0)
        for word in phrase[1:]:
            key = np.uint64(mixed(key, np.uint64(key_of(word))))
        sides.append(key)
    return int(mixed(*sides))


@compiled
def room_for_phrases(size):
    """Make room for the phrases of up to `size` words."""
    shape = (size, LONGEST)
    return Phrases(
        np.empty(shape, np.bool_), np.empty(shape), np.empty(shape), np.empty(shape, np.int64), np.empty(shape, np.uint64)
    )  # fmt: skip


@compiled
def describe_phrases(folds, words, bigrams, prices, found, ties):
    """Fill in the phrases of a run of words, and how well each word coheres with the next (`ties`).

    A phrase is words, with hyphens or apostrophes between them; a lone sign is a phrase of punctuation.
    """
    count = len(folds)
    for i in range(count - 1):
        a, b = folds[i], folds[i + 1]
        ties[i] = tie(bigrams, words.keys[a], words.counts[a], words.keys[b], words.counts[b])
    for i in range(count):
        pattern, functions, key, weakest = 1, 0, np.uint64(0), np.inf
        unbroken = True
        for more in range(min(LONGEST, count - i)):
            word = folds[i + more]
            flags = words.flags[word]
            function = 1 if flags & IS_FUNCTION else 0
            pattern, functions = 2 * pattern + function, functions + function
            key = words.keys[word] if more == 0 else mixed(key, words.keys[word])
            if more:
                before = folds[i + more - 1]
                clitic = (flags | words.flags[before]) & IS_CLITIC
                weakest = min(weakest, TIE_OF_CLITICS if clitic else ties[i + more - 1])
                unbroken = unbroken and words.flags[before] & (IS_WORD if more == 1 else IS_WORD | IS_JOINER) != 0
            found.valid[i, more] = more == 0 or (unbroken and flags & IS_WORD != 0)
            found.patterns[i, more], found.keys[i, more], found.ties[i, more] = pattern, key, weakest
            found.prices[i, more] = _length_price(prices, more + 1, functions) + _cohesion_price(prices, more, weakest)


@compiled
def _length_price(prices, size, functions):
    contents = size - functions
    if contents:
        return prices.each_more_word * (contents - 1) + prices.each_more_function_word * functions
    return prices.each_more_function_word * (functions - 1)


@compiled
def _cohesion_price(prices, more, weakest):
    if more == 0:
        return 0.0
    return prices.incoherent if weakest <= INCOHERENT_TIE else prices.cohesive * min(weakest, MOST_COHESIVE)


@compiled
def prior_price(prices, words, one, i, spun, other, j, reference):
    """The price of a pair of phrases by their words alone, before anything was learnt; infinite where it can't be.

    `spun` and `reference` are their words; `one` holds the spun phrase at place i, `other` the reference's at j.
    """
    size, original_size = len(spun), len(reference)
    if spun[0] == reference[0] or spun[-1] == reference[-1]:
        return np.inf  # a substitution is minimal: no shared first or last word
    if size == 1 and original_size == 1:
        return prices.word_for_word + _word_pair_price(prices, words, spun[0], reference[0])
    shared = _shared_words(words, spun, reference)
    if shared and (_all_in(spun, reference) or _all_in(reference, spun)):
        return np.inf  # words were put in or left out: not a replacement
    pattern, original_pattern = one.patterns[i, size - 1], other.patterns[j, original_size - 1]
    both_verbs = pattern == VERB_AND_PARTICLE and original_pattern == VERB_AND_PARTICLE
    both_verbs = both_verbs and one.ties[i, 1] > INCOHERENT_TIE and other.ties[j, 1] > INCOHERENT_TIE
    # Content faces content and function word function word all the way: rather word for word.
    if pattern == original_pattern and not both_verbs:
        price = prices.parallel
        for k in range(size):
            price += prices.word_for_word + _word_pair_price(prices, words, spun[k], reference[k])
        return price
    price = prices.word_for_word + one.prices[i, size - 1] + other.prices[j, original_size - 1]
    price += _shape_price(prices, words, spun, pattern, reference, original_pattern)
    if both_verbs:
        price += prices.particle
    if shared:
        return price + prices.shared_inside * shared
    return price + (prices.same_lemma if _share_lemma(words, spun, reference) else 0.0)


@compiled
def _shared_words(words, spun, reference):
    """The number of different words that stand on both sides, signs aside."""
    shared = 0
    for k in range(len(spun)):
        if words.flags[spun[k]] & IS_WORD and _in(spun[k], reference) and not _in(spun[k], spun[:k]):
            shared += 1
    return shared


@compiled
def _in(word, phrase):
    for other in phrase:  # noqa: SIM110 - numba compiles a plain loop best
        if other == word:
            return True
    return False


@compiled
def _all_in(phrase, other):
    for word in phrase:  # noqa: SIM110
        if not _in(word, other):
            return False
    return True


@compiled
def _share_lemma(words, spun, reference):
    for word in spun:
        if words.flags[word] & IS_WORD and not words.flags[word] & IS_FUNCTION:
            for other in reference:
                content = words.flags[other] & IS_WORD and not words.flags[other] & IS_FUNCTION
                if content and words.lemmas[word] == words.lemmas[other]:
                    return True
    return False


@compiled
def _word_pair_price(prices, words, word, original):
    flags, original_flags = words.flags[word], words.flags[original]
    if not (flags & original_flags & IS_WORD):
        return prices.sign_for_word if (flags | original_flags) & IS_WORD else prices.sign_for_sign
    price = 0.0
    if flags & original_flags & IS_FUNCTION:
        price += prices.function_for_function
    elif (flags | original_flags) & IS_FUNCTION:
        price += prices.function_for_content
    if flags & original_flags & IS_NUMBER:
        price += prices.number_for_number
    elif (flags | original_flags) & IS_NUMBER:
        price += prices.number_for_word
    if words.lemmas[word] == words.lemmas[original]:
        price += prices.same_lemma
    elif _look_alike(words, word, original):
        price += prices.look_alike
    return price


@compiled
def _look_alike(words, word, original):
    length, original_length = words.lengths[word], words.lengths[original]
    start, original_start = words.starts[word], words.starts[original]
    return jaro_winkler(
        words.letters[start : start + length], words.letters[original_start : original_start + original_length]
    ) > LOOKS_ALIKE  # fmt: skip


@compiled
def _shape_price(prices, words, spun, pattern, reference, original_pattern):
    """What the order of function and content words says: an auxiliary and its verb are two things, say."""
    price = 0.0
    starts = pattern >> (len(spun) - 1) & 1
    original_starts = original_pattern >> (len(reference) - 1) & 1
    if starts != original_starts:
        price += prices.function_first
    elif starts and not (pattern | original_pattern) & 1 and min(len(spun), len(reference)) > 1:
        price += prices.auxiliary_and_verb
    if (pattern ^ original_pattern) & 1:
        price += prices.function_last
    price += prices.dangling_article * (_dangles(words, spun, reference) + _dangles(words, reference, spun))
    only_functions = pattern == (2 << len(spun)) - 1
    if only_functions != (original_pattern == (2 << len(reference)) - 1):
        price += prices.one_sided_content
    return price


@compiled
def _dangles(words, phrase, other):
    """Whether a phrase ends with an article that the other lacks."""
    return words.flags[phrase[-1]] & IS_ARTICLE != 0 and not _in(phrase[-1], other)


@compiled
def learnt_price(prices, price, seen):
    """A prior price in the light of the times a pair was seen elsewhere (0: as it was)."""
    return prices.seen_elsewhere + (price - prices.seen_elsewhere) * prices.half_known / (prices.half_known + seen)
