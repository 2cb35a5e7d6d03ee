"""The field's dictionary goes in; how it grows, what it explains of unseen pages, and which dialect wins come out.

    python -m benchmarks.field   prints the tables and writes them to benchmarks/results/field_*.csv

A page is the bag of its pairs: the pages' texts are not in the repository. What is measured of a page always leaves
its own sightings out. A bag holds only what a reader took down as spun, so no phrase stands in it by chance; false
alarms are therefore counted on whole honest texts: the corpus's references and odd texts.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd

from benchmarks.accuracy import CORPUS
from benchmarks.pages import RESULTS
from helpers.corpus import load_articles
from helpers.mapping.dialects import PAGE_WORDS, known_dialects, phrases_in, verdicts
from helpers.mapping.field import FOLDER, field_dictionary, field_folder, field_sightings
from helpers.text.spans import phrase_folds
from helpers.text.word_counts import Phrase

ORDERS = 200  # random orders of the pages
DRAWS = 2_000  # of the bootstrap over pages
FEWEST_PAIRS = 5  # of a page, or its share says nothing
SEED = 18
NONE, REFUSED = "no dialect", "too little"


def by_dialect(table: pd.DataFrame, sightings: pd.DataFrame) -> pd.DataFrame:
    """Count pairs, sightings, pages and sites of each dialect, and how they were judged."""
    seen = sightings.groupby("dialect").agg(
        sightings=("address", "size"), pages=("address", "nunique"), sites=("site", "nunique")
    )
    pairs = table.groupby("dialect").agg(
        pairs=("spun", "size"),
        on_one_page=("pages", lambda pages: int((pages == 1).sum())),
        aligned=("aligned", "sum"),
        two_judges=("judges", lambda judges: int((judges == "two").sum())),
    )
    pairs["minimal"] = table[minimal(table)].groupby("dialect").size()
    pairs["minimal"] = pairs["minimal"].fillna(0).astype(int)
    counts = pairs.join(seen).sort_values("pairs", ascending=False).reset_index()
    return pd.concat([counts, _all(table, sightings)], ignore_index=True)


def minimal(table: pd.DataFrame) -> pd.Series:
    """Tell which pairs hold no other one inside: “central financial institution” holds “financial institution”."""
    known = {(phrase_folds(spun), phrase_folds(original)) for spun, original in _pairs(table)}
    return pd.Series(
        [not any(pair in known for pair in _inside(spun, original)) for spun, original in _pairs(table)], table.index
    )


def _inside(spun: str, original: str) -> Iterator[tuple[Phrase, Phrase]]:
    """Every pair of a part of the one phrase and a part of the other, but for both whole."""
    whole = phrase_folds(spun), phrase_folds(original)
    for pair in product(*(_parts(side) for side in whole)):
        if pair != whole:
            yield pair


def _parts(phrase: Phrase) -> list[Phrase]:
    size = len(phrase)
    return [phrase[start:end] for start in range(size) for end in range(start + 1, size + 1)]


def _all(table: pd.DataFrame, sightings: pd.DataFrame) -> pd.DataFrame:
    pairs = table.groupby(["spun", "original"]).agg(judged=("judges", "max"), aligned=("aligned", "any"))
    pages = sightings.groupby(["spun", "original"])["address"].nunique()
    whole = {
        "dialect": "all, each pair once",
        "pairs": len(pairs),
        "on_one_page": int((pages == 1).sum()),
        "aligned": int(pairs["aligned"].sum()),
        "two_judges": int((pairs["judged"] == "two").sum()),
        "minimal": int(minimal(table.drop_duplicates(["spun", "original"])).sum()),
        "sightings": len(sightings),
        "pages": sightings["address"].nunique(),
        "sites": sightings["site"].nunique(),
    }
    return pd.DataFrame([whole])


def growth(sightings: pd.DataFrame) -> pd.DataFrame:
    """Return how many distinct pairs so many pages bring: the mean over random orders, and the middle 95%."""
    rng = np.random.default_rng(SEED)
    page, pages = pd.factorize(sightings["address"])
    pair = sightings.groupby(["spun", "original"]).ngroup().to_numpy()
    curves = np.zeros((ORDERS, len(pages)))
    for curve in curves:
        place = rng.permutation(len(pages))[page]  # of each sighting's page in this order
        first = np.full(pair.max() + 1, len(pages))
        np.minimum.at(first, pair, place)
        curve[:] = np.bincount(first, minlength=len(pages)).cumsum()
    low, high = np.quantile(curves, [0.025, 0.975], axis=0)
    return pd.DataFrame({"pages": range(1, len(pages) + 1), "pairs": curves.mean(axis=0), "low": low, "high": high})


def explained(sightings: pd.DataFrame) -> pd.DataFrame:
    """Return for each page what share of its pairs other pages have: of any dialect, and of its own.

    `spun_known` is the share of its spun phrases that another page has, whatever stood there before.
    """
    rows = []
    for address, own in sightings.groupby("address"):
        rest = sightings[sightings["address"] != address]
        pairs, kin = set(_pairs(rest)), set(_pairs(rest[rest["dialect"] == own["dialect"].iloc[0]]))
        mine, spun = list(dict.fromkeys(_pairs(own))), set(rest["spun"])
        shares = [np.mean([pair in known for pair in mine]) for known in (pairs, kin)]
        known_spun = np.mean([phrase in spun for phrase, _ in mine])
        rows.append((address, own["dialect"].iloc[0], len(mine), *shares, known_spun))
    columns = ["address", "dialect", "pairs", "share", "share_own_dialect", "spun_known"]
    return pd.DataFrame(rows, columns=columns).sort_values(["dialect", "share"], ascending=[True, False])


def _pairs(rows: pd.DataFrame) -> zip:
    return zip(rows["spun"], rows["original"], strict=True)


def mean_explained(pages: pd.DataFrame) -> pd.DataFrame:
    """Return the mean shares over pages, with intervals by drawing pages anew, for all and for each dialect."""
    rng = np.random.default_rng(SEED)
    fit = pages[pages["pairs"] >= FEWEST_PAIRS]
    rows = []
    for name, group in [("all", fit), *fit.groupby("dialect")]:
        for what in ("share", "share_own_dialect", "spun_known"):
            values = group[what].to_numpy()
            draws = values[rng.integers(len(values), size=(DRAWS, len(values)))].mean(axis=1)
            low, high = np.quantile(draws, [0.025, 0.975]) if len(values) > 1 else (np.nan, np.nan)
            rows.append((name, what, len(values), values.mean(), low, high))
    return pd.DataFrame(rows, columns=["dialect", "what", "pages", "mean", "low", "high"])


def left_out(sightings: pd.DataFrame) -> pd.DataFrame:
    """Return for each page which dialect the other pages say it speaks, and by how much."""
    folder = field_folder(CORPUS / "field")
    rows = []
    for address, own in sightings.groupby("address"):
        bag = {phrase_folds(spun) for spun in own["spun"]}
        judged = verdicts({str(address): [(bag, PAGE_WORDS)]}, known_dialects(folder, str(address)))
        best = judged.iloc[0]
        told = best["dialect"] if best["verdict"] in ("speaks it", "cannot be told apart") else NONE
        told = REFUSED if (judged["verdict"] == REFUSED).all() else told
        rows.append((address, own["dialect"].iloc[0], told, best["phrases"], best["llr"], best["verdict"]))
    return pd.DataFrame(rows, columns=["address", "dialect", "told", "phrases", "llr", "verdict"])


def confusion(pages: pd.DataFrame) -> pd.DataFrame:
    """Return how many pages of each dialect were told to speak which."""
    return pd.crosstab(pages["dialect"], pages["told"]).reset_index()


def honest() -> pd.DataFrame:
    """Return what is said of each honest text of the corpus: its references and its odd texts."""
    known = known_dialects(field_folder(CORPUS / "field"))
    wanted = {phrase for one in known.values() for phrase in one.rates}
    articles = load_articles(CORPUS)
    texts = articles[articles["role"] == "reference"]["text"].to_dict()
    texts |= {path.stem: path.read_text(encoding="utf-8") for path in sorted((CORPUS / "odd").glob("*.txt"))}
    judged = verdicts({str(name): [phrases_in(text, wanted)] for name, text in texts.items()}, known)
    return judged.drop_duplicates("site").rename(columns={"site": "text"}).drop(columns="speaking")


def main() -> None:
    """Measure, print and write the tables."""
    folder = CORPUS / "field"
    table, sightings = field_dictionary(folder), field_sightings(folder)
    pages = explained(sightings)
    told = left_out(sightings)
    results = {
        "dialects": by_dialect(table, sightings),
        "growth": growth(sightings),
        "explained": pages,
        "explained_mean": mean_explained(pages),
        "told": told,
        "confusion": confusion(told),
        "honest": honest(),
    }
    for name, rows in results.items():
        rows.to_csv(RESULTS / f"field_{name}.csv", index=False, float_format="%.4g", lineterminator="\n")
    print(results["dialects"].to_string(index=False))
    print(results["growth"].iloc[[0, 9, 24, 49, 74, -1]].round().to_string(index=False))
    print(results["explained_mean"].round(3).to_string(index=False))
    print(results["confusion"].to_string(index=False))
    fit = told[told.groupby("dialect")["address"].transform("size") > 1]
    print(f"right: {(fit['told'] == fit['dialect']).sum()} of {len(fit)} pages whose dialect another page has")
    print(results["honest"]["verdict"].value_counts().to_string())
    print(f"honest texts: {len(results['honest'])}, highest llr {results['honest']['llr'].max():.1f}; {FOLDER}")


if __name__ == "__main__":
    main()
