"""Who asks, and may they: sessions, bearer tokens, CSRF, and the rule that a route without a rule
is closed.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from queue_server.services.access import sessions
from queue_server.services.access.sessions import Role
from queue_server.services.access.sign_in import sign_in
from queue_server.store.access import devices as device_store
from queue_server.store.access import staff as staff_store

from .context import context, now

SESSION_COOKIE = "antrean_session"
VISIT_COOKIE = "antrean_visit"
COOKIE_LENGTH_MIN = 22
"""Characters of the shortest secret that we put into a cookie: 128 bits."""
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
TOKEN_SECONDS = 1.0
"""How long a token is taken for good without asking: a revoked one is cut off within twice this."""
TOKENS_KNOWN = 5_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

STAFF = frozenset({Role.CLERK, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
AT_DOOR = STAFF | {Role.GUARD}
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
SUPERVISORS = MANAGERS | {Role.SUPERVISOR}
DEVICES = frozenset({Role.KIOSK, Role.DISPLAY, Role.PRINTER, Role.SENSOR})

BEFORE_CHANGE = frozenset({"account.password", "account.do_password"})
"""What is open, beside what is open to everybody, to who must change the password first."""

View = TypeVar("View", bound=Callable[..., Any])


class NotSignedIn(Exception):
    """The route needs somebody, and nobody is signed in."""


class MustChangePassword(Exception):
    """Somebody is signed in whose password was chosen by somebody else: it has to be changed
    first.
    """


class Forbidden(Exception):
    """Somebody is signed in who may not do this here."""


class BadCsrf(Exception):
    """A form or script request that did not come from a page of ours."""


@dataclass(frozen=True)
class Principal:
    """Who asks. `id` is a user's, in the audit trail and at counters, however they have signed in;
    `office` None means all offices.

    `token` is the id of a bearer token, `session` the hash of a log-in: one of them says how the
    caller is known. `must_change`: the password of a log-in was chosen by somebody else and has not
    been changed yet.
    """

    id: str
    name: str
    role: Role
    office: str | None
    device: str | None = None
    token: str | None = None
    session: str | None = None
    must_change: bool = False

    def may_work_in(self, office: str) -> bool:
        return self.office is None or self.office == office


@dataclass(frozen=True)
class Access:
    """What a route asks of its caller: None means anybody."""

    roles: frozenset[Role] | None


def public(view: View) -> View:
    """Open this route to everybody."""
    # the mark that deny-by-default looks for
    view.access = Access(None)  # type: ignore[attr-defined]
    return view


def allow(roles: frozenset[Role]) -> Callable[[View], View]:
    """Open this route to some roles."""

    def mark(view: View) -> View:
        # the same mark
        view.access = Access(roles)  # type: ignore[attr-defined]
        return view

    return mark


def principal() -> Principal | None:
    """Who asks, or None. A bad bearer token is nobody, never a fall-back to the cookie."""
    if "principal" not in g:
        if "Authorization" in request.headers:
            scheme, _, value = request.headers["Authorization"].partition(" ")
            g.principal = _recall_token(value.strip()) if scheme.lower() == "bearer" else None
        else:
            secret = request.cookies.get(SESSION_COOKIE)
            g.principal = principal_of_session(secret) if secret else None
    found: Principal | None = g.principal
    return found


def _recall_token(secret: str) -> Principal | None:
    """`principal_of_token`, asked at most once a second for each token: a kiosk sends the same one
    with every request.
    """
    known, key, moment = context().known_tokens, sessions.hash_secret(secret), time.monotonic()
    found = known.get(key)
    if found is not None and moment - found[1] <= TOKEN_SECONDS:
        return found[0]
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
        found = staff_store.find_token(connection, sessions.hash_secret(secret))
    if found is None:
        return None
    if found.device is not None and found.is_first_use:
        context().database.write(
            [],
            partial(device_store.note_first_use, office=found.office, id=found.device, now=now()),
        )
    return Principal(
        found.user or found.device or found.id,
        found.name,
        Role(found.role),
        found.office,
        found.device,
        found.id,
    )


def principal_of_session(secret: str) -> Principal | None:
    """The user of a session cookie. Notes the session's use now and then."""
    with context().database.read() as connection:
        found = sessions.find_session(connection, secret, now())
    if found is None:
        return None
    user, is_due = found
    if is_due:
        context().database.write([], partial(sessions.note_session, secret=secret, now=now()))
    return Principal(
        user.id,
        user.name,
        Role(user.role),
        user.office,
        session=sessions.hash_secret(secret),
        must_change=user.must_change,
    )


