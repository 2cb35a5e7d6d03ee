"""The runs of a pair go in; the places of its substitutions come out, in the order of the spun text.

A word put in or left out takes an unchanged neighbour with it, the content word with which it makes a phrase.
"""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.comparison.alignment.edit_costs import LEAST_COHESIVE
from helpers.comparison.alignment.rows import DELETE, EQUAL, INSERT, MOVE, SUBSTITUTE
from helpers.comparison.alignment.vocabulary import IS_FUNCTION, LEANS, NEGATES, Words
from helpers.comparison.places import Place
from helpers.comparison.runs import ReadRuns, Runs
from helpers.comparison.span_words import SpanWords, TextWords
from helpers.text.compiled import Bools, Floats, Int64s, UInt8s, UInt32s, compiled, compiled_within
from helpers.text.scan import OPENING_BRACKET, SPACE
from helpers.text.seen import AMPERSAND, LESS_THAN
from helpers.text.spans import fold, folded_words, tokens
from helpers.text.word_counts import Counts, table, tie

LONGEST_STRAY = 3  # words put in or left out that still belong to a phrase; more are an added or dropped passage
CONTEXT = 60  # characters in front of a place in which a doubled word is looked for
NEAR = 100  # words put in or left out before and behind one that are looked through for the same: a book has many
NEW_LINE, FIRST_BEYOND_ASCII, BACKTICK, APOSTROPHE = 10, 128, 96, 39
DIFFER, SAME, ASK = 1, 0, 2  # whether two phrases are the same, folded; for more than ASCII, Python knows


class Places(NamedTuple):
    """Places of substitutions: their offsets (places x 4, as `OFFSETS`) and how sure each is."""

    offsets: Int64s
    sure: Floats

    def as_list(self) -> list[Place]:
        """Return the places as tuples."""
        return [(*offsets, sure) for offsets, sure in zip(self.offsets.tolist(), self.sure.tolist(), strict=True)]


def places_from(found: list[Place]) -> Places:
    """Return places as arrays.

    >>> places_from([(0, 4, 0, 3, 0.5)]).offsets.tolist()
    [[0, 4, 0, 3]]
    """
    return Places(
        np.array([place[:4] for place in found], np.int64).reshape(-1, 4), np.array([place[4] for place in found])
    )


def places_of(read: ReadRuns) -> Places:
    """Return the places of all substitutions of a pair.

    A word put in beside itself (brand brand new) is a word doubled, and no phrase for its neighbour, unless the page
    has that phrase for it elsewhere too.
    """
    places = Places(
        *_places(
            read.runs, read.spun.points, read.reference.points, read.spun_words, read.reference_words, _swaps(read),
            read.vocabulary.words, table("bigrams"), read.tables.classes,
        )
    )  # fmt: skip
    return _without_doubled(places, read)


def _swaps(read: ReadRuns) -> Bools:
    """Mark the runs that are substitutions of words for words."""
    found, asked = _differ(read.runs, read.spun.points, read.reference.points, read.tables.letters)
    for run in asked.tolist():
        a, b, c, d = read.runs.offsets[run].tolist()
        found[run] = fold(read.spun.text[a:b]) != fold(read.reference.text[c:d])
    return found


@compiled
def _differ(runs: Runs, points: UInt32s, others: UInt32s, letters: Bools) -> tuple[Bools, Int64s]:
    """Mark the runs that are substitutions of words for other words; returns of which Python must be asked, too.

    `points` (characters of the spun text) and `others` (of the reference) are uint32, `letters` (by character) is bool;
    the results are bool (runs) and int64 (runs to be asked of).
    """
    found, asked, count = np.zeros(len(runs.ops), np.bool_), np.empty(len(runs.ops), np.int64), 0
    for run in range(len(found)):
        if runs.ops[run] == SUBSTITUTE:
            a, b = runs.offsets[run, 0], runs.offsets[run, 1]
            c, d = runs.offsets[run, 2], runs.offsets[run, 3]
            if _any(letters, points, a, b) and _any(letters, others, c, d):
                answer = _fold_differs(points, a, b, others, c, d)
                found[run] = answer == DIFFER
                if answer == ASK:
                    asked[count] = run
                    count += 1
    return found, asked[:count].copy()


