"""The body of a web answer goes in, packed as its headers say or otherwise; it comes out unpacked, with a bound.

gzip, deflate, Brotli and Zstandard, one within another. Headers lie: what says that it is packed and is not is taken
as it is, and what is packed although nobody says so is unpacked.
"""

import io
import re
import zlib

import brotli  # type: ignore[import-untyped]
import zstandard

from helpers.corpus.formats.archives import GZIP
from helpers.files.limits import MB, MOST_PAGE
from helpers.files.problems import RecordError

ZSTD = b"\x28\xb5\x2f\xfd"
GZIP_NAMES, BROTLI_NAMES, ZSTD_NAMES = ("gzip", "x-gzip"), ("br", "brotli"), ("zstd", "zstandard")
KNOWN = (*GZIP_NAMES, "deflate", *BROTLI_NAMES, *ZSTD_NAMES)
PLAIN = re.compile(rb"[\s\xef\xbb\xbf]*<")
MOST_LAYERS = 4
PIECE = 512  # bytes that are unpacked at once
ANEW = "get the file anew."
CUT = "the page ends in the middle; what there is was read"


def codings_of(header: str) -> list[str]:
    """Return the codings in a Content-Encoding header that are known, in the order in which they were applied.

    >>> codings_of("GZIP, br"), codings_of("utf-8")
    (['gzip', 'br'], [])
    """
    return [name for name in re.split(r"[\s,;]+", header.lower()) if name in KNOWN][:MOST_LAYERS]


def unpacked_body(content: bytes, codings: list[str], most: int = MOST_PAGE) -> tuple[bytes, list[str]]:
    """Return a body unpacked, and what was wrong with it; raises `RecordError` where it is too long or cannot be."""
    notes: list[str] = []
    for coding in reversed(codings):
        content = _without(coding, content, most, notes)
    for _ in range(MOST_LAYERS):
        if not content.startswith((GZIP, ZSTD)):
            break
        content = _without("gzip" if content.startswith(GZIP) else "zstd", content, most, notes)
    return content, list(dict.fromkeys(notes))


def _without(coding: str, content: bytes, most: int, notes: list[str]) -> bytes:
    """A body without one coding; as it is where it is not packed so."""
    signature = GZIP if coding in GZIP_NAMES else ZSTD if coding in ZSTD_NAMES else b""
    if not content or (signature and not content.startswith(signature)):
        return content
    try:
        found, is_whole = _unpack(coding, content, most)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        if PLAIN.match(content):
            return content
        raise RecordError(f"damaged, or not packed as it says ({coding}: {str(error)[:100]}).", ANEW) from None
    if len(found) > most:
        raise RecordError(f"the page has more than {most // MB} MB.", "save the article alone, as text.")
    if not is_whole:
        notes.append(CUT)
    return found


def _unpack(coding: str, content: bytes, most: int) -> tuple[bytes, bool]:
    """What comes out, a byte more than `most` at the most or little more, and whether it came to its end."""
    if coding in BROTLI_NAMES:
        return _brotli(content, most)
    if coding in ZSTD_NAMES:
        reader = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content), read_across_frames=True)
        return reader.read(most + 1), True
    if coding == "deflate":
        try:
            return _zlib(content, zlib.MAX_WBITS, most)
        except zlib.error:
            return _zlib(content, -zlib.MAX_WBITS, most)  # many servers leave the frame out
    return _zlib(content, zlib.MAX_WBITS | 16, most)


def _zlib(content: bytes, wbits: int, most: int) -> tuple[bytes, bool]:
    """What comes out of one packed part after the other, up to where they are damaged; raises `zlib.error` for nothing.

    They are unpacked in small pieces: what lies behind a part is copied when the part ends, and a million empty parts
    must not copy it all a million times.
    """
    found: list[bytes] = []
    size, at, packed = 0, 0, zlib.decompressobj(wbits)
    while at < len(content) and size <= most:
        piece = content[at : at + PIECE]
        try:
            found.append(packed.decompress(piece, most + 1 - size))
        except zlib.error:
            if not size:
                raise
            return b"".join(found), False
        size += len(found[-1])
        at += len(piece) - len(packed.unused_data) - len(packed.unconsumed_tail)
        if packed.eof:
            if not content.startswith(GZIP, at):
                break
            packed = zlib.decompressobj(wbits)
    return b"".join(found), packed.eof


def _brotli(content: bytes, most: int) -> tuple[bytes, bool]:
    packed = brotli.Decompressor()
    found = [packed.process(content, output_buffer_limit=1 << 20)]
    size = len(found[0])
    while size <= most and not packed.is_finished() and (more := packed.process(b"", output_buffer_limit=1 << 20)):
        found.append(more)
        size += len(more)
    return b"".join(found), packed.is_finished()
