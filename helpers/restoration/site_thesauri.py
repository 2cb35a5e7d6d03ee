"""The evidence for a site's words goes in; what its spinner draws from comes out, and the words' scores adapted to it.

A spinner's dictionary came from somewhere: synsets, a thesaurus of related words, a writer's head. One word does not
tell, a site does. Expectation maximisation adapts a classifier to shares of its classes that differ from those it was
trained on (Saerens, Latinne and Decaestecker 2002); here the classes are the KINDS of pairs, by what WordNet and the
Moby Thesaurus make of them, and the site's own shares are those that explain its words best. How many words were
replaced is not adapted: that no word was is no kind.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp

from helpers.restoration.site_evidence import EVIDENCE, MOST_TIMES, Evidence

PHRASE = "phrase"
IN_WORDNET, IN_MOBY = ("", "near", "synset"), ("", "moby", "mutual")  # the closer the later
KINDS = [*(" ".join(filter(None, both)) or "neither" for both in product(IN_WORDNET, IN_MOBY)), PHRASE]
ROUNDS, SETTLED = 30, 1e-3  # of expectation maximisation, until nothing moves any more
DOUBT = 20.0  # words that speak for the usual shares
RAREST = 0.001  # share of a kind among names
ASKED = [EVIDENCE.index(name) for name in ("near", "synset", "moby", "mutual", "words", "words_of")]


class Weights(NamedTuple):
    """What training taught of pairs: the worth of EVIDENCE and of keeping the word, and the usual shares of KINDS."""

    worth: np.ndarray
    kept: float
    usual: np.ndarray


class Adapted(NamedTuple):
    """The scores of a word's names, adapted to the site; how much it favours the kind of each (log)."""

    scores: np.ndarray
    favoured: np.ndarray


def kinds_of(one: Evidence) -> np.ndarray:
    """Return which of KINDS each pair of a word and one of its names is, by number."""
    near, synset, moby, mutual, *phrases = (one.values[:, at] > 0 for at in ASKED)
    wordnet = np.where(synset, 2, near)
    return np.where(np.logical_or(*phrases), len(KINDS) - 1, len(IN_MOBY) * wordnet + np.where(mutual, 2, moby))


def adapted(found: list[Evidence], weights: Weights) -> list[Adapted]:
    """Return what is made of each word's names on a site, whose words these are.

    A kind is favoured by so much as its share among the originals is larger than among all names, word by word.
    """
    scores = [one.values @ weights.worth for one in found]
    kinds = [kinds_of(one) for one in found]
    more = oftener(scores, kinds, np.array([len(one.rows) for one in found]), weights)
    there = np.mean([np.bincount(kind, minlength=len(KINDS)) / len(kind) for kind in kinds], axis=0)
    favoured = more + np.log(weights.usual) - np.log(there + RAREST)
    return [Adapted(score + more[kind], favoured[kind]) for score, kind in zip(scores, kinds, strict=True)]


def oftener(scores: list[np.ndarray], kinds: list[np.ndarray], places: np.ndarray, weights: Weights) -> np.ndarray:
    """Return how much oftener than usual each of KINDS is among the originals of a site, as logarithms.

    `scores`, `kinds`: of each word's names; `places`: of each word, which counts as the root of them.
    """
    odds = np.array([_by_kind(score, kind) for score, kind in zip(scores, kinds, strict=True)])
    heavy = np.sqrt(np.minimum(places, MOST_TIMES))[:, None]
    more = np.zeros(len(KINDS))
    for _ in range(ROUNDS):
        now = odds + more
        whole = np.logaddexp(logsumexp(now, axis=1, keepdims=True), weights.kept)
        told = (np.exp(now - whole) * heavy).sum(axis=0)
        share = (told + DOUBT * weights.usual) / (told.sum() + DOUBT)
        last, more = more, np.log(share / weights.usual)
        if np.abs(more - last).max() < SETTLED:
            break
    return more


def _by_kind(scores: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """The log odds of a word's names of each kind, together."""
    most = scores.max()
    with np.errstate(divide="ignore"):
        return most + np.log(np.bincount(kinds, np.exp(scores - most), len(KINDS)))
