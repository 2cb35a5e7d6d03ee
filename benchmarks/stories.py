"""A number goes in; a made-up corpus of so many articles comes out as Parquet, with the source of every spun one.

Made to be hard to find one's way in, and fast to make. Articles belong to subjects, and within a subject to stories.
All articles on a story have its names, its figures and its turns of phrase; one of them is the source, the others
repeat up to three of its sentences word for word. The frames of the sentences are those of the project's articles, so
all articles share their function words and many others. Word frequencies are those of the web.

A spinner with a dictionary for every content word, names made of such words included, replaces a share of them, drops
a tenth of the paragraphs, moves one, and puts furniture around. Of some spun articles the source is left out, while the
near articles on its story are there: they have no right answer but none.

    python -m benchmarks.stories FOLDER ARTICLES [SEED]
"""

import random
import re
import sys
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.accuracy import CORPUS
from benchmarks.testsets import held_out, references, split
from helpers.align import sentence_spans
from helpers.text.english import is_content_word

SPUN, ORPHANS = 0.20, 0.01  # shares of the articles: spun with the source in the corpus, and with it left out
NEAR = 4  # other articles on the story of a source
STORIES_A_SUBJECT = 100
SUBJECT_WORDS, STORY_WORDS, NAMES, FIGURES = 400, 120, 10, 6
REPLACED, NAMED = 0.7, 0.12  # of the frames' content words: by the story's words, and by its names
REPEATED = 3  # sentences of the source at most that a near article has word for word
SENTENCES = (18, 34)
A_PARAGRAPH = 3
RATE = 0.3  # of the content words of a spun article
TWO_WORDS = 0.15  # of the dictionary's replacements
STOCK = 40_000  # words
FILE = 10_000  # articles
SITES = 40
FURNITURE = ("{} Min Learn", "Supply hyperlink", "Share this text", "Associated tales")
COLUMNS = [
    "article_id", "role", "site", "url", "title", "byline", "published", "retrieved", "reference_id", "licence", "note",
    "text", "links", "file", "sha256",
]  # fmt: skip


class Language(NamedTuple):
    """Frames of sentences, words with their shares, and the spinner's dictionary.

    A frame has a string for a word that stays; for one put in, the signs around it and whether it is a figure.
    """

    frames: list[list]
    words: list[str]
    shares: np.ndarray
    dictionary: dict[str, str]


class Story(NamedTuple):
    """What all articles on a story have in common."""

    words: list[str]
    names: list[str]
    figures: list[str]


@lru_cache(maxsize=2)
def language(seed: int) -> Language:
    """Return the language of a corpus. An even seed has the frames of the train sources, an odd one of the others."""
    train, test = split(references(CORPUS))
    texts = train if seed % 2 == 0 else pd.concat([test, held_out()])
    rng = random.Random(seed)
    frames = [text[a:b].split() for text in texts for a, b in sentence_spans(text)]
    frames = [_frame(frame, rng) for frame in frames if 8 <= len(frame) <= 40]
    lines = files("wordsegment").joinpath("unigrams.txt").read_text(encoding="utf-8").splitlines()
    counts = [line.split("\t") for line in lines[: 2 * STOCK]]
    counts = [(word, float(count)) for word, count in counts if len(word) > 3 and is_content_word(word)][:STOCK]
    words = [word for word, _ in counts]
    shares = np.array([count for _, count in counts]) ** 0.75
    others = rng.sample(words, len(words))
    dictionary = {
        word: f"{other} {rng.choice(words)}" if rng.random() < TWO_WORDS else other
        for word, other in zip(words, others, strict=True)
    }
    return Language(frames, words, shares / shares.sum(), dictionary)


def _frame(words: list[str], rng: random.Random) -> list:
    """A sentence with some of its content words taken out; signs stay with the place."""
    slots: list = []
    for word in words:
        bare = re.fullmatch(r"(\W*)([\w’'-]+)(\W*)", word)
        if not bare or not is_content_word(bare[2].lower()) or rng.random() > REPLACED:
            slots.append(word)
        else:
            slots.append((bare[1], bare[2][0].isdigit(), bare[3]))
    return slots


