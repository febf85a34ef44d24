"""The reception's page: who has come, who needs a number or a time, what turned out otherwise."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import ServiceChannel
from queue_server.web.edge.access.principals import admit_office, current
from queue_server.web.edge.access.routes import STAFF, allow
from queue_server.web.edge.context import find_office
from queue_server.web.edge.headers import CAMERA_ALLOWED
from queue_server.web.edge.own_office import list_offices, staff_bar
from queue_server.web.edge.words.urgency import urgency_words

from .words import evidence_words, reception_script_words

reception = Blueprint("reception", __name__)


@reception.get("/reception")
@allow(STAFF)
def show() -> ResponseReturnValue:
    """The reception of one's own office; who works for all offices chooses one first."""
    principal = current()
    code = principal.office or request.args.get("office")
    if code is None:
        return render_template(
            "counter/offices.html", offices=list_offices(), **staff_bar(principal)
        )
    admit_office(code)
    office = find_office(code)
    response = make_response(
        render_template(
            "reception/page.html",
            office=office,
            script_words=reception_script_words(),
            urgencies=urgency_words(),
            evidences=evidence_words(),
            services=[
                each for each in office.services if each.channel is not ServiceChannel.ONLINE
            ],
            largest=office.largest_party,
            **staff_bar(principal),
        )
    )
    response.headers["Permissions-Policy"] = CAMERA_ALLOWED
    return response
