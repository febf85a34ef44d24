"""The clerk's console."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import STAFF
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.words.calls import key_actions
from queue_server.web.edge.words.devices.help_calls import help_words

from .words import console_script_words

counter = Blueprint("counter", __name__)


@counter.get("/desk")
@office_page(STAFF)
def console(office: Office, who: Principal) -> ResponseReturnValue:
    """The console of a clerk."""
    return render_template(
        "counter/console.html",
        office=office,
        staff_id=who.id,
        script_words=console_script_words(office.rules) | {"staff": staff_names(office, who)},
        key_actions=key_actions(),
        help_words=help_words(office, who),
    )
