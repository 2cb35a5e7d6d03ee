"""A text goes in; the addresses of wallets in it come out, of those whose checksum is right where they have one.

Bitcoin, Litecoin, Dogecoin and TRON: Base58Check, and Bech32 and Bech32m (BIP 173 and 350) for the first two. Ethereum:
ERC-55, where the capitals are the checksum; an address in one case carries none and is believed.
"""

import re
from hashlib import sha256

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)  # of BIP 173's code
RESIDUES = (1, 0x2BC830A3)  # of Bech32, of Bech32m
VERSIONS = {0x00: "bitcoin", 0x05: "bitcoin", 0x30: "litecoin", 0x32: "litecoin", 0x1E: "dogecoin", 0x41: "tron"}
PARTS = {"bc": "bitcoin", "ltc": "litecoin"}
# Between what cannot be part of an address; a long word of another kind is passed over whole.
CANDIDATE = re.compile(
    r"(?<![\w./=-])(?:(?:bc1|ltc1)[02-9ac-hj-np-z]{8,80}|[13LMDT][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40})(?![\w/=-])"
)
ROUNDS = 24  # of Keccak-f[1600]
RATE = 136  # bytes that Keccak-256 takes in at once
WORD = (1 << 64) - 1


def wallets(text: str) -> list[tuple[str, str, int]]:
    """Return the wallets in a text: the kind, the address and where it begins.

    >>> wallets("Donate: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4, not bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")
    [('bitcoin', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 8)]
    """
    found = ((wallet_kind(match[0]), match[0], match.start()) for match in CANDIDATE.finditer(text))
    return [(kind, address, at) for kind, address, at in found if kind]


def wallet_kind(address: str) -> str:
    """Return whose wallet an address is (bitcoin, ethereum …); empty where its checksum is wrong.

    >>> wallet_kind("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    'ethereum'
    >>> wallet_kind("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed")
    ''
    """
    if address[:2] == "0x":
        return "ethereum" if _is_erc55(address[2:]) else ""
    part = address.partition("1")[0]
    return _of_bech32(part, address) if part in PARTS else _of_base58(address)


def _of_base58(address: str) -> str:
    number = 0
    for sign in address:
        if sign not in BASE58:
            return ""
        number = number * 58 + BASE58.index(sign)
    if number >= 1 << 200:
        return ""
    content = number.to_bytes(25, "big")
    is_right = sha256(sha256(content[:21]).digest()).digest()[:4] == content[21:]
    return VERSIONS.get(content[0], "") if is_right else ""


def _of_bech32(part: str, address: str) -> str:
    signs = address[len(part) + 1 :]
    if len(signs) < 8 or not set(signs) <= set(BECH32):
        return ""
    values = [*(ord(sign) >> 5 for sign in part), 0, *(ord(sign) & 31 for sign in part), *map(BECH32.index, signs)]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return PARTS[part] if check in RESIDUES else ""


def _is_erc55(signs: str) -> bool:
    if signs.lower() == signs or signs.upper() == signs:
        return True
    digest = keccak_256(signs.lower().encode()).hex()
    return all(
        sign.isdigit() or sign.isupper() == (int(nibble, 16) >= 8) for sign, nibble in zip(signs, digest, strict=False)
    )


def keccak_256(content: bytes) -> bytes:
    """Return Keccak-256, the hash that became SHA-3 with another padding (Bertoni et al., The Keccak reference, 2011).

    >>> keccak_256(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    padded = content + b"\x01" + bytes(-(len(content) + 1) % RATE)
    padded = padded[:-1] + bytes([padded[-1] | 0x80])
    state = [0] * 25
    for start in range(0, len(padded), RATE):
        for lane in range(RATE // 8):
            state[lane] ^= int.from_bytes(padded[start + 8 * lane : start + 8 * lane + 8], "little")
        state = _permuted(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _permuted(state: list[int]) -> list[int]:
    """Keccak-f[1600]: 24 rounds of its five steps over 25 lanes."""
    register = 1
    for _ in range(ROUNDS):
        columns = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
        state = [lane ^ columns[(i + 4) % 5] ^ _turned(columns[(i + 1) % 5], 1) for i, lane in enumerate(state)]
        x, y, lane = 1, 0, state[1]
        for step in range(ROUNDS):
            x, y = y, (2 * x + 3 * y) % 5
            lane, state[x + 5 * y] = state[x + 5 * y], _turned(lane, (step + 1) * (step + 2) // 2)
        state = [
            lane ^ (~state[i - i % 5 + (i + 1) % 5] & state[i - i % 5 + (i + 2) % 5]) for i, lane in enumerate(state)
        ]
        for bit in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            if register & 2:
                state[0] ^= 1 << ((1 << bit) - 1)
    return state


def _turned(lane: int, by: int) -> int:
    by %= 64
    return (lane << by | lane >> (64 - by)) & WORD
