"""A text goes in; the symptoms of spinning in it come out, each with its place and what it says in words.

A symptom is no proof: honest texts have some of each kind too. `spun_score.py` weighs how many there are.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from helpers.comparison.furniture import furniture_spans
from helpers.detection.count_fit import gains, rivals
from helpers.detection.marks import marks
from helpers.detection.phrase_hits import Phrases, hits, known_phrases
from helpers.text.annotated import Reading, neighbours, read
from helpers.text.english import is_content_word, is_function_word
from helpers.text.spans import is_word, overlaps
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


def symptoms(text: str, tables: Sequence[Phrases] | None = None, asked: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the symptoms of a text, by place: `start`, `end`, `kind`, `weight` (0 to 1), `words`.

    `tables` are those whose phrases are looked for, instead of the ones that come with Unspun; `asked`: what the
    language model said of the words (`misfits`). Kinds: table (a spun phrase, weighted by the probability that it
    stands for an original), set phrase (a synonym would make a set phrase of it), strangers (two words that hardly
    anyone writes in a row), article (a extremely), part of speech (the despatched), furniture (a table or set phrase in
    a line of site furniture), and the kinds of `marks`.

    >>> symptoms("It was a extremely staged show.").query("kind == 'article'")["words"].tolist()
    ['a extremely: “a” before a vowel']
    """
    reading, known = read(text), known_phrases() if tables is None else tables
    found = [
        *_of_the_tables(reading, known, asked),
        *_set_phrases(reading),
        *_strangers(reading),
        *_articles(reading),
        *_parts_of_speech(reading),
    ]
    rows = pd.DataFrame(found, columns=COLUMNS)
    furniture = furniture_spans(text)
    inside = [overlaps(furniture, start, end) for start, end in zip(rows["start"], rows["end"], strict=True)]
    rows.loc[pd.Series(inside, index=rows.index, dtype=bool) & rows["kind"].isin(KINDS[:2]), "kind"] = "furniture"
    left = [(*mark[:3], 1.0, mark.words) for mark in marks(reading, [table.dictionary for table in known])]
    rows = pd.concat([rows, pd.DataFrame(left, columns=COLUMNS)]) if left else rows
    return rows.sort_values(["start", "end"], kind="stable", ignore_index=True)


def _of_the_tables(reading: Reading, tables: Sequence[Phrases], asked: pd.DataFrame | None) -> Iterator[tuple]:
    found = hits(reading, tables, asked)
    for first, last, original, weight in found.itertuples(index=False):
        start, end = reading.span(first, last)
        yield start, end, "table", weight, f"{reading.text[start:end]}: stands for “{original}” elsewhere"


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
