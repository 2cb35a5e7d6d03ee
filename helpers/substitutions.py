"""Alignments go in; substitutions come out, one row for each place, and how often each pair was made.

A substitution is minimal: its two sides share no first and no last word. Where one side would be empty (the
spinner put a word in, or left one out) it keeps one unchanged neighbour: “general public” for “public”.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import pandas as pd
from nltk.metrics.association import BigramAssocMeasures
from scipy.stats import binomtest

from helpers.align import align_pairs
from helpers.rows import follow_moves
from helpers.text.english import is_function_word, is_number, lemma
from helpers.text.names import name_spans
from helpers.text.spans import (
    Span,
    check_characters,
    fold,
    is_word,
    line_spans,
    overlaps,
    phrase_folds,
    quotation_spans,
    tokens,
)
from helpers.text.word_counts import cohesion

COLUMNS = [
    "spun_id", "reference_id", "site", "spun_start", "spun_end", "reference_start", "reference_end",
    "spun", "original", "kind", "in_quote", "in_name", "left", "right", "confidence",
]  # fmt: skip

RUN = ["op", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference", "confidence"]
LONGEST_STRAY = 3  # words put in or left out that still belong to a phrase; more are an added or dropped passage
CONTRACTION = re.compile(r"(?:^|\w)'(?:s|m|re|ll|ve|d|t)\b")  # a possessive ending stays outside a substitution
CONTEXT = 60  # characters of text kept on each side of a substitution, for concordances
MEASURES = ["chances", "rate", "rate_low", "rate_high", "g2"]  # of a pair of phrases, in the table of frequencies
LONGEST_FURNITURE = 8  # words in a line of site furniture
FURNITURE_WORDS = frozenset(
    """
    stories story share link source comment comments read reading items related recommended newsletter
    subscribe advertisement advertising loading author editor updated tags article articles follow more
    """.split()
)


def find_substitutions(
    articles: pd.DataFrame | str,
    reference_text: str | None = None,
    *,
    lexicon: pd.DataFrame | None = None,
    alignment: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return every substitution: over all declared pairs of a table of articles, or between two texts.

    Call it with the table from `load_articles`, or with a spun text and its reference text. Columns: `spun_id`,
    `reference_id`, `site`, four character offsets into the stored texts (`spun_start`, `spun_end`,
    `reference_start`, `reference_end`), `spun`, `original`, `kind` (see `kind_of`), `in_quote`, `in_name`, and
    the spun text to the `left` and `right`, and `confidence` (see `align`). `lexicon` is handed on to `align`; an
    `alignment` already made by `align_pairs` saves making it again.

    >>> find_substitutions("He spoke to the general public.", "He spoke to the public.")[["spun", "original"]]
                 spun original
    0  general public   public
    """
    if isinstance(articles, str):
        if reference_text is None:
            raise TypeError("find_substitutions(spun_text, reference_text): the reference text is missing")
        check_characters(articles, reference_text)
        pairs = pd.DataFrame(
            [("spun", "reference", "", articles, reference_text)],
            columns=["spun_id", "reference_id", "site", "spun_text", "reference_text"],
        )
    else:
        pairs = pair_texts(articles)
    if alignment is None:
        alignment = align_pairs(pairs, lexicon)
    by_pair = runs_by_pair(alignment)
    rows = [
        row
        for pair in pairs.itertuples()
        if (pair.spun_id, pair.reference_id) in by_pair
        for row in pair_substitutions(pair, by_pair[pair.spun_id, pair.reference_id])
    ]
    return substitutions_table(rows)


def runs_by_pair(alignment: pd.DataFrame) -> dict[tuple[str, str], list[tuple]]:
    """Return the runs of an alignment by `spun_id` and `reference_id`, moved ones joined, as tuples of `RUN`."""
    runs = follow_moves(alignment)
    keys = zip(runs["spun_id"].tolist(), runs["reference_id"].tolist(), strict=True)
    by_pair: dict[tuple[str, str], list[tuple]] = {}
    for key, run in zip(keys, zip(*(runs[column].tolist() for column in RUN), strict=True), strict=True):
        by_pair.setdefault(key, []).append(run)
    return by_pair


