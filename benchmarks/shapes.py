"""The held-out pages go in; how many substitutions of each shape are found comes out, with intervals over the sources.

The shape is how many words stand for how many; some touch another substitution, some have a word on both sides (“for
the reason that” for “since the”): these are the hard ones. `python -m benchmarks.shapes` prints the table and writes it
to benchmarks/results/shapes.csv; `make bench` puts it onto `docs/benchmarks.md`.
"""

import pandas as pd

from benchmarks.accuracy import REAL, test_sets
from benchmarks.methods import ALONE, BASE, METHODS, UNSPUN
from benchmarks.pages import write_results
from helpers.evaluation.scores import by_article, judge, summary
from helpers.text.spans import folded_words

MOST = 3  # words on a side that are counted one by one
TOUCHING, SHARING, ANY = "touching another", "sharing a word", "all"
LONGER = "longer"
SHAPES = [f"{spun} for {original}" for spun in range(1, MOST + 1) for original in range(1, MOST + 1)]
LABELS = [*SHAPES, LONGER, TOUCHING, SHARING, ANY]


def generated() -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return all generated held-out pages in one table of pairs, and their gold tables by spun_id."""
    pairs, gold = [], {}
    for name, (table, truth) in test_sets().items():
        if name != REAL:
            renamed = {spun_id: f"{name}/{spun_id}" for spun_id in table["spun_id"]}
            pairs.append(table.assign(spun_id=table["spun_id"].map(renamed), set=name))
            gold |= {renamed[spun_id]: truth[spun_id] for spun_id in renamed}
    return pd.concat(pairs, ignore_index=True), gold


def measure_shapes(methods: tuple[str, ...] = (UNSPUN, ALONE, BASE)) -> pd.DataFrame:
    """Return a row for each method and shape with the columns of `summary`: recall of gold, precision of what is found.

    Every set is compared by itself, as for the accuracy, and all are counted together.
    """
    pairs, gold = generated()
    texts = pairs.set_index("spun_id")
    scores = {}
    for method in methods:
        found = pd.concat([METHODS[method](own.drop(columns="set")) for _, own in pairs.groupby("set")])
        judged = [
            [with_shapes(table, texts.loc[spun_id, "spun_text"]).assign(spun_id=spun_id) for table in judge(*tables)]
            for spun_id, *tables in by_article(found, gold)
        ]
        both = [list(tables) for tables in zip(*judged, strict=True)]
        scores[method] = summary(*both, units=texts["reference_id"]).reindex(LABELS).dropna(subset="f1")
    return pd.concat(scores, names=["method", "substitutions"]).reset_index()


def with_shapes(table: pd.DataFrame, spun_text: str) -> pd.DataFrame:
    """Return a row for each substitution of a page and each label that it has: its shape, touching, sharing, all.

    >>> page = pd.DataFrame({"spun_start": [0], "spun_end": [14], "original": ["since the"], "right": [True]})
    >>> with_shapes(page, "for the reason")["label"].tolist()
    ['3 for 2', 'sharing a word', 'all']
    """
    rows = sorted(table[["spun_start", "spun_end", "original", "right"]].itertuples(index=False, name=None))
    found = []
    for number, (start, end, original, right) in enumerate(rows):
        before = rows[number - 1][1] if number else None
        behind = rows[number + 1][0] if number + 1 < len(rows) else None
        words, others = folded_words(spun_text[start:end]), folded_words(original)
        labels = [_shape(len(words), len(others))]
        gaps = [spun_text[before:start]] * (before is not None) + [spun_text[end:behind]] * (behind is not None)
        labels += [TOUCHING] * any(not folded_words(gap) for gap in gaps) + [SHARING] * bool({*words} & {*others})
        found += [(label, right) for label in [*labels, ANY]]
    return pd.DataFrame(found, columns=["label", "right"]).astype({"right": bool})


def _shape(words: int, others: int) -> str:
    shape = f"{words} for {others}"
    return shape if shape in SHAPES else LONGER


if __name__ == "__main__":
    table = measure_shapes()
    write_results("shapes", table)
    print(table.round(3).to_string(index=False))
