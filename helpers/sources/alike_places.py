"""Places and what each version reads there go in; what stood there comes out, places that read the same judged as one.

Judged one by one, places keep each other where they are: where all versions put “additionally” in twenty places for
“also”, each place alone has more to say for the word that it reads than for one that nobody reads there, and none moves
first. But the favourite of a dictionary is one for all of them. So the places where the same sites read the same are
first taken together, as one place with as many witnesses; from what is found so, each is then judged by itself.
"""

import itertools

import numpy as np

from helpers.sources.channel import learn
from helpers.sources.originals import SORTS, Made, Readings, Told, made
from helpers.text.compiled import Floats

MOST_TOGETHER = 10  # places whose witnesses are heard together; more have nothing new to say
WIDEST = 60  # witnesses of places that are heard together
LEAST = 1e-4  # of the probability of a candidate that each place begins with


def together(readings: Readings, given: Made, prior: Floats, told: Told, sites: int) -> Floats:
    """Return the probability of every candidate, all places where the same sites read the same judged as one.

    `prior` has the log probability of each candidate by itself (summed over the places); `told` is what is known of
    dictionaries, as `made` takes it; `sites` their number.
    """
    group = _alike(readings)
    width = len(readings.phrases) + 1
    keys, number = np.unique(group[given.place] * width + given.phrase, return_inverse=True)
    places = np.bincount(group)
    mean = np.bincount(number, prior, len(keys)) / np.maximum(np.bincount(number, minlength=len(keys)), 1)
    starts = np.searchsorted(keys, np.arange(len(places) + 1) * width)
    candidates = [(keys[a:b] % width).tolist() for a, b in itertools.pairwise(starts.tolist())]
    joint = made(_gathered(readings, group, places), candidates, told)
    sorts = SORTS * (int(readings.dictionary.max()) + 1)
    chance = np.maximum(learn(joint.witnesses, mean * places[keys // width], sites, sorts).chance[number], LEAST)
    whole = np.bincount(given.place, chance, len(readings.first) - 1)
    return np.asarray(chance / whole[given.place], dtype=np.float64)


def _alike(readings: Readings) -> np.ndarray:
    """A number for each place, the same for places where the same sites read the same."""
    numbers: dict[bytes, int] = {}
    read = np.column_stack([readings.site, readings.phrase]).astype(np.int64)
    ends = itertools.pairwise(readings.first.tolist())
    return np.array([numbers.setdefault(read[a:b].tobytes(), len(numbers)) for a, b in ends], dtype=np.int64)


def _gathered(readings: Readings, group: np.ndarray, places: np.ndarray) -> Readings:
    """The readings of groups of places, each as one place that has the witnesses of all of its places."""
    _, first = np.unique(group, return_index=True)
    rows, ends = [], [0]
    for place, count in zip(first.tolist(), places.tolist(), strict=True):
        own = np.arange(readings.first[place], readings.first[place + 1])
        rows.append(np.repeat(own, max(1, min(count, MOST_TOGETHER, WIDEST // max(len(own), 1)))))
        ends.append(ends[-1] + len(rows[-1]))
    every = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    return readings._replace(
        first=np.array(ends, dtype=np.int64), site=readings.site[every], phrase=readings.phrase[every]
    )
