"""Pairs in parts go in; their alignments come out, the same as if all had been aligned at once on one machine.

Every text helps to read every other: lines that recur on pages with different sources are a site's own, and what the
windows of all pairs show is the lexicon by which they are read again. So each round is done part by part, what the
parts saw is added up, and the sum goes to all of them for the next round (see `em_reader`).

The steps: `send_texts`, `units` (the lines and sentences of every text), `recur` (those that stand with several
references), `read` and `learn` (three times: windows read, sightings added up), `finish` (alignment, substitutions).
"""

from itertools import accumulate

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.comparison.alignment.align import OFFSETS, alignment_table
from helpers.comparison.alignment.edit_costs import APART, PRICES
from helpers.comparison.alignment.em_reader import Study, Windows, begin, finish, read_once, sightings
from helpers.comparison.alignment.moved_passages import Side, unit_keys
from helpers.comparison.alignment.rows import rows_of
from helpers.comparison.alignment.segments import Pair, comes_after, cut, side, windows_of
from helpers.comparison.alignment.vocabulary import Vocabulary, current_vocabulary
from helpers.comparison.runs import runs_by_pair
from helpers.comparison.substitutions import Found, pair_substitutions, substitutions_table
from helpers.comparison.table_rows import PairRow, pair_rows
from helpers.corpus.terms import SIMULATED
from helpers.scale.shuffle import Grouped, bucket_of, column, row_of
from helpers.scale.tasks import Given
from helpers.text.word_counts import Counts

# A part without rows has the same types as the others.
ALIGNMENT_STRINGS = ["spun_id", "reference_id", "op", "spun", "reference"]
SUBSTITUTION_TYPES = (
    dict.fromkeys(["spun_id", "reference_id", "site", "spun", "original", "kind", "left", "right"], str)
    | dict.fromkeys(OFFSETS, "int64")
    | {"confidence": float}
)
PAIR_COLUMNS = ["spun_id", "reference_id", "site", "spun_text", "reference_text", "simulated"]
STRINGS = PAIR_COLUMNS[:-1]


def send_texts(given: Given) -> dict:
    """The texts of the references of this part, once to every part that has a pair with them."""
    wanted = given.group("wanted").to_pandas()
    articles = given.frame("articles", ["article_id", "text"])
    rows = articles.iloc[row_of(wanted["reference"].to_numpy())]
    table = pa.table(
        {
            "reference": wanted["reference"].to_numpy(np.int64),
            "reference_id": pa.array(rows["article_id"].tolist(), pa.string()),
            "reference_text": pa.array(rows["text"].tolist(), pa.string()),
        }
    )
    return {"texts": Grouped(table, wanted["to"].to_numpy(np.int64), given.settings["parts"])}


def units(given: Given) -> dict:
    """The pairs of this part with their texts, and the units of both, each with the text it belongs to."""
    pairs = _pairs(given)
    vocabulary = current_vocabulary()
    found: list[tuple[np.ndarray, bool, np.uint64]] = []
    kept = []
    for pair in pair_rows(pairs):
        keys = given.care.attempt(pair.spun_id, _units_of, pair, vocabulary)
        kept.append(keys is not None)
        found += keys or []
    every = np.concatenate([keys for keys, _, _ in found]) if found else np.empty(0, np.uint64)
    sizes = [len(keys) for keys, _, _ in found]
    table = pa.table(
        {
            "unit": every,
            "of_spun": np.repeat(np.array([of_spun for _, of_spun, _ in found], bool), sizes),
            "owner": np.repeat(np.array([owner for _, _, owner in found], np.uint64), sizes),
        }
    )
    pairs = pairs[np.array(kept, bool)].reset_index(drop=True)
    buckets = given.settings["buckets"]
    return {
        "units": Grouped(table, bucket_of(every, buckets), buckets),
        "texts": pa.Table.from_pandas(pairs[PAIR_COLUMNS], preserve_index=False),
        "pairs": pairs[["spun_id", "reference_id", "how", "score"]],
    }