@compiled
def hold(marks: Bools, points: UInt32s, starts: Int64s, ends: Int64s) -> Bools:
    """Mark the spans of a text that hold a character that is marked.

    `marks` (by character) is bool, `points` (characters) uint32, `starts` and `ends` (spans) are int64.
    """
    found = np.empty(len(starts), np.bool_)
    for span in range(len(starts)):
        found[span] = _any(marks, points, starts[span], ends[span])
    return found


@compiled_within
def _any(marks: Bools, points: UInt32s, start: int, end: int) -> bool:
    """Tell whether any of points[start:end] is marked.

    `marks` (by character) is bool, `points` (characters) uint32; `start` and `end` are integers.
    """
    for k in range(start, end):  # noqa: SIM110 - numba compiles a plain loop best
        if marks[points[k]]:
            return True
    return False


@compiled
def _is_asked(point: int) -> bool:
    """Tell whether a character may not stand for itself: one beyond ASCII, or that opens a bracket, entity or tag."""
    return point >= FIRST_BEYOND_ASCII or point in (OPENING_BRACKET, AMPERSAND, LESS_THAN)


@compiled
def _fold_differs(points: UInt32s, a: int, b: int, others: UInt32s, c: int, d: int) -> int:
    """Whether two phrases differ, folded (see `fold`): DIFFER or SAME; ASK where Python knows (see `_is_asked`).

    `points` and `others` (characters) are uint32, the other arguments integers.
    """
    for k in range(a, b):
        if _is_asked(points[k]):
            return ASK
    for k in range(c, d):
        if _is_asked(others[k]):
            return ASK
    a, c = _behind_space(points, a, b), _behind_space(others, c, d)
    while a < b and c < d:
        if _is_space(points[a]) != _is_space(others[c]):
            break
        if _is_space(points[a]):
            a, c = _behind_space(points, a, b), _behind_space(others, c, d)
        elif _folded(points[a]) == _folded(others[c]):
            a, c = a + 1, c + 1
        else:
            return DIFFER
    return SAME if _behind_space(points, a, b) == b and _behind_space(others, c, d) == d else DIFFER


@compiled_within
def _is_space(point: int) -> bool:
    """Tell whether a character of ASCII is white space, as Python has it.

    `point` is uint32.
    """
    return point == 32 or 9 <= point <= 13 or 28 <= point <= 31


@compiled_within
def _behind_space(points: UInt32s, at: int, end: int) -> int:
    """Where white space that begins here ends.

    `points` (characters) is uint32, `at` and `end` are integers.
    """
    while at < end and _is_space(points[at]):
        at += 1
    return at


@compiled_within
def _folded(point: int) -> int:
    """A character of ASCII, folded.

    `point` is uint32, the result an integer.
    """
    if 65 <= point <= 90:
        return point + 32
    return APOSTROPHE if point == BACKTICK else point


@compiled
def _strays(
    runs: Runs, points: UInt32s, others: UInt32s, words: SpanWords, other_words: SpanWords, classes: UInt8s
) -> Bools:
    """Mark the runs put in or left out that are a few words inside a line, and no passage of their own.

    For the arguments see `_places`; the result (runs) is bool.
    """
    found = np.zeros(len(runs.ops), np.bool_)
    for run in range(len(found)):
        if runs.ops[run] == INSERT or runs.ops[run] == DELETE:
            put_in = runs.ops[run] == INSERT
            own, text, side = (words, points, 0) if put_in else (other_words, others, 2)
            first, last = own.firsts[run], own.firsts[run + 1]
            few = first < last <= first + LONGEST_STRAY and np.all(own.words[first:last])
            found[run] = few and not breaks_inside(text, runs.offsets[run, side], runs.offsets[run, side + 1], classes)
    return found


