"""The live supervisor dashboard."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import WATCHERS
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.words.devices.help_calls import help_words
from queue_server.web.edge.words.tickets import counter_words

from .words import dashboard_script_words, stop_word

supervise = Blueprint("supervise", __name__, url_prefix="/supervise")


@supervise.get("")
@office_page(WATCHERS)
def dashboard(office: Office, who: Principal) -> ResponseReturnValue:
    """The office at a glance, kept up to date by the live channel."""
    words = dashboard_script_words() | {
        "staff": staff_names(office, who),
        "stopWord": stop_word(),
        "counters": {each.id: counter_words(each.name) for each in office.counters},
    }
    return render_template(
        "supervisor/page.html",
        office=office,
        script_words=words,
        stop_word=stop_word(),
        help_words=help_words(office, who),
    )
