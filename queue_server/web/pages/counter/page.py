"""The clerk's console."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.web.edge.access.principals import admit_office, current
from queue_server.web.edge.access.routes import STAFF, allow
from queue_server.web.edge.context import find_office
from queue_server.web.edge.own_office import list_offices, staff_bar, staff_names
from queue_server.web.edge.words.calls import key_actions

from .words import console_script_words

counter = Blueprint("counter", __name__)


@counter.get("/desk")
@allow(STAFF)
def console() -> ResponseReturnValue:
    """The console of the clerk's own office; who works for all offices chooses one first."""
    principal = current()
    code = principal.office or request.args.get("office")
    if code is None:
        return render_template(
            "counter/offices.html", offices=list_offices(), **staff_bar(principal)
        )
    admit_office(code)
    office = find_office(code)
    script_words = console_script_words(office.rules) | {"staff": staff_names(office)}
    return render_template(
        "counter/console.html",
        office=office,
        staff_id=principal.id,
        script_words=script_words,
        key_actions=key_actions(),
        **staff_bar(principal),
    )