@compiled_within
def breaks_inside(points: UInt32s, start: int, end: int, classes: UInt8s) -> bool:
    """Tell whether points[start:end] hold a line break, the white space at their ends apart.

    `points` (characters) is uint32, `classes` (by character) uint8; `start` and `end` are integers.
    """
    while start < end and classes[points[start]] & SPACE:
        start += 1
    while start < end and classes[points[end - 1]] & SPACE:
        end -= 1
    return _breaks(points, start, end)


@compiled
def _following(run: int, words: SpanWords, others: SpanWords) -> int:
    """The run behind one, an integer; white space that differs between the texts is passed over."""
    behind = run + 1
    if behind + 1 < len(words.firsts):
        behind += (
            words.firsts[behind] == words.firsts[behind + 1] and others.firsts[behind] == others.firsts[behind + 1]
        )
    return behind


@compiled
def _places(
    runs: Runs,
    points: UInt32s,
    others: UInt32s,
    words: SpanWords,
    other_words: SpanWords,
    swaps: Bools,
    known: Words,
    bigrams: Counts,
    classes: UInt8s,
) -> tuple[Int64s, Floats]:
    """The places as they are read, a word put in with the neighbour with which it makes a phrase.

    `points` and `others` (characters) are uint32, `swaps` (runs) is bool, `classes` (by character) uint8. The results
    are the columns of `Places`.
    """
    ops, offsets, sure = runs
    strays = _strays(runs, points, others, words, other_words, classes)
    places, sures, found = np.empty((len(ops), 4), np.int64), np.empty(len(ops)), 0
    waiting = np.empty(4, np.int64)  # a stray whose only neighbour is the substitution that comes next
    waits, waiting_sure = False, 0.0
    span = np.empty(4, np.int64)
    company = _company(ops, words, other_words, strays, known, bigrams)
    for run in range(len(ops)):
        if swaps[run]:
            places[found], sures[found] = offsets[run], sure[run]
            found += 1
            if waits:  # where a side of it is empty, that is where the substitution begins, behind the white space
                for side in (0, 2):
                    if waiting[side] == waiting[side + 1]:
                        waiting[side] = waiting[side + 1] = places[found - 1, side]
                _join(places, sures, found - 1, waiting, waiting_sure)
            waits = False
        elif strays[run]:
            text, side = (points, 0) if ops[run] == INSERT else (others, 2)
            _trim(text, offsets[run], side, classes, span)
            after = _following(run, words, other_words)
            opens = _breaks(text, offsets[run, side], span[side])  # a line: there is no neighbour in front
            closes = after == len(ops) or _breaks(text, span[side + 1], offsets[after, side])
            neighbour = _with_neighbour(
                runs, run, opens, -1 if closes else after, span, points, words, other_words if side else words,
                company, swaps, known, bigrams, classes,
            )  # fmt: skip
            if neighbour:
                last = found - 1
                touches = found > 0 and (
                    span[0] < places[last, 1] or (span[2] < places[last, 3] and places[last, 3] <= span[3])
                )
                if touches:
                    _join(places, sures, last, span, sure[run])
                else:
                    places[found], sures[found] = span, sure[run]
                    found += 1
            elif not opens and _follows(places, found, offsets, swaps, run):
                _join(places, sures, found - 1, span, sure[run])
            elif not closes and swaps[after]:
                waits, waiting_sure = True, sure[run]
                waiting[:] = span
    return places[:found].copy(), sures[:found].copy()


