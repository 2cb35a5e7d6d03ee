"""The evidence for the words of a site goes in; the likeliest original of each comes out, and how likely it is.

Three steps, each learnt by `python -m benchmarks.train_decipher`. A conditional logit (McFadden 1974) weighs the
evidence and keeps a short list for every word, “no original, the word is the writer's” among the choices; it is adapted
to the thesauri that the site draws from (`site_thesauri.py`). Words then compete: an original has one favourite, so
that a word that claims it loses what another claims better (expectation maximisation over the shares, as for hidden
ciphers: Knight and others 2006). Judges (`judges.py`) say of each on the short list how likely it is, and of each place
of the best whether it was replaced there: words that the writer wrote stand among those that the spinner put.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from helpers.restoration.choices import MOST
from helpers.restoration.judges import Judges, log_odds_by_judges
from helpers.restoration.site_evidence import EVIDENCE, MOST_TIMES, Evidence
from helpers.restoration.site_reading import Places
from helpers.restoration.site_thesauri import Adapted, Weights, adapted
from helpers.text.english import lemma

SHORT_LIST = 20  # names of a word: of twelve, of a word seen once three originals in ten were lost
ROUNDS = 4  # of competition
COMPETES = 0.5  # how much a round believes the last
LEAST_CHANCE, RAREST = 1e-4, 1e-6
SHARING, PRIOR_PLACES = 8, 2.0  # rounds of sharing a word's places out; places that what is known before speaks for
SEVERAL, THINKABLE = 3, -3.0  # originals of a word at the most; log odds of those beside the best
# Pairs of a word that are tried before the last reading, their log odds, and how far they are behind the best.
TRIED, HARDLY, BEHIND_BEST = 5, -6.0, -4.5
AT_A_TIME = 1_000  # words whose places are judged at a time
SUREST = 0.01  # how near to 0 or 1 the first reading may be
ALONE = 5.0  # how far ahead the only one on a list is
NO_RIVAL = -9.0  # log odds of the best other pair of an original that has none
LEAST_SHARE = 0.02  # of an original, that a word keeps whatever others claim
OF_WORD = [
    *("beyond", "ahead", "behind_beyond", "ahead_low", "frequency", "capitals", "pieces_of"),
    *("beside_left", "beside_right", "beside_low", "best_here", "best_share", "choices"),
]
LEADS = ["gain", "first_gain", "around", "mixture", "fit", "commoner", "alike", "embedded", "moved", "alone"]
OF_LIST = [
    *("favoured", "score", "chance", "margin", "kept", "joint", "joint_lift", "joint_own"),
    *("competed", "claimed", "first", "kin", "kin_times"),
]
LISTED = [*OF_LIST, *OF_WORD, *EVIDENCE, *(f"{name}_lead" for name in LEADS), "articles", "spread_over"]
OF_THESAURI = ("moby", "mutual", "near", "synset")  # which trees are told by `favoured`: each dictionary has its own
PAIR_FEATURES = [name for name in LISTED if name not in OF_THESAURI]
OF_PLACE = [
    "here",
    "here_beside",
    "own_here",
    "beyond_here",
    "ahead_here",
    "behind_here",
    "capital_here",
    "others_here",
    *("left_here", "right_here", "sentence_here", "better_here", "put_here"),
    *("tried_here", "tried_whole_here", "tried_after_here", "first_here"),
    "joint_here",
]
OF_BEST = ["pair_odds", "pair_margin", "pair_rank", "pair_claimed"]
PLACE_FEATURES = [*OF_BEST, "site_pairs", *OF_PLACE, *PAIR_FEATURES]


class Learnt(NamedTuple):
    """What was learnt: the weights of pairs, and the judges of pairs and of places."""

    weights: Weights
    pair: Judges
    place: Judges


def pairs(found: list[Evidence], places: Places, articles: int, weights: Weights) -> pd.DataFrame:
    """Return the short list of each word: `word` (its number in `found`), `name` (its number there), LISTED."""
    if not found:
        return pd.DataFrame(columns=["word", "name", *LISTED])
    scores = adapted(found, weights)
    listed = (_short_list(number, one, scores[number], places, weights.kept) for number, one in enumerate(found))
    rows = np.concatenate(list(listed))
    table = pd.DataFrame(rows, columns=["word", "name", *LISTED])
    table = table.astype({"word": int, "name": int})
    table["articles"] = np.log(articles)
    spread = np.array([len(np.unique(places.article[one.rows])) for one in found])
    table["spread_over"] = np.log(spread)[table["word"]]
    return _competing(_with_kin(table, found), found)


def _short_list(number: int, one: Evidence, told: Adapted, places: Places, kept: float) -> np.ndarray:
    """The rows of a word, the best first; what needs other words to be known is 0."""
    scores, favoured = told
    whole = float(np.logaddexp(kept, _log_sum(scores[None])[0]))
    best = np.argsort(-scores, kind="stable")[:SHORT_LIST]
    top = scores[best]
    second = top[1] if len(top) > 1 else top[0] - ALONE
    listed = {
        **{"favoured": favoured[best], "score": top, "chance": np.exp(top - whole), "kept": np.exp(kept - whole)},
        **{"margin": top - np.where(np.arange(len(top)) == 0, second, top[0]), "first": np.arange(len(top)) == 0},
    }
    chance = np.log(np.maximum(listed["chance"], RAREST))
    own, joint = np.split(_shares(one.here[:, best], np.r_[kept - whole, chance]), [1])
    listed |= {"joint": joint, "joint_lift": joint - chance, "joint_own": own}
    block = np.zeros((len(best), 2 + len(LISTED)), dtype=np.float32)  # a large site has half a million rows
    block[:, 0], block[:, 1] = number, best
    for name, values in listed.items():
        block[:, 2 + OF_LIST.index(name)] = values
    rest = np.column_stack([np.tile(_of_word(one, places), (len(best), 1)), one.values[best], _leads(one)[best]])
    at = 2 + len(OF_LIST)
    block[:, at : at + rest.shape[1]] = rest
    return block


def _shares(here: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """In which shares of its places a word is itself (first) and each of its names, logarithms.

    Of several originals each has places of its own: the mixture that explains all places (`here`: places x names) is
    found by expectation maximisation from the `prior` (log odds).
    """
    odds = _with_itself(here)
    usual = np.exp(prior - _log_sum(prior[None])[0])
    share = usual
    for _ in range(SHARING):
        now = odds + np.log(share)
        told = np.exp(now - _log_sum(now)[:, None]).sum(axis=0)
        share = (told + PRIOR_PLACES * usual) / (len(here) + PRIOR_PLACES)
    return np.log(share)


def _with_itself(here: np.ndarray) -> np.ndarray:
    """How much more readily a word itself (first, 0) and each of its names would have stood in each place."""
    return np.column_stack([np.zeros(len(here)), here.clip(-MOST, MOST)])


def _log_sum(values: np.ndarray) -> np.ndarray:
    """The logarithm of the sum of exponentials of each row: scipy's takes ten times as long of a short one."""
    most = values.max(axis=1)
    return most + np.log(np.exp(values - most[:, None]).sum(axis=1))


