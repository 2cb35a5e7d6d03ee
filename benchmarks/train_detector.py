"""Train texts go in; `spun_phrases.csv` and `detect_model.json`, the detector, come out (in `helpers/detection/`).

`python -m benchmarks.train_detector`. Train texts are news and encyclopedia articles by other hands, the train half of
the corpus's sources and odd texts kept for training (`honest.py`). Each is spun with three written dictionaries
(amber, birch, manner) and with dictionaries drawn anew (`dictionaries.py`); the dictionary cobalt, the test sources,
the other odd texts and the real article have no part in it. So that the detector does not trust what it has seen too
much, nothing is learnt in sight of itself: the spun phrases that a text is searched for come from the other half of
the texts, and for half of the spun texts lack its own dictionary; how much a word looks like a replacement is told by
weights from the other texts.
"""

import json
import random
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.cores import on_every_core
from benchmarks.dictionaries import from_thesaurus, mixed, named
from benchmarks.honest import bundles, encyclopedia, news, odd
from benchmarks.testsets import references, split
from benchmarks.train_restorer import table_of
from helpers.align import sentence_spans
from helpers.detection.count_fit import FIT_FEATURES
from helpers.detection.misfits import SUMS, chances, seen, weighed
from helpers.detection.model_fit import MODEL_FEATURES
from helpers.detection.spun_score import COUNTED, features
from helpers.detection.symptoms import KINDS, by_sentence, known_phrases, symptoms
from helpers.files.atomic import write_file
from helpers.mapping.dictionary import Dictionary
from helpers.spinner import Spinner
from helpers.text.annotated import read
from helpers.text.spans import tokens

CORPUS = Path(__file__).parents[1] / "corpus"
HELPERS = Path(__file__).parents[1] / "helpers" / "detection"
SEEN = ("amber", "birch", "manner")  # written dictionaries that the detector has seen; cobalt is for measuring
MIXED, DRAWN, DRAWN_A_TEXT = 6, 12, 1  # dictionaries mixed of SEEN, drawn from the thesaurus, and of those for a text
RATES = (0.1, 0.3, 0.5, 0.7, 0.95)
LENGTHS = (50, 100, 300, 600)
ODD_LENGTHS = (25, 50, 100)
SEED = 5
SUPPORT = 2  # a phrase seen once may be a slip
PHRASE_RATE = 0.5  # of the pages that the spun phrases are taken from
PARTS = 2  # of the texts, for the spun phrases; and twice as many for the weights of words
WORD_SAMPLE = 100_000  # words that the weights of words are learnt on: more change the third digit
# By cross-validation, one dictionary of SEEN held out at a time: counts notice stray synonyms too seldom to learn from.
THESAURUS_WEIGHT, ODD_WEIGHT = {"": 0.1, " asked": 1.0}, 6.0
STIFFNESS = {"word": 1.0, "text": 0.3}  # of the regressions (scikit-learn's C, on scaled columns)


def train_texts() -> pd.Series:
    """Return the honest texts to spin and to train on, by source; of the encyclopedia every other article."""
    own, _ = split(references(CORPUS))
    return pd.concat([bundles(news()[0]), encyclopedia().iloc[::2], own])


def part_of(source: str, parts: int = PARTS) -> int:
    """Return the part of the texts that a source belongs to."""
    return zlib.crc32(source.encode()) % parts


def spun_pages(texts: pd.Series, seed: int = 31) -> pd.DataFrame:
    """Return a page of every text for each written dictionary: `source`, `dictionary`, `text`, `gold`."""
    rows = [
        (source, name, *Spinner(named(name), PHRASE_RATE, seed).spin(text))
        for name, (source, text) in product(SEEN, texts.items())
    ]
    return pd.DataFrame(rows, columns=["source", "dictionary", "text", "gold"])


def phrases(pages: pd.DataFrame) -> pd.DataFrame:
    """Return the spun phrases of some pages: `spun`, `original`, `support`, `natural`."""
    table = table_of(pages.reset_index(drop=True))
    return table.loc[table["support"] >= SUPPORT, ["spun", "original", "support", "natural"]]


def phrase_tables(pages: pd.DataFrame) -> dict[tuple[int, str], Dictionary]:
    """Return spun phrases by the part of the texts they are for (none comes from it) and the dictionary they lack."""
    part = pages["source"].map(part_of)
    return {
        (number, lacking): Dictionary(phrases(pages[(part != number) & (pages["dictionary"] != lacking)]))
        for number, lacking in product(range(PARTS), ("", *SEEN))
    }


