"""Changing who may sign in: accounts added, closed and opened again, new passwords, programs cut
off.

Who may change which account is decided in `domain.access.accounts`, inside the command, on the
account as it is by then. Passwords come as hashes: to hash one takes a tenth of a second, and no
lock waits for that. Every command leaves its event and must declare the day that `log.days_of`
gives for the account's office.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import (
    Asker,
    User,
    admit_adding,
    admit_closing,
    admit_managing,
    admit_moving,
    admit_other,
    parse_username,
)
from queue_server.domain.errors import Changed
from queue_server.domain.events import EventType
from queue_server.domain.visit.identity import parse_name
from queue_server.store import idempotency
from queue_server.store.access import password_resets, personal_tokens
from queue_server.store.access import sessions as session_store
from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from queue_server.store.access.password_resets import PasswordReset
from queue_server.store.access.tokens import Token
from queue_server.store.access.user_offices import put_also
from queue_server.store.writer.transaction import Transaction

from . import log
from .sessions import hash_secret

READABLE = "23456789abcdefghjkmnpqrstvwxyz"
"""No character that is taken for another one: a new password is read off a screen and typed."""

GROUPS, GROUP_LENGTH = 4, 4
RESETS_TOLD = timedelta(days=30)
"""How long a reset is told of again: whoever acted in somebody's name would have seen it to the end
in their place.
"""


def draw_password() -> str:
    """A password of 78 random bits in groups that are easy to read out, such as
    k7mf-x2qp-9rtd-4hwn.
    """
    return "-".join(
        "".join(secrets.choice(READABLE) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )


def lock_account(tx: Transaction, user: str, now: datetime) -> User:
    """An account, whom nobody else changes until the commit. Raises `UnknownUser`, and `Changed`
    where it was moved to another office since the command declared the day of its log.
    """
    account = user_store.lock_user(tx, user)
    if not log.has_day(tx, account.office, now):
        raise Changed()
    return account


def draft_user(
    username: str, name: str, role: str, office: str | None, also: tuple[str, ...] = ()
) -> User:
    """An account as it would be added, with a fresh id. Raises `BadInput` (field `name` or
    `username`).
    """
    return User(
        secrets.token_hex(8), parse_username(username), parse_name(name), role, office, also=also
    )


def add(
    tx: Transaction,
    by: Asker,
    user: User,
    password_hash: str,
    now: datetime,
    *,
    key: str | None = None,
) -> bool:
    """Add an account, whose password, chosen by somebody else, must be changed. Returns whether it
    was this call that did: the same form, by its `key`, does nothing a second time.

    Raises `UnknownOffice`, `BadInput` (field `role`), `UserNameTaken`, `KeyReused`.
    """
    _admit_offices(tx, user)
    admit_adding(by, user.role, user.office, user.also)
    if not is_first(tx, f"account:{by.id}", key, user.username, now):
        return False
    user_store.add_user(tx, replace(user, must_change=True), password_hash)
    log.note(tx, EventType.ACCOUNT_ADDED, user.office, by.id, now, user=user.id, role=user.role)
    return True


def _admit_offices(tx: Transaction, user: User) -> None:
    for office in (user.office, *user.also):
        if office is not None:
            tx.office(office)


def reassign(
    tx: Transaction,
    by: Asker,
    user: str,
    role: str,
    office: str | None,
    also: tuple[str, ...],
    now: datetime,
) -> User:
    """Give an account another role or other offices, which ends its log-ins and revokes its tokens:
    what was opened with the old rights closes. What it is already changes nothing.

    Raises `UnknownUser`, `UnknownOffice`, `OwnAccount`, `LastAdministrator`, `BadInput` (field
    `role`).
    """
    administrators = user_store.lock_administrators(tx)
    before = lock_account(tx, user, now)
    after = replace(before, role=role, office=office, also=also)
    admit_managing(by, before)
    admit_other(by, before)
    _admit_offices(tx, after)
    admit_adding(by, role, office, also)
    if after == before:
        return after
    admit_moving(before, after, administrators)
    user_store.update_user(tx, user, role=role, office=office)
    put_also(tx, user, also)
    session_store.end_sessions_of_user(tx, user, now)
    token_store.revoke_tokens_of_user(tx, user, now)
    facts = {"user": user, "role": role, "was": before.role}
    if (office, also) != (before.office, before.also):
        facts |= {"offices": _codes(after), "offices_were": _codes(before)}
    log.note(tx, EventType.ACCOUNT_CHANGED, before.office, by.id, now, **facts)
    return after


def _codes(user: User) -> str:
    """The offices of an account as the log says them: codes, "" for all."""
    return " ".join((user.office, *user.also)) if user.office is not None else ""


def set_password(
    tx: Transaction,
    by: Asker,
    user: str,
    password_hash: str,
    now: datetime,
    *,
    key: str | None = None,
) -> bool:
    """Give somebody else a new password, end all their log-ins and the tokens they have made, and
    owe them the notice of it. Returns whether it was this call that did, as `add` does.

    Raises `UnknownUser`, `OwnAccount`, `KeyReused`.
    """
    account = lock_account(tx, user, now)
    admit_managing(by, account)
    admit_other(by, account)
    if not is_first(tx, f"password:{by.id}", key, user, now):
        return False
    user_store.put_password(tx, user, password_hash, must_change=True)
    session_store.end_sessions_of_user(tx, user, now)
    personal_tokens.revoke_all(tx, user, now)
    password_resets.add(tx, PasswordReset(secrets.token_hex(8), user, by.id, now))
    log.note(tx, EventType.PASSWORD_RESET, account.office, by.id, now, user=user)
    return True


def distrust_password(tx: Transaction, by: Asker, user: str, now: datetime) -> bool:
    """Say that somebody else may know a password: all log-ins end and so do the tokens its holder
    has made, and with it alone nobody signs in until it is changed. Returns whether it was this
    call that did. Raises `UnknownUser`.
    """
    account = lock_account(tx, user, now)
    admit_managing(by, account)
    if account.distrusted:
        return False
    user_store.update_user(tx, user, distrusted=True)
    session_store.end_sessions_of_user(tx, user, now)
    personal_tokens.revoke_all(tx, user, now)
    log.note(tx, EventType.PASSWORD_DISTRUSTED, account.office, by.id, now, user=user)
    return True


def is_first(tx: Transaction, scope: str, key: str | None, request: str, now: datetime) -> bool:
    """Whether nothing was done under this key yet; from now on it was. What such a form is about, a
    new password or token, is no answer to be kept.
    """
    if key is None:
        return True
    if idempotency.recall(tx, scope, key, request) is not None:
        return False
    idempotency.remember(tx, scope, key, request, {}, now)
    return True


def change_own_password(
    tx: Transaction, user: str, password_hash: str, session: str | None, now: datetime
) -> None:
    """Give oneself a new password; whoever calls has checked the present one, and shown the resets
    that were still to be told of. All log-ins end but `session`, named by its hash.

    Raises `UnknownUser`.
    """
    account = lock_account(tx, user, now)
    user_store.put_password(tx, user, password_hash, must_change=False)
    session_store.end_sessions_of_user(tx, user, now, but=session)
    seen = password_resets.note_seen(tx, user, now)
    log.note(tx, EventType.PASSWORD_CHANGED, account.office, user, now, resets_seen=seen)


def list_resets(connection: Connection, user: str, now: datetime) -> list[PasswordReset]:
    """The resets of a password that its holder is told of: those not seen yet, and those of the
    last weeks. Newest first.
    """
    return password_resets.list_of_user(connection, user, now - RESETS_TOLD)


def set_active(tx: Transaction, by: Asker, user: str, active: bool, now: datetime) -> User:
    """Close an account, which ends its log-ins and revokes its programs' tokens, or open it again,
    which brings neither back.

    Done again it changes nothing. A counter that the person has open stays theirs until the day is
    over. Raises `UnknownUser`, `OwnAccount`, `LastAdministrator`.
    """
    administrators = [] if active else user_store.lock_administrators(tx)
    account = lock_account(tx, user, now)
    admit_managing(by, account)
    if active:
        if not account.active:
            user_store.update_user(tx, user, active=True)
            log.note(
                tx,
                EventType.ACCOUNT_REOPENED,
                account.office,
                by.id,
                now,
                user=user,
                role=account.role,
            )
        return account
    admit_other(by, account)
    if not account.active:
        return account
    admit_closing(account, administrators)
    user_store.update_user(tx, user, active=False)
    session_store.end_sessions_of_user(tx, user, now)
    token_store.revoke_tokens_of_user(tx, user, now)
    log.note(tx, EventType.ACCOUNT_CLOSED, account.office, by.id, now, user=user, role=account.role)
    return account


def add_token(tx: Transaction, by: Asker, token: Token, secret: str, now: datetime) -> None:
    """Make a program's bearer token; `secret` is shown once."""
    token_store.add_token(tx, token, hash_secret(secret), now)
    log.note(tx, EventType.TOKEN_ADDED, token.office, by.id, now, token=token.id, role=token.role)


def revoke_token(tx: Transaction, by: Asker, token: str, office: str | None, now: datetime) -> None:
    """Cut a program off at once; again it changes nothing. `office` is what the token is for, as
    `find_token_office` says.
    """
    if token_store.revoke_token(tx, token, now):
        log.note(tx, EventType.TOKEN_REVOKED, office, by.id, now, token=token)