def _leads(one: Evidence) -> np.ndarray:
    """By how much each name of a word is ahead of the best other one, in what LEADS names; 0 where it is alone."""
    values = one.values[:, [EVIDENCE.index(name) for name in LEADS]]
    ordered = np.sort(values, axis=0)
    return values - np.where(values == ordered[-1], ordered[-2:][0], ordered[-1])


def _with_kin(table: pd.DataFrame, found: list[Evidence]) -> pd.DataFrame:
    """Add what the other forms of a word say: who puts “supplied” for “offered” puts “supplies” for “offers”.

    `kin`: the mean log chance of the same pair of lemmas in other forms, 0 where there is none; `kin_times`: the places
    of those (log).
    """
    own = _numbers(_lemmas(one.word) for one in found)[table["word"]]
    named = _numbers(_lemmas(name) for name in _names(table, found))
    heavy = _times(found)[table["word"]]
    said = heavy * np.log(np.maximum(table["chance"].to_numpy(), LEAST_CHANCE))
    group = pd.Series(own * len(table) + named, index=table.index)
    others = pd.Series(heavy, table.index).groupby(group).transform("sum") - heavy
    total = pd.Series(said, table.index).groupby(group).transform("sum") - said
    return table.assign(kin=(total / others.clip(lower=1)).where(others > 0, 0.0), kin_times=np.log1p(others))


