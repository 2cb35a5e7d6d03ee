"""A table of pairs goes in (as `align_pairs` takes it); the substitutions of one method come out, Unspun's or a peer's.

A found table has the columns `spun_id`, `spun_start`, `spun_end`, `original`, as `scores` scores them.
"""

import json
import platform
from collections.abc import Callable

import pandas as pd

from benchmarks.install import FAILURES
from benchmarks.linkers import LINKERS
from benchmarks.peers import PEERS, Compare
from helpers.align import align_pairs
from helpers.substitutions import find_substitutions

Method = Callable[[pd.DataFrame], pd.DataFrame]
COLUMNS = ["spun_id", "spun_start", "spun_end", "original"]
UNSPUN, ALONE, BASE = "Unspun, all pairs at once", "Unspun, pair by pair", "difflib"
ALIGNMENT = "Unspun, the alignment alone"  # measured for speed: it is what the others do
SLOW = {"CollateX"}  # seconds a pair: it gets fewer pairs of everything
PACKAGES = {"fast_align": "systran-align", "CollateX": "collatex"}  # where the name is another
SAMPLE = pd.DataFrame(
    [("spun", "reference", "The army lost the big battle here.\n", "The army lost the great war here.\n")],
    columns=["spun_id", "reference_id", "spun_text", "reference_text"],
)


def unspun(pairs: pd.DataFrame) -> pd.DataFrame:
    """Unspun over all pairs at once: what one page teaches helps the others."""
    spun = pairs.set_index("spun_id")[["reference_id", "spun_text"]].rename(columns={"spun_text": "text"})
    sources = pairs.drop_duplicates("reference_id").set_index("reference_id")
    sources = sources[["reference_text"]].rename(columns={"reference_text": "text"})
    articles = pd.concat([spun.assign(role="spun"), sources.assign(role="reference", reference_id="")])
    return find_substitutions(articles.assign(site=""))[COLUMNS]


def one_by_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """Unspun on each pair as if there were no other."""
    found = [
        find_substitutions(pair.spun_text, pair.reference_text).assign(spun_id=pair.spun_id)
        for pair in pairs.itertuples()
    ]
    return pd.concat(found, ignore_index=True)[COLUMNS]


def alignment_alone(pairs: pd.DataFrame) -> pd.DataFrame:
    """The alignment of all pairs, without the kinds of the substitutions and whether they stand in names or quotes."""
    return align_pairs(pairs)


def each(compare: Compare) -> Method:
    """Make a comparison of a table of pairs from a comparison of two texts."""

    def method(pairs: pd.DataFrame) -> pd.DataFrame:
        rows = [
            (pair.spun_id, *row) for pair in pairs.itertuples() for row in compare(pair.spun_text, pair.reference_text)
        ]
        return pd.DataFrame(rows, columns=COLUMNS)

    return method


METHODS: dict[str, Method] = {
    UNSPUN: unspun,
    ALONE: one_by_one,
    **{name: each(compare) for name, compare in PEERS.items()},
    **LINKERS,
}


def unavailable() -> dict[str, str]:
    """Return the peers that do not run here, each with the reason."""
    failed = json.loads(FAILURES.read_text(encoding="utf-8")) if FAILURES.exists() else {}
    reasons = {}
    for name in [*PEERS, *LINKERS]:
        try:
            METHODS[name](SAMPLE)
        except Exception as error:  # whatever ails a peer is a finding, not the end of the run
            reason = failed.get(PACKAGES.get(name, name), f"{type(error).__name__}: {error}")
            reasons[name] = " ".join(f"{reason} (Python {platform.python_version()})".split())
    return reasons
