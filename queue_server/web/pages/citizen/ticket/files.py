"""The files of a ticket to keep: for the calendar, to print, as a picture."""

from __future__ import annotations

from flask import Response

from queue_server.domain.errors import UnknownCode
from queue_server.domain.visit.numbering import parse_code
from queue_server.services.shown import ticket_url
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, find_ticket_by_code, now
from queue_server.web.edge.documents.calendar import calendar_file
from queue_server.web.edge.documents.slip import make_slip
from queue_server.web.edge.documents.slip_layout import Kind
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.ticket_views import past_of
from queue_server.web.pages.citizen.blueprint import pages


@pages.get("/t/<code>/calendar.ics")
@public
def calendar(code: str) -> Response:
    """The booking for the phone's calendar. Raises `UnknownCode` for a ticket without a time."""
    ticket = find_ticket_by_code(parse_code(code))
    if ticket.slot is None:
        raise UnknownCode()
    office, urgency = find_office(ticket.office), past_of(ticket).urgency
    url = ticket_url(context().settings.public_url, ticket.code)
    file = calendar_file(office, ticket, url, urgency, current_language(), now())
    return _answer(file, "text/calendar; charset=utf-8", "attachment; filename=antrean.ics")


@pages.get("/t/<code>/ticket.pdf")
@public
def slip_pdf(code: str) -> Response:
    """The ticket as a page to print."""
    return _answer(_draw("pdf", code), "application/pdf", "inline; filename=antrean.pdf")


@pages.get("/t/<code>/ticket.png")
@public
def picture(code: str) -> Response:
    """The ticket as a picture, which the browser saves among the photos."""
    return _answer(_draw("png", code), "image/png", "attachment; filename=antrean.png")


def _draw(kind: Kind, code: str) -> bytes:
    ticket = find_ticket_by_code(parse_code(code))
    url, urgency = ticket_url(context().settings.public_url, ticket.code), past_of(ticket).urgency
    return make_slip(kind, find_office(ticket.office), ticket, url, urgency, current_language())


def _answer(file: bytes, content_type: str, disposition: str) -> Response:
    headers = {"Content-Disposition": disposition}
    return Response(file, content_type=content_type, headers=headers)
