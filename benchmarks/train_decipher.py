"""Made-up sites go in; what the evidence for a site's hidden dictionary is worth comes out (`decipher_model.json`).

`python -m benchmarks.train_decipher FOLDER`; what was read and counted is kept in FOLDER, so that a run which was ended
goes on where it was. The train texts (`train_detector.train_texts`) are published by 36 made-up sites of 14 articles,
two of them of 40, each with a dictionary of its own: drawn from the Moby Thesaurus, by four of them hardly asking how
close a synonym is and by five preferring common words, so that several originals have the same; from the field's
dictionary without any pair of the real article; or a written one, at rates from 0.2 to 0.95; two are honest.
Deciphered are all articles of each, and of those with 14 a few, so that small sites and large ones are known; with a
few, part of the field's dictionary is known too.
No pair of the three simulated dictionaries is in any of them, none was drawn from WordNet or from tortured phrases, and
no test source has a part: what is reported was not learnt from. All three readings are learnt so; what is put back
before one of them on a train site was claimed by what other kinds of dictionaries had taught.
"""

import json
import pickle
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.cores import on_every_core
from benchmarks.dictionaries import COMMONER, from_thesaurus, named
from benchmarks.kept import kept
from benchmarks.testsets import DICTIONARIES
from benchmarks.train_asked import as_numbers, field_without_the_real_article
from benchmarks.train_detector import train_texts
from helpers.files.atomic import write_file
from helpers.mapping.dictionary import Dictionary
from helpers.mapping.field import as_proposals, field_sightings
from helpers.restoration.decipher import READINGS, RIGHT, as_learnt, count, least_of, seen_of
from helpers.restoration.judges import Line
from helpers.restoration.site_choices import (
    OF_BEST,
    OF_LIST,
    PAIR_FEATURES,
    PLACE_FEATURES,
    best_of,
    chosen,
    pairs,
    place_rows,
    rivals_claims,
)
from helpers.restoration.site_evidence import EVIDENCE, Evidence, evidence
from helpers.restoration.site_mending import read_mended, to_put_back, to_try
from helpers.restoration.site_reading import Places, read_places, with_phrases
from helpers.restoration.site_thesauri import KINDS, Weights, kinds_of
from helpers.spinner import Spinner
from helpers.text.annotated import read
from helpers.text.spans import fold, tokens

MODEL = Path(__file__).parents[1] / "helpers" / "restoration" / "decipher_model.json"
MADE_FROM = ("field", "drawn", "field", "drawn", "manner")
SITES = (
    *(0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 18, 21, 23),
    *(25, 26, 43, 44, 45, 48, 50, 51, 55, 56),
    *(12, 19, 27, 31, 33, 36, 37, 38, 41, 61),
)  # by number
HONEST = (4, 44)
CARELESS, ANY_SENSE = (43, 48, 51, 56), 4.0  # sites whose spinner hardly asks how close a synonym is
PLAIN, COMMON = (31, 33, 36, 38, 61), 2.0  # sites whose spinner likes common words: one for several originals
ARTICLES, MANY, LARGE = 14, 40, (25, 26)
FEW = (3, 7)  # articles of a site that are deciphered beside all, the one or the other
RATES = (0.3, 0.7, 0.5, 0.95, 0.2, 0.8)
DIALECTS = ("news-a", "news-b")  # every dictionary of the field has them, and one other
SPOKEN, KNOWN = 0.8, 0.65  # of the field's rows: those that a site has, those that are known of it
HONEST_KEPT = 0.4  # of the words without any original, that are learnt from
MOST_PLACES = 12  # of a pair, that are learnt from
PARTS = ("field", "drawn", "written")  # kinds of dictionaries; each is judged by what was learnt from the others
RIGHTS = np.arange(0.80, 0.96, 0.01)  # of a site's claims, by their own probabilities
STIFFNESS, WRONG = 1.0, 15
RAREST = 0.002  # share of a kind of pairs
PAIRS = dict(max_iter=160, learning_rate=0.07, max_leaf_nodes=12, min_samples_leaf=40, l2_regularization=5.0)
BELIEVE = dict(max_iter=160, learning_rate=0.06, max_leaf_nodes=12, min_samples_leaf=80, l2_regularization=10.0)
BELIEVE_FEW = BELIEVE | dict(max_iter=120, learning_rate=0.05, max_leaf_nodes=6)
COUNTS_OF_PAIR, COUNTS_OF_PLACE = (2, 1), (2, 2, 1)  # trees and, last, the line: how much each counts
FREEDOM, STEPS = 0.01, 300  # of a line: the inverse of its penalty, and how long it is looked for
FEW_OF_PAIR = [  # what says the same of kinds of dictionaries which nobody has seen
    *OF_LIST,
    *("tried_times", "tried", "tried_after", "tried_low", "first_said"),
    *("best_here", "best_share", "articles", "spread_over"),
]
FEW_OF_PLACE = [
    *(*OF_BEST, "here", "put_here", "tried_here", "tried_whole_here", "tried_after_here", "first_here"),
    *("times", "tried_times", "tried", "tried_after", "tried_low", "first_said"),
]


