"""Train texts go in; the detector comes out: `detect_model.json` and its tables of phrases, in `helpers/detection/`.

`python -m benchmarks.train_detector`. Train texts are news and encyclopedia articles by other hands, the train half of
the corpus's sources and odd texts kept for training (`honest.py`). Each is spun with dictionaries written (amber,
birch, manner), mixed and drawn anew, and with what halves of the field's pages have (`dictionaries.py`); the dictionary
cobalt, SpinBot and its like, the test sources, the other odd texts, the real article and the text of any real page have
no part in it. So that the detector does not trust what it has seen too much, nothing is learnt in sight of itself: the
spun phrases that a text is searched for come from the other half of the texts, and for half of the spun texts lack its
own dictionary, or come from the other half of the field's pages; how much a word or a phrase looks like a replacement
is told by weights from the other texts.
"""

import json
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from benchmarks.cores import on_every_core
from benchmarks.dictionaries import field_halves, from_field, from_thesaurus, mixed, named
from benchmarks.honest import bundles, encyclopedia, news, odd
from benchmarks.testsets import references, split
from benchmarks.train_restorer import table_of
from helpers.align import sentence_spans
from helpers.detection.count_fit import FIT_FEATURES
from helpers.detection.misfits import POOLED, SUMS, chances, seen, weighed
from helpers.detection.model_fit import MODEL_FEATURES
from helpers.detection.phrase_hits import (
    ASKED_FEATURES,
    HIT_FEATURES,
    TABLES,
    Phrases,
    known_phrases,
    looked_up,
    with_model,
)
from helpers.detection.phrase_hits import apart as not_overlapping
from helpers.detection.spun_score import COUNTED, PRIOR, SLIPS, features, slip_share
from helpers.detection.symptoms import KINDS, symptoms
from helpers.detection.weights import log_odds
from helpers.files.atomic import write_file
from helpers.mapping.field import field_sightings
from helpers.spinner import Spinner
from helpers.text.annotated import read
from helpers.text.spans import fold, phrase_folds, tokens
from helpers.text.word_counts import Phrase, log_frequency

CORPUS = Path(__file__).parents[1] / "corpus"
HELPERS = Path(__file__).parents[1] / "helpers" / "detection"
SEEN = ("amber", "birch", "manner")  # written dictionaries that the detector has seen; cobalt is for measuring
MIXED, DRAWN = 6, 12  # dictionaries mixed of SEEN, and drawn from the thesaurus
FIELD, FIELD_A_TEXT = 6, 2  # dictionaries of halves of the field's pages, and of those for a text
RATES = (0.1, 0.3, 0.5, 0.7, 0.95)
FIELD_RATES = (0.5, 0.75, 1.0)  # they cover a tenth of the words of such texts
CUTS = (300, 300, 620)  # words
LENGTHS = (50, 100, 300, 600)
ODD_LENGTHS = (25, 50, 100, 200)
SEED = 5
SUPPORT = 2  # a phrase seen once may be a slip
LONGEST = 6  # words of a phrase
WHOLE = "whole"  # a table of which nothing is left out
PHRASE_RATE = 0.5  # of the pages that the spun phrases are taken from
PARTS = 2  # of the texts, for the spun phrases; and twice as many for the weights of words
WORD_SAMPLE = 100_000  # words that the weights of words are learnt on: more change the third digit
# By cross-validation, one dictionary of SEEN held out at a time: counts notice stray synonyms too seldom to learn from.
THESAURUS_WEIGHT, ODD_WEIGHT = {"": 0.1, " asked": 1.0}, 6.0
STIFFNESS = {"word": 1.0, "hit": 0.3, "text": 0.3}  # of the regressions (scikit-learn's C, on scaled columns)


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


def field_phrases(sightings: pd.DataFrame) -> pd.DataFrame:
    """Return the spun phrases of pages of the field's dictionary: `spun`, `original`, `support`."""
    counted = sightings.groupby(["spun", "original"], as_index=False)["count"].sum()
    rows = counted.rename(columns={"count": "support"})
    return rows.sort_values(["support", "spun", "original"], ascending=[False, True, True], ignore_index=True)


