"""Two short runs of differing tokens go in; the cheapest way to turn one into the other by phrases comes out.

Between two anchors an aligned pair differs by a handful of words. A dynamic programme over all ways to cut
the two sides into phrases finds the cheapest one. Its prices say what spinners do: swap one word for one,
a word for a set phrase, seldom a content word for a function word, never across punctuation.
The model is a phrase-to-phrase alignment in the manner of IBM Model 1 (Brown et al. 1993) with hard counts.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from helpers.language import cohesion, is_function_word, is_number, lemma
from helpers.text import is_word

LONGEST = 5  # words on one side of a substitution; the real article's longest are 4

# Prices are in units of one clean word-for-word substitution.
WORD_FOR_WORD = 1.0
EACH_MORE_WORD = 0.50  # every content word beyond one on each side: two for two costs as much as twice one for one
EACH_MORE_FUNCTION_WORD = 0.30  # set phrases are full of them: “for the reason that”
PARALLEL = 0.30  # two for two with content facing content: rather twice one for one
INSERTED_WORD = 1.30  # dearer than the second word of a phrase, cheaper than a substitution that explains nothing
INSERTED_BESIDE_ITS_PARTNER = -0.20  # “general” in front of an unchanged “public”
STRAY_PUNCTUATION = 0.45
SAME_CONTENT_WORD = -1.0
SAME_FUNCTION_WORD = -0.10  # “the” recurs by chance: it must not cut “for the reason that” in two
SAME_PUNCTUATION = -0.30
FUNCTION_FOR_CONTENT = 0.55
FUNCTION_FOR_FUNCTION = 0.15
SAME_LEMMA = -0.45
LOOK_ALIKE = -0.25
NUMBER_FOR_NUMBER = -0.35
NUMBER_FOR_WORD = 0.40
COHESIVE = -0.18  # per unit of cohesion of a phrase's weakest pair, up to MOST_COHESIVE
MOST_COHESIVE = 1.5
INCOHERENT = 0.40  # a pair of words that the web's counts have never seen together
PARTICLE = -0.30  # “based on” for “according to”: a verb and its particle are swapped together
AUXILIARY_AND_VERB = 0.60  # “’s going to shield” for “will protect” is two substitutions
FUNCTION_FIRST = 0.35  # “to proceed” for “continue”: a phrase rarely begins with a function word the other lacks
ONE_SIDED_CONTENT = 0.15  # “’m” for “am confident”: content seldom comes from nowhere
DANGLING_ARTICLE = 0.30  # “against the” for “towards”: an article belongs to what follows
SHARED_INSIDE = 0.6  # “for the reason that” and “since the” share a word and are a pair all the same
CASE_CHANGED = 0.15
GLUED = -0.90  # “objectsfinish”: one token made of two across a lost line break
ACROSS_A_LINE_BREAK = 1.0
SEEN_ELSEWHERE = 0.45  # what a phrase pair costs at the least, once the lexicon knows it well
HALF_KNOWN = 0.8  # sightings that bring a price half-way to the least

STRONG_TIE = 1.2  # cohesion of a set phrase; chance neighbours stay below 1
TIE_OF_CLITICS = 1.0  # the web counts hold no clitics
ARTICLES = frozenset(("the", "a", "an"))
WALL = float("inf")


class Word(NamedTuple):
    """What the programme must know of a token: its folded form, a leading capital, a line break in front."""

    fold: str
    capital: bool
    after_break: bool


class Edit(NamedTuple):
    """One step of a path, in token positions: spun i0:i1 stands for reference j0:j1."""

    op: str
    i0: int
    i1: int
    j0: int
    j1: int


Lexicon = Mapping[tuple[str, str], float]


def cheapest_edits(spun: Sequence[Word], reference: Sequence[Word], lexicon: Lexicon) -> list[Edit]:
    """Return the cheapest edits that turn the spun tokens into the reference tokens.

    `lexicon` maps (spun phrase, original phrase) to the number of places where the pair was seen; pairs it
    knows are cheaper. Time grows with the product of the two lengths times LONGEST squared, so hand in
    windows of some dozen tokens.

    >>> from helpers.phrases import Word
    >>> words = lambda text: [Word(word, False, False) for word in text.split()]
    >>> cheapest_edits(words("the coronary heart"), words("the heart"), {})
    [Edit(op='equal', i0=0, i1=1, j0=0, j1=1),
     Edit(op='insert', i0=1, i1=2, j0=1, j1=1),
     Edit(op='equal', i0=2, i1=3, j0=1, j1=2)]
    """
    n, m = len(spun), len(reference)
    best = [[WALL] * (m + 1) for _ in range(n + 1)]
    step: list[list[Edit | None]] = [[None] * (m + 1) for _ in range(n + 1)]
    best[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            here = best[i][j]
            if here == WALL:
                continue
            for edit, price in _steps(spun, reference, i, j, lexicon):
                if here + price < best[edit.i1][edit.j1] - 1e-9:
                    best[edit.i1][edit.j1] = here + price
                    step[edit.i1][edit.j1] = edit
    edits, i, j = [], n, m
    while i or j:
        edit = step[i][j]
        edits.append(edit)
        i, j = edit.i0, edit.j0
    return edits[::-1]


def _steps(spun: Sequence[Word], reference: Sequence[Word], i: int, j: int, lexicon: Lexicon):
    n, m = len(spun), len(reference)
    before = spun[i - 1].fold if i and j and spun[i - 1].fold == reference[j - 1].fold else None
    if i < n:
        after = spun[i + 1].fold if i + 1 < n and j < m and spun[i + 1].fold == reference[j].fold else None
        yield Edit("insert", i, i + 1, j, j), _stray_price(spun, i, before, after)
    if j < m:
        after = spun[i].fold if i < n and j + 1 < m and spun[i].fold == reference[j + 1].fold else None
        yield Edit("delete", i, i, j, j + 1), _stray_price(reference, j, before, after)
    if i == n or j == m:
        return
    if spun[i].fold == reference[j].fold:
        yield Edit("equal", i, i + 1, j, j + 1), _same_price(spun[i].fold)
    for width in range(1, min(LONGEST, n - i) + 1):
        for height in range(1, min(LONGEST, m - j) + 1):
            price = phrase_price(tuple(spun[i : i + width]), tuple(reference[j : j + height]), lexicon)
            if price < WALL:
                yield Edit("substitute", i, i + width, j, j + height), price


def _same_price(word: str) -> float:
    if not is_word(word):
        return SAME_PUNCTUATION
    return SAME_FUNCTION_WORD if is_function_word(word) else SAME_CONTENT_WORD


def _stray_price(words: Sequence[Word], position: int, before: str | None, after: str | None) -> float:
    """The price of a word without a counterpart; `before` and `after` are its unchanged neighbours, if any."""
    word = words[position].fold
    if not is_word(word):
        return STRAY_PUNCTUATION
    partner = (before and cohesion(before, word) > STRONG_TIE) or (after and cohesion(word, after) > STRONG_TIE)
    return INSERTED_WORD + (INSERTED_BESIDE_ITS_PARTNER if partner else 0.0)


def phrase_price(spun: tuple[Word, ...], reference: tuple[Word, ...], lexicon: Lexicon) -> float:
    """Return what it costs to read `spun` as the replacement of `reference`; WALL where it can't be."""
    words, originals = tuple(word.fold for word in spun), tuple(word.fold for word in reference)
    price = _prior_price(words, originals)
    if price == WALL:
        return WALL
    breaks = sum(word.after_break for word in spun[1:]) + sum(word.after_break for word in reference[1:])
    if breaks:
        price += (
            GLUED
            if min(len(words), len(originals)) == 1 and "".join(words) == "".join(originals)
            else breaks * ACROSS_A_LINE_BREAK
        )
    if spun[0].capital != reference[0].capital:
        price += CASE_CHANGED
    seen = lexicon.get((" ".join(words), " ".join(originals)), 0.0)
    if seen > 0:
        price = SEEN_ELSEWHERE + (price - SEEN_ELSEWHERE) * HALF_KNOWN / (HALF_KNOWN + seen)
    return price


