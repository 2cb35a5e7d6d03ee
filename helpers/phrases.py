"""Two phrases go in; what it costs to read one as the replacement of the other comes out.

The prices say what spinners do: swap one word for one, a word for a set phrase, seldom a content word for a
function word, never across punctuation. They are priors; what a corpus teaches comes on top (`learnt_price`), so
that the whole is a phrase-to-phrase alignment in the manner of IBM Model 1 (Brown et al. 1993) with hard counts.
"""

from functools import lru_cache
from itertools import pairwise
from math import inf

from rapidfuzz.distance import JaroWinkler

from helpers.language import cohesion, is_function_word, is_number, lemma
from helpers.text import is_word

LONGEST = 5  # words on one side of a substitution; the real article's longest are 4
LONGEST_TOGETHER = 6  # words on both sides: a long phrase stands for a short one, or for a word

# Prices are in units of one clean word-for-word substitution. They began as guesses made with the real article in
# view, and were then set on the train half of the project's own sources, spun (`python -m benchmarks.tune`).
WORD_FOR_WORD = 1.0
EACH_MORE_WORD = 0.60  # every content word beyond one on each side: two for two costs as much as twice one for one
EACH_MORE_FUNCTION_WORD = 0.45  # set phrases are full of them: “for the reason that”
PARALLEL = 0.30  # two for two with content facing content: rather twice one for one
INSERTED_WORD = 1.30  # dearer than the second word of a phrase, cheaper than a substitution that explains nothing
INSERTED_BESIDE_ITS_PARTNER = -0.35  # “general” in front of an unchanged “public”
STRAY_PUNCTUATION = 0.45
SAME_CONTENT_WORD = -1.0
SAME_FUNCTION_WORD = -0.10  # “the” recurs by chance: it must not cut “for the reason that” in two
SAME_PUNCTUATION = -0.30
FUNCTION_FOR_CONTENT = 0.28
FUNCTION_FOR_FUNCTION = 0.05
SAME_LEMMA = -0.45
LOOK_ALIKE = -0.25
LONGEST_WORD = 60  # characters: what is longer is no word, and comparing it takes time
LOOKS_ALIKE = 0.85  # Jaro-Winkler similarity from which two words look alike
NUMBER_FOR_NUMBER = -0.35
NUMBER_FOR_WORD = 0.40
COHESIVE = -0.10  # per unit of cohesion of a phrase's weakest pair, up to MOST_COHESIVE
MOST_COHESIVE = 1.5
INCOHERENT = 0.50  # a pair of words that the web's counts have never seen together
PARTICLE = -0.15  # “based on” for “according to”: a verb and its particle are swapped together
AUXILIARY_AND_VERB = 0.40  # “’s going to shield” for “will protect” is two substitutions
FUNCTION_FIRST = 0.35  # “to proceed” for “continue”: a phrase rarely begins with a function word the other lacks
FUNCTION_LAST = 0.10  # “reason that” for “end”
ONE_SIDED_CONTENT = 0.30  # “’m” for “am confident”: content seldom comes from nowhere
DANGLING_ARTICLE = 0.30  # “against the” for “towards”: an article belongs to what follows
SHARED_INSIDE = 0.20  # “for the reason that” and “since the” share a word and are a pair all the same
CASE_CHANGED = 0.15
GLUED = -0.90  # “objectsfinish”: one token made of two across a lost line break
GLUED_AND_SWAPPED = -0.60  # “wantA” for “need” and, on the next line, “A”
ACROSS_A_LINE_BREAK = 1.0
SEEN_ELSEWHERE = 0.45  # what a phrase pair costs at the least, once the lexicon knows it well
HALF_KNOWN = 0.8  # sightings that bring a price half-way to the least

STRONG_TIE = 1.2  # cohesion of a set phrase; chance neighbours stay below 1
TIE_OF_CLITICS = 1.0  # the web counts hold no clitics
ARTICLES = frozenset(("the", "a", "an"))


