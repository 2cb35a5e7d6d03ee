"""A number of words to swap goes in; how many times as fast as difflib Unspun compares pages spun so comes out.

A reference is a mix of sentences of the project's own texts, no two the same; in about 700 words of it, words are
swapped for synonyms of the thesaurus: 150 (densely spun) or 15 (lightly). Each of Unspun's ways is measured in a
process of its own, difflib before and after it on the same pairs, so that whatever else the machine does disturbs both;
of three such runs the middle one counts.

    python -m benchmarks.spinning                 both tables of 1,000 pairs; prints the ratios, writes spinning.csv
    python -m benchmarks.spinning METHOD FILE     a JSON object: seconds a pair, Unspun's and difflib's
"""

import json
import random
import re
import sys
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd

from benchmarks.accuracy import CORPUS
from benchmarks.child import in_child, seconds, stay_on_one_core
from benchmarks.methods import ALIGNMENT, ALONE, BASE, METHODS, SAMPLE, UNSPUN, alignment_alone
from benchmarks.pages import write_results
from benchmarks.testsets import held_out, references
from helpers.align import sentence_spans
from helpers.text.thesaurus import synonyms

PAIRS = 1_000
WORDS = 700  # of a page, about
SWAPS = {"dense": 150, "light": 15}  # words swapped on a page
SEED = 8000
PARAGRAPH = 4  # sentences
SHORTEST = 30  # characters of a sentence; what is shorter is a heading
MOST_SYNONYMS = 8  # of a word; a spinner's dictionary has few
SWAPPED = re.compile(r"\b[a-z]{4,}\b")
PLAIN = re.compile(r"[a-z]+(?: [a-z]+)?")
BASE_PAIRS = 200  # of them are given to difflib: it takes as long for any
ALONE_PAIRS = 200  # are compared pair by pair
RUNS = 3  # of each; the middle one counts: what fresh memory costs is not the same from process to process


def mixed_texts(number: int, rng: random.Random) -> list[str]:
    """Return texts of about 700 words, each another mix of sentences of the project's own texts."""
    texts = pd.concat([references(CORPUS), held_out()])
    sentences = [text[a:b] for text in texts for a, b in sentence_spans(text) if b - a > SHORTEST]
    return [_mixed(sentences, rng) for _ in range(number)]


def _mixed(sentences: list[str], rng: random.Random) -> str:
    chosen: list[str] = []
    words = 0
    while words < WORDS:
        chosen.append(rng.choice(sentences))
        words += len(chosen[-1].split())
    lines = (" ".join(chosen[start : start + PARAGRAPH]) for start in range(0, len(chosen), PARAGRAPH))
    return "\n\n".join(lines) + "\n"


@cache
def _replacements(word: str) -> list[str]:
    return [other for other in synonyms(word) if PLAIN.fullmatch(other) and other != word][:MOST_SYNONYMS]


def swapped(text: str, swaps: int, rng: random.Random) -> str:
    """Return a text with so many of its words swapped for synonyms."""
    places = [match for match in SWAPPED.finditer(text) if _replacements(match[0])]
    for match in sorted(rng.sample(places, min(swaps, len(places))), key=lambda match: -match.start()):
        text = text[: match.start()] + rng.choice(_replacements(match[0])) + text[match.end() :]
    return text


def swapped_pairs(number: int, swaps: int) -> pd.DataFrame:
    """Return so many pairs, as `align_pairs` takes them."""
    rng = random.Random(SEED)
    rows = [(f"s{k}", f"r{k}", swapped(text, swaps, rng), text) for k, text in enumerate(mixed_texts(number, rng))]
    return pd.DataFrame(rows, columns=["spun_id", "reference_id", "spun_text", "reference_text"])


def time_method(name: str, file: str) -> dict:
    """Return Unspun's and difflib's seconds a pair; the word lists have been read before."""
    pairs = pd.read_json(file, orient="records", lines=True)
    few = pairs.head(ALONE_PAIRS) if name == ALONE else pairs
    method = alignment_alone if name == ALIGNMENT else METHODS[name]
    method(SAMPLE)
    beside = pairs.tail(BASE_PAIRS)
    halves = [beside.head(BASE_PAIRS // 2), beside.tail(-(BASE_PAIRS // 2))]
    before = seconds(lambda: METHODS[BASE](halves[0]))
    own = seconds(lambda: method(few)) / len(few)
    after = seconds(lambda: METHODS[BASE](halves[1]))
    return {"own": own, "base": (before + after) / len(beside), "pairs": len(few)}


def measure_spinning(number: int = PAIRS) -> pd.DataFrame:
    """Return one row a spinning and method: `swaps` a page, `pairs`, `milliseconds` a pair, `to_difflib` (a ratio)."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for spinning, swaps in SWAPS.items():
            file = Path(folder, f"{spinning}.json")
            swapped_pairs(number, swaps).to_json(file, orient="records", lines=True)
            for name in (ALIGNMENT, UNSPUN, ALONE):
                runs = [in_child("benchmarks.spinning", name, str(file)) for _ in range(RUNS)]
                times = sorted(runs, key=lambda run: run["base"] / run["own"])[RUNS // 2]
                rows.append(
                    {
                        "spinning": spinning,
                        "swaps": swaps,
                        "method": name,
                        "pairs": times["pairs"],
                        "milliseconds": 1000 * times["own"],
                        "to_difflib": times["base"] / times["own"],
                    }
                )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    stay_on_one_core()
    if len(sys.argv) > 2:
        print(json.dumps(time_method(*sys.argv[1:])))
    else:
        measured = measure_spinning()
        write_results("spinning", measured)
        print(measured.to_string(index=False))
