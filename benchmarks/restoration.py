"""How much of a spun text does `restore` put back, how much of what it changes is right, and what does it break?

`python -m benchmarks.restoration` writes `results/restoration.csv`. The real article is restored with four tables:
that of the simulated sites (whose dictionaries were written after its manner, so that they share pairs with it), the
same without every pair of its own, none (the thesauri and the language model alone), and the field's dictionary, in
which nothing was seen on the real article. Articles that were written to measure with (`heldout`) are spun with words
out of real tortured phrases (`../shared/dev`, where it is there) and restored with no table. The pages of each
simulated site are restored with the table of the site's other articles; only pages of the test sources count, and the
weights never saw those. Peers: the favourite original of each phrase, put back wherever the phrase stands; the same,
where a bigram model or the language model prefers it; and Unspun without the language model. `ceiling` is the share
whose pair is in the table at all: only what the thesauri and the model know can come on top. A change is right if its
place and its original are those of the gold table (case folded). Changes in lines that came with the site, for which
there is no gold, are left out.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.cores import on_every_core
from benchmarks.testsets import held_out, references, split
from helpers.align import fold
from helpers.corpus import load_articles
from helpers.detection.table_hits import from_table
from helpers.evaluation.scores import intervals
from helpers.files.atomic import write_file
from helpers.mapping import propose, with_uses
from helpers.mapping.dictionary import Dictionary
from helpers.mapping.field import as_proposals, field_dictionary, field_sightings
from helpers.restoration.choices import where
from helpers.restoration.model_gain import in_the_manner_of
from helpers.restore import restore
from helpers.spinner import Spinner
from helpers.substitutions import gold_tables
from helpers.text.annotated import Reading, read
from helpers.text.english import is_function_word
from helpers.text.model_file import model
from helpers.text.sentence_states import Look, looks
from helpers.text.spans import overlaps

CORPUS = Path(__file__).parents[1] / "corpus"
RESULTS = Path(__file__).parent / "results"
THRESHOLDS = (0.3, 0.4, 0.5, 0.7, 0.9)
TORTURED_PHRASES = Path(__file__).parents[2] / "shared" / "dev" / "tortured-phrases" / "tortured_phrases.csv"
TORTURED, TORTURED_TEXTS, TORTURED_RATE = "held-out articles, tortured phrases, no table", 14, 0.7
SHORTEST = 3  # letters of a word of a tortured phrase
REAL = "kim-xi"
Restorer = Callable[[str, pd.DataFrame], pd.DataFrame]


def table_of(ids: list[str], articles: pd.DataFrame, gold: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the mapping table that some articles propose, with the uses of each phrase counted in their texts."""
    seen = [gold[spun_id].assign(spun_id=spun_id, site=articles.loc[spun_id, "site"]) for spun_id in ids]
    return with_uses(propose(pd.concat(seen)), articles.loc[ids, "text"])


