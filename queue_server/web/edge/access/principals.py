"""Who asks: the user of a log-in, or the holder of a bearer token."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, g, request

from queue_server.domain.access.accounts import User, is_leading
from queue_server.domain.access.second_factor import Duty, find_duty
from queue_server.domain.access.step_up import mask_address, name_browser
from queue_server.domain.access.workplaces import works_in
from queue_server.services.access import personal_tokens, sessions
from queue_server.services.access.sessions import Place, Role
from queue_server.services.access.sign_in import sign_in, sign_out
from queue_server.store.access import devices as device_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.context import context, now

SESSION_COOKIE = "antrean_session"
TOKEN_SECONDS = 1.0
"""How long a token is taken for good without asking: a revoked one is cut off within twice this."""
TOKENS_KNOWN = 5_000


class NotSignedIn(Exception):
    """The route needs somebody, and nobody is signed in."""


class Forbidden(Exception):
    """Somebody is signed in who may not do this here."""


@dataclass(frozen=True)
class Principal:
    """Who asks. `id` is a user's, in the audit trail and at counters, however they have signed in;
    `office` None means all offices, `also` are others than `office`.

    `token` is the id of a bearer token, `session` the hash of a log-in: one of them says how the
    caller is known. `must_change`: the password of a log-in was chosen by somebody else, or may be
    known to others, and has not been changed yet. `scope` is that of a personal token. `duty`:
    whether the user of a log-in is asked to add a second factor, or must before anything else.
    `confirmed_at`: when the user last proved in the log-in who they are.
    """

    id: str
    name: str
    role: Role
    office: str | None
    device: str | None = None
    token: str | None = None
    session: str | None = None
    must_change: bool = False
    also: tuple[str, ...] = ()
    scope: str | None = None
    duty: Duty = Duty.NONE
    confirmed_at: datetime | None = None

    @property
    def is_held_up(self) -> bool:
        """Whether nothing but the pages about oneself is open yet."""
        return self.must_change or self.duty is Duty.DUE

    def may_work_in(self, office: str | None) -> bool:
        """Whether they work in an office; None asks for all of them."""
        return works_in(self, office)

    @property
    def only_office(self) -> str | None:
        """The office of who works in one; who works in several or in all names one."""
        return None if self.also else self.office


def principal() -> Principal | None:
    """Who asks, or None. A bad bearer token is nobody, never a fall-back to the cookie."""
    if "principal" not in g:
        if "Authorization" in request.headers:
            scheme, _, value = request.headers["Authorization"].partition(" ")
            g.principal = _recall_token(value.strip()) if scheme.lower() == "bearer" else None
        else:
            secret = request.cookies.get(SESSION_COOKIE)
            g.principal = principal_of_session(secret) if secret else None
    who: Principal | None = g.principal
    return who


def _recall_token(secret: str) -> Principal | None:
    """`principal_of_token`, asked at most once a second for each token: a kiosk sends the same one
    with every request.
    """
    known, key, moment = context().known_tokens, sessions.hash_secret(secret), time.monotonic()
    holder, asked_at = known.get(key, (None, 0.0))
    if holder is not None and moment - asked_at <= TOKEN_SECONDS:
        return holder
    who = principal_of_token(secret)
    if who is None:
        known.pop(key, None)
        return None
    if len(known) >= TOKENS_KNOWN:
        known.clear()
    known[key] = who, moment
    return who


def principal_of_token(secret: str) -> Principal | None:
    """The holder of a bearer token. A device's first use of one is noted: from then on the device
    cannot collect another.
    """
    with context().database.read() as connection:
        token = personal_tokens.find_holder(connection, secret, now())
    if token is None:
        return None
    if token.device is not None and token.is_first_use:
        context().database.write(
            [],
            partial(device_store.note_first_use, office=token.office, id=token.device, now=now()),
        )
    if personal_tokens.is_use_due(token, now()):
        context().database.write([], partial(personal_tokens.note_use, token=token.id, now=now()))
    return Principal(
        token.user or token.device or token.id,
        token.name,
        Role(token.role),
        token.office,
        token.device,
        token.id,
        also=token.also,
        scope=token.scope,
    )


def principal_of_session(secret: str) -> Principal | None:
    """The user of a session cookie. Notes the session's use now and then."""
    with context().database.read() as connection:
        session = sessions.find_session(connection, secret, now())
    if session is None:
        return None
    user = session.user
    if sessions.is_use_due(session, now()):
        context().database.write([], partial(sessions.note_session, secret=secret, now=now()))
    grace = context().settings.second_factor_grace
    return Principal(
        user.id,
        user.name,
        Role(user.role),
        user.office,
        session=sessions.hash_secret(secret),
        must_change=user.must_renew,
        also=user.also,
        duty=find_duty(is_leading(user.role), session.factor, grace, now()),
        confirmed_at=session.confirmed_at,
    )


def current() -> Principal:
    """Who asks, on a route that needs somebody. Raises `NotSignedIn`."""
    who = principal()
    if who is None:
        raise NotSignedIn()
    return who


def admit_office(office: str) -> Principal:
    """Refuse whoever does not work in this office. Raises `NotSignedIn`, `Forbidden`."""
    who = current()
    if not who.may_work_in(office):
        raise Forbidden()
    return who


def admit_near_or(roles: frozenset[Role]) -> None:
    """Let in whoever asks on this machine itself, and from elsewhere these roles. Raises
    `Forbidden`.
    """
    who = principal()
    if not is_near() and (who is None or who.role not in roles):
        raise Forbidden()


def is_near() -> bool:
    """Whether the request came straight from this machine; a proxy's requests do too, so one that
    names a client does not count.
    """
    return is_near_by(request.environ)


def is_near_by(environ: Mapping[str, Any]) -> bool:
    """`is_near` of a request that is known by its WSGI environment alone."""
    try:
        return (
            ipaddress.ip_address(environ.get("REMOTE_ADDR") or "").is_loopback
            and "HTTP_X_FORWARDED_FOR" not in environ
        )
    except ValueError:
        return False


def start_session(
    user: User,
    response: Response,
    prove: Callable[[Transaction], Mapping[str, object]] | None = None,
) -> None:
    """Sign a user in with a fresh secret, whatever cookie the browser had before. `prove` as
    `sign_in` says, which raises what it raises.
    """
    secret = sessions.new_secret()
    sign_in(
        context().database,
        user,
        secret,
        request.cookies.get(SESSION_COOKIE),
        now(),
        place=_find_place(),
        prove=prove,
        asks_factor=context().settings.second_factor_grace is not None,
    )
    set_cookie(response, SESSION_COOKIE, secret)


def _find_place() -> Place:
    """Where the request comes from, as far as the list of log-ins tells of it."""
    return Place(
        name_browser(request.headers.get("User-Agent", "")[:400]),
        mask_address(request.remote_addr or ""),
    )


def end_session(response: Response) -> None:
    """Sign out here and in the database."""
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        sign_out(context().database, secret, now())
    response.delete_cookie(SESSION_COOKIE, path="/")


def set_cookie(response: Response, name: str, value: str) -> None:
    """A cookie of ours: for this browser session, out of reach for scripts and other sites."""
    response.set_cookie(
        name, value, httponly=True, samesite="Lax", secure=context().settings.is_https, path="/"
    )
