"""New dictionaries go in; how often two sites are said to share one, rightly and wrongly, comes out.

`python -m benchmarks.sites` makes 200 groups of five made-up sites. Four have dictionaries of their own, drawn
anew for every group; the fifth has the first one's. Every page goes through the whole comparison, as a real one
does. False alarms are counted among the four, power on the fifth and the first, for 3 to 14 articles a site.

A dictionary is drawn so that independent ones agree as real ones do, and not all equally: for each original the
synonyms of the three dictionaries in the corpus (and their synonyms) stand in an order of popularity, and a
dictionary keeps to that order more or less strictly, covers more or fewer originals, and inflects alike.
"""

import random
import sys
import warnings
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.align import align_pairs
from helpers.comparison.frequency import wilson_interval
from helpers.plots import plot_power
from helpers.sites import shared_dictionary_test
from helpers.spinner import Spinner
from helpers.substitutions import find_substitutions
from helpers.text.english import lemma

RESULTS = Path(__file__).parent / "results"
CORPUS = Path(__file__).parents[1] / "corpus"
GROUPS, SITES = 200, 4
ARTICLES = [3, 4, 5, 6, 8, 10, 12, 14]
PERMUTATIONS = 1_999
COVERAGE, STRICTNESS, RATES = (0.6, 0.95), (0.5, 2.0), (0.35, 0.95)  # drawn evenly, for each dictionary or site


def thesaurus(corpus: Path = CORPUS) -> dict[str, list[str]]:
    """Return original -> synonyms, the most popular first: what several dictionaries have, then in a fixed order."""
    books = [pd.read_csv(path, keep_default_na=False) for path in sorted((corpus / "dictionaries").glob("*.csv"))]
    entries = pd.concat(books).groupby("original")["spun"].agg(list).to_dict()
    found = {}
    for original, spun in entries.items():
        near = [*spun, *(further for word in spun for further in entries.get(word, []))]
        synonyms = sorted(set(near) - {original}, key=lambda word: (-near.count(word), _lot("order", _lemmas(word))))
        found[original] = synonyms
    return found


def _lemmas(phrase: str) -> str:
    return " ".join(map(lemma, phrase.split()))


def _lot(*seed: object) -> float:
    """A number from 0 to 1 that depends on the seed alone."""
    return random.Random("\n".join(map(str, seed))).random()


def draw_dictionary(synonyms: dict[str, list[str]], seed: str) -> pd.DataFrame:
    """Return a new dictionary (`original`, `spun`); inflections of one word are left out, or replaced, alike."""
    coverage, strictness = (low + _lot(seed, name) * (high - low) for name, (low, high) in
                            {"coverage": COVERAGE, "strictness": STRICTNESS}.items())  # fmt: skip
    rows = []
    for original, words in synonyms.items():
        if _lot(seed, "covers", _lemmas(original)) < coverage:
            weights = np.arange(1, len(words) + 1, dtype=float) ** -strictness
            pick = np.searchsorted(np.cumsum(weights) / weights.sum(), _lot(seed, "picks", _lemmas(original)))
            rows.append((original, words[min(int(pick), len(words) - 1)]))
    return pd.DataFrame(rows, columns=["original", "spun"])


def group_of_sites(group: int, synonyms: dict[str, list[str]], references: dict[str, str]) -> pd.DataFrame:
    """Return the substitutions found on the pages of one group, with `rank`, the order in which a site spun them."""
    seeds = [f"{group} {site}" for site in range(SITES)]
    books = {f"s{site}": draw_dictionary(synonyms, seed) for site, seed in enumerate(seeds)} | {
        "twin": draw_dictionary(synonyms, seeds[0])
    }
    pages, ranks = [], {}
    for site, book in books.items():
        low, high = RATES
        spinner = Spinner(book, low + _lot(group, site, "rate") * (high - low), seed=group)
        spinner.seed = f"{group} {site}"
        order = sorted(references, key=lambda name, site=site: _lot(group, site, name))
        for rank, name in enumerate(order):
            pages.append((f"{site}-{name}", name, site, spinner.spin(references[name])[0], references[name]))
            ranks[pages[-1][0]] = rank
    table = pd.DataFrame(pages, columns=["spun_id", "reference_id", "site", "spun_text", "reference_text"])
    articles = pd.concat(
        [
            table.set_index("spun_id")[["site", "reference_id", "spun_text"]]
            .rename(columns={"spun_text": "text"})
            .assign(role="spun"),
            pd.DataFrame({"text": references}).assign(role="reference", reference_id="", site="source"),
        ]
    )
    found = find_substitutions(articles, alignment=align_pairs(table))
    return found.assign(rank=found["spun_id"].map(ranks))


