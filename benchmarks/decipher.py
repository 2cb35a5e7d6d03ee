"""How much of a hidden dictionary does `decipher` read off a site's own pages, and how much of it is right?

`python -m benchmarks.decipher` writes `results/decipher.csv`. Made-up sites publish articles that nothing was learnt
from (texts written to measure with, the test half of the corpus, of the news and of the encyclopedia), spun with
dictionaries that nothing was learnt from: words out of real tortured phrases (`../shared/dev`, where it is there), one
drawn from WordNet, and the three of the simulated sites, of whose pairs none is in any dictionary of
`train_decipher`. Deciphered are the first 3, 7, 14 and 50 articles; `places` are those that the spinner replaced,
phrases among them, `restored` the share whose original `decipher` gives, `precision` the share of its claims that are
right. Peer: `restore` of each article by itself, without a table. Intervals are bootstrap intervals over articles.
`python -m benchmarks.decipher FOLDER` keeps there what was read: a run which was ended goes on where it was, and a
change of what comes after reading is measured in a few minutes (a new folder where reading changed); of dictionaries
and numbers of articles behind it the rows are measured anew, and the others stay (`… FOLDER cobalt honest 14`).
`--growth` writes what time and memory large sites take to `results/decipher_growth.csv`, `--growth 1000 2` that of
1,000 articles on two cores alone.
"""

import json
import pickle
import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.child import in_child, seconds
from benchmarks.cores import on_every_core
from benchmarks.decipher_plot import plot_deciphered
from benchmarks.dictionaries import lot, named
from benchmarks.distractors import distractors
from benchmarks.honest import bundles, encyclopedia, news
from benchmarks.kept import kept
from benchmarks.restoration import counts, tortured_dictionary
from benchmarks.testsets import DICTIONARIES, held_out, references, split
from helpers.evaluation.scores import intervals
from helpers.evaluation.spinner import GOLD_COLUMNS
from helpers.files.atomic import write_file
from helpers.restoration.decipher import Deciphered, placed, read_off, spans_of
from helpers.restoration.site_reading import Places, read_places
from helpers.restore import decipher, restore
from helpers.spinner import Spinner
from helpers.text.spans import fold, tokens
from helpers.text.thesaurus import near_words, readings
from helpers.text.word_counts import frequency

CORPUS = Path(__file__).parents[1] / "corpus"
RESULTS = Path(__file__).parent / "results"
SIZES, MANY, RATE = (3, 7, 14, 50), 14, 0.7
STEPS = ("looked_at", "thought_of", "among_best", "best")  # on the way to an original
BESIDE = ("tortured", "cobalt")  # of these MANY articles are restored one by one
OURS, SINGLE, HONEST = "**decipher**", "restore, article by article", "honest"
GROWTH = ((14, 1), (1000, 2))  # articles of a site and cores, for time and memory
ENDS = {
    **{"restored_low": "recall_low", "restored_high": "recall_high"},
    **{"precision_low": "precision_low", "precision_high": "precision_high"},
}
EVERYTHING = 10**9  # words of a site that are read
AT_ONCE = 6  # articles that are read before they are kept
COVERED, SHORTEST = 0.6, 4  # of the words, for the dictionary out of WordNet; letters of a word


def test_texts() -> pd.Series:
    """Return the articles to measure on: those that were written for it first."""
    _, own = split(references(CORPUS))
    return pd.concat([held_out(), own, bundles(news()[1]), encyclopedia().iloc[1::2]])


def from_wordnet(words: set[str]) -> pd.DataFrame:
    """Return a dictionary out of WordNet: for each covered word one of its synset, by lot, inflected as it is."""
    rows = []
    for word in sorted(words):
        lemma = readings(word)[0][0] if readings(word) else word
        near = sorted(name for name, same in near_words(word).items() if same and name.isalpha() and len(name) > 2)
        if len(word) >= SHORTEST and near and lot("wordnet", lemma) < COVERED:
            rows.append((word, max(near, key=lambda name: lot("wordnet", lemma, name) * frequency(name) ** 0.25)))
    return pd.DataFrame(rows, columns=["original", "spun"])


