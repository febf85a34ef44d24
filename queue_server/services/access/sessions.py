"""Who works here: log-ins and bearer tokens. Secrets are shown once and kept as hashes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import Role as Role
from queue_server.domain.access.accounts import User
from queue_server.store.access import staff as staff_store
from queue_server.store.access.staff import Token
from queue_server.store.writer.transaction import Transaction

IDLE = timedelta(minutes=30)
"""A log-in ends after this long without a request."""

ABSOLUTE = timedelta(hours=10)
"""A log-in ends after this long in any case: one working day."""

SEEN_STEP = timedelta(minutes=1)
"""A session's last use is noted at most this often, so that reading a page does not write to the
database each time.
"""


def hash_secret(secret: str) -> str:
    """SHA-256 of a random secret of 256 bits; it needs no salt and no slow hash."""
    return sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A random secret of 256 bits."""
    return secrets.token_urlsafe(32)


def log_in(tx: Transaction, user: User, secret: str, now: datetime) -> None:
    """Start a session; `secret` is what the cookie will hold."""
    staff_store.add_session(tx, hash_secret(secret), user.id, now)


def log_out(tx: Transaction, secret: str, now: datetime) -> None:
    """End a session."""
    staff_store.end_session(tx, hash_secret(secret), now)


def find_session(connection: Connection, secret: str, now: datetime) -> tuple[User, bool] | None:
    """The user of a session that is still good, and whether its use should be noted now."""
    session = staff_store.find_session(connection, hash_secret(secret))
    if session is None or now > session.seen_at + IDLE or now > session.created_at + ABSOLUTE:
        return None
    return session.user, now > session.seen_at + SEEN_STEP


def forget_sessions(tx: Transaction, now: datetime) -> int:
    """Delete the log-ins that are over in any case: who was signed in when is nobody's business for
    longer. Returns how many.
    """
    return staff_store.forget_sessions(tx, now - ABSOLUTE)


def list_ended_sessions(connection: Connection, hashes: Sequence[str], now: datetime) -> set[str]:
    """Which of these log-ins, named by the hash of their secret, are over."""
    return set(hashes) - staff_store.list_good_sessions(
        connection, hashes, now - IDLE, now - ABSOLUTE
    )


def note_session(tx: Transaction, secret: str, now: datetime) -> None:
    """Note that a session is in use."""
    staff_store.touch_session(tx, hash_secret(secret), now)


def add_user(tx: Transaction, user: User, password_hash: str) -> None:
    """Add a member of staff."""
    staff_store.add_user(tx, user, password_hash)


def add_token(tx: Transaction, token: Token, secret: str, now: datetime) -> None:
    """Add a bearer token; `secret` is shown to its holder once."""
    staff_store.add_token(tx, token, hash_secret(secret), now)
