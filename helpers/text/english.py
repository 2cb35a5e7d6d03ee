"""Folded words go in; what is known of English comes out: function words, lemmas, numerals.

Lemmas come inside a package (simplemma), so nothing is fetched when a notebook runs.
"""

import re
from functools import lru_cache

from helpers.text.lemmas import lemma_of

HALF_SPELLED = re.compile(r"[a-z]+[.,]\d[\d.,]*")  # a figure whose first part a spinner wrote out: four,560
FUNCTION_WORDS = frozenset(
    """
    a an the this that these those some any each every either neither no both all such what which who whom whose
    i you he she it we they me him her us them my your his its our their mine yours hers ours theirs myself
    yourself himself herself itself ourselves themselves one ones someone anyone everyone nobody nothing
    something anything be am is are was were been being going do does did done doing have has had having will
    would shall should can could may might must ought need and or but nor so yet if then than because as until
    while although though since unless whether when where why how of at by for with about against between into
    through during before after above below to from up down in out on off over under again upon among amongst
    amid across along around behind beside besides beyond despite except inside near onto outside per throughout
    till toward towards underneath via within without here there not only also too very just even still ever
    never 'll 've 're 'd 'm 's n't 't ca wo sha wherein whereas whilst whereby thereby therein thereof hence
    thus
    """.split()
)
NUMBER_WORDS = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand
    thousands million millions billion billions trillion dozen dozens half quarter third first second once twice
    double triple both couple decade decades century centuries
    """.split()
)


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the dictionary form of a folded English word: the word itself where none is known.

    >>> lemma("defending"), lemma("were"), lemma("kim")
    ('defend', 'be', 'kim')
    """
    return lemma_of(word).casefold() if word.isalpha() else word


def is_function_word(word: str) -> bool:
    """Tell whether a folded word belongs to a closed class: articles, pronouns, prepositions, auxiliaries, clitics."""
    return word in FUNCTION_WORDS


@lru_cache(maxsize=500_000)
def is_content_word(word: str) -> bool:
    """Tell whether a folded token is a word of an open class: a noun, verb, adjective, adverb, name or number."""
    return word not in FUNCTION_WORDS and any(sign.isalnum() for sign in word)


def is_number(word: str) -> bool:
    """Tell whether a folded word is a number, in figures or written out (two, thousands, 1000's)."""
    return word[:1].isdigit() or word in NUMBER_WORDS or HALF_SPELLED.fullmatch(word) is not None
