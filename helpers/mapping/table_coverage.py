"""Substitutions and a mapping table go in; what the decided rows say of them comes out: how far they reach, and where
a new article contradicts them."""

from functools import cache
from typing import cast

import pandas as pd

from helpers.mapping.evidence import PAIR, folded, words_in
from helpers.mapping.table import MappingTable
from helpers.text.spans import phrase_folds

HOLDS = ("approved", "edited")  # the statuses that say: this spun phrase stands for this original
LONGEST_PARTS = 12  # words on a side; a longer phrase is not looked at part by part

Pair = tuple[str, str]


def settle(substitutions: pd.DataFrame, mapping: MappingTable) -> pd.DataFrame:
    """Return the substitutions with what is decided already, so that nobody is asked again.

    New columns: `status` (of the pair; “parts” where it is put together of pairs that hold, such as “main financial
    institution” for “central bank” of “main” for “central” and “financial institution” for “bank”), `decided` (the
    originals that hold for this spun phrase, joined with “ / ”; empty where none does), and `verdict`:

    - `explained`: the pair holds, or its parts do;
    - `rejected`: the pair was looked at and found wrong;
    - `contradicts`: the spun phrase is decided, but for other originals;
    - `new`: nothing is decided about it.
    """
    rows = folded(substitutions)
    statuses = decided_pairs(mapping)
    holding = frozenset(pair for pair, status in statuses.items() if status in HOLDS)
    originals: dict[str, list[str]] = {}
    for spun, original in sorted(holding):
        originals.setdefault(spun, []).append(original)
    pairs = list(zip(rows["spun"], rows["original"], strict=True))
    status = {pair: statuses.get(pair) or _status_of_parts(pair, holding) for pair in set(pairs)}
    verdict = {pair: _verdict(status[pair], pair, originals) for pair in status}
    return substitutions.assign(
        status=[status[pair] for pair in pairs],
        decided=[" / ".join(originals.get(spun, ())) for spun, _ in pairs],
        verdict=[verdict[pair] for pair in pairs],
    )


def decided_pairs(mapping: MappingTable) -> dict[Pair, str]:
    """Return the status of every pair that a decision stands on."""
    return {pair: line.status for pair, line in mapping.log.standing().items()}


def _status_of_parts(pair: Pair, holding: frozenset[Pair]) -> str:
    return "parts" if is_made_of(pair, holding) else "proposed"


def _verdict(status: str, pair: Pair, originals: dict[str, list[str]]) -> str:
    if status in (*HOLDS, "parts"):
        return "explained"
    if status == "rejected":
        return "rejected"
    return "contradicts" if pair[0] in originals else "new"


def is_made_of(pair: Pair, holding: frozenset[Pair]) -> bool:
    """Tell whether a pair is a row of pairs that hold, in the same order, with unchanged words between them.

    >>> is_made_of(("main bank", "central bank"), frozenset({("main", "central")}))
    True
    >>> is_made_of(("bank main", "central bank"), frozenset({("main", "central")}))
    False
    """
    spun, original = (phrase_folds(phrase) for phrase in pair)
    if max(len(spun), len(original)) > LONGEST_PARTS:
        return False
    known = {(phrase_folds(one), phrase_folds(other)) for one, other in holding if one in pair[0] and other in pair[1]}

    @cache
    def fits(at: int, there: int) -> bool:
        if at == len(spun) and there == len(original):
            return True
        if at < len(spun) and there < len(original) and spun[at] == original[there] and fits(at + 1, there + 1):
            return True
        return any(
            spun[at : at + len(one)] == one
            and original[there : there + len(other)] == other
            and fits(at + len(one), there + len(other))
            for one, other in known
        )

    return bool(known) and fits(0, 0)


def news(substitutions: pd.DataFrame, mapping: MappingTable) -> pd.DataFrame:
    """Return what a new article's substitutions add to the table or hold against it, one row a pair, most seen first.

    Columns: `spun`, `original`, `seen`, `verdict` (contradicts, rejected, new; what is explained is left out) and
    `decided`: the originals that hold for the spun phrase.
    """
    settled = settle(substitutions, mapping)
    rows = folded(settled)[lambda table: table["verdict"] != "explained"]
    sizes = cast("pd.DataFrame", rows.groupby([*PAIR, "verdict", "decided"], as_index=False).size())
    counted = sizes.rename(columns={"size": "seen"})
    order = counted["verdict"].map({"contradicts": 0, "rejected": 1, "new": 2})
    return (
        counted.assign(order=order)
        .sort_values(["order", "seen", *PAIR], ascending=[True, False, True, True])
        .drop(columns="order")[[*PAIR, "seen", "verdict", "decided"]]
        .reset_index(drop=True)
    )


def coverage(substitutions: pd.DataFrame, mapping: MappingTable) -> pd.DataFrame:
    """Return how much of each article's substituted words the decided rows explain, one row an article.

    Columns: `site`, `spun_id`, `places`, `words` (of the spun text, in substitutions), `explained` (of them, words
    in pairs that hold), `contradicted` (words of spun phrases that are decided for other originals), `share`. The
    shares describe these texts alone; they are no estimate for others.
    """
    settled = settle(substitutions, mapping)
    words = settled["spun"].map(words_in).astype(int)
    rows = (
        settled.assign(
            words=words,
            explained=words.where(settled["verdict"] == "explained", 0),
            contradicted=words.where(settled["verdict"] == "contradicts", 0),
        )
        .groupby(["site", "spun_id"], as_index=False)
        .agg(places=("spun", "size"), words=("words", "sum"), explained=("explained", "sum"),
             contradicted=("contradicted", "sum"))
    )  # fmt: skip
    return rows.assign(share=rows["explained"] / rows["words"])
