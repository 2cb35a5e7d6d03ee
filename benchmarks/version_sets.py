"""Texts go in; a corpus of pages comes out, several spun versions of each, among honest articles that are near them.

What is to be told apart: versions by several made-up sites (or twice by one), each with its dictionary, its furniture,
its dropped and moved paragraphs; pages merged from two sources; honest articles near a source (`distractors`);
follow-ups that repeat a part of it word for word; copies of honest articles, exact ones and edited ones.

`truth` is the source of a version, an honest article's own id, and empty for what may be counted either way: merged
pages. `copy_of` names the article of which another is a copy: such pairs are no versions, and nothing was spun.
"""

import random
from pathlib import Path

import pandas as pd

from benchmarks.dictionaries import from_thesaurus, like_spinbot, named
from benchmarks.distractors import distractors
from benchmarks.testsets import held_out, references, split
from helpers.align import line_spans, sentence_spans
from helpers.evaluation.simulate import Site, publish
from helpers.spinner import Spinner
from helpers.text.spans import tokens

CORPUS = Path(__file__).parents[1] / "corpus"
RATES = (0.3, 0.95)  # of a site, drawn evenly
VERSIONS = (2, 4)  # of a source
SITES = 6
THESAURI = 3  # dictionaries drawn from the thesaurus
WRITTEN = {"train": ("amber", "birch", "manner"), "test": ("cobalt",)}
REPEATED = (0.1, 0.4)  # of a source's sentences in a follow-up
TOPS = (
    "By {byline}", "{minutes} Min Read", "Reading time: {minutes} minutes", "Subscribe to our newsletter",
    "Listen to this article", "Share this story with your friends",
)  # fmt: skip
BOTTOMS = (
    "Source link", "Leave a comment", "Read more stories like this one", "Related articles", "Join our newsletter",
    "The editors of this site collect interesting stories from around the world and present them to a wide audience. "
    "If you want to support our work, tell your friends about the site or write to the editor.",
    "All rights reserved. No part of this page may be copied without the written consent of the publisher.",
    "Sign up to receive the most important stories of the day in your inbox every morning.",
)  # fmt: skip
BYLINES = ("Newsroom", "T. Marrow", "Ada Quillfeather", "Staff", "Guest Author")
COLUMNS = ["article_id", "site", "truth", "copy_of", "text"]


def sources(half: str) -> pd.Series:
    """Return the texts to be spun of a half, `train` or `test`."""
    train, test = split(references(CORPUS))
    return train if half == "train" else pd.concat([test, held_out()])


def books(half: str, texts: pd.Series) -> list[pd.DataFrame]:
    """Return the dictionaries of a half."""
    words = {token.fold for text in texts for token in tokens(text)}
    drawn = [from_thesaurus(words, f"versions {half} {number}") for number in range(THESAURI)]
    return [named(name) for name in WRITTEN[half]] + drawn + ([like_spinbot("versions")] if half == "test" else [])


def sites(half: str, seed: int) -> list[Site]:
    """Return made-up sites with their furniture."""
    rng = random.Random(f"{half}{seed}")
    return [
        Site(
            f"{half}{number}.example",
            bylines=BYLINES,
            top=tuple(rng.sample(TOPS, rng.randint(1, 3))),
            bottom=tuple(rng.sample(BOTTOMS, rng.randint(2, 5))),
            drop=rng.uniform(0, 0.2),
            move=rng.uniform(0, 0.1),
            glue=rng.uniform(0, 0.5),
        )
        for number in range(SITES)
    ]


def corpus_of(
    half: str, texts: pd.Series, count: int = 0, seed: int = 1, honest: pd.Series | None = None
) -> pd.DataFrame:
    """Return a corpus: versions of the texts, what is near them, `honest` texts, and made-up ones up to `count`."""
    rng = random.Random(f"{half}{seed}{count}")
    rows = versions(half, texts, rng, seed)
    rows += _merged(rows, rng) + _follow_ups(texts, rng) + _copies(texts, rng)
    if honest is not None:
        rows += [(name, "honest.example", name, "", text) for name, text in honest.items()]
    if count > len(rows):
        near = distractors(texts, count - len(rows), seed=seed)
        rows += [(name, "near.example", name, "", text) for name, text in near.items()]
    return pd.DataFrame(rows, columns=COLUMNS).set_index("article_id").sample(frac=1, random_state=seed)


def real_corpus(half: str, texts: pd.Series, seed: int) -> pd.DataFrame:
    """Return a corpus of a family of real texts: every third is spun, the others are honest."""
    spun = texts.iloc[::3]
    return corpus_of(half, spun, seed=seed, honest=texts.drop(spun.index))


def versions(half: str, texts: pd.Series, rng: random.Random, seed: int) -> list[tuple]:
    """Return the versions of every text, each by a site drawn for it, so that one site may hold two."""
    dictionaries, rows = books(half, texts), []
    made = [(site, rng.choice(dictionaries), rng.uniform(*RATES)) for site in sites(half, seed)]
    for source, text in texts.items():
        for number in range(rng.randint(*VERSIONS)):
            site, book, rate = rng.choice(made)
            page = publish(text, Spinner(book, rate, rng.randrange(10**6)), site)
            rows.append((f"{source}/{number}", site.name, source, "", page.text))
    return rows


def _merged(rows: list[tuple], rng: random.Random) -> list[tuple]:
    """Pages whose first half is a version of one source and whose second half one of another."""
    made = []
    for number in range(len(rows) // 10):
        one, other = rng.sample(rows, 2)
        if one[2] != other[2]:
            first, second = _lines(one[4]), _lines(other[4])
            text = "\n\n".join(first[: len(first) // 2] + second[len(second) // 2 :])
            made.append((f"merged/{number}", one[1], "", "", text))
    return made


def _follow_ups(texts: pd.Series, rng: random.Random) -> list[tuple]:
    """Honest articles that repeat a run of a source's sentences word for word, behind another text of their own."""
    made = []
    own = distractors(texts, len(texts), seed=rng.randrange(10**6))
    for (source, text), told in zip(texts.items(), own, strict=True):
        name = f"follow-up/{source}"
        sentences = [text[start:end] for start, end in sentence_spans(text)]
        count = max(1, round(len(sentences) * rng.uniform(*REPEATED)))
        start = rng.randrange(len(sentences) - count + 1)
        made.append((name, "paper.example", name, "", told + "\n" + " ".join(sentences[start : start + count]) + "\n"))
    return made


def _copies(texts: pd.Series, rng: random.Random) -> list[tuple]:
    """Honest articles, each with an exact copy and with one that an editor has shortened and touched."""
    made = []
    for near, text in distractors(texts, len(texts), seed=rng.randrange(10**6)).items():
        name = near.replace("near-", "wire-")
        lines = _lines(text)
        edited = [lines[0], *(line for line in lines[1:] if rng.random() > 0.1)]
        edited[-1] = " ".join(edited[-1].split()[:-3]) + "."
        made.append((name, "wire.example", name, "", text))
        made.append((f"{name}/exact", "paper.example", name, name, text))
        made.append((f"{name}/edited", "daily.example", name, name, "\n\n".join(edited) + "\n"))
    return made


def _lines(text: str) -> list[str]:
    return [text[start:end] for start, end in line_spans(text)]