class MadeSite(NamedTuple):
    """A made-up site: its number, its pages (text, gold table) and their places."""

    number: int
    pages: list[tuple[str, pd.DataFrame]]
    places: Places


def apart(book: pd.DataFrame) -> pd.DataFrame:
    """Return a dictionary without the pairs of those that are measured on."""
    kept = {
        pair for name in DICTIONARIES for pair in named(name)[["original", "spun"]].itertuples(index=False, name=None)
    }
    return book[[pair not in kept for pair in zip(book["original"], book["spun"], strict=True)]]


def made_site(number: int) -> MadeSite:
    """Return a made-up site, its pages read."""
    texts, kind = train_texts(), "honest" if number in HONEST else MADE_FROM[number % len(MADE_FROM)]
    rng, rate = random.Random(f"decipher {number}"), 0.0 if number in HONEST else RATES[number % len(RATES)]
    known = field_without_the_real_article()
    if kind == "field":
        others = sorted(set(known["dialect"]) - set(DIALECTS))
        spoken = known[known["dialect"].isin([*DIALECTS, others[number % len(others)]])]
        drawn = spoken.sample(frac=SPOKEN, random_state=number)
        book = apart(drawn.drop_duplicates("original")[["original", "spun"]])
    elif kind == "drawn":
        words = {token.fold for text in texts for token in tokens(text)}
        temperature = ANY_SENSE if number in CARELESS else None
        commoner = COMMON if number in PLAIN else COMMONER
        book = apart(from_thesaurus(words, f"decipher {number}", temperature=temperature, commoner=commoner))
    else:
        book = apart(named("manner"))
    sources = rng.sample(sorted(texts.index), MANY if number in LARGE else ARTICLES)
    spinner = Spinner(book, rate, 17 + number)
    pages = [spinner.spin(texts[source]) for source in sources]
    return MadeSite(number, pages, read_places([text for text, _ in pages]))


def known_of(number: int) -> dict[str, dict[str, float]]:
    """Return what is known of the field's dictionary beside a site: most of its rows."""
    table = as_proposals(field_without_the_real_article(), field_sightings())
    return seen_of(Dictionary.of(table.sample(frac=KNOWN, random_state=number)))


def truth_of(site: MadeSite, articles: int) -> dict[tuple[int, int, int], str]:
    """Return what stood where: (article, first token, last token) -> original, folded."""
    known = {}
    for article, (text, gold) in enumerate(site.pages[:articles]):
        found = read(text).tokens
        starts = {token.start: number for number, token in enumerate(found)}
        ends = {token.end: number for number, token in enumerate(found)}
        for start, end, original in zip(gold["spun_start"], gold["spun_end"], gold["original"], strict=True):
            if start in starts and end in ends:
                known[article, starts[start], ends[end]] = fold(original)
    return known


