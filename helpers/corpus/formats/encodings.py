"""Bytes and what is said of their encoding go in; a text and what had to be repaired come out.

What is valid UTF-8 is UTF-8 whatever a header says: text in another encoding is hardly ever valid by chance. Else the
declared encoding is tried, then the one that charset-normalizer finds. Mojibake (â€™ for ’), made by somebody who
decoded wrongly before us, is undone by ftfy, line by line, so that a sound line is never touched.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

SAMPLE = 100_000  # bytes that charset-normalizer looks at; more makes it slow and no surer
FEW, FEW_SHARE = 10, 0.04  # bytes beyond ASCII, too few to tell one encoding from another
MOST_BROKEN = 0.4  # of the characters beyond ASCII, in text that is UTF-8 but for them: by chance hardly any is valid
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
MOST_NUL = 0.01  # of a text; with more it is no text
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
# In Western prose: an apostrophe or an accented letter inside a word, quotation marks and dashes around words.
LIKELY = re.compile(
    r"(?<=[A-Za-z])[’àâäçèéêëîïñôöùûü](?=[a-z\W]|$)|[“”](?=\w)|(?<=[\w.,!?])[“”]|(?<=\s)[–—](?=\s)"
    r"|(?<=[A-Za-z])[áãåõ](?=[a-z])|(?<=[A-Z])[ÇÉ](?=[A-Z\W]|$)|(?<=[a-z])…(?=\s|$)|(?<=\d[ \xa0])°(?=[CF]\b)"
)
UNLIKELY = re.compile(r"(?<=[a-z])[A-ZÀ-ÖØ-ÞŠŒŽŸ](?![A-Z])|[\x80-\x9f¤¦¨¬¯¶¸¹º»ƒˆ˜√\ufffd](?=\w)|(?<=\s)[ÐÑ](?=\s)")
MOJIBAKE = re.compile("[\x80-\x9f]|[ÂÃâÐÑØÙãåäæçè][^\x00-\x7f]|ï»¿|Ã|â€")


def decode(content: bytes, declared: str | None = "") -> tuple[str, list[str]]:
    """Return the text, and in words what was not as declared; never raises.

    >>> decode("It’s".encode("cp1252"), "utf-8")
    ('It’s', ['declared utf-8, read as cp1252'])
    >>> decode("It’s".encode())
    ('It’s', [])
    """
    if encoding := of_32_bits(content):
        return _strictly(content, encoding, declared)
    for mark, encoding in [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ]:
        if content.startswith(mark):
            return _strictly(content.removeprefix(codecs.BOM_UTF8), encoding, declared)
    if encoding := wide(content):
        return _strictly(content, encoding, declared)
    try:
        text = content.decode("utf-8")
        known = codec_of(declared)
        if known in SEVEN_BITS and b"\x1b" in content:
            return _strictly(content, known, declared)
        lied = known not in (None, "utf-8") and not text.isascii()
        return text, [f"declared {declared}, read as utf-8"] if lied else []
    except UnicodeDecodeError:
        return _strictly(content, codec_of(declared) or guess(content), declared)


def _strictly(content: bytes, encoding: str, declared: str | None) -> tuple[str, list[str]]:
    """Decode with this encoding, or else with the one that fits, or else with marks where bytes are lost."""
    tried = encoding
    for encoding in dict.fromkeys([tried, guess(content), "cp1252"]):
        try:
            text = content.decode(encoding)
            break
        except (UnicodeDecodeError, LookupError):
            continue
    else:
        encoding = "utf-8" if tried == "utf-8" or _mostly_utf8(content) else "cp1252"
        text = content.decode(encoding, errors="replace")
        lost = text.count("\ufffd")
        return text, [f"read as {encoding}, {lost:,} byte{'s' * (lost != 1)} could not be read"]
    if codec_of(declared) == encoding or (encoding == "utf-8" and not codec_of(declared)):
        return text, []
    said = f"declared {declared}, " if declared else ""
    return text, [f"{said}read as {encoding}"]


def _mostly_utf8(content: bytes) -> bool:
    """Tell whether only a few places are not UTF-8: a cut character at the end, a line pasted from elsewhere."""
    sample = content[:SAMPLE].decode("utf-8", errors="replace")
    beyond = sum(sign > "\x7f" for sign in sample)
    return beyond > 0 and sample.count("\ufffd") < MOST_BROKEN * beyond


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
    """Return the encoding that charset-normalizer finds most likely; the Western one where it is as likely as any.

    Where only few bytes are beyond ASCII there is nothing to go by: in English they are quotes and dashes.
    """
    from charset_normalizer import from_bytes

    if _mostly_utf8(content):
        return "utf-8"
    sample = content[:SAMPLE]
    beyond = sum(byte > 127 for byte in sample)
    if _from_old_mac(sample):
        return "mac_roman"
    if beyond < FEW or beyond < FEW_SHARE * len(sample):
        return "cp1252"
    matches = from_bytes(sample, cp_exclusion=[] if 0 in sample else ["utf_16", "utf_16_be", "utf_16_le", "utf_32"])
    best = matches.best()
    if best is None:
        return "cp1252"
    other_latin = best.encoding not in ("cp1250", "iso8859_2") and _is_latin(str(best))
    return "cp1252" if other_latin or "cp1252" in best.could_be_from_charset else best.encoding


def _is_latin(text: str) -> bool:
    """Tell whether all letters are Latin: then the many encodings of single countries differ in rare letters only."""
    return all(unicodedata.name(sign, "").startswith("LATIN") for sign in set(text) if sign.isalpha())


def _from_old_mac(sample: bytes) -> bool:
    """Tell whether a text reads as Western prose in MacRoman, and as capitals inside words in Windows' encoding."""
    as_mac, as_windows = sample.decode("mac_roman"), sample.decode("cp1252", "replace")
    gains = len(LIKELY.findall(as_mac)) - len(UNLIKELY.findall(as_mac))
    return gains > len(LIKELY.findall(as_windows)) - len(UNLIKELY.findall(as_windows))


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
    """Tell whether these bytes are no text in any encoding: many NULs, and not those of UTF-16 or UTF-32."""
    sample = content[:SAMPLE]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return False
    if wide(sample):
        return False
    return sample.count(0) > MOST_NUL * len(sample)
