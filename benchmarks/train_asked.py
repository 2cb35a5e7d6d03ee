"""Train texts go in; what the language model's answers are worth to `restore` comes out, in its two files of weights.

`python -m benchmarks.train_asked`, after `train_restorer` and `train_detector`: it builds on the weights of both. Texts
by other hands and the train half of the corpus's sources (`train_detector.train_texts`) are spun, each with one of many
dictionaries: the written ones, mixtures of them, some drawn from the thesaurus, and some drawn from the field's
dictionary without any pair of the real article; one in nine stays as it is, so that honest words are known too. First
the ranking of a word's choices is learnt (`rank` in `restore_model.json`), then, on pages of dictionaries that the
ranking was not learnt on, which best choices are to be believed, and which rows of a mapping table: that of a few
other pages of the same dictionary, or of a site's, that of pages of others, and the field's with a third of its rows
gone (`restore_trees.json`). The test sources, the texts held out and the real article have no part in it.
"""

import json
import random
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.cores import on_every_core
from benchmarks.dictionaries import from_thesaurus, mixed, named
from benchmarks.restoration import without_own
from benchmarks.train_detector import train_texts
from benchmarks.train_restorer import is_right, table_of, truth, write
from helpers.detection.table_hits import TABLE_FEATURES, from_table
from helpers.files.atomic import write_file
from helpers.mapping.dictionary import Dictionary
from helpers.mapping.field import as_proposals, field_dictionary, field_sightings
from helpers.restoration.choices import CHOICE_FEATURES, RANK_FEATURES, choices, ranked, where
from helpers.restoration.model_gain import ASKED_FEATURES
from helpers.restoration.restore import WORD_ASKED, rows_asked, told_of_table, words_asked
from helpers.restoration.second_look import LOOK_FEATURES
from helpers.spinner import Spinner
from helpers.substitutions import gold_tables
from helpers.text.annotated import read
from helpers.text.spans import tokens

CORPUS = Path(__file__).parents[1] / "corpus"
TREES = Path(__file__).parents[1] / "helpers" / "restoration" / "restore_trees.json"
TEXTS = 64  # of those there are, by lot: each is read twice by the language model, ten seconds each time
WRITTEN = ("amber", "birch", "cobalt", "manner")
MIXED, DRAWN, FIELD = 4, 12, 8
KINDS = ("amber", "drawn", "birch", "field", "cobalt", "drawn", "manner", "field", "mixed", "drawn")
RATES = (0.3, 0.5, 0.7, 0.95)
HONEST = 9  # of so many texts one stays as it is
DIALECTS = ("news-a", "news-b")  # every dictionary of the field has them, and one other
LOST = 0.35  # of the field's rows, so that a page has phrases that the table lacks
FEW, SITE = 6, 13  # pages that a table is made from: a few, and the others of a made-up site
WRONG = 40  # choices of a word beside the right one that the ranking is learnt on
DRAWN_WEIGHT = {"rank": 0.2, "believe": 0.25}  # dictionaries of the thesaurus are cruder than spinning sites'
STIFFNESS = 1.0
BOOSTING = dict(max_iter=150, learning_rate=0.07, max_leaf_nodes=12, min_samples_leaf=60, l2_regularization=5.0)


class Page(NamedTuple):
    """A text to learn from: its source, dictionary and rate, the text, the gold table, and mapping tables for it."""

    source: str
    dictionary: str
    text: str
    gold: pd.DataFrame
    tables: list[pd.DataFrame]


def field_without_the_real_article() -> pd.DataFrame:
    """Return the field's dictionary as a mapping table, without any pair of the real article, its dialects kept."""
    table = field_dictionary().assign(status="proposed")
    return without_own(table, gold_tables(CORPUS)["kim-xi"])


