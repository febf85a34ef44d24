"""A program that is told by webhooks: it checks what it gets by the text of standardwebhooks,
without a line of our own code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.effects.gateway import Taken


def verify(secret: str, taken: Taken, now: datetime) -> dict[str, Any]:
    """What a request says. Raises `ValueError` if it was not signed with the secret, just now."""
    headers = {name.lower(): value for name, value in taken.headers.items()}
    id, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(now.timestamp() - int(stamp)) > 300:
        raise ValueError("too old or too new")
    prefix, _sep, encoded = secret.partition("_")
    assert prefix == "whsec"
    content = b".".join([id.encode(), stamp.encode(), taken.body])
    mac = hmac.new(base64.b64decode(encoded, validate=True), content, hashlib.sha256).digest()
    expected = base64.b64encode(mac).decode()
    for each in headers["webhook-signature"].split(" "):
        version, _comma, signature = each.partition(",")
        if version == "v1" and hmac.compare_digest(signature, expected):
            return dict(json.loads(taken.body))
    raise ValueError("no signature fits")
