"""The evidence for the words of a site goes in; the likeliest original of each comes out, and how likely it is.

Three steps, each learnt by `python -m benchmarks.train_decipher`. A conditional logit (McFadden 1974) weighs the
evidence and keeps a short list for every word, “no original, the word is the writer's” among the choices. Words then
compete: an original has one favourite, so that a word that claims it loses what another claims better (expectation
maximisation over the shares, as for hidden ciphers: Knight and others 2006). Boosted trees say of each on the short
list how likely it is, and of each place of the best whether it was replaced there: words that the writer wrote stand
among those that the spinner put.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logsumexp

from helpers.restoration.site_evidence import EVIDENCE, MOST_TIMES, Evidence
from helpers.restoration.site_reading import Places
from helpers.restoration.trees import Trees, log_odds_by_trees
from helpers.text.english import lemma

SHORT_LIST = 8  # names of a word
ROUNDS = 4  # of competition
COMPETES = 0.5  # how much a round believes the last
LEAST_CHANCE = 1e-4
LEAST_SHARE = 0.02  # of an original, that a word keeps whatever others claim
OF_WORD = ["beyond", "ahead", "behind_beyond", "ahead_low", "frequency", "capitals", "pieces_of"]
OF_LIST = ["score", "chance", "margin", "kept", "competed", "claimed", "first", "kin", "kin_times"]
PAIR_FEATURES = [*OF_LIST, *OF_WORD, *EVIDENCE, "articles", "spread_over"]
OF_PLACE = [
    "here",
    "here_beside",
    "own_here",
    "beyond_here",
    "ahead_here",
    "behind_here",
    "capital_here",
    "others_here",
]
PLACE_FEATURES = ["pair_odds", "pair_margin", "pair_claimed", "site_pairs", *OF_PLACE, *PAIR_FEATURES]


class Learnt(NamedTuple):
    """What was learnt: the worth of each of EVIDENCE and of keeping the word, and the trees of pairs and of places."""

    worth: np.ndarray
    kept: float
    pair: Trees
    place: Trees


def pairs(found: list[Evidence], places: Places, articles: int, worth: np.ndarray, kept: float) -> pd.DataFrame:
    """Return the short list of each word: `word` (its number in `found`), `name` (its number there), PAIR_FEATURES."""
    if not found:
        return pd.DataFrame(columns=["word", "name", *PAIR_FEATURES])
    rows = []
    for number, one in enumerate(found):
        scores = one.values @ worth
        whole = float(np.logaddexp(kept, logsumexp(scores)))
        best = np.argsort(-scores, kind="stable")[:SHORT_LIST]
        top = scores[best[0]]
        second = scores[best[1]] if len(best) > 1 else top - 5.0
        about = _of_word(one, places)
        for rank, at in enumerate(best):
            margin = scores[at] - (second if rank == 0 else top)
            listed = (
                scores[at],
                np.exp(scores[at] - whole),
                margin,
                np.exp(kept - whole),
                0.0,
                0.0,
                float(rank == 0),
                0.0,
                0.0,
            )
            rows.append((number, at, *listed, *about, *one.values[at], 0.0, 0.0))
    table = pd.DataFrame(rows, columns=["word", "name", *PAIR_FEATURES])
    table["articles"] = np.log(articles)
    spread = np.array([len(np.unique(places.article[one.rows])) for one in found])
    table["spread_over"] = np.log(spread)[table["word"]]
    return _competing(_with_kin(table, found), found)


def _with_kin(table: pd.DataFrame, found: list[Evidence]) -> pd.DataFrame:
    """Add what the other forms of a word say: who puts “supplied” for “offered” puts “supplies” for “offers”.

    `kin`: the mean log chance of the same pair of lemmas in other forms, 0 where there is none; `kin_times`: the places
    of those (log).
    """
    lemmas = [
        (_lemmas(found[word].word), _lemmas(found[word].names[name]))
        for word, name in zip(table["word"], table["name"], strict=True)
    ]
    heavy = _times(found)[table["word"]]
    said = heavy * np.log(np.maximum(table["chance"].to_numpy(), LEAST_CHANCE))
    group = pd.Series(pd.factorize(pd.Series(lemmas, dtype=object))[0], index=table.index)
    others = pd.Series(heavy, table.index).groupby(group).transform("sum") - heavy
    total = pd.Series(said, table.index).groupby(group).transform("sum") - said
    return table.assign(kin=(total / others.clip(lower=1)).where(others > 0, 0.0), kin_times=np.log1p(others))


def _times(found: list[Evidence]) -> np.ndarray:
    """The places of each word, as far as they make it surer."""
    return np.array([min(len(one.rows), MOST_TIMES) for one in found], dtype=float)


def _lemmas(phrase: str) -> str:
    return " ".join(map(lemma, phrase.split(" ")))


def _of_word(one: Evidence, places: Places) -> tuple[float, ...]:
    """OF_WORD: how much a word surprises where it stands, and what follows it."""
    here = places.at(one.rows)
    beyond, ahead = -here.own - here.spread, here.best - here.own
    values = one.values
    frequency = values[0, EVIDENCE.index("surplus")] - np.log(min(len(one.rows), MOST_TIMES) + 0.5)
    return (
        *(float(beyond.mean()), float(ahead.mean()), float((-here.behind - here.behind_spread).mean())),
        *(float(np.quantile(ahead, 0.25)), float(frequency), float(here.capital.mean()), float(here.pieces.mean())),
    )


def _competing(table: pd.DataFrame, found: list[Evidence]) -> pd.DataFrame:
    """Let words compete for originals: `competed` is the chance then, `claimed` the share of the original that is had.

    A word of many places claims more than one of a few.
    """
    names = np.array([found[word].names[name] for word, name in zip(table["word"], table["name"], strict=True)])
    _, name = np.unique(names, return_inverse=True)
    word = table["word"].to_numpy()
    first = np.flatnonzero(np.r_[True, word[1:] != word[:-1]])
    groups = np.cumsum(np.r_[True, word[1:] != word[:-1]]) - 1
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


def best_of(table: pd.DataFrame, odds: np.ndarray) -> pd.DataFrame:
    """Return the best pair of each word by the trees' log odds, with `pair_odds`, `pair_margin`, `pair_claimed`.

    `pair_claimed`: the best log odds with which another word claims the same original.
    """
    ordered = table.assign(pair_odds=odds).sort_values(["word", "pair_odds"], ascending=[True, False], kind="stable")
    second = ordered.groupby("word")["pair_odds"].nth(1)
    best = ordered.drop_duplicates("word").set_index("word", drop=False)
    margin = best["pair_odds"] - second.set_axis(ordered.loc[second.index, "word"]).reindex(best.index)
    return best.assign(pair_margin=margin.fillna(5.0)).reset_index(drop=True)


def rivals_claims(best: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Add `pair_claimed` and `site_pairs` to the best pairs, whose originals are `names`."""
    best = best.assign(original=names)
    ranked = best.sort_values("pair_odds", ascending=False)
    top = ranked.groupby("original")["pair_odds"].transform("max")
    second = ranked.groupby("original")["pair_odds"].transform(lambda odds: odds.iloc[1] if len(odds) > 1 else -9.0)
    other = np.where(ranked["pair_odds"] == top, second, top)
    best["pair_claimed"] = pd.Series(other, index=ranked.index)
    heavy = np.exp(best["times"])
    best["site_pairs"] = float((expit(best["pair_odds"]) * heavy).sum() / heavy.sum())
    return best


