"""Places of substitutions: what one is, and how several become one."""

Place = tuple[int, int, int, int, float]  # spun start and end, reference start and end, and how sure it is


def union(*places: Place) -> Place:
    """Return the outer ends of places, as sure as the least sure of them.

    >>> union((0, 4, 0, 3, 0.9), (6, 9, 3, 8, 0.7))
    (0, 9, 0, 8, 0.7)
    """
    starts, ends, reference_starts, reference_ends, sure = zip(*places, strict=True)
    return min(starts), max(ends), min(reference_starts), max(reference_ends), min(sure)
