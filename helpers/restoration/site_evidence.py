"""The places of a site's words go in; for each word those that may be its original come out, with what speaks for each.

The evidence is pooled over all places of a word in all articles: how much more readily the language model would have
written the candidate, on average, in the middle, at worst and at best; how it stands beside the neighbours; and the
counts. On a spun site the replacement is too frequent and the original too rare, and the two together point at each
other: `moved` is the log likelihood ratio of “what is too much of the one is what is missing of the other” against
“the two have nothing to do with each other” (negative binomial counts, since words come in bursts: Church and Gale
1995).
"""

import math
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import expit, gammaln, logit

from helpers.restoration.choices import (
    MOST,
    SHORTEST_KNOWN,
    direction,
    ends_so,
    expected_words,
    first_pieces,
    tags_of,
)
from helpers.restoration.site_phrases import linked, parts_of, phrase_frequency
from helpers.restoration.site_reading import Places, Tried, is_looked_at, is_plain
from helpers.text.english import is_function_word
from helpers.text.model_file import model, pieces
from helpers.text.thesaurus import alternatives, near_words
from helpers.text.word_counts import known, log_frequency, rarest_pair, similarity, table, ties

POOLED = ["gain", "gain_middle", "gain_low", "gain_high", "gain_share", "first_gain", "likely", "lead", "rank"]
AROUND = ["before", "behind", "around", "around_high", "around_share", "mixture", "article"]
WORDS = [
    *("commoner", "alike", "moby", "mutual", "synset", "near", "function", "tags", "embedded", "same_start"),
    *("own", "pieces", "field", "part", "words", "words_of"),
]
FITTED = ["fit", "fit_share"]
ALONE = ["alone", "alone_likely", "alone_low"]  # what the first reading said; 0 at the first, as the next ones
MENDED = [*ALONE, "put", "put_times", "tried_times", "tried", "tried_after", "tried_low", "tried_share", "first_said"]
COUNTED = ["moved", "missing", "surplus", "times", "gain_times", "around_times", "mixture_times"]
EVIDENCE = [*POOLED, *AROUND, *FITTED, *WORDS, *COUNTED, *MENDED]
OWN = 30  # of the words that the model would rather have written, over all places
MOST_TIMES = 48  # places of a word; more make it no surer
SHARE = 0.6  # of the originals that a spinner at work replaces, about; for `moved`
BURSTS = 0.7  # the shape of the negative binomial: how unevenly words come
STEPS, DOUBT = 6, 0.5  # of expectation maximisation over a word's places; half a place speaks for each side
LN10 = math.log(10)


class Evidence(NamedTuple):
    """A word of a site: its places (rows), the names that may be its originals, EVIDENCE of each (names x features).

    `here` (places x names): how much more readily each would have stood in each place than the word, its neighbours
    included (nats); `beside` (places x 2): how firmly the word itself holds together with those left and right of it
    (log10).
    """

    word: str
    rows: np.ndarray
    names: list[str]
    values: np.ndarray
    here: np.ndarray
    beside: np.ndarray


class Counted(NamedTuple):
    """How often a site has each word and each of the phrases that are looked at, and how many words it has."""

    words: Counter
    total: int


def evidence(places: Places, counted: Counted, field: dict[str, dict[str, float]]) -> list[Evidence]:
    """Return the evidence for each word that has candidates, by the alphabet.

    `field`: what is known of a word from elsewhere: originals, and how often each was seen.
    """
    if not len(places.words):
        return []
    order = np.argsort(places.words.astype(str), kind="stable")
    words = places.words[order]
    starts = np.flatnonzero(np.r_[True, words[1:] != words[:-1]])
    found = (
        _of_word(str(places.words[rows[0]]), rows, places, counted, field.get(str(places.words[rows[0]]), {}))
        for rows in np.split(order, starts[1:])
        if is_looked_at(str(places.words[rows[0]]))
    )
    return [one for one in found if one is not None]


