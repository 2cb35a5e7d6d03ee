"""How much of a lost source do its spun versions give back, and how far can a word be trusted?

`python -m benchmarks.reconstruct` writes `results/reconstruct.csv` and `reconstruct_sure.csv`. All references of
the corpus are spun in four settings (`benchmarks.lost_sources`); what is learnt, is learnt from all pages at once, as
a user would, and figures are given for the test sources, of which nothing was seen when weights were trained.
`changed`: of the words that a version changed, the share that stands in the reconstruction; `whole`: of all words of
the source; `precision`: of the words of the reconstruction those that are the source's; with bootstrap intervals over
articles. `held`: the share of changed words that some version has unchanged: no choice among versions gives more.
Beside it: one story alone, and the first third of one, of which less can be learnt; the best single version, what
`restore` makes of it, and the majority over the same alignment. `worse` counts the articles of which more words stand
in the best version than in the text given.
"""

import sys
from collections import Counter
from collections.abc import Hashable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.lost_sources import CORPUS, REPORTED, Truth, Versions, in_part, published, right_words, stands, truth_of
from benchmarks.testsets import references, split
from helpers.evaluation.scores import intervals
from helpers.files.atomic import write_file
from helpers.restore import restore
from helpers.sources import Reconstruction, reconstruct, reconstruct_all
from helpers.sources.lost_source import beside
from helpers.sources.places import reading_key
from helpers.sources.witnesses import GROUP
from helpers.sources.written import Story, assembled, surface
from helpers.text.spans import tokens

RESULTS = Path(__file__).parent / "results"
SURE = (0.9, 0.95, 0.99)
LEARNT = {"**Unspun**": True, "Unspun without the language model": False}
ALONE, PARTLY = "Unspun, one story alone", "Unspun, a third of one story"


def majority(stories: dict[Hashable, Story]) -> dict[Hashable, str]:
    """Return the texts that the majority of versions makes, place by place; of equal votes the first version's."""
    found = {}
    for name, story in stories.items():
        surfaces = []
        for place in story.places:
            votes = Counter(reading_key(words) for words in story.read(place) if words)
            best = max(votes, key=lambda words, votes=votes: votes[words]) if votes else ""
            surfaces.append(surface(story, place, best) if best else story.words(place))
        found[name] = assembled(story, surfaces)[0]
    return found


def best_versions(truths: dict[Hashable, Truth]) -> dict[Hashable, str]:
    """Return for each source the version that keeps most of its words."""
    return {
        name: max(truth.kept, key=lambda version, truth=truth: (truth.kept[version] & truth.words).sum())
        for name, truth in truths.items()
    }


def counts(truth: Truth, stood: np.ndarray, own: int, right: int, best: int) -> dict[str, int]:
    """Return what is summed over articles: `stood` says which tokens of the source are there."""
    recovered = int((stood & truth.words).sum())
    return {
        "back": int((stood & truth.changed).sum()), "changed_words": int(truth.changed.sum()),
        "recovered": recovered, "words": int(truth.words.sum()), "right": right, "made": own,
        "held_words": int((truth.held & truth.changed).sum()), "worse": int(recovered < best),
    }  # fmt: skip


def rows_of(texts: dict[Hashable, str], truths: dict[Hashable, Truth], sources: pd.Series) -> list[dict]:
    """Return the counts of a method, a row an article."""
    found = stands({name: texts[name] for name in truths}, sources)
    rows = []
    for name, (stood, own) in found.items():
        words = np.array([any(map(str.isalnum, token.fold)) for token in tokens(texts[name])], dtype=bool)
        best = max(int((kept & truths[name].words).sum()) for kept in truths[name].kept.values())
        rows.append(counts(truths[name], stood, int(words.sum()), int((own & words).sum()), best))
    return rows


def kept_rows(truths: dict[Hashable, Truth], best: dict[Hashable, str]) -> list[dict]:
    """Return the counts of the best single version, which are known without looking; its precision is not asked."""
    rows = []
    for name, truth in truths.items():
        stood = truth.kept[best[name]]
        total = int((stood & truth.words).sum())
        rows.append(counts(truth, stood, 0, 0, total))
    return rows


