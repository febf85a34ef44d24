"""A ticket on one A6 page, to print at home or to keep: its words, drawn beside the loop."""

from __future__ import annotations

from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import group_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.shown import service_of
from queue_server.web.edge.context import context
from queue_server.web.edge.locale import format_moment, format_visit, gettext, in_language

from .slip_drawing import BOLD, REGULAR, Line, draw_slip

_JOB = f"{draw_slip.__module__}:{draw_slip.__name__}"


def make_slip_pdf(
    office: Office, ticket: Ticket, url: str, language: str, *, copy: bool = False
) -> bytes:
    """The page as PDF bytes; the same ticket always gives the same bytes, drawn once. Holds no
    personal data. A `copy` says that it is one. Raises `Overloaded`.
    """
    title = f"Antrean {ticket.number or group_code(ticket.code)}"
    free_words = gettext("This service is free of charge.")
    page: bytes = context().beside.compute(
        _JOB, title, _lines(office, ticket, language, copy=copy), free_words, url, language
    )
    return page


def _lines(office: Office, ticket: Ticket, language: str, *, copy: bool) -> list[Line]:
    """From the top."""
    service = service_of(office, ticket.service)
    # A time that the office withdrew is none to come at.
    ends_at = None if ticket.state is State.STRANDED else visit_ends_at(ticket, office, service)
    lines: list[Line] = [
        (office.name, BOLD, 11, 4),
        (in_language(service.name, language), REGULAR, 10, 14),
    ]
    if copy:
        lines.insert(0, (gettext("COPY"), BOLD, 14, 8))
    if ticket.number:
        lines.append((ticket.number, BOLD, 54, 10))
    if ticket.slot is not None and ends_at is not None:
        lines.append((format_visit(ticket.slot, ends_at, language, office.zone), BOLD, 10, 10))
    elif ticket.arrived_at is not None:
        lines.append((format_moment(ticket.arrived_at, language, office.zone), BOLD, 10, 10))
    lines.append((f"{gettext('Code')}: {group_code(ticket.code)}", REGULAR, 10, 8))
    return lines