def _of_word(word: str, rows: np.ndarray, places: Places, counted: Counted, seen: dict[str, float]) -> Evidence | None:
    here = places.at(rows)
    thought = _Thought(*_thesauri(word), _own(word, here), parts_of(word) if " " in word else [], seen)
    names = sorted(name for name in set().union(*thought) if name != word and _is_written(name))
    if not names:
        return None
    values = np.zeros((len(names), len(EVIDENCE)))
    column = {name: values[:, at] for at, name in enumerate(EVIDENCE)}
    stands, beside = _asked(word, names, here, column)
    _compare(word, names, column)
    _tell_whence(names, thought, column)
    _count(word, names, counted, column)
    _tell_what_was_put(names, here, column)
    _tell_what_was_tried(names, here, column)
    times = math.log(min(len(rows), MOST_TIMES))
    column["times"][:] = times
    for name in ("gain", "around", "mixture"):
        column[f"{name}_times"][:] = column[name] * times
    return Evidence(word, rows, names, values.astype(np.float32), stands.astype(np.float32), beside.astype(np.float32))


class _Thought(NamedTuple):
    """Who thinks of which originals of a word: two thesauri, the language model, the word itself, other pages."""

    moby: dict[str, bool]
    near: dict[str, bool]
    own: set[str]
    parts: list[str]
    seen: dict[str, float]


def _compare(word: str, names: list[str], column: dict[str, np.ndarray]) -> None:
    """Fill in how a word and its candidates compare in English, wherever they stand."""
    function, tags = is_function_word(word), tags_of(word)
    own_frequency = math.log10(phrase_frequency(word))
    column["commoner"][:] = [math.log10(phrase_frequency(name)) - own_frequency for name in names]
    column["alike"][:] = similarity(word, names)
    column["function"][:] = [is_function_word(name) != function for name in names]
    column["tags"][:] = [bool(tags_of(name) & tags) if tags else not tags_of(name) for name in names]
    column["embedded"][:] = np.array([direction(name) for name in names]) @ direction(word)
    column["same_start"][:] = [name[:4] == word[:4] and len(name) > 3 for name in names]
    column["pieces"][:] = [len(pieces(" " + name)) > 1 for name in names]
    column["words"][:], column["words_of"][:] = [name.count(" ") for name in names], word.count(" ")


def _tell_whence(names: list[str], thought: _Thought, column: dict[str, np.ndarray]) -> None:
    """Fill in who thinks of each candidate."""
    column["moby"][:] = [name in thought.moby for name in names]
    column["mutual"][:] = [thought.moby.get(name, False) for name in names]
    column["near"][:] = [name in thought.near for name in names]
    column["synset"][:] = [thought.near.get(name, False) for name in names]
    column["own"][:] = [name in thought.own for name in names]
    column["part"][:] = [name in thought.parts for name in names]
    column["field"][:] = [math.log1p(thought.seen.get(name, 0.0)) for name in names]


def _own(word: str, here: Places) -> set[str]:
    """The words that the model would rather have written, over all places."""
    chances = []
    for hidden, whole, top in zip(here.hidden, here.whole, here.top, strict=True):
        chances.append((top, np.exp(model().embedding[top] @ hidden.astype(np.float32) - whole)))
    return expected_words(word, chances, OWN)


