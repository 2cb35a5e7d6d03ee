"""Parts of the table of substitutions go in; the frequencies and the comparison of the sites come out, of them all.

Whatever is counted by phrase is brought together by the phrase, so that no worker holds all substitutions. The steps:
`count` (what each part has), `gather` (added up), `stand` (how often each phrase stands in the texts at all), `total`,
`frequency`; `agree` and `sites` for the comparison of sites.
"""

from collections import Counter
from typing import cast

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.comparison.frequency import MEASURES, folded_counts, kept_reference_texts, longest_phrase, measures_of
from helpers.comparison.kinds import of_a_dictionary
from helpers.scale.shuffle import Grouped, bucket_of
from helpers.scale.tasks import Given
from helpers.sites.dictionary_test import able_sites, agreements_of, dealt_replacements, dictionary_test
from helpers.sites.distances import distances_of
from helpers.text.spans import fold, phrase_folds, tokens

COUNTS = ["count", "articles", "sites"]
# Of sites every two are compared; the work of testing them grows with the fourth power of their number, since the
# correction for many pairs wants more dealings. With more sites the tables stay empty.
MOST_TESTED, MOST_COMPARED = 20, 500
JOINT = "\x1f"  # between the tokens of a phrase, where they are written as one string; no token has it


def _grouped(given: Given, table: pd.DataFrame, by: str) -> Grouped:
    """A table whose rows go to the bucket of a phrase."""
    keys = pd.util.hash_array(table[by].to_numpy(object), categorize=False)
    buckets = given.settings["buckets"]
    return Grouped(pa.Table.from_pandas(table, preserve_index=False), bucket_of(keys, buckets), buckets)


def count(given: Given) -> dict:
    """How often each phrase was replaced by each, site by site, in this part."""
    found = of_a_dictionary(given.frame("substitutions"))
    folded = found.assign(
        original=found["original"].map(fold), spun=found["spun"].map(fold), furniture=found["kind"] == "boilerplate"
    )
    places = folded.groupby(["original", "spun", "site", "furniture"], as_index=False).agg(
        count=("spun_id", "size"), articles=("spun_id", "nunique")
    )
    # An article counts once for a pair of phrases, also where one of the two places is in furniture.
    both = folded.groupby(["original", "spun"], as_index=False).agg(articles=("spun_id", "nunique"))
    articles = cast("pd.DataFrame", found.groupby("site", as_index=False)["spun_id"].nunique())
    return {
        "places": _grouped(given, _strings(places, "original", "spun", "site"), "original"),
        "once": _grouped(given, _strings(both, "original", "spun"), "original"),
        "dealt": _grouped(given, _strings(dealt_replacements(found), "site", "source", "original", "spun"), "original"),
        "articles": pa.Table.from_pandas(_strings(articles, "site"), preserve_index=False),
    }


