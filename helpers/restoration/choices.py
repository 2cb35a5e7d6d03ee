"""A reading goes in; for each of its words those that may have stood there come out, ranked, with what speaks for them.

A spinner replaces a word by one that its dictionary calls a synonym, the same one nearly everywhere. So the candidates
of a word are wide: the Moby Thesaurus, WordNet, and what the language model itself would rather have written; and what
speaks for each is pooled over all places where the word stands. The model is asked nothing new for it: its state in
front of each word (`text/sentence_states.py`) gives the probability of any other word there in one product.
"""

import math
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from helpers.detection.misfits import misfits
from helpers.detection.weights import weights
from helpers.text.annotated import Reading, neighbours
from helpers.text.english import is_function_word
from helpers.text.model_file import model, pieces
from helpers.text.sentence_states import States, parts_read, states
from helpers.text.thesaurus import RAREST, alternatives, near_words, readings
from helpers.text.word_counts import (
    CORPUS_TOKENS,
    article_gain,
    frequency,
    key_of,
    known,
    rarest_pair,
    similarity,
    table,
    ties,
    word_count,
)

RANK_FEATURES = [
    *("before", "behind", "elsewhere", "commoner", "stands", "article", "alike", "moby", "mutual"),
    *("synset", "near", "function", "tags", "embedded", "same_start", "own", "pieces", "times"),
    *("gain", "pooled_gain", "pooled_first", "likely", "pooled_likely", "rank", "lead"),
    *("gain_times", "elsewhere_times"),
]
LOOKED_AT = ["surprisal", "spread", "beyond", "next_surprisal", "next_beyond", "ahead", "best_ahead", "tokens"]
POOLED = ["suspicion", "beyond", "next_beyond", "probable", "score", "ahead"]
CHOICE_FEATURES = [
    *("probable", "log_probable", "margin", "score", "pooled_probable", "all_scores", "suspicion", "suspected"),
    *("strain", "frequency", "capital", "short", *LOOKED_AT),
    *(f"best_{name}" for name in RANK_FEATURES),
    *(f"pooled_{name}_of" for name in POOLED),
    *("text_suspected", "text_probable", "text_suspects", "same_best"),
]
SHORTEST = 2  # letters of a word for which another is looked for
SHORTEST_KNOWN = 3  # letters of a word that is looked up in the thesauri
OWN = 30  # of the words that the model would rather have written, over all places
BEGUN = 40_000  # commonest words of which it is known with which token they begin
MOST = 12.0  # nats: beyond, a model that is sure knows no more
LEAST_CHANCE = 1e-4
UNSUSPECTED = -4.0  # log odds of a word that detection does not look at
LEAST_SUSPECTED = -1.0  # below it a word's suspicion says no less


class Choices(NamedTuple):
    """A word, the tokens where it stands, the words that may have stood there, and RANK_FEATURES of each.

    `values`: places x names x features.
    """

    word: str
    places: list[int]
    names: list[str]
    values: np.ndarray


class Place(NamedTuple):
    """Where a word stands in what the language model read: the sentence, its first token, the one behind its last."""

    sentence: States
    first: int
    end: int


def where(reading: Reading) -> dict[int, Place]:
    """Return for each token of a reading its place in what the language model read."""
    spans = parts_read(reading.text)
    made = states([reading.text[start:end] for start, end in spans])
    starts = np.array([start for start, _ in spans], dtype=int)
    found = {}
    for number, token in enumerate(reading.tokens):
        at = int(np.searchsorted(starts, token.start, side="right")) - 1
        if at >= 0 and token.end <= spans[at][1] and len(made[at].ids):
            found[number] = Place(made[at], *made[at].of(token.start - spans[at][0], token.end - spans[at][0]))
    return found


def choices(reading: Reading, places: dict[int, Place]) -> list[Choices]:
    """Return the choices for every word of a reading that has any; `places` are those of `where`."""
    groups: dict[str, list[int]] = {}
    for number, word in enumerate(reading.words):
        if number in places and len(word) >= SHORTEST and word.isalpha() and word.isascii():
            groups.setdefault(word, []).append(number)
    found = (_choices(reading, word, numbers, [places[at] for at in numbers]) for word, numbers in groups.items())
    return [one for one in found if one is not None]


