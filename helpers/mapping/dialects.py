"""Spun articles go in; which known dictionary explains their phrases comes out, with a likelihood ratio, or a refusal.

For each dialect of the field's dictionary two stories of a site are weighed: its phrases are those of ordinary English
(how often the web has them), or they come as often as on the pages where the dialect was seen. A phrase counts once an
article, and over several articles with diminishing weight: that it recurs may be a topic.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.mapping.field import KEY, PAIRS, SIGHTINGS, field_folder, read_part
from helpers.text.spans import phrase_folds, tokens
from helpers.text.word_counts import Phrase, log_frequency

PAGE_WORDS = 350  # of an excerpt on which pairs were gathered: 2,000 characters
FEWEST_PHRASES = 5  # telling phrases of one dialect; with fewer nothing is said
RAREST = 3e-6  # a phrase that the web hardly has comes in one honest page of a thousand all the same: topics
TELLING = 4.0  # so many times more often on the dialect's pages than elsewhere, or the phrase is not asked
SPEAKS = math.log(1000)  # of the likelihood ratio; set on honest texts, see benchmarks/field.py
APART = math.log(10)  # between the first and the second, or they cannot be told apart
DISCOUNTS = (0.3, 0.9)  # bounds of what is taken off a count of pages for the pages that were not seen
SHOWN = 8  # phrases that speak most
COLUMNS = ["site", "dialect", "articles", "phrases", "llr", "verdict", "speaking"]


class Dialect(NamedTuple):
    """What a dialect is known by: for each telling phrase its rate a word in ordinary English and on its pages."""

    pages: int
    rates: dict[Phrase, tuple[float, float]]


def dialect(articles: pd.DataFrame | Iterable[str], folder: str | Path | None = None) -> pd.DataFrame:
    """Return which known dialect explains each site's phrases, one row for a site and a dialect, the likeliest first.

    `articles` is a table with `text`, and with `site` and `role` where it has them (references are left out), or texts
    of one site. Columns: `site`, `dialect`, `articles`, `phrases` (telling ones found), `llr` (natural logarithm of
    the likelihood ratio to ordinary English), `verdict` and `speaking` (the phrases that say most, with the articles
    they stand in). The verdict is “speaks it”, “cannot be told apart” (another is as likely), “another is likelier”,
    “no sign” or “too little” (no dialect has five telling phrases there). It names a dictionary that many sites may
    have bought, and accuses nobody. Raises `FieldError` where there is no dictionary, ValueError where `articles` has
    no texts.
    """
    known = known_dialects(field_folder(folder))
    wanted = {phrase for one in known.values() for phrase in one.rates}
    return verdicts({site: [phrases_in(text, wanted) for text in texts] for site, texts in _texts(articles)}, known)


def verdicts(sites: Mapping[str, list[tuple[set[Phrase], int]]], known: Mapping[str, Dialect]) -> pd.DataFrame:
    """Return the same from what was found: for each site its articles, as (phrases in it, words)."""
    rows = []
    for site, articles in sites.items():
        weighed = {name: weigh(articles, one) for name, one in known.items()}
        ranked = sorted(weighed, key=lambda name: (-sum(weighed[name][0].values()) - weighed[name][1], name))
        found = []
        for name in ranked:
            hits, missed = weighed[name]
            found.append((site, name, len(articles), len(hits), sum(hits.values()) + missed, _speaking(hits, articles)))
        rows += _judged(found)
    return pd.DataFrame(rows, columns=COLUMNS)


def weigh(articles: list[tuple[set[Phrase], int]], known: Dialect) -> tuple[dict[Phrase, float], float]:
    """Return what each phrase that was found adds to the logarithm, and what the phrases that were not take off."""
    gains: defaultdict[Phrase, list[float]] = defaultdict(list)
    missed, damped = 0.0, _damped(len(articles)) / max(len(articles), 1)
    excess = sum(theirs - plain for plain, theirs in known.rates.values())
    for phrases, words in articles:
        lost = excess
        for phrase in phrases & known.rates.keys():
            plain, theirs = known.rates[phrase]
            lost -= theirs - plain
            gains[phrase].append(math.log(math.expm1(-theirs * words) / math.expm1(-plain * words)))
        missed -= lost * words * damped
    return {phrase: sum(each) / len(each) * _damped(len(each)) for phrase, each in gains.items()}, missed


def _damped(number: int) -> float:
    """What a number of articles counts: the second adds less than the first, since they may share their topic."""
    return 1 + math.log(number) if number else 0.0


def _judged(found: list[tuple]) -> list[tuple]:
    """The rows of a site with their verdicts, the likeliest first."""
    enough = [row for row in found if row[3] >= FEWEST_PHRASES]
    likely = [row for row in enough if row[4] >= SPEAKS]
    near = [row[1] for row in likely if row[4] > likely[0][4] - APART]
    rows = []
    for row in found:
        verdict = "no sign" if enough else "too little"
        if row in likely:
            verdict = "another is likelier"
        if row[1] in near:
            verdict = "speaks it" if len(near) == 1 else "cannot be told apart"
        rows.append((*row[:5], verdict, row[5]))
    return rows


def _speaking(gains: dict[Phrase, float], articles: list[tuple[set[Phrase], int]]) -> str:
    """The phrases that speak most, each with the number of articles it stands in where they are several."""
    most = sorted(gains, key=lambda phrase: (-gains[phrase], phrase))[:SHOWN]
    counts = Counter(phrase for phrases, _ in articles for phrase in phrases)
    return ", ".join(" ".join(one) + (f" ({counts[one]})" if counts[one] > 1 else "") for one in most if gains[one] > 0)


def known_dialects(folder: Path, without: str = "") -> dict[str, Dialect]:
    """Return what each dialect is known by; what was seen on one page alone can be left out, by its address."""
    stamp = (folder / SIGHTINGS).stat().st_mtime_ns if (folder / SIGHTINGS).is_file() else 0
    return _known(str(folder), stamp, without)


@lru_cache(maxsize=256)
def _known(folder: str, _stamp: int, without: str) -> dict[str, Dialect]:
    pairs, sightings = read_part(Path(folder), PAIRS), read_part(Path(folder), SIGHTINGS)
    rows = sightings.merge(pairs[KEY], on=KEY)
    rows = rows[rows["address"] != without]
    pages = rows.drop_duplicates(["spun", "dialect", "address"])
    return {str(name): known_by(group) for name, group in pages.groupby("dialect")}


def known_by(sightings: pd.DataFrame) -> Dialect:
    """Return what a dialect is known by, from the pages (`address`) on which its phrases (`spun`) were seen.

    Each count of pages is discounted, so that something is left for phrases not seen yet (absolute discounting: Ney,
    Essen & Kneser 1994); of a phrase and one inside it the inner one is asked.
    """
    pages = sightings["address"].nunique()
    counts = sightings.groupby("spun")["address"].nunique()
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    discount = min(max(once / max(once + 2 * twice, 1), DISCOUNTS[0]), DISCOUNTS[1])
    rates: dict[Phrase, tuple[float, float]] = {}
    for spun, number in counts.items():
        phrase = phrase_folds(str(spun))
        plain = plain_rate(phrase)
        own = -math.log1p(-min((number - discount) / pages, 0.95)) / PAGE_WORDS
        if own >= (TELLING - 1) * plain and any(map(str.isalpha, str(spun))):  # a bare figure tells of nothing
            rates[phrase] = (plain, plain + own)
    return Dialect(pages, {phrase: rate for phrase, rate in rates.items() if not _holds_another(phrase, rates)})


@lru_cache(maxsize=20_000)
def plain_rate(phrase: Phrase) -> float:
    """Return how often ordinary English has a phrase, a word of text."""
    words = tuple(word for word in phrase if any(map(str.isalnum, word)))
    return max(10 ** log_frequency(words), RAREST) if words and len(words) == len(phrase) else RAREST


def _holds_another(phrase: Phrase, others: Mapping[Phrase, object]) -> bool:
    spans = ((start, end) for start in range(len(phrase)) for end in range(start + 1, len(phrase) + 1))
    return any(phrase[start:end] in others for start, end in spans if end - start < len(phrase))


def phrases_in(text: str, wanted: set[Phrase]) -> tuple[set[Phrase], int]:
    """Return which of the phrases a text has, and how many words it has."""
    folds = [token.fold for token in tokens(text)]
    longest = max(map(len, wanted), default=0)
    found = {
        phrase
        for start in range(len(folds))
        for size in range(1, min(longest, len(folds) - start) + 1)
        if (phrase := tuple(folds[start : start + size])) in wanted
    }
    return found, sum(any(map(str.isalnum, fold)) for fold in folds)


def _texts(articles: pd.DataFrame | Iterable[str]) -> list[tuple[str, list[str]]]:
    """The texts of each site; those of references are left out."""
    if isinstance(articles, str):
        articles = [articles]
    table = articles if isinstance(articles, pd.DataFrame) else pd.DataFrame({"text": list(articles)}, dtype=object)
    if "text" not in table or not table["text"].map(lambda text: isinstance(text, str)).all():
        raise ValueError(
            "the articles have no texts. Mend: a column text, as load_articles gives it, or a list of texts"
        )
    if "role" in table:
        table = table[table["role"] == "spun"]
    names = table["site"].astype(str) if "site" in table else pd.Series("", index=table.index, dtype=str)
    return [(str(site), list(texts)) for site, texts in table["text"].groupby(names)]