class Example(NamedTuple):
    """Some articles of a site: its number, how many, the evidence, the places, what stood in each, how many in all."""

    site: int
    articles: int
    found: list[Evidence]
    places: Places
    original: np.ndarray
    replaced: int


def example(site: MadeSite, articles: int) -> Example:
    """Return what is learnt from the first articles of a site; with a few of them the field's dictionary is known."""
    known = known_of(site.number) if articles in FEW else {}
    how_often = count([text for text, _ in site.pages[:articles]], known)
    places = with_phrases(site.places.at(site.places.article < articles), how_often.words)
    truth = truth_of(site, articles)
    spans = zip(places.article, places.number, places.last, strict=True)
    original = np.array([truth.get(span, "") for span in spans], dtype=object)
    found = evidence(places, how_often, known)
    return Example(site.number, articles, found, without_states(places), original, len(truth))


def without_states(places: Places) -> Places:
    """Return places without the model's states, which are not asked any more and of which there are two kilobytes."""
    none = np.zeros((len(places.words), 0))
    return places._replace(hidden=none, top=none, hidden_alone=none)


def sizes_of(number: int) -> tuple[int, ...]:
    """Return of how many of its articles a site's examples are."""
    return (MANY,) if number in LARGE else (ARTICLES, FEW[number % 2])


def paths_of(number: int, folder: Path, reading: str) -> list[Path]:
    """Return the files of a site's examples of a reading, of which READINGS are the names."""
    return [folder / f"{reading}-{number:02d}-{size}.pickle" for size in sizes_of(number)]


def examples_of(number: int, folder: Path) -> list[Path]:
    """Return the files of a site's examples, made if they are not there."""
    paths = paths_of(number, folder, READINGS[0])
    for size, path in zip(sizes_of(number), paths, strict=True):
        if not path.exists():
            site = kept(folder / f"site-{number:02d}.pickle", lambda: made_site(number))
            kept(path, lambda size=size, site=site: example(site, size))
    return paths


def opened(paths: Iterable[Path]) -> Iterator[Example]:
    """Yield examples, one in memory at a time."""
    for path in paths:
        yield pickle.loads(path.read_bytes())


def right_of(one: Evidence, made: Example) -> np.ndarray:
    """Return for each of a word's names in how many of its places it stood."""
    stood = Counter(made.original[one.rows])
    return np.array([stood[name] for name in one.names], dtype=float)


# The ranking


