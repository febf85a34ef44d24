"""Codes of an app on the phone, and recovery codes on paper: adding them, taking them, resetting
them.

The key that the server shares with the app is made from the server's secret key, the user and the
number of the key, whenever it is needed: nothing in the database or a backup of it makes codes.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pyotp
from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import Asker, User, admit_resetting_factor, is_leading
from queue_server.domain.access.second_factor import (
    RECOVERY_CODES,
    SecondFactor,
    match_step,
    read_code,
    read_recovery_code,
    steps_around,
)
from queue_server.domain.errors import NoSecondFactor, WrongCode
from queue_server.domain.events import EventType
from queue_server.services.access import log
from queue_server.services.access.accounts import draw_password
from queue_server.services.access.sessions import hash_secret
from queue_server.store import idempotency
from queue_server.store.access import passkeys as passkey_store
from queue_server.store.access import second_factors as store
from queue_server.store.access import sessions as session_store
from queue_server.store.access import users as user_store
from queue_server.store.writer.transaction import Transaction

ISSUER = "Antrean"
KEY_BYTES = 20


def make_key(secret_key: bytes, user: str, generation: int) -> str:
    """The key that an app of this user shares with the server, in base 32."""
    message = f"second factor:{user}:{generation}".encode()
    return b32encode(hmac.digest(secret_key, message, "sha256")[:KEY_BYTES]).decode()


def describe_key(key: str, username: str) -> str:
    """The address that an app reads from the QR code."""
    return pyotp.TOTP(key).provisioning_uri(name=username, issuer_name=ISSUER)


def next_key(secret_key: bytes, user: str, factor: SecondFactor) -> str:
    """The key that the next app of this user gets."""
    return make_key(secret_key, user, factor.generation + 1)


@dataclass(frozen=True)
class Proof:
    """What a typed code turned out to be: a step of the app, or the hash of a recovery code."""

    step: int | None = None
    recovery: str | None = None


def _match(key: str, code: str, last_step: int, now: datetime) -> int | None:
    app = pyotp.TOTP(key)
    return match_step(code, {step: app.generate_otp(step) for step in steps_around(now)}, last_step)


def judge(
    connection: Connection, secret_key: bytes, user: str, typed: str, now: datetime
) -> Proof | None:
    """What a typed code is, or None for one that is not good now. It is not used up by that."""
    code = read_code(typed)
    if code is None:
        hashed = hash_secret(read_recovery_code(typed))
        is_good = store.is_recovery_code(connection, user, hashed)
        return Proof(recovery=hashed) if is_good else None
    factor = store.find(connection, user)
    if not factor.has_app:
        return None
    step = _match(make_key(secret_key, user, factor.generation), code, factor.last_step, now)
    return None if step is None else Proof(step=step)


def use(tx: Transaction, user: User, proof: Proof, now: datetime) -> Mapping[str, object]:
    """Use a code up, and say what it was, as facts of a sign-in. Raises `WrongCode` if somebody was
    quicker with the same one.
    """
    if proof.recovery is not None:
        if not store.use_recovery_code(tx, user.id, proof.recovery, now):
            raise WrongCode()
        left = store.count_left(tx, user.id)
        log.note(tx, EventType.RECOVERY_CODE_USED, user.office, user.id, now, count=left)
        return {"way": "recovery"}
    factor = store.lock(tx, user.id)
    if proof.step is None or not factor.has_app or proof.step <= factor.last_step:
        raise WrongCode()
    store.save(tx, user.id, replace(factor, last_step=proof.step))
    return {"way": "app"}


def draw_recovery_codes() -> list[str]:
    """New recovery codes, as they are shown; each has 78 random bits."""
    return [draw_password() for _ in range(RECOVERY_CODES)]


def keep_recovery_codes(tx: Transaction, user: User, codes: list[str], now: datetime) -> None:
    """Put new recovery codes in the place of the old ones."""
    store.replace_recovery_codes(
        tx, user.id, (hash_secret(read_recovery_code(each)) for each in codes)
    )
    log.note(tx, EventType.RECOVERY_CODES_MADE, user.office, user.id, now)


def add_app(
    tx: Transaction,
    secret_key: bytes,
    user: User,
    typed: str,
    codes: list[str],
    now: datetime,
    *,
    session: str | None,
    form: str | None,
) -> bool:
    """Begin to use the app whose first code was typed, in place of the one before if there was one.
    `codes` are its recovery codes; all log-ins end but `session`, named by its hash. Returns
    whether it was this call that did: the same `form` does nothing again.

    Raises `WrongCode`, `KeyReused`.
    """
    if _was_done(tx, user, form, "app", now):
        return False
    factor, code = store.lock(tx, user.id), read_code(typed)
    step = None if code is None else _match(next_key(secret_key, user.id, factor), code, 0, now)
    if step is None:
        raise WrongCode()
    confirmed = replace(factor, generation=factor.generation + 1, confirmed_at=now, last_step=step)
    store.save(tx, user.id, confirmed)
    session_store.end_sessions_of_user(tx, user.id, now, but=session)
    log.note(tx, EventType.SECOND_FACTOR_ADDED, user.office, user.id, now, kind="app")
    keep_recovery_codes(tx, user, codes, now)
    return True


def renew_recovery_codes(
    tx: Transaction, user: User, codes: list[str], now: datetime, *, form: str | None
) -> bool:
    """Put new recovery codes in the place of the old ones. Returns whether it was this call that
    did. Raises `NoSecondFactor` for who has none, `KeyReused`.
    """
    if _was_done(tx, user, form, "codes", now):
        return False
    if not store.lock(tx, user.id).exists:
        raise NoSecondFactor()
    keep_recovery_codes(tx, user, codes, now)
    return True


def _was_done(tx: Transaction, user: User, form: str | None, what: str, now: datetime) -> bool:
    if form is None:
        return False
    scope = f"second-factor:{user.id}"
    if idempotency.recall(tx, scope, form, what) is not None:
        return True
    idempotency.remember(tx, scope, form, what, {}, now)
    return False


def remove_app(tx: Transaction, user: User, now: datetime, *, must_have: bool) -> bool:
    """Go on without the app. Returns whether it was this call that did. Raises `NoSecondFactor` for
    who must have a second factor and has no other.
    """
    factor = store.lock(tx, user.id)
    if not factor.has_app:
        return False
    if must_have and is_leading(user.role) and not factor.passkeys:
        raise NoSecondFactor()
    store.save(tx, user.id, replace(factor, confirmed_at=None))
    if not factor.passkeys:
        store.replace_recovery_codes(tx, user.id, ())
    log.note(tx, EventType.SECOND_FACTOR_REMOVED, user.office, user.id, now, kind="app")
    return True


def reset(tx: Transaction, by: Asker, user: str, now: datetime) -> bool:
    """Take somebody's second factor away, with all its passkeys and recovery codes, and end their
    log-ins: they sign in with the password alone and are asked anew to add one. Returns whether
    there was one.

    Raises `UnknownUser`, `OwnAccount`.
    """
    account = user_store.lock_user(tx, user)
    admit_resetting_factor(by, account)
    factor = store.lock(tx, user)
    if not factor.exists:
        return False
    store.save(tx, user, replace(factor, asked_at=None, confirmed_at=None))
    store.replace_recovery_codes(tx, user, ())
    passkey_store.remove_of_user(tx, user)
    session_store.end_sessions_of_user(tx, user, now)
    log.note(tx, EventType.SECOND_FACTOR_RESET, account.office, by.id, now, user=user)
    return True
