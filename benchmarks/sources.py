"""How often is the source of a spun text found among 10,000 near articles, how fast, and what do others find?

`python -m benchmarks.sources` measures on the test sources and writes `results/sources*.csv`;
`--unspun` measures Unspun alone and leaves the rows of the other methods as they were measured before;
`--fit` sets the scale of `helpers/sources/index.py` from the train sources alone.
Distractors are made of the very article that is sought (`distractors.py`); `near_sources.py` asks with real near texts.
Seconds are processor seconds of one core.
"""

import argparse
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks import near_sources, near_texts
from benchmarks.distractors import distractors
from benchmarks.testsets import DICTIONARIES, dictionary, references, split
from helpers.align import line_spans
from helpers.corpus import load_articles
from helpers.files.atomic import write_file
from helpers.sources import SourceIndex
from helpers.sources.index import MEASURES, SCALE, query_of, scaled
from helpers.spinner import Spinner
from helpers.text.spans import tokens

CORPUS = Path(__file__).parents[1] / "corpus"
RESULTS = Path(__file__).parent / "results"
ARTICLES = 10_000
RATES = (0.1, 0.3, 0.5, 0.7, 0.95)
SEEDS = (1, 2, 3)
FORMS = ("whole", "extract", "merged")
LEARNT = 4  # texts of a family of real near texts, each asked for in 120 ways
NEXT = ("ahead", "pairs")
WRONG = 8  # times that an article counts that is no source
Ranker = Callable[[str], list[str]]


def texts(corpus: Path = CORPUS) -> tuple[pd.Series, pd.Series]:
    """Return train and test sources; the reconstructed reference of the real article is a test source."""
    train, test = split(references(corpus))
    real = load_articles(corpus).loc[["kim-xi-reference"], "text"]
    return train, pd.concat([test, real])


def queries(sources: pd.Series, rates: tuple[float, ...] = RATES, seeds: tuple[int, ...] = SEEDS) -> pd.DataFrame:
    """Return spun texts: `form`, `rate`, `text`, `sources` (their article_ids), and `kept_out`, one of them."""
    rows = []
    for name in DICTIONARIES:
        for seed in seeds:
            rng = random.Random(f"{name}{seed}")
            for rate in rates:
                spinner = Spinner(dictionary(CORPUS, name), rate, seed)
                spun = {source: _lines(spinner.spin(text)[0]) for source, text in sources.items()}
                for source, lines in spun.items():
                    other = rng.choice([name for name in sources.index if name != source])
                    half, other_half = _half(lines), _half(spun[other])
                    third = len(lines) // 3
                    rows += [
                        ("whole", rate, "\n\n".join(lines), (source,)),
                        ("extract", rate, "\n\n".join(lines[third : 2 * third + 1]), (source,)),
                        ("merged", rate, "\n\n".join(lines[:half] + spun[other][other_half:]), (source, other)),
                    ]
    return pd.DataFrame(rows, columns=["form", "rate", "text", "sources"])


def _lines(text: str) -> list[str]:
    return [text[start:end] for start, end in line_spans(text)]


def _half(lines: list[str]) -> int:
    """How many lines hold half of the words."""
    words = np.cumsum([line.count(" ") + 1 for line in lines])
    return int(np.searchsorted(words, words[-1] / 2)) + 1


# The methods: each takes the articles and returns a function from a text to the best article_ids


def unspun(articles: pd.Series) -> Ranker:
    """Unspun, with the text as it stands."""
    index = SourceIndex(articles)
    index.find("warm up")
    return lambda text: index.find(text)["article_id"].tolist()


def tfidf(articles: pd.Series) -> Ranker:
    """TF-IDF over words and cosine, as scikit-learn has them."""
    vectoriser = TfidfVectorizer(sublinear_tf=True, dtype=np.float32)
    matrix = vectoriser.fit_transform(articles).T.tocsr()
    return lambda text: _best((vectoriser.transform([text]) @ matrix).toarray()[0], articles)


def bm25(articles: pd.Series) -> Ranker:
    """BM25 (Robertson), as bm25s has it."""
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([_words(text) for text in articles], show_progress=False)
    return lambda text: _best(retriever.get_scores(_words(text)), articles)


def minhash(articles: pd.Series) -> Ranker:
    """MinHash over word trigrams (128 permutations), as datasketch has it; every article is compared."""
    signatures = np.stack([_signature(text) for text in articles])
    return lambda text: _best((signatures == _signature(text)).mean(axis=1), articles)