class Phrase:
    """What the prices must know of a phrase, worked out once; `phrase` makes it, so that equal ones are one object."""

    __slots__ = (
        "article_last",
        "content",
        "ends_function",
        "flags",
        "lemmas",
        "only_function",
        "price",
        "starts_function",
        "text",
        "tie",
        "verb_with_particle",
        "words",
    )  # fmt: skip

    def __init__(self, words: tuple[str, ...]):
        """Take the folded words of a phrase."""
        self.words, self.text = words, " ".join(words)
        self.flags = tuple(is_function_word(word) for word in words)
        self.content = frozenset(word for word in words if is_word(word))
        self.lemmas = frozenset(lemma(word) for word in self.content if not is_function_word(word))
        self.only_function = all(self.flags)
        self.starts_function, self.ends_function = self.flags[0], self.flags[-1]
        self.article_last = words[-1] if words[-1] in ARTICLES else None
        self.tie = min((_tie(*pair) for pair in pairwise(words)), default=inf)
        self.verb_with_particle = self.flags == (False, True) and self.tie > -1
        self.price = self._length_price() + self._cohesion_price()

    def _length_price(self) -> float:
        functions = sum(self.flags)
        contents = len(self.words) - functions
        if contents:
            return EACH_MORE_WORD * (contents - 1) + EACH_MORE_FUNCTION_WORD * functions
        return EACH_MORE_FUNCTION_WORD * (functions - 1)

    def _cohesion_price(self) -> float:
        if len(self.words) == 1:
            return 0.0
        return INCOHERENT if self.tie <= -1 else COHESIVE * min(self.tie, MOST_COHESIVE)


def _tie(word: str, following: str) -> float:
    return TIE_OF_CLITICS if "'" in word + following else cohesion(word, following)


@lru_cache(maxsize=500_000)
def phrase(words: tuple[str, ...]) -> Phrase | None:
    """Return the phrase of some folded words; None where they are none.

    A phrase is words, with hyphens or apostrophes between them; a lone sign is a phrase of punctuation.
    """
    inner = all(is_word(word) or word in "-'" for word in words)
    return Phrase(words) if len(words) == 1 or (is_word(words[0]) and is_word(words[-1]) and inner) else None


@lru_cache(maxsize=2_000_000)
def prior_price(spun: Phrase, reference: Phrase) -> float:
    """Return the price of a pair of phrases by their words alone, before anything was learnt; inf where it can't be."""
    words, originals = spun.words, reference.words
    if words[0] == originals[0] or words[-1] == originals[-1]:
        return inf  # a substitution is minimal: no shared first or last word
    if len(words) == len(originals) == 1:
        return WORD_FOR_WORD + _word_pair_price(words[0], originals[0])
    shared = spun.content & reference.content
    if shared and (shared.issuperset(words) or shared.issuperset(originals)):
        return inf  # words were put in or left out: not a replacement
    # Content faces content and function word function word all the way: rather word for word.
    if spun.flags == reference.flags and not (spun.verb_with_particle and reference.verb_with_particle):
        return PARALLEL + sum(WORD_FOR_WORD + _word_pair_price(*pair) for pair in zip(words, originals, strict=True))
    return (
        WORD_FOR_WORD
        + spun.price
        + reference.price
        + _shape_price(spun, reference)
        + SHARED_INSIDE * len(shared)
        + (SAME_LEMMA if not shared and spun.lemmas & reference.lemmas else 0.0)
    )


def _word_pair_price(word: str, original: str) -> float:
    if not (is_word(word) and is_word(original)):
        return -0.5 if is_word(word) == is_word(original) else 1.5
    functions = is_function_word(word) + is_function_word(original)
    numbers = is_number(word) + is_number(original)
    price = (0.0, FUNCTION_FOR_CONTENT, FUNCTION_FOR_FUNCTION)[functions]
    price += (0.0, NUMBER_FOR_WORD, NUMBER_FOR_NUMBER)[numbers]
    if lemma(word) == lemma(original):
        price += SAME_LEMMA
    elif max(len(word), len(original)) <= LONGEST_WORD and JaroWinkler.similarity(word, original) > LOOKS_ALIKE:
        price += LOOK_ALIKE
    return price


def _shape_price(spun: Phrase, reference: Phrase) -> float:
    """What the order of function and content words says: an auxiliary and its verb are two things, say."""
    price = 0.0
    if spun.starts_function != reference.starts_function:
        price += FUNCTION_FIRST
    elif spun.starts_function and not (spun.ends_function or reference.ends_function):
        price += AUXILIARY_AND_VERB if min(len(spun.words), len(reference.words)) > 1 else 0.0
    if spun.ends_function != reference.ends_function:
        price += FUNCTION_LAST
    if spun.article_last and spun.article_last not in reference.words:
        price += DANGLING_ARTICLE
    if reference.article_last and reference.article_last not in spun.words:
        price += DANGLING_ARTICLE
    if spun.only_function != reference.only_function:
        price += ONE_SIDED_CONTENT
    if spun.verb_with_particle and reference.verb_with_particle:
        price += PARTICLE
    return price


def learnt_price(price: float, seen: float) -> float:
    """Return a prior price in the light of the times a pair was seen elsewhere (0: as it was)."""
    return SEEN_ELSEWHERE + (price - SEEN_ELSEWHERE) * HALF_KNOWN / (HALF_KNOWN + seen)
