"""A spun phrase and its original go in; the kind of the substitution comes out."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from helpers.text.english import is_function_word, is_number, lemma
from helpers.text.spans import PLAIN, Span, fold, folded_words, overlaps
from helpers.text.spelling import american, same_letters, shortened

# What no dictionary of a spinner's holds: words in another order, clauses written anew.
HELD_BACK = ("order", "rewritten")
CAPITALS = re.compile(r"\b[A-Z]\w*")
CONTRACTION = re.compile(r"(?:^|\w)'(?:s|m|re|ll|ve|d|t)\b")  # a possessive ending stays outside a substitution


def kind_of(spun: str, original: str, *, in_name: bool = False, in_furniture: bool = False) -> str:
    """Return the kind of a substitution, the first that fits.

    boilerplate (in a line of site furniture), spelling (the same letters: with a hyphen, an accent, dots or a space
    more or less, or a customary short form: Sept. for September), number, name (a proper name or title was broken),
    contraction, order (the same words in another order, or one of them doubled), spelling again (British for
    American), inflection (the lemmas are the same), function (function words only), phrase (more than one word on a
    side), synonym.

    A place where so much was changed that no word answers another has the kind rewritten, which no phrase shows.

    >>> kind_of("2", "two"), kind_of("can not", "cannot"), kind_of("wherein", "in which"), kind_of("shut", "close")
    ('number', 'spelling', 'function', 'synonym')
    >>> kind_of("only saw", "saw only"), kind_of("10km", "10 km"), kind_of("e-mail", "email")
    ('order', 'spelling', 'spelling')
    """
    return kept_kind(spun, original, in_name, in_furniture)


@lru_cache(maxsize=100_000)
def kept_kind(spun: str, original: str, in_name: bool, in_furniture: bool) -> str:
    """Return what `kind_of` does; of what stands on many pages it is worked out once."""
    if in_furniture:
        return "boilerplate"
    contracted = any(CONTRACTION.search(fold(side)) for side in (spun, original) if not PLAIN.fullmatch(side))
    if not contracted and (same_letters(spun, original) or shortened(spun, original)):
        return "spelling"
    words = folded_words(spun), folded_words(original)
    both = words[0] + words[1]
    if any(words[0]) and all(any(map(is_number, side)) for side in words):
        return "number"
    in_order = len(both) > 2 and _same_words(*words)
    if in_name and not (in_order and CAPITALS.findall(spun) == CAPITALS.findall(original)):
        return "name"
    if contracted:
        return "contraction"
    if in_order:
        return "order"
    if american("".join(words[0])) == american("".join(words[1])):
        return "spelling"
    if {lemma(word) for word in words[0]} == {lemma(word) for word in words[1]}:
        return "inflection"
    if all(is_function_word(word) for word in both):
        return "function"
    return "phrase" if len(both) > 2 else "synonym"


def _same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two phrases have the same words in another order, or one of them twice in a row.

    Of content words the same; “that is” and “of” may come in between: the boat that is red, the red boat.
    """
    return (
        reordered(one, other)
        or Counter(one) == Counter(other)
        or (
            set(one) == set(other)
            and [word for word, before in zip(one, ["", *one], strict=False) if word != before] == [*other]
        )
    )


def reordered(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two runs of folded words have the same content words (or all words) in another order.

    >>> reordered("boat that is red".split(), "red boat".split()), reordered(["in", "it"], ["at", "it"])
    (True, False)
    """
    contents = [[word for word in words if not is_function_word(word)] for words in (one, other)]
    return any(a != b and len(a) == len(b) and Counter(a) == Counter(b) for a, b in (contents, (one, other)))


def of_a_dictionary(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the substitutions that a dictionary can hold: not those of kinds `order` and `rewritten`."""
    return substitutions[~substitutions["kind"].isin(HELD_BACK)] if "kind" in substitutions else substitutions


def kind_in_place(spun: str, original: str, place: Span, names: list[Span], furniture: list[Span]) -> tuple[str, bool]:
    """Return the kind of a substitution at a place of the reference, and whether it stands in a name.

    `names` and `furniture` are the reference's (see `name_spans`, `furniture_spans`).
    """
    in_furniture = overlaps(furniture, *place)
    in_name = not in_furniture and any(sign.isupper() for sign in original) and overlaps(names, *place)
    kind = kind_of(spun, original, in_name=in_name, in_furniture=in_furniture)
    return kind, in_name and kind not in ("spelling", "order")  # Málaga without its accent is no broken name
