"""The page of a number that a kiosk has given without the network and not reported yet: its code is
on paper, and there is no ticket here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import UnknownCode
from queue_server.domain.visit.numbering import parse_code
from queue_server.store.door import leases as lease_store
from queue_server.web.edge.context import context, find_office

View = Callable[..., ResponseReturnValue]


def or_unreported(view: View) -> View:
    """Let the page of a ticket say what is so, if its number is in a kiosk's lease.

    Every unknown code costs the same look-up. Who has the code of a leased number has its paper:
    codes have 60 bits, and who tries them meets the limit on unknown codes.
    """

    @wraps(view)
    def shown(code: str, **parameters: Any) -> ResponseReturnValue:
        try:
            return view(code=code, **parameters)
        except UnknownCode:
            page = _find_page(parse_code(code))
            if page is None:
                raise
            return page

    return shown


def _find_page(code: str) -> ResponseReturnValue | None:
    with context().database.read() as connection:
        unreported = lease_store.find_unreported(connection, code)
    if unreported is None:
        return None
    office, number = unreported
    page = render_template(
        "citizen/ticket/unreported.html",
        office=find_office(office),
        number=number.number,
        code=code,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