def minhash_bands(articles: pd.Series) -> Ranker:
    """The same, but only articles that meet the text in one of 64 bands of 2 (locality-sensitive hashing)."""
    signatures = np.stack([_signature(text) for text in articles])

    def rank(text: str) -> list[str]:
        same = signatures == _signature(text)
        met = (same[:, 0::2] & same[:, 1::2]).any(axis=1)
        return _best(np.where(met, same.mean(axis=1), 0.0), articles)

    return rank


METHODS: dict[str, Callable[[pd.Series], Ranker]] = {
    "**Unspun**": unspun,
    "TF-IDF, cosine (scikit-learn)": tfidf,
    "BM25 (bm25s)": bm25,
    "MinHash (datasketch)": minhash,
    "MinHash in 64 bands of 2": minhash_bands,
}


def _words(text: str) -> list[str]:
    return [token.fold for token in tokens(text)]


def _signature(text: str) -> np.ndarray:
    from datasketch import MinHash

    words = _words(text)
    made = MinHash(num_perm=128)
    made.update_batch([" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)])
    return made.hashvalues


def _best(scores: np.ndarray, articles: pd.Series, top: int = 10) -> list[str]:
    best = np.argpartition(-scores, top)[:top]
    return [articles.index[number] for number in best[np.argsort(-scores[best], kind="stable")] if scores[number] > 0]


# What is measured


def place(found: list[str], sources: tuple[str, ...]) -> bool:
    """Tell whether the sources hold the first places."""
    return set(found[: len(sources)]) == set(sources)


def found_first(
    asked: pd.DataFrame, articles: pd.Series, methods: dict[str, Callable[[pd.Series], Ranker]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return for each method and text whether the sources came first, and how long methods took (milliseconds)."""
    rows, speeds = [], []
    for name, method in methods.items():
        start = time.process_time()
        rank = method(articles)
        built = time.process_time() - start
        times = []
        for query in asked.itertuples():
            start = time.process_time()
            found = rank(query.text)
            times.append(time.process_time() - start)
            rows.append((name, query.form, query.rate, query.sources[0], place(found, query.sources)))
        speeds.append((name, built, 1000 * np.median(times), 1000 * np.quantile(times, 0.95)))
        del rank
    return (
        pd.DataFrame(rows, columns=["method", "form", "rate", "source", "first"]),
        pd.DataFrame(speeds, columns=["method", "index_seconds", "query_ms", "query_ms_95"]),
    )


def shares(rows: pd.DataFrame, by: list[str], column: str) -> pd.DataFrame:
    """Return the share of rows where a column is true, a row a group: `share`, `low`, `high`, `texts`, `sources`.

    The interval is Wilson's 95 %, over texts; texts of one source are no independent witnesses, so `sources` says
    how many there are.
    """
    made = []
    for label, group in rows.groupby(by, sort=False):
        ends = binomtest(int(group[column].sum()), len(group)).proportion_ci(method="wilson")
        made.append((*label, group[column].mean(), ends.low, ends.high, len(group), group["source"].nunique()))
    return pd.DataFrame(made, columns=[*by, "share", "low", "high", "texts", "sources"])


def refusals(asked: pd.DataFrame, without: SourceIndex, index: SourceIndex) -> pd.DataFrame:
    """Return for each text whether it is refused when its sources are absent, and accepted when they are there."""
    rows = []
    for query in asked.itertuples():
        absent, there = without.find(query.text, top=1), index.find(query.text, top=len(query.sources))
        accepted = set(there.loc[there["likely"], "article_id"]) & set(query.sources)
        refused = not absent["likely"].any()
        rows.append((query.form, query.rate, query.sources[0], refused, bool(accepted), len(accepted)))
    return pd.DataFrame(rows, columns=["form", "rate", "source", "refused", "accepted", "sources_accepted"])


def memory(articles: pd.Series) -> float:
    """Return the megabytes that an index of these articles holds when it is ready to be searched."""
    tracemalloc.start()
    index = SourceIndex(articles)
    index.find("warm up")
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return held


def real_article(index: SourceIndex) -> pd.DataFrame:
    """Return what is found for the real article."""
    return index.find(load_articles(CORPUS).loc["kim-xi", "text"], top=3)


# The scale


def _measured(index: SourceIndex, text: str, sources: tuple[str, ...]) -> pd.DataFrame:
    """What the scale weighs of a text's sources and of the articles that come next to them, and which are sources.

    Next are the three that are furthest ahead and the three with most of the text's pairs.
    """
    query = query_of(text, index._matrices()[2])
    chosen = index._candidates([query])
    measured = index._measures(query, chosen)
    true = np.isin([index.article_ids[article] for article in chosen], sources)
    wrong = [[row for row in np.argsort(-measured[MEASURES.index(name)]) if not true[row]] for name in NEXT]
    kept = sorted({*np.flatnonzero(true), *wrong[0][:3], *wrong[1][:3]})
    return pd.DataFrame(scaled(measured[:, kept])).assign(source=true[kept])


def _questions(count: int) -> Iterator[tuple[SourceIndex, str, tuple[str, ...]]]:
    """Texts of the train sources among made-up articles, and real ones among those that are really near to them.

    Half of the made-up questions are asked without sources, and half in an index with only two articles near to each.
    """
    train, _ = texts()
    made_up = queries(train, rates=(0.0, *RATES), seeds=(11,))
    for near in (distractors(train, count, seed=7), distractors(train, 2 * len(train), seed=8)):
        for index in (SourceIndex(pd.concat([train, near])), SourceIndex(near)):
            yield from ((index, query.text, query.sources) for query in made_up.itertuples())
    found = near_texts.families("train")
    if list(found) != list(near_texts.TRAIN):
        raise SystemExit(f"the scale is fitted on {', '.join(near_texts.TRAIN)}; here are only {', '.join(found)}")
    for question in near_sources.asked("train", found, LEARNT, near_sources.LEARNT_RATES):
        yield question.index, question.text, (question.source,)


def fit(count: int = 1500) -> dict[str, float]:
    """Return the scale: a logistic regression of “is a source” on what is measured, from train sources alone.

    An article that is none counts `WRONG` times: to name a source wrongly is worse than to name none.
    """
    rows = pd.concat([_measured(*question) for question in _questions(count)])
    names = [name for name in rows.columns if name != "source"]
    weight = np.where(rows["source"], 1, WRONG)
    model = LogisticRegression(C=100, max_iter=2000).fit(rows[names], rows["source"], sample_weight=weight)
    print(f"{len(rows)} articles measured, {rows['source'].sum()} of them sources")
    weights = {"intercept": model.intercept_[0], **dict(zip(names, model.coef_[0], strict=True))}
    return {name: round(float(weight), 2) for name, weight in weights.items()}


def _kept(name: str, new: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table of results, and behind them those of the methods, and what else of them, not measured now."""
    path = RESULTS / f"{name}.csv"
    old = pd.read_csv(path) if path.exists() else new.head(0)
    for column in old.columns.difference(new.columns):
        new = new.assign(**{column: new["method"].map(old.drop_duplicates("method").set_index("method")[column])})
    return pd.concat([new, old[~old["method"].isin(new["method"])]], ignore_index=True)


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="fit the scale on the train sources and print it")
    parser.add_argument("--articles", type=int, default=ARTICLES, help="articles in the index, sources included")
    parser.add_argument("--unspun", action="store_true", help="measure Unspun alone")
    options = parser.parse_args()
    if options.fit:
        print("SCALE =", fit(), "now:", SCALE)
        return
    _, test = texts()
    near = distractors(test, options.articles - len(test))
    asked = queries(test)
    without = SourceIndex(near)
    index = near_sources.joined([without, SourceIndex(test)])
    verdicts = refusals(asked, without, index)
    methods = {name: method for name, method in METHODS.items() if not options.unspun or method is unspun}
    first, speeds = found_first(asked, pd.concat([near, test]), methods)
    if not options.unspun:
        speeds.loc[speeds["method"] == "**Unspun**", "megabytes"] = memory(pd.concat([near, test]))
    print(real_article(index).to_string())
    for name, table in {
        "sources": _kept("sources", shares(first, ["method", "form", "rate"], "first")),
        "sources_refused": shares(verdicts, ["form", "rate"], "refused"),
        "sources_accepted": shares(verdicts, ["form", "rate"], "accepted"),
        "sources_speed": _kept("sources_speed", speeds),
        "sources_real": real_article(index),
    }.items():
        write_file(RESULTS / f"{name}.csv", table.to_csv(index=False, lineterminator="\n", float_format="%.4g"))
        print(table.to_string())


if __name__ == "__main__":
    main()