def place_rows(best: pd.DataFrame, found: list[Evidence], places: Places) -> pd.DataFrame:
    """Return a row for each place of each word's best pair: `row` (in `places`), `pair` (in `best`), PLACE_FEATURES."""
    rows = []
    for pair, (word, name) in enumerate(zip(best["word"], best["name"], strict=True)):
        one = found[word]
        here = places.at(one.rows)
        stands = one.here[:, name]
        others = logsumexp(one.here, axis=1)
        block = np.column_stack(
            [
                *(one.rows, np.full(len(one.rows), pair), stands, stands - stands.mean(), here.own),
                *(-here.own - here.spread, here.best - here.own, -here.behind - here.behind_spread),
                *(here.capital, stands - others),
            ]
        )
        rows.append(block)
    block = np.concatenate(rows) if rows else np.zeros((0, 2 + len(OF_PLACE)))
    table = pd.DataFrame(block, columns=["row", "pair", *OF_PLACE]).astype({"row": int, "pair": int})
    of_pair = best[[name for name in PLACE_FEATURES if name not in OF_PLACE]]
    return table.join(of_pair.reset_index(drop=True), on="pair")


def chosen(found: list[Evidence], places: Places, articles: int, learnt: Learnt) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the best pair of each word, and its places with the `probability` that the word stands for it there."""
    table = pairs(found, places, articles, learnt.worth, learnt.kept)
    if table.empty:
        return table.assign(original=""), pd.DataFrame(columns=["row", "pair", "probability"])
    best = best_of(table, log_odds_by_trees(table, learnt.pair))
    originals = [found[word].names[name] for word, name in zip(best["word"], best["name"], strict=True)]
    best = rivals_claims(best, originals)
    rows = place_rows(best, found, places)
    rows["probability"] = expit(log_odds_by_trees(rows, learnt.place))
    return best, one_a_place(rows, places)


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
