"""From the right password to the first page: through the second factor if there is one, and
meanwhile with a cookie that opens nothing but its question.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256

from flask import Response, make_response, redirect, request, url_for

from queue_server.domain.access.accounts import User, is_leading
from queue_server.domain.access.second_factor import SecondFactor, admit_by_password
from queue_server.domain.errors import UnknownUser
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access import known_browser
from queue_server.web.edge.access.principals import set_cookie, start_session
from queue_server.web.edge.access.routes import STAFF
from queue_server.web.edge.access.staff import home_of
from queue_server.web.edge.characters import CONTROL
from queue_server.web.edge.context import context, now

COOKIE = "antrean_halfway"
GOOD_FOR = timedelta(minutes=5)

Prove = Callable[[Transaction], Mapping[str, object]]


def safe_next(target: str, role: str) -> str:
    """An address inside this site to go to after signing in; anything else becomes the page that
    their work begins with.
    """
    home = url_for(home_of(role))
    # Browsers and libraries drop tabs and line breaks: what follows one would become the first
    # thing after the slash.
    is_local = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not CONTROL.search(target)
    )
    return target if is_local and (role in STAFF or target != url_for("counter.console")) else home


def go_on(user: User, target: str, prove: Prove | None = None) -> Response:
    """After the right password, or what stands in its place: ask for the second factor, or sign in
    whoever has none. `prove` as in `enter`.
    """
    factor = _find_factor(user)
    if not factor.exists:
        return enter(user, target, prove)
    response = make_response(redirect(url_for("account.login_code", next=target or None), 303))
    issued = str(int(now().timestamp()))
    set_cookie(response, COOKIE, f"{user.id}.{issued}.{_mark(user.id, issued)}")
    return response


def go_on_by_password(user: User, target: str) -> Response:
    """`go_on` after the right password. Raises `PasswordDistrusted`."""
    admit_by_password(user, _find_factor(user))
    return go_on(user, target)


def enter(user: User, target: str, prove: Prove | None = None) -> Response:
    """Sign somebody in who has proved all that is asked. Raises what `prove` raises."""
    factor = _find_factor(user)
    response = make_response(redirect(_first_page(target, user, factor), 303))
    start_session(user, response, prove)
    known_browser.remember(response, user.username)
    response.delete_cookie(COOKIE, path="/")
    return response


def find_halfway() -> User | None:
    """Who has given the right password in this browser within the last minutes, and nothing
    else.
    """
    user_id, _, rest = request.cookies.get(COOKIE, "")[:300].partition(".")
    issued, _, mark = rest.partition(".")
    if not (issued.isascii() and issued.isdigit() and len(issued) <= 12 and mark.isascii()):
        return None
    age = now().timestamp() - int(issued)
    if not 0 <= age <= GOOD_FOR.total_seconds():
        return None
    try:
        right = _mark(user_id, issued)
    except UnknownUser:
        return None
    if not hmac.compare_digest(mark, right):
        return None
    with context().database.read() as connection:
        user = user_store.find_user(connection, user_id)
    return user if user.active else None


def _mark(user_id: str, issued: str) -> str:
    """A keyed mark that is good for one account and its present password. Raises `UnknownUser`."""
    with context().database.read() as connection:
        password_hash = user_store.find_password_hash(connection, user_id)
    text = f"halfway:{user_id}:{issued}:{password_hash}"
    return hmac.new(context().secret_key, text.encode(), sha256).hexdigest()


def _find_factor(user: User) -> SecondFactor:
    with context().database.read() as connection:
        return second_factors.find(connection, user.id)


def _first_page(target: str, user: User, factor: SecondFactor) -> str:
    """Where somebody goes who has signed in: to the page asked for, but first to a password of
    one's own, and to the second factor that is still missing.
    """
    page = safe_next(target, user.role)
    if user.must_renew:
        return url_for("account.password", next=page)
    grace = context().settings.second_factor_grace
    if grace is not None and is_leading(user.role) and not factor.exists:
        return url_for("account.second_factor", next=page)
    return page
