"""The bytes of a text in Latin letters go in; the encoding of one byte a letter in which they read best comes out.

A page of French reads in the encodings of Poland too, but with letters that no one language has; and an apostrophe of
the old Macintosh is a capital in the middle of a word to Windows. So each byte beyond ASCII is judged by what stands
beside it, and the letters by the language that has most of them.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from itertools import islice

MOST_LOOKED_AT = 5_000  # bytes beyond ASCII; more make it no surer
# By so many of these bytes, and by so much of them, an encoding of elsewhere must read better than one of the West.
FEW, AHEAD = 3, 0.1
WESTERN = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüßé",
    "áéíóúüñ",
    "ãáâàçéêíóôõú",  # Portuguese
    "àèéìòùî",
    "åäöæøé",
    "ëéïüöèó",  # Dutch
    "áéíóúýþæöð",  # Icelandic
)
CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž")
TURKISH = ("çğıöşüİâî",)
# In the order in which they are preferred where a text reads as well in several.
LATIN = {
    "cp1252": WESTERN, "mac_roman": WESTERN, "cp850": WESTERN, "cp1250": CENTRAL, "iso8859_2": CENTRAL,
    "cp1254": TURKISH, "cp852": CENTRAL, "mac_latin2": CENTRAL,
}  # fmt: skip
OF_THE_WEST = ("cp1252", "mac_roman", "cp850")
BEYOND = re.compile(rb"(?s)(?=(.[\x80-\xff].))")


def best_latin(content: bytes) -> tuple[str, float]:
    """Return the encoding of `LATIN` in which bytes read best, and how well: 1 if all do, 0 or less if not.

    >>> best_latin("It’s the café’s turn".encode("mac_roman")), best_latin(b"no other bytes")
    (('mac_roman', 1.0), ('cp1252', 1.0))
    """
    places = _places(content)
    count = places.total()
    behind = max(FEW, AHEAD * count)
    scores = {name: _score(places, name) - (0 if name in OF_THE_WEST else behind) for name in LATIN}
    best = max(LATIN, key=lambda name: scores[name])  # the first of several
    return best, (_score(places, best) / count if count else 1.0)


def reads_as(content: bytes, encoding: str) -> float:
    """Return how well bytes read in an encoding of `LATIN`: 1 if all beyond ASCII do, 0 or less if they do not."""
    places = _places(content)
    return _score(places, encoding) / places.total() if places else 1.0


def well_placed(before: str, sign: str, after: str) -> bool:
    """Tell whether a sign beyond ASCII stands where it belongs: a letter in or at a word, a mark where marks stand."""
    judged = _judged(before or " ", sign, after or " ")
    return judged == 1 or (judged is None and (before.isalpha() or after.isalpha()))


def _places(content: bytes) -> Counter[bytes]:
    """Each byte beyond ASCII with the byte before and after it, and how often it stands so."""
    return Counter(found[1] for found in islice(BEYOND.finditer(b" " + content + b" "), MOST_LOOKED_AT))


def _score(places: Counter[bytes], encoding: str) -> float:
    score, letters = 0, Counter[str]()
    for place, count in places.items():
        before, sign, after = [*place.decode(encoding, "replace")]
        judged = _judged(before, sign, after)
        if judged is None:
            letters[sign if sign == "İ" else sign.lower()] += count
        else:
            score += judged * count
    return score + max(sum(letters[sign] for sign in alphabet) for alphabet in LATIN[encoding])


@lru_cache(maxsize=4096)
def _judged(before: str, sign: str, after: str) -> int | None:
    """1 for a sign that stands where it belongs, -1 for one that does not, 0 for either; None for a letter."""
    inside = before.isalpha() and after.isalpha()
    if sign.isalpha() and sign not in "ªºˆˇ":
        humped = (before.islower() and sign.isupper()) or (sign.islower() and after.isupper())
        alone = sign.isupper() and sign != "À" and not (before.isalpha() or after.isalpha())
        return -1 if humped or alone or before.isdigit() or after.isdigit() else None
    if sign in "’–—\xad\xa0":
        return 1
    if sign in "‘“”«»…‹›·•×":
        return -1 if inside else 1
    return 1 if sign in PLACED and PLACED[sign](before, after) else -1 if inside or sign not in NEUTRAL else 0


NEUTRAL = "©®™§½¼¾£€¥¢²³"
# Where signs stand that are not letters and part no words: by what is before and after.
PLACED: dict[str, Callable[[str, str], bool]] = {
    **dict.fromkeys("‚„¡¿", lambda before, after: after.isalnum() and not before.isalnum()),
    **dict.fromkeys("£€¥¢½¼¾", lambda before, after: before.isdigit() or after.isdigit()),
    **dict.fromkeys("©®™§", lambda before, after: not (before.isalpha() and after.isalpha())),
    **dict.fromkeys("²³", lambda before, after: before in "m0123456789" and not after.isalpha()),
    **dict.fromkeys("ªº", lambda before, after: before.isalnum()),
    "´": lambda before, after: before.isalpha() or after.isalpha(),
    "°": lambda before, after: before.isdigit() or before.isspace(),
}