def _asked(word: str, names: list[str], here: Places, column: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Fill in what the language model and the neighbours say; return it place by place (`here`, `beside`)."""
    likely = _likely(names, here, here.hidden, here.whole)
    rest = np.array([_behind_first(name) for name in names], dtype=np.float32)
    whole = likely + rest
    gain = (whole - here.own[:, None]).clip(-MOST, MOST)
    if here.hidden_alone.shape[1]:
        _pool_alone(_likely(names, here, here.hidden_alone, here.whole_alone) + rest, here, column)
    tied, beside = _tied([*names, word], here)
    stands = gain + LN10 * tied[:, :, 1]
    _pool_gain(likely, whole, gain, here.first, column)
    _pool_around(tied, column)
    column["mixture"][:] = np.logaddexp(0.0, stands.clip(-MOST, MOST)).mean(axis=0) - math.log(2)
    column["fit"][:], column["fit_share"][:] = _fitted(stands)
    wants = np.array([{"a": 1, "an": -1}.get(left, 0) for left in here.left]).mean()
    vowel = np.array([name[:1] in "aeiou" for name in names], dtype=float)
    column["article"][:] = -wants * (vowel - float(word[:1] in "aeiou"))
    return stands, beside


def _likely(names: list[str], here: Places, states: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The log probability of each name's first token in each place, written as the word there (places x names).

    `states`, `whole`: of the places, from the one reading or the other.
    """
    hidden = states.astype(np.float32)
    likely = np.zeros((len(hidden), len(names)), dtype=np.float32)
    for capital in (False, True):
        some = here.capital == capital
        if some.any():
            likely[some] = hidden[some] @ model().embedding[first_pieces(tuple(names), capital)].T
    return likely - whole[:, None]


def _pool_gain(
    likely: np.ndarray, whole: np.ndarray, gain: np.ndarray, first: np.ndarray, column: dict[str, np.ndarray]
) -> None:
    """Fill in what the language model says over all places, of first tokens (`likely`) and of `whole` names."""
    low, middle, high = np.quantile(gain, [0.25, 0.5, 1.0], axis=0)
    column["gain"][:], column["gain_middle"][:] = gain.mean(axis=0), middle
    column["gain_low"][:], column["gain_high"][:] = low, high
    column["gain_share"][:] = (gain > 0).mean(axis=0)
    column["first_gain"][:] = (likely - first[:, None]).clip(-MOST, MOST).mean(axis=0)
    pooled = whole.mean(axis=0)
    column["likely"][:], column["lead"][:] = pooled, pooled - pooled.max()
    column["rank"][:] = np.log1p(np.argsort(np.argsort(-pooled)))


def _pool_alone(whole: np.ndarray, here: Places, column: dict[str, np.ndarray]) -> None:
    """Fill in what the first reading said, which read each sentence by itself and nothing of it mended."""
    gain = (whole - here.own_alone[:, None]).clip(-MOST, MOST)
    column["alone"][:], column["alone_likely"][:] = gain.mean(axis=0), whole.mean(axis=0)
    column["alone_low"][:] = np.quantile(gain, 0.25, axis=0)


def _tell_what_was_put(names: list[str], here: Places, column: dict[str, np.ndarray]) -> None:
    """Fill in where each name was put back before the second reading."""
    put = here.put[:, None] == np.array(names, dtype=object)
    times = put.sum(axis=0)
    column["put"][:], column["put_times"][:] = put.mean(axis=0), np.log1p(times)


def _tell_what_was_tried(names: list[str], here: Places, column: dict[str, np.ndarray]) -> None:
    """Fill in how the sentences went on with each name that was tried: over its places, on average and at worst."""
    number = {name: at for at, name in enumerate(names)}
    told: dict[int, list[Tried]] = {}
    for last, every in zip(here.last.tolist(), here.tried, strict=True):
        for (until, name), one in (every or {}).items():
            if until == last and name in number:
                told.setdefault(number[name], []).append(one)
    for at, each in told.items():
        own, after, chance = np.array(each).clip(-MOST, MOST).T
        column["tried_times"][at] = math.log1p(len(each))
        column["tried"][at], column["tried_after"][at] = (own + after).mean(), after.mean()
        column["tried_low"][at], column["tried_share"][at] = np.quantile(after, 0.25), (own + after > 0).mean()
        column["first_said"][at] = chance.mean()


def _pool_around(tied: np.ndarray, column: dict[str, np.ndarray]) -> None:
    """Fill in what the neighbours say over all places (`tied`: places x names x 2)."""
    around = tied.sum(axis=2)
    column["before"][:], column["behind"][:] = tied.mean(axis=0).T
    column["around"][:], column["around_high"][:] = around.mean(axis=0), around.max(axis=0)
    column["around_share"][:] = (around > 0).mean(axis=0)


@lru_cache(maxsize=50_000)
def _behind_first(name: str) -> float:
    """The log probability of what follows a name's first token: the rest of its word, the other words of a phrase.

    By the counts of words and pairs: the language model is asked for the first token alone.
    """
    words = name.split(" ")
    others = min(0.0, LN10 * (log_frequency(tuple(words)) - log_frequency((words[0],)))) if len(words) > 1 else 0.0
    return ends_so(words[0]) + others


def _fitted(stands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How well each name explains a word's places if it stood in a share of them, and that share.

    Expectation maximisation of the share; the log likelihood ratio against none, by the root of the places.
    """
    odds = stands.clip(-MOST, MOST)
    share = np.full(odds.shape[1], 0.5)
    for _ in range(STEPS):
        chance = expit(odds + logit(share))
        share = (chance.sum(axis=0) + DOUBT) / (len(odds) + 2 * DOUBT)
    told = np.logaddexp(np.log1p(-share), np.log(share) + odds).sum(axis=0)
    return told / math.sqrt(len(odds)), share


def _tied(names: list[str], here: Places) -> tuple[np.ndarray, np.ndarray]:
    """How much better each name, but the last, stands beside its neighbours than the last; how well that one does.

    places x names x 2 and places x 2, log10.
    """
    firsts, lasts = ([name.split(" ")[side] for name in names] for side in (0, -1))
    counted, found = _counted(firsts), np.zeros((len(here.words), len(names), 2))
    for row, (left, right) in enumerate(zip(here.left, here.right, strict=True)):
        found[row] = ties(table("bigrams"), rarest_pair(), *known(left), *known(right), *counted)
    if firsts != lasts:
        counted = _counted(lasts)
        for row, right in enumerate(here.right):
            found[row, :, 1] = ties(table("bigrams"), rarest_pair(), *known(""), *known(right), *counted)[:, 1]
    return found[:, :-1] - found[:, -1:], found[:, -1]


def _counted(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The keys and the counts of words, as `ties` wants them."""
    keys, counts = zip(*map(known, words), strict=True)
    return np.array(keys, dtype=np.uint64), np.array(counts, dtype=float)


def _thesauri(word: str) -> tuple[dict[str, bool], dict[str, bool]]:
    """What the Moby Thesaurus and WordNet have for a word or a phrase."""
    if " " in word:
        return linked(word), {}
    if len(word) < SHORTEST_KNOWN:
        return {}, {}
    return alternatives(word) | linked(word), near_words(word)


def _is_written(name: str) -> bool:
    return all(map(is_plain, name.split(" ")))


def _count(word: str, names: list[str], counted: Counted, column: dict[str, np.ndarray]) -> None:
    """Fill in what the counts of the site say of a word and its candidates."""
    expected = np.array([phrase_frequency(name) for name in names]) * counted.total
    stands = np.array([counted.words[name] for name in names], dtype=float)
    own, often = phrase_frequency(word) * counted.total, float(counted.words[word])
    moved = _log_chance(often, own + SHARE * expected) - _log_chance(np.array(often), np.array(own))
    column["moved"][:] = moved + _log_chance(stands, (1 - SHARE) * expected) - _log_chance(stands, expected)
    column["missing"][:] = np.log((expected + 0.5) / (stands + 0.5))
    column["surplus"][:] = math.log((often + 0.5) / (own + 0.5))


def _log_chance(often: np.ndarray | float, mean: np.ndarray) -> np.ndarray:
    """The log probability of counts that are expected to be `mean` (negative binomial of the shape BURSTS)."""
    mean = np.maximum(mean, 1e-6)
    return (
        gammaln(often + BURSTS) - gammaln(BURSTS) - gammaln(np.asarray(often) + 1.0)
        + BURSTS * np.log(BURSTS / (BURSTS + mean)) + often * np.log(mean / (BURSTS + mean))
    )  # fmt: skip
