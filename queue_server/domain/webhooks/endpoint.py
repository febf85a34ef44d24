"""An address that other programs are told at, its secret, and when it is switched off."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from queue_server.domain.deliveries import pause_after
from queue_server.domain.errors import BadInput
from queue_server.domain.events import EventType

URL_LENGTH_MAX = 500
ENDPOINTS_MAX = 10
"""For each office: every event is sent to each of them."""

OFF_AFTER = timedelta(days=3)
"""An endpoint that has taken nothing for so long is switched off."""

ROTATION = timedelta(hours=24)
"""How long what is sent is signed with the old secret as well, after a new one was made."""

GONE = "refused_410"
"""The error of an endpoint that wants to be told nothing any more."""

SECRET_PREFIX = "whsec_"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class OffBecause(StrEnum):
    """Why an endpoint is switched off. GONE: it has answered that it is there no more."""

    BY_HAND = "BY_HAND"
    FAILING = "FAILING"
    GONE = "GONE"


@dataclass(frozen=True)
class Endpoint:
    """An address, and how sending to it goes.

    `taking_since` is from when on it is told what happens, None while it is switched off, for the
    reason `off_because`. `failures` in a row since `failing_since`; before `retry_at` it is left
    alone. `claims` is the lease's. `previous_until`: until then the secret before signs too.

    Invariant: it is switched off exactly when it has a reason to be.
    """

    id: str
    office: str
    url: str
    types: frozenset[EventType]
    made_at: datetime
    made_by: str
    taking_since: datetime | None
    off_because: OffBecause | None = None
    secret_version: int = 1
    previous_until: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    claims: int = 0
    last_error: str | None = None
    last_taken_at: datetime | None = None

    @property
    def host(self) -> str:
        """The name in the address: what is said of an endpoint outside the managers' page, since
        the rest of the address may hold a secret.
        """
        return urlsplit(self.url).hostname or ""


def parse_url(text: str) -> str:
    """An address that may be told at. `http` only on this very machine, where it is refused later
    unless the settings allow it. Raises `BadInput` of `url`.
    """
    url = text.strip()
    if not url or len(url) > URL_LENGTH_MAX or not url.isascii() or not url.isprintable():
        raise BadInput(field="url", reason="url")
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        raise BadInput(field="url", reason="url") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or not has_port or " " in url:
        raise BadInput(field="url", reason="url")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise BadInput(field="url", reason="https")
    if "@" in parts.netloc or parts.fragment:
        raise BadInput(field="url", reason="url_parts")
    return url


def derive_key(server_key: bytes, endpoint: str, version: int) -> bytes:
    """The key that signs what an endpoint is sent. It is kept nowhere: the server's secret key
    makes it anew, so a copy of the database signs nothing.
    """
    return hmac.digest(server_key, f"webhook:{endpoint}:{version}".encode(), sha256)


def write_secret(key: bytes) -> str:
    """A key as standardwebhooks hands it to the receiver."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def signing_versions(endpoint: Endpoint, now: datetime) -> tuple[int, ...]:
    """Which versions of the secret sign now, the newest first."""
    version = endpoint.secret_version
    is_rotating = endpoint.previous_until is not None and now < endpoint.previous_until
    return (version, version - 1) if is_rotating else (version,)


def rotate(endpoint: Endpoint, now: datetime) -> Endpoint:
    """A new secret; the old one signs along for ROTATION, the one before it no more."""
    return replace(
        endpoint, secret_version=endpoint.secret_version + 1, previous_until=now + ROTATION
    )


def switch_on(endpoint: Endpoint, now: datetime) -> Endpoint:
    """Tell it again, of what happens from now on, with nothing held against it."""
    return replace(
        endpoint,
        taking_since=now,
        off_because=None,
        failing_since=None,
        failures=0,
        retry_at=None,
        last_error=None,
    )


def switch_off(endpoint: Endpoint, because: OffBecause) -> Endpoint:
    """Tell it nothing any more."""
    return replace(endpoint, taking_since=None, off_because=because, retry_at=None)


def note_taken(endpoint: Endpoint, now: datetime) -> Endpoint:
    """It has taken something."""
    return replace(
        endpoint, failing_since=None, failures=0, retry_at=None, last_error=None, last_taken_at=now
    )


def note_failure(endpoint: Endpoint, error: str, now: datetime) -> Endpoint:
    """It has not taken something: it is left alone for a pause. `error` is a short name."""
    failures = endpoint.failures + 1
    return replace(
        endpoint,
        failures=failures,
        failing_since=endpoint.failing_since or now,
        retry_at=now + pause_after(failures),
        last_error=error,
    )


def why_stopped(endpoint: Endpoint, now: datetime) -> OffBecause | None:
    """Why an endpoint that takes nothing is to be switched off now; None: it is not."""
    if endpoint.taking_since is None or endpoint.failing_since is None:
        return None
    if endpoint.last_error == GONE:
        return OffBecause.GONE
    return OffBecause.FAILING if now - endpoint.failing_since >= OFF_AFTER else None
