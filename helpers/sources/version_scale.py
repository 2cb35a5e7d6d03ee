"""What two texts share goes in; how probably they are versions of one source, or that the one is a copy, comes out."""

import numpy as np
from scipy.special import expit

# From what is found to a probability: fitted by `python -m benchmarks.versions --fit`.
SCALE = {"intercept": 0.77, "log_density": 6.21, "order": 3.29, "most": 2.48, "least": 2.39}
LEAST_DENSITY = 0.02  # where the logarithm begins: below it a chain is a handful of chance meetings
LEAST_LEFT, LEAST_SHARE = 30, 0.25  # content words that are no common sentences, of each text: else they are copies
COPIED = 0.75  # of both texts, in sentences that both have: the one is a copy of the other
LIKELY = 0.5


def probability(measured: np.ndarray) -> np.ndarray:
    """Return the probability that two texts with these `parallels.measures` are versions of one source."""
    left, left_share = measured[0], measured[1]
    told = expit(SCALE["intercept"] + sum(SCALE[name] * values for name, values in scaled(measured).items()))
    return np.where((left >= LEAST_LEFT) & (left_share >= LEAST_SHARE), told, 0.0)


def scaled(measured: np.ndarray) -> dict[str, np.ndarray]:
    """Return what the scale weighs, by name, from the rows of `parallels.measures`."""
    _, _, _, density, order, most, least = measured
    return {"log_density": np.log(density + LEAST_DENSITY), "order": order, "most": most, "least": least}


def are_copies(measured: np.ndarray) -> np.ndarray:
    """Return whether two texts with these `parallels.measures` are copies, word for word or nearly."""
    return (measured[2] >= COPIED) & (probability(measured) < LIKELY)
