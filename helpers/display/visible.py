"""A text from anywhere goes in; the same comes out with nothing in it that cannot be seen.

Control characters, and those that turn the direction of writing, would let an article hide or reorder words on a
page, and some of them make HTML or SVG invalid. Their code points are shown instead. Stored texts are never changed.
"""

import hashlib
import re
import unicodedata

from helpers.display.undrawn import IGNORABLE

# C0 and C1 controls but tab and line break; separators of lines and paragraphs; the blank of Braille; marks of
# annotations; what no document may hold (surrogates, non-characters).
NON_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
UNSEEN = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u2800\ufff9-\ufffb\ud800-\udfff{NON_CHARACTERS}{IGNORABLE}]"
)
MOST_COMBINED = re.compile(
    r"([\u0300-\u036f\u0489\u1ab0-\u1aff\u20d0-\u20ff]{4})[\u0300-\u036f\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)


def visible(text: str) -> str:
    """Return the text with unseen characters as ⟨their code points⟩, and piles of combining marks cut to four.

    >>> visible("safe\\u202efdp.exe"), visible("two\\nlines")
    ('safe⟨U+202E⟩fdp.exe', 'two\\nlines')
    """
    if text.isascii() and text.isprintable():
        return text
    return MOST_COMBINED.sub(r"\1…", UNSEEN.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", text.replace("\r\n", "\n")))


def slug(name: str, longest: int = 80) -> str:
    """Return a folder name for a site: letters, digits, dots and hyphens stay, every other sign becomes its code.

    Two different names never give the same, not even where capitals do not count; none leaves the folder it is put
    into, and Windows takes them all. Of a name with an e-mail address or a telephone number in it nothing but a
    fingerprint is left.

    >>> slug("site.example"), slug("../Etc"), slug("a b"), slug(""), slug("con.example")
    ('site.example', '_2e__2e__2f__45_tc', 'a_20_b', '_', '_63_on.example')
    """
    from helpers.display.masking import addresses  # the command line shows its help without what this needs

    if addresses(name):
        return f"masked_{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    parts = [sign if sign in "abcdefghijklmnopqrstuvwxyz0123456789-." else f"_{ord(sign):x}_" for sign in name]
    if name.startswith("."):
        parts = [f"_{ord(sign):x}_" if sign == "." else part for sign, part in zip(name, parts, strict=True)]
    if name.partition(".")[0] in OF_WINDOWS:  # whatever ending it has
        parts[0] = f"_{ord(name[0]):x}_"
    joined = "".join(parts) or "_"
    if len(joined) > longest or joined.endswith(".") or joined in RESERVED:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        joined = f"{joined[:longest].rstrip('.')}_{digest}"  # no code ends it, so no other name has it
    return joined


RESERVED = {"figures", "index.html"}  # what lies below the reports
OF_WINDOWS = {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}


def printable(name: str) -> str:
    """Return a name that fits into one line: visible, without line breaks."""
    return " ".join(unicodedata.normalize("NFC", visible(name)).split())