def books() -> dict[str, pd.DataFrame]:
    """Return the dictionaries by name."""
    words = {token.fold for text in test_texts() for token in tokens(text)}
    made = {"wordnet": from_wordnet(words)} | {name: named(name) for name in DICTIONARIES}
    tortured = tortured_dictionary()
    return made if tortured is None else {"tortured": tortured} | made


class MadeSite(NamedTuple):
    """The pages of a made-up site, and their gold tables."""

    texts: list[str]
    gold: list[pd.DataFrame]


def made_site(name: str, size: int) -> MadeSite:
    """Return a made-up site of so many articles; “honest” has no dictionary."""
    texts = test_texts().iloc[:size]
    if name == HONEST:
        return MadeSite(list(texts), [pd.DataFrame(columns=GOLD_COLUMNS)] * len(texts))
    spinner = Spinner(books()[name], RATE, 6)
    pages = [spinner.spin(text) for text in texts]
    return MadeSite([text for text, _ in pages], [gold.assign(certain=True) for _, gold in pages])


def measured(name: str, method: str, found: list[pd.DataFrame], gold: list[pd.DataFrame]) -> dict:
    """Return the figures of what a method found in the articles of a site."""
    each = pd.DataFrame([counts(changes, truth, []) for changes, truth in zip(found, gold, strict=True)])
    sums = each[["right", "made", "gold"]].sum()
    ends = intervals(each[["right", "made", "right", "gold"]].to_numpy(dtype=float))
    return {
        **{"dictionary": name, "method": method, "articles": len(gold), **sums.to_dict()},
        **{"restored": sums["right"] / sums["gold"] if sums["gold"] else np.nan},
        **{"precision": sums["right"] / max(sums["made"], 1), "claims_an_article": sums["made"] / len(gold)},
        **{key: ends[old] for key, old in ENDS.items()},
    }


def places_kept(texts: list[str], path: Path | None) -> Places:
    """Return the places of texts; those of their first articles that a file has are not read again."""
    read = read_places(texts[:0]) if path is None or not path.exists() else pickle.loads(path.read_bytes())
    for start in range(int(read.article.max(initial=-1)) + 1, len(texts), AT_ONCE):
        some = read_places(texts[start : start + AT_ONCE], most=EVERYTHING)
        both = zip(read, some._replace(article=some.article + start), strict=True)
        read = Places(*map(np.concatenate, both))
        if path is not None:
            write_file(path, pickle.dumps(read, protocol=pickle.HIGHEST_PROTOCOL))
    return read.at(read.article < len(texts))


def of_site(name: str, folder: Path | None = None, sizes: tuple[int, ...] = SIZES) -> list[dict]:
    """Return the figures of a site at some sizes; each article is read once, or never if the folder has it."""
    site = made_site(name, max(sizes))
    if not site.texts:
        return []
    read = places_kept(site.texts, folder and folder / f"{name}.pickle")
    rows = []
    for size in sizes:
        if size <= len(site.texts):
            texts, gold = site.texts[:size], site.gold[:size]
            made = read_off(texts, None, read.at(read.article < size))
            claims = placed(made, texts).query("claimed")
            found = [claims[claims["article"] == number] for number in range(size)]
            rows.append(measured(name, OURS, found, gold) | ladder(made, texts, gold) | of_the_first(found, gold))
    if name in BESIDE and MANY in sizes:
        rows.append(kept(folder and folder / f"{name}-alone.pickle", lambda: one_by_one(name, site)))
    return rows


def one_by_one(name: str, site: MadeSite) -> dict:
    """Return the figures of `restore`, which knows of one article at a time."""
    found = [restore(text).changes for text in site.texts[:MANY]]
    return measured(name, SINGLE, found, site.gold[:MANY])


