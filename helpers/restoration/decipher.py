"""A site's own pages go in; the dictionary of its spinner comes out, read off them without any reference.

The noisy channel of the decipherment literature (Knight and others 2006; Ravi and Knight 2011) with a spinner as the
channel: English goes in, the site comes out, and the channel is looked for that explains the site best. The language
model's answers, the counts and the thesauri are pooled over all places of a word in all articles
(`site_evidence.py`), words compete for originals, and judges say what is to be believed (`site_choices.py`).
What they believe is put back, and the pages are read a second time so mended (`site_mending.py`); what seems possible
is tried in its places, whether the sentence goes on more readily. A site that is not small is read a third time so:
each reading starts from what the last one believed.
"""

import json
import math
from collections import Counter
from collections.abc import Container, Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.mapping.dictionary import Dictionary
from helpers.mapping.table import MappingTable
from helpers.restoration.judges import as_judges
from helpers.restoration.site_choices import Learnt, chosen
from helpers.restoration.site_evidence import EVIDENCE, Counted, Evidence, evidence
from helpers.restoration.site_mending import read_mended, to_put_back, to_try
from helpers.restoration.site_phrases import phrases_of
from helpers.restoration.site_reading import LONGEST, Places, is_plain, read_places, with_phrases
from helpers.restoration.site_thesauri import KINDS, Weights
from helpers.text.lines import once
from helpers.text.model_file import MEND, is_installed
from helpers.text.spans import tokens

FEWEST = 3  # articles: of fewer, nothing is pooled, and `restore` knows as much
# The probabilities are careful: of each kind of dictionary left out of learning 85 to 89 of 100 claims were right so,
# and on two honest sites nine words of 25,500 were claimed (`benchmarks.train_decipher`).
RIGHT = 0.80  # of the claims that are put forward, by their own probabilities
LIKELIER = 0.5  # than not: what is more likely wrong is not put forward, however sure the others are
READINGS = ("first", "second", "third")
READ_ON = 4_000  # words of a site from which on it is read a third time: of fewer little more is put back
COLUMNS = ["spun", "original", "probability", "places", "uses", "articles", "evidence"]
PLACE_COLUMNS = ["article", "spun_start", "spun_end", "spun", "original", "probability", "claimed"]


class TooFewArticlesError(ValueError):
    """Too few articles to read a dictionary off."""


def decipher(
    articles: pd.DataFrame | Iterable[str],
    known: "MappingTable | pd.DataFrame | Dictionary | None" = None,
    threshold: float | None = None,
) -> pd.DataFrame:
    """Read the dictionary of a site's spinner off its own pages.

    `articles` is a table with `text` (and `role`, whose references are left out), or texts: spun articles of one
    site, or of sites that share a dictionary, which is for you to know. `known` is what other pages taught: a
    mapping table, or `field_dictionary()`; its pairs are candidates like others, and speak for themselves by how
    often they were seen. Returns a row for each phrase that the spinner is held to have put for another, the most
    places first: `spun`, `original`, `probability` (that the original stood in such a place, on average), `places`
    (in how many of its uses it is claimed; of a site of more than 20,000 words an estimate from those that were
    read), `uses` (how often the phrase stands on the site), `articles` (in how many of them it stands, claimed or
    not), `evidence` (in words). A row is a proposal (`MappingTable.propose_deciphered`): a person decides. Claimed
    are as many of the likeliest places as are right together, by their own probabilities, in 80 cases of 100, none
    of them below 0.5: where much is sure, less sure places are claimed beside it, and where nothing is, none. With
    a `threshold` all those of at least this probability. That a site was spun is taken for granted: rows are no
    sign of it. A line that several articles have counts once.

    Raises `TooFewArticlesError` for fewer than three articles, ValueError for a table without texts or a threshold
    outside 0 to 1, ModuleNotFoundError, with the mend, where the language model is not installed.
    """
    if threshold is not None and not 0 <= threshold <= 1:
        raise ValueError(f"the threshold is a probability from 0 to 1, not {threshold}")
    texts = _texts(articles)
    site = read_off(texts, known)
    claimed = believed(site.claims, threshold).groupby("pair")["probability"].agg(["size", "mean"])
    stand = _stands_in(texts, {site.found[number].word for number in site.best.loc[claimed.index, "word"]})
    rows = []
    for pair, (size, probability) in claimed.iterrows():
        facts = site.best.loc[pair]
        one = site.found[int(facts["word"])]
        uses = site.counted.words[one.word]
        places = min(uses, round(uses * size / len(one.rows)))
        rows.append((one.word, facts["original"], probability, places, uses, stand[one.word], _said(facts, one.word)))
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"places": int, "uses": int, "articles": int})
    return table.sort_values(["places", "probability", "spun"], ascending=[False, False, True], ignore_index=True)


