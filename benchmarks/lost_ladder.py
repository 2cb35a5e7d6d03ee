"""Where are the changed words lost that a reconstruction does not give back? A ladder, step by step.

`python -m benchmarks.lost_ladder` writes `results/reconstruct_ladder.csv`: for the settings of `benchmarks.reconstruct`
on the test sources, and for those that weights were learnt from on the train sources, how many of the changed words are
back, and of the others how many were read by some version and not chosen; were thought of and not chosen; were not
thought of, where all versions read one word or where their readings differ; stood in no place (a gap of the alignment);
or stood in a place that was cut otherwise than the words were replaced. With numbers: of these settings alone.
"""

import sys
from collections import Counter
from collections.abc import Hashable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.lost_sources import (
    CORPUS,
    REPORTED,
    TRAINED,
    Meant,
    Versions,
    meant_by,
    published,
    stands,
    truth_of,
    with_teaching,
)
from benchmarks.testsets import references, split
from helpers.files.atomic import write_file
from helpers.sources.decided import Decided, decide
from helpers.sources.lost_source import beside, reconstructions
from helpers.sources.places import reading_key
from helpers.sources.witnesses import GROUP

RESULT = Path(__file__).parent / "results" / "reconstruct_ladder.csv"
BACK, READ, THOUGHT = "back", "read, not chosen", "thought of, not chosen"
ONE, SEVERAL, GAP, CUT = "not thought of, all read one", "not thought of, readings differ", "gap", "cut otherwise"
STEPS = [BACK, READ, THOUGHT, ONE, SEVERAL, GAP, CUT]


def step(places: list[int], meant: list[Meant], read: list[set[str]], candidates: list[set[str]]) -> str:
    """Return where a word was lost that is in none of these places as it should be."""
    if not places:
        return GAP
    at = places[0]
    if not meant[at].cut:
        return CUT
    if meant[at].key in read[at]:
        return READ
    if meant[at].key in candidates[at]:
        return THOUGHT
    return ONE if len(read[at]) == 1 else SEVERAL


def ladder(decided: Decided, texts: dict[Hashable, str], versions: Versions, sources: pd.Series) -> Counter[str]:
    """Return how many changed words were lost at each of STEPS."""
    found = stands(texts, sources)
    counts: Counter[str] = Counter()
    number = 0
    for name, story in decided.stories.items():
        if name in texts:
            pages = {version.name: versions.pages[version.name] for version in story.versions}
            truth, meant = truth_of(sources[name], pages), meant_by(story, pages, sources[name])
            read = [{reading_key(words) for words in story.read(place) if words} for place in story.places]
            known = [
                {phrase for phrase, _ in decided.candidates(at)} for at in range(number, number + len(story.places))
            ]
            counts[BACK] += int((found[name][0] & truth.changed).sum())
            for token in np.flatnonzero(truth.changed & ~found[name][0]).tolist():
                places = [at for at, one in enumerate(meant) if one.first <= token < one.end]
                counts[step(places, meant, read, known)] += 1
        number += len(story.places)
    return counts


def measured(setting: str) -> dict[str, int | str]:
    """Return a row of the table."""
    texts = references(CORPUS)
    train, test = split(texts)
    sources, every = (train, with_teaching(train)) if setting in TRAINED else (test, texts)
    versions = published(setting, every)
    wanted = list(sources.index)
    decided = decide(beside(versions.articles, GROUP), None, {}, True, wanted)
    made = reconstructions(decided, True, wanted)
    counts = ladder(decided, {name: one.text for name, one in made.items()}, versions, sources)
    return {"setting": setting, "changed_words": counts.total(), **{name: counts[name] for name in STEPS}}


def main(numbers: list[str]) -> None:
    """Measure and write; of some settings alone where they are named by number."""
    every = [*REPORTED, *TRAINED]
    rows = []
    for setting in [every[int(number)] for number in numbers] or every:
        rows.append(measured(setting))
        print(rows[-1], flush=True)
    write_file(RESULT, pd.DataFrame(rows).to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    main(sys.argv[1:])
