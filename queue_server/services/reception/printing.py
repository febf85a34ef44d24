"""Slips that the reception has printed: ordered here, fetched by the office's printer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.errors import NoPrinter
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.devices.health import choose_printer
from queue_server.domain.office.office import Office
from queue_server.domain.visit import reception_steps
from queue_server.protocol.messages import Slip
from queue_server.services.screens.slips import view_ordered_slip
from queue_server.store.access import devices as device_store
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

FETCHED_WITHIN = timedelta(minutes=3)
"""How long an order stands; nobody waits longer for a slip, and the visitor has long left."""

ORDERS_MAX = 50
"""How many of the newest orders are looked at; no printer takes more in that time."""


def order_slip(tx: Transaction, office: str, ticket: str, by: str, now: datetime) -> None:
    """Have the slip of a visit printed by the office's printer: of a booking its confirmation.

    The order stands in today's log; declare that day. A second paper of a visit says that it is a
    copy. Raises `UnknownTicket`, `WrongState` for a visit that is over, `NoPrinter`.
    """
    wanted = ticket_store.find(tx, ticket, office)
    reception_steps.admit_copy(wanted)
    settings = tx.office(office)
    printer = choose_printer(device_store.list_printers(tx, office), now, settings.rules)
    if printer is None:
        raise NoPrinter(office=office)
    earlier = event_store.list_of_tickets(
        tx, office, [ticket], [EventType.SLIP_ORDERED, EventType.SLIP_COPIED]
    )
    facts = {
        "number": wanted.number,
        "by": by,
        "printer": printer,
        "copy": reception_steps.count_papers(wanted, len(earlier)),
    }
    today = settings.date_at(now)
    tx.record(Event(EventType.SLIP_ORDERED, office, today, now, ticket, facts))


def list_ordered(
    connection: Connection, office: Office, printer: str, public_url: str, now: datetime
) -> tuple[Slip, ...]:
    """The slips that a printer has to print, oldest order first. The same order is listed until it
    lapses: the printer knows by id and copy what it has taken.
    """
    since = now - FETCHED_WITHIN
    recorded = event_store.list_of_types(
        connection, office.code, office.date_at(now), [EventType.SLIP_ORDERED], ORDERS_MAX
    )
    orders = [
        each.event
        for each in reversed(recorded)
        if each.event.facts.get("printer") == printer and each.event.at > since
    ]
    return tuple(
        view_ordered_slip(
            connection,
            office,
            ticket_store.find(connection, str(each.ticket), office.code),
            int(each.facts["copy"]),
            public_url,
        )
        for each in orders
    )