def fit_worth(examples: Iterable[Example], seed: int = 0) -> Weights:
    """Learn what EVIDENCE is worth: a conditional logit with shares, “no original” among the choices.

    Of the names that did not stand anywhere some are learnt from, which count for all (sampled softmax).
    """
    rng, blocks, targets, heavy, counts = np.random.default_rng(seed), [], [], [], []
    usual = np.zeros(len(KINDS))
    for made in examples:
        for one in made.found:
            right = right_of(one, made)
            some = right > 0
            if not some.any() and rng.random() > 0.25:
                continue
            share = right / len(one.rows)
            usual += np.sqrt(len(one.rows)) * np.bincount(kinds_of(one), share, len(KINDS))
            wrong = rng.permutation(np.flatnonzero(~some))
            keep = np.concatenate([np.flatnonzero(some), wrong[:WRONG]])
            blocks.append(one.values[keep].astype(np.float32))
            targets.append(np.append(share[keep], 1 - share.sum()))
            counts.append(np.where(some[keep], 1.0, len(wrong) / max(len(wrong[:WRONG]), 1)))
            heavy.append(np.sqrt(len(one.rows)) * (1.0 if some.any() else 4.0))
    values = np.concatenate(blocks).astype(float)
    scale = np.maximum(values.std(axis=0), 1e-6)
    values /= scale
    sizes = np.array([len(block) for block in blocks])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(blocks)), sizes)
    share, stand_for = np.concatenate([target[:-1] for target in targets]), np.concatenate(counts)
    rest, weight = np.array([target[-1] for target in targets]), np.array(heavy)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        scores, kept = values @ theta[:-1], theta[-1]
        most = np.maximum(np.maximum.reduceat(scores, starts), kept)
        odds, none = stand_for * np.exp(scores - most[group]), np.exp(kept - most)
        whole = np.add.reduceat(odds, starts) + none
        log_whole = np.log(whole) + most
        lost = weight @ log_whole - (weight[group] * share) @ scores - (weight * rest).sum() * kept
        chance = odds / whole[group]
        slope = (weight[group] * (chance - share)) @ values
        slope_kept = (weight * (none / whole - rest)).sum()
        penalty = STIFFNESS / 2 * theta[:-1] @ theta[:-1]
        return (lost + penalty) / len(blocks), np.append(slope + STIFFNESS * theta[:-1], slope_kept) / len(blocks)

    fitted = minimize(loss, np.zeros(values.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    usual = np.maximum(usual / usual.sum(), RAREST)
    return Weights(fitted.x[:-1] / scale, float(fitted.x[-1]), usual / usual.sum())


# What is to be believed


def pair_table(made: Example, weights: Weights) -> pd.DataFrame:
    """Return the short lists of an example, with in how many places each is `right`, of those where it `stands`."""
    table = pairs(made.found, made.places, made.articles, weights)
    right = [right_of(one, made) for one in made.found]
    table["right"] = [right[word][name] for word, name in zip(table["word"], table["name"], strict=True)]
    table["stands"] = [len(made.found[word].rows) for word in table["word"]]
    return table


def thinned(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return short lists to learn from: of words without an original some, which count for all (`weight`)."""
    has = table.groupby("word")["right"].transform("sum") > 0
    kept = has | (rng.random(table["word"].max() + 1) < HONEST_KEPT)[table["word"]]
    return table.assign(weight=np.where(has, 1.0, 1 / HONEST_KEPT))[kept]


class Judge(NamedTuple):
    """What was learnt of a question: trees, the features that each asks, a line; how much each counts, the line last.

    Their log odds are averaged.
    """

    trees: list[HistGradientBoostingClassifier]
    names: list[list[str]]
    line: Line
    counts: tuple[int, ...]

    def odds(self, table: pd.DataFrame) -> np.ndarray:
        """Return the log odds that each row is right."""
        told = [odds_of(model, table, names) for model, names in zip(self.trees, self.names, strict=True)]
        return np.average([*told, self.line.odds(table)], axis=0, weights=self.counts)

    def numbers(self) -> dict:
        """Return the average as it stands in the file: all trees and the line, each counting for its part."""
        every, (*of_trees, of_line) = self.names[0], np.array(self.counts) / sum(self.counts)
        made = [as_numbers(model, names) for model, names in zip(self.trees, self.names, strict=True)]
        trees = []
        for one, part in zip(made, of_trees, strict=True):
            at = np.array([*map(every.index, one["names"]), -1])  # a leaf asks nothing: -1
            for feature, threshold, left, right, value in one["trees"]:
                told = [float(f"{leaf * part:.4g}") for leaf in value]
                trees.append([at[feature].tolist(), threshold, left, right, told])
        base = sum(one["base"] * part for one, part in zip(made, of_trees, strict=True))
        line = {
            **{"names": self.line.names, "mean": rounded(self.line.mean), "scale": rounded(self.line.scale)},
            **{"worth": rounded(self.line.worth * of_line), "base": self.line.base * of_line},
        }
        return {"names": every, "base": base, "trees": trees, "line": line}


def rounded(values: np.ndarray) -> list[float]:
    """Return numbers as they stand in the file."""
    return [float(f"{value:.6g}") for value in values]


def fit_trees(
    table: pd.DataFrame, names: list[str], right: np.ndarray, weight: np.ndarray, how: dict
) -> HistGradientBoostingClassifier:
    """Learn which rows are right by boosted trees."""
    model = HistGradientBoostingClassifier(**how, random_state=0)
    return model.fit(table[names].to_numpy(dtype=float), right, sample_weight=weight)


def fit_line(table: pd.DataFrame, names: list[str], right: np.ndarray, weight: np.ndarray) -> Line:
    """Learn which rows are right by a logistic regression."""
    values = table[names].to_numpy(dtype=float)
    spread = values.std(axis=0)
    line = Line(names, values.mean(axis=0), np.where(spread > 0, spread, 1.0), np.zeros(len(names)), 0.0)
    model = LogisticRegression(C=FREEDOM, max_iter=STEPS)
    model.fit(line.steps(values), right, sample_weight=weight)
    return line._replace(worth=model.coef_[0], base=float(model.intercept_[0]))


def fit_pairs(table: pd.DataFrame) -> Judge:
    """Learn which pairs are right; a pair counts both ways, by the share of its places, and as the root of these."""
    share = (table["right"] / table["stands"]).to_numpy()
    heavy = (np.sqrt(table["stands"]) * table["weight"]).to_numpy()
    both = pd.concat([table[share > 0], table[share < 1]])
    right = np.r_[np.ones((share > 0).sum()), np.zeros((share < 1).sum())]
    weight = np.r_[(heavy * share)[share > 0], (heavy * (1 - share))[share < 1]]
    trees = fit_trees(both, PAIR_FEATURES, right, weight, PAIRS)
    return Judge([trees], [PAIR_FEATURES], fit_line(both, FEW_OF_PAIR, right, weight), COUNTS_OF_PAIR)


def odds_of(model: HistGradientBoostingClassifier, table: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return the log odds that trees give each row."""
    return logit(np.clip(model.predict_proba(table[names].to_numpy(dtype=float))[:, 1], 1e-6, 1 - 1e-6))


def best_places(made: Example, table: pd.DataFrame, odds: np.ndarray) -> pd.DataFrame:
    """Return the places of the best pairs of each word, and whether each is `right`."""
    best = best_of(table, odds)
    names = [made.found[word].names[name] for word, name in zip(best["word"], best["name"], strict=True)]
    best = rivals_claims(best, names)
    rows = place_rows(best, made.found, made.places)
    return rows.assign(right=made.original[rows["row"]] == best["original"].to_numpy()[rows["pair"]])


class Ranked(NamedTuple):
    """What was learnt of pairs: their weights and the judge."""

    weights: Weights
    judge: Judge


def ranked(paths: list[Path]) -> Ranked:
    """Learn which pairs are right."""
    weights, rng = fit_worth(opened(paths)), np.random.default_rng(0)
    tables = [thinned(pair_table(made, weights), rng) for made in opened(paths)]
    return Ranked(weights, fit_pairs(pd.concat(tables, ignore_index=True)))


def kind_of(number: int) -> str:
    """Return which of PARTS the dictionary of a site belongs to; the honest one counts as written."""
    kind = MADE_FROM[number % len(MADE_FROM)]
    return kind if number not in HONEST and kind in PARTS else "written"


def places_by(learnt: Ranked, paths: list[Path], rng: np.random.Generator) -> list[pd.DataFrame]:
    """Return some places of the best pairs of examples that had no part in what was learnt, `stands_for` how many."""
    made = []
    for one in opened(paths):
        table = pair_table(one, learnt.weights)
        rows = best_places(one, table, learnt.judge.odds(table))
        rows = rows.iloc[rng.permutation(len(rows))].assign(site=one.site, size=one.articles)
        every = rows.groupby("pair")["row"].transform("size")
        rows = rows.assign(stands_for=every / np.minimum(every, MOST_PLACES))
        made.append(rows.groupby("pair").head(MOST_PLACES))
    return made


def fit_places(rows: pd.DataFrame) -> Judge:
    """Learn in which places the best pair is to be believed; a pair counts as the root of its places."""
    weight, ways = 1 / np.sqrt(np.exp(rows["times"])), ((PLACE_FEATURES, BELIEVE), (FEW_OF_PLACE, BELIEVE_FEW))
    trees = [fit_trees(rows, names, rows["right"], weight, how) for names, how in ways]
    line = fit_line(rows, FEW_OF_PLACE, rows["right"], weight)
    return Judge(trees, [names for names, _ in ways], line, COUNTS_OF_PLACE)


def without_its_own(part: str, rows: pd.DataFrame) -> Judge:
    """Learn from the places of all kinds of dictionaries but one, or but `""` of all."""
    return fit_places(rows[rows["site"].map(kind_of) != part])


def judges(rows: pd.DataFrame) -> dict[str, Judge]:
    """Return what is learnt of places without each of PARTS, and without `""`."""
    wanted = [*PARTS, ""]
    return dict(zip(wanted, on_every_core(without_its_own, wanted, [rows] * len(wanted)), strict=True))


def judged(rows: pd.DataFrame, without: dict[str, Judge]) -> pd.DataFrame:
    """Return places of a reading with the `probability` by the other kinds of dictionaries, and their `kind`."""
    kind, parts = rows["site"].map(kind_of), []
    for part in PARTS:
        odds = without[part].odds(rows[kind == part])
        parts.append(rows[kind == part].assign(probability=expit(odds), kind=part))
    return pd.concat(parts)


def likeliest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the likeliest claim of each place: a place has one original."""
    return rows.sort_values("probability").drop_duplicates(["site", "size", "row"], keep="last")


def precision_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each kind, site and size and each of RIGHTS the `claims` put forward, and how many are `right`."""
    table = []
    for (kind, site, size), own in likeliest(rows).groupby(["kind", "site", "size"]):
        probability, times = own["probability"].to_numpy(), own["stands_for"].to_numpy()
        for wanted in RIGHTS:
            some = probability >= least_of(probability, wanted, times)
            right = times @ (some & own["right"].to_numpy())
            table.append((kind, site, size, times.sum(), wanted, times @ some, right, probability.max()))
    return pd.DataFrame(table, columns=["kind", "site", "size", "places", "wanted", "claims", "right", "surest"])


def by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each of RIGHTS how many claims are made of each kind, all sites together, and the share of right."""
    sums = table.groupby(["wanted", "kind"])[["claims", "right"]].sum()
    sums["precision"] = sums["right"] / sums["claims"].clip(lower=1)
    return sums[["claims", "precision"]].unstack()


class Reading(NamedTuple):
    """What is learnt of a reading: of pairs `without` each of PARTS, or `""`, and the `places` of their best pairs."""

    without: dict[str, Ranked]
    places: pd.DataFrame


def learn(paths: list[list[Path]]) -> Reading:
    """Learn from the examples of SITES; each kind of dictionary is judged by what was learnt from the others."""
    wanted = [*PARTS, ""]
    each = on_every_core(learn_without, wanted, [paths] * len(wanted))
    without = {part: told for part, (told, _) in zip(wanted, each, strict=True)}
    return Reading(without, pd.concat([rows for _, some in each for rows in some], ignore_index=True))


def learn_without(part: str, paths: list[list[Path]]) -> tuple[Ranked, list[pd.DataFrame]]:
    """Learn of pairs from all kinds of dictionaries but one, and judge the places of that one."""
    own: list[Path] = []
    others: list[Path] = []
    for number, some in zip(SITES, paths, strict=True):
        (own if kind_of(number) == part else others).extend(some)
    told = ranked(others)
    return told, places_by(told, own, np.random.default_rng(0))


def put_first(part: str, learnt: Ranked, paths: list[list[Path]]) -> dict[str, float]:
    """Return of how many words' places of a kind of dictionary the original is first, by others' evidence and judges.

    Of the places whose original is on the short list of their word; the kind had no part in what was learnt.
    """
    first: Counter = Counter()
    for made in opened(
        path for number, some in zip(SITES, paths, strict=True) if kind_of(number) == part for path in some
    ):
        table, [trees], line = pair_table(made, learnt.weights), learnt.judge.trees, learnt.judge.line
        orders = {
            **{"evidence": table["score"], "competed": table["competed"], "line": line.odds(table)},
            **{"trees": odds_of(trees, table, PAIR_FEATURES), "together": learnt.judge.odds(table)},
        }
        first["all"] += table["right"].sum()
        for name, order in orders.items():
            at = table.assign(order=np.asarray(order)).groupby("word")["order"].idxmax()
            first[name] += table.loc[at, "right"].sum()
    places = first.pop("all")
    return {name: right / places for name, right in first.items()}


def ranks_of(told: Reading, paths: list[list[Path]]) -> pd.DataFrame:
    """Return what `put_first` says of each of PARTS."""
    learnt = [told.without[part] for part in PARTS]
    return pd.DataFrame(on_every_core(put_first, PARTS, learnt, [paths] * len(PARTS)), index=PARTS)


def numbers_of(pair: Ranked, place: Judge) -> dict:
    """Return what was learnt of a reading as it stands in the file."""
    return {
        "worth": dict(zip(EVIDENCE, pair.weights.worth.tolist(), strict=True)),
        "kept": pair.weights.kept,
        "usual": dict(zip(KINDS, pair.weights.usual.tolist(), strict=True)),
        "pair": pair.judge.numbers(),
        "place": place.numbers(),
    }


def read_again(number: int, folder: Path, last: str, reading: str, part: dict) -> list[Path]:
    """Return the files of a site's examples of a `reading`, with what the `last` one claims put back.

    `part`: what other kinds of dictionaries taught of the last one.
    """
    paths = paths_of(number, folder, reading)
    for size, before, path in zip(sizes_of(number), paths_of(number, folder, last), paths, strict=True):
        if not path.exists():
            site = pickle.loads((folder / f"site-{number:02d}.pickle").read_bytes())
            made = pickle.loads(before.read_bytes())
            best, claims, thinkable = chosen(made.found, made.places, size, as_learnt(part))
            wide = thinkable if reading == READINGS[-1] else None
            thought = to_try(made.found, made.places, best, claims, wide)
            words = site.places.at(site.places.article < size)
            texts = [text for text, _ in site.pages[:size]]
            again = read_mended(texts, words, to_put_back(made.places, best, claims), thought)
            kept(path, lambda size=size, site=site, again=again: example(site._replace(places=again), size))
    return paths


def main(folder: Path) -> None:
    """Train and write; print of each reading how often claims are right, and how often the original is first."""
    folder.mkdir(parents=True, exist_ok=True)
    each, made = [folder] * len(SITES), {}
    paths, parts = on_every_core(examples_of, SITES, each), {}
    for name, last in zip(READINGS, (None, *READINGS), strict=False):
        if last is not None:
            others = [parts[kind_of(number)] for number in SITES]
            paths = on_every_core(read_again, SITES, each, [last] * len(SITES), [name] * len(SITES), others)
        told = kept(folder / f"learnt-{name}.pickle", partial(learn, paths))
        places = kept(folder / f"judges-{name}.pickle", partial(judges, told.places))
        parts = {part: numbers_of(told.without[part], places[part]) for part in (*PARTS, "")}
        made[name] = parts[""]
        table = precision_of(judged(told.places, places))
        print(name, by_kind(table).round(3).to_string(), sep="\n")
        ranks = kept(folder / f"ranks-{name}.pickle", partial(ranks_of, told, paths))
        print("original first", ranks.round(3).to_string(), sep="\n")
        each_site = table[np.isclose(table["wanted"], RIGHT)].sort_values(["size", "kind", "claims"])
        print(each_site.round(3).to_string(index=False), flush=True)
    write_file(MODEL, json.dumps(made, separators=(",", ":")).replace("],[[", "],\n[[") + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
