"""How well is spun text told from honest text, on sources and with a dictionary that the detector never saw?

`python -m benchmarks.detection` writes `results/detection*.csv` and the pictures beside them.
(`python -m benchmarks.detection 3` takes every third of the news, for a machine or a day that is short.)
Test texts are news by other hands (`honest.py`), the corpus's test sources and the reference of the real article;
each is read once and cut into stretches of 50 to 600 words. Beside the written dictionaries they are spun with real
pairs: those of a half of the field's pages, judged with those of the other half, and those of SpinBot and its like,
judged without any of these dialects. Intervals are 95 % bootstrap intervals over sources. Peers get the
same stretches: the mean surprise of the words, as the language model has it and as a bigram model has it (what
perplexity measures), a classifier on TF-IDF that was trained on the same texts, honest and spun, as the detector, and
the detector itself without the language model.
"""

import math
import random
import sys
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline

from benchmarks.cores import on_every_core
from benchmarks.dictionaries import LIKE_SPINBOT, field_halves, from_field, like_spinbot
from benchmarks.honest import bundles, news, odd
from benchmarks.testsets import DICTIONARIES, dictionary, references, split
from benchmarks.train_detector import (
    HELPERS,
    LENGTHS,
    RATES,
    SEED,
    THESAURUS_WEIGHT,
    field_phrases,
    heaviness,
    train_texts,
    versions,
)
from helpers.align import fold, sentence_spans
from helpers.corpus import load_articles
from helpers.detect import spun_score
from helpers.detection.model_fit import expected
from helpers.detection.phrase_hits import Phrases, known_phrases
from helpers.detection.spun_score import judged, once, probabilities, signs, sums
from helpers.display.plots import Picture
from helpers.files.atomic import write_file
from helpers.mapping.field import field_sightings
from helpers.plots import plot_calibration
from helpers.spinner import Spinner
from helpers.substitutions import read_gold
from helpers.text.annotated import read
from helpers.text.spans import Span, is_word, tokens
from helpers.text.word_counts import affinity, frequency

CORPUS = Path(__file__).parents[1] / "corpus"
RESULTS = Path(__file__).parent / "results"
PPDB = Path(__file__).parents[2] / "shared" / "dev" / "ppdb" / "synonyms.tsv.gz"
RESAMPLES = 200
FALSE_ALARMS = 0.01
HALF, SPINBOT = "field, other pages", "field, SpinBot and its like"
FIELD_RATE = 1.0  # such a dictionary covers a tenth of the words of these texts
APART = ("PPDB", HALF, SPINBOT)  # told by themselves, beside what was measured before
AMONG_ODD, NEWS = "news and odd texts", "news alone"
Scorer = Callable[[str], float]


