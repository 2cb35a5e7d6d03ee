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
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy.special import expit, gammaln, logit

from helpers.restoration.choices import MOST, SHORTEST_KNOWN, expected_words
from helpers.restoration.site_names import LN10, Names, names_of
from helpers.restoration.site_phrases import linked, parts_of
from helpers.restoration.site_reading import Places, Tried, is_looked_at, is_plain
from helpers.text.model_file import model
from helpers.text.thesaurus import alternatives, near_words
from helpers.text.word_counts import known, rarest_pair, similarity, table, ties

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
    thought = []
    for rows in np.split(order, starts[1:]):
        word = str(places.words[rows[0]])
        if is_looked_at(word):
            one = _Thought.of(word, rows, places, field.get(word, {}))
            thought += [one] if one.names else []
    names = names_of(chain.from_iterable((one.word, *one.names) for one in thought))
    often = np.array([counted.words[name] for name in names.number], dtype=float)
    counts = _Counts(often, names.frequency * counted.total)
    return [_of_word(one, places, names, counts) for one in thought]


class _Counts(NamedTuple):
    """How often the site has each name, and how often one would expect it."""

    often: np.ndarray
    expected: np.ndarray


def _of_word(thought: "_Thought", places: Places, names: Names, counts: _Counts) -> Evidence:
    """The evidence for a word."""
    word, rows = thought.word, thought.rows
    here, own, others = places.at(rows), names.number[word], names.of(thought.names)
    values = np.zeros((len(others), len(EVIDENCE)))
    column = {name: values[:, at] for at, name in enumerate(EVIDENCE)}
    stands, beside = _asked(own, others, here, names, column)
    _compare(own, others, names, column)
    column["alike"][:] = similarity(word, thought.names)
    _tell_whence(thought, column)
    _count(own, others, counts, column)
    _tell_what_was_put(thought.names, here, column)
    _tell_what_was_tried(thought.names, here, column)
    times = math.log(min(len(rows), MOST_TIMES))
    column["times"][:] = times
    for name in ("gain", "around", "mixture"):
        column[f"{name}_times"][:] = column[name] * times
    told = (one.astype(np.float32) for one in (values, stands, beside))
    return Evidence(word, rows, thought.names, *told)


class _Thought(NamedTuple):
    """A word, its places, the names of its originals, and who thinks of them.

    Two thesauri, the language model, the word itself, other pages.
    """

    word: str
    rows: np.ndarray
    names: list[str]
    moby: dict[str, bool]
    near: dict[str, bool]
    own: set[str]
    parts: list[str]
    seen: dict[str, float]

    @classmethod
    def of(cls, word: str, rows: np.ndarray, places: Places, seen: dict[str, float]) -> "_Thought":
        moby, near = _thesauri(word)
        own, parts = _own(word, rows, places), parts_of(word) if " " in word else []
        every = set().union(moby, near, own, parts, seen)
        names = sorted(name for name in every if name != word and _is_written(name))
        return cls(word, rows, names, moby, near, own, parts, seen)


def _compare(own: int, others: np.ndarray, names: Names, column: dict[str, np.ndarray]) -> None:
    """Fill in how a word and its candidates (rows of `names`) compare in English, wherever they stand."""
    column["commoner"][:] = np.log10(names.frequency[others]) - np.log10(names.frequency[own])
    column["function"][:] = names.function[others] != names.function[own]
    tags = names.tags[own]
    column["tags"][:] = (names.tags[others] & tags) > 0 if tags else names.tags[others] == 0
    column["embedded"][:] = names.direction[others] @ names.direction[own]
    column["same_start"][:] = (names.begins[others] == names.begins[own]) & (names.begins[others] >= 0)
    column["pieces"][:] = names.several[others]
    column["words"][:], column["words_of"][:] = names.blanks[others], names.blanks[own]


def _tell_whence(thought: _Thought, column: dict[str, np.ndarray]) -> None:
    """Fill in who thinks of each candidate."""
    names = thought.names
    column["moby"][:] = [name in thought.moby for name in names]
    column["mutual"][:] = [thought.moby.get(name, False) for name in names]
    column["near"][:] = [name in thought.near for name in names]
    column["synset"][:] = [thought.near.get(name, False) for name in names]
    column["own"][:] = [name in thought.own for name in names]
    column["part"][:] = [name in thought.parts for name in names]
    column["field"][:] = [math.log1p(thought.seen.get(name, 0.0)) for name in names]


def _own(word: str, rows: np.ndarray, places: Places) -> set[str]:
    """The words that the model would rather have written, over all places."""
    embedding, told = model().embedding, []
    for row in rows:
        top = places.top[row]
        told.append((top, np.exp(embedding[top] @ places.hidden[row].astype(np.float32) - places.whole[row])))
    return expected_words(word, told, OWN)