def _pairs(given: Given) -> pd.DataFrame:
    """The pairs of this part: what `pair_texts` gives, and `how`, `score`."""
    pairs = given.whole("pairs").to_pandas()
    articles = given.frame("articles", ["article_id", "site", "text", "provenance"]).set_index("article_id")
    articles = articles[~articles.index.duplicated()]
    references = given.group("texts").to_pandas().set_index("reference")
    spun = articles.loc[pairs["spun_id"]]
    table = pairs.assign(
        site=spun["site"].to_numpy(),
        spun_text=spun["text"].to_numpy(),
        simulated=(spun["provenance"] == SIMULATED).to_numpy(bool),
    )
    types = {name: str for name in [*STRINGS, "how"]} | {"simulated": bool}
    return table.join(references, on="reference").astype(types)


def _units_of(pair: PairRow, vocabulary: Vocabulary) -> list[tuple[np.ndarray, bool, np.uint64]]:
    """The keys of the units of a pair's two texts; the owner of a unit is the text of the reference."""
    owner = np.uint64(pd.util.hash_array(np.array([pair.reference_text], object), categorize=False)[0])
    texts = ((pair.spun_text, True), (pair.reference_text, False))
    return [(_unit_keys(side(text, vocabulary), vocabulary, pair.simulated), of_spun, owner) for text, of_spun in texts]


def _unit_keys(text_side: Side, vocabulary: Vocabulary, apart: bool) -> np.ndarray:
    """The keys of a text's units, by the words themselves: their numbers differ from worker to worker."""
    keys = unit_keys(vocabulary.words.keys[text_side.folds], text_side.units)
    return keys ^ APART if apart else keys


def recur(given: Given) -> dict:
    """The units that stand with more than one reference."""
    rows = given.group("units").to_pandas().drop_duplicates()
    owners = rows.groupby(["unit", "of_spun"], as_index=False)["owner"].size()
    twice = owners[owners["size"] > 1]
    return {"recurring": pa.table({"unit": twice["unit"].to_numpy(np.uint64), "of_spun": twice["of_spun"].to_numpy()})}


def _stand_in(keys: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    """Which keys are among many that are in order; `np.isin` would put those in order anew for every text."""
    if not len(ordered):
        return np.zeros(len(keys), bool)
    return ordered[np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)] == keys


def _cut_all(given: Given, texts: pd.DataFrame, vocabulary: Vocabulary) -> tuple[list, list, list[bool]]:
    """The pairs as alignment takes them, each cut into its windows, and which stand apart; without those that fail."""
    recurring = given.whole("recurring").to_pandas()
    spun_recurs = np.sort(recurring.loc[recurring["of_spun"], "unit"].to_numpy())
    reference_recurs = np.sort(recurring.loc[~recurring["of_spun"], "unit"].to_numpy())

    def one(spun_text: str, reference_text: str, apart: bool) -> Pair:
        sides = side(spun_text, vocabulary), side(reference_text, vocabulary)
        marks = [
            _stand_in(_unit_keys(text, vocabulary, apart), keys)
            for text, keys in zip(sides, (spun_recurs, reference_recurs), strict=True)
        ]
        return cut(*sides, comes_after(spun_text, reference_text), vocabulary, *marks)

    pairs, cuts, apart = [], [], []
    columns = ["spun_id", "reference_id", "spun_text", "reference_text", "simulated"]
    for names in texts[columns].itertuples(index=False, name=None):
        found = given.care.attempt(names[0], one, *names[2:])
        if found is not None:
            pairs.append(names[:4])
            cuts.append(found)
            apart.append(names[4])
    return pairs, cuts, apart


def read_first(given: Given) -> dict:
    """The windows of this part, read by prior prices alone, and what they show."""
    vocabulary = current_vocabulary()
    _, cuts, apart = _cut_all(given, given.whole("texts").to_pandas(), vocabulary)
    windows = windows_of(cuts, apart)
    study = begin(windows, vocabulary, PRICES)
    read_once(windows, vocabulary, study, _no_counts(), 0, PRICES)
    return {"windows": _as_tables(windows, vocabulary), **_seen(given, study)}


def read_again(given: Given) -> dict:
    """The windows of this part, read in the light of what all parts saw, and what they show now."""
    vocabulary = current_vocabulary()
    windows = _as_windows(given.whole("windows"), vocabulary)
    study = _resume(windows, vocabulary, given.whole("path"))
    read_once(windows, vocabulary, study, _lexicon(given, study), given.counted, PRICES)
    return _seen(given, study)


