"""A spun text and its reference go in; their alignment comes out, a row for every run of tokens, nothing left out.

Passages that moved or that one text lacks are set apart first, equal tokens are found with a compiled edit
distance, and what lies between them is cut into phrases (`helpers.lattice`). What the phrases of the whole
corpus teach (which phrase stands for which) cuts the tangled places in a second and third round.

The alignment is monotone and lossless: in row order the spun sides joined are the spun text and the reference
sides the reference text. A moved passage therefore stands in two halves, one where each text has it; `move`
numbers the halves that belong together, and `follow_moves` joins them.
"""

import warnings
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from helpers.lattice import Lexicon
from helpers.pairs import Pair
from helpers.progress import bar
from helpers.rows import COLUMNS, rows_of
from helpers.text import phrase_folds
from helpers.windows import read_windows


class UnrelatedWarning(UserWarning):
    """Two texts were not compared because they have hardly a word in common."""


def align(spun: str, reference: str, lexicon: pd.DataFrame | None = None) -> pd.DataFrame:
    """Align one spun text with its reference.

    Returns one row a run of tokens, in text order: `op` (equal, substitute, insert, delete, move), the character
    offsets `spun_start`, `spun_end`, `reference_start`, `reference_end` (end exclusive), the two sides `spun` and
    `reference`, `move` (the number shared by the two halves of a moved run, else missing), and `confidence` (0 to 1:
    how sure a substitute, insert or delete is against every other reading of the place; 1 for all other rows). An
    insert has an empty reference side, a delete an empty spun side. White space belongs to the run behind it.

    Texts that have hardly a word in common are not compared: the one is an insert and the other a delete, with a
    warning (see `relatedness`).

    `lexicon` (columns `spun`, `original`, `count`) holds substitutions known from other texts; what it knows
    is preferred where a place can be read in more than one way.

    >>> align("The coronary heart beats", "The heart beats")[["op", "spun", "reference"]]
           op       spun    reference
    0   equal        The          The
    1  insert   coronary
    2   equal      heart beats  heart beats
    """
    return align_pairs([("", "", spun, reference)], lexicon).drop(columns=["spun_id", "reference_id"])


def align_pairs(
    pairs: pd.DataFrame | Iterable[tuple[str, str, str, str]],
    lexicon: pd.DataFrame | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Align many spun texts with their references, each helping the others.

    `pairs` has the columns `spun_id`, `reference_id`, `spun_text`, `reference_text`. Returns the alignments one
    below the other, with `spun_id` and `reference_id` in front of the columns of `align`. The order of the pairs
    does not matter. `progress` shows a bar.
    """
    if isinstance(pairs, pd.DataFrame):
        pairs = pairs[["spun_id", "reference_id", "spun_text", "reference_text"]].itertuples(index=False, name=None)
    pairs = list(pairs)
    known = {} if lexicon is None else _as_mapping(lexicon)
    prepared = [Pair(spun, reference) for _, _, spun, reference in bar(pairs, "pairs", progress)]
    _warn_of_unrelated([key for key, pair in zip(pairs, prepared, strict=True) if not pair.related])
    read_windows([window for pair in prepared for window in pair.windows], known, progress)
    rows = [
        (spun_id, reference_id, *row)
        for (spun_id, reference_id, _, _), pair in zip(pairs, prepared, strict=True)
        for row in rows_of(pair)
    ]
    return pd.DataFrame(rows, columns=["spun_id", "reference_id", *COLUMNS]).astype({"move": "Int64"})


def _warn_of_unrelated(pairs: list[tuple]) -> None:
    if pairs:
        names = [f"{spun or 'the spun text'} and {reference or 'its reference'}" for spun, reference, *_ in pairs]
        more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
        what = f"not compared, since they have hardly a word in common: {', '.join(names[:3])}{more}"
        warnings.warn(what, UnrelatedWarning, stacklevel=3)


def relatedness(alignment: pd.DataFrame) -> pd.DataFrame:
    """Return for each pair of an alignment whether the two texts have anything to do with each other.

    One row a pair: its ids, `shared` (the share of the spun text's characters, white space aside, that stand
    unchanged in the reference) and `related` (False where the texts were not compared).
    """
    ids = [key for key in ("spun_id", "reference_id") if key in alignment]
    letters = alignment["spun"].str.replace(r"\s", "", regex=True).str.len()
    kept = letters.where(alignment["op"].isin(["equal", "move"]), 0)
    groups = [alignment[key] for key in ids] or (lambda _: 0)
    shared = kept.groupby(groups, sort=False).sum() / letters.groupby(groups, sort=False).sum().clip(lower=1)
    table = shared.rename("shared").reset_index()[[*ids, "shared"]]
    return table.assign(related=table["shared"] > 0)


def _as_mapping(lexicon: pd.DataFrame) -> Lexicon:
    counts = lexicon["count"] if "count" in lexicon else [1.0] * len(lexicon)
    known: dict[tuple[str, str], float] = Counter()
    for spun, original, count in zip(lexicon["spun"], lexicon["original"], counts, strict=True):
        known[_key(spun), _key(original)] += float(count)
    return known


def _key(phrase: str) -> str:
    return " ".join(phrase_folds(phrase))
