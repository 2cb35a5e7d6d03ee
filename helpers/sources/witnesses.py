"""Spun versions of lost sources go in; the same come out checked, each once, with what a site puts around them blanked.

Offsets stay: a line that is the site's own is blanked, not cut out, so that every place found later is one of the
stored text.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.comparison.furniture import LONGEST_FURNITURE, furniture_spans
from helpers.text.lines import blanked, line_key
from helpers.text.spans import Span, check_characters, is_word, line_spans, tokens
from helpers.text.word_counts import frequency

GROUP = "version_group"  # the column that says which articles have one source
BYLINE, PARAGRAPH = 5, 15  # words of a byline at most, and of the first paragraph at least
KNOWN = 2e-7  # share of the web’s words: a word with a capital inside that is as frequent is one (YouTube)
WORD = re.compile(r"[A-Za-z]+")
GLUE = re.compile(r"(?<=[a-z][a-z])(?=[A-Z])")  # a line’s last word and the next one’s first (objectsFinish)


class Version(NamedTuple):
    """A version: its name (the article_id), its site, its text as stored, and `bare`, as it is compared.

    `bare` has blanks for the site's own lines (`own`, characters of the text), and a line break where one was lost
    (objectsFinish); `breaks` says where those stand in `bare`. `copies` are the versions that say exactly the same.
    """

    name: str
    site: str
    text: str
    bare: str
    breaks: np.ndarray
    own: list[Span]
    copies: list[str]

    def stored(self, start: int, end: int) -> Span:
        """Return the offsets into the stored text of a stretch of `bare`."""
        before = np.searchsorted(self.breaks, [start, end])
        return start - int(before[0]), end - int(before[1])


def as_articles(versions: "pd.DataFrame | Mapping[str, str] | Sequence[str]") -> pd.DataFrame:
    """Return versions of one source as a table with the index `article_id` and the columns `text` and `site`.

    A mapping gives names to texts; of a sequence the first is “version 1”. Versions without a site have one each,
    which is called like them. Raises TypeError for anything else, and ValueError for a table without `text`, for
    a text that is none, or for an article_id that stands twice.
    """
    if isinstance(versions, pd.DataFrame):
        table = versions.set_index("article_id") if "article_id" in versions else versions
        if "text" not in table:
            raise ValueError("the versions lack the column text. Mend: hand in articles as load_articles gives them.")
    elif isinstance(versions, Mapping):
        table = pd.DataFrame({"text": dict(versions)}, dtype=object)
    elif isinstance(versions, Sequence) and not isinstance(versions, str):
        table = pd.DataFrame({"text": {f"version {at}": text for at, text in enumerate(versions, 1)}}, dtype=object)
    else:
        raise TypeError(f"versions are a table, a mapping or a list of texts, not {type(versions).__name__}")
    table = table.set_axis(table.index.map(str))
    if table.index.has_duplicates:
        twice = table.index[table.index.duplicated()][0]
        raise ValueError(f"the article_id {twice!r} stands twice among the versions. Mend: give each its own.")
    for name, text in table["text"].items():
        if not isinstance(text, str):
            raise ValueError(f"the version {name!r} has no text: {text!r}. Mend: fill it, or leave the version out.")
    site = table["site"].fillna("").astype(str) if "site" in table else pd.Series("", index=table.index)
    return table.assign(site=site.where(site != "", table.index))


def stories_of(articles: pd.DataFrame, group: str = GROUP) -> dict[Hashable, list[Version]]:
    """Return the versions of every source: group -> versions, copies counted once, furniture blanked.

    Of several groups one whose versions are all the same is left out, with a warning. Raises ValueError where no
    group is left.
    """
    check_characters(*articles["text"])
    recur = _recurring(articles, group)
    found = {}
    alike = []
    for name, rows in articles.groupby(group, sort=False):
        own = _versions(rows, recur)
        if len(own) > 1:
            found[name] = own
        else:
            alike.append(", ".join(map(repr, rows.index)))
    told = f"the versions are all the same ({'; '.join(alike)}): nothing can be told from copies"
    if not found:
        raise ValueError(f"{told}. Mend: add a version that differs.")
    if alike:
        warnings.warn(f"{told}; left out", stacklevel=4)
    return found


class Recurring(NamedTuple):
    """The lines (folded, figures as #) that stand on a site's pages of more than one source, and the sources."""

    lines: dict[str, set[str]]
    stories: set[Hashable]


def _recurring(articles: pd.DataFrame, group: str) -> Recurring:
    stands: dict[tuple[str, str], set] = defaultdict(set)
    for site, story, text in zip(articles["site"], articles[group], articles["text"], strict=True):
        for start, end in line_spans(text):
            stands[site, line_key(text[start:end])].add(story)
    lines: dict[str, set[str]] = defaultdict(set)
    for (site, line), stories in stands.items():
        if len(stories) > 1:
            lines[site].add(line)
    return Recurring(lines, set(articles[group]))


def _versions(rows: pd.DataFrame, recur: Recurring) -> list[Version]:
    texts: dict[str, str] = {}
    copies: dict[str, list[str]] = {}
    for name, text in rows["text"].items():
        first = texts.setdefault(" ".join(text.split()), name)
        copies.setdefault(first, [])
        if first != name:
            copies[first].append(name)
    kept = rows.loc[list(copies)]
    words_of = {name: set(WORD.findall(text)) for name, text in kept["text"].items()}
    lines_of = {name: _lines(text) for name, text in kept["text"].items()}
    found = []
    for name, site, text in zip(kept.index, kept["site"], kept["text"], strict=True):
        others = set().union(*(lines for other, lines in lines_of.items() if other != name))
        own = _own_lines(text, recur.lines.get(site, set()), others)
        beside = [words for other, words in words_of.items() if other != name]
        lost = [at for at, word in _glued(text) if not _is_one(word, beside)]
        bare = blanked(text, own)
        parts = [bare[a:b] for a, b in pairwise([0, *lost, len(bare)])]
        breaks = np.array(lost, dtype=np.int64) + np.arange(len(lost))
        found.append(Version(name, site, text, "\n".join(parts), breaks, own, copies[name]))
    return found


def _glued(text: str) -> list[tuple[int, str]]:
    """Where a line break may have been lost, and the word that would be glued there: (offset, word)."""
    return [(match.start() + cut.start(), match[0]) for match in WORD.finditer(text) for cut in GLUE.finditer(match[0])]


def _is_one(word: str, others: list[set[str]]) -> bool:
    """Tell whether a word with a capital inside is one (YouTube): all other versions have it, or English and one do."""
    has = [word in words for words in others]
    return all(has) or (any(has) and frequency(word.lower()) >= KNOWN)


def _lines(text: str) -> set[str]:
    return {line_key(text[start:end]) for start, end in line_spans(text)}


def _own_lines(text: str, recurring: set[str], others: set[str]) -> list[Span]:
    """The lines of a text that are the site's own: those that recur on it, and what looks like furniture.

    A line that recurs but that other versions have as well is blanked too: it is furniture of both. A line without a
    full stop that looks like furniture stays where another version has it word for word. So do the short lines in front
    of the first paragraph: who wrote it and how long it takes to read is of the site.
    """
    looks = {span for span in furniture_spans(text) if line_key(text[slice(*span)]) not in others}
    own, top = [], True
    for number, (start, end) in enumerate(line_spans(text)):
        line = text[start:end]
        words = sum(is_word(token.fold) for token in tokens(line))
        top = top and (number == 0 or words < PARAGRAPH)
        byline = top and number and words <= BYLINE and line[-1] not in ".!?”" and line_key(line) not in others
        if (start, end) in looks or byline or (words <= 2 * LONGEST_FURNITURE and line_key(line) in recurring):
            own.append((start, end))
    return own