# How common phrases are in honest English


class Registers(NamedTuple):
    """Honest texts, by register: how many words each has, and how often it has each run of words."""

    words: dict[str, int]
    runs: dict[str, Counter]


def registers(texts: pd.DataFrame) -> Registers:
    """Count the runs of up to LONGEST words in honest texts: `text`, `kind`."""
    words: Counter = Counter()
    runs: dict[str, Counter] = {}
    for text, kind in zip(texts["text"], texts["kind"], strict=True):
        folded = [token.fold for token in tokens(text)]
        words[kind] += len(folded)
        counted = runs.setdefault(kind, Counter())
        for length in range(1, LONGEST + 1):
            counted.update(zip(*(folded[at:] for at in range(length)), strict=False))
    return Registers(dict(words), runs)


def with_register(table: pd.DataFrame, honest: Registers) -> pd.DataFrame:
    """Add `register`: the uses of each spun phrase in a million words of the register that has it most.

    The counts are drawn towards what English in general has, with the weight of one use, as `Dictionary.replaced` does.
    """
    folded = map(phrase_folds, table["spun"])
    return table.assign(register=[float(f"{1e6 * _rate(phrase, honest):.4g}") for phrase in folded])


def _rate(phrase: Phrase, honest: Registers) -> float:
    common = 10 ** log_frequency(phrase)
    return max(
        common * (honest.runs[kind][phrase] + 1) / (common * number + 1) for kind, number in honest.words.items()
    )


def honest_texts(texts: pd.Series, strange: pd.DataFrame) -> pd.DataFrame:
    """Return the honest train texts by source: `text`, `kind`."""
    kinds = ["encyclopedia" if source.startswith("wiki-") else "news" for source in texts.index]
    return pd.concat([pd.DataFrame({"text": texts, "kind": kinds}, index=texts.index), strange[["text", "kind"]]])


class Tables(NamedTuple):
    """What pages are searched for, by part of the texts and the dictionary that is lacking, or the field's half."""

    simulated: dict[tuple[int, str], Phrases]
    field: dict[tuple[int, str], Phrases]

    def of(self, source: str, name: str, strange: bool) -> list[Phrases]:
        """Return the tables for a text of a source that was spun with a dictionary (none for an honest one).

        As far as nothing of it is in them they are as large as those that come with Unspun.
        """
        rng, part = random.Random(f"{source}{name}"), part_of(source)
        lacking = rng.choice([name, ""]) if name in SEEN else rng.choice(["", *SEEN])
        half = name if name.startswith("field ") else WHOLE
        return [self.simulated[part, WHOLE if strange else lacking], self.field[part, half]]


def tables_for(texts: pd.Series, strange: pd.DataFrame) -> Tables:
    """Return the tables for each part of the texts; nothing in them comes from it, honest uses included."""
    pages, honest = spun_pages(texts), honest_texts(texts, strange)
    part = pages["source"].map(part_of)
    whole = phrases(pages), field_phrases(field_sightings(CORPUS / "field"))
    simulated, field = {}, {}
    for number in range(PARTS):
        others = registers(honest[honest.index.map(part_of) != number])
        simulated[number, WHOLE], field[number, WHOLE] = (Phrases.of(with_register(rows, others)) for rows in whole)
        for lacking in ("", *SEEN):
            rows = phrases(pages[(part != number) & (pages["dictionary"] != lacking)])
            simulated[number, lacking] = Phrases.of(with_register(rows, others))
        for half in (f"field {seed}" for seed in range(FIELD)):
            rows = field_phrases(field_halves(half)[1])
            field[number, half] = Phrases.of(with_register(rows, others))
    return Tables(simulated, field)


def cut(text: str, words: int) -> str:
    """Return the sentences of a text up to the one that brings it to so many words."""
    spans = sentence_spans(text)
    counts = np.cumsum([len(text[start:end].split()) for start, end in spans])
    return text[: spans[min(int(np.searchsorted(counts, words)), len(spans) - 1)][1]]


