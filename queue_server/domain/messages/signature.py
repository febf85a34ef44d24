"""Signed requests between the server and a gateway, both ways, as standardwebhooks writes them:
HMAC-SHA256 of id, time and body.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256

TOLERANCE = timedelta(minutes=5)
"""How far the time of a signed request may be from ours. After that a recorded one is refused."""

_VERSION = "v1"


def sign(key: bytes, id: str, at: datetime, body: bytes) -> str:
    """The value of `webhook-signature`. `at` counts in whole seconds."""
    signed = f"{id}.{at.timestamp():.0f}.".encode() + body
    mac = hmac.new(key, signed, sha256).digest()
    return f"{_VERSION},{base64.b64encode(mac).decode()}"


def is_signed(
    key: bytes, id: str, timestamp: str, signatures: str, body: bytes, now: datetime
) -> bool:
    """Whether the holder of the key has sent a request just now. `signatures` may hold several,
    separated by spaces, while a key is replaced. Compared in constant time.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    at = datetime.fromtimestamp(int(timestamp), now.tzinfo)
    if abs(now - at) > TOLERANCE:
        return False
    expected = sign(key, id, at, body).encode()
    return any(hmac.compare_digest(each.encode(), expected) for each in signatures.split())