def pooled(setting: str, method: str, rows: list[dict]) -> dict:
    """Return the figures of a method from its articles."""
    table = pd.DataFrame(rows)
    sums = table.sum()
    ends = intervals(table[["back", "changed_words", "recovered", "words"]].to_numpy(dtype=float))
    return {
        **{"setting": setting, "method": method, "articles": len(table), "changed_words": int(sums["changed_words"])},
        **{"changed": sums["back"] / sums["changed_words"], "changed_low": ends["precision_low"]},
        **{"changed_high": ends["precision_high"], "held": sums["held_words"] / sums["changed_words"]},
        **{"whole": sums["recovered"] / sums["words"], "whole_low": ends["recall_low"]},
        **{"whole_high": ends["recall_high"], "precision": sums["right"] / sums["made"] if sums["made"] else np.nan},
        "worse": int(sums["worse"]),
    }


def sure_rows(setting: str, method: str, made: dict[Hashable, Reconstruction], sources: pd.Series) -> list[dict]:
    """Return how often words are right that are given at some probability or more."""
    each = [
        (made[name].words["probability"].to_numpy(dtype=float), right)
        for name, right in right_words(made, sources).items()
    ]
    rows = []
    for least in SURE:
        told = [(int(one[sure >= least].sum()), int((sure >= least).sum())) for sure, one in each]
        hits, words = np.array(told).sum(axis=0)
        ends = intervals(np.array([(hit, count, hit, count) for hit, count in told], dtype=float))
        rows.append({"setting": setting, "method": method, "given_at": least, "words": int(words),
                     "of": int(sum(len(sure) for sure, _ in each)), "right": hits / words if words else np.nan,
                     "right_low": ends["precision_low"] if words else np.nan,
                     "right_high": ends["precision_high"] if words else np.nan})  # fmt: skip
    return rows


def restored(versions: Versions, best: dict[Hashable, str]) -> dict[Hashable, str]:
    """Return what `restore` makes of each best version, without any table."""
    return {name: restore(str(versions.articles.loc[version, "text"])).text for name, version in best.items()}


def measured(setting: str, texts: pd.Series, test: pd.Series, with_restore: bool) -> tuple[list[dict], list[dict]]:
    """Return the figures of a setting, and how far its words can be trusted."""
    versions = published(setting, texts)
    truths = {
        name: truth_of(
            text, {page: versions.pages[page] for page in versions.articles.index[versions.articles[GROUP] == name]}
        )
        for name, text in test.items()
    }
    best = best_versions(truths)
    of_test = {name: some for name, some in versions.articles.groupby(GROUP) if name in test.index}
    rows = [pooled(setting, "best single version", kept_rows(truths, best))]
    rows.append(pooled(setting, "majority", rows_of(majority(beside(versions.articles, GROUP)), truths, test)))
    if with_restore:
        rows.append(pooled(setting, "restore on the best version", rows_of(restored(versions, best), truths, test)))
    trusted = []
    for method, asked in LEARNT.items():
        made = reconstruct_all(versions.articles, language_model=asked, wanted=list(test.index))
        rows.append(pooled(setting, method, rows_of({name: one.text for name, one in made.items()}, truths, test)))
        trusted += sure_rows(setting, method, made, test)
        sharers = {
            str(one.site): str(one.same_dictionary)
            for made_one in made.values()
            for one in made_one.versions.itertuples()
        }
        print(setting, method, sharers, flush=True)
    alone = {name: reconstruct(some) for name, some in of_test.items()}
    rows.append(pooled(setting, ALONE, rows_of({name: one.text for name, one in alone.items()}, truths, test)))
    trusted += sure_rows(setting, ALONE, alone, test)
    trusted += sure_rows(setting, PARTLY, {name: reconstruct(in_part(some)) for name, some in of_test.items()}, test)
    return rows, trusted


def main(settings: list[str]) -> None:
    """Measure, and write the results; of some settings alone where they are named by number."""
    texts = references(CORPUS)
    _, test = split(texts)
    rows, trusted = [], []
    for setting in [REPORTED[int(number)] for number in settings] or REPORTED:
        found, sure = measured(setting, texts, test, with_restore=True)
        rows, trusted = rows + found, trusted + sure
        print(pd.DataFrame(found).to_string(), pd.DataFrame(sure).to_string(), sep="\n", flush=True)
    for name, table in (("reconstruct", rows), ("reconstruct_sure", trusted)):
        content = pd.DataFrame(table).to_csv(index=False, lineterminator="\n", float_format="%.4g")
        write_file(RESULTS / f"{name}.csv", content)


if __name__ == "__main__":
    main(sys.argv[1:])
