"""An alignment goes in; which tokens of the one text stand beside which of the other comes out, as arrays."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.text.scan import code_points, scan

NONE = -1
BESIDE = ("equal", "move", "substitute")


class Tokens(NamedTuple):
    """The tokens of a text: where each starts and ends (characters)."""

    starts: np.ndarray
    ends: np.ndarray

    @classmethod
    def of(cls, text: str) -> "Tokens":
        """Return the tokens of a text, as `helpers.text.spans.tokens` has them."""
        found = scan(code_points(text))
        return cls(np.asarray(found.starts, dtype=np.int64), np.asarray(found.ends, dtype=np.int64))

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token that starts in a stretch of the text, and the one behind the last."""
        return int(np.searchsorted(self.starts, start)), int(np.searchsorted(self.starts, end))


class Links(NamedTuple):
    """For each token of a version the stretch of the backbone's tokens that it stands beside (-1, -1: none).

    `first`, `end` (tokens of the version). Tokens that were exchanged together have one stretch in common.
    """

    first: np.ndarray
    end: np.ndarray


def links(rows: pd.DataFrame, version: Tokens, backbone: Tokens) -> Links:
    """Return the links of one pair from its rows (see `follow_moves`): spun is the version, reference the backbone."""
    first = np.full(len(version.starts), NONE, dtype=np.int64)
    end = first.copy()
    both = rows[rows["op"].isin(BESIDE)]
    columns = both[["spun_start", "spun_end", "reference_start", "reference_end"]].to_numpy()
    own = np.searchsorted(version.starts, columns[:, :2])
    other = np.searchsorted(backbone.starts, columns[:, 2:])
    for (a, b), (c, d), op in zip(own.tolist(), other.tolist(), both["op"], strict=True):
        if b <= a or d <= c:
            continue
        if op != "substitute" and b - a == d - c:
            first[a:b] = np.arange(c, d)
            end[a:b] = first[a:b] + 1
        else:
            first[a:b], end[a:b] = c, d
    return Links(first, end)
