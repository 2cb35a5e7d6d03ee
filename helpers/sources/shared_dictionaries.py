"""What was probably replaced in all places goes in; which sites use one dictionary comes out.

Two sites that replaced the same word put the same in, if they share a dictionary, and in two places of three something
else, if they do not. (`helpers.sites.shared_dictionary_test` asks the same of sites whose references are known, with a
proper test; it needs four of them.)
"""

from itertools import combinations

import numpy as np

from helpers.sources.channel import Learnt
from helpers.sources.originals import Made, Readings

FEWEST_TOGETHER = 15.0  # places that two sites both replaced; with fewer nothing is said of them
ALIKE = 0.8  # of them have the same in both; look-alikes have 0.3 to 0.5, and sharers 0.9 or more


def agreement(readings: Readings, given: Made, learnt: Learnt) -> dict[tuple[int, int], tuple[float, float]]:
    """Return for each two sites in how many places both replaced the original, and in which share with the same."""
    sites = int(readings.site.max()) + 1 if len(readings.site) else 0
    together, same = np.zeros((sites, sites)), np.zeros((sites, sites))
    first = given.witnesses.first_candidate
    several = np.flatnonzero(np.diff(readings.first) > 1)
    for place in several.tolist():
        own = slice(first[place], first[place + 1])
        read, site = readings.of(place), readings.site[readings.first[place] : readings.first[place + 1]]
        phrases, chance = given.phrase[own], learnt.chance[own]
        if len(phrases) < 2:
            continue
        replaced = (phrases[:, None] != read[None, :]).astype(float)
        for one, other in combinations(range(len(read)), 2):
            both = float((chance * replaced[:, one] * replaced[:, other]).sum())
            key = (min(site[one], site[other]), max(site[one], site[other]))
            together[key] += both
            same[key] += both * (read[one] == read[other])
    return {
        (one, other): (together[one, other], same[one, other] / max(together[one, other], 1e-9))
        for one, other in combinations(range(sites), 2)
    }


def joined(agreed: dict[tuple[int, int], tuple[float, float]], sites: int) -> np.ndarray:
    """Return the dictionary of each site: those that agree as sharers do have one number.

    >>> joined({(0, 1): (40.0, 0.95), (0, 2): (40.0, 0.4), (1, 2): (3.0, 1.0)}, 3).tolist()
    [0, 0, 1]
    """
    group = list(range(sites))
    for (one, other), (together, same) in sorted(agreed.items()):
        if together >= FEWEST_TOGETHER and same >= ALIKE and group[one] != group[other]:
            group = [group[one] if number == group[other] else number for number in group]
    numbers = {number: at for at, number in enumerate(dict.fromkeys(group))}
    return np.array([numbers[number] for number in group], dtype=np.int64)
