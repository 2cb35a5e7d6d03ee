"""A spun phrase and its original go in; the kind of the substitution comes out."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers.comparison.name_changes import around, changes_name, may_stand, names_stand, stands_around
from helpers.text.dates_hours import MONTHS
from helpers.text.english import is_function_word, is_number, lemma
from helpers.text.spans import APOSTROPHES, PLAIN, Span, covering, fold, folded_words, is_plain, overlaps
from helpers.text.spelling import LONGEST, american, bare_letters, same_letters, shortened, with_an_acute

# What no dictionary of a spinner's holds: words in another order, clauses written anew.
HELD_BACK = ("order", "rewritten")
# A possessive ending stays outside a substitution; gov’t is a short form.
CONTRACTION = re.compile(r"(?:^|\w)(?<!\bgov)(?<!\bdep)(?<!\bcont)'(?:s|m|re|ll|ve|d|t)\b")
# Plurals and names with an apostrophe more or less (NGO’s, McDonald’s), which is no contraction unless a pronoun's.
NAMED_S = re.compile(rf"\b(?:[A-Z][\w.-]*|\d+)[{APOSTROPHES}]s\b")
NOT_NAMED = frozenset("let how".split())


def kind_of(spun: str, original: str, *, in_name: bool = False, in_furniture: bool = False) -> str:
    """Return the kind of a substitution, the first that fits.

    boilerplate (in a line of site furniture), spelling (the same letters: with a hyphen, an accent, dots or a space
    more or less; a customary short form: Sept. for September; British for American), order (the same words in another
    order, or one of them doubled; names and figures in one piece), number, name (a proper name or title was broken),
    contraction, inflection (the lemmas are the same), function (function words only), phrase (more than one word on a
    side), synonym.

    A place where so much was changed that no word answers another has the kind rewritten, which no phrase shows.

    >>> kind_of("2", "two"), kind_of("can not", "cannot"), kind_of("wherein", "in which"), kind_of("shut", "close")
    ('number', 'spelling', 'function', 'synonym')
    >>> kind_of("only saw", "saw only"), kind_of("10km", "10 km"), kind_of("e-mail", "email")
    ('order', 'spelling', 'spelling')
    """
    return kept_kind(spun, original, in_name, in_furniture)


class _Side(NamedTuple):
    """What a phrase tells of itself, whatever stands on the other side; see `kept_kind` for what it is asked.

    `words` are folded, `american` is how they are spelled there, one behind the other.
    """

    contracted: bool
    words: tuple[str, ...]
    in_figures: bool
    american: str
    lemmas: frozenset[str]
    only_function: bool


@lru_cache(maxsize=20_000)
def _side(phrase: str) -> _Side:
    """What a phrase tells of itself: a dictionary has far fewer phrases than pairs of them."""
    if len(phrase) <= LONGEST and is_plain(phrase):
        return _side_of_a_word(phrase.lower())
    words = folded_words(phrase)
    return _Side(
        PLAIN.fullmatch(phrase) is None and CONTRACTION.search(fold(phrase)) is not None,
        words,
        any(map(is_number, words)),
        _spelled(words),
        frozenset(map(lemma, words)),
        all(map(is_function_word, words)),
    )


def _spelled(words: Sequence[str]) -> str:
    """The words in American spelling, one behind the other; figures apart, which would be others."""
    apart = " " if any(sign.isdigit() for word in words for sign in word) else ""
    return apart.join(american(bare_letters(word)) for word in words)


def _side_of_a_word(word: str) -> _Side:
    """What a word of plain letters tells of itself, as most phrases are: with less to ask than of others."""
    return _Side(False, (word,), is_number(word), american(word), frozenset((lemma(word),)), is_function_word(word))


@lru_cache(maxsize=100_000)
def kept_kind(spun: str, original: str, in_name: bool, in_furniture: bool) -> str:
    """Return what `kind_of` does; of what stands on many pages it is worked out once."""
    if in_furniture:
        return "boilerplate"
    contracted, words, in_figures, spelled, lemmas, only_function = _side(spun)
    other_contracted, others, figures_too, spelled_too, other_lemmas, function_too = _side(original)
    contracted = contracted or other_contracted
    if _is_spelling(spun, original, contracted) or (spelled == spelled_too and not contracted and words != others):
        return "spelling"
    count = len(words) + len(others)
    in_order = _are_in_order(words, others)
    if in_figures and figures_too and not (in_order and words != others and _figures_stand(words, others)):
        return "number"
    if in_name:
        return "name"
    if in_order:
        return "order"
    if contracted:
        return "contraction"
    if lemmas == other_lemmas:
        return "inflection"
    if only_function and function_too:
        return "function"
    return "phrase" if count > 2 else "synonym"


def _is_spelling(spun: str, original: str, contracted: bool) -> bool:
    """Tell whether a phrase has the letters of the other, or is short for it; contractions are words of their own."""
    if not contracted:
        return same_letters(spun, original) or shortened(spun, original)
    if with_an_acute(spun, original):  # It́s
        return True
    return not (_contracts(spun) or _contracts(original)) and same_letters(spun, original)


def _contracts(phrase: str) -> bool:
    """Tell whether a phrase holds a contraction that is no plural or name with an apostrophe."""
    return CONTRACTION.search(fold(NAMED_S.sub(_pronouns, phrase))) is not None


def _pronouns(match: re.Match) -> str:
    """A match of NAMED_S as it stands where it is a contraction, and nothing where it is none."""
    word = match[0][:-2].lower()
    return match[0] if is_function_word(word) or word in NOT_NAMED else ""


def _figures_stand(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether all figures have the same word behind them, and so count the same: 5 boats, not 5 of 10.

    One of them may count nothing: “in 2024 the board met 500 men” for “the board met 500 men in 2024”. A month is
    counted as a noun, “May” too: May 5 is another writing of 5 May, and no order.
    """

    def is_noun(word: str) -> bool:
        return word in MONTHS or not is_function_word(word)

    counted = [
        Counter((word, behind if is_noun(behind) else "") for word, behind in pairs if is_number(word))
        for pairs in (zip(words, [*words[1:], ""], strict=True) for words in (one, other))
    ]
    return counted[0] == counted[1] and sum(not behind for _, behind in counted[0]) < 2