def versions(texts: pd.Series, strange: pd.Series) -> Iterator[tuple[str, float, str, str, pd.DataFrame | None]]:
    """Yield every text, honest and spun: source, rate (0 for honest), dictionary, text, gold.

    Two texts in three are cut, so that the language model has less to read. Odd texts are spun too, so that what is
    odd is not what tells an honest text.
    """
    words = {token.fold for text in texts for token in tokens(text)}
    drawn = {f"thesaurus {number}": from_thesaurus(words, f"{number}") for number in range(DRAWN)}
    blends = {f"mixed {number}": mixed(SEEN, f"{number}") for number in range(MIXED)}
    field = {f"field {number}": from_field(f"field {number}") for number in range(FIELD)}
    books = {name: named(name) for name in SEEN} | blends | drawn | field
    for source, whole in texts.items():
        rng = random.Random(source)
        text = cut(whole, rng.choice(CUTS))
        yield source, 0.0, "", text, None
        for name in (rng.choice(SEEN), rng.choice(list(blends)), rng.choice(list(drawn))):
            rate = rng.choice(RATES)
            yield source, rate, name, *Spinner(books[name], rate, SEED).spin(text)
        for name in rng.sample(list(field), FIELD_A_TEXT):
            rate = rng.choice(FIELD_RATES)
            yield source, rate, name, *Spinner(books[name], rate, SEED).spin(text)
    for source, text in strange.items():
        rng = random.Random(source)
        yield source, 0.0, "", text, None
        name = rng.choice([*field, *blends, rng.choice(list(drawn))])
        rate = rng.choice(FIELD_RATES if name in field else RATES)
        yield source, rate, name, *Spinner(books[name], rate, SEED).spin(text)


class Measured(NamedTuple):
    """What is seen in all texts, honest and spun; every table has `page`, `source` and `sentence`.

    Words: `replaced`, FIT_FEATURES, MODEL_FEATURES, POOLED. Hits of the tables: `first`, `last`, `key`, `right`,
    HIT_FEATURES, ASKED_FEATURES. Other symptoms: `kind`, `key`, `weight`. Sentences: `rate`, `dictionary`, `words`.
    """

    words: pd.DataFrame
    hits: pd.DataFrame
    symptoms: pd.DataFrame
    sentences: pd.DataFrame


def measured(texts: pd.Series, strange: pd.DataFrame) -> Measured:
    """Return what is seen in all texts, each spun anew (`versions`)."""
    tables = tables_for(texts, strange)
    pages = [
        (
            {"page": page, "source": source},
            {"rate": rate, "dictionary": name},
            text,
            gold,
            tables.of(source, name, source in strange.index),
        )
        for page, (source, rate, name, text, gold) in enumerate(versions(texts, strange["text"]))
    ]
    parts = zip(*on_every_core(_page, *zip(*pages, strict=True)), strict=True)
    return Measured(*(pd.concat(part, ignore_index=True) for part in parts))


def _page(
    facts: dict, spinner: dict, text: str, gold: pd.DataFrame | None, tables: list[Phrases]
) -> tuple[pd.DataFrame, ...]:
    """The words, hits, symptoms and sentences of a text, honest or spun."""
    reading, spans = read(text), sentence_spans(text)
    begins = [start for start, _ in spans]
    table = seen(reading, asked=True)
    tokens_start = np.array([token.start for token in reading.tokens], dtype=int)
    replaced = np.zeros(len(tokens_start), dtype=bool)
    for start, end in [] if gold is None else zip(gold["spun_start"], gold["spun_end"], strict=True):
        replaced |= (tokens_start >= start) & (tokens_start < end)
    sentence = np.searchsorted(begins, tokens_start, side="right") - 1
    places = table["place"].to_numpy()
    words = table[[*FIT_FEATURES, *MODEL_FEATURES, *POOLED]].assign(
        sentence=sentence[places], replaced=replaced[places]
    )
    hits = with_model(looked_up(reading, tables), table)
    first, last = hits["first"].to_numpy(dtype=int), hits["last"].to_numpy(dtype=int)
    keys = [" ".join(reading.words[one : other + 1]) for one, other in zip(first, last, strict=True)]
    right = [replaced[one : other + 1].any() for one, other in zip(first, last, strict=True)]
    hits = hits.drop(columns="original").assign(sentence=sentence[first], key=keys, right=right)
    found = symptoms(text, [])
    found = found[found["kind"].isin(KINDS)]
    keys = [fold(text[start:end]) for start, end in zip(found["start"], found["end"], strict=True)]
    found = found[["kind", "weight"]].assign(
        sentence=np.searchsorted(begins, found["start"], side="right") - 1, key=keys
    )
    lengths = [len(text[start:end].split()) for start, end in spans]
    sentences = pd.DataFrame({"sentence": range(len(spans)), "words": lengths}).assign(**spinner)
    return tuple(rows.assign(**facts) for rows in (words, hits, found, sentences))


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


