"""`python -m benchmarks.tune`: how the prices in `edit_costs` were set, by coordinate descent on train sources.

Each price in turn is moved up and down, and the value is kept that gives the best F1 over the train half of the
project's own sources (`testsets.split`), spun at 30 and 80 % and in the ways of `trainsets`, every pair aligned alone.
The test half, the held-out articles and the real one are not looked at. It prints what to change; the module is changed
by hand, since each price has a reason.
"""

from pathlib import Path

import pandas as pd

from benchmarks.testsets import references, split, spun_set
from benchmarks.trainsets import edited_pages, field_pages, swapped_pages, thesaurus_pages
from helpers.align import align_pairs
from helpers.comparison.alignment.edit_costs import PRICES, Prices
from helpers.evaluation.scores import scores
from helpers.substitutions import find_substitutions, score_substitutions

CORPUS = Path(__file__).parents[1] / "corpus"
RATES = {0.3: 1000, 0.8: 1100}  # rate: seed
TUNED = [
    "each_more_word", "each_more_function_word", "parallel", "set_phrase", "hyphenated", "kept_rather", "look_alike",
    "number_for_word", "seen_elsewhere", "half_known", "inserted_word", "inserted_beside_its_partner",
    "same_function_word", "function_for_content", "function_for_function", "same_lemma", "cohesive", "incoherent",
    "particle", "auxiliary_and_verb", "function_first", "function_last", "one_sided_content", "dangling_article",
    "shared_inside", "case_changed",
]  # fmt: skip
STEPS = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2)
WORTH_IT = 2e-4  # of F1: less is noise


def f1_on(sets: list[tuple[pd.DataFrame, dict]], prices: Prices) -> float:
    """Return F1 over all pairs of some test sets, each pair aligned alone."""
    counts = pd.Series({"hits": 0, "found": 0, "gold": 0})
    for pairs, gold in sets:
        found = []
        for spun_id, _, spun, reference in pairs.itertuples(index=False, name=None):
            alignment = align_pairs([("spun", "reference", spun, reference)], prices=prices)
            found.append(find_substitutions(spun, reference, alignment=alignment).assign(spun_id=spun_id))
        counts += score_substitutions(pd.concat(found), gold)[["hits", "found", "gold"]].sum()
    return scores(**counts)["f1"]


def main() -> None:
    """Sweep once over all prices."""
    train, _ = split(references(CORPUS))
    sets = [spun_set(CORPUS, train, rate, seed=seed)[:2] for rate, seed in RATES.items()]
    sets += [field_pages(CORPUS, train), thesaurus_pages(train), swapped_pages(train), edited_pages(CORPUS, train)]
    prices = PRICES
    best = f1_on(sets, prices)
    print(f"train F1 {best:.4f}")
    for name in TUNED:
        was = kept = getattr(prices, name)
        for step in STEPS:
            value = round(was + step, 3)
            reached = f1_on(sets, prices._replace(**{name: value}))
            if reached > best + WORTH_IT:
                best, kept = reached, value
        prices = prices._replace(**{name: kept})
        if kept != was:
            print(f"{name} {was} -> {kept}: train F1 {best:.4f}")


if __name__ == "__main__":
    main()
