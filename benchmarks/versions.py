"""Are the versions of one source brought together, and nothing else; how fast; and what do others find?

`python -m benchmarks.versions` measures on test sources and test dictionaries and writes `results/versions*.csv`;
`--fit` sets the scale of `helpers/sources/version_scale.py` from train sources and train dictionaries alone; `--growth`
measures seconds and memory with made-up corpora (`stories.py`) of 1,000, 10,000 and 100,000 articles.

Pairs are judged: precision is the share of the pairs in one group that are versions of one source, recall the share of
such versions that are in one group. B-cubed (Bagga and Baldwin 1998) is the same by article, over the articles that are
versions or were put into a group. Pairs with a page merged from two sources, and copies of each other, count neither
way; how many copies were called versions is counted by itself. Seconds are processor seconds of one core.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.stats import binomtest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from benchmarks.child import in_child
from benchmarks.near_texts import families
from benchmarks.scale import keep
from benchmarks.stories import article, spun, written
from benchmarks.version_sets import corpus_of, real_corpus, sources
from helpers.files.child_process import peak_megabytes
from helpers.sources import group_versions
from helpers.sources.index import content_words
from helpers.sources.keys import keys_of, text_words
from helpers.sources.outlines import NO_WORDS, SHORTEST, outline, own_words, put_together
from helpers.sources.parallels import measures
from helpers.sources.version_scale import LEAST_LEFT, LEAST_SHARE, SCALE, scaled
from helpers.sources.versions import common_sentences, exact_copies, neighbours
from helpers.text.spans import tokens

RESULTS = Path(__file__).parent / "results"
ARTICLES = (1_000,)
GROWTH, OTHERS = (1_000, 10_000, 100_000), 10_000  # articles, and so many at the most for the other methods
WRONG = 10  # times that a pair counts that is none
SEEDS, TRAINED = (1, 2, 3), 600  # corpora of so many articles around the train sources
MINHASH_USUAL, TFIDF_USUAL = 0.5, 0.8  # thresholds that one meets in tutorials
TRIED = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8)  # the others' best one is taken on the train sources
A_STORY = 10  # articles of the growth corpora: 3 versions of a source, 7 honest ones near it
Grouper = Callable[[pd.Series], np.ndarray]


# The methods: each takes the texts and returns the number of each one's group


def unspun(texts: pd.Series) -> np.ndarray:
    """Unspun; who stands alone has a group of his own."""
    found = group_versions(texts)["version_group"]
    return found.fillna(pd.Series(-np.arange(1, len(found) + 1), found.index)).to_numpy(np.int64)


def minhash(threshold: float) -> Grouper:
    """MinHash with locality-sensitive hashing over word trigrams (datasketch), components of what meets."""

    def group(texts: pd.Series) -> np.ndarray:
        from datasketch import MinHash, MinHashLSH

        index = MinHashLSH(threshold=threshold, num_perm=128)
        pairs = []
        for number, text in enumerate(texts):
            words = [token.fold for token in tokens(text)]
            sketch = MinHash(num_perm=128)
            sketch.update_batch([" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)])
            pairs += [(other, number) for other in index.query(sketch)]
            index.insert(number, sketch, check_duplication=False)
        return _components(pairs, len(texts))

    return group


def tfidf(threshold: float) -> Grouper:
    """TF-IDF over words and cosine (scikit-learn), components of the pairs above a threshold."""

    def group(texts: pd.Series) -> np.ndarray:
        rows = normalize(TfidfVectorizer(sublinear_tf=True, dtype=np.float32).fit_transform(texts))
        pairs = []
        for start in range(0, len(texts), 500):
            cosines = (rows[start : start + 500] @ rows.T).tocoo()
            near = (cosines.data >= threshold) & (cosines.row + start < cosines.col)
            pairs += list(zip((cosines.row[near] + start).tolist(), cosines.col[near].tolist(), strict=True))
        return _components(pairs, len(texts))

    return group


def _components(pairs: list[tuple[int, int]], count: int) -> np.ndarray:
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    graph = sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


# What is measured


def judged(corpus: pd.DataFrame, groups: np.ndarray) -> dict[str, float]:
    """Return precision and recall over pairs with Wilson's 95 % interval, B-cubed, and how many are wrong."""
    counted = (corpus["truth"] != "").to_numpy()
    # Copies and their originals have a name of their own: their pairs are counted by themselves.
    original = corpus["copy_of"].where(corpus["copy_of"] != "", corpus.index.to_series())
    names = corpus["truth"].where(~original.isin(set(corpus["copy_of"])), "copies of " + original)
    table = pd.DataFrame({"truth": names.to_numpy(), "group": groups})[counted]
    copies = table["truth"].str.startswith("copies of ")
    found, gold = _pairs(table["group"]), _pairs(table.loc[~copies, "truth"])
    right = _pairs(table[~copies]["truth"] + "\n" + table[~copies]["group"].astype(str))
    copied = _pairs(table[copies]["truth"] + "\n" + table[copies]["group"].astype(str))
    precision, recall = _share(right, found - copied), _share(right, gold)
    return {
        **dict(zip(("precision", "precision_low", "precision_high"), precision, strict=True)),
        **dict(zip(("recall", "recall_low", "recall_high"), recall, strict=True)),
        **_b_cubed(table[~copies].copy()),
        "false_pairs": found - copied - right,
        "true_pairs": gold,
        "copies_joined": copied,
        "articles": len(corpus),
        "sources": table.loc[~copies, "truth"].value_counts().ge(2).sum(),
    }


