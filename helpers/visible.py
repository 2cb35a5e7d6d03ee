"""A text from anywhere goes in; the same comes out with nothing in it that cannot be seen.

Control characters, and those that turn the direction of writing, would let an article hide or reorder words on a
page, and some of them make HTML or SVG invalid. Their code points are shown instead. Stored texts are never changed.
"""

import re
import unicodedata

# C0 and C1 controls but tab and line break; bidi embeddings, overrides and isolates; zero-width and other invisible
# formatting; what no document may hold (surrogates, non-characters).
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0010fffe\U0010ffff]"
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

    Two different names never give the same, and none leaves the folder it is put into.

    >>> slug("site.example"), slug("../Etc"), slug("a b")
    ('site.example', '_2e_2e_2f_45tc', 'a_20b')
    """
    import hashlib

    parts = [sign if sign in "abcdefghijklmnopqrstuvwxyz0123456789-." else f"_{ord(sign):x}" for sign in name]
    if set(name) <= {"."} or name.startswith("."):
        parts = [f"_{ord(sign):x}" if sign == "." else part for sign, part in zip(name, parts, strict=True)]
    joined = "".join(parts)
    if len(joined) > longest or joined.endswith(".") or joined in RESERVED:
        joined = (
            f"{joined[:longest].rstrip('.')}_{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
        )
    return joined


RESERVED = {"figures", "con", "prn", "aux", "nul", "index.html"}  # what lies below the reports, and Windows' own


def printable(name: str) -> str:
    """Return a name that fits into one line: visible, without line breaks."""
    return " ".join(unicodedata.normalize("NFC", visible(name)).split())