def books(texts: pd.Series) -> dict[str, pd.DataFrame]:
    """Return the dictionaries by name."""
    words = {token.fold for text in texts for token in tokens(text)}
    made = {name: named(name) for name in WRITTEN}
    made |= {f"mixed {number}": mixed(WRITTEN, f"{number}") for number in range(MIXED)}
    made |= {f"drawn {number}": from_thesaurus(words, f"restore {number}") for number in range(DRAWN)}
    known = field_without_the_real_article()
    others = sorted(set(known["dialect"]) - set(DIALECTS))
    for number in range(FIELD):
        spoken = known[known["dialect"].isin([*DIALECTS, others[number % len(others)]])]
        made[f"field {number}"] = spoken.sample(frac=1, random_state=number).drop_duplicates("original")
    return made


def pages() -> list[Page]:
    """Return the texts to learn from."""
    texts, made = train_texts(), []
    dictionaries = books(texts)
    field = as_proposals(field_without_the_real_article(), field_sightings())
    for number, (source, text) in enumerate(texts.sample(TEXTS, random_state=7).items()):
        rng = random.Random(source)
        kind = KINDS[number % len(KINDS)]
        name = rng.choice([name for name in dictionaries if name.startswith(kind)])
        rate = 0.0 if number % HONEST == HONEST - 1 else rng.choice(RATES)
        spun, gold = Spinner(dictionaries[name], rate, 5).spin(text)
        foreign = rng.choice([other for other in dictionaries if other.partition(" ")[0] != kind])
        others = texts.drop(source)
        tables = [
            _table(dictionaries[name], others, FEW, 0.9, rng),
            _table(dictionaries[name], others, SITE, rate or 0.9, rng),
            _table(dictionaries[foreign], others, FEW, 0.9, rng),
        ]
        if kind == "field":
            tables[0] = field.sample(frac=1 - LOST, random_state=number)
        made.append(Page(source, name if rate else "honest", spun, gold, tables))
    return made


def _table(book: pd.DataFrame, texts: pd.Series, number: int, rate: float, rng: random.Random) -> pd.DataFrame:
    """The mapping table that some pages of a dictionary propose."""
    spinner = Spinner(book, rate, rng.randrange(1_000))
    rows = [(source, *spinner.spin(texts[source])) for source in rng.sample(list(texts.index), number)]
    return table_of(pd.DataFrame(rows, columns=["source", "text", "gold"]))


# The ranking


def rank_examples(page: Page) -> list[np.ndarray]:
    """Return for each replaced word whose original is among its choices their RANK_FEATURES, the right one first."""
    reading, rng, made = read(page.text), np.random.default_rng(zlib.crc32(page.source.encode())), []
    known = truth(reading, page.gold)
    for one in choices(reading, where(reading)):
        for row, place in enumerate(one.places):
            original = known.get(reading.span(place, place))
            if original in one.names:
                right = one.names.index(original)
                wrong = rng.permutation(np.delete(np.arange(len(one.names)), right))[:WRONG]
                made.append(one.values[row, [right, *wrong]].astype(np.float32))
    return made


def fit_ranking(examples: list[np.ndarray], heavy: np.ndarray) -> np.ndarray:
    """Learn what RANK_FEATURES are worth: a conditional logit (McFadden 1974), the right one against the others."""
    lengths = np.array([len(one) for one in examples])
    values = np.concatenate(examples).astype(float)
    scale = np.maximum(values.std(axis=0), 1e-6)
    values /= scale
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    group = np.repeat(np.arange(len(examples)), lengths)

    def loss(worth: np.ndarray) -> tuple[float, np.ndarray]:
        scores = values @ worth
        scores -= np.maximum.reduceat(scores, starts)[group]
        chances = np.exp(scores)
        whole = np.add.reduceat(chances, starts)
        lost = heavy @ (np.log(whole) - scores[starts]) + STIFFNESS / 2 * worth @ worth
        slope = (heavy[group] * chances / whole[group]) @ values - heavy @ values[starts] + STIFFNESS * worth
        return lost / len(examples), slope / len(examples)

    found = minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return found.x / scale