def versions(texts: pd.Series, strange: pd.Series) -> Iterator[tuple[str, float, str, str, pd.DataFrame | None]]:
    """Yield every text, honest and spun: source, rate (0 for honest), dictionary, text, gold."""
    words = {token.fold for text in texts for token in tokens(text)}
    drawn = {f"thesaurus {number}": from_thesaurus(words, f"{number}") for number in range(DRAWN)}
    blends = {f"mixed {number}": mixed(SEEN, f"{number}") for number in range(MIXED)}
    books = {name: named(name) for name in SEEN} | blends | drawn
    for source, text in texts.items():
        rng = random.Random(source)
        yield source, 0.0, "", text, None
        for name in (*SEEN, rng.choice(list(blends)), *rng.sample(list(drawn), DRAWN_A_TEXT)):
            rate = rng.choice(RATES)
            yield source, rate, name, *Spinner(books[name], rate, SEED).spin(text)
    for source, text in strange.items():
        yield source, 0.0, "", text, None


def measured(texts: pd.Series, strange: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the words and the sentences of all texts, honest and spun.

    Words: `page`, `source`, `sentence`, `replaced`, FIT_FEATURES. Sentences: `page`, `source`, `rate`, `dictionary`,
    `sentence`, `words`, KINDS.
    """
    tables, pages = phrase_tables(spun_pages(texts)), []
    for page, (source, rate, name, text, gold) in enumerate(versions(texts, strange)):
        rng = random.Random(f"{source}{name}")
        lacking = rng.choice([name, ""]) if name in SEEN else rng.choice(["", *SEEN])
        facts = {"page": page, "source": source, "rate": rate, "dictionary": name}
        pages.append((facts, text, gold, tables[part_of(source), lacking]))
    words, sentences = zip(*on_every_core(_page, pages), strict=True)
    return pd.concat(words, ignore_index=True), pd.concat(sentences, ignore_index=True)


def _page(page: tuple[dict, str, pd.DataFrame | None, Dictionary]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The words and the sentences of a text, honest or spun."""
    facts, text, gold, table = page
    sentences = by_sentence(text, symptoms(text, table))
    words = _words(text, gold).assign(page=facts["page"], source=facts["source"])
    return words, sentences.assign(**facts, sentence=sentences.index)


def _words(text: str, gold: pd.DataFrame | None) -> pd.DataFrame:
    """The fits of a text's words, the sentence each stands in, and whether it was replaced."""
    reading = read(text)
    table = seen(reading, asked=True)
    starts = np.array([token.start for token in reading.tokens], dtype=int)[table["place"]]
    sentence = np.searchsorted([start for start, _ in sentence_spans(text)], starts, side="right") - 1
    replaced = np.zeros(len(table), dtype=bool)
    for start, end in [] if gold is None else zip(gold["spun_start"], gold["spun_end"], strict=True):
        replaced |= (starts >= start) & (starts < end)
    return table[FIT_FEATURES + MODEL_FEATURES].assign(sentence=sentence, replaced=replaced)


# What is learnt


def regression(
    table: pd.DataFrame, target: pd.Series, stiffness: float, heavy: np.ndarray | None = None
) -> dict[str, float]:
    """Return the weights of a logistic regression, by column, with the intercept; `heavy`: how much each row counts."""
    scale = np.maximum(table.std(ddof=0), 1e-9)
    model = LogisticRegression(C=stiffness, max_iter=2000).fit(table / scale, target, sample_weight=heavy)
    weights = dict(zip(table.columns, model.coef_[0] / scale, strict=True))
    return {"intercept": float(model.intercept_[0])} | {name: float(value) for name, value in weights.items()}


def fit_words(words: pd.DataFrame, names: list[str], seed: int = 0) -> dict[str, float]:
    """Learn how much a word looks like a replacement, from the features of these names."""
    sample = words.sample(min(WORD_SAMPLE, len(words)), random_state=seed)
    weights = regression(sample[names], sample["replaced"], STIFFNESS["word"])
    return weights | {"share": float(words["replaced"].mean())}


def summed(words: pd.DataFrame, sentences: pd.DataFrame, weights: dict[int, dict[str, float]]) -> pd.DataFrame:
    """Add to the sentences what their words say; a word is weighed with the weights of its part of the texts."""
    part = words["source"].map(lambda source: part_of(f"word {source}", len(weights)))
    sums = pd.concat(
        [
            weighed(some, chances(some, weights[number]), weights[number]["share"])
            for number, some in words.groupby(part)
        ]
    )
    keys = [words["page"], words["sentence"]]
    return sentences.join(sums.groupby(keys).sum(), on=["page", "sentence"]).fillna({name: 0.0 for name in SUMS})


def cross_fitted(words: pd.DataFrame, names: list[str], parts: int = 2 * PARTS) -> dict[int, dict[str, float]]:
    """Return for each part of the texts the weights that the words of the other parts give."""
    part = words["source"].map(lambda source: part_of(f"word {source}", parts))
    return {number: fit_words(words[part != number], names) for number in range(parts)}


def stretches(sentences: pd.DataFrame, lengths: tuple[int, ...] = LENGTHS) -> pd.DataFrame:
    """Return the stretches of whole sentences that pages fall into, for each length, with the sums of COUNTED.

    A stretch has about `length` words, at least nine tenths of it; no two of the same length overlap. Columns: `page`,
    `source`, `rate`, `dictionary`, `length`, `words`, COUNTED.
    """
    middle = sentences.groupby("page")["words"].cumsum() - sentences["words"] / 2
    keys = ["page", "source", "rate", "dictionary"]
    parts = []
    for length in lengths:
        number = (middle // length).astype(int).rename("number")
        sums = sentences.groupby([*keys, number], sort=False)[["words", *COUNTED]].sum()
        parts.append(sums[sums["words"] >= 0.9 * length].assign(length=length).reset_index().drop(columns="number"))
    return pd.concat(parts, ignore_index=True)


def heaviness(table: pd.DataFrame, thesaurus: float) -> np.ndarray:
    """Return how much each stretch counts: honest and spun ones the same in all.

    A dictionary of thesaurus synonyms is cruder than those that spinning sites are known to use, and counts for
    `thesaurus`; odd texts are what a false accusation is feared of, and count for more.
    """
    heavy = np.where(table["dictionary"].str.startswith("thesaurus"), thesaurus, 1.0)
    heavy = np.where(table["source"].isin(odd("train").index), ODD_WEIGHT, heavy)
    spun = (table["rate"] > 0).to_numpy()
    return heavy * len(table) / 2 / np.where(spun, heavy[spun].sum(), heavy[~spun].sum())


def fit_texts(table: pd.DataFrame, thesaurus: float) -> dict[str, float]:
    """Learn how probably a stretch was spun, both classes alike heavy; a symptom that speaks against it is left out."""
    columns, heavy = list(COUNTED), heaviness(table, thesaurus)
    while True:
        seen = features(table[COUNTED].to_numpy(dtype=float), table["words"].to_numpy(dtype=float))
        named_columns = pd.DataFrame(seen, columns=["length", *COUNTED], index=table.index)[["length", *columns]]
        weights = regression(named_columns, table["rate"] > 0, STIFFNESS["text"], heavy)
        wrong = [kind for kind in KINDS if weights.get(kind, 0.0) < 0]
        if not wrong:
            return {name: weights.get(name, 0.0) for name in ["intercept", "length", *COUNTED]}
        columns = [name for name in columns if name not in wrong]


def stretches_of(words: pd.DataFrame, sentences: pd.DataFrame, weights: dict[int, dict[str, float]]) -> pd.DataFrame:
    """Return the stretches of pages, those of odd texts shorter."""
    counted = summed(words, sentences, weights)
    strange = counted["source"].isin(odd("train").index)
    return pd.concat([stretches(counted[~strange]), stretches(counted[strange], ODD_LENGTHS)], ignore_index=True)


def rounded(weights: dict[str, float]) -> dict[str, float]:
    """Return weights to four digits."""
    return {name: float(f"{value:.4g}") for name, value in weights.items()}


def learn(words: pd.DataFrame, sentences: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Learn all parts of the model: what hangs on counts, and what asks the language model too."""
    parts = {}
    for asked, names in (("", FIT_FEATURES), (" asked", [*FIT_FEATURES, *MODEL_FEATURES])):
        table = stretches_of(words, sentences, cross_fitted(words, names))
        parts["word" + asked] = rounded(fit_words(words, names))
        parts["text" + asked] = rounded(fit_texts(table, THESAURUS_WEIGHT[asked]))
        print(f"{len(words):,} words, {len(table):,} stretches: {parts}")
    return parts


def main() -> None:
    """Train and write."""
    texts, strange = train_texts(), odd("train")["text"]
    rows = phrases(spun_pages(texts))
    write_file(HELPERS / "spun_phrases.csv", rows.to_csv(index=False, lineterminator="\n"))
    known_phrases.cache_clear()
    print(f"{len(rows):,} phrases of {len(texts)} texts")
    write_file(HELPERS / "detect_model.json", json.dumps(learn(*measured(texts, strange)), indent=1) + "\n")


if __name__ == "__main__":
    main()
