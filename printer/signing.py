"""How a kiosk and a printer's agent on the same network know each other: both hold one secret, and
every request and every answer is signed with it.

The secret itself never crosses the network. A signature is for one request: it names the moment and
a number used once, so a recorded request does nothing when it is sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from pathlib import Path

VALID_S = 300.0
LEAST_SECRET_BYTES = 16
_KEPT_NONCES = 10_000


class UnsafeSecret(ValueError):
    """The file of the secret cannot be used as it is."""


class BadSignature(Exception):
    """The request is not from somebody who holds the secret, or not for now."""


class ClockAway(BadSignature):
    """The signature is right, but for another time than now."""


def read_secret(path: Path) -> bytes:
    """The secret in a file. Raises `UnsafeSecret` if it is missing, short or readable by all."""
    try:
        secret = path.read_bytes().strip()
        mode = path.stat().st_mode
    except OSError as problem:
        raise UnsafeSecret(f"{path} cannot be read ({problem.strerror})") from None
    if len(secret) < LEAST_SECRET_BYTES:
        raise UnsafeSecret(f"{path}: a token has {LEAST_SECRET_BYTES} characters at least")
    if mode & 0o007:
        raise UnsafeSecret(f"{path} can be read by every user of this machine: chmod 640")
    return secret


def sign_request(
    secret: bytes, method: str, path: str, body: bytes, sent_at: float, nonce: str
) -> str:
    """The signature of a request at `sent_at` (seconds since 1970)."""
    digest = hashlib.sha256(body).hexdigest()
    return _sign(secret, "request", method, path, f"{sent_at:.3f}", nonce, digest)


def sign_answer(secret: bytes, nonce: str, status: int, body: bytes) -> str:
    """The signature of the answer to the request with `nonce`."""
    return _sign(secret, "answer", nonce, str(status), hashlib.sha256(body).hexdigest())


def make_nonce() -> str:
    """A number used once."""
    return secrets.token_hex(16)


def _sign(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


class Gate:
    """Admits each signed request once, and only near its time."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._seen: OrderedDict[str, float] = OrderedDict()

    def admit(
        self,
        method: str,
        path: str,
        body: bytes,
        sent_at: str,
        nonce: str,
        signature: str,
        now: float,
    ) -> None:
        """Raises `BadSignature`, `ClockAway`."""
        try:
            moment = float(sent_at)
            wanted = sign_request(self._secret, method, path, body, moment, nonce)
        except (ValueError, OverflowError):
            raise BadSignature("no time") from None
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise BadSignature("wrong signature")
        if not abs(now - moment) <= VALID_S:  # so written, NaN is refused
            raise ClockAway(f"{moment - now:+.0f} s from here")
        if nonce in self._seen:
            raise BadSignature("used before")
        self._remember(nonce, moment, now)

    def _remember(self, nonce: str, moment: float, now: float) -> None:
        # Only holders of the secret get here, so nobody else can push an entry out.
        self._seen[nonce] = moment
        while self._seen and (
            len(self._seen) > _KEPT_NONCES or next(iter(self._seen.values())) < now - 2 * VALID_S
        ):
            self._seen.popitem(last=False)