def rankings(made: list[Page]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the ranking learnt on all pages, and for each page one that knows no dictionary of its kind."""
    examples = on_every_core(rank_examples, made)
    owner = np.repeat(np.arange(len(made)), [len(some) for some in examples])
    flat = [one for some in examples for one in some]
    kinds = np.array([kind_of(page) for page in made])
    heavy = np.where(kinds[owner] == "drawn", DRAWN_WEIGHT["rank"], 1.0)

    def without(kind: str) -> np.ndarray:
        kept = np.flatnonzero(kinds[owner] != kind)
        return fit_ranking([flat[number] for number in kept], heavy[kept])

    by_kind = {kind: without(kind) for kind in sorted(set(kinds))}
    return without(""), [by_kind[kind] for kind in kinds]


def kind_of(page: Page) -> str:
    """Return the kind of dictionary that a page was spun with."""
    return page.dictionary.partition(" ")[0]


# What is to be believed


def rows_of(page: Page, worth: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the best choices of a page, without a table and beside each of its tables, and the rows of these."""
    reading = read(page.text)
    places = where(reading)
    chosen = words_asked(reading, ranked(reading, places, worth), places)
    chosen["right"] = is_right(reading, chosen, page.gold)
    words, tables = [told_of_table(chosen, Dictionary.of(None), chosen.iloc[:0])], []
    for table in page.tables:
        dictionary = Dictionary.of(table)
        rows = from_table(reading, dictionary)
        words.append(told_of_table(chosen, dictionary, rows))
        known = rows_asked(reading, rows, chosen, places)
        tables.append(known.assign(right=is_right(reading, rows, page.gold)))
    kind = kind_of(page)
    return pd.concat(words).assign(kind=kind), pd.concat(tables).assign(kind=kind)


def fit_trees(table: pd.DataFrame, names: list[str]) -> dict:
    """Learn which rows are right by boosted trees; return them as `trees` reads them."""
    heavy = np.where(table["kind"] == "drawn", DRAWN_WEIGHT["believe"], 1.0)
    model = HistGradientBoostingClassifier(**BOOSTING, random_state=0)
    model.fit(table[names].to_numpy(dtype=float), table["right"], sample_weight=heavy)
    print(f"{len(table):,} rows, {table['right'].sum():,} right, {len(model._predictors)} trees")
    return as_numbers(model, names)


def as_numbers(model: HistGradientBoostingClassifier, names: list[str]) -> dict:
    """Return boosted trees as `helpers.restoration.trees` reads them."""
    grown = []
    for [predictor] in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        threshold, value = np.where(leaf, 0.0, nodes["num_threshold"]), np.where(leaf, nodes["value"], 0.0)
        grown.append(
            [
                np.where(leaf, -1, nodes["feature_idx"]).tolist(),
                [float(f"{at:.6g}") for at in threshold],
                np.where(leaf, 0, nodes["left"]).tolist(),
                np.where(leaf, 0, nodes["right"]).tolist(),
                [float(f"{at:.4g}") for at in value],
            ]
        )
    return {"names": names, "base": float(np.ravel(model._baseline_prediction)[0]), "trees": grown}


def main() -> None:
    """Train and write."""
    made = pages()
    worth, apart = rankings(made)
    write({"rank": {name: float(f"{value:.4g}") for name, value in zip(RANK_FEATURES, worth, strict=True)}})
    found = on_every_core(rows_of, made, apart)
    words, tables = (pd.concat(side, ignore_index=True) for side in zip(*found, strict=True))
    parts = {
        "word": fit_trees(words, [*CHOICE_FEATURES, *WORD_ASKED, *LOOK_FEATURES]),
        "table": fit_trees(tables, [*TABLE_FEATURES, *ASKED_FEATURES, *LOOK_FEATURES]),
    }
    write_file(TREES, json.dumps(parts, separators=(",", ":")).replace("],[[", "],\n[[") + "\n")


if __name__ == "__main__":
    main()
