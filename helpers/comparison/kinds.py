"""A spun phrase and its original go in; the kind of the substitution comes out."""

import re
from functools import lru_cache

from helpers.text.english import is_function_word, is_number, lemma
from helpers.text.spans import Span, fold, is_word, overlaps, tokens

CONTRACTION = re.compile(r"(?:^|\w)'(?:s|m|re|ll|ve|d|t)\b")  # a possessive ending stays outside a substitution


@lru_cache(maxsize=100_000)
def kind_of(spun: str, original: str, *, in_name: bool = False, in_furniture: bool = False) -> str:
    """Return the kind of a substitution, the first that fits.

    boilerplate (in a line of site furniture), number, name (a proper name or title was broken), contraction,
    spelling (the letters are the same, or British for American), inflection (the lemmas are the same), function
    (function words only), phrase (more than one word on a side), synonym.

    >>> kind_of("2", "two"), kind_of("can not", "cannot"), kind_of("wherein", "in which"), kind_of("shut", "close")
    ('number', 'spelling', 'function', 'synonym')
    """
    words = [[token.fold for token in tokens(side) if is_word(token.fold)] for side in (spun, original)]
    both = words[0] + words[1]
    if in_furniture:
        return "boilerplate"
    if any(words[0]) and all(any(map(is_number, side)) for side in words):
        return "number"
    if in_name:
        return "name"
    if any(CONTRACTION.search(fold(side)) for side in (spun, original)):
        return "contraction"
    if _spelling("".join(words[0])) == _spelling("".join(words[1])):
        return "spelling"
    if {lemma(word) for word in words[0]} == {lemma(word) for word in words[1]}:
        return "inflection"
    if all(is_function_word(word) for word in both):
        return "function"
    return "phrase" if len(both) > 2 else "synonym"


def kind_in_place(spun: str, original: str, place: Span, names: list[Span], furniture: list[Span]) -> tuple[str, bool]:
    """Return the kind of a substitution at a place of the reference, and whether it stands in a name.

    `names` and `furniture` are the reference's (see `name_spans`, `furniture_spans`).
    """
    in_furniture = overlaps(furniture, *place)
    in_name = not in_furniture and any(sign.isupper() for sign in original) and overlaps(names, *place)
    return kind_of(spun, original, in_name=in_name, in_furniture=in_furniture), in_name


@lru_cache(maxsize=100_000)
def _spelling(letters: str) -> str:
    """Fold British and American spellings of a word onto one form."""
    for british, american in [
        ("isation", "ization"),
        ("ogue", "og"),
        ("ence", "ense"),
        ("lled", "led"),
        ("lling", "ling"),
    ]:
        letters = letters.replace(british, american)
    letters = re.sub(r"is(e[sd]?|ing)$", r"iz\1", letters)
    letters = re.sub(r"([a-z]{2,})our", r"\1or", letters)
    return re.sub(r"tre(s?)$", r"ter\1", letters).replace("grey", "gray").replace("programme", "program")
