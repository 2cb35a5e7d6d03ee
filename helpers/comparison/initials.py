"""Places of substitutions go in; those that are one of several initials come out with all of them: U. S. for US.

With a space behind each dot initials are words of their own, of which alignment gives one to the other text's US.
"""

import re

import numpy as np

from helpers.comparison.found_places import Places
from helpers.comparison.runs import ReadRuns
from helpers.text.spelling import same_letters

INITIALS = re.compile(r"[^\W\d_]\.(?: [^\W\d_]\.)+")
LONGEST = 20  # characters


def with_initials(places: Places, read: ReadRuns) -> Places:
    """Return the places, a single initial widened by those behind it where all of them are the other side's letters."""
    offsets, texts = places.offsets, (read.spun.text, read.reference.text)
    found = offsets.copy()
    for side, text in ((0, texts[0]), (2, texts[1])):
        for number in np.flatnonzero(offsets[:, side + 1] - offsets[:, side] == 1).tolist():
            start = int(offsets[number, side])
            initials = INITIALS.match(text, start, start + LONGEST) if text[start].isupper() else None
            if not initials:
                continue
            other = texts[1 - side // 2][slice(*offsets[number, 2 - side : 4 - side].tolist())]
            behind = offsets[number + 1, side] if number + 1 < len(offsets) else len(text)
            if initials.end() <= behind and same_letters(initials[0], other):
                found[number, side + 1] = initials.end()
    return Places(found, places.sure)