def stretches(text: str, lengths: tuple[int, ...] = LENGTHS) -> list[tuple[int, int, int]]:
    """Return the stretches of whole sentences that a text falls into: length, start, end; none of a length overlap."""
    spans = sentence_spans(text)
    words = np.array([len(text[start:end].split()) for start, end in spans])
    middle = np.cumsum(words) - words / 2
    found = []
    for length in lengths:
        stretch = (middle // length).astype(int)
        for number in np.unique(stretch):
            inside = np.flatnonzero(stretch == number)
            if words[inside].sum() >= 0.9 * length:
                found.append((length, spans[inside[0]][0], spans[inside[-1]][1]))
    return found


def test_texts(every: int) -> pd.Series:
    """Return the honest texts to measure on, by source; of the bundles of news the first of every so many."""
    _, stories = news()
    _, own = split(references(CORPUS))
    real = load_articles(CORPUS).loc[["kim-xi-reference"], "text"]
    return pd.concat([bundles(stories).iloc[::every], own, real])


def foreign_dictionary(seed: int = 9) -> pd.DataFrame | None:
    """Return a dictionary by other hands: a synonym of PPDB for each of its common words; None where it is not there.

    It is read to measure with and nothing else.
    """
    if not PPDB.exists():
        return None
    pairs = pd.read_csv(
        PPDB, sep="\t", names=["original", "spun"], usecols=[0, 1], na_filter=False, dtype=str, quoting=3
    )
    pairs = pairs[pairs["original"].str.fullmatch("[a-z]{4,}") & pairs["spun"].str.fullmatch("[a-z]{4,}")]
    common = pairs["original"].map(frequency).gt(1e-6) & pairs["spun"].map(frequency).gt(3e-7)
    alike = [a[:4] == b[:4] for a, b in zip(pairs["original"], pairs["spun"], strict=True)]
    return pairs[common & ~np.array(alike)].sample(frac=1, random_state=seed).drop_duplicates("original")


def field_books() -> dict[str, pd.DataFrame]:
    """Return dictionaries of real pairs: of a half of the field's pages, and of SpinBot and its like."""
    return {HALF: from_field(HALF), SPINBOT: like_spinbot(SPINBOT)}


@lru_cache(maxsize=4)
def tables_for(dictionary: str) -> tuple[Phrases, ...]:
    """Return the tables that a stretch is judged with: nothing of the field's that it was spun with is in them."""
    simulated, field = known_phrases()
    if dictionary not in (HALF, SPINBOT):
        return simulated, field
    rows = field_sightings(CORPUS / "field")
    rows = field_halves(HALF)[1] if dictionary == HALF else rows[~rows["dialect"].isin(LIKE_SPINBOT)]
    return simulated, Phrases.of(with_rates(field_phrases(rows)))


def with_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Add to rows of the field's phrases how common they are in honest English (`register`), as shipped."""
    shipped = pd.read_csv(HELPERS / "field_phrases.csv", keep_default_na=False)
    return rows.assign(register=rows["spun"].map(shipped.drop_duplicates("spun").set_index("spun")["register"]))


def test_pages(texts: pd.Series) -> pd.DataFrame:
    """Return all texts, honest (rate 0) and spun: `source`, `rate`, `dictionary`, `text`."""
    other, real = foreign_dictionary(), field_books()
    rows = []
    for source, text in texts.items():
        rng = random.Random(f"test{source}")
        rows.append((source, 0.0, "", text))
        for rate in RATES:
            name = rng.choice(DICTIONARIES)
            rows.append((source, rate, name, Spinner(dictionary(CORPUS, name), rate, SEED + 1).spin(text)[0]))
        if other is not None:
            rows.append((source, 0.3, "PPDB", Spinner(other, 0.3, SEED + 1).spin(text)[0]))
        for name, book in real.items():
            rows.append((source, FIELD_RATE, name, Spinner(book, FIELD_RATE, SEED + 1).spin(text)[0]))
    return pd.DataFrame(rows, columns=["source", "rate", "dictionary", "text"])


def odd_pages() -> pd.DataFrame:
    """Return the odd texts that teach nothing, honest and spun once, as `test_pages` does."""
    rows = []
    for source, text in kept_back().items():
        rng = random.Random(f"test{source}")
        name, rate = rng.choice(DICTIONARIES), rng.choice(RATES)
        rows.append((source, 0.0, "", text))
        rows.append((source, rate, name, Spinner(dictionary(CORPUS, name), rate, SEED + 1).spin(text)[0]))
    return pd.DataFrame(rows, columns=["source", "rate", "dictionary", "text"])


def kept_back() -> pd.Series:
    """Return the odd texts that have no part in training."""
    return pd.concat([odd(use)["text"] for use in ("test", "fresh", "heldback")])


# The methods: each gives a text a number that is high if it was spun


def unspun(text: str, dictionary: str, spans: list[Span], asked: bool) -> list[float]:
    """The detector's probability of each stretch, without the interval and without marks: simulated texts have none."""
    found, said = signs(text, tables_for(dictionary), asked), []
    for start, end in spans:
        inside = once(found[(found["start"] >= start) & (found["start"] < end)], text)
        words = np.array([len(text[start:end].split())], dtype=float)
        said.append(float(probabilities(sums(inside, [start]), words, asked)[0]))
    return said


def model_alone(text: str, spans: list[Span]) -> list[float]:
    """The mean surprise of a word after its sentence so far, as the language model has it, in each stretch."""
    reading = read(text)
    table = expected(reading)
    starts = np.array([reading.tokens[place].start for place in table["place"]])
    return [float(table["surprisal"][(starts >= start) & (starts < end)].mean()) for start, end in spans]


def bigram_model(text: str) -> float:
    """The mean surprise of a word after the one before it (bits), as a bigram model of the web has it."""
    words = [token.fold for token in tokens(text)]
    surprise = [
        -math.log2(frequency(word)) - affinity(before, word) * math.log2(10)
        for before, word in pairwise(words)
        if is_word(before) and is_word(word)
    ]
    return float(np.mean(surprise)) if surprise else 0.0


def tfidf_classifier() -> Scorer:
    """A logistic regression on TF-IDF of words, trained on the stretches of the detector's train texts."""
    rows = [
        (rate > 0, part)
        for _, rate, _, text, _ in versions(train_texts(), odd("train")["text"])
        for part in (text[start:end] for _, start, end in stretches(text))
    ]
    labels, texts = zip(*rows, strict=True)
    model = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=10, class_weight="balanced"))
    model.fit(texts, labels)
    return lambda text: float(model.predict_proba([text])[0, 1])