def without_own(table: pd.DataFrame, gold: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the pairs of an article's own gold table."""
    own = set(zip(gold["spun"].map(fold), gold["original"].map(fold), strict=True))
    return table[[pair not in own for pair in zip(table["spun"], table["original"], strict=True)]]


# The methods


def unspun(text: str, table: pd.DataFrame, language_model: bool = True) -> pd.DataFrame:
    """All that Unspun thinks of, with its probabilities: a threshold takes the surer ones."""
    return restore(text, table, 0.0, language_model=language_model).changes


def favourite(text: str, table: pd.DataFrame) -> pd.DataFrame:
    """The majority replacement: each phrase of the table becomes its best supported original, wherever it stands."""
    return _changes(text, table, lambda found: found["support"])


def favourite_by_bigrams(text: str, table: pd.DataFrame) -> pd.DataFrame:
    """The original that the bigram model likes best, where it likes it better than what stands there."""
    gain = ["before", "behind", "inside", "commoner"]
    return _changes(text, table, lambda found: found[gain].sum(axis=1), lambda gained: gained > 0)


def favourite_by_model(text: str, table: pd.DataFrame) -> pd.DataFrame:
    """The original that the language model goes on with most readily, where it does so rather than as it stands."""
    reading = read(text)
    return _changes(text, table, lambda found: _gained(reading, found), lambda gained: gained > 0)


def _gained(reading: Reading, found: pd.DataFrame) -> np.ndarray:
    """By how much the original and the word behind it are likelier than what stands there (nats)."""
    places, encode = where(reading), model().encoding.encode_ordinary
    wanted = []
    for first, last, original in zip(found["first"], found["last"], found["original"], strict=True):
        start, end = reading.span(first, last)
        behind = reading.text[end : reading.span(last, min(last + 1, len(reading.tokens) - 1))[1]]
        spun = reading.text[start:end]
        for words in (in_the_manner_of(spun, original, reading.text), spun):
            wanted.append(
                Look(places[first].sentence, places[first].first, tuple(encode(" " + words)), tuple(encode(behind)))
            )
    told = looks(wanted).sum(axis=1)
    return told[::2] - told[1::2]


def _changes(
    text: str, table: pd.DataFrame, key: Callable, kept: Callable = lambda values: values > -1
) -> pd.DataFrame:
    reading = read(text)
    found = from_table(reading, Dictionary(table))
    found = found.assign(key=key(found), length=found["last"] - found["first"])
    found = found[kept(found["key"])].sort_values(["length", "key"], ascending=False, kind="stable")
    taken: set[int] = set()
    rows = []
    for row in found.itertuples():
        places = set(range(row.first, row.last + 1))
        if not places & taken:
            taken |= places
            rows.append((*reading.span(row.first, row.last), row.original))
    return pd.DataFrame(rows, columns=["spun_start", "spun_end", "original"])


PEERS: dict[str, Restorer] = {
    "favourite original, no context": favourite,
    "bigram model alone": favourite_by_bigrams,
    "language model alone": favourite_by_model,
}


def all_changes(text: str, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the changes of every method."""
    asked, counted = unspun(text, table), unspun(text, table, language_model=False)
    return {
        **{f"**Unspun**, {threshold}": asked[asked["probability"] >= threshold] for threshold in THRESHOLDS},
        "Unspun without the language model, 0.5": counted[counted["probability"] >= 0.5],
        **{name: method(text, table) for name, method in PEERS.items()},
    }


# What is measured


def counts(changes: pd.DataFrame, gold: pd.DataFrame, furniture: list[tuple[int, int]]) -> dict[str, int]:
    """Return `right`, `made`, `gold` and `broken` (changes where nothing had been replaced) of one text."""
    certain = gold["certain"].astype(bool)
    truth = {(row.spun_start, row.spun_end): fold(row.original) for row in gold[certain].itertuples()}
    unsure = sorted(zip(gold.loc[~certain, "spun_start"], gold.loc[~certain, "spun_end"], strict=True))
    replaced = sorted(truth)
    right = made = broken = 0
    for start, end, original in changes[["spun_start", "spun_end", "original"]].itertuples(index=False):
        if overlaps(unsure, start, end) or overlaps(furniture, start, end):
            continue
        made += 1
        right += truth.get((start, end)) == fold(original)
        broken += not overlaps(replaced, start, end)
    return {"right": right, "made": made, "gold": len(truth), "broken": broken}


def in_table(table: pd.DataFrame, gold: pd.DataFrame) -> int:
    """Return how many certain substitutions have their pair in the table: no method can put back more with it."""
    pairs = set(zip(table["spun"], table["original"], strict=True))
    certain = gold[gold["certain"].astype(bool)]
    return sum(pair in pairs for pair in zip(certain["spun"].map(fold), certain["original"].map(fold), strict=True))


def inserted(spun_id: str) -> list[tuple[int, int]]:
    """Return the lines of a page that its site added."""
    path = CORPUS / "gold" / f"{spun_id}.passages.csv"
    if not path.exists():
        return []
    passages = pd.read_csv(path)
    added = passages[passages["op"] == "insert"]
    return sorted(zip(added["spun_start"], added["spun_end"], strict=True))


def tortured_dictionary() -> pd.DataFrame | None:
    """Return a dictionary by other hands: words of real tortured phrases, word for word; None where they are not there.

    Of phrases with as many words as what was expected each word is a pair; of several for a word the commonest counts.
    Function words are none: where a phrase has “the” and its tortured form “there”, nobody put the one for the other,
    and on a page three words in four would be such. They are read to measure with and nothing else.
    """
    if not TORTURED_PHRASES.exists():
        return None
    phrases = pd.read_csv(TORTURED_PHRASES, na_filter=False)[["expected", "tortured"]].map(str.casefold)
    pairs = Counter(
        pair
        for expected, tortured in phrases.itertuples(index=False)
        if len(expected.split()) == len(tortured.split())
        for pair in zip(expected.split(), tortured.split(), strict=True)
        if pair[0] != pair[1] and min(map(len, pair)) >= SHORTEST and all(map(str.isalpha, pair))
        if not any(map(is_function_word, pair))
    )
    rows = sorted((original, -count, spun) for (original, spun), count in pairs.items())
    return pd.DataFrame(rows, columns=["original", "count", "spun"]).drop_duplicates("original")[["original", "spun"]]


def tortured_pages() -> dict[str, tuple[str, pd.DataFrame]]:
    """Return articles that nothing was learnt from, spun with words of tortured phrases: text and gold by name."""
    book = tortured_dictionary()
    if book is None:
        return {}
    texts = held_out().iloc[:TORTURED_TEXTS]
    pages = {f"tortured {name}": Spinner(book, TORTURED_RATE, 6).spin(text) for name, text in texts.items()}
    return {name: (text, gold.assign(certain=True)) for name, (text, gold) in pages.items()}


def measured(rows: list[dict]) -> pd.DataFrame:
    """Pool counts by set and method; intervals are bootstrap intervals over texts, where there are several."""
    made = []
    for (text_set, method), group in pd.DataFrame(rows).groupby(["set", "method"], sort=False):
        sums = group[["right", "made", "gold", "broken", "known"]].sum()
        ends = intervals(group[["right", "made", "right", "gold"]].to_numpy(dtype=float))
        made.append(
            {
                **{"set": text_set, "method": method, "texts": len(group), **sums.to_dict()},
                **{"ceiling": sums["known"] / sums["gold"], "restored": sums["right"] / sums["gold"]},
                **{"precision": sums["right"] / max(sums["made"], 1)},
                **{"restored_low": ends["recall_low"], "restored_high": ends["recall_high"]},
                **{"precision_low": ends["precision_low"], "precision_high": ends["precision_high"]},
            }
        )
    return pd.DataFrame(made)


def main() -> None:
    """Measure, and write the results."""
    articles, gold = load_articles(CORPUS), gold_tables(CORPUS)
    pages = [spun_id for spun_id in gold if spun_id != REAL]
    simulated = table_of(pages, articles, gold)
    tasks = [
        ("real article, table of the simulated sites", REAL, simulated),
        ("real article, the same without its own pairs", REAL, without_own(simulated, gold[REAL])),
        ("real article, no table", REAL, simulated.iloc[:0]),
        ("real article, the field’s dictionary", REAL, as_proposals(field_dictionary(), field_sightings())),
    ]
    tortured = tortured_pages()
    _, test = split(references(CORPUS))
    for spun_id in pages:
        site, source = articles.loc[spun_id, ["site", "reference_id"]]
        if source in test.index:
            others = [other for other in pages if articles.loc[other, "site"] == site]
            others = [other for other in others if articles.loc[other, "reference_id"] != source]
            tasks.append((f"{site}, table of its other articles", spun_id, table_of(others, articles, gold)))
    gold |= {name: truth for name, (_, truth) in tortured.items()}
    tasks += [(TORTURED, name, simulated.iloc[:0]) for name in tortured]
    texts = [tortured[name][0] if name in tortured else articles.loc[name, "text"] for _, name, _ in tasks]
    made = on_every_core(all_changes, texts, [table for _, _, table in tasks])
    rows = []
    for (text_set, spun_id, table), found in zip(tasks, made, strict=True):
        for method, changes in found.items():
            counted = counts(changes, gold[spun_id], inserted(spun_id))
            rows.append({"set": text_set, "method": method, **counted, "known": in_table(table, gold[spun_id])})
    results = measured(rows)
    results = results[np.isfinite(results["restored"])]
    write_file(RESULTS / "restoration.csv", results.to_csv(index=False, lineterminator="\n", float_format="%.4g"))
    print(results.to_string())


if __name__ == "__main__":
    main()
