"""Tokens go in as fingerprints; numbers come out: one for each folded word, with what alignment must know of the word.

A word's features are worked out in Python once, when it is first met, and stand in arrays from then on, where
compiled code looks them up by number.
"""

import re
from threading import local
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Floats, Int32s, Int64s, UInt8s, UInt16s, UInt32s, UInt64s, compiled
from helpers.text.english import HALF_SPELLED, NUMBER_WORDS, is_function_word, is_number, lemma
from helpers.text.scan import Scan, code_points, fingerprint
from helpers.text.sentence_splitter import ABBREVIATIONS
from helpers.text.spans import fold, is_plain, is_word
from helpers.text.spelling import bare_letters
from helpers.text.word_counts import Counts, count_of, slot_of, table

# What a folded word is, as bits.
(
    IS_WORD, IS_FUNCTION, IS_NUMBER, IS_ARTICLE, IS_CLITIC, IS_JOINER, ENDS_SENTENCE, CLOSES, IS_ABBREVIATION, LEANS,
    IS_READ, NEGATES, HAS_TAIL, IS_STUMP,
) = (1 << bit for bit in range(14))  # fmt: skip
CAPITAL, GLUED = 1, 2  # what a token is as it is written, as bits
FULL_STOPS, CLOSING = frozenset(".!?…"), frozenset("\"')]")
ARTICLES = frozenset(("the", "a", "an"))
ABBREVIATED = frozenset(ABBREVIATIONS)
NEGATING = frozenset("not never no neither nor".split())  # they stand in front of what they deny
SPELLED_OUT = {"n't": "not", "'ll": "will", "'re": "are", "'ve": "have", "'m": "am"}  # “’s” can be several
STUMPS = frozenset(("ca", "wo", "sha", "ai"))  # what “n’t” leaves of “can’t”: no words of their own
READ_ALOUD = frozenset("%&#@$€£¥+=°§")  # signs that words can stand for: “per cent” for “%”
LONGEST_WORD = 60  # characters: what is longer is no word, and comparing it takes time
MOST_FORMS = 500_000  # then the vocabulary is begun anew: words that stand once would fill the memory
INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
UNKNOWN = -1


class Words(NamedTuple):
    """What is known of every folded word, by its number."""

    flags: UInt16s
    lemmas: Int32s
    keys: UInt64s  # fingerprints of the folded words, for the web's counts
    counts: Floats  # how often the web has them
    starts: Int64s  # where their letters stand in `letters`
    lengths: UInt8s  # 0 for what is too long to be a word
    letters: UInt32s  # bare ones: the dots of an initialism, hyphens and accents are no difference


class Forms(NamedTuple):
    """Words as they are written, in a hash table by fingerprint."""

    keys: UInt64s
    folds: Int32s  # number of the folded word
    flags: UInt8s


class Vocabulary:
    """All words met so far. Numbers stay as they are for as long as the vocabulary lives."""

    def __init__(self) -> None:
        """Start without any word."""
        self._numbers: dict[str, int] = {}
        self._lemmas: dict[str, int] = {}
        self._forms: set[str] = set()
        self._letters_used = 0
        self.words = Words._make([*(np.zeros(1024, kind) for kind in "HiQdqB"), np.zeros(8192, np.uint32)])
        self.forms = Forms(*(np.zeros(4096, kind) for kind in "QiB"))

    def __len__(self) -> int:
        """Return the number of written forms."""
        return len(self._forms)

    def look_up(self, text: str, scan: Scan) -> tuple[Int32s, UInt8s]:
        """Return for every token of a text the number of its folded word and its flags."""
        folds, flags, unknown = find_forms(scan.keys, self.forms)
        if len(unknown):
            for place in unknown.tolist():
                self._add(text[scan.starts[place] : scan.ends[place]], scan.keys[place])
            folds, flags, _ = find_forms(scan.keys, self.forms)
        return folds, flags

    def number(self, folded: str) -> int:
        """Return the number of a folded word."""
        if folded not in self._numbers:
            self._numbers[folded] = len(self._numbers)
            self._describe(self._numbers[folded], folded)
        return self._numbers[folded]

    def names(self) -> list[str]:
        """Return the folded words, in the order of their numbers."""
        return list(self._numbers)

    def _add(self, written: str, key: np.uint64) -> None:
        if written in self._forms:
            return
        self._forms.add(written)
        if 2 * len(self._forms) > len(self.forms.keys):
            self.forms = _wider(self.forms)
        number = self.number(fold(written))
        flags = CAPITAL * written[0].isupper() | GLUED * self._looks_glued(written, number)
        _put_form(self.forms, key, number, flags)

    def _describe(self, number: int, folded: str) -> None:
        points = bare = code_points(folded)
        if not is_plain(folded) and is_word(folded) and len(points) <= LONGEST_WORD:
            bare = code_points(bare_letters(folded))
        if number == len(self.words.flags):
            self.words = Words._make([*(_doubled(column) for column in self.words[:-1]), self.words.letters])
        while self._letters_used + len(bare) > len(self.words.letters):
            self.words = self.words._replace(letters=_doubled(self.words.letters))
        lemma_number = self._lemmas.setdefault(lemma(SPELLED_OUT.get(folded, folded)), len(self._lemmas))
        key = np.uint64(fingerprint(points, 0, len(points)))
        _put_word(self.words, number, _flags(folded), lemma_number, key, bare, self._letters_used, table("unigrams"))
        self._letters_used += len(bare)

    def _looks_glued(self, written: str, number: int) -> bool:
        """Tell whether a token looks like two words run together: a capital inside it, or a word nobody knows."""
        return len(written) > 3 and (
            INNER_CAPITAL.search(written) is not None or not (self.words.counts[number] or written[0].isupper())
        )


