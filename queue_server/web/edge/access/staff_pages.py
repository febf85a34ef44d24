"""A page of the staff: whom it is for, and which office it is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from flask import render_template, request
from flask.typing import ResponseReturnValue

from queue_server.services.access.sessions import Role
from queue_server.web.edge.context import find_office, list_offices

from .principals import Forbidden, admit_office, current
from .routes import ADMINISTRATORS, About, Access

StaffView = Callable[..., ResponseReturnValue]


class OfOffice(Protocol):
    """Something that belongs to an office; None means to all of them, or to none yet."""

    @property
    def office(self) -> str | None: ...


def office_page(
    roles: frozenset[Role], *, of: Callable[..., OfOffice] | None = None, in_person: bool = False
) -> Callable[[StaffView], StaffView]:
    """Declare a page about one office, for those of these roles who work there.

    The view gets the office, who asks, and the address's parameters. With `of` it gets, in place of
    these, the thing that they name: `of` is asked with who asks and the parameters, and raises what
    says that this caller knows no such thing. The office is that of the thing, else the caller's
    only one; who works for several or for all names one by `office`, or is asked for it first.
    `in_person` as in `Access`.
    """

    def declare(view: StaffView) -> StaffView:
        @wraps(view)
        def show(**parameters: Any) -> ResponseReturnValue:
            who, code = current(), None
            if of is not None:
                thing = of(who, **parameters)
                parameters, code = {"thing": thing}, thing.office
            code = code or who.only_office or request.values.get("office")
            if code is None:
                return render_template(
                    "choose_office.html",
                    offices=[each for each in list_offices() if who.may_work_in(each.code)],
                    may_add=who.office is None and who.role in ADMINISTRATORS,
                )
            admit_office(code)
            return view(find_office(code), who, *parameters.values())

        # the mark that deny-by-default looks for
        show.access = Access(  # type: ignore[attr-defined]  # a mark
            roles, About.OFFICE, in_person
        )
        return show

    return declare


def server_page(roles: frozenset[Role]) -> Callable[[StaffView], StaffView]:
    """Declare a page about the server with all its offices, for those of these roles who work for
    all of them. The view gets who asks.
    """

    def declare(view: StaffView) -> StaffView:
        @wraps(view)
        def show(**parameters: Any) -> ResponseReturnValue:
            who = current()
            if who.office is not None:
                raise Forbidden()
            return view(who, **parameters)

        # the same mark
        show.access = Access(roles, About.SERVER)  # type: ignore[attr-defined]  # a mark
        return show

    return declare


def own_page(roles: frozenset[Role]) -> Callable[[StaffView], StaffView]:
    """Declare a page about whoever opens it, the same in every office, who has signed in. The view
    gets who asks.
    """

    def declare(view: StaffView) -> StaffView:
        @wraps(view)
        def show(**parameters: Any) -> ResponseReturnValue:
            return view(current(), **parameters)

        # the same mark
        show.access = Access(roles, About.ONESELF, True)  # type: ignore[attr-defined]  # a mark
        return show

    return declare


def offices_page(roles: frozenset[Role]) -> Callable[[StaffView], StaffView]:
    """Declare a page about all the offices together in which these roles work. The view gets who
    asks and the address's parameters, and shows nobody an office that is not theirs.
    """

    def declare(view: StaffView) -> StaffView:
        @wraps(view)
        def show(**parameters: Any) -> ResponseReturnValue:
            return view(current(), **parameters)

        # the same mark
        show.access = Access(roles, About.OFFICES)  # type: ignore[attr-defined]  # a mark
        return show

    return declare