@compiled
def _company(
    ops: UInt8s, words: SpanWords, other_words: SpanWords, strays: Bools, known: Words, bigrams: Counts
) -> Int64s:
    """On which side of stray words a page has the same neighbour wherever it has them: -1 left, 1 right, 0 not known.

    “And also keep”, “and also leave”, “and also check” for “and keep”, “and leave”, “and check”: it goes with “and”.
    Where that is not known, words on both sides of a single word go with it if all three belong together: “to make use
    of it” for “to use it”.
    `ops` (runs) is uint8, `strays` (runs) bool, the result (runs) int64.
    """
    found = np.zeros(len(ops), np.int64)
    places = np.flatnonzero(strays)
    for number in range(len(places)):
        run = int(places[number])
        own = words if ops[run] == INSERT else other_words
        left, right = 0, 0
        for near in range(max(0, number - NEAR), min(len(places), number + NEAR)):
            other = int(places[near])
            if other == run or ops[other] != ops[run] or not _same_words(own, run, other):
                continue
            left += 1 if _same_neighbour(words, run, other, -1) else -1
            right += 1 if _same_neighbour(words, run, other, 1) else -1
        if left > 0 >= right or right > 0 >= left:
            found[run] = 1 if right > left else -1
    for run in range(len(ops) - 2):
        alike = strays[run] and strays[run + 2] and ops[run] == ops[run + 2]
        if alike and words.firsts[run + 2] - words.firsts[run + 1] == 1:
            own = words if ops[run] == INSERT else other_words
            before, word = own.folds[own.firsts[run + 1] - 1], words.folds[words.firsts[run + 1]]
            behind = own.folds[own.firsts[run + 2]]
            if _belong(before, word, known, bigrams) and _belong(word, behind, known, bigrams):
                found[run] = found[run] or 1
                found[run + 2] = found[run + 2] or -1
    return found


@compiled
def _belong(word: int, next_word: int, known: Words, bigrams: Counts) -> bool:
    """Tell whether two words, given as numbers, stand together more often than by chance."""
    keys, counts = known.keys, known.counts
    return tie(bigrams, keys[word], counts[word], keys[next_word], counts[next_word]) > LEAST_COHESIVE


@compiled
def _same_words(words: SpanWords, one: int, other: int) -> bool:
    """Tell whether two runs have the same words; `one` and `other`, which are integers, are their numbers."""
    first, second = words.firsts[one], words.firsts[other]
    size = words.firsts[one + 1] - first
    if words.firsts[other + 1] - second != size:
        return False
    for k in range(size):  # noqa: SIM110 - numba compiles a plain loop best
        if words.folds[first + k] != words.folds[second + k]:
            return False
    return True


@compiled
def _same_neighbour(words: SpanWords, one: int, other: int, step: int) -> bool:
    """Tell whether the words of the spun text behind two runs (in front of them, where `step` is -1) are the same.

    The arguments but the first are integers.
    """
    last = len(words.firsts) - 2
    if min(one, other) + step < 0 or max(one, other) + step > last:
        return False
    first, second = words.firsts[one + step], words.firsts[other + step]
    end, second_end = words.firsts[one + step + 1], words.firsts[other + step + 1]
    if first == end or second == second_end:
        return False
    if step < 0:
        return words.folds[end - 1] == words.folds[second_end - 1]
    return words.folds[first] == words.folds[second]


@compiled
def _follows(places: Int64s, found: int, offsets: Int64s, swaps: Bools, run: int) -> bool:
    """Tell whether the run before is the last place that was found.

    `places` (room x 4) and `offsets` (runs x 4) are int64, `swaps` (runs) is bool; the others are integers.
    """
    if not found or not run or not swaps[run - 1]:
        return False
    return places[found - 1, 0] == offsets[run - 1, 0] and places[found - 1, 1] == offsets[run - 1, 1]


@compiled
def _join(places: Int64s, sures: Floats, at: int, span: Int64s, sure: float) -> None:
    """Widen a place by a span (4 offsets); it is as sure as the less sure of them.

    `places` (room x 4) and `span` (4) are int64, `sures` (room) and `sure` float64, `at` is an integer.
    """
    for side in (0, 2):
        places[at, side] = min(places[at, side], span[side])
        places[at, side + 1] = max(places[at, side + 1], span[side + 1])
    sures[at] = min(sures[at], sure)


@compiled
def _trim(points: UInt32s, offsets: Int64s, side: int, classes: UInt8s, span: Int64s) -> None:
    """Fill in a stray's place (four offsets) without the white space around it.

    `points` (characters) is uint32, `offsets` (4) and `span` (4) are int64, `classes` (by character) is uint8, and
    `side`, where the stray's offsets stand, an integer.
    """
    span[:] = offsets
    while classes[points[span[side]]] & SPACE:
        span[side] += 1
    while classes[points[span[side + 1] - 1]] & SPACE:
        span[side + 1] -= 1


