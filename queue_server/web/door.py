"""The guard's page: made for a phone held in one hand, and fed by the live channel."""
from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from . import auth
from .auth import AT_DOOR, allow
from .context import find_office
from .desk import staff_bar, staff_names
from .door_words import door_script_words, let_past_reasons, stop_reasons
from .public import list_offices
from .wording import counter_words

door = Blueprint("door", __name__)

PERMISSIONS = "camera=(self), microphone=(), geolocation=(), usb=(), serial=()"
"""The camera is for the pages that read the code on a slip or a phone alone."""


@door.get("/door")
@allow(AT_DOOR)
def show() -> ResponseReturnValue:
    """The door of one's own office; who works for all offices chooses one first."""
    principal = auth.current()
    code = principal.office or request.args.get("office")
    if code is None:
        return render_template("desk_offices.html", offices=list_offices(), **staff_bar(principal))
    auth.admit_office(code)
    office = find_office(code)
    counters = {each.id: counter_words(each.name) for each in office.counters}
    words = door_script_words() | {"counters": counters, "staff": staff_names(office)}
    page = render_template(
        "door.html", office=office, script_words=words, stop_reasons=stop_reasons(),
        let_past_reasons=let_past_reasons(), **staff_bar(principal),
    )
    response = make_response(page)
    response.headers["Permissions-Policy"] = PERMISSIONS
    return response