def decipher_places(
    articles: pd.DataFrame | Iterable[str], known: "MappingTable | pd.DataFrame | Dictionary | None" = None
) -> pd.DataFrame:
    """Return where `decipher` finds what, a row a place, those it does not believe among them.

    Columns: `article` (its number among the spun ones, exact copies left out), `spun_start`, `spun_end` (characters of
    its text), `spun`, `original`, `probability`, `claimed` (whether `decipher` claims it). No two places overlap. Of a
    large site the places that were read; of lines that several articles have those of the first.
    Raises what `decipher` raises.
    """
    texts = _texts(articles)
    return placed(read_off(texts, known), texts)


def placed(site: "Deciphered", texts: list[str]) -> pd.DataFrame:
    """Return where in its texts what is found on a site stands."""
    claims = site.claims.assign(claimed=site.claims.index.isin(believed(site.claims).index))
    start, end = spans_of(site.places, texts)
    rows = []
    for row, pair, *told in claims[["row", "pair", "probability", "claimed"]].itertuples(index=False):
        article = int(site.places.article[row])
        spun = texts[article][start[row] : end[row]]
        rows.append((article, start[row], end[row], spun, site.best.at[pair, "original"], *told))
    return pd.DataFrame(rows, columns=PLACE_COLUMNS).sort_values(["article", "spun_start"], ignore_index=True)