def _asked(
    own: int, others: np.ndarray, here: Places, names: Names, column: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Fill in what the language model and the neighbours say; return it place by place (`here`, `beside`)."""
    likely = _likely(names.first[:, others], here, here.hidden, here.whole)
    rest = names.behind_first[others]
    whole = likely + rest
    gain = (whole - here.own[:, None]).clip(-MOST, MOST)
    if here.hidden_alone.shape[1]:
        alone = _likely(names.first[:, others], here, here.hidden_alone, here.whole_alone)
        _pool_alone(alone + rest, here, column)
    tied, beside = _tied(np.append(others, own), here, names)
    stands = gain + LN10 * tied[:, :, 1]
    _pool_gain(likely, whole, gain, here.first, column)
    _pool_around(tied, column)
    column["mixture"][:] = np.logaddexp(0.0, stands.clip(-MOST, MOST)).mean(axis=0) - math.log(2)
    column["fit"][:], column["fit_share"][:] = _fitted(stands)
    wants = np.array([{"a": 1, "an": -1}.get(left, 0) for left in here.left]).mean()
    column["article"][:] = -wants * (names.vowel[others] - names.vowel[own])
    return stands, beside


def _likely(first: np.ndarray, here: Places, states: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The log probability of each name's first token in each place, written as the word there (places x names).

    `first` (2 x names): the tokens, small and with a capital; `states`, `whole`: of the places, from the one reading or
    the other.
    """
    hidden = states.astype(np.float32)
    likely = np.zeros((len(hidden), first.shape[1]), dtype=np.float32)
    for capital in (False, True):
        some = here.capital == capital
        if some.any():
            likely[some] = hidden[some] @ model().embedding[first[int(capital)]].T
    return likely - whole[:, None]


def _pool_gain(
    likely: np.ndarray, whole: np.ndarray, gain: np.ndarray, first: np.ndarray, column: dict[str, np.ndarray]
) -> None:
    """Fill in what the language model says over all places, of first tokens (`likely`) and of `whole` names."""
    low, middle, high = _quantiles(gain, 0.25, 0.5, 1.0)
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
    (column["alone_low"][:],) = _quantiles(gain, 0.25)


def _quantiles(values: np.ndarray, *shares: float) -> np.ndarray:
    """The quantiles of the columns of a table, a row each; most words stand once, and the question takes long."""
    return (
        np.broadcast_to(values, (len(shares), values.shape[1])) if len(values) == 1 else np.quantile(values, shares, 0)
    )


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


def _tied(every: np.ndarray, here: Places, names: Names) -> tuple[np.ndarray, np.ndarray]:
    """How much better each name, but the last, stands beside its neighbours than the last; how well that one does.

    `every`: rows of `names`. places x names x 2 and places x 2, log10.
    """
    (first, last), found = zip(names.keys[:, every], names.counts[:, every], strict=True), []
    for left, right in zip(here.left, here.right, strict=True):
        found.append(ties(table("bigrams"), rarest_pair(), *known(left), *known(right), *first))
    tied = np.array(found)
    if names.blanks[every].any():
        for row, right in enumerate(here.right):
            tied[row, :, 1] = ties(table("bigrams"), rarest_pair(), *known(""), *known(right), *last)[:, 1]
    return tied[:, :-1] - tied[:, -1:], tied[:, -1]


def _thesauri(word: str) -> tuple[dict[str, bool], dict[str, bool]]:
    """What the Moby Thesaurus and WordNet have for a word or a phrase."""
    if " " in word:
        return linked(word), {}
    if len(word) < SHORTEST_KNOWN:
        return {}, {}
    return alternatives(word) | linked(word), near_words(word)


@lru_cache(maxsize=200_000)
def _is_written(name: str) -> bool:
    return all(map(is_plain, name.split(" ")))


def _count(own: int, others: np.ndarray, counts: _Counts, column: dict[str, np.ndarray]) -> None:
    """Fill in what the counts of the site say of a word and its candidates."""
    expected, stands = counts.expected[others], counts.often[others]
    due, often = counts.expected[own], counts.often[own]
    moved = _log_chance(often, due + SHARE * expected) - _log_chance(often, due)
    column["moved"][:] = moved + _log_chance(stands, (1 - SHARE) * expected) - _log_chance(stands, expected)
    column["missing"][:] = np.log((expected + 0.5) / (stands + 0.5))
    column["surplus"][:] = math.log((often + 0.5) / (due + 0.5))


def _log_chance(often: np.ndarray | float, mean: np.ndarray | float) -> np.ndarray:
    """The log probability of counts that are expected to be `mean` (negative binomial of the shape BURSTS)."""
    mean = np.maximum(mean, 1e-6)
    return (
        gammaln(often + BURSTS) - gammaln(BURSTS) - gammaln(np.asarray(often) + 1.0)
        + BURSTS * np.log(BURSTS / (BURSTS + mean)) + often * np.log(mean / (BURSTS + mean))
    )  # fmt: skip
