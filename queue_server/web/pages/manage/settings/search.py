"""Managers' page for finding a setting by any word for it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.domain.office.search import LONGEST_QUERY
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.managing.index import search_office

from .details import settings


@settings.get("/search")
@office_page(MANAGERS)
def search(office: Office, who: Principal) -> ResponseReturnValue:
    """The settings and pages that fit what was typed, each with its present value."""
    query = " ".join(request.args.get("q", "")[:LONGEST_QUERY].split())
    settings = search_office(office, query) if query else []
    return render_template(
        "manage/settings/search.html", office=office, query=query, settings=settings
    )
