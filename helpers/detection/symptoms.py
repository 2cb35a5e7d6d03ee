"""A text goes in; the symptoms of spinning in it come out, each with its place and what it says in words.

A symptom is no proof: honest texts have some of each kind too. `spun_score.py` weighs how many there are.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd

from helpers.comparison.furniture import furniture_spans
from helpers.detection.count_fit import gains, rivals
from helpers.detection.table_hits import from_table
from helpers.detection.weights import log_odds, weights
from helpers.mapping.dictionary import Dictionary
from helpers.text.annotated import Reading, neighbours, read
from helpers.text.english import is_content_word, is_function_word
from helpers.text.numerals import half_spelled
from helpers.text.spans import is_word, overlaps, sentence_spans
from helpers.text.thesaurus import readings
from helpers.text.word_counts import affinity, frequency

KINDS = ["table", "set phrase", "strangers", "article", "part of speech", "furniture"]
COLUMNS = ["start", "end", "kind", "weight", "words"]
SET_PHRASE = 2.0  # log10: two words that stand together a hundred times as often as by chance are a set phrase
BROKEN = 1.5  # log10: by so much the set phrase must beat what stands there
STRANGERS = -0.3  # log10: two words that chance alone would have brought together twice as often as anyone wrote them
VOWEL_SOUND = ("hour", "honest", "honour", "honor", "heir", "mba", "mp", "nba", "nhs", "fbi", "x")
CONSONANT_SOUND = (
    "uni",
    "use",
    "usu",
    "eu",
    "one",
    "once",
    "uter",
    "utop",
    "util",
    "ufo",
    "ubiq",
    "ukr",
    "ura",
    "urin",
)
BUT_VOWEL = ("unim", "unin", "unid", "unif")  # unimportant, uninformed, unidentified: “uni” is a prefix there
MODALS = frozenset("can could may might must shall should will would".split())


@lru_cache(maxsize=1)
def known_phrases() -> Dictionary:
    """Return the spun phrases that come with Unspun, from simulated pages of the train sources alone."""
    path = files("helpers.detection").joinpath("spun_phrases.csv")
    return Dictionary(pd.read_csv(str(path), keep_default_na=False))


def symptoms(text: str, dictionary: Dictionary | None = None) -> pd.DataFrame:
    """Return the symptoms of a text, by place: `start`, `end`, `kind`, `weight` (0 to 1), `words`.

    Kinds: table (a spun phrase of the mapping table, weighted by the probability that it stands for an original; or
    a figure of which a part was spelled out as no writer would, “four,560”, with the weight 1),
    set phrase (a synonym would make a set phrase of it), strangers (two words that hardly anyone writes in a row),
    article (a extremely), part of speech (the despatched), furniture (spun site furniture).

    >>> symptoms("It was a extremely staged show.").query("kind == 'article'")["words"].tolist()
    ['a extremely: “a” before a vowel']
    """
    reading = read(text)
    found = [
        *_of_the_table(reading, known_phrases() if dictionary is None else dictionary),
        *_half_spelled(text),
        *_set_phrases(reading),
        *_strangers(reading),
        *_articles(reading),
        *_parts_of_speech(reading),
    ]
    rows = pd.DataFrame(found, columns=COLUMNS).sort_values(["start", "end"], kind="stable")
    furniture = furniture_spans(text)
    inside = [overlaps(furniture, start, end) for start, end in zip(rows["start"], rows["end"], strict=True)]
    rows.loc[pd.Series(inside, index=rows.index, dtype=bool) & rows["kind"].isin(KINDS[:2]), "kind"] = "furniture"
    return rows.reset_index(drop=True)


def _of_the_table(reading: Reading, dictionary: Dictionary) -> Iterator[tuple]:
    found = from_table(reading, dictionary)
    if found.empty:
        return
    found["odds"] = log_odds(found, weights("restore")["table"])
    best = found.sort_values("odds", ascending=False).drop_duplicates(["first", "last"])
    for first, last, odds, original in zip(best["first"], best["last"], best["odds"], best["original"], strict=True):
        start, end = reading.span(first, last)
        spun = reading.text[start:end]
        if spun.isdigit():  # how a figure is written is a matter of style: recipes and minutes have them everywhere
            continue
        yield start, end, "table", 1 / (1 + math.exp(-odds)), f"{spun}: stands for “{original}” elsewhere"


def _half_spelled(text: str) -> Iterator[tuple]:
    """Figures whose first or last part a dictionary replaced: as sure as any phrase of the table."""
    for start, end, figure in half_spelled(text):
        yield start, end, "table", 1.0, f"{text[start:end]}: stands for “{figure}”"


def _set_phrases(reading: Reading) -> Iterator[tuple]:
    """Words in whose place a synonym would make a set phrase with a neighbour."""
    for place, word in enumerate(reading.words):
        if len(word) < 3 or not word.isalpha() or is_function_word(word):
            continue
        around = neighbours(reading, place, place)
        own, gained = gains(word, *around)
        for side, other in enumerate(around):
            if not other or is_function_word(other) or not len(gained):
                continue
            tied = np.where(gained[:, side] >= BROKEN, own[side] + gained[:, side], 0.0)
            if tied.max() >= SET_PHRASE:
                form = rivals(word).names[int(tied.argmax())]
                phrase = f"{form} {other}" if side else f"{other} {form}"
                first, last = (place, place + 1) if side else (place - 1, place)
                start, end = reading.span(first, last)
                said = f"{reading.text[start:end]}: the set phrase is “{phrase}”"
                yield start, end, "set phrase", 1.0, said
                break


def _strangers(reading: Reading) -> Iterator[tuple]:
    """Neighbouring words that are so common that their never being counted together says something."""
    for place in range(len(reading.words) - 1):
        one, other = reading.words[place : place + 2]
        value = affinity(one, other) if is_word(one) and is_word(other) else 0.0
        if value <= STRANGERS and (is_content_word(one) or is_content_word(other)):
            start, end = reading.span(place, place + 1)
            expected = frequency(one) * frequency(other) * 1e7
            said = f"{reading.text[start:end]}: less than {10**value * expected:.2g} in 10 million words"
            yield start, end, "strangers", min(1.0, -value / 2), said


def _articles(reading: Reading) -> Iterator[tuple]:
    for place in range(len(reading.words) - 1):
        article, word = reading.words[place : place + 2]
        if article not in ("a", "an") or not word.isalpha() or len(word) < 3:
            continue
        token, following = reading.tokens[place], reading.tokens[place + 1]
        if reading.text[following.start : following.end].isupper():
            continue
        vowel = (word[0] in "aeiou" or word.startswith(VOWEL_SOUND)) and not word.startswith(CONSONANT_SOUND)
        vowel = vowel or (word.startswith(BUT_VOWEL) and not word.startswith(("unifo", "unifi", "unify")))
        if vowel == (article == "a"):
            sound = "a vowel" if vowel else "a consonant"
            said = f"{reading.text[token.start : following.end]}: “{article}” before {sound}"
            yield token.start, following.end, "article", 1.0, said


def _parts_of_speech(reading: Reading) -> Iterator[tuple]:
    """A modal or “to” in front of a word that is no base form; an article in front of one that is a verb only."""
    for place in range(len(reading.words) - 1):
        first, word = reading.words[place : place + 2]
        tags = {tag for _, _, tag in readings(word)} if word.isalpha() and not is_function_word(word) else set()
        verbs_only = tags and all(tag.startswith("VB") for tag in tags)
        clash = (first in MODALS and verbs_only and not tags & {"VB", "VBP"}) or (
            first in ("a", "an", "the") and verbs_only and not tags & {"VBG", "VBN"}
        )
        if clash:
            start, end = reading.span(place, place + 1)
            yield start, end, "part of speech", 1.0, f"{reading.text[start:end]}: “{word}” cannot stand there"


def by_sentence(text: str, found: pd.DataFrame) -> pd.DataFrame:
    """Return the symptoms summed by sentence: `start`, `end`, `words` (how many), and a column for each of KINDS."""
    spans = sentence_spans(text)
    rows = pd.DataFrame(spans, columns=["start", "end"])
    rows["words"] = [len(text[start:end].split()) for start, end in spans]
    place = rows["start"].searchsorted(found["start"], side="right") - 1
    sums = found.assign(place=place).pivot_table(index="place", columns="kind", values="weight", aggfunc="sum")
    return rows.join(sums.reindex(columns=KINDS)).fillna(0.0)