def _names(table: pd.DataFrame, found: list[Evidence]) -> Iterator[str]:
    """The originals of the rows of a table, one after the other: of a large site a list of them is heavy."""
    return (found[word].names[name] for word, name in zip(table["word"], table["name"], strict=True))


def _numbers(phrases: Iterable[str]) -> np.ndarray:
    """A number for each of some phrases, the same for the same, from 0."""
    known: dict[str, int] = {}
    return np.fromiter((known.setdefault(phrase, len(known)) for phrase in phrases), dtype=np.int64)


def _begins(word: np.ndarray) -> np.ndarray:
    """Tell of each row of a table in the order of its words whether it is the first of its word."""
    return np.r_[True, word[1:] != word[:-1]]


def _times(found: list[Evidence]) -> np.ndarray:
    """The places of each word, as far as they make it surer."""
    return np.array([min(len(one.rows), MOST_TIMES) for one in found], dtype=float)


def _lemmas(phrase: str) -> str:
    return " ".join(map(lemma, phrase.split(" ")))


def _of_word(one: Evidence, places: Places) -> tuple[float, ...]:
    """OF_WORD: how much a word surprises where it stands, and what follows; how it and the best others stand there."""
    rows = one.rows
    beyond, ahead = -places.own[rows] - places.spread[rows], places.best[rows] - places.own[rows]
    behind = -places.behind[rows] - places.behind_spread[rows]
    best, values = one.here.max(axis=1), one.values
    frequency = values[0, EVIDENCE.index("surplus")] - np.log(min(len(one.rows), MOST_TIMES) + 0.5)
    return (
        *(float(beyond.mean()), float(ahead.mean()), float(behind.mean())),
        *(float(np.quantile(ahead, 0.25)), float(frequency)),
        *(float(places.capital[rows].mean()), float(places.pieces[rows].mean())),
        *(*map(float, one.beside.mean(axis=0)), float(one.beside.min()), float(best.mean())),
        *(float((best > 0).mean()), float(np.log(len(one.names)))),
    )


def _competing(table: pd.DataFrame, found: list[Evidence]) -> pd.DataFrame:
    """Let words compete for originals: `competed` is the chance then, `claimed` the share of the original that is had.

    A word of many places claims more than one of a few.
    """
    name, word = _numbers(_names(table, found)), table["word"].to_numpy()
    begins = _begins(word)
    first, groups = np.flatnonzero(begins), np.cumsum(begins) - 1
    heavy = np.log1p(_times(found))[word]
    chance, left = table["chance"].to_numpy(), 1 - np.add.reduceat(table["chance"].to_numpy(), first)
    now, share = chance.copy(), np.ones(len(table))
    for _ in range(ROUNDS):
        claim = now * heavy
        whole = np.bincount(name, claim, name.max() + 1)[name]
        share = COMPETES * claim / np.maximum(whole, 1e-9) + (1 - COMPETES) * share
        asked = chance * np.maximum(share, LEAST_SHARE)
        now = asked / (np.add.reduceat(asked, first) + left)[groups]
    return table.assign(competed=now, claimed=share)