def _are_in_order(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two phrases, of more than a word each, have words in common and no others (see `_same_words`)."""
    return len(one) + len(other) > 2 and not set(one).isdisjoint(other) and _same_words(one, other)


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


def kind_in_place(
    spun: str, original: str, place: Span, text: str, names: list[Span], furniture: list[Span]
) -> tuple[str, bool]:
    """Return the kind of a substitution at a place of the reference, a text, and whether it stands in a name.

    `names` and `furniture` are the reference's (see `name_spans`, `furniture_spans`).
    """
    in_furniture = overlaps(furniture, *place)
    if not in_furniture and any(sign.isupper() for sign in original) and overlaps(names, *place):
        return kind_in_name(spun, original, place, text, names)
    return kind_of(spun, original, in_furniture=in_furniture), False


def kind_in_name(
    spun: str,
    original: str,
    place: Span,
    text: str,
    names: list[Span],
    published: str = "",
    spun_place: Span = (0, 0),
) -> tuple[str, bool]:
    """Return the kind of a substitution that touches a name of the reference, and whether it changes that name.

    See `kind_in_place`; `published` is the spun text and `spun_place` where the phrase stands in it. Without them
    nothing is known of what stands around it there.
    """
    if not changes_name(spun, original, place, names):
        return kept_kind(spun, original, False, False), False
    kind = kept_kind(spun, original, True, False)
    stands = kind in ("name", "number") and (
        _names_stand(spun, original, place, text, names)
        or _stand_around(spun, place, text, names, published, spun_place)
    )
    kind = "order" if stands and kind == "name" else kind
    return kind, not stands and kind != "spelling"  # Málaga without its accent is no broken name


def _names_stand(spun: str, original: str, place: Span, text: str, names: list[Span]) -> bool:
    """Tell whether a phrase has the words of the original in another order, and the names that it touches whole."""
    if not _are_in_order(_side(spun).words, _side(original).words):
        return False
    start, end = covering(names, *place)
    before, behind = text[start : place[0]], text[place[1] : end]
    return names_stand(before + spun + behind, before + original + behind)


def _stand_around(spun: str, place: Span, text: str, names: list[Span], published: str, spun_place: Span) -> bool:
    """Tell whether every name that a place touches stands elsewhere in the sentence of the spun text."""
    touched = [text[start:end] for start, end in names if start < place[1] and end > place[0]]
    if not all(may_stand(name, published, spun_place) for name in touched):
        return False
    here, there = around(published, spun_place), around(text, place)
    return all(stands_around(spun, name, here, there) for name in touched)
