"""Bytes and what is said of their encoding go in; a text and what had to be repaired come out.

What is valid UTF-8 is UTF-8 whatever a header says: text in another encoding is hardly ever valid by chance. Else the
declared encoding is tried, then the one that charset-normalizer finds. Mojibake (â€™ for ’), made by somebody who
decoded wrongly before us, is undone by ftfy, line by line, so that a sound line is never touched.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

from helpers.corpus.formats.latin_bytes import LATIN, best_latin, reads_as, well_placed

ASCII = bytes(range(128))
SAMPLE = 100_000  # bytes that charset-normalizer looks at; more makes it slow and no surer
FEW = 10  # bytes beyond ASCII, too few to tell one script from another: in English they are quotes and dashes
MOST_BROKEN = 0.4  # of the bytes beyond ASCII, in text that is UTF-8 but for them: by chance hardly any is valid
WELL, BETTER = 0.8, 0.5  # of the bytes beyond ASCII that read as Latin letters should; more of them than as declared
LATIN_BYTES = 3  # beyond ASCII, fewer of which tell nothing against what was declared
MORE_COHERENT, LITTLE = 0.3, 0.05  # of charset-normalizer's coherence, from 0 to 1, than as declared, or as guessed
MOST_UNLIKELY = 0.1  # of what charset-normalizer calls chaos, for a script that is not Latin
# A word of three such letters is rare in Latin script; in others they are all such.
ALL_BEYOND, MOST_OF_THEM = re.compile(rb"[\x80-\xff]{3,}"), 0.3
CYRILLIC = ["cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic"]
# Of which charset-normalizer chooses: the encodings of the web that are not Latin, and what it may take them for.
KNOWN = [
    *("gb18030", "big5", "euc_jp", "cp932", "cp949", *CYRILLIC, "cp1253", "iso8859_7", "cp1255", "iso8859_8"),
    *("cp1256", "iso8859_6", "cp874", "cp1252", "cp1250", "mac_roman", "cp850"),
]
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
STRAY = re.compile("[\udc80-\udcff]+")
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
BINARY = (
    "it holds many NUL bytes or other control characters and is no text.",
    "unpack it if it is packed (.br, .Z); else save it anew, as UTF-8 text or as a page.",
)
MOST_NUL = 0.01  # of a text; with more it is no text
# Other control characters than those of lines, tabs, pages and ISO 2022; of what is no UTF-8 there are so many at most.
CONTROLS, MOST_CONTROLS = bytes({*range(1, 32), 127} - {*b"\t\n\v\f\r\x1a\x1b"}), 0.02
# Encodings of the web: of these Python has a decoder that is meant otherwise, or costs quadratic time.
UNFIT = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7", "undefined", "mbcs", "oem"}
SEVEN_BITS = {"iso2022_jp", "iso2022_kr"}  # ASCII to the eye: valid UTF-8, and Japanese or Korean all the same
# What browsers read for these labels (WHATWG Encoding Standard).
AS_BROWSERS_DO = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
}
MOJIBAKE = re.compile("[\x80-\x9f]|[ÂÃâÐÑØÙãåäæçè][^\x00-\x7f]|ï»¿|Ã|â€")


def decode(content: bytes, declared: str | None = "") -> tuple[str, list[str]]:
    """Return the text, and in words what was not as declared; never raises.

    >>> decode("It’s".encode("cp1252"), "utf-8")
    ('It’s', ['declared utf-8, read as cp1252'])
    >>> decode("It’s".encode())
    ('It’s', [])
    """
    if content.startswith(codecs.BOM_UTF8):
        return _strictly(content.removeprefix(codecs.BOM_UTF8), "utf-8", declared)
    if encoding := wide(content):
        return _of_wide_signs(content, encoding, declared)
    known = codec_of(declared)
    try:
        text = content.decode("utf-8")
        if b"\x1b" in content and (of_seven := known if known in SEVEN_BITS else _of_seven_bits(content)):
            return _strictly(content, of_seven, declared)
        lied = known not in (None, "utf-8") and not text.isascii()
        return text, [f"declared {declared}, read as utf-8"] if lied else []
    except UnicodeDecodeError:
        pass
    if joined := _with_joined_halves(content):
        return joined
    return _strictly(content, _trusted(content, known) if known else guess(content), declared)


def _of_wide_signs(content: bytes, encoding: str, declared: str | None) -> tuple[str, list[str]]:
    """UTF-16 or UTF-32, as its mark or its NULs say; what it ends with too soon, or breaks in it, is counted."""
    try:
        return content.decode(encoding), _said(encoding, declared)
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
        lost = text.count("\ufffd")
        what = f"{lost:,} character{'s' * (lost != 1)} could not be read, or broke off"
        return text, [f"{_said(encoding, declared, always=True)[0]}, {what}"]


def _of_seven_bits(content: bytes) -> str:
    """ISO 2022 where nobody declared it: what switches to its signs is there, and all is valid in it; else empty."""
    for escape, encoding in ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp")):
        if escape in content:
            try:
                return encoding if not content.decode(encoding).isascii() else ""
            except UnicodeDecodeError:
                continue
    return ""


def _with_joined_halves(content: bytes) -> tuple[str, list[str]] | None:
    """A text that is UTF-8 but for characters written in two halves (CESU-8), as old databases write them."""
    try:
        text = content.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except UnicodeDecodeError:
        return None
    return text, ["read as utf-8, halves of characters joined"]


def _strictly(content: bytes, encoding: str, declared: str | None) -> tuple[str, list[str]]:
    """Decode with this encoding, or else with the one that fits, or else with marks where bytes are lost."""
    try:
        return content.decode(encoding), _said(encoding, declared)
    except (UnicodeDecodeError, LookupError):
        found = guess(content)
    for one in [found] if found == "utf-8" else [found, "cp1252"]:
        try:
            return content.decode(one), _said(one, declared)
        except (UnicodeDecodeError, LookupError):
            continue
    if "utf-8" in (encoding, found):
        text, strays = without_strays(content.decode("utf-8", "surrogateescape"))
        read, strayed = "utf-8", f", {strays:,} byte{'s' * (strays != 1)} as cp1252" if strays else ""
    else:
        text, read, strayed = content.decode("cp1252", "replace"), "cp1252", ""
    lost = text.count("\ufffd")
    said = f", {lost:,} byte{'s' * (lost != 1)} could not be read" if lost else ""
    return text, [f"read as {read}{strayed}{said}"]


def without_strays(text: str) -> tuple[str, int]:
    """Return a text that was decoded as UTF-8 with "surrogateescape" without its escapes, and how many had a meaning.

    A lone byte in or at a word is what Windows means by it, pasted from elsewhere; what is cut becomes U+FFFD.
    """
    told = 0

    def meant(stray: re.Match[str]) -> str:
        nonlocal told
        sign = bytes(ord(one) - 0xDC00 for one in stray[0]).decode("cp1252", "replace")
        around = f"{text[stray.start() - 1 : stray.start()] or ' '}{sign}{text[stray.end() : stray.end() + 1]}"
        placed = all(map(well_placed, around, sign, around[2:] or "\n"))
        if len(sign) > 2 or sign.startswith("â€") or around[-1] in "\r\n" or len(around) < len(sign) + 2 or not placed:
            return "\ufffd"
        told += len(sign)
        return sign

    return STRAY.sub(meant, text), told


def _said(encoding: str, declared: str | None, always: bool = False) -> list[str]:
    """In words, what a text was read as, if not as declared."""
    as_expected = codec_of(declared) == encoding or (encoding == "utf-8" and not codec_of(declared))
    said = f"declared {declared}, " if declared and codec_of(declared) != encoding else ""
    return [] if as_expected and not always else [f"{said}read as {encoding}"]


def _mostly_utf8(content: bytes) -> bool:
    """Tell whether only a few places are not UTF-8: a cut character at the end, a line pasted from elsewhere."""
    sample = content[:SAMPLE].decode("utf-8", errors="replace")
    lost = sample.count("\ufffd")
    proven = len(sample.replace("\ufffd", "").encode()) - len(sample) + lost  # each has to be of those that may follow
    return lost < MOST_BROKEN * (lost + proven)


@lru_cache(maxsize=256)
def codec_of(label: str | None) -> str | None:
    """Return Python's name for a declared encoding as browsers understand it; None for one that is unknown or unfit.

    >>> codec_of("ISO-8859-1"), codec_of("UTF8"), codec_of("rot13"), codec_of("\\x00")
    ('cp1252', 'utf-8', None, None)
    """
    try:
        found = codecs.lookup((label or "").strip(" \t\r\n\"'"))
    except (LookupError, ValueError, UnicodeError):
        return None
    name = found.name.replace("_", "-")
    if not getattr(found, "_is_text_encoding", True) or name in UNFIT:
        return None
    return AS_BROWSERS_DO.get(name, found.name)


def charset_of(declared: str) -> str:
    """Return the encoding that a Content-Type names; empty where it names none.

    >>> charset_of("text/html; charset=UTF-8"), charset_of("text/html")
    ('UTF-8', '')
    """
    found = CHARSET.search(declared)
    return found[1] if found else ""


def guess(content: bytes) -> str:
    """Return the encoding in which a text reads best, of one byte a letter or of the East; the Western one in doubt.

    Where only few bytes are beyond ASCII there is nothing to go by but what stands beside them.
    """
    if _mostly_utf8(content):
        return "utf-8"
    sample = content[:SAMPLE]
    beyond = len(sample.translate(None, ASCII))
    latin, share = best_latin(sample)
    words_beyond = sum(len(found[0]) for found in ALL_BEYOND.finditer(sample)) > MOST_OF_THEM * beyond
    if beyond < FEW or (share >= WELL and not words_beyond):
        return latin
    return _of_another_script(sample) or latin


def _of_another_script(sample: bytes) -> str:
    """The encoding that charset-normalizer finds most likely, where it gives letters that are not Latin; else empty."""
    from charset_normalizer import from_bytes

    whole = sample[: sample.rfind(b"\n") + 1] if len(sample) == SAMPLE and b"\n" in sample else sample
    best = from_bytes(whole, threshold=MOST_UNLIKELY, cp_isolation=KNOWN).best()
    if best is None or _is_latin(str(best)):
        return ""
    return _best_cyrillic(sample, best.encoding, LITTLE) if best.encoding in CYRILLIC else best.encoding


def _is_latin(text: str) -> bool:
    """Tell whether all letters are Latin."""
    return all(unicodedata.name(sign, "").startswith("LATIN") for sign in set(text) if sign.isalpha())


def _trusted(content: bytes, declared: str) -> str:
    """The encoding that was declared, or another if the text reads far better in it: servers declare one for all."""
    name, sample = declared.replace("-", "_"), content[:SAMPLE]
    if name in CYRILLIC:
        return _best_cyrillic(sample, declared)
    if name not in LATIN or len(sample.translate(None, ASCII)) < LATIN_BYTES:
        return declared
    found, share = guess(content), reads_as(sample, name)
    better = reads_as(sample, found) - share >= BETTER if found in LATIN else share < 1 - BETTER / 2
    return found if better and found != "utf-8" else declared


def _best_cyrillic(sample: bytes, declared: str, least: float = MORE_COHERENT) -> str:
    """The encoding of Cyrillic letters in which a text reads by so much more like a language; else the declared one."""
    from charset_normalizer import from_bytes

    if len(sample.translate(None, ASCII)) < FEW:
        return declared
    found = {match.encoding: match.coherence for match in from_bytes(sample, cp_isolation=CYRILLIC)}
    best = max(found, key=lambda name: found[name], default=declared)
    return best if found.get(best, 0) - found.get(declared.replace("-", "_"), 0) >= least else declared


def of_32_bits(content: bytes) -> str:
    """Return the kind of UTF-32 that a text is in, by its mark or by where its NULs stand; else empty."""
    sample = content[: SAMPLE - SAMPLE % 4]
    if sample.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    zeros = [sample[place::4].count(0) for place in range(4)]
    quarter = len(sample) // 4
    if len(sample) < 8 or len(content) % 4 or zeros[1] < 0.5 * quarter or zeros[2] < 0.5 * quarter:
        return ""
    return "utf-32-le" if zeros[3] == quarter else "utf-32-be" if zeros[0] == quarter else ""


def wide(content: bytes) -> str:
    """Return the kind of UTF-16 or UTF-32 that a text is in, by its mark or by where its NULs stand; else empty."""
    if encoding := of_32_bits(content):
        return encoding
    sample = content[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if even + odd < len(sample) / 4 or min(even, odd) > max(even, odd) / 20:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def mend(text: str) -> tuple[str, list[str]]:
    """Return the text with mojibake undone and without what no file can hold, and in words what was done.

    NUL and lone surrogates become U+FFFD, one for one, as HTML prescribes.

    >>> mend("Kimâ€™s chief\\nIt’s sound.")
    ('Kim’s chief\\nIt’s sound.', ['mojibake undone in 1 line'])
    >>> mend("half\\ud83d")
    ('half\ufffd', ['1 NUL or half character replaced by U+FFFD'])
    """
    done = []
    if not text.isascii() or "\x00" in text:
        text, replaced = NOT_TEXT.subn("\ufffd", text)
        if replaced:
            done.append(f"{replaced:,} NUL or half character{'s' * (replaced != 1)} replaced by U+FFFD")
        text, lines = _without_mojibake(text)
        if lines:
            done.append(f"mojibake undone in {lines:,} line{'s' * (lines != 1)}")
    return text, done


def _without_mojibake(text: str) -> tuple[str, int]:
    if not MOJIBAKE.search(text):
        return text, 0
    from ftfy import fix_encoding

    lines = text.split("\n")
    mended = [fix_encoding(line) if MOJIBAKE.search(line) else line for line in lines]
    return "\n".join(mended), sum(old != new for old, new in zip(lines, mended, strict=True))


def is_binary(content: bytes) -> bool:
    """Tell whether these bytes are no text in any encoding: many NULs, or other control characters among odd bytes."""
    sample = content[:SAMPLE]
    if wide(sample):
        return False
    if sample.count(0) > MOST_NUL * len(sample):
        return True
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    return controls > MOST_CONTROLS * len(sample) and not sample.isascii() and not _mostly_utf8(sample)
