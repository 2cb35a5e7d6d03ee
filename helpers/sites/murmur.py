"""Bytes go in; the number comes out by which search engines of devices (Shodan, Censys) find an icon.

It is MurmurHash3 for 32 bits (Appleby 2011, x86 variant, seed 0) of the icon in Base64 with line breaks, as a signed
number: https://blog.shodan.io/deep-dive-http-favicon/.
"""

import base64

FIRST, SECOND = 0xCC9E2D51, 0x1B873593  # the hash's own constants
WORD = 0xFFFFFFFF


def icon_number(content: bytes) -> int:
    """Return the number of an icon.

    >>> icon_number(b"an icon")
    1155254631
    """
    number = murmur3(base64.encodebytes(content))
    return number - (1 << 32) if number >> 31 else number


def murmur3(content: bytes) -> int:
    """Return the hash of bytes, without a sign.

    >>> hex(murmur3(b"hello")), hex(murmur3(b"hello, world")), murmur3(b"")
    ('0x248bfa47', '0x149bbb7f', 0)
    """
    whole = len(content) - len(content) % 4
    state = 0
    for at in range(0, whole, 4):
        state ^= _mixed(int.from_bytes(content[at : at + 4], "little"))
        state = (_turned(state, 13) * 5 + 0xE6546B64) & WORD
    state ^= _mixed(int.from_bytes(content[whole:], "little")) if whole < len(content) else 0
    state ^= len(content)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        state = ((state ^ state >> shift) * factor) & WORD
    return state


def _mixed(word: int) -> int:
    return _turned(word * FIRST & WORD, 15) * SECOND & WORD


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & WORD
