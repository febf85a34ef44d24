"""The reception's page: who has come, who needs a number or a time, what turned out otherwise."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.domain.office.roll import roll_number
from queue_server.domain.office.search import LONGEST_QUERY
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.headers import CAMERA_ALLOWED
from queue_server.web.edge.words.codes import staff_need_words
from queue_server.web.edge.words.devices.help_calls import help_words
from queue_server.web.edge.words.remote import kind_words
from queue_server.web.edge.words.triage import anyway_words
from queue_server.web.edge.words.urgency import urgency_words

from .words import cancel_words, evidence_words, priority_words, reception_script_words

reception = Blueprint("reception", __name__)


@reception.get("/reception")
@office_page(AT_RECEPTION)
def show(office: Office, who: Principal) -> ResponseReturnValue:
    """The reception."""
    page = render_template(
        "reception/page.html",
        office=office,
        script_words=reception_script_words(),
        help_words=help_words(office, who),
        urgencies=urgency_words(),
        evidences=evidence_words(),
        priorities=priority_words(),
        cancel_reasons=cancel_words(),
        need_words=staff_need_words(),
        services=office.services,
        remote_services={each.code: list(each.remote) for each in office.services if each.remote},
        visit_kinds=kind_words(),
        anyway_reasons=anyway_words(),
        largest=office.largest_party,
        roll_example=roll_number(office, 17),
        longest_query=LONGEST_QUERY,
    )
    response = make_response(page)
    response.headers["Permissions-Policy"] = CAMERA_ALLOWED
    return response