@compiled
def _with_neighbour(
    runs: Runs,
    run: int,
    opens: bool,
    behind: int,
    span: Int64s,
    points: UInt32s,
    words: SpanWords,
    own: SpanWords,
    company: Int64s,
    swaps: Bools,
    known: Words,
    bigrams: Counts,
    classes: UInt8s,
) -> bool:
    """Widen the span of stray words by one unchanged neighbour, the content word with which they make a phrase.

    Tells whether there is one. On a tie it is the word to the right: English modifiers stand in front of what they
    modify. `opens` (bool) tells that the stray begins a line, `behind` is the run behind it on the line, or -1. `own`
    are the stray's words, `words` those of the runs in the spun text; `company` (runs, int64) is what `_company`
    says; for the others see `_places`.
    """
    ops, offsets, _ = runs
    put_in = ops[run] == INSERT
    # A row that was moved away can be the next in the table and yet not touch the stray on the reference side.
    left = run > 0 and not opens and _is_kept(runs, swaps, run - 1)
    left = left and (put_in or offsets[run - 1, 3] == offsets[run, 2])
    right = behind >= 0 and _is_kept(runs, swaps, behind)
    right = right and (put_in or offsets[behind, 2] == offsets[behind - 1, 3])
    right = right and (put_in or offsets[run + 1, 2] == offsets[run, 3])
    before = _last_word(points, offsets, words, run - 1, known, classes) if left else -1
    after = np.int64(-1)
    if right:
        after = words.firsts[behind]
        right = after < words.firsts[behind + 1] and _is_whole(words, after, known)
        right = right and not _breaks(points, offsets[behind, 0], words.starts[after])
    first, last = own.folds[own.firsts[run]], own.folds[own.firsts[run + 1] - 1]
    side = 1 if (known.flags[first] | known.flags[last]) & NEGATES else company[run]
    if right and before >= 0 and not side:
        side = 1 if _rather_right(words.folds[before], first, last, words.folds[after], known, bigrams) else -1
    if before >= 0 and not (right and side > 0):
        width = words.ends[before] - words.starts[before]
        at, there = offsets[run - 1, 1], offsets[run - 1, 3]
        span[0], span[2] = at - width, there - width
        if put_in:
            span[3] = there
        else:
            span[1] = at
        return True
    if not right:
        return False
    at, there = offsets[behind, 0], offsets[behind, 2]
    start, end = words.starts[after] - at, words.ends[after] - at
    span[1], span[3] = at + end, there + end
    if put_in:
        span[2] = there + start
    else:
        span[0] = at + start
    return True


@compiled
def _is_kept(runs: Runs, swaps: Bools, run: int) -> bool:
    """Tell whether the two sides of a run are the same, or differ only in their capitals.

    `swaps` (runs) is bool, `run` an integer.
    """
    if runs.ops[run] != SUBSTITUTE:
        return runs.ops[run] in (EQUAL, MOVE)
    a, b, c, d = runs.offsets[run]
    return not swaps[run] and b - a == d - c


@compiled
def _breaks(points: UInt32s, start: int, end: int) -> bool:
    """Tell whether points[start:end] hold a line break.

    `points` (characters) is uint32, `start` and `end` are integers.
    """
    for k in range(start, end):  # noqa: SIM110 - numba compiles a plain loop best
        if points[k] == NEW_LINE:
            return True
    return False


@compiled
def _is_whole(words: SpanWords, token: int, known: Words) -> bool:
    """Tell whether a token can be a neighbour: a word, and no possessive or other ending that leans on one.

    `token` is an integer.
    """
    return words.words[token] and not known.flags[words.folds[token]] & LEANS


