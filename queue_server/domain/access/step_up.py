"""Log-ins: how long what somebody has proved holds for an act that could do harm, and what a list
of one's log-ins says of where they are.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

CONFIRMED_FOR = timedelta(minutes=10)
"""A password or code is asked for again before a sensitive act unless it was given this recently in
the same log-in.
"""

_BROWSERS = (
    # Those that call themselves by others' names too come first.
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def is_confirmed(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether a log-in has proved recently enough who uses it. A clock that was set back proves
    nothing.
    """
    return confirmed_at is not None and timedelta() <= now - confirmed_at <= CONFIRMED_FOR


def mask_address(address: str) -> str:
    """An address without the part that names one machine; "" for what is none.

    >>> mask_address("203.0.113.7"), mask_address("2001:db8:1:2::7"), mask_address("unix")
    ('203.0.113.*', '2001:db8:1:*', '')
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return mask_address(str(known.ipv4_mapped))
        return ":".join(f"{int(each, 16):x}" for each in known.exploded.split(":")[:3]) + ":*"
    return address.rpartition(".")[0] + ".*"


def name_browser(agent: str) -> str:
    """A browser and its system by name, as it says itself; "" for one that says nothing known.

    >>> name_browser("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0")
    'Firefox, Linux'
    """
    named = (
        next((name for mark, name in table if mark in agent), None)
        for table in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in named if name)
