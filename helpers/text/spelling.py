"""A word or phrase goes in; its bare letters come out: what stays the same however it is written.

Two phrases with the same letters are one phrase spelled in two ways: with or without hyphens, accents, the dots of
initialisms, a space in front of a unit or between thousands.
"""

import re
import unicodedata
from functools import lru_cache

from helpers.text.dates_hours import SHORT, SHORT_DAYS
from helpers.text.spans import PLAIN, fold

LONGEST = 200  # characters; what is longer is no phrase, and its spelling is not asked for
# Accents, and the signs that other scripts may set or leave out: the points of Hebrew, the vowels, hamzas and drawn-out
# lines of Arabic, the dots of Indian letters. Vowels of Indian scripts and of Thai are no such signs.
ACCENTS = re.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u093c\u09bc\u0a3c]"
)
ACUTE = "\u0301"
NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
THOUSANDS = re.compile(r"(?<=\d)[,' ](?=\d{3}(?!\d))|(?<=\d),(?=\d\d,)")  # 12,000, 12 000, 12'000, 1,00,000
SIGNS = re.compile(r"(?<!\d)[-.' ]|[-.' ](?!\d)")  # between two digits each of them says something
# Words with a customary short form; a full stop behind it is no part of it.
SHORTENED = {**SHORT, **SHORT_DAYS} | dict(
    pair.split("=")
    for pair in """
    mr=mister dr=doctor prof=professor gov=governor sen=senator rep=representative gen=general col=colonel capt=captain
    lt=lieutenant sgt=sergeant rev=reverend approx=approximately dept=department govt=government st=street ave=avenue
    rd=road no=number vs=versus km=kilometres kg=kilograms %=percent
    """.split()
)
VARIED = frozenset((*SHORTENED, *SHORTENED.values()))
AMERICAN = [
    (re.compile(british), american)
    for british, american in [
        ("isation", "ization"),
        ("ogue", "og"),
        ("ence", "ense"),
        ("lled", "led"),
        ("lling", "ling"),
        (r"is(e[sd]?|ing)$", r"iz\1"),
        (r"(?<=[a-z][a-z])our", "or"),
        (r"tre(s?)$", r"ter\1"),
        ("grey", "gray"),
        ("programme", "program"),
    ]
]
# Cheap: whether any of these may be there.
PERHAPS_BRITISH = re.compile("isation|ogue|ence|lled|lling|is(?:e|ing)|our|tre|grey|programme")


@lru_cache(maxsize=200_000)
def bare_letters(phrase: str) -> str:
    """Return the letters and figures of a phrase: no accents, hyphens, apostrophes, spaces, nor dots of initialisms.

    >>> [bare_letters(words) for words in ["co-operate", "N.A.T.O.", "Málaga", "10 km", "12,000", "3.5", "2-1"]]
    ['cooperate', 'nato', 'malaga', '10km', '12000', '3.5', '2-1']
    """
    if PLAIN.fullmatch(phrase):
        return phrase.lower().replace(" ", "")
    letters = ACCENTS.sub("", unicodedata.normalize("NFD", fold(phrase))).translate(NOT_DECOMPOSED)
    return SIGNS.sub("", THOUSANDS.sub("", letters))


def same_letters(one: str, other: str) -> bool:
    """Tell whether two phrases are written with the same letters; both must have one.

    >>> same_letters("long-term", "longterm"), same_letters("U.K.", "UK"), same_letters("mail", "email")
    (True, True, False)
    """
    if max(len(one), len(other)) > LONGEST:
        return False
    letters = bare_letters(one)
    return letters == bare_letters(other) and any(map(str.isalnum, letters))


def with_an_acute(one: str, other: str) -> bool:
    """Tell whether one of two phrases has an acute accent, set on the letter before, where the other has an apostrophe.

    >>> with_an_acute("It\u0301s", "It’s"), with_an_acute("do\u0144t", "don't"), with_an_acute("its", "it's")
    (True, True, False)
    """
    if max(len(one), len(other)) > LONGEST:
        return False
    letters, others = (unicodedata.normalize("NFD", fold(phrase)) for phrase in (one, other))
    return letters != others and letters.replace(ACUTE, "'") == others.replace(ACUTE, "'")


def shortened(one: str, other: str) -> bool:
    """Tell whether one of two words is the customary short form of the other.

    >>> shortened("Sept.", "September"), shortened("sept", "october"), shortened("March", "march")
    (True, False, False)
    """
    if max(len(one), len(other)) > LONGEST:
        return False
    letters, others = bare_letters(one), bare_letters(other)
    return letters != others and SHORTENED.get(letters, letters) == SHORTENED.get(others, others)


def has_variants(word: str) -> bool:
    """Tell whether a folded word may have a customary short form, or be one, or be spelled otherwise in America.

    >>> has_variants("colour"), has_variants("sept"), has_variants("army")
    (True, True, False)
    """
    return word in VARIED or PERHAPS_BRITISH.search(word) is not None


@lru_cache(maxsize=100_000)
def american(letters: str) -> str:
    """Return a word in American spelling, as far as a few rules know it; what is too long for a word as it is.

    >>> american("colour"), american("organise"), american("travelled")
    ('color', 'organize', 'traveled')
    """
    if len(letters) <= LONGEST and PERHAPS_BRITISH.search(letters):
        for british, other in AMERICAN:
            letters = british.sub(other, letters)
    return letters