def current() -> Principal:
    """Who asks, on a route that needs somebody. Raises `NotSignedIn`."""
    found = principal()
    if found is None:
        raise NotSignedIn()
    return found


def admit_office(office: str) -> Principal:
    """Refuse whoever does not work in this office. Raises `NotSignedIn`, `Forbidden`."""
    found = current()
    if not found.may_work_in(office):
        raise Forbidden()
    return found


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


def start_session(user: staff_store.User, response: Response) -> None:
    """Sign a user in with a fresh secret, whatever cookie the browser had before."""
    secret = sessions.new_secret()
    sign_in(context().database, user, secret, request.cookies.get(SESSION_COOKIE), now())
    _set_cookie(response, SESSION_COOKIE, secret)


def end_session(response: Response) -> None:
    """Sign out here and in the database."""
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        context().database.write([], partial(sessions.log_out, secret=secret, now=now()))
    response.delete_cookie(SESSION_COOKIE, path="/")


def csrf_token() -> str:
    """The token for forms and scripts of the page being made; bound to the session, or to a visit
    cookie before one.
    """
    secret = (
        request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE) or g.get("visit")
    )
    if not secret:
        secret = g.visit = secrets.token_urlsafe(16)
    return _csrf_of(secret)


def browser_mark() -> str | None:
    """A name for the browser that asks, by the secret in one of our cookies; None for one that has
    none yet.

    Answers kept for nobody in particular are kept under it: whoever guesses another's key must also
    have that browser's cookie.
    """
    secret = request.cookies.get(VISIT_COOKIE) or request.cookies.get(SESSION_COOKIE)
    if not secret or len(secret) < COOKIE_LENGTH_MIN:
        return None
    return hmac.new(context().secret_key, b"browser:" + secret.encode(), sha256).hexdigest()[:32]


def _csrf_of(secret: str) -> str:
    return hmac.new(context().secret_key, b"csrf:" + secret.encode(), sha256).hexdigest()


def admit_csrf(*, of_session: bool) -> None:
    """Refuse a state-changing request that no page of ours made. Bearer tokens are sent on purpose
    and need no such proof.

    What a session allows needs that session's own token: a visit's cookie may have been planted.
    Raises `BadCsrf`.
    """
    if request.method in SAFE_METHODS or "Authorization" in request.headers:
        return
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD) or ""
    cookies = [
        request.cookies.get(SESSION_COOKIE),
        None if of_session else request.cookies.get(VISIT_COOKIE),
    ]
    if not any(
        hmac.compare_digest(given.encode(), _csrf_of(each).encode()) for each in cookies if each
    ):
        raise BadCsrf()


def _set_cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name, value, httponly=True, samesite="Lax", secure=context().settings.is_https, path="/"
    )


def _guard() -> None:
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    access: Access | None = getattr(view, "access", None)
    if access is None:
        raise Forbidden()
    if access.roles is not None and current().role not in access.roles:
        raise Forbidden()
    if access.roles is not None and current().must_change and request.endpoint not in BEFORE_CHANGE:
        raise MustChangePassword()
    is_operation = getattr(view, "without_csrf", False)
    if not is_operation or request.cookies.get(SESSION_COOKIE):
        admit_csrf(of_session=is_operation or access.roles is not None)


def _remember_visit(response: Response) -> Response:
    if "visit" in g:
        _set_cookie(response, VISIT_COOKIE, g.visit)
    return response


def install(app: Flask) -> None:
    """Guard every route: one that names no access is closed."""
    app.before_request(_guard)
    app.after_request(_remember_visit)
    app.jinja_env.globals.update(csrf_token=csrf_token)
