"""Whom a route is for, and the rule that a route without a rule is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from queue_server.domain.access.accounts import OF_PEOPLE
from queue_server.services.access.sessions import Role

from .csrf import admit_csrf
from .principals import SESSION_COOKIE, Forbidden, current

STAFF = frozenset({Role.CLERK, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
"""Whoever works at a counter."""
AT_RECEPTION = STAFF | {Role.RECEPTION}
AT_DOOR = AT_RECEPTION | {Role.GUARD}
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
OVERSEERS = MANAGERS | {Role.PROVINCE}
"""Who changes the mode, the hours and the limit of an office."""
SUPERVISORS = MANAGERS | {Role.SUPERVISOR}
WATCHERS = SUPERVISORS | {Role.PROVINCE}
"""Who sees how an office does now, and may put up a notice."""
OF_PROVINCE = frozenset({Role.PROVINCE, Role.ADMIN})
"""Whose work is about many offices; everybody else's, as a rule, about one."""
AUDITORS = MANAGERS | {Role.PROVINCE, Role.AUDITOR}
"""Who reads the log of a day and follows it row by row."""
READERS = SUPERVISORS | AUDITORS
"""Who reads what was done by hand, and the reports."""
PEOPLE = frozenset(OF_PEOPLE)
"""Everybody with an account; no device."""
KIOSKS = frozenset({Role.KIOSK})
DEVICES = frozenset({Role.KIOSK, Role.DISPLAY, Role.PRINTER, Role.SENSOR})

View = TypeVar("View", bound=Callable[..., Any])


class MustChangePassword(Exception):
    """Somebody is signed in whose password was chosen by somebody else: until it is changed, only
    the pages about oneself are open.
    """


class About(StrEnum):
    """What a page of the staff is about: the office they work in, all the offices they work in at
    once, or whoever opens it.
    """

    OFFICE = "office"
    OFFICES = "offices"
    ONESELF = "oneself"


@dataclass(frozen=True)
class Access:
    """What a route asks of its caller. `roles` None means anybody; `about` is None for what is no
    page of the staff.
    """

    roles: frozenset[Role] | None
    about: About | None = None

    def lets_in(self, role: Role | None) -> bool:
        return self.roles is None or role in self.roles


def access_of(endpoint: str) -> Access | None:
    """What a route asks of its caller; None for one without a rule, which is closed."""
    access: Access | None = getattr(current_app.view_functions[endpoint], "access", None)
    return access


def public(view: View) -> View:
    """Open this route to everybody."""
    # the mark that deny-by-default looks for
    view.access = Access(None)  # type: ignore[attr-defined]  # a mark on the view
    return view


def _guard() -> None:
    if request.endpoint is None:
        return
    access = access_of(request.endpoint)
    if access is None:
        raise Forbidden()
    if not access.lets_in(None) and not access.lets_in(current().role):
        raise Forbidden()
    if access.roles is not None and current().must_change and access.about is not About.ONESELF:
        raise MustChangePassword()
    view = current_app.view_functions[request.endpoint]
    is_operation = getattr(view, "without_csrf", False)
    if not is_operation or request.cookies.get(SESSION_COOKIE):
        admit_csrf(of_session=is_operation or access.roles is not None)


def install(app: Flask) -> None:
    """Guard every route: one that names no access is closed."""
    app.before_request(_guard)