def _resume(windows: Windows, vocabulary: Vocabulary, path: pa.Table) -> Study:
    """The study of windows as the last round left it."""
    study = begin(windows, vocabulary, PRICES)
    counts = column(path, "steps")
    study.lengths[:] = counts[: len(study.lengths)]
    study.path[:] = counts[len(study.lengths) :]
    return study


def _seen(given: Given, study: Study) -> dict:
    seen = sightings(study, _no_counts())
    used = seen.keys != 0
    keys, buckets = seen.keys[used], given.settings["buckets"]
    counts = pa.table({"pair": keys, "count": seen.counts[used]})
    path = pa.table({"steps": np.r_[study.lengths, study.path].astype(np.int32)})
    return {"seen": Grouped(counts, bucket_of(keys, buckets), buckets), "path": path}


def learn(given: Given) -> dict:
    """What all parts saw of the phrase pairs in one bucket. Counts are halves, so that their order cannot matter."""
    rows = given.group("seen")
    keys, places = np.unique(column(rows, "pair"), return_inverse=True)
    return {"lexicon": pa.table({"pair": keys, "count": np.bincount(places, column(rows, "count"), len(keys))})}


def _lexicon(given: Given, study: Study) -> Counts:
    """The lexicon of the whole corpus as far as the steps of these windows ask for it, as a hash table."""
    own = np.unique(study.steps.keys[: study.first_step[-1]])
    rows = given.whole("lexicon")
    known = np.isin(column(rows, "pair"), own)
    return sightings(_nothing_read(study), Counts(column(rows, "pair")[known], column(rows, "count")[known]))


def _nothing_read(study: Study) -> Study:
    return study._replace(lengths=np.zeros_like(study.lengths))


def _no_counts() -> Counts:
    return Counts(np.empty(0, np.uint64), np.empty(0))


def _as_tables(windows: Windows, vocabulary: Vocabulary) -> pa.Table:
    """Windows with their words written out, since the numbers of words differ from worker to worker; one row."""
    numbers, places = np.unique(windows.folds, return_inverse=True)
    names = vocabulary.names()
    columns = {name: pa.array([values]) for name, values in windows._asdict().items() if name != "folds"}
    words = pa.array([[names[number] for number in numbers.tolist()]], pa.list_(pa.string()))
    return pa.table({**columns, "folds": pa.array([places.astype(np.int32)]), "words": words})


def _as_windows(table: pa.Table, vocabulary: Vocabulary) -> Windows:
    row = {name: table[name].combine_chunks().values for name in table.column_names}
    numbers = np.array([vocabulary.number(word) for word in row.pop("words").to_pylist()], np.int32)
    columns = {name: values.to_numpy(zero_copy_only=False).copy() for name, values in row.items()}
    columns["folds"] = numbers[columns["folds"]] if len(numbers) else columns["folds"]
    return Windows(**columns)


def align_part(given: Given) -> dict:
    """The alignment of this part and its substitutions."""
    vocabulary = current_vocabulary()
    texts = given.whole("texts").to_pandas()
    pairs, cuts, apart = _cut_all(given, texts, vocabulary)
    windows = windows_of(cuts, apart)
    study = _resume(windows, vocabulary, given.whole("path"))
    readings = finish(windows, study, _lexicon(given, study), PRICES)
    firsts = accumulate((int(found.segments[:, 1].sum()) for found in cuts), initial=0)
    rows = [
        rows_of(found, spun, reference, readings, first)
        for (_, _, spun, reference), found, first in zip(pairs, cuts, firsts, strict=False)
    ]
    alignment = alignment_table(pairs, rows)
    by_pair = runs_by_pair(alignment)
    found: list[Found] = []
    for pair in pair_rows(texts):
        runs = by_pair.get((pair.spun_id, pair.reference_id))
        if runs is not None:
            substitutions = given.care.attempt(pair.spun_id, pair_substitutions, pair, runs)
            found += [] if substitutions is None else [substitutions]
    return {
        "alignment": alignment.astype(dict.fromkeys(ALIGNMENT_STRINGS, str)),
        "substitutions": substitutions_table(found).astype(SUBSTITUTION_TYPES),
    }