@lru_cache(maxsize=2_000_000)
def _prior_price(spun: tuple[str, ...], reference: tuple[str, ...]) -> float:
    """The price of a phrase pair by its words alone, before anything was learnt."""
    if spun == reference or spun[0] == reference[0] or spun[-1] == reference[-1]:
        return WALL  # a substitution is minimal: no shared first or last word
    if not (_is_phrase(spun) and _is_phrase(reference)):
        return WALL
    if len(spun) == len(reference) == 1:
        return WORD_FOR_WORD + _word_pair_price(spun[0], reference[0])
    shared = {word for word in spun if is_word(word)} & set(reference)
    if shared and (shared.issuperset(spun) or shared.issuperset(reference)):
        return WALL  # words were put in or left out: not a replacement
    if _is_parallel(spun, reference):
        return PARALLEL + sum(WORD_FOR_WORD + _word_pair_price(a, b) for a, b in zip(spun, reference, strict=True))
    lemmas = _content_lemmas(spun) & _content_lemmas(reference)
    return (
        WORD_FOR_WORD
        + _length_price(spun)
        + _length_price(reference)
        + _cohesion_price(spun)
        + _cohesion_price(reference)
        + _shape_price(spun, reference)
        + SHARED_INSIDE * len(shared)
        + (SAME_LEMMA if lemmas and not shared else 0.0)
    )


