"""Passwords become hashes that are slow on purpose. Imports little: a process of its own does this
beside the server.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def _encode(size: int) -> str:
    return b64encode(secrets.token_bytes(size)).decode().rstrip("=")


_profile = RFC_9106_LOW_MEMORY
_NOBODYS_HASH = (
    f"$argon2id$v={_profile.version}$m={_profile.memory_cost},t={_profile.time_cost},p={_profile.parallelism}"
    f"${_encode(_profile.salt_len)}${_encode(_profile.hash_len)}"
)
"""No password is known to have it. It costs nothing to make, so the first try of an unknown name
takes no longer than the next.
"""


def hash_password(password: str) -> str:
    """Argon2id with RFC 9106's low-memory profile: 64 MiB, about 0.1 s."""
    return _hasher().hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether a password has this hash. For None, which is nobody's, it has not, after the same
    time.
    """
    try:
        return (
            _hasher().verify(password_hash or _NOBODYS_HASH, password) and password_hash is not None
        )
    except (VerifyMismatchError, InvalidHashError):
        return False