@compiled
def _last_word(points: UInt32s, offsets: Int64s, words: SpanWords, run: int, known: Words, classes: UInt8s) -> int:
    """The token that ends a run and is a word; -1 where it ends otherwise.

    `points` (characters) is uint32, `offsets` (runs x 4) int64, `classes` (by character) uint8, `run` an integer.
    """
    last, end = words.firsts[run + 1] - 1, offsets[run, 1]
    if last < words.firsts[run] or not _is_whole(words, last, known) or classes[points[end - 1]] & SPACE:
        return -1
    return -1 if _breaks(points, words.ends[last], end) else last


@compiled
def _rather_right(before: int, first: int, last: int, after: int, known: Words, bigrams: Counts) -> bool:
    """Tell whether stray words go with the word behind them: the one with the firmer tie, or a content word.

    All words are numbers.
    """
    ties = (
        tie(bigrams, known.keys[before], known.counts[before], known.keys[first], known.counts[first]),
        tie(bigrams, known.keys[last], known.counts[last], known.keys[after], known.counts[after]),
    )
    if ties[0] == ties[1]:  # two words that were never seen together, for the most part
        return not known.flags[after] & IS_FUNCTION or known.flags[before] & IS_FUNCTION != 0
    return ties[1] > ties[0]


def _without_doubled(places: Places, read: ReadRuns) -> Places:
    """The places, those of doubled words at the words that are doubled."""
    offsets = places.offsets
    perhaps = np.flatnonzero(_may_be_doubled(offsets, *read.wholes))
    if not len(perhaps):
        return places
    texts = read.spun.text, read.reference.text

    @lru_cache(maxsize=1)
    def pairs() -> Counter:
        return Counter((fold(texts[0][a:b]), fold(texts[1][c:d])) for a, b, c, d in offsets.tolist())

    found = offsets.copy()
    for number in perhaps:
        found[number] = _doubled(offsets[number].tolist(), *texts, pairs)
    if np.array_equal(found, offsets):
        return places
    one_each = len(np.unique(found[:, :2], axis=0)) == len(found)
    return Places(found, places.sure) if one_each else places


@compiled
def _may_be_doubled(offsets: Int64s, whole: TextWords, other_whole: TextWords) -> Bools:
    """Mark the places of which one side is two words and the other the last of them; for some Python must be asked.

    `offsets` (places x 4) is int64, the result (places) bool.
    """
    found = np.zeros(len(offsets), np.bool_)
    for place in range(len(offsets)):
        first, last = whole.opens[offsets[place, 0]], whole.closes[offsets[place, 1]]
        other, other_last = other_whole.opens[offsets[place, 2]], other_whole.closes[offsets[place, 3]]
        if min(first, last, other, other_last) < 0:
            found[place] = True
        elif min(last - first, other_last - other) == 1 and max(last - first, other_last - other) == 2:
            found[place] = whole.folds[last - 1] == other_whole.folds[other_last - 1]
    return found


def _doubled(offsets: list[int], spun_text: str, reference_text: str, pairs: Callable[[], Counter]) -> list[int]:
    """The place of a word doubled in one of the texts, where a place is one that was read with the word behind it."""
    a, b, c, d = offsets
    sides = [(spun_text, a, b), (reference_text, c, d)]
    if sorted(len(folded_words(text[start:end])) for text, start, end in sides) != [1, 2]:
        return offsets
    words = [tokens(text[start:end]) for text, start, end in sides]
    if sorted(map(len, words)) != [1, 2] or words[0][-1].fold != words[1][-1].fold:
        return offsets
    longer = int(len(words[1]) == 2)
    befores = [max(0, start - CONTEXT) for _, start, _ in sides]
    ahead = [tokens(text[before:start]) for (text, start, _), before in zip(sides, befores, strict=True)]
    same = all(ahead) and ahead[0][-1].fold == ahead[1][-1].fold == words[longer][0].fold
    if not same or pairs()[tuple(fold(text[start:end]) for text, start, end in sides)] > 1:
        return offsets
    found: list[int] = []
    for side, before in enumerate(befores):
        last = ahead[side][-1]
        end = sides[side][1] + words[side][0].end if side == longer else before + last.end
        found += [before + last.start, end]
    return found
