"""Which machines may be told: none of the office's own network, unless the settings name it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")


def admits_address(text: str, allowed: Sequence[Network]) -> bool:
    """Whether an endpoint may be at an address: a public one, or one of the `allowed` networks. An
    IPv6 address that stands for an IPv4 one is judged by that.
    """
    try:
        address = _stands_for(ip_address(text.partition("%")[0]))
    except ValueError:
        return False
    if any(address.version == each.version and address in each for each in allowed):
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _stands_for(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
