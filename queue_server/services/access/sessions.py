"""Who works here: log-ins and bearer tokens. Secrets are shown once and kept as hashes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import Asker, User, admit_managing
from queue_server.domain.access.accounts import Role as Role
from queue_server.domain.events import EventType
from queue_server.store.access import log_ins
from queue_server.store.access import sessions as session_store
from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from queue_server.store.access.log_ins import LogIn
from queue_server.store.access.sessions import Session
from queue_server.store.access.tokens import Token
from queue_server.store.writer.transaction import Transaction

from . import log

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


@dataclass(frozen=True)
class Place:
    """Where somebody signs in, as the list of log-ins shows it: the browser by name, and the
    address without its last part. "" is not known.
    """

    browser: str = ""
    address: str = ""


def log_in(
    tx: Transaction, user: User, secret: str, now: datetime, place: Place | None = None
) -> None:
    """Start a session; `secret` is what the cookie will hold."""
    place = place or Place()
    session_store.add_session(
        tx, hash_secret(secret), user.id, now, browser=place.browser, address=place.address
    )


def log_out(tx: Transaction, secret: str, now: datetime) -> None:
    """End a session."""
    session_store.end_session(tx, hash_secret(secret), now)


def find_session(connection: Connection, secret: str, now: datetime) -> Session | None:
    """A session that is still good."""
    session = session_store.find_session(connection, hash_secret(secret))
    if session is None or now > session.seen_at + IDLE or now > session.created_at + ABSOLUTE:
        return None
    return session


def is_use_due(session: Session, now: datetime) -> bool:
    """Whether the use of a session should be noted now."""
    return now > session.seen_at + SEEN_STEP


def list_log_ins(connection: Connection, user: str, now: datetime) -> list[LogIn]:
    """Somebody's sessions that are still good, the one used last first."""
    return log_ins.list_of_user(connection, user, now - IDLE, now - ABSOLUTE)


def end_own(tx: Transaction, user: User, token_hash: str, now: datetime) -> None:
    """End one of one's own sessions, named by its hash; one that is over already changes
    nothing.
    """
    if log_ins.end(tx, user.id, token_hash, now):
        log.note(tx, EventType.SESSIONS_ENDED, user.office, user.id, now, user=user.id, count=1)


def end_own_others(tx: Transaction, user: User, token_hash: str | None, now: datetime) -> None:
    """End all of one's own sessions but this one."""
    _end_all(tx, user, user.id, now, but=token_hash)


def end_of_user(tx: Transaction, by: Asker, user: str, now: datetime) -> None:
    """End all sessions of somebody whose account one looks after. Raises `UnknownUser`."""
    account = user_store.lock_user(tx, user)
    admit_managing(by, account)
    _end_all(tx, account, by.id, now)


def _end_all(
    tx: Transaction, user: User, by: str, now: datetime, *, but: str | None = None
) -> None:
    count = session_store.end_sessions_of_user(tx, user.id, now, but=but)
    if count:
        log.note(tx, EventType.SESSIONS_ENDED, user.office, by, now, user=user.id, count=count)


def note_confirmed(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Note that in a session, named by its hash, its user has proved who they are."""
    log_ins.note_confirmed(tx, token_hash, now)


def forget_sessions(tx: Transaction, now: datetime) -> int:
    """Delete the log-ins that are over in any case: who was signed in when is nobody's business for
    longer. Returns how many.
    """
    return session_store.forget_sessions(tx, now - ABSOLUTE)


def list_ended_sessions(connection: Connection, hashes: Sequence[str], now: datetime) -> set[str]:
    """Which of these log-ins, named by the hash of their secret, are over."""
    return set(hashes) - session_store.list_good_sessions(
        connection, hashes, now - IDLE, now - ABSOLUTE
    )


def note_session(tx: Transaction, secret: str, now: datetime) -> None:
    """Note that a session is in use."""
    session_store.touch_session(tx, hash_secret(secret), now)


def add_user(tx: Transaction, user: User, password_hash: str) -> None:
    """Add a member of staff."""
    user_store.add_user(tx, user, password_hash)


def add_token(tx: Transaction, token: Token, secret: str, now: datetime) -> None:
    """Add a bearer token; `secret` is shown to its holder once."""
    token_store.add_token(tx, token, hash_secret(secret), now)
