"""Tokens go in as fingerprints; numbers come out: one for each folded word, with what alignment must know of the word.

A word's features are worked out in Python once, when it is first met, and stand in arrays from then on, where
compiled code looks them up by number.
"""

import re
from threading import local
from typing import NamedTuple

import numpy as np

from helpers.text.compiled import Floats, Int32s, Int64s, UInt8s, UInt16s, UInt32s, UInt64s, compiled, compiled_in_place
from helpers.text.english import HALF_SPELLED, NUMBER_WORDS, is_function_word, is_number, lemma
from helpers.text.scan import Scan, code_points, fingerprint
from helpers.text.seen import seen
from helpers.text.sentence_splitter import ABBREVIATIONS
from helpers.text.spans import fold, is_plain, is_word
from helpers.text.spelling import bare_letters, has_variants
from helpers.text.word_counts import Counts, count_of, slot_of, table

# What a folded word is, as bits.
(
    IS_WORD, IS_FUNCTION, IS_NUMBER, IS_ARTICLE, IS_CLITIC, IS_JOINER, ENDS_SENTENCE, CLOSES, IS_ABBREVIATION, LEANS,
    IS_READ, NEGATES, HAS_TAIL, IS_STUMP, HAS_VARIANTS,
) = (1 << bit for bit in range(15))  # fmt: skip
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
        self._forms = 0
        self._letters_used = 0
        self.words = Words._make([*(np.zeros(1024, kind) for kind in "HiQdqB"), np.zeros(8192, np.uint32)])
        self.forms = Forms(*(np.zeros(4096, kind) for kind in "QiB"))

    def __len__(self) -> int:
        """Return the number of written forms."""
        return self._forms

    def look_up(self, text: str, scan: Scan) -> tuple[Int32s, UInt8s]:
        """Return for every token of a text the number of its folded word and its flags."""
        return self.look_up_all([text], [scan])[0]

    def look_up_all(self, texts: list[str], scans: list[Scan]) -> list[tuple[Int32s, UInt8s]]:
        """Return what `look_up` does of each text; words that are new in many texts are taken in at once."""
        keys = np.concatenate([scan.keys for scan in scans])
        ends = np.cumsum([len(scan.keys) for scan in scans])
        folds, flags, unknown = find_forms(keys, self.forms)
        if len(unknown):
            _, first = np.unique(keys[unknown], return_index=True)
            places = unknown[np.sort(first)]
            owners = np.searchsorted(ends, places, side="right")
            within = places - np.concatenate(([0], ends))[owners]
            spans = [(scans[k].starts[at], scans[k].ends[at]) for k, at in zip(owners, within, strict=True)]
            self._learn([texts[k][a:b] for k, (a, b) in zip(owners, spans, strict=True)], keys[places])
            folds[unknown], flags[unknown], _ = find_forms(keys[unknown], self.forms)
        return list(zip(np.split(folds, ends[:-1]), np.split(flags, ends[:-1]), strict=True))

    def number(self, folded: str) -> int:
        """Return the number of a folded word."""
        self._describe([folded])
        return self._numbers[folded]

    def names(self) -> list[str]:
        """Return the folded words, in the order of their numbers."""
        return list(self._numbers)

    def _learn(self, written: list[str], keys: UInt64s) -> None:
        """Take in words as they are written, each with its fingerprint."""
        folded = [fold(word) for word in written]
        self._describe(folded)
        numbers = np.array([self._numbers[word] for word in folded], np.int32)
        known = (self.words.counts[numbers] != 0).tolist()
        flags = [
            CAPITAL * word[0].isupper() | GLUED * _looks_glued(word, often)
            for word, often in zip(map(seen, written), known, strict=True)
        ]
        self._forms += len(written)
        while 2 * self._forms > len(self.forms.keys):
            self.forms = _wider(self.forms)
        _put_forms(self.forms, keys, numbers, np.array(flags, np.uint8))

    def _describe(self, folded: list[str]) -> None:
        """Work out what there is to know of the folded words that have no number yet, and give them one."""
        new = [word for word in dict.fromkeys(folded) if word not in self._numbers]
        if not new:
            return
        first, start = len(self._numbers), self._letters_used
        self._numbers.update((word, first + at) for at, word in enumerate(new))
        letters = list(map(_letters, new))
        self._letters_used += sum(map(len, letters))
        while len(self._numbers) > len(self.words.flags):
            self.words = Words._make([*(_doubled(column) for column in self.words[:-1]), self.words.letters])
        while self._letters_used > len(self.words.letters):
            self.words = self.words._replace(letters=_doubled(self.words.letters))
        here = slice(first, len(self._numbers))
        self.words.flags[here] = list(map(_flags, new))
        lemmas = (lemma(SPELLED_OUT.get(word, word)) for word in new)
        self.words.lemmas[here] = [self._lemmas.setdefault(word, len(self._lemmas)) for word in lemmas]
        sizes = np.array(list(map(len, letters)))
        self.words.starts[here] = start + np.cumsum(sizes) - sizes
        self.words.lengths[here] = np.where(sizes <= LONGEST_WORD, sizes, 0)
        self.words.letters[start : self._letters_used] = code_points("".join(letters))
        ends = np.cumsum([len(word) for word in new])
        self.words.keys[here], self.words.counts[here] = _counted(code_points("".join(new)), ends, table("unigrams"))


def _looks_glued(written: str, known: bool) -> bool:
    """Tell whether a token looks like two words run together: a capital inside it, or a word nobody knows."""
    return len(written) > 3 and (INNER_CAPITAL.search(written) is not None or not (known or written[0].isupper()))


def _letters(folded: str) -> str:
    """The letters of a folded word by which it is compared with others; a sign as it is."""
    if not is_plain(folded) and is_word(folded) and len(folded) <= LONGEST_WORD:
        return bare_letters(folded)
    return folded


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
        | HAS_VARIANTS * has_variants(folded)
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


@compiled_in_place
def is_content(flags: int) -> bool:
    """Tell whether a folded word with these flags, an integer, is a content word."""
    return flags & IS_WORD != 0 and not flags & IS_FUNCTION


@compiled
def _put_forms(forms: Forms, keys: UInt64s, numbers: Int32s, flags: UInt8s) -> None:
    """Put written forms into the table.

    `keys` (forms) is uint64, `numbers` of the folded words (forms) int32, `flags` (forms) uint8.
    """
    for k in range(len(keys)):
        slot = slot_of(forms.keys, keys[k])
        forms.keys[slot], forms.folds[slot], forms.flags[slot] = keys[k], numbers[k], flags[k]


@compiled
def _counted(points: UInt32s, ends: Int64s, unigrams: Counts) -> tuple[UInt64s, Floats]:
    """The fingerprints of words, one behind the other in `points`, and how often the web has each.

    `points` (letters) is uint32, `ends` (words) int64; the results (words) are uint64 and float64.
    """
    keys, counts = np.empty(len(ends), np.uint64), np.empty(len(ends))
    start = 0
    for k in range(len(ends)):
        keys[k] = fingerprint(points, start, ends[k])
        counts[k], start = count_of(unigrams, keys[k]), ends[k]
    return keys, counts


def _doubled(column: np.ndarray) -> np.ndarray:
    return np.concatenate([column, np.zeros_like(column)])


def _wider(forms: Forms) -> Forms:
    wider = Forms(*(np.zeros(2 * len(column), column.dtype) for column in forms))
    _put_forms(wider, *(column[forms.keys != 0] for column in forms))
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
