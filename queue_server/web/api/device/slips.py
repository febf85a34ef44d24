"""What a printer asks about the slips that the reception has ordered, and what it tells of them."""

from __future__ import annotations

from queue_server.domain import errors
from queue_server.domain.office.devices.slip_orders import SlipOutcome
from queue_server.protocol.messages import OrderedSlips
from queue_server.services.access.sessions import Role
from queue_server.services.reception import printing
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import current
from queue_server.web.edge.bodies.devices import SlipReportBody
from queue_server.web.edge.context import context, find_office, now, today_at
from queue_server.web.edge.words.urgency import say_urgency


@operation(
    "GET",
    "/devices/self/slips",
    access=frozenset({Role.PRINTER}),
    tag="device",
    answers={200: OrderedSlips},
)
def list_ordered_slips() -> OrderedSlips:
    """List the slips that the printer which asks has to print."""
    who = current()
    office, public_url = find_office(who.office or ""), context().settings.public_url
    with context().database.read() as connection:
        ordered = printing.list_ordered(connection, office, who.device or "", public_url, now())
    return OrderedSlips(tuple(map(say_urgency, ordered)))


@operation(
    "POST",
    "/devices/self/slips",
    access=frozenset({Role.PRINTER}),
    tag="device",
    body=SlipReportBody,
    answers={204: None},
    refusals=[errors.UnknownTicket],
)
def report_slip(body: SlipReportBody) -> tuple[None, int]:
    """Note what became of a slip that this printer was ordered to print; a repeat changes
    nothing.
    """
    who, moment = current(), now()
    office, outcome = find_office(who.office or ""), SlipOutcome(body.outcome)
    context().database.write(
        [today_at(office)],
        lambda tx: printing.note_outcome(
            tx, office.code, who.device or "", body.ticket, body.copy_, outcome, moment
        ),
    )
    return None, 204
