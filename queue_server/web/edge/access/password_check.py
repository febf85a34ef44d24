"""Checking a password: counted first, then hashed beside the loop. Every page that asks for one
goes this way.
"""

from __future__ import annotations

from flask import Response, make_response

from queue_server.domain.access.accounts import User
from queue_server.domain.access.sign_in import Scope
from queue_server.domain.errors import SignInPaused
from queue_server.domain.events import EventType
from queue_server.services.access import sign_in
from queue_server.services.access.sign_in import Keys
from queue_server.web.edge.context import context, now
from queue_server.web.edge.long_work.beside import RETRY_SECONDS, Overloaded
from queue_server.web.edge.strangers.limits import address

from . import known_browser

HASH, VERIFY = (
    f"queue_server.services.access.passwords:{name}"
    for name in ("hash_password", "verify_password")
)


def check(username: str, password: str) -> User | None:
    """The user behind a name and a password, or None.

    An unknown name takes as long as a wrong password. Raises `SignInPaused`, `Overloaded`.
    """
    keys = sign_in.keys_of(username, address(), known_browser.mark_for(username))
    user, is_right = _try(username, password, keys)
    return user if is_right else None


def check_own(
    user: User, session: str, password: str, *, of: EventType = EventType.SIGN_IN_REFUSED
) -> bool:
    """Whether this is the password of somebody signed in by the log-in `session`. `of` is what the
    log calls it if it is not. Raises `SignInPaused`, `Overloaded`.
    """
    keys = sign_in.keys_of(user.username, "", session)
    _user, is_right = _try(user.username, password, keys, of)
    return is_right


def _try(
    username: str, password: str, keys: Keys, of: EventType = EventType.SIGN_IN_REFUSED
) -> tuple[User | None, bool]:
    database, moment = context().database, now()
    user, known = sign_in.find_user(database, username)
    counted = context().tries.count(keys, moment)
    try:
        is_right = context().beside.hash(VERIFY, known, password, is_known=Scope.BROWSER in keys)
    except Overloaded:
        context().tries.take_back(keys)
        raise
    if is_right:
        context().tries.forgive(keys)
    elif user is not None:
        sign_in.note_refused(database, user, counted, moment, of=of)
    return user, is_right


def hash_new(password: str) -> str:
    """The hash of a new password. Raises `Overloaded`."""
    hashed: str = context().beside.hash(HASH, password, is_known=True)
    return hashed


def paused(page: str, refused: SignInPaused) -> Response:
    """The answer to whoever has to wait after wrong tries."""
    return _later(page, 429, int(str(refused.facts["seconds"])))


def overloaded(page: str) -> Response:
    """The answer when too many passwords are being checked. The page holds what was typed, so
    nobody may keep it.
    """
    return _later(page, 503, RETRY_SECONDS)


def _later(page: str, status: int, seconds: int) -> Response:
    response = make_response(page, status)
    response.headers.update({"Retry-After": str(seconds), "Cache-Control": "no-store"})
    return response
