"""The blueprint of everything a citizen sees; each page adds its routes to it."""

from __future__ import annotations

from flask import Blueprint, request

from queue_server.domain.errors import UnknownCode, UnknownOffice
from queue_server.web.edge.context import find_office
from queue_server.web.edge.locale import offer_languages
from queue_server.web.edge.shared.freshness import ticket_office

pages = Blueprint("public", __name__)


@pages.before_request
def speak_as_the_office() -> None:
    """A page about one office is in the languages that this office offers. Whether there is such
    an office or ticket, the page itself says.
    """
    parameters = request.view_args or {}
    try:
        if "office_code" in parameters:
            offer_languages(find_office(parameters["office_code"]).languages)
        elif request.path.startswith("/t/") and "code" in parameters:
            offer_languages(find_office(ticket_office(parameters["code"])).languages)
    except (UnknownCode, UnknownOffice):
        return