def _choices(reading: Reading, word: str, numbers: list[int], places: list[Place]) -> Choices | None:
    long = len(word) >= SHORTEST_KNOWN
    moby, near = (alternatives(word), near_words(word)) if long else ({}, {})
    own = _expected(word, places)
    names = sorted(name for name in {*moby, *near, *own} if name != word and name.isalpha())
    if not names:
        return None
    values = np.zeros((len(places), len(names), len(RANK_FEATURES)))
    column = {name: values[:, :, at] for at, name in enumerate(RANK_FEATURES)}
    keys = np.array([key_of(name) for name in [*names, word]], dtype=np.uint64)
    counts = np.array([word_count(name) for name in [*names, word]], dtype=float)
    for row, number in enumerate(numbers):
        left, right = neighbours(reading, number, number)
        tied = ties(table("bigrams"), rarest_pair(), *known(left), *known(right), keys, counts)
        values[row, :, :2] = tied[:-1] - tied[-1]
        if left in ("a", "an"):
            column["article"][row] = [article_gain(left, word, name) for name in names]
    column["elsewhere"][:] = values[:, :, :2].sum(axis=2).mean(axis=0)
    own_frequency = math.log10(frequency(word))
    column["commoner"][:] = [math.log10(frequency(name)) - own_frequency for name in names]
    column["stands"][:] = np.log1p([reading.counts[name] for name in names])
    column["alike"][:] = similarity(word, names)
    column["moby"][:] = [name in moby for name in names]
    column["mutual"][:] = [moby.get(name, False) for name in names]
    column["synset"][:] = [near.get(name, False) for name in names]
    column["near"][:] = [name in near for name in names]
    function = is_function_word(word)
    column["function"][:] = [is_function_word(name) != function for name in names]
    tags = tags_of(word)
    column["tags"][:] = [bool(tags_of(name) & tags) if tags else not tags_of(name) for name in names]
    column["embedded"][:] = np.array([direction(name) for name in names]) @ direction(word)
    column["same_start"][:] = [name[:4] == word[:4] and len(name) > 3 for name in names]
    column["own"][:] = [name in own for name in names]
    column["pieces"][:] = [len(pieces(" " + name)) > 1 for name in names]
    column["times"][:] = math.log(len(places))
    _ask(reading, names, numbers, places, column)
    return Choices(word, numbers, names, values)


def _ask(
    reading: Reading, names: list[str], numbers: list[int], places: list[Place], column: dict[str, np.ndarray]
) -> None:
    """Fill in what the language model says: of the first piece of each name, against the word that stands there."""
    likely = column["likely"]
    own = np.array([place.sentence.own[place.first : place.end].sum() for place in places])[:, None]
    first = np.array([place.sentence.own[place.first] for place in places])[:, None]
    for row, (number, place) in enumerate(zip(numbers, places, strict=True)):
        capital = reading.text[reading.tokens[number].start].isupper()
        likely[row] = place.sentence.log_probabilities(place.first, first_pieces(tuple(names), capital))
    times = math.log(len(places))
    column["gain"][:] = (likely - own).clip(-MOST, MOST)
    column["pooled_gain"][:] = column["gain"].mean(axis=0)
    column["pooled_first"][:] = (likely - first).clip(-MOST, MOST).mean(axis=0)
    pooled = likely.mean(axis=0)
    column["pooled_likely"][:] = pooled
    column["rank"][:] = np.log1p(np.argsort(np.argsort(-pooled)))
    column["lead"][:] = pooled - pooled.max()
    column["gain_times"][:] = column["pooled_gain"] * times
    column["elsewhere_times"][:] = column["elsewhere"] * times


def _expected(word: str, places: list[Place]) -> set[str]:
    """The words that the model would rather have written, over all places."""
    tops = [(place, place.sentence.top[place.first]) for place in places]
    told = [(ids, np.exp(place.sentence.log_probabilities(place.first, ids))) for place, ids in tops]
    return expected_words(word, told, OWN)


def expected_words(word: str, told: Iterable[tuple[np.ndarray, np.ndarray]], most: int) -> set[str]:
    """Return the words that the model would rather have written than one, over all its places, at most so many.

    `told`: for each place the model's tokens that are likeliest there, and their probabilities.
    """
    numbers, chances = (np.concatenate(columns) for columns in zip(*told, strict=True))
    written = _whole_words()
    which = written.number[numbers]
    some, where = np.unique(which[which >= 0], return_inverse=True)
    whole = np.bincount(where, chances[which >= 0], len(some))
    best = [written.names[number] for number in some[np.lexsort((some, -whole))[: most + 1]]]
    return set([name for name in best if name != word][:most])


class _Written(NamedTuple):
    """The model's tokens that are words of some frequency: their folded words, by the alphabet; each token's, or -1."""

    names: list[str]
    number: np.ndarray


@lru_cache(maxsize=1)
def _whole_words() -> _Written:
    """What the model's tokens say: those that are words of some frequency."""
    found = {}
    for written, number in model().numbers.items():
        text = written.decode("utf-8", errors="replace")
        word = text[1:].lower()
        known_so = text[:1] == " " and word.isascii() and word.isalpha() and len(word) >= SHORTEST
        if known_so and (text[1:].islower() or text[1:].istitle()) and word_count(word) and frequency(word) >= RAREST:
            found[number] = word
    names = sorted(set(found.values()))
    place = {name: at for at, name in enumerate(names)}
    which = np.full(len(model().embedding), -1)
    which[list(found)] = [place[word] for word in found.values()]
    return _Written(names, which)


@lru_cache(maxsize=4_000)
def first_pieces(names: tuple[str, ...], capital: bool) -> np.ndarray:
    """Return the first token of each of some words, as they stand within a text."""
    return np.array([pieces(" " + (name.capitalize() if capital else name))[0] for name in names])


