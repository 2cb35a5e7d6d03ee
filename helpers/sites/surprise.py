"""How many of the compared sites have a value, and its tier, go in; how likely it is that it links nobody comes out.

A value that several sites have is one of two things. It may be private: one hand put it on all of them. Or it may be
public: a network, a shop, a theme hands it out, and sites have it that have nothing to do with each other. The model
weighs the two by how many have it:

- before looking, a shared value of a tier is public with the probability in `PUBLIC`;
- a public value may be common or rare, nobody knows: any number of the sites is as likely as any other, 1 / (n + 1);
- a private value is on k sites as often as hands have k sites: 1 / k², as the sizes of many things are (Zipf 1949),
  over all k from 1 to n.

The chance that the value is public, given that k of n sites have it, follows by Bayes' rule. The surprise is that
chance in bits, -log2: each bit halves it. The probabilities in `PUBLIC` and the law of sizes are judgements, not
measurements: they order the evidence, and no court should be given them as odds.
"""

from functools import cache
from math import log2

from helpers.sites.patterns import ASSOCIATIVE, CIRCUMSTANTIAL, CONCLUSIVE

# How often a shared value turns out to be public, before it is known how many share it. An account's number is nearly
# never, but for agencies, networks and copied code; a name, a picture or a link more often; a theme's marks mostly.
PUBLIC = {CONCLUSIVE: 0.002, ASSOCIATIVE: 0.02, CIRCUMSTANTIAL: 0.3}
SIZES = 2.0  # the exponent of the law of sizes
COMMON = 0.5  # what more than this share of the sites has tells none of them from the others
FEWEST_SITES = 5  # with fewer, one hand may well have most of them


def chance_public(carriers: int, sites: int, tier: str) -> float:
    """Return the probability that a value of this tier, on `carriers` of `sites`, is one that anybody may have.

    >>> [round(chance_public(2, sites, "conclusive"), 5) for sites in (6, 200)]
    [0.0017, 7e-05]
    """
    before, public = PUBLIC[tier], 1 / (sites + 1)
    private = carriers**-SIZES / _all_sizes(sites)
    return before * public / (before * public + (1 - before) * private)


@cache
def _all_sizes(sites: int) -> float:
    return sum(size**-SIZES for size in range(1, sites + 1))


def is_common(carriers: int, sites: int) -> bool:
    """Tell whether so many of the sites have a value that it tells none of them from the others.

    >>> is_common(5, 6), is_common(3, 6), is_common(3, 3)
    (True, False, False)
    """
    return sites >= FEWEST_SITES and carriers > COMMON * sites


def surprise(carriers: int, sites: int, tier: str) -> float:
    """Return how surprising a shared value is, in bits; 0 where it is common among the sites, or known to say nothing.

    >>> [round(surprise(carriers, 200, "conclusive"), 1) for carriers in (2, 20, 100, 150)]
    [13.9, 7.3, 2.8, 0.0]
    """
    if tier not in PUBLIC or is_common(carriers, sites):
        return 0.0
    return -log2(chance_public(carriers, sites, tier))