def _strings(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """A table whose columns are of the same kind in every part, rows or none."""
    return table.astype(dict.fromkeys(columns, str))


def gather(given: Given) -> dict:
    """How often each phrase was replaced by each in all parts, for the originals of one bucket; and by which site."""
    places, once = given.group("places").to_pandas(), given.group("once").to_pandas()
    phrases = places.groupby(["original", "spun"], as_index=False).agg(
        count=("count", "sum"), sites=("site", "nunique")
    )
    articles = once.groupby(["original", "spun"], as_index=False)["articles"].sum()
    phrases = phrases.merge(articles, on=["original", "spun"])
    for side in ("original", "spun"):
        phrases[f"{side}_folds"] = phrases[side].map(lambda phrase: JOINT.join(phrase_folds(phrase)))
    own = places[~places["furniture"].astype(bool)]
    replacements = own.groupby(["site", "original", "spun"], as_index=False)[["count", "articles"]].sum()
    share = replacements["count"] / replacements.groupby(["site", "original"])["count"].transform("sum")
    return {
        "phrases": pa.Table.from_pandas(
            _strings(phrases, "original", "spun", "original_folds", "spun_folds"), preserve_index=False
        ),
        "replacements": _strings(replacements, "site", "original", "spun").assign(share=share.astype(float)),
    }


def stand(given: Given) -> dict:
    """How often the phrases of the whole corpus stand in the texts of this part."""
    phrases = given.whole("phrases").to_pandas()
    found = of_a_dictionary(given.frame("substitutions", ["spun_id", "kind"]))
    texts = given.whole("texts").to_pandas()
    texts = texts[texts["spun_id"].isin(found["spun_id"])]
    references = kept_reference_texts(given.frame("alignment"), texts).tolist() if len(texts) else []
    longest = longest_phrase([*phrases["original"], *phrases["spun"]])
    counts = []
    for side, of_side in (("original", references), ("spun", texts["spun_text"])):
        stood = folded_counts(of_side, _wanted(phrases, side), longest)
        counts.append(
            pd.DataFrame({"phrase": list(stood), "original": side == "original", "count": list(stood.values())})
        )
        given.tell("")
    size = sum(len(tokens(text)) for text in references)
    table = pd.concat(counts).astype({"phrase": str, "original": bool, "count": "int64"})
    return {"stood": _grouped(given, table, "phrase"), "facts": {"tokens": size}}


def _wanted(phrases: pd.DataFrame, side: str) -> dict[tuple[str, ...], str]:
    """The phrases of one side, each once, by their folded tokens."""
    once = phrases.drop_duplicates(side)
    return {tuple(key.split(JOINT)): phrase for key, phrase in zip(once[f"{side}_folds"], once[side], strict=True)}


def total(given: Given) -> dict:
    """How often the phrases of one bucket stand in the texts of all parts."""
    summed = given.group("stood").to_pandas().groupby(["phrase", "original"], as_index=False)["count"].sum()
    return {"totals": pa.Table.from_pandas(_strings(summed, "phrase"), preserve_index=False)}


def frequency(given: Given) -> dict:
    """The table of frequencies for the originals of one bucket."""
    counted = given.whole("phrases").to_pandas()
    totals = given.whole("totals").to_pandas()
    of_original = totals["original"].astype(bool)
    stood, written = (
        Counter(dict(zip(rows["phrase"], rows["count"], strict=True)))
        for rows in (totals[of_original], totals[~of_original])
    )
    measures = measures_of(counted, stood, written, given.counted)
    table = pd.concat([counted, measures], axis=1)[["original", "spun", *COUNTS, *MEASURES]]
    types = dict.fromkeys(MEASURES, float) | dict.fromkeys([*COUNTS, "chances"], "int64")
    return {"frequency": _strings(table, "original", "spun").astype(types)}


def _articles(given: Given) -> pd.Series:
    """The number of compared articles of each site."""
    return given.whole("articles").to_pandas().groupby("site")["spun_id"].sum()


def _tested(articles: pd.Series) -> list[str]:
    """The sites whose dictionaries are tested: none where there are too many of them."""
    able = able_sites(articles)
    return able if len(able) <= MOST_TESTED else []


def agree(given: Given) -> dict:
    """On which originals of one bucket each two sites agree (see `dictionary_test`)."""
    dealt = given.group("dealt").to_pandas()
    summed = dealt.groupby(["site", "source", "original", "spun"], as_index=False)["count"].sum()
    originals, same, known = agreements_of(summed, _tested(_articles(given)))
    width = same.shape[1] * same.shape[2]
    flat = [pa.array(list(array.reshape(-1, width) if width else []), pa.list_(pa.bool_())) for array in (same, known)]
    return {"agreements": pa.table([pa.array(originals, pa.string()), *flat], names=["original", "agree", "known"])}


def sites(given: Given) -> dict:
    """How far apart the sites' dictionaries are, and which two share one; no rows where there are too many sites."""
    articles = _articles(given)
    rows = given.whole("agreements").to_pandas().sort_values("original")
    tested = _tested(articles)
    same, known = (
        np.array(rows[name].tolist(), bool).reshape(len(rows), *[len(tested)] * 2) for name in ("agree", "known")
    )
    test = dictionary_test(articles if len(able_sites(articles)) == len(tested) else articles.head(0), same, known)
    return {
        "distances": _distances(given.frame("replacements"), len(articles)),
        "dictionaries": _strings(test, "site_a", "site_b", "verdict", "reason"),
    }


def _distances(replacements: pd.DataFrame, count: int) -> pd.DataFrame:
    """What `site_distances` gives, a row for each two sites."""
    distances = distances_of(replacements if count <= MOST_COMPARED else replacements.head(0))
    shared = pd.DataFrame(distances.attrs["shared"], index=distances.index, columns=distances.columns)
    long = pd.DataFrame(
        {
            "site_a": np.repeat(distances.index.to_numpy(object), len(distances)),
            "site_b": np.tile(distances.index.to_numpy(object), len(distances)),
            "distance": distances.to_numpy(float).ravel(),
            "shared": shared.to_numpy("int64").ravel(),
        }
    )
    return _strings(long, "site_a", "site_b")
