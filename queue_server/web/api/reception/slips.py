"""Slips of visits: printed by the office's printer, what became of it, and copies as PDF."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.services.reception import printing, reception
from queue_server.services.reception.printing import SlipOrder
from queue_server.services.shown import ticket_url
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import find_own
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.reception import CameOutBody, PrintBody
from queue_server.web.edge.context import context, day_of, find_office, now, today_at
from queue_server.web.edge.documents.slip import make_slip
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.ticket_views import past_of


@dataclass(frozen=True)
class NewestOrder:
    """The newest order for a visit's slip; None if there was none."""

    order: SlipOrder | None


@operation(
    "POST",
    "/tickets/{id}/print",
    access=AT_RECEPTION,
    tag="reception",
    body=PrintBody,
    answers={200: SlipOrder},
    once=True,
    refusals=[errors.UnknownTicket, errors.UnknownCode, errors.WrongState, errors.NoPrinter],
)
def print_slip(id: str, body: PrintBody) -> Response:
    """Have the slip of a visit, or the confirmation of a booking, printed by a printer of the
    office. While an order stands, that one is told and nothing more is printed.
    """
    ticket, who = find_own(id)
    moment = now()
    return perform(
        [today_at(find_office(ticket.office))],
        lambda tx: printing.order_slip(tx, ticket.office, ticket.id, who.id, moment, body.printer),
    )


@operation(
    "GET",
    "/tickets/{id}/print",
    access=AT_RECEPTION,
    tag="reception",
    answers={200: NewestOrder},
    refusals=[errors.UnknownTicket, errors.UnknownCode],
)
def show_print(id: str) -> NewestOrder:
    """Show whether the slip that was ordered last for a visit has come out."""
    ticket, _who = find_own(id)
    office, moment = find_office(ticket.office), now()
    with context().database.read() as connection:
        return NewestOrder(printing.find_order(connection, office, ticket.id, moment))


@operation(
    "POST",
    "/tickets/{id}/print/outcome",
    access=AT_RECEPTION,
    tag="reception",
    body=CameOutBody,
    answers={200: SlipOrder},
    once=True,
    refusals=[
        errors.UnknownTicket,
        errors.UnknownCode,
        errors.WrongState,
        errors.NoPrinter,
        errors.UnknownDevice,
        errors.Changed,
    ],
)
def answer_for_slip(id: str, body: CameOutBody) -> Response:
    """Say whether a slip came out of which its printer does not know; the printer goes on then."""
    ticket, who = find_own(id)
    moment = now()
    return perform(
        [today_at(find_office(ticket.office))],
        lambda tx: printing.answer_for_slip(
            tx, ticket.office, ticket.id, body.came_out, who.id, moment
        ),
    )


@operation(
    "POST",
    "/tickets/{id}/copy",
    access=AT_RECEPTION,
    tag="reception",
    body=Nothing,
    answers={200: str},
    content_type="application/pdf",
    refusals=[errors.UnknownTicket, errors.UnknownCode, errors.WrongState],
)
def copy_slip(id: str, body: Nothing) -> Response:
    """Give a slip once more, marked as a copy. Each copy is noted; nothing is printed by itself."""
    ticket, who = find_own(id)
    moment = now()
    copied = context().database.write(
        [day_of(ticket)],
        lambda tx: reception.copy_slip(tx, ticket.office, ticket.id, who.id, moment),
    )
    url = ticket_url(context().settings.public_url, copied.code)
    office, urgency = find_office(copied.office), past_of(copied).urgency
    page = make_slip("pdf", office, copied, url, urgency, current_language(), copy=True)
    return Response(
        page,
        content_type="application/pdf",
        headers={"Content-Disposition": "inline; filename=copy.pdf"},
    )
