"""The number of a host goes in; whether it is one of the open Internet comes out.

What is no such number (this computer, a private network, a group, what is set aside for other uses) can be written
within another: an IPv6 number that carries an IPv4 one is as open as the one it carries.
"""

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

OPEN = IPv6Network("2000::/3")  # all that IANA has given out; what lies outside of it leads nowhere, or to us
# Set aside within what is open, by the registries of RFC 6890; Python's own table grows from version to version.
CLOSED: list[IPv4Network | IPv6Network] = [
    *map(
        IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/3",
        ),
    ),
    # Teredo and its kin; documentation twice. What carries a closed number is looked for below.
    *map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")),
]  # fmt: skip
# Translators (NAT64) carry any IPv4 number here; people whose network has IPv6 alone reach the old sites so. Its
# sibling for local use, 64:ff9b:1::/48, leads into the own network by its meaning, and is not open.
TRANSLATED = IPv6Network("64:ff9b::/96")
SIXTOFOUR = IPv6Network("2002::/16")
ISATAP = (0x00005EFE, 0x02005EFE)  # the third quarter of a number that carries an IPv4 one in the fourth (RFC 5214)


def is_public(number: str) -> bool:
    """Tell whether an IP address is one of the open Internet, and so is the one that it carries, if it carries one.

    A scope (`%eth0`) is no part of it. Raises ValueError for what is no IP address.

    >>> is_public("93.184.216.34"), is_public("64:ff9b::5db8:d822"), is_public("64:ff9b::10.0.0.1")
    (True, True, False)
    """
    address = ipaddress.ip_address(number.split("%")[0])
    if isinstance(address, IPv4Address):
        return _is_open(address)
    inner = _carried(address)
    if address.ipv4_mapped is not None or address in TRANSLATED:
        return inner is not None and _is_open(inner)
    return address in OPEN and _is_open(address) and (inner is None or _is_open(inner))


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    closed = any(address in network for network in CLOSED if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not closed


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 number that an IPv6 number carries, None where it carries none."""
    whole = int(address)
    if address in SIXTOFOUR:
        return IPv4Address((whole >> 80) & 0xFFFFFFFF)
    if address.ipv4_mapped is not None or address in TRANSLATED or (whole >> 32) & 0xFFFFFFFF in ISATAP:
        return IPv4Address(whole & 0xFFFFFFFF)
    return None
