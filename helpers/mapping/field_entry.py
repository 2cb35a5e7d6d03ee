"""A spun phrase and its original go in; why the pair may not stand in the field's dictionary comes out, or nothing.

These are the rules of entry that can be read off a pair. That it was seen, and that its original is the right one, a
person says (`field_additions.py`).
"""

import re

import pandas as pd

from helpers.display.masking import mask
from helpers.text.english import is_function_word, is_number
from helpers.text.spans import ADDRESS, fold, phrase_folds
from helpers.text.spelling import bare_letters
from helpers.text.word_counts import word_count

MOST_WORDS = 6  # of a phrase: a fact about a dictionary, no sentence of anybody's
MOST_LETTERS = 60
COMMON = 1e9  # counts on the web (of 1e12): a function word so common tells of no dictionary
SENTENCE = re.compile(r"[!?;\n]|[.:](?:\s|$)")
SMALL = re.compile(r"\d{1,2}(?:st|nd|rd|th)?|[1-9]0 ?minutes")  # a number that a dictionary knows: 4, 12, 31st
BRACES = re.compile(r"[{}]")
ALLOWED = re.compile(r"[\w'][\w '&,./-]*")  # and no formula of a spreadsheet at the start
# Without the clitic both sides say the same: what a contraction is tells of a house style, not of a dictionary.
SPELLED_OUT = {
    "'ll": "will", "'ve": "have", "'re": "are", "'d": "would", "'m": "am", "n't": "not", "'s": "is",
    "ca": "can", "wo": "will", "sha": "shall", "cannot": "can not", "'t": "not",
}  # fmt: skip
# What changes more than words has no dictionary, however often it was seen.
NO_DICTIONARY = ("back-translation", "machine-translation", "paraphrase-network", "homoglyph")


def reasons(table: pd.DataFrame) -> pd.Series:
    """Return why each row may not enter: empty where it may. Columns: `spun`, `original`, `dialect`.

    >>> rows = pd.DataFrame({"spun": ["supply hyperlink", "don't"], "original": ["source link", "do not"],
    ...                      "dialect": "news-a"})
    >>> reasons(rows).tolist()
    ['', 'a contraction']
    """
    pairs = table[["spun", "original", "dialect"]].itertuples(index=False, name=None)
    return pd.Series([why_not(*pair) for pair in pairs], index=table.index, dtype=str)


def why_not(spun: str, original: str, dialect: str) -> str:
    """Return why a pair may not enter; empty where nothing speaks against it."""
    if not all(isinstance(side, str) and side.strip() for side in (spun, original, dialect)):
        return "something is empty"
    if dialect in NO_DICTIONARY:
        return "no dictionary stands behind this dialect"
    for side in (spun, original):
        if problem := _unfit(side):
            return problem
    if not BRACES.search(spun) and bare_letters(spun) == bare_letters(original):
        return "both sides are written alike"
    ours, theirs = phrase_folds(spun), phrase_folds(original)
    if _spelled_out(ours) == _spelled_out(theirs):
        return "a contraction"
    if all(map(_tells_nothing, (*ours, *theirs))):
        return "nothing but the commonest words"
    return ""


def _unfit(side: str) -> str:
    """Why a phrase is none that may stand here, whatever it stands for."""
    if side != fold(side):
        return "not folded"
    if len(side.split()) > MOST_WORDS or len(side) > MOST_LETTERS:
        return f"longer than {MOST_WORDS} words"
    if ADDRESS.search(side) or mask(side) != side:
        return "an address"
    if SENTENCE.search(side):
        return "more than a phrase"
    if not ALLOWED.fullmatch(BRACES.sub("", side)):
        return "signs that no dictionary has"
    if any(_of_one_page(word) for word in side.split()):
        return "a number of one page"
    return ""


def _of_one_page(word: str) -> bool:
    """Tell whether a word is a figure that only its page can have had: 2,282, three.2%."""
    return any(map(str.isdigit, word)) and not SMALL.fullmatch(word) and not word.replace("-", "").isalpha()


def _spelled_out(words: tuple[str, ...]) -> list[str]:
    return " ".join(SPELLED_OUT.get(word, word) for word in words).split()


def _tells_nothing(word: str) -> bool:
    common = word_count(word.replace("'", "")) >= COMMON or word.startswith("'") or word == "n't"
    return common and is_function_word(word) and not is_number(word)