def spans_of(places: Places, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return where places begin and end in their texts (characters)."""
    start, end = np.zeros(len(places.words), dtype=int), np.zeros(len(places.words), dtype=int)
    for article in np.unique(places.article):
        found, rows = tokens(texts[article]), np.flatnonzero(places.article == article)
        start[rows] = np.array([token.start for token in found])[places.number[rows]]
        end[rows] = np.array([token.end for token in found])[places.last[rows]]
    return start, end


def believed(claims: pd.DataFrame, threshold: float | None = None) -> pd.DataFrame:
    """Return those of a site's claims (a row a place, with `probability`) that are put forward.

    Without a threshold as many of the likeliest as are RIGHT together by their own probabilities, what is held down
    being the share of false ones that is to be expected (Newton and others 2004).
    """
    least = least_of(claims["probability"].to_numpy()) if threshold is None else threshold
    return claims[claims["probability"] >= least]


def least_of(probability: np.ndarray, right: float = RIGHT, times: np.ndarray | None = None) -> float:
    """Return the least probability of the likeliest claims of a site that are `right` together, or infinity.

    Each counts as often as `times` says, or once.
    """
    order = np.argsort(-probability, kind="stable")
    ordered, heavy = probability[order], np.ones(len(order)) if times is None else times[order]
    together = np.cumsum(ordered * heavy) >= right * np.cumsum(heavy)
    enough = ordered[together & np.r_[ordered[1:] < ordered[:-1], True][: len(ordered)]]  # of equal ones all or none
    return max(float(enough[-1]), LIKELIER) if len(enough) else math.inf


class Deciphered(NamedTuple):
    """What was found on a site: the evidence, the places, what is chosen (`Chosen`), the counts."""

    found: list[Evidence]
    places: Places
    best: pd.DataFrame
    claims: pd.DataFrame
    thinkable: pd.DataFrame
    counted: Counted


def read_off(
    texts: list[str], known: "MappingTable | pd.DataFrame | Dictionary | None", read: Places | None = None
) -> Deciphered:
    """Return all that is found on a site of so many texts; raises what `decipher` raises."""
    if (articles := sum(bool(text.strip()) for text in texts)) < FEWEST:
        are = f"is {articles}" if articles == 1 else f"are {articles or 'none'}"
        raise TooFewArticlesError(
            f"a dictionary is read off at least {FEWEST} articles of a site, and here {are}. Mend: add more of its "
            "articles; `restore` works on a single one."
        )
    if not is_installed():
        raise ModuleNotFoundError(MEND)
    seen = seen_of(Dictionary.of(known))
    counted = count(texts, seen)
    words = read_places(texts) if read is None else read
    made = _judged(words, counted, seen, len(texts), learnt(READINGS[0]))
    for reading in READINGS[1:] if len(words.words) >= READ_ON else READINGS[1:2]:
        wide = made.thinkable if reading == READINGS[-1] else None
        mended = (
            to_put_back(made.places, made.best, made.claims),
            to_try(made.found, made.places, made.best, made.claims, wide),
        )
        del made  # of a large site that is a gigabyte
        made = _judged(read_mended(texts, words, *mended), counted, seen, len(texts), learnt(reading))
    return made


def _judged(
    words: Places, counted: Counted, seen: dict[str, dict[str, float]], articles: int, by: Learnt
) -> Deciphered:
    """What a reading of the single words of a site says, as far as training taught (`by`)."""
    places = with_phrases(words, counted.words)
    found = evidence(places, counted, seen)
    return Deciphered(found, places, *chosen(found, places, articles, by), counted)


def count(texts: Iterable[str], known: Container[str] = ()) -> Counted:
    """Return how often some texts have each word, and each phrase that is looked at, and how many words they have.

    `known`: phrases that are looked at wherever they stand.
    """
    runs = [run for text in texts for run in _runs(text)]
    words = Counter(word for run in runs for word in run)
    return Counted(words | Counter(phrases_of(runs, words.total(), known)), words.total())


def _stands_in(texts: Iterable[str], phrases: set[str]) -> Counter:
    """In how many texts each phrase stands."""
    found: Counter = Counter()
    for text in texts:
        every: set[str] = set()
        for run in _runs(text):
            for length in range(1, LONGEST + 1):
                every.update(map(" ".join, zip(*(run[at:] for at in range(length)), strict=False)))
        found.update(every & phrases)
    return found


def _runs(text: str) -> list[list[str]]:
    """The folded words of a text that stand in a row, without a sign or a figure between them."""
    folds = [token.fold for token in tokens(text)]
    return [list(run) for plain, run in groupby(folds, is_plain) if plain]


@lru_cache(maxsize=len(READINGS))
def learnt(reading: str) -> Learnt:
    """Return what `python -m benchmarks.train_decipher` learnt of one of READINGS."""
    part = json.loads(files("helpers.restoration").joinpath("decipher_model.json").read_text(encoding="utf-8"))[reading]
    return as_learnt(part)


def as_learnt(part: dict) -> Learnt:
    """Return what was learnt, as it stands in a file, ready to be asked."""
    worth = np.array([part["worth"][name] for name in EVIDENCE])
    usual = np.array([part["usual"][name] for name in KINDS])
    return Learnt(Weights(worth, part["kept"], usual), as_judges(part["pair"]), as_judges(part["place"]))


def _texts(articles: pd.DataFrame | Iterable[str]) -> list[str]:
    """The texts to read; of a table those that are no references. Copies count once, and so do lines of several."""
    if isinstance(articles, pd.DataFrame):
        if "text" not in articles:
            raise ValueError("the articles have no column `text`. Mend: load them with `load_articles`.")
        if "role" in articles:
            articles = articles[articles["role"] != "reference"]
        articles = articles["text"]
    if isinstance(articles, str):
        raise ValueError("one text was given where articles are wanted. Mend: give a list of texts, or a table.")
    return once(dict.fromkeys(text for text in articles if isinstance(text, str) and text.strip()))


def seen_of(known: Dictionary) -> dict[str, dict[str, float]]:
    """Return what is known of phrases from elsewhere: the originals of each, and how often each was seen."""
    found: dict[str, dict[str, float]] = {}
    for phrase, rows in known.rows.items():
        for row in rows:
            if max(len(phrase), len(row.original)) <= LONGEST:
                found.setdefault(" ".join(phrase), {})[" ".join(row.original)] = float(row.support)
    return found


def _said(facts: pd.Series, spun: str) -> str:
    """What speaks for a pair, in words."""
    parts, original = [], facts["original"]
    if facts["gain"] > math.log(2):
        parts.append(f"the language model prefers “{original}” in {facts['gain_share']:.0%} of the places")
    if facts["tried_after"] > math.log(2):
        parts.append(f"the sentences go on more readily after “{original}”")
    if facts["surplus"] > math.log(2):
        parts.append(f"“{spun}” is {math.exp(facts['surplus']):,.0f} times as frequent here as in English")
    if facts["missing"] > math.log(2):
        parts.append(f"“{original}” is {math.exp(facts['missing']):,.0f} times too rare here")
    if facts["around_high"] >= 2:
        parts.append("a set phrase is broken")
    if facts["field"] > 0:
        parts.append("seen on other pages")
    if facts["synset"] or facts["moby"]:
        parts.append("a thesaurus has the two")
    return "; ".join(parts)
