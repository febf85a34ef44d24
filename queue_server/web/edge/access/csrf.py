"""Whether a form or a script's request comes from a page of ours, and which browser sends it."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from queue_server.web.edge.context import context
from queue_server.web.edge.shared.own_parts import own

from .principals import SESSION_COOKIE, set_cookie

VISIT_COOKIE = "antrean_visit"
COOKIE_LENGTH_MIN = 22
"""Characters of the shortest secret that we put into a cookie: 128 bits."""
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class BadCsrf(Exception):
    """A form or script request that did not come from a page of ours."""


def csrf_token() -> str:
    """The token for forms and scripts of the page being made; bound to the session, or to a visit
    cookie before one.
    """
    return own(_make_token)


def _make_token() -> str:
    g.carries_token = True
    secret = (
        request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE) or g.get("visit")
    )
    if not secret:
        secret = g.visit = secrets.token_urlsafe(16)
    return _csrf_of(secret)


def carries_token() -> bool:
    """Whether the page being made holds a token."""
    return "carries_token" in g


def browser_mark() -> str | None:
    """A name for the browser that asks, by the secret in one of our cookies; None for one that has
    none yet.

    Answers kept for nobody in particular are kept under it: whoever guesses another's key must also
    have that browser's cookie.
    """
    key = browser_key(b"browser")
    return None if key is None else key.hex()[:32]


def browser_key(purpose: bytes) -> bytes | None:
    """A key of 32 bytes for one purpose, that only the server and the browser that asks can make
    together; None for a browser that has none of our cookies yet.
    """
    secret = request.cookies.get(VISIT_COOKIE) or request.cookies.get(SESSION_COOKIE)
    if not secret or len(secret) < COOKIE_LENGTH_MIN:
        return None
    return hmac.new(context().secret_key, purpose + b":" + secret.encode(), sha256).digest()


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


def is_from_here() -> bool:
    """Whether the browser says that a page of ours has sent this request. No page of others can
    make it say so; very old browsers say nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def _remember_visit(response: Response) -> Response:
    if "visit" in g:
        set_cookie(response, VISIT_COOKIE, g.visit)
    return response


def install(app: Flask) -> None:
    """Give templates `csrf_token()`, and a browser the cookie that it is bound to."""
    app.after_request(_remember_visit)
    app.jinja_env.globals.update(csrf_token=csrf_token)
