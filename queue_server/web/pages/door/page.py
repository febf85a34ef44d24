"""The guard's page: made for a phone held in one hand, and fed by the live channel."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import AT_DOOR
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.headers import CAMERA_ALLOWED
from queue_server.web.edge.words.calls import let_past_reasons
from queue_server.web.edge.words.devices.help_calls import help_words
from queue_server.web.edge.words.tickets import counter_words

from .words import door_script_words, stop_reasons

door = Blueprint("door", __name__)


@door.get("/door")
@office_page(AT_DOOR)
def show(office: Office, who: Principal) -> ResponseReturnValue:
    """The door."""
    counters = {each.id: counter_words(each.name) for each in office.counters}
    words = door_script_words() | {"counters": counters, "staff": staff_names(office, who)}
    page = render_template(
        "door/page.html",
        office=office,
        script_words=words,
        help_words=help_words(office, who),
        stop_reasons=stop_reasons(),
        let_past_reasons=let_past_reasons(),
    )
    response = make_response(page)
    response.headers["Permissions-Policy"] = CAMERA_ALLOWED
    return response
