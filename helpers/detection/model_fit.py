"""A reading of a text goes in; how readily a language model expects each word, beside its synonyms, comes out.

Every sentence is read by itself, so that what is said of a word hangs on nothing outside of its sentence. A word that a
spinner put in surprises where it stands, more than the place surprises anyway; a synonym is expected rather;
and what follows surprises after it.
"""

import math
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.detection.count_fit import is_looked_at, rivals
from helpers.text.annotated import Reading
from helpers.text.model_file import model
from helpers.text.sentence_states import States, parts_read, states
from helpers.text.spans import Token, tokens

MODEL_FEATURES = [
    *("surprisal", "spread", "beyond", "next_surprisal", "next_spread", "next_beyond"),
    *("ahead", "well_ahead", "best_ahead", "tokens"),
]
NEXT = 2  # tokens behind a word that are looked at
FURTHEST = 20.0  # nats
LEAST = 1e-7  # of a probability
MOST_KEPT = 20_000  # sentences
COLUMNS = ["start", *MODEL_FEATURES, "rival"]

_known: dict[str, np.ndarray] = {}


def expected(reading: Reading) -> pd.DataFrame:
    """Return a row for each word that `fits` looks at: `place` (token), MODEL_FEATURES (nats), `rival`.

    `surprisal`: minus the log probability of the word after its sentence so far; `spread`: the surprisal to be expected
    there; `beyond`: the difference; `next_…`: the same of what follows; `ahead`: the log odds of the word's synonyms
    against it, `well_ahead`: the same where above 0; `best_ahead`: those of the likeliest token; `tokens` of the word,
    as the model has them; `rival`: the token that is the likeliest synonym, or -1.
    """
    spans = parts_read(reading.text)
    sentences = [reading.text[start:end] for start, end in spans]
    if len(_known) > MOST_KEPT:
        _known.clear()
    _read([sentence for sentence in dict.fromkeys(sentences) if sentence not in _known])
    rows = [
        _known[sentence] + np.eye(1, len(COLUMNS))[0] * start
        for sentence, (start, _) in zip(sentences, spans, strict=True)
    ]
    table = pd.DataFrame(np.concatenate([np.zeros((0, len(COLUMNS))), *rows]), columns=COLUMNS)
    places = {token.start: place for place, token in enumerate(reading.tokens)}
    table["place"] = table.pop("start").map(places)
    return table.dropna(subset="place").astype({"place": int})


def _read(sentences: list[str]) -> None:
    """Read sentences and keep what was expected in them: a row a word, with COLUMNS."""
    for sentence, made in zip(sentences, states(sentences), strict=True):
        rows = [
            (token.start, *_features(made, *made.of(token.start, token.end), _others(sentence, made, token)))
            for token in tokens(sentence)
            if is_looked_at(token.fold)
        ]
        _known[sentence] = np.array(rows, dtype=float).reshape(-1, len(COLUMNS))


def _others(sentence: str, made: States, word: Token) -> np.ndarray:
    """The tokens of a word's rivals, written as it is."""
    blank = sentence[made.starts[made.of(word.start, word.end)[0]] : word.start]
    return _tokens_of_rivals(word.fold, blank, sentence[word.start].isupper())


def _features(made: States, first: int, end: int, others: np.ndarray) -> list[float]:
    """The MODEL_FEATURES of the word that has the model's tokens first to end, and its rival."""
    surprisal, spread = -float(made.own[first:end].sum()), float(made.spread[first])
    behind, then = -float(made.own[end : end + NEXT].sum()), float(made.spread[end : end + NEXT].sum())
    chances = np.exp(made.log_probabilities(first, others))
    rivals_odds = math.log(max(float(chances.sum()), LEAST)) + surprisal
    ahead = float(np.clip(rivals_odds, -FURTHEST, FURTHEST))
    best = float(np.clip(made.best[first] + surprisal, 0, FURTHEST))
    rival = float(others[chances.argmax()]) if len(others) else -1.0
    return [
        *(surprisal, spread, surprisal - spread, behind, then, behind - then),
        *(ahead, max(ahead, 0.0), best, float(end - first), rival),
    ]


@lru_cache(maxsize=50_000)
def _tokens_of_rivals(word: str, blank: str, capital: bool) -> np.ndarray:
    """Those rivals of a word that are one token each, written as it is."""
    names = [name.capitalize() if capital else name for name in rivals(word).names]
    numbers = [model().numbers.get((blank + name).encode()) for name in names]
    return np.array([number for number in numbers if number is not None], dtype=int)
