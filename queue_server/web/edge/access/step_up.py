"""Proving once more who one is before a sensitive act, in the form that asks for it: nothing that
was filled in is lost, and the act is done with the same press of the button.

A route says with `routes.confirmed` that it needs this. Whoever has given a password or a code in
this log-in within the last minutes is not asked. A program with a token is not asked either: it
got the token from somebody who was.
"""

from __future__ import annotations

from functools import partial

from flask import request

from queue_server.domain.access.accounts import User
from queue_server.domain.access.second_factor import read_code
from queue_server.domain.access.step_up import is_confirmed
from queue_server.domain.errors import SignInPaused, WrongCode
from queue_server.domain.events import EventType
from queue_server.services.access import log, sessions
from queue_server.services.access.factors import codes
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.context import context, now
from queue_server.web.edge.long_work.beside import Overloaded

from . import code_check, password_check
from .principals import Principal

FIELD = "own_proof"
"""The field in which somebody proves who they are, beside those of the form itself."""


class StepUpNeeded(Exception):
    """Somebody has to prove first who they are. `wrong`: what they gave does not; `paused` and
    `overloaded`: it could not be checked now.
    """

    def __init__(
        self, *, wrong: bool = False, paused: SignInPaused | None = None, overloaded: bool = False
    ) -> None:
        self.wrong, self.paused, self.overloaded = wrong, paused, overloaded


def admit_confirmed(who: Principal) -> None:
    """Let whoever has proved lately who they are go on, or who does so in this form. Raises
    `StepUpNeeded`.
    """
    if who.session is None or is_confirmed(who.confirmed_at, now()):
        return
    typed = request.form.get(FIELD, "") if request.method == "POST" else ""
    if not typed:
        raise StepUpNeeded()
    with context().database.read() as connection:
        user = user_store.find_user(connection, who.id)
    try:
        if not _prove(user, who.session, typed):
            raise StepUpNeeded(wrong=True)
    except SignInPaused as refused:
        raise StepUpNeeded(paused=refused) from None
    except Overloaded:
        raise StepUpNeeded(overloaded=True) from None


def has_app(who: Principal) -> bool:
    """Whether a code of an app proves who this is, as the password does."""
    with context().database.read() as connection:
        return second_factors.find(connection, who.id).has_app


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