OURS, BY_COUNTS = "**Unspun**", "Unspun without the language model"
METHODS = [OURS, BY_COUNTS, "language model alone", "bigram model alone"]


def scored(source: str, rate: float, dictionary: str, text: str) -> pd.DataFrame:
    """Return the stretches of a text with what each method but the classifier says of them.

    Columns: `source`, `rate`, `dictionary`, `length`, `text`, METHODS.
    """
    found = stretches(text)
    spans = [(start, end) for _, start, end in found]
    parts = [text[start:end] for start, end in spans]
    said = [unspun(text, dictionary, spans, asked) for asked in (True, False)]
    said += [model_alone(text, spans), list(map(bigram_model, parts))]
    rows = pd.DataFrame(
        {"length": [length for length, _, _ in found], "text": parts, **dict(zip(METHODS, said, strict=True))}
    )
    return rows.assign(source=source, rate=rate, dictionary=dictionary)


# What is measured


def measures(honest: pd.DataFrame, spun: pd.DataFrame, column: str, seed: int = 0) -> dict[str, float]:
    """Return the area under the ROC curve and the share found at 1 % false alarms, with intervals over sources."""
    rng = np.random.default_rng(seed)
    sources = sorted(set(honest["source"]) | set(spun["source"]))
    sides = [{name: group[column].to_numpy() for name, group in side.groupby("source")} for side in (honest, spun)]
    drawn = [_rates(*_pool(sides, rng.choice(sources, len(sources)))) for _ in range(RESAMPLES)]
    ends = np.nanquantile(np.array(drawn), [0.025, 0.975], axis=0)
    area, found = _rates(honest[column].to_numpy(), spun[column].to_numpy())
    return {
        **{"auc": area, "auc_low": ends[0, 0], "auc_high": ends[1, 0]},
        **{"found": found, "found_low": ends[0, 1], "found_high": ends[1, 1]},
        **{"honest": len(honest), "spun": len(spun), "sources": len(sources)},
    }


def _pool(sides: list[dict[str, np.ndarray]], drawn: np.ndarray) -> list[np.ndarray]:
    return [np.concatenate([side[name] for name in drawn if name in side] or [np.array([])]) for side in sides]


def _rates(honest: np.ndarray, spun: np.ndarray) -> tuple[float, float]:
    if not len(honest) or not len(spun):
        return math.nan, math.nan
    area = roc_auc_score(np.repeat([0, 1], [len(honest), len(spun)]), np.concatenate([honest, spun]))
    return area, float((spun > np.quantile(honest, 1 - FALSE_ALARMS, method="higher")).mean())


