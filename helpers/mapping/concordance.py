"""A pair of phrases goes in; every place where the one stands for the other comes out, spun line over reference line.

A keyword in its context, as concordances print it, on both sides: the sentence as published and the sentence of the
reference, each in pieces with the words in hand and the other changed words marked. Addresses are masked.
"""

from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache
from typing import Any, cast

import numpy as np
import pandas as pd

from helpers.comparison.table_rows import SubstitutionRow, substitution_rows
from helpers.display.exhibits import Mark, published_marks, reference_marks, segments
from helpers.display.masking import mask
from helpers.mapping.evidence import PAIR, folded
from helpers.text.spans import Span, covering, fold, line_spans, sentence_spans

HERE, CHANGED = "here", "changed"  # the words in hand, other words that were replaced
FLAGS = {"in_quote": "in a quotation", "in_name": "in a name"}
MOST_LINES = 200  # shown at once; more are counted

_sentences = lru_cache(maxsize=512)(sentence_spans)
_paragraphs = lru_cache(maxsize=512)(line_spans)
SpansOf = Callable[[str, Span], Span]  # a text and a place in it -> what is shown around the place


def _sentence(text: str, here: Span) -> Span:
    return covering(_sentences(text), *here)


def _passage(text: str, here: Span) -> Span:
    """The paragraphs that a place touches, and the one before and the one behind them."""
    start, end = covering(_paragraphs(text), *here)
    before = [span for span in _paragraphs(text) if span[1] <= start][-1:]
    behind = [span for span in _paragraphs(text) if span[0] >= end][:1]
    return min([start, *(span[0] for span in before)]), max([end, *(span[1] for span in behind)])


class Concordance:
    """The substitutions of a corpus, by the pair of phrases; with the articles, their texts as well."""

    def __init__(self, substitutions: pd.DataFrame, articles: pd.DataFrame | None = None) -> None:
        """Take the tables from `find_substitutions` and `load_articles`; without the latter, lines are short."""
        self.substitutions = substitutions.reset_index(drop=True)
        self.texts: dict[Hashable, str] = {} if articles is None else articles["text"].to_dict()
        self.titles: dict[Hashable, str] = {} if articles is None else articles["title"].to_dict()

    @cached_property
    def _places(self) -> dict[tuple[str, str], np.ndarray]:
        """Where in the table each pair of phrases stands."""
        return cast("dict[tuple[str, str], np.ndarray]", folded(self.substitutions).groupby(PAIR).indices)

    @cached_property
    def _of_pair(self) -> dict[tuple[str, str], np.ndarray]:
        """Where in the table the changes of each pair of texts stand."""
        indices = self.substitutions.groupby(["spun_id", "reference_id"]).indices
        return cast("dict[tuple[str, str], np.ndarray]", indices)

    def places(self, spun: str, original: str) -> pd.DataFrame:
        """Return the substitutions of a pair: the rows of the table handed in."""
        return self.substitutions.iloc[self._places.get((fold(spun), fold(original)), [])]

    def lines(self, spun: str, original: str, most: int = MOST_LINES) -> list[dict[str, Any]]:
        """Return a line for each place (not more than `most`), quotations and names first.

        `spun` and `reference` are lists of (words, mark), mark being “here”, “changed” or empty; `site`, `title`,
        `flags` (“in a quotation”, “in a name”), `confidence`, and `place`, by which `passage` finds it again.
        """
        places = self.places(spun, original)
        first = places.sort_values(["in_quote", "in_name"], ascending=False, kind="stable").head(most)
        return [self._line(place, row) for place, row in zip(first.index, substitution_rows(first), strict=True)]

    def passage(self, place: int) -> dict[str, list[tuple[str, str]]]:
        """Return the paragraphs around one place, one more on each side: `spun` and `reference` as in `lines`."""
        return self._sides(cast("SubstitutionRow", self.substitutions.iloc[place]), _passage)

    def _line(self, place: int, row: SubstitutionRow) -> dict[str, Any]:
        return {
            "place": int(place),
            "site": mask(row.site),
            "title": mask(self.titles.get(row.spun_id, row.spun_id)),
            "flags": [words for column, words in FLAGS.items() if getattr(row, column)],
            "confidence": round(float(row.confidence), 3),
            **self._sides(row, _sentence),
        }

    def _sides(self, row: SubstitutionRow, around: SpansOf) -> dict[str, list[tuple[str, str]]]:
        if row.spun_id not in self.texts or row.reference_id not in self.texts:
            return self._without_texts(row)
        changes = self.substitutions.iloc[self._of_pair[row.spun_id, row.reference_id]]
        spun, reference = self.texts[row.spun_id], self.texts[row.reference_id]
        here, there = (row.spun_start, row.spun_end), (row.reference_start, row.reference_end)
        return {
            "spun": _pieces(spun, here, published_marks(changes), around),
            "reference": _pieces(reference, there, reference_marks(changes), around),
        }

    @staticmethod
    def _without_texts(row: SubstitutionRow) -> dict[str, list[tuple[str, str]]]:
        """What a substitution alone knows: the words around it as published, and the original."""
        text = row.left + row.spun + row.right
        here = (len(row.left), len(row.left) + len(row.spun))
        return {
            "spun": _pieces(text, here, [(*here, "")], lambda whole, _: (0, len(whole))),
            "reference": [(mask(row.original), HERE)],
        }


def _pieces(text: str, here: Span, marks: list[Mark], around: SpansOf) -> list[tuple[str, str]]:
    """The sentences (or paragraphs) that a place touches, cut at the marks."""
    start, end = around(text, here)
    pieces = segments(text, (start, end), [mark for mark in marks if mark[0] >= start and mark[1] <= end])
    return [(words, "" if tip is None else HERE if here[0] <= at < here[1] else CHANGED) for words, tip, at in pieces]
