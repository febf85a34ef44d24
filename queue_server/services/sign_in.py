"""Signing in with a password: each try is counted before it is checked, so that many at once are no way around the pauses.

The check itself takes a tenth of a second and 64 MiB, and stands between two commands: `count_try`, then `sign_in` or `note_refused`.
"""
from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256

from ..domain.accounts import User
from ..domain.events import EventType
from ..domain.sign_in import FORGOTTEN_AFTER, Scope, Tries, admit_try, forgive, is_step, scopes_of, take_back
from ..store import sign_in_tries
from ..store import staff as staff_store
from ..store.database import Database
from ..store.transaction import Transaction
from . import access_log
from .staff import log_in, log_out

Keys = Mapping[Scope, str]
"""What a try is counted under."""


def keys_of(secret_key: bytes, username: str, address: str, browser: str | None) -> Keys:
    """What a try is counted under; `browser` is the mark of one in which this account has signed in before, or None."""
    who = username.strip().lower()
    parts = {
        Scope.BROWSER: (who, browser or ""), Scope.PAIR: (who, address), Scope.ACCOUNT: (who,), Scope.ADDRESS: (address,),
    }

    def key(scope: Scope) -> str:
        text = "\x00".join((scope.value, *parts[scope]))
        return hmac.new(secret_key, b"tries:" + text.encode(), sha256).hexdigest()

    return {scope: key(scope) for scope in scopes_of(is_known_browser=browser is not None)}


def count_try(tx: Transaction, keys: Keys, now: datetime) -> Mapping[Scope, Tries]:
    """Count a try that is about to be made. Returns what is counted by now. Raises `SignInPaused`."""
    known = sign_in_tries.lock(tx, keys.values())
    counted = admit_try({scope: known[key] for scope, key in keys.items()}, now)
    sign_in_tries.save(tx, {keys[scope]: tries for scope, tries in counted.items()})
    return counted


def forgive_tries(tx: Transaction, keys: Keys) -> None:
    """The password was right."""
    known = sign_in_tries.lock(tx, keys.values())
    sign_in_tries.save(tx, {key: forgive(scope, known[key]) for scope, key in keys.items()})


def take_back_try(tx: Transaction, keys: Keys) -> None:
    """Undo what `count_try` counted: the password was never checked."""
    known = sign_in_tries.lock(tx, keys.values())
    sign_in_tries.save(tx, {key: take_back(known[key]) for key in keys.values()})


def sign_in(database: Database, user: User, keys: Keys, secret: str, old_secret: str | None, now: datetime) -> None:
    """After the right password: start a session, whose cookie will hold `secret`, and end the one this browser had before."""

    def command(tx: Transaction) -> None:
        forgive_tries(tx, keys)
        log_in(tx, user, secret, now)
        if old_secret:
            log_out(tx, old_secret, now)
        access_log.note(tx, EventType.SIGNED_IN, user.office, user.id, now)

    database.write(access_log.days_of(database, user.office, now), command)


def note_refused(database: Database, user: User, counted: Mapping[Scope, Tries], now: datetime) -> None:
    """After a wrong password: tell of it in the log, now and then only, so that no robot fills it."""
    if is_step(counted):
        count = (counted.get(Scope.ACCOUNT) or counted[Scope.BROWSER]).count
        note = partial(
            access_log.note, type=EventType.SIGN_IN_REFUSED, office=user.office, by="", now=now, user=user.id, count=count
        )
        database.write(access_log.days_of(database, user.office, now), note)


def forget_tries(tx: Transaction, now: datetime) -> int:
    """Delete tries that count no longer. Returns how many."""
    return sign_in_tries.forget_before(tx, now - FORGOTTEN_AFTER)


def find_user(database: Database, username: str) -> tuple[User | None, str | None]:
    """The active user behind a name and the password's hash, or nobody."""
    with database.read() as connection:
        return staff_store.find_login(connection, username.strip().lower()) or (None, None)
