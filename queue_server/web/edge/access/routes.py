"""Whom a route is for, and the rule that a route without a rule is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from queue_server.domain.access.accounts import OF_PEOPLE
from queue_server.domain.access.personal_tokens import TokenScope
from queue_server.domain.access.second_factor import Duty
from queue_server.services.access.sessions import Role

from . import step_up
from .csrf import SAFE_METHODS, admit_csrf
from .principals import SESSION_COOKIE, Forbidden, Principal, current, principal

STAFF = frozenset({Role.CLERK, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
"""Whoever works at a counter."""
AT_RECEPTION = STAFF | {Role.RECEPTION}
AT_DOOR = AT_RECEPTION | {Role.GUARD}
ADMINISTRATORS = frozenset({Role.ADMIN})
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


class MustAddSecondFactor(Exception):
    """Somebody is signed in who must have a second factor and has put it off for too long: until it
    is added, only the pages about oneself are open.
    """


class About(StrEnum):
    """What a page of the staff is about: the office they work in, all the offices they work in at
    once, whoever opens it, or the server with all its offices.
    """

    OFFICE = "office"
    OFFICES = "offices"
    ONESELF = "oneself"
    SERVER = "server"


@dataclass(frozen=True)
class Access:
    """What a route asks of its caller. `roles` None means anybody; `about` is None for what is no
    page of the staff. `in_person`: it takes a log-in, and no token that somebody has made.
    `confirms`: whoever has not proved lately who they are is asked first. `file_of`: the route
    answers with a file, and this page, as Flask names it, leads there.
    """

    roles: frozenset[Role] | None
    about: About | None = None
    in_person: bool = False
    confirms: bool = False
    file_of: str | None = None

    def lets_in(self, role: Role) -> bool:
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


def confirmed(view: View) -> View:
    """Let a route that is declared for some in only after they have proved, lately and in this
    log-in, who they are; see `step_up`. Stands above the declaration.
    """
    # the same mark
    view.access = replace(view.access, confirms=True)  # type: ignore[attr-defined]  # the mark
    return view


def confirmed_file(page: str) -> Callable[[View], View]:
    """The same for a file that is downloaded: a browser stays where it was meanwhile, so whoever
    was asked is led back to `page`, with the query of the file.
    """

    def declare(view: View) -> View:
        # the same mark
        view.access = replace(  # type: ignore[attr-defined]  # the mark
            view.access,  # type: ignore[attr-defined]  # the mark
            confirms=True,
            file_of=page,
        )
        return view

    return declare


def _guard() -> None:
    if request.endpoint is None:
        return
    access = access_of(request.endpoint)
    if access is None:
        raise Forbidden()
    if access.roles is not None:
        _admit(current(), access)
    elif "Authorization" in request.headers:
        _admit_writing(principal())
    view = current_app.view_functions[request.endpoint]
    is_operation = getattr(view, "without_csrf", False)
    if not is_operation or request.cookies.get(SESSION_COOKIE):
        admit_csrf(of_session=is_operation or access.roles is not None)
    if access.confirms:
        step_up.admit_confirmed(current())


def _admit(who: Principal, access: Access) -> None:
    """Refuse who may not open a route that is for some. Raises `Forbidden`, `MustChangePassword`,
    `MustAddSecondFactor`.
    """
    if not access.lets_in(who.role) or (who.scope is not None and access.in_person):
        raise Forbidden()
    if who.must_change and access.about is not About.ONESELF:
        raise MustChangePassword()
    if who.duty is Duty.DUE and access.about is not About.ONESELF:
        raise MustAddSecondFactor()
    _admit_writing(who)


def _admit_writing(who: Principal | None) -> None:
    """Refuse a change to a token that may only read. Raises `Forbidden`."""
    if who is not None and who.scope == TokenScope.READ and request.method not in SAFE_METHODS:
        raise Forbidden()


def install(app: Flask) -> None:
    """Guard every route: one that names no access is closed."""
    app.before_request(_guard)
