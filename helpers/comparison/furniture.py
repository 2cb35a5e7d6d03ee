"""Texts or tables go in; what a site puts around every article comes out: bylines, reading times, share buttons."""

import string
from functools import lru_cache

import pandas as pd

from helpers.display.masking import mask
from helpers.text.spans import Span, covering, is_word, line_spans, tokens

LONGEST_FURNITURE = 10  # words of a line; a longer one that the reference lacks is text that the site added
ASCII_WORDS = frozenset(string.ascii_letters + string.digits)
FURNITURE_WORDS = frozenset(
    """
    stories story share link source comment comments read reading items related recommended newsletter
    subscribe advertisement advertising loading author editor updated tags article articles follow more
    """.split()
)


@lru_cache(maxsize=1_000)
def furniture_spans(text: str) -> list[Span]:
    """Return the lines that look like site furniture: short, no full stop, with a word such as “share” or “comment”."""
    spans = []
    for start, end in line_spans(text)[1:]:
        if text[end - 1] in ".!?”":
            continue
        line = text[start:end]
        if _is_long(line):
            continue
        lower = line.lower()
        if line.isascii() and not any(word in lower for word in FURNITURE_WORDS):
            continue
        words = [token.fold for token in tokens(line) if is_word(token.fold)]
        glued = {part for word in words for part in (word[:5], word[-4:])}
        known = FURNITURE_WORDS & (set(words) | glued)
        if len(words) <= LONGEST_FURNITURE and known:
            spans.append((start, end))
    return spans


def _is_long(line: str) -> bool:
    """Tell whether a line surely has more words than furniture has: that many begin with a letter or figure of ASCII.

    Others it may have as well, so that of a line that is not surely long the words are counted.
    """
    if len(line) < 2 * LONGEST_FURNITURE:
        return False
    return sum(part[0] in ASCII_WORDS for part in line.split()) > LONGEST_FURNITURE


def site_furniture(articles: pd.DataFrame, paragraphs: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of site furniture on the spun pages, the most frequent first.

    Columns: `line` (addresses masked, figures as #), `original` (the line it was spun from, where the reference
    has it), `count`, `articles`, `sites`. Furniture is a line the reference lacks, or of which it marks the words
    as boilerplate.
    """
    texts = articles["text"].to_dict()
    spun = substitutions[substitutions["kind"] == "boilerplate"]
    offsets = ["spun_start", "spun_end", "reference_start", "reference_end"]
    rows = []
    for (spun_id, reference_id), places in spun.groupby(["spun_id", "reference_id"]):
        spun_text, text = texts[spun_id], texts[reference_id]
        spun_lines, lines = line_spans(spun_text), line_spans(text)
        found = {
            (covering(spun_lines, spun_start, spun_end), covering(lines, start, end))
            for spun_start, spun_end, start, end in places[offsets].itertuples(index=False, name=None)
        }
        rows += [(spun_id, spun_text[slice(*line)], text[slice(*original)]) for line, original in sorted(found)]
    short = paragraphs[(paragraphs["op"] == "added") & paragraphs["words"].between(1, LONGEST_FURNITURE)]
    rows += [
        (spun_id, texts[spun_id][start:end], "")
        for spun_id, start, end in short[["spun_id", "spun_start", "spun_end"]].itertuples(index=False, name=None)
    ]
    return (
        pd.DataFrame(rows, columns=["spun_id", "line", "original"])
        .assign(
            line=lambda table: table["line"].map(mask).str.replace(r"\d+", "#", regex=True),
            site=lambda table: table["spun_id"].map(articles["site"]),
        )
        .groupby(["line", "original"], as_index=False)
        .agg(count=("spun_id", "size"), articles=("spun_id", "nunique"), sites=("site", "nunique"))
        .sort_values(["count", "line"], ascending=[False, True])
        .reset_index(drop=True)
    )
