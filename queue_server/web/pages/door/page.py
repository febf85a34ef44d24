"""The guard's page: made for a phone held in one hand, and fed by the live channel."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.web.edge.access.principals import admit_office, current
from queue_server.web.edge.access.routes import AT_DOOR, allow
from queue_server.web.edge.context import find_office
from queue_server.web.edge.headers import CAMERA_ALLOWED
from queue_server.web.edge.own_office import list_offices, staff_bar, staff_names
from queue_server.web.edge.words.calls import let_past_reasons
from queue_server.web.edge.words.codes import counter_words

from .words import door_script_words, stop_reasons

door = Blueprint("door", __name__)


@door.get("/door")
@allow(AT_DOOR)
def show() -> ResponseReturnValue:
    """The door of one's own office; who works for all offices chooses one first."""
    principal = current()
    code = principal.office or request.args.get("office")
    if code is None:
        return render_template(
            "counter/offices.html", offices=list_offices(), **staff_bar(principal)
        )
    admit_office(code)
    office = find_office(code)
    counters = {each.id: counter_words(each.name) for each in office.counters}
    words = door_script_words() | {"counters": counters, "staff": staff_names(office)}
    page = render_template(
        "door/page.html",
        office=office,
        script_words=words,
        stop_reasons=stop_reasons(),
        let_past_reasons=let_past_reasons(),
        **staff_bar(principal),
    )
    response = make_response(page)
    response.headers["Permissions-Policy"] = CAMERA_ALLOWED
    return response