def best_of(
    table: pd.DataFrame, odds: np.ndarray, several: int = SEVERAL, thinkable: float = THINKABLE
) -> pd.DataFrame:
    """Return the best pairs of each word by the judges' log odds: `pair_odds`, `pair_margin`, `pair_rank`.

    A word has one, and others that are not out of the question (`several` at the most, whose log odds are
    `thinkable`): several originals may have the same replacement, and the place must choose. `pair_margin`: how far the
    pair is ahead of the word's best other one.
    """
    word = table["word"].to_numpy()
    order = np.lexsort((-odds, word))
    odds, word = odds[order], word[order]
    first = np.flatnonzero(_begins(word))
    size = np.diff(np.r_[first, len(word)])
    second = np.where(size > 1, odds[np.minimum(first + 1, len(odds) - 1)], odds[first] - ALONE)
    rank = np.arange(len(word)) - np.repeat(first, size)
    margin = odds - np.where(rank == 0, np.repeat(second, size), np.repeat(odds[first], size))
    kept = np.flatnonzero((rank == 0) | ((rank < several) & (odds > thinkable)))
    best = table.iloc[order[kept]].reset_index(drop=True)
    return best.assign(pair_odds=odds[kept], pair_margin=margin[kept], pair_rank=rank[kept].astype(float))


def worth_trying(table: pd.DataFrame, odds: np.ndarray, found: list[Evidence]) -> pd.DataFrame:
    """Return the pairs that are tried before the last reading: of each word that may have an original some.

    They are more than the best, since what follows a place tells between those that all else holds for near.
    """
    pairs_of = best_of(table[["word", "name"]], odds, TRIED, HARDLY)
    best = pairs_of.groupby("word")["pair_odds"].transform("max")
    pairs_of = pairs_of[(best > THINKABLE) & (pairs_of["pair_odds"] > best + BEHIND_BEST)]
    return pairs_of[["word"]].assign(original=list(_names(pairs_of, found)))


