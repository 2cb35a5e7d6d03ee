"""A few articles go in; thousands that are near them come out: same subject, same names, and not the source.

Each is built around one article, the way a rival report or a follow-up relates to it: it opens with its names and
numbers, repeats up to three of its sentences word for word (the background that every report on a subject repeats),
and says the rest in words of the same article and of others like it. The words are strung by a chain of word pairs
(Markov 1913, as in Shannon 1948), so that even most pairs of neighbouring words occur in the source too.
"""

import random
from collections import defaultdict

import pandas as pd

from helpers.align import sentence_spans
from helpers.text.names import name_spans

WORDS = (350, 800)  # an article's length
BACKGROUND = 3  # sentences at most that stand word for word in the source
OWN = 4  # times that the source's own word pairs count, against once for the others'
OTHERS = 3  # articles whose word pairs are mixed in
SHORTEST, LONGEST = 6, 40  # words of a sentence
START = ""

Chain = dict[str, list[str]]


def distractors(texts: pd.Series, count: int, seed: int = 0) -> pd.Series:
    """Return `count` articles near the given ones, by an id that names the article each is near to.

    >>> near = distractors(pd.Series({"sea": "The Dead Sea lies low. It is salty near Ein Gedi. " * 9}), 2)
    >>> near.index.tolist()
    ['near-sea-00000', 'near-sea-00001']
    """
    chains = {source: _pairs(text) for source, text in texts.items()}
    made, share = {}, -(-count // len(texts))
    for source, text in texts.items():
        rng = random.Random(f"{seed}\n{source}")
        sentences = [" ".join(text[a:b].split()) for a, b in sentence_spans(text)]
        names = [text[a:b] for a, b in name_spans(text) if "\n" not in text[a:b]] or sentences[:1]
        others = [name for name in texts.index if name != source]
        for number in range(min(share, count - len(made))):
            mixed = rng.sample(others, min(OTHERS, len(others)))
            chain = _mix([chains[source]] * OWN + [chains[other] for other in mixed])
            made[f"near-{source}-{number:05d}"] = _article(chain, sentences, names, rng)
    return pd.Series(made, name="text").rename_axis("article_id")


def _pairs(text: str) -> Chain:
    following: Chain = defaultdict(list)
    for start, end in sentence_spans(text):
        words = [START, *text[start:end].split()]
        for word, other in zip(words, [*words[1:], START], strict=True):
            following[word].append(other)
    return following


class _mix:  # noqa: N801 - a view on several chains, used as a function
    """The chains together, without copying them: a following word is drawn from those that know the word."""

    def __init__(self, chains: list[Chain]):
        self.chains = chains

    def draw(self, word: str, rng: random.Random) -> str:
        known = [chain[word] for chain in self.chains if word in chain]
        return rng.choice(rng.choice(known))


def _article(chain: _mix, sentences: list[str], names: list[str], rng: random.Random) -> str:
    length = rng.randint(*WORDS)
    lines = [" ".join(rng.choice(names) for _ in range(4)) + " " + _sentence(chain, rng)]
    words = 0
    while words < length:
        line = _sentence(chain, rng)
        lines.append(line)
        words += line.count(" ") + 1
    for sentence in rng.sample(sentences, min(len(sentences), rng.randint(0, BACKGROUND))):
        lines.insert(rng.randrange(1, len(lines) + 1), sentence)
    paragraphs = [" ".join(lines[at : at + 3]) for at in range(0, len(lines), 3)]
    return "\n\n".join(paragraphs) + "\n"


def _sentence(chain: _mix, rng: random.Random) -> str:
    words: list[str] = []
    while len(words) < LONGEST:
        word = chain.draw(words[-1] if words else START, rng)
        if word == START:
            if len(words) >= SHORTEST:
                break
            words = []
            continue
        words.append(word)
    return " ".join(words)