def table_of(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the measures of each method overall, by length, by length and rate, and by dictionary."""
    made = []
    for name in names:
        honest, spun = rows[rows["rate"] == 0], rows[(rows["rate"] > 0) & ~rows["dictionary"].isin(APART)]
        made.append(
            {"method": name, "length": "all", "rate": "all", "dictionary": "all", **measures(honest, spun, name)}
        )
        for length in LENGTHS:
            short = honest[honest["length"] == length]
            groups = [("all", "all", spun), *((rate, "all", spun[spun["rate"] == rate]) for rate in RATES)]
            at30 = rows[rows["rate"] == 0.3]
            groups += [(0.3, kind, at30[at30["dictionary"] == kind]) for kind in sorted(set(at30["dictionary"]))]
            groups += [(FIELD_RATE, kind, rows[rows["dictionary"] == kind]) for kind in (HALF, SPINBOT)]
            for rate, kind, group in groups:
                group = group[group["length"] == length]
                if len(group):
                    made.append(
                        {
                            "method": name,
                            "length": length,
                            "rate": rate,
                            "dictionary": kind,
                            **measures(short, group, name),
                        }
                    )
    return pd.DataFrame(made)


def calibration(rows: pd.DataFrame, bins: int = 10) -> pd.DataFrame:
    """Return for ten bands of the probability how many stretches fall there and what share of them was spun.

    Twice, as `among` tells: with odd texts among the honest ones, as heavy as in training, for that is what a
    probability is said for; and without. Spun stretches weigh PRIOR in all, as they did in training. The shares have
    95 % bootstrap intervals over sources (`low`, `high`).
    """
    rows = rows[~rows["dictionary"].isin(APART)]
    strange = rows["source"].isin(kept_back().index)
    parts = {AMONG_ODD: rows, NEWS: rows[~strange]}
    return pd.concat([_bands(some, bins).assign(among=name) for name, some in parts.items()], ignore_index=True)


def _bands(rows: pd.DataFrame, bins: int) -> pd.DataFrame:
    heavy = heaviness(rows, THESAURUS_WEIGHT[" asked"], kept_back().index)
    band = np.minimum((rows[OURS] * bins).astype(int), bins - 1)
    seen = pd.DataFrame({"band": band, "weight": heavy / heavy.sum(), "source": rows["source"]})
    seen = seen.assign(spun=seen["weight"] * (rows["rate"] > 0), said=seen["weight"] * rows[OURS])
    sums = seen.groupby("band").agg(
        stretches=("weight", "size"), weight=("weight", "sum"), spun=("spun", "sum"), said=("said", "sum")
    )
    sums = sums.assign(said=sums["said"] / sums["weight"], spun=sums["spun"] / sums["weight"])
    of_sources = seen.pivot_table(
        index="source", columns="band", values=["weight", "spun"], aggfunc="sum", fill_value=0
    )
    draws = np.random.default_rng(0).integers(0, len(of_sources), size=(RESAMPLES, len(of_sources)))
    shares = [of_sources[name].to_numpy()[draws].sum(axis=1) for name in ("spun", "weight")]
    with np.errstate(invalid="ignore"):
        ends = np.nanquantile(shares[0] / shares[1], [0.025, 0.975], axis=0)
    return sums.assign(low=ends[0], high=ends[1]).reset_index()


def odd_texts() -> pd.DataFrame:
    """Return what the detector says of each odd but honest text, the most suspected first.

    `use` tells the texts that were looked at before (test) from those that were written anew and kept apart (fresh,
    heldback), and from those that are trained on.
    """
    texts = pd.concat([odd("test"), odd("fresh"), odd("heldback"), odd("train")])
    scores = [spun_score(text) for text in texts["text"]]
    rows = texts[["kind", "use"]].assign(
        words=texts["text"].str.split().str.len(),
        probability=[score.probability for score in scores],
        low=[score.low for score in scores],
        high=[score.high for score in scores],
        evidence=["; ".join(score.evidence["words"].head(3)) for score in scores],
    )
    return rows.sort_values("probability", ascending=False).reset_index()


def real_article() -> pd.DataFrame:
    """Return what the detector says of the real article and of its reference.

    The simulated dictionaries were written after the manner of the real article, and share pairs with it. Therefore
    it is judged a second time with a table that lacks each of its own pairs, and a third time with no table at all.
    """
    articles = load_articles(CORPUS)
    gold = read_gold(CORPUS / "gold" / "kim-xi.gold.csv")
    own = set(zip(gold["spun"].map(fold), gold["original"].map(fold), strict=True))
    table = pd.read_csv(HELPERS / "spun_phrases.csv", keep_default_na=False)
    foreign = table[[pair not in own for pair in zip(table["spun"], table["original"], strict=True)]]
    field = pd.read_csv(HELPERS / "field_phrases.csv", keep_default_na=False)
    others = field[[pair not in own for pair in zip(field["spun"], field["original"], strict=True)]]
    tables = {
        "as it comes": known_phrases(),
        "without the article's own pairs": [Phrases.of(foreign), Phrases.of(others)],
        "the same without the field's dictionary": [Phrases.of(foreign)],
        "none": [],
    }
    rows = []
    for name, known in tables.items():
        for article_id in ("kim-xi", "kim-xi-reference"):
            score = judged(articles.loc[article_id, "text"], known, asked=True)
            said = "; ".join(score.evidence["words"].head(5))
            rows.append((article_id, name, score.probability, score.low, score.high, said))
    return pd.DataFrame(rows, columns=["article_id", "table", "probability", "low", "high", "evidence"])


def main(every: int = 1) -> None:
    """Measure, and write the results."""
    pages = pd.concat([test_pages(test_texts(every)), odd_pages()], ignore_index=True)
    every_row = pd.concat(on_every_core(scored, *(pages[name] for name in pages)), ignore_index=True)
    curve = calibration(every_row)
    rows = every_row[~every_row["source"].isin(kept_back().index)].copy()
    rows["TF-IDF classifier"] = rows["text"].map(tfidf_classifier())
    said = every_row.assign(said=every_row[OURS])[["source", "rate", "dictionary", "length", "said"]]
    for name, table in {
        "detection_scores": said,
        "detection": table_of(rows, [*METHODS, "TF-IDF classifier"]),
        "detection_calibration": curve,
        "detection_odd": odd_texts(),
        "detection_real": real_article(),
    }.items():
        write_file(RESULTS / f"{name}.csv", table.to_csv(index=False, lineterminator="\n", float_format="%.4g"))
        if table is not said:
            print(table.to_string(max_colwidth=90))
    picture: Picture = plot_calibration(curve[curve["among"] == AMONG_ODD])
    (RESULTS / "detection_calibration.png").write_bytes(picture.png())
    write_file(RESULTS / "detection_calibration.txt", picture.alt + "\n")


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["1"])[0]))
