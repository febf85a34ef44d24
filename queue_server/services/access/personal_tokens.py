"""Tokens that members of staff make for their own programs.

A request by one may do what its person may at that moment, in the offices they work in at that
moment, and with the scope `read` only read. All of them end with the account, with a change of
role or offices, and with a password that somebody else sets: whoever can take these away must not
leave a way in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import User
from queue_server.domain.access.personal_tokens import USED_STEP, TokenScope, admit_another
from queue_server.domain.errors import UnknownUser
from queue_server.domain.events import EventType
from queue_server.store.access import personal_tokens as store
from queue_server.store.access import tokens as token_store
from queue_server.store.access.tokens import Token
from queue_server.store.writer.transaction import Transaction

from . import log
from .accounts import is_first, lock_account
from .sessions import hash_secret


@dataclass(frozen=True)
class Wish:
    """The token that somebody wants: what it is for, what it may do, and how long."""

    name: str
    scope: TokenScope
    life: timedelta


def make(
    tx: Transaction, user: str, wish: Wish, secret: str, now: datetime, *, key: str | None = None
) -> bool:
    """Make somebody's own token; `secret` is shown once. Returns whether it was this call that
    did: the same form, by its `key`, does nothing a second time.

    Raises `UnknownUser` for an account that is closed, or whose password somebody else chose;
    `TooManyTokens`, `KeyReused`.
    """
    account = lock_account(tx, user, now)
    if not account.active or account.must_renew:
        raise UnknownUser(user=user)
    if not is_first(tx, f"own-token:{user}", key, wish.name, now):
        return False
    admit_another(len(store.list_of_user(tx, user, now)))
    token = _draft(account, wish, now)
    token_store.add_token(tx, token, hash_secret(secret), now)
    log.note(
        tx,
        EventType.TOKEN_ADDED,
        account.office,
        user,
        now,
        token=token.id,
        role=account.role,
        scope=wish.scope.value,
    )
    return True


def _draft(account: User, wish: Wish, now: datetime) -> Token:
    return Token(
        secrets.token_hex(8),
        wish.name,
        account.role,
        account.office,
        account.id,
        scope=wish.scope.value,
        expires_at=now + wish.life,
    )


def revoke(tx: Transaction, user: str, token: str, now: datetime) -> None:
    """Revoke one of somebody's own; another's, or one that is revoked, stays as it is. Raises
    `UnknownUser`.
    """
    account = lock_account(tx, user, now)
    if store.revoke(tx, user, token, now):
        log.note(tx, EventType.TOKEN_REVOKED, account.office, user, now, token=token)


def find_holder(connection: Connection, secret: str, now: datetime) -> Token | None:
    """The holder of a bearer token that is still good, of whatever kind."""
    return token_store.find_token(connection, hash_secret(secret), now)


def is_use_due(token: Token, now: datetime) -> bool:
    """Whether the use of a token should be noted now: that of personal ones is."""
    return token.scope is not None and (token.used_at is None or now > token.used_at + USED_STEP)


def note_use(tx: Transaction, token: str, now: datetime) -> None:
    """Note that a token is in use."""
    store.note_use(tx, token, now)
