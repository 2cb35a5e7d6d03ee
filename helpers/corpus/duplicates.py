"""Articles go in; the pairs that are the same text, or nearly, come out: nothing is dropped.

MinHash with locality-sensitive hashing proposes pairs (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, chapter 3), as datasketch does it; their similarity is then computed exactly, so that MinHash can miss a pair
but not report a wrong one.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.text.spans import fold

SHINGLE = 3  # words; a changed word changes three of them
PERMUTATIONS = 256
LEAST = 0.5  # Jaccard similarity of two texts' shingles; about every tenth word may differ
# 85 bands of 3 miss a pair at LEAST with probability (1 - 0.5 ** 3) ** 85 = 1e-5, and propose one in 1,500 of the pairs
# that share a fiftieth of their shingles, each of which costs an exact comparison.
ROWS = 3
COLUMNS = ["article_id", "other_id", "similarity", "shared", "exact", "declared"]


def near_duplicates(articles: pd.DataFrame, least: float = LEAST) -> pd.DataFrame:
    """Return the pairs of articles whose texts are the same or nearly the same, the most alike first.

    Columns: `article_id`, `other_id` (in the table's order), `similarity` (Jaccard similarity of their three-word
    shingles, upper and lower case and typography folded, 0 to 1), `shared` (how much of the shorter one is in the
    longer one, 0 to 1), `exact` (the texts are equal, sign for sign), `declared` (the one names the other as its
    reference). `articles` is the table of `load_articles` or `read`.

    >>> storm = "The harbour was closed during the storm and opened again on Friday morning."
    >>> table = pd.DataFrame({"text": [storm, storm, "Bread and soup."]}, index=pd.Index(["a", "b", "c"]))
    >>> near_duplicates(table)[["article_id", "other_id", "similarity", "exact"]]
      article_id other_id  similarity  exact
    0          a        b         1.0   True
    """
    names, texts = articles.index.tolist(), articles["text"].tolist()
    shingles = [_shingles(text) for text in texts]
    declared = articles["reference_id"].tolist() if "reference_id" in articles else [""] * len(names)
    rows = []
    for first, second in _proposed(shingles):
        both = np.intersect1d(shingles[first], shingles[second], assume_unique=True).size
        sizes = shingles[first].size, shingles[second].size
        similarity = both / max(1, sum(sizes) - both)
        if similarity >= least:
            one, other = names[first], names[second]
            stated = other == declared[first] or one == declared[second]
            rows.append((one, other, similarity, both / max(1, min(sizes)), texts[first] == texts[second], stated))
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"exact": bool, "declared": bool})
    order = ["similarity", "article_id", "other_id"]
    return table.sort_values(order, ascending=[False, True, True]).reset_index(drop=True)


def _shingles(text: str) -> np.ndarray:
    """The hashes of a text's runs of three words, each once, sorted; of a shorter text the hash of the whole."""
    words = fold(text).split()
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}
    return np.unique(np.fromiter((_hash(run) for run in runs), np.uint64, len(runs)))


def _hash(run: str) -> int:
    from hashlib import blake2b

    return int.from_bytes(blake2b(run.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _proposed(shingles: list[np.ndarray]) -> Iterable[tuple[int, int]]:
    """Pairs of places in the list that share a band of their MinHashes."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(PERMUTATIONS // ROWS, ROWS))
    for place, found in enumerate(shingles):
        sketch = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
        sketch.update_batch((found & np.uint64(0xFFFFFFFF)).tolist())
        for other in sorted(index.query(sketch)):
            yield other, place
        index.insert(place, sketch, check_duplication=False)