@lru_cache(maxsize=1)
def _begun() -> np.ndarray:
    """How often the web has words that begin with each of the model's tokens, in running text."""
    lines = files("wordsegment").joinpath("unigrams.txt").read_text(encoding="utf-8").splitlines()[:BEGUN]
    words, counts = zip(*(line.split("\t") for line in lines), strict=True)
    first = [model().encoding.encode_ordinary(f" {word}")[0] for word in words]
    return np.bincount(first, np.array(counts, dtype=float), len(model().embedding))


@lru_cache(maxsize=50_000)
def ends_so(word: str) -> float:
    """Return the log probability of a word given that it begins with its first token, 0 of one that has no other.

    By its counts, wherever it stands: “inasmuch” begins as “in” does, and is rarely what “in” becomes.

    >>> ends_so("because"), ends_so("inasmuch") < -5
    (0.0, True)
    """
    first, *others = pieces(" " + word)
    often = frequency(word) * CORPUS_TOKENS
    return min(0.0, math.log(often / max(_begun()[first], often))) if others else 0.0


@lru_cache(maxsize=50_000)
def direction(word: str) -> np.ndarray:
    """Return the mean direction of a word's pieces in the model's embedding, in which words of like use lie close."""
    rows = model().embedding[list(pieces(" " + word))]
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).mean(axis=0)


@lru_cache(maxsize=100_000)
def tags_of(word: str) -> frozenset[str]:
    """Return the Penn tags that a folded word can have."""
    return frozenset(tag for _, _, tag in readings(word))


def ranked(reading: Reading, places: dict[int, Place], learnt: np.ndarray | None = None) -> pd.DataFrame:
    """Return the best choice for every word that has any: `first`, `last`, `original`, `seen`, CHOICE_FEATURES.

    `places` are those of `where`; `learnt`: what each of RANK_FEATURES is worth, where it is not what
    `restore_model.json` says.
    """
    if learnt is None:
        part = weights("restore")["rank"]
        learnt = np.array([part[name] for name in RANK_FEATURES])
    suspicion = _suspicion(reading)
    rows = [row for one in choices(reading, places) for row in _best(reading, one, learnt)]
    names = [*("first", "last", "original", "word"), *_OF_CHOICE, *(f"best_{name}" for name in RANK_FEATURES)]
    chosen = pd.DataFrame(rows, columns=names).merge(suspicion, left_on="first", right_on="place", how="left")
    chosen["suspicion"] = chosen["suspicion"].fillna(UNSUSPECTED)
    chosen = chosen.fillna(dict.fromkeys(LOOKED_AT, 0.0)).sort_values("first", ignore_index=True)
    chosen["suspected"] = chosen["suspicion"].clip(lower=LEAST_SUSPECTED)
    chosen["strain"] = suspicion["suspicion"].mean() if len(suspicion) else 0.0
    by_word = chosen.groupby("word")
    for name in POOLED:
        chosen[f"pooled_{name}_of"] = by_word[name].transform("mean")
    chosen["text_suspected"] = chosen["suspected"].mean()
    chosen["text_probable"] = chosen["probable"].mean()
    chosen["text_suspects"] = (chosen["suspicion"] > 0).mean()
    alike = chosen.groupby(["word", "original"])["probable"].transform("size")
    chosen["same_best"] = alike / by_word["probable"].transform("size")
    return chosen.assign(seen=0, status="proposed")


_OF_CHOICE = [
    *("probable", "log_probable", "margin", "score", "pooled_probable", "all_scores", "frequency", "capital", "short")
]


def _best(reading: Reading, one: Choices, learnt: np.ndarray) -> list[tuple]:
    """The best choice in each place of a word, with what is said of it."""
    scores = one.values @ learnt
    chances = np.exp(scores - logsumexp(scores, axis=1, keepdims=True))
    pooled = scores.mean(axis=0)
    together = np.exp(pooled - logsumexp(pooled))
    rows = []
    for row, place in enumerate(one.places):
        best = int(scores[row].argmax())
        chance = float(np.clip(chances[row, best], LEAST_CHANCE, 1 - LEAST_CHANCE))
        others = np.delete(scores[row], best)
        margin = scores[row, best] - others.max() if len(others) else 5.0
        facts = (
            *(chances[row, best], math.log(chance / (1 - chance)), margin, scores[row, best], together[best]),
            *(float(logsumexp(scores[row])), math.log10(frequency(one.word))),
            float(reading.text[reading.tokens[place].start].isupper()),
            float(len(one.word) < SHORTEST_KNOWN),
        )
        rows.append((place, place, one.names[best], one.word, *facts, *one.values[row, best]))
    return rows


def _suspicion(reading: Reading) -> pd.DataFrame:
    """How much each word looks like a replacement at all (log odds), and what was expected in its place."""
    looked = misfits(reading, asked=True)
    chance = looked["chance"].clip(LEAST_CHANCE, 1 - LEAST_CHANCE)
    return looked[["place", *LOOKED_AT]].assign(suspicion=np.log(chance / (1 - chance)))