def _content_lemmas(words: tuple[str, ...]) -> set[str]:
    return {lemma(word) for word in words if is_word(word) and not is_function_word(word)}


def _length_price(words: tuple[str, ...]) -> float:
    functions = sum(is_function_word(word) for word in words)
    contents = len(words) - functions
    if contents:
        return EACH_MORE_WORD * (contents - 1) + EACH_MORE_FUNCTION_WORD * functions
    return EACH_MORE_FUNCTION_WORD * (functions - 1)


def _is_phrase(words: tuple[str, ...]) -> bool:
    """A phrase is words, with hyphens or apostrophes between them; a lone sign is a phrase of punctuation."""
    if len(words) == 1:
        return True
    return is_word(words[0]) and is_word(words[-1]) and all(is_word(word) or word in "-'" for word in words)


def _word_pair_price(word: str, original: str) -> float:
    if not (is_word(word) and is_word(original)):
        return -0.5 if is_word(word) == is_word(original) else 1.5
    price = 0.0
    functions = is_function_word(word) + is_function_word(original)
    price += {0: 0.0, 1: FUNCTION_FOR_CONTENT, 2: FUNCTION_FOR_FUNCTION}[functions]
    numbers = is_number(word) + is_number(original)
    price += {0: 0.0, 1: NUMBER_FOR_WORD, 2: NUMBER_FOR_NUMBER}[numbers]
    if lemma(word) == lemma(original):
        price += SAME_LEMMA
    elif JaroWinkler.similarity(word, original) > 0.85:
        price += LOOK_ALIKE
    return price


def _cohesion_price(words: tuple[str, ...]) -> float:
    if len(words) == 1:
        return 0.0
    weakest = _weakest_tie(words)
    return INCOHERENT if weakest <= -1 else COHESIVE * min(weakest, MOST_COHESIVE)


def _weakest_tie(words: tuple[str, ...]) -> float:
    return min(TIE_OF_CLITICS if "'" in a + b else cohesion(a, b) for a, b in pairwise(words))


def _shape_price(spun: tuple[str, ...], reference: tuple[str, ...]) -> float:
    """What the order of function and content words says: an auxiliary and its verb are two things, say."""
    first, last = is_function_word(spun[0]), is_function_word(spun[-1])
    original_first, original_last = is_function_word(reference[0]), is_function_word(reference[-1])
    price = FUNCTION_FIRST * (first != original_first)
    price += DANGLING_ARTICLE * (spun[-1] in ARTICLES.difference(reference))
    price += DANGLING_ARTICLE * (reference[-1] in ARTICLES.difference(spun))
    price += ONE_SIDED_CONTENT * (_only_function_words(spun) != _only_function_words(reference))
    if first and original_first and not (last or original_last) and min(len(spun), len(reference)) > 1:
        price += AUXILIARY_AND_VERB
    if _is_verb_with_particle(spun, reference):
        price += PARTICLE
    return price


def _only_function_words(words: tuple[str, ...]) -> bool:
    return all(is_function_word(word) for word in words)


def _is_parallel(spun: tuple[str, ...], reference: tuple[str, ...]) -> bool:
    """Tell whether content faces content and function word function word all the way, a verb's particle apart."""
    return (
        len(spun) == len(reference)
        and all(is_function_word(a) == is_function_word(b) for a, b in zip(spun, reference, strict=True))
        and not _is_verb_with_particle(spun, reference)
    )


def _is_verb_with_particle(spun: tuple[str, ...], reference: tuple[str, ...]) -> bool:
    """Tell whether both sides are two coherent words, content then function: “based on” for “according to”."""
    return len(spun) == len(reference) == 2 and all(
        not is_function_word(side[0]) and is_function_word(side[1]) and _weakest_tie(side) > -1
        for side in (spun, reference)
    )