def ladder(made: Deciphered, texts: list[str], gold: list[pd.DataFrame]) -> dict:
    """Return where originals are lost: the share of places that are looked at, whose original is thought of, and so on.

    `looked_at`; `thought_of`: it is among the candidates; `among_best`: among the best three of its word;
    `best`: it is the best. What is lost after that is not believed, or is believed in other places.
    """
    truth = {
        (article, row.spun_start, row.spun_end): fold(row.original)
        for article, table in enumerate(gold)
        for row in table.itertuples()
    }
    spans = zip(made.places.article, *spans_of(made.places, texts), strict=True)
    stood = np.array([truth.get(span, "") for span in spans], dtype=object)
    best = made.best.groupby("word")["original"].agg(list)
    steps = np.zeros(4)
    for number, one in enumerate(made.found):
        for original in filter(None, stood[one.rows]):
            steps += (True, original in one.names, original in best[number], original == best[number][0])
    return dict(zip(STEPS, steps / max(len(truth), 1), strict=True)) if truth else {}


def of_the_first(found: list[pd.DataFrame], gold: list[pd.DataFrame]) -> dict:
    """Return the share that is restored in the first MANY articles, whatever others helped, to compare sizes by."""
    if len(gold) < MANY or not any(map(len, gold)):
        return {}
    return {"restored_of_the_first": measured("", "", found[:MANY], gold[:MANY])["restored"]}


def large_site(articles: int) -> dict:
    """Return what a made-up site of so many articles takes.

    `seconds` of the processor, `clock`: by the clock (s); `memory` at the most (GB).
    """
    texts = test_texts()
    more = distractors(texts, max(0, articles - len(texts)))
    spinner = Spinner(books()["wordnet"], RATE, 6)
    pages = [spinner.spin(text)[0] for text in pd.concat([texts, more]).iloc[:articles]]
    start = time.perf_counter()
    took = seconds(lambda: decipher(pages))
    return {
        **{"seconds": took, "clock": time.perf_counter() - start},
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
    }


def growth(*asked: int) -> None:
    """Measure time and memory, of so many articles on so many cores alone where they are given; write the results."""
    wanted = [tuple(asked)] if asked else GROWTH
    rows = [
        {"articles": articles, "cores": cores} | in_child("benchmarks.decipher", "--large", str(articles), cores=cores)
        for articles, cores in wanted
    ]
    results = pd.DataFrame(rows)
    if asked:
        before = pd.read_csv(RESULTS / "decipher_growth.csv").set_index(["articles", "cores"])
        results = results.set_index(["articles", "cores"]).combine_first(before).reset_index()
    write_file(RESULTS / "decipher_growth.csv", results.to_csv(index=False, lineterminator="\n", float_format="%.4g"))
    print(results.to_string())


def main(folder: Path | None = None, *asked: str) -> None:
    """Measure, of some dictionaries alone where they are named, and write the results; FOLDER keeps what was read."""
    names, numbers = [one for one in asked if not one.isdigit()], [int(one) for one in asked if one.isdigit()]
    every = [*books(), HONEST]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    wanted, sizes = names or every, tuple(numbers) or SIZES
    found = on_every_core(of_site, wanted, [folder] * len(wanted), [sizes] * len(wanted))
    results = pd.DataFrame([row for rows in found for row in rows])
    if asked:
        before = pd.read_csv(RESULTS / "decipher.csv")
        stay = before[~(before["dictionary"].isin(wanted) & before["articles"].isin(sizes))]
        results = pd.concat([stay, results])
    places = results.assign(dictionary=results["dictionary"].map(every.index), method=results["method"] != OURS)
    results = results.iloc[np.lexsort(places[["articles", "method", "dictionary"]].to_numpy(dtype=int).T)]
    write_file(RESULTS / "decipher.csv", results.to_csv(index=False, lineterminator="\n", float_format="%.4g"))
    picture = plot_deciphered(results, OURS)
    (RESULTS / "decipher.png").write_bytes(picture.png())
    (RESULTS / "decipher.txt").write_text(f"{picture.alt}\n", encoding="utf-8")
    print(results.to_string())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--large"]:
        print(json.dumps(large_site(int(sys.argv[2]))))
    elif sys.argv[1:2] == ["--growth"]:
        growth(*map(int, sys.argv[2:]))
    else:
        main(*map(Path, sys.argv[1:2]), *sys.argv[2:])
