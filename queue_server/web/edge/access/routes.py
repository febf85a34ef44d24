"""Whom a route is for, and the rule that a route without a rule is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from queue_server.services.access.sessions import Role

from .csrf import admit_csrf
from .principals import SESSION_COOKIE, Forbidden, current

STAFF = frozenset({Role.CLERK, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
AT_DOOR = STAFF | {Role.GUARD}
ADMINISTRATORS = frozenset({Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
SUPERVISORS = MANAGERS | {Role.SUPERVISOR}
KIOSKS = frozenset({Role.KIOSK})
DEVICES = frozenset({Role.KIOSK, Role.DISPLAY, Role.PRINTER, Role.SENSOR})

View = TypeVar("View", bound=Callable[..., Any])


class MustChangePassword(Exception):
    """Somebody is signed in whose password was chosen by somebody else: until it is changed, only
    the pages about oneself are open.
    """


class About(StrEnum):
    """What a page of the staff is about: the office they work in, whoever opens it, or the server
    with all its offices.
    """

    OFFICE = "office"
    ONESELF = "oneself"
    SERVER = "server"


@dataclass(frozen=True)
class Access:
    """What a route asks of its caller. `roles` None means anybody; `about` is None for what is no
    page of the staff.
    """

    roles: frozenset[Role] | None
    about: About | None = None


def public(view: View) -> View:
    """Open this route to everybody."""
    # the mark that deny-by-default looks for
    view.access = Access(None)  # type: ignore[attr-defined]  # a mark on the view
    return view


def _guard() -> None:
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    access: Access | None = getattr(view, "access", None)
    if access is None:
        raise Forbidden()
    if access.roles is not None and current().role not in access.roles:
        raise Forbidden()
    if access.roles is not None and current().must_change and access.about is not About.ONESELF:
        raise MustChangePassword()
    is_operation = getattr(view, "without_csrf", False)
    if not is_operation or request.cookies.get(SESSION_COOKIE):
        admit_csrf(of_session=is_operation or access.roles is not None)


def install(app: Flask) -> None:
    """Guard every route: one that names no access is closed."""
    app.before_request(_guard)
