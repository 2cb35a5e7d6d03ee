"""A spun text and its reference go in; their alignment comes out, a row for every run of tokens, nothing left out.

Passages that moved or that one text lacks are set apart first, equal tokens are found with a compiled edit
distance, and what lies between them is cut into phrases (`lattice`). What the phrases of the whole
corpus teach (which phrase stands for which) cuts the tangled places in a second and third round.

The alignment is monotone and lossless: in row order the spun sides joined are the spun text and the reference
sides the reference text. A moved passage therefore stands in two halves, one where each text has it; `move`
numbers the halves that belong together, and `follow_moves` joins them.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.comparison.alignment.edit_costs import APART, PRICES, Prices, pair_key
from helpers.comparison.alignment.em_reader import read_windows
from helpers.comparison.alignment.moved_passages import Side
from helpers.comparison.alignment.rows import KEPT, NO_LINK, OPS, Rows, rows_of
from helpers.comparison.alignment.segments import comes_after, cut, recurring, sides_of, windows_of
from helpers.comparison.alignment.string_columns import cut_up, picked
from helpers.comparison.alignment.vocabulary import current_vocabulary
from helpers.display.progress import bar
from helpers.text.spans import check_characters, folded_words, phrase_folds
from helpers.text.word_counts import Counts

OFFSETS = ["spun_start", "spun_end", "reference_start", "reference_end"]
RUN_COLUMNS = ["op", "spun", "reference", "confidence"]
LEAST_KEPT, SHORT_STRETCH, FEWEST_REPLACED, DOUBTFUL, MOST_DOUBTFUL = 0.58, 3.0, 8, 0.6, 0.25  # see `relatedness`
NO_ROWS = Rows(np.empty(0, np.uint8), np.empty((0, 4), np.int64), np.empty(0, np.int64), np.empty(0))
NO_COUNTS = Counts(np.empty(0, np.uint64), np.empty(0))


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
    is preferred where a place can be read in more than one way. Raises ValueError for a text with half a character in
    it (see `check_characters`).

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
    prices: Prices = PRICES,
) -> pd.DataFrame:
    """Align many spun texts with their references, each helping the others.

    `pairs` has the columns `spun_id`, `reference_id`, `spun_text`, `reference_text`, and may have `simulated`: pages of
    this project's own spinner help each other alone, since what was made up after real pages would else teach the
    comparison how to read them. Returns the alignments one
    below the other, with `spun_id` and `reference_id` in front of the columns of `align`. The order of the pairs
    does not matter. `progress` shows a bar. `prices` are what the readings of a place cost (see `edit_costs`).
    Raises ValueError for a text with half a character in it (see `check_characters`).
    """
    texts, apart = text_pairs(pairs)
    return alignment_table(texts, aligned_rows(texts, apart, lexicon, progress, prices))


def text_pairs(
    pairs: pd.DataFrame | Iterable[tuple[str, str, str, str]],
) -> tuple[list[tuple[str, str, str, str]], list[bool]]:
    """Return pairs as tuples of ids and texts, and for each whether it stands apart; none, where that is not told.

    Raises ValueError for a text with half a character in it (see `check_characters`).
    """
    apart: list[bool] = []
    if isinstance(pairs, pd.DataFrame):
        apart = pairs["simulated"].tolist() if "simulated" in pairs else []
        pairs = pairs[["spun_id", "reference_id", "spun_text", "reference_text"]].itertuples(index=False, name=None)
    texts = list(pairs)
    for pair in texts:
        check_characters(*pair[2:])
    return texts, apart


def aligned_rows(
    pairs: list[tuple[str, str, str, str]],
    apart: list[bool],
    lexicon: pd.DataFrame | None = None,
    progress: bool = False,
    prices: Prices = PRICES,
    sides: dict[str, Side] | None = None,
) -> list[Rows]:
    """Return the rows of each pair's alignment (see `align_pairs`), without their texts.

    `sides` is filled in with what was read of each text, for who goes on reading them in this vocabulary.
    """
    vocabulary = current_vocabulary()
    sides = {} if sides is None else sides
    sides.update(sides_of(list(dict.fromkeys(text for pair in pairs for text in pair[2:])), vocabulary))
    spun_sides, reference_sides = ([sides[pair[k]] for pair in pairs] for k in (2, 3))
    numbers = {text: number for number, text in enumerate(dict.fromkeys(pair[3] for pair in pairs))}
    references = [numbers[pair[3]] for pair in pairs]
    recurs = zip(recurring(spun_sides, references, apart), recurring(reference_sides, references, apart), strict=True)
    flipped = [comes_after(*pair[2:]) for pair in pairs]
    parts = list(zip(spun_sides, reference_sides, flipped, recurs, strict=True))
    cuts = [cut(one, other, after, vocabulary, *marks) for one, other, after, marks in bar(parts, "pairs", progress)]
    _warn_of_unrelated([names for names, pair in zip(pairs, cuts, strict=True) if not pair.related])
    readings = read_windows(windows_of(cuts, apart), vocabulary, as_counts(lexicon), prices)
    first_windows = accumulate((int(pair.segments[:, 1].sum()) for pair in cuts), initial=0)
    return [
        rows_of(found, spun, reference, readings, first)
        for (_, _, spun, reference), found, first in zip(pairs, cuts, first_windows, strict=False)
    ]


def alignment_table(pairs: list[tuple[str, str, str, str]], rows: list[Rows]) -> pd.DataFrame:
    """Return the alignments of pairs (ids and texts, as `align_pairs` takes them) from the rows of each."""
    columns = Rows(*(np.concatenate(column) for column in zip(*rows, strict=True))) if rows else NO_ROWS
    of_pair = np.repeat(np.arange(len(rows)), [len(part.ops) for part in rows])
    firsts = [part.offsets[:, side] for side in (0, 2) for part in rows]
    spun_ids, reference_ids, spun_texts, reference_texts = ([pair[k] for pair in pairs] for k in range(4))
    return pd.DataFrame(
        {
            "spun_id": picked(spun_ids, of_pair),
            "reference_id": picked(reference_ids, of_pair),
            "op": picked(OPS, columns.ops),
            **dict(zip(OFFSETS, np.ascontiguousarray(columns.offsets.T, np.int64), strict=True)),
            "spun": cut_up(spun_texts, firsts[: len(rows)]),
            "reference": cut_up(reference_texts, firsts[len(rows) :]),
            "move": pd.arrays.IntegerArray(columns.links.astype(np.int64), columns.links == NO_LINK),
            "confidence": columns.confidence,
        },
        copy=False,
    )


def _warn_of_unrelated(pairs: list[tuple]) -> None:
    if pairs:
        names = [f"{spun or 'the spun text'} and {reference or 'its reference'}" for spun, reference, *_ in pairs]
        more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
        what = f"not compared, since they have hardly a word in common: {', '.join(names[:3])}{more}"
        warnings.warn(what, UnrelatedWarning, stacklevel=4)


def relatedness(alignment: pd.DataFrame) -> pd.DataFrame:
    """Return for each pair of an alignment whether the two texts have anything to do with each other.

    One row a pair: its ids, `shared` (the share of the spun text's characters, white space aside, that stand
    unchanged in the reference), `related` (False where the texts were not compared), `stretch` (how many words stand
    unchanged in a row, on average), `doubtful` (the share of the replacements that are read with a confidence below
    0.6) and `paraphrase`: True where less than 0.58 of the spun text's words stand in the reference, in stretches of
    less than 3 words, and a quarter or more of at least 8 replacements is doubtful. Such a text was told anew, or
    translated back, and not spun word by word: what is found in it are chance pairs for the most part. (Pages spun at
    every chance by three dictionaries keep 0.58 or more and have 0.02 doubtful ones at most; 40 texts of 15 sentences
    and their human paraphrases, MultiMWA's MTRef, keep 0.47 at most and have 0.31 or more.)
    """
    ids = [key for key in ("spun_id", "reference_id") if key in alignment]
    letters = alignment["spun"].str.replace(r"\s", "", regex=True).str.len()
    kept = letters.where(alignment["op"].isin(KEPT), 0)
    groups = [alignment[key] for key in ids] or (lambda _: 0)
    shared = kept.groupby(groups, sort=False).sum() / letters.groupby(groups, sort=False).sum().clip(lower=1)
    table = shared.rename("shared").reset_index()[[*ids, "shared"]]
    counts = [
        count_kept(runs[RUN_COLUMNS].itertuples(index=False, name=None))
        for _, runs in (alignment.groupby(ids, sort=False) if ids else [((), alignment)])
    ]
    return table.assign(
        related=table["shared"] > 0,
        stretch=[count.stretch for count in counts],
        doubtful=[count.doubtful for count in counts],
        paraphrase=[count.paraphrase for count in counts],
    )


class Kept(NamedTuple):
    """What was kept of a spun text: `kept` of `words`, in `runs`; how many places are `replaced`, how many `unsure`."""

    words: int
    kept: int
    runs: int
    replaced: int
    unsure: int

    @property
    def stretch(self) -> float:
        """How many words stand unchanged in a row, on average."""
        return self.kept / max(1, self.runs)

    @property
    def doubtful(self) -> float:
        """The share of the replacements that are read with little confidence."""
        return self.unsure / max(1, self.replaced)

    @property
    def paraphrase(self) -> bool:
        """Whether the text was told anew rather than spun."""
        return (
            self.kept < LEAST_KEPT * self.words
            and self.stretch < SHORT_STRETCH
            and self.replaced >= FEWEST_REPLACED
            and self.doubtful >= MOST_DOUBTFUL
        )


def count_kept(runs: Iterable[tuple]) -> Kept:
    """Return what was kept of a spun text from the runs of its alignment: op, spun and reference side, confidence."""
    words = kept = stretches = replaced = unsure = 0
    for op, spun, reference, sure in runs:
        count = len(folded_words(spun))
        words += count
        if op in KEPT:
            kept += count
            stretches += count > 0
        elif op == "substitute" and count and folded_words(reference):
            replaced += 1
            unsure += sure < DOUBTFUL
    return Kept(words, kept, stretches, replaced, unsure)


def as_counts(lexicon: pd.DataFrame | None) -> Counts:
    """Return the substitutions known from elsewhere (columns of a lexicon, see `align`) as counts by key."""
    if lexicon is None or lexicon.empty:
        return NO_COUNTS
    known: defaultdict[int, float] = defaultdict(float)
    counts = lexicon["count"] if "count" in lexicon else [1.0] * len(lexicon)
    for spun, original, count in zip(lexicon["spun"], lexicon["original"], counts, strict=True):
        key = pair_key(phrase_folds(spun), phrase_folds(original))
        for asked in (key, key ^ int(APART)):  # what is known from elsewhere helps all texts
            known[asked] += float(count)
    return Counts(np.array(list(known), np.uint64), np.array(list(known.values())))