def _pairs(labels: pd.Series) -> int:
    sizes = labels.value_counts()
    return int((sizes * (sizes - 1) // 2).sum())


def _share(right: int, of: int) -> tuple[float, float, float]:
    if not of:
        return np.nan, np.nan, np.nan
    ends = binomtest(right, of).proportion_ci(method="wilson")
    return right / of, ends.low, ends.high


def _b_cubed(table: pd.DataFrame) -> dict[str, float]:
    truth, group = (table.groupby(name)[name].transform("size") for name in ("truth", "group"))
    both = table.groupby(["truth", "group"])["group"].transform("size")
    counted = (truth > 1) | (group > 1)
    precision, recall = (both / group)[counted].mean(), (both / truth)[counted].mean()
    return {"b_precision": precision, "b_recall": recall, "b_f1": 2 * precision * recall / (precision + recall)}


# The scale


def _measured(corpus: pd.DataFrame) -> pd.DataFrame:
    """What the scale weighs of every pair of a corpus that is compared, and whether it is one of versions."""
    words = [text_words(text, content_words(text)) for text in corpus["text"]]
    outlines = [outline(found) for found in words]
    whole = np.array([found.text for found in outlines], np.uint64)
    common, first = common_sentences(outlines, whole), exact_copies(whole, np.arange(len(words)))
    own = [own_words(found, outlines[number].same, common) for number, found in enumerate(words)]
    outlines = [outline(found) for found in own]
    kept = [first[n] == n and outlines[n].words >= SHORTEST for n in range(len(own))]
    one, other, _ = neighbours(
        [keys_of(found) if keep else NO_WORDS.keys for found, keep in zip(own, kept, strict=True)]
    )
    measured = measures(put_together(outlines), one, other)
    truth = corpus["truth"].to_numpy()
    table = pd.DataFrame(scaled(measured)).assign(
        version=truth[one] == truth[other], one=corpus.index[one], other=corpus.index[other], copied=measured[2]
    )
    neutral = (truth[one] == "") | (truth[other] == "") | (corpus["copy_of"].to_numpy()[[one, other]] != "").any(axis=0)
    return table[~neutral & (measured[0] >= LEAST_LEFT) & (measured[1] >= LEAST_SHARE)]


def train_corpora() -> Iterator[pd.DataFrame]:
    """The corpora that the scale is set on: the train sources among made-up articles, and real texts installed here."""
    for seed in SEEDS:
        yield corpus_of("train", sources("train"), TRAINED, seed=seed)
    for seed, (_, texts) in enumerate(families("train").items()):
        yield real_corpus("train", texts, seed)


def fit() -> dict[str, float]:
    """Return the scale: a logistic regression of “are versions” on what is measured, from the train half alone."""
    rows = pd.concat([_measured(corpus) for corpus in train_corpora()])
    names = [name for name in SCALE if name != "intercept"]
    weight = np.where(rows["version"], 1, WRONG)
    model = LogisticRegression(C=1, max_iter=2000).fit(rows[names], rows["version"], sample_weight=weight)
    print(f"{len(rows)} pairs, {rows['version'].sum()} of them versions")
    weights = {"intercept": model.intercept_[0], **dict(zip(names, model.coef_[0], strict=True))}
    return {name: round(float(weight), 2) for name, weight in weights.items()}


# Growth


def story_corpus(articles: int, seed: int = 1) -> pd.DataFrame:
    """Return a made-up corpus: of every ten articles three are versions of one source, by two dictionaries."""
    rows = []
    for number in range(articles // A_STORY):
        text = written(article(seed, number, 0))
        for which in range(3):
            rate = 0.15 + 0.1 * which
            rows.append((f"v{number}/{which}", f"s{number}", spun(seed + 2 * (which % 2), text, number + which, rate)))
        for near in range(1, A_STORY - 2):
            rows.append((f"n{number}/{near}", f"n{number}/{near}", written(article(seed, number, near))))
    table = pd.DataFrame(rows, columns=["article_id", "truth", "text"]).assign(copy_of="", site="")
    return table.set_index("article_id").sample(frac=1, random_state=seed)


def grown(name: str, file: str) -> dict[str, float]:
    """Return what a method finds in a growth corpus, in what time and memory."""
    corpus = pd.read_parquet(file)
    METHODS[name](corpus["text"].head(20))  # what is compiled or imported first
    before, start = peak_megabytes(), time.process_time()
    groups = METHODS[name](corpus["text"])
    taken = time.process_time() - start
    return {"method": name, "seconds": taken, "megabytes": peak_megabytes() - before, **judged(corpus, groups)}


METHODS: dict[str, Grouper] = {
    "**Unspun**": unspun,
    "MinHash LSH (datasketch), 0.5": minhash(MINHASH_USUAL),
    "TF-IDF cosine (scikit-learn), 0.8": tfidf(TFIDF_USUAL),
}


TUNED = {"MinHash LSH (datasketch)": minhash, "TF-IDF cosine (scikit-learn)": tfidf}


def best_thresholds() -> dict[str, float]:
    """Return for the other methods the threshold with the best B-cubed F1 on the train sources."""
    corpora = [corpus_of("train", sources("train"), TRAINED)]
    corpora += [real_corpus("train", texts, seed=1) for name, texts in families("train").items() if name == "news"]
    return {
        name: max(TRIED, key=lambda tried: np.mean([judged(c, method(tried)(c["text"]))["b_f1"] for c in corpora]))
        for name, method in TUNED.items()
    }


def measured(corpora: Iterator[tuple[str, pd.DataFrame]], methods: dict[str, Grouper]) -> pd.DataFrame:
    """Return what every method finds in every corpus, a row each."""
    rows = []
    for name, corpus in corpora:
        for method, group in methods.items():
            start = time.process_time()
            groups = group(corpus["text"])
            taken = time.process_time() - start
            rows.append({"corpus": name, "method": method, **judged(corpus, groups), "seconds": taken})
            print(rows[-1], flush=True)
    return pd.DataFrame(rows)


def test_corpora(sizes: tuple[int, ...]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The corpora that are reported: test sources among made-up articles, and real texts where they are installed."""
    for size in sizes:
        yield f"written for the project, {size:,}", corpus_of("test", sources("test"), size, seed=7)
    for family, texts in families("test").items():
        yield f"real: {family}", real_corpus("test", texts, seed=7)


def growth(sizes: tuple[int, ...]) -> pd.DataFrame:
    """Return what is found in growth corpora, each in a process of its own: by Unspun, up to 10,000 by the others."""
    rows = []
    with TemporaryDirectory() as folder:
        for size in sizes:
            file = Path(folder, f"{size}.parquet")
            story_corpus(size).to_parquet(file)
            for name in METHODS if size <= OTHERS else ["**Unspun**"]:
                rows.append(in_child("benchmarks.versions", "--here", name, str(file)))
                print(rows[-1], flush=True)
    return pd.DataFrame(rows)


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="fit the scale on the train half and print it")
    parser.add_argument("--growth", type=int, nargs="*", help="seconds and memory at these numbers of articles")
    parser.add_argument("--articles", type=int, nargs="+", default=ARTICLES)
    parser.add_argument("--here", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fit:
        print("SCALE =", fit(), "now:", SCALE)
    elif options.here:
        print(json.dumps(grown(*options.here), default=float))
    elif options.growth is not None:
        keep("versions_growth", growth(tuple(options.growth) or GROWTH), ["method", "articles"])
    else:
        best = best_thresholds()
        tuned = {f"{name}, {best[name]} (best on train)": made(best[name]) for name, made in TUNED.items()}
        table = measured(test_corpora(tuple(options.articles)), METHODS | tuned)
        keep("versions", table, ["corpus", "method"])


if __name__ == "__main__":
    main()