def test_group(group: int) -> pd.DataFrame:
    """Return the tests of one group: `group`, `articles`, `setting`, `pair`, `informative`, `agreement`, `p`, `p_holm`.

    The setting is “apart” (the four sites, none of which share) or “twins” (the first, the second, the third and
    the twin of the first).
    """
    warnings.simplefilter("ignore")
    references = {
        path.stem: path.read_text(encoding="utf-8") for path in sorted((CORPUS / "reference").glob("*-*.txt"))
    }
    references.pop("kim-xi-reference", None)
    found = group_of_sites(group, thesaurus(), references)
    settings = {"apart": [f"s{site}" for site in range(SITES)], "twins": ["s0", "s1", "s2", "twin"]}
    tests = []
    for articles in ARTICLES:
        few = found[found["rank"] < articles]
        for setting, sites in settings.items():
            test = shared_dictionary_test(few[few["site"].isin(sites)], PERMUTATIONS, seed=group)
            tests.append(test.assign(group=group, articles=articles, setting=setting))
    table = pd.concat(tests).assign(pair=lambda rows: rows["site_a"] + " " + rows["site_b"])
    return table[["group", "articles", "setting", "pair", "informative", "agreement", "p", "p_holm"]]


def summarise(tests: pd.DataFrame) -> pd.DataFrame:
    """Return one row a number of articles: false alarms and power, each with Wilson's 95% interval.

    `alarms_pair`: pairs with p at or below 0.05 among those tested, none sharing; `alarms_group`: groups with any
    pair at or below 0.05 after correction; `power`: twins at or below 0.01 after correction, of all groups (a
    refusal is a miss); `refused`: twins without an answer.
    """
    rows = []
    for articles, table in tests.groupby("articles"):
        apart, twins = (table[table["setting"] == setting] for setting in ("apart", "twins"))
        twin = twins[twins["pair"] == "s0 twin"]
        tested = apart[apart["p"].notna()]
        any_alarm = apart.groupby("group")["p_holm"].min().le(0.05)
        counts = {
            "alarms_pair": ((tested["p"] <= 0.05).sum(), len(tested)),
            "alarms_group": (any_alarm.sum(), len(any_alarm)),
            "alarms_beside_twins": ((twins["p_holm"] <= 0.05) & (twins["pair"] != "s0 twin"))
            .groupby(twins["group"])
            .any()
            .pipe(lambda any_one: (any_one.sum(), len(any_one))),
            "power": ((twin["p_holm"] < 0.01).sum(), len(twin)),
        }
        row = {"articles": articles, "groups": twin["group"].nunique(), "refused": twin["p"].isna().mean()}
        for name, (count, of) in counts.items():
            low, high = wilson_interval(int(count), int(of)) if of else (np.nan, np.nan)
            row |= {name: count / max(1, of), f"{name}_of": of, f"{name}_low": low, f"{name}_high": high}
        row["informative"] = twin["informative"].median()
        row["agreement_twins"], row["agreement_apart"] = twin["agreement"].median(), apart["agreement"].median()
        rows.append(row)
    return pd.DataFrame(rows)


def main(groups: int = GROUPS, processes: int = 1) -> None:
    """Test the groups and write the tests, their summary and the picture below `benchmarks/results`.

    Groups that stand in `sites_tests.csv` already are not tested again: delete it after a change of the test.
    """
    kept = RESULTS / "sites_tests.csv"
    tests = pd.read_csv(kept) if kept.exists() else pd.DataFrame(columns=["group"])
    missing = sorted(set(range(groups)) - set(tests["group"]))
    # What a process has learnt of words grows with every group. Python's process executor stops for good when it
    # should replace a process that is used up; this pool replaces it.
    with get_context("spawn").Pool(processes, maxtasksperchild=10) as pool:
        for table in pool.imap(test_group, missing):
            tests = pd.concat([tests, table]) if len(tests) else table
            tests.round(4).to_csv(kept, index=False, lineterminator="\n")
    summary = summarise(tests)
    summary.to_csv(RESULTS / "sites_power.csv", index=False, lineterminator="\n", float_format="%.4g")
    picture = plot_power(summary)
    (RESULTS / "sites_power.png").write_bytes(picture.png())
    (RESULTS / "sites_power.svg").write_text(picture.svg(), encoding="utf-8")
    print(summary.T.to_string())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