def story(seed: int, number: int) -> Story:
    """Return a story; those with neighbouring numbers are on one subject."""
    spoken, vocabulary = language(seed), _vocabulary(seed, number // STORIES_A_SUBJECT)
    own = np.random.default_rng([seed, 2, number])
    words = [spoken.words[at] for at in own.choice(vocabulary, STORY_WORDS)]
    names = [
        " ".join(spoken.words[at].title() for at in pair) for pair in own.integers(0, STOCK // 2, (NAMES, 2)).tolist()
    ]
    return Story(words, names, [str(figure) for figure in own.integers(2, 5_000, FIGURES).tolist()])


@lru_cache(maxsize=10_000)
def _vocabulary(seed: int, subject: int) -> np.ndarray:
    """The places of a subject's words among all."""
    spoken = language(seed)
    return np.random.default_rng([seed, 1, subject]).choice(len(spoken.words), SUBJECT_WORDS, p=spoken.shares)


@lru_cache(maxsize=8)
def article(seed: int, number: int, copy: int) -> list[str]:
    """Return the sentences of an article on a story: the source is copy 0, the others are near to it."""
    told, spoken, rng = story(seed, number), language(seed), random.Random(f"{seed} {number} {copy}")
    sentences = [_sentence(told, rng.choice(spoken.frames), rng) for _ in range(rng.randint(*SENTENCES))]
    if copy:
        for repeated in rng.sample(article(seed, number, 0), rng.randint(0, REPEATED)):
            sentences.insert(rng.randrange(len(sentences) + 1), repeated)
    return sentences


def _sentence(told: Story, frame: list, rng: random.Random) -> str:
    words = []
    for slot in frame:
        if isinstance(slot, str):
            words.append(slot)
        elif slot[1]:
            words.append(slot[0] + rng.choice(told.figures) + slot[2])
        else:
            # The story's first words are its commonest: an index drawn twice and the lower one taken.
            stock = told.names if rng.random() < NAMED else told.words
            word = stock[int(min(rng.random(), rng.random()) * len(stock))]
            words.append(slot[0] + word + slot[2])
    first = words[0]
    return " ".join([first[:1].upper() + first[1:], *words[1:]])


def written(sentences: list[str]) -> str:
    """Return sentences as a text in paragraphs."""
    paragraphs = [" ".join(sentences[at : at + A_PARAGRAPH]) for at in range(0, len(sentences), A_PARAGRAPH)]
    return "\n\n".join(paragraphs) + "\n"


def spun(seed: int, text: str, which: int, rate: float = RATE) -> str:
    """Return what the spinner makes of a text; `which` tells one of its runs from another."""
    dictionary, rng = language(seed).dictionary, random.Random(f"{seed} spun {which}")

    def swap(found: re.Match) -> str:
        word = found[0]
        other = dictionary.get(word.lower())
        if other is None or rng.random() >= rate:
            return word
        return other.capitalize() if word[0].isupper() else other

    paragraphs = re.sub(r"[A-Za-z]{4,}", swap, text).strip().split("\n\n")
    kept = [paragraph for place, paragraph in enumerate(paragraphs) if place == 0 or rng.random() > 0.1]
    if len(kept) > 3:
        kept.insert(rng.randrange(1, len(kept)), kept.pop(rng.randrange(1, len(kept))))
    top = FURNITURE[0].format(rng.randint(2, 9))
    return "\n\n".join([kept[0], top, *kept[1:], *rng.sample(FURNITURE[1:], 2)]) + "\n"


class Plan(NamedTuple):
    """How many articles of each sort a corpus has."""

    sources: int
    spun: int
    orphans: int
    references: int


def plan(articles: int) -> Plan:
    """Return how many of a corpus's articles are what: every source has its near articles, every orphan too."""
    spun_count, orphans = round(SPUN * articles), round(ORPHANS * articles)
    whole = articles - spun_count - orphans
    return Plan((whole - NEAR * orphans) // (1 + NEAR), spun_count, orphans, whole)


def rows(seed: int, articles: int, start: int, end: int) -> list[tuple]:
    """Return the articles from place `start` to `end`: article_id, role, site, text, and the truth (a source's id).

    References and spun articles alternate, and a spun one stands far from its source.
    """
    planned = plan(articles)
    order = np.random.default_rng([seed, 3]).permutation(articles)[start:end]
    return [_row(seed, planned, place) for place in order.tolist()]


def _row(seed: int, planned: Plan, place: int) -> tuple:
    if place < planned.references:
        # Sources and those near to them, then those near to the sources that are left out, then what is over.
        number, copy = divmod(place, 1 + NEAR)
        if number >= planned.sources:
            number, copy = divmod(place - planned.sources * (1 + NEAR), NEAR)
            number, copy = planned.sources + number, copy + 1
        name = f"s{number}-{copy}"
        return name, "reference", f"paper{number % 97}.example", written(article(seed, number, copy)), ""
    which = place - planned.references
    orphan = which >= planned.spun
    number = planned.sources + which - planned.spun if orphan else which % planned.sources
    text = spun(seed, written(article(seed, number, 0)), which)
    return f"p{which}", "spun", f"copy{which % SITES}.example", text, "none" if orphan else f"s{number}-0"


def write_corpus(folder: str | Path, articles: int, seed: int = 1) -> Path:
    """Write a corpus as Parquet files with the columns of `load_articles`; the truth stands in the column note."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, articles, FILE):
        found = pd.DataFrame(
            rows(seed, articles, start, min(start + FILE, articles)),
            columns=["article_id", "role", "site", "text", "note"],
        )
        empty = dict.fromkeys([name for name in COLUMNS if name not in found], "")
        table = found.assign(**empty | {"links": [[]] * len(found), "licence": "CC0-1.0"})[COLUMNS]
        table = table.assign(published=pd.NaT, retrieved=pd.NaT)
        texts = dict.fromkeys([name for name in COLUMNS if name not in ("links", "published", "retrieved")], str)
        table = table.astype(texts | dict.fromkeys(["published", "retrieved"], "datetime64[us]"))
        pq.write_table(
            pa.Table.from_pandas(table, preserve_index=False),
            row_group_size=2_000,
            where=folder / f"articles-{start // FILE:05d}.parquet",
        )
    return folder


if __name__ == "__main__":
    print(write_corpus(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:])))
