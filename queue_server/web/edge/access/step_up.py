"""Proving once more who one is before a sensitive act, in the form that asks for it: nothing that
was filled in is lost, and the act is done with the same press of the button.

A route says with `routes.confirmed` that it needs this. Whoever has given a password or a code in
this log-in within the last minutes is not asked. A program with a token is not asked either: it
got the token from somebody who was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import request

from queue_server.domain.access.accounts import User
from queue_server.domain.access.second_factor import read_code
from queue_server.domain.access.step_up import is_confirmed
from queue_server.domain.errors import LogInNeeded, SignInPaused, WrongCode, WrongPasskey
from queue_server.domain.events import EventType
from queue_server.services.access import log, sessions
from queue_server.services.access.factors import codes, passkeys
from queue_server.store.access import passkeys as passkey_store
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.context import context, now
from queue_server.web.edge.long_work.beside import Overloaded

from . import code_check, passkey_site, password_check
from .principals import Principal

FIELD, PASSKEY_FIELD = "own_proof", "own_passkey"
"""The fields in which somebody proves who they are, beside those of the form itself."""


class StepUpNeeded(Exception):
    """Somebody has to prove first who they are. `wrong`: what they gave does not; `refused`: why it
    could not be checked now, or why their passkey was not taken; `overloaded`: it could not be
    checked now.
    """

    def __init__(
        self,
        *,
        wrong: bool = False,
        refused: SignInPaused | WrongPasskey | None = None,
        overloaded: bool = False,
    ) -> None:
        self.wrong, self.refused, self.overloaded = wrong, refused, overloaded


@dataclass(frozen=True)
class Ways:
    """What proves who somebody is, beside the password."""

    app: bool
    passkey: bool


def admit_confirmed(who: Principal) -> None:
    """Let whoever has proved lately who they are go on, or who does so in this form. Raises
    `StepUpNeeded`.
    """
    if who.session is None or is_confirmed(who.confirmed_at, now()):
        return
    given = request.form if request.method == "POST" else {}
    typed, signed = given.get(FIELD, ""), given.get(PASSKEY_FIELD, "")
    if signed:
        try:
            return _take_passkey(who, who.session, signed)
        except WrongPasskey as refused:
            raise StepUpNeeded(refused=refused) from None
    if not typed:
        raise StepUpNeeded()
    with context().database.read() as connection:
        user = user_store.find_user(connection, who.id)
    try:
        if not _prove(user, who.session, typed):
            raise StepUpNeeded(wrong=True)
    except SignInPaused as refused:
        raise StepUpNeeded(refused=refused) from None
    except Overloaded:
        raise StepUpNeeded(overloaded=True) from None


def find_ways(who: Principal) -> Ways:
    """How somebody may prove who they are."""
    with context().database.read() as connection:
        factor = second_factors.find(connection, who.id)
    return Ways(factor.has_app, factor.passkeys > 0 and passkey_site.has_passkeys())


def offer_passkey(who: Principal) -> dict[str, Any]:
    """What the browser needs to prove it by a passkey. Raises `LogInNeeded`."""
    if who.session is None:
        raise LogInNeeded()
    site, parts = passkey_site.need_site(), context()
    with parts.database.read() as connection:
        known = passkey_store.list_of_user(connection, who.id)
    challenge = passkeys.draw_challenge(parts.secret_key, _use(who.session), now())
    return passkeys.offer_sign_in(site, known, challenge, alone=True)


def _use(session: str) -> str:
    """What a challenge is bound to."""
    return f"confirm:{session}"


def _take_passkey(who: Principal, session: str, signed: str) -> None:
    """Note that somebody has proved it by a passkey of theirs, which has checked who holds it: it
    stands in place of the password. Raises `WrongPasskey`.
    """
    site, parts, moment = passkey_site.find_site(), context(), now()
    credential = passkey_site.read_credential(signed)
    with parts.database.read() as connection:
        passkey = passkey_store.find(connection, passkey_site.read_id(credential))
    if site is None or passkey is None or passkey.user != who.id:
        raise WrongPasskey()
    checked = passkeys.check_sign_in(
        site, parts.secret_key, _use(session), passkey, credential, moment, alone=True
    )

    def command(tx: Transaction) -> None:
        passkeys.use(tx, checked, moment)
        sessions.note_confirmed(tx, session, moment)

    parts.database.write([], command)


def _prove(user: User, session: str, typed: str) -> bool:
    """Whether what was typed is the password of somebody, or a code of theirs; note it if it is.
    Six digits are no password. Raises `SignInPaused`, `Overloaded`.
    """
    database, moment = context().database, now()
    confirm = partial(sessions.note_confirmed, token_hash=session, now=moment)
    if read_code(typed) is None:
        if not password_check.check_own(user, session, typed, of=EventType.STEP_UP_REFUSED):
            return False
        database.write([], confirm)
        return True
    proof = code_check.check(user, typed, session, of=EventType.STEP_UP_REFUSED)
    if proof is None:
        return False

    def command(tx: Transaction) -> None:
        codes.use(tx, user, proof, moment)
        confirm(tx)

    try:
        database.write(log.days_of(database, user.office, moment), command)
    except WrongCode:
        return False
    return True