def fit_hits(hits: pd.DataFrame, names: list[str]) -> dict[str, float]:
    """Learn how probably a spinner put a phrase of a table where it stands."""
    return regression(hits[names], hits["right"], STIFFNESS["hit"])


def part_number(rows: pd.DataFrame, parts: int = 2 * PARTS) -> pd.Series:
    """Return the part of the texts that each row belongs to, where weights are learnt on the other parts."""
    return rows["source"].map({source: part_of(f"word {source}", parts) for source in rows["source"].unique()})


def summed(found: Measured, names: list[str], hit_names: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sentences with what their words say, and the symptoms, hits of the tables among them.

    Words and hits are weighed with weights that the other parts of the texts give.
    """
    part, hit_part = part_number(found.words), part_number(found.hits)
    sums, weights = [], []
    for number in sorted(part.unique()):
        own, learnt = found.words[part == number], fit_words(found.words[part != number], names)
        sums.append(weighed(own, chances(own, learnt), learnt["share"]))
        hits, learnt = found.hits[hit_part == number], fit_hits(found.hits[hit_part != number], hit_names)
        weights.append(pd.Series(expit(log_odds(hits, learnt)), hits.index))
    keys = [found.words["page"], found.words["sentence"]]
    sentences = found.sentences.join(pd.concat(sums).groupby(keys).sum(), on=["page", "sentence"])
    hits = found.hits.assign(weight=pd.concat(weights), kind="table")
    hits = pd.concat([not_overlapping(rows) for _, rows in hits.groupby("page")])
    columns = ["page", "sentence", "kind", "key", "weight"]
    return sentences.fillna(dict.fromkeys(SUMS, 0.0)), pd.concat([hits[columns], found.symptoms[columns]])


def stretches(sentences: pd.DataFrame, found: pd.DataFrame, lengths: tuple[int, ...] = LENGTHS) -> pd.DataFrame:
    """Return the stretches of whole sentences that pages fall into, for each length, with the sums of COUNTED.

    `sentences` have the sums of their words, `found` are the symptoms. A stretch has about `length` words, at least
    nine tenths of it; no two of the same length overlap. Columns: `page`, `source`, `rate`, `dictionary`, `length`,
    `words`, COUNTED.
    """
    middle = sentences.groupby("page")["words"].cumsum() - sentences["words"] / 2
    keys, parts = ["page", "source", "rate", "dictionary"], []
    for length in lengths:
        number = (middle // length).astype(int).rename("number")
        sums = sentences.groupby([*keys, number], sort=False)[["words", *SUMS]].sum().reset_index()
        numbered = found.merge(sentences[["page", "sentence"]].assign(number=number), on=["page", "sentence"])
        sums = sums.merge(counted_once(numbered), on=["page", "number"], how="left").fillna(dict.fromkeys(KINDS, 0.0))
        parts.append(sums[sums["words"] >= 0.9 * length].assign(length=length).drop(columns="number"))
    return pd.concat(parts, ignore_index=True)


def counted_once(found: pd.DataFrame) -> pd.DataFrame:
    """Return the symptoms of each stretch (`page`, `number`) added up as `spun_score.once` counts them: KINDS."""
    each = found.astype({"weight": float}).groupby(["page", "number", "kind", "key"], as_index=False)["weight"].mean()
    slips = each["kind"].isin(SLIPS)
    number = each["kind"].where(slips).groupby([each["page"], each["number"]]).transform("count")
    each.loc[slips, "weight"] *= number[slips].map(slip_share)
    sums = each.pivot_table(index=["page", "number"], columns="kind", values="weight", aggfunc="sum")
    return sums.reindex(columns=KINDS).astype(float).fillna(0.0).reset_index()


def heaviness(table: pd.DataFrame, thesaurus: float, strange: pd.Index) -> np.ndarray:
    """Return how much each stretch counts: of each length spun ones make up PRIOR in all.

    A dictionary of thesaurus synonyms is cruder than those that spinning sites are known to use, and counts for
    `thesaurus`; odd texts, of the sources `strange`, are what a false accusation is feared of, and count for more.
    """
    heavy = np.where(table["dictionary"].str.startswith("thesaurus"), thesaurus, 1.0)
    spun = (table["rate"] > 0).to_numpy()
    heavy = np.where(table["source"].isin(strange) & ~spun, ODD_WEIGHT, heavy)
    shares = pd.Series(heavy).groupby([table["length"].to_numpy(), spun])
    together = table.groupby("length")["length"].transform("size").to_numpy()
    return heavy * together * np.where(spun, PRIOR, 1 - PRIOR) / shares.transform("sum").to_numpy()


def fit_texts(table: pd.DataFrame, thesaurus: float) -> dict[str, float]:
    """Learn how probably a stretch was spun, both classes alike heavy; a symptom that speaks against it is left out."""
    columns, heavy = list(COUNTED), heaviness(table, thesaurus, odd("train").index)
    while True:
        seen = features(table[COUNTED].to_numpy(dtype=float), table["words"].to_numpy(dtype=float))
        named_columns = pd.DataFrame(seen, columns=["length", *COUNTED], index=table.index)[["length", *columns]]
        weights = regression(named_columns, table["rate"] > 0, STIFFNESS["text"], heavy)
        wrong = [kind for kind in KINDS if weights.get(kind, 0.0) < 0]
        if not wrong:
            return {name: weights.get(name, 0.0) for name in ["intercept", "length", *COUNTED]}
        columns = [name for name in columns if name not in wrong]


def stretches_of(sentences: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the stretches of pages, those of odd texts shorter."""
    strange = sentences["source"].isin(odd("train").index)
    return pd.concat(
        [stretches(sentences[~strange], found), stretches(sentences[strange], found, ODD_LENGTHS)], ignore_index=True
    )


def rounded(weights: dict[str, float]) -> dict[str, float]:
    """Return weights to four digits."""
    return {name: float(f"{value:.4g}") for name, value in weights.items()}


def learn(found: Measured) -> dict[str, dict[str, float]]:
    """Learn all parts of the model: what hangs on counts, and what asks the language model too."""
    parts = {}
    for asked, more, more_hits in (("", [], []), (" asked", [*MODEL_FEATURES, *POOLED], ASKED_FEATURES)):
        names, hit_names = [*FIT_FEATURES, *more], [*HIT_FEATURES, *more_hits]
        table = stretches_of(*summed(found, names, hit_names))
        parts["word" + asked] = rounded(fit_words(found.words, names))
        parts["hit" + asked] = rounded(fit_hits(found.hits, hit_names))
        parts["text" + asked] = rounded(fit_texts(table, THESAURUS_WEIGHT[asked]))
        print(f"{len(found.words):,} words, {len(found.hits):,} hits, {len(table):,} stretches: {parts}")
    return parts


def write_tables(texts: pd.Series, strange: pd.DataFrame) -> None:
    """Write the tables of spun phrases that come with Unspun."""
    honest = registers(honest_texts(texts, strange))
    for name, rows in zip(
        TABLES, (phrases(spun_pages(texts)), field_phrases(field_sightings(CORPUS / "field"))), strict=True
    ):
        table = with_register(rows, honest)
        write_file(HELPERS / name, table.to_csv(index=False, lineterminator="\n"))
        print(f"{len(table):,} phrases in {name}")
    known_phrases.cache_clear()


def main() -> None:
    """Train and write."""
    texts, strange = train_texts(), odd("train")
    write_tables(texts, strange)
    write_file(HELPERS / "detect_model.json", json.dumps(learn(measured(texts, strange)), indent=1) + "\n")


if __name__ == "__main__":
    main()
