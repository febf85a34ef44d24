"""Changing who may sign in: accounts added, closed and opened again, new passwords, programs cut off.

Who may change which account is decided in `domain.accounts`, inside the command, on the account as it is by then.
Passwords come as hashes: to hash one takes a tenth of a second, and no lock waits for that.
"""
from __future__ import annotations

import secrets
from datetime import datetime

from ..domain.accounts import Asker, User, admit_adding, admit_closing, admit_managing, admit_other, admit_password, parse_username
from ..domain.identity import parse_name
from ..store import answers
from ..store import staff as staff_store
from ..store.transaction import Transaction
from .staff import hash_password

READABLE = "23456789abcdefghjkmnpqrstvwxyz"
"""No character that is taken for another one: a new password is read off a screen and typed."""

GROUPS, GROUP_LENGTH = 4, 4


def draw_password() -> str:
    """A password of 78 random bits in groups that are easy to read out, such as k7mf-x2qp-9rtd-4hwn."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def hash_new_password(password: str, username: str) -> str:
    """The hash of a password that may be used. Raises `BadInput` (field `password`)."""
    admit_password(password, username)
    return hash_password(password)


def draft_user(username: str, name: str, role: str, office: str | None) -> User:
    """An account as it would be added, with a fresh id. Raises `BadInput` (field `name` or `username`)."""
    return User(secrets.token_hex(8), parse_username(username), parse_name(name), role, office)


def add(tx: Transaction, by: Asker, user: User, password_hash: str, now: datetime, *, key: str | None = None) -> bool:
    """Add an account. Returns whether it was this call that did: the same form, by its `key`, does nothing a second time.

    Raises `UnknownOffice`, `BadInput` (field `role`), `UserNameTaken`, `KeyReused`.
    """
    if user.office is not None:
        tx.office(user.office)
    admit_adding(by, user.role, user.office)
    if not _is_first(tx, f"account:{by.id}", key, user.username, now):
        return False
    staff_store.add_user(tx, user, password_hash)
    return True


def set_password(tx: Transaction, by: Asker, user: str, password_hash: str, now: datetime, *, key: str | None = None) -> bool:
    """Give somebody else a new password and end all their log-ins. Returns whether it was this call that did, as `add` does.

    Raises `UnknownUser`, `OwnAccount`, `KeyReused`.
    """
    found = staff_store.lock_user(tx, user)
    admit_managing(by, found)
    admit_other(by, found)
    if not _is_first(tx, f"password:{by.id}", key, user, now):
        return False
    staff_store.update_user(tx, user, password_hash=password_hash)
    staff_store.end_sessions_of_user(tx, user, now)
    return True


def _is_first(tx: Transaction, scope: str, key: str | None, request: str, now: datetime) -> bool:
    """Whether nothing was done under this key yet; from now on it was. The password itself is no answer to be kept."""
    if key is None:
        return True
    if answers.recall(tx, scope, key, request) is not None:
        return False
    answers.remember(tx, scope, key, request, {}, now)
    return True


def change_own_password(tx: Transaction, user: str, password_hash: str, session: str | None, now: datetime) -> None:
    """Give oneself a new password; whoever calls has checked the present one. All log-ins end but `session`, named by its hash.

    Raises `UnknownUser`.
    """
    staff_store.lock_user(tx, user)
    staff_store.update_user(tx, user, password_hash=password_hash)
    staff_store.end_sessions_of_user(tx, user, now, but=session)


def set_active(tx: Transaction, by: Asker, user: str, active: bool, now: datetime) -> User:
    """Close an account, which ends its log-ins and revokes its programs' tokens, or open it again, which brings neither back.

    Done again it changes nothing. A counter that the person has open stays theirs until the day is over.
    Raises `UnknownUser`, `OwnAccount`, `LastAdministrator`.
    """
    administrators = [] if active else staff_store.lock_administrators(tx)
    found = staff_store.lock_user(tx, user)
    admit_managing(by, found)
    if active:
        staff_store.update_user(tx, user, active=True)
        return found
    admit_other(by, found)
    if found.active:
        admit_closing(found, administrators)
    staff_store.update_user(tx, user, active=False)
    staff_store.end_sessions_of_user(tx, user, now)
    staff_store.revoke_tokens_of_user(tx, user, now)
    return found


def revoke_token(tx: Transaction, token: str, now: datetime) -> None:
    """Cut a program off at once; again it changes nothing. Raises `UnknownToken`."""
    staff_store.revoke_token(tx, token, now)