def pair_substitutions(pair: tuple, runs: list[tuple]) -> list[tuple]:
    """Return the substitutions of one pair (a row of `pair_texts`) from its runs, as rows of `COLUMNS`."""
    found = _pair_substitutions(runs, pair.spun_text, pair.reference_text)
    return [(pair.spun_id, pair.reference_id, pair.site, *row) for row in found]


def substitutions_table(rows: list[tuple]) -> pd.DataFrame:
    """Return rows of `COLUMNS` as the table of substitutions."""
    return pd.DataFrame(rows, columns=COLUMNS).astype({"in_quote": bool, "in_name": bool})


def pair_texts(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the declared pairs: `spun_id`, `reference_id`, `site`, `spun_text`, `reference_text`."""
    spun = articles[(articles["role"] == "spun") & articles["reference_id"].isin(articles.index)]
    return pd.DataFrame(
        {
            "spun_id": spun.index,
            "reference_id": spun["reference_id"].to_numpy(),
            "site": spun["site"].to_numpy(),
            "spun_text": spun["text"].to_numpy(),
            "reference_text": articles.loc[spun["reference_id"], "text"].to_numpy(),
        }
    )


def _pair_substitutions(runs: list[tuple], spun_text: str, reference_text: str) -> Iterable[tuple]:
    quotes, reference_quotes = quotation_spans(spun_text), quotation_spans(reference_text)
    names, furniture = name_spans(reference_text), furniture_spans(reference_text)
    for spun_start, spun_end, start, end, sure in _places(runs):
        spun, original = spun_text[spun_start:spun_end], reference_text[start:end]
        kind, in_name = kind_in_place(spun, original, (start, end), names, furniture)
        in_quote = overlaps(quotes, spun_start, spun_end) or overlaps(reference_quotes, start, end)
        yield (
            spun_start, spun_end, start, end, spun, original, kind, in_quote, in_name,
            *_context(spun_text, spun_start, spun_end), sure,
        )  # fmt: skip


def _context(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands to the left and right of text[start:end], in whole words: half an address could not be masked."""
    left, right = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if start > CONTEXT:
        left = left[re.match(r"\S*", left).end() :]
    if end + CONTEXT < len(text):
        right = right[: re.search(r"\S*$", right).start()]
    return left, right


def _places(rows: list[tuple]) -> list[tuple[int, int, int, int, float]]:
    """The four offsets of all substitutions of one pair and how sure they are, in the order of the spun text.

    `rows` are the pair's runs, each a tuple of the columns `RUN`.
    """
    places: list[tuple] = []
    waiting: tuple | None = None  # a stray whose only neighbour is the substitution that comes next
    for position, (op, spun_start, spun_end, start, end, spun, original, sure) in enumerate(rows):
        before = rows[position - 1] if position else None
        after = rows[position + 1] if position + 1 < len(rows) else None
        place = (spun_start, spun_end, start, end, sure)
        if _is_swap(rows[position]):
            places.append(_union(waiting, place) if waiting else place)
            waiting = None
        elif op in ("insert", "delete") and _is_stray(spun or original):
            span = _with_neighbour(rows[position][:7], before, after)
            if span:
                places.append(_joined(places, (*span, sure)))
            elif places and before and _is_swap(before) and places[-1][:2] == before[1:3]:
                places.append(_union(places.pop(), _trimmed(place, spun, original)))
            elif after and _is_swap(after):
                waiting = _trimmed(place, spun, original)
    return places


def _is_swap(row: tuple) -> bool:
    """Tell whether a row is a substitution of words for words."""
    return row[0] == "substitute" and _has_word(row[5]) and _has_word(row[6]) and fold(row[5]) != fold(row[6])


def _trimmed(place: tuple, spun: str, original: str) -> tuple:
    """A stray's place (four offsets, and what else comes with them) without the white space around it."""
    side = spun or original
    lead, trail = len(side) - len(side.lstrip()), len(side) - len(side.rstrip())
    if spun:
        return (place[0] + lead, place[1] - trail, *place[2:])
    return (*place[:2], place[2] + lead, place[3] - trail, *place[4:])


def _union(one: tuple, other: tuple) -> tuple:
    """Two places as one: the outer ends of both, as sure as the less sure."""
    return (
        min(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), max(one[3], other[3]),
        min(one[4], other[4]),
    )  # fmt: skip


def _joined(places: list[tuple], new: tuple) -> tuple:
    """A place, joined with the last one where they overlap: “make use of” for “use” has words on both sides."""
    if not places or not (new[0] < places[-1][1] or new[2] < places[-1][3] <= new[3]):
        return new
    return _union(places.pop(), new)


def _has_word(phrase: str) -> bool:
    return any(sign.isalnum() for sign in phrase)


def _is_stray(run: str) -> bool:
    """Tell whether an added or dropped run is a few words inside a line, and no passage of its own."""
    folds = [token.fold for token in tokens(run)]
    return "\n" not in run and bool(folds) and len(folds) <= LONGEST_STRAY and all(is_word(word) for word in folds)


def _with_neighbour(stray: tuple, before: tuple | None, after: tuple | None) -> tuple[int, int, int, int] | None:
    """The span of stray words with one unchanged neighbour: the content word with which they make a phrase."""
    # A row that was moved away can be the next in the table and yet not touch the stray on the reference side.
    touches_left = before and before[0] in ("equal", "move") and (stray[5] or before[4] == stray[3])
    touches_right = after and after[0] in ("equal", "move") and (stray[5] or after[3] == stray[4])
    left = _last_word(before[5]) if touches_left else None
    right = _first_word(after[5]) if touches_right else None
    words = [token.fold for token in tokens(stray[5] or stray[6])]
    scores = {}
    if left:
        scores["left"] = (not is_function_word(left[0]), cohesion(left[0], words[0]))
    if right:
        scores["right"] = (not is_function_word(right[0]), cohesion(words[-1], right[0]))
    if not scores:
        return None
    spun = stray[5]
    spun_start, spun_end, start, end = _trimmed(stray[1:5], spun, stray[6])
    # On a tie the word to the right: English modifiers stand in front of what they modify.
    if max(scores, key=lambda side: (*scores[side], side == "right")) == "left":
        if spun:
            return (before[2] - left[1], spun_end, before[4] - left[1], before[4])
        return (before[2] - left[1], before[2], before[4] - left[1], end)
    from_word, width = right[1]
    if spun:
        return (spun_start, after[1] + width, after[3] + from_word, after[3] + width)
    return (after[1] + from_word, after[1] + width, start, after[3] + width)


def _is_whole_word(folded: str) -> bool:
    """Tell whether a token can be a neighbour: a word, and no possessive or other ending that leans on one."""
    return is_word(folded) and not folded.startswith("'")


def _last_word(run: str) -> tuple[str, int] | None:
    """The folded word that ends an equal run and its length, if the run ends with a word."""
    found = tokens(run.rsplit("\n", 1)[-1])
    if not found or not _is_whole_word(found[-1].fold) or run[-1:].isspace():
        return None
    return found[-1].fold, found[-1].end - found[-1].start


def _first_word(run: str) -> tuple[str, tuple[int, int]] | None:
    """The folded word that begins an equal run and its offsets in it, if one does on the same line."""
    found = tokens(run[: CONTEXT * 2])
    if not found or not _is_whole_word(found[0].fold) or "\n" in run[: found[0].start]:
        return None
    return found[0].fold, (found[0].start, found[0].end)


@lru_cache(maxsize=1_000)
def furniture_spans(text: str) -> list[Span]:
    """Return the lines that look like site furniture: short, no full stop, with a word such as “share” or “comment”."""
    spans = []
    for start, end in line_spans(text)[1:]:
        words = [token.fold for token in tokens(text[start:end]) if is_word(token.fold)]
        glued = {part for word in words for part in (word[:5], word[-4:])}
        known = FURNITURE_WORDS & (set(words) | glued)
        if len(words) <= LONGEST_FURNITURE and known and text[end - 1] not in ".!?”":
            spans.append((start, end))
    return spans


@lru_cache(maxsize=100_000)
def kind_of(spun: str, original: str, *, in_name: bool = False, in_furniture: bool = False) -> str:
    """Return the kind of a substitution, the first that fits.

    boilerplate (in a line of site furniture), number, name (a proper name or title was broken), contraction,
    spelling (the letters are the same, or British for American), inflection (the lemmas are the same), function
    (function words only), phrase (more than one word on a side), synonym.

    >>> kind_of("2", "two"), kind_of("can not", "cannot"), kind_of("wherein", "in which"), kind_of("shut", "close")
    ('number', 'spelling', 'function', 'synonym')
    """
    words = [[token.fold for token in tokens(side) if is_word(token.fold)] for side in (spun, original)]
    both = words[0] + words[1]
    if in_furniture:
        return "boilerplate"
    if any(words[0]) and all(any(map(is_number, side)) for side in words):
        return "number"
    if in_name:
        return "name"
    if any(CONTRACTION.search(fold(side)) for side in (spun, original)):
        return "contraction"
    if _spelling("".join(words[0])) == _spelling("".join(words[1])):
        return "spelling"
    if {lemma(word) for word in words[0]} == {lemma(word) for word in words[1]}:
        return "inflection"
    if all(is_function_word(word) for word in both):
        return "function"
    return "phrase" if len(both) > 2 else "synonym"


def kind_in_place(spun: str, original: str, place: Span, names: list[Span], furniture: list[Span]) -> tuple[str, bool]:
    """Return the kind of a substitution at a place of the reference, and whether it stands in a name.

    `names` and `furniture` are the reference's (see `name_spans`, `furniture_spans`).
    """
    in_furniture = overlaps(furniture, *place)
    in_name = not in_furniture and any(sign.isupper() for sign in original) and overlaps(names, *place)
    return kind_of(spun, original, in_name=in_name, in_furniture=in_furniture), in_name


@lru_cache(maxsize=100_000)
def _spelling(letters: str) -> str:
    """Fold British and American spellings of a word onto one form."""
    for british, american in [
        ("isation", "ization"),
        ("ogue", "og"),
        ("ence", "ense"),
        ("lled", "led"),
        ("lling", "ling"),
    ]:
        letters = letters.replace(british, american)
    letters = re.sub(r"is(e[sd]?|ing)$", r"iz\1", letters)
    letters = re.sub(r"([a-z]{2,})our", r"\1or", letters)
    return re.sub(r"tre(s?)$", r"ter\1", letters).replace("grey", "gray").replace("programme", "program")


def substitution_frequency(
    substitutions: pd.DataFrame, articles: pd.DataFrame | None = None, alignment: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how often each original was replaced by each spun phrase, most frequent first.

    Columns: `original`, `spun` (both folded), `count`, `articles` (spun ones), `sites`, `chances` (times the
    original stood in the references of the compared pairs), `rate` (count / chances), `rate_low` and `rate_high`
    (Wilson's 95% interval), `g2` (Dunning's log-likelihood ratio, as NLTK computes it: how far the pair exceeds
    what chance would pair up). Without `articles` the texts are not known and the last five are missing. With
    the `alignment`, passages that the spun text dropped do not count as chances.
    """
    counted = (
        substitutions.assign(original=substitutions["original"].map(fold), spun=substitutions["spun"].map(fold))
        .groupby(["original", "spun"], as_index=False)
        .agg(count=("spun_id", "size"), articles=("spun_id", "nunique"), sites=("site", "nunique"))
    )
    if articles is None:
        counted[MEASURES] = float("nan")
    else:
        counted[MEASURES] = _measures(counted, substitutions, articles, alignment)
    return counted.sort_values(["count", "g2", "original", "spun"], ascending=[False, False, True, True]).reset_index(
        drop=True
    )


def as_written(frequency: pd.DataFrame, substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the frequencies with each folded phrase as it was mostly written (“Chinese language”), to be read."""
    sides = {
        side: substitutions.groupby(substitutions[side].map(fold))[side].agg(lambda written: written.mode().iloc[-1])
        for side in ("original", "spun")
    }
    return frequency.assign(**{side: frequency[side].map(written).astype(str) for side, written in sides.items()})


def _measures(
    counted: pd.DataFrame, substitutions: pd.DataFrame, articles: pd.DataFrame, alignment: pd.DataFrame | None
) -> pd.DataFrame:
    pairs = pair_texts(articles)
    pairs = pairs[pairs["spun_id"].isin(substitutions["spun_id"])]
    references = pairs["reference_text"] if alignment is None else kept_reference_texts(alignment, pairs)
    longest = longest_phrase([*counted["original"], *counted["spun"]])
    stood = phrase_counts(references, set(counted["original"]), longest)
    written = phrase_counts(pairs["spun_text"], set(counted["spun"]), longest)
    return measures_of(counted, stood, written, sum(len(tokens(text)) for text in references))


def longest_phrase(phrases: Iterable[str]) -> int:
    """Return how many tokens a phrase may have to be counted, where these are the phrases looked for."""
    return max((len(phrase.split()) for phrase in phrases), default=1) + 2


def measures_of(counted: pd.DataFrame, stood: Mapping, written: Mapping, size: int) -> pd.DataFrame:
    """Return `chances`, `rate`, `rate_low`, `rate_high`, `g2` for the rows of a table of counts.

    `counted` has the columns `original`, `spun`, `count`; `stood` says how often each original stood in the references,
    `written` how often each spun phrase stands in the spun texts, and `size` how many tokens the references have.
    """
    rows = []
    for original, spun, count in counted[["original", "spun", "count"]].itertuples(index=False, name=None):
        chances = max(stood[original], count)
        low, high = wilson_interval(count, chances)
        g2 = _g2(count, chances, max(written[spun], count), max(size, chances + written[spun] + count))
        rows.append((chances, count / chances, low, high, g2))
    return pd.DataFrame(rows, columns=MEASURES, index=counted.index)


def kept_reference_texts(alignment: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Return the reference texts with the passages left out that the spun text dropped (moved ones stand in place)."""
    kept = alignment[(alignment["op"] != "delete") & alignment["spun_id"].isin(pairs["spun_id"])]
    return kept.groupby(["spun_id", "reference_id"], sort=False)["reference"].agg("".join)


def phrase_counts(texts: Iterable[str], phrases: set[str], longest: int) -> Counter:
    """Return how often each folded phrase of up to `longest` tokens stands in the texts."""
    return folded_counts(texts, {phrase_folds(phrase): phrase for phrase in phrases}, longest)


def folded_counts(texts: Iterable[str], wanted: Mapping[tuple[str, ...], str], longest: int) -> Counter:
    """Return what `phrase_counts` does, from phrases that are known by their folded tokens."""
    lengths = sorted({len(key) for key in wanted if len(key) <= longest + 3})
    counts: Counter = Counter()
    for text in texts:
        folds = [token.fold for token in tokens(text)]
        for length in lengths:
            for key in zip(*(folds[start:] for start in range(length)), strict=False):
                if key in wanted:
                    counts[wanted[key]] += 1
    return counts


@cache
def wilson_interval(count: int, chances: int) -> tuple[float, float]:
    """Return Wilson's 95% interval for a share, as SciPy computes it.

    >>> [round(bound, 2) for bound in wilson_interval(9, 9)]
    [0.7, 1.0]
    """
    interval = binomtest(count, chances).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def _g2(count: int, chances: int, written: int, size: int) -> float:
    return float(BigramAssocMeasures.likelihood_ratio(count, (chances, written), size))
