"""A reading and candidates for its places go in; how much more readily a language model goes on with each comes out.

What stands in front of a place says how readily a phrase follows, and the phrase how readily the next words do. Both
are compared with what the spun phrase gets: the ratio of the two whole probabilities is what a noisy channel weighs
(Shannon 1948; Mays, Damerau and Mercer 1991).
"""

import numpy as np
import pandas as pd

from helpers.text.annotated import Reading
from helpers.text.language_model import expectations

GAINS = ["expected", "expected_behind", "less_expected"]
MOST = 12.0  # nats: beyond, a model that is sure knows no more


def gains(reading: Reading, found: pd.DataFrame) -> pd.DataFrame:
    """Return GAINS for a table of candidates (`first`, `last`, `original`), a row each, natural logs.

    `expected`: how much more readily the original follows what is in front than the spun phrase does;
    `expected_behind`: how much more readily the next words follow it; `less_expected`: their sum where it is below 0.
    """
    spans = list(map(reading.span, found["first"], found["last"]))
    spun = [reading.text[start:end] for start, end in spans]
    originals = [
        in_the_manner_of(phrase, original, reading.text)
        for phrase, original in zip(spun, found["original"], strict=True)
    ]
    changes = [(*span, words) for span, words in zip([*spans, *spans], [*originals, *spun], strict=True)]
    told = expectations(reading.text, changes)
    gained = told[: len(found)] - told[len(found) :]
    rows = np.column_stack([gained, np.minimum(gained.sum(axis=1), 0.0)]).clip(-MOST, MOST)
    return pd.DataFrame(rows, columns=GAINS, index=found.index)


def in_the_manner_of(spun: str, original: str, text: str) -> str:
    """Return an original phrase with the capitals of the spun one, and the apostrophes of the text.

    >>> [in_the_manner_of(*words, "it’s") for words in [("Fact", "truth"), ("can not", "can't"), ("US", "America")]]
    ['Truth', 'can’t', 'America']
    """
    if "’" in text:
        original = original.replace("'", "’")
    words = [word for word in spun.split(" ") if word[:1].isalpha()]
    if original != original.lower():  # a name, written as the table has it
        return original
    if len(spun) > 1 and spun.isupper() and spun.isalpha():
        return original.upper()
    if len(words) > 1 and all(word[0].isupper() for word in words):
        return " ".join(word[:1].upper() + word[1:] for word in original.split(" "))
    return original[:1].upper() + original[1:] if words and words[0][0].isupper() else original
