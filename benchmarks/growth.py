"""Article lengths and numbers of pairs go in; how time and memory grow with them comes out.

A long article is made of the corpus's references one behind the other, each time spun anew and with made-up words
at the end of each paragraph, so that no two paragraphs are the same.

    python -m benchmarks.growth METHOD FILE   a JSON object: seconds, megabytes
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from math import log
from pathlib import Path

import pandas as pd

from benchmarks.accuracy import CORPUS
from benchmarks.child import in_child, seconds, stay_on_one_core
from benchmarks.linkers import LINKERS
from benchmarks.methods import ALIGNMENT, ALONE, METHODS, UNSPUN, alignment_alone
from benchmarks.testsets import DICTIONARIES, dictionary, references, spun_set
from helpers.align import line_spans
from helpers.files.child_process import peak_megabytes
from helpers.spinner import Spinner

WORDS = (250, 2_000, 20_000, 200_000)
PAIRS = (1, 10, 100, 1_000, 10_000)
WORDS_LIMIT, PAIRS_LIMIT = 60, 120  # seconds; what would take longer is left out, and the table says so
RATE = 0.3  # of the long articles; that of the pairs is that of the speed measurement
PAIRS_RATE = 0.5
SEED = 7000
START = 4.0  # seconds that a child needs before it measures anything: imports, reading the texts
STEEPER = 0.15  # the power rises with the length: at first what grows more slowly hides it
STEEPEST = 2.0  # a comparison's time grows at most with the square of the length
# A tool that compares one pair after the other grows with their number by construction; two stand for all of them.
BY_PAIRS = (UNSPUN, ALIGNMENT, "difflib", "rapidfuzz Indel")
NOT_BY_WORDS = {ALONE, "difflib with whole blocks", "difflib with autojunk", *LINKERS}  # as others; for sentences


def fresh_words(rng: random.Random) -> str:
    """Return a sentence of made-up words."""
    words = ["".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(3)) for _ in range(6)]
    return " ".join(words).capitalize() + "."


def paragraphs(texts: pd.Series) -> Iterator[str]:
    """Go through the references again and again; each time they are spun anew and get other made-up words."""
    rng = random.Random(SEED)
    for turn in count():
        spinner = Spinner(dictionary(CORPUS, "birch"), RATE, SEED + turn)
        for text in texts:
            version, _ = spinner.spin(text)
            yield from (f"{version[start:end]} {fresh_words(rng)}" for start, end in line_spans(version))


def long_pair(words: int) -> pd.DataFrame:
    """Return a pair of articles of so many words, as a table of one row."""
    lines, left = [], words
    for paragraph in paragraphs(references(CORPUS)):
        kept = paragraph.split()[:left]
        lines.append(" ".join(kept))
        left -= len(kept)
        if not left:
            break
    reference = "\n\n".join(lines) + "\n"
    spun, _ = Spinner(dictionary(CORPUS, "amber"), RATE, SEED).spin(reference)
    return pd.DataFrame(
        [("spun", "reference", spun, reference)], columns=["spun_id", "reference_id", "spun_text", "reference_text"]
    )


def many_pairs(number: int) -> pd.DataFrame:
    """Return so many pairs of ordinary length: every source and dictionary, with new seeds as often as needed."""
    texts, sets, have = references(CORPUS), [], 0
    while have < number:
        pairs, _, _ = spun_set(CORPUS, texts, PAIRS_RATE, seed=SEED + have)
        sets.append(pairs.assign(spun_id=[f"{len(sets)}/{spun_id}" for spun_id in pairs["spun_id"]]))
        have += len(DICTIONARIES) * len(texts)
    # Mixed, so that a few pairs are of several sources and dictionaries.
    return pd.concat(sets).sample(frac=1, random_state=SEED).head(number)


def expected(sizes: tuple[int, ...], times: list[float], size: int) -> float:
    """Return the seconds that a next size will take if time goes on growing a little more steeply than it did last."""
    if not times:
        return 0.0
    power = 1.0
    if len(times) > 1:
        power = log(times[-1] / times[-2]) / log(sizes[len(times) - 1] / sizes[len(times) - 2]) + STEEPER
    return times[-1] * (size / sizes[len(times) - 1]) ** min(max(power, 1.0), STEEPEST)


def grow(name: str, sizes: tuple[int, ...], file_of: Callable[[int], Path], limit: float) -> Iterator[dict]:
    """Measure a method at growing sizes until one would take too long."""
    times: list[float] = []
    for place, size in enumerate(sizes):
        guess = expected(sizes, times, size)
        row = {"method": name, "size": size, "seconds": None, "megabytes": None, "expected": guess, "failed": False}
        if len(times) == place and guess <= limit:
            try:
                measured = in_child("benchmarks.growth", name, str(file_of(size)), limit=limit + START) or {}
            except ChildProcessError:  # a long article can want more memory than there is
                measured = {"failed": True}
            row |= measured
            times += [measured["seconds"]] if "seconds" in measured else []
        yield row


def measure_growth(methods: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two tables, by words and by pairs: `method`, `size`, `seconds`, `megabytes` (both missing if skipped).

    `expected` holds the seconds that the smaller sizes had led to expect; `failed` tells of a process that died.
    """
    with tempfile.TemporaryDirectory() as folder:
        words, pairs = _files(long_pair, folder, "words"), _files(many_pairs, folder, "pairs")
        by_words = [
            row for name in methods if name not in NOT_BY_WORDS for row in grow(name, WORDS, words, WORDS_LIMIT)
        ]
        by_pairs = [
            row for name in BY_PAIRS if name in {ALIGNMENT, *methods} for row in grow(name, PAIRS, pairs, PAIRS_LIMIT)
        ]
    return pd.DataFrame(by_words), pd.DataFrame(by_pairs)


def _files(make: Callable[[int], pd.DataFrame], folder: str, name: str) -> Callable[[int], Path]:
    """Files with the pairs of each size, written when they are first asked for."""

    @cache
    def file_of(size: int) -> Path:
        path = Path(folder, f"{name}-{size}.json")
        make(size).to_json(path, orient="records", lines=True)
        return path

    return file_of


def main(name: str, file: str) -> None:
    """Run a method over the pairs in a file; print its seconds and the memory it took beyond what it found."""
    pairs = pd.read_json(file, orient="records", lines=True)
    before = peak_megabytes()
    method = alignment_alone if name == ALIGNMENT else METHODS[name]
    taken = seconds(lambda: method(pairs))
    print(json.dumps({"seconds": taken, "megabytes": peak_megabytes() - before}))


if __name__ == "__main__":
    stay_on_one_core()
    main(*sys.argv[1:])