def rivals_claims(best: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Add `pair_claimed` and `site_pairs` to the best pairs, whose originals are `names`."""
    best = best.assign(original=names)
    odds, original = best["pair_odds"].to_numpy(), _numbers(names)
    order = np.lexsort((-odds, original))
    odds, begins = odds[order], _begins(original[order])
    first = np.maximum.accumulate(np.where(begins, np.arange(len(odds)), 0))
    follows = np.r_[np.where(begins[1:], NO_RIVAL, odds[1:]), NO_RIVAL]
    claimed = np.empty(len(odds))
    claimed[order] = np.where(odds == odds[first], follows[first], odds[first])
    best["pair_claimed"] = claimed
    heavy = np.exp(best["times"]) * (best["pair_rank"] == 0)
    best["site_pairs"] = float((expit(best["pair_odds"]) * heavy).sum() / heavy.sum())
    return best


def place_rows(best: pd.DataFrame, found: list[Evidence], places: Places) -> pd.DataFrame:
    """Return a row for each place of each pair of `best`: `row` (in `places`), `pair` (in `best`), PLACE_FEATURES."""
    strain = _strain(places)
    joint = _joint_here(best, found)
    blocks = [
        _place_block(pair, found[word], name, places, strain, joint[pair])
        for pair, (word, name) in enumerate(zip(best["word"], best["name"], strict=True))
    ]
    block = np.concatenate(blocks) if blocks else np.zeros((0, 2 + len(OF_PLACE)), dtype=np.float32)
    table = pd.DataFrame(block, columns=["row", "pair", *OF_PLACE]).astype({"row": int, "pair": int})
    names = [name for name in PLACE_FEATURES if name not in OF_PLACE]
    of_pair = pd.DataFrame(best[names].to_numpy(dtype=np.float32), columns=names)  # one block, not a hundred
    return table.join(of_pair, on="pair")


def _joint_here(best: pd.DataFrame, found: list[Evidence]) -> list[np.ndarray]:
    """The log odds that the original of each pair stood in each place of its word, of whose other pairs one may have.

    All pairs of a word must be in `best`.
    """
    every, odds, told = best["name"].to_numpy(), best["pair_odds"].to_numpy(), [np.zeros(0)] * len(best)
    for word, pairs_of in best.groupby("word").indices.items():
        here = found[word].here[:, every[pairs_of]]
        now = _with_itself(here) + _shares(here, np.r_[0.0, odds[pairs_of]])
        for at, pair in enumerate(pairs_of):
            told[pair] = now[:, at + 1] - _log_sum(np.delete(now, at + 1, axis=1))
    return told


def _place_block(
    pair: int, one: Evidence, name: int, places: Places, strain: np.ndarray, joint: np.ndarray
) -> np.ndarray:
    """The rows of a pair, without what is said of the pair itself."""
    rows, stands = one.rows, one.here[:, name]
    put = places.put[rows] == one.names[name]
    own, behind = places.own[rows], -places.behind[rows] - places.behind_spread[rows]
    return np.column_stack(
        [
            *(rows, np.full(len(rows), pair), stands, stands - stands.mean(), own),
            *(-own - places.spread[rows], places.best[rows] - own, behind, places.capital[rows]),
            *(stands - _log_sum(one.here), one.beside, strain[rows]),
            np.log1p((one.here > stands[:, None]).sum(axis=1)),
            *(put, *_tried_here(one, name, places), joint),
        ]
    )


def _tried_here(one: Evidence, name: int, places: Places) -> np.ndarray:
    """What became of each place of a word with the name in it: four columns, 0 where it was not tried."""
    found = np.zeros((4, len(one.rows)))
    for at, row in enumerate(one.rows):
        told = (places.tried[row] or {}).get((int(places.last[row]), one.names[name]))
        if told is not None:
            own, after, chance = told
            found[:, at] = 1, np.clip(own + after, -MOST, MOST), np.clip(after, -MOST, MOST), _odds(chance)
    return found


def _odds(chance: float) -> float:
    """Log odds of a probability, within what one reading may say."""
    return float(logit(min(max(chance, SUREST), 1 - SUREST)))


def _strain(places: Places) -> np.ndarray:
    """How much the words of each place's sentence surprise, on average: beside other replacements little fits."""
    _, sentence = np.unique(np.column_stack([places.article, places.sentence]), axis=0, return_inverse=True)
    beyond = np.bincount(sentence, -places.own - places.spread) / np.maximum(np.bincount(sentence), 1)
    return beyond[sentence]


class Chosen(NamedTuple):
    """What is chosen: the best pairs of each word, their places (`claims`), and the pairs that are worth trying."""

    best: pd.DataFrame
    claims: pd.DataFrame
    thinkable: pd.DataFrame


def chosen(found: list[Evidence], places: Places, articles: int, learnt: Learnt) -> Chosen:
    """Return the best pairs of each word, and their places with the `probability` that the original stood there."""
    table = pairs(found, places, articles, learnt.weights)
    if table.empty:
        return _nothing()
    odds = log_odds_by_judges(table, learnt.pair)
    best, thinkable = best_of(table, odds), worth_trying(table, odds, found)
    best = rivals_claims(best, list(_names(best, found)))
    claims, parts = [], np.cumsum(_begins(best["word"].to_numpy())) // AT_A_TIME
    for _, some in best.groupby(parts):
        rows = place_rows(some, found, places)
        rows["probability"] = expit(log_odds_by_judges(rows, learnt.place))
        claims.append(rows[["row", "pair", "probability"]].assign(pair=rows["pair"] + some.index[0]))
    return Chosen(best, one_a_place(pd.concat(claims, ignore_index=True), places), thinkable)


def _nothing() -> Chosen:
    """What is chosen of a site without a word that is looked at."""
    best = pd.DataFrame({name: np.zeros(0) for name in ("word", "name", *OF_BEST, *LISTED, "site_pairs")})
    best = best.astype({"word": int, "name": int}).assign(original="")
    claims = pd.DataFrame({"row": np.zeros(0, dtype=int), "pair": np.zeros(0, dtype=int), "probability": np.zeros(0)})
    return Chosen(best, claims, best[["word", "original"]])


def one_a_place(claims: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return those claims (`row` in `places`, `probability`) that do not overlap a likelier one."""
    order = claims.sort_values("probability", ascending=False, kind="stable").index
    spans = zip(
        *(column[claims["row"]].tolist() for column in (places.article, places.number, places.last)), strict=True
    )
    span_of = dict(zip(claims.index, spans, strict=True))
    taken: set[tuple[int, int]] = set()
    kept = []
    for at in order:
        article, first, last = span_of[at]
        tokens = {(article, number) for number in range(first, last + 1)}
        if not tokens & taken:
            taken |= tokens
            kept.append(at)
    return claims.loc[sorted(kept)]