_of_this_thread = local()


def current_vocabulary() -> Vocabulary:
    """Return this thread's vocabulary, a new one where the last has grown too large."""
    if len(getattr(_of_this_thread, "vocabulary", ())) > MOST_FORMS or not hasattr(_of_this_thread, "vocabulary"):
        _of_this_thread.vocabulary = Vocabulary()
    return _of_this_thread.vocabulary


def _flags(folded: str) -> int:
    """What a folded word is, as bits."""
    either = (
        IS_FUNCTION * is_function_word(folded)
        | IS_ARTICLE * (folded in ARTICLES)
        | NEGATES * (folded in NEGATING)
        | IS_STUMP * (folded in STUMPS)
        | IS_ABBREVIATION * (folded in ABBREVIATED or (len(folded) == 1 and folded.isalpha()))
    )
    if is_plain(folded):
        return either | IS_WORD | IS_READ | IS_NUMBER * (folded in NUMBER_WORDS)
    return (
        either
        | IS_WORD * is_word(folded)
        | IS_NUMBER * is_number(folded)
        | IS_CLITIC * ("'" in folded)
        | LEANS * folded.startswith("'")
        | IS_READ * (is_word(folded) or folded in READ_ALOUD)
        | HAS_TAIL * (HALF_SPELLED.fullmatch(folded) is not None)
        | IS_JOINER * (folded in "-'")
        | ENDS_SENTENCE * (folded in FULL_STOPS)
        | CLOSES * (folded in CLOSING)
    )


@compiled
def _put_form(forms: Forms, key: np.uint64, number: int, flags: int) -> None:
    """Put a written form into the table.

    `key` is uint64, `number` and `flags` are integers.
    """
    slot = slot_of(forms.keys, key)
    forms.keys[slot], forms.folds[slot], forms.flags[slot] = key, number, flags


@compiled
def _put_word(
    words: Words,
    number: int,
    flags: int,
    lemma_number: int,
    key: np.uint64,
    points: UInt32s,
    start: int,
    unigrams: Counts,
) -> None:
    """Fill in what is known of the folded word of this number; its letters stand from `start` on.

    `key` is uint64, `points` (letters) uint32; `number`, `flags`, `lemma_number` and `start` are integers.
    """
    words.flags[number], words.lemmas[number] = flags, lemma_number
    words.keys[number], words.counts[number] = key, count_of(unigrams, key)
    words.starts[number], words.lengths[number] = start, len(points) if len(points) <= LONGEST_WORD else 0
    words.letters[start : start + len(points)] = points


def _doubled(column: np.ndarray) -> np.ndarray:
    return np.concatenate([column, np.zeros_like(column)])


def _wider(forms: Forms) -> Forms:
    wider = Forms(*(np.zeros(2 * len(column), column.dtype) for column in forms))
    for row in np.flatnonzero(forms.keys).tolist():
        slot = slot_of(wider.keys, forms.keys[row])
        wider.keys[slot], wider.folds[slot], wider.flags[slot] = forms.keys[row], forms.folds[row], forms.flags[row]
    return wider


@compiled
def find_forms(keys: UInt64s, forms: Forms) -> tuple[Int32s, UInt8s, Int64s]:
    """The number of the folded word and the flags of every token, and the places of those that are not known.

    `keys` (tokens) is uint64; the results are int32 (tokens), uint8 (tokens) and int64 (unknown tokens).
    """
    count = len(keys)
    folds, flags = np.empty(count, np.int32), np.zeros(count, np.uint8)
    unknown = []
    for i in range(count):
        slot = slot_of(forms.keys, keys[i])
        if forms.keys[slot] == keys[i]:
            folds[i], flags[i] = forms.folds[slot], forms.flags[slot]
        else:
            folds[i] = UNKNOWN
            unknown.append(i)
    return folds, flags, np.array(unknown, np.int64)
