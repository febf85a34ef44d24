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
    roles: frozenset[Role], *, of: Callable[..., OfOffice] | None = None
) -> Callable[[StaffView], StaffView]:
    """Declare a page about one office, for those of these roles who work there.

    The view gets the office, who asks, and the address's parameters. With `of` it gets, in place of
    these, the thing that they name: `of` is asked with who asks and the parameters, and raises what
    says that this caller knows no such thing. The office is that of the thing, else the caller's
    own; who works for all offices names one by `office`, or is asked for it first.
    """

    def declare(view: StaffView) -> StaffView:
        @wraps(view)
        def show(**parameters: Any) -> ResponseReturnValue:
            who, code = current(), None
            if of is not None:
                thing = of(who, **parameters)
                parameters, code = {"thing": thing}, thing.office
            code = code or who.office or request.values.get("office")
            if code is None:
                return render_template(
                    "choose_office.html",
                    offices=list_offices(),
                    may_add=who.office is None and who.role in ADMINISTRATORS,
                )
            admit_office(code)
            return view(find_office(code), who, *parameters.values())

        # the mark that deny-by-default looks for
        show.access = Access(roles, About.OFFICE)  # type: ignore[attr-defined]  # a mark
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
    """Declare a page about whoever opens it, the same in every office. The view gets who asks."""

    def declare(view: StaffView) -> StaffView:
        @wraps(view)
        def show(**parameters: Any) -> ResponseReturnValue:
            return view(current(), **parameters)

        # the same mark
        show.access = Access(roles, About.ONESELF)  # type: ignore[attr-defined]  # a mark
        return show

    return declare
